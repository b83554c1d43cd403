"""Save a person's text: never torn, never silently overwritten, never called saved too early.

The steps, in order: take the file's lock; compare what is on disk with what the caller loaded; write a hidden
temporary file beside it; flush that to the disk; put it in place in one move; flush the folder; read it back.
Whatever interrupts them, the file holds exactly the old text or exactly the new one.

    Exception
    └── SaveError             not saved; the message says why and what to do
        └── SaveConflict      the disk holds a text that the caller has not seen

The lock guards against other saves on this machine. Editors and sync programs do not take it: against them
stands the comparison, which is by content and never by clock.
"""

import errno
import hashlib
import os
import secrets
import stat
import time
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from itertools import count, takewhile
from pathlib import Path
from typing import BinaryIO, TypeVar

from filelock import FileLock, Timeout

__all__ = [
    "SaveConflict",
    "SaveError",
    "alone",
    "fingerprint",
    "lock_file",
    "move_file",
    "save_bytes",
    "save_written",
    "until_saved",
    "write_conflict_copy",
]

LOCK_SECONDS = 10
# Each time that a save meets somebody else's, one of the two has got on, so this many are never needed.
TRIES = 100
T = TypeVar("T")

_SPACE = "free some space and save again"
_ACCESS = (
    "access to the file or its folder is denied",
    "allow writing there, or close what uses it, and save again",
)
_REASONS = {
    errno.ENOSPC: ("the disk is full", _SPACE),
    errno.EDQUOT: ("your share of the disk is used up", _SPACE),
    errno.EROFS: ("the disk is read-only", "make it writable, or save to another folder"),
    errno.EACCES: _ACCESS,
    errno.EPERM: _ACCESS,
    errno.EIO: ("the disk reported an error", "save to another disk, and have this one checked"),
    errno.ENAMETOOLONG: ("the file's name is too long", "choose a shorter name and save again"),
}


class SaveError(Exception):
    """The text was not saved, or cannot be shown to be; the message is meant for the person who typed it."""


class SaveConflict(SaveError):
    """The disk holds a text that the caller has not seen, so nothing was overwritten; the caller decides.

    Parameters
    ----------
    path : pathlib.Path
        The file that was to be saved.
    theirs : bytes or None
        What is on disk now; None if the file is gone.
    yours : bytes
        What was to be saved.

    Attributes
    ----------
    path, theirs, yours
        As given.
    """

    def __init__(self, path, theirs, yours):
        self.path, self.theirs, self.yours = path, theirs, yours
        what = "has been removed or renamed" if theirs is None else "holds a text that you have not seen"
        super().__init__(f"Not saved: {path} {what}. Nothing was overwritten and your text is still here.")


def fingerprint(data: bytes) -> str:
    """Tell two texts apart by content.

    Parameters
    ----------
    data : bytes
        A file's content.

    Returns
    -------
    str
        SHA-256, as 64 hexadecimal digits.

    Examples
    --------
    >>> fingerprint(b"- Filters reset")[:12]
    'a8d983fe29d2'
    """
    return hashlib.sha256(data).hexdigest()


def save_bytes(path: str | os.PathLike, data: bytes, *, expected: str | None) -> str:
    r"""Put `data` at `path`, unless something there would be lost by it.

    Parameters
    ----------
    path : str or path-like
        The file. Its folder is made if missing, and its permissions are kept. A link is refused.
    data : bytes
        The whole new content.
    expected : str or None
        Fingerprint of the content that the caller loaded; None if the file must not exist yet.

    Returns
    -------
    str
        Fingerprint of what is on disk now: the next save's `expected`.

    Raises
    ------
    SaveConflict
        The disk holds neither `data` nor what was expected.
    SaveError
        Not saved for another reason (disk full, read-only, ...), or not known whether saved; the message
        says which.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> note = Path(folder.name, "interviews", "2026-11-17-acme.md")
    >>> first = save_bytes(note, b"- Filters reset\n", expected=None)
    >>> second = save_bytes(note, b"- ! Filters reset\n", expected=first)
    >>> note.read_bytes()
    b'- ! Filters reset\n'
    >>> save_bytes(note, b"- from a stale tab\n", expected=first)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    workbench.save.SaveConflict: Not saved: ...acme.md holds a text that you have not seen. Nothing was ...
    >>> folder.cleanup()
    """
    path, saved = Path(path), fingerprint(data)
    moved = False
    try:
        # A new folder is itself an entry in its parent, which a power cut can lose too.
        missing = takewhile(lambda folder: not folder.exists(), path.parents)
        changed_folders = [path.parent, *(folder.parent for folder in missing)]
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as temp_prefix:
            found = _read(path)
            if found == data:
                return saved
            if expected != (None if found is None else fingerprint(found)):
                raise SaveConflict(path, found, data)
            with _written_beside(path, lambda file: file.write(data), temp_prefix) as temp:
                # Writing took a while, and an editor that knows no lock may have saved meanwhile.
                seen = _read(path)
                if seen != found:
                    raise SaveConflict(path, seen, data)
                moved = True
                os.replace(temp, path)
            for folder in changed_folders:
                _flush_folder(folder)
            seen = _read(path)
            if seen != data:
                raise SaveConflict(path, seen, data)
    # ValueError: a name that no file can have, such as one with a NUL.
    except (OSError, ValueError) as error:
        # After the move (even one that reported an error) only the disk can tell whether the text is there.
        outcome = "Not saved"
        try:
            if _read(path) == data:
                return saved
        except (OSError, ValueError):
            outcome = "Not known whether saved" if moved else outcome
        raise SaveError(_message(outcome, error, path)) from error
    return saved


def save_written(path: str | os.PathLike, write: Callable[[BinaryIO], object], *, expected: str | None) -> None:
    r"""Put at `path` what is too much to be held, as it is made.

    Parameters
    ----------
    path : str or path-like
        As for :func:`save_bytes`.
    write : callable
        Takes a binary file and writes the whole new content into it. Where it stops, the file that was there stays.
    expected : str or None
        As for :func:`save_bytes`.

    Raises
    ------
    SaveError
        Not saved; the message says why.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "all.csv")
    >>> save_written(file, lambda out: out.writelines([b"a,b\n", b"1,2\n"]), expected=None)
    >>> file.read_bytes()
    b'a,b\n1,2\n'
    """
    path = Path(path)

    def refuse_unseen() -> None:
        if (_fingerprint_of(path) if _is_file(path) else None) != expected:
            raise SaveError(f"Not saved: {path} is not what it was when this began. Nothing was written; run it again.")

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as temp_prefix:
            refuse_unseen()
            with _written_beside(path, write, temp_prefix) as temp:
                refuse_unseen()
                os.replace(temp, path)
            _flush_folder(path.parent)
    except (OSError, ValueError) as error:
        raise SaveError(_message("Not saved", error, path)) from error


def _fingerprint_of(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def until_saved(once: Callable[[], T]) -> T:
    """Read, change and save, again where somebody else saves in between: so theirs is changed, and nothing of it lost.

    Parameters
    ----------
    once : callable
        Reads what is on disk now, changes it and saves it.

    Returns
    -------
    object
        What `once` gives.

    Raises
    ------
    SaveConflict
        When somebody else saved in between each time.

    Examples
    --------
    >>> until_saved(lambda: "saved")
    'saved'
    """
    for tried in count():
        try:
            return once()
        except SaveConflict:
            if tried == TRIES - 1:
                raise
            time.sleep(0.001 * secrets.randbelow(1 + min(tried, 20)))


def move_file(path: str | os.PathLike, target: str | os.PathLike, *, expected: str) -> None:
    r"""Give a file another name, unless something would be lost by it.

    Whatever interrupts this, the text stands under the old name or under the new one, whole.

    Parameters
    ----------
    path : str or path-like
        The file. A link is refused.
    target : str or path-like
        Its new name, also in another folder of the same disk, which is made if missing.
    expected : str
        Fingerprint of the content that the caller loaded.

    Raises
    ------
    SaveConflict
        The file holds something else, or is gone; or there is a file of the new name already.
    SaveError
        Not moved for another reason (read-only, ...).

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> note = Path(folder.name, "2026-11-17-customer.md")
    >>> loaded = save_bytes(note, b"- Filters reset\n", expected=None)
    >>> move_file(note, note.with_name("2026-11-17-acme.md"), expected=loaded)
    >>> [file.name for file in note.parent.glob("*.md")]
    ['2026-11-17-acme.md']
    >>> folder.cleanup()
    """
    path, target = Path(path), Path(target)
    found, claimed = None, False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as locks:
            # Always in the same order, so that two moves never wait for each other.
            for _, one in sorted({(str(one.parent), _key(one)): one for one in (path, target)}.items()):
                locks.enter_context(_locked(one))
            found = _read(path)
            if found is None or fingerprint(found) != expected:
                raise SaveConflict(path, found, b"")
            try:
                # An empty file claims the name: what is put in its place is nobody's text.
                open(target, "xb").close()
            except FileExistsError:
                raise SaveConflict(target, _read(target), found) from None
            claimed = True
            os.replace(path, target)
            claimed = False
            for folder in dict.fromkeys((target.parent, path.parent)):
                _flush_folder(folder)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            if found is not None and _read(path) is None and _read(target) == found:
                claimed = False
                return
        raise SaveError(_message("Not moved", error, path)) from error
    finally:
        with suppress(OSError):
            if claimed and not target.stat().st_size:
                target.unlink()


def write_conflict_copy(path: str | os.PathLike, data: bytes, *, today: str) -> Path:
    """Keep one side of a conflict beside the file, as ``name (conflict DATE).md``.

    Parameters
    ----------
    path : str or path-like
        The file in conflict; it is not touched.
    data : bytes
        The text to keep.
    today : str
        The date for the name, such as ``2026-11-17``.

    Returns
    -------
    pathlib.Path
        The copy. An earlier copy with another text is never overwritten: the name gets a number instead.

    Raises
    ------
    SaveError
        The copy could not be saved.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> for text in b"mine", b"also mine":
    ...     print(write_conflict_copy(Path(folder.name, "acme.md"), text, today="2026-11-17").name)
    acme (conflict 2026-11-17).md
    acme (conflict 2026-11-17 2).md
    >>> folder.cleanup()
    """
    path, number = Path(path), 1
    while True:
        label = today if number == 1 else f"{today} {number}"
        copy = path.with_name(f"{path.stem} (conflict {label}){path.suffix}")
        try:
            save_bytes(copy, data, expected=None)
            return copy
        except SaveConflict:
            number += 1


@contextmanager
def alone(path: str | os.PathLike, work: str):
    """Do a longer piece of work that reads, decides and writes, while nobody else on this machine does the same.

    Parameters
    ----------
    path : str or path-like
        What names the work; nothing of that name is touched, and saves of other files go on.
    work : str
        What it is, for whoever meets it.

    Raises
    ------
    SaveError
        When somebody else is at it for longer than anybody would wait.

    Examples
    --------
    >>> import tempfile
    >>> with alone(Path(tempfile.mkdtemp(), "import"), "import"):
    ...     print("only here")
    only here
    """
    lock = lock_file(path)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(lock).acquire(timeout=LOCK_SECONDS, poll_interval=0.05)
    except Timeout:
        what = f"another {work} here has not finished, in another window or at another terminal"
        raise SaveError(f"Not done: {what}. Nothing was written; do it again when that one has ended.") from None
    except OSError as error:
        raise SaveError(_message("Not done", error, lock)) from error
    with held:
        yield


def lock_file(path: str | os.PathLike) -> Path:
    """Where saves of a file are locked.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    pathlib.Path
        The lock, beside the file; it may not be there.

    Examples
    --------
    >>> lock_file("interviews/acme.md").name == lock_file("interviews/ACME.md").name
    True
    """
    path = Path(path)
    return path.parent / ".workbench" / "locks" / f"{_key(path)}.lock"


def _key(path):
    # Names that differ only in case or in Unicode form can be one file, so they share a lock. Hashed, because
    # the longest allowed name leaves no room for a suffix.
    return fingerprint(os.fsencode(unicodedata.normalize("NFC", path.name).casefold()))[:16]


@contextmanager
def _locked(path):
    key = _key(path)
    temp_prefix = f".workbench-{key}-"
    lock = lock_file(path)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock).acquire(timeout=LOCK_SECONDS, poll_interval=0.01):
        # With the lock in hand, a temporary file of this name can only be a killed save's.
        for name in os.listdir(path.parent):
            if name.startswith(temp_prefix):
                with suppress(OSError):
                    path.with_name(name).unlink()
        yield temp_prefix


def _read(path):
    try:
        return path.read_bytes() if _is_file(path) else None
    except FileNotFoundError:
        return None


def _is_file(path):
    """Whether it is there; what is there and no file of its own is refused."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISREG(mode):
        return True
    what = "a link to another file" if stat.S_ISLNK(mode) else "not a file"
    raise SaveError(f"Not saved: this is {what} ({path}). Your text is still here; save it under another name.")


@contextmanager
def _written_beside(path, write, temp_prefix):
    temp = path.with_name(f"{temp_prefix}{secrets.token_hex(8)}.tmp")
    kept_mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    # Moving a file over a write-protected one would work, and undo what somebody did on purpose.
    if kept_mode is not None and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    # Created with the final permissions at most: a private note is at no moment readable by others.
    def create(name, flags):
        return os.open(name, flags, 0o666 if kept_mode is None else kept_mode)

    try:
        with open(temp, "xb", opener=create) as file:
            write(file)
            file.flush()
            if kept_mode is not None:
                os.chmod(temp, kept_mode)
            os.fsync(file.fileno())
        yield temp
    finally:
        with suppress(OSError):
            temp.unlink()


def _flush_folder(folder):
    # Windows cannot open a folder, and writes its entries through by itself.
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _message(outcome, error, path):
    if isinstance(error, Timeout):
        why, then = "another save of this file has not finished", "save again in a moment"
    else:
        said = getattr(error, "strerror", None) or error
        unknown = f"the computer said “{said}”", "save again, or under another name"
        why, then = _REASONS.get(getattr(error, "errno", None), unknown)
    return f"{outcome}: {why} ({path}). Your text is still here; {then}."
