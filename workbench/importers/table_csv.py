"""Tables as text: commas, semicolons, tabs or bars between the cells, quotation marks around those that need them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from workbench.errors import Problem, shorten
from workbench.importers.contents import Table
from workbench.importers.formats import Importer
from workbench.importers.named import is_named
from workbench.importers.source import Source, Unreadable
from workbench.importers.stamped import is_stamped
from workbench.importers.table import header_place, table_of
from workbench.importers.turns import lines_of

__all__ = ["IMPORTER", "cells_between"]

HEAD, HEAD_ROWS = 200_000, 200
_ENDINGS = (".csv", ".tsv", ".tab")
_BETWEEN = ",;\t|"
# Excel writes, and wants, a line that says what stands between the cells.
_SAYS = re.compile(r"\ufeff?sep=(?P<between>[,;\t|])\n", re.IGNORECASE)
# A time, or a name with its colon: the first line of a talk is no header.
_OF_A_TALK = re.compile(r"-->|^\W*\d{1,3}:\d\d|:$|\t")
# csv takes no longer cell unless it is told; a cell that long is a quotation mark that nobody closed.
LONGEST = 1_000_000


def _claims(source: Source) -> bool:
    if source.ending not in _ENDINGS and not source.is_text:
        return False
    if source.ending in _ENDINGS and (not source.encoding or source.data.startswith(b"PK\x03\x04")):
        return False
    between, rows = _rows(source.text[:HEAD], HEAD_ROWS)
    rows = [cells for _, cells in rows if any(cell.strip() for cell in cells)]
    if len(source.text) > HEAD:
        rows = rows[:-1]
    rows = rows[header_place(rows) :]
    if len(rows) < 2:
        return False
    header = [cell.strip() for cell in rows[0]]
    if not between:
        # One column is a table only where the file is called one, and nobody talks in it.
        lines = lines_of(source.text[:HEAD])
        return source.ending in _ENDINGS and _is_header(header) and not is_named(lines) and not is_stamped(lines)
    alike = sum(len(cells) == len(header) for cells in rows)
    if source.ending in _ENDINGS:
        return _is_header(header) and alike * 10 >= len(rows) * 6
    # Prose has commas as well: a table has as many in every row, and no name before a colon in its header.
    return (
        alike == len(rows)
        and all(header)
        and len(header) > 2 - (between == "\t")
        and _is_header(header)
        and not any(":" in cell for cell in header)
    )


def _is_header(cells: Sequence[str]) -> bool:
    """Whether cells are names of columns: most have one, with letters; no markup, no times."""
    named = [cell for cell in cells if cell]
    return (
        len(named) * 2 > len(cells)
        and sum(any(letter.isalpha() for letter in cell) or cell == "#" for cell in named) * 2 > len(named)
        and not named[0].startswith(("{", "[", "<", "WEBVTT", "```", "---", "# "))
        and not any(_OF_A_TALK.search(cell) for cell in named)
    )


def _read(source: Source) -> tuple[Table, ...]:
    problems = []
    text = source.text
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        problems.append(
            Problem(
                source.name,
                line,
                "there are zero bytes in it",
                "they are left out; look whether the words there are whole",
            )
        )
        text = text.replace("\x00", "")
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        problems.append(
            Problem(source.name, line, "letters that could not be read show as \ufffd", "save the file again as UTF-8")
        )
    _, rows = _rows(text)
    found = [(before + 1, cells) for (before, _), (_, cells) in zip([(0, []), *rows], rows, strict=False)]
    if found and "".join(text.split("\n")[found[-1][0] - 1 :]).count('"') % 2:
        start, cells = found[-1]
        what = f"a quotation mark is never closed, in {shorten(max(cells, key=len), 60)!r}"
        problems.append(
            Problem(
                source.name,
                start,
                what,
                "all that stands below it is read as one cell; close it, or export the table again",
            )
        )
    table = table_of(found, source.name, problems=problems)
    width = Counter(len(cells) for _, cells in found).most_common(1)[0][0]
    short = [number for number, cells in found if any(cells) and len(cells) > width]
    if short:
        what = f"{len(short)} row{'s' * (len(short) > 1)} with more cells than the others, the first in line {short[0]}"
        more = Problem(source.name, short[0], what, "look whether a quotation mark is missing there")
        table = Table(table.header, table.rows, table.title, (*table.problems, more))
    return (table,)


def cells_between(head: str) -> tuple[str, int]:
    r"""What stands between the cells of a table, and how many lines stand above its header.

    Parameters
    ----------
    head : str
        The table, or its first lines.

    Returns
    -------
    between : str
        A comma, semicolon, tab or bar; empty where the table has one column.
    above : int
        Lines of titles, and the one in which Excel says what stands between the cells.

    Examples
    --------
    >>> cells_between("Feedback of November\nCustomer;Quote\nAcme;slow\n")
    (';', 1)
    """
    between, rows = _rows(head[:HEAD], HEAD_ROWS)
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    place = header_place([cells for _, cells in filled])
    starts = [0, *(line for line, _ in filled)]
    above = starts[place] if place else _SAYS.match(head) is not None
    return between, int(above)


def _rows(text: str, most: int | None = None) -> tuple[str, list[tuple[int, list[str]]]]:
    """What stands between the cells, and the rows, each with its last line; empty where nothing does."""
    if said := _SAYS.match(text):
        return said["between"], [(line + 1, cells) for line, cells in _split(text[said.end() :], said["between"], most)]
    text = text.removeprefix("\ufeff")
    head = text[:HEAD]
    tried = {
        between: [cells for _, cells in _split(head, between, HEAD_ROWS)] for between in _BETWEEN if between in head
    }
    between = max(tried, key=lambda one: _fits(tried[one]), default="")
    if not between or _fits(tried[between]) <= 0:
        return "", _split(text, "\x1f", most)
    return between, _split(text, between, most)


def _fits(rows: Sequence[Sequence[str]]) -> float:
    """How well rows are a table: how many have as many cells as the header, and then how many cells that are."""
    rows = [cells for cells in rows if any(cell.strip() for cell in cells)]
    # What is cut off in the middle, or a title above the header, tells nothing.
    widths = Counter(len(cells) for cells in rows)
    width, times = max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
    return 0.0 if width < 2 else times / len(rows) + width / 1000


def _split(text: str, between: str, most: int | None) -> list[tuple[int, list[str]]]:
    before = csv.field_size_limit(LONGEST)
    try:
        reader = csv.reader(_lines(text), delimiter=between, skipinitialspace=between != "\t")
        rows = []
        try:
            for cells in reader:
                rows.append((reader.line_num, cells))
                if len(rows) == most:
                    break
        except csv.Error as error:
            raise Unreadable(
                f"the table breaks in line {reader.line_num} ({error})",
                "look whether a quotation mark is missing above it",
                reader.line_num,
            ) from None
        return rows
    finally:
        csv.field_size_limit(before)


def _lines(text: str) -> Iterator[str]:
    """Lines as the file has them; str.splitlines would break at more."""
    place = 0
    while place < len(text):
        end = text.find("\n", place) + 1 or len(text)
        yield text[place:end]
        place = end


def _claims_calmly(source: Source) -> bool:
    try:
        return _claims(source)
    except Unreadable:
        return source.ending in _ENDINGS  # reading it says why


IMPORTER = Importer("Table as text (CSV, TSV)", _ENDINGS, _claims_calmly, _read)
