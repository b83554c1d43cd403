"""SRT captions: numbered cues, times with a comma.

Read line by line and not by webvtt-py, which does not say in which line a cue stands and gives up at the first cue that is
broken: an empty line inside a cue, a cue without its number and times with a full stop are all read here.
"""

from __future__ import annotations

import html
import re

from workbench.errors import Problem
from workbench.importers.contents import Transcript
from workbench.importers.formats import Importer
from workbench.importers.nameless import join_cues
from workbench.importers.rolling import Cue, fold_rolled, mend_timings, moments, unread_time
from workbench.importers.source import Source, Unreadable
from workbench.importers.turns import Line, Said

__all__ = ["IMPORTER", "is_timing"]

_TIMING = re.compile(r"\s*(\d+:\d{1,2}(?::\d{1,2})?(?:[,.]\d+)?)\s*-->")
# Styles of the letters and where on the screen they stand.
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|\{\\[^{}]{0,200}\}")


def is_timing(line: str) -> bool:
    """Whether a line says when a caption stands, in SRT or WebVTT."""
    return _TIMING.match(line) is not None


def _claims(source: Source) -> bool:
    if not source.is_text:
        return False
    head = [line.strip() for line in source.text[:2000].split("\n") if line.strip(" \t\ufeff")][:2]
    return any(map(_TIMING.match, head[:1])) or (
        len(head) == 2 and _is_number(head[0]) and bool(_TIMING.match(head[1]))
    )


def _read(source: Source) -> tuple[Transcript, ...]:
    written = source.text.split("\n")
    lines, broken = mend_timings(written)
    timings = [number for number, line in enumerate(lines) if _TIMING.match(line)]
    cues, problems = [], []
    for place, number in enumerate(timings):
        end = timings[place + 1] if place + 1 < len(timings) else len(lines)
        # The next cue's number stands in the line above its times.
        if end < len(lines) and end - 1 > number and _is_number(lines[end - 1]):
            end -= 1
        words = _TAG.sub(lambda tag: "\n" * tag[0].count("\n"), "\n".join(lines[number + 1 : end])).split("\n")
        said = (Line(html.unescape(line), at) for at, line in enumerate(words, number + 2))
        cue = Cue(*moments(lines[number]), tuple(line for line in said if line.text.strip()))
        if cue.lines:
            cues.append(cue)
            problems += [unread_time(source.name, number + 1, written)] if number + 1 in broken else []
        else:
            problems.append(
                Problem(source.name, number + 1, f"no words at {written[number].strip()!r}", "the rest is read")
            )
    if not cues:
        raise Unreadable("there are no words behind the times", "export the captions again as SRT or WebVTT")
    cues, rolled = fold_rolled(source.name, cues)
    said = [Said(None, "\n".join(line.text for line in cue.lines), int(cue.start), cue.lines[0].number) for cue in cues]
    turns, unsure = join_cues(source.name, said)
    return (Transcript(turns, problems=(*problems, *rolled, *unsure)),)


def _is_number(line: str) -> bool:
    return line.strip(" \t\ufeff").isdecimal()


IMPORTER = Importer("SRT captions", (".srt",), _claims, _read)
