"""Groups in a table of similarities: neighbours, latent dimensions, how many groups, and which."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd
from sknetwork.clustering import Louvain

__all__ = ["Latent", "count_communities", "group", "nearest", "reduce"]

# Similarities that differ by less are equal: rounding differs from machine to machine, ties then fall by position.
DIGITS = 9


class Latent(NamedTuple):
    """Rows in few dimensions.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_dimensions)
        Of unit length.
    loadings : ndarray of shape (n_rows, n_dimensions)
        What brings other rows there: a row x of the space that the similarities come from goes to x @ matrix.T @
        loadings, where matrix holds the rows.
    """

    rows: np.ndarray
    loadings: np.ndarray


def nearest(similar: np.ndarray, n_neighbours: int) -> sparse.csr_matrix:
    """Each row's nearest others.

    Parameters
    ----------
    similar : ndarray of shape (n_rows, n_rows)
        Similarities; the diagonal does not count.
    n_neighbours : int
        How many to keep a row.

    Returns
    -------
    csr_matrix of shape (n_rows, n_rows)
        Similarities above 0 to at most that many others.
    """
    n_rows = len(similar)
    n_neighbours = min(n_neighbours, n_rows - 1)
    rows, columns, values = [], [], []
    for start in range(0, n_rows, 512):
        block = np.round(similar[start : start + 512], DIGITS)
        block[np.arange(len(block)), np.arange(start, start + len(block))] = -np.inf
        # A stable sort of the few that reach the last place: equals fall by position.
        last = np.partition(block, n_rows - n_neighbours, axis=1)[:, n_rows - n_neighbours]
        for row, (similarities, least) in enumerate(zip(block, np.maximum(last, 0), strict=True), start):
            best = np.flatnonzero(similarities >= least)
            best = best[np.argsort(-similarities[best], kind="stable")[:n_neighbours]]
            best = best[similarities[best] > 0]
            rows += [row] * len(best)
            columns += best.tolist()
            values += similarities[best].tolist()
    return sparse.csr_matrix((values, (rows, columns)), shape=(n_rows, n_rows))


def reduce(similar: np.ndarray, *, n_neighbours: int, n_dimensions: int, random_state: int) -> Latent:
    """Rows in few dimensions, each moved half-way to its neighbours first.

    Two rows without anything in common so meet through a third. The dimensions are those of latent semantic analysis
    (Deerwester et al. 1990), found from the products of the moved rows, so that no row need be at hand.

    Parameters
    ----------
    similar : ndarray of shape (n_rows, n_rows)
        The products of all rows.
    n_neighbours, n_dimensions : int
        How many at most.
    random_state : int
        Seed of the decomposition.

    Returns
    -------
    Latent
        Rows of equal directions for rows that are alike.
    """
    n_rows = len(similar)
    pulled = nearest(similar, n_neighbours)
    pulled = normalize(pulled, norm="l1")
    # The length of the neighbours' mean, to take its direction only.
    length = np.sqrt(np.maximum(np.asarray(pulled.multiply(pulled @ similar).sum(axis=1)).ravel(), 0))
    pulled = sparse.diags(np.divide(0.5, length, out=np.zeros(n_rows), where=length > 0)) @ pulled
    move = sparse.csr_matrix(pulled + 0.5 * sparse.identity(n_rows))
    products = move @ (move @ similar).T
    length = np.sqrt(np.maximum(np.diag(products), 0))
    move = sparse.diags(np.divide(1, length, out=np.zeros(n_rows), where=length > 0)) @ move
    products = move @ (move @ similar).T
    n_dimensions = min(n_dimensions, max(1, n_rows - 1))
    if n_rows <= 400:  # where the exact solution costs less than the estimate
        values, vectors = np.linalg.eigh((products + products.T) / 2)
        values, vectors = values[::-1][:n_dimensions], vectors[:, ::-1][:, :n_dimensions]
    else:
        vectors, values, _ = randomized_svd(products, n_dimensions, n_iter=4, random_state=random_state)
    kept = values > 1e-9 * max(values[0], 1e-300)
    values, vectors = values[kept], vectors[:, kept]
    return Latent(normalize(vectors * np.sqrt(values)), np.asarray(move.T @ (vectors / np.sqrt(values))))


def count_communities(rows: np.ndarray, *, n_neighbours: int, resolution: float) -> int:
    """The number of groups that the graph of nearest neighbours falls into (Louvain; Blondel et al. 2008).

    Not Leiden: scikit-network's draws from the C library's random numbers, which no seed reaches, so that two runs
    can differ.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_dimensions)
        Of unit length.
    n_neighbours : int
        Of each row in the graph.
    resolution : float
        1 is plain modularity; more finds more and smaller groups.

    Returns
    -------
    int
        From 1.
    """
    graph = nearest(rows @ rows.T, n_neighbours)
    graph = sparse.csr_matrix(graph.maximum(graph.T))
    if not graph.nnz:
        return len(rows)
    return len(set(Louvain(resolution=resolution).fit_predict(graph)))


def group(rows: np.ndarray, n_groups: int, *, random_state: int) -> np.ndarray:
    """Groups by Ward's method, then one k-means from their middles, which lets a row change its mind.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_dimensions)
        Of unit length.
    n_groups : int
        How many; fewer when fewer rows differ.
    random_state : int
        Seed of the k-means.

    Returns
    -------
    ndarray of shape (n_rows,), int
        Groups from 0.
    """
    n_groups = min(n_groups, len(np.unique(np.round(rows, DIGITS), axis=0)))
    if n_groups == 1:
        return np.zeros(len(rows), dtype=int)
    ward = fcluster(linkage(rows, "ward"), n_groups, "maxclust") - 1
    middles = np.stack([rows[ward == label].mean(axis=0) for label in range(ward.max() + 1)])
    return KMeans(len(middles), init=middles, n_init=1, random_state=random_state).fit_predict(rows)
