"""The board on which a PM corrects themes: passes messages between what is computed and saved, and the face beside it."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from workbench.errors import InputError
from workbench.frontmatter import split_lines
from workbench.notes import KINDS
from workbench.save import SaveError
from workbench.signals import says_it_works
from workbench.store import (
    append_records,
    file_marks,
    read_call,
    read_ledger,
    read_rows,
    read_text,
    who_decides,
    workspace,
)
from workbench.study import Study, read_study
from workbench.themes.acts import (
    keep_apart,
    keep_themes,
    merge_themes,
    move_notes,
    new_theme,
    pin_together,
    redo,
    rename_theme,
    set_aside,
    undo,
)
from workbench.themes.ledger import LEDGER_FILE, Ledger, Record, act_of, shorten_themes
from workbench.widgets.face import Widget, read_script, read_style

if TYPE_CHECKING:
    from workbench.themes import Themes

__all__ = ["ThemeBoard"]

# As the face has them, in this order; see workbench.themes.corrections.Corrected.
REASONS = ("", "placed", "set aside", "pinned", "kept apart", "came along", "joined")
# So many of the cards that a note came along with are named.
N_LIKE = 3
N_LINES_AROUND = 4
N_PICTURED, N_NOTES_PICTURED = 12, 3
_ACT_ID = re.compile(r"[0-9a-f]{8}")

PICTURE = """<div class="wb-still">
<p><strong>{{ title }}</strong><br>{{ moment }}</p>
{% if themes %}<ol>
{% for theme in themes %}<li><strong>{{ theme.n }} of {{ total }}</strong> customers: <bdi>{{ theme.title }}</bdi>
<ul>{% for note in theme.notes %}<li><bdi>{{ note.text }}</bdi> ({{ note.customer }}, {{ note.place }})</li>{% endfor %}
{% if theme.more %}<li>{{ theme.more }}</li>{% endif %}</ul></li>
{% endfor %}</ol>{% endif %}
{% if more %}<p>{{ more }}</p>{% endif %}
</div>"""


@dataclass(frozen=True)
class _Look:
    """What the board shows: the study, its themes, and the number by which the face knows each theme.

    A theme's number stays the same while its id changes, from "T3" to a lasting one or to another rank, so that an act means
    the theme that the PM saw, whatever was done meanwhile in another tab.
    """

    study: Study
    themes: Themes
    keys: dict[str, int]
    registry: str

    def theme(self, key: Any) -> str:
        for theme, number in self.keys.items():
            if number == key:
                return theme
        raise InputError("this theme is not there any more: it was merged or taken back meanwhile; choose another one")

    def notes(self) -> list[tuple[int, int, tuple[int, ...]]]:
        """Of each note its theme's number, why it is there, and the cards that it came along with."""
        notes = self.themes.notes
        row_of = {note: i for i, note in enumerate(notes["note"])}
        like = {
            row_of[note]: tuple(row_of[card] for card in cards[:N_LIKE])
            for note, cards in self.themes.came_along.items()
        }
        return [
            (self.keys.get(theme, 0), REASONS.index(reason), like.get(i, ()))
            for i, (theme, reason) in enumerate(zip(notes["theme"], notes["reason"], strict=True))
        ]

    def rows(self) -> list[dict[str, Any]]:
        """The themes, most customers first."""
        short = shorten_themes(self.keys)
        row_of = {note: i for i, note in enumerate(self.themes.notes["note"])}
        return [
            {
                "key": self.keys[row.theme],
                "id": short[row.theme] if row.theme.startswith("T-") else "",
                "name": row.name,
                "claim": row.claim,
                "n": row.n_customers,
                "segments": dict(row.segments),
                "notes": [row_of[note] for note in row.notes],
            }
            for row in self.themes.summary.itertuples(index=False)
        ]


class ThemeBoard(Widget):
    r"""Correct themes by hand: rename, merge, make new ones, move, leave out, pin, keep apart, undo.

    Each correction is an act of the ledger (:mod:`workbench.themes.acts`) and on disk before the board says so.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    by : str, optional
        Who decides; by default the environment's ``WORKBENCH_BY``, else your name on this computer.
    today : str, optional
        The day to write down, ``YYYY-MM-DD``; by default today.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- Filters reset\n")
    >>> board = ThemeBoard(folder.parent, by="ana")
    >>> "Filters reset" in board.picture()
    True
    """

    _esm = read_script("theme_board")
    _css = read_style("theme_board")

    def __init__(
        self, path: str | os.PathLike[str] | None = None, *, by: str | None = None, today: str | None = None
    ) -> None:
        super().__init__()
        self._path, self._by, self._today = path, by, today
        self._lock = RLock()  # while a cell runs, JupyterLab has messages handled in another thread
        self._version = self._reads = self._last_key = 0
        self._look: _Look | None = None
        self._past: dict[frozenset[str], int] = {}
        self._trouble = ""
        self._stamp: object = None
        self._news: dict[str, Any] = {}
        self._read()
        self.on_msg(lambda _, message, buffers: self.answer(message))

    def answer(self, message: dict[str, Any]) -> None:
        """Do what the face asks for, and tell every view what came of it.

        Parameters
        ----------
        message : dict
            ``what``: "hello" (send everything), "act" (with ``act``: ``id``, ``do`` and what that needs), "note" (where it
            was said), "poll" (is there anything new on disk), "read" (take it in); and ``view``, which asks.
        """
        with self._lock:
            what = message.get("what")
            try:
                if what == "hello":
                    self._send_all(message)
                elif what == "read":
                    self._read()
                    self._send_all({})
                elif what == "poll":
                    self.send({"what": "alive", "view": message["view"], **self._look_for_news()})
                elif what == "note":
                    self.send({"what": "note", "view": message["view"], **self._where_said(message["note"])})
                elif what == "act":
                    self._act(message["act"])
            except (InputError, SaveError) as error:
                self._fail(message, str(error), again=isinstance(error, SaveError))
            except Exception as error:  # a PM never sees a traceback; whoever looks for it finds it in the log
                logging.getLogger(__name__).exception("the theme board could not answer %r", what)
                self._fail(message, f"the workbench made a mistake ({type(error).__name__}: {error})", again=True)

    def picture(self) -> str:
        """The themes with their counts and first notes as static HTML, the same bytes for the same study.

        Returns
        -------
        str
            HTML without scripts, in one element of the class ``wb-still``.
        """
        with self._lock:
            return Environment(autoescape=True).from_string(PICTURE).render(**_picture(self._look, self._trouble))

    def _read(self) -> None:
        """Read everything from disk; what cannot be read is said on the board."""
        from workbench.themes import find_themes  # slow to load, and the other widgets do without

        try:
            root = workspace(self._path)
            stamp = file_marks(root, *BESIDE)
            study = read_study(root)
            themes = find_themes(study.notes, study.ledger)
        except InputError as error:
            if self._look:  # what is shown stays, and the reason is said
                raise
            self._trouble = str(error).replace("with -w DIR", 'as in ThemeBoard("DIR")')
            return
        self._trouble, self._stamp, self._news = "", stamp, {}
        self._look = self._next(study, themes)
        self._version += 1
        self._reads += 1

    def _next(self, study: Study, themes: Themes) -> _Look:
        """The next look; a theme that is still there keeps its number."""
        from workbench.themes.changes import theme_changes

        before = self._look
        members = {row.theme: frozenset(row.notes) for row in themes.summary.itertuples(index=False)}
        keys = _same(before, themes) if before else {}
        candidates = [
            (theme, self._past.get(notes)) for theme, notes in members.items()
        ]  # what undo brings back as it was
        if before:
            changes = theme_changes(before.themes, themes)
            pairs = zip(changes["before"], changes["after"], strict=True)
            candidates += [(after, before.keys[was]) for was, after in pairs if was and after]
        for theme, key in candidates:
            if theme not in keys and key is not None and key not in keys.values():
                keys[theme] = key
        for theme in members:
            if theme not in keys:
                self._last_key += 1
                keys[theme] = self._last_key
        self._past |= {notes: keys[theme] for theme, notes in members.items()}
        registry = before.registry if before and before.study.notes is study.notes else _registry(study.root)
        return _Look(study, themes, keys, registry)

    def _send_all(self, message: dict[str, Any]) -> None:
        board: dict[str, Any] = {"what": "board", "version": self._version, "view": message.get("view", "")}
        if self._trouble:
            self.send(board | {"trouble": self._trouble})
            return
        look = self._look
        assert look is not None
        done = {act_of(record) for record in look.themes.ledger.records}
        board["reads"] = self._reads
        board["on_disk"] = [id for id in message.get("asked", []) if id in done]
        self.send(board | _everything(look) | {"status": self._status(look)})

    def _signed(self) -> dict[str, str]:
        return {"by": self._by or who_decides(), "date": self._today or date.today().isoformat()}

    def _act(self, act: dict[str, Any]) -> None:
        """One act: on disk, then worked out, then told."""
        if not self._look:
            raise InputError(self._trouble)
        before, id = self._look, str(act.get("id"))
        ledger = read_ledger(before.study.root)
        # A message that is sent again, since its answer was lost, is no second act.
        if id not in {act_of(record) for record in ledger.records}:
            if act.get("reads", self._reads) != self._reads:  # its notes are numbered as they were before
                raise InputError("other notes were taken in meanwhile; look again, and do it once more")
            records = self._records(before, act, ledger)
            if not records:
                self._fail({"what": "act", "act": act}, "The theme is kept as it is already.", again=False, quiet=True)
                return
            ledger = append_records(before.study.root, records)
        self.send({"what": "saved", "id": id})
        self._look = self._next(replace(before.study, ledger=ledger), before.themes.regroup(ledger))
        self._version += 1
        self._news = {}
        self.send(
            {"what": "changed", "from": self._version - 1, "to": self._version, "act": act}
            | _difference(before, self._look)
            | {"followed": _followed(before, self._look, act), "status": self._status(self._look)}
        )

    def _records(self, look: _Look, act: dict[str, Any], ledger: Ledger) -> list[Record]:
        """What the PM did, as records."""
        themes, signed = look.themes, self._signed()
        if _ACT_ID.fullmatch(str(act.get("id"))):
            signed["new_id"] = lambda: act["id"]
        ids = themes.notes["note"]

        def notes() -> list[str]:
            return [str(ids[int(i)]) for i in act["notes"]]

        match act["do"]:
            case "rename":
                return rename_theme(themes, look.theme(act["theme"]), act["name"], **signed)
            case "merge":
                into = look.theme(act["into"])
                records = merge_themes(themes, look.theme(act["theme"]), into, **signed)
                return records + _also_name(themes, into, act.get("name", ""), records, signed)
            case "new":
                return new_theme(themes, notes(), act.get("name", ""), **signed)
            case "move":
                return move_notes(themes, notes(), look.theme(act["theme"]), **signed)
            case "aside":
                return set_aside(themes, notes(), **signed)
            case "pin":
                return pin_together(themes, *notes(), **signed)
            case "apart":
                return keep_apart(themes, *notes(), **signed)
            case "keep":
                return keep_themes(themes, look.theme(act["theme"]) if act.get("theme") else None, **signed)
            case "undo":
                return undo(ledger, **signed)
            case "redo":
                return redo(ledger, **signed)
        raise InputError(f"{act['do']!r} is nothing that the board can do; run the cell again")

    def _fail(self, message: dict[str, Any], why: str, *, again: bool, quiet: bool = False) -> None:
        failed = {"what": "failed", "view": message.get("view", ""), "why": why, "again": again, "quiet": quiet}
        if message.get("what") == "act":
            failed["id"] = message["act"].get("id")
        self.send(failed)

    def _status(self, look: _Look) -> dict[str, Any]:
        ledger, signed = look.themes.ledger, self._signed()
        return {
            "file": LEDGER_FILE,
            "undo": _to_take_back(undo, ledger, signed),
            "redo": _to_take_back(redo, ledger, signed),
            "problems": [str(problem) for problem in [*look.themes.problems, *look.study.problems]],
            "uncounted": len(look.themes.uncounted),
            "corrected": bool(ledger.records),
        }

    def _look_for_news(self) -> dict[str, Any]:
        """What is on disk and not on the board, in numbers; looked at only where a file has changed."""
        if not self._look:
            return {"news": {"readable": True}} if _can_be_read(self._path) else {}
        look = self._look
        stamp = file_marks(look.study.root, *BESIDE)
        if stamp != self._stamp or self._news:
            if stamp != self._stamp:
                self._news = _news(look)
                self._stamp = stamp
            return {"news": self._news} if self._news else {}
        return {}

    def _where_said(self, i: int) -> dict[str, Any]:
        """A note in its call, with the lines around it, as the file is now."""
        if not self._look:
            raise InputError(self._trouble)
        row = self._look.themes.notes.iloc[int(i)]
        root = self._look.study.root
        call, _ = read_call(root / str(row["file"]), root)
        line = next((note.line for note in call.notes if note.id == row["note"]), int(row["line"]))
        lines = [text.rstrip("\r\n") for text in split_lines(call.source)]
        first, last = max(1, line - N_LINES_AROUND), line
        while last < len(lines) and lines[last].strip() and lines[last][0] in " \t":  # an indented line goes on with it
            last += 1
        return {
            "note": int(i),
            "file": call.file,
            "line": line,
            "who": call.who,
            "at": str(row["at"]),
            "first": first,
            "last": last,
            "lines": lines[first - 1 : last + N_LINES_AROUND],
            "moved": all(note.id != row["note"] for note in call.notes),
        }


def _same(before: _Look, themes: Themes) -> dict[str, int]:
    """The numbers of lasting themes: by their id, and of those that last only now by the notes that were written down for them.

    How much two looks share says less: of two themes that were merged, or split in halves, it may choose the other.
    """
    there = {*themes.summary["theme"], *themes.decisions.themes}  # one that has lost its notes may get them back
    keys = {theme: key for theme, key in before.keys.items() if theme in there and theme.startswith("T-")}
    was = dict(zip(before.themes.notes["note"], before.themes.notes["theme"], strict=True))
    theme_of = {record.id: str(record.theme) for record in themes.ledger.records}
    votes: dict[str, Counter[int]] = {}
    for note, record in themes.decisions.anchored_by.items():
        theme = theme_of[record]
        if theme in there and theme not in keys and was.get(note):
            votes.setdefault(theme, Counter())[before.keys[was[note]]] += 1
    for theme, counted in votes.items():
        key = counted.most_common(1)[0][0]
        if key not in keys.values():
            keys[theme] = key
    return keys


def _everything(look: _Look) -> dict[str, Any]:
    """All that the face needs, by columns, so that thousands of notes are small."""
    notes = look.themes.notes
    calls = notes.drop_duplicates("call")
    call_row = {call: i for i, call in enumerate(calls["call"].astype(str))}
    customers = sorted({*notes["customer"].astype(str), *look.themes.takes["customer"].astype(str)})
    customer_row = {customer: i for i, customer in enumerate(customers)}
    segment_of = dict(zip(notes["customer"].astype(str), notes["segment"].astype(str), strict=True))
    ids = notes["note"].astype(str)
    states = look.notes()
    return {
        "total": look.themes.n_customers,
        "customers": customers,
        "segments": [segment_of.get(customer, "") for customer in customers],
        "calls": {
            "id": list(call_row),
            "file": calls["file"].astype(str).tolist(),
            "day": [_day(day) for day in calls["date"]],
            "customer": [customer_row[name] for name in calls["customer"].astype(str)],
        },
        "kinds": list(KINDS),
        "reasons": list(REASONS),
        "notes": {
            "call": [call_row[call] for call in notes["call"].astype(str)],
            "id": [id.rpartition("#")[2] for id in ids],
            "kind": [KINDS.index(kind) for kind in notes["kind"].astype(str)],
            "text": notes["text"].tolist(),
            "tags": {i: list(tags) for i, tags in enumerate(notes["tags"]) if tags},
            "line": notes["line"].tolist(),
            "works": [i for i, text in enumerate(notes["text"]) if says_it_works(text)],
            "theme": [state[0] for state in states],
            "reason": [state[1] for state in states],
            "like": {i: list(state[2]) for i, state in enumerate(states) if state[2]},
        },
        "themes": look.rows(),
    }


def _difference(before: _Look, after: _Look) -> dict[str, Any]:
    """What an act changed: notes whose theme or reason is another, themes that differ, and the order."""
    changed = [
        (i, *state) for i, (was, state) in enumerate(zip(before.notes(), after.notes(), strict=True)) if was != state
    ]
    old = {row["key"]: row for row in before.rows()}
    rows = after.rows()
    return {
        "notes": {
            "at": [i for i, *_ in changed],
            "theme": [theme for _, theme, *_ in changed],
            "reason": [reason for _, _, reason, _ in changed],
            "like": {i: list(like) for i, _, _, like in changed if like},
        },
        "themes": [row for row in rows if row != old.get(row["key"])],
        "order": [row["key"] for row in rows],
    }


def _followed(before: _Look, after: _Look, act: dict[str, Any]) -> list[list[int]]:
    """Notes that are elsewhere now though the PM did not put them there: each with where it was."""
    if act["do"] in ("undo", "redo", "keep", "rename"):
        return []
    own = set(act.get("notes", ()))
    into = (act.get("theme"), act.get("into")) if act["do"] == "merge" else ()
    return [
        [i, was[0]]
        for i, (was, now) in enumerate(zip(before.notes(), after.notes(), strict=True))
        if was[0] != now[0] and i not in own and (was[0], now[0]) != into
    ]


def _also_name(themes: Themes, into: str, name: str, records: list[Record], signed: dict[str, Any]) -> list[Record]:
    """The record that names what two themes become, as a part of the act that merges them."""
    if not name:
        return []
    named = rename_theme(themes, into, name, **signed)[-1]
    id = f"{act_of(records[0])}-{len(records) + 1}"
    return [replace(named, id=id, theme=records[-1].into, seen=(), until="")]


def _to_take_back(how: Any, ledger: Ledger, signed: dict[str, str]) -> str:
    """What undo or redo would be about, in words; empty when there is nothing."""
    try:
        ids = {id for record in how(ledger, **signed) for id in record.of}
    except InputError:
        return ""
    taken = [record for record in ledger.records if record.id in ids]
    while taken and all(record.kind == "undo" for record in taken):
        ids = {id for record in taken for id in record.of}
        taken = [record for record in ledger.records if record.id in ids]
    kinds = {record.kind for record in taken}
    placed = [record for record in taken if record.kind == "place"]
    n = sum(len(record.notes) for record in placed)
    some = f"{n} note{'s' if n != 1 else ''}"
    if "merge" in kinds:
        return "merge"
    if "link" in kinds:
        return "pin" if any(record.how == "together" for record in taken) else "keep apart"
    if placed:
        new = {record.theme for record in taken if record.kind == "theme" and not record.notes}
        if placed[0].theme is None:
            return f"leave out {some}"
        return f"new theme of {some}" if placed[0].theme in new else f"move of {some}"
    if any(record.name for record in taken):
        return "rename"
    return "keep" if taken else ""


def _registry(root: Path) -> str:
    return read_text(root / "discovery" / "customers.yaml")


def _can_be_read(path: Any) -> bool:
    try:
        workspace(path)
    except InputError:
        return False
    return True


# What tells of corrections and of who counts, beside the calls.
BESIDE = (LEDGER_FILE, "discovery/customers.yaml")
# As the rows of calls have it: a digit a note.
TAKE = str(KINDS.index("take"))


def _news(look: _Look) -> dict[str, Any]:
    rows = read_rows(look.study.root, [])
    # The PM's own takes are not on the board.
    now = {
        f"{row.id}#{id}": row.id
        for row in rows
        for id, kind in zip(row.ids.split("\n"), row.kinds, strict=False)
        if id and kind != TAKE
    }
    then = set(look.study.notes.loc[look.study.notes["kind"] != "take", "note"].astype(str))
    new = now.keys() - then
    known = {record.id for record in look.themes.ledger.records}
    others = [record for record in read_ledger(look.study.root).records if record.id not in known]
    news = {
        "notes": len(new),
        "calls": len({now[note] for note in new}),
        "gone": len(then - now.keys()),
        "acts": len({act_of(record) for record in others}),
        "by": sorted({record.by for record in others}),
        "customers": look.registry != _registry(look.study.root),
    }
    return news if news["notes"] or news["gone"] or news["acts"] or news["customers"] else {}


def _picture(look: _Look | None, trouble: str) -> dict[str, Any]:
    if not look:
        return {"title": "Themes", "moment": trouble, "themes": []}
    themes, notes = look.themes, look.themes.notes
    rows = {row.note: row for row in notes.itertuples(index=False)}
    n_calls, n_acts = notes["call"].nunique(), len({act_of(record) for record in themes.ledger.records})
    last = _day(notes["date"].max()) if len(notes) else ""
    title = f"Themes of {_count(len(notes), 'note')} from {_count(n_calls, 'call')}"
    acts = f"{_count(n_acts, 'correction')} so far" if n_acts else "no corrections"
    moment = f"The last call was on {last}; {acts}. " if last else ""
    moment += "This is a picture of how it was when the cell ran: run it again to correct themes."
    shown = []
    for row in themes.summary.head(N_PICTURED).itertuples(index=False):
        shown.append(
            {
                "n": row.n_customers,
                "title": row.name or row.claim,
                "notes": [_pictured(rows[note]) for note in row.notes[:N_NOTES_PICTURED]],
                "more": _more(len(row.notes) - N_NOTES_PICTURED, "note"),
            }
        )
    left = themes.left_out
    more = [_more(len(themes.summary) - N_PICTURED, "theme"), f"{_count(len(left), 'note')} in no theme"]
    if not shown:
        more += [_pictured(row)["text"] for row in left.head(N_NOTES_PICTURED).itertuples(index=False)]
    return {
        "title": title,
        "moment": moment,
        "themes": shown,
        "total": themes.n_customers,
        "more": "; ".join(part for part in more if part),
    }


def _pictured(row: Any) -> dict[str, str]:
    text = f"“{row.text}”" if str(row.kind) == "quote" else row.text
    return {"text": text, "customer": str(row.customer), "place": f"{row.file}:{row.line}"}


def _day(day: Any) -> str:
    return "" if day != day or day is None else str(day)[:10]  # what is not a time is not equal to itself


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'s' if n != 1 else ''}"


def _more(n: int, noun: str) -> str:
    return f"and {_count(n, f'more {noun}')}" if n > 0 else ""
