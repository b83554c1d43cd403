"""What there is to learn from some texts: their words, the themes among them, and where any other text would lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from workbench.themes.blocks import Measure
from workbench.themes.clusters import Neighbours, count_communities, group, nearest, reduce
from workbench.themes.languages import Languages
from workbench.themes.vectors import WordVectors
from workbench.themes.words import split_words

__all__ = ["Learned", "Words", "count_words", "find_groups", "multiply"]

Encode = Callable[[Sequence[str]], np.ndarray]

# 10 neighbours of a note to smooth it and 10 in the graph: 8 to 15 did equally well on the bench.
N_NEIGHBOURS = 10
# 30 to 60 did equally well; fewer mix themes, more bring back what two notes happen to share.
N_DIMENSIONS = 40
# What the encoder weighs beside TF-IDF: with MiniLM .5 to .7 did equally well, either alone clearly worse.
ENCODER_SHARE = 0.6
# Few notes hold few themes: plain modularity (1) counts best up to some 60 of them, a finer one from 150 on.
RESOLUTION = (1.0, 2.0)
RESOLUTION_FROM, RESOLUTION_PER = 50, 100
# A note is left out when its nearest are less than this times as near as a note's nearest usually are. Below 31
# notes that measure is too rough.
MIN_NEARNESS, MIN_NEARNESS_ENCODED = 0.22, 0.42
FEW = 30


@dataclass(frozen=True)
class Words:
    """The words of some texts.

    Parameters
    ----------
    languages : Languages
        Which languages there are.
    vectors : WordVectors
        What each word tells.
    codes : list of str
        The language of each text.
    counts : csr_matrix of shape (n_texts, n_words)
        How often each text says each word.
    """

    languages: Languages
    vectors: WordVectors
    codes: list[str]
    counts: sparse.csr_matrix

    def only(self, positions: np.ndarray) -> Words:
        """The words of some of the texts, by what was learned from all."""
        return replace(self, codes=[self.codes[i] for i in positions], counts=self.counts[positions])

    def count(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """How often each of some texts, these or others, says each word."""
        split = [split_words(text) for text in texts]
        return self.vectors.count(split, self.languages.find(split))


@dataclass(frozen=True)
class Learned:
    """Themes among some texts.

    Parameters
    ----------
    rows : csr_matrix of shape (n_texts, n_features)
        The texts as words, of unit length.
    latent : ndarray of shape (n_texts, n_dimensions)
        Where they lie, each moved to its neighbours.
    groups : ndarray of shape (n_texts,), int
        The theme of each.
    left_out : ndarray of shape (n_texts,), bool
        Which of them resemble no other.
    measure : Measure
        Where any text would lie.
    """

    rows: sparse.csr_matrix
    latent: np.ndarray
    groups: np.ndarray
    left_out: np.ndarray
    measure: Measure


def count_words(texts: Sequence[str], *, thin: bool = False) -> Words:
    """Learn the words of some texts.

    Parameters
    ----------
    texts : sequence of str, length n_texts
        The texts.
    thin : bool
        Leave out words that stand in one text alone: of many texts these are most, and tell nothing of others.

    Returns
    -------
    Words
    """
    split = [split_words(text) for text in texts]
    languages = Languages().fit(split)
    codes = languages.find(split)
    read = split
    if thin:
        n_texts = Counter(word for words in split for word in set(words))
        read = [[word for word in words if n_texts[word] > 1] for words in split]
    vectors = WordVectors().fit(read, codes)
    return Words(languages, vectors, codes, vectors.count(split, codes))


def find_groups(
    texts: Sequence[str],
    words: Words,
    *,
    n_themes: int,
    encode: Encode | None,
    random_state: int,
    say: Callable[[float], None],
) -> Learned:
    """Find the themes among some texts, each of which has words.

    Parameters
    ----------
    texts : sequence of str, length n_texts
        The texts, at least two.
    words : Words
        Theirs.
    n_themes : int
        How many; 0 for as many as there are.
    encode : callable, optional
        See :func:`~workbench.themes.encoders.find_encoder`.
    random_state : int
        Seed of the k-means and the decomposition.
    say : callable
        Called with the share of this that is done.

    Returns
    -------
    Learned
    """
    n_rows = len(texts)
    rows = words.vectors.weigh(words.counts)
    similar = multiply(rows)
    middle = None
    if encode:
        meanings = encode(texts)
        middle = meanings.mean(axis=0)  # what all texts share tells nothing
        meanings = normalize(meanings - middle)
        similar = (1 - ENCODER_SHARE) * similar + ENCODER_SHARE * (meanings @ meanings.T)
    say(0.25)
    few = max(1, n_rows // 3)
    near = nearest(similar, min(N_NEIGHBOURS, few))
    left_out = np.zeros(n_rows, dtype=bool) if n_themes else _find_unlike(near, encode is not None)
    latent = reduce(similar, near, n_dimensions=N_DIMENSIONS, random_state=random_state)
    say(0.5)
    lowest, highest = RESOLUTION
    resolution = float(np.clip(1 + (n_rows - RESOLUTION_FROM) / RESOLUTION_PER, lowest, highest))
    n_groups = n_themes or count_communities(
        latent.rows, n_neighbours=min(N_NEIGHBOURS, max(2, few)), resolution=resolution
    )
    groups = _group(latent.rows, words.counts, n_groups, random_state)
    say(0.75)
    # From the words' rows straight to the latent dimensions: no other text needs a row of its own for that.
    share = ENCODER_SHARE if encode else 0.0
    loadings = words.vectors.vectors_ @ (np.sqrt(1 - share) * (rows.T @ latent.loadings))
    if encode:
        encoder_loadings = np.sqrt(share) * (np.sqrt(share) * meanings).T @ latent.loadings
        loadings *= np.sqrt(1 - share)
        measure = Measure(words.languages, words.vectors, loadings, encode, encoder_loadings, middle)
    else:
        measure = Measure(words.languages, words.vectors, loadings)
    return Learned(rows, latent.rows, groups, left_out, measure)


def _group(latent: np.ndarray, counts: sparse.csr_matrix, n_groups: int, random_state: int) -> np.ndarray:
    """Texts of the same words cannot be told apart, so there are at most as many groups as different texts."""
    cells = [
        (counts.indices[a:b].tobytes(), counts.data[a:b].tobytes())
        for a, b in zip(counts.indptr, counts.indptr[1:], strict=False)
    ]
    numbers: dict[tuple[bytes, bytes], int] = {}
    kinds = np.array([numbers.setdefault(cell, len(numbers)) for cell in cells])
    if n_groups >= len(numbers):
        return kinds
    return group(latent, n_groups, random_state=random_state)


def _find_unlike(near: Neighbours, encoded: bool) -> np.ndarray:
    """Which texts resemble nothing, when enough of them are there to tell."""
    nearness = near.similarities.mean(axis=1)
    if len(nearness) <= FEW:
        return np.zeros(len(nearness), dtype=bool)
    least = MIN_NEARNESS_ENCODED if encoded else MIN_NEARNESS
    return np.round(nearness, 9) < least * np.median(nearness)


def multiply(rows: sparse.csr_matrix) -> np.ndarray:
    """The products of all rows, in blocks, since a sparse table of them all would be larger than a full one.

    Parameters
    ----------
    rows : csr_matrix of shape (n_rows, n_features)
        Any rows.

    Returns
    -------
    ndarray of shape (n_rows, n_rows)
    """
    n_rows = rows.shape[0]
    similar = np.empty((n_rows, n_rows))
    for start in range(0, n_rows, 128):
        # Each product once: those below the diagonal, mirrored above.
        below = (rows[start:] @ sparse.csr_matrix(rows[start : start + 128].T)).toarray()
        similar[start:, start : start + 128] = below
        similar[start : start + 128, start:] = below.T
    return similar
