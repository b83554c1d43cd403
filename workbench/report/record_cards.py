"""Claims from the records: hypotheses as test cards, decisions needed and made, bets and what is left undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.evidence import leave_each_out
from workbench.hypotheses import follow_theme, read_change, sample_size
from workbench.records import find_successors
from workbench.records.typed import is_week
from workbench.report.cite import Refs, Voices, call_theme, make_count, statements
from workbench.rituals.decisions import one_of_each
from workbench.rituals.reviews import still_asked

if TYPE_CHECKING:
    from workbench.records import Bet, Decision, Hypothesis
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_bets", "describe_decisions", "describe_each_decision", "describe_hypotheses", "find_tests"]

# A card shows at most so many voices; the appendix has all of them.
N_QUOTES = 3
CLOSED = ("supported", "refuted", "dropped")
_ORDER = ("running", "ready", "supported", "refuted", "draft", "dropped")  # what is under way first
_SENTENCE = ("change", "segment", "metric", "direction", "size", "unit", "deadline", "because")
# What makes a sentence a test; asked for on a card, in this order.
_TEST = ("baseline", "guardrails", "slice", "decision_rule", "owner")
_LEARNED = ("result", "believed", "observed", "learned", "therefore")


def describe_hypotheses(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """Each hypothesis as a test card, with what is open; what was learned of those that are closed.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.

    Returns
    -------
    dict
        ``hypotheses``, one a row.
    """
    claims = {theme: statements(themes, theme) for theme in themes.summary["theme"]}
    terms = dict(zip(themes.summary["theme"], themes.summary["terms"], strict=True))
    refs, voices = Refs.of(study), Voices.of(themes)
    decisions = {decision.id for decision in study.decisions}
    bets = {bet.id: bet.title for bet in study.bets}
    rows = []
    for h in hypotheses:
        evidence, against = voices.known(h.evidence), voices.known(h.against)
        name = f"hypotheses/{h.id}"
        # What the PM has put there is shown whole; what words alone suggest, as far as a card has room.
        opposed = voices.pick(against, len(against), each=True) if h.file else voices.pick(against, N_QUOTES)
        rest = [n for n in against if n not in opposed]
        n_gone = len(h.evidence) + len(h.against) - len(evidence) - len(against)
        n = len(voices.customers(evidence))
        theme = _theme_of(themes, h)
        rows.append(
            {
                "id": h.id,
                "status": h.status,
                **call_theme(themes, theme),
                **{field: getattr(h, field) or "" for field in (*_SENTENCE, *_TEST, *_LEARNED, "bet", "decision") if field != "guardrails"},
                **{field: getattr(h, field) or "" for field in ("made", "started", "closed", "looked_for_against")},
                "guardrails": [{"guardrail": guardrail.name, "limit": guardrail.limit} for guardrail in h.guardrails],
                "confidence": [{"day": one.day, "percent": f"{one.percent:g}"} for one in h.confidence],
                "breached": list(h.breached),
                "open": list(h.open),
                "missing": [] if h.status in CLOSED else [field for field in _TEST if not getattr(h, field)],
                "is_record": bool(h.file),
                "bet_title": bets.get(h.bet, ""),
                "has_decision": h.decision in decisions,
                "has_moved": h.status not in ("draft", "ready") and h.has_moved,
                "test": _describe_test(h, name),
                "left": _least_left(themes, evidence, name, n),
                "n": n,
                "of": themes.n_customers,
                "counts": {
                    "customers": make_count(f"{name}/customers", "customers", n, refs.notes(evidence), of=themes.n_customers),
                    "notes": make_count(f"{name}/notes", "notes", len(evidence), refs.notes(evidence)),
                    "against": make_count(f"{name}/against", "notes", len(against), refs.notes(against)),
                    "against_rest": make_count(f"{name}/against-rest", "notes", len(rest), refs.notes(rest)),
                    "gone": make_count(f"{name}/gone", "stated", n_gone),
                },
                "claims": claims.get(theme, []),
                "terms": list(terms.get(theme, ())),
                "notes": voices.pick(evidence, N_QUOTES),
                "n_evidence": len(evidence),
                "n_gone": n_gone,
                "against": {"n": len(against), "notes": opposed},
            }
        )  # fmt: skip
    rows.sort(key=lambda row: (_ORDER.index(row["status"]), not row["is_record"]))
    return {"hypotheses": rows}


def find_tests(themes: Themes, hypotheses: Iterable[Hypothesis]) -> dict[str, list[dict[str, str]]]:
    """Which hypotheses test each theme: those that come from it, and those that half of its notes are evidence of.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : iterable of Hypothesis
        Records and drafts.

    Returns
    -------
    dict of str to list of dict
        By theme: ``hypothesis`` (an id) and ``status``, in their order.
    """
    found: dict[str, list[dict[str, str]]] = {}
    members = {theme: set(notes) for theme, notes in zip(themes.summary["theme"], themes.summary["notes"], strict=True)}
    for h in hypotheses:
        own, evidence = _theme_of(themes, h), set(h.evidence)
        for theme, notes in members.items():
            if theme == own or 2 * len(notes & evidence) >= len(notes) > 0:
                found.setdefault(theme, []).append({"hypothesis": h.id, "status": h.status})
    return found


def _theme_of(themes: Themes, hypothesis: Hypothesis) -> str:
    """A draft knows its theme, a record by most of its notes; empty where it is in no list."""
    theme = hypothesis.theme or (follow_theme(themes, "", hypothesis.evidence) if hypothesis.evidence else "")
    return theme if theme and theme in set(themes.summary["theme"]) else ""


def _describe_test(h: Hypothesis, name: str) -> dict[str, Any]:
    """From where to where the metric is to go, and how many customers that takes to see."""
    readings = {reading.unit: reading for reading in read_change(h)}
    reading = readings.get(h.unit or "")
    start, _, end = reading.outcome.partition(" to ") if reading else ("", "", "")
    try:
        need = sample_size(h, start=h.started)
        n, weeks = need.n_per_arm, need.weeks
    except InputError:  # the linter says which field and why
        n, weeks = None, None
    return {
        "label": reading.label if reading else "",
        "start": start,
        "end": end,
        "n_per_arm": n,
        "weeks": weeks,
        "counts": {
            "per_arm": make_count(f"{name}/per-arm", "stated", n or 0),
            "weeks": make_count(f"{name}/weeks", "stated", weeks or 0),
        },
    }


def _least_left(themes: Themes, evidence: list[str], name: str, n: int) -> dict[str, Any]:
    """What is left without any one customer."""
    if n < 2:
        return {"n": 0, "of": 0, "weaker": False, "count": make_count(f"{name}/left", "stated", 0)}
    without = leave_each_out(themes, evidence)
    customers = without[without["kind"] == "customer"]
    return {
        "n": n - 1,
        "of": themes.n_customers - 1,
        "weaker": bool(customers["weaker"].any()),
        "count": make_count(f"{name}/left", "stated", n - 1, of=themes.n_customers - 1),
    }


def describe_decisions(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """Decisions that are needed, and those that were made.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        What decisions can rest on.

    Returns
    -------
    dict
        ``needed`` (proposed), ``asked`` (lines of the latest week, with its ``week``), ``made`` (latest first).
    """
    cards = describe_each_decision(study, themes, hypotheses)
    rows = [cards[one.file] for one in one_of_each(study.decisions)]
    week = max((week for week in study.weeks if is_week(week.id)), key=lambda week: week.id, default=None)
    made = [row for row in rows if row["status"] in ("decided", "superseded")]
    return {
        "needed": [row for row in rows if row["status"] == "proposed"],
        "asked": still_asked(study, week) if week else [],
        "week": week.id if week else "",
        "made": sorted(made, key=lambda row: row["date"], reverse=True),
    }


def describe_each_decision(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, dict[str, Any]]:
    """Every decision as a card, whatever its status.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        What decisions can rest on.

    Returns
    -------
    dict of str to dict
        By the record's file, in the order of the study.
    """
    refs, voices, known = Refs.of(study), Voices.of(themes), {h.id: h.status for h in hypotheses}
    superseded = find_successors(study.decisions)
    bets = {bet.id: bet.title for bet in study.bets}
    return {
        one.file: _describe_decision(one, voices, refs, themes.n_customers, known, superseded, bets)
        for one in study.decisions
    }


def _describe_decision(
    d: Decision,
    voices: Voices,
    refs: Refs,
    n_customers: int,
    known: dict[str, str],
    superseded: dict[str, str],
    bets: dict[str, str],
) -> dict[str, Any]:
    evidence, against = voices.known(d.evidence), voices.known(d.against)
    n, name = len(voices.customers(evidence)), f"decisions/{d.id}"
    then, then_of = d.customers or (None, None)
    return {
        "id": d.id,
        "status": d.status,
        "question": d.title,
        "date": (d.due if d.status == "proposed" else d.date) or "",
        "review": d.review or "",
        "reviewed": d.reviewed or "",
        "owner": d.owner,
        "options": list(d.options),
        "chosen": d.chosen,
        "why": d.why,
        "bet": d.bet,
        "bet_title": bets.get(d.bet, ""),
        "consulted": list(d.consulted),
        "informed": list(d.informed),
        "superseded_by": superseded.get(d.id, ""),
        "hypotheses": [{"hypothesis": id, "status": known.get(id, "")} for id in d.hypotheses],
        "n": n,
        "of": n_customers,
        "then": then,
        "notes": voices.pick(evidence, 1),
        "against": {"n": len(against), "notes": voices.pick(against, 1)},
        "counts": {
            "customers": make_count(f"{name}/customers", "customers", n, refs.notes(evidence), of=n_customers),
            "against": make_count(f"{name}/against", "notes", len(against), refs.notes(against)),
            "then": make_count(f"{name}/then", "stated", then or 0, of=then_of),
        },
    }


def describe_bets(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """The bets with their owners and outcomes, and what the quarter leaves undone.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        Not used.
    hypotheses : sequence of Hypothesis
        What bets can rest on.

    Returns
    -------
    dict
        ``bets`` (records, those at work first), ``named`` (bets of the quarter without a record), ``wont_do``, and of the
        quarter ``outcome``, ``capacity``, ``trigger``, ``cost`` and ``positioning``.
    """
    known = {h.id: h.status for h in hypotheses}
    order = ("active", "shipped", "planned", "done", "dropped")
    records = sorted(study.bets, key=lambda bet: (order.index(bet.status), bet.tier or "9", bet.id))
    have = {bet.id for bet in records} | {bet.title.casefold() for bet in records}
    return {
        "outcome": study.quarter.outcome,
        "bets": [_describe_bet(bet, known) for bet in records],
        "named": [name for name in study.quarter.bets if name not in have and name.casefold() not in have],
        "wont_do": list(study.quarter.wont_do),
        "capacity": study.quarter.capacity,
        # Not shown with the bets: for readers who ask why now, and how it is said (report/audiences.py).
        "trigger": study.quarter.trigger,
        "cost": study.quarter.cost,
        "positioning": study.quarter.positioning,
    }


def _describe_bet(bet: Bet, known: dict[str, str]) -> dict[str, Any]:
    return {
        "id": bet.id,
        "status": bet.status,
        "tier": bet.tier or "",
        "bet_title": bet.title,
        "outcome": bet.outcome,
        "metric": bet.metric,
        "owner": bet.owner,
        "segment": bet.segment,
        "result": bet.result,
        "review": bet.review or "",
        "started": bet.started or "",
        "shipped": bet.shipped or "",
        "finished": bet.finished or "",
        "hypotheses": [{"hypothesis": id, "status": known.get(id, "")} for id in bet.hypotheses],
        "needs": [{"need": need, "who": who} for need, who in bet.needs],
    }
