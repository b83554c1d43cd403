"""Ease: that there was no trouble, which is evidence against a pain."""

import re
from functools import lru_cache

__all__ = ["says_it_works"]

_WINDOW = 60  # letters before the words in which they can be denied
_NOT = r"(?:not|never|hardly|nothing|far from|no longer|(?:was|is|were|are|does|did|do)n['’]?t)"
# Small letters only, and what begins with a word behind one \b: a sixth of the time that ten of them take in any letters.
_EASE = re.compile(
    r"""
    ^(?:no|nope|nah|not\ us|not\ really)[,.]\ (?=.)
    | \b(?:
        no\ (?:
            (?:real\ )?(?:trouble|troubles|problem|problems|issue|issues|hassle|fuss|complaints|difficulty)
            | (?:need|reason)\ to
            | one\ (?:to\ wait|needed|had\ to|waits|waited)
        )
        | nothing\ (?:need|reason)\ to
        | nobody\ (?:to\ wait|needed|had\ to|waits|waited)
        | without\ (?:a\ |any\ )?(?:trouble|problems?|issues?|hassle)
        | never\ (?:
            (?:(?:had\ )?any?|had)\ (?:a\ |any\ )?(?:trouble|problems?|issues?|hassle)
            | (?:a\ )?(?:trouble|problem|problems|issue|bother|bothered)
            | (?:need|have|had)\ to
        )
        | (?:fine|easy|easily|painless|effortless|straightforward|smoothly|seamless)
        | (?:works|worked|working|went|goes|came|matched|matches)\ (?:out\ )?
          (?:well|perfectly|first\ time|straight\ (?:away|in|off)|already|as\ expected)
        | already\ (?:matched|match|clean|tidy|right|correct)
        | (?:didn|don|doesn)['’]?t\ (?:(?:need|have|had)\ to|bother|mind|worry)
    )\b
    """,
    re.VERBOSE,
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
    small = text.lower()
    if len(small) != len(text):  # "İ" becomes two letters, and places are those of the text
        small = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)
    for found in _EASE.finditer(small):
        if not _DENIED.search(text, max(found.start() - _WINDOW, 0), found.start()):
            return text[found.start() : found.end()]
    return ""
