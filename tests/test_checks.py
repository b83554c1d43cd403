"""The linter: each planted defect is found by its rule, and nothing else is said of a workspace that is sound."""

import json
import shutil
from itertools import permutations
from pathlib import Path

import pytest
from planted import PLANTED, plant

import workbench as wb
from workbench.checks import RULES, SEVERITIES, check, parse_ignores, rule
from workbench.cli import main

ROOT = Path(__file__).parent.parent
SOUND = Path(__file__).parent / "defects" / "sound"
TODAY = "2026-11-26"


@pytest.fixture
def sound(tmp_path):
    shutil.copytree(SOUND, tmp_path / "study")
    return tmp_path / "study"


def found(folder):
    return {(one.rule, one.file, one.line) for one in check(folder, today=TODAY).violations}


def test_nothing_is_said_of_a_sound_workspace(sound):
    assert found(sound) == set()


def test_every_rule_has_a_planted_defect():
    assert set(PLANTED) == set(RULES)


@pytest.mark.parametrize("code", sorted(PLANTED))
def test_a_planted_defect_is_found_by_its_rule_and_nothing_else_is_flagged(code, sound):
    for defect in PLANTED[code]:
        folder = sound.with_name(f"planted-{len(list(sound.parent.iterdir()))}")
        shutil.copytree(sound, folder)
        plant(folder, defect)
        violations = check(folder, today=TODAY).violations
        assert [(one.rule, one.file, one.line) for one in violations] == [
            (code, defect.file, line) for line in defect.lines(folder)
        ], [str(one) for one in violations]
        assert all(defect.words in one.what for one in violations), [one.what for one in violations]
        assert all(one.severity == RULES[code].severity for one in violations)
        assert all(one.todo and not one.todo.endswith(".") and not one.what.endswith(".") for one in violations)


def test_all_defects_at_once_are_all_found_and_nothing_else_is(sound):
    """Those that meddle with the same line as an earlier one are left to the test above."""
    taken, planted = set(), set()
    for code in sorted(PLANTED):
        for defect in PLANTED[code]:
            if defect.alone or taken & defect.files:
                continue
            taken |= defect.files
            plant(sound, defect)
            planted |= {(code, defect.file, line) for line in defect.lines(sound)}
    assert len({code for code, _, _ in planted}) >= 15
    assert found(sound) == planted


def test_the_order_in_which_files_lie_on_the_disk_means_nothing(sound):
    for defects in [PLANTED["duplicate-call"], PLANTED["evidence-gone"]]:
        plant(sound, defects[0])
    before = check(sound, today=TODAY).violations
    files = sorted((sound / "interviews").glob("*.md"))
    for order in list(permutations(range(3)))[1:]:
        for i in order:  # made anew in another order
            text = files[i].read_bytes()
            files[i].unlink()
            files[i].write_bytes(text)
        assert check(sound, today=TODAY).violations == before


# What a diligent PM writes


BET, QUARTER = "discovery/bets/B-a10001-lists.md", "discovery/quarter.md"
RUNNING, DECISION = "discovery/hypotheses/H-a10001-which-row.md", "discovery/decisions/D-a10001-rows.md"
CLOSED = "discovery/hypotheses/H-a10003-mail.md"
WEEK, TRANSCRIPT = "discovery/weeks/2026-W47.md", "interviews/transcripts/2026-11-17-alder-owner.txt"
ELM = (
    "---\ndate: {day}\ncustomer: Elm\nsegment: field\nconsent: quote\n---\n"
    "- ! The file was refused, and nothing said which row was wrong\n"
)
FINE = [
    # A bet with its name behind it.
    {(QUARTER, "bets: [B-a10001]"): "bets: [B-a10001 Lists get in]"},
    # A fourth bet by a decision that says so.
    {
        (QUARTER, "bets: [B-a10001]"): "bets: [B-a10001, Two, Three, Four]",
        (DECISION, "title: "): "title: Four bets, Four among them? ",
    },
    # One metric with "and" in its name; 25 words.
    {(QUARTER, '"Activation: share of'): '"Search and replace used: share of'},
    {(QUARTER, "takes your customers as you have them"): "takes your customers as you have them and all they ever said to you"},
    # A field of the PM's own.
    {(BET, "owner: Omar"): "owner: Omar\nnotes: Ask Lena\njira: LIST-12\nteam: Import\ndesign owner: Lena\nstart date: later"},
    # One owner with a role; a colleague who is called as a customer's man is.
    {(BET, "owner: Omar"): "owner: Omar Diaz, Product Manager"},
    {(BET, "owner: Omar"): "owner: Omar Diaz, PM"},
    {(RUNNING, "owner: Omar"): "owner: Omar Diaz, head of sales and marketing"},
    {(DECISION, "owner: Ines"): "owner: Ines Calloway, product manager"},
    {(DECISION, "owner: Ines"): "owner: Ines Calloway (product and growth)"},
    # One note beside a hypothesis that rests on three customers; its count is theirs.
    {(DECISION, "  - 2026-11-18-birch-bookkeeper#32df4569\n  - 2026-11-19-cedar-manager#0f7ecf9f\nhypo"): "hypo"},
    # What was measured, with where it stood before, how much it moved, or in words only; closed when it was due.
    {(CLOSED, "result: 24.1 %"): "result: from 23.8 % to 24.1 %"},
    {(CLOSED, "result: 24.1 %"): "result: before 28.8 %, now 24.1 %"},
    {(CLOSED, "result: 24.1 %, 402 of 1,668"): "result: within chance, 30 % less than hoped"},
    {(CLOSED, "result: 24.1 %, 402 of 1,668"): "result: 26 % to 28 % (95 % interval)"},
    {(CLOSED, "closed: 2026-10-01"): "closed: 2026-10-02"},
    {(CLOSED, "status: refuted"): "status: supported", (CLOSED, "24.1 %, 402"): "27 %, 450",
     (CLOSED, "within chance"): "and 1 in 200 unsubscribe"},
    {(CLOSED, "status: refuted"): "status: supported", (CLOSED, "24.1 %, 402 of 1,668"): "27 %; guardrails held"},
    {(BET, "owner: Omar"): "owner: Ben", (QUARTER, "Two engineers"): "Two engineers and Ben"},
    {(BET, "within an hour of signing up"): "within approx. 1 hour, e.g. by Flatfile"},
    # Nothing there, said in words.
    {(BET, "  - Test lists from support: Lena, 2026-12-01"): "  - none"},
    {(WEEK, "\n  - Test lists from support: Lena, 2026-11-19"): " None."},
    # A colon in an item; lists whose first word a template has too; a ticket.
    {(WEEK, "metrics: [Activation 30 %]"): "metrics:\n  - Activation: 30 %\n  - Churn: 3 %"},
    {(DECISION, "[Nothing, Show the rows, Take any list]"): "[Add a reader, Show the rows, Take any list]"},
    {(QUARTER, "wont_do: [Single sign-on]"): "wont_do: [Team accounts, Quote export]"},
    {(RUNNING, "ten lists that"): "ten lists [LIST-12] that"},
    {(RUNNING, "Omar asks"): "- Group A\n- Group B\n\nOmar asks"},
    # What stands on a button, and numbers of people in the product.
    {(RUNNING, "Omar asks"): 'The page says "We could not import your file right now". Omar asks'},
    {(RUNNING, "two more weeks"): "two more weeks; more than 8 of 40 customers have to be in it"},
    # What was learned from a number or a whole call.
    {(WEEK, "2026-11-17-alder-owner#d7c2baf8"): "https://numbers.example/boards/4521"},
    {(WEEK, "2026-11-17-alder-owner#d7c2baf8"): "2026-11-17-alder-owner"},
    {(WEEK, "Nobody sees which row is wrong, 2026-11-17-alder-owner#d7c2baf8"): "nothing new"},
    # A transcript that was exported later, or in which somebody speaks of another day.
    {(TRANSCRIPT, "Alder, 2026-11-17"): "Exported: 2026-11-20\nAlder, 2026-11-17"},
    {(TRANSCRIPT, "Alder, 2026-11-17"): "Ana: We have to have it all done by 2026-12-31"},
    # A customer of whom only the PM's own take was noted was talked to as well.
    {("interviews/2026-11-18-elm.md", ""): ELM.format(day="2026-11-18").replace("- !", "- ="), (DECISION, "3 of 4"): "3 of 5"},
    # Today is tomorrow elsewhere.
    {("interviews/2026-11-27-elm.md", ""): ELM.format(day="2026-11-27")},
    # A hypothesis that a decision rests on gets more evidence.
    {
        (RUNNING, "#0f7ecf9f\n"): "#0f7ecf9f\n  - 2026-11-25-elm#d7c2baf8\n",
        ("interviews/2026-11-25-elm.md", ""): ELM.format(day="2026-11-25"),
    },
    # A week without calls is over for a month; a plan that was too long is past.
    {("discovery/weeks/2026-W42.md", ""): "---\noutcomes: [One]\ntouchpoints: [Alder]\n---\n"},
    {(WEEK, "planned: [Three calls, Decide]"): "planned: [Three calls, Decide, One more]",
     ("discovery/weeks/2026-W45.md", ""): "---\nfinished: [One, Two]\n---\n"},
]  # fmt: skip


@pytest.mark.parametrize("changes", FINE, ids=[next(iter(changes.values()))[:40] for changes in FINE])
def test_what_is_right_as_it_is_is_not_flagged(changes, sound):
    for (file, old), new in changes.items():
        text = (sound / file).read_text("utf-8") if old else ""
        assert text.count(old) == 1
        (sound / file).write_text(text.replace(old, new) if old else new, "utf-8")
    said = [str(one) for one in check(sound, today=TODAY).violations]
    assert [one for one in said if "W45: talked to" not in one] == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (BET, "title: Lists get in faster", "title: Lists: get in faster"),
        (RUNNING, "baseline: 41 %", "baseline: %41"),
        (QUARTER, "wont_do: [Single sign-on]", "wont_do:\n  - *Single sign-on*"),
        (BET, "review: 2026-12-14", "review: 14 December"),
        (DECISION, "review: 2027-01-29", "review: 29.01.2027"),
        (QUARTER, "review: 2027-01-11", "review: January"),
    ],
)
def test_what_follows_from_a_field_that_cannot_be_read_is_not_said_as_well(file, old, new, sound):
    text = (sound / file).read_text("utf-8")
    assert text.count(old) == 1
    (sound / file).write_text(text.replace(old, new), "utf-8")
    assert [one.rule for one in check(sound, today=TODAY).violations] == ["record-unreadable"]


def test_one_ticket_that_two_customers_wrote_in_the_same_words_is_no_call_twice(sound):
    ticket = (
        "---\ndate: 2026-11-{}\ncustomer: {}\nconsent: quote\n---\n- Export fails\n"
        "- The export stops at half and says nothing, and then we have to begin with all of it again\n"
    )
    of = sound / "interviews"
    (of / "2026-11-24-alder.md").write_text(ticket.format(24, "Alder"), "utf-8")
    (of / "2026-11-25-dogwood.md").write_text(ticket.format(25, "Dogwood"), "utf-8")
    assert "duplicate-call" not in {one.rule for one in check(sound, today=TODAY).violations}
    (of / "2026-11-25-alder.md").write_text(ticket.format(25, "Alder"), "utf-8")
    (twice,) = (one for one in check(sound, today=TODAY).violations if one.rule == "duplicate-call")
    assert (twice.file, twice.todo) == ("interviews/2026-11-25-alder.md", "keep one of the two files")


# The day


def test_what_is_overdue_depends_on_the_day_that_is_given_and_on_no_clock(sound):
    overdue = {"review-overdue", "hypothesis-overdue"}
    assert not overdue & {one.rule for one in check(sound, today="2026-12-14").violations}
    assert {one.rule for one in check(sound, today="2026-12-15").violations} & overdue == {"review-overdue"}
    assert overdue <= {one.rule for one in check(sound, today="2027-06-01").violations}


def test_a_day_that_is_none_is_refused(sound, capsys):
    assert main(["-w", str(sound), "check", "--today", "soon"]) == 1
    assert "'soon' is no day; write it as year, month, day" in capsys.readouterr().err


# What is ignored


def test_what_is_ignored_with_a_reason_is_not_an_error_any_more_and_is_counted(sound, capsys):
    plant(sound, PLANTED["wont-do-empty"][0])
    assert main(["-w", str(sound), "check", "--today", TODAY]) == 1
    (sound / "discovery" / "checks.yaml").write_text("discovery/quarter.md:\n  wont-do-empty: Two weeks old\n")
    assert main(["-w", str(sound), "check", "--today", TODAY]) == 0
    out, err = capsys.readouterr()
    assert "(Two weeks old)" in out
    assert "Nothing to mend; 1 ignored" in err


@pytest.mark.parametrize("file", ["discovery/quarter.md", "./discovery/quarter.md", "discovery\\quarter.md"])
def test_a_file_to_be_ignored_may_be_written_in_any_way(file, sound):
    plant(sound, PLANTED["wont-do-empty"][0])
    (sound / "discovery" / "checks.yaml").write_bytes(f"\ufeff{file}:\r\n  wont-do-empty: Two weeks old\r\n".encode())
    checked = check(sound, today=TODAY)
    assert (len(checked.violations), len(checked.ignored)) == (0, 1)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("discovery/quarter.md:\n  wont-do-empty:\n", 2, "'wont-do-empty' is ignored without a reason"),
        ("discovery/quarter.md:\n  no-such: why\n", 2, "there is no rule 'no-such'"),
        ("discovery/quarter.md: wont-do-empty\n", 1, "no rule below 'discovery/quarter.md'"),
        ("a: [\n", 2, "the fields cannot be read"),
    ],
)
def test_an_ignore_that_means_nothing_is_said_and_holds_nothing_back(sound, text, line, words):
    plant(sound, PLANTED["wont-do-empty"][0])
    (sound / "discovery" / "checks.yaml").write_text(text)
    violations = check(sound, today=TODAY).violations
    assert {one.rule for one in violations} == {"wont-do-empty", "ignore-odd"}
    (odd,) = [one for one in violations if one.rule == "ignore-odd"]
    assert (odd.line, odd.severity) == (line, "error")
    assert words in odd.what


def test_an_ignore_that_nothing_needs_any_more_is_said(sound):
    (sound / "discovery" / "checks.yaml").write_text("discovery/quarter.md:\n  wont-do-empty: Two weeks old\n")
    (said,) = check(sound, today=TODAY).violations
    assert (said.rule, said.severity, said.line) == ("ignore-odd", "warning", 2)


# The command


def test_text_says_where_what_and_what_to_do(sound, capsys):
    plant(sound, PLANTED["wont-do-empty"][0])
    assert main(["-w", str(sound), "check", "--today", TODAY]) == 1
    out, err = capsys.readouterr()
    assert "discovery/quarter.md:21: error: the quarter's won't-do list is empty [wont-do-empty]\n" in out
    assert "    Write at least one thing that you will not do" in out
    assert "1 error." in err


def test_a_full_stop_is_no_part_of_what_is_to_be_copied(sound, capsys):
    plant(sound, PLANTED["planned-more-than-finished"][0])
    main(["-w", str(sound), "check", "--today", TODAY])
    assert "move the rest to  next:\n" in capsys.readouterr().out
    assert "move the rest to  next:</td>" in wb.check(sound, today=TODAY)._repr_mimebundle_()[0]["text/html"]
    main(["check", "--rules"])
    assert ":." not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "such"),
    [
        (BET, "owner: Omar", "owner: Ines"),
        (BET, "review: 2026-12-14\n", "review: 2027-01-15"),
        (BET, "outcome: ", "outcome: New teams send"),
    ],
)
def test_who_left_something_out_is_shown_how_it_is_written(file, old, such, sound):
    text = (sound / file).read_text("utf-8")
    (sound / file).write_text(text.replace(old, f"x-{old}"), "utf-8")
    (todo,) = [one.todo for one in check(sound, today=TODAY).violations if one.rule == "item-incomplete"]
    assert f"such as  {such}" in todo


def test_a_warning_does_not_fail(sound, capsys):
    plant(sound, PLANTED["everything-top-tier"][0])
    assert main(["-w", str(sound), "check", "--today", TODAY]) == 0
    assert "1 warning." in capsys.readouterr().err


def test_json_and_github(sound, capsys):
    plant(sound, PLANTED["wont-do-empty"][0])
    assert main(["-w", str(sound), "check", "--today", TODAY, "--format", "json"]) == 1
    (one,) = json.loads(capsys.readouterr().out)
    assert list(one) == ["rule", "severity", "file", "line", "what", "todo"]
    assert main(["-w", str(sound), "check", "--today", TODAY, "--format", "github"]) == 1
    assert capsys.readouterr().out == (
        "::error file=discovery/quarter.md,line=21,title=wont-do-empty::the quarter's won't-do list is empty; "
        "write at least one thing that you will not do, behind  wont_do:\n"
    )


def test_what_github_would_read_as_its_own_is_escaped(sound, capsys):
    """A customer's words can hold what ends a command or begins one."""
    quarter = sound / "discovery" / "quarter.md"
    quarter.write_text(quarter.read_text().replace("review: 2027-01-11", 'review: "100%, ::error::x\\r\\ny"'))
    main(["-w", str(sound), "check", "--today", TODAY, "--format", "github"])
    rows = capsys.readouterr().out.splitlines()
    assert rows
    assert all(row.startswith("::error file=discovery/quarter.md,line=") for row in rows)
    assert any("100%25, ::error::x y" in row for row in rows)


def test_rules_are_listed_with_their_reasons(capsys):
    assert main(["check", "--rules"]) == 0
    out = capsys.readouterr().out
    assert all(f"{one.code} ({one.severity})\n    {one.why}\n" in out for one in RULES.values())


def test_from_python(sound):
    checked = wb.check(sound, today=TODAY)
    assert checked.ok
    assert str(checked) == "Nothing to mend"
    plant(sound, PLANTED["wont-do-empty"][0])
    checked = wb.check(sound, today=TODAY)
    assert not checked.ok
    assert str(checked).endswith("[wont-do-empty]\n1 error")


def test_in_a_notebook_it_is_a_table_that_runs_nothing_and_stays_there(sound):
    quarter = sound / "discovery" / "quarter.md"
    quarter.write_text(quarter.read_text().replace("review: 2027-01-11", 'review: "<script>x</script>"'))
    data, metadata = wb.check(sound, today=TODAY)._repr_mimebundle_()
    assert "&lt;script&gt;" in data["text/html"]
    assert "<script" not in data["text/html"]
    assert "discovery/quarter.md:13" in data["text/html"]
    assert metadata == {"workbench": "still"}


def test_a_new_workspace_has_nothing_to_mend(tmp_path, capsys):
    main(["init", str(tmp_path / "study")])
    assert main(["-w", str(tmp_path / "study"), "check", "--today", TODAY]) == 0
    assert "Nothing to mend" in capsys.readouterr().err


def test_the_repository_s_own_workspace_has_no_error():
    checked = check(ROOT, today=TODAY)
    assert checked.ok, str(checked)


# The rules themselves


def test_a_rule_has_a_code_that_lasts_a_reason_and_a_fix():
    for code, one in RULES.items():
        assert code == one.code == code.lower()
        assert one.severity in SEVERITIES
        assert one.why.endswith(".")
        assert one.fix
        assert not one.fix.endswith(".")


def test_two_rules_cannot_have_one_code():
    with pytest.raises(ValueError, match="two rules have the code 'wont-do-empty'"):
        rule("wont-do-empty", "error", why="", fix="")(lambda case: iter(()))


def test_the_page_on_rules_is_what_the_rules_say():
    import runpy

    page = runpy.run_path(str(ROOT / "tools" / "check_docs.py"))["write_page"]()
    assert (ROOT / "docs" / "checks.md").read_text("utf-8") == page, "run tools/check_docs.py"


def test_ignores_of_nothing():
    assert parse_ignores("") == ([], [])


def test_on_github_files_are_named_from_the_repository_s_root(sound, capsys, monkeypatch):
    plant(sound, PLANTED["wont-do-empty"][0])
    monkeypatch.setenv("GITHUB_WORKSPACE", str(sound.parent))
    main(["-w", str(sound), "check", "--today", TODAY, "--format", "github"])
    assert capsys.readouterr().out.startswith("::error file=study/discovery/quarter.md,line=21,")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(sound))
    main(["-w", str(sound), "check", "--today", TODAY, "--format", "github"])
    assert capsys.readouterr().out.startswith("::error file=discovery/quarter.md,line=21,")


@pytest.mark.parametrize(
    "said",
    [
        'The button "We could not import your file right now" is wrong',
        "The error message reads: “Row 12 has no customer number in it”",
        'We ask the question "How did you do it the last time?" first',
    ],
)
def test_what_a_screen_says_is_nobody_s_words(sound, said):
    readout = sound / "discovery" / "readouts" / "2026-11-24-screens.md"
    readout.write_text(f"# Screens\n\n{said}.\n")
    assert found(sound) == set()


def test_what_another_tool_calls_a_call_is_no_mismatch(sound):
    call = sound / "interviews" / "2026-11-17-alder-owner.md"
    call.write_text(call.read_text().replace("---\n", "---\nid: dv_1234\n", 1))
    assert {code for code, _, _ in found(sound)} <= {"evidence-gone"}
