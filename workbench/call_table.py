"""Parsed calls as rows of plain strings, kept by the hash of their text: an unchanged file is not read anew.

What they say of a file counts only while its bytes are the same; where they are kept, see :mod:`workbench.kept`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from workbench import frontmatter, notes
from workbench.kept import keep, load_kept
from workbench.notes import Call
from workbench.save import fingerprint

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


def _load(path: Path) -> tuple[list[CallRow], bytes | None]:
    """The kept rows, none when they are of no use, and the file's bytes."""
    calls, data = load_kept(path, _parser_version())
    with suppress(KeyError, TypeError, ValueError):
        return list(map(CallRow._make, zip(*[calls[name] for name in CallRow._fields], strict=True))), data
    return [], data


def _keep(rows: list[CallRow], path: Path, old: bytes | None) -> None:
    keep(path, _parser_version(), {name: [getattr(row, name) for row in rows] for name in CallRow._fields}, old)
