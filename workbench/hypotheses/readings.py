"""Numbers as people write them, and the two ways to read the size of a change."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.records import UNITS, Hypothesis

__all__ = ["MINUS", "NUMBER", "Reading", "read_change", "read_number"]

MINUS = "\u2212"  # as typographers write it
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Reading(NamedTuple):
    """One way to read the size of a change.

    Parameters
    ----------
    unit : str
        One of `workbench.records.UNITS`.
    label : str
        Such as "+3 points".
    outcome : str
        From where to where, such as "30 % to 33 %"; empty where the baseline or the direction is open.
    """

    unit: str
    label: str
    outcome: str


def read_change(hypothesis: Hypothesis) -> list[Reading]:
    """The ways to read the size of a change: as points, and as a share of what there is.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    list of Reading
        One a unit; none while the size is no number.

    Examples
    --------
    >>> h = Hypothesis("H-1", "draft", baseline="30 %", direction="up", size="3")
    >>> [(reading.label, reading.outcome) for reading in read_change(h)]
    [('+3 points', '30 % to 33 %'), ('+3 % relative', '30 % to 30.9 %')]
    """
    size = read_number(hypothesis.size or "")
    if size is None:
        return []
    sign = {"up": "+", "down": MINUS}.get(hypothesis.direction or "", "")
    step = -abs(size) if hypothesis.direction == "down" else abs(size)
    found = re.search(rf"({NUMBER.pattern})( ?%| ?\w+)?", hypothesis.baseline or "")
    base = read_number(found[1]) if found else None

    def outcome(after: float) -> str:
        named = found[2] or "" if found else ""
        return f"{_short(base or 0)}{named} to {_short(after)}{named}" if base is not None and sign else ""

    shown = f"{sign}{_short(abs(size))}"
    points, relative = UNITS
    return [
        Reading(points, f"{shown} {'point' if abs(size) == 1 else 'points'}", outcome((base or 0) + step)),
        Reading(relative, f"{shown} % relative", outcome((base or 0) * (1 + step / 100))),
    ]


def read_number(text: str) -> float | None:
    """A number as people write it.

    Parameters
    ----------
    text : str
        Such as "1,500", "2,5" or "-3", and nothing else.

    Returns
    -------
    float or None
        None for what is no number.

    Examples
    --------
    >>> read_number("1,500"), read_number("2,5"), read_number("a lot")
    (1500.0, 2.5, None)
    """
    plain = text.strip().translate(str.maketrans(f"{MINUS}–", "--"))
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(r"[+-]?\d{1,15}(?:\.\d{1,9})?", plain, re.ASCII) else None


def _short(number: float) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")
