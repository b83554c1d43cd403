"""What speaks for a theme and what against it, counted by distinct customer."""

from __future__ import annotations

import pandas as pd

from workbench.signals import says_it_works
from workbench.themes import Themes

__all__ = ["count_by_customer", "find_against", "pick_evidence", "strength"]


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


def find_against(themes: Themes, theme: str) -> list[str]:
    """Notes near a theme that may say the opposite, for the PM to confirm.

    A note is near when its words carry as much of the theme's weight as those of the middle note in it, or when it
    is in the theme; it may say the opposite when it says that there was no trouble
    (:func:`workbench.signals.says_it_works`).

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    theme : str
        One of its themes.

    Returns
    -------
    list of str
        Ids, nearest first.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1", "c#1"], "call": ["a", "b", "c"],
    ...     "customer": ["Acme", "Bolt", "Core"],
    ...     "segment": ["s"] * 3, "date": pd.to_datetime(["2026-11-17"] * 3), "kind": ["pain"] * 3,
    ...     "text": ["The import drops rows", "Rows are lost in the import", "Import of our rows was no trouble"],
    ...     "consent": ["quote"] * 3})
    >>> from workbench.themes import find_themes
    >>> find_against(find_themes(notes, n_themes=1), "T1")
    ['c#1']
    """
    notes = themes.notes
    hopeful = notes[
        [bool(says_it_works(text)) for text in notes["text"]] & (notes["kind"].astype(str) != "wish").to_numpy()
    ]
    inside = notes.loc[notes["theme"] == theme, "text"]
    middle = pd.Series([themes.nearness(theme, text) for text in inside]).median()
    found = []
    for note, text, of in zip(hopeful["note"], hopeful["text"], hopeful["theme"], strict=True):
        near = themes.nearness(theme, text)
        if near > 0 and (of == theme or near >= middle):
            found.append((of != theme, -round(near, 9), note))
    return [note for _, _, note in sorted(found)]


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
