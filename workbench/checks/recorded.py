"""Calls beside their transcripts: which file is of which call, who in it is one of us, and what a call's quotes are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from workbench.arrivals import count_words
from workbench.importers.contents import Transcript, Turn
from workbench.quotes import Match, QuoteIndex, Source

if TYPE_CHECKING:
    from workbench.study import Study

__all__ = ["Beside", "Heard", "Recorded", "pair_transcripts"]

# "Mm-hm, go on" is no turn of its own.
FEW_WORDS = 3
# Those who ask, where the call does not say who of them is one of us.
_ASKING = {"facilitator", "host", "interviewer", "me", "moderator", "pm", "q", "researcher", "us", "we"}


class Heard(NamedTuple):
    """A note that is a quote, beside the transcript.

    Parameters
    ----------
    line : int
        The note's, in its call.
    words : str
        The quote.
    match : Match
        What it is beside what customers say there, or one of us where no customer says it; each source with the line in
        which the words begin.
    by : str
        Who of us says it, and no customer does; else empty.
    """

    line: int
    words: str
    match: Match
    by: str


class Beside(NamedTuple):
    """What there is to say of a call beside its transcript.

    Parameters
    ----------
    call, file : str
        The call's id, and the transcript, relative to the workspace.
    speakers, us : tuple of str
        Who speaks in it, and who of them is one of us as the call says.
    quotes : tuple of Heard
        The call's notes that are quotes.
    """

    call: str
    file: str
    speakers: tuple[str, ...]
    us: tuple[str, ...]
    quotes: tuple[Heard, ...]


@dataclass(frozen=True)
class Recorded:
    """A call beside its own transcript.

    Parameters
    ----------
    call, customer : str
        The call's id, and whose it is.
    file : str
        The transcript, relative to the workspace.
    transcript : Transcript
        What is in it.
    us : tuple of str
        Who in it is one of us, as the call says.
    """

    call: str
    customer: str
    file: str
    transcript: Transcript
    us: tuple[str, ...] = ()

    @cached_property
    def _stretches(self) -> list[tuple[bool, Turn]]:
        """Whether one of us speaks, and what is said at a stretch: a word or two of somebody else does not break it."""
        stretches: list[list[Turn]] = []
        last: dict[str, int] = {}
        for turn in self.transcript.turns:
            if turn.speaker in last and all(
                len(one.text.split()) <= FEW_WORDS for later in stretches[last[turn.speaker] + 1 :] for one in later
            ):
                stretches[last[turn.speaker]].append(turn)
            else:
                last[turn.speaker] = len(stretches)
                stretches.append([turn])
        return [(turns[0].is_by(self.us or _ASKING), _joined(turns)) for turns in stretches]

    def sources(self, *, ours: bool = False) -> list[Source]:
        """What customers say at a stretch.

        Parameters
        ----------
        ours : bool
            What one of us says instead.

        Returns
        -------
        list of Source
            Each with an id that :meth:`lines` knows.
        """
        return [
            Source(f"{self.file}#{number}", self.customer, self.file, turn.line, turn.text)
            for number, (is_ours, turn) in enumerate(self._stretches)
            if is_ours == ours
        ]

    def place(self, source: Source, words: str) -> Source:
        """One of its sources, with the line in which some words begin.

        Parameters
        ----------
        source : Source
            From :meth:`sources`.
        words : str
            What stands in it, or nearly.

        Returns
        -------
        Source
            Otherwise the same.
        """
        turn = self._turn(source)
        found = fuzz.partial_ratio_alignment(words, turn.text)
        return replace(source, line=turn.piece_at(found.dest_start if found else 0).line)

    def look_up(self, quotes: Iterable[tuple[int, str]]) -> Beside:
        """What a call's quotes are, beside its transcript.

        Parameters
        ----------
        quotes : iterable of (int, str)
            The note's line in the call, and its words.

        Returns
        -------
        Beside
            Without the transcript's words but for those that come near.
        """
        heard = []
        theirs, ours = QuoteIndex(self.sources()), QuoteIndex(self.sources(ours=True))
        for line, words in quotes:
            match = theirs.find(words)
            said = ours.find_verbatim(words) if match.kind != "exact" else Match("none")
            by = self._turn(said.sources[0]).speaker if said.kind == "exact" else ""
            match = said if by else match
            placed = tuple(self.place(source, match.nearest or words) for source in match.sources)
            heard.append(Heard(line, words, replace(match, sources=placed), by))
        names = tuple(filter(None, count_words(self.transcript)))
        return Beside(self.call, self.file, names, self.us, tuple(heard))

    def _turn(self, source: Source) -> Turn:
        return self._stretches[int(source.id.rpartition("#")[2])][1]


def pair_transcripts(study: Study, transcripts: Iterable[str]) -> dict[str, list[str]]:
    """Which calls a transcript is of: those that name it, else the one that it is named after.

    Parameters
    ----------
    study : Study
        The workspace.
    transcripts : iterable of str
        Their files, relative to the workspace.

    Returns
    -------
    dict of str to list of str
        Each file with its calls' ids; empty for one that is of none.
    """
    named: dict[str, list[str]] = defaultdict(list)
    for call, name in zip(study.calls["call"], study.calls["transcript"], strict=True):
        named[name].append(call)
    calls = set(study.calls["call"])
    paired = {}
    for file in transcripts:
        name = file.rsplit("/", 1)[-1]
        stems = (name.rpartition(".")[0], name.partition(".")[0])
        paired[file] = named.get(name) or [stem for stem in dict.fromkeys(stems) if stem in calls][:1]
    return paired


def _joined(turns: list[Turn]) -> Turn:
    """Turns of one speaker as one."""
    pieces, texts, end = [], [], 0
    for turn in turns:
        pieces += [piece._replace(start=piece.start + end) for piece in turn.pieces]
        texts.append(turn.text)
        end += len(turn.text) + 1
    return Turn(turns[0].speaker, " ".join(texts), tuple(pieces))
