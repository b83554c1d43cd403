"""What a product is measured by: five families of metrics, how each is counted, and which of them only flatter.

The families are those of the discovery method this house follows: acquisition, activation, engagement and retention,
monetization, quality and reliability. A leading metric moves within days of a change and tells early; a lagging one is
what the change is for, and tells late.

A vanity metric goes up while nobody is better off (Ries 2011, chapter 7): page views, likes, downloads. It is one only as
long as it stands alone: per customer, as a share of something, or with what it is to tell, it can serve.

References
----------
Ries, E. (2011). *The Lean Startup*. Crown Business.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.records import FAMILIES

__all__ = [
    "FAMILIES",
    "METRICS",
    "METRIC_KINDS",
    "Metric",
    "MetricReading",
    "classify_metric",
    "heard_words",
    "name_metrics",
    "suggest_metrics",
]

# How single customers' values become one number, which decides how many customers a test needs.
METRIC_KINDS = ("share", "mean", "count", "duration")
N_SUGGESTED = 3


class Metric(NamedTuple):
    """One of the metrics that are proposed.

    Parameters
    ----------
    name : str
        What it is called.
    family : str
        One of `FAMILIES`.
    counted : str
        How it is counted; what stands in square brackets is the PM's to say.
    kind : str
        One of `METRIC_KINDS`.
    leading : bool
        Whether it moves within days; else it lags.
    words : str
        A regular expression of the words by which it is recognised.

    Examples
    --------
    >>> str(suggest_metrics("Nine days I waited on one VAT number")[0])
    'Time to first value: days from sign-up to the first [act that is worth something to them]'
    """

    name: str
    family: str
    counted: str
    kind: str
    leading: bool
    words: str

    def __str__(self) -> str:
        """As it stands under ``metric`` in a record."""
        return f"{self.name}: {self.counted}"


class MetricReading(NamedTuple):
    """What kind of metric somebody has written down.

    Parameters
    ----------
    family : str
        One of `FAMILIES`; empty where no word tells.
    kind : str
        One of `METRIC_KINDS`; empty where no word tells.
    leading : bool or None
        Whether it moves within days; None where that is not known.
    vanity : bool
        Whether it can go up while nobody is better off, as it stands.
    why : str
        What tells so, and for a vanity metric what to write.
    guess : str
        The words that the family is guessed from; empty where the metric is called by its name, or no word tells.

    Examples
    --------
    >>> classify_metric("Page views").vanity, classify_metric("Page views per active team").vanity
    (True, False)
    """

    family: str
    kind: str
    leading: bool | None
    vanity: bool
    why: str
    guess: str = ""


_ACQUISITION, _ACTIVATION, _ENGAGEMENT, _MONEY, _QUALITY = FAMILIES
METRICS = (
    Metric("Sign-up rate", _ACQUISITION, "share of visitors of [page] that sign up", "share", True,
           r"(?<!from )(?<!of )(?<!after )(?<!since )(?<!at )sign[- ]?ups?|registrations?|visitors?|landing pages?|trial starts?"),
    Metric("Qualified leads", _ACQUISITION, "share of new contacts that fit [segment]", "share", True,
           r"(?<!team )(?<!ops )(?<!tech )leads?(?! (?:time|to)\b)|demo requests?|prospects?|enquir\w+|inquir\w+"),
    Metric("Invited colleagues who join", _ACQUISITION, "share of invited colleagues that join within [days] days", "share", True,
           r"invit\w+|referrals?|referred by|word of mouth|colleagues? (?:who |that )?(?:join|sign)\w*"),
    Metric("Cost of a new customer", _ACQUISITION, "money spent on winning customers, by customer won", "mean", False,
           r"cac\b|acquisition costs?|cost per (?:lead|customer)|adverts?|campaigns?"),
    Metric("Activation", _ACTIVATION, "share of new customers that [first act of worth] within [days] days of sign-up", "share", True,
           r"activat\w+|onboard\w+|first[- ](?:time|use|week|invoice|report|project|win)\w*|set[- ]?ups?\b|getting started|go(?:es|ing)? live"),
    Metric("Time to first value", _ACTIVATION, "days from sign-up to the first [act that is worth something to them]", "duration", True,
           r"time to (?:first|value)|(?:days|weeks|hours|time) from sign-?up|(?:days|weeks|hours|afternoon|evenings?) (?:to|until|before|of set-?up)|wait(?:ed|ing|s)?\b|slow start|took (?:him|her|them|us)"),
    Metric("Import completed", _ACTIVATION, "share of started imports that end with all rows in", "share", True,
           r"imports?\b|importing|upload\w*|migrat\w+|csv"),
    Metric("Set-up steps completed", _ACTIVATION, "share of those who begin set-up that end it", "share", True,
           r"(?:set-?up|sign-?up) (?:steps?|forms?|fields?)|steps? (?:of|in|until|before)|wizard|gave up|abandon\w+|drop[- ]?off"),
    Metric("Task success", _ACTIVATION, "share of attempts at [task] that end with it done, unaided", "share", True,
           r"task success|complet\w+|succe\w+|finish\w*|(?:could|can|did)(?: ?not|n't|n’t) (?:find|figure|work out)|hard to find|hunting for|struggl\w+"),
    Metric("Feature adoption", _ENGAGEMENT, "share of active customers that use [feature] in a week", "share", True,
           r"adopt\w*|usage\b|feature use|(?:never|not|n't|n’t) (?:really )?us(?:e|ed|ing)\b|nobody uses"),
    Metric("Active customers", _ENGAGEMENT, "share of customers that [core act] in a week", "share", True,
           r"(?:daily|weekly|monthly) active|dau\b|wau\b|mau\b|stickiness|active (?:users?|teams?|customers?|accounts?)|engage\w*|habits?"),
    Metric("Retention", _ENGAGEMENT, "share of customers of a month that [core act] in week [n]", "share", False,
           r"retention|retain\w*|come back|comes back|returning (?:users?|teams?|customers?)|cohorts?|stick(?:s|ing)? with"),
    Metric("Churn", _ENGAGEMENT, "share of customers that leave in a month", "share", False,
           r"churn\w*|cancel\w*|leav(?:e|es|ing) (?:us|for)|left us|(?:customers?|teams?|users?|clients?|accounts?) (?:that |who )?(?:leave|left)|switch(?:ed|es|ing)? (?:away|over|to (?:another|a))|lost (?:customers?|accounts?)"),
    Metric("Time for the task", _ENGAGEMENT, "minutes from opening [page] to [act]", "duration", True,
           r"minutes?|hours?\b|time (?:for|on) (?:the )?tasks?|by hand|manual\w*|re-?typ\w+|typ(?:e|es|ed) .{0,40}\bagain|copy[- ]?(?:and[- ])?past\w+|past(?:es|ed|ing)\b|redo\w*|rebuil(?:d|t|ding)\b"),
    Metric("Paying customers", _MONEY, "share of trials that pay within [days] days", "share", False,
           r"conver(?:t|ts|sion)\w*|paying|paid plans?|trial[- ]to[- ]paid|subscri\w+|upgrad\w+"),
    Metric("Revenue by customer", _MONEY, "monthly revenue, by customer", "mean", False,
           r"revenues?|arpu\b|mrr\b|arr\b|turnover|(?<!by )(?<!with )(?<!for )sales\b(?! (?:team|people|reps?)\b)|(?<!great )(?<!good )(?<!to )deals?(?! with\b)|contract value"),
    Metric("Expansion", _MONEY, "share of customers that buy more in a quarter", "share", False,
           r"expansion|upsell\w*|add(?:ed|s|ing)? seats?|seats?\b|net revenue retention|nrr\b"),
    Metric("Days to payment", _MONEY, "days from sending an invoice to its payment", "duration", False,
           r"overdue|late payers?|chas(?:e|es|ed|ing)\b|get(?:s|ting)? paid|dso\b|payment terms|late fees?|reminders?"),
    Metric("Price objections", _MONEY, "share of lost deals in which the price is the reason", "share", False,
           r"pric(?:e|es|ed|ey|ing)|expensive|discounts?|budgets?|costs? too much"),
    Metric("Errors", _QUALITY, "share of [acts] that end in an error", "share", True,
           r"errors?|fail(?:s|ed|ure|ures|ing)?\b|bugs?\b|crash\w*|broken?|breaks?|refus\w+|reject\w+|goes red|lost (?:rows?|data|work)"),
    Metric("Waiting time", _QUALITY, "seconds until [page] answers, for 95 of 100 requests", "duration", True,
           r"slow\w*|latency|load(?:s|ing)? times?|performance|lag(?:s|gy)?\b|spinn\w+|p95\b|response times?"),
    Metric("Availability", _QUALITY, "share of minutes in which [service] answers", "share", True,
           r"uptime|downtime|outages?|availab\w+|reliab\w+|offline"),
    Metric("Support contacts", _QUALITY, "contacts with support about [topic], by 100 customers and week", "mean", True,
           r"tickets?|support (?:team|contacts?|calls?|desk|requests?|queue)|(?:with|to|ask\w*|call\w*|rang|mail\w*|wrote) support|complain\w*|help ?desk|rang|phone calls?"),
    Metric("Wrong results", _QUALITY, "share of [results] that somebody corrects afterwards", "share", True,
           r"wrong\b|correct(?:s|ed|ion|ions)\b|accura\w+|mistakes?|data quality|duplicates?|double[sd]?\b|recall\w*|re-?sent\b|credit notes?"),
    Metric("Satisfaction", _QUALITY, "mean answer to [one question], 1 to 5", "mean", False,
           r"satisf\w+|csat\b|nps\b|promoters?|ratings?|(?:one|two|three|four|five|\d) stars?|sentiment|happi\w+"),
)  # fmt: skip
_WORDS = {metric.name: re.compile(rf"\b(?:{metric.words})(?!\w)", re.IGNORECASE) for metric in METRICS}
# How long is waited for what is counted says nothing of what that is.
_WINDOW = re.compile(
    r"\bwithin (?:an?|the|\w+) (?:\w+ )?(?:second|minute|hour|day|week|month|year)s?\b(?: (?:of|after) sign-?up\b)?",
    re.IGNORECASE,
)
_NAMES = {metric.name: re.compile(rf"\b{re.escape(metric.name)}\b", re.IGNORECASE) for metric in METRICS}
# Tickets are counted, whatever they are about; a share of what went without one is something else.
_CONTACTS = re.compile(r"(?<!without )(?<!without a )\b(?:tickets?|complaints?)\b", re.IGNORECASE)

# What only flatters, and what says more: one who does not yet know a better one has the question at least.
_VANITY = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), instead)
    for words, instead in (
        (r"page ?views?|views?|hits|clicks?|visits?|traffic|unique visitors?|visitors?", "the share of visitors that do what the page is for"),
        (r"likes|favou?rites|upvotes|shares(?! of)|retweets|reactions|comments|mentions", "the share of those reached that try it"),
        (r"followers|fans|subscribers|community size|newsletter sign-?ups", "the share of them that do something with the product in a week"),
        (r"impressions|awareness|buzz|share of voice", "the share of those reached that sign up"),
        (r"downloads?|installs?|installations?", "the share of installations that are used a week later"),
        (r"time (?:spent )?(?:on|in) (?:the )?(?:page|site|app|product|screen)|dwell time|session (?:length|duration)|minutes in (?:the )?app",
         "the time for one task, and whether it ended well: long can mean lost"),
        (r"sessions?|log-?ins?", "the share of customers that do the core act in a week"),
        (r"(?:registered|total|cumulative|all[- ]time) (?:users?|accounts?|customers?|teams?|sign-?ups?)|registrations|(?:user|account|sign-?up) count",
         "the share of new ones that are active after a month"),
        (r"emails? sent|features? (?:shipped|released|launched)|story points|velocity|lines of code", "what the customers can do since that they could not"),
    )
)  # fmt: skip
# A rate, a denominator, or what for. "A week" says how long was counted, and not of how many.
_CONTEXT = re.compile(
    r"\b(?:per|by|for each|for every) (?!(?:day|week|month|quarter|year|hour|minute|date|\d|the end|end|mid|early|late|january|"
    r"february|march|april|may|june|july|august|september|october|november|december|q[1-4])\b)\w"
    r"|\b(?:share|percentage|proportion|fraction|ratio) of\b|% of\b|\bout of\b|\bof (?:all|every|each|\d[\d.,]*|new|active|invited|those)\b"
    r"|\b(?:rate|ratio|conversion)\b|\bdivided by\b"
    r"|\b(?:that|who|which) (?:later |then |also |end |lead |turn |become |do |did |sign|pay|stay|come|use|start|send|buy|finish)"
    r"|\b(?:because|so that|in order to|to (?:see|tell|learn|find out|show) (?:if|whether|how|that|who|where)|as a (?:sign|proxy|measure) (?:of|for)"
    r"|(?:which|that|it) (?:shows|tells|predicts)|fewer (?:is|are|means)|less (?:is|means)|should fall|where (?:long|short|more|fewer) (?:is|means))\b",
    re.IGNORECASE,
)  # fmt: skip
_JOINED = re.compile(r"\s*[;/,&+]\s*|\s+and\s+", re.IGNORECASE)
_KINDS = (
    ("share", r"\b(?:share|percentage|proportion|fraction|ratio) of\b|\brate\b|%|\bper ?cent\b|\bconversion\b|\bout of\b|\bhow many of\b"),
    ("duration", r"\b(?:time (?:to|from|until|for|spent|on)|how long|duration|latency|(?:seconds|minutes|hours|days|weeks) (?:to|from|until|for|spent|between)|(?:response|waiting|load(?:ing)?) times?|time to)\b"),
    ("mean", r"\b(?:average|mean|median)\b|\b(?:per|by|for each) (?:\d+ )?(?:active |new )?(?:customer|user|team|account|person|seat|order|invoice|call)s?\b|\brating\b|\bscore\b"),
    ("count", r"\b(?:number|count|total|amount) of\b|\bhow many\b|\bhow often\b|\b\w+s (?:a|per) (?:day|week|month|quarter|year)\b"),
)  # fmt: skip
_KIND_OF = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KINDS)


def classify_metric(text: str) -> MetricReading:
    """What kind of metric somebody has written down.

    Parameters
    ----------
    text : str
        As it stands under ``metric``: a name, and behind a colon how it is counted.

    Returns
    -------
    MetricReading
        Words hint and do not decide: what nothing tells stays empty.

    Examples
    --------
    >>> reading = classify_metric("Activation: share of new teams that send a first invoice within 7 days of sign-up")
    >>> reading.family, reading.kind, reading.leading, reading.vanity
    ('activation', 'share', True, False)
    >>> classify_metric("likes").why
    '“likes” can rise while nobody is better off. Say of how many, or what it is to tell; or take the share of those reached that try it.'
    """
    metric, word = _recognise(text)
    kind = next((kind for kind, words in _KIND_OF if words.search(text)), metric.kind if metric else "")
    if vanity := _flatters(text):
        found, instead = vanity
        why = (
            f"“{found}” can rise while nobody is better off. Say of how many, or what it is to tell; or take {instead}."
        )
        family, leading = (metric.family, metric.leading) if metric else ("", None)
        return MetricReading(family, kind or "count", leading, True, why, word)
    if metric is None:
        return MetricReading("", kind, None, False, "No word of it is among those of the five families.")
    when = "within days of a change" if metric.leading else "long after a change"
    named = f"Like “{metric.name}”, it moves {when}."
    why = f"By “{word}” it may be like “{metric.name}”, which moves {when}." if word else named
    return MetricReading(metric.family, kind, metric.leading, False, why, word)


def suggest_metrics(text: str, n: int = N_SUGGESTED) -> list[Metric]:
    """Metrics that the words of a text speak for.

    Parameters
    ----------
    text : str
        Such as what customers said about one thing.
    n : int
        At most so many.

    Returns
    -------
    list of Metric
        Those with most different words in the text first; where level, leading ones before lagging ones, then by name.
        None where no word speaks for any.

    Examples
    --------
    >>> [metric.name for metric in suggest_metrics("870 rows refused by the import, one error for all")]
    ['Errors', 'Import completed']
    """
    heard = {metric.name: len(heard_words(metric, text)) for metric in METRICS}
    ranked = sorted(METRICS, key=lambda metric: (-heard[metric.name], not metric.leading, metric.name))
    return [metric for metric in ranked if heard[metric.name]][: max(0, n)]


def heard_words(metric: Metric, text: str) -> list[str]:
    """The different words of a metric that stand in a text.

    Parameters
    ----------
    metric : Metric
        One of `METRICS`.
    text : str
        Any text.

    Returns
    -------
    list of str
        In lower case, in the order in which they come.

    Examples
    --------
    >>> errors = next(metric for metric in METRICS if metric.name == "Errors")
    >>> heard_words(errors, "Row 14, error. Error again, and refused")
    ['error', 'refused']
    """
    return list(dict.fromkeys(found[0].casefold() for found in _WORDS[metric.name].finditer(_WINDOW.sub(" ", text))))


def name_metrics(text: str) -> list[str]:
    """The metrics that are named where one should be.

    Parameters
    ----------
    text : str
        As it stands under ``metric``: a name, and behind a colon how it is counted.

    Returns
    -------
    list of str
        One, or each that is recognised where several are joined by "and", a slash, a comma or a semicolon; none for an
        empty text.

    Examples
    --------
    >>> name_metrics("Activation and churn"), name_metrics("Search and replace used: share of teams")
    (['Activation', 'churn'], ['Search and replace used'])
    """
    name = text.partition(": ")[0].strip()
    parts = [part.strip() for part in _JOINED.split(name) if part.strip()]
    if len(parts) > 1 and (";" in name or all(_recognise(part)[0] for part in parts)):
        return parts
    return [name] if name else []


def _recognise(text: str) -> tuple[Metric | None, str]:
    """The metric that a written one is most like: by its name, else by its words, those before the colon first; with those words.

    Where two are level the one whose word comes first is meant: "tickets about imports" are tickets.
    """
    text = _WINDOW.sub(" ", text)
    head = text.partition(":")[0]
    for part in (head, text):
        named = [metric for metric in METRICS if _NAMES[metric.name].search(part)]
        if named:
            return max(named, key=lambda metric: (len(metric.name), metric.name)), ""
        if contacts := _CONTACTS.search(head):
            return next(metric for metric in METRICS if metric.name == "Support contacts"), contacts[0]
        heard = [(-len(heard_words(metric, part)), found.start(), metric.name, metric, found[0]) for metric in METRICS
                 if (found := _WORDS[metric.name].search(part))]  # fmt: skip
        if heard:
            return min(heard)[-2:]
    return None, ""


def _flatters(text: str) -> tuple[str, str] | None:
    """The words of a vanity metric that stands without context, and what to take instead.

    They are looked for in the name, before the colon; the context may stand in how it is counted.
    """
    if _CONTEXT.search(text):
        return None
    head = text.partition(":")[0]
    for words, instead in _VANITY:
        if found := words.search(head):
            return found[0], instead
    return None
