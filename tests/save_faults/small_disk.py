"""Save on a disk that is really full, then really read-only.

Arguments: the repository, the folder that filelock is in, the folder that a 64 KB disk is mounted on.
"""

import subprocess
import sys
from pathlib import Path

OLD, NEW = b"o" * 4096, b"n" * 4096


def check(disk):
    from workbench.save import SaveError, fingerprint, save_bytes

    note, filler = Path(disk, "note.md"), Path(disk, "filler")

    def refusal(data):
        try:
            save_bytes(note, data, expected=fingerprint(OLD))
        except SaveError as error:
            assert note.read_bytes() == OLD, "the old note is gone"
            assert not list(note.parent.glob(".*.tmp")), "a temporary file is left"
            return str(error)
        raise AssertionError("called saved")

    note.write_bytes(OLD)
    assert refusal(b"n" * 100_000).startswith("Not saved: the disk is full"), "larger than the disk"

    try:
        with filler.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
    except OSError:
        pass
    assert refusal(NEW).startswith("Not saved: the disk is full"), "no block left"

    filler.unlink()
    subprocess.run(["mount", "-o", "remount,bind,ro", disk], check=True)
    assert refusal(NEW).startswith("Not saved: the disk is read-only"), "read-only"

    subprocess.run(["mount", "-o", "remount,bind,rw", disk], check=True)
    save_bytes(note, NEW, expected=fingerprint(OLD))
    assert note.read_bytes() == NEW


if __name__ == "__main__":
    sys.path[:0] = sys.argv[1:3]
    check(sys.argv[3])
    print("all as it should be")
