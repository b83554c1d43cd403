"""A small form for a record: what is typed is on disk within a second, what could be written is offered beside its place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from threading import RLock, Thread
from typing import Any, NamedTuple

from jinja2 import Environment

from workbench.checks.check import check_case
from workbench.checks.read import read_case
from workbench.checks.rule import Violation, sentence
from workbench.customers import split_who
from workbench.errors import InputError, Problem
from workbench.frontmatter import set_fields, split_front_matter, split_lines
from workbench.hypotheses import draft_hypotheses
from workbench.look_back import look_back
from workbench.newest import today as newest_today
from workbench.records import KINDS, Guardrail, Kind
from workbench.records.quarter import QUARTER_FILE
from workbench.records.typed import Typed, need_day, week_of
from workbench.rituals import Moment, Offer, day_before
from workbench.save import SaveError, fingerprint
from workbench.store import change_record, file_marks, read_text, workspace
from workbench.study import Study, read_study
from workbench.themes import Themes, find_themes
from workbench.themes.ledger import LEDGER_FILE
from workbench.widgets.face import Widget, read_script, read_style
from workbench.widgets.note_rows import NoteRows
from workbench.widgets.note_search import NoteSearch

__all__ = ["NEW", "Place", "RecordForm", "work_out"]

# What a form is made of, beside the calls and the records.
BESIDE = (LEDGER_FILE, "discovery/customers.yaml", QUARTER_FILE)
# Shapes whose value is one text; those of the others are lists.
SINGLE = ("text", "long", "day", "choice")
# A field is a line; what is longer belongs below the fields, as prose.
MAX_LETTERS = 2000
NOT_KEPT = "It is written in a way that this form cannot keep; change it in an editor."
# The key of a record that is not there yet and has no name to be called by.
NEW = "new"
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

PICTURE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""\
<div class="wb-still">
<p><strong>{{ title }}</strong>{% if of %}: <bdi>{{ of }}</bdi>{% endif %}<br>{{ moment }}</p>
{% if rows %}
<ul>
{% for label, items in rows %}
<li>{{ label }}: {% for item in items %}<bdi>{{ item }}</bdi>{{ "; " if not loop.last }}{% endfor %}</li>
{% endfor %}
</ul>
{% endif %}
</div>
""")


class Place(NamedTuple):
    """A field of a record, as a form has it.

    Parameters
    ----------
    field : str
        The field's name in the record.
    label, meaning, hint : str
        Its word, what that means in one sentence, and what could stand there.
    shape : str
        ``text``, ``long``, ``day``, ``choice``, ``list``, ``pairs`` (what, and behind it who by when), ``order`` (an id, and
        behind it a cause) or ``notes`` (their ids, shown as what was said).
    behind : tuple of (str, str)
        Of pairs and of an order: the word of the second half, and what could stand there.
    options : tuple of (str, str)
        Of a choice: what is written and how it reads.
    options_of : str
        Of a choice: the field whose items can be chosen.
    most : int
        How many items there may be; 0 for any number.
    over, instead : str
        What is said to one item more, and the field where it may go.
    fewest, usual : int
        Of people: how many different ones are enough, and how many are usual.
    words : int
        How many words a text may have; 0 for any number.
    part : str
        A heading above it.

    Examples
    --------
    >>> Place("outcomes", "Outcomes", shape="list", most=2).is_list
    True
    """

    field: str
    label: str
    meaning: str = ""
    hint: str = ""
    shape: str = "text"
    behind: tuple[str, str] = ("", "")
    options: tuple[tuple[str, str], ...] = ()
    options_of: str = ""
    most: int = 0
    over: str = ""
    instead: str = ""
    fewest: int = 0
    usual: int = 0
    words: int = 0
    part: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it holds several items."""
        return self.shape not in SINGLE


class RecordForm(Widget):
    """A form; each ritual's is one of these with its own places, see :mod:`workbench.widgets.forms`.

    The record becomes a file with the first thing that is written in it. Nothing but its fields is touched, and nobody's text
    is overwritten unseen. The form follows the disk: calls and records that change while it is shown.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    today : str, optional
        The day to write down and to measure from, ``YYYY-MM-DD``; by default the day of ``WORKBENCH_TODAY``, else today.

    Attributes
    ----------
    title : str
        What the form is called.
    kind : Kind
        Of its record.
    places : tuple of Place
        Its fields, in order.
    begins : bool
        Whether a record that is not there is made with the first thing written; else it is made first.
    pastes : bool
        Whether the record can be had as text for a chat.

    Raises
    ------
    InputError
        When there is no such workspace, or `today` is no day.
    """

    _esm = read_script("fields", "record_form", "note_search")
    _css = read_style("fields", "note_search", "record_form")

    title = ""
    kind: Kind = KINDS["week"]
    places: tuple[Place, ...] = ()
    begins = True
    pastes = False

    def __init__(self, path: str | os.PathLike[str] | None = None, *, today: str | None = None) -> None:
        super().__init__()
        self._day = need_day(today or "")
        self._root = workspace(path)
        # With JupyterLab's subshells messages come while a cell runs, in another thread.
        self._lock = RLock()
        # What could be written may take seconds in a large workspace, and nothing that is typed waits for it.
        self._work = RLock()
        self._study: Study | None = None
        self._themes: Themes | None = None
        self._drafted: tuple[Any, list[Any]] | None = None
        self._row_of = NoteRows()
        self._search: NoteSearch | None = None
        self._then: dict[str, Any] = {}  # by day: what was known then
        self._found: dict[str, list[dict[str, Any]]] = {}  # by file: what the linter says of it
        self._marks: dict[str, tuple[int, int, int]] | None = None
        self._n_looks = 1  # at how many states of the disk
        self._read_at = 0
        self._told: dict[str, int] = {}  # each view's last
        self._trouble = ""
        self._look()
        self._read()
        self.on_msg(self._receive)

    # What each form says of itself

    def _first_key(self) -> str:
        """What is shown before anything was chosen: a record's file, or `NEW`."""
        raise NotImplementedError

    def _still_key(self) -> str:
        """What the picture shows; empty where it shows nothing. No clock decides it."""
        return self._first_key()

    def _around(self, key: str) -> dict[str, Any]:
        """What can be gone to from a record: `before` and `after` it, or `choices`."""
        return {}

    def _places(self) -> tuple[Place, ...]:
        """The places as they are in this workspace."""
        return self.places

    def _first_text(self, file: str, id_: str) -> str:
        """What a new record begins as."""
        return set_fields("", {"version": "1"})

    def _new_file(self, id_: str, fields: dict[str, Any]) -> str:
        """The file of a record that has no name yet."""
        raise InputError("choose a record first")

    def _locked(self, text: str, file: str) -> dict[str, str]:
        """Places that nobody changes any more, each with why."""
        return {}

    def _beside(self, text: str, file: str) -> list[dict[str, Any]]:
        """Findings of the form's own, at once and without the linter."""
        return []

    def _is_of_form(self, violation: Violation) -> bool:
        """Whether what the linter says is to be said here."""
        return violation.rule != "record-unreadable"  # the form reads the record itself

    def _acts(self, text: str, file: str) -> list[dict[str, str]]:
        """What can be done with the record as a whole."""
        return []

    def _act(self, file: str, act: str) -> str:
        """Do one of `_acts`; gives the file to show then."""
        raise InputError(f"this form does not know what {act!r} means")

    def _offers(self, moment: Moment) -> list[Offer]:
        """What could be written."""
        return []

    def _paste(self, moment: Moment) -> str:
        """The record as text for a chat."""
        return ""

    def _of_record(self, file: str) -> str:
        """What the record is called among others."""
        return ""

    # What is read

    @property
    def _today(self) -> str:
        return self._day or (self._study.today if self._study else "") or date.today().isoformat()

    def _files(self, kind: Kind) -> list[str]:
        names = sorted(file.name for file in (self._root / kind.folder).glob("*.md") if file.is_file())
        return [f"{kind.folder}/{name}" for name in names if name[0] not in "._" and name != "README.md"]

    def _look(self) -> None:
        """Take in whether anything has changed on disk since the last look."""
        try:
            records = [file for kind in KINDS.values() for file in self._files(kind)]
            marks = file_marks(self._root, *BESIDE, *records)
        except OSError as error:
            self._trouble, self._marks = f"{error.filename}: {error.strerror}", None
            return
        self._n_looks += marks != self._marks
        self._marks = marks

    def _read(self, *, wait: bool = False) -> None:
        """Read the workspace, unless somebody is at it and nobody has to `wait`; its themes are found anew only for new notes."""
        if self._read_at == self._n_looks or not self._work.acquire(blocking=wait):
            return
        try:
            n_looks = self._n_looks
            study, old = read_study(self._root), self._study
            if old is None or not study.notes.equals(old.notes):
                self._row_of = NoteRows(study.notes)
                self._themes, self._search, self._then = None, None, {}
            elif study.ledger != old.ledger:
                self._themes = None if self._themes is None else self._themes.regroup(study.ledger)
            self._study, self._trouble, self._read_at = study, "", n_looks
        except (InputError, OSError) as error:
            self._trouble = str(error)
        finally:
            self._work.release()

    def _moment(self, key: str) -> Moment:
        """The day as the rituals look at it."""
        return self._moment_of(week_of(self._today), "" if key == NEW else self._of_record(key))

    def _moment_of(self, week: str, record: str = "") -> Moment:
        since, study = day_before(week), self._study

        def then() -> tuple[Study, Themes] | None:
            if since not in self._then:
                self._then[since] = look_back(study, since)
            return self._then[since]

        return Moment(week, self._today, since, cache(then), record)

    def _all_themes(self) -> Themes:
        if self._themes is None:
            self._themes = find_themes(self._study.notes, self._study.ledger)
        return self._themes

    def _all_hypotheses(self) -> list[Any]:
        """Records, and the drafts that the themes give, which take longer than all else and are kept."""
        study, themes = self._study, self._all_themes()
        today = newest_today(study) or self._today
        made_of = (id(themes), study.hypotheses, study.quarter, today)
        if self._drafted is None or self._drafted[0] != made_of:
            drafts = draft_hypotheses(themes, study.quarter, records=study.hypotheses, today=today)
            self._drafted = made_of, drafts
        return [*study.hypotheses, *self._drafted[1]]

    def _written(self, text: str, file: str) -> dict[str, Any]:
        """The fields of a record's text as the form knows them."""
        record = Typed(text, file, may_be_prose=True)
        return {place.field: _read_place(record, place) for place in self.places}

    def _card(self, key: str) -> dict[str, Any]:
        """All that a view is told of a record."""
        file = "" if key == NEW else key
        text = read_text(self._root / file) if file else ""
        fields = self._written(text, file)
        problems, findings = self._odd(text, file) if text else ([], [])
        if text:
            findings += self._beside(text, file) + self._found.get(file, [])
        return {
            "key": key,
            "id": self._of_record(file) if file else "",
            "file": file if text else "",
            "fields": fields,
            "findings": findings,
            "problems": problems,
            "locked": self._not_kept(text, file) | (self._locked(text, file) if text else {}),
            "tallies": self._tallies(key, fields),
            "first": self._first_key(),
            "acts": self._acts(text, file) if text else [],
            **self._around(key),
        }

    def _odd(self, text: str, file: str) -> tuple[list[str], list[dict[str, Any]]]:
        """What could not be read: of the record, and beside its fields."""
        record, odd = self.kind.parse(text, file)
        problems: list[str] = []
        findings: list[dict[str, Any]] = []
        for problem in odd:
            field = _field_at(record.lines, problem.line, exactly=True)
            if any(place.field == field for place in self.places):
                findings.append(_finding(field, problem.what, problem.todo))
            else:
                problems.append(str(Problem(file, problem.line, problem.what, problem.todo)))
        return problems, findings

    def _not_kept(self, text: str, file: str) -> dict[str, str]:
        values = split_front_matter(split_lines(text), file)[0].values if text else {}
        return {
            place.field: NOT_KEPT
            for place in self.places
            if place.field in values and not _can_keep(values[place.field], place)
        }

    def _tallies(self, key: str, fields: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """How many there are, of how many; whether that is as it should be."""
        found = {}
        for place in self._places():
            value = fields[place.field]
            if place.most:
                n = len(value)
                words = f"{n} of {place.most}, no more" if n <= place.most else f"{n}, and {place.most} is the most"
                found[place.field] = {"words": words, "good": 0 < n <= place.most}
            elif place.fewest:
                n = len(self._different(value))
                found[place.field] = {"words": f"{n} of {place.fewest} to {place.usual}", "good": n >= place.fewest}
            elif place.words:
                n = len(value.split())
                found[place.field] = {"words": f"{n} of {place.words} words", "good": 0 < n <= place.words}
        return found

    def _different(self, names: Iterable[str]) -> set[str]:
        return set(names)

    def _check(self, file: str) -> None:
        """What the linter says of a record, beside the field that it says it of."""
        text = read_text(self._root / file)
        if not text:
            self._found.pop(file, None)
            return
        record = self.kind.parse(text, file)[0]
        checked = check_case(read_case(self._root, today=self._today))
        self._found[file] = [
            _finding(field, one.what, one.todo, blocks=one.severity == "error", rule=one.rule)
            for one in checked.violations
            if one.file == file and self._is_of_form(one)
            for field in [_field_at(record.lines, one.line)]
            if any(place.field == field for place in self.places)
        ]

    def _note(self, note: str) -> dict[str, Any]:
        """What the face shows of a note; of one that is gone, its id."""
        row = self._row_of.get(note)
        if row is None:
            return {"note": note, "gone": True, "text": "Not found: reworded or removed", "customer": note}
        role = split_who(row.who)[1]
        where = f"{row.file}:{row.line}"
        return {
            "note": note,
            "text": row.text,
            "kind": row.kind,
            "customer": row.customer,
            "role": role,
            "where": where,
        }

    def picture(self) -> str:
        """The record as it stood when the cell was run.

        Returns
        -------
        str
            Static HTML, everything escaped.
        """
        with self._lock:
            key = "" if self._trouble and self._study is None else self._still_key()
            text = read_text(self._root / key) if key and key != NEW else ""
            fields = self._written(text, key) if text else {}
            of = self._of_record(key) if text else ""
            rows = [
                (place.label, self._said(place, fields[place.field]))
                for place in self.places
                if fields.get(place.field)
            ]
            moment = self._trouble or (
                "As it stood when this cell was run; run it again to go on."
                if rows
                else "Nothing is written here yet; run this cell to begin."
            )
        return PICTURE.render(title=self.title, of=of, rows=rows, moment=moment)

    def _said(self, place: Place, value: Any) -> list[str]:
        if place.shape == "notes":
            return [self._note(note)["text"] for note in value]
        if place.shape in ("pairs", "order"):
            return [_joined(place, item) for item in value]
        return list(value) if place.is_list else [dict(place.options).get(value, value)]

    # Messages from the views

    def _receive(self, _: Any, message: dict[str, Any], __: Any) -> None:
        """Answer a view. A message that cannot be obeyed is answered with the reason, in plain words."""
        answers: dict[str, Callable[[dict[str, Any]], None]] = {
            "hello": self._hello,
            "look": self._look_for_news,
            "set": self._set,
            "offer": self._offer,
            "paste": self._ask_paste,
            "find": self._find,
            "act": self._do,
        }
        back = {name: message.get(name) for name in ("view", "seq", "key")}
        with self._lock:
            try:
                answers[message["kind"]](message)
            except SaveError as error:
                said = str(error).replace(f"{self._root}{os.sep}", "")
                self.send({"kind": "unsaved", **back, "said": said, "again": True})
            except InputError as error:
                self.send({"kind": "unsaved", **back, "said": f"Not saved: {error}", "again": False})
            except Exception as error:
                said = f"This could not be done ({type(error).__name__}: {error}). What you typed is still here."
                self.send({"kind": "unsaved", **back, "said": said, "again": False})

    def _hello(self, message: dict[str, Any]) -> None:
        if self._trouble:  # it may be mended without a trace in the marks, as when access was given
            self._marks = None
        self._look()
        self._read()
        self._send_state(message)

    def _look_for_news(self, message: dict[str, Any]) -> None:
        """Tell a view what has changed on disk since it was told, or that somebody is there."""
        self._look()
        if self._told.get(str(message.get("view"))) != self._n_looks:
            self._read()
            self._send_state(message)
        else:
            self.send({"kind": "alive", "view": message.get("view")})

    def _send_state(self, message: dict[str, Any], **more: Any) -> None:
        key = str(more.pop("show", "") or message.get("chosen") or self._first_key())
        self._told[str(message.get("view"))] = self._n_looks
        card = self._card(key) if key else None
        self.send(
            {
                "kind": "state",
                "view": message.get("view"),
                "key": message.get("key"),
                "place": fingerprint(os.fsencode(self._root))[:12],
                "form": type(self).__name__,
                "pastes": self.pastes,
                "title": self.title,
                "places": [place._asdict() for place in self._places()],
                "card": card,
                "notes": self._notes_of(card),
                "today": self._today,
                "trouble": self._trouble,
                "max_letters": MAX_LETTERS,
                **more,
            }
        )

    def _notes_of(self, card: dict[str, Any] | None) -> dict[str, Any]:
        fields = card["fields"] if card else {}
        ids = [note for place in self.places if place.shape == "notes" for note in fields.get(place.field, ())]
        return {note: self._note(note) for note in ids}

    def _offer(self, message: dict[str, Any]) -> None:
        """What could be written, and what the linter says: for the PM to take or leave."""
        self._look()
        work_out(lambda: self._send_offers(message))

    def _send_offers(self, message: dict[str, Any]) -> None:
        key = str(message.get("key") or "")
        offers: dict[str, list[dict[str, Any]]] = {}
        with self._work:
            self._read(wait=True)
            trouble = self._trouble
            if self._study is not None and not trouble:
                try:
                    if key != NEW:
                        self._check(key)
                    offers = self._worked_out(key)
                except Exception as error:  # nothing that is typed hangs on it
                    trouble = f"What could be written here cannot be worked out ({type(error).__name__}: {error})."
            told = {"offers": offers, "names": self._names(), "trouble": trouble}
        back = {name: message.get(name) for name in ("view", "seq", "key")}
        with self._lock:
            self.send({"kind": "offered", **back, **told, "card": self._card(key)})

    def _names(self) -> dict[str, str]:
        """What the records are called whose ids may stand in a list."""
        study = self._study
        if study is None:
            return {}
        named = [*((one.id, one.change or one.metric) for one in study.hypotheses)]
        return dict([*named, *((one.id, one.title) for one in (*study.bets, *study.decisions))])

    def _ask_paste(self, message: dict[str, Any]) -> None:
        """The record as text for a chat."""
        self._look()
        work_out(lambda: self._send_paste(message))

    def _send_paste(self, message: dict[str, Any]) -> None:
        text = ""
        with self._work, suppress(Exception):  # without it there is nothing to copy
            self._read(wait=True)
            if self._study is not None and not self._trouble:
                text = self._paste(self._moment(str(message.get("key") or "")))
        self.send({"kind": "pasted", **{name: message.get(name) for name in ("view", "seq", "key")}, "text": text})

    def _find(self, message: dict[str, Any]) -> None:
        """Notes with the words that were typed."""
        self._look()
        work_out(lambda: self._send_found(message))

    def _send_found(self, message: dict[str, Any]) -> None:
        words, listed = str(message.get("words") or ""), {str(note) for note in message.get("listed") or ()}
        with self._work:
            self._read(wait=True)
            if self._study is None:
                return  # what is wrong stands above the form
            themes = self._all_themes()
            if self._search is None:
                self._search = NoteSearch(themes.notes, themes.uncounted)
            found = self._search.find(themes, words, listed, self._note)
            told = {"kind": "found", **found, "trouble": self._trouble}
        with self._lock:
            self.send(told | {name: message.get(name) for name in ("view", "seq", "key")})

    def _worked_out(self, key: str) -> dict[str, list[dict[str, Any]]]:
        """What could be written, by field."""
        moment = self._moment(key)
        of = {place.field: place for place in self.places}
        offers: dict[str, list[dict[str, Any]]] = {}
        for offer in self._offers(moment):
            if offer.field in of:
                offers.setdefault(offer.field, []).append(self._offered(of[offer.field], offer))
        return offers

    def _offered(self, place: Place, offer: Offer) -> dict[str, Any]:
        text = " ".join(offer.text.split())
        value: Any = _split_pair(place, text) if place.shape in ("pairs", "order") else text
        notes = [self._note(note) for note in offer.notes]
        return {"value": value, "words": text, "why": offer.why, "notes": notes}

    def _do(self, message: dict[str, Any]) -> None:
        """Do something with a record as a whole, and show what came of it."""
        file = self._act(str(message["key"]), str(message["act"]))
        self._look()
        self._read()
        self._send_state(message, show=file, did=str(message["act"]))

    # Saving

    def _set(self, message: dict[str, Any]) -> None:
        """Save what was typed. Where somebody else has changed the same text, both go back instead; of lists both are kept."""
        of = {place.field: place for place in self.places}
        if unknown := [name for name in message["fields"] if name not in of]:
            raise InputError(f"this form has no field {unknown[0]!r}")
        key, id_ = str(message["key"]), str(message.get("id") or "")
        mine = {name: _clean(of[name], value) for name, value in message["fields"].items()}
        base = {
            name: _clean(of[name], value, check=False)
            for name, value in (message.get("base") or {}).items()
            if name in of
        }
        file = self._new_file(id_, mine) if key == NEW else self._own(key)
        clashes: list[str] = []
        held: dict[str, str] = {}
        joined: list[str] = []

        def change(text: str) -> str:
            clashes.clear()
            held.clear()
            joined.clear()
            if not text and key != NEW and not (self.begins or message.get("anew")):
                raise InputError(f"{file} has been removed or renamed; your text is still here")
            old = text or self._first_text(file, id_)
            theirs = self._written(old, file)
            locked = self._not_kept(old, file) | (self._locked(old, file) if text else {})
            wanted = {}
            for name, value in mine.items():
                if value == theirs[name]:
                    continue
                if name in locked:
                    held[name] = locked[name]
                    continue
                merged = value if message.get("anew") else _merge(of[name], base.get(name), value, theirs[name])
                if merged is None:
                    clashes.append(name)
                else:
                    wanted[name] = merged
                    if merged != value:
                        joined.append(of[name].label)
            return _write(old, wanted, of, file)

        change_record(self._root, file, change)
        self._look()
        self._told[str(message.get("view"))] = self._n_looks
        card = self._card(file)
        words = [f"{_not_saved(of, mine, held)} {' '.join(dict.fromkeys(held.values()))}"] if held else []
        self.send(
            {
                "kind": "card",
                **{name: message.get(name) for name in ("view", "seq")},
                "was": key,
                "card": card,
                "clashes": {name: {"theirs": card["fields"][name]} for name in clashes},
                "refused": " ".join(words),
                "joined": joined,
                "saved": f"{datetime.now():%H:%M:%S}" if len(clashes) < len(mine) and not held else "",
            }
        )
        self.send({"kind": "news", "but": message.get("view")})

    def _own(self, key: str) -> str:
        """A record's file, as a view names it; no other file is written."""
        folder, _, name = key.rpartition("/")
        if key == QUARTER_FILE == f"{self.kind.folder}/quarter.md":
            return key
        if folder != self.kind.folder or not re.fullmatch(r"[^/\\\0]+\.md", name):
            raise InputError(f"{key} is no record of this form")
        return key


def work_out(work: Callable[[], None]) -> None:
    """Do what may take seconds beside what is typed.

    Parameters
    ----------
    work : callable
        Sends its answer itself.
    """
    Thread(target=work, daemon=True).start()


def _finding(field: str, what: str, todo: str, *, blocks: bool = True, rule: str = "odd") -> dict[str, Any]:
    said = f"{what[:1].upper()}{what[1:]}."
    return {"rule": rule, "field": field, "what": said, "todo": sentence(todo), "blocks": blocks}


def _field_at(lines: dict[str, int], line: int, *, exactly: bool = False) -> str:
    """The field that a line belongs to."""
    above = [(at, name) for name, at in lines.items() if (at == line if exactly else at <= line) and "." not in name]
    return max(above, default=(0, ""))[1] if line > 1 else ""


def _read_place(record: Typed, place: Place) -> Any:
    if place.shape == "pairs":
        return [list(pair) for pair in record.pairs(place.field)]
    if place.shape == "order":
        return [_split_pair(place, item) for item in record.texts(place.field)]
    return list(record.texts(place.field)) if place.is_list else record.text(place.field)


def _can_keep(value: Any, place: Place) -> bool:
    """Whether what stands there would be there still after a change of another part of it."""
    if isinstance(value, str):
        return True
    items = value if isinstance(value, list) else [value] if place.shape == "pairs" else [None]
    plain = [isinstance(i, str) or (isinstance(i, dict) and all(isinstance(v, str) for v in i.values())) for i in items]
    return (
        place.is_list
        and all(plain)
        and (place.shape == "pairs" or all(not isinstance(i, dict) or len(i) == 1 for i in items))
    )


def _split_pair(place: Place, text: str) -> list[str]:
    """An item as what and what is behind it, as the record reads it."""
    if place.shape == "order":
        head, _, behind = text.partition(":")
    else:
        head, colon, behind = f"{text} ".rpartition(": ")
        head, behind = (head, behind) if colon else (behind, "")
    return [head.strip(), behind.strip()]


def _joined(place: Place, item: list[str]) -> str:
    """An item as it stands in its file, so that it reads back as the same two halves."""
    head, behind = item
    if place.shape == "pairs":
        return str(Guardrail(head, behind))
    return f"{head}: {behind}" if behind else head


def _clean(place: Place, value: Any, *, check: bool = True) -> Any:
    """A place's value as it can be written; refuses what no field can hold."""
    if place.shape in ("pairs", "order"):
        items = [[_line(half) for half in item] for item in value or ()]
        # What is read back is what is shown, so that a colon more or less does not look like somebody else's change.
        return [_split_pair(place, _joined(place, item)) for item in items if any(item)]
    if place.is_list:
        return [text for item in value or () if (text := _line(item))]
    text = _line(value)
    if check and len(text) > MAX_LETTERS:
        todo = "keep the field short, and write the rest below the fields in its file"
        raise InputError(f"the text has {len(text):,} letters, and a field takes {MAX_LETTERS:,}; {todo}")
    return text


def _line(value: Any) -> str:
    return " ".join(_UNWRITABLE.sub(" ", str(value or "")).split())


def _merge(place: Place, base: Any, mine: Any, theirs: Any) -> Any:
    """My change on top of theirs; None where both changed one text differently. Of a list nobody's item is lost."""
    # Of a choice nothing can be lost that one click would not bring back, so the last word holds.
    if theirs in (mine, base) or not (theirs or base) or place.shape == "choice":
        return mine
    if not place.is_list:
        return None
    before = base or ()
    kept = [item for item in mine if item in theirs or item not in before]
    return kept + [item for item in theirs if item not in before and item not in mine]


def _write(text: str, wanted: dict[str, Any], of: dict[str, Place], file: str) -> str:
    """A record's text with these fields; what is empty and has no place yet gets none."""
    there = split_front_matter(split_lines(text), file)[0].values
    values: dict[str, Any] = {}
    for name, value in wanted.items():
        if of[name].shape in ("pairs", "order"):
            value = [_joined(of[name], item) for item in value]
        values[name] = value if value or name in there else None
    return set_fields(text, values)


def _not_saved(of: dict[str, Place], mine: dict[str, Any], held: dict[str, str]) -> str:
    """What was typed and is not written, so that it is not lost without a word."""
    texts = [text for name in held if not of[name].is_list and (text := mine[name])]
    return f"Not saved: {', '.join(f'“{text}”' for text in texts)}." if texts else "Not saved."
