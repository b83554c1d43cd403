"""What is wrong with records as such: what cannot be read, leads nowhere, or is there twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches

from workbench.checks.case import Case
from workbench.checks.rule import At, rule
from workbench.our_words import tell_ours
from workbench.records import Quarter, kind_of

__all__: list[str] = []

# "guardrail" for "guardrails", "reveiw" for "review"; not "notes" for "needs".
NEAR = 0.8
_QUARTER = ("version", *(one.name for one in fields(Quarter) if one.name not in ("file", "lines")))
_NOTE = re.compile(r"(?P<call>.+)#[0-9a-f]{8}(?:-\d+)?")


@rule(
    "record-unreadable",
    "error",
    why="What cannot be read does not count, though it stands there.",
    fix="write it as accepted",
)
def _record_unreadable(case: Case) -> Iterator[At]:
    for problem in case.study.problems:
        if problem.file.startswith("discovery/"):
            yield At(problem.file, problem.line, problem.what, problem.todo)


@rule(
    "call-odd",
    "warning",
    why="A call that is read leniently may be read wrongly.",
    fix="mend it",
)
def _call_odd(case: Case) -> Iterator[At]:
    notes = case.study.notes
    ours = notes[notes["ours"] != ""]  # which quote-is-ours says
    said = set(map(tell_ours, ours["text"], ours["ours"]))
    for problem in case.study.problems:
        if not problem.file.startswith("discovery/") and problem.what not in said:
            yield At(problem.file, problem.line, problem.what, problem.todo)


@rule(
    "record-undated",
    "note",
    why="Who looks back to a day cannot tell whether a record without one was known then.",
    fix="write the day on which it was first written down, such as  made: 2026-11-17",
)
def _record_undated(case: Case) -> Iterator[At]:
    """Of those that are at work: what is over needs no hint any more."""
    study, over = case.study, ("done", "dropped", "superseded", "supported", "refuted")
    for record in (*study.bets, *study.decisions, *study.hypotheses):
        if not record.made and record.status not in over and record.file not in case.broken:
            line = record.lines.get("made", record.lines.get("status", 1))
            yield At(record.file, line, f"{record.id} does not say on which day it was written down")


@rule(
    "field-misspelt",
    "warning",
    why="A field under another name is kept and never read, as if it were not there.",
    fix="write the field's name as the workbench knows it",
)
def _field_misspelt(case: Case) -> Iterator[At]:
    """Fields that are no record's, and all but the same as one that is missing; any other is the PM's own."""
    for record in [case.study.quarter, *_records(case)]:
        kind = kind_of(record.file)
        known = set(kind.known if kind else _QUARTER)
        missing = sorted(known - set(record.lines))
        for name, line in record.lines.items():
            if name not in known and not _is_within(name, known):
                near = [field for field in missing if _plain(field) == _plain(name)] or get_close_matches(
                    _plain(name), missing, 1, NEAR
                )
                if near:
                    yield At(record.file, line, f"{name!r} is no field of a record", f"write  {near[0]}:")


@rule(
    "duplicate-id",
    "error",
    why="A link to an id that two records have leads to neither.",
    fix="give one of them another id: its letter and six other hex digits",
)
def _duplicate_id(case: Case) -> Iterator[At]:
    files: dict[str, list[str]] = defaultdict(list)
    line = {}
    for record in _records(case):
        files[record.id].append(record.file)
        line[record.file] = record.lines.get("id", 1)
    for id_, found in sorted(files.items()):
        for file in sorted(found)[1:]:
            todo = "" if "-W" not in id_ else "keep a week in one file"
            yield At(file, line[file], f"{id_} is the id of {sorted(found)[0]} too", todo)


@rule(
    "link-broken",
    "error",
    why="A link that leads nowhere proves nothing.",
    fix="write the id of a record that is there, or take the link out",
)
def _link_broken(case: Case) -> Iterator[At]:
    ids = {record.id for record in _records(case)}
    for record in _records(case):
        for name in ("hypotheses", "bet", "decision", "supersedes"):
            value = getattr(record, name, ())
            for link in (value,) if isinstance(value, str) else value:
                if link and link not in ids:
                    todo = f"write a list, such as  {name}: [{link}]" if name == "hypotheses" and "," in link else ""
                    yield At(record.file, record.lines.get(name, 1), f"there is no {link}", todo)
    quarter = case.study.quarter
    for bet in quarter.bets:
        # Its name may stand behind it.
        if (found := re.match(r"B-[0-9a-f]{4,}\b", bet)) and found[0] not in ids:
            yield At(quarter.file, quarter.lines.get("bets", 1), f"there is no {found[0]}")


@rule(
    "evidence-gone",
    "error",
    why="A note's id holds a mark of its words: one that is not found was reworded or removed since somebody relied on it.",
    fix="name the note by its present id (workbench search finds it), or take it out",
)
def _evidence_gone(case: Case) -> Iterator[At]:
    calls = set(case.study.calls["call"])
    for record in [*case.study.hypotheses, *case.study.decisions]:
        if getattr(record, "status", "") in ("dropped", "superseded"):
            continue
        for name in ("evidence", "against"):
            for note in getattr(record, name):
                if note in case.customer_of:
                    continue
                found = _NOTE.fullmatch(note)
                why = "is no note's id" if not found else (
                    "has been reworded or removed" if found["call"] in calls else f"is of a call that is not there, {found['call']}"
                )  # fmt: skip
                yield At(record.file, _item_line(case, record, name, note), f"{note} {why}")


def _is_within(name: str, known: set[str]) -> bool:
    """Whether it stands within a known field, such as a segment's name within the segments."""
    return any(name.startswith(f"{field}.") for field in known)


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _records(case: Case) -> list:
    study = case.study
    return [*study.bets, *study.decisions, *study.hypotheses, *study.weeks]


def _item_line(case: Case, record, name: str, item: str) -> int:
    """The line of an item of a list, where it has one."""
    first = record.lines.get(name, 1)
    rows = case.study.texts.get(record.file, "").split("\n")
    return next((i for i, row in enumerate(rows, 1) if i >= first and item in row), first)
