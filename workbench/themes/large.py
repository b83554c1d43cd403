"""Corrections to very large themes: a decision names the most typical notes, and the others go where these do.

A theme of twenty thousand notes that the PM names, merges or keeps is written down with the thousand notes that are most
typical of it. As long as these are most of what was written down in a group that is found among all notes, that group is the
theme, with whoever joins it. Cards that were decided on one by one are where the PM put them, as in any theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import normalize

from workbench.themes.attach import note_id
from workbench.themes.corrections import Corrected, correct_labels
from workbench.themes.ledger import MAX_TEXT, Ledger
from workbench.themes.recording import MOST_KEPT
from workbench.themes.replay import Decisions

if TYPE_CHECKING:
    from workbench.themes.model import ThemeModel

__all__ = ["correct_large", "is_large", "name_groups", "named_in", "rate_large", "spell"]

# A theme takes a group with it if at least this share of the notes that were written down for it lie there.
LEAST_SHARE = 0.05


def is_large(groups: np.ndarray) -> bool:
    """Whether a group has more notes than are written down for a theme.

    Parameters
    ----------
    groups : ndarray of shape (n_notes,), int
        The groups found among all notes, -1 for none.

    Returns
    -------
    bool
        False in any study of calls.

    Examples
    --------
    >>> is_large(np.array([0, 0, -1]))
    False
    """
    return bool(len(groups)) and int(np.bincount(groups[groups >= 0], minlength=1).max()) > MOST_KEPT


def named_in(ledger: Ledger, notes: pd.DataFrame) -> pd.DataFrame:
    r"""The notes that a ledger may name: those of its calls with its words; no others are looked at one by one.

    Parameters
    ----------
    ledger : Ledger
        The corrections.
    notes : pandas.DataFrame
        With note, call and text.

    Returns
    -------
    pandas.DataFrame
        Some of its rows. A note that was edited since is not among them, and is told as one that nobody finds.

    Examples
    --------
    >>> from workbench.themes.ledger import parse_ledger
    >>> ledger = parse_ledger("- {id: a1, at: 1, by: ana, date: 2026-11-17, kind: place, theme: T-1, notes: [{call: x, text: hi}]}\n")
    >>> notes = pd.DataFrame({"note": ["x#1", "x#2", "y#1"], "call": ["x", "x", "y"], "text": ["hi", "ho", "hi"]})
    >>> named_in(ledger, notes)["text"].tolist()
    ['hi']
    """
    refs = {ref for record in ledger.records for ref in record.notes}
    # Most have an id that is made of their words: a million of these are looked through sooner than what they say.
    by_id = {note_id(ref.call, ref.text, ref.twin): ref for ref in refs if not ref.hash}
    found = notes["note"].isin(by_id.keys())
    missing = refs - {by_id[note] for note in notes["note"][found]}
    if missing:
        said = notes["text"].isin({ref.text for ref in missing})
        if any(ref.hash for ref in missing):  # of which the ledger has the beginning
            said |= notes["text"].str.len() > MAX_TEXT
        found |= said & notes["call"].isin({ref.call for ref in missing})
    return notes[found]


def correct_large(model: ThemeModel, notes: pd.DataFrame, decisions: Decisions) -> Corrected:
    """The themes of very many notes, after the PM's decisions.

    Parameters
    ----------
    model : ThemeModel
        Fitted to the notes.
    notes : pandas.DataFrame
        With note and text.
    decisions : Decisions
        From :func:`~workbench.themes.replay.replay_ledger`.

    Returns
    -------
    Corrected
        What was named is where :func:`~workbench.themes.corrections.correct_labels` puts it when there are no other notes, as it
        lies among all of them; all else goes with its group. The same for notes in any order.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> notes = pd.DataFrame({"note": ["a", "b", "c"], "text": ["x", "y", "z"]})
    >>> list(correct_large(SimpleNamespace(labels_=np.array([0, 0, 1])), notes, Decisions(placed={"c": ""})).themes)
    ['#0', '#0', '']
    """
    groups = model.labels_
    linked = (note for pair in (*decisions.together, *decisions.apart) for note in pair)
    leaders = (*decisions.follows, *decisions.follows.values())
    named = np.flatnonzero(notes["note"].isin({*decisions.anchors, *decisions.placed, *leaders, *linked}))
    ids = notes["note"].iloc[named].to_numpy(dtype=object)
    order = np.argsort(ids, kind="stable")
    named, ids = named[order], ids[order].tolist()
    texts = notes["text"].iloc[named].tolist()
    row_of = dict(zip(texts, named.tolist(), strict=True))  # texts that are alike lie in one place
    found = correct_labels(
        groups[named], ids, texts, decisions, lambda some, _: _Within(model, [row_of[text] for text in some])
    )

    # By group what was written down for each theme there.
    anchored = [
        (int(groups[i]), decisions.anchors[note])
        for i, note in zip(named, ids, strict=True)
        if note in decisions.anchors
    ]
    written = pd.DataFrame(anchored, columns=["group", "theme"]).value_counts().sort_index().reset_index()
    of_theme, of_group = (written.groupby(name)["count"].transform("sum") for name in ("theme", "group"))
    takes = written[
        (written["group"] >= 0) & (2 * written["count"] >= of_group) & (written["count"] >= LEAST_SHARE * of_theme)
    ]
    takes = takes.sort_values(["group", "count", "theme"], ascending=[True, False, True]).drop_duplicates("group")
    name_of = name_groups(groups)
    for group, theme in zip(takes["group"], takes["theme"], strict=True):
        name_of[group] = theme
    names = list(dict.fromkeys([*name_of, *found.themes]))
    number = {name: k for k, name in enumerate(names)}
    themes = np.array([number[name] for name in name_of])[groups]
    why = np.zeros(len(groups), dtype=int)
    reasons = list(dict.fromkeys(["", *found.reasons]))
    for row, note, theme, reason in zip(named, ids, found.themes, found.reasons, strict=True):
        if reason or note in decisions.anchors:
            themes[row], why[row] = number[theme], reasons.index(reason)
    teachers = {int(named[i]): tuple(int(named[card]) for card in cards) for i, cards in found.teachers.items()}
    return Corrected(spell(names, themes), spell(reasons, why), teachers)


class _Within:
    """Some notes as they lie among all."""

    def __init__(self, model: ThemeModel, rows: list[int]) -> None:
        self.model, self.rows = model, np.array(rows, dtype=np.intp)
        self.latent_, self.labels_ = model.lie(self.rows), model.labels_[self.rows]

    def weigh(self, positions: Sequence[int]) -> sparse.csr_matrix:
        return self.model.weigh(self.rows[np.asarray(positions, dtype=np.intp)])

    def weigh_new(self, texts: Sequence[str]) -> sparse.csr_matrix:
        return self.model.weigh_new(texts)

    def compare(self, positions: Sequence[int]) -> np.ndarray:
        return self.model.compare(self.rows[np.asarray(positions, dtype=np.intp)])


def rate_large(model: ThemeModel, themes: Sequence[str]) -> np.ndarray:
    """How near each of very many notes is to the middle of its theme.

    A theme that has most of a group, or of several, leaves each note of these as near to the middle of its group as it is;
    only what came from elsewhere is looked at, beside the theme's most typical notes.

    Parameters
    ----------
    model : ThemeModel
        Fitted to the notes.
    themes : sequence of str
        The theme of each, "" for none.

    Returns
    -------
    ndarray of float
        0 to 1, 0 for a note in no theme.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> model = SimpleNamespace(labels_=np.array([0, 0]), typicality_=np.array([0.5, 0.25]))
    >>> rate_large(model, ["T-1", ""]).tolist()
    [0.5, 0.0]
    """
    groups = model.labels_
    codes, names = pd.factorize(pd.Series(themes))
    none = np.flatnonzero(np.asarray(names) == "")
    inside = ~np.isin(codes, none)
    typicality = np.where(inside, model.typicality_, 0.0)
    shares = np.zeros((int(groups.max(initial=-1)) + 1, len(names)), dtype=int)
    known = inside & (groups >= 0)
    np.add.at(shares, (groups[known], codes[known]), 1)
    most = np.append(shares.argmax(axis=1), -1)  # the last is that of -1
    came = inside & (most[groups] != codes)
    for code in np.unique(codes[came]):
        there = codes == code
        away, own = np.flatnonzero(there & came), np.flatnonzero(there & ~came)
        if len(own) > MOST_KEPT:
            own = own[typicality[own] >= np.partition(typicality[own], -MOST_KEPT)[-MOST_KEPT]]
        else:  # small enough, or a part of a group
            away = own = np.flatnonzero(there)
        middle = normalize(np.asarray(model.weigh(own).mean(axis=0)))
        typicality[away] = np.round(np.clip(np.asarray(model.weigh(away) @ middle.T).ravel(), 0, 1), 9)
    return typicality


def name_groups(groups: np.ndarray) -> list[str]:
    """What groups that were found are called as themes.

    Parameters
    ----------
    groups : ndarray of int
        The group of each note, -1 for none.

    Returns
    -------
    list of str
        By their numbers; the last is that of -1.

    Examples
    --------
    >>> name_groups(np.array([1, -1, 0]))
    ['#0', '#1', '']
    """
    return [*(f"#{group}" for group in range(int(groups.max(initial=-1)) + 1)), ""]


def spell(words: Sequence[str], numbers: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """A column of text, of which few differ, from their numbers.

    Parameters
    ----------
    words : sequence of str
        What there is.
    numbers : ndarray of int
        The place of each row's among them, -1 for the last.

    Returns
    -------
    pandas array of str
        One a row.

    Examples
    --------
    >>> list(spell(["a", "b"], np.array([1, 0, 1])))
    ['b', 'a', 'b']
    """
    return pd.Series(words, dtype="str").take(numbers).array
