"""Whether a speaker is one of us is asked in one way everywhere: however a name's letters are written, and by one list of what those who ask are called."""

import re
import unicodedata

import pytest

from workbench.arrivals import settle
from workbench.bring_in import bring_in, plan_import
from workbench.candidates import find_candidates
from workbench.checks import check
from workbench.importers import Source, Transcript, Turn, is_interviewer
from workbench.importers.contents import Piece
from workbench.mend_transcript import replace_transcript
from workbench.recorded import Recorded, who_of_us
from workbench.store import read_call
from workbench.who_speaks import may_be, place_speakers

JOSE = "José Ruiz"
SPELLINGS = [JOSE, "JOSÉ RUIZ", unicodedata.normalize("NFD", "José Ruiz"), "José  Ruiz ", "josé ruiz"]
ASKED, SAID = "You redo all the totals by hand every Friday?", "It takes me two hours, and nobody checks the totals."


def transcript(asks, says="Jane Doe"):
    return Transcript(
        tuple(Turn(who, words, (Piece(0, None, n),)) for n, (who, words) in enumerate([(asks, ASKED), (says, SAID)], 1))
    )


@pytest.mark.parametrize("written", SPELLINGS)
def test_one_of_us_is_known_however_the_name_is_written(written):
    found = transcript(written)
    assert [turn.is_by([JOSE]) for turn in found.turns] == [True, False]
    assert {one.speaker for one in find_candidates(found, [JOSE])} == {"Jane Doe"}
    recorded = Recorded("a", "Acme", "a.txt", found, (JOSE,))
    assert [source.text for source in recorded.sources()] == [SAID]
    assert [source.text for source in recorded.sources(ours=True)] == [ASKED]


@pytest.mark.parametrize("written", SPELLINGS[1:])
def test_a_name_in_other_letters_is_the_same_person_as_a_call_comes_in_is_checked_and_is_mended(tmp_path, written):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "2026-11-16-bolt.md").write_text(
        f"---\ncustomer: Bolt\nus: {JOSE}\ndate: 2026-11-16\n---\n- slow\n", "utf-8"
    )
    text = f"{written.strip()}: {ASKED}\n\nJane Doe: {SAID}\n\n{written.strip()}: And then?\n"
    (arrival,) = plan_import(tmp_path, [Source("2026-11-17 Acme.txt", text.encode())])
    assert [(one.name, one.side) for one in arrival.speakers] == [
        (" ".join(written.split()), "us"),
        ("Jane Doe", "customer"),
    ]
    (done,) = bring_in(tmp_path, [settle(arrival, confirm=True)]).calls
    call = tmp_path / done.file
    call.write_text(re.sub("(?m)^us:.*$", f"us: {JOSE}", call.read_text("utf-8")), "utf-8")
    assert read_call(call)[0].us == JOSE
    assert "us-unknown" not in {one.rule for one in check(tmp_path, today="2026-11-26").violations}
    # The mended version writes the name as the call does.
    new = text.replace(written.strip(), JOSE).replace("And then?", "And after that?").encode()
    assert replace_transcript(tmp_path, done.file, new).notes.lost == ()


def test_what_stands_behind_a_name_makes_another_one():
    assert not transcript("José Ruiz (Acme)").turns[0].is_by([JOSE])


@pytest.mark.parametrize("name", ["Interviewer", "MODERATOR 2", "You", "Me", "We", "Q", "host"])
def test_what_those_who_ask_are_called_is_one_list(name):
    assert is_interviewer(name) and transcript(name).turns[0].is_by_interviewer
    recorded = Recorded("a", "Acme", "a.txt", transcript(name))
    assert [source.text for source in recorded.sources()] == [SAID]


@pytest.mark.parametrize("name", ["Jane", "Q3", "P3", "I", "", "Customer", "Hostess"])
def test_and_nobody_else_is(name):
    assert not is_interviewer(name)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Speaker 1", "Speaker 2"),
        ("Speaker 1", "Speaker 11"),
        ("Speaker A", "Speaker B"),
        ("SPEAKER_00", "SPEAKER_01"),
        ("Christina P.", "Christina R."),
    ],
)
def test_names_that_only_a_number_or_an_initial_tells_apart_are_two_people(ours, theirs):
    """As a recorder calls them who knows nobody: what the customer says counts."""
    placed = place_speakers([ours, theirs], [ours], ["Acme"])
    assert [(one.side, one.why) for one in placed.values()] == [("us", ""), ("customer", "")]
    recorded = Recorded("a", "Acme", "a.txt", transcript(ours, theirs), (ours,), ("Acme",))
    assert who_of_us([recorded], "quote", SAID) == ""


@pytest.mark.parametrize("name", ["Ana P.", "Anna Pavic", "A. Pavic", "Speaker"])
def test_and_others_may_be_one(name):
    assert may_be(name, "Speaker 1" if name == "Speaker" else "Ana Pavić")
