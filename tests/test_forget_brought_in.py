"""Forgetting a customer whose calls came in from elsewhere: nothing of it is left in transcripts, originals and what was made of them."""

import io
import json

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from test_bring_in import SIDES, TALK, bring, renamed, turns, vtt

import workbench.bring_in as room
from workbench.bring_in import plan_import
from workbench.forget import forget, plan_forgetting
from workbench.forget.search import look_into
from workbench.importers import Source
from workbench.store import read_calls
from workbench.transcripts import TRIAGE
from workbench.triage import Decision, decide, open_sheet

TOKEN = "Zqxkeld"
NAME = f"{TOKEN} Freight"
SAID = "the night import loses every ninth row of our loading list"
THEIRS = [
    *TALK,
    ("Jane Doe", f"At {TOKEN} {SAID}, each and every week."),
    ("Ana Ruiz", "And then you count them by hand?"),
]
OTHER = [(who, f"{' '.join(reversed(words.split()))} {n}") for n, (who, words) in enumerate(renamed(Jane="Bo Li") * 2)]
HEADER = ("Company", "Created", "Feedback", "Score")
ROWS = [
    ("Bolt", "2026-11-17", "We would like to see the total at the top of the page", "3"),
    (NAME, "2026-11-17", f"Honestly {SAID} and nobody says so", "1"),
    ("Bolt", "2026-11-18", "Sorting by the date of arrival would save us an hour", "4"),
]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "ws" / "interviews").mkdir(parents=True)
    return tmp_path / "ws"


def document(talk):
    word, data = Document(), io.BytesIO()
    for who, words in talk:
        word.add_paragraph(f"{who}: {words}")
    word.save(data)
    return data.getvalue()


def spreadsheet():
    book, data = Workbook(), io.BytesIO()
    for row in (HEADER, *ROWS):
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def comma_separated():
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in (HEADER, *ROWS)).encode() + b"\r\n"


def left(root):
    """Every file that still says it, in whatever it is packed."""
    found = set()
    for path in root.rglob("*"):
        text = " ".join((path.as_posix(), *(look_into(path.read_bytes()).texts if path.is_file() else ()))).casefold()
        if TOKEN.casefold() in text or SAID in text:
            found.add(path.relative_to(root).as_posix())
    return found


FORMS = {
    ".vtt": vtt,
    ".json": turns,
    ".docx": document,
    ".txt": lambda talk: "\n\n".join(f"{w}: {t}" for w, t in talk).encode(),
}


@pytest.mark.parametrize("ending", FORMS)
def test_a_transcript_in_any_form_goes_with_its_call_and_the_others_stay(root, monkeypatch, ending):
    monkeypatch.setattr(room, "WORTH_KEEPING", 1)
    bring(root, Source(f"rec{ending}", FORMS[ending](THEIRS)), day="2026-11-17", customer=NAME, speakers=SIDES, keep=3)
    # Renamed by hand, so that only the call tells whose it is.
    (call,) = (root / "interviews").glob("*.md")
    (transcript,) = (root / "interviews/transcripts").glob(f"*{ending}")
    transcript.rename(transcript.with_name(f"monday{ending}"))
    call.write_text(call.read_text().replace(transcript.name, f"monday{ending}"))
    bring(root, Source("2026-11-18 Bolt.vtt", vtt(OTHER)), speakers=SIDES | {"Bo Li": "customer"})
    plan_import(root, [Source("new.vtt", vtt(OTHER[::-1]))])
    assert (root / room.SKETCHES).exists()
    done = forget(root, NAME)
    assert done.complete and left(root) == set() and not (root / room.SKETCHES).exists()
    assert (root / "interviews/transcripts/2026-11-18-bolt.vtt").read_bytes() == vtt(OTHER)


def test_what_one_of_us_asks_everybody_is_no_mention_and_a_name_in_anothers_transcript_is_one(root):
    asked = ("Ana Ruiz", "So then, how do you decide which of all these plots to look at first?")
    sides = SIDES | {"Bo Li": "customer"}
    heard = [("Bo Li", f"I was told so by {NAME} last year.")]
    bring(root, Source("a.vtt", vtt([*THEIRS, asked])), day="2026-11-17", customer=NAME, speakers=sides)
    bring(root, Source("b.vtt", vtt([*OTHER, asked])), day="2026-11-18", customer="Bolt", speakers=sides)
    bring(root, Source("c.vtt", vtt([*heard, asked])), day="2026-11-19", customer="Core", speakers=sides)
    plan = plan_forgetting(root, NAME)
    assert [words.partition(":")[0] for words in plan.mentions] == ["interviews/transcripts/2026-11-19-core.vtt"]
    forget(root, NAME, mentions=True)
    assert left(root) == set()
    assert (root / "interviews/transcripts/2026-11-18-bolt.vtt").read_bytes() == vtt([*OTHER, asked])


def test_rows_of_a_table_that_is_kept_go_and_the_others_keep_every_byte(root):
    bring(root, Source("survey.csv", comma_separated()))
    assert forget(root, NAME).complete
    assert left(root) == set()
    kept = comma_separated().splitlines(keepends=True)
    assert (root / "interviews/originals/survey.csv").read_bytes() == b"".join([kept[0], kept[1], kept[3]])


def test_rows_of_a_spreadsheet_go_as_well(root):
    bring(root, Source("survey.xlsx", spreadsheet()))
    assert forget(root, NAME).complete
    assert left(root) == set()
    book = load_workbook(root / "interviews/originals/survey.xlsx")
    assert [row for row in book.active.values] == [HEADER, ROWS[0], ROWS[2]]  # noqa: C416


def test_a_file_of_several_calls_goes_whole_and_the_others_calls_stand_beside_it(root):
    calls = [{"title": f"Call with {who} on 2026-11-17", "sentences": [{"speaker_name": w, "text": t} for w, t in talk]}
             for who, talk in ((NAME, THEIRS), ("Bolt", OTHER))]  # fmt: skip
    for name in (NAME, "Bolt"):
        (root / "interviews" / f"2026-01-01-{name[:4].lower()}.md").write_text(f"---\ncustomer: {name}\n---\n")
    done = bring(root, Source("export.json", json.dumps(calls).encode()), speakers=SIDES | {"Bo Li": "customer"})
    assert forget(root, NAME).complete
    assert left(root) == set() and list((root / "interviews/originals").glob("*.json")) == []
    (bolt,) = [one for one in done.calls if one.customer == "Bolt"]
    assert OTHER[0][1] in (root / "interviews/transcripts" / bolt.transcript).read_text()


def test_a_table_in_which_another_mentions_it_is_listed_and_changed_only_when_asked(root):
    rows = [
        ("Bolt", "2026-11-17", f"We heard from {NAME} that it is slow"),
        (NAME, "2026-11-18", f"Honestly {SAID} and more"),
    ]
    data = "Company,Created,Feedback\n" + "".join(f"{','.join(row)}\n" for row in rows)
    bring(root, Source("survey.csv", data.encode()))
    plan = plan_forgetting(root, NAME)
    assert any("originals/survey.csv" in words for words in (*plan.mentions, *plan.by_hand))
    assert forget(root, NAME, mentions=True).complete
    assert left(root) == set()
    assert "Bolt,2026-11-17" in (root / "interviews/originals/survey.csv").read_text()


def test_what_stands_at_the_head_of_every_file_of_decisions_is_no_mention(root, tmp_path):
    for name, talk in ((NAME, THEIRS), ("Bolt", OTHER)):
        bring(root, Source(f"2026-11-17 {name}.vtt", vtt(talk)), customer=name, speakers=SIDES)
    for row in read_calls(root)[0]:
        said = next(item for item in open_sheet(root, row.file).items)
        decide(root, row.file, Decision("drop", said.candidate.at, said.candidate.text))
    plan = plan_forgetting(root, NAME)
    assert [one for one in plan.mentions if f"{TRIAGE}:" in one] == []
    assert any(step.file.endswith(TRIAGE) for step in plan.steps), "the customer's own goes"
