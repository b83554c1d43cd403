"""What a text is encoded in that is no Unicode: told by its letters, where they tell it.

Letters of another script than the Latin one stand in words of their own, and hardly any other encoding reads them as letters of one
script: charset-normalizer finds which. Latin letters with marks are letters in all of Windows' encodings for Europe; which it is, the words
tell that are words in some language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate, takewhile

__all__ = ["NAMES", "guess_encoding"]

# What each is called, in the order in which they are preferred.
NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "mac_roman": "Mac OS Roman",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp874": "Windows-874",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "cp950": "Big5",
    "cp949": "EUC-KR",
}
_LATIN = {
    "cp1252": "ca da de en es fi fr is it nb nl pt sv",
    "cp1250": "cs hu pl ro sh sk sl",
    "mac_roman": "ca da de en es fi fr is it nb nl pt sv",
    "cp1254": "tr",
    "cp1257": "lt lv",
}
# Characters that Chinese, Japanese and Korean share, and those of each.
_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"})
_WORD = re.compile(r"[^\W\d_]+")
# Fewer letters, or words more than those of Windows-1252, may be chance; more bytes tell no more.
_FEWEST, _MORE, _MOST = 3, 2, 20_000


def guess_encoding(data: bytes) -> tuple[str, bool]:
    r"""What a text that is no Unicode is encoded in.

    Parameters
    ----------
    data : bytes
        The text.

    Returns
    -------
    encoding : str
        As Python calls it; Windows-1252 where its letters do not tell.
    is_sure : bool
        Whether they do, or there are none that any other encoding reads otherwise.

    Examples
    --------
    >>> guess_encoding("Иван: Почему?".encode("cp1251")), guess_encoding("José: ¿Por qué?".encode("cp1252"))
    (('cp1251', True), ('cp1252', True))
    >>> guess_encoding("Jiří: Každý měsíc přepisuji částky".encode("cp1250")), guess_encoding(b"\xe8\xe8")
    (('cp1250', True), ('cp1252', False))
    """
    from charset_normalizer import from_bytes  # half a tenth of a second, and hardly any file needs it

    lines = [line for line in data.splitlines(keepends=True) if not line.isascii()]
    sizes = accumulate(map(len, lines))
    sample = b"".join(line for line, _ in takewhile(lambda one: one[1] <= _MOST, zip(lines, sizes, strict=True)))
    sample = sample or data
    best = from_bytes(sample, cp_isolation=[*NAMES]).best()
    if best is not None and best.encoding not in _LATIN and _is_of_one_script(str(best)):
        return best.encoding, True
    read = {encoding: sample.decode(encoding, "replace") for encoding in _LATIN}
    if not any(map(_marked, read.values())):
        return "cp1252", True
    known = {encoding: _count_known(_marked(text), _LATIN[encoding].split()) for encoding, text in read.items()}
    most = max(known, key=lambda encoding: known[encoding])
    is_sure = known[most] >= known["cp1252"] + _MORE if most != "cp1252" else known[most] > 0
    return (most, True) if is_sure else ("cp1252", False)


def _marked(text: str) -> set[str]:
    """The words that have a letter beyond the English ones; a sign may be read as a letter alone."""
    return {word.lower() for word in _WORD.findall(text) if len(word) > 1 and not word.isascii()}


def _is_of_one_script(text: str) -> bool:
    """Whether all letters beyond the English ones are of one script, and in words of their own."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    scripts = set(_scripts(words))
    # In Chinese and Japanese "Excelで" is written without a blank.
    apart = scripts <= _ASIAN or all(not letter.isascii() for word in words for letter in word)
    return (
        sum(map(len, words)) >= _FEWEST
        and apart
        and (len(scripts) == 1 or scripts <= _ASIAN)
        and "LATIN" not in scripts
    )


def _scripts(words: Iterable[str]) -> Iterator[str]:
    for letter in {letter for word in words for letter in word if not letter.isascii()}:
        script = unicodedata.name(letter, "").partition(" ")[0]
        # Letters of full width, and marks that lengthen a sound, are of whatever is around them.
        if script not in ("FULLWIDTH", "HALFWIDTH", "IDEOGRAPHIC"):
            yield script


def _count_known(words: Iterable[str], languages: Iterable[str]) -> int:
    """How many of some words the one of these languages has that has most of them."""
    words = list(words)
    return max(sum(word in _words_of(language) for word in words) for language in languages)


@cache
def _words_of(language: str) -> frozenset[str]:
    from wordfreq import get_frequency_dict

    return frozenset(word for word in get_frequency_dict(language, wordlist="small") if not word.isascii())
