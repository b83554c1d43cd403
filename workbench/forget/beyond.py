"""Copies of a forgotten customer that the workbench does not touch, each with what purges it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.forget.git import find_in_git
from workbench.forget.plan import Forgetting
from workbench.forget.search import look_into

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


# In the user's folder: what may hold the customer -> what to do then.
_REMEMBER = (
    (".ipython/profile_*/history.sqlite", "delete it: it holds what was typed into cells"),
    (".jupyter/lab/workspaces/*", "delete it: it holds which files were open"),
    (".local/share/jupyter/file_id_manager.db", "delete it: it holds the names of files"),
    ("Library/Jupyter/file_id_manager.db", "delete it: it holds the names of files"),
    (".bash_history", "take the lines out in an editor: it holds what was typed into the shell"),
    (".zsh_history", "take the lines out in an editor: it holds what was typed into the shell"),
    (".local/share/fish/fish_history", "take the lines out in an editor: it holds what was typed into the shell"),
    (".python_history", "take the lines out in an editor: it holds what was typed into Python"),
    (".viminfo", "delete it: it holds what was open in the editor"),
    (".local/share/recently-used.xbel", "delete it: it holds the names of files"),
    (".local/share/Trash/files/**/*", "delete it: it lies in the bin"),
    (".local/share/Trash/info/*", "delete it: it lies in the bin"),
    (".Trash/**/*", "delete it: it lies in the bin"),
)


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
    files : tuple of str
        What is meant, where it is many files.
    """

    where: str
    todo: str
    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


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
        Git's history, programs that sync the folder, what Jupyter, the shell and the bin remember where they hold it, and
        what was sent to others.
    """
    return [*_git(plan), *_sync(plan.root), *_memory(plan, home or Path.home()), *_sent(plan)]


def _git(plan: Forgetting) -> Iterator[Copy]:
    found = find_in_git(plan)
    if found is None:
        return
    if found.commands:
        todo = (
            "take it out with git-filter-repo (pip install git-filter-repo); pull first, then type these lines in a shell, "
            "one after the other, once the customer is out of the files; they commit that"
        )
        if plan.mentions:
            todo += "; they replace mentions in others' files too, so add --mentions before, that records may follow"
        if found.remotes:
            todo += "; everybody else has to clone it anew; forks and merge requests keep the old commits until the host's support removes them"
        yield Copy(f"git's history of {found.folder}, {found.n_files} files of it", todo, found.commands)
    for file in found.settings:
        yield Copy(f"{file} in {found.folder}", "names the customer; mend it in an editor")
    if found.unread:
        todo = "cannot be looked into, as a picture, or stay as they are; open them and look"
        yield Copy(
            f"{len(found.unread)} file{'s' * (len(found.unread) > 1)} in git's history", todo, files=found.unread
        )


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
    """What programs remember of cells, open files and what was typed, and what lies in the bin."""
    for pattern, todo in _REMEMBER:
        for file in sorted(home.glob(pattern)):
            try:
                texts = (file.name, *look_into(file.read_bytes()).texts)
            except OSError:
                continue
            if any(trace.sure for text in texts for trace in plan.traces.find(text)):
                yield Copy(str(file), todo, (f"rm {shlex.quote(str(file))}",) if todo.startswith("delete it") else ())
    yield Copy(
        "your shell's history, which holds this command with the customer's name, and the window it was typed in",
        "when all is done, delete the lines (history shows their numbers, history -d NUMBER deletes one), and close the window",
    )


def _sent(plan: Forgetting) -> Iterator[Copy]:
    called = ", ".join(code for code in plan.codes if code[0] == "P")  # of whom no call is left none is known
    yield Copy(
        "backups, other computers with a copy of the folder, and reports that were sent",
        f"nobody here can know of them; {f'in reports the customer is {called}; ' if called else ''}"
        "run the same command in other copies of the workspace",
    )
