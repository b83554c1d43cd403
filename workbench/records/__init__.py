"""What the PM decides, one Markdown file with front matter a record: text in, records out; no disk.

Each kind of record has a file here: what it holds, how it is read, and what of it could not be read, with its line. Fields
that a record does not know, and the prose below the fields, are never looked at and never changed; setting a field
(:func:`workbench.frontmatter.set_fields`) changes that field and nothing else. So a record is the same file whether it was
written by hand, in a card or from Python.
"""

from workbench.records.bet import BET_STATUSES, TIERS, Bet, parse_bet
from workbench.records.decision import (
    DECIDED,
    DECISION_STATUSES,
    Decision,
    find_successors,
    parse_decision,
    seal_decision,
)
from workbench.records.hypothesis import (
    DIRECTIONS,
    FAMILIES,
    HYPOTHESIS_FIELDS,
    STATUSES,
    UNITS,
    Confidence,
    Guardrail,
    Hypothesis,
    keep_agreed,
    parse_hypothesis,
    read_size,
    seal_agreed,
)
from workbench.records.kinds import KINDS, QUARTER, Kind, first_text, kind_of
from workbench.records.quarter import Quarter, Segment, parse_quarter
from workbench.records.week import Week, parse_week

__all__ = [
    "BET_STATUSES",
    "DECIDED",
    "DECISION_STATUSES",
    "DIRECTIONS",
    "FAMILIES",
    "HYPOTHESIS_FIELDS",
    "KINDS",
    "QUARTER",
    "STATUSES",
    "TIERS",
    "UNITS",
    "Bet",
    "Confidence",
    "Decision",
    "Guardrail",
    "Hypothesis",
    "Kind",
    "Quarter",
    "Segment",
    "Week",
    "find_successors",
    "first_text",
    "keep_agreed",
    "kind_of",
    "parse_bet",
    "parse_decision",
    "parse_hypothesis",
    "parse_quarter",
    "parse_week",
    "read_size",
    "seal_agreed",
    "seal_decision",
]
