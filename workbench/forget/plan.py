"""What forgetting a customer means for each file of a workspace, worked out before anything is touched."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from workbench.candidates import split_us
from workbench.customers import fold_name, is_evidence, likely_twins, parse_registry, split_people
from workbench.dropped import DROPPED
from workbench.errors import InputError
from workbench.forget.originals import as_brought_in, without_rows
from workbench.forget.search import Seen, is_text, look_into, text_of
from workbench.forget.traces import FORGOTTEN, Traces
from workbench.frontmatter import parse_yaml, set_fields, split_front_matter, split_lines
from workbench.importers import Source
from workbench.note_tables import ENDINGS
from workbench.note_tables import without_rows as without_notes
from workbench.notes import Call, parse_call
from workbench.redact import Redactor, short_ids
from workbench.save import fingerprint
from workbench.store import LEDGER_FILE, REMOVED, workspace
from workbench.study import read_study
from workbench.take_back import IMPORTS
from workbench.themes.ledger import forget_calls, reword_notes
from workbench.transcripts import TRIAGE, read_transcript
from workbench.triage import read_decisions

if TYPE_CHECKING:
    from workbench.study import Study

__all__ = ["Forgetting", "Step", "Weakened", "place_of", "plan_forgetting", "walk"]

REGISTRY = "discovery/customers.yaml"
TRANSCRIPTS = "interviews/transcripts/"
ORIGINALS = "interviews/originals/"
# Not the workspace's, or (git's history) not to be changed file by file.
_SKIPPED = {
    ".git",
    ".hg",
    ".svn",
    ".venv",
    "node_modules",
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
}
# What sync programs keep of older versions beside the files.
_VERSIONS = {".stversions", ".dropbox.cache", ".sync"}
_CACHES = {f".workbench/{name}.json" for name in ("calls", "known_calls", "our_words", "same_calls", "shown")}
# Of each transcript where its candidates stand.
_CANDIDATES = ".workbench/candidates/"
_COPY = re.compile(r"(?: \(conflict .*| \(.*conflicted copy.*|\.sync-conflict-.*|\.md.*)$", re.IGNORECASE)
_UNCHANGEABLE = "names the customer in a way that cannot be changed here; open it and look"
_CLAIMS = "application/vnd.discovery-workbench"


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one file.

    Parameters
    ----------
    file : str
        Relative to the workspace.
    what : str
        ``remove``, ``change`` or ``rename``.
    why : str
        What the file is, or what in it goes.
    places : tuple of str
        ``file:line: words`` of what goes.
    loaded : str
        Fingerprint of the content that was looked at.
    new : bytes or None
        The content afterwards, of one that is changed.
    to : str
        The name afterwards, of one that is renamed.
    turn : int
        0 for what is found by the calls and the registry, 1 for the calls, 2 for the registry: in this order, so that a
        second run can go on wherever the first has stopped.
    """

    file: str
    what: str
    why: str
    places: tuple[str, ...] = ()
    loaded: str = ""
    new: bytes | None = None
    to: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Weakened:
    """A claim that fewer customers stand behind.

    Parameters
    ----------
    id, title, file : str
        The hypothesis or decision.
    before, after : int
        Distinct customers behind its evidence.
    of_before, of_after : int
        All that count.
    """

    id: str
    title: str
    file: str
    before: int
    after: int
    of_before: int
    of_after: int


@dataclass(frozen=True)
class Forgetting:
    """All that forgetting a customer means.

    Parameters
    ----------
    root : pathlib.Path
        The workspace.
    customer : str
        Its name.
    names, people, calls, codes : tuple of str
        Its spellings, its people, ids of its calls, what reports call it.
    steps : tuple of Step
        What is removed, changed or renamed.
    mentions : tuple of str
        Where others' files mention it, or a single name of its people stands: replaced on request only.
    by_hand : tuple of str
        What no program can mend, then what none can read, such as a name drawn in a picture.
    weakened : tuple of Weakened
        Hypotheses and decisions with fewer customers behind them.
    hints : tuple of str
        What may be the same customer under a name that nobody has listed.
    traces : Traces
        What is looked for.
    unsure : bool
        Whether mentions in others' files, and single names of its people, go as well.
    """

    root: Path
    customer: str
    names: tuple[str, ...]
    people: tuple[str, ...]
    calls: tuple[str, ...]
    codes: tuple[str, ...]
    steps: tuple[Step, ...]
    mentions: tuple[str, ...]
    by_hand: tuple[str, ...]
    weakened: tuple[Weakened, ...]
    hints: tuple[str, ...]
    traces: Traces
    unsure: bool = False


def plan_forgetting(
    path: str | os.PathLike[str] | None, customer: str, *, also: Iterable[str] = (), mentions: bool = False
) -> Forgetting:
    r"""Work out what has to go; nothing is touched.

    Parameters
    ----------
    path : path-like or None
        The workspace, see :func:`workbench.workspace`.
    customer : str
        Any spelling of it, its ``P-`` code, or the id of a call that has no customer.
    also : iterable of str
        Further words that give it away, such as a product's name.
    mentions : bool
        Whether mentions in others' calls, and single names of its people, go as well.

    Returns
    -------
    Forgetting
        The plan.

    Raises
    ------
    InputError
        When there is no such customer.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> _ = (folder / "interviews" / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\n---\n- one")
    >>> [(step.file, step.what) for step in plan_forgetting(folder, "ACME").steps]
    [('interviews/2026-11-17-acme.md', 'remove')]
    """
    root = workspace(path)
    study = read_study(root)
    files = list(walk(root))
    everywhere = _calls_of(root, files)
    name = _resolve(study, customer, everywhere)
    known = study.customers.set_index("customer")
    # Of one whose calls were all taken out, only copies of them are left.
    row = known.loc[name] if name in known.index else {"aliases": (), "people": ()}
    own = {fold_name(spelling) for spelling in (name, *row["aliases"])}
    own_calls = study.calls[study.calls["customer"] == name]
    # A table of notes is many customers' and goes on without their rows.
    calls = {*own_calls.loc[own_calls["line"] == 0, "call"]}
    # A call's id stands in where there is no customer; it is no name then.
    unnamed = {call.id for call in everywhere.values() if call.customer == call.id and not _names_customer(call)}
    copies = {
        file: call
        for file, call in everywhere.items()
        if (call.id == name if name in unnamed else fold_name(call.customer) in own)
    }
    notes = study.notes[study.notes["customer"].astype(str) == name]
    ids = calls | {_COPY.sub("", PurePosixPath(file).name) for file in copies}
    people = {*row["people"], *(one for call in copies.values() for one, _ in split_people(call.who))} - {""}
    spellings = {name, *row["aliases"], *(call.customer for call in copies.values())}
    others = study.customers[study.customers["customer"] != name]
    theirs = {spelling for other in others.itertuples(index=False) for spelling in (other.customer, *other.aliases)}
    names = (spellings | _cores(spellings, theirs)) - unnamed
    texts = [*notes["text"], *(line for call in copies.values() for line in _said(call.source))]
    cited = short_ids(study.calls["call"].unique(), study.salt, "C-", 6)
    codes = {
        *(code for one, code in short_ids(study.customers["customer"], study.salt, "P-", 4).items() if one == name),
        *(ref for call, ref in cited.items() if call in calls),
    }
    rows = notes[~notes["call"].isin(calls)]
    codes |= {f"{cited[call]}:{line}" for call, line in zip(rows["call"].astype(str), rows["line"], strict=True)}
    spoken = [file for file in files if file.startswith(TRANSCRIPTS)]
    first = Traces(names, people, ids, also=also)
    named = {TRANSCRIPTS + call.transcript for call in copies.values() if call.transcript}
    # What was decided on a transcript goes with it.
    of = {file: file.removesuffix(TRIAGE) for file in spoken}
    recorded = [file for file in spoken if of[file] in named or _is_theirs(root, of[file], first, own)]
    us = {TRANSCRIPTS + call.transcript: split_us(call.us) for call in copies.values() if call.transcript}
    for file in recorded:
        texts += _spoken(root, file, us.get(file, ()))
    left = [*study.notes.loc[study.notes["customer"].astype(str) != name, "text"]]
    live = set(study.calls["file"]) & everywhere.keys() - copies.keys()
    left += [line for file in sorted(live) for line in _said(everywhere[file].source)]
    # What one of us asks everybody, and what others say in their own calls as well, is nobody's.
    theirs_too = {TRANSCRIPTS + everywhere[file].transcript for file in live if everywhere[file].transcript}
    for file in sorted(theirs_too.intersection(spoken).difference(recorded)):
        left += _spoken(root, file, ())
    traces = Traces(names, people, ids, codes, texts, others=theirs, left=left, also=also)
    said = traces.of_words()
    in_tables = list(zip(rows["call"].astype(str), rows["text"], strict=True))
    weakened, hints = tuple(_weakened(study, name)), tuple(_hints(study, name))
    del study, notes, left  # a million notes take the room that the files to be looked through need
    work = _Work(root, traces, said, own, ids, [*names, *also], texts, in_tables, mentions)
    for file in files:
        work.look_at(file, mine=file in copies or file in recorded)
    work.follow_rewording()
    return Forgetting(
        root, name, tuple(sorted(names)), tuple(sorted(people)), tuple(sorted(ids)), tuple(sorted(codes)),
        tuple(sorted(work.steps, key=lambda step: (step.turn, step.file, step.what))), tuple(work.mentions),
        (*work.by_hand, *work.unread), weakened, hints, traces, mentions,
    )  # fmt: skip


def walk(root: Path) -> Iterator[str]:
    """All files of a workspace, by name; links are not followed, and git's own are left out.

    Parameters
    ----------
    root : pathlib.Path
        The workspace.

    Yields
    ------
    str
        Relative to the workspace.
    """
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            one for one in folders if one not in _SKIPPED and not Path(folder, one, "pyvenv.cfg").is_file()
        )
        for one in sorted(names):
            yield Path(folder, one).relative_to(root).as_posix()


class _Work:
    """One file after the other, and what becomes of it."""

    def __init__(
        self,
        root: Path,
        traces: Traces,
        said: Traces,
        own: set[str],
        ids: set[str],
        names: list[str],
        texts: list[str],
        in_tables: list[tuple[str, str]],
        all_: bool,
    ) -> None:
        self.said = said
        self.root, self.traces, self.own, self.ids, self.all = root, traces, own, ids, all_
        self.names, self.texts, self.in_tables = names, texts, in_tables
        self.steps: list[Step] = []
        self.mentions: list[str] = []
        self.by_hand: list[str] = []
        self.unread: list[str] = []
        self._seen: tuple[bytes, Seen] | None = None
        # Notes of others whose words change, and so their ids: (call, old words) -> new words; old id -> new id.
        self.reworded: dict[tuple[str, str], str] = {}
        self.new_ids: dict[str, str] = {}

    def look_at(self, file: str, *, mine: bool) -> None:
        """Decide on one file."""
        path = self.root / file
        if path.is_symlink():
            if self.traces.find(f"{file} {os.readlink(path)}"):
                self.by_hand.append(f"{file}: a link; remove it, and what it leads to")
            return
        try:
            data = path.read_bytes()
        except OSError as error:
            self.by_hand.append(f"{file}: cannot be read ({error.strerror}); look into it yourself")
            return
        place = place_of(file)
        if mine:
            live = place == "interviews" and file.endswith(".md") and not _COPY.search(file.removesuffix(".md"))
            kind = "transcript" if file.startswith(TRANSCRIPTS) else "call" if live else "copy of a call"
            self._remove(file, data, kind, turn=1)
        elif place == "made":
            self._look_at_made(file, data)
        elif file == LEDGER_FILE:
            self._look_at_ledger(file, data)
        elif file == REGISTRY:
            self._look_at_registry(file, data)
        elif file.endswith(".ipynb"):
            self._look_at_notebook(file, data)
        elif file.startswith(ORIGINALS):
            self._look_at_original(file, data)
        elif _is_note_table(file):
            self._look_at_note_table(file, data)
        elif place == "discovery" and is_text(data):
            self._look_at_record(file, data)
        else:
            self._look_at_other(file, data, place)
        if not any(step.file == file and step.what == "remove" for step in self.steps):
            self._look_at_name(file, place, data)
            self._look_at_closed(file, data)

    def follow_rewording(self) -> None:
        """Where notes of others are named by their words or ids made of them, the new ones stand in for the old."""
        named = re.compile(
            "|".join([*map(re.escape, sorted(self.new_ids, key=len, reverse=True)), r"(?!)"]) + r"(?![\w-])"
        )
        for file in walk(self.root):
            ledger = file == LEDGER_FILE and self.all
            if not (ledger or (self.reworded and place_of(file) == "discovery")) or (self.root / file).is_symlink():
                continue
            before = next((s for s in self.steps if s.file == file and s.what == "change"), None)
            data = before.new if before else (self.root / file).read_bytes()
            if not is_text(data):
                continue
            text, encoding = text_of(data)
            new = reword_notes(text, self.reworded) if ledger else text
            new = named.sub(lambda found: self.new_ids[found[0]], new)
            new = self.traces.replace(new, unsure=True) if ledger else new
            if new != text:
                changed = new.encode(encoding, "surrogateescape")
                if before:
                    self.steps[self.steps.index(before)] = replace(before, new=changed)
                else:
                    self._change(file, data, changed, "names notes of others that are worded anew", [])

    def _remove(self, file: str, data: bytes, why: str, *, places: Iterable[str] = (), turn: int = 0) -> None:
        self.steps.append(Step(file, "remove", why, tuple(places), fingerprint(data), turn=turn))

    def _change(
        self,
        file: str,
        data: bytes,
        new: bytes,
        why: str,
        places: Iterable[str],
        turn: int = 0,
        *,
        mentions: bool = False,
    ) -> None:
        """Write a file anew; what still names the customer, and is none of the mentions that are listed, is for the PM to mend."""
        if not mentions and self._holds(new):
            self.by_hand.append(f"{file}: {_UNCHANGEABLE}")
        if new != data:
            self.steps.append(Step(file, "change", why, tuple(places), fingerprint(data), new, turn=turn))

    def _holds(self, data: bytes) -> bool:
        return any(trace.sure or self.all for text in self._seen_in(data).texts for trace in self.traces.find(text))

    def _seen_in(self, data: bytes) -> Seen:
        """What a file says; of a million notes that is worked out once and not for each question."""
        if self._seen is None or self._seen[0] is not data:
            self._seen = data, look_into(data)
        return self._seen[1]

    def _look_at_made(self, file: str, data: bytes) -> None:
        """What is made anew, or a copy of what was: removed whole."""
        seen = self._seen_in(data)
        is_whole = f"{REMOVED}/" in file or f"{DROPPED}/" in file
        brought = as_brought_in(Source(file.rpartition(".")[0], data)) if is_whole else ()
        if file == IMPORTS:
            self._look_at_imports(file, data)
        elif "/".join(file.rsplit("/", 2)[-2:]) in _CACHES or file in _CACHES or _CANDIDATES in file:
            self._remove(file, data, "cache")
        elif any(self.traces.find(text) for text in (file, *seen.texts, *brought)):
            self._remove(file, data, "report" if file.startswith("reports/") else "copy or cache")
        elif seen.closed and file.startswith("reports/"):
            self._remove(file, data, "report that cannot be looked into")

    def _look_at_imports(self, file: str, data: bytes) -> None:
        """A line a call: those go that name theirs, and only cannot be taken back by another command then."""
        lines = data.decode("utf-8", "surrogateescape").splitlines(keepends=True)
        new = "".join(line for line in lines if not self.traces.find(line))
        places = self._places(file, "".join(lines))
        self._change(file, data, new.encode("utf-8", "surrogateescape"), "what imports brought in", places)

    def _look_at_ledger(self, file: str, data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        # A name of a theme that holds one of theirs goes whole; the theme then has its name from before.
        records = [json.loads(found[0]) for found in re.finditer(r'(?<="name": )"(?:[^"\\]|\\.)*"', text)]
        telling = [name for name in records if any(trace.sure or self.all for trace in self.traces.find(name))]
        new = forget_calls(text, self.ids, [*self.texts, *self.names, *telling], self.in_tables)
        kept = self._places(file, new)
        self.mentions += [] if self.all else kept
        if new != text or (self.all and kept):
            places = self._places(file, text) if self.all else [p for p in self._places(file, text) if p not in kept]
            changed = new.encode("utf-8", "surrogateescape")
            # What others' notes say in it follows them, once all of them have been looked at.
            self.steps.append(Step(file, "change", "themes' ledger", tuple(places), fingerprint(data), changed))

    def _look_at_registry(self, file: str, data: bytes) -> None:
        text, encoding = text_of(data)
        new = _without_entries(text, self.own)
        new = self.traces.replace(new, unsure=self.all)
        self.mentions += [] if self.all else self._places(file, new)
        if new != text:
            places = self._places(file, text)
            self._change(file, data, new.encode(encoding, "surrogateescape"), "registry", places, turn=2)

    def _look_at_record(self, file: str, data: bytes) -> None:
        text, encoding = text_of(data)
        places = self._places(file, text)
        new = _without_items(text, file, self.traces, self.ids, self.all)
        new = self.traces.replace(new, unsure=self.all)
        self.mentions += [] if self.all else self._places(file, new)
        self._change(
            file, data, new.encode(encoding, "surrogateescape"), "record", [p for p in places if p not in self.mentions]
        )

    def _look_at_notebook(self, file: str, data: bytes) -> None:
        try:
            notebook = json.loads(data)
            cells = notebook["cells"]
        except (ValueError, KeyError, TypeError):
            self._look_at_other(file, data, "other")
            return
        places: list[str] = []

        def clean(value: Any, where: str, stand_in: str = FORGOTTEN) -> Any:
            if isinstance(value, str):
                for trace in self.traces.find(value):
                    told = places if trace.sure or self.all else self.mentions
                    told.append(f"{file}, {where}: {_around(value, trace)}")
                return self.traces.replace(value, unsure=self.all, stand_in=stand_in)
            if isinstance(value, list):
                return [clean(item, where, stand_in) for item in value]
            if isinstance(value, dict):
                return {clean(name, where): clean(item, where, stand_in) for name, item in value.items()}
            return value

        counts = any(
            _CLAIMS in kind for cell in cells for out in cell.get("outputs", ()) for kind in out.get("data", {})
        )
        told = any(self._holds(json.dumps(cell.get("outputs", []), ensure_ascii=False).encode()) for cell in cells)
        for number, cell in enumerate(cells, 1):
            if (counts or told) and cell.get("outputs"):
                cell["outputs"], cell["execution_count"] = [], None
            source = cell.get("source", "")
            whole = "".join(source) if isinstance(source, list) else source
            new = clean(
                whole, f"cell {number}", FORGOTTEN if cell.get("cell_type") != "code" else FORGOTTEN.strip("()")
            )
            cell["source"] = new.splitlines(keepends=True) if isinstance(source, list) else new
            for key in set(cell) - {"source", "outputs"}:
                cell[key] = clean(cell[key], f"cell {number}")
        notebook["metadata"] = clean(notebook.get("metadata", {}), "metadata")
        if counts or told or places:
            if counts or told:
                places.append(f"{file}: outputs of all cells; run it again")
            new = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
            self._change(file, data, new.encode("utf-8", "surrogateescape"), "notebook", places)
        elif self._holds(data):
            self.by_hand.append(f"{file}: {_UNCHANGEABLE}")

    def _look_at_original(self, file: str, data: bytes) -> None:
        """What calls were made of: a table loses their rows, what else has their words goes whole."""
        new = without_rows(Source(file, data), self.own, lambda text: bool(self.said.find(text)))
        brought = as_brought_in(Source(file, data)) if new is None else []
        if any(self.said.find(text) or fold_name(text) in self.own for text in brought) or (
            new is None and any(self.said.find(text) for text in self._seen_in(data).texts)
        ):
            self._remove(file, data, "what their call was made of; calls of others in it stand beside it")
        elif new is None or new == data:
            self._look_at_other(file, data, "interviews")
        else:
            self._take_rows(file, data, new)

    def _look_at_note_table(self, file: str, data: bytes) -> None:
        """A table of notes beside the calls loses their rows."""
        fold = cache(fold_name)

        def theirs(customer: str, row: str) -> bool:
            return fold(customer) in self.own if customer else bool(self.said.find(row))

        new = without_notes(file, data, theirs)
        if new == data and not is_text(data):  # the notes of all others are in it: to remove it is no way out
            self._change(file, data, new, "table", [])
        elif new is None or new == data:
            self._look_at_other(file, data, "interviews")
        else:
            self._take_rows(file, data, new)

    def _take_rows(self, file: str, data: bytes, new: bytes) -> None:
        """A table goes on without their rows; what others' rows say of the customer are mentions, as in any file."""
        if not is_text(data):
            self._change(file, data, new, "table", [f"{file}: rows of theirs"])
            return
        places, text, encoding = self._places(file, text_of(data)[0]), *text_of(new)
        if self.all:
            new = self.traces.replace(text, unsure=True).encode(encoding, "surrogateescape")
        else:  # in lines that have moved up
            left = Counter(_words_at(place) for place in self._places(file, text))
            for place in reversed(places):
                if left[_words_at(place)]:
                    left[_words_at(place)] -= 1
                    self.mentions.append(place)
        of_others = set(self.mentions)
        own = [place for place in places if place not in of_others]
        self._change(file, data, new, "table", own, mentions=len(own) < len(places))

    def _look_at_other(self, file: str, data: bytes, place: str) -> None:
        """Others' calls and transcripts, and files that are not the workbench's: changed on request only."""
        if not any(self.traces.find(text) for text in self._seen_in(data).texts):
            return
        inside = "; make it anew without the customer, since --mentions deletes it"
        inside = "" if is_text(data) or _without_members(data, self.traces) else inside
        places = self._places(file, text_of(data)[0]) if is_text(data) else [f"{file}: inside it{inside}"]
        if not self.all:
            self.mentions += places or [f"{file}: between its marks"]
            return
        if is_text(data):
            text, encoding = text_of(data)
            new = self.traces.replace(text, unsure=True)
            if place == "interviews" and file.endswith(".md"):
                self._note_rewording(parse_call(text, file), parse_call(new, file))
            self._change(file, data, new.encode(encoding, "surrogateescape"), "mention", places)
            return
        new_data = _without_members(data, self.traces)
        if new_data is None:
            self._remove(file, data, "names the customer, and cannot be changed", places=places)
        else:
            self._change(file, data, new_data, "archive", places)

    def _look_at_name(self, file: str, place: str, data: bytes) -> None:
        folder, _, name = file.rpartition("/")
        if any(trace.sure for trace in self.traces.find(folder)):
            self.by_hand.append(f"{file}: its folder's name gives the customer away; rename the folder")
        if not any(trace.sure for trace in self.traces.find(name)):
            return
        if place == "discovery" or name.endswith(".ipynb"):
            new = self.traces.replace(name, stand_in=FORGOTTEN.strip("()"))
            self.steps.append(
                Step(file, "rename", "its name", to=f"{folder}/{new}".lstrip("/"), loaded=fingerprint(data))
            )
        else:
            self.by_hand.append(f"{file}: its name gives the customer away; rename it")

    def _look_at_closed(self, file: str, data: bytes) -> None:
        """What stays and cannot be read, such as a picture with a name drawn in it, is for the PM to look at."""
        last = next((step.new for step in self.steps if step.file == file and step.new is not None), data)
        closed = self._seen_in(last).closed
        if inside := [where for where in closed if where]:
            self.unread.append(f"{file}: not all of it can be read here; open it and look at {', '.join(inside)}")
        elif closed:
            self.unread.append(f"{file}: cannot be looked into here; open it and look")

    def _note_rewording(self, old: Call, new: Call) -> None:
        if len(old.notes) != len(new.notes):
            return
        for before, after in zip(old.notes, new.notes, strict=True):
            if before.id != after.id:
                self.reworded[old.id, before.text] = after.text
                self.new_ids[before.id] = after.id

    def _places(self, file: str, text: str) -> list[str]:
        """Where traces stand, a line each."""
        found: dict[int, str] = {}
        line, at = 1, 0
        for trace in self.traces.find(text):
            line, at = line + text.count("\n", at, trace.start), trace.start
            found.setdefault(line, _around(text, trace))
        return [f"{file}:{line}: {words}" for line, words in found.items()]


def _words_at(place: str) -> str:
    """What stands at a place."""
    return place.split(": ", 1)[1]


def _around(text: str, trace: Any) -> str:
    """A trace with a few words before and after it, on one line."""
    start, end = max(0, trace.start - 30), min(len(text), trace.end + 30)
    before = text[start : trace.start].rpartition("\n")[2]
    after = text[trace.end : end].partition("\n")[0]
    words = " ".join(trace.words.split())
    words = words if len(words) <= 60 else f"{words[:59]}…"
    return (
        f"{'…' if before and start else ''}{before}[{words}]{after}{'…' if after and end < len(text) else ''}".strip()
    )


def _resolve(study: Study, customer: str, copies: Mapping[str, Call]) -> str:
    """The customer that is meant, by its name in the tables."""
    wanted = fold_name(customer)
    known: dict[str, str] = {}
    for row in study.customers.itertuples(index=False):
        for spelling in (row.customer, *row.aliases):
            known.setdefault(fold_name(spelling), row.customer)
    for call in copies.values():
        if _names_customer(call):
            known.setdefault(fold_name(call.customer), call.customer)
    if wanted in known:
        return known[wanted]
    codes = {code: name for name, code in short_ids(study.customers["customer"], study.salt, "P-", 4).items()}
    if customer in codes:
        return codes[customer]
    for row in study.customers.itertuples(index=False):
        if wanted in map(fold_name, row.people):
            raise InputError(f"{customer!r} is somebody at {row.customer!r}; name the customer: all of it is forgotten")
    near = [
        known[name] for name, *_ in process.extract(wanted, list(known), scorer=fuzz.WRatio, limit=3, score_cutoff=75)
    ]
    offer = f"; did you mean {' or '.join(map(repr, dict.fromkeys(near)))}?" if near else "; workbench notes lists them"
    raise InputError(f"there is no customer {customer!r}{offer}")


def _names_customer(call: Call) -> bool:
    fields = split_front_matter(split_lines(call.source), call.file)[0]
    return bool(fields.values.get("customer"))


def _calls_of(root: Path, files: list[str]) -> dict[str, Call]:
    """All calls, wherever a copy of one may lie."""
    found = {}
    for file in files:
        place, name = place_of(file), file.rpartition("/")[2]
        if file.startswith(TRANSCRIPTS) or place not in ("interviews", "made") or file.startswith("reports/"):
            continue
        if _is_note_table(file):
            continue
        if place == "made" and not (".md" in name or name.endswith(".tmp")):
            continue
        path = root / file
        if path.is_symlink():
            continue
        try:
            data = path.read_bytes()
        except OSError:
            continue
        if is_text(data) or name.lower().endswith(".md"):  # a call with a NUL in it is one, too
            found[file] = parse_call(text_of(data)[0], file)
    return found


def _is_note_table(file: str) -> bool:
    """Whether a file lies where tables of notes do."""
    return file.startswith("interviews/") and file.count("/") == 1 and file.lower().endswith(ENDINGS)


def _is_theirs(root: Path, file: str, traces: Traces, own: set[str]) -> bool:
    """Whether a transcript is of one of their calls: by its name, or by what stands at its head."""
    if any(trace.sure for trace in traces.find(file.removeprefix(TRANSCRIPTS))):
        return True
    try:
        data = (root / file).read_bytes()
    except OSError:
        return False
    if not is_text(data):
        return False
    customer = split_front_matter(split_lines(text_of(data)[0]), file)[0].values.get("customer", "")
    return isinstance(customer, str) and fold_name(customer) in own


def _spoken(root: Path, file: str, us: Iterable[str]) -> list[str]:
    """What the customer says in a transcript; all of it where nobody can tell who says what."""
    if file.endswith(TRIAGE):  # how decisions are written down is nobody's words
        decisions, _ = read_decisions(root, PurePosixPath(file).name.removesuffix(TRIAGE))
        return [words for one in decisions for words in (one.words, one.note) if words]
    us = tuple(us)
    try:
        return [turn.text for turn in read_transcript(root / file).turns if not turn.is_by(us)]
    except InputError:
        return [line for text in _seen(root, file) for line in text.splitlines()]


def _seen(root: Path, file: str) -> tuple[str, ...]:
    try:
        return look_into((root / file).read_bytes()).texts
    except OSError:
        return ()


def _said(source: str) -> list[str]:
    """The lines of a call's body."""
    lines = split_lines(source)
    return [line.strip() for line in lines[split_front_matter(lines, "")[1] :] if line.strip()]


def _cores(names: set[str], others: set[str]) -> set[str]:
    """Names without "Ltd" and the like, where what is left is no word of the language and nobody else's."""
    from wordfreq import zipf_frequency

    from workbench.customers import core_name

    taken = {core_name(name) for name in others}
    cores = {core for core in map(core_name, names) if core and core not in taken}
    return {core for core in cores if len(core) >= 4 and (" " in core or zipf_frequency(core, "en") < 3)}


def place_of(file: str) -> str:
    """What kind of file it is, by where it lies.

    Parameters
    ----------
    file : str
        Relative to the workspace.

    Returns
    -------
    str
        ``interviews``, ``discovery``, ``made`` (what is made anew, or a copy of what was) or ``other``.

    Examples
    --------
    >>> place_of("discovery/quarter.md"), place_of("reports/tuesday.html")
    ('discovery', 'made')
    """
    parts = file.split("/")
    if parts[0] == "reports" or {".workbench", ".ipynb_checkpoints", ".virtual_documents", *_VERSIONS} & {
        part.lower() for part in parts[:-1]
    }:
        return "made"
    if any(part.lower().startswith(".trash") for part in parts[:-1]):
        return "made"
    if re.fullmatch(r"\.workbench-.*\.tmp|\.~.*|\.jupyter_ystore\.db|.*\.jupyterlab-workspace", parts[-1]):
        return "made"
    if parts[0] in ("interviews", "discovery"):
        return parts[0]
    return "interviews" if len(parts) == 1 and file.lower().endswith(".md") else "other"


def _without_entries(text: str, own: set[str]) -> str:
    """The registry without a customer's entry; where it is not written one a block, its text is cleaned only."""
    fields = parse_yaml(text, REGISTRY)
    names = [name for name in fields.values.get("customers") or {} if fold_name(name) in own]
    lines = split_lines(text)
    for name in sorted(names, key=lambda name: -fields.lines[f"customers.{name}"]):
        first = fields.lines[f"customers.{name}"] - 1
        indent = len(lines[first]) - len(lines[first].lstrip())
        last = first + 1
        while last < len(lines) and (not lines[last].strip() or len(lines[last]) - len(lines[last].lstrip()) > indent):
            last += 1
        lines[first:last] = []
    new = "".join(lines)
    if re.search(r"^customers:[ \t]*(?:#.*)?$(?!\n[ \t]+\S)", new, re.MULTILINE) and names:
        new = re.sub(r"^customers:[ \t]*$(?!\n[ \t]+\S)", "customers: {}", new, flags=re.MULTILINE)
    try:
        kept = {customer.name for customer in parse_registry(new).customers}
    except InputError:
        return text
    expected = {customer.name for customer in parse_registry(text).customers if fold_name(customer.name) not in own}
    return new if kept == expected else text


def _without_items(text: str, file: str, traces: Traces, ids: set[str], unsure: bool) -> str:
    """A record whose fields no longer name the customer or its notes; items that name a note of theirs go."""
    if not file.endswith(".md"):
        return text
    fields, body = split_front_matter(split_lines(text), file)
    if not body:
        return text
    note = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(ids)))})#[0-9a-f]{{8}}(?:-\d+)?") if ids else None
    wanted: dict[str, Any] = {}
    for key, value in fields.values.items():
        if isinstance(value, str):
            new: Any = traces.replace(value, unsure=unsure)
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            kept = [item for item in value if not (note and note.fullmatch(item.strip()))]
            new = [traces.replace(item, unsure=unsure) for item in kept]
        else:
            continue
        if new != value:
            wanted[key] = new
    for key, value in wanted.items():
        try:
            text = set_fields(text, {key: value})
        except (InputError, ValueError):
            continue  # what stands in its text is replaced all the same
    return text


def _without_members(data: bytes, traces: Traces) -> bytes | None:
    """An archive without members that name the customer; None where it is no plain archive."""
    if not data.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if {"[Content_Types].xml", "mimetype"} & {member.filename for member in members}:
                return None
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
                for member in members:
                    content = archive.read(member)
                    seen = look_into(content)
                    if traces.find(member.filename):
                        continue
                    if any(traces.find(text) for text in seen.texts):
                        cleaned = _cleaned(content, traces)
                        if cleaned is None:
                            continue
                        content = cleaned
                    new.writestr(zipfile.ZipInfo(member.filename, member.date_time), content, zipfile.ZIP_DEFLATED)
            return target.getvalue()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        return None


def _cleaned(content: bytes, traces: Traces) -> bytes | None:
    """A member without the traces; None where it has to go whole."""
    if not is_text(content):
        return _without_members(content, traces)
    text, encoding = text_of(content)
    new = traces.replace(text, unsure=True).encode(encoding, "surrogateescape")
    return None if any(traces.find(text) for text in look_into(new).texts) else new


def _weakened(study: Study, name: str) -> Iterator[Weakened]:
    """Claims with fewer customers behind them, counted with and without the one."""
    notes = study.notes
    counted = notes[is_evidence(notes)]
    customer_of = dict(zip(counted["note"], counted["customer"].astype(str), strict=True))
    everyone = set(customer_of.values())

    def behind(evidence: Iterable[str]) -> set[str]:
        return {customer_of[note] for note in evidence if note in customer_of}

    title: Callable[[Any], str] = lambda record: getattr(record, "title", "") or getattr(record, "change", "")  # noqa: E731
    of = {record.id: behind(record.evidence) for record in study.hypotheses}
    for record in [*study.hypotheses, *study.decisions]:
        who = behind(record.evidence)
        for hypothesis in getattr(record, "hypotheses", ()):
            who |= of.get(hypothesis, set())
        if name in who:
            yield Weakened(
                record.id,
                title(record),
                record.file,
                len(who),
                len(who - {name}),
                len(everyone),
                len(everyone - {name}),
            )


def _hints(study: Study, name: str) -> Iterator[str]:
    """What may be the same customer under another name."""
    for a, b in likely_twins(study.customers["customer"]):
        if name in (a, b):
            other = b if a == name else a
            yield f"{other!r} looks like {name!r} and is counted apart; if it is the same, forget it too"
    odd = Redactor({}).find("\n".join(study.notes.loc[study.notes["customer"].astype(str) == name, "text"]))
    if odd:
        yield f"{len(odd)} addresses and numbers in its notes were looked for, too"
