"""How the workbench takes the corrections of the simulated PM: as records of its ledger, replayed whole after each act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from peers import Encoder
from simulated_pm import Act

if TYPE_CHECKING:
    from workbench.themes.model import ThemeModel

LINKS = {"pin": "together", "apart": "apart"}
FIRST_NEW = 1_000_000


class Taught:
    """The ledger, and what its corrections teach.

    All themes of the start are kept by a record with all their notes, so that each has a lasting id: theme 3 is ``T-3``.
    Each note has a call of its own, so that it is named without doubt: note 7 is of the call ``n7``.
    """

    def __init__(self, texts: Sequence[str], base: np.ndarray, encoder: Encoder | None) -> None:
        from workbench.themes.encoders import remember
        from workbench.themes.ledger import MAX_REFS, Record, cite_note

        self.texts, self.base, self.encoder = list(texts), np.asarray(base), remember(encoder) if encoder else None
        self.refs = [cite_note(f"n{row}", text) for row, text in enumerate(self.texts)]
        self._plain = Record(id="", at=0, by="pm", date="2026-11-17", kind="")
        self.records: list[Record] = []
        self._at = 1
        self._fits: dict[tuple[tuple[str, ...], int | str], ThemeModel] = {}  # notes do not change between acts
        for theme in np.unique(self.base[self.base >= 0]).tolist():
            rows = np.flatnonzero(self.base == theme).tolist()
            for start in range(0, len(rows), MAX_REFS):
                self._add(
                    "theme", theme=f"T-{theme}", notes=tuple(self.refs[r] for r in rows[start : start + MAX_REFS])
                )

    def do(self, act: Act) -> None:
        """Append the records of an act."""
        last, self._at = self._at, self._at + 1
        notes = tuple(self.refs[card] for card in act.cards)
        theme = f"T-{act.theme}"
        if act.kind == "undo":
            self._add("undo", of=tuple(record.id for record in self.records if record.at == last))
        elif act.kind == "merge":
            self._add("merge", theme=theme, into=f"T-{act.into}")
        elif act.kind in LINKS:
            self._add("link", how=LINKS[act.kind], notes=notes)
        else:
            if act.kind == "split":
                self._add("theme", theme=theme, notes=notes)
            self._add("place", theme=None if act.kind == "set_aside" else theme, notes=notes)

    def labels(self) -> np.ndarray:
        """The theme of each note, after all acts."""
        return self._correct(self.texts, self.base)

    def arrive(self, texts: Sequence[str]) -> np.ndarray:
        """The theme of each note and, after them, of each new text; a group of new notes may be a theme of its own."""
        every = [*self.texts, *texts]
        return self._correct(every, self._fit(tuple(every)).labels_, n_seen=len(self.texts))

    def _correct(self, texts: Sequence[str], groups: np.ndarray, n_seen: int | None = None) -> np.ndarray:
        from workbench.themes.corrections import correct_labels

        notes = [f"n{row}#1" for row in range(len(texts))]
        found = correct_labels(
            groups,
            notes,
            texts,
            self.decisions(texts),
            lambda some, grouped: self._fit(tuple(some), n_themes="auto" if grouped else 1),
            arrived=notes[n_seen:] if n_seen else (),
        )
        # Lasting themes are numbered as they were at the start, groups of new notes after them.
        return np.array(
            [-1 if not t else int(t[2:]) if t.startswith("T-") else FIRST_NEW + int(t[1:]) for t in found.themes]
        )

    def _fit(self, texts: tuple[str, ...], n_themes: int | str = "auto") -> ThemeModel:
        from workbench.themes.model import ThemeModel

        if (texts, n_themes) not in self._fits:
            self._fits[texts, n_themes] = ThemeModel(n_themes=n_themes, encoder=self.encoder).fit(list(texts))
        return self._fits[texts, n_themes]

    def decisions(self, texts: Sequence[str]) -> object:
        """What the ledger says of these notes; the first are those of the start, others are new."""
        from workbench.themes.ledger import Ledger
        from workbench.themes.replay import replay_ledger

        calls = [f"n{row}" for row in range(len(texts))]
        notes = {"note": [f"{call}#1" for call in calls], "call": calls, "text": list(texts)}
        return replay_ledger(Ledger(tuple(self.records), (), self._at + 1), notes)

    def _add(self, kind: str, **values: object) -> None:
        id = f"{len(self.records):08x}"
        self.records.append(replace(self._plain, id=id, at=self._at, kind=kind, **values))
