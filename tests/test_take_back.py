"""An import taken back: what nobody has worked on goes, with what lay beside it, and everything else stays and says why."""

import re

import pytest
from test_bring_in import SIDES, SURVEY, TALK, bring, files, project, renamed, vtt

import workbench.store as store
import workbench.take_back as room
from workbench.arrivals import settle
from workbench.bring_in import bring_in, plan_import
from workbench.cli import main
from workbench.forget import forget
from workbench.importers import Source
from workbench.save import fingerprint
from workbench.store import append_records, read_call, read_calls, read_ledger, remove_call
from workbench.take_back import IMPORTS, note_imported, plan_take_back, read_columns, read_imported, take_back
from workbench.themes.ledger import Record, Ref
from workbench.themes.replay import live_records, replay_ledger
from workbench.triage import Decision, decide, save_draft

CALL = "interviews/2026-11-17-acme.md"
WORDS = "interviews/transcripts/2026-11-17-acme.vtt"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "ws" / "interviews").mkdir(parents=True)
    return tmp_path / "ws"


def talk(mark):
    """A talk that shares no word with another."""
    return [(who, " ".join(f"{word}{mark}" for word in words.split())) for who, words in TALK]


def recorded(root, name="2026-11-17 Acme.vtt", mark=""):
    return bring(root, Source(name, vtt(talk(mark))), speakers=SIDES, customer=name[11:-4])


def test_what_came_in_goes_with_all_that_lay_beside_it_and_comes_in_again_as_the_first_time(root):
    recorded(root)
    bring(root, Source("survey.csv", SURVEY.encode()))
    before = files(root)
    gone, stays = take_back(root, plan_take_back(root))
    assert files(root) == [CALL, WORDS] and stays == []
    assert sorted(gone) == sorted(set(before) - {CALL, WORDS})
    assert sum(path.is_file() for path in (root / ".workbench/removed").iterdir()) == len(gone)
    bring(root, Source("survey.csv", SURVEY.encode()))
    assert files(root) == before


def test_a_second_time_takes_back_the_import_before_and_then_there_is_none(root):
    recorded(root)
    recorded(root, "2026-11-18 Bolt.vtt", "b")
    take_back(root, plan_take_back(root))
    assert [one.file for one in plan_take_back(root).goes] == [CALL]
    take_back(root, plan_take_back(root))
    assert files(root) == [] and plan_take_back(root).goes == ()
    assert (root / IMPORTS).read_bytes() == b""


def edit(root):
    (root / CALL).write_text((root / CALL).read_text() + "- a note\n")


def drop_one(root):
    decide(
        root, CALL, Decision("drop", "00:07", "I exported the list to Excel and then I redid all the totals by hand")
    )


def begin_one(root):
    save_draft(root, f"{CALL}|1", {"text": "half a no"})


def replace(root):
    (root / WORDS).write_bytes(vtt(renamed(Jane="Kim")))


def cite(root):
    (root / "discovery/hypotheses").mkdir(parents=True)
    (root / "discovery/hypotheses/H-1.md").write_text("---\nevidence: [2026-11-17-acme#1b2c3d4e]\n---\n")


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (edit, "it was edited since"),
        (drop_one, "candidates of it were decided in Triage"),
        (begin_one, "a note of it is half written in Triage"),
        (replace, "its transcript was replaced since"),
        (cite, "discovery/hypotheses/H-1.md names it"),
    ],
)
def test_what_somebody_has_worked_on_stays_with_its_words_and_says_why(root, work, why):
    names = ("2026-11-17 Acme.vtt", "2026-11-18 Bolt.vtt")
    bring(root, *(Source(name, vtt(talk(name[11]))) for name in names), speakers=SIDES)
    work(root)
    there = {file: (root / file).read_bytes() for file in files(root) if "acme" in file}
    found = plan_take_back(root)
    assert found.stays == ((CALL, why),)
    take_back(root, found)
    assert {file: (root / file).read_bytes() for file in files(root)} == there
    assert plan_take_back(root).goes == (), "and the next time it is not in the way of the import before"


def test_notes_that_stand_in_a_theme_stay(root):
    done = bring(root, Source("survey.csv", SURVEY.encode()))
    note = done.calls[0].notes[0]
    anchor = Ref(note.id.partition("#")[0], text=note.text)
    append_records(
        root, [Record("a1b2c3d4", 1, "ana", "2026-11-17", "theme", "T-a1b2c3d4", "Filters", notes=(anchor,))]
    )
    found = plan_take_back(root)
    assert found.stays == ((done.calls[0].file, "notes of it stand in themes"),)
    take_back(root, found)
    assert [one.file for one in read_calls(root)[0]] == [done.calls[0].file]
    assert (root / "interviews/originals/survey.csv").is_file(), "a call that was made of it is there"


def test_a_call_that_is_changed_while_the_plan_is_looked_at_stays_with_its_words(root):
    recorded(root)
    found = plan_take_back(root)
    edit(root)
    gone, stays = take_back(root, found)
    assert (gone, stays) == ([], [(CALL, "it was edited since")]) and files(root) == [CALL, WORDS]


def test_what_is_decided_in_triage_while_the_plan_is_looked_at_stays(root):
    recorded(root)
    found = plan_take_back(root)
    drop_one(root)
    before = files(root)
    assert take_back(root, found) == ([], [(CALL, "candidates of it were decided in Triage")])
    assert files(root) == before


def test_a_run_that_was_stopped_goes_on_and_not_with_the_import_before(root, monkeypatch, capsys):
    recorded(root)
    recorded(root, "2026-11-18 Bolt.vtt", "b")
    move, moved = room.remove_call, []

    def stop(*args, **said):
        if moved:
            raise KeyboardInterrupt
        moved.append(move(*args, **said))

    monkeypatch.setattr(room, "remove_call", stop)
    with pytest.raises(KeyboardInterrupt):
        take_back(root, plan_take_back(root))
    monkeypatch.undo()
    assert files(root) == [CALL, WORDS, "interviews/transcripts/2026-11-18-bolt.vtt"]
    assert main(["import", "--undo", "--yes", "-w", str(root)]) == 0
    assert "what is left of its calls, to be taken out:\n  interviews/transcripts/2026" in capsys.readouterr().out
    assert files(root) == [CALL, WORDS]
    assert [one.file for one in read_imported(root)] == [CALL]


def test_what_was_decided_on_a_call_that_somebody_took_out_stays_with_its_words(root):
    recorded(root)
    drop_one(root)
    remove_call(root, CALL, loaded=read_call(root / CALL, root)[1])
    before = files(root)
    take_back(root, plan_take_back(root))
    assert files(root) == before


def test_the_original_of_a_call_that_has_another_name_now_stays(root):
    done = bring(root, Source("survey.csv", SURVEY.encode()))
    (root / done.calls[0].file).rename(root / "interviews/renamed.md")
    take_back(root, plan_take_back(root))
    assert files(root) == ["interviews/originals/survey.csv", "interviews/renamed.md"]


def test_what_was_said_of_columns_goes_with_the_import(root):
    table = Source("t.csv", b"Firma,Tag,Meinung\nAcme,2026-11-17,Der Export verliert Zeilen\n")
    done = bring(root, table, columns={"customer": "Firma", "quote": "Meinung", "date": "Tag"})
    assert list(read_columns(root)) == [("Firma", "Tag", "Meinung")]
    with open(root / IMPORTS, "ab") as imports:
        imports.write(b'{"import": 2, "at": "2026-11-17 16:02", "header": ["a", 1], "columns": {}}\n')
        imports.write(b'{"import": 2, "at": "2026-11-17 16:02", "header": ["a"], "columns": {"quote": [7]}}\n')
        imports.write(b'{"import": 2, "at": "2026-11-17 16:02", "header": "a", "columns": []}\n')
    assert list(read_columns(root)) == [("Firma", "Tag", "Meinung")]
    take_back(root, plan_take_back(root))
    assert done.calls and read_columns(root) == {}


def test_a_torn_line_does_not_take_the_next_with_it(root):
    recorded(root)
    with open(root / IMPORTS, "ab") as imports:
        imports.write(b'{"import": 2, "at": "2026')
    recorded(root, "2026-11-18 Bolt.vtt", "b")
    assert [one.file for one in plan_take_back(root).goes] == ["interviews/2026-11-18-bolt.md"]


def test_a_workspace_from_elsewhere_has_nothing_taken_or_written_but_calls(root, tmp_path):
    (root / "discovery").mkdir()
    (root / "discovery/quarter.md").write_text("ours")
    (root / ".workbench").mkdir()
    (tmp_path / "mine").write_text("mine")
    (root / IMPORTS).symlink_to(tmp_path / "mine")
    recorded(root)
    assert (tmp_path / "mine").read_text() == "mine"
    (root / IMPORTS).unlink()
    digest = fingerprint(b"ours")
    note_imported(root, 1, "discovery/quarter.md", digest, {})
    note_imported(root, 1, CALL, read_call(root / CALL, root)[1], {"discovery/quarter.md": digest})
    assert plan_take_back(root).goes == ()


def test_a_link_in_place_of_a_call_stops_nothing(root, tmp_path):
    names = ("2026-11-17 Acme.vtt", "2026-11-18 Bolt.vtt")
    bring(root, *(Source(name, vtt(talk(name[11]))) for name in names), speakers=SIDES)
    (root / CALL).rename(tmp_path / "acme.md")
    (root / CALL).symlink_to(tmp_path / "acme.md")
    found = plan_take_back(root)
    assert found.stays == ((CALL, "it is a link to another file"),)
    take_back(root, found)
    assert files(root) == [CALL, WORDS]


def test_where_all_of_the_last_import_stays_the_one_before_it_is_not_touched(root, capsys):
    recorded(root, "2026-11-18 Bolt.vtt", "b")
    recorded(root)
    edit(root)
    before = files(root)
    assert main(["import", "--undo", "--yes", "-w", str(root)]) == 1
    out, err = capsys.readouterr()
    assert f"{CALL} stays: it was edited since" in out and "All that is left of the import 2 of" in out
    assert "workbench import --undo --list" in err and files(root) == before
    assert main(["import", "--undo", "--list", "-w", str(root)]) == 0
    second, first = capsys.readouterr().out.splitlines()
    assert second.startswith("   2  ") and "all of it stays" in second
    assert first.startswith("   1  ") and first.endswith("interviews/2026-11-18-bolt.md")
    assert main(["import", "--undo", "1", "--yes", "-w", str(root)]) == 0
    assert files(root) == [CALL, WORDS]
    assert main(["import", "--undo", "1", "-w", str(root)]) == 1
    assert "there is no import 1; say one of 2" in capsys.readouterr().err
    assert main(["import", "--undo", "first", "-w", str(root)]) == 1
    assert "“first” is none" in capsys.readouterr().err


# What an import wrote as decided


THEMED = "interviews/2026-11-17-acme.md"


def coded(root, name="p.qdpx", customer="Acme", **said):
    return bring(root, Source(name, project(**said)), customer=customer)


def theme_of(root):
    (record, *_) = read_ledger(root).records
    return record.theme


def themes_now(root):
    found = replay_ledger(read_ledger(root), {"note": [], "call": [], "text": []})
    return {theme.name for theme in found.themes.values()}


def test_themes_that_came_with_an_import_are_taken_back_with_its_calls_and_come_again_as_the_first_time(root, capsys):
    coded(root)
    assert themes_now(root) == {"Filters"}
    assert main(["import", "--undo", "-w", str(root)]) == 0
    assert "the theme “Filters”, out of discovery/themes.yaml" in capsys.readouterr().out
    assert main(["import", "--undo", "--yes", "-w", str(root)]) == 0
    assert files(root) == [] and themes_now(root) == set()
    assert (root / IMPORTS).read_bytes() == b""
    assert coded(root).themes == ("Filters",) and themes_now(root) == {"Filters"}
    assert plan_take_back(root).stays == (), "what was taken back before is nobody's work"
    take_back(root, plan_take_back(root))
    assert files(root) == [] and themes_now(root) == set()


def rename(root):
    records = read_ledger(root)
    new = Record("b2c3d4e5", records.next_at, "ana", "2026-11-18", "theme", theme_of(root), "Lost filters")
    append_records(root, [new])


def move(root):
    (one,) = read_calls(root)[0]
    anchor = Ref(one.id, text=one.notes[0].text)
    new = Record("b2c3d4e5", 9, "ana", "2026-11-18", "place", None, notes=(anchor,))
    append_records(root, [new])


def cite_theme(root):
    (root / "discovery/hypotheses").mkdir(parents=True, exist_ok=True)
    (root / "discovery/hypotheses/H-1.md").write_text(f"---\ntheme: {theme_of(root)}\n---\n")


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (rename, "notes of it stand in the theme “Lost filters”, and you have worked on it since"),
        (move, "notes of it stand in themes"),
        (cite_theme, "notes of it stand in the theme “Filters”, and discovery/hypotheses/H-1.md names it"),
        (lambda root: (root / THEMED).write_text((root / THEMED).read_text() + "- a note\n"), "it was edited since"),
    ],
)
def test_a_theme_that_somebody_has_worked_on_stays_with_its_calls_and_both_say_why(root, work, why):
    coded(root)
    work(root)
    before, names = files(root), themes_now(root)
    plan = plan_take_back(root)
    assert not plan.does_something and plan.stays[0] == (THEMED, why)
    assert plan.stays[1][0] == f"the theme “{next(iter(names))}”"
    take_back(root, plan)
    assert files(root) == before and themes_now(root) == names


def test_each_record_is_searched_for_themes_once_however_many_calls_stand_in_them(root, monkeypatch):
    coded(root)
    (root / "discovery/hypotheses").mkdir(parents=True)
    (root / "discovery/hypotheses/H-1.md").write_text("---\ntheme: T-00000000\n---\n")
    searched, findall = [], re.findall
    monkeypatch.setattr(room.re, "findall", lambda *args: searched.append(args[1]) or findall(*args))
    assert [one.name for one in plan_take_back(root).themes] == ["Filters"]
    assert len([words for words in searched if words == b"---\ntheme: T-00000000\n---\n"]) == 1


def test_notes_put_into_a_theme_that_was_there_leave_it_and_the_theme_stays_as_it_was(root):
    old = Record("a1b2c3d4", 1, "ana", "2026-11-01", "theme", "T-a1b2c3d4", "filters")
    append_records(root, [old])
    coded(root)
    assert len(read_ledger(root).records) == 2
    take_back(root, plan_take_back(root))
    assert files(root) == [] and live_records(read_ledger(root))[0] == old and themes_now(root) == {"filters"}


def test_of_two_imports_into_one_theme_the_first_waits_for_the_second(root):
    coded(root)
    coded(root, "q.qdpx", "Bolt", text="The filters are lost.\nAnd so it goes.\n")
    assert themes_now(root) == {"Filters"} and len(read_calls(root)[0]) == 2
    assert plan_take_back(root, 1).stays[-1] == ("the theme “Filters”", "import 2 has put notes into it since")
    take_back(root, plan_take_back(root))
    take_back(root, plan_take_back(root))
    assert files(root) == [] and themes_now(root) == set()


@pytest.mark.parametrize("stopped", ["remove_call", "append_records", "_rewrite"])
def test_wherever_taking_back_is_stopped_the_next_goes_on(root, monkeypatch, stopped):
    coded(root)

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(room, stopped, stop)
    with pytest.raises(KeyboardInterrupt):
        take_back(root, plan_take_back(root))
    monkeypatch.undo()
    assert bool(files(root)) == (stopped == "remove_call"), "a theme outlives its calls for a moment, and never they it"
    if stopped != "_rewrite":
        assert [one.name for one in plan_take_back(root).themes] == ["Filters"]
        take_back(root, plan_take_back(root))
    assert files(root) == [] and themes_now(root) == set() and plan_take_back(root).number == 0


def test_an_import_that_was_killed_before_it_wrote_its_themes_is_taken_back(root, monkeypatch):
    monkeypatch.setattr("workbench.bring_in.append_records", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        coded(root)
    monkeypatch.undo()
    take_back(root, plan_take_back(root))
    assert files(root) == [] and (root / IMPORTS).read_bytes() == b""


def test_a_theme_renamed_while_the_plan_is_looked_at_stays_with_its_call(root):
    coded(root)
    plan = plan_take_back(root)
    rename(root)
    gone, stays = take_back(root, plan)
    assert gone == [] and [what for what, _ in stays] == [THEMED, "the theme “Lost filters”"]
    assert files(root) and themes_now(root) == {"Lost filters"}


REGISTRY = "discovery/customers.yaml"


def alike(root, known="Acme Freight", name="Acme Freight Inc."):
    """An import in which somebody said that a name is a known customer's."""
    if not read_calls(root)[0]:
        (root / "interviews/2026-11-01-acme.md").write_text(f"---\ncustomer: {known}\ndate: 2026-11-01\n---\n- one\n")
    rows = f"Company,Created,Quote\n{name},2026-11-17,The export breaks\n"
    return bring(root, Source("s.csv", rows.encode()), same={name: known})


def test_a_spelling_that_an_import_wrote_goes_with_it_and_the_entry_that_was_made_for_it(root, capsys):
    (root / "discovery").mkdir()
    (root / REGISTRY).write_text("version: 1\ncustomers:\n  Bolt:\n    segment: small  # ours\n")
    before = (root / REGISTRY).read_bytes()
    assert alike(root).aliases == (("Acme Freight Inc.", "Acme Freight"),)
    assert (root / REGISTRY).read_bytes() != before
    assert main(["import", "--undo", "--yes", "-w", str(root)]) == 0
    assert "the spelling “Acme Freight Inc.” of Acme Freight, out of" in capsys.readouterr().out
    assert (root / REGISTRY).read_bytes() == before and files(root) == ["interviews/2026-11-01-acme.md"]
    assert (root / IMPORTS).read_bytes() == b""


def test_a_spelling_of_an_import_that_was_killed_as_soon_as_it_was_written_is_taken_back(root, monkeypatch):
    def stop_behind(*args):
        store.change_record(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.bring_in.change_record", stop_behind)
    with pytest.raises(KeyboardInterrupt):
        alike(root)
    monkeypatch.undo()
    assert "Acme Freight Inc." in (root / REGISTRY).read_text()
    take_back(root, plan_take_back(root))
    assert "Acme Freight Inc." not in (root / REGISTRY).read_text()
    assert files(root) == ["interviews/2026-11-01-acme.md"]


@pytest.mark.parametrize(
    "used", ["interviews/2026-11-02-acme.md", "interviews/tickets.csv", "discovery/decisions/D-1.md"]
)
def test_a_spelling_that_another_file_has_stays_and_is_named(root, used):
    alike(root)
    (root / used).parent.mkdir(parents=True, exist_ok=True)
    row = "customer,date,text\nAcme Freight Inc.,2026-11-02,Slow\n"
    call = "---\ncustomer: ACME FREIGHT Inc.\ndate: 2026-11-02\n---\n- two\n"
    (root / used).write_text(row if used.endswith(".csv") else call)
    before = (root / REGISTRY).read_bytes()
    plan = plan_take_back(root)
    assert plan.stays == (("the spelling “Acme Freight Inc.” of Acme Freight", f"{used} has it"),)
    take_back(root, plan)
    assert (root / REGISTRY).read_bytes() == before and len(read_calls(root)[0]) == 1 + (used.endswith("02-acme.md"))


def test_a_spelling_that_somebody_has_written_before_or_given_to_another_is_none_of_the_imports(root):
    (root / "discovery").mkdir()
    (root / REGISTRY).write_text("customers:\n  Acme Freight:\n    aliases: [Acme Freight Inc.]\n")
    alike(root)
    take_back(root, plan_take_back(root))
    assert "Acme Freight Inc." in (root / REGISTRY).read_text()
    (root / REGISTRY).unlink()
    alike(root)
    (root / REGISTRY).write_text("customers:\n  Acme:\n    aliases: [Acme Freight Inc.]\n")
    assert plan_take_back(root).aliases == ()


def test_an_original_that_an_earlier_import_needs_and_one_that_was_there_before_stay(root):
    bring(root, Source("survey.csv", SURVEY.encode()))
    for call in read_calls(root)[0][:1]:
        (root / call.file).unlink()  # its rows are new again
    assert len(bring(root, Source("survey.csv", SURVEY.encode())).calls) == 1
    take_back(root, plan_take_back(root))
    assert (root / "interviews/originals/survey.csv").is_file()
    (root / IMPORTS).unlink()
    bring(root, Source("survey.csv", SURVEY.encode()))
    take_back(root, plan_take_back(root))
    assert (root / "interviews/originals/survey.csv").is_file()


def test_lines_that_were_torn_or_name_what_lies_elsewhere_are_left_out(root, tmp_path):
    recorded(root)
    outside = tmp_path / "mine.md"
    outside.write_text("mine")
    for file in ("../mine.md", str(outside)):
        note_imported(root, 9, file, read_call(root / CALL, root)[1], {})
    with open(root / IMPORTS, "ab") as imports:
        imports.write(b'{"import": 10, "at": "2026')
    assert [one.file for one in read_imported(root)] == [CALL]
    take_back(root, plan_take_back(root))
    assert outside.read_text() == "mine" and files(root) == []


def test_forgetting_reaches_what_was_taken_out_and_the_lines_of_imports(root):
    recorded(root)
    recorded(root, "2026-11-18 Bolt.vtt", "b")
    take_back(root, plan_take_back(root))
    recorded(root, "2026-11-18 Bolt.vtt", "b")
    recorded(root, "2026-11-19 Zqxkeld.vtt", "z")
    take_back(root, plan_take_back(root))
    assert forget(root, "Zqxkeld").complete
    left = b"".join(path.read_bytes() + str(path).encode() for path in root.rglob("*") if path.is_file())
    assert b"zqxkeld" not in left.lower() and b"Excelz" not in left
    assert [one.file for one in read_imported(root)] == [CALL, "interviews/2026-11-18-bolt.md"]
    assert forget(root, "Acme").complete
    assert [one.file for one in read_imported(root)] == ["interviews/2026-11-18-bolt.md"]


def test_who_stands_in_nothing_but_what_was_taken_out_is_forgotten_too(root, capsys):
    recorded(root)
    take_back(root, plan_take_back(root))
    assert main(["forget", "Acme", "--yes", "-w", str(root)]) == 0
    assert "nobody here can know of them; run the same command" in capsys.readouterr().out
    left = b"".join(
        path.read_bytes() + str(path).encode() for path in (root / ".workbench").rglob("*") if path.is_file()
    )
    assert b"acme" not in left.lower() and b"Excel" not in left


def test_the_command_shows_what_goes_and_takes_it_out_after_a_yes_only(root, capsys):
    recorded(root)
    recorded(root, "2026-11-18 Bolt.vtt", "b")
    assert main(["import", "--undo", "-w", str(root)]) == 0
    out, err = capsys.readouterr()
    assert "to be taken out:\n  interviews/2026-11-18-bolt.md\n  interviews/transcripts/2026-11-18-bolt.vtt" in out
    assert "Nothing was taken out. To do it:  workbench import --undo --yes" in err and len(files(root)) == 4
    assert main(["import", "--undo", "--yes", "-w", str(root)]) == 0
    assert "2 files taken out and kept in .workbench/removed/" in capsys.readouterr().out
    assert main(["import", "--undo", "--yes", "-w", str(root)]) == 0
    assert main(["import", "--undo", "--yes", "-w", str(root)]) == 0
    assert "There is no import to take back" in capsys.readouterr().out and files(root) == []
    assert main(["import", "--undo", "a.vtt", "-w", str(root)]) == 1
    assert main(["import", "a.vtt", "--undo", "-w", str(root)]) == 1
    assert main(["import", "-w", str(root)]) == 1
    assert "nothing to bring in; name files or folders" in capsys.readouterr().err


def test_a_run_that_is_stopped_has_written_down_what_is_in(root, monkeypatch):
    sources = [Source(f"2026-11-1{n} Firm {n}.vtt", vtt(talk(n))) for n in range(3)]
    plan = plan_import(root, sources, speakers=SIDES, customer="Acme")

    def stop(n, of):
        if n == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(root, [settle(arrival, confirm=True) for arrival in plan], progress=stop)
    assert len(plan_take_back(root).goes) == 2


def test_a_table_of_notes_is_taken_back_but_where_it_was_edited_or_is_named(root, capsys):
    rows = "Account;Opened;Mood\nAcme;2026-11-11;It is slow\n"
    said = {"kept_as": "table", "columns": {"quote": "Mood", "customer": "Account", "date": "Opened"}}
    table = "interviews/t.csv"
    bring(root, Source("t.csv", rows.encode()), **said)
    before = (root / table).read_bytes()
    (root / table).write_bytes(before + b"Bolt,2026-11-12,Fast,quote,,,,\n")
    assert plan_take_back(root).stays == ((table, "it was edited since"),)
    (root / table).write_bytes(before)
    (root / "discovery/hypotheses").mkdir(parents=True)
    record = root / "discovery/hypotheses/H-1.md"
    record.write_text("---\nevidence: [t#1b2c3d4e]\n---\n")
    assert plan_take_back(root).stays == ((table, "discovery/hypotheses/H-1.md names it"),)
    record.write_text("Not just a t.\n")
    assert main(["import", "--undo", "--yes", "-w", str(root)]) == 0
    assert "1 table of notes, to be taken out" in capsys.readouterr().out and files(root) == []
    assert bring(root, Source("t.csv", rows.encode()), **said).tables == ((table, 1),)
