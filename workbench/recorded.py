"""Calls beside their transcripts: which file is of which call, whose words a note is, and what a call's quotes are there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from workbench.near_words import Near, NearWords, split_talk
from workbench.quotes import Match, QuoteIndex, Source, plain
from workbench.unspaced import LETTER, LETTERS, MARKS, OTHER, UNSPACED, count_words, join_pairs
from workbench.who_speaks import Placed, place_speakers

if TYPE_CHECKING:  # whoever has a transcript has brought its readers along; who only pairs files needs none
    from workbench.importers import Transcript, Turn

__all__ = ["PERHAPS", "Beside", "Heard", "Recorded", "pair_transcripts", "who_of_us"]

# Behind who said a note's words, where nobody has said whose side that is.
PERHAPS = "perhaps one of you"
# "Mm-hm, go on" is no turn of its own.
FEW_WORDS = 3
# A note is nearly what was said where so many of its words are said in their order, close together; and nearly what one of us said
# where no customer says nearly as many: chosen on half of the calls of benchmarks/our_words.py.
NEARLY, APART = 0.75, 0.2
# Fewer words of the PM's own may be a part of any question.
OWN_WORDS = 5
# So much of our sentence has to be in them, by the words that say something; where more words than a sentence has stand without a
# full stop, nobody can tell where it ends, and they are so many.
WHOLE, LONG = 0.8, 7
SENTENCE = 14
# An answer is one to what we said last.
LAST_WORDS = 15
# An answer begins so.
_YES = re.compile(
    r"\W*(?:(?:oh|well|um+|uh+|so),? )?(?:yes|yeah|yep|yup|right|exactly|correct|sure|definitely|absolutely|totally|indeed|true"
    r"|of course|mm-?hm+|uh-?huh|that's (?:right|correct|true|it)|(?:i|we|you|they|it|he|she|that) (?:do|does|did|is|are|am|was|have|has)\b(?! not)"
    r"|ja|genau|stimmt|oui|exactement|s[ií]|exacto|claro|sim|はい|そう|是|对)\b",
    re.IGNORECASE,
)
# Words left out, and an editor's own, as in workbench.quotes.
_GAP = re.compile(r"\.{3,}|\[[^\[\]]*\]")
# Each letter where a script has no blanks.
_WORD = re.compile(rf"{LETTER}|{OTHER}(?:{OTHER}|[{MARKS}])*")
_END = re.compile(r"[.?!…](?=\s|$)|[。？！]")  # noqa: RUF001 - how other languages end a sentence


class Heard(NamedTuple):
    """A note that is a quote, beside the transcript.

    Parameters
    ----------
    line : int
        The note's, in its call.
    words : str
        The quote.
    match : Match
        What it is beside what customers say there; each source with the line in which the words begin.
    """

    line: int
    words: str
    match: Match


class Beside(NamedTuple):
    """What there is to say of a call beside its transcript.

    Parameters
    ----------
    call, file : str
        The call's id, and the transcript, relative to the workspace.
    speakers : tuple of Placed
        Who speaks in it, and whose side each is on.
    lines : dict of str to int
        Where in the transcript each speaks first.
    us : tuple of str
        Who is one of us, as the call says.
    quotes : tuple of Heard
        The call's notes that are quotes.
    """

    call: str
    file: str
    speakers: tuple[Placed, ...]
    lines: dict[str, int]
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
    theirs : tuple of str
        Names on the customer's side, see :func:`workbench.who_speaks.listed_people`.
    """

    call: str
    customer: str
    file: str
    transcript: Transcript
    us: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()

    @cached_property
    def placed(self) -> dict[str, Placed]:
        """Whose side each speaker is on, by name."""
        return place_speakers((turn.called for turn in self.transcript.turns), self.us, self.theirs)

    @cached_property
    def _stretches(self) -> list[_Stretch]:
        """What is said at a stretch: a word or two of somebody else does not break it."""
        turns = self.transcript.turns
        stretches: list[list[int]] = []
        last: dict[str, int] = {}
        for number, turn in enumerate(turns):
            if turn.speaker in last and all(
                count_words(turns[one].text) <= FEW_WORDS
                for later in stretches[last[turn.speaker] + 1 :]
                for one in later
            ):
                stretches[last[turn.speaker]].append(number)
            else:
                last[turn.speaker] = len(stretches)
                stretches.append([number])
        return [
            _Stretch(self._is_ours(turns[numbers[0]]), tuple(numbers), _joined([turns[one] for one in numbers]))
            for numbers in stretches
        ]

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
            self._source(number, stretch) for number, stretch in enumerate(self._stretches) if stretch.is_ours == ours
        ]

    def _source(self, number: int, stretch: _Stretch) -> Source:
        turn = stretch.turn
        return Source(f"{self.file}#{number}", self.customer, self.file, turn.line, turn.text)

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
        from workbench.arrivals import count_said

        heard = []
        theirs = QuoteIndex(self.sources())
        for line, words in quotes:
            match = theirs.find(words)
            placed = tuple(self.place(source, match.nearest or words) for source in match.sources)
            heard.append(Heard(line, words, replace(match, sources=placed)))
        speakers = tuple(self.placed[name] for name in count_said(self.transcript) if name)
        lines = {turn.called: turn.line for turn in reversed(self.transcript.turns)}
        return Beside(self.call, self.file, speakers, lines, self.us, tuple(heard))

    def find_ours(self, kind: str, words: str, at: str = "") -> str:
        """Who of us says a note's words here, whoever else does.

        A quote is meant word for word, whatever letters and signs somebody has typed it with. What the PM wrote in words of their own may be a part of what was asked by chance, so
        that only whole sentences are ours, and not where the note's place is what a customer says.

        Parameters
        ----------
        kind, words, at : str
            The note's, see :class:`workbench.notes.Note`.

        Returns
        -------
        str
            Name and place, ``Ana Ruiz, interviews/transcripts/acme.vtt:4``; empty where nobody of us does.
        """
        match = self._said_by_us.find_verbatim(words)
        sources = match.sources if match.kind == "exact" else self._typed_otherwise(words) if kind == "quote" else ()
        if not sources:
            return ""
        source = sources[0]
        if kind != "quote":
            sentence = re.escape(plain(words).rstrip(" .?!。"))
            begins = rf"(?:^|(?<=[.?!] )|(?<=。)|(?<=[{LETTERS}][?!]))"
            whole = re.compile(rf"{begins}{sentence}(?:[.?!]+(?: |$)|。|[?!](?=[{LETTERS}])|$)", re.IGNORECASE)
            source = next((one for one in sources if whole.search(plain(one.text))), None)
            if source is None or count_words(words) <= FEW_WORDS or self._is_theirs(at):
                return ""
        return self._tell(source, words)

    def _tell(self, source: Source, words: str) -> str:
        """Who says some words, and where."""
        name = self._turn(source).called
        unsaid = "" if self.placed[name].side else f", {PERHAPS}"
        return f"{name}, {self.file}:{self.place(source, words).line}{unsaid}"

    def find_nearly_ours(self, kind: str, words: str, at: str = "") -> tuple[str, float]:
        """Who of us says nearly a note's words here: some of them heard or typed otherwise, or left out.

        What the PM wrote in words of their own is what the customer said where the answer to our words is a yes, or brings in a word of the
        note that we do not say, where the note is only a part of our sentence, and where its place is what a customer says.

        Parameters
        ----------
        kind, words, at : str
            The note's, see :class:`workbench.notes.Note`.

        Returns
        -------
        said : str
            As :meth:`find_ours` gives it, with ``nearly so`` behind; empty where nobody of us does.
        share : float
            How many of the words are said.
        """
        wanted = split_talk(words)
        near = self._our_talk.near.find(wanted, NEARLY) if len(wanted) > FEW_WORDS else Near()
        if near.share < NEARLY or (kind != "quote" and not self._asks(wanted, near, at)):
            return "", 0.0
        number, _ = self._our_talk.of[near.first]
        said = join_pairs(self._our_talk.words[near.first : near.last + 1])
        return f"{self._tell(self._source(number, self._stretches[number]), said)}, nearly so", near.share

    def _asks(self, wanted: Sequence[str], near: Near, at: str) -> bool:
        """Whether a note in the PM's own words is what one of us said, and not what the customer said to it."""
        talk = self._our_talk
        if len(wanted) < OWN_WORDS or self._is_theirs(at):
            return False
        first, last = talk.sentence_of(near.first)[0], talk.sentence_of(near.last)[1]
        held = set(wanted)
        if not talk.is_told(near.first) and last - first > SENTENCE:
            if len(wanted) < LONG:
                return False
        else:
            telling = [word for word in talk.words[first:last] if len(word) > 3 or UNSPACED.match(word)]
            telling = telling or talk.words[first:last]
            if sum(word in held for word in telling) < WHOLE * len(telling):
                return False
        answers = self._answers(talk.of[near.first][1], talk.of[near.last][1])
        # What we go on with after it is what a yes is to.
        if talk.n_behind(near.last) <= LAST_WORDS and any(map(_YES.match, answers)):
            return False
        unsaid = held.difference(talk.words[near.first : near.last + 1])
        return unsaid.isdisjoint(word for answer in answers for word in split_talk(answer))

    def _answers(self, first: int, last: int) -> list[str]:
        """What customers say between two turns of ours, and next behind them."""
        turns = self.transcript.turns
        theirs = [place for place in range(first, len(turns)) if not self._is_ours(turns[place])]
        return [turns[place].text for place in theirs[: bisect_right(theirs, last) + 1]]

    def share_heard(self, words: str) -> float:
        """How many of a note's words a customer says here, in their order and close together.

        Parameters
        ----------
        words : str
            A note's.

        Returns
        -------
        float
            From 0 to 1.
        """
        return self._their_talk.near.find(split_talk(words), NEARLY - APART).share

    @cached_property
    def _our_talk(self) -> _Talk:
        return _Talk(self._stretches, self.transcript, ours=True)

    @cached_property
    def _their_talk(self) -> _Talk:
        return _Talk(self._stretches, self.transcript, ours=False)

    def hears(self, words: str) -> bool:
        """Whether a customer says some words here, whatever signs stand between them.

        Parameters
        ----------
        words : str
            A note's.

        Returns
        -------
        bool
            Whether each part of them is said at a stretch.
        """
        return _holds(self._said_by_them, words)

    @cached_property
    def _said_by_us(self) -> QuoteIndex:
        return QuoteIndex(self.sources(ours=True))

    @cached_property
    def _said_by_them(self) -> str:
        return "".join(f" {_fold(plain(source.text))} \n" for source in self.sources())

    @cached_property
    def _folded_by_us(self) -> list[tuple[Source, str]]:
        return [(source, f" {_fold(plain(source.text))} ") for source in self._said_by_us.sources]

    def _typed_otherwise(self, words: str) -> list[Source]:
        """What one of us says in the same words, but for letters and signs; so few may be anybody's."""
        if count_words(words) <= FEW_WORDS:
            return []
        return [source for source, text in self._folded_by_us if _holds(text, words)]

    def _is_theirs(self, at: str) -> bool:
        """Whether a customer speaks at a place, such as ``12:40`` or ``¶12``."""
        from workbench.importers.turns import to_seconds

        turns = self.transcript.turns
        if at.startswith("¶"):
            there = turns[int(at[1:]) - 1 : int(at[1:])]
        else:
            seconds = to_seconds(at)
            there = [turn for turn in turns if seconds is not None and turn.at is not None and turn.at <= seconds][-1:]
        return bool(there) and not self._is_ours(there[0])

    def _is_ours(self, turn: Turn) -> bool:
        """Whether one of us says it, or somebody who may be."""
        return self.placed[turn.called].side != "customer"

    def _turn(self, source: Source) -> Turn:
        return self._stretches[int(source.id.rpartition("#")[2])].turn


class _Stretch(NamedTuple):
    """What somebody says at a stretch: turns by their numbers, and as one."""

    is_ours: bool
    numbers: tuple[int, ...]
    turn: Turn


class _Talk:
    """What one side says, word by word, each with its stretch, its turn and its sentence."""

    def __init__(self, stretches: Sequence[_Stretch], transcript: Transcript, *, ours: bool) -> None:
        self.words: list[str] = []
        self.of: list[tuple[int, int]] = []  # of each word its stretch and its turn
        self._ends = [0]  # where sentences end
        self._behind: dict[int, int] = {}  # where turns do
        self._untold: set[int] = set()  # those without a sign of where sentences end
        said = []
        for number, stretch in enumerate(stretches):
            if stretch.is_ours == ours:
                start = len(self.words)
                for turn in stretch.numbers:
                    sentences = _END.split(transcript.turns[turn].text)
                    for sentence in sentences:
                        found = split_talk(sentence)
                        self.words += found
                        self.of += [(number, turn)] * len(found)
                        self._ends.append(len(self.words))
                    if len(sentences) == 1:
                        self._untold.add(turn)
                    self._behind[turn] = len(self.words)
                said.append(self.words[start:])
        self.near = NearWords(said)

    def is_told(self, word: int) -> bool:
        """Whether the turn that a word is of has a sign where a sentence ends."""
        return self.of[word][1] not in self._untold

    def n_behind(self, word: int) -> int:
        """How many words follow in the turn."""
        return self._behind[self.of[word][1]] - word - 1

    def sentence_of(self, word: int) -> tuple[int, int]:
        """Where the sentence begins and ends that a word is of."""
        place = bisect_right(self._ends, word)
        return self._ends[place - 1], self._ends[place]


def who_of_us(recordings: Sequence[Recorded], kind: str, words: str, at: str = "") -> str:
    """Who of us said a note's words, which are no evidence then.

    Parameters
    ----------
    recordings : sequence of Recorded
        Its call beside its transcript, or each of several.
    kind, words, at : str
        The note's, see :class:`workbench.notes.Note`.

    Returns
    -------
    str
        As :meth:`Recorded.find_ours` gives it; empty where nobody of us said them, or a customer did so, too.

    Examples
    --------
    >>> from workbench.importers import Piece, Transcript, Turn
    >>> said = ("Ana", "You redo it by hand, every Friday?"), ("Jane", "Yes, every Friday.")
    >>> turns = tuple(Turn(who, words, (Piece(0, None, line),)) for line, (who, words) in enumerate(said, 1))
    >>> recorded = Recorded("acme", "Acme", "acme.txt", Transcript(turns), ("Ana",))
    >>> [who_of_us([recorded], "quote", words) for words in ("You redo it by hand", "every Friday")]
    ['Ana, acme.txt:1', '']
    """
    if any(one.hears(words) for one in recordings):
        return ""
    for one in recordings:
        if found := one.find_ours(kind, words, at):
            return found
    said, share = max(
        (one.find_nearly_ours(kind, words, at) for one in recordings), key=lambda found: found[1], default=("", 0.0)
    )
    return said if said and share - max(one.share_heard(words) for one in recordings) >= APART else ""


def pair_transcripts(calls: Iterable[tuple[str, str]], transcripts: Iterable[str]) -> dict[str, list[str]]:
    """Which calls a transcript is of: those that name it, else the one that it is named after.

    Parameters
    ----------
    calls : iterable of (str, str)
        Each call's id, and the transcript that it names, if any.
    transcripts : iterable of str
        Their files, relative to the workspace.

    Returns
    -------
    dict of str to list of str
        Each file with its calls' ids; empty for one that is of none.

    Examples
    --------
    >>> pair_transcripts([("a", "one.vtt"), ("b", "")], ["one.vtt", "b.vtt", "c.vtt"])
    {'one.vtt': ['a'], 'b.vtt': ['b'], 'c.vtt': []}
    """
    named: dict[str, list[str]] = defaultdict(list)
    for call, name in calls:
        named[name].append(call)
    ids = {call for of in named.values() for call in of}
    paired = {}
    for file in transcripts:
        name = file.rsplit("/", 1)[-1]
        stems = (name.rpartition(".")[0], name.partition(".")[0])
        paired[file] = named.get(name) or [stem for stem in dict.fromkeys(stems) if stem in ids][:1]
    return paired


def _fold(text: str) -> str:
    """Words as compared, with nothing but one space between them."""
    return " ".join(_WORD.findall(text.casefold()))


def _holds(folded: str, words: str) -> bool:
    """Whether each part of some words stands in folded ones at a stretch."""
    parts = list(filter(None, map(_fold, _GAP.split(plain(words)))))  # what is left out at an end leaves nothing there
    return bool(parts) and all(f" {part} " in folded for part in parts)


def _joined(turns: list[Turn]) -> Turn:
    """Turns of one speaker as one."""
    pieces, texts, end = [], [], 0
    for turn in turns:
        pieces += [piece._replace(start=piece.start + end) for piece in turn.pieces]
        texts.append(turn.text)
        end += len(turn.text) + 1
    return turns[0]._replace(text=" ".join(texts), pieces=tuple(pieces))
