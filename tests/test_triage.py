"""Triage on disk: a note is in its call at once and nothing else in it changes; what was decided is asked of nobody again."""

import errno
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

import workbench as wb
from workbench import kept_candidates
from workbench.checks import check
from workbench.errors import InputError
from workbench.forget import forget
from workbench.importers import NAMELESS
from workbench.save import SaveError
from workbench.starter import make_workspace
from workbench.store import read_call
from workbench.transcripts import TRIAGE
from workbench.triage import (
    HEADER,
    Decision,
    count_left,
    decide,
    format_decision,
    format_kept,
    open_sheet,
    parse_decisions,
    put_notes,
    read_decisions,
    read_drafts,
    save_draft,
    set_side,
    set_theirs,
    take_notes_out,
    undo,
    unset_theirs,
)
from workbench.who_speaks import listed_people, place_speakers
from workbench.widgets import Triage

FILE = "interviews/2026-11-17-acme.md"
HEAD = "---\r\ndate: 2026-11-17\r\ncustomer: Acme   # as on the invoice\r\ntranscript: acme.vtt\r\nus: Ana\r\n---\r\n\r\n# Before\r\n"
SAID = [
    (1, "Ana", "What happened with the last report?"),
    (5, "Jane", "Last Friday the report took me two hours 🧾. I redo all of the totals by hand."),
    (65, "Tom", "We have seen that with many other customers."),
    (70, "Jane", "Then the filters reset themselves and I start again. It happens every single week."),
    (3725, "Jane", "I would pay for something that keeps the filters as they were."),
]
FIRST = "Last Friday the report took me two hours 🧾."
SECOND = "I redo all of the totals by hand."
THIRD = SAID[3][2]
LAST = "I would pay for something that keeps the filters as they were."


def vtt(said=SAID):
    def clock(seconds):
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"

    cues = [f"{clock(at)} --> {clock(at + 2)}\n{who}: {words}\n" for at, who, words in said]
    return "\n".join(["WEBVTT\n", *cues])


def fill(work, text, name="acme.vtt"):
    folder = work / "interviews" / "transcripts"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")


@pytest.fixture
def work(make_workspace):
    folder = make_workspace({FILE.split("/")[1]: HEAD})
    fill(folder, vtt())
    return folder


def texts(work):
    return {item.candidate.text: item for item in open_sheet(work, FILE).items}


def source(work):
    return (work / FILE).read_bytes().decode()


def triage_file(work):
    return work / "interviews" / "transcripts" / f"acme.vtt{TRIAGE}"


def keep(work, words, at, **more):
    decide(work, FILE, Decision("keep", at, words, more.pop("note", "")), **more)


# The call


def test_kept_quotes_stand_behind_the_notes_in_the_order_of_their_times_and_the_rest_stays_byte_for_byte(work):
    (work / FILE).write_bytes((HEAD + "- typed in the call @99:00\r\n- without a time").encode())
    before = source(work)
    keep(work, LAST, "1:02:05")
    keep(work, FIRST, "00:05")
    keep(work, THIRD, "01:10")
    assert source(work).splitlines() == [
        *before.splitlines(),
        f'- "{FIRST}" @00:05',
        f'- "{THIRD}" @01:10',
        f'- "{LAST}" @1:02:05',
    ]
    assert source(work).startswith(before)
    assert "\n" not in source(work).replace("\r\n", "")


TALKED = (
    "Every Friday I open the report by hand.",
    "It takes me two hours until it is there.",
    "Then I type all of the totals again.",
    "I would pay for something that does it.",
)


def one_turn(work):
    """A call in which a customer says all of it in one turn, without times; a line is typed in the call already."""
    (work / FILE).write_bytes((HEAD.replace("acme.vtt", "acme.txt") + "- typed in the call @¶2\r\n").encode())
    fill(work, f"Ana: What then?\n\nJane: {' '.join(TALKED)}\n\nAna: I see.\n\nJane: Yes.\n", "acme.txt")


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5], ids=str)
def test_sentences_of_one_turn_stand_as_they_were_said_in_whatever_order_they_are_kept(work, order):
    def behind(before):
        return [line.removeprefix("- ") for line in source(work).removeprefix(before).splitlines()]

    one_turn(work)
    before = source(work)
    redone = format_kept(TALKED[2], "¶2", kind="pain", typed="Totals are redone")
    for n in order:
        decide(work, FILE, Decision("keep", "¶2", TALKED[n], redone if n == 2 else ""))
    own = [redone if n == 2 else format_kept(TALKED[n], "¶2") for n in range(4)]
    assert source(work).startswith(before), "what somebody has typed stays"
    assert behind(before) == own
    undo(work, FILE)
    left = [note for n, note in enumerate(own) if n != order[-1]]
    assert behind(before) == left
    take_notes_out(work, FILE, left)
    put_notes(work, FILE, reversed(left))
    assert behind(before) == left


def test_a_line_that_was_typed_between_kept_ones_stays_and_is_nothing_that_was_said(work):
    one_turn(work)
    decide(work, FILE, Decision("keep", "¶2", TALKED[3]))
    (work / FILE).write_bytes((source(work) + "- typed since @¶2\r\n").encode())
    before = source(work)
    decide(work, FILE, Decision("keep", "¶2", TALKED[0]))
    assert source(work) == before + f'- "{TALKED[0]}" @¶2\r\n'


def test_twice_is_as_once_and_undone_it_is_as_before(work):
    before = source(work)
    for _ in range(2):
        keep(work, FIRST, "00:05")
    assert source(work).count(FIRST) == 1
    assert triage_file(work).read_text("utf-8").count("\n") == 2, "what these lines are, and one of them"
    decide(work, FILE, Decision("open", "00:05", FIRST), was=texts(work)[FIRST].note)
    assert source(work) == before
    assert texts(work)[FIRST].what == ""


@pytest.mark.parametrize(
    "words", ["#export is slow", "- dashes", '"quoted"', "! loud", "@12:30 is when", "\\back", "---"]
)
def test_what_is_typed_is_the_note_whatever_it_begins_with(work, words):
    note = format_kept(FIRST, "00:05", kind="observation", typed=f"{words} #late")
    keep(work, FIRST, "00:05", note=note)
    (found,) = open_sheet(work, FILE).call.notes
    assert (found.kind, found.at) == ("observation", "00:05")
    assert found.text == words
    assert found.tags[-1] == "late"
    assert texts(work)[FIRST].note == note
    assert texts(work)[FIRST].line == found.line


def test_another_decision_takes_the_place_of_the_note_and_what_was_changed_since_stays(work):
    keep(work, FIRST, "00:05")
    keep(work, FIRST, "00:05", note=format_kept(FIRST, "00:05", kind="pain", typed="Slow"), was=texts(work)[FIRST].note)
    assert source(work).endswith("# Before\r\n- ! Slow @00:05\r\n")
    (work / FILE).write_bytes(source(work).replace("Slow", "Slow as changed in an editor").encode())
    item = texts(work)[FIRST]
    assert (item.what, item.line) == ("keep", 0), "it is not asked again"
    decide(work, FILE, Decision("drop", "00:05", FIRST), was=item.note)
    assert "Slow as changed in an editor" in source(work)


def test_only_a_customers_words_are_kept(work):
    assert [item.candidate.speaker for item in open_sheet(work, FILE).items].count("Ana") == 0
    with pytest.raises(InputError, match="Ana is one of you"):
        keep(work, SAID[0][2], "00:01")
    with pytest.raises(InputError, match="is not in acme"):
        keep(work, "Nobody has said this", "00:01")
    assert source(work) == HEAD
    assert not triage_file(work).exists()


def test_who_turns_out_to_be_one_of_us_is_no_candidate_and_what_was_kept_of_them_is_shown(work):
    words = SAID[2][2]
    keep(work, words, "01:05")
    keep(work, FIRST, "00:05")
    pain = format_kept(words, "01:05", kind="pain", typed="Others have it too")
    put_notes(work, FILE, ["by hand"])
    set_side(work, FILE, "tom", ours=True)
    sheet = open_sheet(work, FILE)
    assert sheet.us == ("Ana", "tom")
    assert words not in texts(work)
    assert [line.text for line in sheet.ours] == [words]
    take_notes_out(work, FILE, [line.words for line in sheet.ours])
    assert open_sheet(work, FILE).ours == ()
    assert [note.text for note in open_sheet(work, FILE).call.notes] == [FIRST, "by hand"]
    set_side(work, FILE, "Tom", ours=False)
    keep(work, words, "01:05", note=pain)
    set_side(work, FILE, "Tom", ours=True)
    assert [line.text for line in open_sheet(work, FILE).ours] == ["Others have it too"], (
        "a note made of their words too"
    )
    assert source(work).count("us: ") == 1
    assert "customer: Acme   # as on the invoice\r\n" in source(work)


def test_who_is_one_of_us_is_changed_by_name_so_that_what_somebody_wrote_meanwhile_stays(work):
    """The PM writes Lea behind us: while triage shows the call, and then clicks on Tom."""
    (work / FILE).write_bytes((work / FILE).read_bytes().replace(b"us: Ana", b"us: Ana; Lea"))
    set_side(work, FILE, "Tom", ours=True)
    assert open_sheet(work, FILE).us == ("Ana", "Lea", "Tom")
    set_side(work, FILE, "TOM", ours=True)
    set_side(work, FILE, "ana", ours=False)
    assert open_sheet(work, FILE).us == ("Lea", "Tom")
    before = source(work)
    set_side(work, FILE, "Ana", ours=False)
    assert source(work) == before
    for name in ("Lea", "Tom"):
        set_side(work, FILE, name, ours=False)
    assert "us: " not in source(work)


def test_turns_without_a_name_are_left_out_once_somebody_says_so_and_everywhere(work):
    said = [{"speaker": who.replace("Tom", ""), "start": at, "end": at + 2, "text": words} for at, who, words in SAID]
    fill(work, json.dumps(said), "acme.json")
    (work / FILE).write_bytes(
        HEAD.replace("us: Ana", "us: Ana; (no name)\r\nwho: Jane").replace("vtt", "json").encode()
    )
    words = SAID[2][2]
    assert open_sheet(work, FILE).us == ("Ana", NAMELESS)
    assert words not in texts(work)
    with pytest.raises(InputError, match=r"\(no name\) is one of you"):
        keep(work, words, "01:05")
    set_side(work, FILE, NAMELESS, ours=False)
    keep(work, words, "01:05")
    assert [item.what for text, item in texts(work).items() if text == words] == ["keep"]
    set_side(work, FILE, NAMELESS, ours=True)
    assert "us: Ana; (no name)\r\n" in source(work).replace('"', "")
    assert [line.text for line in open_sheet(work, FILE).ours] == [words]
    assert [(one.rule, one.line) for one in check(work).violations if one.rule.startswith(("us-", "quote-"))] == [
        ("quote-is-ours", 10)
    ]


def test_two_at_once_lose_nothing(work):
    said = [(n * 10, "Jane", f"This is the sentence of number {n} of them all.") for n in range(1, 25)]
    fill(work, vtt(said))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: keep(work, one[2], f"{one[0] // 60:02}:{one[0] % 60:02}"), said))
    assert [note.text for note in open_sheet(work, FILE).call.notes] == [words for *_, words in said]
    assert {item.what for item in open_sheet(work, FILE).items} == {"keep"}


def test_killed_at_any_moment_what_was_decided_before_stands_and_doing_it_again_completes_it(work):
    code = f"""
import os, sys, workbench.triage as triage
real, left = triage.save_bytes, int(sys.argv[1])
def dies(*a, **k):
    global left
    left -= 1
    if left < 0: os._exit(9)
    return real(*a, **k)
triage.save_bytes = dies
import workbench.store; workbench.store.save_bytes = dies
triage.decide({str(work)!r}, {FILE!r}, triage.Decision("keep", "00:05", {FIRST!r}))
"""
    for saves, n_notes in ((0, 0), (1, 1), (2, 1)):
        done = subprocess.run([sys.executable, "-c", code, str(saves)], check=False)
        assert done.returncode == (9 if saves < 2 else 0)
        assert len(open_sheet(work, FILE).call.notes) == n_notes
        assert texts(work)[FIRST].what == ("keep" if n_notes else ""), "its words stand in the call"
    assert len(read_decisions(work, "acme.vtt")[0]) == 1


# What was decided


def test_what_was_decided_is_found_again_though_sentences_are_cut_otherwise(work):
    both = f"{FIRST} {SECOND}"
    keep(work, both, "00:05")
    assert {item.what for text, item in texts(work).items() if text in both} == {"keep"}
    decide(work, FILE, Decision("drop", "01:10", THIRD.partition(" It happens")[0]))
    assert texts(work)[THIRD].what == "drop"


def test_a_quote_that_somebody_typed_in_the_call_counts_as_kept(work):
    (work / FILE).write_bytes((HEAD + f'- "{SECOND}" #totals\r\n').encode())
    item = texts(work)[SECOND]
    assert (item.what, item.line, item.by_hand) == ("keep", 9, True)


def test_what_bringing_in_kept_by_itself_is_asked_about(work):
    (work / FILE).write_bytes((HEAD + f'- "{SECOND}" @00:05 #candidate\r\n').encode())
    item = texts(work)[SECOND]
    assert (item.what, item.by_hand) == ("", False)
    decide(work, FILE, Decision("drop", "00:05", SECOND), was=item.note)
    assert source(work) == HEAD


def test_the_same_words_said_twice_are_two(work):
    twice = [*SAID, (4000, "Jane", THIRD)]
    fill(work, vtt(twice))
    decide(work, FILE, Decision("drop", "1:06:40", THIRD))
    found = [(item.candidate.at, item.what) for item in open_sheet(work, FILE).items if item.candidate.text == THIRD]
    assert sorted(found) == [("01:10", ""), ("1:06:40", "drop")]


def test_the_order_of_the_lines_means_nothing_and_what_cannot_be_read_is_named(work):
    lines = [format_decision(Decision(what, "00:05", FIRST, n=n)) for n, what in enumerate(["drop", "keep", "open"], 1)]
    odd = "<<<<<<< ours\n- {'n': 1}\n- [1]\n" + '- {"n": 1, "what": "burn", "at": "", "words": "x"}\n'
    for order in (lines, lines[::-1], [*lines, *lines]):
        found, problems = parse_decisions(HEADER + odd + "".join(order), "x")
        assert found[-1].what == "open"
        assert [problem.line for problem in problems] == [2, 3, 4, 5]
    triage_file(work).write_text(odd, "utf-8")
    decide(work, FILE, Decision("drop", "00:05", FIRST))
    assert triage_file(work).read_text("utf-8").startswith(odd)
    assert len(open_sheet(work, FILE).problems) == 4


@pytest.mark.parametrize("text", ["a\u2028b", "\x85\x7f", "\ud800", 'ünï 🧾 "q" \\ #t', "- {a: b}"])
def test_every_word_reads_back(text):
    decision = Decision("keep", "¶3", text, f"! {text}", 7, f'"{text}" #candidate', 6)
    line = format_decision(decision)
    assert line.count("\n") == len(line.splitlines()) == 1
    assert parse_decisions(line, "x")[0] == [decision]


def test_two_people_decide_and_git_keeps_both(work):
    make_workspace(work)

    def git(*words):
        call = ["git", "-C", str(work), "-c", "user.name=T", "-c", "user.email=t@example.org", *words]
        subprocess.run(call, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("config", "filter.discovery-notebooks.clean", "cat")
    decide(work, FILE, Decision("drop", "00:05", SECOND))
    git("add", "-A")
    git("commit", "-qm", "start")
    git("checkout", "-qb", "ben")
    decide(work, FILE, Decision("drop", "00:05", FIRST))
    git("commit", "-qam", "ben")
    git("checkout", "-q", "main")
    decide(work, FILE, Decision("drop", "01:10", THIRD))
    git("commit", "-qam", "ana")
    git("merge", "-qm", "both", "ben")
    assert {text for text, item in texts(work).items() if item.what == "drop"} == {FIRST, SECOND, THIRD}


def test_what_lies_beside_a_transcript_is_no_transcript(work):
    keep(work, FIRST, "00:05")
    assert [found for found in check(work).violations if found.file.endswith(TRIAGE)] == []
    assert wb.read_notes(work, problems=[])["text"].tolist() == [FIRST]


def test_forgetting_takes_what_was_decided_and_what_was_half_typed_along(work):
    # A name that tells nobody whose words they are.
    (work / "interviews" / "transcripts" / "acme.vtt").rename(work / "interviews" / "transcripts" / "p1.vtt")
    (work / FILE).write_bytes(HEAD.replace("acme.vtt", "p1.vtt").encode())
    (work / "interviews" / "2026-11-18-bolt.md").write_text("---\ndate: 2026-11-18\ncustomer: Bolt\n---\n- Slow\n")
    decide(work, FILE, Decision("drop", "00:05", SECOND))
    save_draft(work, f"{FILE}|1.0", {"kind": "pain", "typed": "half of a word"})
    forget(work, "Acme")
    assert [file for file in (work / "interviews" / "transcripts").glob("*") if file.is_file()] == []
    assert not (work / ".workbench" / "triage.json").exists()
    assert (work / "interviews" / "2026-11-18-bolt.md").exists()


def test_what_is_half_typed_is_there_again(work):
    save_draft(work, "a", {"kind": "pain", "typed": "half"})
    save_draft(work, "b", {"kind": "wish", "typed": "other"})
    save_draft(work, "a", None)
    assert read_drafts(work) == {"b": {"kind": "wish", "typed": "other"}}
    (work / ".workbench" / "triage.json").write_text("{broken")
    assert read_drafts(work) == {}


# What is kept of looking through a transcript

LONG = [
    (n * 10, "Ana" if n % 5 == 4 else "Jane", f"Report {n} took me {n + 2} hours, so I redo its totals.")
    for n in range(200)
]


@pytest.fixture
def looked(monkeypatch):
    """The transcripts that are looked through, each time; what a process remembers is forgotten."""
    found = []
    real = kept_candidates.find_candidates
    monkeypatch.setattr(kept_candidates, "find_candidates", lambda *a, **k: found.append(a) or real(*a, **k))
    return found


def open_anew(work):
    kept_candidates._read.cache_clear()
    return [item.candidate for item in open_sheet(work, FILE).items]


def test_a_call_is_looked_through_once_and_again_once_it_or_who_is_one_of_us_has_changed(work, looked):
    fill(work, vtt(LONG))
    first = open_anew(work)
    assert any(signal.amount for one in first for signal in one.signals)
    assert open_anew(work) == first
    assert len(looked) == 1
    set_side(work, FILE, "Ana", ours=False)
    set_side(work, FILE, "Jane", ours=True)
    assert {one.speaker for one in open_anew(work)} == {"Ana"}
    fill(work, vtt(LONG[:150]))
    assert len(open_anew(work)) == 30
    assert len(looked) == 3
    assert len(list((work / ".workbench" / "candidates").glob("*.json"))) == 1


def test_what_was_kept_holds_no_words_and_is_made_again_where_it_is_damaged_or_somebody_else_s(work, looked):
    fill(work, vtt(LONG))
    first = open_anew(work)
    (file,) = (work / ".workbench" / "candidates").glob("*.json")
    good = file.read_bytes()
    assert not any(word in good.decode() for word in ("Jane", "Report", "totals", "acme"))
    for damaged in (b"", good[:-9], good.replace(b"[0,", b"[2,", 1)):
        file.write_bytes(damaged)
        assert open_anew(work) == first
    assert len(looked) == 4
    assert file.read_bytes() == good


def test_forgetting_takes_what_was_kept_of_looking_through_along(work):
    fill(work, vtt(LONG))
    open_anew(work)
    (work / "interviews" / "2026-11-18-bolt.md").write_text("---\ndate: 2026-11-18\ncustomer: Bolt\n---\n- Slow\n")
    forget(work, "Acme")
    assert list((work / ".workbench" / "candidates").glob("*.json")) == []


def test_how_many_are_left_is_counted_call_by_call(work):
    decide(work, FILE, Decision("drop", "00:05", FIRST))
    (work / "interviews" / "2026-11-18-bolt.md").write_text("---\ncustomer: Bolt\ntranscript: gone.vtt\n---\n- Slow\n")
    assert count_left(work) == {FILE: 4}


# The face's Python half


class Wire:
    """A triage whose messages are carried by hand."""

    def __init__(self, work):
        self.widget, self.said, self.n = Triage(work, today="2026-11-20"), [], 0
        self.widget.send = lambda message, buffers=None: self.said.append(json.loads(json.dumps(message)))

    def ask(self, what, **more):
        self.widget._receive(self.widget, {"what": what, "view": "one", **more}, [])
        return self.said[-1]

    def undo(self, **which):
        self.n += 1
        return self.ask("acts", acts=[{"id": f"a{self.n}", "file": FILE, "do": "undo", **which}])

    def decide(self, words, at, what, **more):
        self.n += 1
        item = next(
            one for one in open_sheet(self.widget._root, FILE).items if one.candidate.text.startswith(words[:20])
        )
        act = {"id": f"a{self.n}", "file": FILE, "do": "decide", "at": at, "words": words, "what": what}
        act |= {"item": f"{item.candidate.turn}.{item.candidate.start}", **more}
        return self.ask("acts", acts=[act])


def test_each_act_is_done_once_and_undo_knows_what_it_found(work):
    wire = Wire(work)
    wire.decide(FIRST, "00:05", "keep", typed="#totals")
    assert source(work).endswith(f'- "{FIRST}" @00:05 #totals\r\n')
    act = {"id": "a1", "file": FILE, "do": "decide", "item": "1.0", "at": "00:05", "words": FIRST, "what": "keep"}
    wire.ask("acts", acts=[act])
    wire.decide(FIRST, "00:05", "drop")
    assert FIRST not in source(work)
    wire.undo(of="a2")
    assert source(work).endswith(f'- "{FIRST}" @00:05 #totals\r\n')
    wire.undo(of="a1")
    assert source(work) == HEAD


def test_what_was_decided_is_taken_back_by_another_kernel_one_after_the_other(work):
    (work / FILE).write_bytes((HEAD + LINE).encode())
    wire = Wire(work)
    wire.decide(FIRST, "00:05", "drop")
    wire.decide(SECOND, "00:05", "keep")
    wire.decide(THIRD, "01:10", "drop")
    wire.decide(SECOND, "00:05", "keep", kind="pain", typed="Redone #totals")
    wire.undo(of="a4")
    assert texts(work)[SECOND].note == f'"{SECOND}" @00:05'
    wire = Wire(work)
    decided = wire.ask("open", files=[FILE], scope=FILE)["calls"][0]["decided"]
    assert [n for n, _ in decided] == [1, 2, 3], "what is taken back is not taken back again"
    for n, left in ((3, {FIRST: "drop", SECOND: "keep"}), (2, {FIRST: "drop"}), (1, {}), (1, {}), (1, {})):
        wire.undo(n=n)
        assert {text: item.what for text, item in texts(work).items() if item.what} == left
    assert "#candidate #export #renewal-risk" in source(work), "what bringing in had kept is back, and asked about"
    assert texts(work)[FIRST].note
    assert wire.ask("open", files=[FILE], scope=FILE)["calls"][0]["decided"] == []


def test_undo_leaves_what_somebody_has_written_since(work):
    keep(work, FIRST, "00:05")
    (work / FILE).write_bytes(source(work).replace(f'"{FIRST}" @00:05', f'"{FIRST}" @00:05 #mine').encode())
    before = source(work)
    undo(work, FILE)
    assert source(work) == before


def test_what_was_carried_into_another_version_of_the_transcript_is_taken_back_there(work):
    decide(work, FILE, Decision("drop", "00:05", FIRST))
    keep(work, THIRD, "01:10")
    wb.replace_transcript(work, FILE, vtt([(at + 60, who, words) for at, who, words in SAID]).encode())
    assert {text: item.what for text, item in texts(work).items() if item.what} == {FIRST: "drop", THIRD: "keep"}
    assert undo(work, FILE).text == THIRD
    assert open_sheet(work, FILE).call.notes == ()
    assert undo(work, FILE).text == FIRST
    assert {item.what for item in texts(work).values()} == {""}
    assert undo(work, FILE) is None


def test_an_undo_that_comes_twice_takes_back_once(work):
    keep(work, FIRST, "00:05", note=format_kept(FIRST, "00:05", typed="#a"))
    n = decide(work, FILE, Decision("keep", "00:05", FIRST), was=texts(work)[FIRST].note)
    assert [undo(work, FILE, n) is None for _ in range(2)] == [False, True]
    assert texts(work)[FIRST].note.endswith("#a")


def test_lines_from_before_undo_was_written_down_are_read(work):
    old = [
        Decision("drop", "00:05", FIRST, n=1),
        Decision("open", "00:05", FIRST, n=2),
        Decision("drop", "01:10", THIRD, n=3),
    ]
    triage_file(work).write_text("".join(map(format_decision, old)), "utf-8")
    assert undo(work, FILE).text == THIRD
    assert undo(work, FILE) is None


def test_what_cannot_be_saved_is_done_later_and_what_comes_behind_it_waits(work, monkeypatch):
    wire = Wire(work)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda fd: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        said = wire.decide(FIRST, "00:05", "keep")
        assert (said["ids"], list(said["refused"])) == ([], ["a1"])
        assert "the disk is full" in said["refused"]["a1"]
    act = {"id": "a1", "file": FILE, "do": "decide", "item": "1.0", "at": "00:05", "words": FIRST, "what": "keep"}
    assert wire.ask("acts", acts=[act])["ids"] == ["a1"]
    assert FIRST in source(work)


def test_a_quote_written_by_hand_is_not_taken_away(work):
    (work / FILE).write_bytes((HEAD + f'- "{SECOND}"\r\n').encode())
    before = source(work)
    said = Wire(work).decide(SECOND, "00:05", "drop")
    assert "line 9, and were not kept here" in said["refused"]["a1"]
    assert source(work) == before


@pytest.mark.parametrize(
    "line", [f'* "{FIRST} {SECOND}" @00:05 #totals #urgent', f'- "{SECOND}" #totals', f'-  "{SECOND}" #candidates']
)
def test_a_quote_that_somebody_wrote_stays_as_it_is_when_it_is_kept(work, line):
    (work / FILE).write_bytes((HEAD + f"{line}\r\n").encode())
    before = source(work)
    wire = Wire(work)
    assert wire.decide(SECOND, "00:05", "keep")["refused"] == {}
    assert source(work) == before
    for more in ({"kind": "pain", "typed": "Slow"}, {"typed": "#late"}):
        assert "change them there" in next(iter(wire.decide(SECOND, "00:05", "keep", **more)["refused"].values()))
    assert source(work) == before


LINE = f'*  "{FIRST}"  @00:05 #candidate #export\r\n   #renewal-risk\r\n'


def test_what_bringing_in_kept_loses_that_tag_alone_when_it_is_kept_and_undone_it_is_there_again(work):
    (work / FILE).write_bytes((HEAD + LINE + "* by hand\r\n").encode())
    wire = Wire(work)
    wire.decide(FIRST, "00:05", "keep")
    assert source(work) == HEAD + LINE.replace(" #candidate", "") + "* by hand\r\n"
    assert (texts(work)[FIRST].what, texts(work)[FIRST].by_hand) == ("keep", False)
    wire.undo(of="a1")
    assert "#candidate #export #renewal-risk" in source(work)
    assert texts(work)[FIRST].what == ""
    wire.decide(FIRST, "00:05", "drop")
    assert FIRST not in source(work)
    wire.undo(of="a3")
    assert "#candidate #export #renewal-risk" in source(work)


def test_tags_that_were_there_stay_with_what_is_made_of_the_words(work):
    for more, becomes in (
        ({"typed": "#late #export"}, f'"{FIRST}"  @00:05 #export #renewal-risk #late'),
        ({"kind": "pain", "typed": "Slow #late"}, "! Slow @00:05 #late #export #renewal-risk"),
        ({"words": f"{FIRST} {SECOND}"}, f'"{FIRST} {SECOND}" @00:05 #export #renewal-risk'),
    ):
        (work / FILE).write_bytes((HEAD + LINE).encode())
        act = {"id": "a1", "file": FILE, "do": "decide", "item": "1.0", "at": "00:05", "words": FIRST, "what": "keep"}
        assert Wire(work).ask("acts", acts=[{**act, **more}])["refused"] == {}
        assert source(work) == f"{HEAD}- {becomes}\r\n"
        triage_file(work).unlink()


def test_a_tag_that_was_taken_out_before_the_disk_was_full_can_be_undone(work, monkeypatch):
    (work / FILE).write_bytes((HEAD + LINE).encode())
    wire = Wire(work)
    with monkeypatch.context() as patch:
        patch.setattr("workbench.triage._append", lambda *_: (_ for _ in ()).throw(SaveError("Not saved")))
        assert wire.decide(FIRST, "00:05", "keep")["ids"] == []
    wire.n = 0
    assert wire.decide(FIRST, "00:05", "keep")["refused"] == {}
    assert texts(work)[FIRST].by_hand is False
    wire.undo(of="a1")
    assert "#candidate #export" in source(work)


def test_places_are_counted_as_javascript_counts_them(work):
    opened = Wire(work).ask("open", files=[FILE], scope=FILE)
    for item in opened["items"]:
        text = opened["calls"][0]["turns"][str(item["turn"])][1].encode("utf-16-le")
        words = text[2 * item["start"] : 2 * item["end"]].decode("utf-16-le")
        assert words in texts(work)


def test_what_changes_on_disk_is_told_and_other_candidates_are_noticed(work):
    wire = Wire(work)
    wire.ask("hello")
    cut = wire.ask("open", files=[FILE], scope=FILE)["calls"][0]["cut"]
    assert wire.ask("poll", files=[FILE])["calls"] == []
    decide(work, FILE, Decision("drop", "00:05", FIRST))
    (told,) = wire.ask("poll", files=[FILE])["calls"]
    assert told["cut"] == cut
    assert list(told["states"].values()) == [["drop", "", 0, False]]
    set_side(work, FILE, "Tom", ours=True)
    assert wire.ask("poll", files=[FILE])["calls"][0]["cut"] != cut


def test_no_traceback_reaches_a_pm(work):
    wire = Wire(work)
    assert "there is no" not in wire.ask("hello").get("why", "")
    (work / "interviews" / "transcripts" / "acme.vtt").unlink()
    assert "there is no interviews/transcripts/acme.vtt" in wire.ask("count", file=FILE)["trouble"]
    assert "there is no interviews/transcripts/acme.vtt" in wire.ask("open", files=[FILE], scope=FILE)["trouble"][0]
    assert wire.ask("nonsense")["what"] == "refused"


def test_the_picture_counts_what_was_decided(work):
    keep(work, FIRST, "00:05")
    decide(work, FILE, Decision("drop", "01:10", THIRD))
    decide(work, FILE, Decision("drop", "00:05", SECOND))
    decide(work, FILE, Decision("open", "00:05", SECOND))
    assert "<li>Acme, 2026-11-17: 1 kept, 1 dropped</li>" in Triage(work).picture()


def test_a_save_that_fails_says_so_and_leaves_the_call_as_it_was(work, monkeypatch):
    before = (work / FILE).read_bytes()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("workbench.save.os.fsync", full)
    with pytest.raises(SaveError, match="the disk is full"):
        keep(work, FIRST, "00:05")
    assert (work / FILE).read_bytes() == before


@pytest.mark.parametrize("name", ["Ana P.", "Pavic, Ana", "Ana Driver"])
def test_who_is_said_to_be_the_customer_s_is_so_under_any_name_and_until_it_is_taken_back(work, name):
    def who():
        return read_call(work / FILE, work)[0].who

    def side():
        return place_speakers([name, "Ana Pavic"], ["Ana Pavic"], listed_people(who(), ""))[name].side

    before = (work / FILE).read_bytes()
    set_theirs(work, FILE, name)
    listed = who()
    set_theirs(work, FILE, name)
    assert who() == listed and side() == "customer"
    unset_theirs(work, FILE, name)
    assert (work / FILE).read_bytes() == before


def test_what_somebody_wrote_behind_who_since_is_not_taken_back_with_it(work):
    set_theirs(work, FILE, "Ana P.")
    call = (work / FILE).read_text("utf-8")
    (work / FILE).write_text(call.replace("who: Ana P.", "who: Jane Doe, ops lead; Ana P.; Tom Poe"), "utf-8")
    unset_theirs(work, FILE, "Ana P.")
    assert read_call(work / FILE, work)[0].who == "Jane Doe, ops lead; Tom Poe"
    (work / FILE).write_text(call.replace("who: Ana P.", "who: Ana P., ops lead"), "utf-8")
    unset_theirs(work, FILE, "Ana P.")
    assert read_call(work / FILE, work)[0].who == "Ana P., ops lead"
