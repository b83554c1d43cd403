"""What the commands print: tables to standard output, everything said beside them to standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbench.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["count", "print_json", "print_lines", "say", "say_if_none", "say_problems"]

# On a terminal so many lines of a list are printed: nobody scrolls back further.
MOST_LINES = 1000


def print_json(rows: pd.DataFrame | list[dict[str, Any]] | dict[str, Any]) -> None:
    """Print rows as JSON.

    Parameters
    ----------
    rows : DataFrame, list of dict or dict
        What to print; of a dict, values that are tables become lists of rows too.
    """
    import json

    print(json.dumps(rows, ensure_ascii=False, indent=1, default=_records))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON can hold them; what is empty is null."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return list(value)
        if isinstance(value, pd.Timestamp):
            return f"{value:%Y-%m-%d}"
        if value is pd.NaT or (isinstance(value, str) and not value):
            return None
        if value is pd.NA or (isinstance(value, float) and value != value):
            return None
        return value.item() if hasattr(value, "item") else value

    columns = [frame[name].astype(object).tolist() for name in frame]
    return [dict(zip(frame.columns, map(plain, row), strict=True)) for row in zip(*columns, strict=True)]


def print_lines(lines: Iterable[str], command: str) -> None:
    """Print a list: all of it into a file or a pipe; on a terminal its beginning, how much more there is, and how to have it.

    Parameters
    ----------
    lines : iterable of str
        The list.
    command : str
        What lists it, such as ``notes``.
    """
    lines = iter(lines)
    for line in islice(lines, MOST_LINES if _on_terminal() else None):
        print(line)
    if left := sum(1 for _ in lines):
        say(
            f"{count(left, 'line')} more; to have all of them in a file:  workbench {command} > {command.split()[0]}.txt"
        )


def _on_terminal() -> bool:
    return sys.stdout.isatty()


def say_if_none(notes: pd.DataFrame) -> None:
    """Say what to do when there are no notes.

    Parameters
    ----------
    notes : DataFrame
        The notes.
    """
    if notes.empty:
        say("No notes yet: write a call into interviews/, one file a call.")


def say_problems(problems: Iterable[Problem], *, brief: bool = False) -> None:
    """Say what was missing or odd.

    Parameters
    ----------
    problems : iterable of Problem
        All of it.
    brief : bool
        Say how many, and the first one.
    """
    problems = list(problems)
    if brief and problems:
        say(f"{count(len(problems), 'thing')} to look at; workbench notes lists them, the first is")
    for problem in problems[: 1 if brief else None]:
        say(str(problem))


def say(text: str) -> None:
    """Say something beside the output.

    Parameters
    ----------
    text : str
        One line.
    """
    print(text, file=sys.stderr)


def count(n: int, one: str, many: str = "") -> str:
    """A number of things, in words.

    Parameters
    ----------
    n : int
        How many.
    one, many : str
        What one is called, and several; by default with an s.

    Returns
    -------
    str
        Such as "1 note".

    Examples
    --------
    >>> count(1, "note"), count(2, "hypothesis", "hypotheses"), count(1_000_000, "note")
    ('1 note', '2 hypotheses', '1,000,000 notes')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
