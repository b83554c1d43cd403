"""Calls word for word, on disk: kept whole in ``interviews/transcripts/``, and never changed by the program.

What calls were made of and is none itself lies whole in ``interviews/originals/``.
"""

from __future__ import annotations

import os
from pathlib import Path

from workbench.errors import InputError
from workbench.importers import Source, Transcript, Unreadable, read_source
from workbench.save import fingerprint, save_bytes
from workbench.store import TRANSCRIPTS, workspace

__all__ = [
    "ORIGINALS",
    "TRANSCRIPTS",
    "TRIAGE",
    "keep_original",
    "keep_transcript",
    "list_transcripts",
    "open_transcript",
    "parse_transcript",
    "read_transcript",
]

ORIGINALS = "interviews/originals"
# Behind a transcript's name: what was decided on what is said in it, see :mod:`workbench.triage`.
TRIAGE = ".triage.yaml"


def list_transcripts(root: Path) -> list[str]:
    r"""The calls that are there word for word.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.

    Returns
    -------
    list of str
        Files relative to the workspace, by name.

    Examples
    --------
    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp()); (root / TRANSCRIPTS).mkdir(parents=True)
    >>> for name in ("acme.vtt", "acme.vtt" + TRIAGE, ".hidden"):
    ...     _ = (root / TRANSCRIPTS / name).write_text("")
    >>> list_transcripts(root)
    ['interviews/transcripts/acme.vtt']
    """
    if not (root / TRANSCRIPTS).is_dir():
        return []
    names = sorted(entry.name for entry in os.scandir(root / TRANSCRIPTS) if entry.is_file())
    return [f"{TRANSCRIPTS}/{name}" for name in names if name[0] not in "._" and not name.endswith(TRIAGE)]


def read_transcript(path: str | os.PathLike[str]) -> Transcript:
    r"""What was said in a recorded call.

    Parameters
    ----------
    path : path-like
        A transcript in any format that ``workbench import`` takes.

    Returns
    -------
    Transcript
        Its `turns` have speaker, text and the lines and times that they are made of; its `problems` what could not be read.

    Raises
    ------
    InputError
        When there is no such file, or it is no transcript.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "call.vtt")
    >>> _ = file.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nAna: How do you do it?\n")
    >>> [(turn.speaker, turn.text, turn.at) for turn in read_transcript(file).turns]
    [('Ana', 'How do you do it?', 1)]
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; name a file that is there") from None
    return parse_transcript(path, data)


def parse_transcript(path: Path, data: bytes) -> Transcript:
    """What was said, of a transcript's bytes.

    Parameters
    ----------
    path : pathlib.Path
        What the file is called.
    data : bytes
        All of it.

    Returns
    -------
    Transcript
        As :func:`read_transcript` gives it.

    Raises
    ------
    InputError
        When it is no transcript.
    """
    source = Source(path.as_posix(), data)
    try:
        importer, contents = read_source(source)
    except Unreadable as error:
        raise InputError(f"{path}:{error.line}: {error}") from None
    found = [one for one in contents if isinstance(one, Transcript)]
    if len(found) != 1:
        what = f"{len(found)} calls" if found else f"{importer.name}, and no call word for word"
        raise InputError(f"{path} holds {what}; bring it in with  workbench import {path.name}")
    return found[0]


def open_transcript(root: str | os.PathLike[str], name: str) -> Transcript | None:
    """The transcript that a call names.

    Parameters
    ----------
    root : path-like
        The workspace.
    name : str
        As the call's field ``transcript`` has it.

    Returns
    -------
    Transcript or None
        None when the call names none, or it is not there.

    Raises
    ------
    InputError
        When it cannot be read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> open_transcript(folder, "2026-11-17-acme.vtt") is None
    True
    """
    path = _place(root, name)
    return read_transcript(path) if path and path.is_file() else None


def keep_transcript(root: str | os.PathLike[str], name: str, data: bytes) -> str:
    r"""Keep a transcript beside the calls, whole.

    Parameters
    ----------
    root : path-like
        The workspace.
    name : str
        What to call it; a number is added where another transcript has that name.
    data : bytes
        The file as it came.

    Returns
    -------
    str
        The name that it has, for the call's field ``transcript``; that of the same bytes where they are kept already.

    Raises
    ------
    InputError
        When the name is none.
    SaveError
        When it cannot be saved.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> keep_transcript(folder, "acme.vtt", b"WEBVTT"), keep_transcript(folder, "acme.vtt", b"WEBVTT\n")
    ('acme.vtt', 'acme-2.vtt')
    """
    path = _place(root, name)
    if path is None:
        raise InputError(f"{name!r} is no file's name; give one such as 2026-11-17-acme.vtt")
    return _keep(path, data)


def keep_original(root: str | os.PathLike[str], name: str, data: bytes) -> str:
    r"""Keep a file whole from which calls were made and that is no call itself: a table, a document, several calls in one.

    Parameters
    ----------
    root : path-like
        The workspace.
    name : str
        What to call it; a number is added where another file has that name.
    data : bytes
        The file as it came.

    Returns
    -------
    str
        The name that it has in ``interviews/originals/``; that of the same bytes where they are kept already.

    Raises
    ------
    InputError
        When the name is none.
    SaveError
        When it cannot be saved.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> keep_original(folder, "survey.csv", b"a,b\n1,2\n")
    'survey.csv'
    """
    path = _place(root, name, ORIGINALS)
    if path is None:
        raise InputError(f"{name!r} is no file's name; give one such as survey.csv")
    return _keep(path, data)


def _keep(path: Path, data: bytes) -> str:
    """A file that is never overwritten; its name, with a number where another has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stem, number = path.stem, 1
    while path.exists():
        if fingerprint(path.read_bytes()) == fingerprint(data):
            return path.name
        number += 1
        path = path.with_name(f"{stem}-{number}{path.suffix}")
    save_bytes(path, data, expected=None)
    return path.name


def _place(root: str | os.PathLike[str], name: str, folder: str = TRANSCRIPTS) -> Path | None:
    """Where a file lies; None for what would lie elsewhere."""
    if not name or name != Path(name).name or name.startswith(".") or "\\" in name:
        return None
    return workspace(root) / folder / name
