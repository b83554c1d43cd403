"""A name and a time in a line of their own, the words below: Otter, and what Teams writes.

::

    Ana Ruiz  0:03                 0:0:5.100 --> 0:0:8.250
    How do you do it today?        Ana Ruiz
                                   How do you do it today?
    Jane Doe  0:05
    By hand.

The time may stand first ("0:03 | Ana Ruiz"). The first lines, up to the first name, are the file's heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from workbench.errors import Problem
from workbench.importers.contents import Transcript
from workbench.importers.days import day_in
from workbench.importers.formats import Importer
from workbench.importers.named import is_named
from workbench.importers.source import Source, Unreadable
from workbench.importers.srt import is_timing
from workbench.importers.stated import fields_in, stated_of
from workbench.importers.turns import (
    Line,
    Said,
    is_name,
    is_of_the_recorder,
    join_turns,
    lines_of,
    may_be_name,
    name_of,
    to_seconds,
)
from workbench.importers.zoom_text import is_zoom

__all__ = ["IMPORTER", "is_stamped", "read_stamped"]

HEAD, HEAD_LINES, LONGEST = 60_000, 400, 160
_TIME = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,6})?"
_RANGE = rf"(?P<time>{_TIME})(?:\s*-->\s*{_TIME})?"
_NAME = r"(?P<name>[^\s\[(][^\n]{0,99}?)"
# Two spaces, a tab, a dash or brackets tell a name with its time from a sentence that ends in one.
_SURE = re.compile(rf"\s*(?:{_NAME}(?:\s{{2,}}|\t|\s+[-–—|•·]\s+|\s*(?=[\[(（])))?[\[(（]?{_RANGE}[\])）]?\s*")  # noqa: RUF001
_PERHAPS = (
    re.compile(rf"\s*{_NAME}\s{_RANGE}\s*"),
    re.compile(rf"\s*[\[(]?{_RANGE}[\])]?\s*[-–—|•·]?\s+{_NAME}\s*"),
)
_NO_TITLE = re.compile(r"\s*(?:SUMMARY KEYWORDS|SPEAKERS|OUTLINE|SUMMARY)\s*")


_OTTERS, _NO_FORM = "n  t", {"n t", "t n"}


class _Head(NamedTuple):
    name: str
    at: int
    sure: bool
    form: str  # what stands around the name and the time


def is_stamped(lines: Sequence[Line]) -> bool:
    """Whether names with times stand above their words, seen from the first few hundred lines."""
    heads = _heads(lines[:HEAD_LINES])
    named = [head for head in heads if head and (head.name or head.sure)]
    last = max((place for place, head in enumerate(heads) if head), default=0)
    below = sum(head is None for head in heads[: last + 2])
    # A head without words below it is a line of a list of times. Meet's times stand above "Name: words".
    return bool(named) and below * 2 >= len(named) and last + 1 < len(lines) and not is_named(lines)


def read_stamped(file: str, lines: Sequence[Line]) -> Transcript:
    """The turns of lines that :func:`is_stamped` knows.

    Raises
    ------
    Unreadable
        When nobody says anything in it.
    """
    heads = _heads(lines)
    odd = _odd_heads(lines, heads)
    first = next((place for place, head in enumerate(heads) if head or place in odd), len(lines))
    speaker, at, said, unsure = "", None, [], []
    for place, (line, head) in enumerate(zip(lines[first:], heads[first:], strict=True), first):
        if place in odd:
            whose = f"{speaker}'s" if speaker else "nobody's"
            todo = f"the words below it count as {whose}; where it is one, write it as the others are"
            unsure.append(Problem(file, line.number, f"“{line.text.strip()}” may be a name with its time", todo))
        if head:
            speaker, at = head.name, head.at
        elif not is_of_the_recorder(line.text):
            said.append(Said(speaker, line.text, at, line.number))
    if not said:
        raise Unreadable("there are times and no words", "export the transcript again")
    heading = [line for line in lines[:first] if not _NO_TITLE.fullmatch(line.text)]
    title = heading[0].text.strip(" \t\ufeff") if heading and heading[0] is lines[0] else ""
    day = next(filter(None, (day_in(line.text) for line in heading[:6])), None)
    stated = stated_of(fields_in((), heading))
    problems = (*_not_read(file, heading), *unsure)
    return Transcript(join_turns(said), title=title, date=day, problems=problems, **stated)


def _not_read(file: str, heading: Sequence[Line]) -> tuple[Problem, ...]:
    """What stands before the first name, where it is more than a heading."""
    if sum(len(line.text) for line in heading) < 400:
        return ()
    what = f"what stands before the first name, from {heading[0].text.strip()[:60]!r} on, is not part of the talk"
    return (Problem(file, heading[0].number, what, "it is kept with the transcript, and gives no notes"),)


def _heads(lines: Sequence[Line]) -> list[_Head | None]:
    """For each line, whose name and time it is; None for words."""
    heads = [_head(line.text) for line in lines]
    counts = Counter(head.name for head in heads if head)
    sure = {head.name for head in heads if head and head.sure}
    known = [
        head if head and _is_head(head, counts[head.name], head.sure or head.name in sure) else None for head in heads
    ]
    # How a name and its time stand together tells a name that is written oddly; of a blank between them that is too little.
    forms = {head.form for head in known if head and head.name} - _NO_FORM
    others = [head for head in heads if head and head.form == _OTTERS]
    # Where nobody's name has capitals, or comes again, Otter's own form does, with times that go on.
    if not any(known) and len(others) > 1 and all(one.at <= other.at for one, other in pairwise(others)):
        forms = {_OTTERS}
    heads = [
        found or (head if head and head.form in forms and may_be_name(head.name) else None)
        for found, head in zip(known, heads, strict=True)
    ]
    return _names_below(lines, heads) if any(head and not head.name for head in heads) else heads


def _odd_heads(lines: Sequence[Line], heads: Sequence[_Head | None]) -> set[int]:
    """The places of lines that stand there as names with their times do, and were not taken for any."""
    known = [(place, head) for place, head in enumerate(heads) if head and head.name]
    first, at = min(((place, head.at) for place, head in known), default=(0, 0))
    forms = {head.form for _, head in known}
    odd = {place: _head(line.text) for place, line in enumerate(lines) if not heads[place]}
    # Where a blank alone is between them a sentence may end so; above the first name nobody has said one.
    return {
        place
        for place, head in odd.items()
        if head
        and head.form in forms
        and (head.form not in _NO_FORM or may_be_name(head.name) or (place < first and head.at <= at))
    }


def _is_head(head: _Head, times: int, sure: bool) -> bool:
    # A script without capitals tells no name by them, and hardly any sentence in it comes again with a time behind it.
    is_written_like_one = is_name(head.name, 1) or head.name.lower() == head.name.upper()
    return not head.name or (is_name(head.name, times) and (sure or (times > 1 and is_written_like_one)))


def _head(text: str) -> _Head | None:
    if len(text) > LONGEST:
        return None
    sure = _SURE.fullmatch(text)
    found = sure or next(filter(None, (perhaps.fullmatch(text) for perhaps in _PERHAPS)), None)
    at = to_seconds(found["time"]) if found else None
    if at is None:
        return None
    start, end = found.span("name")
    form = re.sub(_TIME, "t", f"{text[:start]}n{text[end:]}") if found["name"] else ""
    return _Head(name_of(found["name"] or ""), at, sure is not None, re.sub(r"\t|\s{2,}", "  ", form.strip()))


def _names_below(lines: Sequence[Line], heads: list[_Head | None]) -> list[_Head | None]:
    """Names that stand in the line below their time, as old Teams documents have them."""
    places = [place for place, head in enumerate(heads) if head and not head.name]
    below = [place + 1 for place in places if place + 2 < len(lines) and not heads[place + 1] and not heads[place + 2]]
    names = [name_of(lines[place].text) for place in below]
    counts = Counter(names)
    sure = sum(is_name(name, counts[name]) for name in names)
    # Where words stand below the times, and no names, few of their first lines are written like one.
    if len(below) < 0.8 * len(places) or sure * 2 < len(names) or not all(map(may_be_name, names)):
        return heads
    for place, name in zip(below, names, strict=True):
        heads[place] = heads[place - 1]._replace(name=name)
    return heads


def _claims(source: Source) -> bool:
    if not source.is_text:
        return False
    lines = lines_of(source.text[:HEAD])
    return is_stamped(lines) and not is_zoom(lines) and not any(is_timing(line.text) for line in lines)


def _read(source: Source) -> tuple[Transcript, ...]:
    return (read_stamped(source.name, lines_of(source.text)),)


IMPORTER = Importer("Names and times above the words (Otter, Teams)", (".txt",), _claims, _read)
