"""Trigger, wish, anxiety and habit: the forces of a switch beside its push, the pain.

A trigger sets it off, a wish pulls towards the new, anxiety holds back from the new and habit holds to the old.
"""

from workbench.signals.rule import denied, rule, words_before

__all__ = ["FORCES"]

_CLAUSE = r"(?:a|an|he|her|his|i|it|my|our|she|someone|somebody|the|their|there's|they|we|you|your)\b"
_ADVERB = "(?: (?:actually|also|definitely|just|like|maybe|probably|really|still|then|totally)){0,2}"
_NICE = (
    "(?:amazing|awesome|better|brilliant|cool|easier|fantastic|good|great|handy|helpful|ideal|interesting|lovely|nice"
    "|perfect"
    "|useful|wonderful)"
)
_THING = (
    "(?:alternative|box|button|checkbox|column|dashboard|document|explanation|export|feature|field|file|filter|form"
    "|label|link"
    "|list|message|option|page|person|place|plot|preview|reminder|report|search|setting|shortcut|summary|template"
    "|toggle|tool"
    "|tooltip|view|warning|way)s?"
)
# A question for the caller, and a view ("I'd like to think"), are no wishes.
_SAID = r"(?! (?:to (?:ask|say|thank|think|know|note|point out|add that|mention)\b|you to know))"
# "That would like give you" is a filler: what is liked follows at once.
_TO = (
    r"(?= (?:a|an|another|being|for|her|him|if|it|more|my|one|our|some|something|that|the|them|there|these|this|those"
    r"|to|us|you)\b|[.,;!?]|$)"
)
# "So that we can show it" and "I had to add a column" ask for nothing.
_ABLE = words_before(denied(1), r"\b(?:had to|have to|how|if|so that|where|when) (?:\w+ ){0,2}$")

FORCES = (
    rule(
        "trigger/when",  # "I know when it is late" and "that's when" set nothing off
        rf"\bwhen(?:ever)? (?:{_CLAUSE}(?: \w+)?|\w+ (?:are|arrives?|breaks|came|changed?|comes|fails|gets?|goes|got"
        r"|happens?|has|have|is|was|went|were)\b)",
        not_after=r"\b(?:ask|asked|asks|decide|depends|even|forget|idea|is|know|knows|of|only|remember|said|say|see"
        r"|tell|that's|was) $",
    ),
    rule(
        "trigger/as soon as",
        r"\b(?:as soon as|each time|every time|ever since|the (?:day|minute|moment|week|month)"
        rf"|first time) {_CLAUSE}(?: \w+)?|\bwhenever \w+|\bthe first time\b",
        not_after=r"\b(?:at|not) $",
    ),
    rule(
        "trigger/once it is done",
        r"\bonce (?:he|i|it|she|they|we|you|(?:my|our|the|their) \w+ (?:has|have|is|are))\b(?: \w+)?",
        not_after=r"\b(?:at|not) $",
    ),
    rule(
        "trigger/after the",
        r"\bafter (?:a|an|each|every|he|i|it|she|the|they|we) \w+|\b(?:ever )?since (?:he|our|she|that|the|they"
        r"|we) \w+",
        not_before=r" (?:fact|end of)\b",
    ),
    rule(
        "trigger/what made us look",
        r"\b(?:what (?:got|made|prompted|pushed|set) (?:me|us|her|him|them|it)|(?:forced|got|made|prompted"
        r"|pushed) (?:her|him|me|them|us) (?:to )?(?:change|look(?:ing)?|move|search|start|switch|think|try)"
        r"|(?:triggered|prompted|set off|caused) by|the (?:final|last) straw|that's when|that was when"
        r"|tipping point)\b",
    ),
    rule(
        "wish/would like",
        rf"\b(?:would|\w+'d){_ADVERB} (?:(?:like|want)\b{_TO}|(?:love|prefer|rather|wish)\b){_SAID}",
        not_after=words_before(denied(1), r"\b(?:if|when|whether|why|as well as|people|users?) (?:\w+ ){0,2}$"),
        not_before=r" (?:it )?(?:to be honest|not)\b",
    ),
    rule("wish/Would like", rf"^\W{{0,3}}would{_ADVERB} (?:like|love|prefer|rather|want)\b{_SAID}"),
    rule(
        "wish/would be nice",
        rf"\b(?:would|'d|could){_ADVERB} (?:be|have been|make it)(?: (?:a|an|even|kind of|much|pretty|quite|really|so"
        rf"|super|very)){{0,2}} {_NICE}\b",
        not_after=words_before(denied(1), r"\bwhy $"),
    ),
    rule(
        "wish/wants",
        r"(?:^\W{0,3}|(?<=[.!?;,:]\s)|\b(?:and|but|he|i|she|so|they|we|client|customer|team) )(?:just |only |really "
        r"|still |also )?wants? (?!(?:you to know|to (?:ask|be (?:clear|honest)|know if|say|point))\b)\w+",
        not_after=words_before(
            denied(1), r"\b(?:as|how|if|like|what|whatever|when|where|whether|which|who|why) (?:\w+ ){0,3}$"
        ),
    ),
    rule(
        "wish/Wanted",  # in telegram style, as notes are; "I wanted to explore" tells what was done
        r"(?:^\W{0,3}|(?<=[.!?;:]\s))wanted (?:a|an|her|him|it|more|one|some|that|the|them|these|this|those|to)\b",
    ),
    rule(
        "wish/expected",
        r"\bexpected (?:a|an|for|her|him|it|more|that|the|there|this|to)\b",
        not_after=words_before(denied(1), r"\b(?:as|be|been|is|than|was|were) $"),
    ),
    rule(
        "wish/needs",
        r"\bneeds? (?:an? (?:way|button|option|place|list|field|filter|person|view|warning)|it to|them to|this to"
        r"|that to|to be able|the ability|something (?:that|to)|some (?:kind|sort|way))\b",
        not_after=words_before(denied(2), r"\b(?:if|when) (?:\w+ ){0,2}$"),
    ),
    rule(
        "wish/should",  # "I should have asked" is a regret
        r"\b(?!(?:he|i|one|people|she|they|we|what|which|you)\b)\w+ should(?: (?:also|at least|just|maybe|not|only"
        r"|probably|really))? (?!(?:be (?:able to do it|enough|fine|good|ok|okay|there already)|i|have (?:been|done"
        r"|gone|had)|we|you)\b)\w+",
        not_after=r"\b(?:how|if|what|where|which|whether|why|who) (?:\w+ ){0,3}$",
    ),
    rule(
        "wish/if only",
        r"\b(?:if (?:only|there (?:was|were|is) (?:an?|some)|it could|you could|they could)|(?:i|we) wish|(?:s?he|they) wish(?:es)?"
        r"|wishes|wish (?:it|list|that|there|the|they|we|you)|ideally|in an ideal world|would it be possible|is there (?:a|any) way"
        r"|(?:hope|hopes|hoped|hoping) (?:for|that (?:it|the|there|you)|you)|looking for (?:a|an|some) \w+)\b",
        not_after=denied(1),
    ),
    rule(
        "wish/suggests",  # "that might suggest" is none
        r"\b(?:feature request|suggestions?|(?:he|i|she|they|we)(?:'d|'ll| would)? suggest(?:ed|s)?|(?:my|one|only) (?:ask|request|wish)"
        r"|(?:(?<=^)|(?<=[.!?;,:–-]\s)|(?<=\band\s))suggest(?:ed|s))\b",
        not_after=denied(1),
    ),
    rule(
        "wish/could you add",
        r"\b(?:can|could) (?:it|there|they|we|you) (?:also |just |maybe |not |please |possibly |somehow )?(?:add|allow"
        r"|be (?:a|an|made|some|possible)|change|have|include|let|link|make|offer|put|read|remember|show|sort|support|tell)\b",
        not_after=_ABLE,
    ),
    rule(
        "wish/please add",
        r"\b(?:please|you (?:could|should)|maybe|perhaps|just) (?:add|allow|have|include|let|make|show)(?:ing)?\b"
        rf"|\badd(?:ing)? (?:an?|some|another|the) (?:\w+ )?{_THING}\b",
        not_after=_ABLE,
    ),
    rule(
        "wish/could be bigger",
        r"\b(?:could|should) be (?:added|better|bigger|clearer|faster|improved|labell?ed|larger|made|possible|smaller)\b",
        not_after=_ABLE,
    ),
    rule(
        "wish/a way to",
        r"(?:^\W{0,3}|\b(?:be|have|having|like|maybe|of|perhaps|with) )(?:a |an |some |one |more "
        rf"|another )(?:[\w-]{{1,40}} )?{_THING} (?:for|he|i|she|that|they|to|we|where|which|who)\b"
        r"|\b(?:the ability to|being able to|some (?:kind|sort) of (?:an? )?\w+)",
        not_after=words_before(
            denied(2),
            r"\b(?:found|had|has|have|is|made|there's|was) (?:\w+ ){0,2}$",
            r"\b(?:like[ds]?|love[ds]?|useful) $",
        ),
    ),
    rule(
        "wish/missing",
        r"\b(?:(?:is|are|was|were|what's|'s|thing) missing|missing (?:a|an|is|the|from|feature|functionality)|lack(?:s"
        r"|ed|ing)?|(?:doesn't|don't|didn't|does not|do not) (?:have|offer|support|include|provide) (?:a|an|any"
        r"|the option|that))\b",
        not_after=words_before(denied(1), r"\b(?:he|i|she|they|we)(?: really| actually)? $"),
    ),
    rule(
        "wish/Let me",  # in telegram style, as notes are: a sentence that begins by asking us to do something
        r"^\W{0,3}(?:add|allow|ask|export|flag|give|group|hide|highlight|hold|keep|let|mark|merge|offer|point|put"
        r"|remember|remind|save|see|send|show|skip|sort|split|stop|tell|warn) (?!(?:me (?:ask|know|see|think)"
        r"|you)\b)(?:a|all|an|at|back|each|every|her|him|how|it|me|on|one|only|out|that|the|them|to|two|us|what|when"
        r"|where|whether|which|who|whoever|\w+s)\b",
        not_before=r" (?:by hand|go)\b",
    ),
    rule(
        "wish/instead of",
        r"\b(?:could|can) \w+ (?:\w+ ){0,5}(?:instead of|rather than)\b",
        not_after=r"\b(?:so that|so) (?:\w+ ){0,2}$",
    ),
    rule(
        "anxiety/worried",
        r"\b(?:afraid|anxi(?:ety|ous)|apprehensive|concern(?:ed|ing)?|dar(?:e[ds]?)|distrust|dread(?:s|ed)?|fear(?:ed"
        r"|s)?|frightened|hesita(?:nt|te|ted|tes|tion)|mistrust|nervous|panic(?:ked)?|paranoid|reluctant|risky"
        r"|scar(?:ed|es|y)|sceptical|skeptical|suspicious|terrified|uneasy|uncomfortable|unsafe|wary|worr(?:ied|ies"
        r"|isome|y|ying))\b",
        not_after=words_before(
            r"\b(?:isn't|wasn't|aren't|weren't|never|no|not|not at all|nothing to|don't|didn't|doesn't"
            r"|without)(?: (?:a|any|be|been|have to|need to|really|that|too|very)){0,2} $",
        ),
        not_before=r" (?:less\b|about it less|free)",
    ),
    rule(
        "anxiety/nobody dares",
        r"\b(?:nobody|no one|never|not|n't|wouldn't)(?: (?:has|have|really|would)){0,2} dared?\b",
    ),
    rule(
        "anxiety/what if",
        r"\bwhat (?:if|happens if|happens when|would happen if)\b|\bjust in case\b|\bto be (?:on the safe side|safe)\b"
        r"|\bdouble.?check(?:ed|ing|s)?\b|\b(?:been|got|get|getting) (?:badly )?burn(?:ed|t)\b|\bsecond.?guess(?:ed|es"
        r"|ing)?\b|\brisk (?:of|that|it|losing)\b|\bat risk\b|\bin case (?:it|i|something|somebody|someone|they|we"
        r"|the) \w+",
        not_after=denied(1),
    ),
    rule(
        "anxiety/trust",
        r"\b(?:can't|cannot|didn't|doesn't|don't|never|not|not sure (?:i|we)|wouldn't|won't|hard to|why should (?:i"
        r"|we)|lost)(?: (?:can|could|fully|quite|really|would|the)){0,2} (?:believe it|rely on|trust)\b"
        r"|\b(?:untrustworthy|(?:am|are|if|is|was|were)(?: \w+){0,3} trustworthy|not (?:so )?comfortable with (?:it"
        r"|that)|over.?rel(?:iance|iant|y|ying))\b",
    ),
    rule(
        "anxiety/won't have it",
        r"\b(?:(?:i|we|he|she|they) (?:won't|will not|wouldn't|would never) (?:have|let|allow|accept|want) \w+"
        r"|(?:might|may|could|will|'ll|going to) (?:accidentally |just )?(?:break|delete|lose|mess up|miss|overwrite"
        r"|screw up|forget|regret))\b",
        not_after=denied(1),
    ),
    rule(
        "anxiety/security",
        r"\b(?:gdpr|data protection|security (?:questionnaire|review|team|concerns?|risk)|privacy|confidential(?:ity)?"
        r"|compliance)\b",
        not_after=denied(1),
    ),
    rule(
        "habit/used to it",
        r"\b(?:(?:am|are|be|become|been|became|get|gets|getting|got|i'm|is|s?he's|so|they're|was|we're|were"
        r"|grown)(?: (?:more|so|too|quite|just|pretty))? (?:accustomed|used) to (?:having|her|his|how|it|my|our|seeing"
        r"|that|the|their|them|these|this|those|what|\w{3,20}ing)|accustomed to|(?:(?<=^)"
        r"|(?<=[.!?;,:]\s))used to (?!(?:bring|cling|fling|ring|sing|spring|string|swing)\b)(?:\w{2,15}ing|it|that"
        r"|the)\b)\b",
        not_after=denied(1),
    ),
    rule(
        "habit/always done",
        r"\b(?:(?:(?:have|has|had|we've|i've|they've) )?always (?:been|did|do|does|done|had|have|kept|print(?:s|ed)?"
        r"|work(?:ed|s)|used|use) (?:it|that|this|the|so|like|on|by)|(?:have|has|we've|i've|they've) always \w+"
        r"|always done|the (?:old|usual|same old) (?:layout|one|template|way)|the way (?:i|we|he|she|they)(?:'ve"
        r"| have)?(?: always)? (?:did|do|done|does|work|worked)|same (?:\w+ ){1,2}since|(?:since|from) (?:19|20)\d\d"
        r"|(?:for|in) (?:\d{1,2}|ten|twenty|thirty|many|fifteen) years)\b",
        not_after=words_before(denied(1), r"\b(?:why|if) (?:\w+ ){0,2}$"),
    ),
    rule(
        "habit/works fine",
        r"\b(?:(?:work(?:s|ed)|does|do|doing) (?:just |perfectly |perfectly well )?(?:fine|ok|okay|well enough)"
        r"|good enough|does the (?:job|trick)|if it (?:isn't|ain't) broke|(?:no|any) (?:need|reason) to (?:change|move"
        r"|switch)|happy (?:as (?:is|it is|we are)|with (?:what we|excel|the old)))\b",
        not_after=words_before(r"(?:\b(?:not|never)|n't)(?: \w+)? $", r"\bif (?:\w+ ){0,2}$"),
    ),
    rule(
        "habit/out of habit",
        r"\b(?:habits?|muscle memory|second nature|convention(?:al|ally)?|traditional(?:ly)?|tradition|familiarity"
        r"|historically|inertia|old.school|precedents?|(?:i'm|i am|we're|more|most) familiar with (?:excel|it|how"
        r"|the old|using)|(?:stick|sticking|sticks|stuck) (?:to|with)|(?:keep|keeps|kept) using|routine(?:ly)?"
        r"|set in (?:her|his|my|our|their) ways|(?:don't|doesn't|won't|wouldn't) want to (?:change|learn|switch)"
        r"|comfortable (?:using|with) (?:the|excel|what|how|our|my)|(?:what|the one|ones) (?:i|we|people) know(?! how)"
        r"|(?:keep|keeps|kept|still) (?:\w+ ){0,4}old (?:\w+ )?(?:form|layout|one|system|template|version|way))\b",
        not_after=words_before(denied(1), r"\b(?:un|not so|less) $"),
    ),
)
