"""Writes docs/checks.md, one page on all rules of the linter, from the rules themselves.

.venv/bin/python tools/check_docs.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from workbench.checks import RULES, SEVERITIES
from workbench.checks.rule import Rule

PAGE = Path(__file__).parent.parent / "docs" / "checks.md"
HEAD = """\
# What `workbench check` looks for

    .venv/bin/workbench check

reads the calls, the records below `discovery/` and the readouts in `discovery/readouts/`, and says what is wrong with file and line, why
by a rule's name, and what to do. It changes nothing, asks nothing of the network, and takes about as long as reading the files does.

| | |
|---|---|
| `workbench check readout.md` | checks a readout that lies elsewhere too: Markdown, HTML, or JSON with one object a finding |
| `--today 2026-11-26` | the day that "overdue" is measured from; a build that must say the same tomorrow gives it |
| `--format json` | one object a violation: rule, severity, file, line, what, todo |
| `--format github` | annotations beside the lines of a pull request |
| `--all` | every finding, also of a rule that has more than twenty in a file |
| `--rules` | the list below, in the terminal |

An **error** makes the command end with exit code 1. A **warning** is for you to weigh. A **note** is good to know.

From Python: `wb.check("..", today="2026-11-26")` gives the same; `.violations` is a list, `.ok` says whether there is no error.

## Not to be told again

What is right as it is goes into `discovery/checks.yaml`: the file, and below it the rule and your reason.

```yaml
discovery/quarter.md:
  too-many-bets: The fourth ends this week
```

It is counted as ignored and listed with the reason. What is wrong with the list itself is said under `ignore-odd`, and cannot be ignored: an
entry without a reason, or of a rule that there is not, is an error; one that nothing needs any more is a warning.

## In git

`workbench init` adds `.github/workflows/discovery.yml`, which checks each push, and `.pre-commit-config.yaml`, with which
[pre-commit](https://pre-commit.com) checks before each commit. Neither is added to a folder that has its own.

## The rules

"""


def write_page() -> str:
    """The page as the rules have it now."""
    parts = [HEAD]
    for severity in SEVERITIES:
        rules = sorted(rule for rule in RULES.values() if rule.severity == severity)
        if rules:
            parts.append(f"### {severity.capitalize()}s\n\n| rule | why | what to do |\n|---|---|---|\n")
            parts += [_row(rule) for rule in rules]
            parts.append("\n")
    return "".join(parts).rstrip() + "\n"


def _row(rule: Rule) -> str:
    return f"| `{rule.code}` | {rule.why} | {rule.fix[:1].upper()}{rule.fix[1:]} |\n"


if __name__ == "__main__":
    PAGE.write_text(write_page(), "utf-8")
    sys.stdout.write(f"{PAGE.name}: {len(RULES)} rules\n")
