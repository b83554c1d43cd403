"""TF-IDF rows of texts: a word is its stem, its related stems and its pieces; a text is the sum of its words.

Everything is learned from some texts by :meth:`WordVectors.fit`; after that any texts become rows block by block,
so that a million need no more memory than a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from workbench.themes.languages import language, related_stems

__all__ = ["WordVectors"]


class WordVectors:
    """Rows for texts, learned from the words of some.

    A word's row has length weight * sqrt(idf), where the weight says how much the word tells in general
    (:meth:`~workbench.themes.languages.Language.weight`) and idf = 1 + ln((1 + n) / (1 + df)) how rare its stem is here
    (Salton and Buckley 1988); the root keeps a rare word from deciding alone. It points to the word's stem and its
    related stems, and to its pieces of 3 to 5 letters (Bojanowski et al. 2017), which forgive spelling, endings and
    compounds. A text is the sum of its words, each times 1 + ln(how often), brought to length 1.

    Attributes
    ----------
    words_ : list of (str, str)
        Language and word of each row.
    stems_ : list of str
        The stems, by column.
    vectors_ : csr_matrix of shape (n_words, n_features)
        The words' rows; the first columns are the stems.
    tells_ : ndarray of shape (n_stems,)
        How much each stem tells by itself: the largest entry of its words' rows, less where related stems share in it.
    stem_of_ : ndarray of shape (n_words,), int
        The column of each word's stem.

    Examples
    --------
    >>> texts = [["import", "drops", "rows"], ["imports", "rows", "lost"], ["invoices", "look", "odd"]]
    >>> words = WordVectors().fit(texts, ["en"] * 3)
    >>> rows = words.weigh(words.count(texts, ["en"] * 3))
    >>> alike = (rows @ rows.T).toarray()
    >>> bool(alike[0, 1] > 0.5 > alike[0, 2])
    True
    """

    # Half to two thirds for whole words did equally well on the bench, all or nothing clearly worse.
    PIECES_SHARE = 0.4
    PIECES = (3, 5)
    # A related stem counts half as much as the word's own: at 1 "bill" and "invoice" would be one word.
    RELATED_WEIGHT = 0.5

    def fit(self, texts: Sequence[Sequence[str]], codes: Sequence[str]) -> WordVectors:
        """Learn the words of some texts.

        Parameters
        ----------
        texts : sequence of sequence of str
            The words of each text, as :func:`~workbench.themes.words.split_words` gives them.
        codes : sequence of str
            The language of each text.

        Returns
        -------
        WordVectors
            Itself.
        """
        self._row_of: dict[str, dict[str, int]] = {}
        self.words_: list[tuple[str, str]] = []
        for words, code in zip(texts, codes, strict=True):
            self._learn(words, code, self._row_of.setdefault(code, {}))
        names: dict[tuple[str, str], int] = {}
        self.stem_of_ = np.array(
            [names.setdefault((code, language(code).stem(word)), len(names)) for code, word in self.words_], dtype=int
        )
        self.stems_ = [stem for _, stem in names]
        if not names:
            self.vectors_, self.tells_ = sparse.csr_matrix((0, 1)), np.zeros(0)
            return self
        has_stem = self.count(texts, codes) @ _matrix(self.stem_of_, len(self.stems_))
        n_with = np.bincount(has_stem.indices, minlength=len(self.stems_))
        idf = np.log((1 + len(texts)) / (1 + n_with)) + 1
        tells = np.full(len(self.stems_), np.inf)  # a stem tells as little as its commonest form
        weights = [language(code).weight(word) for code, word in self.words_]
        np.minimum.at(tells, self.stem_of_, weights)
        length = (tells * np.sqrt(idf))[self.stem_of_]
        share = self.PIECES_SHARE
        meanings = normalize(_matrix(self.stem_of_, len(names)) @ _relations(names, self.RELATED_WEIGHT))
        pieces = normalize(_piece_counts([word for _, word in self.words_], *self.PIECES))
        both = sparse.hstack([np.sqrt(1 - share) * meanings, np.sqrt(share) * pieces])
        self.vectors_ = sparse.csr_matrix(sparse.diags(length) @ both)
        self.tells_ = np.zeros(len(names))
        np.maximum.at(self.tells_, self.stem_of_, self.vectors_.max(axis=1).toarray().ravel())
        return self

    def _learn(self, words: Sequence[str], code: str, rows: dict[str, int]) -> None:
        """Give a row to each word that tells something; a stop word gets -1."""
        read = None
        for written in words:
            if written not in rows:
                read = read or language(code).read
                word = read(written)
                if not word:
                    rows[written] = -1
                elif word in rows and word != written:  # "don't" and "dont" are one word
                    rows[written] = rows[word]
                else:
                    rows[written] = len(self.words_)
                    self.words_.append((code, word))

    def count(self, texts: Sequence[Sequence[str]], codes: Sequence[str]) -> sparse.csr_matrix:
        """How often each text says each word that was learned.

        Parameters
        ----------
        texts, codes
            As for :meth:`fit`.

        Returns
        -------
        csr_matrix of shape (n_texts, n_words), float32
            Counts; words that were not learned do not count.
        """
        unknown: dict[str, int] = {}
        rows_of = (
            map(self._row_of.get(code, unknown).get, words, repeat(-1))
            for words, code in zip(texts, codes, strict=True)
        )
        columns = np.fromiter(chain.from_iterable(rows_of), dtype=np.int32)
        ends = np.zeros(len(texts) + 1, dtype=np.int32)
        np.cumsum(np.fromiter(map(len, texts), dtype=np.int32, count=len(texts)), out=ends[1:])
        known = columns >= 0
        ends = np.concatenate([[0], np.cumsum(known, dtype=np.int32)])[ends]
        columns = columns[known]
        counts = sparse.csr_matrix(
            (np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(texts), len(self.words_))
        )
        counts.sum_duplicates()
        return counts

    def often(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """What counted words count for.

        Parameters
        ----------
        counts : csr_matrix of shape (n_texts, n_words)
            From :meth:`count`.

        Returns
        -------
        csr_matrix of shape (n_texts, n_words), float64
            1 + ln(how often).
        """
        return sparse.csr_matrix((1 + np.log(counts.data, dtype=float), counts.indices, counts.indptr), counts.shape)

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Rows of unit length for counted texts; a text without words has a row of zeros.

        Parameters
        ----------
        counts : csr_matrix of shape (n_texts, n_words)
            From :meth:`count`.

        Returns
        -------
        csr_matrix of shape (n_texts, n_features), float64
            Their products are cosines, 0 to 1.
        """
        rows = self.often(counts) @ self.vectors_
        return normalize(rows) if len(self.words_) and counts.shape[0] else rows

    def weigh_stems(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Rows of unit length of whole stems alone, however often they are said: what terms are found from.

        Parameters
        ----------
        counts : csr_matrix of shape (n_texts, n_words)
            From :meth:`count`.

        Returns
        -------
        csr_matrix of shape (n_texts, n_stems), float64
            Each stem by what it tells.
        """
        stems = sparse.csr_matrix(counts @ _matrix(self.stem_of_, len(self.stems_)))
        stems.data[:] = 1
        return normalize(stems @ sparse.diags(self.tells_))


def _matrix(columns: np.ndarray, n_columns: int) -> sparse.csr_matrix:
    """One 1 a row."""
    return sparse.csr_matrix((np.ones(len(columns)), (np.arange(len(columns)), columns)), (len(columns), n_columns))


def _relations(names: dict[tuple[str, str], int], weight: float) -> sparse.csr_matrix:
    """1 for a stem itself, `weight` for an English stem with a like meaning."""
    related = related_stems() if any(code == "en" for code, _ in names) else {}
    rows, columns = [], []
    for (code, stem), row in names.items():
        for other in sorted(related.get(stem, ())) if code == "en" else ():
            if (column := names.get(("en", other))) is not None:
                rows.append(row)
                columns.append(column)
    links = sparse.csr_matrix((np.full(len(rows), weight), (rows, columns)), (len(names), len(names)))
    return sparse.csr_matrix(links + sparse.identity(len(names)))


def _piece_counts(words: Sequence[str], shortest: int, longest: int) -> sparse.csr_matrix:
    """How often each word holds each run of letters, its two ends counted as letters."""
    columns: dict[str, int] = {}
    found: list[int] = []
    ends = [0]
    for word in words:
        padded = f" {word} "
        for length in range(shortest, longest + 1):
            if len(padded) <= length:
                found.append(columns.setdefault(padded, len(columns)))
                break
            for start in range(len(padded) - length + 1):
                found.append(columns.setdefault(padded[start : start + length], len(columns)))
        ends.append(len(found))
    counts = sparse.csr_matrix((np.ones(len(found)), found, ends), shape=(len(words), max(1, len(columns))))
    counts.sum_duplicates()
    return counts
