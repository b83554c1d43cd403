"""Records on disk: made by hand, by a card or from Python they are the same file, and nothing else in it is touched."""

import re
from dataclasses import replace

import pytest
from decisions import decision

import workbench as wb
from workbench.deciding import decide
from workbench.errors import InputError
from workbench.record_files import create_record, find_record, read_records, update_record
from workbench.records import seal_decision


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "interviews").mkdir()
    return tmp_path


def test_all_records_are_read_by_id_with_their_texts_and_problems(folder):
    create_record(folder, "decision", title="Reader or template?", id="D-bb0000")
    create_record(folder, "decision", title="Price", id="D-aa0000", options=["Wait", "Raise"])
    create_record(folder, "week", week="2026-W47", outcomes=["One"])
    odd = folder / "discovery" / "bets" / "B-1-x.md"
    odd.parent.mkdir()
    odd.write_text("---\nstatus: nearly\n---\n")
    (odd.parent / "_draft.md").write_text("---\nstatus: no record\n---\n")
    records = read_records(folder)
    assert [decision.id for decision in records.decisions] == ["D-aa0000", "D-bb0000"]
    assert records.decisions[0].options == ("Wait", "Raise")
    assert [week.id for week in records.weeks] == ["2026-W47"]
    assert [f"{problem.file}:{problem.line}" for problem in records.problems] == ["discovery/bets/B-1-x.md:2"]
    assert sorted(records.texts) == [
        "discovery/bets/B-1-x.md",
        "discovery/decisions/D-aa0000-price.md",
        "discovery/decisions/D-bb0000-reader-or-template.md",
        "discovery/weeks/2026-W47.md",
    ]
    assert wb.read_study(folder).decisions == records.decisions


def test_ids_are_by_chance_so_that_two_people_never_collide(folder):
    files = {create_record(folder, "bet", title="Same").name for _ in range(20)}
    assert len(files) == 20
    assert all(re.fullmatch(r"B-[0-9a-f]{6}-same\.md", name) for name in files)


def test_a_record_written_by_hand_and_one_from_python_are_the_same_bytes(folder):
    """Fields set one by one, in any order, end at the same file as fields given at once."""
    one = create_record(folder, "decision", id="D-aa0000", title="Price", owner="Ines", chosen="Wait").read_bytes()
    other = create_record(folder, "decision", id="D-bb0000", title="Price")
    update_record(folder, "D-bb0000", chosen="Wait")
    update_record(folder, "D-bb", owner="Ines")
    assert other.read_bytes() == one.replace(b"D-aa0000", b"D-bb0000")


def test_an_update_keeps_comments_unknown_fields_line_ends_and_prose_byte_for_byte(folder):
    file = folder / "discovery" / "decisions" / "D-81c0e2-x.md"
    file.parent.mkdir(parents=True)
    text = b"---\r\nmood: good  # mine\r\nchosen: Wait\r\nstatus: proposed\r\n---\r\nWhy?\xff\r\n- because\r\n"
    file.write_bytes(text)
    update_record(folder, "D-81c0e2", chosen="Raise")
    assert file.read_bytes() == text.replace(b"Wait", b"Raise")
    update_record(folder, "D-81c0e2", review=None)
    assert file.read_bytes() == text.replace(b"Wait", b"Raise")


@pytest.mark.parametrize("fields", [
    {"title": "Another?"}, {"chosen": "Raise"}, {"options": ["Wait", "Raise", "Both"]}, {"why": None}, {"agreed": None},
    {"status": "proposed"},
])  # fmt: skip
def test_what_was_decided_is_not_set_by_a_field_of_it(folder, fields):
    file = decision(
        folder, "D-81c0e2", title="Price", status="decided", date="2026-11-20", options=["Wait", "Raise"],
        chosen="Wait", why="Early", agreed="0123abcd",
    )  # fmt: skip
    before = file.read_bytes()
    with pytest.raises(InputError, match=f"was decided on 2026-11-20 and stays as it is \\({next(iter(fields))}\\).*--supersedes D-81c0e2"):  # fmt: skip
        update_record(folder, "D-81c0e2", **fields)
    assert file.read_bytes() == before
    update_record(folder, "D-81c0e2", reviewed="2026-12-01", status="superseded")
    assert read_records(folder).decisions[0].status == "superseded"


WAIT = {
    "title": "Price",
    "options": ["Wait", "Raise"],
    "chosen": "Wait",
    "why": "Early",
    "date": "2026-11-20",
    "owner": "Ines",
}


@pytest.mark.parametrize("agreed", [{}, {"agreed": "0123abcd"}])
def test_a_decision_is_not_decided_by_its_status_alone_whichever_way_it_is_written(folder, agreed):
    file = create_record(folder, "decision", id="D-81c0e2", **WAIT)
    before = file.read_bytes()
    words = r"D-81c0e2 is not decided by its status alone.*workbench decide D-81c0e2 --chosen"
    with pytest.raises(InputError, match=words):
        update_record(folder, "D-81c0e2", status="decided", **agreed)
    assert file.read_bytes() == before
    with pytest.raises(InputError, match="is not decided by its status alone"):
        create_record(folder, "decision", status="decided", **WAIT, **agreed)
    assert len(list(file.parent.glob("*.md"))) == 1
    decide(folder, "D-81c0e2", chosen="Wait", review="2027-02-01", date="2026-11-20")
    made = read_records(folder).decisions[0]
    assert (made.status, made.agreed) == ("decided", seal_decision(made))
    update_record(folder, "D-81c0e2", reviewed="2027-02-01")
    with pytest.raises(InputError, match="stays as it is"):
        update_record(folder, "D-81c0e2", chosen="Raise", agreed=seal_decision(replace(made, chosen="Raise")))


def test_what_was_decided_by_hand_is_read_and_may_still_be_looked_at_again(folder):
    decision(folder, "D-81c0e2", status="decided", **WAIT)
    update_record(folder, "D-81c0e2", reviewed="2027-02-01")
    assert read_records(folder).decisions[0].agreed == ""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"review": "soon"}, "review 'soon' is no day; write it as year, month, day"),
        ({"status": "nearly"}, "status 'nearly' is not known; write one of proposed"),
        ({"colour": "red"}, "a decision has no field 'colour'; it has version, id"),
    ],
)
def test_what_would_not_be_read_is_refused_and_nothing_is_written(folder, fields, words):
    file = create_record(folder, "decision", id="D-81c0e2", title="Price")
    before = file.read_bytes()
    with pytest.raises(InputError, match=re.escape(words)):
        update_record(folder, "D-81c0e2", **fields)
    with pytest.raises(InputError, match=re.escape(words)):
        create_record(folder, "decision", title="Another", **fields)
    assert file.read_bytes() == before
    assert len(list(file.parent.glob("*.md"))) == 1


def test_a_record_that_is_there_is_not_written_over(folder):
    create_record(folder, "week", week="2026-W47", outcomes=["mine"])
    with pytest.raises(InputError, match=r"2026-W47\.md is there already"):
        create_record(folder, "week", week="2026-W47")
    with pytest.raises(InputError, match="is no week"):
        create_record(folder, "week", week="47")
    assert [file.name for file in (folder / "discovery" / "weeks").glob("*.md")] == ["2026-W47.md"]


def test_a_record_is_found_by_the_first_letters_of_its_id(folder):
    create_record(folder, "bet", id="B-aa0001", title="One")
    create_record(folder, "bet", id="B-aa0002", title="Two")
    assert find_record(folder, "B-aa0001") == "discovery/bets/B-aa0001-one.md"
    assert find_record(folder, "discovery/bets/B-aa0002-two.md") == "discovery/bets/B-aa0002-two.md"
    with pytest.raises(InputError, match=r"2 records begin with 'B-aa': B-aa0001 \(discovery"):
        find_record(folder, "B-aa")
    with pytest.raises(InputError, match="there is no record 'D-1'"):
        find_record(folder, "D-1")


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("bet", {"id": "B-a10001"}, "B-a10001 is the id of discovery/bets/B-a10001-lists.md already"),
        ("bet", {"id": "../../B-1"}, "id '../../B-1' is none of a bet"),
        ("bet", {"id": "D-a10001"}, "id 'D-a10001' is none of a bet"),
        ("week", {"week": "../2026-W47"}, "'../2026-W47' is no week"),
        ("week", {}, "'' is no week"),
    ],
)
def test_a_name_that_is_taken_or_leads_elsewhere_is_refused(kind, fields, words, folder):
    create_record(folder, "bet", title="Lists", id="B-a10001")
    before = sorted(folder.rglob("*.md"))
    with pytest.raises(InputError, match=re.escape(words)):
        create_record(folder, kind, **fields)
    assert sorted(folder.rglob("*.md")) == before


def test_a_field_that_is_none_is_as_if_it_were_not_given(folder):
    file = create_record(folder, "bet", title="Lists", id="B-a10001", owner=None)
    assert read_records(folder).bets[0].owner == ""
    assert "\nowner:" in file.read_text()


def test_the_quarter_s_fields_are_set_as_those_of_a_record(folder):
    file = folder / "discovery" / "quarter.md"
    file.parent.mkdir()
    file.write_text("---\noutcome: More\n---\nProse\n")
    update_record(folder, "quarter", wont_do=["Single sign-on"], review="2027-01-11")
    assert file.read_text() == "---\noutcome: More\nwont_do: [Single sign-on]\nreview: 2027-01-11\n---\nProse\n"
    with pytest.raises(InputError, match="review 'soon' is no day"):
        update_record(folder, "quarter", review="soon")


def test_records_that_are_not_read_are_said(folder):
    bets = folder / "discovery" / "bets"
    (bets / "2026-Q4").mkdir(parents=True)
    (bets / "2026-Q4" / "B-1.md").write_text("---\ntitle: x\n---\n")
    (bets / "B-2.markdown").write_text("---\ntitle: x\n---\n")
    (bets / "B-3.md").write_text("Only prose\n")
    assert [f"{problem.file}: {problem.what}" for problem in read_records(folder).problems] == [
        "discovery/bets/B-3.md: no fields",
        "discovery/bets/2026-Q4: a folder of records that is not read",
        "discovery/bets/B-2.markdown: not a record",
    ]


def test_an_open_text_field_is_empty_so_that_one_can_type_behind_its_colon(folder):
    text = create_record(folder, "bet", title="Lists").read_text()
    assert "\nowner:\n" in text
    assert '""' not in text


# In a notebook


def test_the_folder_may_be_left_out_where_it_can_be_found(folder, monkeypatch):
    (folder / "notebooks").mkdir()
    monkeypatch.delenv("WORKBENCH_DIR", raising=False)
    monkeypatch.chdir(folder / "notebooks")
    made = wb.create_record(kind="decision", title="Price", id="D-aa0000")
    assert made == folder / "discovery" / "decisions" / "D-aa0000-price.md"
    assert made.read_text("utf-8").startswith("---\n")
    assert wb.update_record(id="D-aa", owner="Ines") == made
    assert wb.create_record("..", "bet", title="Lists").parent == folder / "discovery" / "bets"
    assert [decision.owner for decision in read_records("..").decisions] == ["Ines"]


def test_what_was_left_out_with_the_folder_is_asked_for(folder):
    with pytest.raises(InputError, match=r"of what kind.*kind='bet'"):
        wb.create_record("bet", title="Lists")
    with pytest.raises(InputError, match=r"of what kind.*kind='decision'"):
        wb.create_record(folder, title="Lists")
    with pytest.raises(InputError, match=r"which record.*id='D-81c0e2'"):
        wb.update_record("D-81c0e2", chosen="Wait")


def test_in_a_cell_it_says_what_was_made_and_what_is_wrong_stands_in_one_sentence(folder, monkeypatch):
    """In a real kernel: what a PM sees is what it sends."""
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.delenv("WORKBENCH_DIR", raising=False)
    cells = [
        "import workbench as wb",
        "wb.create_record(kind='decision', title='Price', id='D-aa0000')",
        "wb.update_record(id='D-aa0000', owner='Ines')",
        "wb.update_record(id='D-aa0000', review='soon')",
        "wb.read_notes('no-such-folder')",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(book, allow_errors=True, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    _, made, changed, odd, gone = (cell.outputs for cell in book.cells)
    file = "discovery/decisions/D-aa0000-price.md"
    for (output,), said in ((made, f"Made {file}"), (changed, f"Changed {file}")):
        assert output.data == {"text/plain": said}
        assert output.metadata == {"workbench": "still"}, "it is no part of a report"
    for (output,), said in (
        (odd, "review 'soon' is no day; write it as"),
        (gone, "no folder no-such-folder; name the"),
    ):
        assert output.output_type == "error"
        (row,) = output.traceback
        assert row.startswith(f"\x1b[31m{said}")
        assert row.endswith("\x1b[0m")
        assert "\n" not in row


AGREED = {
    "change": "show each row",
    "metric": "Activation",
    "deadline": "2027-02-26",
    "guardrails": ["Errors: at most 2 in 1,000"],
}


def test_a_start_keeps_what_was_agreed_until_it_is_set_back(folder):
    create_record(folder, "hypothesis", id="H-aa0000", **AGREED)

    def now():
        return read_records(folder).hypotheses[0]

    update_record(folder, "H-aa0000", status="ready")
    assert now().agreed == ""
    update_record(folder, "H-aa0000", status="running", started="2026-11-26")
    agreed = now().agreed
    assert re.fullmatch("[0-9a-f]{8}", agreed) and not now().has_moved
    update_record(folder, "H-aa0000", owner="Ines", result="31 %", status="supported")
    assert now().agreed == agreed and not now().has_moved, "these may change"
    for moved in (
        {"deadline": "2027-03-26"},
        {"guardrails": ["Errors: at most 9 in 1,000"]},
        {"change": "show one row"},
    ):
        update_record(folder, "H-aa0000", **moved)
        assert now().agreed == agreed and now().has_moved
        update_record(folder, "H-aa0000", **{name: AGREED[name] for name in moved})
        assert not now().has_moved
    update_record(folder, "H-aa0000", status="ready", deadline="2027-03-26")
    assert now().agreed == "" and not now().has_moved
    create_record(folder, "hypothesis", id="H-bb0000", status="running", **AGREED)
    assert read_records(folder).hypotheses[1].agreed == agreed
