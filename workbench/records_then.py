"""A record as it was on a day: by the days that stand in it, and by what git had of it then.

Of git only the status, days and ids are taken, never words: what was taken out of a record since stays out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.newest import done_on
from workbench.records import Bet, Decision, Hypothesis, Quarter, Week
from workbench.records.typed import is_day, week_start

__all__ = ["NOTES", "fields_then", "first_day", "was_there"]

# What no day stands beside, so that only git can tell what it was.
_UNDATED = {
    Bet: ("tier", "review", "hypotheses"),
    Decision: ("review", "due", "evidence", "against", "hypotheses"),
    Hypothesis: ("deadline", "evidence", "against", "not_against"),
}
NOTES = ("evidence", "against", "not_against")
_LEARNT = ("closed", "result", "breached", "believed", "observed", "learned", "therefore", "decision")


def first_day(record: Any) -> str:
    """The day on which a record is first known to have been there.

    Parameters
    ----------
    record : Bet, Decision, Hypothesis or Week
        The record.

    Returns
    -------
    str
        The day on which it was written, or something of it was done, whichever came first; of a week its Monday. Empty where no
        such day is written.

    Examples
    --------
    >>> first_day(Bet("B-1a2b3c", status="active", made="2026-11-05", started="2026-11-02")), first_day(Bet("B-4d5e6f"))
    ('2026-11-02', '')
    """
    if isinstance(record, Week):
        return f"{week_start(record.id) or ''}"
    days = [record.made]
    if isinstance(record, Decision):
        days += [record.date if record.status != "proposed" else "", record.reviewed]
    else:
        days += [
            done_on(record, name) for name in ("started", "shipped", "finished", "closed") if hasattr(record, name)
        ]
    if isinstance(record, Hypothesis):
        days += [*(one.day for one in record.confidence), record.looked_for_against]
    return min((day for day in days if day), default="")


def was_there(record: Any, day: str, old: Any = None, *, in_git: bool = False) -> bool | None:
    """Whether a record was there on a day.

    Parameters
    ----------
    record : Bet, Decision, Hypothesis or Week
        The record of today.
    day : str
        ``YYYY-MM-DD``.
    old : the same, optional
        The record as git had it then.
    in_git : bool
        Whether git had any records then, so that it would have had this one.

    Returns
    -------
    bool or None
        None where nobody can tell.

    Examples
    --------
    >>> old, new = Bet("B-1a2b3c"), Bet("B-4d5e6f", made="2026-11-20")
    >>> was_there(new, "2026-11-19"), was_there(old, "2026-11-19"), was_there(old, "2026-11-19", in_git=True)
    (False, None, False)
    """
    first = first_day(record)
    if isinstance(record, Week):
        return first <= day
    if (first and first <= day) or old is not None:
        return True
    return False if in_git or record.made else None


def fields_then(
    record: Any, day: str, is_known: Callable[[str], bool], old: Any = None, *, in_force: bool = False
) -> dict[str, Any]:
    """What of a record was otherwise on a day.

    Parameters
    ----------
    record : Bet, Decision, Hypothesis, Quarter or Week
        The record of today, which was there on that day.
    day : str
        ``YYYY-MM-DD``, the last that was known.
    is_known : callable
        Whether a note, by its id, may have been known.
    old : the same, optional
        The record as git had it then.
    in_force : bool
        Whether a decision that is superseded was not yet.

    Returns
    -------
    dict
        Fields with what stood there; None for what was not there. Empty where all is as it was.

    Examples
    --------
    >>> bet = Bet("B-1a2b3c", status="done", started="2026-11-02", shipped="2026-11-18", finished="2026-11-25")
    >>> fields_then(bet, "2026-11-20", bool)
    {'finished': None, 'status': 'shipped'}
    """
    if isinstance(record, Quarter):
        values = {name: _until(getattr(record, name), day) for name in ("progress", "learned", "changes")}
    elif isinstance(record, Bet):
        values = _bet(record, day)
    elif isinstance(record, Decision):
        values = _decision(record, day, in_force)
    elif isinstance(record, Hypothesis):
        values = _hypothesis(record, day, old)
    else:
        return {}
    if old is not None and old.status == values.get("status", record.status):
        # Where the status is another, something was done that git had not got yet.
        values |= {name: getattr(old, name) for name in _UNDATED.get(type(record), ()) if name not in values}
    for name in NOTES:
        if hasattr(record, name):
            values[name] = tuple(filter(is_known, values.get(name, getattr(record, name))))
    return {name: _plain(value) for name, value in values.items() if not _is_same(value, getattr(record, name))}


def _bet(bet: Bet, day: str) -> dict[str, Any]:
    later = [name for name in ("started", "shipped", "finished") if done_on(bet, name) > day]
    if not later:
        return {}
    come = [name for name in ("started", "shipped") if getattr(bet, name) and name not in later]
    status = {"started": "active", "shipped": "shipped"}[come[-1]] if come else "planned"
    return dict.fromkeys(later) | {"status": status, "result": ""}


def _decision(decision: Decision, day: str, in_force: bool) -> dict[str, Any]:
    values: dict[str, Any] = {"stances": tuple(one for one in decision.stances if not _ends_later(one[1], day))}
    if decision.status != "proposed" and (decision.date or "") > day:
        # What was decided is written then, and of the reason nobody can tell.
        undone = ("date", "review", "reviewed", "customers")
        return values | dict.fromkeys(undone) | dict.fromkeys(("chosen", "why", "agreed"), "") | {"status": "proposed"}
    if (decision.reviewed or "") > day:
        values["reviewed"] = None
    if decision.status == "superseded" and in_force:
        values["status"] = "decided"
    return values


def _hypothesis(hypothesis: Hypothesis, day: str, old: Hypothesis | None) -> dict[str, Any]:
    values: dict[str, Any] = {"confidence": tuple(one for one in hypothesis.confidence if one.day <= day)}
    not_begun = done_on(hypothesis, "started") > day
    if not_begun or done_on(hypothesis, "closed") > day:
        began = hypothesis.started and not not_begun
        empty = {name: () if name == "breached" else "" if name == "decision" else None for name in _LEARNT}
        values |= empty | {"status": "running" if began else "ready"}
    if not_begun:
        values |= {"started": None, "agreed": ""}
    if hypothesis.looked_for_against > day:
        values["looked_for_against"] = ""
    if old is not None and {old.status, values.get("status", hypothesis.status)} == {"draft", "ready"}:
        values["status"] = old.status  # no day says when one becomes the other
    return values


def _until(lines: tuple[str, ...], day: str) -> tuple[str, ...]:
    """Lines without those whose day, in front, is later."""
    return tuple(line for line in lines if not (is_day(line[:10]) and line[:10] > day))


def _ends_later(text: str, day: str) -> bool:
    """Whether a text ends in a day, and that is later."""
    end = text[-10:]
    return is_day(end) and end > day


def _is_same(value: Any, now: Any) -> bool:
    return value == now or (not value and not now)


def _plain(value: Any) -> str | list[str] | None:
    """As it is written in a file."""
    if isinstance(value, tuple):
        return [": ".join(filter(None, one)) if type(one) is tuple else str(one) for one in value]
    return value or None
