"""A saved text is kept whole, and nobody's text is overwritten unseen."""

import errno
import multiprocessing
import os
import shutil
import stat
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from workbench import save
from workbench.save import (
    SaveConflict,
    SaveError,
    fingerprint,
    move_file,
    save_bytes,
    save_written,
    write_conflict_copy,
)

OLD, NEW = b"- Filters reset\n", b"- ! Filters reset, every time\n"

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "interviews" / "2026-11-17-acme.md"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def leftovers(path):
    """Names beside `path` other than itself and the folder with the locks."""
    return sorted(set(os.listdir(path.parent)) - {path.name, ".workbench"})


# What is on disk afterwards


def test_a_new_file_and_its_folders_are_made(tmp_path):
    path = tmp_path / "a" / "b" / "note.md"
    assert save_bytes(path, NEW, expected=None) == fingerprint(NEW)
    assert path.read_bytes() == NEW


def test_a_file_is_replaced_and_nothing_else_shows(note):
    assert save_bytes(note, NEW, expected=fingerprint(OLD)) == fingerprint(NEW)
    assert note.read_bytes() == NEW
    assert leftovers(note) == []
    assert list(note.parent.glob("*.md")) == [note]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff\xfe\r\n\r", bytes(range(250)) * 20_000], ids=["empty", "binary", "5 MB"]
)
def test_bytes_are_kept_exactly(note, data):
    mark = save_bytes(note, data, expected=fingerprint(OLD))
    assert note.read_bytes() == data
    save_bytes(note, NEW, expected=mark)
    assert note.read_bytes() == NEW


@pytest.mark.parametrize("name", ["مقابلة.md", "顧客の声.md", "Zoë (e\u0301) 🎤.md", "-rf x.md", "x" * 252 + ".md"])
def test_any_name_that_the_disk_takes(tmp_path, name):
    path = tmp_path / name
    save_bytes(path, NEW, expected=save_bytes(path, OLD, expected=None))
    assert path.read_bytes() == NEW
    assert leftovers(path) == []


def test_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_bytes("note.md", NEW, expected=None)
    assert (tmp_path / "note.md").read_bytes() == NEW


@posix_only
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_permissions_are_kept(note, mode):
    note.chmod(mode)
    save_bytes(note, NEW, expected=fingerprint(OLD))
    assert stat.S_IMODE(note.stat().st_mode) == mode


@posix_only
def test_a_new_file_gets_the_permissions_of_any_new_file(tmp_path):
    (tmp_path / "usual").touch()
    save_bytes(tmp_path / "note.md", NEW, expected=None)
    assert (tmp_path / "note.md").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_the_same_text_again_writes_nothing(note, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *_: pytest.fail("wrote"))
    before = note.stat()
    assert save_bytes(note, OLD, expected="whatever") == fingerprint(OLD)
    assert note.stat().st_mtime_ns == before.st_mtime_ns


def test_text_that_is_not_bytes_is_the_callers_mistake(note):
    with pytest.raises(TypeError):
        save_bytes(note, "text", expected=fingerprint(OLD))
    assert note.read_bytes() == OLD


# Conflicts


def changed(path):
    path.write_bytes(b"theirs")
    return fingerprint(OLD), b"theirs"


def removed(path):
    path.unlink()
    return fingerprint(OLD), None


def appeared(path):
    return None, OLD


@pytest.mark.parametrize("meanwhile", [changed, removed, appeared])
def test_a_file_in_another_state_is_a_conflict(note, meanwhile):
    expected, theirs = meanwhile(note)
    with pytest.raises(SaveConflict, match="Nothing was overwritten and your text is still here") as caught:
        save_bytes(note, NEW, expected=expected)
    assert (caught.value.path, caught.value.theirs, caught.value.yours) == (note, theirs, NEW)
    assert (note.read_bytes() if note.exists() else None) == theirs
    assert leftovers(note) == []


def test_an_edit_while_the_temporary_file_is_written_is_a_conflict(note, monkeypatch):
    def editor_saves(descriptor):
        monkeypatch.undo()  # once: the folder is flushed too, later
        os.fsync(descriptor)
        note.write_bytes(b"theirs")

    monkeypatch.setattr(os, "fsync", editor_saves)
    with pytest.raises(SaveConflict):
        save_bytes(note, NEW, expected=fingerprint(OLD))
    assert note.read_bytes() == b"theirs"
    assert leftovers(note) == []


def test_an_edit_right_after_the_move_is_not_called_saved(note, monkeypatch):
    real = os.replace

    def editor_saves(source, target):
        real(source, target)
        note.write_bytes(b"theirs")

    monkeypatch.setattr(os, "replace", editor_saves)
    with pytest.raises(SaveConflict) as caught:
        save_bytes(note, NEW, expected=fingerprint(OLD))
    assert caught.value.theirs == b"theirs"


def test_conflict_copies_are_numbered_and_never_overwritten(note):
    names = [write_conflict_copy(note, text, today="2026-11-17").name for text in (b"1", b"2", b"3", b"2")]
    assert names == [
        "2026-11-17-acme (conflict 2026-11-17).md",
        "2026-11-17-acme (conflict 2026-11-17 2).md",
        "2026-11-17-acme (conflict 2026-11-17 3).md",
        "2026-11-17-acme (conflict 2026-11-17 2).md",  # the same text is already kept there
    ]
    assert [(note.parent / name).read_bytes() for name in names] == [b"1", b"2", b"3", b"2"]
    assert note.read_bytes() == OLD


# Refusals and messages


@posix_only
@pytest.mark.parametrize("target", ["real.md", "nowhere.md"])
def test_a_link_is_refused(tmp_path, target):
    (tmp_path / "real.md").write_bytes(OLD)
    link = tmp_path / "link.md"
    link.symlink_to(target)
    for expected in (fingerprint(OLD), None):
        with pytest.raises(SaveError, match="a link to another file"):
            save_bytes(link, NEW, expected=expected)
        with pytest.raises(SaveError, match="a link to another file"):
            save_written(link, lambda file: file.write(NEW), expected=expected)
    assert link.is_symlink()
    assert (tmp_path / "real.md").read_bytes() == OLD
    assert not (tmp_path / "nowhere.md").exists()


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(SaveError, match="not a file"):
        save_bytes(tmp_path, NEW, expected=None)


def test_a_file_in_place_of_the_folder(note):
    with pytest.raises(SaveError, match=r"^Not saved: the computer said “"):
        save_bytes(note / "inside.md", NEW, expected=None)


def test_impossible_names(tmp_path):
    with pytest.raises(SaveError, match=r"^Not saved: the file's name is too long"):
        save_bytes(tmp_path / ("x" * 300), NEW, expected=None)
    with pytest.raises(SaveError, match=r"^Not saved: "):
        save_bytes(tmp_path / "a\0b", NEW, expected=None)


def test_the_message_for_a_full_disk_word_for_word(note, monkeypatch):
    monkeypatch.chdir(note.parent.parent)
    monkeypatch.setattr(os, "fsync", fails(errno.ENOSPC))
    with pytest.raises(SaveError) as caught:
        save_bytes("interviews/2026-11-17-acme.md", NEW, expected=fingerprint(OLD))
    shown = Path("interviews/2026-11-17-acme.md")
    assert str(caught.value) == (
        f"Not saved: the disk is full ({shown}). Your text is still here; free some space and save again."
    )


def fails(number):
    def call(*_, **__):
        raise OSError(number, os.strerror(number))

    return call


@pytest.mark.parametrize("step", ["open", "fsync", "chmod", "replace", "listdir"])
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "your share of the disk is used up"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "access to the file or its folder is denied"),
        (errno.EPERM, "access to the file or its folder is denied"),
        (errno.EIO, "the disk reported an error"),
        (errno.EMFILE, "the computer said “"),
    ],
)
def test_every_failing_step_says_why_and_leaves_the_old_text(note, monkeypatch, step, number, words):
    with monkeypatch.context() as broken:
        broken.setattr(os, step, fails(number))
        with pytest.raises(SaveError, match=f"^Not saved: {words}.*Your text is still here; "):
            save_bytes(note, NEW, expected=fingerprint(OLD))
    assert note.read_bytes() == OLD
    assert leftovers(note) == []
    save_bytes(note, NEW, expected=fingerprint(OLD))


@posix_only
def test_an_error_after_the_move_is_settled_by_reading(note, monkeypatch):
    monkeypatch.setattr(save, "_flush_folder", fails(errno.EIO))
    assert save_bytes(note, NEW, expected=fingerprint(OLD)) == fingerprint(NEW)
    assert note.read_bytes() == NEW


def test_a_move_that_happened_and_still_reported_an_error(note, monkeypatch):
    real = os.replace

    def moves_and_fails(source, target):
        real(source, target)
        raise OSError(errno.EIO, "late")

    monkeypatch.setattr(os, "replace", moves_and_fails)
    assert save_bytes(note, NEW, expected=fingerprint(OLD)) == fingerprint(NEW)


def test_when_nothing_can_be_read_after_the_move_it_says_so(note, monkeypatch):
    real = os.replace

    def disk_goes_away(source, target):
        real(source, target)
        monkeypatch.setattr(save, "_read", fails(errno.EIO))

    monkeypatch.setattr(os, "replace", disk_goes_away)
    with pytest.raises(SaveError, match=r"^Not known whether saved: the disk reported an error"):
        save_bytes(note, NEW, expected=fingerprint(OLD))


def save_as_an_ordinary_user(path, data, channel):
    if os.geteuid() == 0:  # root may write anywhere, which would prove nothing
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        channel.send(save_bytes(path, data, expected=fingerprint(OLD)))
    except SaveError as error:
        channel.send(str(error))


@posix_only
@pytest.mark.parametrize(("folder_mode", "note_mode"), [(0o555, 0o666), (0o777, 0o444)], ids=["folder", "file"])
def test_a_folder_or_file_that_may_not_be_written(folder_mode, note_mode):
    # Not tmp_path: another user cannot reach into pytest's own folders.
    with tempfile.TemporaryDirectory() as reachable:
        os.chmod(reachable, 0o755)
        note = Path(reachable, "interviews", "note.md")
        note.parent.mkdir()
        note.write_bytes(OLD)
        note.chmod(note_mode)
        note.parent.chmod(folder_mode)
        fork = multiprocessing.get_context("fork")

        def attempt(data):
            here, there = fork.Pipe()
            child = fork.Process(target=save_as_an_ordinary_user, args=(note, data, there))
            child.start()
            there.close()
            answer = here.recv()
            child.join()
            return answer

        assert attempt(NEW).startswith("Not saved: access to the file or its folder is denied")
        assert note.read_bytes() == OLD
        assert attempt(OLD) == fingerprint(OLD)  # it is there already: nothing needs to be written
        assert leftovers(note) == []
        note.parent.chmod(0o755)


# Locks, and what killed saves leave behind


def lock_and_temp_of(note):
    save_bytes(note, OLD + b"x", expected=fingerprint(OLD))
    save_bytes(note, OLD, expected=fingerprint(OLD + b"x"))
    (lock,) = (note.parent / ".workbench" / "locks").iterdir()
    temp = note.parent / f".workbench-{lock.stem}-0123456789abcdef.tmp"
    temp.write_bytes(b"half a te")
    return lock, temp


def test_the_temporary_file_of_a_killed_save_is_swept(note):
    lock_and_temp_of(note)
    others = [".workbench-0000000000000000-0123456789abcdef.tmp", ".draft.tmp", "note.tmp"]
    for name in others:
        (note.parent / name).touch()
    save_bytes(note, NEW, expected=fingerprint(OLD))
    assert leftovers(note) == sorted(others)


def test_the_temporary_file_of_a_live_save_is_not(note, monkeypatch):
    lock, temp = lock_and_temp_of(note)
    monkeypatch.setattr(save, "LOCK_SECONDS", 0.05)
    unfinished = r"^Not saved: another save of this file has not finished"
    with FileLock(lock), pytest.raises(SaveError, match=unfinished):
        save_bytes(note, NEW, expected=fingerprint(OLD))
    assert temp.exists()
    assert note.read_bytes() == OLD


def test_names_that_can_be_one_file_share_a_lock(tmp_path):
    for name in ("Zoë.md", "zoe\u0308.MD"):
        with save._locked(tmp_path / name):
            pass
    assert len(os.listdir(tmp_path / ".workbench" / "locks")) == 1


def append_lines(path, writer, count):
    for number in range(count):
        while True:
            seen = path.read_bytes()
            try:
                save_bytes(path, seen + f"{writer}:{number}\n".encode(), expected=fingerprint(seen))
                break
            except SaveConflict:
                continue


def test_four_writers_keep_every_acknowledged_line(note):
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=append_lines, args=(note, writer, 50)) for writer in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    lines = note.read_text().splitlines()[1:]
    assert sorted(lines) == sorted(f"{writer}:{number}" for writer in range(4) for number in range(50))
    assert leftovers(note) == []


# Another name for a file


@pytest.fixture
def other(note):
    return note.parent.parent / "elsewhere" / "2026-11-17-bolt.md"


def test_a_file_is_moved_and_nothing_else_shows(note, other):
    move_file(note, other, expected=fingerprint(OLD))
    assert other.read_bytes() == OLD
    assert (leftovers(note), leftovers(other)) == ([], [])
    assert not note.exists()


def test_nobodys_file_is_moved_over(note, other):
    other.parent.mkdir()
    other.write_bytes(b"")
    with pytest.raises(SaveConflict) as caught:
        move_file(note, other, expected=fingerprint(OLD))
    assert (caught.value.path, caught.value.theirs) == (other, b"")
    assert (note.read_bytes(), other.read_bytes()) == (OLD, b"")


def test_an_edit_while_a_file_is_moved_goes_along(note, other, monkeypatch):
    real = os.replace

    def editor_saves(source, target):
        note.write_bytes(b"theirs")
        real(source, target)

    monkeypatch.setattr(os, "replace", editor_saves)
    move_file(note, other, expected=fingerprint(OLD))
    assert other.read_bytes() == b"theirs"


@pytest.mark.parametrize("step", ["mkdir", "open", "replace", "fsync", "listdir"])
def test_a_move_that_fails_says_why_and_the_text_stands_in_one_place(note, other, monkeypatch, step):
    with monkeypatch.context() as broken:
        broken.setattr(os, step, fails(errno.EROFS))
        # The folder cannot be flushed when the text is there already: then it was moved.
        if step == "fsync":
            move_file(note, other, expected=fingerprint(OLD))
        else:
            with pytest.raises(SaveError, match=r"^Not moved: the disk is read-only"):
                move_file(note, other, expected=fingerprint(OLD))
    there = other if step == "fsync" else note
    assert there.read_bytes() == OLD
    assert [path for path in (note, other) if path.exists()] == [there]


@pytest.mark.parametrize("step", range(40))
def test_a_move_killed_at_any_call_leaves_the_text_whole_in_one_place(note, other, monkeypatch, step):
    """Killed at the first call of the system, at the second, and so on, until none is left."""
    n_calls = 0

    def killing(real):
        def call(*args, **options):
            nonlocal n_calls
            n_calls += 1
            if n_calls == step + 1:
                raise Killed
            return real(*args, **options)

        return call

    with monkeypatch.context() as power:
        for name in ("open", "mkdir", "lstat", "stat", "replace", "fsync", "listdir", "unlink", "close"):
            power.setattr(os, name, killing(getattr(os, name)))
        try:
            move_file(note, other, expected=fingerprint(OLD))
        except Killed:
            pass
    texts = [path.read_bytes() for path in (note, other) if path.exists()]
    assert sorted(texts)[-1] == OLD
    assert sorted(texts) in ([OLD], [b"", OLD])


# Any order of two tabs, an editor and crashes


class Killed(BaseException):
    """Not an Exception: nothing in the program may handle it, as nothing handles a power cut."""


class TwoTabs(RuleBasedStateMachine):
    """Every line called saved, or written by an editor, stays in some file until a person removes it."""

    save = staticmethod(save_bytes)

    @initialize()
    def open_both_tabs(self):
        self.folder = Path(tempfile.mkdtemp())
        self.note = self.folder / "note.md"
        self.n_lines = 0
        self.kept = set()
        self.tabs = dict.fromkeys("ab", (b"", None))

    def teardown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def a_new_line(self):
        self.n_lines += 1
        return f"line {self.n_lines}\n".encode()

    def on_disk(self):
        return self.note.read_bytes() if self.note.exists() else None

    @rule(tab=st.sampled_from("ab"))
    def load(self, tab):
        text = self.on_disk()
        self.tabs[tab] = (text or b"", None if text is None else fingerprint(text))

    @rule(tab=st.sampled_from("ab"))
    def type_a_line(self, tab):
        text, expected = self.tabs[tab]
        self.tabs[tab] = (text + self.a_new_line(), expected)

    @rule(tab=st.sampled_from("ab"), choice=st.sampled_from(["wait", "copy", "merge"]))
    def save_tab(self, tab, choice):
        text, expected = self.tabs[tab]
        try:
            self.tabs[tab] = (text, self.save(self.note, text, expected=expected))
            self.kept.update(text.splitlines())
        except SaveConflict as conflict:
            assert conflict.theirs == self.on_disk() and conflict.yours == text
            if choice == "copy":
                write_conflict_copy(self.note, text, today="2026-11-17")
                self.kept.update(text.splitlines())
            elif choice == "merge":
                theirs = conflict.theirs or b""
                added = [line for line in text.splitlines(True) if line not in theirs.splitlines(True)]
                expected = None if conflict.theirs is None else fingerprint(theirs)
                self.tabs[tab] = (theirs + b"".join(added), expected)

    @rule(tab=st.sampled_from("ab"), step=st.sampled_from(["fsync", "replace", "after replace"]))
    def crash_while_saving(self, tab, step):
        text, expected = self.tabs[tab]
        before = self.on_disk()

        def killed(*args):
            if step == "after replace":
                os_replace(*args)
            raise Killed

        os_replace = os.replace
        with pytest.MonkeyPatch.context() as power:
            power.setattr(os, step.removeprefix("after "), killed)
            power.setattr(Path, "unlink", killed_quietly)  # the dead do not tidy up
            try:
                self.save(self.note, text, expected=expected)
                self.kept.update(text.splitlines())
            except (Killed, SaveConflict):
                pass
        assert self.on_disk() in (before, text)
        self.load(tab)

    @rule()
    def editor_adds_a_line(self):
        line = self.a_new_line()
        self.note.write_bytes((self.on_disk() or b"") + line)
        self.kept.update(line.splitlines())

    @precondition(lambda self: self.on_disk() is not None)
    @rule()
    def a_person_removes_the_note(self):
        self.kept -= set(self.on_disk().splitlines())
        self.note.unlink()

    @invariant()
    def nothing_is_lost(self):
        visible = [path.read_bytes() for path in self.folder.iterdir() if path.match("*.md")]
        lost = self.kept.difference(*(text.splitlines() for text in visible))
        assert not lost, f"silently lost: {sorted(lost)}"


def killed_quietly(*_, **__):
    return None


def save_without_comparing(path, data, *, expected):
    return save_bytes(path, data, expected=fingerprint(path.read_bytes()) if path.exists() else None)


class TwoTabsWithoutComparing(TwoTabs):
    save = staticmethod(save_without_comparing)


thorough = settings(
    max_examples=150,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
unshrunk = [Phase.generate]  # the shortest counterexample is of no use here


def test_in_any_order_nothing_is_silently_lost():
    run_state_machine_as_test(TwoTabs, settings=thorough)


def test_without_the_comparison_the_same_search_finds_a_loss():
    with pytest.raises(AssertionError, match="silently lost"):
        run_state_machine_as_test(TwoTabsWithoutComparing, settings=settings(thorough, phases=unshrunk))
