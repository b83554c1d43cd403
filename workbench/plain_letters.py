"""Names in plain letters, as files are named."""

from __future__ import annotations

import unicodedata

__all__ = ["plain_letters"]

# Letters that are no Latin one with a mark on it, as they are written without; ß is ss by its casefold.
_SPELLED = str.maketrans("øłđðħŧŋ\N{LATIN SMALL LETTER DOTLESS I}", "olddhtni") | str.maketrans(
    {"æ": "ae", "œ": "oe", "þ": "th"}
)


def plain_letters(text: str) -> str:
    """A text in small letters that every keyboard has.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        ASCII; without letters of other scripts, which are no Latin ones.

    Examples
    --------
    >>> plain_letters("Bäckerei Groß"), plain_letters("Ørsted"), plain_letters("Łódź"), plain_letters("田中 A")
    ('backerei gross', 'orsted', 'lodz', ' a')
    """
    spelled = text.casefold().translate(_SPELLED)
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
