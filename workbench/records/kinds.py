"""The kinds of records: where their files lie, how they are named, and what a new one begins as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from workbench.errors import InputError, Problem
from workbench.frontmatter import set_fields
from workbench.records.bet import parse_bet
from workbench.records.decision import parse_decision
from workbench.records.hypothesis import LEARNING, parse_hypothesis
from workbench.records.quarter import Quarter, parse_quarter
from workbench.records.week import parse_week

__all__ = ["KINDS", "QUARTER", "Kind", "first_text", "kind_of"]


class Kind(NamedTuple):
    """A kind of record.

    Parameters
    ----------
    name : str
        Such as "decision".
    head : str
        What its ids begin with; empty for a week, which its file's name says.
    folder : str
        Relative to the workspace.
    parse : function
        From text and file to the record and what of it could not be read.
    fields : tuple of str
        What a new one has a place for, in order.
    lists : tuple of str
        Those of its fields that hold several items.
    """

    name: str
    head: str
    folder: str
    parse: Callable[[str, str], tuple[Any, list[Problem]]]
    fields: tuple[str, ...]
    lists: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """All fields that it reads."""
        return _KNOWN[self.name]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "hypothesis", "H", "discovery/hypotheses", parse_hypothesis,
            ("id", "status", "owner", "made", "change", "segment", "metric", "baseline", "direction", "size", "unit",
             "deadline", "because", "guardrails", "slice", "decision_rule", "evidence", "against"),
            ("guardrails", "risks", "logging", "breached", "evidence", "against", "not_against", "confidence", "theme_notes"),
        ),
        Kind(
            "bet", "B", "discovery/bets", parse_bet,
            ("id", "title", "status", "made", "tier", "outcome", "metric", "owner", "review", "segment", "hypotheses"),
            ("hypotheses", "needs"),
        ),
        Kind(
            "decision", "D", "discovery/decisions", parse_decision,
            ("id", "title", "status", "made", "date", "owner", "options", "chosen", "why", "evidence", "against", "hypotheses",
             "customers", "review"),
            ("options", "evidence", "against", "hypotheses", "consulted", "informed", "risks", "stances"),
        ),
        Kind(
            "week", "", "discovery/weeks", parse_week,
            ("outcomes", "metrics", "blockers", "touchpoints", "planned", "finished", "shipped", "changed", "learned", "next",
             "decisions_needed"),
            ("outcomes", "metrics", "blockers", "touchpoints", "planned", "finished", "risks", "shipped", "changed", "learned",
             "next", "decisions_needed", "whats_new", "who_benefits", "how_to_pitch", "not_to_promise", "backlog"),
        ),
    )
}  # fmt: skip
# There is one, so that it is not made and has no id; its fields are set as those of the others.
QUARTER = Kind(
    "quarter", "", "discovery", parse_quarter,
    tuple(name for name in Quarter.__dataclass_fields__ if name not in ("file", "lines")),
    ("segments", "bets", "wont_do", "watched", "progress", "learned", "changes"),
)  # fmt: skip
_LATER = {
    "hypothesis": ("started", "closed", "agreed", "confidence", "reach", "impact", "effort", "bet", "decision", "result", "breached", *LEARNING,
                   "family", "traffic", "customers", "sd", "risks", "logging", "not_against", "looked_for_against", "theme", "theme_notes"),
    "bet": ("started", "shipped", "finished", "needs", "result"),
    "decision": ("reviewed", "supersedes", "bet", "consulted", "informed", "ask", "due", "risks", "stances", "agreed"),
    "week": ("week", "cadence", "risks", "whats_new", "who_benefits", "how_to_pitch", "not_to_promise", "backlog"),
}  # fmt: skip
_BEGIN = {"hypothesis": {"status": "draft"}, "bet": {"status": "planned"}, "decision": {"status": "proposed"}}
_KNOWN = {
    name: ("version", *kind.fields, *_LATER.get(name, ())) for name, kind in [*KINDS.items(), ("quarter", QUARTER)]
}


def kind_of(file: str) -> Kind | None:
    """Which kind of record a file is.

    Parameters
    ----------
    file : str
        Relative to the workspace.

    Returns
    -------
    Kind or None
        By the folder that it lies in; None for any other file.

    Examples
    --------
    >>> kind_of("discovery/bets/B-3fa9c1-lists.md").name, kind_of("interviews/a.md")
    ('bet', None)
    """
    folder, _, name = file.rpartition("/")
    return next((kind for kind in KINDS.values() if kind.folder == folder and name.endswith(".md")), None)


def first_text(kind: str, values: Mapping[str, str | Sequence[str]], body: str = "") -> str:
    r"""A new record's text: a place for each field, those that are given filled in.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    values : mapping of str to str or sequence of str
        The fields, `id` among them where the kind has one.
    body : str
        Prose below the fields.

    Returns
    -------
    str
        Front matter, then `body`.

    Raises
    ------
    InputError
        When there is no such kind, or it has no such field.

    Examples
    --------
    >>> print(first_text("bet", {"id": "B-3fa9c1", "title": "Lists get in faster"}).split("made")[0], end="")
    ---
    version: 1
    id: B-3fa9c1
    title: Lists get in faster
    status: planned
    """
    if kind not in KINDS:
        raise InputError(f"there is no kind of record {kind!r}; use one of {', '.join(KINDS)}")
    record = KINDS[kind]
    if unknown := [name for name in values if name not in record.known]:
        raise InputError(f"a {kind} has no field {unknown[0]!r}; it has {', '.join(record.known)}")
    places = {name: [] if name in record.lists else "" for name in record.fields} | _BEGIN.get(kind, {})
    text = set_fields("", {"version": "1", **places, **values})
    return f"{text}{body}"
