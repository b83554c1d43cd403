"""Whether two transcripts are of one call, whatever recorded it: by the runs of three words that they share.

Two recorders hear a word differently here and there, and most runs of three are still the same; two calls share hardly any,
however alike their subject. Of each transcript only the 256 least hashes of its runs are kept, by which the share is estimated.
The thresholds were measured, see ``benchmarks/bring_in.py``.
"""

from __future__ import annotations

import heapq
import re
import zlib
from collections.abc import Iterable

__all__ = ["LEAST_ALIKE", "alike", "sketch"]

SIZE = 256
RUN = 3
# Fewer words say too little to tell a call by.
LEAST_WORDS = 30
LEAST_ALIKE = 0.2


def sketch(texts: Iterable[str]) -> tuple[int, ...]:
    """What is kept of a transcript to know it by.

    Parameters
    ----------
    texts : iterable of str
        The turns' words.

    Returns
    -------
    tuple of int
        At most 256 numbers, from the least; empty for so few words that they say nothing.

    Examples
    --------
    >>> len(sketch(["I export it to Excel and redo the totals by hand"])), len(sketch(["a b c d"] * 20))
    (0, 4)
    """
    words = re.findall(r"[^\W_]+", " ".join(texts).casefold())
    if len(words) < LEAST_WORDS:
        return ()
    runs = {" ".join(run) for run in zip(*(words[start:] for start in range(RUN)), strict=False)}
    return tuple(heapq.nsmallest(SIZE, {zlib.crc32(run.encode("utf-8", "replace")) for run in runs}))


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """How many of the runs of words in either are in both, as estimated by their sketches.

    Parameters
    ----------
    one, other : tuple of int
        From :func:`sketch`.

    Returns
    -------
    float
        From 0 to 1; 0 where one says nothing.

    Examples
    --------
    >>> one = sketch([f"word{i}" for i in range(300)])
    >>> alike(one, one), alike(one, sketch([f"other{i}" for i in range(300)])), alike(one, ())
    (1.0, 0.0, 0.0)
    """
    if not one or not other:
        return 0.0
    least = heapq.nsmallest(SIZE, {*one, *other})
    both = {*one} & {*other}
    return sum(number in both for number in least) / len(least)
