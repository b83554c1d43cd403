"""Files dropped onto a widget: their bytes come in pieces, what they are is shown, and no call is written before a click.

What waits for the click, and what was said of it, outlives a reload of the page and a restart of the kernel: it lies in
``.workbench/dropped/`` until it is in or left.
"""

from __future__ import annotations

import base64
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.arrivals import MANY_ROWS, Arrival, alike, broken, counted, new_names, same_customer, settle
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
LARGE = " A large table can take half a minute."
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

    read: Callable[[Source], list[Arrival]]  # what is in a file, also where it is in already
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
        """Whether each of the plan has a question that is open; which column is what is one where a table cannot be read."""
        names = {name for pair in self.alike() for name in pair}
        return [
            bool(one.asks)
            or (one.what == "unreadable" and one.table is not None)
            or not names.isdisjoint(new_names(one))
            for one in self.plan
        ]

    def say(self, digest: str, number: int, said: Mapping[str, Any]) -> None:
        """What is so of one call."""
        fields = {name: said[name] for name in (*FIELDS, *BY_NAME) if name in said}
        for row in [row for row in self.rows if (row.digest, row.number) == (digest, number)]:
            if fields.get("again") == "new":
                self.open(row)
            row.arrival = settle(row.arrival, **fields)

    def open(self, row: _Row) -> None:
        """Read a file that was not read, since it is in already byte for byte; it may hold several calls."""
        if row.arrival.form or not row.arrival.twin:
            return
        row.arrival, *more = [one for one in self.read(row.arrival.source) if one.name == row.arrival.name]
        at, last = self.rows.index(row), max(one.number for one in self.rows if one.digest == row.digest)
        self.rows[at + 1 : at + 1] = [_Row(one, row.digest, n) for n, one in enumerate(more, last + 1)]

    def let_go(self, rows: Collection[_Row]) -> None:
        """Calls that nobody wants; what was left out as the same call as one of them stands for itself."""
        for row in rows:
            at = self.rows.index(row)
            del self.rows[at]
            gone = row.arrival.name
            same = [
                one for one in self.rows[at:] if (twin := one.arrival.twin) and not twin.is_in and twin.name == gone
            ]
            for first in same[:1]:
                self.open(first)
                first.arrival = replace(first.arrival, twin=None, again="")
            for other in same[1:]:
                other.arrival = replace(other.arrival, twin=other.arrival.twin._replace(name=first.arrival.name))

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
        self._batch = _Batch(self._read)
        self._unkept: set[str] = set()  # what could not be kept, on a full disk, and waits here only
        self._marks: Any = frozenset()

    def hear(self, message: dict[str, Any]) -> None:
        """Do what the face asks for, and say what came of it; what cannot be done is said in plain words.

        Parameters
        ----------
        message : dict
            ``do``: "hello" (what waits from before), "begin" (with ``files``: ``name`` and ``size``), "piece" (``file``, ``at``,
            ``data`` as base64), "look", "say" (``call``, its ``name``, and what is so), "alike" (``names``, two that look alike,
            and ``customer``, the one that both are, or nothing where they are two), "bring", "leave" (with ``call`` and ``name``
            that one, else all of it); and ``view``, which asks. "bring" leaves out what has a question.
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
        unkept = [row for row in self._batch.rows if not row.digest or row.digest in self._unkept]
        batch = _Batch(self._read, unkept)
        batch.rows += _rows(self._plan([one.source for one in waits]), {id(one.source): one.digest for one in waits})
        for one in waits:
            for said in one.said:
                # What can no longer be said, since other calls came in since, is asked again.
                with suppress(InputError, ValueError, TypeError, KeyError, AttributeError):
                    if "gone" in said:
                        gone = (one.digest, said["gone"])
                        batch.let_go([row for row in batch.rows if (row.digest, row.number) == gone])
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

    def _read(self, source: Source) -> list[Arrival]:
        return plan_import(self._root, [source], again="new")

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
        sources = [Source(name, bytes(data)) for name, data in self._coming.pop(view, {}).values()]
        # Along with what waits from before: the same call may have been dropped twice.
        waits = {row.digest: row.arrival.source for row in self._batch.rows if row.digest}
        digests = {id(source): keep_dropped(self._root, source) for source in sources}
        kept = {name for name, *_ in dropped_marks(self._root)}
        self._unkept |= {digest for digest in digests.values() if f"{digest}.json" not in kept}
        self._at_work(view, "Looking at what is in them …")
        plan = self._plan([*waits.values(), *sources], self._progress(view, "file", "looked at"))
        new = [one for one in plan if id(one.source) in digests and digests[id(one.source)] not in waits]
        self._batch.rows += _rows(new, digests)
        self._batch.rows += [_Row(one) for one in self._left_out.pop(view, [])]
        return {**self._now(), **self._known()}

    def _progress(self, view: str, one: str, done: str) -> Callable[[int, int], None]:
        """How far it is, said now and then."""

        def progress(n: int, of: int) -> None:
            if of > EACH and n % EACH == 0:
                self._at_work(view, f"{n:,} of {counted(of, one)} {done}")

        return progress

    def _at_work(self, view: str, words: str) -> None:
        """What is done just now: who hears of it waits on, and does not take the kernel for dead."""
        self._tell({"drop": {"did": "progress", "view": view, "words": words}})

    def _row(self, message: dict[str, Any]) -> _Row | None:
        """The call that a face means; None where another one stands in its place."""
        row = self._batch.rows[message["call"]]
        return row if row.arrival.called == message.get("name", row.arrival.called) else None

    def _say(self, message: dict[str, Any], view: str) -> dict[str, Any]:
        if (row := self._row(message)) is None:
            return {"refused": CHANGED, **self._now()}
        if row.arrival.table and len(row.arrival.table.rows) > MANY_ROWS and {"columns", "customer"} & message.keys():
            self._at_work(view, f"Looking at the rows of {row.arrival.name} …{LARGE}")
        said = {name: message[name] for name in (*FIELDS, *BY_NAME) if name in message}
        n_rows = len(self._batch.rows)
        self._batch.say(row.digest, row.number, said)
        say_of_dropped(self._root, [row.digest], {"call": row.number, **said})
        if len(self._batch.rows) > n_rows:
            return {"call": message["call"], **self._now()}
        (n,) = count_calls(self._root, [row.arrival])
        return {"call": message["call"], "now": {**_show(row.arrival), "makes": n}, **_open(self._batch)}

    def _alike(self, message: dict[str, Any], _: str) -> dict[str, Any]:
        (one, other), customer = message["names"], message["customer"]
        self._batch.say_alike(one, other, customer)
        say_of_dropped(self._root, self._batch.digests, {"alike": [one, other], "customer": customer})
        return self._now()

    def _bring(self, _: dict[str, Any], view: str) -> dict[str, Any]:
        batch = self._batch
        waiting = batch.waiting()
        ready = [row for row, waits in zip(batch.rows, waiting, strict=True) if not waits]
        if any(waiting) and not any(row.arrival.comes_in for row in ready):
            raise InputError(
                "nothing came in: each of these files has a question; answer those of one, and bring it in"
            )
        tables = [row.arrival.name for row in ready if row.arrival.comes_in and row.arrival.table]
        what = tables[0] if len(tables) == len(ready) == 1 else counted(len(ready), "file")
        self._at_work(view, f"Bringing in {what} …{LARGE if tables else ''}")
        try:
            plan = [row.arrival for row in ready]
            brought = bring_in(self._root, plan, progress=self._progress(view, "call", "in"))
        except Exception:
            self._marks = None  # some of it may be in: it is looked at anew before any of it comes in once more
            raise
        # What could not be written, on a full disk, stays with what was said of it.
        failed = {problem.file for problem in brought.failed}
        done = [row for row in ready if not (row.arrival.comes_in and row.arrival.name in failed)]
        batch.rows = [row for row in batch.rows if row not in done]
        self._discard(done)
        for row, arrival in zip(batch.rows, renewed(self._root, batch.plan), strict=True):
            row.arrival = arrival
        if any(one.twin and not one.twin.is_in for one in batch.plan):
            self._marks = None
            self._look_on_disk()  # the call that it may be is in now, and its transcript can be replaced
        told = {problem for row in ready for problem in row.arrival.problems}
        return {
            **self._now(),
            "files": [call.file for call in brought.calls],
            "tables": [file for file, _ in brought.tables],
            "known": [f"{counted(n, 'row')} of {name} in already" for name, n in brought.known],
            "recorded": sum(bool(call.transcript) for call in brought.calls),
            "skipped": [arrival.name for arrival in brought.skipped],
            "replaced": [file for file, _ in brought.replaced],
            "failed": [str(problem) for problem in brought.failed],
            "problems": [str(problem) for problem in brought.problems if problem not in told],
            "aliases": [f"“{name}” is {customer} from now on" for name, customer in brought.aliases],
        }

    def _leave(self, message: dict[str, Any], view: str) -> dict[str, Any]:
        if "call" in message:
            if (row := self._row(message)) is None:
                return {"refused": CHANGED, **self._now()}
            twins = [one.twin for one in self._batch.plan if one.twin and one.twin.also]
            self._batch.let_go([row])
            self._discard([row])
            if any(row.arrival.name in (twin.name, *twin.also) for twin in twins):
                self._marks = None
                self._look_on_disk()  # of a call whose parts were all here one is missing now
            return {"call": message["call"], "name": row.arrival.called, **self._now()}
        discard_dropped(self._root, self._batch.digests)
        self._coming.pop(view, None)
        self._batch = _Batch(self._read)
        return self._now()

    def _discard(self, rows: Collection[_Row]) -> None:
        """What is in, or left, is kept no longer; a file goes with the last of its calls."""
        left = set(self._batch.digests)
        for row in rows:
            if row.digest in left:
                say_of_dropped(self._root, [row.digest], {"gone": row.number})
        discard_dropped(self._root, {row.digest for row in rows} - left)


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
        "name": arrival.called,
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
        "ways": list(arrival.ways),
        "other_names": arrival.has_other_names,
        "comes_in": arrival.comes_in,
        "kept_as": arrival.kept_as,
        "like": arrival.like,
        "guessed": [name for name, _ in arrival.guesses],
        # Of a table: which columns it has, which of them is what, and which are nothing.
        "header": list(arrival.table.header) if arrival.table else [],
        "columns": [one._asdict() for one in (arrival.columns.found if arrival.columns else ())],
        "left_out": list(arrival.columns.left if arrival.columns else ()),
    }
