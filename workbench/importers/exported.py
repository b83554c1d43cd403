"""What ``workbench export`` has written, back as calls: the tables as JSON, and ``notes.csv``. People edit both by hand.

A note's id has the sum of its words, by which words that were changed since are seen. What a row lacks is named with its line.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.errors import Problem, shorten
from workbench.importers.contents import Jotting, Jottings
from workbench.importers.days import day_in
from workbench.importers.formats import Importer
from workbench.importers.source import Source, Unreadable
from workbench.importers.table_csv import IMPORTER as CSV
from workbench.importers.tags import tag_of
from workbench.notes import KINDS, format_note

__all__ = ["IMPORTER"]

VERSION = 1
# How a note stands that does not count.
SAID_BY_US = "said by one of you"
_JSON = re.compile(r"\ufeff?\s*\{\s*\"format\"\s*:\s*\"discovery-workbench\"")
# The columns of each table by which its CSV is known; notes.csv is the one with words.
_NOTES = ("note", "call", "customer", "kind", "text")
_OTHERS = (
    ("call", "customer", "date", "who", "segment"),
    ("customer", "segment", "consent", "aliases"),
    ("theme", "name", "claim", "terms"),
    ("record", "kind", "field", "value"),
)
_README = re.compile(r"Discovery Workbench [^\n]{1,40}, tables of version \d")
_AT = re.compile(r"\d{1,3}:[0-5]\d(?::[0-5]\d)?|¶\d{1,6}")
_SUM = re.compile(r"#(?P<sum>[0-9a-f]{8})(?:-\d+)?")
# Of an export for others: a note's id, and a customer's code.
_FOR_OTHERS = re.compile(r"C-[0-9a-f]{6,}:\d+")
_CODE = re.compile(r"P-[0-9a-f]{4,}")
# What stands before a cell that a spreadsheet would run.
_RUNS = re.compile(r"'(?=\s*[=+\-@\t\r\n＝＋－＠|%])")  # noqa: RUF001


def _claims(source: Source) -> bool:
    return source.is_text and (
        _JSON.match(source.text) is not None
        or _columns(source)[: len(_NOTES)] == _NOTES
        or any(_columns(source)[: len(names)] == names for names in _OTHERS)
        or _README.search(source.text[:400]) is not None
    )


def _columns(source: Source) -> tuple[str, ...]:
    first = source.text[:2000].lstrip("\ufeff").partition("\n")[0]
    return tuple(cell.strip().strip('"') for cell in re.split(r"[,;\t]", first))


def _read(source: Source) -> tuple[Jottings, ...]:
    if _JSON.match(source.text):
        return _read_json(source)
    if _columns(source)[: len(_NOTES)] != _NOTES:
        raise Unreadable("a part of an export that has no notes", "bring notes.csv or everything.json of that export")
    (table,) = CSV.read(source)
    rows = [
        (number, {name: _RUNS.sub("", cell, count=1) for name, cell in zip(table.header, cells, strict=True)})
        for number, cells in table.rows
    ]
    return _calls(source.name, rows, {}, {}, table.problems)


def _read_json(source: Source) -> tuple[Jottings, ...]:
    text = source.text.lstrip("\ufeff")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise Unreadable(f"the JSON breaks in line {line}", "mend it there, or export it again", line) from None
    if data.get("version") != VERSION:
        raise Unreadable(
            f"an export of version {shorten(str(data.get('version')), 20)}", f"this program reads version {VERSION}"
        )
    tables = data.get("tables") if isinstance(data.get("tables"), dict) else {}
    notes = _rows(tables, "notes")
    # The line of a note is that of its first field, where each field has a line.
    lines = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r'\s*\{?\s*"note"\s*:', line)]
    numbers = lines if len(lines) == len(notes) else range(1, len(notes) + 1)
    calls = {row.get("call", ""): row for row in _rows(tables, "calls")}
    themes = {row.get("theme", ""): row.get("name", "") for row in _rows(tables, "themes")}
    return _calls(source.name, list(zip(numbers, notes, strict=True)), calls, themes, ())


def _rows(tables: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    """A table's rows as text; what is no row is one without anything."""
    rows = tables.get(name)
    return [_texts(row) if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    """A row's fields as text: null says nothing, a list is its words."""
    return {
        name: " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        for name, value in row.items()
    }


def _calls(
    file: str,
    rows: Sequence[tuple[int, Mapping[str, str]]],
    calls: Mapping[str, Mapping[str, str]],
    themes: Mapping[str, str],
    problems: Sequence[Problem],
) -> tuple[Jottings, ...]:
    """The notes of each call, in the order of the file."""
    heads: dict[str, Jottings] = {}
    found: dict[str, list[Jotting]] = {}
    said: list[Problem] = [*problems]
    coded: dict[str, int] = {}
    for number, cells in rows:
        call, text = cells.get("call", "").strip(), " ".join(cells.get("text", "").split())
        if not call or not text:
            missing = "call" if not call else "words"
            said.append(Problem(file, number, f"a note without its {missing}", "it is left out: mend the line"))
            continue
        said += _odd(file, number, cells, text)
        if _FOR_OTHERS.fullmatch(cells.get("note", "")) and _CODE.fullmatch(cells.get("customer", "").strip()):
            coded.setdefault(cells["customer"].strip(), number)
        kind = cells.get("kind") if cells.get("kind") in KINDS else "observation"
        at = cells.get("at", "") if _AT.fullmatch(cells.get("at", "")) else ""
        tags = filter(None, map(tag_of, cells.get("tags", "").split()))
        heads.setdefault(call, _head(call, cells, calls.get(call, {})))
        line = format_note(text, kind, tags, at)
        found.setdefault(call, []).append(Jotting(line, number, themes.get(cells.get("theme", ""), "")))
    if not found:
        raise Unreadable("there is no note with words in it", "export it again, with --mine for your own copy")
    if coded:
        what = f"customers under codes, as an export for others has them: {shorten(', '.join(coded), 200)}"
        todo = "each code counts as a customer of its own; where you can, bring an export made with --mine"
        said.append(Problem(file, min(coded.values()), what, todo))
    made = [replace(heads[call], notes=tuple(notes)) for call, notes in found.items()]
    return (replace(made[0], problems=tuple(said)), *made[1:])


def _head(call: str, cells: Mapping[str, str], facts: Mapping[str, str]) -> Jottings:
    """A call without its notes: what the table of calls says, else what its own name does."""
    stated = {name: facts.get(name, "") for name in ("who", "segment", "kind", "consent", "us")}
    return Jottings(
        (),
        (facts.get("customer") or cells.get("customer", "")).strip(),
        **stated,
        title=call,
        date=day_in(facts.get("date") or call),
    )


def _odd(file: str, number: int, cells: Mapping[str, str], text: str) -> list[Problem]:
    """What in a row is other than it was written, or is nothing that a note can have."""
    odd = []
    if cells.get("kind") not in KINDS:
        what = f"kind {shorten(cells.get('kind', ''), 40)!r} is none of {', '.join(KINDS)}"
        odd.append(Problem(file, number, what, "it is read as an observation"))
    if cells.get("at") and not _AT.fullmatch(cells["at"]):
        what = f"{shorten(cells['at'], 40)!r} is no time such as 12:40, and no turn such as ¶12"
        odd.append(Problem(file, number, what, "the note comes in without it"))
    if cells.get("standing") == SAID_BY_US and cells.get("kind") != "take":
        what = f"“{shorten(text, 60)}” was said by one of you, as the transcript told where it was exported"
        odd.append(Problem(file, number, what, "without its transcript it counts: make it a take (=), or take it out"))
    sums = _SUM.search(cells.get("note", ""))
    if sums and hashlib.sha256(text.encode()).hexdigest()[:8] != sums["sum"]:
        what = f"“{shorten(text, 60)}” is not what was exported"
        odd.append(Problem(file, number, what, "it comes in as a note of its own; the one before stays where it is"))
    return odd


IMPORTER = Importer("Export of this program", (".json", ".csv"), _claims, _read)
