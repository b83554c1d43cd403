"""Somebody else's tags, headings and questions as tags of a note."""

from __future__ import annotations

import re

__all__ = ["tag_of", "tags_of"]

LONGEST = 60
_BETWEEN = re.compile(r"[,;|\n]+")
_NO_WORD = re.compile(r"[^\w]+|_+")


def tag_of(words: str) -> str:
    """Words as one tag.

    Parameters
    ----------
    words : str
        A tag, a heading or a question.

    Returns
    -------
    str
        Without its sign; up to 60 letters, cut between words. Empty where there is no letter or digit.

    Examples
    --------
    >>> tag_of("Data Export"), tag_of("What is hardest about the month-end?"), tag_of("2FA")
    ('data-export', 'what-is-hardest-about-the-month-end', 'tag-2fa')
    """
    tag = _NO_WORD.sub("-", words.casefold()).strip("-")
    if len(tag) > LONGEST:
        tag = tag[: LONGEST + 1].rpartition("-")[0] or tag[:LONGEST]
    # A tag begins with a letter; #2 is a number.
    return f"tag-{tag}" if tag and not tag[0].isalpha() else tag


def tags_of(cell: str) -> tuple[str, ...]:
    """The tags that a field lists.

    Parameters
    ----------
    cell : str
        With commas, semicolons, bars or line breaks between them, in brackets or not.

    Returns
    -------
    tuple of str
        Each once.

    Examples
    --------
    >>> tags_of("Export, Data quality;export"), tags_of('["billing", "#vip"]')
    (('export', 'data-quality'), ('billing', 'vip'))
    """
    return tuple(dict.fromkeys(filter(None, map(tag_of, _BETWEEN.split(cell)))))
