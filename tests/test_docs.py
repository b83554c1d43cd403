"""What the program can do stands in its docs, and what the docs show works."""

import re
import shlex
from pathlib import Path

import pytest

import workbench as wb
from workbench.cli import _parser
from workbench.notes import CALL_KINDS, CONSENT_LEVELS, NOTE_COLUMNS, parse_call
from workbench.records import HYPOTHESIS_FIELDS, STATUSES, UNITS, Quarter, parse_hypothesis

ROOT = Path(__file__).parent.parent
DOCS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "benchmarks" / "README.md",
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


@pytest.mark.parametrize("name", wb.__all__)
def test_every_public_name_is_documented(name):
    assert f"wb.{name}" in FORMATS or name in ("read_calls", "read_customers", "workspace"), name
    assert getattr(wb, name).__doc__


def test_every_field_and_choice_of_the_formats_is_documented():
    for word in (*NOTE_COLUMNS, *CALL_KINDS, *CONSENT_LEVELS, *STATUSES, *UNITS):
        assert word in FORMATS, word
    for field in set(HYPOTHESIS_FIELDS) - {"theme", "statement", "open"}:
        assert f"`{field}`" in FORMATS, field
    for field in set(Quarter.__dataclass_fields__) - {"quarter", "capacity"}:
        assert f"`{field}`" in FORMATS, field


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
        for target in re.findall(r"\]\(([^)#:]+)\)", doc.read_text("utf-8")):
            assert (doc.parent / target).exists(), f"{doc.name}: {target}"


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


def test_the_rooms_table_names_every_module():
    rooms = set(re.findall(r"^\| `([\w/.]+)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE))
    modules = {f"{path.name}/" if path.is_dir() else path.name for path in (ROOT / "workbench").iterdir()
               if path.suffix == ".py" or (path / "__init__.py").is_file()}  # fmt: skip
    assert rooms == modules - {"__init__.py", "__main__.py"}


def test_nothing_committed_names_a_machine_path_or_a_package_registry():
    words = ["/ro" + "ot/", "/wo" + "rk/", "pypi." + "org", "pythonhosted." + "org", "registry.npm" + "js"]
    for path in [
        *DOCS,
        ROOT / "run",
        ROOT / ".ci" / "run",
        ROOT / "pyproject.toml",
        ROOT / "constraints.txt",
        *ROOT.glob("workbench/**/*.py"),
        *ROOT.glob("notebooks/*.ipynb"),
    ]:
        text = path.read_text("utf-8")
        assert not [word for word in words if word in text], path
