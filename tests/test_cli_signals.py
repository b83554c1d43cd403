"""``workbench signals``: what is listed, of whom, what is left out, and what is said when a kind is no kind."""

import json

import pytest

from workbench.cli import main

CALL = "---\ndate: 2026-11-{day}\ncustomer: {customer}\nsegment: field\nconsent: {consent}\n---\n{notes}\n"
ACME = '- Last Friday\'s report took her 2-3 hours a week\n- "I redo it by hand, all afternoon" #export\n- = A nightmare, I think'


@pytest.fixture
def work(make_workspace):
    """Two calls: one customer who counts, one who stated consent none."""
    return make_workspace(
        {
            "2026-11-10-acme.md": CALL.format(day=10, customer="Acme", consent="quote", notes=ACME),
            "2026-11-11-bolt.md": CALL.format(day=11, customer="Bolt", consent="none", notes="- €300 a month"),
        }
    )


@pytest.fixture
def run(work, capsys):
    def run(*words):
        capsys.readouterr()
        code = main(["signals", *words, "-w", str(work)])
        return (code, *capsys.readouterr())

    return run


def test_signals_are_listed_by_kind_with_place_customer_marked_words_and_amounts(run):
    code, out, _ = run("--kind", "cost")
    assert code == 0
    assert out.splitlines() == [
        "cost: 2 notes of 1 customer",
        "  interviews/2026-11-10-acme.md:7: Acme: Last Friday's report took her «2-3 hours a week»  = 2 to 3 hours per week",
        "  interviews/2026-11-10-acme.md:8: Acme: I redo it by hand, «all afternoon»  = 1 afternoon",
        "  interviews/2026-11-11-bolt.md:7: Bolt: «€300 a month»  = 300 EUR per month  (not counted)",
    ]


def test_kinds_are_picked_and_come_in_the_programs_order(run):
    heads = [line for line in run("--kind", " Cost, workaround,cost")[1].splitlines() if line[0] != " "]
    assert heads == ["workaround: 1 note of 1 customer", "cost: 2 notes of 1 customer"]
    assert [line for line in run()[1].splitlines() if line[0] != " "] == [*heads, "event: 1 note of 1 customer"]


def test_the_pms_own_take_gives_none(run):
    assert "nightmare" not in run()[1]
    code, out, said = run("--kind", "intensity")
    assert (code, out) == (0, "")
    assert "no note holds words of these kinds" in said


def test_a_kind_that_is_none_is_said_with_those_that_are(run):
    code, out, said = run("--kind", "pain,costs")
    assert (code, out) == (1, "")
    assert "“costs” is no kind of signal" in said
    assert "pain, " in said


def test_json_has_a_row_a_signal(run):
    code, out, _ = run("--kind", "cost,workaround", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert [(row["line"], row["customer"], row["counted"], row["rule"], row["words"]) for row in rows] == [
        (7, "Acme", True, "cost/time", "2-3 hours a week"),
        (8, "Acme", True, "workaround/by hand", "by hand"),
        (8, "Acme", True, "cost/time", "all afternoon"),
        (7, "Bolt", False, "cost/money", "€300 a month"),
    ]
    assert [rows[0][name] for name in ("amount", "amount_to", "unit", "per")] == [2, 3, "hour", "week"]
    assert [rows[1][name] for name in ("amount", "amount_to", "unit", "per")] == [None] * 4


def test_a_workspace_without_notes_says_what_to_do(run, work):
    for path in (work / "interviews").glob("*.md"):
        path.unlink()
    for words in ([], ["--format", "json"]):
        code, out, said = run(*words)
        assert code == 0
        assert out.strip() in ("", "[]")
        assert "No notes yet" in said
