"""Tables as text: commas, semicolons, tabs or bars between the cells, quotation marks around those that need them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from workbench.csv_rows import CsvRow, Lines, read_csv_rows
from workbench.customers import strictest
from workbench.errors import Problem, shorten
from workbench.importers.columns import role_of
from workbench.importers.contents import Table, Transcript
from workbench.importers.formats import Importer
from workbench.importers.named import is_named
from workbench.importers.source import Source, Unreadable
from workbench.importers.stamped import is_stamped
from workbench.importers.table import header_place, table_of
from workbench.importers.talk_table import talks_among
from workbench.importers.turns import lines_of
from workbench.notes import consent_level

__all__ = ["IMPORTER", "cells_between"]

HEAD, HEAD_ROWS = 200_000, 200
# More cells than any row has: while it is not known how many there are, a row of several lines may have any number.
ANY = 1_000_000
_ENDINGS = (".csv", ".tsv", ".tab")
_BETWEEN = ",;\t|"
# Excel writes, and wants, a line that says what stands between the cells.
_SAYS = re.compile(r"\ufeff?sep=(?P<between>[,;\t|])\n", re.IGNORECASE)
# A time, or a name with its colon: the first line of a talk is no header.
_OF_A_TALK = re.compile(r"-->|^\W*\d{1,3}:\d\d|:$|\t")
# So many rows tell what stands between the cells; a broken one below them may be cut off in the middle, and so be many.
ENOUGH_ROWS = 3
# Of broken rows so many are named one by one.
MOST_NAMED = 20


def _claims(source: Source) -> bool:
    if source.ending not in _ENDINGS and not source.is_text:
        return False
    if source.ending in _ENDINGS and (not source.encoding or source.data.startswith(b"PK\x03\x04")):
        return False
    between, read = _rows(source.text[:HEAD])
    rows = _cells(read)
    if len(source.text) > HEAD:
        rows = rows[:-1]
    rows = rows[header_place(rows) :]
    if len(rows) < 2 - (bool(rows) and any(row.why for row in read)):
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
        and not any(row.why for row in read)
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


def _read(source: Source) -> tuple[Table | Transcript, ...]:
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
    between, above, width = _form(text)
    rows = [(above + row.line + 1, row) for row in _split("".join(islice(_lines(text), above, None)), between, width)]
    found = [(line, row.cells) for line, row in rows if not row.why]
    broken = [(line, row) for line, row in rows if row.why]
    filled = [(line, cells) for line, cells in found if any(cell.strip() for cell in cells)]
    if broken and (len(filled) < 2 or broken[0][0] < filled[0][0]):
        line, row = broken[0]
        raise Unreadable(f"{row.why}: “{shorten(row.written, 80)}”", "close it, or export the table again", line)
    problems += _broken(broken, source.name)
    if broken:
        found = sorted([*found, *_agreed(broken, filled[0][1])])
    table = table_of(found, source.name, problems=problems, every_row=source.every_row)
    width = Counter(len(cells) for _, cells in found).most_common(1)[0][0]
    short = [number for number, cells in found if any(cells) and len(cells) > width]
    if short:
        what = f"{len(short)} row{'s' * (len(short) > 1)} with more cells than the others, the first in line {short[0]}"
        more = Problem(source.name, short[0], what, "look whether a quotation mark is missing there")
        table = Table(table.header, table.rows, table.title, (*table.problems, more))
    return talks_among([table])


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
    return _form(head)[:2]


def _form(head: str) -> tuple[str, int, int]:
    """What stands between the cells, how many lines stand above the header, and how many cells a row has."""
    between, rows = _rows(head[:HEAD])
    # A header that is broken is no title.
    cells = [row.written.split(between or "\x1f") if row.why else row.cells for row in rows]
    filled = [(row.line, one) for row, one in zip(rows, cells, strict=True) if any(cell.strip() for cell in one)]
    place = header_place([one for _, one in filled])
    above = filled[place][0] if place else _SAYS.match(head) is not None
    # A header may have fewer cells than its rows.
    widths = Counter(len(one) for _, one in filled[place:])
    width = max(len(filled[place][1]), widths.most_common(1)[0][0]) if filled else 0
    return between, int(above), width


def _cells(rows: Sequence[CsvRow]) -> list[list[str]]:
    """The cells of rows that are neither empty nor broken."""
    return [row.cells for row in rows if not row.why and any(cell.strip() for cell in row.cells)]


def _rows(text: str) -> tuple[str, list[CsvRow]]:
    """What stands between the cells, and the first rows; empty where nothing does."""
    if said := _SAYS.match(text):
        rows = _first_rows(text[said.end() :], said["between"])
        return said["between"], [row._replace(line=row.line + 1) for row in rows]
    tried = {between: _first_rows(text, between) for between in _BETWEEN if between in text}
    between = max(tried, key=lambda one: _fits(_cells(tried[one])), default="")
    if not between or _fits(_cells(tried[between])) <= 0:
        return "", _first_rows(text, "")
    return between, tried[between]


def _first_rows(text: str, between: str) -> list[CsvRow]:
    """Rows up to one that is broken, once there are enough."""
    rows: list[CsvRow] = []
    for row in islice(_split(text, between, ANY), HEAD_ROWS):
        if row.why and len(_cells(rows)) >= ENOUGH_ROWS:
            break
        rows.append(row)
    return rows


def _fits(rows: Sequence[Sequence[str]]) -> float:
    """How well rows are a table: how many have as many cells as the header, and then how many cells that are."""
    # What is cut off in the middle, or a title above the header, tells nothing.
    widths = Counter(len(cells) for cells in rows)
    width, times = max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
    return 0.0 if width < 2 else times / len(rows) + width / 1000


def _split(text: str, between: str, width: int) -> Iterator[CsvRow]:
    lines = Lines(_lines(text.removeprefix("\ufeff")))
    return read_csv_rows(lines, between or "\x1f", width, skip_spaces=between != "\t")


def _agreed(rows: Sequence[tuple[int, CsvRow]], header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Of rows that cannot be read, whose they are and what may be agreed to there, and no words: never more than that they count."""
    roles = [role_of(name) for name in header]
    for line, row in rows:
        cells = dict(zip(roles, row.cells, strict=False))
        if "consent" in roles and cells.get("customer", "").strip():
            cells["consent"] = strictest(["aggregate", consent_level(cells.get("consent", ""))])
            yield line, [cells[role] if role in ("customer", "consent") else "" for role in roles]


def _broken(rows: Sequence[tuple[int, CsvRow]], file: str) -> Iterator[Problem]:
    """Rows that cannot be read, each with its line; of very many the first."""
    for line, row in rows[:MOST_NAMED]:
        what = f"{row.why}: “{shorten(row.written, 80)}”"
        yield Problem(file, line, what, "the row is left out; mend it, or export the table again")
    if rest := rows[MOST_NAMED:]:
        listed = shorten(", ".join(str(line) for line, _ in rest), 200)
        yield Problem(
            file, rest[0][0], f"{len(rest):,} more rows cannot be read (lines {listed})", "they are left out as well"
        )


def _lines(text: str) -> Iterator[str]:
    """Lines as the file has them; str.splitlines would break at more."""
    place = 0
    while place < len(text):
        end = text.find("\n", place) + 1 or len(text)
        yield text[place:end]
        place = end


IMPORTER = Importer("Table as text (CSV, TSV)", _ENDINGS, _claims, _read)
