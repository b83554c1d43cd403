"""What was known on a day before, with its themes: what a week is compared with, and what a replay is made of.

Calls, notes, records and corrections to themes are those of then. Who a customer is, what they agreed to and what stands for
their names is today's: consent that was withdrawn since holds for an old report as well.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import InputError
from workbench.frontmatter import set_fields
from workbench.history import texts_on, workspace_at
from workbench.our_words import KEPT
from workbench.recorded import pair_transcripts
from workbench.records import QUARTER, find_successors, kind_of
from workbench.records.typed import is_day
from workbench.records_then import NOTES, fields_then, was_there
from workbench.store import append_records, read_registry
from workbench.study import read_study
from workbench.transcripts import list_transcripts

if TYPE_CHECKING:
    import pandas as pd

    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Came", "came_since", "find_undated", "known_on", "look_back", "workspace_then"]

REGISTRY = "discovery/customers.yaml"
RECORDS = "discovery"


class Came(NamedTuple):
    """What has come since a day.

    Parameters
    ----------
    calls, customers, records : int
        Calls that count, the different customers of these, and records that are new or otherwise.

    Examples
    --------
    >>> any(Came(0, 0, 0))
    False
    """

    calls: int
    customers: int
    records: int


def known_on(study: Study, day: str) -> Study:
    r"""A study as far as it was known on a day.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    day : str
        ``YYYY-MM-DD``, the last that was known, which is its today.

    Returns
    -------
    Study
        Without calls and corrections to themes of later days, and with records as their days say that they were, and as git
        had those of their fields that have no day. What has no day at all stays, see :func:`find_undated`; so do a note in
        a call that was known, and a record's words. Customers are as of today, without those of whom nobody had heard.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> for day in ("2026-11-10", "2026-11-17"):
    ...     _ = (folder / f"{day}-acme.md").write_text(f"---\ncustomer: Acme\ndate: {day}\n---\n- one")
    >>> known_on(read_study(folder.parent), "2026-11-16")
    Study: 1 calls, 1 notes
    """
    calls = _until(study.calls, day)
    notes = _until(study.notes, day)
    for name in notes.columns[notes.dtypes == "category"].difference(["kind", "consent"]):
        notes[name] = notes[name].cat.remove_unused_categories()
    records, texts = _records_on(study, day, set(calls["call"]))
    gone = {*study.calls["file"], *study.texts} - {*calls["file"], *texts}
    return replace(
        study,
        notes=notes,
        customers=_customers_of(study, calls),
        calls=calls,
        **records,
        texts=texts,
        ledger=replace(study.ledger, records=tuple(one for one in study.ledger.records if one.date <= day)),
        n_unnamed=int((calls["customer"] == calls["call"]).sum()),
        problems=[problem for problem in study.problems if problem.file not in gone],
        today=day,
        as_of=day,
    )


def came_since(then: Study, now: Study) -> Came:
    """What has come since.

    Parameters
    ----------
    then, now : Study
        The same workspace, as :func:`known_on` gives it and as it is.

    Returns
    -------
    Came
        Counted.
    """
    calls = now.calls[now.calls["counted"] & ~now.calls["call"].isin(set(then.calls["call"]))]
    records = sum(then.texts.get(file) != text for file, text in now.texts.items())
    return Came(len(calls), calls["customer"].nunique(), records)


def find_undated(study: Study, day: str) -> list[str]:
    """Records of which nobody can tell whether they were known on a day.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    day : str
        ``YYYY-MM-DD``.

    Returns
    -------
    list of str
        Ids of those that do not say when they were written, of which nothing was done by then, and that git does not tell
        of. A decision among them is not known until the day on which it was decided; the others are taken for known.
    """
    in_git = texts_on(study.root, day, RECORDS)
    records = (*study.bets, *study.hypotheses, *study.decisions)
    return [one.id for one in records if was_there(one, day, _in_git(one, in_git), in_git=in_git is not None) is None]


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
        Gives what of a study as git had it is to be known; all of it by default.

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

    if is_day(since):
        before = known_on(study, since)
        if before.calls.empty:  # before the first call there was nothing
            return None
    else:
        assumed = next(iter(study.customers.loc[study.customers["consent_stated"] == "", "consent"]), None)
        with workspace_then(study, since) as root:
            before = read_study(root, assume_consent=assumed)
            before = known(before) if known else before
    return before, count_firm(find_themes(before.notes, before.ledger))


@contextmanager
def workspace_then(study: Study, at: str) -> Iterator[Path]:
    """A copy of a workspace with what was known then.

    At a git revision, files are as git has them; on a day, they hold what :func:`known_on` gives.

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
            _write_todays_rules(_lay_out(study, at, then), then)
            yield then
        return
    with workspace_at(study.root, at) as then:
        _write_todays_rules(study, then)
        yield then


def _until(table: pd.DataFrame, day: str) -> pd.DataFrame:
    """The rows of calls up to a day, and of those without one."""
    import pandas as pd

    dates = table["date"]
    return table[dates.isna() | (dates <= pd.Timestamp(day))].reset_index(drop=True)


def _customers_of(study: Study, calls: pd.DataFrame) -> pd.DataFrame:
    """Customers with what was heard of them in some calls; who is in none of these is there by the registry alone."""
    registered = read_registry(study.root, []).customers
    there = study.customers["customer"].isin({*calls["customer"], *(one.name for one in registered)})
    customers = study.customers[there].reset_index(drop=True)
    heard = calls[calls["n_notes"] > 0].groupby("customer")["date"].agg(["size", "min", "max"])
    of = heard.reindex(customers["customer"])
    roles = {who: tuple(dict.fromkeys(filter(None, rows))) for who, rows in calls.groupby("customer")["role"]}
    return customers.assign(
        roles=[roles.get(who, ()) for who in customers["customer"]],
        n_calls=of["size"].fillna(0).astype("int64").to_numpy(),
        first=of["min"].to_numpy(),
        last=of["max"].to_numpy(),
    )


def _records_on(study: Study, day: str, known: set[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Records as they were, by the study's names for them, and their texts."""
    in_git, later = texts_on(study.root, day, RECORDS), set(study.calls["call"]) - known
    made_later = [one for one in study.decisions if one.status != "proposed" and (one.date or "") > day]
    in_force = set(find_successors(made_later))
    texts: dict[str, str] = {}

    def then(record: Any) -> Any:
        old = _in_git(record, in_git)
        if old is not None:  # what was forgotten since is in no call, and stays forgotten
            there = {name: getattr(old, name, ()) for name in NOTES if hasattr(old, name)}
            old = replace(
                old, **{name: tuple(note for note in notes if _call(note) in known) for name, notes in there.items()}
            )
        is_superseded_later = getattr(record, "id", "") in in_force
        values = fields_then(record, day, lambda note: _call(note) not in later, old, in_force=is_superseded_later)
        texts[record.file] = set_fields(study.texts[record.file], values) if values else study.texts[record.file]
        if not values:
            return record
        parse = (kind_of(record.file) or QUARTER).parse
        changed = parse(texts[record.file], record.file)[0]
        # Where something stands is said of the file that there is.
        return replace(changed, lines={name: record.lines.get(name, line) for name, line in changed.lines.items()})

    records = {}
    for name in ("bets", "hypotheses", "decisions", "weeks"):
        records[name] = []
        for record in getattr(study, name):
            there = was_there(record, day, _in_git(record, in_git), in_git=in_git is not None)
            # Of a decision without a day for its question the one of its choice is the first that is known.
            if there or (there is None and not (name == "decisions" and record.date)):
                records[name].append(then(record))
    return records | {"quarter": then(study.quarter) if study.quarter.file in study.texts else study.quarter}, texts


def _call(note: str) -> str:
    return note.partition("#")[0]


def _in_git(record: Any, texts: dict[str, str] | None) -> Any:
    """A record as git had it; None where it had none."""
    kind = kind_of(getattr(record, "file", ""))
    return kind.parse(texts[record.file], record.file)[0] if kind and record.file in (texts or {}) else None


def _lay_out(study: Study, day: str, then: Path) -> Study:
    """Write what was known on a day, and give it."""
    known = known_on(study, day)
    if known.calls.empty:
        dates = study.calls["date"].dropna()
        instead = f"the first call is of {dates.min():%Y-%m-%d}" if len(dates) else "there is no call yet"
        raise InputError(f"nothing was known on {day}: {instead}; give a later day")
    copied = [*known.calls["file"], *(name for name in ("discovery/guide.md",) if (study.root / name).is_file())]
    for name in ("interviews", "discovery", *(str(Path(file).parent) for file in (*copied, *known.texts))):
        (then / name).mkdir(parents=True, exist_ok=True)
    for file in copied:
        shutil.copyfile(study.root / file, then / file)
    for file, text in known.texts.items():
        (then / file).write_text(text, "utf-8", newline="")
    append_records(then, known.ledger.records)
    return known


def _write_todays_rules(study: Study, then: Path) -> None:
    """Customers, consent, the salt and whose words a note is as of today, and nobody quoted who is not there any more."""
    (then / "discovery").mkdir(exist_ok=True)
    named = zip(study.calls["call"], study.calls["transcript"], strict=True)
    recorded = [file for file, calls in pair_transcripts(named, list_transcripts(study.root)).items() if calls]
    for file in (*recorded, KEPT):
        if (study.root / file).is_file() and not (then / file).exists():
            (then / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(study.root / file, then / file)
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
