"""Ease: that there was no trouble, which is evidence against a pain."""

import re
from functools import lru_cache

__all__ = ["says_it_works"]

_WINDOW = 60  # letters before the words in which they can be denied
_NOT = r"(?:not|never|hardly|nothing|far from|no longer|(?:was|is|were|are|does|did|do)n['’]?t)"
_EASE = re.compile(
    r"""
    ^(?:no|nope|nah|not\ us|not\ really)[,.]\ (?=.)
    | \bno\ (?:real\ )?(?:trouble|troubles|problem|problems|issue|issues|hassle|fuss|complaints|difficulty)\b
    | \b(?:without|never\ (?:had\ )?any?|never\ had)\ (?:a\ |any\ )?(?:trouble|problems?|issues?|hassle)\b
    | \bnever\ (?:a\ )?(?:trouble|problem|problems|issue|bother|bothered)\b
    | \b(?:fine|easy|easily|painless|effortless|straightforward|smoothly|seamless)\b
    | \b(?:works|worked|working|went|goes|came|matched|matches)\ (?:out\ )?
      (?:well|perfectly|first\ time|straight\ (?:away|in|off)|already|as\ expected)\b
    | \balready\ (?:matched|match|clean|tidy|right|correct)\b
    | \b(?:no|nothing)\ (?:need|reason)\ to\b
    | \b(?:didn['’]?t|don['’]?t|doesn['’]?t|never)\ (?:need|have|had)\ to\b
    | \b(?:didn['’]?t|don['’]?t|doesn['’]?t)\ (?:bother|mind|worry)\b
    | \b(?:nobody|no\ one)\ (?:to\ wait|needed|had\ to|waits|waited)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DENIED = re.compile(rf"\b{_NOT}\s+(?:\w+\s+){{0,2}}$", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)  # the same notes are asked about for every theme
def says_it_works(text: str) -> str:
    """The words in which a text says that there was no trouble.

    Parameters
    ----------
    text : str
        A note's text.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none or they are denied ("wasn't easy").

    Examples
    --------
    >>> says_it_works("The list was no trouble, ten minutes and it was in")
    'no trouble'
    >>> says_it_works("The import wasn't that easy")
    ''
    """
    for found in _EASE.finditer(text):
        if not _DENIED.search(text, max(found.start() - _WINDOW, 0), found.start()):
            return found[0]
    return ""
