"""The day that a text states: only where it can be read in one way."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["day_alone", "day_in", "without_days"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"\b(?P<month{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = re.compile(
    r"(?<!\d)(?:"
    r"(?P<y1>(?:19|20)\d\d)(?P<sep>[-/_.]?)(?P<m1>[01]\d)(?P=sep)(?P<d1>[0-3]\d)(?![\d])"
    rf"|{_MONTH.format(2)}\s+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<d3>[0-3]?\d)(?:st|nd|rd|th|\.)?\s+{_MONTH.format(3)},?\s+(?P<y3>(?:19|20)\d\d)(?!\d)"
    r")",
    re.IGNORECASE,
)

_CLOCK = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|am|pm|[A-Z]{1,5}T?)\b|\d|am|pm", re.I
)


def day_in(text: str) -> date | None:
    """The day that a heading, a file's name or a field states.

    Parameters
    ----------
    text : str
        A short text.

    Returns
    -------
    datetime.date or None
        None when there is none, or more than one; 11/12/2026 is none, since nobody knows which of the two is the month.

    Examples
    --------
    >>> day_in("Call with Acme (2026-11-17 16:06 GMT-7)"), day_in("July 8, 2026, 5:02PM"), day_in("11/12/2026")
    (datetime.date(2026, 11, 17), datetime.date(2026, 7, 8), None)
    """
    days = {_day(found) for found in _DAY.finditer(text[:2000])} - {None}
    return days.pop() if len(days) == 1 else None


def day_alone(text: str) -> date | None:
    """The day of a line that says nothing else, but perhaps the hour.

    Parameters
    ----------
    text : str
        A line.

    Returns
    -------
    datetime.date or None
        None for a line with other words.

    Examples
    --------
    >>> day_alone("Aug 15, 2026"), day_alone("Published on 2026-08-15")
    (datetime.date(2026, 8, 15), None)
    """
    day = day_in(text)
    return None if day is None or re.search(r"\w", _CLOCK.sub("", _DAY.sub("", text))) else day


def _day(found: re.Match[str]) -> date | None:
    if found["y1"]:
        year, month, day = int(found["y1"]), int(found["m1"]), int(found["d1"])
    else:
        n = "2" if found["y2"] else "3"
        year, month, day = int(found[f"y{n}"]), _MONTHS.index(found[f"month{n}"].lower()[:3]) + 1, int(found[f"d{n}"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def without_days(text: str) -> str:
    """A text without the days that stand in it.

    Parameters
    ----------
    text : str
        A file's name or a heading.

    Returns
    -------
    str
        A blank stands for each.

    Examples
    --------
    >>> without_days("GMT20261117-160322_Recording")
    'GMT -160322_Recording'
    """
    return _DAY.sub(" ", text)
