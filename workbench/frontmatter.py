"""Front matter: YAML read as plain strings, safely, with the line of every key.

Nothing is guessed: ``no`` stays "no" and ``012`` stays "012". Aliases, tags and duplicate keys are refused,
depth and size are capped, so that no file can run code, explode or silently lose a value. When the YAML is
broken, the simple ``key: value`` lines in it are still read, so that one stray colon does not cost a customer's
name. Setting a field changes that field and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from workbench.errors import InputError, Problem

__all__ = ["Fields", "format_scalar", "parse_yaml", "prose_start", "set_fields", "split_front_matter", "split_lines"]

MAX_CHARS = 64 * 1024
MAX_DEPTH = 8
# A list that makes a longer line than this is written one item a line.
WIDTH = 100

# The C parser is ten times faster; the Python one gives the same events where libyaml is missing.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_FIELDS = re.compile(r"\ufeff?---[ \t]*(?:\r\n?|\n)(?:[^\r\n]*(?:\r\n?|\n))*?(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|$)")
_FENCE = re.compile(r"---[ \t]*")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*")
_KEY_VALUE = re.compile(r"(?P<key>[A-Za-z_][\w -]{0,40}?)[ \t]*:(?:[ \t]+(?P<value>.*?))?[ \t]*")
_KEY = re.compile(r"[A-Za-z_][\w-]{0,40}", re.ASCII)
_COMMENT = re.compile(r"(?:^|\s)#.*")
# Behind "key:" or "key: |", with the value below.
_COMMENT_ABOVE = re.compile(r"[ \t]*(?:[|>][-+\d]*)?(?P<comment>[ \t]+#[^\r\n]*)")
_TO_ESCAPE = re.compile('["\\\\]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]')


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


def prose_start(text: str) -> int:
    r"""Where the prose below the fields begins, found by the two fences alone: the fields are not read.

    Parameters
    ----------
    text : str
        A file's text.

    Returns
    -------
    int
        The place of its first letter; 0 where there are no fields, or they are never closed.

    Examples
    --------
    >>> text = "---\ncustomer: Acme\n---\n- Filters reset\n"
    >>> text[prose_start(text) :]
    '- Filters reset\n'
    """
    fields = _FIELDS.match(text)
    return fields.end() if fields else 0


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


def format_scalar(value: str) -> str:
    r"""Write a string as YAML on one line.

    Parameters
    ----------
    value : str
        Any text.

    Returns
    -------
    str
        What :func:`parse_yaml` reads as the same string, in quotes where need be. A lone surrogate, which no YAML can
        hold, becomes U+FFFD.

    Examples
    --------
    >>> print(format_scalar("Acme Freight"), format_scalar("Acme: Freight"), format_scalar("two\nlines"))
    Acme Freight "Acme: Freight" "two\x0alines"
    """
    if re.fullmatch(r"[^\W_][\w .,/()'&+-]*", value, re.ASCII) and value == value.strip():
        return value
    return '"' + _TO_ESCAPE.sub(_escaped, value) + '"'


def set_fields(text: str, values: Mapping[str, str | Sequence[str] | None]) -> str:
    r"""A file's text with some fields of its front matter set.

    Everything else stays as it is, byte for byte: other fields, their order, comments, prose, line ends, byte-order
    mark. A field that holds the value already is left as it is written. A new one goes below the others; a text
    without front matter gets one at its head. A list that stands one item a line stays so, and its items keep their
    lines.

    Front matter that cannot be read is not made worse, and nothing in it is taken away:

    - one that is never closed gets its closing ``---`` behind the fields that are read from it;
    - in broken YAML the first ``key: value`` line of the field is changed, or one is put at the top, where it is read
      whatever is wrong below; removing a field removes all such lines. A list reads back once the YAML is mended;
    - YAML that is read, but not written one field a line (``{date: 2026-11-17}``), becomes a comment, and its fields
      are written below it.

    Parameters
    ----------
    text : str
        The file's text.
    values : mapping of str to str, sequence of str or None
        The new value of each key; None removes the key.

    Returns
    -------
    str
        The text, from which :func:`split_front_matter` reads these values.

    Raises
    ------
    ValueError
        When a key is not a plain word.
    InputError
        When the fields would not read back, such as when they grow larger than front matter may be.

    Examples
    --------
    >>> text = "---\ncustomer: Acme  # as on the invoice\nmood: good\n---\n- Filters reset\n"
    >>> print(set_fields(text, {"customer": "Acme: Freight", "tags": ["export", "a, b"]}), end="")
    ---
    customer: "Acme: Freight"  # as on the invoice
    mood: good
    tags: [export, "a, b"]
    ---
    - Filters reset
    """
    for key in values:
        if not _KEY.fullmatch(key):
            raise ValueError(f"a field is named by one plain word such as customer, got {key!r}")
    lines = split_lines(text)
    fields, body = split_front_matter(lines, "")
    wanted = {key: _plain(value) for key, value in values.items()}
    wanted = {key: value for key, value in wanted.items() if fields.values.get(key) != value}
    if not wanted:
        return text
    opening, inner, closing, end = _parts(lines, body)
    ways = (_on_simple_lines,) if fields.broken else (_in_place, _written_anew)
    for way in ways:
        head = opening + way(inner, wanted, fields.values, end) + closing
        if _reads_back(head, wanted, fields):
            return head + "".join(lines[body:]).removeprefix("" if body else "\ufeff")
    why = fields.problems[0].what if fields.broken else "as they are written, they would not read back"
    raise InputError(f"the fields between the --- lines cannot be changed ({why}); change them in an editor")


def _bare(line: str) -> str:
    return line.rstrip("\r\n")


def _salvage(text: str, first_line: int) -> tuple[dict[str, Any], dict[str, int]]:
    """The simple ``key: value`` lines of broken YAML; the first of two equal keys counts."""
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(split_lines(text), first_line):
        found = _KEY_VALUE.fullmatch(_bare(line))
        if found and found["key"] not in values:
            values[found["key"]] = _lenient(found["value"] or "")
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


def _lenient(value: str) -> str:
    """The value of a simple line: as YAML reads it when it is a scalar, else as it stands, without a comment."""
    try:
        events = list(yaml.parse(value, Loader=_Loader))
    except (yaml.YAMLError, ValueError, RecursionError):
        events = []
    scalars = [event for event in events if isinstance(event, yaml.ScalarEvent)]
    # Five events: the stream's and the document's ends around one scalar.
    if len(events) == 5 and scalars and scalars[0].style not in ("|", ">"):
        if scalars[0].anchor is None and scalars[0].tag in (None, "!"):
            return scalars[0].value
    return _COMMENT.sub("", value).strip("\"' ")


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in '"\\':
        return f"\\{found[0]}"
    if 0xD800 <= code < 0xE000:
        return "\ufffd"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# Setting fields


class _Place(NamedTuple):
    """Where a field stands in its YAML, as indices of characters."""

    key: int
    colon: int
    start: int
    end: int
    items: list[tuple[str, int]]  # of a list one item a line: each value and where it begins


def _plain(value: str | Sequence[str] | None) -> str | list[str] | None:
    """The value as it will read back."""
    if value is None or isinstance(value, str):
        return value if value is None else _no_surrogates(value)
    return [_no_surrogates(item) for item in value]


def _no_surrogates(text: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _parts(lines: list[str], body: int) -> tuple[str, str, str, str]:
    """Opening fence, fields and closing fence of a file, made where they are missing; and its line end."""
    end = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    if not body:
        return ("\ufeff" if lines and lines[0].startswith("\ufeff") else "") + f"---{end}", "", f"---{end}", end
    end = lines[0][len(_bare(lines[0])) :] or end
    if body > 1 and _END.fullmatch(_bare(lines[body - 1])):
        return lines[0], "".join(lines[1 : body - 1]), lines[body - 1], end
    opening, *rows = [line if line != _bare(line) else line + end for line in lines[:body]]
    return opening, "".join(rows), f"---{end}", end


def _reads_back(head: str, wanted: dict[str, Any], before: Fields) -> bool:
    lines = split_lines(head)
    fields, body = split_front_matter(lines, "")
    if body != len(lines):
        return False
    if not before.broken:
        expected = {key: value for key, value in {**before.values, **wanted}.items() if value is not None}
        return not fields.broken and fields.values == expected
    return all(
        fields.values.get(key) == value for key, value in wanted.items() if not (fields.broken and type(value) is list)
    )


def _in_place(inner: str, wanted: dict[str, Any], values: dict[str, Any], end: str) -> str:
    """The fields with only the places of some values changed."""
    places = _places(inner)
    first = min((place.key for place in places.values()), default=0)
    indent = re.match(r"[ \t]*", inner[_line_start(inner, first) :])[0]
    new = []
    for key, value in sorted(wanted.items(), key=lambda item: -places[item[0]].key if item[0] in places else 1):
        place = places.get(key)
        if place is None:
            new.append(f"{indent}{key}:{_written(value, len(key), indent, end)}{end}" if value is not None else "")
        elif value is None:
            inner = inner[: _line_start(inner, place.key)] + inner[_line_end(inner, place.end) :]
        elif type(value) is list and value and place.items:
            inner = _with_items(inner, place, value, end)
        else:
            inner = _with_value(inner, place, _written(value, len(key), indent, end))
    return inner + "".join(new)


def _with_value(inner: str, place: _Place, written: str) -> str:
    gap = inner[place.colon + 1 : place.start]
    above = _COMMENT_ABOVE.match(inner, place.colon + 1, place.end)
    if above:
        first, *below = re.split(r"(?=[\r\n])", written, maxsplit=1)
        written = "".join([first, above["comment"], *below])
    elif place.start < place.end and gap.strip(" \t") == "" and written[:1] == " ":
        written = gap + written[1:]  # values may stand in a column
    return inner[: place.colon + 1] + written + inner[place.end :]


def _with_items(inner: str, place: _Place, value: list[str], end: str) -> str:
    """A list one item a line, changed: an item that stays keeps its line."""
    starts = [_line_start(inner, start) for _, start in place.items]
    stops = [*starts[1:], _line_end(inner, place.end)]
    kept: dict[str, list[str]] = {}
    for (item, _), start, stop in zip(place.items, starts, stops, strict=True):
        kept.setdefault(item, []).append(inner[start:stop])
    bullet = inner[starts[0] : place.items[0][1]]
    rows = [kept[item].pop(0) if kept.get(item) else f"{bullet}{format_scalar(item)}{end}" for item in value]
    return inner[: starts[0]] + "".join(rows) + inner[stops[-1] :]


def _written_anew(inner: str, wanted: dict[str, Any], values: dict[str, Any], end: str) -> str:
    """All fields one a line, below what stood there as a comment."""
    all_values = {key: value for key, value in {**values, **wanted}.items() if value is not None}
    old = "".join(f"# {line}" for line in split_lines(inner))
    return old + "".join(
        f"{format_scalar(key)}: {format_scalar(value) if isinstance(value, str) else _flow(value)}{end}"
        for key, value in all_values.items()
    )


def _on_simple_lines(inner: str, wanted: dict[str, Any], values: dict[str, Any], end: str) -> str:
    """Broken YAML with the ``key: value`` lines of some fields changed."""
    rows, new = split_lines(inner), []
    for key, value in wanted.items():
        found = {number: match for number, row in enumerate(rows) if (match := _KEY_VALUE.fullmatch(_bare(row)))}
        found = {number: match for number, match in found.items() if match["key"] == key}
        if value is None:
            rows = [row for number, row in enumerate(rows) if number not in found]
            continue
        line = f"{key}: {format_scalar(value) if isinstance(value, str) else _flow(value)}"
        if not found:
            new.append(line + end)
            continue
        number, match = next(iter(found.items()))
        old = match["value"] or ""
        comment = None if old[:1] in ("'", '"') else _COMMENT.search(old)
        rows[number] = line + (f"  {comment[0].strip()}" if comment else "") + rows[number][len(_bare(rows[number])) :]
    return "".join([*new, *rows])


def _places(text: str) -> dict[str, _Place]:
    """Where each top-level field of a YAML mapping stands; `text` is known to be readable."""
    events = iter(yaml.parse(text, Loader=_Loader))
    places: dict[str, _Place] = {}
    if not any(isinstance(event, yaml.MappingStartEvent) for event in events):
        return places
    for key in events:
        if not isinstance(key, yaml.ScalarEvent):
            break
        first = event = next(events)
        end, flow, items = first.end_mark.index if isinstance(first, yaml.ScalarEvent) else 0, [], []
        while True:
            if isinstance(event, yaml.CollectionStartEvent):
                flow.append(event.flow_style)
                if event is not first:
                    items.append(None)
            elif isinstance(event, yaml.CollectionEndEvent):
                # A collection without brackets ends where the next thing begins, comments between them included.
                end = event.end_mark.index if flow.pop() else end
            else:
                end = event.end_mark.index
                items.append((event.value, event.start_mark.index))
            if not flow:
                break
            event = next(events)
        colon = text.find(":", key.end_mark.index)
        rows = isinstance(first, yaml.SequenceStartEvent) and all(
            item and re.fullmatch(r"[ \t]*-[ \t]+", text[_line_start(text, item[1]) : item[1]]) for item in items
        )
        end = max(colon + 1, len(text[:end].rstrip()))
        start = max(colon + 1, first.start_mark.index)
        places[key.value] = _Place(key.start_mark.index, colon, start, end, items if rows else [])
    return places


def _line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _line_end(text: str, index: int) -> int:
    return index + len(re.match(r"[^\r\n]*(?:\r\n|\n|\r)?", text[index:])[0])


def _written(value: str | list[str], used: int, indent: str, end: str) -> str:
    """A value as it stands behind the colon of its key."""
    if isinstance(value, str):
        return (
            " " + format_scalar(value) if value else ""
        )  # where somebody types behind the colon, "" would be in the way
    line = " " + _flow(value)
    if len(indent) + used + len(line) <= WIDTH:
        return line
    return "".join(f"{end}{indent}  - {format_scalar(item)}" for item in value)


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    return f'"{value}"' if "," in value and format_scalar(value) == value else format_scalar(value)
