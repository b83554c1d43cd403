"""What was written elsewhere beside a workspace: its quotes, and the numbers of people in it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from workbench.checks import RULES, Case, Violation, read_case
from workbench.store import workspace

__all__ = ["Looked", "Told", "verify_readout"]

# The linter's rules on whether what is told is true; those on style and records are `workbench check`'s.
TRUTH = (
    "citation-unknown",
    "count-mismatch",
    "customers-mismatch",
    "one-number-two-values",
    "quote-misattributed",
    "quote-not-verbatim",
    "quoted-beyond-consent",
    "readout-unreadable",
)


class Looked(NamedTuple):
    """A quote, and what was found of it.

    Parameters
    ----------
    line : int
        Of the readout, from 1.
    words : str
        The quote.
    by : str
        The customer it is credited to; empty for nobody.
    found : str
        ``exact``, ``altered``, ``joined`` (from several statements), ``other`` (said by somebody else) or ``none``.
    where : str
        ``file:line`` of what was said, in the call and in its transcript; empty for ``none``.
    nearest : str
        The words there that come nearest; empty for ``none``.
    """

    line: int
    words: str
    by: str
    found: str
    where: str
    nearest: str


@dataclass(frozen=True)
class Told:
    """What came of comparing a readout with a workspace.

    Parameters
    ----------
    file : str
        The readout.
    quotes : tuple of Looked
        Every quote, in order.
    n_counts : int
        Numbers of people in it.
    n_lists : int
        Those of them that a list of customers or cited notes can be counted against.
    violations : tuple of Violation
        What is not true of it, as the linter says it.

    Examples
    --------
    >>> print(Told("weekly.md", (Looked(3, "It resets", "", "exact", "interviews/a.md:7", "It resets"),), 2, 1, ()).summary)
    1 quote: 1 exact. 2 numbers of people, 1 of them with a list; nothing differs.
    """

    file: str
    quotes: tuple[Looked, ...]
    n_counts: int
    n_lists: int
    violations: tuple[Violation, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing in it is untrue."""
        return all(one.severity != "error" for one in self.violations)

    @property
    def summary(self) -> str:
        """All of it in a line."""
        kinds = {"exact": "exact", "altered": "altered", "joined": "joined from several statements", "other": "said by somebody else", "none": "not found"}  # fmt: skip
        found = [(sum(quote.found == kind for quote in self.quotes), words) for kind, words in kinds.items()]
        said = ", ".join(f"{n} {words}" for n, words in found if n) or "none"
        quotes = f"{len(self.quotes)} quote{'s' * (len(self.quotes) != 1)}"
        n = sum(one.severity == "error" for one in self.violations)
        differs = "nothing differs" if not n else "1 thing differs" if n == 1 else f"{n} things differ"
        numbers = f"{self.n_counts} number{'s' * (self.n_counts != 1)} of people, {self.n_lists} of them with a list"
        return f"{quotes}: {said}. {numbers}; {differs}."


def verify_readout(file: str | os.PathLike[str], path: str | os.PathLike[str] | None = None) -> Told:
    """Compare what was written elsewhere with a workspace.

    Parameters
    ----------
    file : path-like
        The readout: Markdown, HTML or JSON.
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.

    Returns
    -------
    Told
        Its quotes, and what in it is not true.

    Raises
    ------
    InputError
        When there is no workspace, or the file cannot be read.
    """
    case = read_case(path, files=[file])
    place, root = Path(file).resolve(), workspace(path)
    name = place.relative_to(root).as_posix() if place.is_relative_to(root) else Path(file).as_posix()
    told = [one for one in case.readouts if one.file == name][:1]
    only = replace(case, readouts=tuple(told))
    violations = sorted(
        {
            Violation(code, RULES[code].severity, at.file, at.line, at.what, at.todo or RULES[code].fix)
            for code in TRUTH
            for at in RULES[code].find(only)
        },
        key=lambda one: (one.line, one),
    )
    findings = [finding for readout in told for finding in readout.findings]
    counts = [count for finding in findings for count in finding.counts if count.what == "people"]
    listed = [finding for finding in findings if finding.headline and (finding.customers or finding.notes)]
    return Told(
        name,
        tuple(_look_up(only)),
        len(counts),
        sum(bool(count.customers) for count in counts) + sum(not f.headline[0].customers for f in listed),
        tuple(violations),
    )


def _look_up(case: Case) -> list[Looked]:
    backing = case.backing
    rows = []
    for readout in case.readouts:
        for quote in readout.quotes:
            by = quote.by or backing.customer_of.get(backing.note(quote.ref), "")
            match = backing.look_up(quote.words, by)
            sources = match.sources
            if match.kind == "exact" and (heard := backing.heard(quote.words, by)).kind == "exact":
                sources += heard.sources  # the note's line, and the transcript's
            places = dict.fromkeys(f"{source.file}:{source.line}" for source in sources)
            rows.append(Looked(quote.line, quote.words, by, match.kind, ", ".join(places), match.nearest))
    return rows
