"""Front matter: YAML read as plain strings, safely, with the line of every key.

Nothing is guessed: ``no`` stays "no" and ``012`` stays "012". Aliases, tags and duplicate keys are refused,
depth and size are capped, so that no file can run code, explode or silently lose a value. When the YAML is
broken, the simple ``key: value`` lines in it are still read, so that one stray colon does not cost a customer's
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from workbench.errors import Problem

__all__ = ["Fields", "parse_yaml", "split_front_matter", "split_lines"]

MAX_CHARS = 64 * 1024
MAX_DEPTH = 8

# The C parser is ten times faster; the Python one gives the same events where libyaml is missing.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_FENCE = re.compile(r"---[ \t]*")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*")
_KEY_VALUE = re.compile(r"(?P<key>[A-Za-z_][\w -]{0,40}?)[ \t]*:(?:[ \t]+(?P<value>.*?))?[ \t]*")


@dataclass
class Fields:
    """The keys of a piece of YAML.

    Parameters
    ----------
    values : dict of str to str, list or dict
        What was read; every scalar is a string.
    lines : dict of str to int
        The line of each top-level key in its file, counted from 1. Nested keys are there as ``outer.inner``.
    problems : list of Problem
        What could not be read as written.
    broken : bool
        Whether the YAML was refused, so that `values` holds only what could be saved from it.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False


class _Refused(Exception):
    """The YAML holds something we do not take; carries the line (from 0) and the two halves of a problem."""

    def __init__(self, line: int, what: str, todo: str) -> None:
        super().__init__(what)
        self.line, self.what, self.todo = line, what, todo


def split_lines(text: str) -> list[str]:
    r"""Split text into lines with their endings, as an editor counts them.

    ``str.splitlines`` also splits at U+2028 and the like, which would shift every line number after one.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        The lines; joined they give `text` again.

    Examples
    --------
    >>> split_lines("a\r\nb\u2028c\n")
    ['a\r\n', 'b\u2028c\n']
    """
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)


def split_front_matter(lines: list[str], file: str) -> tuple[Fields, int]:
    r"""Read the front matter at the head of a file.

    Parameters
    ----------
    lines : list of str
        The file's lines with their endings.
    file : str
        The file's name, for problems.

    Returns
    -------
    fields : Fields
        Empty when there is no front matter.
    body : int
        Index in `lines` of the first line after the front matter.

    Examples
    --------
    >>> fields, body = split_front_matter(["---\n", "customer: Acme\n", "---\n", "- hi\n"], "a.md")
    >>> fields.values, body
    ({'customer': 'Acme'}, 3)
    """
    if not lines or not _FENCE.fullmatch(_bare(lines[0]).removeprefix("\ufeff")):
        return Fields(), 0
    for end in range(1, len(lines)):
        if _END.fullmatch(_bare(lines[end])):
            return parse_yaml("".join(lines[1:end]), file, first_line=2), end + 1
    # Never closed: take the lines that look like fields, and let everything after them be notes.
    end = 1
    while end < len(lines) and _KEY_VALUE.fullmatch(_bare(lines[end])):
        end += 1
    fields = parse_yaml("".join(lines[1:end]), file, first_line=2)
    fields.problems.append(
        Problem(file, 1, "the front matter is never closed", "write a line --- below its last field")
    )
    return fields, end


def parse_yaml(text: str, file: str, first_line: int = 1, *, max_chars: int = MAX_CHARS) -> Fields:
    r"""Read YAML whose top is a mapping, as strings only.

    Parameters
    ----------
    text : str
        YAML without its fences.
    file : str
        The file's name, for problems.
    first_line : int
        The line in the file where `text` begins.
    max_chars : int
        Longer text is refused.

    Returns
    -------
    Fields
        With a problem, and what could be saved from simple ``key: value`` lines, when the YAML is broken.

    Examples
    --------
    >>> parse_yaml("consent: no\naliases: [Acme, Acme Inc.]", "customers.yaml").values
    {'consent': 'no', 'aliases': ['Acme', 'Acme Inc.']}
    """
    fields = Fields()
    try:
        if len(text) > max_chars:
            raise _Refused(0, f"more than {max_chars // 1024} KB of fields", "move the prose below the front matter")
        fields.values = _build(yaml.parse(text, Loader=_Loader), fields.lines, first_line)
    except _Refused as refused:
        problem = Problem(file, first_line + refused.line, refused.what, refused.todo)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line if mark else 0
        rows = split_lines(text)
        shown = rows[line].strip()[:80] if line < len(rows) else ""
        what = f"cannot read {shown!r} as a field" if shown else "the fields cannot be read"
        problem = Problem(
            file, first_line + line, what, 'write  key: value  and put "quotes" around a value with : or #'
        )
    else:
        return fields
    fields.values, fields.lines = _salvage(text[:max_chars], first_line)
    fields.problems.append(problem)
    fields.broken = True
    return fields


def _bare(line: str) -> str:
    return line.rstrip("\r\n")


def _salvage(text: str, first_line: int) -> tuple[dict[str, Any], dict[str, int]]:
    """The simple ``key: value`` lines of broken YAML; the first of two equal keys counts."""
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(split_lines(text), first_line):
        found = _KEY_VALUE.fullmatch(_bare(line))
        if found and found["key"] not in values:
            values[found["key"]] = re.sub(r"(?:^|\s)#.*", "", found["value"] or "").strip("\"' ")
            lines[found["key"]] = number
    return values, lines


def _build(events: Iterator[yaml.Event], lines: dict[str, int], first_line: int) -> dict[str, Any]:
    """The mapping that a stream of parser events describes."""
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            value = _mapping(event, events, lines, first_line, path="", depth=1)
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    raise _Refused(event.start_mark.line, "a second YAML document", "keep one front matter in a file")
            return value
        if isinstance(event, yaml.ScalarEvent) and not event.value:
            return {}
        if isinstance(event, (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.AliasEvent)):
            raise _Refused(
                event.start_mark.line, "no  key: value  here", "write one field a line, such as  customer: Acme"
            )
    return {}


def _mapping(
    start: yaml.Event, events: Iterator[yaml.Event], lines: dict[str, int], first_line: int, path: str, depth: int
) -> dict[str, Any]:
    _check(start, depth)
    result: dict[str, Any] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return result
        _check(event, depth)
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(event.start_mark.line, "a key that is not a word", "write  key: value")
        key = event.value
        if key in result:
            raise _Refused(event.start_mark.line, f"{key!r} stands twice", "keep one of the two lines")
        lines[path + key] = first_line + event.start_mark.line
        result[key] = _value(next(events), events, lines, first_line, f"{path}{key}.", depth)
    return result


def _value(
    event: yaml.Event, events: Iterator[yaml.Event], lines: dict[str, int], first_line: int, path: str, depth: int
) -> Any:
    _check(event, depth)
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(event, events, lines, first_line, path, depth + 1)
    _check(event, depth + 1)
    items = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        items.append(_value(event, events, lines, first_line, path, depth + 1))
    return items


def _check(event: yaml.Event, depth: int) -> None:
    """Refuse what could run code, expand or nest without end."""
    line = event.start_mark.line
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _Refused(line, "an alias (& or *)", 'put "quotes" around the value')
    if getattr(event, "tag", None) not in (None, "!"):
        raise _Refused(line, f"a tag ({event.tag})", 'put "quotes" around the value')
    if depth > MAX_DEPTH:
        raise _Refused(line, f"nested deeper than {MAX_DEPTH} levels", 'put "quotes" around the value')
