"""How much of some words is said in a talk, in their order and close together: words that were heard otherwise, or left out.

Between the first and the last of them stand at most twice as many words, so that a note in few words is found and one that shares
only common words with a long talk is not. How far what somebody said and what somebody else did are apart by this is measured by
``benchmarks/our_words.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from workbench.quotes import plain
from workbench.unspaced import words_of

__all__ = ["Near", "NearWords", "split_talk"]

# A stretch of talk may be so many times as long as the words that are looked for, and so many words more.
TIMES, MORE = 2, 4
# How many stretches are compared word by word: those with most of the words in any order.
N_COMPARED = 12


class Near(NamedTuple):
    """Where most of some words are said.

    Parameters
    ----------
    share : float
        How many of them, from 0 to 1.
    first, last : int
        The first and the last word of the talk that is one of them; -1 where none is.
    """

    share: float = 0.0
    first: int = -1
    last: int = -1


def split_talk(text: str) -> list[str]:
    """The words of a text as they are compared: without case and signs.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        In their order; see :func:`~workbench.unspaced.split_pairs` for scripts without blanks.

    Examples
    --------
    >>> split_talk("Well – it’s SLOW, isn't it?")
    ['well', "it's", 'slow', "isn't", 'it']
    """
    return words_of(plain(text))


class NearWords:
    """Talk, ready to be searched for words that come near.

    Parameters
    ----------
    stretches : iterable of sequence of str
        What is said at a stretch, as from :func:`split_talk`; nothing is found across two of them.

    Examples
    --------
    >>> said = NearWords([split_talk("So, do you redo the totals by hand?"), split_talk("I see.")])
    >>> said.find(split_talk("Redo totals by hand")), said.find(split_talk("By hand I see")).share
    (Near(share=1.0, first=3, last=7), 0.5)
    """

    def __init__(self, stretches: Iterable[Sequence[str]]) -> None:
        self._words: list[str] = []
        self._ends: list[int] = []  # for each word where its stretch ends
        for stretch in stretches:
            self._words += stretch
            self._ends += [len(self._words)] * len(stretch)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            self._places[word].append(place)

    def find(self, words: Sequence[str], least: float = 0.0) -> Near:
        """Where most of some words are said.

        Parameters
        ----------
        words : sequence of str
            As from :func:`split_talk`.
        least : float
            What is less is not looked for.

        Returns
        -------
        Near
            Of several places with as many of the words the one that has them closest together, then the first.
        """
        wanted = set(words)
        known = sum(word in self._places for word in words)
        if not words or known < least * len(words) or not known:
            return Near()
        best, tightest = Near(), 0
        for start, end in self._stretches(wanted, TIMES * len(words) + MORE, least * len(wanted)):
            blocks = [
                edit
                for edit in LCSseq.opcodes(words, self._words[start:end])
                if edit.tag == "equal" and edit.src_end > edit.src_start
            ]
            if blocks:
                share = sum(edit.src_end - edit.src_start for edit in blocks) / len(words)
                first, last = start + blocks[0].dest_start, start + blocks[-1].dest_end - 1
                if (share, first - last, -first) > (best.share, -tightest, -best.first):
                    best, tightest = Near(share, first, last), last - first
        return best

    def _stretches(self, wanted: set[str], size: int, least: float) -> list[tuple[int, int]]:
        """The stretches of a size that hold most of the words wanted, in any order."""
        hits = sorted(place for word in wanted for place in self._places.get(word, ()))
        counts: dict[str, int] = defaultdict(int)
        found, ahead, n_held = [], 0, 0
        for place in hits:
            end = min(place + size, self._ends[place])
            while ahead < len(hits) and hits[ahead] < end:
                word = self._words[hits[ahead]]
                counts[word] += 1
                n_held += counts[word] == 1
                ahead += 1
            if n_held >= least:
                found.append((-n_held, place, end))
            word = self._words[place]
            counts[word] -= 1
            n_held -= counts[word] == 0
        return [(start, end) for _, start, end in sorted(found)[:N_COMPARED]]
