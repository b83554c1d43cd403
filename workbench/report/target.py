"""Where something that leaves may be written: not among the calls and records, and over nothing but what was written so before."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from workbench.errors import InputError
from workbench.history import FOLDERS
from workbench.report.carried import read_carried
from workbench.report.manifest import MANIFEST_ID
from workbench.save import fingerprint

__all__ = ["look_at_target", "refuse_among_notes"]

_MANIFEST = f'id="{MANIFEST_ID}"'.encode()
# The tables' first line, and the plan's.
_BEGINS = re.compile(rb"\xef\xbb\xbf(?:theme,name,customers,of,ref,|decision,)|\*Week \d")


def look_at_target(target: Path) -> str | None:
    """What a report is about to be written over.

    Parameters
    ----------
    target : pathlib.Path
        The report's file.

    Returns
    -------
    str or None
        The fingerprint of what is there, for :func:`workbench.save.save_bytes`; None where nothing is.

    Raises
    ------
    InputError
        When `target` is a folder, lies among the calls and records, or is a file that no report, table or plan of the
        workbench is: nobody's work is written over.

    Examples
    --------
    >>> import tempfile
    >>> mine = Path(tempfile.mkdtemp(), "mine.html")
    >>> look_at_target(mine)
    >>> _ = mine.write_text("<p>My own page</p>")
    >>> look_at_target(mine)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    workbench.errors.InputError: ...mine.html is there already, and is nothing that the workbench wrote; name another file, ...
    """
    refuse_among_notes(target)
    if target.is_dir():
        raise InputError(f"{target} is a folder; name a file in it, such as {target / 'report.html'}")
    if not target.exists():
        return None
    data = target.read_bytes()
    if data and not _is_ours(data):
        raise InputError(
            f"{target} is there already, and is nothing that the workbench wrote; name another file, or move it away"
        )
    return fingerprint(data)


def refuse_among_notes(target: Path) -> None:
    """Refuse a place whose files are read as evidence or records: a report there would count as what customers said.

    Parameters
    ----------
    target : pathlib.Path
        A file or a folder, there or not.

    Raises
    ------
    InputError
        Names a place where it can be.
    """
    for folder in (target.absolute(), *target.absolute().parents):
        if folder.name in FOLDERS and (folder.parent / "interviews").is_dir():
            raise InputError(
                f"{target} lies in {folder.name}/, whose files are read as what customers said and you decided: it would be read "
                f"with them; write it elsewhere, such as {folder.parent / 'reports' / target.name}"
            )


def _is_ours(data: bytes) -> bool:
    if data.startswith(b"PK"):
        try:
            return b"Discovery Workbench" in zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml")
        except Exception:  # zipfile raises a dozen kinds on broken bytes
            return False
    try:
        return _BEGINS.match(data) is not None or _MANIFEST in data or read_carried(data) is not None
    except InputError:
        return False
