"""Everything taken out: what others may see of it, what is whole, and tables that come back as they were."""

import csv
import hashlib
import io
import json
import re
import subprocess
import zipfile

import pytest

import workbench.report.take_out as room
from workbench.cli import main
from workbench.errors import InputError
from workbench.record_files import create_record
from workbench.report.take_out import TABLES, format_json, read_json, save_taken, take_out
from workbench.save import save_written
from workbench.store import append_records
from workbench.study import read_study
from workbench.themes import find_themes
from workbench.themes.acts import rename_theme, set_aside

STUDY = {
    f"2026-11-1{i}-c{i}.md": f"---\ndate: 2026-11-1{i}\ncustomer: Secretname{i} Ltd\nwho: Secretperson{i} Roe, ops lead\n"
    f"segment: field\nconsent: {consent}\n---\n- ! The import drops rows Word{i}, says Secretperson{i} #lost-rows\n"
    f"- \"Rows are lost in the import Word{i}\" @12:40\n- ~ =Import rows Word{i} by hand\n- = My own take\n"
    for i, consent in enumerate(["none", "aggregate", "quote", "named"])
}  # fmt: skip


STUDY["2026-11-12-c2.md"] = STUDY["2026-11-12-c2.md"].replace("consent:", "kind: at Secretname2 Ltd\nconsent:")


def taken_of(root, **options):
    study = read_study(root)
    return take_out(study, find_themes(study.notes, study.ledger), **options)


def everything(files):
    """All text of what was written."""
    return "\n".join(data.decode("utf-8-sig") for data in files)


def written(taken, folder, root):
    """Each form of it, as one text a form."""
    study = read_study(root)
    forms = {}
    save_taken(taken, folder / "out", study)
    forms["folder"] = everything([path.read_bytes() for path in sorted((folder / "out").glob("*.*")) if path.is_file()])
    for name in ("a.zip", "a.qdpx"):
        save_taken(taken, folder / name, study)
        with zipfile.ZipFile(folder / name) as archive:
            forms[name] = everything([archive.read(one) for one in archive.namelist()])
    save_taken(taken, folder / "a.json", study)
    forms["a.json"] = (folder / "a.json").read_text("utf-8")
    return forms


def test_what_leaves_obeys_consent_in_every_form(make_workspace, tmp_path):
    root = make_workspace(STUDY)
    create_record(root, "bet", title="Rows that Secretname2 Ltd and secretname0 ltd lost, see 2026-11-12-c2.md:9")
    (root / "discovery" / "weeks" / "secretname2-ltd.md").parent.mkdir(parents=True)
    (root / "discovery" / "weeks" / "secretname2-ltd.md").write_text("---\nnote: by Secretname2 Ltd\n---\n")
    for form, text in written(taken_of(root), tmp_path, root).items():
        assert "Word2" in text, form
        assert "Secretname3" in text, "who agreed to it is named"
        for kept in (
            "Word0",
            "Word1",
            "Secretname0",
            "Secretname1",
            "Secretname2",
            "secretname2",
            "Secretperson",
            "My own take",
            "2026-11-12-c2",
        ):
            assert kept not in text, (form, kept)


def test_withheld_notes_are_counted_without_their_words(make_workspace):
    taken = taken_of(make_workspace(STUDY))
    notes = taken.tables["notes"]
    assert set(notes["standing"]) == {"evidence"}
    assert len(notes) == 9
    hidden = notes[notes["text"] == ""]
    assert len(hidden) == 3
    assert hidden["tags"].eq("").all()
    assert set(taken.tables["customers"]["consent"]) == {"aggregate", "quote", "named"}
    assert taken.tables["calls"]["who"].eq("ops lead").all()
    assert notes["note"].str.fullmatch(r"C-[0-9a-f]{6}:\d+").all()


def test_ones_own_copy_is_whole(make_workspace, tmp_path):
    root = make_workspace(STUDY)
    taken = taken_of(root, mine=True)
    notes = taken.tables["notes"]
    assert len(notes) == 16
    assert notes["standing"].value_counts().to_dict() == {"evidence": 9, "take": 4, "not counted": 3}
    for form, text in written(taken, tmp_path, root).items():
        for whole in ("Word0", "Word1", "Secretname0 Ltd", "Secretperson1 Roe", "My own take", "lost-rows", "12:40"):
            assert whole in text, (form, whole)
        assert "OWN COPY" in text or '"mine": true' in text


def test_corrections_are_applied(make_workspace):
    root = make_workspace(STUDY)
    study = read_study(root)
    themes = find_themes(study.notes)
    first = themes.summary["theme"].iloc[0]
    append_records(root, rename_theme(themes, first, "Lost on the way", by="ana", date="2026-11-20"))
    study = read_study(root)
    themes = find_themes(study.notes, study.ledger)
    gone = themes.summary["notes"].iloc[0][0]
    append_records(root, set_aside(themes, [gone], by="ana", date="2026-11-20"))
    tables = taken_of(root, mine=True).tables
    (theme,) = tables["themes"][tables["themes"]["name"] == "Lost on the way"].itertuples()
    members = tables["notes"][tables["notes"]["theme"] == theme.theme]
    assert len(members) == theme.notes > 0
    assert members["customer"].nunique() == theme.customers
    assert tables["notes"].set_index("note").at[gone, "standing"] == "set aside"


@pytest.mark.parametrize("mine", [False, True])
def test_json_gives_the_very_tables_back(sample_study, mine):
    taken = taken_of(sample_study, mine=mine)
    back = read_json(format_json(taken))
    assert (back.mine, back.day) == (mine, taken.day)
    for name, table in taken.tables.items():
        assert len(table), name
        assert list(table.columns) == list(TABLES[name])
        assert back.tables[name].equals(table), name


def test_csv_and_json_say_the_same(sample_study, tmp_path):
    taken = taken_of(sample_study)
    save_taken(taken, tmp_path / "out", read_study(sample_study))
    whole = json.loads((tmp_path / "out" / "everything.json").read_text("utf-8"))
    assert (whole["format"], whole["version"]) == ("discovery-workbench", 1)
    for name, rows in whole["tables"].items():
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.DictReader(file))
        assert len(cells) == len(rows)
        for cell, row in zip(cells, rows, strict=True):
            # An apostrophe before what a spreadsheet would run is all that differs.
            assert {key: value.removeprefix("'") for key, value in cell.items()} == {
                key: "" if value is None else str(value).removeprefix("'") for key, value in row.items()
            }


def test_every_field_of_every_record_is_there(sample_study):
    study = read_study(sample_study)
    rows = taken_of(sample_study, mine=True).tables["records"]
    ids = {record.id for kind in (study.bets, study.hypotheses, study.decisions, study.weeks) for record in kind}
    assert set(rows["record"]) == ids | {"quarter"}
    hypothesis = study.hypotheses[0]
    own = rows[rows["record"] == hypothesis.id].set_index("field")["value"]
    assert own["change"] == hypothesis.change
    cited = [own[name] for name in own.index if re.fullmatch(r"against\.\d+", name)]
    assert cited == list(hypothesis.against)


def test_no_cell_runs(hostile_study, tmp_path):
    study = read_study(hostile_study)
    taken = take_out(study, find_themes(study.notes, study.ledger), mine=True)
    save_taken(taken, tmp_path / "out", study)
    cells = 0
    for name in TABLES:
        for row in csv.reader(io.StringIO((tmp_path / "out" / f"{name}.csv").read_text("utf-8-sig"), newline="")):
            for cell in row:
                assert not re.match(r"\s*[=+\-@|%\uff0b\uff0d\uff20\uff1d\t\r]", cell), (name, cell)
                cells += 1
    assert cells > 500
    assert read_json(format_json(taken)).tables["notes"].equals(taken.tables["notes"])


def test_the_same_files_give_the_same_bytes(make_workspace, tmp_path):
    root = make_workspace(STUDY)
    study = read_study(root)
    first = {}
    for again in ("one", "two"):
        for name in ("a.zip", "a.qdpx", "a.json"):
            (tmp_path / again).mkdir(exist_ok=True)
            save_taken(taken_of(root), tmp_path / again / name, study)
            data = (tmp_path / again / name).read_bytes()
            assert first.setdefault(name, data) == data


def test_withheld_words_in_a_record_stop_it_with_the_place(make_workspace, capsys, tmp_path):
    root = make_workspace(STUDY)
    create_record(root, "bet", title="Rows are lost in the import Word1")
    assert main(["-w", str(root), "export", str(tmp_path / "a.json")]) == 1
    said = capsys.readouterr().err
    assert "holds words from interviews/2026-11-11-c1.md:9" in said
    assert re.search(r"discovery/bets/B-[0-9a-f]+-\S+\.md:\d+", said)
    assert not (tmp_path / "a.json").exists()
    assert main(["-w", str(root), "export", "--mine", str(tmp_path / "a.json")]) == 0


def test_ones_own_copy_does_not_go_where_git_takes_it(make_workspace, capsys):
    root = make_workspace(STUDY)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    (root / ".gitignore").write_text("reports/\n")
    (root / "reports").mkdir()
    assert main(["-w", str(root), "export", "--mine", str(root / "mine.zip")]) == 1
    assert "lies in a folder that git keeps" in capsys.readouterr().err
    assert main(["-w", str(root), "export", "--mine", str(root / "mine")]) == 1
    assert not (root / "mine").exists()
    assert main(["-w", str(root), "export", "--mine", str(root / "reports" / "mine.zip")]) == 0
    assert "not for sending" in capsys.readouterr().err
    # What others may see may lie anywhere.
    assert main(["-w", str(root), "export", str(root / "others.zip")]) == 0


def stop_at(file):
    """Saves, until it comes to a file."""

    def save(path, write, *, expected):
        if path == file:
            raise KeyboardInterrupt
        save_written(path, write, expected=expected)

    return save


def test_the_command_takes_folders_and_refuses_what_it_cannot_write(make_workspace, tmp_path, capsys, monkeypatch):
    root = make_workspace(STUDY)
    assert main(["-w", str(root), "export", f"{tmp_path}/out/"]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 7
    assert "9 notes of 3 calls with 3 customers" in told.err
    assert "3 notes without their words" in told.err
    assert main(["-w", str(root), "export", f"{tmp_path}/out"]) == 0, "what was taken out before is written anew"
    for name in ("notes.csv", "everything.json"):
        file, before = tmp_path / "out" / name, (tmp_path / "out" / name).read_bytes()
        file.write_bytes(before.replace(b"Rows are lost", b"Rows  were lost").replace(b"{", b"{ "))
        assert main(["-w", str(root), "export", f"{tmp_path}/out"]) == 1
        assert f"{name} is there already, and not as an export left it" in capsys.readouterr().err
        assert b"Rows  were lost" in file.read_bytes(), "what somebody has worked in is not written over"
        file.write_bytes(before)
    (root / "interviews" / "2026-11-12-c2.md").write_text(STUDY["2026-11-12-c2.md"] + "- Another note\n")
    with monkeypatch.context() as stopped:
        stopped.setattr(room, "save_written", stop_at(tmp_path / "out" / "everything.json"))
        assert main(["-w", str(root), "export", f"{tmp_path}/out"])
    assert "Another note" in (tmp_path / "out" / "notes.csv").read_text("utf-8-sig")
    assert main(["-w", str(root), "export", f"{tmp_path}/out"]) == 0, "one that was stopped is written to its end"
    assert "Another note" in (tmp_path / "out" / "everything.json").read_text()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "README.txt").write_text("mine")
    capsys.readouterr()
    assert main(["-w", str(root), "export", f"{tmp_path}/other"]) == 1
    assert "name an empty folder" in capsys.readouterr().err
    assert (tmp_path / "other" / "README.txt").read_text() == "mine"
    assert main(["-w", str(root), "export", "--mine", f"{tmp_path}/a.csv"]) == 1
    assert main(["-w", str(root), "export", f"{tmp_path}/secretname2-ltd.zip"]) == 1
    assert "would give “secretname2-ltd” away" in capsys.readouterr().err.lower()


def export(root, path):
    return main(["-w", str(root), "export", str(path)])


@pytest.mark.parametrize("name", ["project.qdpx", "own.json", "x.zip"])
def test_a_file_of_somebody_elses_is_not_written_over(make_workspace, tmp_path, capsys, name):
    root = make_workspace(STUDY)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("project.qde", '<Project name="theirs" origin="NVivo"/>')
    for data in (other.getvalue(), b'{"mine": [1, 2]}', b"words", b"", b"PK broken"):
        (tmp_path / name).write_bytes(data)
        assert export(root, tmp_path / name) == 1, data
        assert f"{name} is there already, and not as an export left it" in capsys.readouterr().err
        assert (tmp_path / name).read_bytes() == data


@pytest.mark.parametrize("name", ["project.qdpx", "own.json", "x.zip"])
def test_an_export_is_written_anew_unless_somebody_has_worked_in_it(make_workspace, tmp_path, capsys, name):
    root = make_workspace(STUDY)
    file = tmp_path / name
    assert export(root, file) == 0
    (root / "interviews" / "2026-11-12-c2.md").write_text(STUDY["2026-11-12-c2.md"] + "- Another note\n")
    before = file.read_bytes()
    assert export(root, file) == 0
    assert file.read_bytes() != before, "the new note is in it"
    if name == "own.json":
        changed = file.read_bytes().replace(b'"mine": false,', b'"mine": false, "remark": "look at this",')
    else:
        changed = worked_in(file.read_bytes())
    file.write_bytes(changed)
    assert export(root, file) == 1
    assert "name another file, or move it away" in capsys.readouterr().err
    assert file.read_bytes() == changed


@pytest.mark.parametrize("name", ["project.qdpx", "x.zip"])
def test_an_export_of_an_earlier_version_is_known_by_the_seal_that_it_has(make_workspace, tmp_path, name):
    root, file = make_workspace(STUDY), tmp_path / name
    assert export(root, file) == 0
    with zipfile.ZipFile(file, "a") as archive:
        told = hashlib.sha256()
        for member in archive.namelist():
            words = archive.read(member)
            told.update(f"{member}\0{len(words)}\0".encode() + words)
        archive.comment = f"discovery-workbench {told.hexdigest()}".encode()
    earlier = file.read_bytes()
    assert export(root, file) == 0 and file.read_bytes() != earlier
    file.write_bytes(changed := worked_in(earlier))
    assert export(root, file) == 1 and file.read_bytes() == changed


def worked_in(data):
    """A zip of ours to which another program has added something, its comment and origin kept."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as was, zipfile.ZipFile(out, "w") as now:
        now.comment = was.comment
        for member in was.namelist():
            words = was.read(member)
            now.writestr(member, words.replace(b"</Codes>", b'<Code guid="x" name="Mine"/></Codes>', 1))
        if "project.qde" not in was.namelist():
            now.writestr("remark.txt", "look at this")
    return out.getvalue()


def test_a_name_with_an_ending_may_be_a_folders(make_workspace, tmp_path):
    (tmp_path / "out.zip").mkdir()
    assert export(make_workspace(STUDY), tmp_path / "out.zip") == 0
    assert (tmp_path / "out.zip" / "everything.json").is_file()


def test_json_of_others_is_refused():
    ours = b'{"format": "discovery-workbench", "version": 1'
    for data in (b"", b"[]", b'{"format": "x", "version": 1}', b"\xff", ours + b"}", ours + b', "tables": [1]}'):
        with pytest.raises(InputError, match="no JSON that"):
            read_json(data)
    with pytest.raises(InputError, match="version 9 of the tables"):
        read_json(b'{"format": "discovery-workbench", "version": 9}')


def test_a_study_without_calls_is_empty_tables(make_workspace, tmp_path):
    root = make_workspace({})
    for text in written(taken_of(root), tmp_path, root).values():
        assert text


def test_notes_that_records_name_are_called_as_in_the_other_tables(sample_study):
    study = read_study(sample_study)
    tables = taken_of(sample_study).tables
    values = tables["records"]["value"]
    cited = values[values.str.fullmatch(r"C-[0-9a-f]{6}:\d+")]
    assert len(cited) > 5
    assert set(cited) <= set(tables["notes"]["note"])
    whole = "\n".join(cell for table in tables.values() for cell in table.astype(str).to_numpy().ravel())
    assert not [call for call in study.calls["call"] if call in whole]
    assert not re.search(r"#[0-9a-f]{8}\b", whole), "an id of a note holds a hash of its words"
