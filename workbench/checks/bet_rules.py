"""What is wrong with the quarter and its bets: too much at once, nothing left out, nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.checks.case import Case
from workbench.checks.rule import At, rule
from workbench.hypotheses.metrics import classify_metric, name_metrics
from workbench.records import Bet, Quarter
from workbench.records.typed import is_nothing, week_of
from workbench.rituals import Moment
from workbench.rituals.limits import MOST_BETS, MOST_WORDS, find_allowing, find_bet
from workbench.rituals.reviews import due_reviews

__all__: list[str] = []

# Of fewer bets all can well be of the first tier.
FEW_BETS = 3
UNFINISHED = ("planned", "active", "shipped")
# How each of the three is written, for who has none or two.
_WRITTEN = {
    "owner": "write one name, such as  owner: Ines",
    "outcome": "write one outcome, such as  outcome: New teams send a first invoice within a week",
    "review": "write one day, such as  review: 2027-01-15",
}
# Two names, but not a name and a role: "Ines Calloway, product manager" is one person.
_SEVERAL = re.compile(r"\s(?:and|or|und)\s|[&;/+]|,\s*[A-Z]\w+(?:\s[A-Z]\w+)?\s*(?:,|$)")
_ROLE = re.compile(
    r"\([^)]*\)|,\s*(?:(?-i:[A-Z]{2,4})\b|[^,;&/+]*\b(?:analyst|architect|coach|consultant|cto|designer|developer|director|engineer|engineering|founder|"
    r"head|lead|leader|manager|marketer|marketing|officer|operations|ops|owner|president|product|researcher|sales|success|support)\b)"
    r"(?:(?!\s(?:and|or|und)\s(?-i:[A-Z])\w+\s(?-i:[A-Z]))[^,;&/+])*",
    re.IGNORECASE,
)
# A sentence that ends and another that begins; not "e.g. Flatfile".
_ALSO = re.compile(r";|(?<=\w\w)(?<!\bvs)(?<!\betc)\.\s+[A-Z]|\s(?:and also|as well as)\s")


def _is_begun(quarter: Quarter) -> bool:
    return bool(quarter.outcome or quarter.bets)


def _active(case: Case) -> list[Bet]:
    return [bet for bet in case.study.bets if bet.status == "active"]


@rule(
    "wont-do-empty",
    "error",
    why="A quarter that leaves nothing out has chosen nothing.",
    fix="write at least one thing that you will not do, behind  wont_do:",
)
def _wont_do_empty(case: Case) -> Iterator[At]:
    quarter = case.study.quarter
    if _is_begun(quarter) and all(is_nothing(item) for item in quarter.wont_do):
        yield At(quarter.file, quarter.lines.get("wont_do", 1), "the quarter's won't-do list is empty")


@rule(
    "too-many-bets",
    "error",
    why="More than three bets at once are none: each waits for the others.",
    fix="keep one to three, and move the others to the won't-do list or to  status: planned; or log a decision that says why there are more",
)
def _too_many_bets(case: Case) -> Iterator[At]:
    """A bet beyond three may be there by a decision that is about it, was taken, and says that it is one more."""
    quarter, active = case.study.quarter, _active(case)
    for bet in sorted(active, key=lambda one: (one.started or "9999", one.id))[MOST_BETS:]:
        if not find_allowing(case.study.decisions, bet.id, bet.title):
            yield At(bet.file, bet.lines.get("status", 1), f"{bet.id} is one of {len(active)} active bets")
    beyond = [(find_bet(case.study.bets, line), line) for line in quarter.bets[MOST_BETS:]]
    if not all(
        find_allowing(case.study.decisions, bet.id if bet else line, bet.title if bet else "") for bet, line in beyond
    ):
        yield At(quarter.file, quarter.lines.get("bets", 1), f"the quarter has {len(quarter.bets)} bets")


@rule(
    "bet-outside-quarter",
    "error",
    why="What is worked on and is none of the quarter's bets is for an outcome that nobody has chosen.",
    fix="write its id behind  bets:  in discovery/quarter.md, or set  status: planned",
)
def _bet_outside_quarter(case: Case) -> Iterator[At]:
    """Of more than three another rule says so."""
    quarter, active = case.study.quarter, _active(case)
    asked = quarter.bets and quarter.file not in case.broken and len(active) <= MOST_BETS
    named = [find_bet(active, line) for line in quarter.bets]
    for bet in active if asked else ():
        if bet not in named:
            what = f"{bet.id} is active, and is none of the bets of the quarter"
            yield At(bet.file, bet.lines.get("status", 1), what)


@rule(
    "two-primary-metrics",
    "error",
    why="With two metrics that come first, whichever has moved is called the one that counts.",
    fix="keep one behind  metric:  and move the other to  watched:",
)
def _two_primary_metrics(case: Case) -> Iterator[At]:
    quarter = case.study.quarter
    names = name_metrics(quarter.metric)
    if len(names) > 1:
        what = f"the quarter has {len(names)} metrics that come first: {', '.join(names)}"
        yield At(quarter.file, quarter.lines.get("metric", 1), what)


@rule(
    "positioning-too-long",
    "warning",
    why="What takes more than 25 words is hard to read, harder to remember, and said otherwise by everybody.",
    fix="say for whom it is and what it does for them, in 25 words at most",
)
def _positioning_too_long(case: Case) -> Iterator[At]:
    quarter = case.study.quarter
    if (n := len(quarter.positioning.split())) > MOST_WORDS:
        yield At(quarter.file, quarter.lines.get("positioning", 1), f"the positioning line has {n} words")


@rule(
    "segment-without-exclusion",
    "warning",
    why="A segment that leaves nobody out is everyone, and evidence from anybody seems to count.",
    fix="write behind its name who is not meant, such as  - field: more than 250 people",
)
def _segment_without_exclusion(case: Case) -> Iterator[At]:
    quarter = case.study.quarter
    if _is_begun(quarter) and not quarter.segments:
        yield At(quarter.file, quarter.lines.get("segments", 1), "the quarter says of no segment whom it leaves out")
    for segment in quarter.segments:
        if not segment.leaves_out:
            line = quarter.lines.get(f"segments.{segment.name}", quarter.lines.get("segments", 1))
            yield At(quarter.file, line, f"segment {segment.name!r} leaves nobody out")


@rule(
    "outcome-ambiguous",
    "error",
    why="From 30 %, five points more are 35 % and five per cent more are 31.5 %.",
    fix="write  unit: points  or  unit: relative %",
)
def _outcome_ambiguous(case: Case) -> Iterator[At]:
    quarter = case.study.quarter
    if quarter.size and not quarter.unit:
        yield At(
            quarter.file, quarter.lines.get("size", 1), f"size {quarter.size!r} of the outcome can be read in two ways"
        )


@rule(
    "outcome-not-measured",
    "error",
    why="An outcome without a number can be neither reached nor missed.",
    fix="write what is missing: one metric, up or down, where it stands now, and by how much it is to move",
)
def _outcome_not_measured(case: Case) -> Iterator[At]:
    quarter = case.study.quarter
    missing = [name for name in ("metric", "direction", "baseline", "size") if not getattr(quarter, name)]
    if quarter.outcome and missing and quarter.file not in case.broken:
        names = f"{', '.join(missing[:-1])} and {missing[-1]}" if missing[1:] else missing[0]
        yield At(quarter.file, quarter.lines.get("outcome", 1), f"the quarter's outcome has no {names}")


@rule(
    "framing-missing",
    "warning",
    why="Who cannot say what brought a problem up, and what leaving it alone costs, cannot say why now.",
    fix="write one sentence",
)
def _framing_missing(case: Case) -> Iterator[At]:
    quarter = case.study.quarter
    for name, what in (("trigger", "what brought it up"), ("cost", "what it costs to leave it alone")):
        if _is_begun(quarter) and not getattr(quarter, name):
            yield At(quarter.file, quarter.lines.get(name, 1), f"the quarter does not say {what} ({name})")


@rule(
    "item-incomplete",
    "error",
    why="What has no outcome cannot succeed, what has no owner or two is nobody's, what has no review day goes on for ever.",
    fix="write exactly one, such as  owner: Ines",
)
def _item_incomplete(case: Case) -> Iterator[At]:
    """Of decisions and hypotheses only a second owner: that there is none has rules of its own, as has the day."""
    for bet in case.study.bets:
        if bet.status not in UNFINISHED:
            continue
        for name in ("outcome", "owner", "review"):
            value = getattr(bet, name)
            if not value:
                yield At(bet.file, bet.lines.get(name, 1), f"{bet.id} has no {name}", _WRITTEN[name])
            elif _is_several(name, value):
                what = f"{bet.id} has more than one {name}: {value!r}"
                yield At(bet.file, bet.lines.get(name, 1), what, _WRITTEN[name])
    quarter = case.study.quarter
    if _is_begun(quarter):
        for name in ("outcome", "owner", "review"):
            value = getattr(quarter, name)
            if not value:
                yield At(quarter.file, quarter.lines.get(name, 1), f"the quarter has no {name}", _WRITTEN[name])
            elif _is_several(name, value):
                what = f"the quarter has more than one {name}: {value!r}"
                yield At(quarter.file, quarter.lines.get(name, 1), what, _WRITTEN[name])
    decisions = [one for one in case.study.decisions if one.status in ("proposed", "decided")]
    hypotheses = [one for one in case.study.hypotheses if one.status in ("draft", "ready", "running")]
    for record in [*decisions, *hypotheses]:
        if record.owner and _is_several("owner", record.owner):
            what = f"{record.id} has more than one owner: {record.owner!r}"
            yield At(record.file, record.lines.get("owner", 1), what, _WRITTEN["owner"])


@rule(
    "bet-without-outcome-link",
    "note",
    why="A bet that rests on nothing customers said is a hunch with a budget.",
    fix="name the hypotheses that it rests on, behind  hypotheses:",
)
def _bet_on_nothing(case: Case) -> Iterator[At]:
    for bet in _active(case):
        if not bet.hypotheses:
            yield At(bet.file, bet.lines.get("hypotheses", 1), f"{bet.id} is active and names no hypothesis")


@rule(
    "everything-top-tier",
    "warning",
    why="When everything is first, nothing is.",
    fix="say which of them the others wait for, and give the others tier 2 or 3",
)
def _everything_top_tier(case: Case) -> Iterator[At]:
    bets = [bet for bet in case.study.bets if bet.status in UNFINISHED and bet.tier]
    if len(bets) >= FEW_BETS and all(bet.tier == "1" for bet in bets):
        first = min(bets, key=lambda bet: bet.id)
        yield At(first.file, first.lines.get("tier", 1), f"all {len(bets)} bets are of tier 1")


@rule(
    "vanity-metric",
    "error",
    why="Pageviews, likes and time on a page rise without anybody being better off.",
    fix="measure what a customer gets done, or write beside it, of whom and for what",
)
def _vanity_metric(case: Case) -> Iterator[At]:
    for record in [case.study.quarter, *case.study.bets, *case.study.hypotheses]:
        if record.metric and getattr(record, "status", "") != "dropped":
            reading = classify_metric(record.metric)
            if reading.vanity:
                what, _, todo = reading.why.partition(". ")
                yield At(record.file, record.lines.get("metric", 1), what, todo[:1].lower() + todo[1:].rstrip("."))


@rule(
    "blocker-without-owner",
    "warning",
    why="A dependency without a name and a day is waited for, not worked on.",
    fix="write who and by when behind a colon, such as  - Bank access: Omar, 2027-01-08",
)
def _blocker_without_owner(case: Case) -> Iterator[At]:
    for records, name in ((case.study.bets, "needs"), (case.study.weeks, "blockers")):
        for record in records:
            for what, behind in getattr(record, name):
                if is_nothing(what or behind):
                    continue
                owner = re.sub(r"\b\d{4}-\d{2}-\d{2}\b", "", behind).strip(" ,;")
                if not what or not owner or owner == behind.strip(" ,;"):
                    line = record.lines.get(f"{name}.{what}", record.lines.get(name, 1))
                    said = what or behind
                    yield At(record.file, line, f"{said!r} has no {'owner' if not (what and owner) else 'day'}")


@rule(
    "review-overdue",
    "warning",
    why="A review that nobody holds leaves yesterday's reasons in charge.",
    fix="look at it again, then write the next day",
)
def _review_overdue(case: Case) -> Iterator[At]:
    today = case.today.isoformat()
    for one in due_reviews(case.study, Moment(week_of(today), today)):
        if one.overdue:
            yield At(one.file, one.line, f"{one.id or 'the quarter'} was to be looked at again on {one.day}")


def _is_several(name: str, value: str) -> bool:
    """Whether an owner is two people, or an outcome two."""
    if name == "owner":
        return bool(_SEVERAL.search(_ROLE.sub("", value)))
    return name == "outcome" and bool(_ALSO.search(value))
