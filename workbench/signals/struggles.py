"""Pain, intensity and workaround: what goes wrong, how much it matters, and how people get by.

A pain is the push of a switch: what drives people from what they have. A workaround is the same with a price already paid.
"""

from workbench.signals.rule import denied, rule, words_before

__all__ = ["STRUGGLES"]

_REALLY = "(?: (?:actually|at all|even|ever|exactly|just|quite|really|still|then|totally)){0,2}"
_TOLD = (
    "(?:access|answer|believe|change|check|choose|clear|click|close|compare|connect|copy|delete|do|edit|enter|export"
    "|figure"
    "|fill|filter|find|fix|follow|get|go back|handle|import|know|log|make|match|move|open|print|pull|reach|read|recover"
    "|remember|remove|rely|save|search|see|select|send|share|show|sort|spot|tell|track|undo|understand|update|upload"
    "|use"
    "|work out)"
)
_FAILS = (
    "(?:accept|allow|apply|appear|change|close|come (?:back|through|up)|connect|do (?:anything|it|that|what)|explain"
    "|export|fit"
    "|find|handle|help|import|keep|know about|last|let|line up|load|make sense|match|mean anything|move|open|print"
    "|provide|read|recogni[sz]e|refresh|remember|respond|save|say|scale|send|show|sort|start|stay|stick|support|sync"
    "|talk to"
    "|tell|update|upload|work)"
)
# "If it fails" alone tells of no failure; "no issues" and "never a problem" tell of none.
_UNTRUE = words_before(denied(), r"\b(?:if|in case|unless|whether|without|would|might|could)(?: \w+){0,2} $")
_HARMLESS = (
    r",? (?:is|are|was|were)(?:n't| no| not| never)(?: (?:a|an|any|the|really|that)){0,2} (?:big |real )?(?:bother"
    r"|concern|deal|issue|problem)"
)

_SHEET = (
    "(?:calendar|cheat ?sheets?|csv|database|diary|email drafts?|excel|formulas?|google (?:docs?|drive|sheets?)|ledger"
    "|macros?|notebooks?|notepad|pads?|paper|photos?|pivot tables?|post-?its?|powerpoints?|python|r scripts?"
    "|ring binders?"
    "|scripts?|screenshots?|sheets?|slack|spreadsheets?|sql|sticky notes?|whiteboards?|word (?:docs?|documents?)"
    "|whatsapp)"
)
_KEEPS = (
    "(?:buil(?:d|ds|ding|t)|chase[ds]? (?:\\w+ ){0,4}from|create[ds]?|ends? up (?:in|on|with)|export(?:ed|ing|s)?"
    "|fill(?:ed|s)? in|goes?"
    "|keep(?:ing|s)?|kept|ma(?:de|ke|kes|king)|maintain(?:ed|ing|s)?|print(?:ed|s)?|put(?:s|ting)?|ran|run(?:ning|s)?"
    "|sorts?"
    "|straight|take[ns]?|took|track(?:ed|ing|s)?|us(?:e[ds]?|ing)|writ(?:e|es|ing|ten)|wrote)"
)
_SELF = "(?:herself|himself|itself|myself|ourselves|themselves|yourself)"
_TYPING = (
    "(?:add|build|built|clean|copy|copied|do|did|done|enter|entered|enters|export|fill|filled|import|key|keyed|log"
    "|make|made"
    "|put|rebuil[dt]|redo|scan|send|sends|sent|start|started|starts|type|typed|types|typing|upload|write|wrote)"
)

_HATE = (
    r"\b(?:abysmal|awful(?:ly)?|bane of|beyond a joke|bloody|catastroph(?:e|ic)|cried|crying|damn|desperate(?:ly)?"
    r"|despair|disast(?:er|rous)|dread(?:s|ed|ful)?|(?:driv(?:es?|ing)|drove|send(?:s|ing)?|sent) (?:\w+ )?(?:bananas"
    r"|crazy|insane|mad|nuts|round the (?:bend|twist)|up the wall)|fed up|furious|god.?awful|hat(?:e[ds]?|ing)"
    r"|hell(?:ish)?|horr(?:endous|ible|ibly|ific|or)|in tears|infuriat(?:ed|es|ing)|insane(?:ly)?|(?:killing"
    r"|kills) (?:her|him|me|them|us)|livid|loath(?:e[ds]?)|lose my mind|nightmares?|on earth|outrag(?:ed|eous)"
    r"|ridiculous(?:ly)?|screaming|shocking(?:ly)?|sick (?:and tired )?of|soul.destroying|stupid(?:ly)?|terrible"
    r"|terribly|torture|unacceptable|unbearable|(?:can't|cannot|couldn't) (?:bear|stand)|wast(?:e|es|ed|ing) (?:of|my"
    r"|our|so much|hours|days|weeks) (?:\w+ )?(?:time|money|hours|life)?|waste of (?:money|time)|wits' end|worst)\b"
)

STRUGGLES = (
    rule(
        "pain/could not find",
        r"\b(?:couldn't|could not|can't|cannot|can not|(?:wasn't|weren't|isn't|not) able to|unable to"
        rf"|never managed to|haven't been able to){_REALLY} {_TOLD}\b|\bfail(?:ed|s)? to \w+",
        not_after=r"\b(?:if|so) (?:\w+ )?$",
        not_before=r" (?:complain|enough good|fault|wait)\b",
    ),
    rule(
        "pain/did not know",
        rf"\b(?:didn't|did not|doesn't|does not|don't|do not|never){_REALLY} (?:know|understand|realise|realize"
        r"|remember|see) (?:how|what(?!ever)|where|which|why)\b|\b(?:no|any) (?:clue|idea)(?: (?:how|of|what|where"
        rf"|which|why))?\b|\b(?:not|wasn't|weren't|isn't|n't){_REALLY} (?:sure|clear|obvious) (?:about )?(?:how|what"
        r"|where|which|why)\b|\b(?:got|get|gets|was|were|am|feel|felt) (?:a bit |a little |completely |totally "
        r"|so )?lost\b",
        not_after=r"\b(?:if|in case) (?:\w+ )?$",
    ),
    rule(
        "pain/did not see",
        rf"\b(?:(?:didn't|did not|never){_REALLY} (?:figure out|notice|realise|realize|see|spot)(?! (?:any|the point"
        rf"|a (?:need|reason)|why not)\b)|(?:didn't|did not|doesn't|does not|don't|do not){_REALLY} (?:understand"
        r"|(?:like|love)(?! to\b)))\b",
        not_after=r"\b(?:if|in case|who|you) (?:\w+ )?$",
    ),
    rule(
        "pain/does not work",
        rf"\b(?:doesn't|does not|didn't|did not|won't|will not|wouldn't(?! say)|don't){_REALLY} {_FAILS}\b",
        not_after=r"(?:\b(?:he|i|if|in case|she|so|so that|they|unless|we|why|you)(?: (?:just|also|really))? $)",
    ),
    rule(
        "pain/confusing",
        r"\b(?:annoy(?:ed|ing|s)|awkward|bugg?y|clumsy|clunky|clutter(?:ed)?|complicated|confus(?:e[ds]?|ing|ion)"
        r"|convoluted|cumbersome|difficult(?:y|ies)?|error.prone|exhausting|fiddly|frustrat(?:e[ds]?|ing|ion)"
        r"|impossible|inconsistent|irritat(?:ed|es|ing)|laborious|mess(?:ed up|y)?|misleading|misread|mistaken"
        r"|outdated|overwhelm(?:ed|ing)|painful(?:ly)?|pointless|repetitive|slow(?:er|ly|s)?|tedious|time.consuming"
        r"|tiresome|tricky|unclear|unhelpful|unintuitive|unreadable|unreliable|unusable|useless|weird)\b",
        not_after=_UNTRUE,
        not_before=_HARMLESS,
    ),
    rule(
        "pain/hard to",
        r"\bhard(?:er)?(?: for \w+)? to \w+|\b(?:a |real )pain\b|\bpain points?\b|\bhard (?:going|time|work)\b"
        r"|\btoo (?:complex|difficult|few|hard|high|late|little|long|low|many|much|narrow|noisy|short|small|wide)\b"
        r"|\b(?:takes?|taking|took) (?:ages|for ?ever|so (?:long|much)|too long|a (?:long time|lot of|while"
        r"|lot longer))\b",
        not_after=_UNTRUE,
    ),
    rule(
        "pain/not easy",
        r"\b(?:not|isn't|wasn't|aren't|weren't|hardly|never|n't)(?: (?:all|always|as|exactly|particularly|quite|really"
        r"|so|that|the|too|very|a|an)){0,2} (?:accurate|clear|consistent|convenient|easy|easier|enough|helpful|ideal"
        r"|intuitive|obvious|possible|readable|reliable|right|smooth|straightforward|up to date|useful|user.friendly"
        r"|visible)\b(?! (?:if|to me if))",
    ),
    rule(
        "pain/trouble",
        r"\b(?:bottlenecks?|bugs?|chaos|errors? (?:messages?|out)|faults?|friction|glitch(?:es)?|hassle|headaches?"
        r"|hurdles?|issues?|mishaps?|mistakes?|nuisance|obstacles?|problem(?:s|atic)?|struggl(?:e[ds]?|ing)"
        r"|trouble[ds]?|weakness(?:es)?|(?:gave|gives?|got|gets?|getting|shows?|threw|throws|with|row \w+,) (?:an? "
        r"|the |these |all |so many )?errors?)\b",
        not_after=_UNTRUE,
        not_before=_HARMLESS,
    ),
    rule(
        "pain/breaks",
        r"\b(?:black hole|block(?:ed|s) (?:by|from|me|on|out|us)|bounce[ds]?|broke|broken|breaks|crash(?:e[ds]|ing)?"
        r"|cut off|disappear(?:ed|s)|drop(?:s|ped)|failed|fails|failing|failure|freezes|froze|frozen|gave up|gives? up"
        r"|hangs|jumbled|logs? (?:her|him|me|them|us|you) out|los(?:es|ing|t)|mismatch(?:ed)?|missed|misses"
        r"|overwr(?:ites|itten|ote)|refus(?:ed|es)|reject(?:ed|s)|resets?|squash(?:ed|es)|stuck|threw (?:it "
        r"|them )?(?:away|out)|throws (?:it |them )?out|tim(?:ed|es) out|vanish(?:ed|es)|wiped|(?:went|goes|gone|going"
        r"|go|got) (?:missing|wrong)|wrong(?:ly)?)\b",
        not_after=_UNTRUE,
        not_before=r"(?: (?:interest|my train of|track|weight)\b|" + _HARMLESS + ")",
    ),
    rule(
        "pain/no signal",
        r"\bno (?:access|answer|confirmation|connection|control|explanation|feedback|history|indication|information"
        r"|label|logo|good (?:solution|way)|obvious|option|overview|place (?:for|to)|progress|reception|record|reply"
        r"|search|signal|undo|visibility|warning|way (?:for|of|to))\b|\bno (?!(?:complaints?|difficulty|doubt|fuss"
        r"|hassle|idea|issues?|matter|more|need|one|point|problems?|reason|trouble)\b)\w+(?: \w+)? (?:at|from|in|on)\b"
        r"|\b(?:nobody|no one)\b(?! (?:ask(?:ed|s)|else (?:has|had)|minds?|needed|noticed|waits?|waited|had to))"
        r"|\b(?:nothing|none of (?:it|them|us)|neither)(?: \w+)? (?:answers?|can|chased|could|explains?|had|has|helps?"
        r"|knew|knows?|replied|said|says|shows?|tells?|told|works?|worked)\b|\bwithout (?:any |a )?(?:explanation"
        r"|reason|telling|warning|saying)\b",
        not_after=r"\b(?:if|in case) $",
        not_before=r" (?:against|left|to add|to complain|wrong)\b",
    ),
    rule(
        "pain/again",
        rf"\b{_TYPING} (?:\w+ ){{0,4}}(?:again|all over|from scratch|over again)\b|\b(?:had|has|have"
        r"|having) to (?:\w+ ){1,4}(?:again|by hand|each time|every time|manually|twice)\b|\b(?:keep|keeps"
        r"|kept) (?:asking|changing|coming back|crashing|failing|finding|forgetting|getting|having to|losing"
        r"|resetting|saying|telling)\b|\bstill (?:can't|doesn't|don't|finding|had to|have to|has to|waiting)\b",
        not_after=_UNTRUE,
    ),
    rule(
        "pain/had to look for it",
        r"\bhad to (?:ask|beg|borrow|call|chase|check|dig|explain|fight|guess|hunt|learn|look|pull|redo|restart|ring"
        r"|search|stop|wait|work)\b|\b(?:hunt(?:ed|ing)|digging|search(?:ed|ing) (?:around |everywhere )?) ?for\b"
        r"|\bguess(?:ing)? (?:at|what|which)\b|\b(?:bother(?:ed|ing|s) (?:her|him|me|them|us)|complain(?:ed|ing|s"
        r"|ts?)?|get(?:s|ting)? in the way|got in the way|shout(?:ed|ing|s) at|upsets?|angry|(?:in|into|to) (?:junk"
        r"|spam))\b|\b(?:less|not as) (?:clear|obvious|useful|intuitive|helpful)\b",
        not_after=_UNTRUE,
    ),
    rule(
        "pain/does not have",
        r"\b(?:don't|doesn't|didn't|does not|did not|do not|haven't|hasn't|hadn't)(?: (?:actually|even|really"
        r"|yet))? (?:get|got|have|hold|own) (?:a|access|an|any|enough|it|one|that|the|them|time)\b",
        not_after=r"\b(?:if|in case|so|that|who|you) (?:\w+ )?$",
        not_before=r" (?:additional|additions|clear favou?rite|comments?|concerns?|else|issues?|more|objections?|other"
        r"|preference|problems?|questions?|strong|trouble)\b",
    ),
    rule(
        "pain/waiting",
        r"\b(?:wait(?:ed|ing|s)? (?:for|on|until|about|another|\d{1,6}|two|three|four|five|six|seven|eight|nine|ten"
        r"|days|weeks|hours|months)|(?:days|weeks|hours) (?:i|we|he|she|they) waited|(?:all|everything"
        r"|it) (?:all )?(?:had to wait|waited)|(?:keep|keeps|kept) (?:me|us|her|him|them) waiting|held up|delay(?:ed"
        r"|s)?|weeks of waiting)\b",
        not_after=_UNTRUE,
        not_before=_HARMLESS,
    ),
    rule(
        "pain/why",
        r"\b(?:why (?:can't|do|does|did|is|are|am|should|would) (?:i|it|that|the|there|they|this|we|you)\b|what(?:'s"
        r"| is) (?:up|wrong) with|(?:what|who|why|how) (?:on earth|the hell)|(?:makes|made) no sense"
        r"|mean(?:s)? nothing to)",
        not_after=r"\b(?:explain|know|see|that's|this is|understand|reason) $",
    ),
    rule("pain/hate", _HATE, not_after=_UNTRUE, not_before=_HARMLESS),
    rule(
        "intensity/hate",
        _HATE,
        not_after=denied(),
    ),
    rule(
        "intensity/NOT",  # in capitals; a name or an abbreviation in capitals is none
        r"\b(?:AGAIN|ALL|ALWAYS|ANY|ANYTHING|AWFUL|DAYS|EVER|EVERY|EVERYTHING|HATES?|HOURS|MUST|NEEDS?|NEVER|NOBODY"
        r"|NONE|NOT|NOTHING|PLEASE|REALLY|SLOW|SO|STILL|STOP|THREE|TWICE|VERY|WEEKS|WHY|WRONG)\b"
        r"|\b(?!X{2})[A-Z']{2,20} (?!X{2})[A-Z']{2,20} (?!X{2})[A-Z']{2,20}(?: [A-Z']{1,20}){0,6}\b",
        shouted=True,
    ),
    rule("intensity/!", r"\w+!{1,5}(?=[\s\"'”)!?]|$)|\w+\?{2,5}(?=\s|$)"),
    rule(
        "intensity/4 out of 10",
        r"(?<![\d/.,])(?:10|\d)(?:[.,]\d)?\s?(?:/|out of)\s?(?:10|5|ten|five)(?![\d/])\b",
        not_before=r" (?:are|clients|customers|of (?:our|the|them|us)|people|times|were)\b",
    ),
    rule(
        "workaround/by hand",
        r"\b(?:by hand|manual(?:ly)?|one by one|one after (?:another|the other)|ctrl.?\+?.?f)\b",
        not_after=denied(),
    ),
    rule(
        "workaround/copies it across",
        r"\b(?:copy(?:ing)?(?:-| and | )past(?:e[ds]?|ing)|cut and paste|past(?:e[ds]?|ing) (?:\w+ ){0,5}(?:in|into|on"
        r"|over)|cop(?:ied|ies|ying) (?:\w+ ){1,5}(?:across|from|into|out|over|to))\b",
        not_after=denied(),
    ),
    rule(
        "workaround/types it up",  # typing in a form is what it is for, and no workaround
        r"\b(?:re-?(?:enter|key|type)(?:ed|s|ing)?|retyp(?:e[ds]?|ing)|typ(?:e[ds]?|ing) (?:\w+ ){0,4}(?:into|off|out"
        r"|up)|types? (?:\w+ ){1,4}again|types (?:it|them) in)\b",
        not_after=denied(),
    ),
    rule(
        "workaround/the only way",
        r"\bthe only way (?:for \w+ to|he|i|she|they|to|we)\b",
        not_after=denied(),
    ),
    rule(
        "workaround/keeps a sheet",
        rf"\b{_KEEPS} (?:[\w'-]{{1,40}} ){{0,4}}{_SHEET}\b",
        not_after=denied(),
    ),
    rule(
        "workaround/from a calendar",
        r"\b(?:(?:from|in|on|out of) (?:her|his|my|our|their)|(?:from|out of) an?) (?:own |private |separate "
        rf"|shared )?{_SHEET}\b|\bon (?:\w+ )?paper\b|\bback to (?:email|{_SHEET})",
        not_after=denied(),
    ),
    rule(
        "workaround/their own tracker",
        r"\b(?:her|his|my|our|their) own (?:[\w-]{1,40} )?(?:charts?|code|copy|database|list|log|notes|one-pager"
        r"|plots?|report|scripts?|sheet|spreadsheet|system|template|tool|tracker|version)\b",
        not_after=denied(),
    ),
    rule(
        "workaround/instead",
        r"\b(?:instead,? (?:i|we|he|she|they)\b|(?:end(?:ed|s)? up|resort(?:ed|s)? to|have to resort to) \w+ing\b"
        r"|(?:get|gets|got|work(?:ed|s)?|way) (?:a)?round(?: (?:it|that|this|the))?|work-?arounds?|to get past"
        r"|(?:a )?(?:fudge|bodge|hack|kludge|stop-?gap)\b|for now (?:i|we)\b|make do\b|(?:a|my|our) trick\b)",
        not_after=denied(2),
    ),
    rule(
        "workaround/to herself",
        r"\b(?:address(?:ed|es)|cc(?:'d|s)?|e-?mail(?:ed|s|ing)?|forward(?:ed|s)?|invoic(?:e[ds]?|ing)|mail(?:ed|s)?"
        rf"|sen[dt]s?|sending|text(?:s|ed)?)(?! (?:me|us)\b) (?:[\w'-]{{1,40}} ){{0,5}}?{_SELF}\b",
        not_after=denied(2),
    ),
    rule(
        "workaround/made-up client",
        r"\b(?:made.up|dummy|fake|pretend) (?:\w+ )?(?:account|address|client|company|customer|data|email|entry|name"
        r"|number|order|project|record|row|user)s?\b",
        not_after=denied(2),
    ),
    rule(
        "workaround/extra code",
        r"\b(?:had|have|has|having) to (?:add|build|create|hack|make|resize|write) (?:\w+ ){0,3}(?:code|extra|formula"
        r"|line|lines|macro|own|script|manually)\b",
        not_after=denied(),
    ),
)
