"""The discovery linter: what keeps a workspace's claims from being true, testable and fair.

One rule a function, one code a rule. Each file of rules is about one thing; importing them here makes them known. A rule
takes a :class:`Case` and yields where it found its defect. To add one, write its function in the file that it belongs to,
a fixture in ``tests/defects/`` that it must find, and run ``tools/check_docs.py``, which writes ``docs/checks.md``.
"""

from workbench.checks import (  # noqa: F401 - their rules are known once they are imported
    bet_rules,
    call_rules,
    decision_rules,
    hypothesis_rules,
    readout_rules,
    record_rules,
    recorded_rules,
    text_rules,
    week_rules,
)
from workbench.checks.case import Case
from workbench.checks.check import Checked, check_case
from workbench.checks.ignores import IGNORES_FILE, Ignore, parse_ignores
from workbench.checks.read import READOUTS, check, read_case
from workbench.checks.rule import RULES, SEVERITIES, At, Rule, Violation, rule

__all__ = [
    "IGNORES_FILE",
    "READOUTS",
    "RULES",
    "SEVERITIES",
    "At",
    "Case",
    "Checked",
    "Ignore",
    "Rule",
    "Violation",
    "check",
    "check_case",
    "parse_ignores",
    "read_case",
    "rule",
]
