"""Where a week stands against its rituals, Monday to Friday, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from workbench.hypotheses import check_hypothesis
from workbench.records.typed import fold_sentence, is_day
from workbench.rituals.capacity import measure_capacity
from workbench.rituals.focus import MOST_OUTCOMES, UNDER_WAY, Blocker, find_focus
from workbench.rituals.moment import Moment
from workbench.rituals.readout import find_readout
from workbench.rituals.reviews import Needed, due_reviews, needed_decisions
from workbench.rituals.touchpoints import FEWEST, MOST, find_touchpoints

if TYPE_CHECKING:
    from workbench.records import Hypothesis, Week
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["DAYS", "Standing", "is_begun", "stand", "what_next"]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
ANY_DAY = "Any day"
THURSDAY = {
    "whats_new": "what is new",
    "who_benefits": "who benefits",
    "how_to_pitch": "how to pitch it",
    "not_to_promise": "what not to promise",
}
FRIDAY = {
    "shipped": "shipped",
    "changed": "changed",
    "learned": "learned",
    "next": "next",
    "decisions_needed": "decisions needed",
}
_NOTEBOOKS = {
    "Monday": "monday-focus",
    "Tuesday": "tuesday-discovery",
    "Wednesday": "wednesday-slice",
    "Thursday": "thursday-enablement",
    "Friday": "friday-readout",
}
# So many of a list are named.
N_NAMED = 3


class Standing(NamedTuple):
    """How one thing of a week stands.

    Parameters
    ----------
    day : str
        The day whose ritual it belongs to, or "Any day".
    what : str
        Such as ``outcomes``.
    mark : str
        ``done``, ``open`` (not yet), or ``late``: its day is past, or something is wrong with it.
    said : str
        In words.
    todo : str
        What to do about it; empty where nothing is to be done.
    where : str
        The notebook to open for it, or the command to type.

    Examples
    --------
    >>> Standing("Monday", "outcomes", "done", "1 of at most 2", "", "monday-focus.ipynb").mark
    'done'
    """

    day: str
    what: str
    mark: str
    said: str
    todo: str
    where: str


def is_begun(study: Study) -> bool:
    """Whether a workspace has anything in it yet.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Returns
    -------
    bool
        False without a call, a record or a customer in the registry.
    """
    records = (study.weeks, study.hypotheses, study.decisions, study.bets)
    return bool(len(study.calls) or len(study.customers) or any(records))


def stand(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> list[Standing]:
    """Where a week stands against its rituals.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        The week, and the day on which one looks.

    Returns
    -------
    list of Standing
        Monday first.
    """
    week = moment.record_of(study)
    return [
        *_monday(study, moment),
        *_tuesday(study, themes, moment),
        _wednesday(hypotheses, moment),
        _lines("Thursday", "enablement", THURSDAY, week, moment),
        *_plan(study, moment),
        _lines("Friday", "readout", FRIDAY, week, moment),
        _backlog(study, moment),
        *_decisions(study, moment),
    ]


def what_next(standing: Sequence[Standing], moment: Moment, most: int = 5) -> list[Standing]:
    """What to do next: what is late, what is up to today, then what comes after.

    Parameters
    ----------
    standing : sequence of Standing
        From :func:`stand`.
    moment : Moment
        The same.
    most : int
        How many at most.

    Returns
    -------
    list of Standing
        What is late first; of the days ahead the next one only.
    """
    todo = [one for one in standing if one.todo]
    now = [one for one in todo if one.mark == "late"] + [
        one for one in todo if one.mark == "open" and _is_up(one, moment)
    ]
    ahead = [one for one in todo if one not in now]
    return (now or ahead[:1])[:most]


def _monday(study: Study, moment: Moment) -> Iterator[Standing]:
    focus, met, week = find_focus(study, moment), find_touchpoints(study, moment), moment.record_of(study)
    n = len(focus.outcomes) + len(focus.beyond)
    if focus.beyond:
        said = f"{n} of at most {MOST_OUTCOMES}"
        yield _row("Monday", "outcomes", "late", said, f"keep {MOST_OUTCOMES} outcomes, move the others to “next”")
    else:
        said = f"{n} of at most {MOST_OUTCOMES}" + (f": {'; '.join(focus.outcomes)}" if n else "")
        yield _row(
            "Monday", "outcomes", _mark(n > 0, 0, moment), said, "write what the week is for: two outcomes at most"
        )
    valued = [one for one in focus.metrics if one.values and one.values[-1]]
    missing = [one.metric for one in focus.metrics if one not in valued]
    said = f"{len(valued)} of {len(focus.metrics)} with a value this week" if focus.metrics else "none named yet"
    todo = (
        f"write this week’s value of {_few(missing)}"
        if missing
        else "name the quarter’s one metric (discovery/quarter.md)"
    )
    done = bool(valued) and not any(one.role == "primary" for one in focus.metrics if one not in valued)
    yield _row("Monday", "metrics", _mark(done, 0, moment), said, todo)
    yield _blockers(focus.blockers, bool(week.blockers), moment)
    left = f"; left: {_few(met.left)}" if met.left else ""
    said = f"{met}, different customers talked to{left}" + (f"; not known: {_few(met.unknown)}" if met.unknown else "")
    todo = (
        f"call {_few(met.left)}"
        if met.left
        else f"write into discovery/customers.yaml who is planned and not known: {_few(met.unknown)}"
        if met.unknown
        else f"plan {FEWEST} to {MOST} customers to talk to"
    )
    yield _row("Monday", "touchpoints", _mark(len(met.met) >= FEWEST, 4, moment), said, todo)
    capacity = measure_capacity(study, moment)
    if capacity.too_much:
        said = f"{capacity.planned} planned; finished: {capacity.said}"
        todo = f"plan {max(1, int(capacity.usual))} or so, move the rest to “next”"
        yield _row("Monday", "plan", "late", said, todo)


def _blockers(blockers: Sequence[Blocker], written: bool, moment: Moment) -> Standing:
    """Those that are late or due this week are asked after; where nobody wrote any down, none is known to be solved."""
    if not blockers:
        said, todo = (
            "none open" if written else "not written this week",
            "write what the week waits for; “none” will do",
        )
        return _row("Monday", "blockers", _mark(written, 0, moment), said, todo)
    late = [one for one in blockers if one.overdue]
    due = [one for one in blockers if not one.overdue and is_day(one.day) and one.day <= moment.days[1]]
    first = [*late, *due]
    when = _late(late) + (f", {len(due)} due this week" if due else "")
    said = f"{len(blockers)} open{when}: {_few([_name(one) for one in [*first, *blockers]])}"
    if any(one.carried for one in blockers):
        said += " (from last week)"
    todo = f"ask after {first[0].what}" + (f" ({first[0].who})" if first[0].who else "") if first else ""
    if first and not late:
        todo += f", due on {first[0].day}"
    return _row("Monday", "blockers", "late" if late else "open" if due else "done", said, todo)


def _plan(study: Study, moment: Moment) -> Iterator[Standing]:
    """What was taken on, and is neither finished nor moved to what comes next; of a plan for several weeks in the last of them."""
    readout = find_readout(study, moment)
    planned = readout.planned
    if not planned:
        return
    moved = {fold_sentence(text) for text in moment.record_of(study).next}
    left = [one.text for one in planned if not one.done and fold_sentence(one.text) not in moved]
    n = sum(one.done for one in planned)
    said = f"{n} of {len(planned)} finished" + (f"; left: {_few(left)}" if left else "")
    if readout.until > moment.week:
        yield _row("Friday", "plan", "done", f"{said}, until {readout.until}", "")
        return
    todo = f"finish, or move to “next”: {_few(left)}"
    yield _row("Friday", "plan", _mark(not left, 4, moment), said, todo)


def _tuesday(study: Study, themes: Themes, moment: Moment) -> Iterator[Standing]:
    met = find_touchpoints(study, moment).met
    calls = {call for one in met for call in one.calls}
    notes = themes.notes[themes.notes["call"].astype(str).isin(calls)]
    touched = {theme for theme in notes["theme"] if theme}
    said = (
        f"{_n(len(calls), 'call')} with {_n(len(met), 'customer')}, {_n(len(notes), 'note')}"
        if calls
        else "no call yet"
    )
    yield _row("Tuesday", "calls", _mark(bool(calls), 1, moment), said, "take notes while you talk, two or three calls")
    if calls:
        said = f"its notes are in {len(touched)} of {_n(len(themes.summary), 'theme')}"
        yield _row(
            "Tuesday", "themes", "done" if touched else "open", said, "" if touched else "look where the new notes went"
        )


def _wednesday(hypotheses: Sequence[Hypothesis], moment: Moment) -> Standing:
    records = [one for one in hypotheses if one.file]
    under_way = [one for one in records if one.status in UNDER_WAY]
    if under_way:
        said = "; ".join(f"{one.id} is {one.status}" for one in under_way[:N_NAMED])
        return _row("Wednesday", "hypothesis", "done", said, "")
    lacks = {one.id: _lacking(one) for one in records if one.status == "draft"}
    if lacks:
        id_ = min(lacks, key=lambda id_: (len(lacks[id_]), id_))
        fields = ", ".join(field.replace("_", " ") for field in lacks[id_])
        if not fields:
            return _row(
                "Wednesday", "hypothesis", _mark(False, 2, moment), f"{id_} lacks nothing", f"set {id_} to ready"
            )
        return _row(
            "Wednesday", "hypothesis", _mark(False, 2, moment), f"{id_} lacks {fields}", f"write what {id_} lacks"
        )
    said = f"none written down; {_n(len(hypotheses) - len(records), 'draft')} from the notes"
    return _row("Wednesday", "hypothesis", _mark(False, 2, moment), said, "make a draft a record, or write one")


def _lines(day: str, what: str, fields: dict[str, str], week: Week, moment: Moment) -> Standing:
    missing = [name for field, name in fields.items() if not getattr(week, field)]
    said = f"{len(fields) - len(missing)} of {len(fields)}" + (f"; not yet: {', '.join(missing)}" if missing else "")
    todo = f"write {', '.join(missing)}; “none” will do"
    return _row(day, what, _mark(not missing, DAYS.index(day), moment), said, todo)


def _backlog(study: Study, moment: Moment) -> Standing:
    week = moment.record_of(study)
    said = f"{_n(len(week.backlog), 'item')}, first {week.backlog[0][0]}" if week.backlog else "not written this week"
    return _row(
        "Friday",
        "order of work",
        _mark(bool(week.backlog), 4, moment),
        said,
        "write the order of work, and what moved it",
    )


def _decisions(study: Study, moment: Moment) -> Iterator[Standing]:
    needed, due = needed_decisions(study, moment), due_reviews(study, moment)
    late = [one for one in needed if one.overdue]
    said = (
        "none needed"
        if not needed
        else f"{len(needed)} needed{_late(late)}: {_few([_ask(one) for one in [*late, *needed]])}"
    )
    todo = f"have {_ask(late[0])} decided" if late else ""
    yield Standing(
        ANY_DAY, "decisions", "late" if late else "open" if needed else "done", said, todo, "workbench decide"
    )
    past = [one for one in due if one.overdue]
    names = _few([one.id or one.title for one in due])
    said = f"{len(due)} due{_late(past)}: {names}" if due else "none due this week"
    todo = f"look again at {names}, then write the next day" if due else ""
    yield Standing(ANY_DAY, "reviews", "late" if past else "open" if due else "done", said, todo, "monday-focus.ipynb")


def _row(day: str, what: str, mark: str, said: str, todo: str) -> Standing:
    return Standing(day, what, mark, said, "" if mark == "done" else todo, f"{_NOTEBOOKS[day]}.ipynb")


def _mark(done: bool, weekday: int, moment: Moment) -> str:
    """Late is what is not done once its day is over."""
    over = date.fromisoformat(moment.days[0]) + timedelta(weekday)
    return "done" if done else "late" if moment.today > over.isoformat() else "open"


def _is_up(one: Standing, moment: Moment) -> bool:
    """Whether its day has come."""
    weekday = DAYS.index(one.day) if one.day in DAYS else 0
    return moment.today >= (date.fromisoformat(moment.days[0]) + timedelta(weekday)).isoformat()


def _lacking(hypothesis: Hypothesis) -> list[str]:
    """The fields that keep it from being tested, each once."""
    return list(dict.fromkeys(one.field.split(".")[0] for one in check_hypothesis(hypothesis) if one.blocks))


def _name(blocker: Blocker) -> str:
    return f"{blocker.what} ({blocker.who})" if blocker.who else blocker.what


def _ask(needed: Needed) -> str:
    return needed.id or f"“{needed.text}”"


def _late(some: Sequence[object]) -> str:
    return f", {len(some)} overdue" if some else ""


def _few(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    return ", ".join(names[:N_NAMED]) + (f" and {len(names) - N_NAMED} more" if len(names) > N_NAMED else "")


def _n(n: int, one: str) -> str:
    return f"{n} {one}" if n == 1 else f"{n} {one}s"
