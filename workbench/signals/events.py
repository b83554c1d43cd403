"""Event: a thing that did happen. What somebody has, thinks, likes or says is a state or a report, and no event."""

from workbench.signals.rule import rule
from workbench.signals.vocabulary import FEW, MONTH, SUBJECT, TIMES, UNREAL, WEEKDAY

__all__ = ["EVENTS"]

# Verbs whose past is not their participle, so that they need no subject before them; and a few that have no other use.
_WENT = (
    r"(?:arrived|asked (?:him|her|his|my|our|them)|ate|began|blew|bounced|broke|came|chose|crashed|did (?:a|it|so|that"
    r"|the|this)|died|disappeared|drank|drew|drove|failed(?! \w+s\b)|fell|flew|forgot|froze|gave|grew|happened|hid"
    r"|looked (?:for|into|up)|ran|rang|redid|rode|rose|saw|shook|spoke|stole|stopped|swore|threw|told(?! (?:me|us"
    r"|you)\b)|took|tore|went|woke|wore|wrote)\b"
)
# Verbs whose past is; and every one in -ed but for those of states, feelings and reports.
_STATE = (
    r"(?:advanced|annoyed|appeared|asked|assumed|based|believed|blessed|bored|called|commented|concerned|confused"
    r"|delighted|depended|described|detailed|disappointed|embed|exceed|excited|expected|explained|failed \w+s|feed"
    r"|felt|frustrated|hated|hoped|hundred|impressed|indeed|interested|involved|labell?ed|liked|limited|looked|loved"
    r"|mattered|mentioned|naked|named|need|needed|noted|opposed|owned|pleased|preferred|proceed|related|required"
    r"|retired|sacred|satisfied|scared|seed|seemed|shed|shred|sounded|speed|stated|succeed|suggested|supposed"
    r"|surprised|thought|tired|titled|un\w{1,20}ed|used to|wanted|wished|wondered|worked (?:as|at|for|here|in)"
    r"|worried)\b"
)
_SENT = (
    r"(?:bought|brought|built|caught|dealt|dug|fought|found|got(?! (?:confused|to|used)\b)|heard|held|kept|left|lent"
    r"|lost|made|met|paid|rebuilt|resent|sat|sent|slept|sold|spent|stood|swept|taught|won(?!')"
    rf"|(?!{_STATE})[a-z]{{2,20}}ed)\b"
)
_DONE = (
    rf"(?:{_SENT}|(?:asked|become|begun|broken|chosen|come|cut|done|driven|fallen|forgotten|given|gone|had to|lain|put"
    r"|read|rung|seen|set|shown|spoken|stolen|taken|thrown|told(?! (?:me|us|you)\b)|written)\b)"
)
_SOMETIMES = (
    "(?: (?:actually|already|also|always|even|eventually|finally|first|just|later|once|only|still|then|twice))?"
)

EVENTS = (
    rule(
        "event/dated",
        r"\b(?:(?:last|the other) (?:week|month|year|quarter|night|weekend|time|day|spring|summer|autumn|winter"
        rf"|{WEEKDAY}|{MONTH})|yesterday|this morning|back in (?:\d{{4}}|{MONTH})|the (?:day|week|month|year) before"
        rf"|(?:(?:\d{{1,3}}|an?|one|{FEW}) (?:minute|hour|day|week|month|year)s?|ages|a while|long) ago)\b",
        not_after=UNREAL,
    ),
    rule("event/went", rf"\b{_WENT}", not_after=UNREAL),
    rule("event/I sent", rf"{SUBJECT}{_SOMETIMES} {_SENT}", not_after=UNREAL),
    rule(
        "event/Sent",  # in telegram style, as notes are; "grouped by phase" is none
        rf"(?:^\W{{0,3}}|(?<=[.!?;:(,]\s)|\b(?:and|but|then)\b ){_SENT}(?! (?:as|by|for)\b)",
        not_after=UNREAL,
    ),
    rule(
        "event/X sent it",
        rf"\b(?!(?:am|are|be|been|being|ever|gets?|getting|is|never|not|s|t|ve|who)\b)\w+ {_SENT} (?:all|an?|down|each"
        r"|every|her|him|his|it|me|my|off|our|out|over|that|the|their|them|these|this|up|us|\d)\b",
        not_after=UNREAL,
    ),
    rule("event/has done", rf"\b(?:have|has|\w+'ve|s?he's){_SOMETIMES} (?!got\b){_DONE}", not_after=UNREAL),
    rule("event/was done", rf"\b(?:was|were|got){_SOMETIMES} {_DONE}", not_after=UNREAL),
    rule(
        "event/was doing",
        r"\b(?:was|were) (?!(?:amazing|annoying|being|boring|confusing|frustrating|going to|hoping|interesting|looking"
        r"|missing|saying|surprising|thinking|wondering)\b)\w{2,20}ing\b",
        not_after=UNREAL,
    ),
    rule("event/had to", rf"\bhad to \w+|{SUBJECT} couldn't \w+", not_after=UNREAL),
    rule("event/days doing", rf"(?:^\W{{0,3}}|(?<=[.!?;:]\s)){FEW} {TIMES}(?: of)? \w+ing\b"),
)
