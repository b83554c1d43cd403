"""Looking for signals: in a text, in a call's turns, in a table of notes.

Only what a customer said is looked at. Interviewers say "great" and "perfect" all the time, and the PM's own take is no
evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from workbench.signals.amount import parse_amount
from workbench.signals.costs import COSTS
from workbench.signals.events import EVENTS
from workbench.signals.forces import FORCES
from workbench.signals.rule import Signal, apply_rule, in_small_letters
from workbench.signals.struggles import STRUGGLES
from workbench.signals.talk import TALK

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "RULES",
    "SIGNAL_COLUMNS",
    "SIGNAL_KINDS",
    "compliment",
    "cost",
    "find_in_turns",
    "find_signals",
    "frequency",
    "hypothetical",
    "note_signals",
    "past_event",
]

RULES = (*STRUGGLES, *COSTS, *FORCES, *EVENTS, *TALK)
SIGNAL_KINDS = tuple(dict.fromkeys(rule.kind for rule in RULES))
SIGNAL_COLUMNS = ("note", "rule", "kind", "start", "end", "words", "amount", "amount_to", "unit", "per")

# What a rule's words are an amount of.
_AMOUNTS = {
    "cost/a day": "time",
    "cost/money": "money",
    "cost/people": "people",
    "cost/time": "time",
    "intensity/4 out of 10": "rating",
}


def find_signals(text: str, kinds: Iterable[str] = SIGNAL_KINDS) -> list[Signal]:
    """The words in a text that hint at what it means.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.
    kinds : iterable of str
        Which of `SIGNAL_KINDS` to look for.

    Returns
    -------
    list of Signal
        By place in the text. Within a kind none overlaps another: the one that begins first is kept, of two that
        begin together the longer.

    Examples
    --------
    >>> for signal in find_signals("Last Friday's report took her 2 hours. She would pay for less"):
    ...     print(signal.rule, signal.span, signal.words)
    event/dated (0, 11) Last Friday
    event/went (21, 25) took
    cost/time (30, 37) 2 hours
    hypothetical/would (43, 52) would pay
    """
    kinds, small = tuple(kinds), in_small_letters(text)
    found = [signal for rule in RULES if rule.kind in kinds for signal in apply_rule(rule, text, small)]
    found.sort(key=lambda signal: (signal.span[0], -signal.span[1], signal.rule))
    ends = dict.fromkeys(kinds, 0)
    kept = []
    for signal in found:
        if signal.span[0] >= ends[signal.kind]:
            ends[signal.kind] = signal.span[1]
            what = _AMOUNTS.get(signal.rule)
            kept.append(signal._replace(amount=parse_amount(signal.words, what)) if what else signal)
    return kept


def find_in_turns(
    turns: Iterable[tuple[str, str, bool]], kinds: Iterable[str] = SIGNAL_KINDS
) -> list[tuple[int, Signal]]:
    """The signals in what the customers of a call said; what others said gives none.

    Parameters
    ----------
    turns : iterable of (str, str, bool)
        Speaker, text, and whether a customer speaks, in the order of the call.
    kinds : iterable of str
        Which of `SIGNAL_KINDS` to look for.

    Returns
    -------
    list of (int, Signal)
        The number of the turn, counted from 0, and what was found in its text; by turn and place.

    Examples
    --------
    >>> turns = [("Ana", "Great! That was a nightmare?", False), ("Jane", "It took 2 hours", True)]
    >>> [(turn, signal.rule, signal.words) for turn, signal in find_in_turns(turns)]
    [(1, 'event/went', 'took'), (1, 'cost/time', '2 hours')]
    """
    kinds = tuple(kinds)
    return [
        (number, signal)
        for number, (_, text, is_customer) in enumerate(turns)
        if is_customer
        for signal in find_signals(text, kinds)
    ]


def note_signals(notes: pd.DataFrame, kinds: Iterable[str] = SIGNAL_KINDS) -> pd.DataFrame:
    """The signals of a table of notes, but for the PM's own takes.

    Parameters
    ----------
    notes : pandas.DataFrame
        One row a note, with the columns note, kind and text, as from :func:`workbench.read_notes`.
    kinds : iterable of str
        Which of `SIGNAL_KINDS` to look for.

    Returns
    -------
    pandas.DataFrame
        One row a signal, in the order of the notes and then by place: note, rule, kind (str), start, end (int64; where
        the words stand in the note's text), words (str), amount, amount_to (float64; the lowest and the highest number,
        missing where the words give none), unit, per (str; see :class:`Amount`).

    Examples
    --------
    >>> import pandas as pd
    >>> notes = [("a#1", "pain", "2-3 hours a week by hand"), ("a#2", "take", "A nightmare")]
    >>> found = note_signals(pd.DataFrame(notes, columns=["note", "kind", "text"]))
    >>> found[["note", "rule", "words", "amount", "amount_to", "unit", "per"]].to_dict("tight")["data"]
    [['a#1', 'cost/time', '2-3 hours a week', 2.0, 3.0, 'hour', 'week'], ['a#1', 'workaround/by hand', 'by hand', nan, nan, '', '']]
    """
    import pandas as pd

    kinds = tuple(kinds)
    rows = []
    for note, kind, text in zip(notes["note"], notes["kind"], notes["text"], strict=True):
        if kind == "take":
            continue
        for signal in find_signals(text, kinds):
            low, high, unit, per = signal.amount or (None, None, "", "")
            rows.append((note, signal.rule, signal.kind, *signal.span, signal.words, low, high, unit, per))
    frame = pd.DataFrame(rows, columns=list(SIGNAL_COLUMNS))
    numbers = {"start": "int64", "end": "int64", "amount": "float64", "amount_to": "float64"}
    return frame.astype({name: numbers.get(name, "str") for name in SIGNAL_COLUMNS})


def hypothetical(text: str) -> str:
    """The words in which a text says what would, might or could be, not what was.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none. A polite wish ("would like", "would rather") is none.

    Examples
    --------
    >>> hypothetical("Would probably use reminders if they were automatic")
    'Would probably use'
    >>> hypothetical("Would rather pay once a year"), hypothetical("It wouldn't open on her phone")
    ('', '')
    """
    return _first(text, "hypothetical")


def past_event(text: str) -> str:
    """The words in which a text tells of a thing that did happen.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none or they are denied or supposed ("never sent", "if I sent").

    Examples
    --------
    >>> past_event("Yesterday we lost the file"), past_event("Put it in, sent it to herself")
    ('Yesterday', 'sent')
    >>> past_event("She sends it every Monday"), past_event("If I sent it twice, they'd laugh")
    ('', '')
    """
    return _first(text, "event")


def cost(text: str) -> str:
    """The words in which a text says what something took: time, money or people, with a number.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none. A date, a delay ("sixty days late") or the size of a
        firm ("140 people") is none.

    Examples
    --------
    >>> cost("Took her 2 hours"), cost("€300 a month for the agency"), cost("Three colleagues check it")
    ('2 hours', '€300 a month', 'Three colleagues')
    >>> cost("Types it in every week"), cost("140 people, founded 20 years ago")
    ('', '')
    """
    return _first(text, "cost")


def frequency(text: str) -> str:
    """The words in which a text says how often something comes: a number of times, or a rhythm.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none. "Always" and "usually" are none.

    Examples
    --------
    >>> frequency("Types it in every week"), frequency("Asked Roy three times"), frequency("Usually slow")
    ('every week', 'three times', '')
    """
    return _first(text, "frequency")


def compliment(text: str) -> str:
    """The words in which a text praises us or what we made: pleasant, and no evidence.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none, they are denied or they are a wish ("would be great").

    Examples
    --------
    >>> compliment("I love it"), compliment("Says it's a great idea")
    ('I love it', "it's a great")
    >>> compliment("Not a great idea"), compliment("It would be great if it saved")
    ('', '')
    """
    return _first(text, "compliment")


def _first(text: str, kind: str) -> str:
    return next((signal.words for signal in find_signals(text, (kind,))), "")
