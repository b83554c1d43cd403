"""Notes near a theme, or near any notes, that may say the opposite: looked for, ranked, and for the PM to judge."""

from __future__ import annotations

import pandas as pd

from workbench.signals import says_it_works
from workbench.themes import Themes

__all__ = ["find_against"]


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
