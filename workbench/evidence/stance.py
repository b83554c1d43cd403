"""Words by which a note says that something went well or badly, or denies a thing by name.

A word of the one kind that is denied counts as the other: "no trouble" went well, "never easy" did not. The rules know
English only. They rank what a PM looks at; they decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from workbench.signals import says_it_works
from workbench.themes.languages import language
from workbench.unspaced import WORDS

__all__ = ["Sign", "find_denied", "find_signs", "find_words"]


class Sign(NamedTuple):
    """Words in a note that say how something went.

    Parameters
    ----------
    rule : str
        Which way, a slash, and the rule: "well/ease", "badly/trouble", "denies/invoice".
    span : tuple of int
        Where they begin and end in the text.
    words : str
        The words, verbatim.
    """

    rule: str
    span: tuple[int, int]
    words: str


_SOON = (
    r"(?:lunch|noon|breakfast|tea|no time|the (?:same )?(?:day|morning|afternoon|evening|hour)|day one|(?:a|an|one|two|three|five"
    r"|ten|\d{1,2}) (?:seconds?|minutes?|moments?)|an hour|a (?:minute|moment)(?: each)?)"
)
_BE = r"(?:is|are|was|were|be|been|being|'s|'re|looks?|looked|feels?|felt|seems?|seemed|sounds?|sounded|works?|worked|went|goes)"
_VERY = (
    r"(?: (?:all|already|also|always|both|just|kind of|much|perfectly|pretty|quite|rather|really|so|still|super|very))*"
)

_WELL = {
    "works": rf"\b{_BE}{_VERY} (?:well|fine|good|great|ok|okay|smooth|smoothly|perfect|perfectly|easy|easier|easily|simple"
    r"|quick|quickly|fast|clear|obvious|painless|clean|tidy|complete)\b",
    "done": rf"\b(?:done|finished|ready|live|set up|in|through|over|up and running)(?: already| again)? (?:by|before|within|in|on) {_SOON}\b",
    "easy": r"\b(?:easy|easily|effortless|painless|straightforward|smoothly|seamless\w*)\b",
    "soon": r"\b(?:straight away|right away|at once|first try|in no time|in one go|didn't take (?:him|her|them|us|me)? ?long"
    r"|quickly)\b",
    "as it is": r"\bas (?:it|they) (?:is|are|was|were|came|come|stands?|stood)\b|\bout of the box\b",
    "by itself": r"\b(?:just|simply|automatically) (?:works?|worked|saves?|saved|pays?|fetch\w*|sync\w*|arrives?|appears?|does)\b"
    r"|\b(?:by itself|on its own|itself)\b",
    "likes": r"\b(?:likes?|liked|loves?|loved|enjoys?|enjoyed|prefers?|preferred|happy|pleased|glad|impressed|fan of)\b",
    "praise": r"\b(?:cool|great|nice|neat|handy|helpful|useful|interesting|fascinating|intuitive|brilliant|excellent|lovely|perfect"
    r"|really good|good feedback|better than|meets (?:his|her|their|our|my) needs?)\b",
    "suits": r"\b(?:suits?|suited|pleasure|a joy|tidy|reliabl[ey]|spot on|satisfied|content with|so far so good|good riddance)\b"
    r"|\b(?:fits?|fitted) (?:us|them|him|her|me|well|fine)\b|\bha(?:s|ve) worked (?:for|since|so far|ever since|all)\b"
    r"|\bwould(?: not|n't) change (?:a thing|anything|it|that)\b",
    "over": r"\b(?:stopped|stops|done with) (?:\w+ing)\b|\bthing of the past\b|\bused to be (?:a )?\w+\b",
    "understood": r"\b(?:understood|understands?|figure[sd]? (?:it )?out|figures? out how|makes? (?:perfect )?sense|resonates?"
    r"|no brainer|self.explanatory)\b",
    "at hand": r"\b(?:have|has|had|keep|keeps|is|are|was|were)(?: \w+){0,4} (?:at|to) hand\b",
    "none": r"\b(?:have|has|had|got|gets?|sees?|seen|found|finds?) none\b|\bnone of (?:them|us|our|his|her|their|it)\b"
    r"|\bnever (?:had|has|have|seen|met|needed|got) (?:one|any|it|them)\b",
    "no matter": r"\b(?:does not|doesn't|do not|don't|did not|didn't|never|nobody|no one|not)(?: \w+){0,2}"
    r" (?:matters?|mattered|cares?|cared|bothered|bothers?|minds?|minded|worr\w+|fuss\w*)\b",
    "kept": r"\b(?:kept|took|takes?|uses?|used|left) (?:the|your|their|our) (?:\w+ )?(?:standard|default|\w+ as it)\b",
}
_BADLY = {
    "trouble": r"\b(?:troubles?|problems?|issues?|bugs?|errors?|hassle|bother|difficult\w*|struggl\w+|confus\w+|disorient\w+"
    r"|frustrat\w+|annoy\w*|hate[sd]?|hates|weird|odd|unclear|not obvious|hard|tedious|painful|nightmare|complain\w*|burnt|fight|fights|headaches?|mess|chore|burden|fuss|bad|badly|ugly|worse|worst)\b",
    "failed": r"\b(?:wrong|fail\w*|refus\w+|reject\w*|crash\w*|hang|hangs|hung|broken|breaks?|lost|loses?|losing|missing|missed"
    r"|stuck|blocked|dropped|drops|swapped|squash\w*|thrown? out|threw out|gave up|gives? up|overdue|junk|hitch\w*|useless)\b",
    "not able": r"\b(?:didn't|doesn't|don't|did not|does not|couldn't|could not|can't|cannot|wasn't|weren't|isn't|aren't)(?: always"
    r"| really| even| quite)? (?:be|clear|find|figure|follow|get|know|notice|open|realis\w+|realiz\w+|say|see|show|sure|tell|understand|work)\b",
    "waits": r"\b(?:wait|waits|waited|waiting)\b",
    "by hand": r"\b(?:by hand|(?:all over|typed?|start\w*|do(?:ne)?|enter\w*) again|retype[sd]?|one (?:by|after) (?:one|another)|workaround)\b",
    "takes long": r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|few|couple of|half the|all)"
    r" (?:hours?|days?|weeks?|months?|evenings?|mornings?|afternoons?)\b|\b(?:all (?:day|morning|afternoon|evening|week))\b|\bslow\w*\b",
}
_RULES = [
    (way, name, re.compile(words, re.IGNORECASE))
    for way, rules in (("well", _WELL), ("badly", _BADLY))
    for name, words in rules.items()
]
_OTHER = {"well": "badly", "badly": "well"}
_NOT = (
    r"(?:not|never|none|nobody|neither|nor|hardly|barely|no one|no longer|nothing|isn't|aren't|wasn't|weren't|don't"
    r"|doesn't|didn't|won't|wouldn't|can't|cannot|couldn't|haven't|hasn't|hadn't|ain't)"
)
# A denial and what it denies stand in one clause, with few words between: "without a signal the app hangs" is no word on apps.
_DENIED = re.compile(
    rf"\b(?:{_NOT}\b(?:[ '’][\w'’-]+){{0,3}}|(?:no|without)\b(?:[ '’][\w'’-]+){{0,2}}) ?$", re.IGNORECASE
)
_UNREAL = re.compile(
    r"\b(?:would|could|should|'d|wish\w*|if|want\w*|suggests?|hope\w*)\b(?: [\w'’-]+){0,4} ?$", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"[.,;:!?()“”\"–—]|\b(?:but|and|so|because|while|whereas|then|until|till|since|after|before)\b", re.IGNORECASE
)
_WINDOW = 60


@lru_cache(maxsize=1 << 16)  # the same notes are asked about for every theme
def find_signs(text: str) -> tuple[Sign, ...]:
    """The words in a text that say that something went well, or badly.

    Parameters
    ----------
    text : str
        A note's text.

    Returns
    -------
    tuple of Sign
        By place in the text; none overlaps another, of two the one that begins first, then the longer. What would, could or should be is none.

    Examples
    --------
    >>> [(sign.rule, sign.words) for sign in find_signs("The preview works well, but the import was never easy")]
    [('well/ease', 'works well'), ('badly/easy', 'never easy')]
    >>> [(sign.rule, sign.words) for sign in find_signs("Not one row was refused, no trouble at all")]
    [('well/failed', 'Not one row was refused'), ('well/ease', 'no trouble')]
    """
    plain = text.replace("’", "'")
    found = []
    ease = says_it_works(text)
    start = text.find(ease)
    if ease and not _UNREAL.search(_clause_before(plain, start)):
        found.append(Sign("well/ease", (start, start + len(ease)), ease))
    for way, name, words in _RULES:
        for match in words.finditer(plain):
            start, end = match.span()
            before = _clause_before(plain, start)
            if _UNREAL.search(before):
                continue
            denial = _DENIED.search(before)
            if denial:
                start -= len(before) - denial.start()
            found.append(Sign(f"{_OTHER[way] if denial else way}/{name}", (start, end), text[start:end]))
    found.sort(key=lambda sign: (sign.span[0], -sign.span[1], sign.rule))
    kept: list[Sign] = []
    for sign in found:
        if not kept or sign.span[0] >= kept[-1].span[1]:
            kept.append(sign)
    return tuple(kept)


def _clause_before(text: str, start: int) -> str:
    """The words before a place in the same clause."""
    far = max(start - _WINDOW, 0)
    ends = [match.end() for match in _CLAUSE.finditer(text, far, start)]
    return text[max(ends, default=far) : start]


@lru_cache(maxsize=1 << 16)
def find_denied(text: str, code: str = "en") -> dict[str, Sign | None]:
    """The stems of a text's words, each with the words that deny it, if any do.

    Parameters
    ----------
    text : str
        A note's text.
    code : str
        Its language; of languages other than English nothing is denied.

    Returns
    -------
    dict of str to Sign or None
        A stem that stands in the text both ways is not denied.

    Examples
    --------
    >>> {stem: sign and sign.words for stem, sign in find_denied("No paper since March, the phones do it").items()}
    {'paper': 'No paper', 'march': None, 'phone': None}
    """
    plain = text.replace("’", "'")
    stems: dict[str, Sign | None] = {}
    for stem, word, start, end in _read(plain, code):
        before = _clause_before(plain, start)
        denial = _DENIED.search(before) if code == "en" else None
        if denial is None:
            stems[stem] = None
        elif stem not in stems:
            start -= len(before) - denial.start()
            stems[stem] = Sign(f"denies/{word}", (start, end), text[start:end])
    return stems


def find_words(text: str, code: str = "en") -> dict[str, tuple[int, int]]:
    """Where the stems of a text's words stand.

    Parameters
    ----------
    text : str
        A note's text.
    code : str
        Its language.

    Returns
    -------
    dict of str to tuple of int
        For each stem the begin and end of the first word that has it.

    Examples
    --------
    >>> find_words("The imports, and an import")
    {'import': (4, 11)}
    """
    places: dict[str, tuple[int, int]] = {}
    for stem, _, start, end in _read(text.replace("’", "'"), code):
        places.setdefault(stem, (start, end))
    return places


def _read(plain: str, code: str) -> Iterator[tuple[str, str, int, int]]:
    """Each word that may carry meaning: its stem, the word, and where it stands."""
    known = language(code)
    for match in WORDS.finditer(plain):
        word = known.read(match[0].lower())
        if word:
            yield known.stem(word), word, *match.span()
