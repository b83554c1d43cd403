"""What the program can do stands in its docs, and what the docs show works."""

import re
import shlex
from pathlib import Path

import pytest

import workbench as wb
from workbench.cli import _parser
from workbench.notes import CALL_KINDS, CONSENT_LEVELS, NOTE_COLUMNS, parse_call
from workbench.records import HYPOTHESIS_FIELDS, KINDS, STATUSES, UNITS, Quarter, parse_hypothesis
from workbench.report.audiences import AUDIENCES
from workbench.report.table import EVIDENCE_COLUMNS
from workbench.starter import copy_sample
from workbench.themes import acts
from workbench.themes.changes import CHANGE_COLUMNS, theme_changes
from workbench.themes.corrections import Corrected
from workbench.themes.find import SUMMARY_COLUMNS
from workbench.themes.ledger import (
    MAX_LINE_BYTES,
    MAX_NAME,
    MAX_REFS,
    MAX_TEXT,
    RECORD_KINDS,
    Record,
    Ref,
    format_record,
    parse_ledger,
)
from workbench.themes.replay import replay_ledger

ROOT = Path(__file__).parent.parent
DOCS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "benchmarks" / "README.md",
    ROOT / "deploy" / "README.md",
]
TUESDAY = (ROOT / "docs" / "tuesday.md").read_text("utf-8")
FORMATS = (ROOT / "docs" / "formats.md").read_text("utf-8")
COMMANDS = _parser()._subparsers._group_actions[0].choices


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options(name):
    assert f"`workbench {name}" in TUESDAY
    for action in COMMANDS[name]._actions:
        for option in action.option_strings:
            if option.startswith("--") and option not in ("--help", "--workspace", "--output"):
                assert option in TUESDAY, f"workbench {name} {option}"


@pytest.mark.parametrize("act", COMMANDS["correct"]._subparsers._group_actions[0].choices)
def test_every_act_is_documented_with_its_options(act):
    assert f"`workbench correct {act}" in TUESDAY
    parser = COMMANDS["correct"]._subparsers._group_actions[0].choices[act]
    for option in {option for action in parser._actions for option in action.option_strings}:
        assert not option.startswith("--") or option in ("--help", "--workspace") or option in TUESDAY, option


def test_every_act_has_its_function_in_the_docs_and_every_function_its_act():
    """A PM can do from Python what the command does, and the other way round."""
    functions = {name for name in acts.__all__ if f"`wb.{name}(" in FORMATS}
    assert functions == set(acts.__all__)
    assert len(COMMANDS["correct"]._subparsers._group_actions[0].choices) == len(acts.__all__) + 1, "and the log"


def test_the_columns_of_the_evidence_and_what_each_reader_gets_are_documented():
    table = FORMATS.partition("## The evidence as a table")[2].partition("## ")[0]
    named = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert named == list(EVIDENCE_COLUMNS)
    assert {name for name in AUDIENCES if f"| `{name}` |" not in TUESDAY} == set()


def test_the_columns_of_themes_and_their_changes_are_documented_and_every_reason():
    assert f"`{', '.join(SUMMARY_COLUMNS)}`" in FORMATS
    for word in (*CHANGE_COLUMNS, "typicality", "language", "reason", "came_along", "left_out", "problems", "encoder"):
        assert re.search(rf"\b{word}\b", FORMATS), word
    reasons = set(
        re.findall(
            r'"([a-z ]+)"', re.search(r"reasons : sequence of str\n(.*?)teachers", Corrected.__doc__, re.DOTALL)[1]
        )
    )
    assert len(reasons) == 6
    changes = set(
        re.findall(r'"([a-z]+)"', re.search(r"- change \(str\):(.*?)- before", theme_changes.__doc__, re.DOTALL)[1])
    )
    assert len(changes) == 9
    assert [word for word in reasons | changes if f"`{word}`" not in FORMATS] == []


def test_the_python_in_the_docs_works_on_a_copy_of_the_sample(tmp_path, monkeypatch):
    copy_sample(tmp_path / "study")
    (tmp_path / "study" / "notebooks").mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / "study" / "notebooks")
    source = re.search(r"```python\n(.*?)```", FORMATS, re.DOTALL)[1]
    exec(compile(source, "docs/formats.md", "exec"), names := {})
    assert names["records"][-1].name == "Lost filters"
    assert [name for name in wb.find_themes(wb.read_notes(".."), wb.read_ledger("..")).summary["name"] if name] == [
        "Lost filters"
    ]


@pytest.mark.parametrize("name", wb.__all__)
def test_every_public_name_is_documented(name):
    assert f"wb.{name}" in FORMATS or name in ("read_calls", "read_customers", "workspace"), name
    assert getattr(wb, name).__doc__


def test_every_field_and_choice_of_the_formats_is_documented():
    for word in (*NOTE_COLUMNS, *CALL_KINDS, *CONSENT_LEVELS, *STATUSES, *UNITS):
        assert word in FORMATS, word
    for field in set(HYPOTHESIS_FIELDS) - {"statement", "n_customers", "n_customers_total", "file", "open"}:
        assert f"`{field}`" in FORMATS, field
    for field in set(Quarter.__dataclass_fields__) - {"file", "lines"}:
        assert f"`{field}`" in FORMATS, field
    headings = {"bet": "## A bet", "decision": "## A decision", "hypothesis": "## A hypothesis", "week": "## A week"}
    for kind in KINDS.values():
        part = FORMATS.partition(headings[kind.name])[2].partition("\n## ")[0]
        assert [field for field in kind.known if field != "version" and f"`{field}`" not in part] == [], kind.name


def test_commands_shown_in_the_docs_exist_and_parse():
    shown = [
        line.split("#")[0].strip()
        for doc in DOCS
        for line in re.findall(
            r"^(?: {4}|\s*)(?:\.venv/bin/)?(workbench [a-z].*)$", doc.read_text("utf-8"), re.MULTILINE
        )
    ]
    assert len(shown) >= 5
    for line in shown:
        _parser().parse_args(shlex.split(line.replace("…", ""))[1:])


def test_links_between_the_docs_lead_somewhere():
    for doc in DOCS:
        for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^):]+))?\)", doc.read_text("utf-8")):
            file = doc.parent / target if target else doc
            assert file.exists(), f"{doc.name}: {target}"
            headings = re.findall(r"(?m)^#+ (.+)$", file.read_text("utf-8")) if anchor else []
            slugs = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
            assert not anchor or anchor in slugs, f"{doc.name}: {target}#{anchor}"


def test_the_call_in_the_readme_reads_without_a_problem():
    call = parse_call(
        re.search(r"```markdown\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)[1],
        "interviews/2026-11-17-acme.md",
    )
    assert call.problems == ()
    assert [note.kind for note in call.notes] == ["observation", "quote", "pain"]


def test_the_hypothesis_in_the_docs_is_complete_and_cites_a_note_of_the_sample():
    hypothesis, problems = parse_hypothesis(
        re.search(r"```markdown\n(---\nid.*?)```", TUESDAY, re.DOTALL)[1], "H-3fa9c1-clean-lists.md"
    )
    assert problems == []
    assert hypothesis.open == ()
    assert set(hypothesis.evidence) <= set(wb.read_notes(ROOT)["note"])


def test_the_ledger_in_the_docs_reads_without_a_problem_and_means_what_is_said():
    text = next(text for text in re.findall(r"```yaml\n(.*?)```", FORMATS, re.DOTALL) if "kind: theme" in text)
    ledger = parse_ledger(text)
    assert ledger.problems == ()
    assert {record.kind for record in ledger.records} == set(RECORD_KINDS)
    refs = list(dict.fromkeys(ref for record in ledger.records for ref in record.notes))
    ids = {ref.text: f"{ref.call}#{i:08x}" for i, ref in enumerate(refs)}
    notes = {"note": [*ids.values()], "call": [ref.call for ref in refs], "text": [*ids]}
    decisions = replay_ledger(ledger, notes)
    assert decisions.placed == {ids["She loses her filter"]: "T-7f3a01bc", ids["Nice weather"]: ""}
    assert decisions.apart == ((ids["Export slow"], ids["Wrong sheet"]),)
    assert set(decisions.themes) == {"T-7f3a01bc", "T-03be44d1"}, "the merge is taken back"
    assert decisions.resting == decisions.orphaned == ()


def test_every_key_and_limit_of_the_ledger_is_documented():
    written = "".join(
        format_record(
            Record(
                "a",
                1,
                "ana",
                "2026-11-17",
                kind,
                "T-a",
                "n",
                "T-b",
                "apart",
                (Ref("c", "t", 2, "00000000"),),
                ("b",),
                ("c",),
                "2026-11-17",
                True,
            )
        )
        for kind in ("theme", "place")
    )
    keys = set(re.findall(r'"(\w+)": ', written))
    assert keys == {*Record.__dataclass_fields__, *Ref._fields, "anchors"}
    part = FORMATS[FORMATS.index("## What was decided") :]
    assert [key for key in keys if f"`{key}`" not in part and f"`{key}: " not in part] == []
    for limit in (MAX_REFS, MAX_NAME, MAX_TEXT, f"{MAX_LINE_BYTES // 1024} KB"):
        assert f" {limit}" in part


def test_the_rooms_table_names_every_module():
    rooms = set(re.findall(r"^\| `([\w/.]+)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE))
    modules = {f"{path.name}/" if path.is_dir() else path.name for path in (ROOT / "workbench").iterdir()
               if path.suffix == ".py" or (path / "__init__.py").is_file()}  # fmt: skip
    themes = {path.name for path in (ROOT / "workbench" / "themes").glob("*.py")} - {"__init__.py"}
    assert rooms - themes == modules - {"__init__.py", "__main__.py"}
    assert {name for name in themes if f"`{name}`" not in (ROOT / "CONTRIBUTING.md").read_text("utf-8")} == set()


def test_nothing_committed_names_a_machine_path_or_a_package_registry():
    words = ["/ro" + "ot/", "/wo" + "rk/", "pypi." + "org", "pythonhosted." + "org", "registry.npm" + "js"]
    for path in [
        *DOCS,
        ROOT / "run",
        ROOT / ".ci" / "run",
        ROOT / "pyproject.toml",
        ROOT / "constraints.txt",
        *(path for path in (ROOT / "deploy").iterdir() if path.is_file()),
        *ROOT.glob("workbench/**/*.py"),
        *ROOT.glob("notebooks/*.ipynb"),
    ]:
        text = path.read_text("utf-8")
        assert not [word for word in words if word in text], path
