"""What is taken on, for a week or for several, beside what as many weeks have finished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from workbench.records.typed import drop_nothing, fold_sentence, is_week
from workbench.rituals.moment import Moment, last_day, week_before

if TYPE_CHECKING:
    from workbench.records import Week
    from workbench.study import Study

__all__ = ["N_WEEKS", "Capacity", "Commitment", "find_commitment", "list_commitments", "measure_capacity"]

# A quarter of a year: what was finished longer ago was finished by another team.
N_WEEKS = 13
# Of one alone nobody can tell what is usual.
FEWEST = 2


class Commitment(NamedTuple):
    """What is taken on for one week or several, and what of it was finished.

    Parameters
    ----------
    weeks : tuple of str
        The ISO weeks that it is for, in order; each has a record or none.
    planned : tuple of str
        What these weeks have taken on, each thing once.
    finished : tuple of str or None
        What these weeks have finished; None while the last of them does not say.

    Examples
    --------
    >>> Commitment(("2026-W46", "2026-W47"), ("Ten lists",), None).weeks[-1]
    '2026-W47'
    """

    weeks: tuple[str, ...]
    planned: tuple[str, ...]
    finished: tuple[str, ...] | None


@dataclass(frozen=True)
class Capacity:
    """What is taken on beside what was finished before, in as many weeks.

    Parameters
    ----------
    now : Commitment
        The one that the week belongs to, as far as that week.
    before : tuple of Commitment
        Those before it for as many weeks that are over and say what was planned or finished: of the last `N_WEEKS`, oldest first.

    Examples
    --------
    >>> before = [Commitment((f"2026-W{40 + n}",), (), ("done",) * n) for n in (4, 6, 3)]
    >>> capacity = Capacity(Commitment(("2026-W47",), ("thing",) * 8, None), tuple(before))
    >>> capacity.usual, capacity.most, capacity.too_much
    (4, 6, True)
    >>> capacity.said
    'usually 4 a week, 6 at most, in 3 weeks'
    """

    now: Commitment
    before: tuple[Commitment, ...]

    @property
    def planned(self) -> int:
        """Things taken on."""
        return len(self.now.planned)

    @property
    def known(self) -> tuple[int, ...]:
        """Things finished, of those before that say so."""
        return tuple(len(one.finished) for one in self.before if one.finished is not None)

    @property
    def usual(self) -> float | None:
        """Things finished: their median; None where fewer than two say so."""
        return median(self.known) if len(self.known) >= FEWEST else None

    @property
    def most(self) -> int:
        """The most that were finished."""
        return max(self.known, default=0)

    @property
    def too_much(self) -> bool:
        """Whether more is planned than is usually finished."""
        return self.usual is not None and self.planned > self.usual

    @property
    def said(self) -> str:
        """What is usual, in words; empty where that is not known."""
        if self.usual is None:
            return ""
        n, alone = len(self.known), len(self.now.weeks) == 1
        return f"usually {self.usual:g} {self.span}, {self.most} at most, {f'in {n} weeks' if alone else f'the last {n} times'}"

    @property
    def span(self) -> str:
        """For how long, in words."""
        return "a week" if len(self.now.weeks) == 1 else f"in {len(self.now.weeks)} weeks"


def measure_capacity(study: Study, moment: Moment) -> Capacity:
    """What the week's commitment takes on, beside what those before it finished.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        The week.

    Returns
    -------
    Capacity
        One whose record does not say what was finished is shown, and nothing is concluded from it.
    """
    *earlier, now = [*_until(study, moment.week), find_commitment(study, moment.week)]
    first = week_before(now.weeks[0], N_WEEKS)
    before = [
        one
        for one in earlier
        if first <= one.weeks[0] and one.weeks[-1] < now.weeks[0] and len(one.weeks) == len(now.weeks)
        if (one.planned or one.finished is not None) and last_day(one.weeks[-1]) < moment.today
    ]
    return Capacity(now, tuple(before))


def find_commitment(study: Study, week: str) -> Commitment:
    """What a week is at work on: what it has taken on itself, or what one before it has for both.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    week : str
        Such as ``2026-W47``.

    Returns
    -------
    Commitment
        With what was planned and finished up to this week.
    """
    return next((one for one in _until(study, week) if week in one.weeks), Commitment((week,), (), None))


def list_commitments(weeks: Iterable[Week]) -> list[Commitment]:
    """What was taken on, week by week or for several weeks at once.

    Parameters
    ----------
    weeks : iterable of Week
        Records, in any order.

    Returns
    -------
    list of Commitment
        The earliest first. A week without a cadence of its own belongs to the one before it that is for several weeks.

    Examples
    --------
    >>> from workbench.records import Week
    >>> weeks = [Week("2026-W46", planned=("Ten lists",), cadence=2), Week("2026-W47", planned=("A call",)), Week("2026-W48")]
    >>> [(one.weeks, one.planned) for one in list_commitments(weeks)]
    [(('2026-W46', '2026-W47'), ('Ten lists', 'A call')), (('2026-W48',), ())]
    """
    records: dict[str, Week] = {}
    for one in weeks:
        if is_week(one.id):
            records.setdefault(one.id, one)
    spans: list[list[str]] = []
    for id_ in sorted(records):
        last = spans[-1] if spans else []
        cadence = records[id_].cadence
        if id_ in last and cadence is None:
            continue
        if id_ in last:  # it was planned anew before its time was over
            del last[last.index(id_) :]
        spans.append([week_before(id_, -n) for n in range(cadence or 1)])
    return [_commitment(span, records) for span in spans]


def _commitment(span: list[str], records: dict[str, Week]) -> Commitment:
    written = [records[id_] for id_ in span if id_ in records]
    ends = records.get(span[-1])
    done = _each_once(text for one in written for text in one.finished)
    return Commitment(
        tuple(span),
        _each_once(text for one in written for text in one.planned),
        done if ends is not None and ends.finished else None,
    )


def _until(study: Study, week: str) -> list[Commitment]:
    return list_commitments(one for one in study.weeks if one.id <= week)


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in drop_nothing(texts):
        found.setdefault(fold_sentence(text), text)
    return tuple(found.values())
