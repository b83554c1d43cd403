"""The fields of a record as texts, lists, days and choices; what is none of these is said with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from workbench.errors import InputError, Problem
from workbench.frontmatter import Fields, split_front_matter, split_lines

__all__ = [
    "Typed",
    "drop_nothing",
    "flat",
    "fold_sentence",
    "fold_text",
    "is_day",
    "is_nothing",
    "is_week",
    "need_day",
    "week_of",
    "week_start",
]

_NOTHING = set("|-|–|—|n/a|na|nil|no|none|none so far|none yet|nothing|nothing new|nothing yet".split("|"))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


class Typed:
    r"""A record's front matter, read field by field.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name, for problems.
    may_be_prose : bool
        Whether a file without any field is as it should be.

    Attributes
    ----------
    problems : list of Problem
        What could not be read so far; grows as fields are read.
    lines : dict of str to int
        The line of each field.

    Examples
    --------
    >>> record = Typed("---\nreview: soon\n---\n", "D-1.md")
    >>> record.day("review"), str(record.problems[0])
    (None, "D-1.md:2: review 'soon' is no day; write it as year, month, day, such as 2027-01-15")
    """

    def __init__(self, text: str, file: str, *, may_be_prose: bool = False) -> None:
        self.file = file
        self.fields: Fields = split_front_matter(split_lines(text), file)[0]
        self.problems: list[Problem] = list(self.fields.problems)
        self.lines = self.fields.lines
        if text.strip() and not may_be_prose and not self.fields.values and not self.problems:
            self.odd(
                "", "no fields", "write them at the top of the file between two lines of ---, such as  owner: Ines"
            )

    def text(self, name: str) -> str:
        """A field's text on one line; empty where there is none."""
        value = self.fields.values.get(name)
        if isinstance(value, (list, dict)) and value:
            self.odd(name, f"{name} holds a list", "write one text behind the colon")
        return flat(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A field's items; a single text is one item, and so is ``- Call Alder: prices``, which YAML takes for a field."""
        value = self.fields.values.get(name, [])
        items = [_joined(item) for item in (value if isinstance(value, list) else [value])]
        if any(isinstance(item, (list, dict)) for item in items):
            self.odd(name, f"an item of {name} is no plain text", 'put "quotes" around an item with a colon in it')
        return tuple(text for item in items if (text := flat(item)))

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """A field's items as name and what is behind the last colon; ``- a: b``, ``- "a: b"`` and ``a: b`` alike."""
        value = self.fields.values.get(name, [])
        pairs: list[tuple[str, str]] = []
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                pairs += [(flat(key), flat(behind)) for key, behind in item.items()]
            else:
                head, colon, behind = f"{flat(item)} ".rpartition(": ")
                pairs.append((head.strip(), behind.strip()) if colon else (behind.strip(), ""))
        return tuple(pair for pair in pairs if any(pair))

    def choice(self, name: str, known: tuple[str, ...]) -> str | None:
        """One of a few words; None where none of them stands there."""
        value = self.text(name).lower()
        if value and value not in known:
            self.odd(name, f"{name} {value!r} is not known", f"write one of {', '.join(known)}")
        return value if value in known else None

    def day(self, name: str) -> str | None:
        """A day; None where there is none."""
        value = self.text(name)
        if value and not is_day(value):
            self.odd(name, f"{name} {value!r} is no day", "write it as year, month, day, such as 2027-01-15")
            return None
        return value or None

    def number(self, name: str) -> float | None:
        """A number; None where there is none."""
        value = self.text(name)
        if not value:
            return None
        if re.fullmatch(r"\d{1,12}(?:\.\d{1,6})?", value, re.ASCII):
            return float(value)
        self.odd(name, f"{name} {value!r} is no number", "write digits alone, such as 3 or 1.5")
        return None

    def id(self, head: str) -> str:
        """The record's id: as written, else what its file's name begins with."""
        stem = self.file.rsplit("/", 1)[-1].removesuffix(".md")
        named = re.match(rf"{head}-[0-9A-Za-z]+", stem)
        return self.text("id") or (named[0] if named else stem)

    def odd(self, name: str, what: str, todo: str) -> None:
        """Note what is wrong with a field, at its line."""
        self.problems.append(Problem(self.file, self.lines.get(name, 1), what, todo))


def _joined(item: Any) -> Any:
    """An item with a colon in it as the text that it was meant as; any other as it is."""
    if isinstance(item, dict) and len(item) == 1:
        ((key, behind),) = item.items()
        return f"{key}: {behind}" if isinstance(behind, str) else item
    return item


def flat(value: Any) -> str:
    r"""A text on one line; anything else is empty.

    Parameters
    ----------
    value : object
        What stands in a field.

    Returns
    -------
    str
        Without line ends.

    Examples
    --------
    >>> flat("two\nlines"), flat(["a"])
    ('two lines', '')
    """
    return " ".join(value.split()) if isinstance(value, str) else ""


def is_day(text: str) -> bool:
    """Whether a text is a day as records have it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        True for ``2027-01-15``.

    Examples
    --------
    >>> is_day("2027-01-15"), is_day("15 January"), is_day("2027-W03-1")
    (True, False, False)
    """
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def need_day(text: str) -> str:
    """A day that somebody gives for today.

    Parameters
    ----------
    text : str
        As given; empty for none.

    Returns
    -------
    str
        As given.

    Raises
    ------
    InputError
        When it is no day.

    Examples
    --------
    >>> need_day("26 November")
    Traceback (most recent call last):
    workbench.errors.InputError: today “26 November” is no day; write it as year, month, day, such as 2026-11-26
    """
    if text and not is_day(text):
        raise InputError(f"today “{text}” is no day; write it as year, month, day, such as 2026-11-26")
    return text


def fold_text(text: str) -> str:
    """A text as it is compared, whatever its capitals and blanks.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Folded, with single blanks.

    Examples
    --------
    >>> fold_text(" Do  Nothing.")
    'do nothing.'
    """
    return " ".join(text.casefold().split())


def fold_sentence(text: str) -> str:
    """A text as it is compared, with or without a full stop at its end.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        As :func:`fold_text` gives it, without the stop.

    Examples
    --------
    >>> fold_sentence(" Do  Nothing.")
    'do nothing'
    """
    return fold_text(text).rstrip(".")


def drop_nothing(items: Iterable[str]) -> tuple[str, ...]:
    """Those lines of a list that say something.

    Parameters
    ----------
    items : iterable of str
        As written.

    Returns
    -------
    tuple of str
        Without those of which :func:`is_nothing` is true.

    Examples
    --------
    >>> drop_nothing(["none", "Bank access"])
    ('Bank access',)
    """
    return tuple(item for item in items if not is_nothing(item))


def is_nothing(text: str) -> bool:
    """Whether a text only says that there is nothing, as people fill in a place that they have no use for.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        True for ``none`` and ``n/a``.

    Examples
    --------
    >>> is_nothing("None."), is_nothing("n/a"), is_nothing("Nothing in the import")
    (True, True, False)
    """
    return text.strip(" .").lower() in _NOTHING


def is_week(text: str) -> bool:
    """Whether a text is an ISO week as records have it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        True for ``2026-W47``.

    Examples
    --------
    >>> is_week("2026-W47"), is_week("2026-W60")
    (True, False)
    """
    return week_start(text) is not None


def week_of(day: date | str) -> str:
    """The ISO week of a day.

    Parameters
    ----------
    day : datetime.date or str
        A day, or one as ``YYYY-MM-DD``.

    Returns
    -------
    str
        Such as ``2026-W47``.

    Examples
    --------
    >>> week_of("2026-11-17"), week_of("2027-01-01")
    ('2026-W47', '2026-W53')
    """
    year, week, _ = (date.fromisoformat(day) if isinstance(day, str) else day).isocalendar()
    return f"{year}-W{week:02d}"


def week_start(text: str) -> date | None:
    """The Monday of a week as records have it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    datetime.date or None
        None where :func:`is_week` is false.

    Examples
    --------
    >>> week_start("2026-W47"), week_start("2026-W60")
    (datetime.date(2026, 11, 16), None)
    """
    found = _WEEK.fullmatch(text)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
