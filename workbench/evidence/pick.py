"""Which of a theme's notes to show first."""

from __future__ import annotations

from workbench.evidence.against import find_against
from workbench.themes import Themes

__all__ = ["pick_evidence"]


def pick_evidence(themes: Themes, theme: str) -> list[str]:
    """A theme's notes in the order in which to show them: one of each customer first, then the next of each.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    theme : str
        One of its themes.

    Returns
    -------
    list of str
        Ids of the theme's notes without those that :func:`find_against` names; within a customer the most typical
        first, quotes before other kinds of the same customer when nearly as typical.

    Examples
    --------
    >>> import pandas as pd
    >>> notes = pd.DataFrame({"note": ["a#1", "a#2", "b#1"], "call": ["a", "a", "b"],
    ...     "customer": ["Acme", "Acme", "Bolt"],
    ...     "segment": ["s"] * 3, "date": pd.to_datetime(["2026-11-17"] * 3), "kind": ["pain"] * 3,
    ...     "text": ["The import drops rows", "The import drops all rows", "Rows are lost in the import"],
    ...     "consent": ["quote"] * 3})
    >>> from workbench.themes import find_themes
    >>> [note[0] for note in pick_evidence(find_themes(notes, n_themes=1), "T1")][:2] in (["a", "b"], ["b", "a"])
    True
    """
    against = set(find_against(themes, theme))
    notes = themes.notes[(themes.notes["theme"] == theme) & ~themes.notes["note"].isin(against)]
    # A customer's own words persuade more than a note about them, at a small price in typicality.
    worth = notes["typicality"] + 0.15 * (notes["kind"].astype(str) == "quote")
    ordered = notes.assign(worth=worth.round(9), customer=notes["customer"].astype(str)).sort_values(
        ["worth", "note"], ascending=[False, True]
    )
    turn = ordered.groupby("customer").cumcount()
    return (
        ordered.assign(turn=turn).sort_values(["turn", "worth", "note"], ascending=[True, False, True])["note"].tolist()
    )
