"""What is wrong with decisions: nothing to choose from, no day to look again, evidence that is not what it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from workbench.checks.case import Case
from workbench.checks.rule import At, rule
from workbench.records import Decision, find_successors, seal_decision
from workbench.records.typed import fold_sentence
from workbench.rituals.decisions import cite_behind

__all__: list[str] = []


def _decided(case: Case) -> list[Decision]:
    return [decision for decision in case.study.decisions if decision.status == "decided"]


def _line(decision: Decision, field: str) -> int:
    return decision.lines.get(field, decision.lines.get("status", 1))


@rule(
    "decision-chosen-not-an-option",
    "error",
    why="What was chosen and never stood among the options was not compared with anything.",
    fix="write one of the options, word for word",
)
def _chosen_not_an_option(case: Case) -> Iterator[At]:
    for decision in _decided(case):
        options = {fold_sentence(option) for option in decision.options}
        if not decision.chosen:
            yield At(
                decision.file, _line(decision, "chosen"), f"{decision.id} is decided and does not say what was chosen"
            )
        elif options and fold_sentence(decision.chosen) not in options:
            what = f"{decision.id} chose {decision.chosen!r}, which is not among its options"
            yield At(decision.file, _line(decision, "chosen"), what)


@rule(
    "decision-too-few-options",
    "error",
    why="With one option there is nothing to decide; doing nothing is always another.",
    fix="write at least two, doing nothing among them",
)
def _too_few_options(case: Case) -> Iterator[At]:
    for decision in case.study.decisions:
        if (
            decision.status in ("proposed", "decided")
            and len({fold_sentence(option) for option in decision.options}) < 2
        ):
            n = len(decision.options)
            what = f"{decision.id} has {'no options' if not n else 'one option' if n == 1 else 'options that are all the same'}"
            yield At(decision.file, _line(decision, "options"), what)


@rule(
    "decision-no-review",
    "error",
    why="A decision that is never looked at again outlives its reasons.",
    fix="write the day on which you look again, such as  review: 2027-01-15",
)
def _no_review(case: Case) -> Iterator[At]:
    for decision in _decided(case):
        if not decision.review:
            yield At(
                decision.file, _line(decision, "review"), f"{decision.id} has no day on which it is looked at again"
            )
        elif decision.date and decision.review <= decision.date:
            what = f"{decision.id} is to be looked at again on {decision.review}, and was decided on {decision.date}"
            yield At(decision.file, _line(decision, "review"), what, "write a later day")


@rule(
    "decision-no-owner",
    "error",
    why="A decision that nobody made can be neither asked about nor changed.",
    fix="write one name behind  owner:, and the day behind  date:",
)
def _no_owner(case: Case) -> Iterator[At]:
    for decision in _decided(case):
        for name, what in (("owner", "who decided"), ("date", "when")):
            if not getattr(decision, name):
                yield At(decision.file, _line(decision, name), f"{decision.id} does not say {what}")


@rule(
    "decision-no-reason",
    "warning",
    why="Without its reason nobody can tell when a decision has become wrong.",
    fix="write the reason behind  why:",
)
def _no_reason(case: Case) -> Iterator[At]:
    for decision in _decided(case):
        if not decision.why:
            yield At(decision.file, _line(decision, "why"), f"{decision.id} does not say why")


@rule(
    "evidence-changed",
    "warning",
    why="A decision stands on what was known on its day; when that is gone or reworded, it stands on air.",
    fix="look at it again: mend the evidence and the count, or supersede the decision",
)
def _evidence_changed(case: Case) -> Iterator[At]:
    hypotheses = {hypothesis.id: hypothesis for hypothesis in case.study.hypotheses}
    for decision in _decided(case):
        cited = [note for note in (*decision.evidence, *decision.against) if note in case.customer_of]
        silent = sorted({case.customer_of[note] for note in cited if note not in case.counting})
        if silent:
            what = f"{decision.id} rests on words of {', '.join(silent)} that do not count any more"
            yield At(decision.file, _line(decision, "evidence"), what)
        for id_ in decision.hypotheses:
            closed = hypotheses.get(id_)
            since = closed and (not closed.closed or not decision.date or closed.closed > decision.date)
            if closed and closed.status in ("refuted", "dropped") and since:
                what = f"{decision.id} rests on {id_}, which has been {closed.status} since"
                yield At(decision.file, _line(decision, "hypotheses"), what)


@rule(
    "count-not-in-records",
    "error",
    why="A count that the notes do not give is an opinion with a number on it.",
    fix="write what the notes give, or name the notes that are missing",
)
def _count_not_in_records(case: Case) -> Iterator[At]:
    for decision in case.study.decisions:
        if decision.status == "dropped" or decision.customers is None:
            continue
        notes = cite_behind(case.study, decision)
        n, of = decision.customers
        found = len(case.customers_of(notes))
        # What its hypotheses have been given since it was decided makes the count of that day no error.
        then = len(case.customers_of(note for note in notes if not _is_later(case, note, decision.date)))
        what = ""
        if not then <= n <= found:
            what = f"{decision.id} counts {n} customers, and its notes are of {found if n > found else then}"
        elif of is not None and of < n:
            what = f"{decision.id} counts {n} of {of} customers, which cannot be"
        elif of is not None and of > case.n_customers:
            what = f"{decision.id} counts {n} of {of} customers, and there are {case.n_customers}"
        if what:
            yield At(decision.file, _line(decision, "customers"), what)


@rule(
    "superseded-without-successor",
    "warning",
    why="Who finds the old decision must find the new one.",
    fix="write  supersedes: with its id  into the decision that took its place",
)
def _superseded_without_successor(case: Case) -> Iterator[At]:
    named = find_successors(case.study.decisions)
    for decision in case.study.decisions:
        if decision.status == "superseded" and decision.id not in named:
            yield At(
                decision.file,
                _line(decision, "status"),
                f"{decision.id} is superseded, and no decision that was made says by it",
            )
    status = {decision.id: decision for decision in case.study.decisions}
    for decision in _decided(case):
        old = status.get(decision.supersedes)
        if old and old.status == "decided":
            what = f"{decision.id} supersedes {old.id}, which still says it is decided"
            yield At(old.file, _line(old, "status"), what, "set its  status: superseded")


@rule(
    "decision-rewritten",
    "error",
    why="Who was told of a decision was told of another one, and nobody can see when it changed.",
    fix="put back what was decided, and write what you think now as another:  workbench decide --supersedes",
)
def _rewritten(case: Case) -> Iterator[At]:
    for decision in case.study.decisions:
        made = decision.status in ("decided", "superseded")
        if made and decision.agreed and decision.agreed != seal_decision(decision):
            what = f"{decision.id} is not as it was decided: its question, options, choice, reason, day, owner or count has changed since"
            yield At(decision.file, _line(decision, "agreed"), what)


@rule(
    "decision-nobody-asked",
    "note",
    why="Who sees a decision for the first time in the meeting can only put it off.",
    fix="show its page to those who decide, and write how each stands to it, such as  - Priya Nair: for, 2026-11-18",
)
def _nobody_asked(case: Case) -> Iterator[At]:
    soon = (case.today + timedelta(7)).isoformat()
    for decision in case.study.decisions:
        asked = decision.stances or decision.consulted
        if decision.status == "proposed" and decision.due and decision.due <= soon and not asked:
            what = f"{decision.id} is needed by {decision.due}, and nobody has seen it"
            yield At(decision.file, _line(decision, "due"), what)


def _is_later(case: Case, note: str, day: str | None) -> bool:
    """Whether a note is of a call after a day."""
    return bool(day) and case.day_of.get(note, "") > day
