"""Live capture without a browser: messages in, messages out, and what is on disk then."""

import json
import os
import threading

import pytest

from workbench.errors import InputError
from workbench.store import read_calls
from workbench.widgets import Capture

CALL = "---\ndate: 2026-11-10\ncustomer: Acme Freight\nwho: Jane Doe, ops lead\nsegment: mid-market\nconsent: quote\n---\n- One #export\n"


@pytest.fixture
def work(make_workspace):
    folder = make_workspace({"2026-11-10-acme.md": CALL})
    (folder / "discovery").mkdir()
    (folder / "discovery" / "guide.md").write_text("- What happened last time?\n  why: facts\n", "utf-8")
    return folder


class View:
    """A browser's side of a widget: sends, and keeps what it is told."""

    def __init__(self, capture):
        self.capture, self.told = capture, []
        capture.send = lambda message, buffers=None: self.told.append(json.loads(json.dumps(message)))
        self.hello = self.ask("hello")

    def ask(self, kind, **rest):
        self.told.clear()
        self.capture._receive(self.capture, {"kind": kind, "view": "v", **rest}, [])
        return self.told[-1] if self.told else None

    def put(self, id, words, **rest):
        return self.ask("change", changes=[{"kind": "put", "id": id, "words": words, **rest}])

    def field(self, name, value):
        return self.ask("change", changes=[{"kind": "field", "name": name, "value": value}])


def new_files(work):
    return sorted(path.name for path in (work / "interviews").glob("2026-11-17*.md"))


def text(work):
    (name,) = new_files(work)
    return (work / "interviews" / name).read_text("utf-8").split("---\n", 2)[2]


def test_a_first_look_offers_what_earlier_calls_and_the_guide_say(work):
    hello = View(Capture(work, today="2026-11-17")).hello
    assert hello["known"]["customers"] == [
        {
            "name": "Acme Freight",
            "segment": "mid-market",
            "consent": "quote",
            "n_calls": 1,
            "people": ["Jane Doe, ops lead"],
        }
    ]
    assert hello["known"]["tags"] == [{"tag": "export", "n_customers": 1}]
    assert [(question["text"], question["why"]) for question in hello["guide"]] == [
        ("What happened last time?", "facts")
    ]
    assert hello["recent"] == [{"file": "interviews/2026-11-10-acme.md", "title": "Acme Freight, 2026-11-10"}]
    assert (hello["lines"], hello["file"], hello["state"]["status"]) == ([], "", "new")
    assert new_files(work) == []


def test_each_answer_holds_only_what_changed_and_comes_after_the_save(work):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")
    done = view.put("v-1", "! Filters reset #filters @12:40")
    assert done["state"]["status"] == "saved"
    assert [
        (line["id"], line["kind"], line["text"], line["tags"], line["at"], line["after"]) for line in done["lines"]
    ] == [("v-1", "pain", "Filters reset", ["filters"], "12:40", "")]
    assert text(work) == "- ! Filters reset #filters @12:40\n"
    done = view.put("v-2", "Two")
    assert [(line["id"], line["after"]) for line in done["lines"]] == [("v-2", "v-1")]
    done = view.ask("change", changes=[{"kind": "move", "id": "v-2", "after": ""}])
    assert "v-2" in [line["id"] for line in done["lines"]]
    done = view.ask("change", changes=[{"kind": "drop", "id": "v-1"}])
    assert done["removed"] == ["v-1"]
    assert text(work) == "- Two\n"
    view.ask("undo")
    assert text(work) == "- Two\n- ! Filters reset #filters @12:40\n"


def test_a_hint_is_for_the_line_that_is_typed(work):
    view = View(Capture(work, today="2026-11-17"))
    assert view.put("v-1", "She would probably use it every day")["hint"]["id"] == "hypothetical"
    assert view.put("v-2", "Last Friday it took her 2 hours")["hint"] is None


def test_running_the_cell_again_goes_on_with_the_call_and_ending_it_does_not(work):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")
    view.put("v-1", "Half a sen")
    view.ask("asked", question=view.hello["guide"][0]["id"], at="00:10")
    again = View(Capture(work, today="2026-11-17"))
    assert again.hello["resumed"] is True
    assert [line["words"] for line in again.hello["lines"]] == ["Half a sen"]
    assert list(again.hello["asked"].values()) == ["00:10"]
    assert again.ask("hello")["resumed"] is False, "it is said once"
    assert again.ask("end")["ended"] is True
    assert again.ask("learned", text="It is the bank")["learned"] == "It is the bank"
    assert text(work) == "- Half a sen\n- = It is the bank #learned\n"
    assert View(Capture(work, today="2026-11-17")).hello["file"] == ""


def test_the_next_call_an_earlier_one_and_back(work):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")
    view.put("v-1", "One")
    fresh = view.ask("new")
    assert (fresh["call"] != view.hello["call"], fresh["file"], fresh["lines"]) == (True, "", [])
    earlier = view.ask("open", file="interviews/2026-11-10-acme.md")
    assert [line["words"] for line in earlier["lines"]] == ["One #export"]
    assert view.ask("open", file="../elsewhere.md")["refused"].startswith(f"{work}/../elsewhere.md lies outside")
    assert view.capture.file == "interviews/2026-11-10-acme.md"


def test_a_call_that_cannot_be_saved_is_not_left_and_says_why(work, monkeypatch):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda fd: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        done = view.put("v-1", "Kept here")
        assert done["state"]["status"] == "unsaved"
        assert done["state"]["message"].startswith("Not saved: the disk is full")
        assert done["state"]["n_unsaved"] == 1
        refused = view.ask("new")["refused"]
        assert "Another call can be opened once this one is saved" in refused
    assert view.ask("save")["state"]["status"] == "saved"
    assert text(work) == "- Kept here\n"


def test_two_words_at_once_stay_both(work):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")
    view.put("v-1", "One")
    (name,) = new_files(work)
    path = work / "interviews" / name
    path.write_text(path.read_text("utf-8").replace("- One", "- One of theirs"), "utf-8")
    done = view.put("v-1", "One of ours", seen="One")
    (clash,) = done["state"]["clashes"]
    assert (clash["theirs"], clash["ours"]) == ("One of theirs", "One of ours")
    assert text(work) == "- One of theirs\n- One of ours\n"
    assert view.ask("dismiss")["state"]["clashes"] == []


def test_a_folder_that_cannot_be_written_is_known_before_the_call(work, monkeypatch):
    assert View(Capture(work, today="2026-11-17")).hello["read_only"] is False
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert View(Capture(work, today="2026-11-17")).hello["read_only"] is True


def test_a_deleted_call_comes_back(work):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")
    view.put("v-1", "One")
    assert view.ask("remove")["removed_file"] is True
    assert new_files(work) == []
    assert view.ask("restore")["removed_file"] is False
    assert text(work) == "- One\n"


def test_a_quiet_look_says_nothing_unless_somebody_wrote(work):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")
    view.put("v-1", "One")
    assert view.ask("look") is None
    (name,) = new_files(work)
    path = work / "interviews" / name
    path.write_text(path.read_text("utf-8") + "- Two\n", "utf-8")
    assert [line["words"] for line in view.ask("look")["lines"]] == ["Two"]


@pytest.mark.parametrize("message", [
    {"kind": "nonsense"}, {"kind": "change", "changes": [{"kind": "put", "id": "a b"}]}, {"kind": "open", "file": "none.md"},
    {"kind": "change", "changes": [{"kind": "field", "name": "salary", "value": "1"}]},
])  # fmt: skip
def test_what_cannot_be_done_is_refused_in_plain_words(work, message):
    view = View(Capture(work, today="2026-11-17"))
    view.put("v-1", "One")
    assert view.ask(**message)["refused"]
    assert text(work) == "- One\n"


def test_hostile_words_are_words(work, hostile_payloads):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")
    for i, payload in enumerate(hostile_payloads):
        view.put(f"v-{i}", payload)
    calls, _ = read_calls(work)
    call = next(call for call in calls if call.customer == "Bolt")
    written = sum(bool(payload.strip()) for payload in hostile_payloads)
    assert len(call.notes) == written
    picture = view.capture.picture()
    assert "<script" not in picture.lower()
    assert "<img" not in picture.lower()


def test_the_still_picture_is_the_same_for_the_same_call(work):
    capture = Capture(work, today="2026-11-17")
    assert (
        capture.picture() == '<div class="wb-still"><p>Live capture. Run this cell to take notes of a call.</p></div>'
    )
    view = View(capture)
    view.field("customer", "Bolt & Sons")
    view.put("v-1", "<b>One</b>")
    assert capture.picture() == Capture(work, today="2026-11-18").picture()
    assert "Bolt &amp; Sons" in capture.picture()
    assert "<li>&lt;b&gt;One&lt;/b&gt;</li>" in capture.picture()


def test_messages_from_several_threads_lose_nothing(work):
    view = View(Capture(work, today="2026-11-17"))
    view.field("customer", "Bolt")

    def type_notes(name):
        for i in range(20):
            view.put(f"{name}-{i}", f"{name} {i}")

    threads = [threading.Thread(target=type_notes, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(text(work).splitlines()) == sorted(f"- {name} {i}" for name in "ab" for i in range(20))


def test_without_a_workspace_it_says_how_to_make_one(tmp_path):
    with pytest.raises(InputError, match="workbench init"):
        Capture(tmp_path)
