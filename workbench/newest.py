"""The day of the newest thing in a study: what a report takes for today, so that no clock is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.records.typed import is_day, week_start

if TYPE_CHECKING:
    from workbench.records import Bet, Hypothesis
    from workbench.study import Study

__all__ = ["done_on", "newest_day", "today"]

# Days that are past; before a record has come that far, what stands there is a plan.
_STARTED = {"draft": (), "ready": (), "running": ("started",)}
_SHIPPED = {"planned": (), "active": ("started",), "shipped": ("started", "shipped")}


def done_on(record: Bet | Hypothesis, name: str) -> str:
    """The day on which something of a record was done, which a plan of it is not.

    Parameters
    ----------
    record : Bet or Hypothesis
        The record.
    name : str
        ``started``, ``shipped``, ``finished`` or ``closed``.

    Returns
    -------
    str
        ``YYYY-MM-DD``; empty where there is none, or where the record has not come that far.

    Examples
    --------
    >>> from workbench.records import Bet
    >>> bet = Bet("B-1a2b3c", status="active", started="2026-11-02", shipped="2026-12-01")
    >>> done_on(bet, "started"), done_on(bet, "shipped")
    ('2026-11-02', '')
    """
    come = (_SHIPPED if hasattr(record, "shipped") else _STARTED).get(record.status, (name,))
    return (getattr(record, name) or "") if name in come else ""


def today(study: Study) -> str:
    r"""The day that a report of a study is of.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Returns
    -------
    str
        ``YYYY-MM-DD``: the day that was given (``--today``, ``WORKBENCH_TODAY``), else the newest record's, see
        :func:`newest_day`; empty where nothing has a day. The same whenever it is asked.

    Examples
    --------
    >>> import tempfile, pathlib, workbench as wb
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- one")
    >>> wb.today(wb.read_study(folder.parent)), wb.today(wb.read_study(folder.parent, today="2026-11-26"))
    ('2026-11-17', '2026-11-26')
    """
    return study.today or newest_day(study)


def newest_day(study: Study, until: str = "") -> str:
    r"""The day of the newest call or record.

    Of records the days count on which something was done: written down, started, closed, decided, looked at; never a
    deadline, a review or the plan of a start. A week counts by its Monday. Calls of customers who do not count do not.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    until : str
        Days after this one are not looked at; empty for all.

    Returns
    -------
    str
        ``YYYY-MM-DD``; empty where nothing has a day.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> for day in ("2026-11-10", "2026-11-17"):
    ...     _ = (folder / f"{day}-acme.md").write_text(f"---\ncustomer: Acme\ndate: {day}\n---\n- one")
    >>> newest_day(read_study(folder.parent)), newest_day(read_study(folder.parent), until="2026-11-16")
    ('2026-11-17', '2026-11-10')
    """
    return max((day for day in _days(study) if is_day(day) and (not until or day <= until)), default="")


def _days(study: Study) -> Iterator[str]:
    """Every day on which something was done; what is missing is empty."""
    calls = study.calls
    yield from (f"{day:%Y-%m-%d}" for day in calls.loc[calls["counted"], "date"].dropna().unique())
    for hypothesis in study.hypotheses:
        yield from (hypothesis.made or "", hypothesis.looked_for_against)
        yield from (done_on(hypothesis, name) for name in ("started", "closed"))
        yield from (one.day for one in hypothesis.confidence)
    for bet in study.bets:
        yield bet.made or ""
        yield from (done_on(bet, name) for name in ("started", "shipped", "finished"))
    for decision in study.decisions:
        yield decision.made or ""
        yield (decision.date or "") if decision.status != "proposed" else ""
        yield decision.reviewed or ""
    yield from (f"{week_start(week.id) or ''}" for week in study.weeks)
    yield from (record.date for record in study.ledger.records)
