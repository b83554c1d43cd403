"""Captions without a name among captions that have one: whether whoever spoke before goes on, or nobody can tell who speaks.

::

    Jane Doe: They never add up.
    Would you pay for a button?        nobody's, where nearly all captions have a name: it begins something new
    Jane Doe: No, never
    did I need one.                    Jane Doe's, since it goes on
    - Show me?                         nobody's, each: by a dash before each line captions say that two speak
    - Here it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from operator import eq

from workbench.errors import Problem, shorten
from workbench.importers.contents import Turn
from workbench.importers.turns import Said, in_doubt, join_captions, join_turns, name_of, split_speakers

__all__ = ["join_cues"]

# In a file with names in more captions than these, and in which one comes again while nobody else speaks, a name does not only say
# that somebody else begins: a caption without one is of somebody whom the recorder did not know.
NAMED = 2 / 3
_NAME = re.compile(r"([^:：]{1,100})[:：]")  # noqa: RUF001
_DASH = re.compile(r"\s*[-–—]\s*(?=[^\s\d-])")
_ENDS = re.compile(r"[.?!…。？！؟][\"'”’»)\]」]*\s*$")  # noqa: RUF001
_ASKS = re.compile(r"[?？؟][\"'”’»)\]」]*\s*$")  # noqa: RUF001


def join_cues(file: str, cues: Sequence[Said], *, voices: bool = False) -> tuple[tuple[Turn, ...], list[Problem]]:
    r"""Turns of captions, those without a name told from what goes on.

    Parameters
    ----------
    file : str
        The file's name, for problems.
    cues : sequence of Said
        In the order of the file, each with its lines.
    voices : bool
        Whether the file says by itself who speaks, so that a colon in its words is only a colon.

    Returns
    -------
    turns : tuple of Turn
        What nobody can tell whose it is has no speaker, and is a turn of its own.
    problems : list of Problem
        Which captions those are, once, and what may be a name.

    Examples
    --------
    >>> words = ["Ana: How is it?", "Jane: Slow.", "Ana: Why?", "It is the export.", "- Always?\n- Yes."]
    >>> turns, problems = join_cues("a.vtt", [Said(None, text, n, n) for n, text in enumerate(words, 3)])
    >>> [(turn.speaker, turn.text) for turn in turns][2:]
    [('Ana', 'Why? It is the export.'), ('', 'Always?'), ('', 'Yes.')]
    >>> problems[0].what
    '2 captions have no name, in lines 7 and 8'
    """
    # A name that begins a caption begins another turn below it, too.
    names = set() if voices else {one.speaker for one in split_speakers(cues) if one.speaker}
    parts = [part for one in cues for part in _parts(one, names)]
    said = [one for _, one in parts] if voices else split_speakers([one for _, one in parts])
    if not any(one.speaker for one in said):
        turns, problems = join_captions(
            file, [one._replace(text=f">> {one.text}" if is_new else one.text) for is_new, one in parts]
        )
        return turns, [*problems]
    worded = [one for one in said if one.text.strip() or one.speaker]
    names = [one.speaker for one in worded if one.speaker is not None]
    nearly_all = len(names) > NAMED * len(worded) and any(map(eq, names, names[1:]))
    runs: list[list[Said]] = [[]]
    before = ""
    for (is_new, _), one in zip(parts, said, strict=True):
        if one.speaker is None and one.text.strip() and (is_new or (nearly_all and not _goes_on(before, one.text))):
            runs.append([])
            one = one._replace(speaker="")
        runs[-1].append(one)
        before = one.text or before
    lines = [run[0].line for run in runs[1:]]
    problems = [] if voices else [*in_doubt(file, [one for run in runs for one in run])]
    return tuple(turn for run in runs for turn in join_turns(run)), [*_nobodys(file, lines), *problems]


def _parts(cue: Said, names: Collection[str]) -> Iterator[tuple[bool, Said]]:
    """A caption, or what each of those who speak in it says; and whether it is somebody else by the dash alone."""
    lines = cue.text.split("\n")
    starts = [place for place, line in enumerate(lines) if _DASH.match(line)]
    if is_new := len(starts) > 1 and not starts[0]:
        lines = [_DASH.sub("", line, count=1) for line in lines]
    else:
        named = map(_NAME.match, lines)
        starts = [place for place, found in enumerate(named) if not place or (found and name_of(found[1]) in names)]
    for start, end in pairwise([*starts, len(lines)]):
        yield is_new, Said(cue.speaker, "\n".join(lines[start:end]), cue.at, cue.line + start)


def _goes_on(before: str, words: str) -> bool:
    """Whether words are said by whoever spoke before, as far as two of three things say so."""
    is_within = before != "" and not _ENDS.search(before)
    return is_within + words.strip()[:1].islower() + (not _ASKS.search(words)) > 1


def _nobodys(file: str, lines: Sequence[int]) -> Iterator[Problem]:
    if lines:
        *most, last = map(str, lines)
        where = shorten(f"lines {', '.join(most)} and {last}" if most else f"line {last}", 200)
        what = f"{len(lines)} captions have no name, in {where}" if most else "a caption has no name"
        todo = "nobody's words, and so no evidence, until you write who says them before each, or say whose they are"
        yield Problem(file, lines[0], what, todo)
