"""Key phrases: one to three words, adjacent as customers wrote them, that set a theme apart."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from workbench.themes.languages import language
from workbench.unspaced import MARKS, UNSPACED, WORDS

__all__ = ["NUMBERS", "Said", "Token", "inform", "pick_phrases", "read_tokens"]

MAX_PHRASES = 4
MAX_WORDS = 3
# Before any note is read, one person in fifty is expected to say a word; that belief weighs as much as four people.
EXPECTED, BELIEF = 0.02, 4
# A word gives way to a longer phrase that at least this share of those who say the word say.
NESTED = 0.5
# What tells less than this share of what the best phrase does is not listed.
WORTH = 0.15
# How much of its score a phrase keeps when it repeats a word of one that is already listed.
REPEATED = 0.6
# Words of Chinese and Japanese have so many characters.
UNSPACED_LENGTHS = (2, 3, 4)
# What is longer is an identifier or a blob, or, in scripts without spaces, a sentence.
LONGEST, LONGEST_WITH_DIGITS, LONGEST_UNSPACED = 45, 20, 24

# Between words of one phrase stands a space or a hyphen; anything else ends it.
_JOINT = re.compile(r"[ \t\u00a0]+|[-\u2010\u2011]")
_OPENS = re.compile(r"[^\w\s,]|\n")
# From its beginning and not from each of its letters, since a picture pasted as text is a run of a megabyte.
_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S{1,300}@\S+\.\S+|&\w+;")
# The only stop words inside a phrase: "proof of delivery", "numéro de client".
_LINKS = frozenset("of de di del della da do des du van von".split())
# Numbers in words carry no theme either.
NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred hundreds thousand"
    " once twice".split()
)
_HIRAGANA = re.compile(r"[\u3040-\u309f]")
# Thai, Lao, Myanmar and Khmer, whose words cannot be told without a dictionary: what stands between spaces is one.
_CLUSTERED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_LETTER = rf"(?:(?![{_CLUSTERED}])[^\W_])"
_RUN = re.compile(rf"[{_CLUSTERED}]+|{_LETTER}(?:'?{_LETTER}|[{MARKS}])*")


class Token(NamedTuple):
    """A word where it stands in its text.

    Parameters
    ----------
    start, end : int
        ``text[start:end]`` is the word as written.
    word : str
        Lower-case.
    stem : str
        Empty for what carries no theme, see :meth:`~workbench.themes.languages.Language.read`.
    joined : bool
        Whether only a space or a hyphen parts it from the word before.
    opens : bool
        Whether a sentence may begin with it, so that its capital says nothing.
    """

    start: int
    end: int
    word: str
    stem: str
    joined: bool
    opens: bool


class Said(NamedTuple):
    """A note, as far as its words go.

    Parameters
    ----------
    person : str
        Who is counted: the customer, or the note where there are too few customers to count them.
    text, language : str
        The note's.
    tokens : list of Token
        From :func:`read_tokens`.
    shareable : bool
        Whether consent allows to quote it.
    """

    person: str
    text: str
    language: str
    tokens: list[Token]
    shareable: bool


Phrase = tuple[str, ...]


@lru_cache(maxsize=1 << 14)  # after each correction themes are worded anew, mostly of the same notes
def read_tokens(text: str, code: str) -> list[Token]:
    """The words of a text with where they stand; links and addresses are no words.

    Parameters
    ----------
    text : str
        Any text.
    code : str
        Its language.

    Returns
    -------
    list of Token
        In order. A run of a script without spaces gives overlapping tokens, see `UNSPACED_LENGTHS`.

    Examples
    --------
    >>> [(token.word, token.stem) for token in read_tokens("The bank details", "en")]
    [('the', ''), ('bank', 'bank'), ('details', 'detail')]
    """
    known = language(code)
    masked = _NO_WORDS.sub(lambda found: "\0" * len(found[0]), text).replace("’", "'")
    at = WORDS if text.isascii() else _RUN
    tokens: list[Token] = []
    end = 0
    for found in at.finditer(masked):
        gap = masked[end : found.start()]
        joined, opens = bool(tokens) and bool(_JOINT.fullmatch(gap)), not tokens or bool(_OPENS.search(gap))
        end = found.end()
        word = found[0].lower()
        if not word.isascii() and UNSPACED.search(word) and not re.match(f"[{_CLUSTERED}]", word):
            tokens += _read_unspaced(masked, found.start(), end, code)
            continue
        carries = "" if _is_no_word(word) else known.read(word)
        tokens.append(Token(found.start(), end, word, known.stem(carries) if carries else "", joined, opens))
    return tokens


def _is_no_word(word: str) -> bool:
    """Numbers, what was blotted out ("XXXX"), identifiers and blobs."""
    if word in NUMBERS or len(set(word)) == 1 or len(word) > LONGEST:
        return True
    if word.isascii():
        return len(word) > LONGEST_WITH_DIGITS and not word.isalpha()
    return len(word) > LONGEST_UNSPACED and bool(UNSPACED.search(word))


def _read_unspaced(text: str, start: int, end: int, code: str) -> Iterator[Token]:
    """Every two to four neighbouring characters; hiragana, which write endings and particles, are no phrase."""
    known = language(code)
    for length in UNSPACED_LENGTHS:
        for first in range(start, max(start + 1, end - length + 1)):
            word = text[first : min(first + length, end)]
            carries = UNSPACED.fullmatch(word) and not _HIRAGANA.search(word) and known.read(word)
            yield Token(first, first + len(word), word, word if carries else "", False, True)


def inform(n_here: int, of_here: int, n_elsewhere: int, of_elsewhere: int) -> float:
    """How much it tells of a theme that some of its people say something, and how many of the others do.

    The share of the theme's people, times the logarithm of how many times larger it is than elsewhere: pointwise
    Kullback-Leibler divergence (Tomokiyo and Hurst 2003, "A language model approach to keyphrase extraction"). Both
    shares are drawn towards a prior (Monroe, Colaresi and Quinn 2008, "Fightin' Words"), without which what one
    person said once would tell most.

    Parameters
    ----------
    n_here, of_here : int
        People of the theme who say it, and all of them.
    n_elsewhere, of_elsewhere : int
        The same for the other themes together.

    Returns
    -------
    float
        0 or more.

    Examples
    --------
    >>> inform(5, 10, 0, 50) > inform(5, 10, 10, 50) > inform(1, 10, 5, 50)
    True
    """
    here = (n_here + BELIEF * EXPECTED) / (of_here + BELIEF)
    elsewhere = (n_elsewhere + BELIEF * EXPECTED) / (of_elsewhere + BELIEF)
    return max(0.0, here * math.log(here / elsewhere))


def pick_phrases(themes: Mapping[str, Sequence[Said]], others: Sequence[Said]) -> dict[str, tuple[str, ...]]:
    """The key phrases of each theme, distinct between themes.

    A phrase is a run of at most three words that begins and ends with one that carries a theme. It counts by the people
    who say it (:func:`inform`), so does each of its words, and words that are common in general count less. Single words
    give way to a phrase that holds them when many of those who say the word say the phrase (after the C-value of
    Frantzi, Ananiadou and Mima 2000, "Automatic recognition of multi-word terms"). A phrase of two themes is listed for
    the one it tells more of. Where some notes of a theme may be quoted, its phrases are in one of those.

    Parameters
    ----------
    themes : dict of str to list of Said
        The notes of each theme.
    others : list of Said
        Notes in no theme.

    Returns
    -------
    dict of str to tuple of str
        For each theme at most `MAX_PHRASES`, best first, each in the form most people wrote.
    """
    written = _Written()
    counts = {theme: _count(notes, written) for theme, notes in themes.items()}
    counts_of_others = _count(others, written)
    everywhere: Counter[Phrase] = Counter()
    for found in (*counts.values(), counts_of_others):
        everywhere.update(found.people)
    n_people = sum(found.n_people for found in (*counts.values(), counts_of_others))

    scores: dict[str, dict[Phrase, float]] = {}
    for theme, found in counts.items():
        least = 2 if any(n > 1 for n in found.people.values()) else 1
        scores[theme] = {
            phrase: round(
                inform(n, found.n_people, everywhere[phrase] - n, n_people - found.n_people) * found.tells(phrase), 9
            )
            for phrase, n in found.people.items()
            if n >= least and found.form(phrase)
        }
    best: dict[Phrase, tuple[float, str]] = {}
    for theme, of_theme in scores.items():
        for phrase, score in of_theme.items():
            key = tuple(sorted(phrase))
            best[key] = min(best.get(key, (1.0, "")), (-score, theme))
    return {
        theme: _choose(
            {p: s for p, s in of_theme.items() if s > 0 and best[tuple(sorted(p))][1] == theme}, counts[theme], written
        )
        for theme, of_theme in scores.items()
    }


class _Written:
    """How often each word is written in which way where no sentence begins."""

    def __init__(self) -> None:
        self.inside: dict[str, Counter[str]] = defaultdict(Counter)
        self.codes = {"en"}

    def show(self, form: str) -> str:
        """A phrase with each word in its usual capitals: those at the beginning of a sentence say nothing."""
        return WORDS.sub(lambda found: self._usual(found[0]), form)

    def _usual(self, word: str) -> str:
        ways = self.inside.get(word.lower())
        if ways:
            return min(ways.items(), key=lambda item: (-item[1], item[0] != word.lower(), item[0]))[0]
        known = word[1:].islower() and any(word.lower() in language(code).frequency for code in self.codes)
        return word.lower() if known else word


class _Counted:
    """The phrases of one theme: who says them, and in what form."""

    def __init__(self, n_people: int) -> None:
        self.n_people = n_people
        self.people: Counter[Phrase] = Counter()
        self.forms: dict[Phrase, Counter[str]] = defaultdict(Counter)
        self.shown: set[tuple[Phrase, str]] = set()  # forms in notes that may be quoted, if there are such notes
        self.weight: dict[str, float] = {}

    def form(self, phrase: Phrase) -> str:
        """How most people write it; empty when it is in no note that may be quoted."""
        forms = [(-n, len(form), form) for form, n in self.forms[phrase].items() if (phrase, form) in self.shown]
        return min(forms)[2] if forms else ""

    def tells(self, phrase: Phrase) -> float:
        """A phrase of two words tells more than either alone, though not twice as much."""
        weights = [self.weight.get(stem, 0.0) for stem in phrase]
        return sum(weights) / math.sqrt(len(weights))


def _count(notes: Sequence[Said], written: _Written) -> _Counted:
    by_person: dict[str, list[Said]] = defaultdict(list)
    for note in notes:
        by_person[note.person].append(note)
    counted = _Counted(len(by_person))
    said = Counter(
        stem for mine in by_person.values() for stem in {t.stem for note in mine for t in note.tokens if t.stem}
    )
    # A phrase is said by no more people than each of its words: what one person says need not be put together.
    least = 2 if any(n > 1 for n in said.values()) else 1
    any_shareable = any(note.shareable for note in notes)
    for mine in by_person.values():
        found: set[Phrase] = set()
        forms: set[tuple[Phrase, str]] = set()
        for note in mine:
            _weigh(note, said, least, counted, written)
            for phrase, start, end in _phrases(note.tokens, said, least):
                found.add(phrase)
                form = " ".join(note.text[start:end].split())
                forms.add((phrase, form))
                if note.shareable or not any_shareable:
                    counted.shown.add((phrase, form))
        counted.people.update(found)
        for phrase, form in forms:
            counted.forms[phrase][form] += 1
    return counted


def _weigh(note: Said, said: Mapping[str, int], least: int, counted: _Counted, written: _Written) -> None:
    """How much each word tells in general, and how it is written."""
    known = language(note.language)
    if note.language != "de":  # a noun has its capital anywhere
        written.codes.add(note.language)
    for token in note.tokens:
        if not token.opens:
            written.inside[token.word][note.text[token.start : token.end]] += 1
        if token.stem and said[token.stem] >= least:
            # Squared: at the same lift "postcode" names a theme better than "took".
            counted.weight[token.stem] = max(counted.weight.get(token.stem, 0.0), known.weight(token.word) ** 2)


def _phrases(tokens: Sequence[Token], said: Mapping[str, int], least: int) -> Iterator[tuple[Phrase, int, int]]:
    for first, token in enumerate(tokens):
        if not token.stem or said[token.stem] < least:
            continue
        phrase = [token.stem]
        yield (token.stem,), token.start, token.end
        for last in tokens[first + 1 : first + MAX_WORDS]:
            if not last.joined or not (last.stem or last.word in _LINKS):
                break
            phrase.append(last.stem)
            if last.stem:
                if said[last.stem] < least:
                    break
                if last.stem not in phrase[:-1]:
                    yield tuple(stem for stem in phrase if stem), token.start, last.end


def _choose(scores: dict[Phrase, float], counted: _Counted, written: _Written) -> tuple[str, ...]:
    people = counted.people
    worth = WORTH * max(scores.values(), default=0.0)
    left = {phrase: score for phrase, score in scores.items() if score >= worth}
    hosts: dict[Phrase, int] = {}
    for phrase in left:
        for part in _parts(phrase):
            hosts[part] = max(hosts.get(part, 0), people[phrase])
    least = 2 if any(n > 1 for n in people.values()) else 1
    left = {p: s for p, s in left.items() if not (hosts.get(p, 0) >= max(least, NESTED * people[p]))}
    chosen: list[Phrase] = []
    shown: list[str] = []

    def gain(phrase: Phrase) -> tuple[float, int, Phrase]:
        repeats = any(set(phrase) & set(other) for other in chosen)
        return left[phrase] * (REPEATED if repeats else 1), people[phrase], phrase

    while left and len(chosen) < MAX_PHRASES:
        phrase = max(left, key=gain)
        del left[phrase]
        form = written.show(counted.form(phrase))
        if any(set(phrase) <= set(other) or set(other) <= set(phrase) for other in chosen):
            continue
        if any(_alike(form.lower(), other.lower()) for other in shown):
            continue
        chosen.append(phrase)
        shown.append(form)
    return tuple(shown)


def _parts(phrase: Phrase) -> Iterator[Phrase]:
    for length in range(1, len(phrase)):
        for first in range(len(phrase) - length + 1):
            yield phrase[first : first + length]
    if len(phrase) == 1 and UNSPACED.fullmatch(phrase[0]):
        for part in _parts(tuple(phrase[0])):
            if len(part) > 1:
                yield ("".join(part),)


def _alike(form: str, other: str) -> bool:
    """Forms that a reader takes for one: "color" and "colour", "e-mail" and "email"; also one within the other."""
    return form in other or other in form or Levenshtein.normalized_similarity(form, other) > 0.8
