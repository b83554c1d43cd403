"""Numbers as people write them, the two ways to read the size of a change, and whether a result comes to it."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.records import UNITS, Hypothesis

__all__ = ["MINUS", "NUMBER", "OF", "PER_CENT", "Compared", "Reading", "compare_result", "read_change", "read_number"]

MINUS = "\u2212"  # as typographers write it
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
OF = re.compile(rf"({NUMBER.pattern})\s*(?:of|out of|in|/)\s*(?:the\s+)?({NUMBER.pattern})")
PER_CENT = re.compile(rf"({NUMBER.pattern})\s?(?:%|per ?cent\b)", re.IGNORECASE)
_COUNTED = re.compile(rf"({NUMBER.pattern})(?: ?([^\W\d_]+))?")
# Behind a number these are no unit: "4.2 on a scale of 5".
_NO_UNIT = frozenset("a an and at by for from in now of on or out per since the to today until with".split())
# What makes a number in a result another than the level that was measured: where it was before, or by how much it moved.
_NOT_MEASURED = re.compile(
    rf"(?:[+±{MINUS}–-]|\b(?:from|by|before|was|were|than|rose|fell|grew|dropped|baseline|control|without|against|instead of|target|aim)\b\W*)\s*$",
    re.IGNORECASE,
)
_NO_LEVEL = re.compile(
    r"\s*(?:-?points?\b|pp\b|relative\b|ci\b|confidence\b|more\b|less\b|fewer\b|higher\b|lower\b|longer\b|shorter\b|faster\b|"
    r"quicker\b|slower\b|before\b|in the control\b)",
    re.IGNORECASE,
)
_SINCE = re.compile(rf"(\bfrom\s+)?({NUMBER.pattern})\s?(?:%|[^\W\d_]+)?\s*(?:\bto|→|->|–|-)\s*$", re.IGNORECASE)
_ONWARDS = re.compile(rf"[^\W\d_]*\s*(?:to|→|->|–|-)\s*({NUMBER.pattern})", re.IGNORECASE)


class Reading(NamedTuple):
    """One way to read the size of a change.

    Parameters
    ----------
    unit : str
        One of `workbench.records.UNITS`.
    label : str
        Such as "+3 points"; of a mean in its own unit, "2 minutes less".
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
    base, named = _read_level(hypothesis.baseline or "")

    def outcome(unit: str) -> str:
        after = _after(base or 0, size, unit, hypothesis.direction)
        return f"{_short(base or 0)}{named} to {_short(after)}{named}" if base is not None and sign else ""

    shown = f"{sign}{_short(abs(size))}"
    points, relative = UNITS
    label = f"{shown} {'point' if abs(size) == 1 else 'points'}"
    if word := named.strip(" %"):
        # Points are per cent of a share; of minutes they would be minutes, and are called so.
        word = word.removesuffix("s") if abs(size) == 1 else word
        label = " ".join(
            filter(None, (_short(abs(size)), word, {"up": "more", "down": "less"}.get(hypothesis.direction or "")))
        )
    return [Reading(points, label, outcome(points)), Reading(relative, f"{shown} % relative", outcome(relative))]


class Compared(NamedTuple):
    """What was measured, beside what was aimed at; made by :func:`compare_result`.

    Parameters
    ----------
    measured, target : str
        Such as "34 %" and "33 %".
    reached : bool
        Whether the one reaches the other.
    """

    measured: str
    target: str
    reached: bool


def compare_result(hypothesis: Hypothesis) -> Compared | None:
    """Whether the result of a hypothesis reaches what its baseline, size, unit and direction aim at.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record with its result.

    Returns
    -------
    Compared or None
        By the first number of the result that is a level: per cent or "402 of 1,668" for a share, else one in the unit of the
        baseline. A change ("2 points more"), what it was before and what an interval spans are none. None where there is no
        such number, or the target is open.

    Examples
    --------
    >>> h = Hypothesis("H-1", "supported", baseline="30 %", direction="up", size="3", unit="points", result="32.1 %, before 30 %")
    >>> compare_result(h)
    Compared(measured='32.1 %', target='33 %', reached=False)
    """
    size = read_number(hypothesis.size or "")
    base, named = _read_level(hypothesis.baseline or "")
    if size is None or base is None or hypothesis.unit not in UNITS or not hypothesis.direction:
        return None
    measured = _read_measured(hypothesis.result or "", base, named)
    if measured is None:
        return None
    target = _after(base, size, hypothesis.unit, hypothesis.direction)
    short = target - measured if hypothesis.direction == "up" else measured - target
    reached = short <= 1e-9 * max(1.0, abs(target))
    return Compared(f"{_short(measured)}{named}", f"{_short(target)}{named}", reached)


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


def _read_level(text: str) -> tuple[float | None, str]:
    """Where a metric stands, and its unit with the space before it: " %" for a share, however it is written."""
    if found := PER_CENT.search(text):
        return read_number(found[1]), "%" if text[found.end(1)] == "%" else " %"
    if (found := OF.search(text)) and (whole := read_number(found[2])):
        return 100 * (read_number(found[1]) or 0) / whole, " %"
    if not (found := _COUNTED.search(text)):
        return None, ""
    unit = found[2] or ""
    named = "" if unit.casefold() in _NO_UNIT else text[found.end(1) : found.end()]
    return read_number(found[1]), named


def _after(base: float, size: float, unit: str, direction: str | None) -> float:
    step = -abs(size) if direction == "down" else abs(size)
    return base + step if unit == UNITS[0] else base * (1 + step / 100)


def _read_measured(result: str, base: float, named: str) -> float | None:
    """The first level in a result; None where it cannot be told which number is one."""
    share, unit = "%" in named, named.strip().casefold()
    if NUMBER.fullmatch(result.strip()):
        return read_number(result.strip())
    if share and not PER_CENT.search(result):
        found = OF.search(result)
        first = found and NUMBER.search(result)
        whole = read_number(found[2]) if found and first and first.start() == found.start() else None
        return 100 * (read_number(found[1]) or 0) / whole if found and whole else None
    for found in (PER_CENT if share else _COUNTED).finditer(result):
        behind = result[found.end() :]
        if not share and unit and not _is_unit(found[2] or "", unit):
            continue
        value, onwards = read_number(found[1]), _ONWARDS.match(behind)
        # "30 % to 33 %" is from where to where; any other pair is what an interval spans.
        if since := _SINCE.search(result[: found.start()]):
            return value if since[1] or read_number(since[2]) == base else None
        if _NOT_MEASURED.search(result[: found.start()]) or _NO_LEVEL.match(behind):
            continue
        if onwards:
            return read_number(onwards[1]) if value == base else None
        return value
    return None


def _is_unit(word: str, unit: str) -> bool:
    """Whether two words are one unit: "min" and "minutes", "day" and "days"."""
    word = word.casefold()
    return bool(word) and (unit.startswith(word) or word.startswith(unit.removesuffix("s")))


def _short(number: float) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")
