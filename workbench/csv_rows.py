"""Rows of a CSV text, one by one, each with its line: a quotation mark that nobody closed costs its own row and no other."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

__all__ = ["CsvRow", "Feed", "Lines", "filled", "read_csv_rows"]

# A cell of more letters, or a row of more lines, is a quotation mark that nobody closed.
LONGEST, MOST_LINES = 1_000_000, 10_000
TOO_LONG = f"a cell is longer than {LONGEST:,} letters"
_QUOTED = re.compile(r' *"((?:[^"]|"")*)" *')


class CsvRow(NamedTuple):
    """One row.

    Parameters
    ----------
    line : int
        The line in which it begins, counted from 0.
    cells : list of str
        What stands in it; of a row that cannot be read, those in front of the open mark, and behind it as many as the row lacks:
        whose row it is may stand there.
    why : str
        Why it cannot be read; empty where it can.
    written : str
        Its line as it stands, where that was read by itself.
    """

    line: int
    cells: list[str]
    why: str = ""
    written: str = ""


class Feed(Protocol):
    """Lines, the last of which can be handed back to be read again."""

    n_lines: int
    taken: Sequence[Any]

    def __iter__(self) -> Iterator[str]: ...

    def __next__(self) -> str: ...

    def hand_back(self, n: int) -> None:
        """The last `n` lines are to be read again."""

    def settle(self) -> Any:
        """What has been taken is not handed back."""


class Lines:
    """Lines of a text as a `Feed`.

    Parameters
    ----------
    lines : iterable of str
        With their ends.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._back = iter(lines), list[str]()
        self.n_lines, self.taken = 0, list[str]()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._lines)
        self.n_lines += 1
        self.taken.append(line)
        return line

    def hand_back(self, n: int) -> None:
        """See :class:`Feed`."""
        back = self.taken[len(self.taken) - n :]
        self._back += reversed(back)
        self.n_lines -= n
        del self.taken[len(self.taken) - n :]

    def settle(self) -> None:
        """See :class:`Feed`."""
        self.taken.clear()


def read_csv_rows(feed: Feed, between: str, width: int = 0, *, skip_spaces: bool = False) -> Iterator[CsvRow]:
    r"""Rows of a CSV text.

    Parameters
    ----------
    feed : Feed
        Its lines; when a row is given, the lines of that row have been taken and are not settled yet.
    between : str
        What stands between cells.
    width : int
        How many cells a row has; by default as many as the first.
    skip_spaces : bool
        Whether spaces in front of a cell do not belong to it.

    Yields
    ------
    CsvRow
        Each row, blank ones too. Cells are read strictly, so that a quotation mark that opens one closes none that was left
        open above. Where that fails, or a row of several lines has more cells than a row has, its first line is read by
        itself: where quotation marks in it are even in number, each cell that is not quoted as it should be as it stands;
        else it cannot be read. The lines below are rows of their own again.

    Examples
    --------
    >>> lines = Lines(["a,b\n", '1,"two\n', 'lines"\n', '2,"open\n', '3,"an "odd" one"\n'])
    >>> [(row.line, row.why or row.cells) for row in read_csv_rows(lines, ",")][2:]
    [(3, 'a quotation mark in this row is never closed'), (4, ['3', '"an "odd" one"'])]
    """
    csv.field_size_limit(LONGEST)  # for all of the program: what is longer is csv.Error here, and a row that is named
    form: dict[str, Any] = {"delimiter": between, "skipinitialspace": skip_spaces}
    reader = None
    while True:
        feed.settle()
        line = feed.n_lines
        reader = reader or csv.reader(_some(feed), strict=True, **form)
        try:
            cells = next(reader)
            if len(feed.taken) > 1 and width and len(filled(cells)) > width:
                raise csv.Error
        except StopIteration:
            return
        except csv.Error:
            reader = None
            feed.hand_back(len(feed.taken))
            yield _read_alone(line, next(feed).rstrip("\r\n"), width, form)
            continue
        width = width or len(filled(cells))
        yield CsvRow(line, cells)


def filled(cells: Sequence[str]) -> Sequence[str]:
    """Cells up to the last that has something in it.

    Parameters
    ----------
    cells : sequence of str
        Of a row.

    Returns
    -------
    sequence of str

    Examples
    --------
    >>> filled(["a", "", "b", "", " "])
    ['a', '', 'b']
    """
    n = len(cells)
    while n and not cells[n - 1].strip():
        n -= 1
    return cells[:n]


def _some(feed: Feed) -> Iterator[str]:
    """Lines for one row after the other, none of which has too many."""
    for line in feed:
        if len(feed.taken) > MOST_LINES:
            raise csv.Error
        yield line


def _read_alone(line: int, written: str, width: int, form: dict[str, Any]) -> CsvRow:
    """A line that is a row by itself."""
    if "\r" in written:
        return CsvRow(line, [], "a line break (CR) stands outside quotation marks", written)
    if written.count('"') % 2:
        cells = _cells_around(written, width, form)
        return CsvRow(line, cells, "a quotation mark in this row is never closed", written)
    plain = written.split(form["delimiter"])
    try:
        if width and len(plain) > width:  # what stands between cells may stand in quotation marks
            return CsvRow(line, next(csv.reader([written], **form)), "", written)
    except csv.Error:
        return CsvRow(line, [], TOO_LONG, written)
    # A cell that is quoted as it should be is read so: a customer is the same as in the other rows.
    cells = [whole[1].replace('""', '"') if (whole := _QUOTED.fullmatch(cell)) else cell for cell in plain]
    if max(map(len, cells)) > LONGEST:
        return CsvRow(line, [], TOO_LONG, written)
    return CsvRow(line, cells, "", written)


def _cells_around(written: str, width: int, form: dict[str, Any]) -> list[str]:
    """The cells in front of one that is left open, and those behind it, counted from the end; what is open is left empty."""
    try:
        *before, opened = next(csv.reader([written], **form))
    except csv.Error:
        return []
    n = max(width - len(before) - 1, 0)
    _, *behind = opened.split(form["delimiter"])
    return [*before, "", *(behind[len(behind) - n :] if len(behind) >= n else [""] * n)]
