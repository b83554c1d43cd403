"""Which sentences of a transcript are worth a note: found, ranked and cited, never chosen. A person chooses.

A candidate is what a customer said, verbatim: a sentence, with the short ones beside it that go on with the same thought. Where a machine
wrote no signs, it is a part of what was said at a stretch, cut where a thought may begin.
What it is worth grows with its length without fillers, though more slowly than that; signals in it
(:mod:`workbench.signals`) and a question just before it add, a question of its own takes away. The neighbours of one that
is chosen already are worth less, so that the first hundred come from the whole call. Nothing that one of us said is one.

How many of the passages that researchers marked are among the first hundred, beside chance and the longest sentences, is
measured by ``benchmarks/candidates.py``, where all numbers below come from.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from workbench.importers.contents import Transcript, Turn
from workbench.signals import Signal, find_signals
from workbench.unspaced import LETTER, LETTERS, UNSPACED, count_words

__all__ = ["Candidate", "cite_turn", "find_candidates", "split_us"]

# Below this a sentence says yes, no, or goes on.
LEAST_WORDS = 5
# A sentence of fewer words goes on with its neighbour, up to so many in all.
SHORT_WORDS = 6
JOINED_WORDS = 25
# More words without a full stop are a machine's, and are cut where it paused.
MOST_WORDS = 60
CUT_WORDS = 30
# Where a turn has no full stop at all, more words than this are cut into parts that are best of about so many: a cut costs, and a length that
# is half or double.
UNSIGNED_WORDS, PART_WORDS = 24, 20
CUT_COST, LENGTH_COST = 2.0, 0.2
# What tells there that a thought begins: nothing said for so many seconds, a cue, a word that talk goes on with, who does something. A word that asks for
# another holds the next one.
PAUSE_SECONDS, PAUSE_WORTH, CUE_WORTH = 2, 3.0, 0.5
GOES_ON_WORTH, SUBJECT_WORTH, HOLDS_ON_COST = 3.0, 1.0, 3.0
# What each kind of signal, being an answer and being a question do to what a candidate is worth.
SIGNAL_WORTH = 0.2
ANSWER_WORTH = 1.4
QUESTION_WORTH = 0.5
# How many candidates beside one that is chosen it makes worth less, and what it leaves of the nearest.
NEAR = 4
LEFT_BESIDE = 0.1

_QUESTION = ("?", "？", "؟", ";")  # noqa: RUF001 - what ends a question elsewhere
# Sounds and words that say nothing, as they are heard in English talk, and what transcribers put in brackets.
_FILLERS = re.compile(
    r"[\[({<][^\])}>]{1,20}[\])}>]|\b(?:a+h|actually|basically|e+r|guess|h+m+|i mean|i think|just|kind of|like|m+h?m+|oh|ok|okay|"
    r"really|right|so|sort of|thanks|thank you|u+h+(?:-huh)?|u+m+|well|yeah|yep|yes|you know)\b|[^\w\s]+",
    re.IGNORECASE,
)
# Two letters of a script without blanks are about a word.
_WORD = re.compile(rf"(?:{LETTER}){{1,2}}|[^\s{LETTERS}]+")
_SIGN = re.compile(r"[.?!…](?:\s|$)|[。？！]")  # noqa: RUF001
_ASKS = re.compile(
    r"\b(?:how|what|why|when|where|which|who|(?:do|did|does|can|could|would|will|are|were|have|is|was) (?:you|your|it|there|they|that|this)|tell me)\b",
    re.IGNORECASE,
)
# Without signs English talk begins another thought with these, goes on with who does something, and never ends with those.
_BEGINS = frozenset("and anyway but no now oh okay right so then um well yeah yes".split())
_SUBJECTS = frozenset(
    "actually because everybody he he's how i i'd i'll i'm i've if it it's let's nobody or she she's that's there there's they they're they've this "
    "usually we we'd we'll we're we've what when where you you're".split()
)
_HOLDS_ON = frozenset(
    "a about an and are as be because been but by can could did do does doesn't don't every for from had has have he he's her his how i i'd i'll i'm i've "
    "if in is it's its just kind let's maybe mean more my no of or our she so than that's the their there's they they're to two um very was we we're "
    "were what when where which who will with would you you're your".split()
)
_PAUSE = re.compile(r"[,;:–—]\s+|[、，،]\s*")
# Where English talk goes on with another thought.
_GOES_ON = re.compile(r"(?<=\s)(?=(?:and|because|but|so|then|which)\s)", re.IGNORECASE)


class Candidate(NamedTuple):
    """A sentence of a customer that may be worth a note.

    Parameters
    ----------
    turn : int
        Which turn of the transcript, from 0.
    start, end : int
        Where it stands in the turn's text, so that ``turns[turn].text[start:end]`` gives it.
    text : str
        The words, verbatim.
    speaker : str
        Who says them.
    at : str
        For a note: ``mm:ss`` where the transcript has times, else the turn as ``¶12``, from 1.
    line : int
        The line of the transcript's file.
    signals : tuple of Signal
        What in it hints at what it means.
    worth : float
        By what they are ranked; comparable between calls.
    """

    turn: int
    start: int
    end: int
    text: str
    speaker: str
    at: str
    line: int
    signals: tuple[Signal, ...]
    worth: float


def split_us(us: str) -> tuple[str, ...]:
    """The names in a call's field ``us``.

    Parameters
    ----------
    us : str
        Names with ``;`` between them.

    Returns
    -------
    tuple of str
        As speakers are named in the transcript.

    Examples
    --------
    >>> split_us("Ana Ruiz; Tom")
    ('Ana Ruiz', 'Tom')
    """
    return tuple(name for part in us.split(";") if (name := " ".join(part.split())))


def cite_turn(turn: Turn, number: int, place: int = 0) -> str:
    """Where something was said, as a note has it behind ``@``.

    Parameters
    ----------
    turn : Turn
        The turn.
    number : int
        Its place in the transcript, from 0.
    place : int
        Where in its text.

    Returns
    -------
    str
        ``mm:ss`` or ``h:mm:ss`` where the transcript has times, else ``¶`` and the turn's number from 1.

    Examples
    --------
    >>> from workbench.importers import Piece
    >>> cite_turn(Turn("Jane", "It broke.", (Piece(0, 3725, 9),)), 4), cite_turn(Turn("Jane", "No.", (Piece(0, None, 9),)), 4)
    ('1:02:05', '¶5')
    """
    return turn.cite(number, place)


def find_candidates(transcript: Transcript, us: Iterable[str] = (), *, language: str = "en") -> list[Candidate]:
    r"""What customers said that may be worth a note, the most telling first.

    Parameters
    ----------
    transcript : Transcript
        The call.
    us : iterable of str
        Which of its speakers are of our own people; what they say is none.
    language : str
        What is spoken, such as "de": by it the full stop behind an abbreviation is told from a sentence's. Signals and
        fillers are known in English only.

    Returns
    -------
    list of Candidate
        Each sentence of five words or more, short ones with their neighbours, by what it is worth, then by place.

    Examples
    --------
    >>> from workbench.importers import Source, read_source
    >>> text = "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: And then what did you do?\n"
    >>> text += "\n01:03.000 --> 01:04.000\nJane: Right, well. Last Friday the report took me 2 hours.\n"
    >>> _, (transcript,) = read_source(Source("call.vtt", text.encode()))
    >>> [(one.text, one.at) for one in find_candidates(transcript, us=["Ana"])]
    [('Last Friday the report took me 2 hours.', '01:03')]
    """
    us = tuple(us)
    found = []
    asked = False
    for number, turn in enumerate(transcript.turns):
        if not turn.is_by(us):
            for start, end in _thoughts(turn, language):
                text = turn.text[start:end]
                signals = tuple(find_signals(text))
                piece = turn.piece_at(start)
                at = cite_turn(turn, number, start)
                worth = _worth(text, signals, asked)
                found.append(Candidate(number, start, end, text, turn.speaker, at, piece.line, signals, worth))
        asked = any(mark in turn.text for mark in _QUESTION) or (
            turn.is_by(us) and not _SIGN.search(turn.text) and _ASKS.search(turn.text) is not None
        )
    return _spread(found)


def _worth(text: str, signals: Iterable[Signal], is_answer: bool) -> float:
    """What a candidate is worth by itself."""
    worth = math.sqrt(len(_bare(text)))
    worth *= 1 + SIGNAL_WORTH * len({signal.kind for signal in signals})
    return worth * (ANSWER_WORTH if is_answer else 1) * (QUESTION_WORTH if text.endswith(_QUESTION) else 1)


def _bare(text: str) -> str:
    """A text without fillers."""
    return " ".join(_FILLERS.sub(" ", text).split())


def _thoughts(turn: Turn, language: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a turn stand, short ones joined to their neighbours; none that is too short."""
    thoughts: list[tuple[int, int]] = []
    last = 0
    for start, end in _sentences(turn, language):
        words = count_words(turn.text[start:end])
        if not _bare(turn.text[start:end]):
            continue
        if thoughts and min(words, last) < SHORT_WORDS and words + last <= JOINED_WORDS:
            thoughts[-1] = thoughts[-1][0], end
            last += words
        else:
            thoughts.append((start, end))
            last = words
    return ((start, end) for start, end in thoughts if count_words(turn.text[start:end]) >= LEAST_WORDS)


def _sentences(turn: Turn, language: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a turn stand; what goes on without a full stop is cut."""
    is_unsigned = not _SIGN.search(turn.text)
    for found in get_sentence_boundaries(language, turn.text):
        start, end = _trim(turn.text, found["start_index"], found["end_index"])
        n_words = count_words(turn.text[start:end])
        if is_unsigned and n_words > UNSIGNED_WORDS and not UNSPACED.search(turn.text, start, end):
            yield from _part(turn, start, end)
        elif n_words <= MOST_WORDS:
            yield start, end
        else:
            yield from _cut(turn, start, end)


def _part(turn: Turn, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch without any full stop in parts that each may be a thought: the cuts that are worth most, for parts of about one length."""
    spans = [word.span() for word in _WORD.finditer(turn.text, start, end)]
    words = [turn.text[first:last].casefold().replace("’", "'") for first, last in spans]
    worth = [0.0, *_worth_of_cuts(turn, spans, words), 0.0]
    costs = [0.0, *(CUT_COST + LENGTH_COST * math.log2(n / PART_WORDS) ** 2 for n in range(1, MOST_WORDS + 1))]
    best, before = [0.0] + [-math.inf] * len(words), [0] * (len(words) + 1)
    for last in range(1, len(words) + 1):
        for first in range(max(0, last - MOST_WORDS), last):
            value = best[first] + worth[last] - costs[last - first]
            if value > best[last]:
                best[last], before[last] = value, first
    cuts = [len(words)]
    while cuts[-1]:
        cuts.append(before[cuts[-1]])
    for last, first in reversed(list(pairwise(cuts))):
        yield spans[first][0], spans[last - 1][1]


def _worth_of_cuts(turn: Turn, spans: list[tuple[int, int]], words: list[str]) -> Iterator[float]:
    """For each place between two words what a cut there is worth."""
    cues = {piece.start: pause for piece, pause in zip(turn.pieces, _pauses(turn), strict=True)}
    for place in range(1, len(words)):
        before, behind = words[place - 1], words[place]
        worth = GOES_ON_WORTH * (behind in _BEGINS) + SUBJECT_WORTH * (behind in _SUBJECTS)
        worth -= HOLDS_ON_COST * (before in _HOLDS_ON)
        if (pause := cues.get(spans[place][0])) is not None:
            worth += PAUSE_WORTH if pause >= PAUSE_SECONDS else CUE_WORTH
        elif before[-1] in ",;:–—":
            worth += GOES_ON_WORTH
        yield worth


def _pauses(turn: Turn) -> Iterator[float]:
    """Before each cue how many seconds more than its words take nothing was said, at three words a second."""
    yield 0.0
    for one, following in pairwise(turn.pieces):
        if one.at is None or following.at is None:
            yield 0.0
        else:
            yield following.at - one.at - count_words(turn.text[one.start : following.start]) / 3


def _cut(turn: Turn, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch without a full stop in parts of some 30 words: at a cue, else at a comma, else where a thought may end."""
    words = [word.start() for word in _WORD.finditer(turn.text, start, end)]
    cues = [piece.start for piece in turn.pieces]
    commas = [pause.end() for pause in _PAUSE.finditer(turn.text, start, end)]
    turns = [place.start() for place in _GOES_ON.finditer(turn.text, start, end)]
    while count_words(turn.text[start:end]) > MOST_WORDS:
        ahead = [place for place in words if place > start]
        # Nothing shorter than half of what a part is meant to have.
        low, high = (ahead[min(len(ahead), n) - 1] for n in (CUT_WORDS // 2, CUT_WORDS)) if ahead else (start, start)
        cut = next(
            (max(fit) for breaks in (cues, commas, turns) if (fit := [b for b in breaks if low <= b <= high])), high
        )
        if not start < cut < end:
            break
        yield _trim(turn.text, start, cut)
        start = cut
    yield _trim(turn.text, start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without blanks at its ends."""
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())


def _spread(found: list[Candidate]) -> list[Candidate]:
    """By worth, which sinks beside what is chosen already: greedy, as in maximal marginal relevance, but by place."""
    worth = [one.worth for one in found]
    # An entry is old where what it stands for has sunk since; the newer one is in the heap too.
    heap = [(-value, place) for place, value in enumerate(worth)]
    heapq.heapify(heap)
    left = set(range(len(found)))
    chosen = []
    while heap:
        value, best = heapq.heappop(heap)
        if best not in left or -value != worth[best]:
            continue
        left.remove(best)
        chosen.append(found[best]._replace(worth=worth[best]))
        for other in range(max(0, best - NEAR), min(len(found), best + NEAR + 1)):
            if other in left:
                worth[other] *= 1 - (1 - LEFT_BESIDE) * (1 - abs(other - best) / (NEAR + 1))
                heapq.heappush(heap, (-worth[other], other))
    return chosen
