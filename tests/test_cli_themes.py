"""Correcting themes on the command line: every act, undone and redone, by two people, and what is said when it is wrong."""

import json
import os
import random
import re
import subprocess
from types import SimpleNamespace

import pytest

from workbench.cli import main
from workbench.store import read_ledger
from workbench.study import read_notes
from workbench.themes import ThemeModel, find_themes
from workbench.themes.ledger import parse_ledger

CALL = "---\ndate: {date}\ncustomer: {customer}\nsegment: {segment}\nconsent: quote\n---\n{notes}\n"
# Three things that customers say, in words that no two of the three share.
IMPORT = [
    "The import drops rows",
    "Rows are lost in the import",
    "Import refused half of the rows",
    "Lost 40 rows on import",
]
INVOICE = [
    "Invoice layout looks odd",
    "The invoice has an odd layout",
    "Odd invoice layout again",
    "Our invoice layout is off",
]
FILTER = ["Filters reset when she goes back", "Going back resets her filters", "Back button resets filters", "Resets the filters, back they go"]  # fmt: skip
CUSTOMERS = ["Acme", "Bolt", "Core", "Dune"]
LEDGER = "discovery/themes.yaml"
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | {
    f"GIT_{who}_{what}": "pm" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


@pytest.fixture
def work(make_workspace):
    """A workspace of four calls; line 7 of each is about the import, 8 the invoice, 9 the filters."""
    calls = {}
    for i, customer in enumerate(CUSTOMERS):
        notes = f"- {IMPORT[i]}\n- {INVOICE[i]}\n- {FILTER[i]}"
        if i == 0:
            notes += "\n- = Perhaps it is the commas"
        day = f"2026-11-{10 + i}"
        segment = "services" if i % 2 else "field"
        calls[f"{day}-{customer.lower()}.md"] = CALL.format(date=day, customer=customer, segment=segment, notes=notes)
    return make_workspace(calls)


@pytest.fixture
def run(work, capsys):
    """A function that runs a command on the workspace and gives its exit code, standard output and standard error."""

    def run(*words, folder=work, by="ana", today="2026-11-20"):
        capsys.readouterr()
        signed = ["--by", by, "--today", today] if words[0] == "correct" and len(words) > 1 else []
        code = main([*map(str, words), *signed, "-w", str(folder)])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


@pytest.fixture
def listed(run):
    """A function that gives the themes: id, name, and the texts of the notes."""

    def listed(**where):
        themes = json.loads(run("themes", "--format", "json", **where)[1])
        texts = {note["note"]: note["text"] for note in json.loads(run("notes", "--format", "json", **where)[1])}
        return {theme["theme"]: (theme["name"] or "", {texts[id] for id in theme["notes"]}) for theme in themes}

    return listed


@pytest.fixture
def theme_of(listed):
    """A function that gives the theme that holds a text."""
    return lambda text, **where: next((id for id, (_, texts) in listed(**where).items() if text in texts), "")


def at(i, line):
    return f"interviews/2026-11-{10 + i}-{CUSTOMERS[i].lower()}.md:{line}"


def note_id(run, text):
    return next(note["note"] for note in json.loads(run("notes", "--format", "json")[1]) if note["text"] == text)


def ledger(work):
    path = work / LEDGER
    return path.read_text("utf-8") if path.exists() else ""


def records(work):
    parsed = parse_ledger(ledger(work))
    assert parsed.problems == ()
    return parsed.records


def test_the_workspace_has_the_three_themes_that_it_was_made_for(listed):
    assert sorted((name, sorted(texts)) for name, texts in listed().values()) == sorted(
        ("", sorted(texts)) for texts in (IMPORT, INVOICE, FILTER)
    )
    assert set(listed()) == {"T1", "T2", "T3"}


# Acts


@pytest.mark.parametrize("name", ["Rows go missing", "Röws 🧹 & “lists”", "  two   blanks\tand a tab ", "数量" * 20])
def test_a_theme_is_renamed_and_lasts(name, work, run, listed, theme_of):
    old = theme_of(IMPORT[0])
    code, out, err = run("correct", "rename", old, name)
    assert (code, err) == (0, "")
    new = theme_of(IMPORT[0])
    assert re.fullmatch(r"T-[0-9a-f]{8}", new)
    plain = " ".join(name.split())
    assert listed()[new] == (plain, set(IMPORT))
    assert f"renamed: {old} → {new[:6]}  {plain}  (4 of 4 customers)" in out
    assert "2 themes as before." in out
    assert "To take it back:  workbench correct undo" in out
    table = run("themes")[1]
    assert f"{new[:6]}      4 of 4  {plain}\n" in table
    assert "1 theme lasts; T1, T2 and so on do not until you touch them." in table


def test_a_renamed_theme_is_found_by_its_name_its_id_and_the_beginning_of_it(run, listed, theme_of):
    run("correct", "rename", theme_of(IMPORT[0]), "Rows go missing 🧹")
    id = theme_of(IMPORT[0])
    for i, word in enumerate(["rows  GO missing 🧹", id, id[:6], id[:4]]):
        code, _, err = run("correct", "rename", word, f"Name {i}")
        assert (code, err) == (0, "")
        assert listed()[id][0] == f"Name {i}"
        run("correct", "undo")
    assert listed()[id][0] == "Rows go missing 🧹"


def test_a_theme_is_put_into_another(work, run, listed, theme_of):
    run("correct", "rename", theme_of(IMPORT[0]), "Import")
    code, out, _ = run("correct", "merge", theme_of(INVOICE[0]), "import")
    assert code == 0
    into = theme_of(IMPORT[0])
    assert listed()[into] == ("Import", {*IMPORT, *INVOICE})
    assert re.search(rf"merged into {into[:6]}: T\d  .+  \(4 customers before\)", out)
    assert out.count("    from T") == 4


def test_of_many_notes_that_came_a_few_are_printed_with_the_command_that_lists_all(make_workspace, run):
    """Two themes of eight notes each become one; taking that back makes a theme that has a number and no lasting id."""
    calls = {}
    for i in range(8):
        notes = f"- {IMPORT[i % 4]} {i}\n- {INVOICE[i % 4]} {i}"
        calls[f"c{i}.md"] = CALL.format(date=f"2026-11-1{i}", customer=f"C{i}", segment="s", notes=notes)
    folder = make_workspace(calls, name="many")
    assert run("themes", folder=folder)[1].count("8 notes; ") == 2

    def listed_by(said):
        """What the printed commands list, the last of them, and how many notes are printed above."""
        (line,) = [line for line in said.splitlines() if "to see all:" in line]
        n_more, commands = re.fullmatch(r"    and (\d+) more; to see all:  (.+)", line).groups()
        shown = re.findall(r"(?m)^    from \S+: (\S+:\d+): ", said)
        assert (len(shown), int(n_more)) == (5, 3)
        for command in commands.split(", then  "):
            code, out, err = run(*command.split()[1:], folder=folder)
            assert (code, err) == (0, "")
        assert all(f"{place}: " in out for place in shown)
        return commands, len(out.splitlines())

    commands, n_listed = listed_by(run("correct", "merge", "T2", "T1", folder=folder)[1])
    assert re.fullmatch(r"workbench themes T-\w{4}", commands)
    assert n_listed == 16
    commands, n_listed = listed_by(run("correct", "undo", folder=folder)[1])
    assert re.fullmatch(r"workbench themes, then  workbench themes T\d", commands)
    assert n_listed == 8
    run("correct", "merge", "T2", "T1", folder=folder)
    out = run("themes", "--since", "2026-11-20", folder=folder)[1]
    assert "    and 3 more; --format json names all of them\n" in out


def test_all_notes_that_are_in_no_theme_now_are_printed_since_no_command_lists_them(make_workspace, run):
    notes = "\n".join(f"- {text} {i}" for i in range(8) for text in (IMPORT[i % 4], INVOICE[i % 4]))
    call = CALL.format(date="2026-11-10", customer="C", segment="s", notes=notes)
    folder = make_workspace({"c.md": call}, name="many")
    out = run("correct", "aside", *(f"interviews/c.md:{line}" for line in range(7, 21, 2)), folder=folder)[1]
    assert len(re.findall(r"(?m)^    to no theme: ", out)) == 7
    assert " more" not in out


def test_a_week_that_fits_no_theme_is_said_and_a_week_that_does_is_not(make_workspace, run):
    def calls(texts, first, n):
        return {
            f"2026-{first + i // 9:02}-{1 + i % 9:02}-customer-{i}.md": CALL.format(
                date=f"2026-{first + i // 9:02}-{1 + i % 9:02}", customer=f"Customer {i}", segment="field",
                notes="\n".join(f"- {text} on page {i}" for text in texts),
            )
            for i in range(n)
        }  # fmt: skip

    known = [IMPORT[0], INVOICE[0], FILTER[0]]
    folder = make_workspace(calls(known, 1, 18), name="kept")
    assert run("correct", "keep", folder=folder)[0] == 0
    for name, text in calls(known, 11, 9).items():
        (folder / "interviews" / name).write_text(text, "utf-8")
    assert "fit no theme" not in run("themes", folder=folder)[1]
    strange = [
        "Webhook retries break the signature",
        "Our webhook endpoint times out",
        "Signature of the webhook payload",
    ]
    for name, text in calls(strange, 12, 9).items():
        (folder / "interviews" / name).write_text(text, "utf-8")
    said = run("themes", folder=folder)[1]
    assert re.search(
        r"\d+ of \d+ notes of this week fit no theme \(\d+% would be usual\): suggest again\?  workbench themes", said
    )


def test_a_theme_is_split(work, run, listed, theme_of):
    old = theme_of(IMPORT[0])
    code, out, _ = run("correct", "split", old, at(0, 7), note_id(run, IMPORT[1]), "--name", "Dropped & lost")
    assert code == 0
    name, texts = listed()[theme_of(IMPORT[0])]
    assert name == "Dropped & lost"
    assert {IMPORT[0], IMPORT[1]} <= texts <= set(IMPORT)
    place = next(record for record in records(work) if record.kind == "place")
    assert [ref.text for ref in place.notes] == [IMPORT[0], IMPORT[1]]
    assert "Dropped & lost" in out


def test_a_new_theme_is_made_of_notes_of_several_themes_and_of_none(work, run, listed, theme_of):
    run("correct", "aside", at(2, 8))
    before = listed()
    code, out, err = run("correct", "new", "Lost & odd", at(0, 7), note_id(run, FILTER[1]), at(2, 8))
    assert (code, err) == (0, "")
    name, texts = listed()[theme_of(IMPORT[0])]
    assert (name, texts >= {IMPORT[0], FILTER[1], INVOICE[2]}) == ("Lost & odd", True)
    assert re.search(r"(?m)^born: T-\w{4}  Lost & odd  \(\d of 4 customers\)$", out)
    assert f"from no theme: {at(2, 8)}" in out
    named, moved = run("correct", "log")[1].splitlines()[0].split("; ")
    assert named.endswith("“Lost & odd”")
    assert moved.startswith(f"moved “{IMPORT[0]}”")
    assert run("correct", "undo")[0] == 0
    assert sorted(texts for _, texts in listed().values()) == sorted(texts for _, texts in before.values())


@pytest.mark.parametrize("how", ["file and line", "call and line", "note id", "path from elsewhere"])
def test_notes_are_moved_whichever_way_they_are_named(how, work, run, listed, theme_of):
    words = {
        "file and line": at(1, 7),
        "call and line": "2026-11-11-bolt:7",
        "note id": note_id(run, IMPORT[1]),
        "path from elsewhere": f"{work}/{at(1, 7)}",
    }
    code, out, _ = run("correct", "move", theme_of(FILTER[0]), words[how])
    assert code == 0
    assert theme_of(IMPORT[1]) == theme_of(FILTER[0])
    assert re.search(rf"    from T\d: {re.escape(at(1, 7))}: {IMPORT[1]}", out), "from T1, as that was called then"
    kinds = sorted((record.kind, len(record.notes)) for record in records(work))
    assert kinds == [("place", 1), ("theme", 4), ("theme", 4)], "the theme that it comes from lasts too"
    assert not theme_of(INVOICE[0]).startswith("T-"), "the third was not touched"


def test_notes_are_set_aside(work, run, listed, theme_of):
    code, out, _ = run("correct", "aside", at(0, 8), at(1, 8))
    assert code == 0
    assert theme_of(INVOICE[0]) == theme_of(INVOICE[1]) == ""
    assert f"    to no theme: {at(0, 8)}: {INVOICE[0]}" in out
    assert "2 notes in no theme, 2 of them set aside." in run("themes")[1]


def test_a_note_is_pinned_to_another_and_follows_it(work, run, listed, theme_of):
    assert run("correct", "pin", at(0, 8), at(0, 7))[0] == 0
    assert theme_of(INVOICE[0]) == theme_of(IMPORT[0])
    run("correct", "move", theme_of(FILTER[0]), at(0, 7))
    assert theme_of(INVOICE[0]) == theme_of(IMPORT[0]) == theme_of(FILTER[0])


def test_two_notes_are_kept_apart(work, run, listed, theme_of):
    code, out, _ = run("correct", "apart", at(0, 7), at(1, 7))
    assert code == 0
    assert theme_of(IMPORT[0]) != theme_of(IMPORT[1])


def test_themes_are_kept_as_they_are(work, run, listed, theme_of):
    one = theme_of(IMPORT[0])
    code, out, _ = run("correct", "keep", one)
    assert code == 0
    assert out.startswith(f"kept: {one} → {theme_of(IMPORT[0])[:6]}  ")
    run("correct", "keep")
    before = listed()
    assert all(theme.startswith("T-") for theme in before)
    assert "All themes last: new notes join them." in run("themes")[1]
    new = CALL.format(
        date="2026-11-18", customer="Echo", segment="field", notes="- The import lost rows\n- Zebra crossing"
    )
    (work / "interviews" / "2026-11-18-echo.md").write_text(new)
    after = listed()
    assert {id: texts & {*IMPORT, *INVOICE, *FILTER} for id, (_, texts) in after.items()} == {
        id: texts for id, (_, texts) in before.items()
    }, "a new call moves no old note"
    assert "The import lost rows" in after[theme_of(IMPORT[0])][1]


def test_what_an_act_does_is_one_act_of_one_person_on_one_day(work, run, theme_of):
    run("correct", "move", theme_of(FILTER[0]), at(0, 7), at(1, 8), by="Ana María", today="2026-11-19")
    written = records(work)
    assert {(record.at, record.by, record.date) for record in written} == {(1, "Ana María", "2026-11-19")}
    assert [record.kind for record in written].count("place") == 1


def test_who_decides_is_taken_from_the_environment_or_the_computer(work, run, monkeypatch, capsys):
    monkeypatch.setenv("WORKBENCH_BY", "Ben")
    assert main(["correct", "keep", "-w", str(work)]) == 0
    assert {record.by for record in records(work)} == {"Ben"}
    monkeypatch.delenv("WORKBENCH_BY")
    monkeypatch.setattr("getpass.getuser", lambda: (_ for _ in ()).throw(KeyError("uid")))
    assert main(["correct", "aside", at(0, 7), "-w", str(work)]) == 0
    assert {record.by for record in records(work)} == {"Ben", "somebody"}


# What comes along


def test_what_comes_along_is_said_with_its_reason_and_put_back_by_one_act(make_workspace, run, capsys):
    """Eight notes on two things that share their words; the PM moves two of one thing, and the others come along."""
    calls = {}
    stems = {"postcode": "postcode", "tax": "tax number"}
    for i in range(6):
        notes = [
            f"- Import asks for the {stems[k]} of each customer {w}"
            for k in stems
            for w in (f"in list {i}", f"on page {i}")
        ]
        notes.append(f"- Invoice layout looks odd {i}")
        day = f"2026-11-{10 + i}"
        calls[f"{day}-c{i}.md"] = CALL.format(date=day, customer=f"C{i}", segment="s", notes="\n".join(notes))
    folder = make_workspace(calls, name="along")
    themes = json.loads(run("themes", "--format", "json", folder=folder)[1])
    notes = json.loads(run("notes", "--format", "json", folder=folder)[1])
    taxes = [note for note in notes if "tax number" in note["text"]]
    other = next(note for note in notes if "Invoice" in note["text"])
    of = {id: theme["theme"] for theme in themes for id in theme["notes"]}
    same = [note for note in taxes if of.get(note["note"]) == of[taxes[0]["note"]] != of[other["note"]]]
    moved = [f"{note['file']}:{note['line']}" for note in same[:4]]
    code, out, _ = run("correct", "move", of[other["note"]], *moved, folder=folder)
    assert code == 0
    said = re.search(r"(\d+) notes? came along, being like what you moved:", out)
    assert said, out
    back = re.search(r"To put one back:  workbench correct move (T-\w+) (\S+:\d+)", out)
    log = run("correct", "log", folder=folder)[1]
    assert log.count("came along to T-") == int(said[1])
    assert "    being like interviews/" in log
    assert "came along with notes that you moved" in run("themes", folder=folder)[1]
    assert run("correct", "move", back[1], back[2], folder=folder)[0] == 0
    file, _, line = back[2].rpartition(":")
    note = next(note["note"] for note in notes if (note["file"], note["line"]) == (file, int(line)))
    now = {
        id: theme["theme"]
        for theme in json.loads(run("themes", "--format", "json", folder=folder)[1])
        for id in theme["notes"]
    }
    assert now[note].startswith(back[1])


# Wrong words: said plainly, exit code 1, nothing written


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rename", "T9", "x"], r"no theme 'T9'; name one by its id: T1, T2, T3"),
        (["rename", "T-00000000", "x"], r"no theme 'T-00000000'"),
        (["rename", "No such name", "x"], r"no theme 'No such name'"),
        (["rename", "", "x"], r"no theme ''"),
        (["rename", "T1", ""], r"a theme's name cannot be empty; write a few words"),
        (["rename", "T1", " \t "], r"a theme's name cannot be empty"),
        (["rename", "T1", "x" * 201], r"at most 200 letters, and this one has 201; shorten it"),
        (["merge", "T1", "T1"], r"T1 cannot be merged into itself; name two different themes"),
        (["merge", "T1", "T9"], r"no theme 'T9'"),
        (["split", "T1", "2026-11-10-acme#00000000"], r"no note '2026-11-10-acme#00000000' among those that count; the nearest are"),
        (["split", "T1", at(0, 7), at(0, 8)], r"is not in T1; move it there first, or split T1 without it"),
        (["split", "T1", at(0, 7), "--name", " "], r"a theme's name cannot be empty|is not in T1"),
        (["new", "x", "hello"], r"no note 'hello' among those that count"),
        (["new", " ", at(0, 7)], r"a theme's name cannot be empty"),
        (["new", at(0, 7), at(1, 7)], r"md:7 is a note; the name comes first:  workbench correct new \"NAME\" interviews"),
        (["new", "x", *(at(call, 7) for call in range(4))], r"these are all 4 notes of T\d, a theme already; rename it, or name others too"),
        (["move", "T1", at(0, 70)], r"no note begins at interviews/2026-11-10-acme\.md:70; the nearest lines are \d"),
        (["move", "T1", "interviews/nowhere.md:7"], r"no note 'interviews/nowhere\.md:7' among those that count"),
        (["move", "T1", at(0, 10)], r"md:10 is your own take, and in no theme; name another note"),
        (["move", "T1", "hello"], r"no note 'hello' among those that count"),
        (["aside", ""], r"no note '' among those that count"),
        (["pin", at(0, 7), at(0, 7)], r"was named twice; name two different notes"),
        (["apart", at(0, 7), at(0, 99)], r"no note begins at"),
        (["keep", "T1", "T9"], r"no theme 'T9'"),
        (["undo"], r"ana has done nothing that could be taken back; name a record of somebody else's"),
        (["undo", "00000000"], r"no record '00000000' in the ledger"),
        (["redo"], r"ana has taken nothing back that could be brought back"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_written(words, said, work, run):
    code, out, err = run("correct", *words)
    assert (code, out) == (1, "")
    assert re.search(said, err), err
    assert re.fullmatch(r"workbench: .+\n", err), "one sentence"
    assert not (work / "discovery").exists()


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-02-30", "20261117", "17.11.2026", "2026-W47-1"])
def test_a_day_that_is_none_is_refused(day, work, run):
    for words in (["correct", "keep"], ["themes", "--suggest", "--accept"]):
        code, _, err = run(*words, "--today", day) if words[0] == "themes" else run("correct", "keep", today=day)
        assert code == 1
        assert f"'{day}' is not a day such as 2026-11-17" in err
    assert not (work / "discovery").exists()


def test_an_act_that_is_none_is_wrong_usage(work, run, capsys):
    assert run("correct")[0] == 2
    for words in (["correct"], ["correct", "frobnicate"], ["correct", "rename", "T1"], ["themes", "--accept"],
                  ["themes", "--suggest", "--since", "HEAD"]):  # fmt: skip
        assert main([*words, "-w", str(work)]) == 2
        assert "workbench" in capsys.readouterr().err
    assert not (work / "discovery").exists()


def test_a_name_that_two_themes_have_is_asked_back(work, run, theme_of):
    for text in (IMPORT[0], FILTER[0]):
        run("correct", "rename", theme_of(text), "Same")
    before = ledger(work)
    code, _, err = run("correct", "rename", "same", "Other")
    assert code == 1
    assert re.search(r"'same' could be T-[0-9a-f]{8} “Same”, T-[0-9a-f]{8} “Same”; name one by its whole id", err)
    assert ledger(work) == before


def test_a_name_that_another_theme_has_is_taken_and_said(work, run, listed, theme_of):
    out = run("correct", "rename", theme_of(IMPORT[0]), "Same  name")[1]
    assert "is called" not in out
    code, out, err = run("correct", "rename", theme_of(FILTER[0]), "same NAME")
    assert (code, err) == (0, "")
    one, other = theme_of(IMPORT[0])[:6], theme_of(FILTER[0])[:6]
    assert out.endswith(
        f"{one} is called “Same name”, too. To make the two one:  workbench correct merge {other} {one}\n"
        f"To tell them apart:  workbench correct rename {other} NAME\n"
        "To take it back:  workbench correct undo\n"
    )
    assert [name for name, _ in listed().values() if name] == ["same NAME", "Same name"]
    out = run("correct", "split", theme_of(INVOICE[0]), at(0, 8), "--name", "Same name")[1]
    new = theme_of(INVOICE[0])[:6]
    for theme in (one, other):
        assert f"  workbench correct merge {new} {theme}\n" in out
    assert out.count("To tell them apart:  workbench correct rename") == 1
    assert run("correct", "merge", new, one)[0] == 0
    assert "is called" not in run("correct", "rename", other, "Filters")[1]


def test_customers_who_do_not_count_are_in_no_theme(make_workspace, run):
    registry = "customers:\n  Acme:\n    excluded: not our segment\n"
    call = CALL.format(date="2026-11-17", customer="{}", segment="s", notes="- The import drops rows")
    folder = make_workspace({"a.md": call.format("Acme"), "b.md": call.format("Bolt")}, registry, name="excluded")
    code, _, err = run("correct", "aside", "interviews/a.md:7", folder=folder)
    assert code == 1
    assert "interviews/a.md:7 is of a customer who does not count" in err


def test_a_ledger_that_may_not_be_written_is_named(work, run):
    (work / "discovery").write_text("not a folder")
    code, out, err = run("correct", "keep")
    assert (code, out) == (1, "")
    assert "discovery" in err


def test_what_is_kept_already_is_not_kept_twice(work, run, monkeypatch):
    run("correct", "keep")
    written = ledger(work)
    monkeypatch.setattr("workbench.themes.acts.keep_themes", lambda *themes, **signed: [])
    for words in (["correct", "keep"], ["themes", "--suggest", "--accept"]):
        code, out, err = run(*words)
        assert code == 0
        assert "Nothing to keep: the themes are kept as they are." in out + err
        assert "undo" not in out + err, "that would take back something else"
    assert ledger(work) == written


# Undo, redo, log


def test_undo_and_redo_go_back_and_forth(work, run, listed, theme_of):
    start = run("themes")
    for words in (["rename", theme_of(IMPORT[0]), "Import"], ["move", theme_of(FILTER[0]), at(0, 8)]):
        assert run("correct", *words)[0] == 0
    third, shown = listed(), run("themes")
    code, out, _ = run("correct", "undo")
    assert code == 0
    assert "To bring it back:  workbench correct redo" in out
    assert listed() != third
    assert run("correct", "redo")[0] == 0
    assert (listed(), run("themes")) == (third, shown)
    for _ in range(2):
        assert run("correct", "undo")[0] == 0
    assert run("themes") == start, "undo of all gives the start"
    assert run("correct", "undo")[0] == 1
    for _ in range(2):
        assert run("correct", "redo")[0] == 0
    assert run("themes") == shown
    assert run("correct", "redo")[0] == 1


def test_undo_says_what_no_longer_lasts(work, run, theme_of):
    run("correct", "keep", theme_of(IMPORT[0]))
    id = theme_of(IMPORT[0])
    assert run("correct", "undo")[1].startswith(f"let go: {id[:6]} → {theme_of(IMPORT[0])}  ")


def test_anybody_may_take_back_an_act_by_its_id(work, run, listed, theme_of):
    start = listed()
    run("correct", "rename", theme_of(IMPORT[0]), "Import", by="ana")
    assert "name a record of somebody else's" in run("correct", "undo", by="ben")[2]
    assert run("correct", "undo", records(work)[0].id, by="ben")[0] == 0
    assert listed() == start
    assert run("correct", "redo", by="ana")[0] == 1
    assert run("correct", "redo", by="ben")[0] == 0
    assert "Import" in {name for name, _ in listed().values()}


def test_an_act_is_taken_back_by_the_beginning_of_its_id(work, run, listed, monkeypatch, theme_of):
    start = listed()
    ids = iter(["91c0a2d4", "91c0ffee", "91d00000", "5e07b9aa", "0c0ffee0", "1c0ffee0"])
    monkeypatch.setattr("workbench.themes.recording.secrets", SimpleNamespace(token_hex=lambda n: next(ids)))
    run("correct", "rename", theme_of(IMPORT[0]), "Import", by="ana")
    first = listed()
    run("correct", "aside", at(0, 8), by="ben")
    run("correct", "aside", at(0, 9), by="ben")
    written = ledger(work)
    code, out, err = run("correct", "undo", "91")
    assert (code, out) == (1, "")
    assert err == (
        f"workbench: '91' could be 91c0a2d4 (ana: named T-91c0a “Import”), 91c0ffee (ben: set aside “{INVOICE[0]}”), "
        f"91d00000 (ben: set aside “{FILTER[0]}”); name one by more of its id\n"
    )
    for word, said in (
        ("91c0", "'91c0' could be 91c0a2d4"),
        ("91e", "no record '91e' in"),
        ("9", "no record '9' in"),
        ("", "no record '' in"),
    ):
        code, out, err = run("correct", "undo", word)
        assert (code, out) == (1, "")
        assert err.startswith(f"workbench: {said}")
    assert run("correct", "undo", "91d", "91")[0] == 1, "one is clear and the other is not"
    assert ledger(work) == written, "nothing is written"
    assert run("correct", "undo", "91d")[0] == 0
    assert run("correct", "undo", "91c0f")[0] == 0
    assert listed() == first
    assert "91d00000 is taken back already" in run("correct", "undo", "91d")[2]
    assert run("correct", "undo", "91")[0] == 0, "only one of the three still holds, and further records are part of it"
    assert listed() == start


def test_the_log_tells_each_act_once_newest_first_and_what_was_taken_back(work, run, theme_of):
    assert run("correct", "log") == (0, "No corrections yet.\n", "")
    run("correct", "rename", theme_of(IMPORT[0]), "Import 🧹", by="ana", today="2026-11-18")
    id = theme_of(IMPORT[0])[:6]
    run("correct", "move", "Import 🧹", at(0, 8), at(1, 8), at(2, 8), by="ben", today="2026-11-19")
    run("correct", "undo", by="ben", today="2026-11-20")
    out = run("correct", "log")[1].splitlines()
    assert [re.sub(r"\b[0-9a-f]{8}(-\d+)?\b", "ID", line) for line in out] == [
        "ID  2026-11-20  ben: took back ID, ID",
        f"ID  2026-11-19  ben: moved “{INVOICE[0]}”, “{INVOICE[1]}” … to {id} “Import 🧹”  (taken back)",
        f"ID  2026-11-18  ana: named {id} “Import 🧹”",
    ]
    undone = out[1].split()[0]
    assert "is taken back already" in run("correct", "undo", undone)[2]
    assert run("correct", "undo", out[0].split()[0])[0] == 0, "an undo is taken back by its id"
    assert "(taken back)" in run("correct", "log")[1].splitlines()[1]


def test_a_name_that_was_taken_back_is_marked_though_its_theme_is_still_needed(work, run, theme_of):
    run("correct", "rename", theme_of(IMPORT[0]), "Import")
    renamed = next(record.id for record in records(work) if record.name)
    run("correct", "move", "Import", at(0, 8))
    assert run("correct", "undo", renamed)[0] == 0
    assert re.search(rf"(?m)^{renamed}  .+ “Import”  \(taken back\)$", run("correct", "log")[1])


# Suggest again


def test_suggest_shows_and_changes_nothing_accept_keeps_and_undo_takes_that_back(work, run, listed, theme_of):
    run("correct", "rename", theme_of(IMPORT[0]), "Import")
    run("correct", "merge", theme_of(INVOICE[0]), "Import")
    run("correct", "aside", at(0, 9))
    merged, written = listed(), ledger(work)
    code, out, err = run("themes", "--suggest")
    assert (code, err) == (0, "")
    assert re.search(r"(?m)^(split from|born|shrank|grew)", out)
    assert re.search(r"(?m)^    from T-\w+: interviews/", out), "which notes would move is shown"
    assert out.endswith("Nothing was changed. To keep this:  workbench themes --suggest --accept\n")
    assert (listed(), ledger(work)) == (merged, written)
    changes = json.loads(run("themes", "--suggest", "--format", "json")[1])
    assert {"change", "before", "after", "title", "came", "went", "new_notes", "with"} <= set(changes[0])
    assert ledger(work) == written
    code, shown, err = run("themes", "--suggest", "--accept", "--by", "ana", "--today", "2026-11-21")
    assert code == 0
    assert shown == out.replace("Nothing was changed. To keep this:  workbench themes --suggest --accept\n", "")
    assert re.fullmatch(r"Kept: \d themes\. To take it back:  workbench correct undo\n", err)
    kept = listed()
    assert kept != merged
    assert all(theme.startswith("T-") for theme in kept)
    assert theme_of(FILTER[0]) == "", "what was decided on a single note still holds"
    assert kept[theme_of(IMPORT[0])][0] == "Import"
    assert theme_of(INVOICE[0]) != theme_of(IMPORT[0])
    assert ledger(work).startswith(written), "lines are only added"
    assert run("correct", "undo")[0] == 0
    assert listed() == merged


def test_all_notes_are_looked_at_once_for_before_and_after(work, run, monkeypatch):
    """What is learned of all notes does not depend on the corrections."""
    run("correct", "rename", "T1", "First")
    notes, once = read_notes(work), find_themes(read_notes(work))
    for again in (False, True):
        twice = find_themes(notes, read_ledger(work), again=again)
        shared = once.regroup(read_ledger(work), again=again)
        assert shared.summary.equals(twice.summary)
        assert shared.notes.equals(twice.notes)
        assert shared.decisions == twice.decisions
    fitted = []
    fit = ThemeModel.fit
    monkeypatch.setattr(ThemeModel, "fit", lambda model, X: fitted.append(len(X)) or fit(model, X))
    for words in (["themes", "--suggest"], ["correct", "rename", "First", "Import"], ["correct", "undo"]):
        fitted.clear()
        assert run(*words)[0] == 0
        assert fitted.count(12) == 1, "the other times are for the notes of themes that last"


def test_accepted_as_json_is_json(work, run):
    code, out, err = run("themes", "--suggest", "--accept", "--format", "json")
    assert code == 0
    assert [row["change"] for row in json.loads(out)] == ["same"] * 3
    assert "Kept: 3 themes" in err


# Since


def git(folder, *words):
    done = subprocess.run(
        ["git", *words], cwd=folder, env=os.environ | GIT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def kept_in_git(work):
    (work / ".gitattributes").write_text("discovery/themes.yaml merge=union\n")
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "before")
    return work


def later_call(work):
    words = "- The import lost rows\n- Zebra crossing needs paint\n- Paint the zebra crossing\n- Zebra crossing paint is gone"
    call = CALL.format(date="2026-11-24", customer="Echo", segment="field", notes=words)
    (work / "interviews" / "2026-11-24-echo.md").write_text(call)


def test_what_became_of_themes_since_a_day(work, run, theme_of):
    run("correct", "rename", theme_of(IMPORT[0]), "Import", today="2026-11-24")
    id = theme_of(IMPORT[0])[:6]
    later_call(work)
    code, out, err = run("themes", "--since", "2026-11-24")
    assert (code, err) == (0, "")
    assert re.search(rf"(?m)^grew: T\d → {id}  Import  \(4 → 5 of 5 customers\)\n    1 note new$", out)
    assert re.search(r"(?m)^born: T\d  .*[Zz]ebra.*  \(1 of 5 customers\)\n    3 notes new$", out)
    assert "2 themes as before." in out
    assert run("themes", "--since", "2026-11-25")[1] == "4 themes as before.\n"
    assert re.search(r"(?m)^born: ", run("themes", "--since", "2020-01-01")[1]), "then there was nothing"
    rows = json.loads(run("themes", "--since", "2026-11-24", "--format", "json")[1])
    assert sorted(row["change"] for row in rows) == ["born", "grew", "same", "same"]
    assert [len(row["new_notes"]) for row in rows if row["change"] == "born"] == [3]


@pytest.mark.parametrize("revision", ["HEAD", "main", "before-echo"])
def test_what_became_of_themes_since_a_revision(revision, kept_in_git, run, theme_of):
    git(kept_in_git, "tag", "before-echo")
    run("correct", "rename", theme_of(IMPORT[0]), "Import")
    later_call(kept_in_git)
    status = git(kept_in_git, "status", "--short")
    code, out, err = run("themes", "--since", revision)
    assert (code, err) == (0, "")
    assert re.search(r"(?m)^grew: T\d → T-\w{4}  Import  \(4 → 5 of 5 customers\)", out)
    assert re.search(r"(?m)^born: ", out)
    assert git(kept_in_git, "status", "--short") == status, "the workspace is left as it was"


@pytest.mark.parametrize("since", ["nope", "HEAD~7", "", "2026-13-40", "HEAD:nope", "a b", "2026-11-31"])
def test_a_day_or_revision_that_is_none_is_named(since, kept_in_git, run):
    code, out, err = run("themes", "--since", since)
    assert (code, out) == (1, "")
    assert re.fullmatch(r"workbench: .*such as 2026-11-17\n", err)
    assert repr(since) in err


def test_a_day_that_lies_ahead_is_refused_with_the_last_on_which_something_happened(make_workspace, work, run):
    since = ("themes", "--since")
    for today, day in (("2026-11-20", "2026-11-21"), ("2020-01-01", "2026-11-14"), ("2026-11-20", "9999-12-31")):
        code, out, err = run(*since, day, "--today", today)
        assert (code, out) == (1, "")
        assert err == (
            f"workbench: --since {day} lies ahead, and nothing can have changed since then; give the day of the last "
            "call or correction, 2026-11-13, or an earlier one\n"
        )
    assert run(*since, "2026-11-20", "--today", "2026-11-20") == (0, "3 themes as before.\n", ""), "today is not ahead"
    assert run(*since, "2026-11-13", "--today", "2020-01-01")[0] == 0, "nor is the day of the last call"
    run("correct", "keep", today="2031-05-01")
    assert run(*since, "2031-05-01", "--today", "2026-11-20")[0] == 0, "nor that of the last correction"
    assert "correction, 2031-05-01, or" in run(*since, "2031-05-02", "--today", "2026-11-20")[2]
    undated = make_workspace({"acme.md": "- The import drops rows"}, name="undated")
    assert run(*since, "2100-01-01", folder=undated)[2].endswith(" since then; give an earlier day\n")


def test_a_revision_of_a_folder_without_git(work, run):
    code, out, err = run("themes", "--since", "HEAD")
    assert (code, out) == (1, "")
    assert err == f"workbench: {work} is not kept in git, so 'HEAD' is unknown; give a day such as 2026-11-17\n"


# Two people


def test_what_two_people_decided_on_two_branches_counts_after_a_merge(kept_in_git, run, listed, theme_of):
    work = kept_in_git
    run("correct", "keep", by="ana")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "kept")
    git(work, "branch", "bens")
    run("correct", "rename", theme_of(IMPORT[0]), "Import", by="ana")
    run("correct", "aside", at(0, 9), by="ana")
    git(work, "commit", "--quiet", "-am", "ana's")
    git(work, "switch", "--quiet", "bens")
    run("correct", "rename", theme_of(INVOICE[0]), "Invoices 🧾", by="ben")
    run("correct", "move", "Invoices 🧾", at(1, 9), by="ben")
    git(work, "commit", "--quiet", "-am", "ben's")
    bens = ledger(work)
    git(work, "merge", "--quiet", "--no-edit", "main")
    assert "<<<<" not in ledger(work)
    both, shown = listed(), run("themes")
    assert {name for name, _ in both.values()} >= {"Import", "Invoices 🧾"}
    assert theme_of(FILTER[0]) == ""
    assert theme_of(FILTER[1]) == theme_of(INVOICE[0])
    log = run("correct", "log")[1]
    assert len(re.findall(r"(?m)^\S+  2026-11-20  (?:ana|ben): ", log)) == 5
    git(work, "switch", "--quiet", "main")
    git(work, "merge", "--quiet", "--no-edit", "bens@{1}")
    assert ledger(work) != bens
    assert (listed(), run("themes")) == (both, shown), "whoever merges whom"
    assert run("correct", "undo", by="ben")[0] == 0
    assert theme_of(FILTER[1]) == theme_of(FILTER[2]) != theme_of(INVOICE[0]), "ben's move is taken back"
    assert theme_of(FILTER[0]) == "", "each takes back what is their own"


def test_one_person_on_two_branches_did_two_acts_and_takes_back_one(kept_in_git, run, theme_of):
    work = kept_in_git
    git(work, "branch", "laptop")
    run("correct", "aside", at(0, 9))
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "at the desk")
    git(work, "switch", "--quiet", "laptop")
    run("correct", "aside", at(1, 8))
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "on the way")
    git(work, "merge", "--quiet", "--no-edit", "main")
    log = run("correct", "log")[1].splitlines()
    assert len([line for line in log if "set aside" in line]) == 2
    assert run("correct", "undo")[0] == 0
    assert [theme_of(FILTER[0]), theme_of(INVOICE[1])].count("") == 1


def test_the_order_of_the_ledgers_lines_changes_no_byte(work, run, theme_of):
    run("correct", "rename", theme_of(IMPORT[0]), "Import")
    run("correct", "split", "Import", at(0, 7), "--name", "Dropped")
    run("correct", "move", "Dropped", at(0, 8), by="ben")
    run("correct", "pin", at(2, 8), at(0, 8))
    run("correct", "apart", at(1, 9), at(2, 9), by="ben")
    run("correct", "undo")
    forms = [["themes"], ["themes", "--format", "json"], ["correct", "log"], ["themes", "--suggest"]]
    first = [run(*words)[:2] for words in forms]
    lines = ledger(work).splitlines(keepends=True)
    rng = random.Random(17)
    for _ in range(3):
        rng.shuffle(lines)
        (work / LEDGER).write_text("".join(lines), "utf-8")
        assert [run(*words)[:2] for words in forms] == first


# A ledger that cannot be read in part


def test_a_broken_line_is_named_and_does_not_stop_the_rest(work, run, listed, theme_of):
    run("correct", "rename", theme_of(IMPORT[0]), "Import")
    path = work / LEDGER
    n_lines = len(ledger(work).splitlines())
    path.write_text(
        ledger(work) + "- {id: 1, at: one, by: ana\n<<<<<<< HEAD\n- {id: a2, at: 2, by: ana, kind: palce}\n", "utf-8"
    )
    broken = ledger(work)
    for words in (["themes"], ["correct", "log"], ["themes", "--suggest"]):
        code, out, err = run(*words)
        assert code == 0
        assert "Import" in out or words[-1] == "--suggest"
        for line in (1, 2, 3):
            assert re.search(rf"(?m)^discovery/themes\.yaml:{n_lines + line}: .+; .+", err), err
    code, _, err = run("correct", "rename", "Import", "Import 2")
    assert (code, err) == (0, ""), "what was odd before is no news"
    assert listed()[theme_of(IMPORT[0])][0] == "Import 2"
    assert ledger(work).startswith(broken), "nothing that stood there is lost"


def test_a_decision_that_has_lost_its_note_is_listed_and_waits(work, run, theme_of):
    run("correct", "move", theme_of(FILTER[0]), at(1, 7))
    call = work / at(1, 7).partition(":")[0]
    text = call.read_text()
    call.write_text(text.replace(IMPORT[1], "Quite another thing was said about colours"))
    code, _, err = run("themes")
    assert code == 0
    assert f"a correction names “{IMPORT[1]}” of 2026-11-11-bolt, and no note says so now" in err
    call.write_text(text.replace(IMPORT[1], "Rows are lost in the imports"))
    assert "a correction names" not in run("themes")[2]
    assert theme_of("Rows are lost in the imports") == theme_of(FILTER[0]), "a note that was mended is found again"


def test_a_ledger_by_hand_counts(work, run, listed):
    (work / "discovery").mkdir()
    anchors = f"[{{call: 2026-11-10-acme, text: {IMPORT[0]}}}, {{call: 2026-11-11-bolt, text: {IMPORT[1]}}}]"
    (work / LEDGER).write_text(
        f"- {{id: a1, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-a1, name: By hand, anchors: {anchors}}}\n"
    )
    assert listed()["T-a1"] == ("By hand", set(IMPORT))
    assert run("correct", "rename", "T-a1", "Still")[0] == 0
    assert re.search(r"(?m)^T-a1 .+ of 4  Still$", run("themes")[1])


def test_the_demo_calls_a_theme_by_its_name(work, run, theme_of, capsys):
    for text in (IMPORT[0], INVOICE[0], FILTER[0]):
        run("correct", "rename", theme_of(text), "Named by the PM")
    capsys.readouterr()
    assert main(["demo", str(work)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"(?m)^3 themes; first, 4 of 4 customers: Named by the PM$", out), out
    assert "Named by the PM" in (work / "reports" / "tuesday-discovery.html").read_text("utf-8")


# The numbers of the list that somebody reads


def test_a_number_means_the_theme_that_had_it_when_the_themes_were_listed(work, run, listed):
    before = listed()
    names = {id: texts for id, (_, texts) in before.items()}
    run("correct", "rename", "T1", "First")  # after which the others may be ranked anew
    for number in ("T2", "T3"):
        code, _, err = run("correct", "rename", number, f"Was {number}")
        assert code == 0, err
    after = dict(listed().values())
    assert after == {"First": names["T1"], "Was T2": names["T2"], "Was T3": names["T3"]}


def test_a_number_that_means_no_listed_theme_any_more_is_refused(work, run):
    run("themes")
    new = "\n".join(f"- The import lost {n} rows" for n in (7, 80, 900))
    (work / "interviews" / "2026-11-19-eden.md").write_text(
        CALL.format(date="2026-11-19", customer="Eden", segment="field", notes=new), "utf-8"
    )
    codes = []
    for number in ("T1", "T2", "T3"):
        code, _, err = run("correct", "rename", number, f"Name {number}")
        codes.append(code)
        assert code == 0 or f"{number} is no longer the theme that it was when you listed the themes" in err
    assert codes.count(1) == 1  # the import theme has other notes now; the two others are what they were
    run("themes")
    assert run("correct", "rename", "T1", "Import")[0] in (0, 1)


def test_a_list_that_nobody_can_remember_refuses_nothing(work, run):
    (work / ".workbench").mkdir(exist_ok=True)
    (work / ".workbench" / "shown.json").write_text("[1, 2", "utf-8")
    assert run("correct", "rename", "T1", "First")[0] == 0


@pytest.mark.parametrize("word", ["x:²", "a:" + "9" * 5000, "interviews/x.md:0", ":12"])
def test_a_note_by_an_odd_line_is_refused_in_plain_words(run, word):
    code, _, err = run("correct", "aside", word)
    assert code == 1
    assert "no note" in err


def test_the_notes_of_one_theme_are_listed_with_their_lines(run, listed):
    for theme, (_, texts) in listed().items():
        code, out, _ = run("themes", theme)
        assert code == 0
        assert {line.split(": ", 2)[2] for line in out.splitlines()} == texts
        assert all(re.match(r"interviews/\S+\.md:\d+: \w+: ", line) for line in out.splitlines())
    rows = json.loads(run("themes", "T1", "--format", "json")[1])
    assert {row["text"] for row in rows} == listed()["T1"][1]
    code, _, err = run("themes", "T9")
    assert (code, "no theme 'T9'" in err) == (1, True)
    assert run("themes", "T1", "--suggest")[0] == 2


def test_the_log_says_what_does_not_hold_any_more(run):
    run("correct", "apart", at(0, 7), at(1, 7))
    run("correct", "pin", at(0, 7), at(1, 7))
    log = run("correct", "log")[1].splitlines()
    assert "does not hold now" in next(line for line in log if "kept apart" in line)
    assert "does not hold now" not in next(line for line in log if "pinned together" in line)


def test_a_keep_after_a_split_is_taken_back_whole(run, theme_of, listed):
    run("correct", "split", theme_of(IMPORT[0]), at(0, 7), at(1, 7), "--name", "Rows")
    before = listed()
    run("correct", "keep")
    assert all(theme.startswith("T-") for theme in listed())
    run("correct", "undo")
    assert listed() == before
    assert run("correct", "undo")[0] == 0  # the split, too
    assert not any(theme.startswith("T-") for theme in listed())
