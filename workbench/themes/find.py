"""From notes to themes, counted by customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import normalize

from workbench.customers import count_customers, is_evidence, who_counts
from workbench.errors import Problem
from workbench.themes.corrections import Corrected, correct_labels, suggest_anew
from workbench.themes.encoders import find_encoder, remember
from workbench.themes.ledger import LEDGER_FILE, Ledger
from workbench.themes.model import ThemeModel
from workbench.themes.replay import Decisions, replay_ledger
from workbench.themes.wording import Statement, Wording, name_themes
from workbench.themes.words import read_stems

__all__ = ["SUMMARY_COLUMNS", "Themes", "find_themes"]

SUMMARY_COLUMNS = (
    "theme", "name", "claim", "terms", "n_notes", "n_customers", "n_customers_total", "segments", "first", "last",
    "notes",
)  # fmt: skip
NO_LEDGER = Ledger()


@dataclass(frozen=True, repr=False)
class Themes:
    """Themes with their notes; made by :func:`find_themes`.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row a theme, most customers first:

        - theme (str): T-3fa9c1e0 for one that the PM has touched, which lasts; else T1, T2 and so on by rank, which is
          not lasting and may change with the next call
        - name (str): as the PM named it; empty when it was never named
        - claim (str): verbatim words of one of its notes
        - terms (tuple of str): its key phrases, at most four, as written in its notes
        - n_notes, n_customers, n_customers_total (int): notes in it; distinct customers who raised it; all who count
        - segments (dict of str to int): customers who raised it, by segment
        - first, last (datetime64): days of its calls
        - notes (tuple of str): ids, most typical first
    notes : pandas.DataFrame
        Every note that counts as evidence, as read, with theme (str, empty when in none), typicality (float, 0 to 1),
        language (str) and reason (str): why it is there, when it is not by the words alone ("placed", "set aside",
        "pinned", "kept apart", "came along", "joined", and "loose" after :meth:`without`; see :class:`~workbench.themes.corrections.Corrected`).
    uncounted : pandas.DataFrame
        The other notes as read: the PM's own takes, and customers who are excluded or asked not to be used.
    statements : dict of str to tuple of Statement
        For each theme the words that could stand for it, best first.
    weights : dict of str to dict
        For each theme how much each stem speaks for it.
    ledger : Ledger
        The corrections.
    decisions : Decisions
        What follows from them for these notes.
    came_along : dict of str to tuple of str
        For each note that came along with corrected cards, the ids of those cards, nearest first.
    model : ThemeModel
        What was learned of the notes, whatever the corrections.
    judged : dict of str to dict
        For each theme the notes that the PM has judged in a hypothesis on it: True for those against it, False for those
        that only seemed so; see :func:`workbench.evidence.heed_judgements`.
    """

    summary: pd.DataFrame
    notes: pd.DataFrame
    uncounted: pd.DataFrame
    statements: dict[str, tuple[Statement, ...]] = field(default_factory=dict)
    weights: dict[str, dict[str, float]] = field(default_factory=dict)
    ledger: Ledger = NO_LEDGER
    decisions: Decisions = field(default_factory=Decisions)
    came_along: dict[str, tuple[str, ...]] = field(default_factory=dict)
    model: ThemeModel | None = None
    judged: dict[str, dict[str, bool]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Themes: {len(self.summary)} from {len(self.notes)} notes of {self.n_customers} customers; see .summary"

    @property
    def n_customers(self) -> int:
        """Distinct customers who count."""
        return count_customers(self.notes, self.uncounted)

    @property
    def takes(self) -> pd.DataFrame:
        """The PM's own takes on customers who count."""
        return self.uncounted[who_counts(self.uncounted)]

    @property
    def left_out(self) -> pd.DataFrame:
        """The notes that resemble no others or were set aside: not yet a theme."""
        return self.notes[self.notes["theme"] == ""]

    @property
    def problems(self) -> list[Problem]:
        """What of the ledger cannot be read or does not hold now, in plain words; nothing of it is lost."""
        problems = list(self.ledger.problems)
        line_of = self.ledger.lines
        for orphan in self.decisions.orphaned:
            if orphan.decided:
                what = f"a correction names “{orphan.ref.text[:60]}” of {orphan.ref.call}, and no note says so now"
                close = f" (the nearest: {', '.join(orphan.offered)})" if orphan.offered else ""
                line = line_of.get(orphan.records[0], 1)
                problems.append(Problem(LEDGER_FILE, line, what, f"if the note was reworded, correct it again{close}"))
        for rest in self.decisions.resting:
            if not rest.replaced:
                what = f"correction {rest.record.id} ({rest.record.kind} by {rest.record.by}) does not hold now"
                line = line_of.get(rest.record.id, 1)
                problems.append(Problem(LEDGER_FILE, line, what, f"{rest.reason}; it stays in the ledger"))
        full = set(self.summary["theme"])
        for theme in self.decisions.themes.values():
            if theme.id not in full:
                what = f"theme {theme.id} {theme.name}".rstrip() + " has no notes now"
                line = next(
                    (line_of.get(record.id, 1) for record in self.ledger.records if record.theme == theme.id), 1
                )
                problems.append(
                    Problem(LEDGER_FILE, line, what, "it comes back with the first note that is put into it")
                )
        return problems

    @cached_property
    def _language_of(self) -> dict[str, str]:
        """The language of each text that is not English."""
        foreign = self.notes[self.notes["language"] != "en"]
        return dict(zip(foreign["text"], foreign["language"], strict=True))

    def nearness(self, theme: str, text: str) -> float:
        """How much of a theme's weight the words of a text carry, 0 to 1.

        Parameters
        ----------
        theme : str
            A theme of the summary.
        text : str
            Any text.

        Returns
        -------
        float
            0 without a word in common.
        """
        weights = self.weights[theme]
        return sum(weights.get(s, 0.0) for s in read_stems(text, self._language_of.get(text, "en")))

    def without(self, notes: Iterable[str]) -> Themes:
        """The same themes, counted without some of their notes; these are in none then.

        Parameters
        ----------
        notes : iterable of str
            Ids. A theme never loses all of its notes so.

        Returns
        -------
        Themes
            By customers again; a theme is called as before.

        Examples
        --------
        >>> notes = pd.DataFrame({
        ...     "note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"], "segment": ["s", "s"],
        ...     "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2, "consent": ["quote"] * 2,
        ...     "text": ["The import drops rows", "Rows are lost in the import"]})
        >>> themes = find_themes(notes, n_themes=1)
        >>> themes.without(["b#1"]).summary[["theme", "n_customers", "n_customers_total"]].values.tolist()
        [['T1', 1, 2]]
        """
        out = self.notes["note"].isin(set(notes)) & (self.notes["theme"] != "")
        out &= ~self.notes["theme"].isin(
            [theme for theme, all_out in out.groupby(self.notes["theme"]).all().items() if all_out]
        )
        left = self.notes.assign(
            theme=self.notes["theme"].mask(out, ""), reason=self.notes["reason"].mask(out, "loose")
        )
        fewer = set(self.notes.loc[out, "theme"])
        if not fewer:
            return self
        rows = self.summary.to_dict("records")
        for row in rows:
            if row["theme"] in fewer:
                row |= _count_theme(left[left["theme"] == row["theme"]])
        rows.sort(key=lambda row: (-row["n_customers"], -row["n_notes"], row["claim"], row["notes"]))
        gone = set(left.loc[out, "note"])
        statements = {
            theme: tuple(one for one in said if one.note not in gone) or said for theme, said in self.statements.items()
        }
        for row in rows:
            row["claim"] = statements[row["theme"]][0].text
        return replace(
            self, summary=pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS)), notes=left, statements=statements
        )

    def regroup(self, ledger: Ledger, *, again: bool = False) -> Themes:
        """The same notes under other corrections, as :func:`find_themes` gives them, without learning from them again.

        Parameters
        ----------
        ledger : Ledger
            The corrections.
        again : bool
            See :func:`find_themes`.

        Returns
        -------
        Themes
            The number of themes, the encoder and the seed are those of these themes.
        """
        return _obey(self.model, self.notes, self.uncounted, ledger, again=again)


def find_themes(
    notes: pd.DataFrame,
    ledger: Ledger | None = None,
    *,
    n_themes: int | str = "auto",
    encoder: Any = None,
    again: bool = False,
    random_state: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Themes:
    """Group notes into themes, obey the PM's corrections, and count the customers behind each theme.

    Takes of the PM, excluded customers and customers who asked not to be used are neither clustered nor counted.

    Parameters
    ----------
    notes : pandas.DataFrame
        As :func:`workbench.read_notes` gives them: columns note, call, customer, segment, date, kind, text, consent,
        and excluded where there is one.
    ledger : Ledger, optional
        The corrections, from :func:`workbench.read_ledger`. Themes that they touch last: their notes stay, new notes
        join them, notes like the corrected ones come along (:mod:`workbench.themes.corrections`).
    n_themes : int or "auto"
        How many themes are looked for; found by itself by default. Corrections may make more or fewer.
    encoder : callable, object with ``encode``, "semantic" or None
        See :class:`ThemeModel`.
    again : bool
        Suggest again: let go of where notes were when their themes were last kept, so that themes are found anew among
        all notes. What was decided on single cards, and names, still hold. Nothing lasts of it until it is kept
        (:func:`workbench.themes.acts.keep_themes`).
    random_state : int
        Seed, see :class:`ThemeModel`.
    progress : callable, optional
        Called with the share of the work done, from 0 to 1.

    Returns
    -------
    Themes
        The same whatever the order of the rows.

    Raises
    ------
    ValueError
        When a column is missing, or `n_themes` does not fit the notes.

    Examples
    --------
    >>> notes = pd.DataFrame({
    ...     "note": ["a#1", "b#1", "a#2", "c#1"], "call": ["a", "b", "a", "c"],
    ...     "customer": ["Acme", "Bolt", "Acme", "Core"],
    ...     "segment": ["s", "s", "s", "m"], "date": pd.to_datetime(["2026-11-17"] * 4), "kind": ["pain"] * 4,
    ...     "text": ["The import drops rows", "Rows are lost in the import", "Invoices look odd", "Invoice looks odd"],
    ...     "consent": ["quote"] * 4})
    >>> find_themes(notes, n_themes=2).summary[["theme", "n_customers", "n_customers_total"]].values.tolist()
    [['T1', 2, 3], ['T2', 2, 3]]
    """
    missing = [c for c in ("note", "call", "customer", "segment", "date", "kind", "text", "consent") if c not in notes]
    if missing:
        raise ValueError(f"find_themes needs the columns {', '.join(missing)}; wb.read_notes gives them")
    ledger = ledger or NO_LEDGER
    counts = is_evidence(notes)
    evidence = notes[counts].reset_index(drop=True)
    uncounted = notes[~counts].reset_index(drop=True)

    texts = evidence["text"].tolist()
    encode = find_encoder(encoder)
    if encode and ledger.records:  # corrections look at the same notes again
        encode = remember(encode)
    model = ThemeModel(n_themes=n_themes, encoder=encode, random_state=random_state, progress=progress).fit(texts)
    return _obey(model, evidence, uncounted, ledger, again=again)


def _obey(model: ThemeModel, evidence: pd.DataFrame, uncounted: pd.DataFrame, ledger: Ledger, *, again: bool) -> Themes:
    """Themes from what was learned of the notes, and from the corrections."""
    named = pd.concat([part[["note", "call", "text"]] for part in (evidence, uncounted)])
    decisions = replay_ledger(ledger, named) if ledger.records else Decisions()
    found = _correct(model, evidence, decisions, again=again)
    evidence = evidence.assign(
        theme=found.themes,
        typicality=_typicality(model, found.themes) if decisions.themes else model.typicality_,
        language=model.languages_,
        reason=found.reasons,
    )
    ids = evidence["note"].tolist()
    came_along = {ids[i]: tuple(ids[card] for card in cards) for i, cards in found.teachers.items()}
    themes = _summarise(evidence, uncounted, ledger, decisions, came_along)
    return replace(themes, model=model)


def _correct(model: ThemeModel, evidence: pd.DataFrame, decisions: Decisions, *, again: bool) -> Corrected:
    """The theme of each note; notes are taken in the order of their ids, so that theirs does not matter."""
    ids = evidence["note"].to_numpy(dtype=object)
    if not (decisions.themes or decisions.placed or decisions.together or decisions.apart):
        return Corrected([f"#{g}" if g >= 0 else "" for g in model.labels_.tolist()], [""] * len(ids), {})
    order = np.argsort(ids, kind="stable")
    texts = evidence["text"].to_numpy(dtype=object)[order]
    groups = model.labels_[order]
    if again:
        decisions = suggest_anew(groups, ids[order].tolist(), decisions)
    arrived = np.zeros(len(ids), dtype=bool) if again else _has_arrived(evidence, decisions)
    # As many groups as were asked for, or as there are texts with words.
    n_themes = model.n_themes if model.n_themes == "auto" else min(model.n_themes, sum(model.labels_[~arrived] >= 0))

    def lay_out(some: list[str], grouped: bool) -> ThemeModel:
        n_groups = n_themes if grouped else 1
        return ThemeModel(n_themes=n_groups, encoder=model.encoder, random_state=model.random_state).fit(some)

    found = correct_labels(groups, ids[order].tolist(), texts.tolist(), decisions, lay_out, set(ids[arrived]))
    place = np.argsort(order)
    return Corrected(
        [found.themes[i] for i in place],
        [found.reasons[i] for i in place],
        {int(order[i]): tuple(int(order[card]) for card in cards) for i, cards in found.teachers.items()},
    )


def _has_arrived(evidence: pd.DataFrame, decisions: Decisions) -> np.ndarray:
    """Whether each note's call came after the last act; none has where no act says what was there."""
    if not (decisions.seen or decisions.seen_until):
        return np.zeros(len(evidence), dtype=bool)
    seen = evidence["call"].astype(str).isin(decisions.seen)
    if decisions.seen_until:
        seen |= evidence["date"] <= pd.Timestamp(decisions.seen_until)
    return ~seen.to_numpy(dtype=bool)


def _typicality(model: ThemeModel, themes: list[str]) -> np.ndarray:
    """How near each note is to the middle of its theme, 0 to 1, as the model has it for its own groups."""
    typicality = np.zeros(len(themes))
    by_theme = pd.Series(themes).groupby(themes).indices
    for theme, rows in by_theme.items():
        if theme:
            weighed = model.weigh(rows)
            middle = normalize(np.asarray(weighed.mean(axis=0)))
            typicality[rows] = np.round(np.clip(np.asarray(weighed @ middle.T).ravel(), 0, 1), 9)
    return typicality


def _summarise(
    evidence: pd.DataFrame,
    uncounted: pd.DataFrame,
    ledger: Ledger,
    decisions: Decisions,
    came_along: dict[str, tuple[str, ...]],
) -> Themes:
    """Count and word each theme, rank them, and number those that do not last."""
    wordings = name_themes(evidence)
    total = count_customers(evidence, uncounted)
    of_note = evidence["theme"].to_numpy(dtype=object)
    found = []
    for key in sorted(set(of_note) - {""}):
        row = _describe(evidence[of_note == key], wordings[key], total)
        found.append((row | {"name": decisions.themes[key].name if key in decisions.themes else ""}, key))
    found.sort(key=lambda item: (-item[0]["n_customers"], -item[0]["n_notes"], item[0]["claim"], item[0]["notes"]))
    names = {key: key if key in decisions.themes else f"T{rank}" for rank, (_, key) in enumerate(found, 1)}
    statements = {names[key]: row.pop("statements") for row, key in found}
    weights = {names[key]: row.pop("weights") for row, key in found}
    summary = pd.DataFrame([{"theme": names[key], **row} for row, key in found], columns=list(SUMMARY_COLUMNS))
    evidence = evidence.assign(theme=[names.get(key, "") for key in of_note])
    return Themes(summary, evidence, uncounted, statements, weights, ledger, decisions, came_along)


def _describe(notes: pd.DataFrame, wording: Wording, total: int) -> dict[str, Any]:
    return {
        "claim": wording.statements[0].text,
        "terms": wording.phrases,
        "n_customers_total": total,
        "statements": wording.statements,
        "weights": wording.weights,
        **_count_theme(notes),
    }


def _count_theme(notes: pd.DataFrame) -> dict[str, Any]:
    notes = notes[["note", "customer", "segment", "date", "typicality"]]
    notes = notes.sort_values(["typicality", "note"], ascending=[False, True])
    by_segment = notes.astype({"segment": str, "customer": str}).groupby("segment", observed=True)["customer"].nunique()
    segments = {
        name or "no segment": int(n) for name, n in sorted(by_segment.items(), key=lambda item: (-item[1], item[0]))
    }
    return {
        "n_notes": len(notes),
        "n_customers": int(notes["customer"].astype(str).nunique()),
        "segments": segments,
        "first": notes["date"].min(),
        "last": notes["date"].max(),
        "notes": tuple(notes["note"]),
    }
