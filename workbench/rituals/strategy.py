"""The quarter: its one outcome, the bets with who stands behind each, for whom it is and for whom not; and what could be written."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from workbench.customers import count_customers
from workbench.hypotheses import classify_metric, propose, read_change
from workbench.hypotheses.metrics import FAMILIES, METRICS, name_metrics
from workbench.records import Hypothesis
from workbench.records.typed import fold_text, is_nothing, is_week
from workbench.rituals.backlog import Support, support_of
from workbench.rituals.capacity import measure_capacity
from workbench.rituals.limits import MOST_BETS, MOST_WORDS, find_allowing, find_bet
from workbench.rituals.offer import Offer
from workbench.rituals.progress import find_progress

if TYPE_CHECKING:
    from workbench.records import Bet
    from workbench.rituals.moment import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["BetLine", "Family", "Goal", "Heard", "Orphan", "Ours", "Strategy", "find_strategy", "offer_quarter"]

AT_WORK = ("planned", "active")
UNFINISHED = ("planned", "active", "shipped")
# A quarter is said in a minute: three of each.
N_HEARD = 3
N_THEMES = 3
_JOB = ("pain", "workaround")
_VALUE = ("wish", "commitment")
MONTH = 28


class Goal(NamedTuple):
    """What the quarter is measured by.

    Parameters
    ----------
    metric, counted : str
        Its name, and how it is counted.
    family : str
        One of the five; empty where no word tells.
    leading : bool or None
        Whether it moves within days.
    vanity : bool
        Whether it can rise while nobody is better off.
    label, start, end : str
        Such as "+5 points", "30 %" and "35 %"; empty while they are open.
    several : tuple of str
        The metrics that stand where one should; empty where one does.

    Examples
    --------
    >>> Goal("Activation", "", "activation", True, False, "+5 points", "30 %", "35 %", ()).end
    '35 %'
    """

    metric: str
    counted: str
    family: str
    leading: bool | None
    vanity: bool
    label: str
    start: str
    end: str
    several: tuple[str, ...]


@dataclass(frozen=True)
class BetLine:
    """A bet of the quarter.

    Parameters
    ----------
    name : str
        As the quarter has it.
    bet : Bet or None
        Its record; None where it has none.
    hypotheses : tuple of Hypothesis
        Those that it rests on and that there are.
    support : Support
        Who stands behind it, by those.
    themes : tuple of str
        The themes that most of these notes are in.
    beyond : bool
        Whether it is one more than three.
    allowed_by : str
        The decision that says so; empty where none does.
    """

    name: str
    bet: Bet | None
    hypotheses: tuple[Hypothesis, ...]
    support: Support
    themes: tuple[str, ...]
    beyond: bool
    allowed_by: str


class Orphan(NamedTuple):
    """Something that is planned or worked on and tied to no outcome of the quarter.

    Parameters
    ----------
    bet : Bet
        The record.
    why : str
        ``outcome`` (it names none), or ``quarter`` (the quarter does not name it).

    Examples
    --------
    >>> from workbench.records import Bet
    >>> Orphan(Bet("B-1"), "outcome").why
    'outcome'
    """

    bet: Bet
    why: str


class Heard(NamedTuple):
    """A theme as far as notes of some kinds say it.

    Parameters
    ----------
    theme : str
        Its id.
    notes : tuple of str
        The notes.
    n : int
        Their distinct customers.

    Examples
    --------
    >>> Heard("T1", ("a#1",), 1).n
    1
    """

    theme: str
    notes: tuple[str, ...]
    n: int


class Ours(NamedTuple):
    """A metric that some record names.

    Parameters
    ----------
    metric : str
        Its name.
    leading : bool or None
        Whether it moves within days.
    role : str
        ``primary``, ``watched``, ``bet``, ``hypothesis`` or ``week``: what names it.

    Examples
    --------
    >>> Ours("Activation", True, "primary").role
    'primary'
    """

    metric: str
    leading: bool | None
    role: str


class Family(NamedTuple):
    """One of the five families of metrics.

    Parameters
    ----------
    family : str
        Its name; empty for metrics of which no word tells.
    ours : tuple of Ours
        What is measured of it here.
    examples : tuple of (str, bool)
        What else could be, and whether it moves within days.

    Examples
    --------
    >>> Family("activation", (), (("Activation", True),)).examples[0]
    ('Activation', True)
    """

    family: str
    ours: tuple[Ours, ...]
    examples: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Strategy:
    """The quarter on one page.

    Parameters
    ----------
    goal : Goal
        What it is measured by.
    bets : tuple of BetLine
        As the quarter names them.
    orphans : tuple of Orphan
        What is at work beside them.
    tiers : dict of str to int
        Unfinished bets by tier; empty for those without one.
    excluded : tuple of (str, str, str, int)
        Customers who were called and do not count: name, segment, why, and how many calls.
    n_words, most_words : int
        Words of the positioning line, and how many it may have.
    jobs, value : tuple of Heard
        What customers struggle with, and what they wish or have promised, by distinct customers.
    families : tuple of Family
        The five families, then what is in none.
    """

    goal: Goal
    bets: tuple[BetLine, ...]
    orphans: tuple[Orphan, ...]
    tiers: dict[str, int]
    excluded: tuple[tuple[str, str, str, int], ...]
    n_words: int
    most_words: int
    jobs: tuple[Heard, ...]
    value: tuple[Heard, ...]
    families: tuple[Family, ...]


def find_strategy(study: Study, themes: Themes) -> Strategy:
    """The quarter on one page, from its record, the bets, the hypotheses and what customers said.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    Strategy
        Nothing of it is stored.
    """
    quarter, tiers = study.quarter, dict.fromkeys(("1", "2", "3", ""), 0)
    for bet in study.bets:
        if bet.status in UNFINISHED:
            tiers[bet.tier or ""] += 1
    out = study.customers[(study.customers["excluded"] != "") & (study.customers["n_calls"] > 0)]
    return Strategy(
        _goal(study),
        tuple(_bet_lines(study, themes)),
        tuple(_orphans(study)),
        tiers,
        tuple((row.customer, row.segment, row.excluded, int(row.n_calls)) for row in out.itertuples(index=False)),
        len(quarter.positioning.split()),
        MOST_WORDS,
        tuple(_heard(themes, _JOB)),
        tuple(_heard(themes, _VALUE)),
        tuple(_families(study)),
    )


def _goal(study: Study) -> Goal:
    quarter = study.quarter
    name, _, counted = quarter.metric.partition(": ")
    reading = classify_metric(quarter.metric)
    as_test = Hypothesis("", "draft", metric=quarter.metric, baseline=quarter.baseline or None, size=quarter.size,
                         direction=quarter.direction or None, unit=quarter.unit)  # fmt: skip
    change = next((one for one in read_change(as_test) if one.unit == quarter.unit), None)
    start, _, end = change.outcome.partition(" to ") if change else ("", "", "")
    several = tuple(name_metrics(quarter.metric))
    return Goal(
        name, counted, reading.family, reading.leading, reading.vanity, change.label if change else "",
        start or quarter.baseline, end, several if len(several) > 1 else (),
    )  # fmt: skip


def _bet_lines(study: Study, themes: Themes) -> Iterator[BetLine]:
    known = {one.id: one for one in study.hypotheses}
    none = Support(of=count_customers(study.notes))
    for place, name in enumerate(one for one in study.quarter.bets if not is_nothing(one)):
        bet = find_bet(study.bets, name)
        support = support_of(study, bet.id) if bet else none
        beyond = place >= MOST_BETS
        allowing = find_allowing(study.decisions, bet.id if bet else name, bet.title if bet else "") if beyond else None
        yield BetLine(
            name,
            bet,
            tuple(known[id_] for id_ in bet.hypotheses if id_ in known) if bet else (),
            support,
            tuple(_themes_of(themes, support.notes)),
            beyond,
            allowing.id if allowing else "",
        )


def _themes_of(themes: Themes, notes: Iterable[str]) -> list[str]:
    rows = themes.notes[themes.notes["note"].isin(list(notes)) & (themes.notes["theme"] != "")]
    return rows["theme"].astype(str).value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable").index.tolist()[:N_THEMES]  # fmt: skip


def _orphans(study: Study) -> Iterator[Orphan]:
    named = {bet.id for line in study.quarter.bets if (bet := find_bet(study.bets, line))}
    for bet in study.bets:
        if bet.status in AT_WORK and not bet.outcome:
            yield Orphan(bet, "outcome")
        elif bet.status in AT_WORK and study.quarter.bets and bet.id not in named:
            yield Orphan(bet, "quarter")


def _heard(themes: Themes, kinds: Sequence[str]) -> Iterator[Heard]:
    """Themes by the distinct customers whose notes of these kinds are in them."""
    notes = themes.notes[themes.notes["kind"].astype(str).isin(kinds)]
    notes = notes.astype({"customer": str})
    place = {theme: i for i, theme in enumerate(themes.summary["theme"])}
    found = [
        Heard(theme, tuple(of["note"]), of["customer"].nunique())
        for theme, of in notes.groupby(notes["theme"].astype(str), sort=True)
        if theme in place
    ]
    yield from sorted(found, key=lambda one: (-one.n, place[one.theme]))[:N_HEARD]


def _families(study: Study) -> Iterator[Family]:
    """What is measured, each metric once: by what names it first."""
    quarter = study.quarter
    last = max(
        (week for week in study.weeks if is_week(week.id) and week.metrics), key=lambda one: one.id, default=None
    )
    named = [
        *((name, "primary", None) for name in (quarter.metric,) if name),
        *((name, "watched", None) for name in quarter.watched),
        *((bet.metric, "bet", None) for bet in study.bets if bet.metric and bet.status in UNFINISHED),
        *((one.metric, "hypothesis", one.family) for one in study.hypotheses if one.metric and one.status != "dropped"),
        *((line, "week", None) for line in (last.metrics if last else ())),
    ]
    # What the PM has chosen holds of a metric wherever it is named.
    chosen = {text.partition(": ")[0].strip().casefold(): family for text, _, family in named if family}
    ours: dict[str, list[Ours]] = {}
    seen: set[str] = set()
    for text, role, _ in named:
        name = text.partition(": ")[0].strip()
        if is_nothing(text) or name.casefold() in seen:
            continue
        seen.add(name.casefold())
        # Behind the colon of a week's line stands a value, which says nothing of what is counted.
        reading = classify_metric(name if role == "week" else text)
        family = chosen.get(name.casefold(), reading.family)
        # How soon it moves is read with its family, and of another one nobody knows.
        leading = reading.leading if family == reading.family else None
        ours.setdefault(family, []).append(Ours(name, leading, role))
    for family in FAMILIES:
        have = {one.metric.casefold() for one in ours.get(family, ())}
        examples = tuple(
            (one.name, one.leading) for one in METRICS if one.family == family and one.name.casefold() not in have
        )
        yield Family(family, tuple(ours.get(family, ())), examples)
    if ours.get(""):
        yield Family("", tuple(ours[""]), ())


def offer_quarter(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> list[Offer]:
    """What could be written into the quarter.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        Its `today` is the day that stands in front of a review's lines.

    Returns
    -------
    list of Offer
        Customers' words, records' titles, what Fridays' readouts say and what is counted; nothing that stands there. Outcome,
        size and positioning are never offered: they are the product manager's.
    """
    offers = [*_offer_frame(study, themes, hypotheses, moment), *_offer_bets(study), *_offer_review(study, moment)]
    return [one for one in dict.fromkeys(offers) if not _stands(study, one)]


def _offer_frame(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> Iterator[Offer]:
    quarter, day = study.quarter, date.fromisoformat(moment.today)
    number = (day.month + 2) // 3
    last = date(day.year, 3 * number, monthrange(day.year, 3 * number)[1])
    yield Offer("quarter", f"{day.year}-Q{number}", "this one")
    yield Offer("deadline", last.isoformat(), "its last day")
    first = next((one for one in hypotheses if one.evidence or one.theme), None)
    for one in propose(themes, first) if first is not None else ():
        if one.field == "problem":
            cost = one.words.startswith("What it costs: ")
            yield Offer("cost" if cost else "trigger", one.words.removeprefix("What it costs: "), one.why, one.notes)
        elif one.field == "metric":
            yield Offer("metric", one.words, one.why, one.notes)
    last_week = max((week for week in study.weeks if is_week(week.id) and week.metrics), key=lambda one: one.id, default=None)  # fmt: skip
    for line in last_week.metrics if last_week else ():
        name = line.partition(": ")[0].strip()
        if not is_nothing(name):
            yield Offer("watched", name, f"looked at in {last_week.id}")
    heard = study.customers[(study.customers["n_calls"] > 0) & (study.customers["excluded"] == "")]
    for segment, n in heard["segment"].value_counts().sort_index().items():
        if segment:
            yield Offer("segments", segment, f"{n} of {len(heard)} customers who were called")
    capacity = measure_capacity(study, moment)
    if capacity.usual is not None:
        weeks = f"weeks {capacity.before[0].weeks[0]} to {capacity.before[-1].weeks[-1]}"
        yield Offer("capacity", f"usually {capacity.usual:g} things finished {capacity.span}", weeks)
    if not quarter.review or quarter.review <= moment.today:
        yield Offer("review", (day + timedelta(MONTH)).isoformat(), "a suggestion: four weeks from today")


def _offer_bets(study: Study) -> Iterator[Offer]:
    for bet in study.bets:
        if bet.status in AT_WORK:
            yield Offer("bets", bet.id, f"{bet.title}, {bet.status}" if bet.title else bet.status)
        elif bet.status == "dropped" and bet.title:
            yield Offer("wont_do", bet.title, f"{bet.id} was dropped" + (f" on {bet.finished}" if bet.finished else ""))


def _offer_review(study: Study, moment: Moment) -> Iterator[Offer]:
    found, day = find_progress(study, moment), moment.today
    for one in found.bets:
        if one.bet.status in UNFINISHED and one.bet.title:
            states = ", ".join(f"{h.id} is {'a ' * (h.status == 'draft')}{h.status}" for h in one.hypotheses)
            yield Offer("progress", f"{day}: {one.bet.title} is {one.bet.status}" + (f"; {states}" if states else ""),
                        f"{one.bet.id}, as its records have it")  # fmt: skip
    for one in found.closed:
        if one.learned:
            yield Offer("learned", f"{day}: {one.learned} ({one.id})", f"{one.id} was {one.status} on {one.closed}")
    for line in found.learned:
        yield Offer("learned", f"{day}: {line.text}", f"learned in {line.week}")
    taken = [one for one in found.decided if one.status == "decided" and one.chosen]
    for one in taken:
        yield Offer("changes", f"{day}: {one.chosen} ({one.id})", f"decided on {one.date}")
    for line in found.changed:
        if not any(one.id in line.text for one in taken):
            yield Offer("changes", f"{day}: {line.text}", f"changed in {line.week}")


def _stands(study: Study, offer: Offer) -> bool:
    """Whether it is written already, or a field that holds one text holds one."""
    value = getattr(study.quarter, offer.field)
    if offer.field == "bets":
        return any(bet.id == offer.text for line in value if (bet := find_bet(study.bets, line)))
    if offer.field == "segments":
        return any(fold_text(one.name) == fold_text(offer.text) for one in value)
    if offer.field == "watched":
        names = [study.quarter.metric, *value]
        return any(fold_text(name.partition(": ")[0]) == fold_text(offer.text) for name in names)
    if isinstance(value, tuple):
        # A line of an earlier review says the same under another day.
        return any(fold_text(_undated(line)) == fold_text(_undated(offer.text)) for line in value)
    return bool(value) and offer.field != "review"


def _undated(text: str) -> str:
    return re.sub(r"^\d{4}-\d{2}-\d{2}:\s*", "", text)
