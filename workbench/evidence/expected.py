"""What one more call is expected to add: themes that nobody has raised yet.

A theme that only one customer raised would have been new with that customer's call. So the number of such themes, divided by
the customers heard, says how many new ones a call still brought on average, and is the estimate for the next (Good 1953,
The population frequencies of species, Biometrika 40:237; for who said what rather than how often, Chao, Colwell, Lin and
Gotelli 2009, Sufficient sampling for asymptotic minimum species richness estimators, Ecology 90:1125, and Chao et al. 2014,
Rarefaction and extrapolation with Hill numbers, Ecological Monographs 84:45). It takes the next customer to be like those
heard: it knows nothing of kinds of customers that nobody has talked to.

How far the estimate may be off goes by both the themes heard once and those heard twice (Esty 1983, A normal limit law for a
nonparametric estimator of the coverage of a random sample, Annals of Statistics 11:905), and by how unevenly customers bring
themes that nobody else does; the range has the shape of that for rare counts (Garwood 1936), which does not fall below none.

Customers are counted and not calls, since a second call with the same customer is no new one in this sense. And since two notes
alike make a theme, what was said once may not be one yet: the notes that are in no theme give the other end.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from workbench.evidence.counts import heard_codes
from workbench.themes import Themes

__all__ = ["ALL_SEGMENTS", "EXPECTED_COLUMNS", "describe_expected", "expect_new_themes", "few"]

ALL_SEGMENTS = "all segments"
EXPECTED_COLUMNS = (
    "segment", "n_customers", "n_themes", "heard_once", "heard_twice", "expected", "low", "high", "at_most", "unheard",
)  # fmt: skip
# Both ends of a range that holds nine times in ten.
TAIL = 0.05


def expect_new_themes(themes: Themes, *, codes: str = "themes") -> pd.DataFrame:
    """How many new themes one more customer is expected to raise, by segment.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    codes : str
        "themes", or "tags": the tags that the PM gave the notes.

    Returns
    -------
    pandas.DataFrame
        One row for `ALL_SEGMENTS`, then one for each that was heard, most new themes first, then by name:

        - segment (str)
        - n_customers (int): distinct customers heard
        - n_themes (int): themes that they raised
        - heard_once, heard_twice (int): of these the ones that only one, and only two, customers of the whole study raised
        - expected (float): themes new to the study that one more of them would raise, `heard_once` by customers; missing
          below two customers
        - low, high (float): the range that holds nine times in ten
        - at_most (float): as expected, if each note that is in no theme, and that nobody set aside, were one; of tags as expected
        - unheard (float): for all segments, how many themes are not yet heard, at least (Chao2, corrected for bias)

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1", "c#1", "c#2"], "call": ["a", "b", "c", "c"],
    ...     "customer": ["Acme", "Bolt", "Core", "Core"], "segment": ["s", "s", "m", "m"],
    ...     "date": pd.to_datetime(["2026-11-17"] * 4), "kind": ["pain"] * 4, "consent": ["quote"] * 4,
    ...     "text": ["The import drops rows", "Rows are lost in the import", "Invoices look odd", "Invoice looks odd"]})
    >>> from workbench.themes import find_themes
    >>> expected = expect_new_themes(find_themes(notes, n_themes=2))
    >>> expected[["segment", "n_customers", "heard_once", "expected"]].round(2).values.tolist()[0]
    ['all segments', 3, 1, 0.33]
    """
    everyone = heard_codes(themes, codes)
    pairs = everyone.loc[everyone["theme"] != "", ["theme", "customer", "segment"]].drop_duplicates()
    n_behind = pairs.groupby("theme")["customer"].transform("nunique")
    aside = set(themes.left_out.loc[themes.left_out["reason"].astype(str) == "set aside", "note"])
    loose = everyone[(everyone["theme"] == "") & (everyone["note"] != "") & ~everyone["note"].isin(aside)]
    loose = loose if codes == "themes" else loose.iloc[:0]
    segments = sorted(everyone["segment"].unique())
    rows = []
    for segment in [ALL_SEGMENTS, *segments]:
        inside, here, alone = (
            frame if segment == ALL_SEGMENTS else frame[frame["segment"] == segment]
            for frame in (everyone, pairs, loose)
        )
        m = int(inside["customer"].nunique())
        once, twice = (int(here.loc[n_behind[here.index] == n, "theme"].nunique()) for n in (1, 2))
        own = here.loc[n_behind[here.index] == 1].groupby("customer").size().to_numpy()
        low, high = _range(once, twice, own, m)
        unheard = (m - 1) / m * once * max(once - 1, 0) / (2 * (twice + 1)) if m > 1 else np.nan
        rows.append(
            {
                "segment": segment,
                "n_customers": m,
                "n_themes": int(here["theme"].nunique()),
                "heard_once": once,
                "heard_twice": twice,
                "expected": once / m if m > 1 else np.nan,
                "low": low,
                "high": high,
                "at_most": (once + len(alone)) / m if m > 1 else np.nan,
                "unheard": unheard if segment == ALL_SEGMENTS else np.nan,
            }
        )
    rows[1:] = sorted(rows[1:], key=lambda row: (-np.nan_to_num(row["expected"], nan=-1.0), row["segment"]))
    return pd.DataFrame(rows, columns=list(EXPECTED_COLUMNS))


def _range(once: int, twice: int, own: np.ndarray, m: int) -> tuple[float, float]:
    """Both ends; `own` is how many themes each customer raised that nobody else did, of those who did so."""
    if m < 2:
        return np.nan, np.nan
    uneven = 1.0
    if once:
        mean = once / m
        variance = (np.sum((own - mean) ** 2) + (m - len(own)) * mean**2) / (m - 1)
        uneven = max(1.0, variance / mean)
    # One is added to what was heard once, so that there is a variance where nothing was.
    spread = uneven * (once + 2 * twice + 1) / (once + 1)
    low = spread * float(gammaincinv(once / spread, TAIL)) if once else 0.0
    return low / m, spread * float(gammaincinv(once / spread + 1, 1 - TAIL)) / m


def describe_expected(expected: pd.DataFrame) -> str:
    """What :func:`expect_new_themes` found for all segments, as one sentence.

    Parameters
    ----------
    expected : pandas.DataFrame
        Its table.

    Returns
    -------
    str
        In plain words, with the range.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> empty = pd.DataFrame(columns=["note", "call", "customer", "segment", "date", "kind", "text", "consent"])
    >>> describe_expected(expect_new_themes(find_themes(empty)))
    'What one more customer would add cannot be said of fewer than two.'
    """
    row = expected.iloc[0]
    if np.isnan(row["expected"]):
        return "What one more customer would add cannot be said of fewer than two."
    once = f"{row['heard_once']} of {row['n_themes']} themes {'was' if row['heard_once'] == 1 else 'were'} raised by one customer only"
    between = f"at most {few(row['high'])}" if few(row["low"]) == "no" else f"{few(row['low'])} to {few(row['high'])}"
    themes = "theme" if few(row["expected"]) in ("no", "1") else "themes"
    said = f"One more customer is expected to add {few(row['expected'])} new {themes} ({between}, nine times in ten): {once}."
    if row["at_most"] > row["expected"]:
        said += f" It would be {few(row['at_most'])} if each note in no theme were one."
    return said


def few(number: float) -> str:
    """How many are expected, in as few words as there is to say.

    Parameters
    ----------
    number : float
        0 or more.

    Returns
    -------
    str
        Such as "0.7", "2", or "no" where it is less than 0.05.

    Examples
    --------
    >>> few(0.66), few(2.0), few(0.0)
    ('0.7', '2', 'no')
    """
    return "no" if number < 0.05 else f"{number:.1f}".removesuffix(".0")
