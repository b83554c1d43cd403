"""The theme board over more notes than it sends at once: in small, so that each answer can be compared with all notes."""

import json

import numpy as np
import pytest
from boards import make_many

from workbench.store import read_ledger
from workbench.study import read_notes
from workbench.themes import Themes, find, find_themes
from workbench.themes.changes import follow_themes
from workbench.themes.ledger import LEDGER_FILE, act_of
from workbench.themes.meanwhile import themes_meanwhile
from workbench.themes.wording import name_themes
from workbench.widgets import theme_board
from workbench.widgets.note_search import NoteWords
from workbench.widgets.theme_board import ThemeBoard

NOTHING = {"text": "", "segment": "", "customer": "", "kind": "", "week": "", "tag": ""}


class AtOnce:
    """Does beside what is to be done, but now."""

    def submit(self, work):
        work()


class Later:
    """Keeps what is to be done beside."""

    def __init__(self):
        self.jobs = []

    def submit(self, work):
        self.jobs.append(work)

    def run(self):
        while self.jobs:
            self.jobs.pop(0)()


@pytest.fixture
def work(tmp_path):
    make_many(tmp_path, 600)
    return tmp_path


@pytest.fixture
def board(work, monkeypatch):
    monkeypatch.setattr(theme_board, "WHOLE", 100)
    board = ThemeBoard(work, by="ana", today="2026-11-26")
    board._acting = board._following = AtOnce()
    board.heard = []
    board.send = lambda message, **_: board.heard.append(json.loads(json.dumps(message)))
    return board


def ask(board, what, **more):
    board.heard.clear()
    board.answer(
        {"what": what, "view": "v", "number": 7, "version": board._version, "find": NOTHING, "newest": False} | more
    )
    return board.heard[-1]


def act(board, do, id="0000000a", **more):
    return ask(board, "act", act={"id": id, "do": do, "reads": board._reads, **more})


def ids(message):
    """The ids of the notes that a message tells of, by number."""
    calls = dict(zip(message["calls"]["at"], message["calls"]["id"], strict=True))
    told = message["notes"]
    return {i: f"{calls[call]}#{id}" for i, call, id in zip(told["at"], told["call"], told["id"], strict=True)}


def fetch(board, key, n, **more):
    """All of a list, page by page."""
    rows, told = [], {}
    for first in range(0, n, 40):
        answer = ask(board, "cards", lists=[[key, first, first + 40]], **more)
        assert answer["lists"][0][:2] == [key, first]
        rows += answer["lists"][0][2]
        told |= ids(answer)
    return [told[row] for row in rows]


def test_the_first_message_has_all_counts_and_few_notes_of_each(work, board):
    first = ask(board, "hello")
    themes = find_themes(read_notes(work))
    assert [row["n"] for row in first["themes"]] == themes.summary["n_customers"].tolist()
    assert [row["n_notes"] for row in first["themes"]] == themes.summary["n_notes"].tolist()
    assert (first["total"], first["n_notes"], first["n_left"]) == (themes.n_customers, 600, len(themes.left_out))
    assert len(first["notes"]["at"]) <= theme_board.N_FIRST * (theme_board.N_OPEN + 1)
    for key, at, rows in first["lists"]:
        assert at == 0
        assert len(rows) <= theme_board.N_FIRST
        assert rows == board._look.members[key][: len(rows)].tolist()


def test_page_by_page_each_list_is_all_of_its_notes_in_their_order(work, board):
    first = ask(board, "hello")
    themes = find_themes(read_notes(work))
    fetched = [fetch(board, row["key"], row["n_notes"]) for row in first["themes"]]
    assert fetched == [list(notes) for notes in themes.summary["notes"]]
    day = dict(zip(themes.notes["note"], themes.notes["date"], strict=True))
    newest = fetch(board, first["themes"][0]["key"], first["themes"][0]["n_notes"], newest=True)
    assert sorted(newest) == sorted(fetched[0])
    assert [day[note] for note in newest] == sorted((day[note] for note in newest), reverse=True)


@pytest.mark.parametrize("find", [
    {"text": "customer 7"}, {"text": "BA 1"}, {"text": "no such word"}, {"segment": "field"}, {"kind": "pain"},
    {"week": "2026-08-10"}, {"text": "customer 1", "kind": "pain"},
])  # fmt: skip
def test_a_search_finds_what_a_look_at_each_note_finds(work, board, find):
    notes = find_themes(read_notes(work)).notes
    fit = np.ones(len(notes), dtype=bool)
    for word in find.get("text", "").casefold().split():
        fit &= [word in f"{text} {who}".casefold() for text, who in zip(notes["text"], notes["customer"], strict=True)]
    for name in ("segment", "kind"):
        if name in find:
            fit &= (notes[name].astype(str) == find[name]).to_numpy()
    if "week" in find:
        fit &= (notes["date"].dt.to_period("W-SUN").dt.start_time == find["week"]).to_numpy()
    found = ask(board, "find", find=NOTHING | find)
    assert sum(found["n"].values()) == fit.sum()
    assert found["customers"] == notes.loc[fit, "customer"].astype(str).nunique()
    assert (found["number"], found["version"]) == (7, board._version)
    key, n = max(found["n"].items(), key=lambda item: item[1])
    assert set(fetch(board, int(key), n, find=NOTHING | find)) <= set(notes.loc[fit, "note"])


def test_counts_of_a_move_and_a_merge_are_those_that_come_of_them(board):
    first = ask(board, "hello")
    one, other = (row["key"] for row in first["themes"][:2])
    merged = ask(board, "after", theme=one)["n"][str(other)]
    rows = board._look.members[one][:5].tolist()
    said = ask(board, "after", notes=rows)
    rest = np.unique(board._look.cards.customer[board._look.members[one][5:]])
    assert said["kept"][str(one)][0] == len(rest)
    changed = act(board, "merge", theme=one, into=other)
    assert next(row["n"] for row in changed["themes"] if row["key"] == other) == merged


def test_an_act_is_on_disk_first_then_counted_then_what_follows_is_told(work, board):
    later = Later()
    board._following = later
    first = ask(board, "hello")
    source, target = (row["key"] for row in first["themes"][:2])
    row = int(board._look.members[source][-1])
    act(board, "move", notes=[row], theme=target)
    assert [message["what"] for message in board.heard] == ["saved", "changed"]
    assert board.heard[-1]["working"]
    assert row in board._look.members[target]
    # The next act is on disk and counted though nothing has followed from the first.
    act(board, "rename", "0000000b", theme=target, name="Filters")
    assert board.heard[-1]["working"]
    assert len({act_of(record) for record in read_ledger(work).records}) == 2
    board.heard.clear()
    later.run()
    assert [message["what"] for message in board.heard] == ["changed"], "worked out once for both"
    assert not board.heard[-1]["working"]
    themes = find_themes(read_notes(work), read_ledger(work))
    assert sorted(row["n"] for row in board._look.rows) == sorted(themes.summary["n_customers"])
    assert {row["key"]: row["name"] for row in board._look.rows}[target] == "Filters"


@pytest.mark.parametrize("do", ["rename", "merge", "new", "move", "aside", "pin", "apart", "keep"])
def test_themes_meanwhile_are_those_of_the_acts_alone(work, board, do):
    later = Later()
    board._following = later
    one, other = (row["key"] for row in ask(board, "hello")["themes"][:2])
    some, others = (board._look.members[key].tolist() for key in (one, other))
    what = {
        "rename": {"theme": one, "name": "Name"}, "merge": {"theme": one, "into": other}, "keep": {"theme": one},
        "new": {"notes": [some[0], others[0]], "name": "New"}, "move": {"notes": some[:3], "theme": other},
        "aside": {"notes": some[:2]}, "pin": {"notes": [some[0], others[0]]}, "apart": {"notes": some[:2]},
    }[do]  # fmt: skip
    before = board._look
    answer = act(board, do, **what)
    assert answer["working"], answer
    now = board._look
    moved = {*np.flatnonzero(before.of_note != now.of_note).tolist()}
    expected = {"rename": set(), "keep": set(), "apart": set(), "merge": set(some), "new": {some[0], others[0]},
                "move": set(some[:3]), "aside": set(some[:2]), "pin": {some[0]}}[do]  # fmt: skip
    assert moved == expected
    for row in now.rows:
        assert row["n"] == now.count([now.members[row["key"]]])
    later.run()
    assert set(board._look.keys.values()) >= set(now.keys.values()) - {one, other}
    themes = find_themes(read_notes(work), read_ledger(work))
    assert board._look.themes.summary[["theme", "n_customers"]].equals(themes.summary[["theme", "n_customers"]])


def test_undo_shows_at_once_what_was_there_before_and_then_what_follows(work, board):
    later = board._following = Later()
    before = ask(board, "hello")["themes"]
    one, other = (row["key"] for row in before[:2])
    act(board, "merge", theme=one, into=other)
    later.run()
    answer = act(board, "undo", "0000000b")
    assert [message["what"] for message in board.heard] == ["saved", "changed"]
    assert answer["working"]
    assert {row["key"]: row["n"] for row in board._look.rows} == {row["key"]: row["n"] for row in before}
    again = act(board, "redo", "0000000c")
    assert again["working"]
    assert one not in board._look.keys.values()
    act(board, "undo", "0000000d")
    later.run()
    assert not board.heard[-1]["working"]
    assert {row["key"]: row["n"] for row in board._look.rows} == {row["key"]: row["n"] for row in before}
    # What is named after that is a theme that lasts, and not the one that was taken back.
    act(board, "rename", "0000000e", theme=one, name="Filters")
    later.run()
    assert board._look.themes.problems == []
    assert "Filters" in {row["name"] for row in board._look.rows}


def test_undo_of_what_was_shown_long_ago_waits_for_what_follows(work, board):
    before = ask(board, "hello")["themes"]
    act(board, "merge", theme=before[0]["key"], into=before[1]["key"])
    board._known.clear()
    answer = act(board, "undo", "0000000b")
    assert not answer["working"]
    assert {row["key"]: row["n"] for row in board._look.rows} == {row["key"]: row["n"] for row in before}


def test_what_follows_from_fifty_acts_is_worked_out_once_and_is_what_a_new_look_finds(work, board, monkeypatch):
    later = board._following = Later()
    worked_out, regroup = [], Themes.regroup
    monkeypatch.setattr(Themes, "regroup", lambda *given, **more: worked_out.append(1) or regroup(*given, **more))
    keys = [row["key"] for row in ask(board, "hello")["themes"]]
    for k in range(50):
        members = board._look.members
        there = [key for key in keys if len(members.get(key, ())) > 2]
        one, other = there[k % len(there)], there[(k + 1) % len(there)]
        some = members[one][-2:].tolist()
        do, what = [
            ("rename", {"theme": one, "name": f"Name {k}"}), ("move", {"notes": some, "theme": other}),
            ("new", {"notes": [some[0], int(members[other][0])], "name": f"New {k}"}), ("aside", {"notes": some[:1]}),
            ("undo", {}), ("pin", {"notes": [some[0], int(members[other][0])]}), ("merge", {"theme": one, "into": other}),
        ][k % 7]  # fmt: skip
        assert act(board, do, f"{k:08x}", **what)["what"] == "changed", board.heard
        assert len({act_of(record) for record in read_ledger(work).records}) == k + 1, "each is on disk at once"
    assert not worked_out
    later.run()
    assert len(worked_out) == 1
    told = board._look.themes
    fresh = find_themes(read_notes(work), read_ledger(work))
    assert told.summary.drop(columns="theme").equals(fresh.summary.drop(columns="theme"))
    assert told.notes["theme"].str.startswith("T-").equals(fresh.notes["theme"].str.startswith("T-"))


def test_what_is_worked_out_when_another_act_comes_is_left_alone(board, monkeypatch):
    later = board._following = Later()
    one, other = (row["key"] for row in ask(board, "hello")["themes"][:2])
    act(board, "rename", theme=one, name="One")
    correct, worded = find._correct, []
    monkeypatch.setattr(find, "name_themes", lambda *given: worded.append(1) or name_themes(*given))

    def interrupted(*given, **more):
        monkeypatch.setattr(find, "_correct", correct)
        act(board, "rename", "0000000b", theme=other, name="Other")
        return correct(*given, **more)

    monkeypatch.setattr(find, "_correct", interrupted)
    first = later.jobs.pop(0)
    first()
    assert worded == []
    assert board.heard[-1]["working"], "nothing follows from the first act alone"
    later.run()
    assert worded == [1]
    assert {"One", "Other"} <= {row["name"] for row in board._look.rows}


def test_lists_that_an_act_leaves_as_they_are_are_not_asked_for_again(board):
    first = ask(board, "hello")
    act(board, "rename", theme=first["themes"][0]["key"], name="Name")
    told = [message for message in board.heard if message["what"] == "changed"]
    assert told[0]["lists"] == []
    assert len(told[0]["themes"]) == 1


def test_a_question_about_an_older_version_is_not_answered(board):
    first = ask(board, "hello")
    assert ask(board, "cards", lists=[[first["themes"][0]["key"], 0, 5]])["what"] == "cards"
    board.heard.clear()
    board.answer({"what": "cards", "view": "v", "number": 8, "version": 0, "find": NOTHING, "newest": False})
    assert board.heard == []


def test_an_act_of_the_reading_before_finds_its_notes_again(work, board):
    first = ask(board, "hello")
    rows = board._look.members[first["themes"][0]["key"]][:2].tolist()
    meant = board._look.cards.ids[rows].tolist()
    file = work / "interviews" / "2026-01-01-new.md"
    file.write_text("---\ndate: 2026-01-01\ncustomer: Elm\n---\n- something quite new\n", "utf-8")
    told = ask(board, "read")
    assert told["fresh"] == {"n": 1, "themes": 0, "left": 1}
    assert board._look.cards.ids[rows].tolist() != meant, "the notes have other numbers"
    board.answer({"what": "act", "act": {"id": "0000000c", "do": "aside", "notes": rows, "reads": 1}, "view": "v"})
    assert set(board._look.themes.decisions.placed) == set(meant)


def test_a_note_of_a_table_has_the_lines_around_it(work, board):
    table = work / "interviews" / "tickets.csv"
    rows = "".join(f"Elm {k % 5},2026-11-1{k % 9},export of report {k} stops\n" for k in range(30))
    table.write_text("customer,date,text\n" + rows, "utf-8")
    ask(board, "read")
    note = next(i for i, text in enumerate(board._look.cards.notes["text"]) if text == "export of report 17 stops")
    said = ask(board, "note", note=note)
    assert (said["file"], said["line"]) == ("interviews/tickets.csv", 19)
    assert "report 17" in said["lines"][said["line"] - said["first"]]
    assert not said["moved"]
    table.write_text("customer,date,text\n" + rows[:40], "utf-8")
    assert ask(board, "poll")["news"]["tables"] == ["interviews/tickets.csv"]
    assert ask(board, "note", note=note)["moved"]


def test_words_are_found_in_texts_of_any_letters_and_in_what_belongs_to_them():
    words = NoteWords(["Straße gesperrt", "ÉTÉ", "a\ud800b", ""], ["Acme", "acme", "Bolt", "Ä"])
    assert words.have(["STRASSE"]).tolist() == [True, False, False, False]
    assert words.have(["été", "acme"]).tolist() == [False, True, False, False]
    assert words.have(["\ud800"]).tolist() == [False, False, True, False]
    assert words.have(["ä"]).tolist() == [False, False, False, True]
    assert words.have([]).tolist() == [True] * 4
    assert NoteWords([]).have(["a"]).tolist() == []


def test_meanwhile_nothing_is_invented(work):
    themes = find_themes(read_notes(work))
    now = themes_meanwhile(themes, themes.ledger)
    assert now.summary["n_customers"].tolist() == themes.summary["n_customers"].tolist()
    assert set(now.summary["claim"]) <= set(themes.notes["text"])
    assert follow_themes(themes, now) == {theme: theme for theme in themes.summary["theme"]}
    assert not (work / LEDGER_FILE).exists()


@pytest.mark.parametrize("do", ["rename", "merge"])
def test_a_theme_of_which_only_the_most_typical_notes_are_written_down_stays_one_meanwhile(board, monkeypatch, do):
    monkeypatch.setattr("workbench.themes.acts.MOST_KEPT", 5)
    board._following = Later()
    one, other = (row["key"] for row in ask(board, "hello")["themes"][:2])
    before = {key: board._look.members[key] for key in (one, other)}
    act(board, do, **({"theme": one, "name": "Name"} if do == "rename" else {"theme": one, "into": other}))
    now = board._look
    written = [note for record in now.themes.ledger.records for note in record.notes]
    assert len(written) <= 10 < len(before[one])
    expected = before[one] if do == "rename" else np.concatenate([before[one], before[other]])
    assert sorted(now.members[one if do == "rename" else other]) == sorted(expected)
