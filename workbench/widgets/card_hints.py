"""What stands beside the fields of a hypothesis card, in words: each function is asked about one record and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbench.errors import InputError
from workbench.evidence.against import rank_against
from workbench.evidence.stance import Sign
from workbench.hypotheses import (
    Proposal,
    check_hypothesis,
    classify_metric,
    propose,
    read_change,
    sample_size,
    score_confidence,
)
from workbench.hypotheses.metrics import FAMILIES, METRICS
from workbench.records import Hypothesis, Quarter, read_size
from workbench.records.hypothesis import LEARNING, MAY_NOT_MOVE
from workbench.records.typed import is_day
from workbench.rituals.readiness import find_steps, offer_logging
from workbench.themes import Themes

__all__ = [
    "CLOSED",
    "LOCKED",
    "METRIC_CHOICES",
    "hint_against",
    "hint_close",
    "hint_confidence",
    "hint_due",
    "hint_lock",
    "hint_metric",
    "hint_proposals",
    "hint_size",
    "hint_start",
]

CLOSED = ("supported", "refuted", "dropped")
# What is to be shown by the test, and how it is judged; whoever could move it afterwards could always be right.
LOCKED = MAY_NOT_MOVE
_UNLOCKS = {
    "running": "set the test back",
    "supported": "open it again and set the test back",
    "refuted": "open it again and set the test back",
    "dropped": "take it up again and set the test back",
}
# A test is closed with these five, which nobody but the PM can write.
CLOSES_WITH = ("result", *LEARNING)
_FIELDS = {
    "change": "the change", "segment": "the customers", "metric": "the metric", "baseline": "where it stands now",
    "direction": "rises or falls", "size": "by how much", "unit": "points or relative %", "deadline": "the day",
    "evidence": "the evidence", "guardrails": "the guardrails", "slice": "the thin slice", "logging": "what is logged first", "decision_rule": "the decision rule", "owner": "the owner",
}  # fmt: skip
_ENDS = {
    "result": "what was measured", "believed": "what you believed", "observed": "what you observed",
    "learned": "what you learned", "therefore": "what you do therefore",
}  # fmt: skip
# What the sign of a candidate says of its note, with the words that say so behind it.
_SIGNS = {
    "well": "it went well",
    "badly": "it went badly",
    "denies": "it denies",
    "quiet": "it tells of no trouble about",
}
# The registry, by family, for who would rather choose than write.
METRIC_CHOICES = [
    {
        "family": family.capitalize(),
        "metrics": [
            {
                "words": str(metric),
                "name": metric.name,
                "counted": metric.counted,
                "when": "moves within days" if metric.leading else "moves late",
            }
            for metric in METRICS
            if metric.family == family
        ],
    }
    for family in FAMILIES
]
N_AGAINST = 10
REACH_OPEN = (
    "Whether there are as many customers is not known. Write how many come into the test, such as 400/week, or how many there are, "
    "such as 240."
)


def hint_size(hypothesis: Hypothesis, today: str) -> dict[str, Any]:
    """How many customers a test needs, for each way to read the size; what is missing or odd; what to do where it is too many.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.
    today : str
        The day from which customers come in, where the test has not begun.

    Returns
    -------
    dict
        ``readings`` (each with what it needs in words, its share of the larger number, and whether there are enough),
        ``asks_sd``, ``odd`` (a sentence for each of the fields that cannot be read), ``missing``, ``advice``, ``visible``,
        ``method``; once the test is closed none of these, but ``needed``, a sentence.

    Examples
    --------
    >>> h = Hypothesis("H-1", "draft", baseline="30 %", direction="up", size="3", traffic="1,500/week")
    >>> [reading["needs"] for reading in hint_size(h, "2026-11-26")["readings"]]
    ['3,762 customers with the change, and as many without; 6 weeks', '41,041 customers with the change, and as many without; 55 weeks']
    """
    odd = {}
    for name in ("traffic", "customers", "sd"):
        try:
            sample_size(**{name: getattr(hypothesis, name) or None})
        except InputError as error:
            odd[name] = _sentence(str(error))
    start = hypothesis.started or today
    need = sample_size(hypothesis, start=start)
    # Both readings, though one is chosen already: the other is one click away, and what it costs is why.
    both = {one.unit: one for one in sample_size(replace(hypothesis, unit=None), start=start).choices}
    most = max((one.n_per_arm or 0 for one in both.values()), default=0)
    readings = []
    for reading in read_change(hypothesis):
        one = both.get(reading.unit)
        needs = str(one).removeprefix(f"{one.label} ({one.outcome}): ") if one else ""
        share = one.n_per_arm / most if one and one.n_per_arm else 0
        enough = one.enough if one else None
        readings.append({**reading._asdict(), "needs": needs, "share": round(share, 4), "enough": enough})
    said_already = {f"{finding.what} {finding.todo}" for finding in check_hypothesis(hypothesis)} | {*odd.values()}
    without = sample_size(replace(hypothesis, sd=None)).missing
    asked = [text for text in need.missing if text not in said_already and "two ways" not in text]
    if most and not hypothesis.traffic and not hypothesis.customers:
        asked.append(REACH_OPEN)
    lines = str(need).splitlines()
    if hypothesis.status in CLOSED:
        needed = next((_needed(reading) for reading in readings if reading["unit"] == hypothesis.unit), "")
        return {"readings": [], "asks_sd": False, "odd": {}, "missing": [], "advice": [], "visible": "", "method": "",
                "needed": needed}  # fmt: skip
    return {
        "readings": readings,
        "asks_sd": bool(hypothesis.sd) or any("standard deviation" in text for text in without),
        "odd": odd,
        "missing": asked,
        "advice": list(need.advice),
        # Where there are too few, the advice says it.
        "visible": next((line for line in lines if need.visible and need.visible in line and not need.advice), ""),
        "method": f"{need.method}." if f"{need.method}." in lines else "",
        "needed": "",
    }  # fmt: skip


def hint_metric(hypothesis: Hypothesis) -> dict[str, str]:
    """Which family a metric is of, and how soon it moves; where words alone tell, that it is a guess.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    dict
        ``said``, a sentence or two, empty without a metric and where it only flatters; ``read``, the family that is read from the
        metric, empty where no word tells; ``guess``, the words that it is guessed from, empty where the metric is called by its name.

    Examples
    --------
    >>> hint_metric(Hypothesis("H-1", "draft", metric="Activation: share of new teams that send an invoice in 7 days"))["said"]
    'A metric of activation. It moves within days of a change.'
    >>> hint_metric(Hypothesis("H-1", "draft", metric="Lists without an error"))["said"]
    'A guess, from “error”: a metric of quality and reliability. It would move within days of a change.'
    """
    reading, chosen = classify_metric(hypothesis.metric or ""), hypothesis.family
    when = "within days of a change" if reading.leading else "long after a change"
    if not hypothesis.metric or (reading.vanity and not chosen):
        said = ""
    elif chosen:
        moves = f" It moves {when}." if chosen == reading.family and not reading.guess else ""
        said = f"A metric of {chosen}, as you chose.{moves}"
    elif not reading.family:
        said = "No word of it tells which family it is of."
    elif reading.guess:
        said = f"A guess, from “{reading.guess}”: a metric of {reading.family}. It would move {when}."
    else:
        said = f"A metric of {reading.family}. It moves {when}."
    return {"said": said, "read": reading.family, "guess": reading.guess}


def hint_lock(hypothesis: Hypothesis) -> str:
    """Since when `LOCKED` is locked, and how it is unlocked; empty before the start.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> hint_lock(Hypothesis("H-1", "running", started="2026-11-20"))
    'Locked since the start on 2026-11-20; set the test back to change it.'
    """
    how = _UNLOCKS.get(hypothesis.status, "")
    if not how or (hypothesis.status == "dropped" and not hypothesis.started):
        return ""
    day = f" on {hypothesis.started}" if hypothesis.started else ""
    return f"Locked since the start{day}; {how} to change it."


def hint_start(hypothesis: Hypothesis, today: str) -> dict[str, Any]:
    """What is open before a test can start, which is what Wednesday's gate asks for.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft, with its customers counted.
    today : str
        The day on which it would start.

    Returns
    -------
    dict
        ``said``, a sentence, empty when the test can start; ``open``, the ``field`` and the ``words`` of each thing that is.

    Examples
    --------
    >>> h = Hypothesis("H-1", "draft", change="show totals", segment="bookkeepers", deadline="2027-02-26")
    >>> hint_start(h, "2026-11-26")["said"][:70]
    'The test cannot start yet. Still open: the metric, where it stands now'
    """
    steps = find_steps(replace(hypothesis, status="running", started=today))
    missing = {finding.field.partition(".")[0] for step in steps for finding in step.missing}
    found = [{"field": name, "words": words} for name, words in _FIELDS.items() if name in missing]
    named = ", ".join(one["words"] for one in found)
    return {"said": f"The test cannot start yet. Still open: {named}." if found else "", "open": found}


def hint_close(hypothesis: Hypothesis) -> str:
    """What keeps a hypothesis from being called supported or refuted; empty when nothing does.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> hint_close(Hypothesis("H-1", "running", result="32 %", believed="a", observed="b", learned="c"))
    'Before it is called supported or refuted, write what you do therefore.'
    """
    if hypothesis.status == "supported" and hypothesis.breached:
        return f"A guardrail was broken: {'; '.join(hypothesis.breached)}. It cannot be called supported."
    missing = [_ENDS[name] for name in CLOSES_WITH if not getattr(hypothesis, name)]
    return f"Before it is called supported or refuted, write {_listed(missing)}." if missing else ""


def hint_due(hypothesis: Hypothesis, today: str) -> str:
    """That the day has come on which the PM wanted to look; empty before, and where no test runs.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record.
    today : str
        The day.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> hint_due(Hypothesis("H-1", "running", deadline="2026-11-25"), "2026-11-26")
    'You wanted to look on 2026-11-25, and that day has come.'
    """
    day = hypothesis.deadline or ""
    if hypothesis.status != "running" or not is_day(day) or day > today:
        return ""
    return f"You wanted to look on {day}, and that day has come."


def hint_confidence(hypothesis: Hypothesis) -> dict[str, Any]:
    """The last word on how sure the PM was, and once the result is in what it scored.

    Parameters
    ----------
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    dict
        ``said``, a sentence or two, and ``last`` (day and per cent, empty without any).

    Examples
    --------
    >>> from workbench.records import Confidence
    >>> h = Hypothesis("H-1", "supported", started="2026-11-20", confidence=(Confidence("2026-11-17", 70),))
    >>> hint_confidence(h)["said"]
    'You said 70 % on 2026-11-17, and it was supported: Brier score 0.09 (0 is perfect, always saying 50 % gets 0.25).'
    """
    last = hypothesis.confidence[-1] if hypothesis.confidence else None
    if hypothesis.status in ("supported", "refuted"):
        scored = score_confidence([hypothesis])
        said = " ".join(scored.left_out).replace(hypothesis.id, "It", 1)
        for row in scored.forecasts.to_dict("records"):
            came = f"{row['confidence']:g} % on {row['day']}, and it was {hypothesis.status}"
            said = f"You said {came}: Brier score {row['brier']:.2f} (0 is perfect, always saying 50 % gets 0.25)."
    elif last is None:
        said = "Written down with its day, and scored once the result is in."
    else:
        said = f"Last: {last.percent:g} % on {last.day}."
        before = [one for one in hypothesis.confidence if one.day <= (hypothesis.started or one.day)]
        if hypothesis.started and last not in before:
            kept = f"{before[-1].percent:g} % on {before[-1].day}" if before else "there was nothing yet"
            said = f"{said} What was said before the start is scored: {kept}."
    return {"said": said, "last": [last.day, f"{last.percent:g}"] if last else []}


def hint_against(themes: Themes, hypothesis: Hypothesis) -> list[dict[str, Any]]:
    """Notes that may say the opposite, the likeliest first, without those that the PM has judged.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    hypothesis : Hypothesis
        A record or a draft.

    Returns
    -------
    list of dict
        ``note``, ``why`` (the words that made it a candidate), ``inside`` (whether it is among the evidence for it).
    """
    if hypothesis.status in CLOSED or not hypothesis.evidence:
        return []
    judged = {*hypothesis.against, *hypothesis.not_against}
    found = [one for one in rank_against(themes, hypothesis, n=None) if one.note not in judged]
    # That a note tells of no trouble is too little to ask about one that the PM has put among the evidence.
    found = [one for one in found if not (one.inside and all(sign.rule.startswith("quiet") for sign in one.signs))]
    return [{"note": one.note, "why": _why(one.signs), "inside": one.inside} for one in found[:N_AGAINST]]


def hint_proposals(
    themes: Themes, hypothesis: Hypothesis, quarter: Quarter | None, where: Callable[[str], str]
) -> list[dict[str, Any]]:
    """What could be written where a card is open, each with its source.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    hypothesis : Hypothesis
        A record or a draft.
    quarter : Quarter or None
        For its metric and its numbers.
    where : function
        From a note to its file and line.

    Returns
    -------
    list of dict
        ``field``, ``words``, ``why``, ``where``; for what is `asks`, the words are a question to answer in the field.
        ``fields`` is what is written where it is taken: of a size its unit as well. None for what is locked.
    """
    if hypothesis.status in CLOSED:
        return []
    found = [
        {
            "field": proposal.field,
            "words": proposal.words,
            "why": proposal.why,
            "where": where(proposal.notes[0]) if proposal.notes else "",
            "asks": proposal.field == "slice",
            "fields": _written(proposal),
        }
        for proposal in propose(themes, hypothesis, quarter)
        if proposal.field != "problem"  # it is prose, below the fields of the file
        and not (proposal.field in LOCKED and hint_lock(hypothesis))
    ]
    found += [
        {
            "field": "logging",
            "words": words,
            "why": _sentence(why),
            "where": "",
            "asks": False,
            "fields": {"logging": words},
        }
        for words, why in offer_logging(hypothesis)
    ]
    if hypothesis.status == "running" and not hypothesis.believed:
        why = "Your own sentence, as it stands before the test."
        words = f"{hypothesis.statement}."
        found.append(
            {"field": "believed", "words": words, "why": why, "where": "", "asks": False, "fields": {"believed": words}}
        )
    return found


def _written(proposal: Proposal) -> dict[str, str]:
    if proposal.field != "size":
        return {proposal.field: proposal.words}
    size, unit = read_size(proposal.words)
    return {"size": size or ""} | ({"unit": unit} if unit else {})


def _needed(reading: dict[str, Any]) -> str:
    """What a test took, without a word on whether there were enough."""
    if not reading["share"]:
        return ""
    outcome = f" ({reading['outcome']})" if reading["outcome"] else ""
    needs = reading["needs"] if reading["enough"] is None else reading["needs"].rpartition("; ")[0]
    return f"Needed for {reading['label']}{outcome}: {needs}."


def _why(signs: tuple[Sign, ...]) -> str:
    """What the signs say, in their order; of those that overlap the longest one, of the same words the first."""
    words: dict[str, list[str]] = {}
    said: list[tuple[int, int]] = []
    for sign in sorted(signs, key=lambda sign: sign.span[0] - sign.span[1]):
        if not any(start <= sign.span[0] and sign.span[1] <= end for start, end in said):
            said.append(sign.span)
    for sign in signs:
        if sign.span in said:
            said.remove(sign.span)
            words.setdefault(_SIGNS.get(sign.rule.partition("/")[0], "it says"), []).append(sign.words.strip(" ,.;"))
    return _sentence("; ".join(f"{what}: {', '.join(f'“{one}”' for one in quoted)}" for what, quoted in words.items()))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
