"""Another version of a transcript: notes found again, what was decided about them and what rests on them following."""

from pathlib import Path

import pytest

import workbench as wb
from workbench import mend_transcript
from workbench.cli import main
from workbench.errors import InputError
from workbench.importers import Piece, Transcript, Turn
from workbench.mend_transcript import replace_transcript
from workbench.notes import parse_call
from workbench.refit import refit_notes
from workbench.save import SaveConflict, SaveError
from workbench.themes.acts import move_notes, new_theme
from workbench.themes.replay import replay_ledger
from workbench.triage import Decision, decide, open_sheet, set_side

SAID = [
    ("Ana", "How do you do the weekly report?"),
    ("Jane", "Well, I export it to XL and then I redo all the totals by hand, every Friday."),
    ("Ana", "Mm-hm."),
    ("Jane", "It broke. And the filters reset when I go back, so I start again."),
    ("Ana", "What happens then?"),
    ("Jane", "It broke. I call support, and they take two days."),
]


def talk(turns, every=10):
    return Transcript(
        tuple(Turn(who, text, (Piece(0, every * n if every else None, n + 1),)) for n, (who, text) in enumerate(turns))
    )


def refit(notes, new, old=SAID, every=10):
    found = refit_notes(
        talk(old, every), talk(new, every), parse_call("".join(f"- {note}\n" for note in notes), "a.md").notes
    )
    return [[(one.text, one.at) for one in part] for part in (found.placed, found.changed, found.lost)]


def swapped(old, new):
    return [(who, text.replace(old, new)) for who, text in SAID]


def test_a_misheard_word_is_mended_in_the_quotes_that_have_it_and_in_no_other():
    placed, changed, lost = refit(
        ['"I export it to XL" @00:10', '"the filters reset" @00:30', "Slow @00:10"], swapped("XL", "Excel")
    )
    assert changed == [("I export it to Excel", "00:10")]
    assert placed == [("the filters reset", "00:30"), ("Slow", "00:10")]
    assert lost == []


@pytest.mark.parametrize(
    ("quote", "old", "new", "becomes"),
    [
        (
            "I export it to XL and then I redo",
            "I export",
            "Ivory sports",
            "Ivory sports it to XL and then I redo",
        ),  # its first words
        ("redo all the totals by hand", "by hand", "by band", "redo all the totals by band"),  # its last
        (
            "It broke. And the filters reset",
            "And the filters",
            "And all the old filters",
            "It broke. And all the old filters reset",
        ),
        ("I export it … by hand", "by hand", "by band", "I export it … by band"),
        (
            "I export it [the list] and then",
            "to XL and then",
            "to XL and than",
            None,
        ),  # an editor's words stay as they are
        (
            "I call support, and they take two days.",
            "two days",
            "too many days",
            "I call support, and they take too many days.",
        ),
    ],
)
def test_words_at_the_ends_and_between_what_is_left_out_are_mended_too(quote, old, new, becomes):
    placed, changed, _ = refit([f'"{quote}"'], swapped(old, new))
    assert [text for text, _ in changed] == ([becomes] if becomes else ["I export it [the list] and than"])
    assert placed == []


def test_of_words_that_are_said_twice_those_at_the_note_s_place_are_meant():
    new = [*SAID[:5], ("Jane", "It spoke. I call support, and they take two days.")]
    assert refit(['"It broke" @00:50', '"It broke" @00:30'], new)[:2] == [
        [("It broke", "00:30")],
        [("It spoke", "00:50")],
    ]


def test_turns_are_counted_anew_and_times_follow_what_was_said():
    new = [("Ana", "Hello there."), *SAID]
    assert refit(['"I export it to XL" @¶2', "Slow @¶6"], new, every=None)[0] == [
        ("I export it to XL", "¶3"),
        ("Slow", "¶7"),
    ]
    # A time that was typed a little late, at what has not moved, stays as it was typed.
    assert refit(["Slow @00:13"], swapped("XL", "Excel"))[0] == [("Slow", "00:13")]
    assert refit(["Slow @00:13"], new)[0] == [("Slow", "00:20")]


def test_what_was_taken_out_is_listed_and_nothing_else_is_proposed_for_it():
    new = [turn for turn in SAID if "filters" not in turn[1]]
    placed, changed, lost = refit(
        ['"the filters reset when I go back" @00:30', "Loses her place @00:30", '"It broke" @00:30'], new
    )
    assert (placed, changed) == ([], [])
    assert lost == [("the filters reset when I go back", "00:30"), ("Loses her place", "00:30"), ("It broke", "00:30")]


def test_what_the_pm_had_right_all_along_is_placed_and_what_nobody_says_is_listed():
    placed, changed, lost = refit(
        ['"I export it to Excel"', '"They are all thieves"', "No place"], swapped("XL", "Excel")
    )
    assert placed == [("I export it to Excel", "")]
    assert changed == []
    assert lost == [("They are all thieves", "")]


def test_a_transcript_that_was_made_anew_in_other_turns_has_the_same_quotes():
    new = [
        ("Ana", "How do you do the weekly report?"),
        ("Jane", " ".join(text for who, text in SAID if who == "Jane").replace("XL", "Excel")),
    ]
    placed, changed, lost = refit(
        ['"I export it to XL" @¶2', '"the filters reset" @¶4', '"they take two days" @¶6'], new, every=None
    )
    assert [text for text, _ in changed] == ["I export it to Excel"]
    assert placed == [("the filters reset", "¶2"), ("they take two days", "¶2")]
    assert lost == []


def test_a_customers_words_are_not_found_in_what_one_of_us_says():
    notes = parse_call(
        '- "the filters reset when I go back" @¶4\n- "redo all the totals by hand"\n- Slow @¶4\n', "a.md"
    ).notes
    echoed = [
        *SAID[:3],
        ("Jane", "(inaudible)"),
        ("ana", "So it broke. And the filters reset when I go back, you say."),
        *SAID[5:],
    ]
    found = refit_notes(talk(SAID, None), talk(echoed, None), notes, ["Ana"])
    assert [(one.note.line, one.at, one.why) for one in found.lost] == [
        (1, "¶4", "in the new transcript one of you says these words")
    ]
    assert [(one.text, one.at) for one in found.placed] == [("redo all the totals by hand", ""), ("Slow", "¶5")]
    misheard = [*echoed[:4], ("Ana", "And the filters were set when I go back, so I start again."), *SAID[5:]]
    assert [one.note.line for one in refit_notes(talk(SAID, None), talk(misheard, None), notes, ["Ana"]).lost] == [1]
    # In the new version she has another name.
    assert refit_notes(talk(SAID, None), talk(echoed, None), notes, ["Ana"], ["Somebody"]).lost == ()


@pytest.mark.parametrize("new", [[], [("", "…")], [("X", "wholly other words were said here by somebody else")]])
def test_a_transcript_with_nothing_of_the_old_loses_all_and_breaks_nothing(new):
    placed, changed, lost = refit(['"I export it to XL" @00:10', "Slow @00:10", '"…" @00:10'], new)
    assert (placed, changed, len(lost)) == ([], [], 3)


# On disk


def vtt(turns):
    cues = (f"00:{n:02}.000 --> 00:{n + 1:02}.000\n<v {who}>{text}" for n, (who, text) in enumerate(turns))
    return "WEBVTT\n\n" + "\n\n".join(cues)


VTT = vtt(SAID)
CALL = """\
---
date: 2026-11-17
customer: Acme
transcript: acme.vtt
us: Ana
---
# Reports
* "I export it to XL" @00:01 #export
- ! Loses her place @00:03

# Later
- "It broke" @00:05
"""
FILE = "interviews/2026-11-17-acme.md"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "interviews" / "transcripts").mkdir(parents=True)
    (tmp_path / "discovery" / "hypotheses").mkdir(parents=True)
    (tmp_path / "interviews" / "transcripts" / "acme.vtt").write_text(VTT)
    (tmp_path / FILE).write_text(CALL)
    return tmp_path


def note_of(root, words):
    return next(note.id for call in wb.read_calls(root)[0] for note in call.notes if words in note.text)


def test_the_new_version_is_in_place_the_old_one_kept_and_only_what_it_changes_changes(root):
    new = VTT.replace("to XL", "to Excel").encode()
    replaced = replace_transcript(root, FILE, new)
    assert [one.text for one in replaced.notes.changed] == ["I export it to Excel"]
    assert (root / "interviews/transcripts/acme.vtt").read_bytes() == new
    assert (root / replaced.kept).read_text() == VTT
    assert (root / FILE).read_text() == CALL.replace('* "I export it to XL"', '- "I export it to Excel"')
    assert replaced.files == (FILE, "interviews/transcripts/acme.vtt")
    # The same once more is nothing.
    assert replace_transcript(root, FILE, new).files == ()


def test_a_quote_does_not_move_onto_one_of_us(root):
    new = VTT.replace("I export it to XL and then", "(inaudible)").replace(
        "Mm-hm.", "Mm-hm. I export it to XL and then?"
    )
    lost = replace_transcript(root, FILE, new.encode()).notes.lost
    assert [(one.text, one.why) for one in lost] == [
        ("I export it to XL", "in the new transcript one of you says these words")
    ]
    assert (root / FILE).read_text() == CALL


def test_a_version_in_which_one_of_us_has_another_name_is_refused_until_it_is_said_who_it_is(root):
    """Its words would be offered in Triage as the customer's."""
    new = VTT.replace("<v Ana>", "<v Speaker 1>").replace("<v Jane>", "<v Speaker 2>").replace("XL", "Excel").encode()
    for dry in (True, False):
        with pytest.raises(
            InputError, match=r"nobody in the new version is called Ana.*: Speaker 1, Speaker 2\. Nothing"
        ):
            replace_transcript(root, FILE, new, dry=dry)
    assert (root / FILE).read_text() == CALL
    assert (root / "interviews/transcripts/acme.vtt").read_text() == VTT

    replaced = replace_transcript(root, FILE, new, us=["Speaker 1"])
    assert [one.text for one in replaced.notes.changed] == ["I export it to Excel"]
    assert (root / FILE).read_text() == CALL.replace("us: Ana", "us: Speaker 1").replace(
        '* "I export it to XL"', '- "I export it to Excel"'
    )
    assert {item.candidate.speaker for item in open_sheet(root, FILE).items} == {"Speaker 2"}


def test_what_the_refusal_says_to_do_does_it(root):
    new = VTT.replace("<v Ana>", "<v Speaker 1>").encode()
    (root / FILE).write_text(CALL.replace("us: Ana", "us: Speaker 1"))
    assert replace_transcript(root, FILE, new).files == ("interviews/transcripts/acme.vtt",)
    assert {item.candidate.speaker for item in open_sheet(root, FILE).items} == {"Jane"}


def test_who_of_us_never_spoke_need_not_speak_now(root):
    (root / FILE).write_text(CALL.replace("us: Ana", "us: ana; Tom"))
    new = VTT.replace("XL", "Excel").encode()
    assert "interviews/transcripts/acme.vtt" in replace_transcript(root, FILE, new).files


def test_what_was_decided_in_triage_stays_decided_and_its_notes_stay_tied_to_who_said_the_words(root):
    words = [text for who, text in SAID if who == "Jane"]
    decide(root, FILE, Decision("keep", "00:01", words[0], "! Totals are redone by hand @00:01 #totals"))
    decide(root, FILE, Decision("keep", "00:03", words[1]))
    decide(root, FILE, Decision("drop", "00:05", words[2]))
    said = [("Jane", "Hello."), *SAID]
    for old, new in (("XL", "Excel"), ("filters reset", "filter resets"), ("and they take two", "but they took two")):
        said = [(who, text.replace(old, new)) for who, text in said]
    new = vtt(said).encode()
    before = decisions(root)

    replaced = replace_transcript(root, FILE, new)

    assert "interviews/transcripts/acme.vtt.triage.yaml" in replaced.files
    assert decisions(root).startswith(before), "lines are only added"
    items = {item.candidate.text: (item.what, item.note, item.by_hand) for item in open_sheet(root, FILE).items}
    assert items[words[0].replace("XL", "Excel")][0] == "keep"
    filters = "It broke. And the filter resets when I go back, so I start again."
    assert items[filters] == ("keep", f'"{filters}" @00:04', False)
    assert items["It broke. I call support, but they took two days."] == ("drop", "", False)
    set_side(root, FILE, "Jane", ours=True)
    ours = [line.words for line in open_sheet(root, FILE).ours]
    assert "! Totals are redone by hand @00:02 #totals" in ours
    # And nothing is added when nothing moves.
    set_side(root, FILE, "Jane", ours=False)
    mended = decisions(root)
    replace_transcript(root, FILE, new.replace(b"Mm-hm", b"Uh-huh"))
    assert decisions(root) == mended


def decisions(root):
    return (root / "interviews/transcripts/acme.vtt.triage.yaml").read_text()


@pytest.mark.parametrize("which", [3, 6])
def test_of_words_said_twice_those_stay_decided_that_were(root, which):
    twice = "That takes two whole days every single time."
    said = [*SAID[:3], ("Jane", twice), ("Ana", "Oh?"), ("Jane", "Yes, really."), ("Jane", twice), ("Ana", "I see.")]
    (root / "interviews/transcripts/acme.vtt").write_text(vtt(said))
    decide(root, FILE, Decision("drop", f"00:{which:02}", twice))
    for n in (1, 2, 3):
        said = [("Ana", "And now?"), *said]
        replace_transcript(root, FILE, vtt(said).encode())
        items = {item.candidate.at: item.what for item in open_sheet(root, FILE).items if item.candidate.text == twice}
        assert items == {f"00:{at + n:02}": "drop" if at == which else "" for at in (3, 6)}


def test_it_can_be_looked_at_first_and_a_note_left_as_it_is(root):
    new = VTT.replace("to XL", "to Excel").encode()
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert [one.note.line for one in replace_transcript(root, FILE, new, dry=True).notes.changed] == [8]
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    replace_transcript(root, FILE, new, leave=[8])
    assert (root / FILE).read_text() == CALL


@pytest.mark.parametrize(("words", "is_alike"), [("it to Excel", True), ("them to sheets", False)])
def test_a_pinned_note_stays_pinned_and_what_rests_on_it_names_it_by_its_new_words(root, words, is_alike):
    """Also where so much changes that its likeness alone would not find it again; only then the ledger is touched."""
    note, other = note_of(root, "export"), note_of(root, "It broke")
    themes = wb.find_themes(wb.read_notes(root), wb.read_ledger(root))
    made = new_theme(themes, [other], "Broken", by="ana", date="2026-11-18")
    wb.append_records(root, made)
    theme = made[0].theme
    themes = wb.find_themes(wb.read_notes(root), wb.read_ledger(root))
    wb.append_records(root, move_notes(themes, [note], theme, by="ana", date="2026-11-18"))
    record = root / "discovery/hypotheses/H-a10001.md"
    record.write_text(f"---\nevidence: [{note}, {other}]\n---\nSee {note}.\n")
    assert replay_ledger(wb.read_ledger(root), wb.read_notes(root)).placed[note] == theme

    replaced = replace_transcript(root, FILE, VTT.replace("it to XL", words).encode())

    assert [one.text for one in replaced.notes.changed] == [f"I export {words}"]
    assert ("discovery/themes.yaml" not in replaced.files) == is_alike
    new = note_of(root, "export")
    assert new != note
    assert replay_ledger(wb.read_ledger(root), wb.read_notes(root)).placed[new] == theme
    assert record.read_text() == f"---\nevidence: [{new}, {other}]\n---\nSee {new}.\n"
    assert not [
        one for one in wb.check(root, today="2026-11-26").violations if one.rule.startswith(("quote-", "evidence-gone"))
    ]


@pytest.mark.parametrize("step", ["carry_decisions", "_rename_notes", "write_call", "save_bytes"])
def test_whatever_stops_it_doing_it_again_brings_it_to_its_end(root, monkeypatch, step):
    new = VTT.replace("to XL", "to Excel").encode()
    decide(root, FILE, Decision("keep", "00:01", SAID[1][1], '"I export it to XL" @00:01 #export'))
    record = root / "discovery/hypotheses/H-a10001.md"
    record.write_text(f"---\nevidence: [{note_of(root, 'export')}]\n---\n")
    real, calls = getattr(mend_transcript, step), []

    def stop(*args, **kwargs):
        calls.append(args)
        if step != "save_bytes" or len(calls) == 2:  # the first keeps the old version
            raise SaveError("Not saved: the disk is full")
        return real(*args, **kwargs)

    monkeypatch.setattr(mend_transcript, step, stop)
    with pytest.raises(SaveError):
        replace_transcript(root, FILE, new)
    assert (root / "interviews/transcripts/acme.vtt").read_text() == VTT
    monkeypatch.undo()
    replace_transcript(root, FILE, new)
    assert (root / FILE).read_text() == CALL.replace('* "I export it to XL"', '- "I export it to Excel"')
    assert note_of(root, "export") in record.read_text()
    assert [decisions(root).count(words) for words in ('to XL\\"', 'to Excel\\"')] == [1, 1]
    assert (root / "interviews/transcripts/acme.vtt").read_bytes() == new


def test_what_somebody_saved_meanwhile_is_not_overwritten(root, monkeypatch):
    def meanwhile(*args):
        (root / FILE).write_text(CALL + "- Theirs\n")
        return []

    monkeypatch.setattr(mend_transcript, "_rename_notes", meanwhile)
    with pytest.raises(SaveConflict):
        replace_transcript(root, FILE, VTT.replace("to XL", "to Excel").encode())
    assert (root / FILE).read_text() == CALL + "- Theirs\n"


@pytest.mark.parametrize(
    ("call", "data", "words"),
    [
        (CALL.replace("transcript: acme.vtt\n", ""), VTT, "it names no transcript"),
        (CALL.replace("acme.vtt", "gone.vtt"), VTT, "there is no 'gone.vtt' in interviews/transcripts/"),
        (CALL, "", "the file is empty"),
        (CALL, "WEBVTT\n", "there are no captions"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(root, call, data, words):
    (root / FILE).write_text(call)
    with pytest.raises(InputError, match=words):
        replace_transcript(root, FILE, data.encode())
    assert (root / FILE).read_text() == call
    assert (root / "interviews/transcripts/acme.vtt").read_text() == VTT
    assert not Path(root, ".workbench").exists()


def test_a_search_leads_to_the_line_of_the_transcript(root, capsys):
    assert main(["search", "export", "-w", str(root)]) == 0
    assert "    said at interviews/transcripts/acme.vtt:7: Jane\n" in capsys.readouterr().out
    main(["search", "broke", "-w", str(root)])  # said twice, and the note says when
    assert "    said at interviews/transcripts/acme.vtt:19: Jane\n" in capsys.readouterr().out
    main(["search", "place", "-w", str(root)])  # in the PM's own words, by its time
    assert "    said at interviews/transcripts/acme.vtt:13: Jane\n" in capsys.readouterr().out
    (root / "interviews/transcripts/acme.vtt").write_text("WEBVTT")
    assert main(["search", "place", "-w", str(root)]) == 0
    assert "said at" not in capsys.readouterr().out
