"""Decisions: proposed, decided once, replaced and never rewritten; what stands behind them, and what is due."""

import csv
import io
import json
import re
import sys

import openpyxl
import pytest
from decisions import decision, make_study

import workbench as wb
from workbench.checks import check
from workbench.cli import main
from workbench.deciding import decide, find_decision
from workbench.errors import InputError
from workbench.records import seal_decision
from workbench.report.decision_table import DECISION_COLUMNS
from workbench.rituals import Moment
from workbench.rituals.decisions import count_behind, find_due, find_upcoming, list_decisions, offer_decision
from workbench.themes import find_themes

TODAY = "2026-11-20"


@pytest.fixture
def root(tmp_path):
    make_study(tmp_path)
    return tmp_path


@pytest.fixture
def notes(root):
    return wb.read_notes(root)["note"].tolist()


@pytest.fixture
def run(root, capsys):
    def run(*words):
        capsys.readouterr()
        code = main([*words, "-w", str(root)])
        return (code, *capsys.readouterr())

    return run


def read(root, id="D-"):
    return find_decision(wb.read_study(root), id)


WHOLE = {"why": "Nobody asked twice", "owner": "Ines", "date": TODAY, "review": "2027-01-15"}


def test_a_decision_is_made_with_what_stood_behind_it_on_its_day(root, notes):
    wb.create_record(root, "hypothesis", id="H-a1", evidence=notes[1:3])
    decide(root, title="Reader?", options=["Reader", "Do nothing"], evidence=notes[:2], hypotheses=["H-a1"])
    assert (read(root).status, read(root).customers, read(root).agreed) == ("proposed", None, "")
    saved = decide(root, "D-", chosen="2", **{**WHOLE, "date": "2026-11-11"})
    made = read(root)
    assert (made.status, made.chosen, made.why, made.review) == ("decided", "Do nothing", "Nobody asked twice", "2027-01-15")  # fmt: skip
    # Calls of the 10th and 11th; the hypothesis' third is of the day after.
    assert made.customers == (2, 2)
    assert made.agreed == seal_decision(made)
    assert saved.said == f"Decided: {made.file}"
    assert check(root, today=TODAY).ok


@pytest.mark.parametrize(("missing", "said"), [
    ({"why": ""}, r"still to be said is why \(why\)"),
    ({"owner": "", "review": ""}, r"who decided \(owner\), when it is looked at again \(review\)"),
    ({"review": TODAY}, "give a later day"),
    ({"review": "soon"}, "'soon' is no day"),
    ({"chosen": "Rader"}, "none of the options; choose one by its number or its words: 1 Reader; 2 Do nothing"),
    ({"chosen": "3"}, "none of the options"),
    ({"options": ["Reader"], "chosen": "Reader"}, "with one option there is nothing to decide"),
    ({"title": ""}, "a decision needs its question"),
])  # fmt: skip
def test_what_could_not_be_added_later_is_asked_for_before(root, missing, said):
    given = {"title": "Reader?", "options": ["Reader", "Do nothing"], "chosen": "reader.", **WHOLE}
    with pytest.raises(InputError, match=said):
        decide(root, **{**given, **missing})
    assert list((root / "discovery" / "decisions").iterdir()) == []


def test_what_was_decided_stays_and_another_takes_its_place(root):
    decide(root, title="Reader?", options=["Reader", "Wait"], chosen="Wait", **WHOLE)
    old = read(root)
    before = (root / old.file).read_bytes()
    for given in ({"why": "I never said so"}, {"chosen": "Reader"}, {"options": ["Reader", "Wait", "Both"]}, {}):
        with pytest.raises(
            InputError, match=f"{old.id} was decided on {TODAY}; it stays as it is,.*--supersedes {old.id}"
        ):
            decide(root, old.id, **given)
    assert (root / old.file).read_bytes() == before
    decide(root, old.id, reviewed="2026-12-01", review="2027-03-01")
    assert read(root, old.id).agreed == seal_decision(read(root, old.id))

    given = WHOLE | {"date": "2026-12-02"}
    decide(root, supersedes=old.id, options=["Reader", "Wait"], chosen="Reader", **given)
    new = next(one for one in wb.read_study(root).decisions if one.id != old.id)
    assert (new.supersedes, new.title, read(root, old.id).status) == (old.id, "Reader?", "superseded")
    with pytest.raises(InputError, match="is superseded, so that there is nothing to take the place of"):
        decide(root, supersedes=old.id, options=["Reader", "Wait"], chosen="Wait", **given)
    assert check(root, today="2026-12-03").ok


@pytest.mark.parametrize(("chosen", "is_"), [("2", "2"), ("3", "2"), ("0", "0"), ("01", "0")])
def test_an_option_that_is_a_number_is_chosen_by_its_words_first(root, chosen, is_):
    decide(root, title="How many designers?", options=["0", "1", "2"], chosen=chosen, **WHOLE)
    assert read(root).chosen == is_


@pytest.mark.parametrize("given_up", [False, True])
def test_what_is_only_proposed_has_taken_no_place(root, run, given_up):
    wb.create_record(root, "hypothesis", id="H-a1", status="ready", made="2026-11-01", change="show rows")
    decide(root, title="Reader?", options=["Reader", "Wait"], chosen="Wait", hypotheses=["H-a1"], **WHOLE | {"date": "2026-11-11"})  # fmt: skip
    wb.create_record(root, "week", week="2026-W46", backlog=["H-a1"])
    old = read(root)
    new = decide(root, supersedes=old.id, date="2026-11-18")
    if given_up:
        decide(root, new.name[:8], drop=True)
    assert set(list_decisions(wb.read_study(root), TODAY)["superseded_by"]) == {""}
    report = wb.open_week(root, "2026-W47", today=TODAY)
    cards = report.decision_log.payload["data"]["log"]
    assert {one["superseded_by"] for one in cards} == {""}
    assert [one["told"] for one in report.backlog.payload["data"]["work"]] == [[]]
    listed = run("decisions", "--today", TODAY)[1]
    assert "superseded by" not in listed and f"would take the place of {old.id}" in listed
    if not given_up:
        decide(root, new.name[:8], options=["Reader", "Wait"], chosen="Reader", **WHOLE)
        report = wb.open_week(root, "2026-W47", today=TODAY)
        assert report.backlog.payload["data"]["work"][0]["told"] == [f"{new.name[:8]} has taken the place of {old.id}"]


def test_when_the_old_one_cannot_be_marked_the_new_one_stands_and_it_is_said(root, monkeypatch):
    decide(root, title="Reader?", options=["Reader", "Wait"], chosen="Wait", **WHOLE)
    old = read(root)
    from workbench import deciding

    def refuse(root, file, change):
        raise InputError("the disk is full")

    monkeypatch.setattr(deciding, "change_record", refuse)
    with pytest.raises(InputError, match=r"is decided, and .* could not be marked: the disk is full; set its  status"):
        decide(root, supersedes=old.id, options=["Reader", "Wait"], chosen="Reader", **WHOLE)
    monkeypatch.undo()
    assert [one.status for one in wb.read_study(root).decisions] == ["decided", "decided"]
    found = [one.rule for one in check(root, today=TODAY).violations]
    assert "superseded-without-successor" in found


def test_what_was_decided_meanwhile_is_not_written_over(root, monkeypatch):
    decide(root, title="Reader?", options=["Reader", "Wait"])
    from workbench import deciding

    stale = wb.read_study(root)
    decide(root, "D-", chosen="Wait", **WHOLE)
    monkeypatch.setattr(deciding, "read_study", lambda root: stale)
    with pytest.raises(InputError, match="is decided since a moment ago"):
        decide(root, "D-", chosen="Reader", **WHOLE)
    assert read(root).chosen == "Wait"


def meanwhile(root, monkeypatch, save):
    """Somebody else saves between what is read and what is written."""
    from workbench import deciding

    stale = wb.read_study(root)
    save()
    monkeypatch.setattr(deciding, "read_study", lambda root: stale)


def test_what_is_sealed_is_what_stands_in_the_file_when_it_is_decided(root, notes, monkeypatch):
    decide(root, title="Reader?", options=["Reader", "Wait"])
    meanwhile(root, monkeypatch, lambda: wb.update_record(root, "D-", options=["Reader, slowly", "Wait"], evidence=notes[:2]))  # fmt: skip
    with pytest.raises(InputError, match=r"“Reader” is none of the options.*1 Reader, slowly; 2 Wait"):
        decide(root, "D-", chosen="Reader", **WHOLE)
    decide(root, "D-", chosen="1", **WHOLE)
    made = read(root)
    assert (made.chosen, made.customers) == ("Reader, slowly", (2, 4))
    assert made.agreed == seal_decision(made)


def test_items_are_added_to_those_of_everybody(root, run, monkeypatch):
    decide(root, title="Reader?", options=["Reader"], stances=["Priya Nair: for, 2026-11-18"])
    meanwhile(root, monkeypatch, lambda: decide(root, "D-", options=["Wait"], stances=["Omar"]))
    run("decide", "D-", "--stance", "Lena: against", "--stance", "Omar", "--risk", "Late: Omar")
    made = read(root)
    assert made.options == ("Reader", "Wait")
    assert made.stances == (("Priya Nair", "for, 2026-11-18"), ("Omar", ""), ("Lena", "against"))
    assert made.risks == ("Late: Omar",)


@pytest.mark.parametrize(
    "old, new",
    [("Now", "Later"), ("Wait", "Reader"), ("Ines", "Omar"), ("2026-11-20", "2026-11-19"), ("0 of 4", "3 of 4")],
)
def test_a_decision_that_was_rewritten_is_said(root, old, new):
    decide(root, title="Now", options=["Reader", "Wait"], chosen="Wait", **WHOLE)
    file = root / read(root).file
    assert "decision-rewritten" not in {one.rule for one in check(root, today=TODAY).violations}
    file.write_text(re.sub(rf"(?m)^((?!made)\w+: ){old}$", rf"\g<1>{new}", file.read_text("utf-8"), count=1), "utf-8")
    assert "decision-rewritten" in {one.rule for one in check(root, today=TODAY).violations}


def test_who_stands_behind_a_decision_counts_once_and_only_who_counts(root, notes):
    (root / "discovery" / "customers.yaml").write_text("customers:\n  Birch Studio:\n    consent: none\n")
    wb.create_record(root, "hypothesis", id="H-a1", evidence=[notes[0], notes[2]], against=[notes[3]])
    decision(root, "D-a1", title="x", evidence=[*notes[:2], "gone#00000000"], hypotheses=["H-a1", "H-none"])
    study = wb.read_study(root)
    behind = count_behind(study, study.decisions[0])
    assert (behind.notes, behind.n, behind.of) == ((notes[0], notes[2]), 2, 3)
    assert behind.gone == (notes[1], "gone#00000000")
    assert count_behind(study, study.decisions[0], "against").notes == (notes[3],)


def test_what_is_due_comes_in_the_order_of_its_days(root):
    decision(root, "D-a1", title="late", due="2026-11-18")
    decision(root, "D-a2", title="soon", due="2026-11-27")
    decision(root, "D-a3", title="later", due="2026-11-28")
    decision(root, "D-a4", title="no day")
    decision(root, "D-a5", title="look", status="decided", date="2026-10-01", review="2026-11-19")
    decision(
        root, "D-a6", title="looked", status="decided", date="2026-10-01", review="2026-11-19", reviewed="2026-11-19"
    )
    study = wb.read_study(root)
    due = [(one.decision.id, one.why, one.overdue) for one in find_due(study, TODAY)]
    assert due == [("D-a1", "decide", True), ("D-a5", "review", True), ("D-a2", "decide", False), ("D-a4", "decide", False)]  # fmt: skip
    assert find_upcoming(study).id == "D-a1"
    log = list_decisions(study, TODAY)
    assert log["decision"].tolist() == ["D-a1", "D-a2", "D-a3", "D-a4", "D-a5", "D-a6"]
    assert log.loc[log["overdue"], "decision"].tolist() == ["D-a1", "D-a5"]


def test_what_could_be_written_is_offered_and_nothing_that_stands_there(root, notes):
    wb.create_record(root, "bet", id="B-a1", title="Lists", owner="Omar", status="active")
    wb.create_record(
        root, "hypothesis", id="H-a1", status="ready", owner="Lena", change="show rows", evidence=notes[:2],
        against=notes[3:], risks=["No row ids: Omar, 2026-12-04"], guardrails=["Errors: at most 2"],
    )  # fmt: skip
    decision(root, "D-a1", title="x", hypotheses=["H-a1"], evidence=[notes[0]], owner="Ines")
    study = wb.read_study(root)
    themes = find_themes(study.notes, study.ledger)
    offers = [(one.field, one.text) for one in offer_decision(study, themes, study.hypotheses, Moment("2026-W47", TODAY, record="D-a1"))]  # fmt: skip
    assert offers == [
        ("options", "Do nothing"), ("bet", "B-a1"), ("evidence", notes[1]), ("against", notes[3]),
        ("risks", "No row ids: Omar, 2026-12-04"), ("risks", "Errors: at most 2"),
        ("consulted", "Lena"), ("consulted", "Omar"), ("review", "2027-01-15"),
    ]  # fmt: skip
    new = {one.field for one in offer_decision(study, themes, study.hypotheses, Moment("2026-W47", TODAY))}
    assert new == {"options", "hypotheses", "bet", "review"}
    decide(root, "D-a1", options=["A", "Leave it"], chosen="A", **WHOLE)
    study = wb.read_study(root)
    assert offer_decision(study, themes, study.hypotheses, Moment("2026-W47", TODAY, record="D-a1")) == []


# The commands


def test_a_decision_from_question_to_choice_on_the_command_line(run, root, notes):
    code, out, err = run("decide", "--title", "Reader?", "--option", "Reader", "--evidence", notes[0])
    assert (code, out.startswith("Proposed: discovery/decisions/D-")) == (0, True)
    assert "Still open: --ask, --owner, --due, --option, --risk, --stance; add" in err
    assert "No option reads like doing nothing" in err
    run("decide", "D-", "--option", "Do nothing", "--stance", "Priya Nair: for, 2026-11-18", "--stance", "Omar")
    run("decide", "D-", "--stance", "Omar", "--stance", "Lena: against")
    assert read(root).options == ("Reader", "Do nothing")
    assert [": ".join(filter(None, pair)) for pair in read(root).stances] == ["Priya Nair: for, 2026-11-18", "Omar", "Lena: against"]  # fmt: skip
    code, out, err = run("decide", "D-", "--chosen", "1", "--why", "Short", "--owner", "Ines", "--review", "2027-01-15", "--date", TODAY)  # fmt: skip
    assert (code, out.split(":")[0], read(root).customers) == (0, "Decided", (1, 4))
    code, out, err = run("decide", "D-", "--chosen", "2")
    assert code == 1
    assert "stays as it is" in err
    assert run("decide", "D-zz", "--owner", "Ines")[2].startswith("workbench: no decision “D-zz”; there are D-")


def test_a_decision_is_of_the_day_that_one_gives_and_a_proposal_of_none(run, root):
    run("decide", "--title", "Reader?", "--option", "Reader", "--option", "Do nothing", "--today", "2026-11-19")
    assert read(root).date is None
    assert "“Friday” is no day" in run("decide", "D-", "--owner", "Ines", "--today", "Friday")[2]
    made = ("--chosen", "1", "--why", "Short", "--owner", "Ines", "--review", "2027-01-15", "--today", "2026-11-20")
    assert run("decide", "D-", *made)[0] == 0
    assert read(root).date == "2026-11-20"


def test_the_days_of_a_question_are_written_by_themselves(run, root):
    """When it was put, decided and given up: what a look back knows then from what it does not."""
    options = ("--option", "Reader", "--option", "Do nothing")
    run("decide", "--title", "Reader?", *options, "--today", "2026-11-19")
    assert (read(root).made, read(root).date) == ("2026-11-19", None)
    run("decide", "D-", "--drop", "--today", "2026-11-21")
    assert (read(root).status, read(root).made, read(root).date) == ("dropped", "2026-11-19", "2026-11-21")
    run("decide", "--title", "Paper?", *options, "--chosen", "1", "--why", "Short", "--owner", "Ines", "--review", "2027-01-15", "--date", "2026-11-12", "--today", "2026-11-20")  # fmt: skip
    (at_once,) = [one for one in wb.read_study(root).decisions if one.title == "Paper?"]
    assert (at_once.made, at_once.date) == ("2026-11-12", "2026-11-12"), (
        "it was put on the day of its decision at the latest"
    )


@pytest.mark.parametrize("kind", ["bet", "decision", "hypothesis"])
def test_a_new_record_says_on_which_day_it_was_written(root, kind, monkeypatch):
    monkeypatch.setenv("WORKBENCH_TODAY", "2026-11-18")
    file = wb.create_record(root, kind, **({"change": "x"} if kind == "hypothesis" else {"title": "x"}))
    assert "made: 2026-11-18\n" in file.read_text("utf-8")


def test_three_weeks_of_a_decision_read_on_the_command_line(run, root):
    """Decided, looked at again, another in its place, which is given up: what each says and asks next."""
    whole = ("--option", "Mend it", "--option", "Do nothing", "--owner", "Ines")
    run("decide", "--title", "Mend it first?", *whole, "--chosen", "1", "--why", "Two say so", "--review", "2026-11-13", "--today", "2026-11-05")  # fmt: skip
    old = read(root).id
    _, _, err = run("decide", old, "--reviewed", "2026-11-16")
    assert f"When is it looked at next? Write the day:  workbench decide {old} --review" in err
    listed = run("decisions", "--today", "2026-11-16")[1]
    assert "0 of 4 customers behind it; looked at again on 2026-11-16; look again (no day yet)" in listed  # fmt: skip
    assert "When is it" not in run("decide", old, "--review", "2026-12-11")[2]
    assert "looked at again on 2026-11-16; look again 2026-12-11" in run("decisions", "--today", "2026-11-16")[1]
    code, out, _ = run("decide", "--supersedes", old, "--today", "2026-11-18")
    assert (code, out.split(":")[0]) == (0, "Proposed")
    new = next(one.id for one in wb.read_study(root).decisions if one.supersedes)
    run("decide", new, *whole, "--chosen", "2", "--why", "It works", "--review", "2027-01-15", "--today", "2026-11-19")
    assert "0 of 4 customers behind it now, 0 when it was decided" in run("decisions", "--today", "2026-11-19")[1]
    err = run("decide", old, "--reviewed", "2026-11-20")[2]
    assert f"{old} was decided on 2026-11-05, and {new} has taken its place since; it stays as it is" in err
    assert f"workbench decide --supersedes {new}" in err
    assert f"name {new}, which took its place" in run("decide", "--supersedes", old, "--title", "x")[2]
    run("decide", "--supersedes", new, "--today", "2026-11-20")
    third = next(one.id for one in wb.read_study(root).decisions if one.supersedes == new)
    run("decide", third, "--drop", "--today", "2026-11-21")
    assert "given up on 2026-11-21" in run("decisions", "--status", "dropped", "--today", "2026-11-21")[1]
    assert f"{third} was given up on 2026-11-21; it stays as it is" in run("decide", third, "--drop")[2]


def test_a_proposal_can_be_given_up(run, root):
    run("decide", "--title", "Reader?")
    assert run("decide", "D-", "--drop")[0] == 0
    assert read(root).status == "dropped"
    assert "name the decision to give up" in run("decide", "--drop")[2]


class Typing(io.StringIO):
    """A terminal at which somebody types; after the last line they press Ctrl+C."""

    def isatty(self):
        return True

    def readline(self, *size):
        if line := super().readline(*size):
            return line
        raise KeyboardInterrupt


def test_without_options_it_asks_for_each_in_turn(run, root, monkeypatch):
    said = [
        "Reader?",
        "Reader",
        "Do nothing",
        "",
        "Two weeks",
        "Ines",
        "both",
        "2",
        "Nobody asked",
        "soon",
        "2027-01-15",
    ]
    monkeypatch.setattr(sys, "stdin", Typing("".join(f"{line}\n" for line in said)))
    code, out, err = run("decide")
    assert code == 0, err
    made = read(root)
    assert (made.title, made.chosen, made.ask, made.why, made.review) == ("Reader?", "Do nothing", "Two weeks", "Nobody asked", "2027-01-15")  # fmt: skip
    assert "There is no “both” among them" in err
    assert "“soon” is no day" in err


def test_whoever_stops_gets_back_what_they_typed_and_nothing_is_written(run, root, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Typing("Is it “done”?\nBuild it\n"))
    code, out, err = run("decide")
    assert code == 1
    assert "workbench decide --title 'Is it “done”?' --option 'Build it'" in err
    assert wb.read_study(root).decisions == []


def test_what_was_typed_is_given_back_when_it_cannot_be_written(run, root, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Typing("Reader?\nReader\nWait\n\n\n\n1\nShort\n\n"))
    code, out, err = run("decide")
    assert code == 1
    assert "workbench decide --title 'Reader?' --option Reader --option Wait --chosen Reader --why Short" in err
    assert "who decided (owner)" in err


def test_where_nobody_can_be_asked_it_says_what_to_give(run):
    assert "decide what? Give it in options" in run("decide")[2]


def test_the_log_lists_and_chooses(run, root):
    assert "No decision yet" in run("decisions")[2]
    decision(root, "D-a1", title="Reader?", owner="Ines", due="2026-11-18")
    decision(root, "D-a2", title="Import?", owner="Omar", status="decided", date="2026-10-01", review="2027-01-01", options=["Wait", "Go"], chosen="Go")  # fmt: skip
    decision(root, "D-a3", title="Old?", owner="Omar", status="superseded", date="2026-09-01")

    def listed(*words):
        code, out, _ = run("decisions", "--today", TODAY, *words)
        assert code == 0
        return re.findall(r"^(D-\w+)", out, re.MULTILINE)

    assert listed() == ["D-a1", "D-a2", "D-a3"]
    assert listed("--status", "decided") == ["D-a2"]
    assert listed("--owner", "omar") == ["D-a2", "D-a3"]
    assert listed("--since", "2026-10-01") == ["D-a1", "D-a2"]
    assert listed("--due") == ["D-a1"]
    assert listed("--about", "import go") == ["D-a2"]
    assert listed("--about", "nothing such") == []
    assert "D-a1 (proposed) Reader?  OVERDUE" in run("decisions", "--today", TODAY)[1]
    rows = json.loads(run("decisions", "--format", "json", "--today", TODAY)[1])
    assert [row["overdue"] for row in rows] == [True, False, False]
    assert "write it as year, month, day" in run("decisions", "--since", "October")[2]


def test_the_log_leaves_as_a_table_without_names_and_formulas(run, root, tmp_path):
    decision(root, "D-a1", title="=1+1", why="Alder Foods said so, jo@alder.example", owner="Ines", options=["A", "@B"], chosen="A", customers="1 of 4", status="decided", date=TODAY)  # fmt: skip
    file = tmp_path / "log.csv"
    code, out, err = run("decisions", "-o", str(file), "--today", TODAY)
    assert (code, out.strip()) == (0, str(file)), err
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert list(rows[0]) == list(DECISION_COLUMNS)
    assert rows[0]["question"] == "'=1+1"
    assert re.fullmatch(r"P-\w{4} said so, \[e-mail\]", rows[0]["why"])
    assert (rows[0]["then"], rows[0]["now"], rows[0]["of"]) == ("1", "0", "4")
    book = file.with_suffix(".xlsx")
    assert run("decisions", "-o", str(book), "--today", TODAY)[0] == 0
    sheet = openpyxl.load_workbook(book)["Decisions"]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")
    first = book.read_bytes()
    run("decisions", "-o", str(book), "--today", TODAY)
    assert book.read_bytes() == first
    assert "name a file such as decisions.xlsx" in run("decisions", "-o", str(tmp_path / "log.doc"))[2]
    run("decisions", "-o", str(tmp_path / "alder-foods.csv"))
    assert not (tmp_path / "alder-foods.csv").exists()


def test_a_file_of_the_log_is_of_the_newest_record_and_of_no_clock(run, root, tmp_path):
    decision(root, "D-a1", title="Go?", owner="Ines", options=["A", "B"], chosen="A", status="decided", date="2026-11-20", review="2026-11-21")  # fmt: skip
    overdue = {}
    for words in ((), ("--today", "2026-11-22")):
        run("decisions", "-o", str(tmp_path / "log.csv"), *words)
        text = (tmp_path / "log.csv").read_text("utf-8-sig")
        overdue[words] = [row["overdue"] for row in csv.DictReader(io.StringIO(text))]
    assert list(overdue.values()) == [[""], ["yes"]]


def test_two_files_of_one_id_are_named_and_the_log_has_the_first(run, root, notes, tmp_path):
    file = decision(root, "D-a1", title="Reader?", evidence=notes[:2])
    copy = file.with_name("D-a1-zz-copy.md")
    copy.write_text(file.read_text("utf-8").replace("Reader?", "Template?").replace(f", {notes[1]}", ""), "utf-8")
    said = "2 files have the id D-a1: discovery/decisions/D-a1-reader.md, discovery/decisions/D-a1-zz-copy.md; give all but one of them another id"
    for words in (("decide", "D-a1", "--drop"), ("one-pager", "D-a"), ("decide", "D-a1", "--due", "2026-12-01")):
        assert said in run(*words)[2]
    assert list_decisions(wb.read_study(root), TODAY)["file"].tolist() == ["discovery/decisions/D-a1-reader.md"]
    page = tmp_path / "log.html"
    assert run("decisions", "-o", str(page))[0] == 0
    assert "Template?" not in page.read_text("utf-8")
    code, out, err = run("verify", str(page))
    assert code == 0, out + err
    report = wb.open_week(root, "2026-W47", today=TODAY)
    assert [one["question"] for one in report.decisions.payload["data"]["needed"]] == ["Reader?"]
    assert "duplicate-id" in {one.rule for one in check(root, today=TODAY).violations}


def test_withheld_words_in_a_decision_leave_in_no_form(tmp_path, capsys):
    make_study(tmp_path, consent="aggregate")
    decision(tmp_path, "D-a1", title="Why do we lose rows in the import?", why="They said: the import drops rows without a word", options=["A", "B"])  # fmt: skip
    for form in ("csv", "xlsx", "html", "md"):
        target = tmp_path / f"log.{form}"
        assert main(["decisions", "-w", str(tmp_path), "-o", str(target)]) == 1
        assert "discovery/decisions/D-a1" in capsys.readouterr().err
        assert not target.exists()
    assert main(["one-pager", "-w", str(tmp_path)]) == 1
    assert not (tmp_path / "reports").exists()
