"""Chats as text: what WhatsApp exports, and what is copied from Slack.

::

    17.11.26, 10:02 - Ana Ruiz: How is the board?        Ana Ruiz  10:02 AM
    [17/11/2026, 10:02:11] Ana Ruiz: How is the board?   How is the board?

What WhatsApp itself writes, and what stands for a picture, is nobody's, and is named. The times are the clock's: they count from
the first of them, and a chat of several days has none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from workbench.errors import Problem, shorten
from workbench.importers.contents import Transcript
from workbench.importers.formats import Importer
from workbench.importers.source import Source, Unreadable
from workbench.importers.turns import Line, Said, is_name, join_turns, lines_of, may_be_name, name_of, to_seconds

__all__ = ["IMPORTER", "is_chat"]

HEAD = 60_000
HOUR, DAY = 3600, 24 * 3600
_MARKS = " \u200e\u200f\u202a\u202c\ufeff"
_CLOCK = r"(?P<time>\d{1,2}:\d{2}(?::\d{2})?)"
_HALF = r"(?P<half>[AP])\.?\s?M\.?"
_DATED = re.compile(
    rf"\[?(?P<day>\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2}}(?:\d{{2}})?),?\s+{_CLOCK}(?:\s*{_HALF})?(?:\]|\s+[-–])\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = re.compile(r"(?:~\s*)?(?P<name>[^:\n]{1,80}?):\s+(?P<words>.*)", re.DOTALL)
# Without AM or PM it is read as a name and a time above the words.
_ABOVE = re.compile(rf"(?P<name>\S[^\n]{{0,79}}?)\s+\[?{_CLOCK}\s*{_HALF}\]?", re.IGNORECASE)
# WhatsApp marks what nobody has typed by a sign of direction, or puts it into angle brackets.
_UNTYPED = re.compile(r"\u200e.*|<[^<>]*>|Messages and calls are end-to-end encrypted.*", re.DOTALL)


class _Head(NamedTuple):
    """Where a message begins; nobody is its speaker where a program has written it."""

    speaker: str | None
    words: str
    at: int
    day: str


def is_chat(lines: Sequence[Line]) -> bool:
    """Whether lines are a chat: messages begin with a day and a time, or names stand above them with the time of the clock."""
    heads = _heads(lines)
    found = [head for head in heads if head]
    if len(found) < 2 or len(found) * 8 < len(lines) or not any(heads[:3]) or not any(head.speaker for head in found):
        return False
    # What has words behind the name needs no line below it.
    return any(head.words for head in found) or (len(heads) - len(found)) * 2 >= len(found)


def _claims(source: Source) -> bool:
    return source.is_text and is_chat(lines_of(source.text[:HEAD]))


def _read(source: Source) -> tuple[Transcript, ...]:
    lines = lines_of(source.text)
    heads = _heads(lines)
    said: list[Said] = []
    nobodys: list[Line] = []
    last = None
    for line, head in zip(lines, heads, strict=True):
        last = head or last
        if last is None or last.speaker is None:
            nobodys.append(line)
        else:
            said.append(Said(last.speaker, head.words if head else line.text, last.at, line.number))
    if not any(one.text for one in said):
        raise Unreadable("nobody says anything in it", "export the chat again")
    days = list(dict.fromkeys(head.day for head in heads if head and head.day))
    dates = _dates(days)
    first = said[0].at
    times = [(one.at - first) % DAY if len(days) < 2 else None for one in said]
    turns = join_turns(one._replace(at=at) for one, at in zip(said, times, strict=True))
    problems = tuple(_told(source.name, said[0], days, dates, nobodys))
    return (Transcript(turns, date=dates[0] if dates else None, problems=problems),)


def _told(
    file: str, first: Said, days: Sequence[str], dates: Sequence[date], nobodys: Sequence[Line]
) -> Iterator[Problem]:
    """What was worked out, and what was left out."""
    if len(days) > 1:
        what = f"the chat goes on over {len(days)} days, from {dates[0] if dates else days[0]} to {dates[-1] if dates else days[-1]}"
        yield Problem(file, first.line, what, "its day is the first, and its notes are cited by turns")
    else:
        what = f"the times are the clock's: the first is {first.at // HOUR}:{first.at // 60 % 60:02}:{first.at % 60:02}"
        yield Problem(file, first.line, what, "they are counted from there")
    for line in nobodys:
        what = f"“{shorten(line.text.strip(_MARKS), 80)}” is what nobody has typed"
        yield Problem(file, line.number, what, "it is left out, and stays in the file that is kept")


def _heads(lines: Sequence[Line]) -> list[_Head | None]:
    """For each line, the message that begins there; None for what goes on."""
    dated = [_dated(line.text.strip(_MARKS)) for line in lines]
    # In a long message a few lines may begin so as well.
    if sum(map(bool, dated)) > 1:
        return dated
    above = [_above(line.text.strip(_MARKS)) for line in lines]
    counts = Counter(head.speaker for head in above if head)
    known = {name for name, times in counts.items() if is_name(name, times)}
    return [head if head and head.speaker in known else None for head in above]


def _dated(text: str) -> _Head | None:
    found = _DATED.fullmatch(text)
    if not found:
        return None
    message = _NAMED.fullmatch(found["rest"])
    name = name_of(message["name"]) if message else ""
    words = message["words"] if message else ""
    is_typed = may_be_name(name) and not _UNTYPED.fullmatch(words) if name else False
    return _Head(name if is_typed else None, words, _seconds(found), found["day"])


def _above(text: str) -> _Head | None:
    found = _ABOVE.fullmatch(text)
    return _Head(name_of(found["name"]), "", _seconds(found), "") if found else None


def _seconds(found: re.Match[str]) -> int:
    """The time of the clock, in seconds; one without seconds has hours and minutes."""
    at = to_seconds(found["time"]) * (1 if found["time"].count(":") > 1 else 60)
    return at % (12 * HOUR) + (12 * HOUR if found["half"].upper() == "P" else 0) if found["half"] else at


def _dates(days: Sequence[str]) -> list[date]:
    """The days in order; none where they can be read in two ways, of which a chat that goes on in time takes one."""
    ways = [[_date(day, month_first) for day in days] for month_first in (False, True)]
    # With dots the day comes first everywhere.
    if all("." in day for day in days):
        ways = ways[:1]
    ways = [way for way in ways if all(way) and all(a <= b for a, b in pairwise(way))]
    return ways[0] if ways and all(way == ways[0] for way in ways) else []


def _date(day: str, month_first: bool) -> date | None:
    a, b, c = map(int, re.split("[./-]", day))
    year, month, day_of_it = (a, b, c) if a > 31 else (c, a, b) if month_first else (c, b, a)
    try:
        return date(year if year > 99 else 2000 + year, month, day_of_it)
    except ValueError:
        return None


IMPORTER = Importer("Chat as text (WhatsApp, Slack)", (".txt",), _claims, _read)
