"""The monthly review: how far the bets have come, what was learned and what changes, since the last one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.newest import done_on
from workbench.records.typed import is_day, is_nothing, is_week
from workbench.rituals.backlog import Support, support_of
from workbench.rituals.moment import Moment, last_day
from workbench.rituals.reviews import Review, due_reviews

if TYPE_CHECKING:
    from workbench.records import Bet, Decision, Hypothesis, Week
    from workbench.study import Study

__all__ = ["BetProgress", "Entry", "Month", "Progress", "WeekLine", "find_progress"]

FIELDS = ("progress", "learned", "changes")
_ORDER = ("active", "shipped", "planned", "done", "dropped")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2}):?\s+(.*)", re.DOTALL | re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)


class Entry(NamedTuple):
    """A line of a review.

    Parameters
    ----------
    day : str
        The day in front of it; empty where none is.
    text : str
        The rest.

    Examples
    --------
    >>> Entry("2026-11-24", "Two of three are under way").day
    '2026-11-24'
    """

    day: str
    text: str


@dataclass(frozen=True)
class Month:
    """The reviews of a month.

    Parameters
    ----------
    month : str
        ``2026-11``; empty for lines without a day.
    progress, learned, changes : tuple of Entry
        What was written, by day.
    """

    month: str
    progress: tuple[Entry, ...] = ()
    learned: tuple[Entry, ...] = ()
    changes: tuple[Entry, ...] = ()


class WeekLine(NamedTuple):
    """A line of a Friday's readout.

    Parameters
    ----------
    week : str
        Which week's.
    text : str
        As written.

    Examples
    --------
    >>> WeekLine("2026-W47", "Rows are shown").week
    '2026-W47'
    """

    week: str
    text: str


@dataclass(frozen=True)
class BetProgress:
    """How far a bet has come.

    Parameters
    ----------
    bet : Bet
        The record.
    hypotheses : tuple of Hypothesis
        Those that it rests on and that there are.
    support : Support
        Who stands behind it, by its hypotheses.
    """

    bet: Bet
    hypotheses: tuple[Hypothesis, ...]
    support: Support


@dataclass(frozen=True)
class Progress:
    """What a monthly review looks at.

    Parameters
    ----------
    since : str
        The day of the last review of an earlier month, else the quarter's first; empty where neither is known.
    bets : tuple of BetProgress
        Those at work first; what was closed before is not among them.
    months : tuple of Month
        What was written, the latest first.
    shipped, learned, changed : tuple of WeekLine
        From Fridays' readouts since.
    closed : tuple of Hypothesis
        Whose results came in since.
    decided : tuple of Decision
        What was decided since.
    moved : tuple of (Bet, str, str)
        Bets that began, shipped or were closed since: the bet, ``started``, ``shipped`` or ``finished``, and the day.
    due : tuple of Review
        The bets and the quarter, where they are due for another look.
    """

    since: str
    bets: tuple[BetProgress, ...]
    months: tuple[Month, ...]
    shipped: tuple[WeekLine, ...]
    learned: tuple[WeekLine, ...]
    changed: tuple[WeekLine, ...]
    closed: tuple[Hypothesis, ...]
    decided: tuple[Decision, ...]
    moved: tuple[tuple[Bet, str, str], ...]
    due: tuple[Review, ...]


def find_progress(study: Study, moment: Moment) -> Progress:
    """What a monthly review looks at.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        Its `today` is the review's day.

    Returns
    -------
    Progress
        What came after `today` is left out.
    """
    known = {one.id: one for one in study.hypotheses}
    months = _months(study)
    since = _since(study, months, moment)

    def has(day: str | None) -> bool:
        return bool(day) and since < day <= moment.today

    def is_at_hand(bet: Bet) -> bool:
        return bet.status not in ("done", "dropped") or has(bet.finished)

    weeks = [week for week in sorted(study.weeks, key=lambda one: one.id) if _is_since(week, since, moment)]
    moved = [
        (bet, name, day)
        for bet in study.bets
        for name in ("started", "shipped", "finished")
        if has(day := done_on(bet, name))
    ]
    return Progress(
        since,
        tuple(
            BetProgress(bet, tuple(known[id_] for id_ in bet.hypotheses if id_ in known), support_of(study, bet.id))
            for bet in sorted(
                filter(is_at_hand, study.bets), key=lambda bet: (_ORDER.index(bet.status), bet.tier or "9", bet.id)
            )
        ),
        months,
        *(tuple(_lines(weeks, field)) for field in ("shipped", "learned", "changed")),
        tuple(sorted((one for one in study.hypotheses if has(one.closed)), key=lambda one: (one.closed or "", one.id))),
        tuple(
            sorted(
                (one for one in study.decisions if one.status in ("decided", "superseded") and has(one.date)),
                key=lambda one: (one.date or "", one.id),
            )
        ),
        tuple(sorted(moved, key=lambda one: (one[2], one[0].id))),
        tuple(one for one in due_reviews(study, moment) if one.kind in ("bet", "quarter")),
    )


def _months(study: Study) -> tuple[Month, ...]:
    found: dict[str, dict[str, list[Entry]]] = {}
    for field in FIELDS:
        for line in getattr(study.quarter, field):
            dated = _DATED.fullmatch(line)
            entry = Entry(dated[1], dated[2]) if dated and is_day(dated[1]) else Entry("", line)
            if not is_nothing(entry.text):
                found.setdefault(entry.day[:7], {}).setdefault(field, []).append(entry)
    return tuple(
        Month(month, *(tuple(sorted(found[month].get(field, ()), key=lambda one: one.day)) for field in FIELDS))
        for month in sorted(found, reverse=True)
    )


def _since(study: Study, months: tuple[Month, ...], moment: Moment) -> str:
    """On the review's own day there is a line of it already, so that only those of earlier months are the last one."""
    days = [
        entry.day
        for month in months
        if month.month and month.month < moment.today[:7]
        for field in FIELDS
        for entry in getattr(month, field)
    ]
    quarter = _QUARTER.fullmatch(study.quarter.quarter)
    first = f"{quarter[1]}-{3 * int(quarter[2]) - 2:02d}-01" if quarter else ""
    return max(days, default=first if first <= moment.today else "")


def _is_since(week: Week, since: str, moment: Moment) -> bool:
    return is_week(week.id) and last_day(week.id) > since and week.id <= moment.week


def _lines(weeks: list[Week], field: str) -> Iterator[WeekLine]:
    for week in weeks:
        yield from (WeekLine(week.id, text) for text in getattr(week, field) if not is_nothing(text))
