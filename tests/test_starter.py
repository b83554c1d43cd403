"""A new workspace is complete and one's own, and git never sees what a customer said in a notebook's output."""

import os
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from workbench.cli import main
from workbench.errors import InputError
from workbench.starter import copy_sample, make_workspace, sample_folder, strip_outputs_in_git
from workbench.store import append_records, forget_in_ledger, read_ledger
from workbench.themes.ledger import Record, Ref
from workbench.themes.replay import replay_ledger

ROOT = Path(__file__).parent.parent
TOKEN = "what-a-customer-said-7c1f"
BOTH = "discovery/themes.yaml merge=union\ninterviews/transcripts/*.triage.yaml merge=union\n"


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def git(folder, *words, check=True):
    result = subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", *words],
        capture_output=True, check=False,
    )  # fmt: skip
    assert not check or result.returncode == 0, result.stderr.decode()
    return result.stdout.decode()


@pytest.fixture(autouse=True)
def own_git(monkeypatch, tmp_path):
    """No test sees the settings of whoever runs it, or finds a repository above its folder."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def run_notebook_by_hand(folder, name="tuesday-discovery.ipynb"):
    """Leave an output with the token in a notebook, as running it in JupyterLab does."""
    path = folder / "notebooks" / name
    notebook = nbformat.read(path, as_version=4) if path.exists() else new_notebook(cells=[new_code_cell("1")])
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.execution_count = 1
    cell.outputs = [new_output("stream", text=TOKEN), new_output("display_data", data={"text/html": TOKEN})]
    nbformat.write(notebook, path)
    return path


def assert_committed_without_outputs(folder, path):
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "Tuesday")
    name = path.relative_to(folder).as_posix()
    committed = git(folder, "show", f"HEAD:{name}")
    assert TOKEN not in committed
    cells = [cell for cell in nbformat.reads(committed, as_version=4).cells if cell.cell_type == "code"]
    assert cells
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)
    assert TOKEN in path.read_text("utf-8"), "the file that the PM works with keeps its outputs"
    assert subprocess.run(["git", "-C", folder, "grep", "-q", TOKEN, "HEAD"], check=False).returncode == 1
    assert git(folder, "status", "--porcelain") == ""


# Making a workspace


def test_init_makes_a_workspace_that_every_command_accepts(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(
        "WORKBENCH_TODAY", "now"
    )  # which the lab sets for the program that it is; here it is one of many
    folder = tmp_path / "new" / "study"
    assert main(["init", str(folder)]) == 0
    n_notebooks = len(list((folder / "notebooks").glob("*.ipynb")))
    assert f"is ready: {9 + n_notebooks} files added" in capsys.readouterr().out
    for command in (["notes"], ["themes"], ["hypotheses"], ["search", "x"], ["lab", "--version"], ["check"]):
        assert main(["-w", str(folder), *command]) == 0
    assert "Traceback" not in capsys.readouterr().err
    (folder / "interviews" / "2026-11-17-acme.md").write_text((folder / "interviews" / "README.md").read_text("utf-8"))
    assert main(["-w", str(folder), "notes"]) == 0


def test_the_example_in_the_readme_is_a_call_without_a_fault(tmp_path, capsys):
    make_workspace(tmp_path)
    readme = (tmp_path / "interviews" / "README.md").read_text("utf-8")
    (tmp_path / "interviews" / "2026-11-17-acme-ops-lead.md").write_text(
        readme.split("```markdown\n")[1].split("```")[0]
    )
    assert main(["-w", str(tmp_path), "notes"]) == 0
    out, err = capsys.readouterr()
    assert [row.split("Acme Freight: ")[1][0] for row in out.splitlines()] == list('-"!~?>=')
    assert err == ""


def test_init_again_adds_and_overwrites_nothing(tmp_path, capsys):
    main(["init", str(tmp_path)])
    for name in contents(tmp_path):
        (tmp_path / name).write_bytes(b"mine\r\n")
    mine = contents(tmp_path)
    assert make_workspace(tmp_path) == [".gitattributes"]
    mine[".gitattributes"] = b"mine\r\n" + BOTH.replace("\n", "\r\n").encode()
    assert make_workspace(tmp_path) == []
    assert main(["init", str(tmp_path)]) == 0
    assert contents(tmp_path) == mine
    assert "nothing was missing" in capsys.readouterr().out


def test_init_adds_what_is_missing(tmp_path):
    folder = tmp_path / "work"
    everything = set(make_workspace(folder))
    assert everything == set(contents(folder))
    (folder / "discovery" / "quarter.md").write_text("mine")
    gone = {"discovery/guide.md", ".gitattributes", "interviews/README.md"}
    for name in gone:
        (folder / name).unlink()
    shutil.rmtree(folder / "notebooks")
    assert set(make_workspace(folder)) == gone | {name for name in everything if name.startswith("notebooks/")}
    assert set(contents(folder)) == everything
    assert (folder / "discovery" / "quarter.md").read_text() == "mine"


def test_each_workspace_has_a_salt_of_its_own(tmp_path):
    for i in range(2):
        make_workspace(tmp_path / f"made-{i}")
        copy_sample(tmp_path / f"copied-{i}")
    salts = [(folder / "discovery" / "salt").read_text().strip() for folder in tmp_path.iterdir()]
    published = sample_folder() / "discovery" / "salt"
    assert len({*salts, published.read_text().strip() if published.exists() else ""}) == 5
    assert all(len(salt) == 32 for salt in salts)


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "notes.txt").write_text("a file")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "interviews").write_text("a file")
    for make, folder in ((make_workspace, "notes.txt"), (copy_sample, "notes.txt"), (make_workspace, "work")):
        with pytest.raises(InputError, match=f"{folder} cannot be written .*; name a folder of your own"):
            make(tmp_path / folder)
    assert (tmp_path / "work" / "interviews").read_text() == "a file"


# Git


def test_a_commit_holds_no_output_and_the_working_file_keeps_it(tmp_path):
    folder = tmp_path / "a study's “folder”"
    assert main(["init", str(folder)]) == 0
    assert_committed_without_outputs(folder, run_notebook_by_hand(folder))
    assert_committed_without_outputs(folder, run_notebook_by_hand(folder, "my-own.ipynb"))


def test_without_the_filter_the_same_commit_would_hold_it(tmp_path):
    make_workspace(tmp_path)
    git(tmp_path, "init", "-q")
    run_notebook_by_hand(tmp_path)
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "-q", "-m", "control")
    assert TOKEN in git(tmp_path, "show", "HEAD:notebooks/tuesday-discovery.ipynb")


def test_inside_an_existing_repository(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "README.md").write_text("a company's repository")
    folder = tmp_path / "research" / "discovery"
    assert main(["init", str(folder)]) == 0
    assert not (folder / ".git").exists()
    assert_committed_without_outputs(tmp_path, run_notebook_by_hand(folder))


def test_started_from_a_hook_of_another_repository(tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    before = (other / ".git" / "config").read_bytes()
    make_workspace(tmp_path / "work")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert strip_outputs_in_git(tmp_path / "work") == ""
    monkeypatch.delenv("GIT_DIR")
    assert (other / ".git" / "config").read_bytes() == before
    assert_committed_without_outputs(tmp_path / "work", run_notebook_by_hand(tmp_path / "work"))


def test_a_clone_gets_the_filter_back_with_the_next_command(tmp_path, capsys):
    folder, clone = tmp_path / "work", tmp_path / "clone"
    main(["init", str(folder)])
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "first")
    subprocess.run(["git", "clone", "-q", folder, clone], check=True)
    assert git(clone, "config", "--get", "filter.discovery-notebooks.clean", check=False) == ""
    assert strip_outputs_in_git(clone) == ""
    assert run_notebook_by_hand(clone).exists()
    git(clone, "add", "--all")
    assert git(clone, "status", "--porcelain") == "", "a run alone is nothing to commit"
    assert_committed_without_outputs(clone, run_notebook_by_hand(clone, "my-own.ipynb"))


def test_when_the_filter_cannot_run_git_refuses_rather_than_keep_the_words(tmp_path):
    main(["init", str(tmp_path)])
    git(tmp_path, "config", "filter.discovery-notebooks.clean", "/no/such/python -m nbstripout")
    run_notebook_by_hand(tmp_path)
    assert subprocess.run(["git", "-C", tmp_path, "add", "--all"], capture_output=True, check=False).returncode != 0


def test_without_git_init_says_so_and_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["init", str(tmp_path / "work")]) == 0
    out, err = capsys.readouterr()
    assert "is ready" in out
    assert "git is not installed" in err
    assert err.count("\n") == 1
    assert not (tmp_path / "work" / ".git").exists()


def test_gitattributes_of_ones_own_are_kept_and_the_missing_line_is_named(tmp_path, capsys):
    (tmp_path / ".gitattributes").write_text("*.png binary\n")
    assert main(["init", str(tmp_path)]) == 0
    err = capsys.readouterr().err
    assert "*.ipynb filter=discovery-notebooks" in err
    assert (tmp_path / ".gitattributes").read_text() == f"*.png binary\n{BOTH}"
    (tmp_path / ".gitattributes").write_text("*.png binary\n*.ipynb filter=discovery-notebooks\n")
    assert main(["init", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""
    assert_committed_without_outputs(tmp_path, run_notebook_by_hand(tmp_path))


def test_a_folder_that_is_no_workspace_of_ours_is_left_alone(tmp_path):
    assert strip_outputs_in_git(tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


# Two people's decisions


def people(tmp_path, attributes=None):
    """A workspace in git, and a function that writes the lines of one person's acts on a branch of their own."""
    if attributes is not None:
        tmp_path.mkdir(exist_ok=True)
        (tmp_path / ".gitattributes").write_bytes(attributes)
    make_workspace(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "filter.discovery-notebooks.clean", "cat")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "-q", "-m", "start")

    def write(branch, base, *records):
        git(tmp_path, "checkout", "-q", "-b", branch, base)
        for record in records:
            append_records(tmp_path, [record])
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "-q", "-m", branch)

    return write


def record_of(by, at, kind, **fields):
    return Record(f"{by}{at:05}", at, by, "2026-11-17", kind, **fields)


NOTES = {"note": ["x#1", "x#2"], "call": ["x", "x"], "text": ["Filters reset", "Export is slow"]}
FIRST, SECOND = (Ref(call, text) for call, text in zip(NOTES["call"], NOTES["text"], strict=True))
START = record_of("ana", 1, "theme", theme="T-ana00001", name="Filters", notes=(FIRST,))
BY_ANA = (
    record_of("ana", 2, "place", theme="T-ana00001", notes=(SECOND,)),
    record_of("ana", 3, "theme", theme="T-ana00001", name="Lost filters"),
    record_of("ana", 4, "undo", of=("ana00002",)),
)
BY_BEN = (
    record_of("ben", 2, "theme", theme="T-ben00002", name="Exports"),
    record_of("ben", 3, "place", theme="T-ben00002", notes=(FIRST, SECOND)),
)


@pytest.mark.parametrize("attributes", [None, b"", b"*.png binary", b"* text=auto\r\n"])
@pytest.mark.parametrize("has_begun", [True, False])
def test_git_merges_two_peoples_decisions_in_either_order(tmp_path, attributes, has_begun):
    """Also when each has made the file: neither had one before."""
    write = people(tmp_path, attributes)
    if has_begun:
        write("base", "main", START)
    write("ana", "base" if has_begun else "main", *(BY_ANA if has_begun else (START, *BY_ANA)))
    write("ben", "base" if has_begun else "main", *BY_BEN)
    merged = {}
    for ours, theirs in (("ana", "ben"), ("ben", "ana")):
        git(tmp_path, "checkout", "-q", "-b", f"{ours}-first", ours)
        git(tmp_path, "merge", "-q", "-m", "both", theirs)
        text = (tmp_path / "discovery" / "themes.yaml").read_text("utf-8")
        assert "<<<<" not in text
        ledger = read_ledger(tmp_path)
        assert ledger.problems == ()
        assert set(ledger.records) == {START, *BY_ANA, *BY_BEN}
        merged[ours] = text, replay_ledger(ledger, NOTES)
    assert merged["ana"][0] != merged["ben"][0], "the lines stand in another order"
    assert merged["ana"][1] == merged["ben"][1]
    assert merged["ana"][1].placed == {"x#1": "T-ben00002", "x#2": "T-ben00002"}
    assert merged["ana"][1].themes["T-ana00001"].name == "Lost filters"


def test_without_the_attribute_the_same_merge_would_be_a_conflict(tmp_path):
    write = people(tmp_path)
    (tmp_path / ".gitattributes").unlink()
    write("base", "main", START)
    write("ana", "base", *BY_ANA)
    write("ben", "base", *BY_BEN)
    git(tmp_path, "merge", "-q", "-m", "both", "ana", check=False)
    ledger = read_ledger(tmp_path)
    assert "left from a git merge" in ledger.problems[0].what
    assert set(ledger.records) == {START, *BY_ANA, *BY_BEN}, "and nothing would be lost by it"


def test_what_one_forgot_stays_forgotten_when_another_has_added_lines(tmp_path):
    write = people(tmp_path)
    secret = record_of("ana", 2, "place", notes=(Ref("secret-call", TOKEN), SECOND))
    write("base", "main", START, secret)
    write("ben", "base", *BY_BEN)
    git(tmp_path, "checkout", "-q", "-b", "ana", "base")
    forget_in_ledger(tmp_path, ["secret-call"])
    assert TOKEN not in (tmp_path / "discovery" / "themes.yaml").read_text("utf-8")
    git(tmp_path, "commit", "-q", "-a", "-m", "forgotten")
    git(tmp_path, "merge", "-q", "-m", "both", "ben")
    ledger = read_ledger(tmp_path)
    (left,) = (record for record in ledger.records if record.id == secret.id)
    assert (left.forgotten, left.notes) == (True, (SECOND,))
    # Git may have kept the old line beside the new one; the words are gone at the latest when it is done again.
    forget_in_ledger(tmp_path, ["secret-call"])
    assert TOKEN not in (tmp_path / "discovery" / "themes.yaml").read_text("utf-8")
    assert read_ledger(tmp_path).records == ledger.records


@pytest.mark.parametrize(
    "line",
    ["discovery/themes.yaml merge=union", "discovery/themes.yaml\ttext merge=ours", "/discovery/themes.yaml -merge"],
)
def test_attributes_that_say_how_to_merge_it_are_left_alone(tmp_path, line):
    line += "\ninterviews/transcripts/*.triage.yaml -merge\n"
    (tmp_path / ".gitattributes").write_text(line)
    assert ".gitattributes" not in make_workspace(tmp_path)
    assert (tmp_path / ".gitattributes").read_text() == line


def test_the_repository_itself_says_it_too():
    assert "discovery/themes.yaml merge=union" in (ROOT / ".gitattributes").read_text("utf-8").splitlines()
