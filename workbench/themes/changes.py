"""What became of themes between two looks at them: after more calls, other corrections, or before a new suggestion."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from workbench.themes.find import Themes

__all__ = ["CHANGE_COLUMNS", "follow_themes", "theme_changes"]

CHANGE_COLUMNS = (
    "change", "before", "after", "title", "n_customers_before", "n_customers_after", "came", "went", "new_notes",
    "with",
)  # fmt: skip
# In this order a PM reads them.
_ORDER = ("born", "split", "merged", "grew", "shrank", "changed", "renamed", "faded", "same")


def theme_changes(before: Themes, after: Themes) -> pd.DataFrame:
    """What became of each theme.

    A lasting theme is the same one by its id. Any other is the one that shares most of its notes with it (Kuhn 1955);
    notes that only one of the two looks has seen do not count for that.

    Parameters
    ----------
    before, after : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    pandas.DataFrame
        One row a theme, born ones first:

        - change (str): "born" (its notes are new, or come from no theme or from several), "split" (more than half of its notes
          come from one theme that is still there), "merged" (more than half of them are in another theme now), "grew"
          and "shrank" (more, or fewer customers), "changed" (other notes, as many customers), "renamed", "faded" (its
          notes are in no theme now, or in several), "same"
        - before, after (str): the theme in each; empty when it is not there
        - title (str): its name, or its claim
        - n_customers_before, n_customers_after (int)
        - came, went (tuple of str): notes that both looks have and that came to it, or left it
        - new_notes (tuple of str): notes in it that only the later look has
        - with (str): the theme that it split from (as it is called before) or was merged into (as it is called after)

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1", "a#2", "b#2"], "call": ["a", "b", "a", "b"],
    ...     "customer": ["Acme", "Bolt"] * 2, "segment": ["s"] * 4, "date": pd.to_datetime(["2026-11-17"] * 4),
    ...     "kind": ["pain"] * 4, "consent": ["quote"] * 4,
    ...     "text": ["The import drops rows", "Rows are lost in the import", "Invoices look odd", "Invoice looks odd"]})
    >>> changes = theme_changes(find_themes(notes[:2], n_themes=1), find_themes(notes, n_themes=2))
    >>> changes[["change", "n_customers_before", "n_customers_after"]].values.tolist()
    [['born', 0, 2], ['same', 2, 2]]
    """
    old, new = _members(before), _members(after)
    known = set(before.notes["note"]), set(after.notes["note"])
    both = known[0] & known[1]
    pairs = follow_themes(before, after)
    of_new = {after_theme: before_theme for before_theme, after_theme in pairs.items()}
    was = {note: theme for theme, notes in old.items() for note in notes}
    now = {note: theme for theme, notes in new.items() for note in notes}
    rows: list[dict[str, Any]] = []
    for row in after.summary.itertuples(index=False):
        theme, partner = row.theme, of_new.get(row.theme, "")
        mine, theirs = new[theme] & both, old.get(partner, frozenset()) & both
        change, origin = "", ""
        n_before = 0
        if partner:
            earlier = before.summary.set_index("theme").loc[partner]
            n_before = int(earlier["n_customers"])
            change = _compare(n_before, row.n_customers, new[theme] == old[partner], earlier["name"] == row.name)
        else:
            origin = _most([was.get(note, "") for note in mine], of=len(new[theme]))
            change = "split" if origin in pairs else "born"
        rows.append(
            {
                "change": change,
                "before": partner,
                "after": theme,
                "title": row.name or row.claim,
                "n_customers_before": n_before,
                "n_customers_after": row.n_customers,
                "came": tuple(sorted(mine - theirs)),
                "went": tuple(sorted(theirs - mine)),
                "new_notes": tuple(sorted(new[theme] - known[0])),
                "with": origin if change == "split" else "",
            }
        )
    for row in before.summary.itertuples(index=False):
        if row.theme in pairs:
            continue
        mine = old[row.theme] & both
        target = _most([now.get(note, "") for note in mine], of=len(mine))
        rows.append(
            {
                "change": "merged" if target else "faded",
                "before": row.theme,
                "after": "",
                "title": row.name or row.claim,
                "n_customers_before": row.n_customers,
                "n_customers_after": 0,
                "came": (),
                "went": tuple(sorted(mine)),
                "new_notes": (),
                "with": target,
            }
        )
    rows.sort(key=lambda row: _ORDER.index(row["change"]))  # stable: within it the themes' own order holds
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def follow_themes(before: Themes, after: Themes) -> dict[str, str]:
    """Which theme is which: lasting ones by id, the others by the share of their notes that they have in common.

    Parameters
    ----------
    before, after : Themes
        Two looks.

    Returns
    -------
    dict of str to str
        For each theme of the first look that is still there, its id in the second.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "theme": ["T1", "T1"]})
    >>> now = SimpleNamespace(notes=notes, summary=pd.DataFrame({"theme": ["T1"]}))
    >>> kept = SimpleNamespace(notes=notes.replace("T1", "T-3fa9c1e0"), summary=pd.DataFrame({"theme": ["T-3fa9c1e0"]}))
    >>> follow_themes(now, kept)
    {'T1': 'T-3fa9c1e0'}
    """
    left, right = before.summary["theme"].tolist(), after.summary["theme"].tolist()
    pairs = {theme: theme for theme in left if theme in set(right) and theme.startswith("T-")}
    # A theme that was kept meanwhile has got an id, and one whose first act was taken back has lost it.
    left = [theme for theme in left if theme not in pairs]
    right = [theme for theme in right if theme not in pairs.values()]
    # Only notes that both looks have are compared.
    if before.notes["note"].equals(after.notes["note"]):
        at = np.arange(len(after.notes))
    else:
        at = pd.Index(before.notes["note"]).get_indexer(pd.Index(after.notes["note"]))
    was, now = _places(before.notes["theme"], left)[at[at >= 0]], _places(after.notes["theme"], right)[at >= 0]
    shared = np.zeros((len(left), len(right)))
    np.add.at(shared, (was[(was >= 0) & (now >= 0)], now[(was >= 0) & (now >= 0)]), 1)
    n_left = np.bincount(was[was >= 0], minlength=len(left))[:, None]
    n_right = np.bincount(now[now >= 0], minlength=len(right))[None, :]
    share = np.round(shared / np.maximum(n_left + n_right - shared, 1), 9)
    for i, k in zip(*linear_sum_assignment(-share), strict=True):
        if 2 * shared[i, k] >= min(n_left[i, 0], n_right[0, k]) > 0:
            pairs[left[i]] = right[k]
    return pairs


def _places(of_note: pd.Series, themes: list[str]) -> np.ndarray:
    """Of each note the place of its theme among some, -1 for another."""
    codes, found = pd.factorize(of_note)
    return pd.Index(themes, dtype=object).get_indexer(pd.Index(found, dtype=object))[codes]


def _members(themes: Themes) -> dict[str, frozenset[str]]:
    return dict(zip(themes.summary["theme"], map(frozenset, themes.summary["notes"]), strict=True))


def _compare(n_before: int, n_after: int, same_notes: bool, same_name: bool) -> str:
    if n_after != n_before:
        return "grew" if n_after > n_before else "shrank"
    if not same_notes:
        return "changed"
    return "same" if same_name else "renamed"


def _most(themes: list[str], *, of: int) -> str:
    """The theme that more than half of so many notes are in."""
    theme, n = min(Counter(themes).items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    return theme if 2 * n > of else ""
