"""From notes to themes, counted by customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import RLock
from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import normalize

from workbench.customers import count_customers, is_evidence, who_counts
from workbench.errors import Problem
from workbench.themes.corrections import Corrected, correct_labels, suggest_anew
from workbench.themes.encoders import find_encoder, remember
from workbench.themes.large import correct_large, is_large, name_groups, named_in, rate_large, spell
from workbench.themes.ledger import LEDGER_FILE, Ledger
from workbench.themes.model import ThemeModel
from workbench.themes.replay import Decisions, replay_ledger
from workbench.themes.wording import Statement, Wording, name_themes, order_notes
from workbench.themes.words import read_stems

__all__ = ["SUMMARY_COLUMNS", "Themes", "count_theme", "find_themes"]

SUMMARY_COLUMNS = (
    "theme", "name", "claim", "terms", "n_notes", "n_customers", "n_customers_total", "segments", "first", "last",
    "notes",
)  # fmt: skip
# What of a note is counted.
COUNTED = ("note", "customer", "segment", "date", "typicality")
NO_LEDGER = Ledger()
# Of a larger theme so many notes are read word by word, the most typical; all of them are counted.
MOST_READ = 2000
# Of fewer texts a fit is a matter of a second or two.
WORTH_KEEPING = 20_000
# From pandas 3 on whoever writes into a frame leaves those alone that share its columns.
COPIED_ON_WRITE = int(pd.__version__.partition(".")[0]) >= 3


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
        The other notes as read: the PM's own takes, what one of us said, and customers who are excluded or asked not to be
        used.
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
    worked_out : dict
        What was worked out of these notes and their themes, so that it is done once and not for each section of a report.
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
    worked_out: dict[Any, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Themes: {len(self.summary)} from {len(self.notes):,} notes of {self.n_customers:,} customers; see .summary"

    @property
    def n_customers(self) -> int:
        """Distinct customers who count."""
        return count_customers(self.notes, self.uncounted)

    @property
    def takes(self) -> pd.DataFrame:
        """The PM's own takes on customers who count; what one of us said to them is one, too."""
        return self.uncounted[who_counts(self.uncounted)]

    @property
    def left_out(self) -> pd.DataFrame:
        """The notes that resemble no others or were set aside: not yet a theme."""
        return self.notes[self.notes["theme"] == ""]

    @property
    def read(self) -> pd.DataFrame:
        """The notes that are read word by word: all, or of each theme of more than `MOST_READ` that many, the most typical."""
        if "read" not in self.worked_out:
            notes = self.notes.copy(deep=False)  # others may ask for it, and whose notes these are may write into them
            if notes["theme"].value_counts().max() > MOST_READ:
                order = order_notes(notes)
                ranked = notes["theme"].iloc[order]
                place = ranked.groupby(ranked.to_numpy()).cumcount().to_numpy()
                notes = notes.iloc[np.sort(order[place < MOST_READ])]
            self.worked_out["read"] = notes
        return self.worked_out["read"]

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
        fewer = set(self.notes.loc[out, "theme"].unique())
        if not fewer:
            return self
        rows = self.summary.to_dict("records")
        for row in rows:
            if row["theme"] in fewer:
                row |= count_theme(left[left["theme"] == row["theme"]])
        rows.sort(key=lambda row: (-row["n_customers"], -row["n_notes"], row["claim"], row["notes"]))
        gone = set(left.loc[out, "note"].tolist())
        statements = {
            theme: tuple(one for one in said if one.note not in gone) or said for theme, said in self.statements.items()
        }
        for row in rows:
            row["claim"] = statements[row["theme"]][0].text
        return replace(
            self,
            summary=pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS)),
            notes=left,
            statements=statements,
            worked_out={},
        )

    def with_more(self, evidence: pd.DataFrame, uncounted: pd.DataFrame) -> Themes:
        """The same themes with more notes, counted and worded again.

        Parameters
        ----------
        evidence : pandas.DataFrame
            Notes with the columns of `notes`.
        uncounted : pandas.DataFrame
            Notes with those of `uncounted`.

        Returns
        -------
        Themes
            Which of the notes have come is for :func:`workbench.add_notes` to say.
        """
        notes = pd.concat([self.notes, evidence], ignore_index=True)
        others = pd.concat([self.uncounted, uncounted], ignore_index=True)
        more = _summarise(notes, others, self.ledger, self.decisions, self.came_along)
        return replace(more, model=self.model, judged=self.judged)

    def regroup(
        self, ledger: Ledger, *, again: bool = False, progress: Callable[[float], None] = lambda _: None
    ) -> Themes:
        """The same notes under other corrections, as :func:`find_themes` gives them, without learning from them again.

        Parameters
        ----------
        ledger : Ledger
            The corrections.
        again : bool
            See :func:`find_themes`.
        progress : callable, optional
            Called with the share of the work done, from 0 to 1; what it raises ends the work.

        Returns
        -------
        Themes
            The number of themes, the encoder and the seed are those of these themes.
        """
        return _obey(self.model, self.notes, self.uncounted, ledger, again=again, say=progress)


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

    Takes of the PM, what one of us said, excluded customers and customers who asked not to be used are neither clustered nor counted.

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
    if encoder is None and len(notes) >= WORTH_KEEPING and COPIED_ON_WRITE:
        with _FINDING:
            return _find_once(notes, ledger, n_themes, random_state, progress, again=again)
    evidence, uncounted = _part(notes)
    encode = find_encoder(encoder)
    if encode and ledger.records:  # corrections look at the same notes again
        encode = remember(encode)
    model = ThemeModel(n_themes=n_themes, encoder=encode, random_state=random_state, progress=progress)
    return _obey(model.fit(evidence["text"]), evidence, uncounted, ledger, again=again)


def _part(notes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The notes that are evidence, and the others."""
    counts = is_evidence(notes)
    return notes[counts].reset_index(drop=True), notes[~counts].reset_index(drop=True)


# What was found last, and of what. The board, the cards and the report of one notebook ask for the same, and it is held once.
_latest: list[tuple[pd.DataFrame, Themes]] = []
# Whoever asks meanwhile, such as a board beside a cell, waits for it: two fits take twice the memory, and no less time.
_FINDING = RLock()


def _find_once(
    notes: pd.DataFrame,
    ledger: Ledger,
    n_themes: int | str,
    random_state: int,
    progress: Callable[[float], None] | None,
    *,
    again: bool,
) -> Themes:
    """The latest themes, or what was learned for them, where these are of the same notes or texts."""
    of, latest = next(iter(_latest), (None, None))
    if latest and (latest.model.n_themes, latest.model.random_state) != (n_themes, random_state):
        of = latest = None
    if latest and notes.equals(of):
        evidence, uncounted, model = latest.notes[list(notes)], latest.uncounted, latest.model
    else:
        evidence, uncounted = _part(notes)
        model = latest.model if latest and evidence["text"].equals(latest.notes["text"]) else None
        _latest.clear()  # before there are two of them
        of = latest = None
    if model is None:
        model = ThemeModel(n_themes=n_themes, random_state=random_state, progress=progress).fit(evidence["text"])
    elif progress:
        progress(1.0)
    if latest and latest.ledger == ledger and not again:
        found = replace(latest, ledger=ledger)
    else:
        found = _obey(model, evidence, uncounted, ledger, again=again)
    if not again:
        _latest[:] = [(notes.copy(deep=False), found)]
    # What is held is nobody's to write into, that of whoever asked first neither.
    return replace(found, **{name: getattr(found, name).copy(deep=False) for name in ("summary", "notes", "uncounted")})


def _obey(
    model: ThemeModel,
    evidence: pd.DataFrame,
    uncounted: pd.DataFrame,
    ledger: Ledger,
    *,
    again: bool,
    say: Callable[[float], None] = lambda _: None,
) -> Themes:
    """Themes from what was learned of the notes, and from the corrections."""
    named = pd.concat([part[["note", "call", "text"]] for part in (evidence, uncounted)])
    if is_large(model.labels_):
        named = named_in(ledger, named)
    decisions = replay_ledger(ledger, named) if ledger.records else Decisions()
    say(0.1)
    found = _correct(model, evidence, decisions, again=again)
    say(0.3)
    evidence = evidence.assign(
        theme=found.themes,
        typicality=_typicality(model, found.themes) if decisions.themes else model.typicality_,
        language=model.languages_,
        reason=found.reasons,
    )
    ids = evidence["note"]
    came_along = {ids.iloc[i]: tuple(ids.iloc[list(cards)]) for i, cards in found.teachers.items()}
    say(0.4)
    themes = _summarise(evidence, uncounted, ledger, decisions, came_along, lambda share: say(0.4 + 0.5 * share))
    say(1)
    return replace(themes, model=model)


def _correct(model: ThemeModel, evidence: pd.DataFrame, decisions: Decisions, *, again: bool) -> Corrected:
    """The theme of each note; notes are taken in the order of their ids, so that theirs does not matter."""
    if not (decisions.themes or decisions.placed or decisions.together or decisions.apart):
        none = spell([""], np.zeros(len(evidence), dtype=int))
        return Corrected(spell(name_groups(model.labels_), model.labels_), none, {})
    if is_large(model.labels_):
        if again:
            decisions = suggest_anew(model.labels_, evidence["note"].tolist(), decisions)
        return correct_large(model, evidence, decisions)
    ids = evidence["note"].to_numpy(dtype=object)
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


def _typicality(model: ThemeModel, themes: Sequence[str]) -> np.ndarray:
    """How near each note is to the middle of its theme, 0 to 1, as the model has it for its own groups."""
    if is_large(model.labels_):
        return rate_large(model, themes)
    typicality = np.zeros(len(themes))
    for theme, rows in pd.Series(themes).groupby(themes).indices.items():
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
    say: Callable[[float], None] = lambda _: None,
) -> Themes:
    """Count and word each theme, rank them, and number those that do not last."""
    wordings = name_themes(evidence, say)
    total = count_customers(evidence, uncounted)
    codes, keys = pd.factorize(evidence["theme"])
    keys = [str(key) for key in keys]
    counted = evidence[list(COUNTED)]
    by_theme = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes, minlength=len(keys))))[:-1]
    found = []
    for key, rows in sorted(zip(keys, by_theme, strict=True)):
        if not key:
            continue
        row = _describe(counted.iloc[rows], wordings[key], total)
        found.append((row | {"name": decisions.themes[key].name if key in decisions.themes else ""}, key))
    found.sort(key=lambda item: (-item[0]["n_customers"], -item[0]["n_notes"], item[0]["claim"], item[0]["notes"]))
    names = {key: key if key in decisions.themes else f"T{rank}" for rank, (_, key) in enumerate(found, 1)}
    statements = {names[key]: row.pop("statements") for row, key in found}
    weights = {names[key]: row.pop("weights") for row, key in found}
    summary = pd.DataFrame([{"theme": names[key], **row} for row, key in found], columns=list(SUMMARY_COLUMNS))
    evidence = evidence.assign(theme=spell([names.get(key, "") for key in keys], codes))
    return Themes(summary, evidence, uncounted, statements, weights, ledger, decisions, came_along)


def _describe(notes: pd.DataFrame, wording: Wording, total: int) -> dict[str, Any]:
    return {
        "claim": wording.statements[0].text,
        "terms": wording.phrases,
        "n_customers_total": total,
        "statements": wording.statements,
        "weights": wording.weights,
        **count_theme(notes),
    }


def count_theme(notes: pd.DataFrame) -> dict[str, Any]:
    """What is counted of a theme.

    Parameters
    ----------
    notes : pandas.DataFrame
        Its notes, with their typicality.

    Returns
    -------
    dict
        Of the columns of :data:`SUMMARY_COLUMNS` those that are counts, days and the notes' ids.

    Examples
    --------
    >>> count_theme(pd.DataFrame({"note": ["a#1"], "customer": ["Acme"], "segment": ["s"],
    ...     "date": pd.to_datetime(["2026-11-17"]), "typicality": [1.0]}))["n_customers"]
    1
    """
    notes = notes[list(COUNTED)]
    notes = notes.iloc[order_notes(notes)]
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
        "notes": tuple(notes["note"].tolist()),
    }
