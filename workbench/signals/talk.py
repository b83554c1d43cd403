"""Hypothetical, compliment and commitment: talk about us, of which only the last costs the customer anything."""

from workbench.signals.rule import denied, rule, words_before

__all__ = ["TALK"]

# Hypothetical: what somebody would, might or could do. Asking politely ("would like", "I'd rather", "I'd say") is not.

_ADVERB = (
    "(?: (?:actually|also|always|certainly|definitely|easily|even|ever|just|likely|maybe|never|not|only|perhaps"
    "|possibly"
    "|potentially|probably|really|still|surely|then|totally|typically))"
)
_POLITE = (
    r"(?:(?:love )?love|argue|assume|be (?:curious|interested|remiss)|call|describe|expect|guess|hope|i|like|note"
    r"|prefer|rather|say|suggest|think|want|you|have to (?:ask|check|look|think))\b"
)
_REPORTED = r"\b(?:agreed|back then|feared|hoped|knew|promised|told|used to)\b"

# Compliment: praise of us or of what we made. A wish ("would be great") and a denial are none.

_VERY = (
    "(?: (?:absolutely|actually|already|also|all|an?|definitely|extremely|honestly|just|kind of|like|overall|pretty"
    "|quite"
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

_SOON = "(?: (?:also|be able to|be happy to|gladly|go ahead and|have (?:her|him|them)|just|then|try to)){0,2}"
_GIVE = (
    "(?:call (?:her|him|me|them|us|you)|email|e-mail|forward|get back to|give (?:her|him|it|them|us|you)|introduce"
    "|join|let (?:us|you) know|meet|pay(?! (?:more )?attention)|pilot|put (?:us|you)|recommend|review|ring|send|share"
    "|show (?:it|them|us|you)|sign"
    "|talk (?:again|to)|test it|try it|write to)"
)

TALK = (
    rule("hypothetical/would", rf"\bwould{_ADVERB}{{0,2}} (?!{_POLITE})\w+", not_after=_REPORTED),
    rule(
        "hypothetical/would not",  # "it wouldn't open" did happen
        r"\bwouldn't (?:be|bother|buy|change|do|have|mind|miss|need|pay|recommend|switch|trust|use|want)\b",
        not_after=_REPORTED,
    ),
    rule(
        "hypothetical/'d",  # "she'd told him" is no would
        rf"\b\w+'d{_ADVERB}{{0,2}} (?!{_POLITE})(?:be|buy|do|find|get|give|go|have|help|know|look|make|need|pay|pick"
        r"|recommend|see|send|start|switch|take|trust|try|use|work)\b",
        not_after=_REPORTED,
    ),
    rule("hypothetical/might", r"\bmight(?:n't)?\b(?! as well\b)(?: (?!not)\w+)?"),
    rule(
        "hypothetical/could",  # "so that I could use it" tells what for
        r"\b(?:could (?:maybe|perhaps|possibly|potentially|probably)|(?:maybe|perhaps|probably) (?:could|would)"
        r"|could (?:also |definitely |easily |even |just |really )?(?:be|help|imagine|use))\b",
        not_after=r"\b(?:all|as|before|how|so|until|what|whatever|when|where|wherever)(?: \w{1,20}){0,3} $",
    ),
    rule(
        "hypothetical/if",
        r"\b(?:if|unless|wish)(?: only)? (?:he|i|it|people|she|somebody|someone|that|there|they|this|we|you)(?:'d"
        r"| (?:ever |just |only |really |somehow )?(?:added|built|could|did|gave|had|made|offered|was able|were"
        r"|would))\b",
        not_after=r"\b(?:asks?|asked|checks?|even|know|remember|see|sure|tell|wonder|wondered) $",
    ),
    rule(
        "hypothetical/imagined",
        r"\b(?:ideally|hypothetically|in theory|in (?:an ideal|a perfect) world|(?:he|i|she|we|you) (?:can"
        r"|could) imagine|(?:can|could) (?:imagine|see) (?:her|him|it|me|myself|people|that|them|this"
        r"|us) (?:\w+ )?\w+ing)\b",
    ),
    rule(
        "hypothetical/promised",
        r"\b(?:will|\w+'ll) (?:certainly|definitely|likely|probably|surely|totally) \w+|\b(?:certainly|definitely"
        r"|likely|probably) will\b|^\W{0,3}(?:maybe|perhaps|possibly|probably) (?:buy|go|need|pay|switch|try|use)\b",
    ),
    rule(
        "compliment/love",
        rf"(?:^\W{{0,3}}|(?<=[.!?;,:]\s)|\band |{_FAN} )(?:(?:absolutely|just|quite|really) )?(?:adores?|enjoyed|likes"
        rf"|liked|loves?|loved) {_IT}",
        not_after=_NO_PRAISE,
    ),
    rule("compliment/I like", rf"{_FAN} like {_IT}", not_after=_NO_PRAISE),  # without a subject it is a filler
    rule(
        "compliment/is great",
        rf"\b(?:(?!nothing)\w+'s|is|was|are|were|looks?|looked|sounds?|sounded|feels?|felt|seems?){_VERY} (?:{_PRAISE}"
        r"|good(?= idea| job)|easy to (?:follow|learn|understand|use))\b",
        not_after=_NO_PRAISE,
        not_before=r" (?:deal|if|to have|to see)\b",
    ),
    rule(
        "compliment/great idea",
        rf"\b(?:{_PRAISE}|good)(?: \w{{2,20}})? {_OURS}\b",
        not_after=_NO_PRAISE,
        not_before=r" (?:if|of|to)\b",
    ),
    rule(
        "compliment/liked",
        r"\b(?:he|i|she|they|we)(?: (?:actually|also|definitely|did|just|particularly|quite"
        r"|really)){0,2} (?:appreciated?|enjoyed|liked|loved)\b",
        not_after=_NO_PRAISE,
    ),
    rule(
        "compliment/very useful",
        rf"\b(?:extremely|incredibly|most|particularly|pretty|quite|really|so|super|very) (?:{_PRAISE}|well)\b"
        r"|\b(?:find|finds|found|thought)(?: (?!(?:could|might|not|should|will"
        rf"|would)\b)\w+){{1,4}}?{_VERY} {_PRAISE}\b|\b(?:a lot|much|so much|way) (?:easier|faster|quicker)\b"
        r"|\bthe (?:best|nicest|most (?:helpful|useful)) (?:one|part|thing)\b|\bfavou?rite\b",
        not_after=_NO_PRAISE,
        not_before=r" (?:as|be|if|known|to have|to see)\b",
    ),
    rule(
        "compliment/said",
        r"\b(?:(?:looks|looking|sounds|sounding|pretty|really|so|very) good|impressed|(?:big|huge) fan|well done"
        r"|nice work|game.?changer|life.?saver|can't wait|exactly what (?:i|they|we) (?:needed|needs?|wanted|wants?)"
        r"|wow|oh,? nice)\b",
        not_after=_NO_PRAISE,
        not_before=r" (?:example|if)\b",
    ),
    rule(
        "commitment/will send",  # what they give: time, reputation or money; a promise to buy is none until it is paid
        r"\b(?:will|\w+'ll|going to|happy to|glad to|agreed to|promised(?: (?:me|us|to)){0,2}|offered to"
        rf"|volunteered to|can){_SOON} {_GIVE}\b|\bwants? to (?:introduce|pay|pilot|sign up|talk again)\b",
        not_after=words_before(denied(0), r"\b(?:if|unless|whether)(?: \w+){0,4} $"),
        not_before=r" (?:my|the|your|our) screen\b",
    ),
    rule(
        "commitment/Sending us",  # in telegram style, as notes are
        r"^\W{0,3}(?:sending|posting|emailing|forwarding|sharing|bringing|introducing|booked (?:us|a)"
        r"|asked to be (?:kept|told)) (?:\w+ ){0,2}?\w+\b",
        not_before=r" (?:be|need|not)\b",
    ),
    rule(
        "commitment/by Friday",
        r"\b(?:to us|us|you) by (?:\d|mon|tue|wed|thu|fri|sat|sun|tomorrow|tonight|next|the end)\w{0,9}",
        not_after=denied(1),
    ),
    rule(
        "commitment/sign me up",
        r"\b(?:(?:send|show|give) me (?:the|a|an|your) (?:contract|quote|offer|invoice|link|order form|proposal|trial)"
        r"|introduce (?:you|us) to|put (?:you|us) in touch|(?:sign|count) (?:me|us) (?:up|in)|put (?:me|us) down for"
        r"|signed up for (?:the|a|your|our) \w+|(?:letter of intent|purchase order|deposit)\b|paid (?:up ?front"
        r"|in advance|for (?:a|the) (?:pilot|year|trial))|(?:has|have|had|got|there's) (?:\w+ ){0,2}budget (?:for|of)"
        r"|when can (?:i|we) (?:start|have it|get it|buy)|where (?:do|can) (?:i|we) (?:sign|pay))",
        not_after=words_before(denied(2), r"\b(?:could|if|might|would)(?: \w+){0,3} $"),
    ),
)
