"""ThemeModel: notes that say alike things, as a scikit-learn clusterer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from workbench.themes.blocks import Measure
from workbench.themes.encoders import find_encoder
from workbench.themes.engines import Block, open_engine
from workbench.themes.fitting import Fitted, Themed, assign_texts, fit_blocks, fit_few, theme_few
from workbench.themes.inputs import as_blocks, as_texts, assign_lazily, is_dask
from workbench.themes.learn import ENCODER_SHARE, multiply
from workbench.themes.progress import Progress, telling
from workbench.themes.words import split_words

__all__ = ["ThemeModel"]


class ThemeModel(ClusterMixin, BaseEstimator):
    """Group short texts by what they say, with TF-IDF and, where one is given, a sentence encoder.

    Texts become TF-IDF rows of stems, related stems and pieces of words
    (:class:`~workbench.themes.vectors.WordVectors`), joined with the encoder's. Each row is moved half-way to its
    nearest, so that two notes without a common word meet through a third; latent dimensions of these are grouped by
    Ward's method and one k-means (:mod:`workbench.themes.clusters`). The number of themes is that of the Louvain
    communities of the graph of nearest neighbours.

    Of more than `MAX_CLUSTERED` texts a sample of the distinct ones is clustered, words are learned from `MAX_WORDED`, and
    the others are placed in blocks and draw the themes' middles to where they are (:mod:`workbench.themes.fitting`). These
    blocks may be worked on here or by the workers of a Dask cluster.

    The result does not depend on the order of the texts, nor on the number of threads, blocks or workers.

    Parameters
    ----------
    n_themes : int or "auto"
        How many themes; found by itself by default. There are fewer when fewer texts differ in their words.
    encoder : callable, object with ``encode``, "semantic" or None
        Takes a list of n texts and gives an array of shape (n, d). "semantic" is the model of the extra
        ``discovery-workbench[semantic]``; without the extra one line says so and TF-IDF works alone, as by default.
    random_state : int
        Seed of the k-means and the decomposition.
    progress : callable or bool, optional
        Called with the share of the work done, from 0 to 1; True shows a bar, in a notebook as a widget.
    engine : "auto", "local", "dask" or distributed.Client
        Where blocks are worked on: with a Dask client (the extra ``discovery-workbench[dask]``), with "dask" the one in
        scope or, where there is none, workers on this machine for as long as it takes; "local" in this process; "auto"
        with the client in scope if there is one. Labels are the same. Up to `MAX_CLUSTERED` texts it is always here.

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
        The texts in the dimensions in which they were grouped, rows of unit length, float32; zeros for a text without
        words. Of up to `MAX_CLUSTERED` texts each is moved to its neighbours.

    Examples
    --------
    >>> texts = ["The import drops rows", "Rows are lost in the import", "Invoices look wrong", "The invoice looks odd"]
    >>> ThemeModel(n_themes=2).fit(texts).labels_.tolist()
    [1, 1, 0, 0]
    """

    # The table of similarities grows with the square of the texts; at this many it fills 72 MB. On the bench's full sets
    # 4,000 did as well (AMI .583 against .580) in twice the time, 2,000 worse (.571), before words had the last say.
    MAX_CLUSTERED = 3000
    # Words that so many texts do not say twice tell little of a million: with 60,000 labels were no better.
    MAX_WORDED = 20_000
    BLOCK = 8192

    def __init__(
        self,
        n_themes: int | str = "auto",
        encoder: Any = None,
        random_state: int = 0,
        progress: Progress = None,
        engine: Any = "auto",
    ) -> None:
        self.n_themes = n_themes
        self.encoder = encoder
        self.random_state = random_state
        self.progress = progress
        self.engine = engine

    def fit(self, X: Any, y: None = None) -> ThemeModel:
        """Find the themes of some texts.

        Parameters
        ----------
        X : sequence of str, length n_texts; DataFrame; Dask DataFrame or Series; Corpus
            The texts, in any order: a list, a Series, an array, the column ``text`` of a DataFrame, or what
            :func:`workbench.read_corpus` gives.
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
            When `n_themes` is not "auto" or a number that fits the texts, or the encoder gives no array that does; when
            `engine` is none.
        EngineError
            When a Dask cluster could not do it; says what to do.
        """
        n_themes = _check_n_themes(self.n_themes)
        blocks = as_blocks(X, self.BLOCK, self.engine)
        encode = find_encoder(self.encoder)
        # One thread: BLAS and OpenMP add up in another order with another number of them.
        with threadpool_limits(1), telling(self.progress) as say:
            say(0)
            asked = {"n_themes": n_themes, "encode": encode, "random_state": self.random_state, "say": say}
            texts = _few(blocks, self.MAX_CLUSTERED)
            if texts is not None:
                order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.intp)
                texts = [texts[i] for i in order]
                fitted = fit_few(texts, **asked)
                place = np.empty_like(order)
                place[order] = np.arange(len(order))
                rows = _Few(texts, fitted, place)
            else:
                with open_engine(self.engine) as engine:
                    fitted = fit_blocks(
                        engine, blocks, n_clustered=self.MAX_CLUSTERED, n_worded=self.MAX_WORDED, **asked
                    )
                place = slice(None)
                rows = _Many(blocks, fitted)
            # All at the end, so that who stops a fit has the model as it was.
            self._rows = rows
            self.labels_, self.typicality_, self.terms_ = fitted.labels[place], fitted.typicality[place], fitted.terms
            self.languages_ = [fitted.codes[i] for i in place] if texts is not None else fitted.codes
            say(1)
        return self

    def assign(self, X: Any) -> Any:
        """The theme of each text by its own words, without a fit: of new texts, that come day by day.

        Parameters
        ----------
        X
            Texts as for :meth:`fit`, other ones or the same.

        Returns
        -------
        DataFrame
            One row a text, in order, with label (int64, -1 for none) and typicality (float64, 0 to 1); a DataFrame that
            came with texts has them beside its own columns, and a Dask DataFrame is one again, worked out when it is
            asked for. Of more than `MAX_CLUSTERED` fitted texts they are `labels_` and `typicality_`; of fewer, where all
            were compared with each other, some may be in another theme or none.

        Raises
        ------
        TypeError
            As :meth:`fit`.
        ValueError
            When no theme was found that a text could be in.

        Examples
        --------
        >>> texts = ["The import drops rows", "Rows are lost in the import", "Invoices look wrong", "The invoice looks odd"]
        >>> ThemeModel(n_themes=2).fit(texts).assign(["Again rows lost in an import", "Lunch"])["label"].tolist()
        [1, -1]
        """
        themed = self.themed_
        if is_dask(X):
            return assign_lazily(X, themed)
        if isinstance(X, pd.DataFrame):
            return X.assign(**assign_texts(as_blocks(X, len(X) or 1)[0].read() if len(X) else [], themed))
        with open_engine(self.engine) as engine, telling(self.progress) as say:
            blocks = as_blocks(X, self.BLOCK, self.engine)
            parts = list(engine.bring(engine.map(assign_texts, blocks, shared=(themed,), say=say)))
        return pd.concat(
            [pd.DataFrame(part) for part in parts] or [pd.DataFrame(assign_texts([], themed))], ignore_index=True
        )

    def predict(self, X: Any) -> np.ndarray:
        """The theme of each text; see :meth:`assign`.

        Parameters
        ----------
        X
            Texts as for :meth:`fit`.

        Returns
        -------
        ndarray of shape (n_texts,), int64
            -1 for none.
        """
        return self.assign(as_texts(X))["label"].to_numpy()

    def find_languages(self, texts: Sequence[str]) -> list[str]:
        """The language of each text, among those of the texts that were fitted.

        Parameters
        ----------
        texts : sequence of str
            Any texts.

        Returns
        -------
        list of str
            As `languages_`.
        """
        return self._rows.words.languages.find([split_words(text) for text in texts])

    @property
    def themed_(self) -> Themed:
        """What puts any text into a theme."""
        return self._rows.themed

    @property
    def latent_(self) -> np.ndarray:
        """Where the texts lie; see the class."""
        return self._rows.latent

    def lie(self, positions: Sequence[int]) -> np.ndarray:
        """Where some of the texts that were fitted lie.

        Parameters
        ----------
        positions : sequence of int
            Where they stood in what :meth:`fit` was given.

        Returns
        -------
        ndarray of shape (n_positions, n_dimensions)
            Those rows of `latent_`.
        """
        return self._rows.lie(np.asarray(positions, dtype=np.intp))

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
        return self._join(*self._rows.counted(np.asarray(positions, dtype=np.intp)))

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
        texts = list(texts)
        words = self._rows.words
        if not words.vectors.words_:
            return sparse.csr_matrix((len(texts), 1))
        return self._join(words.count(texts), texts)

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
        counts, texts = self._rows.counted(np.asarray(positions, dtype=np.intp))
        similar = multiply(self._rows.words.vectors.weigh(counts))
        if self._encoded is None:
            return similar
        meanings = self._centre(texts, np.diff(counts.indptr) > 0)
        return (1 - ENCODER_SHARE) * similar + ENCODER_SHARE * (meanings @ meanings.T)

    def _join(self, counts: sparse.csr_matrix, texts: list[str]) -> sparse.csr_matrix:
        """The words' rows with the encoder's beside them."""
        rows = self._rows.words.vectors.weigh(counts)
        if self._encoded is None:
            return rows
        meanings = self._centre(texts, np.diff(counts.indptr) > 0)
        return sparse.csr_matrix(sparse.hstack([np.sqrt(1 - ENCODER_SHARE) * rows, np.sqrt(ENCODER_SHARE) * meanings]))

    @property
    def _encoded(self) -> Measure | None:
        measure = self._rows.measure
        return measure if measure is not None and measure.encode is not None else None

    def _centre(self, texts: list[str], known: np.ndarray) -> np.ndarray:
        """The encoder's rows without what all texts share, of unit length; zeros for a text without words."""
        middle = self._encoded.middle
        meanings = np.zeros((len(texts), len(middle)))
        worded = np.flatnonzero(known)
        if len(worded):
            meanings[worded] = normalize(self._encoded.encode([texts[i] for i in worded]) - middle)
        return meanings


class _Few:
    """The texts of a fit that looked at all of them; sorted, and `place` says where each came from."""

    def __init__(self, texts: list[str], fitted: Fitted, place: np.ndarray) -> None:
        self.texts, self.fitted, self.place = texts, fitted, place
        self.words, self.measure = fitted.words, fitted.measure

    def counted(self, positions: np.ndarray) -> tuple[sparse.csr_matrix, list[str]]:
        places = self.place[positions]
        return self.words.counts[places], [self.texts[i] for i in places]

    @property
    def latent(self) -> np.ndarray:
        return self.fitted.latent[0][self.place]

    def lie(self, positions: np.ndarray) -> np.ndarray:
        return self.fitted.latent[0][self.place[positions]]

    @cached_property
    def themed(self) -> Themed:
        return theme_few(self.texts, self.fitted)


class _Many:
    """The texts of a fit in blocks."""

    def __init__(self, blocks: Sequence[Block], fitted: Fitted) -> None:
        self.blocks, self.words, self.themed, self.measure = blocks, fitted.words, fitted.themed, fitted.measure
        self._latent = fitted.latent

    @property
    def latent(self) -> np.ndarray:
        return np.concatenate([normalize(of_block.astype(np.float32)) for of_block in self._latent])

    def lie(self, positions: np.ndarray) -> np.ndarray:
        ends = np.cumsum([len(of_block) for of_block in self._latent])
        blocks = np.searchsorted(ends, positions, side="right")
        found = np.zeros((len(positions), self._latent[0].shape[1]), dtype=np.float32)
        for block in np.unique(blocks):
            here = blocks == block
            of_block = self._latent[block]
            found[here] = of_block[positions[here] - (ends[block] - len(of_block))]
        return normalize(found)

    def counted(self, positions: np.ndarray) -> tuple[sparse.csr_matrix, list[str]]:
        texts = self._texts_at(positions)
        return self.words.count(texts), texts

    def _texts_at(self, positions: np.ndarray) -> list[str]:
        found: dict[int, str] = {}
        order, at, start = np.unique(positions), 0, 0
        for block in self.blocks:
            if at == len(order):
                break
            texts = block.read()
            end = start + len(texts)
            while at < len(order) and order[at] < end:
                found[int(order[at])] = texts[order[at] - start]
                at += 1
            start = end
        return [found[int(position)] for position in positions]


def _few(blocks: Sequence[Block], most: int) -> list[str] | None:
    """All texts, where there are not too many of them."""
    texts: list[str] = []
    for block in blocks:
        texts += block.read()
        if len(texts) > most:
            return None
    return texts


def _check_n_themes(n_themes: Any) -> int:
    """The number asked for, 0 for "auto"."""
    if isinstance(n_themes, str) and n_themes == "auto":
        return 0
    if isinstance(n_themes, bool) or not isinstance(n_themes, (int, np.integer)) or n_themes < 1:
        raise ValueError(f'n_themes must be "auto" or a whole number from 1, got {n_themes!r}')
    return int(n_themes)
