"""Claims of the quarter: what it is for and not for, how far its bets have come, and what customers say about the price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from workbench.report.cite import Refs, Voices, call_theme, make_count, statements
from workbench.report.sampling import describe_who
from workbench.report.weekly.delta import describe_line
from workbench.rituals.backlog import Support
from workbench.rituals.pricing import Said, find_pricing
from workbench.rituals.progress import BetProgress, Month, find_progress
from workbench.rituals.readout import Sources
from workbench.rituals.strategy import BetLine, Heard, find_strategy

if TYPE_CHECKING:
    from workbench.records import Bet, Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_pricing", "describe_progress", "describe_quarter"]

_WRITTEN = ("quarter", "product", "owner", "outcome", "trigger", "cost", "positioning", "capacity")


def describe_quarter(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """What the quarter is for, by which bets, for whom, and what it leaves out.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Not used: a draft is behind no bet.
    moment : Moment
        Not used: the quarter is as its record has it.

    Returns
    -------
    dict
        What is written, ``goal``, ``bets`` (each with who stands behind it), ``orphans``, ``tiers``, ``wont_do``, ``segments``,
        ``excluded``, ``check`` (who, which job, which value, in a minute) and ``families`` of metrics.
    """
    found, quarter, refs, voices = find_strategy(study, themes), study.quarter, Refs.of(study), Voices.of(themes)
    who = describe_who(study, themes, hypotheses)
    meant = {segment.name for segment in quarter.segments}
    goal = found.goal
    return {
        **{name: getattr(quarter, name) for name in _WRITTEN},
        "written": bool(quarter.file and study.texts.get(quarter.file, "").strip()),
        "review": quarter.review or "",
        "deadline": quarter.deadline or "",
        "unit": quarter.unit or "",
        "goal": {
            "metric": goal.metric,
            "counted": goal.counted,
            "family": goal.family,
            "leading": goal.leading,
            "vanity": goal.vanity,
            "label": goal.label,
            "start": goal.start,
            "end": goal.end,
            "several": list(goal.several),
        },
        "bets": [_describe_bet(study, themes, line, refs) for line in found.bets],
        "orphans": [
            {"id": one.bet.id, "bet_title": one.bet.title, "status": one.bet.status, "no_outcome": one.why == "outcome"}
            for one in found.orphans
        ],
        "tiers": [
            {"tier": tier, "count": make_count(f"bets/tier-{tier or 'none'}", "stated", n)}
            for tier, n in found.tiers.items()
            if n
        ],
        "wont_do": list(quarter.wont_do),
        "segments": [one for one in who["segments"] if one["segment"] in meant],
        "apart": who["apart"],
        "excluded": [
            {"customer": name, "segment": segment, "reason": why, "n_calls": n} for name, segment, why, n in found.excluded
        ],
        "too_long": found.n_words > found.most_words,
        "check": {
            "who": [one for one in who["segments"] if one["n"]],
            "jobs": [_describe_heard(themes, one, refs, voices, "job") for one in found.jobs],
            "value": [_describe_heard(themes, one, refs, voices, "value") for one in found.value],
        },
        "families": [
            {
                "family": one.family,
                "ours": [{"metric": own.metric, "leading": own.leading, "rank": own.role} for own in one.ours],
                "examples": [{"metric": name, "leading": leading} for name, leading in one.examples],
            }
            for one in found.families
        ],
        "counts": {
            "words": make_count("quarter/positioning-words", "stated", found.n_words, of=found.most_words),
            "excluded_calls": make_count("quarter/excluded-calls", "stated", sum(n for *_, n in found.excluded)),
        },
    }  # fmt: skip


def _describe_bet(study: Study, themes: Themes, line: BetLine, refs: Refs) -> dict[str, Any]:
    bet = line.bet
    return {
        "bet": bet.id if bet else "",
        "bet_title": (bet.title if bet else "") or line.name,
        "has_record": bet is not None,
        **_state_of(bet),
        "beyond": line.beyond,
        "allowed_by": line.allowed_by,
        "n": line.support.n,
        "hypotheses": [{"hypothesis": one.id, "status": one.status} for one in line.hypotheses],
        "themes": [
            {
                **call_theme(themes, theme),
                "claims": statements(themes, theme),
                "terms": list(themes.summary.set_index("theme").loc[theme, "terms"]),
            }
            for theme in line.themes
        ],
        "counts": {"customers": _behind(bet, line.support, refs)} if bet else {},
    }


def _state_of(bet: Bet | None) -> dict[str, str]:
    """What a bet's record says of itself; empty where there is none."""
    names = ("status", "outcome", "metric", "owner", "review", "tier", "result", "started", "shipped", "finished")
    return {name: (getattr(bet, name) or "" if bet else "") for name in names}


def _behind(bet: Bet, support: Support, refs: Refs) -> dict[str, Any]:
    return make_count(f"bets/{bet.id}/customers", "customers", support.n, refs.notes(support.notes), of=support.of)


def _describe_heard(themes: Themes, heard: Heard, refs: Refs, voices: Voices, part: str) -> dict[str, Any]:
    name = f"themes/{heard.theme}/{part}"
    return {
        **call_theme(themes, heard.theme),
        "notes": voices.pick(heard.notes, 1),
        "claims": statements(themes, heard.theme),
        "terms": list(themes.summary.set_index("theme").loc[heard.theme, "terms"]),
        "counts": {"customers": make_count(name, "customers", heard.n, refs.notes(heard.notes), of=themes.n_customers)},
    }


def describe_progress(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """How far each bet has come, what happened since the last review, and what the reviews say, month by month.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Not used: a draft is behind no bet.
    moment : Moment
        Its `today` is the review's day.

    Returns
    -------
    dict
        ``bets``, ``since`` (a day, empty where none is known), what was ``shipped``, ``learned``, ``changed``, ``closed``, ``decided``
        and ``moved`` since, ``months`` and ``due``.
    """
    found, refs, voices, sources = find_progress(study, moment), Refs.of(study), Voices.of(themes), Sources(study)

    def lines(some: Iterable[tuple[str, str]], name: str) -> list[dict[str, Any]]:
        return [
            {"week": when, **describe_line(study, sources.read(text), refs, voices, f"{name}-{i}")}
            for i, (when, text) in enumerate(some, 1)
        ]

    return {
        "day": moment.today,
        "since": found.since,
        "bets": [_describe_progress(one, refs) for one in found.bets],
        "shipped": lines(found.shipped, "progress/shipped"),
        "learned": lines(found.learned, "progress/learned"),
        "changed": lines(found.changed, "progress/changed"),
        "closed": [
            {
                "hypothesis": one.id,
                "status": one.status,
                "change": one.change or "",
                "result": one.result or "",
                "learned": one.learned or "",
                "breached": list(one.breached),
                "day": one.closed or "",
            }
            for one in found.closed
        ],
        "decided": [
            {"id": one.id, "question": one.title, "chosen": one.chosen, "day": one.date or "", "status": one.status}
            for one in found.decided
        ],
        "moved": [
            {"id": bet.id, "bet_title": bet.title, "status": status, "day": day} for bet, status, day in found.moved
        ],
        "months": [_describe_month(month, study, refs, voices, sources) for month in found.months],
        "due": [
            {"kind": one.kind, "question": one.title, "day": one.day, "owner": one.owner, "overdue": one.overdue}
            for one in found.due
        ],
        "counts": {
            "bets": make_count("bets/all", "stated", len(study.bets)),
            "earlier": make_count("progress/closed-before", "stated", len(study.bets) - len(found.bets)),
            "closed": make_count("progress/closed", "stated", len(found.closed)),
            "decided": make_count("progress/decided", "stated", len(found.decided)),
        },
    }


def _describe_progress(one: BetProgress, refs: Refs) -> dict[str, Any]:
    return {
        "bet": one.bet.id,
        "bet_title": one.bet.title,
        **_state_of(one.bet),
        "hypotheses": [
            {"hypothesis": h.id, "status": h.status, "result": h.result or "", "breached": list(h.breached)}
            for h in one.hypotheses
        ],
        "counts": {"customers": _behind(one.bet, one.support, refs)},
    }


def _describe_month(month: Month, study: Study, refs: Refs, voices: Voices, sources: Sources) -> dict[str, Any]:
    return {
        "month": month.month,
        **{
            field: [
                {
                    "day": entry.day,
                    **describe_line(study, sources.read(entry.text), refs, voices, f"progress/{month.month.replace('-', '') or 'undated'}/{field}-{i}"),
                }
                for i, entry in enumerate(getattr(month, field), 1)
            ]
            for field in ("progress", "learned", "changes")
        },
    }  # fmt: skip


def describe_pricing(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """What customers say about the price, customer by customer.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Not used.
    moment : Moment
        Not used: what was ever said counts.

    Returns
    -------
    dict
        ``tagged``, a customer a row with notes, and the sums in them as said; ``hinted``, the same of notes without a tag; of both how
        many customers and notes, and how many of these may not be quoted.
    """
    found, refs, voices = find_pricing(themes), Refs.of(study), Voices.of(themes)
    data: dict[str, Any] = {"counts": {}}
    for side, some in (("tagged", found.tagged), ("hinted", found.hinted)):
        notes = [one.note for one in some]
        shown = voices.pick(notes, len(notes), each=True)
        hidden = [note for note in notes if note not in set(shown)]
        data[side] = _by_customer(some)
        data["counts"] |= {
            side: make_count(f"pricing/{side}", "customers", len({one.customer for one in some}), refs.notes(notes), of=themes.n_customers),
            f"{side}_notes": make_count(f"pricing/{side}-notes", "notes", len(notes), refs.notes(notes)),
            f"{side}_unquoted": make_count(f"pricing/{side}-unquoted", "notes", len(hidden), refs.notes(hidden)),
        }  # fmt: skip
    return data


def _by_customer(some: Sequence[Said]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for one in some:
        row = rows.setdefault(
            one.customer, {"customer": one.customer, "segment": one.segment, "notes": [], "amounts": []}
        )
        row["notes"].append(one.note)
        row["amounts"] += [{"note": one.note, "statement": words} for words in one.amounts]
    return list(rows.values())
