"""Captions that roll: each line stays on the screen while the next one comes, so that the file has it two or three times.

::

    00:00:02.399 --> 00:00:05.000         00:00:05.010 --> 00:00:07.000
    so last week it broke                 and I redid it by hand
    and I redid it by hand                the whole afternoon

YouTube's own captions do so, and live captions do. Words with which a cue begins are left out where the cue before ended in
them, and only in a file where most cues do that: elsewhere somebody has said a thing twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from workbench.errors import Problem, shorten
from workbench.importers.turns import Line

__all__ = ["Cue", "fold_rolled", "mend_timings", "moments", "unread_time"]

# In a tenth of a second nobody says a word: YouTube shows a line alone for a hundredth before the next one comes.
FLASH = 0.1
# Fewer such cues may be chance.
LEAST_CUES = 3
# Words that are the same where no line begins or ends are a repetition by chance when they are fewer.
LEAST_WORDS = 3
# More does not stand on a screen.
MOST_WORDS = 200
LONGEST_TIMING = 100
_TIME = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d{1,6})(?:[.,](\d{1,6}))?")
_WHOLE = re.compile(rf"\s*(?P<start>{_TIME.pattern})\s*-->\s*{_TIME.pattern}(?=\s|$)")
# An arrow with a sign too few or too many, or with a letter in one of the times.
_BROKEN = re.compile(r"\s*(?P<start>[\w:.,]{0,20})\s*(?:-{1,3}|[–—])>\s*(?P<end>[\w:.,]{0,20})\s*")


class Cue(NamedTuple):
    """What stands on the screen for a while.

    Parameters
    ----------
    start, end : float
        In seconds since the call began.
    lines : tuple of Line
        What it says, with the lines of the file.
    """

    start: float
    end: float
    lines: tuple[Line, ...]


def moments(timing: str) -> tuple[float, float]:
    """When a cue begins and ends.

    Parameters
    ----------
    timing : str
        The line with its times.

    Returns
    -------
    tuple of float
        In seconds; twice the first where there is no second.

    Examples
    --------
    >>> moments("00:00:02,399 --> 00:01:05,000")
    (2.399, 65.0)
    """
    times = [
        int(hours or 0) * 3600 + int(minutes) * 60 + float(f"{seconds}.{part or 0}")
        for hours, minutes, seconds, part in _TIME.findall(timing)[:2]
    ]
    return (times[0], times[-1]) if times else (0.0, 0.0)


def mend_timings(lines: Sequence[str]) -> tuple[list[str], frozenset[int]]:
    """Lines in which a broken time of a cue is a whole one, so that its words are read.

    Parameters
    ----------
    lines : sequence of str
        Of a file of captions.

    Returns
    -------
    lines : list of str
        As many; a cue begins at its time that can be read, else with the cue before it.
    broken : frozenset of int
        The numbers of those that were mended, from 1.

    Examples
    --------
    >>> mend_timings(["00:00:04.000 -> 00:00:06.000", "It broke."])
    (['00:00:04.000 --> 00:00:04.000', 'It broke.'], frozenset({1}))
    """
    mended, broken, last = [*lines], set(), "00:00:00.000"
    for place, line in enumerate(lines):
        if ">" not in line:
            continue
        if found := _WHOLE.match(line):
            last = found["start"]
        elif found := _broken(line, lines[place - 1].strip() if place else ""):
            last = next((time for time in (found["start"], found["end"]) if _TIME.fullmatch(time)), last)
            mended[place] = f"{last} --> {last}"
            broken.add(place + 1)
    return mended, frozenset(broken)


def _broken(line: str, above: str) -> re.Match[str] | None:
    """A line that is meant to say when a cue stands; with another arrow than captions have only below an empty line or a number."""
    if (
        len(line) > LONGEST_TIMING
        or not re.search(r"\d:\d", line)
        or not ("-->" in line or not above or above.isdecimal())
    ):
        return None
    return _BROKEN.fullmatch(line)


def unread_time(file: str, number: int, lines: Sequence[str]) -> Problem:
    """What is said of a cue whose time :func:`mend_timings` has mended, `lines` being those of the file."""
    what = f"the time cannot be read in {lines[number - 1].strip()!r}"
    return Problem(
        file, number, what, "the words are kept, at the time that can be read, else at that of the cue before"
    )


def fold_rolled(file: str, cues: Sequence[Cue]) -> tuple[list[Cue], list[Problem]]:
    """Cues without the words that the cue before them shows already.

    Parameters
    ----------
    file : str
        The file's name, for problems.
    cues : sequence of Cue
        In the order of the file.

    Returns
    -------
    cues : list of Cue
        Those that say something new, each with its own time; all of them, as they are, where captions do not roll.
    problems : list of Problem
        What was left out, once.

    Examples
    --------
    >>> shown = ["it broke", "it broke / by hand", "by hand / the whole day", "the whole day / again"]
    >>> cues = [Cue(n, n + 1, tuple(Line(text, n) for text in lines.split(" / "))) for n, lines in enumerate(shown)]
    >>> [(cue.start, cue.lines[0].text) for cue in fold_rolled("a.srt", cues)[0]]
    [(0, 'it broke'), (1, 'by hand'), (2, 'the whole day'), (3, 'again')]
    """
    words = [[_words(line) for line in cue.lines] for cue in cues]
    again = [0] * len(cues)
    for place in range(1, len(cues)):
        before, cue = cues[place - 1 : place + 1]
        if cue.start - before.end <= FLASH:
            again[place] = _shown_again(words[place - 1], words[place], cue.end - cue.start <= FLASH)
    rolling = sum(map(bool, again))
    if rolling < LEAST_CUES or rolling * 2 < len(cues) - 1:
        return [*cues], []
    kept = [cue._replace(lines=_without(cue.lines, n)) for cue, n in zip(cues, again, strict=True)]
    first = next(cue for cue, n in zip(cues, again, strict=True) if n)
    what = f"the captions roll: {rolling} of them show words of the one before again, such as “{shorten(first.lines[0].text, 60)}”"
    problem = Problem(file, first.lines[0].number, what, "each is read once, at the time when it first stands there")
    return [cue for cue in kept if cue.lines], [problem]


def _words(line: Line) -> list[str]:
    """A line's words as they are compared: YouTube mends commas and capitals while a line rolls."""
    return [re.sub(r"\W", "", word).casefold() or word for word in line.text.split()]


def _shown_again(before: list[list[str]], cue: list[list[str]], flashes: bool) -> int:
    """With how many words a cue begins that the one before it ended in; the words of each line."""
    old, new = ([word for line in lines for word in line] for lines in (before, cue))
    ends, begins = _sizes(before[::-1]), _sizes(cue)
    # A cue that says all of what the one before did and no more is said twice, but where it only flashes up.
    most = len(new) - (len(new) >= len(old) and not flashes)
    same = [n for n in range(1, min(most, len(old), MOST_WORDS) + 1) if old[-n:] == new[:n]]
    # What rolls is whole lines; where a program has joined them, whatever is the same.
    whole = [n for n in same if n in ends and n in begins]
    joined = [n for n in same if n in ends or n in begins or n >= LEAST_WORDS]
    return max(whole or joined, default=0)


def _sizes(lines: list[list[str]]) -> set[int]:
    """How many words stand in the first line, in the first two, and so on."""
    return set(accumulate(map(len, lines)))


def _without(lines: Sequence[Line], n: int) -> tuple[Line, ...]:
    """Lines without their first words."""
    kept = []
    for line in lines:
        words = line.text.split()
        if n < len(words):
            kept.append(line._replace(text=" ".join(words[n:])) if n else line)
        n = max(0, n - len(words))
    return tuple(kept)
