"""Tables that are kept whole in ``interviews/originals/``: the rows of a customer go, the others stay as they are."""

from __future__ import annotations

import io
from collections.abc import Callable

from openpyxl import load_workbook

from workbench.customers import fold_name
from workbench.importers import Source, Table, Unreadable, read_source
from workbench.importers.columns import columns_of
from workbench.importers.table import without_lines

__all__ = ["as_brought_in", "without_rows"]


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
        importer, contents = read_source(source)
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
    if ".csv" not in importer.endings:
        return None  # a row of a page is no line of its file
    (table,) = tables
    return without_lines(source, [number for number, _ in table.rows], set(gone[table.title]))


def as_brought_in(source: Source) -> list[str]:
    r"""What a file says as it was brought in: on a page one word may stand in two elements, and only whoever shows it joins them.

    Parameters
    ----------
    source : Source
        The file.

    Returns
    -------
    list of str
        Whose it says it is, its notes, turns and rows; none for what cannot be read.

    Examples
    --------
    >>> as_brought_in(Source("a.html", b"<html><p>Customer: Acme</p><p>It bro<b>ke</b>.</p></html>"))
    ['Acme', '- It broke.']
    """
    try:
        contents = read_source(source)[1]
    except Unreadable:
        return []
    said = []
    for one in contents:
        talk = getattr(one, "transcript", None) or one
        said += [getattr(one, "customer", ""), *(note.line for note in getattr(one, "notes", ()))]
        said += [turn.text for turn in getattr(talk, "turns", ())]
        said += [" ".join(cells) for _, cells in getattr(one, "rows", ())]
    return [*filter(None, said)]


def _rows_of(table: Table, own: set[str], theirs: Callable[[str], bool]) -> list[int]:
    places = [table.header.index(name) for name in columns_of(table).of("customer")]
    return [
        number
        for number, cells in table.rows
        if any(fold_name(cells[place].strip()) in own for place in places) or theirs(" ".join(cells))
    ]


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
