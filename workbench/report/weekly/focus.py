"""Claims of a Monday: what the week is for, who is talked to, what is due for another look, what gets finished."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.report.cite import Refs, make_count
from workbench.rituals.capacity import measure_capacity
from workbench.rituals.focus import find_focus
from workbench.rituals.reviews import due_reviews, needed_decisions
from workbench.rituals.touchpoints import find_touchpoints, suggest_touchpoints

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_capacity", "describe_due", "describe_focus", "describe_touchpoints"]


def describe_focus(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """What the week is for, the metrics that matter, and what the squad has to talk about.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        Not used.
    hypotheses : sequence of Hypothesis
        Not used.
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``outcomes``, ``beyond`` (outcomes over two), ``metrics`` (with a value for each of ``weeks``), ``blockers``,
        ``risks``, ``decisions``, ``planned`` and, where that is for several weeks, ``until`` which; ``written``, whether the week has a record.
    """
    focus, needed = find_focus(study, moment), needed_decisions(study, moment)
    bets = {bet.id: bet.title for bet in study.bets}
    name = f"weeks/{moment.week}"
    return {
        "week": moment.week,
        "days": [{"day": day} for day in moment.days],
        "written": focus.written,
        "outcomes": list(focus.outcomes),
        "beyond": list(focus.beyond),
        "weeks": [{"week": week} for week in focus.weeks],
        "metrics": [
            {
                "metric": one.metric,
                "counted": one.counted,
                "rank": one.role,
                "family": one.family,
                "leading": one.leading,
                "vanity": one.vanity,
                "target": one.target,
                "deadline": one.deadline,
                "values": list(one.values),
            }
            for one in focus.metrics
        ],
        "blockers": [
            {
                "need": one.what,
                "who": one.who,
                "day": one.day,
                "overdue": one.overdue,
                "week": one.since if one.since != moment.week else "",
                "carried": one.carried,
                "bet": one.bet,
                "bet_title": bets.get(one.bet, ""),
            }
            for one in focus.blockers
        ],
        "risks": [{"risk": one.text, "hypothesis": one.hypothesis} for one in focus.risks],
        "decisions": [
            {"question": one.text, "id": one.id, "owner": one.owner, "day": one.due, "overdue": one.overdue, "week": one.week}
            for one in needed
        ],
        "planned": list(focus.planned),
        "until": focus.until,
        "counts": {
            "blockers": make_count(f"{name}/blockers", "stated", len(focus.blockers)),
            "overdue": make_count(f"{name}/blockers-overdue", "stated", sum(one.overdue for one in focus.blockers)),
        },
    }  # fmt: skip


def describe_touchpoints(
    study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment
) -> dict[str, Any]:
    """Who was talked to this week, who is left, and who could be.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``met`` (a customer a row), ``left``, ``not_counted``, ``unknown`` (planned, and no customer), ``suggested``;
        ``kinds``, how many customers were in a call of each kind.
    """
    found, refs = find_touchpoints(study, moment), Refs.of(study)
    segments = dict(zip(study.customers["customer"], study.customers["segment"], strict=True))
    name, kinds = f"weeks/{moment.week}", sorted({kind for one in found.met for kind in one.kinds})
    calls = {call for one in found.met for call in one.calls}
    kind_of = dict(zip(study.notes["call"].astype(str), study.notes["call_kind"].astype(str), strict=True))

    def count_kind(place: int, kind: str) -> dict[str, Any]:
        of_kind = [call for call in calls if kind_of.get(call) == kind]
        n = sum(kind in one.kinds for one in found.met)
        return make_count(f"{name}/kind-{place}", "customers", n, refs.calls(study.calls["call"].isin(of_kind)))

    return {
        "met": [
            {
                "customer": one.customer,
                "segment": segments[one.customer],
                "kinds": list(one.kinds),
                "planned": one.planned,
            }
            for one in found.met
        ],
        "left": [{"customer": name, "segment": segments[name]} for name in found.left],
        "not_counted": [{"customer": one.customer, "reason": one.why} for one in found.not_counted],
        "unknown": list(found.unknown),
        "suggested": [
            {"customer": one.customer, "segment": one.segment, "hypothesis": one.hypothesis, "day": one.last}
            for one in suggest_touchpoints(study, themes, hypotheses, moment)
        ],
        "kinds": [{"kind": kind, "count": count_kind(i, kind)} for i, kind in enumerate(kinds, 1)],
        "counts": {
            "met": make_count(f"{name}/customers", "customers", len(found.met), refs.calls(study.calls["call"].isin(calls))),
            "left": make_count(f"{name}/left", "stated", len(found.left)),
        },
    }  # fmt: skip


def describe_due(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """What is due for another look by the end of the week.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        Not used.
    hypotheses : sequence of Hypothesis
        Not used.
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``reviews``, the longest overdue first, each with its record's ``file:line`` under ``where``.
    """
    due, name = due_reviews(study, moment), f"weeks/{moment.week}"
    return {
        "reviews": [
            {
                "kind": one.kind,
                "id": one.id,
                "question": one.title,
                "day": one.day,
                "owner": one.owner,
                "overdue": one.overdue,
                "where": one.where,
            }
            for one in due
        ],
        "counts": {
            "due": make_count(f"{name}/due", "stated", len(due)),
            "overdue": make_count(f"{name}/due-overdue", "stated", sum(one.overdue for one in due)),
        },
    }


def describe_capacity(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """What the week takes on, beside what the weeks before it finished.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        Not used.
    hypotheses : sequence of Hypothesis
        Not used.
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``spans``, oldest first, each a week, or as many as the plan is for, with what was planned and finished; ``usual``, what is
        usually finished in words, empty where fewer than two say so, and ``median`` the figure; ``too_much``, whether more than
        that is planned; ``span``, for how long a plan is.
    """
    capacity, name = measure_capacity(study, moment), f"weeks/{moment.week}"
    return {
        "spans": [
            {
                "week": one.weeks[0],
                "last": one.weeks[-1],
                "planned": len(one.planned),
                "finished": None if one.finished is None else len(one.finished),
                "counts": {
                    "planned": make_count(f"weeks/{one.weeks[-1]}/planned", "stated", len(one.planned)),
                    "finished": make_count(f"weeks/{one.weeks[-1]}/finished", "stated", len(one.finished or ())),
                },
            }
            for one in capacity.before
        ],
        "usual": capacity.said,
        "median": "" if capacity.usual is None else f"{capacity.usual:g}",
        "span": capacity.span,
        "until": capacity.now.weeks[-1] if len(capacity.now.weeks) > 1 else "",
        "too_much": capacity.too_much,
        "counts": {
            "planned": make_count(f"{name}/planned", "stated", capacity.planned),
            "finished": make_count(f"{name}/finished-before", "stated", sum(capacity.known)),
            "spans": make_count(f"{name}/weeks-before", "stated", len(capacity.known)),
            "fewest": make_count(f"{name}/fewest-before", "stated", min(capacity.known, default=0)),
            "most": make_count(f"{name}/most-before", "stated", capacity.most),
        },
    }
