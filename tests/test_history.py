"""A workspace as git had it: laid out beside the present one, and gone afterwards."""

import os
import subprocess

import pytest

from workbench.errors import InputError
from workbench.history import workspace_at
from workbench.study import read_study

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | {
    f"GIT_{who}_{what}": "pm" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


def git(folder, *words):
    done = subprocess.run(
        ["git", *words], cwd=folder, env=os.environ | GIT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(folder, message="as it was"):
    git(folder, "add", "--all", ".")
    git(folder, "commit", "--quiet", "-m", message)


@pytest.fixture
def work(make_workspace):
    folder = make_workspace({"a.md": "- Größe ✓\n", "b.md": b"- one\r\n"}, "customers: {}\n")
    (folder / "reports").mkdir()
    (folder / "reports" / "x.html").write_text("x")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_calls_and_decisions_are_there_to_the_byte_and_nothing_else(work):
    kept = {name: data for name, data in files(work).items() if name.startswith(("interviews/", "discovery/"))}
    (work / "interviews" / "a.md").write_text("- changed since\n")
    (work / "interviews" / "c.md").write_text("- new\n")
    before = files(work)
    with workspace_at(work, "HEAD") as then:
        assert files(then) == kept
        assert len(read_study(then).notes) == 2
    assert not then.exists()
    assert files(work) == before


def test_it_is_gone_after_an_error_too(work):
    with pytest.raises(RuntimeError), workspace_at(work, "main") as then:
        raise RuntimeError
    assert not then.exists()


def test_others_on_this_computer_cannot_look(work):
    with workspace_at(work, "HEAD") as then:
        assert then.stat().st_mode & 0o077 == 0


def test_a_workspace_that_is_a_part_of_a_repository(tmp_path, make_workspace):
    folder = make_workspace({"a.md": "- one\n"}, name="repo/work")
    (tmp_path / "repo" / "interviews").mkdir()
    (tmp_path / "repo" / "interviews" / "other.md").write_text("- of somebody else\n")
    git(tmp_path / "repo", "init", "--quiet")
    commit(tmp_path / "repo")
    with workspace_at(folder, "HEAD") as then:
        assert set(files(then)) == {"interviews/a.md"}


def test_calls_that_lie_in_the_workspaces_own_folder(tmp_path):
    (tmp_path / "a.md").write_text("- one\n")
    (tmp_path / "notes.txt").write_text("no call\n")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    (tmp_path / "b.md").write_text("- two\n")
    with workspace_at(tmp_path, "HEAD") as then:
        assert read_study(then).notes["text"].tolist() == ["one"]


def test_a_time_before_there_was_a_call(work):
    git(work, "switch", "--quiet", "--orphan", "empty")
    git(work, "commit", "--quiet", "--allow-empty", "-m", "nothing")
    git(work, "switch", "--quiet", "main")
    with workspace_at(work, "empty") as then:
        assert read_study(then).notes.empty


def test_a_time_before_the_workspace_came_into_its_repository(tmp_path, make_workspace):
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "README").write_text("x")
    git(tmp_path / "repo", "init", "--quiet")
    commit(tmp_path / "repo")
    folder = make_workspace({"a.md": "- one\n"}, name="repo/work")
    commit(tmp_path / "repo")
    with workspace_at(folder, "HEAD~1") as then:
        assert read_study(then).notes.empty


def test_links_are_not_followed(work, tmp_path):
    (tmp_path / "secret.md").write_text("- secret\n")
    (work / "interviews" / "link.md").symlink_to(tmp_path / "secret.md")
    commit(work)
    with workspace_at(work, "HEAD") as then:
        assert "interviews/link.md" not in files(then)


@pytest.mark.parametrize(
    "revision", ["nope", "HEAD~9", "HEAD:interviews/a.md", "--output=x", "-h", "--remote=ssh://x", "HEAD main", ""]
)
def test_what_is_no_revision_is_named(work, revision):
    with pytest.raises(InputError) as error, workspace_at(work, revision):
        pass
    assert str(error.value) == f"git knows no revision {revision!r} of {work}; give a day such as 2026-11-17"
    assert not (work / "x").exists()


@pytest.mark.parametrize("language", ["C", "de_DE.UTF-8", "fr_FR.UTF-8"])
def test_a_folder_without_git_is_told_from_a_wrong_revision_in_any_language(make_workspace, monkeypatch, language):
    folder = make_workspace({"a.md": "- one\n"})
    for name in ("LANG", "LANGUAGE", "LC_ALL"):
        monkeypatch.setenv(name, language)
    with pytest.raises(InputError, match=r"is not kept in git, so 'HEAD' is unknown; give a day such as 2026-11-17$"):
        workspace_at(folder, "HEAD").__enter__()


def test_without_git_it_says_so(work, monkeypatch):
    monkeypatch.setenv("PATH", str(work))
    with pytest.raises(InputError, match="git is not installed"):
        workspace_at(work, "HEAD").__enter__()


def test_a_repository_of_somebody_else_is_named_with_gits_own_words(work, monkeypatch):
    """As where git refuses a folder whose owner is another."""
    fake = work / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'fatal: detected dubious ownership in repository' >&2\nexit 128\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(InputError, match=r"git cannot read 'HEAD' of .* \(fatal: detected dubious ownership"):
        workspace_at(work, "HEAD").__enter__()
