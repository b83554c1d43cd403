"""The workspace on disk: which folder it is, what calls it holds, and how a call is saved.

Reading gives calls as plain data and a list of problems with file and line; saving goes through
:mod:`workbench.save`, which never overwrites text that the caller has not seen.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from workbench.call_table import CallRow, read_call_rows
from workbench.customers import (
    Registry,
    parse_registry,
    strictest,
)
from workbench.errors import InputError, Problem
from workbench.note_tables import ENDINGS, NoteTable, read_note_table
from workbench.notes import Call, parse_call, showable
from workbench.plain_letters import plain_letters
from workbench.save import SaveConflict, SaveError, fingerprint, move_file, save_bytes, until_saved
from workbench.themes.ledger import (
    HEADER,
    LEDGER_FILE,
    Ledger,
    Record,
    forget_calls,
    format_record,
    parse_ledger,
    reword_notes,
)

__all__ = [
    "append_records",
    "call_file",
    "change_record",
    "create_call",
    "file_marks",
    "find_citations",
    "forget_in_ledger",
    "read_call",
    "read_calls",
    "read_ledger",
    "read_note_tables",
    "read_registry",
    "read_rows",
    "read_salt",
    "read_text",
    "remove_call",
    "rename_call",
    "restore_call",
    "reword_in_ledger",
    "slug",
    "table_file",
    "who_decides",
    "workspace",
    "write_call",
]

MAX_CALL_BYTES = 8 * 1024 * 1024
# Below this many calls a parse takes a fraction of a second, and a cache is only litter.
WORTH_KEEPING = 500
# Not among the calls, so that nothing counts what lies there.
REMOVED = ".workbench/removed"
# Calls word for word, beside those that name them.
TRANSCRIPTS = "interviews/transcripts"
# What Dropbox, OneDrive, Syncthing, Nextcloud and our own save call a copy that nobody has merged yet.
_CONFLICT_COPY = re.compile(r"conflicted copy|\.sync-conflict-|\(conflict |_conflict-\d{8}", re.IGNORECASE)


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


def who_decides() -> str:
    """Who is at this computer, to be written down with what they decide.

    Returns
    -------
    str
        The environment's ``WORKBENCH_BY``, else the user's name; "somebody" where there is none.

    Examples
    --------
    >>> bool(who_decides())
    True
    """
    try:
        return os.environ.get("WORKBENCH_BY") or getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container, or Windows, without a name for its user
        return "somebody"


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
    target = _inside(workspace(root), call.file)
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
    folder = workspace(root)
    call = parse_call(source, call_file(folder, day=day, customer=customer, who=who))
    return call, write_call(call, folder, loaded=None)


def call_file(root: str | os.PathLike[str], *, day: str, customer: str, who: str = "", own: str = "") -> str:
    """The file that a call gets: named by its day, customer and role, and not taken by another call.

    Parameters
    ----------
    root : path-like
        The workspace.
    day : str
        ``YYYY-MM-DD``.
    customer, who : str
        Any text; the file's name takes ASCII letters of it, so that it lands inside ``interviews/`` on every system.
    own : str
        The call's present file, which counts as free.

    Returns
    -------
    str
        Relative to the workspace.

    Raises
    ------
    InputError
        When `day` is none.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> call_file(folder, day="2026-11-17", customer="Café Müller", who="Jane Doe, ops lead")
    'interviews/2026-11-17-cafe-muller-ops-lead.md'
    """
    try:
        date.fromisoformat(day)
    except ValueError:
        raise InputError(f"date {day!r} is not a day such as 2026-11-17") from None
    role = who.rpartition(",")[2]
    stem = "-".join(part for part in (day, slug(customer) or "customer", slug(role)) if part)[:80].rstrip("-")
    return _free_file(workspace(root), stem, own)


def table_file(root: str | os.PathLike[str], name: str, ending: str) -> str:
    """The file that a table of notes gets: named as it was, and not taken by a call or another table.

    Parameters
    ----------
    root : path-like
        The workspace.
    name : str
        Any text.
    ending : str
        One of :data:`workbench.note_tables.ENDINGS`.

    Returns
    -------
    str
        Relative to the workspace.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> table_file(folder, "Tickets 2026 (final)", ".csv")
    'interviews/tickets-2026-final.csv'
    """
    folder = workspace(root) / "interviews"
    taken = _stems(folder) if folder.is_dir() else set()
    return f"interviews/{_free_name(slug(name) or 'table', taken)}{ending}"


def rename_call(root: str | os.PathLike[str], file: str, *, day: str, customer: str, who: str = "", loaded: str) -> str:
    """Name a call's file after its day, customer and role.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call's file, relative to the workspace.
    day, customer, who : str
        As for :func:`call_file`. Another call's name is never taken: ours gets a number then.
    loaded : str
        Fingerprint of the text the caller knows.

    Returns
    -------
    str
        The file now, relative to the workspace; its text is the same.

    Raises
    ------
    SaveConflict
        The file changed since it was loaded; it keeps its name.
    SaveError
        It could not be renamed, and keeps its name.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> call, loaded = create_call(folder, "- hi", day="2026-11-17", customer="")
    >>> rename_call(folder, call.file, day="2026-11-17", customer="Acme", loaded=loaded)
    'interviews/2026-11-17-acme.md'
    """
    folder = workspace(root)
    source = _inside(folder, file)
    while True:
        new = call_file(folder, day=day, customer=customer, who=who, own=file)
        if new.casefold() == file.casefold():
            return file
        try:
            move_file(source, folder / new, expected=loaded)
            return new
        except SaveConflict as conflict:
            if conflict.path == source:
                raise


def remove_call(root: str | os.PathLike[str], file: str, *, loaded: str) -> str:
    """Take a call out of the workspace; it is kept in ``.workbench/removed/``, and nothing is deleted for good.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call's file, relative to the workspace.
    loaded : str
        Fingerprint of the text the caller knows.

    Returns
    -------
    str
        Where it is kept, for :func:`restore_call`.

    Raises
    ------
    SaveConflict
        The file changed since it was loaded; it stays.
    SaveError
        It could not be moved, and stays.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> call, loaded = create_call(folder, "- hi", day="2026-11-17", customer="Acme")
    >>> removed = remove_call(folder, call.file, loaded=loaded)
    >>> (folder / call.file).exists(), restore_call(folder, removed)
    (False, 'interviews/2026-11-17-acme.md')
    """
    folder = workspace(root)
    source = _inside(folder, file)
    removed = f"{REMOVED}/{source.name}.{secrets.token_hex(4)}"
    move_file(source, folder / removed, expected=loaded)
    return removed


def restore_call(root: str | os.PathLike[str], removed: str) -> str:
    """Put a removed call back.

    Parameters
    ----------
    root : path-like
        The workspace.
    removed : str
        Where it is kept, from :func:`remove_call`.

    Returns
    -------
    str
        The call's file: its old name, or with a number when another call has taken that meanwhile.

    Raises
    ------
    InputError
        When it is not there any more.
    SaveError
        It could not be moved, and stays where it is kept.
    """
    folder = workspace(root)
    source = _inside(folder, removed)
    if not source.is_file():
        raise InputError(f"{removed} is not there any more, so the call cannot be put back")
    stem = source.name.rpartition(".")[0].removesuffix(".md")
    while True:
        file = _free_file(folder, stem)
        try:
            move_file(source, folder / file, expected=fingerprint(source.read_bytes()))
            return file
        except SaveConflict as conflict:
            if conflict.path == source:
                raise


def find_citations(root: str | os.PathLike[str], call: str) -> list[str]:
    """Where decisions name a call by its file: what would not find it any more under another name.

    Parameters
    ----------
    root : path-like
        The workspace.
    call : str
        The call's id.

    Returns
    -------
    list of str
        Files below ``discovery/``, relative to the workspace.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir(); (folder / "discovery").mkdir()
    >>> _ = (folder / "discovery" / "H-1.md").write_text("evidence: [2026-11-17-acme#1b2c3d4e]")
    >>> find_citations(folder, "2026-11-17-acme"), find_citations(folder, "2026-11-17")
    (['discovery/H-1.md'], [])
    """
    folder = workspace(root)
    named = re.compile(rf"(?<![\w-]){re.escape(call)}(?![\w-])".encode())
    files = sorted(file for file in (folder / "discovery").rglob("*") if file.suffix in (".md", ".yaml"))
    return [file.relative_to(folder).as_posix() for file in files if file.is_file() and named.search(file.read_bytes())]


def read_rows(root: Path, problems: list[Problem]) -> list[CallRow]:
    """All calls as plain rows, the fast way; what :func:`read_calls` reads, without their text.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workspace`.
    problems : list
        Takes what was missing or odd.

    Returns
    -------
    list of CallRow
        By date, then by id; undated calls last.
    """
    files, odd = _call_files(root)
    problems += odd
    kept = root / ".workbench" / "calls.json" if len(files) >= WORTH_KEEPING else None
    table = read_call_rows(_read_files(root, files, problems), _parse, kept)
    problems += [Problem(row.file, *problem) for row in table for problem in row.problems]
    return sorted(table, key=lambda row: (row.date or "9999", row.id))


# A notebook reads its workspace several times, and a million rows take ten seconds.
_latest_tables: dict[Path, tuple[str, NoteTable]] = {}


def read_note_tables(root: Path, problems: list[Problem]) -> tuple[list[NoteTable], dict[str, str]]:
    r"""All tables of notes that lie beside the calls.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workspace`.
    problems : list
        Takes the rows that are no notes, and the tables that are none of notes.

    Returns
    -------
    tables : list of NoteTable
        By name; those that can be read as notes.
    agreed : dict of str to str
        By customer, folded: the strictest consent that any row states, be it a note or not, also in a table that does not count.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> _ = (folder / "interviews" / "tickets.csv").write_text("customer,date,text\nAcme,2026-11-17,It resets\n")
    >>> read_note_tables(folder, [])
    ([NoteTable: interviews/tickets.csv: 1 row, 1 note], {})
    """
    tables: list[NoteTable] = []
    agreed: dict[str, str] = {}
    files, odd = _files_beside(root, ENDINGS)
    problems += [problem for problem in odd if problem.file.lower().endswith(ENDINGS)]
    for file in files:
        try:
            data = (root / file).read_bytes()
        except OSError as error:
            problems.append(Problem(file, 1, f"cannot be read ({error.strerror})", "check that it may be read"))
            continue
        known, content = _latest_tables.get(root / file), fingerprint(data)
        table = known[1] if known and known[0] == content else read_note_table(file, data)
        _latest_tables[root / file] = content, table
        problems += table.problems
        for customer, level in table.agreed.items():
            agreed[customer] = strictest((level, agreed.get(customer, "")))
        if any(table.id == other.id for other in tables):
            todo = "give one of the two another name (it is not counted)"
            problems.append(Problem(file, 1, f"another table is called {table.id}, too", todo))
        elif len(table.notes):
            tables.append(table)
    return tables, agreed


def file_marks(root: Path, *beside: str) -> dict[str, tuple[int, int, int]]:
    """What tells cheaply whether a call, or a file beside the calls, has changed since somebody looked.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workspace`.
    *beside : str
        Other files, relative to the workspace; one that is not there has no mark.

    Returns
    -------
    dict of str to tuple of int
        By file: when it was last written, its size, and its number on disk, which is another one after a save.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> before = file_marks(folder, "discovery/themes.yaml")
    >>> _ = (folder / "interviews" / "2026-11-17-acme.md").write_text("- one")
    >>> before == file_marks(folder, "discovery/themes.yaml")
    False
    """
    within = "interviews/" if (root / "interviews").is_dir() else ""
    with os.scandir(root / within) as entries:
        files = [within + entry.name for entry in entries if entry.name.lower().endswith((".md", *ENDINGS))]
    marks = {}
    for file in sorted({*files, *beside}):
        # One that went meanwhile has no mark, which is a change if it had one before.
        with contextlib.suppress(OSError):
            status = os.stat(root / file)
            marks[file] = status.st_mtime_ns, status.st_size, status.st_ino
    return marks


def read_registry(root: Path, problems: list[Problem]) -> Registry:
    """The registry of customers; empty when there is none.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workspace`.
    problems : list
        Takes what was odd.

    Returns
    -------
    Registry
        From ``discovery/customers.yaml``.

    Raises
    ------
    InputError
        When it cannot be read, since consent may be stated in it.
    """
    file = root / "discovery" / "customers.yaml"
    try:
        text = file.read_text("utf-8-sig") if file.is_file() else ""
    except UnicodeDecodeError as error:  # a name that reads wrongly would lose its consent
        raise InputError(f"{file.relative_to(root)} is not UTF-8; open it in an editor and save it as UTF-8") from error
    registry = parse_registry(text)
    problems += registry.problems
    return registry


def read_ledger(path: str | os.PathLike[str] | None = None) -> Ledger:
    r"""What was decided about themes.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workspace`.

    Returns
    -------
    Ledger
        From ``discovery/themes.yaml``; empty when there is none. What could not be read as meant is in its `problems`.

    Raises
    ------
    InputError
        When the file is there and cannot be read: without it, themes would be made as if nothing had been decided.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir(); (folder / "discovery").mkdir()
    >>> _ = (folder / "discovery" / "themes.yaml").write_text(
    ...     "- {id: a1, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-a1, name: Lost filters}\n")
    >>> [record.name for record in read_ledger(folder).records]
    ['Lost filters']
    """
    return _parse_ledger(_ledger_bytes(workspace(path)) or b"")


def append_records(path: str | os.PathLike[str] | None, records: Iterable[Record]) -> Ledger:
    """Add what was decided to the ledger; what stands in it stays as it is, byte for byte.

    Parameters
    ----------
    path : path-like or None
        The workspace, see :func:`workspace`.
    records : iterable of Record
        As :mod:`workbench.themes.acts` makes them. Their `at` is raised where somebody else has added records since
        the ledger was read, so that the later word stays the later one. A record that is there already is not added
        again.

    Returns
    -------
    Ledger
        The ledger with them.

    Raises
    ------
    InputError
        When the file cannot be read, or is not saved as UTF-8.
    SaveError
        When nothing was saved (disk full, no access); the old text is intact.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> record = Record("a1b2c3d4", 1, "ana", "2026-11-17", "theme", "T-a1b2c3d4", "Lost filters")
    >>> append_records(folder, [record]).next_at
    2
    """
    records = list(records)

    def add(old: bytes) -> bytes:
        if old.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InputError(f"{LEDGER_FILE} is saved as UTF-16; open it in an editor and save it as UTF-8")
        ledger = _parse_ledger(old)
        there = {record.id for record in ledger.records}
        new = [record for record in records if record.id not in there]
        late = max(0, ledger.next_at - min((record.at for record in new), default=ledger.next_at))
        lines = "".join(format_record(replace(record, at=record.at + late)) for record in new)
        if not lines:
            return old
        end = "\r\n" if b"\r\n" in old else "\n"
        head = HEADER if not old else "" if old.endswith((b"\n", b"\r")) else "\n"
        return old + (head + lines).replace("\n", end).encode()

    return _rewrite_ledger(workspace(path), add)


def forget_in_ledger(path: str | os.PathLike[str] | None, calls: Iterable[str], texts: Iterable[str] = ()) -> Ledger:
    """Take some calls' words out of the ledger, see :func:`workbench.themes.ledger.forget_calls`.

    Parameters
    ----------
    path : path-like or None
        The workspace, see :func:`workspace`.
    calls : iterable of str
        Ids of the calls.
    texts : iterable of str
        Texts of these calls' notes, where they are known.

    Returns
    -------
    Ledger
        What is left. Older texts of the file may still lie in git's history.

    Raises
    ------
    InputError
        When the file cannot be read, or is not saved as UTF-8.
    SaveError
        When nothing was saved (disk full, no access); the old text is intact.
    """
    calls, texts = list(calls), list(texts)

    def forget(old: bytes) -> bytes:
        if old.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InputError(f"{LEDGER_FILE} is saved as UTF-16; open it in an editor and save it as UTF-8")
        text = old.decode("utf-8", "surrogateescape")
        return forget_calls(text, calls, texts).encode("utf-8", "surrogateescape")

    return _rewrite_ledger(workspace(path), forget)


def reword_in_ledger(path: str | os.PathLike[str] | None, words: Mapping[tuple[str, str], str]) -> Ledger:
    """Follow notes whose words were changed, see :func:`workbench.themes.ledger.reword_notes`.

    Parameters
    ----------
    path : path-like or None
        The workspace, see :func:`workspace`.
    words : mapping of (str, str) to str
        A call's id and a note's whole old text, to its new text.

    Returns
    -------
    Ledger
        In which what was decided about these notes still is about them.

    Raises
    ------
    InputError
        When the file cannot be read, or is not saved as UTF-8.
    SaveError
        When nothing was saved (disk full, no access); the old text is intact.
    """

    def reword(old: bytes) -> bytes:
        if old.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InputError(f"{LEDGER_FILE} is saved as UTF-16; open it in an editor and save it as UTF-8")
        return reword_notes(old.decode("utf-8", "surrogateescape"), words).encode("utf-8", "surrogateescape")

    return _rewrite_ledger(workspace(path), reword)


def change_record(path: str | os.PathLike[str] | None, file: str, change: Callable[[str], str]) -> str:
    r"""Save a record's file as changed; when somebody else has saved it meanwhile, theirs is changed instead.

    Parameters
    ----------
    path : path-like or None
        The workspace, see :func:`workspace`.
    file : str
        The record, relative to the workspace.
    change : function of str to str
        From the text on disk, empty when there is none, to the new one. What is no UTF-8 comes as surrogate escapes and
        goes back as it was. Called again for each text that somebody else saves in between.

    Returns
    -------
    str
        What is on disk now.

    Raises
    ------
    InputError
        When the file lies outside the workspace, cannot be read, or is not saved as UTF-8.
    SaveError
        When nothing was saved (disk full, no access); the old text is intact.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> change_record(folder, "discovery/hypotheses/H-3fa9c1.md", lambda old: old + "Prose\n")
    'Prose\n'
    """
    target = workspace(path) / file
    if ".." in Path(file).parts or Path(file).is_absolute():
        raise InputError(f"{file} lies outside the workspace; name a file within it")

    def once() -> str:
        try:
            old = target.read_bytes()
        except FileNotFoundError:
            old = None
        except OSError as error:
            why = error.strerror or error
            raise InputError(f"{file} cannot be read ({why}); check that it is a file and may be read") from error
        if old and old.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InputError(f"{file}:1: saved as UTF-16; open it in an editor and save it as UTF-8")
        new = change((old or b"").decode("utf-8", "surrogateescape"))
        data = new.encode("utf-8", "surrogateescape")
        if data != (old or b""):
            save_bytes(target, data, expected=None if old is None else fingerprint(old))
        return new

    return until_saved(once)


def read_text(file: Path) -> str:
    """The text of a file beside the calls; empty when there is none.

    Parameters
    ----------
    file : pathlib.Path
        The file.

    Returns
    -------
    str
        What is no UTF-8 reads as U+FFFD.
    """
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""


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


def _inside(root: Path, file: str) -> Path:
    if ".." in Path(file).parts or Path(file).is_absolute():
        raise SaveError(f"Not saved: {file} lies outside the workspace.")
    return root / file


def _free_file(root: Path, stem: str, own: str = "") -> str:
    """A call's file of this name, with a number if another call or table has it."""
    within = "interviews/" if (root / "interviews").is_dir() else ""
    return f"{within}{_free_name(stem, _stems(root / within, own))}.md"


def _stems(folder: Path, own: str = "") -> set[str]:
    """What calls and tables are called; notes are cited by the name without its ending, so that no two files may share it."""
    # Listed and no more, since a thousand calls that come in ask a thousand times.
    names = {name.casefold() for name in os.listdir(folder)} - {Path(own).name.casefold()}
    return {Path(name).stem for name in names}


def _free_name(stem: str, taken: Container[str]) -> str:
    """A name that is not taken in any case, with a number where it has to."""
    number = 1
    while (name := stem if number == 1 else f"{stem}-{number}").casefold() in taken:
        number += 1
    return name


def _ledger_bytes(root: Path) -> bytes | None:
    try:
        return (root / LEDGER_FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        why = error.strerror or error
        raise InputError(f"{LEDGER_FILE} cannot be read ({why}); check that it is a file and may be read") from error


def _parse_ledger(data: bytes) -> Ledger:
    """The ledger that some bytes are; what is no UTF-8 is read as well as it can be, and named."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        what, line, text = "saved as UTF-16", 1, data.decode("utf-16", "replace")
    else:
        try:
            return parse_ledger(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            what, line = "letters that are not UTF-8", data.count(b"\n", 0, error.start) + 1
            text = data.decode("utf-8-sig", "replace")
    ledger = parse_ledger(text)
    odd = Problem(LEDGER_FILE, line, what, "open the file in an editor and save it as UTF-8")
    return replace(ledger, problems=(odd, *ledger.problems))


def _rewrite_ledger(root: Path, change: Callable[[bytes], bytes]) -> Ledger:
    """Save the ledger as changed; when somebody else has saved it meanwhile, change theirs."""

    def once() -> bytes:
        old = _ledger_bytes(root)
        new = change(old or b"")
        if new != (old or b""):
            save_bytes(root / LEDGER_FILE, new, expected=None if old is None else fingerprint(old))
        return new

    return _parse_ledger(until_saved(once))


def _call_files(root: Path) -> tuple[list[str], list[Problem]]:
    """The calls' files relative to the workspace, by name, and what lies there that is no call."""
    return _files_beside(root, (".md",))


def _files_beside(root: Path, endings: tuple[str, ...]) -> tuple[list[str], list[Problem]]:
    """The files of some kind relative to the workspace, by name, and what lies there that is none."""
    within = "interviews/" if (root / "interviews").is_dir() else ""
    if not within and ".md" not in endings:
        return [], []  # a folder of Markdown files may hold any tables
    files, problems = [], []
    for entry in sorted(os.scandir(root / within), key=lambda entry: entry.name):
        file = within + entry.name
        if entry.name.startswith((".", "_")) or entry.name == "README.md":
            continue
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "transcripts" and within and any(Path(entry.path).rglob("*.md")):
                problems.append(Problem(file, 1, "a folder of notes that is not read", f"move its files to {within}"))
        elif not entry.name.lower().endswith(endings):
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


def slug(text: str) -> str:
    """A part of a file's name that every system takes.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Lower-case ASCII words joined by dashes, at most 40 letters; empty when nothing is left.

    Examples
    --------
    >>> slug("Söhne & Co. KG"), slug("Bäckerei Groß"), slug("Ørsted")
    ('sohne-co-kg', 'backerei-gross', 'orsted')
    """
    return re.sub(r"[^a-z0-9]+", "-", plain_letters(text)).strip("-")[:40].rstrip("-")
