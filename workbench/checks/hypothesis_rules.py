"""What is wrong with hypotheses: what nobody could test, what nobody sees to, what closed without a word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from workbench.checks.case import Case
from workbench.checks.rule import At, rule
from workbench.hypotheses import Finding, sample_size
from workbench.hypotheses.readings import compare_result
from workbench.records import Hypothesis
from workbench.records.hypothesis import MAY_NOT_MOVE
from workbench.records.typed import is_day, week_of

__all__: list[str] = []

OPEN = ("draft", "ready", "running")
CLOSED = ("supported", "refuted")
# A Tuesday yields one or two hypotheses; more are not tested.
MOST_A_WEEK = 2
# These have codes of their own.
_APART = ("guardrails-none", "guardrail-name", "guardrail-limit", "deadline-open", "deadline-day", "evidence-one",
          "evidence-none")  # fmt: skip


def _line(hypothesis: Hypothesis, field: str) -> int:
    return hypothesis.lines.get(field.split(".")[0], hypothesis.lines.get("status", 1))


def _holes(case: Case, is_one: Callable[[Finding], bool], *, with_todo: bool = False) -> Iterator[At]:
    """What keeps hypotheses that have begun from being tested, of one sort; with each finding's own advice, or the rule's."""
    for hypothesis, findings in case.begun:
        for finding in filter(is_one, findings):
            what = f"{hypothesis.id} is {hypothesis.status}: {_said(finding.what)}"
            yield At(hypothesis.file, _line(hypothesis, finding.field), what, _said(finding.todo) if with_todo else "")


def _has_no_rule_of_its_own(finding: Finding) -> bool:
    return (
        finding.blocks and finding.rule not in _APART and not finding.rule.startswith(("owner", "learning", "breach"))
    )


@rule(
    "hypothesis-not-falsifiable",
    "error",
    why="What no result could prove wrong is no hypothesis, and a test of it only costs time.",
    fix="write what is missing, or set  status: draft",
)
def _not_falsifiable(case: Case) -> Iterator[At]:
    yield from _holes(case, _has_no_rule_of_its_own, with_todo=True)


@rule(
    "hypothesis-no-guardrail",
    "error",
    why="Without a limit on what must not get worse, a gain can be bought with harm that nobody sees.",
    fix="name what must not get worse, with a number",
)
def _no_guardrail(case: Case) -> Iterator[At]:
    yield from _holes(case, lambda finding: finding.rule.startswith("guardrail"))


@rule(
    "hypothesis-no-end",
    "error",
    why="A test without an end is looked at when the number happens to be good.",
    fix="write the day on which you look, such as  deadline: 2027-02-26",
)
def _no_end(case: Case) -> Iterator[At]:
    yield from _holes(case, lambda finding: finding.rule in ("deadline-open", "deadline-day"))


@rule(
    "hypothesis-no-owner",
    "error",
    why="What nobody sees to is not tested.",
    fix="write one name behind  owner:",
)
def _no_owner(case: Case) -> Iterator[At]:
    for hypothesis, _ in case.begun:
        if not hypothesis.owner:
            what = f"{hypothesis.id} is {hypothesis.status} and nobody sees to it"
            yield At(hypothesis.file, _line(hypothesis, "owner"), what)


@rule(
    "hypothesis-no-evidence",
    "error",
    why="What no customer said is a hunch, and should be called one.",
    fix="add the note in which a customer says so, or set  status: draft",
)
def _no_evidence(case: Case) -> Iterator[At]:
    for hypothesis, _ in case.begun:
        if not hypothesis.n_customers:
            listed = "none of its notes counts" if hypothesis.evidence else "it has no evidence"
            yield At(
                hypothesis.file, _line(hypothesis, "evidence"), f"{hypothesis.id} is {hypothesis.status} and {listed}"
            )


@rule(
    "rests-on-one-customer",
    "warning",
    why="One customer may be an exception, however loud.",
    fix="ask another customer before building on it",
)
def _rests_on_one(case: Case) -> Iterator[At]:
    evidence = {hypothesis.id: hypothesis.evidence for hypothesis in case.study.hypotheses}
    for record in [*(one for one, _ in case.begun), *(one for one in case.study.decisions if one.status == "decided")]:
        # A decision rests on what its hypotheses rest on, too.
        named = [
            *record.evidence,
            *(note for id_ in getattr(record, "hypotheses", ()) for note in evidence.get(id_, ())),
        ]
        behind = case.customers_of(named)
        if len(behind) == 1:
            what = f"{record.id} rests on one customer, {min(behind)}"
            field = "evidence" if record.evidence else "hypotheses"
            yield At(record.file, record.lines.get(field, record.lines.get("evidence", 1)), what)


@rule(
    "too-many-hypotheses",
    "warning",
    why="A week yields one or two hypotheses that anybody tests; the others only look busy.",
    fix="keep the two with the most evidence, and set  status: dropped  in the others",
)
def _too_many_hypotheses(case: Case) -> Iterator[At]:
    weeks: dict[str, list[Hypothesis]] = defaultdict(list)
    for hypothesis in case.study.hypotheses:
        if hypothesis.status in OPEN and hypothesis.made:
            weeks[week_of(hypothesis.made)].append(hypothesis)
    for week, found in sorted(weeks.items()):
        for hypothesis in sorted(found, key=lambda one: (one.made, one.id))[MOST_A_WEEK:]:
            what = f"{hypothesis.id} is one of {len(found)} open hypotheses of week {week}"
            yield At(hypothesis.file, _line(hypothesis, "made"), what)


@rule(
    "closed-without-result",
    "error",
    why="Shipped is not done: without a measured result nobody knows whether it was right.",
    fix="write what was measured behind  result:",
)
def _closed_without_result(case: Case) -> Iterator[At]:
    for hypothesis in case.study.hypotheses:
        if hypothesis.status in CLOSED and not hypothesis.result:
            what = f"{hypothesis.id} is called {hypothesis.status} and has no measured result"
            yield At(hypothesis.file, _line(hypothesis, "status"), what)
    for bet in case.study.bets:
        if bet.status == "done" and not bet.result:
            what = f"{bet.id} is called done and has no measured result"
            yield At(bet.file, bet.lines.get("status", 1), what, "write what was measured, or set  status: shipped")


@rule(
    "closed-without-learning",
    "error",
    why="What was learned is lost when only the verdict is kept.",
    fix="fill in the learning card: believed, observed, learned, therefore",
)
def _closed_without_learning(case: Case) -> Iterator[At]:
    for hypothesis in case.study.hypotheses:
        missing = [name for name in ("believed", "observed", "learned", "therefore") if not getattr(hypothesis, name)]
        if hypothesis.status in CLOSED and missing:
            what = f"{hypothesis.id} is called {hypothesis.status} and its learning card lacks {', '.join(missing)}"
            yield At(hypothesis.file, _line(hypothesis, "status"), what)


@rule(
    "verdict-against-result",
    "warning",
    why="A verdict that its own number contradicts is a wish, and the next plan is built on it.",
    fix="set the status that the number gives, or write behind  result:  the number that the verdict rests on, first",
)
def _verdict_against_result(case: Case) -> Iterator[At]:
    for hypothesis in case.study.hypotheses:
        found = compare_result(hypothesis) if hypothesis.status in CLOSED else None
        if found and found.reached != (hypothesis.status == "supported"):
            does = "reaches" if found.reached else "does not reach"
            what = f"{hypothesis.id} is called {hypothesis.status}, and its result, {found.measured}, {does} its target of {found.target}"
            yield At(hypothesis.file, _line(hypothesis, "result"), what)


@rule(
    "closed-before-deadline",
    "warning",
    why="Who stops when the number happens to be good finds effects where there are none.",
    fix="let it run to its deadline, or write into discovery/checks.yaml why it could not wait",
)
def _closed_before_deadline(case: Case) -> Iterator[At]:
    for hypothesis in case.study.hypotheses:
        closed, due = hypothesis.closed, hypothesis.deadline
        if hypothesis.status in CLOSED and closed and due and is_day(due) and closed < due:
            days = (date.fromisoformat(due) - date.fromisoformat(closed)).days
            what = f"{hypothesis.id} was closed {days} day{'' if days == 1 else 's'} before its deadline"
            yield At(hypothesis.file, _line(hypothesis, "closed"), what)


@rule(
    "guardrail-not-reported",
    "note",
    why="A gain is only one when what must not get worse did not; nobody knows while nobody says.",
    fix="write what it did into  result:,  observed:  or  learned:",
)
def _guardrail_not_reported(case: Case) -> Iterator[At]:
    for hypothesis in case.study.hypotheses:
        names = [guardrail.name for guardrail in hypothesis.guardrails if guardrail.name]
        said = _stems(" ".join(filter(None, (hypothesis.result, hypothesis.observed, hypothesis.learned))))
        # What the test is about is named anyway: of a guardrail it says nothing.
        about = _stems(" ".join(filter(None, (hypothesis.change, hypothesis.segment, hypothesis.metric))))
        mentioned = "guard" in said or any((_stems(name) - about or _stems(name)) & said for name in names)
        if hypothesis.status == "supported" and names and said and not mentioned:
            one = f"the guardrail “{names[0]}”" if len(names) == 1 else f"the guardrails, such as “{names[0]}”,"
            what = f"{hypothesis.id} is called supported, and nothing says what {one} did"
            yield At(hypothesis.file, _line(hypothesis, "guardrails"), what)


@rule(
    "supported-with-breach",
    "error",
    why="A gain that is paid for with what must not get worse is none, and the next plan is built on it.",
    fix="set  status: refuted, or test it again with the harm mended",
)
def _supported_with_breach(case: Case) -> Iterator[At]:
    for hypothesis in case.study.hypotheses:
        if hypothesis.status == "supported" and hypothesis.breached:
            what = f"{hypothesis.id} is called supported, and a guardrail was broken: {'; '.join(hypothesis.breached)}"
            yield At(hypothesis.file, _line(hypothesis, "breached"), what)


@rule(
    "running-before-ready",
    "error",
    why="What is not logged from the first day cannot be read on the last, and a test without a first day has no length.",
    fix="set  status: ready, write what must be logged behind  logging:  and the first day behind  started:, and start",
)
def _running_before_ready(case: Case) -> Iterator[At]:
    """Of what must stand before a start; all else that is open has rules of its own."""
    for hypothesis in case.study.hypotheses:
        named = {"what is logged": hypothesis.logging, "the day of its start": hypothesis.started}
        missing = [name for name, value in named.items() if not value]
        if hypothesis.status == "running" and missing:
            what = f"{hypothesis.id} is running without {' and '.join(missing)}"
            yield At(hypothesis.file, _line(hypothesis, "status"), what)


@rule(
    "test-too-small",
    "warning",
    why="A test with too few customers comes out as chance has it, and costs as much as one that could tell.",
    fix="try a larger change, look later, measure something that comes oftener, or watch five customers use it instead of a test",
)
def _test_too_small(case: Case) -> Iterator[At]:
    """Only where the record says how many come or there are, and the size can be read in one way: nothing is guessed."""
    for hypothesis in case.study.hypotheses:
        if hypothesis.status not in ("ready", "running") or not (hypothesis.traffic or hypothesis.customers):
            continue
        need = sample_size(hypothesis, start=hypothesis.started or case.today.isoformat())
        if need.n_per_arm and need.choices[0].enough is False:
            gets = (
                f"at {hypothesis.traffic} gets {need.per_arm:,} until {need.until}"
                if need.until
                else f"there are {need.per_arm:,} for it"
            )
            what = (
                f"{hypothesis.id} is {hypothesis.status}: each of its two groups needs {need.n_per_arm:,}, and {gets}"
            )
            yield At(hypothesis.file, _line(hypothesis, "traffic" if need.until else "customers"), what)


@rule(
    "goalposts-moved",
    "error",
    why="A result is read by what was agreed before the start; where that moves meanwhile, any result can be made to fit.",
    fix="put back what stood there at the start (git has it), or end this test and begin another",
)
def _goalposts_moved(case: Case) -> Iterator[At]:
    for hypothesis in case.study.hypotheses:
        if hypothesis.status in ("running", *CLOSED) and hypothesis.has_moved:
            named = ", ".join(name.replace("_", " ") for name in MAY_NOT_MOVE)
            what = f"{hypothesis.id} is not what was agreed at its start: one of {named} was changed since"
            yield At(hypothesis.file, _line(hypothesis, "agreed"), what)


@rule(
    "hypothesis-overdue",
    "warning",
    why="A deadline that passes without a look teaches everybody that deadlines mean nothing.",
    fix="write the result, or a new day and why",
)
def _hypothesis_overdue(case: Case) -> Iterator[At]:
    for hypothesis in case.study.hypotheses:
        due = hypothesis.deadline
        if hypothesis.status == "running" and due and is_day(due) and date.fromisoformat(due) < case.today:
            yield At(hypothesis.file, _line(hypothesis, "deadline"), f"{hypothesis.id} was to be looked at on {due}")


@rule(
    "against-not-looked-for",
    "warning",
    why="Who looks only for what agrees will find it.",
    fix="look among the notes for somebody who has no such trouble; if there is none, write  looked_for_against: and the day",
)
def _against_not_looked_for(case: Case) -> Iterator[At]:
    for hypothesis, _ in case.begun:
        if not hypothesis.against and not hypothesis.looked_for_against:
            what = f"{hypothesis.id} is {hypothesis.status} and nobody has looked for evidence against it"
            yield At(hypothesis.file, _line(hypothesis, "against"), what)


def _said(sentence: str) -> str:
    """A sentence of a finding as part of a longer one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".") if sentence[1:2].islower() else sentence.rstrip(".")


def _stems(text: str) -> set[str]:
    """The beginnings of a text's longer words: "unsubscribed" is "unsubscribes"."""
    return {word[:5] for word in re.findall(r"[^\W\d_]{4,}", text.casefold())}
