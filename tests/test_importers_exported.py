"""Our own export, edited by hand and brought in again: what was changed is seen, and a row that is broken is named with its line."""

import json
import zipfile

import pytest

from workbench.arrivals import settle
from workbench.bring_in import bring_in, plan_import
from workbench.cli import main
from workbench.importers import Source, Unreadable, read_source
from workbench.notes import read_note
from workbench.study import read_notes

CALLS = {
    "2026-11-16-bolt.md": "---\ndate: 2026-11-16\ncustomer: Bolt\nconsent: quote\n---\n- ! The list is slow #speed\n",
    "2026-11-17-acme.md": "---\ndate: 2026-11-17\ncustomer: Acme Freight\nwho: Jane Doe, ops lead\nsegment: mid-market\nkind: churn\nconsent: named\n---\n"
    '- "I export it to Excel and redo the totals" @12:40 #export\n- Redoing takes two hours\n- = we should look at this\n- =SUM is what she types\n',
}  # fmt: skip


@pytest.fixture
def export(make_workspace, tmp_path, capsys):
    """The tables of a workspace, as a function that gives one file of them."""
    folder = make_workspace(CALLS)
    assert main(["export", "--mine", str(tmp_path / "mine.zip"), "-w", str(folder)]) == 0
    capsys.readouterr()
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return lambda name: files[name].decode("utf-8-sig")


def read(text, name):
    importer, contents = read_source(Source(name, text.encode()))
    assert importer.name == "Export of this program"
    return contents


def notes(contents):
    return [(one.customer, str(one.date), *read_note(note.line)) for one in contents for note in one.notes]


ALL = [
    ("Bolt", "2026-11-16", "pain", "The list is slow", ("speed",), ""),
    ("Acme Freight", "2026-11-17", "quote", "I export it to Excel and redo the totals", ("export",), "12:40"),
    ("Acme Freight", "2026-11-17", "observation", "Redoing takes two hours", (), ""),
    ("Acme Freight", "2026-11-17", "take", "we should look at this", (), ""),
    ("Acme Freight", "2026-11-17", "take", "SUM is what she types", (), ""),
]


@pytest.mark.parametrize("name", ["everything.json", "notes.csv"])
def test_the_notes_come_back_by_call_and_nothing_is_odd_about_them(export, name):
    contents = read(export(name), name)
    assert notes(contents) == ALL
    assert [one.problems for one in contents] == [(), ()]


def test_json_has_what_each_call_says_of_itself_and_the_line_of_each_note(export):
    text = export("everything.json")
    _, acme = read(text, "renamed.txt")
    assert (acme.who, acme.segment, acme.kind, acme.consent) == ("Jane Doe, ops lead", "mid-market", "churn", "named")
    assert '"note": "2026-11-17-acme#' in text.split("\n")[acme.notes[0].at - 1]


@pytest.mark.parametrize("name", ["everything.json", "notes.csv"])
def test_words_that_were_changed_and_rows_that_are_broken_are_named_with_their_line(export, name):
    text = export(name).replace("Redoing takes two hours", "Redoing takes three hours")
    text = text.replace("12:40", "noon").replace("pain", "trouble")
    text = text.replace('"we should look at this"', '""').replace(",we should look at this,", ",,")
    contents = read(text, name)
    assert notes(contents)[:3] == [
        ("Bolt", "2026-11-16", "observation", "The list is slow", ("speed",), ""),
        (*ALL[1][:5], ""),
        (*ALL[2][:3], "Redoing takes three hours", (), ""),
    ]
    problems = contents[0].problems
    assert [problem.what for problem in problems] == [
        "kind 'trouble' is none of observation, quote, pain, workaround, wish, commitment, take",
        "'noon' is no time such as 12:40, and no turn such as ¶12",
        "“Redoing takes three hours” is not what was exported",
        "a note without its words",
    ]
    lines = text.split("\n")
    wanted = ("trouble", "noon", "three hours", '"text": ""' if name.endswith(".json") else ",take,,")
    for problem, word in zip(problems, wanted, strict=True):
        assert word in "\n".join(lines[problem.line - 1 : problem.line + 8])


def test_json_that_breaks_says_in_which_line(export):
    text = export("everything.json")
    place = text.index('"The list is slow"') + len('"The list is slow"')
    with pytest.raises(Unreadable, match="the JSON breaks in line") as broken:
        read(text[:place] + text[place + 1 :], "everything.json")
    assert broken.value.line == text.count("\n", 0, place) + 2
    with pytest.raises(Unreadable, match="version 2"):
        read(json.dumps({**json.loads(text), "version": 2}), "everything.json")


@pytest.mark.parametrize("name", ["README.txt", "calls.csv", "customers.csv", "themes.csv", "records.csv"])
def test_its_other_tables_say_where_the_notes_are(export, name):
    with pytest.raises(Unreadable, match=r"bring notes\.csv or everything\.json"):
        read(export(name), name)


def test_what_is_in_already_is_skipped_and_what_was_changed_comes_in_beside_it(export, make_workspace):
    root = make_workspace(CALLS, name="again")
    text = export("everything.json").replace("Redoing takes two hours", "Redoing takes three hours")
    plan = plan_import(root, [Source("everything.json", text.encode())])
    bring_in(root, [settle(arrival, confirm=True) for arrival in plan])
    found = read_notes(root)
    hours = found[found["text"].str.contains("hours")]
    assert sorted(zip(hours["text"], hours["customer"].astype(str), strict=True)) == [
        ("Redoing takes three hours", "Acme Freight"),
        ("Redoing takes two hours", "Acme Freight"),
    ]
    assert len(found) == len(ALL) + 1


def test_a_field_of_null_says_nothing_and_is_no_word(export):
    everything = json.loads(export("everything.json"))
    bolt, quote, *_ = everything["tables"]["notes"]
    bolt["text"] = quote["at"] = quote["theme"] = None
    quote["tags"] = ["export", "late"]
    (acme,) = read(json.dumps(everything), "everything.json")
    assert read_note(acme.notes[0].line) == ("quote", ALL[1][3], ("export", "late"), "")
    assert [problem.what for problem in acme.problems] == ["a note without its words"]
    acme_call = next(row for row in everything["tables"]["calls"] if row["customer"] == "Acme Freight")
    acme_call["customer"] = quote["customer"] = None
    (acme,) = read(json.dumps(everything), "everything.json")
    assert acme.customer == ""


@pytest.mark.parametrize("name", ["everything.json", "notes.csv"])
def test_that_customers_stand_under_codes_is_said(make_workspace, tmp_path, capsys, name):
    folder = make_workspace({"2026-11-16-bolt.md": CALLS["2026-11-16-bolt.md"]})
    main(["export", str(tmp_path / "others.zip"), "-w", str(folder)])
    with zipfile.ZipFile(tmp_path / "others.zip") as archive:
        (bolt,) = read(archive.read(name).decode("utf-8-sig"), name)
    (problem,) = bolt.problems
    assert problem.what == f"customers under codes, as an export for others has them: {bolt.customer}"


@pytest.mark.parametrize("words", ["=1+1", "＝1+1", "| a | b |", "%APPDATA%", "@ana said", "-5 of them", "'quoted' it"])  # noqa: RUF001
def test_what_is_guarded_against_spreadsheets_comes_back_as_it_was(make_workspace, tmp_path, capsys, words):
    folder = make_workspace({"2026-11-16-bolt.md": f"---\ndate: 2026-11-16\ncustomer: Bolt\n---\n! {words}\n"})
    main(["export", "--mine", str(tmp_path / "mine.zip"), "-w", str(folder)])
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        (bolt,) = read(archive.read("notes.csv").decode("utf-8-sig"), "notes.csv")
    assert [read_note(note.line)[1] for note in bolt.notes] == [words] and bolt.problems == ()
