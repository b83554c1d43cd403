"""Tables as text, row by row, each with its line: CSV and JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import IO, Any, NamedTuple
from zlib import crc32

from workbench.corpus.columns import SAMPLE, no_such_column
from workbench.corpus.files import open_to_read, write_whole
from workbench.csv_rows import read_csv_rows
from workbench.errors import InputError, shorten

__all__ = ["LineBlock", "Row", "plan_csv", "plan_jsonl"]

# So many rows a block.
ROWS = 32_768
# A line that is longer is passed over without being kept, in bytes.
LONGEST_LINE = 16_000_000
BETWEEN = ",;\t|"
_BROKEN = re.compile("[\ud800-\udfff]")


class Row(NamedTuple):
    """One row: its line, what it holds by column, the text, and how it is written; or what is wrong with it."""

    line: int
    cells: Any
    text: str
    wrong: str
    written: str = ""


@dataclass(frozen=True)
class LineBlock:
    """Rows of a file of lines.

    Parameters
    ----------
    path : str
        The file.
    kind : str
        csv or jsonl.
    start, end : int
        Where the block's bytes are.
    line : int
        The line in which it begins.
    n_texts : int
        How many of its rows can be read.
    checksum : int
        Of its bytes.
    header : tuple of str
        The columns of a CSV file.
    between : str
        What stands between its cells.
    column : str
        That of the texts.
    options : dict
        For fsspec.
    """

    path: str
    kind: str
    start: int
    end: int
    line: int
    n_texts: int
    checksum: int
    column: str
    header: tuple[str, ...] = ()
    between: str = ","
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called when something is wrong with it."""
        return f"{self.path} from line {self.line:,}"

    def read(self) -> list[str]:
        """The texts, those of rows that cannot be read left out."""
        return [row.text for row in self.rows() if not row.wrong]

    def rows(self) -> Iterator[Row]:
        """All rows, those that cannot be read too."""
        with open_to_read(self.path, self.options) as file:
            file.seek(self.start)
            feed = _Feed(file, self.end - self.start)
            if self.kind == "csv":
                yield from _csv_rows(feed, self.line, self.header, self.between, self.column)
            else:
                yield from _jsonl_rows(feed, self.line, self.column)
        if feed.settle() != self.checksum:
            raise InputError(f"{self.name}: the file was changed since it was first read; read it again")

    def write(self, path: str, columns: dict[str, Sequence[Any]]) -> int:
        """Write the rows that can be read again, with more columns.

        Parameters
        ----------
        path : str
            The file to write.
        columns : dict of str to sequence
            One value a row.

        Returns
        -------
        int
            How many rows.
        """
        read = [row for row in self.rows() if not row.wrong]
        with write_whole(path, self.options) as file, io.TextIOWrapper(file, "utf-8", newline="") as out:
            writer = csv.writer(out, delimiter=self.between, lineterminator="\n")
            if self.kind == "csv":
                writer.writerow([*self.header, *columns])
            for row, more in zip(read, zip(*columns.values(), strict=True), strict=True):
                if self.kind == "csv":
                    writer.writerow([*row.cells, *more])
                else:
                    # As it stands, since 1.10 and 1e400 would come out as other numbers.
                    added = json.dumps(dict(zip(columns, more, strict=True)), ensure_ascii=False)
                    out.write(f"{row.written[:-1].rstrip()}, {added[1:]}\n")
        return len(read)


def plan_csv(path: str, column: str, options: dict[str, Any], say: Callable[[Row], None]) -> list[LineBlock]:
    """Cut a CSV file into blocks.

    It is read once from its start to its end: only so can be known where a row begins, since a cell in quotation marks
    may hold line breaks.

    Parameters
    ----------
    path : str
        The file.
    column : str
        That of the texts.
    options : dict
        For fsspec.
    say : callable
        Called with each row.

    Returns
    -------
    list of LineBlock

    Raises
    ------
    InputError
        When it has no such column, or is not UTF-8.
    """
    with open_to_read(path, options) as file:
        start = file.read(3)
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(f"{path}:1: this is UTF-16; save it as CSV UTF-8")
        mark = len(BOM_UTF8) if start == BOM_UTF8 else 0
        file.seek(mark)
        feed = _Feed(file)
        between, header = _read_header(feed, path, column)
        edges = _edges(feed, _csv_rows(feed, 1, header, between, column), say)
    return [
        LineBlock(
            path,
            "csv",
            mark + a.byte,
            mark + b.byte,
            a.line,
            b.n_texts - a.n_texts,
            b.checksum,
            column,
            header,
            between,
            options,
        )
        for a, b in pairwise(edges)
    ]


def _read_header(feed: _Feed, path: str, column: str) -> tuple[str, tuple[str, ...]]:
    """What stands between cells, and the names of the columns."""
    named = next(feed, "")
    if "\r" in named.rstrip("\r\n"):
        raise InputError(f"{path}:1: its lines end as on old Macs (CR); save it as CSV UTF-8")
    between = max(BETWEEN, key=named.count)
    feed.hand_back(len(feed.taken))
    try:
        header = tuple(cell.strip() for cell in next(csv.reader(feed, delimiter=between, strict=True), []))
    except csv.Error as error:
        raise InputError(f"{path}:1: the names of the columns cannot be read ({error}); look at its quotes") from error
    if not _is_text("".join(header)):
        raise InputError(f"{path}:1: the names of the columns are not UTF-8; save the file as CSV UTF-8")
    if column not in header:
        rows = islice(read_csv_rows(feed, between, len(header)), SAMPLE)
        raise no_such_column(f"{path}:1", column, header, (dict(zip(header, row.cells, strict=False)) for row in rows))
    if header.count(column) > 1:
        raise InputError(f"{path}:1: several columns are called “{column}”; rename all but one of them")
    return between, header


def plan_jsonl(path: str, column: str, options: dict[str, Any], say: Callable[[Row], None]) -> list[LineBlock]:
    """Cut a file of JSON lines into blocks; see :func:`plan_csv`.

    Parameters
    ----------
    path, column, options, say
        As there.

    Returns
    -------
    list of LineBlock

    Raises
    ------
    InputError
        When no line has such a key.
    """
    lacking: list[dict[str, Any]] = []

    def look(row: Row) -> None:
        if (
            row.wrong
            and len(lacking) < SAMPLE
            and isinstance(row.cells, dict)
            and row.cells
            and column not in row.cells
        ):
            lacking.append(row.cells)
        say(row)

    with open_to_read(path, options) as file:
        feed = _Feed(file)
        edges = _edges(feed, _jsonl_rows(feed, 1, column), look)
    if lacking and not edges[-1].n_texts:
        raise no_such_column(f"{path}:1", column, list(dict.fromkeys(chain.from_iterable(lacking))), lacking)
    return [
        LineBlock(path, "jsonl", a.byte, b.byte, a.line, b.n_texts - a.n_texts, b.checksum, column, options=options)
        for a, b in pairwise(edges)
    ]


class _Edge(NamedTuple):
    """Where a block begins, how many texts come before it, and the checksum of the block before it."""

    byte: int
    line: int
    n_texts: int
    checksum: int


def _edges(feed: _Feed, rows: Iterator[Row], say: Callable[[Row], None]) -> list[_Edge]:
    """Where blocks begin, and the end."""
    n_texts = 0

    def edge() -> _Edge:
        return _Edge(feed.n_bytes, 1 + feed.n_lines, n_texts, feed.settle(anew=True))

    edges = [edge()]
    for n_rows, row in enumerate(rows, 1):
        say(row)
        n_texts += not row.wrong
        if n_rows % ROWS == 0:
            edges.append(edge())
    return [*edges, edge()]


class _Line(NamedTuple):
    """A line's bytes, as many as are kept, and how many there are."""

    kept: bytes
    n_bytes: int


class _Feed:
    """The lines of a file, with how many bytes and lines have been handed out; some may be handed back."""

    def __init__(self, file: IO[bytes], size: int = sys.maxsize) -> None:
        self._file, self._left, self._back = file, size, list[_Line]()
        self._checksum = self.n_bytes = self.n_lines = 0
        self.taken: list[_Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else self._read()
        if not line.kept:
            raise StopIteration
        self.n_bytes += line.n_bytes
        self.n_lines += 1
        self.taken.append(line)
        return line.kept.decode("utf-8", "surrogateescape")

    def _read(self) -> _Line:
        kept = piece = self._file.readline(min(LONGEST_LINE, self._left))
        n_bytes = len(piece)
        while len(piece) == LONGEST_LINE and piece[-1:] != b"\n":
            piece = self._file.readline(LONGEST_LINE)
            n_bytes += len(piece)
        self._left -= n_bytes
        return _Line(kept, n_bytes)

    @property
    def is_cut(self) -> bool:
        """Whether not all of what has been taken is kept."""
        return any(len(line.kept) < line.n_bytes for line in self.taken)

    def hand_back(self, n: int) -> None:
        """The last `n` lines are to be read again."""
        back = self.taken[len(self.taken) - n :]
        self._back += reversed(back)
        self.n_bytes -= sum(line.n_bytes for line in back)
        self.n_lines -= n
        del self.taken[len(self.taken) - n :]

    def settle(self, *, anew: bool = False) -> int:
        """What has been taken is not handed back; the checksum of all that, which may begin anew."""
        checksum = crc32(b"".join(line.kept for line in self.taken), self._checksum)
        self._checksum = 0 if anew else checksum
        self.taken.clear()
        return checksum


def _csv_rows(feed: _Feed, first: int, header: tuple[str, ...], between: str, column: str) -> Iterator[Row]:
    at = header.index(column)
    for row in read_csv_rows(feed, between, len(header)):
        line, cells = first + row.line, row.cells
        if row.why:
            yield Row(line, cells, "", f"{row.why}: {shorten(_shown(row.written), 60)}")
        elif not cells:  # a blank line is no row
            continue
        elif feed.is_cut:
            yield Row(line, [], "", f"this line is longer than {LONGEST_LINE / 1e6:.0f} MB")
        elif len(cells) != len(header):
            wrong = f"{len(cells)} cells where the header has {len(header)}: {shorten(_shown(between.join(cells)), 60)}"
            yield Row(line, cells, "", wrong)
        elif not _is_text("".join(cells)):
            yield Row(line, cells, "", f"some letters are not UTF-8: {shorten(_shown(between.join(cells)), 60)}")
        else:
            yield Row(line, cells, cells[at], "")


def _jsonl_rows(feed: _Feed, first: int, column: str) -> Iterator[Row]:
    for line in feed:
        number = first + feed.n_lines - 1
        is_cut = feed.is_cut
        feed.settle()
        written = line.removeprefix("\ufeff").strip()
        if not written:
            continue
        if is_cut:
            yield Row(number, {}, "", f"this line is longer than {LONGEST_LINE / 1e6:.0f} MB")
            continue
        if not _is_text(line):
            yield Row(number, {}, "", f"some letters are not UTF-8: {shorten(_shown(line), 60)}")
            continue
        try:
            cells = json.loads(written)
        except (ValueError, RecursionError) as error:
            yield Row(number, {}, "", f"this is no JSON ({error}): {shorten(line, 60)}")
            continue
        text = cells.get(column) if isinstance(cells, dict) else None
        if isinstance(cells, dict) and (text is None or isinstance(text, str)) and column in cells:
            # JSON may hold half of a letter of two; it stays in the file, and nothing else can be made of it.
            yield Row(number, cells, _BROKEN.sub("\ufffd", text or ""), "", written)
        else:
            yield Row(number, cells, "", f"no text is called “{column}”: {shorten(line, 60)}")


def _is_text(line: str) -> bool:
    """Whether it holds no letter that came from bytes that are no UTF-8, and can be written again."""
    return line.isascii() or not _BROKEN.search(line)


def _shown(line: str) -> str:
    return line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
