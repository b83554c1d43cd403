"""What keeps a hypothesis from being tested, and from being closed: one rule a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from workbench.hypotheses.metrics import classify_metric
from workbench.hypotheses.readings import MINUS, NUMBER, read_number
from workbench.records import Hypothesis
from workbench.records.hypothesis import LEARNING
from workbench.records.typed import is_day

__all__ = ["PARTS", "RULES", "Finding", "check_hypothesis", "count_parts"]


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

_VAGUE = re.compile(
    r"\b(?:better|easier|easy|simpler|simplif\w+|smoother|seamless\w*|nicer|intuitive\w*|user[- ]friendly|friendlier|"
    r"clearer|improv\w+|enhanc\w+|optimi[sz]\w+|streamlin\w+|moderni[sz]\w+|delight\w*|robust\w*|revamp\w*|overhaul\w*)\b",
    re.IGNORECASE,
)
_EVERYONE = re.compile(
    r"(?:everyone|everybody|anyone|(?:all|our|the)?\s*(?:users|customers|people|teams))\.?", re.IGNORECASE
)


# "v2" and "Q3" are names; "none", "zero errors" and "no lost rows" are amounts where nothing else stands beside them.
_AMOUNT = re.compile(r"(?<![^\W_])\d")
_NOTHING = re.compile(r"(?:(?:none|zero)(?: [\w-]+){0,3}|no(?: [\w-]+){1,3})\.?", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:than|as|more|less|fewer|worse|better|higher|lower|greater|bigger|larger|slower|faster|longer|later|now|before)\b",
    re.IGNORECASE,
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


def _metric_vanity(h: Hypothesis) -> Iterator[Finding]:
    reading = classify_metric(h.metric or "")
    if reading.vanity:
        what, _, todo = reading.why.partition(". ")
        yield Finding("metric-vanity", "metric", f"{what}.", todo, False)


def _baseline_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.baseline:
        todo = "Write where the metric stands now: nobody sees a change without it."
        yield Finding("baseline-open", "baseline", "No baseline.", todo)


def _baseline_number(h: Hypothesis) -> Iterator[Finding]:
    if h.baseline and not NUMBER.search(h.baseline):
        yield Finding("baseline-number", "baseline", "The baseline has no number.", "Write one, such as  30 %.")


def _direction_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.direction:
        yield Finding("direction-open", "direction", "No direction.", "Choose whether the metric rises or falls.")


def _size_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.size:
        yield Finding("size-open", "size", "No size.", "Write the smallest change worth the work, such as  3.")


def _size_number(h: Hypothesis) -> Iterator[Finding]:
    if h.size and read_number(h.size) is None:
        yield Finding("size-number", "size", f"“{_capital(h.size)}” is no number.", "Write one number, such as  3.")


def _size_sign(h: Hypothesis) -> Iterator[Finding]:
    if h.size and h.size[:1] in f"-{MINUS}–" and read_number(h.size) is not None:
        yield Finding("size-sign", "size", "Minus says it twice.", "Choose  falls  and write the number alone.")


def _unit_open(h: Hypothesis) -> Iterator[Finding]:
    if h.size and not h.unit and read_number(h.size) is not None:
        yield Finding("unit-open", "unit", "It can mean two things.", "Choose points or relative %.")


def _deadline_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.deadline:
        yield Finding(
            "deadline-open", "deadline", "No deadline.", "Write the day on which you look, such as  2027-02-26."
        )


def _deadline_day(h: Hypothesis) -> Iterator[Finding]:
    if h.deadline and not is_day(h.deadline):
        what = f"“{_capital(h.deadline)}” is no day."
        yield Finding("deadline-day", "deadline", what, "Write it as year, month, day: 2027-02-26.")


def _deadline_early(h: Hypothesis) -> Iterator[Finding]:
    started = h.started or ""
    if is_day(h.deadline or "") and is_day(started) and h.deadline <= started:
        what = f"It ends on {h.deadline}, and started on {started}."
        yield Finding("deadline-early", "deadline", what, "Write a day after the start, on which you look.")


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
        nothing = _NOTHING.fullmatch(rail.limit) and not _COMPARED.search(rail.limit)
        if not nothing and not _AMOUNT.search(rail.limit):
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
    if found and not NUMBER.search(h.decision_rule or ""):
        what = f"“{_capital(found[0])}” by how much?"
        yield Finding(
            "decision-vague", "decision_rule", what, "Write the number at which you ship, and at which you stop."
        )


def _decision_number(h: Hypothesis) -> Iterator[Finding]:
    rule = h.decision_rule or ""
    if rule and not NUMBER.search(rule) and not _VAGUE.search(rule):
        todo = "Write the one at which you ship, and the one at which you stop."
        yield Finding("decision-number", "decision_rule", "At which number?", todo, False)


def _owner_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.owner and h.status not in ("draft", "dropped"):
        yield Finding("owner-open", "owner", "No owner.", "Write the one name of who sees to it.", False)


def _logging_open(h: Hypothesis) -> Iterator[Finding]:
    if not h.logging and h.status != "dropped":
        todo = "Write one line for each thing that the result is read from."
        yield Finding("logging-open", "logging", "Nothing is logged yet.", todo, False)


def _running_open(h: Hypothesis) -> Iterator[Finding]:
    """What must stand before the start; each part that is open has its own rule, which blocks."""
    needed = {
        "decision rule": h.decision_rule,
        "baseline": h.baseline,
        "guardrail": h.guardrails,
        "what is logged": h.logging,
        "start": h.started,
    }
    missing = [name for name, value in needed.items() if not value]
    if h.status == "running" and missing:
        what = f"It is running without {_listed(missing)}."
        todo = "What is written after the start bends to the result. Set it back to ready, write it, and start."
        yield Finding("running-open", "status", what, todo, False)


def _breach_supported(h: Hypothesis) -> Iterator[Finding]:
    if h.status == "supported" and h.breached:
        what = f"It is supported, and a guardrail was broken: {_listed(h.breached)}."
        todo = "A gain that is paid for elsewhere is none: set it to refuted, or test it again with the harm mended."
        yield Finding("breach-supported", "breached", what, todo)


def _learning_open(h: Hypothesis) -> Iterator[Finding]:
    missing = [name for name in ("result", *LEARNING) if not getattr(h, name)]
    if h.status in ("supported", "refuted") and missing:
        words = {"result": "a measured result"}
        what = f"It is {h.status} without {_listed([words.get(name, f'“{name}”') for name in missing])}."
        todo = "Write what was measured, and the learning card: what you believed, observed, learned, and do therefore."
        yield Finding("learning-open", missing[0], what, todo)


RULES: tuple[Callable[[Hypothesis], Iterator[Finding]], ...] = (
    _change_open, _change_vague, _segment_open, _segment_everyone, _metric_open, _metric_vanity, _baseline_open, _baseline_number,
    _direction_open, _size_open, _size_number, _size_sign, _unit_open, _deadline_open, _deadline_day, _deadline_early, _evidence_none,
    _evidence_one, _against_unlooked, _guardrails_none, _guardrail_name, _guardrail_limit, _slice_open, _decision_open, _decision_vague,
    _decision_number, _owner_open, _logging_open, _running_open, _breach_supported, _learning_open,
)  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
