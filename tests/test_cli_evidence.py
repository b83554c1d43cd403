"""What ``workbench evidence`` prints: the table, one theme, one hypothesis, JSON, and what is said when it is wrong."""

import json
from datetime import date

import pytest
from conftest import ROOT, copy_calls

from workbench.cli import main
from workbench.evidence import count_firm
from workbench.study import read_notes
from workbench.themes import find_themes

CALL = "---\ndate: {date}\ncustomer: {customer}\nsegment: {segment}\nconsent: quote\n---\n{notes}\n"
IMPORT = [
    "The import drops rows",
    "Rows are lost in the import",
    "Import refused half of the rows",
    "Lost 40 rows on import",
]
INVOICE = [
    "Invoice layout looks odd",
    "The invoice has an odd layout",
    "Odd invoice layout again",
    "Our invoice layout is off",
]


@pytest.fixture
def work(make_workspace):
    """Four calls on two matters; the last customer says of the import that it was easy."""
    calls = {}
    for i, customer in enumerate(["Acme", "Bolt", "Core", "Dune"]):
        notes = f"- {IMPORT[i]}\n- {INVOICE[i]}" if i < 3 else f"- Import of rows was easy\n- {INVOICE[3]}"
        day = f"2026-11-{10 + i}"
        segment = "services" if i % 2 else "field"
        calls[f"{day}-{customer.lower()}.md"] = CALL.format(date=day, customer=customer, segment=segment, notes=notes)
    return make_workspace(calls, registry="customers:\n  Gale:\n    segment: retail\n")


@pytest.fixture
def run(work, capsys):
    def run(*words, folder=work):
        capsys.readouterr()
        code = main(["evidence", *words, "-w", str(folder)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_table_names_each_theme_with_who_is_behind_it(run):
    code, out, err = run()
    assert (code, err) == (0, "")
    lines = out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("theme"))
    assert lines[at].split() == ["theme", "customers", "strength", "looked", "over", "loudest", "customer", "trend"]
    assert lines[at + 1].startswith("T1       4 of 4     supported  no ")
    words = " ".join(out.split())
    assert (
        "(do new calls still bring new themes?): too few calls to tell, 4 so far; the first run ends with call 6."
        in words
    )
    assert "One more customer is expected to add no new theme (at most " in out
    assert "0.0" not in out
    assert "retail" in out and "no note yet: Gale" in words
    assert max(map(len, lines)) <= 100


def test_what_to_do_is_said_first_by_name(run, work):
    first, _, rest = run()[1].partition("\n\n")
    assert first.startswith(
        "Themes that hold whichever one customer is left out: T1, T2.\nNot looked over yet, not one of them."
    )
    assert "\nNext call: Gale (retail), on draft-1 (“" in first
    assert "nobody of this segment was heard yet; no note yet." in " ".join(first.split())
    assert "no note yet: Gale" in " ".join(rest.split())
    # One theme is looked over, which keeps it; a customer who has not spoken of a hypothesis goes by name.
    assert main(["correct", "-w", str(work), "rename", "T1", "Import loses rows"]) == 0
    first, _, rest = run()[1].partition("\n\n")
    assert "Not looked over yet: T2." in first
    kept = next(line for line in rest.splitlines() if line.startswith("T-"))
    assert kept[31:34] == "yes"
    assert [row["looked_over"] for row in json.loads(run("--format", "json")[1])["themes"]].count(True) == 1


def test_whom_a_theme_hangs_on_is_said_by_name_and_in_words(run, make_workspace):
    calls = {
        f"2026-11-{10 + i}-{name.lower()}.md": CALL.format(date=f"2026-11-{10 + i}", customer=name, segment="field", notes=notes)
        for i, (name, notes) in enumerate(
            [("Acme", f"- {IMPORT[0]}\n- {INVOICE[0]}"), ("Bolt", f"- {IMPORT[1]}\n- {IMPORT[2]}"), ("Core", f"- {IMPORT[3]}\n- {IMPORT[2]}"), ("Dune", f"- {INVOICE[1]}\n- {INVOICE[2]}")]
        )
    }  # fmt: skip
    out = " ".join(run(folder=make_workspace(calls, name="thin"))[1].split())
    assert "That hold so, but were heard in one segment only: T1." in out
    assert "That hang on one customer, so ask others: T2 (Acme or Dune)." in out
    assert "would be one customer’s only without Acme or Dune" in out


def test_one_theme_is_shown_with_its_counts_and_what_speaks_against_it(run):
    _, out, _ = run("--format", "json")
    themes = {row["claim"]: row["theme"] for row in json.loads(out)["themes"]}
    theme = next(theme for claim, theme in themes.items() if "mport" in claim)
    code, out, _ = run(theme)
    assert code == 0
    assert "4 of 4 customers, supported; 4 notes" in out
    assert "by segment: field 2 of 2, services 2 of 2" in out
    assert "by week, of those heard in it: 2026-W46 4 of 4" in out
    assert "without any one customer it stays supported" in out
    assert "without field or services: emerging, 2 customers left" in out
    against = out[out.index("May say the opposite") :]
    assert "interviews/2026-11-13-dune.md:7: Dune: Import of rows was easy\n      went well: “was easy”" in against
    assert "drops" not in against


def test_json_holds_everything_and_no_value_that_json_does_not_know(run):
    def refuse(word):
        raise AssertionError(word)

    code, out, _ = run("--format", "json")
    found = json.loads(out, parse_constant=refuse)
    assert code == 0
    assert set(found) == {"themes", "saturation", "tags", "expected", "next"}
    assert found["themes"][0]["n_customers"] == 4
    assert found["saturation"]["reached"][0]["n"] is None
    code, out, _ = run("T1", "--format", "json")
    found = json.loads(out, parse_constant=refuse)
    assert {"of", "n_customers", "segments", "weeks", "loudest", "without", "candidates_against"} <= set(found)
    assert found["weeks"] == [{"week": "2026-W46", "n_customers": 4, "n_customers_total": 4}]


def test_a_hypothesis_is_named_by_its_id_or_the_beginning_of_it(run, work):
    notes = read_notes(work)
    evidence = "\n".join(f"  - {note}" for note in notes.loc[notes["text"].isin(IMPORT), "note"])
    against = notes.loc[notes["text"].str.contains("easy"), "note"].iloc[0]
    folder = work / "discovery" / "hypotheses"
    folder.mkdir()
    record = f"---\nid: H-3fa9c1\nstatus: ready\nsegment: field\nevidence:\n{evidence}\nagainst:\n  - {against}\n---\n"
    (folder / "H-3fa9c1-import.md").write_text(record, "utf-8")
    code, out, err = run("H-3f", "--today", "2026-11-26")
    assert code == 0
    assert "3 of 4 customers, supported; 3 notes" in out
    assert "without Acme, Bolt or Core: emerging, 2 customers left" in out
    assert "Import of rows was easy (you put it against already)" in out
    assert "looked_for_against: 2026-11-26" in err
    before, said = date.today(), run("H-3f")[2]
    assert any(f"looked_for_against: {day}" in said for day in (before, date.today())), "at midnight as well"
    assert "“soon” is no day" in run("H-3f", "--today", "soon")[2]
    (folder / "H-3fa9c1-import.md").write_text(record.replace("status:", "looked_for_against: 2026-11-20\nstatus:"))
    assert "You looked for evidence against it on 2026-11-20." in run("H-3fa9c1")[2]
    (folder / "H-3fb000-x.md").write_text("---\nid: H-3fb000\n---\n")
    assert "could be H-3fa9c1, H-3fb000" in run("H-3f")[2]
    code, out, _ = run("H-3fb")
    assert code == 0 and "0 of 4 customers, no evidence; 0 notes" in out


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("T99", "no theme or hypothesis “T99”"),
        ("rows lost", "no theme or hypothesis “rows lost”"),
        ("H-nope", "no hypothesis “H-nope”"),
        ("draft-9", "no hypothesis “draft-9”; the nearest are draft-1 “"),
    ],
)
def test_what_is_not_there_is_named_and_where_it_is_listed(run, word, said):
    code, out, err = run(word)
    assert (code, out) == (1, "")
    assert said in err and "workbench hypotheses" in err and "; the nearest are " in err
    if word == "rows lost":
        assert "mport" in err.partition("the nearest are ")[2].partition(",")[0], "by its words"


def test_without_notes_it_says_what_to_do(run, make_workspace):
    code, out, err = run(folder=make_workspace({}, name="empty"))
    assert (code, out) == (0, "")
    assert "No notes yet" in err
    code, out, _ = run(
        folder=make_workspace(
            {"a.md": CALL.format(date="2026-11-17", customer="A", segment="s", notes="- x")}, name="one"
        )
    )
    assert code == 0 and "Not yet a theme" in out


def test_the_sample_is_shown_and_twice_the_same(run, tmp_path):
    copy_calls(tmp_path / "sample")
    for words in ((), ("T3",), ("draft-1",)):
        code, out, _ = run(*words, folder=tmp_path / "sample")
        assert code == 0
        assert out == run(*words, folder=tmp_path / "sample")[1]
    assert "went well: “no trouble”" in run("T3", folder=ROOT)[1]


def test_a_theme_is_counted_as_in_the_report(run):
    themes = find_themes(read_notes(ROOT))
    firm = count_firm(themes).summary.set_index("theme")
    n_loose = int(themes.summary["n_notes"].sum() - firm["n_notes"].sum())
    assert n_loose
    rows = json.loads(run("--format", "json", folder=ROOT)[1])["themes"]
    assert {row["theme"]: row["n_customers"] for row in rows} == firm["n_customers"].to_dict()
    code, out, err = run(folder=ROOT)
    assert (code, f"{n_loose} notes that only just belong to their theme are not counted here" in err) == (0, True)


def test_where_no_segment_is_written_that_is_what_keeps_a_theme_from_being_supported(run, make_workspace):
    calls = {
        f"2026-11-{10 + i}-{name.lower()}.md": CALL.format(
            date=f"2026-11-{10 + i}", customer=name, segment="", notes=f"- {IMPORT[i]}\n- {INVOICE[i]}"
        )
        for i, name in enumerate(["Acme", "Bolt", "Core", "Dune"])
    }
    out = " ".join(run(folder=make_workspace(calls, name="nowhere"))[1].split())
    assert "That hold so, but no call says of which segment the customer is: T1, T2." in out
    assert "no segment)" not in out.partition(" theme customers strength")[0]
