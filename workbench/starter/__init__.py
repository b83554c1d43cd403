"""Making a workspace: an empty one to begin with, or the sample study to look at."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from workbench.errors import InputError
from workbench.themes.ledger import LEDGER_FILE
from workbench.transcripts import TRANSCRIPTS, TRIAGE

__all__ = ["copy_sample", "make_workspace", "sample_folder", "strip_outputs_in_git"]

_HERE = Path(__file__).parent
_FILTER = "discovery-notebooks"
_GITIGNORE = "reports/\n.workbench/\n.workbench-*.tmp\n.ipynb_checkpoints/\n.~*\n"
# Outputs of a notebook hold customers' words: git sees notebooks without them.
_WITHOUT_OUTPUTS = f"*.ipynb filter={_FILTER}"
# The lines of these mean the same in any order, so that git can keep those of both sides.
_KEEP_BOTH = (LEDGER_FILE, f"{TRANSCRIPTS}/*{TRIAGE}")


# What of `ci/` goes where: in here a dot would hide them, from people and from packaging.
_CI = {"discovery.yml": ".github/workflows/discovery.yml", "pre-commit-config.yaml": ".pre-commit-config.yaml"}


def sample_folder() -> Path:
    """Where the sample study lies: in the installed package, or in the repository it is run from.

    Returns
    -------
    pathlib.Path
        A folder with interviews, discovery and notebooks.
    """
    packaged = _HERE.parent / "sample"
    return packaged if packaged.is_dir() else _HERE.parent.parent


def make_workspace(folder: Path) -> list[str]:
    """Add to a folder what a workspace needs and it does not have; nothing is overwritten.

    A ``.gitattributes`` that is there gets lines at its end, if it says nothing of how what people decide is merged.

    Parameters
    ----------
    folder : pathlib.Path
        Made when it is not there.

    Returns
    -------
    list of str
        The files that were added (or added to), relative to the folder.

    Raises
    ------
    InputError
        When the folder cannot be written.
    """
    files = {
        path.relative_to(_HERE).as_posix(): path.read_bytes()
        for part in ("interviews", "discovery")
        for path in sorted((_HERE / part).glob("*"))
    }
    files |= {
        f"notebooks/{path.name}": _without_outputs(path)
        for path in sorted((sample_folder() / "notebooks").glob("*.ipynb"))
    }
    checks = {target: (_HERE / "ci" / name).read_bytes() for name, target in _CI.items()}
    return _add(folder, files | _own_files() | checks) + _merge_by_union(folder)


def copy_sample(folder: Path) -> list[str]:
    """Put the sample study into a new folder.

    Parameters
    ----------
    folder : pathlib.Path
        Made when it is not there; must be empty otherwise.

    Returns
    -------
    list of str
        The files that were added, relative to the folder.

    Raises
    ------
    InputError
        When the folder holds something, or cannot be written.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty and holds no interviews/ folder; name an empty or a new folder")
    source = sample_folder()
    files = {
        path.relative_to(source).as_posix(): _without_outputs(path) if path.suffix == ".ipynb" else path.read_bytes()
        for part in ("interviews", "discovery", "notebooks")
        for path in sorted((source / part).rglob("*"))
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(source).parts)
    }
    return _add(folder, files | _own_files())


def strip_outputs_in_git(folder: Path, *, always: bool = False) -> str:
    """Have git leave out notebooks' outputs, which hold customers' words.

    ``.gitattributes`` names the filter, but git takes the filter itself only from the settings of each clone, so this is
    done again whenever a notebook is opened or run.

    Parameters
    ----------
    folder : pathlib.Path
        A workspace.
    always : bool
        Whether a folder whose ``.gitattributes`` does not name the filter is worth a word too.

    Returns
    -------
    str
        What the PM must know, empty when all is well.
    """
    attributes = folder / ".gitattributes"
    if not attributes.is_file() or _FILTER not in attributes.read_text("utf-8", "replace"):
        todo = f"add the line  {_WITHOUT_OUTPUTS}  to {attributes} and run  workbench init  again"
        return f"git would keep notebooks' outputs, which hold customers' words; {todo}" if always else ""
    if shutil.which("git") is None:
        return "git is not installed; if you put this folder into git later, run  workbench init  on it again first"
    inside = _git(folder, "rev-parse", "--is-inside-work-tree").returncode == 0
    if not inside and _git(folder, "init", "-q").returncode:
        return "git could not be set up here; do not commit notebooks, their outputs hold customers' words"
    command = f'"{Path(sys.executable).as_posix()}" -m nbstripout --keep-id'
    done = [_git(folder, "config", f"filter.{_FILTER}.{key}", value) for key, value in
            (("clean", command), ("smudge", "cat"), ("required", "true"))]  # fmt: skip
    return "" if not any(step.returncode for step in done) else "git could not be told to leave out notebooks' outputs"


def _own_files() -> dict[str, bytes]:
    """What is each workspace's own: its secret, and what git shall know of it."""
    return {
        "discovery/salt": f"{secrets.token_hex(16)}\n".encode(),
        ".gitignore": _GITIGNORE.encode(),
        ".gitattributes": "".join(
            [f"{_WITHOUT_OUTPUTS}\n", *(f"{file} merge=union\n" for file in _KEEP_BOTH)]
        ).encode(),
    }


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    # Run from one of git's hooks, these would name another repository than the folder's.
    hooked = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
    environment = {name: value for name, value in os.environ.items() if name not in hooked}
    return subprocess.run(["git", "-C", os.fspath(folder), *words], capture_output=True, check=False, env=environment)


def _without_outputs(notebook: Path) -> bytes:
    content = json.loads(notebook.read_text("utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _merge_by_union(folder: Path) -> list[str]:
    """Have a ``.gitattributes`` of one's own say it too, unless it says another way already."""
    attributes = folder / ".gitattributes"
    try:
        old = attributes.read_bytes()
        said = [
            file
            for file in _KEEP_BOTH
            if not re.search(rb"(?m)^[ \t]*/?" + re.escape(file).encode() + rb"[ \t].*merge", old)
        ]
        if not said:
            return []
        end = b"\r\n" if b"\r\n" in old else b"\n"
        gap = b"" if not old or old.endswith(b"\n") else end
        with open(attributes, "ab") as stream:
            stream.write(gap + b"".join(f"{file} merge=union".encode() + end for file in said))
    except OSError as error:
        raise InputError(f"{attributes} cannot be written ({error.strerror}); allow it, and try again") from error
    return [".gitattributes"]


def _add(folder: Path, files: dict[str, bytes]) -> list[str]:
    added = []
    try:
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                with open(target, "xb") as stream:
                    stream.write(data)
                added.append(name)
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); name a folder of your own") from error
    return added
