"""The report as it would have been, and the decisions that stand on less today."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4 as new

from workbench.cli import main
from workbench.errors import InputError
from workbench.look_back import workspace_then
from workbench.report.replay import find_weakened
from workbench.report.verify import verify_page
from workbench.study import read_study

ROOT = Path(__file__).parent.parent


def write_call(root, day, customer, notes, **fields):
    head = "".join(f"{name}: {value}\n" for name, value in ({"customer": customer, "date": day} | fields).items())
    lines = "".join(f"- {note}\n" for note in notes)
    (root / "interviews" / f"{day}-{customer.lower()}.md").write_text(f"---\n{head}---\n{lines}", "utf-8")


def note_of(root, customer, at=0):
    notes = read_study(root).notes
    return notes.loc[notes["customer"] == customer, "note"].tolist()[at]


@pytest.fixture
def work(tmp_path):
    """Two calls in October, two in November; a hypothesis and a decision that rest on them; all in git."""
    root = tmp_path / "work"
    (root / "interviews").mkdir(parents=True)
    for folder in ("decisions", "hypotheses", "weeks", "bets"):
        (root / "discovery" / folder).mkdir(parents=True)
    (root / "discovery" / "salt").write_text("a1" * 16 + "\n")
    (root / "discovery" / "quarter.md").write_text("---\ntitle: Filters\n---\n")
    write_call(root, "2026-10-20", "Acme", ["! Filters reset in the report"], consent="quote")
    write_call(root, "2026-10-27", "Bolt", ["! The report resets all filters"], consent="quote")
    write_call(root, "2026-11-10", "Coil", ["! Filters reset every morning", "- Never saw it reset"], consent="quote")
    acme, bolt, coil, never = (note_of(root, *of) for of in (["Acme"], ["Bolt"], ["Coil"], ["Coil", 1]))
    (root / "discovery" / "hypotheses" / "H-111111-filters.md").write_text(
        f"---\nstatus: refuted\nmade: 2026-10-28\nstarted: 2026-11-02\nclosed: 2026-11-20\nchange: save filters\n"
        f'confidence: ["2026-10-28: 70 %", "2026-11-20: 10 %"]\nresult: none\nlearned: nothing\n'
        f"evidence: [{acme}, {bolt}, {coil}]\nagainst: [{never}]\n---\n"
    )
    (root / "discovery" / "decisions" / "D-222222-filters.md").write_text(
        f"---\ntitle: Save filters?\nstatus: decided\ndate: 2026-10-29\noptions: [Save them, Wait]\nchosen: Save them\n"
        f"evidence: [{acme}, {bolt}]\nhypotheses: [H-111111]\n---\n"
    )
    (root / "discovery" / "decisions" / "D-333333-later.md").write_text(
        "---\ntitle: Later\nstatus: decided\ndate: 2026-11-25\noptions: [Yes, No]\nchosen: Yes\n---\n"
    )
    for week in ("2026-W43", "2026-W48"):
        (root / "discovery" / "weeks" / f"{week}.md").write_text("---\noutcomes: [one]\n---\n")
    return root


def git(root, *words):
    who = ["-c", "user.name=Ines", "-c", "user.email=ines@example.org"]
    return subprocess.run(["git", "-C", root, *who, *words], check=True, capture_output=True, text=True).stdout


def then(root, at):
    with workspace_then(read_study(root), at) as folder:
        return read_study(folder)


def test_of_a_day_calls_and_records_after_it_are_not_known(work):
    study = then(work, "2026-10-31")
    assert set(study.calls["customer"]) == {"Acme", "Bolt"}
    (hypothesis,) = study.hypotheses
    assert (hypothesis.status, hypothesis.started, hypothesis.closed, hypothesis.result) == ("ready", None, None, None)
    assert [one.day for one in hypothesis.confidence] == ["2026-10-28"]
    assert hypothesis.evidence == (note_of(work, "Acme"), note_of(work, "Bolt")) and hypothesis.against == ()
    assert [decision.id for decision in study.decisions] == ["D-222222"]
    assert [week.id for week in study.weeks] == ["2026-W43"]
    assert study.salt == read_study(work).salt


def test_a_day_between_start_and_end_finds_a_hypothesis_running(work):
    study = then(work, "2026-11-12")
    assert study.hypotheses[0].status == "running"
    assert set(study.calls["customer"]) == {"Acme", "Bolt", "Coil"}
    assert then(work, "2026-11-30").hypotheses[0].status == "refuted"


def test_the_workspace_itself_is_not_touched(work):
    before = {file: file.read_bytes() for file in work.rglob("*") if file.is_file()}
    then(work, "2026-10-31")
    assert {file: file.read_bytes() for file in work.rglob("*") if file.is_file()} == before


def test_a_day_before_the_first_call_is_refused_in_a_sentence(work):
    with pytest.raises(InputError, match="nothing was known on 2026-10-19: the first call is of 2026-10-20"):
        then(work, "2026-10-19")


def test_consent_and_names_are_as_of_today(work):
    git(work, "init", "-q")
    git(work, "add", "-A")
    git(work, "commit", "-qm", "Then")
    write_call(work, "2026-10-20", "Acme", ["! Filters reset in the report"], consent="aggregate", who="Jo Poe")
    (work / "interviews" / "2026-10-27-bolt.md").unlink()
    for at in ("2026-10-31", "HEAD"):
        customers = then(work, at).customers.set_index("customer")
        assert customers.loc["Acme", "consent"] == "aggregate", at
        assert customers.loc["Acme", "people"] == ("Jo Poe",)
    assert customers.loc["Bolt", "consent"] == "aggregate", "who is not there any more cannot be asked"


def test_at_a_revision_files_are_as_git_has_them(work):
    git(work, "init", "-q")
    git(work, "add", "-A")
    git(work, "commit", "-qm", "Then")
    write_call(work, "2026-11-24", "Dune", ["! Filters"])
    (work / "discovery" / "hypotheses" / "H-111111-filters.md").unlink()
    git(work, "add", "-A")
    git(work, "commit", "-qm", "Now")
    study = then(work, "HEAD~1")
    assert set(study.calls["customer"]) == {"Acme", "Bolt", "Coil"}
    assert [one.id for one in study.hypotheses] == ["H-111111"]
    with pytest.raises(InputError, match="git knows no revision 'HEAD~9'"):
        then(work, "HEAD~9")


def test_decisions_that_stand_on_less_are_listed_with_the_reasons(work):
    (work / "interviews" / "2026-10-27-bolt.md").unlink()
    write_call(work, "2026-11-24", "Dune", ["- Never lost a filter"])
    now = read_study(work)
    with workspace_then(now, "2026-10-31") as folder:
        write_call(folder, "2026-10-27", "Bolt", ["! The report resets all filters"])  # was there then
        (one,) = find_weakened(read_study(folder), now)
    assert (one.id, one.then, one.now) == ("D-222222", (2, 2), (2, 3))
    said = str(one)
    assert said.startswith(
        "discovery/decisions/D-222222-filters.md:7: D-222222 Save filters?: 2 of 2 customers then, 2 of 3 now"
    )
    assert "1 note of it is gone (interviews/2026-10-27-bolt.md:5)" in said
    assert "1 note against it came since (interviews/2026-11-10-coil.md:7)" in said
    assert "its hypothesis H-111111 was refuted since" in said


def test_fewer_customers_and_notes_that_do_not_count_are_reasons(work):
    with workspace_then(read_study(work), "2026-10-31") as folder:
        before = read_study(folder)
        (work / "discovery" / "customers.yaml").write_text("customers:\n  Acme:\n    excluded: a reseller\n")
        (one,) = find_weakened(before, read_study(work))
    assert one.now == (2, 2)
    assert "1 note of it does not count any more (interviews/2026-10-20-acme.md:6)" in one.reasons


def test_a_decision_stands_until_the_one_in_its_place_is_made_which_does_not_rest_on_what_it_followed_from():
    """Of the sample: a test was read on 13 November, and the layouts were dropped on that day."""
    study = read_study(ROOT)
    with workspace_then(study, "2026-11-12") as folder:
        before = read_study(folder)
        weaker = [one.id for one in find_weakened(before, study)]
    status = {one.id: one.status for one in before.decisions}
    assert status["D-5e0f31"] == "decided" and "D-77aa01" not in status
    assert {one.id: one.status for one in study.decisions}["D-5e0f31"] == "superseded"
    assert "D-77aa01" not in weaker


def test_where_nothing_changed_no_decision_is_weaker(work):
    now = read_study(work)
    with workspace_then(now, "2026-11-30") as folder:
        assert find_weakened(read_study(folder), now) == []


def test_two_replays_are_the_same_and_verify(work, tmp_path, capsys):
    notebook = new.new_notebook(
        cells=[
            new.new_code_cell(
                "import workbench as wb\nfrom workbench.report.sections import Report\n"
                "study = wb.read_study()\nthemes = wb.find_themes(study.notes, study.ledger)\n"
                "report = Report(study, themes, study.hypotheses)\nreport.overview"
            ),
            *[new.new_code_cell(f"report.{name}") for name in ("themes", "hypotheses", "quotes")],
        ]
    )
    nbformat.write(notebook, tmp_path / "small.ipynb")
    pages = []
    for name, zone, seed, today in (("one", "UTC", "1", ""), ("two", "Pacific/Kiritimati", "2", "2027-01-15")):
        done = subprocess.run(
            [sys.executable, "-m", "workbench", "replay", "--at", "2026-10-31", str(tmp_path / "small.ipynb"), "-w", str(work),
             "-o", str(tmp_path / f"{name}.html")],
            capture_output=True, text=True, cwd=tmp_path, check=False,
            env=os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "WORKBENCH_TODAY": today},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Of 2 decisions 1 has less behind it than then." in done.stderr
        assert f"{name}.html" in done.stdout and "H-111111 was refuted since" in done.stdout
        pages.append((tmp_path / f"{name}.html").read_bytes())
    assert pages[0] == pages[1]
    html = pages[0].decode()
    assert "As it was known on 31 October 2026" in html
    assert "Every morning" not in html and "Coil" not in html and re.search(r"27 October 2026", html)
    verified = verify_page(html, read_study(work))
    assert verified.ok and verified.added == (1, 0)
    assert verified.day == "2026-10-29", "the newest that was known then: a decision"


def test_the_command_lists_decisions_alone(work, capsys):
    assert main(["replay", "--at", "2026-10-31", "--only-decisions", "-w", str(work)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("discovery/decisions/D-222222-filters.md:7: ")
    assert main(["replay", "--at", "no-such-revision", "--only-decisions", "-w", str(work)]) == 1
    assert "give a day such as" in capsys.readouterr().err
