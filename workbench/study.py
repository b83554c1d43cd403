"""A workspace's calls, registry and records joined into tables: who said what, and whose word counts."""

from __future__ import annotations

import os
import warnings
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.call_table import CallRow
from workbench.customers import Customer, Registry, fold_name, likely_twins, split_people, split_who, strictest
from workbench.errors import InputError, Problem
from workbench.notes import CONSENT_LEVELS, KINDS, NOTE_COLUMNS
from workbench.record_files import read_records
from workbench.records import Bet, Decision, Hypothesis, Quarter, Week
from workbench.records.typed import need_day
from workbench.store import read_ledger, read_registry, read_rows, read_salt, workspace
from workbench.themes.ledger import Ledger

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CUSTOMER_COLUMNS", "NOW", "Study", "read_customers", "read_notes", "read_study"]

CUSTOMER_COLUMNS = (
    "customer", "aliases", "segment", "consent", "consent_stated", "excluded", "people", "roles", "n_calls", "first",
    "last",
)  # fmt: skip
# What is given for today where the clock shall say.
NOW = "now"


@dataclass(frozen=True, repr=False)
class Study:
    """Everything that a workspace holds; read by :func:`read_study`.

    Parameters
    ----------
    root : pathlib.Path
        The workspace.
    notes : pandas.DataFrame
        As from :func:`read_notes`.
    customers : pandas.DataFrame
        As from :func:`read_customers`.
    calls : pandas.DataFrame
        One row a call, in order: call, customer, segment, role, file (str), date (datetime64), n_notes (int), counted
        (bool; whether its customer counts and a note is in it), transcript, us (str; see :class:`workbench.notes.Call`).
    quarter : Quarter
        From ``discovery/quarter.md``; empty without one.
    bets, hypotheses, decisions, weeks : list of Bet, Hypothesis, Decision, Week
        The records below ``discovery/``, by id.
    texts : dict of str to str
        The text of each record, the quarter's among them, by file.
    ledger : Ledger
        The corrections to themes in ``discovery/themes.yaml``, see :func:`workbench.read_ledger`.
    salt : str
        As from :func:`read_salt`.
    n_unnamed : int
        Calls without a customer, whose ids stand in.
    problems : list of Problem
        All that was missing or odd.
    today : str
        The day that was given for today, ``YYYY-MM-DD``; empty where none was, see :func:`workbench.today`.
    as_of : str
        The last day that is known, see :func:`workbench.look_back.known_on`; empty where all is.
    """

    root: Path
    notes: pd.DataFrame
    customers: pd.DataFrame
    calls: pd.DataFrame
    quarter: Quarter
    bets: list[Bet]
    hypotheses: list[Hypothesis]
    decisions: list[Decision]
    weeks: list[Week]
    texts: dict[str, str]
    ledger: Ledger
    salt: str
    n_unnamed: int
    problems: list[Problem]
    today: str = ""
    as_of: str = ""

    def __repr__(self) -> str:
        odd = f", {len(self.problems)} things to look at (.problems)" if self.problems else ""
        return f"Study: {len(self.calls)} calls, {len(self.notes)} notes{odd}"


def read_study(
    path: str | os.PathLike[str] | None = None,
    *,
    assume_consent: str | None = None,
    today: str | None = None,
    calls: Collection[str] | None = None,
) -> Study:
    r"""Everything that a workspace holds.

    Parameters
    ----------
    path, assume_consent
        As for :func:`read_notes`.
    today : str, optional
        The day that reports are of, ``YYYY-MM-DD``, or ``now`` for the clock's. By default the environment's
        ``WORKBENCH_TODAY``, else the day of the newest record, see :func:`workbench.today`.
    calls : collection of str, optional
        Only these calls, by id, as if there were no others; all of them by default.

    Returns
    -------
    Study
        Notes, customers, calls, the quarter, hypotheses, and the list of what was missing or odd.

    Raises
    ------
    InputError
        When there is no workspace, its registry cannot be read, or `today` is no day.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- one")
    >>> read_study(folder.parent)
    Study: 1 calls, 1 notes
    """
    import pandas as pd

    root = workspace(path)
    problems: list[Problem] = []
    table = [call for call in read_rows(root, problems) if calls is None or call.id in calls]
    registry = read_registry(root, problems)
    resolved = _resolve_customers(table, registry, _assumed(assume_consent), problems)
    rows = [
        {
            "call": table[i].id,
            "customer": row["customer"],
            "segment": row["segment"],
            "role": split_who(table[i].who)[1],
            "file": table[i].file,
            "date": table[i].date or None,
            "n_notes": len(table[i].kinds),
            "counted": not row["excluded"] and bool(table[i].kinds),
            "transcript": table[i].transcript,
            "us": table[i].us,
        }
        for row in resolved
        for i in row["calls"]
    ]
    rows.sort(key=lambda row: (row["date"] or "9999", row["call"]))
    columns = ["call", "customer", "segment", "role", "file", "date", "n_notes", "counted", "transcript", "us"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["date"] = pd.to_datetime(frame["date"], format="%Y-%m-%d").astype("datetime64[s]")
    frame = frame.astype({"n_notes": "int64", "counted": bool})  # which an empty workspace would not tell
    records = read_records(root)
    problems += records.problems
    return Study(
        root=root,
        notes=_notes_frame(table, resolved),
        customers=_customers_frame(resolved, registry, _assumed(assume_consent)),
        calls=frame,
        quarter=records.quarter,
        bets=records.bets,
        hypotheses=records.hypotheses,
        decisions=records.decisions,
        weeks=records.weeks,
        texts=records.texts,
        ledger=read_ledger(root),
        salt=read_salt(root),
        n_unnamed=sum(call.customer == call.id for call in table),
        problems=problems,
        today=_given_day(today or os.environ.get("WORKBENCH_TODAY") or ""),
    )


def read_notes(
    path: str | os.PathLike[str] | None = None,
    *,
    assume_consent: str | None = None,
    problems: list[Problem] | None = None,
) -> pd.DataFrame:
    r"""All notes of a workspace, one row a note.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workspace`.
    assume_consent : str, optional
        What counts for customers of whom no consent is stated: ``none``, ``aggregate``, ``quote`` or ``named``.
        By default the environment's ``WORKBENCH_ASSUME_CONSENT``, else ``aggregate``.
    problems : list, optional
        Takes a :class:`~workbench.errors.Problem` for each thing that was missing or odd. Without a list, one
        warning says how many there were.

    Returns
    -------
    pandas.DataFrame
        In the order of date, call and line, whatever the file system says:

        - note (str): ``<call>#<8 hex>``
        - call (category): the file's name without ``.md``
        - customer (category): the registry's name where it knows the spelling
        - who (category), segment (category; one a customer)
        - date (datetime64): NaT when unknown
        - kind (category): one of observation, quote, pain, workaround, wish, commitment, take
        - text (str), tags (tuple of str), at (str)
        - call_kind (category), consent (category, ordered none < aggregate < quote < named; the strictest stated
          for the customer)
        - file (category), line (int)
        - excluded (category): why the customer does not count; empty for those who do

    Raises
    ------
    InputError
        When there is no workspace, or its registry cannot be read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- ! It resets")
    >>> notes = read_notes(folder.parent)
    >>> notes[["customer", "kind", "text", "line"]].values.tolist()
    [['Acme', 'pain', 'It resets', 5]]
    """
    root = workspace(path)
    listed: list[Problem] = []
    table = read_rows(root, listed)
    registry = read_registry(root, listed)
    frame = _notes_frame(table, _resolve_customers(table, registry, _assumed(assume_consent), listed))
    _report(listed, problems)
    return frame


def read_customers(
    path: str | os.PathLike[str] | None = None,
    *,
    assume_consent: str | None = None,
    problems: list[Problem] | None = None,
) -> pd.DataFrame:
    r"""The customers of a workspace, one row each.

    Parameters
    ----------
    path, assume_consent, problems
        As for :func:`read_notes`.

    Returns
    -------
    pandas.DataFrame
        By name: customer (str), aliases (tuple of str), segment (str), consent (str; what counts), consent_stated
        (str; empty where nothing is stated), excluded (str; why it does not count), people (tuple of str), roles
        (tuple of str), n_calls (int; those with a note), first and last (datetime64, their days). Customers that only
        the registry knows have no calls.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> text = "---\ncustomer: Acme\nwho: Jo Poe, ops\ndate: 2026-11-17\n---\n- one"
    >>> _ = (folder / "2026-11-17-acme.md").write_text(text)
    >>> read_customers(folder.parent)[["customer", "people", "roles", "n_calls"]].values.tolist()
    [['Acme', ('Jo Poe',), ('ops',), 1]]
    """
    root = workspace(path)
    listed: list[Problem] = []
    table = read_rows(root, listed)
    registry = read_registry(root, listed)
    resolved = _resolve_customers(table, registry, _assumed(assume_consent), listed)
    frame = _customers_frame(resolved, registry, _assumed(assume_consent))
    _report(listed, problems)
    return frame


def _given_day(text: str) -> str:
    """A day as given; the clock's where somebody asks for it, as `workbench lab` does."""
    return date.today().isoformat() if text == NOW else need_day(text)


def _resolve_customers(
    table: list[CallRow], registry: Registry, assumed: str, problems: list[Problem]
) -> list[dict[str, Any]]:
    """One row a customer that has calls; each carries the positions of its calls under ``calls``."""
    spellings = registry.by_spelling()
    folds = {written: fold_name(written) for written in {call.customer for call in table}}
    names: dict[str, str] = {}  # folded spelling -> the name used
    positions: dict[str, list[int]] = defaultdict(list)
    for i, call in enumerate(table):
        folded = folds[call.customer]
        if folded not in names:
            entry = spellings.get(folded)
            names[folded] = entry.name if entry else call.customer
        elif folded not in spellings and names[folded] != call.customer:
            what = f"customer {call.customer!r} counts as {names[folded]!r}"
            problems.append(Problem(call.file, 1, what, "write both the same way"))
        positions[names[folded]].append(i)

    rows = []
    for name, at in positions.items():
        calls = [table[i] for i in at]
        row = _customer_row(name, spellings.get(fold_name(name)), registry, assumed)
        segments = Counter([call.segment for call in calls if call.segment])
        if not row["segment"] and segments:
            row["segment"] = segments.most_common(1)[0][0]  # the earliest of equally frequent ones
            if len(segments) > 1:
                what = f"{name!r} is in {len(segments)} segments ({', '.join(segments)})"
                todo = f"write its segment in discovery/customers.yaml (it counts as {row['segment']})"
                problems.append(Problem(calls[0].file, 1, what, todo))
        stated = strictest({row["consent_stated"], *[call.consent for call in calls]})
        who = [one for written in dict.fromkeys([call.who for call in calls]) for one in split_people(written)]
        # What nobody has written into yet, nobody has heard.
        heard = [call for call in calls if call.kinds]
        dates = [call.date for call in heard if call.date]
        row |= {
            "consent": stated or assumed,
            "consent_stated": stated,
            "excluded": _why_excluded(row["excluded"], row["segment"], stated or assumed, registry),
            "people": tuple(dict.fromkeys([*row["people"], *(person for person, _ in who if person)])),
            "roles": tuple(dict.fromkeys(role for _, role in who if role)),
            "n_calls": len(heard),
            "first": dates[0] if dates else "",
            "last": dates[-1] if dates else "",
            "calls": at,
        }
        rows.append(row)
    firsts = {row["customer"]: row["calls"][0] for row in rows}
    for a, b in likely_twins(firsts):
        later, other = (a, b) if firsts[a] > firsts[b] else (b, a)
        what = f"customer {later!r} looks like {other!r}"
        todo = f"if they are one, write it under aliases of {other} in discovery/customers.yaml (now they count as two)"
        problems.append(Problem(table[firsts[later]].file, 1, what, todo))
    return rows


def _customer_row(name: str, entry: Customer | None, registry: Registry, assumed: str) -> dict[str, Any]:
    """What the registry alone says of a customer."""
    return {
        "customer": name,
        "aliases": entry.aliases if entry else (),
        "segment": entry.segment if entry else "",
        "consent": (entry.consent if entry else "") or assumed,
        "consent_stated": entry.consent if entry else "",
        "excluded": _why_excluded(entry.excluded, entry.segment, entry.consent, registry) if entry else "",
        "people": entry.people if entry else (),
        "roles": (),
        "n_calls": 0,
        "first": "",
        "last": "",
    }  # fmt: skip


def _why_excluded(stated: str, segment: str, consent: str, registry: Registry) -> str:
    if stated:
        return stated
    if why := registry.excluded_segments.get(fold_name(segment)):
        return f"segment {segment}: {why}"
    return "asked not to be used" if consent == "none" else ""


def _customers_frame(resolved: list[dict[str, Any]], registry: Registry, assumed: str) -> pd.DataFrame:
    """One row a customer, those that only the registry knows among them."""
    import pandas as pd

    rows = {row["customer"]: row for row in resolved}
    spellings = registry.by_spelling()
    for name in [customer.name for customer in registry.customers]:
        rows.setdefault(name, _customer_row(name, spellings.get(fold_name(name)), registry, assumed))
    frame = pd.DataFrame([rows[name] for name in sorted(rows)], columns=list(CUSTOMER_COLUMNS))
    frame["n_calls"] = frame["n_calls"].astype("int64")
    for column in ("first", "last"):
        frame[column] = pd.to_datetime(frame[column].replace("", None), format="%Y-%m-%d").astype("datetime64[s]")
    return frame


def _notes_frame(table: list[CallRow], customers: list[dict[str, Any]]) -> pd.DataFrame:
    """One row a note, with what is known of its call and customer."""
    import numpy as np
    import pandas as pd

    customer_of = {i: customer for customer in customers for i in customer["calls"]}
    counts = [len(call.kinds) for call in table]
    n_notes = sum(counts)

    def per_call(values: list[str], categories: Iterable[str] = ()) -> pd.Categorical:
        known = list(categories) or sorted(set(values))
        code = {value: i for i, value in enumerate(known)}
        codes = np.repeat(np.asarray([code[value] for value in values], dtype=np.int32), counts)
        index = pd.Index(known, dtype="str")
        return pd.Categorical.from_codes(codes, categories=index, ordered=bool(categories))

    def of_customer(name: str) -> list[str]:
        return [customer_of[i][name] for i in range(len(table))]

    def objects(values: list[Any]) -> Any:
        array = np.empty(n_notes, dtype=object)
        array[:] = values
        return array

    def per_note(columns: list[str]) -> list[str]:
        values = "".join(columns).split("\n")
        values.pop()  # each value is ended by a line end, so that nothing comes after the last
        return values

    ids = [f"{call.id}#{text}" for call in table for text in per_note([call.ids])]
    tags = per_note([call.tags for call in table])
    tag_sets = {text: tuple(text.split()) for text in set(tags)}
    kinds = np.frombuffer("".join([call.kinds for call in table]).encode(), dtype=np.uint8) - ord("0")
    days = np.asarray([call.date or "NaT" for call in table], dtype="datetime64[s]")
    frame = pd.DataFrame(
        {
            "note": pd.array(objects(ids), dtype="str"),
            "call": per_call([call.id for call in table]),
            "customer": per_call(of_customer("customer")),
            "who": per_call([call.who for call in table]),
            "segment": per_call(of_customer("segment")),
            "date": np.repeat(days, counts),
            "kind": pd.Categorical.from_codes(kinds.astype(np.int8), categories=list(KINDS)),
            "text": pd.array(objects(per_note([call.texts for call in table])), dtype="str"),
            "tags": objects([tag_sets[text] for text in tags]),
            "at": pd.array(objects(per_note([call.ats for call in table])), dtype="str"),
            "call_kind": per_call([call.kind for call in table]),
            "consent": per_call(of_customer("consent"), CONSENT_LEVELS),
            "file": per_call([call.file for call in table]),
            "line": np.fromiter(chain.from_iterable([call.lines for call in table]), dtype=np.int64),
            "excluded": per_call(of_customer("excluded")),
        }
    )
    assert tuple(frame.columns) == (*NOTE_COLUMNS, "excluded")
    return frame


def _assumed(assume_consent: str | None) -> str:
    level = assume_consent or os.environ.get("WORKBENCH_ASSUME_CONSENT") or "aggregate"
    if level not in CONSENT_LEVELS:
        raise InputError(f"assumed consent {level!r} is not known; use one of {', '.join(CONSENT_LEVELS)}")
    return level


def _report(listed: list[Problem], problems: list[Problem] | None) -> None:
    if problems is not None:
        problems += listed
    elif listed:
        more = f", and {len(listed) - 1} more; workbench notes lists them" if len(listed) > 1 else ""
        warnings.warn(f"{listed[0]}{more}", stacklevel=3)
