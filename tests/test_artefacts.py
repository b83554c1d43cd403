"""Where each ritual and rule lives: what docs/artefacts.md says is there, and nothing that holds a ritual up is missing from it."""

import ast
import html
import re
from collections import Counter
from dataclasses import fields
from pathlib import Path

import nbformat
import pytest

import workbench as wb
from workbench import widgets
from workbench.checks import RULES
from workbench.cli import _parser
from workbench.records import KINDS, Quarter
from workbench.report.audiences import AUDIENCES
from workbench.report.claims import SECTIONS
from workbench.report.exporter import DiscoveryExporter
from workbench.report.weekly import WEEKLY
from workbench.study import read_study

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "artefacts.md").read_text("utf-8").splitlines()
    if re.match(r"\| \d\.", line)
]
# What the rituals were to be, by section of the page: so many artefacts and rules; one of several parts has a letter each.
ASKED = {"1": 8, "2": 8, "3": 6, "4": 6, "5": 5}
FIELDS = {f"quarter.{one.name}" for one in fields(Quarter)} | {
    f"{kind.name}.{name}" for kind in KINDS.values() for name in kind.known
}
COMMANDS = _parser()._subparsers._group_actions[0].choices
TESTS = {
    f"{file.name}::{node.name}"
    for file in (ROOT / "tests").glob("test_*.py")
    for node in ast.parse(file.read_text("utf-8")).body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
}


def test_every_artefact_and_rule_has_its_row():
    numbers = [row[0] for row in ROWS]
    assert [number for number, n in Counter(numbers).items() if n > 1] == []
    sections: dict[str, list[str]] = {}
    for number in numbers:
        section, _, line = number.partition(".")
        sections.setdefault(section, []).append(line.rstrip("abcdefg"))
    assert {section: list(dict.fromkeys(lines)) for section, lines in sections.items()} == {
        section: [str(i) for i in range(1, n + 1)] for section, n in ASKED.items()
    }


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_a_row_names_is_there(row):
    _, what, where, holds, shown = row
    assert what
    for name in re.findall(r"`([^`]+)`", f"{where} {holds}"):
        head, _, rest = name.partition(".") if " " not in name else name.partition(" ")
        assert (
            name in RULES
            or name in FIELDS
            or (head == "report" and rest in {**SECTIONS, **WEEKLY})
            or (head == "workbench" and rest in COMMANDS)
            or (head == "wb" and rest in wb.__all__)
            or name in widgets.__all__
            or name in {file.name for file in NOTEBOOKS}
            or (ROOT / name).is_file()
        ), name
    tests = re.findall(r"`([^`]+)`", shown)
    assert [name for name in tests if name not in TESTS] == []
    assert tests or ("*planted*" in shown and RULES.keys() & set(re.findall(r"`([^`]+)`", holds)))


def test_every_rule_on_the_quarter_bets_weeks_decisions_and_hypotheses_stands_in_a_row():
    named = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[3])}
    about = re.compile(r"\.(?:bet|week|decision|hypothesis)_rules$")
    assert {code for code, rule in RULES.items() if about.search(rule.find.__module__)} - named == set()


def test_every_notebook_and_form_stands_in_a_row():
    named = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[2])}
    assert {file.name for file in NOTEBOOKS} | set(widgets.__all__) <= named


@pytest.mark.parametrize("file", NOTEBOOKS, ids=[file.stem for file in NOTEBOOKS])
def test_what_the_quarter_leaves_out_stands_in_every_report_for_every_reader(file):
    left_out = read_study(ROOT).quarter.wont_do
    assert left_out
    notebook = nbformat.read(file, 4)
    for audience in ("", *AUDIENCES):
        page = DiscoveryExporter(audience=audience).from_notebook_node(notebook, {"metadata": {"name": file.stem}})[0]
        assert [text for text in left_out if text not in html.unescape(page)] == [], audience
