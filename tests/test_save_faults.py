"""Whatever call of the system fails or is the last one, a note is wholly old or wholly new.

The way SQLite tests itself: run one save under strace, list its calls, then run it again once for every
call and every fault, with that call failing or the process killed at it. SIGKILL does not take away what the
system has not yet written to the disk, so what a power cut needs (flushes, in the right order) is read from
the list of calls.
"""

import collections
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

import workbench.save
from workbench.save import fingerprint, save_bytes

HERE = Path(__file__).parent
WORKBENCH = Path(workbench.save.__file__).parent
PACKAGES = Path(filelock.__file__).parent.parent
PYTHON = [sys.executable, "-S", "-E", "-I"]
FAULTS = {"SIGKILL": "signal=SIGKILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
OLD, NEW, LATER = b"o" * 4096, b"n" * 4096, b"l" * 4096

Run = collections.namedtuple("Run", "call number fault said code trace note")


@pytest.fixture(scope="module")
def strace():
    """Path of a strace that may trace; a missing one fails in CI, where nobody would notice a skip."""
    program = shutil.which("strace")
    if not sys.platform.startswith("linux"):
        pytest.skip("strace exists on Linux only")
    if program and subprocess.run([program, "-o", os.devnull, "true"], capture_output=True).returncode == 0:
        return program
    reason = "strace is not allowed to trace here" if program else "strace is not installed"
    pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@pytest.fixture(scope="module")
def stale_temp(tmp_path_factory):
    """Name of what a killed save of note.md leaves, so that sweeping it away is tested as well."""
    folder = tmp_path_factory.mktemp("stale")
    save_bytes(folder / "note.md", OLD, expected=None)
    (lock,) = (folder / ".workbench" / "locks").iterdir()
    return f".workbench-{lock.stem}-0123456789abcdef.tmp"


def one_save(strace, how, folder, stale_temp, *options):
    folder.mkdir()
    note, trace = folder / "note.md", folder.with_suffix(".trace")
    note.write_bytes(OLD)
    (folder / stale_temp).write_bytes(b"half a te")
    child = [*PYTHON, HERE / "save_faults" / "one_save.py", how, note, WORKBENCH, PACKAGES]
    traced = [strace, "-f", "-qq", "-y", "-o", trace, *options, *child]
    run = subprocess.run(traced, capture_output=True, text=True, timeout=600)
    return run, trace.read_text(), note


def calls_of_a_save(strace, how, folder, stale_temp):
    """One line of strace for each call from "begun" to "saved", and a count of the calls before."""
    # The first run may write byte code, which later runs only read.
    one_save(strace, how, folder / "warm", stale_temp, "-e", "trace=none")
    run, trace, note = one_save(strace, how, folder / "listed", stale_temp, "-e", "trace=%file,%desc")
    assert run.stdout == "begun\nsaved", run.stderr
    assert note.read_bytes() == NEW
    lines = [line.split(maxsplit=1)[1] for line in trace.splitlines()]
    (begun,) = (i for i, line in enumerate(lines) if line.startswith("write(1") and '"begun' in line)
    (saved,) = (i for i, line in enumerate(lines) if line.startswith("write(1") and '"saved' in line)
    kinds = [line.split("(")[0] for line in lines]
    return lines[begun + 1 : saved], collections.Counter(kinds[: begun + 1])


def every_fault_at_every_call(strace, how, folder, stale_temp):
    calls, before = calls_of_a_save(strace, how, folder, stale_temp)
    plan, seen = [], before.copy()
    for line in calls:
        call = line.split("(")[0]
        seen[call] += 1
        if call != "mmap":  # memory, not a file
            plan += [(call, seen[call], fault) for fault in FAULTS]

    def inject(call, number, fault):
        options = "-e", f"trace={call}", "-e", f"inject={call}:{FAULTS[fault]}:when={number}"
        run, trace, note = one_save(strace, how, folder / f"{call}-{number}-{fault}", stale_temp, *options)
        return Run(call, number, fault, run.stdout, run.returncode, trace, note)

    # Most of a run is waiting for the disk and for strace.
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda one: inject(*one), plan))


def violations(runs):
    """What a person would have lost, or been told wrongly."""
    for run in runs:
        fault = f"{run.fault} at {run.call} {run.number}"
        now = run.note.read_bytes() if run.note.exists() else None
        if now not in (OLD, NEW):
            yield f"{fault}: the note is {'gone' if now is None else f'torn, {len(now)} bytes'}"
        if "saved" in run.said.splitlines() and now != NEW:
            yield f"{fault}: called saved, and is not"
        if "Not saved: " in run.said and now == NEW:
            yield f"{fault}: called not saved, and is"


def test_no_fault_tears_a_note_or_lies_about_it(strace, tmp_path, stale_temp):
    runs = every_fault_at_every_call(strace, "ours", tmp_path, stale_temp)
    assert {"openat", "write", "fsync", "close", "flock", "unlink"} <= {run.call for run in runs}
    assert any(run.call.startswith("rename") for run in runs)
    for run in runs:
        assert run.said.startswith("begun\n"), f"{run} struck before the save"
        if run.fault == "SIGKILL":
            assert run.said == "begun\n", f"{run} was not killed in the save"
        else:
            assert "(INJECTED)" in run.trace, f"{run} met no fault"
            assert run.code == 0
            honest = r"begun\n(saved|SaveError: Not (saved|known whether saved): .*)"
            assert re.fullmatch(honest, run.said), run

    assert list(violations(runs)) == []

    # Nothing is left behind that stops, or outlives, the next save.
    for run in runs:
        save_bytes(run.note, LATER, expected=fingerprint(run.note.read_bytes()))
        assert run.note.read_bytes() == LATER
        assert sorted(os.listdir(run.note.parent)) == [".workbench", "note.md"], run
    outcomes = collections.Counter(run.said.removeprefix("begun\n").partition(" (")[0] for run in runs)
    print(f"{len(runs)} injections, 0 violations", *outcomes.items(), sep="\n")


def test_the_same_faults_do_tear_a_plainly_written_note(strace, tmp_path, stale_temp):
    runs = every_fault_at_every_call(strace, "plain", tmp_path, stale_temp)
    found = list(violations(runs))
    print(f"{len(runs)} injections, {len(found)} violations", *found, sep="\n")
    assert found


def test_flushes_come_in_the_order_that_a_power_cut_needs(strace, tmp_path, stale_temp):
    calls, _ = calls_of_a_save(strace, "ours", tmp_path, stale_temp)
    folder = re.escape(str(tmp_path / "listed"))
    temp = rf"{folder}/\.workbench-[0-9a-f-]+\.tmp"

    def where(pattern):
        return [i for i, line in enumerate(calls) if re.match(pattern, line)]

    writes = where(rf"p?write(v|64)?\(\d+<{temp}>")
    (flushed,) = where(rf"f(data)?sync\(\d+<{temp}>")
    (moved,) = where(rf'rename.*"{temp}".*"{folder}/note\.md"')
    (folder_flushed,) = where(rf"fsync\(\d+<{folder}>")
    read_back = where(rf"read\(\d+<{folder}/note\.md>")
    assert writes
    assert max(writes) < flushed < moved < folder_flushed < max(read_back)
    assert where(rf'.*"{folder}/note\.md".*O_(WRONLY|RDWR|TRUNC)') == []


def run_on_a_small_disk(script, folder):
    """Run a script on a 64 KB disk of its own; it says whether all was as it should be."""
    inside = 'mount -t tmpfs -o size=64k tmpfs "$1" && exec "$2" -I "$3" "$4" "$5" "$1"'
    arguments = [folder, sys.executable, script, WORKBENCH.parent, PACKAGES]
    # In a mount namespace of its own, so that the disk vanishes with the process; -r for who is not root.
    for unshare in (["unshare", "-rm"], ["unshare", "-m"]):
        allowed = ["sh", "-c", 'mount -t tmpfs -o size=64k tmpfs "$1"', "sh", folder]
        try:
            if subprocess.run([*unshare, *allowed], capture_output=True).returncode == 0:
                break
        except FileNotFoundError:
            pass
    else:
        pytest.skip("a small disk can be mounted neither as this user nor in a namespace")
    run = subprocess.run([*unshare, "sh", "-c", inside, "sh", *arguments], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "all as it should be\n"), run.stderr


def test_a_disk_that_is_really_full_and_really_read_only(tmp_path):
    run_on_a_small_disk(HERE / "save_faults" / "small_disk.py", tmp_path)
