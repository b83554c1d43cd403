"""Tables that are kept whole in ``interviews/originals/``: the rows of a customer go, the others stay as they are."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from openpyxl import load_workbook

from workbench.customers import fold_name
from workbench.importers import Source, Table, Unreadable, read_source
from workbench.importers.columns import columns_of

__all__ = ["without_rows"]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def without_rows(source: Source, own: set[str], theirs: Callable[[str], bool]) -> bytes | None:
    r"""A table without the rows of a customer.

    Parameters
    ----------
    source : Source
        The file.
    own : set of str
        The customer's names, folded.
    theirs : callable
        Whether a text has words that the customer said.

    Returns
    -------
    bytes or None
        The same bytes where no row is theirs; None for what is no table, or cannot be written as it was.

    Examples
    --------
    >>> table = Source("survey.csv", b"Company,Feedback\r\nAcme,It is slow\r\nBolt,It is fine\r\n")
    >>> without_rows(table, {"acme"}, lambda text: False)
    b'Company,Feedback\r\nBolt,It is fine\r\n'
    """
    try:
        _, contents = read_source(source)
    except Unreadable:
        return None
    tables = [one for one in contents if isinstance(one, Table)]
    if not tables or len(tables) < len(contents):
        return None
    gone = {table.title: _rows_of(table, own, theirs) for table in tables}
    if not any(gone.values()):
        return source.data
    if source.data.startswith(b"PK"):
        return _spreadsheet(source.data, gone)
    (table,) = tables
    return _text(source, [number for number, _ in table.rows], set(gone[table.title]))


def _rows_of(table: Table, own: set[str], theirs: Callable[[str], bool]) -> list[int]:
    places = [table.header.index(name) for name in columns_of(table).of("customer")]
    return [
        number
        for number, cells in table.rows
        if any(fold_name(cells[place].strip()) in own for place in places) or theirs(" ".join(cells))
    ]


def _text(source: Source, rows: list[int], gone: set[int]) -> bytes | None:
    try:
        lines = _LINE.findall(source.data.decode(source.encoding))
    except UnicodeDecodeError:
        return None
    for number, following in reversed([*zip(rows, [*rows[1:], len(lines) + 1], strict=True)]):
        if number in gone:
            del lines[number - 1 : following - 1]
    return "".join(lines).encode(source.encoding)


def _spreadsheet(data: bytes, gone: dict[str, list[int]]) -> bytes | None:
    try:
        book = load_workbook(io.BytesIO(data))
        for sheet in book.worksheets:
            for number in sorted(gone.get(sheet.title, ()), reverse=True):
                sheet.delete_rows(number)
        target = io.BytesIO()
        book.save(target)
    except Exception:  # openpyxl raises whatever a broken part makes it stumble on
        return None
    return target.getvalue()
