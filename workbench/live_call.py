"""One call while it is typed: each change goes to the disk at once, and nothing on it is overwritten unseen.

What is typed counts as saved only when :func:`workbench.save.save_bytes` has read it back. When the file was changed
elsewhere, both texts are kept (:func:`workbench.call_text.rebase`); when it cannot be written, the text stays here and
is saved later. A small file in the workspace remembers which call was being typed, so that a restarted kernel, or the
cell run again, goes on with it.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from workbench.call_text import CallText, Change, Clash, rebase
from workbench.errors import InputError
from workbench.notes import format_call
from workbench.save import SaveConflict, SaveError, fingerprint, save_bytes
from workbench.store import (
    MAX_CALL_BYTES,
    call_file,
    find_citations,
    read_call,
    remove_call,
    rename_call,
    restore_call,
    workspace,
)

__all__ = ["CallState", "LiveCall"]

FORMAT = 1
LIVE_FILE = ".workbench/live.json"
# Each time that a save meets somebody else's, one of the two has got on.
TRIES = 50
# Words typed into one note without a longer pause are one step for undo.
PAUSE = timedelta(seconds=2)
LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class CallState:
    """How a call stands with the disk.

    Parameters
    ----------
    file : str
        The call's file, relative to the workspace; empty as long as there is none.
    status : str
        ``new``: nothing to save yet. ``saved``: all of it is on disk. ``unsaved``: it is not, and `message` says why.
        ``gone``: the file was removed or emptied, and the text is kept here.
    saved_at : str
        When the text was last seen to be on disk, ``14:03:22``; empty if not yet.
    message : str
        What is wrong and what to do, in plain words; empty if nothing is.
    n_unsaved : int
        How many notes are not on disk as they stand here.
    clashes : tuple of Clash
        Notes and fields that were changed here and elsewhere, until they are dismissed.
    merged : int
        How many notes came from elsewhere or were changed there, until they are dismissed.
    """

    file: str
    status: str
    saved_at: str
    message: str
    n_unsaved: int
    clashes: tuple[Clash, ...]
    merged: int


@dataclass(frozen=True)
class _Memory:
    """What is remembered beside the call itself; worth no more than convenience."""

    file: str
    earlier: list[str] = field(default_factory=list)  # its names before it had its customer's
    began: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    new: bool = False
    ended: bool = False


class LiveCall:
    """A call that is being typed.

    All methods may be called from any thread.

    Parameters
    ----------
    root : path-like
        The workspace. Nothing is created in it before there is a customer or a note.
    day : str, optional
        The call's day, ``YYYY-MM-DD``; today by default.
    clock : callable, optional
        Gives the time as an aware ``datetime``.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> call = LiveCall(folder, day="2026-11-17")
    >>> call.change([Change("put", "a-1", "! Filters reset #filters"), Change("field", name="customer", value="Acme")])
    >>> call.state.file, call.state.status
    ('interviews/2026-11-17-acme.md', 'saved')
    >>> print((folder / call.state.file).read_text(), end="")
    ---
    date: 2026-11-17
    customer: Acme
    kind: discovery
    ---
    - ! Filters reset #filters
    """

    def __init__(
        self, root: str | os.PathLike[str], *, day: str = "", clock: Callable[[], datetime] | None = None
    ) -> None:
        self._lock = threading.RLock()
        self._root = workspace(root)
        self._clock = clock or _now
        self._text = CallText(format_call("", day or self._clock().date().isoformat()))
        self._base = CallText("")  # what is on disk, as far as we know
        self._loaded: str | None = None
        self._memory = _Memory("", new=True)
        self._remembered: _Memory | None = None
        self._touched = False  # whether there was more than looking, so that it is worth remembering
        self._named: tuple[str, str, str] | None = None  # what the file was named after
        self._tried: list[tuple[str, CallText]] = []  # saves that failed; one of them may have been made after all
        self._seen: tuple[int, ...] = ()  # the file's marks when it was last read
        self._removed = ""
        self._gone = False
        self._saved_at = self._message = ""
        self._clashes: tuple[Clash, ...] = ()
        self._merged = 0
        self._undo: list[tuple[Change, ...]] = []
        self._redo: list[tuple[Change, ...]] = []
        self._typing: tuple[str, datetime] | None = None

    @classmethod
    def open(cls, root: str | os.PathLike[str], file: str, *, clock: Callable[[], datetime] | None = None) -> LiveCall:
        """A call that is on disk.

        Parameters
        ----------
        root : path-like
            The workspace.
        file : str
            The call's file, relative to the workspace.
        clock : callable, optional
            As for the class.

        Returns
        -------
        LiveCall
            As the file says; what is remembered of it beside the file as well.

        Raises
        ------
        InputError
            When it cannot be read.
        """
        call = cls(root, clock=clock)
        read, call._loaded = read_call(call._root / file, call._root)
        if read.source.startswith(("\udcff\udcfe", "\udcfe\udcff")):
            raise InputError(f"{file} is saved as UTF-16; open it in an editor and save it as UTF-8")
        call._text = call._base = CallText(read.source)
        memory = _recall(call._root)
        known = memory is not None and read.file in (memory.file, *memory.earlier)
        call._memory = replace(memory, file=read.file) if memory and known else _Memory(read.file)
        return call

    @classmethod
    def resume(cls, root: str | os.PathLike[str], *, clock: Callable[[], datetime] | None = None) -> LiveCall | None:
        """The call that was being typed when the kernel stopped, or when the cell was run again.

        Parameters
        ----------
        root : path-like
            The workspace.
        clock : callable, optional
            As for the class.

        Returns
        -------
        LiveCall or None
            None when there was none, it was ended, or its file is gone.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
        >>> LiveCall(folder).change([Change("put", words="Filters reset")])
        >>> call = LiveCall.resume(folder)
        >>> list(call.text.words.values())
        ['Filters reset']
        >>> call.end()
        >>> LiveCall.resume(folder) is None
        True
        """
        folder = workspace(root)
        memory = _recall(folder)
        if memory is None or memory.ended:
            return None
        now = folder / memory.file
        if any((folder / file).is_file() for file in memory.earlier if file != memory.file):
            with suppress(OSError):
                if not now.lstat().st_size:
                    now.unlink()  # it only claimed the name: the kernel was killed before the call was moved there
        for file in (memory.file, *reversed(memory.earlier)):
            with suppress(InputError):
                return cls.open(folder, file, clock=clock)
        return None

    # What it holds

    @property
    def text(self) -> CallText:
        """The call as it stands here."""
        return self._text

    @property
    def state(self) -> CallState:
        """How it stands with the disk."""
        with self._lock:
            saved = bool(self._memory.file) and self._text.source == self._base.source
            status = "gone" if self._gone else "saved" if saved else "unsaved" if self._is_begun else "new"
            before = self._base.words if status == "unsaved" else {}
            n_unsaved = (
                0
                if saved and not self._gone
                else sum(before.get(id) != words for id, words in self._text.words.items())
            )
            return CallState(
                self._memory.file, status, self._saved_at, self._message, n_unsaved, self._clashes, self._merged
            )

    @property
    def files(self) -> tuple[str, ...]:
        """The names that its file has had, the present one first; empty as long as there is none."""
        return (self._memory.file, *reversed(self._memory.earlier)) if self._memory.file else ()

    @property
    def began(self) -> str:
        """When the call began, as ISO 8601 with offset; empty if not said."""
        return self._memory.began

    @property
    def ended(self) -> bool:
        """Whether the call was ended."""
        return self._memory.ended

    @property
    def asked_at(self) -> dict[str, str]:
        """The questions of the guide that were asked, each with its time."""
        return dict(self._memory.asked)

    @property
    def learned_text(self) -> str:
        """What we learned, in one line; empty if not said."""
        id = self._learned_id()
        words = self._text.words[id] if id else ""
        return words.removeprefix("=").strip().removesuffix(f"#{LEARNED}").strip()

    @property
    def _is_begun(self) -> bool:
        return bool(self._memory.file or self._text.n_notes or self._text.fields["customer"])

    # Changing it

    def change(self, changes: Iterable[Change | Mapping[str, Any]]) -> None:
        """Make some changes and save them. What went wrong with saving is told by `state`.

        Parameters
        ----------
        changes : iterable of Change or mapping
            In order. One that says what was `seen` is kept beside what somebody else wrote there meanwhile.

        Raises
        ------
        InputError
            When one of them is no change; then none is made. Or when a field cannot be set; the others are made then.
        """
        with self._lock:
            changes = [_as_change(change) for change in changes]
            refused = self._apply(changes)
            self._touched = True
            self._keep()
            if refused:
                raise refused

    def undo(self) -> None:
        """Take back what was last done to notes, and save. Nothing happens where there is nothing to take back."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Do again what was last taken back, and save."""
        self._step(self._redo, self._undo)

    def learned(self, text: str) -> None:
        """Write down in one line what we learned, as our own take, and save.

        Parameters
        ----------
        text : str
            The line; it takes the place of an earlier one. Empty to take it out.
        """
        with self._lock:
            id = self._learned_id()
            words = " ".join(text.split())
            change = Change("put", id, f"= {words} #{LEARNED}" if words else "")
            self.change([change] if id or words else [])

    def _learned_id(self) -> str:
        if not any(f"#{LEARNED}" in words for words in self._text.words.values()):
            return ""
        takes = [line.id for line in self._text.lines() if line.kind == "take" and LEARNED in line.tags]
        return takes[-1] if takes else ""

    def _apply(self, changes: list[Change]) -> InputError | None:
        for change in changes:
            change.check()
        first: dict[str, Change] = {}
        for change in changes:
            if change.kind in ("put", "drop"):
                first.setdefault(change.id, change)
        if not any(map(self._text.is_stale, first.values())):
            with suppress(InputError):
                return self._do(changes)
        refused = None
        for change in changes:
            if self._text.is_stale(change):
                self._text, clash = self._text.keep_both(change)
                self._clashes += () if clash in self._clashes else (clash,)
                continue
            try:
                self._do([change])
            except InputError as error:
                refused = refused or error
        return refused

    def _do(self, changes: list[Change]) -> None:
        self._text, inverse = self._text.apply(*changes)
        step = tuple(change for change in inverse if change.kind != "field")
        if not step:
            return
        self._redo.clear()
        ids, now = {change.id for change in changes if change.kind != "field"}, self._clock()
        id = ids.pop() if len(ids) == 1 and all(change.kind == "put" for change in changes) else ""
        goes_on = id and self._typing and self._typing[0] == id and now - self._typing[1] < PAUSE
        if not (goes_on and self._undo and all(change.kind == "put" for change in step)):
            self._undo.append(step)
        self._typing = (id, now)

    def _step(self, steps: list[tuple[Change, ...]], back: list[tuple[Change, ...]]) -> None:
        with self._lock:
            self._typing, self._touched = None, True
            if steps:
                self._text, inverse = self._text.apply(*steps.pop())
                back.append(inverse)
            self._keep()

    # The disk

    def save(self, *, again: bool = False) -> None:
        """Save what is not on disk yet. What went wrong is told by `state`.

        Parameters
        ----------
        again : bool
            Write the file anew if it is gone.
        """
        with self._lock:
            self._keep(again=again)

    def look(self) -> None:
        """Take over what somebody else wrote into the file; cheap when nobody did."""
        with self._lock:
            if not self._memory.file:
                return
            try:
                marks = self._marks()
                if marks == self._seen and not self._gone:
                    return
                theirs = None if marks is None else self._path.read_bytes()
            except OSError:
                return  # a save says why
            if theirs is not None and fingerprint(theirs) == self._loaded:
                self._gone, self._message = False, "" if self._gone else self._message
            elif not self._meet(theirs):
                return
            self._seen = marks or ()
            if self._text.source != self._base.source:
                self._keep()

    def dismiss(self) -> None:
        """Forget the clashes and the count of what came from elsewhere: they have been read."""
        with self._lock:
            self._clashes, self._merged = (), 0

    @property
    def _path(self) -> Path:
        return self._root / self._memory.file

    def _marks(self) -> tuple[int, ...] | None:
        """What changes whenever somebody writes the file; None if it is gone."""
        try:
            stat = self._path.lstat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns

    def _keep(self, *, again: bool = False) -> None:
        """Save what there is, name the file after it, and remember it."""
        if not self._is_begun:
            return
        if self._gone or not self._memory.file or self._text.source != self._base.source:
            self._save(again)
        self._name_anew()
        self._remember()

    def _save(self, again: bool) -> None:
        for _ in range(TRIES):
            file = ""
            try:
                file = self._memory.file or self._first_file()
                loaded = save_bytes(self._root / file, _encode(self._text), expected=self._loaded)
            except SaveConflict as conflict:
                if self._memory.file and not self._meet(conflict.theirs, again):
                    return
            except (SaveError, InputError, OSError) as error:
                self._tried = [*self._tried[-9:], (file, self._text)]
                self._message = str(error)
                return
            else:
                self._memory = replace(self._memory, file=file)
                self._base, self._loaded = self._text, loaded
                self._tried, self._seen, self._removed = [], (), ""
                self._gone, self._message = False, ""
                self._saved_at = self._clock().strftime("%H:%M:%S")
                return
        self._message = f"Not saved: {file} is being written elsewhere all the time. Your text is still here."

    def _first_file(self) -> str:
        """The new call's file; the one of an earlier try, if that came to be after all."""
        for file, text in reversed(self._tried):
            with suppress(OSError):
                if file and (self._root / file).read_bytes() == _encode(text):
                    self._memory = replace(self._memory, file=file)
                    self._base, self._loaded = text, fingerprint(_encode(text))
                    return file
        self._named = self._name()
        day, customer, who = self._named
        return call_file(self._root, day=day, customer=customer, who=who)

    def _meet(self, theirs: bytes | None, again: bool = False) -> bool:
        """Take in what is on disk; whether ours can be saved on top of it."""
        file = self._memory.file
        if theirs is None or (not theirs.removeprefix(b"\xef\xbb\xbf").strip() and self._base.source.strip()):
            if theirs is None and self._follow():
                return True
            if again:
                self._loaded = None if theirs is None else fingerprint(theirs)
                return True
            if not (self._gone and self._removed):
                what = "has been removed or renamed" if theirs is None else "has been emptied"
                self._message = f"{file} {what} elsewhere. Your text is still here; save it again, or leave it."
            self._gone = True
            return False
        if theirs.startswith((b"\xff\xfe", b"\xfe\xff")) or len(theirs) > MAX_CALL_BYTES:
            what = "saved as UTF-16" if len(theirs) <= MAX_CALL_BYTES else "made larger than a call may be"
            self._message = f"Not saved: {file} was {what} elsewhere. Your text is still here; mend the file first."
            return False
        self._gone, self._message = False, ""
        if tried := [text for _, text in self._tried if _encode(text) == theirs]:
            self._base, self._loaded = tried[0], fingerprint(theirs)
        else:
            self._take(theirs)
        return True

    def _take(self, theirs: bytes) -> None:
        base, ours = self._base, self._text
        both = rebase(base, ours, theirs.decode("utf-8", "surrogateescape"))
        self._text, self._base, self._loaded = both.text, both.theirs, fingerprint(theirs)
        self._clashes += both.clashes
        before, after = ours.words, both.text.words
        known = both.theirs.words.items()
        self._merged += sum(words not in (base.words.get(id), before.get(id)) for id, words in known)
        touched = {id for id in before.keys() | after.keys() if before.get(id) != after.get(id)}
        # To take back our own change of a note would take theirs away as well.
        for steps in (self._undo, self._redo):
            steps[:] = [step for step in steps if touched.isdisjoint(change.id for change in step)]
        self._typing = None

    def _follow(self) -> bool:
        """Find the file under the name that another session, typing into it too, has given it."""
        memory = _recall(self._root)
        if memory is None or self._memory.file not in memory.earlier or not (self._root / memory.file).is_file():
            return False
        self._memory = replace(self._memory, file=memory.file, earlier=memory.earlier)
        return True

    # Its name

    def rename(self) -> str:
        """Name the file after the call's date, customer and role.

        Returns
        -------
        str
            The file now.

        Raises
        ------
        InputError
            When decisions name the call by its file, and would not find it any more.
        SaveError
            When it cannot be renamed.
        """
        with self._lock:
            self.look()
            self._keep()
            if self._memory.file and not self._gone and self._rename(self._name()):
                self._remember()
            return self._memory.file

    def _name(self) -> tuple[str, str, str]:
        fields = self._text.fields
        try:
            day = date.fromisoformat(fields["date"]).isoformat()
        except ValueError:
            day = self._clock().date().isoformat()
        return day, fields["customer"], fields["who"]

    def _name_anew(self) -> None:
        """Let a new call's name follow its fields, as long as nothing knows it by its name."""
        saved = self._memory.file and not self._gone and self._text.source == self._base.source
        name = self._name()
        if not (saved and self._memory.new) or name == self._named:
            return
        try:
            self._rename(name)
        except InputError:
            self._memory = replace(self._memory, new=False)
        except (SaveError, OSError):
            pass  # its old name does no harm, and the next change tries again

    def _rename(self, name: tuple[str, str, str]) -> bool:
        old, (day, customer, who) = self._memory.file, name
        file = call_file(self._root, day=day, customer=customer, who=who, own=old)
        if file != old:
            call = Path(old).stem
            if cited := find_citations(self._root, call):
                raise InputError(
                    f"{', '.join(cited)} names this call as {call}; it keeps its file, so that it is found there"
                )
            # Remembered before it is done, so that it is found under either name.
            memory = replace(self._memory, earlier=[*self._memory.earlier[-20:], old])
            self._memory = replace(memory, file=file)
            self._remember()
            self._memory = replace(memory, file=old)
            file = rename_call(self._root, old, day=day, customer=customer, who=who, loaded=self._loaded or "")
            self._memory = replace(memory, file=file)
            self._seen = ()
        self._named = name
        return file != old

    def remove(self) -> None:
        """Take the call out of the workspace; :meth:`restore` brings it back.

        Raises
        ------
        SaveError
            When it was changed elsewhere this very moment, or cannot be moved; it stays then.
        """
        with self._lock:
            self.look()
            self._keep()
            if self._memory.file and not self._gone:
                self._removed = remove_call(self._root, self._memory.file, loaded=self._loaded or "")
                self._gone = True
                self._message = "Removed. It is kept until you restore it."

    def restore(self) -> None:
        """Bring the call back that was removed.

        Raises
        ------
        InputError
            When it is not kept any more.
        SaveError
            When it cannot be moved back.
        """
        with self._lock:
            if self._removed:
                file = restore_call(self._root, self._removed)
                self._memory = replace(self._memory, file=file)
                self._removed, self._gone, self._message, self._seen = "", False, "", ()
                self.look()
                self._remember()

    # What is remembered beside it

    def begin(self, now: datetime | None = None) -> str:
        """Let the call's clock run, if it does not yet.

        Parameters
        ----------
        now : datetime, optional
            When the call began; this moment by default.

        Returns
        -------
        str
            When it began, as ISO 8601 with offset.
        """
        with self._lock:
            if not self._memory.began:
                began = (now or self._clock()).astimezone().isoformat(timespec="seconds")
                self._remember(began=began)
            return self._memory.began

    def asked(self, question: str, at: str) -> None:
        """Tick a question of the guide off.

        Parameters
        ----------
        question : str
            The question.
        at : str
            When it was asked, such as ``12:40``; empty when it was not asked after all.
        """
        with self._lock:
            asked = {name: time for name, time in self._memory.asked.items() if name != question}
            self._remember(asked={**asked, question: at} if at else asked)

    def end(self) -> None:
        """End the call: :meth:`resume` does not go on with it, and its file keeps its name."""
        with self._lock:
            self._keep()
            self._remember(ended=True, new=False)

    def reopen(self) -> None:
        """Go on with a call that was ended."""
        with self._lock:
            self._remember(ended=False)

    def _remember(self, **said: Any) -> None:
        self._memory = replace(self._memory, **said)
        self._touched = self._touched or bool(said)
        if not (self._touched and self._memory.file) or self._memory == self._remembered:
            return
        path = self._root / LIVE_FILE
        data = json.dumps({"version": FORMAT, **asdict(self._memory)}, ensure_ascii=False, indent=1) + "\n"
        with suppress(SaveError, OSError, ValueError):
            save_bytes(path, data.encode(), expected=fingerprint(path.read_bytes()) if path.exists() else None)
            self._remembered = self._memory


def _recall(root: Path) -> _Memory | None:
    """What is remembered; None if there is nothing, or nothing that can be used."""
    try:
        read = json.loads((root / LIVE_FILE).read_bytes())
        memory = _Memory(**{name: read[name] for name in _Memory.__dataclass_fields__})
        if memory.began:
            datetime.fromisoformat(memory.began)
        names = [memory.file, *memory.earlier]
        texts = [*names, *memory.asked, *memory.asked.values()]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    safe = all(type(text) is str for text in texts) and all(type(flag) is bool for flag in (memory.new, memory.ended))
    inside = safe and all(name and ".." not in Path(name).parts and not Path(name).is_absolute() for name in names)
    return memory if inside else None


def _as_change(change: Change | Mapping[str, Any]) -> Change:
    if isinstance(change, Change):
        return change
    try:
        return Change(**change)
    except TypeError:
        raise InputError(f"a change is made of {', '.join(Change._fields)}; {change!r} is not") from None


def _encode(text: CallText) -> bytes:
    return text.source.encode("utf-8", "surrogateescape")


def _now() -> datetime:
    return datetime.now().astimezone()
