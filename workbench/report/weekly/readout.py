"""Claims of a Friday: what came of the week, the order of work with what moved it, and how sure one had been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.hypotheses import score_confidence
from workbench.hypotheses.calibration import ENOUGH
from workbench.records.typed import is_week
from workbench.report.cite import Refs, Voices, make_count
from workbench.report.record_cards import describe_each_decision
from workbench.report.weekly.delta import Before, count_support, describe_line, tell_late
from workbench.rituals.backlog import Item, find_backlog
from workbench.rituals.readout import Sources, find_readout

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_backlog", "describe_calibration", "describe_readout"]


def describe_readout(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """What came of the week, as it is written, each line with what it rests on.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        What decisions can rest on.
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``outcomes`` and ``planned``, each with whether it is done; ``until`` which week, where that is for several; ``lines`` by field; ``decided``, ``superseded`` and ``needed``
        decisions; ``unwritten``, the fields that say nothing yet; ``latest``, whether no later week has a record.
    """
    found, refs, voices = find_readout(study, moment), Refs.of(study), Voices.of(themes)
    cards, name = describe_each_decision(study, themes, hypotheses), f"weeks/{moment.week}"
    learned = [customer for line in found.lines["learned"] for customer in line.customers]
    notes = [note for line in found.lines["learned"] for note in voices.known(line.notes)]
    said = len(set(learned)) == len(voices.customers(notes))
    called = study.calls["customer"].isin(learned) & study.calls["counted"]
    return {
        "week": moment.week,
        "days": [{"day": day} for day in moment.days],
        "outcomes": [one._asdict() for one in found.outcomes],
        "planned": [one._asdict() for one in found.planned],
        "until": found.until,
        "besides": list(found.besides),
        "unwritten": dict.fromkeys(found.unwritten, True),
        "latest": not any(is_week(one.id) and one.id > moment.week for one in study.weeks),
        "lines": {
            field: [
                describe_line(study, line, refs, voices, f"{name}/{field.replace('_', '-')}-{i}")
                for i, line in enumerate(lines, 1)
            ]
            for field, lines in found.lines.items()
        },
        "decided": [cards[one.file] for one in found.decided],
        "superseded": [cards[one.file] for one in found.superseded],
        "needed": [
            {"question": one.text, "id": one.id, "owner": one.owner, "day": one.due, "overdue": one.overdue}
            for one in found.needed
            if one.overdue or not any(one.id in line.records for line in found.lines["decisions_needed"])
        ],
        "counts": {
            "planned": make_count(f"{name}/planned", "stated", len(found.planned)),
            "done": make_count(f"{name}/planned-done", "stated", sum(one.done for one in found.planned)),
            "learned": make_count(f"{name}/learned", "customers", len(set(learned)), refs.notes(dict.fromkeys(notes)) if said else refs.calls(called)),
        },
    }  # fmt: skip


def describe_backlog(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """The order of work, and what moved.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Not used: a draft is no work yet.
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``work``, the first first; ``left``, what is no work any more; ``proposed``, the order that follows from the evidence, where
        what is written is another; ``week``, from whose order it starts.
    """
    found, refs, before = find_backlog(study, moment), Refs.of(study), Before(study, moment)
    voices, sources = Voices.of(themes), Sources(study)
    return {
        "week": found.week,
        "since": moment.since,
        **tell_late(moment),
        "written": found.written,
        "work": [
            _describe_item(study, one, place, refs, voices, sources, before) for place, one in enumerate(found.items, 1)
        ],
        "left": [{"id": id_, "question": title, "became": became} for id_, title, became in found.left],
        "proposed": [{"id": one.id, "question": one.title} for one in found.proposed] if found.differs else [],
        "n_moved": sum(one.move in ("up", "down") for one in found.items),
        "counts": {
            "all": make_count("backlog/items", "stated", len(found.items)),
            "moved": make_count("backlog/moved", "stated", sum(one.move in ("up", "down") for one in found.items)),
        },
    }


def _describe_item(
    study: Study, item: Item, place: int, refs: Refs, voices: Voices, sources: Sources, before: Before
) -> dict[str, Any]:
    kind = "bet" if item.id in {bet.id for bet in study.bets} else "hypothesis"
    return {
        "id": item.id,
        "question": item.title,
        "status": item.status,
        "is_bet": kind == "bet",
        "before": str(item.was) if item.was else "",
        "move": {move: item.move == move for move in ("up", "down", "new")},
        "passed": item.passed,
        "cause": describe_line(study, sources.read(item.cause), refs, voices, f"backlog/{item.id}/cause") if item.cause else {},
        "told": list(item.told),
        "unfounded": item.unfounded,
        "n_then": item.then.n,
        "n_now": item.now.n,
        "n_against_then": item.then.n_against,
        "n_against": item.now.n_against,
        "has_shifted": bool(item.shifted),
        "counts": count_support(refs, before, kind, item.id, item.then, item.now)
        | {"was": make_count(f"backlog/{item.id}/was", "stated", item.was), "place": make_count(f"backlog/{item.id}/place", "stated", place)},
    }  # fmt: skip


def describe_calibration(
    study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment
) -> dict[str, Any]:
    """What was said of hypotheses before their tests, beside what came.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        Not used.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        Not used.

    Returns
    -------
    dict
        ``forecasts``, one a hypothesis with a result and a confidence from before it; ``mean`` (the Brier score), ``base`` (what
        always saying the share that came true would have scored), both as they are to be read; ``left_out`` in sentences.
    """
    scored = score_confidence([one for one in hypotheses if one.file])
    titles = {one.id: (one.change or "", one.result or "") for one in hypotheses}
    forecasts = list(scored.forecasts.itertuples(index=False))
    n, came = len(forecasts), int(scored.forecasts["supported"].sum())
    sure = float(scored.forecasts["confidence"].mean() - 100 * scored.base_rate) if n else 0.0
    return {
        "forecasts": [
            {
                "id": row.hypothesis,
                "question": titles[row.hypothesis][0],
                "result": titles[row.hypothesis][1],
                "day": row.day,
                "percent": f"{row.confidence:g}",
                "at": round(float(row.confidence), 1),
                "level": _level(forecasts, i),
                "came": bool(row.supported),
                "score": f"{row.brier:.2f}",
            }
            for i, row in enumerate(forecasts)
        ],
        "mean": "" if scored.mean is None else f"{scored.mean:.2f}",
        "base": "" if scored.always_base_rate is None else f"{scored.always_base_rate:.2f}",
        "is_better": scored.mean is not None and round(scored.mean - (scored.always_base_rate or 0), 9) < 0,
        "is_better_than_a_coin": scored.mean is not None and round(scored.mean - 0.25, 9) < 0,
        "lean": "" if abs(sure) < 1 else f"{abs(sure):.0f}",
        "too_sure": bool(sure > 0),
        "left_out": list(scored.left_out),
        "enough": n >= ENOUGH,
        "counts": {
            "closed": make_count("calibration/forecasts", "stated", n),
            "came": make_count("calibration/came", "stated", came),
            "enough": make_count("calibration/enough", "stated", ENOUGH),
        },
    }


def _level(forecasts: Sequence[Any], i: int) -> int:
    """How many of the same outcome were said to be as likely before it, so that their dots lie on each other."""
    return sum(
        (one.supported, one.confidence) == (forecasts[i].supported, forecasts[i].confidence) for one in forecasts[:i]
    )
