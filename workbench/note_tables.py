"""Tables of notes: a CSV, JSON Lines or Parquet file beside the calls, one row a note.

A support desk exports a million tickets as one file, and a million tickets are no million calls to open in an editor. The
file stays as it is; its rows are read one after the other, and each is a note or is named with its line and the reason why not.
"""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.csv_rows import Lines, filled, read_csv_rows
from workbench.customers import fold_name, strictest
from workbench.errors import Problem, shorten
from workbench.importers.columns import BY_CELLS, Rows, columns_of, kind_of, role_of, says_nothing, unknown_side
from workbench.importers.contents import Table
from workbench.importers.interviewers import is_interviewer
from workbench.importers.markup import has_markup, words_of_html
from workbench.importers.source import Source, Unreadable
from workbench.importers.table import header_of, without_lines
from workbench.importers.table_csv import cells_between
from workbench.importers.tags import tag_of, tags_of
from workbench.notes import CONSENT_LEVELS, KINDS, consent_level, showable, unknown_consent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENDINGS", "NoteTable", "read_note_table", "without_rows"]

ENDINGS = (".csv", ".jsonl", ".parquet")
# By so many rows it is seen which column is what.
HEAD = 1000
# Of rows that have the same so many are named one by one.
MOST_NAMED = 20
# Texts that are put away together: a million short strings take four times the room of their letters.
CHUNK = 65_536


@dataclass(frozen=True, repr=False)
class NoteTable:
    """A table of notes as read.

    Parameters
    ----------
    file : str
        Relative to the workspace.
    id : str
        The file's name without its ending; what stands for the call in a note's id.
    notes : pandas.DataFrame
        One row a note, in the order of the file: note (str), customer, who, segment (category), consent (category; the strictest
        that any row of the customer states, note or not; empty where the table states none), date (datetime64), kind (category), text (str), tags (tuple of str), line (int; of JSON and CSV the line
        where the row begins, of Parquet its number).
    n_rows : int
        Rows that stand in the file: those that became notes, and those that the problems name.
    problems : tuple of Problem
        Rows that are no note, each with its line and why; last how many.
    agreed : dict of str to str
        By customer, folded: the strictest consent that any row states, note or not.
    """

    file: str
    id: str
    notes: pd.DataFrame
    n_rows: int
    problems: tuple[Problem, ...]
    agreed: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"NoteTable: {self.said}"

    @property
    def said(self) -> str:
        """Rows in and notes out, in words."""
        left = self.n_rows - len(self.notes)
        rest = f", {_rows(left)} {'gives' if left == 1 else 'give'} none" if left else ""
        return f"{self.file}: {_rows(self.n_rows)}, {_notes(len(self.notes))}{rest}"


def _rows(n: int) -> str:
    return f"{n:,} {'row' if n == 1 else 'rows'}"


def _notes(n: int) -> str:
    return f"{n:,} {'note' if n == 1 else 'notes'}"


def read_note_table(file: str, data: bytes) -> NoteTable:
    r"""Read a table of notes.

    Parameters
    ----------
    file : str
        How it is named, with one of `ENDINGS`.
    data : bytes
        The whole file.

    Returns
    -------
    NoteTable
        With no notes where it is no table of notes; the problems say what is missing.

    Examples
    --------
    >>> table = read_note_table("interviews/tickets.csv", b"customer,date,text\nAcme,2026-11-17,Slow\n,2026-11-17,Fast\n")
    >>> table.notes[["note", "customer", "line"]].values.tolist()
    [['tickets#4b2bebbf', 'Acme', 2]]
    >>> for problem in table.problems:
    ...     print(problem)
    interviews/tickets.csv:3: no customer in this row: “2026-11-17 · Fast”; it is no note until somebody is named
    interviews/tickets.csv:1: 2 rows gave 1 note, and 1 row is none; each is named with its line
    """
    try:
        notes, rows = _open(file, data)
        for row in rows:
            notes.add(row)
        return notes.table()
    except Unreadable as error:
        problem = Problem(file, error.line, error.what, error.todo)
        return NoteTable(file, _stem(file), _Notes.none(), 0, (problem,), _consents(file, data))


def _consents(file: str, data: bytes) -> dict[str, str]:
    """What rows state of consent where it is not clear which columns have the notes: of whoever may be the customer."""
    agreed: dict[str, str] = {}
    with suppress(Unreadable):
        rows, _ = _read_rows(file, data)
        header = next(rows, None)
        roles = [role_of(name) for name in header.cells] if header else []
        for row in rows if "consent" in roles else ():
            cells = [*zip(roles, row.cells, strict=False)]
            if level := strictest(consent_level(cell) for role, cell in cells if role == "consent"):
                for name in (fold_name(_one_line(cell)) for role, cell in cells if role == "customer" and cell.strip()):
                    agreed[name] = strictest((level, agreed.get(name, "")))
    return agreed


def without_rows(file: str, data: bytes, theirs: Callable[[str, str], bool]) -> bytes | None:
    r"""A table of notes without some of its rows; all others stay as they are, byte for byte in CSV and JSON Lines.

    Parameters
    ----------
    file : str
        How it is named, with one of `ENDINGS`.
    data : bytes
        The whole file.
    theirs : callable
        Whether a row goes: takes its customer, empty where the row cannot be read, and all that stands in it.

    Returns
    -------
    bytes or None
        The same bytes where no row goes; None for what is no table of notes, or cannot be written as it was.

    Examples
    --------
    >>> table = b"customer,date,text\r\nAcme,2026-11-17,Slow\r\nBolt,2026-11-17,Fast\r\n"
    >>> without_rows("tickets.csv", table, lambda customer, row: customer == "Acme")
    b'customer,date,text\r\nBolt,2026-11-17,Fast\r\n'
    """
    try:
        notes, rows = _open(file, data)
        starts, gone = [], set()
        for row in rows:
            starts.append(row.line)
            customer = "" if row.broken else notes.customer_of(row)
            if theirs(customer, row.broken or " ".join(row.cells)):
                gone.add(row.line)
    except Unreadable:
        return None
    if not gone:
        return data
    if file.lower().endswith(".parquet"):
        return _without_numbers(data, gone)
    return without_lines(Source(file, data), starts, gone)


def _without_numbers(data: bytes, gone: set[int]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(data))
    table = table.take([i for i in range(table.num_rows) if i + 1 not in gone])
    for place, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):  # which lists the values of the rows that are gone as well
            anew = table.column(place).cast(column.type.value_type).dictionary_encode()
            table = table.set_column(place, column.name, anew)
    target = io.BytesIO()
    pq.write_table(table, target)
    return target.getvalue()


def _open(file: str, data: bytes) -> tuple[_Notes, Iterator[_Row]]:
    """What the columns are, and the rows below the header."""
    rows, width = _read_rows(file, data)
    head = list(islice(rows, HEAD + 1))
    if not head:
        raise Unreadable("the table has no rows", "export it again, with its rows and a header")
    if head[0].broken:
        raise Unreadable(f"the first row cannot be read: “{shorten(head[0].broken)}”", "write a header above the rows")
    header = head.pop(0).cells
    if not head:
        raise Unreadable("the table has a header and no row below it", "export it again, with its rows")
    return _Notes(file, header, [row for row in head if not row.broken], width), chain(head, rows)


class _Row(NamedTuple):
    """A row: where it begins, and its cells; or what stands there and is none, with the cells that can be read."""

    line: int
    cells: tuple[str, ...] = ()
    broken: str = ""
    why: str = ""


def _stem(file: str) -> str:
    return posixpath.splitext(posixpath.basename(file))[0]


def _read_rows(file: str, data: bytes) -> tuple[Iterator[_Row], bool]:
    """All rows, the header first, and whether each must have as many cells as the header."""
    if file.lower().endswith(".parquet"):
        return _parquet_rows(data), False
    source = Source(file, data)
    if not source.encoding or "\0" in data[:4096].decode(source.encoding, "ignore"):
        raise Unreadable("it is no text", "export it again as CSV, JSON Lines or Parquet")
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=source.encoding, errors="replace")
    if file.lower().endswith(".jsonl"):
        return _json_rows(lines), False
    return _csv_rows(lines), True


# Rows of each format


def _csv_rows(lines: Iterable[str]) -> Iterator[_Row]:
    """Rows with the line where they begin."""
    lines = iter(lines)
    head = list(islice(lines, HEAD))
    between, above = cells_between("".join(head))
    feed = Lines(chain(head[above:], lines))
    for row in read_csv_rows(feed, between or "\x1f", skip_spaces=between != "\t"):
        if row.why:
            yield _Row(above + row.line + 1, tuple(row.cells), row.written, row.why)
        elif any(cell.strip() for cell in row.cells):
            yield _Row(above + row.line + 1, tuple(row.cells))


def _json_rows(lines: Iterable[str]) -> Iterator[_Row]:
    """A line a row; the header is made of the names in the first rows."""

    def read(number: int, line: str) -> dict[str, Any] | _Row:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            return _Row(number, broken=line, why="this line is no JSON")
        return found if isinstance(found, dict) else _Row(number, broken=line, why="this line is no JSON object")

    found = ((number, read(number, line)) for number, line in enumerate(lines, 1) if line.strip(" \t\r\n\ufeff"))
    head = list(islice(found, HEAD))
    names = list(dict.fromkeys(name for _, row in head if isinstance(row, dict) for name in row))
    if not names:
        raise Unreadable(
            "no line is a JSON object",
            'write one a line, such as {"customer": "Acme", "date": "2026-11-17", "text": "…"}',
        )
    yield _Row(0, tuple(names))
    for number, row in chain(head, found):
        yield row if isinstance(row, _Row) else _Row(number, tuple(_plain(row.get(name)) for name in names))


def _plain(value: Any) -> str:
    """A value as a cell of a CSV file has it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(map(_plain, value))
    return value if isinstance(value, str) else str(value)


def _parquet_rows(data: bytes) -> Iterator[_Row]:
    """Rows by their number, a few thousand at a time."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise Unreadable("Parquet needs pyarrow, which is not installed", "install it:  pip install pyarrow") from None
    try:
        stored = pq.ParquetFile(pa.BufferReader(data))
        names = stored.schema_arrow.names
        yield _Row(0, tuple(names))
        number = 0
        for batch in stored.iter_batches(batch_size=CHUNK):
            columns = [[_plain(value) for value in column.to_pylist()] for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield _Row(number, cells)
    except (pa.ArrowException, OSError) as error:
        why = shorten(str(error), 80)
        raise Unreadable(
            f"it cannot be read as Parquet ({why})", "export it again, or fetch it again if it is cut off"
        ) from None


# Rows as notes


class _Codes:
    """Values of a column that come again: each once, and which of them each row has."""

    def __init__(self, clean: Callable[[str], Any] | None = None) -> None:
        self._clean = clean
        self._code: dict[Any, int] = {}
        self._of_cell: dict[Any, int] = {}
        self.codes = array("i")

    def add(self, cell: Any) -> Any:
        code = self._of_cell.get(cell)
        if code is None:
            value = self._clean(cell) if self._clean else cell
            code = self._of_cell[cell] = self._code.setdefault(value, len(self._code))
        self.codes.append(code)

    def values(self) -> list[Any]:
        return list(self._code)

    def categorical(self) -> pd.Categorical:
        """With its values in order, whatever row each came in first."""
        import numpy as np
        import pandas as pd

        values = self.values()
        order = sorted(range(len(values)), key=values.__getitem__)
        place = np.empty(len(values), dtype=np.int32)
        place[order] = np.arange(len(values), dtype=np.int32)
        codes = np.frombuffer(self.codes, dtype=np.int32) if len(self.codes) else np.zeros(0, dtype=np.int32)
        index = pd.Index([values[i] for i in order], dtype="str")
        return pd.Categorical.from_codes(place[codes] if len(values) else codes, categories=index)

    def array(self, dtype: str) -> Any:
        import numpy as np

        values = np.asarray(self.values(), dtype=dtype)
        return values[np.frombuffer(self.codes, dtype=np.int32)] if len(self.codes) else values[:0]


class _Notes:
    """Notes as they come, row by row."""

    def __init__(self, file: str, header: tuple[str, ...], head: Sequence[_Row], width: bool) -> None:
        names, below = header_of([header, *(row.cells for row in head[:2])])
        if below > 1:
            raise Unreadable("there are two rows of headers", "leave one header, with customer, date and text in it")
        self.file, self.id, self.header, self.width = file, _stem(file), names, width
        cells = [(row.line, _fit(row.cells, len(names))) for row in head]
        self._rows, columns = self._columns(Table(names, tuple(cells)))
        place = {name: i for i, name in enumerate(names)}
        (words,) = columns.of("quote") or columns.of("text")
        self._words, self._is_quote = place[words], bool(columns.of("quote"))
        at = {
            role: [place[name] for name in columns.of(role)]
            for role in ("customer", "date", "segment", "kind", "tags", "side")
        }
        # One that is empty in the first rows may state something below.
        self._consent_at = [i for i, name in enumerate(names) if role_of(name) == "consent"]
        self._people_at = [place[name] for name in columns.of("who")]
        self._at, self._who = at, [place[name] for role in ("who", "role") for name in columns.of(role)]
        self.customer, self.segment = _Codes(), _Codes()
        self.who = _Codes(lambda cells: ", ".join(filter(None, map(_one_line, cells))))
        self.agreed: dict[str, str] = {}
        self._levels: dict[str, str] = {}
        self._states = False
        self._unknown: list[Problem] = []
        # Authors of whom nobody knows whose side they are on, each where it first stands.
        self._sides: dict[str, int] = {}
        self._folds: dict[str, str] = {}
        self.date = _Codes()
        self.kind = _Codes(self._kind)
        self.tags = _Codes(self._tags)
        self._days: dict[str, str] = {}
        self._customers: dict[str, str] = {}
        self._stated: dict[str, str] = {}
        self.lines = array("q")
        self._texts: list[str] = []
        self._ids: list[bytes] = []
        self._chunks: list[Any] = []
        self.n_rows = 0
        self._odd: dict[str, list[tuple[int, str]]] = {}

    def _columns(self, table: Table) -> tuple[Rows, Any]:
        """What the columns are; a table in which that is not clear is no table of notes."""
        plain = {" ".join(name.split()).casefold(): name for name in table.header}
        said = {role: plain[role] for role in ("customer", "date", "text") if role in plain}
        columns = columns_of(table, said)
        # Nobody confirms here what is only guessed by its cells.
        guessed = {one.role for one in columns.found if one.why == BY_CELLS}
        missing = [role for role in ("customer", "date") if role in guessed or not columns.of(role)]
        words = (*columns.of("quote"), *columns.of("text"))
        asked = [question.words for question in columns.questions]
        if len(words) > 1:
            asked.append(f"which column has the words? {', '.join(words)}")
        if asked or missing or not words:
            names = [*missing, *["text"] * (not words)]
            what = "; ".join(asked) or f"there is no column {' and none '.join(names)}"
            todo = f"call the columns customer, date and text (they are called {shorten(', '.join(table.header), 200)}); until then none of its rows counts"
            raise Unreadable(f"it is not clear which column is what: {what}", todo)
        return Rows(table, columns), columns

    def add(self, row: _Row) -> None:
        """Take one row."""
        self.n_rows += 1
        if row.broken:
            if row.cells and self._consent_at:  # what it may state, and no more than that it counts
                cells = _fit(row.cells, len(self.header))
                self._agrees(cells, min("aggregate", self._consent(cells) or "aggregate", key=CONSENT_LEVELS.index))
            return self._name(row.line, row.why, row.broken)
        cells = row.cells
        if self.width and len(cells) != len(self.header) and len(full := filled(cells)) != len(self.header):
            if len(full) > len(self.header):
                for one in (full, full[len(full) - len(self.header) :]):  # whichever side of the words it stands on
                    self._agrees(full, self._consent(one))
                return self._name(
                    row.line, f"{len(full)} cells in this row, and {len(self.header)} in the header", " · ".join(cells)
                )
            cells = _fit(cells, len(self.header))
        level = self._consent(cells, row.line)
        self._agrees(cells, level)
        said = showable(cells[self._words])
        words = " ".join((words_of_html(said) if "<" in said and has_markup(said) else said).split())
        if not _HAS_WORDS(words):
            return self._name(row.line, "no words in this row", " · ".join(filter(None, cells)))
        if says_nothing(words, self.header[self._words]):
            return self._name(row.line, "an answer that says nothing in this row", words)
        customer = self._one(cells, "customer")
        if not customer:
            return self._name(row.line, "no customer in this row", " · ".join(filter(None, cells)))
        if self._at["side"]:
            if self._rows.is_ours(cells):
                return self._name(row.line, "one of you as the author of this row", words)
            if side := self._rows.odd_side(cells):
                self._sides.setdefault(side, row.line)
        if any(is_interviewer(cells[i]) for i in self._people_at):
            return self._name(row.line, "one of you as the speaker of this row", words)
        if self._consent_at and not level:
            self._agrees(cells, "aggregate")  # a field left empty allows nothing, where others are not
        stands = cells[self._at["date"][0]]
        if (day := self._days.get(stands)) is None:
            day = self._days[stands] = str(self._rows.day(_fit(cells, len(self.header))) or "NaT")
        if day == "NaT":
            self._name(row.line, "no day that can be read in this row", stands)
        if "\ufffd" in words:
            self._name(row.line, "letters that cannot be read in this row", words)
        self.date.add(day)
        self.customer.add(customer)
        self.segment.add(self._one(cells, "segment"))
        self.who.add(tuple(cells[i] for i in self._who))
        self.kind.add(self._one(cells, "kind"))
        self.tags.add((tuple(cells[i] for i in self._at["tags"]), self._one(cells, "kind") if self._is_quote else ""))
        self.lines.append(row.line)
        self._texts.append(words)
        self._ids.append(hashlib.sha256(words.encode()).digest()[:4])
        if len(self._texts) == CHUNK:
            self._put_away()
        return None

    def customer_of(self, row: _Row) -> str:
        """Whose row it is, whether it is a note or not."""
        return self._one(_fit(row.cells, len(self.header)), "customer")

    def _one(self, cells: Sequence[str], role: str) -> str:
        """What a row has for a role, on one line."""
        at = self._at[role]
        if not at:
            return ""
        cell = cells[at[0]] if len(at) == 1 else " ".join(filter(None, (cells[i] for i in at)))
        known = self._stated.get(cell)
        if known is None:
            known = self._stated[cell] = _one_line(cell)
        return known

    def _consent(self, cells: Sequence[str], line: int = 0) -> str:
        """What a row states: the strictest of several columns; a word that is not known is named where it first stands."""
        if len(self._consent_at) == 1:
            return self._level(cells[self._consent_at[0]], line)
        return strictest(self._level(cells[i], line) for i in self._consent_at)

    def _level(self, cell: str, line: int) -> str:
        if (known := self._levels.get(cell)) is not None:
            return known
        word = _one_line(cell)
        level = consent_level(word)
        self._states = self._states or bool(level)
        if not line:
            return level
        if said := unknown_consent(word):
            self._unknown.append(Problem(self.file, line, *said))
        self._levels[cell] = level
        return level

    def _agrees(self, cells: Sequence[str], level: str) -> None:
        """Take what a row states of its customer, whether it is a note or not."""
        if level and (customer := self._one(cells, "customer")):
            folded = self._folds.get(customer)
            if folded is None:
                folded = self._folds[customer] = fold_name(customer)
            if (before := self.agreed.get(folded)) != level:
                self.agreed[folded] = strictest((before or level, level))

    def _kind(self, stated: str) -> str:
        if self._is_quote:
            return "quote"
        return stated.casefold() if stated.casefold() in KINDS else kind_of(stated) or "observation"

    def _tags(self, cells: tuple[tuple[str, ...], str]) -> tuple[str, ...]:
        listed, stated = cells
        also = tag_of(stated) if stated and kind_of(stated) != "quote" else ""
        return tuple(dict.fromkeys(filter(None, (*(tag for cell in listed for tag in tags_of(cell)), also))))

    def _name(self, line: int, why: str, words: str) -> None:
        self._odd.setdefault(re.sub(r"\d+ cells", "cells", why), []).append(
            (line, f"{why}: “{shorten(words, 80)}”" if words.strip() else why)
        )

    def _put_away(self) -> None:
        import pandas as pd

        self._chunks.append(pd.Series(self._texts, dtype="str"))
        self._texts = []

    def table(self) -> NoteTable:
        """All that came."""
        import numpy as np
        import pandas as pd

        self._put_away()
        n = len(self.lines)
        ids = pd.Series(np.frombuffer(b"".join(self._ids), dtype=">u4").astype(np.int64))
        twin = ids.groupby(ids).cumcount().to_numpy()
        stem = f"{self.id}#"
        named = [
            f"{stem}{one.hex()}" if not k else f"{stem}{one.hex()}-{k + 1}"
            for one, k in zip(self._ids, twin.tolist(), strict=True)
        ]
        tags = np.empty(n, dtype=object)
        tags[:] = _pick(self.tags)
        # A column in which nothing stands states nothing.
        agreed = self.agreed if self._states else {}
        kinds = self.kind.values()
        kind = np.asarray([KINDS.index(one) for one in kinds], dtype=np.int8)
        notes = pd.DataFrame(
            {
                "note": pd.array(named, dtype="str"),
                "customer": self.customer.categorical(),
                "who": self.who.categorical(),
                "segment": self.segment.categorical(),
                "consent": self._of_customers(agreed),
                "date": self.date.array("datetime64[s]"),
                "kind": pd.Categorical.from_codes(
                    kind[np.frombuffer(self.kind.codes, dtype=np.int32)] if n else kind[:0], categories=list(KINDS)
                ),
                "text": pd.concat(self._chunks, ignore_index=True).array,
                "tags": tags,
                "line": np.frombuffer(self.lines, dtype=np.int64).copy() if n else np.zeros(0, dtype=np.int64),
            }
        )
        return NoteTable(self.file, self.id, notes, self.n_rows, tuple(self._problems(n)), agreed)

    def _of_customers(self, agreed: Mapping[str, str]) -> pd.Categorical:
        """For each note what its customer agreed to."""
        levels = _Codes(lambda customer: agreed.get(fold_name(customer), ""))
        for customer in _pick(self.customer):
            levels.add(customer)
        return levels.categorical()

    def _problems(self, n: int) -> Iterator[Problem]:
        for why, rows in self._odd.items():
            todo = _TODO.get(why, "it is no note; mend the row, or export the table again")
            for line, what in rows[:MOST_NAMED]:
                yield Problem(self.file, line, what, todo)
            if rest := rows[MOST_NAMED:]:
                listed = shorten(", ".join(str(line) for line, _ in rest), 200)
                what = f"{why.replace('in this row', '').strip()}: {_rows(len(rest))} more (lines {listed})"
                yield Problem(self.file, rest[0][0], what, _ALL_THE_SAME.get(why, "they are no notes"))
        yield from self._unknown[:MOST_NAMED]
        if self._sides:
            shown = shorten(", ".join(f"“{one}”" for one in self._sides), 100)
            yield Problem(self.file, min(self._sides.values()), *unknown_side(shown, self._rows))
        if left := self.n_rows - n:
            what = f"{_rows(self.n_rows)} gave {_notes(n)}, and {_rows(left)} {'is' if left == 1 else 'are'} none"
            yield Problem(self.file, 1, what, "each is named with its line")

    @staticmethod
    def none() -> pd.DataFrame:
        """No notes."""
        import pandas as pd

        columns = ("note", "customer", "who", "segment", "consent", "date", "kind", "text", "tags", "line")
        return pd.DataFrame({name: [] for name in columns}).astype({"date": "datetime64[s]", "line": "int64"})


_TODO: Mapping[str, str] = {
    "no customer in this row": "it is no note until somebody is named",
    "no day that can be read in this row": "it is a note without a day; write it as 2026-11-17",
    "an answer that says nothing in this row": "it is no note, since it is no evidence of anything",
    "letters that cannot be read in this row": "it is a note all the same; save the file again as UTF-8, or mend the row",
    "one of you as the author of this row": "it is no note, since nothing that one of you says is evidence",
    "one of you as the speaker of this row": "it is no note, since nothing that one of you says is evidence",
}
# Of what is a note though something is odd, where many rows are.
_ALL_THE_SAME = {
    "no day that can be read in this row": "they are notes without a day",
    "letters that cannot be read in this row": "they are notes all the same",
}
_HAS_WORDS = re.compile(r"\w").search


def _fit(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def _one_line(cell: str) -> str:
    return " ".join(showable(cell).split())


def _pick(codes: _Codes) -> list[Any]:
    values = codes.values()
    return [values[code] for code in codes.codes]
