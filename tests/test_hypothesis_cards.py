"""The cards without a browser: what a view sends is on disk before it is called saved, and nobody's text is overwritten."""

import errno
import json
import re
import shutil
from html.parser import HTMLParser
from threading import Thread

import pytest
from conftest import ROOT, copy_calls
from hypothesis import given
from hypothesis import strategies as st

from workbench.checks import check
from workbench.errors import InputError
from workbench.frontmatter import split_front_matter, split_lines
from workbench.hypotheses import check_hypothesis
from workbench.record_files import create_record
from workbench.records import Guardrail, parse_hypothesis, seal_agreed
from workbench.store import append_records, change_record
from workbench.study import read_study
from workbench.themes import find_themes
from workbench.themes.acts import move_notes, new_theme, rename_theme, set_aside
from workbench.widgets.hypothesis_cards import MAX_LETTERS, HypothesisCards

RECORD = """---
id: H-3fa9c1
# ours: kept as it is
mood:   'good'
change: match columns   # as agreed
size: 3 %
guardrails:
  - Errors: at most 2
evidence: []
---
# Why

Prose, with  two spaces\u2028and a line of its own.
"""
FILLED = {
    "change": "show doubles before anything is saved", "segment": "teams that bring 50 customers", "baseline": "30 %",
    "size": "+3 %", "unit": "points", "deadline": "2027-02-26", "because": "they said it first", "slice": "CSV only",
    "guardrails": [{"name": "Errors", "limit": "at most 2 in 1,000"}], "decision_rule": "Ship at +3, stop below +1",
    "logging": [{"what": "who saw the doubles"}], "owner": "Ines Calloway",
}  # fmt: skip


@pytest.fixture
def cards_of():
    """A function that opens cards on a workspace, with a way to send them messages and to see all that they answer."""

    def open(folder):
        cards, answers = HypothesisCards(folder), []
        cards.send = lambda message, buffers=None: answers.append(json.loads(json.dumps(message, allow_nan=False)))

        def say(kind, **message):
            answers.clear()
            cards._receive(cards, {"kind": kind, "view": "v", "seq": 1, **message}, [])
            return answers[-1]

        return cards, say

    return open


@pytest.fixture
def one(make_workspace, cards_of):
    """A workspace with one record, its cards, and the record's file."""
    folder = make_workspace({"2026-11-17-acme.md": "---\ncustomer: Acme\n---\n- ! Import drops rows\n- Tidy list\n"})
    file = folder / "discovery" / "hypotheses" / "H-3fa9c1-columns.md"
    file.parent.mkdir(parents=True)
    file.write_text(RECORD, "utf-8")
    return folder, file, cards_of(folder)[1]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards") / "study"
    copy_calls(folder)
    return folder


@pytest.fixture
def study(sample):
    """The sample study, without records."""
    yield sample
    for file in (sample / "discovery").glob("hypotheses/*.md"):
        file.unlink()


def key_of(file):
    return f"discovery/hypotheses/{file.name}"


# What a view is told


def test_a_view_is_told_of_records_first_then_of_drafts_and_of_every_note_in_them(study, cards_of):
    _, say = cards_of(study)
    state = say("hello")
    assert [card["status"] for card in state["cards"]] == ["draft", "draft"]
    assert all(card["file"] == "" and card["parts"]["of"] == 9 for card in state["cards"])
    assert all(card["fields"]["against"] == [] for card in state["cards"]), "what nobody has judged is a question"
    named = {note for card in state["cards"] for note in card["fields"]["evidence"]}
    assert named == set(state["notes"])
    assert all(note["where"].startswith("interviews/") and note["counts"] for note in state["notes"].values())
    assert (state["trouble"], state["empty"]) == ("", "")


def test_a_record_is_shown_as_it_is_written_with_what_is_open(one):
    (card,) = one[2]("hello")["cards"]
    assert card["fields"]["size"] == "3 %"
    assert card["fields"]["guardrails"] == [{"name": "Errors", "limit": "at most 2"}]
    assert card["problems"] == [], "the face asks about a size itself"
    assert {finding["rule"] for finding in card["findings"]} >= {"unit-open", "baseline-open", "evidence-none"}
    assert [reading["label"] for reading in card["readings"]] == ["3 points", "3 % relative"]


def test_what_is_odd_in_a_record_is_said_with_its_line(one):
    _, file, say = one
    file.write_text("---\nid: H-3fa9c1\nstatus: done\n---\n", "utf-8")
    (card,) = say("hello")["cards"]
    assert card["problems"][0].startswith(f"{key_of(file)}:3: status 'done' is not known; write one of draft")


def test_without_notes_or_without_a_theme_it_says_what_to_do(make_workspace, cards_of):
    empty = cards_of(make_workspace({}, name="empty"))[1]("hello")
    assert empty["empty"].startswith("No notes yet.")
    lone = cards_of(make_workspace({"2026-11-17-acme.md": "---\ncustomer: Acme\n---\n- one\n"}, name="lone"))
    assert "as soon as two customers" in lone[1]("hello")["empty"]
    assert "as soon as two customers" in lone[0].picture()


def test_a_workspace_that_cannot_be_read_is_said_in_words_and_read_again_once_mended(make_workspace, cards_of):
    folder = make_workspace({"2026-11-17-acme.md": "---\ncustomer: Acme\n---\n- one\n"}, registry="customers: {a: 1")
    cards, say = cards_of(folder)
    state = say("hello")
    assert "discovery/customers.yaml:" in state["trouble"]
    assert "discovery/customers.yaml:" in cards.picture()
    assert "customers.yaml" in say("draft", theme="")["said"]
    (folder / "discovery" / "customers.yaml").write_text("customers: {}\n", "utf-8")
    assert say("hello")["trouble"] == ""


def test_calls_that_came_since_are_seen_at_the_next_hello(make_workspace, cards_of):
    folder = make_workspace({"2026-11-17-acme.md": "---\ncustomer: Acme\n---\n- ! Import drops rows\n"})
    _, say = cards_of(folder)
    assert say("hello")["cards"] == []
    text = "---\ncustomer: Bolt\n---\n- ! The import drops all rows\n"
    (folder / "interviews" / "2026-11-18-bolt.md").write_text(text, "utf-8")
    assert [card["counted"] for card in say("hello")["cards"]] == [{"n": 2, "of": 2}]


# What changes on disk while the cards are shown


ROWS = "Import drops rows of the list"
LAYOUT = "Invoice layout looks odd on paper"


NAMES = ("acme", "bolt", "core", "dune", "elan", "fern")
SIX = {
    f"2026-11-1{i}-{name}.md": f"---\ncustomer: {name.title()}\ndate: 2026-11-1{i}\n---\n"
    f"- ! {ROWS} at {name}\n- {LAYOUT if i % 2 else 'Sends a fax'} {i}\n"
    for i, name in enumerate(NAMES)
}


@pytest.fixture
def shared(make_workspace, cards_of):
    """Six customers with the same trouble, their cards, and all notes by customer."""
    folder = make_workspace(SIX, registry="customers: {}\n")
    cards, say = cards_of(folder)
    note_of = dict(zip(NAMES, read_study(folder).notes["note"][::2], strict=True))
    return folder, cards, say, note_of


def correct(folder, act, *names, **more):
    """What a PM does on the board beside the cards."""
    study = read_study(folder)
    themes = find_themes(study.notes, study.ledger)
    append_records(folder, act(themes, *names, by="ana", date="2026-11-20", **more))


def add_call(folder, name, text, day="2026-11-20"):
    (folder / "interviews" / f"{day}-{name}.md").write_text(
        f"---\ncustomer: {name.title()}\ndate: {day}\n---\n{text}\n", "utf-8"
    )


def hear_all(cards):
    """All messages from now on, as a list that grows."""
    heard, tell = [], cards.send
    cards.send = lambda message, buffers=None: (heard.append(json.loads(json.dumps(message))), tell(message))
    return heard


def kinds(heard):
    found = [message["kind"] for message in heard]
    heard.clear()
    return found


def test_a_look_tells_of_changes_on_disk_once_and_costs_no_fit_when_there_are_none(shared, monkeypatch):
    folder, cards, say, note_of = shared
    draft = say("hello")["cards"][0]
    assert draft["counted"] == {"n": 6, "of": 6}
    heard, fits = hear_all(cards), []
    monkeypatch.setattr(
        "workbench.widgets.hypothesis_cards.find_themes", lambda *args: (fits.append(1), find_themes(*args))[1]
    )
    say("look", chosen=draft["key"])
    assert (kinds(heard), fits) == (["alive"], [])
    correct(folder, new_theme, [note_of["elan"], note_of["fern"]])
    say("look", chosen=draft["key"])
    state = heard[0]
    assert kinds(heard) == ["state", "alive"]
    assert fits == [], "corrections regroup, and nothing is learned anew"
    (now,) = (card for card in state["cards"] if card["key"] == draft["key"])
    assert now["counted"] == {"n": 4, "of": 6}
    assert not {note_of["elan"], note_of["fern"]} & set(now["fields"]["evidence"])
    add_call(folder, "gale", "- ! Import drops rows of the list at gale")
    say("look", chosen=draft["key"])
    (now,) = (card for card in heard[0]["cards"] if card["key"] == draft["key"])
    assert (now["counted"], fits) == ({"n": 5, "of": 7}, [1])
    kinds(heard)
    (folder / "discovery" / "customers.yaml").write_text("customers: {}\nexcluded_segments: {}\n", "utf-8")
    file = folder / "discovery" / "hypotheses" / "H-3fa9c1.md"
    file.parent.mkdir()
    file.write_text("---\nid: H-3fa9c1\nchange: x\n---\n", "utf-8")
    say("look", chosen=draft["key"])
    assert "H-3fa9c1" in [card["id"] for card in heard[0]["cards"]]
    assert (kinds(heard), fits) == (["state", "alive"], [1]), "the same notes are not learned from again"
    say("look", chosen=draft["key"])
    say("set", key=key_of(file), fields={"slice": "y"}, base={"slice": ""})
    say("look", chosen=draft["key"])
    assert kinds(heard) == ["alive", "card", "alive"], "what was saved here is no news"


def test_a_search_is_of_what_is_on_disk_now_and_says_why_it_finds_nothing(shared):
    folder, _, say, note_of = shared
    draft = say("hello")["cards"][0]
    add_call(folder, "gale", "- Sends a fax each month\n- = They would pay for the telegraph")
    found = say("find", key=draft["key"], words="fax month", listed=[])
    assert [note["customer"] for note in found["notes"]] == ["Gale"]
    found = say("find", key=draft["key"], words="acme rows", listed=[note_of["acme"]])
    assert (found["n"], found["n_listed"], found["n_searched"]) == (0, 1, 13)
    found = say("find", key=draft["key"], words="telegraph", listed=[])
    assert (found["n"], found["n_takes"], found["n_uncounted"]) == (0, 1, 0)


def test_of_a_very_large_theme_only_the_most_typical_notes_are_sent_and_written(shared, monkeypatch):
    folder, _, say, _ = shared
    monkeypatch.setattr("workbench.widgets.hypothesis_cards.MOST_SEEN", 2)
    draft = say("hello")["cards"][0]
    themes = find_themes(read_study(folder).notes)
    members = list(themes.summary.set_index("theme").loc[draft["of"]["theme"], "notes"])
    assert len(members) > 2
    assert draft["of"]["notes"] == members[:2]
    message = {"fields": {"change": "s"}, "base": {"change": ""}, "of": draft["of"]}
    card = say("set", key=draft["key"], id="H-00c0de", **message)["card"]
    assert card["fields"]["theme_notes"] == members[:2]
    assert (card["followed"]["new"], card["followed"]["left"], card["followed"]["most"]) == ([], [], 2)


def test_of_very_many_notes_offers_are_worked_out_beside_and_are_the_same(shared, monkeypatch):
    _, cards, say, _ = shared
    draft = say("hello")["cards"][0]
    offered = say("offer", key=draft["key"])
    threads = []
    monkeypatch.setattr("workbench.widgets.hypothesis_cards.MOST_READ", 2)
    monkeypatch.setattr("workbench.widgets.hypothesis_cards.work_out", threads.append)
    cards._receive(cards, {"kind": "offer", "view": "v", "seq": 1, "key": draft["key"]}, [])
    (work,) = threads
    heard = []
    monkeypatch.setattr(cards, "send", heard.append)
    work()
    assert heard == [offered]
    assert offered["kind"] == "offered"


def test_what_becomes_a_record_is_drafted_from_what_is_on_disk_now(shared, cards_of):
    folder, _, say, note_of = shared
    draft = say("hello")["cards"][0]
    correct(folder, set_aside, [note_of["fern"]])
    add_call(folder, "gale", "- ! Import drops rows of the list at gale")
    message = {"fields": {"change": "s", "segment": "mine"}, "base": {"change": "", "segment": ""}, "of": draft["of"]}
    answer = say("set", key=draft["key"], id="H-00c0de", **message)
    (record,) = read_study(folder).hypotheses
    assert (record.change, record.segment, answer["clashes"]) == ("s", "mine", {})
    assert note_of["fern"] not in record.evidence
    assert [note for note in record.evidence if "gale" in note]
    assert answer["card"]["followed"] | {"theme": ""} == {
        "theme": "", "left": [], "new": [], "against": [], "all": [], "most": 0, "known": True,
    }  # fmt: skip
    drafts = [card for card in say("hello")["cards"] if not card["file"]]
    mine = set(answer["card"]["fields"]["theme_notes"])
    assert not [card for card in drafts if mine.intersection(card["of"]["notes"])], "its theme is not drafted again"


def test_text_typed_into_a_draft_before_a_restart_finds_its_theme_however_it_changed(tmp_path, cards_of):
    folder = tmp_path / "study"
    copy_calls(folder)
    draft = cards_of(folder)[1]("hello")["cards"][0]
    before = draft["of"]["notes"]
    correct(folder, new_theme, before[3 : 3 + len(before) * 2 // 3], "Most of them")
    _, later = cards_of(folder)
    later("set", key=draft["key"], id="H-00c0de", fields={"change": "s"}, base={"change": ""}, of=draft["of"])
    (record,) = read_study(folder).hypotheses
    study = read_study(folder)
    themes = find_themes(study.notes, study.ledger)
    (moved,) = themes.summary.loc[themes.summary["name"] == "Most of them", "notes"]
    assert 0 < len(record.evidence) < len(moved)
    assert set(record.evidence) <= set(before) - set(moved), "not where most of its notes were moved to"


@pytest.fixture
def followed(shared):
    """A record of the theme of all six, what there is to say to its cards, and its file."""
    folder, cards, say, note_of = shared
    draft = say("hello")["cards"][0]
    key = say("set", key=draft["key"], id="H-00c0de", fields={"change": "s"}, base={"change": ""})["card"]["key"]

    def card():
        return next(card for card in say("hello")["cards"] if card["key"] == key)

    return folder, cards, say, note_of, card


def test_evidence_of_a_record_stays_and_what_left_the_theme_or_is_gone_is_marked(followed):
    folder, cards, say, note_of, card = followed
    before = card()["fields"]["evidence"]
    (theme,) = {card["theme"] for card in say("hello")["themes"] if card["n"] == 6}
    correct(folder, move_notes, [note_of[name] for name in ("acme", "bolt", "core")], theme)
    correct(folder, new_theme, [note_of[name] for name in ("dune", "elan", "fern")], "Another")
    file = folder / "interviews" / "2026-11-10-acme.md"
    file.write_text(file.read_text("utf-8").replace("drops rows", "eats customers"), "utf-8")
    now = card()
    assert now["fields"]["evidence"] == before
    assert set(now["followed"]["left"]) == {note_of[name] for name in ("dune", "elan", "fern")}
    state = say("hello")
    assert state["notes"][note_of["acme"]] == {
        "note": note_of["acme"], "gone": True, "text": "Not found: reworded or removed", "customer": note_of["acme"],
    }  # fmt: skip
    assert now["counted"] == {"n": 5, "of": 6}, "a note that is not there counts nothing"
    picture = cards.picture()
    assert "3 of its notes are no longer in the theme" in picture
    assert "1 of its notes is not found: reworded or removed" in picture
    kept = [note for note in before if note not in now["followed"]["left"]]
    say("set", key=now["key"], fields={"evidence": kept}, base={"evidence": before})
    assert (card()["fields"]["evidence"], card()["followed"]["left"]) == (kept, [])


def test_new_notes_of_a_records_theme_are_offered_until_they_are_added_or_left(followed):
    folder, _, say, _, card = followed
    add_call(
        folder,
        "gale",
        "- ! Import drops rows of the list at gale\n- Import of the list drops no rows, it works well at gale",
    )
    add_call(folder, "hall", "- ! Import drops rows of the list at hall")
    offer = card()["followed"]
    assert (len(offer["new"]), offer["known"]) == (3, True)
    assert len(offer["against"]) == 1
    assert set(offer["new"]) <= set(say("hello")["notes"]), "with their words"
    now = card()
    one = next(note for note in offer["new"] if "gale" in note and note not in offer["against"])
    mine = {"evidence": [*now["fields"]["evidence"], one]}
    say("set", key=now["key"], fields=mine, base={"evidence": now["fields"]["evidence"]})
    assert one not in card()["followed"]["new"]
    say("set", key=now["key"], fields={"evidence": now["fields"]["evidence"]}, base=mine)
    assert one not in card()["followed"]["new"], "what the PM takes out is not offered again"
    seen = [*card()["fields"]["theme_notes"], *offer["all"]]
    say("set", key=now["key"], fields={"theme_notes": seen}, base={"theme_notes": card()["fields"]["theme_notes"]})
    assert card()["followed"]["new"] == []
    add_call(folder, "iris", "- ! Import drops rows of the list at iris")
    assert len(card()["followed"]["new"]) == 1, "the next one is"
    say("set", key=now["key"], fields={"status": "dropped"}, base={"status": "draft"})
    assert card()["followed"]["new"] == [], "where it is settled nothing is looked for"


def test_a_record_written_by_hand_is_offered_the_rest_of_the_theme_that_its_evidence_is_in(shared):
    folder, _, say, note_of = shared
    file = folder / "discovery" / "hypotheses" / "H-3fa9c1.md"
    file.parent.mkdir()
    file.write_text(f"---\nevidence: ['{note_of['acme']}', '{note_of['bolt']}']\n---\n", "utf-8")
    offer = next(card for card in say("hello")["cards"] if card["key"] == key_of(file))["followed"]
    assert (len(offer["new"]), offer["known"], offer["left"]) == (4, False, [])


def test_a_workspace_that_breaks_while_it_is_shown_keeps_its_cards_says_so_and_saves(followed):
    folder, _, say, _, card = followed
    registry = folder / "discovery" / "customers.yaml"
    registry.write_text("customers: {a: 1", "utf-8")
    state = say("hello")
    assert "customers.yaml" in state["trouble"]
    now = state["cards"][0]
    assert say("set", key=now["key"], fields={"slice": "x"}, base={"slice": ""})["saved"]
    assert "customers.yaml" in say("find", key=now["key"], words="", listed=[])["trouble"]
    registry.write_text("customers: {}\n", "utf-8")
    say("look", chosen=now["key"])
    assert say("hello")["trouble"] == ""


# Saving


def test_the_first_thing_that_is_written_makes_a_file_of_a_draft_and_nothing_does_before(study, cards_of):
    _, say = cards_of(study)
    folder = study / "discovery" / "hypotheses"
    draft = say("hello")["cards"][0]
    assert list(folder.glob("*.md")) == []
    answer = say("set", key=draft["key"], id="H-00c0de", fields={"change": "s"}, base={"change": ""})
    (file,) = folder.glob("*.md")
    assert re.fullmatch(r"H-00c0de-[a-z0-9-]+\.md", file.name)
    assert (answer["was"], answer["card"]["key"], answer["seq"]) == (draft["key"], key_of(file), 1)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", answer["saved"])
    record, problems = parse_hypothesis(file.read_text("utf-8"), file.name)
    assert (record.id, record.change, problems) == ("H-00c0de", "s", [])
    assert list(record.evidence) == draft["fields"]["evidence"]
    assert record.against == ()
    assert "\nagainst: []\n" in file.read_text("utf-8")
    assert draft["key"] not in [card["key"] for card in say("hello")["cards"]]


def test_filled_in_field_by_field_the_file_is_what_the_api_reads_and_nothing_is_open(study, cards_of):
    _, say = cards_of(study)
    key = say("hello")["cards"][0]["key"]
    for name, value in FILLED.items():
        answer = say("set", key=key, id="H-00c0de", fields={name: value}, base={})
        key = answer["card"]["key"]
    (record,) = read_study(study).hypotheses
    assert (answer["card"]["parts"], record.open) == ({"n": 9, "of": 9}, ())
    assert not [finding for finding in check_hypothesis(record) if finding.blocks]
    assert (record.size, record.unit) == ("3", "points")
    assert record.guardrails == (Guardrail("Errors", "at most 2 in 1,000"),)
    assert {name: getattr(record, name) for name in ("change", "segment", "deadline", "slice", "decision_rule")} == {
        name: FILLED[name] for name in ("change", "segment", "deadline", "slice", "decision_rule")
    }


def test_a_save_that_is_sent_again_because_its_answer_was_lost_makes_no_second_file(study, cards_of):
    _, say = cards_of(study)
    key = say("hello")["cards"][0]["key"]
    for _ in range(2):
        assert say("set", key=key, id="H-00c0de", fields={"change": "a"}, base={"change": ""})["clashes"] == {}
    _, later = cards_of(study)  # and none after a restart, with all that the kernel knew forgotten
    assert later("set", key=key, id="H-00c0de", fields={"change": "a"}, base={"change": ""})["saved"]
    _, other = cards_of(study)  # another view, which had not heard that it is a file now
    assert len(list((study / "discovery" / "hypotheses").glob("*.md"))) == 1
    assert say("set", key=key, id="H-0ddba1", fields={"slice": "b"}, base={})["card"]["id"] == "H-00c0de"
    assert len(list((study / "discovery" / "hypotheses").glob("*.md"))) == 1


def test_setting_a_field_leaves_everything_else_byte_for_byte(one):
    _, file, say = one
    say(
        "set",
        key=key_of(file),
        fields={"change": "match columns first", "unit": "points"},
        base={"change": "match columns"},
    )
    expected = RECORD.replace("match columns ", "match columns first ").replace(
        "evidence: []\n", "evidence: []\nunit: points\n"
    )
    assert file.read_text("utf-8") == expected


@given(
    text=st.text(st.characters(codec="utf-8"), max_size=60), prose=st.text(st.characters(codec="utf-8"), max_size=60)
)
def test_any_text_comes_back_as_one_line_and_any_prose_stays(one_folder, text, prose):
    folder, file, say = one_folder
    prose = prose.replace("\r", "")
    file.write_bytes(f"---\nid: H-3fa9c1\nmood: kept\n---\n{prose}".encode())
    answer = say("set", key=key_of(file), fields={"change": text, "decision_rule": text}, base={})
    record, _ = parse_hypothesis(file.read_bytes().decode(), file.name)
    line = " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", text).split())
    assert (
        (record.change or "", record.decision_rule or "") == (line, line) == (answer["card"]["fields"]["change"],) * 2
    )
    assert file.read_bytes().endswith(f"\n---\n{prose}".encode())
    assert b"\nmood: kept\n" in file.read_bytes()


@pytest.fixture(scope="module")
def one_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    (folder / "interviews").mkdir()
    file = folder / "discovery" / "hypotheses" / "H-3fa9c1.md"
    file.parent.mkdir(parents=True)
    cards, answers = HypothesisCards(folder), []
    cards.send = lambda message, buffers=None: answers.append(json.loads(json.dumps(message)))

    def say(kind, **message):
        cards._receive(cards, {"kind": kind, "view": "v", "seq": 1, **message}, [])
        return answers.pop()

    return folder, file, say


def test_a_field_that_is_emptied_is_open_again_and_keeps_its_place(one):
    _, file, say = one
    say("set", key=key_of(file), fields={"change": ""}, base={"change": "match columns"})
    assert "change:   # as agreed\nsize: 3 %" in file.read_text("utf-8")
    say("set", key=key_of(file), fields={"slice": ""}, base={"slice": ""})
    assert "slice" not in file.read_text("utf-8")


def test_dropped_is_a_status_and_no_file_goes(one):
    _, file, say = one
    assert (
        say("set", key=key_of(file), fields={"status": "dropped"}, base={"status": "draft"})["card"]["status"]
        == "dropped"
    )
    assert "status: dropped\n" in file.read_text("utf-8")
    assert (
        say("set", key=key_of(file), fields={"status": "draft"}, base={"status": "dropped"})["card"]["status"]
        == "draft"
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "done"}, "Not saved: status 'done' is not known; choose one of draft, ready"),
        ({"unit": "%"}, "choose one of points, relative %"),
        ({"direction": "sideways"}, "choose one of up, down"),
        ({"id": "H-000000"}, "a hypothesis has no field 'id' here"),
        ({"started": "soon"}, "started 'soon' is no day; write it as year, month, day, such as 2027-01-15"),
        ({"confidence": ["today: sure"]}, "confidence 'today: sure' is no day with a per cent from 0 to 100, such as"),
        ({"confidence": ["2026-11-26: 101 %"]}, "confidence '2026-11-26: 101 %' is no day with a per cent"),
        ({"confidence": ["2026-13-26: 10 %"]}, "confidence '2026-13-26: 10 %' is no day with a per cent"),
        ({"change": "x" * (MAX_LETTERS + 1)}, "the text has 2,001 letters, and a field takes 2,000"),
    ],
)
def test_what_no_record_may_hold_is_refused_in_words_and_nothing_is_written(one, fields, said):
    _, file, say = one
    answer = say("set", key=key_of(file), fields=fields, base={})
    assert answer["kind"] == "unsaved"
    assert said in answer["said"]
    assert answer["again"] is False
    assert file.read_text("utf-8") == RECORD


@pytest.mark.parametrize(
    "key", ["../../x.md", "discovery/quarter.md", "/etc/passwd", "discovery/hypotheses/../x.md", ""]
)
@pytest.mark.parametrize("more", [{}, {"anew": True}, {"id": "../H-00c0de"}])
def test_nothing_outside_the_folder_is_written(one, key, more):
    folder, _, say = one
    before = {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".workbench" not in path.parts
    }
    answer = say("set", key=key, fields={"change": "x"}, base={}, **more)
    assert "has been removed or renamed" in answer["said"]
    assert before == {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".workbench" not in path.parts
    }


def test_a_file_that_is_gone_is_made_again_only_when_asked(one):
    _, file, say = one
    file.unlink()
    assert "removed or renamed" in say("set", key=key_of(file), fields={"change": "x"}, base={})["said"]
    assert not file.exists()
    answer = say("set", key=key_of(file), anew=True, fields={"change": "x", "slice": "y"}, base={})
    assert (answer["card"]["id"], answer["card"]["fields"]["slice"]) == ("H-3fa9c1", "y")


def test_when_the_disk_is_full_it_says_so_and_the_text_can_be_sent_again(one, monkeypatch):
    _, file, say = one
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        answer = say("set", key=key_of(file), fields={"change": "x"}, base={"change": "match columns"})
    assert (answer["kind"], answer["again"], answer["seq"]) == ("unsaved", True, 1)
    assert answer["said"].startswith("Not saved: the disk is full")
    assert file.read_text("utf-8") == RECORD
    assert say("set", key=key_of(file), fields={"change": "x"}, base={"change": "match columns"})["saved"]


def test_a_file_that_is_no_utf8_keeps_its_bytes_and_utf16_is_refused(one):
    _, file, say = one
    file.write_bytes(RECORD.encode() + b"\xff caf\xe9\n")
    say("set", key=key_of(file), fields={"unit": "points"}, base={})
    assert file.read_bytes().endswith(b"\xff caf\xe9\n")
    file.write_bytes(RECORD.encode("utf-16"))
    assert "saved as UTF-16" in say("set", key=key_of(file), fields={"change": "x"}, base={})["said"]


def test_an_error_of_our_own_is_no_traceback(one, monkeypatch):
    _, file, say = one
    monkeypatch.setattr("workbench.widgets.hypothesis_cards.change_record", lambda *_: 1 / 0)
    assert say("set", key=key_of(file), fields={"change": "x"}, base={})["said"] == (
        "This could not be done (ZeroDivisionError: division by zero). What you typed is still here."
    )


# From draft to result


LEARNT = {
    "result": "32.1 %, 4,012 of 12,498", "believed": "doubles stop them", "observed": "they stop one page later",
    "learned": "it is the waiting", "therefore": "we look at the waiting",
}  # fmt: skip


@pytest.fixture
def dated(make_workspace):
    """The cards of six customers on a day, with a record in which nothing is open; what a view says to them, and its file."""
    folder = make_workspace(SIX, registry="customers: {}\n")
    shutil.copy(ROOT / "discovery" / "quarter.md", folder / "discovery")
    cards, answers = HypothesisCards(folder, today="2026-11-26"), []
    cards.send = lambda message, buffers=None: answers.append(json.loads(json.dumps(message)))

    def say(kind, **message):
        answers.clear()
        cards._receive(cards, {"kind": kind, "view": "v", "seq": 1, **message}, [])
        return answers[-1]

    key = say("hello")["cards"][0]["key"]
    fields = FILLED | {"traffic": "400/week"}
    answer = say("set", key=key, id="H-00c0de", fields=fields, base={})
    return cards, say, answer["card"]["key"], folder / answer["card"]["key"]


def set_fields_of(say, key, **fields):
    """Set fields as a view does that shows what is on disk."""
    shown = next(card["fields"] for card in say("hello")["cards"] if card["key"] == key)
    return say("set", key=key, fields=fields, base={name: shown[name] for name in fields})


def test_the_file_is_the_one_that_is_made_by_hand_or_by_the_api(dated, tmp_path):
    _, say, key, file = dated
    card = next(card for card in say("hello")["cards"] if card["key"] == key)
    (tmp_path / "interviews").mkdir()
    values = {name: value for name, value in FILLED.items() if name not in ("guardrails", "logging")}
    made = create_record(
        tmp_path, "hypothesis", id="H-00c0de", made="2026-11-26", **values,
        guardrails=["Errors: at most 2 in 1,000"],
        **{name: card["fields"][name] for name in ("metric", "direction", "evidence", "against", "theme_notes")},
        logging=["who saw the doubles"], traffic="400/week",
    )  # fmt: skip
    assert made.read_text("utf-8") == file.read_text("utf-8")
    assert (card["fields"]["made"], card["fields"]["owner"]) == ("2026-11-26", "Ines Calloway")


def test_a_day_that_is_none_is_refused(study):
    with pytest.raises(InputError, match="today 'soon' is no day; write it as year, month, day, such as 2026-11-26"):
        HypothesisCards(study, today="soon")


def test_the_family_that_somebody_chose_is_kept_and_another_word_is_refused(dated):
    _, say, key, file = dated
    set_fields_of(say, key, metric="Lists refused", family="activation")
    assert "family: activation\n" in file.read_text("utf-8")
    card = next(card for card in say("hello")["cards"] if card["key"] == key)
    assert card["metric"] == {
        "said": "A metric of activation, as you chose.",
        "read": "quality and reliability",
        "guess": "refused",
    }
    assert "choose one of acquisition, activation" in set_fields_of(say, key, family="happiness")["said"]
    assert set_fields_of(say, key, family="")["card"]["metric"]["said"].startswith("A guess, from “refused”")


def test_a_card_says_how_many_customers_its_test_takes(dated):
    _, say, key, _ = dated
    card = set_fields_of(say, key, traffic="1,500 a week")["card"]
    assert [reading["needs"].partition(" weeks")[0] for reading in card["readings"]] == [
        "3,762 customers with the change, and as many without; 6",
        "41,041 customers with the change, and as many without; 55",
    ]
    assert card["size"]["odd"] == {}
    odd = set_fields_of(say, key, traffic="lots")["card"]["size"]["odd"]
    assert odd == {"traffic": "Traffic “lots” is no number of customers; write one such as 400/week or 60 a day."}


def test_a_test_starts_when_nothing_is_open_and_what_was_typed_with_a_refused_start_is_kept(dated):
    _, say, key, file = dated
    answer = set_fields_of(say, key, slice="", status="running", started="2026-11-26")
    assert answer["refused"] == "The test cannot start yet. Still open: the thin slice."
    assert (answer["card"]["status"], answer["saved"], answer["card"]["fields"]["started"]) == ("draft", "", "")
    assert "slice:\n" in file.read_text("utf-8")
    answer = set_fields_of(say, key, slice="CSV", status="running", started="2026-11-26")
    assert (answer["card"]["status"], answer["refused"], answer["card"]["start"]["said"]) == ("running", "", "")
    assert "started: 2026-11-26\n" in file.read_text("utf-8")


def test_what_the_card_starts_the_linter_calls_no_error_and_what_it_calls_one_the_card_does_not_start(dated):
    """By the same gate as Wednesday's page."""
    _, say, key, file = dated
    whole = file.read_text("utf-8")

    def errors():
        found = check(file.parents[2], today="2026-11-26").violations
        return [one.rule for one in found if one.file == key and one.severity == "error"]

    for without in (name for name in FILLED if name != "because"):
        set_fields_of(say, key, **{without: [] if without in ("guardrails", "logging") else ""})
        answer = set_fields_of(say, key, status="running", started="2026-11-26")
        assert answer["card"]["status"] == "draft"
        assert [one["field"] for one in answer["card"]["start"]["open"]] == [without]
        by_hand = file.read_text("utf-8").replace("status: draft", "status: running\nstarted: 2026-11-26")
        file.write_text(by_hand, "utf-8")
        assert errors(), without
        file.write_text(whole, "utf-8")
    assert set_fields_of(say, key, status="running", started="2026-11-26")["card"]["status"] == "running"
    assert errors() == []


def test_what_was_begun_by_hand_without_what_is_logged_is_shown_and_says_so(dated):
    _, say, key, file = dated
    text = (
        file.read_text("utf-8")
        .replace("logging: [who saw the doubles]\n", "")
        .replace("status: draft", "status: running\nstarted: 2026-11-26")
    )
    file.write_text(text, "utf-8")
    card = next(card for card in say("hello")["cards"] if card["key"] == key)
    said = {finding["rule"]: finding["what"] for finding in card["findings"]}
    assert said["running-open"] == "It is running without what is logged."
    assert said["logging-open"] == "Nothing is logged yet."
    answer = set_fields_of(say, key, logging=[{"what": "who saw the doubles"}, {"what": " "}])
    assert (answer["refused"], answer["card"]["fields"]["logging"]) == ("", [{"what": "who saw the doubles"}])
    assert "running-open" not in [finding["rule"] for finding in answer["card"]["findings"]]


def test_what_was_dropped_before_its_start_is_no_way_around_the_gate(dated):
    _, say, key, _ = dated
    set_fields_of(say, key, logging=[], status="dropped", closed="2026-11-26")
    answer = set_fields_of(say, key, status="running", started="2026-11-26", closed="")
    assert answer["refused"] == "The test cannot start yet. Still open: what is logged first."
    assert answer["card"]["status"] == "dropped"


def test_the_start_keeps_what_was_agreed_and_setting_it_back_lets_go_of_it(dated):
    _, say, key, file = dated

    def now():
        return parse_hypothesis(file.read_text("utf-8"), file.name)[0]

    set_fields_of(say, key, slice="CSV")
    assert now().agreed == ""
    set_fields_of(say, key, status="running", started="2026-11-26")
    assert now().agreed == seal_agreed(now()) and not now().has_moved
    set_fields_of(say, key, status="ready", deadline="2027-03-26")
    assert now().agreed == ""


def test_a_draft_does_not_start_either(study, cards_of):
    _, say = cards_of(study)
    key = say("hello")["cards"][0]["key"]
    answer = say("set", key=key, id="H-00c0de", fields={"status": "running", "started": "2026-11-26"}, base={})
    assert answer["refused"].startswith("The test cannot start yet. Still open: the change, the customers")
    assert answer["card"]["status"] == "draft"


MOVED = {
    "change": "something else", "segment": "everybody who is left", "metric": "page views", "baseline": "29 %",
    "direction": "down", "size": "1", "unit": "relative %", "deadline": "2027-12-31",
    "guardrails": [{"name": "Errors", "limit": "at most 200"}], "decision_rule": "Ship in any case",
}  # fmt: skip


@pytest.mark.parametrize("name", MOVED)
@pytest.mark.parametrize("closed", [False, True])
def test_what_is_to_be_shown_is_locked_from_the_start_on_and_the_rest_is_saved(dated, name, closed):
    _, say, key, file = dated
    set_fields_of(say, key, status="running", started="2026-11-26")
    if closed:
        set_fields_of(say, key, **LEARNT, status="refuted", closed="2026-12-20")
    before = file.read_text("utf-8")
    answer = set_fields_of(say, key, **{name: MOVED[name]}, owner="Ben Ode", traffic="60 a day")
    how = "open it again and set the test back" if closed else "set the test back"
    assert answer["refused"].endswith(f" Locked since the start on 2026-11-26; {how} to change it.")
    typed = "Errors: at most 200" if name == "guardrails" else MOVED[name]
    assert answer["refused"].startswith(f"Not saved: “{typed}”."), "with the words, which are not lost"
    assert (answer["saved"], answer["clashes"], answer["card"]["locked"]) == ("", {}, answer["refused"].split("”. ")[1])
    after = file.read_text("utf-8")
    assert after == before.replace("Ines Calloway", "Ben Ode").replace("400/week", "60 a day")


def test_evidence_owner_and_traffic_stay_open_while_it_runs(dated):
    _, say, key, _ = dated
    set_fields_of(say, key, status="running", started="2026-11-26")
    evidence = next(card for card in say("hello")["cards"] if card["key"] == key)["fields"]["evidence"]
    mine = {
        "evidence": evidence[1:],
        "against": evidence[:1],
        "owner": "Ben Ode",
        "traffic": "60 a day",
        "slice": "two",
    }
    answer = set_fields_of(say, key, **mine)
    assert (answer["refused"], bool(answer["saved"])) == ("", True)
    assert {name: answer["card"]["fields"][name] for name in mine} == mine


def test_set_back_it_can_be_changed_in_the_same_breath_and_dropped_it_stays_locked(dated):
    _, say, key, _ = dated
    set_fields_of(say, key, status="running", started="2026-11-26")
    dropped = set_fields_of(say, key, status="dropped", closed="2026-12-01", learned="too few")
    assert dropped["card"]["locked"].endswith("take it up again and set the test back to change it.")
    assert set_fields_of(say, key, baseline="20 %")["card"]["fields"]["baseline"] == "30 %"
    set_fields_of(say, key, status="running", closed="")
    answer = set_fields_of(say, key, status="ready", started="", baseline="20 %")
    assert (answer["refused"], answer["card"]["locked"], answer["card"]["fields"]["baseline"]) == ("", "", "20 %")


def test_what_two_people_wrote_after_the_start_is_refused_and_not_asked_about(dated):
    _, say, key, file = dated
    set_fields_of(say, key, status="running", started="2026-11-26")
    file.write_text(re.sub("baseline: .*", "baseline: 31 %", file.read_text("utf-8")), "utf-8")
    answer = say("set", key=key, fields={"baseline": "32 %"}, base={"baseline": "30 %"})
    assert (answer["clashes"], answer["card"]["fields"]["baseline"]) == ({}, "31 %")
    assert answer["refused"].startswith("Not saved: “32 %”. Locked since")


def test_a_test_whose_guardrail_broke_is_not_called_supported(dated):
    _, say, key, file = dated
    set_fields_of(say, key, status="running", started="2026-11-26")
    file.write_text(file.read_text("utf-8").replace("status:", 'breached: ["Errors: 3 in 1,000"]\nstatus:', 1), "utf-8")
    answer = set_fields_of(say, key, **LEARNT, status="supported", closed="2026-12-20")
    assert answer["refused"].startswith("A guardrail was broken: Errors: 3 in 1,000.")
    assert "status: running" in file.read_text("utf-8")
    assert set_fields_of(say, key, status="refuted", closed="2026-12-20")["refused"] == ""


def test_a_closed_card_tells_what_was_needed_and_advises_nothing(dated):
    _, say, key, _ = dated
    set_fields_of(say, key, status="running", started="2026-11-26", looked_for_against="", guardrails=[])
    card = set_fields_of(say, key, **LEARNT, status="refuted", closed="2026-12-20")["card"]
    assert card["size"]["needed"] == (
        "Needed for +3 points (30 % to 33 %): 3,762 customers with the change, and as many without; 19 weeks."
    )
    assert (card["readings"], card["size"]["advice"], card["findings"]) == ([], [], [])
    short = set_fields_of(say, key, learned="")["card"]["findings"]
    assert [finding["rule"] for finding in short] == ["learning-open"], "what is still to be written is said"


def test_at_most_two_drafts_and_records_of_a_week_are_offered(study):
    cards, answers = HypothesisCards(study, today="2026-11-26"), []
    cards.send = lambda message, buffers=None: answers.append(message)

    def say(kind, **message):
        cards._receive(cards, {"kind": kind, "view": "v", "seq": 1, **message}, [])
        return answers[-1]

    def drafts():
        return [card["key"] for card in say("hello")["cards"] if not card["file"]]

    first, second = drafts()
    say("set", key=first, id="H-00c0de", fields={"change": "a"}, base={"change": ""})
    assert drafts() == [second]
    say("set", key=second, id="H-0ddba1", fields={"change": "b"}, base={"change": ""})
    assert drafts() == []
    asked = say("draft", theme=say("hello")["themes"][2]["theme"])["choose"]
    assert drafts() == [asked], "a new one is there for whoever asks"
    cards._day = "2026-12-03"
    assert len(drafts()) == 3, "next week two more"


def test_a_card_without_a_change_says_what_it_is_about(shared):
    folder, _, say, _ = shared
    (draft, *_) = say("hello")["cards"]
    assert re.fullmatch(r"About: “.+”", draft["title"])
    assert draft["claim"] in draft["title"]
    correct(folder, rename_theme, draft["of"]["theme"], "Lost rows")
    assert "About: Lost rows" in [card["title"] for card in say("hello")["cards"]]
    key = next(card["key"] for card in say("hello")["cards"] if card["title"] == "About: Lost rows")
    card = say("set", key=key, id="H-00c0de", fields={"slice": "one"}, base={"slice": ""})["card"]
    assert card["title"] == "About: Lost rows", "a file is about the same"
    card = say("set", key=card["key"], fields={"change": "show doubles"}, base={"change": ""})["card"]
    assert card["title"] == "show doubles"
    own = say("draft", theme="")
    assert "A hypothesis of your own" in [card["title"] for card in own["cards"]]


def test_what_the_quarter_knows_is_offered_for_what_is_open(study, cards_of):
    _, say = cards_of(study)
    key = say("hello")["cards"][0]["key"]
    offered = {one["field"]: one for one in say("offer", key=key)["proposals"]}
    assert offered["baseline"]["words"] == "30 %"
    assert offered["size"]["fields"] == {"size": "5", "unit": "points"}
    assert (offered["deadline"]["words"], offered["deadline"]["why"]) == ("2027-03-31", "From your quarter.")


def test_it_closes_with_all_of_its_learning_card_and_opens_again_without_losing_it(dated):
    _, say, key, file = dated
    set_fields_of(say, key, status="running", started="2026-11-26")
    for status in ("supported", "refuted"):
        part = set_fields_of(say, key, **LEARNT | {"therefore": ""}, status=status, closed="2026-12-20")
        assert part["refused"] == "Before it is called supported or refuted, write what you do therefore."
        assert part["card"]["status"] == "running"
    answer = set_fields_of(say, key, **LEARNT, status="refuted", closed="2026-12-20")
    (record,) = read_study(file.parents[2]).hypotheses
    assert (record.status, record.closed, record.started) == ("refuted", "2026-12-20", "2026-11-26")
    assert {name: getattr(record, name) for name in LEARNT} == LEARNT
    assert not [finding for finding in answer["card"]["findings"] if finding["rule"] == "learning-open"]
    opened = set_fields_of(say, key, status="running", closed="")["card"]
    assert {name: opened["fields"][name] for name in LEARNT} == LEARNT
    assert (opened["status"], opened["fields"]["closed"]) == ("running", "")


def test_it_can_be_dropped_at_any_time_and_says_why(one):
    _, file, say = one
    answer = set_fields_of(say, key_of(file), status="dropped", closed="2026-11-26", learned="nobody needs it")
    assert (answer["card"]["status"], answer["refused"]) == ("dropped", "")
    assert "learned: nobody needs it\n" in file.read_text("utf-8")
    assert set_fields_of(say, key_of(file), status="draft", closed="")["card"]["fields"]["learned"] == "nobody needs it"


def test_what_was_closed_by_hand_can_be_opened_again_though_something_is_open(one):
    _, file, say = one
    file.write_text(RECORD.replace("size: 3 %", "size: 3 %\nstatus: refuted"), "utf-8")
    assert set_fields_of(say, key_of(file), status="running")["refused"] == ""


def test_the_log_of_confidence_grows_and_keeps_lines_that_cannot_be_read(one):
    _, file, say = one
    odd = RECORD.replace("size: 3 %", "size: 3 %\nconfidence:\n  - 2026-11-17: 70 %\n  - rather sure")
    file.write_text(odd, "utf-8")
    (card,) = say("hello")["cards"]
    assert card["fields"]["confidence"] == ["2026-11-17: 70 %", "rather sure"]
    assert "'rather sure' is no day with a per cent" in card["problems"][0]
    log = card["fields"]["confidence"]
    answer = say("set", key=key_of(file), fields={"confidence": [*log, "2026-11-26: 55 %"]}, base={"confidence": log})
    assert answer["card"]["fields"]["confidence"] == [*log, "2026-11-26: 55 %"]
    assert answer["card"]["confidence"]["said"] == "Last: 55 % on 2026-11-26."
    theirs = file.read_text("utf-8").replace("2026-11-26: 55 %", "2026-11-20: 60 %")
    file.write_text(theirs, "utf-8")
    mine = {"confidence": [*log, "2026-11-26: 50 %"]}
    answer = say("set", key=key_of(file), fields=mine, base={"confidence": [*log, "2026-11-26: 55 %"]})
    assert answer["card"]["fields"]["confidence"] == [*log, "2026-11-20: 60 %", "2026-11-26: 50 %"], "both people's"


def test_a_note_that_is_judged_is_kept_in_the_file_and_not_asked_about_again(study, cards_of):
    _, say = cards_of(study)
    draft = say("hello")["cards"][0]
    rejected = say("offer", key=draft["key"])["against"][0]["note"]
    key = say("set", key=draft["key"], id="H-00c0de", fields={"change": "s"}, base={"change": ""})["card"]["key"]
    offered = say("offer", key=key)
    assert (offered["kind"], offered["key"], offered["against"][0]["note"]) == ("offered", key, rejected)
    assert "“was easy”" in offered["against"][0]["why"]
    assert offered["against"][0]["where"].startswith("interviews/2026-11-17-ovrelle")
    card = say("set", key=key, fields={"not_against": [rejected]}, base={"not_against": []})["card"]
    assert card["fields"]["not_against"] == [rejected]
    assert rejected in say("hello")["notes"], "with its words, to take it back"
    assert rejected not in [found["note"] for found in say("offer", key=key)["against"]]
    (record,) = read_study(study).hypotheses
    assert record.not_against == (rejected,)


def test_what_is_offered_for_a_draft_is_written_by_nobody_and_nothing_is_for_what_is_gone(study, cards_of):
    _, say = cards_of(study)
    draft = say("hello")["cards"][0]
    offered = say("offer", key=draft["key"])["proposals"]
    assert {"because", "guardrails", "slice"} <= {one["field"] for one in offered}
    assert all(one["where"].startswith("interviews/") for one in offered if one["field"] == "because")
    assert not list((study / "discovery" / "hypotheses").glob("*.md"))
    gone = say("offer", key="discovery/hypotheses/H-000000.md")
    assert (gone["against"], gone["proposals"]) == ([], [])


# Two people


def test_another_field_that_somebody_changed_meanwhile_is_kept(one):
    _, file, say = one
    file.write_text(RECORD.replace("size: 3 %", "size: 5 points"), "utf-8")
    answer = say("set", key=key_of(file), fields={"change": "x"}, base={"change": "match columns"})
    assert (answer["clashes"], answer["card"]["fields"]["size"], answer["card"]["fields"]["change"]) == (
        {},
        "5 points",
        "x",
    )


def test_the_same_field_changed_by_two_is_shown_and_never_overwritten(one):
    _, file, say = one
    theirs = RECORD.replace("match columns", "guess columns")
    file.write_text(theirs, "utf-8")
    answer = say("set", key=key_of(file), fields={"change": "x"}, base={"change": "match columns"})
    assert answer["clashes"] == {"change": {"theirs": "guess columns"}}
    assert answer["saved"] == ""
    assert file.read_text("utf-8") == theirs
    answer = say("set", key=key_of(file), fields={"change": "x", "slice": "y"}, base={"change": "match columns"})
    assert (answer["card"]["fields"]["slice"], bool(answer["saved"])) == ("y", True), "the other field is saved"
    answer = say("set", key=key_of(file), fields={"change": "x"}, base={"change": "guess columns"})
    assert (answer["clashes"], answer["card"]["fields"]["change"]) == ({}, "x"), "when the PM has chosen"


def test_of_a_choice_the_last_word_holds(one):
    _, file, say = one
    file.write_text(RECORD.replace("size: 3 %", "size: 3 %\nunit: points\nstatus: running"), "utf-8")
    mine = {"unit": "relative %", "status": "ready", "looked_for_against": "2026-11-26"}
    answer = say("set", key=key_of(file), fields=mine, base={"status": "draft"})
    assert answer["clashes"] == {}
    assert {name: answer["card"]["fields"][name] for name in mine} == mine


def test_evidence_of_two_people_is_joined(one):
    _, file, say = one
    file.write_text(RECORD.replace("evidence: []", "evidence: [a#1, b#1, new#1]"), "utf-8")
    answer = say("set", key=key_of(file), fields={"evidence": ["b#1", "mine#1"]}, base={"evidence": ["a#1", "b#1"]})
    assert answer["card"]["fields"]["evidence"] == ["b#1", "new#1", "mine#1"]


def test_a_save_of_somebody_else_in_the_middle_of_ours_is_changed_too(one):
    folder, file, _ = one
    texts = iter([RECORD.replace("good", "bad"), RECORD.replace("good", "better")])

    def change(text):
        if (theirs := next(texts, None)) is not None:
            file.write_text(theirs, "utf-8")  # an editor that knows no lock
        return text.replace("match columns", "x")

    saved = change_record(folder, key_of(file), change)
    assert file.read_text("utf-8") == saved == RECORD.replace("good", "better").replace("match columns", "x")


def test_many_threads_lose_nothing(one):
    """JupyterLab may hand over messages in other threads."""
    _, file, say = one
    names = ["segment", "baseline", "deadline", "slice", "decision_rule", "because"]
    threads = [
        Thread(target=say, args=("set",), kwargs={"key": key_of(file), "fields": {n: n}, "base": {}}) for n in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    values = split_front_matter(split_lines(file.read_text("utf-8")), "")[0].values
    assert [values[name] for name in names] == names


# Drafts and notes


def test_a_draft_of_any_theme_or_of_none_can_be_asked_for(study, cards_of):
    _, say = cards_of(study)
    state = say("hello")
    third = state["themes"][2]["theme"]
    asked = say("draft", theme=third)
    draft = next(card for card in asked["cards"] if card["key"] == asked["choose"])
    assert draft["counted"]["n"] >= 2
    offered = say("draft", theme=state["themes"][0]["theme"])
    assert offered["choose"] in [card["key"] for card in state["cards"]], "which is there already"
    own = say("draft", theme="")["choose"]
    assert say("draft", theme="")["choose"] != own
    answer = say("set", key=own, id="H-00c0de", fields={"change": "ask"}, base={})
    assert answer["card"]["fields"]["evidence"] == []
    assert answer["card"]["key"].endswith("H-00c0de-hypothesis.md")
    assert "no theme T99" in say("draft", theme="T99")["said"]


def test_notes_to_add_come_near_ones_first_and_by_words(study, cards_of):
    _, say = cards_of(study)
    draft = say("hello")["cards"][0]
    listed = draft["fields"]["evidence"]
    found = say("find", key=draft["key"], words="", listed=listed)
    assert found["n"] > len(found["notes"]) > 10
    assert not {note["note"] for note in found["notes"]} & set(listed)
    assert "import" in " ".join(note["text"] for note in found["notes"][:3]).lower(), "the theme is about lists"
    narrow = say("find", key=draft["key"], words="KESTROW fax", listed=[])["notes"]
    assert narrow
    assert all("fax" in note["text"].lower() and "Kestrow" in note["customer"] for note in narrow)
    assert say("find", key=draft["key"], words="zebra", listed=[])["n"] == 0


def test_a_note_that_is_gone_or_does_not_count_is_said(make_workspace, cards_of):
    calls = {"2026-11-17-acme.md": "---\ncustomer: Acme\nconsent: none\n---\n- ! Import drops rows\n"}
    folder = make_workspace(calls)
    (id_,) = read_study(folder).notes["note"]
    file = folder / "discovery" / "hypotheses" / "H-3fa9c1.md"
    file.parent.mkdir(parents=True)
    file.write_text(f"---\nevidence: ['{id_}', 'x#00000000']\n---\n", "utf-8")
    state = cards_of(folder)[1]("hello")
    assert state["notes"][id_]["counts"] is False
    assert state["notes"]["x#00000000"]["gone"] is True
    assert state["cards"][0]["counted"]["n"] == 0


# The still picture


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.attributes = set(), set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_the_picture_shows_what_is_open_and_is_the_same_each_time(study, cards_of):
    cards, say = cards_of(study)
    key = say("hello")["cards"][0]["key"]
    say("set", key=key, id="H-00c0de", fields={"change": "match columns"}, base={})
    picture = cards.picture()
    assert picture == cards.picture() == HypothesisCards(study).picture()
    assert picture.startswith('<div class="wb-still">')
    assert "match columns" in picture
    assert "parts can be tested" in picture
    assert "No guardrail." in picture
    say("set", key=say("hello")["cards"][0]["key"], fields={"status": "dropped"}, base={"status": "draft"})
    assert "match columns" not in cards.picture()


def test_the_picture_tells_of_owner_size_and_what_was_learned(dated):
    cards, say, key, _ = dated
    picture = cards.picture()
    assert "<li><bdi>Owner: Ines Calloway</bdi></li>" in picture
    assert "<li><bdi>Written down 2026-11-26</bdi></li>" in picture
    assert (
        "+3 points (30 % to 33 %): 3,762 customers with the change, and as many without; 19 weeks; too few come until 2027-02-26"
        in picture
    )
    assert (
        "Too few until 2027-02-26 for +3 points: each of the two groups needs 3,762, and at 400/week gets 2,628."
        in picture
    )
    set_fields_of(say, key, status="running", started="2026-11-26")
    set_fields_of(say, key, **LEARNT, status="supported", closed="2026-12-20")
    picture = cards.picture()
    assert "(H-00c0de, supported)" in picture
    assert "<li><bdi>Written down 2026-11-26, started 2026-11-26, closed 2026-12-20</bdi></li>" in picture
    assert "<li><bdi>Measured: 32.1 %, 4,012 of 12,498</bdi></li>" in picture
    assert "<li><bdi>Therefore: we look at the waiting</bdi></li>" in picture
    assert "3,762" not in picture, "what was needed is past"


def test_nothing_that_somebody_typed_is_html_in_the_picture_or_stops_a_view(hostile_study, cards_of, tmp_path):
    cards, say = cards_of(shutil.copytree(hostile_study, tmp_path / "work"))  # which others look at as it is
    tags = Tags()
    tags.feed(cards.picture())
    assert tags.seen <= {"div", "p", "strong", "br", "bdi", "ul", "li"}
    assert tags.attributes == {"class"}
    state = say("hello")
    assert len(state["cards"]) > 50
    for card in state["cards"][:5]:
        answer = say("set", key=card["key"], fields={"slice": card["fields"]["change"]}, base={"slice": ""})
        assert answer["card"]["fields"]["slice"] == card["fields"]["change"]


def test_hostile_texts_come_back_as_typed(one, hostile_payloads):
    _, file, say = one
    was = "match columns"
    for text in hostile_payloads[:60]:
        answer = say("set", key=key_of(file), fields={"change": text}, base={"change": was})
        was = answer["card"]["fields"]["change"]
        assert was == " ".join(re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", text).split())
