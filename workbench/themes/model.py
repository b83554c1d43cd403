"""ThemeModel: notes that say alike things, as a scikit-learn clusterer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from workbench.themes.clusters import Neighbours, count_communities, group, nearest, reduce
from workbench.themes.encoders import find_encoder
from workbench.themes.languages import Languages
from workbench.themes.vectors import WordVectors
from workbench.themes.words import split_words

__all__ = ["ThemeModel"]


class ThemeModel(ClusterMixin, BaseEstimator):
    """Group short texts by what they say, with TF-IDF and, where one is given, a sentence encoder.

    Texts become TF-IDF rows of stems, related stems and pieces of words
    (:class:`~workbench.themes.vectors.WordVectors`), joined with the encoder's. Each row is moved half-way to its
    nearest, so that two notes without a common word meet through a third; latent dimensions of these are grouped by
    Ward's method and one k-means (:mod:`workbench.themes.clusters`). The number of themes is that of the Louvain
    communities of the graph of nearest neighbours.

    All of it is learned from at most `MAX_CLUSTERED` texts, spread evenly over the sorted ones; the others are counted,
    weighed, projected and assigned in blocks, and all of them then draw the themes' middles to where they are. Below
    that number it is the same path, with nothing left to assign.

    The result does not depend on the order of the texts, nor on the number of threads: texts are sorted first, and
    one thread computes.

    Parameters
    ----------
    n_themes : int or "auto"
        How many themes; found by itself by default. There are fewer when fewer texts differ in their words.
    encoder : callable, object with ``encode``, "semantic" or None
        Takes a list of n texts and gives an array of shape (n, d). "semantic" is the model of the extra
        ``discovery-workbench[semantic]``; without the extra one line says so and TF-IDF works alone, as by default.
    random_state : int
        Seed of the k-means and the decomposition.
    progress : callable, optional
        Called with the share of the work done, from 0 to 1.

    Attributes
    ----------
    labels_ : ndarray of shape (n_texts,), int64
        The theme of each text, from 0, the theme with most texts first; -1 for a text left out: it has no words, it
        resembles no other, or (unless `n_themes` was given) nothing near it is like it.
    terms_ : list of list of str
        For each theme the words that set it apart, as most often written, at most 6.
    typicality_ : ndarray of shape (n_texts,), float64
        How near a text is to the middle of its theme, 0 to 1; 0 where left out.
    languages_ : list of str
        The language of each text.
    latent_ : ndarray of shape (n_texts, n_dimensions)
        The texts in the dimensions in which they were grouped, rows of unit length, float32: those of the sample moved
        to their neighbours, others where their own words put them; zeros for a text without words.

    Examples
    --------
    >>> texts = ["The import drops rows", "Rows are lost in the import", "Invoices look wrong", "The invoice looks odd"]
    >>> ThemeModel(n_themes=2).fit(texts).labels_.tolist()
    [1, 1, 0, 0]
    """

    # The table of similarities grows with the square of the texts; at this many it fills 72 MB. On the bench's full sets
    # 4,000 do as well (AMI .583 against .580) in twice the time, 2,000 worse (.571).
    MAX_CLUSTERED = 3000
    BLOCK = 8192
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

    def __init__(
        self,
        n_themes: int | str = "auto",
        encoder: Any = None,
        random_state: int = 0,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.n_themes = n_themes
        self.encoder = encoder
        self.random_state = random_state
        self.progress = progress

    def fit(self, X: Sequence[str], y: None = None) -> ThemeModel:
        """Find the themes of some texts.

        Parameters
        ----------
        X : sequence of str, length n_texts
            The texts, in any order; a list, a Series, an array.
        y : None
            Ignored, there for scikit-learn.

        Returns
        -------
        ThemeModel
            Itself, fitted.

        Raises
        ------
        TypeError
            When `X` is one string, or holds something else than strings.
        ValueError
            When `n_themes` is not "auto" or a number that fits the texts, or the encoder gives no array that does.
        """
        texts = _as_texts(X)
        n_themes = _check_n_themes(self.n_themes, len(texts))
        order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.intp)
        # One thread: BLAS and OpenMP add up in another order with another number of them.
        with threadpool_limits(1):
            fitted = _Fit(self, [texts[i] for i in order], n_themes)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        labels, typicality, latent = (found[place] for found in (fitted.labels, fitted.typicality, fitted.latent))
        languages = [fitted.codes[i] for i in place]
        del fitted.latent  # large, and not needed twice
        # All at the end, so that who stops a fit has the model as it was.
        self.labels_, self.typicality_, self.latent_, self.languages_ = labels, typicality, latent, languages
        self.terms_, self._fitted, self._place = fitted.terms, fitted, place
        return self

    def weigh(self, positions: Sequence[int]) -> sparse.csr_matrix:
        """Some of the texts that were fitted, as rows.

        Parameters
        ----------
        positions : sequence of int
            Where they stood in what :meth:`fit` was given.

        Returns
        -------
        csr_matrix of shape (n_positions, n_features)
            Rows of unit length (zeros for a text without words), those of the words joined with the encoder's; their
            products are the similarities that the themes come from.
        """
        return self._fitted.weigh(self._place[np.asarray(positions, dtype=np.intp)])

    def weigh_new(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Texts that need not have been fitted, as rows.

        Parameters
        ----------
        texts : sequence of str, length n_texts
            Any texts.

        Returns
        -------
        csr_matrix of shape (n_texts, n_features)
            As from :meth:`weigh`; words that were not learned do not count. Each row depends on its own text alone.
        """
        return self._fitted.weigh_new(list(texts))

    def compare(self, positions: Sequence[int]) -> np.ndarray:
        """How alike some of the texts that were fitted are.

        Parameters
        ----------
        positions : sequence of int
            Where they stood in what :meth:`fit` was given.

        Returns
        -------
        ndarray of shape (n_positions, n_positions)
            Cosines, those of the words joined with the encoder's: the products of what :meth:`weigh` gives.
        """
        return self._fitted.compare(self._place[np.asarray(positions, dtype=np.intp)])


class _Fit:
    """One fit on sorted texts, step by step; the model keeps only the results."""

    def __init__(self, model: ThemeModel, texts: list[str], n_themes: int) -> None:
        self.model, self.texts, self.n_themes = model, texts, n_themes
        self.encode = find_encoder(model.encoder)
        self.middle: np.ndarray | None = None
        self.labels = np.full(len(texts), -1)
        self.typicality = np.zeros(len(texts))
        self.latent = np.zeros((len(texts), 1), dtype=np.float32)
        self.terms: list[list[str]] = []
        self._say(0)
        self._count()
        if len(self.sample) > 1:
            self._cluster_sample()
            self._assign_all()
            self._rank()
        elif self.n_themes == 1 and len(self.sample):
            self.labels[self.sample], self.typicality[self.sample] = 0, 1.0
            self.terms = [_commonest_forms(self.words, self.counts)[:6]]
        self._say(1)

    def _say(self, share: float) -> None:
        if self.model.progress:
            self.model.progress(share)

    def _count(self) -> None:
        """Learn languages and words from the sample, then count all texts; those without words leave the sample."""
        n_texts = len(self.texts)
        chosen = np.linspace(0, n_texts - 1, min(n_texts, self.model.MAX_CLUSTERED)).astype(int) if n_texts else []
        split = [split_words(self.texts[i]) for i in chosen]
        self.languages = Languages().fit(split)
        codes = self.languages.find(split)
        self.words = WordVectors().fit(split, codes)
        if len(chosen) == n_texts:
            self.codes, self.counts = codes, self.words.count(split, codes)
        else:
            self._count_blocks()
        self.known = np.diff(self.counts.indptr) > 0
        self.sample = np.array([i for i in chosen if self.known[i]], dtype=int)
        if self.n_themes > len(self.sample):
            n = self.n_themes
            raise ValueError(f"n_themes={n} needs at least {n} texts with words, got {len(self.sample)}")

    def _count_blocks(self) -> None:
        self.codes: list[str] = []
        counts = []
        for block in self._blocks():
            split = [split_words(text) for text in self.texts[block]]
            codes = self.languages.find(split)
            self.codes += codes
            counts.append(self.words.count(split, codes))
            self._say(0.5 * len(self.codes) / len(self.texts))
        self.counts = sparse.csr_matrix(sparse.vstack(counts))

    def _cluster_sample(self) -> None:
        model, n_rows = self.model, len(self.sample)
        self.rows = self.words.weigh(self.counts[self.sample])
        similar = _products(self.rows)
        if self.encode:
            meanings = self._encode(self.sample)
            self.middle = meanings.mean(axis=0)  # what all texts share tells nothing
            meanings = normalize(meanings - self.middle)
            similar = (1 - model.ENCODER_SHARE) * similar + model.ENCODER_SHARE * (meanings @ meanings.T)
        self._say(0.6)
        few = max(1, n_rows // 3)
        near = nearest(similar, min(model.N_NEIGHBOURS, few))
        self.left_out = self._find_unlike(near)
        latent = reduce(similar, near, n_dimensions=model.N_DIMENSIONS, random_state=model.random_state)
        self._say(0.7)
        lowest, highest = model.RESOLUTION
        resolution = float(np.clip(1 + (n_rows - model.RESOLUTION_FROM) / model.RESOLUTION_PER, lowest, highest))
        n_groups = self.n_themes or count_communities(
            latent.rows, n_neighbours=min(model.N_NEIGHBOURS, max(2, few)), resolution=resolution
        )
        self.groups = self._group(latent.rows, n_groups)
        self._say(0.8)
        share = model.ENCODER_SHARE if self.encode else 0.0
        # From the words' rows straight to the latent dimensions: no other text needs a row of its own for that.
        self.word_loadings = self.words.vectors_ @ (np.sqrt(1 - share) * (self.rows.T @ latent.loadings))
        if self.encode:
            self.encoder_loadings = np.sqrt(share) * (np.sqrt(share) * meanings).T @ latent.loadings
            self.word_loadings *= np.sqrt(1 - share)
        self.latent = np.zeros((len(self.texts), latent.rows.shape[1]), dtype=np.float32)
        self.latent[self.sample] = latent.rows

    def _group(self, latent: np.ndarray, n_groups: int) -> np.ndarray:
        """Texts of the same words cannot be told apart, so there are at most as many groups as different texts."""
        counts = self.counts[self.sample]
        cells = [
            (counts.indices[a:b].tobytes(), counts.data[a:b].tobytes())
            for a, b in zip(counts.indptr, counts.indptr[1:], strict=False)
        ]
        numbers: dict[tuple[bytes, bytes], int] = {}
        kinds = np.array([numbers.setdefault(cell, len(numbers)) for cell in cells])
        if n_groups >= len(numbers):
            return kinds
        return group(latent, n_groups, random_state=self.model.random_state)

    def _find_unlike(self, near: Neighbours) -> np.ndarray:
        """Which texts resemble nothing, when enough of them are there to tell and no number of themes was asked for."""
        if self.n_themes or len(self.sample) <= self.model.FEW:
            return np.zeros(len(self.sample), dtype=bool)
        nearness = near.similarities.mean(axis=1)
        least = self.model.MIN_NEARNESS_ENCODED if self.encode else self.model.MIN_NEARNESS
        return np.round(nearness, 9) < least * np.median(nearness)

    def _encode(self, positions: np.ndarray) -> np.ndarray:
        return self.encode([self.texts[i] for i in positions])

    def _project(self, block: slice) -> np.ndarray:
        """Texts in the latent dimensions, not smoothed."""
        often = self.words.often(self.counts[block])
        latent = often @ self.word_loadings
        if self.encode:
            latent *= _inverse_lengths(often @ self.words.vectors_)[:, None]
            latent += normalize(self._encode(range(len(self.texts))[block]) - self.middle) @ self.encoder_loadings
            latent[~self.known[block]] = 0
        return normalize(latent)

    def weigh(self, positions: np.ndarray) -> sparse.csr_matrix:
        """See :meth:`ThemeModel.weigh`; positions among the sorted texts."""
        return self._join(self.words.weigh(self.counts[positions]), [self.texts[i] for i in positions])

    def weigh_new(self, texts: list[str]) -> sparse.csr_matrix:
        """See :meth:`ThemeModel.weigh_new`."""
        if not self.words.words_:
            return sparse.csr_matrix((len(texts), 1))
        split = [split_words(text) for text in texts]
        return self._join(self.words.weigh(self.words.count(split, self.languages.find(split))), texts)

    def _join(self, rows: sparse.csr_matrix, texts: list[str]) -> sparse.csr_matrix:
        """The words' rows with the encoder's beside them."""
        if self.middle is None:
            return rows
        share = self.model.ENCODER_SHARE
        meanings = self._centre(texts, np.diff(rows.indptr) > 0)
        return sparse.csr_matrix(sparse.hstack([np.sqrt(1 - share) * rows, np.sqrt(share) * meanings]))

    def compare(self, positions: np.ndarray) -> np.ndarray:
        """See :meth:`ThemeModel.compare`; positions among the sorted texts."""
        similar = _products(self.words.weigh(self.counts[positions]))
        if self.middle is None:
            return similar
        share = self.model.ENCODER_SHARE
        meanings = self._centre([self.texts[i] for i in positions], self.known[positions])
        return (1 - share) * similar + share * (meanings @ meanings.T)

    def _centre(self, texts: list[str], known: np.ndarray) -> np.ndarray:
        """The encoder's rows without what all texts share, of unit length; zeros for a text without words."""
        meanings = np.zeros((len(texts), len(self.middle)))
        worded = np.flatnonzero(known)
        if len(worded):
            meanings[worded] = normalize(self.encode([texts[i] for i in worded]) - self.middle)
        return meanings

    def _blocks(self) -> Iterator[slice]:
        for start in range(0, len(self.texts), self.model.BLOCK):
            yield slice(start, min(start + self.model.BLOCK, len(self.texts)))

    def _assign_all(self) -> None:
        """The sample as grouped; where there are more texts, all to the nearest middle, and the middles to them."""
        if len(self.texts) <= self.model.MAX_CLUSTERED:
            self.labels[self.sample] = np.where(self.left_out, -1, self.groups)
            return
        n_groups = self.groups.max() + 1
        smoothed = self.latent[self.sample]
        for block in self._blocks():
            self.latent[block] = self._project(block)
            self._say(0.8 + 0.1 * block.stop / len(self.texts))
        middles = np.stack([self.latent[self.sample[self.groups == label]].mean(axis=0) for label in range(n_groups)])
        clusters = KMeans(
            n_groups, init=middles, n_init=1, max_iter=10, random_state=self.model.random_state, copy_x=False
        )
        # A text without words lies nowhere, and draws no middle there.
        nearest_middle = clusters.fit_predict(self.latent, sample_weight=self.known.astype(np.float32))
        self.labels = np.where(self.known, nearest_middle, -1).astype(np.int64)
        middles = normalize(clusters.cluster_centers_)
        for block in self._blocks():
            near = np.einsum("ij,ij->i", self.latent[block], middles[self.labels[block]])
            self.typicality[block] = np.round(np.clip(near, 0, 1).astype(float), 6)
        if self.left_out.any():  # as many as in the sample, those farthest from their theme
            least = np.quantile(self.typicality[self.known], self.left_out.mean())
            self.labels[self.typicality < least] = -1
        self.latent[self.sample] = smoothed

    def _rank(self) -> None:
        """Themes by size, then by the first text; a text alone is no theme unless a number was asked for."""
        inside = np.flatnonzero(self.labels >= 0)
        found, first, sizes = np.unique(self.labels[inside], return_index=True, return_counts=True)
        ranked = np.lexsort((first, -sizes))
        kept = found[ranked[(sizes[ranked] > 1) | (self.n_themes > 0)]]
        number = np.full(max(found, default=0) + 2, -1)
        number[kept] = np.arange(len(kept))
        self.labels = number[self.labels]
        self.terms = self._terms(len(kept))
        if len(kept) and len(self.texts) <= self.model.MAX_CLUSTERED:
            self._measure_typicality(len(kept))
        self.typicality[self.labels < 0] = 0

    def _measure_typicality(self, n_themes: int) -> None:
        of_sample = self.labels[self.sample]
        middles = normalize(_members(of_sample, n_themes) @ self.rows).T.toarray()
        near = (self.rows @ middles)[np.arange(len(of_sample)), np.maximum(of_sample, 0)]
        self.typicality[self.sample] = np.round(np.clip(near, 0, 1), 9)

    def _terms(self, n_themes: int) -> list[list[str]]:
        """The words with the largest share of a theme's texts beyond their share elsewhere, in the commonest form."""
        words = self.words
        forms = _commonest_forms(words, self.counts)
        by_theme, overall = np.zeros((n_themes, len(forms))), np.zeros(len(forms))
        for block in self._blocks():
            rows = words.weigh_stems(self.counts[block])
            by_theme += (_members(self.labels[block], n_themes) @ rows).toarray()
            overall += np.asarray(rows.sum(axis=0)).ravel()
        sizes = np.bincount(self.labels[self.labels >= 0], minlength=n_themes)
        by_name = np.argsort(np.array(words.stems_, dtype=object), kind="stable")
        terms = []
        for of_theme, size in zip(by_theme, sizes, strict=True):
            score = np.round(of_theme / size - overall / self.known.sum(), 9)
            best = by_name[np.argsort(-score[by_name], kind="stable")][:6]
            terms.append([forms[column] for column in best if score[column] > 0])
        return terms


def _as_texts(X: Any) -> list[str]:
    if isinstance(X, (str, bytes)):
        raise TypeError("fit takes a sequence of texts, got one text; put it in a list")
    texts = list(X)
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"fit takes texts, got {type(text).__name__} at position {position}: {text!r:.60}")
    return texts


def _check_n_themes(n_themes: Any, n_texts: int) -> int:
    """The number asked for, 0 for "auto"."""
    if isinstance(n_themes, str) and n_themes == "auto":
        return 0
    if isinstance(n_themes, bool) or not isinstance(n_themes, (int, np.integer)) or n_themes < 1:
        raise ValueError(f'n_themes must be "auto" or a whole number from 1, got {n_themes!r}')
    if n_themes > n_texts:
        raise ValueError(f"n_themes={n_themes} needs at least {n_themes} texts, got {n_texts}")
    return int(n_themes)


def _products(rows: sparse.csr_matrix) -> np.ndarray:
    """The products of all rows, in blocks, since a sparse table of them all would be larger than a full one."""
    n_rows = rows.shape[0]
    similar = np.empty((n_rows, n_rows))
    for start in range(0, n_rows, 128):
        # Each product once: those below the diagonal, mirrored above.
        below = (rows[start:] @ sparse.csr_matrix(rows[start : start + 128].T)).toarray()
        similar[start:, start : start + 128] = below
        similar[start : start + 128, start:] = below.T
    return similar


def _members(labels: np.ndarray, n_themes: int) -> sparse.csr_matrix:
    """1 where a text, by column, is in a theme, by row."""
    inside = np.flatnonzero(labels >= 0)
    return sparse.csr_matrix((np.ones(len(inside)), (labels[inside], inside)), shape=(n_themes, len(labels)))


def _inverse_lengths(rows: sparse.csr_matrix) -> np.ndarray:
    lengths = np.sqrt(np.asarray(rows.power(2).sum(axis=1)).ravel())
    return np.divide(1, lengths, out=np.zeros(len(lengths)), where=lengths > 0)


def _commonest_forms(words: WordVectors, counts: sparse.csr_matrix) -> list[str]:
    """For each stem the word that is written most."""
    n_written = np.asarray(counts.sum(axis=0)).ravel()
    best: dict[int, tuple[float, str]] = {}
    for (_, word), stem, n in zip(words.words_, words.stem_of_.tolist(), n_written.tolist(), strict=True):
        best[stem] = min(best.get(stem, (1.0, "")), (-n, word))
    return [best[stem][1] for stem in range(len(words.stems_))]
