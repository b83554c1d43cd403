"""What the commands on hypotheses print: what can be tested, how many customers it takes, and how much of an order holds."""

import json

import pytest

from workbench.cli import main

CALLS = {
    "2026-11-17-acme.md": "---\ndate: 2026-11-17\ncustomer: Acme\nsegment: field\nconsent: quote\n---\n! The import drops rows\n",
    "2026-11-17-bolt.md": "---\ndate: 2026-11-17\ncustomer: Bolt\nsegment: shops\nconsent: quote\n---\n~ Types lost import rows in again\n",
    "2026-11-18-core.md": "---\ndate: 2026-11-18\ncustomer: Core\nsegment: shops\nconsent: quote\n---\n- Import lost rows, twice\n",
}
RECORD = """\
---
id: {id}
status: {status}
change: the import shows doubles side by side
segment: wholesale
metric: "Activation: share of new teams that send a first invoice"
baseline: 30 %
direction: up
size: 3
unit: points
deadline: 2027-02-26
guardrails: ["Errors: at most 2 in 1,000"]
slice: one list, by hand
decision_rule: ship at +3 points
owner: Ines
logging: [who saw the list]
evidence: [{evidence}]
looked_for_against: 2026-11-18
{more}
---
"""


@pytest.fixture
def folder(make_workspace):
    return make_workspace(CALLS)


@pytest.fixture
def run(capsys, folder):
    """A function that runs a command on the workspace and gives its exit code, output and what was said."""

    def run(*words):
        capsys.readouterr()
        code = main([*map(str, words), "-w", str(folder)])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert code == 0 or err.strip(), "a failure without a word"
        return code, out, err

    return run


@pytest.fixture
def write(folder, run):
    """A function that writes a record which rests on some of the notes."""
    notes = [note["note"] for note in json.loads(run("notes", "--format", "json")[1])]

    def write(id="H-3fa9c1", status="ready", n=3, **more):
        file = folder / "discovery" / "hypotheses" / f"{id}-x.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        extra = "\n".join(f"{name}: {value}" for name, value in more.items())
        file.write_text(
            RECORD.format(id=id, status=status, evidence=", ".join(f'"{note}"' for note in notes[:n]), more=extra)
        )

    return write


# Listing


def test_what_can_be_tested_is_said_so_with_its_sample_size(run, write):
    write()
    code, out, err = run("hypotheses")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "H-3fa9c1 (ready)"
    assert "because 3 of 3 customers speak of it" in lines[1]
    assert lines[3:5] == [
        "    falsifiable",
        "    +3 points (30 % to 33 %): 3,762 customers with the change, and as many without",
    ]


def test_what_cannot_is_told_with_the_first_findings_and_how_many_more(run):
    out = run("hypotheses")[1]
    assert "not falsifiable yet: " in out
    assert "      No change yet. Write what you will do" in out
    assert "more: workbench hypotheses --format json" in out
    assert "customers with the change, and as many without" not in out


def test_json_carries_the_findings_and_the_sample_size(run, write):
    write()
    record, *drafts = json.loads(run("hypotheses", "--format", "json")[1])
    assert (record["findings"], record["sample_size"]["n_per_arm"], record["owner"]) == ([], 3762, "Ines")
    for draft in drafts:
        assert {finding["rule"] for finding in draft["findings"]} >= {"change-open", "size-open"}
        assert draft["sample_size"]["n_per_arm"] is None
        assert draft["sample_size"]["missing"]


def test_records_of_the_week_up_to_the_newest_day_leave_no_room_for_drafts(run, write):
    def ids():
        return [row["id"] for row in json.loads(run("hypotheses", "--format", "json")[1])]

    for made, drafts in (("2026-11-01", ["draft-1"]), ("2026-11-18", [])):
        write("H-3fa9c1", n=0, made=made)
        write("H-4b20d7", n=0, made=made)
        assert ids() == ["H-3fa9c1", "H-4b20d7", *drafts]


def test_what_is_proposed_is_shown_when_asked_for(run):
    assert "slice? " not in run("hypotheses")[1]
    out = run("hypotheses", "--propose")[1]
    assert (
        "slice? They help themselves: “Types lost import rows in again” Could you do that by hand for 3 of them?" in out
    )
    (draft,) = json.loads(run("hypotheses", "--propose", "--format", "json")[1])
    assert {one["field"] for one in draft["proposals"]} >= {"metric", "guardrails", "slice"}


def test_a_closed_one_tells_what_came_of_it_and_no_sample_size(run, write):
    write(
        status="supported",
        closed="2027-02-26",
        result="31 %, before 30 %",
        learned="They look, and type on",
        therefore="Stop",
    )
    lines = run("hypotheses")[1].splitlines()
    assert lines[0] == "H-3fa9c1 (supported, closed 2027-02-26)"
    assert lines[1].startswith("    If we the import shows doubles")
    assert lines[2:6] == [
        "    verdict: supported",
        "    result: 31 %, before 30 % (does not reach the target of 33 %)",
        "    learned: They look, and type on",
        "    therefore: Stop",
    ]
    assert "falsifiable" not in "".join(lines[:6])
    write(status="dropped")
    out = run("hypotheses")[1]
    assert "verdict: dropped\n    result: none written\n    learned: nothing written\n" in out
    assert "customers with the change" not in out


def test_confidence_is_scored_once_results_are_in(run, write):
    write()
    assert "Your confidence" not in run("hypotheses")[1]
    write("H-000001", "supported", started="2026-11-20", confidence='["2026-11-19: 80 %", "2026-12-01: 99 %"]')
    write("H-000002", "refuted", started="2026-11-20", confidence='["2026-12-01: 99 %"]')
    _, out, err = run("hypotheses")
    assert "Your confidence: Brier score 0.04 over 1 hypothesis" in out
    assert "H-000002 is refuted, and no confidence was logged before its start, 2026-11-20." in err


# Sample size


def test_size_without_a_record_tells_both_readings(run):
    code, out, _ = run("size", "--baseline", "30%", "--size", "3", "--direction", "up", "--traffic", "400/week")
    assert code == 0
    assert "3,762 customers with the change, and as many without; 19 weeks" in out
    assert "41,041 customers with the change, and as many without; 206 weeks" in out
    assert "Choose points or relative %." in out


def test_size_of_a_record_by_the_beginning_of_its_id(run, write):
    write()
    out = run("size", "H-3fa", "--traffic", "1000 a week", "--start", "2026-12-01", "--format", "json")[1]
    (need,) = json.loads(out)
    assert (need["n_per_arm"], need["weeks"], need["per_arm"]) == (3762, 8, 6214)
    assert run("size", "h-3FA", "--size", "6 points")[1].startswith("+6 points")


def test_a_record_that_has_started_counts_from_its_start(run, write):
    write(started="2027-02-12")
    (need,) = json.loads(run("size", "H-3fa9c1", "--traffic", "100", "--format", "json")[1])
    assert need["per_arm"] == 100


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["size"], "size of what?"),
        (["size", "H-99"], "no hypothesis “H-99”; there are H-3fa9c1, H-3fa9c2"),
        (["size", "H-3"], "2 hypotheses begin with “H-3”: H-3fa9c1, H-3fa9c2"),
        (["size", "H-3fa9c1", "--power", "80"], "power “80” does not lie between 0.5 and 1; write one such as 0.8"),
        (["size", "H-3fa9c1", "--deadline", "soon"], "deadline “soon” is no day"),
        (["size", "H-3fa9c1", "--traffic", "many"], "traffic “many” is no number of customers"),
        (["priorities", "--method", "kano"], "kano needs a table: give a CSV file with the columns feature, customer,"),
        (["priorities", "no-such.csv"], "no-such.csv: No such file or directory"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(words, said, run, write):
    write()
    write("H-3fa9c2")
    code, out, err = run(*words)
    assert (code, out) == (1, "")
    assert said in err


def test_a_draft_is_named_by_its_id(run):
    out = run("size", "draft-1", "--customers", "12")[1]
    assert "No size. Write the smallest change worth the work" in out
    assert "Too few for a test: 6 with the change, and as many without" in out


# Priorities

SCORED = {"confidence": '["2026-11-18: 100 %"]', "effort": "2"}


def test_records_are_ordered_and_the_others_say_what_is_open(run, write):
    write("H-000001", reach="400", impact="2", **SCORED)
    write("H-000002", reach="420", impact="2", **SCORED, n=1)
    write("H-000003", reach="380", impact="7", **SCORED)
    write("H-000004", "dropped", reach="380", impact="2", **SCORED)
    code, out, err = run("priorities")
    assert code == 0
    assert out.splitlines()[0] == "1. H-000001: 400.0 = 400 reached × 2 × 100 % ÷ 2 (supported)"
    assert "2. H-000002: 210.0 = 420 reached × 2 × 50 % ÷ 2 (single)" in out
    assert "Confidence: 100 % logged, counts as 50 %: the evidence is single, 1 of 3 customers." in out
    assert "1 of 1 place is score theater" in out
    assert err.startswith("H-000003 is not scored: impact “7” is not a tier; write 3 (massive)")
    assert "H-000004" not in out + err
    assert [row["rank"] for row in json.loads(run("priorities", "--format", "json")[1])] == [1, 2]


def test_each_item_is_shown_with_what_it_is_and_why_its_confidence_counts_less(run, write):
    write("H-000001", reach="400", impact="2", effort="2", confidence='["2026-11-18: 70 %"]', n=2)
    out = run("priorities")[1]
    assert "      the import shows doubles side by side\n" in out
    assert (
        "Confidence: 70 % logged, counts as 50 %, the tier below it; the evidence (emerging, 2 of 3 customers) would bear 80 %."
        in out
    )
    assert json.loads(run("priorities", "--format", "json")[1])[0]["confidence_counted"] == 50


def test_a_column_that_is_not_there_is_said_and_what_is_taken_instead(run, folder):
    file = folder / "table.csv"

    def said(method, columns, row):
        file.write_text(f"{columns}\n{row}\n", "utf-8")
        code, out, err = run("priorities", file, "--method", method)
        assert code == 0
        return err

    rice = "item,reach,impact,confidence,effort"
    assert (
        "No column n_customers: nobody is taken to stand behind any item, so that confidence counts 50 % at most."
        in said("rice", rice, "A,9,2,80,2")
    )
    assert "No column n_segments" in said("rice", f"{rice},n_customers", "A,9,2,80,2,3")
    assert said("rice", f"{rice},n_customers,n_segments", "A,9,2,80,2,3,2") == ""
    assert "confidence counts 5 of 10 at most" in said("ice", "item,impact,confidence,ease", "A,9,5,9")
    moscow = said("moscow", "item,priority", "A,must")
    assert [line.split(":")[0] for line in moscow.splitlines()] == [
        "No column n_customers",
        "No column effort",
        "No column reason",
    ]
    assert "No column segment" in said("kano", "feature,customer,functional,dysfunctional", "F,Acme,like,dislike")


def test_without_records_it_says_where_they_come_from(run):
    code, out, err = run("priorities")
    assert (code, out) == (0, "")
    assert "No open record yet" in err


@pytest.mark.parametrize(
    ("method", "table", "first"),
    [
        ("rice", "item;reach;impact;confidence;effort\nA;4000;2;80;2\nB;10;1;50;1\n", "1. A: 2,000.0 = 4000 reached × 2 × 50 % ÷ 2 (single)"),
        ("ice", "item,impact,confidence,ease\nA,9,5,9\nB,2,2,2\n", "1. A: 405.0 = 9 × 5 × 9 (single)"),
        ("moscow", "item,priority,n_customers,n_segments\nA,must,5,2\nB,won't,1,1\n", "1. A: must"),
        ("kano", "feature\tcustomer\tfunctional\tdysfunctional\nF\tAcme\tlike\tdislike\n", "1. F: one-dimensional for 1 of 1 customer"),
    ],
)  # fmt: skip
def test_a_table_from_a_spreadsheet_is_ordered(method, table, first, run, folder):
    file = folder / "table.csv"
    file.write_text("\ufeff" + table, "utf-8")
    code, out, _ = run("priorities", file, "--method", method)
    assert (code, out.splitlines()[0]) == (0, first)
    assert json.loads(run("priorities", file, "--method", method, "--format", "json")[1])[0]["rank"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no table as CSV"),
        (b"item,reach\nA,1\n", "no column “impact”; the columns are item, reach"),
        (b"item,reach,impact,confidence,effort\nA,1,9,50,1\n", "“A”: impact 9 is not a tier"),
        (b"item,reach,impact,confidence,effort\n\xe4,1,1,50,1\n", "is not UTF-8; save it as CSV UTF-8"),
    ],
)
def test_a_table_that_cannot_be_used_is_told(content, said, run, folder):
    file = folder / "table.csv"
    file.write_bytes(content)
    code, out, err = run("priorities", file)
    assert (code, out) == (1, "")
    assert said in err
