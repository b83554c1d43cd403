"""How a theme reads: what its customers said, in their words; nothing is composed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.signals import says_it_works
from workbench.themes.languages import language
from workbench.themes.words import read_stems

__all__ = ["Statement", "rank_statements", "weigh_stems"]

# A claim is read on a slide: shorter says too little, longer is not read.
MIN_WORDS, MAX_WORDS = 4, 18
# What happened says more of a theme than what is wanted, and a promise says least.
KIND_WEIGHT = {"observation": 1.0, "pain": 1.0, "workaround": 0.95, "quote": 0.9, "wish": 0.75, "commitment": 0.5}

# Words that point at something said before, so that the statement does not stand alone.
_POINTING = re.compile(r"\b(?:it|its|that|this|them|they|these|those|there|here|ours|yours)\b", re.IGNORECASE)
_BREAK = re.compile(r"(?<=[.!?;])\s+|\s*(?:→|->|=>)\s*|(?<=\w):\s+")


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of one note that could stand for its theme.

    Parameters
    ----------
    note : str
        The note's id.
    text : str
        The note's text, or whole sentences of it, verbatim; cut at a word with "…" when it is too long.
    """

    note: str
    text: str


def weigh_stems(texts: list[list[str]], inside: np.ndarray) -> dict[str, float]:
    """How much each stem speaks for a theme: its share of the theme's notes, times its rarity elsewhere.

    Parameters
    ----------
    texts : list of list of str
        The words of every note, as :func:`~workbench.themes.words.read_words` gives them.
    inside : ndarray of bool, shape (n_texts,)
        Which notes are in the theme.

    Returns
    -------
    dict of str to float
        Weights above 0 of the stems in the theme, summing to 1.

    Examples
    --------
    >>> weights = weigh_stems([["import", "rows"], ["import", "slow"], ["invoice"]], np.array([True, True, False]))
    >>> max(weights, key=weights.get)
    'import'
    """
    stem = language("en").stem
    sets = [{stem(word) for word in words} for words in texts]
    everywhere = Counter(s for found in sets for s in found)
    here = Counter(s for found, is_in in zip(sets, inside, strict=True) if is_in for s in found)
    n_in = max(1, int(inside.sum()))
    raw = {
        # Twice the share of a stem that stands in one note only is still little: a theme is what notes have in common.
        s: (count / n_in) * (1 if count > 1 else 0.3) * np.log((1 + len(sets)) / everywhere[s])
        for s, count in sorted(here.items())
    }
    total = sum(raw.values()) or 1.0
    return {s: float(weight / total) for s, weight in raw.items() if weight > 0}


def rank_statements(notes: pd.DataFrame, weights: dict[str, float]) -> list[Statement]:
    """The statements of a theme, the one that speaks best for all of it first.

    Parameters
    ----------
    notes : pandas.DataFrame
        The theme's notes, with columns note, text, kind, consent and typicality (0 to 1).
    weights : dict of str to float
        From :func:`weigh_stems`.

    Returns
    -------
    list of Statement
        One or more a note; those that consent allows to quote come first, so that what the PM reads is what a
        report can show.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "a#2"], "text": ["The import drops rows every time", "Nice weather"],
    ...                       "kind": ["pain", "observation"], "consent": ["quote", "quote"], "typicality": [0.9, 0.1]})
    >>> rank_statements(notes, {"import": 0.6, "row": 0.4})[0].text
    'The import drops rows every time'
    """
    ranked = []
    rows = zip(notes["note"], notes["text"], notes["kind"], notes["consent"], notes["typicality"], strict=True)
    for note, text, kind, consent, typicality in rows:
        shareable = consent in ("quote", "named")
        for shown in _statements(text):
            stems = read_stems(shown)
            n_words = len(shown.split())
            fit = sum(weights.get(s, 0.0) for s in stems) / np.sqrt(len(stems) + 1)
            length = 1.0 if n_words >= MIN_WORDS else 0.4
            alone = 0.7 if _POINTING.search(shown) else 1.0
            pro = 0.3 if says_it_works(shown) else 1.0  # a theme is not named after the one who disagrees
            score = round(float(fit * length * alone * pro * KIND_WEIGHT.get(kind, 0.0) * (0.5 + typicality)), 9)
            ranked.append((not shareable, -score, len(shown), shown, note))
    return [Statement(note, shown) for _, _, _, shown, note in sorted(ranked)]


def _statements(text: str) -> list[str]:
    """The text itself when it is short, else its sentences, the long ones cut."""
    if len(text.split()) <= MAX_WORDS:
        return [text]
    parts = [part.strip() for part in _BREAK.split(text) if part and part.strip()]
    whole = [part for part in parts if MIN_WORDS <= len(part.split()) <= MAX_WORDS]
    return whole or [re.match(rf"\s*((?:\S+\s+){{{MAX_WORDS - 1}}}\S+)", text)[1].rstrip(",;:") + "…"]
