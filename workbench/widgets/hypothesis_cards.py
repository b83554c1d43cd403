"""Hypotheses as cards: what is open is marked beside its field, and what is typed is on disk within a second."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from jinja2 import Environment

from workbench.customers import split_who
from workbench.errors import InputError, Problem
from workbench.evidence import find_against
from workbench.frontmatter import set_fields, split_front_matter, split_lines
from workbench.hypotheses import (
    check_hypothesis,
    count_evidence,
    count_parts,
    draft_hypotheses,
    draft_hypothesis,
    follow_theme,
)
from workbench.records import (
    DIRECTIONS,
    FAMILIES,
    STATUSES,
    UNITS,
    Guardrail,
    Hypothesis,
    first_text,
    keep_agreed,
    parse_hypothesis,
)
from workbench.records.hypothesis import LEARNING
from workbench.records.typed import Typed, is_day
from workbench.rituals.readiness import BEFORE_A_START
from workbench.save import SaveError, fingerprint
from workbench.store import change_record, file_marks, read_text, slug, workspace
from workbench.study import Study, read_study
from workbench.themes import Themes, find_themes
from workbench.themes.ledger import LEDGER_FILE
from workbench.widgets.card_hints import (
    CLOSED,
    LOCKED,
    METRIC_CHOICES,
    hint_against,
    hint_close,
    hint_confidence,
    hint_due,
    hint_lock,
    hint_metric,
    hint_proposals,
    hint_size,
    hint_start,
)
from workbench.widgets.face import Widget, read_script, read_style
from workbench.widgets.note_rows import NoteRows
from workbench.widgets.note_search import NoteSearch
from workbench.widgets.record_form import work_out

__all__ = ["HypothesisCards"]

FOLDER = "discovery/hypotheses"
# What the cards are made of, beside the calls and the records.
BESIDE = (LEDGER_FILE, "discovery/customers.yaml", "discovery/quarter.md")
DAYS = ("made", "looked_for_against", "started", "closed")
TEXTS = ("owner", "change", "segment", "metric", "family", "baseline", "direction", "size", "unit", "deadline", "traffic", "customers", "sd", "because",
         "slice", "decision_rule", "result", *LEARNING, *DAYS, "status")  # fmt: skip
SIDES = ("evidence", "against")
# The notes of its theme that the PM has had before them, taken or left: what joins the theme later is offered, and what
# leaves it is marked.
SEEN = "theme_notes"
# Of a very large theme nobody has more than the most typical notes before them.
MOST_SEEN = 200
# Of more notes than these not each is read anew when a card is opened.
MOST_READ = 20_000
# Notes that seemed to say the opposite and, as the PM decided, do not.
NOT_AGAINST = "not_against"
CONFIDENCE = "confidence"
LISTS = (*SIDES, NOT_AGAINST, CONFIDENCE, SEEN)
LOGGING = "logging"
BEFORE = ("draft", "ready")
# A step on the way from draft to result is one act: its status with its days.
STEPS = ("status", "started", "closed")
ENDS = {
    "result": "Measured",
    "believed": "We believed",
    "observed": "We observed",
    "learned": "We learned",
    "therefore": "Therefore",
}
CHOICES = {"direction": DIRECTIONS, "unit": UNITS, "family": FAMILIES, "status": STATUSES}
# A field is a line of a sentence; what is longer belongs below the fields, as prose.
MAX_LETTERS = 2000
N_TITLE = 90
_ID = re.compile(r"H-[0-9a-f]{6}")
_SURE = re.compile(r"(\d{4}-\d\d-\d\d): (\d{1,3}(?:\.\d+)?) %")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

PICTURE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""\
<div class="wb-still">
<p><strong>Hypotheses</strong><br>{{ moment }}</p>
{% for card in cards %}
<p><strong><bdi>{{ card.title }}</bdi></strong> ({{ card.id }}, {{ card.status }})\
{% if not card.closed %}: {{ card.parts.n }} of {{ card.parts.of }} parts can be tested{% endif %}</p>
<p><bdi>{{ card.statement }}.</bdi></p>
<ul>
{% for words in card.told %}
<li><bdi>{{ words }}</bdi></li>
{% endfor %}
{% for finding in card.findings %}
<li>{{ finding.what }} {{ finding.todo }}</li>
{% endfor %}
<li>{{ card.counted.n }} of {{ card.counted.of }} customers for it; {{ card.fields.against | length }} \
note{{ "" if card.fields.against | length == 1 else "s" }} against it</li>
{% for words in card.apart %}
<li>{{ words }}</li>
{% endfor %}
</ul>
{% endfor %}
</div>
""")


class _Record(NamedTuple):
    """A hypothesis with what its file holds beside it; a draft has no file.

    `theme` is the lasting id of the theme that it was drafted from, empty where that had none; `theme_notes` are None where
    the file does not say, as in one that was written by hand.
    """

    hypothesis: Hypothesis
    problems: tuple[Problem, ...] = ()
    size: str | None = None
    theme: str = ""
    theme_notes: tuple[str, ...] | None = None
    confidence: tuple[str, ...] = ()


class HypothesisCards(Widget):
    """Hypotheses to write, with their evidence; each is one file in ``discovery/hypotheses/``.

    Drafts come from the themes. A draft becomes a file with the first thing that is written in it, and everything
    typed is on disk within a second. What keeps a hypothesis from being tested stands beside the field that it is about.

    The cards follow the disk: calls, corrections and records that change while they are shown. Drafts that nobody has
    touched are drafted anew. The evidence of a record stays as it is; what left its theme is marked, what joined is offered.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    today : str, optional
        The day to write down, ``YYYY-MM-DD``; by default today.

    Raises
    ------
    InputError
        When there is no such workspace.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> "No notes yet" in HypothesisCards(folder).picture()
    True
    """

    _esm = read_script("fields", "hypothesis_cards", "card_test", "card_offers", "note_search")
    _css = read_style("fields", "note_search", "hypothesis_cards", "card_test")

    def __init__(self, path: str | os.PathLike[str] | None = None, *, today: str | None = None) -> None:
        super().__init__()
        if today and not is_day(today):
            raise InputError(f"today {today!r} is no day; write it as year, month, day, such as 2026-11-26")
        self._day = today
        self._root = workspace(path)
        # With JupyterLab's subshells messages come while a cell runs, in another thread.
        self._lock = RLock()
        self._study: Study | None = None
        self._themes: Themes | None = None
        self._became: dict[str, str] = {}  # file by draft, for a view that has not heard of it yet
        self._drafted: dict[str, tuple[str, tuple[str, ...]]] = {}  # by key of a draft: its theme, and the notes in it
        self._asked: set[str] = set()  # keys of drafts that somebody asked for, or looks at
        self._nearness: dict[str, Sequence[float]] = {}  # of all notes to a theme
        self._against: dict[str, frozenset[str]] = {}  # notes that may say the opposite, by theme
        self._members: dict[str, tuple[str, ...]] = {}
        self._row_of = self._counting = NoteRows()
        self._search: NoteSearch | None = None
        self._marks: dict[str, tuple[int, int, int]] | None = None  # until it was looked at
        self._trouble = ""
        self._look()
        self.on_msg(self._receive)

    def picture(self) -> str:
        """The hypotheses as they stood when the cell was run, with what is open.

        Returns
        -------
        str
            Static HTML, everything escaped.
        """
        with self._lock:
            cards = [card for card in self._cards() if card["status"] != "dropped"]
            moment = self._trouble or "As they stood when this cell was run; run it again to go on."
            if not cards and not self._trouble:
                moment = _nothing_yet(self._study)
        return PICTURE.render(cards=cards, moment=moment)

    @property
    def _today(self) -> str:
        return self._day or date.today().isoformat()

    # What is read

    def _look(self) -> bool:
        """Take in what has changed on disk since the last look; whether anything has."""
        try:
            marks = file_marks(self._root, *BESIDE, *self._files())
        except OSError as error:
            said, self._trouble, self._marks = self._trouble, f"{error.filename}: {error.strerror}", None
            return self._trouble != said
        was, self._marks = self._marks, marks  # taken before reading: what changes meanwhile is seen at the next look
        if was is None:
            self._read()
            return True
        changed = {file for file in marks.keys() | was.keys() if marks.get(file) != was.get(file)}
        if any(not file.startswith(f"{FOLDER}/") for file in changed) or (changed and self._trouble):
            self._read()
        return bool(changed)

    def _read(self) -> None:
        """Read the workspace; themes are worked out again only when notes or corrections have changed."""
        try:
            study, old = read_study(self._root), self._study
            if old is None or self._themes is None or not study.notes.equals(old.notes):
                self._take(find_themes(study.notes, study.ledger))
            elif study.ledger != old.ledger:
                self._take(self._themes.regroup(study.ledger))
            if old is None or not study.notes.equals(old.notes):
                self._row_of = NoteRows(study.notes)
                self._search = None
            self._study, self._trouble = study, ""
        except (InputError, OSError) as error:
            self._trouble = str(error)

    def _take(self, themes: Themes) -> None:
        """Go on with these themes. A draft keeps its key while its theme changes, so that views know it again."""
        self._themes, self._nearness, self._against = themes, {}, {}
        self._members = dict(zip(themes.summary["theme"], themes.summary["notes"], strict=True))
        self._counting = NoteRows(themes.notes)
        drafted = {}
        for key, (theme, notes) in self._drafted.items():
            now = follow_theme(themes, theme, notes)
            if now in self._members or not theme:
                drafted[key] = (now if theme else "", self._members.get(now, ()) if theme else ())
        self._drafted = drafted
        self._asked &= drafted.keys()

    def _cards(self, chosen: str = "") -> list[dict[str, Any]]:
        """All cards: records by id, then drafts."""
        if self._themes is None or self._study is None:
            return []
        records = self._records()
        drafts = self._drafts(records, chosen)
        return [self._card(record.hypothesis.file, record) for record in records] + [
            self._card(key, _Record(draft)) for key, draft in drafts.items()
        ]

    def _records(self) -> list[_Record]:
        records = [_read_record(self._root, file) for file in self._files()]
        return sorted(records, key=lambda record: (record.hypothesis.id, record.hypothesis.file))

    def _drafts(self, records: list[_Record], chosen: str = "") -> dict[str, Hypothesis]:
        """Drafts by key: those that the themes offer, and those that somebody asked for or has before them.

        A theme that a record comes from is not offered again, however it has changed since.
        """
        taken = [
            replace(
                record.hypothesis, evidence=(*record.hypothesis.evidence, *self._members.get(self._theme(record), ()))
            )
            for record in records
        ]
        offered = draft_hypotheses(self._themes, self._study.quarter, records=taken, today=self._today)
        drafts = {self._key(draft): _unjudged(draft) for draft in offered}
        for key in drafts:
            self._became.pop(key, None)  # offered anew, it becomes another file
        if chosen in self._drafted and chosen not in self._became:
            self._asked.add(chosen)
        asked = {key: self._draft_of(self._drafted[key][0]) for key in sorted(self._asked) if key not in drafts}
        self._drafted |= {key: (draft.theme, self._members.get(draft.theme, ())) for key, draft in drafts.items()}
        return drafts | asked

    def _key(self, draft: Hypothesis) -> str:
        """The key of an offered draft: the one that it had, else one made of its evidence.

        So text typed while no kernel answered finds its draft again.
        """
        for key, (theme, _) in self._drafted.items():
            if theme == draft.theme and key not in self._asked and key not in self._became:
                return key
        key = f"draft-{fingerprint(chr(10).join(draft.evidence).encode('utf-8', 'replace'))[:8]}"
        return key if self._drafted.get(key, (draft.theme,))[0] == draft.theme else f"draft-{secrets.token_hex(4)}"

    def _draft_of(self, theme: str) -> Hypothesis:
        """A draft of a theme, or of none."""
        quarter = self._study.quarter
        if theme in self._members:
            return _unjudged(draft_hypothesis(self._themes, theme, quarter))
        return Hypothesis("draft", "draft", metric=quarter.metric or None, direction=quarter.direction or None)

    def _theme(self, record: _Record) -> str:
        """The theme that a record comes from, as it is called now; empty when it comes from none."""
        if record.theme_notes is not None:
            return follow_theme(self._themes, record.theme, record.theme_notes)
        evidence = record.hypothesis.evidence  # without a word on it, the theme that most of the evidence is in
        theme = follow_theme(self._themes, "", evidence)
        return theme if 2 * len(self._within(theme, evidence)) > len(evidence) else ""

    def _within(self, theme: str, notes: Iterable[str]) -> set[str]:
        """Those of some notes that are in a theme."""
        return {note for note, its in self._counting.of(notes, "theme").items() if theme and its == theme}

    def _followed(self, record: _Record) -> dict[str, Any]:
        """What became of a record's theme: notes that left it, and notes that joined it and were not seen yet."""
        hypothesis = record.hypothesis
        seen = set(record.theme_notes or ())
        listed = [*hypothesis.evidence, *hypothesis.against]
        theme = self._theme(record) if hypothesis.file else ""
        members = self._members.get(theme, ())
        most, within = members[:MOST_SEEN], self._within(theme, listed)
        new = [note for note in most if note not in seen and note not in listed]
        if hypothesis.status in CLOSED:  # nothing is looked for any more
            new = []
        if new and theme not in self._against:
            self._against[theme] = frozenset(find_against(self._themes, theme))
        return {
            "theme": next((row["title"] for row in self._theme_rows() if row["theme"] == theme), ""),
            "left": [note for note in listed if note in seen and note in self._row_of and note not in within],
            "new": new,
            "against": [note for note in new if note in self._against[theme]],
            # Once the offer is answered, all of these have been seen.
            "all": list(most) if new else [],
            "most": len(most) if len(most) < len(members) else 0,
            "known": record.theme_notes is not None,
        }

    def _files(self) -> list[str]:
        folder = self._root / FOLDER
        return [file.relative_to(self._root).as_posix() for file in sorted(folder.glob("*.md")) if file.is_file()]

    def _card(self, key: str, record: _Record) -> dict[str, Any]:
        hypothesis = count_evidence(record.hypothesis, self._themes)
        fields = {name: getattr(hypothesis, name) or "" for name in TEXTS}
        fields["size"] = hypothesis.size or "" if record.size is None else record.size
        fields |= {name: list(getattr(hypothesis, name)) for name in SIDES}
        fields[SEEN] = list(record.theme_notes or ())
        fields[NOT_AGAINST], fields[CONFIDENCE] = list(hypothesis.not_against), list(record.confidence)
        fields["guardrails"] = [{"name": rail.name, "limit": rail.limit} for rail in hypothesis.guardrails]
        fields[LOGGING] = [{"what": line} for line in hypothesis.logging]
        followed = self._followed(record)
        gone = [note for name in SIDES for note in fields[name] if note not in self._row_of]
        n, of = count_parts(hypothesis)
        size = hint_size(hypothesis, self._today)
        closed = hypothesis.status in CLOSED
        # Of what is settled and locked only what is still to be written is worth a word.
        findings = [one for one in check_hypothesis(hypothesis) if not closed or one.rule == "learning-open"]
        return {
            "key": key,
            "id": hypothesis.id,
            "status": hypothesis.status,
            "title": self._title(record),
            "file": hypothesis.file,
            "fields": fields,
            "statement": hypothesis.statement,
            "claim": hypothesis.claim,
            "counted": {"n": hypothesis.n_customers, "of": hypothesis.n_customers_total},
            "findings": [one._asdict() | {"blocks": one.blocks or one.rule in BEFORE_A_START} for one in findings],
            "closed": closed,
            "locked": hint_lock(hypothesis),
            "parts": {"n": n, "of": of},
            "readings": size["readings"],
            "size": size,
            "metric": hint_metric(hypothesis),
            "start": hint_start(hypothesis, self._today),
            "close": hint_close(hypothesis),
            "due": hint_due(hypothesis, self._today),
            "confidence": hint_confidence(hypothesis),
            "told": _told(hypothesis, size),
            # The face asks about a size itself.
            "problems": [str(problem) for problem in record.problems if not problem.what.startswith("size ")],
            "followed": followed,
            # What a draft was drafted from; it comes back with what is typed, and finds the draft after a restart.
            "of": {"theme": hypothesis.theme, "notes": list(self._members.get(hypothesis.theme, ())[:MOST_SEEN])},
            "apart": [
                f"{n} of its notes {'is' if n == 1 else 'are'} {words}"
                for n, words in (
                    (len(followed["left"]), "no longer in the theme"),
                    (len(gone), "not found: reworded or removed"),
                )
                if n
            ],
        }

    def _title(self, record: _Record) -> str:
        """The change; before there is one, what it is about: its theme's name, or a customer's words as such."""
        hypothesis = record.hypothesis
        if hypothesis.change:
            return _shortened(hypothesis.change)
        theme = self._theme(record) if hypothesis.file else hypothesis.theme
        rows = self._themes.summary[self._themes.summary["theme"] == theme]
        name, claim = next(zip(rows["name"], rows["claim"], strict=True), ("", ""))
        if name:
            return f"About: {_shortened(name)}"
        said = claim or next((self._note(note)["text"] for note in hypothesis.evidence), "")
        return f"About: “{_shortened(said)}”" if said else "A hypothesis of your own"

    def _note(self, note: str) -> dict[str, Any]:
        """What the face shows of a note; of one that is gone, its id."""
        row = self._row_of.get(note)
        if row is None:
            return {"note": note, "gone": True, "text": "Not found: reworded or removed", "customer": note}
        return {
            "note": note,
            "text": row.text,
            "kind": row.kind,
            "customer": row.customer,
            "role": split_who(row.who)[1],
            "where": f"{row.file}:{row.line}",
            "counts": note in self._counting,
        }

    def _notes_of(self, cards: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        lists = [
            names
            for card in cards
            for names in (*(card["fields"][name] for name in (*SIDES, NOT_AGAINST)), card["followed"]["new"])
        ]
        named = dict.fromkeys(note for names in lists for note in names)
        return {note: self._note(note) for note in named}

    def _theme_rows(self) -> list[dict[str, Any]]:
        """The themes that a draft can be made of."""
        if self._themes is None:
            return []
        return [
            {"theme": row.theme, "title": row.name or row.claim, "n": row.n_customers, "of": row.n_customers_total}
            for row in self._themes.summary.itertuples(index=False)
        ]

    # Messages from the views

    def _receive(self, _: Any, message: dict[str, Any], __: Any) -> None:
        """Answer a view. A message that cannot be obeyed is answered with the reason, in plain words."""
        answers: dict[str, Callable[[dict[str, Any]], None]] = {
            "hello": self._hello,
            "look": self._look_for_news,
            "set": self._set,
            "draft": self._draft,
            "find": self._find,
            "offer": self._offer,
        }
        back = {name: message.get(name) for name in ("view", "seq", "key")}
        with self._lock:
            try:
                if self._themes is None and message["kind"] not in ("hello", "look"):
                    raise InputError(self._trouble)
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
        self._send_state(chosen=str(message.get("chosen") or ""))

    def _look_for_news(self, message: dict[str, Any]) -> None:
        """Tell all views where something has changed on disk, and the one that asks that somebody is there."""
        self._follow_disk(message.get("chosen"))
        self.send({"kind": "alive", "view": message.get("view")})

    def _follow_disk(self, chosen: Any = "") -> None:
        if self._look():
            self._send_state(chosen=str(chosen or ""), read=f"{datetime.now():%H:%M:%S}")

    def _send_state(self, chosen: str = "", **more: Any) -> None:
        cards = self._cards(chosen)
        self.send(
            {
                "kind": "state",
                "place": fingerprint(os.fsencode(self._root))[:12],
                "cards": cards,
                "notes": self._notes_of(cards),
                "themes": self._theme_rows(),
                "metrics": METRIC_CHOICES,
                "today": self._day or "",
                "trouble": self._trouble,
                "empty": "" if cards or self._trouble else _nothing_yet(self._study),
                "max_letters": MAX_LETTERS,
                **more,
            }
        )

    def _draft(self, message: dict[str, Any]) -> None:
        """Offer a draft of a theme, or an empty one; it becomes a file when something is written in it."""
        self._look()
        theme = str(message.get("theme") or "")
        if theme and theme not in self._members:
            raise InputError(f"there is no theme {theme} any more; choose another")
        drafts = self._drafts(self._records())
        key = next((key for key, draft in drafts.items() if theme and draft.theme == theme), "")
        if not key:
            key = f"draft-{secrets.token_hex(4)}"
            self._drafted[key] = theme, self._members.get(theme, ())
            self._asked.add(key)
        self._send_state(choose=key, view=message.get("view"))

    def _find(self, message: dict[str, Any]) -> None:
        """Notes on disk now that could be evidence: those near the hypothesis first, or those with all the words."""
        self._follow_disk(message.get("key"))
        listed = {str(note) for note in message.get("listed") or ()}
        themes = [theme for theme in self._counting.of(listed, "theme").values() if theme]
        near = self._near(max(sorted(set(themes)), key=themes.count)) if themes else ()
        back = {name: message.get(name) for name in ("view", "seq", "key")}
        if self._search is None:
            self._search = NoteSearch(self._themes.notes, self._themes.uncounted)
        found = self._search.find(self._themes, str(message.get("words") or ""), listed, self._note, near)
        self.send({"kind": "found", **back, **found, "trouble": self._trouble})

    def _offer(self, message: dict[str, Any]) -> None:
        """What could be written where a card is open, and notes that may say the opposite: for the PM to take or leave."""
        key = str(message.get("key") or "")
        hypothesis, themes, study = self._of_key(key), self._themes, self._study
        if len(themes.notes) > MOST_READ:  # which takes a minute, in which the cards must answer
            work_out(lambda: self._send_offers(message, key, hypothesis, themes, study))
        else:
            self._send_offers(message, key, hypothesis, themes, study)

    def _send_offers(
        self, message: dict[str, Any], key: str, hypothesis: Hypothesis | None, themes: Themes, study: Study
    ) -> None:
        against, proposals = [], []
        if hypothesis is not None:
            against = [{**found, **self._note(found["note"])} for found in hint_against(themes, hypothesis)]
            counted = count_evidence(hypothesis, themes)
            proposals = hint_proposals(themes, counted, study.quarter, self._where)
        back = {name: message.get(name) for name in ("view", "seq", "key")}
        with self._lock:
            self.send({"kind": "offered", **back, "against": against, "proposals": proposals})

    def _of_key(self, key: str) -> Hypothesis | None:
        key = self._became.get(key, key)
        if key in self._files():
            return _read_record(self._root, key).hypothesis
        return self._drafts(self._records()).get(key)

    def _where(self, note: str) -> str:
        row = self._row_of.get(note)
        return "" if row is None else f"{row.file}:{row.line}"

    def _near(self, theme: str) -> Sequence[float]:
        if theme not in self._nearness:
            notes = self._themes.notes
            if len(notes) > MOST_READ:  # to read each anew would take minutes: its own notes, the most typical first
                self._nearness[theme] = notes["typicality"].where(notes["theme"] == theme, 0.0).to_numpy()
            else:
                self._nearness[theme] = [self._themes.nearness(theme, text) for text in notes["text"]]
        return self._nearness[theme]

    # Saving

    def _set(self, message: dict[str, Any]) -> None:
        """Save what was typed. Where somebody else has changed the same field, both values go back instead."""
        self._follow_disk(message["key"])
        key, id_ = str(message["key"]), str(message.get("id") or "")
        mine = {str(name): _clean(name, value) for name, value in message["fields"].items()}
        base = {name: _clean(name, value, check=False) for name, value in (message.get("base") or {}).items()}
        if not message.get("anew"):  # then all of it is what stood there
            _refuse_odd_log(mine, base)
        file, first = self._target(key, id_, message.get("of") or {}, anew=bool(message.get("anew")))
        clashes: dict[str, Any] = {}
        refused: list[str] = []

        def change(text: str) -> str:
            clashes.clear()
            refused.clear()
            old = text or _first_text(first, id_, self._members, self._today)
            record = _parse_record(old, file)
            theirs = _written_fields(record)
            lock = "" if message.get("anew") else hint_lock(record.hypothesis)
            # Set back in the same breath, it is locked no more.
            held = {
                name: value
                for name, value in mine.items()
                if lock and mine.get("status") not in BEFORE and name in LOCKED and value != theirs[name]
            }
            if held:
                refused.append(f"{_not_saved(held)} {lock}")
            # What stands in a draft nobody has written, so there what is typed holds.
            merged = {
                name: _merge(name, base.get(name), value, theirs[name]) if text or name in LISTS else value
                for name, value in mine.items()
                if name not in held
            }
            self._have_seen(merged, base, theirs, record)
            clashes.update({name: theirs[name] for name, value in merged.items() if value is None})
            wanted = {name: value for name, value in merged.items() if value not in (None, theirs[name])}
            new = _write(old, wanted, file)
            if not message.get("anew") and (said := self._keeps_status(old, new, file)):
                # What was typed with it is kept.
                refused.append(said)
                new = _write(old, {name: value for name, value in wanted.items() if name not in STEPS}, file)
            return keep_agreed(text, new, file)

        change_record(self._root, file, change)
        self._asked.discard(key)
        self._became[key] = file
        # Before it is read again, so that what somebody else saves meanwhile is news.
        if self._marks is not None:
            self._marks |= {name: mark for name, mark in file_marks(self._root, file).items() if name == file}
        card = self._card(file, _read_record(self._root, file))
        self.send(
            {
                "kind": "card",
                **{name: message.get(name) for name in ("view", "seq")},
                "was": key,
                "card": card,
                "notes": self._notes_of([card]),
                "clashes": {name: {"theirs": card["fields"][name]} for name in clashes},
                "refused": " ".join(refused),
                "saved": f"{datetime.now():%H:%M:%S}" if len(clashes) < len(mine) and not refused else "",
            }
        )

    def _keeps_status(self, old: str, new: str, file: str) -> str:
        """Why a hypothesis cannot go on to its new status, in words; empty where it can, or has not changed."""
        was, becomes = (parse_hypothesis(text, file)[0] for text in (old, new))
        if becomes.status == was.status:
            return ""
        # What is opened or taken up again was started before.
        begun = was.status in ("supported", "refuted") or (was.status == "dropped" and was.started)
        if becomes.status == "running" and not begun:
            return hint_start(count_evidence(becomes, self._themes), becomes.started or self._today)["said"]
        return hint_close(becomes) if becomes.status in ("supported", "refuted") else ""

    def _have_seen(self, merged: dict[str, Any], base: dict[str, Any], theirs: dict[str, Any], record: _Record) -> None:
        """Notes of the theme that the PM puts in or takes out have been seen, so nobody offers them again."""
        touched = [
            note for name in SIDES if name in merged for note in (*merged[name], *base.get(name, ()), *theirs[name])
        ]
        if record.theme_notes is None or not touched:
            return
        theme, seen = self._theme(record), merged.get(SEEN, theirs[SEEN])
        within = self._within(theme, touched)
        if new := [note for note in dict.fromkeys(touched) if note in within and note not in seen]:
            merged[SEEN] = [*seen, *new]

    def _target(self, key: str, id_: str, of: dict[str, Any], *, anew: bool) -> tuple[str, Hypothesis | None]:
        """The file to write to, and the draft that a new one begins as."""
        files = self._files()
        key = self._became.get(key, key)
        if key in files:
            return key, None
        if _ID.fullmatch(id_):  # a draft; its file may be there already, when an answer was lost
            named = [file for file in files if Path(file).name.startswith(id_)]
            if named:
                return named[0], None
            draft = self._drafts(self._records()).get(key)
            if not draft:  # nobody has it any more, so it is found by what it was drafted from
                notes = [str(note) for note in of.get("notes") or ()]
                draft = self._draft_of(follow_theme(self._themes, str(of.get("theme") or ""), notes))
            return f"{FOLDER}/{id_}-{self._slug(draft)}.md", draft
        if anew and re.fullmatch(rf"{FOLDER}/[^/\\\0]+\.md", key):
            return key, Hypothesis("", "draft")
        raise InputError(f"{key} has been removed or renamed; your text is still here")

    def _slug(self, draft: Hypothesis) -> str:
        """What a draft's file is named after: its theme's name, else its key phrases; ASCII, for every system."""
        rows = self._themes.summary[self._themes.summary["theme"] == draft.theme]
        text = next((row.name or " ".join(row.terms[:3]) for row in rows.itertuples(index=False)), "")
        return slug(text) or "hypothesis"


def _unjudged(draft: Hypothesis) -> Hypothesis:
    """A draft as a card shows it: that words suggest a note against it is a question to the PM, who has not answered yet."""
    return replace(draft, against=())


def _shortened(text: str) -> str:
    return text if len(text) <= N_TITLE else text[: N_TITLE - 1].rstrip() + "…"


def _not_saved(held: dict[str, Any]) -> str:
    """What was typed and is not written, so that it is not lost without a word."""
    texts = [text for value in held.values() for text in (value if isinstance(value, list) else [value]) if text]
    return f"Not saved: {', '.join(f'“{text}”' for text in texts)}." if texts else "Not saved."


def _read_record(root: Path, file: str) -> _Record:
    return _parse_record(read_text(root / file), file)


def _parse_record(text: str, file: str) -> _Record:
    """A record, what is odd in it, its size as written, and the theme that it comes from."""
    hypothesis, problems = parse_hypothesis(text, file)
    written = Typed(text, file)
    theme = written.text("theme")
    return _Record(
        hypothesis,
        tuple(problems),
        written.text("size"),
        theme if theme.startswith("T-") else "",
        written.texts(SEEN) if SEEN in written.fields.values else None,
        _written_log(written),
    )


def _written_log(written: Typed) -> tuple[str, ...]:
    """The log of confidence as it is written, one text a line, so that a line that cannot be read is kept as well."""
    return tuple(": ".join(part for part in pair if part) for pair in written.pairs(CONFIDENCE))


def _written_fields(record: _Record) -> dict[str, Any]:
    """The fields of a record as the face knows them; a size keeps its sign and its per cent."""
    hypothesis = record.hypothesis
    return (
        {name: getattr(hypothesis, name) or "" for name in TEXTS}
        | {name: list(getattr(hypothesis, name)) for name in (*SIDES, NOT_AGAINST)}
        | {"size": record.size or "", SEEN: list(record.theme_notes or ()), CONFIDENCE: list(record.confidence)}
        | {"guardrails": [str(rail) for rail in hypothesis.guardrails], LOGGING: list(hypothesis.logging)}
    )


def _first_text(draft: Hypothesis | None, id_: str, members: dict[str, tuple[str, ...]], today: str) -> str:
    """What a record begins as: the draft that it comes from, with an empty place for each part of the sentence."""
    if draft is None:
        return ""
    names = ("change", "segment", "metric", "baseline", "direction", "size", "unit", "deadline", "because")
    fields: dict[str, Any] = {"id": id_, "made": today}
    fields |= {name: getattr(draft, name) or "" for name in names}
    fields |= {name: list(getattr(draft, name)) for name in SIDES}
    if draft.theme.startswith("T-"):  # any other is called differently tomorrow
        fields["theme"] = draft.theme
    return first_text("hypothesis", fields | {SEEN: list(members.get(draft.theme, ())[:MOST_SEEN])})


def _write(text: str, fields: dict[str, Any], file: str) -> str:
    """A record's text with these fields; what is empty and has no place yet gets none."""
    there = split_front_matter(split_lines(text), file)[0].values
    return set_fields(text, {name: value if value or name in there else None for name, value in fields.items()})


def _told(hypothesis: Hypothesis, size: dict[str, Any]) -> list[str]:
    """What the picture says of a test: who sees to it, how many it takes, what came of it."""
    days = [("made", "written down"), ("started", "started"), ("closed", "closed")]
    said = [f"{words} {getattr(hypothesis, name)}" for name, words in days if getattr(hypothesis, name)]
    told = [f"Owner: {hypothesis.owner}"] if hypothesis.owner else []
    told += [f"{said[0][:1].upper()}{', '.join(said)[1:]}"] if said else []
    if hypothesis.status not in CLOSED:
        told += [
            f"{reading['label']} ({reading['outcome']}): {reading['needs']}"
            for reading in size["readings"]
            if reading["needs"] and reading["outcome"] and hypothesis.unit in (None, reading["unit"])
        ]
        told += [*size["advice"][:1]]
    return told + [f"{words}: {getattr(hypothesis, name)}" for name, words in ENDS.items() if getattr(hypothesis, name)]


def _clean(name: str, value: Any, *, check: bool = True) -> Any:
    """A field as it can be written; refuses what no such field can hold."""
    if name in LISTS:
        return [_line(note) for note in value or ()]
    if name == "guardrails":
        return [
            str(rail) for rail in (Guardrail(_line(r["name"]), _line(r["limit"])) for r in value or ()) if str(rail)
        ]
    if name == LOGGING:
        return [line for line in (_line(row["what"]) for row in value or ()) if line]
    if name not in TEXTS:
        raise InputError(f"a hypothesis has no field {name!r} here")
    text = _line(value)
    if check and len(text) > MAX_LETTERS:
        todo = "keep the field short, and write the rest below the fields in its file"
        raise InputError(f"the text has {len(text):,} letters, and a field takes {MAX_LETTERS:,}; {todo}")
    if check and text and name in DAYS and not is_day(text):
        raise InputError(f"{name} {text!r} is no day; write it as year, month, day, such as 2027-01-15")
    if check and text and text not in CHOICES.get(name, (text,)):
        raise InputError(f"{name} {text!r} is not known; choose one of {', '.join(CHOICES[name])}")
    return text


def _refuse_odd_log(mine: dict[str, Any], base: dict[str, Any]) -> None:
    """Refuse what would be no day with a per cent; what stood in the log before stays as it is."""
    for said in mine.get(CONFIDENCE, ()):
        found = _SURE.fullmatch(said)
        if said not in base.get(CONFIDENCE, ()) and not (found and is_day(found[1]) and float(found[2]) <= 100):
            raise InputError(f"confidence {said!r} is no day with a per cent from 0 to 100, such as 2026-11-17: 70 %")


def _line(value: Any) -> str:
    return " ".join(_UNWRITABLE.sub(" ", str(value or "")).split())


def _merge(name: str, base: Any, mine: Any, theirs: Any) -> Any:
    """My change on top of theirs; None where both changed the same thing differently."""
    # Of a choice nothing can be lost that one click would not bring back, so the last word holds.
    if theirs in (mine, base) or not (theirs or base) or name in (*CHOICES, *DAYS):
        return mine
    if name not in LISTS:
        return None
    kept = [note for note in theirs if note in mine or note not in (base or ())]
    return kept + [note for note in mine if note not in (base or ()) and note not in theirs]


def _nothing_yet(study: Study | None) -> str:
    if study is None or study.notes.empty:
        return (
            "No notes yet. A hypothesis begins with what customers said: write a call down, then run this cell again."
        )
    return "No hypothesis yet: one is drafted as soon as two customers raise the same theme."
