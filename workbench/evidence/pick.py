"""Which of a theme's notes to show first, and which only happen to share a few words with it."""

from __future__ import annotations

import pandas as pd

from workbench.evidence.against import find_against
from workbench.evidence.counts import notes_in, once
from workbench.themes import Themes

__all__ = ["count_firm", "find_loose", "pick_evidence"]

# On twenty labelled tasks (five sets, four seeds each) notes below it belong to their theme in 14 to 28 cases of 100, those above
# in 51 to 86; 1 to 10 of 100 notes that belong lie below. benchmarks/loose.py prints it.
LOOSE = 0.3


def find_loose(themes: Themes, theme: str) -> list[str]:
    """Notes in a theme that share little with the rest of it, and that nobody has put there.

    Themes are groups by shared words. Near a group's edge lie notes that are in it for want of a better place; they are shown
    as its own, and are no evidence until somebody has looked at them.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    theme : str
        One of its themes.

    Returns
    -------
    list of str
        Ids of notes whose typicality is below .3, least typical first: none that was kept, moved or pinned, and none at all where
        that would leave nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s"] * 2, "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> find_loose(find_themes(notes, n_themes=1), "T1")
    []
    """
    notes = notes_in(themes, theme)[["note", "typicality"]]
    decided = [note in themes.decisions.anchors or note in themes.decisions.placed for note in notes["note"].tolist()]
    loose = notes[(notes["typicality"] < LOOSE) & ~pd.Series(decided, index=notes.index, dtype=bool)]
    if len(loose) == len(notes):
        return []
    return loose.sort_values(["typicality", "note"])["note"].tolist()


def count_firm(themes: Themes) -> Themes:
    """The same themes, counted without notes that only just belong to them.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    Themes
        What others are told: :meth:`Themes.without <workbench.themes.Themes.without>` those that :func:`find_loose` names.

    Examples
    --------
    >>> import pandas as pd
    >>> notes = pd.DataFrame({"note": ["a#1"], "call": ["a"], "customer": ["Acme"], "segment": ["s"],
    ...     "date": pd.to_datetime(["2026-11-17"]), "kind": ["pain"], "text": ["The import drops rows"],
    ...     "consent": ["quote"]})
    >>> from workbench.themes import find_themes
    >>> count_firm(find_themes(notes, n_themes=1)).summary["n_customers"].tolist()
    [1]
    """
    thin = set(themes.notes.loc[themes.notes["typicality"] < LOOSE, "theme"].unique()) - {""}
    return themes.without(note for theme in sorted(thin) for note in find_loose(themes, theme))


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
        first, quotes before other kinds of the same customer when nearly as typical. Those that :func:`find_loose` names
        come after all others.

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
    judged = frozenset(themes.judged.get(theme, {}).items())
    return list(once(themes, ("evidence", theme, judged), lambda: _pick_evidence(themes, theme)))


def _pick_evidence(themes: Themes, theme: str) -> list[str]:
    against = set(find_against(themes, theme))
    notes = notes_in(themes, theme)
    notes = notes[~notes["note"].isin(against)]
    # A customer's own words persuade more than a note about them, at a small price in typicality.
    worth = notes["typicality"] + 0.15 * (notes["kind"].astype(str) == "quote")
    ordered = notes.assign(worth=worth.round(9), customer=notes["customer"].astype(str)).sort_values(
        ["worth", "note"], ascending=[False, True]
    )
    loose = ordered["note"].isin(find_loose(themes, theme))
    turn = ordered.groupby([loose.rename("loose"), "customer"]).cumcount()
    shown = ordered.assign(loose=loose, turn=turn).sort_values(
        ["loose", "turn", "worth", "note"], ascending=[True, True, False, True]
    )
    return shown["note"].tolist()
