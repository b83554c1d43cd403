"""WebVTT captions, as Zoom, Teams, Meet and most recorders export them.

The speaker stands in a voice tag (``<v Ana Ruiz>``, Teams) or before the words (``Ana Ruiz: ``, Zoom); a cue without one
goes on with the speaker before, see ``nameless.py``. Parsed by webvtt-py after W3C's WebVTT. A file that has voice tags has its
speakers there, and a colon in its words is only a colon. YouTube's captions have neither, and roll.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace

import webvtt

from workbench.errors import Problem
from workbench.importers.contents import Transcript
from workbench.importers.formats import Importer
from workbench.importers.nameless import join_cues
from workbench.importers.rolling import Cue, fold_rolled, mend_timings, moments, unread_time
from workbench.importers.source import Source, Unreadable
from workbench.importers.turns import Line, Said, to_seconds

__all__ = ["IMPORTER"]

_TIMING = re.compile(r"\s*(?:\d+:)?\d+:\d+(?:[.,]\d+)?\s*-->")
_BOTH = re.compile(r"(?m)^[ \t]*(?:\d+:)?\d+:\d+(?:[.,]\d+)?[ \t]*-->[ \t]*(?:\d+:)?\d+:\d+(?:[.,]\d+)?")
_TIME = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d{1,6})(?:[.,](\d+))?")
_TITLE = re.compile(r"WEBVTT\s+-\s*(.*)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^<>]{0,200})>")
_TAG = re.compile(r"</?[^<>]*>")


def _claims(source: Source) -> bool:
    return source.is_text and source.text.lstrip("\ufeff \n\t").startswith("WEBVTT")


def _read(source: Source) -> tuple[Transcript, ...]:
    text = source.text.lstrip("\ufeff \n\t")
    skipped = source.text.count("\n", 0, len(source.text) - len(text))
    written = text.split("\n")
    lines, broken = mend_timings(written)
    text = _BOTH.sub(lambda found: _TIME.sub(_well_written, found[0]), "\n".join(lines))
    lines = text.split("\n")
    title = _TITLE.fullmatch(lines[0])
    timings = [number for number, line in enumerate(lines, 1) if _TIMING.match(line)]
    try:
        cues = list(webvtt.from_buffer(io.StringIO(text)))
    except webvtt.errors.MalformedFileError as error:
        raise Unreadable(f"the captions cannot be read ({error})", "export them again as WebVTT") from None
    if not cues:
        raise Unreadable("there are no captions behind WEBVTT", "export them again as WebVTT")
    starts = [to_seconds(lines[number - 1].split("-->")[0]) for number in timings]
    shown, problems, place = [], [], 0
    for cue in cues:
        at = to_seconds(cue.start)
        # A timing line that gave no cue has no words, or cannot be read.
        while place < len(timings) - 1 and starts[place] != at:
            problems.append(_lost(source, written, timings[place], skipped))
            place += 1
        if timings and timings[place] in broken:
            unread = unread_time(source.name, timings[place], written)
            problems.append(replace(unread, line=unread.line + skipped))
        shown.append((cue, timings[place] + 1 + skipped if timings else 1))
        place += 1
    problems += [_lost(source, written, number, skipped) for number in timings[place:]]
    if not cues[-1].raw_text and timings:
        problems.append(_lost(source, written, shown[-1][1] - 1 - skipped, skipped))  # a file that breaks off
    if any(_VOICE.search(cue.raw_text) for cue in cues):
        said = [
            Said(speaker, words, to_seconds(cue.start), line)
            for cue, line in shown
            for speaker, words in _voices(cue.raw_text)
        ]
        turns, unsure = join_cues(source.name, said, voices=True)
    else:
        cues, rolled = fold_rolled(source.name, [_cue(cue, line) for cue, line in shown])
        problems += rolled
        said = [
            Said(None, "\n".join(line.text for line in cue.lines), int(cue.start), cue.lines[0].number)
            for cue in cues
            if cue.lines
        ]
        turns, unsure = join_cues(source.name, said)
    title = title[1].strip() if title else ""
    return (Transcript(turns, title=title, problems=(*problems, *unsure)),)


def _well_written(time: re.Match[str]) -> str:
    """A time as WebVTT wants it: some write a comma as SRT does or no thousandths, or round up to 60 seconds, and the cue would be dropped."""
    minutes, seconds = divmod(int(time[3]), 60)
    hours, minutes = divmod(int(time[2]) + minutes, 60)
    return f"{int(time[1] or 0) + hours:02}:{minutes:02}:{seconds:02}.{(time[4] or '')[:3]:0<3}"


def _voices(raw: str) -> Iterator[tuple[str | None, str]]:
    """Who says what in a cue; None is whoever spoke before, or stands before a colon."""
    before, *rest = _VOICE.split(raw)
    if before.strip():
        yield None, _words(before)
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        yield html.unescape(name).strip(), _words(words)


def _cue(cue: webvtt.Caption, first: int) -> Cue:
    """A cue without voices, each of its lines with the line of the file."""
    lines = _TAG.sub(lambda tag: "\n" * tag[0].count("\n"), cue.raw_text).split("\n")
    said = (Line(html.unescape(line), number) for number, line in enumerate(lines, first))
    return Cue(*moments(f"{cue.start} --> {cue.end}"), tuple(line for line in said if line.text.strip()))


def _words(raw: str) -> str:
    return html.unescape(_TAG.sub("", raw))


def _lost(source: Source, lines: list[str], number: int, skipped: int) -> Problem:
    return Problem(source.name, number + skipped, f"no words at {lines[number - 1].strip()!r}", "the rest is read")


IMPORTER = Importer("WebVTT captions", (".vtt",), _claims, _read)
