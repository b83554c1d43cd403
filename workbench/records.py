"""What the PM decides, as front matter in files: the quarter and its hypotheses. Text in, records out; no disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from workbench.errors import Problem
from workbench.frontmatter import Fields, split_front_matter, split_lines

__all__ = [
    "DIRECTIONS",
    "HYPOTHESIS_FIELDS",
    "STATUSES",
    "UNITS",
    "Guardrail",
    "Hypothesis",
    "Quarter",
    "parse_hypothesis",
    "parse_quarter",
    "read_size",
]

HYPOTHESIS_FIELDS = (
    "id", "status", "theme", "change", "segment", "statement", "metric", "direction", "size", "unit", "deadline",
    "evidence", "against", "open",
)  # fmt: skip
STATUSES = ("draft", "ready", "running", "supported", "refuted", "dropped")
# "+3 %" can mean 33 or 30.9 of a hundred; the difference is a factor of ten in people needed.
UNITS = ("points", "relative %")
DIRECTIONS = ("up", "down")
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
    evidence, against : tuple of str
        Note ids.
    looked_for_against : str
        The day on which somebody looked for evidence against; empty when nobody has.
    file : str
        The record's file; empty for a draft.
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
    because: str = ""
    guardrails: tuple[Guardrail, ...] = ()
    slice: str | None = None
    decision_rule: str | None = None
    claim: str = ""
    n_customers: int | None = None
    n_customers_total: int | None = None
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    looked_for_against: str = ""
    file: str = ""

    @property
    def open(self) -> tuple[str, ...]:
        """What the PM still has to write, in the order of the sentence."""
        return tuple(name for name in _ASKED if getattr(self, name) is None)

    @property
    def statement(self) -> str:
        """The hypothesis as one sentence; what is open stands in square brackets."""
        said = {name: getattr(self, name) or f"[{name}]" for name in _ASKED}
        said["metric"] = said["metric"].partition(":")[0]  # its name, without the definition behind it
        verb = {"up": "rises", "down": "falls"}.get(self.direction or "", "[rises or falls]")
        sentence = (
            f"If we {said['change']}, for {said['segment']}, then {said['metric']} {verb} "
            f"by {said['size']} {said['unit']} by {said['deadline']}"
        )
        counted = "" if self.n_customers is None else f"{self.n_customers} of {self.n_customers_total} customers"
        if counted:
            counted += f" said something like “{self.claim}”" if self.claim else " say so in their notes"
        because = ": ".join(part for part in (counted, self.because) if part)
        return f"{sentence}, because {because}" if because else sentence

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
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Quarter:
    """The outcome that the quarter is for, and what it leaves out.

    Parameters
    ----------
    title, product, deck, owner, quarter, outcome, metric, direction, capacity : str
        As written; empty when missing. `title` heads the report, `metric` and `direction` go into drafts.
    bets, wont_do : tuple of str
        As written.
    """

    title: str = ""
    product: str = ""
    deck: str = ""
    owner: str = ""
    quarter: str = ""
    outcome: str = ""
    metric: str = ""
    direction: str = ""
    capacity: str = ""
    bets: tuple[str, ...] = ()
    wont_do: tuple[str, ...] = ()


def parse_quarter(text: str, file: str = "discovery/quarter.md") -> tuple[Quarter, list[Problem]]:
    r"""Read the quarter.

    Parameters
    ----------
    text : str
        The file's text; empty for a workspace without one.
    file : str
        Its name, for problems.

    Returns
    -------
    quarter : Quarter
        What could be read.
    problems : list of Problem
        What could not.

    Examples
    --------
    >>> parse_quarter("---\nmetric: activation\nbets: [Faster import]\n---\n")[0].bets
    ('Faster import',)
    """
    fields, _ = split_front_matter(split_lines(text), file)
    problems = list(fields.problems)
    values = {
        name: _texts(fields, name) if name in ("bets", "wont_do") else _text(fields, name)
        for name in Quarter.__dataclass_fields__
    }
    values["direction"] = _choice(fields, "direction", DIRECTIONS, file, problems) or ""
    return Quarter(**values), problems


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
    fields, _ = split_front_matter(split_lines(text), file)
    problems = list(fields.problems)
    stem = file.rsplit("/", 1)[-1].removesuffix(".md")
    size, written_unit = read_size(_text(fields, "size"))
    unit = _choice(fields, "unit", UNITS, file, problems) or written_unit
    if "%" in _text(fields, "size") and unit is None:
        what = f"size {_text(fields, 'size')!r} can be read in two ways"
        todo = "write the number alone, and  unit: points  or  unit: relative %"
        problems.append(Problem(file, fields.lines["size"], what, todo))
    return Hypothesis(
        id=_text(fields, "id") or "-".join(stem.split("-")[:2]),
        status=_choice(fields, "status", STATUSES, file, problems) or "draft",
        change=_text(fields, "change") or None,
        segment=_text(fields, "segment") or None,
        metric=_text(fields, "metric") or None,
        direction=_choice(fields, "direction", DIRECTIONS, file, problems),
        size=size,
        unit=unit,
        deadline=_text(fields, "deadline") or None,
        baseline=_text(fields, "baseline") or None,
        because=_text(fields, "because"),
        guardrails=_guardrails(fields),
        slice=_text(fields, "slice") or None,
        decision_rule=_text(fields, "decision_rule") or None,
        evidence=_texts(fields, "evidence"),
        against=_texts(fields, "against"),
        looked_for_against=_text(fields, "looked_for_against"),
        file=file,
    ), problems


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


def _text(fields: Fields, name: str) -> str:
    return _flat(fields.values.get(name))


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    value = fields.values.get(name, [])
    items = value if isinstance(value, list) else [value]
    return tuple(" ".join(item.split()) for item in items if isinstance(item, str) and item.strip())


def _guardrails(fields: Fields) -> tuple[Guardrail, ...]:
    """One a line, name: limit; without quotation marks YAML reads such a line as a mapping, which is as good."""
    value = fields.values.get("guardrails", [])
    rails = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            rails += [Guardrail(_flat(name), _flat(limit)) for name, limit in item.items()]
        else:
            name, colon, limit = f"{_flat(item)} ".rpartition(": ")
            rails.append(Guardrail(name.strip(), limit.strip()) if colon else Guardrail(limit.strip()))
    return tuple(rail for rail in rails if rail.name or rail.limit)


def _flat(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _choice(fields: Fields, name: str, known: tuple[str, ...], file: str, problems: list[Problem]) -> str | None:
    value = _text(fields, name).lower()
    if value and value not in known:
        what, todo = f"{name} {value!r} is not known", f"write one of {', '.join(known)}"
        problems.append(Problem(file, fields.lines.get(name, 1), what, todo))
    return value if value in known else None
