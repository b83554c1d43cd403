"""Drafting hypotheses from the strongest themes, and what keeps one from being tested.

What only the PM can know stays open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from workbench.evidence import find_against, pick_evidence, strength
from workbench.records import UNITS, Hypothesis, Quarter
from workbench.themes import Themes

__all__ = [
    "PARTS",
    "RULES",
    "Finding",
    "Reading",
    "check_hypothesis",
    "count_evidence",
    "count_parts",
    "draft_hypotheses",
    "draft_hypothesis",
    "follow_theme",
    "read_change",
]

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
        candidates.append((not supported, row.theme))
    candidates.sort(key=lambda candidate: candidate[0])  # stable: within it the themes' own order holds
    return [
        draft_hypothesis(themes, theme, quarter, id=f"draft-{number}")
        for number, (_, theme) in enumerate(candidates[:MOST_DRAFTS], 1)
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
        evidence=tuple(pick_evidence(themes, theme)),
        against=tuple(find_against(themes, theme)),
    )
    return count_evidence(draft, themes)


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
    now = dict(zip(themes.notes["note"], themes.notes["theme"], strict=True))
    votes = Counter(themes.decisions.anchors.get(note) or now[note] for note in notes if note in now)
    rank = {theme: i for i, theme in enumerate(themes.summary["theme"])}
    return min((-n, rank.get(one, len(rank)), one) for one, n in votes.items() if one)[2] if any(votes) else ""


def _segment(segments: dict[str, int]) -> str | None:
    """The one segment with most customers; None where two are level, or none is known."""
    best = max(segments.values(), default=0)
    leading = [name for name, n in segments.items() if n == best and name != "no segment"]
    return leading[0] if len(leading) == 1 else None


# What keeps a hypothesis from being tested: one rule a function


class Finding(NamedTuple):
    """Something in a hypothesis that nobody could test, or that the PM should know before the start.

    Parameters
    ----------
    rule : str
        The rule's name, which lasts.
    field : str
        The field it is about; ``guardrails.1`` is the second guardrail.
    what : str
        What is wrong, as a sentence.
    todo : str
        What to write, as a sentence.
    blocks : bool
        Whether the hypothesis cannot be tested so.

    Examples
    --------
    >>> check_hypothesis(Hypothesis("H-1", "draft", change="make the import easier"))[0][:3]
    ('change-vague', 'change', '“Easier” cannot be seen.')
    """

    rule: str
    field: str
    what: str
    todo: str
    blocks: bool = True


# The parts of a hypothesis that are counted, with the fields of each.
PARTS = {
    "change": ("change",),
    "segment": ("segment",),
    "metric": ("metric", "baseline"),
    "size": ("direction", "size", "unit"),
    "deadline": ("deadline",),
    "because": ("evidence",),
    "guardrails": ("guardrails",),
    "slice": ("slice",),
    "decision_rule": ("decision_rule",),
}

MINUS = "\u2212"  # as typographers write it
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_VAGUE = re.compile(
    r"\b(?:better|easier|easy|simpler|simplif\w+|smoother|seamless\w*|nicer|intuitive\w*|user[- ]friendly|friendlier|"
    r"clearer|improv\w+|enhanc\w+|optimi[sz]\w+|streamlin\w+|moderni[sz]\w+|delight\w*|robust\w*|revamp\w*|overhaul\w*)\b",
    re.IGNORECASE,
)
_EVERYONE = re.compile(
    r"(?:everyone|everybody|anyone|(?:all|our|the)?\s*(?:users|customers|people|teams))\.?", re.IGNORECASE
)


def check_hypothesis(hypothesis: Hypothesis) -> list[Finding]:
    """What keeps a hypothesis from being tested, field by field in the order of the sentence.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    list of Finding
        Empty when a test could start.

    Examples
    --------
    >>> [finding.rule for finding in check_hypothesis(Hypothesis("H-1", "draft", evidence=("a#1",)))][:4]
    ['change-open', 'segment-open', 'metric-open', 'baseline-open']
    """
    return [finding for rule in RULES for finding in rule(hypothesis)]


def count_parts(hypothesis: Hypothesis) -> tuple[int, int]:
    """How many parts of a hypothesis can be tested, of how many.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    n, of : int
        Parts in which nothing blocks, of all `PARTS`.

    Examples
    --------
    >>> count_parts(Hypothesis("H-1", "draft", change="show the totals", deadline="2027-03-31"))
    (2, 9)
    """
    blocked = {finding.field.split(".")[0] for finding in check_hypothesis(hypothesis) if finding.blocks}
    return sum(blocked.isdisjoint(fields) for fields in PARTS.values()), len(PARTS)


def _change_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.change:
        yield Finding(
            "change-open", "change", "No change yet.", "Write what you will do, so that anybody could see it done."
        )


def _change_vague(h: Hypothesis) -> Iterator[Finding]:
    if found := _VAGUE.search(h.change or ""):
        yield Finding(
            "change-vague", "change", f"“{_capital(found[0])}” cannot be seen.", "Say what a person would see change."
        )


def _segment_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.segment:
        yield Finding("segment-open", "segment", "Nobody is named.", "Write which customers it is for.")


def _segment_everyone(h: Hypothesis) -> Iterator[Finding]:
    if h.segment and _EVERYONE.fullmatch(h.segment):
        todo = "Write who has the trouble, such as  new teams that bring 50 customers or more."
        yield Finding("segment-everyone", "segment", f"“{_capital(h.segment)}” is no segment.", todo)


def _metric_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.metric:
        yield Finding("metric-open", "metric", "No metric.", "Write what you will count, and within how many days.")


def _baseline_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.baseline:
        todo = "Write where the metric stands now: nobody sees a change without it."
        yield Finding("baseline-open", "baseline", "No baseline.", todo)


def _baseline_number(h: Hypothesis) -> Iterator[Finding]:
    if h.baseline and not _NUMBER.search(h.baseline):
        yield Finding("baseline-number", "baseline", "The baseline has no number.", "Write one, such as  30 %.")


def _direction_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.direction:
        yield Finding("direction-open", "direction", "No direction.", "Choose whether the metric rises or falls.")


def _size_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.size:
        yield Finding("size-open", "size", "No size.", "Write the smallest change worth the work, such as  3.")


def _size_number(h: Hypothesis) -> Iterator[Finding]:
    if h.size and _number(h.size) is None:
        yield Finding("size-number", "size", f"“{_capital(h.size)}” is no number.", "Write one number, such as  3.")


def _size_sign(h: Hypothesis) -> Iterator[Finding]:
    if h.size and h.size[:1] in f"-{MINUS}–" and _number(h.size) is not None:
        yield Finding("size-sign", "size", "Minus says it twice.", "Choose  falls  and write the number alone.")


def _unit_open(h: Hypothesis) -> Iterator[Finding]:
    if h.size and not h.unit and _number(h.size) is not None:
        yield Finding("unit-open", "unit", "It can mean two things.", "Choose points or relative %.")


def _deadline_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.deadline:
        yield Finding(
            "deadline-open", "deadline", "No deadline.", "Write the day on which you look, such as  2027-02-26."
        )


def _deadline_day(h: Hypothesis) -> Iterator[Finding]:
    if h.deadline and not _is_day(h.deadline):
        what = f"“{_capital(h.deadline)}” is no day."
        yield Finding("deadline-day", "deadline", what, "Write it as year, month, day: 2027-02-26.")


def _evidence_none(h: Hypothesis) -> Iterator[Finding]:
    if not h.evidence or h.n_customers == 0:
        yield Finding("evidence-none", "evidence", "No customer stands behind it.", "Add a note in which one says so.")


def _evidence_one(h: Hypothesis) -> Iterator[Finding]:
    if h.n_customers == 1:
        yield Finding("evidence-one", "evidence", "It rests on one customer.", "Ask another before you build.", False)


def _against_unlooked(h: Hypothesis) -> Iterator[Finding]:
    if not h.against and not h.looked_for_against:
        todo = "Look among the notes for somebody who has no such trouble, or note that you found none."
        yield Finding("against-unlooked", "against", "Nothing said against it yet.", todo, False)


def _guardrails_none(h: Hypothesis) -> Iterator[Finding]:
    if not h.guardrails:
        yield Finding("guardrails-none", "guardrails", "No guardrail.", "Name what must not get worse, with a limit.")


def _guardrail_name(h: Hypothesis) -> Iterator[Finding]:
    for number, rail in enumerate(h.guardrails):
        if not rail.name:
            yield Finding("guardrail-name", f"guardrails.{number}", "A limit of what?", "Name what must not get worse.")


def _guardrail_limit(h: Hypothesis) -> Iterator[Finding]:
    for number, rail in enumerate(h.guardrails):
        if not re.search(r"\d|\b(?:no|none|zero)\b", rail.limit, re.IGNORECASE):
            what = "The limit has no number." if rail.limit else "No limit."
            yield Finding(
                "guardrail-limit", f"guardrails.{number}", what, "A guardrail without a number cannot be broken."
            )


def _slice_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.slice:
        todo = "Write the least you could build that might prove you wrong."
        yield Finding("slice-open", "slice", "No thin slice.", todo)


def _decision_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.decision_rule:
        yield Finding(
            "decision-open",
            "decision_rule",
            "No decision rule.",
            "Write it before the start: ship if, stop if, otherwise.",
        )


def _decision_vague(h: Hypothesis) -> Iterator[Finding]:
    found = _VAGUE.search(h.decision_rule or "")
    if found and not _NUMBER.search(h.decision_rule or ""):
        what = f"“{_capital(found[0])}” by how much?"
        yield Finding(
            "decision-vague", "decision_rule", what, "Write the number at which you ship, and at which you stop."
        )


RULES: tuple[Callable[[Hypothesis], Iterator[Finding]], ...] = (
    _change_open, _change_vague, _segment_open, _segment_everyone, _metric_open, _baseline_open, _baseline_number,
    _direction_open, _size_open, _size_number, _size_sign, _unit_open, _deadline_open, _deadline_day, _evidence_none,
    _evidence_one, _against_unlooked, _guardrails_none, _guardrail_name, _guardrail_limit, _slice_open, _decision_open, _decision_vague,
)  # fmt: skip


class Reading(NamedTuple):
    """One way to read the size of a change.

    Parameters
    ----------
    unit : str
        One of `workbench.records.UNITS`.
    label : str
        Such as "+3 points".
    outcome : str
        From where to where, such as "30 % to 33 %"; empty where the baseline or the direction is open.
    """

    unit: str
    label: str
    outcome: str


def read_change(hypothesis: Hypothesis) -> list[Reading]:
    """The ways to read the size of a change: as points, and as a share of what there is.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    list of Reading
        One a unit; none while the size is no number.

    Examples
    --------
    >>> h = Hypothesis("H-1", "draft", baseline="30 %", direction="up", size="3")
    >>> [(reading.label, reading.outcome) for reading in read_change(h)]
    [('+3 points', '30 % to 33 %'), ('+3 % relative', '30 % to 30.9 %')]
    """
    size = _number(hypothesis.size or "")
    if size is None:
        return []
    sign = {"up": "+", "down": MINUS}.get(hypothesis.direction or "", "")
    step = -abs(size) if hypothesis.direction == "down" else abs(size)
    found = re.search(rf"({_NUMBER.pattern})( ?%| ?\w+)?", hypothesis.baseline or "")
    base = _number(found[1]) if found else None

    def outcome(after: float) -> str:
        named = found[2] or "" if found else ""
        return f"{_short(base or 0)}{named} to {_short(after)}{named}" if base is not None and sign else ""

    shown = f"{sign}{_short(abs(size))}"
    points, relative = UNITS
    return [
        Reading(points, f"{shown} {'point' if abs(size) == 1 else 'points'}", outcome((base or 0) + step)),
        Reading(relative, f"{shown} % relative", outcome((base or 0) * (1 + step / 100))),
    ]


def _number(text: str) -> float | None:
    """A number as people write it: 1,500 and 2,5 and -3 are numbers."""
    plain = text.strip().translate(str.maketrans(f"{MINUS}–", "--"))
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(r"[+-]?\d{1,15}(?:\.\d{1,9})?", plain, re.ASCII) else None


def _short(number: float) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text)) and len(text) == 10
    except ValueError:
        return False


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
