"""Claims on decisions: all of them as a log, and one of them as what somebody needs to know to decide it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.deciding import find_decision
from workbench.evidence import leave_each_out
from workbench.newest import today
from workbench.records import seal_decision
from workbench.report.cite import Refs, ThemeCounts, Voices, call_theme, make_count, statements
from workbench.report.record_cards import describe_each_decision
from workbench.rituals.decisions import (
    count_behind,
    find_due,
    find_nothing,
    find_upcoming,
    newest_first,
    one_of_each,
    read_stance,
)

if TYPE_CHECKING:
    from workbench.records import Decision, Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_decision_log", "describe_one_pager"]

STATUSES = ("proposed", "decided", "superseded", "dropped")
# So many owners and quarters can be chosen by themselves; the style of the page has a rule for each.
N_SHELVES = 8
# One page has room for fewer; which of these stand there is seen when it is drawn.
N_THEMES, N_FOR, N_AGAINST = 3, 6, 3


def describe_decision_log(
    study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment
) -> dict[str, Any]:
    """Every decision, the newest first.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        What decisions can rest on.
    moment : Moment
        What is overdue is measured from its `today`.

    Returns
    -------
    dict
        ``log``: a card each, as :func:`workbench.report.record_cards.describe_each_decision` has it, with who stands behind it
        by its hypotheses too, what it took the place of, who has seen it; ``shelves``: what one can choose by, each with
        those decisions that lie there as a number in a card's ``on``.
    """
    cards, refs = describe_each_decision(study, themes, hypotheses), Refs.of(study)
    overdue = {due.decision.id for due in find_due(study, moment.today) if due.overdue}
    decisions = newest_first(one_of_each(study.decisions))
    known = {one.id for one in decisions}
    owners = [who for who, _ in Counter(one.owner for one in decisions if one.owner).most_common()]
    quarters = sorted({_quarter(one) for one in decisions} - {""}, reverse=True)
    shelves = {
        "status": [status for status in STATUSES if any(one.status == status for one in decisions)],
        "owner": owners[:N_SHELVES],
        "quarter": quarters[:N_SHELVES],
    }
    rows = []
    for one in decisions:
        behind, against = count_behind(study, one), count_behind(study, one, "against")
        card, name = cards[one.file], f"decisions/{one.id}"
        lies = {"status": one.status, "owner": one.owner, "quarter": _quarter(one)}
        rows.append(
            card
            | {
                "supersedes": one.supersedes,
                "has_old": one.supersedes in known,
                "ask": one.ask,
                "due": one.due or "",
                "risks": list(one.risks),
                "stances": _stances(one),
                "overdue": one.id in overdue,
                "rewritten": bool(one.agreed) and one.agreed != seal_decision(one),
                "weaker": one.status == "decided" and card["then"] is not None and behind.n < card["then"],
                "n_gone": len(behind.gone),
                "on": {shelf: shelves[shelf].index(value) if value in shelves[shelf] else -1 for shelf, value in lies.items()},
                "counts": card["counts"]
                | {
                    "behind": make_count(f"{name}/behind", "customers", behind.n, refs.notes(behind.notes), of=behind.of),
                    "all_against": make_count(f"{name}/all-against", "notes", len(against.notes), refs.notes(against.notes)),
                    "gone": make_count(f"{name}/gone", "stated", len(behind.gone)),
                },
            }
        )  # fmt: skip
    return {
        "log": rows,
        "day": today(study),
        "shelves": shelves,
        "more": {"owner": len(owners) > N_SHELVES, "quarter": len(quarters) > N_SHELVES},
        "counts": {
            "all": make_count("decisions/all", "stated", len(rows)),
            "overdue": make_count("decisions/overdue", "stated", len(overdue)),
            **{
                status: make_count(f"decisions/{status}", "stated", sum(one.status == status for one in decisions))
                for status in STATUSES
            },
        },
    }


def describe_one_pager(
    study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment
) -> dict[str, Any]:
    """What somebody needs to know to decide, without having been at the meeting.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        What decisions can rest on.
    moment : Moment
        Its `record` is the decision's id, or the beginning of it; without one it is the decision that is needed next.

    Returns
    -------
    dict
        ``decision``: its card with the problem, the evidence for and against, options, risks and stances; None where nothing
        is proposed. ``lacks``: what of it is not written yet.

    Raises
    ------
    InputError
        When there is no such decision, or several.
    """
    one = find_decision(study, moment.record) if moment.record else find_upcoming(study)
    if one is None:
        return {"decision": None, "day": today(study), "n_decisions": len(study.decisions)}
    refs, voices, name = Refs.of(study), Voices.of(themes), f"decisions/{one.id}"
    card = describe_each_decision(study, themes, hypotheses)[one.file]
    behind, against = count_behind(study, one), count_behind(study, one, "against")
    raised = _themes_behind(study, themes, behind.notes)
    titles = {theme["claims"][0]["note"] for theme in raised if theme["claims"] and not theme["title"]}
    rests = [h for h in hypotheses if h.id in one.hypotheses and h.file]
    hangs = _hangs_on(themes, list(behind.notes)) if behind.notes else []
    bet = next((bet for bet in study.bets if bet.id == one.bet), None)
    data = card | {
        "ask": one.ask,
        "due": one.due or "",
        "supersedes": one.supersedes,
        "nothing": find_nothing(one.options),
        "trigger": study.quarter.trigger,
        "cost": study.quarter.cost,
        "product": study.quarter.product,
        "outcome": (bet.outcome if bet else "") or study.quarter.outcome,
        "themes": raised,
        "notes": voices.pick([note for note in behind.notes if note not in titles], N_FOR),
        "against": {"n": len(against.notes), "notes": voices.pick(against.notes, N_AGAINST)},
        "hangs_on": {"n": behind.n, "customers": hangs},
        "looked": bool(one.against) or any(h.against or h.looked_for_against for h in rests),
        "risks": [
            *({"risk": risk, "from": ""} for risk in one.risks),
            *({"risk": f"{what}: {who}" if who else what, "from": h.id} for h in rests for what, who in h.risks),
        ],
        "guardrails": [{"guardrail": str(guardrail), "from": h.id} for h in rests for guardrail in h.guardrails],
        "tests": [{"hypothesis": h.id, "status": h.status, "change": h.change or "", "result": h.result or ""} for h in rests],
        "stances": _stances(one),
        "n_gone": len(behind.gone),
        "counts": card["counts"]
        | {
            "behind": make_count(f"{name}/behind", "customers", behind.n, refs.notes(behind.notes), of=behind.of),
            "notes": make_count(f"{name}/notes", "notes", len(behind.notes), refs.notes(behind.notes)),
            "all_against": make_count(f"{name}/all-against", "notes", len(against.notes), refs.notes(against.notes)),
            "gone": make_count(f"{name}/gone", "stated", len(behind.gone)),
        },
    }  # fmt: skip
    return {
        "decision": data,
        "day": today(study),
        "n_decisions": len(study.decisions),
        "lacks": _lacks(one, data),
    }


def _lacks(decision: Decision, data: dict[str, Any]) -> dict[str, bool]:
    """What of a proposal is not written yet."""
    lacking = {
        "ask": not decision.ask,
        "owner": not decision.owner,
        "due": not decision.due,
        "options": len(decision.options) < 2,
        "nothing": not data["nothing"] and bool(decision.options),
        "risks": not (data["risks"] or data["guardrails"]),
        "stances": not decision.stances,
    }
    return {name: lacks and decision.status == "proposed" for name, lacks in lacking.items()}


def _themes_behind(study: Study, themes: Themes, notes: Sequence[str]) -> list[dict[str, Any]]:
    """The themes that the notes behind a decision are in, those with most of them first."""
    theme_of = dict(zip(themes.notes["note"], themes.notes["theme"], strict=True))
    counted = Counter(theme_of[note] for note in notes if theme_of.get(note))
    rows = {row.theme: row for row in themes.summary.itertuples(index=False)}
    counts_of = ThemeCounts(study, themes)
    order = sorted((theme for theme in counted if theme in rows), key=lambda theme: -counted[theme])
    return [
        {
            **call_theme(themes, theme),
            "claims": statements(themes, theme),
            "terms": list(rows[theme].terms),
            "counts": {name: counts_of(rows[theme])[name] for name in ("customers", "only_against")},
        }
        for theme in order[:N_THEMES]
    ]


def _hangs_on(themes: Themes, notes: list[str]) -> list[str]:
    """The customers each of whom it would be weaker without."""
    without = leave_each_out(themes, notes)
    customers = without[without["kind"] == "customer"]
    return customers.loc[customers["weaker"], "left_out"].tolist()


def _stances(decision: Decision) -> list[dict[str, str]]:
    return [read_stance(*pair)._asdict() for pair in decision.stances]


def _quarter(decision: Decision) -> str:
    """The quarter in which it was decided, or is needed."""
    day = (decision.due if decision.status == "proposed" else decision.date) or decision.date or decision.due or ""
    return f"{day[:4]} Q{(int(day[5:7]) + 2) // 3}" if day else ""
