"""A hypothesis: if we do this, that happens, because; and what came of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workbench.errors import Problem
from workbench.frontmatter import set_fields
from workbench.records.typed import Typed, is_day, is_nothing

__all__ = [
    "DIRECTIONS",
    "FAMILIES",
    "HYPOTHESIS_FIELDS",
    "MAY_NOT_MOVE",
    "STATUSES",
    "UNITS",
    "Confidence",
    "Guardrail",
    "Hypothesis",
    "keep_agreed",
    "parse_hypothesis",
    "read_size",
    "seal_agreed",
]

HYPOTHESIS_FIELDS = (
    "id", "status", "owner", "made", "started", "closed", "theme", "change", "segment", "statement", "metric", "family", "baseline",
    "direction", "size", "unit", "deadline", "traffic", "customers", "sd", "because", "guardrails", "slice", "decision_rule", "risks", "logging", "n_customers",
    "n_customers_total", "evidence", "against", "not_against", "looked_for_against", "confidence", "reach", "impact", "effort", "bet",
    "decision", "result", "breached", "believed", "observed", "learned", "therefore", "file", "open",
)  # fmt: skip
STATUSES = ("draft", "ready", "running", "supported", "refuted", "dropped")
# "+3 %" can mean 33 or 30.9 of a hundred; the difference is a factor of ten in people needed.
UNITS = ("points", "relative %")
DIRECTIONS = ("up", "down")
# Of metrics, as the discovery method has them that this house follows.
FAMILIES = ("acquisition", "activation", "engagement and retention", "monetization", "quality and reliability")
# What a hypothesis closes with, on the learning card of Strategyzer's test cards (Osterwalder et al. 2014).
LEARNING = ("believed", "observed", "learned", "therefore")
# What a result is read by, agreed before the start.
MAY_NOT_MOVE = (
    "change",
    "segment",
    "metric",
    "baseline",
    "direction",
    "size",
    "unit",
    "deadline",
    "guardrails",
    "decision_rule",
)
_BEFORE = ("draft", "ready")
_ASKED = ("change", "segment", "metric", "direction", "size", "unit", "deadline")
# The unit may stand behind the number, as people write it: "3 pp", "3 percentage points", "3 % relative".
_WRITTEN_UNITS = {
    "points": re.compile(r"\s*(?:%|per ?cent(?:age)?)?[ -]*(?:points?|pts?|pp)\.?$", re.IGNORECASE),
    "relative %": re.compile(r"\s*(?:(?:%|per ?cent) *relative|relative *(?:%|per ?cent)?)$", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Guardrail:
    """What must not get worse, and how far it may.

    Parameters
    ----------
    name : str
        Such as "import errors reported by users".
    limit : str
        Such as "at most 2 in 1,000"; empty while it is open.

    Examples
    --------
    >>> str(Guardrail("Import errors", "at most 2 in 1,000"))
    'Import errors: at most 2 in 1,000'
    """

    name: str
    limit: str = ""

    def __str__(self) -> str:
        """The guardrail as it stands in its file: what is behind the last ": " is the limit."""
        name, limit = " ".join(self.name.split()), re.sub(r":+(?: |$)", ":", " ".join(self.limit.split())).rstrip(":")
        if limit:
            return f"{name}: {limit}"
        return f"{name}:" if ": " in name or name.endswith(":") else name


class Confidence(NamedTuple):
    """How sure the PM was of a hypothesis on a day.

    Parameters
    ----------
    day : str
        ``YYYY-MM-DD``.
    percent : float
        From 0, surely wrong, to 100, surely right.

    Examples
    --------
    >>> str(Confidence("2026-11-17", 70))
    '2026-11-17: 70 %'
    """

    day: str
    percent: float

    def __str__(self) -> str:
        return f"{self.day}: {self.percent:g} %"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """If we do this, that happens, because; with what is still open.

    Parameters
    ----------
    id : str
        ``H-`` and six hex digits; ``draft-1`` and so on for a draft.
    status : str
        One of `STATUSES`.
    theme : str
        The theme it comes from, as numbered in this run; empty for a record.
    change, segment, metric, direction, size, unit, deadline : str or None
        What only the PM can know is None until it is written. `direction` is "up" or "down", `unit` one of `UNITS`,
        `deadline` a day.
    baseline : str or None
        Where the metric stands now, such as "30 %".
    family : str or None
        The family of its metric that the PM chose, one of `FAMILIES`; None where it is only read from the metric's words.
    traffic : str or None
        Customers who would come into the test, such as "400/week", for its sample size.
    customers : str or None
        All of these customers whom there are, such as "240", where no new ones come into the test.
    sd : str or None
        For a metric that is a mean: its standard deviation between customers, in the unit of the baseline.
    because : str
        The PM's reason; empty for a draft, whose reason is its count.
    guardrails : tuple of Guardrail
        What must not get worse meanwhile.
    slice : str or None
        The thinnest slice that could prove it wrong.
    decision_rule : str or None
        What is done on which result, written before the start.
    claim : str
        Verbatim words of a customer that stand for the theme; empty for a record.
    n_customers, n_customers_total : int or None
        Distinct customers behind it, of all who count.
    risks : tuple of (str, str)
        What may go wrong where it meets other systems or limits, and who sees to it by when.
    logging : tuple of str
        What must be logged before anything is built, so that the result can be read.
    evidence, against, not_against : tuple of str
        Note ids; the last are those that the PM has looked at and that do not say the opposite.
    looked_for_against : str
        The day on which somebody looked for evidence against; empty when nobody has.
    owner : str or None
        Who sees to it.
    made, started, closed : str or None
        Days: written down, test begun, result in.
    agreed : str
        What :func:`seal_agreed` gave at the start; empty where nobody has kept it.
    confidence : tuple of Confidence
        How sure the PM was, and when; the log only grows.
    reach, impact, effort : str or None
        For the order of work, see :mod:`workbench.hypotheses.priorities`.
    bet, decision : str
        Ids of the bet that it tests and of the decision that followed.
    result : str or None
        What was measured, such as "32.1 %, 4,012 of 12,498".
    breached : tuple of str
        Guardrails that were broken, as written: a result with one is blocked, whatever it measured.
    believed, observed, learned, therefore : str or None
        The learning card that it closes with.
    file : str
        The record's file; empty for a draft.
    lines : dict of str to int
        The line of each field in that file.
    """

    id: str
    status: str
    theme: str = ""
    change: str | None = None
    segment: str | None = None
    metric: str | None = None
    direction: str | None = None
    size: str | None = None
    unit: str | None = None
    deadline: str | None = None
    baseline: str | None = None
    family: str | None = None
    traffic: str | None = None
    customers: str | None = None
    sd: str | None = None
    because: str = ""
    guardrails: tuple[Guardrail, ...] = ()
    slice: str | None = None
    decision_rule: str | None = None
    risks: tuple[tuple[str, str], ...] = ()
    logging: tuple[str, ...] = ()
    claim: str = ""
    n_customers: int | None = None
    n_customers_total: int | None = None
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    not_against: tuple[str, ...] = ()
    looked_for_against: str = ""
    owner: str | None = None
    made: str | None = None
    started: str | None = None
    closed: str | None = None
    agreed: str = ""
    confidence: tuple[Confidence, ...] = ()
    reach: str | None = None
    impact: str | None = None
    effort: str | None = None
    bet: str = ""
    decision: str = ""
    result: str | None = None
    breached: tuple[str, ...] = ()
    believed: str | None = None
    observed: str | None = None
    learned: str | None = None
    therefore: str | None = None
    file: str = ""
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def open(self) -> tuple[str, ...]:
        """What the PM still has to write, in the order of the sentence."""
        return tuple(name for name in _ASKED if getattr(self, name) is None)

    @property
    def has_moved(self) -> bool:
        """Whether what was agreed at the start is not what stands there now; False where nobody has kept it."""
        return bool(self.agreed) and self.agreed != seal_agreed(self)

    @property
    def statement(self) -> str:
        """The hypothesis as one sentence; what is open stands in square brackets."""
        said = {name: getattr(self, name) or f"[{name}]" for name in _ASKED}
        said["metric"] = said["metric"].partition(":")[0]  # its name, without the definition behind it
        verb = {"up": "rises", "down": "falls"}.get(self.direction or "", "[rises or falls]")
        relative = UNITS[1]
        change = f"{said['size']} % (relative)" if self.unit == relative else f"{said['size']} {said['unit']}"
        sentence = (
            f"If we {said['change']}, for {said['segment']}, then {said['metric']} {verb} "
            f"by {change} by {said['deadline']}"
        )
        if self.n_customers is None:
            return f"{sentence}, because {self.because}" if self.because else sentence
        counted = f"{self.n_customers} of {self.n_customers_total} customers"
        if not self.because:
            spoke = f"said something like “{self.claim}”" if self.claim else "speak of it"
            return f"{sentence}, because {counted} {spoke}"
        # What the PM thinks is not what customers said, so that it stands apart.
        return f"{sentence}, because {self.because}; {counted} speak of it"

    def to_dict(self) -> dict[str, Any]:
        """The fields of `HYPOTHESIS_FIELDS`, ready for JSON.

        Returns
        -------
        dict
            None for what is open.

        Examples
        --------
        >>> Hypothesis("draft-1", "draft", metric="activation").to_dict()["open"]
        ['change', 'segment', 'direction', 'size', 'unit', 'deadline']
        """
        values = {name: getattr(self, name) for name in HYPOTHESIS_FIELDS}
        return {
            name: [str(item) for item in value] if isinstance(value, tuple) else value for name, value in values.items()
        }


def parse_hypothesis(text: str, file: str) -> tuple[Hypothesis, list[Problem]]:
    r"""Read a hypothesis record.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name, for problems; its head gives the id when the front matter does not.

    Returns
    -------
    hypothesis : Hypothesis
        What could be read; what is missing is open.
    problems : list of Problem
        What could not, with what is accepted.

    Examples
    --------
    >>> text = "---\nid: H-3fa9c1\nchange: pre-load templates\nsize: 3\nunit: points\n---\n"
    >>> parse_hypothesis(text, "H-3fa9c1-x.md")[0].open
    ('segment', 'metric', 'direction', 'deadline')
    """
    record = Typed(text, file)
    size, written_unit = read_size(record.text("size"))
    unit = record.choice("unit", UNITS) or written_unit
    if "%" in record.text("size") and unit is None:
        what = f"size {record.text('size')!r} can be read in two ways"
        record.odd("size", what, "write the number alone, and  unit: points  or  unit: relative %")
    plain = ("change", "segment", "metric", "deadline", "baseline", "traffic", "customers", "sd", "slice", "decision_rule", "owner",
             "reach", "impact", "effort", "result", *LEARNING)  # fmt: skip
    return Hypothesis(
        id=record.id("H"),
        status=record.choice("status", STATUSES) or "draft",
        direction=record.choice("direction", DIRECTIONS),
        family=record.choice("family", FAMILIES),
        size=size,
        unit=unit,
        because=record.text("because"),
        guardrails=tuple(
            Guardrail(name, limit) if name else Guardrail("", limit) for name, limit in record.pairs("guardrails")
        ),
        risks=record.pairs("risks"),
        logging=record.texts("logging"),
        breached=tuple(item for item in record.texts("breached") if not is_nothing(item)),
        evidence=record.texts("evidence"),
        against=record.texts("against"),
        not_against=record.texts("not_against"),
        looked_for_against=record.text("looked_for_against"),
        agreed=record.text("agreed"),
        made=record.day("made"),
        started=record.day("started"),
        closed=record.day("closed"),
        confidence=_confidence(record),
        bet=record.text("bet"),
        decision=record.text("decision"),
        file=file,
        lines=record.lines,
        **{name: record.text(name) or None for name in plain},
    ), record.problems


def keep_agreed(old: str, new: str, file: str) -> str:
    r"""A changed record's text, with what was agreed kept where its test begins, and let go of where it is set back.

    Parameters
    ----------
    old, new : str
        The text before and after the change; `old` is empty for a new record.
    file : str
        Its name.

    Returns
    -------
    str
        `new`, with its field ``agreed`` set or taken out; as it is where the status has not changed so.

    Examples
    --------
    >>> text = "---\nid: H-3fa9c1\nstatus: {}\nsize: 3\n---\n"
    >>> kept = keep_agreed(text.format("ready"), text.format("running"), "H-3fa9c1-x.md")
    >>> parse_hypothesis(kept, "H-3fa9c1-x.md")[0].has_moved
    False
    >>> parse_hypothesis(kept.replace("size: 3", "size: 2"), "H-3fa9c1-x.md")[0].has_moved
    True
    """
    now = parse_hypothesis(new, file)[0]
    was = parse_hypothesis(old, file)[0].status if old else "draft"
    if now.status == "running" and was in _BEFORE:
        return set_fields(new, {"agreed": seal_agreed(now)})
    if now.status in _BEFORE and was not in _BEFORE and now.agreed:
        return set_fields(new, {"agreed": None})
    return new


def seal_agreed(hypothesis: Hypothesis) -> str:
    """What stands for the fields that may not move once a test has begun.

    Parameters
    ----------
    hypothesis : Hypothesis
        The hypothesis, whatever its status.

    Returns
    -------
    str
        Eight hex digits; the same as long as `MAY_NOT_MOVE` say the same, however they are spaced.

    Examples
    --------
    >>> one, two = (Hypothesis("H-1", "running", metric="Activation", deadline=day) for day in ("2027-02-26", "2027-03-26"))
    >>> seal_agreed(one) == seal_agreed(one), seal_agreed(one) == seal_agreed(two)
    (True, False)
    """
    said = []
    for name in MAY_NOT_MOVE:
        value = getattr(hypothesis, name) or ""
        texts = [str(one) for one in value] if isinstance(value, tuple) else [value]
        said.append("\n".join(" ".join(text.split()) for text in texts))
    return hashlib.sha256("\n\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _confidence(record: Typed) -> tuple[Confidence, ...]:
    """One a line, day: per cent, oldest first."""
    log = []
    for day, behind in record.pairs("confidence"):
        found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?%?", behind)
        if is_day(day) and found and float(found[1]) <= 100:
            log.append(Confidence(day, float(found[1])))
        else:
            what = f"confidence {f'{day}: {behind}'.strip(': ')!r} is no day with a per cent"
            record.odd("confidence", what, "write one a line, such as  - 2026-11-17: 70 %")
    return tuple(sorted(log, key=lambda one: one.day))


def read_size(written: str) -> tuple[str | None, str | None]:
    """The size of a change and its unit, as far as they are written.

    Parameters
    ----------
    written : str
        What stands under ``size``.

    Returns
    -------
    size : str or None
        Without its plus and its per cent.
    unit : str or None
        One of `UNITS`; None where nothing says which.

    Examples
    --------
    >>> read_size("+3 %"), read_size("3 percentage points"), read_size("-3 % relative")
    (('3', None), ('3', 'points'), ('-3', 'relative %'))
    """
    for unit, pattern in _WRITTEN_UNITS.items():
        if found := pattern.search(written):
            return written[: found.start()].strip("%+ ") or None, unit
    return written.strip("%+ ") or None, None
