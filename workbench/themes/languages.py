"""What is known of a language: its stop words, stems, how common a word is, and which words are related.

How common a word is in general (wordfreq, Speer 2022, https://doi.org/10.5281/zenodo.7199437) is what a few dozen notes
cannot tell: there "really" can be rarer than "invoice".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import repeat
from pkgutil import get_data
from threading import Lock

import snowballstemmer
import wordfreq

__all__ = ["STOP_WORDS", "Language", "Languages", "language", "related_stems"]

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

# Where there is no list of stop words, a word as common as one in a thousand is one: some 120 words a language.
STOP_ZIPF = 6.0
# A word rarer than one in a million says no more for being rarer still: it may as well be misspelt.
RAREST_ZIPF = 3.0
# A text of fewer words is too short to be of another language by itself.
MIN_WORDS = 4
# Below this share of words known in English a text may be of another language; English notes full of names keep more.
ENGLISH_SHARE = 0.5
# A language that knows a smaller share of the words of its texts than this is not theirs: they are in one that no list is
# kept of, whose words would be dealt out among those that it happens to look like. Of real notes their own knows two
# thirds and more.
KNOWN_SHARE = 0.4
# These are known by their script, and their words are cut otherwise here than in the lists.
BY_SCRIPT = {"ja", "ko", "zh"}
# What a word that a language does not know counts for: one in a hundred million, rarer than all that it knows.
UNKNOWN_ZIPF = 1.0
# The words by which a language is known among all, those of at least one in a hundred thousand, say what it is; all
# words of all languages would fill 200 MB.
COMMON_ZIPF = 4.0

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fa": "persian", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "nl": "dutch", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sh": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip
# A stemmer holds the word that it works on: of two threads one would get a part of the other's.
_STEMMING = Lock()
_ELIDING = {"ca", "fr", "it"}  # "l'import" is the word "import" there


# A picture that was pasted as text is one word of a megabyte, on which a stemmer takes the square of that. The longest that
# dictionaries have, in German and Finnish, are of some 60 letters.
LONGEST_WORD = 64


class Language:
    """One language; made by :func:`language`.

    Parameters
    ----------
    code : str
        As wordfreq names it, such as "en".

    Attributes
    ----------
    code : str
        As given.
    frequency : dict of str to float
        How common each word is in general text, on the Zipf scale (van Heuven et al. 2014): 3 for one in a
        million, 6 for one in a thousand. Rarer ones are not there.

    Examples
    --------
    >>> english = language("en")
    >>> english.stem("filters"), english.read("the"), english.weight("really") < english.weight("invoice")
    ('filter', '', True)
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.frequency: dict[str, float] = {word: zipf for zipf, words in _read_zipf(code) for word in words}
        name = _STEMMERS.get(code)
        stemmer = snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None
        self._stem_word = stemmer.stemWord if stemmer else str
        self._stems: dict[str, str] = {}

    def read(self, written: str) -> str:
        """A word as it is counted, without apostrophes; empty for a stop word, a number, a single letter and what is no word.

        Parameters
        ----------
        written : str
            A word as :func:`~workbench.themes.words.split_words` gives it.

        Returns
        -------
        str
            The word, or an empty text.
        """
        word = written.rpartition("'")[2] if self.code in _ELIDING else written.replace("'", "")
        if not 2 <= len(word) <= LONGEST_WORD or word.isdigit() or self.is_stop_word(word):
            return ""
        return word

    def is_stop_word(self, word: str) -> bool:
        """Whether a word carries no theme.

        Parameters
        ----------
        word : str
            Lower-case.

        Returns
        -------
        bool
            English: in :data:`STOP_WORDS`; else: at least one word in a thousand.
        """
        return word in STOP_WORDS if self.code == "en" else self.frequency.get(word, 0.0) >= STOP_ZIPF

    def stem(self, word: str) -> str:
        """A word's stem (Snowball, Porter 2001).

        Parameters
        ----------
        word : str
            Lower-case.

        Returns
        -------
        str
            Equal for forms of one word; the word itself where the language has no stemmer.
        """
        found = self._stems.get(word)
        if found is None:
            with _STEMMING:
                found = self._stems[word] = self._stem_word(word)
        return found

    def weight(self, word: str) -> float:
        """How much a word tells, before any note is read.

        Parameters
        ----------
        word : str
            Lower-case.

        Returns
        -------
        float
            From about 0.1 for the commonest words to 1.25 for those rarer than one in a million: linear on the Zipf
            scale, that is, in the logarithm of how common the word is.
        """
        return (8 - max(self.frequency.get(word, 0.0), RAREST_ZIPF)) / 4


@cache
def language(code: str) -> Language:
    """What is known of a language.

    Parameters
    ----------
    code : str
        As wordfreq names it, such as "en".

    Returns
    -------
    Language
        The same one every time.

    Examples
    --------
    >>> language("de").stem("rechnungen") == language("de").stem("rechnung")
    True
    """
    return Language(code)


class Languages:
    """The languages that some texts are in, and how many are in each; learned from some, found in any.

    English is what is not clearly another language. A short text takes the language that fits it among those of the
    longer ones.

    Attributes
    ----------
    priors_ : dict of str to float
        The languages found, English always, each with the logarithm of its share.

    Examples
    --------
    >>> texts = ["der import verliert immer zeilen".split(), "the import drops rows".split()]
    >>> languages = Languages().fit(texts)
    >>> languages.find([*texts, ["zeilen"]])
    ['de', 'en', 'de']
    """

    def fit(self, texts: Sequence[Sequence[str]]) -> Languages:
        """Learn which languages there are.

        Parameters
        ----------
        texts : sequence of sequence of str
            The words of each text, as :func:`~workbench.themes.words.split_words` gives them.

        Returns
        -------
        Languages
            Itself.
        """
        known = language("en").frequency
        strange = [
            words
            for words in texts
            if len(words) >= MIN_WORDS and sum(map(known.__contains__, words)) < ENGLISH_SHARE * len(words)
        ]
        least = len(texts) / 100  # one odd text among hundreds is jargon, not a language
        # Another language need be there that often, so that mostly none but English is looked at.
        found: dict[str, list[Sequence[str]]] = {}
        for words in strange if len(strange) >= least else ():
            found.setdefault(_closest(words), []).append(words)
        others = {code: len(of) for code, of in found.items() if code != "en" and len(of) >= least and _knows(code, of)}
        shares = {"en": max(1, len(texts) - sum(others.values())), **dict(sorted(others.items()))}
        total = sum(shares.values())
        self.priors_ = {code: math.log10(n / total) for code, n in shares.items()}
        return self

    def find(self, texts: Sequence[Sequence[str]]) -> list[str]:
        """The language of each text, from how common its words are in each.

        Parameters
        ----------
        texts
            As for :meth:`fit`.

        Returns
        -------
        list of str
            A code for each text.
        """
        if len(self.priors_) == 1:
            return list(self.priors_) * len(texts)
        known = {code: language(code).frequency.get for code in self.priors_}

        def fit(words: Sequence[str], code: str) -> float:
            return self.priors_[code] + sum(map(known[code], words, repeat(UNKNOWN_ZIPF)))

        return [max(known, key=partial(fit, words)) for words in texts]


def _closest(words: Sequence[str]) -> str:
    """The language in which the words are commonest; English where none knows any."""
    fits: dict[str, float] = {"en": 0.0}
    for word in words:
        for code, zipf in _common_words().get(word, ()):
            fits[code] = fits.get(code, 0.0) + zipf - UNKNOWN_ZIPF
    return max(fits, key=lambda code: (fits[code], code == "en", code))


def _knows(code: str, texts: Sequence[Sequence[str]]) -> bool:
    """Whether a language knows so many of the words of some texts that they can be in it."""
    known = language(code).frequency
    n_known = sum(sum(map(known.__contains__, words)) for words in texts)
    return code in BY_SCRIPT or n_known >= KNOWN_SHARE * sum(map(len, texts))


@cache
def _common_words() -> dict[str, list[tuple[str, float]]]:
    """In which languages a word is common, and how common."""
    found: dict[str, list[tuple[str, float]]] = {}
    for code in sorted(wordfreq.available_languages("small")):
        for zipf, words in _read_zipf(code):
            if zipf < COMMON_ZIPF:
                break
            for word in words:
                found.setdefault(word, []).append((code, zipf))
    return found


def _read_zipf(code: str) -> Iterator[tuple[float, list[str]]]:
    """The words of a language, commonest first; read here, since wordfreq would keep what it reads."""
    lists = wordfreq.read_cBpack(wordfreq.available_languages("small")[code])
    return ((9 - centibels / 100, words) for centibels, words in enumerate(lists))


@lru_cache(maxsize=1)
def related_stems() -> dict[str, frozenset[str]]:
    """For each stem of a common English word the stems of words with a like meaning.

    Returns
    -------
    dict of str to frozenset of str
        From ``related_words.txt``, whose head says where it comes from.

    Examples
    --------
    >>> "fast" in related_stems()["quick"]
    True
    """
    stem = language("en").stem
    related: dict[str, set[str]] = {}
    for line in (get_data(__package__, "related_words.txt") or b"").decode().splitlines():
        if line.startswith("#"):
            continue
        first, *others = map(stem, line.split())
        for other in others:
            related.setdefault(first, set()).add(other)
            related.setdefault(other, set()).add(first)
    return {of: frozenset(found) for of, found in related.items()}
