"""From a note's text to its words: what is counted, and how it reads.

Stop words are the closed word classes of English (determiners, pronouns, auxiliaries, prepositions, conjunctions,
after Quirk, Greenbaum, Leech and Svartvik, *A Comprehensive Grammar of the English Language*, 1985, ch. 2) with the
fillers of speech. Longer lists, scikit-learn's among them, also drop words that carry a theme, such as "bill", "call",
"find" or "system".
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import snowballstemmer

__all__ = ["STOP_WORDS", "read_stems", "read_words", "stem"]

STOP_WORDS = frozenset(
    """
    a an the this that these those each every either neither some any no all both half several such what which whose
    i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself we us
    our ours ourselves they them their theirs themselves one ones someone somebody something anyone anybody anything
    everyone everybody everything nobody nothing none who whom whoever whatever there here
    am is are was were be been being have has had having do does did doing done can could may might must shall should
    will would ought need dare
    aboard about above across after against along among around as at before behind below beneath beside besides between
    beyond by down during for from in inside into like near of off on onto out outside over past per since through
    throughout to toward towards under until up upon via with within without
    and but or nor so yet if because although though unless whereas while whether than when whenever where wherever how
    why then not too very just also even still only again ever never always often already
    much many more most few little less least other another same own
    im ive id ill youre youve youd youll hes hed shes shed its itll were weve wed well theyre theyve theyd theyll
    thats theres heres whats whos lets isnt arent wasnt werent hasnt havent hadnt dont doesnt didnt cant cannot couldnt
    mightnt mustnt shant shouldnt wont wouldnt aint
    ah eh er hm hmm huh mhm oh okay ok uh uhm um well yeah yep yes nope right actually basically honestly literally
    really quite maybe perhaps kind sort stuff thing things bit lot lots etc
    says said say saying tells told asks asked mentions mentioned thinks thought feels felt
    get gets got getting go goes going went gone make makes made making let lets put puts
    """.split()
)

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def read_words(text: str) -> list[str]:
    """The words of a text that may carry meaning, in order, lower-case, unstemmed.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Without stop words, numbers and single letters; apostrophes removed.

    Examples
    --------
    >>> read_words("It didn't reset the Filters, 9 times!")
    ['reset', 'filters', 'times']
    """
    words = (word.replace("'", "").replace("’", "") for word in _WORD.findall(text.lower()))
    return [word for word in words if len(word) > 1 and word not in STOP_WORDS]


@lru_cache(maxsize=1 << 16)  # the same notes are asked about for every theme
def read_stems(text: str) -> frozenset[str]:
    """The distinct stems of a text's words.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    frozenset of str
        See :func:`read_words` and :func:`stem`.

    Examples
    --------
    >>> sorted(read_stems("Filters, and the filter resets"))
    ['filter', 'reset']
    """
    return frozenset(stem(word) for word in read_words(text))


@cache
def stem(word: str) -> str:
    """A word's stem (Snowball English, Porter 2001).

    Parameters
    ----------
    word : str
        A lower-case word.

    Returns
    -------
    str
        Equal for forms of one word.

    Examples
    --------
    >>> stem("filters") == stem("filter")
    True
    """
    return _stemmer().stemWord(word)


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")
