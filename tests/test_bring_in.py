"""Calls from elsewhere: what is told of a file before it comes in, and how it is written."""

import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench.bring_in as room
from workbench.arrivals import Arrival, Given, Speaker, agree, alike, look_at, settle, unheard
from workbench.bring_in import bring_in, count_calls, plan_import
from workbench.candidates import find_candidates, split_us
from workbench.customers import split_people
from workbench.errors import InputError
from workbench.importers import Piece, Source, Transcript, Turn, read_source
from workbench.importers.columns import AS_BEFORE
from workbench.redact import Redactor
from workbench.save import SaveError, alone
from workbench.store import append_records, read_call, read_calls, read_ledger
from workbench.study import read_customers, read_notes
from workbench.take_back import AT_WORK, plan_take_back, take_back
from workbench.themes.acts import undo
from workbench.transcripts import open_transcript
from workbench.who_speaks import listed_people, place_speakers

TALK = [
    ("Ana Ruiz", "How did you make the report last Friday?"),
    ("Jane Doe", "I exported the list to Excel and then I redid all the totals by hand, which took two hours."),
    ("Ana Ruiz", "And what happened after that?"),
    ("Jane Doe", "The filters had reset themselves, so I started again and missed the call with our auditor."),
    ("Ana Ruiz", "Who else sees these numbers?"),
    ("Jane Doe", "Only finance does, they check every line against the invoices before the end of the month."),
]
PDPILOT = Path("/work/shared/studies/pdpilot/transcripts")


@pytest.fixture
def root(tmp_path):
    (tmp_path / "ws" / "interviews").mkdir(parents=True)
    return tmp_path / "ws"


def vtt(talk=TALK, times=7):
    cues = (f"00:{n * times // 60:02}:{n * times % 60:02}.000 --> 00:{n * times // 60:02}:{n * times % 60 + 1:02}.000\n{who}: {words}\n"
            for n, (who, words) in enumerate(talk))  # fmt: skip
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def text(talk=TALK):
    return "\n\n".join(f"{who}: {words}" for who, words in talk).encode()


def turns(talk=TALK, **known):
    return json.dumps(known | {"turns": [{"speaker": who, "text": words} for who, words in talk]}).encode()


def renamed(**names):
    return [(names.get(who.partition(" ")[0], who), words) for who, words in TALK]


def look(root, name, data=None, **said):
    (arrival,) = plan_import(root, [Source(name, data or vtt())], **said)
    return arrival


def call(root, name, head):
    (root / "interviews" / f"{name}.md").write_text(f"---\n{head}\n---\n", "utf-8")


def bring(root, *sources, keep=0, **said):
    """Everything as guessed."""
    plan = plan_import(root, sources, **said)
    return bring_in(root, [settle(arrival, confirm=True) for arrival in plan], keep=keep)


def files(root):
    found = (path.relative_to(root).as_posix() for path in (root / "interviews").rglob("*") if path.is_file())
    return sorted(file for file in found if ".workbench" not in file)


SIDES = {"Ana Ruiz": "us", "Jane Doe": "customer"}


# What is written


@pytest.mark.parametrize(
    ("name", "day", "customer"),
    [
        ("Acme Freight 18.11.2026", "2026-11-18", "Acme Freight"), ("Acme Freight Nov 18, 2026", "2026-11-18", "Acme Freight"),
        ("Acme 18. November 2026", "2026-11-18", "Acme"), ("18-Nov-2026 Acme", "2026-11-18", "Acme"), ("Acme 11-18-2026", "2026-11-18", "Acme"),
        ("Meeting mit Acme am 18. November 2026", "2026-11-18", "Acme"), ("réunion avec Acme le 18 novembre 2026", "2026-11-18", "Acme"),
        ("Llamada con Acme 18 de noviembre de 2026", "2026-11-18", "Acme"), ("18-11-2026 Acme", "2026-11-18", "Acme"),
        ("Acme 11-12-2026", "", "Acme"), ("Acme 11.12.2026", "", "Acme"), ("Acme 31.11.2026", "", "Acme"),
        ("Kestrel Foods \u2013 Transcript", "", "Kestrel Foods"), ("Copy of Acme call final v2", "", "Acme"), ("Acme (1)", "", "Acme"),
        ("Bank of Kent call #2", "", "Bank of Kent"), ("Harbor and Sons", "", "Harbor and Sons"), ("Harbor & Sons - call", "", "Harbor & Sons"),
        ("audio_only", "", ""), ("zoom cloud chat", "", ""), ("Cloud Nine call", "", ""), ("Ana at Acme", "", ""), ("Call 2", "", ""),
        ("Der Spiegel call", "", "Der Spiegel"), ("Interview mit der Acme GmbH", "", "Acme GmbH"), ("The Gap call", "", "The Gap"),
        ("Le Monde call", "", ""), ("Call with the Bank of the West", "", "Bank of the West"), ("A call with Acme", "", "Acme"),
    ],
)  # fmt: skip
def test_a_files_name_tells_day_and_customer_only_where_both_are_plain(root, name, day, customer):
    (arrival,) = plan_import(root, [Source(f"{name}.vtt", vtt())], speakers=SIDES)
    assert (arrival.day.value, arrival.customer.value) == (day, customer)
    assert not arrival.day.sure and not arrival.customer.sure


def test_whom_a_recorders_file_and_its_heading_name_otherwise_is_asked(root):
    turns = [{"speaker": who, "text": words} for who, words in TALK]
    data = json.dumps({"title": "Haddad Trading \u2013 discovery", "transcript": turns}).encode()
    (arrival,) = plan_import(root, [Source("grain-layla.json", data)], speakers=SIDES)
    assert arrival.customer.value == "" and arrival.among == ("layla", "Haddad Trading")
    (arrival,) = plan_import(root, [Source("layla.json", data)], speakers=SIDES)
    assert arrival.customer.value == "layla"


def test_captions_without_a_name_among_named_ones_count_as_nobodys_until_somebody_says_whose_they_are(root):
    data = vtt([*TALK[:2], ("Jane Doe", "It did."), ("", "Would you pay for a button that does it?"), *TALK[1:]])
    source = Source("2026-11-17 Acme.vtt", data.replace(b"\n: ", b"\n"))
    ours = {"Ana Ruiz": "us"}
    (arrival,) = plan_import(root, [source], speakers=ours)
    assert arrival.us == ("Ana Ruiz", "(no name)") and [one.sure for one in arrival.speakers if not one.name] == [False]
    assert settle(arrival, speakers={"Ana Ruiz": "us"}).us == ("Ana Ruiz", "(no name)")
    assert settle(arrival, speakers={"(no name)": "customer", "Ana Ruiz": "us"}).us == ("Ana Ruiz",)
    (done,) = bring_in(root, [settle(arrival, confirm=True)]).calls
    call, transcript = read_call(root / done.file)[0], open_transcript(root, done.transcript)
    assert call.us == "Ana Ruiz; (no name)"
    offered = {one.speaker for one in find_candidates(transcript, split_us(call.us))}
    assert offered == {"Jane Doe"}


def test_whose_words_without_a_name_are_may_be_said_beside_the_files(root):
    turns = [{"speaker": who, "text": words} for who, words in [*TALK, ("", "We would pay for it.")]]
    sides = {"Ana Ruiz": "us", "(no name)": "customer"}
    plan = plan_import(root, [Source("2026-11-17 Acme.json", json.dumps(turns).encode())], speakers=sides)
    assert plan[0].us == ("Ana Ruiz",) and unheard(plan, sides) == []
    assert unheard(plan_import(root, [Source("2026-11-17 Acme.txt", text())], speakers=sides), sides) == ["(no name)"]


def test_a_call_is_written_with_its_transcript_beside_it_byte_for_byte(root):
    (arrival,) = plan_import(root, [Source("rec.vtt", vtt())], customer="Acme Freight", day="2026-11-17", speakers=SIDES,
                             segment="mid-market", consent="quote", kind="support")  # fmt: skip
    (made,) = bring_in(root, [arrival]).calls
    assert files(root) == [
        "interviews/2026-11-17-acme-freight.md",
        "interviews/transcripts/2026-11-17-acme-freight.vtt",
    ]
    assert (root / "interviews/transcripts/2026-11-17-acme-freight.vtt").read_bytes() == vtt()
    found, _ = read_call(root / made.file, root)
    assert (found.customer, found.date, found.who, found.us) == (
        "Acme Freight",
        date(2026, 11, 17),
        "Jane Doe",
        "Ana Ruiz",
    )
    assert (found.segment, found.consent, found.kind, found.problems) == ("mid-market", "quote", "support", ())
    transcript = open_transcript(root, found.transcript)
    assert {one.speaker for one in find_candidates(transcript, split_us(found.us))} == {"Jane Doe"}


def test_a_person_is_in_the_call_and_not_in_the_name_of_its_file(root):
    bring(root, Source("2026-11-17 Acme.vtt", vtt()), speakers=SIDES, who="Jane Doe, ops lead")
    assert files(root) == [
        "interviews/2026-11-17-acme-ops-lead.md",
        "interviews/transcripts/2026-11-17-acme-ops-lead.vtt",
    ]


def test_a_name_with_a_semicolon_is_one_name_behind_us_and_none_of_its_words_is_offered(root):
    sides = {"Ruiz; Ana": "us", "Jane Doe": "customer"}
    (made,) = bring(root, Source("2026-11-17 Acme.json", turns(renamed(Ana="Ruiz; Ana"))), speakers=sides).calls
    assert made.us == "Ruiz, Ana"
    transcript = open_transcript(root, made.transcript)
    assert {one.speaker for one in find_candidates(transcript, split_us(made.us))} == {"Jane Doe"}


def test_nothing_is_written_while_something_is_still_asked(root):
    plan = plan_import(root, [Source("2026-11-17 Acme.vtt", vtt()), Source("talk.vtt", vtt(renamed(Jane="Bo")))])
    with pytest.raises(InputError, match=r"2026-11-17 Acme\.vtt: Is Ana Ruiz"):
        bring_in(root, plan)
    assert files(root) == []


def test_the_best_candidates_become_quotes_with_their_time_when_asked_for(root):
    done = bring(root, Source("2026-11-17 Acme.vtt", vtt()), speakers=SIDES, keep=2)
    notes = read_notes(root)
    assert done.kept == len(notes) == 2
    assert set(notes["kind"]) == {"quote"} and set(notes["tags"]) == {("candidate",)}
    said = {words for who, words in TALK if who == "Jane Doe"}
    assert set(notes["text"]) <= said and list(notes["at"]) == sorted(notes["at"])


def test_where_no_name_stands_none_is_kept_since_one_of_us_may_have_said_it(root):
    done = bring(
        root, Source("2026-11-17 Acme.vtt", vtt([("", words) for _, words in TALK]).replace(b"\n: ", b"\n")), keep=9
    )
    assert (len(done.calls), done.kept, len(done.calls[0].notes)) == (1, 0, 0)


# What is told


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("GMT20261117-160322_Recording.transcript.vtt", "2026-11-17"),
        ("2026-11-17 Acme.vtt", "2026-11-17"),
        ("calls/2026-11-17/acme.vtt", "2026-11-17"),
        ("Acme 17 November 2026.vtt", "2026-11-17"),
        ("Acme 11-12-2026.vtt", ""),
        ("acme.vtt", ""),
    ],
)
def test_the_day_is_read_where_it_can_be_read_in_one_way_and_is_a_guess(root, name, day):
    guess = look(root, name).day
    assert (guess.value, guess.sure) == (day, False)
    assert bool(guess.why) == bool(day)


def test_a_day_that_the_file_states_is_sure_and_two_days_that_differ_are_asked(root):
    data = json.dumps(
        {"title": "Call on 2026-11-03", "date": "2026-11-04", "turns": [{"speaker": w, "text": t} for w, t in TALK]}
    )
    assert look(root, "2026-11-17 Acme.json", data.encode()).day[::2] == ("2026-11-04", True)
    data = json.dumps({"title": "Call on 2026-11-03", "turns": [{"speaker": w, "text": t} for w, t in TALK]})
    asked = look(root, "2026-11-17 Acme.json", data.encode())
    assert asked.day.value == ""
    (ask,) = [ask for ask in asked.asks if ask.field == "day"]
    assert "2026-11-03" in ask.words and "2026-11-17" in ask.words


def test_never_the_day_of_the_file_itself(root, tmp_path):
    (tmp_path / "acme.vtt").write_bytes(vtt())
    (arrival,) = plan_import(root, [tmp_path / "acme.vtt"])
    assert arrival.day.value == ""


def test_the_customer_is_known_by_the_registry_in_the_files_name_its_heading_and_its_folder(root):
    (root / "discovery").mkdir()
    (root / "discovery/customers.yaml").write_text(
        "customers:\n  Acme Freight:\n    aliases: [ACF]\n    people: [Jane Doe]\n  Bolt:\n"
    )
    assert look(root, "2026-11-17_acf-weekly.vtt", vtt(renamed(Jane="Li"))).customer.value == "Acme Freight"
    assert look(root, "acme freight/rec.vtt", vtt(renamed(Jane="Li"))).customer.value == "Acme Freight"
    headed = b"WEBVTT - Weekly with Bolt" + vtt(renamed(Jane="Li"))[6:]
    assert look(root, "rec.vtt", headed).customer.value == "Bolt"
    by_person = look(root, "rec.vtt")
    assert (by_person.customer.value, by_person.customer.sure) == ("Acme Freight", False)
    assert "Jane Doe speaks" in by_person.customer.why
    assert "bolts" not in look(root, "nuts and bolts.vtt", vtt(renamed(Jane="Li"))).customer.why


def told_by_the_file(root, who, us, *names, **said):
    """Sides of those who speak in a transcript that says itself who was there."""
    talk = Transcript(tuple(Turn(name, "It broke twice.", (Piece(0, None, 1),)) for name in names), who=who, us=us)
    known = room._known(root)
    arrival = look_at(Source("a.x", b""), "X", talk, known, Given(customer="Acme", day="2026-11-17", **said))
    return {one.name: (one.side, one.sure) for one in arrival.speakers}


def test_who_a_file_lists_beside_us_is_on_the_customers_side(root):
    names = ("Ana Ruiz", "Jane", "Raj Patel (Acme Freight)", "Ana", "Kim Poe", "Li Wu")
    found = told_by_the_file(root, "Jane Doe, ops lead; Raj Patel; Ana Poe", "Ana Ruiz", *names)
    assert found == {
        "Ana Ruiz": ("us", True),
        "Jane": ("customer", True),
        "Raj Patel (Acme Freight)": ("customer", True),
        "Ana": ("", False),
        "Kim Poe": ("", False),
        "Li Wu": ("", False),
    }, "one who may be either, or is not listed, is asked about"
    assert set(told_by_the_file(root, "Jane Doe; Raj Patel; Ana Ruiz", "", *names).values()) == {("", False)}, (
        "a list of those who were there has both sides"
    )
    said = told_by_the_file(root, "Jane Doe; Raj Patel", "Ana Ruiz", *names, speakers={"Jane": "us"})
    assert said["Jane"] == ("us", True), "what somebody says comes before the file"
    call(root, "2026-11-01-bolt", "customer: Bolt\nus: Raj Patel")
    known = told_by_the_file(root, "Raj Patel; Jane Doe", "Ana Ruiz", "Raj Patel", "Jane Doe", "Ana Ruiz")
    assert known["Raj Patel"] == ("us", False), "and whoever is one of you in another call is looked at"


@pytest.mark.parametrize("table_first", [True, False])
def test_of_names_that_differ_in_capitals_only_the_stated_one_is_written_for_all_that_comes_in_together(
    root, table_first
):
    rows = Source("rows.csv", b"Company,Created,Feedback\nBolt,2026-11-16,It is slow\nBolt,2026-11-17,It broke again\n")
    sources = [rows, Source("2026-11-18 bolt.vtt", vtt())]
    done = bring(root, *(sources if table_first else sources[::-1]), speakers=SIDES)
    assert [one.customer for one in done.calls] == ["Bolt"] * 3 and not done.aliases
    assert not (root / "discovery/customers.yaml").exists(), "capitals are no other name"


def test_of_names_that_differ_in_capitals_only_that_of_a_table_that_is_kept_as_it_came_is_written(root):
    rows = b"customer,date,text\nBolt,2026-11-16,It is slow\n"
    plan = plan_import(root, [Source("2026-11-18 acme.vtt", vtt())], customer="BOLT", speakers=SIDES)
    plan += plan_import(root, [Source("rows.csv", rows)], kept_as="table")
    done = bring_in(root, [settle(arrival, confirm=True) for arrival in plan])
    assert [one.customer for one in done.calls] == ["Bolt"] and (root / "interviews/rows.csv").read_bytes() == rows


def test_of_names_that_are_guessed_the_first_spelling_is_written_and_a_known_one_stays(root):
    talks = [
        (f"2026-11-1{n} {name}.vtt", vtt([(who, f"{words} {name * 9}") for who, words in TALK], times=n))
        for n, name in enumerate(("cord", "CORD", "Cord"), 1)
    ]
    done = bring(root, *(Source(*talk) for talk in talks), speakers=SIDES, again="new")
    assert [one.customer for one in done.calls] == ["cord"] * 3
    rows = Source("rows.csv", b"Company,Created,Feedback\nCORD,2026-11-16,It is slow\n")
    assert [one.customer for one in bring(root, rows).calls] == ["cord"]


def test_two_customers_in_one_call_are_asked_about_in_plain_words(root):
    call(root, "2026-11-01-acme", "customer: Acme\nwho: Jane Doe, ops lead")
    call(root, "2026-11-02-bolt", "customer: Bolt")
    arrival = look(root, "2026-11-17 Bolt.vtt")
    (ask,) = [ask for ask in arrival.asks if ask.field == "customer"]
    assert ask.choices == ("Acme", "Bolt") and "Jane Doe speaks" in ask.words


def test_a_name_that_nobody_has_yet_is_a_guess_that_says_so(root):
    guess = look(root, "GMT20261117-160322 Zoom Call with Acme Freight (transcript) 1920x1080.vtt").customer
    assert (guess.value, guess.sure) == ("Acme Freight", False)
    assert "no call or registry has it yet" in guess.why
    assert look(root, "GMT20261117-160322_Recording.transcript.vtt").customer.value == ""


@pytest.mark.parametrize(
    "name",
    ["Omega GmbH interview (2026-11-12 14_00 GMT+1) - Transcript.docx", "Omega GmbH (2026-11-12 at 16:00 GMT-7).txt",
     "Omega GmbH 2026-11-12 2.30 PM CEST.txt", "2026-11-12_14_00_05 Omega GmbH.txt", "14:00Z Omega GmbH.txt",
     "Omega GmbH (2026-11-12 09_15 UTC+05_30).txt"],
)  # fmt: skip
def test_times_and_their_zones_are_no_part_of_the_name_of_a_customer(root, name):
    assert look(root, name.replace(".docx", ".txt"), text(), speakers=SIDES).customer.value == "Omega GmbH"


@pytest.mark.parametrize("name", ["Studio 54", "EST Group", "Catch_22_10", "Acme 7.5", "Area 51.100"])
def test_what_only_looks_like_a_time_stays_in_the_name_of_a_customer(root, name):
    parts = re.findall(r"\w+", name.replace("_", " "))
    assert look(root, f"{name} 2026-11-12.txt", text(), speakers=SIDES).customer.value == " ".join(parts)


@pytest.mark.parametrize(
    "name",
    ["pasted.txt", "Pasted text (2).txt", "audio1234.vtt", "download (3).vtt", "zoom_0.vtt", "saved closed caption.txt", "1.txt",
     "Untitled document.vtt", "export-1.txt", "REC0417.vtt", "file.txt", "meeting_saved_closed_caption.txt", "2026-11-17.vtt"],
)  # fmt: skip
def test_what_programs_call_their_files_is_no_customer(root, name):
    arrival = settle(look(root, name, speakers=SIDES, day="2026-11-17"), confirm=True)
    assert [ask.field for ask in arrival.asks] == ["customer"]
    named_after = look(root, name, vtt(renamed(Jane="P3")), speakers=SIDES).customer
    assert (named_after.value, named_after.sure) == ("P3", False)


def test_who_is_one_of_us_is_known_by_earlier_calls_and_the_other_one_is_the_customers(root):
    call(root, "2026-11-01-bolt", "customer: Bolt\nus: Tom; Ana Ruiz")
    arrival = look(root, "2026-11-17 Acme.vtt")
    assert arrival.us == ("Ana Ruiz",) and arrival.who.value == "Jane Doe" and not arrival.asks
    assert {name for name, _ in arrival.guesses} == {"day", "customer", "who", "Ana Ruiz", "Jane Doe"}


def test_who_is_at_this_computer_is_one_of_us(root, monkeypatch):
    monkeypatch.setenv("WORKBENCH_BY", "Ana Ruiz")
    assert look(root, "2026-11-17 Acme.vtt").us == ("Ana Ruiz",)


@pytest.mark.parametrize("name", ["Interviewer", "Moderator 2", "HOST", "Me", "us"])
def test_names_that_those_who_ask_are_given(root, name):
    assert look(root, "2026-11-17 Acme.vtt", vtt(renamed(Ana=name))).us == (name,)


def test_two_who_are_not_known_are_asked_about_even_where_a_third_is(root):
    talk = [*renamed(Ana="Host"), ("Li Wei", "We have the same trouble with our reports every month.")]
    arrival = look(root, "2026-11-17 Acme.vtt", vtt(talk))
    assert [ask.of for ask in arrival.asks] == ["Jane Doe", "Li Wei"]


def test_who_speaks_alone_is_the_customer_as_a_guess(root):
    arrival = look(root, "2026-11-17 Acme.vtt", vtt(TALK[1:2]))
    assert [(one.side, one.why, one.sure) for one in arrival.speakers] == [("customer", "nobody else speaks", False)]
    assert not look(root, "2026-11-17 m.vtt").customer.value, "one letter is nobody's name"


def test_a_call_in_which_all_are_of_us_asks_whose_words_are_the_customers(root):
    arrival = look(root, "2026-11-17 Acme.vtt", speakers={"Ana Ruiz": "us", "Jane Doe": "us"})
    assert ["speaker"] == [ask.field for ask in arrival.asks]


def test_what_is_said_comes_before_what_the_file_says_and_both_are_shown(root):
    data = json.dumps({"date": "2026-11-04", "turns": [{"speaker": w, "text": t} for w, t in TALK]}).encode()
    guess = look(root, "a.json", data, day="2026-11-05").day
    assert guess.value == "2026-11-05" and guess.sure and "2026-11-04" in guess.why


@pytest.mark.parametrize(
    "said",
    [
        {"day": "17.11.2026"},
        {"day": "20261117"},
        {"day": "2026-W47-2"},
        {"day": "2026-11-31"},
        {"consent": "sure"},
        {"kind": "chat"},
        {"again": "never"},
        {"speakers": {"Ana": "ours"}},
    ],
)
def test_what_cannot_be_understood_is_an_error_before_anything_is_read(root, said):
    with pytest.raises(InputError):
        plan_import(root, [], **said)


def test_a_field_at_the_head_of_a_file_is_nobody_who_speaks(root):
    arrival = look(root, "2026-11-17 Acme.txt", b"Exported: 2026-11-20\n\n" + text(), speakers=SIDES)
    assert [one.name for one in arrival.speakers] == ["Ana Ruiz", "Jane Doe"] and not arrival.asks


def test_settling_answers_and_shows_what_is_left(root):
    arrival = look(root, "rec.vtt")
    assert [(ask.field, ask.of) for ask in arrival.asks] == [
        ("day", ""), ("customer", ""), ("speaker", "Ana Ruiz"), ("speaker", "Jane Doe")]  # fmt: skip
    arrival = settle(arrival, day="2026-11-17", customer="Acme", speakers=SIDES)
    assert (arrival.asks, arrival.guesses, arrival.us, arrival.who.value) == ((), (), ("Ana Ruiz",), "Jane Doe")
    assert settle(arrival, speakers={"Ana Ruiz": "customer", "Jane Doe": "us"}).who.value == "Ana Ruiz"
    with pytest.raises(InputError):
        settle(arrival, day="tomorrow")


# Everybody of theirs who is heard is a listed name


def test_all_of_the_customers_who_speak_are_listed_and_none_of_them_leaves_in_a_quote(root):
    talk = [
        *TALK,
        ("Poe, Tom", "Jane Doe and I check it."),
        ("Rose Driver", "Tom Poe and Rose Driver told me so."),
        ("Guest 2", "Yes."),
    ]
    sides = SIDES | {"Poe, Tom": "customer", "Rose Driver": "customer", "Guest 2": "customer"}
    (made,) = bring(root, Source("2026-11-17 Acme.json", turns(talk)), speakers=sides, who="Jane Doe, ops lead").calls
    assert made.who == "Jane Doe, ops lead; Tom Poe; Rose Driver,"
    row = read_customers(root).iloc[0]
    assert row["people"] == ("Jane Doe", "Tom Poe", "Rose Driver") and row["roles"] == ("ops lead",)
    known = {"Acme": {"pseudonym": "P-1", "consent": "quote", "names": [], "people": list(row["people"])}}
    clean = Redactor(known)("Jane Doe, Tom Poe and Rose Driver told me so")
    assert not {"Jane", "Tom", "Poe", "Rose", "Driver"} & set(clean.replace(",", " ").split())


def test_what_a_transcript_calls_anybody_is_no_persons_name(root):
    talk = renamed(Ana="Interviewer", Jane="P1")
    assert look(root, "2026-11-17 P1.vtt", vtt(talk)).who.value == ""
    assert look(root, "2026-11-17 P1.vtt", vtt(renamed(Ana="Host", Jane="Speaker 2"))).who.value == ""


@given(st.text(max_size=30))
def test_a_persons_name_of_any_form_is_told_as_a_name_and_never_as_a_role(name):
    from workbench.arrivals import _as_person

    if any(letter.isalpha() for letter in name) and ";" not in name and "," not in name:
        assert [person for person, _ in split_people(_as_person(name))] != []


# The same call again


def test_a_second_run_is_told_where_each_file_is_already_and_writes_nothing(root):
    bring(root, Source("2026-11-17 Acme.vtt", vtt()), speakers=SIDES)
    before = {file: (root / file).read_bytes() for file in files(root)}
    done = bring(root, Source("elsewhere/copy.vtt", vtt()), Source("acme.txt", text()), speakers=SIDES, customer="Acme")
    assert [(one.twin.name, one.twin.why) for one in done.skipped] == [
        ("interviews/2026-11-17-acme.md", "the same file"), ("interviews/2026-11-17-acme.md", "the same words")]  # fmt: skip
    assert not done.calls and {file: (root / file).read_bytes() for file in files(root)} == before


def test_the_same_call_twice_within_one_run_is_seen_whatever_its_form(root):
    sources = [Source("a.vtt", vtt()), Source("b.vtt", vtt()), Source("c.txt", text())]
    done = bring(root, *sources, customer="Acme", day="2026-11-17", speakers=SIDES)
    assert len(done.calls) == 1
    assert [(one.name, one.twin.name, one.twin.is_in) for one in done.skipped] == [
        ("b.vtt", "a.vtt", False),
        ("c.txt", "a.vtt", False),
    ]


@pytest.mark.parametrize(
    ("name", "data", "why"), [("copy.vtt", vtt(), "the same file"), ("acme.txt", text(), "the same words")]
)
def test_a_call_that_somebody_else_has_brought_in_since_it_was_looked_at_is_left_out(name, data, why, root):
    mine, theirs = (
        settle(look(root, *file, customer="Acme", day="2026-11-17", speakers=SIDES), confirm=True)
        for file in ((name, data), ("a.vtt",))
    )
    bring_in(root, [theirs])
    done = bring_in(root, [mine])
    assert (done.calls, [(one.twin.name, one.twin.why) for one in done.skipped]) == (
        (), [("interviews/2026-11-17-acme.md", why)])  # fmt: skip


def test_one_that_may_be_another_call_by_what_has_come_in_since_is_asked_about(root):
    mine, theirs = (
        settle(look(root, *file, customer=customer, day="2026-11-17", speakers=SIDES), confirm=True)
        for customer, file in (("Bolt", ("b.txt", text())), ("Acme", ("a.vtt",)))
    )
    bring_in(root, [theirs])
    done = bring_in(root, [mine])
    assert not done.calls and [str(one) for one in done.failed] == [
        "b.txt:1: Is it the call interviews/2026-11-17-acme.md? It has much the same words, but that one is with Acme.; bring it in "
        "again"
    ]


def test_imports_of_the_same_call_at_the_same_moment_make_one_call(root, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt())
    words = [
        sys.executable,
        "-m",
        "workbench",
        "import",
        str(tmp_path / "2026-11-17 Acme.vtt"),
        "--yes",
        "--workspace",
        str(root),
    ]
    words += ["--speaker", "Ana Ruiz=us", "--speaker", "Jane Doe=customer"]
    at_once = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(4)]
    said = [one.communicate()[0].decode() for one in at_once]
    assert [one.returncode for one in at_once] == [0] * 4, said
    assert len([*(root / "interviews").glob("*.md")]) == len([*(root / "interviews").rglob("*.vtt")]) == 1
    assert sorted("1 call with 1 customer brought in" in one for one in said) == [False, False, False, True], said


def test_an_import_that_does_not_end_keeps_another_out_in_words(root, monkeypatch):
    monkeypatch.setattr("workbench.save.LOCK_SECONDS", 0.1)
    with alone(root / AT_WORK, "import"), pytest.raises(SaveError, match="another import here has not finished"):
        bring(root, Source("2026-11-17 Acme.vtt", vtt()), speakers=SIDES)
    assert files(root) == []


@pytest.mark.parametrize("kept_as", ["calls", "table"])
def test_rows_of_a_table_that_one_of_you_says_by_another_call_give_no_notes(kept_as, root):
    call(root, "2026-11-01-acme", "customer: Acme\ndate: 2026-11-01\nus: Ana Ruiz")
    rows = "Date,Account,Speaker,Feedback\n2026-11-17,Acme,Ana Ruiz,How slow?\n2026-11-17,Acme,Jane Doe,Very slow\n"
    rows += "2026-11-18,Bolt,Ana Ruiz,And here?\n"
    done = bring(root, Source("a.csv", rows.encode()), kept_as=kept_as)
    assert [str(one) for one in done.problems] == [
        "a.csv:2: 2 rows (2, 4) said by Ana Ruiz, who is one of you; no note, since nothing that one of you says is evidence"
    ]
    notes = read_notes(root, problems=[])
    assert notes[["customer", "who", "text"]].values.tolist() == [["Acme", "Jane Doe", "Very slow"]]
    (alone,) = plan_import(root, [Source("b.csv", rows.replace("Jane Doe", "Ana Ruiz").encode())])
    assert (
        alone.what == "unreadable" and alone.problems[-1].what == "3 rows (2, 3, 4) said by Ana Ruiz, who is one of you"
    )


def test_one_who_is_of_you_by_a_call_that_comes_in_beside_a_table_is_so_in_its_rows(root):
    rows = "Date,Account,Speaker,Feedback\n2026-11-17,Acme,Ana Ruiz,How slow?\n2026-11-17,Acme,Jane Doe,Very slow\n"
    bring(root, Source("a.csv", rows.encode()), Source("2026-11-17 Bolt.vtt", vtt()), speakers=SIDES)
    assert read_notes(root, problems=[])["text"].tolist() == ["Very slow"]


def test_another_recorder_hears_a_word_differently_here_and_there_and_another_call_is_another(root):
    call_ = [(who, f"{words} Point {n} was about the {n}th list of our {n * 7} lists and took {n * 3} hours.")
             for n in range(20) for who, words in TALK]  # fmt: skip
    heard = [(who, words.replace("list", "lift").replace("totals", "titles")) for who, words in call_]
    other = [
        (who, f"For item {n}, {words.lower()[:30]} we have nothing but item {n * 11}.")
        for n in range(20)
        for who, words in TALK
    ]
    done = bring(root, Source("a.vtt", vtt(call_)), Source("b.txt", text(heard)), Source("c.txt", text(other)),
                 customer="Acme", day="2026-11-17", speakers=SIDES)  # fmt: skip
    assert [one.name for one in done.skipped] == ["b.txt"] and len(done.calls) == 2


SCRIPT = [
    "Thanks for joining today, I am going to read a short introduction so that every participant hears the very same words.",
    "Please share your screen and think aloud while you try to find the report for last month and then export it.",
    "Now imagine that a colleague of yours asked you for the totals by warehouse, please show me what you would do first.",
    "On a scale from one to seven how easy or difficult was it to complete this task, and what made you choose that number?",
]
ANSWERS = [
    ["Sure, go on.", "It is under reports, I click here and it spins for a while.", "I copy the totals into a sheet of my own, "
     "as I do every month.", "Three, since it was slow and I lost my place twice."],
    ["Okay, fine by me.", "I cannot see an export button at all on this page, is it hidden?", "I would call Tom and ask him for "
     "them, since he built the list.", "Six, it was easy once Tom had told me where to look."],
]  # fmt: skip


def session(answers, them="Jane Doe", us="Interviewer"):
    return text([line for asked, said in zip(SCRIPT, answers, strict=True) for line in ((us, asked), (them, said))])


def test_two_sessions_with_one_script_are_two_calls_whose_answers_are_other_ones(root):
    first, second = (session(one, who) for one, who in zip(ANSWERS, ("Jane Doe", "Kim Poe"), strict=True))
    done = bring(root, Source("2026-11-16 Acme.txt", first), Source("2026-11-17 Bolt.txt", second))
    assert [one.customer for one in done.calls] == ["Acme", "Bolt"] and not done.skipped
    later = session([f"{one} Well." for one in ANSWERS[0]], "Jane Doe")
    assert look(root, "2026-11-16 Acme again.txt", later, customer="Acme").twin.name == done.calls[0].file


def test_the_same_words_of_another_customer_or_day_are_asked_about_and_never_skipped_in_silence(root):
    bring(root, Source("2026-11-16 Acme.vtt", vtt()), speakers=SIDES)
    for customer, day in (("Bolt", "2026-11-16"), ("Acme", "2026-11-17")):
        arrival = look(root, "b.txt", text(), speakers=SIDES, customer=customer, day=day)
        (ask,) = arrival.asks
        assert (ask.field, ask.choices) == ("again", ("skip", "replace", "new"))
        assert "2026-11-16-acme" in ask.words
        with pytest.raises(InputError, match="Is it the call"):
            bring_in(root, [arrival])
        assert len(bring_in(root, [settle(arrival, again="skip")]).skipped) == 1
    assert len(bring_in(root, [settle(arrival, again="new")]).calls) == 1
    assert not look(root, "2026-11-16 Acme.txt", text(), speakers=SIDES).comes_in, "the same customer and day"
    assert not look(root, "b.txt", text(), speakers=SIDES, customer="Bolt", again="skip").comes_in


def test_where_nobody_has_said_whose_words_they_are_the_same_words_may_be_a_script(root):
    first, second = (session(one, us="Ana Ruiz") for one in ANSWERS)
    plan = plan_import(root, [Source("a.txt", first), Source("b.txt", second)], customer="Acme", day="2026-11-17")
    assert [ask.field for ask in plan[1].asks] == ["again", "speaker", "speaker"]
    assert plan[1].asks[0].choices == ("skip", "new"), "there is no transcript of it yet to be replaced"
    spoken = [("Ana Ruiz", SCRIPT[0]), ("Jane Doe", "It is under reports, I think."), ("Ana Ruiz", SCRIPT[1])]
    (made,) = bring(root, Source("c.vtt", vtt(spoken)), customer="Acme", day="2026-11-17", speakers=SIDES).calls
    heard = vtt([(f"Speaker {1 + (who == 'Jane Doe')}", words) for who, words in spoken])
    assert look(root, "d.vtt", heard).twin.name == made.file, "of a recorder that knows nobody all words are compared"


def spoken(*parts):
    """Parts of one call of which each has some 300 words."""
    draw = random.Random(7)
    words = [[f"{draw.choice('bcdfgklmnprst')}{draw.randrange(10**4)}" for _ in range(300)] for _ in range(10)]
    return [
        line
        for part in parts
        for at in range(0, 300, 30)
        for line in (
            ("Ana Ruiz", "And then, what came after that?"),
            ("Jane Doe", f"{' '.join(words[part][at : at + 30])}."),
        )
    ]


SAID = {"customer": "Acme", "day": "2026-11-17", "speakers": SIDES}


@pytest.mark.parametrize(
    ("first", "then", "length", "ways"),
    [
        ((0,), (0, 1), "this one has some 360 words more", ("replace", "skip", "new")),
        ((0, 1), (0,), "this one has some 360 words fewer", ("skip", "replace", "new")),
        ((0, 1, 2), (0, 1), "this one has some 360 words fewer", ("skip", "replace", "new")),
        ((0,), range(10), "this one has some 3,240 words more", ("replace", "skip", "new")),
        (range(10), (7,), "this one has some 3,240 words fewer", ("skip", "replace", "new")),
    ],
)
def test_a_longer_or_shorter_version_of_a_call_is_asked_about_and_never_left_out_in_silence(
    root, first, then, length, ways
):
    (made,) = bring(root, Source("a.vtt", vtt(spoken(*first), times=1)), **SAID).calls
    arrival = settle(look(root, "b.txt", text(spoken(*then)), **SAID), confirm=True)
    (ask,) = arrival.asks
    assert (ask.field, ask.choices, arrival.likely_way) == ("again", ways, ways[0])
    assert ask.words == f"Is it the call {made.file}? It has much the same words, but {length}."
    with pytest.raises(InputError, match="Is it the call"):
        bring_in(root, [arrival])
    assert [one.twin.name for one in bring_in(root, [settle(arrival, again="skip")]).skipped] == [made.file]
    other = look(root, "b.txt", text(spoken(*then)), **SAID | {"customer": "Bolt"})
    assert f"but that one is with Acme and {length}." in other.asks[0].words and other.likely_way == ""
    ((file, _),) = bring_in(root, [settle(arrival, again="replace")]).replaced
    assert (root / "interviews/transcripts" / made.transcript).read_bytes() == text(spoken(*then)), file


def test_a_call_is_as_long_as_another_unless_a_tenth_and_a_hundred_of_its_words_are_more(root):
    bring(root, Source("a.vtt", vtt(spoken(0, 1, 2), times=1)), **SAID)
    for many, is_asked in ((90, False), (130, True)):
        longer = [*spoken(0, 1, 2), ("Jane Doe", " ".join(f"well{n}" for n in range(many)))]
        assert bool(look(root, "b.txt", text(longer), **SAID).asks) == is_asked
    bring(root, Source("c.vtt", vtt([(who, words[::-1]) for who, words in TALK])), **SAID)
    twice = [(who, words[::-1]) for who, words in TALK] + [("Jane Doe", "Yes, that is how we do it here, I think so.")]
    assert not look(root, "d.txt", text(twice), **SAID).asks, "a few words are no other half"


def test_a_call_whose_parts_are_in_as_calls_of_their_own_is_all_of_these(root):
    parts = [bring(root, Source(f"{n}.vtt", vtt(spoken(n), times=1)), **SAID).calls[0].file for n in range(2)]
    whole = look(root, "whole.txt", text(spoken(0, 1)), **SAID)
    assert not whole.comes_in and {whole.twin.name, *whole.twin.also} == set(parts)
    longer = look(root, "longer.txt", text(spoken(0, 1, 2)), **SAID)
    assert "and this one" not in longer.asks[0].words and all(file in longer.asks[0].words for file in parts)
    assert longer.twin.length == "this one has some 360 words more"
    bring(root, Source("again.vtt", vtt(spoken(0), times=2)), again="new", **SAID)
    again = look(root, "whole.txt", text(spoken(0, 1)), **SAID)
    assert not again.comes_in and len(again.twin.also) == 1, "a part that is in twice is one part"


def test_how_long_a_call_is_is_known_of_many_that_are_kept_and_of_one_that_comes_in_beside_it(root, monkeypatch):
    monkeypatch.setattr(room, "WORTH_KEEPING", 1)
    bring(root, Source("a.vtt", vtt(spoken(0), times=1)), **SAID)
    for _ in range(2):
        assert look(root, "b.txt", text(spoken(0, 1)), **SAID).twin.length == "this one has some 360 words more"
    assert (root / room.SKETCHES).is_file()
    plan = plan_import(root, [Source("c.vtt", vtt(spoken(2), times=1)), Source("d.txt", text(spoken(2, 1)))], **SAID)
    assert plan[1].asks[0].words == (
        "Is it the call c.vtt? It has much the same words, but this one has some 360 words more."
    )
    assert plan[1].ways == ("skip", "new"), "nothing is there yet to be replaced"


def test_it_comes_in_once_more_when_that_is_what_is_wanted(root):
    for again in ("skip", "new"):
        done = bring(root, Source("a.vtt", vtt()), customer="Acme", day="2026-11-17", speakers=SIDES, again=again)
    assert [one.file for one in done.calls] == ["interviews/2026-11-17-acme-2.md"]
    assert done.calls[0].transcript == "2026-11-17-acme-2.vtt"


def test_a_mended_transcript_takes_the_place_of_the_old_one_and_the_notes_follow(root):
    (made,) = bring(root, Source("a.vtt", vtt()), customer="Acme", day="2026-11-17", speakers=SIDES, keep=3).calls
    new = vtt([(who, words.replace("Excel", "Exact")) for who, words in TALK])
    done = bring(root, Source("mended.vtt", new), Source("copy.vtt", new), again="replace")
    ((file, replaced),) = done.replaced
    assert (file, len(replaced.notes.placed), len(replaced.notes.changed)) == (made.file, 2, 1)
    assert [arrival.name for arrival in done.skipped] == ["copy.vtt"]
    assert (root / "interviews/transcripts" / made.transcript).read_bytes() == new
    assert len(files(root)) == 2 and "Exact" in (root / made.file).read_text()


def test_what_takes_the_place_of_a_call_by_its_words_alone_is_confirmed_and_other_names_are_asked_about(root):
    (made,) = bring(root, Source("a.vtt", vtt()), customer="Acme", day="2026-11-17", speakers=SIDES).calls
    mended = look(
        root, "mended.vtt", vtt([(who, words.replace("Excel", "Exact")) for who, words in TALK]), again="replace"
    )
    assert not mended.asks and [(name, guess.value) for name, guess in mended.guesses] == [("again", "replace")]
    assert made.file in mended.guesses[0][1].why
    assert not settle(mended, confirm=True).guesses and not settle(mended, again="replace").guesses
    assert not look(root, "copy.vtt", again="replace").guesses, "the same bytes are the same call"
    other = vtt(renamed(Ana="Speaker 1", Jane="Speaker 2"))
    arrival = look(root, "other.vtt", other, again="replace")
    assert [ask.of for ask in arrival.asks] == ["Speaker 1", "Speaker 2"]
    with pytest.raises(InputError, match="Speaker 1"):
        bring_in(root, [settle(arrival, confirm=True)])
    bring_in(root, [settle(arrival, speakers={"Speaker 1": "us", "Speaker 2": "customer"}, confirm=True)])
    found, _ = read_call(root / made.file, root)
    assert found.us == "Speaker 1"
    transcript = open_transcript(root, found.transcript)
    assert {one.speaker for one in find_candidates(transcript, split_us(found.us))} == {"Speaker 2"}


@pytest.mark.parametrize(
    ("who", "theirs", "now"),
    [
        ("Jane Doe, ops lead; Tom Poe", "Jane D.", "Jane Doe, ops lead; Tom Poe; Jane D."),
        ("Jane Doe, ops lead", "Jane", "Jane Doe, ops lead"),
        ("Jane Doe, ops lead", "Speaker 2", "Jane Doe, ops lead"),
        ("", "Jane D.", "Jane D."),
    ],
)
def test_who_is_the_customers_in_another_version_is_listed_behind_those_who_stand_there(root, who, theirs, now):
    (made,) = bring(root, Source("a.vtt", vtt()), **SAID).calls
    path = root / made.file
    other = look(root, "b.vtt", vtt(renamed(Ana="Ana R.", Jane=theirs)), again="replace")
    answered = settle(other, speakers={"Ana R.": "us", theirs: "customer"}, confirm=True)
    # Written into the call since it was looked at.
    path.write_text(path.read_text().replace("who: Jane Doe", f"who: {who}" if who else "segment: retail"))
    bring_in(root, [answered])
    found, _ = read_call(path, root)
    assert (found.who, found.us) == (now, "Ana R.")
    transcript = open_transcript(root, found.transcript)
    placed = place_speakers([turn.called for turn in transcript.turns], split_us(found.us), listed_people(found.who))
    assert all(one.listed for one in placed.values()), "or the name could leave in a quote"


def test_who_is_named_as_the_customers_beside_another_version_is_listed(root):
    (made,) = bring(root, Source("a.vtt", vtt()), **SAID).calls
    new = vtt(renamed(Jane="J. Doe-Poe"))
    bring_in(root, [settle(look(root, "b.vtt", new, again="replace"), confirm=True)])
    assert read_call(root / made.file, root)[0].who == "Jane Doe", "nobody has said so"
    newer = vtt(renamed(Jane="J. Doe-Poe"), times=3)
    bring(root, Source("c.vtt", newer), again="replace", speakers={"J. Doe-Poe": "customer"})
    assert read_call(root / made.file, root)[0].who == "Jane Doe; J. Doe-Poe"


def test_a_run_that_was_stopped_between_transcript_and_call_is_finished_by_the_next(root, monkeypatch):
    def full(*_, **__):
        raise SaveError("Not saved: the disk is full.")

    monkeypatch.setattr(room, "create_call", full)
    done = bring(root, Source("a.vtt", vtt()), customer="Acme", day="2026-11-17", speakers=SIDES)
    assert [str(problem) for problem in done.failed] == ["a.vtt:1: Not saved: the disk is full.; bring it in again"]
    assert files(root) == ["interviews/transcripts/2026-11-17-acme.vtt"]
    monkeypatch.undo()
    (made,) = bring(root, Source("a.vtt", vtt()), customer="Bolt", day="2026-11-18", speakers=SIDES).calls
    assert made.transcript == "2026-11-17-acme.vtt" and len(files(root)) == 2


def test_what_a_killed_run_left_half_saved_is_no_transcript(root):
    (root / "interviews/transcripts").mkdir()
    (root / "interviews/transcripts/.workbench-0a-0b.tmp").write_bytes(vtt())
    (made,) = bring(root, Source("a.vtt", vtt()), customer="Acme", day="2026-11-17", speakers=SIDES).calls
    assert made.transcript == "2026-11-17-acme.vtt"


def test_a_file_that_changed_since_it_was_looked_at_is_not_brought_in(root, tmp_path):
    (tmp_path / "a.vtt").write_bytes(vtt())
    plan = plan_import(root, [tmp_path / "a.vtt"], customer="Acme", day="2026-11-17", speakers=SIDES)
    (tmp_path / "a.vtt").write_bytes(vtt(renamed(Jane="Bo")))
    done = bring_in(root, plan)
    assert [problem.what for problem in done.failed] == ["changed since it was looked at"] and files(root) == []


def test_what_was_kept_of_transcripts_to_know_them_by_is_made_anew_when_it_is_broken(root, monkeypatch):
    monkeypatch.setattr(room, "WORTH_KEEPING", 1)
    bring(root, Source("a.vtt", vtt()), customer="Acme", day="2026-11-17", speakers=SIDES)
    plan_import(root, [Source("a.txt", text())])
    kept = (root / room.SKETCHES).read_bytes()
    # A workspace that came from elsewhere does not say either which calls are in already.
    for content in (b"[1, 2", kept.partition(b"\n")[2], kept.replace(b"1", b"2")):
        (root / room.SKETCHES).write_bytes(content)
        (arrival,) = plan_import(root, [Source("a.txt", text())])
        assert arrival.twin.name == "interviews/2026-11-17-acme.md"
        assert (root / room.SKETCHES).read_bytes() == kept


# Many at once


def zipped(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def test_five_hundred_files_of_which_some_are_broken_in_each_known_way(root, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)  # a thousand waits for the disk prove nothing here
    calls = tmp_path / "calls"
    (calls / "deep").mkdir(parents=True)
    rng = random.Random(8)
    for n in range(480):
        words = [(who, f"{words} {' '.join(f'w{rng.randrange(9999)}' for _ in range(60))}") for who, words in TALK]
        (calls / "deep" / f"2026-10-{n % 28 + 1:02} Firm{n:03}.vtt").write_bytes(vtt(words))
    broken = {
        "empty.vtt": b"",
        "blank.txt": b" \n\n",
        "no-cues.vtt": b"WEBVTT\n\nNOTE nothing\n",
        "binary.vtt": bytes(range(256)) * 40,
        "cut.docx": b"PK\x03\x04\x14\x00" + b"x" * 100,
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "cut.json": b'{"turns": [{"speaker": "Ana"',
        "deep.json": b"[" * 100_000,
        "cut.zip": zipped(a="b")[:-20],
    }
    for name, data in broken.items():
        (calls / name).write_bytes(data)
    (calls / "recording.mp4").write_bytes(b"\0" * 1000)
    (calls / ".DS_Store").write_bytes(b"\0")
    plan = plan_import(root, [calls], speakers=SIDES)
    done = bring_in(root, [settle(arrival, confirm=True) for arrival in plan])
    assert len(done.calls) == 480 and not done.skipped
    assert {problem.file.rpartition("/")[2] for problem in done.failed} == set(broken)
    assert all(problem.line >= 1 and problem.what and problem.todo for problem in done.failed)
    assert [arrival.name.rpartition("/")[2] for arrival in plan if arrival.what == "other"] == ["recording.mp4"]
    # Nothing half-written: each call has its transcript, and nothing else lies there.
    written, problems = read_calls(root)
    assert len(written) == 480 and not problems
    assert {f"interviews/transcripts/{one.transcript}" for one in written} | {one.file for one in written} == set(
        files(root)
    )


def test_the_calls_of_a_zip_come_in_one_by_one_and_what_is_wrong_in_it_is_named(root):
    data = zipped(
        **{
            "a__2026-11-17 Acme.vtt": vtt(),
            "a__2026-11-18 Bolt.txt": text(renamed(Jane="Bo Li")) + b" Once more.",
            "x.bin": b"\0\1",
            "a__talk.mp4": b"\0",
        }
    )
    done = bring(root, Source("calls.zip", data), speakers=SIDES | {"Bo Li": "customer"}, again="new")
    assert [one.customer for one in done.calls] == ["Acme", "Bolt"]
    assert [problem.file for problem in done.failed] == ["calls.zip/x.bin"]


def test_several_calls_of_one_file_become_several_that_read_as_they_did_there(root):
    calls = [{"title": f"Call with {who} on 2026-11-{day}", "sentences": [{"speaker_name": w, "text": f"{t} {who}.", "start_time": n * 9.5}
              for n, (w, t) in enumerate(TALK)]} for who, day in (("Acme", 17), ("Bolt", 18))]  # fmt: skip
    source = Source("export.json", json.dumps(calls).encode())
    call(root, "2026-01-01-acme", "customer: Acme")
    call(root, "2026-01-01-bolt", "customer: Bolt")
    done = bring(root, source, speakers=SIDES, again="new")
    assert [(one.customer, str(one.date)) for one in done.calls] == [("Acme", "2026-11-17"), ("Bolt", "2026-11-18")]
    assert (root / "interviews/originals/export.json").read_bytes() == source.data
    _, there = read_source(source)
    for one, transcript in zip(done.calls, there, strict=True):
        kept = open_transcript(root, one.transcript)
        assert [(t.speaker, t.text, t.at) for t in kept.turns] == [(t.speaker, t.text, t.at) for t in transcript.turns]
        assert kept.title == transcript.title


def test_short_calls_of_one_file_are_known_again_by_their_bytes(root):
    said = {
        "Acme": ("Jane Doe", "The export breaks every Friday."),
        "Bolt": ("Kim Poe", "I cannot log in since Monday."),
    }
    sides = SIDES | {"Kim Poe": "customer"}
    calls = [{"title": f"Call with {who} on 2026-11-17", "sentences": [{"speaker_name": "Ana Ruiz", "text": "How is it?"},
              {"speaker_name": them, "text": words}]} for who, (them, words) in said.items()]  # fmt: skip
    call(root, "2026-01-01-acme", "customer: Acme")
    call(root, "2026-01-01-bolt", "customer: Bolt")
    assert len(bring(root, Source("export.json", json.dumps(calls).encode()), speakers=sides).calls) == 2
    before = files(root)
    calls[1]["sentences"][1]["text"] += " Again."
    done = bring(root, Source("later.json", json.dumps(calls).encode()), speakers=sides)
    assert [(one.twin.name, one.twin.why) for one in done.skipped] == [
        ("interviews/2026-11-17-acme.md", "the same file")]  # fmt: skip
    assert [one.customer for one in done.calls] == ["Bolt"]
    done = bring(root, Source("export.json", json.dumps(calls).encode()), speakers=sides)
    assert not done.calls and set(before) < set(files(root))


def test_a_folder_above_the_workspace_leaves_the_workspace_itself_out(root):
    call(root, "2026-11-01-acme", "customer: Acme")
    bring(root, Source("2026-11-17 Acme.vtt", vtt()), speakers=SIDES)
    (root / "interviews" / "loose.vtt").write_bytes(vtt(renamed(Jane="Bo")))
    assert [arrival.name.rpartition("/")[2] for arrival in plan_import(root, [root.parent])] == ["loose.vtt"]


def test_a_file_that_is_not_there_is_an_error(root):
    with pytest.raises(InputError, match=r"there is no nowhere\.vtt"):
        plan_import(root, ["nowhere.vtt"])


# Tables

SURVEY = (
    "Company,Created,Feedback,Plan,Score\nAcme,2026-11-17,The export loses my filters,Pro,3\n"
    "Bolt,2026-11-17,Nobody told us that the list is empty,Free,5\nAcme,2026-11-18,It took me two hours to find it,Pro,2\n"
)


def test_rows_of_a_table_become_calls_of_a_customer_and_day_and_the_table_stays_whole(root):
    done = bring(root, Source("survey.csv", SURVEY.encode()))
    assert [(one.customer, str(one.date), len(one.notes)) for one in done.calls] == [
        ("Acme", "2026-11-17", 1), ("Bolt", "2026-11-17", 1), ("Acme", "2026-11-18", 1)]  # fmt: skip
    assert {one.notes[0].kind for one in done.calls} == {"quote"}
    assert (root / "interviews/originals/survey.csv").read_text() == SURVEY


def test_a_table_that_is_stopped_in_the_middle_says_what_is_in_and_the_next_run_brings_the_rest(root, monkeypatch):
    plan = [settle(one, confirm=True) for one in plan_import(root, [Source("survey.csv", SURVEY.encode())])]
    told, write = [], room.create_call

    def full(*words, **fields):
        if fields["customer"] == "Bolt":
            raise SaveError("Not saved: the disk is full.")
        return write(*words, **fields)

    monkeypatch.setattr(room, "create_call", full)
    done = bring_in(root, plan, progress=lambda n, of: told.append((n, of)))
    assert [one.customer for one in done.calls] == ["Acme"] and len(done.failed) == 1
    assert told == [(1, 3), (3, 3)]
    monkeypatch.undo()
    done = bring(root, Source("survey.csv", SURVEY.encode()))
    assert sorted(one.customer for one in done.calls) == ["Acme", "Bolt"] and len(read_calls(root)[0]) == 3


def test_a_table_brought_in_again_brings_only_the_rows_that_are_new(root):
    bring(root, Source("survey.csv", SURVEY.encode()))
    (arrival,) = plan_import(root, [Source("again.csv", SURVEY.encode())])
    assert arrival.twin.why == "all its notes are in" and not arrival.comes_in
    done = bring(root, Source("survey.csv", f"{SURVEY}Acme,2026-11-18,And then it was gone,Pro,2\n".encode()))
    assert [[note.text for note in one.notes] for one in done.calls] == [["And then it was gone"]]


def test_how_far_it_is_counts_the_calls_that_are_made_and_nothing_else(root):
    bring(root, Source("survey.csv", SURVEY.encode()))
    more = Source("more.csv", f"{SURVEY}Cargo,2026-11-18,And then it was gone,Pro,2\n".encode())
    plan = [
        settle(one, confirm=True) for one in plan_import(root, [more, Source("r.mp4", b"\0"), Source("b.vtt", b"")])
    ]
    told = []
    done = bring_in(root, plan, progress=lambda n, of: told.append((n, of)))
    assert len(done.calls) == 1 and told[-1] == (1, 1) and {of for _, of in told} == {1}


def test_a_day_of_a_row_that_is_yet_to_come_is_not_replaced_in_silence(root):
    survey = SURVEY.replace("2026-11-18", "2036-11-18").replace("Bolt,2026-11-17", "Bolt,2036-11-19")
    (arrival,) = plan_import(root, [Source("survey.csv", survey.encode())], day="2026-11-16")
    assert arrival.asks == () and [str(one) for one in arrival.problems] == [
        "survey.csv:3: row 3 is of 2036-11-19, which is yet to come (and 1 more like it); "
        "its notes get the day that is said of the table, or none in a table of notes"
    ]
    done = bring_in(root, [settle(arrival, confirm=True)])
    assert sorted(str(one.date) for one in done.calls) == ["2026-11-16", "2026-11-16", "2026-11-17"]
    (arrival,) = plan_import(root, [Source("other.csv", SURVEY.encode())], day="2026-11-16")
    assert arrival.problems == ()


def test_a_column_that_is_not_plain_is_asked_and_a_row_without_a_day_too(root):
    unclear = SURVEY.replace("Plan", "Comment")
    (arrival,) = plan_import(root, [Source("survey.csv", unclear.encode())])
    assert [(ask.field, ask.of, ask.choices) for ask in arrival.asks] == [("column", "quote", ("Feedback", "Comment"))]
    arrival = settle(arrival, columns={"quote": "Feedback"}, confirm=True)
    assert arrival.asks == () and len(arrival.parts) == 3
    (arrival,) = plan_import(root, [Source("survey.csv", SURVEY.replace("2026-11-18", "").encode())])
    (ask,) = arrival.asks
    assert (ask.field, ask.words) == ("day", "On which day was it? Row 4 says no day in Created that can be read.")
    done = bring_in(root, [settle(arrival, day="2026-11-20", confirm=True)])
    assert {str(one.date) for one in done.calls} == {"2026-11-17", "2026-11-20"}


def test_the_customer_of_a_table_without_one_is_said_beside_it(root):
    table = "Created,Feedback\n2026-11-17,The export loses my filters\n"
    assert [ask.of for ask in look(root, "survey.csv", table.encode()).asks] == ["customer"]
    (made,) = bring(root, Source("survey.csv", table.encode()), customer="Acme").calls
    assert made.customer == "Acme"


# Themes that notes come in with


def project(text="The filters reset each time.\nExport breaks on Fridays.\n", code="Filters"):
    def gid(n):
        return f"{n}{n:07}-1111-1111-1111-111111111111"

    end = text.index("\n")
    return zipped(**{"project.qde": f"""<?xml version="1.0"?><Project xmlns="urn:QDA-XML:project:1.0" name="p"><CodeBook><Codes>
<Code guid="{gid(1)}" name="{code}" isCodable="true"/></Codes></CodeBook><Sources><TextSource guid="{gid(2)}" name="2026-11-17 Acme">
<PlainTextContent>{text}</PlainTextContent><PlainTextSelection guid="{gid(3)}" startPosition="0" endPosition="{end}"><Coding
guid="{gid(4)}"><CodeRef targetGUID="{gid(1)}"/></Coding></PlainTextSelection></TextSource></Sources></Project>"""})  # fmt: skip


def test_themes_that_a_killed_run_did_not_write_come_in_with_the_next_and_a_decision_since_then_stays(
    root, monkeypatch
):
    source = Source("p.qdpx", project())
    monkeypatch.setattr(room._Desk, "adopt_themes", lambda _: None)  # killed behind the last call
    bring(root, source, customer="Acme")
    monkeypatch.undo()
    assert len(read_calls(root)[0]) == 1 and not read_ledger(root).records
    done = bring(root, source, source, customer="Acme")
    assert not done.calls and done.themes == ("Filters",)
    (record,) = read_ledger(root).records
    assert (record.name, [ref.text for ref in record.notes]) == ("Filters", ["The filters reset each time."])
    append_records(root, undo(read_ledger(root), record.id, by="ana", date="2026-11-20"))
    before = read_ledger(root)
    assert not bring(root, source, customer="Acme").themes and read_ledger(root) == before


# A study as it is


@pytest.mark.skipif(not PDPILOT.is_dir(), reason="the studies are not on this machine")
def test_seven_interviews_of_a_study_come_in_by_one_command_in_either_form_and_only_once(root):
    from workbench.cli import main

    texts = sorted(map(str, PDPILOT.glob("*.txt")))
    assert (
        main(["import", *texts, "-w", str(root), "--date", "2022-05-10", "--consent", "quote", "--yes", "--keep", "20"])
        == 0
    )
    calls, problems = read_calls(root)
    assert [(one.customer, one.us, len(one.notes)) for one in calls] == [
        (f"P{n}", "Interviewer", 20) for n in range(1, 8)
    ]
    assert not problems
    before = files(root)
    assert main(["import", str(PDPILOT), "-w", str(root), "--date", "2022-05-10", "--yes"]) == 0
    assert files(root) == before


def test_the_mark_of_what_nobody_has_looked_over_is_no_tag_to_count(root):
    from workbench.evidence import measure_saturation
    from workbench.report.sampling import describe_heard_enough
    from workbench.study import read_study
    from workbench.themes import find_themes

    for n in range(4):
        talk = [(who, f"{words} {' '.join(f'w{n}{m}' for m in range(40))}") for who, words in TALK]
        bring(root, Source(f"2026-11-1{n} Firm {n}.vtt", vtt(talk)), speakers=SIDES, keep=2, again="new")
    study = read_study(root)
    themes = find_themes(study.notes)
    assert measure_saturation(themes, codes="tags").n_themes == 0
    assert describe_heard_enough(study, themes, [])["codes"] == "themes"


# Anything may stand in a name

HOSTILE = [
    json.loads(line)["payload"] for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()
]


def test_whatever_stands_in_names_headings_and_words_comes_in_and_reads_back(root):
    talk = [(name, f"{name} said that it took him two hours each week.") for name in HOSTILE]
    sources = [Source("calls.json", turns(talk, title=" ".join(HOSTILE)[:5000]))]
    sources += [Source(f"2026-11-17 {name}/a{n}.json", turns([("Host", "Well, how so?"), (name, f"It took {n} hours {name}.")]))
                for n, name in enumerate(HOSTILE)]  # fmt: skip
    plan = [settle(one, day="2026-11-17", customer=name.strip() or "x", confirm=True) for one, name in zip(
        plan_import(root, sources, again="new"), ["all", *HOSTILE], strict=True)]  # fmt: skip
    plan = [settle(one, speakers={ask.of: "customer" for ask in one.asks}) for one in plan]
    done = bring_in(root, plan, keep=5)
    assert not done.failed and len(done.calls) == len(plan)
    calls, _ = read_calls(root)
    assert len(calls) == len(plan) and all(open_transcript(root, one.transcript).turns for one in calls)
    assert {path.parent for path in root.rglob("*.*")} <= {root / "interviews", root / "interviews/transcripts", *(
        root.rglob("locks"))} | {root, root / ".workbench", root / "interviews/.workbench", root / "interviews/transcripts/.workbench"}  # fmt: skip


def test_a_file_whose_name_no_terminal_should_see_is_shown_without_what_harms(root, tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    for name in ("2026-11-17 \x1b[2JAcme.vtt", b"2026-11-18 B\xf6lt.vtt"):
        with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as file:
            file.write(vtt() if "Acme" in str(name) else vtt([(who, words[::-1]) for who, words in TALK]))
    plan = [settle(one, confirm=True) for one in plan_import(root, [folder], speakers=SIDES)]
    assert all(one.name.isprintable() for one in plan)
    assert [one.customer for one in bring_in(root, plan).calls] == ["2JAcme", "B\ufffdlt"]


def test_who_spoke_is_listed_once_the_customer_is_said_to_be_another():
    """Only a listed name is kept from leaving."""
    arrival = Arrival("a.vtt", what="transcript", speakers=(Speaker("Tom", 9), Speaker("Jane Doe", 99)))
    arrival = settle(arrival, customer="Jane Doe", speakers={"Tom": "us", "Jane Doe": "customer"})
    assert arrival.who.value == ""
    assert settle(arrival, customer="Acme").who.value == "Jane Doe"
    assert settle(settle(arrival, who="Jo, lead"), customer="Acme").who.value == "Jo, lead; Jane Doe"


def test_what_is_said_of_a_table_holds_for_the_rows_that_say_nothing_themselves(tmp_path):
    rows = "Company,Feedback,Date\nAcme,The export takes hours,2026-11-10\n,The search is slow,2026-11-11\nBolt,Filters reset,\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "rows.csv").write_text(rows)
    (tmp_path / "interviews").mkdir()
    (plan,) = plan_import(tmp_path, [tmp_path / "in" / "rows.csv"])
    assert [(ask.field, ask.words) for ask in plan.asks] == [
        ("day", "On which day was it? Row 4 says no day in Date that can be read."),
        ("customer", "Which customer was it? Row 3 says no customer."),
    ]
    bring_in(tmp_path, [settle(plan, day="2026-11-20", customer="Cargo", confirm=True)])
    calls, _ = read_calls(tmp_path)
    assert sorted((call.customer, str(call.date)) for call in calls) == [
        ("Acme", "2026-11-10"), ("Bolt", "2026-11-20"), ("Cargo", "2026-11-11"),
    ]  # fmt: skip


# One wrong digit, and the latest week of every page is one of years ahead.


def test_a_day_that_is_yet_to_come_is_asked_about_as_one_that_nothing_tells(root):
    arrival = look(root, "2036-11-17 Acme.vtt", speakers=SIDES)
    (ask,) = arrival.asks
    assert ask.field == "day" and "2036-11-17 (by the file's name) is yet to come" in ask.words
    with pytest.raises(InputError, match="2036-11-17 is yet to come"):
        settle(arrival, day="2036-11-17")
    with pytest.raises(InputError, match="2036-11-17 is yet to come"):
        plan_import(root, [], day="2036-11-17")
    (made,) = bring_in(root, [settle(arrival, day="2026-11-17", confirm=True)]).calls
    assert files(root) == ["interviews/2026-11-17-acme.md", "interviews/transcripts/2026-11-17-acme.vtt"]
    assert str(made.date) == "2026-11-17"


def test_rows_of_a_day_that_is_yet_to_come_get_the_one_that_is_said_and_the_others_keep_theirs(root):
    arrival = look(root, "survey.csv", SURVEY.replace("2026-11-18", "2036-11-18").encode())
    (ask,) = arrival.asks
    assert ask.field == "day" and "says 2036-11-18, which is yet to come" in ask.words
    done = bring_in(root, [settle(arrival, day="2026-11-19", confirm=True)])
    days = {str(call.date) for call in done.calls}
    assert "2026-11-19" in days and "2026-11-17" in days and not any(day.startswith("2036") for day in days)


def test_a_day_that_has_come_is_not_asked_about(root):
    assert look(root, "survey.csv", SURVEY.encode()).asks == ()


# A customer's name that looks like a known one


def test_a_name_that_looks_like_a_known_one_is_asked_about_and_a_yes_writes_the_known_one(root):
    call(root, "2026-11-01-acme", "customer: Acme Freight")
    call(root, "2026-11-02-acme", "customer: acme freight")
    arrival = look(root, "a.vtt", customer="Acme Freight Inc.", day="2026-11-17", speakers=SIDES)
    (ask,) = arrival.asks
    assert ask.words == "Is “Acme Freight Inc.” the same customer as “Acme Freight” (2 calls)?"
    assert (ask.field, ask.of, ask.choices) == ("same", "Acme Freight Inc.", ("yes", "no"))
    for answer, name in (("yes", "Acme Freight"), ("no", "Acme Freight Inc."), ("Acme Freight", "Acme Freight")):
        settled = settle(arrival, same={ask.of: answer})
        assert (settled.asks, settled.customer.value) == ((), name)
    with pytest.raises(InputError, match="Bolt"):
        settle(arrival, same={ask.of: "Bolt"})
    (made,) = bring_in(root, [settle(arrival, same={ask.of: "yes"}, confirm=True)]).calls
    assert (made.customer, made.file) == ("Acme Freight", "interviews/2026-11-17-acme-freight.md")


def test_what_differs_in_capitals_only_counts_as_one_already_and_is_written_as_before(root):
    call(root, "2026-11-01-acme", "customer: Acme Freight")
    arrival = look(root, "a.vtt", customer="ACME  freight", day="2026-11-17", speakers=SIDES)
    assert (arrival.customer.value, arrival.asks) == ("Acme Freight", ())
    assert settle(arrival, customer="acme freight").customer.value == "Acme Freight"


def test_names_that_look_like_several_and_numbers_that_are_other_ones(root):
    for name in ("Acme", "Acme Freight", "Site 12"):
        call(root, f"2026-11-01-{name.lower().replace(' ', '-')}", f"customer: {name}")
    (ask,) = look(root, "a.vtt", customer="Acme Freight Ltd", day="2026-11-17", speakers=SIDES).asks
    assert ask.choices == ("Acme", "Acme Freight", "no") and "“Acme” (1 call) or “Acme Freight” (1 call)" in ask.words
    assert look(root, "a.vtt", customer="Site 1", day="2026-11-17", speakers=SIDES).asks == ()


def test_a_customer_typed_as_an_answer_and_one_of_the_registry_are_asked_about_too(root):
    (root / "discovery").mkdir()
    (root / "discovery/customers.yaml").write_text("customers:\n  Bolt Logistics:\n    aliases: [BL]\n")
    arrival = look(root, "rec.vtt", day="2026-11-17", speakers=SIDES)
    assert settle(arrival, customer="BL").asks == ()
    (ask,) = settle(arrival, customer="Bolt Logistic").asks
    assert "“Bolt Logistics” (in the registry)" in ask.words


def test_each_customer_of_a_table_that_looks_like_a_known_one_is_asked_about(root):
    call(root, "2026-11-01-acme", "customer: Acme Freight")
    rows = (
        b"Company,Created,Feedback\nAcme Freight GmbH,2026-11-17,The export breaks\nBolt,2026-11-17,The filters reset\n"
    )
    arrival = look(root, "s.csv", rows)
    (ask,) = arrival.asks
    assert (ask.field, ask.of) == ("same", "Acme Freight GmbH")
    done = bring_in(root, [settle(arrival, same={ask.of: "yes"}, confirm=True)])
    assert sorted(made.customer for made in done.calls) == ["Acme Freight", "Bolt"]
    assert len(bring_in(root, plan_import(root, [Source("s.csv", rows)], same={ask.of: "Acme Freight"})).calls) == 0


def test_an_answer_beside_the_files_that_names_no_known_customer_is_an_error(root):
    with pytest.raises(InputError, match="“Bolt” is no customer that is known"):
        plan_import(root, [], same={"Acme Inc.": "Bolt"})


# What customers agreed to


PAGE = "<html><table><tr><th>Company</th><td>Acme</td></tr><tr><th>Consent</th><td>{}</td></tr><tr><th>Date</th><td>2026-11-17</td></tr></table><p>It broke twice.</p></html>"  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "said", "holds"),
    [
        ("none", "named", "none"),
        ("no", "quote", "none"),
        ("whatever", "named", "aggregate"),
        ("named", "quote", "quote"),
        ("quote", "quote", "quote"),
    ],
)
def test_of_consent_that_is_said_beside_a_file_and_in_it_the_stricter_holds(root, stated, said, holds):
    done = bring(root, Source("acme.html", PAGE.format(stated).encode()), consent=said)
    assert [one.consent for one in done.calls] == [holds]
    told = [problem.what for problem in done.problems if "consent" in problem.what]
    assert told == ([] if holds == said else [f"the file states consent {holds}, you said {said}"])


@pytest.mark.parametrize(("said", "holds"), [("none", ["none", "none"]), ("quote", ["none", "quote"])])
def test_of_consent_that_is_said_of_a_table_and_in_its_rows_the_stricter_holds(root, said, holds):
    rows = b"Date,Account,Feedback,Consent\n2026-11-17,Acme,It is slow,none\n2026-11-17,Bolt,It is fast,named\n"
    assert [one.consent for one in bring(root, Source("a.csv", rows), consent=said).calls] == holds


def test_an_answer_on_consent_is_written_into_calls_of_those_customers_that_say_nothing_themselves(root):
    rows = b"Company,Created,Feedback,Consent\nAcme,2026-11-17,The export breaks,\nBolt,2026-11-17,Slow,\nCargo,2026-11-17,Late,none\n"
    plan = [look(root, "s.csv", rows), look(root, "2026-11-17 Acme.vtt", speakers=SIDES)]
    plan = [settle(arrival, confirm=True) for arrival in plan]
    assert [arrival.without_consent for arrival in plan] == [("Acme", "Bolt"), ("Acme",)]
    done = bring_in(root, [agree(arrival, "quote", ["ACME"]) for arrival in plan])
    assert sorted((made.customer, made.consent) for made in done.calls) == [
        ("Acme", "quote"), ("Acme", "quote"), ("Bolt", ""), ("Cargo", "none"),
    ]  # fmt: skip


# Mail


def mail(*writers, owner="", subject="Re: Month-end"):
    """Messages, each answered by the one behind it."""
    made = []
    for n, (who, words) in enumerate(writers):
        made.append(EmailMessage())
        made[-1]["From"], made[-1]["Subject"], made[-1]["Date"] = who, subject, f"Tue, 17 Nov 2026 1{n}:02:00 +0000"
        made[-1]["Message-ID"] = f"<{n}@mail.example>"
        if n:
            made[-1]["In-Reply-To"] = f"<{n - 1}@mail.example>"
        if owner:
            made[-1]["Delivered-To"] = owner
        made[-1].set_content(words)
    return b"".join(b"From x Tue Nov 17 16:02:00 2026\n" + bytes(one) + b"\n" for one in made)


ANA, JANE = "Ana Ruiz <ana@us.example>", "Jane Doe <jane@mail.acme-freight.co.uk>"
ASKED, ANSWERED = (ANA, "How do you do it?"), (JANE, "I export it and redo the totals by hand.")


def test_of_mail_the_customer_is_guessed_from_who_writes_and_not_from_the_files_name(root):
    arrival = look(root, "Re_ Budget.eml", mail(ASKED, ANSWERED, owner="ana@us.example"))
    assert (arrival.customer.value, arrival.customer.sure) == ("Acme Freight", False)
    assert "jane@mail.acme-freight.co.uk" in arrival.customer.why
    assert (arrival.us, arrival.asks) == (("Ana Ruiz",), ())
    assert dict(arrival.guesses)["Ana Ruiz"].why == "it is their mailbox"


def test_who_is_one_of_us_tells_whose_mail_it_is_and_nobody_of_us_is_the_customer(root):
    arrival = look(root, "a.eml", mail(ASKED, ANSWERED, ("Tom Poe <tom@us.example>", "And then?")))
    assert [ask.field for ask in arrival.asks] == ["speaker"] * 3 + ["customer"]
    assert arrival.asks[-1].choices == ("Acme Freight", "Us")
    arrival = settle(arrival, speakers={"Ana Ruiz": "us"})
    assert (arrival.asks, arrival.customer.value, arrival.us) == ((), "Acme Freight", ("Ana Ruiz", "Tom Poe"))
    call(root, "2026-11-01-bolt", "customer: Bolt\nus: Ana Ruiz")
    assert look(root, "a.eml", mail(ASKED, ANSWERED)).customer.value == "Acme Freight"
    assert look(root, "a.eml", mail(ASKED, ANSWERED), customer="Acme").customer.value == "Acme"


@pytest.mark.parametrize(
    ("registry", "address"),
    [
        ("  Acme Freight: {}", "jane@acme-freight.example"),
        ("  Acme Freight: {}", "jane@mail.acmefreight.co.uk"),
        ("  Acme Freight: {}", "jane@acmefreightltd.example"),
        ("  Acme Freight:\n    aliases: [af.example]", "jane@af.example"),
        ("  Acme Freight:\n    aliases: ['@af.example']", "jane@af.example"),
        ("  Acme Freight:\n    aliases: [jane.doe@gmail.com]", "jane.doe@gmail.com"),
    ],
)
def test_an_address_that_the_registry_lists_or_that_has_a_customers_name_is_theirs(root, registry, address):
    (root / "discovery").mkdir()
    (root / "discovery/customers.yaml").write_text(f"customers:\n{registry}\n")
    arrival = look(root, "a.eml", mail(ASKED, (f"Jane Doe <{address}>", "By hand.")), speakers={"Ana Ruiz": "us"})
    assert (arrival.customer.value, arrival.customer.why) == ("Acme Freight", f"Jane Doe writes from {address}")


@pytest.mark.parametrize("domain", ["harborandsons", "harborsons", "harbor-and-sons", "harbor-sons", "harborsonsinc"])
@pytest.mark.parametrize("name", ["Harbor & Sons", "Harbor and Sons Ltd", "Harbor&Sons"])
def test_an_address_writes_and_blanks_and_the_form_of_company_in_its_own_way(root, name, domain):
    call(root, "2026-11-01-harbor", f"customer: {name}")
    talk = mail(ASKED, (f"Jane Doe <jane@{domain}.example>", "By hand."))
    assert look(root, "a.eml", talk, speakers={"Ana Ruiz": "us"}).customer.value == name


def test_a_firm_by_its_address_and_by_its_name_are_asked_about_where_both_are_new(root):
    talk = mail(ASKED, ("Jane Doe <jane@harborandsons.example>", "By hand."))
    rows = b"Company,Created,Feedback\nHarbor & Sons,2026-11-17,The export breaks\n"
    plan = [look(root, "a.eml", talk, speakers={"Ana Ruiz": "us"}), look(root, "s.csv", rows)]
    assert alike(plan) == [("Harbor & Sons", "Harborandsons")]


def test_an_address_that_anybody_can_have_is_no_firms_and_then_it_is_who_writes(root):
    kim = ("Kim Poe <kim@gmail.com>", "By hand.")
    arrival = look(root, "a.eml", mail(ASKED, kim), speakers={"Ana Ruiz": "us"})
    assert (arrival.customer.value, arrival.customer.sure) == ("Kim Poe", False)
    arrival = look(root, "a.eml", mail(("ana@gmail.com", "How?"), kim, owner="ana@gmail.com"))
    assert (arrival.customer.value, arrival.us) == ("Kim Poe", ("ana@gmail.com",))
    nameless = look(root, "a.eml", mail(ASKED, ("kim@gmail.com", "By hand.")), speakers={"Ana Ruiz": "us"})
    assert [ask.field for ask in nameless.asks] == ["customer"]


def test_once_one_side_is_said_the_one_who_is_left_is_the_other_and_that_is_a_guess(root):
    arrival = look(root, "2026-11-17 Acme.vtt")
    assert [ask.of for ask in arrival.asks] == ["Ana Ruiz", "Jane Doe"]
    arrival = settle(arrival, speakers={"Ana Ruiz": "us"})
    assert arrival.asks == () and dict(arrival.guesses)["Jane Doe"].why == "all others are of you"
    assert arrival.who.value == "Jane Doe" and not arrival.who.sure


KAPPA = renamed(Ana="Speaker 1", Jane="Speaker 2")
LAMBDA = [
    ("Speaker 1", "Every Monday we lose an hour because the import breaks and nobody sees why it did that."),
    ("Speaker 2", "We have seen customers lose two hours a week on that, it takes too long. What do you do then?"),
    ("Speaker 1", "I call support and wait for days until somebody answers me."),
]


@pytest.mark.parametrize("label", ["Speaker 1", "SPEAKER_01", "Speaker A", "Unknown speaker", "A", "Participant 1"])
def test_a_label_that_is_no_name_is_somebody_else_in_each_file(root, label):
    """What one of us says in the next call was a customer's quote."""
    call(root, "2026-11-01-kappa", f"customer: Kappa\nus: {label}")
    call(root, "2026-11-02-mu", f"customer: Mu\nwho: {label},\nus: Speaker 2")
    arrival = look(
        root, "2026-11-20 lambda.vtt", vtt([(who.replace("Speaker 1", label), words) for who, words in LAMBDA])
    )
    whys = " ".join([arrival.customer.why, *(one.why for one in arrival.speakers)])
    assert not {"2026-11-01-kappa", "2026-11-02-mu", "Mu"} & set(re.findall(r"[\w-]+", whys))
    assert arrival.customer.value == "lambda" and arrival.speakers[0].side in ("", "customer")


def test_what_those_who_ask_are_called_means_the_same_in_every_file(root):
    call(root, "2026-11-01-kappa", "customer: Kappa\nus: Interviewer")
    assert look(root, "2026-11-20 Mu.vtt", vtt(renamed(Ana="Interviewer"))).us == ("Interviewer",)


def test_a_label_that_is_said_of_several_files_at_once_is_asked_in_each_and_of_one_it_holds(root):
    kappa, mu = (Source("2026-11-20 Kappa.vtt", vtt(KAPPA)), Source("2026-11-20 Lambda.vtt", vtt(LAMBDA)))
    said = {"speakers": {"Speaker 1": "us", "Ana Ruiz": "us"}}
    (alone,) = plan_import(root, [kappa], **said)
    assert (alone.us, alone.asks, alone.problems) == (("Speaker 1",), (), ())
    others = [
        ("Ana Ruiz", "What did you do on Monday?"),
        ("Speaker 3", "Planned the week, and then threw the plan away."),
    ]
    third = Source("2026-11-21 Mu.vtt", vtt(others))
    plan = plan_import(root, [kappa, mu, third], **said)
    assert [[ask.of for ask in arrival.asks] for arrival in plan] == [["Speaker 1", "Speaker 2"]] * 2 + [[]]
    assert "“Speaker 1” speaks in 2 of these calls" in plan[1].problems[0].what
    assert plan[2].us == ("Ana Ruiz",), "a name holds for all of them"
    assert bring_in(root, [settle(plan[0], speakers={"Speaker 1": "us"}, confirm=True)]).calls[0].us == "Speaker 1"
    guests = [Source(f"{n} {one.name}", one.data.replace(b"Speaker 1", b"Guest")) for n, one in enumerate((kappa, mu))]
    plan = plan_import(root, guests, speakers={"Guest": "customer"})
    assert all(one.sure for arrival in plan for one in arrival.speakers if one.name == "Guest")


def test_a_side_that_is_put_right_leaves_no_guess_that_rested_on_it(root):
    arrival = settle(look(root, "2026-11-17 Acme.vtt"), speakers={"Ana Ruiz": "us"})
    arrival = settle(arrival, speakers={"Ana Ruiz": "customer"})
    jane = dict(arrival.guesses)["Jane Doe"]
    assert (jane.value, jane.why) == ("us", "all others are the customer's")
    talk = [*TALK, ("Tom Poe", "Finance sees all of these numbers, too.")]
    arrival = settle(look(root, "2026-11-17 Acme.vtt", vtt(talk)), speakers={"Ana Ruiz": "us", "Tom Poe": "us"})
    assert dict(arrival.guesses)["Jane Doe"].value == "customer"
    arrival = settle(arrival, speakers={"Tom Poe": "customer"})
    assert [(ask.field, ask.of) for ask in arrival.asks] == [("speaker", "Jane Doe")]


def test_in_mail_a_side_that_is_put_right_takes_colleagues_and_customer_along(root):
    tom = ("Tom Poe <tom@us.example>", "And then?")
    arrival = settle(look(root, "a.eml", mail(ASKED, ANSWERED, tom)), speakers={"Ana Ruiz": "us"})
    assert (arrival.us, arrival.customer.value) == (("Ana Ruiz", "Tom Poe"), "Acme Freight")
    arrival = settle(arrival, speakers={"Ana Ruiz": "customer", "Jane Doe": "us"})
    assert (arrival.us, arrival.customer.value) == (("Jane Doe",), "Us")
    owned = settle(
        look(root, "a.eml", mail(ASKED, ANSWERED, owner="ana@us.example")), speakers={"Jane Doe": "customer"}
    )
    assert owned.us == ("Ana Ruiz",) and owned.speakers[0].why == "it is their mailbox"


NOTE = b"""---
date: 2026-11-21
participants: ["[[Kari Moe]]", "[[Ana Ruiz]]"]
---
# Moe
- The export breaks each Friday
- She redoes all the totals by hand
"""


def test_who_is_known_as_one_of_us_is_left_out_of_the_people_a_note_lists(root):
    note = Source("Moe/n.md", NOTE)
    (alone,) = plan_import(root, [note], customer="Moe")
    assert alone.who.value == "Kari Moe; Ana Ruiz"
    # Together with a call in which it is said.
    plan = plan_import(root, [note, Source("2026-11-17 Acme.vtt", vtt())], speakers=SIDES)
    plan = [settle(arrival, customer="Moe" if arrival.what == "notes" else "Acme", confirm=True) for arrival in plan]
    assert [one.who for one in bring_in(root, plan).calls] == ["Kari Moe", "Jane Doe"]
    # After it.
    assert look(root, "Bo/o.md", NOTE.replace(b"Kari Moe", b"Bo Lie")).who.value == "Bo Lie"
    said = look(root, "p.md", NOTE.replace(b"21", b"22"), who="Ana Ruiz, buyer", customer="Moe")
    (made,) = bring_in(root, [settle(said, confirm=True)]).calls
    assert made.who == "Ana Ruiz, buyer", "what somebody says holds"
    only = look(root, "q.md", NOTE.replace(b"21", b"23").replace(b'"[[Kari Moe]]", ', b""), customer="Moe")
    assert bring_in(root, [settle(only, confirm=True)]).calls[0].who == ""


def test_a_first_name_alone_may_be_anybodys_and_stays_among_the_people(root):
    call(root, "2026-11-01-bolt", "customer: Bolt\nus: Ana")
    note = look(root, "n.md", NOTE.replace(b"Ana Ruiz", b"Ana"), customer="Moe")
    assert bring_in(root, [settle(note, confirm=True)]).calls[0].who == "Kari Moe; Ana"


def test_of_rows_too(root):
    bring(root, Source("2026-11-17 Acme.vtt", vtt()), speakers=SIDES)
    rows = b"Company,Created,Who,Feedback\nBolt,2026-11-17,Kari Moe; Ana Ruiz,The export breaks\n"
    plan = [settle(one, confirm=True) for one in plan_import(root, [Source("s.csv", rows)], columns={"who": "Who"})]
    assert bring_in(root, plan).calls[0].who == "Kari Moe"


def test_names_that_differ_in_capitals_only_are_one_customer_and_not_asked_about(root):
    names = ("Bolt Logistics", "Bolt logistics", "Bolt Logistics Ltd")
    plan = [settle(Arrival(f"{name}.vtt", what="transcript"), customer=name) for name in names]
    assert alike(plan[:2]) == []
    assert alike(plan) == [("Bolt Logistics", "Bolt Logistics Ltd"), ("Bolt Logistics Ltd", "Bolt logistics")]


# A table that is kept whole


def tickets(n, header="Company,Created,Feedback", day="2026-11-{:02}"):
    rows = (f"Firm {k % 700},{day.format(1 + k % 20)},The export stops at row {k}\n" for k in range(n))
    return f"{header}\n{''.join(rows)}".encode()


def test_of_a_large_table_it_is_asked_how_it_is_kept_and_which_column_is_what_is_shown(root):
    (arrival,) = plan_import(root, [Source("Tickets (final).csv", tickets(5001))])
    (ask,) = arrival.asks
    assert (ask.field, ask.choices) == ("kept_as", ("table", "calls"))
    assert "5,001 rows" in ask.words and "(quote is Feedback, customer is Company, date is Created)" in ask.words
    assert not settle(arrival, kept_as="calls", confirm=True).asks
    kept = settle(arrival, kept_as="table", confirm=True)
    assert not kept.asks and count_calls(root, [kept]) == [0]
    done = bring_in(root, [kept])
    assert done.tables == (("interviews/tickets-final.csv", 5001),) and not done.calls
    assert files(root) == ["interviews/tickets-final.csv"], "it reads so by itself, and is copied as it is"
    assert (root / "interviews/tickets-final.csv").read_bytes() == tickets(5001)
    notes = read_notes(root)
    assert len(notes) == 5001 and notes["customer"].nunique() == 700 and set(notes["kind"]) == {"quote"}
    assert plan_import(root, [Source("again.csv", tickets(5001))])[0].twin.name == "interviews/tickets-final.csv"


def test_a_table_whose_columns_had_to_be_said_is_written_anew_with_the_file_beside_it(root):
    rows = "Account;Opened;Text A;Mood;Plan;Labels\nAcme;11/10/2026;It is slow;bad;pro;Speed, UI\nBolt;13/12/2025;Fast;good;;\n;12/12/2025;Odd;;;\n"
    said = {"columns": {"quote": "Text A", "customer": "Account", "date": "Opened", "days": "day first"}}
    done = bring(
        root,
        Source("t.csv", rows.encode()),
        kept_as="table",
        customer="Cargo",
        consent="quote",
        day="2026-01-02",
        **said,
    )
    assert done.tables == (("interviews/t.csv", 3),) and not done.failed
    assert (root / "interviews/t.csv").read_text().splitlines() == [
        "customer,date,text,kind,segment,consent,who,tags",
        "Acme,2026-10-11,It is slow,quote,pro,quote,,speed; ui",
        "Bolt,2025-12-13,Fast,quote,,quote,,",
        "Cargo,2025-12-12,Odd,quote,,quote,,",
    ]
    assert (root / "interviews/originals/t.csv").read_bytes() == rows.encode()
    assert plan_import(root, [Source("t.csv", rows.encode())])[0].twin.name == "interviews/t.csv"
    before = files(root)
    assert not bring(root, Source("t.csv", rows.encode()), kept_as="table").tables and files(root) == before


def test_more_rows_than_are_read_are_kept_as_they_stand_and_nothing_is_cut(root, monkeypatch):
    monkeypatch.setattr("workbench.importers.table.MOST_ROWS", 50)
    monkeypatch.setattr("workbench.arrivals.MANY_ROWS", 20)
    (arrival,) = plan_import(root, [Source("t.csv", tickets(120))])
    assert arrival.is_cut and arrival.asks[0].words.startswith("It has more rows than are read at once")
    assert bring(root, Source("t.csv", tickets(120)), kept_as="table").tables == (("interviews/t.csv", 120),)
    (arrival,) = plan_import(
        root,
        [Source("v.csv", b"customer,date,text\n,2026-11-17,Nobody\n" + tickets(120).split(b"\n", 1)[1])],
        kept_as="table",
    )
    assert not arrival.asks, "a row without a customer is left out, since nothing can be said beside such a file"


def spreadsheet(rows):
    book = openpyxl.Workbook()
    for row in rows.decode().splitlines():
        book.active.append(row.split(","))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_table_of_which_something_was_said_is_kept_with_all_of_its_rows_however_many(ending, root, monkeypatch):
    monkeypatch.setattr("workbench.importers.table.MOST_ROWS", 50)
    rows = tickets(120, "Company,Created,Words") + b"Zed,2026-11-08,n/a\n,2026-11-08,Whose is it\nZed,2026-11-08,Last\n"
    file = Source(f"u{ending}", rows if ending == ".csv" else spreadsheet(rows))
    (arrival,) = plan_import(root, [file], kept_as="table", columns={"quote": "Words"})
    assert arrival.is_cut and arrival.says == "more than 49 rows" and not arrival.asks
    arrival = agree(settle(arrival, confirm=True), "none", ["Firm 1"])
    done = bring_in(root, [arrival])
    assert done.tables == (("interviews/u.csv", 121),)
    assert [str(one) for one in done.problems] == [
        f"u{ending}:122: one answer, in row 122, is only “n/a”, which says nothing; it gives no note"
    ]
    notes = read_notes(root, problems=[])
    assert "Last" in set(notes["text"]) and len(notes) == 121
    assert set(notes.loc[notes["customer"] == "Firm 1", "consent"]) == {"none"}
    assert (root / f"interviews/originals/u{ending}").read_bytes() == file.data


def test_what_customers_agreed_to_is_written_into_a_table_of_more_rows_than_are_read(root, monkeypatch):
    monkeypatch.setattr("workbench.importers.table.MOST_ROWS", 50)
    (arrival,) = plan_import(root, [Source("t.csv", tickets(120))], kept_as="table")
    bring_in(root, [agree(settle(arrival, confirm=True), "none", ["Firm 1"])])
    notes = read_notes(root, problems=[])
    assert set(notes.loc[notes["customer"] == "Firm 1", "consent"]) == {"none"} and len(notes) == 120


def test_json_lines_and_parquet_of_tickets_come_in_as_they_are(root):
    rows = b'{"customer": "Acme", "date": "2026-11-17", "text": "Slow"}\n{"customer": "Bolt", "date": "2026-11-17", "text": "Fast"}\n'
    assert bring(root, Source("t.jsonl", rows)).tables == (("interviews/t.jsonl", 2),)
    (refused,) = plan_import(root, [Source("u.jsonl", rows + rows)], customer="Cargo")
    assert refused.what == "unreadable" and "nothing can be written" in refused.problems[0].what


def test_a_run_that_was_killed_behind_a_table_does_not_write_it_twice(root, monkeypatch):
    rows = "Account,Opened,Mood\nAcme,2026-12-11,It is slow today\n"
    said = {"kept_as": "table", "columns": {"quote": "Mood", "customer": "Account", "date": "Opened"}}
    monkeypatch.setattr(room, "note_imported", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        bring(root, Source("t.csv", rows.encode()), **said)
    monkeypatch.undo()
    bring(root, Source("t.csv", rows.encode()), **said)
    assert [file for file in files(root) if "originals" not in file] == ["interviews/t.csv"]


def test_of_a_newer_export_only_the_rows_come_in_that_are_not_in_yet(root):
    bring(root, Source("tickets.csv", tickets(300)), kept_as="table")
    newer = tickets(300) + b"firm 7,2026-11-21,A new row\nFirm 7,2026-11-08,The export stops at row 7\nFirm 8,,No day\n"
    (arrival,) = plan_import(root, [Source("tickets.csv", newer)], kept_as="table")
    done = bring_in(root, [settle(arrival, confirm=True)])
    assert done.known == (("tickets.csv", 300),)
    assert done.tables == (("interviews/tickets-2.csv", 3),)
    assert (root / "interviews/tickets-2.csv").read_text().splitlines() == [
        "customer,date,text,kind,segment,consent,who,tags",
        "firm 7,2026-11-21,A new row,quote,,,,",
        "Firm 7,2026-11-08,The export stops at row 7,quote,,,,",
        "Firm 8,,No day,quote,,,,",
    ], "a row that stands twice where it stood once is new once"
    assert (root / "interviews/originals/tickets.csv").read_bytes() == newer, "whole, beside it"
    assert len(read_notes(root, problems=[])) == 303
    assert plan_import(root, [Source("again.csv", newer)])[0].twin.name == "interviews/tickets-2.csv"
    before = files(root)
    shorter = Source("part.csv", tickets(100) + b"Firm 8,,No day\n")
    done = bring(root, shorter, kept_as="table")
    assert not done.tables and [(one.name, one.twin.why) for one in done.skipped] == [
        ("part.csv", "all its notes are in")
    ]
    assert files(root) == before
    assert bring(root, shorter, kept_as="table", again="new").tables == (("interviews/part.csv", 101),), (
        "asked for again"
    )


LONG = "The report needs a second click when I do it in the morning and again when I do case 5 with"
CHANGED = "both count; if it is the same, take this older one out"


@pytest.mark.parametrize(
    ("kept_as", "file", "line"), [("table", "interviews/t.csv", 3), ("calls", "interviews/2026-11-02-firm-1.md", 5)]
)
def test_a_row_that_was_changed_since_is_named_with_the_older_one(kept_as, file, line, root):
    bring(root, Source("t.csv", tickets(3)), kept_as=kept_as)
    later = (
        tickets(3).replace(b"at row 1", b"at the very row 1")
        + b"Firm 0,2026-11-01,The import is slow\nFirm 9,2026-11-02,The export stops at row 2\n"
    )
    done = bring(root, Source("t.csv", later), kept_as=kept_as)
    assert [str(one) for one in done.problems] == [
        f"{file}:{line}: “The export stops at row 1” may be what t.csv has as “The export stops at the very row 1”; {CHANGED}"
    ]
    assert len(read_notes(root, problems=[])) == 6


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        (f"{LONG}, the totals are wrong", f"{LONG}, the names are wrong", ("… case 5 with, the totals are wrong", "… case 5 with, the names are wrong")),
        (f"Today: {LONG}", f"Now: {LONG}", (f"Today: {LONG[:52].rstrip()}…", f"Now: {LONG[:54]}…")),
        ("あ" * 80 + "い", "あ" * 80 + "う", ("… " + "あ" * 15 + "い", "… " + "あ" * 15 + "う")),
    ],
)  # fmt: skip
def test_a_changed_row_is_shown_from_where_it_differs(root, before, now, shown):
    header = "Company,Created,Feedback\nBolt,2026-11-02,Fast\nAcme,2026-11-02,"
    for words in (before, now):
        done = bring(root, Source("t.csv", f'{header}"{words}"\n'.encode()), kept_as="table")
    (problem,) = done.problems
    assert problem.what == f"“{shown[0]}” may be what t.csv has as “{shown[1]}”"


def test_of_very_many_changed_rows_the_first_are_named_and_the_rest_counted(root):
    rows = "".join(f"Firm {k},2026-11-02,The export of list {k} stops\n" for k in range(30))
    header = "Company,Created,Feedback\nBolt,2026-11-02,Fast\n"
    bring(root, Source("t.csv", (header + rows).encode()), kept_as="table")
    done = bring(root, Source("t.csv", (header + rows.replace("stops", "stops each day")).encode()), kept_as="table")
    assert len(done.problems) == 21
    assert done.problems[-1].what.startswith("10 more rows may be changed in t.csv, in lines 23, 24")


def test_of_rows_that_become_calls_it_is_said_how_many_are_in_already(root):
    header = "Company,Date,What is slow?,What is missing?\n"
    rows = [
        "Acme,2026-11-16,It takes me two hours,There is no way to undo it\n",
        "Bolt,2026-11-16,The totals never add up,A saved filter for each team\n",
        "Acme,2026-11-17,It still takes me two hours,There is no way to go back\n",
    ]

    def brought(name, *rows):
        plan = plan_import(root, [Source(name, (header + "".join(rows)).encode())])
        return bring_in(root, [settle(one, confirm=True) for one in plan])

    assert brought("a.csv", *rows[:2]).known == ()
    done = brought("b.csv", *rows)
    assert done.known == (("b.csv", 2),) and len(done.calls) == 1
    done = brought("c.csv", *rows)
    assert done.known == () and [one.name for one in done.skipped] == ["c.csv"]
    # A row of which one answer is new is not left out.
    done = brought("d.csv", rows[0].replace("There is", "I see"), rows[1])
    assert done.known == (("d.csv", 1),) and [note.text for one in done.calls for note in one.notes] == [
        "I see no way to undo it"
    ]


def test_a_newer_export_of_a_few_rows_becomes_a_table_where_the_earlier_one_is_one(root):
    bring(root, Source("t.csv", tickets(30)), kept_as="table")
    (arrival,) = plan_import(root, [Source("t (1).csv", tickets(33))])
    assert (arrival.kept_as, arrival.like) == ("table", "interviews/t.csv")
    assert bring(root, Source("t (1).csv", tickets(33))).tables == (("interviews/t-1.csv", 3),)
    (arrival,) = plan_import(root, [Source("t (2).csv", tickets(36))], kept_as="calls")
    assert (arrival.kept_as, arrival.like) == ("calls", "")
    (other,) = plan_import(root, [Source("u.csv", tickets(3, day="2026-10-{:02}"))])
    assert (other.kept_as, other.like) == ("", "")


UNCLEAR = "Firma,Tag,Meinung,Notiz\nAcme,2026-11-17,Der Export verliert Zeilen,ok\nBolt,2026-11-18,Die Suche ist zu langsam,ok\n"
MEANT = {"customer": "Firma", "quote": "Meinung", "date": "Tag"}


@pytest.mark.parametrize("kept_as", ["table", "calls"])
def test_what_was_said_of_columns_is_taken_for_so_in_the_next_export_and_confirmed(root, kept_as):
    (first,) = plan_import(root, [Source("t.csv", UNCLEAR.encode())], kept_as=kept_as)
    assert {ask.of for ask in first.asks} == {"customer", "quote"}
    bring_in(root, [settle(first, columns=MEANT, confirm=True)])
    newer = Source("t2.csv", f"{UNCLEAR}Acme,2026-11-24,Die Summen stimmen nicht,ok\n".encode())
    (arrival,) = plan_import(root, [newer])
    assert arrival.asks == ()
    shown = [(name, one.value, one.why) for name, one in arrival.guesses]
    why = {"quote": AS_BEFORE, "customer": AS_BEFORE, "date": "its cells are days"}
    assert shown == [(f"column {role}", MEANT[role], why[role]) for role in why]
    assert arrival.kept_as == ("table" if kept_as == "table" else ""), "kept as the earlier one is"
    done = bring_in(root, [settle(arrival, confirm=True)])
    assert (len(done.calls), [n for _, n in done.tables]) == ((0, [1]) if kept_as == "table" else (1, []))
    assert len(read_notes(root, problems=[])) == 3


def test_another_word_on_columns_holds_from_then_on_and_other_headers_are_asked(root):
    bring(root, Source("t.csv", UNCLEAR.encode()), columns=MEANT, kept_as="calls")
    other = MEANT | {"quote": "Notiz"}
    (arrival,) = plan_import(root, [Source("t2.csv", UNCLEAR.encode())], columns={"quote": "Notiz"})
    assert arrival.columns.of("quote") == ("Notiz",) and arrival.columns.of("customer") == ("Firma",)
    bring(root, Source("t2.csv", UNCLEAR.replace("ok", "Alles wird mit der Hand geprüft").encode()), columns=other)
    (arrival,) = plan_import(root, [Source("t3.csv", UNCLEAR.replace("-17,", "-27,").encode())])
    assert arrival.columns.of("quote") == ("Notiz",)
    (arrival,) = plan_import(root, [Source("t4.csv", UNCLEAR.replace("Notiz", "Bemerkung").encode())])
    assert {ask.of for ask in arrival.asks} == {"customer", "quote"}


def test_of_a_table_that_says_all_by_itself_nothing_is_kept(root):
    bring(root, Source("t.csv", tickets(3, "Customer,Date,Quote")))
    assert b"header" not in (root / ".workbench/imports.jsonl").read_bytes()


def columns(root, *rows, header="Company,Created,Due,Feedback", **said):
    """Bring in a table, and give what is taken for what, and why."""
    (arrival,) = plan_import(root, [Source("t.csv", "\n".join([header, *rows, ""]).encode())], kept_as="calls", **said)
    if not arrival.asks:
        bring_in(root, [settle(arrival, confirm=True)])
    return {one.role: ("; ".join(one.names), one.why) for one in arrival.columns.found} if arrival.columns else {}


def test_what_the_names_say_can_be_said_again_and_none_is_kept_too(root):
    assert columns(root, "Acme,2026-11-17,2026-10-01,Slow export", columns={"date": "Due"})["date"][0] == "Due"
    assert columns(root, "Acme,2026-11-18,2026-10-02,Slow import", columns={"date": "Created"})["date"][0] == "Created"
    assert columns(root, "Acme,2026-11-19,2026-10-03,Slow search")["date"] == ("Created", "going by the name")
    assert columns(root, "Acme,2026-11-20,2026-10-04,Slow board", columns={"date": "none"}, day="2026-11-20")
    (arrival,) = plan_import(
        root, [Source("n.csv", b"Company,Created,Due,Feedback\nAcme,2026-11-21,2026-10-05,Slow page\n")]
    )
    assert [ask.field for ask in arrival.asks] == ["day"]


def test_what_a_survey_was_said_to_ask_holds_in_a_week_of_short_answers(root):
    header = "Stamp,Firma,What annoys you most?,What do you wish for?"
    said = {"customer": "Firma", "date": "Stamp", "quote": "What annoys you most?; What do you wish for?"}
    columns(
        root,
        "2026-11-10,Acme,The export loses rows each week,That it is as fast as the search",
        header=header,
        columns=said,
    )
    found = columns(root, "2026-11-17,Bolt,The search is too slow for us,more speed", header=header)
    assert found["quote"][0] == said["quote"]
    (call,) = (root / "interviews").glob("*bolt.md")
    assert "more speed" in call.read_text()


def test_how_days_are_read_is_remembered_only_where_a_table_does_not_tell_and_stays_known(root):
    header = "Company,Created,Feedback"
    columns(root, "Acme,05/10/2026,Slow export", header=header, columns={"days": "day first"})
    assert "days" not in columns(root, "Acme,10/25/2026,Slow", "Bolt,10/05/2026,Bad", header=header)
    assert (root / "interviews/2026-10-05-bolt.md").exists()
    assert columns(root, "Acme,05/06/2026,Slow page", header=header)["days"] == ("day first", AS_BEFORE)


def test_one_for_whom_all_of_a_table_is_comes_before_a_column_of_customers(root):
    rows = "Meyer,2026-11-17,Der Export verliert Zeilen"
    said = {"customer": "Firma", "quote": "Meinung", "date": "Tag"}
    columns(root, rows, header="Firma,Tag,Meinung", columns=said)
    (arrival,) = plan_import(
        root, [Source("b.csv", f"Firma,Tag,Meinung\n{rows.replace('Export', 'Import')}\n".encode())], customer="Bolt"
    )
    assert [arrival.customer_of(part) for part in arrival.parts] == ["Bolt"]


@pytest.mark.parametrize(
    "kept",
    [
        {"quote": ["Missing"]}, {"days": ["nonsense"]}, {"nonsense": ["Firma"]}, {"date": ["Meinung", "Nope"]}, {"days": []},
        {"date": ["Leer"]},
    ],
)  # fmt: skip
def test_what_a_workspace_from_elsewhere_says_of_columns_is_no_word_of_ours(root, kept):
    (root / ".workbench").mkdir(exist_ok=True)
    line = {"import": 1, "at": "2026-11-17 10:00", "header": ["Firma", "Meinung", "Leer"], "columns": kept}
    (root / ".workbench/imports.jsonl").write_text(json.dumps(line) + "\n")
    (arrival,) = plan_import(root, [Source("c.csv", b"Firma,Meinung,Leer\nAcme,Der Export ist zu langsam,\n")])
    assert [ask.of for ask in arrival.asks] == ["quote", "customer"] and arrival.columns.found == ()


def test_one_customer_for_a_whole_table_is_said_each_time(root):
    bring(root, Source("t.csv", UNCLEAR.encode()), customer="Acme", columns={"quote": "Meinung", "date": "Tag"})
    (arrival,) = plan_import(root, [Source("t2.csv", UNCLEAR.replace("2026-11", "2026-10").encode())])
    assert [ask.of for ask in arrival.asks] == ["customer"]


def test_rows_that_calls_have_already_are_left_out_of_a_table(root):
    rows = b"Company,Created,Feedback\nAcme,2026-11-17,It is slow\nBolt,2026-11-17,It is slow\nAcme,2026-11-17,It is fast\n"
    bring(root, Source("a.csv", rows[:53]), kept_as="calls")
    (call,) = (root / "interviews").glob("*.md")
    assert "It is slow" in call.read_text()
    done = bring(root, Source("b.csv", rows), kept_as="table")
    assert done.known == (("b.csv", 1),) and done.tables == (("interviews/b.csv", 2),)
    assert sorted(read_notes(root)["customer"]) == ["Acme", "Acme", "Bolt"]


def test_rows_that_a_table_has_already_are_left_out_of_calls_and_of_notes(root):
    rows = b"Company,Created,Feedback\nAcme,2026-11-17,It is slow\nBolt,2026-11-17,It is slow\n"
    (root / "discovery").mkdir(exist_ok=True)
    (root / "discovery/customers.yaml").write_text("customers:\n  Acme:\n    aliases: [ACME Ltd]\n")
    bring(root, Source("a.csv", rows), kept_as="table")
    later = b"Company,Created,Feedback\nACME Ltd,2026-11-17,It is slow\nACME Ltd,2026-11-18,It is slow\n"
    done = bring(root, Source("b.csv", later), kept_as="calls")
    assert [(call.customer, str(call.date), [note.text for note in call.notes]) for call in done.calls] == [
        ("Acme", "2026-11-18", ["It is slow"])
    ]
    (known,) = plan_import(root, [Source("c.csv", later.replace(b"-18", b"-17"))], kept_as="calls")
    assert (known.twin.name, known.twin.why, known.comes_in) == ("interviews/a.csv", "all its notes are in", False)
    bring(root, Source("d.csv", b"Company,Created,Feedback\nCargo,2026-11-18,It is odd\n"), kept_as="table")
    done = bring(root, Source("e.csv", b"Company,Created,Feedback\nCargo,2026-11-18,It is odd\n\n"), kept_as="calls")
    assert not done.calls and len(read_notes(root, problems=[])) == 4


def test_of_a_newer_export_of_more_rows_than_are_read_the_new_ones_come_in_however_far_down(root, monkeypatch):
    monkeypatch.setattr("workbench.importers.table.MOST_ROWS", 50)
    bring(root, Source("t.csv", tickets(120)), kept_as="table")
    done = bring(root, Source("t.csv", tickets(123)), kept_as="table")
    assert done.known == (("t.csv", 120),) and done.tables == (("interviews/t-2.csv", 3),)
    done = bring(root, Source("u.csv", tickets(110)), kept_as="table")
    assert done.known == (("u.csv", 110),) and not done.tables
    assert [(one.name, one.twin.why) for one in done.skipped] == [("u.csv", "all its notes are in")]


def test_a_newer_export_is_taken_back_and_leaves_the_earlier_one(root):
    bring(root, Source("tickets.csv", tickets(30)), kept_as="table")
    bring(root, Source("tickets.csv", tickets(40)), kept_as="table")
    assert len(read_notes(root)) == 40
    take_back(root, plan_take_back(root))
    assert files(root) == ["interviews/tickets.csv"]


def test_the_folder_is_gone_through_once_for_tables_and_two_files_that_become_the_same_table_are_kept_once(
    root, monkeypatch
):
    rows = "Account{0}Opened{0}Mood\nAcme{0}2026-11-12{0}It is slow today\n"
    said = {"kept_as": "table", "columns": {"quote": "Mood", "customer": "Account", "date": "Opened"}}
    listed, listdir = [], os.listdir
    monkeypatch.setattr(os, "listdir", lambda path=".": listed.append(path) or listdir(path))
    sources = [Source(f"t{n}.csv", rows.format(sign).encode()) for n, sign in enumerate(";\t|")]
    plan = [settle(arrival, confirm=True) for arrival in plan_import(root, sources, **said)]
    assert listed.count(root / "interviews") == 1
    done = bring_in(root, plan)
    assert {file for file, _ in done.tables} == {"interviews/t0.csv"}
    assert [file for file in files(root) if "originals" not in file] == ["interviews/t0.csv"]


def test_who_of_you_was_there_stays_in_a_call_that_is_brought_in_without_its_transcript(root):
    head = "---\ncustomer: Acme\ndate: 2026-11-17\nus: Ana Ruiz; Tom\n---\n- The import is slow\n"
    (call_,) = bring(root, Source("acme.md", head.encode())).calls
    assert call_.us == "Ana Ruiz; Tom"


# Nothing that one of us says is evidence ------------------------------------------------------------------------------

NOTED = (
    b"---\ncompany: Pine\ndate: 2026-11-13\n---\n- Filters reset\n- Ana Ruiz: would a saved filter help?\n- Kim: yes\n"
)


def test_who_is_said_to_be_one_of_us_gives_no_notes_of_notes(root):
    (arrival,) = plan_import(root, [Source("a.md", NOTED)], speakers={"Ana Ruiz": "us", "Tom": "us"})
    assert (arrival.us, arrival.asks, unheard([arrival], ["ana ruiz", "Tom"])) == (("Ana Ruiz",), (), ["Tom"])
    done = bring_in(root, [arrival])
    assert [note.text for note in done.calls[0].notes] == ["Filters reset", "Kim: yes"] and done.ours == 1
    (again,) = plan_import(root, [Source("b.md", NOTED + b"\n")], speakers={"Ana Ruiz": "us"})
    assert bring_in(root, [again]).calls == ()


def test_whoever_is_one_of_us_in_another_call_gives_no_notes_of_notes_and_a_first_name_is_asked(root):
    bring_in(
        root,
        plan_import(root, [Source("2026-11-17 Acme.txt", text())], speakers={"Ana Ruiz": "us", "Jane Doe": "customer"}),
    )
    (arrival,) = plan_import(root, [Source("a.md", NOTED)])
    assert arrival.us == ("Ana Ruiz",) and dict(arrival.guesses)["Ana Ruiz"].value == "us"
    (arrival,) = plan_import(root, [Source("a.md", NOTED.replace(b"Ana Ruiz", b"Ana"))])
    assert [(ask.field, ask.of) for ask in arrival.asks] == [("speaker", "Ana")]
    done = bring_in(root, [settle(arrival, speakers={"Ana": "customer"})])
    assert [note.text for note in done.calls[0].notes] == [
        "Filters reset",
        "Ana: would a saved filter help?",
        "Kim: yes",
    ]


def test_notes_that_only_one_of_us_says_are_asked_about(root):
    noted = b"---\ncompany: Pine\ndate: 2026-11-13\n---\n- Ana: would a saved filter help?\n"
    (arrival,) = plan_import(root, [Source("a.md", noted)], speakers={"Ana": "us"})
    assert [ask.words for ask in arrival.asks] == ["Whose words are the customer's? Ana: all are of you so far."]


def test_who_is_said_to_be_one_of_us_gives_no_notes_of_a_table(root):
    rows = b"Company,Date,Participant,Feedback\nAcme,2026-11-17,Ana,Would a button help?\nAcme,2026-11-17,Kim,No\nAcme,2026-11-17,Kim,It is slow\n"
    (arrival,) = plan_import(root, [Source("a.csv", rows)], speakers={"Ana": "us", "Kim": "customer", "Tom": "us"})
    assert [note.line for note in arrival.parts[0].notes] == ['- "It is slow"']
    assert any("said by Ana, who is one of you" in one.what for one in arrival.problems)
    assert unheard([arrival], ["Ana", "Kim", "Tom"]) == ["Tom"]
    assert [note.text for note in bring_in(root, [arrival]).calls[0].notes] == ["It is slow"]


@pytest.mark.parametrize("name", ["call.csv", "call.xlsx"])
def test_a_talk_that_is_a_table_comes_in_as_a_call_and_lies_beside_it_as_it_came(root, name):
    rows = [("Time", "Speaker", "Text"), *((f"0:0{n}:00", *one) for n, one in enumerate(TALK))]
    out = io.BytesIO()
    if name.endswith(".csv"):
        out.write("\n".join(";".join(row) for row in rows).encode())
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(out)
    file = Source(name, out.getvalue())
    plan = plan_import(root, [file], day="2026-11-17", customer="Acme", speakers={"Ana Ruiz": "us"})
    assert (plan[0].what, plan[0].us, plan[0].who.value) == ("transcript", ("Ana Ruiz",), "Jane Doe")
    (call,) = bring_in(root, plan, keep=9).calls
    assert {note.text for note in call.notes} and not {note.text for note in call.notes} & {
        words for _, words in TALK[::2]
    }
    kept = root / "interviews" / "transcripts" / call.transcript
    assert kept.read_bytes() == file.data
    assert [turn.speaker for turn in open_transcript(root, call.transcript).turns] == [who for who, _ in TALK]
