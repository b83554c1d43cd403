"""A table that comes in as one table of notes: written anew where what its rows are was said, or some of them are in already."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from workbench.arrivals import Arrival
from workbench.customers import strictest
from workbench.importers.columns import Rows
from workbench.note_tables import NoteTable
from workbench.notes import read_note

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Row", "as_note_table", "find_changed", "format_notes", "has_same_notes", "rows_of"]

# A row that somebody has worked on in the desk is the same row if so much of the letters is the same (rapidfuzz's ratio).
LIKE = 60
COLUMNS = ("customer", "date", "text", "kind", "segment", "consent", "who", "tags")


class Row(NamedTuple):
    """What tells a note of a table from others.

    Parameters
    ----------
    customer : str
        Folded, whatever the spelling.
    day : str
        As ``2026-11-17``; empty where none stands.
    kind, text : str
        As of a note.
    """

    customer: str
    day: str
    kind: str
    text: str


def as_note_table(arrival: Arrival) -> bytes:
    r"""The rows of a table as a table of notes, with one header and plain days.

    Parameters
    ----------
    arrival : Arrival
        A table of which nothing is unclear.

    Returns
    -------
    bytes
        CSV as UTF-8, a note a row, in the order of the table.

    Examples
    --------
    >>> from workbench.arrivals import Given, Known, look_at
    >>> from workbench.importers import Source, read_source
    >>> file = Source("a.csv", b"Company,Created,Feedback\nAcme,17 November 2026,Slow\nBolt,18 November 2026,Fast\n")
    >>> importer, (table,) = read_source(file)
    >>> print(as_note_table(look_at(file, importer.name, table, Known(), Given())).decode(), end="")
    customer,date,text,kind,segment,consent,who,tags
    Acme,2026-11-17,Slow,quote,,,,
    Bolt,2026-11-18,Fast,quote,,,,
    """
    rows, cells_at = Rows(arrival.table, arrival.columns), dict(arrival.table.rows)
    made = []
    for part in arrival.parts:
        # What was said of all of them holds, but for what a row says of itself.
        whose = part.customer or arrival.customer.value
        for place, jotting in enumerate(part.notes):
            cells = cells_at[jotting.at]
            kind, text, tags = read_note(jotting.line)[:3]
            who = ", ".join(filter(None, (rows.one(cells, "who"), rows.one(cells, "role")))) or arrival.who.value
            segment = rows.one(cells, "segment") or arrival.segment.value
            consent = strictest([part.consent, arrival.consent.value])
            row = (whose, arrival.day_of(part), text, kind, segment, consent, who, "; ".join(tags))
            made.append((jotting.at, place, row))
    return _write(row for _, _, row in sorted(made, key=lambda one: one[:2]))


def format_notes(notes: pd.DataFrame) -> bytes:
    r"""Notes of a table as a table of notes.

    Parameters
    ----------
    notes : pandas.DataFrame
        As :class:`~workbench.note_tables.NoteTable` has them.

    Returns
    -------
    bytes
        As :func:`as_note_table` gives them.

    Examples
    --------
    >>> from workbench.note_tables import read_note_table
    >>> table = read_note_table("a.csv", b"Company,Created,Note\nAcme,17 November 2026,Slow\nBolt,,Fast\n")
    >>> print(format_notes(table.notes[1:]).decode(), end="")
    customer,date,text,kind,segment,consent,who,tags
    Bolt,,Fast,observation,,,,
    """
    columns = {name: notes[name].astype(str) for name in COLUMNS if name not in ("date", "tags")}
    columns |= {"date": _days(notes), "tags": notes["tags"].map("; ".join)}
    return _write(zip(*(columns[name] for name in COLUMNS), strict=True))


def rows_of(table: NoteTable, whose: Callable[[str], str]) -> list[Row]:
    r"""What tells the notes of a table apart, so that those of a newer export are known that an earlier one has.

    Parameters
    ----------
    table : NoteTable
        A table.
    whose : callable
        Gives the customer of a name, so that each is known in any spelling.

    Returns
    -------
    list of Row
        One for each note.

    Examples
    --------
    >>> from workbench.note_tables import read_note_table
    >>> [tuple(row) for row in rows_of(read_note_table("a.csv", b"customer,date,text\nAcme,2026-11-17,Slow\n"), str.casefold)]
    [('acme', '2026-11-17', 'observation', 'Slow')]
    """
    customers = table.notes["customer"].astype(str)
    names = {name: whose(name) for name in customers.unique()}
    columns = (customers.map(names), _days(table.notes), table.notes["kind"].astype(str), table.notes["text"])
    return list(map(Row, *columns))


def find_changed(new: Iterable[Row], there: Iterable[tuple[str, int, Row]]) -> list[tuple[Row, str, int, Row]]:
    """Rows of a newer export that may be earlier rows of the same customer and day, changed since.

    Parameters
    ----------
    new : iterable of Row
        Those of its rows that are not there yet.
    there : iterable of (str, int, Row)
        What is there and the newer export has not: the file, the line and the row.

    Returns
    -------
    list of (Row, str, int, Row)
        Each new row with the one that it is most like, and where that stands; each of these once.

    Examples
    --------
    >>> before, after = (Row("acme", "2026-11-17", "quote", words) for words in ("It is slow", "It is so slow"))
    >>> find_changed([after], [("a.csv", 2, before)]) == [(after, "a.csv", 2, before)]
    True
    """
    by_key: dict[tuple[str, str], list[tuple[str, int, Row]]] = {}
    for one in there:
        by_key.setdefault(one[2][:2], []).append(one)
    new = list(new)
    pairs = (
        (fuzz.ratio(row.text, one[2].text, score_cutoff=LIKE), place, *one)
        for place, row in enumerate(new)
        for one in by_key.get(row[:2], ())
    )
    found: dict[int, tuple[Row, str, int, Row]] = {}
    taken: set[tuple[str, int]] = set()
    for _, place, file, line, row in sorted(
        (pair for pair in pairs if pair[0]), key=lambda pair: (-pair[0], *pair[1:4])
    ):
        if place not in found and (file, line) not in taken:
            taken.add((file, line))
            found[place] = (new[place], file, line, row)
    return [found[place] for place in sorted(found)]


def _days(notes: pd.DataFrame) -> pd.Series:
    return notes["date"].dt.strftime("%Y-%m-%d").fillna("")


def _write(rows: Iterable[Sequence[str]]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return table.getvalue().encode("utf-8", "replace")


def has_same_notes(one: NoteTable, other: NoteTable) -> bool:
    r"""Whether two tables hold the same notes, in whatever order.

    Parameters
    ----------
    one, other : NoteTable
        Two tables.

    Returns
    -------
    bool
        By customer, day, kind, words, tags and consent.

    Examples
    --------
    >>> from workbench.note_tables import read_note_table
    >>> tables = [b"customer,date,text\nAcme,2026-11-17,Slow\n", b"Company,Created,Note\nAcme,17 November 2026,Slow\n"]
    >>> has_same_notes(*(read_note_table("a.csv", data) for data in tables))
    True
    """
    return len(one.notes) == len(other.notes) and _notes_of(one) == _notes_of(other)


def _notes_of(table: NoteTable) -> list[tuple[str, ...]]:
    names = ("customer", "kind", "text", "tags", "consent")
    return sorted(zip(_days(table.notes), *(table.notes[name].astype(str) for name in names), strict=True))
