"""The one command: it is plain sh, says what it takes, and starts at once when all is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHELLS = [shell for shell in ("sh", "dash", "bash", "busybox") if shutil.which(shell)]


def sh(shell, *words, cwd=ROOT, env=None):
    program = [shell, "sh"] if shell == "busybox" else [shell]
    return subprocess.run(
        [*program, *map(str, words)], cwd=cwd, env=env, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_scripts_are_plain_sh(shell, script):
    result = sh(shell, "-n", script)
    assert (result.returncode, result.stderr) == (0, "")
    assert (ROOT / script).read_text().startswith("#!/bin/sh\n")


def test_run_can_be_started_by_its_name():
    assert os.access(ROOT / "run", os.X_OK)


@pytest.mark.parametrize("shell", SHELLS)
def test_usage(shell):
    shown = [sh(shell, "run", *words) for words in ([], ["-h"], ["--help"], ["help"])]
    assert {(result.returncode, result.stderr) for result in shown} == {(0, "")}
    (text,) = {result.stdout for result in shown}
    assert text.startswith("Usage: ./run COMMAND")
    assert all(f"\n  {command} " in text for command in ("demo", "lab", "test"))


@pytest.mark.parametrize("shell", SHELLS)
def test_an_unknown_word_is_wrong_usage(shell):
    result = sh(shell, "run", "frobnicate")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("run: unknown command: frobnicate\n")


@pytest.fixture
def copy(tmp_path):
    """A copy of the script with a set-up that looks complete: a Python, a workbench that tells how it was called, a stamp."""
    folder = tmp_path / "a folder"
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("run", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    workbench = folder / ".venv" / "bin" / "workbench"
    workbench.write_text(f"#!/bin/sh\n# '{folder}/.venv/bin/python'\npwd\necho called \"$@\"\n")
    workbench.chmod(0o755)
    rows = subprocess.run(
        ["sh", "-c", "cat pyproject.toml constraints.txt | cksum"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    (folder / ".venv" / "setup.stamp").write_text(f"demo {rows.stdout.strip()}\n")
    return folder


# A PATH without uv and pip's network: a set-up that starts all the same fails, and shows.
def without_network(folder):
    tools = folder.parent / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("sh", "cat", "cksum", "dirname", "head", "grep", "sed", "tail", "rm", "mkdir", "id"):
        if not (tools / name).exists():
            (tools / name).symlink_to(shutil.which(name))
    return {"PATH": str(tools)}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_second_run_starts_at_once(shell, copy):
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    result = sh(shutil.which(shell), copy / "run", "demo", "--flag", "two words", cwd="/", env=without_network(copy))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"{copy}\ncalled demo . --flag two words\n"
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_it_can_be_started_through_a_relative_path_and_from_another_folder(copy):
    result = sh("/bin/sh", "../a folder/run", "lab", cwd=copy.parent / "a folder", env=without_network(copy))
    assert result.stdout == f"{copy}\ncalled lab .\n"


def test_a_changed_list_of_libraries_is_noticed(copy):
    with open(copy / "constraints.txt", "a") as stream:
        stream.write("# changed\n")
    result = sh("/bin/sh", copy / "run", "demo", env=without_network(copy))
    assert result.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in result.stderr
    assert "called" not in result.stdout
    assert (copy / ".venv" / "bin" / "workbench").exists()


def test_a_folder_that_was_moved_is_noticed(copy):
    moved = copy.rename(copy.with_name("moved"))
    result = sh("/bin/sh", moved / "run", "demo", env=without_network(moved))
    assert result.returncode == 1
    assert "called" not in result.stdout


def test_an_unfinished_set_up_is_not_used(copy):
    (copy / ".venv" / "setup.unfinished").write_text("")
    result = sh("/bin/sh", copy / "run", "demo", env=without_network(copy))
    assert result.returncode == 1
    assert "called" not in result.stdout


def test_what_was_set_up_for_the_demo_does_not_pass_for_the_tests(copy):
    result = sh("/bin/sh", copy / "run", "test", env=without_network(copy))
    assert result.returncode == 1
    assert "called" not in result.stdout
