"""Copies of a forgotten customer that the workbench does not touch, each with what purges it."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.forget.plan import Forgetting
from workbench.forget.search import look_into
from workbench.forget.traces import FORGOTTEN

__all__ = ["Copy", "name_copies"]

# A part of a folder's name -> who keeps copies of it, and where they are deleted for good.
_SYNCED = {
    "dropbox": ("Dropbox", "dropbox.com, Deleted files: choose the files, Permanently delete (kept for 30 days or more)"),
    "onedrive": ("OneDrive", "onedrive.com, Recycle bin and its second-stage bin; Version history of changed files"),
    "google drive": ("Google Drive", "drive.google.com, Bin: Delete forever; Manage versions of changed files"),
    "googledrive": ("Google Drive", "drive.google.com, Bin: Delete forever; Manage versions of changed files"),
    "mobile documents": ("iCloud Drive", "icloud.com, Drive, Recently Deleted: Delete"),
    "nextcloud": ("Nextcloud", "the web page of your Nextcloud, Deleted files; Versions of changed files"),
    "owncloud": ("ownCloud", "the web page of your ownCloud, Deleted files; Versions of changed files"),
}  # fmt: skip


class Copy(NamedTuple):
    """A place out of reach.

    Parameters
    ----------
    where : str
        What may still hold the customer.
    todo : str
        What to do about it, in words.
    commands : tuple of str
        What to type, where there is something to type.
    """

    where: str
    todo: str
    commands: tuple[str, ...] = ()


def name_copies(plan: Forgetting, home: Path | None = None) -> list[Copy]:
    """Name what may still hold a customer outside the workspace's own files.

    Parameters
    ----------
    plan : Forgetting
        What is forgotten.
    home : pathlib.Path, optional
        The user's folder.

    Returns
    -------
    list of Copy
        Git's history, programs that sync the folder, Jupyter's and IPython's memory where they hold it, and what was
        sent to others.
    """
    return [*_git(plan), *_sync(plan.root), *_memory(plan, home or Path.home()), *_sent(plan)]


def _git(plan: Forgetting) -> Iterator[Copy]:
    top = _ask_git(plan.root, "rev-parse", "--show-toplevel")
    if top is None:
        return
    prefix = (_ask_git(plan.root, "rev-parse", "--show-prefix") or "").strip()
    removed = sorted({step.file for step in plan.steps if step.what == "remove"})
    tracked = (_ask_git(plan.root, "log", "--all", "--format=", "--name-only", "--", *removed) or "").split("\n")
    paths = sorted({line for line in tracked if line}) if removed else []
    folder = Path(top.strip())
    words = folder.parent / "words-to-forget.txt"
    lines = [*plan.names, *(person for person in plan.people if " " in person), *plan.calls, *plan.words]
    lines = sorted(dict.fromkeys(lines), key=lambda line: (-len(line), line))
    commands = [f"cd {shlex.quote(str(folder))}"]
    if paths:
        commands.append("git filter-repo --force --invert-paths " + " ".join(f"--path {shlex.quote(p)}" for p in paths))
    commands += [
        "printf '%s\\n' "
        + " ".join(shlex.quote(f"{line}==>{FORGOTTEN}") for line in lines)
        + f" > {shlex.quote(str(words))}",
        f"git filter-repo --force --replace-text {shlex.quote(str(words))} --replace-message {shlex.quote(str(words))}",
        f"rm {shlex.quote(str(words))}",
        "git stash clear",
        "git reflog expire --expire=now --all && git gc --prune=now --aggressive",
    ]
    for remote in (_ask_git(plan.root, "remote") or "").split():
        url = (_ask_git(plan.root, "remote", "get-url", remote) or "").strip()
        commands += [
            f"git remote add {shlex.quote(remote)} {shlex.quote(url)}    # filter-repo has taken it out",
            f"git push --force --all {shlex.quote(remote)} && git push --force --tags {shlex.quote(remote)}",
        ]
    what = f"git's history of {folder}" + (f" ({len(paths)} of the removed files are in it)" if paths else "")
    todo = (
        "commit first, then rewrite it; words of notes may stand in old records, too (add them to the list of words); "
    )
    todo += "everybody else has to clone it anew, and the host may keep old commits until its support removes them"
    yield Copy(f"{what}{f', folder {prefix}' if prefix else ''}", todo, tuple(commands))


def _ask_git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "-c", "core.quotePath=false", *words], capture_output=True, check=False
        )
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _sync(root: Path) -> Iterator[Copy]:
    said = set()
    for part in root.parts:
        for name, (who, where) in _SYNCED.items():
            if name in part.lower() and who not in said:
                said.add(who)
                yield Copy(f"{who}, which syncs {root}", where)
    if any((folder / ".stfolder").exists() for folder in (root, *root.parents)):
        yield Copy("Syncthing, which syncs this folder", "delete .stversions on the other devices, too")


def _memory(plan: Forgetting, home: Path) -> Iterator[Copy]:
    """What IPython and JupyterLab remember of cells and open files."""
    for pattern, todo in (
        (".ipython/profile_*/history.sqlite", "delete it: it holds what was typed into cells"),
        (".jupyter/lab/workspaces/*", "delete it: it holds which files were open"),
    ):
        for file in sorted(home.glob(pattern)):
            try:
                texts = look_into(file.read_bytes()).texts
            except OSError:
                continue
            if any(trace.sure for text in texts for trace in plan.traces.find(text)):
                yield Copy(str(file), todo, (f"rm {shlex.quote(str(file))}",))


def _sent(plan: Forgetting) -> Iterator[Copy]:
    yield Copy(
        "backups, other computers with a copy of the folder, and reports that were sent",
        f"nobody here can know of them; in reports the customer is {', '.join(c for c in plan.codes if c[0] == 'P')}; "
        "run the same command in other copies of the workspace",
    )
