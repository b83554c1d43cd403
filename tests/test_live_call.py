"""What is called saved is on the disk and stays there, whoever else writes, and whatever fails or is killed."""

import errno
import json
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from test_save_faults import run_on_a_small_disk

from workbench import live_call
from workbench.call_text import CallText, Change, rebase
from workbench.errors import InputError
from workbench.live_call import LIVE_FILE, LiveCall
from workbench.notes import parse_call
from workbench.save import SaveError

HERE = Path(__file__).parent
HOSTILE = [json.loads(line) for line in (HERE / "hostile.jsonl").read_text("utf-8").splitlines()]
posix_only = pytest.mark.skipif(os.name == "nt", reason="there is no fork")


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self):
        self.now = datetime(2026, 11, 17, 14, 3, 22, tzinfo=timezone(timedelta(hours=1)))

    def __call__(self):
        return self.now

    def pause(self, seconds=60):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "interviews").mkdir()
    return tmp_path


@pytest.fixture
def call(folder, clock):
    return LiveCall(folder, clock=clock)


def put(id, words, after=None, seen=None):
    return Change("put", id, words, after, seen=seen)


def customer(name):
    return Change("field", name="customer", value=name)


def on_disk(folder):
    return {file.name: file.read_text("utf-8") for file in sorted((folder / "interviews").glob("*.md"))}


def words_on_disk(folder, call):
    return [note.text for note in parse_call((folder / call.state.file).read_text("utf-8"), call.state.file).notes]


def fails(number):
    def call(*_, **__):
        raise OSError(number, os.strerror(number))

    return call


# A call from its first word on


def test_nothing_is_created_before_there_is_a_customer_or_a_note(folder, call):
    call.change([])
    call.change([Change("field", name="consent", value="quote"), put("a", "  ")])
    call.begin()
    call.asked("Why?", "1:00")
    call.look()
    call.save()
    call.undo()
    assert call.state == live_call.CallState("", "new", "", "", 0, (), 0)
    assert list((folder / "interviews").iterdir()) == []
    assert not (folder / ".workbench").exists()


def test_the_first_note_makes_the_file_and_the_customer_names_it(folder, call, clock):
    call.change([put("a", "! Filters reset")])
    assert call.state.file == "interviews/2026-11-17-customer.md"
    assert (call.state.status, call.state.saved_at, call.state.n_unsaved) == ("saved", "14:03:22", 0)
    clock.pause()
    call.change([customer("Acme"), Change("field", name="who", value="Jane Doe, ops lead")])
    assert call.state.file == "interviews/2026-11-17-acme-ops-lead.md"
    assert call.state.saved_at == "14:04:22"
    call.change([Change("field", name="date", value="2026-11-18")])
    assert on_disk(folder) == {
        "2026-11-18-acme-ops-lead.md": "---\ndate: 2026-11-18\ncustomer: Acme\nwho: Jane Doe, ops lead\n"
        "kind: discovery\n---\n- ! Filters reset\n"
    }
    call.end()
    call.change([customer("Bolt")])
    assert list(on_disk(folder)) == ["2026-11-18-acme-ops-lead.md"]


def test_a_name_typed_letter_by_letter_leaves_one_file(folder, call):
    (folder / "interviews" / "2026-11-17-acme.md").write_text("- theirs")
    for end in range(1, 5):
        call.change([customer("Acme"[:end])])
    assert list(on_disk(folder)) == ["2026-11-17-acme-2.md", "2026-11-17-acme.md"]
    assert on_disk(folder)["2026-11-17-acme.md"] == "- theirs"
    call.change([Change("field", name="date", value="soon")])
    assert call.state.file == "interviews/2026-11-17-acme-2.md"


def test_a_call_that_decisions_name_keeps_its_file(folder, call):
    call.change([put("a", "hi"), customer("Acme")])
    (folder / "discovery").mkdir()
    (folder / "discovery" / "themes.yaml").write_text("- {notes: [{call: 2026-11-17-acme, text: hi}]}")
    call.change([customer("Bolt")])
    assert call.state.file == "interviews/2026-11-17-acme.md"
    with pytest.raises(
        InputError, match=r"^discovery/themes.yaml names this call as 2026-11-17-acme; it keeps its file"
    ):
        call.rename()


def test_a_call_of_before_is_renamed_only_when_told_to(folder, clock):
    (folder / "interviews" / "old.md").write_text("---\ndate: 2026-11-16\ncustomer: Acme\n---\n- hi\n")
    call = LiveCall.open(folder, "interviews/old.md", clock=clock)
    call.change([customer("Bolt")])
    assert call.state.file == "interviews/old.md"
    assert call.rename() == "interviews/2026-11-16-bolt.md"
    assert on_disk(folder) == {"2026-11-16-bolt.md": "---\ndate: 2026-11-16\ncustomer: Bolt\n---\n- hi\n"}


@pytest.mark.parametrize("file", ["interviews/none.md", "../outside.md", "interviews/utf16.md"])
def test_what_cannot_be_opened_says_why(folder, file):
    (folder.parent / "outside.md").write_text("- hi")
    (folder / "interviews" / "utf16.md").write_bytes("- hi".encode("utf-16"))
    with pytest.raises(InputError):
        LiveCall.open(folder, file)


def test_opening_and_looking_write_nothing(folder):
    file = folder / "interviews" / "a.md"
    file.write_bytes(b"\xef\xbb\xbf* one\r\n  more\r\ntwo \xe9")
    call = LiveCall.open(folder, "interviews/a.md")
    call.look()
    call.save()
    assert call.state == live_call.CallState("interviews/a.md", "saved", "", "", 0, (), 0)
    assert file.read_bytes() == b"\xef\xbb\xbf* one\r\n  more\r\ntwo \xe9"
    assert [path.name for path in folder.rglob("*")] == ["interviews", "a.md"]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["n", "rn", "r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_marks_and_a_missing_last_end_stay(folder, bom, end, last):
    file = folder / "interviews" / "a.md"
    source = bom + end.join(["---", "customer: Acme", "---", "# Reports", "* one", "two"]).encode()
    file.write_bytes(source + end.encode() * last)
    call = LiveCall.open(folder, "interviews/a.md")
    call.change([put("n1", "one!"), put("a", "three")])
    expected = source.replace(b"* one", b"- one!") + f"{end}- three".encode() + end.encode() * last
    assert file.read_bytes() == expected
    call.undo()
    assert file.read_bytes() == source + end.encode() * last


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["id"])
def test_hostile_words_names_and_questions(folder, call, case):
    payload = case["payload"]
    call.change([put("a", payload), Change("field", name="customer", value=payload[:1000])])
    call.begin()
    call.asked(payload, "0:10")
    call.learned(payload)
    if not payload.strip():
        assert call.state.status == "new"
        return
    assert call.state.status == "saved"
    inside = [path.relative_to(folder).parts[0] for path in folder.rglob("*.md")]
    assert inside == ["interviews"]
    again = LiveCall.resume(folder)
    assert list(again.text.words.values()) == list(call.text.words.values())
    assert again.text.fields == call.text.fields
    assert again.asked_at == call.asked_at
    assert words_on_disk(folder, call) == [line.text for line in call.text.lines()]


def test_five_thousand_lines_pasted_and_typed_into(folder, call):
    call.change([put(f"a-{n}", f"line {n}") for n in range(5000)])
    assert call.state.status == "saved"
    call.change([put("a-2500", "! changed")])
    assert words_on_disk(folder, call)[2499:2502] == ["line 2499", "changed", "line 2501"]
    call.undo()
    call.undo()
    assert words_on_disk(folder, call) == []
    call.redo()
    assert len(words_on_disk(folder, call)) == 5000


def test_what_is_no_change_is_refused_and_the_rest_of_a_message_is_not_half_done(call):
    with pytest.raises(InputError, match=r"^a change is made of kind, id, .*'colour': 'red'"):
        call.change([put("a", "hi"), {"kind": "put", "colour": "red"}])
    with pytest.raises(InputError, match="a change is one of"):
        call.change([put("a", "hi"), {"kind": "shout"}])
    assert call.state.status == "new"


def test_a_field_that_cannot_be_set_is_refused_and_the_notes_are_saved(folder):
    (folder / "interviews" / "a.md").write_text(f"---\nmood: {'x' * 65_500}\n---\n- hi\n")
    call = LiveCall.open(folder, "interviews/a.md")
    with pytest.raises(InputError, match="change them in an editor"):
        call.change([put("a", "one"), customer("A" * 100), put("b", "two")])
    assert call.state.status == "saved"
    assert words_on_disk(folder, call) == ["hi", "one", "two"]


# Taking back


def test_words_typed_without_a_pause_are_one_step(folder, call, clock):
    for words in ("F", "Fil", "Filters"):
        call.change([put("a", words)])
        clock.pause(0.3)
    call.change([put("b", "two")])
    clock.pause()
    call.change([put("b", "two and a half")])
    assert words_on_disk(folder, call) == ["Filters", "two and a half"]
    seen = []
    for _ in range(3):
        call.undo()
        seen.append(words_on_disk(folder, call))
    assert seen == [["Filters", "two"], ["Filters"], []]
    for _ in range(4):
        call.redo()
    assert words_on_disk(folder, call) == ["Filters", "two and a half"]
    call.undo()
    call.change([put("c", "three")])
    call.redo()
    assert words_on_disk(folder, call) == ["Filters", "two", "three"]


def test_everything_taken_back_gives_the_same_bytes_and_done_again_too(folder, clock):
    file = folder / "interviews" / "a.md"
    file.write_bytes(b"---\ncustomer: Acme\n# Reports\n  * one\n\n\tmore\r\n---\n* two\n# X\n  three")
    call = LiveCall.open(folder, "interviews/a.md", clock=clock)
    seen = [file.read_bytes()]
    ids = list(call.text.words)
    for change in (
        put(ids[0], "1"), Change("move", ids[-1], after=""), put("a", "---", after=ids[0]), Change("drop", ids[0]),
        put("b", "end"), put("a", ""), Change("move", "b", after=""),
    ):  # fmt: skip
        clock.pause()
        call.change([change])
        seen.append(file.read_bytes())
    assert len(set(seen)) == len(seen)
    for bytes_before in reversed(seen[:-1]):
        call.undo()
        assert file.read_bytes() == bytes_before
    for bytes_after in seen[1:]:
        call.redo()
        assert file.read_bytes() == bytes_after


def test_taking_back_never_takes_what_somebody_else_wrote(folder, call):
    call.change([put("a", "ours")])
    call.change([put("b", "more")])
    file = folder / call.state.file
    file.write_text(file.read_text().replace("ours", "ours, and theirs"))
    call.look()
    for _ in range(3):
        call.undo()
    assert words_on_disk(folder, call) == ["ours, and theirs"]


def test_what_we_learned_is_one_line_and_a_take(folder, call):
    call.learned("")
    assert call.state.status == "new"
    call.change([put("a", "one"), put("b", "= another take")])
    call.learned("The setup was\nquick")
    call.learned("What cost the week was waiting")
    assert call.learned_text == "What cost the week was waiting"
    assert words_on_disk(folder, call)[-1] == "What cost the week was waiting"
    assert call.text.lines()[-1].kind == "take"
    assert LiveCall.resume(folder).learned_text == call.learned_text
    call.learned("")
    assert call.learned_text == ""
    assert words_on_disk(folder, call) == ["one", "another take"]


# Taken up again


def test_a_call_goes_on_after_a_restart_until_it_is_ended(folder, call, clock):
    assert LiveCall.resume(folder) is None
    began = call.begin()
    assert began == call.began
    assert datetime.fromisoformat(began) == datetime.fromisoformat("2026-11-17T14:03:22+01:00")
    clock.pause()
    assert call.begin() == began
    call.change([put("a", "one")])
    call.asked("What did you do next?", "2:10")
    call.asked("And then?", "3:10")
    call.asked("And then?", "")
    again = LiveCall.resume(folder, clock=clock)
    assert (again.state.file, again.began, again.ended) == (call.state.file, began, False)
    assert again.asked_at == {"What did you do next?": "2:10"}
    again.change([customer("Acme")])  # still a new one
    assert again.state.file == "interviews/2026-11-17-acme.md"
    again.end()
    assert again.ended
    assert LiveCall.resume(folder) is None
    assert LiveCall.open(folder, again.state.file).asked_at == {"What did you do next?": "2:10"}
    again.reopen()
    assert LiveCall.resume(folder).state.file == again.state.file
    other = LiveCall(folder)
    other.change([put("a", "next call")])
    assert LiveCall.resume(folder).state.file == other.state.file


@pytest.mark.parametrize(
    "memory",
    [
        "", "{", "[]", "null", '{"file": 3}', '{"file": "../x.md"}', "\udcff", "[" * 100_000,
        '{"file": "interviews/none.md", "earlier": [], "began": "", "asked": {}, "new": true, "ended": false}',
        '{"file": "/etc/passwd", "earlier": [], "began": "", "asked": {}, "new": true, "ended": false}',
        '{"file": "interviews/a.md", "earlier": [], "began": "soon", "asked": {}, "new": true, "ended": false}',
        '{"file": "interviews/a.md", "earlier": [], "began": "", "asked": {"a": 1}, "new": true, "ended": false}',
        '{"file": "interviews/a.md", "earlier": [], "began": "", "asked": [], "new": 1, "ended": false}',
    ],
)  # fmt: skip
def test_a_broken_memory_is_none_and_is_made_anew(folder, memory):
    (folder / ".workbench").mkdir()
    (folder / "interviews" / "a.md").write_text("- hi")
    (folder / LIVE_FILE).write_bytes(memory.encode("utf-8", "surrogateescape"))
    assert LiveCall.resume(folder) is None
    call = LiveCall(folder)
    call.change([put("a", "one")])
    assert LiveCall.resume(folder).state.file == call.state.file


def test_a_memory_that_cannot_be_written_costs_nothing_else(folder, call):
    (folder / LIVE_FILE).mkdir(parents=True)
    call.change([put("a", "one")])
    call.end()
    assert (call.state.status, call.state.message) == ("saved", "")


class Killed(BaseException):
    """Not an Exception: nothing in the program may handle it, as nothing handles a kill."""


@pytest.mark.parametrize("step", range(0, 160))
def test_killed_while_a_call_is_renamed_it_is_found_again(folder, call, clock, monkeypatch, step):
    call.change([put("a", "one")])
    n_calls = 0

    def killing(real):
        def system_call(*args, **options):
            nonlocal n_calls
            n_calls += 1
            if n_calls > step:
                raise Killed
            return real(*args, **options)

        return system_call

    with monkeypatch.context() as power:
        for name in ("open", "mkdir", "lstat", "stat", "replace", "fsync", "unlink"):
            power.setattr(os, name, killing(getattr(os, name)))
        try:
            call.change([customer("Acme")])
            finished = True
        except Killed:
            finished = False
    again = LiveCall.resume(folder, clock=clock)
    assert list(again.text.words.values()) == ["one"]
    assert again.text.fields["customer"] == "Acme" or not finished
    again.change([customer("Acme"), put("b", "two")])
    assert words_on_disk(folder, again) == ["one", "two"]
    assert [f"interviews/{name}" for name in on_disk(folder)] == [again.state.file]


# The file was changed elsewhere


def test_two_kernels_on_one_call_keep_everything_of_both(folder, call, clock):
    call.change([put("a", "one"), customer("Acme")])
    other = LiveCall.resume(folder, clock=clock)
    other.change([put("b", "two of the other")])
    call.change([put("c", "three")])
    other.change([put("d", "four")])
    assert words_on_disk(folder, call) == ["one", "two of the other", "three", "four"]
    assert (call.state.merged, other.state.merged, call.state.clashes) == (1, 1, ())
    call.look()
    assert list(call.text.words.values()) == words_on_disk(folder, call)
    assert call.state.merged == 2
    call.dismiss()
    assert call.state.merged == 0
    # One gives the file its name, and the other follows.
    call.change([customer("Bolt")])
    other.change([put("e", "five")])
    assert (other.state.file, other.state.status) == (call.state.file, "saved")
    assert list(on_disk(folder)) == ["2026-11-17-bolt.md"]
    assert words_on_disk(folder, call)[-1] == "five"


def test_a_note_changed_in_both_places_stands_twice_and_typing_goes_on(folder, call, monkeypatch):
    call.change([put("a", "one"), put("b", "two")])
    file = folder / call.state.file
    file.write_text(file.read_text().replace("- one", "- one of theirs"))
    call.change([put("a", "one of ours")])
    assert words_on_disk(folder, call) == ["one of theirs", "one of ours", "two"]
    (clash,) = call.state.clashes
    assert (clash.base, clash.theirs, clash.ours, clash.ours_id) == ("one", "one of theirs", "one of ours", "a")
    call.change([put("a", "one of ours, and more")])
    assert words_on_disk(folder, call) == ["one of theirs", "one of ours, and more", "two"]
    call.dismiss()
    assert call.state.clashes == ()


def test_a_change_of_a_note_that_somebody_else_has_changed_unseen_is_kept_beside(folder, call):
    call.change([put("a", "one"), put("b", "two")])
    file = folder / call.state.file
    file.write_text(file.read_text().replace("- one", "- theirs").replace("- two", "- theirs too"))
    call.look()
    assert call.state.clashes == ()
    call.change([put("a", "one and", seen="one"), Change("drop", "b", seen="two")])
    call.change([put("a", "one and more", seen="one and"), Change("drop", "b", seen="two")])
    assert words_on_disk(folder, call) == ["theirs", "one and more", "theirs too"]
    assert [(clash.theirs, clash.ours) for clash in call.state.clashes] == [("theirs", "one and"), ("theirs too", "")]
    call.change([put("b", "seen", seen="theirs too")])
    assert words_on_disk(folder, call)[-1] == "seen"


def test_a_field_changed_in_both_places(folder, call):
    call.change([put("a", "one"), customer("Acme")])
    file = folder / call.state.file
    file.write_text(file.read_text().replace("Acme", "Bolt"))
    call.change([customer("Crux")])
    assert call.text.fields["customer"] == "Bolt"
    assert [(clash.field, clash.theirs, clash.ours) for clash in call.state.clashes] == [("customer", "Bolt", "Crux")]


def test_a_file_that_is_gone_is_said_and_written_anew_when_told_to(folder, call):
    call.change([put("a", "one")])
    (folder / call.state.file).unlink()
    call.look()
    assert (call.state.status, call.state.n_unsaved) == ("gone", 1)
    call.change([put("b", "two")])
    call.save()
    assert call.state.message == (
        f"{call.state.file} has been removed or renamed elsewhere. Your text is still here; save it again, or leave it."
    )
    assert on_disk(folder) == {}
    assert list(call.text.words.values()) == ["one", "two"]
    call.save(again=True)
    assert (call.state.status, call.state.message) == ("saved", "")
    assert words_on_disk(folder, call) == ["one", "two"]


def test_a_file_that_is_gone_and_comes_back(folder, call):
    call.change([put("a", "one")])
    file = folder / call.state.file
    text = file.read_text()
    file.unlink()
    call.change([put("b", "two")])
    file.write_text(text + "- theirs\n")
    call.look()
    assert (call.state.status, call.state.message) == ("saved", "")
    assert words_on_disk(folder, call) == ["one", "theirs", "two"]


@pytest.mark.parametrize("nothing", [b"", b"\n", b"\xef\xbb\xbf"])
def test_a_file_that_is_emptied_takes_nothing_along(folder, call, nothing):
    """As when a program truncates it and writes it anew."""
    call.change([put("a", "one")])
    file = folder / call.state.file
    whole = file.read_bytes()
    file.write_bytes(nothing)
    call.change([put("b", "two")])
    assert (call.state.status, file.read_bytes()) == ("gone", nothing)
    assert "has been emptied elsewhere" in call.state.message
    file.write_bytes(whole)
    call.save()
    assert words_on_disk(folder, call) == ["one", "two"]
    file.write_bytes(nothing)
    call.look()
    call.save(again=True)
    assert words_on_disk(folder, call) == ["one", "two"]


@pytest.mark.parametrize("theirs", ["- sixteen".encode("utf-16"), b"- x\n" * 3_000_000], ids=["utf-16", "large"])
def test_a_file_that_cannot_be_read_any_more_is_left_alone(folder, call, theirs):
    call.change([put("a", "one")])
    file = folder / call.state.file
    file.write_bytes(theirs)
    call.change([put("b", "two")])
    assert call.state.status == "unsaved"
    assert "elsewhere. Your text is still here; mend the file first." in call.state.message
    assert file.read_bytes() == theirs


def test_a_link_in_place_of_the_file_is_not_written_through(folder, call):
    call.change([put("a", "one")])
    file = folder / call.state.file
    file.rename(folder / "elsewhere.md")
    file.symlink_to(folder / "elsewhere.md")
    before = (folder / "elsewhere.md").read_bytes()
    call.change([put("b", "two")])
    assert call.state.status == "unsaved"
    assert "a link to another file" in call.state.message
    assert (folder / "elsewhere.md").read_bytes() == before


def test_a_call_is_removed_and_restored(folder, call):
    call.remove()
    assert call.state.status == "new"
    call.change([put("a", "one")])
    before = on_disk(folder)
    call.remove()
    assert on_disk(folder) == {}
    assert (call.state.status, call.state.message) == ("gone", "Removed. It is kept until you restore it.")
    assert LiveCall.resume(folder) is None
    call.look()
    call.save()
    assert call.state.message.startswith("Removed.")
    (kept,) = (folder / ".workbench" / "removed").glob("2026-11-17-customer.md.*")
    assert [kept.read_text()] == list(before.values())
    call.change([put("b", "two")])
    call.restore()
    assert call.state.status == "saved"
    assert words_on_disk(folder, call) == ["one", "two"]
    assert LiveCall.resume(folder).state.file == call.state.file
    call.restore()
    assert len(on_disk(folder)) == 1


# Disks


def test_a_full_disk_is_said_the_text_kept_and_saved_later(folder, call, clock, monkeypatch):
    call.change([put("a", "one")])
    saved = call.state
    clock.pause()
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails(errno.ENOSPC))
        call.change([put("b", "two"), put("a", "one!")])
        call.save()
        state = call.state
    assert (state.status, state.saved_at, state.n_unsaved) == ("unsaved", saved.saved_at, 2)
    assert state.message.startswith("Not saved: the disk is full")
    assert "Your text is still here" in state.message
    assert words_on_disk(folder, call) == ["one"]
    call.save()
    assert (call.state.status, call.state.saved_at, call.state.message) == ("saved", "14:04:22", "")
    assert words_on_disk(folder, call) == ["one!", "two"]


def test_a_first_save_that_fails_creates_nothing_and_is_made_later(folder, call, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", fails(errno.EROFS))
        call.change([put("a", "one")])
    assert (call.state.file, call.state.status, call.state.n_unsaved) == ("", "unsaved", 1)
    assert call.state.message.startswith("Not saved: the disk is read-only")
    assert on_disk(folder) == {}
    call.save()
    assert words_on_disk(folder, call) == ["one"]


@pytest.mark.parametrize("first", [True, False])
def test_a_save_of_which_nobody_knew_whether_it_was_made_is_not_made_twice(folder, call, monkeypatch, first):
    if not first:
        call.change([put("z", "zero")])
    with monkeypatch.context() as broken:
        real = os.replace

        def disk_goes_away(source, target):
            real(source, target)
            broken.setattr("workbench.save._read", fails(errno.EIO))

        broken.setattr(os, "replace", disk_goes_away)
        call.change([put("a", "one")])
    assert call.state.message.startswith("Not known whether saved")
    assert call.state.status == "unsaved"
    call.change([put("b", "two")])
    assert call.state.status == "saved"
    assert words_on_disk(folder, call) == [*["zero"][first:], "one", "two"]
    assert (len(on_disk(folder)), call.state.merged, call.state.clashes) == (1, 0, ())


def test_a_disk_that_is_really_full_and_really_read_only(tmp_path):
    run_on_a_small_disk(HERE / "save_faults" / "live_small_disk.py", tmp_path)


def type_until_killed(root, channel):
    call = LiveCall.resume(root) or LiveCall(root)
    n = call.text.n_notes
    while True:
        n += 1
        for words in (f"note {n}", f"note {n} is whole"):
            call.change([put(f"{os.getpid()}-{n}", words), customer(f"Acme {n // 7}")])
            if call.state.status == "saved":
                channel.send(words)


@posix_only
def test_killed_in_mid_typing_it_loses_no_word_that_was_called_saved(folder):
    fork = multiprocessing.get_context("fork")
    said = []
    for n in range(2, 8):
        here, there = fork.Pipe(duplex=False)
        child = fork.Process(target=type_until_killed, args=(folder, there))
        child.start()
        there.close()
        said += [here.recv() for _ in range(n)]
        time.sleep(n / 1000)  # so that it is not always killed at the same place
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        try:
            while True:
                said.append(here.recv())
        except EOFError:
            pass
    call = LiveCall.resume(folder)
    kept = words_on_disk(folder, call)
    assert len(said) >= 27
    assert [words for words in said if not any(line.startswith(words) for line in kept)] == []
    assert list(on_disk(folder).values()) == [call.text.source]


def test_many_threads_type_into_one_call(folder, call):
    def work(name):
        for n in range(15):
            call.change([put(f"{name}-{n}", f"{name} {n}")])
            call.look()
            assert call.state.status == "saved"

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(words_on_disk(folder, call)) == sorted(f"{name} {n}" for name in "abcd" for n in range(15))


# Any order of two kernels, an editor, crashes and full disks


def words_of(call):
    return {word for words in call.text.words.values() for word in words.split()}


class TwoKernels(RuleBasedStateMachine):
    """Each word that was called saved, or written by an editor, stays until somebody who saw it takes it out.

    A kernel's front end knows the words that it was last told, so it may be behind.
    """

    rebase = staticmethod(rebase)

    @initialize()
    def open_both(self):
        self.root = Path(tempfile.mkdtemp())
        (self.root / "interviews").mkdir()
        self.clock = Clock()
        self.n_words = 0
        self.kept = set()  # words that must be there
        self.calls, self.views = {}, {}
        self.typed, self.mine = {}, {}  # by a kernel in its life: not yet called saved, all
        self.open("a", LiveCall(self.root, clock=self.clock))
        self.put("a", "", "", None)
        self.open("b", LiveCall.resume(self.root, clock=self.clock))

    def teardown(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def open(self, kernel, call):
        self.calls[kernel] = call
        self.typed[kernel], self.mine[kernel] = set(), set()
        self.see(kernel)

    def see(self, kernel):
        self.views[kernel] = dict(self.calls[kernel].text.words)

    def a_word(self):
        self.n_words += 1
        return f"w{self.n_words}"

    def texts(self):
        files = [*(self.root / "interviews").glob("*.md"), *(self.root / ".workbench" / "removed").glob("*.md.*")]
        return [file.read_text("utf-8") for file in files]

    def words(self):
        return {word for text in self.texts() for word in text.split()}

    def file(self, kernel="a"):
        file = self.root / self.calls[kernel].state.file
        return file if file.is_file() else None

    def acknowledge(self, kernel):
        """What was typed, and is called saved for the first time."""
        if self.calls[kernel].state.status == "saved":
            self.kept |= self.typed[kernel] & words_of(self.calls[kernel])
            self.typed[kernel] = set()

    def put(self, kernel, id, words, after):
        word = self.a_word()
        self.typed[kernel].add(word)
        self.mine[kernel].add(word)
        id = id or f"{kernel}-{word}"
        whole = f"{words} {word}".strip()
        self.calls[kernel].change([put(id, whole, after, seen=words or None)])
        # The front end shows what it has typed, and knows no more until it is told.
        self.views[kernel][id] = whole
        self.acknowledge(kernel)

    kernels = st.sampled_from("ab")

    @rule(kernel=kernels, at=st.integers(0, 5), end=st.booleans())
    def type_a_new_note(self, kernel, at, end):
        self.clock.pause(at)
        ids = ["", *self.views[kernel]]
        self.put(kernel, "", "", None if end else ids[at % len(ids)])

    @rule(kernel=kernels, at=st.integers(0, 5))
    def type_on_in_a_note(self, kernel, at):
        ids = list(self.views[kernel])
        if ids:
            id = ids[at % len(ids)]
            self.put(kernel, id, self.views[kernel][id], None)

    @rule(kernel=kernels, at=st.integers(0, 5))
    def drop_a_note(self, kernel, at):
        ids = list(self.views[kernel])
        if ids:
            id = ids[at % len(ids)]
            seen = self.views[kernel].pop(id)
            self.kept -= set(seen.split())
            self.calls[kernel].change([Change("drop", id, seen=seen)])
            self.acknowledge(kernel)

    @rule(kernel=kernels, at=st.integers(0, 5), to=st.integers(0, 5))
    def move_a_note(self, kernel, at, to):
        ids = list(self.views[kernel])
        if ids:
            self.calls[kernel].change([Change("move", ids[at % len(ids)], after=["", *ids][to % (len(ids) + 1)])])
            self.acknowledge(kernel)

    @rule(kernel=kernels, name=st.sampled_from(["Acme", "Bolt", ""]))
    def name_the_customer(self, kernel, name):
        self.calls[kernel].change([customer(name)])
        self.acknowledge(kernel)

    @rule(kernel=kernels, way=st.sampled_from(["undo", "redo"]))
    def take_back(self, kernel, way):
        call = self.calls[kernel]
        before = words_of(call)
        getattr(call, way)()
        after = words_of(call)
        self.kept -= (before - after) & self.mine[kernel]
        self.see(kernel)
        self.acknowledge(kernel)

    @rule(kernel=kernels)
    def look(self, kernel):
        self.calls[kernel].look()
        self.acknowledge(kernel)
        self.see(kernel)

    @rule(kernel=kernels)
    def look_and_the_front_end_is_not_told_yet(self, kernel):
        self.calls[kernel].look()
        self.acknowledge(kernel)

    @rule(kernel=kernels, again=st.booleans())
    def save(self, kernel, again):
        self.calls[kernel].save(again=again)
        self.acknowledge(kernel)

    @rule(kernel=kernels, step=st.sampled_from(["fsync", "replace"]), number=st.sampled_from([errno.ENOSPC, errno.EIO]))
    def type_while_the_disk_fails(self, kernel, step, number):
        with pytest.MonkeyPatch.context() as disk:
            disk.setattr(os, step, fails(number))
            self.put(kernel, "", "", None)

    @rule(kernel=kernels, step=st.sampled_from(["fsync", "replace", "after replace"]), named=st.booleans())
    def crash(self, kernel, step, named):
        real, call = os.replace, self.calls[kernel]

        def killed(*args):
            if step == "after replace":
                real(*args)
            raise Killed

        with pytest.MonkeyPatch.context() as power:
            power.setattr(os, step.removeprefix("after "), killed)
            power.setattr(Path, "unlink", lambda *_, **__: None)  # the dead do not tidy up
            try:
                call.change([put("crash", self.a_word()), customer(f"C{self.n_words}" if named else "")])
            except Killed:
                pass
        self.open(kernel, LiveCall.resume(self.root, clock=self.clock) or LiveCall(self.root, clock=self.clock))

    @rule(kernel=kernels)
    def the_kernel_is_restarted(self, kernel):
        self.open(kernel, LiveCall.resume(self.root, clock=self.clock) or LiveCall(self.root, clock=self.clock))

    @rule(kernel=kernels)
    def remove(self, kernel):
        try:
            self.calls[kernel].remove()
        except SaveError:
            pass

    @rule(kernel=kernels)
    def restore(self, kernel):
        self.calls[kernel].restore()
        self.acknowledge(kernel)

    @precondition(lambda self: self.file())
    @rule(at=st.integers(0, 9), way=st.sampled_from(["add", "change", "remove", "move", "indent"]))
    def an_editor_changes_a_line(self, at, way):
        file = self.file()
        lines = file.read_text("utf-8").splitlines(keepends=True)
        notes = [i for i, line in enumerate(lines) if line.startswith("- ")]
        if not notes:
            return
        i, word = notes[at % len(notes)], self.a_word()
        if way in ("remove", "move"):
            line = lines.pop(i)
            if way == "move":
                lines.append(line)
            else:
                self.kept -= set(line.split())
        elif way == "change":
            lines[i] = lines[i].rstrip("\n") + f" {word}\n"
        else:
            lines.insert(i + 1, f"  {word}\n" if way == "indent" else f"- {word}\n")
        file.write_text("".join(lines), "utf-8")
        self.kept |= {word} & {word for line in lines for word in line.split()}

    @precondition(lambda self: self.file())
    @rule(kernel=kernels)
    def a_program_truncates_and_rewrites_while_we_type(self, kernel):
        file = self.file()
        whole = file.read_bytes()
        file.write_bytes(b"")
        self.calls[kernel].look()
        self.acknowledge(kernel)
        if self.calls[kernel].state.file == self.calls["a"].state.file:
            self.put(kernel, "", "", None)
        if file.exists() and not file.read_bytes():
            file.write_bytes(whole)

    @invariant()
    def nothing_is_lost(self):
        lost = self.kept - self.words()
        assert not lost, f"silently lost: {sorted(lost)}"

    @invariant()
    def what_is_called_saved_is_what_is_shown(self):
        for call in self.calls.values():
            if call.state.status == "saved":
                assert CallText(call.text.source).source == call.text.source
                assert call.state.n_unsaved == 0


thorough = settings(
    max_examples=80,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_in_any_order_no_word_that_was_called_saved_is_lost():
    run_state_machine_as_test(TwoKernels, settings=thorough)


def test_without_putting_ours_on_top_of_theirs_the_same_search_finds_a_loss(monkeypatch):
    monkeypatch.setattr(
        live_call,
        "rebase",
        lambda base, ours, theirs: rebase(base, ours, base.source)._replace(theirs=CallText(theirs)),
    )
    with pytest.raises(AssertionError, match="silently lost"):
        run_state_machine_as_test(TwoKernels, settings=settings(thorough, phases=[Phase.generate]))
