"""From a note's text to its words: what is counted, and how it reads.

Stop words of English are its closed word classes (determiners, pronouns, auxiliaries, prepositions, conjunctions, after
Quirk, Greenbaum, Leech and Svartvik, *A Comprehensive Grammar of the English Language*, 1985, ch. 2) with the fillers
of speech. Longer lists, scikit-learn's among them, also drop words that carry a theme, such as "bill", "call", "find"
or "system". Other languages: :mod:`workbench.themes.languages`.
"""

from __future__ import annotations

from functools import lru_cache

from workbench.themes.languages import language
from workbench.unspaced import UNSPACED, WORDS, split_pairs

__all__ = ["read_stems", "read_words", "split_words"]


def split_words(text: str) -> list[str]:
    """The words of a text as written, lower-case, numbers and all.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        In order. Of a script without spaces the pairs of neighbouring characters stand for words, see
        :func:`~workbench.unspaced.split_pairs`.

    Examples
    --------
    >>> split_words("Don't reset it, 9 times!"), split_words("行が消える")
    (["don't", 'reset', 'it', '9', 'times'], ['行が', 'が消', '消え', 'える'])
    """
    if text.isascii():
        return WORDS.findall(text.lower())
    found = WORDS.findall(text.lower().replace("’", "'"))
    if not UNSPACED.search(text):
        return found
    return [part for word in found for part in split_pairs(word)]


def read_words(text: str, code: str = "en") -> list[str]:
    """The words of a text that may carry meaning, in order, lower-case, unstemmed.

    Parameters
    ----------
    text : str
        Any text.
    code : str
        Its language, see :class:`~workbench.themes.languages.Languages`.

    Returns
    -------
    list of str
        Without stop words, numbers and single letters; apostrophes removed.

    Examples
    --------
    >>> read_words("It didn't reset the Filters, 9 times!")
    ['reset', 'filters', 'times']
    """
    read = language(code).read
    return [word for written in split_words(text) if (word := read(written))]


@lru_cache(maxsize=1 << 16)  # the same notes are asked about for every theme
def read_stems(text: str, code: str = "en") -> frozenset[str]:
    """The distinct stems of a text's words.

    Parameters
    ----------
    text : str
        Any text.
    code : str
        Its language.

    Returns
    -------
    frozenset of str
        See :func:`read_words` and :meth:`~workbench.themes.languages.Language.stem`.

    Examples
    --------
    >>> sorted(read_stems("Filters, and the filter resets"))
    ['filter', 'reset']
    """
    stem = language(code).stem
    return frozenset(stem(word) for word in read_words(text, code))
