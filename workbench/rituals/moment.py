"""The week that is looked at, the day that it is looked at on, and what was known before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.records import Week
from workbench.records.typed import is_day, week_of, week_start

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Moment", "day_before", "last_day", "week_before"]


@dataclass(frozen=True)
class Moment:
    """A week as a ritual looks at it.

    Parameters
    ----------
    week : str
        The ISO week, ``2026-W47``.
    today : str
        The day it is looked at on, ``YYYY-MM-DD``; what is overdue is measured from it.
    since : str
        The day or revision that the week is compared with.
    look_back : callable, optional
        Gives the study and the themes of then, or None where nothing was known yet. Called only by what compares, since it
        takes as long as finding themes does.
    record : str
        The id of the hypothesis or decision that is looked at, where one is.
    came : tuple of (int, int, int)
        Calls, customers and records that have come after `today`, which are not looked at.

    Raises
    ------
    InputError
        When the week is no week, or the day no day.

    Examples
    --------
    >>> Moment("2026-W47", "2026-11-18").days
    ('2026-11-16', '2026-11-22')
    """

    week: str
    today: str
    since: str = ""
    look_back: Callable[[], tuple[Study, Themes] | None] = field(default=lambda: None, compare=False, repr=False)
    record: str = ""
    came: tuple[int, int, int] = field(default=(0, 0, 0), compare=False, repr=False)

    def __post_init__(self) -> None:
        if week_start(self.week) is None:
            raise InputError(f"{self.week!r} is no week; write it as year and week, such as 2026-W47")
        if not is_day(self.today):
            raise InputError(f"today {self.today!r} is no day; write it as year, month, day, such as 2026-11-26")

    @property
    def days(self) -> tuple[str, str]:
        """Its Monday and its Sunday."""
        monday = week_start(self.week)
        return monday.isoformat(), (monday + timedelta(6)).isoformat()

    @property
    def is_over(self) -> bool:
        """Whether one looks at it on its last day, or after it."""
        return self.today >= self.days[1]

    def has(self, day: str | None) -> bool:
        """Whether a day lies in the week, and is not still to come.

        Parameters
        ----------
        day : str or None
            ``YYYY-MM-DD``, or nothing.

        Returns
        -------
        bool
            False for nothing, and for what is after the day on which one looks.

        Examples
        --------
        >>> moment = Moment("2026-W47", "2026-11-18")
        >>> moment.has("2026-11-16"), moment.has("2026-11-19"), moment.has(None)
        (True, False, False)
        """
        first, last = self.days
        return bool(day) and first <= day <= min(last, self.today)

    def record_of(self, study: Study, week: str | None = None) -> Week:
        """The week's record.

        Parameters
        ----------
        study : Study
            From :func:`workbench.read_study`.
        week : str, optional
            Another week than this one.

        Returns
        -------
        Week
            An empty one where none is written yet: its `file` is empty.
        """
        wanted = week or self.week
        return next((one for one in study.weeks if one.id == wanted), Week(wanted))


def week_before(week: str, n: int = 1) -> str:
    """A week some weeks earlier.

    Parameters
    ----------
    week : str
        ``2026-W47``.
    n : int
        How many weeks; negative ones lie ahead.

    Returns
    -------
    str
        The earlier week.

    Raises
    ------
    InputError
        When `week` is none.

    Examples
    --------
    >>> week_before("2027-W01"), week_before("2026-W47", -1)
    ('2026-W53', '2026-W48')
    """
    monday = week_start(week)
    if monday is None:
        raise InputError(f"{week!r} is no week; write it as year and week, such as 2026-W47")
    return week_of((monday - timedelta(7 * n)).isoformat())


def day_before(week: str) -> str:
    """The last day before a week, which is what it is compared with.

    Parameters
    ----------
    week : str
        ``2026-W47``.

    Returns
    -------
    str
        The Sunday before it.

    Examples
    --------
    >>> day_before("2026-W47")
    '2026-11-15'
    """
    return last_day(week_before(week))


def last_day(week: str) -> str:
    """A week's Sunday.

    Parameters
    ----------
    week : str
        ``2026-W47``.

    Returns
    -------
    str
        ``YYYY-MM-DD``.

    Examples
    --------
    >>> last_day("2026-W47")
    '2026-11-22'
    """
    return (week_start(week) + timedelta(6)).isoformat()
