"""What was known on a day: as if what came later did not exist, by the days in files and by git."""

import json
import re
import shutil

import pandas as pd
import pytest
from test_delta import WORDS, call
from test_history import commit, git
from test_week import write

import workbench as wb
from workbench.cli import main
from workbench.look_back import came_since, find_undated, known_on, workspace_then
from workbench.record_files import read_records
from workbench.redact import share
from workbench.report.claims import SECTIONS
from workbench.report.section_page import draw_section
from workbench.report.verify import verify_page
from workbench.report.view import render_section
from workbench.report.weekly import OF_A_RECORD, WEEKLY
from workbench.study import read_study

DAY = "2026-11-18"
MONDAY_AFTER = "2026-11-24"
KEPT = '- {id: 7f3a01bc, at: 1, by: ana, date: 2026-11-11, kind: theme, theme: T-7f3a01bc, name: Lost rows, anchors: [{call: 2026-11-10-acme, text: "%s"}]}\n'
RENAMED = (
    "- {id: 03be44d1, at: 2, by: ana, date: 2026-11-24, kind: theme, theme: T-7f3a01bc, name: Rows, anchors: []}\n"
)


@pytest.fixture
def then(make_workspace, monkeypatch):
    """A workspace on a Wednesday."""
    root = make_workspace(
        {
            "2026-11-10-acme.md": call("Acme", "2026-11-10", f"! {WORDS[0]}", "~ Types the totals by hand on Fridays"),
            "2026-11-11-bolt.md": call("Bolt", "2026-11-11", f"! {WORDS[1]}", '"We count them twice on a Monday"'),
            "2026-11-17-core.md": call("Core", "2026-11-17", f"! {WORDS[2]}", "- Calls us when rows are missing"),
        },
        "customers: {}\n",
    )
    notes = sorted(read_study(root).notes["note"])
    write(
        root,
        "quarter.md",
        'title: Rows\nquarter: 2026-Q4\noutcome: Lists come in\nprogress:\n  - "2026-11-13: begun"\n',
    )
    write(root, "themes.yaml", "x")
    (root / "discovery" / "themes.yaml").write_text(KEPT % WORDS[0], "utf-8")
    (root / "discovery" / "salt").write_text("b2" * 16 + "\n")
    write(root, "weeks/2026-W47.md", "outcomes: [Three calls]\nplanned: [Three calls]\n")
    monkeypatch.setenv("WORKBENCH_TODAY", "2026-11-11")
    wb.create_record(root, "hypothesis", id="H-aa0001", change="show rows", evidence=notes[:2])
    wb.create_record(
        root, "bet", id="B-bb0001", title="Lists", owner="Ines", review="2026-12-15", hypotheses=["H-aa0001"]
    )
    wb.create_record(root, "decision", id="D-cc0000", title="Rows first?", made="2026-11-11", options=["Yes", "No"])
    wb.decide(
        root, "D-cc0000", chosen="Yes", why="Two tell of it", owner="Ines", review="2026-12-11", date="2026-11-12"
    )
    monkeypatch.setenv("WORKBENCH_TODAY", DAY)
    wb.create_record(
        root,
        "decision",
        id="D-cc0001",
        title="Stop?",
        owner="Ines",
        options=["Stop", "Go on"],
        evidence=notes[:1],
        due="2026-11-25",
    )
    wb.update_record(root, "H-aa0001", status="running", started="2026-11-16")
    return root


@pytest.fixture
def now(then, tmp_path, monkeypatch):
    """The same workspace two weeks later."""
    root = tmp_path / "now"
    shutil.copytree(then, root)
    for day, customer, words in (
        (MONDAY_AFTER, "Dune", WORDS[3]),
        ("2026-11-25", "Acme", "The import lost rows again"),
    ):
        (root / "interviews" / f"{day}-{customer.lower()}.md").write_text(call(customer, day, f"! {words}"), "utf-8")
    later = next(note for note in read_study(root).notes["note"] if "dune" in note)
    with (root / "discovery" / "themes.yaml").open("a") as file:
        file.write(RENAMED)
    monkeypatch.setenv("WORKBENCH_TODAY", "2026-11-26")
    wb.update_record(root, "D-cc0001", against=[later], stances=["Omar: against, 2026-11-24"])
    wb.decide(root, "D-cc0001", chosen="Stop", why="It is enough", owner="Ines", review="2027-01-15", date=MONDAY_AFTER)
    wb.decide(root, supersedes="D-cc0000", title="Rows last?", options=["Yes", "No"], chosen="Yes", why="So it is", owner="Ines", review="2027-01-15", date="2026-11-25")  # fmt: skip
    evidence = [*read_records(root).hypotheses[0].evidence, later]
    wb.update_record(root, "H-aa0001", status="refuted", closed="2026-11-25", result="4 of 90", breached=["Errors: 9"], evidence=evidence)  # fmt: skip
    wb.update_record(root, "B-bb0001", status="active", started=MONDAY_AFTER)
    wb.create_record(root, "bet", title="Another")
    wb.create_record(root, "hypothesis", change="another")
    wb.update_record(root, "quarter", progress=["2026-11-13: begun", "2026-11-24: Stopped"])
    write(root, "weeks/2026-W48.md", "outcomes: [Stop]\nplanned: [Stop]\n")
    monkeypatch.delenv("WORKBENCH_TODAY")
    return root


def pages(root, today, week="2026-W47"):
    """Every section as others get it, and the data of each as the notebook has it."""
    report = wb.open_week(root, week, today=today)
    names = [name for name in (*SECTIONS, *WEEKLY) if name not in OF_A_RECORD]
    sections = {name: getattr(report, name).payload for name in names}
    sections |= {name: getattr(report, name)().payload for name in OF_A_RECORD}
    data = json.dumps(
        {name: {**one["data"], "late": None} for name, one in sections.items()}, sort_keys=True, default=str
    )
    html = {name: render_section(share(one), shared=True) for name, one in sections.items()}
    return html, data.replace(str(root), ""), str(report.plan)


@pytest.mark.parametrize("today", [DAY, MONDAY_AFTER], ids=["as of a day", "a week that is over"])
def test_pages_are_the_same_as_if_what_came_later_did_not_exist(then, now, today):
    assert len(read_study(now).calls) == 5
    (html, data, plan), (html_then, data_then, plan_then) = pages(now, today), pages(then, today)
    assert [name for name in html if html[name] != html_then[name]] == []
    assert (data, plan) == (data_then, plan_then)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_delta_as_of_a_day_is_the_same_and_says_what_came_after_it(then, now, form, capsys):
    said = []
    for root in (then, now):
        assert main(["delta", "-w", str(root), "--today", DAY, "--format", form]) == 0
        said.append(capsys.readouterr())
    assert said[0].out == said[1].out
    assert "Not counted" not in said[0].err
    assert (
        f"Not counted is what has come after {DAY}: 2 calls with 2 customers and 9 records new or otherwise."
        in said[1].err
    )


def test_the_notebook_says_what_came_since_and_what_leaves_does_not(now):
    payload = wb.open_week(now, "2026-W47", today=MONDAY_AFTER).delta.payload
    here, there = render_section(payload, shared=False), render_section(share(payload), shared=True)
    assert "This is what was known on 22 November 2026, the last day of the week." in here
    assert "2 calls with 2 customers, and 9 records that are new or otherwise" in here
    assert "the last day of the week." in there and "has come since" not in there
    assert "has come since" not in render_section(
        wb.open_week(now, "2026-W48", today="2026-11-27").delta.payload, shared=False
    )


def test_a_page_of_a_week_that_is_over_holds_when_it_is_verified(now):
    page = draw_section(wb.open_week(now, "2026-W47", today=MONDAY_AFTER).delta, "What changed")
    verified = verify_page(page, read_study(now))
    assert verified.ok, [str(one) for one in verified.differences]
    assert not [one for one in verified.differences if one.code == "record-changed"], verified.differences
    wb.update_record(now, "B-bb0001", status="shipped", shipped="2026-11-27")
    assert [str(one) for one in verify_page(page, read_study(now)).differences] == [
        str(one) for one in verified.differences
    ]


@pytest.mark.parametrize("day", ["2026-11-10", "2026-11-12", DAY, "2026-11-23", "2026-11-25", "2026-12-31"])
def test_what_is_known_is_what_a_workspace_of_that_day_holds(now, day):
    study = read_study(now)
    known = known_on(study, day)
    with workspace_then(study, day) as folder:
        laid = read_study(folder)
    for name in ("notes", "calls"):
        pd.testing.assert_frame_equal(getattr(known, name), getattr(laid, name), check_categorical=False)
    counted = ["customer", "segment", "consent", "n_calls", "first", "last", "roles"]
    pd.testing.assert_frame_equal(known.customers[counted], laid.customers[counted])
    for name in ("quarter", "bets", "hypotheses", "decisions", "weeks"):
        assert getattr(known, name) == getattr(laid, name), name
    assert known.ledger.records == laid.ledger.records


def test_at_its_newest_day_everything_is_known(now):
    study = read_study(now)
    known = known_on(study, "2026-11-26")
    assert came_since(known, study) == (0, 0, 0)
    assert known.texts == study.texts


def test_a_question_is_proposed_until_it_is_decided_and_a_bet_is_not_there_before_it_is_written(now):
    def at(day):
        study = known_on(read_study(now), day)
        return {one.id: one.status for one in (*study.decisions, *study.bets, *study.hypotheses)}

    assert at("2026-11-10") == {}
    assert at("2026-11-11") == {"D-cc0000": "proposed", "B-bb0001": "planned", "H-aa0001": "ready"}
    assert at("2026-11-12")["D-cc0000"] == "decided"
    assert at(DAY) == {"D-cc0000": "decided", "D-cc0001": "proposed", "B-bb0001": "planned", "H-aa0001": "running"}
    assert at("2026-11-24")["D-cc0001"] == "decided"
    assert at("2026-11-25")["D-cc0000"] == "superseded"


def test_a_plan_is_no_later_day(make_workspace):
    root = make_workspace({"2026-11-10-acme.md": call("Acme", "2026-11-10", "one")}, "customers: {}\n")
    write(root, "bets/B-bb0001-x.md", "id: B-bb0001\nstatus: planned\nmade: 2026-11-10\nstarted: 2026-12-01\n")
    write(
        root,
        "bets/B-bb0002-x.md",
        "id: B-bb0002\nstatus: dropped\nmade: 2026-11-01\nstarted: 2026-11-02\nfinished: 2026-11-20\n",
    )
    write(root, "hypotheses/H-aa0001-x.md", "id: H-aa0001\nstatus: draft\nmade: 2026-11-10\nstarted: 2026-12-01\n")
    study = known_on(read_study(root), "2026-11-12")
    assert [(one.status, one.started) for one in study.bets] == [("planned", "2026-12-01"), ("active", "2026-11-02")]
    assert (study.hypotheses[0].status, study.hypotheses[0].started) == ("draft", "2026-12-01")


def test_where_no_day_says_so_nobody_can_tell_and_it_is_said(make_workspace, capsys):
    root = make_workspace({"2026-11-10-acme.md": call("Acme", "2026-11-10", "one")}, "customers: {}\n")
    write(root, "bets/B-bb0001-x.md", "id: B-bb0001\ntitle: Lists\nstatus: active\nstarted: 2026-11-18\n")
    write(root, "decisions/D-cc0001-x.md", "id: D-cc0001\ntitle: Go?\nstatus: decided\ndate: 2026-11-18\nchosen: Go\n")
    study = read_study(root)
    assert find_undated(study, "2026-11-15") == ["B-bb0001", "D-cc0001"]
    assert find_undated(study, "2026-11-18") == []
    known = known_on(study, "2026-11-15")
    assert ([one.status for one in known.bets], known.decisions) == (["planned"], [])
    main(["delta", "-w", str(root), "--today", "2026-11-19"])
    assert "Nobody can tell whether these were known on 2026-11-15: B-bb0001, D-cc0001" in capsys.readouterr().err


def commit_on(root, day, words):
    import os

    os.environ["GIT_COMMITTER_DATE"] = f"{day}T12:00:00 +0000"
    try:
        commit(root, words)
    finally:
        del os.environ["GIT_COMMITTER_DATE"]


def test_git_tells_what_no_day_tells_and_no_word_that_was_taken_out(make_workspace):
    root = make_workspace({"2026-11-10-acme.md": call("Acme", "2026-11-10", "one", "two")}, "customers: {}\n")
    one, two = read_study(root).notes["note"]
    git(root, "init", "--quiet", "--initial-branch=main")
    write(
        root,
        "decisions/D-cc0001-x.md",
        f"id: D-cc0001\ntitle: Does Acme pay?\ndue: 2026-11-20\nevidence: [{one}, 2026-11-01-gone#00000000]\n",
    )
    write(
        root,
        "bets/B-bb0001-x.md",
        "id: B-bb0001\ntitle: Lists\nstatus: active\nreview: 2026-11-20\nstarted: 2026-11-05\ntier: 1\n",
    )
    write(root, "hypotheses/H-aa0001-x.md", "id: H-aa0001\nstatus: draft\nchange: mend it\n")
    commit_on(root, "2026-11-12", "first")
    write(
        root,
        "decisions/D-cc0001-x.md",
        f"id: D-cc0001\ntitle: Who pays?\nstatus: decided\ndate: 2026-11-18\nchosen: Nobody\nevidence: [{one}, {two}]\n",
    )
    write(
        root,
        "bets/B-bb0001-x.md",
        "id: B-bb0001\ntitle: Lists\nstatus: active\nreview: 2027-01-20\nstarted: 2026-11-05\ntier: 2\n",
    )
    write(root, "bets/B-bb0002-x.md", "id: B-bb0002\ntitle: New\nstatus: planned\n")
    write(root, "hypotheses/H-aa0001-x.md", "id: H-aa0001\nstatus: ready\nchange: mend it\n")
    commit_on(root, "2026-11-18", "second")
    study = read_study(root)
    known = known_on(study, "2026-11-15")
    (decided,) = known.decisions
    assert (decided.status, decided.due, decided.evidence, decided.chosen) == ("proposed", "2026-11-20", (one,), "")
    assert decided.title == "Who pays?", "words are as of today"
    assert [(bet.id, bet.review, bet.tier) for bet in known.bets] == [("B-bb0001", "2026-11-20", "1")]
    assert known.hypotheses[0].status == "draft"
    assert find_undated(study, "2026-11-15") == []
    assert [bet.id for bet in known_on(study, "2026-11-11").bets] == ["B-bb0001", "B-bb0002"], "git had nothing by then"


def test_what_git_had_not_got_yet_goes_by_its_days(make_workspace):
    root = make_workspace({"2026-11-10-acme.md": call("Acme", "2026-11-10", "one")}, "customers: {}\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    write(root, "bets/B-bb0001-x.md", "id: B-bb0001\nstatus: planned\nmade: 2026-11-10\nreview: 2026-11-20\n")
    commit_on(root, "2026-11-12", "first")
    write(
        root,
        "bets/B-bb0001-x.md",
        "id: B-bb0001\nstatus: active\nmade: 2026-11-10\nstarted: 2026-11-14\nreview: 2026-12-20\n",
    )
    commit_on(root, "2026-11-18", "second")
    (bet,) = known_on(read_study(root), "2026-11-15").bets
    assert (bet.status, bet.started, bet.review) == ("active", "2026-11-14", "2026-12-20")


def test_a_record_of_then_is_cited_where_it_stands_today(now):
    study = known_on(read_study(now), DAY)
    (proposed,) = [one for one in study.decisions if one.id == "D-cc0001"]
    text = (now / proposed.file).read_text("utf-8").splitlines()
    assert text[proposed.lines["due"] - 1] == "due: 2026-11-25"
    assert re.search("chosen: Stop", "\n".join(text)), "the file itself is as it was"
