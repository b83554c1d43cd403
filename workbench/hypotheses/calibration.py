"""How good the PM's confidence was, once results are in: the Brier score, beside what knowing nothing would have scored.

A forecast of p that comes true costs (1 - p)², one that does not p²; 0 is perfect, 1 is sure and wrong. Somebody who always
says 50 % gets 0.25, somebody who always says how often hypotheses come true gets the base rate's score: confidence that
does worse than these says nothing. From ten results on the score is also taken apart (Murphy 1973): mean = reliability
- resolution + uncertainty, where reliability is how far what was said lies from what came, and resolution how far
hypotheses that came true were told from those that did not.

References
----------
Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. *Monthly Weather Review*, 78(1).
Murphy, A. H. (1973). A new vector partition of the probability score. *Journal of Applied Meteorology*, 12(4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from workbench.records import Confidence, Hypothesis

__all__ = ["BIN_COLUMNS", "COIN", "ENOUGH", "FORECAST_COLUMNS", "Calibration", "Parts", "score_confidence"]

FORECAST_COLUMNS = ("hypothesis", "day", "confidence", "supported", "brier")
BIN_COLUMNS = ("from", "to", "n", "confidence", "supported")
# What always saying 50 % scores, whatever comes.
COIN = 0.25
# With fewer results a table of how often what was said came true shows chance.
ENOUGH = 10
_EDGES = (0, 20, 40, 60, 80, 100)
_OUTCOMES = {"supported": True, "refuted": False}


class Parts(NamedTuple):
    """A mean Brier score taken apart: reliability - resolution + uncertainty."""

    reliability: float
    resolution: float
    uncertainty: float


@dataclass(frozen=True, repr=False)
class Calibration:
    """Confidence against results; made by :func:`score_confidence`.

    Parameters
    ----------
    forecasts : pandas.DataFrame
        One row a hypothesis with a result and a confidence logged before it, by id, with `FORECAST_COLUMNS`: hypothesis (str), the day
        (str) and the confidence (float, per cent) that count, supported (bool), brier (float, 0 to 1).
    left_out : tuple of str
        A sentence for each closed hypothesis that cannot be scored.
    mean : float or None
        The mean Brier score; None without any.
    base_rate : float or None
        The share (0 to 1) that were supported.
    always_base_rate : float or None
        What always saying the base rate would have scored; it knows what nobody did beforehand.
    bins : pandas.DataFrame
        From ten results on one row for each fifth of the scale in which something was said, with `BIN_COLUMNS`: its edges (int,
        per cent; the upper one belongs to it), n (int), mean confidence and share supported (float, per cent). Empty before.
    parts : Parts or None
        The mean taken apart, by what was said; None before.

    Examples
    --------
    >>> from workbench.records import Confidence
    >>> right = Hypothesis("H-1", "supported", confidence=(Confidence("2026-11-17", 80),))
    >>> str(score_confidence([right]))
    'Brier score 0.04 over 1 hypothesis (0 is perfect; always saying 50 % gets 0.25). One says little: look again from 10 on.'
    """

    forecasts: pd.DataFrame
    left_out: tuple[str, ...]
    mean: float | None
    base_rate: float | None
    always_base_rate: float | None
    bins: pd.DataFrame
    parts: Parts | None

    def __repr__(self) -> str:
        """The score beside what knowing nothing would have scored, in a sentence or two: it is looked at in a cell."""
        n = len(self.forecasts)
        if self.mean is None or self.base_rate is None:
            return "Nothing to score yet: no hypothesis has a result and a confidence from before it."
        said = (
            f"Brier score {self.mean:.2f} over {n} {'hypothesis' if n == 1 else 'hypotheses'} "
            f"(0 is perfect; always saying 50 % gets {COIN:g})."
        )
        if n < ENOUGH:
            return f"{said} {'One says' if n == 1 else f'{n} say'} little: look again from {ENOUGH} on."
        judged = "better than" if round(self.mean - COIN, 9) < 0 else "no better than"
        told = "better than" if round(self.mean - (self.always_base_rate or 0), 9) < 0 else "no better than"
        sure = self.forecasts["confidence"].mean() - 100 * self.base_rate
        lean = (
            f"{abs(sure):.0f} points {'too sure' if sure > 0 else 'too unsure'} on average"
            if abs(sure) >= 1
            else "as sure as right on average"
        )
        return (
            f"{said} That is {judged} a coin, and {told} always saying {100 * self.base_rate:.0f} %, the share that came true "
            f"({self.always_base_rate:.2f}). You were {lean}."
        )


def score_confidence(hypotheses: Sequence[Hypothesis]) -> Calibration:
    """The PM's logged confidence, scored by what came.

    What counts of a hypothesis is the last confidence logged before its test told anything: on or before the day on which it
    started; where no start is written, before the day on which it closed; where neither is, the last one.

    Parameters
    ----------
    hypotheses : sequence of Hypothesis
        Records, in any order. Those that are supported or refuted have a result; a dropped one has none.

    Returns
    -------
    Calibration
        With a sentence for each closed one that cannot be scored.

    Examples
    --------
    >>> from workbench.records import Confidence
    >>> log = (Confidence("2026-11-02", 60), Confidence("2026-11-09", 90), Confidence("2026-12-20", 20))
    >>> scored = score_confidence([Hypothesis("H-1", "refuted", started="2026-11-10", confidence=log)])
    >>> scored.forecasts.values.tolist()
    [['H-1', '2026-11-09', 90.0, False, 0.81]]
    """
    rows, left = [], []
    for h in sorted(hypotheses, key=lambda h: h.id):
        if h.status not in _OUTCOMES:
            continue
        said = _last_before(h)
        if said is None:
            left.append(f"{h.id} is {h.status}, and no confidence was logged before {_until(h)}.")
            continue
        came = _OUTCOMES[h.status]
        rows.append((h.id, said.day, float(said.percent), came, round((said.percent / 100 - came) ** 2, 12)))
    forecasts = pd.DataFrame(rows, columns=list(FORECAST_COLUMNS)).astype({"confidence": float, "supported": bool, "brier": float})  # fmt: skip
    if not rows:
        return Calibration(forecasts, tuple(left), None, None, None, _bins(forecasts.iloc[:0]), None)
    base = float(forecasts["supported"].mean())
    enough = len(forecasts) >= ENOUGH
    return Calibration(
        forecasts=forecasts,
        left_out=tuple(left),
        mean=float(forecasts["brier"].mean()),
        base_rate=base,
        always_base_rate=base * (1 - base),
        bins=_bins(forecasts if enough else forecasts.iloc[:0]),
        parts=_parts(forecasts, base) if enough else None,
    )


def _last_before(h: Hypothesis) -> Confidence | None:
    log = sorted(h.confidence, key=lambda one: one.day)  # of one day the later line counts
    if h.started:
        log = [one for one in log if one.day <= h.started]
    elif h.closed:
        log = [one for one in log if one.day < h.closed]
    return log[-1] if log else None


def _until(h: Hypothesis) -> str:
    return f"its start, {h.started}" if h.started else f"its close, {h.closed}" if h.closed else "that"


def _bins(forecasts: pd.DataFrame) -> pd.DataFrame:
    """How often what was said came true, by fifths of the scale."""
    rows = []
    for low, high in pairwise(_EDGES):
        said = forecasts["confidence"]
        inside = forecasts[(said <= high) & ((said > low) if low else (said >= low))]
        if len(inside):
            rows.append((low, high, len(inside), inside["confidence"].mean(), 100 * inside["supported"].mean()))
    return pd.DataFrame(rows, columns=list(BIN_COLUMNS))


def _parts(forecasts: pd.DataFrame, base: float) -> Parts:
    """By each value that was said, so that the three add up to the mean to the last digit."""
    groups = forecasts.groupby("confidence")["supported"].agg(["size", "mean"])
    said, came, n = groups.index.to_numpy() / 100, groups["mean"].to_numpy(), groups["size"].to_numpy()
    weigh = n / n.sum()
    return Parts(float(weigh @ (said - came) ** 2), float(weigh @ (came - base) ** 2), base * (1 - base))
