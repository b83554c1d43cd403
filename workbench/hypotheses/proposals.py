"""What could be written where a hypothesis is open, each with its source: customers' own words, and whom they were counted from.

Nothing of it is filled in by itself. What only the PM can know is not proposed, unless the PM has said it of the quarter: where
the metric stands, by how much it is to move, and until when. The change, what is done on which result, and the limit of a
guardrail are never proposed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pandas as pd

from workbench.evidence import pick_evidence
from workbench.hypotheses.metrics import METRICS, Metric, classify_metric, heard_words
from workbench.records import Hypothesis, Quarter
from workbench.records.typed import fold_text
from workbench.signals import cost, find_signals
from workbench.themes import Themes

__all__ = ["PROPOSED", "Proposal", "propose"]

# The fields that anything is proposed for. "problem" is the prose below a record's fields.
PROPOSED = ("problem", "segment", "metric", "baseline", "size", "deadline", "because", "guardrails", "slice")
N_METRICS = 3
# A word that one customer happened to use is no reason to measure anything.
FEWEST = 2
N_NOTES = 3
N_SLICES = 2
# So many can be served by hand within a week.
BY_HAND = 5
# A gain can be paid for in three ways, so until as many stand the others are proposed.
ENOUGH_GUARDRAILS = 3
# What must not get worse, whatever is changed; the metric in whose words customers speak of it.
_GUARDRAILS = (
    ("Waiting time of the page that changes, for 95 of 100 requests", "performance", "Waiting time"),
    ("Share of attempts that end in an error", "reliability", "Errors"),
    ("Contacts with support about it, by 100 customers and week", "complaints", "Support contacts"),
)


class Proposal(NamedTuple):
    """What could stand in a field, and where it comes from.

    Parameters
    ----------
    field : str
        One of `PROPOSED`.
    words : str
        What could be written there; what stands in square brackets is the PM's to say. For a slice it is a question.
    why : str
        Where it comes from, as a sentence; people are counted, not mentions.
    notes : tuple of str
        Ids of the notes it stands on; empty where it stands on none.
    """

    field: str
    words: str
    why: str
    notes: tuple[str, ...] = ()


def propose(themes: Themes, hypothesis: Hypothesis, quarter: Quarter | None = None) -> list[Proposal]:
    """What could be written where a hypothesis is open.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`; notes that do not count are not in it and give nothing.
    hypothesis : Hypothesis
        A record or a draft; a record without evidence gets its theme's.
    quarter : Quarter, optional
        For its metric and its deadline; where the hypothesis has the same metric, for its baseline and its size too.

    Returns
    -------
    list of Proposal
        In the order of `PROPOSED`, the best of a field first; none for a field in which something stands, but for a metric
        that only flatters, and for guardrails until three stand. A quote is a note's text, whole and to the letter.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["field", "field"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain", "workaround"],
    ...     "text": ["The import drops rows", "Types lost import rows in again"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> from workbench.hypotheses import draft_hypothesis
    >>> themes = find_themes(notes, n_themes=1)
    >>> for proposal in propose(themes, draft_hypothesis(themes, "T1")):
    ...     if proposal.field in ("metric", "slice"):
    ...         print(proposal.words, proposal.notes)
    Import completed: share of started imports that end with all rows in ('a#1', 'b#1')
    They help themselves: “Types lost import rows in again” Could you do that by hand for 2 of them? ('b#1',)
    """
    evidence = hypothesis.evidence or (
        pick_evidence(themes, hypothesis.theme) if _knows(themes, hypothesis.theme) else ()
    )
    order = {note: i for i, note in enumerate(evidence)}
    notes = themes.notes[themes.notes["note"].isin(order)].astype({"customer": str, "segment": str, "kind": str})
    notes = notes.sort_values("note", key=lambda ids: ids.map(order))
    found = list(_problem(notes, themes))
    if not hypothesis.segment:
        found += _segment(notes)
    if not hypothesis.metric or classify_metric(hypothesis.metric).vanity:
        found += _metric(notes, quarter)
    if quarter:
        found += _from_quarter(hypothesis, quarter)
    if not hypothesis.because:
        found += _because(notes, themes, hypothesis.claim)
    if len(hypothesis.guardrails) < ENOUGH_GUARDRAILS:
        standing = {rail.name.casefold() for rail in hypothesis.guardrails}
        found += [proposal for proposal in _guardrails(notes) if proposal.words.casefold() not in standing]
    if not hypothesis.slice:
        found += _slice(notes)
    return found


def _knows(themes: Themes, theme: str) -> bool:
    return bool((themes.summary["theme"] == theme).any())


def _problem(notes: pd.DataFrame, themes: Themes) -> Iterator[Proposal]:
    """What hurts, in the words of one who says so, and what it costs, in the words of one who says how much."""
    if notes.empty:
        return
    pains = notes[notes["kind"].isin(["pain", "quote"])]
    pains = pains if len(pains) else notes
    # A pain says what is wrong; a quote may say anything. Within each the order of the evidence holds.
    first = pains.sort_values("kind", key=lambda kinds: kinds != "pain", kind="stable").iloc[0]
    yield Proposal(
        "problem", _quoted(first), f"{_behind(notes, themes)}; {first['customer']} puts it so.", (first["note"],)
    )
    dear = _where(notes, lambda text: bool(cost(text))).drop_duplicates("customer")
    if len(dear):
        n = len(dear)
        who = f"{n} {'customer says' if n == 1 else 'customers say'} what it costs; this is {dear.iloc[0]['customer']}."
        yield Proposal("problem", f"What it costs: {_quoted(dear.iloc[0])}", who, tuple(dear["note"][:N_NOTES]))


def _segment(notes: pd.DataFrame) -> Iterator[Proposal]:
    """The segment with most customers, or all that are level."""
    people = notes[notes["segment"] != ""].drop_duplicates("customer")
    counts = people["segment"].value_counts()
    for segment in sorted(counts.index[counts == counts.max()]) if len(counts) else ():
        level = " as many as in another" if (counts == counts.max()).sum() > 1 else " more than in any other"
        inside = people[people["segment"] == segment]
        why = f"{len(inside)} of the {notes['customer'].nunique()} customers behind it are of this segment,{level}."
        yield Proposal("segment", segment, why, tuple(inside["note"][:N_NOTES]))


def _metric(notes: pd.DataFrame, quarter: Quarter | None) -> Iterator[Proposal]:
    if quarter and quarter.metric and not classify_metric(quarter.metric).vanity:
        yield Proposal("metric", quarter.metric, "It is the quarter's.")
    ranked: list[tuple[int, bool, str, Metric, pd.DataFrame, list[str]]] = []
    for metric in METRICS:
        if quarter and quarter.metric.partition(":")[0].casefold() == metric.name.casefold():
            continue
        heard = [heard_words(metric, text) for text in notes["text"]]
        speak = _speak(notes, metric)
        if len(speak) and len(speak) >= min(FEWEST, notes["customer"].nunique()):
            words = list(dict.fromkeys(word for some in heard for word in some))
            ranked.append((-len(speak), not metric.leading, metric.name, metric, speak, words))
    for _, _, _, metric, speak, words in sorted(ranked, key=lambda one: one[:3])[:N_METRICS]:
        said = ", ".join(f"“{word}”" for word in words[:N_NOTES])
        lag = "" if metric.leading else " It moves late."
        why = f"{_people(speak)} behind it {'speaks' if len(speak) == 1 else 'speak'} of {said}: {metric.family}.{lag}"
        yield Proposal("metric", str(metric), why, tuple(speak["note"][:N_NOTES]))


def _from_quarter(hypothesis: Hypothesis, quarter: Quarter) -> Iterator[Proposal]:
    """What the PM has said of the quarter; of another metric its numbers say nothing."""
    size = f"{quarter.size} {quarter.unit or ''}".strip() if quarter.size else ""
    same = fold_text(hypothesis.metric or "") == fold_text(quarter.metric) != ""
    for field, words in (("baseline", quarter.baseline), ("size", size), ("deadline", quarter.deadline)):
        if words and not getattr(hypothesis, field) and (same or field == "deadline"):
            yield Proposal(field, words, "From your quarter.")


def _because(notes: pd.DataFrame, themes: Themes, claim: str) -> Iterator[Proposal]:
    if notes.empty:
        return
    said = _where(notes, lambda text: bool(claim) and claim.removesuffix("…") in text)
    row = said.iloc[0] if len(said) else notes.iloc[0]
    yield Proposal("because", _quoted(row), f"{_behind(notes, themes)}; {row['customer']} puts it so.", (row["note"],))


def _guardrails(notes: pd.DataFrame) -> Iterator[Proposal]:
    """Performance, reliability, complaints: first those of which customers speak."""
    named = {metric.name: metric for metric in METRICS}
    found = []
    for place, (words, what, metric) in enumerate(_GUARDRAILS):
        speak = _speak(notes, named[metric])
        count = f" {_people(speak)} behind it {'speaks' if len(speak) == 1 else 'speak'} of it." if len(speak) else ""
        why = f"So that a gain is not paid for in {what}; the limit is yours.{count}"
        found.append((-len(speak), place, Proposal("guardrails", words, why, tuple(speak["note"][:N_NOTES]))))
    yield from (proposal for _, _, proposal in sorted(found, key=lambda one: one[:2]))


def _slice(notes: pd.DataFrame) -> Iterator[Proposal]:
    """What they do already could be done for them; what they have promised could come first."""
    n = min(BY_HAND, notes["customer"].nunique())
    them = "them" if n == 1 else f"{n} of them"
    own = notes[notes["kind"] == "workaround"]
    if own.empty:  # nobody has marked one; words hint at it
        own = _where(notes, lambda text: any(signal.kind == "workaround" for signal in find_signals(text)))
    own = own.drop_duplicates("customer")
    for row in own.iloc[:N_SLICES].to_dict("records"):
        words = f"They help themselves: {_quoted(row)} Could you do that by hand for {them}?"
        why = f"{_people(own)} behind it {'has' if len(own) == 1 else 'have'} a way around; this one is of {row['customer']}."
        yield Proposal("slice", words, why, (row["note"],))
    for row in notes[notes["kind"] == "commitment"].iloc[:1].to_dict("records"):
        words = f"One has promised: {_quoted(row)} Could you begin with them?"
        yield Proposal("slice", words, f"{row['customer']} has promised it.", (row["note"],))


def _where(notes: pd.DataFrame, says: Callable[[str], bool]) -> pd.DataFrame:
    return notes[pd.Series([says(text) for text in notes["text"]], index=notes.index, dtype=bool)]


def _speak(notes: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """One note of each customer who speaks of what a metric measures."""
    return _where(notes, lambda text: bool(heard_words(metric, text))).drop_duplicates("customer")


def _quoted(row: pd.Series | dict) -> str:
    return f"“{row['text']}”"


def _people(rows: pd.DataFrame) -> str:
    n = rows["customer"].nunique()
    return f"{n} customer{'' if n == 1 else 's'}"


def _behind(notes: pd.DataFrame, themes: Themes) -> str:
    return f"{notes['customer'].nunique()} of {themes.n_customers} customers stand behind it"
