"""Drafting hypotheses from the strongest themes. What only the PM can know stays open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from workbench.evidence import find_against, find_loose, pick_evidence, strength
from workbench.evidence.counts import notes_in
from workbench.records import Hypothesis, Quarter
from workbench.themes import Themes

__all__ = ["count_evidence", "draft_hypotheses", "draft_hypothesis", "follow_theme"]

# A Tuesday yields one or two hypotheses; more are not tested.
MOST_DRAFTS = 2
DAYS = 7
# A record that lists more notes is read by nobody. Those of a larger theme come one of each customer first.
MOST_EVIDENCE = 500
OPEN = ("draft", "ready", "running")


def draft_hypotheses(
    themes: Themes,
    quarter: Quarter | None = None,
    *,
    records: Sequence[Hypothesis] = (),
    today: str | None = None,
) -> list[Hypothesis]:
    """One or two hypotheses from the strongest themes.

    A draft says who (the segment with most customers in the theme, when there is one), what is measured (the quarter's
    metric) and why (n of N customers, with their notes for and against). The change, its size and unit, and the
    deadline are the PM's to write; they are None and listed in `open`. Nothing is made up. Notes that share little with
    their theme (:func:`workbench.evidence.find_loose`) are no evidence.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    quarter : Quarter, optional
        For metric and direction; without it they stay open too.
    records : sequence of Hypothesis
        Hypotheses that exist: a theme is not drafted again when half of the notes that speak for it are a record's evidence.
    today : str, optional
        The day, ``YYYY-MM-DD``. Open records that were written down in the seven days up to it then count among the two.

    Returns
    -------
    list of Hypothesis
        At most two, each with at most 500 notes for and against: supported themes first, then in the order of the themes; none of a single customer.

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
    room = MOST_DRAFTS - (sum(_is_new(record, date.fromisoformat(today)) for record in records) if today else 0)
    found: dict[bool, list[str]] = {True: [], False: []}  # by whether it is supported, in the themes' own order
    for row in themes.summary.itertuples(index=False):
        if len(found[True]) >= room:  # what comes later stands behind them
            break
        evidence = _evidence(themes, row.theme)
        n_customers = _count_behind(themes, row.theme, evidence)
        evidence = evidence[:MOST_EVIDENCE]
        covered = any(2 * len(notes.intersection(evidence)) >= len(evidence) for notes in taken)
        if n_customers >= 2 and not covered:
            supported = strength(n_customers, len(set(row.segments) - {"no segment"})) == "supported"
            found[supported].append(row.theme)
    return [
        draft_hypothesis(themes, theme, quarter, id=f"draft-{number}")
        for number, theme in enumerate([*found[True], *found[False]][: max(0, room)], 1)
    ]


def draft_hypothesis(themes: Themes, theme: str, quarter: Quarter | None = None, *, id: str = "draft-1") -> Hypothesis:
    """A hypothesis from one theme, see :func:`draft_hypotheses`.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    theme : str
        One of its themes.
    quarter : Quarter, optional
        For metric and direction.
    id : str
        The draft's id.

    Returns
    -------
    Hypothesis
        With what only the PM can know left open.

    Raises
    ------
    KeyError
        When there is no such theme.

    Examples
    --------
    >>> import pandas as pd
    >>> notes = pd.DataFrame({"note": ["a#1"], "call": ["a"], "customer": ["Acme"], "segment": ["s"],
    ...     "date": pd.to_datetime(["2026-11-17"]), "kind": ["pain"], "text": ["The import drops rows"],
    ...     "consent": ["quote"]})
    >>> from workbench.themes import find_themes
    >>> draft_hypothesis(find_themes(notes, n_themes=1), "T1").evidence
    ('a#1',)
    """
    row = themes.summary.set_index("theme").loc[theme]
    draft = Hypothesis(
        id=id,
        status="draft",
        theme=theme,
        segment=_segment(row["segments"]),
        metric=(quarter.metric if quarter else "") or None,
        direction=(quarter.direction if quarter else "") or None,
        claim=row["claim"],
        evidence=tuple(_evidence(themes, theme)[:MOST_EVIDENCE]),
        against=tuple(find_against(themes, theme)[:MOST_EVIDENCE]),
    )
    return count_evidence(draft, themes)


def _count_behind(themes: Themes, theme: str, notes: list[str]) -> int:
    """How many customers said some of a theme's notes."""
    inside = notes_in(themes, theme)
    return inside.loc[inside["note"].isin(notes), "customer"].nunique()


def _evidence(themes: Themes, theme: str) -> list[str]:
    """A theme's notes that speak for it, without those that only share a few words with it."""
    loose = set(find_loose(themes, theme))
    return [note for note in pick_evidence(themes, theme) if note not in loose]


def count_evidence(hypothesis: Hypothesis, themes: Themes) -> Hypothesis:
    """The hypothesis with the distinct customers behind its evidence counted anew.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.
    themes : Themes
        From :func:`workbench.find_themes`; notes that do not count, or are gone, are not in it and count nothing.

    Returns
    -------
    Hypothesis
        With `n_customers` and `n_customers_total`.

    Examples
    --------
    >>> import pandas as pd
    >>> notes = pd.DataFrame({"note": ["a#1", "a#2"], "call": ["a", "a"], "customer": ["Acme", "Acme"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> counted = count_evidence(Hypothesis("H-1", "draft", evidence=("a#1", "a#2")), find_themes(notes, n_themes=1))
    >>> counted.n_customers, counted.n_customers_total
    (1, 1)
    """
    behind = themes.notes.loc[themes.notes["note"].isin(hypothesis.evidence), "customer"].astype(str).nunique()
    return replace(hypothesis, n_customers=behind, n_customers_total=themes.n_customers)


def follow_theme(themes: Themes, theme: str, notes: Iterable[str]) -> str:
    """What a theme that somebody saw is called now, after more calls and corrections.

    A lasting theme is known by its id, and one that was merged by where it has ended up. Any other is the one to which most
    of its notes belong: each speaks for the theme as whose note it was last written down, wherever it was moved since,
    and if it never was, for the theme that it is in. So a theme is still found when most of its notes were moved away.

    Parameters
    ----------
    themes : Themes
        The themes now, from :func:`workbench.find_themes`.
    theme : str
        What it was called; only a lasting id says anything.
    notes : iterable of str
        Ids of the notes that were in it.

    Returns
    -------
    str
        Its id; empty when none of its notes is in a theme. A lasting theme that has lost its notes is not in the summary.

    Examples
    --------
    >>> import pandas as pd
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> follow_theme(find_themes(notes, n_themes=1), "", ["b#1", "gone#1"])
    'T1'
    """
    theme = themes.decisions.merged.get(theme, theme)
    if theme in themes.decisions.themes:
        return theme
    notes = list(notes)
    here = themes.notes.loc[themes.notes["note"].isin(set(notes)), ["note", "theme"]]
    now = dict(zip(here["note"], here["theme"], strict=True))
    votes = Counter(themes.decisions.anchors.get(note) or now[note] for note in notes if note in now)
    rank = {theme: i for i, theme in enumerate(themes.summary["theme"])}
    return min((-n, rank.get(one, len(rank)), one) for one, n in votes.items() if one)[2] if any(votes) else ""


def _is_new(record: Hypothesis, today: date) -> bool:
    """Whether it is open, and was written down within a week."""
    return record.status in OPEN and bool(record.made) and 0 <= (today - date.fromisoformat(record.made)).days < DAYS


def _segment(segments: dict[str, int]) -> str | None:
    """The one segment with most customers; None where two are level, or none is known."""
    best = max(segments.values(), default=0)
    leading = [name for name, n in segments.items() if n == best and name != "no segment"]
    return leading[0] if len(leading) == 1 else None
