"""Drafting hypotheses from the strongest themes; what only the PM can know stays open."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.evidence import find_against, pick_evidence, strength
from workbench.records import Hypothesis, Quarter
from workbench.themes import Themes

__all__ = ["draft_hypotheses"]

# A Tuesday yields one or two hypotheses; more are not tested.
MOST_DRAFTS = 2


def draft_hypotheses(
    themes: Themes, quarter: Quarter | None = None, *, records: Sequence[Hypothesis] = ()
) -> list[Hypothesis]:
    """One or two hypotheses from the strongest themes.

    A draft says who (the segment with most customers in the theme, when there is one), what is measured (the quarter's
    metric) and why (n of N customers, with their notes for and against). The change, its size and unit, and the
    deadline are the PM's to write; they are None and listed in `open`. Nothing is made up.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    quarter : Quarter, optional
        For metric and direction; without it they stay open too.
    records : sequence of Hypothesis
        Hypotheses that exist: a theme is not drafted again when half of its notes are a record's evidence.

    Returns
    -------
    list of Hypothesis
        At most two: supported themes first, then by customers; none of a single customer.

    Examples
    --------
    >>> import pandas as pd
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> draft = draft_hypotheses(find_themes(notes, n_themes=1))[0]
    >>> draft.n_customers, draft.segment, draft.open
    (2, 's', ('change', 'metric', 'direction', 'size', 'unit', 'deadline'))
    """
    taken = [set(record.evidence) for record in records]
    customer_of = dict(zip(themes.notes["note"], themes.notes["customer"].astype(str), strict=True))
    candidates = []
    for row in themes.summary.itertuples(index=False):
        evidence = pick_evidence(themes, row.theme)
        n_customers = len({customer_of[note] for note in evidence})
        covered = any(2 * len(notes.intersection(row.notes)) >= len(row.notes) for notes in taken)
        if n_customers < 2 or covered:
            continue
        supported = strength(n_customers, len(set(row.segments) - {"no segment"})) == "supported"
        candidates.append((not supported, row, evidence, n_customers))
    drafts = []
    candidates.sort(key=lambda candidate: candidate[0])  # stable: within it the themes' own order holds
    for number, (_, row, evidence, n_customers) in enumerate(candidates[:MOST_DRAFTS], 1):
        drafts.append(
            Hypothesis(
                id=f"draft-{number}",
                status="draft",
                theme=row.theme,
                segment=_segment(row.segments),
                metric=(quarter.metric if quarter else "") or None,
                direction=(quarter.direction if quarter else "") or None,
                claim=row.claim,
                n_customers=n_customers,
                n_customers_total=row.n_customers_total,
                evidence=tuple(evidence),
                against=tuple(find_against(themes, row.theme)),
            )
        )
    return drafts


def _segment(segments: dict[str, int]) -> str | None:
    """The one segment with most customers; None where two are level, or none is known."""
    best = max(segments.values(), default=0)
    leading = [name for name, n in segments.items() if n == best and name != "no segment"]
    return leading[0] if len(leading) == 1 else None
