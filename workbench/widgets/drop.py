"""Files dropped onto a widget: their bytes come in pieces, what they are is shown, and no call is written before a click.

What waits for the click, and what was said of it, outlives a reload of the page and a restart of the kernel: it lies in
``.workbench/dropped/`` until it is in or left.
"""

from __future__ import annotations

import base64
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.arrivals import Arrival, alike, broken, new_names, same_customer, settle
from workbench.bring_in import bring_in, count_calls, plan_import, renewed
from workbench.dropped import discard_dropped, dropped_marks, keep_dropped, read_dropped, say_of_dropped
from workbench.errors import InputError
from workbench.importers import Source
from workbench.importers.archive import LARGEST_FILE, MEGABYTE, is_recording
from workbench.notes import CONSENT_LEVELS
from workbench.save import SaveError
from workbench.study import read_customers

__all__ = ["DropArea"]

FIELDS = ("customer", "who", "day", "consent", "again", "kept_as")
BY_NAME = ("speakers", "columns", "same")
ON_WHAT_WAITS = ("hello", "look", "say", "alike", "bring", "leave")
EACH = 10  # files, between two words on how far it is
CHANGED = "what waits here has changed meanwhile, and stands as it is now; say it again"


@dataclass(eq=False)
class _Row:
    """A call that may come in: which of its file's calls, and the file as it is kept; that of a recording is not."""

    arrival: Arrival
    digest: str = ""
    number: int = 0


@dataclass
class _Batch:
    """What waits, whoever has dropped it in whichever view: it is shown in all of them."""

    rows: list[_Row] = field(default_factory=list)
    two: set[tuple[str, str]] = field(default_factory=set)  # names that look alike, and are two customers

    @property
    def plan(self) -> list[Arrival]:
        return [row.arrival for row in self.rows]

    @property
    def digests(self) -> list[str]:
        return list(dict.fromkeys(row.digest for row in self.rows if row.digest))

    def alike(self) -> list[tuple[str, str]]:
        """New names that look alike, of whom nobody has said yet whether they are one customer."""
        return [pair for pair in alike(self.plan) if pair not in self.two]

    def waiting(self) -> list[bool]:
        """Whether each of the plan has a question that is open."""
        names = {name for pair in self.alike() for name in pair}
        return [bool(one.asks) or not names.isdisjoint(new_names(one)) for one in self.plan]

    def say(self, digest: str, number: int, said: Mapping[str, Any]) -> None:
        """What is so of one call."""
        fields = {name: said[name] for name in (*FIELDS, *BY_NAME) if name in said}
        for row in self.rows:
            if (row.digest, row.number) == (digest, number):
                row.arrival = settle(row.arrival, **fields)

    def say_alike(self, one: str, other: str, customer: str) -> None:
        """Names that look alike are one customer's, or each is its own."""
        if not customer:
            self.two.add((one, other))
        for row in self.rows:
            for name in (one, other):
                row.arrival = same_customer(row.arrival, name, customer or name)


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
        self._coming: dict[str, dict[int, tuple[str, bytearray]]] = {}  # bytes on their way, by view
        self._left_out: dict[str, list[Arrival]] = {}
        self._batch = _Batch()
        self._unkept: set[str] = set()  # what could not be kept, on a full disk, and waits here only
        self._marks: Any = frozenset()

    def hear(self, message: dict[str, Any]) -> None:
        """Do what the face asks for, and say what came of it; what cannot be done is said in plain words.

        Parameters
        ----------
        message : dict
            ``do``: "hello" (what waits from before), "begin" (with ``files``: ``name`` and ``size``), "piece" (``file``, ``at``,
            ``data`` as base64), "look", "say" (``call``, its ``name``, and what is so), "alike" (``names``, two that look alike,
            and ``customer``, the one that both are, or nothing where they are two), "bring", "leave"; and ``view``, which asks.
            "bring" leaves out what has a question.
        """
        do, view = message["do"], message.get("view", "")
        try:
            changed = do in ON_WHAT_WAITS and self._look_on_disk()
            if changed and do not in ("hello", "look"):
                answer = {"refused": CHANGED, **self._now()}
            else:
                answer = getattr(self, f"_{do}")(message, view)
                if do in ON_WHAT_WAITS:
                    self._marks = dropped_marks(self._root)
        except (InputError, SaveError) as error:
            answer = {"refused": str(error)}
        except Exception as error:  # a PM never sees a traceback; whoever looks for it finds it in the log
            logging.getLogger(__name__).exception("the drop area could not do %r", do)
            answer = {"refused": f"the workbench made a mistake ({type(error).__name__}: {error})"}
        self._tell({"drop": {"did": do, "view": view, **answer}})

    def _look_on_disk(self) -> bool:
        """Take what waits from the disk where it is not as it was left: by a kernel before this one, or in another window."""
        marks = dropped_marks(self._root)
        if marks == self._marks:
            return False
        self._marks = marks
        waits = read_dropped(self._root)
        batch = _Batch([row for row in self._batch.rows if not row.digest or row.digest in self._unkept])
        batch.rows += _rows(self._plan([one.source for one in waits]), {id(one.source): one.digest for one in waits})
        for one in waits:
            for said in one.said:
                # What can no longer be said, since other calls came in since, is asked again.
                with suppress(InputError, ValueError, TypeError, KeyError, AttributeError):
                    if "gone" in said:
                        gone = (one.digest, said["gone"])
                        batch.rows = [row for row in batch.rows if (row.digest, row.number) != gone]
                    elif "alike" in said:
                        batch.say_alike(*said["alike"], said["customer"])
                    else:
                        batch.say(one.digest, said["call"], said)
        self._batch = batch
        return True

    def _plan(self, sources: list[Source], progress: Callable[[int, int], None] | None = None) -> list[Arrival]:
        """What may come in of files; one that is too much for the workbench stops no other, now and whenever they are looked at."""
        try:
            return plan_import(self._root, sources, progress=progress)
        except InputError:
            raise
        except Exception as error:
            if not sources:
                raise
            if len(sources) > 1:
                return [arrival for source in sources for arrival in self._plan([source])]
            logging.getLogger(__name__).exception("the drop area could not look at a file")
            what = f"the workbench made a mistake ({type(error).__name__}: {error})"
            return [replace(broken(sources[0].name, 1, what, "leave it, and report this"), source=sources[0])]

    def _now(self) -> dict[str, Any]:
        """What waits, as the faces draw it, and what is still asked of several files together."""
        batch = self._batch
        shown = zip(batch.plan, count_calls(self._root, batch.plan), strict=True) if batch.rows else ()
        return {"calls": [{**_show(one), "makes": n} for one, n in shown], **_open(batch)}

    def _known(self) -> dict[str, Any]:
        known = read_customers(self._root, problems=[])
        return {"customers": sorted(known["customer"]), "consents": list(CONSENT_LEVELS)}

    def _hello(self, _: dict[str, Any], __: str) -> dict[str, Any]:
        return {**self._now(), **(self._known() if self._batch.rows else {})}

    def _begin(self, message: dict[str, Any], view: str) -> dict[str, Any]:
        """Which of the files are wanted: a recording is not carried over to be left out then."""
        self._coming[view], self._left_out[view] = {}, []
        wanted = []
        for number, file in enumerate(message["files"]):
            name, size = str(file["name"]), int(file["size"])
            if is_recording(name):
                what = broken(name, 1, "a recording or a picture", "bring its transcript", kind="other")
                self._left_out[view].append(what)
            elif size > LARGEST_FILE:
                what = f"larger than {LARGEST_FILE // MEGABYTE} MB"
                self._left_out[view].append(broken(name, 1, what, "bring a transcript, and not the recording itself"))
            else:
                wanted.append(number)
                self._coming[view][number] = (name, bytearray())
        return {"wanted": wanted}

    def _piece(self, message: dict[str, Any], view: str) -> dict[str, Any]:
        _, data = self._coming[view][message["file"]]
        data[message["at"] :] = base64.b64decode(message["data"])
        return {"file": message["file"], "got": len(data)}

    def _look(self, _: dict[str, Any], view: str) -> dict[str, Any]:
        def progress(n: int, of: int) -> None:
            if of > EACH and n % EACH == 0:
                self._tell({"drop": {"did": "progress", "view": view, "n": n, "of": of}})

        sources = [Source(name, bytes(data)) for name, data in self._coming.pop(view, {}).values()]
        # Along with what waits from before: the same call may have been dropped twice.
        waits = {row.digest: row.arrival.source for row in self._batch.rows if row.digest}
        digests = {id(source): keep_dropped(self._root, source) for source in sources}
        kept = {name for name, *_ in dropped_marks(self._root)}
        self._unkept |= {digest for digest in digests.values() if f"{digest}.json" not in kept}
        plan = self._plan([*waits.values(), *sources], progress)
        new = [one for one in plan if id(one.source) in digests and digests[id(one.source)] not in waits]
        self._batch.rows += _rows(new, digests)
        self._batch.rows += [_Row(one) for one in self._left_out.pop(view, [])]
        return {**self._now(), **self._known()}

    def _say(self, message: dict[str, Any], view: str) -> dict[str, Any]:
        row = self._batch.rows[message["call"]]
        if row.arrival.name != message.get("name", row.arrival.name):
            return {"refused": CHANGED, **self._now()}
        said = {name: message[name] for name in (*FIELDS, *BY_NAME) if name in message}
        self._batch.say(row.digest, row.number, said)
        say_of_dropped(self._root, [row.digest], {"call": row.number, **said})
        (n,) = count_calls(self._root, [row.arrival])
        return {"call": message["call"], "now": {**_show(row.arrival), "makes": n}, **_open(self._batch)}

    def _alike(self, message: dict[str, Any], _: str) -> dict[str, Any]:
        (one, other), customer = message["names"], message["customer"]
        self._batch.say_alike(one, other, customer)
        say_of_dropped(self._root, self._batch.digests, {"alike": [one, other], "customer": customer})
        return self._now()

    def _bring(self, _: dict[str, Any], __: str) -> dict[str, Any]:
        batch = self._batch
        waiting = batch.waiting()
        ready = [row for row, waits in zip(batch.rows, waiting, strict=True) if not waits]
        if any(waiting) and not any(row.arrival.comes_in for row in ready):
            raise InputError(
                "nothing came in: each of these files has a question; answer those of one, and bring it in"
            )
        try:
            brought = bring_in(self._root, [row.arrival for row in ready])
        except Exception:
            self._marks = None  # some of it may be in: it is looked at anew before any of it comes in once more
            raise
        # What could not be written, on a full disk, stays with what was said of it.
        failed = {problem.file for problem in brought.failed}
        done = [row for row in ready if not (row.arrival.comes_in and row.arrival.name in failed)]
        batch.rows = [row for row in batch.rows if row not in done]
        for row, arrival in zip(batch.rows, renewed(self._root, batch.plan), strict=True):
            row.arrival = arrival
        left = set(batch.digests)
        for row in done:
            if row.digest in left:
                say_of_dropped(self._root, [row.digest], {"gone": row.number})
        discard_dropped(self._root, {row.digest for row in done} - left)
        return {
            **self._now(),
            "files": [call.file for call in brought.calls],
            "tables": [file for file, _ in brought.tables],
            "known": [f"{n:,} {'row' if n == 1 else 'rows'} of {name} in already" for name, n in brought.known],
            "recorded": sum(bool(call.transcript) for call in brought.calls),
            "skipped": [arrival.name for arrival in brought.skipped],
            "replaced": [file for file, _ in brought.replaced],
            "failed": [str(problem) for problem in brought.failed],
            "problems": [str(problem) for problem in brought.problems],
            "aliases": [f"“{name}” is {customer} from now on" for name, customer in brought.aliases],
        }

    def _leave(self, _: dict[str, Any], view: str) -> dict[str, Any]:
        discard_dropped(self._root, self._batch.digests)
        self._coming.pop(view, None)
        self._batch = _Batch()
        return self._now()


def _rows(plan: Iterable[Arrival], digests: Mapping[int, str]) -> Iterator[_Row]:
    """Each call with the file that it is of, by the source, and which of its calls it is."""
    numbers: Counter[str] = Counter()
    for arrival in plan:
        digest = digests[id(arrival.source)]
        yield _Row(arrival, digest, numbers[digest])
        numbers[digest] += 1


def _open(batch: _Batch) -> dict[str, Any]:
    """What is still asked of several files together, and which of them wait for an answer."""
    return {"alike": batch.alike(), "waiting": batch.waiting()}


def _show(arrival: Arrival) -> dict[str, Any]:
    """A call as the face draws it."""
    fields = {name: getattr(arrival, name)._asdict() for name in ("customer", "who", "day", "consent")}
    return fields | {
        "name": arrival.name,
        "what": arrival.what,
        "says": ", ".join(part for part in (arrival.form, arrival.says) if part),
        "speakers": [speaker._asdict() for speaker in arrival.speakers],
        "asks": [ask._asdict() for ask in arrival.asks],
        # A recording is left alone as a whole: its name stands above, and no line of it is at fault.
        "problems": [
            f"{problem.what}; {problem.todo}" if arrival.what == "other" else str(problem)
            for problem in arrival.problems
        ],
        "twin": arrival.twin._asdict() if arrival.twin else None,
        "again": arrival.again or ("" if arrival.comes_in else "skip"),
        "comes_in": arrival.comes_in,
        "kept_as": arrival.kept_as,
        "guessed": [name for name, _ in arrival.guesses],
        # Of a table: which of its columns is what.
        "columns": [
            {"role": one.role, "names": list(one.names), "why": one.why}
            for one in (arrival.columns.found if arrival.columns else ())
        ],
    }
