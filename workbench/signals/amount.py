"""How much, as a number with its unit: "2-3 hours", "half an hour", "€300 a month", "two of us", "4 out of 10".

Amounts are never added up: an hour once and an hour a week are different things.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Amount", "parse_amount"]


class Amount(NamedTuple):
    """How much of what.

    Parameters
    ----------
    low, high : float or None
        The number, twice where one is given; None where it is not said ("a few hours").
    unit : str
        A unit of time in the singular (``hour``), a currency (``EUR``, ``GBP``, ``USD``, ``CHF``; ``$`` and what has no sign
        as written: which dollars is not said), ``person``, ``FTE``, or ``of 10`` for a rating.
    per : str
        What it comes again for (``month``, ``client``); empty when it is not said.
    """

    low: float | None
    high: float | None
    unit: str
    per: str = ""

    def __str__(self) -> str:
        """As one reads it, such as "2 to 3 hours per week"; "some" stands for a number that is not said."""
        number = "some" if self.low is None else f"{self.low:,.10g}"
        if self.high is not None and self.high != self.low:
            number += f" to {self.high:,.10g}"
        unit = self.unit
        if unit.islower() and " " not in unit and self.high not in (0.5, 1):
            unit = "people" if unit == "person" else f"{unit}s"
        return f"{number} {unit}".rstrip() + (f" per {self.per}" if self.per else "")


_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45,
    "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_UNITS = {
    "h": "hour", "hr": "hour", "min": "minute", "€": "EUR", "euro": "EUR", "£": "GBP", "pound": "GBP", "quid": "GBP",
    "dollar": "$", "eur": "EUR", "gbp": "GBP", "usd": "USD", "chf": "CHF",
}  # fmt: skip
_SCALES = {"": 1, "k": 1e3, "thousand": 1e3, "grand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9}

_NUMBER = rf"(?:\d[\d.,]{{0,12}}|\b(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b)"
_SCALE = "|".join(filter(None, _SCALES))
_QUANTITY = re.compile(
    rf"(?P<half>\bhalf\b)|(?P<some>\b(?:a\s+few|several|dozens|hundreds)\b)|(?P<two>\bcouple\b|\ba\s+couple\b)"
    rf"|(?P<whole>\b(?:all|another|the\s+(?:whole|entire))\b)"
    rf"|(?P<low>{_NUMBER})(?:\s?(?P<scale>{_SCALE})\b)?(?:\s?(?:-|–|\bto\b|\bor\b)\s?[€£$]?(?P<high>{_NUMBER})"
    rf"(?:\s?(?P<high_scale>{_SCALE})\b)?)?",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(r"\sand\s+a\s+half\b", re.IGNORECASE)
_TIME = re.compile(
    r"(?:(?<=\d)|\b)(second|minute|min|hour|hr|h|working day|man-day|person-day|day|week|month|evening|afternoon|morning|night"
    r"|weekend)s?\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[€£$]|(?:(?<=\d)|\b)(?:CHF|EUR|GBP|USD|dollar|euro|pound|quid)s?\b", re.IGNORECASE)
_PER = re.compile(r"(?:\b(?:an?|each|every|per)\s{1,3}|/\s?)(?!half)([^\W\d_]{1,12})$", re.IGNORECASE)
_RATING = re.compile(r"(\d{1,2}(?:[.,]\d)?)\s?(?:/|out\s+of)\s?(10|5|ten|five)$", re.IGNORECASE)


def parse_amount(words: str, what: str) -> Amount | None:
    """How much the words of a signal say.

    Parameters
    ----------
    words : str
        A signal's words.
    what : str
        What they are an amount of: ``time``, ``money``, ``people`` or ``rating``.

    Returns
    -------
    Amount or None
        None when the words give none.

    Examples
    --------
    >>> for words in ("2-3 hours a week", "half an hour", "an hour and a half", "all afternoon", "a few days"):
    ...     print(parse_amount(words, "time"))
    2 to 3 hours per week
    0.5 hour
    1.5 hours
    1 afternoon
    some days
    >>> for words in ("€300 a month", "£1,560", "$2.5M", "3k a year", "300 euros"):
    ...     print(parse_amount(words, "money"))
    300 EUR per month
    1,560 GBP
    2,500,000 $
    3,000 per year
    300 EUR
    >>> print(parse_amount("Two of us", "people"), parse_amount("4 out of 10", "rating"), sep=", ")
    2 people, 4 of 10
    """
    return {"time": _time, "money": _money, "people": _people, "rating": _rating}[what](words)


def _time(words: str) -> Amount | None:
    quantity = _QUANTITY.search(words)
    unit = _TIME.search(words, quantity.end()) if quantity else None
    if not quantity or not unit:
        return None
    low, high = _ends(quantity)
    if low is not None and _AND_A_HALF.search(words, quantity.end()):
        low, high = low + 0.5, high + 0.5
    return Amount(low, high, _unit(unit[1]), _per(words, unit.end()))


def _money(words: str) -> Amount | None:
    quantity = _QUANTITY.search(words)
    if not quantity:
        return None
    sign = _MONEY.search(words)
    low, high = _ends(quantity, thousands=True)
    return Amount(low, high, _unit(sign[0]) if sign else "", _per(words, quantity.end()))


def _people(words: str) -> Amount | None:
    quantity = _QUANTITY.search(words)
    return Amount(*_ends(quantity), "FTE" if "fte" in words.lower() else "person") if quantity else None


def _rating(words: str) -> Amount | None:
    found = _RATING.match(words)
    number = float(found[1].replace(",", ".")) if found else None
    return Amount(number, number, f"of {_NUMBERS.get(found[2].lower(), found[2])}") if found else None


def _ends(quantity: re.Match[str], *, thousands: bool = False) -> tuple[float | None, float | None]:
    """The lowest and the highest number; `thousands`: three digits behind a dot are no fraction, as in "€1.500"."""
    if quantity["half"]:
        return 0.5, 0.5
    if quantity["some"]:
        return None, None
    if quantity["two"]:
        return 2.0, 2.0
    if quantity["whole"]:
        return 1.0, 1.0
    scales = [(scale or "").lower() for scale in (quantity["scale"], quantity["high_scale"])]
    if not scales[0]:  # "2-3k": both are thousands
        scales[0] = scales[1]
    low = _value(quantity["low"], thousands)
    high = _value(quantity["high"], thousands) if quantity["high"] else None
    if low is None:
        return None, None
    low *= _SCALES[scales[0]]
    if high is None:
        return low, low
    high *= _SCALES[scales[1]]
    return min(low, high), max(low, high)


def _value(word: str, thousands: bool) -> float | None:
    """A number's value, from digits or a word; None for digits that are no number, such as a date's."""
    if word.lower() in _NUMBERS:
        return float(_NUMBERS[word.lower()])
    digits = word.strip(".,")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif thousands and re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif digits.count(",") == 1 and "." not in digits:
        digits = digits.replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None


def _unit(word: str) -> str:
    word = word.lower()
    return _UNITS.get(word) or _UNITS.get(word.removesuffix("s"), word)


def _per(words: str, start: int) -> str:
    each = _PER.search(words, start)
    return each[1].lower() if each else ""
