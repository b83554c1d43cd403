"""docs/week.md is followed to the letter, from an empty folder to Friday's readout: its files are written, its commands typed."""

import re
import shlex
from pathlib import Path

import workbench as wb
from workbench.cli import main

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "week.md").read_text("utf-8")
DAYS = {"Tuesday": "2026-11-17", "Wednesday": "2026-11-18", "Thursday": "2026-11-19", "Friday": "2026-11-20",
        "Once": "2026-11-20", "Any": "2026-11-20"}  # fmt: skip
STEP = re.compile(
    r"^## (?P<day>\w+)|^`(?P<file>[\w/.-]+)`:\n\n```\w+\n(?P<text>.*?)^```$|^    (?P<command>workbench .*?)$(?:\n\n```text\n(?P<said>.*?)\n```$)?",
    re.MULTILINE | re.DOTALL,
)


def test_the_page_can_be_followed_to_the_readout(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shown, made, compared = "D-81c0e2", "", 0
    for step in STEP.finditer(PAGE):
        if step["day"]:
            monkeypatch.setenv("WORKBENCH_TODAY", DAYS.get(step["day"], "2026-11-16"))
        elif step["file"]:
            file = tmp_path / "my-discovery" / step["file"]
            file.parent.mkdir(exist_ok=True)
            file.write_text(step["text"], "utf-8")
        elif not step["command"].startswith("workbench lab"):
            words = shlex.split(step["command"].replace(shown, made or shown))[1:]
            assert main(words) == 0, step["command"]
            told = capsys.readouterr()
            if words[0] == "init":
                monkeypatch.chdir(tmp_path / "my-discovery")
            made = made or (re.search(r"D-[0-9a-f]{6}", told.out) or [""])[0]
            if step["said"]:
                compared += 1
                said = (told.out + told.err).replace(made or shown, shown).strip()
                assert _without_codes(said) == _without_codes(step["said"]), step["command"]
    assert compared == 6
    assert not wb.check(today="2026-11-20").violations
    decision = wb.read_records().decisions[0]
    assert (decision.status, decision.date, decision.customers) == ("decided", "2026-11-20", (3, 3))


def test_the_week_in_the_readme_is_the_samples(capsys):
    command, said = re.search(r"\.venv/bin/workbench (week .*?)\n```\n\n```text\n(.*?)\n```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL).groups()  # fmt: skip
    assert main(["-w", str(ROOT), *shlex.split(command)]) == 0
    assert capsys.readouterr().out.strip() == said


def _without_codes(text):
    """A workspace has codes of its own for its customers."""
    return re.sub(r"\bP-[0-9a-f]{4}\b", "P-", text)
