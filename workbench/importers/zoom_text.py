r"""What Zoom saves as text: captions with a name in brackets, and the chat.

::

    [Ana Ruiz] 16:03:22                   00:12:04<tab>Ana Ruiz:<tab>How do you do it today?
    How do you do it today?               16:03:22 From Ana Ruiz to Everyone:
                                          <tab>How do you do it today?

Captions saved on one's own computer have the time of the clock. The first of them then counts as the beginning, and a problem
says so. Before the time of a chat its day may stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.errors import Problem
from workbench.importers.contents import Transcript
from workbench.importers.days import day_in
from workbench.importers.formats import Importer
from workbench.importers.source import Source, Unreadable
from workbench.importers.turns import Line, Said, join_turns, lines_of, name_of, to_seconds

__all__ = ["IMPORTER", "is_zoom"]

HEAD = 60_000
HOUR, DAY = 3600, 24 * 3600
_TIME = r"(?P<time>\d{1,3}:\d{2}:\d{2}|\d{1,3}:\d{2})"
_HEADS = (
    re.compile(rf"\[(?P<name>[^\]\t\n]{{1,80}})\]\s*{_TIME}(?:\s*(?P<half>[AP]M))?\s*(?P<words>)", re.IGNORECASE),
    re.compile(
        rf"(?:(?P<day>\d{{4}}-\d\d-\d\d)\s+)?{_TIME}\s+From\s+(?P<name>[^\n]{{1,120}}?)(?:\s+to\s+[^\n]{{1,200}}?)?\s*:(?:\s+(?P<words>.*))?",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(rf"{_TIME}\t\s*(?P<name>[^\t\n]{{1,80}}?)\s*:?\t(?P<words>.*)", re.DOTALL),
    re.compile(rf"(?P<name>[^\t\n]{{1,80}}?)\s*:?\t{_TIME}\t(?P<words>.*)", re.DOTALL),
)


def is_zoom(lines: Sequence[Line]) -> bool:
    """Whether lines are captions or a chat as Zoom saves them."""
    heads = sum(_head(line) is not None for line in lines)
    return heads > 0 and heads * 4 >= len(lines) and any(map(_head, lines[:3]))


def _claims(source: Source) -> bool:
    return source.is_text and is_zoom(lines_of(source.text[:HEAD]))


def _read(source: Source) -> tuple[Transcript, ...]:
    said: list[Said] = []
    clock, day = False, None
    for line in lines_of(source.text):
        if found := _head(line):
            day = day or day_in(found.groupdict().get("day") or "")
            at = to_seconds(found["time"])
            if half := found.groupdict().get("half"):
                at, clock = at % (12 * HOUR) + (12 * HOUR if half.upper() == "PM" else 0), True
            said.append(Said(name_of(found["name"]), found["words"] or "", at, line.number))
        else:
            said.append(Said(None, line.text, said[-1].at if said else None, line.number))
    times = [one.at for one in said if one.at is not None]
    if not times:
        raise Unreadable("nobody is named in it", "save the captions or the chat in Zoom again")
    # A recording's own times begin within its first hour.
    if not clock and times[0] < HOUR:
        return (Transcript(join_turns(said), date=day),)
    first = next(one for one in said if one.at is not None)
    what = f"the times are the clock's: the first is {times[0] // HOUR}:{times[0] // 60 % 60:02}:{times[0] % 60:02}"
    problem = Problem(source.name, first.line, what, "they are counted from there")
    return (Transcript(join_turns(_since(said, times[0])), date=day, problems=(problem,)),)


def _since(said: Sequence[Said], first: int) -> list[Said]:
    # A call may go on past midnight.
    return [one if one.at is None else one._replace(at=(one.at - first) % DAY) for one in said]


def _head(line: Line) -> re.Match[str] | None:
    return next((found for head in _HEADS if (found := head.fullmatch(line.text.strip(" \ufeff")))), None)


IMPORTER = Importer("Zoom captions or chat as text", (".txt",), _claims, _read)
