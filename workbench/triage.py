"""Triage of a call's candidates on disk: what is kept becomes a note of the call, and what was decided is not asked again.

Beside each transcript lies ``<its name>.triage.yaml``, to which lines are only added, each a decision with the words that it is
about::

    - {"n": 3, "what": "drop", "at": "12:40", "words": "We have talked about that before."}

Of several decisions on the same words the one with the largest ``n`` holds, so that the order of the lines means nothing and git
may keep the lines of both sides. What a call quotes counts as kept, whoever wrote it there.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from workbench.call_text import CallText, Change, Line
from workbench.candidates import Candidate, cite_turn, split_us
from workbench.customers import fold_name, split_people
from workbench.errors import InputError, Problem, shorten
from workbench.frontmatter import set_fields, split_front_matter, split_lines
from workbench.importers import Transcript, Turn
from workbench.kept_candidates import read_candidates
from workbench.notes import UNREVIEWED, Call, Note, find_notes, format_note, parse_call, read_note, read_words
from workbench.refit import Refit, refit_notes
from workbench.save import fingerprint, save_bytes, until_saved
from workbench.store import read_call, read_rows, workspace, write_call
from workbench.transcripts import TRANSCRIPTS, TRIAGE
from workbench.who_speaks import without_commas

__all__ = [
    "DECISIONS",
    "Decision",
    "Item",
    "Sheet",
    "carry_decisions",
    "count_left",
    "decide",
    "format_decision",
    "format_kept",
    "open_sheet",
    "parse_decisions",
    "put_notes",
    "put_reviewed",
    "read_decisions",
    "read_drafts",
    "save_draft",
    "set_side",
    "set_theirs",
    "take_notes_out",
    "undo",
    "unset_theirs",
]

DECISIONS = ("keep", "drop", "open")
HEADER = (
    "# What was decided on what was said here, one decision a line. Lines are only added; their order means nothing.\n"
)
DRAFTS = ".workbench/triage.json"
# A candidate is decided when so much of it is: how a call is cut into candidates may change.
ENOUGH = 0.5
_UNREVIEWED = re.compile(rf"\s+#{UNREVIEWED}(?![\w-])")
_TO_ESCAPE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class Decision(NamedTuple):
    """What was decided on some words.

    Parameters
    ----------
    what : str
        One of `DECISIONS`: made a note, not worth one, or to be asked again.
    at : str
        Where they begin, as a note has it behind ``@``.
    words : str
        The words, verbatim.
    note : str
        For what was kept the note as one types it, mark, tags and time included; empty where it is the quote and no more.
        For what is asked again the note that bringing in had made of it, which stands in the call again.
    n : int
        1 + the largest that its writer had seen.
    was : str
        The note that bringing in had made of the words, where this took it out of the call, or the tag of it.
    instead : int
        The `n` of the decision whose place it takes: what undoing takes back, or the same in another version of a transcript.
    """

    what: str
    at: str
    words: str
    note: str = ""
    n: int = 1
    was: str = ""
    instead: int = 0

    @property
    def kept(self) -> str:
        """The note that the words became, as one types it; empty where they became none."""
        if self.what != "keep":
            return ""
        return self.note or format_kept(self.words, self.at)


class Item(NamedTuple):
    """A candidate, and what became of it.

    Parameters
    ----------
    candidate : Candidate
        The candidate.
    what : str
        ``keep``, ``drop``, or empty as long as nobody has decided.
    note : str
        The note that it became, as one types it; of an undecided one the note that bringing in made of it.
    line : int
        Where that note stands in the call; 0 where it does not stand there any more.
    by_hand : bool
        Whether somebody else than triage, or bringing in, has written that note.
    """

    candidate: Candidate
    what: str
    note: str
    line: int
    by_hand: bool


@dataclass(frozen=True)
class Sheet:
    """A call with its candidates.

    Parameters
    ----------
    call : Call
        The call.
    transcript : Transcript
        What was said.
    us : tuple of str
        Who in it is one of us.
    items : tuple of Item
        The most telling first.
    ours : tuple of Line
        Notes that quote one of us, or were made of what one of us said.
    decided : tuple of (int, Candidate)
        What :func:`undo` can take back, the last one last: its `n`, and the candidate that it is about.
    problems : tuple of Problem
        Lines that could not be read.
    """

    call: Call
    transcript: Transcript
    us: tuple[str, ...]
    items: tuple[Item, ...]
    ours: tuple[Line, ...]
    decided: tuple[tuple[int, Candidate], ...]
    problems: tuple[Problem, ...]

    @property
    def n_left(self) -> int:
        """How many candidates nobody has decided on."""
        return sum(not item.what for item in self.items)


def format_decision(decision: Decision) -> str:
    r"""Write a decision as a line.

    Parameters
    ----------
    decision : Decision
        The decision.

    Returns
    -------
    str
        One line with its line end, which :func:`parse_decisions` reads back as the same.

    Examples
    --------
    >>> print(format_decision(Decision("drop", "12:40", "Right, as I said.", n=3)), end="")
    - {"n": 3, "what": "drop", "at": "12:40", "words": "Right, as I said."}
    """
    values = {"n": decision.n, "what": decision.what, "at": decision.at, "words": decision.words}
    values |= {name: value for name in ("note", "was", "instead") if (value := getattr(decision, name))}
    line = json.dumps(values, ensure_ascii=False)
    return "- " + _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", line) + "\n"


def parse_decisions(text: str, file: str) -> tuple[list[Decision], list[Problem]]:
    r"""Read decisions, leniently: a line that cannot be read is named and does not stop the others.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name, for problems.

    Returns
    -------
    decisions : list of Decision
        By `n`; of two with the same, the more careful one comes last, so that it holds: asked again before kept before
        dropped.
    problems : list of Problem
        Lines that are no decision.

    Examples
    --------
    >>> found, problems = parse_decisions('- {"n": 1, "what": "drop", "at": "¶2", "words": "No."}\n- drop it\n', "a.triage.yaml")
    >>> found
    [Decision(what='drop', at='¶2', words='No.', note='', n=1, was='', instead=0)]
    >>> print(*problems)  # doctest: +ELLIPSIS
    a.triage.yaml:2: '- drop it' is no decision; delete the line, ...
    """
    found, problems = set(), []
    for number, line in enumerate(text.splitlines(), 1):
        shown = line.strip("\ufeff \t")
        if not shown or shown.startswith("#"):
            continue
        decision = _read(shown)
        if decision:
            found.add(decision)
        else:
            todo = "delete the line, or mend it as in docs/import.md (the others count)"
            problems.append(Problem(file, number, f"{shorten(shown, 60)!r} is no decision", todo))
    order = ("drop", "keep", "open")
    return sorted(found, key=lambda one: (one.n, order.index(one.what), one)), problems


def _read(line: str) -> Decision | None:
    try:
        values = json.loads(line.removeprefix("-"))
        texts = [values["what"], values["at"], values["words"], values.get("note", ""), values.get("was", "")]
        numbers = [values["n"], values.get("instead", 0)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    good = all(isinstance(text, str) for text in texts) and all(type(number) is int for number in numbers)
    if not good or texts[0] not in DECISIONS or not texts[2].strip():
        return None
    return Decision(*texts[:4], numbers[0], texts[4], numbers[1])


def read_decisions(root: str | os.PathLike[str], transcript: str) -> tuple[list[Decision], list[Problem]]:
    """What was decided on a transcript.

    Parameters
    ----------
    root : path-like
        The workspace.
    transcript : str
        Its name, as the call's field ``transcript`` has it.

    Returns
    -------
    decisions : list of Decision
        As :func:`parse_decisions` gives them; none where there is no such file.
    problems : list of Problem
        Lines that are no decision.
    """
    data = _bytes(_decisions_file(root, transcript))
    return parse_decisions((data or b"").decode("utf-8", "replace"), f"{TRANSCRIPTS}/{transcript}{TRIAGE}")


def _decisions_file(root: str | os.PathLike[str], transcript: str) -> Path:
    return workspace(root) / TRANSCRIPTS / f"{transcript}{TRIAGE}"


def open_sheet(root: str | os.PathLike[str], file: str) -> Sheet:
    r"""A call's candidates, and what was decided on them.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call, relative to the workspace.

    Returns
    -------
    Sheet
        The call with its transcript and candidates.

    Raises
    ------
    InputError
        When the call or its transcript cannot be read, or it names none.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews" / "transcripts").mkdir(parents=True)
    >>> call = "---\ncustomer: Acme\ndate: 2026-11-17\ntranscript: acme.txt\nus: Ana\n---\n"
    >>> _ = (folder / "interviews" / "2026-11-17-acme.md").write_text(call)
    >>> _ = (folder / "interviews" / "transcripts" / "acme.txt").write_text(
    ...     "Ana: What happened then?\n\nJane: Last Friday the report took me 2 hours.\n\nAna: I see.\n\nJane: Yes.\n")
    >>> sheet = open_sheet(folder, "interviews/2026-11-17-acme.md")
    >>> [(item.candidate.text, item.what) for item in sheet.items]
    [('Last Friday the report took me 2 hours.', '')]
    >>> decide(folder, sheet.call.file, Decision("keep", "¶2", "Last Friday the report took me 2 hours."))
    1
    >>> open_sheet(folder, sheet.call.file).call.notes[0].text
    'Last Friday the report took me 2 hours.'
    """
    root = workspace(root)
    call, _ = read_call(root / file, root)
    name = call.transcript
    if not name or Path(name).name != name:
        raise InputError(f"{file} names no transcript; write  transcript: FILE  where {TRANSCRIPTS}/ holds it")
    us = split_us(call.us)
    try:
        transcript, candidates = read_candidates(root, name, us)
    except OSError:
        raise InputError(f"{file}: there is no {TRANSCRIPTS}/{name}; put it there, or bring it in again") from None
    decisions, problems = read_decisions(root, name)
    places = _Places(transcript.turns)
    lines = CallText(call.source).lines()
    return Sheet(
        call,
        transcript,
        us,
        tuple(_settle(candidates, decisions, lines, places)),
        tuple(_said_by_us(us, decisions, lines, places)),
        tuple(_decided(candidates, decisions, places)),
        tuple(problems),
    )


class _Place(NamedTuple):
    """Where words stand in a transcript."""

    turn: int
    start: int
    end: int

    def share_of(self, candidate: Candidate) -> float:
        """How much of a candidate they are."""
        if candidate.turn != self.turn:
            return 0.0
        both = min(self.end, candidate.end) - max(self.start, candidate.start)
        return both / (candidate.end - candidate.start)


class _Places:
    """Finds words in a transcript again, by what they are and where they were said."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self.turns = turns
        self._starts = [0]
        for turn in turns:
            self._starts.append(self._starts[-1] + len(turn.text) + 1)
        self._text = "\n".join(turn.text for turn in turns)

    def find(self, words: str, at: str) -> _Place | None:
        """Where they stand at that time, else where they stand first."""
        words = " ".join(words.split())
        first, start = None, self._text.find(words) if words else -1
        while start >= 0:
            turn = bisect_right(self._starts, start) - 1
            place = _Place(turn, start - self._starts[turn], start - self._starts[turn] + len(words))
            if cite_turn(self.turns[turn], turn, place.start) == at:
                return place
            first = first or place
            start = self._text.find(words, start + 1)
        return first


class _Cover:
    """Finds the candidates that words are about, in the order in which they were said."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.candidates = tuple(candidates)
        self._in_turn: dict[int, list[int]] = {}
        for i, one in sorted(enumerate(self.candidates), key=lambda pair: pair[1].start):
            self._in_turn.setdefault(one.turn, []).append(i)

    def find(self, place: _Place | None) -> list[int]:
        """Which they are."""
        near = self._in_turn.get(place.turn, ()) if place else ()
        return [i for i in near if place.share_of(self.candidates[i]) >= ENOUGH]


def _settle(
    candidates: Iterable[Candidate], decisions: Sequence[Decision], lines: Sequence[Line], places: _Places
) -> list[Item]:
    items = [Item(one, "", "", 0, False) for one in candidates]
    cover = _Cover(item.candidate for item in items)

    def spread(place: _Place | None, what: str, note: str, line: int, *, by_hand: bool) -> None:
        for i in cover.find(place):
            items[i] = Item(items[i].candidate, what, note, line, by_hand)

    stands = {line.words: line.line for line in lines}
    for one in decisions:
        what = "" if one.what == "open" else one.what
        spread(places.find(one.words, one.at), what, one.kept, stands.get(one.kept, 0), by_hand=False)
    made = {one.kept for one in decisions}
    for line in lines:
        if line.kind == "quote":
            what = "" if UNREVIEWED in line.tags else "keep"
            by_hand = bool(what) and line.words not in made
            spread(places.find(line.text, line.at), what, line.words, line.line, by_hand=by_hand)
    return items


def _said_by_us(
    us: Iterable[str], decisions: Iterable[Decision], lines: Iterable[Line], places: _Places
) -> Iterable[Line]:
    us = tuple(us)
    source = {one.kept: one for one in decisions if one.kept}
    for line in lines:
        said = (line.text, line.at) if line.kind == "quote" else None
        if line.words in source:
            said = source[line.words].words, source[line.words].at
        place = places.find(*said) if said else None
        if place and places.turns[place.turn].is_by(us):
            yield line


def _standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that nobody has taken back; one that stands in another version of the transcript in the place that it had."""
    stand: list[Decision] = []
    for one in decisions:
        fit = [i for i, other in enumerate(stand) if other.n == one.instead]
        same = [i for i in fit or range(len(stand)) if stand[i][1:3] == one[1:3]]
        if same and (fit or one.what == "open"):
            del stand[same[-1]]
        elif fit:
            stand[fit[-1]] = one
        elif one.what != "open":
            stand.append(one)
    return stand


def _decided(
    candidates: Iterable[Candidate], decisions: Iterable[Decision], places: _Places
) -> Iterable[tuple[int, Candidate]]:
    cover = _Cover(candidates)
    for one in _standing(decisions):
        if about := cover.find(places.find(one.words, one.at)):
            yield one.n, cover.candidates[about[0]]


def count_left(root: str | os.PathLike[str]) -> dict[str, int]:
    r"""How many candidates of each call nobody has decided on.

    Parameters
    ----------
    root : path-like
        The workspace.

    Returns
    -------
    dict of str to int
        By the call's file; calls without a transcript that can be read are not there.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews" / "transcripts").mkdir(parents=True)
    >>> _ = (folder / "interviews" / "a.md").write_text("---\ncustomer: Acme\ntranscript: a.txt\nus: Ana\n---\n")
    >>> _ = (folder / "interviews" / "transcripts" / "a.txt").write_text(
    ...     "Ana: What then?\n\nJane: The report took me 2 hours.\n\nAna: I see.\n\nJane: Yes.\n")
    >>> count_left(folder)
    {'interviews/a.md': 1}
    """
    left = {}
    for row in read_rows(workspace(root), []):
        with suppress(InputError):
            if row.transcript:
                left[row.file] = open_sheet(root, row.file).n_left
    return left


# Deciding


def format_kept(words: str, at: str, *, kind: str = "quote", typed: str = "") -> str:
    r"""The note that becomes of a candidate, as one types it.

    Parameters
    ----------
    words : str
        What was said, verbatim; all that a quote has.
    at : str
        Where.
    kind : str
        As in :class:`workbench.notes.Note`.
    typed : str
        What somebody made of the words, tags included; of a quote only the tags behind it.

    Returns
    -------
    str
        Without the bullet.

    Raises
    ------
    InputError
        When there are no words.

    Examples
    --------
    >>> format_kept("I redo it by hand", "12:40", typed="#export")
    '"I redo it by hand" @12:40 #export'
    >>> format_kept("I redo it by hand", "12:40", kind="pain", typed="Totals are redone #export")
    '! Totals are redone @12:40 #export'
    """
    # Behind a word of ours a mark at the head of theirs is none.
    _, said, tags, _ = read_note(f"x {typed}")
    text = words if kind == "quote" else said.removeprefix("x").strip()
    if not text.strip():
        raise InputError("a note needs words; write some, or leave it with Escape")
    return read_words(format_note(text, kind, dict.fromkeys(tags), at))


def put_reviewed(note: str, typed: str = "") -> str:
    """A note that somebody has looked over and keeps: as it stands, but for the tag that says that nobody has.

    Parameters
    ----------
    note : str
        As one types it.
    typed : str
        Tags that are added to it.

    Returns
    -------
    str
        Without the bullet.

    Examples
    --------
    >>> put_reviewed('"I redo it" @12:40 #candidate #export', "#late #export")
    '"I redo it" @12:40 #export #late'
    """
    reviewed = _UNREVIEWED.sub("", note)
    known = read_note(reviewed)[2]
    return " ".join([reviewed, *(f"#{tag}" for tag in read_note(f"x {typed}")[2] if tag not in known)])


def decide(root: str | os.PathLike[str], file: str, decision: Decision, *, was: str = "") -> int:
    """Decide on some words of a call: the note first, then what was decided; done twice it is as done once.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call, relative to the workspace.
    decision : Decision
        What is decided; its `n` is set here. Without a `note`, what is kept becomes a quote.
    was : str
        The note that was made of these words before; another one takes its place. What somebody has changed since stays.

    Returns
    -------
    int
        The `n` under which it stands, by which :func:`undo` takes it back.

    Raises
    ------
    InputError
        When a customer does not say that, or the call cannot be read.
    SaveError
        When it cannot be saved; the message says why.
    """
    root = workspace(root)
    if decision.what not in DECISIONS:
        raise InputError(f"a decision is one of {', '.join(DECISIONS)}, not {decision.what!r}")
    call, _ = read_call(root / file, root)
    if decision.what == "keep":
        _check_said(open_sheet(root, file), decision)
        if decision.note == format_kept(decision.words, decision.at):
            decision = decision._replace(note="")
    note = decision.note if decision.what == "open" else decision.kept
    if was != note == put_reviewed(was):
        _save(root, file, lambda call: _take_tag_out(call.source, was))
    elif note or was:
        said = _said_where(root, file, decision) if note else None
        _change_call(root, file, lambda text: _swap(text, was, note, said))
    gone = was if UNREVIEWED in read_note(was)[2] else ""
    return _append(root, call.transcript, decision._replace(was=gone))


def undo(root: str | os.PathLike[str], file: str, n: int = 0) -> Candidate | None:
    r"""Take back what was decided last on a call, whenever that was: its words are as they were before it.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call, relative to the workspace.
    n : int
        Which decision, as :func:`decide` gives it; the last by default.

    Returns
    -------
    Candidate or None
        What it was about; None where there is nothing to take back, or it was taken back before.

    Raises
    ------
    InputError, SaveError
        When the call cannot be read or saved.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews" / "transcripts").mkdir(parents=True)
    >>> call = folder / "interviews" / "2026-11-17-acme.md"
    >>> _ = call.write_text("---\ncustomer: Acme\ntranscript: acme.txt\nus: Ana\n---\n")
    >>> _ = (folder / "interviews" / "transcripts" / "acme.txt").write_text(
    ...     "Ana: What then?\n\nJane: The report took me 2 hours.\n\nAna: I see.\n\nJane: Yes.\n")
    >>> file, words = "interviews/2026-11-17-acme.md", "The report took me 2 hours."
    >>> decide(folder, file, Decision("keep", "¶2", words)), decide(folder, file, Decision("drop", "¶2", words), was=f'"{words}" @¶2')
    (1, 2)
    >>> undo(folder, file).text, [note.text for note in open_sheet(folder, file).call.notes]
    ('The report took me 2 hours.', ['The report took me 2 hours.'])
    >>> undo(folder, file).text, open_sheet(folder, file).call.notes, undo(folder, file)
    ('The report took me 2 hours.', (), None)
    """
    sheet = open_sheet(root, file)
    by_number = dict(sheet.decided)
    if not by_number or (n and n not in by_number):
        return None
    about = by_number[n or sheet.decided[-1][0]]
    stand = _standing(read_decisions(root, sheet.call.transcript)[0])
    last = next(one for one in reversed(stand) if one.n == (n or sheet.decided[-1][0]))
    earlier = [one for one in stand if one is not last]
    (before,) = _settle([about], earlier, (), _Places(sheet.transcript.turns))
    now = next(item for item in sheet.items if item.candidate == about)
    # Over what somebody has written there since, nothing comes back.
    note = "" if now.by_hand else last.was or before.note
    what = "open" if last.was else before.what or "open"
    decide(root, file, Decision(what, last.at, last.words, note, instead=last.n), was=last.kept)
    return about


def _take_tag_out(source: str, words: str) -> str:
    """A call without the tag of a note that nobody had looked over; all else stays byte for byte."""
    rows = split_lines(source)
    for first, last, line in find_notes(rows, split_front_matter(rows, "")[1])[0]:
        if read_words(line) == words:
            rows[first - 1 : last] = [_UNREVIEWED.sub("", "".join(rows[first - 1 : last]))]
            break
    return "".join(rows)


def _check_said(sheet: Sheet, decision: Decision) -> None:
    place = _Places(sheet.transcript.turns).find(decision.words, decision.at)
    if place is None:
        what = f"“{shorten(decision.words, 60)}” is not in {sheet.call.transcript} any more"
        raise InputError(f"{what}; open the call again")
    turn = sheet.transcript.turns[place.turn]
    if turn.is_by(sheet.us):
        raise InputError(
            f"{turn.called} is one of you, so that what {turn.called} says is no evidence; it was not kept"
        )


def _said_where(root: Path, file: str, *new: Decision) -> Callable[[str], tuple[int, int] | None]:
    """What tells where in the talk a note was said: its turn and place in it; None for what somebody has typed."""
    try:
        sheet = open_sheet(root, file)
    except InputError:  # its transcript is gone: its notes come back in their times
        return lambda words: None
    made = {one.kept: one for one in [*read_decisions(root, sheet.call.transcript)[0], *new] if one.kept}
    places = _Places(sheet.transcript.turns)

    def find(words: str) -> tuple[int, int] | None:
        kind, text, _, at = read_note(words)
        said = (made[words].words, made[words].at) if words in made else (text, at) if kind == "quote" else None
        place = places.find(*said) if said else None
        return place and (place.turn, place.start)

    return find


def _swap(
    text: CallText, was: str, note: str, said: Callable[[str], tuple[int, int] | None] | None = None
) -> list[Change]:
    """Changes that put a note in another's place, or behind the notes that there are where it was said."""
    ids = {words: id for id, words in text.words.items()}
    if note == was or note in ids:
        return [Change("drop", ids[was])] if was in ids and was != note else []
    if was in ids and note:
        return [Change("put", ids[was], note)]
    if was in ids:
        return [Change("drop", ids[was])]
    return [Change("put", words=note, after=_place_in_talk(text, note, said))] if note else []


def _place_in_talk(text: CallText, note: str, said: Callable[[str], tuple[int, int] | None] | None) -> str | None:
    """The note behind which it goes: the last, or the last but those at the end that were said later."""
    when, where = _seconds(read_note(note)[3]), said and said(note)

    def is_later(line: Line) -> bool:
        other = _seconds(line.at)
        if when is None or other is None or other[0] != when[0]:
            return False
        if other == when:  # several sentences of one turn
            theirs = said(line.words) if said and where else None
            return theirs is not None and theirs > where
        return other > when

    lines = text.lines()
    n = len(lines)
    while n and is_later(lines[n - 1]):
        n -= 1
    return None if n == len(lines) else lines[n - 1].id if n else ""


def _seconds(at: str) -> tuple[str, int] | None:
    """A time as seconds, a turn as its number; apart from one another."""
    if at.startswith("¶"):
        return "turn", int(at[1:])
    parts = [int(part) for part in at.split(":")] if at else []
    return ("time", sum(part * 60**i for i, part in enumerate(reversed(parts)))) if parts else None


def put_notes(root: str | os.PathLike[str], file: str, notes: Iterable[str]) -> None:
    """Put notes into a call, each at the end where it was said.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call, relative to the workspace.
    notes : iterable of str
        As one types them.

    Raises
    ------
    InputError, SaveError
        When the call cannot be read or saved.
    """
    root = workspace(root)
    said = _said_where(root, file)
    for note in notes:
        _change_call(root, file, lambda text, note=note: _swap(text, "", note, said))


def take_notes_out(root: str | os.PathLike[str], file: str, notes: Iterable[str]) -> None:
    """Take notes out of a call; those that are not there any more are left alone.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call, relative to the workspace.
    notes : iterable of str
        As one types them.

    Raises
    ------
    InputError, SaveError
        When the call cannot be read or saved.
    """
    gone = set(notes)
    _change_call(
        workspace(root), file, lambda text: [Change("drop", id) for id, words in text.words.items() if words in gone]
    )


def set_side(root: str | os.PathLike[str], file: str, name: str, *, ours: bool) -> None:
    r"""Say whether somebody in a call is one of us; who else is, and all else in it, stays as it stands on disk.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call, relative to the workspace.
    name : str
        As the transcript has it.
    ours : bool
        Whether they are one of us.

    Raises
    ------
    InputError, SaveError
        When the call cannot be read or saved, or the name cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> file = folder / "interviews" / "a.md"
    >>> _ = file.write_text("---\ncustomer: Acme\nus: Ana\n---\n- one\n")
    >>> set_side(folder, "interviews/a.md", "Tom", ours=True)
    >>> print(file.read_text(), end="")
    ---
    customer: Acme
    us: "Ana; Tom"
    ---
    - one
    """
    if ";" in name:
        raise InputError(f"{name!r} has a ; in it, which stands between names; it cannot be said to be one of you")

    def change(call: Call) -> str:
        names = split_us(call.us)
        others = [one for one in names if fold_name(one) != fold_name(name)]
        if ours == (len(others) < len(names)):
            return call.source
        return set_fields(call.source, {"us": "; ".join([*others, name] if ours else others) or None})

    _save(workspace(root), file, change)


def set_theirs(root: str | os.PathLike[str], file: str, name: str) -> None:
    r"""Say that somebody in a call is the customer's: the name stands behind ``who`` from then on.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call, relative to the workspace.
    name : str
        As the transcript has it.

    Raises
    ------
    InputError, SaveError
        When the call cannot be read or saved, or the name cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> file = folder / "interviews" / "a.md"
    >>> _ = file.write_text("---\ncustomer: Acme\nwho: Jane Doe, ops\n---\n- one\n")
    >>> set_theirs(folder, "interviews/a.md", "Ana P."); set_theirs(folder, "interviews/a.md", "Ana P.")
    >>> file.read_text().split("\n")[2]
    'who: "Jane Doe, ops; Ana P."'
    """
    if ";" in name:
        raise InputError(
            f"{name!r} has a ; in it, which stands between names; write it behind  who:  in {file} yourself"
        )
    person = _in_who(name)

    def add(call: Call) -> str:
        known = {fold_name(one) for one, _ in split_people(call.who)}
        both = "; ".join(filter(None, [call.who, person]))
        return call.source if fold_name(person.rstrip(",")) in known else set_fields(call.source, {"who": both})

    _save(workspace(root), file, add)


def unset_theirs(root: str | os.PathLike[str], file: str, name: str) -> None:
    r"""Take somebody out again who stands behind ``who`` since :func:`set_theirs`; with a role that somebody added, they stay.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call, relative to the workspace.
    name : str
        As the transcript has it.

    Raises
    ------
    InputError, SaveError
        When the call cannot be read or saved.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> file = folder / "interviews" / "a.md"
    >>> _ = file.write_text("---\ncustomer: Acme\nwho: Jane Doe, ops lead; Ana P.\n---\n- one\n")
    >>> unset_theirs(folder, "interviews/a.md", "Ana P.")
    >>> file.read_text().split("\n")[2]
    'who: Jane Doe, ops lead'
    """
    person = _in_who(name)

    def take_out(call: Call) -> str:
        left = [part for part in call.who.split(";") if part.strip() != person]
        is_there = len(left) < call.who.count(";") + 1
        return set_fields(call.source, {"who": ";".join(left).strip() or None}) if is_there else call.source

    _save(workspace(root), file, take_out)


def _in_who(name: str) -> str:
    """A name as it stands behind ``who``: one that reads like a role is a name by a comma behind it."""
    plain = without_commas(name)
    return plain if split_people(plain) == ((plain, ""),) else f"{plain},"


def _change_call(root: Path, file: str, changes: Callable[[CallText], list[Change]]) -> None:
    def change(call: Call) -> str:
        text = CallText(call.source)
        return text.apply(*changes(text))[0].source

    _save(root, file, change)


def _save(root: Path, file: str, change: Callable[[Call], str]) -> None:
    """Change a call as it is on disk; where somebody saves it meanwhile, theirs."""

    def once() -> None:
        call, loaded = read_call(root / file, root)
        source = change(call)
        if source != call.source:
            write_call(parse_call(source, call.file), root, loaded=loaded)

    until_saved(once)


def carry_decisions(
    root: str | os.PathLike[str],
    transcript: str,
    old: Transcript,
    new: Transcript,
    *,
    notes: Mapping[str, str],
    us: Iterable[str] = (),
    us_now: Iterable[str] | None = None,
) -> bool:
    """Have what was decided on a transcript hold in another version of it: what is decided is not asked again.

    Parameters
    ----------
    root : path-like
        The workspace.
    transcript : str
        Its name, as the call's field ``transcript`` has it.
    old, new : Transcript
        The version that stands there, and the one that takes its place.
    notes : mapping of str to str
        The call's notes as one types them, each with what it becomes.
    us, us_now : iterable of str
        As in :func:`workbench.refit.refit_notes`.

    Returns
    -------
    bool
        Whether there was anything to add; lines are only added.

    Raises
    ------
    SaveError
        When it cannot be saved.
    """
    known, _ = read_decisions(root, transcript)
    newest = {(one.at, one.words): one for one in known}
    places = _Places(old.turns)
    stand = []  # each decision with its words as a quote where they stand in the old version
    for one in sorted(newest.values(), key=lambda one: one.n):
        place = places.find(one.words, one.at)
        at = cite_turn(old.turns[place.turn], place.turn, place.start) if place else ""
        if at and (at == one.at or one.what != "open"):
            stand.append((one, Note("", "quote", " ".join(one.words.split()), (), at, len(stand))))
    found = refit_notes(old, new, [quote for _, quote in stand], us, us_now)
    now = {one.note.line: _carry(stand[one.note.line][0], one, new, notes) for one in (*found.placed, *found.changed)}
    becomes = {(one.at, one.words): now.get(quote.line, one) for one, quote in stand}
    moved, stay = [], set()
    for key, one in becomes.items():
        there = newest.get((one.at, one.words))
        # Where a first try was stopped, what it added is there already.
        is_there = there and becomes.get((one.at, one.words), there)[1:3] == there[1:3] and there.n > one.n
        if one[:4] != newest[key][:4] and not is_there:
            moved.append(one)
        elif one.what != "open":
            stay.add(one.words)
    # Words that were said more than once would else be found, by their old place, where they are said first.
    left = [key for key, one in becomes.items() if one in moved and key[0] != one.at and key[1] == one.words]
    opened = [Decision("open", at, words) for at, words in left if words not in stay]
    if moved:
        _append(workspace(root), transcript, *opened, *moved)
    return bool(moved)


def _carry(decision: Decision, found: Refit, new: Transcript, notes: Mapping[str, str]) -> Decision:
    """A decision as it is in the new version."""
    words, at = found.text, found.at
    if not any(words in turn.text for turn in new.turns):
        words = found.said
    if (words, at) == (found.note.text, found.note.at):
        words, at = decision.words, decision.at
    kept = decision.kept or decision.note
    note = notes.get(kept, decision.note)
    note = "" if note == format_kept(words, at) else note
    # What bringing in had made of the words stands in the old version's time.
    return decision._replace(words=words, at=at, note=note, was="", instead=decision.n)


def _append(root: Path, transcript: str, *decisions: Decision) -> int:
    """Add decisions, but for those that hold already; gives the `n` of the last."""
    path = _decisions_file(root, transcript)
    number = 0

    def add(old: bytes) -> bytes:
        nonlocal number
        known, _ = parse_decisions(old.decode("utf-8", "replace"), "")
        newest = {(one.at, one.words): one for one in known}
        held = [newest.get((one.at, one.words)) for one in decisions]
        pairs = zip(decisions, held, strict=True)
        new = [one for one, there in pairs if not there or there[:4] != one[:4] or there.n == one.instead]
        if not new:
            number = held[-1].n
            return old
        n = 1 + max((one.n for one in known), default=0)
        lines = "".join(format_decision(one._replace(n=n + i)) for i, one in enumerate(new))
        number = n + len(new) - 1
        head = HEADER if not old else "" if old.endswith((b"\n", b"\r")) else "\n"
        end = "\r\n" if b"\r\n" in old else "\n"
        return old + (head + lines).replace("\n", end).encode()

    _rewrite(path, add)
    return number


def _rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    def once() -> None:
        old = _bytes(path)
        new = change(old or b"")
        if new != (old or b""):
            save_bytes(path, new, expected=None if old is None else fingerprint(old))

    until_saved(once)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path.name} cannot be read ({error.strerror or error}); check that it may be read") from None


# What is typed and not decided yet


def read_drafts(root: str | os.PathLike[str]) -> dict[str, dict[str, str]]:
    """Notes that somebody had begun to write.

    Parameters
    ----------
    root : path-like
        The workspace.

    Returns
    -------
    dict of str to dict
        By what names the candidate, what was typed; worth no more than convenience, so that what cannot be read is none.
    """
    with suppress(ValueError, AttributeError, TypeError, InputError):
        read = json.loads(_bytes(workspace(root) / DRAFTS) or b"{}")
        drafts = read.get("drafts", {}).items()
        return {key: {name: str(text) for name, text in draft.items()} for key, draft in drafts}
    return {}


def save_draft(root: str | os.PathLike[str], key: str, draft: dict[str, str] | None) -> None:
    """Remember what is being typed, or forget it.

    Parameters
    ----------
    root : path-like
        The workspace.
    key : str
        What names the candidate.
    draft : dict of str to str, or None
        What was typed; None once it is decided.

    Raises
    ------
    SaveError
        When it cannot be saved.
    """
    root = workspace(root)

    def change(old: bytes) -> bytes:
        drafts: dict[str, Any] = {name: one for name, one in read_drafts(root).items() if name != key}
        drafts |= {key: draft} if draft else {}
        return (json.dumps({"version": 1, "drafts": drafts}, ensure_ascii=False, indent=1) + "\n").encode()

    if draft or key in read_drafts(root):
        _rewrite(root / DRAFTS, change)
