"""From notes to themes, counted by customer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from workbench.themes.model import ThemeModel
from workbench.themes.wording import Statement, rank_statements, weigh_stems
from workbench.themes.words import read_stems, read_words

__all__ = ["SUMMARY_COLUMNS", "Themes", "find_themes"]

SUMMARY_COLUMNS = (
    "theme", "claim", "terms", "n_notes", "n_customers", "n_customers_total", "segments", "first", "last", "notes",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Themes:
    """Themes with their notes; made by :func:`find_themes`.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row a theme, most customers first:

        - theme (str): T1, T2 and so on by rank. It is not lasting: it may change with the next call.
        - claim (str): verbatim words of one of its notes
        - terms (tuple of str)
        - n_notes, n_customers, n_customers_total (int): notes in it; distinct customers who raised it; all who count
        - segments (dict of str to int): customers who raised it, by segment
        - first, last (datetime64): days of its calls
        - notes (tuple of str): ids, most typical first
    notes : pandas.DataFrame
        Every note that counts as evidence, as read, with theme (str, empty when in none) and typicality (float, 0 to
        1).
    uncounted : pandas.DataFrame
        The other notes as read: the PM's own takes, and customers who are excluded or asked not to be used.
    statements : dict of str to list of Statement
        For each theme the words that could stand for it, best first.
    weights : dict of str to dict
        For each theme how much each stem speaks for it.
    """

    summary: pd.DataFrame
    notes: pd.DataFrame
    uncounted: pd.DataFrame
    statements: dict[str, list[Statement]] = field(default_factory=dict)
    weights: dict[str, dict[str, float]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Themes: {len(self.summary)} from {len(self.notes)} notes of {self.n_customers} customers; see .summary"

    @property
    def n_customers(self) -> int:
        """Distinct customers who count."""
        return _count_customers(self.notes, self.takes)

    @property
    def takes(self) -> pd.DataFrame:
        """The PM's own takes on customers who count."""
        return self.uncounted[_counts(self.uncounted)]

    @property
    def left_out(self) -> pd.DataFrame:
        """The notes that resemble no others: not yet a theme."""
        return self.notes[self.notes["theme"] == ""]

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
        return sum(weights.get(s, 0.0) for s in read_stems(text))


def find_themes(notes: pd.DataFrame, *, n_themes: int | str = "auto", random_state: int = 0) -> Themes:
    """Group notes into themes and count the customers behind each.

    Takes of the PM, excluded customers and customers who asked not to be used are neither clustered nor counted.

    Parameters
    ----------
    notes : pandas.DataFrame
        As :func:`workbench.read_notes` gives them: columns note, call, customer, segment, date, kind, text, consent,
        and excluded where there is one.
    n_themes : int or "auto"
        How many themes; found by itself by default.
    random_state : int
        Seed, see :class:`ThemeModel`.

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
    counts = _counts(notes) & (notes["kind"].astype(str) != "take")
    evidence = notes[counts].reset_index(drop=True)
    uncounted = notes[~counts].reset_index(drop=True)

    model = ThemeModel(n_themes=n_themes, random_state=random_state).fit(evidence["text"].tolist())
    evidence = evidence.assign(typicality=model.typicality_)
    words = [read_words(text) for text in evidence["text"]]
    total = _count_customers(evidence, uncounted[_counts(uncounted)])
    found = []
    for label, terms in enumerate(model.terms_):
        inside = model.labels_ == label
        found.append((_summarise(evidence[inside], weigh_stems(words, inside), terms, total), np.flatnonzero(inside)))
    found.sort(key=lambda item: (-item[0]["n_customers"], -item[0]["n_notes"], item[0]["claim"], item[0]["notes"]))

    theme_of = np.full(len(evidence), "", dtype=object)
    rows, statements, weights = [], {}, {}
    for rank, (row, members) in enumerate(found, 1):
        theme = f"T{rank}"
        theme_of[members] = theme
        statements[theme], weights[theme] = row.pop("statements"), row.pop("weights")
        rows.append({"theme": theme, **row})
    summary = pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))
    return Themes(summary, evidence.assign(theme=theme_of), uncounted, statements, weights)


def _summarise(notes: pd.DataFrame, weights: dict[str, float], terms: list[str], total: int) -> dict[str, object]:
    notes = notes.sort_values(["typicality", "note"], ascending=[False, True])
    statements = rank_statements(notes, weights)
    by_segment = notes.astype({"segment": str, "customer": str}).groupby("segment", observed=True)["customer"].nunique()
    segments = {
        name or "no segment": int(n) for name, n in sorted(by_segment.items(), key=lambda item: (-item[1], item[0]))
    }
    return {
        "claim": statements[0].text,
        "terms": tuple(terms),
        "n_notes": len(notes),
        "n_customers": int(notes["customer"].astype(str).nunique()),
        "n_customers_total": total,
        "segments": segments,
        "first": notes["date"].min(),
        "last": notes["date"].max(),
        "notes": tuple(notes["note"]),
        "statements": statements,
        "weights": weights,
    }


def _counts(notes: pd.DataFrame) -> pd.Series:
    """Whether each note's customer counts."""
    included = notes["excluded"].astype(str) == "" if "excluded" in notes else True
    return (notes["consent"].astype(str) != "none") & included


def _count_customers(evidence: pd.DataFrame, takes: pd.DataFrame) -> int:
    """Customers who count, those of whom only a take was written down among them."""
    return len(set(evidence["customer"].astype(str)) | set(takes["customer"].astype(str)))
