"""A customer in git's history: the printed lines are typed into a shell, and the word is in nothing that git keeps."""

import gzip
import io
import os
import subprocess
import sys
import zipfile
from itertools import takewhile
from pathlib import Path

import pytest
from test_forget import ALIAS, CALL, NAME, PERSON, PLAIN, SAID, TOKEN, call, pictures, plant_everywhere, workbook, write
from test_forget import study as study  # a fixture

from workbench.cli import main
from workbench.forget import find_in_git, forget, name_copies, plan_forgetting

SMALL = TOKEN.lower()
# git-filter-repo lies where the tests' Python does.
ENV = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "ana@a.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(root, *words, stdin=None):
    done = subprocess.run(["git", "-C", str(root), *words], env=ENV, capture_output=True, input=stdin, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def commit(root, message):
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def type_in(lines, where):
    """As somebody types them: one after the other, also when one fails; what was said comes back."""
    done = subprocess.run(
        ["sh"], input="\n".join(lines), cwd=where, env=ENV, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def lines_for(root, home, **how):
    plan = plan_forgetting(root, NAME, **how)
    return [line for copy in name_copies(plan, home) if "git" in copy.where for line in copy.commands]


def kept_by_git(root):
    """Everything that git keeps, each with its name: objects whether reachable or not, logs, names, settings."""
    everything = {}
    ids = git(root, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").decode().split()
    for id_, kind in zip(ids[::2], ids[1::2], strict=True):
        everything[f"{kind} {id_}"] = git(root, "cat-file", kind, id_)
    for file in (root / ".git").rglob("*"):
        if file.is_file() and "objects" not in file.relative_to(root / ".git").parts:
            everything[str(file)] = file.name.encode() + file.read_bytes()
    for words in (["log", "-p", "--all"], ["fsck", "--unreachable", "--no-progress"], ["reflog", "--all"],
                  ["for-each-ref"], ["stash", "list", "-p"], ["log", "--all", "--format=", "--name-only"], ["log", "-p", "--reflog"]):  # fmt: skip
        everything[" ".join(words)] = git(root, *words)
    return everything


def holding(root, word):
    def holds(data):
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return any(holds(name.encode()) or holds(archive.read(name)) for name in archive.namelist())
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        forms = (word.lower().encode(), word.lower().encode("utf-16-le"))
        return any(form in data.lower() for form in forms)

    return [name for name, data in kept_by_git(root).items() if holds(data)]


@pytest.fixture
def kept(study):
    """The study in a repository, and the word in all that git has a place for."""
    git(study, "init", "-qb", "main")
    write(study, ".gitignore", "!reports/\n")
    write(study, "old/2026-10-01-first-call.md", call(f"{TOKEN} GMBH", f"An older thing that {TOKEN} said once"))
    write(study, "data/split.html", f"<p>{TOKEN[:3]}<b>{TOKEN[3:]}</b> Freight Ltd</p>")
    write(study, f"discovery/weeks/2026-W40-{SMALL}-freight.md", f"---\nlearned: ['{ALIAS.upper()}: rows']\n---\n")
    registry = study / "discovery/customers.yaml"
    registry.write_text(registry.read_text().replace(f"[{ALIAS}]", f"[{ALIAS}, {TOKEN} GmbH]"))
    commit(study, f"Call with {NAME}\n\n{PERSON} was there")
    (study / "old/2026-10-01-first-call.md").unlink()
    (study / "data/split.html").unlink()
    mine = study / f"interviews/{CALL}.md"
    said = mine.read_text()
    mine.write_text(said + "- A sentence about pallets that was edited away on the same day\n")
    write(
        study, "discovery/quarter.md", "---\ntitle: As they said, a sentence about pallets that was edited away\n---\n"
    )
    commit(study, "Pallets")
    mine.write_text(said)
    plant_everywhere(study)
    write(study, "data/list.xlsx", workbook(NAME))
    write(study, "data/lines.txt", f"as {TOKEN}\n  Freight\n  Ltd wrote\n")
    write(study, "notes/latin.txt", b"caf\xe9 " + NAME.encode("latin-1"))
    commit(study, "Everything")
    git(study, "tag", f"{SMALL}-light")
    git(study, "tag", "-a", f"v1-{SMALL}-freight", "-m", f"As {NAME} saw it")
    git(study, "checkout", "-qb", f"{SMALL}-freight")
    write(study, "interviews/2026-11-26-on-a-branch.md", call(NAME, "Said on a branch only"))
    commit(study, "Branch")
    git(study, "checkout", "-qb", "left")
    write(study, "left.txt", f"{NAME} left behind")
    commit(study, f"left behind {NAME}")
    git(study, "checkout", "-q", "main")
    git(study, "branch", "-qD", "left")
    git(study, "notes", "add", "-m", f"A note on {NAME}")
    for n, message in ((1, f"for {NAME}"), (2, "")):
        write(study, "discovery/guide.md", f"# Guide\n\n- Stashed {n} for {NAME}\n")
        write(study, f"stashed-{SMALL}-{n}.txt", f"{NAME} untracked {n}")
        git(study, "stash", "push", "-q", "--include-untracked", *(["-m", message] if message else []))
    write(study, "staged.txt", f"staged for {NAME}")
    git(study, "add", "staged.txt")
    git(study, "rm", "-q", "--cached", "staged.txt")
    (study / "staged.txt").unlink()
    return study


def test_the_lines_take_a_word_out_of_everything_that_git_keeps(kept, tmp_path, capsys):
    there = tmp_path / "there.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(there))
    git(kept, "remote", "add", "origin", f"file://{there}")
    git(kept, "push", "-q", "--all", "origin")
    git(kept, "push", "-q", "--tags", "origin")
    assert len(holding(kept, TOKEN)) > 60
    assert main(["forget", NAME, "-w", str(kept), "--mentions", "--yes"]) == 0
    printed = capsys.readouterr().out
    lines = list(
        takewhile(lambda line: line.startswith(" " * 8), printed.partition("git's history of ")[2].splitlines()[1:])
    )
    before = {
        file.relative_to(kept): file.read_bytes()
        for file in kept.rglob("*")
        if file.is_file() and ".git" not in file.parts
    }
    log = type_in(lines, tmp_path)
    assert "Completely finished" in log, log
    assert holding(kept, TOKEN) == [], log
    for words in (PLAIN, "edited away on the same", "paper ledger beside", "jo@", "jorunn", SAID, "branch only"):
        assert holding(kept, words) == [], words
    after = {
        file.relative_to(kept): file.read_bytes()
        for file in kept.rglob("*")
        if file.is_file() and ".git" not in file.parts
    }
    assert after == before  # the workspace is as forget left it
    assert git(kept, "status", "--porcelain") == b""
    # What is not theirs is still there, and so is what was put aside.
    assert b"Rows are lost in the import" in git(kept, "log", "-p", "--all")
    assert len(git(kept, "stash", "list").splitlines()) == 2
    assert b"Stashed 2 for (forgotten)" in git(kept, "show", "stash@{0}:discovery/guide.md")
    assert git(kept, "for-each-ref", "--format=%(refname)").decode().split() == [
        "refs/heads/forgotten", "refs/heads/main", "refs/notes/commits", "refs/remotes/origin/forgotten", "refs/remotes/origin/main",
        "refs/stash", "refs/tags/forgotten-light", "refs/tags/v1-forgotten",
    ]  # fmt: skip
    # Where it was sent, nothing leads to it any more; what is left there is the host's to purge.
    refs = git(there, "for-each-ref", "--format=%(refname)").decode()
    assert SMALL not in refs and "refs/heads/main" in refs
    assert TOKEN.encode().lower() not in git(there, "log", "-p", "--all").lower()


def test_what_stays_in_the_workspace_is_not_taken_out_by_its_history(study, tmp_path):
    """In a folder of a larger repository, with mentions left as they are and another customer of a longer name."""
    (tmp_path / "larger").mkdir()
    root = study.rename(tmp_path / "larger" / "the work")
    git(root.parent, "init", "-qb", "main")
    write(root, "interviews/2026-11-22-b.md", call(f"{NAME} Norway", f"At {NAME} Norway we wait", day="2026-11-22"))
    deck = write(root, "deck.xlsx", workbook(NAME)).read_bytes()
    write(root, "interviews/locked.pdf", b"%PDF-1.4 \x00")
    write(root.parent, "elsewhere/README.md", f"for {NAME}, and for {NAME} Norway")
    commit(root.parent, "All")
    forgotten = forget(root, NAME)
    assert any(place.startswith("deck.xlsx") for place in forgotten.plan.mentions)
    found = find_in_git(forgotten.plan)
    assert {"the work/deck.xlsx", "the work/interviews/locked.pdf"} <= set(found.unread)
    log = type_in(found.commands, tmp_path)
    assert "Completely finished" in log, log
    assert (root / "deck.xlsx").read_bytes() == deck
    assert f"customer: {NAME} Norway" in (root / "interviews/2026-11-22-b.md").read_text()
    assert (root.parent / "elsewhere/README.md").read_text() == f"for (forgotten), and for {NAME} Norway"
    assert not any((root / "interviews").glob(f"*{CALL}*")) and holding(root.parent, PLAIN) == []


def test_a_repository_that_does_not_hold_it_is_not_written_anew(study):
    (study / ".gitignore").write_text("*\n")
    git(study, "init", "-q")
    assert find_in_git(plan_forgetting(study, NAME)).commands == ()
    git(study, "add", "-f", ".gitignore")
    git(study, "commit", "-qm", "Nothing of theirs")
    assert find_in_git(plan_forgetting(study, NAME)).commands == ()


def test_what_nobody_can_write_anew_is_named(kept, tmp_path):
    git(kept, "worktree", "add", "-q", str(tmp_path / "beside"), f"{SMALL}-freight")
    git(kept, "config", "remote.there.url", f"https://git.example/{SMALL}-freight.git")
    found = find_in_git(plan_forgetting(kept, NAME))
    assert f"git worktree remove {tmp_path / 'beside'}" in found.commands
    assert ".git/config" in found.settings
    assert any(copy.where.startswith(".git/config in ") for copy in name_copies(plan_forgetting(kept, NAME), tmp_path))


def test_pictures_of_the_history_go_that_say_the_name_and_the_others_are_named(study, tmp_path):
    git(study, "init", "-qb", "main")
    write(study, "shots/drawn.png", pictures("")["packed.png"])
    write(study, "shots/packed.png", pictures(NAME)["packed.png"])
    write(study, "hex.txt", NAME.encode().hex())
    commit(study, "Pictures")
    for file in ("shots/drawn.png", "shots/packed.png", "hex.txt"):
        (study / file).unlink()
    forgotten = forget(study, NAME, mentions=True)
    copies = name_copies(forgotten.plan, tmp_path)
    assert [copy.files for copy in copies if copy.files] == [("shots/drawn.png",)]
    log = type_in([line for copy in copies if "git" in copy.where for line in copy.commands], tmp_path)
    assert "Completely finished" in log, log
    kept = git(study, "log", "--all", "--format=", "--name-only").decode().split()
    assert "shots/drawn.png" in kept and not {"shots/packed.png", "hex.txt"} & set(kept)


def test_what_is_searched_again_is_what_was_found_the_first_time(study):
    """Pieces of a text are known by what they hold: a long text, its versions and its parts say the same."""
    traces = plan_forgetting(study, NAME).traces
    lines = [f"row {i} of the list, as {NAME if i % 97 == 0 else 'somebody'} has it in {i % 7}" for i in range(3000)]
    lines[500:500] = [
        f"{TOKEN}",
        "   Freight",
        "Ltd",
        "",
        PLAIN.replace(" ", "\n\n"),
        "x" * 5000 + f" {NAME} " + "y" * 5000,
    ]
    whole = "\n".join(lines)
    found = [trace.words for trace in traces.find(whole)]
    assert len(found) == 31 + 3
    assert [trace.words for trace in traces.find(whole)] == found
    assert [trace.words for trace in traces.find("A line before all others\n" + whole)] == found
    on_one_line = [words.replace("\n", " ") for words in found]
    assert [trace.words for trace in traces.find(whole.replace("\n", " "))] == on_one_line
    assert all(whole[trace.start : trace.end] == trace.words for trace in traces.find(whole))
