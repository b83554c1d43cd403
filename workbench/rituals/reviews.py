"""What is due for another look, and which decisions are needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbench.records.typed import is_nothing, is_week, week_start
from workbench.rituals.moment import Moment

if TYPE_CHECKING:
    from workbench.records import Week
    from workbench.study import Study

__all__ = ["Needed", "Review", "due_reviews", "needed_decisions", "still_asked"]

UNFINISHED = ("planned", "active", "shipped")
_ID = re.compile(r"\bD-[0-9a-f]{4,}")


class Review(NamedTuple):
    """Something that was to be looked at again.

    Parameters
    ----------
    kind : str
        ``decision``, ``bet`` or ``quarter``.
    id : str
        The record's; empty for the quarter.
    title : str
        What it is called.
    day : str
        When it was to be looked at.
    owner : str
        Whose it is.
    overdue : bool
        Whether that day is past.
    file : str
        The record's file.
    line : int
        Where the day stands in it.

    Examples
    --------
    >>> Review("bet", "B-1", "Lists get in faster", "2026-11-20", "Ines", False, "discovery/bets/B-1.md", 9).where
    'discovery/bets/B-1.md:9'
    """

    kind: str
    id: str
    title: str
    day: str
    owner: str
    overdue: bool
    file: str
    line: int

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


class Needed(NamedTuple):
    """A decision that somebody has to make.

    Parameters
    ----------
    text : str
        The question.
    id : str
        The record's; empty where it is a line of a week.
    owner : str
        Who decides.
    due : str
        The day by which it is needed; empty where none is written.
    overdue : bool
        Whether that day is past.
    week : str
        The week in which it was asked for; empty for a record.

    Examples
    --------
    >>> Needed("Who pays?", "", "", "", False, "2026-W47").text
    'Who pays?'
    """

    text: str
    id: str
    owner: str
    due: str
    overdue: bool
    week: str


def due_reviews(study: Study, moment: Moment, until: str = "") -> list[Review]:
    """Decisions, bets and the quarter, where they are due for another look.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        The week.
    until : str
        The last day that counts, ``YYYY-MM-DD``; by default the week's Sunday.

    Returns
    -------
    list of Review
        The longest overdue first. What was looked at since is not among them, nor what is closed.
    """
    bets = [(bet.title, bet) for bet in study.bets if bet.status in UNFINISHED]
    made = [one for one in study.decisions if one.status == "decided" and (one.date or "") <= moment.today]
    decisions = [(one.title, one) for one in made]
    quarter = [(study.quarter.quarter or "The quarter", study.quarter)] if study.quarter.file else []
    found = []
    for kind, records in (("decision", decisions), ("bet", bets), ("quarter", quarter)):
        for title, record in records:
            day = record.review or ""
            if day and day <= (until or moment.days[1]) and (getattr(record, "reviewed", None) or "") < day:
                id_, line = getattr(record, "id", ""), record.lines.get("review", 1)
                found.append(Review(kind, id_, title, day, record.owner, day < moment.today, record.file, line))
    return sorted(found, key=lambda one: (one.day, one.id))


def needed_decisions(study: Study, moment: Moment) -> list[Needed]:
    """Decisions that are needed: those proposed, and what the last readout asked for.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        The week.

    Returns
    -------
    list of Needed
        Records by the day on which they are needed, then the lines of the week, or of the last one before it that has any.
    """
    proposed = [
        Needed(one.title, one.id, one.owner, one.due or "", bool(one.due) and one.due < moment.today, "")
        for one in study.decisions
        if one.status == "proposed"
    ]
    proposed.sort(key=lambda one: (one.due or "9999", one.id))
    weeks = [week for week in study.weeks if is_week(week.id) and week.id <= moment.week and week.decisions_needed]
    last = max(weeks, key=lambda week: week.id, default=None)
    asked = still_asked(study, last) if last else []
    return [*proposed, *(Needed(text, "", "", "", False, last.id) for text in asked)]


def still_asked(study: Study, week: Week) -> list[str]:
    """What a week's readout asks to be decided, without what a record says already.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    week : Week
        The week's record.

    Returns
    -------
    list of str
        Its lines as written, but for "none" and for those that name a decision that is proposed, which stands among the
        decisions, or one that was made or dropped since that Monday.
    """
    monday = week_start(week.id)
    named = {
        one.id
        for one in study.decisions
        if one.status in ("proposed", "dropped") or (monday and (one.date or "") >= monday.isoformat())
    }
    return [
        text for text in week.decisions_needed if not is_nothing(text) and not named.intersection(_ID.findall(text))
    ]
