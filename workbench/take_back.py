"""An import taken back: each thing that comes in is written down, and what nobody has worked on since can be taken out again.

``.workbench/imports.jsonl`` has a line a call or table of notes: which import brought it in and when, its file, its fingerprint as
it was written, and what was kept whole beside it, likewise. What it wrote as decided has a line each: the ledger's records of
the themes that came along, and a spelling of a customer in the registry::

    {"import": 3, "at": "2026-11-17 16:02", "file": "interviews/2026-11-17-acme.md", "is": "9f2c", "beside": {"interviews/transcripts/2026-11-17-acme.vtt": "1ab0"}}
    {"import": 3, "at": "2026-11-17 16:02", "records": ["7f3a01bc", "7f3a01bc-2"]}
    {"import": 3, "at": "2026-11-17 16:02", "alias": "Acme Inc.", "customer": "Acme", "entry": true}

What a table's header did not say by itself and somebody did has a line too, so that the next export of the same tool is not asked
about again::

    {"import": 3, "at": "2026-11-17 16:02", "header": ["Firma", "Meinung"], "columns": {"customer": ["Firma"], "quote": ["Meinung"]}}

Nothing of it is needed to count anything: without it, only no import can be taken back, and such a table is asked about.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.aliases import REGISTRY, remove_alias
from workbench.customers import Customer, fold_name
from workbench.errors import InputError
from workbench.note_tables import ENDINGS
from workbench.save import SaveConflict, SaveError, alone, fingerprint, save_bytes, until_saved
from workbench.store import (
    REMOVED,
    append_records,
    change_record,
    find_citations,
    read_calls,
    read_ledger,
    read_note_tables,
    read_registry,
    remove_call,
    who_decides,
    workspace,
)
from workbench.themes.adopt import Adopted, find_adopted, give_up_themes
from workbench.themes.ledger import LEDGER_FILE
from workbench.themes.replay import live_records
from workbench.transcripts import ORIGINALS, TRANSCRIPTS, TRIAGE
from workbench.triage import read_decisions, read_drafts

__all__ = [
    "AT_WORK",
    "IMPORTS",
    "Decided",
    "Imported",
    "TakeBack",
    "Told",
    "next_number",
    "note_columns",
    "note_decided",
    "note_imported",
    "plan_imports",
    "plan_take_back",
    "read_columns",
    "read_imported",
    "take_back",
]

IMPORTS = ".workbench/imports.jsonl"
# What an import is locked by while it looks at what is in and writes, or takes it out again.
AT_WORK = "import"


@dataclass(frozen=True, slots=True)
class Imported:
    """A call, or a table of notes, as an import wrote it.

    Parameters
    ----------
    number : int
        Which import it was, from 1.
    at : str
        When, as ``YYYY-MM-DD HH:MM``.
    file : str
        The call, relative to the workspace.
    digest : str
        Fingerprint of its text as it was written.
    beside : dict of str to str
        What was kept whole beside it: fingerprints by file.
    """

    number: int
    at: str
    file: str
    digest: str
    beside: Mapping[str, str]

    @property
    def is_table(self) -> bool:
        """Whether it is a table of notes."""
        return self.file.lower().endswith(ENDINGS)


@dataclass(frozen=True, slots=True)
class Decided:
    """What an import wrote as decided.

    Parameters
    ----------
    number : int
        Which import it was, from 1.
    at : str
        When, as ``YYYY-MM-DD HH:MM``.
    records : tuple of str
        Ids of the ledger's records of themes that came along; noted before they are written, so that some may not be there.
    alias, customer : str
        A spelling that was written into the registry, and whose; empty otherwise.
    entry : bool
        Whether the customer's entry was made for it.
    """

    number: int
    at: str
    records: tuple[str, ...] = ()
    alias: str = ""
    customer: str = ""
    entry: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the columns of a table were said to be.

    Parameters
    ----------
    number : int
        Which import it was, from 1.
    at : str
        When, as ``YYYY-MM-DD HH:MM``.
    header : tuple of str
        All of the table's columns.
    columns : dict of str to tuple of str
        Some of them, by what they are.
    """

    number: int
    at: str
    header: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class TakeBack:
    """What taking an import back means.

    Parameters
    ----------
    number : int
        Which import it is; 0 where there is none.
    at : str
        When it was.
    goes : tuple of Imported
        Calls and tables that are taken out.
    beside : tuple of str
        What lies beside them and goes with them; also what a run that was stopped has left of calls that it took out.
    themes : tuple of Adopted
        Records by which themes came along that are given up.
    aliases : tuple of Decided
        Spellings that are taken out of the registry.
    stays : tuple of (str, str)
        What of the import stays, each with the reason.
    """

    number: int = 0
    at: str = ""
    goes: tuple[Imported, ...] = ()
    beside: tuple[str, ...] = ()
    themes: tuple[Adopted, ...] = ()
    aliases: tuple[Decided, ...] = ()
    stays: tuple[tuple[str, str], ...] = ()

    @property
    def does_something(self) -> bool:
        """Whether anything can be taken out."""
        return bool(self.goes or self.beside or self.themes or self.aliases)


def read_imported(root: Path) -> list[Imported]:
    """Every call and table that an import brought in.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.

    Returns
    -------
    list of Imported
        In their order. A line that cannot be read, such as one that was being written when the program was stopped, is left out.

    Examples
    --------
    >>> read_imported(Path("/no/such/folder"))
    []
    """
    return [one for one in _read_lines(root) if isinstance(one, Imported)]


def next_number(root: Path) -> int:
    """Which number an import has that begins now.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.

    Returns
    -------
    int
        1 + the largest that is written down.

    Examples
    --------
    >>> next_number(Path("/no/such/folder"))
    1
    """
    return 1 + max((one.number for one in _read_lines(root)), default=0)


def note_imported(root: Path, number: int, file: str, digest: str, beside: Mapping[str, str]) -> None:
    """Write down that an import brought in a call.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.
    number : int
        Which import it is.
    file, digest, beside
        As in :class:`Imported`.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> note_imported(folder, 1, "interviews/a.md", "9f2c", {})
    >>> [(one.number, one.file) for one in read_imported(folder)]
    [(1, 'interviews/a.md')]
    """
    _note(root, number, {"file": file, "is": digest, "beside": beside})


def note_decided(
    root: Path, number: int, *, records: Sequence[str] = (), alias: str = "", customer: str = "", entry: bool = False
) -> None:
    """Write down what an import writes as decided.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.
    number : int
        Which import it is.
    records, alias, customer, entry
        As in :class:`Decided`; either records or an alias.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> note_decided(folder, 1, alias="Acme Inc.", customer="Acme")
    >>> next_number(folder)
    2
    """
    _note(
        root, number, {"records": list(records)} if records else {"alias": alias, "customer": customer, "entry": entry}
    )


def note_columns(root: Path, number: int, header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> None:
    """Write down what the columns of a table were said to be.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.
    number : int
        Which import it is.
    header, columns
        As in :class:`Told`.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> note_columns(folder, 1, ["Firma", "Meinung"], {"quote": ["Meinung"]})
    >>> {header: told.columns for header, told in read_columns(folder).items()}
    {('Firma', 'Meinung'): {'quote': ('Meinung',)}}
    """
    told = {role: list(names) for role, names in columns.items()}
    _note(root, number, {"header": list(header), "columns": told})


def read_columns(root: Path) -> dict[tuple[str, ...], Told]:
    """What the columns of tables were said to be when they were brought in.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.

    Returns
    -------
    dict of tuple of str to Told
        By all of a table's columns; the last where something else was said later.

    Examples
    --------
    >>> read_columns(Path("/no/such/folder"))
    {}
    """
    return {one.header: one for one in _read_lines(root) if isinstance(one, Told)}


def plan_take_back(root: str | os.PathLike[str], number: int | None = None) -> TakeBack:
    """What taking back an import means; nothing is touched.

    Parameters
    ----------
    root : path-like
        The workspace.
    number : int, optional
        Which one; by default the last of which anything is here.

    Returns
    -------
    TakeBack
        Of number 0 where there is no import.

    Raises
    ------
    InputError
        When there is no such import, or the themes' ledger cannot be read, which may name the calls.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> plan_take_back(folder).goes
    ()
    """
    look = _Look(workspace(root))
    numbers = look.numbers
    if number is None:
        return look.plan(numbers[0]) if numbers else TakeBack()
    if number not in numbers:
        there = f"say one of {', '.join(map(str, sorted(numbers)))}" if numbers else "none can be taken back"
        raise InputError(f"there is no import {number}; {there} (workbench import --undo --list)")
    return look.plan(number)


def plan_imports(root: str | os.PathLike[str]) -> list[TakeBack]:
    """All imports of which anything is here, each as taking it back would be; nothing is touched.

    Parameters
    ----------
    root : path-like
        The workspace.

    Returns
    -------
    list of TakeBack
        The last first.

    Raises
    ------
    InputError
        When the themes' ledger cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> plan_imports(folder)
    []
    """
    look = _Look(workspace(root))
    return [look.plan(number) for number in look.numbers]


def take_back(root: str | os.PathLike[str], plan: TakeBack) -> tuple[list[str], list[tuple[str, str]]]:
    r"""Take an import back. What goes is kept in ``.workbench/removed/``; bringing the same files in again works as the first time.

    Parameters
    ----------
    root : path-like
        The workspace.
    plan : TakeBack
        From :func:`plan_take_back`.

    Returns
    -------
    gone : list of str
        What was taken out, relative to the workspace.
    stays : list of (str, str)
        What was changed since the plan was made, and stays.

    Raises
    ------
    SaveError
        When something cannot be moved; taking back once more goes on.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.bring_in import bring_in, plan_import
    >>> from workbench.importers import Source
    >>> folder = Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> call = Source("2026-11-17 Acme.txt", b"Interviewer: What then?\n\nJane: It broke.\n\nInterviewer: Oh?\n\nJane: Twice.\n")
    >>> _ = bring_in(folder, plan_import(folder, [call]))
    >>> take_back(folder, plan_take_back(folder))[0]
    ['interviews/2026-11-17-acme.md', 'interviews/transcripts/2026-11-17-acme.txt']
    >>> len(bring_in(folder, plan_import(folder, [call])).calls)
    1
    """
    folder = workspace(root)
    with alone(folder / AT_WORK, "import"):
        return _take_back(folder, plan)


def _take_back(folder: Path, plan: TakeBack) -> tuple[list[str], list[tuple[str, str]]]:
    gone: list[str] = []
    # Somebody may have worked on them while the plan was looked at.
    why = _Look(folder).why(plan.number)
    stays = [(one.file, why[one.file]) for one in plan.goes if one.file in why]
    for one in plan.goes:
        if one.file in why:
            continue
        try:
            remove_call(folder, one.file, loaded=one.digest)
            gone.append(one.file)
        except SaveConflict:
            if (folder / one.file).exists():
                stays.append((one.file, "it was changed a moment ago"))
    # A transcript comes after its call: whatever stops this leaves no call without its words.
    left = {one.file for one in plan.goes} - set(gone)
    still = {file for one in plan.goes if one.file in left for file in one.beside}
    for file in plan.beside:
        if file.removesuffix(TRIAGE) not in still:
            with suppress(SaveConflict, FileNotFoundError):
                remove_call(folder, file, loaded=fingerprint((folder / file).read_bytes()))
                gone.append(file)
    # And last what is decided on the calls: of those that stay, it stays.
    now = _Look(folder).plan(plan.number)
    give_up = {one.record.id for one in now.themes} & {one.record.id for one in plan.themes}
    if give_up:
        today = date.today().isoformat()
        append_records(folder, give_up_themes(read_ledger(folder), give_up, by=who_decides(), date=today))
    for one in now.aliases:
        if one in plan.aliases:
            try:
                change_record(folder, REGISTRY, lambda text, one=one: _without(text, one))
            except (InputError, SaveError) as error:
                stays.append((f"the spelling “{one.alias}”", str(error)))
    told = {what for what, _ in (*plan.stays, *stays)}
    stays += [one for one in now.stays if one[0] not in told]
    done = _Look(folder)
    _rewrite(folder, lambda one: not done.is_done(one, plan.number))
    return gone, stays


def _without(text: str, one: Decided) -> str:
    return remove_alias(text, one.customer, one.alias, entry=one.entry)


class _Look:
    """What imports have written, and what has become of it; read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        lines = _read_lines(root)
        self.imported = [one for one in lines if isinstance(one, Imported)]
        self.decided = [one for one in lines if isinstance(one, Decided)]
        self.there = [one for one in self.imported if (root / one.file).is_file()]
        kept = _removed(root)
        self.out = [one for one in self.imported if _is_taken_out(root, one, kept)]
        self._found: dict[int, list[Adopted]] = {}
        self._are_out = {(one.number, one.file, one.digest) for one in self.out}

    @property
    def numbers(self) -> list[int]:
        """The imports of which anything is here, the last first."""
        with_calls = {one.number for one in self.there}
        decided = {one.number for one in self.decided if self._aliases(one.number) or self._adopted(one.number)}
        # Of one that was being taken back when the program was stopped, a transcript may be left.
        stopped = {number for number in {one.number for one in self.out} - with_calls if self._beside_of(number, [])}
        return sorted(with_calls | decided | stopped, reverse=True)

    def plan(self, number: int) -> TakeBack:
        """What taking one of them back means."""
        why = self.why(number)
        goes = [one for one in self.there if one.number == number and one.file not in why]
        stays = [(one.file, why[one.file]) for one in self.there if one.number == number and one.file in why]
        themes, kept_themes = self._themes(number, set(map(_call_of, why)))
        aliases, kept_aliases = [], []
        for one in self._aliases(number):
            used = self._users_of(one.alias, {call.file for call in goes})
            if used:
                kept_aliases.append(
                    (f"the spelling “{one.alias}” of {one.customer}", f"{_listed(used, 'has', 'have')} it")
                )
            else:
                aliases.append(one)
        at = next((one.at for one in reversed([*self.decided, *self.imported]) if one.number == number), "")
        stays = (*stays, *kept_themes, *kept_aliases)
        beside = tuple(self._beside_of(number, goes))
        return TakeBack(number, at, tuple(goes), beside, tuple(themes), tuple(aliases), stays)

    def why(self, number: int) -> dict[str, str]:
        """What an import has written and somebody has worked on since, each file with what was done."""
        mine = [one for one in self.there if one.number == number]
        return {one.file: reason for one in mine if (reason := self._why_it_stays(one))}

    def is_done(self, one: Imported | Decided | Told, number: int) -> bool:
        """Whether nothing is left to take back of what one line says."""
        if isinstance(one, Imported):
            return self._is_out(one)
        if one.number != number:
            return False
        if isinstance(one, Told):
            return True
        return not (one in self._aliases(number) if one.alias else any(id in self._live for id in one.records))

    def _is_out(self, one: Imported) -> bool:
        return (one.number, one.file, one.digest) in self._are_out

    @cached_property
    def _live(self) -> frozenset[str]:
        return frozenset(record.id for record in live_records(self._ledger))

    @cached_property
    def _ledger(self) -> Any:
        return read_ledger(self.root)

    @cached_property
    def _in_themes(self) -> dict[str, set[str]]:
        """The records that name notes of each call and that nobody has taken back."""
        found: dict[str, set[str]] = defaultdict(set)
        for record in live_records(self._ledger):
            for ref in record.notes:
                found[ref.call].add(record.id)
        return found

    @cached_property
    def _spellings(self) -> dict[str, Customer]:
        return read_registry(self.root, []).by_spelling()

    @cached_property
    def _begun(self) -> set[str]:
        return {key.partition("|")[0] for key in read_drafts(self.root)}

    @cached_property
    def _records(self) -> dict[str, bytes]:
        """What records say, by file, read once: a call of a thousand is looked up in it."""
        files = sorted((self.root / "discovery").rglob("*"))
        found = {file.relative_to(self.root).as_posix(): file for file in files if file.is_file()}
        return {name: file.read_bytes() for name, file in found.items() if name != LEDGER_FILE}

    @cached_property
    def _said(self) -> bytes:
        return b"\n".join(self._records.values())

    @cached_property
    def _calls(self) -> list[Any]:
        return read_calls(self.root)[0]

    @cached_property
    def _tables(self) -> dict[str, set[str]]:
        """Customers' names in each table of notes, as they are written there."""
        return {
            one.file: {fold_name(str(name)) for name in one.notes["customer"].unique()}
            for one in read_note_tables(self.root, [])[0]
        }

    @cached_property
    def _imports_of(self) -> dict[str, int]:
        """Which import has written each record."""
        return {id: one.number for one in self.decided for id in one.records}

    def _adopted(self, number: int) -> list[Adopted]:
        """An import's records of themes that hold still."""
        if number in self._found:
            return self._found[number]
        ids = {id for id, of in self._imports_of.items() if of == number}
        others = self._imports_of.keys() - ids
        self._found[number] = find_adopted(self._ledger, ids, others) if ids & self._live else []
        return self._found[number]

    def _work_on(self, one: Adopted) -> str:
        """What somebody has done with a theme since it came along."""
        if one.since:
            later = {self._imports_of.get(id) for id in one.since}
            if None in later:
                return "you have worked on it since"
            return _listed((f"import {number}" for number in sorted(later)), "has", "have") + " put notes into it since"
        theme = str(one.record.theme)
        named = [file for file, shorts in self._naming_themes.items() if any(map(theme.startswith, shorts))]
        return _listed(named, "names", "name") + " it" if named else ""

    @cached_property
    def _naming_themes(self) -> dict[str, set[str]]:
        """The records that name themes, each with their ids or the beginnings of those."""
        found = {file: re.findall(rb"(?<![\w-])T-[0-9a-f]{4,}", data) for file, data in self._records.items()}
        return {file: {short.decode() for short in shorts} for file, shorts in found.items() if shorts}

    def _themes(self, number: int, staying: set[str]) -> tuple[list[Adopted], list[tuple[str, str]]]:
        """An import's records of themes that can be given up, and the themes that stay, each with the reason."""
        goes, stays = [], {}
        for one in self._adopted(number):
            calls = sorted({ref.call for ref in one.record.notes} & staying)
            why = self._work_on(one) or (f"notes of {', '.join(calls)} stand in it" if calls else "")
            if why:
                stays[f"the theme “{one.name}”"] = why
            else:
                goes.append(one)
        return goes, list(stays.items())

    def _aliases(self, number: int) -> list[Decided]:
        """The spellings that an import wrote into the registry and that are there still."""
        mine = [one for one in self.decided if one.number == number and one.alias]
        known = self._spellings if mine else {}
        return [
            one
            for one in mine
            if (owner := known.get(fold_name(one.alias))) is not None
            and owner is known.get(fold_name(one.customer))
            and fold_name(one.alias) in map(fold_name, owner.aliases)
        ]

    def _users_of(self, alias: str, going: set[str]) -> list[str]:
        """Files that have a customer's other spelling and stay."""
        name = fold_name(alias)
        whole = re.compile(rf"(?<!\w){re.escape(alias.casefold())}(?!\w)")
        calls = [call.file for call in self._calls if call.file not in going and fold_name(call.customer) == name]
        tables = [file for file, names in self._tables.items() if file not in going and name in names]
        records = [
            file
            for file, data in self._records.items()
            if file != REGISTRY and whole.search(data.decode("utf-8", "replace").casefold())
        ]
        return [*calls, *tables, *records]

    def _why_it_stays(self, one: Imported) -> str:
        """What somebody has done with a call since; empty where nobody has."""
        root, call = self.root, _call_of(one.file)
        if (root / one.file).is_symlink():
            return "it is a link to another file"
        if fingerprint((root / one.file).read_bytes()) != one.digest:
            return "it was edited since"
        if one.file in self._begun:
            return "a note of it is half written in Triage"
        for file, digest in one.beside.items():
            path = root / file
            if file.startswith(TRANSCRIPTS) and path.is_file():
                if _is_decided_on(root, file):
                    return "candidates of it were decided in Triage"
                if fingerprint(path.read_bytes()) != digest:
                    return "its transcript was replaced since"
        if call in self._in_themes:
            if {self._imports_of.get(id) for id in self._in_themes[call]} != {one.number}:
                return "notes of it stand in themes"
            for adopted in self._adopted(one.number):
                if adopted.record.id in self._in_themes[call] and (work := self._work_on(adopted)):
                    return f"notes of it stand in the theme “{adopted.name}”, and {work}"
        cited = self._citing(one)
        return f"{_listed(cited, 'names', 'name')} it" if cited else ""

    def _citing(self, one: Imported) -> list[str]:
        """Where decisions name a call; a table of notes by one of its notes or its file."""
        call = _call_of(one.file)
        if one.is_table:
            named = (f"{call}#".encode(), one.file.encode())
            return [file for file, data in self._records.items() if any(name in data for name in named)]
        # Of a thousand calls only those are looked up that any record names.
        return (
            [file for file in find_citations(self.root, call) if file != LEDGER_FILE]
            if call.encode() in self._said
            else []
        )

    def _beside_of(self, number: int, goes: Sequence[Imported]) -> Iterable[str]:
        """Transcripts that no other call names, and originals of which no other call was made; what was decided on none with them."""
        goes = [*goes, *(one for one in self.out if one.number == number)]
        going = {one.file for one in goes}
        if not going:
            return []
        named = {
            f"{TRANSCRIPTS}/{call.transcript}" for call in self._calls if call.file not in going and call.transcript
        }
        # Of a call that has another name since, the original stays: it cannot be told from one that somebody has deleted.
        stay = [one for one in self.imported if one.file not in going and not self._is_out(one)]
        made = {file for one in stay for file in one.beside if file.startswith(ORIGINALS)}
        found = []
        for file, digest in {file: digest for one in goes for file, digest in one.beside.items()}.items():
            path = self.root / file
            if file in named | made or _is_decided_on(self.root, file):
                continue
            if path.is_file() and fingerprint(path.read_bytes()) == digest:
                found.append(file)
                if (self.root / f"{file}{TRIAGE}").is_file():
                    found.append(f"{file}{TRIAGE}")
        return found


def _listed(files: Iterable[str], one: str, several: str) -> str:
    """Files with the verb behind them; of many the first three."""
    names = list(files)
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more} {one if len(names) == 1 else several}"


def _call_of(file: str) -> str:
    return Path(file).stem


def _note(root: Path, number: int, what: Mapping[str, Any]) -> None:
    """A line more."""
    line = {"import": number, "at": f"{datetime.now():%Y-%m-%d %H:%M}", **what}
    data = json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n"
    # Added without the waits of a save: the call is in whether or not this is, and a torn line is left out.
    with suppress(OSError):
        (root / IMPORTS).parent.mkdir(exist_ok=True)
        if (root / IMPORTS).is_symlink():
            return  # a workspace that came from elsewhere has nothing written into any other file
        with open(root / IMPORTS, "a+b") as imports:
            imports.seek(-1 if imports.tell() else 0, os.SEEK_END)
            # A torn line does not take the next one with it.
            imports.write(data if imports.read(1) in (b"", b"\n") else b"\n" + data)


def _read_lines(root: Path) -> list[Imported | Decided | Told]:
    try:
        lines = (root / IMPORTS).read_bytes().splitlines()
    except OSError:
        return []
    return [one for line in lines if (one := _read(line))]


def _read(line: bytes) -> Imported | Decided | Told | None:
    try:
        values = json.loads(line)
        number, at = values["import"], values["at"]
        if "header" in values:
            return _read_told(number, at, values)
        if "file" not in values:
            return _read_decided(number, at, values)
        file, digest, beside = values["file"], values["is"], values["beside"]
        strings = (at, file, digest, *beside, *beside.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    good = type(number) is int and all(isinstance(one, str) for one in strings)
    # A workspace that came from elsewhere names nothing but calls and what lies beside them.
    fits = good and _is_call(file) and all(name.rpartition("/")[0] in (TRANSCRIPTS, ORIGINALS) for name in beside)
    return Imported(number, at, file, digest, beside) if fits else None


def _read_told(number: Any, at: Any, values: Mapping[str, Any]) -> Told | None:
    header, columns = tuple(values["header"]), {role: tuple(names) for role, names in values["columns"].items()}
    strings = (at, *header, *columns, *(name for names in columns.values() for name in names))
    good = type(number) is int and all(isinstance(one, str) for one in strings)
    return Told(number, at, header, columns) if good else None


def _read_decided(number: Any, at: Any, values: Mapping[str, Any]) -> Decided | None:
    records, alias, customer = values.get("records", []), values.get("alias", ""), values.get("customer", "")
    strings = (at, alias, customer, *records)
    good = type(number) is int and isinstance(records, list) and all(isinstance(one, str) for one in strings)
    good = good and bool(records or (alias and customer))
    return Decided(number, at, tuple(records), alias, customer, values.get("entry") is True) if good else None


def _is_call(file: str) -> bool:
    folder, _, name = file.rpartition("/")
    return folder in ("", "interviews") and (name.endswith(".md") or (bool(folder) and name.lower().endswith(ENDINGS)))


def _removed(root: Path) -> dict[str, list[Path]]:
    """What was taken out, by the names that it had."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in (root / REMOVED).glob("*.*"):
        found[path.stem].append(path)
    return found


def _is_taken_out(root: Path, one: Imported, kept: Mapping[str, Sequence[Path]]) -> bool:
    """Whether a call was taken out as it was brought in, and has not only another name now."""
    copies = () if (root / one.file).exists() else kept.get(Path(one.file).name, ())
    return any(path.is_file() and fingerprint(path.read_bytes()) == one.digest for path in copies)


def _is_decided_on(root: Path, file: str) -> bool:
    """Whether something was decided in Triage on a transcript, even if its call was taken out since."""
    return file.startswith(TRANSCRIPTS) and any(read_decisions(root, Path(file).name))


def _rewrite(root: Path, stays: Callable[[Imported | Decided | Told], bool]) -> None:
    """The file of imports with those lines only that stay."""

    def once() -> None:
        data = (root / IMPORTS).read_bytes()
        new = b"".join(line for line in data.splitlines(keepends=True) if (one := _read(line)) and stays(one))
        if new != data:
            save_bytes(root / IMPORTS, new, expected=fingerprint(data))

    until_saved(once)
