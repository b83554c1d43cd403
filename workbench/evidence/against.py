"""Notes near a theme, or near any notes, that may say the opposite: looked for, ranked, and for the PM to judge."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from workbench.evidence.counts import notes_of, once
from workbench.evidence.stance import Sign, find_denied, find_signs, find_words
from workbench.signals import find_signals, says_it_works
from workbench.themes import Themes
from workbench.themes.words import read_stems

if TYPE_CHECKING:
    from workbench.records import Hypothesis

__all__ = ["Candidate", "find_against", "heed_judgements", "rank_against"]

# A note is near from this share of the middle note's nearness on; notes that have little in common themselves are taken
# to be at least so near to each other. Chosen on ONRR and the sample, where .45 to .75 and .25 to .45 do nearly as well.
LEAST_NEAR, LEAST_MIDDLE = 0.55, 0.35
# Inside, a note need not be near: it is there already.
LEAST_NEAR_INSIDE = 0.3
# What is less clear than this is left out: in both studies that took away nothing that was right.
LEAST_SCORE = 0.1
# Of the words that speak most for the notes so many are looked at for a denial.
N_KEYS = 15
# What is left of a candidate's clarity for each word that says the same as the notes, for a customer who is behind the notes
# as well, and for a note that the PM marked as trouble.
AGREES, ALSO_FOR, MARKED = 0.7, 0.5, 0.3
TROUBLE, PLAIN = ("pain", "workaround", "wish"), ("observation", "quote")
# How clear a note is that only speaks of the matter and tells of no trouble.
QUIET = 0.2
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s+[–—]\s+")


def find_against(themes: Themes, theme: str) -> list[str]:
    """Notes near a theme that may say the opposite, for the PM to confirm.

    A note is near when its words carry as much of the theme's weight as those of the middle note in it, or when it
    is in the theme; it may say the opposite when it says that there was no trouble
    (:func:`workbench.signals.says_it_works`).

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    theme : str
        One of its themes.

    Returns
    -------
    list of str
        Ids, nearest first: what the PM has judged to be against it (:func:`heed_judgements`) whatever its words, and nothing
        that the PM has judged not to be.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1", "c#1"], "call": ["a", "b", "c"],
    ...     "customer": ["Acme", "Bolt", "Core"],
    ...     "segment": ["s"] * 3, "date": pd.to_datetime(["2026-11-17"] * 3), "kind": ["pain"] * 3,
    ...     "text": ["The import drops rows", "Rows are lost in the import", "Import of our rows was no trouble"],
    ...     "consent": ["quote"] * 3})
    >>> from workbench.themes import find_themes
    >>> find_against(find_themes(notes, n_themes=1), "T1")
    ['c#1']
    """
    judged = themes.judged.get(theme, {})
    return list(
        once(themes, ("against", theme, frozenset(judged.items())), lambda: _find_against(themes, theme, judged))
    )


def _find_against(themes: Themes, theme: str, judged: dict[str, bool]) -> list[str]:
    notes, hopeful = themes.read, once(themes, "hopeful", lambda: _find_hopeful(themes))
    inside = notes.loc[notes["theme"] == theme, "text"]
    middle = pd.Series([themes.nearness(theme, text) for text in inside]).median()
    if judged:
        by_hand = themes.notes[themes.notes["note"].isin([note for note, against in judged.items() if against])]
        hopeful = pd.concat([hopeful[~hopeful["note"].isin(judged)], by_hand])
    found = []
    for note, text, of in zip(hopeful["note"], hopeful["text"], hopeful["theme"], strict=True):
        near = themes.nearness(theme, text)
        if note in judged or (near > 0 and (of == theme or near >= middle)):
            found.append((of != theme, -round(near, 9), note))
    return [note for _, _, note in sorted(found)]


def _find_hopeful(themes: Themes) -> pd.DataFrame:
    """Notes that say that there was no trouble, and wish for nothing."""
    notes = themes.read
    says_so = np.array([bool(says_it_works(text)) for text in notes["text"].tolist()], dtype=bool)
    return notes[says_so & (notes["kind"].astype(str) != "wish").to_numpy()]


def heed_judgements(themes: Themes, hypotheses: Iterable[Hypothesis]) -> Themes:
    """The same themes, knowing which notes the PM has judged to be against them, or not to be.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : iterable of Hypothesis
        Records; what stands under ``against`` and ``not_against`` of one is said of the themes whose notes it rests on: the
        one that most of its evidence is of, and each that half of its notes are evidence of.

    Returns
    -------
    Themes
        With `judged`.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s"] * 2, "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "No rows dropped by the import here"], "consent": ["quote"] * 2})
    >>> from workbench.records import Hypothesis
    >>> from workbench.themes import find_themes
    >>> judged = heed_judgements(find_themes(notes, n_themes=1), [Hypothesis("H-1", "ready", evidence=("a#1",),
    ...     against=("b#1",), file="H-1.md")])
    >>> find_against(judged, "T1")
    ['b#1']
    """
    judged: dict[str, dict[str, bool]] = {}
    hypotheses = [h for h in hypotheses if h.file]
    if not hypotheses:
        return replace(themes, judged=judged)
    members = {theme: set(notes) for theme, notes in zip(themes.summary["theme"], themes.summary["notes"], strict=True)}
    for h in sorted(hypotheses, key=lambda h: h.id):
        evidence = set(h.evidence)
        shared = {theme: len(notes & evidence) for theme, notes in members.items()}
        most = max(shared.values(), default=0)
        for theme, n in shared.items():
            if n and (n == most or 2 * n >= len(members[theme])):
                said = judged.setdefault(theme, {})
                said |= {note: False for note in h.not_against if note not in said}
                said |= dict.fromkeys(h.against, True)
    return replace(themes, judged=judged)


class Candidate(NamedTuple):
    """A note that may say the opposite, for the PM to confirm or reject.

    Parameters
    ----------
    note, customer, text : str
        The note, who said it, and its words.
    inside : bool
        Whether it is one of the notes that it may speak against.
    score : float
        How near it is times how clearly it says the opposite; only the order means anything.
    near : float
        How near it is, where the middle one of the notes has 1.
    signs : tuple of Sign
        The words that made it a candidate, with their rules and places, by place.
    """

    note: str
    customer: str
    text: str
    inside: bool
    score: float
    near: float
    signs: tuple[Sign, ...]


def rank_against(themes: Themes, of: Any, *, n: int | None = 10) -> list[Candidate]:
    """Notes that may say the opposite of a theme or a hypothesis, the likeliest first.

    A candidate is near the notes (:meth:`ThemeModel.weigh`, the sentence that made it one counting as much as the whole
    note), and it goes another way than most of them do: where they tell of trouble it says that something went well, and
    the other way round (:func:`~workbench.evidence.stance.find_signs`), or it denies a word that they affirm
    (:func:`~workbench.evidence.stance.find_denied`). Or, the weakest reason, it speaks of the same matter and tells of no
    trouble, and nothing that its customer said does ("quiet"). What says the same as they do counts against it, as does its kind
    where that is a pain, a workaround or a wish, and that its customer is behind the notes as well.

    None of this decides. The first three held a note that does say the opposite for 3 of 3 topics of the sample and 7 of 9 of
    a real study, and about half of the contradictions that were planted after the rules were written; they also hold notes
    that do not (``benchmarks/README.md`` has the figures, and who judged). So an empty list is no proof, and of notes in other
    languages than English there is none.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    of : str, object with ``evidence``, or iterable of str
        A theme's id, a hypothesis, or note ids.
    n : int or None
        At most so many; all with None.

    Returns
    -------
    list of Candidate
        The likeliest first, then by note; none when nothing near goes the other way.

    Raises
    ------
    InputError
        When there is no such theme.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1", "c#1"], "call": ["a", "b", "c"],
    ...     "customer": ["Acme", "Bolt", "Core"],
    ...     "segment": ["s"] * 3, "date": pd.to_datetime(["2026-11-17"] * 3), "kind": ["observation"] * 3,
    ...     "text": ["The import drops rows", "Rows are lost in the import", "Import of all our rows was done by noon"],
    ...     "consent": ["quote"] * 3})
    >>> from workbench.themes import find_themes
    >>> [(found.note, found.signs[0].words) for found in rank_against(find_themes(notes, n_themes=1), "T1")]
    [('c#1', 'done by noon')]
    """
    rows = themes.notes
    if len(themes.read) < len(rows):
        rows = rows[rows["note"].isin({*themes.read["note"], *_some_of(themes, of)})]
    place, rows = rows.index.to_numpy(), rows.reset_index(drop=True)
    ids, texts, languages = (rows[name].tolist() for name in ("note", "text", "language"))
    kinds, customers = (rows[name].astype(str).tolist() for name in ("kind", "customer"))
    inside = rows["note"].isin(set(notes_of(themes, of))).to_numpy(dtype=bool)
    members = np.flatnonzero(inside)
    if not len(members):
        return []
    way = _usual_way([(texts[i], kinds[i]) for i in members])
    keys = _Keys(texts, languages, customers, members)
    clear, behind = _find_opposite(texts, kinds, customers, members, way, keys)
    clear = {i: found for i, found in clear.items() if languages[i] == "en"}
    if not clear:
        return []
    order = list(clear)
    said = [_around(texts[i], clear[i][1]) for i in order]
    candidates = []
    nearness = _measure_nearness(themes, place[members], place[order], said)
    for i, near in zip(order, nearness.tolist(), strict=True):
        found, signs = clear[i]
        score = near * found * (ALSO_FOR if customers[i] in behind else 1)
        if score < LEAST_SCORE or near < (LEAST_NEAR_INSIDE if inside[i] else LEAST_NEAR):
            continue
        # Asked last, since it takes longest.
        if signs[0].rule.startswith("quiet") and find_signals(texts[i], TROUBLE):
            continue
        candidates.append(
            Candidate(ids[i], customers[i], texts[i], bool(inside[i]), round(score, 6), round(near, 3), signs)
        )
    candidates.sort(key=lambda candidate: (-candidate.score, candidate.note))
    return candidates[:n]


def _some_of(themes: Themes, of: Any) -> list[str]:
    """Notes that are named one by one; of a theme those that are read anyway."""
    return [] if isinstance(of, str) else notes_of(themes, of)


def _find_opposite(
    texts: list[str], kinds: list[str], customers: list[str], members: np.ndarray, way: str, keys: _Keys
) -> tuple[dict[int, tuple[float, tuple[Sign, ...]]], set[str]]:
    """Notes that go another way than the members do, with how clearly and by which words; and who is behind the members."""
    clear: dict[int, tuple[float, tuple[Sign, ...]]] = {}
    for i, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        found = _oppose(find_signs(text), keys.denies(i), way, marked=kind in TROUBLE)
        if found[0] and kind != "commitment":  # a promise says nothing of how things are
            clear[i] = found
    behind = {
        customers[i]
        for i in members
        if i not in clear and (kinds[i] in TROUBLE or any(sign.rule.startswith(way) for sign in find_signs(texts[i])))
    }
    if way == "badly":
        for i, text in enumerate(texts):
            silent = i not in clear and kinds[i] in PLAIN and customers[i] not in behind and not find_signs(text)
            if silent and (about := keys.name(i)):
                clear[i] = (QUIET, about)
    return clear, behind


def _usual_way(notes: Sequence[tuple[str, str]]) -> str:
    """Whether most notes tell of trouble, "badly", or of what went well; in doubt of trouble, as most calls do."""
    total = 0
    for text, kind in notes:
        value = sum(1 if sign.rule.startswith("well") else -1 for sign in find_signs(text)) - (kind in TROUBLE)
        total += (value > 0) - (value < 0)
    return "well" if total > 0.2 * len(notes) else "badly"


class _Keys:
    """The words that speak most for the notes, and which customers affirm and deny each."""

    def __init__(self, texts: list[str], languages: list[str], customers: list[str], members: np.ndarray) -> None:
        self.texts, self.languages, self.customers = texts, languages, customers
        stems = [read_stems(texts[i], languages[i]) for i in members]
        here = Counter(stem for of_note in stems for stem in of_note)
        everywhere: Counter[str] = Counter()
        for text, code in zip(texts, languages, strict=True):
            everywhere.update(read_stems(text, code) & here.keys())
        # As a theme's own weights: the share of its notes, times how rare the word is elsewhere.
        weights = {
            stem: count * (1 if count > 1 else 0.25) * math.log((1 + len(texts)) / everywhere[stem])
            for stem, count in here.items()
        }
        most = max(weights.values(), default=0.0) or 1.0
        best = sorted(weights, key=lambda stem: (-round(weights[stem], 9), stem))[:N_KEYS]
        self.weights = {stem: weights[stem] / most for stem in best}
        self.affirmed: dict[str, set[str]] = defaultdict(set)
        self.denied: dict[str, set[str]] = defaultdict(set)
        for i in members:
            for stem, sign in find_denied(texts[i], languages[i]).items():
                if stem in self.weights:
                    (self.denied if sign else self.affirmed)[stem].add(customers[i])

    def denies(self, i: int) -> dict[Sign, float]:
        """What a note denies that at least three of four others affirm, with the word's weight."""
        found = {}
        if read_stems(self.texts[i], self.languages[i]) & self.weights.keys():
            own = {self.customers[i]}
            for stem, sign in find_denied(self.texts[i], self.languages[i]).items():
                if sign and stem in self.weights:
                    n_affirm, n_deny = len(self.affirmed[stem] - own), len(self.denied[stem] - own)
                    if n_affirm and n_affirm >= 3 * n_deny:
                        found[sign] = self.weights[stem]
        return found

    def name(self, i: int) -> tuple[Sign, ...]:
        """What a note says of the matter, though neither well nor badly: the weightiest word; none without one."""
        here = find_words(self.texts[i], self.languages[i])
        known = sorted((-self.weights[stem], span) for stem, span in here.items() if stem in self.weights)
        return tuple(Sign("quiet/about", span, self.texts[i][slice(*span)]) for _, span in known[:1])


def _oppose(
    signs: tuple[Sign, ...], denied: dict[Sign, float], way: str, *, marked: bool
) -> tuple[float, tuple[Sign, ...]]:
    """How clearly a note goes the other way, 0 to 1, and the words that say so."""
    opposite = [sign for sign in signs if not sign.rule.startswith(way)]
    same = [sign.span for sign in signs if sign.rule.startswith(way)]
    # "Didn't know" is the trouble itself and no denial of it.
    denied = {
        sign: weight
        for sign, weight in denied.items()
        if all(sign.span[1] <= start or end <= sign.span[0] for start, end in same)
    }
    value = len(opposite) + 0.5 * max(denied.values(), default=0.0)
    clear = (1 - 0.4**value) * AGREES ** len(same)
    if marked and way == "badly":
        clear *= MARKED
    return clear, tuple(sorted({*opposite, *denied}, key=lambda sign: (sign.span, sign.rule)))


def _around(text: str, signs: tuple[Sign, ...]) -> str:
    """The sentences in which the signs stand."""
    ends = [*(match.span() for match in _SENTENCE.finditer(text)), (len(text), len(text))]
    start, said = 0, []
    for end, following in ends:
        if any(start <= sign.span[0] < end for sign in signs):
            said.append(text[start:end])
        start = following
    return " ".join(said)


def _measure_nearness(themes: Themes, members: np.ndarray, order: np.ndarray, said: list[str]) -> np.ndarray:
    """How near notes, and what was said in them, are to the middle of the others, beside the members' own nearness."""
    rows = themes.model.weigh(members)
    middle = np.asarray(rows.sum(axis=0)).ravel()
    length = float(np.linalg.norm(middle)) or 1.0
    # A member is compared with the others, without itself: rows are of unit length, or zeros for a note without words.
    own, unit = np.asarray(rows @ middle).ravel(), np.diff(rows.indptr) > 0
    rest = np.sqrt(np.maximum(length**2 - unit * (2 * own - 1), 1e-12))
    among = (own - unit) / rest if len(members) > 1 else own
    usual = max(float(np.median(among)), LEAST_MIDDLE)
    near = np.asarray(themes.model.weigh(order) @ middle).ravel() / length
    place = {int(i): k for k, i in enumerate(members)}
    for k, i in enumerate(order):
        if i in place:
            near[k] = among[place[i]]
    part = np.asarray(themes.model.weigh_new(said) @ middle).ravel() / length
    texts = themes.notes["text"].iloc[order]
    whole = np.array([part == text for part, text in zip(said, texts, strict=True)])
    mixed = np.where(whole, near, (near + np.minimum(part, 2 * near)) / 2)
    return np.round(np.clip(mixed / usual, 0, 1.25), 9)
