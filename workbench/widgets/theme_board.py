"""The board on which a PM corrects themes: passes messages between what is computed and saved, and the face beside it."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment

from workbench.customers import said_by_us
from workbench.errors import InputError
from workbench.frontmatter import split_lines
from workbench.notes import KINDS
from workbench.save import SaveError
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
from workbench.themes.ledger import LEDGER_FILE, Ledger, Record, act_of
from workbench.themes.replay import live_records
from workbench.widgets.board_look import TRAY, Cards, Look
from workbench.widgets.face import Widget, read_script, read_style

if TYPE_CHECKING:
    from workbench.themes import Themes

__all__ = ["ThemeBoard"]

# Up to so many notes are sent at once; of more, those that come into sight.
WHOLE = 5000
# Of a large board so many notes of so many themes come with the first message, and so many of those that followed are shown.
N_FIRST, N_OPEN, N_FOLLOWED = 12, 12, 200
# At most so many notes are selected at once on a large board, and so many are asked for in one message.
N_ASKED = 1000
N_LINES_AROUND = 4
# Around a row of a table, of each so many letters.
N_ROWS_AROUND, N_LETTERS = 2, 1000
# The themes of so many acts are kept, so that taking one of them back shows at once.
N_KNOWN = 4
N_PICTURED, N_NOTES_PICTURED = 12, 3
# From these nothing follows that is told.
QUIET = ("undo", "redo", "keep", "rename")
_ACT_ID = re.compile(r"[0-9a-f]{8}")

PICTURE = """<div class="wb-still">
<p><strong>{{ title }}</strong><br>{{ moment }}</p>
{% if themes %}<ol>
{% for theme in themes %}<li><strong>{{ "{:,}".format(theme.n) }} of {{ "{:,}".format(total) }}</strong> customers: <bdi>{{ theme.title }}</bdi>
<ul>{% for note in theme.notes %}<li><bdi>{{ note.text }}</bdi> ({{ note.customer }}, {{ note.place }})</li>{% endfor %}
{% if theme.more %}<li>{{ theme.more }}</li>{% endif %}</ul></li>
{% endfor %}</ol>{% endif %}
{% if more %}<p>{{ more }}</p>{% endif %}
</div>"""


class _Overtaken(Exception):
    """What is worked out follows from no more than a part of what was decided by now."""


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

    _esm = read_script("theme_board", "board_pages")
    _css = read_style("theme_board")

    def __init__(
        self, path: str | os.PathLike[str] | None = None, *, by: str | None = None, today: str | None = None
    ) -> None:
        super().__init__()
        self._path, self._by, self._today = path, by, today
        self._lock = RLock()  # while a cell runs, JupyterLab has messages handled in another thread
        self._version = self._reads = self._last_key = 0
        self._look: Look | None = None
        self._past: dict[tuple[int, int], int] = {}
        self._known: dict[frozenset[str], Themes] = {}  # by what was decided, of the last acts
        self._cards_of: dict[int, Cards] = {}  # by reading: this one's, and those of the one before it
        self._fresh: np.ndarray | None = None  # which notes the reading before did not have
        # What a large board takes seconds for is done beside, while the rest is answered: what the PM does, one act after the
        # other; and what follows from it, which is dropped where another act has come meanwhile.
        self._acting, self._following = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._turn = RLock()  # who makes the next look
        self._n_beside = 0
        self._led: dict[str, Any] | None = None  # the last act from which something may follow that was not told yet
        self._drift: list[str] = []  # that the newest week fits the themes no more
        self._trouble = ""
        self._stamp: object = None
        self._read_at: dict[str, Any] = {}
        self._news: dict[str, Any] = {}
        self._read()
        self.on_msg(lambda _, message, buffers: self.answer(message))

    def answer(self, message: dict[str, Any]) -> None:
        """Do what the face asks for, and tell every view what came of it.

        Parameters
        ----------
        message : dict
            ``what``: "hello" (send everything), "act" (with ``act``: ``id``, ``do`` and what that needs), "note" (where it
            was said), "poll" (is there anything new on disk), "read" (take it in); of a large board also "cards" (notes of
            its lists), "find" (how many each list has under a search) and "after" (counts as they would be); and ``view``,
            which asks.
        """
        answers: dict[str, Callable[[dict[str, Any]], None]] = {
            "hello": self._send_all,
            "read": self._read_anew,
            "poll": self._send_news,
            "note": self._send_note,
            "cards": self._send_cards,
            "find": self._send_found,
            "after": self._send_after,
            "act": self._act,
        }
        do = answers.get(str(message.get("what")))
        if do and self._large and message["what"] in ("read", "act"):
            self._do_beside(self._acting, do, message)
        elif do:
            with self._lock:
                self._try(do, message)

    def _do_beside(
        self, where: ThreadPoolExecutor, do: Callable[[dict[str, Any]], None], message: dict[str, Any]
    ) -> None:
        self._n_beside += 1

        def one() -> None:
            try:
                self._try(do, message)
            finally:
                self._n_beside -= 1

        where.submit(one)

    def _try(self, do: Callable[[dict[str, Any]], None], message: dict[str, Any]) -> None:
        """Do what is asked; what goes wrong is told to whoever asked."""
        try:
            do(message)
        except (InputError, SaveError) as error:
            self._fail(message, str(error), again=isinstance(error, SaveError))
        except Exception as error:  # a PM never sees a traceback; whoever looks for it finds it in the log
            logging.getLogger(__name__).exception("the theme board could not answer %r", message.get("what"))
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

    @property
    def _large(self) -> bool:
        """Whether the notes are too many to be sent at once."""
        return self._look is not None and len(self._look.cards) > WHOLE

    def _read(self) -> None:
        """Read everything from disk; what cannot be read is said on the board."""
        from workbench.themes import find_themes  # slow to load, and the other widgets do without

        try:
            root = workspace(self._path)
            stamp = file_marks(root, *BESIDE)
            study = read_study(root)
            themes = find_themes(study.notes, study.ledger)
            drift = _say_drift(themes)
        except InputError as error:
            if self._look:  # what is shown stays, and the reason is said
                raise
            self._trouble = str(error).replace("with -w DIR", 'as in ThemeBoard("DIR")')
            return
        with self._turn:
            before, look = self._look, self._next(study, themes)
            fresh = ~look.cards.notes["note"].isin(before.cards.ids).to_numpy() if before else None
            with self._lock:
                self._trouble, self._stamp, self._news, self._read_at = "", stamp, {}, stamp
                self._look, self._fresh, self._led, self._drift = look, fresh, None, drift
                self._known = {}
                self._know(look)
                self._version += 1
                self._reads += 1
                last = {self._reads - 1: before.cards} if before else {}
                self._cards_of = last | {self._reads: look.cards}

    def _read_anew(self, _: dict[str, Any]) -> None:
        self._read()
        with self._lock:
            self._send_all({})

    def _next(self, study: Study, themes: Themes) -> Look:
        """The next look; a theme that is still there keeps its number."""
        from workbench.themes.changes import follow_themes  # slow to load

        before = self._look
        same = before is not None and before.study.notes is study.notes
        cards = before.cards if before and same else Cards(themes.notes, themes.takes)
        registry = before.registry if before and same else _registry(study.root)
        keys = _same(before, themes) if before else {}
        # A theme is told by its notes: so undo brings it back as it was.
        told = cards.fingerprints(themes.notes["theme"])
        marks = {theme: told[theme] for theme in themes.summary["theme"]}
        candidates = [(theme, self._past.get(mark)) for theme, mark in marks.items()]
        if before:
            pairs = follow_themes(before.themes, themes)
            candidates += [(after, before.keys[was]) for was, after in pairs.items()]
        for theme, key in candidates:
            if theme not in keys and key is not None and key not in keys.values():
                keys[theme] = key
        for theme in marks:
            if theme not in keys:
                self._last_key += 1
                keys[theme] = self._last_key
        self._past |= {mark: keys[theme] for theme, mark in marks.items()}
        return Look(study, themes, keys, cards, registry)

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
        board |= look.everything() | {"status": self._status(look), "large": self._large}
        if not self._large:
            board |= look.notes() | {"themes": _with_notes(look)}
        else:
            lists = {key: rows[:N_FIRST] for key, rows in look.members.items()}
            shown = [TRAY, *(row["key"] for row in look.rows[:N_OPEN])]
            board |= self._notes(look, [row for key in shown for row in lists[key].tolist()])
            board["lists"] = [[key, 0, lists[key].tolist()] for key in shown]
            board["n_left"] = len(look.members[TRAY])
            board["working"] = self._n_beside > 0
            board |= look.choices()
            if self._fresh is not None and self._fresh.any():
                in_themes = look.of_note[self._fresh]
                n_left = int((in_themes == TRAY).sum())
                n_themes = len(set(in_themes.tolist()) - {TRAY})
                board["fresh"] = {"n": len(in_themes), "themes": n_themes, "left": n_left}
        self.send(board)
        if self._large:
            self._following.submit(lambda: look.cards.words)  # before somebody searches

    # Of a large board: what has come into sight.

    def _notes(self, look: Look, rows: Any) -> dict[str, Any]:
        """Some notes, as the face has them."""
        told = look.notes(rows)
        if self._fresh is not None:
            told["notes"]["fresh"] = [i for i in told["notes"]["at"] if self._fresh[i]]
        return told

    def _send_cards(self, message: dict[str, Any]) -> None:
        """Parts of lists, the place of a note in its list, and single notes: whatever of it the face asks for."""
        look = self._look
        if not look or message["version"] != self._version:
            return  # the face asks again once it has heard of the newer one
        lists = look.lists(message["find"], bool(message["newest"]))
        told, rows = [], [int(i) for i in message.get("notes", ())]
        for key, first, until in message.get("lists", ()):
            some = lists.get(key, np.empty(0, dtype=int))[first : min(until, first + N_ASKED)].tolist()
            told.append([key, first, some])
            rows += some
        place = None
        if (note := message.get("place")) is not None:
            key = int(look.of_note[note])
            at = np.flatnonzero(lists[key] == note)
            place = [key, int(at[0]) if len(at) else -1, note]
            rows.append(note)
        self._reply("cards", message, self._notes(look, rows) | {"lists": told, "place": place})

    def _send_found(self, message: dict[str, Any]) -> None:
        """How many notes each list has under a search."""
        look = self._look
        if not look:
            return
        lists = look.lists(message["find"], bool(message["newest"]))
        n, customers = {key: len(rows) for key, rows in lists.items()}, look.count(lists.values())
        self._reply("found", message, {"n": n, "customers": customers})

    def _send_after(self, message: dict[str, Any]) -> None:
        """How many customers themes would have after a move or a merge, and how many those would keep that it takes from."""
        look = self._look
        if not look:
            return
        if message.get("theme"):
            moved = look.members.get(message["theme"], np.empty(0, dtype=int))
        else:
            moved = np.array([int(i) for i in message["notes"]], dtype=int)
        sources = (
            {}
            if message.get("theme")
            else {int(key): look.kept(int(key), moved) for key in set(look.of_note[moved].tolist()) - {TRAY}}
        )
        self._reply("after", message, {"n": look.after(moved), "kept": sources})

    def _reply(self, what: str, message: dict[str, Any], told: dict[str, Any]) -> None:
        """Answer a view, saying which of its questions it is and of which version."""
        back = {"view": message["view"], "number": message["number"], "version": self._version}
        self.send({"what": what, **back, **told})

    def _signed(self) -> dict[str, str]:
        return {"by": self._by or who_decides(), "date": self._today or date.today().isoformat()}

    def _act(self, message: dict[str, Any]) -> None:
        """One act: on disk, then worked out, then told."""
        from workbench.themes.meanwhile import themes_meanwhile  # slow to load

        act = message["act"]
        if not self._look:
            raise InputError(self._trouble)
        before, id = self._look, str(act.get("id"))
        ledger = read_ledger(before.study.root)
        # A message that is sent again, since its answer was lost, is no second act.
        if id not in {act_of(record) for record in ledger.records}:
            act = self._as_numbered_now(before, act)
            records = self._records(before, act, ledger)
            if not records:
                self._fail(message, "The theme is kept as it is already.", again=False, quiet=True)
                return
            ledger = append_records(before.study.root, records)
        self.send({"what": "saved", "id": id})
        with self._turn:
            before, themes = self._look, None  # what followed from an earlier act may have come
            if self._large:
                back = act["do"] in ("undo", "redo")
                themes = self._as_before(ledger) if back else themes_meanwhile(before.themes, ledger)
            if themes is None:
                self._show(before, before.themes.regroup(ledger), act)
            else:
                self._show(before, themes, act, working=True)
                self._led = self._led if act["do"] in QUIET else act
                self._do_beside(self._following, self._follow, {"what": "follow", "act": act, "look": self._look})

    def _as_before(self, ledger: Ledger) -> Themes | None:
        """The themes as they were when the same was decided, if that was shown not long ago."""
        known, now = self._known.get(_holding(ledger)), self._look.themes.decisions
        if known is None:
            return None
        decisions = replace(known.decisions, seen=now.seen, seen_until=now.seen_until)
        return replace(known, ledger=ledger, decisions=decisions, worked_out={})

    def _follow(self, message: dict[str, Any]) -> None:
        """What follows from acts, of a large board; where another act has come meanwhile, it follows from that one."""
        before = message["look"]

        def go_on(_: float = 0) -> None:
            if self._look is not before:
                raise _Overtaken

        with suppress(_Overtaken):
            go_on()
            themes = before.themes.regroup(before.themes.ledger, progress=go_on)
            with self._turn:
                if self._look is before:
                    self._show(before, themes, self._led or message["act"])

    def _show(self, before: Look, themes: Themes, act: dict[str, Any], *, working: bool = False) -> None:
        """Tell what an act has changed."""
        look = self._next(replace(before.study, ledger=themes.ledger), themes)
        told = self._difference(before, look, act) | {"status": self._status(look)}
        with self._lock:
            self._look = look
            self._know(look)
            self._led = self._led if working else None
            self._version += 1
            self._news = {}
            step = {"from": self._version - 1, "to": self._version, "act": act, "working": working}
            self.send({"what": "changed"} | step | told)

    def _know(self, look: Look) -> None:
        held = _holding(look.themes.ledger)
        self._known.pop(held, None)
        self._known[held] = look.themes
        while len(self._known) > N_KNOWN:
            del self._known[next(iter(self._known))]

    def _as_numbered_now(self, look: Look, act: dict[str, Any]) -> dict[str, Any]:
        """An act with its notes by the numbers of this reading. A small board's face knows them itself; a large one's cannot."""
        reads = act.get("reads", self._reads)
        if reads == self._reads:
            return act
        cards = self._cards_of.get(reads)
        rows = (
            look.cards.rows(cards.ids[[int(i) for i in act.get("notes", ())]]) if cards is not None else np.array([-1])
        )
        if not self._large or (rows < 0).any():
            raise InputError("other notes were taken in meanwhile; look again, and do it once more")
        return act | ({"notes": rows.tolist()} if "notes" in act else {})

    def _difference(self, before: Look, after: Look, act: dict[str, Any]) -> dict[str, Any]:
        """What an act changed: themes that differ, their order, and notes; of a large board only those that are spoken of."""
        old = {row["key"]: row for row in (before.rows if self._large else _with_notes(before))}
        rows = after.rows if self._large else _with_notes(after)
        moved = np.flatnonzero(before.of_note != after.of_note)
        followed = _followed(before, after, act, moved)
        told: dict[str, Any] = {
            "themes": [row for row in rows if row != old.get(row["key"])],
            "order": [row["key"] for row in rows],
            "n_followed": len(followed),
        }
        if self._large:
            followed = followed[:N_FOLLOWED]
            told |= self._notes(after, [*act.get("notes", ())[:N_ASKED], *followed])
            told["n_left"] = len(after.members[TRAY])
            now, was = after.members, before.members
            told["lists"] = [key for key in now if not np.array_equal(now[key], was.get(key, ()))]
        else:
            why = {*np.flatnonzero(before.reasons != after.reasons).tolist()}
            like = {i for i in before.like.keys() | after.like.keys() if before.like.get(i) != after.like.get(i)}
            at = sorted({*moved.tolist(), *why, *like})
            told["notes"] = {
                "at": at,
                "theme": after.of_note[at].tolist(),
                "reason": after.reasons[at].tolist(),
                "like": {i: list(after.like[i]) for i in at if i in after.like},
            }
        told["followed"] = [[int(i), int(before.of_note[i])] for i in followed]
        return told

    def _records(self, look: Look, act: dict[str, Any], ledger: Ledger) -> list[Record]:
        """What the PM did, as records."""
        themes, signed = look.themes, self._signed()
        if _ACT_ID.fullmatch(str(act.get("id"))):
            signed["new_id"] = lambda: act["id"]

        def notes() -> list[str]:
            return look.cards.ids[[int(i) for i in act["notes"]]].tolist()

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

    def _status(self, look: Look) -> dict[str, Any]:
        ledger, signed = look.themes.ledger, self._signed()
        return {
            "file": LEDGER_FILE,
            "undo": _to_take_back(undo, ledger, signed),
            "redo": _to_take_back(redo, ledger, signed),
            "problems": [*self._drift, *map(str, [*look.themes.problems, *look.study.problems])],
            "uncounted": len(look.themes.uncounted),
            "corrected": bool(ledger.records),
        }

    def _send_news(self, message: dict[str, Any]) -> None:
        working = {"working": True} if self._n_beside else {}
        news = {} if working else self._look_for_news()
        self.send({"what": "alive", "view": message["view"], **news, **working})

    def _look_for_news(self) -> dict[str, Any]:
        """What is on disk and not on the board, in numbers; looked at only where a file has changed."""
        if not self._look:
            return {"news": {"readable": True}} if _can_be_read(self._path) else {}
        look = self._look
        stamp = file_marks(look.study.root, *BESIDE)
        if stamp != self._stamp or self._news:
            if stamp != self._stamp:
                self._news = _news(look, self._changed_tables(stamp))
                self._stamp = stamp
            return {"news": self._news} if self._news else {}
        return {}

    def _changed_tables(self, stamp: dict[str, Any]) -> list[str]:
        """The tables of notes that are other than when they were read; their rows are counted when they are read anew."""
        was: dict[str, Any] = self._read_at
        changed = {file for file in stamp.keys() | was.keys() if stamp.get(file) != was.get(file)}
        return sorted(file for file in changed - set(BESIDE) if not file.lower().endswith(".md"))

    def _send_note(self, message: dict[str, Any]) -> None:
        self.send({"what": "note", "view": message["view"], **self._where_said(message["note"])})

    def _where_said(self, i: int) -> dict[str, Any]:
        """A note in its call, with the lines around it, as the file is now."""
        if not self._look:
            raise InputError(self._trouble)
        row = self._look.themes.notes.iloc[int(i)]
        root = self._look.study.root
        if not str(row["file"]).lower().endswith(".md"):
            return _row_of_table(root, int(i), row)
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


def _row_of_table(root: Path, i: int, row: Any) -> dict[str, Any]:
    """A note in its table, with the lines around it; of one that is no text, what was read of the row."""
    file, line = str(row["file"]), int(row["line"])
    first, lines = line, [str(row["text"])]
    if not file.lower().endswith(".parquet"):
        first = max(1, line - N_ROWS_AROUND)
        with (root / file).open("rb") as rows:
            raw = islice(rows, first - 1, line + N_ROWS_AROUND)
            lines = [text.decode("utf-8", "replace").rstrip("\r\n")[:N_LETTERS] for text in raw]
    told = {"note": i, "file": file, "line": line, "who": str(row["who"]), "at": "", "first": first, "last": line}
    return told | {"lines": lines, "moved": first + len(lines) <= line}


def _same(before: Look, themes: Themes) -> dict[str, int]:
    """The numbers of lasting themes: by their id, and of those that last only now by the notes that were written down for them.

    How much two looks share says less: of two themes that were merged, or split in halves, it may choose the other.
    """
    there = {*themes.summary["theme"], *themes.decisions.themes}  # one that has lost its notes may get them back
    keys = {theme: key for theme, key in before.keys.items() if theme in there and theme.startswith("T-")}
    theme_of = {record.id: str(record.theme) for record in themes.ledger.records}
    new = there - keys.keys()
    anchored = {note: theme_of[record] for note, record in themes.decisions.anchored_by.items()}
    anchored = {note: theme for note, theme in anchored.items() if theme in new}
    votes: dict[str, Counter[int]] = {}
    for row, theme in zip(before.cards.rows(anchored).tolist(), anchored.values(), strict=True):
        if row >= 0 and before.of_note[row] != TRAY:
            votes.setdefault(theme, Counter())[int(before.of_note[row])] += 1
    for theme, counted in votes.items():
        key = counted.most_common(1)[0][0]
        if key not in keys.values():
            keys[theme] = key
    return keys


def _with_notes(look: Look) -> list[dict[str, Any]]:
    """The themes with their notes, most typical first."""
    return [row | {"notes": look.members[row["key"]].tolist()} for row in look.rows]


def _followed(before: Look, after: Look, act: dict[str, Any], moved: np.ndarray) -> list[int]:
    """Of the notes that are elsewhere now those that the PM did not put there."""
    if act["do"] in QUIET:
        return []
    own = np.isin(moved, np.array(act.get("notes", ()), dtype=int))
    if act["do"] == "merge":
        own |= (before.of_note[moved] == act.get("theme")) & (after.of_note[moved] == act.get("into"))
    return moved[~own].tolist()


def _holding(ledger: Ledger) -> frozenset[str]:
    """The decisions that hold, whatever was taken back on the way."""
    return frozenset(record.id for record in live_records(ledger) if record.kind != "undo")


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


def _say_drift(themes: Themes) -> list[str]:
    """That the newest week fits the themes no more, where the PM has made some last and it does not."""
    from workbench.themes.new_notes import measure_drift  # slow to load

    drift = measure_drift(themes) if themes.decisions.themes else None
    if drift is None or not drift.is_more:
        return []
    return [f"{drift} In a terminal, workbench themes --suggest shows what would change, and changes nothing"]


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


def _news(look: Look, tables: list[str]) -> dict[str, Any]:
    rows = read_rows(look.study.root, [])
    # The PM's own takes are not on the board.
    now = {
        f"{row.id}#{id}": row.id
        for row in rows
        for id, kind in zip(row.ids.split("\n"), row.kinds, strict=False)
        if id and kind != TAKE
    }
    notes = look.study.notes
    notes = notes[notes["file"].astype(str).str.lower().str.endswith(".md")]
    then = set(notes.loc[(notes["kind"] != "take") | said_by_us(notes), "note"].astype(str))  # as they are written
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
        "tables": tables,
    }
    return news if any(news[name] for name in ("notes", "gone", "acts", "customers", "tables")) else {}


def _picture(look: Look | None, trouble: str) -> dict[str, Any]:
    if not look:
        return {"title": "Themes", "moment": trouble, "themes": []}
    themes, notes = look.themes, look.themes.notes
    n_calls, n_acts = notes["call"].nunique(), len({act_of(record) for record in themes.ledger.records})
    last = _day(notes["date"].max()) if len(notes) else ""
    heard = _count(len(look.cards.customers), "customer") if len(notes) > WHOLE else _count(n_calls, "call")
    title = f"Themes of {_count(len(notes), 'note')} from {heard}"
    acts = f"{_count(n_acts, 'correction')} so far" if n_acts else "no corrections"
    moment = f"The last call was on {last}; {acts}. " if last else ""
    moment += "This is a picture of how it was when the cell ran: run it again to correct themes."
    shown, rows = [], list(themes.summary.head(N_PICTURED).itertuples(index=False))
    named = [note for row in rows for note in row.notes[:N_NOTES_PICTURED]]
    place = dict(zip(named, look.cards.rows(named).tolist(), strict=True))
    for row in rows:
        shown.append(
            {
                "n": row.n_customers,
                "title": row.name or row.claim,
                "notes": [
                    _pictured(note)
                    for note in notes.iloc[[place[note] for note in row.notes[:N_NOTES_PICTURED]]].itertuples(
                        index=False
                    )
                ],
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
