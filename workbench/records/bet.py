"""A bet: what a team puts its time into, for one outcome, under one owner, until it is looked at again."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.errors import Problem
from workbench.records.typed import Typed

__all__ = ["BET_STATUSES", "TIERS", "Bet", "parse_bet"]

# Shipped is not done: a bet is done when what it was for has been measured.
BET_STATUSES = ("planned", "active", "shipped", "done", "dropped")
TIERS = ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class Bet:
    """What a team puts its time into.

    Parameters
    ----------
    id : str
        ``B-`` and six hex digits.
    title : str
        What it is called.
    status : str
        One of `BET_STATUSES`.
    tier : str or None
        One of `TIERS`; 1 is what everything else waits for.
    outcome : str
        What it is to bring about: one.
    metric : str
        How one sees that it has.
    owner : str
        Who sees to it: one person.
    made, review, started, shipped, finished : str or None
        Days; `made` is when it was written down.
    segment : str
        Whom it is for.
    hypotheses : tuple of str
        Ids of what it rests on.
    needs : tuple of (str, str)
        What it waits for, and from whom by when.
    result : str
        What was measured; empty until then.
    file : str
        The record's file.
    lines : dict of str to int
        The line of each field in that file.
    """

    id: str
    title: str = ""
    status: str = "planned"
    tier: str | None = None
    outcome: str = ""
    metric: str = ""
    owner: str = ""
    made: str | None = None
    review: str | None = None
    started: str | None = None
    shipped: str | None = None
    finished: str | None = None
    segment: str = ""
    hypotheses: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    result: str = ""
    file: str = ""
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


def parse_bet(text: str, file: str) -> tuple[Bet, list[Problem]]:
    r"""Read a bet.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name, for problems; its head gives the id when the front matter does not.

    Returns
    -------
    bet : Bet
        What could be read.
    problems : list of Problem
        What could not.

    Examples
    --------
    >>> parse_bet("---\ntitle: Lists get in faster\nstatus: active\n---\n", "discovery/bets/B-3fa9c1-lists.md")[0].id
    'B-3fa9c1'
    """
    record = Typed(text, file)
    return Bet(
        id=record.id("B"),
        status=record.choice("status", BET_STATUSES) or "planned",
        tier=record.choice("tier", TIERS),
        hypotheses=record.texts("hypotheses"),
        needs=record.pairs("needs"),
        file=file,
        lines=record.lines,
        **{name: record.text(name) for name in ("title", "outcome", "metric", "owner", "segment", "result")},
        **{name: record.day(name) for name in ("made", "review", "started", "shipped", "finished")},
    ), record.problems
