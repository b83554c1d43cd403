"""One save and nothing else, to be run under strace: says "begun", then "saved" or what went wrong.

Arguments: how ("ours" or "plain"), the note, the workbench folder, the folder that filelock is in.
"""

import importlib.util
import os
import sys

NEW = b"n" * 4096


def prepare_ours(note, workbench, packages):
    # Loaded by its file, so that only what a save needs is started: a second run times 200.
    sys.path.append(packages)
    spec = importlib.util.spec_from_file_location("save", os.path.join(workbench, "save.py"))
    save = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(save)
    with open(note, "rb") as file:
        loaded = save.fingerprint(file.read())
    return lambda: save.save_bytes(note, NEW, expected=loaded)


def prepare_plain(note, *_):
    def write():
        with open(note, "wb") as file:
            file.write(NEW)

    return write


if __name__ == "__main__":
    how, *arguments = sys.argv[1:]
    write_the_note = {"ours": prepare_ours, "plain": prepare_plain}[how](*arguments)
    os.write(1, b"begun\n")
    try:
        write_the_note()
        outcome = "saved"
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}"
    os.write(1, outcome.encode())
