"""Where a week stands: `workbench week`, on one screen, in an empty workspace, a small one and after a year."""

import json
import re

import pytest
from year import make_year

import workbench as wb
from workbench.cli import main
from workbench.open_week import open_week
from workbench.report.record_cards import describe_decisions
from workbench.rituals import Moment
from workbench.rituals.capacity import find_commitment, measure_capacity
from workbench.rituals.focus import offer_focus
from workbench.rituals.readout import find_readout, offer_readout
from workbench.rituals.reviews import due_reviews, needed_decisions
from workbench.rituals.standing import stand, what_next
from workbench.rituals.touchpoints import find_touchpoints, suggest_touchpoints
from workbench.study import read_study
from workbench.themes import find_themes

NOTE = "---\ncustomer: {}\ndate: {}\nkind: {}\n---\n- ! The import loses rows\n"


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    return make_year(tmp_path_factory.mktemp("year"))


@pytest.fixture
def small(make_workspace):
    """Three customers called in the week, one of them twice, and one the week before."""
    calls = [("Acme", "2026-11-16", "sales"), ("Acme", "2026-11-19", "support"), ("Bolt Ltd", "2026-11-22", "discovery"),
             ("Core", "2026-11-15", "discovery"), ("Garrand", "2026-11-17", "discovery")]  # fmt: skip
    registry = """customers:
  Acme: {segment: field}
  Bolt: {segment: field, aliases: [Bolt Ltd]}
  Dorn: {segment: services}
  Garrand: {excluded: too large}
"""
    return make_workspace({f"{d}-{c[:4].lower()}.md": NOTE.format(c, d, k) for c, d, k in calls}, registry)


def write(root, name, text):
    file = root / "discovery" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{text}---\n", "utf-8")


def said(capsys, *words):
    code = main(["week", *map(str, words)])
    out = capsys.readouterr()
    return code, out.out, out.err


def row(text, what):
    return next(line for line in text.split("\n") if re.search(rf"[✓–!] {what} ", line))


def test_an_empty_workspace_is_told_what_to_do_first(make_workspace, capsys):
    code, out, _ = said(capsys, "-w", make_workspace({}))
    assert code == 0
    assert "Nothing is here yet" in out
    assert "discovery/quarter.md" in out and "monday-focus.ipynb" in out


def test_what_is_written_already_is_not_asked_for(make_workspace, capsys):
    folder = make_workspace({})
    write(folder, "quarter.md", "outcome: New teams send an invoice in their first week\n")
    _, out, _ = said(capsys, "-w", folder)
    assert "Nothing is here" not in out and "discovery/quarter.md" not in out
    assert "monday-focus.ipynb" in out


def test_a_week_is_one_screen(year, capsys):
    _, out, _ = said(capsys, "-w", year, "2026-W47", "--today", "2026-11-18")
    lines = out.rstrip("\n").split("\n")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    assert lines[0] == "2026-W47, 16 to 22 November 2026, seen on Wednesday, 18 November 2026"
    assert [line.split()[0] for line in lines if line[:1].isalpha()] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Any", "Next",
    ]  # fmt: skip


def test_what_is_not_done_is_late_once_its_day_is_over(year, capsys):
    for day, mark in (("2026-11-19", "–"), ("2026-11-20", "!")):
        _, out, _ = said(capsys, "-w", year, "2026-W47", "--today", day)
        assert f"{mark} enablement" in row(out, "enablement")
    _, out, _ = said(capsys, "-w", year, "2026-W46", "--today", "2026-11-18")
    assert "✓ enablement     4 of 4" in out
    assert "✓ readout        5 of 5" in out


def test_todays_week_is_the_one_of_the_day_that_is_given(small, capsys):
    _, out, _ = said(capsys, "-w", small, "--today", "2026-11-11")
    assert out.startswith("2026-W46, ")
    code, _, err = said(capsys, "-w", small, "--today", "Friday")
    assert (code, "“Friday” is no day" in err) == (1, True)
    code, _, err = said(capsys, "-w", small, "W46", "--today", "2026-11-11")
    assert (code, "write it as year and week, such as 2026-W47" in err) == (1, True)


def test_the_same_as_data(small, capsys):
    _, out, _ = said(capsys, "-w", small, "2026-W47", "--today", "2026-11-18", "--format", "json")
    told = json.loads(out)
    assert (told["week"], told["today"]) == ("2026-W47", "2026-11-18")
    assert [one["day"] for one in told["standing"]].count("Monday") >= 4
    assert {one["mark"] for one in told["standing"]} <= {"done", "open", "late"}


def test_who_is_only_in_a_table_was_not_talked_to(small):
    (small / "interviews" / "tickets.csv").write_text(
        "customer,date,text\nAcme,2026-11-17,Slow\nEdda,2026-11-17,Slow\nEdda,2026-11-18,Slower\n"
    )
    study, moment = read_study(small), Moment("2026-W47", "2026-11-22")
    assert "Edda" in set(study.calls["customer"]) and "Edda" not in [
        one.customer for one in find_touchpoints(study, moment).met
    ]
    suggested = suggest_touchpoints(study, find_themes(study.notes), [], moment, most=99)
    assert [one.why for one in suggested if one.customer == "Edda"] == ["no call with a note yet"]


def test_touchpoints_count_different_customers_and_say_who_is_left(small):
    write(small, "weeks/2026-W47.md", "touchpoints: [bolt ltd, 'Dorn: prices', Garrand, Nobody & Sons, none]\n")
    found = find_touchpoints(read_study(small), Moment("2026-W47", "2026-11-22"))
    assert [(one.customer, one.kinds, one.planned) for one in found.met] == [
        ("Acme", ("sales", "support"), False),
        ("Bolt", ("discovery",), True),
    ]
    assert str(found) == "2 of 3–5"
    assert found.left == ("Dorn",)
    assert [one.why for one in found.not_counted] == ["too large"]
    assert found.unknown == ("Nobody & Sons",)


def test_a_week_knows_nothing_of_the_days_after_the_one_on_which_one_looks(small):
    write(small, "decisions/D-a10001-x.md", "title: Go?\nstatus: decided\ndate: 2026-11-17\nreview: 2026-11-20\n")
    study = read_study(small)
    themes, monday = find_themes(study.notes), Moment("2026-W47", "2026-11-16")
    assert [(one.customer, one.calls) for one in find_touchpoints(study, monday).met] == [
        ("Acme", ("2026-11-16-acme",))
    ]
    sunday = Moment("2026-W46", "2026-11-14")
    assert [one.last for one in suggest_touchpoints(study, themes, [], sunday)] == [""], "Core was called a day later"
    said = {one.what: one.said for one in stand(study, themes, [], monday)}
    assert (said["calls"], said["reviews"]) == ("1 call with 1 customer, 1 note", "none due this week")
    assert len(find_touchpoints(study, Moment("2026-W47", "2026-11-18")).met) == 1, "Acme again on the 19th"
    assert len(due_reviews(study, Moment("2026-W47", "2026-11-17"))) == 1


def test_who_is_planned_and_not_known_is_asked_for(make_workspace, capsys):
    folder = make_workspace({})
    write(folder, "weeks/2026-W47.md", "touchpoints: [Acme]\n")
    _, out, _ = said(capsys, "-w", folder, "--today", "2026-11-16")
    assert "discovery/customers.yaml who is planned and not known: Acme" in out


def test_who_is_suggested_was_not_called_and_is_not_planned(small):
    study = read_study(small)
    moment = Moment("2026-W47", "2026-11-22")
    themes = find_themes(study.notes)
    assert [(one.customer, one.why) for one in suggest_touchpoints(study, themes, [], moment)] == [
        ("Dorn", "no call with a note yet"),
        ("Core", "last called on 2026-11-15"),
    ]
    write(small, "weeks/2026-W47.md", "touchpoints: [Dorn]\n")
    assert [one.customer for one in suggest_touchpoints(read_study(small), themes, [], moment)] == ["Core"]


def test_reviews_are_due_by_sunday_and_overdue_by_their_day(small):
    write(small, "quarter.md", "quarter: 2026-Q4\nreview: 2026-11-22\n")
    write(small, "bets/B-a10001-x.md", "title: Lists\nstatus: active\nowner: Ines\nreview: 2026-11-16\n")
    write(small, "bets/B-a10002-x.md", "title: Done\nstatus: done\nreview: 2026-11-16\n")
    write(small, "bets/B-a10003-x.md", "title: Later\nstatus: active\nreview: 2026-11-23\n")
    write(small, "decisions/D-a10001-x.md", "title: Go?\nstatus: decided\nreview: 2026-11-01\nreviewed: 2026-11-02\n")
    write(small, "decisions/D-a10002-x.md", "title: On?\nstatus: decided\nreview: 2026-11-01\nreviewed: 2026-10-02\n")
    due = due_reviews(read_study(small), Moment("2026-W47", "2026-11-17"))
    assert [(one.id, one.day, one.overdue) for one in due] == [
        ("D-a10002", "2026-11-01", True),
        ("B-a10001", "2026-11-16", True),
        ("", "2026-11-22", False),
    ]
    assert due[1].where == "discovery/bets/B-a10001-x.md:5"


def test_decisions_needed_are_those_proposed_and_what_the_last_readout_asked(small):
    write(small, "decisions/D-a10001-x.md", "title: Go?\nstatus: proposed\ndue: 2026-11-16\n")
    write(small, "weeks/2026-W45.md", "decisions_needed: [Who asks?]\n")
    write(small, "weeks/2026-W46.md", "decisions_needed: [Who pays?, none]\n")
    needed = needed_decisions(read_study(small), Moment("2026-W47", "2026-11-17"))
    assert [(one.text, one.overdue, one.week) for one in needed] == [
        ("Go?", True, ""),
        ("Who pays?", False, "2026-W46"),
    ]


def test_a_decision_that_has_a_record_is_asked_for_once_and_by_the_day_on_which_it_is_needed(small):
    write(small, "decisions/D-a10001-x.md", "title: Go?\nstatus: proposed\ndate: 2026-11-10\ndue: 2026-11-26\n")
    write(small, "decisions/D-a10002-x.md", "title: On?\nstatus: decided\ndate: 2026-11-12\n")
    write(small, "decisions/D-a10003-x.md", "title: Old?\nstatus: decided\ndate: 2026-10-12\n")
    asked = "[Go? (D-a10001), On? (D-a10002), Does it hold? (D-a10003), Who pays?, none]"
    write(small, "weeks/2026-W46.md", f"decisions_needed: {asked}\n")
    study = read_study(small)
    needed = needed_decisions(study, Moment("2026-W47", "2026-11-17"))
    assert [one.text for one in needed] == ["Go?", "Does it hold? (D-a10003)", "Who pays?"]
    told = describe_decisions(study, find_themes(study.notes), [])
    assert [(one["id"], one["date"]) for one in told["needed"]] == [("D-a10001", "2026-11-26")]
    assert told["asked"] == ["Does it hold? (D-a10003)", "Who pays?"]


def test_a_plan_is_compared_with_what_was_finished(small):
    for week, finished in (("2026-W44", 2), ("2026-W45", 4), ("2026-W46", 0)):
        done = [f"thing {i}" for i in range(finished)] or ["none"]
        write(small, f"weeks/{week}.md", f"planned: [a, b, c, d, e]\nfinished: {done}\n")
    write(small, "weeks/2026-W43.md", "planned: [a, b]\n")
    write(small, "weeks/2026-W47.md", "planned: [a, b, c, d, e]\n")
    capacity = measure_capacity(read_study(small), Moment("2026-W47", "2026-11-16"))
    assert (capacity.planned, capacity.usual, capacity.most, capacity.too_much) == (5, 2, 4, True)
    assert capacity.known == (2, 4, 0)
    assert [one.finished is None for one in capacity.before] == [True, False, False, False], (
        "what nobody wrote down is not nothing"
    )


def test_eight_planned_where_four_are_usual_is_too_much_though_a_week_once_finished_nine(small, capsys):
    for i, finished in enumerate((4, 3, 9, 4, 4)):
        done = [f"thing {n}" for n in range(finished)]
        write(small, f"weeks/2026-W4{i + 2}.md", f"planned: {done}\nfinished: {done}\n")
    for n, too_much in ((4, False), (5, True), (8, True)):
        write(small, "weeks/2026-W47.md", f"planned: {[f'plan {i}' for i in range(n)]}\n")
        assert measure_capacity(read_study(small), Moment("2026-W47", "2026-11-16")).too_much == too_much
    out = said(capsys, "-w", small, "2026-W47", "--today", "2026-11-16")[1]
    assert "8 planned; finished: usually 4 a week, 9 at most, in 5 weeks" in out
    report = open_week(small, "2026-W47", today="2026-11-16")
    html = report.capacity._repr_mimebundle_()["text/html"]
    assert "More than is usually finished." in html
    assert "Taken on: 8; finished: usually 4 a week, 9 at most, in 5 weeks" in str(report.plan.text)
    told = wb.check(small, today="2026-11-16").violations
    told = [one.what for one in told if one.rule == "planned-more-than-finished"]
    assert told == ["2026-W47 plans 8 things; finished: usually 4 a week, 9 at most, in 5 weeks"]


def two_by_two(small):
    """Three plans of two weeks each, and the first week of a fourth; the two weeks before were planned one by one."""
    for week, text in {
        "2026-W38": "planned: [a, b]\nfinished: [a, b]\n",
        "2026-W39": "planned: [c]\nfinished: [c]\n",
        "2026-W40": "cadence: 2 weeks\nplanned: [d, e, f]\nfinished: [d]\n",
        "2026-W41": "finished: [e]\n",
        "2026-W42": "cadence: 2 weeks\nplanned: [g, h, i, j]\nfinished: [g, h]\n",
        "2026-W43": "planned: [k]\nfinished: [i, j]\n",
        "2026-W44": "cadence: 2 weeks\nplanned: [l, m]\nfinished: [l, m]\n",
        "2026-W46": "cadence: 2 weeks\nplanned: [n, o, p, q, r]\nfinished: [n]\nchanged: [P.]\n",
    }.items():
        write(small, f"weeks/{week}.md", text)


def test_what_is_taken_on_for_two_weeks_is_told_of_two_weeks(small, capsys):
    two_by_two(small)
    second = Moment("2026-W47", "2026-11-20")
    study = read_study(small)
    capacity = measure_capacity(study, second)
    assert (capacity.now.weeks, capacity.planned) == (("2026-W46", "2026-W47"), 5)
    assert [(one.weeks[0], one.finished and len(one.finished)) for one in capacity.before] == [
        ("2026-W40", 2), ("2026-W42", 4), ("2026-W44", None),
    ], "of the third only the first week says what was finished, and weeks planned one by one are no measure"  # fmt: skip
    assert (capacity.usual, capacity.said) == (3, "usually 3 in 2 weeks, 4 at most, the last 2 times")
    readout = find_readout(study, second)
    assert [one.text for one in readout.planned if one.done] == ["n", "p"], (
        "what the first week did is done in the second"
    )
    themes = find_themes(study.notes)
    offers = offer_readout(study, themes, [], second)
    assert [(one.text, one.why) for one in offers if one.field == "finished"] == [
        (text, "taken on until 2026-W47") for text in "oqr"
    ]
    assert "2 of 5 finished; left: o, q" in said(capsys, "-w", small, "2026-W47", "--today", "2026-11-20")[1]
    plan = next(one for one in stand(study, themes, [], second) if (one.day, one.what) == ("Friday", "plan"))
    assert plan.todo.startswith("finish, or move to")
    report = open_week(small, "2026-W47", today="2026-11-20")
    for section in (report.focus, report.readout, report.capacity):
        assert "until the end of week 47" in " ".join(section._repr_mimebundle_()["text/html"].split())
    assert "*Taken on until 2026-W47: 5; finished: usually 3 in 2 weeks" in report.plan.text


def test_in_the_first_of_two_weeks_nothing_of_their_plan_is_left_behind_yet(small):
    two_by_two(small)
    study, first = read_study(small), Moment("2026-W46", "2026-11-14")
    themes = find_themes(study.notes)
    plan = next(one for one in stand(study, themes, [], first) if (one.day, one.what) == ("Friday", "plan"))
    assert (plan.mark, plan.todo) == ("done", "")
    assert plan.said.endswith(", until 2026-W47")
    assert find_commitment(study, "2026-W45").finished is None


def test_a_plan_is_offered_for_as_long_as_the_last_one_and_only_where_one_begins(small):
    two_by_two(small)
    themes = find_themes(read_study(small).notes)

    def offered(week):
        study = read_study(small)
        return [
            one.text for one in offer_focus(study, themes, [], Moment(week, "2026-11-16")) if one.field == "cadence"
        ]

    assert (offered("2026-W47"), offered("2026-W48"), offered("2026-W39")) == ([], ["2 weeks"], [])
    write(small, "weeks/2026-W47.md", "cadence: 1 week\nplanned: [s]\n")
    assert find_commitment(read_study(small), "2026-W47").planned == ("s",), (
        "planned anew, before the two weeks are over"
    )
    assert find_commitment(read_study(small), "2026-W46").weeks == ("2026-W46", "2026-W47"), "as it was known then"
    assert offered("2026-W48") == ["1 week"]


def test_a_cadence_that_is_none_is_said_with_what_is_accepted(small):
    write(small, "weeks/2026-W47.md", "cadence: now and then\n")
    (problem,) = read_study(small).problems
    assert str(problem) == (
        "discovery/weeks/2026-W47.md:2: cadence 'now and then' is not known; write one of 1 week, 2 weeks, 3 weeks, 4 weeks"
    )


def test_what_is_left_of_the_plan_and_a_blocker_that_is_due_is_said(small, capsys):
    looked = ("-w", small, "2026-W47", "--today")
    assert "– blockers       not written this week" in said(capsys, *looked, "2026-11-16")[1]
    all_days = "whats_new who_benefits how_to_pitch not_to_promise shipped changed learned decisions_needed".split()
    write(
        small,
        "weeks/2026-W47.md",
        "outcomes: [Lists]\nmetrics: ['Refunds: 3']\nblockers: ['Log: Omar, 2026-11-22']\ntouchpoints: [Dorn]\n"
        "planned: [List the rows, Call Acme, Ask Bolt]\nfinished: [list the rows.]\nnext: [Ask Bolt]\n"
        "backlog: ['H-a10001: first']\n" + "".join(f"{field}: [none]\n" for field in all_days),
    )
    _, out, _ = said(capsys, *looked, "2026-11-20")
    assert "– plan           1 of 3 finished; left: Call Acme" in out
    assert "– blockers       1 open, 1 due this week: Log (Omar)" in out
    todo = out.partition("\nNext")[2]
    assert "Ask after Log (Omar), due on 2026-11-22" in todo and "Finish, or move to “next”: Call Acme" in todo
    write(small, "weeks/2026-W47.md", "blockers: [none]\nplanned: [Call Acme]\nfinished: [Call Acme]\n")
    out = said(capsys, *looked, "2026-11-20")[1]
    assert "✓ blockers       none open" in out and "✓ plan           1 of 1 finished" in out


def test_what_is_late_comes_first_and_of_the_days_ahead_only_the_next(small):
    study = read_study(small)
    themes = find_themes(study.notes)

    def next_of(day):
        moment = Moment("2026-W47", day)
        return [(one.day, one.what) for one in what_next(stand(study, themes, [], moment), moment)]

    assert next_of("2026-11-16")[:2] == [("Monday", "outcomes"), ("Monday", "metrics")]
    assert ("Thursday", "enablement") not in next_of("2026-11-17")
    assert next_of("2026-11-14") == [("Monday", "outcomes")]
