"""What was dropped onto a widget and waits there for an answer or a click: kept on this computer until it is in or left.

Each file lies in ``.workbench/dropped/`` as ``dropped.vtt.3fa9c1e08712ab34``, byte for byte, with what was said of it in
``3fa9c1e08712ab34.json`` beside it. Both are deleted as soon as its calls are in, or somebody leaves it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.importers import Source
from workbench.save import SaveError, fingerprint, save_bytes
from workbench.store import change_record

__all__ = ["DROPPED", "Dropped", "discard_dropped", "dropped_marks", "keep_dropped", "read_dropped", "say_of_dropped"]

DROPPED = ".workbench/dropped"


@dataclass(frozen=True)
class Dropped:
    """A file that waits.

    Parameters
    ----------
    digest : str
        Sixteen hex digits of its fingerprint, by which it is known.
    source : Source
        Its name, as its owner knows it, and its bytes.
    said : tuple of dict
        What was said of it, in the order in which it was.
    """

    digest: str
    source: Source
    said: tuple[dict[str, Any], ...]


def keep_dropped(root: Path, source: Source) -> str:
    """Keep a file until it is in or left; what was said of the same bytes before still stands.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.
    source : Source
        The file.

    Returns
    -------
    str
        How it is known from now on. One that cannot be kept, on a full disk, waits in memory only.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> digest = keep_dropped(folder, Source("a.vtt", b"WEBVTT"))
    >>> say_of_dropped(folder, [digest], {"day": "2026-11-17"})
    >>> [(one.source.name, one.source.data, one.said) for one in read_dropped(folder)]
    [('a.vtt', b'WEBVTT', ({'day': '2026-11-17'},))]
    """
    digest = fingerprint(source.data)[:16]
    folder = root / DROPPED
    if folder.is_symlink() or folder.parent.is_symlink():
        return digest  # a workspace that came from elsewhere has nothing written into any other folder
    with suppress(SaveError, OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), open(folder / ".gitignore", "x") as ignored:
            ignored.write("*\n")
        save_bytes(_bytes_of(folder, source.name, digest), source.data, expected=None)
        last = max((one["n"] for one in _heads(folder).values()), default=0)
        _change(root, digest, lambda head: head or {"n": last + 1, "name": source.name, "said": []})
    return digest


def read_dropped(root: Path) -> list[Dropped]:
    """The files that wait.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.

    Returns
    -------
    list of Dropped
        In the order in which they were dropped. One that is not whole, since the program was stopped, is left out.

    Examples
    --------
    >>> read_dropped(Path("/no/such/folder"))
    []
    """
    folder = root / DROPPED
    found = []
    for digest, head in sorted(_heads(folder).items(), key=lambda item: (item[1]["n"], item[0])):
        with suppress(OSError):
            data = _bytes_of(folder, head["name"], digest).read_bytes()
            if fingerprint(data).startswith(digest):
                found.append(Dropped(digest, Source(head["name"], data), tuple(head["said"])))
    return found


def say_of_dropped(root: Path, digests: Iterable[str], said: Mapping[str, Any]) -> None:
    """Keep what somebody said of files that wait.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.
    digests : iterable of str
        The files, from :func:`keep_dropped`; of one that is not kept nothing is written.
    said : mapping
        Anything that JSON can hold.
    """
    for digest in digests:
        with suppress(SaveError):
            _change(root, digest, lambda head: head and {**head, "said": [*head["said"], said]})


def discard_dropped(root: Path, digests: Iterable[str]) -> None:
    """Delete files that are in, or that nobody wants; what was said of them first.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.
    digests : iterable of str
        The files, from :func:`keep_dropped`.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> discard_dropped(folder, [keep_dropped(folder, Source("a.vtt", b"WEBVTT"))])
    >>> [path.name for path in (folder / DROPPED).iterdir() if path.is_file()]
    ['.gitignore']
    """
    folder = root / DROPPED
    for digest in digests:
        for path in (folder / f"{digest}.json", *folder.glob(f"dropped*.{digest}")):
            with suppress(OSError):
                path.unlink()
    if not _heads(folder):  # what a run that was stopped has left of a file has nothing that tells of it
        for path in folder.glob("dropped*.*"):
            with suppress(OSError):
                path.unlink()


def dropped_marks(root: Path) -> frozenset[tuple[str, int, int]]:
    """What tells cheaply whether somebody else has changed what waits.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.

    Returns
    -------
    frozenset of tuple
        Of each file its name, when it was last written, and its number on disk.

    Examples
    --------
    >>> dropped_marks(Path("/no/such/folder"))
    frozenset()
    """
    marks = []
    for path in (root / DROPPED).glob("*.json"):
        with suppress(OSError):
            status = path.stat()
            marks.append((path.name, status.st_mtime_ns, status.st_ino))
    return frozenset(marks)


def _bytes_of(folder: Path, name: str, digest: str) -> Path:
    """Where a file's bytes lie; its ending tells what it is to whoever looks into it."""
    ending = Source(name, b"").ending
    return folder / f"dropped{ending if re.fullmatch(r'[.][a-z0-9]{1,8}', ending) else ''}.{digest}"


def _heads(folder: Path) -> dict[str, dict[str, Any]]:
    """What is known of each file."""
    found = {}
    for path in folder.glob("*.json"):
        with suppress(OSError, ValueError, RecursionError):
            head = _read(path.read_text("utf-8"))
            if head:
                found[path.stem] = head
    return found


def _read(text: str) -> dict[str, Any]:
    head = json.loads(text) if text else {}
    good = isinstance(head, dict) and type(head.get("n")) is int and isinstance(head.get("name"), str)
    said = head.get("said") if good else None
    return head if isinstance(said, list) and all(isinstance(one, dict) for one in said) else {}


def _change(root: Path, digest: str, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> None:
    """What is known of a file, changed; nothing is written where nothing was."""

    def once(text: str) -> str:
        head = change(_read(text))
        return json.dumps(head, ensure_ascii=False) + "\n" if head else text

    change_record(root, f"{DROPPED}/{digest}.json", once)
