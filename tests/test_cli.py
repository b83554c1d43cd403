"""What the command line prints, where, and with which exit code; a PM never sees a traceback."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from conftest import copy_calls
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbench.cli import main
from workbench.records import HYPOTHESIS_FIELDS
from workbench.starter import copy_sample

ROOT = Path(__file__).parent.parent
KEYS = {
    "notes": "note, call, customer, who, segment, date, kind, text, tags, at, call_kind, consent, file, line",
    "themes": "theme, name, claim, terms, n_notes, n_customers, n_customers_total, segments, notes",
    "hypotheses": ", ".join([*HYPOTHESIS_FIELDS, "findings", "sample_size"]),
}
CALL = "---\ndate: 2026-11-17\ncustomer: {}\n---\n{}\n"
# What a PM's shell does not set; without them a pipe is buffered and an output is in the locale's encoding.
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}


def start(*words, program=(sys.executable, "-m", "workbench"), cwd=ROOT, env=None, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    env = PLAIN | {"PYTHONPATH": str(ROOT)} | (env or {})
    return subprocess.run([*program, *map(str, words)], cwd=cwd, env=env, timeout=600, check=False, **options)


@pytest.fixture
def run(capsys):
    """A function that runs a command and gives its exit code, standard output and standard error."""

    def run(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert code == 0 or err.strip(), "a failure without a word"
        return code, out, err

    return run


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The sample study and its report, made by `workbench demo` in a folder outside the repository."""
    folder = tmp_path_factory.mktemp("demo")
    result = start("demo", "study", cwd=folder)
    assert result.returncode == 0, result.stderr.decode()
    return folder / "study", result.stdout.decode(), result.stderr.decode()


@pytest.fixture(scope="module")
def sample(demo):
    return demo[0]


@pytest.fixture
def empty(make_workspace):
    return make_workspace({})


# Listings


@pytest.mark.parametrize("command", KEYS)
def test_json_is_an_array_of_objects_with_the_documented_keys_and_nothing_else(command, sample, run):
    code, out, err = run("-w", sample, command, "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert rows
    assert [list(row) for row in rows] == [KEYS[command].split(", ")] * len(rows)
    assert all(word not in out for word in ("NaN", "NaT"))


def test_json_of_notes_says_null_where_nothing_is_written(make_workspace, run):
    folder = make_workspace({"a.md": "- said in passing #import @1:02"})
    _, out, err = run("notes", "-w", folder, "--format", "json")
    (note,) = json.loads(out)
    assert {name: value for name, value in note.items() if name not in ("note", "consent")} == {
        "call": "a", "customer": "a", "who": None, "segment": None, "date": None, "kind": "observation",
        "text": "said in passing", "tags": ["import"], "at": "1:02", "call_kind": None, "file": "interviews/a.md", "line": 1,
    }  # fmt: skip
    assert "interviews/a.md:1: no customer" in err


def test_json_of_themes_lists_the_notes_that_the_notes_list_knows(sample, run):
    themes = json.loads(run("-w", sample, "themes", "--format", "json")[1])
    notes = {note["note"]: note for note in json.loads(run("-w", sample, "notes", "--format", "json")[1])}
    for theme in themes:
        customers = {notes[note]["customer"] for note in theme["notes"]}
        assert len(theme["notes"]) == theme["n_notes"]
        assert len(customers) == theme["n_customers"] == sum(theme["segments"].values())
    assert len({theme["n_customers_total"] for theme in themes}) == 1


def test_what_only_the_pm_can_know_is_null_and_named_as_open(tmp_path, run):
    copy_calls(tmp_path / "study")
    drafts = json.loads(run("-w", tmp_path / "study", "hypotheses", "--format", "json")[1])
    assert 1 <= len(drafts) <= 2
    for draft in drafts:
        assert draft["status"] == "draft"
        assert {"change", "size", "unit", "deadline"} <= set(draft["open"])
        assert {name for name, value in draft.items() if value is None} >= set(draft["open"])
        assert draft["evidence"]


def test_records_come_before_drafts(tmp_path, run):
    folder = tmp_path / "study"
    copy_calls(folder)
    record = folder / "discovery" / "hypotheses" / "H-3fa9c1-templates.md"
    record.parent.mkdir()
    record.write_text("---\nid: H-3fa9c1\nstatus: ready\nchange: pre-load templates\nsize: 3\nunit: points\n---\n")
    listed = json.loads(run("hypotheses", "--format", "json", "-w", folder)[1])
    assert [(h["id"], h["status"]) for h in listed][:2] == [("H-3fa9c1", "ready"), ("draft-1", "draft")]
    assert (listed[0]["change"], listed[0]["size"], listed[0]["unit"]) == ("pre-load templates", "3", "points")
    assert "change" not in listed[0]["open"]
    assert "deadline" in listed[0]["open"]
    assert run("-w", folder, "hypotheses")[1].startswith("H-3fa9c1 (ready)")


@pytest.mark.parametrize("command", KEYS)
def test_tables_are_for_reading(command, sample, run):
    code, out, _ = run("-w", sample, command)
    assert code == 0
    assert "{" not in out and "Name:" not in out and "dtype" not in out
    assert out == run("-w", sample, command, "--format", "table")[1]


def test_each_note_is_listed_with_a_file_and_line_that_hold_it(sample, run):
    _, out, _ = run("notes", "-w", sample)
    rows = [re.fullmatch(r"(interviews/[^:]+\.md):(\d+): (.+)", row) for row in out.splitlines()]
    assert len(rows) > 150
    assert all(rows)
    for row in rows[::25]:
        line = (sample / row[1]).read_text("utf-8").split("\n")[int(row[2]) - 1]
        assert line.split()[-1] in row[3]


def test_the_workspace_is_named_before_or_after_the_command_or_is_the_current_folder(sample, run, monkeypatch):
    before, after = run("-w", sample, "themes"), run("themes", "--workspace", sample)
    monkeypatch.chdir(sample)
    assert before == after == run("themes")
    assert before[0] == 0


def test_every_command_says_in_one_way_that_finding_themes_takes_a_while(make_workspace, run, monkeypatch):
    folder = make_workspace({f"{name}.md": CALL.format(name, "- the import stalls") for name in ("acme", "bolt")})
    notebook(folder, "1 + 1", name="tuesday-discovery.ipynb")  # what the demo runs is not the point
    commands = ["themes", "hypotheses", "correct log", f"demo {folder}"]
    assert not any("Finding themes" in run(*words.split(), "-w", folder)[2] for words in commands)
    monkeypatch.setattr("workbench.cli.workspace.SLOW_FROM", 2)
    for words in commands:
        code, out, err = run(*words.split(), "-w", folder)
        assert code == 0
        assert re.search(r"Finding themes in 2 notes: .+ 100 %", err), words
        assert "Finding" not in out


def test_both_ways_to_start_it_print_the_same(sample):
    module = start("-w", sample, "themes", "--format", "json", cwd=sample.parent)
    script = Path(sys.executable).parent / "workbench"
    console = start("themes", "--format", "json", program=[script], cwd=sample)
    assert (module.returncode, console.returncode) == (0, 0)
    assert module.stdout == console.stdout
    assert json.loads(module.stdout)
    assert module.stderr == console.stderr == b""


# Exit codes and sentences


@pytest.mark.parametrize(
    "words",
    [
        [], ["nosuch"], ["--nosuch"], ["notes", "--nosuch"], ["notes", "--format", "xml"], ["search"], ["init"],
        ["report", "x.ipynb", "--assume-consent", "all"], ["demo", "a", "b"], ["-w"],
        ["correct"], ["correct", "nosuch"], ["correct", "rename", "T1"], ["correct", "pin", "a#1"], ["themes", "--accept"],
    ],
)  # fmt: skip
def test_wrong_usage_is_2(words, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["search", "import", "--today", "2026-11-17"], "workbench search"),
        (["one-pager", "--since", "2026-11-10"], "workbench one-pager"),
        (["correct", "keep", "T1", "--nosuch"], "workbench correct keep"),
        (["--nosuch"], "workbench"),
    ],
)
def test_an_option_that_a_command_does_not_take_is_told_with_what_it_takes(words, named, run):
    _, out, err = run(*words)
    option = next(word for word in words if word.startswith("--"))
    assert out == "" and err.startswith(f"usage: {named} [")
    assert f"{named}: error: it does not take {option}" in err and "--help says what it takes" in err


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["report", "--help"]])
def test_asking_for_help_is_no_fault(words, run):
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert out


@pytest.mark.parametrize(
    "command",
    [
        "notes",
        "themes",
        "hypotheses",
        "search x",
        "report x.ipynb",
        "lab",
        "correct keep",
        "correct log",
        "themes --since HEAD",
    ],
)
def test_a_folder_that_is_not_there_or_holds_nothing(command, tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_TODAY", "now")  # which the lab sets
    Path("bare").mkdir()
    for folder, words in (("nowhere", "no folder nowhere"), ("bare", "bare holds no interviews/ folder")):
        code, out, err = run("-w", folder, *command.split())
        assert (code, out) == (1, "")
        assert words in err
        assert f"workbench init {folder}" in err
        assert err.count("\n") == 1
    assert [path.name for path in tmp_path.rglob("*")] == ["bare"]


@pytest.mark.parametrize(
    "command", ["notes", "themes", "hypotheses", "search x", "notes --format json", "correct keep"]
)
def test_a_broken_registry_is_named_with_its_line(command, make_workspace, run):
    folder = make_workspace({"a.md": CALL.format("Acme", "- one")}, registry="version: 1\ncustomers:\n  Acme: [\n")
    code, out, err = run("-w", folder, *command.split())
    assert (code, out) == (1, "")
    assert re.fullmatch(r"workbench: discovery/customers\.yaml:\d+: .+; .+\n", err)


@pytest.mark.parametrize("name", ["nope.ipynb", "notebooks/nope", "interviews"])
def test_no_such_notebook(name, sample, run, monkeypatch):
    monkeypatch.chdir(sample)
    code, out, err = run("report", name)
    assert (code, out) == (1, "")
    assert err.startswith(
        f"workbench: no notebook {name}; there is notebooks/decisions.ipynb, notebooks/friday-readout.ipynb, "
    )
    assert err.endswith(" and notebooks/wednesday-slice.ipynb\n")


def test_a_report_of_the_usual_notebook_needs_no_name(empty, run):
    """That of Tuesday as elsewhere, be there others; of no other where there are several."""
    assert run("report", "-w", empty)[1] == f"{empty / 'reports' / 'tuesday-discovery.html'}\n", "the one of the sample"
    notebook(empty, "1", name="mine.ipynb")
    assert run("report", "-w", empty)[1] == f"{empty / 'reports' / 'mine.html'}\n"
    notebook(empty, "1", name="other.ipynb")
    code, out, err = run("report", "-w", empty)
    assert (code, out) == (1, "")
    assert err == "workbench: which notebook? there is notebooks/mine.ipynb and notebooks/other.ipynb\n"
    notebook(empty, "1", name="tuesday-discovery.ipynb")
    code, out, err = run("report", "-w", empty)
    assert (code, out) == (0, f"{empty / 'reports' / 'tuesday-discovery.html'}\n")
    assert "Running tuesday-discovery.ipynb" in err


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe\x00", b"# a call", b'{"cells": 1, "nbformat": 4}'])
def test_a_file_that_is_no_notebook(content, sample, tmp_path, run):
    (tmp_path / "x.ipynb").write_bytes(content)
    code, out, err = run("-w", sample, "report", tmp_path / "x.ipynb", "-o", tmp_path / "x.html")
    assert (code, out) == (1, "")
    assert "x.ipynb is not a notebook" in err.splitlines()[-1]
    assert not (tmp_path / "x.html").exists()


def notebook(folder, *sources, name="mine.ipynb"):
    content = new_notebook(cells=[new_markdown_cell("# Mine"), *map(new_code_cell, sources)])
    (folder / "notebooks").mkdir(exist_ok=True)
    nbformat.write(content, folder / "notebooks" / name)
    return folder / "notebooks" / name


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise ValueError('first\\nsecond')", "ValueError: first second"),
        ("%nosuch", "UsageError: Line magic function"),
        ("import os; os._exit(1)", "Python stopped"),
    ],
)
def test_a_failing_cell_is_named_with_what_to_do(source, said, empty, run):
    path = notebook(empty, "1", source, "2")
    before = path.read_bytes()
    code, out, err = run("report", path, "-o", empty / "x.html")
    last = err.splitlines()[-1]
    assert (code, out) == (1, "")
    assert last.startswith(f"workbench: {path}, cell 3: {said}")
    assert "; " in last or "perhaps for want of memory" in last
    assert path.read_bytes() == before
    assert not (empty / "x.html").exists()


def test_a_report_that_cannot_be_written(empty, run):
    path = notebook(empty)
    (empty / "file").write_text("no folder")
    for output in (empty, empty / "file" / "x.html", Path("/sys/kernel/x.html"), empty / ("x" * 300 + ".html")):
        code, out, err = run("report", path, "-o", output)
        assert (code, out) == (1, "")
        assert str(output) in err.splitlines()[-1]
    assert not list(empty.rglob("*.html"))


def test_no_kernel_is_left_behind(empty, run):
    path = notebook(empty, f"import os; open({str(empty / 'pid')!r}, 'w').write(str(os.getpid()))")
    assert run("report", path)[0] == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int((empty / "pid").read_text()), 0)


def test_a_folder_as_output_is_refused_before_the_notebook_runs(empty, run):
    path = notebook(empty, f"open({str(empty / 'ran')!r}, 'w')")
    code, _, err = run("report", path, "-o", empty)
    assert code == 1
    assert f"{empty} is a folder; name a file in it, such as {empty / 'report.html'}" in err
    assert not (empty / "ran").exists()


UGLY = {
    "binary": bytes(range(256)) * 8,
    "UTF-16": CALL.format("Acme", "- héllo").encode("utf-16"),
    "not UTF-8": CALL.format("Acme", "- café").encode("latin-1"),
    "nothing": b"",
    "only front matter": b"---\ncustomer: Acme\n---\n",
    "front matter that never ends": b"---\ncustomer: Acme\n",
    "a YAML bomb": b"---\na: &a [x]\nb: [*a, *a]\n---\n- one\n",
    "deep": b"---\ncustomer: " + b"[" * 5000 + b"\n---\n- one\n",
    "a merge conflict": CALL.format("Acme", "<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> x").encode(),
    "terminal codes": CALL.format("\x1b[31mAcme", "- \x1b]0;x\x07 \x00 \u202e").encode(),
    "a long line": CALL.format("Acme", "- " + "word " * 20000).encode(),
    "lone surrogates": "- \ud800".encode("utf-8", "surrogatepass"),
}


@pytest.mark.parametrize("name", UGLY)
def test_an_ugly_call_is_never_a_traceback_and_never_hides_the_others(name, make_workspace, run):
    folder = make_workspace({"b-ugly.md": UGLY[name], "a-good.md": CALL.format("Bolt", "- the import stalls")})
    for command in ("notes", "themes", "hypotheses"):
        code, out, err = run("-w", folder, command, "--format", "json")
        assert code == 0
        assert isinstance(json.loads(out), list)
        assert run("-w", folder, command)[0] == 0
    assert "the import stalls" in run("-w", folder, "search", "import")[1]
    if name not in ("nothing", "terminal codes", "a long line", "only front matter"):
        assert re.search(r"(?m)^interviews/b-ugly\.md:\d+: .+; .+", run("-w", folder, "notes")[2])


@pytest.mark.parametrize(
    "name", ["discovery/customers.yaml", "discovery/quarter.md", "interviews", "notebooks", "reports"]
)
def test_a_file_where_a_folder_belongs_and_the_other_way_round(name, sample, tmp_path, run):
    folder = tmp_path / "study"
    shutil.copytree(sample, folder)
    if (folder / name).is_dir():
        shutil.rmtree(folder / name)
        (folder / name).write_text("not a folder")
    else:
        (folder / name).unlink()
        (folder / name).mkdir()
    for command in (["notes"], ["themes"], ["hypotheses"], ["search", "import"], ["init", folder]):
        code, _, _ = run("-w", folder, *command)
        assert code in (0, 1)


@pytest.fixture
def somebody_else():
    """A folder whose owner is root while the command runs as somebody else, or as oneself when that is not root."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    root = os.geteuid() == 0
    try:
        yield (
            folder,
            (lambda: os.seteuid(65534)) if root else (lambda: None),
            (lambda: os.seteuid(0)) if root else (lambda: None),
        )
    finally:
        if root:
            os.seteuid(0)
        for path in folder.rglob("*"):
            path.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("interviews/2026-11-17-acme.md", 0), ("interviews", 1), ("discovery/customers.yaml", 1),
        ("discovery/quarter.md", 1), ("discovery/salt", 1), (".", 1),
    ],
)  # fmt: skip
def test_what_may_not_be_read_is_named(name, code, somebody_else, run):
    folder, become, come_back = somebody_else
    work = folder / "work"
    for file in (
        "interviews/2026-11-17-acme.md",
        "interviews/b.md",
        "discovery/customers.yaml",
        "discovery/quarter.md",
        "discovery/salt",
    ):
        (work / file).parent.mkdir(parents=True, exist_ok=True)
        (work / file).write_text(CALL.format("Acme", "- one") if file.startswith("interviews") else "")
    (work / "discovery" / "salt").write_text("0" * 32)
    assert run("-w", work, "themes")[0] == 0  # everything that is imported later is loaded by now
    (work / name).chmod(0)
    become()
    try:
        found, out, err = run("-w", work, "themes")
    finally:
        come_back()
    assert found == code
    assert (str(work) if name == "." else name) in err
    assert "ermission denied" in err


def test_a_folder_that_may_not_be_written(somebody_else, run):
    folder, become, come_back = somebody_else
    become()
    try:
        for words in (["init", folder / "new"], ["demo", folder / "new"]):
            code, out, err = run(*words)
            assert (code, out) == (1, "")
            assert f"{folder / 'new'} cannot be written (Permission denied)" in err
    finally:
        come_back()
    assert not list(folder.iterdir())


# A workspace without a call


@pytest.mark.parametrize("command", ["notes", "themes", "hypotheses"])
def test_an_empty_interviews_folder_is_no_fault(command, empty, run):
    code, out, err = run("-w", empty, command)
    assert code == 0
    assert "write a call into interviews/" in err
    assert run("-w", empty, command, "--format", "json")[1] == "[]\n"


def test_a_search_that_finds_nothing_says_so(empty, sample, run):
    for folder in (empty, sample):
        code, out, err = run("-w", folder, "search", "zebra", "C-000000:1")
        assert (code, out) == (0, "")
        assert err == "No note holds 'zebra' and 'C-000000:1'.\n"


def test_a_report_and_a_demo_of_no_call_at_all(empty, run):
    code, out, _ = run("report", "tuesday-discovery", "-w", empty)
    report = Path(out.strip())
    assert code == 0
    assert report == empty / "reports" / "tuesday-discovery.html"
    assert "<h1" in report.read_text("utf-8")


# Search


def test_words_are_found_whatever_their_case_and_order(sample, run):
    _, out, _ = run("-w", sample, "search", "DUPLICATES", "import")
    rows = out.splitlines()
    assert rows
    assert all("duplicates" in row.casefold() and "import" in row.casefold() for row in rows)
    assert out == run("-w", sample, "search", "import duplicates")[1]
    assert len(rows) < len(run("-w", sample, "search", "import")[1].splitlines())


def test_a_tag_is_found(sample, run):
    notes = json.loads(run("-w", sample, "notes", "--format", "json")[1])
    tagged = [f"{note['file']}:{note['line']}:" for note in notes if "preview" in note["tags"]]
    _, out, _ = run("-w", sample, "search", "#preview")
    assert len(tagged) > 5
    assert [row.split(" ")[0] for row in out.splitlines()] == tagged


def test_what_is_found_ends_in_its_id_for_a_record_to_name_it_by(sample, run):
    notes = json.loads(run("-w", sample, "notes", "--format", "json")[1])
    ids = {f"{note['file']}:{note['line']}": note["note"] for note in notes}
    _, out, _ = run("-w", sample, "search", "import")
    rows = out.splitlines()
    assert len(rows) > 3
    assert [row.rpartition("  [")[2] for row in rows] == [f"{ids[row.partition(': ')[0]]}]" for row in rows]


def test_what_a_report_cites_is_found_in_its_workspace(sample, run):
    page = (sample / "reports" / "tuesday-discovery.html").read_text("utf-8")
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    notes = json.loads(run("-w", sample, "notes", "--format", "json")[1])
    cited = re.findall(r'id="n-(C-[0-9a-f]+)-(\d+)"', page)
    assert len(cited) > 50
    n_verbatim = 0
    for call, line in cited[:: len(cited) // 8]:
        code, out, err = run("-w", sample, "search", f"{call}:{line}")
        assert (code, out.count("\n"), err) == (0, 1, "")
        (note,) = [note for note in notes if out.startswith(f"{note['file']}:{note['line']}: ")]
        assert note["line"] == int(line)
        n_verbatim += " ".join(note["text"].split()) in text
        assert note["file"].split("/")[1] not in page
    assert n_verbatim >= 5  # names are replaced in the others
    whole, _ = cited[0]
    rows = run("-w", sample, "search", whole)[1].splitlines()
    assert len(rows) > 3
    assert len({row.split(":")[0] for row in rows}) == 1


def test_a_pseudonym_is_found(sample, run):
    page = (sample / "reports" / "tuesday-discovery.html").read_text("utf-8")
    pseudonyms = sorted(set(re.findall(r"\bP-[0-9a-f]{4}\b", page)))
    assert len(pseudonyms) > 5
    customers = []
    for pseudonym in pseudonyms:
        _, out, _ = run("-w", sample, "search", pseudonym)
        (customer,) = {re.match(r"[^:]+:\d+: ([^:]+):", row)[1] for row in out.splitlines()}
        customers.append(customer)
    assert len(set(customers)) == len(pseudonyms)


# Demo and report


def test_demo_prints_the_report_and_three_lines(demo):
    folder, out, err = demo
    report, calls, themes, hypotheses = out.splitlines()
    assert Path(report) == folder / "reports" / "tuesday-discovery.html"
    assert Path(report).stat().st_size > 20_000
    assert re.fullmatch(r"\d+ calls with 12 customers in 3 segments, 20 October 2026 to 17 November 2026", calls)
    assert re.fullmatch(r"\d+ themes; first, \d+ of 12 customers: .+", themes)
    assert hypotheses.startswith(
        "5 hypotheses: 2 draft, 1 ready, 1 running, 1 refuted; yours to write: segment, size, unit"
    )


def test_progress_goes_to_standard_error_only(demo):
    _, out, err = demo
    assert "cells" in err
    assert "\r" not in out
    assert "cells" not in out
    assert "WARNING" not in err and "TCP" not in err and "Traceback" not in err


def test_demo_copies_no_outputs_and_leaves_the_notebook_as_it_was(demo):
    cells = nbformat.read(demo[0] / "notebooks" / "tuesday-discovery.ipynb", as_version=4).cells
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells if cell.cell_type == "code")


def test_demo_refuses_a_folder_that_holds_something_else(tmp_path, run):
    (tmp_path / "letter.txt").write_text("dear")
    code, out, err = run("demo", tmp_path)
    assert (code, out) == (1, "")
    assert err == f"workbench: {tmp_path} is not empty and holds no interviews/ folder; name an empty or a new folder\n"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_demo_reports_on_the_workspace_that_is_there(make_workspace, run):
    folder = make_workspace({"2026-11-17-acme.md": CALL.format("Acme", "- the import stalls")})
    code, out, _ = run("demo", folder)
    assert code == 0
    assert out.splitlines()[1:] == [
        "1 call with 1 customer in 0 segments, 17 November 2026 to 17 November 2026", "no theme yet", "0 hypotheses",
    ]  # fmt: skip
    assert [path.name for path in (folder / "interviews").iterdir()] == ["2026-11-17-acme.md"]


def test_a_report_leaves_the_notebook_as_it_was_and_says_what_it_left_out(empty, run):
    path = notebook(empty, "print('a customer said this')")
    before = path.read_bytes()
    code, out, err = run("report", path)
    assert (code, out) == (0, f"{empty / 'reports' / 'mine.html'}\n")
    assert path.read_bytes() == before
    assert "a customer said this" not in (empty / "reports" / "mine.html").read_text("utf-8")
    assert "Left out of the report: output of cell 2" in err
    assert run("report", "mine", "-w", empty)[0] == 0, "a second report takes the place of the first"


# Pipes, locales, and what is loaded


@pytest.mark.parametrize(
    ("words", "output"),
    [
        (["notes"], "closed"), (["themes"], "closed"), (["--help"], "closed"), (["notes", "--format", "json"], "closed"),
        (["notes"], "full"), (["hypotheses"], "full"),
    ],
)  # fmt: skip
def test_a_closed_pipe_makes_no_noise_and_a_full_disk_one_sentence(words, output, empty, sample):
    if output == "full" and not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full to stand for a full disk")
    if output == "full":
        target = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, target = os.pipe()
        os.close(reader)
    try:
        result = start("-w", sample, *words, stdout=target)
    finally:
        os.close(target)
    if output == "full":
        assert result.returncode == 1
        assert re.fullmatch(rb"workbench: the output: No space left on device; .+\n", result.stderr)
    else:
        assert (result.returncode, result.stderr) == (0, b"")


def test_head_takes_one_line_in_peace(sample):
    pipe = f"'{sys.executable}' -m workbench -w '{sample}' notes | head -1"
    result = start("-c", pipe, program=["sh"])
    assert result.stdout.count(b"\n") == 1
    assert result.stderr == b""


@pytest.mark.parametrize("locale", [{}, {"LANG": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_customers_words_are_utf_8_whatever_the_locale(locale, make_workspace):
    words = "„Größe“ ✓ 数量 é"
    folder = make_workspace({"a-call.md": CALL.format("Çelik", f"- {words}")})
    for form in ("table", "json"):
        result = start("-w", folder, "notes", "--format", form, env=locale)
        assert result.returncode == 0, result.stderr.decode()
        assert words in result.stdout.decode("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["notes", "--help"],
        ["notes", "--nosuch"],
        ["correct"],
        ["correct", "--help"],
        ["correct", "rename", "--help"],
        ["themes", "--accept"],
    ],
)
def test_help_loads_nothing_heavy(words):
    code = (
        "import sys; from workbench.cli import main; main(sys.argv[1:]); "
        "print('LOADED', sorted({name.split('.')[0] for name in sys.modules}))"
    )
    result = start(*words, program=[sys.executable, "-c", code])
    loaded = result.stdout.decode().split("LOADED ")[1]
    for heavy in ("pandas", "sklearn", "numpy", "nbconvert", "nbformat", "jupyterlab", "yaml", "tqdm"):
        assert repr(heavy) not in loaded


def test_a_listing_of_notes_loads_no_clustering(empty):
    code = "import sys; from workbench.cli import main; main(sys.argv[1:]); print('LOADED', [*sys.modules])"
    loaded = start("-w", empty, "notes", program=[sys.executable, "-c", code]).stdout.decode().split("LOADED ")[1]
    assert "'pandas'" in loaded
    assert "'sklearn'" not in loaded


def test_the_sample_can_be_copied_without_what_was_generated(tmp_path):
    copy_sample(tmp_path / "study")
    names = {
        path.relative_to(tmp_path / "study").parts[0] for path in (tmp_path / "study").rglob("*") if path.is_file()
    }
    assert names == {"interviews", "discovery", "notebooks", ".gitignore", ".gitattributes"}
