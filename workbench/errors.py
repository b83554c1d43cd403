"""What can go wrong, in words for a product manager.

Exception
└── InputError        the input is at fault: says where, what, and what to do

A :class:`Problem` is the same thing when it does not stop the work: a warning that travels in a list.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["InputError", "Problem", "how_to_get", "shorten"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that was read leniently, and what to do about it.

    Parameters
    ----------
    file : str
        Path as the reader knows it, relative to the workspace.
    line : int
        Line in that file, counted from 1.
    what : str
        What was found, with the user's own text.
    todo : str
        What the user can do, or what was assumed instead.

    Examples
    --------
    >>> print(Problem("interviews/a.md", 1, "no date", "write date: 2026-11-17 in the front matter"))
    interviews/a.md:1: no date; write date: 2026-11-17 in the front matter
    """

    file: str
    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.todo}"


class InputError(Exception):
    """The input cannot be used: one sentence that says where, what was wrong and what to do.

    Examples
    --------
    >>> raise InputError("no folder ./calls; name the workspace with -w DIR")
    Traceback (most recent call last):
    workbench.errors.InputError: no folder ./calls; name the workspace with -w DIR
    """

    def _render_traceback_(self, *_: object) -> list[str]:
        # IPython asks for this: in a cell the sentence stands alone, in red, and not below forty lines of our code.
        return [f"\x1b[31m{self}\x1b[0m"]


def how_to_get(extra: str) -> str:
    """What installs the libraries of an extra, for an error about one that is missing.

    Parameters
    ----------
    extra : str
        Its name.

    Returns
    -------
    str

    Examples
    --------
    >>> how_to_get("dask")
    "pip install 'discovery-workbench[dask]'"
    """
    return f"pip install 'discovery-workbench[{extra}]'"


def shorten(words: str, length: int = 120) -> str:
    """Somebody's words, as a problem names them.

    Parameters
    ----------
    words : str
        Of any length, on any number of lines.
    length : int
        How many letters there may be.

    Returns
    -------
    str
        On one line; an ellipsis stands for what is left out.

    Examples
    --------
    >>> shorten("I redo the totals by hand", 12)
    'I redo the…'
    """
    words = " ".join(words.split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
