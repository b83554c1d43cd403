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
        """As one reads it: "2 to 3 hour a week"."""
        number = "?" if self.low is None else f"{self.low:g}"
        if self.high != self.low:
            number += f" to {self.high:g}"
        return f"{number} {self.unit}".rstrip() + (f" a {self.per}" if self.per else "")


_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45,
    "fifty": 50, "sixty": 60, "ninety": 90, "couple": 2,
}  # fmt: skip
_UNITS = {
    "h": "hour", "hr": "hour", "min": "minute", "sec": "second", "€": "EUR", "£": "GBP", "euro": "EUR", "quid": "GBP",
    "pound": "GBP", "dollar": "$",
}  # fmt: skip
_CURRENCIES = ("eur", "gbp", "usd", "chf")
_TIMES = (
    "second|sec|minute|min|working day|man-day|person-day|hour|hr|h|day|week|month|quarter|year|evening|afternoon|morning"
    "|night|weekend"
)
_TIMES_MANY = {"k": 1e3, "thousand": 1e3, "grand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9}

_NUMBER = re.compile(r"\d[\d.,]{0,12}|[^\W\d_]{1,12}(?:-five)?")
_SCALE = re.compile(r"\s?(k|m|bn|million|thousand|grand)\b", re.IGNORECASE)
_RANGE = re.compile(r"\s{0,3}(?:-|–|to|or)\s{0,3}[€£$]?", re.IGNORECASE)
_MONEY = re.compile(r"[€£$]|\b(?:CHF|EUR|GBP|USD|dollars?|euros?|pounds?|quid)\b|(?<=\d)(?:EUR|GBP|USD|CHF)\b", re.IGNORECASE)
_TIME = re.compile(rf"(?:(?<=\d)|\b)({_TIMES})s?\b", re.IGNORECASE)
_PER = re.compile(r"(?:\b(?:an?|each|per|every)\s{1,3}|/\s?)([^\W\d_]{1,12})$", re.IGNORECASE)
_RATING = re.compile(r"(\d{1,2}(?:[.,]\d)?)\s?(?:/|out\s{1,3}of)\s?(\w{1,4})", re.IGNORECASE)


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
    2 to 3 hour a week
    0.5 hour
    1.5 hour
    1 afternoon
    ? day
    >>> for words in ("€300 a month", "£1,560", "$2.5M", "3k a year", "300 euros"):
    ...     print(parse_amount(words, "money"))
    300 EUR a month
    1560 GBP
    2.5e+06 $
    3000 a year
    300 EUR
    >>> print(parse_amount("Two of us", "people"), parse_amount("4 out of 10", "rating"), sep=", ")
    2 person, 4 of 10
    """
    if what == "rating":
        found = _RATING.match(words)
        if not found:
            return None
        number = float(found[1].replace(",", "."))
        return Amount(number, number, f"of {_WORDS.get(found[2].lower(), found[2])}")
    if what == "people":
        low, high = _numbers(words)
        return Amount(low, high, "FTE" if "fte" in words.lower() else "person")
    each = _PER.search(words)
    per = each[1].lower() if each else ""
    body = words[: each.start()] if each and each.start() else words
    if what == "money":
        low, high = _numbers(_MONEY.sub("", body).strip(), thousands=True)
        sign = _MONEY.search(body)
        return Amount(low, high, _unit(sign[0]) if sign else "", per)
    unit = _TIME.search(body)
    if not unit:  # "a day each", where the day is the amount and no rhythm
        body, per, unit = words, "", _TIME.search(words)
    if not unit:
        return None
    low, high = _numbers(body[: unit.start()])
    if re.match(r"\s{1,3}and\s{1,3}a\s{1,3}half\b", body[unit.end() :], re.IGNORECASE) and low is not None:
        low, high = low + 0.5, high + 0.5
    return Amount(low, high, _unit(unit[1]), per)


def _unit(words: str) -> str:
    word = words.lower()
    if word in _CURRENCIES:
        return word.upper()
    return _UNITS.get(word.removesuffix("s"), _UNITS.get(word, word))


def _numbers(words: str, *, thousands: bool = False) -> tuple[float | None, float | None]:
    """The lowest and highest number that words begin with; `thousands`: three digits behind a dot are no fraction."""
    text = words.strip(" \t\r\n-").lower()
    if text.startswith("half"):
        return 0.5, 0.5
    if re.match(r"(?:all|the whole|a whole|the entire|another)\b", text):
        return 1.0, 1.0
    if re.match(r"(?:a\s{1,3})?(?:couple)\b", text):
        return 2.0, 2.0
    if re.match(r"(?:a few|few|several|dozens|hundreds)\b", text):
        return None, None
    first = re.match(r"(?:about|nearly|almost|over|up to|around)?\s{0,3}", text)
    found = _NUMBER.match(text, first.end() if first else 0)
    low = _value(found[0], thousands) if found else None
    if low is None or found is None:
        low = next((v for word in re.findall(r"\d[\d.,]*|[a-z]+", text)[:12] if (v := _value(word, thousands))), None)
        return low, low
    scale, end = _scale(text, found.end())
    if text[end:].lstrip().startswith("and a half"):
        return low + 0.5, low + 0.5
    to = _RANGE.match(text, end)
    upper = _NUMBER.match(text, to.end()) if to else None
    high = _value(upper[0], thousands) if upper else None
    if upper is None or high is None:
        return low * scale, low * scale
    upper_scale, _ = _scale(text, upper.end())
    scale = upper_scale if scale == 1 else scale  # "2-3k": both are thousands
    low, high = low * scale, high * upper_scale
    return min(low, high), max(low, high)


def _scale(text: str, at: int) -> tuple[float, int]:
    found = _SCALE.match(text, at)
    return (_TIMES_MANY[found[1].lower()], found.end()) if found else (1.0, at)


def _value(word: str, thousands: bool) -> float | None:
    """A number, from digits or a word."""
    if word in _WORDS:
        return float(_WORDS[word])
    digits = word.strip(".,")
    if not digits[:1].isdigit() or not digits.isascii():
        return None
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?" + (r"|\d{1,3}(?:\.\d{3})+(?:,\d+)?" if thousands else ""), digits):
        dots = thousands and re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits)
        digits = digits.replace(".", "").replace(",", ".") if dots else digits.replace(",", "")
    elif digits.count(",") == 1 and "." not in digits:
        digits = digits.replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None
