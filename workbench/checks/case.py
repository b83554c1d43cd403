"""What is checked: a workspace as it was read, what others were told, and the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from workbench.customers import split_who

if TYPE_CHECKING:
    from workbench.checks.backing import Backing
    from workbench.notes import Call
    from workbench.readouts import Readout
    from workbench.study import Study

__all__ = ["Case", "Voice"]


class Voice(NamedTuple):
    """A note as evidence: whose it is and whether it counts.

    Parameters
    ----------
    customer, segment, call, file, text : str
        As in the notes' table.
    line : int
        From 1.
    consent : str
        One of the levels.
    counts : bool
        Whether it is evidence: no take of the PM's own, and of a customer who is not left out.
    """

    customer: str
    segment: str
    call: str
    file: str
    line: int
    text: str
    consent: str
    counts: bool


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
    calls : tuple of Call
        The calls with their source text; empty where there is no readout to compare with them.
    heads : dict of str to str
        The first letters of each call's file, by file.
    transcripts : dict of str to str
        The first letters of each file in ``interviews/transcripts/``, by file.
    spoken : dict of str to str
        The whole text of those transcripts that are text, by file; empty where there is no readout that may quote them.
    """

    study: Study
    today: date
    readouts: tuple[Readout, ...] = ()
    calls: tuple[Call, ...] = ()
    heads: dict[str, str] = field(default_factory=dict)
    transcripts: dict[str, str] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)

    @cached_property
    def voices(self) -> dict[str, Voice]:
        """Every note by its id."""
        notes = self.study.notes
        kept = (notes["excluded"].astype(str) == "") & (notes["consent"].astype(str) != "none")
        counts = kept & (notes["kind"].astype(str) != "take")
        columns = ["customer", "segment", "call", "file", "line", "text", "consent"]
        rows = zip(*[notes[name].tolist() for name in columns], counts.tolist(), strict=True)
        return dict(zip(notes["note"].tolist(), [Voice(*row) for row in rows], strict=True))

    @cached_property
    def backing(self) -> Backing:
        """What readouts are compared with."""
        from workbench.checks.backing import Backing

        return Backing(self.study, self.calls, self.spoken)

    @cached_property
    def n_customers(self) -> int:
        """Customers who count and said something."""
        return len({voice.customer for voice in self.voices.values() if voice.counts})

    @cached_property
    def people(self) -> dict[str, str]:
        """Names of listed people, and of those whom calls name: name -> customer."""
        rows = zip(self.study.customers["customer"], self.study.customers["people"], strict=True)
        return {split_who(person)[0] or person: customer for customer, people in rows for person in people}

    def customers_of(self, notes: Iterable[str]) -> set[str]:
        """The distinct customers behind some notes, of those notes that count."""
        return {self.voices[note].customer for note in notes if note in self.voices and self.voices[note].counts}
