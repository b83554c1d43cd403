"""Who to talk to next: where a hypothesis has least evidence, and where new themes are likeliest.

For hypotheses a row is a segment and a hypothesis. Three customers make a theme supported, so the segment that a hypothesis
is about comes first until three of its customers have said something for or against it; then the segments that have not.

Without hypotheses a row is a segment, and the one that may still bring most new themes comes first: what is expected of
one more customer there, with what chance allows on top, so that a segment of which little is known is tried. This is the rule
"Good-UCB" (Bubeck, Ernst and Garivier 2013, Optimal discovery with probabilistic expert advice, Journal of Machine
Learning Research 14:601) with the end of a Poisson range in place of its bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.evidence.counts import NO_SEGMENT, heard
from workbench.evidence.expected import expect_new_themes, few
from workbench.themes import Themes

if TYPE_CHECKING:
    from workbench.records import Hypothesis

__all__ = ["NEXT_COLUMNS", "next_calls"]

NEXT_COLUMNS = (
    "segment", "hypothesis", "n_for", "n_against", "n_heard", "never_called", "silent", "expected", "high", "reason",
)  # fmt: skip
ENOUGH = 3  # customers, see :func:`workbench.evidence.strength`
CLOSED = ("supported", "refuted", "dropped")
MOST_NAMES = 3


def next_calls(
    themes: Themes, hypotheses: Sequence[Hypothesis] = (), *, customers: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Who to talk to next, and why.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts; those that are closed are left out. Without any a row is a segment.
    customers : pandas.DataFrame, optional
        As from :func:`workbench.read_customers`: names those who were never called, whom the notes do not know.

    Returns
    -------
    pandas.DataFrame
        The first row first:

        - segment (str), hypothesis (str; its id, empty where a row is a segment)
        - n_for, n_against (int): distinct customers of the segment behind its evidence, and behind what is against it
        - n_heard (int): distinct customers of the segment who were heard
        - never_called (tuple of str): its customers in the registry without a call
        - silent (tuple of str): its customers who were heard and said nothing for or against; empty without hypotheses
        - expected, high (float): new themes that one more of its customers is expected to raise, and the upper end of that
          (:func:`~workbench.evidence.expect_new_themes`); missing below two customers
        - reason (str): why, in words

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1", "c#1"], "call": ["a", "b", "c"],
    ...     "customer": ["Acme", "Bolt", "Core"],
    ...     "segment": ["s", "s", "m"], "date": pd.to_datetime(["2026-11-17"] * 3), "kind": ["pain"] * 3,
    ...     "text": ["The import drops rows", "Rows are lost in the import", "Invoices look odd"],
    ...     "consent": ["quote"] * 3})
    >>> from workbench.records import Hypothesis
    >>> from workbench.themes import find_themes
    >>> draft = Hypothesis("draft-1", "draft", evidence=("a#1", "b#1"))
    >>> next_calls(find_themes(notes, n_themes=2), [draft])[["segment", "n_for", "reason"]].values.tolist()[0]
    ['m', 0, 'the one heard said nothing on it']
    """
    everyone = heard(themes)
    never = _never_called(customers, set(everyone["customer"].unique()))
    people = {segment: set(of.unique()) for segment, of in everyone.groupby("segment")["customer"]}
    segments = sorted(people.keys() | never.keys())
    expected = expect_new_themes(themes).set_index("segment")
    customer_of = dict(zip(everyone["note"].tolist(), everyone["customer"].tolist(), strict=True))
    open_ones = [hypothesis for hypothesis in hypotheses if hypothesis.status not in CLOSED]
    rows = []
    for place, hypothesis in enumerate(open_ones or [None]):
        behind = _people(customer_of, hypothesis.evidence) if hypothesis else set()
        against = _people(customer_of, hypothesis.against) if hypothesis else set()
        own = (hypothesis.segment or "") if hypothesis else ""
        for segment in segments:
            here = people.get(segment, set())
            row = {
                "segment": segment,
                "hypothesis": hypothesis.id if hypothesis else "",
                "n_for": len(here & behind),
                "n_against": len(here & against),
                "n_heard": len(here),
                "never_called": never.get(segment, ()),
                "silent": tuple(sorted(here - behind - against)) if hypothesis else (),
                "expected": float(expected["expected"].get(segment, np.nan)),
                "high": float(expected["high"].get(segment, np.nan)),
            }
            row["reason"] = _explain_cell(row, own) if hypothesis else _explain_segment(row)
            rows.append((_rank(row, own if own in segments else "", len(here & (behind | against)), place), row))
    rows.sort(key=lambda item: item[0])
    return pd.DataFrame([row for _, row in rows], columns=list(NEXT_COLUMNS))


def _never_called(customers: pd.DataFrame | None, known: set[str]) -> dict[str, tuple[str, ...]]:
    """Customers who count and have no call, by segment."""
    if customers is None:
        return {}
    counts = (customers["excluded"].astype(str) == "") & (customers["consent"].astype(str) != "none")
    without = customers[counts & (customers["n_calls"] == 0) & ~customers["customer"].astype(str).isin(known)]
    names: dict[str, list[str]] = {}
    for name, segment in zip(without["customer"].astype(str), without["segment"].fillna("").astype(str), strict=True):
        names.setdefault(segment or NO_SEGMENT, []).append(name)
    return {segment: tuple(sorted(of)) for segment, of in names.items()}


def _people(customer_of: dict[str, str], notes: Iterable[str]) -> set[str]:
    return {customer_of[note] for note in notes if note in customer_of}


def _rank(row: dict, own: str, n_said: int, place: int) -> tuple:
    """What is sorted by; the smallest comes first."""
    unknown = np.isnan(row["high"])
    promising = (not unknown, -round(row["high"], 9) if not unknown else 0.0)
    if not row["hypothesis"]:
        return (*promising, row["n_heard"], row["segment"])
    matters = not own or row["segment"] == own
    turn = 0 if matters and n_said < ENOUGH else 1 if n_said < ENOUGH else 2
    return (turn, n_said, row["n_against"] > 0, *promising, row["n_heard"], place, row["segment"])


def _explain_cell(row: dict, own: str) -> str:
    n_for, n_against, n_heard = row["n_for"], row["n_against"], row["n_heard"]
    if not n_heard:
        said = "nobody of this segment was heard yet"
    elif not n_for and not n_against:
        said = f"none of the {n_heard} heard said anything on it" if n_heard > 1 else "the one heard said nothing on it"
    else:
        said = f"{n_for} of the {n_heard} heard {'speaks' if n_for == 1 else 'speak'} for it"
        said += f", {n_against} perhaps against it" if n_against else ", nobody against it"
    if row["segment"] == own:
        said += "; it is about them"
    return (
        said
        + _name_some("no note yet", row["never_called"])
        + _name_some("said nothing clear on it", row["silent"] if n_for or n_against else ())
    )


def _explain_segment(row: dict) -> str:
    if not row["n_heard"]:
        said = "nobody of this segment was heard yet"
    elif np.isnan(row["expected"]):
        said = "only one customer was heard, so that nothing can be expected yet"
    else:
        said = f"{row['n_heard']} heard; one more is expected to add {few(row['expected'])} new themes (up to {few(row['high'])})"
    return said + _name_some("no note yet", row["never_called"])


def _name_some(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"; {what}: {', '.join(names[:MOST_NAMES])}{more}"
