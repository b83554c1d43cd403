"""The command ``workbench import``: what it shows, what it asks on a terminal, and what it does where nobody can be asked."""

import html
import io
import json
import os
import pty
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from test_bring_in import PDPILOT, SURVEY, TALK, call, files, renamed, text, vtt

from workbench.cli import main
from workbench.starter import make_workspace
from workbench.store import read_calls

ROOT = Path(__file__).parent.parent
SPEAKERS = ("--speaker", "Ana Ruiz=us", "--speaker", "Jane Doe=customer")


@pytest.fixture
def root(tmp_path):
    (tmp_path / "ws" / "interviews").mkdir(parents=True)
    return tmp_path / "ws"


@pytest.fixture
def run(root, tmp_path, capsys, monkeypatch):
    """Runs it in a folder with the files, and gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))

    def run(*words):
        capsys.readouterr()
        code = main(["import", *map(str, words), "-w", str(root)])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


@pytest.fixture
def typed(root, tmp_path, capsys, monkeypatch):
    """The same on a terminal at which somebody answers."""

    def typed(answers, *words):
        ours, theirs = pty.openpty()
        monkeypatch.chdir(tmp_path)
        terminal = os.fdopen(theirs, "r", encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", terminal)
        writer = threading.Thread(target=os.write, args=(ours, "".join(f"{answer}\n" for answer in answers).encode()))
        writer.start()
        capsys.readouterr()
        code = main(["import", *map(str, words), "-w", str(root)])
        writer.join()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        terminal.close()
        os.close(ours)
        return code, out, err

    return typed


def test_what_is_said_beside_a_file_needs_no_yes(root, run, tmp_path):
    (tmp_path / "rec.vtt").write_bytes(vtt())
    code, out, err = run("rec.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS, "--who", "Jane Doe, ops lead",
                         "--segment", "mid-market", "--consent", "quote", "--kind", "sales")  # fmt: skip
    assert (code, err) == (0, "")
    (made,) = read_calls(root)[0]
    assert (made.customer, made.who, made.us) == ("Acme", "Jane Doe, ops lead", "Ana Ruiz")
    assert (made.segment, made.consent, made.kind) == ("mid-market", "quote", "sales")
    assert "1 call with 1 customer brought in: interviews/2026-11-17-acme-ops-lead.md" in out
    assert "open Triage" in out and "(?)" not in out


def test_what_is_guessed_is_shown_with_its_reason_and_comes_in_only_by_a_yes(root, run, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt(renamed(Ana="Host")))
    code, out, err = run("2026-11-17 Acme.vtt")
    assert code == 1 and files(root) == []
    assert "2026-11-17 (?)" in out and "Acme (?)" in out and "Host (?)" in out
    assert "(?) day, by the file's name: 2026-11-17" in out and "(?) one of you, is called so: Host" in out
    assert "--yes" in err
    code, out, err = run("2026-11-17 Acme.vtt", "--yes")
    assert (code, err) == (0, "") and len(files(root)) == 2


def test_what_is_unclear_names_its_option_and_the_rest_comes_in(root, run, tmp_path):
    (tmp_path / "a.vtt").write_bytes(vtt([(who, words[::-1]) for who, words in TALK]))
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt(renamed(Ana="Host")))
    code, out, err = run("a.vtt", "2026-11-17 Acme.vtt", "--yes")
    assert code == 1 and len(read_calls(root)[0]) == 1
    (line,) = [line for line in err.splitlines() if line.startswith("a.vtt: not in yet.")]
    assert "--date 2026-11-17" in line and '--speaker "Ana Ruiz=us"' in line


def test_on_a_terminal_only_what_is_unclear_is_asked_and_enter_says_yes_to_the_rest(root, typed, tmp_path):
    (tmp_path / "Acme.vtt").write_bytes(vtt())
    code, out, err = typed(["17.11.2026", "2026-11-17", "us", "c", ""], "Acme.vtt")
    assert code == 0, err
    assert err.count("On which day was it?") == 2 and "is not a day such as 2026-11-17" in err
    (made,) = read_calls(root)[0]
    assert (str(made.date), made.customer, made.us, made.who) == ("2026-11-17", "Acme", "Ana Ruiz", "Jane Doe")


def test_a_guess_that_is_wrong_is_put_right_and_who_somebody_is_holds_for_all_files(root, typed, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt())
    (tmp_path / "2026-11-18 Bolt.vtt").write_bytes(vtt([(who, words[::-1]) for who, words in TALK]))
    answers = ["us", "customer", "no", "Acme Freight", "", "", ""]
    code, out, err = typed(answers, "2026-11-17 Acme.vtt", "2026-11-18 Bolt.vtt")
    assert code == 0, err
    assert sorted(one.customer for one in read_calls(root)[0]) == ["Acme Freight", "Bolt"]
    assert err.count("Is Ana Ruiz") == 1


def test_two_customers_are_offered_and_one_is_chosen(root, typed, tmp_path):
    call(root, "2026-11-01-acme", "customer: Acme\nwho: Jane Doe, ops lead\nus: Ana Ruiz")
    call(root, "2026-11-02-bolt", "customer: Bolt")
    (tmp_path / "2026-11-17 Bolt.vtt").write_bytes(vtt())
    code, out, err = typed(["x", "acme", ""], "2026-11-17 Bolt.vtt")
    assert code == 0 and "Acme / Bolt" in err and "Say one of Acme, Bolt." in err
    assert "Acme" in [one.customer for one in read_calls(root)[0] if str(one.date) == "2026-11-17"]


def test_where_no_more_answers_come_nothing_is_written(root, typed, tmp_path):
    (tmp_path / "Acme.vtt").write_bytes(vtt())
    code, out, err = typed(["2026-11-17", "\x04"], "Acme.vtt")
    assert code == 1 and "nothing was written" in err and files(root) == []


def test_a_second_run_says_what_is_in_already_and_the_same_words_are_a_choice(root, run, typed, tmp_path):
    (tmp_path / "a.vtt").write_bytes(vtt())
    run("a.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    assert run("a.vtt") == (
        0,
        "a.vtt: in already as interviews/2026-11-17-acme.md (the same file)\nNothing new came in.\n",
        "",
    )
    (tmp_path / "b.txt").write_bytes(text())
    code, out, err = typed([""], "b.txt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    assert code == 0 and "b.txt: in already as interviews/2026-11-17-acme.md (the same words)" in out
    code, out, err = typed(["new"], "b.txt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    assert code == 0 and "interviews/2026-11-17-acme-2.md" in out


def test_the_same_words_of_another_customer_stay_outside_and_are_named_with_what_says_which(root, run, typed, tmp_path):
    bolt = ("--customer", "Bolt", *SPEAKERS)
    (tmp_path / "a.vtt").write_bytes(vtt())
    (tmp_path / "2026-11-17.txt").write_bytes(text())
    run("a.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    code, out, err = run("2026-11-17.txt", *bolt, "--yes")
    assert code == 1 and "2026-11-17.txt: not in yet. Is it the call interviews/2026-11-17-acme.md?" in err
    assert "--again skip or --again new" in err and len(read_calls(root)[0]) == 1
    assert run("2026-11-17.txt", *bolt, "--yes", "--again", "skip")[0] == 0
    code, out, err = typed(["", "new", ""], "2026-11-17.txt", *bolt)
    assert code == 0 and sorted(one.customer for one in read_calls(root)[0]) == ["Acme", "Bolt"], err


def test_where_all_are_of_us_it_is_asked_whose_words_are_the_customers_or_the_file_is_left_out(root, typed, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt())
    code, out, err = typed(["us", "us", "leave"], "2026-11-17 Acme.vtt")
    assert code == 0 and "2026-11-17 Acme.vtt: left out, as you said." in err and files(root) == []
    code, out, err = typed(["us", "us", "jane", ""], "2026-11-17 Acme.vtt")
    assert code == 0 and err.count("Whose words are the customer's?") == 1
    (made,) = read_calls(root)[0]
    assert (made.us, made.who) == ("Ana Ruiz", "Jane Doe")


def test_a_transcript_is_replaced_by_likeness_only_after_a_yes(root, run, tmp_path):
    (tmp_path / "a.vtt").write_bytes(vtt())
    run("a.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    (tmp_path / "b.vtt").write_bytes(vtt([(who, words.replace("Excel", "Exact")) for who, words in TALK]))
    code, out, err = run("b.vtt", "--again", "replace")
    assert (
        code == 1 and "(?) again, interviews/2026-11-17-acme.md has the same words: replace" in out and "--yes" in err
    )
    assert (root / "interviews/transcripts/2026-11-17-acme.vtt").read_bytes() == vtt()
    code, out, err = run("b.vtt", "--again", "replace", "--yes")
    assert code == 0 and "its transcript was replaced" in out
    assert b"Exact" in (root / "interviews/transcripts/2026-11-17-acme.vtt").read_bytes()


def test_a_dry_run_shows_and_writes_nothing(root, run, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt())
    code, out, err = run("2026-11-17 Acme.vtt", "--dry-run", "--yes")
    assert code == 0 and "Acme (?)" in out and "Nothing was written" in err and files(root) == []
    (tmp_path / "b.vtt").write_bytes(b"")
    run("2026-11-17 Acme.vtt", "--yes", *SPEAKERS)
    code, out, err = run("2026-11-17 Acme.vtt", "b.vtt", "--dry-run")
    assert code == 1 and "in already as interviews/2026-11-17-acme.md" in out and "b.vtt:1: the file is empty" in err


def test_files_that_cannot_be_read_are_named_with_line_and_reason_and_the_rest_is_in(root, run, tmp_path):
    (tmp_path / "c").mkdir()
    for name, data in {"2026-11-17 Acme.vtt": vtt(), "b.vtt": b"", "r.mp4": b"\0", "x.docx": b"PK\x03\x04"}.items():
        (tmp_path / "c" / name).write_bytes(data)
    code, out, err = run("c", *SPEAKERS, "--yes")
    assert code == 1 and len(read_calls(root)[0]) == 1
    assert "c/b.vtt:1: the file is empty; " in err and "c/x.docx:1: " in err
    assert "c/r.mp4: a recording or a picture; they are left where they are" in out


def test_what_is_piped_in_is_a_file_and_nobody_is_asked(root, run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text())))
    code, out, err = run("-", "--date", "2026-11-17", *SPEAKERS, "--yes")
    assert code == 1 and "Which customer was it with?" in err and files(root) == []
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text())))
    code, out, err = run("-", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    assert code == 0, err
    assert (root / "interviews/transcripts/2026-11-17-acme.txt").read_bytes() == text()


def test_the_columns_of_a_table_are_said_by_option_and_asked_on_a_terminal(root, run, typed, tmp_path):
    (tmp_path / "survey.csv").write_text(SURVEY.replace("Plan", "Comment"))
    code, out, err = run("survey.csv", "--yes")
    assert code == 1 and '--column "quote=Feedback"' in err and files(root) == []
    code, out, err = typed(["Comment", ""], "survey.csv")
    assert code == 0, err
    assert {note.text for one in read_calls(root)[0] for note in one.notes} == {"Pro", "Free"}
    code, out, err = run("survey.csv", "--column", "quote=Feedback", "--yes")
    assert code == 0 and "The export loses my filters" in {n.text for one in read_calls(root)[0] for n in one.notes}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.vtt", "--speaker", "Ana"], '--speaker "Ana Ruiz=us"'),
        (["a.vtt", "--speaker", "Ana=ours"], '--speaker "Ana Ruiz=us"'),
        (["a.vtt", "--column", "words=Text"], "quote, text, customer"),
        (["a.vtt", "--date", "17.11.2026"], "2026-11-17"),
        (["a.vtt", "--keep", "-1"], "--keep 20"),
        (["nowhere.vtt"], "there is no nowhere.vtt"),
    ],
)
def test_what_cannot_be_understood_is_said_in_a_sentence(run, tmp_path, words, said):
    (tmp_path / "a.vtt").write_bytes(vtt())
    code, out, err = run(*words)
    assert code == 1 and said in err


def test_that_no_consent_is_stated_is_said_of_those_of_whom_none_is(root, run, tmp_path):
    call(root, "2026-11-01-acme", "customer: Acme\nconsent: quote")
    for name, talk in (("Acme", TALK), ("Bolt", [(who, words[::-1]) for who, words in TALK])):
        (tmp_path / f"2026-11-17 {name}.vtt").write_bytes(vtt(talk))
    code, out, err = run("2026-11-17 Acme.vtt", "2026-11-17 Bolt.vtt", *SPEAKERS, "--yes")
    assert code == 0 and "Of Bolt no consent is stated" in out


def test_kept_candidates_are_marked_and_found_by_their_tag(root, run, tmp_path, capsys):
    (tmp_path / "a.vtt").write_bytes(vtt())
    code, out, err = run("a.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS, "--keep", "2")
    assert code == 0 and "2 candidates kept as quotes tagged #candidate" in out and "no notes yet" not in out
    assert main(["search", "#candidate", "-w", str(root)]) == 0
    assert capsys.readouterr().out.count("#candidate") == 2


@pytest.mark.skipif(not PDPILOT.is_dir(), reason="the studies are not on this machine")
def test_a_study_goes_from_its_files_to_a_report_that_verifies_by_one_command_each(tmp_path, capsys):
    root = tmp_path / "ws"
    make_workspace(root)
    words = [
        *sorted(map(str, PDPILOT.glob("*.json"))),
        "--date",
        "2022-05-10",
        "--consent",
        "quote",
        "--yes",
        "--keep",
        "30",
    ]
    assert main(["import", *words, "-w", str(root)]) == 0
    notebook, page = root / "notebooks" / "tuesday-discovery.ipynb", root / "reports" / "tuesday-discovery.html"
    assert main(["report", str(notebook), "-w", str(root)]) == 0
    shown = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8"))))
    quoted = [note.text for one in read_calls(root)[0] for note in one.notes if note.text in shown]
    asked = {turn["text"] for path in PDPILOT.glob("*.json") for turn in json.loads(path.read_text())["turns"]
             if turn["speaker"] == "Interviewer" and len(turn["text"].split()) > 8}  # fmt: skip
    assert len(quoted) >= 50
    assert not [words for words in asked if words in shown], "nothing that the interviewer said is in the report"
    capsys.readouterr()
    assert main(["verify", str(page), "-w", str(root)]) == 0
    assert main(["check", "-w", str(root)]) == 0


def test_a_run_that_is_killed_leaves_nothing_half_written_and_the_next_brings_the_rest(root, run, tmp_path):
    rng = random.Random(8)
    (tmp_path / "calls").mkdir()
    for n in range(60):
        talk = [(who, f"{words} {' '.join(f'w{rng.randrange(9999)}' for _ in range(40))}") for who, words in TALK]
        (tmp_path / "calls" / f"2026-11-17 Firm {n:02}.vtt").write_bytes(vtt(talk))
    words = [sys.executable, "-m", "workbench", "import", "calls", *SPEAKERS, "--yes", "-w", str(root)]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=os.environ | {"PYTHONPATH": str(ROOT)})  # fmt: skip
    while process.poll() is None and len(list((root / "interviews").glob("*.md"))) < 10:
        time.sleep(0.01)
    process.kill()
    process.wait()
    first, problems = read_calls(root)
    assert not problems and 10 <= len(first) < 60
    assert all((root / "interviews/transcripts" / one.transcript).read_bytes().startswith(b"WEBVTT") for one in first)
    assert run("calls", *SPEAKERS, "--yes")[0] == 0
    calls, problems = read_calls(root)
    assert len(calls) == 60 and not problems
    kept = {f"interviews/transcripts/{one.transcript}" for one in calls}
    assert len(kept) == 60 and {file for file in files(root) if not file.endswith(".md")} == kept
