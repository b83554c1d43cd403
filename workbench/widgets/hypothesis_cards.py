"""Hypotheses as cards: what is open is marked beside its field, and what is typed is on disk within a second."""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from jinja2 import Environment

from workbench.customers import split_who
from workbench.errors import InputError, Problem
from workbench.frontmatter import set_fields, split_front_matter, split_lines
from workbench.hypotheses import (
    check_hypothesis,
    count_evidence,
    count_parts,
    draft_hypotheses,
    draft_hypothesis,
    read_change,
)
from workbench.records import DIRECTIONS, STATUSES, UNITS, Guardrail, Hypothesis, parse_hypothesis
from workbench.save import SaveError, fingerprint
from workbench.store import change_record, read_text, workspace
from workbench.study import Study, read_study
from workbench.themes import Themes, find_themes
from workbench.widgets.face import Widget, read_script, read_style

__all__ = ["HypothesisCards"]

FOLDER = "discovery/hypotheses"
TEXTS = ("change", "segment", "metric", "baseline", "direction", "size", "unit", "deadline", "because", "slice",
         "decision_rule", "looked_for_against", "status")  # fmt: skip
LISTS = ("evidence", "against")
CHOICES = {"direction": DIRECTIONS, "unit": UNITS, "status": STATUSES}
# A field is a line of a sentence; what is longer belongs below the fields, as prose.
MAX_LETTERS = 2000
N_FOUND = 40
N_TITLE = 90
_ID = re.compile(r"H-[0-9a-f]{6}")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

PICTURE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""\
<div class="wb-still">
<p><strong>Hypotheses</strong><br>{{ moment }}</p>
{% for card in cards %}
<p><strong><bdi>{{ card.title }}</bdi></strong> ({{ card.id }}, {{ card.status }}): \
{{ card.parts.n }} of {{ card.parts.of }} parts can be tested</p>
<p><bdi>{{ card.statement }}.</bdi></p>
<ul>
{% for finding in card.findings %}
<li>{{ finding.what }} {{ finding.todo }}</li>
{% endfor %}
<li>{{ card.counted.n }} of {{ card.counted.of }} customers for it; {{ card.fields.against | length }} \
note{{ "" if card.fields.against | length == 1 else "s" }} against it</li>
</ul>
{% endfor %}
</div>
""")


class HypothesisCards(Widget):
    """Hypotheses to write, with their evidence; each is one file in ``discovery/hypotheses/``.

    Drafts come from the themes. A draft becomes a file with the first thing that is written in it, and everything
    typed is on disk within a second. What keeps a hypothesis from being tested stands beside the field that it is about.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.

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

    _esm = read_script("hypothesis_cards")
    _css = read_style("hypothesis_cards")

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        super().__init__()
        self._root = workspace(path)
        # With JupyterLab's subshells messages come while a cell runs, in another thread.
        self._lock = RLock()
        self._study: Study | None = None
        self._themes: Themes | None = None
        self._became: dict[str, str] = {}  # file by draft, for a view that has not heard of it yet
        self._asked: dict[str, Hypothesis] = {}  # drafts that somebody asked for, by key
        self._nearness: dict[str, list[float]] = {}  # of all notes to a theme
        self._row_of: dict[str, Any] = {}
        self._counting: set[str] = set()
        self._trouble = ""
        self._read()
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

    # What is read

    def _read(self) -> None:
        """Read the workspace; themes are worked out again only when notes or corrections have changed."""
        try:
            study, old = read_study(self._root), self._study
            if old is None or not (study.notes.equals(old.notes) and study.ledger == old.ledger):
                self._themes, self._nearness = find_themes(study.notes, study.ledger), {}
                self._row_of = {row.note: row for row in study.notes.itertuples(index=False)}
                self._counting = set(self._themes.notes["note"])
            self._study, self._trouble = study, ""
        except (InputError, OSError) as error:
            self._trouble = str(error)

    def _cards(self) -> list[dict[str, Any]]:
        """All cards: records by id, then drafts."""
        if self._themes is None or self._study is None:
            return []
        records = [_read_record(self._root, file) for file in self._files()]
        records.sort(key=lambda record: (record[0].id, record[0].file))
        cards = [self._card(h.file, h, problems, size) for h, problems, size in records]
        drafts = self._drafts([hypothesis for hypothesis, _, _ in records])
        return cards + [self._card(key, draft) for key, draft in drafts.items()]

    def _drafts(self, records: list[Hypothesis]) -> dict[str, Hypothesis]:
        """Drafts by key: those that the themes offer, and those that somebody asked for."""
        offered = draft_hypotheses(self._themes, self._study.quarter, records=records)
        drafts = {_draft_key(draft): draft for draft in offered}
        for key in drafts:
            self._became.pop(key, None)  # offered anew, it becomes another file
        return drafts | self._asked

    def _files(self) -> list[str]:
        folder = self._root / FOLDER
        return [file.relative_to(self._root).as_posix() for file in sorted(folder.glob("*.md")) if file.is_file()]

    def _card(
        self, key: str, hypothesis: Hypothesis, problems: list[Problem] | None = None, size: str | None = None
    ) -> dict[str, Any]:
        hypothesis = count_evidence(hypothesis, self._themes)
        fields = {name: getattr(hypothesis, name) or "" for name in TEXTS}
        fields["size"] = hypothesis.size or "" if size is None else size
        fields |= {name: list(getattr(hypothesis, name)) for name in LISTS}
        fields["guardrails"] = [{"name": rail.name, "limit": rail.limit} for rail in hypothesis.guardrails]
        n, of = count_parts(hypothesis)
        return {
            "key": key,
            "id": hypothesis.id,
            "status": hypothesis.status,
            "title": self._title(hypothesis),
            "file": hypothesis.file,
            "fields": fields,
            "statement": hypothesis.statement,
            "claim": hypothesis.claim,
            "counted": {"n": hypothesis.n_customers, "of": hypothesis.n_customers_total},
            "findings": [finding._asdict() for finding in check_hypothesis(hypothesis)],
            "parts": {"n": n, "of": of},
            # People needed for each way to read the size go beside its outcome, once they can be worked out.
            "readings": [reading._asdict() for reading in read_change(hypothesis)],
            # The face asks about a size itself.
            "problems": [str(problem) for problem in problems or [] if not problem.what.startswith("size ")],
        }

    def _title(self, hypothesis: Hypothesis) -> str:
        text = hypothesis.change or ""
        if not text and hypothesis.theme:
            names = dict(zip(self._themes.summary["theme"], self._themes.summary["name"], strict=True))
            text = names.get(hypothesis.theme, "")
        text = text or hypothesis.claim or next((self._note(note)["text"] for note in hypothesis.evidence), "")
        text = text or "A hypothesis of your own"
        return text if len(text) <= N_TITLE else text[: N_TITLE - 1].rstrip() + "…"

    def _note(self, note: str) -> dict[str, Any]:
        """What the face shows of a note; of one that is gone, its id."""
        row = self._row_of.get(note)
        if row is None:
            return {"note": note, "gone": True, "text": "This note is no longer there", "customer": note}
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
        named = dict.fromkeys(note for card in cards for name in LISTS for note in card["fields"][name])
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
            "set": self._set,
            "draft": self._draft,
            "find": self._find,
        }
        back = {name: message.get(name) for name in ("view", "seq", "key")}
        with self._lock:
            try:
                if self._themes is None and message["kind"] != "hello":
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
        self._read()
        self._send_state()

    def _send_state(self, **more: Any) -> None:
        cards = self._cards()
        self.send(
            {
                "kind": "state",
                "place": fingerprint(os.fsencode(self._root))[:12],
                "cards": cards,
                "notes": self._notes_of(cards),
                "themes": self._theme_rows(),
                "trouble": self._trouble,
                "empty": "" if cards or self._trouble else _nothing_yet(self._study),
                "max_letters": MAX_LETTERS,
                **more,
            }
        )

    def _draft(self, message: dict[str, Any]) -> None:
        """Offer a draft of a theme, or an empty one; it becomes a file when something is written in it."""
        quarter, theme = self._study.quarter, str(message.get("theme") or "")
        if theme:
            if theme not in set(self._themes.summary["theme"]):
                raise InputError(f"there is no theme {theme} any more; choose another")
            draft = draft_hypothesis(self._themes, theme, quarter)
        else:
            draft = Hypothesis("draft", "draft", metric=quarter.metric or None, direction=quarter.direction or None)
        drafts = self._drafts([_read_record(self._root, file)[0] for file in self._files()])
        key = _draft_key(draft)
        if not theme or key not in drafts:
            key = f"draft-{secrets.token_hex(4)}"
            self._asked[key] = draft
        self._send_state(choose=key, view=message.get("view"))

    def _find(self, message: dict[str, Any]) -> None:
        """Notes that could be evidence: those near the hypothesis first, or those with all the words."""
        words = str(message.get("words") or "").casefold().split()
        listed = {str(note) for note in message.get("listed") or ()}
        notes = self._themes.notes
        of_theme = dict(zip(notes["note"], notes["theme"], strict=True))
        themes = [of_theme[note] for note in listed if of_theme.get(note)]
        near = self._near(max(sorted(set(themes)), key=themes.count)) if themes else [0.0] * len(notes)
        found = []
        for position, row in enumerate(notes[["note", "text", "customer", "who"]].itertuples(index=False)):
            said = f"{row.text} {row.customer} {row.who}".casefold()
            if row.note not in listed and all(word in said for word in words):
                found.append((-round(near[position], 9), position, row.note))
        ids = [note for _, _, note in sorted(found)[:N_FOUND]]
        back = {name: message.get(name) for name in ("view", "seq", "key")}
        self.send({"kind": "found", **back, "notes": [self._note(note) for note in ids], "n": len(found)})

    def _near(self, theme: str) -> list[float]:
        if theme not in self._nearness:
            self._nearness[theme] = [self._themes.nearness(theme, text) for text in self._themes.notes["text"]]
        return self._nearness[theme]

    # Saving

    def _set(self, message: dict[str, Any]) -> None:
        """Save what was typed. Where somebody else has changed the same field, both values go back instead."""
        key, id_ = str(message["key"]), str(message.get("id") or "")
        mine = {str(name): _clean(name, value) for name, value in message["fields"].items()}
        base = {name: _clean(name, value, check=False) for name, value in (message.get("base") or {}).items()}
        file, first = self._target(key, id_, anew=bool(message.get("anew")))
        clashes: dict[str, Any] = {}

        def change(text: str) -> str:
            clashes.clear()
            old = text or _first_text(first, id_)
            theirs = _written_fields(old, file)
            merged = {name: _merge(name, base.get(name), value, theirs[name]) for name, value in mine.items()}
            clashes.update({name: theirs[name] for name, value in merged.items() if value is None})
            wanted = {name: value for name, value in merged.items() if value not in (None, theirs[name])}
            there = split_front_matter(split_lines(old), file)[0].values
            return set_fields(old, {name: value if value or name in there else None for name, value in wanted.items()})

        change_record(self._root, file, change)
        self._asked.pop(key, None)
        self._became[key] = file
        card = self._card(file, *_read_record(self._root, file))
        self.send(
            {
                "kind": "card",
                **{name: message.get(name) for name in ("view", "seq")},
                "was": key,
                "card": card,
                "notes": self._notes_of([card]),
                "clashes": {name: {"theirs": card["fields"][name]} for name in clashes},
                "saved": f"{datetime.now():%H:%M:%S}" if len(clashes) < len(mine) else "",
            }
        )

    def _target(self, key: str, id_: str, *, anew: bool) -> tuple[str, Hypothesis | None]:
        """The file to write to, and the draft that a new one begins as."""
        files = self._files()
        key = self._became.get(key, key)
        if key in files:
            return key, None
        if _ID.fullmatch(id_):  # a draft; its file may be there already, when an answer was lost
            named = [file for file in files if Path(file).name.startswith(id_)]
            if named:
                return named[0], None
            drafts = self._drafts([_read_record(self._root, file)[0] for file in files])
            draft = drafts.get(key) or Hypothesis(id_, "draft")
            return f"{FOLDER}/{id_}-{self._slug(draft)}.md", draft
        if anew and re.fullmatch(rf"{FOLDER}/[^/\\\0]+\.md", key):
            return key, Hypothesis("", "draft")
        raise InputError(f"{key} has been removed or renamed; your text is still here")

    def _slug(self, draft: Hypothesis) -> str:
        """What a draft's file is named after: its theme's name, else its key phrases; ASCII, for every system."""
        rows = self._themes.summary[self._themes.summary["theme"] == draft.theme]
        text = next((row.name or " ".join(row.terms[:3]) for row in rows.itertuples(index=False)), "")
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "hypothesis"


def _read_record(root: Path, file: str) -> tuple[Hypothesis, list[Problem], str]:
    """A record, what is odd in it, and its size as written."""
    text = read_text(root / file)
    hypothesis, problems = parse_hypothesis(text, file)
    return hypothesis, problems, _written_fields(text, file)["size"]


def _written_fields(text: str, file: str) -> dict[str, Any]:
    """The fields of a record's text as the face knows them; a size keeps its sign and its per cent."""
    hypothesis, _ = parse_hypothesis(text, file)
    fields, _ = split_front_matter(split_lines(text), file)
    written: dict[str, Any] = {name: getattr(hypothesis, name) or "" for name in TEXTS}
    size = fields.values.get("size", "")
    written["size"] = " ".join(size.split()) if isinstance(size, str) else ""
    written |= {name: list(getattr(hypothesis, name)) for name in LISTS}
    return written | {"guardrails": [str(rail) for rail in hypothesis.guardrails]}


def _first_text(draft: Hypothesis | None, id_: str) -> str:
    """What a record begins as: the draft that it comes from, with an empty place for each part of the sentence."""
    if draft is None:
        return ""
    names = ("change", "segment", "metric", "baseline", "direction", "size", "unit", "deadline", "because")
    fields: dict[str, Any] = {"version": "1", "id": id_, "status": "draft"}
    fields |= {name: getattr(draft, name) or "" for name in names}
    fields |= {"guardrails": [], "slice": "", "decision_rule": ""}
    return set_fields("", fields | {name: list(getattr(draft, name)) for name in LISTS})


def _clean(name: str, value: Any, *, check: bool = True) -> Any:
    """A field as it can be written; refuses what no such field can hold."""
    if name in LISTS:
        return [_line(note) for note in value or ()]
    if name == "guardrails":
        return [
            str(rail) for rail in (Guardrail(_line(r["name"]), _line(r["limit"])) for r in value or ()) if str(rail)
        ]
    if name not in TEXTS:
        raise InputError(f"a hypothesis has no field {name!r} here")
    text = _line(value)
    if check and len(text) > MAX_LETTERS:
        todo = "keep the field short, and write the rest below the fields in its file"
        raise InputError(f"the text has {len(text):,} letters, and a field takes {MAX_LETTERS:,}; {todo}")
    if check and text and text not in CHOICES.get(name, (text,)):
        raise InputError(f"{name} {text!r} is not known; choose one of {', '.join(CHOICES[name])}")
    return text


def _line(value: Any) -> str:
    return " ".join(_UNWRITABLE.sub(" ", str(value or "")).split())


def _merge(name: str, base: Any, mine: Any, theirs: Any) -> Any:
    """My change on top of theirs; None where both changed the same thing differently."""
    # Of a choice nothing can be lost that one click would not bring back, so the last word holds.
    if theirs in (mine, base) or not (theirs or base) or name in (*CHOICES, "looked_for_against"):
        return mine
    if name not in LISTS:
        return None
    kept = [note for note in theirs if note in mine or note not in (base or ())]
    return kept + [note for note in mine if note not in (base or ()) and note not in theirs]


def _draft_key(draft: Hypothesis) -> str:
    """The same for the same evidence, so that text typed while no kernel answered finds its draft again."""
    return f"draft-{fingerprint(chr(10).join(draft.evidence).encode('utf-8', 'replace'))[:8]}"


def _nothing_yet(study: Study | None) -> str:
    if study is None or study.notes.empty:
        return (
            "No notes yet. A hypothesis begins with what customers said: write a call down, then run this cell again."
        )
    return "No hypothesis yet: one is drafted as soon as two customers raise the same theme."
