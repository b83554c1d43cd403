"""What is wrong with weeks: too few customers, too much planned, learned from nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from workbench.checks.case import Case
from workbench.checks.rule import At, rule
from workbench.readouts.quoted import REFERENCE
from workbench.records import Week
from workbench.records.typed import is_nothing, is_week, week_of, week_start
from workbench.rituals import Moment, last_day
from workbench.rituals.backlog import find_unfounded, shifted_between
from workbench.rituals.capacity import measure_capacity

__all__: list[str] = []

FEWEST_TOUCHPOINTS = 3
MOST_OUTCOMES = 2
DAYS_BACK = 28
_SOURCE = re.compile(rf"{REFERENCE}|\b[HDB]-[0-9a-f]{{4,}}|\bC-[0-9a-f]{{6}}\b|https?://\S")
_LINK = re.compile(r"[\w.-]+#[0-9a-f]{8}(?:-\d+)?|\b[HDB]-[0-9a-f]{4,}|\bC-[0-9a-f]{6}\b")


@rule(
    "too-few-touchpoints",
    "warning",
    why="Fewer than three customers a week, and a month's plans rest on four conversations.",
    fix="book another call with a customer of whom you have not heard",
)
def _too_few_touchpoints(case: Case) -> Iterator[At]:
    calls = case.study.calls
    days = calls.loc[calls["counted"], ["date", "customer", "file"]].dropna(subset=["date"])
    # A table of notes has a few hundred days and as many customers a day as there are: the week is told once a day.
    weeks_of = {day: week_of(day) for day in days["date"].drop_duplicates()}
    by_week = days.groupby(days["date"].map(weeks_of))
    heard, file_of = by_week["customer"].nunique().to_dict(), by_week["file"].last().to_dict()
    weeks = {week.id: week for week in case.study.weeks}
    # Where no week is written down, the last one that had a call is looked at and those before it are let be.
    over = [week for week in {*weeks, *heard} if (monday := week_start(week)) and monday + timedelta(7) <= case.today]
    # What is a month ago nobody can mend any more.
    recent = case.today - timedelta(7 + DAYS_BACK)
    asked = [week for week in over if week in weeks and week_start(week) >= recent]
    asked = asked or ([] if weeks else sorted(over)[-1:])
    for week in sorted(asked):
        n = heard.get(week, 0)
        if n < FEWEST_TOUCHPOINTS:
            said = "no customer" if not n else f"{n} customer{'' if n == 1 else 's'}"
            file = weeks[week].file if week in weeks else file_of[week]
            yield At(file, weeks[week].lines.get("touchpoints", 1) if week in weeks else 1, f"{week}: talked to {said}")


@rule(
    "too-many-outcomes",
    "error",
    why="A week with more than two outcomes has none that comes first.",
    fix="keep two, and move the others to  next:",
)
def _too_many_outcomes(case: Case) -> Iterator[At]:
    for week in case.study.weeks:
        if len(week.outcomes) > MOST_OUTCOMES:
            yield At(week.file, week.lines.get("outcomes", 1), f"{week.id} is for {len(week.outcomes)} outcomes")


@rule(
    "planned-more-than-finished",
    "warning",
    why="A plan larger than what is usually finished is a wish, and moves everything behind it.",
    fix="plan what is usually finished, and move the rest to  next:",
)
def _planned_more_than_finished(case: Case) -> Iterator[At]:
    today = case.today.isoformat()
    for week in case.study.weeks:
        if not week.planned or not is_week(week.id) or last_day(week.id) < today:
            continue
        capacity = measure_capacity(case.study, Moment(week.id, today))
        if capacity.too_much:
            what = f"{week.id} plans {capacity.planned} things; finished: {capacity.said}"
            yield At(week.file, week.lines.get("planned", 1), what)


@rule(
    "learned-from-nowhere",
    "warning",
    why="What cannot be followed back to a customer or a number was not learned, it was thought.",
    fix="name what it rests on: the note (its id), the record (such as H-3fa9c1), or the page with the number (https://…)",
)
def _learned_from_nowhere(case: Case) -> Iterator[At]:
    calls = set(case.study.calls["call"])
    for week in case.study.weeks:
        for said in week.learned:
            if not is_nothing(said) and not _SOURCE.search(said) and not any(call in said for call in calls):
                yield At(
                    week.file, _item_line(case, week, said), f"{week.id} learned {said!r}, from nothing that is named"
                )


@rule(
    "learned-is-gone",
    "error",
    why="A line that leads nowhere proves nothing.",
    fix="name a note or a record that is there",
)
def _learned_is_gone(case: Case) -> Iterator[At]:
    ids = {record.id for record in [*case.study.hypotheses, *case.study.decisions, *case.study.bets]}
    for week in case.study.weeks:
        for said in week.learned:
            for link in _LINK.findall(said):
                if not link.startswith("C-") and link not in ids and link not in case.customer_of:
                    yield At(week.file, _item_line(case, week, said), f"{link!r} is neither a note nor a record")


@rule(
    "work-without-record",
    "error",
    why="What is in the order of work and in no record has no outcome, no owner, and no day on which anybody looks at it.",
    fix="write the id of a hypothesis or a bet, make a record of it first, or take it out",
)
def _work_without_record(case: Case) -> Iterator[At]:
    ids = {record.id for record in [*case.study.hypotheses, *case.study.bets]}
    for week in case.study.weeks:
        for id_, _ in week.backlog:
            if id_ not in ids and not is_nothing(id_):
                line = _item_line(case, week, id_, "backlog")
                yield At(
                    week.file, line, f"{week.id} has {id_!r} in its order of work, which is no hypothesis and no bet"
                )


@rule(
    "moved-without-cause",
    "warning",
    why="An order of work that changes without a reason changes back next week.",
    fix="write behind its id what moved it (H-3fa9c1: 2 more customers), or put it back",
)
def _moved_without_cause(case: Case) -> Iterator[At]:
    weeks = sorted((week for week in case.study.weeks if is_week(week.id) and week.backlog), key=lambda week: week.id)
    for before, week in pairwise(weeks):
        shifted = shifted_between(case.study, last_day(before.id), last_day(week.id))
        for id_ in find_unfounded([one for one, _ in before.backlog], week.backlog, shifted):
            line = _item_line(case, week, id_, "backlog")
            yield At(week.file, line, f"{week.id} has {id_} at another place than {before.id}, and nothing says why")


def _item_line(case: Case, week: Week, item: str, field: str = "learned") -> int:
    """The line of an item of a list, or that of the list."""
    first = week.lines.get(field, 1)
    rows = case.study.texts.get(week.file, "").split("\n")
    return next((i for i, row in enumerate(rows, 1) if i > first and item[:40] in " ".join(row.split())), first)
