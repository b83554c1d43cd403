"""Lines and cues joined into turns, and names told from other words that stand before a colon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from workbench.errors import Problem
from workbench.importers.contents import Piece, Turn
from workbench.importers.meet import is_meets_warning
from workbench.importers.source import close_gaps
from workbench.notes import showable

__all__ = [
    "Line",
    "Said",
    "in_doubt",
    "is_name",
    "is_of_the_recorder",
    "join_captions",
    "join_turns",
    "lines_of",
    "may_be_name",
    "name_of",
    "split_speakers",
    "to_seconds",
]

# Of the lines of a file with a name before each some may go on, or say no name.
NEARLY_ALL, MOST = 0.9, 0.6
# Right-to-left marks and a byte-order mark stand around a name and are no part of it.
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
# "Ana Ruiz (Acme): words"; behind a colon of full width stands no space.
_BEFORE_COLON = re.compile(
    rf"\s*(?P<name>[^\s:：][^:：\n]{{0,99}}?)\s?(?:：|:(?=[\s{_MARKS}]|$))[\s{_MARKS}]*(?P<words>.*)",  # noqa: RUF001
    re.DOTALL,
)
# A name has no full stop inside but behind an initial or a title; a comma ("Ruiz, Ana") only in one that comes again.
_SENTENCE = re.compile(r"[.!?…;](?:\s|$)|[.!?…]{2}")
_TITLE = re.compile(r"\b(?:Dr|Prof|Mr|Mrs|Ms|St|Jr|Sr|[A-Z])\.")
_MOST_WORDS = 6
_CODE = re.compile(r"[\"={}<>\[\]\\|`]|\((?!.*\))|^[^(]*\)")
# Of these a name may have some, as in 'Jane "JJ" Doe | Acme [Ops]', where the form of the file says that it is one.
_SURELY_CODE = re.compile(r"[={}<>\\`]|\((?!.*\))|^[^(]*\)|\[(?!.*\])|^[^\[]*\]")
# Whoever dials in is called by the number, or by what is shown of it; a day has fewer digits.
_PHONE = re.compile(r"(?=\+|.*\*|(?:\D*\d){9})\+?[\d(][\d\s().*-]{5,}\d")
_SIGNS = frozenset("-*•#>\"'“”„«»‘’`{}[]<|/\\=+~$%&@!?.,;–—")
# What people say before a colon more often than they are called so.
_NO_NAMES = {
    "also", "and", "but", "e.g", "example", "first", "for example", "http", "https", "i.e", "like", "note", "ok", "okay",
    "p.s", "question", "second", "so", "the thing is", "third", "todo", "warning",
}  # fmt: skip
_OF_THE_RECORDER = re.compile(
    r"[\s#*_]*(?:Transcribed by https?://otter\.ai.{0,200}|\S.{0,60} (?:started|stopped) transcription)[\s*_]*",
    re.IGNORECASE,
)
# Captions write so that somebody else begins to speak, three signs for another subject.
_CHANGE = re.compile(r"(?:^|(?<=\s))>{2,3}\s*")
_TIME = re.compile(r"(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,3}):(?P<s>\d{1,2})(?:[.,]\d{1,6})?")


class Said(NamedTuple):
    """A line or cue, before it is joined to its neighbours.

    Parameters
    ----------
    speaker : str or None
        Who says it; None where the file does not say, so that it goes on with whoever spoke before.
    text : str
        The words.
    at : int or None
        When, in seconds since the call began.
    line : int
        The line of the file, from 1.
    """

    speaker: str | None
    text: str
    at: int | None
    line: int


class Line(NamedTuple):
    """A line of a text, or of a paragraph of a document.

    Parameters
    ----------
    text : str
        Without its line break.
    number : int
        The line in the file, in a document the paragraph; from 1.
    """

    text: str
    number: int


def lines_of(text: str) -> list[Line]:
    r"""The lines of a text that have something in them.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    list of Line
        In their order.

    Examples
    --------
    >>> lines_of("Ana: Why?\n\nJane: It broke.")
    [Line(text='Ana: Why?', number=1), Line(text='Jane: It broke.', number=3)]
    """
    lines = enumerate(text.split("\n"), 1)
    return [Line(close_gaps(line), number) for number, line in lines if line.strip(f" \t{_MARKS}")]


def to_seconds(time: str) -> int | None:
    """A time of day of a call as seconds since it began.

    Parameters
    ----------
    time : str
        ``m:ss``, ``h:mm:ss``, with or without parts of a second.

    Returns
    -------
    int or None
        Cut to whole seconds; None for what is no time.

    Examples
    --------
    >>> to_seconds("00:01:02.900"), to_seconds("61:05"), to_seconds("soon")
    (62, 3665, None)
    """
    found = _TIME.fullmatch(time.strip())
    if found is None:
        return None
    return int(found["h"] or 0) * 3600 + int(found["m"]) * 60 + int(found["s"])


def is_of_the_recorder(line: str) -> bool:
    """Whether a line is what a recorder says of itself, and nobody in the call.

    Parameters
    ----------
    line : str
        A line of a transcript.

    Returns
    -------
    bool
        True for Otter's last line, for who started and stopped Teams' transcription, and for Meet's warning.

    Examples
    --------
    >>> is_of_the_recorder("Transcribed by https://otter.ai"), is_of_the_recorder("It broke.")
    (True, False)
    """
    return len(line) < 300 and (_OF_THE_RECORDER.fullmatch(line) is not None or is_meets_warning(line))


def split_speakers(said: Sequence[Said]) -> list[Said]:
    """Take the speaker's name from before the colon, where it is one.

    A name is what begins lines again and again, or is written like one: up to six words, each beginning with a capital. Where
    nearly all lines have words before a colon, that is the file's form, and those are names however they are written; where most
    have, those are that come again.

    Parameters
    ----------
    said : sequence of Said
        Those that have a speaker already keep their words.

    Returns
    -------
    list of Said
        As many, in their order.

    Examples
    --------
    >>> said = [Said(None, "Ana Ruiz: And then?", 0, 1), Said(None, "Here is the thing: it broke.", 2, 2)]
    >>> [(one.speaker, one.text) for one in split_speakers(said)]
    [('Ana Ruiz', 'And then?'), (None, 'Here is the thing: it broke.')]
    """
    found = [_BEFORE_COLON.match(one.text) if one.speaker is None else None for one in said]
    names = [name_of(match["name"]) if match else "" for match in found]
    counts = Counter(names)
    share = _share(said)
    return [
        one._replace(speaker=name, text=match["words"])
        if match
        and (
            is_name(name, counts[name])
            or (share >= (MOST if counts[name] > 1 else NEARLY_ALL) and match["words"] and may_be_name(name))
        )
        else one
        for one, match, name in zip(said, found, names, strict=True)
    ]


def in_doubt(file: str, said: Sequence[Said]) -> Iterator[Problem]:
    """What may be a name and was not taken for one, each once.

    Parameters
    ----------
    file : str
        The file's name, for problems.
    said : sequence of Said
        As :func:`split_speakers` gives them.

    Yields
    ------
    Problem
        With the line, the words, and whose they count as.

    Examples
    --------
    >>> said = [Said("Ana Ruiz", "And then?", 0, 1), Said(None, "so", 1, 2), Said(None, "iPhone: It broke.", 2, 3)]
    >>> [problem.what for problem in in_doubt("a.vtt", said)]
    ['“iPhone:” may be a name']
    """
    regular, speaker, seen = _share(said) >= NEARLY_ALL, "", set()
    for one in said:
        name = _before_colon(one) if one.speaker is None else ""
        if name and name not in seen and (may_be_name(name) or (regular and name.casefold() not in _NO_NAMES)):
            seen.add(name)
            whose = f"{speaker}'s" if speaker else "nobody's"
            todo = f"its words count as {whose}; where it is one, write it as the others are"
            yield Problem(file, one.line, f"“{name}:” may be a name", todo)
        speaker = speaker if one.speaker is None else one.speaker


def _share(said: Sequence[Said]) -> float:
    """How much of what is said has a name before it, or words that may be one."""
    worded = [one for one in said if one.text.strip() or one.speaker]
    named = sum(one.speaker is not None or _may_stand_there(_before_colon(one)) for one in worded)
    return named / len(worded) if len(worded) > 1 else 0


def _before_colon(one: Said) -> str:
    """What stands before a colon with words behind it."""
    found = _BEFORE_COLON.match(one.text)
    return name_of(found["name"]) if found and found["words"] else ""


def _is_sentence(name: str) -> bool:
    """Whether words before a colon read like a sentence that goes on: behind the first they are mostly in small letters, as is the last."""
    _, *rest = name.split()
    small = [word[0].islower() or re.match(r"I\b", word) is not None for word in rest]
    return len(rest) > 1 and small[-1] and sum(small) * 2 > len(rest)


def name_of(words: str) -> str:
    """A name without what a file puts around it.

    Parameters
    ----------
    words : str
        As it stands before the colon.

    Returns
    -------
    str
        Without Markdown's stars, marks of direction and more than one space.

    Examples
    --------
    >>> name_of("**Ana  Ruiz** ")
    'Ana Ruiz'
    """
    return " ".join(words.strip(f"*_ \t{_MARKS}").split())


def is_name(name: str, times: int) -> bool:
    """Whether words that stand where a speaker does are somebody's name.

    Parameters
    ----------
    name : str
        The words.
    times : int
        How often they stand in such a place of the file.

    Returns
    -------
    bool
        A name has up to six words, each beginning with a capital, or is a telephone's number; others (small letters, scripts
        without capitals) only where they come again.

    Examples
    --------
    >>> is_name("Ana Ruiz", 1), is_name("speaker 1", 2), is_name("here is the thing", 1)
    (True, True, False)
    """
    words = name.split()
    if _PHONE.fullmatch(name):
        return True
    if not words or len(words) > _MOST_WORDS or name.casefold() in _NO_NAMES or _SENTENCE.search(_TITLE.sub("", name)):
        return False
    # A line of a list, a heading, a quotation or code begins with a sign, and nobody's name does.
    if name[0] in _SIGNS or _CODE.search(name) or not any(letter.isalpha() for letter in name):
        return False
    written_like_one = all(word[0].isupper() or not word[0].isalpha() for word in words)
    return times > 1 if "," in name or not written_like_one else True


def may_be_name(name: str) -> bool:
    """Whether words may be somebody's name where the form of a file says that a name stands there.

    Parameters
    ----------
    name : str
        The words.

    Returns
    -------
    bool
        False for sentences, code, what begins with a sign, and what people say before a colon.

    Examples
    --------
    >>> [may_be_name(name) for name in ("jane", "3", "Jane Doe, Acme Inc.", "Slow. Two things", "what it costs")]
    [True, True, True, False, False]
    """
    return _may_stand_there(name) and not _is_sentence(name)


def _may_stand_there(name: str) -> bool:
    """Whether nothing in words before a colon keeps them from being a name, though they may as well be a sentence."""
    return (
        any(letter.isalnum() for letter in name)
        and (name[0] not in _SIGNS or _PHONE.fullmatch(name) is not None)
        and name.casefold() not in _NO_NAMES
        and not _SENTENCE.search(_TITLE.sub("", name).rstrip("."))
        and not _SURELY_CODE.search(name)
    )


def join_turns(said: Iterable[Said]) -> tuple[Turn, ...]:
    """Turns of what was said: neighbours of one speaker are one.

    A ``;`` in a name becomes a comma, since it stands between the names of a call's ``us``.

    Parameters
    ----------
    said : iterable of Said
        In the order of the file.

    Returns
    -------
    tuple of Turn
        None of them empty.

    Examples
    --------
    >>> turn, = join_turns([Said("Ana", "It broke", 1, 3), Said(None, "last  week.", 4, 7)])
    >>> turn.text, turn.piece_at(9)
    ('It broke last week.', Piece(start=9, at=4, line=7))
    """
    turns: list[tuple[str, list[str], list[Piece]]] = []
    end = 0
    for one in said:
        words = " ".join(showable(one.text.replace("\n", " ")).split())
        speaker = None if one.speaker is None else " ".join(showable(one.speaker).replace(";", ",").split())
        if not words:
            # A name alone: its words stand in the lines below.
            if speaker is not None and (not turns or turns[-1][0] != speaker):
                turns.append((speaker, [], []))
                end = 0
            continue
        if not turns or (speaker is not None and turns[-1][0] != speaker):
            turns.append((speaker or "", [], []))
            end = 0
        _, texts, pieces = turns[-1]
        pieces.append(Piece(end, one.at, one.line))
        texts.append(words)
        end += len(words) + 1
    return tuple(Turn(speaker, " ".join(texts), tuple(pieces)) for speaker, texts, pieces in turns if texts)


def join_captions(file: str, said: Sequence[Said]) -> tuple[tuple[Turn, ...], tuple[Problem, ...]]:
    """Turns of captions: by the names before their colons, and where there are none, by the signs for another speaker.

    Parameters
    ----------
    file : str
        The file's name, for problems.
    said : sequence of Said
        In the order of the file, no speaker told yet.

    Returns
    -------
    turns : tuple of Turn
        Nobody's words stand in a turn with somebody else's, as far as the captions tell.
    problems : tuple of Problem
        Where they do not.

    Examples
    --------
    >>> turns, _ = join_captions("a.srt", [Said(None, "It broke. >> When?", 1, 3), Said(None, ">> Last week.", 4, 7)])
    >>> [(turn.speaker, turn.text) for turn in turns]
    [('', 'It broke.'), ('', 'When?'), ('', 'Last week.')]
    """
    named = split_speakers(said)
    if any(one.speaker for one in named):
        return join_turns(named), tuple(in_doubt(file, named))
    parts: list[tuple[bool, Said]] = []
    for one in said:
        first, *others = _CHANGE.split(one.text)
        parts += [(False, one._replace(text=first)), *((True, one._replace(text=words)) for words in others)]
    runs: list[list[Said]] = [[]]
    for (changes, _), one in zip(parts, split_speakers([one for _, one in parts]), strict=True):
        if changes:
            runs.append([])
        runs[-1].append(one)
    return tuple(turn for run in runs for turn in join_turns(run)), ()
