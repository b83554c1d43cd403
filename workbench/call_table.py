"""Parsed calls as columns, kept by the hash of their text so that an unchanged file is not parsed again.

The kept table is a cache and nothing else: it is made again whenever it is missing, damaged, or written by another
version of the parser, and what it says of a file counts only while that file's bytes are the same. JSON, since a
workspace that came from elsewhere must not be able to run code by being read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from workbench import frontmatter, notes
from workbench.notes import Call
from workbench.save import fingerprint, save_bytes

__all__ = ["CallTable", "read_call_table"]

CALL_COLUMNS = ("id", "file", "date", "customer", "who", "segment", "kind", "consent", "n_notes", "problems", "hash")
NOTE_COLUMNS = ("note", "kind", "text", "tags", "at", "line")
# Below this many calls a parse takes a fraction of a second, and a cache is only litter.
WORTH_KEEPING = 500


@dataclass
class CallTable:
    """Calls and their notes as two sets of equally long lists.

    Parameters
    ----------
    calls : dict of str to list
        `CALL_COLUMNS`: dates as ISO text, `problems` as lists of (line, what, todo).
    notes : dict of str to list
        `NOTE_COLUMNS`, the notes of the first call first; `tags` joined by blanks, `kind` as a position in `KINDS`.
    """

    calls: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in CALL_COLUMNS})
    notes: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in NOTE_COLUMNS})

    def append(self, call: Call, content_hash: str) -> None:
        """Add one parsed call."""
        row = (
            call.id, call.file, str(call.date or ""), call.customer, call.who, call.segment, call.kind, call.consent,
            len(call.notes), [(problem.line, problem.what, problem.todo) for problem in call.problems], content_hash,
        )  # fmt: skip
        for name, value in zip(CALL_COLUMNS, row, strict=True):
            self.calls[name].append(value)
        for note in call.notes:
            self.notes["note"].append(note.id)
            self.notes["kind"].append(notes.KINDS.index(note.kind))
            self.notes["text"].append(note.text)
            self.notes["tags"].append(" ".join(note.tags))
            self.notes["at"].append(note.at)
            self.notes["line"].append(note.line)

    def append_from(self, other: CallTable, position: int, start: int) -> None:
        """Add the call at `position` of another table, whose notes begin at `start` there."""
        for name, values in other.calls.items():
            self.calls[name].append(values[position])
        end = start + other.calls["n_notes"][position]
        for name, values in other.notes.items():
            self.notes[name].extend(values[start:end])


def read_call_table(
    files: list[str], blobs: Iterable[bytes], parse: Callable[[bytes, str], Call], kept: Path | None
) -> CallTable:
    """Parse calls, or take from the kept table those whose bytes are the same.

    Parameters
    ----------
    files : list of str
        The calls' files as they shall be named, in order.
    blobs : iterable of bytes
        Their bytes, in the same order.
    parse : callable
        ``(bytes, file) -> Call``.
    kept : pathlib.Path or None
        Where the table is kept; None to parse everything and keep nothing.

    Returns
    -------
    CallTable
        The calls in the order given. The same whether parsed or taken.

    Examples
    --------
    >>> from workbench.notes import parse_call
    >>> table = read_call_table(["a.md"], [b"- one"], lambda b, f: parse_call(b.decode(), f), None)
    >>> table.notes["text"]
    ['one']
    """
    if kept is None or len(files) < WORTH_KEEPING:
        table = CallTable()
        for file, blob in zip(files, blobs, strict=True):
            table.append(parse(blob, file), "")
        return table
    old, old_bytes = _load(kept)
    contents = list(blobs)
    hashes = [hashlib.blake2b(blob, digest_size=16).hexdigest() for blob in contents]
    if old.calls["file"] == files and old.calls["hash"] == hashes:
        return old
    starts = list(accumulate(old.calls["n_notes"], initial=0))
    known = {key: i for i, key in enumerate(zip(old.calls["file"], old.calls["hash"], strict=True))}
    table = CallTable()
    for file, blob, content_hash in zip(files, contents, hashes, strict=True):
        position = known.get((file, content_hash))
        if position is None:
            table.append(parse(blob, file), content_hash)
        else:
            table.append_from(old, position, starts[position])
    _keep(table, kept, old_bytes)
    return table


@cache
def _parser_version() -> str:
    """Changes whenever the code that makes the table does."""
    sources = (Path(module.__file__).read_bytes() for module in (notes, frontmatter) if module.__file__)
    return hashlib.sha256(b"".join([*sources, Path(__file__).read_bytes()])).hexdigest()


def _load(path: Path) -> tuple[CallTable, bytes | None]:
    """The kept table, empty when it is of no use, and its bytes."""
    data = None
    with suppress(OSError, ValueError, KeyError, TypeError):
        data = path.read_bytes()
        loaded = json.loads(data)
        if loaded["parser"] == _parser_version():
            table = CallTable(loaded["calls"], loaded["notes"])
            lengths = {len(table.calls[name]) for name in CALL_COLUMNS} | {len(table.notes[name]) for name in NOTE_COLUMNS}
            if lengths <= {len(table.calls["id"]), sum(table.calls["n_notes"])}:
                return table, data
    return CallTable(), data


def _keep(table: CallTable, path: Path, old: bytes | None) -> None:
    """Write the table; a cache that cannot be written is no reason to fail a read."""
    data = json.dumps(
        {"parser": _parser_version(), "calls": table.calls, "notes": table.notes}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    with suppress(Exception):
        path.parent.mkdir(parents=True, exist_ok=True)
        # The folder keeps itself out of git, wherever it comes to be.
        (path.parent / ".gitignore").write_text("*\n")
        save_bytes(path, data, expected=fingerprint(old) if old is not None else None)
