"""Whether two transcripts are of one call, whatever recorded it: by the runs of three words that they share.

Two recorders hear a word differently here and there, and most runs of three are still the same; two calls share few, however
alike their subject. Of each transcript only the 256 least hashes of its runs are kept, by which the share is estimated (bottom-k
sketches: Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007). How far apart the two are, and where the line
between them lies, is measured by ``benchmarks/bring_in.py``. A tenth of a call shares no more than a tenth with the whole; there
it counts how much of the tenth is in it.

Fewer than thirty words have too few runs to compare. Such a call is known only where every word is the same.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import numpy as np

from workbench.unspaced import UNSPACED, WORD, join_words, split_pairs

Named = TypeVar("Named")

__all__ = ["LEAST_ALIKE", "SameCall", "alike", "held", "sketch"]

SIZE = 256
RUN = 3
# Fewer words have too few runs to tell a call by; of them all must be the same, and fewer than five may be anybody's.
LEAST_WORDS, LEAST_OF_ALL = 30, 5
LEAST_ALIKE = 0.2
# One is a part of the other where so much of it is in there, as estimated by at least so many of its hashes.
LEAST_HELD, FEWEST_HASHES = 0.45, 16
# Of so many least hashes two must be the same before the rest is compared: of one call in a hundred at the line they are not, nor of
# a part in twelve.
FIRST, SHARED = 128, 2
_WORD = re.compile(WORD)
# Fills up the row of a transcript with fewer runs.
NONE = np.iinfo(np.uint32).max


def sketch(texts: Iterable[str]) -> np.ndarray:
    """What is kept of a transcript to know it by.

    Parameters
    ----------
    texts : iterable of str
        The turns' words.

    Returns
    -------
    numpy.ndarray
        At most 256 numbers, from the least; one for all of a short call's words; none for so few that they say nothing.

    Examples
    --------
    >>> len(sketch(["a b c d"] * 20)), len(sketch(["I export it to Excel and redo the totals by hand"])), len(sketch(["Yes."]))
    (4, 1, 0)
    """
    words = list(_words(unicodedata.normalize("NFKC", " ".join(texts)).casefold()))
    if len(words) < LEAST_OF_ALL:
        return np.empty(0, np.uint32)
    if len(words) < LEAST_WORDS:
        runs = {" ".join(words)}
    else:
        runs = {" ".join(run) for run in zip(*(words[start:] for start in range(RUN)), strict=False)}
    hashes = {zlib.crc32(run.encode("utf-8", "replace")) for run in runs}
    return np.sort(np.fromiter(hashes, np.uint32, len(hashes)))[:SIZE].copy()


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """How many of the runs of words in either are in both, as estimated by their sketches.

    Parameters
    ----------
    one, other : numpy.ndarray
        From :func:`sketch`.

    Returns
    -------
    float
        From 0 to 1; 0 where one says nothing.

    Examples
    --------
    >>> one = sketch([f"word{i}" for i in range(300)])
    >>> alike(one, one), alike(one, sketch([f"other{i}" for i in range(300)])), alike(one, one[:0])
    (1.0, 0.0, 0.0)
    """
    return float(_compare(_row(one), other)[0][0]) if len(one) and len(other) else 0.0


def held(one: np.ndarray, other: np.ndarray) -> float:
    """How much of the one of two transcripts that has fewer runs of words is in the other, as estimated by their sketches.

    Parameters
    ----------
    one, other : numpy.ndarray
        From :func:`sketch`.

    Returns
    -------
    float
        From 0 to 1; 0 where too few of its hashes tell.

    Examples
    --------
    >>> whole = sketch([f"word{i}" for i in range(3000)])
    >>> part, another = sketch([f"word{i}" for i in range(400)]), sketch([f"other{i}" for i in range(400)])
    >>> held(part, whole), held(another, whole), round(alike(part, whole), 2)
    (1.0, 0.0, 0.1)
    """
    return float(_compare(_row(one), other)[1][0]) if len(one) and len(other) else 0.0


def _compare(rows: np.ndarray, sketch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How alike a sketch is to each of several, and how much of the one with fewer runs is held by the other."""
    # As far as both have all hashes that there are: one that is not full has them all.
    ends = np.where(rows[:, -1] == NONE, NONE - 1, rows[:, -1])
    ends = np.minimum(ends, sketch[-1] if len(sketch) == SIZE else NONE - 1)
    both = _shared(rows, sketch)
    n_rows = np.count_nonzero(rows <= ends[:, None], axis=1)
    n_sketch = np.searchsorted(sketch, ends, side="right")
    fewer = np.minimum(n_rows, n_sketch)
    share = both / np.maximum(n_rows + n_sketch - both, 1)
    return share, np.where(fewer >= FEWEST_HASHES, both / np.maximum(fewer, 1), 0.0)


def _of_one_call(rows: np.ndarray, sketch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How alike a sketch is to each of several, and which of them are of the same call: as much of it, or a part."""
    share, part = _compare(rows, sketch)
    return share, (share >= LEAST_ALIKE) | (part >= LEAST_HELD)


def _row(sketch: np.ndarray) -> np.ndarray:
    """One sketch as one of several."""
    row = np.full((1, SIZE), NONE, np.uint32)
    row[0, : len(sketch)] = sketch
    return row


def _words(text: str) -> Iterator[str]:
    """Its words; where a script has no blanks, pairs of letters, whatever signs one of two recorders puts between them."""
    words = _WORD.findall(text)
    if not UNSPACED.search(text):
        yield from words
        return
    for word in join_words(words).split():
        yield from split_pairs(word)


class SameCall(Generic[Named]):
    """Transcripts that were seen, and which of them a further one is of.

    Examples
    --------
    >>> seen = SameCall()
    >>> seen.add(sketch([f"word{i}" for i in range(300)]), "first.vtt")
    >>> seen.find(sketch([f"word{i}" for i in range(20, 300)])), seen.find(sketch([f"other{i}" for i in range(300)]))
    ('first.vtt', None)
    >>> seen.add(sketch([f"other{i}" for i in range(300)]), "second.vtt")
    >>> sorted(seen.apart(seen.find_all(sketch([f"{word}{i}" for word in ("word", "other") for i in range(300)]))))
    ['first.vtt', 'second.vtt']
    """

    def __init__(self) -> None:
        self._names: list[Named] = []
        self._rows = np.full((64, SIZE), NONE, np.uint32)

    def add(self, sketch: np.ndarray, name: Named) -> None:
        """Remember a transcript.

        Parameters
        ----------
        sketch : numpy.ndarray
            From :func:`sketch`.
        name : object
            What it is found as.
        """
        if len(self._names) == len(self._rows):
            self._rows = np.vstack([self._rows, np.full_like(self._rows, NONE)])
        self._rows[len(self._names), : len(sketch)] = sketch
        self._names.append(name)

    def find(self, sketch: np.ndarray) -> Named | None:
        """The transcript that is of the same call.

        Parameters
        ----------
        sketch : numpy.ndarray
            From :func:`sketch`.

        Returns
        -------
        object or None
            What it was remembered as; of several the most alike. None where none is.
        """
        found = self.find_all(sketch)
        return found[0] if found else None

    def find_all(self, sketch: np.ndarray) -> list[Named]:
        """All transcripts that are of the same call.

        Parameters
        ----------
        sketch : numpy.ndarray
            From :func:`sketch`.

        Returns
        -------
        list of object
            The most alike first; of those that are equally so, the one that was remembered first.
        """
        if not len(sketch):
            return []
        near = np.flatnonzero(
            _shared(self._rows[: len(self._names), :FIRST], sketch[:FIRST]) >= min(SHARED, len(sketch))
        )
        share, is_one = _of_one_call(self._rows[near], sketch)
        return [self._names[n] for _, n in sorted(zip(-share[is_one], near[is_one], strict=True))]

    def apart(self, names: Iterable[Named]) -> list[Named]:
        """Of transcripts of one call those that have a part of it each.

        Parameters
        ----------
        names : iterable of object
            As of :meth:`find_all`.

        Returns
        -------
        list of object
            The first, and each that shares no more words with any before it than two calls do.
        """
        apart: dict[Named, np.ndarray] = {}
        for name in names:
            row = self._rows[self._names.index(name)]
            if not any(_of_one_call(row[None], part)[1][0] for part in apart.values()):
                apart[name] = row[row != NONE]
        return list(apart)


def _shared(rows: np.ndarray, sketch: np.ndarray) -> np.ndarray:
    """How many numbers of each row are in a sketch."""
    places = np.minimum(np.searchsorted(sketch, rows), len(sketch) - 1)
    return np.count_nonzero(sketch[places] == rows, axis=1)
