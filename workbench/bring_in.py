"""Calls from elsewhere, brought into the workspace: looked at first, then written, a call at a time and each whole.

:func:`plan_import` reads and writes nothing; :func:`bring_in` writes what was settled. A transcript is kept first and its call
written then, so that whatever stops it leaves at most a transcript without a call, which a second run finds and uses.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from itertools import compress, islice, takewhile
from pathlib import Path

import numpy as np

from workbench.aliases import REGISTRY, add_alias
from workbench.arrivals import (
    FIELDS,
    SAME_WORDS,
    Arrival,
    Given,
    Known,
    Twin,
    broken,
    look_at,
    said_of_columns,
    said_of_several,
    spelled_alike,
    with_all_rows,
    without_us,
)
from workbench.candidates import find_candidates, split_us
from workbench.customers import fold_name, split_who, strictest
from workbench.errors import InputError, Problem, shorten
from workbench.importers import Contents, Jotting, Jottings, Source, Transcript, Unreadable, read_source
from workbench.importers.archive import LARGEST_FILE, LEFT_THERE, MEGABYTE, is_litter, is_recording, unpack
from workbench.kept import keep, load_kept, version_of
from workbench.mend_transcript import Replaced, replace_transcript
from workbench.note_tables import ENDINGS, MOST_NAMED, NoteTable, read_note_table
from workbench.notes import UNREVIEWED, Call, format_call, format_note, read_note, showable
from workbench.same_call import SameCall, sketch
from workbench.save import SaveError, alone, fingerprint, save_bytes
from workbench.store import (
    append_records,
    call_file,
    change_record,
    create_call,
    file_marks,
    read_call,
    read_calls,
    read_ledger,
    read_registry,
    slug,
    table_file,
    who_decides,
    workspace,
)
from workbench.tabled import Row, as_note_table, find_changed, format_notes, has_same_notes, rows_of
from workbench.take_back import (
    AT_WORK,
    next_number,
    note_columns,
    note_decided,
    note_imported,
    read_columns,
    read_imported,
)
from workbench.themes.adopt import adopt_themes
from workbench.themes.attach import attach_refs, cite_notes
from workbench.themes.ledger import Ref
from workbench.transcripts import ORIGINALS, TRANSCRIPTS, keep_original, keep_transcript
from workbench.unspaced import count_words

__all__ = ["Brought", "bring_in", "count_calls", "plan_import", "renewed"]

# Made anew where it is not there.
SKETCHES = ".workbench/known_calls.json"
# Whatever reads a transcript, tells who speaks, and makes a sketch.
_MADE_BY = ("bring_in.py", "customers.py", "importers/*.py", "notes.py", "same_call.py", "unspaced.py")
# Below this many transcripts it takes a second.
WORTH_KEEPING = 20
# So many words and more than a tenth of all are no greeting, and no "um" that one of two recorders writes.
LEAST_MORE = 100
ALL_IN = "all its notes are in"
# Their calls have every word of them.
NOTE_ENDINGS = (".md", ".markdown", ".txt")


@dataclass(frozen=True)
class Brought:
    """What came of bringing calls in.

    Parameters
    ----------
    calls : tuple of Call
        Those that were written, in the order of the plan.
    skipped : tuple of Arrival
        Those that are in already, each with its twin.
    failed : tuple of Problem
        Why something is not in, with its file and line.
    problems : tuple of Problem
        What could not be read of what is in.
    kept : int
        How many candidates were kept as notes.
    replaced : tuple of (str, Replaced)
        Calls whose transcript was replaced, with what became of their notes.
    themes : tuple of str
        Names of the themes that came in with notes, such as the codes of a project.
    ours : int
        How many passages that somebody had coded were left out, since one of us says them.
    aliases : tuple of (str, str)
        Spellings that were written into the registry, as somebody has said, each with its customer.
    tables : tuple of (str, int)
        Tables of notes that were written, each with how many notes it has.
    known : tuple of (str, int)
        Tables that came in, each with how many of its rows were left out since they are in already.
    """

    calls: tuple[Call, ...] = ()
    skipped: tuple[Arrival, ...] = ()
    failed: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    kept: int = 0
    replaced: tuple[tuple[str, Replaced], ...] = ()
    themes: tuple[str, ...] = ()
    ours: int = 0
    aliases: tuple[tuple[str, str], ...] = ()
    tables: tuple[tuple[str, int], ...] = ()
    known: tuple[tuple[str, int], ...] = ()


def plan_import(
    root: str | os.PathLike[str],
    files: Iterable[str | os.PathLike[str] | Source],
    *,
    customer: str = "",
    who: str = "",
    day: str = "",
    segment: str = "",
    kind: str = "",
    consent: str = "",
    speakers: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    again: str = "",
    same: Mapping[str, str] | None = None,
    kept_as: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> list[Arrival]:
    r"""Look at what may come in; nothing is written.

    Parameters
    ----------
    root : path-like
        The workspace.
    files : iterable of path-like or Source
        Files, folders with all that is in them, and bytes that are no file.
    customer, who, day, segment, kind, consent : str
        What is so of all of them; it comes before what the files say. Of a table's rows it is so of those that say nothing.
    speakers : mapping of str to str, optional
        ``us`` or ``customer``, by name. "Speaker 1" is somebody else in each file: said where several have one, it is asked.
    columns : mapping of str to str, optional
        A table's columns by what they are: "Feedback" by "quote".
    again : str
        What to do with calls that are in already: ``skip``, ``new`` or ``replace``. Empty skips them, but asks where only the
        words are the same, and the customer or the day is another, nobody has said who in it is one of us, or it has much more or
        less of the call.
    same : mapping of str to str, optional
        Which known customer a name is of that looks like theirs; ``no`` where it is another one.
    kept_as : str
        What becomes of tables: ``table``, one table of notes each, or ``calls``. Empty asks of those with more than 5,000 rows.
    progress : callable, optional
        Is told how many files were looked at, and of how many.

    Returns
    -------
    list of Arrival
        In the files' order, by name within a folder. Each says what is known of its call, what is guessed and what has to be
        asked; :func:`workbench.arrivals.settle` answers.

    Raises
    ------
    InputError
        When a file is not there, or what was said cannot be understood.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> call = Source("2026-11-17 Acme.txt", b"Interviewer: What then?\n\nJane: It broke.\n\nInterviewer: Oh?\n\nJane: Twice.\n")
    >>> (arrival,) = plan_import(folder, [call])
    >>> arrival.day.value, arrival.customer.value, arrival.us, arrival.asks
    ('2026-11-17', 'Acme', ('Interviewer',), ())
    """
    sides, said = dict(speakers or {}), dict(same or {})
    given = Given(customer, who, day, segment, kind, consent, sides, dict(columns or {}), again, said, kept_as)
    folder = workspace(root)
    calls, _ = read_calls(folder)
    known = _known(folder, calls)
    for name, answer in said.items():
        known.same_as(name, answer)
    found = list(_files(files, folder))

    def look_at_all(given: Given) -> list[Arrival]:
        look = _Look(known, given, _Kept(folder, calls))
        plan: list[Arrival] = []
        for number, (file, name) in enumerate(found, 1):
            plan += look.into(file, name)
            if progress:
                progress(number, len(found))
        return plan

    plan = look_at_all(given)
    if several := said_of_several(plan, sides):
        # Taken for one person, our words in the next file would be a customer's.
        left = {name: side for name, side in sides.items() if name not in several}
        plan = [_with_doubts(arrival, several) for arrival in look_at_all(replace(given, speakers=left))]
    return plan


def _with_doubts(arrival: Arrival, several: Mapping[str, int]) -> Arrival:
    """That what was said of a speaker does not hold here, since others are called so in other calls."""
    speak = {fold_name(one.name) for one in arrival.speakers}
    doubts = [
        Problem(
            arrival.name,
            1,
            f"“{name}” speaks in {n} of these calls and may be another one in each, so it is asked here who that is",
            "or bring it in by itself, with --speaker"
            if arrival.of == 1
            else "say it at a terminal or in the drop area",
        )
        for name, n in several.items()
        if fold_name(name) in speak
    ]
    return replace(arrival, problems=(*arrival.problems, *doubts))


def bring_in(
    root: str | os.PathLike[str],
    plan: Sequence[Arrival],
    *,
    keep: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Brought:
    r"""Write the calls of a plan into the workspace.

    Parameters
    ----------
    root : path-like
        The workspace.
    plan : sequence of Arrival
        From :func:`plan_import`, settled.
    keep : int
        So many of the best candidates of each transcript become notes at once, as quotes tagged ``#candidate``.
    progress : callable, optional
        Is told how many calls are written, and of how many.

    Returns
    -------
    Brought
        What was written, what was not and why.

    Raises
    ------
    InputError
        When something in the plan is still to be asked; nothing is written then.
    SaveError
        When another import has not finished; nothing is written then.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> call = Source("2026-11-17 Acme.txt", b"Interviewer: What then?\n\nJane: It broke.\n\nInterviewer: Oh?\n\nJane: Twice.\n")
    >>> (call,) = bring_in(folder, plan_import(folder, [call])).calls
    >>> call.file, call.transcript, call.us
    ('interviews/2026-11-17-acme.md', '2026-11-17-acme.txt', 'Interviewer')
    """
    folder = workspace(root)
    for arrival in plan:
        for ask in arrival.asks:
            raise InputError(f"{arrival.called}: {ask.words}")
    with alone(folder / AT_WORK, "import"):
        return _bring_in(folder, plan, keep, progress)


def _bring_in(folder: Path, plan: Sequence[Arrival], keep: int, progress: Callable[[int, int], None] | None) -> Brought:
    kept = _Kept(folder, read_calls(folder)[0])
    known = _known(folder, kept.calls.values())
    ours = {*known.us, *(name for arrival in plan if arrival.comes_in for name in arrival.us)}
    plan = spelled_alike([without_us(arrival, ours) for arrival in plan])
    desk = _Desk(folder, kept, keep)
    makes = [_n_calls(arrival, lambda: kept) if progress else 0 for arrival in plan]
    calls: list[Call] = []
    skipped: list[Arrival] = []
    failed: list[Problem] = []
    problems: list[Problem] = []
    of, n = sum(makes), 0
    try:
        for arrival, of_it in zip(plan, makes, strict=True):
            until = n + of_it
            if arrival.what == "unreadable":
                failed += arrival.problems
            elif arrival.what != "other":
                problems += arrival.problems
                before = len(calls)
                try:
                    arrival = desk.look_again(arrival, known)
                    if not arrival.comes_in:
                        desk.note_themes_of(arrival)
                        skipped.append(arrival)
                    elif arrival.is_kept_whole:
                        if not desk.write_table(arrival):
                            skipped.append(replace(arrival, twin=Twin("", ALL_IN, True)))
                    else:
                        for call in desk.write(arrival):
                            n += bool(call)
                            calls += [call] if call else []
                            if progress:
                                progress(n, of)
                        if len(calls) == before and not arrival.replaces:
                            skipped.append(replace(arrival, twin=Twin("", ALL_IN, True)))
                except Unreadable as error:
                    failed.append(Problem(arrival.name, error.line, error.what, error.todo))
                except (SaveError, InputError) as error:
                    failed.append(Problem(arrival.name, 1, str(error), "bring it in again"))
            n = until
            if progress:
                progress(n, of)
    finally:
        # Whatever stops it: the calls that are in stand in the themes that they were put into.
        desk.adopt_themes()
    aliases = _keep_aliases(folder, plan, problems, desk.number)
    return Brought(
        tuple(calls),
        tuple(skipped),
        tuple(failed),
        (*problems, *desk.problems),
        desk.kept,
        tuple(desk.replaced),
        tuple(desk.themed),
        desk.ours,
        aliases,
        tuple(desk.tables),
        tuple(desk.known),
    )


def _keep_aliases(
    root: Path, plan: Iterable[Arrival], problems: list[Problem], number: int
) -> tuple[tuple[str, str], ...]:
    """Whose a name is, as somebody has said, kept in the registry: so nobody is asked again, and it counts there everywhere."""
    said = {name: customer for arrival in plan if arrival.comes_in for name, customer in arrival.same.items()}
    written = []
    for name, customer in sorted(said.items()):
        if fold_name(name) == fold_name(customer):
            continue
        try:
            if _keep_alias(root, name, customer, number):
                written.append((name, customer))
        except (InputError, SaveError) as error:
            problems.append(Problem(REGISTRY, 1, str(error), f"until then “{name}” is asked about each time"))
    return tuple(written)


def _keep_alias(root: Path, name: str, customer: str, number: int) -> bool:
    """One such name; whether it was new."""
    entry = fold_name(customer) not in read_registry(root, []).by_spelling()
    noted = False

    def add(text: str) -> str:
        nonlocal noted
        new = add_alias(text, customer, name)
        if new != text and not noted:
            # Before it is written: what a killed run has decided can be taken back.
            note_decided(root, number, alias=name, customer=customer, entry=entry)
            noted = True
        return new

    change_record(root, REGISTRY, add)
    return noted


def _files(files: Iterable[str | os.PathLike[str] | Source], root: Path) -> Iterator[tuple[Path | Source, str]]:
    """Each file with the name that its owner knows it by; those of a folder by name."""
    for one in files:
        if isinstance(one, Source):
            yield one, one.name
            continue
        path = Path(one)
        if path.is_dir():
            for file in sorted(_walk(path, root)):
                yield file, _name_of(file)
        elif path.exists():
            yield path, _name_of(path)
        else:
            raise InputError(f"there is no {path}; name a file or folder that is there")


def _name_of(file: Path | Source) -> str:
    """What a file is called where it is shown; a name can have anything in it."""
    return file.name if isinstance(file, Source) else showable(file.as_posix())


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    for within, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_litter(name)]
        yield from (path for name in names if not is_litter(name) and not _is_ours(path := Path(within, name), root))


def _is_ours(path: Path, root: Path) -> bool:
    """Whether a file is a part of the workspace already, so that bringing in the folder above it leaves it out."""
    if not path.resolve().is_relative_to(root):
        return False
    parts = path.resolve().relative_to(root).parts
    if parts[0] == "interviews":
        return path.suffix.lower() == ".md" or len(parts) > 2
    return parts[0] in ("discovery", "notebooks", "reports")


def _sources(file: Path | Source, name: str) -> Iterator[Source | Problem]:
    """What a file is, or holds where it is an archive; one at a time in memory."""
    if isinstance(file, Source):
        source = file
    else:
        try:
            size = file.stat().st_size
            if size > LARGEST_FILE:
                most = LARGEST_FILE // MEGABYTE
                raise Unreadable(f"larger than {most} MB", "bring the transcript, and not the recording itself")
            source = Source(name, file.read_bytes())
        except OSError as error:
            raise Unreadable(f"cannot be read ({error.strerror or error})", "check that it may be read") from None
    yield from unpack(source)


class _Look:
    """Looks at files one after the other."""

    def __init__(self, known: Known, given: Given, kept: _Kept) -> None:
        self._known, self._given, self._kept = known, given, kept

    def into(self, file: Path | Source, name: str) -> Iterator[Arrival]:
        """The calls in a file."""
        held = file if isinstance(file, Source) else None
        place = "" if held else os.fspath(file)
        if is_recording(name):
            yield replace(broken(name, 1, "a recording or a picture", LEFT_THERE, kind="other"), source=held)
            return
        try:
            for source in _sources(file, name):
                if isinstance(source, Problem):
                    what = "other" if source.todo == LEFT_THERE else "unreadable"
                    yield Arrival(source.file, what=what, problems=(source,), source=held)
                    continue
                for arrival in self._at(source):
                    yield replace(arrival, file=place, source=held)
        except Unreadable as error:
            yield replace(broken(name, error.line, error.what, error.todo), source=held)

    def _at(self, source: Source) -> Iterator[Arrival]:
        digest = fingerprint(source.data)
        twin = self._kept.find_same(source.data, digest)
        # What is in already, byte for byte, need not be read: a second run goes on where the first was stopped.
        if twin and self._given.again in ("", "skip"):
            yield Arrival(source.name, what="transcript", says="", twin=twin, digest=digest)
            return
        try:
            importer, contents = read_source(source)
        except Unreadable as error:
            if source.ending in (".jsonl", ".parquet") and (arrival := self._as_note_table(source, digest)):
                yield arrival
                return
            what = "other" if error.todo == LEFT_THERE else "unreadable"
            yield broken(source.name, error.line, error.what, error.todo, kind=what)
            return
        self._kept.note(digest, source.name)
        folders = " ".join(source.name.split("/")[:-1][-2:])
        for number, content in enumerate(contents):
            several = len(contents) > 1
            arrival = look_at(source, importer.name, content, self._known, self._given, folders, several=several)
            arrival = self._as_before(replace(arrival, number=number, of=len(contents), digest=digest))
            found = twin or self._same_there(content, arrival)
            yield replace(arrival, twin=found or self._kept.find_alike(content, arrival))

    def _as_before(self, arrival: Arrival) -> Arrival:
        """A newer export of a table that was kept as a table is kept so, unless somebody says otherwise."""
        if not arrival.parts or arrival.kept_as:
            return arrival
        there = self._kept.table_with_rows_of(arrival)
        return replace(arrival, kept_as="table", like=there) if there else arrival

    def _as_note_table(self, source: Source, digest: str) -> Arrival | None:
        """A table in a form that only tables of notes have, which is kept as it is; None for what is none."""
        table = read_note_table(source.name, source.data)
        if not len(table.notes):
            return None
        given = self._given
        if given.kept_as == "calls" or any(getattr(given, name) for name in (*FIELDS, "columns")):
            what = f"a table of notes in {source.ending}, into which nothing can be written that is said beside it"
            return broken(source.name, 1, what, "write it into its rows, or export it as .csv")
        says = f"{table.n_rows:,} rows"
        return Arrival(
            source.name, "Table of notes", "table", says, problems=table.problems, kept_as="table", known=self._known,
            digest=digest,
        )  # fmt: skip

    def _same_there(self, content: Contents, arrival: Arrival) -> Twin | None:
        """One of several calls of a file, by the bytes as which it is kept: it may have too few words to be known by."""
        if arrival.of == 1 or not isinstance(content, Transcript):
            return None
        data = _as_json(content)
        digest = fingerprint(data)
        found = self._kept.find_same(data, digest)
        self._kept.note(digest, arrival.name)
        return found


def count_calls(root: str | os.PathLike[str], plan: Sequence[Arrival]) -> list[int]:
    r"""How many calls each of what was planned becomes: a table's rows one for each customer and day.

    Parameters
    ----------
    root : path-like
        The workspace.
    plan : sequence of Arrival
        From :func:`plan_import`.

    Returns
    -------
    list of int
        In the order of the plan; 0 for what does not come in, or only takes a transcript's place.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> rows = "Date,Account,Feedback\n2026-11-17,Acme,Slow\n2026-11-17,Bolt,Fast\n2026-11-18,Acme,Slow\n"
    >>> plan = plan_import(folder, [Source("a.csv", rows.encode())])
    >>> count_calls(folder, plan)
    [3]
    >>> done = bring_in(folder, plan)
    >>> count_calls(folder, plan)
    [0]
    """
    folder = workspace(root)
    kept = cache(lambda: _Kept(folder, read_calls(folder)[0]))
    return [_n_calls(arrival, kept) for arrival in plan]


def _n_calls(arrival: Arrival, kept: Callable[[], _Kept]) -> int:
    """How many calls it becomes beside those that are kept."""
    if not arrival.comes_in or arrival.replaces or arrival.is_kept_whole:
        return 0
    parts = [_theirs_of(arrival, part) for part in arrival.parts]
    if arrival.again not in ("", "skip"):
        return sum(bool(part.notes) for part in parts) if parts else 1
    there = [[_value(name, arrival, part) for name in ("customer", "day")] for part in parts]
    return sum(bool(kept().not_in(part, *where)) for part, where in zip(parts, there, strict=True)) if parts else 1


def renewed(root: str | os.PathLike[str], plan: Iterable[Arrival]) -> list[Arrival]:
    r"""What of a plan has not come in yet, with what the workspace knows since the rest of it has.

    Parameters
    ----------
    root : path-like
        The workspace.
    plan : iterable of Arrival
        From :func:`plan_import`.

    Returns
    -------
    list of Arrival
        In their order; what was said of them holds.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> rows = "Date,Account,Feedback\n2026-11-17,{},Slow\n"
    >>> plan = plan_import(folder, [Source(f"{name}.csv", rows.format(name).encode()) for name in ("Acme", "Acme Inc.")])
    >>> done = bring_in(folder, plan[:1])
    >>> [ask.words for ask in renewed(folder, plan[1:])[0].asks]
    ['Is “Acme Inc.” the same customer as “Acme” (1 call)?']
    """
    known = _known(workspace(root))
    return [replace(arrival, known=known) for arrival in plan]


def _known(root: Path, calls: Iterable[Call] | None = None) -> Known:
    calls = read_calls(root)[0] if calls is None else calls
    known = Known.of(calls, read_registry(root, []), who_decides())
    return replace(known, columns={header: told.columns for header, told in read_columns(root).items()})


def _theirs_of(arrival: Arrival, jottings: Jottings) -> Jottings:
    """Without what one of us has said."""
    ours = {fold_name(name) for name in arrival.us}
    return replace(
        jottings, notes=tuple(one for one in jottings.notes if not one.speaker or fold_name(one.speaker) not in ours)
    )


class _Kept:
    """What is in already: transcripts by size, bytes and words, notes by call; and what came before in the same plan."""

    def __init__(self, root: Path, calls: Iterable[Call]) -> None:
        self._root = root
        spellings = read_registry(root, []).by_spelling()
        self._names = {spelling: fold_name(known.name) for spelling, known in spellings.items()}
        self._of: dict[str, str] = {}
        self.calls: dict[str, Call] = {}
        self._notes: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
        for call in calls:
            if call.transcript:
                self._of[call.transcript] = call.file
            self.add(call)
        self._by_size: dict[int, list[str]] = {}
        folder = root / TRANSCRIPTS
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.is_dir() else ():
            # One with a dot before it was being saved when a run was killed.
            if entry.is_file() and not entry.name.startswith(".") and not entry.name.endswith(".yaml"):
                self._by_size.setdefault(entry.stat().st_size, []).append(entry.name)
        # Tables of notes: those that lie there, and what those that came in were made of.
        self._tables: dict[str, str] = {}
        for one in read_imported(root):
            if one.is_table and (root / one.file).is_file():
                self._tables |= dict.fromkeys([one.digest, *one.beside.values()], one.file)
        self._digests: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self._seen: dict[str, SameCall[tuple[Twin, int]]] = {}

    def add(self, call: Call) -> None:
        """Notes that are in from now on."""
        self.calls[call.file] = call
        there = self._notes.setdefault((self.whose(call.customer), str(call.date or "")), {})
        for note in call.notes:
            there.setdefault((note.kind, note.text), call.file)

    def same_bytes(self, data: bytes, digest: str) -> str:
        """The transcript on disk that has these bytes; empty where none has."""
        for name in self._by_size.get(len(data), ()):
            if name not in self._digests:
                self._digests[name] = fingerprint((self._root / TRANSCRIPTS / name).read_bytes())
            if self._digests[name] == digest:
                return name
        return ""

    def orphan(self, data: bytes, digest: str) -> str:
        """A transcript on disk that has these bytes and no call: a run that was stopped has left it."""
        name = self.same_bytes(data, digest)
        return "" if name in self._of else name

    def find_same(self, data: bytes, digest: str) -> Twin | None:
        """The call that these bytes are."""
        if file := self._of.get(self.same_bytes(data, digest)):
            return self._twin(file, "the same file")
        if table := self._tables.get(digest) or self.table_of(len(data), digest):
            return Twin(table, "the same file", True)
        return Twin(self._before[digest], "the same file", False) if digest in self._before else None

    def table_of(self, size: int, digest: str) -> str:
        """The table of notes on disk that has these bytes; empty where none has."""
        for file in self._unread_tables.pop(size, ()):
            self._tables[fingerprint((self._root / file).read_bytes())] = file
        return self._tables.get(digest, "")

    def add_table(self, file: str, digest: str) -> None:
        """A table of notes that is in from now on."""
        self._tables[digest] = file
        if file not in self._table_files:
            self._table_files.append(file)
        self.__dict__.pop("_rows", None)

    def rows(self, table: NoteTable) -> list[Row]:
        """The notes of a table, with the customer known in any spelling."""
        return rows_of(table, self.whose)

    def is_new(self, rows: Iterable[Row]) -> np.ndarray:
        """Which notes of a table no other and no call has; of several alike as many are not new as there are."""
        met, new = Counter[Row](), []
        for row in rows:
            met[row] += 1
            new.append(
                met[row] > sum(rows[hash(row)] for _, rows in self._rows)
                and row[2:] not in self._notes.get(row[:2], ())
            )
        return np.array(new, dtype=bool)

    def rows_beside(self, rows: Iterable[Row], new: Iterable[Row]) -> Iterator[tuple[str, int, Row]]:
        """What is there of the customers and days of new rows and is none of a newer export's rows: file, line and row."""
        there, keys = set(rows), {row[:2] for row in new}
        for file in self._table_files:
            table = read_note_table(file, (self._root / file).read_bytes())
            for row, line in zip(self.rows(table), table.notes["line"], strict=True):
                if row[:2] in keys and row not in there:
                    yield file, int(line), row
        for key in keys:
            for file in dict.fromkeys(self._notes.get(key, {}).values()):
                rows_of_it = ((note.line, Row(*key, note.kind, note.text)) for note in self.calls[file].notes)
                yield from ((file, line, row) for line, row in rows_of_it if row not in there)

    @cached_property
    def _rows(self) -> list[tuple[str, Counter[int]]]:
        """How often each note stands in each table."""
        marks, names = file_marks(self._root) if self._table_files else {}, frozenset(self._names.items())
        return [(file, _rows_in(self._root / file, marks[file], names)) for file in self._table_files if file in marks]

    @cached_property
    def _unread_tables(self) -> dict[int, list[str]]:
        """The tables of notes on disk, by size."""
        found: dict[int, list[str]] = {}
        for file in self._table_files:
            found.setdefault((self._root / file).stat().st_size, []).append(file)
        return found

    @cached_property
    def _table_files(self) -> list[str]:
        """The folder is gone through once, and not for each file that comes in."""
        folder = self._root / "interviews"
        names = sorted(os.listdir(folder)) if folder.is_dir() else ()
        return [f"interviews/{name}" for name in names if name.lower().endswith(ENDINGS) and (folder / name).is_file()]

    def _twin(self, file: str, why: str) -> Twin:
        call = self.calls[file]
        return Twin(file, why, True, call.customer, str(call.date or ""), split_us(call.us), why != SAME_WORDS)

    def note(self, digest: str, name: str) -> None:
        """A file of the plan, so that the same one further on is seen."""
        self._before.setdefault(digest, name)

    def find_alike(self, content: Contents, arrival: Arrival) -> Twin | None:
        """The call that has the same words; a transcript is remembered for those that come after it."""
        if arrival.is_cut:
            return None  # what its first rows are says nothing of the rest
        for part in arrival.parts or ((content,) if isinstance(content, Jottings) else ()):
            customer, day = _value("customer", arrival, part), _value("day", arrival, part)
            if not part.notes or self.not_in(part, customer, day):
                return None
        if arrival.parts or isinstance(content, Jottings):
            where = part.notes[0].line, customer, day
            return Twin(self.file_with(*where) or self._table_with(*where), ALL_IN, True)
        if not isinstance(content, Transcript):
            return None
        if not self._seen:
            self._seen = {"theirs": SameCall(), "whole": SameCall()}
            for kept, file in self._sketches():
                n_words = int(kept["n_words"][0])
                for name, seen in self._seen.items():
                    seen.add(kept[name], (self._twin(file, SAME_WORDS), n_words))
        mine = _sketch([content], arrival.us)
        # Where nobody has said yet who is who, all that is said is held against all that is said.
        name = "theirs" if all(one.side for one in arrival.speakers) else "whole"
        twins = self._seen[name].find_all(mine[name])
        if name == "theirs" and len(mine[name]) == 1:
            # "Yes, that is how we do it" may be said in two calls: of so few words those of ours tell which.
            whole = self._seen["whole"].find_all(mine["whole"])
            twins = [one for one in twins if one in whole]
        parts = self._seen[name].apart(twins)
        n_words = int(mine["n_words"][0])
        me = Twin(arrival.name, SAME_WORDS, False, arrival.customer.value, arrival.day.value)
        for name, seen in self._seen.items():
            seen.add(mine[name], (me, n_words))
        if not parts:
            return None
        (twin, _), *others = parts
        there = sum(n for _, n in parts)
        is_much = abs(n_words - there) > max(n_words, there) / 10 and abs(n_words - there) >= LEAST_MORE
        return twin._replace(more=(n_words - there) * is_much, also=tuple(one.name for one, _ in others))

    def not_in(self, jottings: Jottings, customer: str, day: str) -> list[str]:
        """The lines of notes that no call of this customer and day has, and no table."""
        if not self._rows and (self.whose(customer), day) not in self._notes:
            return [one.line for one in jottings.notes]  # whose words then need not be read
        return [
            one.line
            for one in jottings.notes
            if not self.file_with(one.line, customer, day) and not self._table_with(one.line, customer, day)
        ]

    def file_with(self, line: str, customer: str, day: str) -> str:
        """The call of this customer and day that has a note; empty where none has."""
        return self._notes.get((self.whose(customer), day), {}).get(_read(line), "")

    def _table_with(self, line: str, customer: str, day: str) -> str:
        """The table that has a note of this customer and day; empty where none has."""
        row = hash(Row(self.whose(customer), day, *_read(line)))
        return next((file for file, rows in self._rows if row in rows), "")

    def table_with_rows_of(self, arrival: Arrival) -> str:
        """The table that has most rows of a table that comes in; empty where none has any."""
        if not self._rows:
            return ""
        found = Counter(
            file
            for part in arrival.parts
            for one in part.notes
            if (file := self._table_with(one.line, arrival.customer_of(part), arrival.day_of(part)))
        )
        return max(sorted(found), key=found.__getitem__, default="")

    def whose(self, name: str) -> str:
        """A customer in any of its spellings."""
        return _customer_of(name, self._names)

    def _sketches(self) -> Iterator[tuple[dict[str, np.ndarray], str]]:
        """Those of the transcripts that calls name, read from disk where they were not yet."""
        path = self._root / SKETCHES
        content, before = load_kept(path, _version())
        known = {digest: np.array(numbers, np.uint32) for digest, numbers in (content or {}).items()}
        n_known = len(known)
        for name, file in sorted(self._of.items()):
            try:
                data = (self._root / TRANSCRIPTS / name).read_bytes()
                us = split_us(self.calls[file].us)
                digest = fingerprint(data)
                digests = {"theirs": fingerprint(f"{digest} {sorted(us)}".encode()), "whole": digest}
                digests["n_words"] = fingerprint(f"{digest} words".encode())
                if not known.keys() >= set(digests.values()):
                    made = _sketch(read_source(Source(name, data))[1], us)
                    known |= {digests[part]: numbers for part, numbers in made.items()}
            except (OSError, Unreadable):
                continue  # the linter says so
            yield {part: known[digest] for part, digest in digests.items()}, file
        if len(self._of) >= WORTH_KEEPING and len(known) > n_known:
            keep(path, _version(), {digest: numbers.tolist() for digest, numbers in sorted(known.items())}, before)


# A plan is looked at again after each answer, and a table of a million rows takes half a minute. Hashes, since their words would
# be held as well; that a row of a million has that of another in a million is less likely than one in ten million.
@lru_cache(maxsize=8)
def _rows_in(table: Path, mark: object, names: frozenset[tuple[str, str]]) -> Counter[int]:
    whose = partial(_customer_of, names=dict(names))
    return Counter(map(hash, rows_of(read_note_table(table.name, table.read_bytes()), whose)))


def _customer_of(name: str, names: Mapping[str, str]) -> str:
    folded = fold_name(name)
    return names.get(folded, folded)


@cache
def _version() -> str:
    return version_of(_MADE_BY, "numpy")


def _sketch(contents: Sequence[Contents], us: Iterable[str]) -> dict[str, np.ndarray]:
    """What is kept of all that is said, and of what none of us says, and how many words it is."""
    whole = [turn.text for one in contents for turn in getattr(one, "turns", ())]
    theirs = sketch(words for one in contents for words in _theirs(one, us))
    n_words = np.array([sum(map(count_words, whole))], np.uint32)
    return {"theirs": theirs, "whole": sketch(whole), "n_words": n_words}


def _theirs(content: Contents, us: Iterable[str]) -> Iterator[str]:
    """The turns that none of us says: what we ask and read out is the same in many calls."""
    ours = tuple(us)
    for turn in getattr(content, "turns", ()):
        if not (turn.is_by(ours) if ours else turn.is_by_interviewer):
            yield turn.text


def _read(line: str) -> tuple[str, str]:
    return read_note(" ".join(line.split()))[:2]


def _reads_so(arrival: Arrival, table: NoteTable | None) -> bool:
    """Whether a table that lies there as it came says by itself all that was said of it."""
    said = [getattr(arrival, name).value for name in FIELDS]
    said += [one.why == "you said so" for one in arrival.columns.found]
    said += [part.consent and not table.agreed for part in arrival.parts] if table else []
    return table is not None and len(table.notes) > 0 and not any(said)


def _from_difference(one: str, other: str) -> tuple[str, str]:
    """Two texts from a few words before they differ, where that lies so far in that it would be cut off."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    if same < 40:
        return one, other
    # From the beginning of a word, where there are any.
    start = one.rfind(" ", same - 35, same - 15) + 1 or same - 15
    return f"… {one[start:]}", f"… {other[start:]}"


def _write_anew(table: NoteTable) -> bytes:
    data = format_notes(table.notes)
    if not has_same_notes(read_note_table("table.csv", data), table):
        raise Unreadable("its rows do not read the same when they are written anew", "bring them in as calls")
    return data


class _Desk:
    """Writes arrivals one after the other."""

    def __init__(self, root: Path, kept: _Kept, keep: int) -> None:
        self._root, self._kept, self._keep = root, kept, keep
        self._at: tuple[str, str] = ("", "")
        self._source = Source("", b"")
        self._contents: tuple[Contents, ...] = ()
        self._sources: Iterator[Source | Problem] = iter(())
        self._file: Path | Source | None = None
        self.kept = self.ours = 0
        self.problems: list[Problem] = []
        # Notes of the table at hand, each with its row, and whether it is new.
        self._rows: list[tuple[Row, int, bool]] = []
        self.tables: list[tuple[str, int]] = []
        self.known: list[tuple[str, int]] = []
        self.themed: dict[str, list[Ref]] = {}
        self._cited: set[Ref] = set()
        self._decided: frozenset[str] | None = None
        self.replaced: list[tuple[str, Replaced]] = []
        before = read_imported(root)
        self.number = next_number(root)
        self._originals = {file for one in before for file in one.beside}
        self._beside: dict[str, str] = {}

    def look_again(self, arrival: Arrival, known: Known) -> Arrival:
        """A transcript as it is now: somebody else may have brought the same call in since it was looked at."""
        is_new = arrival.what == "transcript" and arrival.comes_in and arrival.twin is None
        if not is_new or arrival.known.n_calls == known.n_calls:
            return arrival
        source = self._open(arrival)
        data = source.data if arrival.of == 1 else _as_json(self._content(arrival))
        there = self._kept.find_same(data, fingerprint(data)) or self._kept.find_alike(self._content(arrival), arrival)
        arrival = replace(arrival, twin=there)
        if arrival.has_doubtful_twin:
            raise InputError(arrival.asks[0].words)
        return arrival

    def write(self, arrival: Arrival) -> Iterator[Call | None]:
        """The calls that an arrival becomes; None for notes that are all in already."""
        source = self._open(arrival)
        self._beside = {}
        if arrival.replaces:
            data = source.data if arrival.of == 1 else _as_json(self._content(arrival))
            us, who, file = arrival.us if arrival.has_other_names else None, None, arrival.twin.name
            if us is not None or any(one.why == "you said so" for one in arrival.speakers):
                # As it stands now: somebody may have written into the call since it was looked at.
                who = arrival.with_heard(read_call(self._root / file, self._root)[0].who)
            self.replaced.append((file, replace_transcript(self._root, file, data, us=us, who=who)))
            return
        if arrival.what == "transcript" and arrival.of == 1 and not self._keep:
            yield self._write_transcript(arrival, source, None)
            return
        content = None if arrival.parts else self._content(arrival)
        if arrival.of > 1 or (not isinstance(content, Transcript) and source.ending not in NOTE_ENDINGS):
            self._keep_original(source)
        if isinstance(content, Transcript):
            yield self._write_transcript(arrival, source, content)
        else:
            self._rows = []
            yield from (self._write_notes(arrival, part) for part in arrival.parts or (content,))
            new = [row for row, _, is_new in self._rows if is_new]
            if arrival.table and len(new) < len(self._rows):
                self._name_changed(arrival, [row for row, _, _ in self._rows], new)
                # Where none is new, the table is named as one that is in already.
                left_out = {at for _, at, _ in self._rows} - {at for _, at, is_new in self._rows if is_new}
                if new and left_out:
                    self.known.append((arrival.name, len(left_out)))
            self._note_columns(arrival)

    def write_table(self, arrival: Arrival) -> bool:
        """A table as one table of notes, unless all its rows are in: as it is where it reads so by itself, else anew, with the file beside it."""
        source = self._open(arrival)
        self._beside = {}
        self._note_columns(arrival)  # also where no row is new
        as_it_is = read_note_table(source.name, source.data) if source.ending in ENDINGS else None
        data, ending, table = source.data, source.ending, as_it_is
        if arrival.is_cut and not _reads_so(arrival, as_it_is):
            # Only now, since it takes the longer the more rows there are.
            whole = read_source(replace(source, every_row=True))[1][arrival.number]
            told, arrival = arrival.problems, with_all_rows(arrival, whole)
            self.problems += [one for one in arrival.problems if one not in told]
        if arrival.table and not arrival.is_cut:
            data, ending = as_note_table(arrival), ".csv"
            table = read_note_table("table.csv", data)
            named = (part for part in arrival.parts if arrival.customer_of(part))
            if as_it_is is not None and has_same_notes(as_it_is, table):
                data, ending, table = source.data, source.ending, as_it_is
            elif len(table.notes) != sum(len(part.notes) for part in named):
                raise Unreadable("its rows do not read the same when they are written anew", "bring them in as calls")
            else:
                self._keep_original(source)
        # A run that was stopped may have written it and not said so.
        digest = fingerprint(data)
        file = self._kept.table_of(len(data), digest) if arrival.again != "new" else ""
        rows = self._kept.rows(table) if not file and arrival.again != "new" else []
        if rows and not (new := self._kept.is_new(rows)).all():
            if new.any():
                self._name_changed(arrival, rows, compress(rows, new))
                table = replace(table, notes=table.notes[new])
                data, ending = _write_anew(table), ".csv"
                digest = fingerprint(data)
                self._keep_original(source)
            self.known.append((arrival.name, int((~new).sum())))
            if not new.any():
                return False
        file = file or table_file(self._root, source.stem, ending)
        save_bytes(self._root / file, data, expected=None)
        note_imported(self._root, self.number, file, digest, self._beside)
        self._kept.add_table(file, digest)
        self.tables.append((file, len(table.notes)))
        return True

    def _note_columns(self, arrival: Arrival) -> None:
        """What somebody said of a table's columns, so that the next export of the same tool is not asked about again."""
        if arrival.table and (told := said_of_columns(arrival)):
            note_columns(self._root, self.number, arrival.table.header, told)

    def _name_changed(self, arrival: Arrival, rows: Iterable[Row], new: Iterable[Row]) -> None:
        """Rows that are new and may be earlier ones, changed since: both count, and only a person can tell."""
        new = list(new)
        changed = find_changed(new, self._kept.rows_beside(rows, new))
        for row, file, line, before in changed[:MOST_NAMED]:
            was, now = (shorten(words, 60) for words in _from_difference(before.text, row.text))
            what = f"“{was}” may be what {arrival.name} has as “{now}”"
            self.problems.append(Problem(file, line, what, "both count; if it is the same, take this older one out"))
        if more := changed[MOST_NAMED:]:
            _, file, line, _ = more[0]
            what = f"{len(more):,} more rows may be changed in {arrival.name}, in lines {shorten(', '.join(str(one[2]) for one in more), 200)}"
            self.problems.append(Problem(file, line, what, "both count; if they are the same, take the older ones out"))

    def _keep_original(self, source: Source) -> None:
        """What calls are made of, whole; it goes with them where it came with an import."""
        folder = self._root / ORIGINALS
        there = set(os.listdir(folder)) if folder.is_dir() else set()
        name = keep_original(self._root, f"{slug(source.stem) or 'original'}{_ending(source)}", source.data)
        if name not in there or f"{ORIGINALS}/{name}" in self._originals:
            self._originals.add(f"{ORIGINALS}/{name}")
            self._beside = {f"{ORIGINALS}/{name}": fingerprint(source.data)}

    def _create(self, source: str, where: Mapping[str, str], **beside: str) -> Call:
        """A call, written down as brought in."""
        call, digest = create_call(self._root, source, **where)
        note_imported(self._root, self.number, call.file, digest, self._beside | beside)
        return call

    def _open(self, arrival: Arrival) -> Source:
        """The file of an arrival, as it was when it was looked at; of an archive's the next in its order."""
        if (arrival.name, arrival.digest) == self._at:
            return self._source
        self._contents = ()
        file = arrival.source or Path(arrival.file)
        # First on from where the archive was left, then from its beginning.
        for again in (False, True):
            if again or file != self._file:
                self._file = file
                self._sources = _sources(file, _name_of(file))
            for source in self._sources:
                if isinstance(source, Source) and source.name == arrival.name:
                    self._at, self._source = (arrival.name, fingerprint(source.data)), source
                    if self._at[1] != arrival.digest:
                        break
                    return source
        raise Unreadable("changed since it was looked at", "bring it in again")

    def _content(self, arrival: Arrival) -> Contents:
        if not self._contents:
            self._contents = read_source(self._source)[1]
        return self._contents[arrival.number]

    def _write_transcript(self, arrival: Arrival, source: Source, transcript: Transcript | None) -> Call:
        """A call whose words lie beside it, those first."""
        data, ending = (source.data, _ending(source)) if arrival.of == 1 else (_as_json(transcript), ".json")
        where = _where(arrival)
        name = self._kept.orphan(data, fingerprint(data))
        if not name:
            name = keep_transcript(self._root, f"{Path(call_file(self._root, **where)).stem}{ending}", data)
        lines = []
        if self._keep and transcript:
            # Where no name stands, one of us may have said it, and only a person can tell.
            named = (one for one in find_candidates(transcript, arrival.us) if one.speaker)
            best = sorted(islice(named, self._keep), key=lambda one: (one.turn, one.start))
            lines = [format_note(one.text, "quote", [UNREVIEWED], one.at) for one in best]
            self.kept += len(lines)
        head = _head(arrival, transcript=name, us="; ".join(arrival.us))
        beside = {f"{TRANSCRIPTS}/{name}": fingerprint(data)}
        return self._create(head + "".join(f"{line}\n" for line in lines), where, **beside)

    def _write_notes(self, arrival: Arrival, jottings: Jottings) -> Call | None:
        """Notes as a call; those that are in already only when they are asked for again."""
        where = _where(arrival, jottings)
        n = len(jottings.notes)
        jottings = _theirs_of(arrival, jottings)
        self.ours += n - len(jottings.notes)
        lines = [one.line for one in jottings.notes]
        if arrival.again in ("", "skip"):
            lines = self._kept.not_in(jottings, where["customer"], where["day"])
            self._note_themes_there(jottings, where["customer"], where["day"])
            whose, new = self._kept.whose(where["customer"]), set(lines)
            read = ((Row(whose, where["day"], *_read(one.line)), one.at, one.line in new) for one in jottings.notes)
            self._rows += read
        if not lines:
            return None
        words = self._keep_words(jottings.transcript, where) if jottings.transcript else ""
        head = _head(arrival, jottings, transcript=words, us="; ".join(arrival.us) if words else jottings.us)
        source = head + "".join(f"{line}\n" for line in lines)
        beside = {f"{TRANSCRIPTS}/{words}": fingerprint(_as_json(jottings.transcript))} if words else {}
        call = self._create(source, where, **beside)
        self._kept.add(call)
        self._note_themes(call, jottings)
        return call

    def _keep_words(self, transcript: Transcript, where: Mapping[str, str]) -> str:
        """What was said, kept beside the notes of it; the name that it has."""
        data = _as_json(transcript)
        name = self._kept.orphan(data, fingerprint(data))
        return name or keep_transcript(self._root, f"{Path(call_file(self._root, **where)).stem}.json", data)

    def _note_themes(self, call: Call, jottings: Jottings, decided: frozenset[str] = frozenset()) -> None:
        """Which of a call's notes somebody has put into themes; notes of the same words follow each other."""
        themes: dict[tuple[str, str], list[str]] = {}
        for one in jottings.notes:
            themes.setdefault(_read(one.line), []).append(one.theme)
        refs = cite_notes(
            [note.id for note in call.notes], [call.id] * len(call.notes), [note.text for note in call.notes]
        )
        for note in call.notes:
            left = themes.get((note.kind, note.text))
            if left and (theme := left.pop(0)) and note.id not in decided and refs[note.id] not in self._cited:
                self._cited.add(refs[note.id])
                self.themed.setdefault(theme, []).append(refs[note.id])

    def note_themes_of(self, arrival: Arrival) -> None:
        """The same for notes that are all in: a run may have been stopped before their themes were."""
        if arrival.twin and arrival.twin.why == ALL_IN and arrival.again in ("", "skip"):
            with suppress(Unreadable):  # what was read a moment ago and is gone: its notes are in
                self._open(arrival)
                for part in arrival.parts or (self._content(arrival),):
                    self._note_themes_there(part, _value("customer", arrival, part), _value("day", arrival, part))

    def _note_themes_there(self, jottings: Jottings, customer: str, day: str) -> None:
        """Which of the notes that are in already somebody has put into themes, and no decision here says anything of."""
        there: dict[str, list[Jotting]] = {}
        for one in jottings.notes:
            if one.theme and (file := self._kept.file_with(one.line, customer, day)):
                there.setdefault(file, []).append(one)
        for file, notes in there.items():
            if self._decided is None:
                self._decided = self._read_decided()
            self._note_themes(self._kept.calls[file], replace(jottings, notes=tuple(notes)), self._decided)

    def _read_decided(self) -> frozenset[str]:
        """The notes that the ledger names, be it that somebody took them out of a theme again."""
        spans: dict[Ref, tuple[int, int]] = {}
        for record in read_ledger(self._root).records:
            for ref in record.notes:
                spans[ref] = (spans[ref][0] if ref in spans else record.at, record.at)
        notes = [(note.id, call.id, note.text) for call in self._kept.calls.values() for note in call.notes]
        return (
            frozenset(attach_refs(spans, *zip(*notes, strict=True)).found.values()) if spans and notes else frozenset()
        )

    def adopt_themes(self) -> None:
        """Write the themes that notes came in with into the ledger, as decided by whoever brings them in."""
        if not self.themed:
            return
        calls, _ = read_calls(self._root)
        until = max((call.date for call in calls if call.date), default=date.today()).isoformat()
        records = adopt_themes(
            read_ledger(self._root), self.themed, seen=[call.id for call in calls], until=until, by=who_decides(),
            date=date.today().isoformat(),
        )  # fmt: skip
        # Noted before they are written: what a killed run has decided can be taken back.
        note_decided(self._root, self.number, records=[record.id for record in records])
        append_records(self._root, records)


def _where(arrival: Arrival, jottings: Jottings | None = None) -> dict[str, str]:
    """What a call's file is named by: the role, and no person's name."""
    role = split_who(_value("who", arrival, jottings))[1].partition(";")[0]
    return {"day": _value("day", arrival, jottings), "customer": _value("customer", arrival, jottings), "who": role}


def _value(name: str, arrival: Arrival, jottings: Jottings | None) -> str:
    """What a table's rows say of these, and for those that do not, what was settled of all; elsewhere the other way round."""
    if name in ("customer", "day"):
        return arrival.customer_of(jottings) if name == "customer" else arrival.day_of(jottings)
    settled = getattr(arrival, name).value
    if name == "who" and not arrival.table:
        return settled  # without whoever is one of us
    own = getattr(jottings, name, "")
    if name == "consent" and arrival.table:
        return strictest([own, settled])
    return own or settled if arrival.table else settled or own


def _head(arrival: Arrival, jottings: Jottings | None = None, **fields: str) -> str:
    values = {name: _value(name, arrival, jottings) for name in ("who", "segment", "kind", "consent")}
    return format_call(_value("customer", arrival, jottings), _value("day", arrival, jottings), **values, **fields)


def _ending(source: Source) -> str:
    return source.ending if re.fullmatch(r"\.[a-z0-9]{1,8}", source.ending) else ".txt"


def _as_json(transcript: Transcript) -> bytes:
    """One of several calls of a file, so that it reads as it did there."""
    turns = [
        {"speaker": turn.speaker, "text": turn.text[piece.start : end].strip(), "start_time": piece.at}
        for turn in transcript.turns
        for piece, end in zip(turn.pieces, [*(next_.start for next_ in turn.pieces[1:]), len(turn.text)], strict=True)
    ]
    day = transcript.date.isoformat() if transcript.date else None
    whole = {"title": transcript.title, "date": day, "turns": turns}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
