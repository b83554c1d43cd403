"""Words that hint at what a note means. They rank and hint; they never decide.

A rule is a regular expression with an id and a kind, and what before or behind it in the same sentence voids it: a
denial, a condition, a report. To add a kind, add its rules to `_RULES`; :func:`find_signals` then finds it, and a
function of one line gives its words.

The rules know English only. No rule looks further than a few words back or ahead, so that the time taken grows with
the text's length and no faster, whatever the text.

How often they are right, as "right of found, of those there", judged by hand, by the author of the rules alone:

============  ==================  =====================  =================  ==================
kind          sample study,       PDPilot, P4 to P7,     the other 458 of   ONRR's notes,
              184 notes (a)       200 sentences (b)      its sentences (c)  130 (c)
============  ==================  =====================  =================  ==================
hypothetical  0 of 0, of 0        27 of 29, of 28        62 of 69           18 of 20
event         72 of 73, of 84     5 of 10, of 10         14 of 26           21 of 26
cost          28 of 29, of 30     5 of 5, of 5           4 of 4             0 of 0
compliment    0 of 0, of 0        10 of 11, of 23        26 of 32           17 of 17
============  ==================  =====================  =================  ==================

(a) Not independent: the rules were mended on these notes, all but the PM's own takes. (b) Sentences of five words or
more, labelled before there was a rule. (c) Only what was found was judged, so nothing is known of what was missed. (b)
and (c) are as found before anything was mended that they showed, and are not printed again by any test. Talk recorded word for word ("I found that useful") has far more of what looks like an
event than notes have.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "SIGNAL_KINDS",
    "Signal",
    "compliment",
    "cost",
    "find_signals",
    "hypothetical",
    "past_event",
    "says_it_works",
]


class Signal(NamedTuple):
    """Words in a text that hint at what it means.

    Parameters
    ----------
    rule : str
        The rule that found them: its kind, a slash, and a name, such as ``cost/time``.
    kind : str
        One of `SIGNAL_KINDS`.
    span : tuple of int
        Where they begin and end in the text, so that ``text[slice(*span)]`` gives them.
    words : str
        The words themselves, verbatim.
    """

    rule: str
    kind: str
    span: tuple[int, int]
    words: str


class _Rule(NamedTuple):
    id: str
    kind: str
    words: re.Pattern[str]
    not_after: re.Pattern[str] | None
    not_before: re.Pattern[str] | None


def _pattern(words: str) -> re.Pattern[str]:
    """Words as one writes them: a blank stands for any space between words, ' for either apostrophe."""
    return re.compile(words.replace(" ", r"\s{1,3}").replace("'", "['’]"), re.IGNORECASE)


def _rule(name: str, words: str, *, not_after: str = "", not_before: str = "") -> _Rule:
    return _Rule(
        id=name,
        kind=name.partition("/")[0],
        words=_pattern(words),
        not_after=_pattern(not_after) if not_after else None,
        not_before=_pattern(not_before) if not_before else None,
    )


# Hypothetical: what somebody would, might or could do. Asking politely ("would like", "I'd rather", "I'd say") is not.

_ADVERB = (
    "(?: (?:actually|also|always|certainly|definitely|easily|even|ever|just|likely|maybe|never|not|only|perhaps|possibly"
    "|potentially|probably|really|still|surely|then|totally|typically))"
)
_POLITE = (
    r"(?:(?:love )?love|argue|assume|be (?:curious|interested|remiss)|call|describe|expect|guess|hope|i|like|note|prefer"
    r"|rather|say|suggest|think|want|you|have to (?:ask|check|look|think))\b"
)
_REPORTED = r"\b(?:agreed|back then|feared|hoped|knew|promised|told|used to)\b"

# Event: a thing that did happen. What somebody has, thinks, likes or says is a state or a report, and no event.

_UNREAL = (
    r"\b(?:as though|could|couldn't|each time|every time|if|imagine|might|often|once|should|shouldn't|suppose|tends? to"
    r"|typically|unless|until|used to|usually|wants? to|whenever|whether|will|wish|won't|would|wouldn't|always)\b|'ll "
    r"|(?:\b(?:hardly|never|not|till|what|whatever)|n't|'d) (?:\w{1,20} )?$|\bwho(?: (?:he|i|she|they|we))? $"
    r"|\b(?:as|like) (?:he|i|she|we|you) $|\bas $"
)
_WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
# Verbs whose past is not their participle, so that they need no subject before them; and a few that have no other use.
_WENT = (
    r"(?:arrived|asked (?:him|her|his|my|our|them)|ate|began|blew|bounced|broke|came|chose|crashed"
    r"|did (?:a|it|so|that|the|this)|died|disappeared|drank|drew|drove|failed(?! \w+s\b)|fell|flew|forgot|froze|gave|grew"
    r"|happened|hid|looked (?:for|into|up)|ran|rang|redid|rode|rose|saw|shook|spoke|stole|stopped|swore|threw"
    r"|told(?! (?:me|us|you)\b)|took|tore|went|woke|wore|wrote)\b"
)
# Verbs whose past is; and every one in -ed but for those of states, feelings and reports.
_STATE = (
    r"(?:advanced|annoyed|appeared|asked|assumed|based|believed|blessed|bored|called|commented|concerned|confused|delighted"
    r"|depended|described|detailed|disappointed|embed|exceed|excited|expected|explained|failed \w+s|feed|felt|frustrated|hated|hoped"
    r"|hundred|impressed|indeed|interested|involved|labell?ed|liked|limited|looked|loved|mattered|mentioned|naked|named"
    r"|need|needed|noted|opposed|owned|pleased|preferred|proceed|related|required|retired|sacred|satisfied|scared|seed"
    r"|seemed|shed|shred|sounded|speed|stated|succeed|suggested|supposed|surprised|thought|tired|titled|un\w{1,20}ed"
    r"|used to|wanted|wished|wondered|worked (?:as|at|for|here|in)|worried)\b"
)
_SENT = (
    r"(?:bought|brought|built|caught|dealt|dug|fought|found|got(?! (?:confused|to|used)\b)|heard|held|kept|left|lent|lost"
    r"|made|met|paid|rebuilt|resent|sat|sent|slept|sold|spent|stood|swept|taught|won(?!')"
    rf"|(?!{_STATE})[a-z]{{2,20}}ed)\b"
)
_DONE = (
    rf"(?:{_SENT}|(?:asked|become|begun|broken|chosen|come|cut|done|driven|fallen|forgotten|given|gone|had to|lain|put|read"
    r"|rung|seen|set|shown|spoken|stolen|taken|thrown|told(?! (?:me|us|you)\b)|written)\b)"
)
_SUBJECT = r"\b(?:everybody|everyone|he|i|it|nobody|she|somebody|someone|they|we)"
_SOMETIMES = (
    "(?: (?:actually|already|also|always|even|eventually|finally|first|just|later|once|only|still|then|twice))?"
)

# Cost: time, money or people that something took, with a number. How often it comes is part of it.

_FEW = (
    r"(?:(?<![\d.,])\d[\d.,]{0,9}(?:\s?(?:-|–|to|or)\s?\d[\d.,]{0,9})?\+?|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|fifteen|twenty|thirty|forty-five|forty|fifty|sixty|ninety|a few|several|(?:a )?couple of|dozens of"
    r"|hundreds of)"
)
_TIME = "(?:second|minute|min|hour|hr|working day|man-day|person-day|day|week|month|evening|afternoon|morning|night|weekend)"
_TIMES = rf"(?:{_TIME}s?|h|hrs|mins)\b"
_SMALL = "(?:[2-9]|1[0-2]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a few|several|(?:a )?couple of)"
_PEOPLE = (
    "(?:agents|analysts|assistants|clerks|colleagues|contractors|developers|employees|engineers|freelancers|helpers"
    "|interns|people|persons|staff|team members|temps|trainees)"
)
_EACH = "(?:call|client|customer|day|evening|head|hour|invoice|month|morning|night|person|quarter|seat|user|week|year)"
_PER = rf"(?:\s?(?:an?|each|per|/)\s?{_EACH}\b)?"

# Compliment: praise of us or of what we made. A wish ("would be great") and a denial are none.

_VERY = (
    "(?: (?:absolutely|actually|already|also|all|an?|definitely|extremely|honestly|just|kind of|like|overall|pretty|quite"
    "|really|so|such|super|the|totally|very)){0,3}"
)
_PRAISE = (
    "(?:amazing|awesome|beautiful|brilliant|clever|cool|excellent|fantastic|great|handy|helpful|impressive|incredible"
    "|intuitive|lovely|neat|nice|perfect|slick|smart|superb|terrific|useful|wonderful)"
)
_FAN = (
    r"\b(?:boss|everybody|everyone|he|i|she|team|they|we)(?: (?:absolutely|all|also|do|just|quite|really|totally)){0,2}"
)
_IT = r"(?:both|how|it|our|that|the|these|this|your)\b"
_OURS = (
    "(?:addition|app|approach|concept|demo|design|experience|features?|idea|improvement|job|product|project|service"
    "|software|solution|stuff|tool|touch|work)"
)
_NO_PRAISE = (
    r"\b(?:could|hardly|if|never|no(?!,)|not|nothing|should|unless|wants?|whether|will|would)\b|(?:n't|'d|'ll) "
)

_RULES = (
    _rule("hypothetical/would", rf"\bwould{_ADVERB}{{0,2}} (?!{_POLITE})\w+", not_after=_REPORTED),
    _rule(
        "hypothetical/would not",  # "it wouldn't open" did happen
        r"\bwouldn't (?:be|bother|buy|change|do|have|mind|miss|need|pay|recommend|switch|trust|use|want)\b",
        not_after=_REPORTED,
    ),
    _rule(
        "hypothetical/'d",  # "she'd told him" is no would
        rf"\b\w+'d{_ADVERB}{{0,2}} (?!{_POLITE})(?:be|buy|do|find|get|give|go|have|help|know|look|make|need|pay|pick"
        r"|recommend|see|send|start|switch|take|trust|try|use|work)\b",
        not_after=_REPORTED,
    ),
    _rule("hypothetical/might", r"\bmight(?:n't)?\b(?! as well\b)(?: (?!not)\w+)?"),
    _rule(
        "hypothetical/could",  # "so that I could use it" tells what for
        r"\b(?:could (?:maybe|perhaps|possibly|potentially|probably)|(?:maybe|perhaps|probably) (?:could|would)"
        r"|could (?:also |definitely |easily |even |just |really )?(?:be|help|imagine|use))\b",
        not_after=r"\b(?:all|as|before|how|so|until|what|whatever|when|where|wherever)(?: \w{1,20}){0,3} $",
    ),
    _rule(
        "hypothetical/if",
        r"\b(?:if|unless|wish)(?: only)? (?:he|i|it|people|she|somebody|someone|that|there|they|this|we|you)"
        r"(?:'d| (?:ever |just |only |really |somehow )?(?:added|built|could|did|gave|had|made|offered|was able|were|would))\b",
        not_after=r"\b(?:asks?|asked|checks?|even|know|remember|see|sure|tell|wonder|wondered) $",
    ),
    _rule(
        "hypothetical/imagined",
        r"\b(?:ideally|hypothetically|in theory|in (?:an ideal|a perfect) world|(?:he|i|she|we|you) (?:can|could) imagine"
        r"|(?:can|could) (?:imagine|see) (?:her|him|it|me|myself|people|that|them|this|us) (?:\w+ )?\w+ing)\b",
    ),
    _rule(
        "hypothetical/promised",
        r"\b(?:will|\w+'ll) (?:certainly|definitely|likely|probably|surely|totally) \w+"
        r"|\b(?:certainly|definitely|likely|probably) will\b"
        r"|^\W{0,3}(?:maybe|perhaps|possibly|probably) (?:buy|go|need|pay|switch|try|use)\b",
    ),
    _rule(
        "event/dated",
        rf"\b(?:(?:last|the other) (?:week|month|year|quarter|night|weekend|time|day|spring|summer|autumn|winter|{_WEEKDAY}"
        rf"|{_MONTH})|yesterday|this morning|back in (?:\d{{4}}|{_MONTH})|the (?:day|week|month|year) before"
        rf"|(?:(?:\d{{1,3}}|an?|one|{_FEW}) (?:minute|hour|day|week|month|year)s?|ages|a while|long) ago)\b",
        not_after=_UNREAL,
    ),
    _rule("event/went", rf"\b{_WENT}", not_after=_UNREAL),
    _rule("event/I sent", rf"{_SUBJECT}{_SOMETIMES} {_SENT}", not_after=_UNREAL),
    _rule(
        "event/Sent",  # in telegram style, as notes are; "grouped by phase" is none
        rf"(?:^\W{{0,3}}|(?<=[.!?;:(,]\s)|\b(?:and|but|then)\b ){_SENT}(?! (?:as|by|for)\b)",
        not_after=_UNREAL,
    ),
    _rule(
        "event/X sent it",
        rf"\b(?!(?:am|are|be|been|being|ever|gets?|getting|is|never|not|s|t|ve|who)\b)\w+ {_SENT} (?:all|an?|down|each|every"
        r"|her|him|his|it|me|my|off|our|out|over|that|the|their|them|these|this|up|us|\d)\b",
        not_after=_UNREAL,
    ),
    _rule("event/has done", rf"\b(?:have|has|\w+'ve|s?he's){_SOMETIMES} (?!got\b){_DONE}", not_after=_UNREAL),
    _rule("event/was done", rf"\b(?:was|were|got){_SOMETIMES} {_DONE}", not_after=_UNREAL),
    _rule(
        "event/was doing",
        r"\b(?:was|were) (?!(?:amazing|annoying|being|boring|confusing|frustrating|going to|hoping|interesting|looking"
        r"|missing|saying|surprising|thinking|wondering)\b)\w{2,20}ing\b",
        not_after=_UNREAL,
    ),
    _rule("event/had to", rf"\bhad to \w+|{_SUBJECT} couldn't \w+", not_after=_UNREAL),
    _rule("event/days doing", rf"(?:^\W{{0,3}}|(?<=[.!?;:]\s)){_FEW} {_TIMES}(?: of)? \w+ing\b"),
    _rule(
        "cost/time",
        rf"\b(?:{_FEW}[\s-]?{_TIMES}|half an? {_TIME}\b|(?:all|(?:the|a) whole|the entire) (?:morning|afternoon|evening|night"
        rf"|day|week|weekend|month)\b){_PER}",
        not_after=r"\b(?:after|aged?|by|every|first|for the|in|last|next|other|past|since|these|those|under|until|within) $",
        not_before=r"'?[\s-]?(?:ago|contract|earlier|early|from now|in advance|later?|notice|old|older|overdue|terms|trial)\b",
    ),
    _rule(
        "cost/a day",  # "once a day" and "£5 a day" are no day spent
        r"\b(?:took|takes?|taking|spen[dt]s?|lost|loses?|wasted?|wastes|costs?|waited|another|about|nearly|almost|a full"
        r"|a good|for)(?: (?:me|us|him|her|them))?(?: (?:about|nearly|almost|over|up to))? (?:an?|one) "
        rf"{_TIME}\b|\ban? {_TIME} (?:(?:an?|each|every|per) {_TIME}|of (?:her|his|my|our|their|waiting|work))\b",
        not_before=r" (?:ago|later?|old)\b",
    ),
    _rule(
        "cost/money",
        rf"(?:[€£$]|\b(?:CHF|EUR|GBP|USD)\s?)\d[\d.,]{{0,12}}(?<![.,])(?:\s?(?:k|m|bn|million|thousand)\b)?{_PER}"
        r"|(?<![\d.,])\d[\d.,]{0,12}(?:k(?= (?:a|per)\b)|\s?k?\s?(?:[€£]|(?:CHF|EUR|GBP|USD|dollars|euros?|grand|pounds|quid)"
        rf"\b)){_PER}",
        not_before=r" (?:late|overdue)\b",
    ),
    _rule(
        "cost/people",  # few, since a large number is mostly the firm's size
        rf"\b(?:{_SMALL} (?:\w{{2,20}} )?{_PEOPLE}|{_SMALL} of us|\d{{1,3}}(?:\.\d)? FTEs?)\b",
        not_after=r"\d[.,]$",
    ),
    _rule(
        "cost/how often",
        rf"\b(?:(?:every|each) (?:single |other |two |three |four )?(?:morning|afternoon|evening|night|day|week|month|quarter"
        rf"|{_WEEKDAY})s?|(?:once|twice|several times|{_FEW} times|{_FEW}x) (?:an?|each|every|per) (?:hour|day|week|month|year))"
        r"\b",
    ),
    _rule(
        "compliment/love",
        rf"(?:^\W{{0,3}}|(?<=[.!?;,]\s)|{_FAN} )(?:(?:absolutely|just|quite|really) )?(?:adores?|enjoyed|likes|liked|loves?"
        rf"|loved) {_IT}",
        not_after=_NO_PRAISE,
    ),
    _rule("compliment/I like", rf"{_FAN} like {_IT}", not_after=_NO_PRAISE),  # without a subject it is a filler
    _rule(
        "compliment/is great",
        r"\b(?:(?!nothing)\w+'s|is|was|are|were|looks?|looked|sounds?|sounded|feels?|felt|seems?)"
        rf"{_VERY} (?:{_PRAISE}|good(?= idea| job)|easy to (?:follow|learn|understand|use))\b",
        not_after=_NO_PRAISE,
        not_before=r" (?:deal|if|to have|to see)\b",
    ),
    _rule(
        "compliment/great idea",
        rf"\b(?:{_PRAISE}|good)(?: \w{{2,20}})? {_OURS}\b",
        not_after=_NO_PRAISE,
        not_before=r" (?:if|of|to)\b",
    ),
    _rule(
        "compliment/said",
        r"\b(?:(?:looks|looking|sounds|sounding|pretty|really|so|very) good|impressed|(?:big|huge) fan|well done|nice work"
        r"|game.?changer|life.?saver|can't wait|exactly what (?:i|they|we) (?:needed|needs?|wanted|wants?)|wow|oh,? nice)\b",
        not_after=_NO_PRAISE,
        not_before=r" (?:example|if)\b",
    ),
)
SIGNAL_KINDS = tuple(dict.fromkeys(rule.kind for rule in _RULES))

_WINDOW = 60  # letters before a rule's words in which they can be denied
_SENTENCE_END = re.compile(r"[.!?;]\s")

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


def find_signals(text: str, kinds: tuple[str, ...] = SIGNAL_KINDS) -> list[Signal]:
    """The words in a text that hint at what it means.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.
    kinds : tuple of str
        Which of `SIGNAL_KINDS` to look for.

    Returns
    -------
    list of Signal
        By place in the text. Within a kind none overlaps another: the one that begins first is kept, of two that
        begin together the longer.

    Examples
    --------
    >>> for signal in find_signals("Last Friday's report took her 2 hours. She would pay for less"):
    ...     print(signal.rule, signal.span, signal.words)
    event/dated (0, 11) Last Friday
    event/went (21, 25) took
    cost/time (30, 37) 2 hours
    hypothetical/would (43, 52) would pay
    """
    found = [signal for rule in _RULES if rule.kind in kinds for signal in _apply(rule, text)]
    found.sort(key=lambda signal: (signal.span[0], -signal.span[1], signal.rule))
    ends = dict.fromkeys(kinds, 0)
    kept = []
    for signal in found:
        if signal.span[0] >= ends[signal.kind]:
            ends[signal.kind] = signal.span[1]
            kept.append(signal)
    return kept


def hypothetical(text: str) -> str:
    """The words in which a text says what would, might or could be, not what was.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none. A polite wish ("would like", "would rather") is none.

    Examples
    --------
    >>> hypothetical("Would probably use reminders if they were automatic")
    'Would probably use'
    >>> hypothetical("Would rather pay once a year"), hypothetical("It wouldn't open on her phone")
    ('', '')
    """
    return _first(text, "hypothetical")


def past_event(text: str) -> str:
    """The words in which a text tells of a thing that did happen.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none or they are denied or supposed ("never sent", "if I sent").

    Examples
    --------
    >>> past_event("Yesterday we lost the file"), past_event("Put it in, sent it to herself")
    ('Yesterday', 'sent')
    >>> past_event("She sends it every Monday"), past_event("If I sent it twice, they'd laugh")
    ('', '')
    """
    return _first(text, "event")


def cost(text: str) -> str:
    """The words in which a text says what something took: time, money or people, with a number; or how often.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none. A date, a delay ("sixty days late") or the size of a
        firm ("140 people") is none.

    Examples
    --------
    >>> cost("Took her 2 hours"), cost("€300 a month for the agency"), cost("Three colleagues check it")
    ('2 hours', '€300 a month', 'Three colleagues')
    >>> cost("Types it in every week"), cost("140 people, founded 20 years ago")
    ('every week', '')
    """
    return _first(text, "cost")


def compliment(text: str) -> str:
    """The words in which a text praises us or what we made: pleasant, and no evidence.

    Parameters
    ----------
    text : str
        A note's text, or what a customer said.

    Returns
    -------
    str
        The first such words, verbatim; empty when there are none, they are denied or they are a wish ("would be great").

    Examples
    --------
    >>> compliment("I love it"), compliment("Says it's a great idea")
    ('I love it', "it's a great")
    >>> compliment("Not a great idea"), compliment("It would be great if it saved")
    ('', '')
    """
    return _first(text, "compliment")


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


def _first(text: str, kind: str) -> str:
    return next((signal.words for signal in find_signals(text, (kind,))), "")


def _apply(rule: _Rule, text: str) -> list[Signal]:
    signals = []
    for found in rule.words.finditer(text):
        start, end = found.span()
        if rule.not_before and rule.not_before.match(text, end):
            continue
        if rule.not_after:
            far = max(start - _WINDOW, 0)
            sentence = max((stop.end() for stop in _SENTENCE_END.finditer(text, far, start)), default=far)
            if rule.not_after.search(text, sentence, start):
                continue
        start += len(found[0]) - len(found[0].lstrip(" \t\r\n,.;:!?-–'’\"“”«»()"))
        signals.append(Signal(rule.id, rule.kind, (start, end), text[start:end]))
    return signals
