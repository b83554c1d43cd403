"""JSON with the line of every value."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from json.decoder import scanstring
from typing import Any, NamedTuple

from workbench.errors import Problem

__all__ = ["At", "read_json"]

MAX_DEPTH = 64
_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"[^,\]}\s]+")


class At(NamedTuple):
    """A value of a JSON file and the line where it begins.

    Parameters
    ----------
    value : dict of str to At, list of At, str, int, float, bool or None
        What stands there.
    line : int
        From 1.
    """

    value: Any
    line: int


def read_json(text: str, file: str) -> At | Problem:
    r"""Read JSON and keep the lines.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name, for the problem.

    Returns
    -------
    At or Problem
        The outermost value; a problem where the text is no JSON.

    Examples
    --------
    >>> read_json('{\n  "n":\n 5}', "a.json").value["n"]
    At(value=5, line=3)
    >>> print(read_json('{"n": }', "a.json"))
    a.json:1: this is no JSON ("Expecting value" at "}"); mend it there, or save it from the tool that wrote it once more
    """
    text = text.removeprefix("\ufeff")
    try:
        json.loads(text)
        scan = _Scan(text)
        value, _ = scan.value(_skip(text, 0), 0)
        return value
    except json.JSONDecodeError as error:
        place = text[error.pos : error.pos + 20].splitlines()
        what = f'this is no JSON ("{error.msg}" at "{place[0] if place else "its end"}")'
        return Problem(file, error.lineno, what, "mend it there, or save it from the tool that wrote it once more")
    except (RecursionError, _TooDeep):
        return Problem(file, 1, f"values lie in each other more than {MAX_DEPTH} deep", "give a list of findings")
    except ValueError:  # a number of thousands of digits
        return Problem(file, 1, "a number in it is too long to be one", "write it as text, in quotation marks")


class _TooDeep(Exception):
    """Deeper than anybody writes."""


class _Scan:
    """Walks over text that is known to be JSON."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def value(self, at: int, depth: int) -> tuple[At, int]:
        """The value that begins at `at`, and where it ends."""
        if depth > MAX_DEPTH:
            raise _TooDeep
        text, line = self._text, bisect_right(self._ends, at) + 1
        if text[at] == '"':
            words, end = scanstring(text, at + 1)
            return At(words, line), end
        if text[at] not in "[{":
            found = _SCALAR.match(text, at)
            assert found is not None
            return At(json.loads(found[0]), line), found.end()
        opened, close = text[at], "]" if text[at] == "[" else "}"
        listed: list[At] = []
        named: dict[str, At] = {}
        at = _skip(text, at + 1)
        while text[at] != close:
            if opened == "{":
                key, at = scanstring(text, at + 1)
                at = _skip(text, _skip(text, at) + 1)
                named[key], at = self.value(at, depth + 1)
            else:
                item, at = self.value(at, depth + 1)
                listed.append(item)
            at = _skip(text, at)
            at = _skip(text, at + 1) if text[at] == "," else at
        return At(listed if opened == "[" else named, line), at + 1


def _skip(text: str, at: int) -> int:
    """Where the next sign is that is no space."""
    found = _SPACE.match(text, at)
    return found.end() if found else at
