"""Notes of a call beside its transcript: whether quotes are in it, who said them, and which file it is."""

import pytest

from workbench.checks import check
from workbench.report.elsewhere import verify_readout

VTT = """WEBVTT

00:01.000 --> 00:02.000
<v Ana Ruiz>How do you do it today? You redo the totals by hand, right?

00:03.000 --> 00:04.000
<v Jane Doe>I export it to Excel

00:05.000 --> 00:06.000
<v Jane Doe>and redo the totals by hand.

00:07.000 --> 00:08.000
<v Ana Ruiz>Mm-hm.

00:09.000 --> 00:10.000
<v Jane Doe>Every Friday, it takes me two hours.
"""
FILE = "interviews/transcripts/acme.vtt"


@pytest.fixture
def told(tmp_path):
    """What is said of one call with these notes and this transcript, as (rule, line, words)."""

    def check_call(*notes, fields="transcript: acme.vtt\nus: Ana Ruiz", transcript=VTT, name="acme.vtt"):
        (tmp_path / "interviews" / "transcripts").mkdir(parents=True, exist_ok=True)
        if transcript is not None:
            (tmp_path / "interviews" / "transcripts" / name).write_text(transcript, "utf-8")
        head = f"---\ndate: 2026-11-17\ncustomer: Acme\nconsent: quote\n{fields}\n---\n".replace("\n\n", "\n")
        call = tmp_path / "interviews" / "2026-11-17-acme.md"
        call.write_text(head + "".join(f"- {note}\n" for note in notes), "utf-8")
        found = [one for one in check(tmp_path, today="2026-11-26").violations if one.severity == "error"]
        assert all(one.file == "interviews/2026-11-17-acme.md" for one in found), found
        return [(one.rule, one.line - head.count("\n"), one.what) for one in found]

    return check_call


@pytest.mark.parametrize(
    "quote",
    [
        '"I export it to Excel and redo the totals by hand"',
        '"I export it … by hand" @00:03',
        '"redo the totals by hand. Every Friday, it takes me two hours"',  # across a back-channel of ours
        "Takes two hours each Friday",
        '= "They would pay for it"',
    ],
)
def test_what_a_customer_says_in_the_transcript_is_fine_and_so_is_what_is_no_quote(told, quote):
    assert told(quote) == []


def test_the_nearest_words_are_shown_with_the_line_in_which_they_begin(told):
    assert told("Something else", '"and redo all totals by hand"') == [
        (
            "quote-not-in-transcript",
            2,
            f"“and redo all totals by hand” is not what was said: “and redo the totals by hand”; {FILE}:10",
        )
    ]
    assert told('"It costs us a million"') == [
        ("quote-not-in-transcript", 1, f"“It costs us a million” stands nowhere in {FILE}")
    ]


def test_what_one_of_us_said_is_no_quote_of_a_customer_however_us_is_spelt(told):
    ours = '"How do you do it today"'
    what = f"“How do you do it today” was said by one of you (Ana Ruiz, {FILE}:4), and does not count"
    assert told(ours) == [("quote-is-ours", 1, what)]
    assert told(ours, fields="transcript: acme.vtt\nus: ANA RUIZ") == [("quote-is-ours", 1, what)]
    # What both said is the customer's too.
    assert told('"redo the totals by hand"') == []


def test_without_us_only_those_who_are_called_interviewer_and_the_like_are_ours(told):
    assert told('"How do you do it today"', fields="transcript: acme.vtt") == []
    found = told(
        '"How do you do it today"', fields="transcript: acme.vtt", transcript=VTT.replace("Ana Ruiz", "Interviewer")
    )
    assert [rule for rule, _, _ in found] == ["quote-is-ours"]


def test_a_name_in_us_that_nobody_has_is_said_with_those_that_there_are(told):
    assert told("One", fields="transcript: acme.vtt\nus: Anna Ruiz; Ana Ruiz") == [
        ("us-unknown", -1, f"nobody in {FILE} is called 'Anna Ruiz', but Ana Ruiz, Jane Doe")
    ]
    # Where the file names nobody, no name is wrong.
    assert told("One", transcript="WEBVTT\n\n00:01.000 --> 00:02.000\nit broke again\n") == []


def test_a_transcript_that_is_not_there_or_cannot_be_read_is_said_at_its_field(told, tmp_path):
    assert told('"One"', transcript=None) == [
        ("transcript-missing", -2, "there is no 'acme.vtt' in interviews/transcripts/")
    ]
    (found,) = told('"One"', transcript="WEBVTT\n")
    assert found[:2] == ("transcript-missing", -2)
    assert f"{FILE}:1: there are no captions" in found[2]
    call = tmp_path / "interviews" / "2026-11-17-acme.md"
    call.write_text(call.read_text().replace("acme.vtt", "amce.vtt"))
    (tmp_path / FILE).write_text(VTT)
    todos = [one.todo for one in check(tmp_path, today="2026-11-26").violations if one.rule == "transcript-missing"]
    assert todos == ["if acme.vtt is meant, write that"]


def test_a_transcript_may_have_any_name_when_a_call_names_it_or_that_of_its_call(told):
    assert (
        told('"It costs us a million"', fields="us: Ana Ruiz", name="2026-11-17-acme.vtt")[0][0]
        == "quote-not-in-transcript"
    )


def test_of_a_call_without_notes_no_transcript_is_read(told, monkeypatch):
    def refuse(path):
        raise AssertionError(path)

    monkeypatch.setattr("workbench.checks.read.read_transcript", refuse)
    assert told(fields="transcript: acme.vtt") == []
    with pytest.raises(AssertionError):
        told('"One"', fields="transcript: acme.vtt")


def test_what_was_written_elsewhere_leads_to_the_note_and_to_the_transcript(told, tmp_path):
    assert told('"redo the totals by hand"') == []
    (tmp_path / "readout.md").write_text("# R\n\nAcme: “redo the totals by hand” and “it takes me two hours”\n")
    places = [quote.where for quote in verify_readout(tmp_path / "readout.md", tmp_path).quotes]
    assert places == [f"interviews/2026-11-17-acme.md:8, {FILE}:10", f"{FILE}:16"]
