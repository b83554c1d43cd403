"""Code saturation: how many new themes the latest calls still brought, and whether that depends on their order.

Guest G, Namey E, Chen M (2020): A simple method to assess and report thematic saturation in qualitative research. PLoS ONE
15(5): e0232076. The themes of the first calls are the base; those that are new in a run of calls behind it are counted and
divided by the themes of the base. Runs overlap: the calls 5 and 6 are one, 6 and 7 the next. Saturation is reached with
the first run whose share is at or below a threshold.

What is saturated is the list of themes as they are found now, from all calls. Broad themes are heard sooner than fine ones, and
no number of calls says that a theme is understood. The tags that the PM typed are codes of another make: given call by call,
without a look at what comes later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.evidence.counts import heard_codes
from workbench.themes import Themes

__all__ = ["CURVE_COLUMNS", "REACHED_COLUMNS", "RUN_COLUMNS", "THRESHOLDS", "Saturation", "measure_saturation"]

CURVE_COLUMNS = ("n", "unit", "date", "new", "heard", "mean", "low", "high")
RUN_COLUMNS = ("first", "last", "new", "share", "mean", "low", "high")
REACHED_COLUMNS = ("threshold", "n", "confirmed_at", "share_of_orders", "median", "low", "high")
THRESHOLDS = (0.05, 0.0)
# From the 5th to the 95th of a hundred orders.
BAND = (0.05, 0.95)
# So many places are summed up at once, since a quantile takes some copies of them.
PIECE = 1_000_000
# Places that are looked at in all orders together; of very many calls fewer orders are drawn, and say as much.
MOST_PLACES, LEAST_ORDERS = 20_000_000, 20


@dataclass(frozen=True, eq=False, repr=False)
class Saturation:
    """How many new themes the calls brought; made by :func:`measure_saturation`.

    Parameters
    ----------
    codes : str
        What is counted: "themes" or "tags".
    unit : str
        What stands in an order: "call" or "customer".
    base, run : int
        Calls (or customers) in the base, and in each run.
    n_orders : int
        Orders that were drawn.
    n_units, n_themes, base_themes : int
        Calls (or customers) of those who count; themes (or tags); those of the base in the calls' own order.
    curve : pandas.DataFrame
        One row a call (or customer) in the order of their dates: n (int, from 1), unit (str, its name), date
        (datetime64), new and heard (int; themes that it was the first to raise, and all until then), and mean, low and
        high (float; themes heard after so many in another order: mean, 5th and 95th percentile).
    runs : pandas.DataFrame
        One row a run: first and last (int; its calls' places), new (int; themes new in it), share (float; of the themes
        of the base, missing where that has none), and mean, low and high of the share in other orders.
    reached : pandas.DataFrame
        One row a threshold: threshold (float), n (calls before the first run at or below it) and confirmed_at (that run's
        last call), both missing when there is none, share_of_orders (float; how many other orders get there), and of
        those the median, low and high of n (float; 5th and 95th percentile).

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> print(measure_saturation(find_themes(notes, n_themes=1)))
    Code saturation: too few calls to tell, 2 so far; the first run ends with call 6.
    """

    codes: str
    unit: str
    base: int
    run: int
    n_orders: int
    n_units: int
    n_themes: int
    base_themes: int
    curve: pd.DataFrame
    runs: pd.DataFrame
    reached: pd.DataFrame

    def __str__(self) -> str:
        many = f"{self.unit}s"
        if not self.n_themes:
            return f"Code saturation: no {self.codes[:-1]} yet."
        if self.n_units < self.base + self.run:
            return (
                f"Code saturation: too few {many} to tell, {self.n_units} so far; the first run ends with {self.unit} "
                f"{self.base + self.run}."
            )
        if not self.base_themes:
            return f"Code saturation: not to be measured, since no {self.codes[:-1]} came up in the first {self.base} {many}."
        said = [
            f"Code saturation: the first {self.base} {many} brought {self.base_themes} of {self.n_themes} {self.codes}."
        ]
        rows = list(self.reached.itertuples(index=False))
        # Of fewer than twenty themes one is more than 5 %, so that both thresholds are the same.
        alike = rows[0].n is not pd.NA and rows[0].n == rows[1].n and rows[0].median == rows[1].median
        said += [self._say(row) for row in (rows[1:] if alike else rows)]
        return " ".join(said)

    def _say(self, row: tuple) -> str:
        few = f"{100 * row.threshold:.0f} %"
        if pd.isna(row.n):
            kept = f"brought as few as {few} new ones" if row.threshold else "were without a new one"
            said = f"No {self.run} {self.unit}s in a row {kept}"
        else:
            brought = f"at most {few} as many new ones" if row.threshold else "no new one"
            said = f"After {self.unit} {row.n} the next {self.run} brought {brought}"
        if not row.share_of_orders:
            return f"{said}, and so it is in {self.n_orders} other orders."
        when = f"after {self.unit} {row.median:g} ({row.low:g} to {row.high:g})"
        if row.share_of_orders < 1:
            when = f"in {100 * row.share_of_orders:.0f} % of them, then {when}"
        return f"{said}; in other orders of the {self.unit}s {when}."

    def __repr__(self) -> str:
        return f"Saturation: {self}; see .curve, .runs, .reached"


def measure_saturation(
    themes: Themes,
    *,
    codes: str = "themes",
    unit: str = "call",
    base: int = 4,
    run: int = 2,
    n_orders: int = 500,
    random_state: int = 0,
) -> Saturation:
    """How many new themes the calls still brought, in their own order and in others.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    codes : str
        "themes", or "tags": the tags that the PM gave the notes.
    unit : str
        "call": calls in the order of their dates, then of their names, undated ones last. "customer": customers in the
        order of their first calls, each with all that they said, so that who is called twice counts once.
    base, run : int
        How many make the base, and a run.
    n_orders : int
        How many orders are drawn, all equally likely; fewer where there are more than 40,000 calls.
    random_state : int
        Seed of the draws.

    Returns
    -------
    Saturation
        The same whatever the order of the rows.

    Raises
    ------
    ValueError
        When `codes` or `unit` is something else, a number is below 1, or there is no column of tags.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> texts = ["The import drops rows", "Rows are lost in the import", "Import lost the rows", "Invoices look odd",
    ...     "Rows lost in an import", "The invoice looks odd", "The invoices look odd"]
    >>> notes = pd.DataFrame({"note": [f"{c}#1" for c in "abcdefg"], "call": list("abcdefg"), "customer": list("ABCDEFG"),
    ...     "segment": "s", "date": pd.date_range("2026-11-01", periods=7), "kind": "pain", "text": texts,
    ...     "consent": "quote"})
    >>> found = measure_saturation(find_themes(notes, n_themes=2), base=3)
    >>> found.curve["heard"].tolist(), found.runs["share"].tolist(), found.reached["n"].tolist()
    ([1, 1, 1, 2, 2, 2, 2], [1.0, 0.0, 0.0], [4, 4])
    """
    if unit not in ("call", "customer"):
        raise ValueError(f"unit={unit!r} is not known; use 'call' or 'customer'")
    for name, value in (("base", base), ("run", run), ("n_orders", n_orders)):
        if value < 1:
            raise ValueError(f"{name}={value} is too small; use 1 or more")
    units, who = _put_in_order(heard_codes(themes, codes), unit)
    n = len(units)
    n_orders = max(min(n_orders, MOST_PLACES // max(n, 1)), min(n_orders, LEAST_ORDERS))
    own = _count_new(np.arange(n)[None, :], who)
    draws = np.random.default_rng(random_state).permuted(np.tile(np.arange(n, dtype=np.int32), (n_orders, 1)), axis=1)
    others = _count_new(draws, who)
    curve = pd.DataFrame({"n": np.arange(1, n + 1), "unit": units.index, "date": units.to_numpy()})
    curve["new"], curve["heard"] = own[0], own[0].cumsum()
    curve["mean"], curve["low"], curve["high"] = _sum_up(others.cumsum(axis=1, dtype=np.int32))
    runs, reached = _measure_runs(own, others, base, run)
    return Saturation(
        codes=codes,
        unit=unit,
        base=base,
        run=run,
        n_orders=n_orders,
        n_units=n,
        n_themes=len(who),
        base_themes=int(own[0, :base].sum()),
        curve=curve,
        runs=runs,
        reached=reached,
    )


def _put_in_order(everyone: pd.DataFrame, unit: str) -> tuple[pd.Series, list[np.ndarray]]:
    """The first day of each call or customer, in order; and the places of those who raised each theme."""
    days = everyone.groupby(unit)["date"].min().sort_index().sort_values(kind="stable", na_position="last")
    pairs = everyone.loc[everyone["theme"] != "", ["theme", unit]].drop_duplicates()
    places = pd.Series(days.index.get_indexer(pairs[unit])).groupby(pairs["theme"].to_numpy())
    return days, [np.sort(of.to_numpy()) for _, of in places]


def _count_new(places: np.ndarray, who: list[np.ndarray]) -> np.ndarray:
    """How many themes are heard first at each place, for each order; `places` are those of each unit in it."""
    new = np.zeros(places.shape, dtype=np.int32)
    rows = np.arange(len(places))
    for units in who:
        new[rows, places[:, units].min(axis=1)] += 1
    return new


def _measure_runs(own: np.ndarray, others: np.ndarray, base: int, run: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    n_runs = max(own.shape[1] - base - run + 1, 0)
    new, share = _shares(own, base, run, n_runs)
    _, shares = _shares(others, base, run, n_runs)
    first = np.arange(base + 1, base + n_runs + 1)
    runs = pd.DataFrame({"first": first, "last": first + run - 1, "new": new[0].astype(np.int64), "share": share[0]})
    runs["mean"], runs["low"], runs["high"] = _sum_up(shares)
    rows = []
    for threshold in THRESHOLDS:
        # A base without themes has no share, and is at or below nothing.
        own_at, others_at = (_first(found <= threshold) + base for found in (share, shares))
        n = pd.NA if np.isnan(own_at[0]) else int(own_at[0])
        there = others_at[~np.isnan(others_at)]
        band = np.quantile(there, (0.5, *BAND)) if len(there) else [np.nan] * 3
        rows.append((threshold, n, n + run, len(there) / len(others_at), *band))
    reached = pd.DataFrame(rows, columns=list(REACHED_COLUMNS)).astype({"n": "Int64", "confirmed_at": "Int64"})
    return runs, reached


def _first(hits: np.ndarray) -> np.ndarray:
    """The place of the first hit in each row; NaN without one."""
    if not hits.shape[1]:
        return np.full(len(hits), np.nan)
    return np.where(hits.any(axis=1), hits.argmax(axis=1), np.nan)


def _shares(new: np.ndarray, base: int, run: int, n_runs: int) -> tuple[np.ndarray, np.ndarray]:
    """New themes of each run, and as a share of the base, for each order; NaN where the base has none."""
    until = np.zeros((len(new), new.shape[1] + 1), dtype=new.dtype)
    new.cumsum(axis=1, out=until[:, 1:])
    starts = np.arange(base, base + n_runs)
    in_run = until[:, starts + run] - until[:, starts]
    of_base = until[:, [min(base, new.shape[1])]]
    return in_run, np.divide(in_run, of_base, out=np.full(in_run.shape, np.nan), where=of_base > 0)


def _sum_up(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and band over the orders, of those that have a value."""
    known = ~np.isnan(values).any(axis=1)
    if not (known.any() and values.shape[1]):
        return tuple(np.full(values.shape[1], np.nan) for _ in range(3))
    found = []
    for columns in np.array_split(np.arange(values.shape[1]), -(-values.size // PIECE)):
        some = values[known, columns[0] : columns[-1] + 1]
        found.append((some.mean(axis=0), *np.quantile(some, BAND, axis=0)))
    mean, low, high = map(np.concatenate, zip(*found, strict=True))
    return mean, low, high
