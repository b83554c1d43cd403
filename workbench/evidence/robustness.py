"""Leave one customer, or one segment, out: what of the themes still holds.

Which notes are in which theme stays as it is; only the counts are made anew. Themes found anew without a customer's notes
would also differ by what the clustering makes of fewer notes, which says nothing about that customer.

A theme that had more customers than another loses its rank to it when, without the one who is left out, the other is
listed first: by customers, and where they are level by notes, as the summary ranks. Themes that were level by
customers to begin with have no rank to lose, and those level in both are listed by their words, so neither counts. Without
one customer a theme that had two customers more than another still has more, so that only a lead of one can be lost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.evidence.counts import NO_SEGMENT, heard, notes_of, strength
from workbench.themes import Themes

__all__ = ["find_fragile", "leave_each_out", "leave_out"]


def find_fragile(themes: Themes) -> pd.DataFrame:
    """Which themes hang on one customer.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    pandas.DataFrame
        One row a theme, in their order:

        - theme (str), n_customers (int), strength (str)
        - fragile (bool): only one customer raised it, or without one of them it is supported less, or loses its rank
        - fragile_in (tuple of str): what hangs on one customer: "strength", "rank", both or neither
        - hangs_on (tuple of str): the customers, each of whom is enough for that, by name
        - segments (tuple of str): the segments for which the same holds
        - lead (int): how many customers it has more than the next theme that has fewer; its own number for the last
        - why (str): what happens without them, in words; empty for a theme that holds

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> find_fragile(find_themes(notes, n_themes=1))[["fragile", "hangs_on", "why"]].values.tolist()
    [[True, ('Acme', 'Bolt'), 'would be one customer’s only without Acme or Bolt']]
    """
    table = _Table(themes)
    customers = _Without(table, "customer")
    segments = _Without(table, "segment")
    hurt, hurt_by_segment = (without.weaker | without.loses_rank for without in (customers, segments))
    rows = []
    for i, theme in enumerate(table.themes):
        who = tuple(customers.names[j] for j in np.flatnonzero(hurt[i]))
        fewer = table.n_customers[table.n_customers < table.n_customers[i]]
        rows.append(
            {
                "theme": theme,
                "n_customers": int(table.n_customers[i]),
                "strength": table.strengths[i],
                "fragile": bool(who),
                "fragile_in": tuple(
                    what
                    for what, hangs in (("strength", customers.weaker[i]), ("rank", customers.loses_rank[i]))
                    if hangs.any()
                ),
                "hangs_on": who,
                "segments": tuple(segments.names[j] for j in np.flatnonzero(hurt_by_segment[i])),
                "lead": int(table.n_customers[i] - fewer.max(initial=0)),
                "why": _explain(table, customers, i),
            }
        )
    columns = ["theme", "n_customers", "strength", "fragile", "fragile_in", "hangs_on", "segments", "lead", "why"]
    return pd.DataFrame(rows, columns=columns)


def leave_out(themes: Themes, *, by: str = "customer") -> pd.DataFrame:
    """What changes when one customer, or one segment, is left out.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    by : str
        "customer" or "segment".

    Returns
    -------
    pandas.DataFrame
        One row for each that is left out, by name:

        - left_out (str)
        - n_themes (int): themes that they raised
        - order_changes (bool): whether a theme loses its rank to another
        - swaps (tuple of (str, str)): each theme that does, and the one that is listed before it then
        - weaker (tuple of (str, str, str)): each theme that is supported less, its strength, and what is left of it
        - gone (tuple of str): themes that nobody else raised

    Raises
    ------
    ValueError
        When `by` is something else.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> leave_out(find_themes(notes, n_themes=1))[["left_out", "weaker"]].values.tolist()
    [['Acme', (('T1', 'emerging', 'single'),)], ['Bolt', (('T1', 'emerging', 'single'),)]]
    """
    if by not in ("customer", "segment"):
        raise ValueError(f"by={by!r} is not known; use 'customer' or 'segment'")
    table = _Table(themes)
    without = _Without(table, by)
    rows = []
    for j, name in enumerate(without.names):
        swaps = tuple((table.themes[a], table.themes[b]) for a, b, left in without.swaps if left == j)
        weaker = tuple(
            (table.themes[i], table.strengths[i], without.strength(i, j))
            for i in np.flatnonzero(without.weaker[:, j] & ~without.gone[:, j])
        )
        rows.append(
            {
                "left_out": name,
                "n_themes": int((without.n_notes[:, j] < table.n_notes).sum()),
                "order_changes": bool(swaps),
                "swaps": swaps,
                "weaker": weaker,
                "gone": tuple(table.themes[i] for i in np.flatnonzero(without.gone[:, j])),
            }
        )
    return pd.DataFrame(rows, columns=["left_out", "n_themes", "order_changes", "swaps", "weaker", "gone"])


def leave_each_out(themes: Themes, of: Any) -> pd.DataFrame:
    """What is left of a theme, a hypothesis or any notes without each customer, and without each segment.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    of : str, object with ``evidence``, or iterable of str
        As for :func:`~workbench.evidence.count_people`.

    Returns
    -------
    pandas.DataFrame
        One row for each customer behind the notes, by name, then one for each of their segments: left_out (str), kind
        ("customer" or "segment"), n_customers (int) and strength (str; "none" without a customer) of what is left, weaker
        (bool).

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "m"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> leave_each_out(find_themes(notes, n_themes=1), ["a#1", "b#1"])[["left_out", "strength"]].values.tolist()
    [['Acme', 'single'], ['Bolt', 'single'], ['m', 'single'], ['s', 'single']]
    """
    everyone = heard(themes)
    notes = everyone[everyone["note"].isin(set(notes_of(themes, of)))]
    pairs = notes[["customer", "segment"]].drop_duplicates()

    def measure(left: pd.DataFrame) -> tuple[int, str]:
        n = left["customer"].nunique()
        return n, strength(n, len(set(left["segment"].unique()) - {NO_SEGMENT})) if n else "none"

    before = _LEVELS.index(measure(pairs)[1])
    rows = []
    for kind in ("customer", "segment"):
        for name in sorted(set(pairs[kind]) - {NO_SEGMENT}):
            n, word = measure(pairs[pairs[kind] != name])
            rows.append((name, kind, n, word, _LEVELS.index(word) < before))
    return pd.DataFrame(rows, columns=["left_out", "kind", "n_customers", "strength", "weaker"])


# The rule of `strength` as a table, so that it is asked for all themes and customers at once: its answers do not change from
# three customers and two segments on.
_LEVELS = ("none", "single", "emerging", "supported")
_LEVEL_OF = np.array([[_LEVELS.index(strength(n, s)) if n else 0 for s in range(3)] for n in range(4)])


def _levels(n_customers: np.ndarray, n_segments: np.ndarray) -> np.ndarray:
    return _LEVEL_OF[np.minimum(n_customers, 3), np.minimum(n_segments, 2)]


class _Table:
    """Notes by theme, customer and segment, and what they add up to with everybody in."""

    def __init__(self, themes: Themes) -> None:
        everyone = heard(themes)
        self.themes = themes.summary["theme"].tolist()
        self.customers = sorted(everyone["customer"].unique())
        self.segments = sorted(set(everyone["segment"].unique()) - {NO_SEGMENT})
        notes = everyone[everyone["theme"] != ""]
        cells = notes.groupby(["theme", "customer", "segment"], as_index=False).size()
        self.theme = pd.Index(self.themes).get_indexer(cells["theme"])
        self.customer = pd.Index(self.customers).get_indexer(cells["customer"])
        self.segment = pd.Index(self.segments).get_indexer(cells["segment"])  # -1 without one
        self.size = cells["size"].to_numpy()
        self.n_notes = self.add_up(self.size, ())
        self.by_customer = self.add_up(self.size, (self.customer, len(self.customers)))
        self.n_customers = (self.by_customer > 0).sum(axis=1)
        # Distinct customers of each theme in each segment.
        self.in_segment = self.add_up(self.segment >= 0, (self.segment, len(self.segments)))
        self.n_segments = (self.in_segment > 0).sum(axis=1)
        self.levels = _levels(self.n_customers, self.n_segments)
        self.strengths = [_LEVELS[level] for level in self.levels]

    def add_up(self, values: np.ndarray, by: tuple[np.ndarray, int] | tuple[()]) -> np.ndarray:
        """Sums of a value of each cell by theme, and by something else."""
        other, n = by or (np.zeros_like(self.theme), 1)
        total = np.zeros((len(self.themes), n), dtype=np.int64)
        known = other >= 0
        np.add.at(total, (self.theme[known], other[known]), values[known].astype(np.int64))
        return total if by else total[:, 0]


class _Without:
    """What the themes add up to without each customer, or each segment: arrays of (theme, left out)."""

    def __init__(self, table: _Table, by: str) -> None:
        if by == "customer":
            self.names = table.customers
            self.n_customers = table.n_customers[:, None] - (table.by_customer > 0)
            self.n_notes = table.n_notes[:, None] - table.by_customer
            alone = np.zeros_like(table.theme, dtype=bool)  # the segment's only customer in the theme
            named = table.segment >= 0
            alone[named] = table.in_segment[table.theme[named], table.segment[named]] == 1
            lost = table.add_up(alone, (table.customer, len(table.customers)))
        else:
            self.names = table.segments
            cells = pd.DataFrame({"theme": table.theme, "customer": table.customer})
            only = (cells.groupby(["theme", "customer"])["theme"].transform("size") == 1).to_numpy(dtype=bool)
            by_segment = (table.segment, len(table.segments))
            self.n_customers = table.n_customers[:, None] - table.add_up(only, by_segment)
            self.n_notes = table.n_notes[:, None] - table.add_up(table.size, by_segment)
            lost = table.in_segment > 0
        self.levels = _levels(self.n_customers, table.n_segments[:, None] - lost)
        self.weaker = self.levels < table.levels[:, None]
        self.gone = self.n_customers == 0
        self.swaps = self._find_swaps(table, most=1 if by == "customer" else None)
        self.loses_rank = np.zeros_like(self.weaker)
        for a, _, j in self.swaps:
            self.loses_rank[a, j] = True

    def _find_swaps(self, table: _Table, most: int | None) -> list[tuple[int, int, int]]:
        """Each theme that another one is listed before once somebody is left out; `most` is the lead that can be lost."""
        lead = table.n_customers[:, None] - table.n_customers[None, :]
        swaps = []
        for a, b in np.argwhere((lead > 0) & (lead <= (most or lead.max(initial=0)))):
            behind = self.n_customers[a] - self.n_customers[b]
            lost = (behind < 0) | ((behind == 0) & (self.n_notes[a] < self.n_notes[b]))
            swaps += [(int(a), int(b), int(j)) for j in np.flatnonzero(lost & ~self.gone[a])]
        return swaps

    def strength(self, theme: int, left_out: int) -> str:
        return _LEVELS[self.levels[theme, left_out]]


def _explain(table: _Table, without: _Without, i: int) -> str:
    """What happens to a theme without one customer, those alike in one part."""
    if table.n_customers[i] == 1:
        return f"only {without.names[int(np.flatnonzero(without.gone[i])[0])]} raised it"
    effects: dict[str, list[str]] = {}
    for j in np.flatnonzero(without.weaker[i]):
        left = without.strength(i, j)
        what = (
            "would be one customer’s only"
            if left == "single"
            else f"would be {left} and no longer {table.strengths[i]}"
        )
        effects.setdefault(what, []).append(without.names[j])
    passed: dict[int, list[str]] = {}
    for a, b, j in without.swaps:
        if a == i:
            passed.setdefault(j, []).append(table.themes[b])
    for j, others in sorted(passed.items()):
        effects.setdefault(f"would fall behind {_join(others, 'and')}", []).append(without.names[j])
    return "; ".join(f"{what} without {_join(who, 'or')}" for what, who in effects.items())


def _join(names: list[str], last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
