"""Groups in a table of similarities: neighbours, latent dimensions, how many groups, and which."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.linalg import eigh, qr
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize
from sknetwork.clustering import Louvain

__all__ = ["Latent", "Neighbours", "count_communities", "group", "nearest", "reduce"]

# Similarities that differ by less are equal: rounding differs from machine to machine, ties then fall by position.
DIGITS = 9
# Up to so many rows the exact dimensions cost less than the estimate.
MAX_EXACT = 400
# For the estimate: vectors at a time, and how many in all.
BLOCK_WIDTH = 20
N_KRYLOV = 200
# Rows of similarities at a time: a block of 4,000 columns fills 16 MB.
BLOCK = 512


class Neighbours(NamedTuple):
    """Each row's nearest others, nearest first.

    Parameters
    ----------
    positions : ndarray of shape (n_rows, n_neighbours), int
        Which they are.
    similarities : ndarray of shape (n_rows, n_neighbours)
        How near they are; 0 for a place that is left empty, since nothing else is alike.
    """

    positions: np.ndarray
    similarities: np.ndarray


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


def nearest(similar: np.ndarray, n_neighbours: int) -> Neighbours:
    """Each row's nearest others.

    Parameters
    ----------
    similar : ndarray of shape (n_rows, n_rows)
        Similarities; the diagonal does not count.
    n_neighbours : int
        How many to keep a row.

    Returns
    -------
    Neighbours
        Similarities above 0 to at most that many others, equals by position.
    """
    n_rows = len(similar)
    n_neighbours = min(n_neighbours, n_rows - 1)
    found = Neighbours(np.zeros((n_rows, n_neighbours), dtype=np.int32), np.zeros((n_rows, n_neighbours)))
    for start in range(0, n_rows if n_neighbours else 0, BLOCK):
        block = similar[start : start + BLOCK].copy()
        block[np.arange(len(block)), np.arange(start, start + len(block))] = 0
        least = np.maximum(_reached(block, n_neighbours) - 10.0**-DIGITS, 0)
        rows, columns = np.nonzero(block > least[:, None])
        values = np.round(block[rows, columns], DIGITS)
        order = np.lexsort((-values, rows))  # stable, so that equals stay in their order
        place = np.arange(len(rows)) - np.searchsorted(rows, rows)
        kept = place < n_neighbours
        at = rows[kept] + start, place[kept]
        found.positions[at] = columns[order][kept]
        found.similarities[at] = values[order][kept]
    return found


def _reached(block: np.ndarray, n_places: int) -> np.ndarray:
    """For each row a value that at least so many others reach, and few more.

    The columns are dealt into bundles, and the largest of each looked at: the last of the largest few of these.
    """
    n_rows, n_columns = block.shape
    width = max(1, n_columns // (8 * n_places))
    n_bundles = n_columns // width
    largest = block[:, : width * n_bundles].reshape(n_rows, width, n_bundles).max(axis=1)
    return np.partition(largest, n_bundles - n_places, axis=1)[:, n_bundles - n_places]


def reduce(similar: np.ndarray, near: Neighbours, *, n_dimensions: int, random_state: int) -> Latent:
    """Rows in few dimensions, each moved half-way to its neighbours first.

    Two rows without anything in common so meet through a third. The dimensions are those of latent semantic analysis
    (Deerwester et al. 1990), found from the products of the moved rows, so that no row need be at hand.

    Parameters
    ----------
    similar : ndarray of shape (n_rows, n_rows)
        The products of all rows.
    near : Neighbours
        To move to, each by its similarity.
    n_dimensions : int
        How many at most.
    random_state : int
        Seed of the decomposition.

    Returns
    -------
    Latent
        Rows of equal directions for rows that are alike.
    """
    n_rows = len(similar)
    # Of the neighbours' mean only the direction counts.
    pulled = near.similarities * _inverse(_lengths(similar, *near))[:, None]
    positions = np.column_stack([np.arange(n_rows, dtype=np.int32), near.positions])
    weights = np.column_stack([np.ones(n_rows), pulled])
    weights *= _inverse(_lengths(similar, positions, weights))[:, None]
    move = _matrix(positions, weights)
    turned = sparse.csr_matrix(move.T)
    values, vectors = _main_directions(
        lambda x: move @ (similar @ (turned @ x)), n_rows, min(n_dimensions, max(1, n_rows - 1)), random_state
    )
    kept = values > 1e-9 * max(values[0], 1e-300)
    values, vectors = values[kept], vectors[:, kept]
    return Latent(normalize(vectors * np.sqrt(values)), turned @ (vectors / np.sqrt(values)))


def _lengths(similar: np.ndarray, positions: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How long the weighted sums of some rows are, from the products of these."""
    products = similar[positions[:, :, None], positions[:, None, :]]
    return np.sqrt(np.maximum(np.einsum("ij,ijk,ik->i", weights, products, weights, optimize=True), 0))


def _inverse(lengths: np.ndarray) -> np.ndarray:
    return np.divide(1, lengths, out=np.zeros(len(lengths)), where=lengths > 0)


def _matrix(positions: np.ndarray, values: np.ndarray) -> sparse.csr_matrix:
    """The square table that holds in each row these values at these positions."""
    n_rows, n_places = positions.shape
    ends = np.arange(0, n_rows * n_places + 1, n_places)
    return sparse.csr_matrix((values.ravel(), positions.ravel(), ends), shape=(n_rows, n_rows))


def _main_directions(
    apply: Callable[[np.ndarray], np.ndarray], n_rows: int, n_dimensions: int, random_state: int
) -> tuple[np.ndarray, np.ndarray]:
    """The largest eigenvalues of a symmetric table, largest first, and their vectors.

    Of a large table by block Lanczos (Golub and Underwood 1977): what the table makes of some drawn vectors, of that
    again and so on spans a space that holds its main directions; there they are found exactly.
    """
    if n_rows <= MAX_EXACT:
        basis = np.eye(n_rows)
        applied = apply(basis)
    else:
        block = np.random.RandomState(random_state).normal(size=(n_rows, BLOCK_WIDTH))
        basis = applied = np.empty((n_rows, 0))
        least = 0.0
        while basis.shape[1] < max(N_KRYLOV, n_dimensions):
            block = _new_directions(block, basis, least)
            if not block.shape[1]:  # the table has no more
                break
            basis = np.hstack([basis, block])
            block = apply(block)
            applied = np.hstack([applied, block])
            least = 1e-10 * np.linalg.norm(applied)
    products = basis.T @ applied
    size = len(products)
    chosen = [max(0, size - n_dimensions), size - 1]
    values, vectors = eigh((products + products.T) / 2, subset_by_index=chosen)
    return values[::-1], basis @ vectors[:, ::-1]


def _new_directions(block: np.ndarray, basis: np.ndarray, least: float) -> np.ndarray:
    """Unit vectors, at right angles to a basis, for what a block adds to it; what is below `least` is rounding."""
    block, upper, _ = qr(block - basis @ (basis.T @ block), mode="economic", pivoting=True, check_finite=False)
    block = block[:, np.abs(np.diag(upper)) > least]
    # Again, since little may have been left, and not quite at right angles.
    return qr(block - basis @ (basis.T @ block), mode="economic", check_finite=False)[0] if block.shape[1] else block


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
    graph = _matrix(*nearest(rows @ rows.T, n_neighbours))
    graph.eliminate_zeros()
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
