"""The quarter: the outcome that it is for, the bets on it, and what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.errors import Problem
from workbench.records.hypothesis import DIRECTIONS, UNITS, read_size
from workbench.records.typed import Typed

__all__ = ["QUARTER_FILE", "Quarter", "Segment", "parse_quarter"]

QUARTER_FILE = "discovery/quarter.md"


class Segment(NamedTuple):
    """Whom the quarter is for, and who is not meant.

    Parameters
    ----------
    name : str
        As in the calls and the registry.
    leaves_out : str
        Its exclusion criteria, in the PM's words; empty while they are open.

    Examples
    --------
    >>> Segment("field", "more than 250 people").name
    'field'
    """

    name: str
    leaves_out: str = ""


@dataclass(frozen=True, slots=True)
class Quarter:
    """The outcome that the quarter is for, and what it leaves out.

    Parameters
    ----------
    title, product, deck, owner, quarter, outcome, capacity : str
        As written; empty when missing. `title` heads the report.
    metric, direction, baseline : str
        The one primary metric; `metric` and `direction` go into drafts.
    size, unit : str or None
        By how much it is to move, as for a hypothesis.
    deadline, review : str or None
        Days: when the outcome is due, and when the quarter is looked at next.
    trigger, cost, positioning : str
        What brought this up, what it costs to leave it alone, and the product in one sentence.
    segments : tuple of Segment
        Whom it is for.
    bets : tuple of str
        As written: names, or ids of bets' records.
    wont_do : tuple of str
        As written.
    watched : tuple of str
        Other metrics that are looked at, beside the primary one.
    progress, learned, changes : tuple of str
        The monthly reviews, a line each, the day in front: how far the bets have come, what was learned, what changes.
    file : str
        The record's file.
    lines : dict of str to int
        The line of each field in that file.
    """

    title: str = ""
    product: str = ""
    deck: str = ""
    owner: str = ""
    quarter: str = ""
    outcome: str = ""
    metric: str = ""
    direction: str = ""
    baseline: str = ""
    capacity: str = ""
    trigger: str = ""
    cost: str = ""
    positioning: str = ""
    size: str | None = None
    unit: str | None = None
    deadline: str | None = None
    review: str | None = None
    segments: tuple[Segment, ...] = ()
    bets: tuple[str, ...] = ()
    wont_do: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    file: str = QUARTER_FILE
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


def parse_quarter(text: str, file: str = QUARTER_FILE) -> tuple[Quarter, list[Problem]]:
    r"""Read the quarter.

    Parameters
    ----------
    text : str
        The file's text; empty for a workspace without one.
    file : str
        Its name, for problems.

    Returns
    -------
    quarter : Quarter
        What could be read.
    problems : list of Problem
        What could not.

    Examples
    --------
    >>> parse_quarter("---\nmetric: activation\nbets: [Faster import]\n---\n")[0].bets
    ('Faster import',)
    >>> parse_quarter("---\nsegments:\n  - field: more than 250 people\n---\n")[0].segments
    (Segment(name='field', leaves_out='more than 250 people'),)
    """
    record = Typed(text, file, may_be_prose=True)
    plain = ("title", "product", "deck", "owner", "quarter", "outcome", "metric", "baseline", "capacity", "trigger", "cost",
             "positioning")  # fmt: skip
    size, written_unit = read_size(record.text("size"))
    # A segment alone stands in front; behind the colon is who is not meant.
    segments = tuple(Segment(name, rest) if name else Segment(rest) for name, rest in record.pairs("segments"))
    return Quarter(
        direction=record.choice("direction", DIRECTIONS) or "",
        size=size,
        unit=record.choice("unit", UNITS) or written_unit,
        deadline=record.day("deadline"),
        review=record.day("review"),
        segments=segments,
        file=file,
        lines=record.lines,
        **{name: record.text(name) for name in plain},
        **{name: record.texts(name) for name in ("bets", "wont_do", "watched", "progress", "learned", "changes")},
    ), record.problems
