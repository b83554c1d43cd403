"""Exports of a table of notes: rows of many customers and days in one file, however many there are."""

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest

from workbench.cli import main
from workbench.report import refi_qda, table, take_out
from workbench.report.claims import MOST_NOTES, MOST_QUOTES
from workbench.report.refi_qda import NAMESPACE, format_qdpx
from workbench.report.table import evidence_rows
from workbench.save import SaveError, fingerprint, save_written
from workbench.study import read_study
from workbench.themes import find_themes

WORDS = ["filters", "reset", "import", "rows", "lost", "invoice", "total", "export"]


@pytest.fixture
def work(make_workspace):
    rows = [
        f"Firm {i % 4},2026-11-{1 + i // 4 % 3:02},{'quote' if i % 4 else 'aggregate'},The {WORDS[i % 8]} {WORDS[i // 8 % 8]} {i} again"
        for i in range(48)
    ]
    call = "---\ncustomer: Dana Ltd\ndate: 2026-11-02\nconsent: quote\n---\n- The import lost rows\n- = Our take\n"
    return make_workspace(
        {"t.csv": "customer,date,consent,text\n" + "\n".join(rows) + "\n", "2026-11-02-dana.md": call}
    )


@pytest.fixture
def found(work):
    study = read_study(work)
    return study, find_themes(study.notes, study.ledger)


@pytest.mark.parametrize("mine", [False, True])
def test_a_customer_s_day_in_a_table_is_a_call_with_its_own_notes(found, mine):
    tables = take_out.take_out(*found, mine=mine).tables
    calls, notes = tables["calls"], tables["notes"]
    assert len(calls) == 13 and calls["call"].is_unique
    both = notes.merge(calls, on="call", suffixes=("", "_of_call"))
    assert len(both) == len(notes)
    assert (both["customer"] == both["customer_of_call"]).all()
    assert sorted(both.groupby("call").size()) == [len(notes) - 48, *[4] * 12]


def test_a_project_has_each_note_once_in_the_text_of_its_call(found, monkeypatch):
    monkeypatch.setattr(refi_qda, "PIECE", 5)  # so that calls are looked up in several goes
    taken = take_out.take_out(*found, mine=True)
    with zipfile.ZipFile(io.BytesIO(format_qdpx(taken))) as archive:
        root = ET.fromstring(archive.read("project.qde"))
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("sources/")}
    said = []
    for source in root.iter(f"{{{NAMESPACE}}}TextSource"):
        text = texts["sources/" + source.get("plainTextPath").removeprefix("internal://")]
        for one in source.findall(f"{{{NAMESPACE}}}PlainTextSelection"):
            said.append((source.get("name"), text[int(one.get("startPosition")) : int(one.get("endPosition"))]))
    notes = taken.tables["notes"]
    notes = notes[notes["kind"] != "take"]
    assert sorted(said) == sorted(zip(notes["call"], notes["text"], strict=True))


def test_of_more_notes_than_a_report_quotes_the_table_has_every_one(make_workspace):
    rows = "".join(
        f"Firm {i % 50},2026-11-03,quote,The {WORDS[i % 8]} {WORDS[i // 8 % 8]} of {i}\n" for i in range(MOST_NOTES + 1)
    )
    study = read_study(make_workspace({"t.csv": f"customer,date,consent,text\n{rows}"}))
    themes = find_themes(study.notes, study.ledger, n_themes=3)
    evidence = evidence_rows(study, themes)
    assert len(evidence) > 3 * MOST_QUOTES
    # Without those that only just belong to a theme, as in a report.
    assert set(evidence["ref"].str.partition(":")[2].astype(int)) <= set(study.notes["line"])
    assert evidence["ref"].is_unique and (evidence["text"] != "").all()
    assert len(evidence) == len(table.count_firm(themes).notes)


def test_what_stops_half_way_leaves_the_file_that_was_there(tmp_path):
    file = tmp_path / "all.csv"
    save_written(file, lambda out: out.write(b"old"), expected=None)

    def stop(out):
        out.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_written(file, stop, expected=fingerprint(b"old"))
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["all.csv"]
    assert file.read_bytes() == b"old"
    with pytest.raises(SaveError, match="not what it was"):
        save_written(file, lambda out: out.write(b"new"), expected=None)


def test_a_sheet_has_no_room_for_more_rows_than_it_holds(found, work, monkeypatch, capsys):
    monkeypatch.setattr(table, "MOST_ROWS", 5)
    assert main(["-w", str(work), "export", str(work / "reports" / "e.xlsx")]) == 1
    assert "a sheet of a workbook holds 5; write them as CSV, such as" in capsys.readouterr().err


def test_before_a_project_of_very_many_notes_is_written_somebody_says_so(work, monkeypatch, capsys):
    monkeypatch.setattr("workbench.cli.report.MANY", 10)
    assert main(["-w", str(work), "export", str(work / "reports" / "p.qdpx")]) == 0
    said = capsys.readouterr().err
    assert "49 notes in 13 sources" in said and "evidence.csv" in said
