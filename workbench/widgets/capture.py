"""Live capture: notes typed during a call, on disk within a second."""

from __future__ import annotations

import datetime
import os
import secrets
import threading
from dataclasses import asdict
from html import escape
from typing import Any

from workbench.call_text import Change, Line
from workbench.errors import InputError
from workbench.guide import hint, parse_guide
from workbench.live_call import CallState, LiveCall
from workbench.notes import CALL_KINDS
from workbench.save import SaveError
from workbench.store import read_rows, read_text, workspace
from workbench.study import read_customers, read_notes
from workbench.widgets.drop import DropArea
from workbench.widgets.face import Widget, read_script, read_style

__all__ = ["Capture"]

N_RECENT = 12
GUIDE_FILE = "discovery/guide.md"


class Capture(Widget):
    """Notes of a customer call, typed as it goes.

    The first line names the call, then each Enter makes a note. What is typed is written to the call's file in
    ``interviews/`` by the kernel within a second, half-typed notes too. When the cell is run again, or the kernel was
    restarted, the call that was not ended goes on.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    today : str, optional
        The day of new calls, ``YYYY-MM-DD``; the computer's by default.

    Raises
    ------
    InputError
        When there is no such workspace.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> capture = Capture(folder, today="2026-11-17")
    >>> capture.file, sorted(file.name for file in folder.glob("interviews/*.md"))
    ('', [])
    """

    _esm = read_script("pop", "drop", "capture")
    _css = read_style("pop", "drop", "capture")

    def __init__(self, path: str | os.PathLike[str] | None = None, *, today: str | None = None) -> None:
        super().__init__()
        self._root = workspace(path)
        self._today = today or datetime.date.today().isoformat()
        # Tells a view whether what it holds unsaved is of this kernel's life or of one before.
        self._session = secrets.token_hex(8)
        # With JupyterLab's subshells messages come while a cell runs, in another thread.
        self._lock = threading.RLock()
        self._call = LiveCall.resume(self._root) or self._new_call()
        self._name = secrets.token_hex(4)  # of the call on the page, as long as this widget lives
        # Calls that were left: what was typed for one of them may still be on its way.
        self._left: dict[str, LiveCall] = {}
        self._obeyed: dict[str, int] = {}  # each view's last message
        self._n_told = 0
        self._resumed = bool(self._call.state.file)  # until a view has been told
        self._removed = False
        self._shown: dict[str, tuple[str, Line]] = {}  # what the views have: each note's predecessor and the note
        self._drop = DropArea(self._root, lambda message: self.send(message))
        self.on_msg(self._receive)

    @property
    def file(self) -> str:
        """The call's file relative to the workspace; empty as long as there is none."""
        return self._call.state.file

    def picture(self) -> str:
        """The call as it stood when the cell was run, as static HTML.

        Returns
        -------
        str
            Its fields and notes, escaped; where there is no call, how to begin one.
        """
        with self._lock:
            lines, fields, state = self._call.text.lines(), self._call.text.fields, self._call.state
        if not state.file:
            return '<div class="wb-still"><p>Live capture. Run this cell to take notes of a call.</p></div>'
        count = "1 note" if len(lines) == 1 else f"{len(lines)} notes"
        who = ", ".join(fields[name] for name in ("customer", "who", "segment", "date") if fields.get(name))
        notes = "".join(f"<li>{escape(line.words)}</li>" for line in lines)
        return (
            f'<div class="wb-still"><p><b>{escape(who)}</b>: {count} when this cell was run. '
            f"They are in {escape(state.file)}; run the cell again to go on.</p><ul>{notes}</ul></div>"
        )

    # What the views ask for

    def _receive(self, _: Any, message: dict[str, Any], __: Any) -> None:
        """Obey a view, and tell all of them what changed. What cannot be obeyed is answered in plain words.

        A view's messages are numbered. One that came before is answered and not obeyed again; one that comes after a gap
        waits until what was lost has been sent again, so that changes are made in the order in which they were typed.
        """
        with self._lock:
            if "drop" in message:
                self._drop.hear(message["drop"])
                return
            view, seq = message.get("view"), message.get("seq")
            more: dict[str, Any] = {}
            try:
                if not (view and seq):
                    more = self._obey(message)
                elif seq > self._obeyed.get(view, 0) + 1:
                    self.send({"kind": "again", "view": view})
                    return
                elif seq > self._obeyed.get(view, 0) or message["kind"] == "hello":
                    self._obeyed[view] = max(seq, self._obeyed.get(view, 0))
                    more = self._obey(message)
            except (InputError, SaveError) as error:
                more = {"refused": str(error)}
            except Exception as error:
                more = {
                    "refused": f"This could not be done ({type(error).__name__}: {error}). What you typed is still here.",
                    "kept": False,
                }
                self._answer(message, more)
                raise
            self._answer(message, more)

    def _obey(self, message: dict[str, Any]) -> dict[str, Any]:
        """Do what a message says; gives what is to be told beside the changes. With `whole` all of it is told anew."""
        call, kind = self._call, message["kind"]
        if kind != "hello" and message.get("call") in self._left:
            return self._obey_for(self._left[message["call"]], message)
        if kind == "change":
            _change(call, message["changes"])
            return {"hint": self._hint(message["changes"])}
        if kind == "hello":
            call.look()
            resumed, self._resumed = self._resumed, False
            return {"whole": True, "known": self._read_known(), "resumed": resumed, "read_only": self._is_read_only()}
        if kind in ("new", "open"):
            call.save()
            other = LiveCall.open(self._root, message["file"]) if kind == "open" else self._new_call()
            self._leave(call)
            self._left[self._name] = call
            self._call, self._name = other, secrets.token_hex(4)
            self._removed = False
            return {"whole": True, "known": self._read_known()}
        if kind in ("undo", "redo", "end", "reopen", "look", "dismiss", "rename"):
            getattr(call, kind)()
        elif kind == "save":
            call.save(again=bool(message.get("again")))
        elif kind == "begin":
            call.begin()
        elif kind == "asked":
            call.asked(str(message["question"]), str(message["at"]))
        elif kind == "learned":
            call.learned(str(message["text"]))
        elif kind == "remove":
            call.remove()
            self._removed = True
        elif kind == "restore":
            call.restore()
            self._removed = False
        else:
            raise InputError(f"live capture does not know what {kind!r} means")
        return {"whole": kind in ("end", "reopen", "restore")}

    def _obey_for(self, call: LiveCall, message: dict[str, Any]) -> dict[str, Any]:
        """Write down what was typed for a call that another view has left meanwhile; nothing else is done to it."""
        if message["kind"] == "change":
            _change(call, message["changes"])
        elif message["kind"] == "learned":
            call.learned(str(message["text"]))
        state = call.state
        return {"kept": _is_kept(state), "refused": state.message or None}

    def _leave(self, call: LiveCall) -> None:
        """Stay with a call that cannot be saved: its words are nowhere but here."""
        state = call.state
        if state.status == "unsaved" or (state.status == "gone" and not self._removed):
            raise InputError(f"{state.message} Another call can be opened once this one is saved.")
        if state.file and state.status == "saved":
            call.end()

    def _is_read_only(self) -> bool:
        """Whether nothing could be saved; better known before the call begins than in it."""
        folder = self._root / "interviews"
        return not os.access(folder if folder.is_dir() else self._root, os.W_OK)

    def _new_call(self) -> LiveCall:
        return LiveCall(self._root, day=self._today)

    def _answer(self, message: dict[str, Any], more: dict[str, Any]) -> None:
        lines, state = self._call.text.lines(), self._call.state
        now = {line.id: (before, line) for before, line in zip(["", *(one.id for one in lines)], lines, strict=False)}
        told = {
            "seq": message.get("seq"),
            "view": message.get("view"),
            "did": message["kind"],
            "session": self._session,
            "workspace": str(self._root),
            "call": self._name,
            "kept": _is_kept(state),
            "file": state.file,
            "files": self._call.files,
            "fields": self._call.text.fields,
            "state": asdict(state) | {"clashes": [one._asdict() for one in state.clashes]},
            "removed_file": self._removed,
            "began": self._call.began,
            "ended": self._call.ended,
            "asked": self._call.asked_at,
            "learned": self._call.learned_text,
            **more,
        }
        if more.get("whole"):
            told |= {
                "kind": "state",
                "today": self._today,
                "lines": [_to_dict(line) for line in lines],
                "guide": self._read_guide(),
                "recent": self._read_recent(),
            }
        else:
            changed = [id for id, (before, line) in now.items() if self._has_changed(id, before, line)]
            told |= {
                "kind": "done",
                "lines": [{**_to_dict(now[id][1]), "after": now[id][0]} for id in changed],
                "removed": [id for id in self._shown if id not in now],
            }
        self._shown = now
        if told["kind"] == "state" or message["kind"] != "look" or told["lines"] or told["removed"]:
            self._n_told += 1
            self.send(told | {"n": self._n_told})

    def _has_changed(self, id: str, before: str, line: Line) -> bool:
        if id not in self._shown:
            return True
        old_before, old = self._shown[id]
        return old_before != before or old._replace(line=line.line) != line

    def _hint(self, changes: list[dict[str, Any]]) -> dict[str, str] | None:
        words = next((str(change.get("words", "")) for change in reversed(changes) if change.get("kind") == "put"), "")
        said = hint(words, [(line.kind, line.text) for line in self._call.text.lines()]) if words else None
        return said and {"id": said.id, "bold": said.bold, "text": said.text}

    # What earlier calls and the guide offer

    def _read_guide(self) -> list[dict[str, str]]:
        guide, _ = parse_guide(read_text(self._root / GUIDE_FILE), GUIDE_FILE)
        return [{"id": question.id, "text": question.text, "why": question.why} for question in guide.questions]

    def _read_known(self) -> dict[str, Any]:
        """What can be completed: customers with what is known of them, segments, tags by customers who said them."""
        customers = read_customers(self._root, problems=[])
        notes = read_notes(self._root, problems=[])
        whos = notes.groupby("customer", observed=True)["who"].unique() if len(notes) else {}
        tags = notes[["tags", "customer"]].explode("tags").dropna().astype(str)
        counts = tags.groupby("tags")["customer"].nunique()
        return {
            "customers": [
                {
                    "name": row.customer,
                    "segment": row.segment,
                    "consent": row.consent_stated,
                    "n_calls": row.n_calls,
                    "people": sorted(str(who) for who in whos.get(row.customer, ()) if who),
                }
                for row in customers.itertuples(index=False)
            ],
            "segments": sorted(set(customers["segment"]) - {""}),
            "tags": [
                {"tag": tag, "n_customers": n}
                for tag, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            ],
            "kinds": list(CALL_KINDS),
        }

    def _read_recent(self) -> list[dict[str, str]]:
        """The newest calls, to open them again."""
        rows = read_rows(self._root, [])[::-1]
        rows.sort(key=lambda row: row.date or "", reverse=True)
        return [{"file": row.file, "title": f"{row.customer}, {row.date}"} for row in rows[:N_RECENT]]


def _to_dict(line: Line) -> dict[str, Any]:
    return {**line._asdict(), "tags": list(line.tags)}


def _is_kept(state: CallState) -> bool:
    """Whether nothing that was typed is here only."""
    return state.status in ("new", "saved")


def _change(call: LiveCall, changes: list[dict[str, Any]]) -> None:
    """Make changes; one that cannot be made takes no other with it."""
    good, refused = [], None
    for change in changes:
        try:
            Change(**change).check()
        except (InputError, TypeError) as error:
            refused = refused or error
        else:
            good.append(change)
    call.change(good)
    if refused:
        raise (
            refused
            if isinstance(refused, InputError)
            else InputError(f"live capture does not know this change: {refused}")
        )
