"""A workspace's calls, registry and records joined into tables: who said what, and whose word counts."""

from __future__ import annotations

import os
import warnings
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.call_table import CallRow
from workbench.customers import Customer, Registry, fold_name, likely_twins, split_people, split_who, strictest
from workbench.errors import InputError, Problem
from workbench.note_tables import NoteTable
from workbench.notes import CONSENT_LEVELS, KINDS, NOTE_COLUMNS
from workbench.our_words import find_our_rows, find_our_words
from workbench.record_files import read_records
from workbench.records import Bet, Decision, Hypothesis, Quarter, Week
from workbench.records.typed import need_day
from workbench.store import read_ledger, read_note_tables, read_registry, read_rows, read_salt, workspace
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
        (bool; whether its customer counts and a note is in it), transcript, us (str; see :class:`workbench.notes.Call`),
        line (int; 0). Of a table of notes, the rows of one customer on one day are one call: `call` is the table's, and `line`
        where the first of them stands.
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
    tables : tuple of str
        Of each table of notes how many rows stand in it and how many notes they gave.
    worked_out : dict
        What was worked out of it before, so that it is done once and not for each section of a report.
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
    tables: tuple[str, ...] = ()
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        odd = f", {len(self.problems)} things to look at (.problems)" if self.problems else ""
        return f"Study: {len(self.calls):,} calls, {len(self.notes):,} notes{odd}"


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
    root = workspace(path)
    problems: list[Problem] = []
    table = [call for call in read_rows(root, problems) if calls is None or call.id in calls]
    all_tables, agreed = read_note_tables(root, problems)
    tables = [one for one in all_tables if calls is None or one.id in calls]
    registry = read_registry(root, problems)
    said_by_us: list[Problem] = []
    ours = find_our_words(root, table, said_by_us)
    our_rows = find_our_rows(table, tables, said_by_us)
    joined = _join(table, tables, agreed, registry, _assumed(assume_consent), ours, our_rows)
    problems += joined.problems
    records = read_records(root)
    problems += records.problems + said_by_us
    return Study(
        root=root,
        notes=joined.notes,
        customers=joined.customers,
        calls=joined.calls,
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
        tables=tuple(one.said for one in tables),
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
        - call (category): the file's name without ``.md``, or of a table of notes without its ending
        - customer (category): the registry's name where it knows the spelling
        - who (category), segment (category; one a customer)
        - date (datetime64): NaT when unknown
        - kind (category): one of observation, quote, pain, workaround, wish, commitment, take; the PM's own take, too,
          whatever its mark, where its words are what one of us said by the call's transcript, or by the table's column of speakers
        - text (str), tags (tuple of str), at (str)
        - call_kind (category), consent (category, ordered none < aggregate < quote < named; the strictest stated
          for the customer)
        - file (category), line (int)
        - excluded (category): why the customer does not count; empty for those who do
        - ours (category): who of us said the words, and in which line of the transcript or which table; empty for what was not
          said by us

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
    table, (tables, agreed) = read_rows(root, listed), read_note_tables(root, listed)
    registry = read_registry(root, listed)
    said_by_us: list[Problem] = []
    ours = find_our_words(root, table, said_by_us)
    our_rows = find_our_rows(table, tables, said_by_us)
    joined = _join(table, tables, agreed, registry, _assumed(assume_consent), ours, our_rows)
    _report([*listed, *joined.problems, *said_by_us], problems)
    return joined.notes


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
    table, (tables, agreed) = read_rows(root, listed), read_note_tables(root, listed)
    registry = read_registry(root, listed)
    assumed = _assumed(assume_consent)
    heard = _heard(table, tables, find_our_rows(table, tables, []))
    resolved = _resolve_customers(heard, registry, assumed, listed, agreed)
    _report(listed, problems)
    return _customers_frame(resolved, registry, assumed)


def _given_day(text: str) -> str:
    """A day as given; the clock's where somebody asks for it, as `workbench lab` does."""
    return date.today().isoformat() if text == NOW else need_day(text)


class _Joined(NamedTuple):
    """What is made of all calls, tables and the registry together."""

    notes: pd.DataFrame
    calls: pd.DataFrame
    customers: pd.DataFrame
    problems: list[Problem]


# Each cell of a notebook reads its workspace for itself. What they read is the same for most, and is held once.
_latest: list[Any] = []


def _join(
    table: list[CallRow],
    tables: list[NoteTable],
    agreed: Mapping[str, str],
    registry: Registry,
    assumed: str,
    ours: Mapping[tuple[str, int], str],
    our_rows: Mapping[tuple[str, str], str],
) -> _Joined:
    """Notes, calls and customers; as they are, where they were made of the same before. Whoever gets them may change them."""
    import pandas as pd

    made_of = (table, [id(one.notes) for one in tables], agreed, registry, assumed, ours, our_rows)
    known = next(iter(_latest), None)
    if known is None or known[0] != made_of:
        known = None
        _latest.clear()  # before there are two of them
        problems: list[Problem] = []
        resolved = _resolve_customers(_heard(table, tables, our_rows), registry, assumed, problems, agreed)
        notes = _notes_frame(table, resolved, ours, tables, our_rows)
        calls = _calls_frame(table, resolved, tables)
        joined = _Joined(notes, calls, _customers_frame(resolved, registry, assumed), problems)
        # With the tables, so that no other is taken for one of them.
        known = made_of, joined, tables
        _latest[:] = [known]
    # From pandas 3 on a column is copied by whoever writes into it.
    deep = int(pd.__version__.partition(".")[0]) < 3
    *frames, problems = known[1]
    return _Joined(*(frame.copy(deep=deep) for frame in frames), list(problems))


class _Heard(NamedTuple):
    """What stands about a customer in a call; or in a table of notes, in all rows that say the same of them."""

    file: str
    line: int
    customer: str
    who: str
    segment: str
    consent: str
    n_calls: int  # with a note in them
    first: str
    last: str


def _heard(table: list[CallRow], tables: list[NoteTable], our_rows: Mapping[tuple[str, str], str]) -> list[_Heard]:
    """Calls in their order, then what stands in tables of notes, where whoever is one of us is nobody of the customer's."""
    calls = [
        _Heard(one.file, 1, one.customer, one.who, one.segment, one.consent, int(bool(one.kinds)), one.date, one.date)
        for one in table
    ]
    in_tables = ((one.id, heard) for one in tables for heard in _heard_in(one))
    return calls + [heard._replace(who="") if (id, heard.who) in our_rows else heard for id, heard in in_tables]


def _heard_in(table: NoteTable) -> Iterable[_Heard]:
    said = ["customer", "who", "segment", "consent"]
    calls = ~table.notes.duplicated(["customer", "date"])
    frame = table.notes[[*said, "date", "line"]].assign(calls=calls)
    groups = frame.groupby(said, observed=True, sort=False, as_index=False)
    found = groups.agg(n=("calls", "sum"), first=("date", "min"), last=("date", "max"), line=("line", "min"))
    days = {name: found[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("first", "last")}
    columns = (found["line"], *(found[name].astype(str) for name in said), found["n"], days["first"], days["last"])
    return (_Heard(table.file, *row) for row in zip(*(column.tolist() for column in columns), strict=True))


def _resolve_customers(
    table: list[_Heard], registry: Registry, assumed: str, problems: list[Problem], agreed: Mapping[str, str]
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
            problems.append(Problem(call.file, call.line, what, "write both the same way"))
        positions[names[folded]].append(i)

    in_rows: dict[str, str] = {}  # by customer, whatever the spelling
    for folded, level in agreed.items():
        name = spellings[folded].name if folded in spellings else names.get(folded, "")
        in_rows[name] = strictest((level, in_rows.get(name, "")))
    rows = []
    for name, at in positions.items():
        calls = [table[i] for i in at]
        row = _customer_row(name, spellings.get(fold_name(name)), registry, assumed)
        segments: Counter[str] = Counter()
        for call in calls:
            if call.segment:
                segments[call.segment] += max(call.n_calls, 1)
        if not row["segment"] and segments:
            row["segment"] = segments.most_common(1)[0][0]  # the earliest of equally frequent ones
            if len(segments) > 1:
                what = f"{name!r} is in {len(segments)} segments ({', '.join(segments)})"
                todo = f"write its segment in discovery/customers.yaml (it counts as {row['segment']})"
                problems.append(Problem(calls[0].file, calls[0].line, what, todo))
        stated = strictest({row["consent_stated"], *[call.consent for call in calls]})
        # A permission in a row of which nothing counts is none.
        if stated or in_rows.get(name) in ("none", "aggregate"):
            stated = strictest((stated, in_rows.get(name, "")))
        who = [one for written in dict.fromkeys([call.who for call in calls]) for one in split_people(written)]
        # What nobody has written into yet, nobody has heard.
        heard = [call for call in calls if call.n_calls]
        row |= {
            "consent": stated or assumed,
            "consent_stated": stated,
            "excluded": _why_excluded(row["excluded"], row["segment"], stated or assumed, registry),
            "people": tuple(dict.fromkeys([*row["people"], *(person for person, _ in who if person)])),
            "roles": tuple(dict.fromkeys(role for _, role in who if role)),
            "n_calls": sum(call.n_calls for call in heard),
            "first": min((call.first for call in heard if call.first), default=""),
            "last": max((call.last for call in heard if call.last), default=""),
            "calls": at,
            "spelt": list(dict.fromkeys([call.customer for call in calls])),
        }
        rows.append(row)
    firsts = {row["customer"]: row["calls"][0] for row in rows}
    for a, b in likely_twins(firsts):
        later, other = (a, b) if firsts[a] > firsts[b] else (b, a)
        what = f"customer {later!r} looks like {other!r}"
        todo = f"if they are one, write it under aliases of {other} in discovery/customers.yaml (now they count as two)"
        problems.append(Problem(table[firsts[later]].file, table[firsts[later]].line, what, todo))
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


def _calls_frame(table: list[CallRow], customers: list[dict[str, Any]], tables: list[NoteTable]) -> pd.DataFrame:
    """One row a call; of a table of notes the rows of one customer on one day are one."""
    import pandas as pd

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
            "line": 0,
        }
        for row in customers
        for i in row["calls"]
        if i < len(table)
    ]
    rows.sort(key=lambda row: (row["date"] or "9999", row["call"]))
    columns = ["call", "customer", "segment", "role", "file", "date", "n_notes", "counted", "transcript", "us", "line"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["date"] = pd.to_datetime(frame["date"], format="%Y-%m-%d").astype("datetime64[s]")
    # Which an empty workspace would not tell.
    frame = frame.astype({"n_notes": "int64", "line": "int64", "counted": bool})
    return _in_order([frame, *(_calls_of_table(one, customers) for one in tables)])


def _calls_of_table(table: NoteTable, customers: list[dict[str, Any]]) -> pd.DataFrame:
    """The calls that a table of notes holds: the rows of one customer on one day."""
    import numpy as np
    import pandas as pd

    row_of = _row_of(table, customers)
    rows = table.notes[["date", "line", "who"]].assign(customer=row_of)
    groups = rows.groupby(["customer", "date"], sort=False, dropna=False, as_index=False)
    found = groups.agg(line=("line", "first"), who=("who", "first"), n_notes=("line", "size"))
    role_of = {who: split_who(who)[1] for who in table.notes["who"].cat.categories}
    at = found["customer"].to_numpy()

    def of(name: str) -> Any:
        return pd.array(np.array([row[name] for row in customers], dtype=object)[at], dtype="str")

    return pd.DataFrame(
        {
            "call": table.id,
            "customer": of("customer"),
            "segment": of("segment"),
            "role": found["who"].astype(str).map(role_of).astype("str"),
            "file": table.file,
            "date": found["date"],
            "n_notes": found["n_notes"].astype("int64"),
            "counted": np.array([not row["excluded"] for row in customers], dtype=bool)[at],
            "transcript": "",
            "us": "",
            "line": found["line"],
        }
    )


def _notes_of_table(
    table: NoteTable, customers: list[dict[str, Any]], our_rows: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """The notes of a table, as those of calls are."""
    import numpy as np
    import pandas as pd

    n, row_of = len(table.notes), _row_of(table, customers)

    def of_customer(name: str, categories: Iterable[str] = ()) -> pd.Categorical:
        values = [row[name] for row in customers]
        known = list(categories) or sorted(set(values))
        code = {value: i for i, value in enumerate(known)}
        codes = np.array([code[value] for value in values], dtype=np.int32)[row_of]
        return pd.Categorical.from_codes(codes, categories=pd.Index(known, dtype="str"), ordered=bool(categories))

    def all_of(value: str) -> pd.Categorical:
        return pd.Categorical.from_codes(np.zeros(n, dtype=np.int8), categories=pd.Index([value], dtype="str"))

    notes = table.notes
    who = notes["who"].cat
    said_by = [our_rows.get((table.id, name), "") for name in who.categories]
    known = sorted({"", *said_by})
    code = np.array([known.index(name) for name in said_by], dtype=np.int32)
    ours = pd.Categorical.from_codes(code[who.codes.to_numpy()] if n else [], categories=pd.Index(known, dtype="str"))
    kinds = notes["kind"].array
    if any(said_by):
        codes = np.where(ours.codes != known.index(""), KINDS.index("take"), kinds.codes)
        kinds = pd.Categorical.from_codes(codes, categories=list(KINDS))
    return pd.DataFrame(
        {
            "note": notes["note"].array,
            "call": all_of(table.id),
            "customer": of_customer("customer"),
            "who": notes["who"].array,
            "segment": of_customer("segment"),
            "date": notes["date"].to_numpy(),
            "kind": kinds,
            "text": notes["text"].array,
            "tags": notes["tags"].to_numpy(),
            "at": pd.array([""] * n, dtype="str"),
            "call_kind": all_of(""),
            "consent": of_customer("consent", CONSENT_LEVELS),
            "file": all_of(table.file),
            "line": notes["line"].to_numpy(),
            "excluded": of_customer("excluded"),
            "ours": ours,
        }
    )


def _row_of(table: NoteTable, customers: list[dict[str, Any]]) -> Any:
    """For each note the place of its customer among them."""
    import numpy as np

    place = {spelt: i for i, row in enumerate(customers) for spelt in row["spelt"]}
    written = table.notes["customer"].cat
    return np.array([place[name] for name in written.categories], dtype=np.int64)[written.codes]


def _in_order(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Calls or notes of calls, which are in order, and of tables as one: by day, call and line; what has no day is last."""
    import numpy as np
    import pandas as pd
    from pandas.api.types import union_categoricals

    if len(parts) == 1:
        return parts[0]
    parts = [part for part in parts if len(part)] or parts[:1]
    columns = {}
    for name in parts[0].columns:
        of = [part[name] for part in parts]
        sets = isinstance(of[0].dtype, pd.CategoricalDtype) and any(one.dtype != of[0].dtype for one in of)
        columns[name] = union_categoricals(of, sort_categories=True) if sets else pd.concat(of, ignore_index=True).array
    whole = pd.DataFrame(columns)
    day = whole["date"].fillna(pd.Timestamp("9999-12-31")).to_numpy()
    call = whole["call"].astype("category").cat.codes.to_numpy()
    return whole.iloc[np.lexsort((whole["line"].to_numpy(), call, day))].reset_index(drop=True)


def _notes_frame(
    table: list[CallRow],
    customers: list[dict[str, Any]],
    ours: Mapping[tuple[str, int], str],
    tables: list[NoteTable],
    our_rows: Mapping[tuple[str, str], str],
) -> pd.DataFrame:
    """One row a note, with what is known of its call and customer, and who of us said it where one of us did."""
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
    lines = np.fromiter(chain.from_iterable([call.lines for call in table]), dtype=np.int64)
    said_by = np.full(n_notes, "", dtype=object)
    if ours:
        places = chain.from_iterable(((call.id, line) for line in call.lines) for call in table)
        said_by[:] = [ours.get(place, "") for place in places]
        kinds = np.where(said_by != "", KINDS.index("take"), kinds)
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
            "line": lines,
            "excluded": per_call(of_customer("excluded")),
            "ours": pd.Categorical(said_by, categories=pd.Index(sorted({"", *ours.values()}), dtype="str")),
        }
    )
    assert tuple(frame.columns) == (*NOTE_COLUMNS, "excluded", "ours")
    return _in_order([frame, *(_notes_of_table(one, customers, our_rows) for one in tables)])


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
