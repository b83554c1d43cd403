"""What speaks for a theme or a hypothesis, counted by distinct customer."""

from __future__ import annotations

import pandas as pd

from workbench.themes import Themes

__all__ = ["count_by_customer", "strength"]


def strength(n_customers: int, n_segments: int) -> str:
    """How far a theme is supported, in a word.

    Parameters
    ----------
    n_customers : int
        Distinct customers who raised it.
    n_segments : int
        Distinct segments they belong to.

    Returns
    -------
    str
        "supported" for three customers or more in two segments or more, "single" for one customer, else "emerging".

    Examples
    --------
    >>> strength(9, 3), strength(4, 1), strength(1, 1)
    ('supported', 'emerging', 'single')
    """
    if n_customers <= 1:
        return "single"
    return "supported" if n_customers >= 3 and n_segments >= 2 else "emerging"


def count_by_customer(themes: Themes) -> pd.DataFrame:
    """Who raised what.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    pandas.DataFrame
        One row a theme (index: theme, in rank order), one column a customer who counts (by segment, then name); the
        number of distinct calls (int) in which the customer raised the theme.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> count_by_customer(find_themes(notes, n_themes=1)).loc["T1"].to_dict()
    {'Acme': 1, 'Bolt': 1}
    """
    notes = themes.notes.astype({"customer": str, "segment": str, "call": str})
    takes = themes.takes.astype({"customer": str, "segment": str})
    everyone = pd.concat([notes[["segment", "customer"]], takes[["segment", "customer"]]])
    customers = everyone.drop_duplicates().sort_values(["segment", "customer"])["customer"].unique()
    counts = notes[notes["theme"] != ""].groupby(["theme", "customer"])["call"].nunique().unstack(fill_value=0)
    return counts.reindex(index=themes.summary["theme"], columns=customers, fill_value=0).astype(int)
