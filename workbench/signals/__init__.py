"""Words that hint at what a note means. They rank and hint; they never decide."""

from workbench.signals.amount import Amount
from workbench.signals.ease import says_it_works
from workbench.signals.find import (
    SIGNAL_COLUMNS,
    SIGNAL_KINDS,
    compliment,
    cost,
    find_in_turns,
    find_signals,
    frequency,
    hypothetical,
    note_signals,
    past_event,
)
from workbench.signals.rule import Signal

__all__ = [
    "SIGNAL_COLUMNS",
    "SIGNAL_KINDS",
    "Amount",
    "Signal",
    "compliment",
    "cost",
    "find_in_turns",
    "find_signals",
    "frequency",
    "hypothetical",
    "note_signals",
    "past_event",
    "says_it_works",
]
