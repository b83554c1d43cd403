"""A workspace as it was at a commit, laid out beside the present one for as long as somebody looks at it."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.errors import InputError

__all__ = ["name_commit", "texts_on", "workspace_at"]

# What people decide and write down; reports and caches are made anew from it.
FOLDERS = ("interviews", "discovery")


def name_commit(root: Path, revision: str) -> str:
    """What a revision is called for good: ``HEAD~3`` is another tomorrow.

    Parameters
    ----------
    root : pathlib.Path
        The workspace.
    revision : str
        A commit, branch or tag.

    Returns
    -------
    str
        Twelve hex digits of its commit; `revision` as it is where git knows none.

    Examples
    --------
    >>> name_commit(Path("/no/such/folder"), "HEAD~3")
    'HEAD~3'
    """
    command = ["git", "-C", str(root), "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True)
    except OSError:
        return revision
    return revision if done.returncode else done.stdout.strip()[:12]


def texts_on(root: Path, day: str, folder: str) -> dict[str, str] | None:
    """The files of a folder as git had them at the end of a day.

    Parameters
    ----------
    root : pathlib.Path
        The workspace.
    day : str
        ``YYYY-MM-DD``, as whoever committed had it.
    folder : str
        Relative to the workspace.

    Returns
    -------
    dict of str to str or None
        Texts by file, relative to the workspace; None where git had nothing of the folder by then, or does not keep it.

    Examples
    --------
    >>> texts_on(Path("/no/such/folder"), "2026-11-17", "discovery")
    """
    days = _run(root, "log", "--format=%H %cs", "HEAD", "--", folder)
    commits = [line.split() for line in (days or b"").decode("ascii").splitlines()]
    last = next((commit for commit, made in commits if made <= day), "")
    packed = _run(root, "archive", "--format=tar", last, "--", folder) if last else None
    if packed is None:
        return None
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {
            member.name: archive.extractfile(member).read().decode("utf-8", "replace")
            for member in archive
            if member.isfile()
        }


def _run(root: Path, *words: str) -> bytes | None:
    """What git says; None where it is not there, or refuses."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)
    except OSError:
        return None
    return None if done.returncode else done.stdout


@contextmanager
def workspace_at(root: Path, revision: str) -> Iterator[Path]:
    """A copy of a workspace's calls and decisions as git has them.

    Parameters
    ----------
    root : pathlib.Path
        The workspace, inside a git repository.
    revision : str
        A commit, branch or tag, such as ``HEAD~3`` or ``main``.

    Yields
    ------
    pathlib.Path
        A folder that is gone afterwards.

    Raises
    ------
    InputError
        When git is not installed, the workspace is in no repository, or there is no such revision.

    Examples
    --------
    >>> with workspace_at(Path("/no/such/folder"), "HEAD"):
    ...     pass
    Traceback (most recent call last):
    workbench.errors.InputError: /no/such/folder is not kept in git, so 'HEAD' is unknown; give a day such as 2026-11-17
    """
    # With "--end-of-options" a name that begins with a dash stays a name; of a tree that is empty the archive is, too.
    command = ["git", "-C", str(root), "archive", "--format=tar", "--end-of-options", f"{revision}^{{tree}}"]
    in_english = os.environ | {"LC_ALL": "C"}  # what git says is looked at below
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=in_english)
    except OSError as error:
        raise InputError(f"git is not installed, so {revision!r} is unknown; give a day such as 2026-11-17") from error
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode and "current working directory is untracked" not in said:  # else the folder was not there yet
        if not root.is_dir() or "not a git repository" in said:
            why = f"{root} is not kept in git, so {revision!r} is unknown"
        elif "not a valid object name" in said or "not a tree object" in said or "did not match" in said:
            why = f"git knows no revision {revision!r} of {root}"
        else:
            why = f"git cannot read {revision!r} of {root} ({' '.join(said.split())[:200]})"
        raise InputError(f"{why}; give a day such as 2026-11-17")
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        then = Path(folder)
        if (root / "interviews").is_dir():
            (then / "interviews").mkdir()  # also where there was none yet
        with tarfile.open(fileobj=io.BytesIO(done.stdout or bytes(tarfile.RECORDSIZE))) as archive:
            for member in archive:
                place = member.name.split("/")
                # Calls may lie in a workspace's own folder, too.
                wanted = place[0] in FOLDERS or (len(place) == 1 and member.name.lower().endswith(".md"))
                if member.isfile() and wanted and ".." not in place:
                    file = then / member.name
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(archive.extractfile(member).read())
        yield then
