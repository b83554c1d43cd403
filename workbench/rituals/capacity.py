"""What a week takes on, beside what weeks have finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.records.typed import is_nothing, is_week
from workbench.rituals.moment import Moment, last_day

if TYPE_CHECKING:
    from workbench.study import Study

__all__ = ["N_WEEKS", "Capacity", "Work", "measure_capacity"]

# What was finished longer ago was finished by another team.
N_WEEKS = 6
# Of one week nobody can tell an average.
FEWEST_WEEKS = 2


class Work(NamedTuple):
    """What a week took on and finished.

    Parameters
    ----------
    week : str
        The ISO week.
    planned : int
        How many things.
    finished : int or None
        How many; None where nobody has written it down.

    Examples
    --------
    >>> Work("2026-W46", 5, 4).finished
    4
    """

    week: str
    planned: int
    finished: int | None


@dataclass(frozen=True)
class Capacity:
    """A week's plan beside what earlier weeks finished.

    Parameters
    ----------
    planned : int
        Things that the week has taken on.
    weeks : tuple of Work
        The weeks before it whose records say what was planned or finished, the latest `N_WEEKS`, oldest first.

    Examples
    --------
    >>> capacity = Capacity(8, (Work("2026-W45", 6, 3), Work("2026-W46", 5, 5)))
    >>> capacity.average, capacity.most, capacity.too_much
    (4.0, 5, True)
    """

    planned: int
    weeks: tuple[Work, ...]

    @property
    def known(self) -> tuple[int, ...]:
        """Things finished, of the weeks that say so."""
        return tuple(one.finished for one in self.weeks if one.finished is not None)

    @property
    def average(self) -> float | None:
        """Things finished in a week; None where fewer than two weeks say so."""
        return sum(self.known) / len(self.known) if len(self.known) >= FEWEST_WEEKS else None

    @property
    def most(self) -> int:
        """The most that a week finished."""
        return max(self.known, default=0)

    @property
    def too_much(self) -> bool:
        """Whether more is planned than any of these weeks finished."""
        return len(self.known) >= FEWEST_WEEKS and self.planned > self.most


def measure_capacity(study: Study, moment: Moment) -> Capacity:
    """What the week takes on, beside what the weeks before it finished.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        The week.

    Returns
    -------
    Capacity
        A week whose record does not say what was finished is shown, and counted in no average.
    """
    before = sorted(
        (week for week in study.weeks if is_week(week.id) and week.id < moment.week), key=lambda week: week.id
    )
    rows = [
        Work(week.id, _count(week.planned), _count(week.finished) if week.finished else None)
        for week in before
        if (week.planned or week.finished) and last_day(week.id) < moment.today
    ]
    return Capacity(_count(moment.record_of(study).planned), tuple(rows[-N_WEEKS:]))


def _count(items: tuple[str, ...]) -> int:
    return sum(not is_nothing(item) for item in items)
