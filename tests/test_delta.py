"""What changed since a day or a revision: as a section, and as `workbench delta`."""

import json
import re
from pathlib import Path

import pytest
from test_history import commit, git
from test_week import write

import workbench as wb
from workbench.cli import main
from workbench.errors import InputError
from workbench.redact import share
from workbench.report.section_page import draw_section
from workbench.report.view import render_section
from workbench.rituals.delta import find_delta
from workbench.study import read_study

WORDS = ("The import loses rows of our list", "Our list comes out of the import with rows missing", "Rows of the list are gone after the import",
         "The import drops rows of the list")  # fmt: skip


def call(customer, day, *notes, consent="quote"):
    lines = "".join(f"- {note}\n" for note in notes)
    return f"---\ncustomer: {customer}\ndate: {day}\nsegment: field\nconsent: {consent}\n---\n{lines}"


@pytest.fixture
def work(make_workspace):
    """Two customers the week before, two in the week, one of them known already; kept in git since then."""
    root = make_workspace(
        {
            "2026-11-10-acme.md": call("Acme", "2026-11-10", f"! {WORDS[0]}", "~ Types the totals by hand on Fridays"),
            "2026-11-11-bolt.md": call("Bolt", "2026-11-11", f"! {WORDS[1]}"),
        },
        "customers: {}\n",
    )
    write(
        root,
        "hypotheses/H-aa0001-x.md",
        f"id: H-aa0001\nstatus: running\nmade: 2026-11-10\nstarted: 2026-11-11\nchange: mend it\nevidence: {ids(root)[:1]}\n",
    )
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    files = {
        "2026-11-17-core.md": call(
            "Core", "2026-11-17", f"! {WORDS[2]}", '"I count them twice, every row, on a Monday."'
        ),
        "2026-11-18-acme.md": call("Acme", "2026-11-18", f"! {WORDS[3]}"),
    }
    for name, text in files.items():
        (root / "interviews" / name).write_text(text, "utf-8")
    return root


def ids(root):
    return sorted(read_study(root).notes["note"])


def delta_of(root, since="", today="2026-11-20"):
    report = wb.open_week(root, "2026-W47", since=since, today=today)
    study, themes, _ = report._parts
    return find_delta(study, themes, report._moment)


@pytest.mark.parametrize("since", ["", "2026-11-16", "HEAD"])
def test_calls_customers_and_notes_since_a_day_or_a_revision(work, since):
    delta = delta_of(work, since)
    assert delta.calls == ("2026-11-17-core", "2026-11-18-acme")
    assert (delta.customers, delta.first_heard) == (("Core", "Acme"), ("Core",))
    assert len(delta.added) == 3
    assert (delta.reworded, delta.gone, delta.known) == ((), (), True)


def test_a_theme_that_grew_has_its_customers_then_and_now(work):
    (row,) = [row for row in delta_of(work).themes.itertuples() if row.n_customers_after == 3]
    assert (row.change, row.n_customers_before) == ("grew", 2)


def test_an_edited_note_is_reworded_and_one_that_is_deleted_is_gone(work):
    commit(work, "the week")
    file = work / "interviews" / "2026-11-10-acme.md"
    text = file.read_text("utf-8").replace(
        "Types the totals by hand on Fridays", "Types all the totals by hand on Fridays"
    )
    file.write_text(text.replace(f"- ! {WORDS[0]}\n", ""), "utf-8")
    delta = delta_of(work, "HEAD")
    ((was, note),) = delta.reworded
    assert was == "Types the totals by hand on Fridays"
    assert note in ids(work)
    assert (delta.gone, delta.added) == (("Acme",), ())


def test_what_became_of_records(work):
    notes = ids(work)
    core = [note for note in notes if "core" in note]
    write(
        work,
        "hypotheses/H-aa0001-x.md",
        f"id: H-aa0001\nstatus: refuted\nmade: 2026-11-10\nstarted: 2026-11-11\nclosed: 2026-11-19\nchange: mend it\nresult: 4 of 90\nevidence: {notes[:1] + core[:1]}\nagainst: {core[1:]}\n",
    )
    write(
        work, "decisions/D-cc0001-x.md", "id: D-cc0001\ntitle: Stop?\nstatus: decided\ndate: 2026-11-19\nchosen: Stop\n"
    )
    write(
        work,
        "bets/B-bb0001-x.md",
        "id: B-bb0001\ntitle: Lists\nstatus: shipped\nstarted: 2026-11-02\nshipped: 2026-11-18\n",
    )
    found = {one.id: one for one in delta_of(work).records}
    hypothesis = found["H-aa0001"]
    assert (hypothesis.was, hypothesis.now, hypothesis.words) == ("running", "refuted", "4 of 90")
    assert (hypothesis.then.n, hypothesis.after.n, hypothesis.after.n_against) == (1, 2, 1)
    assert (hypothesis.gained, hypothesis.opposed) == (tuple(core[:1]), tuple(core[1:]))
    assert (found["D-cc0001"].is_new, found["D-cc0001"].words) == (True, "Stop")
    assert (found["B-bb0001"].was, found["B-bb0001"].now) == ("active", "shipped")


def test_a_decision_that_stands_on_less_is_told(work):
    notes = ids(work)
    write(
        work,
        "decisions/D-cc0001-x.md",
        f"id: D-cc0001\ntitle: Go?\nstatus: decided\ndate: 2026-11-12\nevidence: {notes[:1]}\n",
    )
    commit(work, "decided")
    file = work / "interviews" / "2026-11-10-acme.md"
    file.write_text(call("Acme", "2026-11-10", "Another thing altogether was said here"), "utf-8")
    payload = wb.open_week(work, "2026-W47", since="HEAD", today="2026-11-20").delta.payload
    (weak,) = payload["data"]["weakened"]
    assert (weak["id"], weak["counts"]["then"]["n"], weak["counts"]["now"]["n"]) == ("D-cc0001", 1, 0)
    shared = render_section(share(payload), shared=True)
    assert "stand on less" in shared
    assert "Acme" not in shared


def test_nothing_changed_says_so_and_what_would(work):
    commit(work, "the week")
    html = render_section(wb.open_week(work, "2026-W47", since="HEAD", today="2026-11-20").delta.payload, shared=False)
    assert "Nothing changed since " in html
    assert "A call, a note that is worded otherwise" in html


def test_where_nothing_was_known_everything_is_new(work):
    delta = delta_of(work, "2026-01-01")
    assert (delta.known, len(delta.calls), len(delta.added)) == (False, 4, 6)
    assert set(delta.themes["change"]) <= {"born"}


def test_new_words_come_first_one_a_customer_and_old_ones_of_an_edit_never_leave(work):
    data = wb.open_week(work, "2026-W47", today="2026-11-20").delta.payload["data"]
    first, *rest = [read_study(work).notes.set_index("note").loc[note] for note in data["notes"]]
    assert first["kind"] == "quote"
    assert [str(one["customer"]) for one in (first, *rest)] == ["Core", "Acme"]
    file = work / "interviews" / "2026-11-10-acme.md"
    commit(work, "the week")
    file.write_text(
        file.read_text("utf-8").replace("totals by hand on Fridays", "totals by hand on Fridays, mostly"), "utf-8"
    )
    payload = wb.open_week(work, "2026-W47", since="HEAD", today="2026-11-20").delta.payload
    assert "<del>Types the totals by hand on Fridays</del>" in render_section(payload, shared=False)
    assert "<del>" not in render_section(share(payload), shared=True)


def test_withheld_words_of_a_note_that_is_gone_do_not_leave_in_a_record_of_then(work):
    file = work / "interviews" / "2026-11-11-bolt.md"
    file.write_text(call("Bolt", "2026-11-11", "Our margin is four percent and falling", consent="aggregate"), "utf-8")
    write(
        work,
        "decisions/D-aa0001-x.md",
        "id: D-aa0001\ntitle: Our margin is four percent and falling\nstatus: decided\ndate: 2026-11-11\n",
    )
    commit(work, "said, and decided")
    file.write_text(call("Bolt", "2026-11-11", f"! {WORDS[1]}", consent="aggregate"), "utf-8")
    (work / "discovery" / "decisions" / "D-aa0001-x.md").unlink()
    with pytest.raises(InputError, match=r"interviews/2026-11-11-bolt.md \(as of [0-9a-f]{12}\):\d+, whose customer"):
        draw_section(wb.open_week(work, "2026-W47", since="HEAD", today="2026-11-20").delta, "What changed")


@pytest.mark.parametrize("since", ["", "HEAD"])
def test_the_numbers_of_then_are_derived_from_the_calls_of_then(work, since):
    payload = wb.open_week(work, "2026-W47", since=since, today="2026-11-20").delta.payload
    (grew,) = [one for one in payload["data"]["themes"]["grew"] if one["counts"]["now"]["n"] == 3]
    then = grew["counts"]["then"]
    assert (then["what"], then["n"], then["of"], len(then["among"])) == ("customers", 2, 2, 2)
    assert {ref.partition(":")[0] for ref in then["refs"]} == set(then["among"])


def test_the_command_lists_it_and_gives_it_as_data(work, capsys):
    assert main(["delta", "-w", str(work), "--since", "HEAD", "--today", "2026-11-20"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Since HEAD, seen on 2026-11-20: 2 calls with 2 customers, 3 new notes"
    assert lines[1:3] == ["+ Core, first call", "+ Acme"]
    assert any(line.startswith("~ ") and "grew, 2 → 3 customers" in line for line in lines)
    assert main(["delta", "-w", str(work), "--since", "HEAD", "--today", "2026-11-20", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["customers"], data["first_heard"], len(data["notes_added"])) == (["Core", "Acme"], ["Core"], 3)
    assert main(["delta", "-w", str(work), "--since", "nonsense", "--today", "2026-11-20"]) == 1
    assert "git knows no revision 'nonsense'" in capsys.readouterr().err


def test_a_number_of_then_is_marked_since_a_theme_of_now_may_have_it(capsys):
    sample = str(Path(__file__).parent.parent)
    assert main(["delta", "-w", sample, "--since", "2026-11-10", "--today", "2026-11-20"]) == 0
    gone = re.findall(r"(?m)^- (.+?) (?:faded|merged)", capsys.readouterr().out)
    assert gone and all(re.fullmatch(r"then T\d+,", name) for name in gone)


def test_an_empty_workspace_says_what_to_do_first(make_workspace, capsys):
    assert main(["delta", "-w", str(make_workspace({})), "--today", "2026-11-20"]) == 0
    assert "write down a first call" in capsys.readouterr().out
