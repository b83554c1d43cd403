"""Type a call on a disk that is really full, then really read-only.

Arguments: the repository, the folder that filelock is in, the folder that a 64 KB disk is mounted on.
"""

import subprocess
import sys
from pathlib import Path


def check(disk):
    from workbench.call_text import Change
    from workbench.live_call import LiveCall

    Path(disk, "interviews").mkdir()
    filler = Path(disk, "filler")

    def fill():
        try:
            with filler.open("wb", buffering=0) as file:
                while file.write(b"x" * 512):
                    pass
        except OSError:
            pass

    def typed(call, id, words):
        call.change([Change("put", id, words)])
        return call.state

    fill()
    call = LiveCall(disk)
    state = typed(call, "a", "one")
    assert (state.status, state.n_unsaved) == ("unsaved", 1), state
    assert state.message.startswith("Not saved: the disk is full"), state
    filler.unlink()
    call.save()
    assert call.state.status == "saved", call.state
    saved = Path(disk, call.state.file).read_bytes()

    fill()
    state = typed(call, "b", "two " * 2000)
    assert state.message.startswith("Not saved: the disk is full"), state
    assert Path(disk, call.state.file).read_bytes() == saved, "the old text is gone"
    filler.unlink()

    subprocess.run(["mount", "-o", "remount,bind,ro", disk], check=True)
    state = typed(call, "c", "three")
    assert state.message.startswith("Not saved: the disk is read-only"), state
    assert state.n_unsaved == 2, state
    subprocess.run(["mount", "-o", "remount,bind,rw", disk], check=True)
    call.save()
    assert call.state.status == "saved", call.state
    again = LiveCall.resume(disk)
    assert [words.split()[0] for words in again.text.words.values()] == ["one", "two", "three"]


if __name__ == "__main__":
    sys.path[:0] = sys.argv[1:3]
    check(sys.argv[3])
    print("all as it should be")
