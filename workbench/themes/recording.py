"""The records of one act as they come: their ids, what they cite, which calls their writer could see."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from workbench.errors import InputError
from workbench.notes import showable
from workbench.themes.ledger import MAX_LINE_BYTES, MAX_NAME, MAX_REFS, Ledger, Record, Ref, act_of, format_record

__all__ = [
    "MOST_KEPT",
    "Recording",
    "decided_by",
    "decided_on",
    "in_parts",
    "new_hex",
    "record_ids",
    "theme_name",
    "with_seen",
]

# What a record holds beside its notes fits into this, whoever wrote it.
_HEAD_BYTES = 4096
# Of a larger theme so many notes are written down, the most typical.
MOST_KEPT = 1000
_STEM = re.compile(r"[0-9a-f]{8}")


def new_hex() -> str:
    """An id for an act.

    Returns
    -------
    str
        Eight hex digits by chance.

    Examples
    --------
    >>> len(new_hex())
    8
    """
    return secrets.token_hex(4)


class Recording:
    """The records of one act, as they come.

    Parameters
    ----------
    ledger : Ledger
        What was decided before.
    by, date : str
        Who decides, and on which day.
    new_id : callable
        Gives eight hex digits.

    Examples
    --------
    >>> act = Recording(Ledger(), "ana", "2026-11-17", lambda: "3fa9c1e0")
    >>> act.add("theme", theme="", name="Filters").theme, act.add("place", theme="T-3fa9c1e0").id
    ('T-3fa9c1e0', '3fa9c1e0-2')
    """

    def __init__(self, ledger: Ledger, by: str, date: str, new_id: Callable[[], str]) -> None:
        self.at, self.by, self.date = ledger.next_at, decided_by(by), decided_on(date)
        self.ids = record_ids(ledger, new_id)
        self.records: list[Record] = []

    def add(self, kind: str, **fields: Any) -> Record:
        """One more record; an empty `theme` is a new one.

        Parameters
        ----------
        kind : str
            One of the ledger's kinds of records.
        **fields
            As in :class:`~workbench.themes.ledger.Record`.

        Returns
        -------
        Record
            The record, with the theme's id.
        """
        id = next(self.ids)
        if fields.get("theme") == "":  # a new theme is called by its first record
            # Of an act's second theme another start than of its first, so that the beginnings of ids tell them apart.
            fields["theme"] = f"T-{hashlib.sha256(id.encode()).hexdigest()[:8] if '-' in id else id}"
        self.records.append(Record(id, self.at, self.by, self.date, kind, **fields))
        return self.records[-1]


def in_parts(refs: Iterable[Ref]) -> list[tuple[Ref, ...]]:
    """Notes in as many parts as the size of a record asks for.

    Parameters
    ----------
    refs : iterable of Ref
        The notes.

    Returns
    -------
    list of tuple of Ref
        Each fits into a record.

    Examples
    --------
    >>> [len(part) for part in in_parts([Ref("a", f"note {n}") for n in range(3)])]
    [3]
    """
    parts: list[list[Ref]] = []
    size = MAX_LINE_BYTES
    for ref in refs:
        length = len(format_record(Record("", 0, "", "", "place", notes=(ref,))).encode())
        if size + length > MAX_LINE_BYTES - _HEAD_BYTES or len(parts[-1]) == MAX_REFS:
            parts.append([])
            size = 0
        parts[-1].append(ref)
        size += length
    return [tuple(part) for part in parts]


def with_seen(acted: list[Record], new: list[str], until: Callable[[], str]) -> list[Record]:
    """Records that say which calls their writer could see.

    Parameters
    ----------
    acted : list of Record
        One act.
    new : list of str
        Ids of the calls that no earlier act has seen.
    until : callable
        Gives the day of the newest call, where they are too many to be listed.

    Returns
    -------
    list of Record
        The same, with `seen` or `until`.

    Examples
    --------
    >>> record = Record("a1b2c3d4", 1, "ana", "2026-11-17", "theme", "T-a1b2c3d4")
    >>> with_seen([record], ["a", "b"], str)[0].seen
    ('a', 'b')
    """
    records = []
    for record in acted:
        room = MAX_LINE_BYTES - len(format_record(record).encode()) - len('"seen": [], ')
        n = 0
        while n < len(new) and (room := room - len(json.dumps(new[n], ensure_ascii=False).encode()) - 2) >= 0:
            n += 1
        records.append(replace(record, seen=tuple(new[:n])))
        new = new[n:]
    if new and records:  # too many to be listed
        return [replace(acted[0], until=until()), *acted[1:]]
    return records


def record_ids(ledger: Ledger, new_id: Callable[[], str]) -> Iterator[str]:
    """Ids for the records of one act that is none of the ledger's.

    Parameters
    ----------
    ledger : Ledger
        What was decided before.
    new_id : callable
        Gives eight hex digits.

    Yields
    ------
    str
        The act's id, then the same with -2, -3 and so on.

    Raises
    ------
    ValueError
        When `new_id` gives something else.

    Examples
    --------
    >>> ids = record_ids(Ledger(), lambda: "3fa9c1e0")
    >>> next(ids), next(ids)
    ('3fa9c1e0', '3fa9c1e0-2')
    """
    taken = {act_of(record) for record in ledger.records}
    while (first := new_id()) in taken:
        pass
    if not _STEM.fullmatch(first):
        raise ValueError(f"new_id must give eight hex digits, got {first!r}")
    yield first
    yield from (f"{first}-{n}" for n in count(2))


def theme_name(name: str) -> str:
    """A theme's name as a record has it.

    Parameters
    ----------
    name : str
        As typed.

    Returns
    -------
    str
        In one line.

    Raises
    ------
    InputError
        When it is empty or too long.

    Examples
    --------
    >>> theme_name("Filters  reset ")
    'Filters reset'
    """
    words = " ".join(showable(name).split()) if isinstance(name, str) else ""
    if not words:
        raise InputError("a theme's name cannot be empty; write a few words")
    if len(words) > MAX_NAME:
        raise InputError(f"a theme's name has at most {MAX_NAME} letters, and this one has {len(words)}; shorten it")
    return words


def decided_by(by: str) -> str:
    """Who decides, as a record has it.

    Parameters
    ----------
    by : str
        A name.

    Returns
    -------
    str
        In one line.

    Raises
    ------
    InputError
        When it is empty or too long.

    Examples
    --------
    >>> decided_by("Ana  Ruiz")
    'Ana Ruiz'
    """
    words = " ".join(showable(by).split()) if isinstance(by, str) else ""
    if not 0 < len(words) <= MAX_NAME:
        raise InputError(f"who decides is not said; give by= a name of at most {MAX_NAME} letters, such as your own")
    return words


def decided_on(date: str) -> str:
    """The day of a decision.

    Parameters
    ----------
    date : str
        ``YYYY-MM-DD``.

    Returns
    -------
    str
        The same.

    Raises
    ------
    InputError
        When it is none.

    Examples
    --------
    >>> decided_on("2026-11-17")
    '2026-11-17'
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(date), re.ASCII):
            return datetime.date.fromisoformat(str(date)).isoformat()
    except ValueError:
        pass
    raise InputError(f"date {date!r} is not a day such as 2026-11-17")
