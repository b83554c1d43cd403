"""What is checked: a workspace as it was read, what others were told, and the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.customers import count_customers, is_evidence
from workbench.frontmatter import split_front_matter, split_lines
from workbench.hypotheses import check_hypothesis

if TYPE_CHECKING:
    import pandas as pd

    from workbench.checks.backing import Backing
    from workbench.hypotheses import Finding
    from workbench.readouts import Readout
    from workbench.recorded import Beside, Recorded
    from workbench.records import Hypothesis
    from workbench.study import Study

__all__ = ["HEAD", "Case"]

# In so many letters a call or a transcript says whose and of which day it is.
HEAD = 2000


@dataclass(frozen=True)
class Case:
    """What is checked.

    Parameters
    ----------
    study : Study
        The workspace, from :func:`workbench.read_study`.
    today : datetime.date
        The day that "overdue" is measured from.
    readouts : tuple of Readout
        What others were told.
    sources : dict of str to str
        The text of each call, by file; of a table of notes there is none, since its rows are notes and nothing else.
    transcripts : dict of str to str
        The first letters of each file in ``interviews/transcripts/``, by file.
    beside : tuple of Beside
        The calls that have a transcript, and a note or somebody of us, beside it.
    recorded : tuple of Recorded
        All calls that have a transcript, with all of it; empty where there is no readout that may quote them.
    unread : dict of str to str
        Why a transcript cannot be read, by file.
    """

    study: Study
    today: date
    readouts: tuple[Readout, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
    transcripts: dict[str, str] = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    unread: dict[str, str] = field(default_factory=dict)

    @cached_property
    def begun(self) -> list[tuple[Hypothesis, list[Finding]]]:
        """Hypotheses that are meant to be tested, or were, with what is wrong with each; a draft may have holes."""
        counted = [
            replace(one, n_customers=len(self.customers_of(one.evidence)), n_customers_total=self.n_customers)
            for one in self.study.hypotheses
            if one.status not in ("draft", "dropped")
        ]
        return [(one, check_hypothesis(one)) for one in counted]

    @cached_property
    def calls(self) -> pd.DataFrame:
        """The calls that are files of their own; in a table of notes are many, which have no name, day or transcript of a file."""
        return self.study.calls[self.study.calls["line"] == 0]

    @cached_property
    def customer_of(self) -> dict[str, str]:
        """The customer of every note, by its id."""
        notes = self.study.notes
        return dict(zip(notes["note"].tolist(), notes["customer"].tolist(), strict=True))

    @cached_property
    def day_of(self) -> dict[str, str]:
        """The day of every note's call, ``YYYY-MM-DD`` or empty, by the note's id."""
        notes = self.study.notes
        days = ["" if day is None or day != day else f"{day:%Y-%m-%d}" for day in notes["date"].tolist()]
        return dict(zip(notes["note"].tolist(), days, strict=True))

    @cached_property
    def counting(self) -> frozenset[str]:
        """The notes that are evidence: no take of the PM's own, and of customers who are not left out."""
        notes = self.study.notes
        return frozenset(notes.loc[is_evidence(notes), "note"])

    @cached_property
    def broken(self) -> frozenset[str]:
        """The records whose front matter is no YAML, so that some of their fields are not known."""
        files = {problem.file for problem in self.study.problems} & set(self.study.texts)
        texts = self.study.texts
        return frozenset(file for file in files if split_front_matter(split_lines(texts[file]), file)[0].broken)

    @cached_property
    def odd_lines(self) -> frozenset[tuple[str, int]]:
        """Files and lines of fields that could not be read; line 1 is the file's as a whole."""
        return frozenset((problem.file, problem.line) for problem in self.study.problems if problem.line > 1)

    @cached_property
    def backing(self) -> Backing:
        """What readouts are compared with."""
        from workbench.checks.backing import Backing

        return Backing(self.study, self.sources, self.recorded)

    @cached_property
    def n_customers(self) -> int:
        """Customers who count, as the themes count them."""
        return count_customers(self.study.notes)

    def customers_of(self, notes: Iterable[str]) -> set[str]:
        """The distinct customers behind some notes, of those notes that count."""
        return {self.customer_of[note] for note in notes if note in self.counting}
