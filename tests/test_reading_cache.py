"""What is kept from an earlier reading is never to be seen in the result, only in the time it takes."""

import os
import random
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from workbench import call_table, kept, kept_candidates, our_words, store
from workbench.store import WORTH_KEEPING
from workbench.study import read_customers, read_notes

N_CALLS = WORTH_KEEPING + 1


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("made")
    (root / "interviews").mkdir()
    for n in range(N_CALLS):
        customer = f"{'ACME' if n % 50 == 7 else 'Acme'} {n % 40}"
        head = f"date: 2026-{n % 12 + 1:02}-17\ncustomer: {customer}\nsegment: s{n % 3}\nwho: Jo {n}, ops"
        notes = '- ! Resets "it" #a #b-c\n- two\n  lines \u2028 of \\#one\n- two\n' if n % 5 else ""
        odd = f"mood: {n}\nconsent: perhaps\n" if n % 90 == 3 else ""
        body = f"---\n{head}\n{odd}---\n{notes}- Überall – 👍 {n} @{n % 60:02}:10\n- two\n" * (n % 100 > 0)
        (root / "interviews" / f"call-{n}.md").write_text(body, "utf-8")
    (root / "interviews" / "broken.md").write_bytes(b"- caf\xe9\n")
    return root, reading(root)


@pytest.fixture
def expected(made):
    """What the workspace reads as when nothing is kept."""
    return made[1]


@pytest.fixture
def root(made, tmp_path):
    """A workspace that has been read before."""
    return shutil.copytree(made[0], tmp_path / "workspace")


@pytest.fixture
def parsed(monkeypatch):
    """The files that were parsed, and not taken from the cache."""
    files = []
    parse = store._parse
    monkeypatch.setattr(store, "_parse", lambda data, file: files.append(file) or parse(data, file))
    return files


def cache_of(root):
    return root / ".workbench" / "calls.json"


def reading(root):
    problems = []
    notes, customers = read_notes(root, problems=problems), read_customers(root, problems=problems)
    return notes, customers, [str(problem) for problem in problems]


def assert_reads_as(root, expected):
    notes, customers, problems = reading(root)
    assert_frame_equal(notes, expected[0])
    assert_frame_equal(customers, expected[1])
    assert problems == expected[2]


def assert_as_without_a_cache(root):
    fresh = shutil.copytree(root, root.with_name("fresh"), ignore=shutil.ignore_patterns(".workbench"))
    assert_reads_as(root, reading(fresh))


def test_a_warm_reading_is_the_cold_one_and_parses_nothing(root, expected, parsed):
    before = cache_of(root).read_bytes()
    assert_reads_as(root, expected)
    assert parsed == [] and cache_of(root).read_bytes() == before
    notes, _, problems = expected
    assert len(notes) > N_CALLS and notes["note"].is_unique and len(problems) > 20


def test_a_changed_call_alone_is_parsed_again_whatever_its_clock_says(root, parsed):
    call = root / "interviews" / "call-7.md"
    clock = call.stat()
    call.write_bytes(call.read_bytes().replace(b"two", b"too"))  # of the same length
    os.utime(call, ns=(clock.st_atime_ns, clock.st_mtime_ns))
    assert "too" in set(read_notes(root, problems=[])["text"])
    assert parsed == ["interviews/call-7.md"]
    assert_as_without_a_cache(root)


def test_an_added_a_removed_and_a_renamed_call(root, parsed):
    calls = root / "interviews"
    (calls / "added.md").write_text("---\ncustomer: New\ndate: 2026-02-02\n---\n- one")
    (calls / "call-8.md").unlink()
    (calls / "call-9.md").rename(calls / "renamed.md")
    notes = read_notes(root, problems=[])
    assert parsed == ["interviews/added.md", "interviews/renamed.md"]
    assert {"added", "renamed"} <= set(notes["call"]) and not {"call-8", "call-9"} & set(notes["call"])
    assert_as_without_a_cache(root)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"\x00\xff" + data,
        lambda data: b"[" * 100_000,
        lambda data: b"null",
        lambda data: data.partition(b"\n")[2],
        lambda data: data.replace(b"Resets", b"Resetz", 1),
        lambda data: data[:-2] + b" }",
    ],
    ids=["empty", "cut", "garbage", "deep", "null", "no seal", "one letter changed", "a blank more"],
)
def test_a_cache_of_no_use_is_made_again(root, damage, expected, parsed):
    good = cache_of(root).read_bytes()
    cache_of(root).write_bytes(damage(good))
    assert cache_of(root).read_bytes() != good
    assert_reads_as(root, expected)
    assert len(parsed) == N_CALLS + 1
    assert cache_of(root).read_bytes() == good


def test_a_cache_that_another_user_sealed_is_not_believed(root, expected, parsed, tmp_path, monkeypatch):
    """It may come with a workspace that somebody sent, its hashes true and its quotes invented."""
    monkeypatch.setattr(kept, "user_data_path", lambda name: tmp_path / "elsewhere" / name)
    assert_reads_as(root, expected)
    assert len(parsed) == N_CALLS + 1


def test_a_cache_of_another_parser_is_made_again(root, expected, parsed, monkeypatch):
    monkeypatch.setattr(call_table, "_parser_version", lambda: "another version")
    assert_reads_as(root, expected)
    assert len(parsed) == N_CALLS + 1


def test_without_a_place_for_the_key_nothing_is_kept(root, expected, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder can be made below it")
    monkeypatch.setattr(kept, "user_data_path", lambda name: tmp_path / "file" / name)
    shutil.rmtree(root / ".workbench")
    assert_reads_as(root, expected)
    assert not cache_of(root).exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_workspace_that_cannot_be_written_reads_the_same(root, expected):
    shutil.rmtree(root / ".workbench")
    (root / ".workbench").write_text("a file where the folder should be: not even root can write below it")
    assert_reads_as(root, expected)
    (root / ".workbench").unlink()
    root.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert_reads_as(root, expected)
    finally:
        root.chmod(stat.S_IRWXU)


def test_a_small_workspace_keeps_nothing(root):
    shutil.rmtree(root / ".workbench")
    for n in range(3):
        (root / "interviews" / f"call-{n}.md").unlink()
    read_notes(root, problems=[])
    assert not (root / ".workbench").exists()


def test_git_does_not_see_the_cache(root):
    subprocess.run(["git", "init", "-q", root], check=True)
    shown = subprocess.check_output(["git", "-C", root, "status", "--porcelain"], text=True)
    assert shown == "?? interviews/\n"


def test_the_order_of_the_folder_does_not_matter(root, expected, monkeypatch):
    scandir = os.scandir

    def shuffled(folder):
        return iter(random.Random(5).sample(entries := list(scandir(folder)), len(entries)))

    monkeypatch.setattr(store.os, "scandir", shuffled)
    assert_reads_as(root, expected)
    cache_of(root).unlink()
    assert_reads_as(root, expected)


def test_a_link_in_place_of_the_folder_s_gitignore_leads_to_no_other_file(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "kept/.gitignore").symlink_to(tmp_path / "mine")
    kept.keep(tmp_path / "kept/sums.json", "1", {"a": 3}, None)
    assert (tmp_path / "mine").read_text() == "mine"
    assert kept.load_kept(tmp_path / "kept/sums.json", "1")[0] == {"a": 3}


@pytest.mark.parametrize("room", [kept_candidates, our_words])
def test_what_compares_names_and_words_makes_what_is_kept_anew_when_it_changes(room):
    package = Path(room.__file__).parent
    made_by = {path.relative_to(package).as_posix() for pattern in room._MADE_BY for path in package.glob(pattern)}
    assert {"customers.py", "candidates.py", "importers/contents.py", Path(room.__file__).name} <= made_by
