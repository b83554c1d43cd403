"""All rules on one workspace: from what was read to what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from workbench.checks.case import Case
from workbench.checks.ignores import Ignore, set_aside
from workbench.checks.rule import RULES, SEVERITIES, Violation, sentence

__all__ = ["Checked", "check_case"]

# The rules that look at what records' fields hold, not at the text.
_ON_FIELDS = tuple(f"workbench.checks.{name}_rules" for name in ("bet", "decision", "hypothesis", "record", "week"))
TABLE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""\
<div class="wb-checked">
<p><strong>{{ checked.summary }}</strong></p>
{% if checked.violations %}
<table>
<thead><tr><th>Where</th><th></th><th>What is wrong</th><th>What to do</th></tr></thead>
<tbody>
{% for one in checked.violations %}
<tr><td style="text-align: left; vertical-align: top"><code>{{ one.file }}:{{ one.line }}</code></td>
<td style="text-align: left; vertical-align: top">{{ one.severity }}</td>
<td style="text-align: left; vertical-align: top"><bdi>{{ one.what }}</bdi><br><small>{{ one.rule }}</small></td>
<td style="text-align: left; vertical-align: top">{{ sentence(one.todo) }}</td></tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% for one, ignore in checked.ignored %}
<p><small>Ignored: <code>{{ one.file }}:{{ one.line }}</code> <bdi>{{ one.what }}</bdi> ({{ ignore.why }})</small></p>
{% endfor %}
</div>
""")


@dataclass(frozen=True)
class Checked:
    """What the rules found.

    Parameters
    ----------
    violations : tuple of Violation
        By file and line.
    ignored : tuple of (Violation, Ignore)
        What the PM has decided not to hear about, and why.
    tables : tuple of str
        Of each table of notes how many rows stand in it and how many notes they gave.

    Examples
    --------
    >>> Checked((), ()).ok
    True
    """

    violations: tuple[Violation, ...]
    ignored: tuple[tuple[Violation, Ignore], ...]
    tables: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.count("error")

    def count(self, severity: str) -> int:
        """How many violations of a severity there are.

        Parameters
        ----------
        severity : str
            One of `workbench.checks.SEVERITIES`.

        Returns
        -------
        int
            Ignored ones are not counted.
        """
        return sum(one.severity == severity for one in self.violations)

    def __str__(self) -> str:
        """Each violation on a line, and how many there are."""
        return "\n".join([*map(str, self.violations), self.summary])

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, str]]:
        # It is the PM's own: marked so, the exporter leaves it behind without a word.
        return {"text/plain": str(self), "text/html": TABLE.render(checked=self, sentence=sentence)}, {
            "workbench": "still"
        }

    @property
    def summary(self) -> str:
        """How many violations there are, in one line."""
        counts = [(self.count(severity), severity) for severity in SEVERITIES]
        parts = [f"{n} {severity}{'' if n == 1 else 's'}" for n, severity in counts if n]
        said = ", ".join(parts) if parts else "Nothing to mend"
        return f"{said}; {len(self.ignored)} ignored" if self.ignored else said


def check_case(case: Case, ignores: Sequence[Ignore] = (), odd: Sequence[Violation] = ()) -> Checked:
    """Apply every rule.

    Parameters
    ----------
    case : Case
        A workspace as read.
    ignores, odd : sequence of Ignore, sequence of Violation
        From :func:`workbench.checks.ignores.parse_ignores`.

    Returns
    -------
    Checked
        The same for the same files and day, whatever their order.
    """
    found = {
        Violation(rule.code, rule.severity, at.file, at.line, at.what, at.todo or rule.fix)
        for rule in RULES.values()
        for at in rule.find(case)
    }
    found = {violation for violation in found if not _follows(violation, case)}
    kept, ignored, stale = set_aside(sorted(found, key=_order), list(ignores))
    return Checked(tuple(sorted([*kept, *odd, *stale], key=_order)), tuple(ignored), case.study.tables)


def _follows(violation: Violation, case: Case) -> bool:
    """Whether it may be there only because a field, or all fields of a record, could not be read, which is said already."""
    if violation.rule in ("record-unreadable", "call-odd") or RULES[violation.rule].find.__module__ not in _ON_FIELDS:
        return False
    return violation.file in case.broken or (violation.file, violation.line) in case.odd_lines


def _order(violation: Violation) -> tuple[str, int, int, str, str]:
    return (
        violation.file,
        violation.line,
        SEVERITIES.index(violation.severity),
        violation.rule,
        violation.what,
    )
