"""Parsed calls as rows of plain strings, kept by the hash of their text: an unchanged file is not read anew.

The kept rows are a cache and nothing else: they are made again whenever they are missing, damaged, or written
by another version of the parser, and what they say of a file counts only while its bytes are the same.
A workspace that came from elsewhere must not be able to run code by being read, so they are JSON; nor to put words
into a customer's mouth, so they are sealed with a key that lies with this user and not in the workspace.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from platformdirs import user_data_path

from workbench import frontmatter, notes
from workbench.notes import Call
from workbench.save import SaveError, fingerprint, save_bytes

__all__ = ["CallRow", "read_call_rows"]


class CallRow(NamedTuple):
    r"""A call, with each column of its notes as one string: a hundred thousand short ones take long to load.

    Parameters
    ----------
    file, fingerprint : str
        Which bytes this is the reading of.
    id, date, customer, who, segment, kind, consent, transcript, us : str
        As in :class:`~workbench.notes.Call`; the date as ISO text, empty when unknown.
    problems : list
        One ``(line, what, todo)`` each.
    kinds : str
        One digit a note, its position in `KINDS`.
    ids, texts, tags, ats : str
        What the notes say, each ended by ``\n``, which no note holds. Of the id what follows the ``#``; tags
        are joined by blanks.
    lines : list of int
        Where the notes begin.
    """

    file: str
    fingerprint: str
    id: str
    date: str
    customer: str
    who: str
    segment: str
    kind: str
    consent: str
    transcript: str
    us: str
    kinds: str
    ids: str
    texts: str
    tags: str
    ats: str
    problems: list[tuple[int, str, str]]
    lines: list[int]


def read_call_rows(
    contents: Iterable[tuple[str, bytes]], parse: Callable[[bytes, str], Call], kept: Path | None = None
) -> list[CallRow]:
    r"""Parse calls, or take from the kept rows those whose bytes are the same.

    Parameters
    ----------
    contents : iterable of (str, bytes)
        Each file as it shall be named, and its bytes.
    parse : callable
        ``(bytes, file) -> Call``.
    kept : pathlib.Path, optional
        Where the rows are kept; without, everything is parsed and nothing kept.

    Returns
    -------
    list of CallRow
        The calls in the order given. The same whether parsed or taken.

    Examples
    --------
    >>> from workbench.notes import parse_call
    >>> rows = read_call_rows([("a.md", b"- one\n- two")], lambda data, file: parse_call(data.decode(), file))
    >>> rows[0].texts
    'one\ntwo\n'
    """
    old, old_bytes = _load(kept) if kept else ([], None)
    known = {(row.file, row.fingerprint): row for row in old}
    rows = []
    for file, data in contents:
        key = (file, fingerprint(data))
        rows.append(known.get(key) or _row(parse(data, file), key[1]))
    if kept and rows != old:
        _keep(rows, kept, old_bytes)
    return rows


def _row(call: Call, content: str) -> CallRow:
    def column(values: Iterable[str]) -> str:
        return "".join([f"{value}\n" for value in values])

    return CallRow(
        file=call.file,
        fingerprint=content,
        id=call.id,
        date=str(call.date or ""),
        customer=call.customer,
        who=call.who,
        segment=call.segment,
        kind=call.kind,
        consent=call.consent,
        transcript=call.transcript,
        us=call.us,
        kinds="".join([str(notes.KINDS.index(note.kind)) for note in call.notes]),
        ids=column(note.id.removeprefix(f"{call.id}#") for note in call.notes),
        texts=column(note.text for note in call.notes),
        tags=column(" ".join(note.tags) for note in call.notes),
        ats=column(note.at for note in call.notes),
        problems=[(problem.line, problem.what, problem.todo) for problem in call.problems],
        lines=[note.line for note in call.notes],
    )


@cache
def _parser_version() -> str:
    """Changes whenever what makes the rows does."""
    files = [__file__, *[module.__file__ for module in (notes, frontmatter) if module.__file__]]
    versions = f"{yaml.__version__} {sys.version}".encode()
    return fingerprint(b"".join([versions, *[Path(file).read_bytes() for file in files]]))


def _seal(data: bytes) -> bytes:
    """A keyed hash that only this user can make (BLAKE2, RFC 7693)."""
    file = user_data_path("discovery-workbench") / "cache-key"
    with suppress(FileExistsError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
            stream.write(secrets.token_bytes(32))
    key = file.read_bytes()
    if len(key) != 32:
        raise ValueError(f"{file} holds no key")
    return hashlib.blake2b(data, key=key).hexdigest().encode()


def _load(path: Path) -> tuple[list[CallRow], bytes | None]:
    """The kept rows, none when they are of no use, and the file's bytes."""
    data = None
    with suppress(OSError, ValueError):
        data = path.read_bytes()
        seal, _, content = data.partition(b"\n")
        if hmac.compare_digest(seal, _seal(content)):
            loaded = json.loads(content)
            if loaded["parser"] == _parser_version():
                columns = [loaded["calls"][name] for name in CallRow._fields]
                return list(map(CallRow._make, zip(*columns, strict=True))), data
    return [], data


def _keep(rows: list[CallRow], path: Path, old: bytes | None) -> None:
    """Write the rows; a cache that cannot be written is no reason to fail a read."""
    with suppress(OSError, ValueError, SaveError):
        columns = {name: [getattr(row, name) for row in rows] for name in CallRow._fields}
        content = json.dumps({"parser": _parser_version(), "calls": columns}, separators=(",", ":")).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        # The folder keeps itself out of git, wherever it comes to be.
        (path.parent / ".gitignore").write_text("*\n")
        save_bytes(path, _seal(content) + b"\n" + content, expected=fingerprint(old) if old is not None else None)
