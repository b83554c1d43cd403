"""A report's quotes beside the transcripts of their calls: each leads to the line in which it was said, for who has them."""

import json

import pytest

from workbench.cli import main
from workbench.report.verify import verify_page
from workbench.study import read_study

VTT = """WEBVTT

00:01.000 --> 00:04.000
<v Ana Ruiz>How do you do it today? All filters are gone then, right?

00:05.000 --> 00:08.000
<v Jane Doe>{said}

00:09.000 --> 00:12.000
<v Jane Doe>The zebra export takes me two hours every Friday.
"""
SAID = {
    "acme": "The filters reset when I open the report.",
    "bolt": "Filters reset in the report after every login.",
    "coil": "I set the filters of the report by hand each day.",
}


def write_call(root, name, *notes, us="us: Ana Ruiz\n"):  # without it a line less, which is no difference
    head = f"---\ncustomer: {name.title()}\ndate: 2026-11-17\nconsent: quote\ntranscript: {name}.vtt\n{us}---\n"
    (root / "interviews" / f"2026-11-17-{name}.md").write_text(head + "".join(f"- {note}\n" for note in notes))


@pytest.fixture
def work(tmp_path):
    """A workspace of three calls with transcripts."""
    (tmp_path / "interviews" / "transcripts").mkdir(parents=True)
    (tmp_path / "discovery").mkdir()
    (tmp_path / "discovery" / "salt").write_text("a1" * 16 + "\n")
    for name, said in SAID.items():
        write_call(tmp_path, name, f'"{said}" @00:05', "The report loses filters #lost @00:09")
        (tmp_path / "interviews" / "transcripts" / f"{name}.vtt").write_text(VTT.format(said=said))
    return tmp_path


@pytest.fixture
def page_of(run_sections, export):
    return lambda root: export(run_sections(root))[0]


def of_transcripts(verified):
    return [(one.code, one.severity) for one in verified.differences if "transcript" in one.code]


def test_every_quote_leads_to_the_line_in_which_it_was_said_and_nothing_of_that_is_in_the_page(work, page_of):
    page = page_of(work)
    verified = verify_page(page, read_study(work))
    assert verified.differences == ()
    traced = {one.place: (one.found, one.where) for _, one in verified.traced}
    assert len(traced) == verified.n_quotes == 6
    for name in SAID:
        note, transcript = f"interviews/2026-11-17-{name}.md", f"interviews/transcripts/{name}.vtt"
        assert traced[f"{note}:8"] == ("exact", f"{transcript}:7")
        assert traced[f"{note}:9"] == ("own words", f"{transcript}:10")
    for word in ("transcripts/", ".vtt", "zebra", "Ana Ruiz", "Jane Doe"):
        assert word not in page


@pytest.mark.parametrize(
    ("note", "severity", "words"),
    [
        # Typed from hearing, before there was a transcript.
        ('"The filters reset whenever I open the report"', "note", "“The filters reset whenever I open the report”"),
        ('"All of it is lost on a rainy Sunday evening"', "note", "stands nowhere in its call’s transcript"),
        ('"takes me two hours, the filters reset" @00:05', "note", "joins words that were not said in one go"),
        # Who names the time says that it was said there.
        ('"All of it is lost on a rainy Sunday evening" @00:06', "error", "interviews/transcripts/acme.vtt:7"),
    ],
)
def test_a_quote_that_the_transcript_does_not_hold_is_named_and_fails_only_where_it_says_when(
    work, page_of, note, severity, words
):
    write_call(work, "acme", note, "The report loses filters #lost")
    verified = verify_page(page_of(work), read_study(work))
    assert of_transcripts(verified) == [("quote-not-in-transcript", severity)]
    assert verified.ok == (severity == "note")
    (what,) = [one.what for one in verified.differences]
    assert "interviews/2026-11-17-acme.md:8" in what and words in what


def test_a_long_quote_is_told_where_it_differs(work, page_of):
    said = "We go through the whole list again and again " * 4 + "until somebody gives up and uses paper."
    (work / "interviews" / "transcripts" / "acme.vtt").write_text(VTT.format(said=said))
    write_call(work, "acme", f'"{said.replace("paper", "a pen")}"', "The report loses filters")
    (one,) = verify_page(page_of(work), read_study(work)).differences
    assert "“up and uses a pen.”, and the transcript says “up and uses paper”" in one.what


def test_a_report_made_before_one_of_us_was_known_says_whose_words_it_quotes_and_counts(work, page_of):
    ours = '"All filters are gone then, right?"'
    write_call(work, "acme", ours, us="")
    page = page_of(work)
    assert "All filters are gone then" in page
    write_call(work, "acme", ours)
    verified = verify_page(page, read_study(work))
    errors = {one.code: one.what for one in verified.differences if one.severity == "error"}
    place = "Ana Ruiz, interviews/transcripts/acme.vtt:4"
    assert errors["quote-is-ours"].endswith(f"was said by one of you, and by no customer: {place}")
    assert f"is what one of you said ({place})" in errors["count-changed"]
    # A new report has nothing of it, says how many were left out, and holds.
    again = page_of(work)
    assert "All filters are gone then" not in again
    assert "note is what one of us said in a call, by its transcript: neither counted nor shown." in again
    assert verify_page(again, read_study(work)).differences == ()


def test_the_command_lists_each_quote_with_its_lines(work, page_of, tmp_path, capsys):
    report = tmp_path / "report.html"
    report.write_text(page_of(work))
    main(["-w", str(work), "verify", str(report)])
    told = capsys.readouterr()
    assert "transcripts/" not in told.out
    assert "Looked up in transcripts: 3 quotes, all of them word for word what a customer said." in told.err
    main(["-w", str(work), "verify", str(report), "--quotes"])
    lines = capsys.readouterr().out.split("\n")
    at = next(number for number, line in enumerate(lines) if SAID["bolt"] in line)
    assert lines[at].endswith(f": word for word: “{SAID['bolt']}”")
    assert lines[at + 1] == "    interviews/2026-11-17-bolt.md:8, interviews/transcripts/bolt.vtt:7"
    main(["-w", str(work), "verify", str(report), "--quotes", "--format", "json"])
    said = json.loads(capsys.readouterr().out)["said"]
    assert {one["found"] for one in said} == {"exact", "own words"}


def test_the_command_says_what_it_counted_and_not_how_many_there_are(work, page_of, tmp_path, capsys):
    report = tmp_path / "report.html"
    report.write_text(page_of(work))
    main(["-w", str(work), "verify", str(report), "--format", "json"])
    kinds = json.loads(capsys.readouterr().out)["kinds"]
    main(["-w", str(work), "verify", str(report)])
    told = capsys.readouterr().err
    assert kinds["customers"] > 3
    assert f"{kinds['customers']} counts of customers" in told
    assert f"{kinds['other figures']} other figures." in told


def test_without_transcripts_a_report_verifies_as_ever(work, page_of):
    page = page_of(work)
    for file in (work / "interviews" / "transcripts").iterdir():
        file.unlink()
    verified = verify_page(page, read_study(work))
    assert verified.differences == ()
    assert {one.found for _, one in verified.traced} == {""}
