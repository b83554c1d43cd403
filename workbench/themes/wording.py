"""How a theme reads: what its customers said, in their words; nothing is composed."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.signals import says_it_works
from workbench.themes.languages import language
from workbench.themes.phrases import NUMBERS, Said, Token, inform, pick_phrases, read_tokens
from workbench.themes.words import read_stems
from workbench.unspaced import UNSPACED, count_words

__all__ = ["Statement", "Wording", "name_themes", "order_notes"]

# A claim is read on a slide: shorter says too little, longer is not read.
MIN_WORDS, MAX_WORDS, MAX_CHARACTERS = 4, 18, 200
BEST_FROM, BEST_TO = 5, 14
# What happened says more of a theme than what is wanted, and a promise says least.
KIND_WEIGHT = {"observation": 1.0, "pain": 1.0, "workaround": 0.85, "quote": 0.9, "wish": 0.75, "commitment": 0.5}
# So many notes of a theme tell how it is worded; of a larger one they are spread evenly from typical to not.
MAX_READ = 400
# Of very many themes fewer each, so that wording them takes seconds: never fewer than a fourth of that.
MAX_READ_IN_ALL = 8000
# So many statements of a theme, the best, are compared with the other themes.
MAX_COMPARED = 50
# What a word keeps of its weight that one person of a theme says: a theme is what they have in common.
ALONE = 0.3
# What a statement keeps of its score when the word that tells most of the theme is not in it.
WITHOUT_LEADING = 0.8
# So much of what the best statement tells has one to tell that goes first since it may be quoted: an interview's sentence once
# stood for nine thousand tickets.
WORTH_QUOTING = 0.25
# Words before a colon or a dash that are a heading.
MAX_HEADING = 3
# Below so many customers, notes are counted.
MIN_CUSTOMERS = 3

# Words that point at something said before, so that the statement does not stand alone.
_POINTS = frozenset("it its it's it'd it'll that that's this those these they they're they'd their them such".split())
_PERSONS = frozenset("he he's he'd she she's she'd him her his hers theirs ours yours".split())
_REFERS = frozenset("it it's its it'd it'll they they're they'd them he he's he'd him she she's she'd her".split())
_CONTINUES = frozenset(
    "and but so or nor then also because cause though although which plus otherwise instead too either like well yeah"
    " yes no ok okay um uh oh not".split()
)
# A statement that ends with one of these is not finished.
_HANGS = frozenset(
    "a an the and or but nor so because if than then that which who whose of to for from with at by as into is are was"
    " were be would could should can will may might must my our your their his her its very i we they he she".split()
)
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+|(?<=[\u3002\uff01\uff1f])|\s*\n\s*")
_CLAUSE = re.compile(r"\s*;\s+|\s*(?:→|->|=>)\s*|(?<=\w):\s+|\s+[-–—]+\s+")
_SHORT = frozenset("mr mrs ms dr st no nos vs etc approx inc ltd co eg ie e.g i.e al fig jr sr prof".split())
# How people talk before they know what to say, and words said twice.
_FALTERS = re.compile(
    r"\b(?:u[hm]+|yeah|you know|i mean|i guess|kind of|sort of|is like|just like|or something)\b|"
    r"\b(\w+(?: \w+)?),? \1\b",
    re.IGNORECASE,
)
_PAIRS = ("()", "[]", "“”", "«»")


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of one note that could stand for its theme.

    Parameters
    ----------
    note : str
        The note's id.
    text : str
        The note's text, or a whole sentence or clause of it, verbatim; cut at a word with "…" when it is too long.
    """

    note: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How one theme reads.

    Parameters
    ----------
    statements : tuple of Statement
        What could stand for it, best first: those that consent allows to quote before the others, as long as they tell
        `WORTH_QUOTING` of what the best one tells; then those that are nearer to this theme than to any other and that no other
        theme is called by.
    phrases : tuple of str
        Its key phrases, see :func:`~workbench.themes.phrases.pick_phrases`.
    weights : dict of str to float
        How much each stem speaks for it, summing to 1; stems as :func:`~workbench.themes.words.read_stems` gives them.
    """

    statements: tuple[Statement, ...]
    phrases: tuple[str, ...]
    weights: dict[str, float]


def name_themes(notes: pd.DataFrame, say: Callable[[float], None] = lambda _: None) -> dict[str, Wording]:
    """Word all themes at once, since what a theme is called depends on what the others say.

    The first statement is the most typical: the words in it are those that many of the theme's customers say and others
    do not (:func:`~workbench.themes.phrases.inform`, added up as in the centroid score of Radev et al. 2004, "MEAD"). It
    is of a length that a slide holds, stands alone, and tells no detail that one person alone knows.

    Of a theme of more than `MAX_READ` notes that many are read, spread evenly from its most to its least typical; of many such
    themes fewer each, `MAX_READ_IN_ALL` together.

    Parameters
    ----------
    notes : pandas.DataFrame
        With columns note, text, kind, consent, customer, theme (empty where in none) and typicality (0 to 1), and
        language where it is known (else English).
    say : callable, optional
        Called with the share of the work done, from 0 to 1.

    Returns
    -------
    dict of str to Wording
        For each theme, sorted; the same whatever the order of the rows.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1", "c#1"], "kind": "pain", "consent": "quote",
    ...     "text": ["The import drops rows", "It took weeks. Import drops rows every time", "Invoices look odd to us"],
    ...     "customer": ["Acme", "Bolt", "Core"], "theme": ["T1", "T1", "T2"], "typicality": [0.9, 0.8, 1.0]})
    >>> wordings = name_themes(notes)
    >>> wordings["T1"].statements[0].text, wordings["T1"].phrases[0]
    ('The import drops rows', 'import drops rows')
    """
    themes = _read(notes)
    others = themes.pop("", [])
    say(0.2)
    weights = _weigh_stems(themes, others)
    say(0.3)
    statements = _Statements(themes, others).rank()
    say(0.6)
    phrases = pick_phrases(
        {theme: [note.said for note in read] for theme, read in themes.items()}, [note.said for note in others]
    )
    return {theme: Wording(statements[theme], phrases[theme], weights[theme]) for theme in themes}


def order_notes(notes: pd.DataFrame, *before: Sequence[int]) -> np.ndarray:
    """The order of notes from the most typical one on, of as typical ones that of their ids.

    Parameters
    ----------
    notes : pandas.DataFrame
        With note and typicality.
    *before : sequence of int
        What is looked at before that, the last first.

    Returns
    -------
    ndarray of int
        Their places.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["b", "a", "c"], "typicality": [0.5, 0.5, 1.0]})
    >>> order_notes(notes).tolist(), order_notes(notes, [0, 0, 1]).tolist()
    ([2, 1, 0], [1, 0, 2])
    """
    by_id = np.empty(len(notes), dtype=np.intp)
    by_id[notes["note"].array.argsort()] = np.arange(len(notes))
    return np.lexsort((by_id, -notes["typicality"].to_numpy(dtype=float), *before))


@dataclass(frozen=True, slots=True)
class _Note:
    note: str
    kind: str
    typicality: float
    said: Said


def _read(notes: pd.DataFrame) -> dict[str, list[_Note]]:
    """The notes of each theme that are read, the most typical first."""
    columns = ["note", "text", "kind", "consent", "customer", "typicality"]
    codes = notes["language"].astype(str) if "language" in notes else pd.Series("en", index=notes.index)
    frame = notes[columns].assign(language=codes)
    themes = notes["theme"].astype("category")
    order = order_notes(notes, themes.cat.codes)
    read: dict[str, list[_Note]] = {}
    sizes = themes.value_counts(sort=False)
    most = MAX_READ
    if sizes.clip(upper=MAX_READ).sum() > MAX_READ_IN_ALL:
        most = max(MAX_READ_IN_ALL // len(sizes), MAX_READ // 4)
    for theme, of_theme in zip(sizes.index, np.split(order, np.cumsum(sizes))[:-1], strict=True):
        count_customers = notes["customer"].iloc[of_theme].nunique() >= MIN_CUSTOMERS
        if len(of_theme) > most:
            of_theme = of_theme[np.linspace(0, len(of_theme) - 1, most).astype(int)]
        rows = frame.iloc[of_theme]
        read[str(theme)] = [
            _Note(
                str(row.note),
                str(row.kind),
                float(row.typicality),
                Said(
                    str(row.customer) if count_customers else f"note {row.note}",
                    row.text,
                    row.language,
                    read_tokens(row.text, row.language),
                    row.consent in ("quote", "named"),
                ),
            )
            for row in rows.itertuples(index=False)
        ]
    return read


def _weigh_stems(themes: dict[str, list[_Note]], others: Sequence[_Note]) -> dict[str, dict[str, float]]:
    """How much each stem speaks for a theme: its share of the theme's notes, times its rarity elsewhere."""
    here = {
        theme: Counter(s for note in read for s in read_stems(note.said.text, note.said.language))
        for theme, read in themes.items()
    }
    everywhere = Counter(s for note in others for s in read_stems(note.said.text, note.said.language))
    for found in here.values():
        everywhere.update(found)
    n_notes = len(others) + sum(map(len, themes.values()))
    weights = {}
    for theme, found in here.items():
        raw = {
            s: n / len(themes[theme]) * (1 if n > 1 else ALONE) * math.log((1 + n_notes) / everywhere[s])
            for s, n in sorted(found.items())
        }
        total = sum(raw.values()) or 1.0
        weights[theme] = {s: weight / total for s, weight in raw.items() if weight > 0}
    return weights


@dataclass(frozen=True, slots=True)
class _Candidate:
    note: _Note
    text: str
    stems: frozenset[str]
    score: float

    @property
    def key(self) -> str:
        """Equal for what a reader takes for the same."""
        return " ".join(self.text.casefold().split()).strip(" .…")


class _Statements:
    """The statements of all themes, each theme's in order."""

    def __init__(self, themes: dict[str, list[_Note]], others: Sequence[_Note]) -> None:
        self.themes = themes
        self.customers: dict[str, set[str]] = defaultdict(set)  # who says a word, whatever the theme
        general: dict[str, float] = {}
        for note in (note for read in (*themes.values(), others) for note in read):
            known = language(note.said.language)
            for token in note.said.tokens:
                if token.stem:
                    self.customers[token.stem].add(note.said.person)
                    general[token.stem] = max(general.get(token.stem, 0.0), known.weight(token.word))
        counts = {theme: _count_people(read) for theme, read in themes.items()}
        n_people, everywhere = _count_people(others)
        for n_here, found in counts.values():
            n_people += n_here
            everywhere.update(found)
        self.people = {theme: found for theme, (_, found) in counts.items()}
        self.weights: dict[str, dict[str, float]] = {}
        self.leading: dict[str, set[str]] = {}  # the words that tell most of a theme
        self.of_stem: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for theme, (n_here, found) in counts.items():
            tells = {
                stem: inform(n, n_here, everywhere[stem] - n, n_people - n_here)
                * general[stem]
                * (1 if n > 1 else ALONE)
                for stem, n in sorted(found.items())
            }
            length = math.sqrt(math.fsum(weight**2 for weight in tells.values())) or 1.0
            self.weights[theme] = {stem: weight / length for stem, weight in tells.items() if weight > 0}
            most = max(self.weights[theme].values(), default=0.0)
            self.leading[theme] = {stem for stem, weight in self.weights[theme].items() if weight >= 0.9 * most}
            for stem, weight in self.weights[theme].items():
                self.of_stem[stem].append((theme, weight))

    def rank(self) -> dict[str, tuple[Statement, ...]]:
        ranked = {theme: self._rank_one(theme) for theme in self.themes}
        self._part(ranked)
        return {
            theme: tuple(Statement(found.note.note, found.text) for found in of_theme)
            for theme, of_theme in ranked.items()
        }

    def _rank_one(self, theme: str) -> list[_Candidate]:
        found = []
        for note in self.themes[theme]:
            for text, tokens, wholeness in _cut(note.said):
                stems = frozenset(token.stem for token in tokens if token.stem)
                score = self._score(theme, note, text, stems, tokens) * wholeness
                found.append(_Candidate(note, text, stems, round(score, 9)))
        # What may be quoted goes first where it tells of the theme nearly what the best tells, and not at any price.
        least = WORTH_QUOTING * max((c.score for c in found), default=0.0)
        found.sort(key=lambda c: (not self._leads(c, least), *_order(c)))
        compared = [(c, not self._is_nearest(theme, c)) for c in found[:MAX_COMPARED]]
        rest = [(c, True) for c in found[MAX_COMPARED:]]
        return [c for c, _ in sorted([*compared, *rest], key=lambda item: (not self._leads(item[0], least), item[1]))]

    @staticmethod
    def _leads(candidate: _Candidate, least: float) -> bool:
        return candidate.note.said.shareable and candidate.score >= least

    def _fit(self, theme: str, candidate: _Candidate) -> float:
        weights = self.weights[theme]
        return round(math.fsum(weights.get(stem, 0.0) for stem in candidate.stems), 9)

    def _is_nearest(self, theme: str, candidate: _Candidate) -> bool:
        """Whether no other theme fits the statement better."""
        fits: dict[str, list[float]] = defaultdict(list)
        for stem in candidate.stems:
            for other, weight in self.of_stem.get(stem, ()):
                fits[other].append(weight)
        own = self._fit(theme, candidate)
        return all(round(math.fsum(weights), 9) <= own for weights in fits.values())

    def _score(self, theme: str, note: _Note, text: str, stems: frozenset[str], tokens: Sequence[Token]) -> float:
        weights, people = self.weights[theme], self.people[theme]
        n_stems = max(1, len(stems))
        score = math.fsum(weights.get(stem, 0.0) for stem in stems) / math.sqrt(n_stems + 1)
        if not stems & self.leading[theme]:
            score *= WITHOUT_LEADING
        # What one customer alone says is a detail; what others of the theme say as well is its matter.
        score *= 1 - 0.5 * sum(len(self.customers[stem]) < 2 for stem in stems) / n_stems
        score *= 0.5 + 0.5 * sum(people[stem] > 1 for stem in stems) / n_stems
        score *= (0.5 + note.typicality) * KIND_WEIGHT.get(note.kind, 0.0)
        score *= _suits_a_slide(count_words(text)) * _stands_alone(text, tokens, note.said.tokens)
        score *= 0.8 ** self._count_names(note.said, tokens)
        if any(character.isdigit() for character in text):
            score *= 0.75
        elif any(token.word in NUMBERS for token in tokens):
            score *= 0.85
        if says_it_works(note.said.text):  # a theme is not named after the one who disagrees
            score *= 0.3
        return score

    def _count_names(self, said: Said, tokens: Sequence[Token]) -> int:
        """Words with a capital where none is due, known to one customer or two."""
        if said.language == "de":  # nouns have one
            return 0
        return sum(
            said.text[t.start].isupper() and not t.opens and len(self.customers[t.stem]) < 3 for t in tokens if t.stem
        )

    def _part(self, ranked: dict[str, list[_Candidate]]) -> None:
        """Of themes that would be called the same, the one that the words fit best keeps them."""
        refused: dict[str, set[str]] = defaultdict(set)
        while True:
            rivals: dict[str, list[str]] = defaultdict(list)
            for theme, found in ranked.items():
                rivals[found[0].key].append(theme)
            moved = False
            for key, same in rivals.items():
                for theme in sorted(same, key=lambda theme: (-self._fit(theme, ranked[theme][0]), theme))[1:]:
                    refused[theme].add(key)
                    free = next((c for c in ranked[theme] if c.key not in refused[theme]), None)
                    if free:
                        ranked[theme] = [free, *(c for c in ranked[theme] if c is not free)]
                        moved = True
            if not moved:
                return


def _order(candidate: _Candidate) -> tuple[object, ...]:
    return -candidate.score, len(candidate.text), candidate.text, candidate.note.note


def _count_people(read: Sequence[_Note]) -> tuple[int, Counter[str]]:
    """How many people there are, and how many of them say each stem."""
    by_person: dict[str, set[str]] = defaultdict(set)
    for note in read:
        by_person[note.said.person].update(token.stem for token in note.said.tokens if token.stem)
    return len(by_person), Counter(stem for stems in by_person.values() for stem in stems)


def _cut(said: Said) -> Iterator[tuple[str, list[Token], float]]:
    """The statements of a note with their words, and how whole they are (1, less for a clause or a cut)."""
    text = said.text
    spans: dict[tuple[int, int], float] = {}
    sentences = list(_split(text, 0, len(text), _SENTENCE))
    parts = [(0, len(text), 1.0)]
    for start, end in sentences:
        later = 1.0 if start == 0 else 0.9
        parts.append((start, end, later))
        for first, last in _split(text, start, end, _CLAUSE):
            # What follows a heading is whole ("Filters: he missed them"), what follows half a sentence is not.
            parts.append((first, last, later if len(text[start:first].split()) <= MAX_HEADING else 0.8 * later))
    for start, end, wholeness in parts:
        span = _trim(text, start, end)
        n_breaks = sum(1 for _ in _SENTENCE.finditer(text, *span)) + sum(1 for _ in _CLAUSE.finditer(text, *span))
        spans.setdefault(span, wholeness * 0.8**n_breaks)
    whole = {
        span: wholeness for span, wholeness in spans.items()
        if span[0] < span[1] and count_words(text[slice(*span)]) <= MAX_WORDS and span[1] - span[0] <= MAX_CHARACTERS
    }  # fmt: skip
    good = {
        span: w for span, w in whole.items() if count_words(text[slice(*span)]) >= MIN_WORDS and _is_closed(text, span)
    }
    too_long = count_words(text) > MAX_WORDS or len(text) > MAX_CHARACTERS
    if not good and too_long:
        start, end = next((s for s in sentences if count_words(text[slice(*s)]) > MAX_WORDS), (0, len(text)))
        words = re.match(rf"\s*(?:\S+\s+){{0,{MAX_WORDS - 1}}}\S+", text[start:end])
        shown = words[0].strip() if words else text[start:end].strip()
        shown = shown[: 2 * MAX_WORDS if UNSPACED.search(shown) else MAX_CHARACTERS].rstrip(",;: ")
        yield shown + "…", [t for t in said.tokens if start <= t.start < start + len(shown)], 0.5
    elif not whole:
        yield text.strip(), said.tokens, 1.0
    else:
        for (start, end), wholeness in (good or whole).items():
            yield text[start:end], [t for t in said.tokens if start <= t.start and t.end <= end], wholeness


def _split(text: str, start: int, end: int, at: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    first = start
    for found in at.finditer(text, start, end):
        if at is _SENTENCE and _goes_on(text[first : found.start()], text[found.end() : found.end() + 1]):
            continue
        if found.start() > first:
            yield first, found.start() + len(found[0].rstrip()) if at is _SENTENCE else found.start()
        first = found.end()
    if end > first:
        yield first, end


def _goes_on(before: str, after: str) -> bool:
    """Whether a full stop is that of an abbreviation."""
    if not before.endswith(".") or before.endswith(".."):
        return False
    last = before.split()[-1].rstrip(".").lower().lstrip("(“\"'")
    return last in _SHORT or (after.islower() and len(last) < 4) or (len(last) == 1 and last.isalpha())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the space and the marks around a statement."""
    while start < end and (text[start].isspace() or text[start] in "-–—•·*>#,;:.…"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    if end - start > 1 and text[end - 1] == "." and text[end - 2] not in "." and not text[start:end].endswith("etc."):
        end -= 1
    return start, end


def _is_closed(text: str, span: tuple[int, int]) -> bool:
    part = text[slice(*span)]
    return all(part.count(opens) == part.count(closes) for opens, closes in _PAIRS) and part.count('"') % 2 == 0


def _suits_a_slide(n_words: float) -> float:
    if n_words < BEST_FROM:
        return 0.85 if n_words >= MIN_WORDS else 0.15 * max(1, n_words)
    return 1.0 if n_words <= BEST_TO else 1 - 0.04 * (n_words - BEST_TO)


def _stands_alone(text: str, tokens: Sequence[Token], of_note: Sequence[Token]) -> float:
    """Less than 1 when English words point at what was said before, or at what did not follow."""
    words = [token.word for token in tokens]
    if not words:
        return 0.3
    score = 1.0
    if words[0] in _POINTS or words[0] in _CONTINUES:
        score *= 0.45
    elif words[0] in _PERSONS:
        score *= 0.8 if of_note[0] == tokens[0] else 0.45
    elif not _REFERS.isdisjoint(words[1:]):
        score *= 0.75
    if words[-1] in _HANGS:
        score *= 0.5
    if text.endswith("?"):
        score *= 0.75
    score *= 0.85 ** len(_FALTERS.findall(text))
    if sum(bool(token.stem) for token in tokens) < 2:
        score *= 0.6
    return score
