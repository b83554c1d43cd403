"""Tables of a spreadsheet of LibreOffice's: each sheet that has rows, with what a formula gave when it was saved.

A file of a few hundred bytes may say that a cell stands there a thousand million times, which is why no library reads it here:
rows are taken one by one, and no more of them than a table may have.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat

from lxml import etree

from workbench.errors import Problem
from workbench.importers.archive import check_document
from workbench.importers.contents import Table, Transcript
from workbench.importers.formats import Importer
from workbench.importers.source import Source, Unreadable
from workbench.importers.table import BROKEN, MOST_COLUMNS, MOST_ROWS, hidden_sheet, tables_of
from workbench.importers.talk_table import talks_among

__all__ = ["IMPORTER"]

# How many cells may be there for having been said to stand there again; a sheet of answers has some thousands.
MOST_REPEATED = 2_000_000
_ZIP = b"PK\x03\x04"
_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT, _STYLE = (_OASIS % name for name in ("table", "office", "text", "style"))
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# Where a cell has its value, if not in words.
_VALUES = ("string-value", "value", "time-value")
# What stands in another document and is only remembered here, in a table that nobody sees.
_ELSEWHERE = re.compile(r"'[a-z]+:.*'#", re.IGNORECASE)
_BLANKS = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}


def _claims(source: Source) -> bool:
    if not source.data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if archive.getinfo("mimetype").file_size > 100:
                return False
            return archive.read("mimetype").strip().startswith(_KIND)
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        return source.ending == ".ods"


def _read(source: Source) -> tuple[Table | Transcript, ...]:
    check_document(source)
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            # In one with a password everything but this list is encrypted.
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise Unreadable("the spreadsheet has a password", "save it without one")
            with archive.open("content.xml") as content:
                sheets = list(_sheets(source, content))
    except Unreadable:
        raise
    except Exception:  # a broken part makes zipfile and lxml stumble on whatever
        raise Unreadable(*BROKEN) from None
    return talks_among(tables_of(sheets, source.name, every_row=source.every_row))


@dataclass
class _Sheet:
    """A table while it is read."""

    title: str
    number: int = 1  # of the row that comes next
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    is_hidden: bool = False


def _sheets(
    source: Source, content: io.BufferedIOBase
) -> Iterator[tuple[str, list[tuple[int, list[str]]], list[Problem]]]:
    """Each sheet's title and rows, and what was not read of it."""
    within: list[_Sheet] = []  # a table may stand in a cell or a drawing of another one
    repeated = 0
    hidden: set[str] = set()  # styles of sheets, which stand before them
    # A part with entities was refused before; what is nested deeper than any sheet is refused by lxml.
    for event, element in etree.iterparse(
        content,
        events=("start", "end"),
        tag=(f"{_STYLE}style", f"{_TABLE}table", f"{_TABLE}table-row"),
        resolve_entities=False,
        no_network=True,
    ):
        if element.tag == f"{_STYLE}style":
            if any(one.get(f"{_TABLE}display") == "false" for one in element.iterchildren(f"{_STYLE}table-properties")):
                hidden.add(element.get(f"{_STYLE}name", ""))
        elif element.tag == f"{_TABLE}table":
            if event == "start":
                is_hidden = element.get(f"{_TABLE}style-name", "") in hidden
                within.append(_Sheet(element.get(f"{_TABLE}name", ""), is_hidden=is_hidden))
            else:
                sheet = within.pop()
                if not _ELSEWHERE.match(sheet.title):
                    problems = [hidden_sheet(source.name, sheet.title)] if sheet.is_hidden else []
                    problems += _never_computed(source.name, sheet.title, sheet.lost)
                    yield sheet.title, sheet.rows, problems
                element.clear()
        elif event == "end":
            sheet = within[-1]
            times = _times(element, "rows")
            cells = _cells(element)
            sheet.lost += [sheet.number for cell in element.iterchildren(*_CELLS) if _is_lost(cell)]
            if cells:
                shown = times if source.every_row else max(0, min(times, MOST_ROWS + 1 - len(sheet.rows)))
                repeated += shown * len(cells) - len(element)
                if repeated > MOST_REPEATED:
                    what = (
                        f"row {sheet.number} and those before it say of cells that they stand there millions of times"
                    )
                    raise Unreadable(what, "it may be an attack, and nothing is read; save it as .csv", sheet.number)
                sheet.rows += [(sheet.number + n, cells) for n in range(shown)]
            sheet.number += times
            element.clear()


def _cells(row: etree._Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren(*_CELLS):
        cells += repeat(_words(cell), min(_times(cell, "columns"), MOST_COLUMNS + 1 - len(cells)))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _times(element: etree._Element, what: str) -> int:
    """How often a row or a cell stands there."""
    times = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(times) if times.isdecimal() and len(times) < 10 else 1


def _words(cell: etree._Element) -> str:
    """A cell as one reads it."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    value = cell.get(f"{_OFFICE}{'date-' if kind == 'date' else ''}value", "")
    if kind == "date" and value:
        return value.removesuffix("T00:00:00").replace("T", " ")
    if kind == "float" and value:
        return value.removesuffix(".0")
    if kind == "boolean":
        return "yes" if cell.get(f"{_OFFICE}boolean-value") == "true" else "no"
    # A comment on a cell stands in it as well, one level deeper.
    words = "\n".join("".join(_said(paragraph)) for paragraph in cell.iterchildren(f"{_TEXT}p"))
    return words or next(filter(None, (cell.get(f"{_OFFICE}{name}", "") for name in _VALUES)), "")


def _said(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for part in element.iterdescendants():
        if part.tag in _BLANKS:
            yield _BLANKS[part.tag]
        else:
            yield part.text or ""
        yield part.tail or ""


def _is_lost(cell: etree._Element) -> bool:
    """Whether a cell has a formula, and no result beside it."""
    return bool(cell.get(f"{_TABLE}formula")) and not cell.get(f"{_OFFICE}value-type") and len(cell) == 0


def _never_computed(file: str, title: str, rows: list[int]) -> list[Problem]:
    if not rows:
        return []
    what = f"{len(rows)} cell{'s' * (len(rows) > 1)} of sheet {title!r} with a formula and no result, the first in row {rows[0]}"
    return [Problem(file, rows[0], what, "nothing is computed here: open it in LibreOffice and save it")]


IMPORTER = Importer("Spreadsheet (LibreOffice)", (".ods",), _claims, _read)
