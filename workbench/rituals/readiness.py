"""Wednesday: what must stand before anything is built, what may go wrong on the way, and what could be written there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import InputError
from workbench.hypotheses import (
    PARTS,
    Finding,
    check_hypothesis,
    count_evidence,
    count_parts,
    propose,
    sample_size,
)
from workbench.records import Hypothesis
from workbench.records.hypothesis import MAY_NOT_MOVE
from workbench.records.typed import fold_text, is_day, is_nothing
from workbench.rituals.capacity import measure_capacity
from workbench.rituals.focus import find_focus, read_by
from workbench.rituals.offer import Offer
from workbench.themes.words import read_stems

if TYPE_CHECKING:
    from workbench.rituals.moment import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = [
    "GUARDED", "Barrier", "Concern", "Guard", "Log", "Readiness", "Step", "choose_hypothesis", "find_readiness", "find_steps", "next_first",
    "offer_logging", "offer_slice",
]  # fmt: skip

# What has to be sought first stands first.
ORDER = ("ready", "running", "draft", "supported", "refuted", "dropped")
BEFORE = ("draft", "ready")
OPEN = (*BEFORE, "running")
# A hypothesis can be thought through without these two, and no test begins without them.
BEFORE_A_START = ("owner-open", "logging-open")
# A gain can be paid for in three ways.
GUARDED = ("performance", "reliability", "complaints")
_GUARDED = (
    ("complaints", r"tickets?|complain\w*|complaints?|support|contacts?|spam|rat(?:ed|ings?)|refunds?|unsubscri\w+|cancel\w*"),
    ("reliability", r"errors?|fail\w*|crash\w*|lost|los[ei]\w*|wrong|refus\w+|uptime|downtime|outages?|availab\w+|doubles?|duplicates?|recall\w*"),
    ("performance", r"slow\w*|fast\w*|time|seconds?|minutes?|hours?|wait\w*|latency|load\w*|p9\d"),
)  # fmt: skip
_GUARD_WORDS = tuple((kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _GUARDED)
# "at most 14 a week (now 11)", "no more than today (3 in 10,000)".
_NOW = re.compile(
    r"\((?:it is |is )?(?:now|today|currently)[:,]? ?([^)]+)\)|\b(?:than|as) (?:now|today) \(([^)]+)\)", re.IGNORECASE
)
_EXPOSED = re.compile(
    r"\b(?:expos\w*|with(?: or |/)without|with and without|who (?:has|had|saw|sees|gets?|got)|variant|arms?|assign\w*|control|in the test|which of the two)\b",
    re.IGNORECASE,
)  # fmt: skip
_STEP = re.compile(r",\s+(?:and\s+)?|\s+and\s+")
EXPOSURE = "who has the change and who has not, each with the day on which it began"
# So many words in common, and half of a line, are no chance.
IN_COMMON = 2
PROPOSED = ("slice", "guardrails", "metric", "baseline", "size", "deadline")

TRAFFIC_OPEN = "No traffic. Write how many customers come into the test, such as  traffic: 400/week."


class Step(NamedTuple):
    """Something that must stand before a test begins.

    Parameters
    ----------
    part : str
        One of `workbench.hypotheses.PARTS`, or ``against``, ``logging`` or ``owner``.
    missing : tuple of Finding
        What of it keeps the test from beginning.
    doubts : tuple of Finding
        What the PM should know, and may let be.

    Examples
    --------
    >>> Step("owner", (), ()).stands
    True
    """

    part: str
    missing: tuple[Finding, ...]
    doubts: tuple[Finding, ...]

    @property
    def stands(self) -> bool:
        """Whether nothing of it is missing."""
        return not self.missing


class Concern(NamedTuple):
    """What may go wrong where the slice meets other systems or limits, or what it waits for.

    Parameters
    ----------
    what : str
        As written.
    who, day : str
        Who sees to it, by when; empty while nobody says so.
    overdue : bool
        Whether that is a day, and past.
    source : str
        ``hypothesis``, ``bet`` or ``week``: whose record has it.

    Examples
    --------
    >>> Concern("Import log has no row ids", "Jonas", "2026-12-04", False, "hypothesis").is_open
    False
    """

    what: str
    who: str
    day: str
    overdue: bool
    source: str

    @property
    def is_open(self) -> bool:
        """Whether nobody sees to it, or nothing says by when."""
        return not (self.who and self.day)


class Guard(NamedTuple):
    """A guardrail, and what is known of it today.

    Parameters
    ----------
    name, limit : str
        As written; the limit is empty while it is open.
    kind : str
        One of `GUARDED`; empty where no word of it tells.
    now : str
        What it is today, as the limit or the latest week's metrics have it; empty where neither does.
    broken : str
        What is written of it as broken; empty where nothing is.

    Examples
    --------
    >>> Guard("Import tickets", "at most 14 a week", "complaints", "11", "").now
    '11'
    """

    name: str
    limit: str
    kind: str
    now: str
    broken: str


class Log(NamedTuple):
    """Something that must be logged before anything is built.

    Parameters
    ----------
    kind : str
        ``exposure``, ``metric`` or ``guardrail``.
    what : str
        Its name.
    named : bool
        Whether a word of what is to be logged names it.

    Examples
    --------
    >>> Log("metric", "Activation", True).named
    True
    """

    kind: str
    what: str
    named: bool


class Barrier(NamedTuple):
    """A limit that the test may run into.

    Parameters
    ----------
    kind : str
        ``past`` (its last day is over), ``time`` (more weeks than there are), ``quarter`` (it ends later), ``capacity`` (more planned than gets finished),
        ``wont_do`` (it may be on that list) or ``bet`` (its bet is closed).
    what : str
        The line of the won't-do list, the quarter's last day, or the bet's status; else empty.

    Examples
    --------
    >>> Barrier("quarter", "2027-03-31").kind
    'quarter'
    """

    kind: str
    what: str = ""


@dataclass(frozen=True)
class Readiness:
    """A hypothesis before its start.

    Parameters
    ----------
    hypothesis : Hypothesis
        With its customers counted.
    steps : tuple of Step
        What must stand.
    concerns : tuple of Concern
        What may go wrong elsewhere, those nobody sees to first.
    barriers : tuple of Barrier
        The limits that it runs into.
    weeks, weeks_left : int or None
        Whole weeks that the test takes at today's traffic, and that there are until its deadline; None while one cannot
        be told.
    unsized : tuple of str
        What has to be written before the weeks can be told.
    guards : tuple of Guard
        The guardrails.
    unguarded : tuple of str
        Those of `GUARDED` that none of them watches.
    logs : tuple of Log
        What must be logged.
    capacity : str
        As the quarter has it.
    """

    hypothesis: Hypothesis
    steps: tuple[Step, ...]
    concerns: tuple[Concern, ...]
    barriers: tuple[Barrier, ...]
    weeks: int | None
    weeks_left: int | None
    unsized: tuple[str, ...]
    guards: tuple[Guard, ...]
    unguarded: tuple[str, ...]
    logs: tuple[Log, ...]
    capacity: str

    @property
    def missing(self) -> tuple[Step, ...]:
        """What does not stand yet."""
        return tuple(step for step in self.steps if not step.stands)

    @property
    def may_start(self) -> bool:
        """Whether all stands; of a test that has begun, whether it had."""
        return not self.missing


def next_first(hypotheses: Iterable[Hypothesis]) -> list[Hypothesis]:
    """Hypotheses in the order in which they want to be looked at on a Wednesday.

    Parameters
    ----------
    hypotheses : iterable of Hypothesis
        Records.

    Returns
    -------
    list of Hypothesis
        Ready before running before drafts, those with most parts first; what is closed last.

    Examples
    --------
    >>> [one.id for one in next_first([Hypothesis("H-1", "draft"), Hypothesis("H-2", "ready")])]
    ['H-2', 'H-1']
    """
    return sorted(hypotheses, key=lambda one: (ORDER.index(one.status), -count_parts(one)[0], one.id))


def choose_hypothesis(hypotheses: Sequence[Hypothesis], id: str = "") -> Hypothesis | None:
    """The hypothesis that is looked at.

    Parameters
    ----------
    hypotheses : sequence of Hypothesis
        Records and drafts.
    id : str
        Its id, or the beginning of it; by default the record that is next.

    Returns
    -------
    Hypothesis or None
        None where no id is given and there is no record that is still open.

    Raises
    ------
    InputError
        When there is no such hypothesis, or several.

    Examples
    --------
    >>> choose_hypothesis([Hypothesis("H-3fa9c1", "ready")], "H-4")
    Traceback (most recent call last):
    workbench.errors.InputError: there is no hypothesis “H-4”: H-3fa9c1; name one, or none for the one that is next
    """
    if not id:
        there = next_first(one for one in hypotheses if one.file and one.status in OPEN)
        return there[0] if there else None
    found = [one for one in hypotheses if one.id == id] or [one for one in hypotheses if one.id.startswith(id)]
    if len(found) != 1:
        listed = ", ".join(one.id for one in (found or hypotheses)[:12])
        what = f"{len(found)} hypotheses begin with “{id}”" if found else f"there is no hypothesis “{id}”"
        raise InputError(f"{what}{f': {listed}' if listed else ''}; name one, or none for the one that is next")
    return found[0]


def find_steps(hypothesis: Hypothesis) -> tuple[Step, ...]:
    """The gate before a start: each part of a hypothesis with what is wrong in it, as for one that is called ready.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft, with its customers counted.

    Returns
    -------
    tuple of Step
        One a part of `workbench.hypotheses.PARTS`, then ``against``, ``logging`` and ``owner``; a test may start where all of them stand.

    Examples
    --------
    >>> [step.part for step in find_steps(Hypothesis("H-1", "draft", logging=("row refused",))) if not step.stands][-2:]
    ['decision_rule', 'owner']
    """
    findings = check_hypothesis(replace(hypothesis, status="ready") if hypothesis.status == "draft" else hypothesis)
    steps = []
    for part, fields in (PARTS | {"against": ("against",), "logging": ("logging",), "owner": ("owner",)}).items():
        here = [one for one in findings if one.field.partition(".")[0] in fields]
        missing = tuple(one for one in here if one.blocks or one.rule in BEFORE_A_START)
        steps.append(Step(part, missing, tuple(one for one in here if one not in missing)))
    return tuple(steps)


def find_readiness(study: Study, themes: Themes, hypothesis: Hypothesis, moment: Moment) -> Readiness:
    """What of a hypothesis stands before its start, and what may go wrong.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypothesis : Hypothesis
        A record or a draft.
    moment : Moment
        The week, and the day from which what is left is counted.

    Returns
    -------
    Readiness
        Nothing of it is stored.
    """
    h = count_evidence(hypothesis, themes)
    weeks, unsized = _weeks(h)
    weeks_left = _weeks_left(h, moment)
    guards = tuple(_guard(one, h, study, moment) for one in (str(rail) for rail in h.guardrails))
    return Readiness(
        h,
        find_steps(h),
        tuple(sorted(_concerns(h, study, moment), key=lambda one: (not one.is_open, not one.overdue, one.day or "9999"))),
        tuple(_barriers(h, study, moment, weeks, weeks_left)),
        weeks,
        weeks_left,
        unsized,
        guards,
        tuple(kind for kind in GUARDED if kind not in {guard.kind for guard in guards}),
        tuple(_logs(h)),
        study.quarter.capacity,
    )  # fmt: skip


def _weeks(h: Hypothesis) -> tuple[int | None, tuple[str, ...]]:
    """Whole weeks at today's traffic, or what is to be written first, and that there are too few."""
    try:
        size = sample_size(h, start=h.started)
    except InputError as error:
        return None, (f"{str(error)[:1].upper()}{str(error)[1:]}.",)
    if size.weeks is not None:
        return size.weeks, ()
    if not h.traffic and not h.customers:
        return None, (*size.missing, TRAFFIC_OPEN)
    # Of those whom there are nobody knows when they come, but whether they are enough.
    return None, (*size.missing, *(f"{one}." for one in size.choices if one.enough is False))


def _weeks_left(h: Hypothesis, moment: Moment) -> int | None:
    if not is_day(h.deadline or ""):
        return None
    first = date.fromisoformat(h.started if h.started and h.status not in BEFORE else moment.today)
    return max(0, (date.fromisoformat(h.deadline) - first).days // 7)


def _concerns(h: Hypothesis, study: Study, moment: Moment) -> Iterator[Concern]:
    seen: set[str] = set()
    for what, behind in h.risks:
        # Without a colon the whole line is what may go wrong.
        said, (who, day) = (what, read_by(behind)) if what else (behind, ("", ""))
        if not is_nothing(said):
            seen.add(fold_text(said))
            yield Concern(said, who, day, is_day(day) and day < moment.today, "hypothesis")
    for one in find_focus(study, moment).blockers if h.status in OPEN else ():
        if one.bet in ("", h.bet) and fold_text(one.what) not in seen:
            yield Concern(one.what, one.who, one.day, one.overdue, "bet" if one.bet else "week")


def _barriers(h: Hypothesis, study: Study, moment: Moment, weeks: int | None, left: int | None) -> Iterator[Barrier]:
    quarter = study.quarter
    if h.status not in OPEN:
        return
    if h.status in BEFORE and is_day(h.deadline or "") and h.deadline <= moment.today:
        yield Barrier("past")
    elif weeks is not None and left is not None and weeks > left:
        yield Barrier("time")
    if quarter.deadline and is_day(h.deadline or "") and h.deadline > quarter.deadline:
        yield Barrier("quarter", quarter.deadline)
    if h.status in BEFORE and measure_capacity(study, moment).too_much:
        yield Barrier("capacity")
    does = read_stems(h.change or "") | read_stems(h.slice or "")
    for line in quarter.wont_do:
        stems = read_stems(line)
        common = len(stems & does)
        if not is_nothing(line) and common >= min(IN_COMMON, len(stems)) and 2 * common >= len(stems) > 0:
            yield Barrier("wont_do", line)
    bet = next((bet for bet in study.bets if bet.id == h.bet), None)
    if bet is not None and bet.status in ("done", "dropped"):
        yield Barrier("bet", bet.status)


def _guard(written: str, h: Hypothesis, study: Study, moment: Moment) -> Guard:
    rail = next(one for one in h.guardrails if str(one) == written)
    kind = next((kind for kind, words in _GUARD_WORDS if words.search(rail.name)), "")
    kind = kind or next((kind for kind, words in _GUARD_WORDS if words.search(rail.limit)), "")
    said = _NOW.search(rail.limit)
    now = _latest(rail.name, study, moment) or ((said[1] or said[2]).strip() if said else "")
    broken = next((line for line in h.breached if fold_text(line).startswith(fold_text(rail.name)) and rail.name), "")
    return Guard(rail.name, rail.limit, kind, now, broken)


def _latest(name: str, study: Study, moment: Moment) -> str:
    """What the latest week's metrics say of it."""
    for week in sorted((one for one in study.weeks if one.id <= moment.week), key=lambda one: one.id, reverse=True):
        for line in week.metrics:
            head, colon, value = line.partition(": ")
            if colon and fold_text(head) == fold_text(name):
                return value.strip()
    return ""


def _logs(h: Hypothesis) -> Iterator[Log]:
    """Exposure, the metric, each guardrail; named where a line of what is logged shares a word that is theirs alone."""
    if not (h.metric or h.guardrails):
        return
    said = " ".join(h.logging)
    stems = read_stems(said)
    yield Log("exposure", "", bool(_EXPOSED.search(said)))
    name, _, counted = (h.metric or "").partition(": ")
    if name:
        yield Log("metric", name, bool((read_stems(name) | read_stems(counted)) & stems))
    for rail in h.guardrails:
        if rail.name:
            yield Log("guardrail", rail.name, bool(_own(rail.name, h) & stems))


def _own(name: str, h: Hypothesis) -> frozenset[str]:
    """A guardrail's words, without those of the metric where others are left."""
    mine = read_stems(name)
    return mine - read_stems(h.metric or "") or mine


def offer_slice(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> list[Offer]:
    """What could be written into a hypothesis on a Wednesday.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        Its `record` is the hypothesis' id; without one the next.

    Returns
    -------
    list of Offer
        Slices (a customer's own way around, the first step of the change, one segment), what is waited for, guardrails whose limit
        stays open, a line to log for each thing that is read; of the metric what :func:`workbench.hypotheses.propose` has.
        Nothing for what may not move once a test has begun, and nothing that stands there.
    """
    h = choose_hypothesis(hypotheses, moment.record)
    if h is None or h.status not in OPEN:
        return []
    ready = find_readiness(study, themes, h, moment)
    offers = [
        Offer(one.field, one.words, one.why, one.notes)
        for one in propose(themes, h, study.quarter)
        if one.field in PROPOSED
    ]
    offers += _offer_slices(themes, h) if not h.slice else []
    offers += [
        Offer("risks", _as_written(one), "this week it blocks" if one.source == "week" else f"{h.bet} waits for it")
        for one in ready.concerns
        if one.source != "hypothesis"
    ]
    offers += [Offer("logging", text, why) for text, why in offer_logging(h)]
    if not h.owner:
        bet = next((bet for bet in study.bets if bet.id == h.bet and bet.owner), None)
        offers += [Offer("owner", bet.owner, f"owns {bet.id}")] if bet else []
    locked = MAY_NOT_MOVE if h.status not in BEFORE else ()
    return [one for one in dict.fromkeys(offers) if one.field not in locked]


def offer_logging(hypothesis: Hypothesis) -> list[tuple[str, str]]:
    """What has to be logged and is named nowhere yet: exposure, the metric, each guardrail.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    list of (str, str)
        What could be written, and why; nothing as long as there is neither a metric nor a guardrail.

    Examples
    --------
    >>> [text for text, _ in offer_logging(Hypothesis("H-1", "draft", metric="Activation"))]
    ['who has the change and who has not, each with the day on which it began', 'Activation']
    """
    offers = {
        "exposure": lambda _: (EXPOSURE, "without it nobody knows whom the change has reached"),
        "metric": lambda _: (hypothesis.metric or "", "what the result is read from"),
        "guardrail": lambda name: (name, "a guardrail without a number from before cannot stop anything"),
    }
    return [offers[one.kind](one.what) for one in _logs(hypothesis) if not one.named]


def _offer_slices(themes: Themes, h: Hypothesis) -> Iterator[Offer]:
    """One step of the change; one segment of those behind it."""
    steps = [step.strip() for step in _STEP.split(h.change or "") if step.strip()]
    if len(steps) > 1:
        yield Offer("slice", f"Only: {steps[0]}", f"the first of {len(steps)} steps of the change")
    behind = themes.notes[themes.notes["note"].isin(h.evidence)].astype({"customer": str, "segment": str})
    people = behind[behind["segment"] != ""].drop_duplicates("customer")
    sizes = people["segment"].value_counts()
    if len(sizes) > 1:
        segment = min(sizes.index, key=lambda name: (-sizes[name], name))
        notes = tuple(people.loc[people["segment"] == segment, "note"][:3])
        yield Offer("slice", f"Only for {segment}", f"{sizes[segment]} of {len(people)} customers behind it are of this segment", notes)  # fmt: skip


def _as_written(one: Concern) -> str:
    day = one.day if is_day(one.day) or not one.day else f"by {one.day}"
    behind = ", ".join(filter(None, (one.who, day)))
    return f"{one.what}: {behind}" if behind else one.what
