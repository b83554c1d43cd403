"""What lies in the folder is what is counted, whatever the file system says, and no byte of it is lost."""

import json
import os
import random
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench import store
from workbench.errors import InputError
from workbench.notes import CONSENT_LEVELS, KINDS, NOTE_COLUMNS, add_note, format_call
from workbench.save import SaveConflict, SaveError, fingerprint
from workbench.store import (
    create_call,
    find_citations,
    read_call,
    read_calls,
    read_salt,
    remove_call,
    rename_call,
    restore_call,
    workspace,
    write_call,
)
from workbench.study import CUSTOMER_COLUMNS, read_customers, read_notes
from workbench.themes import find_themes

HOSTILE = (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()
HOSTILE_NAMES = [case["payload"] for case in map(json.loads, HOSTILE) if case["field"] == "customer"]


def call_of(customer, body="- a note", day="2026-11-17", **fields):
    rows = {"date": day, "customer": customer, **fields}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in rows.items()) + f"---\n{body}\n"


def read(folder, **options):
    """Notes and problems, the problems as text."""
    problems = []
    notes = read_notes(folder, problems=problems, **options)
    return notes, [str(problem) for problem in problems]


def everything_below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# Which folder it is


@pytest.fixture
def study(make_workspace):
    return make_workspace({"2026-11-17-acme.md": call_of("Acme")})


def test_the_workspace_that_is_named_is_taken(study, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_DIR", str(tmp_path))
    monkeypatch.chdir(study.parent)
    assert workspace(study) == workspace(str(study)) == workspace("work") == study.resolve()


def test_the_environment_goes_before_the_current_folder(study, make_workspace, monkeypatch):
    monkeypatch.chdir(make_workspace({}, name="other"))
    monkeypatch.setenv("WORKBENCH_DIR", str(study))
    assert workspace() == study.resolve()


@pytest.mark.parametrize("within", [".", "notebooks", "interviews"])
def test_the_current_folder_or_its_parent_is_the_workspace(study, within, monkeypatch):
    (study / "notebooks").mkdir()
    monkeypatch.chdir(study / within)
    assert workspace() == study.resolve()


def test_the_current_folder_goes_before_its_parent(study, monkeypatch):
    (study / "inner" / "interviews").mkdir(parents=True)
    monkeypatch.chdir(study / "inner")
    assert workspace() == (study / "inner").resolve()


def test_a_plain_folder_of_markdown_files_is_a_workspace_too(tmp_path):
    (tmp_path / "2026-11-17-acme.md").write_text(call_of("Acme"))
    assert workspace(tmp_path) == tmp_path.resolve()
    notes, problems = read(tmp_path)
    assert (notes["file"].tolist(), problems) == (["2026-11-17-acme.md"], [])
    call, _ = create_call(tmp_path, call_of("Bolt"), day="2026-11-18", customer="Bolt")
    assert call.file == "2026-11-18-bolt.md"
    assert (tmp_path / call.file).is_file()


@pytest.mark.parametrize(("name", "words"), [("nowhere", "no folder"), ("empty", "holds no interviews/ folder")])
def test_what_is_no_workspace_is_said_with_what_to_do(name, words, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    for find in (workspace, read_calls, read_notes, read_customers, read_salt):
        with pytest.raises(InputError, match=words) as raised:
            find(tmp_path / name)
        assert str(tmp_path / name) in str(raised.value)
        assert "-w DIR" in str(raised.value)
        assert "workbench init" in str(raised.value)


def test_without_a_workspace_the_current_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=re.escape(str(Path.cwd()))):
        workspace()


# Reading


@pytest.fixture
def mixed(make_workspace):
    """Calls of equal days, undated ones, and files that are no calls."""
    calls = {f"2026-11-{day:02}-{name}.md": call_of(name, f"- of {name}", f"2026-11-{day:02}")
             for name in ("ash", "birch", "cedar", "dogwood") for day in (3, 17)}  # fmt: skip
    calls |= {"zz.md": call_of("elm", day=""), "aa.md": "- of nobody", "late.md": call_of("fir", day="2026-10-01")}
    calls |= {"b (conflict 2026-11-17).md": "- copy", "utf16.md": "- x".encode("utf-16"), "x.txt": "x"}
    return make_workspace(calls, registry="customers:\n  Ash:\n    segment: s\n    mood: good\n  Oak:\n")


class Entries(list):
    """What os.scandir gives, in an order of ours."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def close(self):
        """Nothing to close."""


def shuffle_folders(monkeypatch, seed):
    scandir = os.scandir

    def shuffled(*args):
        entries = sorted(scandir(*args), key=lambda entry: entry.name)
        random.Random(seed).shuffle(entries)
        return Entries(entries)

    monkeypatch.setattr(os, "scandir", shuffled)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_the_file_system_names_files_does_not_matter(mixed, monkeypatch, seed):
    expected = read(mixed), read_calls(mixed), read_customers(mixed, problems=[]), read_salt(mixed)
    (mixed / "discovery" / "salt").unlink()
    (mixed / "discovery").rename(mixed / "elsewhere")
    derived = read_salt(mixed)
    shuffle_folders(monkeypatch, seed)
    assert read_salt(mixed) == derived
    (mixed / "elsewhere").rename(mixed / "discovery")
    (notes, problems), calls, customers, _ = expected
    again, problems_again = read(mixed)
    pd.testing.assert_frame_equal(again, notes)
    assert problems_again == problems
    assert read_calls(mixed) == calls
    pd.testing.assert_frame_equal(read_customers(mixed, problems=[]), customers)


def test_calls_come_by_date_then_id_and_undated_ones_last(mixed):
    calls, _ = read_calls(mixed)
    ids = [call.id for call in calls]
    assert ids[0] == "late"
    assert ids[1:5] == [f"2026-11-03-{name}" for name in ("ash", "birch", "cedar", "dogwood")]
    assert ids[-2:] == ["aa", "zz"]
    notes, _ = read(mixed)
    assert list(dict.fromkeys(notes["call"])) == ids


def test_a_note_is_a_row_with_the_documented_columns(make_workspace):
    body = '# Reports\n\n- ! Filters reset @12:40 #filters #reset\n  every time\n- "By hand"\n'
    fields = {"who": "Jane Doe, ops", "segment": "mid", "kind": "sales", "consent": "quote"}
    folder = make_workspace({"2026-11-17-acme.md": call_of("Acme", body, **fields), "x.md": "- undated"})
    notes, _ = read(folder)
    assert tuple(notes.columns) == (*NOTE_COLUMNS, "excluded", "ours")
    first = notes.iloc[0].to_dict()
    assert re.fullmatch(r"2026-11-17-acme#[0-9a-f]{8}", first.pop("note"))
    assert first == {
        "call": "2026-11-17-acme", "customer": "Acme", "who": "Jane Doe, ops", "segment": "mid",
        "date": pd.Timestamp("2026-11-17"), "kind": "pain", "text": "Filters reset @12:40 #filters #reset every time",
        "tags": ("filters", "reset"), "at": "", "call_kind": "sales", "consent": "quote",
        "file": "interviews/2026-11-17-acme.md", "line": 11, "excluded": "", "ours": "",
    }  # fmt: skip
    assert notes["date"].isna().tolist() == [False, False, True]
    assert notes["note"].is_unique


def check_dtypes(notes):
    for column in ("note", "text", "at"):
        assert notes[column].dtype == pd.Series([], dtype="str").dtype, column
    for column in ("call", "customer", "who", "segment", "kind", "call_kind", "consent", "file", "excluded"):
        assert isinstance(notes[column].dtype, pd.CategoricalDtype), column
    assert pd.api.types.is_datetime64_dtype(notes["date"])
    assert notes["line"].dtype == "int64"
    assert tuple(notes["kind"].cat.categories) == KINDS
    assert tuple(notes["consent"].cat.categories) == CONSENT_LEVELS
    assert notes["consent"].cat.ordered


def test_columns_keep_their_types_with_and_without_notes(mixed, make_workspace):
    notes, _ = read(mixed)
    check_dtypes(notes)
    assert all(isinstance(tags, tuple) for tags in notes["tags"])
    for calls in ({}, {"2026-11-17-acme.md": call_of("Acme", "# Nothing yet")}):
        empty, problems = read(make_workspace(calls, name=f"with-{len(calls)}"))
        assert (len(empty), problems) == (0, [])
        assert list(empty.columns) == list(notes.columns)
        check_dtypes(empty)


def test_an_empty_workspace_has_no_themes_and_no_customers(make_workspace):
    folder = make_workspace({})
    themes = find_themes(read_notes(folder))
    assert (len(themes.summary), len(themes.notes), themes.n_customers, len(themes.left_out)) == (0, 0, 0, 0)
    assert "0 from 0 notes of 0 customers" in repr(themes)
    customers = read_customers(folder)
    assert (len(customers), tuple(customers.columns)) == (0, CUSTOMER_COLUMNS)
    assert read_calls(folder) == ([], [])


def test_reading_leaves_nothing_behind(study):
    before = everything_below(study)
    read(study), read_calls(study), read_customers(study), read_salt(study)
    assert everything_below(study) == before


# What is not counted, and said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("acme (conflict 2026-11-17).md", "a copy left by a conflict"),
        ("acme (Jane's conflicted copy 2026-11-17).md", "a copy left by a conflict"),
        ("acme.sync-conflict-20261117-101500-ABCDEFG.md", "a copy left by a conflict"),
        ("acme_conflict-20261117-101500.md", "a copy left by a conflict"),
        ("acme.txt", "not a call"),
        ("acme.docx", "not a call"),
        ("acme.markdown", "not a call"),
        ("march/acme.md", "a folder of notes that is not read"),
        ("march/week 1/acme.md", "a folder of notes that is not read"),
    ],
)
def test_a_file_that_is_no_call_is_listed_and_not_counted(study, name, words):
    file = study / "interviews" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(call_of("Bolt"))
    notes, problems = read(study)
    assert notes["customer"].tolist() == ["Acme"]
    (said,) = problems
    assert said.startswith(f"interviews/{name.split('/')[0]}:1: {words}; ")
    assert [str(problem) for problem in read_calls(study)[1]] == [said]


@pytest.mark.parametrize(
    "name",
    ["README.md", ".acme.md", "_template.md", "photo.png", "transcripts/acme.md", "photos/a.png", ".obsidian/x.md"],
)
def test_what_belongs_there_but_is_no_call_is_passed_over_in_silence(study, name):
    file = study / "interviews" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(call_of("Bolt"))
    notes, problems = read(study)
    assert (notes["customer"].tolist(), problems) == (["Acme"], [])


def test_an_ending_in_capitals_is_a_call(make_workspace):
    notes, problems = read(make_workspace({"2026-11-17-ACME.MD": call_of("Acme")}))
    assert (len(notes), problems) == (1, [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_saved_as_utf_16_is_listed_and_not_counted(study, encoding):
    mark = "" if encoding == "utf-16" else "\ufeff"
    (study / "interviews" / "x.md").write_bytes((mark + call_of("Bolt")).encode(encoding))
    notes, (said,) = read(study)
    assert notes["customer"].tolist() == ["Acme"]
    assert said == "interviews/x.md:1: saved as UTF-16; save it as UTF-8 (until then it is not counted)"


def test_a_file_larger_than_any_call_is_listed_and_not_read(study):
    with open(study / "interviews" / "x.md", "wb") as file:
        file.truncate(store.MAX_CALL_BYTES + 1)
    notes, (said,) = read(study)
    assert notes["customer"].tolist() == ["Acme"]
    assert said.startswith("interviews/x.md:1: larger than 8 MB; ")


def test_a_file_as_large_as_a_call_may_be_counts(study, monkeypatch):
    monkeypatch.setattr(store, "MAX_CALL_BYTES", len(call_of("Acme")))
    assert len(read(study)[0]) == 1


@pytest.mark.parametrize("target", ["outside.md", "nowhere.md"])
def test_a_link_is_listed_and_not_followed(study, target):
    (study / "outside.md").write_text(call_of("Bolt"))
    try:
        (study / "interviews" / "x.md").symlink_to(study / target)
    except OSError:
        pytest.skip("no links here")
    notes, (said,) = read(study)
    assert notes["customer"].tolist() == ["Acme"]
    assert said.startswith("interviews/x.md:1: a link, not a file; ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_that_may_not_be_read_is_listed(study):
    """Root may read anything, so as root this is tried as nobody, in a folder that nobody can reach."""
    with tempfile.TemporaryDirectory() as reachable:
        os.chmod(reachable, 0o755)
        folder = shutil.copytree(study, Path(reachable) / "study")
        file = folder / "interviews" / "x.md"
        file.write_text(call_of("Bolt"))
        file.chmod(0)
        was_root = os.geteuid() == 0
        if was_root:
            os.seteuid(65534)
        try:
            notes, (said,) = read(folder)
        finally:
            if was_root:
                os.seteuid(0)
    assert notes["customer"].tolist() == ["Acme"]
    assert said.startswith("interviews/x.md:1: cannot be read")


def test_a_call_without_a_customer_stands_for_itself(make_workspace):
    notes, (said,) = read(make_workspace({"2026-11-17-x.md": "---\ndate: 2026-11-17\n---\n- hi"}))
    assert notes["customer"].tolist() == ["2026-11-17-x"]
    assert "no customer" in said


def test_without_a_list_one_warning_names_the_first_problem_and_counts_the_others(make_workspace):
    folder = make_workspace({"a.txt": "", "b.txt": "", "c.txt": ""})
    for find in (read_notes, read_customers):
        with pytest.warns(UserWarning, match=r"^interviews/a\.txt:1: not a call; .*, and 2 more; ") as caught:
            find(folder)
        assert len(caught) == 1
        assert caught[0].filename == __file__


def test_one_problem_is_warned_of_alone(make_workspace):
    with pytest.warns(UserWarning, match=r"have it counted$"):
        read_notes(make_workspace({"a.txt": ""}))


def test_a_broken_registry_stops_every_reader_and_names_its_line(make_workspace):
    folder = make_workspace({"a.md": call_of("Acme")}, registry="customers:\n  Acme:\n    consent: [none\n  B:\n")
    for find in (read_notes, read_customers):
        with pytest.raises(InputError, match=r"^discovery/customers\.yaml:4: "):
            find(folder, problems=[])


# Who is who


def test_one_customer_under_many_spellings_counts_once(make_workspace):
    spellings = ["Acme Freight", "ACME  freight", "Acme", "acme ltd."]
    calls = {f"2026-11-1{i}-x.md": call_of(name, day=f"2026-11-1{i}") for i, name in enumerate(spellings)}
    notes, problems = read(
        make_workspace(calls, registry="customers:\n  Acme Freight:\n    aliases: [Acme, Acme Ltd]\n")
    )
    assert (set(notes["customer"]), problems) == ({"Acme Freight"}, [])
    assert list(notes["customer"].cat.categories) == ["Acme Freight"]


def test_without_a_registry_the_earliest_spelling_is_the_name_and_the_others_are_told(make_workspace):
    calls = {
        "2026-11-10-b.md": call_of("ACME", day="2026-11-10"),
        "2026-11-03-z.md": call_of("Acme.", day="2026-11-03"),
    }
    notes, (said,) = read(make_workspace(calls))
    assert set(notes["customer"]) == {"Acme."}
    assert said.startswith("interviews/2026-11-10-b.md:1: customer 'ACME' counts as 'Acme.'; ")


def test_names_that_look_alike_are_told_and_count_as_two(make_workspace):
    calls = {
        "2026-11-10-a.md": call_of("Kestrow", day="2026-11-10"),
        "2026-11-03-z.md": call_of("Kestrow Heating", day="2026-11-03"),
    }
    notes, (said,) = read(make_workspace(calls))
    assert notes["customer"].nunique() == 2
    assert said.startswith("interviews/2026-11-10-a.md:1: customer 'Kestrow' looks like 'Kestrow Heating'; ")


def consents(folder, **options):
    notes, _ = read(folder, **options)
    return set(notes["consent"])


@pytest.mark.parametrize(
    ("registry", "calls", "counts_as"),
    [
        ("", ["", ""], "aggregate"),
        ("", ["quote", ""], "quote"),
        ("", ["quote", "named"], "quote"),
        ("", ["named", "quote"], "quote"),
        ("quote", ["named", "named"], "quote"),
        ("named", ["aggregate", ""], "aggregate"),
        ("named", ["", ""], "named"),
        ("aggregate", ["named", "quote"], "aggregate"),
        ("quote", ["", "none"], "none"),
        ("none", ["named", "named"], "none"),
        ("", ["sure", "named"], "aggregate"),
        ("", ["no", "named"], "none"),
    ],
)
@pytest.mark.parametrize("assumed", [None, "quote", "none"])
def test_the_strictest_consent_stated_counts_for_all_that_a_customer_said(
    make_workspace, registry, calls, counts_as, assumed
):
    """Assuming one changes only the customers of whom nothing is stated."""
    files = {f"{i}.md": call_of(name, consent=level) for i, (name, level) in enumerate(zip(["Acme", "A"], calls))}  # noqa: B905
    folder = make_workspace(files, registry=f"customers:\n  Acme:\n    aliases: [A]\n    consent: {registry}\n")
    if assumed and not registry and not any(calls):
        counts_as = assumed
    assert consents(folder, assume_consent=assumed) == {counts_as}
    customers = read_customers(folder, assume_consent=assumed, problems=[]).set_index("customer")
    assert customers.loc["Acme", "consent"] == counts_as
    assert customers.loc["Acme", "consent_stated"] == ("" if not registry and not any(calls) else counts_as)
    notes, _ = read(folder, assume_consent=assumed)
    assert set(notes["excluded"]) == {"asked not to be used" if counts_as == "none" else ""}


def test_front_matter_that_cannot_be_read_is_never_assumed_to_consent(make_workspace):
    folder = make_workspace({"x.md": "---\ncustomer: Acme: Freight\n---\n- hi"})
    assert consents(folder, assume_consent="named") == {"aggregate"}


def test_the_environment_may_assume_a_consent_and_an_argument_goes_before_it(study, monkeypatch):
    monkeypatch.setenv("WORKBENCH_ASSUME_CONSENT", "quote")
    assert consents(study) == {"quote"}
    assert consents(study, assume_consent="named") == {"named"}


@pytest.mark.parametrize("find", [read_notes, read_customers])
def test_an_assumed_consent_that_is_no_level_is_refused(study, find, monkeypatch):
    with pytest.raises(InputError, match=r"'quotes' is not known; use one of none, aggregate, quote, named"):
        find(study, assume_consent="quotes")
    monkeypatch.setenv("WORKBENCH_ASSUME_CONSENT", "yes")
    with pytest.raises(InputError, match="'yes' is not known"):
        find(study)


@pytest.mark.parametrize(
    ("registry", "segments", "segment", "told"),
    [
        ("", ["b", "a", "a"], "a", True),  # most calls
        ("", ["b", "a", ""], "b", True),  # the earliest of two that are level
        ("", ["b", "", "b"], "b", False),
        ("c", ["b", "a", "a"], "c", False),
        ("", ["", "", ""], "", False),
    ],
)
def test_a_customer_is_in_one_segment(make_workspace, registry, segments, segment, told):
    calls = {f"{9 - i}.md": call_of("Acme", day=f"2026-11-1{i}", segment=name) for i, name in enumerate(segments)}
    notes, problems = read(make_workspace(calls, registry=f"customers:\n  Acme:\n    segment: {registry}\n"))
    assert set(notes["segment"]) == {segment}
    assert [bool(re.search(r"'Acme' is in 2 segments", said)) for said in problems] == [True] * told


def test_why_a_customer_does_not_count_stands_at_its_notes(make_workspace):
    registry = (
        "excluded_segments:\n  enterprise: not now\ncustomers:\n"
        "  Acme:\n    excluded: our sister\n  Bolt:\n    consent: none\n  Core:\n    segment: enterprise\n"
    )
    calls = {f"{name}.md": call_of(name) for name in ("Acme", "Bolt", "Core", "Dune")}
    calls["Elm.md"] = call_of("Elm", segment="enterprise")
    folder = make_workspace(calls, registry=registry)
    notes, _ = read(folder)
    assert dict(zip(notes["customer"], notes["excluded"], strict=True)) == {
        "Acme": "our sister",
        "Bolt": "asked not to be used",
        "Core": "segment enterprise: not now",
        "Dune": "",
        "Elm": "segment enterprise: not now",
    }
    customers = read_customers(folder, problems=[])
    assert customers["excluded"].tolist() == [
        "our sister", "asked not to be used", "segment enterprise: not now", "", "segment enterprise: not now",
    ]  # fmt: skip


def test_customers_come_by_name_with_their_calls_and_people(make_workspace):
    calls = {
        "a.md": call_of("Acme", who="Jane Doe, ops lead", day="2026-11-17"),
        "b.md": call_of("ACME", who="Lee, driver", day="2026-11-03"),
        "c.md": call_of("acme", who="Jane Doe, ops lead", day=""),
    }
    registry = "customers:\n  Zinc:\n    segment: s\n  Acme:\n    people: [Jo]\n    aliases: [A]\n"
    customers = read_customers(make_workspace(calls, registry=registry), problems=[])
    assert tuple(customers.columns) == CUSTOMER_COLUMNS
    acme, zinc = customers.to_dict("records")
    assert (acme["customer"], acme["n_calls"], acme["aliases"]) == ("Acme", 3, ("A",))
    assert acme["people"] == ("Jo", "Lee", "Jane Doe")
    assert acme["roles"] == ("driver", "ops lead")
    assert (acme["first"], acme["last"]) == (pd.Timestamp("2026-11-03"), pd.Timestamp("2026-11-17"))
    assert (zinc["customer"], zinc["segment"], zinc["n_calls"]) == ("Zinc", "s", 0)
    assert pd.isna(zinc["first"])


# Calls kept by their bytes


def test_a_large_workspace_reads_the_same_from_what_was_kept(mixed, monkeypatch):
    fresh = read(mixed)
    monkeypatch.setattr(store, "WORTH_KEEPING", 1)
    for _ in range(2):
        notes, problems = read(mixed)
        pd.testing.assert_frame_equal(notes, fresh[0])
        assert problems == fresh[1]
    kept = mixed / ".workbench" / "calls.json"
    assert kept.is_file()
    (mixed / "interviews" / "zz.md").write_text(call_of("elm", "- another text", day=""))
    assert "another text" in set(read(mixed)[0]["text"])
    (mixed / "interviews" / "aa.md").unlink()
    assert "of nobody" not in set(read(mixed)[0]["text"])
    after = read(mixed)[0]
    sound = kept.read_bytes()
    for damaged in (b"", b"{}", b"[1]", b'{"parser": ""}', sound[:-40], sound.replace(b"[", b"", 1)):
        kept.write_bytes(damaged)
        pd.testing.assert_frame_equal(read(mixed)[0], after)


# Saving


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scratch")
    (folder / "interviews").mkdir()
    return folder


some_bytes = st.binary(max_size=120) | st.lists(
    st.sampled_from([b"---\n", b"customer: A\n", b"- ! x #t @1:02", b"\r\n", b"\n", b"\xff", b"\xe9", b"\xef\xbb\xbf",
                     b"\xed\xa0\x80", b"\x00", b'"q"', b"  y", b"\xe2\x80\xa8", b"<<<<<<< a\n"]), max_size=14,
).map(b"".join)  # fmt: skip


@settings(max_examples=80)
@given(some_bytes)
@example(b"\xed\xa0\x80")
@example(b"\xff\xfe-\x00")
def test_saving_an_untouched_call_gives_the_same_bytes(scratch, data):
    file = scratch / "interviews" / "call.md"
    file.write_bytes(data)
    call, loaded = read_call(file, scratch)
    assert (call.file, loaded) == ("interviews/call.md", fingerprint(data))
    assert write_call(call, scratch, loaded=loaded) == loaded
    assert file.read_bytes() == data
    read(scratch), read_calls(scratch)


def test_bytes_that_are_not_utf_8_keep_their_note_and_stay(make_workspace):
    data = call_of("Acme").encode() + b"- caf\xe9 queue\n"
    folder = make_workspace({"x.md": data})
    file = folder / "interviews" / "x.md"
    notes, (said,) = read(folder)
    assert notes["text"].tolist() == ["a note", "caf\ufffd queue"]
    assert said.startswith("interviews/x.md:6: letters that are not UTF-8")
    call, loaded = read_call(file, folder)
    write_call(replace(call, file="interviews/y.md"), folder, loaded=None)
    assert (folder / "interviews" / "y.md").read_bytes() == data
    write_call(add_note(call, "! more"), folder, loaded=loaded)
    assert file.read_bytes() == data + b"- ! more\n"


def test_a_call_that_changed_on_disk_is_not_overwritten(study):
    file = study / "interviews" / "2026-11-17-acme.md"
    call, loaded = read_call(file, study)
    file.write_text("somebody else's")
    with pytest.raises(SaveConflict) as raised:
        write_call(add_note(call, "mine"), study, loaded=loaded)
    assert file.read_text() == "somebody else's"
    assert raised.value.theirs == b"somebody else's"
    file.unlink()
    with pytest.raises(SaveConflict):
        write_call(add_note(call, "mine"), study, loaded=loaded)
    assert not file.exists()


def test_each_save_gives_the_fingerprint_for_the_next(study):
    file = study / "interviews" / "2026-11-17-acme.md"
    call, loaded = read_call(file, study)
    for words in ("one", "two"):
        call = add_note(call, words)
        loaded = write_call(call, study, loaded=loaded)
    assert file.read_text() == call_of("Acme") + "- one\n- two\n"
    assert read_call(file, study) == (call, loaded)


def test_a_new_call_never_overwrites_one(study):
    call, _ = read_call(study / "interviews" / "2026-11-17-acme.md", study)
    with pytest.raises(SaveConflict):
        write_call(add_note(call, "mine"), study, loaded=None)
    assert read_call(study / call.file, study)[0] == call


@pytest.mark.parametrize("file", ["../x.md", "interviews/../../x.md", "/tmp/workbench-test-x.md"])
def test_a_call_is_not_saved_outside_its_workspace(study, file):
    call, _ = read_call(study / "interviews" / "2026-11-17-acme.md", study)
    with pytest.raises(SaveError, match="outside the workspace"):
        write_call(replace(call, file=file), study, loaded=None)
    assert not (study / file).exists()


def test_a_call_that_is_not_there_is_said_in_plain_words(study):
    with pytest.raises(InputError, match=r"^interviews/gone\.md: .+; check that the file is there"):
        read_call(study / "interviews" / "gone.md", study)


# New calls


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_new_call_of_any_customer_lands_among_the_interviews_with_a_plain_name(make_workspace, name):
    folder = make_workspace({})
    text = format_call(name, "2026-11-17", who=f"{name}, {name}", segment=name)
    files = [create_call(folder, text, day="2026-11-17", customer=name, who=f"{name}, {name}")[0].file
             for _ in range(3)]  # fmt: skip
    assert [file for file in everything_below(folder) if ".workbench/" not in file] == sorted(files)
    stem = files[0].removesuffix(".md")
    assert sorted(files) == sorted([f"{stem}.md", f"{stem}-2.md", f"{stem}-3.md"])
    assert re.fullmatch(r"interviews/2026-11-17-[a-z0-9]+(-[a-z0-9]+)*", stem)
    assert len(stem.removeprefix("interviews/").encode()) <= 80
    shown = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", name).strip()
    for file in files:
        call, _ = read_call(folder / file, folder)
        assert (call.source, call.problems if shown else ()) == (text, ())
        assert call.customer == (shown or call.id)


@pytest.mark.parametrize("name", ["x" * 300, "é" * 300, "Ünïcode Ltd " * 40, "日本" * 100])
def test_a_long_name_makes_a_short_file_name_and_stays_whole_inside(make_workspace, name):
    folder = make_workspace({})
    text = format_call(name, "2026-11-17")
    call, _ = create_call(folder, text, day="2026-11-17", customer=name, who=f"Jo, {name}")
    assert len(Path(call.file).name.encode()) <= 83
    assert Path(call.file).name.isascii()
    assert read_call(folder / call.file, folder)[0].customer == name.strip()


def test_the_name_says_day_customer_and_role(make_workspace):
    folder = make_workspace({})
    call, loaded = create_call(folder, "- hi", day="2026-11-17", customer="Café Müller", who="Jane Doe, Ops Lead")
    assert call.file == "interviews/2026-11-17-cafe-muller-ops-lead.md"
    assert loaded == fingerprint(b"- hi")


def test_a_name_that_differs_in_case_is_taken_too(make_workspace):
    folder = make_workspace({"2026-11-17-ACME.md": "- first"})
    call, _ = create_call(folder, "- second", day="2026-11-17", customer="Acme")
    assert call.file == "interviews/2026-11-17-acme-2.md"
    assert (folder / "interviews" / "2026-11-17-ACME.md").read_text() == "- first"


# Other names for a call, and taking one out


def test_a_call_is_renamed_after_its_customer_and_takes_nobodys_name(make_workspace):
    folder = make_workspace({"2026-11-17-acme.md": "- theirs"})
    call, loaded = create_call(folder, "- ours", day="2026-11-17", customer="")
    assert call.file == "interviews/2026-11-17-customer.md"
    name = {"day": "2026-11-17", "customer": "ACME", "loaded": loaded}
    file = rename_call(folder, call.file, **name)
    assert file == "interviews/2026-11-17-acme-2.md"
    assert rename_call(folder, file, **name) == file
    assert rename_call(folder, file, **name, who="Jo, CFO") == "interviews/2026-11-17-acme-cfo.md"
    texts = {path.name: path.read_text() for path in (folder / "interviews").glob("*.md")}
    assert texts == {"2026-11-17-acme.md": "- theirs", "2026-11-17-acme-cfo.md": "- ours"}


@pytest.mark.parametrize("act", [rename_call, remove_call])
def test_a_call_that_changed_since_it_was_loaded_stays_where_it_is(make_workspace, act):
    folder = make_workspace({"a.md": "- theirs"})
    name = {"day": "2026-11-17", "customer": "Bolt"} if act is rename_call else {}
    before = everything_below(folder)
    with pytest.raises(SaveConflict):
        act(folder, "interviews/a.md", **name, loaded=fingerprint(b"- base"))
    assert [file for file in everything_below(folder) if ".workbench/locks" not in file] == before
    with pytest.raises(SaveConflict):
        act(folder, "interviews/gone.md", **name, loaded=fingerprint(b""))
    with pytest.raises(SaveError, match="lies outside the workspace"):
        act(folder, "../a.md", **name, loaded=fingerprint(b""))
    (folder / "interviews" / "link.md").symlink_to("a.md")
    with pytest.raises(SaveError, match="a link to another file"):
        act(folder, "interviews/link.md", **name, loaded=fingerprint(b"- theirs"))


def test_a_removed_call_is_kept_and_comes_back(make_workspace):
    folder = make_workspace({"a.md": "- one"})
    kept = [remove_call(folder, "interviews/a.md", loaded=fingerprint(b"- one"))]
    assert read_calls(folder)[0] == []
    (folder / "interviews" / "a.md").write_text("- two")
    kept.append(remove_call(folder, "interviews/a.md", loaded=fingerprint(b"- two")))
    assert [(folder / removed).read_text() for removed in kept] == ["- one", "- two"]
    assert [restore_call(folder, removed) for removed in kept] == ["interviews/a.md", "interviews/a-2.md"]
    assert [call.notes[0].text for call in read_calls(folder)[0]] == ["one", "two"]
    with pytest.raises(InputError, match="is not there any more"):
        restore_call(folder, kept[0])


def test_what_names_a_call_is_found(make_workspace):
    folder = make_workspace({"2026-11-17-acme.md": "- hi"}, registry="customers: {}")
    (folder / "discovery" / "themes.yaml").write_text("- {kind: keep, notes: [{call: 2026-11-17-acme, text: hi}]}")
    (folder / "discovery" / "H-1.md").write_text("evidence: [2026-11-17-acme-2#1b2c3d4e]")
    assert find_citations(folder, "2026-11-17-acme") == ["discovery/themes.yaml"]
    assert find_citations(folder, "2026-11-17-acme-2") == ["discovery/H-1.md"]


# The salt


def test_the_salt_is_made_once_and_kept(make_workspace):
    folder = make_workspace({"a.md": "- hi"}, registry="")
    salt = read_salt(folder)
    assert re.fullmatch(r"[0-9a-f]{32,}", salt)
    assert (folder / "discovery" / "salt").read_text().strip() == salt
    (folder / "interviews" / "b.md").write_text("- more")
    assert read_salt(folder) == salt
    other = make_workspace({"a.md": "- hi"}, registry="", name="other")
    assert read_salt(other) != salt


def test_an_empty_salt_is_none_at_all(make_workspace):
    folder = make_workspace({}, registry="")
    (folder / "discovery" / "salt").write_text("\n")
    salt = read_salt(folder)
    assert len(salt) >= 32
    assert read_salt(folder) == salt


@pytest.mark.parametrize("why", ["no discovery folder", "it cannot be written"])
def test_a_salt_that_cannot_be_kept_comes_from_the_calls(make_workspace, monkeypatch, why):
    folder = make_workspace({"a.md": "- hi"}, registry=None if why == "no discovery folder" else "")

    def refuse(*args, **kwargs):
        raise SaveError("Not saved: the disk is read-only.")

    monkeypatch.setattr(store, "save_bytes", refuse)
    before = everything_below(folder)
    salt = read_salt(folder)
    assert len(salt) >= 32
    assert read_salt(folder) == salt
    assert everything_below(folder) == before
    (folder / "interviews" / "a.md").write_text("- hi there")
    assert read_salt(folder) != salt
