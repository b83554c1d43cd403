"""What several cells of a notebook read is held once, and whoever changes theirs changes nobody else's."""

import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.redact import Redactor
from workbench.report.cite import Refs, ThemeCounts
from workbench.report.verify import verify_page
from workbench.themes import find as room
from workbench.themes import find_themes
from workbench.themes.inputs import as_blocks
from workbench.themes.languages import Language

HEADER = "customer,date,text\n"
ROWS = "".join(
    f"Customer {i % 7},2026-11-{1 + i % 20:02d},{text} {i}\n"
    for i, text in enumerate(["The import drops rows", "Invoices look odd to us", "Filters reset each time"] * 10)
)


@pytest.fixture
def work(tmp_path):
    for name in ("interviews", "discovery"):
        (tmp_path / name).mkdir()
    (tmp_path / "interviews" / "tickets.csv").write_text(HEADER + ROWS)
    return tmp_path


@pytest.fixture
def kept(monkeypatch):
    monkeypatch.setattr(room, "WORTH_KEEPING", 1)
    monkeypatch.setattr(room, "_latest", [])


def test_two_readings_of_the_same_files_are_one_in_memory(work):
    one, other = wb.read_study(work), wb.read_study(work)
    for name in ("notes", "calls"):
        assert np.shares_memory(getattr(one, name)["line"].to_numpy(), getattr(other, name)["line"].to_numpy())


def test_who_changes_what_was_read_changes_no_other_reading(work):
    one = wb.read_study(work)
    before = one.notes.copy(deep=True)
    one.notes.loc[:, "line"] = 0
    one.notes["text"] = "mine"
    one.notes.insert(0, "mine", 1)
    one.problems.append("mine")
    other = wb.read_study(work)
    pd.testing.assert_frame_equal(other.notes, before)
    assert "mine" not in other.problems


@pytest.mark.parametrize(
    "change",
    [
        lambda work: (work / "interviews" / "tickets.csv").write_text(HEADER + ROWS + "Core,2026-11-20,Slow\n"),
        lambda work: (work / "interviews" / "a.md").write_text("---\ncustomer: Core\ndate: 2026-11-20\n---\n- Slow\n"),
        lambda work: (work / "discovery" / "customers.yaml").write_text("customers:\n  Customer 1:\n    segment: s\n"),
    ],
)
def test_what_changed_on_disk_is_read(work, change):
    before = wb.read_study(work)
    change(work)
    after = wb.read_study(work)
    assert not after.notes.equals(before.notes)


def test_another_consent_is_no_reading_of_before(work):
    assert set(wb.read_notes(work, problems=[])["consent"]) == {"aggregate"}
    assert set(wb.read_notes(work, assume_consent="quote", problems=[])["consent"]) == {"quote"}


def test_themes_of_the_same_notes_are_found_once(work, kept):
    notes = wb.read_notes(work, problems=[])
    one, other = find_themes(notes), find_themes(wb.read_notes(work, problems=[]))
    assert one.worked_out is other.worked_out and one.model is other.model
    one.notes["text"] = "mine"
    assert "mine" not in set(find_themes(notes).notes["text"])


def test_who_writes_into_the_themes_that_were_found_first_changes_no_others(work, kept):
    notes = wb.read_notes(work, problems=[])
    one = find_themes(notes)
    before = [frame.copy(deep=True) for frame in (one.notes, one.read, one.summary)]
    one.notes["text"] = "mine"
    one.notes.loc[:, "theme"] = ""
    one.summary["n_customers"] = 99
    other = find_themes(notes)
    for frame, was in zip((other.notes, other.read, other.summary), before, strict=True):
        pd.testing.assert_frame_equal(frame, was)
    again = other.regroup(other.ledger)
    pd.testing.assert_frame_equal(again.notes, before[0])


def test_readings_that_nobody_has_any_more_are_not_held_by_the_themes(work, kept):
    def count():
        study = wb.read_study(work)
        themes = find_themes(study.notes, study.ledger)
        counts_of = ThemeCounts(study, themes)
        counted = [counts_of(row) for row in themes.summary.itertuples(index=False)]
        assert counts_of(next(themes.summary.itertuples(index=False))) is counted[0]
        return len(themes.worked_out)

    assert count() == count()


def test_themes_found_once_are_as_those_found_anew(work, kept, monkeypatch):
    notes, ledger = wb.read_notes(work, problems=[]), wb.read_ledger(work)
    find_themes(notes, ledger)
    act = wb.read_study(work).ledger
    acted = replace(act, records=(), next_at=7)
    agreed = notes.assign(consent=notes["consent"].astype(str).replace("aggregate", "quote"))
    for some, by in ((notes, ledger), (notes, acted), (agreed, ledger), (notes[:20], ledger)):
        found = find_themes(some, by)
        with monkeypatch.context() as patch:
            patch.setattr(room, "WORTH_KEEPING", 1_000_000)
            anew = find_themes(some, by)
        pd.testing.assert_frame_equal(found.notes, anew.notes)
        pd.testing.assert_frame_equal(found.summary, anew.summary)
        assert found.ledger == by and found.statements == anew.statements


def test_who_asks_while_themes_are_found_waits_for_these(work, kept):
    notes = wb.read_notes(work, problems=[])
    with ThreadPoolExecutor(4) as at_once:
        one, *others = at_once.map(lambda _: find_themes(notes), range(4))
    assert all(other.model is one.model for other in others)


def test_words_are_stemmed_alike_by_several_threads_at_once():
    ends = ("ization", "ations", "fulness", "ically", "ing", "ed", "izer", "ities", "ably", "iveness")
    words = [
        f"{start}{end}" for start in ("relat", "gener", "organ", "import", "filter", "connect") for end in ends
    ] * 2
    known, interval = Language("en"), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(8):
            one = Language("en")
            with ThreadPoolExecutor(4) as at_once:
                at_once.map(lambda words, one=one: [one.stem(word) for word in words], [words[k:] for k in range(4)])
            assert {word: one.stem(word) for word in words} == {word: known.stem(word) for word in words}
    finally:
        sys.setswitchinterval(interval)


def test_other_notes_with_the_same_words_are_not_learned_from_again(work, kept):
    notes = wb.read_notes(work, problems=[])
    agreed = notes.assign(consent=notes["consent"].astype(str).replace("aggregate", "quote"))
    one, other = find_themes(notes), find_themes(agreed)
    assert one.model is other.model and set(other.notes["consent"]) == {"quote"}
    assert find_themes(agreed, n_themes=2).model is not one.model


def test_a_column_of_texts_is_no_second_list_of_them():
    texts = pd.Series(["a", None, "c"], dtype="str")
    blocks = as_blocks(texts, 2)
    assert [block.read() for block in blocks] == [["a", ""], ["c"]]
    assert blocks[0].read() is not blocks[0].read()
    sent = pickle.loads(pickle.dumps(blocks[1]))
    assert (sent.read(), sent.name) == (["c"], "texts 3 to 3")


def test_a_report_learns_the_names_of_customers_once(work, run_sections, export, monkeypatch):
    learned, learn = [], Redactor.__init__
    monkeypatch.setattr(
        Redactor, "__init__", lambda self, customers: learned.append(customers) or learn(self, customers)
    )
    page, _ = export(run_sections(work, sections=("overview", "limits", "who_we_talked_to")))
    assert len(learned) == 1 and "Customer 1" not in page
    assert verify_page(page, wb.read_study(work)).differences == ()
    assert len(learned) == 3  # of today's names one, one for all sections made again


def test_what_notes_are_called_outside_is_of_the_notes_that_a_study_has(work):
    study = wb.read_study(work)
    refs = Refs.of(study)
    assert Refs.of(replace(study, today="2026-11-27")) is refs
    fewer = replace(study, notes=study.notes.iloc[1:].reset_index(drop=True))
    first, second = study.notes["note"].iloc[:2]
    assert Refs.of(fewer).notes([second]) == refs.notes([second])
    with pytest.raises(KeyError):
        Refs.of(fewer).notes([first])
