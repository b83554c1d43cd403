"""What one of us said in a call is no evidence, whatever mark stands before it: told by the call's transcript."""

import io
import shutil
import subprocess
import zipfile

import pytest

from workbench import our_words
from workbench.checks import check
from workbench.cli import main
from workbench.look_back import workspace_then
from workbench.report.elsewhere import verify_readout
from workbench.report.refi_qda import format_qdpx
from workbench.report.take_out import take_out
from workbench.study import read_notes, read_study
from workbench.themes import find_themes
from workbench.widgets import ThemeBoard

VTT = """WEBVTT

00:01.000 --> 00:04.000
<v Ana Ruiz>How do you do it today? You redo the totals by hand, right? Yes, exactly!

00:05.000 --> 00:06.000
<v Jane Doe>I export it to Excel

00:07.000 --> 00:08.000
<v Jane Doe>and redo the totals by hand. Yes exactly, every Friday.

00:09.000 --> 00:10.000
<v Ana Ruiz>So the filters reset every time.

00:11.000 --> 00:12.000
<v Jane Doe>They do.
"""
FILE = "interviews/transcripts/acme.vtt"
HEAD = "---\ndate: 2026-11-17\ncustomer: Acme\nconsent: quote\ntranscript: acme.vtt\nus: Ana Ruiz\n---\n"
OURS = "Ana Ruiz, interviews/transcripts/acme.vtt"


@pytest.fixture
def keep_all(monkeypatch):
    """What is found is kept of a single call, too."""
    monkeypatch.setattr("workbench.our_words.WORTH_KEEPING", 1)


@pytest.fixture
def folder(tmp_path):
    """A workspace with one call that has a transcript, and one that has none."""
    (tmp_path / "interviews" / "transcripts").mkdir(parents=True)
    (tmp_path / FILE).write_text(VTT)
    (tmp_path / "interviews" / "2026-11-18-bolt.md").write_text(
        "---\ndate: 2026-11-18\ncustomer: Bolt\nconsent: quote\n---\n- The filters reset\n"
    )
    return tmp_path


def write(folder, *notes, head=HEAD):
    (folder / "interviews" / "2026-11-17-acme.md").write_text(head + "".join(f"{note}\n" for note in notes))
    return folder


def ours_of(folder, *notes, head=HEAD):
    """What is said of the only note of a call."""
    found = read_notes(write(folder, *notes, head=head), problems=[])
    (said,) = found.loc[found["customer"] == "Acme", "ours"]
    return said


@pytest.mark.parametrize(
    ("note", "line"),
    [
        ('"How do you do it today"', 4),
        ('"You redo the totals by hand, right?" @00:01', 4),
        ('"How do you do it … right"', 4),
        ('"you REDO the totals, by hand: right!"', 4),  # typed with other letters and signs
        ("! So the filters reset every time.", 13),  # a whole sentence, as it stands
        ("- so the filters reset every time #filters", 13),
    ],
)
def test_what_only_one_of_us_said_is_ours(folder, note, line):
    assert ours_of(folder, note) == f"{OURS}:{line}"


@pytest.mark.parametrize(
    "note",
    [
        '"redo the totals by hand"',  # both said so
        '"… redo the totals by hand …"',  # with what stands around it left out
        '"Yes, exactly!"',  # the customer with another sign between
        "- the filters reset every time",  # words of the PM's own, which are a part of what was asked
        "- Redoes the totals by hand",
        "? How do you do it",
        "! So the filters reset every time @00:11",  # it stands where the customer says yes to it
        '"Something that nobody said"',
        "= How do you do it today?",
    ],
)
def test_what_a_customer_said_too_and_a_pm_s_own_words_are_not(folder, note):
    assert ours_of(folder, note) == ""


# As rolling captions and some recorders write: no capitals and no sign, a whole call in a few long turns.
UNSIGNED = """WEBVTT

00:01.000 --> 00:20.000
<v Ana Ruiz>okay so now i will share my screen and then can you tell me how you pick the orders that you look at first each morning

00:21.000 --> 00:40.000
<v Jane Doe>um i start with the late ones and then i sort them by the site they come from it takes me an hour on a bad day

00:41.000 --> 00:50.000
<v Ana Ruiz>i see and you copy all of the numbers over into the sheet of your manager by hand every friday

00:51.000 --> 00:59.000
<v Jane Doe>yeah every friday before lunch
"""


@pytest.mark.parametrize(
    "note",
    [
        '"Can you tell me how you pick the orders that you look at first?"',
        '"Can you show me how you pick the orders you look at first"',  # a word heard otherwise, one left out
        "- Can you tell me how you pick the orders that you look at first each morning?",
        "- how pick orders look at first each morning",  # in haste
        '"copy all the numbers over into the sheet of the manager"',  # between marks it is what somebody said
    ],
)
def test_where_a_machine_wrote_no_signs_ours_is_known_by_most_of_its_words(folder, note):
    (folder / FILE).write_text(UNSIGNED)
    assert ours_of(folder, note).startswith(OURS)


@pytest.mark.parametrize(
    "note",
    [
        "- Copies all of the numbers over into the sheet of her manager by hand",  # the answer to it is a yes
        "- Picks the late orders first each morning, then by site",
        "- Starts with the late ones, then sorts them by the site they come from",
        '"I start with the late ones and then sort by the site they come from"',
        "- pick orders look at late first",  # the answer brings a word of its own
        "- Can you tell me how you pick the orders that you look at first? @00:21",
        "- How you pick the orders",
    ],
)
def test_and_what_a_customer_said_or_said_yes_to_is_not(folder, note):
    (folder / FILE).write_text(UNSIGNED)
    assert ours_of(folder, note) == ""


def test_nearly_our_words_are_said_to_be_no_more_than_that(folder):
    problems = []
    read_notes(write(folder, '"How do you do this today"'), problems=problems)
    assert f"was said by one of you ({OURS}:4, nearly so), and does not count" in str(problems[0])


@pytest.mark.parametrize("head", [HEAD.replace("us: Ana Ruiz\n", ""), HEAD.replace("acme.vtt", "missing.vtt")])
def test_without_a_transcript_or_a_name_nothing_is_guessed(folder, head):
    assert ours_of(folder, '"How do you do it today"', head=head) == ""


WHO = "who: Jane Doe, ops lead\nus: Ana Ruiz\n"


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("Ana Ruiz", "Ana R.", "may be Ana Ruiz, who is one of you"),
        ("Ana Ruiz", "ana ruiz (Interviews Ltd)", "may be Ana Ruiz, who is one of you"),
        ("Ana Ruiz", "Moderator", "is called as those who ask are"),
        ("Ana Ruiz", "Tom", "may be Ana Ruiz, who is one of you and whom nobody is called"),
    ],
)
def test_one_of_us_whom_somebody_renamed_in_the_transcript_does_not_count_and_it_is_said(folder, was, now, why):
    (folder / FILE).write_text(VTT.replace(was, now))
    head = HEAD.replace("us: Ana Ruiz\n", WHO)
    assert ours_of(folder, '"How do you do it today"', head=head) == f"{now}, {FILE}:4, perhaps one of you"
    assert ours_of(folder, '"I export it to Excel"', head=head) == ""
    write(folder, '"How do you do it today"', head=head)
    told = {one.rule: one for one in check(folder, today="2026-11-26").violations if one.severity == "error"}
    unclear = told["speaker-unclear"]
    assert (unclear.line, unclear.what) == (7, f"{now!r} ({FILE}:4) {why}: the words do not count")
    assert "behind  us:,  or behind  who:  where it is the customer's" in unclear.todo
    assert "of whom nobody has said whose side that is" in told["quote-is-ours"].what
    # Once the call says so, it is plain.
    as_us, as_theirs = head.replace("us: Ana Ruiz", f"us: {now}"), head.replace("who: ", f"who: {now},; ")
    assert ours_of(folder, '"How do you do it today"', head=as_us) == f"{now}, {FILE}:4"
    assert ours_of(folder, '"How do you do it today"', head=as_theirs) == ""


def test_a_part_of_the_turns_renamed_is_found_as_well(folder):
    (folder / FILE).write_text(VTT.replace("Ana Ruiz>So", "Ana P. Ruiz>So"))
    found = [ours_of(folder, note) for note in ('"So the filters reset every time"', '"How do you do it today"')]
    assert found == [f"Ana P. Ruiz, {FILE}:13, perhaps one of you", f"{OURS}:4"]


def test_who_shares_a_first_name_with_one_of_us_is_neither_joined_nor_left_out(folder):
    (folder / FILE).write_text(VTT.replace("Jane Doe", "Ana Pavic"))
    assert ours_of(folder, '"I export it to Excel"', head=HEAD.replace("us: ", "who: Ana Pavic, ops\nus: ")) == ""
    (folder / FILE).write_text(VTT.replace("Jane Doe", "Ana"))
    said = ours_of(folder, '"I export it to Excel"', head=HEAD.replace("us: ", "who: Ana Pavic, ops\nus: "))
    assert said == f"Ana, {FILE}:7, perhaps one of you"
    (unclear,) = [one for one in check(folder, today="2026-11-26").violations if one.rule == "speaker-unclear"]
    assert "'Ana' (" in unclear.what
    assert "may be Ana Ruiz, who is one of you, or Ana Pavic, who is the customer's" in unclear.what


def test_who_the_registry_lists_is_the_customer_s_and_is_looked_up_again_once_it_does(folder, monkeypatch):
    monkeypatch.setattr("workbench.our_words.WORTH_KEEPING", 1)
    (folder / FILE).write_text(VTT.replace("Jane Doe", "Ana Pavic"))
    (folder / "discovery").mkdir()
    head = HEAD.replace("us: Ana Ruiz", "us: Ana")
    assert ours_of(folder, '"I export it to Excel"', head=head) == f"Ana Pavic, {FILE}:7, perhaps one of you"
    (folder / "discovery" / "customers.yaml").write_text("customers:\n  Acme:\n    people: [Ana Pavic]\n")
    assert ours_of(folder, '"I export it to Excel"', head=head) == ""


def test_one_of_us_in_another_call_is_named_where_this_one_does_not_say_so(folder):
    bolt = folder / "interviews" / "2026-11-18-bolt.md"
    bolt.write_text(bolt.read_text().replace("consent", "us: Ana Ruiz\nconsent", 1))
    write(folder, '"I export it to Excel"', head=HEAD.replace("us: Ana Ruiz", "who: Jane Doe"))
    told = [one for one in check(folder, today="2026-11-26").violations if one.rule == "speaker-unclear"]
    what = f"'Ana Ruiz' ({FILE}:4) is one of you in interviews/2026-11-18-bolt.md, and not here: the words count as the customer's"
    assert [one.what for one in told] == [what]


def test_what_cannot_be_read_as_a_transcript_stops_nothing(folder):
    (folder / FILE).write_bytes(b"\x00\xff")
    assert ours_of(folder, '"How do you do it today"') == ""


def test_it_counts_nowhere_and_is_named_with_file_and_line(folder):
    study = read_study(write(folder, '"How do you do it today"', "- It resets", "= My take"))
    themes = find_themes(study.notes)
    assert themes.notes["text"].tolist() == ["It resets", "The filters reset"]
    assert sorted(themes.takes["text"]) == ["How do you do it today", "My take"]
    assert [str(problem) for problem in study.problems] == [
        f"interviews/2026-11-17-acme.md:8: “How do you do it today” was said by one of you ({OURS}:4), and does not "
        "count; take the note out, or note what the customer said to it"
    ]
    # The linter says it once, by its own rule.
    told = [one for one in check(folder, today="2026-11-26").violations if one.line == 8]
    assert [(one.rule, one.severity) for one in told] == [("quote-is-ours", "error")]


def test_who_has_no_other_note_was_still_talked_to(folder):
    themes = find_themes(read_study(write(folder, '"How do you do it today"')).notes)
    assert (len(themes.notes), themes.n_customers) == (1, 2)


def test_a_call_in_two_recordings_counts_what_a_customer_says_in_either(folder):
    named_after_it = folder / "interviews" / "transcripts" / "2026-11-17-acme.vtt"
    named_after_it.write_text(VTT.replace("How do you do it today?", "").replace("They do.", "How do you do it today?"))
    assert ours_of(folder, '"How do you do it today"') == ""
    named_after_it.unlink()
    assert ours_of(folder, '"How do you do it today"') == f"{OURS}:4"


@pytest.mark.usefixtures("keep_all")
def test_what_was_found_is_kept_until_call_or_transcript_is_another(folder, monkeypatch):
    looked = []
    look_up = our_words._look_up
    monkeypatch.setattr(our_words, "_look_up", lambda *given: looked.append(1) or look_up(*given))
    quote = '"How do you do it today"'
    assert [ours_of(folder, quote) for _ in range(3)] == [f"{OURS}:4"] * 3
    assert len(looked) == 1
    (folder / FILE).write_text(VTT.replace("WEBVTT\n", "WEBVTT\n\n"))
    assert ours_of(folder, quote) == f"{OURS}:5"
    assert ours_of(folder, quote, head=HEAD.replace("us: Ana Ruiz\n", "")) == ""
    assert len(looked) == 3
    (folder / our_words.KEPT).write_text("broken")
    assert ours_of(folder, quote) == f"{OURS}:5"


def test_on_a_day_before_it_counted_as_little(folder):
    study = read_study(write(folder, '"How do you do it today"', "- It resets"))
    with workspace_then(study, "2026-11-17") as then:
        assert read_notes(then, problems=[])["ours"].tolist() == [f"{OURS}:4", ""]


@pytest.mark.usefixtures("keep_all")
def test_the_same_files_give_the_same_whatever_was_kept(folder):
    write(folder, '"How do you do it today"', "- It resets")
    first = read_notes(folder, problems=[])
    shutil.rmtree(folder / ".workbench")
    assert read_notes(folder, problems=[]).equals(first)


# Where it is shown


def test_it_is_listed_as_not_counted_and_why(folder, capsys):
    write(folder, '"How do you do it today"', "- It resets")
    main(["-w", str(folder), "notes"])
    listed = capsys.readouterr().out
    assert f"How do you do it today  (said by one of you, not counted: {OURS}:4)\n" in listed


def test_it_cannot_be_put_into_a_theme(folder, capsys):
    write(folder, '"How do you do it today"', "- It resets")
    words = ["correct", "new", "Today", "interviews/2026-11-17-acme.md:8", "--by", "ana"]
    assert main(["-w", str(folder), *words]) == 1
    assert f"2026-11-17-acme.md:8 is what one of you said ({OURS}:4), and in no theme" in capsys.readouterr().err


def test_who_quotes_it_elsewhere_is_told_whose_words_they_are(folder):
    write(folder, '"How do you do it today"', "- It resets")
    (folder / "weekly.md").write_text("Acme told us: “How do you do it today”\n")
    (found,) = verify_readout(folder / "weekly.md", folder).violations
    what = "“How do you do it today” (credited to Acme) is what one of you said, interviews/2026-11-17-acme.md:8"
    assert (found.rule, found.what) == ("quote-not-verbatim", what)


def test_a_record_that_cites_it_still_leads_there_and_rests_on_less(folder):
    study = read_study(write(folder, '"How do you do it today"', "- It resets"))
    note = study.notes.loc[study.notes["ours"] != "", "note"].iloc[0]
    (folder / "discovery" / "hypotheses").mkdir(parents=True)
    (folder / "discovery" / "hypotheses" / "H-1.md").write_text(
        f"---\nid: H-1\nstatus: running\nevidence:\n  - {note}\n---\n"
    )
    told = check(folder, today="2026-11-26").violations
    assert [one.what for one in told if one.rule == "hypothesis-no-evidence"] == [
        "H-1 is running and none of its notes counts"
    ]
    assert [one for one in told if one.rule in ("link-broken", "record-unreadable")] == []


def test_in_what_is_taken_out_it_is_said(folder):
    study = read_study(write(folder, '"How do you do it today"', "- It resets"))
    notes = take_out(study, find_themes(study.notes), mine=True).tables["notes"]
    standing = dict(zip(notes["text"], notes["standing"], strict=True))
    assert standing["How do you do it today"] == "said by one of you"
    assert "How do you do it today" not in take_out(study, find_themes(study.notes)).tables["notes"]["text"].tolist()


@pytest.mark.parametrize("name", ["everything.json", "notes.csv"])
def test_out_and_in_again_it_is_what_it_was_written_as(folder, name, tmp_path, capsys):
    write(folder, '"How do you do it today" #how', "! So the filters reset every time.", "= How do you do it today?")
    before = (folder / "interviews/2026-11-17-acme.md").read_text()
    main(["export", "--mine", str(tmp_path / "mine"), "-w", str(folder)])
    capsys.readouterr()
    assert main(["import", "--yes", str(tmp_path / "mine" / name), "-w", str(folder)]) == 0
    assert "Nothing new came in." in capsys.readouterr().out
    assert (folder / "interviews/2026-11-17-acme.md").read_text() == before
    (again := tmp_path / "again" / "interviews").mkdir(parents=True)
    assert main(["import", "--yes", str(tmp_path / "mine" / name), "-w", str(again.parent)]) == 0
    notes = before.partition("us: Ana Ruiz\n---\n")[2]
    written = (again / "2026-11-17-acme.md").read_text().rpartition("---\n")[2]
    assert written == "".join(f"- {line.removeprefix('- ')}\n" for line in notes.splitlines())
    assert "“How do you do it today” was said by one of you" in capsys.readouterr().out


def test_in_a_project_for_other_tools_it_is_no_passage_of_a_customer(folder):
    study = read_study(write(folder, '"How do you do it today"', "- It resets"))
    project = format_qdpx(take_out(study, find_themes(study.notes), mine=True))
    with zipfile.ZipFile(io.BytesIO(project)) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".txt")]
    assert "It resets\n" in texts


def test_consent_that_was_assumed_is_stated_nowhere_when_it_comes_back(folder):
    write(folder, "- It resets", head=HEAD.replace("consent: quote\n", ""))
    study = read_study(folder, assume_consent="quote")
    calls = take_out(study, find_themes(study.notes), mine=True).tables["calls"]
    assert dict(zip(calls["customer"], calls["consent"], strict=True)) == {"Acme": "", "Bolt": "quote"}


def test_on_the_board_it_is_no_news(folder):
    write(folder, '"How do you do it today"', "- It resets")
    board = ThemeBoard(folder, by="ana", today="2026-11-20")
    heard = []
    board.send = lambda content, buffers=None: heard.append(content)
    board.answer({"what": "poll", "view": "v1"})
    assert "news" not in heard[-1]


def test_where_git_has_no_transcripts_the_past_is_told_by_those_of_today(folder):
    def git(*words):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)

    write(folder, '"How do you do it today"', "- It resets")
    (folder / ".gitignore").write_text("interviews/transcripts/\n.workbench/\n")
    git("init", "-q")
    git("add", ".")
    git("-c", "user.name=Ana", "-c", "user.email=ana@example.org", "commit", "-qm", "calls")
    with workspace_then(read_study(folder), "HEAD") as then:
        assert f"{OURS}:4" in read_notes(then, problems=[])["ours"].tolist()


@pytest.mark.usefixtures("keep_all")
def test_reading_some_calls_leaves_what_is_kept_of_others(folder):
    write(folder, '"How do you do it today"')
    read_study(folder)
    before = (folder / our_words.KEPT).read_bytes()
    read_study(folder, calls=["2026-11-18-bolt"])
    assert (folder / our_words.KEPT).read_bytes() == before


def test_a_report_says_how_many_and_neither_whose_nor_which_words(folder, run_sections, export):
    write(folder, '"How do you do it today"', "- It resets", "- The export takes two hours")
    (folder / "discovery").mkdir()
    (folder / "discovery" / "salt").write_text("a1" * 16 + "\n")
    page = export(run_sections(folder))[0]
    assert "what one of us said in a call, by its transcript" in page
    for words in ("How do you do it", "Ana Ruiz", "acme.vtt"):
        assert words not in page
