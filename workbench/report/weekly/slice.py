"""Claims of a Wednesday: a hypothesis before anything is built, what must stand, and what may go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.report.cite import make_count
from workbench.report.record_cards import describe_hypotheses
from workbench.rituals.readiness import Step, choose_hypothesis, find_readiness

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_slice"]


def describe_slice(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """What must stand before a hypothesis is tested, and what may go wrong on the way.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        Its `record` is the hypothesis' id, or the beginning of it; without one it is the record that is next.

    Returns
    -------
    dict
        ``hypothesis``, its test card; None where there is none. ``steps``, what must stand and what of it is missing;
        ``concerns``, ``barriers``, ``guards``, ``unguarded`` and ``logs`` as :class:`workbench.rituals.readiness.Readiness` has them.

    Raises
    ------
    InputError
        When there is no such hypothesis, or several.
    """
    one = choose_hypothesis(hypotheses, moment.record)
    records = [h for h in hypotheses if h.file]
    if one is None:
        return {"hypothesis": None, "n_records": len(records), "n_drafts": len(hypotheses) - len(records)}
    ready, name = find_readiness(study, themes, one, moment), f"hypotheses/{one.id}"
    bet = next((bet for bet in study.bets if bet.id == one.bet), None)
    return {
        "hypothesis": describe_hypotheses(study, themes, [one])["hypotheses"][0],
        "day": moment.today,
        "began": one.status not in ("draft", "ready"),
        "may_start": ready.may_start,
        "steps": [_describe_step(step) for step in ready.steps],
        "concerns": [
            {
                "risk": concern.what,
                "who": concern.who,
                "day": concern.day,
                "overdue": concern.overdue,
                "source": {kind: concern.source == kind for kind in ("hypothesis", "bet", "week")},
            }
            for concern in ready.concerns
        ],
        "barriers": {
            kind: [barrier.what for barrier in ready.barriers if barrier.kind == kind]
            for kind in ("past", "time", "quarter", "capacity", "wont_do", "bet")
        },
        "capacity": ready.capacity,
        "bet_status": bet.status if bet else "",
        "weeks": ready.weeks,
        "weeks_left": ready.weeks_left,
        "unsized": [{"todo": text} for text in ready.unsized],
        "guards": [
            {
                "guardrail": guard.name,
                "limit": guard.limit,
                "kind": guard.kind,
                "now": guard.now,
                "broken": guard.broken,
            }
            for guard in ready.guards
        ],
        "unguarded": list(ready.unguarded),
        "breached": list(one.breached),
        "logging": list(one.logging),
        "logs": [{"kind": log.kind, "thing": log.what, "named": log.named} for log in ready.logs],
        "others": [{"hypothesis": h.id, "status": h.status} for h in records if h.id != one.id],
        "counts": {
            "standing": make_count(f"{name}/standing", "stated", len(ready.steps) - len(ready.missing), of=len(ready.steps)),
            "weeks": make_count(f"{name}/weeks", "stated", ready.weeks or 0),
            "left": make_count(f"{name}/weeks-left", "stated", ready.weeks_left or 0),
            "loose": make_count(f"{name}/risks-open", "stated", sum(one.is_open for one in ready.concerns)),
        },
    }  # fmt: skip


def _describe_step(step: Step) -> dict[str, Any]:
    return {
        "part": step.part,
        "stands": step.stands,
        "asked": [{"said": finding.what, "todo": finding.todo} for finding in (*step.missing, *step.doubts)],
    }
