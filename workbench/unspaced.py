"""Scripts that put no blanks between words: which letters are theirs, and what stands for words of them.

Without a dictionary nobody can tell where such a word ends. As in full-text search engines the pairs of neighbouring letters stand
for words, which are about as long and about as many (Chinese, Japanese; words of Thai, Lao, Burmese and Khmer are longer).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["LETTERS", "UNSPACED", "count_words", "join_pairs", "join_words", "split_pairs"]

# As in a class of a regular expression: Thai and Lao, Burmese, Khmer, what Japanese and Chinese write with.
LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
UNSPACED = re.compile(f"[{LETTERS}]+")
# Not the signs that are left where their words have been taken out.
_WORD = re.compile(r"[^\W_]\S*")
_GAP = re.compile(f"(?<=[{LETTERS}]) (?=[{LETTERS}])")


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
        for first in range(max(1, len(run[0]) - 1)):
            yield run[0][first : first + 2]
        end = run.end()
    if end < len(word):
        yield word[end:]


def join_pairs(words: Iterable[str]) -> str:
    """Words in a row as they were before :func:`split_pairs`.

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
    for word in words:
        follows = len(word) == 2 and row and row[-1][-1] == word[0] and UNSPACED.fullmatch(word)
        row.append(word[1:] if follows else word)
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
    return _GAP.sub("", " ".join(words))


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
    if text.isascii():
        return len(text.split())
    n_letters = sum(len(run[0]) for run in UNSPACED.finditer(text))
    if not n_letters:
        return len(text.split())
    return len(_WORD.findall(UNSPACED.sub(" ", text))) + (n_letters + 1) // 2
