"""Triage: what of the recorded calls is worth a note, one sentence after the other, a key each."""

from __future__ import annotations

import datetime
import logging
import os
import secrets
from collections import defaultdict
from html import escape
from pathlib import Path
from threading import RLock
from typing import Any

from workbench.call_table import CallRow
from workbench.candidates import Candidate
from workbench.customers import fold_name, split_people
from workbench.errors import InputError
from workbench.importers import NAMELESS, Transcript
from workbench.notes import read_note
from workbench.our_words import registry_people
from workbench.save import SaveError, fingerprint
from workbench.store import read_rows, workspace
from workbench.transcripts import TRANSCRIPTS, TRIAGE
from workbench.triage import (
    Decision,
    Item,
    Sheet,
    decide,
    format_kept,
    open_sheet,
    put_notes,
    put_reviewed,
    read_decisions,
    read_drafts,
    save_draft,
    set_side,
    set_theirs,
    take_notes_out,
    undo,
    unset_theirs,
)
from workbench.who_speaks import Placed, listed_people, place_speakers
from workbench.widgets.drop import DropArea
from workbench.widgets.face import Widget, read_script, read_style

__all__ = ["Triage"]

# What is said beside a sentence of why it is suggested, by the kind of the signal in it.
WHY = {
    "pain": "trouble",
    "intensity": "strong words",
    "workaround": "a workaround",
    "cost": "what it costs",
    "frequency": "how often",
    "trigger": "what sets it off",
    "wish": "a wish",
    "anxiety": "a worry",
    "habit": "a habit",
    "event": "it happened",
    "hypothetical": "only imagined",
    "compliment": "praise",
    "commitment": "a promise",
}
N_AROUND = 2
LIMIT = 200
MUCH = 25  # words


class Triage(Widget):
    """Go through what customers said in recorded calls: keep, make a note of it, or drop, a key each.

    What is kept stands in the call's file at once, and what was decided beside the transcript, so that nothing is asked twice.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    today : str, optional
        The day by which this week is told, ``YYYY-MM-DD``; the computer's by default.

    Raises
    ------
    InputError
        When there is no such workspace.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> "No call has a transcript" in Triage(folder).picture()
    True
    """

    _esm = read_script("pop", "drop", "triage")
    _css = read_style("pop", "drop", "triage")

    def __init__(self, path: str | os.PathLike[str] | None = None, *, today: str | None = None) -> None:
        super().__init__()
        self._root = workspace(path)
        self._today = datetime.date.fromisoformat(today) if today else datetime.date.today()
        self._session = secrets.token_hex(8)
        # With JupyterLab's subshells messages come while a cell runs, in another thread.
        self._lock = RLock()
        self._done: dict[str, str] = {}  # each act obeyed, with why it was refused
        self._numbers: dict[str, int] = {}  # under which number each act's decision stands, to take it back
        self._found: dict[str, str] = {}  # the note that each act found, for when it has to be tried again
        self._seen: dict[str, object] = {}
        self._transcripts: dict[str, str] = {}
        self._drop = DropArea(self._root, lambda message: self.send(message))
        self.on_msg(self._receive)

    def picture(self) -> str:
        """How far each call is, as static HTML.

        Returns
        -------
        str
            HTML without scripts, in one element of the class ``wb-still``.
        """
        rows = self._rows()
        if not rows:
            words = "No call has a transcript yet. Bring some in with  workbench import FILES"
            return f'<div class="wb-still"><p>Triage. {words}</p></div>'
        items = "".join(f"<li>{escape(_title(row))}: {self._count(row)}</li>" for row in rows)
        return f'<div class="wb-still"><p>Triage. Run this cell to go through what was said.</p><ul>{items}</ul></div>'

    def _count(self, row: CallRow) -> str:
        decisions, _ = read_decisions(self._root, row.transcript)
        newest = {(one.at, one.words): one.what for one in decisions}
        kept, dropped = (sum(what == wanted for what in newest.values()) for wanted in ("keep", "drop"))
        return f"{kept} kept, {dropped} dropped"

    def _rows(self) -> list[CallRow]:
        """The calls that have a transcript, the newest first."""
        rows = [row for row in read_rows(self._root, []) if row.transcript]
        self._transcripts = {row.file: row.transcript for row in rows}
        return sorted(rows, key=lambda row: (row.date, row.id), reverse=True)

    # What the views ask for

    def _receive(self, _: Any, message: dict[str, Any], __: Any) -> None:
        with self._lock:
            if "drop" in message:
                self._drop.hear(message["drop"])
                return
            what, view = message.get("what"), message.get("view", "")
            try:
                answer = getattr(self, f"_on_{what}")(message)
            except (InputError, SaveError) as error:
                answer = {"what": "refused", "why": str(error)}
            except Exception as error:  # a PM never sees a traceback; whoever looks for it finds it in the log
                logging.getLogger(__name__).exception("triage could not answer %r", what)
                answer = {
                    "what": "refused",
                    "why": f"the workbench made a mistake ({type(error).__name__}: {error})",
                }
            if answer:
                self.send({**answer, "view": view, "asked": what, "session": self._session})

    def _on_hello(self, _: dict[str, Any]) -> dict[str, Any]:
        rows = self._rows()
        year, week, _day = self._today.isocalendar()
        this_week = [row.file for row in rows if _week(row.date) == (year, week)]
        return {
            "what": "calls",
            "workspace": str(self._root),
            "calls": [{"file": row.file, "title": _title(row)} for row in rows],
            "week": this_week,
            "limit": LIMIT,
            "drafts": read_drafts(self._root),
            "tags": self._read_tags(),
        }

    def _read_tags(self) -> list[dict[str, Any]]:
        """The tags that there are, by how many customers said them."""
        customers: dict[str, set[str]] = defaultdict(set)
        for row in read_rows(self._root, []):
            for tag in row.tags.split():
                customers[tag].add(row.customer)
        found = sorted(customers.items(), key=lambda item: (-len(item[1]), item[0]))
        return [{"tag": tag, "n_customers": len(those)} for tag, those in found]

    def _on_count(self, message: dict[str, Any]) -> dict[str, Any]:
        """How much of a call is left; the face asks for one call after the other, so that nothing else waits for long."""
        file = message["file"]
        try:
            sheet = open_sheet(self._root, file)
        except InputError as error:
            return {"what": "counted", "file": file, "left": 0, "n": 0, "trouble": str(error)}
        return {"what": "counted", "file": file, "left": sheet.n_left, "n": len(sheet.items)}

    def _on_open(self, message: dict[str, Any]) -> dict[str, Any]:
        """The candidates of some calls, the most telling first, with the turns around them."""
        sheets, trouble = [], []
        titles = {row.file: _title(row) for row in self._rows()}
        for file in message["files"]:
            self._seen[file] = self._marks(file)
            try:
                sheets.append(open_sheet(self._root, file))
            except InputError as error:
                trouble.append(str(error))
        ranked = [(item, n) for n, sheet in enumerate(sheets) for item in sheet.items]
        ranked.sort(key=lambda pair: -pair[0].candidate.worth)
        limit = message.get("limit")
        shown = ranked[:limit] if limit else ranked
        return {
            "what": "opened",
            "scope": message["scope"],
            "n": len(ranked),
            "trouble": trouble + [str(problem) for sheet in sheets for problem in sheet.problems],
            "items": [{"call": n, **_show(item, sheets[n].transcript)} for item, n in shown],
            "calls": [
                {
                    "title": titles.get(sheet.call.file, sheet.call.id),
                    **self._standing(sheet),
                    "turns": _turns(sheet, [item for item, of in shown if of == n]),
                }
                for n, sheet in enumerate(sheets)
            ],
        }

    def _on_acts(self, message: dict[str, Any]) -> dict[str, Any]:
        """Do what was decided, in order and each act once."""
        refused = {}
        for act in message["acts"]:
            if act["id"] not in self._done:
                try:
                    self._act(act)
                    self._done[act["id"]] = ""
                except SaveError as error:  # it is tried again
                    refused[act["id"]] = str(error)
                    break
                except InputError as error:
                    self._done[act["id"]] = str(error)
        done = [act["id"] for act in message["acts"] if act["id"] in self._done]
        refused |= {id: self._done[id] for id in done if self._done[id]}
        files = dict.fromkeys(act["file"] for act in message["acts"])
        numbers = {id: self._numbers[id] for id in done if id in self._numbers}
        looks = [self._look(file) for file in files]
        return {"what": "done", "ids": done, "refused": refused, "numbers": numbers, "calls": looks}

    def _act(self, act: dict[str, Any]) -> None:
        file, do = act["file"], act["do"]
        if do == "side":
            set_side(self._root, file, act["name"], ours=act["ours"])
        elif do == "theirs":
            set_theirs(self._root, file, act["name"])
        elif do == "not theirs":
            unset_theirs(self._root, file, act["name"])
        elif do == "out":
            take_notes_out(self._root, file, act["notes"])
        elif do == "back":
            put_notes(self._root, file, act["notes"])
        elif do == "undo":
            # Of a decision that came to nothing there is nothing to take back.
            if number := act.get("n") or self._numbers.get(act.get("of", "")):
                undo(self._root, file, number)
        elif do == "decide":
            self._decide(file, act)
        else:
            raise InputError(f"triage does not know what {do!r} means")

    def _decide(self, file: str, act: dict[str, Any]) -> None:
        item = next((one for one in open_sheet(self._root, file).items if _id(one.candidate) == act["item"]), None)
        what, note = act["what"], ""
        if what == "keep":
            note = _kept(item, act)
        # What a first try of this act has written, and could not note down as decided, is no note by hand.
        if item and item.by_hand and act["id"] not in self._found:
            if what == "keep" and note == item.note:
                return
            raise InputError(
                f"these words stand in {file}, line {item.line}, and were not kept here; change them there"
            )
        was = self._found.setdefault(act["id"], item.note if item and item.line else "")
        self._numbers[act["id"]] = decide(self._root, file, Decision(what, act["at"], act["words"], note), was=was)

    def _on_draft(self, message: dict[str, Any]) -> dict[str, Any]:
        save_draft(self._root, message["key"], message["draft"])
        return {"what": "drafted", "key": message["key"], "n": message["n"]}

    def _on_poll(self, message: dict[str, Any]) -> dict[str, Any]:
        """What has changed on disk."""
        changed = [file for file in message["files"] if self._seen.get(file) != self._marks(file)]
        return {"what": "news", "calls": [self._look(file) for file in changed]}

    def _marks(self, file: str) -> object:
        name = self._transcripts.get(file, "")
        beside = self._root / TRANSCRIPTS
        return [_mark(path) for path in (self._root / file, beside / name, beside / f"{name}{TRIAGE}")]

    def _look(self, file: str) -> dict[str, Any]:
        """How a call stands now."""
        self._seen[file] = self._marks(file)
        try:
            return self._standing(open_sheet(self._root, file))
        except InputError as error:
            return {"file": file, "trouble": str(error)}

    def _standing(self, sheet: Sheet) -> dict[str, Any]:
        placed = self._place(sheet)
        words: dict[str, int] = defaultdict(int)
        for turn in sheet.transcript.turns:
            words[turn.called] += len(turn.text.split())
        return {
            "file": sheet.call.file,
            "date": str(sheet.call.date or ""),
            "left": sheet.n_left,
            "n": len(sheet.items),
            "us": list(sheet.us),
            "speakers": [
                {
                    "name": name,
                    "words": n,
                    "us": fold_name(name) in map(fold_name, sheet.us),
                    "unclear": "" if placed[name].side else placed[name].why,
                    "named": name != NAMELESS,
                    "there": _is_among(name, sheet.call.who),
                }
                for name, n in words.items()
            ],
            "who": sheet.call.who,
            "ours": [{"words": line.words, "line": line.line} for line in sheet.ours],
            "decided": [[n, _id(about)] for n, about in sheet.decided],
            "states": {
                _id(item.candidate): [item.what, item.note, item.line, item.by_hand]
                for item in sheet.items
                if item.what or item.note
            },
            # Other candidates than those that a face has, once the transcript or who is one of us has changed.
            "cut": fingerprint(" ".join(_id(item.candidate) for item in sheet.items).encode()),
        }

    def _place(self, sheet: Sheet) -> dict[str, Placed]:
        """Whose side each speaker is on; the registry is asked only where the call leaves somebody unclear."""
        names = [turn.called for turn in sheet.transcript.turns]
        call = sheet.call
        placed = place_speakers(names, sheet.us, listed_people(call.who, call.customer))
        if all(one.side for one in placed.values()):
            return placed
        people = registry_people(self._root)(call.customer)
        return place_speakers(names, sheet.us, listed_people(call.who, call.customer, people))


def _title(row: CallRow) -> str:
    return ", ".join(part for part in (row.customer, row.who, row.date) if part)


def _week(day: str) -> tuple[int, int] | None:
    try:
        year, week, _ = datetime.date.fromisoformat(day).isocalendar()
    except ValueError:
        return None
    return year, week


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _is_among(name: str, who: str) -> bool:
    """Whether somebody stands behind a call's ``who``, as named there or with more of the name."""
    parts = set(fold_name(name).split())
    return any(parts <= set(fold_name(person).split()) for person, _ in split_people(who))


def _id(candidate: Candidate) -> str:
    return f"{candidate.turn}.{candidate.start}"


def _kept(item: Item | None, act: dict[str, Any]) -> str:
    """The note that keeping makes; where one stands in the call that was not kept here, that one, with its tags."""
    kind, typed = act.get("kind", "quote"), act.get("typed", "")
    if item and item.line and (item.by_hand or not item.what):
        if kind == "quote" and (item.by_hand or act["words"] == item.candidate.text):
            return put_reviewed(item.note, typed)
        tags = read_note(put_reviewed(item.note))[2]
        typed = " ".join([typed, *(f"#{tag}" for tag in tags)])
    return format_kept(act["words"], act["at"], kind=kind, typed=typed)


def _show(item: Item, transcript: Transcript) -> dict[str, Any]:
    """A candidate as the face draws it; JavaScript counts letters beyond the first 65,536 twice."""
    one = item.candidate
    text = transcript.turns[one.turn].text
    marks = [
        [_units(text, one.start + signal.span[0]), _units(text, one.start + signal.span[1]), WHY[signal.kind]]
        for signal in one.signals
    ]
    return {
        "id": _id(one),
        "turn": one.turn,
        "start": _units(text, one.start),
        "end": _units(text, one.end),
        "at": one.at,
        "marks": marks,
        "why": "" if marks else _why(one, transcript),
    }


def _units(text: str, place: int) -> int:
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _why(candidate: Candidate, transcript: Transcript) -> str:
    """Why a sentence without a signal stands where it does."""
    before = transcript.turns[candidate.turn - 1].text if candidate.turn else ""
    if "?" in before:
        return "an answer"
    return "much is said" if len(candidate.text.split()) >= MUCH else "in their own words"


def _turns(sheet: Sheet, items: list[Item]) -> dict[int, list[str]]:
    """Of each turn that is shown with some candidates who speaks and what."""
    turns = sheet.transcript.turns
    near = {
        n
        for item in items
        for n in range(item.candidate.turn - N_AROUND, item.candidate.turn + N_AROUND + 1)
        if 0 <= n < len(turns)
    }
    return {n: [turns[n].called, turns[n].text] for n in sorted(near)}
