"""Rows of cells as a table: where its header is, and names for its columns that are all different."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import zip_longest

from workbench.errors import Problem, shorten
from workbench.importers.contents import Table
from workbench.importers.source import Source, Unreadable
from workbench.notes import showable

__all__ = [
    "BROKEN",
    "CUT",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "header_of",
    "header_place",
    "hidden_sheet",
    "table_of",
    "tables_of",
    "without_lines",
]

MOST_ROWS, MOST_COLUMNS = 100_000, 500
CUT = f"the first {MOST_ROWS:,} are read; make several files of it, or keep it whole as a table of notes"
# A title or two may stand above the header.
HEAD_ROWS = 10
# What is said of a spreadsheet, whatever a broken part makes its reader stumble on.
BROKEN = (
    "the spreadsheet is broken: a part of it is missing or damaged",
    "open it and save it again as .xlsx, or as .csv",
)
# How its lines end, for whoever counts them as an editor does.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def table_of(
    rows: Iterable[tuple[int, Sequence[str]]],
    file: str,
    title: str = "",
    problems: Sequence[Problem] = (),
    *,
    every_row: bool = False,
) -> Table:
    """A table of rows as they stand in a file.

    Parameters
    ----------
    rows : iterable of (int, sequence of str)
        Each row's number in the file and its cells; empty ones may be among them.
    file : str
        The file's name, for problems.
    title : str
        The sheet's name.
    problems : sequence of Problem
        What could not be read so far.
    every_row : bool
        Whether those are taken, too, that are more than anybody opens as calls.

    Returns
    -------
    Table
        Without empty rows and columns.

    Raises
    ------
    Unreadable
        When there is no row below the header.

    Examples
    --------
    >>> table = table_of([(1, ["Customer", "Quote", ""]), (2, ["Acme", "slow", "very"])], "calls.csv")
    >>> table.header, table.rows
    (('Customer', 'Quote', 'column 3'), ((2, ('Acme', 'slow', 'very')),))
    """
    found = [(number, [showable(cell.strip(" \t\ufeff")) for cell in cells]) for number, cells in rows]
    found = [(number, cells) for number, cells in found if any(cells)]
    problems = [*problems]
    if len(found) > MOST_ROWS and not every_row:
        what = f"{len(found):,} rows"
        problems.append(Problem(file, found[MOST_ROWS][0], what, CUT))
        found = found[:MOST_ROWS]
    start = header_place([cells for _, cells in found[:HEAD_ROWS]])
    if len(found) < start + 2:
        raise Unreadable("no row stands below the header", "export it again, with its rows")
    header, body = _header([cells for _, cells in found[start : start + 3]])
    width = max(max(place for place, cell in enumerate(cells, 1) if cell) for _, cells in found)
    if width > MOST_COLUMNS:
        problems.append(Problem(file, found[start][0], f"{width:,} columns", f"the first {MOST_COLUMNS} are read"))
    used = [
        place
        for place in range(min(width, MOST_COLUMNS))
        if any(len(cells) > place and cells[place] for _, cells in found[start:])
    ]
    names = _different([header[place] if place < len(header) else "" for place in used], used)
    entries = tuple(
        (number, tuple(cells[place] if place < len(cells) else "" for place in used))
        for number, cells in found[start + body :]
    )
    if not entries:
        raise Unreadable("no row stands below the header", "export it again, with its rows")
    return Table(names, entries, title, tuple(problems))


def tables_of(
    sheets: Iterable[tuple[str, Iterable[tuple[int, Sequence[str]]], Sequence[Problem]]],
    file: str,
    *,
    every_row: bool = False,
) -> tuple[Table, ...]:
    """The sheets of a spreadsheet as tables.

    Parameters
    ----------
    sheets : iterable of (str, rows, sequence of Problem)
        Each sheet's title, its rows as :func:`table_of` takes them, and what could not be read of it.
    file : str
        The file's name, for problems.
    every_row : bool
        As for :func:`table_of`.

    Returns
    -------
    tuple of Table
        Without sheets that have no row below a header.

    Raises
    ------
    Unreadable
        When no sheet has one.

    Examples
    --------
    >>> [table.title for table in tables_of([("Calls", [(1, ["Quote"]), (2, ["slow"])], ()), ("Empty", [], ())], "a.xlsx")]
    ['Calls']
    """
    tables = []
    for title, rows, problems in sheets:
        try:
            tables.append(table_of(rows, file, title, problems, every_row=every_row))
        except Unreadable:
            continue  # a sheet without rows has nothing to lose
    if not tables:
        raise Unreadable("no sheet in it has a row below a header", "export it again, with its rows")
    return tuple(tables)


def hidden_sheet(file: str, title: str) -> Problem:
    """What to say of a sheet that nobody sees who opens the spreadsheet.

    Parameters
    ----------
    file : str
        The file's name.
    title : str
        The sheet's.

    Returns
    -------
    Problem
        It comes in like the others.

    Examples
    --------
    >>> print(hidden_sheet("a.xlsx", "Old"))
    a.xlsx:1: the sheet “Old” is hidden there, and its rows come in; take it out of the file where it is not meant to be read
    """
    what = f"the sheet “{shorten(title, 60)}” is hidden there, and its rows come in"
    return Problem(file, 1, what, "take it out of the file where it is not meant to be read")


def without_lines(source: Source, starts: Sequence[int], gone: Collection[int]) -> bytes | None:
    r"""A table that is text without some of its rows, all others byte for byte.

    Parameters
    ----------
    source : Source
        The file.
    starts : sequence of int
        The line in which each row begins, from 1, rising.
    gone : collection of int
        Those of the rows that go.

    Returns
    -------
    bytes or None
        None for what cannot be written as it was.

    Examples
    --------
    >>> without_lines(Source("calls.csv", b"who,quote\r\nAcme,slow\r\nBolt,fine\r\n"), [1, 2, 3], {2})
    b'who,quote\r\nBolt,fine\r\n'
    """
    try:
        lines = _LINE.findall(source.data.decode(source.encoding))
    except UnicodeDecodeError:
        return None
    for start, following in reversed([*zip(starts, [*starts[1:], len(lines) + 1], strict=True)]):
        if start in gone:
            del lines[start - 1 : following - 1]
    return "".join(lines).encode(source.encoding)


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows is the header: the first that has as many cells as any, or nearly.

    Parameters
    ----------
    rows : sequence of sequence of str
        Rows that are not empty.

    Returns
    -------
    int
        Its place, from 0.

    Examples
    --------
    >>> header_place([["Feedback of November"], ["Customer", "Quote"], ["Acme", "slow"]])
    1
    """
    widest = max((_filled(cells) for cells in rows[:HEAD_ROWS]), default=0)
    return next((place for place, cells in enumerate(rows[:HEAD_ROWS]) if _filled(cells) * 2 > widest), 0)


def header_of(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], int]:
    """Names for the columns, no two the same, and how many rows the header takes.

    Parameters
    ----------
    rows : sequence of sequence of str
        The header and the two rows below it.

    Returns
    -------
    names : tuple of str
        One a column.
    n_rows : int
        1 for most tables.

    Examples
    --------
    >>> header_of([["Customer", "Quote", ""], ["Acme", "slow", "very"]])
    (('Customer', 'Quote', 'column 3'), 1)
    """
    names, below = _header([[showable(cell.strip(" \t\ufeff")) for cell in cells] for cells in rows])
    return _different(names, range(len(names))), below


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _header(rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """The columns' names, and how many rows they take: Qualtrics has its questions below, SurveyMonkey its choices."""
    first, second, third = [*rows, [], []][:3]
    if any('"ImportId"' in cell for cell in third):
        return [below or above for above, below in zip_longest(first, second, fillvalue="")], 3
    if first and first[0].casefold() == "respondent id" and second and not second[0]:
        names, question = [], ""
        for above, below in zip_longest(first, second, fillvalue=""):
            question = above or question
            # The open answer to a question is that question's.
            own = not below or below.casefold() in ("response", "open-ended response")
            names.append(question if own else f"{question} {below}")
        return names, 2
    return [*first], 1


def _different(names: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    """Names of which no two are the same, and none is empty."""
    names = [" ".join(name.split()) or f"column {place + 1}" for name, place in zip(names, places, strict=True)]
    counts: Counter[str] = Counter()
    taken, out = set(names), []
    for name in names:
        counts[name] += 1
        other = name
        while counts[name] > 1 and other in taken:
            other = f"{name} ({counts[name]})"
            if other in taken:
                counts[name] += 1
        taken.add(other)
        out.append(other)
    return tuple(out)
