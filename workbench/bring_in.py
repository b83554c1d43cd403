"""Calls from elsewhere, brought into the workspace: looked at first, then written, a call at a time and each whole.

:func:`plan_import` reads and writes nothing; :func:`bring_in` writes what was settled. A transcript is kept first and its call
written then, so that whatever stops it leaves at most a transcript without a call, which a second run finds and uses.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.arrivals import Arrival, Given, Known, Twin, broken, look_at
from workbench.candidates import find_candidates
from workbench.customers import split_who
from workbench.errors import InputError, Problem
from workbench.importers import Contents, Source, Transcript, Unreadable, read_source
from workbench.notes import Call, format_call, format_note
from workbench.same_call import LEAST_ALIKE, alike, sketch
from workbench.save import SaveError, fingerprint
from workbench.store import call_file, create_call, read_calls, read_registry, who_decides, workspace
from workbench.transcripts import TRANSCRIPTS, keep_transcript, read_transcript

__all__ = ["Brought", "bring_in", "plan_import"]

LARGEST = 200 * 1024 * 1024
KEPT_TAG = "candidate"
# What lies beside transcripts and is none: told, and left where it is.
_OTHER = frozenset(
    ".mp4 .m4a .mp3 .wav .mov .webm .avi .mkv .ogg .opus .flac .aac .wma .png .jpg .jpeg .gif .heic .svg .webp .bmp .ico".split()
)
_LITTER = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Brought:
    """What came of bringing calls in.

    Parameters
    ----------
    calls : tuple of Call
        Those that were written, in the order of the plan.
    skipped : tuple of Arrival
        Those that were in already.
    problems : tuple of Problem
        What could not be read or written, with its file and line.
    kept : int
        How many candidates were kept as notes.
    """

    calls: tuple[Call, ...]
    skipped: tuple[Arrival, ...]
    problems: tuple[Problem, ...]
    kept: int = 0


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
    again: str = "skip",
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
        What is so of all of them; it comes before what the files say.
    speakers : mapping of str to str, optional
        ``us`` or ``customer``, by name.
    again : str
        What to do with calls that are in already: ``skip``, ``new`` or ``replace``.
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
    given = Given(customer, who, day, segment, kind, consent, dict(speakers or {}), {}, again)
    folder = workspace(root)
    calls, _ = read_calls(folder)
    known = Known.of(calls, read_registry(folder, []), who_decides())
    kept = _Kept(folder, calls)
    plan: list[Arrival] = []
    found = list(_files(files, folder))
    for number, (file, name) in enumerate(found, 1):
        for arrival in _look_into(file, name, known, given, kept):
            plan.append(arrival)
        if progress:
            progress(number, len(found))
    return plan


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
        Is told how many calls were looked at, and of how many.

    Returns
    -------
    Brought
        What was written, what was not and why.

    Raises
    ------
    InputError
        When something in the plan is still to be asked; nothing is written then.

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
            raise InputError(f"{arrival.name}: {ask.words}")
    kept = _Kept(folder, read_calls(folder)[0])
    calls: list[Call] = []
    skipped: list[Arrival] = []
    problems: list[Problem] = []
    n_kept = 0
    contents = _Contents()
    for number, arrival in enumerate(plan, 1):
        problems += arrival.problems if arrival.what != "other" else ()
        if arrival.what not in ("unreadable", "other"):
            if not arrival.comes_in:
                skipped.append(arrival)
            else:
                try:
                    call, n = _write(folder, arrival, contents, kept, keep)
                    calls.append(call)
                    n_kept += n
                except (Unreadable, SaveError, InputError) as error:
                    what, todo = (
                        (error.what, error.todo)
                        if isinstance(error, Unreadable)
                        else (str(error), "nothing of it is in")
                    )
                    problems.append(Problem(arrival.name, getattr(error, "line", 1), what, todo))
        if progress:
            progress(number, len(plan))
    return Brought(tuple(calls), tuple(skipped), tuple(problems), n_kept)


def _files(files: Iterable[str | os.PathLike[str] | Source], root: Path) -> Iterator[tuple[Path | Source, str]]:
    """Each file with the name that its owner knows it by; those of a folder by name."""
    for one in files:
        if isinstance(one, Source):
            yield one, one.name
            continue
        path = Path(one)
        if path.is_dir():
            for file in sorted(_walk(path, root)):
                yield file, file.as_posix()
        elif path.exists():
            yield path, path.as_posix()
        else:
            raise InputError(f"there is no {path}; name a file or folder that is there")


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    for within, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        for name in names:
            path = Path(within, name)
            if not name.startswith((".", "~$")) and name.lower() not in _LITTER and not _is_ours(path, root):
                yield path


def _is_ours(path: Path, root: Path) -> bool:
    """Whether a file is a part of the workspace already, so that bringing in the folder above it leaves it out."""
    if not path.resolve().is_relative_to(root):
        return False
    parts = path.resolve().relative_to(root).parts
    if parts[0] == "interviews":
        return path.suffix.lower() == ".md" or len(parts) > 2
    return parts[0] in ("discovery", "notebooks", "reports")


def _sources(file: Path | Source, name: str) -> Iterator[Source]:
    """What a file is, or holds where it is an archive; one at a time in memory."""
    if isinstance(file, Source):
        yield file
        return
    try:
        size = file.stat().st_size
        if size > LARGEST:
            megabytes = LARGEST // 1024 // 1024
            raise Unreadable(f"larger than {megabytes} MB", "bring a transcript, and not the recording itself")
        yield Source(name, file.read_bytes())
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror or error})", "check that it may be read") from None


def _look_into(file: Path | Source, name: str, known: Known, given: Given, kept: _Kept) -> Iterator[Arrival]:
    """The calls in a file."""
    place = "" if isinstance(file, Source) else os.fspath(file)
    if Path(name).suffix.lower() in _OTHER:
        yield broken(name, 1, "a recording or a picture", "it is left where it is", kind="other")
        return
    try:
        for source in _sources(file, name):
            for arrival in _look_at_source(source, known, given, kept):
                yield replace(arrival, file=place, source=file if isinstance(file, Source) else None)
    except Unreadable as error:
        yield broken(name, error.line, error.what, error.todo)


def _look_at_source(source: Source, known: Known, given: Given, kept: _Kept) -> Iterator[Arrival]:
    digest = fingerprint(source.data)
    twin = kept.find_same(source.data, digest)
    if twin and given.again == "skip":
        yield Arrival(source.name, what="transcript", says="in already", twin=twin, digest=digest)
        return
    try:
        importer, contents = read_source(source)
    except Unreadable as error:
        yield broken(source.name, error.line, error.what, error.todo)
        return
    folders = " ".join(source.name.split("/")[:-1][-2:])
    for number, content in enumerate(contents):
        arrival = look_at(source, importer.name, content, known, given, folders)
        alike = twin if len(contents) == 1 else None
        if alike is None and isinstance(content, Transcript):
            alike = kept.find_alike(content, source.name)
        if len(contents) == 1:
            kept.note(digest, source.name)
        yield replace(arrival, number=number, of=len(contents), digest=digest, twin=alike)


class _Contents:
    """What is in the files of a plan, read again one after the other."""

    def __init__(self) -> None:
        self._at: tuple[str, str] = ("", "")
        self._source = Source("", b"")

    def source(self, arrival: Arrival) -> Source:
        """The file of an arrival, as it was when it was looked at."""
        if (arrival.name, arrival.digest) != self._at:
            for source in _sources(arrival.source or Path(arrival.file), arrival.name):
                if source.name == arrival.name:
                    self._at, self._source = (arrival.name, fingerprint(source.data)), source
                    break
        if self._at != (arrival.name, arrival.digest):
            raise Unreadable("changed since it was looked at", "bring it in again")
        return self._source

    def content(self, arrival: Arrival) -> Contents:
        """What is in it."""
        return read_source(self.source(arrival))[1][arrival.number]


class _Kept:
    """What is in already: transcripts on disk, by size, bytes and words; and what came before in the same plan."""

    def __init__(self, root: Path, calls: Iterable[Call]) -> None:
        self._root = root
        self._calls = {call.transcript: call.file for call in calls if call.transcript}
        self._by_size: dict[int, list[str]] = {}
        folder = root / TRANSCRIPTS
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.is_dir() else ():
            if entry.is_file() and not entry.name.startswith("."):
                self._by_size.setdefault(entry.stat().st_size, []).append(entry.name)
        self._digests: dict[str, str] = {}
        self._sketches: list[tuple[tuple[int, ...], Twin]] | None = None
        self._before: dict[str, str] = {}

    def same_bytes(self, data: bytes, digest: str) -> str:
        """The transcript on disk that has these bytes; empty where none has."""
        for name in self._by_size.get(len(data), ()):
            if name not in self._digests:
                self._digests[name] = fingerprint((self._root / TRANSCRIPTS / name).read_bytes())
            if self._digests[name] == digest:
                return name
        return ""

    def find_same(self, data: bytes, digest: str) -> Twin | None:
        """The call that these bytes are."""
        name = self.same_bytes(data, digest)
        if name in self._calls:
            return Twin(self._calls[name], "the same file", True)
        return Twin(self._before[digest], "the same file", False) if digest in self._before else None

    def note(self, digest: str, name: str) -> None:
        """A file of the plan, so that the same one further on is seen."""
        self._before.setdefault(digest, name)

    def find_alike(self, transcript: Transcript, name: str) -> Twin | None:
        """The call that has the same words, and this one remembered for those that come after it."""
        if self._sketches is None:
            self._sketches = list(self._read_sketches())
        mine = sketch(turn.text for turn in transcript.turns)
        nearest = max(
            ((alike(mine, other), twin) for other, twin in self._sketches), key=lambda one: one[0], default=(0, None)
        )
        self._sketches.append((mine, Twin(name, "the same words", False)))
        return nearest[1] if nearest[0] >= LEAST_ALIKE else None

    def _read_sketches(self) -> Iterator[tuple[tuple[int, ...], Twin]]:
        for name, file in sorted(self._calls.items()):
            path = self._root / TRANSCRIPTS / name
            if path.is_file():
                try:
                    transcript = read_transcript(path)
                except InputError:
                    continue
                yield sketch(turn.text for turn in transcript.turns), Twin(file, "the same words", True)


def _write(root: Path, arrival: Arrival, contents: _Contents, kept: _Kept, keep: int) -> tuple[Call, int]:
    """A call on disk, its transcript first; and how many notes were kept."""
    source = contents.source(arrival)
    # A file's name says the role, and no person's name.
    role = split_who(arrival.who.value)[1]
    where = {"day": arrival.day.value, "customer": arrival.customer.value, "who": role.partition(";")[0]}
    ending = source.ending if re.fullmatch(r"\.[a-z0-9]{1,8}", source.ending) else ".txt"
    # A run that was stopped may have left the transcript without its call.
    name = kept.same_bytes(source.data, arrival.digest)
    if not name or name in kept._calls:
        stem = Path(call_file(root, **where)).stem
        name = keep_transcript(root, f"{stem}{ending}", source.data)
    head = format_call(
        where["customer"],
        where["day"],
        who=arrival.who.value,
        segment=arrival.segment.value,
        kind=arrival.kind.value,
        consent=arrival.consent.value,
        transcript=name,
        us="; ".join(arrival.us),
    )
    lines: list[str] = []
    if keep:
        transcript = contents.content(arrival)
        best = sorted(find_candidates(transcript, arrival.us)[:keep], key=lambda one: (one.turn, one.start))
        lines = [format_note(one.text, "quote", [KEPT_TAG], one.at) for one in best]
    call, _ = create_call(root, head + "".join(f"{line}\n" for line in lines), **where)
    return call, len(lines)
