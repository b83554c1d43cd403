"""Whether a quote is what was said, word for word.

Nothing but typography may differ: quotation marks, dashes, spaces, the first letter's case, a comma or full stop before
the closing mark. An ellipsis stands for words left out and square brackets for an editor's words, as long as the rest
stands in one statement, in order.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from workbench.unspaced import LETTER, MARKS, OTHER, PIECE, UNSPACED, WORDS, close_blanks, join_words, words_of

__all__ = ["Match", "QuoteIndex", "Source", "find_quote", "plain"]

# At least so much of a quote's letters must stand in a statement, in order, for the quote to be an altered form of it.
ALTERED = 0.7
# And at least so much of its words, by how rare they are.
SHARED = 0.5
# Fewer words are common to two statements by chance: "This is cool" is no form of "this is on".
N_WORDS = 3
# As much as that is said by so many letters of a script without blanks; fewer are a word or two.
N_LETTERS = 8
# In square brackets stands at most a phrase.
MAX_BRACKET_WORDS = 8
# How many statements are looked at closely when none has the quote.
N_NEAR = 24

_SEPARATOR = "\x00"
# Neither a space nor a dash, so that nothing is joined across it.
_BETWEEN = "\x01"
# Signs that look alike are the very point.
_QUOTATION_MARKS = "\"'`´‘’‚‛“”„‟«»‹›′″＂＇"  # noqa: RUF001
_DASHES = "-‐‑‒–—―−﹣－"  # noqa: RUF001
_SPACES = "\x00" + "".join(filter(str.isspace, map(chr, range(0x3001))))
_ALIKE = str.maketrans(
    dict.fromkeys(_QUOTATION_MARKS, "'") | dict.fromkeys(_DASHES, "-") | dict.fromkeys(_SPACES, " ") | {"…": "..."}
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Each begins with a letter, so that in the words of a million notes the next place is found at once.
_SPACE_ROW = re.compile(r"  +")
_MARK_ROW = re.compile(r"''+")
_DASH_ROW = re.compile(r"-[- ]+")
# One letter in brackets is a letter of the word that it touches: "[I]t resets".
_BRACKETED_LETTER = re.compile(r"\[(\w)\](?=\w)")
_GAP = re.compile(r"(?P<more>[\[(]?\.{3,}[\])]?|(?:\.\s){2,}\.)|\[[^\[\]]*\]")
_EDGE = " '-,.;:。、،।"
# What a quote may begin and end with: a word; each letter where a script has no blanks.
_PART = re.compile(rf"{LETTER}|{OTHER}(?:'?{OTHER}|[{MARKS}])*")
_PIECE = re.compile(PIECE)
_LETTER = re.compile(LETTER)


@dataclass(frozen=True, slots=True)
class Source:
    """A statement that may be quoted.

    Parameters
    ----------
    id : str
        Its note.
    customer : str
        Who said it.
    file : str
        Where it stands.
    line : int
        Its line there, counted from 1.
    text : str
        The words.
    """

    id: str
    customer: str
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a quote is, beside what was said.

    Parameters
    ----------
    kind : str
        - ``exact``: said so, by the one it is credited to (or by anybody, where nobody is named)
        - ``other``: said so, by somebody else
        - ``joined``: its parts were said so, in more than one statement or not in this order
        - ``altered``: something close was said
        - ``none``: nothing like it was
    sources : tuple of Source
        The statements in question, in the order of file and line; for ``joined`` in the order of the quote; empty for
        ``none``.
    nearest : str
        The words of the (first) statement that come nearest, as they stand there up to typography; empty for ``none``.
    similarity : float
        How much of quote and nearest words is the same, from 0 to 1 (1 minus the normalised Indel distance).
    differs : tuple of (str, str)
        For ``altered``: words of the quote, and those that stand in the statement instead.
    """

    kind: str
    sources: tuple[Source, ...] = ()
    nearest: str = ""
    similarity: float = 0.0
    differs: tuple[tuple[str, str], ...] = ()


def plain(text: str) -> str:
    r"""Text without what is only typography: all quotation marks, dashes and spaces are alike.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        In Unicode form NFKC, on one line.

    Examples
    --------
    >>> plain("“It’s slow”\u00a0– and I…")
    "'It's slow'-and I..."
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = _MARK_ROW.sub("'", text.translate(_ALIKE))
    return close_blanks(_DASH_ROW.sub("-", _SPACE_ROW.sub(" ", text)).replace(" -", "-").strip())


def _plain_all(texts: list[str]) -> list[str]:
    """Each text plain; all at once, since twenty thousand calls take ten times as long as one with as many letters."""
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) != max(0, len(texts) - 1):
        return [plain(text) for text in texts]
    return [text.strip() for text in plain(joined).split(_BETWEEN)] if texts else []


def find_quote(words: str, sources: Sequence[Source], by: str | None = None) -> Match:
    """Look for a quote in what was said; for many quotes, make a :class:`QuoteIndex` once.

    Parameters
    ----------
    words : str
        The quote, without its marks.
    sources : sequence of Source
        What was said.
    by : str, optional
        The customer it is credited to, spelt as in `sources`.

    Returns
    -------
    Match
        What was found.

    Examples
    --------
    >>> said = [Source("a#1", "Acme", "a.md", 7, "Says “I redo the totals by hand”, every Friday")]
    >>> find_quote("I redo … by hand", said, "Acme").kind, find_quote("I redo totals by hand", said).differs
    ('exact', (('', 'the'),))
    """
    return QuoteIndex(sources).find(words, by)


class QuoteIndex:
    """What was said, ready to be searched for quotes.

    Parameters
    ----------
    sources : sequence of Source
        Statements, in any order.

    Examples
    --------
    >>> index = QuoteIndex([Source("a#1", "Acme", "a.md", 7, "The filters reset"), Source("b#1", "Bolt", "b.md", 3, "It is slow")])
    >>> index.find("the filters reset", by="Bolt").kind, index.find("It was fine").kind
    ('other', 'none')
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sorted(sources, key=attrgetter("file", "line", "id", "text"))
        self._texts = _plain_all([source.text for source in self.sources])
        # All statements in one text, so that one search by the C library finds a quote in any of them.
        self._all = _SEPARATOR.join(self._texts)
        self._starts = array("q", [0])
        for text in self._texts:
            self._starts.append(self._starts[-1] + len(text) + 1)

    def find(self, words: str, by: str | None = None) -> Match:
        """Look for a quote.

        Parameters
        ----------
        words : str
            The quote, without its marks.
        by : str, optional
            The customer it is credited to, spelt as in the sources.

        Returns
        -------
        Match
            What was found.
        """
        match = self.find_verbatim(words, by)
        if match.kind != "none":
            return match
        quote, parts, _ = _read(words)
        if not parts:
            return match
        near = self._near(quote, by)
        return self._joined(parts, near) or self._altered(quote, near)

    def find_verbatim(self, words: str, by: str | None = None) -> Match:
        """Look for a quote word for word, and for nothing that comes near it.

        Parameters
        ----------
        words : str
            The quote, without its marks.
        by : str, optional
            The customer it is credited to, spelt as in the sources.

        Returns
        -------
        Match
            ``exact``, ``other`` or ``none``.
        """
        quote, parts, allowed = _read(words)
        if not parts:
            return Match("none")
        found = self._verbatim(quote) or (self._in_order(parts, allowed) if len(parts) > 1 or parts[0] != quote else [])
        theirs = [i for i in found if by is None or self.sources[i].customer == by]
        if not found:
            return Match("none")
        return Match("exact" if theirs else "other", tuple(self.sources[i] for i in theirs or found), quote, 1.0)

    def _verbatim(self, part: str) -> list[int]:
        """The statements that hold `part`, from word to word."""
        found = {self._statement_at(at) for form in _forms(part) for at in _places(form, self._all)}
        return sorted(found)

    def _in_order(self, parts: list[str], allowed: list[int]) -> list[int]:
        """The statements that hold all parts, one behind the other."""
        longest = max(parts, key=len)
        return [i for i in self._verbatim(longest) if _holds(self._texts[i], parts, allowed)]

    def _statement_at(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

    @cached_property
    def _postings(self) -> dict[str, array[int]]:
        """The statements in which each word stands."""
        postings: dict[str, array[int]] = defaultdict(lambda: array("l"))
        for i, text in enumerate(self._texts):
            for word in set(words_of(text)):
                postings[word].append(i)
        return postings

    def _near(self, quote: str, by: str | None) -> list[int]:
        """The statements that share most with a quote, by how rare the shared words are; some of its customer's first."""
        weights: Counter[int] = Counter()
        for word in set(words_of(quote)):
            where = self._postings.get(word, ())
            # A word of every other statement tells nothing and costs most.
            if where and (len(where) <= 1000 or len(where) < len(self._texts) / 8):
                weight = self._weight(word)
                for i in where:
                    weights[i] += weight
        ranked = sorted(weights, key=lambda i: (-weights[i], i))
        theirs = [i for i in ranked if self.sources[i].customer == by][:N_NEAR] if by is not None else []
        return list(dict.fromkeys([*theirs, *ranked[:N_NEAR]]))

    def _joined(self, parts: list[str], near: list[int]) -> Match | None:
        """The quote as pieces of what was said, taken from several places."""
        pieces: list[tuple[str, int]] = []
        for part in parts:
            cut = self._cut(part, near)
            if not cut:
                return None
            pieces += cut
        where = tuple(dict.fromkeys(i for _, i in pieces))
        if len(where) == 1 and (stretch := _stretch(self._texts[where[0]], [piece for piece, _ in pieces])):
            # All in one statement and in order: words between them were left out, and no ellipsis says so.
            quote = " ".join(parts)
            similarity = Indel.normalized_similarity(quote.casefold(), stretch.casefold())
            return Match("altered", (self.sources[where[0]],), stretch, similarity, _difference(quote, stretch))
        return Match("joined", tuple(self.sources[i] for i in where), " | ".join(piece for piece, _ in pieces), 1.0)

    def _cut(self, part: str, near: list[int]) -> list[tuple[str, int]]:
        """A part of a quote as the longest pieces said, each with its statement; nothing when a word is left over."""
        spans = [word.span() for word in _PART.finditer(part)]
        pieces: list[tuple[str, int]] = []
        first = 0
        while first < len(spans):
            best: tuple[int, int] | None = None
            for i in near:
                last = first + N_WORDS if best is None else best[0] + 1
                while last <= len(spans) and _inside(
                    piece := part[spans[first][0] : spans[last - 1][1]], self._texts[i]
                ):
                    if _tells(piece):
                        best = (last, i)
                    last += 1
            if best is None:
                return []
            pieces.append((part[spans[first][0] : spans[best[0] - 1][1]], best[1]))
            first = best[0]
        return pieces

    def _altered(self, quote: str, near: list[int]) -> Match:
        """The words nearest to a quote, where they are near enough."""
        best = Match("none")
        for i in near:
            words = _nearest_words(quote, self._texts[i])
            similarity = Indel.normalized_similarity(quote.casefold(), words.casefold())
            if similarity > best.similarity:
                best = Match("altered", (self.sources[i],), words, similarity)
        if best.similarity < ALTERED or not self._shares(quote, best.nearest):
            return Match("none")
        return Match("altered", best.sources, best.nearest, best.similarity, _difference(quote, best.nearest))

    def _shares(self, quote: str, said: str) -> bool:
        """Whether enough of a quote's words are in what was said; a rare word is more than a common one."""
        weights = {word: self._weight(word) for word in set(words_of(quote))}
        shared = weights.keys() & set(words_of(said))
        enough = len(shared) >= N_WORDS
        return enough and sum(weights[word] for word in shared) >= SHARED * sum(weights.values())

    def _weight(self, word: str) -> float:
        return math.log(1 + len(self._texts) / max(1, len(self._postings.get(word, ()))))


def _tells(piece: str) -> bool:
    """Whether it has so many words that they are not common to two statements by chance."""
    n_letters = 0 if piece.isascii() else len(_LETTER.findall(piece))
    n_words = len(WORDS.findall(UNSPACED.sub(" ", piece) if n_letters else piece))
    return n_words * N_LETTERS + n_letters * N_WORDS >= N_WORDS * N_LETTERS


def _read(words: str) -> tuple[str, list[str], list[int]]:
    """A quote as compared, and as :func:`_split` cuts it."""
    quote = _BRACKETED_LETTER.sub(r"\1", plain(words)).strip(_EDGE)
    return quote, *_split(quote)


def _split(quote: str) -> tuple[list[str], list[int]]:
    """The parts between ellipses and brackets, and how many words may stand before each; -1 for any number."""
    parts, allowed = [], []
    end, pending = 0, 0
    for gap in [*_GAP.finditer(quote), None]:
        part = quote[end : gap.start() if gap else len(quote)].strip(_EDGE)
        if any(letter.isalnum() for letter in part):
            parts.append(part)
            allowed.append(pending)
            pending = 0
        if gap:
            pending = -1 if gap["more"] or pending == -1 else MAX_BRACKET_WORDS
            end = gap.end()
    return parts, allowed


def _forms(part: str) -> list[str]:
    """A part with its first letter small and large."""
    return list(dict.fromkeys([part, part[0].lower() + part[1:], part[0].upper() + part[1:]]))


def _places(part: str, text: str, start: int = 0) -> Iterator[int]:
    """Where `part` stands in `text` without cutting a word."""
    at = text.find(part, start)
    while at >= 0:
        end = at + len(part)
        if not (_cuts(text, at) or _cuts(text, end)):
            yield at
        at = text.find(part, at + 1)


def _cuts(text: str, at: int) -> bool:
    """Whether a word or a number goes on across a place; scripts without large and small letters may not space words."""
    left, right = text[at - 1 : at], text[at : at + 1]
    if not left or not right:
        return False
    if left in ".," or right in ".,":  # 1,300
        before, behind = (text[at - 2 : at - 1], right) if left in ".," else (left, text[at + 1 : at + 2])
        return before.isdigit() and behind.isdigit()
    return _spaced(left) and _spaced(right)


def _spaced(letter: str) -> bool:
    return letter.isdigit() or letter.lower() != letter.upper()


def _inside(part: str, text: str) -> bool:
    return any(True for form in _forms(part) for _ in _places(form, text))


def _holds(text: str, parts: list[str], allowed: list[int], at: int = -1) -> bool:
    """Whether all parts stand in a text, in order, with no more words between two of them than allowed."""
    if not parts:
        return True
    for place in sorted(place for form in _forms(parts[0]) for place in _places(form, text, max(at, 0))):
        if at >= 0 and allowed[0] >= 0 and len(WORDS.findall(text[at:place])) > allowed[0]:
            return False
        if _holds(text, parts[1:], allowed[1:], place + len(parts[0])):
            return True
        if at >= 0 and allowed[0] == -1 and all(gap == -1 for gap in allowed[1:]):
            return False  # what does not follow the first place does not follow a later one
    return False


def _nearest_words(quote: str, text: str) -> str:
    """The stretch of a text, from word to word, that comes nearest to a quote; empty where none comes near."""
    aligned = fuzz.partial_ratio_alignment(quote, text, score_cutoff=50)
    if aligned is None:
        return ""
    spans = [word.span() for word in _PIECE.finditer(text)]

    def nearness(ends: tuple[int, int]) -> float:
        return Indel.normalized_similarity(quote.casefold(), _between(text, spans, ends).casefold())

    # The alignment is as long as the quote. Where words were left out, what was said is longer: from the first to the last
    # word that both have.
    first = max((n for n, (start, _) in enumerate(spans) if start <= aligned.dest_start), default=0)
    last = max(first, min((n for n, (_, end) in enumerate(spans) if end >= aligned.dest_end), default=len(spans) - 1))
    left, right = [_bare(word) for word in _PIECE.findall(quote)], [_bare(text[start:end]) for start, end in spans]
    shared = [edit for edit in Indel.opcodes(left, right) if edit.tag == "equal"]
    starts = [(first, last)] + ([(shared[0].dest_start, shared[-1].dest_end - 1)] if shared else [])
    return _between(text, spans, max((_climb(ends, len(spans), nearness) for ends in starts), key=nearness))


def _climb(ends: tuple[int, int], n_words: int, nearness: Callable[[tuple[int, int]], float]) -> tuple[int, int]:
    """The ends of a stretch of words, moved as long as that brings it nearer."""
    best = nearness(ends)
    while True:
        steps = [(ends[0] + a, ends[1] + b) for a in range(-3, 4) for b in range(-3, 4)]
        nearer = max((step for step in steps if 0 <= step[0] <= step[1] < n_words), key=nearness)
        if nearness(nearer) <= best:
            return ends
        ends, best = nearer, nearness(nearer)


def _between(text: str, spans: list[tuple[int, int]], ends: tuple[int, int]) -> str:
    return text[spans[ends[0]][0] : spans[ends[1]][1]].strip(_EDGE)


def _bare(word: str) -> str:
    """A word as compared: without case and what stands around it."""
    return word.strip(f"{_EDGE}!?()").casefold()


def _stretch(text: str, pieces: list[str]) -> str:
    """The text from the first piece to the end of the last; empty where they do not stand in this order."""
    start = end = -1
    for piece in pieces:
        at = min((place for form in _forms(piece) for place in _places(form, text, max(end, 0))), default=-1)
        if at < 0:
            return ""
        start = at if start < 0 else start
        end = at + len(piece)
    return text[start:end]


def _difference(quote: str, said: str) -> tuple[tuple[str, str], ...]:
    """What stands in a quote, and what in its place in the statement."""
    left, right = _PIECE.findall(quote), _PIECE.findall(said)
    differs: list[tuple[str, str]] = []
    follows = False
    for edit in Indel.opcodes([_bare(word) for word in left], [_bare(word) for word in right]):
        ours, theirs = (
            join_words(left[edit.src_start : edit.src_end]),
            join_words(right[edit.dest_start : edit.dest_end]),
        )
        if edit.tag == "equal":
            follows = False
        elif follows:
            differs[-1] = (
                join_words(filter(None, (differs[-1][0], ours))),
                join_words(filter(None, (differs[-1][1], theirs))),
            )
        else:
            differs.append((ours, theirs))
            follows = True
    return tuple(differs)
