"""What the PM has decided not to hear about: ``discovery/checks.yaml``, a rule and a reason a file."""

from __future__ import annotations

from typing import NamedTuple

from workbench.checks.rule import RULES, Violation
from workbench.frontmatter import parse_yaml

__all__ = ["IGNORES_FILE", "Ignore", "parse_ignores", "set_aside"]

IGNORES_FILE = "discovery/checks.yaml"
# What these say is about the list itself.
_ON_IGNORES = "ignore-odd"


class Ignore(NamedTuple):
    r"""One rule that does not apply to one file.

    Parameters
    ----------
    file : str
        Relative to the workspace.
    rule : str
        The rule's code.
    why : str
        The PM's reason.
    line : int
        Its line in ``discovery/checks.yaml``.

    Examples
    --------
    >>> text = "discovery/quarter.md:\n  too-many-bets: The fourth ends this week\n"
    >>> parse_ignores(text)[0][0].why
    'The fourth ends this week'
    """

    file: str
    rule: str
    why: str
    line: int


def parse_ignores(text: str) -> tuple[list[Ignore], list[Violation]]:
    r"""Read the list.

    Parameters
    ----------
    text : str
        The file's text; empty for a workspace without one.

    Returns
    -------
    ignores : list of Ignore
        What holds.
    violations : list of Violation
        What of it cannot be read, names no rule, or gives no reason; that holds nothing back.

    Examples
    --------
    >>> print(parse_ignores("discovery/quarter.md:\n  too-many-bets:\n")[1][0])
    discovery/checks.yaml:2: error: 'too-many-bets' is ignored without a reason; write why behind the colon [ignore-odd]
    """
    fields = parse_yaml(text, IGNORES_FILE)
    ignores, odd = [], []
    for problem in fields.problems:
        odd.append(Violation(_ON_IGNORES, "error", IGNORES_FILE, problem.line, problem.what, problem.todo))
    for file, rules in () if fields.broken else fields.values.items():
        line = fields.lines.get(file, 1)
        if file == "version":
            continue
        if not isinstance(rules, dict):
            todo = (
                "write the file, and below it, indented, a rule and why, such as  too-many-bets: the fourth ends today"
            )
            odd.append(Violation(_ON_IGNORES, "error", IGNORES_FILE, line, f"no rule below {file!r}", todo))
            continue
        for code, why in rules.items():
            at = fields.lines.get(f"{file}.{code}", line)
            if code not in RULES:
                what, todo = f"there is no rule {code!r}", "write a code that workbench check prints in brackets"
            elif not (isinstance(why, str) and why.strip()):
                what, todo = f"{code!r} is ignored without a reason", "write why behind the colon"
            else:
                # As a file manager or a Windows command line writes it.
                path = file.replace("\\", "/").removeprefix("./")
                ignores.append(Ignore(path, code, " ".join(why.split()), at))
                continue
            odd.append(Violation(_ON_IGNORES, "error", IGNORES_FILE, at, what, todo))
    return ignores, odd


def set_aside(
    violations: list[Violation], ignores: list[Ignore]
) -> tuple[list[Violation], list[tuple[Violation, Ignore]], list[Violation]]:
    """What is left when the ignored is set aside.

    Parameters
    ----------
    violations : list of Violation
        What the rules found.
    ignores : list of Ignore
        From :func:`parse_ignores`.

    Returns
    -------
    kept : list of Violation
        What still holds.
    ignored : list of (Violation, Ignore)
        What does not, and why.
    stale : list of Violation
        Ignores that nothing needs any more.

    Examples
    --------
    >>> found = Violation("too-many-bets", "error", "discovery/quarter.md", 3, "the quarter has 4 bets", "keep three")
    >>> kept, ignored, stale = set_aside([found], [Ignore("discovery/quarter.md", "too-many-bets", "ends today", 2)])
    >>> kept, len(ignored), stale
    ([], 1, [])
    """
    by_place = {(ignore.file, ignore.rule): ignore for ignore in ignores}
    kept = [one for one in violations if (one.file, one.rule) not in by_place]
    ignored = [(one, by_place[one.file, one.rule]) for one in violations if (one.file, one.rule) in by_place]
    used = {ignore for _, ignore in ignored}
    stale = [
        Violation(_ON_IGNORES, "warning", IGNORES_FILE, ignore.line, f"{ignore.rule!r} is not found in {ignore.file}",
                  "take the line out")
        for ignore in ignores if ignore not in used
    ]  # fmt: skip
    return kept, ignored, stale
