"""Notes that come day by day: put into the themes there are without finding themes anew, and whether that still does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from workbench.customers import is_evidence
from workbench.themes.blocks import Measure
from workbench.themes.find import Themes
from workbench.themes.fitting import FAR, theme_labelled
from workbench.themes.learn import count_words

__all__ = ["Drift", "add_notes", "measure_drift"]

# So many notes, as many of each theme, tell what themes' words are; those of a large one from typical to not.
MAX_READ = 20_000
# Of the themes' own notes that share is called far from all. Chosen among .05, .10 and .20 on the sets that it is measured on.
USUAL = 0.1
# A theme that does not last is known where at least this share of its notes is of earlier days.
OLD = 0.25
# Fewer notes that fit nothing are no news, and a share that chance alone would give so rarely is.
MIN_NOTES, CHANCE = 5, 0.01


@dataclass(frozen=True)
class Drift:
    """How many of the newest notes fit no theme.

    Parameters
    ----------
    n_new : int
        Notes of the newest days.
    n_far : int
        Those of them that are farther from every theme than all but `usual` of the themes' own notes.
    days : int
        How many days are the newest.
    usual : float
        The share that is so far where nothing has changed.
    """

    n_new: int
    n_far: int
    days: int = 7
    usual: float = USUAL

    @property
    def is_more(self) -> bool:
        """Whether that is more than chance would have it (binomial test, one-sided, 1 %)."""
        if self.n_far < MIN_NOTES:
            return False
        return bool(binomtest(self.n_far, self.n_new, self.usual, alternative="greater").pvalue < CHANCE)

    def __str__(self) -> str:
        when = "this week" if self.days == 7 else f"the last {self.days} days"
        said = f"{self.n_far:,} of {self.n_new:,} notes of {when} fit no theme ({self.usual:.0%} would be usual)"
        return f"{said}: suggest again?" if self.is_more else said


def measure_drift(themes: Themes, *, days: int = 7) -> Drift:
    """Whether the newest notes still fit the themes that earlier ones are in.

    On labelled texts 10 to 13 of 100 notes of known subjects were told to fit no theme, and of subjects never heard before
    15 to 58 (``benchmarks/README.md``): a new subject that speaks in the words of an old one is often not seen.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes` or :func:`add_notes`. One that does not last and of which less than `OLD` was there
        before counts as none: what new notes make up among themselves is what the PM has not seen yet.
    days : int
        How many days count as the newest, up to that of the newest note.

    Returns
    -------
    Drift
        Of no note where no earlier one is in a theme.

    Examples
    --------
    >>> print(Drift(n_new=100, n_far=20))
    20 of 100 notes of this week fit no theme (10% would be usual): suggest again?
    """
    notes = themes.notes
    new = notes["date"] > notes["date"].max() - pd.Timedelta(days=days)
    earlier = notes[~new & (notes["theme"] != "")]
    if earlier.empty:
        return Drift(0, 0, days)
    # A theme that new notes make up among themselves is what has to be told of.
    old_of, all_of = earlier["theme"].value_counts(), notes["theme"].value_counts()
    names = [
        theme
        for theme in themes.summary["theme"]
        if theme in old_of and (theme in themes.decisions.themes or old_of[theme] >= OLD * all_of[theme])
    ]
    earlier = earlier[earlier["theme"].isin(names)]
    if earlier.empty:
        return Drift(0, 0, days)
    texts = sorted(notes.loc[new, "text"])
    read, labels = _read(earlier, names)
    # The words of both: a word never heard before makes a new note as unlike themes as one heard once makes an old one.
    words = count_words([*read, *texts])
    measure = Measure(words.languages, words.vectors, np.zeros((len(words.vectors.words_), 1)))
    label, _ = theme_labelled(read, labels, len(names), measure, USUAL).sort(texts)
    return Drift(len(texts), int((label < 0).sum()), days)


def add_notes(themes: Themes, notes: pd.DataFrame) -> Themes:
    """Put new notes into the themes there are, each by its own words, and count again.

    Nothing is learned and no note that was there moves: of a million notes this takes seconds, and
    :func:`measure_drift` says when it is time to find themes anew.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    notes : pandas.DataFrame
        As :func:`workbench.read_notes` gives them; those that are among the themes' notes already are passed over.

    Returns
    -------
    Themes
        With the new notes, their reason "joined", or in no theme where none is near (nearer than to their own themes all
        but 5 % of the notes that are there). The ledger's decisions on them hold when themes are found anew.

    Raises
    ------
    ValueError
        When no theme was found that a note could join.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> calls = pd.DataFrame({
    ...     "note": ["a#1", "b#1", "a#2", "c#1", "d#1"], "call": ["a", "b", "a", "c", "d"],
    ...     "customer": ["Acme", "Bolt", "Acme", "Core", "Dune"], "segment": ["s"] * 5, "kind": ["pain"] * 5,
    ...     "date": pd.to_datetime(["2026-11-17"] * 4 + ["2026-11-24"]), "consent": ["quote"] * 5,
    ...     "text": ["The import drops rows", "Rows are lost in the import", "Invoices look odd", "Invoice looks odd",
    ...              "Again the import lost rows"]})
    >>> more = add_notes(find_themes(calls[:4], n_themes=2), calls)
    >>> more.notes[["note", "reason"]].iloc[-1].tolist(), sorted(more.summary["n_customers"])
    (['d#1', 'joined'], [2, 3])
    """
    if themes.summary.empty:
        raise ValueError("there is no theme yet that a note could join; find themes first")
    new = notes[~notes["note"].isin(pd.concat([themes.notes["note"], themes.uncounted["note"]]))]
    counts = is_evidence(new)
    evidence = new[counts].reset_index(drop=True)
    names = themes.summary["theme"].tolist()
    read, labels = _read(themes.notes, names)
    themed = theme_labelled(read, labels, len(names), themes.model.themed_.measure, FAR)
    label, typicality = themed.sort(evidence["text"].tolist())
    evidence = evidence.assign(
        theme=np.append(np.array(names, dtype=object), "")[label],
        typicality=typicality,
        language=themes.model.find_languages(evidence["text"].tolist()),
        reason=np.where(label >= 0, "joined", ""),
    )
    return themes.with_more(evidence, new[~counts].reset_index(drop=True))


def _read(notes: pd.DataFrame, names: list[str]) -> tuple[list[str], np.ndarray]:
    """Notes that tell what the themes are as corrections have them, and the theme of each by its place in `names`."""
    inside = notes.loc[notes["theme"].isin(names), ["note", "text", "theme", "typicality"]].astype({"theme": str})
    inside = inside.sort_values(["theme", "typicality", "note"], ascending=[True, False, True], kind="stable")
    of_theme = inside.groupby("theme", sort=False)["note"]
    step = np.ceil(of_theme.transform("size") / max(1, MAX_READ // len(names)))
    read = inside[of_theme.cumcount() % step == 0]
    labels = read["theme"].map({name: k for k, name in enumerate(names)}).to_numpy(dtype=np.int64)
    return read["text"].tolist(), labels
