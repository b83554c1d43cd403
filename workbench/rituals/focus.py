"""Monday: what the week is for, the metrics that matter, what engineering waits for, and what could be written there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.hypotheses import classify_metric, read_change
from workbench.records import Hypothesis, Quarter, Week
from workbench.records.typed import drop_nothing, fold_text, is_day, is_nothing, is_week
from workbench.records.week import CADENCES
from workbench.rituals.capacity import find_commitment
from workbench.rituals.moment import Moment
from workbench.rituals.offer import Offer
from workbench.rituals.reviews import due_reviews, needed_decisions
from workbench.rituals.touchpoints import suggest_touchpoints

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["MOST_OUTCOMES", "Blocker", "Focus", "MetricLine", "Risk", "find_focus", "offer_focus", "read_by"]

MOST_OUTCOMES = 2
# So many weeks of values stand side by side, this one the last.
N_WEEKS = 6
AT_WORK = ("planned", "active")
UNDER_WAY = ("ready", "running")
# "Omar, 2026-11-20", "Omar, by 20 November", "by 2026-11-20", "2026-11-20".
_BY = re.compile(
    r"(?:(?P<who>.*?)(?:,\s*|\s+|$))??(?:(?:by\s+)?(?P<day>\d{4}-\d{2}-\d{2})\.?|by\s+(?P<words>.+))", re.ASCII
)


class MetricLine(NamedTuple):
    """A metric that matters, with what was written of it week by week.

    Parameters
    ----------
    metric : str
        Its name.
    counted : str
        How it is counted; empty where nothing says so.
    role : str
        ``primary`` (the quarter's one), ``watched`` (the quarter's others), or empty: the week alone names it.
    family : str
        One of the five families; empty where no word tells.
    leading : bool or None
        Whether it moves within days; None where that is not known.
    vanity : bool
        Whether it can rise while nobody is better off.
    target : str
        Of the primary one from where to where, as far as that is written.
    deadline : str
        The day of it.
    values : tuple of str
        As written, one a week of :attr:`Focus.weeks`; empty where nothing was.

    Examples
    --------
    >>> MetricLine("Activation", "", "primary", "activation", True, False, "30 % to 35 %", "", ("31 %",)).values[-1]
    '31 %'
    """

    metric: str
    counted: str
    role: str
    family: str
    leading: bool | None
    vanity: bool
    target: str
    deadline: str
    values: tuple[str, ...]


class Blocker(NamedTuple):
    """Something that engineering waits for.

    Parameters
    ----------
    what : str
        What is missing.
    who : str
        Who sees to it; empty while nobody does.
    day : str
        By when: a day, or as written; empty where nothing is.
    overdue : bool
        Whether that is a day, and past.
    since : str
        The week in which it was first written down; empty where a bet needs it.
    bet : str
        The id of the bet that needs it; empty where a week's record has it.
    carried : bool
        Whether it stands in an earlier week's record alone: nobody has said that it is solved.

    Examples
    --------
    >>> Blocker("Test bank account", "Omar", "2026-11-20", True, "2026-W46", "", True).carried
    True
    """

    what: str
    who: str
    day: str
    overdue: bool
    since: str
    bet: str
    carried: bool


class Risk(NamedTuple):
    """What may keep the week from getting there.

    Parameters
    ----------
    text : str
        As written.
    hypothesis : str
        The hypothesis that it is a risk of; empty for the week's own.

    Examples
    --------
    >>> Risk("The log is a week late", "").text
    'The log is a week late'
    """

    text: str
    hypothesis: str


@dataclass(frozen=True)
class Focus:
    """What a week is for, and what stands in its way.

    Parameters
    ----------
    weeks : tuple of str
        The weeks whose values stand side by side, this one the last.
    metrics : tuple of MetricLine
        The primary one first.
    outcomes : tuple of str
        What the week is for, two at most.
    beyond : tuple of str
        What else is written there, and is not for this week.
    blockers : tuple of Blocker
        The overdue ones first.
    risks : tuple of Risk
        The week's own, then those of the hypotheses that are ready or running.
    planned : tuple of str
        What is taken on, for as many weeks as that is.
    until : str
        The last of these weeks; empty where it is for this week alone.
    written : bool
        Whether the week has a record.
    """

    weeks: tuple[str, ...]
    metrics: tuple[MetricLine, ...]
    outcomes: tuple[str, ...]
    beyond: tuple[str, ...]
    blockers: tuple[Blocker, ...]
    risks: tuple[Risk, ...]
    planned: tuple[str, ...]
    until: str
    written: bool


def find_focus(study: Study, moment: Moment) -> Focus:
    r"""What a week is for, from its record, those before it, the quarter and the bets.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        The week.

    Returns
    -------
    Focus
        A blocker of the last record that had any stays open until the week's own record has blockers without it.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir(); (folder / "discovery" / "weeks").mkdir(parents=True)
    >>> _ = (folder / "discovery" / "weeks" / "2026-W46.md").write_text("---\nblockers:\n  - Test account: Omar, 2026-11-13\n---\n")
    >>> focus = find_focus(read_study(folder), Moment("2026-W47", "2026-11-16"))
    >>> focus.blockers[0].what, focus.blockers[0].overdue, focus.blockers[0].carried
    ('Test account', True, True)
    """
    week = moment.record_of(study)
    outcomes = drop_nothing(week.outcomes)
    earlier = _earlier(study, moment)
    taken_on = find_commitment(study, moment.week)
    weeks = [*[one for one in earlier if drop_nothing(one.metrics)][-(N_WEEKS - 1) :], week]
    return Focus(
        tuple(one.id for one in weeks),
        tuple(_metrics(study.quarter, weeks)),
        outcomes[:MOST_OUTCOMES],
        outcomes[MOST_OUTCOMES:],
        tuple(sorted(_blockers(study, week, earlier, moment), key=lambda one: (not one.overdue, one.day or "9999"))),
        (
            *(Risk(text, "") for text in drop_nothing(week.risks)),
            *(
                Risk(f"{what}: {who}" if who else what, one.id)
                for one in study.hypotheses
                if one.status in UNDER_WAY
                for what, who in one.risks
                if not is_nothing(what)
            ),
        ),
        taken_on.planned,
        taken_on.weeks[-1] if len(taken_on.weeks) > 1 else "",
        bool(week.file),
    )


def offer_focus(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> list[Offer]:
    """What could be written on a Monday, field by field.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        The week.

    Returns
    -------
    list of Offer
        For ``outcomes``, ``metrics`` (whose value stays open), ``blockers``, ``touchpoints``, ``planned`` and ``cadence``: words
        of earlier records, titles and names, none of them made up. What the record has already is not offered, nor what an
        earlier one has taken on for this week too.
    """
    week = moment.record_of(study)
    focus, earlier = find_focus(study, moment), _earlier(study, moment)
    readout = next((one for one in reversed(earlier) if drop_nothing(one.next)), None)
    offers = [
        *(
            Offer(field, text, f"what comes next, as written in {readout.id}")
            for field in ("outcomes", "planned")
            for text in (drop_nothing(readout.next) if readout else ())
        ),
        *(Offer("metrics", f"{one.metric}: ", _why_metric(one, focus.weeks)) for one in focus.metrics),
        *(
            Offer("blockers", _as_written(one), f"open since {one.since}" if one.since else f"{one.bet} waits for it")
            for one in focus.blockers
        ),
        *(
            Offer("touchpoints", one.customer, one.why)
            for one in suggest_touchpoints(study, themes, hypotheses, moment)
        ),
        *_offer_work(study, earlier),
        *(
            Offer("planned", f"Look again at {one.title} ({one.id})" if one.id else f"Look again at {one.title}",
                  f"{'overdue since' if one.overdue else 'due on'} {one.day}")
            for one in due_reviews(study, moment)
        ),
        *(
            Offer("planned", f"Decide: {one.text}", f"needed by {one.due}" if one.due else f"asked for in {one.week}")
            for one in needed_decisions(study, moment)
            if (one.due and one.due <= moment.days[1]) or (one.week and one.week < moment.week)
        ),
    ]  # fmt: skip
    have = {field: {fold_text(text) for text in _written(week, field)} for field in {offer.field for offer in offers}}
    have.setdefault("planned", set()).update(fold_text(text) for text in focus.planned)
    return [
        *(offer for offer in offers if fold_text(_name_of(offer.field, offer.text)) not in have[offer.field]),
        *_offer_cadence(study, earlier, week),
    ]


def read_by(behind: str) -> tuple[str, str]:
    """Who sees to something, and by when, as it stands behind the colon.

    Parameters
    ----------
    behind : str
        Such as "Omar, 2026-11-20".

    Returns
    -------
    who, day : str
        A day, or as written; empty where nothing says so.

    Examples
    --------
    >>> read_by("Omar, 2026-11-20"), read_by("Omar"), read_by("Omar, by 4 December")
    (('Omar', '2026-11-20'), ('Omar', ''), ('Omar', '4 December'))
    """
    by = _BY.fullmatch(behind)
    return ((by["who"] or ""), by["day"] or by["words"]) if by else (behind, "")


def _offer_work(study: Study, earlier: Sequence[Week]) -> list[Offer]:
    """The first of the order of work that is not closed."""
    ordered = next((one for one in reversed(earlier) if one.backlog), None)
    titles = {bet.id: bet.title for bet in study.bets if bet.status in AT_WORK} | {
        one.id: one.change or "" for one in study.hypotheses if one.status in ("draft", *UNDER_WAY)
    }
    found = [id_ for id_, _ in ordered.backlog if id_ in titles] if ordered else []
    return [
        Offer(
            "planned", f"{titles[id_]} ({id_})" if titles[id_] else id_, f"first in the order of work of {ordered.id}"
        )
        for id_ in found[:1]
    ]


def _offer_cadence(study: Study, earlier: Sequence[Week], week: Week) -> list[Offer]:
    """As long as the last plan that says so, where this week begins one."""
    last = next((one for one in reversed(earlier) if one.cadence), None)
    if last is None or week.cadence or find_commitment(study, week.id).weeks[0] != week.id:
        return []
    words = next(words for words, n in CADENCES.items() if n == last.cadence)
    return [Offer("cadence", words, f"as planned in {last.id}")]


def _earlier(study: Study, moment: Moment) -> list[Week]:
    """The records of earlier weeks, the last one last."""
    return sorted((one for one in study.weeks if is_week(one.id) and one.id < moment.week), key=lambda one: one.id)


def _metrics(quarter: Quarter, weeks: Sequence[Week]) -> list[MetricLine]:
    """Every metric that the quarter or one of the weeks names, with its values."""
    names: dict[str, tuple[str, str, str]] = {}  # folded -> name, how it is counted, role
    for text, role in ((quarter.metric, "primary"), *((text, "watched") for text in drop_nothing(quarter.watched))):
        name, _, counted = text.partition(": ")
        if name:
            names.setdefault(fold_text(name), (name, counted, role))
    values: dict[str, dict[str, str]] = {}
    for week in reversed(weeks):  # as it is written now goes before as it was written then
        for text in drop_nothing(week.metrics):
            name, value = _split(text)
            names.setdefault(fold_text(name), (name, "", ""))
            values.setdefault(fold_text(name), {})[week.id] = value
    found = []
    for folded, (name, counted, role) in names.items():
        reading = classify_metric(f"{name}: {counted}" if counted else name)
        primary = role == "primary"
        found.append(
            MetricLine(
                name, counted, role, reading.family, reading.leading, reading.vanity,
                _target(quarter) if primary else "", (quarter.deadline or "") if primary else "",
                tuple(values.get(folded, {}).get(week.id, "") for week in weeks),
            )
        )  # fmt: skip
    return found


def _target(quarter: Quarter) -> str:
    """From where to where, where the unit is written; else as far as it is."""
    as_test = Hypothesis("", "draft", metric=quarter.metric, baseline=quarter.baseline or None, size=quarter.size,
                         direction=quarter.direction or None, unit=quarter.unit)  # fmt: skip
    return next(
        (one.outcome for one in read_change(as_test) if one.unit == quarter.unit and one.outcome), quarter.baseline
    )


def _blockers(study: Study, week: Week, earlier: Sequence[Week], moment: Moment) -> list[Blocker]:
    # A record that says "none" has said that they are solved; one that says nothing has not.
    carried = not week.blockers
    source = next((one for one in reversed(earlier) if one.blockers), None) if carried else week
    found: dict[str, Blocker] = {}
    for what, behind in source.blockers if source else ():
        if not is_nothing(behind if not what else what):
            found.setdefault(
                fold_text(what), _blocker(what, behind, moment, _since(what, source, earlier), "", carried)
            )
    for bet in study.bets:
        for what, behind in bet.needs if bet.status in AT_WORK else ():
            found.setdefault(fold_text(what), _blocker(what, behind, moment, "", bet.id, False))
    return list(found.values())


def _blocker(what: str, behind: str, moment: Moment, since: str, bet: str, carried: bool) -> Blocker:
    who, day = read_by(behind)
    return Blocker(what, who, day, is_day(day) and day < moment.today, since, bet, carried)


def _since(what: str, source: Week, earlier: Sequence[Week]) -> str:
    """The first of the weeks without a gap in which it is written down."""
    since = source.id
    for week in reversed([one for one in earlier if one.id < source.id and one.blockers]):
        if fold_text(what) not in {fold_text(name) for name, _ in week.blockers}:
            break
        since = week.id
    return since


def _why_metric(metric: MetricLine, weeks: Sequence[str]) -> str:
    last = next(
        ((week, value) for week, value in reversed(list(zip(weeks, metric.values, strict=True))) if value), None
    )
    role = {"primary": "the quarter’s metric", "watched": "watched this quarter"}.get(metric.role, "")
    said = f"{last[1]} in {last[0]}" if last else "" if metric.role else "no value yet"
    return "; ".join(filter(None, (role, said)))


def _as_written(blocker: Blocker) -> str:
    day = blocker.day if is_day(blocker.day) or not blocker.day else f"by {blocker.day}"
    behind = ", ".join(filter(None, (blocker.who, day)))
    return f"{blocker.what}: {behind}" if behind else blocker.what


def _written(week: Week, field: str) -> list[str]:
    """What a field of the record has, by what tells one line from another."""
    return [item[0] if isinstance(item, tuple) else _name_of(field, item) for item in getattr(week, field)]


def _name_of(field: str, text: str) -> str:
    return _split(text)[0] if field in ("metrics", "blockers") else text


def _split(text: str) -> tuple[str, str]:
    """A line's name, and what is behind the first colon."""
    name, colon, value = f"{text} ".partition(": ")
    return (name.strip(), value.strip()) if colon else (text.strip(), "")
