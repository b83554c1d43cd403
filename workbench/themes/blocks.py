"""What is done to a block of texts, so that a million are a hundred blocks, here or on many machines.

Whatever is worked out of a text depends on that text alone and on what was learned before, and what blocks add up to are
whole numbers, which add up to the same in any order. So no label depends on where one block ends and the next begins, on
how many of them are worked on at once, or on one that had to be done again. To that end what a text is measured by is
whole numbers too (`Measure`), small enough that a float holds each sum exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import normalize

from workbench.themes.languages import Languages
from workbench.themes.vectors import WordVectors
from workbench.themes.words import split_words

__all__ = [
    "Measure", "Placed", "Sorted", "Tally", "draw", "fingerprint", "lowest", "members", "pick", "place", "sort_by_place",
    "sort_by_words", "spread", "tally",
]  # fmt: skip

# Steps to 1. A sum of products of a text's dimensions with a middle's stays below 2^24, which a float32 holds exactly.
LATENT, MIDDLE = 2**11, 2**12
# A float64 holds whole numbers up to 2^53: so many of a text's words times what they count for.
OFTEN, LOADING = 2**8, 2**22
TELLS, SHARE = 2**16, 2**20
# Typicality is told in steps of 1 in so many.
TYPICAL = 100_000


class Measure:
    """How any text is placed: the words that were learned, and where each points in the latent dimensions.

    Parameters
    ----------
    languages : Languages
        Which languages there are.
    words : WordVectors
        The words that count.
    loadings : ndarray of shape (n_words, n_dimensions)
        Where each word points.
    encode : callable, optional
        Takes a list of texts and gives an array of shape (n, n_features).
    encoder_loadings : ndarray of shape (n_features, n_dimensions), optional
        Where what the encoder gives points.
    middle : ndarray of shape (n_features,), optional
        What all texts share to the encoder.
    """

    def __init__(
        self,
        languages: Languages,
        words: WordVectors,
        loadings: np.ndarray,
        encode: Callable[[list[str]], np.ndarray] | None = None,
        encoder_loadings: np.ndarray | None = None,
        middle: np.ndarray | None = None,
    ) -> None:
        self.languages, self.words = languages, words
        self.encode, self.encoder_loadings, self.middle = encode, encoder_loadings, middle
        self.loadings = loadings
        if encode is None:
            self.words = copy(words)
            self.words.vectors_ = None  # the largest part, and not needed to count words
            self.loadings = np.round(loadings * (LOADING / max(np.abs(loadings).max(initial=0), 1e-300)))
        self.n_dimensions = loadings.shape[1]
        self.tells = np.round(words.tells_ * TELLS) if len(words.tells_) else np.zeros(1)


@dataclass(frozen=True)
class Placed:
    """A block of texts, measured.

    Parameters
    ----------
    prints : ndarray of shape (n_texts,), uint64
        From :func:`fingerprint`.
    codes : ndarray of shape (n_texts,), uint8
        The language of each, by its place among those that were learned.
    latent : ndarray of shape (n_texts, n_dimensions), int16
        Where each lies: directions, `LATENT` steps long; zeros for a text without words.
    stems : csr_matrix of shape (n_texts, n_stems), uint8
        1 for each stem that a text says.
    """

    prints: np.ndarray
    codes: np.ndarray
    latent: np.ndarray
    stems: sparse.csr_matrix

    @property
    def known(self) -> np.ndarray:
        """Which texts have words."""
        return np.diff(self.stems.indptr) > 0


@dataclass(frozen=True)
class Sorted:
    """A block of texts in themes.

    Parameters
    ----------
    labels : ndarray of shape (n_texts,), int32
        The theme of each, -1 for a text without words.
    typicality : ndarray of shape (n_texts,), int32
        How near each is to the middle of its theme, 0 to `TYPICAL`.
    """

    labels: np.ndarray
    typicality: np.ndarray


@dataclass(frozen=True)
class Tally:
    """What the texts of each theme say.

    Parameters
    ----------
    stems : csr_matrix of shape (n_themes, n_stems), int64
        Sums of the texts' stems, each text of length 1, `TELLS` steps to 1.
    overall : ndarray of shape (n_stems,), int64
        The same of all texts, those in no theme too.
    sizes : ndarray of shape (n_themes,), int64
        How many texts each has.
    first : ndarray of shape (n_themes,), uint64
        The lowest fingerprint in each.
    n_known : int
        How many texts have words.
    """

    stems: sparse.csr_matrix
    overall: np.ndarray
    sizes: np.ndarray
    first: np.ndarray
    n_known: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.stems + other.stems,
            self.overall + other.overall,
            self.sizes + other.sizes,
            np.minimum(self.first, other.first),
            self.n_known + other.n_known,
        )


def fingerprint(texts: Sequence[str]) -> np.ndarray:
    """A number for each text, the same wherever it stands.

    Parameters
    ----------
    texts : sequence of str, length n_texts
        Any texts.

    Returns
    -------
    ndarray of shape (n_texts,), uint64
        As even as chance, so that the lowest of them are a fair sample of the distinct texts (Broder 1997).

    Examples
    --------
    >>> one, other, again = fingerprint(["rows lost", "slow login", "rows lost"])
    >>> bool(one == again), bool(one == other)
    (True, False)
    """
    if not len(texts):
        return np.zeros(0, dtype=np.uint64)
    try:
        return pd.util.hash_array(np.array(texts, dtype=object), categorize=False)
    except UnicodeEncodeError:  # half of a letter of two, which any text may hold
        whole = [text.encode("utf-8", "backslashreplace").decode() for text in texts]
        return pd.util.hash_array(np.array(whole, dtype=object), categorize=False)


def lowest(prints: Sequence[np.ndarray], n: int) -> np.ndarray:
    """The lowest distinct numbers of several arrays, at most `n`, rising: what two of these keep, all of them keep.

    Parameters
    ----------
    prints : sequence of ndarray, uint64
        From :func:`fingerprint`, or from this function.
    n : int
        How many.

    Returns
    -------
    ndarray, uint64

    Examples
    --------
    >>> lowest([np.array([5, 1, 5], dtype=np.uint64), np.array([3], dtype=np.uint64)], 2).tolist()
    [1, 3]
    """
    return np.unique(np.concatenate([np.zeros(0, dtype=np.uint64), *prints]))[:n]


def pick(texts: Sequence[str], highest: int) -> dict[int, str]:
    """The distinct texts of a block up to a fingerprint, by fingerprint.

    Parameters
    ----------
    texts : sequence of str
        A block.
    highest : int
        The highest fingerprint that counts.

    Returns
    -------
    dict of int to str
    """
    prints = fingerprint(texts)
    rows = np.flatnonzero(prints <= np.uint64(highest)).tolist()
    return dict(zip(prints[rows].tolist(), [texts[row] for row in rows], strict=True))


def place(texts: Sequence[str], measure: Measure) -> Placed:
    """Measure a block of texts.

    Parameters
    ----------
    texts : sequence of str, length n_texts
        A block.
    measure : Measure
        What was learned.

    Returns
    -------
    Placed
        Each text's part of it is the same in whichever block it stands.
    """
    split = [split_words(text) for text in texts]
    codes = measure.languages.find(split)
    counts = measure.words.count(split, codes)
    number = {code: k for k, code in enumerate(measure.languages.priors_)}
    return Placed(
        fingerprint(texts),
        np.fromiter((number[code] for code in codes), dtype=np.uint8, count=len(codes)),
        _directions(texts, counts, measure),
        _stems(counts, measure.words),
    )


def _directions(texts: Sequence[str], counts: sparse.csr_matrix, measure: Measure) -> np.ndarray:
    often = measure.words.often(counts)
    if measure.encode is None:
        often.data = np.round(often.data * OFTEN)
        rows = often @ measure.loadings
    else:
        # Beside the encoder's own arithmetic ours need be no stricter.
        lengths = np.sqrt(np.asarray((often @ measure.words.vectors_).power(2).sum(axis=1)).ravel())
        rows = (often @ measure.loadings) * _inverse(lengths)[:, None]
        rows += normalize(measure.encode(list(texts)) - measure.middle) @ measure.encoder_loadings
        rows[np.diff(counts.indptr) == 0] = 0
    largest = np.abs(rows).max(axis=1, initial=0)
    rows *= _inverse(largest)[:, None]
    # Column by column: a sum over rows may add up in another order where another row stands before it in memory.
    square = np.zeros(len(rows))
    for column in rows.T:
        square += column * column
    return np.round(rows * (LATENT * _inverse(np.sqrt(square)))[:, None]).astype(np.int16)


def _stems(counts: sparse.csr_matrix, words: WordVectors) -> sparse.csr_matrix:
    columns = words.stem_of_.astype(np.int32)[counts.indices]
    n_rows = counts.shape[0]
    stems = sparse.csr_matrix(
        (np.ones(len(columns), dtype=np.uint8), columns, counts.indptr), (n_rows, max(1, len(words.stems_)))
    )
    stems.sum_duplicates()
    stems.data[:] = 1
    return stems


def draw(placed: Placed, middles: np.ndarray) -> np.ndarray:
    """Where the texts of a block draw the middles that are nearest to them.

    Parameters
    ----------
    placed : Placed
        A block.
    middles : ndarray of shape (n_themes, n_dimensions)
        Whole numbers, `MIDDLE` steps to 1.

    Returns
    -------
    ndarray of shape (n_themes, n_dimensions), int64
        The sum of the texts nearest to each middle.
    """
    labels = sort_by_place(placed, middles).labels
    return np.asarray(members(labels, len(middles)) @ placed.latent.astype(np.int64))


def sort_by_place(placed: Placed, middles: np.ndarray) -> Sorted:
    """Each text of a block in the theme whose middle is nearest in the latent dimensions.

    Parameters
    ----------
    placed, middles
        As for :func:`draw`.

    Returns
    -------
    Sorted
    """
    near = placed.latent.astype(np.float32) @ middles.astype(np.float32).T
    return _sorted(placed, near, np.full(len(near), LATENT * MIDDLE, dtype=float))


def sort_by_words(placed: Placed, tells: np.ndarray, middles: np.ndarray) -> Sorted:
    """Each text of a block in the theme whose words are most like its own.

    Parameters
    ----------
    placed : Placed
        A block.
    tells : ndarray of shape (n_stems,)
        Of :class:`Measure`: how much each stem tells.
    middles : ndarray of shape (n_stems, n_themes)
        How much of each stem a theme's texts say: directions, whole numbers, `SHARE` steps long.

    Returns
    -------
    Sorted
    """
    near = placed.stems.astype(np.float64) @ (tells[:, None] * middles)
    return _sorted(placed, near, SHARE * _lengths(placed.stems, tells))


def members(labels: np.ndarray, n_themes: int) -> sparse.csr_matrix:
    """Which texts are in which theme.

    Parameters
    ----------
    labels : ndarray of shape (n_texts,), int
        The theme of each, -1 for none.
    n_themes : int
        How many there are.

    Returns
    -------
    csr_matrix of shape (n_themes, n_texts), int64
        1 where a text is in a theme: times rows of texts it gives their sums.

    Examples
    --------
    >>> members(np.array([1, -1, 1]), 2).toarray().tolist()
    [[0, 0, 0], [1, 0, 1]]
    """
    inside = np.flatnonzero(labels >= 0)
    ones = np.ones(len(inside), dtype=np.int64)
    return sparse.csr_matrix((ones, (labels[inside], inside)), shape=(n_themes, len(labels)))


def tally(placed: Placed, found: Sorted, tells: np.ndarray, n_themes: int, least: int = 0) -> Tally:
    """What the texts of each theme of a block say.

    Parameters
    ----------
    placed, found : Placed, Sorted
        A block, and where its texts are.
    tells : ndarray of shape (n_stems,)
        Of :class:`Measure`.
    n_themes : int
        How many themes there are.
    least : int
        Texts of a smaller typicality are in no theme.

    Returns
    -------
    Tally
        Those of two blocks add up to those of both.
    """
    labels = np.where(found.typicality >= least, found.labels, -1)
    lengths = np.repeat(_lengths(placed.stems, tells), np.diff(placed.stems.indptr))
    parts = np.round(tells[placed.stems.indices] * TELLS * _inverse(lengths)).astype(np.int64)
    rows = sparse.csr_matrix((parts, placed.stems.indices, placed.stems.indptr), placed.stems.shape)
    first = np.full(n_themes, np.iinfo(np.uint64).max, dtype=np.uint64)
    inside = labels >= 0
    np.minimum.at(first, labels[inside], placed.prints[inside])
    return Tally(
        sparse.csr_matrix(members(labels, n_themes) @ rows),
        np.asarray(rows.sum(axis=0)).ravel(),
        np.bincount(labels[inside], minlength=n_themes),
        first,
        int(placed.known.sum()),
    )


def spread(placed: Placed, found: Sorted) -> np.ndarray:
    """How many texts with words there are of each typicality.

    Parameters
    ----------
    placed, found : Placed, Sorted
        A block, and where its texts are.

    Returns
    -------
    ndarray of shape (TYPICAL + 1,), int64
    """
    return np.bincount(found.typicality[placed.known], minlength=TYPICAL + 1)


def _sorted(placed: Placed, near: np.ndarray, lengths: np.ndarray) -> Sorted:
    labels = np.where(placed.known, near.argmax(axis=1), -1).astype(np.int32)
    cosines = near.max(axis=1).astype(np.float64) * _inverse(lengths)
    typicality = np.round(np.clip(cosines, 0, 1) * TYPICAL).astype(np.int32)
    return Sorted(labels, np.where(placed.known, typicality, 0))


def _lengths(stems: sparse.csr_matrix, tells: np.ndarray) -> np.ndarray:
    return np.sqrt(stems.astype(np.float64) @ (tells * tells))


def _inverse(values: np.ndarray) -> np.ndarray:
    return np.divide(1, values, out=np.zeros(len(values)), where=values > 0)
