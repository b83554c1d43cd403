"""Scripts that put no blanks between words: which letters are theirs, and what stands for words of them.

Without a dictionary nobody can tell where such a word ends. As in full-text search engines the pairs of neighbouring letters stand for
words; since they overlap they are about twice as many as the words that :func:`count_words` counts. A letter has the marks that are
written on it: of Thai, Burmese or Khmer, and of Hindi too, another mark makes another word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

__all__ = [
    "LETTER", "LETTERS", "MARKS", "OTHER", "PIECE", "UNSPACED", "WORD", "WORDS",
    "close_blanks", "count_words", "join_pairs", "join_words", "split_pairs", "words_of",
]  # fmt: skip


def _runs(codes: list[int]) -> Iterator[list[int]]:
    """Neighbouring numbers together."""
    for _, run in groupby(enumerate(codes), lambda one: one[1] - one[0]):
        yield [code for _, code in run]


# As in a class of a regular expression: Thai and Lao, Burmese, Khmer, what Japanese and Chinese write with.
LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Of the Basic Multilingual Plane, where they lie; Python's \w has none of them.
_AT = [
    code
    for block in ((0x300, 0x2100), (0x302A, 0x309B), (0xA66F, 0xABF0), (0xFB1E, 0xFE30))
    for code in range(*block)
    if unicodedata.category(chr(code))[0] == "M"
]
MARKS = "".join(f"{chr(one)}-{chr(other)}" for one, other in ((run[0], run[-1]) for run in _runs(_AT)))
LETTER = rf"[{LETTERS}][{MARKS}]*"
# A letter or a figure of any other script.
OTHER = rf"(?:(?![{LETTERS}])[^\W_])"
# A word of any script, with its marks and without what stands around it.
WORD = rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*"
# Where a quote may begin and end: at a blank, and at each letter where a script has none.
PIECE = rf"{LETTER}|[^\s{LETTERS}]+"
UNSPACED = re.compile(f"[{LETTERS}]+")
_LETTER = re.compile(LETTER)
# An apostrophe joins.
WORDS = re.compile(rf"{WORD}(?:'{WORD})*")
# Not the signs that are left where their words have been taken out.
_SPACED = re.compile(r"[^\W_]\S*")
_GAP = re.compile(f"(?<=[{LETTERS}]) (?=[{LETTERS}])")


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without case and signs.

    Parameters
    ----------
    text : str
        With plain apostrophes, as from :func:`workbench.quotes.plain`.

    Returns
    -------
    list of str
        In their order, with :func:`split_pairs`.

    Examples
    --------
    >>> words_of("It's SLOW: APIが遅い")
    ["it's", 'slow', 'api', 'が遅', '遅い']
    """
    found = WORDS.findall(text.casefold())
    if text.isascii() or not UNSPACED.search(text):
        return found
    return [part for word in found for part in split_pairs(word)]


def split_pairs(word: str) -> Iterator[str]:
    """What stands for words where a script has no blanks.

    Parameters
    ----------
    word : str
        What stands between two blanks or signs.

    Yields
    ------
    str
        The pairs of neighbouring letters of such scripts, a single one by itself, and all else as it stands.

    Examples
    --------
    >>> list(split_pairs("APIが遅い")), list(split_pairs("slow"))
    (['API', 'が遅', '遅い'], ['slow'])
    """
    end = 0
    for run in UNSPACED.finditer(word):
        if run.start() > end:
            yield word[end : run.start()]
        letters = _LETTER.findall(run[0])
        yield from map("".join, pairwise(letters)) if len(letters) > 1 else letters
        end = run.end()
    if end < len(word):
        yield word[end:]


def join_pairs(words: Iterable[str]) -> str:
    """A text to look for where words from :func:`split_pairs` stand: each letter once, with signs left out.

    Parameters
    ----------
    words : iterable of str
        As from there.

    Returns
    -------
    str

    Examples
    --------
    >>> join_pairs(["the", "API", "とて", "ても", "遅い"])
    'the API とても遅い'
    """
    row: list[str] = []
    last: list[str] = []
    for word in words:
        letters = _LETTER.findall(word) if UNSPACED.match(word) else []
        follows = len(letters) == 2 and last[-1:] == letters[:1]
        row.append(letters[1] if follows else word)
        last = letters
    return join_words(row)


def join_words(words: Iterable[str]) -> str:
    """Words in a row, with a blank only where their scripts have one.

    Parameters
    ----------
    words : iterable of str
        Single letters are words too.

    Returns
    -------
    str

    Examples
    --------
    >>> join_words(["the", "API", "が", "遅い"])
    'the API が遅い'
    """
    return close_blanks(" ".join(words))


def close_blanks(text: str) -> str:
    """A text without the blanks between two letters of a script that has none, as where a line was broken.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str

    Examples
    --------
    >>> close_blanks("API が 遅い")
    'API が遅い'
    """
    return text if text.isascii() else _GAP.sub("", text)


def count_words(text: str) -> int:
    """How many words a text has.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    int
        Two letters of a script without blanks are about one.

    Examples
    --------
    >>> count_words("It is slow."), count_words("APIが遅い、毎日")
    (3, 4)
    """
    n_letters = 0 if text.isascii() or not UNSPACED.search(text) else len(_LETTER.findall(text))
    if not n_letters:
        return len(text.split())
    return len(_SPACED.findall(UNSPACED.sub(" ", text))) + (n_letters + 1) // 2
