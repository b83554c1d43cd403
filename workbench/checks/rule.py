"""What a rule is: a function that finds one kind of defect, with its code, how bad it is, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from workbench.checks.case import Case

__all__ = ["RULES", "SEVERITIES", "At", "Rule", "Violation", "rule", "sentence"]

# An error makes the check fail. A warning is for the PM to weigh. A note only says what is good to know.
SEVERITIES = ("error", "warning", "note")


class At(NamedTuple):
    """Where a rule found its defect.

    Parameters
    ----------
    file : str
        Relative to the workspace.
    line : int
        From 1.
    what : str
        What is wrong there, with the user's own text; no full stop.
    todo : str
        What to do, where the rule's own fix is not the best that can be said; no full stop.
    """

    file: str
    line: int
    what: str
    todo: str = ""


class Violation(NamedTuple):
    """A defect that a rule found.

    Parameters
    ----------
    rule : str
        The rule's code.
    severity : str
        One of `SEVERITIES`.
    file, line, what, todo : str, int, str, str
        As in :class:`At`; `todo` is never empty.

    Examples
    --------
    >>> print(Violation("wont-do-empty", "error", "discovery/quarter.md", 12, "nothing is left out", "write one"))
    discovery/quarter.md:12: error: nothing is left out; write one [wont-do-empty]
    """

    rule: str
    severity: str
    file: str
    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.what}; {self.todo} [{self.rule}]"


class Rule(NamedTuple):
    """One rule of the linter; made by :func:`rule`.

    Parameters
    ----------
    code : str
        Its name, which lasts: words joined by dashes.
    severity : str
        One of `SEVERITIES`.
    why : str
        One sentence: what goes wrong without the rule.
    fix : str
        What to do; no full stop.
    find : function
        From a :class:`~workbench.checks.case.Case` to the places.
    """

    code: str
    severity: str
    why: str
    fix: str
    find: Callable[[Case], Iterator[At]]


RULES: dict[str, Rule] = {}


def sentence(todo: str) -> str:
    """What to do as a sentence of its own.

    Parameters
    ----------
    todo : str
        As in a rule's `fix`.

    Returns
    -------
    str
        With a capital; what ends in a field to fill in gets no full stop, which would be taken for a part of it.

    Examples
    --------
    >>> sentence("mend it"), sentence("move the others to  next:")
    ('Mend it.', 'Move the others to  next:')
    """
    return f"{todo[:1].upper()}{todo[1:]}{'' if todo.endswith(':') else '.'}"


def rule(code: str, severity: str, *, why: str, fix: str) -> Callable[..., Callable[[Case], Iterator[At]]]:
    """Make a function a rule of the linter.

    Parameters
    ----------
    code, severity, why, fix : str
        See :class:`Rule`.

    Returns
    -------
    function
        A decorator that gives the function back as it was.

    Raises
    ------
    ValueError
        When the code is taken, or the severity is none.

    Examples
    --------
    >>> rule("x", "fatal", why="", fix="")
    Traceback (most recent call last):
    ValueError: severity must be one of error, warning, note, got 'fatal'
    """
    if severity not in SEVERITIES:
        raise ValueError(f"severity must be one of {', '.join(SEVERITIES)}, got {severity!r}")
    if code in RULES:
        raise ValueError(f"two rules have the code {code!r}; give one another")

    def register(find: Callable[[Case], Iterator[At]]) -> Callable[[Case], Iterator[At]]:
        RULES[code] = Rule(code, severity, why, fix, find)
        return find

    return register
