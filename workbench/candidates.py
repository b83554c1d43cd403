"""Which sentences of a transcript are worth a note: found, ranked and cited, never chosen. A person chooses.

A candidate is a sentence that a customer said, verbatim. What it is worth grows with its length, up to a point, and with
the signals in it (:mod:`workbench.signals`); the neighbours of one that is chosen already are worth less, so that the first
hundred come from the whole call. Nothing that one of us said is one.

How many of the passages that researchers marked are among the first hundred, beside chance and the longest sentences, is
measured by ``benchmarks/candidates.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sentencex import segment

from workbench.importers.contents import Transcript, Turn
from workbench.signals import Signal, find_signals

__all__ = ["Candidate", "cite_turn", "find_candidates", "split_us"]

# Below this a sentence says yes, no, or goes on.
LEAST_WORDS = 5
# What each kind of signal adds, and how many sentences beside one that is chosen it makes worth less.
SIGNAL_WORTH = 0.2
NEAR = 4
LEFT_BESIDE = 0.1


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
    at = turn.piece_at(place).at
    if at is None:
        return f"¶{number + 1}"
    minutes, seconds = divmod(at, 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def find_candidates(transcript: Transcript, us: Iterable[str] = ()) -> list[Candidate]:
    r"""The sentences of customers that may be worth a note, the most telling first.

    Parameters
    ----------
    transcript : Transcript
        The call.
    us : iterable of str
        Which of its speakers are of our own people; what they say is none.

    Returns
    -------
    list of Candidate
        Each sentence of five words or more, by what it is worth, then by place.

    Examples
    --------
    >>> from workbench.importers import Source, read_source
    >>> text = "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: And then what did you do?\n"
    >>> text += "\n01:03.000 --> 01:04.000\nJane: Right. Last Friday the report took me 2 hours.\n"
    >>> _, (transcript,) = read_source(Source("call.vtt", text.encode()))
    >>> [(one.text, one.at) for one in find_candidates(transcript, us=["Ana"])]
    [('Last Friday the report took me 2 hours.', '01:03')]
    """
    ours = {name.casefold() for name in us}
    found = []
    for number, turn in enumerate(transcript.turns):
        if turn.speaker.casefold() not in ours:
            for start, end in _sentences(turn.text):
                text = turn.text[start:end]
                signals = tuple(find_signals(text))
                worth = len(text) * (1 + SIGNAL_WORTH * len({signal.kind for signal in signals}))
                piece = turn.piece_at(start)
                at = cite_turn(turn, number, start)
                found.append(Candidate(number, start, end, text, turn.speaker, at, piece.line, signals, worth))
    return _spread(found)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a turn stand that are long enough."""
    start = 0
    for sentence in segment("en", text):
        start = text.index(sentence.strip() or sentence, start)
        end = start + len(sentence.strip())
        if len(text[start:end].split()) >= LEAST_WORDS:
            yield start, end
        start = end


def _spread(found: list[Candidate]) -> list[Candidate]:
    """By worth, which sinks beside what is chosen already: greedy, as in maximal marginal relevance, but by place."""
    worth = [one.worth for one in found]
    left = set(range(len(found)))
    chosen = []
    while left:
        best = max(left, key=lambda i: (worth[i], -i))
        left.remove(best)
        chosen.append(found[best]._replace(worth=worth[best]))
        for other in range(max(0, best - NEAR), min(len(found), best + NEAR + 1)):
            worth[other] *= 1 - (1 - LEFT_BESIDE) * (1 - abs(other - best) / (NEAR + 1))
    return chosen
