"""The command ``workbench import``: what it shows, what it asks on a terminal, and what it does where nobody can be asked."""

import contextlib
import fcntl
import html
import io
import json
import os
import pty
import random
import re
import signal
import subprocess
import sys
import termios
import threading
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from test_bring_in import PDPILOT, SURVEY, TALK, call, files, renamed, spoken, text, vtt

from workbench.checks import check
from workbench.cli import main
from workbench.starter import make_workspace
from workbench.store import create_call, read_calls

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
        said = "".join(f"{answer}\n" for answer in answers) + "\x04"  # nobody answers what is asked after that
        writer = threading.Thread(target=os.write, args=(ours, said.encode()))
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


def test_in_the_workspace_itself_no_folder_is_named_and_the_next_step_is(root, monkeypatch, capsys):
    (root / "rec.vtt").write_bytes(vtt())
    monkeypatch.chdir(root)
    assert main(["import", "rec.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS]) == 0
    assert "open Triage in the Tuesday notebook, with  workbench lab\n" in capsys.readouterr().out


def test_a_day_that_is_said_against_the_file_is_named_and_is_no_error_afterwards(root, run, tmp_path):
    (tmp_path / "notes.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- It is slow\n")
    talk = "Interviewer: What happened?\n\nJane: Forty rows were lost.\n\nInterviewer: All?\n\nJane: Every one.\n"
    (tmp_path / "talk.md").write_text(f"Date: 2026-11-17\nCustomer: Bolt\n\n{talk}")
    code, out, err = run(
        "notes.md",
        "talk.md",
        "--date",
        "2026-11-16",
        "--yes",
        "--speaker",
        "Interviewer=us",
        "--speaker",
        "Jane=customer",
    )
    assert code == 0, err
    for name in ("notes.md", "talk.md"):
        assert f"{name}:1: it says 2026-11-17; its call is of 2026-11-16, as you said" in out
    found = [(one.rule, one.severity) for one in check(root).violations if "2026-11-17" in one.what]
    assert found == [("transcript-day", "warning")]
    code, out, err = run("notes.md", "talk.md", "--date", "2026-11-17", "--again", "new", "--dry-run")
    assert "it says" not in out


def test_what_is_guessed_is_shown_with_its_reason_and_comes_in_only_by_a_yes(root, run, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt(renamed(Ana="Host")))
    code, out, err = run("2026-11-17 Acme.vtt")
    assert code == 1 and files(root) == []
    assert "2026-11-17 (?)" in out and "Acme (?)" in out and "Host (?)" in out
    assert (
        "(?) day, by the file's name: 2026-11-17" in out and "(?) one of you, whoever asks is called that: Host" in out
    )
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
    code, out, err = typed(["soon", "11/12/2026", "17.11.2026", "us", "", ""], "Acme.vtt")
    assert code == 0, err
    assert "Is Jane Doe" not in err and "(?) the customer's, all others are of you: Jane Doe" in err
    assert err.count("On which day was it?") == 3 and "is not a day such as 2026-11-17" in err
    assert "say 2026-12-11 or 2026-11-12" in err
    (made,) = read_calls(root)[0]
    assert (str(made.date), made.customer, made.us, made.who) == ("2026-11-17", "Acme", "Ana Ruiz", "Jane Doe")


def test_a_guess_that_is_wrong_is_put_right_and_who_somebody_is_holds_for_all_files(root, typed, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt())
    (tmp_path / "2026-11-18 Bolt.vtt").write_bytes(vtt([(who, words[::-1]) for who, words in TALK]))
    # Of the first file the customer is put right; the second is passed over by one Enter.
    answers = ["us", "no", "no", "Acme Freight", "", "", "", "", "quote"]
    code, out, err = typed(answers, "2026-11-17 Acme.vtt", "2026-11-18 Bolt.vtt")
    assert code == 0, err
    assert sorted(one.customer for one in read_calls(root)[0]) == ["Acme Freight", "Bolt"]
    assert err.count("Is Ana Ruiz") == 1


def test_two_customers_are_offered_and_one_is_chosen(root, typed, tmp_path):
    call(root, "2026-11-01-acme", "customer: Acme\nwho: Jane Doe, ops lead\nus: Ana Ruiz")
    call(root, "2026-11-02-bolt", "customer: Bolt")
    (tmp_path / "2026-11-17 Bolt.vtt").write_bytes(vtt())
    code, out, err = typed(["x", "acme", "", ""], "2026-11-17 Bolt.vtt")
    assert code == 0 and "Acme / Bolt" in err and "Say one of Acme, Bolt." in err
    assert "Acme" in [one.customer for one in read_calls(root)[0] if str(one.date) == "2026-11-17"]


def test_a_label_that_is_no_name_is_asked_in_each_file(root, typed, tmp_path):
    talk = renamed(Ana="Speaker 1", Jane="Speaker 2")
    (tmp_path / "2026-11-17 Kappa.vtt").write_bytes(vtt(talk))
    talk = [
        ("Speaker 1", "The import breaks each Monday and we lose an hour."),
        ("Speaker 2", "And what do you do then?"),
    ]
    (tmp_path / "2026-11-18 Lambda.vtt").write_bytes(vtt(talk))
    code, _, err = typed(["us", "customer", "yes", ""], "2026-11-17 Kappa.vtt", "2026-11-18 Lambda.vtt")
    assert code == 0 and err.count("Is Speaker 1 (") == 2
    assert [one.us for one in read_calls(root)[0]] == ["Speaker 1", "Speaker 2"]


def test_new_names_that_look_alike_are_asked_about_and_count_as_one_customer_after_a_yes(root, typed, tmp_path):
    rows = "Company,Created,Quote\nAcme Freight Inc.,2026-11-17,The export breaks\nBolt,2026-11-17,It is slow\n"
    (tmp_path / "s.csv").write_text(rows)
    (tmp_path / "2026-11-18 Acme.vtt").write_bytes(vtt())
    code, out, err = typed(
        ["no", "Acme Freight", "", "", "yes", "Acme Freight", ""], "2026-11-18 Acme.vtt", "s.csv", *SPEAKERS
    )
    assert code == 0 and "Are “Acme Freight” and “Acme Freight Inc.” the same customer?" in err, err
    assert [one.customer for one in read_calls(root)[0]] == ["Acme Freight", "Bolt", "Acme Freight"]


def test_new_names_that_look_alike_stay_two_after_a_no_and_are_said_where_nobody_is_asked(root, run, typed, tmp_path):
    rows = "Company,Created,Quote\nAcme,2026-11-17,The export breaks\nAcme Inc.,2026-11-17,It is slow\n"
    (tmp_path / "s.csv").write_text(rows)
    (tmp_path / "t.csv").write_text(rows.replace("Acme", "Cargo").replace("breaks", "stops").replace("slow", "late"))
    code, out, err = run("t.csv")
    assert code == 0 and "“Cargo” and “Cargo Inc.” look alike and count as two customers" in err
    code, out, err = typed(["no", ""], "s.csv")
    assert code == 0 and [one.customer for one in read_calls(root)[0]].count("Acme Inc.") == 1
    assert err.count("Are “Acme” and “Acme Inc.” the same customer?") == 1 and "look alike" not in err


def test_how_to_answer_is_said_once_and_questions_stand_below_the_name_of_their_file(root, typed, tmp_path):
    for name, talk in (("Acme", TALK), ("Bolt", [(who, words[::-1]) for who, words in TALK])):
        (tmp_path / f"{name}.vtt").write_bytes(vtt(talk))
    code, out, err = typed(["2026-11-17", "us", "2026-11-18", "", ""], "Acme.vtt", "Bolt.vtt")
    assert code == 0 and err.count("Enter takes what stands in [ ]") == 1
    assert "\nAcme.vtt\nOn which day was it?" in err and "\nBolt.vtt\nOn which day was it?" in err
    assert "workbench import --undo" in err and "such as 2026-11-17" in err


def test_enter_puts_no_call_on_the_day_or_at_the_customer_of_the_file_before(root, typed, tmp_path):
    for name, talk in (("rec-1", TALK), ("rec-2", [(who, words[::-1]) for who, words in TALK])):
        (tmp_path / f"{name}.vtt").write_bytes(vtt(talk))
    answers = ["2026-11-17", "Acme", "", "2026-11-18", "", "Bolt", "", ""]
    code, out, err = typed(answers, "rec-1.vtt", "rec-2.vtt", *SPEAKERS)
    assert code == 0 and "[2026-11-17]" not in err and "[Acme]" not in err
    assert [(str(one.date), one.customer) for one in read_calls(root)[0]] == [
        ("2026-11-17", "Acme"),
        ("2026-11-18", "Bolt"),
    ]


def test_back_returns_to_the_question_before_whatever_was_answered_in_between(root, typed, tmp_path):
    (tmp_path / "Acme.vtt").write_bytes(vtt())
    answers = ["<", "2026-11-17", "back", "soon", "2026-11-18", "customer", "<", "us", "no", "<", "", ""]
    code, out, err = typed(answers, "Acme.vtt")
    assert code == 0, err
    assert "This is the first question" in err and err.count("Is Ana Ruiz") == err.count("Is it so?") == 3
    (made,) = read_calls(root)[0]
    assert (str(made.date), made.customer, made.us) == ("2026-11-18", "Acme", "Ana Ruiz")


def test_back_goes_from_one_file_to_the_one_before_and_names_it(root, typed, tmp_path):
    for name, talk in (("rec-1", TALK), ("rec-2", [(who, words[::-1]) for who, words in TALK])):
        (tmp_path / f"{name}.vtt").write_bytes(vtt(talk))
    answers = ["2026-11-17", "Acme", "BACK", "Bolt", "2026-11-18", "Cargo", "", ""]
    code, out, err = typed(answers, "rec-1.vtt", "rec-2.vtt", *SPEAKERS)
    assert code == 0 and err.count("\nrec-1.vtt\n") == 2 and err.count("(?) the customer's") <= 1, err
    assert sorted(one.customer for one in read_calls(root)[0]) == ["Bolt", "Cargo"]


def test_a_question_mark_explains_a_question_and_it_is_asked_again(root, typed, tmp_path):
    (tmp_path / "Acme.vtt").write_bytes(vtt())
    code, out, err = typed(["?", "2026-11-17", "?", "us", "?", "", "?", ""], "Acme.vtt")
    assert code == 0 and err.count("On which day was it?") == 2, err
    for explained in ("orders the calls", "Nothing that one of you says is evidence", "nothing is written before"):
        assert err.count(explained) == 1
    assert err.count("counted, never shown") == 4, "the levels of consent, again"
    assert len(read_calls(root)[0]) == 1


IDEAS = "# Reporting ideas\n\n- think about filters\n- ask Ana about totals\n"


def test_skip_leaves_a_file_out_at_any_of_its_questions_and_the_others_come_in(root, typed, tmp_path):
    (tmp_path / "ideas.md").write_text(IDEAS)
    (tmp_path / "Acme.vtt").write_bytes(vtt())
    code, out, err = typed(["", "?", "Skip", "2026-11-17", "", ""], "ideas.md", "Acme.vtt", *SPEAKERS)
    assert code == 0 and [one.customer for one in read_calls(root)[0]] == ["Acme"], err
    assert "Enter answers nothing here" in err and "skip leaves ideas.md out: nothing of it comes in." in err
    assert err.count("(skip leaves it out)") == 4, (
        "three times at the first question that is asked again, then once a file"
    )
    assert err.count("ideas.md: left out, as you said.") == 1


@pytest.mark.parametrize(
    "answers",
    [["2026-11-17", "skip"], ["2026-11-17", "Acme", "skip"], ["2026-11-17", "<", "skip"], ["skip"]],
    ids=["customer", "speaker", "after going back", "day"],
)
def test_a_transcript_is_left_out_at_whichever_question(root, typed, tmp_path, answers):
    (tmp_path / "rec-1.vtt").write_bytes(vtt())
    code, out, err = typed(answers, "rec-1.vtt")
    assert code == 0 and "rec-1.vtt: left out, as you said." in err and files(root) == [], err
    assert "May their words be quoted?" not in err


def test_a_file_is_left_out_where_all_of_it_was_guessed(root, typed, tmp_path):
    for name, words in (("Acme", IDEAS), ("Bolt", IDEAS.replace("filters", "tables"))):
        (tmp_path / f"2026-11-17 {name}.md").write_text(words)
    code, out, err = typed(["skip"], "2026-11-17 Acme.md")
    assert code == 0 and "Acme.md: left out" in err and files(root) == [], err
    code, out, err = typed(["skip", "no", "skip", "no", "", "skip"], "2026-11-17 Acme.md", "2026-11-17 Bolt.md")
    assert code == 0 and "Say one of yes, no." in err, "of two files it is not said which one"
    assert "Acme.md: left out" in err and "Bolt.md: left out" in err and files(root) == [], err


def test_back_brings_a_file_again_that_was_left_out(root, typed, tmp_path):
    (tmp_path / "ideas.md").write_text(IDEAS)
    (tmp_path / "Acme.vtt").write_bytes(vtt())
    answers = ["skip", "<", "2026-11-16", "2026-11-17", "", "", ""]
    code, out, err = typed(answers, "ideas.md", "Acme.vtt", *SPEAKERS)
    assert code == 0 and "ideas.md: left out" in err, err
    assert [str(one.date) for one in read_calls(root)[0]] == ["2026-11-16", "2026-11-17"]


def test_ctrl_c_at_a_question_leaves_nothing_and_says_so(root, tmp_path):
    (tmp_path / "Acme.vtt").write_bytes(vtt())
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "workbench", "import", "Acme.vtt", "-w", str(root)]

    def begin():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what the tests were started by in the background ignores it

    process = subprocess.Popen(words, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                               preexec_fn=begin,
                               env=os.environ | {"PYTHONPATH": str(ROOT)})  # fmt: skip
    os.close(theirs)
    said = b""
    while b"On which day was it?" not in said:
        said += os.read(ours, 4096)
    os.write(ours, b"\x03")
    with contextlib.suppress(OSError):  # the other end is closed
        while more := os.read(ours, 4096):
            said += more
    os.close(ours)
    assert process.wait() == 1 and b"Stopped. Nothing was written." in said and b"Traceback" not in said
    assert files(root) == []


def test_ctrl_c_while_calls_are_written_says_how_many_are_in_and_what_to_do(root, run, tmp_path, monkeypatch):
    for day, talk in (("17", TALK), ("18", other("x"))):
        (tmp_path / f"2026-11-{day} Acme.vtt").write_bytes(vtt(talk))
    made = []

    def stop(*args, **where):
        if made:
            raise KeyboardInterrupt
        made.append(1)
        return create_call(*args, **where)

    monkeypatch.setattr("workbench.bring_in.create_call", stop)
    names = ("2026-11-17 Acme.vtt", "2026-11-18 Acme.vtt")
    code, out, err = run(*names, *SPEAKERS, "--yes")
    assert (
        code == 1
        and "Stopped. 1 call is in, each whole, and nothing of the others." in err
        and len(read_calls(root)[0]) == 1
    )
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert run(*names, *SPEAKERS, "--yes")[0] == 0 and len(read_calls(root)[0]) == 2


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
    code, out, err = typed(["new", ""], "b.txt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    assert code == 0 and "interviews/2026-11-17-acme-2.md" in out


def test_the_same_words_of_another_customer_stay_outside_and_are_named_with_what_says_which(root, run, typed, tmp_path):
    bolt = ("--customer", "Bolt", *SPEAKERS)
    (tmp_path / "a.vtt").write_bytes(vtt())
    (tmp_path / "2026-11-17.txt").write_bytes(text())
    run("a.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    code, out, err = run("2026-11-17.txt", *bolt, "--yes")
    assert code == 1 and "2026-11-17.txt: not in yet. Is it the call interviews/2026-11-17-acme.md?" in err
    assert (
        "--again skip or --again replace or --again new, for this file alone" in err and len(read_calls(root)[0]) == 1
    )
    assert "Nothing new came in." not in out, "it waits for an answer"
    assert run("2026-11-17.txt", *bolt, "--yes", "--again", "skip")[0] == 0
    code, out, err = typed(["", "new", "", ""], "2026-11-17.txt", *bolt)
    assert code == 0 and sorted(one.customer for one in read_calls(root)[0]) == ["Acme", "Bolt"], err


def test_where_all_are_of_us_it_is_asked_whose_words_are_the_customers_or_the_file_is_left_out(root, typed, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt())
    ours = ("--speaker", "Ana Ruiz=us", "--speaker", "Jane Doe=us")
    code, out, err = typed(["leave"], "2026-11-17 Acme.vtt", *ours)
    assert code == 0 and "2026-11-17 Acme.vtt: left out, as you said." in err and files(root) == []
    code, out, err = typed(["jane", "", ""], "2026-11-17 Acme.vtt", *ours)
    assert code == 0 and err.count("Whose words are the customer's?") == 1
    (made,) = read_calls(root)[0]
    assert (made.us, made.who) == ("Ana Ruiz", "Jane Doe")


def test_where_nobody_can_be_asked_it_is_said_that_all_are_of_us_and_whose_words_are_asked_for(run, tmp_path):
    for name in ("2026-11-17 Acme.vtt", *(f"{n}/2026-11-17 Acme.vtt" for n in range(12))):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(vtt([("Ana Ruiz", words[: 30 + len(name)]) for _, words in TALK]))
    code, _, err = run("2026-11-17 Acme.vtt", "--yes", "--speaker", "Ana Ruiz=us")
    assert code == 1 and "Who of them" not in err
    assert 'Whose words are the customer\'s? Ana Ruiz: all are of you so far. (--speaker "Ana Ruiz=customer")' in err
    _, _, err = run(*range(12), "--yes", "--speaker", "Ana Ruiz=us", "--again", "new")
    assert "Who is one of you" not in err and "all are of you so far" in err


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


def test_a_mended_transcript_is_put_in_place_at_the_question(root, run, typed, tmp_path):
    (tmp_path / "a.vtt").write_bytes(vtt())
    run("a.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    kept = root / "interviews/transcripts/2026-11-17-acme.vtt"
    mended = vtt([(who, words.replace("Excel", "Exact")) for who, words in TALK])
    (tmp_path / "b.vtt").write_bytes(mended)
    code, out, err = typed(["?", ""], "b.vtt")
    assert code == 0 and kept.read_bytes() == vtt() and "skip / replace / new [skip]" in err
    assert "quotes get the new words" in err
    code, out, err = typed(["replace"], "b.vtt")
    assert code == 0 and "interviews/2026-11-17-acme.md: its transcript was replaced" in out, err
    assert kept.read_bytes() == mended and len(read_calls(root)[0]) == 1


def test_what_is_said_of_a_table_is_shown_as_that_of_the_rows_that_say_nothing(root, run, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    rows = "Company,Created,Comment\nAcme,2026-11-01,It drops rows\n,2026-11-03,It stopped over night\nBolt,,Nobody was told\n"
    (tmp_path / "nc.csv").write_text(rows)
    code, out, err = run("nc.csv", "--customer", "Unknown", "--date", "2026-11-05", "--yes")
    assert code == 0 and "by Created; 2026-11-05 where none stands  by Company; Unknown where none stands" in out
    assert sorted((one.customer, str(one.date)) for one in read_calls(root)[0]) == [
        ("Acme", "2026-11-01"),
        ("Bolt", "2026-11-05"),
        ("Unknown", "2026-11-03"),
    ]
    (tmp_path / "bare.csv").write_text("Created,Comment\n2026-11-01,It drops rows each day\n")
    code, out, err = run("bare.csv", "--customer", "Cord", "--yes")
    assert code == 0 and re.search(r"by Created +Cord", out), "no column says who it was"


def test_a_longer_version_of_a_call_is_left_open_in_a_script_and_replaces_it_at_a_terminal(root, run, typed, tmp_path):
    whole = ("--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    (tmp_path / "half.vtt").write_bytes(vtt(spoken(0), times=1))
    (tmp_path / "whole.txt").write_bytes(text(spoken(0, 1)))
    run("half.vtt", *whole)
    code, out, err = run("whole.txt", *whole, "--yes")
    assert code == 1 and "Nothing new came in." not in out
    assert (
        "whole.txt: in already as interviews/2026-11-17-acme.md (the same words; this one has some 360 words more); "
        "which of them stays is asked"
    ) in out
    assert "(--again replace or --again skip or --again new, for this file alone)" in err
    code, out, err = run("whole.txt", *whole, "--yes", "--again", "skip")
    assert code == 0 and "(the same words; this one has some 360 words more)\nNothing new came in." in out
    code, out, err = typed([""], "whole.txt", *whole)
    assert (
        "some 360 words more. Replace the transcript that is there with it (the notes follow), skip it, or bring" in err
    )
    assert "replace / skip / new [replace]" in err and code == 0 and "its transcript was replaced" in out
    code, out, err = typed([""], "half.vtt", *whole)
    assert "some 360 words fewer. Skip it, replace" in err and "skip / replace / new [skip]" in err
    assert code == 0 and "half.vtt: in already as interviews/2026-11-17-acme.md" in out
    assert (root / "interviews/transcripts/2026-11-17-acme.vtt").read_bytes() == text(spoken(0, 1))


def test_replace_is_not_offered_where_no_transcript_is_in(root, typed, tmp_path):
    (tmp_path / "a.vtt").write_bytes(vtt())
    (tmp_path / "b.txt").write_bytes(text())
    both = ("--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    code, out, err = typed(["replace", "", "", ""], "a.vtt", "b.txt", *both)
    assert code == 0 and "Say one of skip, new." in err and len(read_calls(root)[0]) == 1, err


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
    assert "c/r.mp4: a recording or a picture; left unread" in out


def test_each_sheet_of_a_spreadsheet_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Old")):
        sheet.append(("Company", "Quote"))
        sheet.append(("Acme", f"It is slow in {sheet.title}"))
    book.active.title = "Calls"
    book["Old"].sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")
    code, out, err = run("book.xlsx", "--dry-run")
    for name in ("book.xlsx (1 of 2, sheet “Calls”)", "book.xlsx (2 of 2, sheet “Old”)"):
        assert f"{name}  " in out and f"{name}: not in yet. On which day was it?" in err
    assert out.count("is hidden there") == out.count("the sheet “Old” is hidden there") == 1


def test_the_list_of_pages_in_an_export_is_named_and_no_error(root, run, tmp_path):
    page = "<html><body><h1>{}</h1>{}</body></html>"
    fields = "<table><tr><th>Company</th><td>Acme</td></tr><tr><th>Date</th><td>2026-11-17</td></tr></table>"
    with zipfile.ZipFile(tmp_path / "Export.zip", "w") as export:
        export.writestr("index.html", page.format("Calls", '<ul><li><a href="Acme.html">Acme</a></li></ul>'))
        export.writestr("Acme.html", page.format("Acme", f"{fields}<p>It broke twice.</p>"))
    code, out, err = run("Export.zip", "--yes")
    assert code == 0 and err.count("index.html") == 0 and len(read_calls(root)[0]) == 1
    assert "Export.zip/index.html: only links to other pages; left unread" in out


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
    code, out, err = typed(["Comment", "", ""], "survey.csv")
    assert code == 0 and "Which column has their words? Feedback or Comment (skip leaves it out) " in err
    assert {note.text for one in read_calls(root)[0] for note in one.notes} == {"Pro", "Free"}
    code, out, err = run("survey.csv", "--column", "quote=Feedback", "--yes")
    assert code == 0 and "The export loses my filters" in {n.text for one in read_calls(root)[0] for n in one.notes}


def test_at_a_question_about_columns_several_can_be_said_and_none_and_no_other_word(root, typed, tmp_path):
    (tmp_path / "survey.csv").write_text(SURVEY.replace("Plan", "Comment"))
    code, _, err = typed(["Nonsense", "Feedback; Comment", "", ""], "survey.csv")
    assert code == 0 and "Say one of Feedback, Comment." in err
    notes = {note.text for one in read_calls(root)[0] for note in one.notes}
    assert {"Pro", "The export loses my filters"} <= notes
    (tmp_path / "other.csv").write_text("Firma,Created,Quote\nMeyer,2026-11-18,The board is too slow for us\n")
    code, _, err = typed(["none", "Bolt", "", ""], "other.csv")
    assert code == 0 and {"Bolt"} <= {one.customer for one in read_calls(root)[0]}, err


PLAN = """\
Response ID,Company,Created,What is hard?,What would help you most?,Score
R-1,Acme,2026-11-17,The export loses my filters,A saved filter,3
R-2,Bolt,2026-11-17,Nobody told us that the list is empty,n/a,5
R-3,Cargo,2026-11-18,No,A saved filter,2
"""


def test_the_question_for_a_day_counts_rows_names_a_column_that_has_days_and_takes_its_name(root, run, typed, tmp_path):
    header = "Company,Date,Due,What is slow?,What is missing?\n"
    row = "{},{},{},It takes me two hours,There is no way to undo it\n"
    rows = header + row.format("Acme", "soon", "18/11/25") + row.format("Bolt", "", "25/11/25")
    (tmp_path / "survey.csv").write_text(rows, encoding="utf-8")
    code, out, err = run("survey.csv", "--dry-run")
    assert (
        "survey.csv:2: row 2 has no day in Date that can be read: “soon”; it gives notes of the day that is said" in out
    )
    said = "On which day was it? 2 rows, the first of them 2, say no day in Date that can be read, and Due has days."
    assert f'{said} (--date 2026-11-17 or --column "date=Due")' in err
    code, _, said = typed(["Due", "y", ""], "survey.csv")
    assert code == 0 and "or the name of a column" in said
    assert sorted(str(one.date) for one in read_calls(root)[0]) == ["2025-11-18", "2025-11-25"]


def test_columns_that_are_not_taken_and_answers_that_say_nothing_are_named(root, run, typed, tmp_path):
    (tmp_path / "s.csv").write_text(PLAN)
    code, out, err = run("s.csv", "--yes")
    assert code == 0 and "s.csv: columns left out: Response ID, What would help you most?, Score\n" in out
    assert "s.csv:4: one answer, in row 4, is only “No”, which says nothing; it gives no note" in out
    assert [one.customer for one in read_calls(root)[0]] == ["Acme", "Bolt"]


def test_what_an_answer_about_columns_leaves_out_is_named_and_the_question_names_them_all(root, typed, tmp_path):
    (tmp_path / "s.csv").write_text(PLAN)
    code, out, err = typed(["no", "What would help you most?", ""], "s.csv")
    assert code == 0, err
    assert (
        "one or more of Response ID, Company, Created, What is hard?, What would help you most?, Score, with ;" in err
    )
    assert "s.csv: columns left out: Response ID, What is hard?, Score\n" in err
    assert "s.csv:3: one answer, in row 3, is only “n/a”" in err


def test_a_column_that_is_not_there_is_asked_with_the_names_of_those_that_are(root, run, tmp_path):
    (tmp_path / "s.csv").write_text(PLAN)
    code, out, err = run("s.csv", "--column", "quote=Nope", "--yes")
    assert code == 1 and '--column "quote=What is hard?"' in err and "Response ID" in err and "Score" in err


@pytest.mark.parametrize("columns", [60, 80, 100, 130])
def test_the_plan_fits_the_terminal(root, run, tmp_path, monkeypatch, columns):
    name = "2026-11-17 Acme Freight and Sons International Holding Company weekly call.vtt"
    (tmp_path / name).write_bytes(vtt(renamed(Ana="Interviewer")))
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, err = run(
        name, "--dry-run", "--who", "Jane Doe, head of operations and logistics; Tom Poe, somebody else"
    )
    head, row = out.splitlines()[:2]
    assert len(head) <= columns and columns - 12 < len(row) <= columns, out
    assert row.count("(?)") == 2 and "2026-11-17 (?)" in row, "what is guessed stays marked"
    monkeypatch.delenv("COLUMNS")
    assert len(run(name, "--dry-run")[1].splitlines()[1]) > 100, "into a file it is as wide as it is"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.vtt", "--speaker", "Ana"], '--speaker "Ana Ruiz=us"'),
        (["a.vtt", "--speaker", "Ana=ours"], '--speaker "Ana Ruiz=us"'),
        (["a.vtt", "--column", "words=Text"], "quote, text, customer"),
        (["a.vtt", "--date", "soon"], "2026-11-17"),
        (["a.vtt", "--date", "11/12/2026"], "say 2026-12-11 or 2026-11-12"),
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


def other(mark):
    """A talk that shares no word with another."""
    return [(who, " ".join(mark + word for word in words.split())) for who, words in TALK]


def test_on_a_terminal_consent_is_asked_once_for_all_customers_of_whom_none_is_stated(root, typed, tmp_path):
    call(root, "2026-11-01-acme", "customer: Acme\nconsent: aggregate")
    talk = [(who, words[::-1]) for who, words in TALK]
    for name, said in (("Acme", TALK), ("Bolt", talk), ("Cargo", other("c"))):
        (tmp_path / f"2026-11-17 {name}.vtt").write_bytes(vtt(said))
    names = [f"2026-11-17 {name}.vtt" for name in ("Acme", "Bolt", "Cargo")]
    code, out, err = typed(["", "n", "q"], *names, *SPEAKERS)
    assert code == 0 and err.count("May their words be quoted?") == 2, "n may be none or named"
    assert "Nothing states yet what Bolt, Cargo agreed to" in err and "no consent is stated" not in out
    told = {one.customer: one.consent for one in read_calls(root)[0] if str(one.date) == "2026-11-17"}
    assert told == {"Acme": "", "Bolt": "quote", "Cargo": "quote"}


def test_consent_may_be_said_customer_by_customer_and_left_open(root, typed, tmp_path):
    rows = "Company,Created,Feedback\nAcme,2026-11-17,The export breaks\nBolt,2026-11-17,Slow\nCargo,2026-11-17,Late\n"
    (tmp_path / "s.csv").write_text(rows)
    code, out, err = typed(["", "each", "named", "none", ""], "s.csv")
    assert code == 0 and {one.customer: one.consent for one in read_calls(root)[0]} == {
        "Acme": "named", "Bolt": "none", "Cargo": "",
    }  # fmt: skip
    assert "Of Cargo no consent is stated" in out


def test_consent_said_beside_the_files_or_by_yes_is_not_asked(root, typed, tmp_path):
    for name, talk in (("Acme", TALK), ("Bolt", [(who, words[::-1]) for who, words in TALK])):
        (tmp_path / f"2026-11-17 {name}.vtt").write_bytes(vtt(talk))
    code, out, err = typed([""], "2026-11-17 Acme.vtt", *SPEAKERS, "--consent", "quote")
    assert code == 0 and "May their words" not in err
    code, out, err = typed([], "2026-11-17 Bolt.vtt", *SPEAKERS, "--yes", "--customer", "Bolt")
    assert code == 0 and "May their words" not in err and "Of Bolt no consent is stated" in out


def test_a_name_that_looks_like_a_known_one_is_asked_once_for_all_files_and_has_an_option(root, run, typed, tmp_path):
    call(root, "2026-11-01-acme", "customer: Acme Freight\nconsent: quote")
    for day, talk in (("17", TALK), ("18", [(who, words[::-1]) for who, words in TALK])):
        (tmp_path / f"2026-11-{day} Acme Frieght.vtt").write_bytes(vtt(talk))
    names = ["2026-11-17 Acme Frieght.vtt", "2026-11-18 Acme Frieght.vtt"]
    code, out, err = run(*names, *SPEAKERS, "--yes")
    question = "Is “Acme Frieght” the same customer as “Acme Freight” (1 call)?"
    assert code == 1 and err.count(question) == 2 and '--same "Acme Frieght=yes" or "Acme Frieght=no"' in err
    assert len(read_calls(root)[0]) == 1
    code, out, err = typed(["yes", ""], *names, *SPEAKERS)
    assert code == 0 and err.count(question) == 1
    assert [one.customer for one in read_calls(root)[0]] == ["Acme Freight"] * 3
    (tmp_path / "2026-11-19 Acme.vtt").write_bytes(vtt(other("x")))
    code, out, err = run("2026-11-19 Acme.vtt", *SPEAKERS, "--yes", "--customer", "Acme", "--same", "Acme=no")
    assert code == 0 and "Acme" in [one.customer for one in read_calls(root)[0]]


def test_a_yes_stands_in_the_registry_so_that_the_table_is_not_asked_about_again(root, run, typed, tmp_path):
    call(root, "2026-11-01-acme", "customer: Acme Freight\nconsent: quote")
    rows = "Company,Created,Quote\nAcme Freight Inc.,2026-11-17,The export breaks\n"
    (tmp_path / "s.csv").write_text(rows)
    code, out, err = typed(["yes", ""], "s.csv")
    assert code == 0 and "“Acme Freight Inc.” is Acme Freight from now on" in out, err
    registry = root / "discovery/customers.yaml"
    assert "  Acme Freight:\n    aliases: [Acme Freight Inc.]\n" in registry.read_text("utf-8")
    before = registry.read_bytes()
    code, out, err = typed([], "s.csv")
    assert code == 0 and "all its notes are in" in out and "same customer" not in err
    (tmp_path / "s.csv").write_text(f"{rows}Acme Freight Inc.,2026-11-18,It is slow\n")
    code, out, err = run("s.csv", "--yes")
    assert code == 0 and registry.read_bytes() == before and "from now on" not in out
    assert [one.customer for one in read_calls(root)[0]] == ["Acme Freight"] * 3
    code, out, err = typed(["yes"], "--undo")
    assert code == 0 and registry.read_bytes() == before, "an earlier import wrote it"
    code, out, err = typed(["yes"], "--undo")
    assert code == 0 and "the spelling “Acme Freight Inc.” of Acme Freight, out of discovery/customers.yaml" in out
    assert "Inc." not in registry.read_text("utf-8")


def test_a_yes_that_the_registry_does_not_take_is_said_and_the_call_is_in(root, typed, tmp_path):
    call(root, "2026-11-01-acme", "customer: Acme Freight\nconsent: quote")
    (root / "discovery").mkdir()
    (root / "discovery/customers.yaml").write_text("customers: {Acme Freight: {segment: field}}\n")
    (tmp_path / "s.csv").write_text("Company,Created,Quote\nAcme Freight Inc.,2026-11-17,The export breaks\n")
    code, out, err = typed(["yes", ""], "s.csv")
    assert code == 0 and "write it under aliases of Acme Freight" in err and "from now on" not in out
    assert [one.customer for one in read_calls(root)[0]] == ["Acme Freight"] * 2


def test_what_is_put_right_may_be_asked_about_in_its_turn(root, typed, tmp_path):
    call(root, "2026-11-01-acme", "customer: Acme Freight\nconsent: quote")
    (tmp_path / "2026-11-17 Bolt.vtt").write_bytes(vtt())
    code, out, err = typed(["no", "Acme Frieght", "", "yes"], "2026-11-17 Bolt.vtt", *SPEAKERS)
    assert code == 0 and err.count("Is “Acme Frieght” the same customer") == 1
    assert [one.customer for one in read_calls(root)[0]] == ["Acme Freight"] * 2


def test_of_many_files_counts_are_shown_and_each_question_once_after_all_else(root, run, tmp_path):
    (tmp_path / "c").mkdir()
    for n in range(12):
        (tmp_path / "c" / f"2026-11-{n + 1:02} Bolt.vtt").write_bytes(vtt(other(f"w{n}")))
        (tmp_path / "c" / f"notes-{n}.md").write_text(
            f"# Acme &amp; Sons 2026-10-{n + 1:02}\n\nAttendees: Jane {n}, me\n\n- The export breaks {n}\n"
        )
    (tmp_path / "c" / "empty.vtt").write_bytes(b"")
    code, out, err = run("c")
    assert "24 calls and tables to come in: WebVTT captions (12), Notes (12)" in out and "Bolt (12)" in out
    assert "of 2026-10-01 to 2026-11-12" in out and "c/2026-11-01 Bolt.vtt" not in out and len(out.splitlines()) < 12
    assert out.count("says who was there, and is no note") == 1 and "(and 11 more like it)" in out
    head, which, who = err.splitlines()[-3:]
    assert (
        head == "24 files not in yet:" and "Which customer was it with?" in which and "12 files: c/notes-0.md" in which
    )
    assert "Ana Ruiz (12), Jane Doe (12)?" in who and '--speaker "Ana Ruiz=us"' in who
    code, out, err = run("c", "--verbose")
    assert out.count(" Bolt.vtt") == 12 and out.count("says who was there") == 12


def test_each_file_that_stays_outside_is_named_in_a_pipe_and_by_verbose_and_a_terminal_says_how_many_more(
    run, tmp_path, monkeypatch
):
    names = [f"Interview-with-customer-{n}.vtt" for n in range(25)]
    (tmp_path / "many").mkdir()
    for n, name in enumerate(names):
        (tmp_path / "many" / name).write_bytes(vtt(other(f"w{n}")))

    def named(text):
        line = next(line for line in text.splitlines() if "On which day was it?" in line)
        return sum(f"many/{name}" in line for name in names), " and 15 more; --verbose names each" in line

    def guessed(text):
        line = next(line for line in text.splitlines() if line.startswith("(?) customer"))
        return len(line.rpartition(": ")[2].split(", "))

    code, out, err = run("many", "--yes", *SPEAKERS)
    assert (code, named(err), guessed(out)) == (1, (25, False), 25)
    for each, want in (((), (10, True)), (("--verbose",), (25, False))):
        with monkeypatch.context() as terminal:
            terminal.setattr(sys.stdout, "isatty", lambda: True)
            terminal.setattr(sys.stderr, "isatty", lambda: True)
            code, out, err = run("many", "--yes", *SPEAKERS, *each)
        assert named(err) == want and ("and 15 more" in out) is want[1]


def test_taking_back_is_asked_on_a_terminal_and_enter_leaves_all_as_it_is(root, run, typed, tmp_path):
    (tmp_path / "a.vtt").write_bytes(vtt())
    run("a.vtt", "--customer", "Acme", "--date", "2026-11-17", *SPEAKERS)
    code, out, err = typed([""], "--undo")
    assert code == 0 and "Take them out? yes / no [no]" in err and len(files(root)) == 2
    code, out, err = typed(["y"], "--undo")
    assert code == 0 and files(root) == []


def test_a_large_table_is_asked_about_and_kept_as_one(root, run, typed, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.arrivals.MANY_ROWS", 2)
    rows = "".join(f"Firm {n},2026-11-{n:02},The export stops at row {n}\n" for n in range(10, 16))
    (tmp_path / "t.csv").write_text(f"Company,Created,Quote\n{rows}")
    code, out, err = run("t.csv", "--yes")
    assert code == 1 and "(--as table or --as calls)" in err and "customer is Company" in err and files(root) == []
    code, out, err = typed(["?", "tab", ""], "t.csv")
    assert code == 0 and "each row a note with its line" in err, err
    assert "interviews/t.csv: kept as a table of 6 notes" in out and files(root) == ["interviews/t.csv"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert "in already as interviews/t.csv (the same file)" in run("t.csv", "--yes")[1]
    assert run("--undo", "--yes")[0] == 0 and files(root) == []
    assert run("t.csv", "--as", "calls", "--yes")[0] == 0 and len(read_calls(root)[0]) == 6


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


# What whoever types it would want to know


def test_a_speaker_of_whom_something_was_said_and_who_is_not_there_is_named_with_those_who_are(run, tmp_path):
    (tmp_path / "2026-11-17 Acme.vtt").write_bytes(vtt())
    _, _, said = run("2026-11-17 Acme.vtt", "--speaker", "Ana Riuz=us", "--speaker", "Jane Doe=customer", "--dry-run")
    assert "--speaker “Ana Riuz”: nobody is called so in what comes in; there speak Ana Ruiz, Jane Doe" in said
    assert "“Jane Doe”: nobody" not in said


def test_a_large_file_is_said_to_take_a_while_before_it_does(run, tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("customer,date,quote\nAcme,2026-11-17,Slow\n")
    assert "takes a while" not in run("t.csv", "--dry-run")[2]
    monkeypatch.setattr("workbench.cli.bring_in.LARGE", 0)
    assert run("t.csv", "--dry-run")[2].startswith(
        "t.csv has 0 MB: looking at it takes a while, and so does bringing it in."
    )


def test_a_newer_export_that_becomes_a_table_as_the_earlier_one_did_says_so(run, tmp_path):
    header = "customer,date,quote\nAcme,2026-11-17,Slow\n"
    (tmp_path / "t.csv").write_text(header)
    run("t.csv", "--as", "table", "--yes")
    (tmp_path / "t.csv").write_text(f"{header}Bolt,2026-11-18,Slower\n")
    code, out, _ = run("t.csv", "--yes")
    assert code == 0
    assert (
        "t.csv: kept as a table of notes, as interviews/t.csv is, which has rows of it (--as calls makes calls of it)"
        in out
    )
    assert "interviews/t-2.csv: kept as a table of 1 note" in out


def test_a_customer_who_allows_nothing_and_of_whom_no_row_gives_a_note_is_named(run, tmp_path):
    (tmp_path / "t.csv").write_text(
        "customer,date,quote,consent\nAcme,2026-11-17,Slow,quote\nBolt,2026-11-17,n/a,none\nBolt,2026-11-18,,quote\n"
        "Core,2026-11-17,,quote\n"
    )
    _, out, _ = run("t.csv", "--yes")
    assert (
        "t.csv:3: Bolt states consent none, and none of its rows gives a note; if it is so, write  consent: none  below Bolt in "
        "discovery/customers.yaml"
    ) in out
    assert "Core states" not in out


def test_of_several_calls_in_a_file_each_is_told_apart_and_its_heading_tells_whose_it_is(run, typed, tmp_path):
    calls = [
        {
            "title": f"{name} 2026-11-{day}",
            "date": f"2026-11-{day}",
            "turns": [{"speaker": s, "text": t} for s, t in talk],
        }
        for name, day, talk in (
            ("Acme", 17, (("Speaker 1", "How is it?"), ("Speaker 2", "It breaks each day."), ("Speaker 1", "Oh?"))),
            ("Bolt", 18, (("Speaker 1", "It is so slow."), ("Speaker 2", "Why?"), ("Speaker 1", "Nobody knows."))),
        )
    ]
    (tmp_path / "two.json").write_text(json.dumps(calls))
    code, out, said = run("two.json", "--yes", "--speaker", "Speaker 1=us")
    assert code == 1 and said.startswith("two.json (1 of 2): not in yet. Who of them")
    assert "two.json (2 of 2)  JSON turns, 3 turns  2026-11-18  Bolt (?)" in out
    assert out.count("“Speaker 1” speaks in 2 of these calls") == 1
    code, out, said = typed(["us", "customer", "yes", ""], "two.json")
    assert said.index("two.json (1 of 2)") < said.index("two.json (2 of 2)")
    assert "2 calls with 2 customers brought in" in out


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.md", "- It is slow\n- Kim: yes\n", "nobody is called so in what comes in"),
        (
            "a.csv",
            "Company,From,Participant,Message\nAcme,Ana Ruiz,Kim,It is slow\n",
            "nobody is called so in what comes in; there speak Kim; --column who=NAME says which column of a table has such names",
        ),
    ],
)
def test_a_speaker_who_is_not_there_is_named_for_notes_and_tables_too(run, tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    _, _, err = run(name, "--speaker", "Ana Ruiz=us", "--dry-run")
    assert f"--speaker “Ana Ruiz”: {said}" in " ".join(err.split())
