"""The PM's ledger: what was decided about themes, one record a line, only ever added to.

It is the text of ``discovery/themes.yaml``; this room reads and writes that text and never touches a disk::

    - {"id": "91c0a2d4", "at": 2, "by": "ana", "date": "2026-11-18", "kind": "place", "theme": "T-7f3a01bc", "notes": [...]}

A line is JSON, which is YAML too, so that it reads fast and can be written by hand in plain YAML. Records are sorted by
``at``, ``by`` and ``id`` and one that stands there twice counts once, so that the order of the lines means nothing: git may
merge two people's work by keeping the lines of both (``merge=union``). What follows from the records is worked out in
:mod:`workbench.themes.replay`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from workbench.errors import Problem
from workbench.frontmatter import parse_yaml, split_lines
from workbench.notes import showable
from workbench.records.typed import is_day

__all__ = [
    "HEADER",
    "LEDGER_FILE",
    "MAX_LINE_BYTES",
    "MAX_NAME",
    "MAX_REFS",
    "MAX_TEXT",
    "RECORD_KINDS",
    "Ledger",
    "Record",
    "Ref",
    "act_of",
    "cite_note",
    "forget_calls",
    "format_record",
    "parse_ledger",
    "reword_notes",
    "shorten_themes",
]

LEDGER_FILE = "discovery/themes.yaml"
HEADER = "# What was decided about themes, one decision a line. Lines are only added; their order means nothing.\n"
RECORD_KINDS = ("theme", "place", "merge", "link", "undo")
LINKS = ("together", "apart")
# A record beyond these would make a line that no editor and no diff can show; larger acts take several records.
MAX_REFS = 200
MAX_LINE_BYTES = 64 * 1024
MAX_NAME = 200
MAX_TEXT = 300
# Larger than any count of acts, and small enough that 1 + the largest is never a surprise to another program.
_MAX_AT_DIGITS = 15

_OF_ACT = re.compile(r"([0-9a-f]{8})-(?:[2-9]|[1-9][0-9]+)")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_THEME = re.compile(r"T-[0-9A-Za-z_-]{1,64}")
_HASH = re.compile(r"[0-9a-f]{8}")
_MERGE = re.compile(r"<{7}(?: |$)|={7}$|>{7}(?: |$)|\|{7}(?: |$)")
_BLANK = " \t\r\n\ufeff"
# YAML takes none of these as they are, and JSON takes them all escaped.
_TO_ESCAPE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_LEFT_OUT = "until then this line does not count, the others do"
_FORGOTTEN_LINE = "# A line that named a forgotten call stood here."


class Ref(NamedTuple):
    """A note, named so that it is found again: by its call and its words.

    Parameters
    ----------
    call : str
        The call's id.
    text : str
        The note's words; the first 299 letters and "…" when there are more than 300.
    twin : int
        2 for the second note of the call with these very words, and so on.
    hash : str
        First eight hex digits of the SHA-256 of the whole text where it is cut; else empty.
    """

    call: str
    text: str
    twin: int = 1
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One decision, or a part of it.

    Parameters
    ----------
    id : str
        Eight random hex digits; further records of the same act have these and "-2", "-3" and so on, see
        :func:`act_of`.
    at : int
        1 + the largest that its writer had seen.
    by : str
        Who decided.
    date : str
        The day, ``YYYY-MM-DD``; empty where not written.
    kind : str
        One of `RECORD_KINDS`.
    theme : str or None
        The theme that is kept, named, moved to or merged away: ``T-`` and the id of its first record. None in a
        ``place`` record sets its notes aside.
    name : str
        The theme's name; empty where the record does not say.
    into : str
        The theme that another is merged into.
    how : str
        ``together`` or ``apart``, for a link.
    notes : tuple of Ref
        The notes that it names; those of a ``theme`` record are called ``anchors`` in the file.
    of : tuple of str
        Ids of the records that are taken back.
    seen : tuple of str
        Ids of the calls that were there when it was decided and that no earlier act has seen.
    until : str
        Instead, where they are too many to be listed: the day of the newest of them, ``YYYY-MM-DD``.
    forgotten : bool
        Whether notes of a forgotten call were taken out of it.
    """

    id: str
    at: int
    by: str
    date: str
    kind: str
    theme: str | None = None
    name: str = ""
    into: str = ""
    how: str = ""
    notes: tuple[Ref, ...] = ()
    of: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    until: str = ""
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """All records of a ledger.

    Parameters
    ----------
    records : tuple of Record
        Sorted by `at`, `by` and `id`, each id once.
    problems : tuple of Problem
        Lines that could not be read as meant.
    next_at : int
        What the next act's records carry as `at`.
    lines : dict of str to int
        For each record's id the first line on which it stands as it counts, for problems; empty where the records
        come from no file. Ledgers that differ in nothing else are equal.
    """

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    next_at: int = 1
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


def act_of(record: Record) -> str:
    """The act that a record is a part of, whoever else has the same name and acted at the same time.

    Parameters
    ----------
    record : Record
        The record.

    Returns
    -------
    str
        The id of the act's first record. A record with another kind of id, as one written by hand, is an act of its own.

    Examples
    --------
    >>> [act_of(Record(id, 1, "ana", "2026-11-17", "theme", "T-3fa9c1e0")) for id in ("3fa9c1e0", "3fa9c1e0-2", "mine-2")]
    ['3fa9c1e0', '3fa9c1e0', 'mine-2']
    """
    further = _OF_ACT.fullmatch(record.id)
    return further[1] if further else record.id


def cite_note(call: str, text: str, twin: int = 1) -> Ref:
    """Name a note by its call and words.

    Parameters
    ----------
    call : str
        The call's id.
    text : str
        The note's whole text.
    twin : int
        Which of the call's notes with this very text, from 1.

    Returns
    -------
    Ref
        With the text cut, and its hash, when it is long.

    Examples
    --------
    >>> cite_note("2026-11-17-acme", "Filters reset")
    Ref(call='2026-11-17-acme', text='Filters reset', twin=1, hash='')
    >>> len(cite_note("2026-11-17-acme", "very " * 100).text)
    300
    """
    if len(text) <= MAX_TEXT:
        return Ref(call, text, twin)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Ref(call, text[: MAX_TEXT - 1] + "…", twin, digest[:8])


def shorten_themes(themes: Iterable[str]) -> dict[str, str]:
    """What themes are called where there is little room: the beginnings of lasting ids.

    Parameters
    ----------
    themes : iterable of str
        Ids; those that do not last stay as they are.

    Returns
    -------
    dict of str to str
        For each id its first four letters behind ``T-``, or as many more as set it apart from the others; all of it
        where the same act made several.

    Examples
    --------
    >>> shorten_themes(["T-3fa9c1e0", "T-3fa9c2ff", "T-81c0e2aa", "T2"])
    {'T-3fa9c1e0': 'T-3fa9c1', 'T-3fa9c2ff': 'T-3fa9c2', 'T-81c0e2aa': 'T-81c0', 'T2': 'T2'}
    >>> shorten_themes(["T-3fa9c1e0", "T-3fa9c1e0-2", "T-81c0e2aa-2"])
    {'T-3fa9c1e0': 'T-3fa9c1e0', 'T-3fa9c1e0-2': 'T-3fa9c1e0-2', 'T-81c0e2aa-2': 'T-81c0'}
    """
    ids = sorted(set(themes))
    short = {}
    for before, id, after in zip(["", *ids], ids, [*ids[1:], ""], strict=False):
        # Among sorted ids the one that shares most with an id is next to it.
        shared = max(len(_shared_start(id, other)) for other in (before, after))
        # Where only the number behind it differs, a beginning would be one of several.
        short[id] = id if "-" in id[2 : shared + 1] else id[: max(6, shared + 1)]
    return short


def _shared_start(one: str, other: str) -> str:
    n = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:n]


def format_record(record: Record) -> str:
    r"""Write a record as a line of the ledger.

    Parameters
    ----------
    record : Record
        The record.

    Returns
    -------
    str
        One line with its line end, which :func:`parse_ledger` reads back as the same record.

    Examples
    --------
    >>> print(format_record(Record("b2d4f00d", 2, "ben", "2026-11-18", "merge", "T-03be1111", into="T-7f3a01bc")), end="")
    - {"id": "b2d4f00d", "at": 2, "by": "ben", "date": "2026-11-18", "kind": "merge", "theme": "T-03be1111", "into": "T-7f3a01bc"}
    """
    values: dict[str, Any] = {"id": record.id, "at": record.at, "by": record.by}
    if record.date:
        values["date"] = record.date
    values["kind"] = record.kind
    if record.theme or record.kind == "place":
        values["theme"] = record.theme
    for key in ("name", "into", "how"):
        if value := getattr(record, key):
            values[key] = value
    if record.notes:
        values["anchors" if record.kind == "theme" else "notes"] = [_ref_values(ref) for ref in record.notes]
    if record.of:
        values["of"] = record.of[0] if len(record.of) == 1 else record.of
    if record.seen:
        values["seen"] = record.seen
    if record.until:
        values["until"] = record.until
    if record.forgotten:
        values["forgotten"] = True
    line = json.dumps(values, ensure_ascii=False)
    return "- " + _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", line) + "\n"


def parse_ledger(text: str, file: str = LEDGER_FILE) -> Ledger:
    r"""Read a ledger, leniently: a line that cannot be read is named and does not stop the others.

    Parameters
    ----------
    text : str
        The file's text; empty for a workspace without one.
    file : str
        Its name, for problems.

    Returns
    -------
    Ledger
        The same records whatever the order of the lines, and however often one stands there.

    Examples
    --------
    >>> ledger = parse_ledger(
    ...     "- {id: 7f3a, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-7f3a, name: Filters reset}\n"
    ...     "- {id: 91c0, at: 2, by: ana, date: 2026-11-17, kind: palce}\n")
    >>> [record.name for record in ledger.records], ledger.next_at
    (['Filters reset'], 2)
    >>> print(*ledger.problems)  # doctest: +ELLIPSIS
    discovery/themes.yaml:2: 'palce' is no kind of record in '- {id: 91c0, at: 2, ...'; write kind: theme, ...
    """
    problems: list[Problem] = []
    found: dict[str, list[tuple[int, Record]]] = {}
    markers = []
    for piece in _pieces(text):
        if piece.kind == "marker":
            markers.append(piece.line)
        elif piece.kind == "record":
            record = _read(piece, file, problems)
            if record is not None:
                found.setdefault(record.id, []).append((piece.line, record))
    if markers:
        what = f"{len(markers)} lines left from a git merge"
        problems.append(Problem(file, markers[0], what, "delete them; the decisions of both sides count"))
    records = []
    for same in found.values():
        record = _one_of([record for _, record in same])
        records.append(record)
        for line, other in same:
            if record.forgotten and not other.forgotten:
                what = f"record {record.id} was forgotten, and a line with its words is back, as by a git merge"
                problems.append(Problem(file, line, what, "forget the call again; the words do not count meanwhile"))
            elif not record.forgotten and other != record:
                what = f"record {record.id} stands twice, with different words"
                problems.append(Problem(file, line, what, "delete one of the two; the other line counts until then"))
    records.sort(key=lambda record: (record.at, record.by, record.id))
    problems.sort(key=lambda problem: problem.line)
    lines = {
        record.id: next(n for n, other in found[record.id] if other == record or other.forgotten) for record in records
    }
    return Ledger(tuple(records), tuple(problems), 1 + max((record.at for record in records), default=0), lines)


def forget_calls(
    text: str, calls: Iterable[str], texts: Iterable[str] = (), rows: Iterable[tuple[str, str]] = ()
) -> str:
    r"""Take some calls' words out of a ledger: the only thing that ever rewrites one.

    A record that named a note of these calls becomes a tombstone: what is left of it, marked ``forgotten``, which counts
    more than any other line with its id. A theme's name goes too when three words of it in a row (or all, if there are
    fewer) stand in a forgotten note and in none that is left; the theme then has its name from before, or none. So does
    whatever else in the file says such words or names such a call: a comment, a broken line, a key of one's own. All
    other lines stay as they are, byte for byte.

    Parameters
    ----------
    text : str
        The ledger's text.
    calls : iterable of str
        Ids of the calls to forget.
    texts : iterable of str
        Texts of these calls' notes where they are known, since the ledger may hold only some of them; and what else
        shall be gone, such as the customer's name: what contains a text of one or two words goes.
    rows : iterable of (str, str)
        Single notes to forget of calls that stay, as those of one customer in a table of notes: call and text.

    Returns
    -------
    str
        The ledger's new text. Older ones may still lie in git's history.

    Examples
    --------
    >>> line = "- {id: 91c0, at: 2, by: ana, date: 2026-11-17, kind: place, theme: T-7f3a, notes: [{call: acme, text: hi}]}\n"
    >>> print(forget_calls(line, ["acme"]), end="")
    - {"id": "91c0", "at": 2, "by": "ana", "date": "2026-11-17", "kind": "place", "theme": "T-7f3a", "forgotten": true}
    """
    gone, rows = set(calls), set(rows)

    def is_gone(ref: Ref) -> bool:
        begins = ref.text.removesuffix("…")
        cut = begins != ref.text and any(call == ref.call and said.startswith(begins) for call, said in rows)
        return ref.call in gone or (ref.call, ref.text) in rows or cut

    pieces = list(_pieces(text))
    records = [_read(piece, "", []) if piece.kind == "record" else None for piece in pieces]
    refs = {ref for record in records if record for ref in record.notes}
    tells = _Telling(
        gone,
        [*texts, *(ref.text.removesuffix("…") for ref in refs if is_gone(ref))],
        [ref.text for ref in refs if not is_gone(ref)],
    )
    kept: dict[str, list[Record]] = {}
    for i, (piece, record) in enumerate(zip(pieces, records, strict=True)):
        if record is None:
            continue
        left = tuple(ref for ref in record.notes if not is_gone(ref))
        seen = tuple(call for call in record.seen if call not in gone)
        name = "" if tells.about(record.name) else record.name
        by_hand = piece.source.strip(_BLANK) != format_record(record).strip()
        tells_more = by_hand and tells.about(_all_words(piece))
        if (left, seen, name) != (record.notes, record.seen, record.name) or tells_more:
            records[i] = record = replace(record, notes=left, seen=seen, name=name, forgotten=True)
        kept.setdefault(record.id, []).append(record)
    tombstones = {id: _one_of(same) for id, same in kept.items() if any(record.forgotten for record in same)}

    result, done = [], set()
    for piece, record in zip(pieces, records, strict=True):
        end = piece.source[len(piece.source.rstrip("\r\n")) :]
        if record is None:
            result.append(f"{_FORGOTTEN_LINE}{end}" if tells.about(piece.source) else piece.source)
        elif record.id not in tombstones:
            result.append(piece.source)
        elif record.id not in done:  # its other lines go: a tombstone stands once
            done.add(record.id)
            line = format_record(tombstones[record.id]).removesuffix("\n")
            result.append(piece.source if piece.source.strip(_BLANK) == line else f"{line}{end}")
    return "".join(result)


def reword_notes(text: str, words: Mapping[tuple[str, str], str]) -> str:
    r"""Follow notes whose words were changed to take somebody's name out of them.

    A record that names one of them becomes a tombstone with the new words, which counts more than any other line with
    its id, so that a merge does not bring the old words back.

    Parameters
    ----------
    text : str
        The ledger's text.
    words : mapping of (str, str) to str
        A call's id and a note's whole old text, to its new text.

    Returns
    -------
    str
        The ledger's new text; other lines stay as they are, byte for byte.

    Examples
    --------
    >>> line = "- {id: 91c0, at: 2, by: ana, date: 2026-11-17, kind: place, theme: T-7f3a, notes: [{call: b, text: As Jo}]}\n"
    >>> print(reword_notes(line, {("b", "As Jo"): "As (forgotten)"}), end="")  # doctest: +ELLIPSIS
    - {"id": "91c0", ..., "notes": [{"call": "b", "text": "As (forgotten)"}], "forgotten": true}
    """
    new = {cite_note(call, old)[:2]: (call, now) for (call, old), now in words.items()}
    result = []
    for piece in _pieces(text):
        record = _read(piece, "", []) if piece.kind == "record" else None
        if record is None or not any(ref[:2] in new for ref in record.notes):
            result.append(piece.source)
            continue
        refs = tuple(cite_note(*new[ref[:2]], ref.twin) if ref[:2] in new else ref for ref in record.notes)
        end = piece.source[len(piece.source.rstrip("\r\n")) :]
        result.append(format_record(replace(record, notes=refs, forgotten=True)).removesuffix("\n") + end)
    return "".join(result)


class _Telling:
    """Which text gives away a forgotten call: one that names it, or says what only its notes say."""

    RUN = 3

    def __init__(self, calls: set[str], gone: Iterable[str], left: Iterable[str]) -> None:
        names = "|".join(re.escape(call) for call in sorted(calls, key=len, reverse=True) if call)
        self.named = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])") if names else None
        gone = [_words(text) for text in gone]
        left_runs = {run for text in left for n in range(1, self.RUN + 1) for run in _runs(_words(text), n)}
        self.runs = {run for text in gone for n in range(1, self.RUN + 1) for run in _runs(text, n)} - left_runs
        self.whole = {tuple(text) for text in gone if 0 < len(text) < self.RUN} - left_runs

    def about(self, text: str) -> bool:
        """Whether `text` gives a forgotten call away."""
        if not text:
            return False
        if self.named and self.named.search(text):
            return True
        words = _words(text)
        return not self.runs.isdisjoint(_runs(words, min(self.RUN, len(words)))) or any(
            not self.whole.isdisjoint(_runs(words, n)) for n in range(1, self.RUN)
        )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str], n: int) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)} if n else set()


class _Piece(NamedTuple):
    """A part of the file: a record, a marker left by git, or what is none of both (a comment, an empty line)."""

    kind: str
    line: int
    source: str
    body: str


def _pieces(text: str) -> Iterator[_Piece]:
    """The whole text in parts.

    A record is one line. Over several indented lines, as a formatter may have broken it, it is read too.
    """
    lines = split_lines(text)
    i = 0
    while i < len(lines):
        start, i = i, i + 1
        shown = lines[start].strip(_BLANK)
        kind = "record"
        if not shown or shown[0] == "#" or shown in ("---", "...", "[]"):
            kind = "plain"
        elif _MERGE.match(shown):
            kind = "marker"
        elif shown[0] in "-{" and not shown.endswith("}"):
            margin = _margin(lines[start])
            while i < len(lines) and lines[i].strip(_BLANK) and _margin(lines[i]) > margin:
                i += 1
        source = "".join(lines[start:i])
        body = source.lstrip("\ufeff")
        yield _Piece(kind, start + 1, source, body.replace("-", " ", 1) if shown[:1] == "-" else body)


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


class _Refused(Exception):
    """A record that does not count; carries the two halves of a problem."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what)
        self.what, self.todo = what, todo


def _read(piece: _Piece, file: str, problems: list[Problem]) -> Record | None:
    """The record that a piece holds, if it can be read."""
    shown = showable(" ".join(piece.source[:200].strip(_BLANK).split()))
    shown = shown if len(shown) <= 80 else shown[:79] + "…"
    try:
        record, oddities = _record_in(piece.source, piece.body)
        odd = list(oddities)
    except _Refused as refused:
        todo = f"{refused.todo} ({_LEFT_OUT})"
        problems.append(Problem(file, piece.line, f"{refused.what} in {shown!r}", todo))
        return None
    if len(split_lines(piece.source.strip(_BLANK))) > 1:
        odd.append(("a record over several lines", "put it on one line, or git cannot merge it with another person's"))
    problems += [Problem(file, piece.line, f"{what} in {shown!r}", todo) for what, todo in odd]
    return record


@lru_cache(maxsize=100_000)  # of a ledger that grows by a line all others are known, as long as it has fewer
def _record_in(source: str, body: str) -> tuple[Record, tuple[tuple[str, str], ...]]:
    record, odd = _record(_values(source, body))
    return record, tuple(odd)


def _values(source: str, body: str) -> dict[str, Any]:
    """What a record says, as in YAML read as plain strings; null, true and false may be themselves."""
    if len(source.encode("utf-8", "surrogatepass")) > MAX_LINE_BYTES:
        raise _Refused(
            f"more than {MAX_LINE_BYTES // 1024} KB in one record", "take the line back with git, or delete it"
        )
    try:
        values = json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        if source.strip(_BLANK)[0] not in "-{":
            raise _Refused("no record", "begin each line with  - {  or with # if it is a comment") from None
        fields = parse_yaml(body, "")
        if fields.broken:
            # Most messages of YAML's reader are about front matter; what it refuses it calls by name.
            named = re.match(r"an? (?:alias|tag)|.* stands twice|nested deeper", fields.problems[0].what)
            what = fields.problems[0].what if named else "a line that cannot be read"
            raise _Refused(what, "mend it as in docs/formats.md, or delete it") from None
        values = fields.values
    if not isinstance(values, dict):
        raise _Refused("no record", "begin each line with  - {  or with # if it is a comment")
    return values


def _all_words(piece: _Piece) -> str:
    """What is written in a piece, its escapes read too."""
    try:
        return f"{piece.source}\n{json.dumps(_values(piece.source, piece.body), ensure_ascii=False)}"
    except _Refused:
        return piece.source


def _record(values: dict[str, Any]) -> tuple[Record, list[tuple[str, str]]]:
    """The record that some values are, and what is odd about it."""
    odd: list[tuple[str, str]] = []
    kind = _text(values, "kind")
    if kind not in RECORD_KINDS:
        raise _Refused(
            f"{kind!r} is no kind of record", f"write kind: {', '.join(RECORD_KINDS[:-1])} or {RECORD_KINDS[-1]}"
        )
    id, at, by = _text(values, "id"), _text(values, "at"), _text(values, "by")
    if not _ID.fullmatch(id):
        raise _Refused(f"id {id[:40]!r} is not letters and digits", "write eight of them that no other line has")
    if not (at.isascii() and at.isdigit() and len(at) <= _MAX_AT_DIGITS):
        raise _Refused(f"at {at[:40]!r} is not a number", "write one more than the largest in the file")
    day = _text(values, "date", missing="")
    if not is_day(day):
        what = f"date {day[:40]!r} is not a day" if day else "no date"
        odd.append((what, "write date: YYYY-MM-DD  (the line counts without)"))
        day = ""
    name = " ".join(_text(values, "name", missing="").split())
    if len(name) > MAX_NAME:
        odd.append((f"a name of {len(name)} letters", f"write at most {MAX_NAME} (the first of them count)"))
        name = name[:MAX_NAME]
    until = _text(values, "until", missing="")
    if until and not is_day(until):
        odd.append((f"until {until[:40]!r} is not a day", "write until: YYYY-MM-DD  (the line counts without)"))
        until = ""
    forgotten = values.get("forgotten") in (True, "true")
    by = " ".join(by[:MAX_NAME].split())
    record = Record(id, int(at), by, day, kind, seen=_seen(values, odd), until=until, forgotten=forgotten)
    if kind == "theme":
        notes = _refs(values, "anchors") if values.get("anchors") not in (None, "") else ()
        return replace(record, theme=_theme(values, "theme"), name=name, notes=notes), odd
    if kind == "place":
        # A theme left out by mistake must not set anything aside.
        if "theme" not in values:
            raise _Refused("no theme", "write theme: T-…, or theme: null to set notes aside")
        aside = values["theme"] in (None, "", "null", "~")
        notes = _refs(values, "notes", at_least=0 if forgotten else 1)
        return replace(record, theme=None if aside else _theme(values, "theme"), notes=notes), odd
    if kind == "merge":
        return replace(record, theme=_theme(values, "theme"), into=_theme(values, "into")), odd
    if kind == "link":
        how = _text(values, "how")
        if how not in LINKS:
            raise _Refused(f"how {how[:40]!r} is no link", "write how: together, or how: apart")
        notes = _refs(values, "notes", at_least=0 if forgotten else 2)
        if len(notes) > 2:
            raise _Refused(f"a link of {len(notes)} notes", "name two notes in each link")
        return replace(record, how=how, notes=notes), odd
    of = values.get("of")
    of = of if isinstance(of, list) else [of]
    if not of or not all(isinstance(item, str) and _ID.fullmatch(item) for item in of):
        raise _Refused("no record that is taken back", "write of: and the record's id")
    return replace(record, of=tuple(dict.fromkeys(of))), odd


def _text(values: dict[str, Any], key: str, missing: str | None = None) -> str:
    value = values.get(key, missing)
    if value is None and missing is not None:
        return missing
    if not isinstance(value, str) or (missing is None and not value.strip()):
        raise _Refused(f"no {key}" if value in (None, "") else f"{key} is not one value", f"write {key}: and one value")
    return showable(value).strip()


def _theme(values: dict[str, Any], key: str) -> str:
    theme = _text(values, key)
    if not _THEME.fullmatch(theme):
        raise _Refused(f"{key} {theme[:40]!r} is no lasting theme", f"write {key}: T- and the id of its first record")
    return theme


def _seen(values: dict[str, Any], odd: list[tuple[str, str]]) -> tuple[str, ...]:
    seen = values.get("seen")
    if seen in (None, ""):
        return ()
    if not isinstance(seen, list) or not all(type(call) is str and call.strip() for call in seen):
        odd.append(("seen is no list of calls", "write seen: [2026-11-17-acme, …]  (the line counts without)"))
        return ()
    return tuple(dict.fromkeys(showable(call) for call in seen))


def _refs(values: dict[str, Any], key: str, at_least: int = 0) -> tuple[Ref, ...]:
    items = values.get(key, [])
    if not isinstance(items, list) or len(items) < at_least:
        some = "two notes" if at_least == 2 else "notes"
        raise _Refused(f"no {some} in {key}", f'write {key}: [{{call: its file, text: "its words"}}, …]')
    return tuple(_ref(item) for item in items)


def _ref(item: Any) -> Ref:
    if type(item) is not dict:
        raise _Refused("a note that is not named", 'write {call: its file, text: "its words"} for each note')
    call, text = item.get("call"), item.get("text")
    twin, digest = item.get("twin", "1"), item.get("hash", "")
    if not (type(call) is str and type(text) is str and call.strip() and text.strip()):
        raise _Refused("a note without call or text", 'write {call: its file, text: "its words"} for each note')
    if not (type(twin) is str and re.fullmatch(r"[1-9][0-9]{0,5}", twin)):
        raise _Refused("twin is not a number", "write twin: 2 for the second note of a call with the same words")
    if digest:
        if not (type(digest) is str and _HASH.fullmatch(digest)):
            raise _Refused("hash is not eight hex digits", "leave it out, and write the note's whole text")
        return Ref(showable(call), showable(text), int(twin), digest)
    return cite_note(showable(call), showable(text), int(twin))


def _ref_values(ref: Ref) -> dict[str, Any]:
    values: dict[str, Any] = {"call": ref.call, "text": ref.text}
    if ref.twin > 1:
        values["twin"] = ref.twin
    if ref.hash:
        values["hash"] = ref.hash
    return values


def _one_of(same: list[Record]) -> Record:
    """The record that counts of those with one id, whatever their order.

    Two people may each have forgotten another call: then only what both left is left.
    """
    if len(same) == 1:
        return same[0]
    tombstones = sorted((record for record in same if record.forgotten), key=format_record)
    if not tombstones:
        return max(same, key=format_record)
    first = tombstones[0]
    notes = tuple(ref for ref in first.notes if all(ref in other.notes for other in tombstones))
    seen = tuple(call for call in first.seen if all(call in other.seen for other in tombstones))
    name = first.name if all(other.name == first.name for other in tombstones) else ""
    return replace(first, notes=notes, seen=seen, name=name)
