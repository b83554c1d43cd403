"""What a call and a note are, and how their text reads.

A call is one Markdown file: a few fields between ``---`` lines, then one note a line. The first character says
what a note is::

    - an observation                 "  a quote          !  a pain         ~  a workaround
    ? a wish                         >  a commitment     =  the PM's own take, never evidence

The leading ``- `` may be missing, ``#tag`` and ``@mm:ss`` (or ``@¶12``, the transcript's 12th turn) may follow, an indented line goes on with the note
above, a heading is no note, any other line is one. Reading never fails and never loses a note: whatever is
missing or odd becomes a :class:`~workbench.errors.Problem`. A call keeps its text as it was, so that saving an
untouched call changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from workbench.errors import Problem, shorten
from workbench.frontmatter import format_scalar, split_front_matter, split_lines

__all__ = [
    "CALL_KINDS",
    "CONSENT_LEVELS",
    "FORMAT",
    "KINDS",
    "NOTE_COLUMNS",
    "UNREVIEWED",
    "Call",
    "Note",
    "add_note",
    "consent_level",
    "find_notes",
    "format_call",
    "format_note",
    "parse_call",
    "read_note",
    "read_words",
    "showable",
    "unknown_consent",
    "write_words",
]

FORMAT = 1
KINDS = ("observation", "quote", "pain", "workaround", "wish", "commitment", "take")
CALL_KINDS = ("discovery", "usability", "sales", "support", "churn")
CONSENT_LEVELS = ("none", "aggregate", "quote", "named")
# The tag of a note that was kept when its call came in, and that nobody has looked over: it says nothing of what was said.
UNREVIEWED = "candidate"
NOTE_COLUMNS = (
    "note", "call", "customer", "who", "segment", "date", "kind", "text", "tags", "at",
    "call_kind", "consent", "file", "line",
)  # fmt: skip

_MARKS = {"!": "pain", "~": "workaround", "?": "wish", ">": "commitment", "=": "take"}
_MARK_OF = {kind: mark for mark, kind in _MARKS.items()}
_OPENING, _CLOSING = '"“„«', '"”“»'
_FIELDS = ("date", "customer", "who", "segment", "kind", "consent", "transcript", "us", "version")
# What people write for "no" where a consent level is asked for; any other unknown word counts as aggregate.
_REFUSALS = frozenset("no n false 0 refused denied declined withdrawn revoked never nope nein non nej".split())
# Wherever one of these stands among others: "do not share", "has opted out".
_REFUSES = re.compile(
    r"\b(?:not(?! (?:applicable|asked|available|known|recorded|stated|sure|yet))|don[’']?t|never|opt(?:ed)?[ -]out|refuse[sd]?|denie[sd]|decline[sd]?|withdr[ae]wn?|revoked)\b"
)

_BULLET = re.compile(r"[-*+•][ \t]+")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
# A rule or an underline: nothing but dashes and the like, so no words to count.
_RULE = re.compile(r"[-=*_~`|:+. \t]*")
# Words that are nothing but a rule, and such words behind backslashes: one more is written, one less is read.
_RULE_WORDS = re.compile(r"\\*[-=*_~`|:+.][-=*_~`|:+. \t]*")
_BLANK = " \t\r\n\ufeff"
# Wherever some editor would begin a new line.
_BREAK = re.compile(r"[ \t]*[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+[ \t]*")
_MERGE = re.compile(r"<{7}(?: |$)|={7}$|>{7}(?: |$)|\|{7}(?: |$)")
_TAG = r"#[^\W\d_][\w-]*"
# A time, or the number of a turn in the call's transcript, where that has no times.
_TIME = r"@(?:\d{1,3}:[0-5]\d(?::[0-5]\d)?|¶\d{1,6})"
_TOKENS = rf"(?:{_TAG}|{_TIME})(?:[ \t]+(?:{_TAG}|{_TIME}))*[ \t]*$"
_ONLY_TOKENS = re.compile(_TOKENS)
_TAIL = re.compile(rf"[ \t]+{_TOKENS}")
_HEAD_TIME = re.compile(rf"({_TIME})[ \t]+")
_INLINE_TAG = re.compile(r"#(?<![\w#&/\\]#)[^\W\d_][\w-]*")  # a _TAG, looked for by its sign: much faster
_TOKEN = re.compile(rf"{_TAG}|{_TIME}")
# A backslash keeps a tag, a time or a leading mark from being read as one; a note reads back without it.
_TO_ESCAPE = re.compile(rf"(?<![\w#&/])(?={_TAG})|(?<![^\s\\])(?={_TIME})")
_ESCAPED = re.compile(rf"\\(?={_TAG}|{_TIME})")
_NEEDS_ESCAPE = (*_MARKS, *_OPENING, "#", "-", "*", "+", "•", "\\")
# What stands for bytes that were no UTF-8, in an editor or after decoding with "surrogateescape".
_UNREADABLE = re.compile("[\ufffd\ud800-\udfff]")
# Control characters would break a terminal, a spreadsheet or XML; lone surrogates cannot be written at all.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|[\ud800-\udfff]")


class Note(NamedTuple):
    """One thing heard or seen in a call.

    Parameters
    ----------
    id : str
        ``<call>#<8 hex of the text's SHA-256>``, with ``-2`` and so on for a twin in the same call. It outlives
        moved lines.
    kind : str
        One of `KINDS`.
    text : str
        The words, without mark, quotation marks, and the tags and time behind them.
    tags : tuple of str
        The ``#tags`` without their sign, in order.
    at : str
        ``mm:ss`` or ``h:mm:ss`` since the call began, or ``¶12`` for the 12th turn of a transcript without times; empty
        when not noted.
    line : int
        The line of the file where the note begins, counted from 1.
    """

    id: str
    kind: str
    text: str
    tags: tuple[str, ...]
    at: str
    line: int


@dataclass(frozen=True, slots=True)
class Call:
    """A customer call as it was written down.

    Parameters
    ----------
    id : str
        The file's name without ``.md``.
    file : str
        The file, relative to the workspace, with forward slashes.
    source : str
        The whole text, unchanged.
    date : datetime.date or None
        The day of the call; None when neither the field nor the file's name says.
    customer : str
        As written; the call's id when missing.
    who, segment : str
        As written; empty when missing.
    kind : str
        One of `CALL_KINDS`, or as written, or empty.
    consent : str
        One of `CONSENT_LEVELS`; empty when nothing is stated.
    notes : tuple of Note
        In the order of the file.
    problems : tuple of Problem
        What was missing or odd.
    transcript : str
        The file in ``interviews/transcripts/`` that has the call word for word; empty when there is none.
    us : str
        Who in the transcript is one of us, as written: names with ``;`` between them. What they say is no evidence.
    """

    id: str
    file: str
    source: str
    date: date | None
    customer: str
    who: str
    segment: str
    kind: str
    consent: str
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    transcript: str = ""
    us: str = ""


def parse_call(source: str, file: str) -> Call:
    r"""Read a call from its text.

    Parameters
    ----------
    source : str
        The file's text, as decoded; line ends and byte-order mark included.
    file : str
        The file, relative to the workspace; its name gives the call's id.

    Returns
    -------
    Call
        Whatever the text is; oddities are listed in its `problems`.

    Examples
    --------
    >>> source = "---\ndate: 2026-11-17\ncustomer: Acme\n---\n- ! Filters reset #filters"
    >>> call = parse_call(source, "interviews/acme.md")
    >>> call.customer, call.notes[0].kind, call.notes[0].text, call.notes[0].tags, call.notes[0].line
    ('Acme', 'pain', 'Filters reset', ('filters',), 5)
    """
    call_id = file.rsplit("/", 1)[-1].removesuffix(".md")
    lines = split_lines(source)
    fields, body = split_front_matter(lines, file)
    problems = list(fields.problems)
    values = {}
    for key in _FIELDS:
        value = fields.values.get(key, "")
        if not isinstance(value, str):
            problems.append(
                Problem(file, fields.lines.get(key, 1), f"{key} is not one value", f"write  {key}: words  on one line")
            )
            value = ""
        values[key] = showable(value).strip()
    problems += [
        Problem(file, fields.lines.get(key, 1), f"{key!r} is not a field of a call", "it is kept but not used")
        for key in fields.values
        if key not in (*_FIELDS, "id")  # the file's name is the id; workbench check compares the two
    ]
    notes, odd_lines = _read_notes(lines, body, call_id, file)
    if _UNREADABLE.search(source):
        odd_lines.append(_unreadable(lines, file))

    if not values["customer"]:
        problems.append(
            Problem(
                file,
                1,
                "no customer",
                f"write  customer: NAME  ({call_id} stands in, so this call counts as a customer of its own)",
            )
        )
        values["customer"] = showable(call_id)
    call_date = _read_date(values["date"], call_id, fields.lines.get("date", 1), file, problems)
    for key, known, read in (("kind", CALL_KINDS, str.lower), ("consent", CONSENT_LEVELS, consent_level)):
        used = read(values[key])
        if used and values[key].lower() not in known:
            what = f"{key} {values[key]!r} is not known"
            todo = f"write one of {', '.join(known)} (until then it counts as {used})"
            problems.append(Problem(file, fields.lines.get(key, 1), what, todo))
        values[key] = used
    if fields.broken or not isinstance(fields.values.get("consent", ""), str):
        values["consent"] = _cautious_consent(lines[:body])
    if values["version"] and values["version"] != str(FORMAT):
        what, todo = f"version {values['version']!r}", f"this workbench reads version {FORMAT}; look at the notes first"
        problems.append(Problem(file, fields.lines["version"], what, todo))
    return Call(
        id=call_id,
        file=file,
        source=source,
        date=call_date,
        customer=values["customer"],
        who=values["who"],
        segment=values["segment"],
        kind=values["kind"],
        consent=values["consent"],
        notes=tuple(notes),
        problems=tuple(problems + odd_lines),
        transcript=values["transcript"],
        us=values["us"],
    )


def format_note(text: str, kind: str = "observation", tags: Iterable[str] = (), at: str = "") -> str:
    r"""Write a note as a line of a call, without its line end.

    Parameters
    ----------
    text : str
        The words; line breaks become spaces.
    kind : str
        One of `KINDS`.
    tags : iterable of str
        Without their sign.
    at : str
        ``mm:ss``, ``h:mm:ss`` or ``¶12``.

    Returns
    -------
    str
        A line that reads back as the same note.

    Raises
    ------
    ValueError
        When `kind` is not one of `KINDS`.

    Examples
    --------
    >>> format_note("I redo the totals by hand", "quote", tags=["export"], at="12:40")
    '- "I redo the totals by hand" @12:40 #export'
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    words = _TO_ESCAPE.sub(r"\\", " ".join(text.split()))
    if kind == "quote":
        words = f'"{words}"'
    elif kind in _MARK_OF:
        words = f"{_MARK_OF[kind]} {words}"
    elif words[:1] in _NEEDS_ESCAPE or _RULE_WORDS.fullmatch(words):
        words = "\\" + words
    return " ".join(["- " + words, *([f"@{at}"] if at else []), *(f"#{tag}" for tag in tags)])


def format_call(
    customer: str,
    day: str,
    *,
    who: str = "",
    segment: str = "",
    kind: str = "discovery",
    consent: str = "",
    transcript: str = "",
    us: str = "",
) -> str:
    r"""Write the head of a new call.

    Parameters
    ----------
    customer : str
        The customer's name, any text.
    day : str
        ``YYYY-MM-DD``.
    who, segment, kind, consent, transcript, us : str
        As in :class:`Call`; left out where empty.

    Returns
    -------
    str
        Front matter, ready for :func:`add_note`.

    Examples
    --------
    >>> print(format_call("Acme: Freight", "2026-11-17", consent="quote"), end="")
    ---
    date: 2026-11-17
    customer: "Acme: Freight"
    kind: discovery
    consent: quote
    ---
    """
    fields = {"date": day, "customer": customer, "who": who, "segment": segment, "kind": kind, "consent": consent}
    fields |= {"transcript": transcript, "us": us}
    rows = [f"{key}: {format_scalar(value)}\n" for key, value in fields.items() if value]
    return "---\n" + "".join(rows) + "---\n"


def add_note(call: Call, line: str) -> Call:
    r"""A call with one more note at its end.

    Parameters
    ----------
    call : Call
        The call; everything in it stays as it is, byte for byte.
    line : str
        A note as typed, or as written by :func:`format_note`.

    Returns
    -------
    Call
        The call as read from the longer text.

    Examples
    --------
    >>> call = add_note(parse_call("- one", "a.md"), "! two")
    >>> call.source, [note.kind for note in call.notes]
    ('- one\n- ! two\n', ['observation', 'pain'])
    """
    end = "\r\n" if "\r\n" in call.source else "\n"
    gap = "" if not call.source or call.source.endswith(("\n", "\r")) else end
    words = " ".join(line.split())
    words = words if _BULLET.match(words) else f"- {words}"
    return parse_call(f"{call.source}{gap}{words}{end}", call.file)


def consent_level(word: str) -> str:
    """The consent that a word states.

    Parameters
    ----------
    word : str
        As written.

    Returns
    -------
    str
        One of `CONSENT_LEVELS`, or empty when nothing is stated. A refusal in other words ("no") is ``none``; any
        other unknown word is ``aggregate``: counted, never shown.

    Examples
    --------
    >>> consent_level("Quote"), consent_level("no"), consent_level("Please do not share"), consent_level("sure"), consent_level("")
    ('quote', 'none', 'none', 'aggregate', '')
    """
    level = word.strip().lower()
    if not level or level in CONSENT_LEVELS:
        return level
    first = re.match(r"[\w/]+", level)
    return "none" if (first and first[0] in _REFUSALS) or _REFUSES.search(level) else "aggregate"


def unknown_consent(word: str) -> tuple[str, str] | None:
    """What is said of words about consent that are none of the levels.

    Parameters
    ----------
    word : str
        As written.

    Returns
    -------
    tuple of (str, str) or None
        What is wrong and what to do; None for a level, and where nothing is stated.

    Examples
    --------
    >>> unknown_consent("sure")[0], unknown_consent("Quote")
    ("consent 'sure' is not known", None)
    """
    if word.lower() in ("", *CONSENT_LEVELS):
        return None
    todo = f"write one of {', '.join(CONSENT_LEVELS)} (until then it counts as {consent_level(word)})"
    return f"consent {shorten(word, 40)!r} is not known", todo


def _cautious_consent(head: list[str]) -> str:
    """The strictest consent that a broken front matter may state; never silence, which could be assumed away."""
    words = (re.match(r"\W*consent\W+([\w]+)", line, re.IGNORECASE) for line in head)
    return min(["aggregate", *(consent_level(found[1]) for found in words if found)], key=CONSENT_LEVELS.index)


def find_notes(lines: list[str], body: int = 0) -> tuple[list[tuple[int, int, str]], list[tuple[int, str]]]:
    r"""Which lines of a call are notes.

    Parameters
    ----------
    lines : list of str
        The file's lines.
    body : int
        Index of the first line behind the front matter.

    Returns
    -------
    notes : list of (int, int, str)
        First and last line of each note, counted from 1, and its text; lines that go on with it are joined to it.
    markers : list of (int, str)
        Line and text of what a git merge has left.

    Examples
    --------
    >>> find_notes(["# Reports\n", "- a list\n", "  of rows\n", "\n", "! slow\n"])
    ([(2, 3, '- a list of rows'), (5, 5, '! slow')], [])
    """
    notes: list[tuple[int, int, str]] = []
    markers = []
    open_note = False  # whether an indented line has a note to go on with
    for number, line in enumerate(lines[body:], body + 1):
        text = showable(line.strip(_BLANK)).strip(_BLANK)
        if not text:
            continue
        if _MERGE.match(text):
            markers.append((number, text))
            open_note = False
        elif line[0] in " \t" and open_note:
            first, _, words = notes[-1]
            notes[-1] = (first, number, f"{words} {text}")
        elif _HEADING.match(text):
            open_note = False
        elif not _RULE.fullmatch(text):
            notes.append((number, number, text))
            open_note = True
    return notes, markers


def _read_notes(lines: list[str], body: int, call_id: str, file: str) -> tuple[list[Note], list[Problem]]:
    """The notes from line `body` on, and what is odd about the lines."""
    found, markers = find_notes(lines, body)
    todo = "keep the lines you want and delete the three marker lines"
    problems = [Problem(file, number, f"{text[:40]!r} is left from a git merge", todo) for number, text in markers]
    notes = []
    seen: dict[str, int] = {}
    for number, _, text in found:
        kind, words, tags, at = read_note(text)
        stem = f"{call_id}#{hashlib.sha256(words.encode()).hexdigest()[:8]}"
        seen[stem] = count = seen.get(stem, 0) + 1
        notes.append(Note(stem if count == 1 else f"{stem}-{count}", kind, words, tags, at, number))
    return notes, problems


def read_note(line: str) -> tuple[str, str, tuple[str, ...], str]:
    """What a note says.

    Parameters
    ----------
    line : str
        A note as :func:`find_notes` gives it, or as typed.

    Returns
    -------
    kind : str
        One of `KINDS`.
    text : str
        The words without mark, quotation marks, and the tags and time behind them.
    tags : tuple of str
        Without their sign.
    at : str
        ``mm:ss``, ``h:mm:ss`` or ``¶12``, or empty.

    Examples
    --------
    >>> read_note("- ! Filters reset @12:10 #filters")
    ('pain', 'Filters reset', ('filters',), '12:10')
    """
    bullet = _BULLET.match(line)
    text = line[bullet.end() :] if bullet else line
    typed = text
    at = ""
    if found := _HEAD_TIME.match(text):
        at, text = found[1][1:], text[found.end() :]
    tail = _TAIL.search(text) if "#" in text or "@" in text else None
    if tail and tail.start() > 0 and not _ONLY_TOKENS.match(text):
        for token in _TOKEN.findall(tail[0]):
            if token[0] == "@" and not at:
                at = token[1:]
        body = text[: tail.start()].rstrip()
    else:
        body, tail = text, None
    tags = tuple(dict.fromkeys(tag[1:] for tag in _INLINE_TAG.findall(text))) if "#" in text else ()

    kind = "observation"
    first, rest = body[:1], body[1:]
    if first in _MARKS and not rest[:1].isdigit():  # "~5 people" and ">50 rows" are amounts, not marks
        kind, body = _MARKS[first], rest.strip()
    elif first and first in _OPENING:
        kind, inner = "quote", rest.strip()
        if inner[-1:] and inner[-1] in _CLOSING:
            body = inner[:-1].strip()
        elif not any(mark in inner for mark in _CLOSING):
            body = inner
    elif first == "\\" and (rest[:1] in _NEEDS_ESCAPE or _RULE_WORDS.fullmatch(rest)):
        body = rest
    if "\\" in body:
        body = _ESCAPED.sub("", body)
    return kind, body or typed, tags, at


def write_words(words: str) -> str:
    r"""Write a note as somebody types it, mark and tags included, as a line of a call without its line end.

    Parameters
    ----------
    words : str
        What was typed. Line breaks become spaces; what no screen shows is left out.

    Returns
    -------
    str
        A line that is one note, and from which :func:`read_words` gives the same words; empty when nothing is left.

    Examples
    --------
    >>> print(write_words("! Filters reset #filters"), write_words("# not a heading"), write_words("---"), sep="\n")
    - ! Filters reset #filters
    - # not a heading
    - \---
    """
    words = showable(_BREAK.sub(" ", words)).strip(_BLANK)
    if _RULE_WORDS.fullmatch(words):
        words = "\\" + words
    return f"- {words}" if words else ""


def read_words(line: str) -> str:
    r"""A note as somebody would type it.

    Parameters
    ----------
    line : str
        A note as :func:`find_notes` gives it.

    Returns
    -------
    str
        Mark, tags and time included; without the bullet.

    Examples
    --------
    >>> print(read_words("* ! Filters reset #filters"), read_words(r"- \---"))
    ! Filters reset #filters ---
    """
    bullet = _BULLET.match(line)
    words = line[bullet.end() :] if bullet else line
    return words[1:] if words[:1] == "\\" and _RULE_WORDS.fullmatch(words) else words


def showable(text: str) -> str:
    r"""Text that every screen and file can take.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Without control characters; lone surrogates, which stand for bytes that are no UTF-8, become U+FFFD.

    Examples
    --------
    >>> showable("a\x00b\udce9")
    'ab\ufffd'
    """
    if text.isprintable():
        return text
    return _UNSHOWABLE.sub(lambda found: "\ufffd" if found[0] >= "\ud800" else "", text)


def _read_date(value: str, call_id: str, line: int, file: str, problems: list[Problem]) -> date | None:
    """The call's day: from its field, else from the head of its file name."""
    try:
        named: date | None = date.fromisoformat(call_id[:10]) if call_id[4:5] == "-" else None
    except ValueError:
        named = None
    what = "no date"
    if value:
        try:
            if re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", value):
                return date.fromisoformat(value[:10])
        except ValueError:
            pass
        what = f"date {value!r} is not a day such as 2026-11-17"
    until = f"the file's name says {named}" if named else "until then the call is undated"
    problems.append(Problem(file, line, what, f"write  date: YYYY-MM-DD  ({until})"))
    return named


def _unreadable(lines: list[str], file: str) -> Problem:
    """The problem for bytes that are no UTF-8."""
    number = next(n for n, line in enumerate(lines, 1) if _UNREADABLE.search(line))
    return Problem(
        file, number, "letters that are not UTF-8 show as \ufffd", "open the file in an editor and save it as UTF-8"
    )
