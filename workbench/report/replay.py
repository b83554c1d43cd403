"""A workspace as it was, to make the report from what was known then; and which decisions stand on less today.

Calls, notes and records are those of then. Who a customer is, what they agreed to and what stands for their names is
today's: consent that was withdrawn since holds for an old report as well.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.customers import count_customers, who_counts
from workbench.errors import InputError
from workbench.frontmatter import set_fields
from workbench.history import workspace_at
from workbench.records.typed import is_day
from workbench.report.cite import first_few, plural
from workbench.store import append_records, read_ledger, read_text
from workbench.study import read_study
from workbench.themes.ledger import LEDGER_FILE

if TYPE_CHECKING:
    from workbench.records import Bet, Decision, Hypothesis, Week
    from workbench.study import Study

__all__ = ["Weakened", "find_weakened", "workspace_then"]

REGISTRY = "discovery/customers.yaml"


@contextmanager
def workspace_then(study: Study, at: str) -> Iterator[Path]:
    """A copy of a workspace with what was known then.

    At a git revision, files are as git has them. On a day, calls after it are left out, as are records made after it and
    what records say of later days; what was changed within a file cannot be told by its days, so a revision is exact and
    a day is not. Calls and records without a day stay.

    Parameters
    ----------
    study : Study
        The workspace today.
    at : str
        A day, ``YYYY-MM-DD``, the last that was known; or a git revision such as ``HEAD~3``.

    Yields
    ------
    pathlib.Path
        A folder that is gone afterwards.

    Raises
    ------
    InputError
        When git knows no such revision, or the day lies before the first call.
    """
    if is_day(at):
        with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
            then = Path(folder)
            _copy_until(study, at, then)
            _write_todays_rules(study, then)
            yield then
        return
    with workspace_at(study.root, at) as then:
        _write_todays_rules(study, then)
        yield then


def _copy_until(study: Study, day: str, then: Path) -> None:
    """Copy what was known on a day."""
    dates = ["" if one != one else f"{one:%Y-%m-%d}" for one in study.calls["date"]]
    known = {call for call, one in zip(study.calls["call"], dates, strict=True) if one <= day}
    later = set(study.calls["call"]) - known
    if not known:
        first = min([one for one in dates if one], default="")
        instead = f"the first call is of {first}" if first else "there is no call yet"
        raise InputError(f"nothing was known on {day}: {instead}; give a later day")
    (then / "interviews").mkdir()
    for call, file in zip(study.calls["call"], study.calls["file"], strict=True):
        if call in known:
            target = then / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(study.root / file, target)
    (then / "discovery").mkdir()
    for name in ("quarter.md", "guide.md"):
        if (study.root / "discovery" / name).is_file():
            shutil.copyfile(study.root / "discovery" / name, then / "discovery" / name)
    for records, change in ((study.bets, _bet_on), (study.decisions, _decision_on), (study.hypotheses, _hypothesis_on), (study.weeks, _week_on)):  # fmt: skip
        for record in records:
            values = change(record, day, lambda note: note.partition("#")[0] not in later)
            if values is not None:
                target = then / record.file
                target.parent.mkdir(parents=True, exist_ok=True)
                text = read_text(study.root / record.file)
                target.write_text(set_fields(text, values) if values else text, "utf-8")
    if (study.root / LEDGER_FILE).is_file():
        append_records(then, [record for record in read_ledger(study.root).records if record.date <= day])


def _write_todays_rules(study: Study, then: Path) -> None:
    """Customers, consent and the salt as they are today, and nobody quoted who is not in the workspace any more."""
    (then / "discovery").mkdir(exist_ok=True)
    (then / "discovery" / "salt").write_text(f"{study.salt}\n")
    # What the registry of then says is needed to know who was a customer then, and for nothing else.
    earlier = read_study(then).customers
    entries: dict[str, dict[str, Any]] = {}
    spellings = set()
    for row in study.customers.itertuples(index=False):
        spellings |= {row.customer, *row.aliases}
        entries[row.customer] = {
            "aliases": list(row.aliases),
            "segment": row.segment,
            "consent": row.consent_stated,
            "excluded": row.excluded,
            "people": list(row.people),
        }
    for row in earlier.itertuples(index=False):
        if row.customer not in spellings:
            entries[row.customer] = {
                "aliases": [name for name in row.aliases if name not in spellings],
                "segment": row.segment,
                "consent": "none" if row.consent == "none" else "aggregate",
                "excluded": row.excluded,
                "people": list(row.people),
            }
    lines = ["customers:"]
    for name, fields in sorted(entries.items()):
        lines.append(f"  {json.dumps(name)}:")
        lines += [f"    {key}: {json.dumps(value)}" for key, value in fields.items() if value]
    (then / REGISTRY).write_text("\n".join(lines) + "\n" if entries else "", "utf-8")


def _later(value: str | None, day: str) -> bool:
    return bool(value) and str(value) > day


def _changes(record: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Those values that differ from the record's."""
    return {name: value for name, value in values.items() if name in record.lines}


def _bet_on(bet: Bet, day: str, known: Callable[[str], bool]) -> dict[str, Any] | None:
    later = {name for name in ("started", "shipped", "finished") if _later(getattr(bet, name), day)}
    values: dict[str, Any] = dict.fromkeys(later)
    if later:
        values["status"] = "planned" if "started" in later else "active" if "shipped" in later else "shipped"
        values["result"] = None
    return _changes(bet, values)


def _decision_on(decision: Decision, day: str, known: Callable[[str], bool]) -> dict[str, Any] | None:
    if _later(decision.date, day):
        return None
    values: dict[str, Any] = {name: list(filter(known, getattr(decision, name))) for name in ("evidence", "against")}
    if _later(decision.reviewed, day):
        values["reviewed"] = None
    return _changes(decision, values)


def _hypothesis_on(hypothesis: Hypothesis, day: str, known: Callable[[str], bool]) -> dict[str, Any] | None:
    if _later(hypothesis.made, day):
        return None
    values: dict[str, Any] = {
        name: list(filter(known, getattr(hypothesis, name))) for name in ("evidence", "against", "not_against")
    }
    values["confidence"] = [str(one) for one in hypothesis.confidence if one.day <= day]
    if _later(hypothesis.closed, day) or _later(hypothesis.started, day):
        values |= dict.fromkeys(("closed", "result", "believed", "observed", "learned", "therefore", "decision"))
        values["status"] = "running" if hypothesis.started and not _later(hypothesis.started, day) else "ready"
    if _later(hypothesis.started, day):
        values["started"] = None
    if _later(hypothesis.looked_for_against, day):
        values["looked_for_against"] = None
    return _changes(hypothesis, values)


def _week_on(week: Week, day: str, known: Callable[[str], bool]) -> dict[str, Any] | None:
    year, _, number = week.id.partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return {}
    return None if _later(f"{monday:%Y-%m-%d}", day) else {}


@dataclass(frozen=True)
class Weakened:
    """A decision that stands on less today than it did.

    Parameters
    ----------
    id, title, chosen : str
        The decision's.
    file : str
        Its record.
    line : int
        Of its evidence in there, from 1.
    then, now : tuple of (int, int)
        Distinct customers behind it, of all that count: then and now.
    reasons : tuple of str
        What has become weaker.
    """

    id: str
    title: str
    chosen: str
    file: str
    line: int
    then: tuple[int, int]
    now: tuple[int, int]
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        """Where, what, and why."""
        said = "; ".join(self.reasons)
        return (
            f"{self.file}:{self.line}: {self.id} {self.title or self.chosen}: "
            f"{self.then[0]} of {self.then[1]} customers then, {self.now[0]} of {self.now[1]} now; {said}"
        )


class _Counted:
    """Whose notes count in a study."""

    def __init__(self, study: Study) -> None:
        notes = study.notes
        self.there = set(notes["note"])
        kept = notes[who_counts(notes) & (notes["kind"].astype(str) != "take")]
        self.customer = dict(zip(kept["note"], kept["customer"].astype(str), strict=True))
        self.total = count_customers(notes)
        self.hypotheses = {one.id: one for one in study.hypotheses}
        self.where = dict(zip(notes["note"], notes["file"].astype(str) + ":" + notes["line"].astype(str), strict=True))

    def behind(self, decision: Decision, side: str) -> list[str]:
        """The notes for or against a decision, its own and those of its hypotheses."""
        notes = list(getattr(decision, side))
        for one in decision.hypotheses:
            if one in self.hypotheses:
                notes += getattr(self.hypotheses[one], side)
        return list(dict.fromkeys(notes))

    def customers(self, notes: Iterable[str]) -> set[str]:
        return {self.customer[note] for note in notes if note in self.customer}


def find_weakened(then: Study, now: Study) -> list[Weakened]:
    """Decisions whose evidence has become weaker since.

    Parameters
    ----------
    then, now : Study
        The same workspace at two times, see :func:`workspace_then`.

    Returns
    -------
    list of Weakened
        By id: those with fewer customers behind them, with notes that are gone or do not count any more, with more
        against them, or on a hypothesis that was refuted or dropped. Decisions that were superseded or dropped are not
        looked at.
    """
    before, after = _Counted(then), _Counted(now)
    earlier = {decision.id: decision for decision in then.decisions}
    found = []
    for decision in sorted(now.decisions, key=lambda one: one.id):
        if decision.status != "decided":
            continue
        old = earlier.get(decision.id, decision)
        cited = before.behind(old, "evidence")
        customers, remaining = before.customers(cited), after.customers(after.behind(decision, "evidence"))
        reasons = []
        n_then = len(customers)
        of_then = before.total
        if decision.id not in earlier and decision.customers:
            n_then, of_then = decision.customers[0], decision.customers[1] or before.total
        if len(remaining) < n_then:
            lost = sorted(customers - remaining)
            reasons.append(f"fewer customers behind it{': without ' + ', '.join(lost) if lost else ''}")
        gone = [
            note for note in dict.fromkeys([*cited, *after.behind(decision, "evidence")]) if note not in after.there
        ]
        if gone:
            places = [before.where.get(note, note) for note in gone]
            reasons.append(
                f"{plural(len(gone), 'note')} of it {'is' if len(gone) == 1 else 'are'} gone ({first_few(places)})"
            )
        uncounted = [
            note for note in cited if note in before.customer and note in after.there and note not in after.customer
        ]
        if uncounted:
            places = [after.where[note] for note in uncounted]
            does = "does not count" if len(uncounted) == 1 else "do not count"
            reasons.append(f"{plural(len(uncounted), 'note')} of it {does} any more ({first_few(places)})")
        added = [note for note in after.behind(decision, "against") if note not in before.behind(old, "against")]
        if added:
            places = [after.where.get(note, note) for note in added]
            reasons.append(f"{plural(len(added), 'note')} against it came since ({first_few(places)})")
        for one in decision.hypotheses:
            status = after.hypotheses[one].status if one in after.hypotheses else ""
            was = before.hypotheses[one].status if one in before.hypotheses else ""
            if status in ("refuted", "dropped") and was != status:
                reasons.append(f"its hypothesis {one} was {status} since")
        if reasons:
            line = decision.lines.get("evidence", decision.lines.get("hypotheses", 1))
            found.append(
                Weakened(
                    decision.id, decision.title, decision.chosen, decision.file, line, (n_then, of_then),
                    (len(remaining), after.total), tuple(reasons),
                )
            )  # fmt: skip
    return found
