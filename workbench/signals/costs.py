"""Cost and frequency: what something took in time, money or people, with a number; and how often it comes.

"Always", "usually" and "often" are no frequency: the Mom Test calls them fluff, since nobody can count them.
"""

from workbench.signals.rule import denied, rule
from workbench.signals.vocabulary import FEW, TIME, TIMES, WEEKDAY

__all__ = ["COSTS"]

_SMALL = "(?:[2-9]|1[0-2]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a few|several|(?:a )?couple of)"
_PEOPLE = (
    "(?:agents|analysts|assistants|clerks|colleagues|contractors|developers|employees|engineers|freelancers|helpers"
    "|interns|people|persons|staff|team members|temps|trainees)"
)
_EACH = "(?:call|client|customer|day|evening|head|hour|invoice|month|morning|night|person|quarter|seat|user|week|year)"
_PER = rf"(?:\s?(?:an?|each|per|/)\s?{_EACH}\b)?"

_SUM = r"\d[\d.,]{0,12}(?<![.,])"
_SCALE = "(?:k|m|bn|million|thousand)"
_TO = "(?:-|–| to | or )"

COSTS = (
    rule(
        "cost/time",
        rf"\b(?:an? {TIME} and a half|{FEW}[\s-]?{TIMES}(?: and a half)?|half an? {TIME}\b|(?:all|(?:the|a) whole"
        rf"|the entire) (?:morning|afternoon|evening|night|day|week|weekend|month)\b){_PER}",
        not_after=r"\b(?:after|aged?|by|every|first|for the|in|last|next|other|past|since|these|those|under|until"
        r"|within) $",
        not_before=r"'?[\s-]?(?:ago|contract|earlier|early|from now|in advance|later?|notice|old|older|overdue|terms"
        r"|trial)\b",
    ),
    rule(
        "cost/a day",  # "once a day" and "£5 a day" are no day spent
        r"\b(?:took|takes?|taking|spen[dt]s?|lost|loses?|wasted?|wastes|costs?|waited|another|about|nearly|almost"
        r"|a full|a good|for)(?: (?:me|us|him|her|them))?(?: (?:about|nearly|almost|over|up to))? (?:an?"
        rf"|one) {TIME}\b|\ban? {TIME} (?:(?:an?|each|every|per) {TIME}|of (?:her|his|my|our|their|waiting|work))\b"
        rf"|\banother {TIME}\b",
        not_before=r" (?:ago|later?|old)\b",
    ),
    rule(
        "cost/money",
        rf"(?:(?:[€£$]|\b(?:CHF|EUR|GBP|USD))\s?{_SUM}(?:{_TO}[€£$]?{_SUM})?(?:\s?{_SCALE}\b)?"
        rf"|(?<![\d.,])(?<!\d[-–])(?:{_SUM}k?{_TO})?{_SUM}(?:k(?= (?:a|per)\b)|\s?k?\s?(?:[€£]|(?:CHF|EUR|GBP|USD"
        rf"|dollars|euros?|grand|pounds|quid)\b))){_PER}",
        not_before=r" (?:late|overdue)\b",
    ),
    rule(
        "cost/people",  # few, since a large number is mostly the firm's size
        rf"\b(?:{_SMALL} (?:\w{{2,20}} )?{_PEOPLE}|{_SMALL} of us|\d{{1,3}}(?:\.\d)? FTEs?)\b",
        not_after=r"\d[.,]$",
    ),
    rule(
        "frequency/every week",
        r"\b(?:every|each) (?:single |other |few |two |three |four |second |third )?(?:morning|afternoon|evening"
        rf"|night|day|week|month|quarter|year|{WEEKDAY}|hour|minute|{FEW} {TIMES})s?\b",
    ),
    rule(
        "frequency/times a week",
        rf"\b(?:once|twice|several times|{FEW} times|{FEW}x) (?:an?|each|every|per|this|last) (?:hour|day|week|month"
        r"|quarter|year)\b",
    ),
    rule(
        "frequency/times",  # "three times as long" is no frequency
        rf"\b(?:twice|{FEW} (?:different |more )?times)\b",
        not_before=r" (?:as|bigger|faster|larger|longer|more|slower|smaller|the (?:price|size|work))\b",
    ),
    rule(
        "frequency/daily", r"\b(?:(?:bi-?)?weekly|daily|fortnightly|hourly|monthly|nightly|quarterly|yearly|annually)\b"
    ),
    rule(
        "frequency/on Mondays",
        rf"\b{WEEKDAY}s\b|\b(?:on|of) an? (?:{WEEKDAY}|morning|evening|night)\b(?: (?:morning|afternoon|evening"
        r"|night)\b)?",
        not_after=r"\b(?!need)\w{2,20}ed(?: \w+){0,3} $",  # "signed up on a Thursday" is a day and no rhythm
    ),
    rule(
        "frequency/month end",
        r"\b(?:(?:at|before|after|by) (?:the )?(?:month|quarter|year)[ -]?end|(?:at|towards) the end of (?:the|each"
        r"|every) (?:day|week|month|quarter|year)|(?:first|last) (?:thing )?of (?:the|each|every) (?:week|month"
        r"|quarter|year))\b",
    ),
    rule(
        "frequency/every time",
        r"\b(?:every|each)(?: single)? time\b|\b(?:after|before|for|with) (?:each|every) (?!time)\w+",
        not_after=denied(0),
    ),
)
