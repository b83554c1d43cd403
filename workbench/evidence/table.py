"""All themes beside each other: how many customers, how sure, who is loudest, on whom it hangs."""

from __future__ import annotations

import pandas as pd

from workbench.evidence.counts import heard
from workbench.evidence.robustness import find_fragile
from workbench.evidence.trend import count_trends
from workbench.themes import Themes

__all__ = ["EVIDENCE_COLUMNS", "evidence_table"]

EVIDENCE_COLUMNS = (
    "theme", "name", "claim", "n_customers", "n_customers_total", "n_notes", "segments", "strength", "looked_over", "loudest",
    "loudest_notes", "loudest_share", "fragile", "fragile_in", "hangs_on", "why", "trend",
)  # fmt: skip


def evidence_table(themes: Themes) -> pd.DataFrame:
    """What is behind each theme, counted by distinct customer.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    pandas.DataFrame
        One row a theme, in their order:

        - theme, name, claim (str), n_customers, n_customers_total, n_notes (int), segments (dict): as in the summary
        - strength (str): see :func:`~workbench.evidence.strength`
        - looked_over (bool): whether the PM has touched it, which makes it lasting; else its notes are only grouped by the words
          that they share
        - loudest (str), loudest_notes (int), loudest_share (float): the customer with most of its notes, the first by
          name of several; how many, and their share
        - fragile (bool), fragile_in, hangs_on (tuple of str), why (str): see :func:`~workbench.evidence.find_fragile`
        - trend (str): see :func:`~workbench.evidence.count_trends`

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "a#2", "b#1"], "call": ["a", "a", "b"],
    ...     "customer": ["Acme", "Acme", "Bolt"], "segment": ["s", "s", "m"],
    ...     "date": pd.to_datetime(["2026-11-03"] * 3), "kind": ["pain"] * 3,
    ...     "text": ["The import drops rows", "Rows are lost", "Rows are lost in the import"], "consent": ["quote"] * 3})
    >>> from workbench.themes import find_themes
    >>> table = evidence_table(find_themes(notes, n_themes=1))
    >>> table[["n_customers", "strength", "loudest", "loudest_notes", "fragile"]].values.tolist()
    [[2, 'emerging', 'Acme', 2, True]]
    """
    summary = themes.summary
    table = summary[["theme", "name", "claim", "n_customers", "n_customers_total", "n_notes", "segments"]]
    notes = heard(themes)
    sizes = notes[notes["theme"] != ""].groupby(["theme", "customer"], as_index=False).size()
    sizes = sizes.sort_values(["size", "customer"], ascending=[False, True], kind="stable").drop_duplicates("theme")
    loudest = sizes.set_index("theme").reindex(table["theme"])
    fragile = find_fragile(themes)
    found = table.assign(
        strength=fragile["strength"].to_numpy(dtype=object),
        looked_over=table["theme"].astype(str).str.startswith("T-").to_numpy(dtype=bool),
        loudest=loudest["customer"].to_numpy(dtype=object),
        loudest_notes=loudest["size"].to_numpy(dtype=int),
        loudest_share=(loudest["size"].to_numpy() / table["n_notes"].to_numpy()).astype(float),
        fragile=fragile["fragile"].to_numpy(dtype=bool),
        fragile_in=fragile["fragile_in"].to_numpy(dtype=object),
        hangs_on=fragile["hangs_on"].to_numpy(dtype=object),
        why=fragile["why"].to_numpy(dtype=object),
        trend=count_trends(themes)["trend"].to_numpy(dtype=object),
    )
    return found[list(EVIDENCE_COLUMNS)]
