"""The workspace on disk: which folder it is, what calls it holds, and how a call is saved.

Reading gives plain data (calls, DataFrames) and a list of problems with file and line; saving goes through
:mod:`workbench.save`, which never overwrites text that the caller has not seen.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.call_table import CallRow, read_call_rows
from workbench.customers import (
    Customer,
    Registry,
    fold_name,
    likely_twins,
    parse_registry,
    split_who,
    strictest,
)
from workbench.errors import InputError, Problem
from workbench.notes import CONSENT_LEVELS, KINDS, NOTE_COLUMNS, Call, parse_call, showable
from workbench.records import Hypothesis, Quarter, parse_hypothesis, parse_quarter
from workbench.save import SaveError, fingerprint, save_bytes

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CUSTOMER_COLUMNS",
    "Study",
    "create_call",
    "read_call",
    "read_calls",
    "read_customers",
    "read_notes",
    "read_salt",
    "read_study",
    "workspace",
    "write_call",
]

CUSTOMER_COLUMNS = (
    "customer", "aliases", "segment", "consent", "consent_stated", "excluded", "people", "roles", "n_calls", "first",
    "last",
)  # fmt: skip
MAX_CALL_BYTES = 8 * 1024 * 1024
# Below this many calls a parse takes a fraction of a second, and a cache is only litter.
WORTH_KEEPING = 500
# What Dropbox, OneDrive, Syncthing, Nextcloud and our own save call a copy that nobody has merged yet.
_CONFLICT_COPY = re.compile(r"conflicted copy|\.sync-conflict-|\(conflict |_conflict-\d{8}", re.IGNORECASE)


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
        (bool; whether its customer counts).
    quarter : Quarter
        From ``discovery/quarter.md``; empty without one.
    hypotheses : list of Hypothesis
        The records in ``discovery/hypotheses/``, by id.
    salt : str
        As from :func:`read_salt`.
    n_unnamed : int
        Calls without a customer, whose ids stand in.
    problems : list of Problem
        All that was missing or odd.
    """

    root: Path
    notes: pd.DataFrame
    customers: pd.DataFrame
    calls: pd.DataFrame
    quarter: Quarter
    hypotheses: list[Hypothesis]
    salt: str
    n_unnamed: int
    problems: list[Problem]

    def __repr__(self) -> str:
        odd = f", {len(self.problems)} things to look at (.problems)" if self.problems else ""
        return f"Study: {len(self.calls)} calls, {len(self.notes)} notes{odd}"


def read_study(path: str | os.PathLike[str] | None = None, *, assume_consent: str | None = None) -> Study:
    r"""Everything that a workspace holds.

    Parameters
    ----------
    path, assume_consent
        As for :func:`read_notes`.

    Returns
    -------
    Study
        Notes, customers, calls, the quarter, hypotheses, and the list of what was missing or odd.

    Raises
    ------
    InputError
        When there is no workspace, or its registry cannot be read.

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
    table = _read_table(root, problems)
    registry = _read_registry(root, problems)
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
            "counted": not row["excluded"],
        }
        for row in resolved
        for i in row["calls"]
    ]
    rows.sort(key=lambda row: (row["date"] or "9999", row["call"]))
    calls = pd.DataFrame(rows, columns=["call", "customer", "segment", "role", "file", "date", "n_notes", "counted"])
    calls["date"] = pd.to_datetime(calls["date"], format="%Y-%m-%d").astype("datetime64[s]")
    calls = calls.astype({"n_notes": "int64", "counted": bool})  # which an empty workspace would not tell
    quarter_file = root / "discovery" / "quarter.md"
    quarter, odd = parse_quarter(_read_text(quarter_file))
    problems += odd
    hypotheses = []
    for file in sorted((root / "discovery" / "hypotheses").glob("*.md")):
        hypothesis, odd = parse_hypothesis(_read_text(file), file.relative_to(root).as_posix())
        hypotheses.append(hypothesis)
        problems += odd
    return Study(
        root=root,
        notes=_notes_frame(table, resolved),
        customers=_customers_frame(resolved, registry, _assumed(assume_consent)),
        calls=calls,
        quarter=quarter,
        hypotheses=sorted(hypotheses, key=lambda h: h.id),
        salt=read_salt(root),
        n_unnamed=sum(call.customer == call.id for call in table),
        problems=problems,
    )


def workspace(path: str | os.PathLike[str] | None = None) -> Path:
    """The workspace's folder.

    Parameters
    ----------
    path : path-like, optional
        The folder, when the caller knows it. Otherwise the environment's ``WORKBENCH_DIR``, else the current folder
        if it holds ``interviews/``, else its parent (a notebook runs in ``notebooks/``).

    Returns
    -------
    pathlib.Path
        An absolute path to a folder that holds ``interviews/``, or Markdown files directly.

    Raises
    ------
    InputError
        When there is no such folder.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = tempfile.mkdtemp()
    >>> (pathlib.Path(folder) / "interviews").mkdir()
    >>> workspace(folder) == pathlib.Path(folder).resolve()
    True
    """
    if path is None:
        path = os.environ.get("WORKBENCH_DIR") or next(
            (folder for folder in (Path.cwd(), Path.cwd().parent) if (folder / "interviews").is_dir()), Path.cwd()
        )
    folder = Path(path).expanduser().resolve()
    if not folder.is_dir():
        raise InputError(f"no folder {path}; name the workspace with -w DIR, or make one with  workbench init {path}")
    if not (folder / "interviews").is_dir() and not any(folder.glob("*.md")):
        raise InputError(
            f"{path} holds no interviews/ folder and no .md files; name the workspace with -w DIR, "
            f"or make one with  workbench init {path}"
        )
    return folder


def read_calls(path: str | os.PathLike[str] | None = None) -> tuple[list[Call], list[Problem]]:
    r"""All calls of a workspace.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workspace`.

    Returns
    -------
    calls : list of Call
        By date, then by id; undated calls last.
    problems : list of Problem
        Files that are no calls, and everything the calls themselves complain of.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- one")
    >>> calls, problems = read_calls(folder.parent)
    >>> calls[0].id, problems
    ('2026-11-17-acme', [])
    """
    root = workspace(path)
    files, problems = _call_files(root)
    calls = [_parse(data, file) for file, data in _read_files(root, files, problems)]
    calls.sort(key=lambda call: (str(call.date or "9999"), call.id))
    return calls, problems + [problem for call in calls for problem in call.problems]


def read_call(path: str | os.PathLike[str], root: str | os.PathLike[str] | None = None) -> tuple[Call, str]:
    """One call, with the fingerprint that :func:`write_call` wants back.

    Parameters
    ----------
    path : path-like
        The call's file.
    root : path-like, optional
        The workspace; the file is named relative to it.

    Returns
    -------
    call : Call
        The call.
    loaded : str
        Fingerprint of the bytes that were read.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    path = Path(path)
    folder = workspace(root) if root is not None else path.resolve().parent
    if not path.resolve().is_relative_to(folder):
        raise InputError(f"{path} lies outside the workspace {folder}")
    file = path.resolve().relative_to(folder).as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}; check that the file is there and may be read") from error
    return _parse(data, file), fingerprint(data)


def write_call(call: Call, root: str | os.PathLike[str], *, loaded: str | None) -> str:
    """Save a call; an untouched one gives back the same bytes.

    Parameters
    ----------
    call : Call
        The call; its `source` is what is written.
    root : path-like
        The workspace.
    loaded : str or None
        Fingerprint of the text the caller started from; None for a call that must not exist yet.

    Returns
    -------
    str
        Fingerprint of what is on disk now.

    Raises
    ------
    SaveError
        Nothing was saved (disk full, no access); the old text is intact.
    SaveConflict
        The file changed since it was loaded; nothing was overwritten.
    """
    target = workspace(root) / call.file
    if ".." in Path(call.file).parts or Path(call.file).is_absolute():
        raise SaveError(f"Not saved: {call.file} lies outside the workspace.")
    return save_bytes(target, call.source.encode("utf-8", "surrogateescape"), expected=loaded)


def create_call(
    root: str | os.PathLike[str], source: str, *, day: str, customer: str, who: str = ""
) -> tuple[Call, str]:
    """Save a new call under a name made of its day, customer and role.

    Parameters
    ----------
    root : path-like
        The workspace.
    source : str
        The call's text.
    day : str
        ``YYYY-MM-DD``.
    customer, who : str
        Any text; the file's name takes ASCII letters of it, so that it lands inside ``interviews/`` on every system.

    Returns
    -------
    call : Call
        The call as saved.
    loaded : str
        Its fingerprint.

    Raises
    ------
    SaveError
        When it cannot be saved.
    """
    try:
        date.fromisoformat(day)
    except ValueError:
        raise InputError(f"date {day!r} is not a day such as 2026-11-17") from None
    role = who.rpartition(",")[2]
    stem = "-".join(part for part in (day, _slug(customer) or "customer", _slug(role)) if part)[:80].rstrip("-")
    folder = workspace(root)
    within = "interviews/" if (folder / "interviews").is_dir() else ""
    taken = {path.name.casefold() for path in (folder / within).glob("*.md")}
    number = 1
    while (name := f"{stem}.md" if number == 1 else f"{stem}-{number}.md").casefold() in taken:
        number += 1
    call = parse_call(source, within + name)
    return call, write_call(call, folder, loaded=None)


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
    table = _read_table(root, listed)
    registry = _read_registry(root, listed)
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
        (tuple of str), n_calls (int), first and last (datetime64, days of calls). Customers that only the registry
        knows have no calls.

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
    table = _read_table(root, listed)
    registry = _read_registry(root, listed)
    resolved = _resolve_customers(table, registry, _assumed(assume_consent), listed)
    frame = _customers_frame(resolved, registry, _assumed(assume_consent))
    _report(listed, problems)
    return frame


def read_salt(path: str | os.PathLike[str] | None = None) -> str:
    """The workspace's secret, with which reports name calls and customers without giving them away.

    It is kept in ``discovery/salt``, made when first needed. A folder that has no ``discovery/`` or cannot be written
    gets one derived from the calls' text: as hard to guess as they are, but another one once a call is added.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workspace`.

    Returns
    -------
    str
        32 hex digits or more.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> len(read_salt(folder.parent)) >= 32
    True
    """
    root = workspace(path)
    file = root / "discovery" / "salt"
    if file.is_file() and (salt := file.read_text("utf-8").strip()):
        return salt
    if file.parent.is_dir():
        salt = secrets.token_hex(16)
        try:
            save_bytes(file, f"{salt}\n".encode(), expected=fingerprint(file.read_bytes()) if file.exists() else None)
        except SaveError:
            pass
        else:
            return salt
    files, problems = _call_files(root)
    digest = hashlib.sha256()
    for _, data in _read_files(root, files, problems):
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()


def _call_files(root: Path) -> tuple[list[str], list[Problem]]:
    """The calls' files relative to the workspace, by name, and what lies there that is no call."""
    within = "interviews/" if (root / "interviews").is_dir() else ""
    files, problems = [], []
    for entry in sorted(os.scandir(root / within), key=lambda entry: entry.name):
        file = within + entry.name
        if entry.name.startswith((".", "_")) or entry.name == "README.md":
            continue
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "transcripts" and within and any(Path(entry.path).rglob("*.md")):
                problems.append(Problem(file, 1, "a folder of notes that is not read", f"move its files to {within}"))
        elif not entry.name.lower().endswith(".md"):
            if within and entry.name.lower().endswith((".txt", ".docx", ".vtt", ".srt", ".markdown")):
                problems.append(Problem(file, 1, "not a call", "save it as a .md file to have it counted"))
        elif _CONFLICT_COPY.search(entry.name):
            todo = "move what you want into the call and delete this copy (it is not counted)"
            problems.append(Problem(file, 1, "a copy left by a conflict", todo))
        elif entry.is_symlink():
            problems.append(Problem(file, 1, "a link, not a file", "put the file itself here (it is not counted)"))
        elif not entry.name.isprintable() or not entry.is_file():
            problems.append(Problem(showable(file), 1, "not a file with a plain name", "rename it (it is not counted)"))
        else:
            files.append(file)
    return files, problems


def _read_files(root: Path, files: list[str], problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes; a file that cannot be used is listed instead."""
    prefix = os.path.join(root, "")
    for file in files:
        try:
            with open(prefix + file, "rb", buffering=0) as stream:
                size = os.fstat(stream.fileno()).st_size
                data = stream.readall() if size <= MAX_CALL_BYTES else b""
        except OSError as error:
            problems.append(Problem(file, 1, f"cannot be read ({error.strerror})", "check that it may be read"))
            continue
        if size > MAX_CALL_BYTES:
            what = f"larger than {MAX_CALL_BYTES // 1024 // 1024} MB"
            problems.append(Problem(file, 1, what, "split it into several calls (it is not counted)"))
        elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
            problems.append(Problem(file, 1, "saved as UTF-16", "save it as UTF-8 (until then it is not counted)"))
        else:
            yield file, data


def _parse(data: bytes, file: str) -> Call:
    return parse_call(data.decode("utf-8", "surrogateescape"), file)


def _read_table(root: Path, problems: list[Problem]) -> list[CallRow]:
    """All calls as rows, by date and id; undated ones last."""
    files, odd = _call_files(root)
    problems += odd
    kept = root / ".workbench" / "calls.json" if len(files) >= WORTH_KEEPING else None
    table = read_call_rows(_read_files(root, files, problems), _parse, kept)
    problems += [Problem(row.file, *problem) for row in table for problem in row.problems]
    return sorted(table, key=lambda row: (row.date or "9999", row.id))


def _read_registry(root: Path, problems: list[Problem]) -> Registry:
    file = root / "discovery" / "customers.yaml"
    try:
        text = file.read_text("utf-8-sig") if file.is_file() else ""
    except UnicodeDecodeError as error:  # a name that reads wrongly would lose its consent
        raise InputError(f"{file.relative_to(root)} is not UTF-8; open it in an editor and save it as UTF-8") from error
    registry = parse_registry(text)
    problems += registry.problems
    return registry


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
        who = [split_who(written) for written in dict.fromkeys([call.who for call in calls]) if written]
        dates = [call.date for call in calls if call.date]
        row |= {
            "consent": stated or assumed,
            "consent_stated": stated,
            "excluded": _why_excluded(row["excluded"], row["segment"], stated or assumed, registry),
            "people": tuple(dict.fromkeys([*row["people"], *(person for person, _ in who if person)])),
            "roles": tuple(dict.fromkeys(role for _, role in who if role)),
            "n_calls": len(calls),
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


def _read_text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""


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


def _slug(text: str) -> str:
    """Lower-case ASCII words joined by dashes; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")
