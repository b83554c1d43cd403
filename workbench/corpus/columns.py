"""What is said where no column is called as somebody has named it: which there are, and in which the texts may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.errors import InputError, shorten

__all__ = ["SAMPLE", "no_such_column"]

# So many rows tell in which column the texts are.
SAMPLE = 100
_SHOWN = 12


def no_such_column(where: str, column: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> InputError:
    """The error, with the column that has most to read.

    Parameters
    ----------
    where : str
        The file, and its line where there is one.
    column : str
        What somebody has named.
    columns : sequence of str
        What there is.
    rows : iterable of mapping
        Some rows, by column.

    Returns
    -------
    InputError
        To be raised.

    Examples
    --------
    >>> no_such_column("a.csv:1", "text", ["id", "body"], [{"id": "1", "body": "Rows are lost"}])
    InputError('a.csv:1: no column is called “text”; there is “id”, “body”: name it with  --text body')
    """
    there = ", ".join(f"“{shorten(name, 30)}”" for name in columns[:_SHOWN]) or "none"
    n_letters: Counter[str] = Counter()
    for row in rows:
        for name, cell in row.items():
            if isinstance(cell, str) and " " in cell.strip():  # a word alone is a name, a day or a number
                n_letters[name] += len(cell)
    likely = n_letters.most_common(1)[0][0] if n_letters else "COLUMN" if columns else ""
    todo = f": name it with  --text {f'{chr(34)}{likely}{chr(34)}' if ' ' in likely else likely}" if likely else ""
    return InputError(f"{where}: no column is called “{column}”; there is {there}{todo}")
