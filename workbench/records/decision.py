"""A decision: what was chosen of what, why, by whom, and when it is looked at again.

The fields are those of MADR 4 (Markdown Any Decision Records, https://adr.github.io/madr/), in a PM's words.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.errors import Problem
from workbench.records.typed import Typed

__all__ = ["DECIDED", "DECISION_STATUSES", "Decision", "find_successors", "parse_decision", "seal_decision"]

DECISION_STATUSES = ("proposed", "decided", "superseded", "dropped")
# What stays as it is once it is decided; who thinks otherwise later makes another decision, which takes its place.
DECIDED = ("title", "options", "chosen", "why", "date", "owner", "customers")
_COUNT = re.compile(r"(\d{1,9})(?: of (\d{1,9}))?(?: customers?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was chosen of what, and why.

    Parameters
    ----------
    id : str
        ``D-`` and six hex digits.
    title : str
        The question.
    status : str
        One of `DECISION_STATUSES`.
    made : str or None
        The day on which the question was put; of one that was decided at once, that day.
    date : str or None
        The day on which it was decided, or given up.
    owner : str
        Who decided: one person.
    options : tuple of str
        What there was to choose from.
    chosen : str
        One of the options; empty while it is open.
    why : str
        The reason.
    evidence, against : tuple of str
        Note ids.
    hypotheses : tuple of str
        Ids of the hypotheses that it rests on.
    customers : tuple of (int, int or None), or None
        How many customers stood behind it when it was decided, of how many: "7 of 12".
    review, reviewed : str or None
        Days: when it is to be looked at again, and when it last was.
    supersedes : str
        The id of the decision that it takes the place of.
    bet : str
        The bet that it is about.
    consulted, informed : tuple of str
        Who was asked, and who was told.
    ask : str
        What is asked of whoever decides.
    due : str or None
        The day by which it is needed.
    risks : tuple of str
        What may go wrong with what is asked for.
    stances : tuple of (str, str)
        Who has seen it before the meeting, and how each stands to it on which day: "for, 2026-11-18".
    agreed : str
        What :func:`seal_decision` gave when it was decided; empty where that was not written down.
    file : str
        The record's file.
    lines : dict of str to int
        The line of each field in that file.
    """

    id: str
    title: str = ""
    status: str = "proposed"
    made: str | None = None
    date: str | None = None
    owner: str = ""
    options: tuple[str, ...] = ()
    chosen: str = ""
    why: str = ""
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()
    customers: tuple[int, int | None] | None = None
    review: str | None = None
    reviewed: str | None = None
    supersedes: str = ""
    bet: str = ""
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    ask: str = ""
    due: str | None = None
    risks: tuple[str, ...] = ()
    stances: tuple[tuple[str, str], ...] = ()
    agreed: str = ""
    file: str = ""
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


def parse_decision(text: str, file: str) -> tuple[Decision, list[Problem]]:
    r"""Read a decision.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name, for problems; its head gives the id when the front matter does not.

    Returns
    -------
    decision : Decision
        What could be read.
    problems : list of Problem
        What could not.

    Examples
    --------
    >>> text = "---\noptions: [Wait, Build the reader]\nchosen: Wait\ncustomers: 7 of 12\n---\n"
    >>> decision, problems = parse_decision(text, "discovery/decisions/D-81c0e2-reader.md")
    >>> decision.id, decision.customers, problems
    ('D-81c0e2', (7, 12), [])
    """
    record = Typed(text, file)
    return Decision(
        id=record.id("D"),
        status=record.choice("status", DECISION_STATUSES) or "proposed",
        customers=_customers(record),
        file=file,
        lines=record.lines,
        **{
            name: record.text(name)
            for name in ("title", "owner", "chosen", "why", "supersedes", "bet", "ask", "agreed")
        },
        **{name: record.day(name) for name in ("made", "date", "review", "reviewed", "due")},
        stances=record.pairs("stances"),
        **{
            name: record.texts(name)
            for name in ("options", "evidence", "against", "hypotheses", "consulted", "informed", "risks")
        },
    ), record.problems


def find_successors(decisions: Iterable[Decision]) -> dict[str, str]:
    """Which decision has taken the place of which.

    Parameters
    ----------
    decisions : iterable of Decision
        Of any status; one that is only proposed, or was given up, has taken no place.

    Returns
    -------
    dict of str to str
        By the id of the old one, the id of the one that took its place.

    Examples
    --------
    >>> new = Decision("D-81c0e2", status="decided", supersedes="D-5e0f31")
    >>> find_successors([new, Decision("D-77aa01", supersedes="D-66dd34")])
    {'D-5e0f31': 'D-81c0e2'}
    """
    made = [one for one in decisions if one.status in ("decided", "superseded")]
    return {one.supersedes: one.id for one in made if one.supersedes}


def seal_decision(decision: Decision) -> str:
    """What stands for that which was decided: the same as long as it is.

    Parameters
    ----------
    decision : Decision
        Of any status.

    Returns
    -------
    str
        The first eight hex digits of a SHA-256 of the fields `DECIDED`.

    Examples
    --------
    >>> decision = Decision("D-81c0e2", chosen="Wait")
    >>> seal_decision(decision)
    'aec46380'
    >>> seal_decision(Decision("D-81c0e2", chosen="Wait", review="2027-01-15")) == seal_decision(decision)
    True
    """
    said = json.dumps([getattr(decision, name) for name in DECIDED], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _customers(record: Typed) -> tuple[int, int | None] | None:
    written = record.text("customers")
    found = _COUNT.fullmatch(written)
    if written and not found:
        record.odd("customers", f"customers {written!r} is no count", "write how many of how many, such as  7 of 12")
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None
