"""A fit, from texts to labels: of some thousands all are looked at, of more a sample, and the others block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import or_
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from workbench.themes.blocks import (
    MIDDLE,
    SHARE,
    TELLS,
    TYPICAL,
    Measure,
    Placed,
    Sorted,
    Tally,
    draw,
    fingerprint,
    lowest,
    members,
    pick,
    place,
    sort_by_place,
    sort_by_words,
    spread,
    tally,
)
from workbench.themes.engines import Block, Dask, Here
from workbench.themes.learn import Encode, Learned, Words, count_words, find_groups

__all__ = ["FAR", "Fitted", "Themed", "assign_texts", "fit_blocks", "fit_few", "theme_few", "theme_labelled"]

# Rounds of the middles to their texts; labels hardly change after these.
ROUNDS = 10
# Of texts of the themes' own that share would be too far from them to be told from others.
FAR = 0.05

Say = Callable[[float], None]


@dataclass(frozen=True)
class Themed:
    """Themes that any text can be put into.

    Parameters
    ----------
    measure : Measure
        How a text is placed.
    middles : ndarray
        Of the themes, for :func:`~workbench.themes.blocks.sort_by_words` or, with an encoder, for
        :func:`~workbench.themes.blocks.sort_by_place`.
    least : int
        A text of a smaller typicality is in no theme.
    numbers : ndarray of shape (n_groups,)
        The theme of each group, -1 for a group that is none.
    """

    measure: Measure
    middles: np.ndarray
    least: int
    numbers: np.ndarray

    def sort(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The theme and the typicality of each text, by its own words.

        Parameters
        ----------
        texts : sequence of str, length n_texts
            Any texts.

        Returns
        -------
        labels : ndarray of shape (n_texts,), int64
            -1 for none.
        typicality : ndarray of shape (n_texts,), float64
            0 to 1; 0 for none.
        """
        return self.number(_sort(place(texts, self.measure), self.measure, self.middles))

    def number(self, found: Sorted) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`sort`, of a block that is sorted."""
        labels = np.append(self.numbers, -1)[np.where(found.typicality >= self.least, found.labels, -1)]
        return labels, np.where(labels < 0, 0, found.typicality / TYPICAL)


@dataclass(frozen=True)
class Fitted:
    """What a fit found.

    Parameters
    ----------
    labels : ndarray of shape (n_texts,), int64
        The theme of each text.
    typicality : ndarray of shape (n_texts,), float64
        How near each is to the middle of its theme.
    latent : list of ndarray of shape (n_texts of a block, n_dimensions), float32 or int16
        Where each lies, in any unit.
    codes : sequence of str
        The language of each.
    terms : list of list of str
        For each theme the words that set it apart.
    words : Words
        What each word tells; of those that were learned from.
    measure, themed : Measure, Themed or None
        How a text is placed, and the themes that it can be put into; None where too few texts have words.
    """

    labels: np.ndarray
    typicality: np.ndarray
    latent: list[np.ndarray]
    codes: Sequence[str]
    terms: list[list[str]]
    words: Words
    measure: Measure | None = None
    themed: Themed | None = None


def fit_few(texts: Sequence[str], *, n_themes: int, encode: Encode | None, random_state: int, say: Say) -> Fitted:
    """Find the themes of texts that are all clustered.

    Parameters
    ----------
    texts : sequence of str
        Sorted.
    n_themes : int
        How many; 0 for as many as there are.
    encode, random_state, say
        See :func:`~workbench.themes.learn.find_groups`.

    Returns
    -------
    Fitted
    """
    words = count_words(texts)
    say(0.5)
    known = np.flatnonzero(np.diff(words.counts.indptr))
    _check_enough(n_themes, len(known))
    labels, typicality = np.full(len(texts), -1), np.zeros(len(texts))
    latent = np.zeros((len(texts), 1), dtype=np.float32)
    if len(known) < 2:
        terms = []
        if n_themes == 1 and len(known):
            labels[known], typicality[known] = 0, 1.0
            terms = [_commonest_forms(words)[:6]]
        return Fitted(labels, typicality, [latent], words.codes, terms, words)
    learned = find_groups(
        [texts[i] for i in known],
        words.only(known),
        n_themes=n_themes,
        encode=encode,
        random_state=random_state,
        say=lambda share: say(0.5 + 0.5 * share),
    )
    latent = np.zeros((len(texts), learned.latent.shape[1]), dtype=np.float32)
    latent[known] = learned.latent
    labels[known] = np.where(learned.left_out, -1, learned.groups)
    labels = _rank_few(labels, alone=n_themes > 0)
    n_found = labels.max() + 1
    terms = _terms_few(words, labels, n_found, len(known))
    if n_found:
        middles = normalize(members(labels[known], n_found) @ learned.rows).T.toarray()
        near = (learned.rows @ middles)[np.arange(len(known)), np.maximum(labels[known], 0)]
        typicality[known] = np.round(np.clip(near, 0, 1), 9)
        typicality[labels < 0] = 0
    return Fitted(labels, typicality, [latent], words.codes, terms, words, learned.measure)


def fit_blocks(
    engine: Here | Dask,
    blocks: Sequence[Block],
    *,
    n_clustered: int,
    n_worded: int,
    n_themes: int,
    encode: Encode | None,
    random_state: int,
    say: Say,
) -> Fitted:
    """Find the themes of more texts than can be compared with each other.

    The distinct texts with the lowest fingerprints are a sample that is the same however the texts are dealt into blocks
    (Broder 1997); from it words and themes are learned. All texts then draw the themes' middles to where they are
    (spherical k-means, Dhillon and Modha 2001), first in few dimensions, which know that two words mean the same, then
    once among the words themselves, which know what is said where.

    Parameters
    ----------
    engine : Here or Dask
        Where the blocks are worked on.
    blocks : sequence of Block
        The texts.
    n_clustered, n_worded : int
        How many texts are clustered, and how many are read for their words.
    n_themes, encode, random_state, say
        See :func:`~workbench.themes.learn.find_groups`.

    Returns
    -------
    Fitted
        With `latent` in whole numbers.
    """
    if n_themes > n_clustered:
        raise ValueError(f"n_themes={n_themes} is too many: at most {n_clustered} can be found among so many texts")
    part = partial(_Part, say)
    prints = engine.total(_lowest, blocks, shared=(n_worded,), join=partial(_lower, n_worded), say=part(0, 0.1))
    highest = int(prints[-1]) if len(prints) else 0
    picked = engine.total(pick, blocks, shared=(highest,), join=or_, say=part(0.1, 0.15))
    learned, words, clustered = _learn(
        [picked[key] for key in sorted(picked)], n_clustered, n_themes, encode, random_state, part(0.15, 0.2)
    )
    measure = (
        learned.measure
        if learned
        else Measure(words.languages, words.vectors, np.zeros((len(words.vectors.words_), 1)))
    )
    placed = engine.map(place, blocks, shared=(measure,), say=part(0.2, 0.7))
    if learned:
        found, middles, n_groups = _sort_all(engine, placed, learned, clustered, part)
        least = _least(engine.total(spread, placed, found, say=part(0.9, 0.92)), float(learned.left_out.mean()))
    else:
        # One text alone is no theme, unless one was asked for: then it has every text with words.
        n_groups, least = 1, 0 if n_themes else TYPICAL + 1
        middles = np.zeros((len(measure.tells), 1))
        found = engine.map(sort_by_words, placed, shared=(measure.tells, middles), say=part(0.7, 0.9))
    sums = engine.total(tally, placed, found, shared=(measure.tells, n_groups, least), say=part(0.92, 0.97))
    _check_enough(n_themes, sums.n_known)
    numbers, n_found = _rank(sums, alone=n_themes > 0)
    themed = Themed(measure, middles, least, numbers)
    labels, typicality = zip(*map(themed.number, engine.bring(found)), strict=True)
    latent, codes = zip(*engine.bring(engine.map(_keep, placed, say=part(0.97, 1))), strict=True)
    names = list(words.languages.priors_)
    return Fitted(
        np.concatenate(labels),
        np.concatenate(typicality),
        list(latent),
        [names[code] for code in np.concatenate(codes).tolist()],
        _terms(sums, numbers, n_found, words),
        words,
        measure,
        themed,
    )


def assign_texts(texts: Sequence[str], themed: Themed) -> dict[str, np.ndarray]:
    """The theme of each text, as columns.

    Parameters
    ----------
    texts : sequence of str
        Any texts.
    themed : Themed
        The themes.

    Returns
    -------
    dict of str to ndarray
        label and typicality, see :meth:`Themed.sort`.
    """
    labels, typicality = themed.sort(texts)
    return {"label": labels, "typicality": typicality}


def theme_few(texts: Sequence[str], fitted: Fitted) -> Themed:
    """What puts new texts into the themes of a few.

    Parameters
    ----------
    texts : sequence of str
        As :func:`fit_few` took them.
    fitted : Fitted
        What it gave.

    Returns
    -------
    Themed

    Raises
    ------
    ValueError
        When no theme was found.
    """
    if fitted.measure is None or not fitted.terms:
        raise ValueError("no theme was found that a text could be in; a theme needs two texts that share a word")
    known = np.diff(fitted.words.counts.indptr) > 0
    left_out = max(FAR, 1 - (fitted.labels >= 0).sum() / known.sum())
    return theme_labelled(texts, fitted.labels, len(fitted.terms), fitted.measure, left_out)


def theme_labelled(
    texts: Sequence[str], labels: np.ndarray, n_themes: int, measure: Measure, left_out: float
) -> Themed:
    """What puts new texts into themes that are known by some of their texts.

    Parameters
    ----------
    texts : sequence of str
        Texts of every theme.
    labels : ndarray of shape (n_texts,), int
        The theme of each, -1 for none.
    n_themes : int
        How many themes there are.
    measure : Measure
        Where any text lies.
    left_out : float
        The share of the texts with words that is to be in no theme.

    Returns
    -------
    Themed
        A new text has to be as near to a theme as all but that share of these are, each beside its own theme without it:
        a text is nearer to a middle that it is part of.
    """
    placed = place(texts, measure)
    inside = np.flatnonzero(labels >= 0)
    if measure.encode is not None:
        rows = sparse.csr_matrix(placed.latent.astype(float))
        sums = np.asarray(members(labels, n_themes) @ rows.toarray())
        middles = np.round(normalize(sums) * MIDDLE)
    else:
        rows = normalize(placed.stems.astype(float) @ sparse.diags(measure.tells))
        sums = (members(labels, n_themes) @ rows).toarray()
        middles = np.round(normalize(sums).T * SHARE)
    rows = normalize(rows)[inside]
    along, square = np.asarray(rows @ sums.T), np.einsum("ij,ij->i", sums, sums)
    near = np.asarray(rows @ normalize(sums).T)
    # Beside its own theme as it is without the text.
    own = np.arange(len(inside)), labels[inside]
    itself = np.diff(rows.indptr) > 0
    near[own] = (along[own] - itself) / np.sqrt(np.maximum(square[own[1]] - 2 * along[own] + itself, 1e-12))
    near = np.clip(near.max(axis=1, initial=0), 0, 1)[itself]
    # A theme of one text has no others.
    several = np.bincount(labels[inside], minlength=n_themes)[labels[inside]][itself] > 1
    least = int(np.quantile(near[several], left_out, method="lower") * TYPICAL) if several.any() else 0
    return Themed(measure, middles, max(1, least), np.arange(n_themes))


class _Part:
    """A stretch of the work as a whole piece of work."""

    def __init__(self, say: Say, start: float, end: float) -> None:
        self.say, self.start, self.end = say, start, end

    def __call__(self, share: float) -> None:
        self.say(self.start + (self.end - self.start) * share)


def _lowest(texts: Sequence[str], n: int) -> np.ndarray:
    return lowest([fingerprint(texts)], n)


def _lower(n: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return lowest([one, other], n)


def _keep(placed: Placed) -> tuple[np.ndarray, np.ndarray]:
    return placed.latent, placed.codes


def _learn(
    chosen: list[str], n_clustered: int, n_themes: int, encode: Encode | None, random_state: int, say: Say
) -> tuple[Learned | None, Words, list[str]]:
    """Words from all that were chosen, themes from as many as are clustered."""
    words = count_words(chosen, thin=len(chosen) > n_clustered)
    known = np.flatnonzero(np.diff(words.counts.indptr))[:n_clustered]
    clustered = [chosen[i] for i in known]
    if len(known) < 2:
        return None, words, clustered
    learned = find_groups(
        clustered,
        words.only(known),
        n_themes=min(n_themes, len(known)),
        encode=encode,
        random_state=random_state,
        say=say,
    )
    return learned, words, clustered


def _sort_all(
    engine: Here | Dask,
    placed: Sequence[Any],
    learned: Learned,
    clustered: list[str],
    part: Callable[[float, float], Say],
) -> tuple[Sequence[Any], np.ndarray, int]:
    """Each text with its theme, and the themes' middles."""
    measure, n_groups = learned.measure, int(learned.groups.max()) + 1
    latent = place(clustered, measure).latent.astype(float)
    middles = np.round(normalize(members(learned.groups, n_groups) @ latent) * MIDDLE)
    for n_rounds in range(ROUNDS):
        sums = engine.total(
            draw,
            placed,
            shared=(middles,),
            say=part(0.7 + 0.1 * n_rounds / ROUNDS, 0.7 + 0.1 * (n_rounds + 1) / ROUNDS),
        ).astype(float)
        drawn = np.where(sums.any(axis=1)[:, None], np.round(normalize(sums) * MIDDLE), middles)
        if (drawn == middles).all():
            break
        middles = drawn
    found = engine.map(sort_by_place, placed, shared=(middles,), say=part(0.8, 0.82))
    if measure.encode is not None:  # it knows more than the words do
        return found, middles, n_groups
    sums = engine.total(tally, placed, found, shared=(measure.tells, n_groups), say=part(0.82, 0.86))
    middles = _middles_of_words(sums)
    return engine.map(sort_by_words, placed, shared=(measure.tells, middles), say=part(0.86, 0.9)), middles, n_groups


def _sort(placed: Placed, measure: Measure, middles: np.ndarray) -> Sorted:
    return (
        sort_by_place(placed, middles) if measure.encode is not None else sort_by_words(placed, measure.tells, middles)
    )


def _middles_of_words(sums: Tally) -> np.ndarray:
    return np.round(normalize(sums.stems.astype(float)).T.toarray() * SHARE)


def _least(spread: np.ndarray, share: float) -> int:
    """The typicality below which that share of the texts lies."""
    n_below = np.cumsum(spread)
    return int(np.searchsorted(n_below, int(share * (n_below[-1] - 1)), side="right")) if n_below[-1] else 0


def _rank(sums: Tally, *, alone: bool) -> tuple[np.ndarray, int]:
    """The number of each group among the themes: by size, then by the lowest fingerprint."""
    ranked = np.lexsort((sums.first, -sums.sizes))
    kept = ranked[sums.sizes[ranked] > (0 if alone else 1)]
    numbers = np.full(len(sums.sizes), -1)
    numbers[kept] = np.arange(len(kept))
    return numbers, len(kept)


def _rank_few(labels: np.ndarray, *, alone: bool) -> np.ndarray:
    """Themes by size, then by the first text; a text alone is no theme unless a number was asked for."""
    inside = np.flatnonzero(labels >= 0)
    found, first, sizes = np.unique(labels[inside], return_index=True, return_counts=True)
    ranked = np.lexsort((first, -sizes))
    kept = found[ranked[(sizes[ranked] > 1) | alone]]
    numbers = np.full(max(found, default=0) + 2, -1)
    numbers[kept] = np.arange(len(kept))
    return numbers[labels]


def _terms_few(words: Words, labels: np.ndarray, n_themes: int, n_known: int) -> list[list[str]]:
    rows = words.vectors.weigh_stems(words.counts)
    sizes = np.bincount(labels[labels >= 0], minlength=n_themes)
    return _pick_terms(
        (members(labels, n_themes) @ rows).toarray(), sizes, np.asarray(rows.sum(axis=0)).ravel(), n_known, words
    )


def _terms(sums: Tally, numbers: np.ndarray, n_themes: int, words: Words) -> list[list[str]]:
    of = np.argsort(numbers)[len(numbers) - n_themes :]
    return _pick_terms(
        sums.stems[of].toarray() / TELLS, sums.sizes[of], sums.overall / TELLS, max(1, sums.n_known), words
    )


def _pick_terms(
    by_theme: np.ndarray, sizes: np.ndarray, overall: np.ndarray, n_known: int, words: Words
) -> list[list[str]]:
    """The words with the largest share of a theme's texts beyond their share elsewhere, in the commonest form."""
    forms = _commonest_forms(words)
    by_name = np.argsort(np.array(words.vectors.stems_, dtype=object), kind="stable")
    terms = []
    for of_theme, size in zip(by_theme, sizes, strict=True):
        score = np.round(of_theme / size - overall / n_known, 9)
        if not (score > 0).any():  # nothing sets it apart where it is all there is
            score = np.round(of_theme / size, 9)
        best = by_name[np.argsort(-score[by_name], kind="stable")][:6]
        terms.append([forms[column] for column in best if score[column] > 0])
    return terms


def _commonest_forms(words: Words) -> list[str]:
    """For each stem the word that is written most."""
    vectors, n_written = words.vectors, np.asarray(words.counts.sum(axis=0)).ravel()
    best: dict[int, tuple[float, str]] = {}
    for (_, word), stem, n in zip(vectors.words_, vectors.stem_of_.tolist(), n_written.tolist(), strict=True):
        best[stem] = min(best.get(stem, (1.0, "")), (-n, word))
    return [best[stem][1] for stem in range(len(vectors.stems_))]


def _check_enough(n_themes: int, n_known: int) -> None:
    if n_themes > n_known:
        raise ValueError(f"n_themes={n_themes} needs at least {n_themes} texts with words, got {n_known}")
