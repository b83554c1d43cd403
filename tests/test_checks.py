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
