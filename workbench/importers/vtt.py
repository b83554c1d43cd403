"""WebVTT captions, as Zoom, Teams, Meet and most recorders export them.

The speaker stands in a voice tag (``<v Ana Ruiz>``, Teams) or before the words (``Ana Ruiz: ``, Zoom); a cue without one
goes on with the speaker before. Parsed by webvtt-py after W3C's WebVTT.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator

import webvtt

from workbench.errors import Problem
from workbench.importers.contents import Transcript
from workbench.importers.formats import Importer
from workbench.importers.source import Source, Unreadable
from workbench.importers.turns import Said, join_turns, split_speakers, to_seconds

__all__ = ["IMPORTER"]

_TIMING = re.compile(r"\s*(?:\d+:)?\d+:\d+[.,]\d+\s*-->")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_TAG = re.compile(r"</?[^<>]*>")


def _claims(source: Source) -> bool:
    return source.is_text and source.text.lstrip("\ufeff \n\t").startswith("WEBVTT")


def _read(source: Source) -> tuple[Transcript, ...]:
    text = source.text.lstrip("\ufeff \n\t")
    skipped = source.text.count("\n", 0, len(source.text) - len(text))
    lines = text.split("\n")
    timings = [number for number, line in enumerate(lines, 1) if _TIMING.match(line)]
    try:
        cues = list(webvtt.from_buffer(io.StringIO(text)))
    except webvtt.errors.MalformedFileError as error:
        raise Unreadable(f"the captions cannot be read ({error})", "export them again as WebVTT") from None
    if not cues:
        raise Unreadable("there are no captions behind WEBVTT", "export them again as WebVTT")
    starts = [to_seconds(lines[number - 1].split("-->")[0]) for number in timings]
    said, problems, place = [], [], 0
    for cue in cues:
        at = to_seconds(cue.start)
        # A timing line that gave no cue has no words, or cannot be read.
        while place < len(timings) - 1 and starts[place] != at:
            problems.append(_lost(source, lines, timings[place], skipped))
            place += 1
        line = timings[place] + 1 + skipped if timings else 1
        place += 1
        said += [Said(speaker, words, at, line) for speaker, words in _voices(cue.raw_text)]
    problems += [_lost(source, lines, number, skipped) for number in timings[place:]]
    return (Transcript(join_turns(split_speakers(said)), problems=tuple(problems)),)


def _voices(raw: str) -> Iterator[tuple[str | None, str]]:
    """Who says what in a cue; None is whoever spoke before, or stands before a colon."""
    before, *rest = _VOICE.split(raw)
    if before.strip():
        yield None, _words(before)
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        yield html.unescape(name).strip(), _words(words)


def _words(raw: str) -> str:
    return html.unescape(_TAG.sub("", raw))


def _lost(source: Source, lines: list[str], number: int, skipped: int) -> Problem:
    return Problem(source.name, number + skipped, f"no words at {lines[number - 1].strip()!r}", "the rest is read")


IMPORTER = Importer("WebVTT captions", (".vtt",), _claims, _read)
