"""What one more call is expected to add: themes that nobody has raised yet.

A theme that only one customer raised would have been new with that customer's call. So the number of such themes, divided by
the customers heard, says how many new ones a call still brought on average, and is the estimate for the next (Good 1953,
The population frequencies of species, Biometrika 40:237; for who said what rather than how often, Chao, Colwell, Lin and
Gotelli 2009, Sufficient sampling for asymptotic minimum species richness estimators, Ecology 90:1125, and Chao et al. 2014,
Rarefaction and extrapolation with Hill numbers, Ecological Monographs 84:45). It takes the next customer to be like those
heard: it knows nothing of kinds of customers that nobody has talked to.

Customers are counted and not calls, since a second call with the same customer is no new one in this sense. And since two notes
alike make a theme, what was said once may not be one yet: the notes that are in no theme give the other end.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from workbench.evidence.counts import heard
from workbench.themes import Themes

__all__ = ["ALL_SEGMENTS", "EXPECTED_COLUMNS", "describe_expected", "expect_new_themes"]

ALL_SEGMENTS = "all segments"
EXPECTED_COLUMNS = (
    "segment", "n_customers", "n_themes", "heard_once", "heard_twice", "expected", "low", "high", "at_most", "unheard",
)  # fmt: skip
# Both ends of a range that holds nine times in ten.
TAIL = 0.05


def expect_new_themes(themes: Themes) -> pd.DataFrame:
    """How many new themes one more customer is expected to raise, by segment.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

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
        - low, high (float): the range that holds nine times in ten, as for counts of rare events (Poisson)
        - at_most (float): as expected, if each note that is in no theme, and that nobody set aside, were one
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
    everyone = heard(themes)
    pairs = everyone.loc[everyone["theme"] != "", ["theme", "customer", "segment"]].drop_duplicates()
    n_behind = pairs.groupby("theme")["customer"].transform("nunique")
    aside = set(themes.left_out.loc[themes.left_out["reason"].astype(str) == "set aside", "note"])
    loose = everyone[(everyone["theme"] == "") & (everyone["note"] != "") & ~everyone["note"].isin(aside)]
    segments = sorted(everyone["segment"].unique())
    rows = []
    for segment in [ALL_SEGMENTS, *segments]:
        inside, here, alone = (
            frame if segment == ALL_SEGMENTS else frame[frame["segment"] == segment]
            for frame in (everyone, pairs, loose)
        )
        m = inside["customer"].nunique()
        once, twice = (int(here.loc[n_behind[here.index] == n, "theme"].nunique()) for n in (1, 2))
        known = m > 1
        rows.append(
            {
                "segment": segment,
                "n_customers": int(m),
                "n_themes": int(here["theme"].nunique()),
                "heard_once": once,
                "heard_twice": twice,
                "expected": once / m if known else np.nan,
                "low": float(gammaincinv(once, TAIL)) / m if known and once else (0.0 if known else np.nan),
                "high": float(gammaincinv(once + 1, 1 - TAIL)) / m if known else np.nan,
                "at_most": (once + len(alone)) / m if known else np.nan,
                "unheard": (m - 1) / m * once * max(once - 1, 0) / (2 * (twice + 1))
                if known and segment == ALL_SEGMENTS
                else np.nan,
            }
        )
    rows[1:] = sorted(rows[1:], key=lambda row: (-np.nan_to_num(row["expected"], nan=-1.0), row["segment"]))
    return pd.DataFrame(rows, columns=list(EXPECTED_COLUMNS))


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
    said = f"One more customer is expected to add {row['expected']:.1f} themes ({row['low']:.1f} to {row['high']:.1f}, nine times in ten): {once}."
    if row["at_most"] > row["expected"]:
        said += f" Up to {row['at_most']:.1f} if each note in no theme were one."
    return said
