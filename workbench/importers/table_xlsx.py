"""Tables of a spreadsheet: each sheet that has rows. What a formula gave when it was saved is read; nothing is computed."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook

from workbench.errors import Problem
from workbench.importers.archive import check_document
from workbench.importers.contents import Table, Transcript
from workbench.importers.formats import Importer
from workbench.importers.source import Source, Unreadable
from workbench.importers.table import BROKEN, MOST_COLUMNS, MOST_ROWS, hidden_sheet, tables_of
from workbench.importers.talk_table import talks_among

__all__ = ["IMPORTER"]

_ENDINGS = (".xlsx", ".xlsm")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOK = "xl/workbook.xml"
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def _claims(source: Source) -> bool:
    if source.data.startswith(_OLE):
        return source.ending in (".xls", *_ENDINGS)
    if not source.data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            return _BOOK in archive.namelist()
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        return source.ending in _ENDINGS


def _read(source: Source) -> tuple[Table | Transcript, ...]:
    check_document(source)
    try:
        sheets = list(_sheets(source))
    except Exception:  # openpyxl raises whatever a broken part makes it stumble on
        raise Unreadable(*BROKEN) from None
    return talks_among(tables_of(sheets, source.name, every_row=source.every_row))


def _sheets(source: Source) -> Iterator[tuple[str, list[tuple[int, list[str]]], list[Problem]]]:
    """Each sheet's title and rows, and what was not read of it."""
    formulas = _with_formulas(source)
    for (title, is_hidden, rows), (_, _, computed) in zip(
        _values(source, True), _values(source, False) if formulas else _endless(), strict=False
    ):
        problems = [hidden_sheet(source.name, title)] if is_hidden else []
        if lost := _never_computed(rows, computed):
            what = f"{len(lost)} cell{'s' * (len(lost) > 1)} of sheet {title!r} with a formula and no result, the first in row {lost[0]}"
            problems.append(
                Problem(source.name, lost[0], what, "nothing is computed here: open it in Excel and save it")
            )
        yield title, [(number, [_words(cell) for cell in cells]) for number, cells in rows], problems


def _endless() -> Iterator[tuple[str, bool, list[tuple[int, Sequence[Any]]]]]:
    while True:
        yield "", False, []


def _never_computed(
    rows: Sequence[tuple[int, Sequence[Any]]], formulas: Sequence[tuple[int, Sequence[Any]]]
) -> list[int]:
    """The row of each cell that has a formula, and no result beside it."""
    return [
        number
        for (number, cells), (_, written) in zip(rows, formulas, strict=False)
        for cell, formula in zip(cells, written, strict=False)
        if cell is None and isinstance(formula, str) and formula.startswith("=")
    ]


def _values(source: Source, computed: bool) -> Iterator[tuple[str, bool, list[tuple[int, Sequence[Any]]]]]:
    """Each sheet's title, whether it is hidden, and its rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not know of a sheet's looks is of no interest
        book = load_workbook(io.BytesIO(source.data), read_only=True, data_only=computed, keep_links=False)
        try:
            for sheet in book.worksheets:
                # Some write no size, or one cell for all; a cell far down would make a million empty rows.
                sheet.reset_dimensions()
                last = None if source.every_row else MOST_ROWS + 1
                rows = sheet.iter_rows(max_row=last, max_col=MOST_COLUMNS + 1, values_only=True)
                yield (
                    sheet.title,
                    sheet.sheet_state != "visible",
                    [(number, row) for number, row in enumerate(rows, 1) if any(cell is not None for cell in row)],
                )
        finally:
            book.close()


def _with_formulas(source: Source) -> bool:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        return any(
            _FORMULA.search(archive.read(name)) for name in archive.namelist() if name.startswith("xl/worksheets/")
        )


def _words(cell: Any) -> str:
    """A cell as one reads it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


IMPORTER = Importer("Spreadsheet (Excel)", _ENDINGS, _claims, _read)
