"""Words that rules of several kinds share: numbers, times, days, who speaks, and what makes a past tense unreal."""

__all__ = ["FEW", "MONTH", "SUBJECT", "TIME", "TIMES", "UNREAL", "WEEKDAY"]

WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
SUBJECT = r"\b(?:everybody|everyone|he|i|it|nobody|she|somebody|someone|they|we)"

_DIGITS = r"\d[\d.,]{0,9}"
_NUMBER = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty-five|forty|fifty|sixty"
    "|ninety)"
)
FEW = (
    rf"(?:(?<![\d.,]){_DIGITS}(?:\s?(?:-|–|to|or)\s?{_DIGITS})?\+?|{_NUMBER}(?: (?:or|to) {_NUMBER}\b)?(?: and a half)?"
    "|a few|several|(?:a )?couple of|dozens of|hundreds of)"
)
TIME = "(?:second|minute|min|hour|hr|working day|man-day|person-day|day|week|month|evening|afternoon|morning|night|weekend)"
TIMES = rf"(?:{TIME}s?|h|hrs|mins)\b"

# What somebody does not do, would do or usually does is no event, though told in the past tense.
UNREAL = (
    r"\b(?:as though|could|couldn't|each time|every time|if|imagine|might|often|once|should|shouldn't|suppose"
    r"|tends? to|typically|unless|until|used to|usually|wants? to|whenever|whether|will|wish|won't|would|wouldn't"
    r"|always)\b|'ll |(?:\b(?:hardly|never|not|till|what|whatever)|n't|'d) (?:\w{1,20} )?$|\bwho(?: (?:he|i|she|they"
    r"|we))? $|\b(?:as|like) (?:he|i|she|we|you) $|\bas $"
)
