"""The day that a text states: only where it can be read in one way."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["day_alone", "day_in", "without_days"]

# Months as seven languages write them; no word is a month in one of them and another month in another.
_MONTHS = (
    "jan january januar januari janvier janv enero ene janeiro gennaio gen",
    "feb february februar februari février févr fév fevrier febrero fevereiro fev febbraio",
    "mar march märz mär maart mrt mars marzo março",
    "apr april avril avr abril abr aprile",
    "may mai mei mayo maio maggio mag",
    "jun june juni juin junio junho giugno giu",
    "jul july juli juillet juil julio julho luglio lug",
    "aug august augustus août aout agosto ago",
    "sep sept september septembre septiembre setembro settembre set",
    "oct october oktober okt octobre octubre outubro out ottobre ott",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre déc decembre diciembre dic dezembro dicembre",
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = rf"\b(?P<month{{0}}>{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b\.?"
_DAY = re.compile(
    r"(?<!\d)(?:"
    r"(?P<y1>(?:19|20)\d\d)(?P<sep>[-/_.]?)(?P<m1>[01]\d)(?P=sep)(?P<d1>[0-3]\d)(?![\d])"
    rf"|{_MONTH.format(2)}[\s-]+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?,?[\s-]+(?P<y2>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<d3>[0-3]?\d)(?:st|nd|rd|th|er|\.)?[\s-]+(?:de\s+)?{_MONTH.format(3)},?[\s-]+(?:de\s+)?(?P<y3>(?:19|20)\d\d)(?!\d)"
    # Japanese: "2026年11月17日", and "11月 17, 2026" at the head of what Google Meet writes
    r"|(?P<y4>(?:19|20)\d\d)年\s*(?P<m4>[01]?\d)月\s*(?P<d4>[0-3]?\d)日"
    r"|(?P<m5>[01]?\d)月\s*(?P<d5>[0-3]?\d),\s*(?P<y5>(?:19|20)\d\d)(?!\d)"
    # 18.11.2026, 11/18/2026
    r"|(?P<d6>[0-3]?\d)(?P<sep6>[-/_.])(?P<m6>[0-3]?\d)(?P=sep6)(?P<y6>(?:19|20)\d\d)(?!\d)"
    r")",
    re.IGNORECASE,
)

_YEAR = re.compile(r"(?:19|20)\d\d")
# Zones stand in capitals; in small letters any short word would be one.
_CLOCK = re.compile(
    r"\b(?i:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|am|pm)\b|\b[A-Z]{1,5}T?\b|\d|(?i:am|pm)"
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
    >>> day_in("Acme 18.11.2026"), day_in("Acme 11/18/2026"), day_in("Acme 11.12.2026")
    (datetime.date(2026, 11, 18), datetime.date(2026, 11, 18), None)
    >>> day_in("17. November 2026") == day_in("17 de nov. de 2026") == day_in("11月 17, 2026") == day_in("2026-11-17")
    True
    """
    # Each turn of a talk is asked, and hardly any names a year; the names of months take long to be looked for.
    if not _YEAR.search(text, 0, 2000):
        return None
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
    n = next(n for n in "123456" if found[f"y{n}"])
    # Letters without a dot, or with two, match as well, and make no month.
    month = _NUMBERS.get(found[f"month{n}"].casefold(), 0) if n in "23" else int(found[f"m{n}"])
    day = int(found[f"d{n}"])
    if n == "6" and month > 12:
        day, month = month, day
    elif n == "6" and day <= 12 and day != month:
        return None  # either may be the month
    try:
        return date(int(found[f"y{n}"]), month, day)
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
