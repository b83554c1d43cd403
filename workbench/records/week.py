"""A week: what it was for on Monday, what of it was finished, and what was learned by Friday."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.errors import Problem
from workbench.records.typed import Typed, is_week

__all__ = ["CADENCES", "Week", "parse_week"]

# For how many weeks a plan is.
CADENCES = {"1 week": 1, "2 weeks": 2, "3 weeks": 3, "4 weeks": 4}


@dataclass(frozen=True, slots=True)
class Week:
    """What a week was for, and what came of it.

    Parameters
    ----------
    id : str
        The ISO week, ``2026-W47``; it names the file.
    outcomes : tuple of str
        What the week is for: two at most.
    metrics : tuple of str
        The numbers that matter now.
    blockers : tuple of (str, str)
        What engineering waits for, and from whom by when.
    touchpoints : tuple of str
        Customers to talk to.
    planned, finished : tuple of str
        What was taken on, and what of it was finished.
    cadence : int or None
        For how many weeks that is taken on, this one the first; None where it does not say: for this week, or for what is left of
        those that an earlier one has planned.
    risks : tuple of str
        What may keep it from getting there, for the squad sync.
    shipped, changed, learned, next, decisions_needed : tuple of str
        Friday's readout, one a line.
    whats_new, who_benefits, how_to_pitch, not_to_promise : tuple of str
        Thursday's enablement notes for sales and customer success.
    backlog : tuple of (str, str)
        The order of work from this Friday on: ids of hypotheses or bets, the first first; behind one that has moved, what
        moved it.
    file : str
        The record's file.
    lines : dict of str to int
        The line of each field in that file.
    """

    id: str
    outcomes: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    blockers: tuple[tuple[str, str], ...] = ()
    touchpoints: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    cadence: int | None = None
    risks: tuple[str, ...] = ()
    shipped: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    decisions_needed: tuple[str, ...] = ()
    whats_new: tuple[str, ...] = ()
    who_benefits: tuple[str, ...] = ()
    how_to_pitch: tuple[str, ...] = ()
    not_to_promise: tuple[str, ...] = ()
    backlog: tuple[tuple[str, str], ...] = ()
    file: str = ""
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


def parse_week(text: str, file: str) -> tuple[Week, list[Problem]]:
    r"""Read a week.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name, for problems; it is the week.

    Returns
    -------
    week : Week
        What could be read.
    problems : list of Problem
        What could not.

    Examples
    --------
    >>> parse_week("---\noutcomes:\n  - First list in under an hour\n---\n", "discovery/weeks/2026-W47.md")[0].outcomes
    ('First list in under an hour',)
    """
    record = Typed(text, file)
    week = record.text("week") or file.rsplit("/", 1)[-1].removesuffix(".md")
    if not is_week(week):
        record.odd("week", f"{week!r} is no week", "name the file after its year and week, such as 2026-W47.md")
    lists = ("outcomes", "metrics", "touchpoints", "planned", "finished", "risks", "shipped", "changed", "learned", "next",
             "decisions_needed", "whats_new", "who_benefits", "how_to_pitch", "not_to_promise")  # fmt: skip
    return Week(
        id=week,
        cadence=CADENCES.get(record.choice("cadence", tuple(CADENCES)) or ""),
        blockers=record.pairs("blockers"),
        backlog=_order(record),
        file=file,
        lines=record.lines,
        **{name: record.texts(name) for name in lists},
    ), record.problems


def _order(record: Typed) -> tuple[tuple[str, str], ...]:
    """Ids in order, each with what is behind the first colon; an id alone has not moved."""
    parts = [item.partition(":") for item in record.texts("backlog")]
    return tuple((id_.strip(), cause.strip()) for id_, _, cause in parts)
