"""Files dropped onto a widget: their bytes come in pieces, what they are is shown, and nothing is written before a click."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.arrivals import Arrival, broken, settle
from workbench.bring_in import bring_in, plan_import
from workbench.errors import InputError
from workbench.importers import Source
from workbench.importers.archive import LARGEST_FILE, MEGABYTE, is_recording
from workbench.notes import CONSENT_LEVELS
from workbench.save import SaveError
from workbench.study import read_customers

__all__ = ["DropArea"]

FIELDS = ("customer", "who", "day", "consent", "again")
EACH = 10  # files, between two words on how far it is


@dataclass
class _Batch:
    """What somebody has dropped: bytes as they come, then the plan."""

    files: dict[int, tuple[str, bytearray]] = field(default_factory=dict)
    left_out: list[Arrival] = field(default_factory=list)
    plan: list[Arrival] = field(default_factory=list)


class DropArea:
    r"""Takes files from a face, looks at them, and brings them in when somebody says so.

    Parameters
    ----------
    root : pathlib.Path
        The workspace.
    tell : callable
        Sends a message to the faces.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> said = []
    >>> area = DropArea(folder, said.append)
    >>> text = base64.b64encode(b"Interviewer: What then?\n\nJane: It broke.\n\nInterviewer: Oh?\n\nJane: Twice.\n")
    >>> area.hear({"do": "begin", "files": [{"name": "2026-11-17 Acme.txt", "size": 71}]})
    >>> area.hear({"do": "piece", "file": 0, "at": 0, "data": text.decode()})
    >>> area.hear({"do": "look"})
    >>> said[-1]["drop"]["calls"][0]["customer"]["value"]
    'Acme'
    >>> area.hear({"do": "bring"})
    >>> said[-1]["drop"]["files"]
    ['interviews/2026-11-17-acme.md']
    """

    def __init__(self, root: Path, tell: Callable[[dict[str, Any]], None]) -> None:
        self._root, self._tell = root, tell
        self._batches: dict[str, _Batch] = {}  # one a view

    def hear(self, message: dict[str, Any]) -> None:
        """Do what the face asks for, and say what came of it; what cannot be done is said in plain words.

        Parameters
        ----------
        message : dict
            ``do``: "begin" (with ``files``: ``name`` and ``size``), "piece" (``file``, ``at``, ``data`` as base64), "look", "say"
            (``call`` and what is so), "bring", "leave"; and ``view``, which asks.
        """
        do, view = message["do"], message.get("view", "")
        try:
            answer = getattr(self, f"_{do}")(message, view)
        except (InputError, SaveError) as error:
            answer = {"refused": str(error)}
        except Exception as error:  # a PM never sees a traceback; whoever looks for it finds it in the log
            logging.getLogger(__name__).exception("the drop area could not do %r", do)
            answer = {"refused": f"the workbench made a mistake ({type(error).__name__}: {error})"}
        self._tell({"drop": {"did": do, "view": view, **answer}})

    def _begin(self, message: dict[str, Any], view: str) -> dict[str, Any]:
        """Which of the files are wanted: a recording is not carried over to be left out then."""
        self._batches[view] = batch = _Batch()
        wanted = []
        for number, file in enumerate(message["files"]):
            name, size = str(file["name"]), int(file["size"])
            if is_recording(name):
                batch.left_out.append(broken(name, 1, "a recording or a picture", "bring its transcript", kind="other"))
            elif size > LARGEST_FILE:
                what = f"larger than {LARGEST_FILE // MEGABYTE} MB"
                batch.left_out.append(broken(name, 1, what, "bring a transcript, and not the recording itself"))
            else:
                wanted.append(number)
                batch.files[number] = (name, bytearray())
        return {"wanted": wanted}

    def _piece(self, message: dict[str, Any], view: str) -> dict[str, Any]:
        _, data = self._batches[view].files[message["file"]]
        data[message["at"] :] = base64.b64decode(message["data"])
        return {"file": message["file"], "got": len(data)}

    def _look(self, _: dict[str, Any], view: str) -> dict[str, Any]:
        batch = self._batches[view]

        def progress(n: int, of: int) -> None:
            if of > EACH and n % EACH == 0:
                self._tell({"drop": {"did": "progress", "view": view, "n": n, "of": of}})

        sources = [Source(name, bytes(data)) for name, data in batch.files.values()]
        batch.plan = plan_import(self._root, sources, progress=progress) + batch.left_out
        batch.files = {}
        known = read_customers(self._root, problems=[])
        return {
            "calls": [_show(arrival) for arrival in batch.plan],
            "customers": sorted(known["customer"]),
            "consents": list(CONSENT_LEVELS),
        }

    def _say(self, message: dict[str, Any], view: str) -> dict[str, Any]:
        plan, number = self._batches[view].plan, message["call"]
        said = {name: message[name] for name in (*FIELDS, "speakers", "columns") if name in message}
        plan[number] = settle(plan[number], **said)
        return {"call": number, "now": _show(plan[number])}

    def _bring(self, _: dict[str, Any], view: str) -> dict[str, Any]:
        brought = bring_in(self._root, self._batches[view].plan)
        del self._batches[view]
        return {
            "files": [call.file for call in brought.calls],
            "recorded": sum(bool(call.transcript) for call in brought.calls),
            "skipped": [arrival.name for arrival in brought.skipped],
            "replaced": [file for file, _ in brought.replaced],
            "failed": [str(problem) for problem in brought.failed],
            "problems": [str(problem) for problem in brought.problems],
        }

    def _leave(self, _: dict[str, Any], view: str) -> dict[str, Any]:
        self._batches.pop(view, None)
        return {}


def _show(arrival: Arrival) -> dict[str, Any]:
    """A call as the face draws it."""
    fields = {name: getattr(arrival, name)._asdict() for name in ("customer", "who", "day", "consent")}
    return fields | {
        "name": arrival.name,
        "what": arrival.what,
        "says": ", ".join(part for part in (arrival.form, arrival.says) if part),
        "speakers": [speaker._asdict() for speaker in arrival.speakers],
        "asks": [ask._asdict() for ask in arrival.asks],
        "problems": [str(problem) for problem in arrival.problems],
        "twin": arrival.twin._asdict() if arrival.twin else None,
        "again": arrival.again or ("" if arrival.comes_in else "skip"),
        "comes_in": arrival.comes_in,
        "guessed": [name for name, _ in arrival.guesses],
        # Of a table: which of its columns is what.
        "columns": [
            {"role": one.role, "names": list(one.names), "why": one.why}
            for one in (arrival.columns.found if arrival.columns else ())
        ],
    }
