"""How many people a text speaks of: "Five participants", "7 of 12 customers", "two in the footer and one in the header"."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["PEOPLE", "Count", "find_counts", "read_number"]

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {word: n for n, word in enumerate(_UNITS)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
_NUMBER = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[1:10])}))?|{'|'.join(sorted(_UNITS, key=len, reverse=True))}"
    r"|\d{1,3}(?:,\d{3})+|\d{1,6})"
)
PEOPLE = (
    "attendee caller client company customer employee individual interviewee organisation organization participant patient "
    "person respondent student subject tester user veteran visitor"
).split()
_MANY = "|".join(
    ["people", "persons", "companies", *(f"{word}s" for word in PEOPLE if word not in ("person", "company"))]
)
_ONE = "|".join(PEOPLE)
# Between number and noun stands what kind of people: "six mid-market customers". Another plural there is what is really
# counted ("two columns users wanted"), and so is what such a word leads to ("10 minutes per user").
_KIND = (
    r"(?:(?!(?:a|all|an|and|any|as|at|but|by|each|every|for|from|if|in|into|is|of|on|or|our|out|per|than|that|the|their|then|to|"
    r"was|were|what|when|which|who|with)\b)(?:operations|ops|sales|previous|various|[^\W\d_](?:[\w’'-]*(?:[^\Ws]|ss|ous))?),?\s+)"
)
# With one of these behind it, a single noun is no person: "one user story".
_NO_PERSON = (
    r"(?![ -](?:account|base|call|card|data|detail|experience|feedback|file|flow|group|guide|id|interview|interface|issue|"
    r"journey|list|login|menu|name|need|note|number|page|persona|portal|profile|quote|record|research|review|role|screen|"
    r"segment|service|session|settings?|story|success|support|survey|task|team|test|ticket|type|view)(?:e?s|ies)?\b)(?!-)(?!['’]s)"
)
_PEOPLE_NOUN = rf"(?:(?P<many>{_MANY})\b(?!['’])|(?P<one>{_ONE})\b{_NO_PERSON})"
_BOUND = (
    r"(?:(?P<bound>at least|at most|no more than|no fewer than|more than|fewer than|less than|up to|over|under|about|around|"
    r"nearly|almost|roughly|approximately|some|~|≥|≤|>|<|c\.|ca\.)\s*)?"
)
_BEFORE = r"(?<![\w.,:/$€£#%-])"
_COUNT = re.compile(
    rf"{_BOUND}{_BEFORE}(?:"
    # 7 of 12 customers, seven out of the twelve, 7/12 customers
    rf"(?P<part>{_NUMBER})\s*(?:\s(?:out\s)?of\s+(?:(?:all|our|the|these|those)\s+)*|/\s*)(?P<whole>{_NUMBER})(?![\w%/]|[.,:]\d)"
    rf"(?P<of_people>\s+{_KIND}{{0,3}}?(?:{_MANY})\b(?!['’]))?"
    # three of the participants, three of them
    rf"|(?P<some_of>{_NUMBER})\s+of\s+(?:(?:them|whom|us|those|these)\b(?!\s+\w+s\b)|(?:all|our|the|these|those)\s+{_KIND}{{0,3}}?(?:{_MANY})\b(?!['’]))"
    # five participants, both customers
    rf"|(?P<plain>{_NUMBER}|both)\s+(?:of\s+the\s+)?{_KIND}{{0,3}}?{_PEOPLE_NOUN})",
    re.IGNORECASE,
)
# Of the 14 users surveyed, 11 preferred it
_OUT_OF = re.compile(
    rf"\bof\s+(?:(?:all|our|the|these|those)\s+)*(?P<whole>{_NUMBER})\s+{_KIND}{{0,3}}?(?:{_MANY})\b(?!['’])[^,.;:\n]{{0,40}},\s+"
    rf"(?:only\s+|just\s+)?(?P<part>{_NUMBER})\s+(?=(?:was|has|is)\b|[^\W\d]*[^\Ws]\b)(?!(?:of|out|percent|per)\b)",
    re.IGNORECASE,
)
# A number without a noun that goes on counting: "two participants clicked … and one in the header".
_GOES_ON = re.compile(
    rf"(?:,|;|\b(?:and|but|while|whereas))\s+(?P<n>{_NUMBER})\s+"
    r"(?:others\b|more\b(?!\s+(?!who|said|did|had|was|were|of|in|on|at|from)\w)|"
    r"(?=(?:at|by|did|didn['’]t|from|had|in|of\s+(?:them|whom)|on|only|said|through|via|was|wasn['’]t|were|weren['’]t|who|with)\b)"
    r"(?!of\s+the\b))",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[^\W\d_a-z]|[\"“‘(\[])|\n\s*\n|\n(?=[^\n:]{1,40}:)")
_GENTLE = {
    "~": "about",
    "≥": "at least",
    "≤": "at most",
    ">": "more than",
    "<": "fewer than",
    "c.": "about",
    "ca.": "about",
}


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people that a text speaks of.

    Parameters
    ----------
    n : int
        How many.
    of : int or None
        Out of how many, where it says.
    words : str
        As it stands there.
    line : int
        From 1.
    what : str
        ``people``; ``ratio`` for "7 of 12" of nobody knows what; ``field`` for a number in a field of its own.
    bound : str
        "at least", "about" and the like, in small letters; empty where the number is meant as it stands.
    joined : bool
        Whether it goes on with the count before it in the same sentence, so that the two may be added up.
    at : int
        Where in the text it begins.
    customers : tuple of str
        Those listed beside it, by name.
    """

    n: int
    of: int | None
    words: str
    line: int
    what: str = "people"
    bound: str = ""
    joined: bool = False
    at: int = 0
    customers: tuple[str, ...] = ()


def find_counts(text: str, line: int = 1) -> list[Count]:
    """How many people a text speaks of.

    Numbers of other things are none ("10 minutes", "five components"), nor are words that leave the number open ("some",
    "a couple", "one of the").

    Parameters
    ----------
    text : str
        A statement or a paragraph.
    line : int
        The line where it begins.

    Returns
    -------
    list of Count
        In the order of the text.

    Examples
    --------
    >>> [(c.n, c.of, c.joined) for c in find_counts("Two participants clicked in the footer and one in the header")]
    [(2, None, False), (1, None, True)]
    >>> [(c.n, c.of, c.bound) for c in find_counts("At least 7 of 12 customers spend 10 minutes on two columns")]
    [(7, 12, 'at least')]
    """
    found: list[tuple[int, int, Count]] = []
    for match in _COUNT.finditer(text):
        if count := _read(match, text, line):
            found.append((match.start(), match.end(), count))
    for match in _OUT_OF.finditer(text):
        at, n, of = match.start("part"), read_number(match["part"]), read_number(match["whole"])
        if n <= of and of > 1 and not any(start <= at < end for start, end, _ in found):
            words = f"{match['part']} of the {match['whole']}"
            found.append((at, match.end("part"), Count(n, of, words, line + text.count("\n", 0, at), at=at)))
    for match in _GOES_ON.finditer(text):
        at = match.start("n")
        if not any(start <= at < end for start, end, _ in found) and any(end <= at for _, end, _ in found):
            words = text[at : match.end()].strip()
            count = Count(read_number(match["n"]), None, words, line + text.count("\n", 0, at), at=at, joined=True)
            found.append((at, match.end(), count))
    found.sort(key=lambda item: item[0])
    ends = [end.start() for end in _SENTENCE_END.finditer(text)]
    counts: list[Count] = []
    sentence = -1
    for start, _, count in found:
        of_sentence = sum(end < start for end in ends)
        follows = of_sentence == sentence
        if count.joined and not follows:
            continue  # a number without a noun, and nobody counted before it in this sentence
        counts.append(count if count.joined or not follows else _join(count, text))
        sentence = of_sentence
    return counts


def read_number(word: str) -> int:
    """A number in digits or words.

    Parameters
    ----------
    word : str
        Up to ninety-nine in words.

    Returns
    -------
    int
        The number.

    Examples
    --------
    >>> read_number("Twenty-three"), read_number("1,300"), read_number("both")
    (23, 1300, 2)
    """
    if word.lower() == "both":
        return 2
    digits = word.replace(",", "")
    return int(digits) if digits.isdecimal() else sum(_NUMBERS[part] for part in re.split(r"[- ]", word.lower()))


def _read(match: re.Match[str], text: str, line: int) -> Count | None:
    """What was matched as a count; None where it is none after all."""
    bound = (match["bound"] or "").lower()
    bound = _GENTLE.get(bound, bound)
    first = next(name for name in ("part", "some_of", "plain") if match[name])
    at = match.start(first)
    words = " ".join(match[0].split())
    place = line + text.count("\n", 0, at)
    if first == "part":
        n, of = read_number(match["part"]), read_number(match["whole"])
        slash = "/" in text[match.end("part") : match.start("whole")]
        # "5/8" may be a day or a grade; only with people behind it is it a count.
        if n > of or of < 2 or (slash and not match["of_people"]):
            return None
        return Count(n, of, words, place, "people" if match["of_people"] else "ratio", bound, at=at)
    n = read_number(match[first])
    if n == 0 or (first == "some_of" and n == 1):
        return None
    if first == "plain" and match["one"] and n != 1:
        return None  # "10 user tasks"
    if match[first].isdecimal() and 1900 <= n < 2100:
        return None  # a year
    if re.search(r"\bof\s+(?:\w+\s+)?$", text[:at]):
        return None  # what a share is of: "40% of 12 users"
    return Count(n, None, words, place, "people", bound, at=at)


def _join(count: Count, text: str) -> Count:
    """A count that follows another one in its sentence: added to it, unless it is a part of those ("three of them")."""
    part_of = re.search(r"\bof\s+(?:them|whom|these|those|the)\b", count.words)
    linked = re.search(
        r"(?:,|;|\b(?:and|but|while|whereas)|&)\s+(?:the\s+|another\s+)?$", text[: count.at], re.IGNORECASE
    )
    if part_of or not linked:
        return count
    return Count(count.n, count.of, count.words, count.line, count.what, count.bound, True, count.at)
