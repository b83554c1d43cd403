"""Whether a theme is raised more often of late."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaln

from workbench.evidence.counts import heard, mondays
from workbench.themes import Themes

__all__ = ["count_trends"]

# Fisher's exact test at this level, two-sided. With a dozen calls only a large change passes, and that is as it should be.
LEVEL = 0.1
# Fewer customers than this in one half tell nothing of a change.
FEWEST = 3


def count_trends(themes: Themes) -> pd.DataFrame:
    """Who raised each theme in the earlier half of the calls, and who in the later half.

    The halves are parted between two weeks, where they are most equal in calls; undated calls are in neither. A
    change is called one when Fisher's exact test says so at 10 %. A customer heard in both halves counts in each, which
    the test does not know of: it is a hint.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    pandas.DataFrame
        One row a theme, in their order:

        - theme (str)
        - earlier, earlier_total, later, later_total (int): distinct customers who raised it, of those heard
        - since (datetime64): the Monday with which the later half begins; NaT where all calls are of one week
        - trend (str): "rising", "falling", "new" (nobody raised it earlier), "quiet" (nobody since), "no clear change",
          or "too few calls" when fewer than 3 customers were heard in one of the halves

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-10", "2026-11-17"]), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> row = count_trends(find_themes(notes, n_themes=1)).iloc[0]
    >>> int(row["earlier"]), int(row["later_total"]), row["trend"]
    (1, 1, 'too few calls')
    """
    everyone = heard(themes)
    order = themes.summary["theme"].tolist()
    since = _middle(everyone)
    halves = (everyone["date"] < since, everyone["date"] >= since)
    totals = [int(everyone.loc[half, "customer"].nunique()) for half in halves]
    counts = [
        everyone[half].groupby("theme")["customer"].nunique().reindex(order, fill_value=0).to_numpy() for half in halves
    ]
    p = _fisher(counts[0], counts[1], *totals)
    words = np.full(len(order), "no clear change", dtype=object)
    words[(counts[0] == 0) & (counts[1] > 0)] = "new"
    words[(counts[0] > 0) & (counts[1] == 0)] = "quiet"
    grew = counts[1] * totals[0] > counts[0] * totals[1]
    words[(p < LEVEL) & grew & (counts[0] > 0)] = "rising"
    words[(p < LEVEL) & ~grew & (counts[1] > 0)] = "falling"
    if min(totals) < FEWEST:
        words[:] = "too few calls"
    return pd.DataFrame(
        {
            "theme": order,
            "earlier": counts[0],
            "earlier_total": totals[0],
            "later": counts[1],
            "later_total": totals[1],
            "since": since,
            "trend": words,
        }
    )


def _middle(everyone: pd.DataFrame) -> pd.Timestamp:
    """The Monday that parts the calls most evenly, the earlier of two."""
    days = everyone.dropna(subset="date").groupby("call")["date"].min()
    per_week = mondays(days).value_counts().sort_index()
    before = per_week.cumsum().shift(1).iloc[1:]
    uneven = (2 * before - per_week.sum()).abs()
    return uneven.idxmin() if len(uneven) else pd.NaT


def _fisher(one: np.ndarray, other: np.ndarray, n_one: int, n_other: int) -> np.ndarray:
    """Fisher's exact test, two-sided: the chance of a table no likelier than this one, for each pair of counts."""

    def log_choose(n: int, k: np.ndarray) -> np.ndarray:
        inside = (k >= 0) & (k <= n)
        k = np.clip(k, 0, n)
        return np.where(inside, gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), -np.inf)

    both = (one + other)[:, None]
    k = np.arange(n_one + 1)[None, :]
    log = log_choose(n_one, k) + log_choose(n_other, both - k)
    here = np.take_along_axis(log, one[:, None], axis=1)
    chance = np.exp(log - log.max(axis=1, keepdims=True))
    return np.where(log <= here + 1e-7, chance, 0).sum(axis=1) / chance.sum(axis=1)
