"""Themes as the PM's own acts make them, at once; what follows from these among other notes is worked out after that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.themes.find import SUMMARY_COLUMNS, count_theme
from workbench.themes.large import is_large, named_in, spell
from workbench.themes.replay import Decisions, replay_ledger

if TYPE_CHECKING:
    from workbench.themes.find import Themes
    from workbench.themes.ledger import Ledger

__all__ = ["themes_meanwhile"]


def themes_meanwhile(themes: Themes, ledger: Ledger) -> Themes:
    """The themes with what was decided since, card by card and theme by theme, and nothing else moved.

    Where a million notes are grouped anew in a minute, this is what a PM sees until then: the counts are right for the acts
    themselves. An act that takes another one back is none for this; only grouping tells where its notes go.

    Parameters
    ----------
    themes : Themes
        As they were.
    ledger : Ledger
        With the acts since.

    Returns
    -------
    Themes
        A theme that got a lasting id has it, and its words; a new one stands in the words of its first note.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> from workbench.themes.acts import set_aside
    >>> from workbench.themes.ledger import Ledger
    >>> notes = pd.DataFrame({
    ...     "note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"], "segment": ["s", "s"],
    ...     "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2, "consent": ["quote"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"]})
    >>> themes = find_themes(notes, n_themes=1)
    >>> records = set_aside(themes, "b#1", by="ana", date="2026-11-17", new_id=lambda: "3fa9c1e0")
    >>> now = themes_meanwhile(themes, Ledger(tuple(records), (), 2))
    >>> now.summary[["theme", "n_customers"]].values.tolist()
    [['T-3fa9c1e0', 1]]
    """
    notes = themes.notes
    columns = ["note", "call", "text"]
    named = pd.concat([part[columns] for part in (notes, themes.uncounted)])
    if themes.model is not None and is_large(themes.model.labels_):
        named = named_in(ledger, named)
    decisions = replay_ledger(ledger, named)
    at = _Places(notes, decisions)
    was, names = at.numbers("theme", [*decisions.themes, ""])
    number = {name: k for k, name in enumerate(names)}
    ends = np.arange(len(names))
    for theme, into in decisions.merged.items():
        if theme in number:
            ends[number[theme]] = number[into]
    now = ends[was]
    at.put(now, decisions.anchors, number)
    for origin, theme in _kept_since(themes, decisions, ledger, at, was, names).items():
        # Its other notes, where only the most typical stand there.
        now[now == number[origin]] = number[decisions.merged.get(theme, theme)]
    at.put(now, decisions.placed, number)
    leaders = {note: at.row[leader] for note, leader in decisions.follows.items() if leader in at.row}
    at.put(now, {note: names[now[row]] for note, row in leaders.items()}, number)

    why, reasons = at.numbers("reason", ["placed", "pinned", "set aside"])
    reason = {words: k for k, words in enumerate(reasons)}
    at.put(why, dict.fromkeys(decisions.placed, "placed"), reason)
    at.put(why, dict.fromkeys(leaders, "pinned"), reason)
    why[(why == reason["placed"]) & (now == number[""])] = reason["set aside"]

    notes = notes.assign(theme=spell(names, now), reason=spell(reasons, why))
    moved = now != was
    changed = {names[k] for k in np.unique(np.concatenate([now[moved], was[moved]])).tolist()}
    before = {row["theme"]: row for row in themes.summary.to_dict("records")}
    rows, statements, weights = [], {}, {}
    for theme in sorted({names[k] for k in np.flatnonzero(np.bincount(now)).tolist()} - {""}):
        inside = now == number[theme] if theme in changed or theme not in before else None
        origin = theme if theme in before or inside is None else _most(was[inside], names)
        row = dict(before.get(origin) or {"terms": (), "n_customers_total": themes.n_customers})
        row["theme"], row["name"] = theme, decisions.themes[theme].name if theme in decisions.themes else ""
        if inside is not None:
            row |= count_theme(notes[inside])
        if origin not in before:
            row["claim"] = notes["text"].iloc[int(inside.argmax())]
        rows.append(row)
        statements[theme], weights[theme] = themes.statements.get(origin, ()), themes.weights.get(origin, {})
    rows.sort(key=lambda row: (-row["n_customers"], -row["n_notes"], row["claim"], row["notes"]))
    summary = pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))
    return replace(
        themes,
        summary=summary,
        notes=notes,
        statements=statements,
        weights=weights,
        ledger=ledger,
        decisions=decisions,
        worked_out={},
    )


class _Places:
    """Where the notes stand that were decided on; of a million others nothing is asked."""

    def __init__(self, notes: pd.DataFrame, decisions: Decisions) -> None:
        self.notes = notes
        named = {*decisions.anchors, *decisions.placed, *decisions.follows, *decisions.follows.values()}
        rows = np.flatnonzero(notes["note"].isin(named))
        self.row = dict(zip(notes["note"].iloc[rows].tolist(), rows.tolist(), strict=True))

    def numbers(self, column: str, more: Iterable[str]) -> tuple[np.ndarray, list[str]]:
        """A column as numbers, and what each stands for, some that are not in it among them."""
        codes, found = pd.factorize(self.notes[column])
        return codes, list(dict.fromkeys([*found, *more]))

    def put(self, now: np.ndarray, value_of: Mapping[str, str], number: Mapping[str, int]) -> None:
        """Notes where the ledger has them."""
        here = {self.row[note]: number[value] for note, value in value_of.items() if note in self.row}
        now[list(here)] = list(here.values())


def _kept_since(
    themes: Themes, decisions: Decisions, ledger: Ledger, at: _Places, was: np.ndarray, names: list[str]
) -> dict[str, str]:
    """The lasting ids of themes that got one since."""
    theme_of = {record.id: str(record.theme) for record in ledger.records}
    before = themes.decisions.themes.keys() | themes.decisions.merged.keys()
    anchored: dict[str, list[int]] = {}
    for note, record in decisions.anchored_by.items():
        if theme_of[record] not in before and note in at.row:
            anchored.setdefault(theme_of[record], []).append(at.row[note])
    found = {_most(was[rows], names): theme for theme, rows in anchored.items()}
    return {origin: theme for origin, theme in found.items() if origin and not origin.startswith("T-")}


def _most(themes: np.ndarray, names: list[str]) -> str:
    """The theme that most of some notes were in, and more than half."""
    counts = np.bincount(themes, minlength=1)
    best = int(counts.argmax())
    return names[best] if 2 * counts[best] > len(themes) else ""
