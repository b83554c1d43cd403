"""Which decisions stand on less today than they did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.customers import count_customers, is_evidence
from workbench.report.cite import first_few, plural
from workbench.rituals.decisions import cite_behind

if TYPE_CHECKING:
    from workbench.study import Study

__all__ = ["Weakened", "find_weakened"]


@dataclass(frozen=True)
class Weakened:
    """A decision that stands on less today than it did.

    Parameters
    ----------
    id, title, chosen : str
        The decision's.
    file : str
        Its record.
    line : int
        Of its evidence in there, from 1.
    then, now : tuple of (int, int)
        Distinct customers behind it, of all that count: then and now.
    reasons : tuple of str
        What has become weaker.
    """

    id: str
    title: str
    chosen: str
    file: str
    line: int
    then: tuple[int, int]
    now: tuple[int, int]
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        """Where, what, and why."""
        said = "; ".join(self.reasons)
        return (
            f"{self.file}:{self.line}: {self.id} {self.title or self.chosen}: "
            f"{self.then[0]} of {self.then[1]} customers then, {self.now[0]} of {self.now[1]} now; {said}"
        )


class _Counted:
    """Whose notes count in a study."""

    def __init__(self, study: Study) -> None:
        notes = study.notes
        self.there = set(notes["note"])
        kept = notes[is_evidence(notes)]
        self.customer = dict(zip(kept["note"], kept["customer"].astype(str), strict=True))
        self.total = count_customers(notes)
        self.hypotheses = {one.id: one for one in study.hypotheses}
        self.where = dict(zip(notes["note"], notes["file"].astype(str) + ":" + notes["line"].astype(str), strict=True))

    def customers(self, notes: Iterable[str]) -> set[str]:
        return {self.customer[note] for note in notes if note in self.customer}


def find_weakened(then: Study, now: Study) -> list[Weakened]:
    """Decisions whose evidence has become weaker since.

    Parameters
    ----------
    then, now : Study
        The same workspace at two times, see :func:`workbench.look_back.workspace_then`.

    Returns
    -------
    list of Weakened
        By id: those with fewer customers behind them, with notes that are gone or do not count any more, with more
        against them, or on a hypothesis that was refuted or dropped. Decisions that were superseded or dropped are not
        looked at.
    """
    before, after = _Counted(then), _Counted(now)
    earlier = {decision.id: decision for decision in then.decisions}
    found = []
    for decision in sorted(now.decisions, key=lambda one: one.id):
        if decision.status != "decided":
            continue
        old = earlier.get(decision.id, decision)
        cited, cites = cite_behind(then, old), cite_behind(now, decision)
        customers, remaining = before.customers(cited), after.customers(cites)
        reasons = []
        n_then = len(customers)
        of_then = before.total
        if decision.id not in earlier and decision.customers:
            n_then, of_then = decision.customers[0], decision.customers[1] or before.total
        if len(remaining) < n_then:
            lost = sorted(customers - remaining)
            reasons.append(f"fewer customers behind it{': without ' + ', '.join(lost) if lost else ''}")
        gone = [note for note in dict.fromkeys([*cited, *cites]) if note not in after.there]
        if gone:
            places = [before.where.get(note, note) for note in gone]
            reasons.append(
                f"{plural(len(gone), 'note')} of it {'is' if len(gone) == 1 else 'are'} gone ({first_few(places)})"
            )
        uncounted = [
            note for note in cited if note in before.customer and note in after.there and note not in after.customer
        ]
        if uncounted:
            places = [after.where[note] for note in uncounted]
            does = "does not count" if len(uncounted) == 1 else "do not count"
            reasons.append(f"{plural(len(uncounted), 'note')} of it {does} any more ({first_few(places)})")
        against = set(cite_behind(then, old, "against"))
        added = [note for note in cite_behind(now, decision, "against") if note not in against]
        if added:
            places = [after.where.get(note, note) for note in added]
            reasons.append(f"{plural(len(added), 'note')} against it came since ({first_few(places)})")
        for one in decision.hypotheses:
            status = after.hypotheses[one].status if one in after.hypotheses else ""
            was = before.hypotheses[one].status if one in before.hypotheses else ""
            # A decision that was not there then may be what followed from the result.
            closed = after.hypotheses[one].closed if status else None
            followed = decision.id not in earlier and closed and closed <= (decision.date or "")
            if status in ("refuted", "dropped") and was != status and not followed:
                reasons.append(f"its hypothesis {one} was {status} since")
        if reasons:
            line = decision.lines.get("evidence", decision.lines.get("hypotheses", 1))
            found.append(
                Weakened(
                    decision.id, decision.title, decision.chosen, decision.file, line, (n_then, of_then),
                    (len(remaining), after.total), tuple(reasons),
                )
            )  # fmt: skip
    return found
