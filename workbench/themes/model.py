"""ThemeModel: notes that say alike things, as a scikit-learn clusterer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize
from sknetwork.clustering import Leiden

from workbench.themes.words import read_words, stem

__all__ = ["ThemeModel"]


class ThemeModel(ClusterMixin, BaseEstimator):
    """Group short texts by what they say, with TF-IDF and no language model.

    Texts become TF-IDF rows of word stems (weight .6) and of 3- to 5-letter pieces of words (weight .4), which forgive
    spelling and endings. Each row is moved half-way to its 15 nearest, so that two notes without a common word meet
    through a third. 40 latent dimensions (LSA, Deerwester et al. 1990) are clustered by Ward's method and one k-means
    from there. The number of themes is that of the Leiden communities (Traag, Waltman, van Eck 2019) of the graph of
    nearest neighbours.

    The result does not depend on the order of the texts: they are sorted first.

    Parameters
    ----------
    n_themes : int or "auto"
        How many themes; found by itself by default. There are fewer when fewer texts differ in their words.
    random_state : int
        Seed of the k-means and the decomposition.

    Attributes
    ----------
    labels_ : ndarray of shape (n_texts,), int64
        The theme of each text, from 0, the theme with most texts first; -1 for a text left out: it has no words, it
        resembles no other, or (unless `n_themes` was given) its group is a rest that holds together by nothing.
    terms_ : list of list of str
        For each theme the words that set it apart, as most often written, at most 6.
    typicality_ : ndarray of shape (n_texts,), float64
        How near a text is to the middle of its theme, 0 to 1; 0 where left out.

    Examples
    --------
    >>> texts = ["The import drops rows", "Rows are lost in the import", "Invoices look wrong", "The invoice looks odd"]
    >>> ThemeModel(n_themes=2).fit(texts).labels_.tolist()
    [1, 1, 0, 0]
    """

    # Above this many texts a sample is clustered and the rest joins the nearest theme: the graph of
    # neighbours grows with the square of the texts.
    MAX_CLUSTERED = 4000
    N_NEIGHBOURS = 15
    N_DIMENSIONS = 40
    WORD_WEIGHT = 0.6
    # A group whose texts are less than this many times as alike as they are to the others is no theme: whatever is
    # left over ends up together. On five labelled sets the groups near and below it held mostly mixed classes.
    MIN_COHESION = 1.8

    def __init__(self, n_themes: int | str = "auto", random_state: int = 0) -> None:
        self.n_themes = n_themes
        self.random_state = random_state

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
            When `n_themes` is not "auto" or a number that fits the texts.
        """
        texts = _as_texts(X)
        n_themes = _check_n_themes(self.n_themes, len(texts))
        order = sorted(range(len(texts)), key=texts.__getitem__)
        words = [read_words(texts[i]) for i in order]
        worded = [row for row, found in enumerate(words) if found]
        if n_themes > len(worded):
            raise ValueError(f"n_themes={n_themes} needs at least {n_themes} texts with words, got {len(worded)}")
        found = np.full(len(texts), -1)
        typicality = np.zeros(len(texts))
        terms: list[list[str]] = []
        if len(worded) > 1:
            matrix, stems = _weigh([words[row] for row in worded])
            labels = _cluster(matrix, n_themes, self)
            if not n_themes:
                labels = _leave_out_rests(matrix, labels, self.MIN_COHESION)
            labels, near = _rank(matrix, labels, keep_single=bool(n_themes))
            found[worded], typicality[worded] = labels, near
            terms = _terms(stems, [words[row] for row in worded], labels)
        elif n_themes == 1 and worded:
            found[worded], typicality[worded], terms = 0, 1.0, [list(dict.fromkeys(words[worded[0]]))[:6]]
        self.labels_ = np.empty(len(texts), dtype=np.int64)
        self.typicality_ = np.empty(len(texts))
        self.labels_[order], self.typicality_[order] = found, typicality
        self.terms_ = terms
        return self


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


def _weigh(words: list[list[str]]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """TF-IDF rows of unit length, of stems and pieces together and of stems alone."""
    stem_counts = CountVectorizer(analyzer=lambda row: [stem(word) for word in row]).fit_transform(words)
    stems = _tf_idf(stem_counts)
    pieces = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, lowercase=False)
    try:
        of_pieces = _tf_idf(pieces.fit_transform([" ".join(row) for row in words]))
    except ValueError:  # no piece stands in two texts
        return stems, stems
    weight = ThemeModel.WORD_WEIGHT
    both = sparse.hstack([np.sqrt(weight) * stems, np.sqrt(1 - weight) * of_pieces], format="csr")
    return normalize(both), stems


def _tf_idf(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """(1 + ln tf) * sqrt(idf), rows of unit length; the root keeps rare words from deciding alone."""
    weights = counts.astype(np.float64)
    weights.data = 1 + np.log(weights.data)
    n_texts = counts.shape[0]
    n_with = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + n_texts) / (1 + n_with)) + 1
    return normalize(weights @ sparse.diags(np.sqrt(idf)))


def _cluster(matrix: sparse.csr_matrix, n_themes: int, model: ThemeModel) -> np.ndarray:
    """A label for each row; on a sample first when there are many."""
    n_rows = matrix.shape[0]
    if n_rows <= model.MAX_CLUSTERED:
        return _cluster_all(matrix, n_themes, model)
    sample = np.linspace(0, n_rows - 1, model.MAX_CLUSTERED).astype(int)
    of_sample = _cluster_all(matrix[sample], n_themes, model)
    middles = normalize(_membership(of_sample).T @ matrix[sample])
    return np.concatenate(
        [
            np.asarray((matrix[start : start + 4096] @ middles.T).todense()).argmax(axis=1)
            for start in range(0, n_rows, 4096)
        ]
    )


def _cluster_all(matrix: sparse.csr_matrix, n_themes: int, model: ThemeModel) -> np.ndarray:
    n_rows = matrix.shape[0]
    smooth = _smooth(matrix, min(model.N_NEIGHBOURS, max(1, n_rows // 3)))
    dimensions = min(model.N_DIMENSIONS, n_rows - 1, smooth.shape[1] - 1)
    if dimensions >= 2:
        svd = TruncatedSVD(dimensions, n_iter=7, random_state=model.random_state)
        # Texts that are all alike have no variance, and scikit-learn divides by it for a figure that is not used.
        with np.errstate(divide="ignore", invalid="ignore"):
            latent = normalize(svd.fit_transform(smooth))
    else:
        latent = normalize(smooth.toarray())
    n_themes = n_themes or _count_communities(latent)
    # Texts of the same words cannot be told apart, so there are at most as many themes as different texts.
    numbers: dict[tuple[bytes, bytes], int] = {}
    cells = [(matrix.indices[a:b].tobytes(), matrix.data[a:b].tobytes()) for a, b in pairwise(matrix.indptr)]
    kinds = np.array([numbers.setdefault(cell, len(numbers)) for cell in cells])
    if n_themes >= len(numbers):
        return kinds
    # Few and short texts can meet in one place of the latent space; k-means would warn of a middle too many.
    n_themes = min(n_themes, len(np.unique(np.round(latent, 9), axis=0)))
    ward = fcluster(linkage(latent, "ward"), n_themes, "maxclust") - 1
    middles = np.asarray(_membership(ward).T @ latent)
    middles /= np.bincount(ward)[:, None]
    return KMeans(len(middles), init=middles, n_init=1, random_state=model.random_state).fit_predict(latent)


def _smooth(matrix: sparse.csr_matrix, n_neighbours: int) -> sparse.csr_matrix:
    """Each row moved half-way to the mean of its nearest rows, so that a shared neighbour brings two together."""
    similar = _nearest(matrix, n_neighbours)
    total = np.asarray(similar.sum(axis=1)).ravel()
    pull = normalize(sparse.diags(np.divide(1, total, out=np.zeros_like(total), where=total > 0)) @ similar @ matrix)
    return normalize(0.5 * matrix + 0.5 * pull)


def _nearest(matrix: Any, n_neighbours: int) -> sparse.csr_matrix:
    """Cosine similarity to the nearest rows, nothing elsewhere; in blocks, so that memory stays small."""
    n_rows = matrix.shape[0]
    rows, columns, values = [], [], []
    for start in range(0, n_rows, 1024):
        block = matrix[start : start + 1024] @ matrix.T
        block = block.toarray() if sparse.issparse(block) else np.asarray(block)
        block[np.arange(len(block)), np.arange(start, start + len(block))] = 0
        # Rounded, then by position, so that equal similarities fall the same way on every machine.
        best = np.argsort(-np.round(block, 9), axis=1, kind="stable")[:, :n_neighbours]
        rows.append(np.repeat(np.arange(start, start + len(block)), best.shape[1]))
        columns.append(best.ravel())
        values.append(np.maximum(np.take_along_axis(block, best, axis=1), 0).ravel())
    values_ = np.concatenate(values)
    kept = values_ > 1e-9  # less is rounding, and would tie a text to others that it has nothing in common with
    cells = (values_[kept], (np.concatenate(rows)[kept], np.concatenate(columns)[kept]))
    return sparse.csr_matrix(cells, shape=(n_rows, n_rows))


def _count_communities(latent: np.ndarray) -> int:
    """The number of groups that the graph of the 10 nearest neighbours falls into."""
    n_rows = len(latent)
    graph = _nearest(latent, min(10, max(2, n_rows // 3)))
    graph = graph.maximum(graph.T)
    if not graph.nnz:
        return n_rows
    # A few notes hold few themes: at 30 or fewer the plain modularity counts best, from some hundreds on a finer one.
    resolution = float(np.clip(1 + (n_rows - 30) / 300, 1, 2))
    return len(set(Leiden(resolution=resolution, random_state=0).fit_predict(sparse.csr_matrix(graph))))


def _membership(labels: np.ndarray) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(labels)), (np.arange(len(labels)), labels)))


def _leave_out_rests(matrix: sparse.csr_matrix, labels: np.ndarray, min_cohesion: float) -> np.ndarray:
    """-1 instead of the label of every group that is hardly more alike within than to the others."""
    members = _membership(labels)
    sizes = np.bincount(labels).astype(float)
    sums = members.T @ matrix  # of each group's rows; their products are sums of similarities
    to_itself = np.asarray(sums.multiply(sums).sum(axis=1)).ravel()
    to_all = np.asarray(sums @ np.asarray(matrix.sum(axis=0)).ravel()).ravel()
    n_others = len(labels) - sizes
    within = np.divide(to_itself - sizes, sizes * (sizes - 1), out=np.zeros_like(sizes), where=sizes > 1)
    outside = np.divide(to_all - to_itself, sizes * n_others, out=np.zeros_like(sizes), where=n_others > 0)
    return np.where((within < min_cohesion * outside)[labels], -1, labels)


def _rank(matrix: sparse.csr_matrix, labels: np.ndarray, *, keep_single: bool) -> tuple[np.ndarray, np.ndarray]:
    """Labels numbered by size and typicality; a text alone is left out unless a number of themes was asked for."""
    sizes = Counter(labels.tolist())
    first = {label: row for row, label in reversed(list(enumerate(labels.tolist())))}
    kept = [label for label in sizes if label >= 0 and (keep_single or sizes[label] > 1)]
    kept.sort(key=lambda label: (-sizes[label], first[label]))
    number = {label: position for position, label in enumerate(kept)}
    ranked = np.array([number.get(label, -1) for label in labels.tolist()])
    typicality = np.zeros(len(labels))
    for position in range(len(kept)):
        rows = np.flatnonzero(ranked == position)
        middle = normalize(np.asarray(matrix[rows].mean(axis=0)))
        typicality[rows] = np.clip(np.asarray(matrix[rows] @ middle.T).ravel(), 0, 1)
    return ranked, np.round(typicality, 9)


def _terms(stems: sparse.csr_matrix, words: list[list[str]], labels: np.ndarray) -> list[list[str]]:
    """The words with the largest weight in a theme beyond their weight elsewhere, in their commonest form."""
    forms: dict[str, Counter[str]] = {}
    for row in words:
        for word in row:
            forms.setdefault(stem(word), Counter())[word] += 1
    names = sorted(forms)  # CountVectorizer's order of columns
    overall = np.asarray(stems.mean(axis=0)).ravel()
    terms = []
    for label in range(labels.max() + 1):
        inside = np.asarray(stems[labels == label].mean(axis=0)).ravel()
        score = np.round(inside - overall, 9)
        best = [column for column in np.argsort(-score, kind="stable")[:6] if score[column] > 0]
        terms.append([min(forms[names[c]].items(), key=lambda item: (-item[1], item[0]))[0] for c in best])
    return terms
