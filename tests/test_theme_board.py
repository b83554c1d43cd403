"""The theme board without a browser: messages in, messages out, and what is on disk when it says that it is."""

import copy
import itertools
import json
import re
import shutil
import threading

import pytest

from workbench.save import SaveError
from workbench.store import append_records, read_ledger
from workbench.study import read_notes, read_study
from workbench.themes import find_themes
from workbench.themes.acts import keep_themes, merge_themes, rename_theme
from workbench.themes.ledger import LEDGER_FILE, act_of
from workbench.widgets import theme_board
from workbench.widgets.theme_board import ThemeBoard

CALL = "---\ndate: {date}\ncustomer: {customer}\nsegment: {segment}\nconsent: quote\n---\n{notes}\n"
# Three things that customers say, in words that no two of the three share.
IMPORT = [
    "The import drops rows", "Rows are lost in the import", "Import refused half of the rows", "Lost 40 rows on import",
]  # fmt: skip
INVOICE = ["Invoice layout looks odd", "The invoice has an odd layout", "Odd invoice layout again", "Our invoice layout is off"]  # fmt: skip
FILTER = ["Filters reset when she goes back", "Going back resets her filters", "Back button resets filters", "Resets the filters, back they go"]  # fmt: skip
CUSTOMERS = ["Acme", "Bolt", "Core", "Dune"]
IDS = itertools.count(1)  # of acts


@pytest.fixture
def work(make_workspace):
    """A workspace of four calls; line 7 of each is about the import, 8 the invoice, 9 the filters."""
    calls = {}
    for i, customer in enumerate(CUSTOMERS):
        notes = f"- {IMPORT[i]}\n- ! {INVOICE[i]} #layout\n- {FILTER[i]}"
        if i == 0:
            notes += "\n- = Perhaps it is the commas"
        day, segment = f"2026-11-{10 + i}", "services" if i % 2 else "field"
        calls[f"{day}-{customer.lower()}.md"] = CALL.format(date=day, customer=customer, segment=segment, notes=notes)
    return make_workspace(calls)


class Face:
    """What a view makes of the messages: everything at first, then what changed."""

    def __init__(self, board, view="v1"):
        self.board, self.view, self.heard, self.state = board, view, [], None
        faces = getattr(board, "faces", None)
        if faces is None:
            board.faces = faces = []
            board.send = lambda message, **_: [face.hear(json.loads(json.dumps(message))) for face in faces]
        faces.append(self)
        board.answer({"what": "hello", "view": view})

    def hear(self, message):
        self.heard.append(message)
        if message["what"] == "board" and (message["view"] in ("", self.view)):
            self.state = message
        if message["what"] == "changed":
            state = self.state
            assert message["from"] == state["version"], "a view has missed something"
            state["version"] = message["to"]
            notes = message["notes"]
            for i, theme, reason in zip(notes["at"], notes["theme"], notes["reason"], strict=True):
                state["notes"]["theme"][i], state["notes"]["reason"][i] = theme, reason
                state["notes"]["like"].pop(str(i), None)
            state["notes"]["like"] |= notes["like"]
            rows = {row["key"]: row for row in state["themes"]} | {row["key"]: row for row in message["themes"]}
            state["themes"] = [rows[key] for key in message["order"]]
            state["status"] = message["status"]

    def note(self, text):
        return self.state["notes"]["text"].index(text)

    def theme(self, text):
        """The number of the theme that holds a text."""
        return self.state["notes"]["theme"][self.note(text)]

    def row(self, text):
        return next(row for row in self.state["themes"] if row["key"] == self.theme(text))

    def act(self, do, id=None, **what):
        """Send an act; gives the answer that settles it."""
        if id is None:
            id = f"{next(IDS):08x}"
        self.heard.clear()
        self.board.answer({"what": "act", "view": self.view, "act": {"id": id, "do": do, **what}})
        return self.heard[-1]


@pytest.fixture
def face(work):
    return Face(ThemeBoard(work, by="ana", today="2026-11-20"))


def plain(state):
    """A state without what tells apart when it was sent."""
    state = copy.deepcopy(state)
    for name in ("version", "view", "on_disk"):
        state.pop(name, None)
    return state


def test_everything_is_sent_once_and_its_counts_are_those_of_find_themes(work, face):
    themes = find_themes(read_notes(work))
    state = face.state
    assert [row["claim"] for row in state["themes"]] == themes.summary["claim"].tolist()
    assert [row["n"] for row in state["themes"]] == themes.summary["n_customers"].tolist()
    assert [row["segments"] for row in state["themes"]] == themes.summary["segments"].tolist()
    assert state["total"] == themes.n_customers
    ids = [
        f"{state['calls']['id'][call]}#{id}"
        for call, id in zip(state["notes"]["call"], state["notes"]["id"], strict=True)
    ]
    assert ids == themes.notes["note"].tolist()
    for row, notes in zip(state["themes"], themes.summary["notes"], strict=True):
        assert [ids[i] for i in row["notes"]] == list(notes)
        assert {i for i, key in enumerate(state["notes"]["theme"]) if key == row["key"]} == set(row["notes"])
    assert state["status"]["uncounted"] == 1
    assert set(state["notes"]["tags"]) == {str(face.note(text)) for text in INVOICE}


def test_what_an_act_changes_is_all_that_is_sent_and_equals_what_a_new_view_is_told(work, face):
    before = len(json.dumps(face.state))
    answer = face.act("move", notes=[face.note(IMPORT[0])], theme=face.theme(INVOICE[0]))
    assert answer["what"] == "changed"
    assert len(json.dumps(answer)) < before / 2
    merged = (face.theme(FILTER[0]), face.theme(INVOICE[0]))
    for do, what in [
        ("rename", {"theme": face.theme(INVOICE[0]), "name": "Layout"}),
        ("aside", {"notes": [face.note(IMPORT[1])]}),
        ("pin", {"notes": [face.note(IMPORT[2]), face.note(FILTER[0])]}),
        ("apart", {"notes": [face.note(FILTER[1]), face.note(FILTER[2])]}),
        ("merge", {"theme": merged[0], "into": merged[1]}),
        ("undo", {}),
        ("redo", {}),
        ("new", {"notes": [face.note(INVOICE[1]), face.note(INVOICE[2])], "name": "Odd"}),
        ("new", {"notes": [face.note(INVOICE[1]), face.note(FILTER[1]), face.note(IMPORT[1])]}),
        ("keep", {"theme": merged[1]}),
        ("undo", {}),
    ]:
        answer = face.act(do, **what)
        if do == "keep" and answer["what"] == "failed":
            continue
        assert answer["what"] == "changed", (do, answer)
        themes = find_themes(read_notes(work), read_ledger(work))
        assert [row["n"] for row in face.state["themes"]] == themes.summary["n_customers"].tolist(), do
        assert [row["name"] for row in face.state["themes"]] == themes.summary["name"].tolist(), do
        told = plain(face.state)
        Face(face.board, f"after {do}")
        assert told == plain(face.board.faces[-1].state), do
        face.board.faces.pop()


def test_a_theme_keeps_its_number_when_it_gets_a_lasting_id_and_another_rank(face):
    key = face.theme(FILTER[0])
    assert face.row(FILTER[0])["id"] == ""
    face.act("rename", theme=key, name="Lost filters")
    assert face.theme(FILTER[0]) == key
    assert face.row(FILTER[0])["id"].startswith("T-")
    face.act("undo")
    assert face.theme(FILTER[0]) == key
    assert face.row(FILTER[0])["name"] == ""


def test_it_is_on_disk_before_it_says_so(work, face):
    seen = []
    hear = face.hear
    face.hear = lambda message: (seen.append((message["what"], len(read_ledger(work).records))), hear(message))
    face.act("rename", theme=face.theme(IMPORT[0]), name="Import")
    assert seen == [("saved", 2), ("changed", 2)]
    record = read_ledger(work).records[-1]
    assert (record.name, record.by, record.date) == ("Import", "ana", "2026-11-20")


def test_each_act_is_one_of_the_ledger_and_a_merge_with_a_new_name_too(work, face):
    keys = face.theme(IMPORT[0]), face.theme(INVOICE[0])
    answer = face.act("merge", theme=keys[0], into=keys[1], name="Both")
    assert face.row(IMPORT[0])["name"] == "Both"
    assert face.theme(IMPORT[0]) == face.theme(INVOICE[3])
    assert len({act_of(record) for record in read_ledger(work).records}) == 1
    assert answer["status"]["undo"] == "merge"
    face.act("undo")
    assert (face.theme(IMPORT[0]), face.theme(INVOICE[0])) == keys, "both have their places again"
    assert face.state["status"] | {"problems": []} == face.state["status"] | {
        "undo": "",
        "redo": "merge",
        "problems": [],
    }


def test_a_new_theme_is_made_of_notes_of_several_themes_and_of_none(work, face):
    face.act("aside", notes=[face.note(IMPORT[1])])
    before = {text: face.theme(text) for text in (IMPORT[0], FILTER[0])}
    chosen = [face.note(text) for text in (IMPORT[1], INVOICE[1], FILTER[1])]
    answer = face.act("new", notes=chosen, name="Three things")
    assert answer["what"] == "changed"
    row = face.row(IMPORT[1])
    assert (row["name"], row["n"]) == ("Three things", 1)
    assert {face.state["notes"]["theme"][i] for i in chosen} == {row["key"]}
    assert row["key"] not in before.values()
    assert {text: face.theme(text) for text in before} == before
    assert answer["status"]["undo"] == "new theme of 3 notes"
    assert len({act_of(record) for record in read_ledger(work).records}) == 2
    face.act("undo")
    assert face.state["notes"]["theme"][chosen[0]] == 0


def test_an_act_from_before_the_notes_were_read_anew_is_refused(work, face):
    act = {"do": "aside", "notes": [face.note(IMPORT[1])], "reads": face.state["reads"]}
    call = CALL.format(date="2026-11-01", customer="Elm", segment="field", notes="- Import lost rows")
    (work / "interviews" / "2026-11-01-elm.md").write_text(call, "utf-8")
    face.board.answer({"what": "read", "view": "v2"})
    assert face.note(IMPORT[1]) != act["notes"][0], "the notes have other numbers"
    answer = face.act(**act)
    assert (answer["what"], answer["again"]) == ("failed", False)
    assert "look again" in answer["why"]
    assert not (work / LEDGER_FILE).exists()
    assert face.act(**act | {"reads": face.state["reads"]})["what"] == "changed"


def test_what_followed_is_told_with_where_it_was_and_what_it_is_like(make_workspace):
    calls = {}
    for i in range(8):
        notes = f"- Import lost rows of postcode list {i}\n- Import lost rows of the phone table\n- Invoice layout looks odd {i}"
        calls[f"2026-11-{10 + i}-c{i}.md"] = CALL.format(
            date=f"2026-11-{10 + i}", customer=f"C{i}", segment="field", notes=notes
        )
    face = Face(ThemeBoard(make_workspace(calls), by="ana", today="2026-11-20"))
    source = face.theme("Import lost rows of postcode list 0")
    target = face.theme("Invoice layout looks odd 0")
    chosen = [face.note(f"Import lost rows of postcode list {i}") for i in range(3)]
    assert {face.state["notes"]["theme"][i] for i in chosen} == {source}
    answer = face.act("move", notes=chosen, theme=target)
    assert answer["followed"]
    reasons = face.state["reasons"]
    for note, was in answer["followed"]:
        assert note not in chosen
        assert was != face.state["notes"]["theme"][note]
        if reasons[face.state["notes"]["reason"][note]] == "came along":
            assert set(face.state["notes"]["like"][str(note)]) <= set(chosen)
    back, home = answer["followed"][0]
    face.act("move", notes=[back], theme=home)
    assert face.state["notes"]["theme"][back] == home
    assert reasons[face.state["notes"]["reason"][back]] == "placed"


def test_two_views_stay_in_step_and_a_later_one_is_told_all(face):
    other = Face(face.board, "v2")
    face.act("rename", theme=face.theme(IMPORT[0]), name="Import")
    other.act("move", notes=[other.note(INVOICE[0])], theme=other.theme(FILTER[0]))
    assert face.state["version"] == other.state["version"]
    assert plain(face.state) == plain(other.state)


def test_an_act_that_is_sent_again_is_done_once(work, face):
    act = {"do": "move", "id": "ab12cd34", "notes": [face.note(IMPORT[0])], "theme": face.theme(FILTER[0])}
    assert face.act(**act)["what"] == "changed"
    text = (work / LEDGER_FILE).read_text("utf-8")
    assert face.act(**act)["what"] == "changed"
    assert (work / LEDGER_FILE).read_text("utf-8") == text


def test_a_view_learns_which_of_its_acts_are_on_disk(face):
    face.act("move", id="ab12cd34", notes=[face.note(IMPORT[0])], theme=face.theme(FILTER[0]))
    face.board.answer({"what": "hello", "view": "v1", "asked": ["ab12cd34", "00000000"]})
    assert face.state["on_disk"] == ["ab12cd34"]


def test_a_theme_that_is_gone_is_said_to_be_and_nothing_is_written(work, face):
    gone = face.theme(IMPORT[0])
    face.act("merge", theme=gone, into=face.theme(INVOICE[0]))
    text = (work / LEDGER_FILE).read_text("utf-8")
    answer = face.act("rename", theme=gone, name="Import")
    assert answer["what"] == "failed"
    assert answer["id"]
    assert "not there any more" in answer["why"]
    assert not answer["again"]
    assert (work / LEDGER_FILE).read_text("utf-8") == text


@pytest.mark.parametrize("what", [
    {"do": "rename", "theme": 1, "name": "  "},
    {"do": "rename", "theme": 1, "name": "x" * 201},
    {"do": "merge", "theme": 1, "into": 1},
    {"do": "new", "notes": []},
    {"do": "new", "notes": [0], "name": "x" * 201},
    {"do": "undo"},
    {"do": "fly"},
])  # fmt: skip
def test_what_cannot_be_done_is_said_in_words(work, face, what):
    answer = face.act(**what)
    assert answer["what"] == "failed"
    assert len(answer["why"]) > 15
    assert "Traceback" not in answer["why"]
    assert not (work / LEDGER_FILE).exists()


def test_when_it_cannot_be_saved_it_is_said_and_the_same_act_works_later(work, face, monkeypatch):
    def full(*_):
        raise SaveError("Not saved: the disk is full; free some space and save again.")

    act = {"do": "rename", "id": "ab12cd34", "theme": face.theme(IMPORT[0]), "name": "Import"}
    with monkeypatch.context() as patch:
        patch.setattr(theme_board, "append_records", full)
        answer = face.act(**act)
    assert (answer["what"], answer["again"]) == ("failed", True)
    assert "the disk is full" in answer["why"]
    assert face.row(IMPORT[0])["name"] == ""
    assert face.act(**act)["what"] == "changed"
    assert face.row(IMPORT[0])["name"] == "Import"


def test_a_mistake_of_ours_is_told_without_a_traceback_and_later_messages_are_answered(face, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(theme_board, "move_notes", lambda *_, **__: 1 / 0)
        answer = face.act("move", notes=[0], theme=face.theme(FILTER[0]))
    assert answer["what"] == "failed"
    assert "ZeroDivisionError" in answer["why"]
    assert "Traceback" in caplog.text
    assert face.act("move", notes=[face.note(IMPORT[0])], theme=face.theme(FILTER[0]))["what"] == "changed"


def test_news_are_told_and_shown_only_when_asked_for(work, face):
    def poll():
        face.board.answer({"what": "poll", "view": "v1"})
        return face.heard[-1].get("news")

    assert poll() is None
    (work / "interviews" / "2026-11-19-elm.md").write_text(
        CALL.format(
            date="2026-11-19", customer="Elm", segment="field", notes="- Import lost rows\n- Invoice layout odd"
        ),
        "utf-8",
    )
    themes = find_themes(read_notes(work))
    append_records(work, rename_theme(themes, "T1", "By Ben", by="ben", date="2026-11-19"))
    news = poll()
    assert {name: news[name] for name in ("notes", "calls", "gone", "acts", "by")} == {
        "notes": 2, "calls": 1, "gone": 0, "acts": 1, "by": ["ben"],
    }  # fmt: skip
    assert poll() == news
    assert len(face.state["notes"]["text"]) == 12
    face.board.answer({"what": "read", "view": "v1"})
    assert len(face.state["notes"]["text"]) == 14
    assert "By Ben" in [row["name"] for row in face.state["themes"]]
    assert poll() is None
    (work / "discovery" / "customers.yaml").write_text("Acme:\n  segment: wholesale\n", "utf-8")
    assert poll()["customers"]


def test_ones_own_act_is_no_news(face):
    face.act("rename", theme=face.theme(IMPORT[0]), name="Import")
    face.board.answer({"what": "poll", "view": "v1"})
    assert "news" not in face.heard[-1]


def test_somebody_elses_act_on_disk_is_kept_when_one_acts(work, face):
    themes = find_themes(read_notes(work))
    append_records(work, merge_themes(themes, "T1", "T2", by="ben", date="2026-11-19"))
    face.act("rename", theme=face.theme(FILTER[0]), name="Filters")
    assert {record.by for record in read_ledger(work).records} == {"ana", "ben"}
    themes = find_themes(read_notes(work), read_ledger(work))
    assert [row["n"] for row in face.state["themes"]] == themes.summary["n_customers"].tolist()


def test_a_note_in_its_call_has_the_lines_around_it_as_the_file_is_now(work, face):
    note = face.note(INVOICE[1])
    face.board.answer({"what": "note", "view": "v1", "note": note})
    said = face.heard[-1]
    assert (said["file"], said["line"]) == ("interviews/2026-11-11-bolt.md", 8)
    assert said["lines"][said["line"] - said["first"]] == f"- ! {INVOICE[1]} #layout"
    file = work / "interviews" / "2026-11-11-bolt.md"
    file.write_text(file.read_text("utf-8").replace("---\n- ", "---\n# Notes\n- ", 1), "utf-8")
    face.board.answer({"what": "note", "view": "v1", "note": note})
    assert face.heard[-1]["line"] == 9
    file.unlink()
    face.board.answer({"what": "note", "view": "v1", "note": note})
    assert "check that the file is there" in face.heard[-1]["why"]


def test_without_a_workspace_the_board_says_so_and_opens_once_there_is_one(tmp_path):
    face = Face(ThemeBoard(tmp_path / "none"))
    assert "no folder" in face.state["trouble"]
    face.board.answer({"what": "poll", "view": "v1"})
    assert "news" not in face.heard[-1]
    assert face.act("undo")["what"] == "failed"
    assert "no folder" in face.board.picture()
    (tmp_path / "none" / "interviews").mkdir(parents=True)
    face.board.answer({"what": "poll", "view": "v1"})
    assert face.heard[-1]["news"] == {"readable": True}
    face.board.answer({"what": "read", "view": "v1"})
    assert face.state["notes"]["text"] == []
    assert face.state["themes"] == []


def test_a_broken_line_of_the_ledger_is_named_and_the_rest_holds(work, face):
    face.act("rename", theme=face.theme(IMPORT[0]), name="Import")
    with open(work / LEDGER_FILE, "a", encoding="utf-8") as file:
        file.write("- {id: 91c0, at: 2, by: ana, kind: palce}\n")
    face.board.answer({"what": "read", "view": "v1"})
    assert any(f"{LEDGER_FILE}:4: 'palce'" in problem for problem in face.state["status"]["problems"])
    assert face.row(IMPORT[0])["name"] == "Import"


def test_a_week_that_fits_the_themes_no_more_is_said(make_workspace):
    def call(i, day, texts):
        notes = "\n".join(f"- {text} on page {i}" for text in texts)
        return f"---\ndate: {day}\ncustomer: Customer {i}\n---\n{notes}\n"

    known = ["The import drops rows", "Invoices look odd", "The filter resets"]
    calls = {f"c{i}.md": call(i, f"2026-{1 + i // 9:02}-{1 + i % 9:02}", known) for i in range(18)}
    folder = make_workspace(calls, name="kept")
    themes = find_themes(read_notes(folder))
    append_records(folder, keep_themes(themes, by="ana", date="2026-03-01"))
    strange = [
        "Webhook retries break the signature",
        "Our webhook endpoint times out",
        "Signature of the webhook payload",
    ]
    week = {f"d{i}.md": call(50 + i, f"2026-12-{1 + i:02}", known) for i in range(6)}
    for name, text in week.items():
        (folder / "interviews" / name).write_text(text, "utf-8")
    assert not any("fit no theme" in problem for problem in Face(ThemeBoard(folder)).state["status"]["problems"])
    for i in range(9):
        (folder / "interviews" / f"e{i}.md").write_text(call(70 + i, "2026-12-06", strange), "utf-8")
    said = Face(ThemeBoard(folder)).state["status"]["problems"][0]
    assert re.match(
        r"27 of \d+ notes of this week fit no theme \(\d+% would be usual\): suggest again\? In a terminal, ", said
    )


def test_messages_from_other_threads_are_handled_one_after_the_other(work, face):
    rest = [face.note(text) for text in [*IMPORT[1:], *INVOICE[1:]]]
    threads = [
        threading.Thread(
            target=face.board.answer,
            args=[
                {
                    "what": "act",
                    "view": "v1",
                    "act": {"id": f"{i:08x}", "do": "move", "notes": [i], "theme": face.theme(FILTER[0])},
                }
            ],
        )
        for i in rest
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({act_of(record) for record in read_ledger(work).records}) == len(rest)
    assert {face.state["notes"]["theme"][i] for i in rest} == {face.theme(FILTER[0])}
    told = plain(face.state)
    assert told == plain(Face(face.board, "v2").state)


def test_hostile_texts_reach_the_face_as_they_are_and_the_picture_escaped(hostile_study, hostile_payloads, tmp_path):
    work = shutil.copytree(hostile_study, tmp_path / "work")  # which others look at as it is
    board = ThemeBoard(work, by="ana", today="2026-11-20")
    face = Face(board)
    study = read_study(work)
    themes = find_themes(study.notes, study.ledger)
    assert face.state["notes"]["text"] == themes.notes["text"].tolist()
    picture = board.picture()
    assert picture == board.picture()
    for tag in ("<script", "<img", "<svg", "<iframe", "<a ", 'onerror="'):
        assert tag not in picture.lower()
    answer = face.act(
        "rename",
        theme=face.state["themes"][0]["key"],
        name=max(hostile_payloads, key=lambda text: (len(text) <= 200, len(text))),
    )
    assert answer["what"] == "changed"


def test_the_picture_says_what_it_is_of_and_holds_no_clock(work, face):
    picture = face.board.picture()
    assert picture == ThemeBoard(work).picture()
    assert picture.startswith('<div class="wb-still">')
    assert "12 notes from 4 calls" in picture
    assert "last call was on 2026-11-13; no corrections" in picture
    assert "4 of 4" in picture
    face.act("rename", theme=face.theme(IMPORT[0]), name="<b>Import</b>")
    assert "&lt;b&gt;Import&lt;/b&gt;" in face.board.picture()
    assert "1 correction so far" in face.board.picture()


def test_the_picture_does_not_leave_with_a_report(face, run_sections, export):
    import nbformat
    from conftest import ROOT

    new = nbformat.v4
    cell = new.new_code_cell(
        "ThemeBoard()", outputs=[new.new_output("display_data", {"text/html": face.board.picture()})]
    )
    page, _ = export(run_sections(ROOT, sections=("learned",), after=[cell]))
    assert IMPORT[0] not in page
    assert "wb-still" not in page
