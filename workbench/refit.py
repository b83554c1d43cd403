"""A call's notes found again in another version of its transcript, in which a misheard word was mended or all was heard anew.

Both versions are laid beside each other word by word: where four words in a row stand once in either, they are the same place,
and what lies between two such places is compared closely. What a note quotes is then what stands in its place. A quote that
has no place any more is looked for word for word; what is not found is listed, and nothing is guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from workbench.candidates import cite_turn
from workbench.importers.contents import Transcript
from workbench.importers.turns import to_seconds
from workbench.notes import Note
from workbench.unspaced import MARKS, PIECE, UNSPACED, join_words

__all__ = ["Refit", "Refitted", "find_note", "refit_notes"]

# So many words in a row are a place, where they stand once in either version.
ANCHOR = 4
# What stands in a quote's place is the quote mended if so much of the letters is the same (rapidfuzz's ratio): measured by
# benchmarks/refit.py.
MIN_RATIO = 60
# Of so many words from a place on this share must still be there. In talk about something else a tenth is, by chance, and in one
# of a hundred passages a quarter.
SOON, KEPT = 20, 0.4
# Two stretches of more pairs of words than this are not compared: they have nothing in common for half an hour.
MAX_PAIRS = 25_000_000

# Where a script has no blanks, each letter is one.
_WORD = re.compile(PIECE)
_BARE = re.compile(rf"[^\W_](?:.*[^\W_])?[{MARKS}]*", re.DOTALL)
# Words left out, and an editor's own, as in workbench.quotes.
_GAP = re.compile(r"\s*(?:[\[(]?\.{3,}[\])]?|[\[(]?…[\])]?|\[[^\[\]]*\])\s*")
_NUMBER = re.compile(r"¶(\d+)")


class Refit(NamedTuple):
    """A note, and what it is beside the new transcript.

    Parameters
    ----------
    note : Note
        The note as it stands.
    text : str
        Its words as the new transcript has them; the note's own for one that is no quote, or was not found.
    at : str
        Where it was said by the new transcript, as a note has it behind ``@``; empty for a note without a place.
    why : str
        Why it was not found; else empty.
    said : str
        Of a quote that was found what stands in its place letter for letter, from its first word to its last.
    """

    note: Note
    text: str
    at: str
    why: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Refitted:
    """The notes of a call that point into its transcript, each in one of three lists, in the order of the call.

    Parameters
    ----------
    placed : tuple of Refit
        Those with the same words; the place may be another.
    changed : tuple of Refit
        Quotes whose words the new transcript has otherwise.
    lost : tuple of Refit
        Those that were not found.
    """

    placed: tuple[Refit, ...] = ()
    changed: tuple[Refit, ...] = ()
    lost: tuple[Refit, ...] = ()


def refit_notes(
    old: Transcript, new: Transcript, notes: Iterable[Note], us: Iterable[str] = (), us_now: Iterable[str] | None = None
) -> Refitted:
    """Find the notes of a call again in another version of its transcript.

    A quote stays on its side: what a customer said is never found in what one of us says.

    Parameters
    ----------
    old, new : Transcript
        The version that the notes were made from, and the one that takes its place.
    notes : iterable of Note
        The call's notes. What is no quote and has no place behind ``@`` does not point into the transcript and is left out.
    us : iterable of str
        Who in the old version is one of us.
    us_now : iterable of str, optional
        Who in the new one is; the same by default.

    Returns
    -------
    Refitted
        What became of each.

    Examples
    --------
    >>> from workbench.importers import Piece, Turn
    >>> from workbench.notes import parse_call
    >>> said = "I export it to {} and redo the totals by hand, every Friday."
    >>> old, new = (Transcript((Turn("Jane", said.format(name), (Piece(0, at, 3),)),)) for name, at in (("XL", 9), ("Excel", 11)))
    >>> call = parse_call('- "I export it to XL" @00:09' + chr(10) + '- "redo the totals by hand"', "a.md")
    >>> found = refit_notes(old, new, call.notes)
    >>> [(one.text, one.at) for one in found.changed], [one.text for one in found.placed]
    ([('I export it to Excel', '00:11')], ['redo the totals by hand'])
    """
    us = tuple(us)
    pair = _Pair(_Words(old, us), _Words(new, us if us_now is None else us_now))
    placed, changed, lost = [], [], []
    for note in notes:
        if note.kind == "quote":
            one = _refit_quote(pair, note)
        elif note.at:
            one = _refit_place(pair, note)
        else:
            continue
        (lost if one.why else placed if one.text == note.text else changed).append(one)
    return Refitted(tuple(placed), tuple(changed), tuple(lost))


def find_note(transcript: Transcript, text: str, at: str = "") -> tuple[int, str] | None:
    """Where in a transcript a note points to.

    Parameters
    ----------
    transcript : Transcript
        Its call's.
    text : str
        The note's words, which are looked for as they stand.
    at : str
        What stands behind its ``@``: which of several places is meant, and the place where the words are nowhere.

    Returns
    -------
    tuple of (int, str) or None
        The transcript's line, and who says it; None where neither leads anywhere.

    Examples
    --------
    >>> from workbench.importers import Piece, Turn
    >>> transcript = Transcript((Turn("Jane", "Well. It broke again.", (Piece(0, 61, 7), Piece(6, 64, 10))),))
    >>> find_note(transcript, "It broke again"), find_note(transcript, "Loses her work", "01:02"), find_note(transcript, "Slow")
    ((10, 'Jane'), (7, 'Jane'), None)
    """
    words = _Words(transcript)
    near = words.near(at)
    found = _nearest(words.find([part for part in _GAP.split(text) if _fold(part)]), near)
    place = found[0][0] if found else near
    if place is None:
        return None
    turn, start, _ = words.places[place]
    return transcript.turns[turn].piece_at(start).line, transcript.turns[turn].speaker


def _refit_quote(pair: _Pair, note: Note) -> Refit:
    parts = [part for part in _GAP.split(note.text) if _fold(part)]
    all_then, all_there = pair.old.find(parts), pair.new.find(parts)
    then = _nearest(all_then, pair.old.near(note.at))
    start = then[0][0] if then else None
    moved = [pair.stretch(*part) for part in then]
    is_ours = start is not None and pair.old.is_ours(start)
    all_now = [now for now in all_there if pair.new.is_ours(now[0][0]) == is_ours]
    stays = then and all(moved) and pair.new.is_ours(moved[0][0]) == is_ours
    if stays and len({pair.new.turn_at(first) for first, _ in moved}) == 1:
        said = [pair.new.say(*part) for part in moved]
        likeness = fuzz.ratio(_fold(" ".join(parts)), _fold(" ".join(said)))
        if likeness >= MIN_RATIO:
            text = note.text if likeness == 100 else _reword(note.text, parts, said)
            whole = pair.new.say(moved[0][0], moved[-1][1])
            return Refit(note, text, pair.place(note.at, start, moved[0][0]), said=whole)
    # Words that were said more than once are there still, but whether it is this time nobody can tell.
    if all_now and (len(all_then) <= 1 or not note.at):
        now = _nearest(all_now, None)
        if now or not note.at:
            at, whole = (
                (pair.place(note.at, start, now[0][0]), pair.new.say(now[0][0], now[-1][1])) if now else ("", "")
            )
            return Refit(note, note.text, at, said=whole)
    if all_there and not all_now:
        whose = "the customer" if is_ours else "one of you"
        return Refit(note, note.text, note.at, f"in the new transcript {whose} says these words")
    if not all_then:
        return Refit(note, note.text, note.at, "neither transcript has these words in one turn")
    return Refit(note, note.text, note.at, "nothing like it stands in its place in the new transcript")


def _refit_place(pair: _Pair, note: Note) -> Refit:
    """A note in the PM's own words, by its time or turn."""
    then = pair.old.near(note.at)
    now = None if then is None else pair.follow(then)
    if now is None:
        why = (
            "its place is not in the old transcript"
            if then is None
            else "what was said there is not in the new transcript"
        )
        return Refit(note, note.text, note.at, why)
    return Refit(note, note.text, pair.place(note.at, then, now))


def _nearest(found: Sequence[list[tuple[int, int]]], near: int | None) -> list[tuple[int, int]]:
    """The place nearest to a word; without one, the place that is the only one, or nothing."""
    if near is None:
        return found[0] if len(found) == 1 else []
    return min(found, key=lambda stretches: abs(stretches[0][0] - near), default=[])


def _reword(text: str, parts: Sequence[str], said: Sequence[str]) -> str:
    """A quote with its parts as they are said now; what stands between them, and a last full stop, stays."""
    at = 0
    for part, words in zip(parts, said, strict=True):
        at = text.index(part, at)
        core = _BARE.search(part)
        start, end = at + core.start(), at + core.end()
        text = text[:start] + words + text[end:]
        at = start + len(words)
    return text


class _Words:
    """A transcript as a row of words."""

    def __init__(self, transcript: Transcript, us: Iterable[str] = ()) -> None:
        self.transcript = transcript
        self._us = tuple(us)
        self.words: list[str] = []
        self.places: list[tuple[int, int, int]] = []  # turn, and where in its text the word begins and ends
        for number, turn in enumerate(transcript.turns):
            for word in _WORD.finditer(turn.text):
                if core := _BARE.search(word[0]):
                    self.words.append(core[0].casefold())
                    self.places.append((number, word.start() + core.start(), word.start() + core.end()))
        self._text = " ".join(["", *self.words, ""])
        self._starts: list[int] = []
        at = 1
        for word in self.words:
            self._starts.append(at)
            at += len(word) + 1

    def turn_at(self, at: int) -> int:
        return self.places[at][0]

    def is_ours(self, at: int) -> bool:
        """Whether one of us says a word."""
        return self.transcript.turns[self.turn_at(at)].is_by(self._us)

    def near(self, at: str) -> int | None:
        """The first word at a time, or of a turn; None where there is no such place."""
        turns = self.transcript.turns
        if number := _NUMBER.fullmatch(at):
            turn, start = int(number[1]) - 1, 0
        else:
            seconds = to_seconds(at) if at else None
            timed = [
                (piece.at, number, piece.start)
                for number, turn in enumerate(turns)
                for piece in turn.pieces
                if seconds is not None and piece.at is not None and piece.at <= seconds
            ]
            if not timed:
                return None
            latest = max(timed)[0]
            turn, start = next((number, start) for at, number, start in timed if at == latest)
        found = bisect_left(self.places, (turn, start, 0))
        return found if found < len(self.places) and self.places[found][0] == turn else None

    def find(self, parts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Every place in which the parts of a quote stand, one behind the other within a turn."""
        rows = [list(_cores(part)) for part in parts]
        if not rows:
            return []
        found = []
        for start in self._occurrences(rows[0]):
            stretches, end = [(start, start + len(rows[0]))], start + len(rows[0])
            for row in rows[1:]:
                after = next((at for at in self._occurrences(row, end)), None)
                if after is None or self.turn_at(after) != self.turn_at(start):
                    break
                end = after + len(row)
                stretches.append((after, end))
            else:
                if self.turn_at(end - 1) == self.turn_at(start):
                    found.append(stretches)
        return found

    def _occurrences(self, row: Sequence[str], start: int = 0) -> Iterator[int]:
        words = " ".join(["", *row, ""])
        at = self._text.find(words, self._starts[start] - 1 if start < len(self._starts) else len(self._text))
        while at >= 0:
            yield bisect_left(self._starts, at + 1)
            at = self._text.find(words, at + 1)

    def say(self, start: int, end: int) -> str:
        """The words as they stand, from the first to the last of a stretch within a turn."""
        turn, first, _ = self.places[start]
        return self.transcript.turns[turn].text[first : self.places[end - 1][2]]


class _Pair:
    """Two versions of a transcript, beside each other."""

    def __init__(self, old: _Words, new: _Words) -> None:
        self.old, self.new = old, new
        # The new word for each old one; -1 where there is none.
        self._now = _align(_with_next(old.words), _with_next(new.words))
        self._kept = [i for i, now in enumerate(self._now) if now >= 0]

    def follow(self, at: int) -> int | None:
        """The new word that stands where an old one stood, or soon behind; None where too little is left of what was said."""
        turn = self.old.turn_at(at)
        end = next((i for i in range(at, min(at + SOON, len(self._now))) if self.old.turn_at(i) != turn), at + SOON)
        kept = self._kept[bisect_left(self._kept, at) : bisect_left(self._kept, end)]
        return self._now[kept[0]] if kept and len(kept) >= KEPT * (min(end, len(self._now)) - at) else None

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch of old words stands now, with words at its ends that are heard otherwise; None for nowhere."""
        left, right = bisect_left(self._kept, start), bisect_left(self._kept, end)
        if left == right:
            return None
        first, last = self._kept[left], self._kept[right - 1]
        # Beyond the last word that both have there are at most as many as there were, and none that belongs to others.
        before = self._now[self._kept[left - 1]] + 1 if left else 0
        behind = self._now[self._kept[right]] if right < len(self._kept) else len(self.new.words)
        now = max(before, self._now[first] - (first - start)), min(behind, self._now[last] + end - last)
        return now if self.new.turn_at(now[0]) == self.new.turn_at(now[1] - 1) else None

    def place(self, at: str, then: int | None, now: int) -> str:
        """What stands behind ``@`` now; a time that nothing has moved stays as it was typed."""
        if not at:
            return ""
        turn, start, _ = self.new.places[now]
        cited = cite_turn(self.new.transcript.turns[turn], turn, start)
        if then is not None and not cited.startswith("¶") and not at.startswith("¶"):
            number, place, _ = self.old.places[then]
            was = cite_turn(self.old.transcript.turns[number], number, place)
            if to_seconds(was) == to_seconds(cited):
                return at
        return cited


def _align(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """For each old word the new one that it is, in the same order; -1 for none."""
    now = [-1] * len(old)
    once = _places_once(new)
    places = [(place, once[words]) for words, place in _places_once(old).items() if words in once]
    edge = (0, 0)
    for start, there in [*_rising(sorted(places)), (len(old), len(new))]:
        if start < edge[0] or there < edge[1]:
            continue  # within the words of the place before
        if (start - edge[0]) * (there - edge[1]) <= MAX_PAIRS:
            for edit in Indel.opcodes(old[edge[0] : start], new[edge[1] : there]):
                if edit.tag == "equal":
                    for k in range(edit.src_end - edit.src_start):
                        now[edge[0] + edit.src_start + k] = edge[1] + edit.dest_start + k
        for k in range(min(ANCHOR, len(old) - start)):
            now[start + k] = there + k
        edge = (start + ANCHOR, there + ANCHOR)
    return now


def _with_next(words: Sequence[str]) -> Sequence[str]:
    """Words by which two versions are laid beside each other: a letter alone stands in any passage."""
    is_letter = [bool(UNSPACED.fullmatch(word)) for word in words]
    if not any(is_letter):
        return words
    both = (one and other for one, other in zip(is_letter, [*is_letter[1:], False], strict=True))
    return [word + after * joined for word, after, joined in zip(words, [*words[1:], ""], both, strict=True)]


def _places_once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Where each run of words stands that stands there once."""
    places: dict[tuple[str, ...], int] = {}
    for at, run in enumerate(zip(*(words[k:] for k in range(ANCHOR)), strict=False)):
        places[run] = -1 if run in places else at
    return {run: at for run, at in places.items() if at >= 0}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs, sorted by the first number, in which the second rises as well."""
    ends: list[int] = []  # the smallest second number that a row of each length can end in
    last: list[int] = []
    before: list[int] = []
    for i, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(second)
            last.append(i)
        else:
            ends[length], last[length] = second, i
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _fold(text: str) -> str:
    """Words as compared: small letters, without what stands around each."""
    return join_words(_cores(text))


def _cores(text: str) -> Iterator[str]:
    return (core[0].casefold() for word in _WORD.findall(text) if (core := _BARE.search(word)))
