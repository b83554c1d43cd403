"""What was known on a day before, with its themes: what a week is compared with, and what a replay is made of.

Calls, notes and records are those of then. Who a customer is, what they agreed to and what stands for their names is
today's: consent that was withdrawn since holds for an old report as well.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.frontmatter import set_fields
from workbench.history import workspace_at
from workbench.records.typed import is_day
from workbench.store import append_records, read_ledger, read_text
from workbench.study import read_study
from workbench.themes.ledger import LEDGER_FILE

if TYPE_CHECKING:
    from workbench.records import Bet, Decision, Hypothesis, Week
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["look_back", "workspace_then"]

REGISTRY = "discovery/customers.yaml"


def look_back(
    study: Study, since: str, *, known: Callable[[Study], Study] | None = None
) -> tuple[Study, Themes] | None:
    r"""A workspace and its themes as they were.

    Parameters
    ----------
    study : Study
        The present one.
    since : str
        A day, ``YYYY-MM-DD``, or a revision that git knows.
    known : callable, optional
        Gives what of a study as it was is to be known; all of it by default.

    Returns
    -------
    tuple of (Study, Themes), or None
        None where nothing was known on that day.

    Raises
    ------
    InputError
        When it is neither a day nor a revision.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- one")
    >>> study = read_study(folder.parent)
    >>> look_back(study, "2026-11-17")[0], look_back(study, "2026-11-16")
    (Study: 1 calls, 1 notes, None)
    """
    from workbench.evidence import count_firm
    from workbench.themes import find_themes

    known = known or (lambda before: before)
    assumed = next(iter(study.customers.loc[study.customers["consent_stated"] == "", "consent"]), None)
    try:
        with workspace_then(study, since) as root:
            before = known(read_study(root, assume_consent=assumed))
            return before, count_firm(find_themes(before.notes, before.ledger))
    except InputError:
        if is_day(since):  # before the first call there was nothing
            return None
        raise


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
    # A decision is superseded once the one that takes its place is made.
    standing = {one.supersedes for one in study.decisions if _later(one.date, day)}
    for records, change in ((study.bets, _bet_on), (study.decisions, _decision_on), (study.hypotheses, _hypothesis_on), (study.weeks, _week_on)):  # fmt: skip
        for record in records:
            values = change(record, day, lambda note: note.partition("#")[0] not in later)
            if values is not None:
                if getattr(record, "status", "") == "superseded" and record.id in standing:
                    values["status"] = "decided"
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
