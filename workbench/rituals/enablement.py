"""Thursday: what sales and customer success can be told of what is new, and what could be written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.evidence import count_firm
from workbench.newest import done_on
from workbench.records.typed import is_nothing, is_week
from workbench.rituals.backlog import support_of
from workbench.rituals.delta import Delta, find_delta
from workbench.rituals.offer import Offer
from workbench.rituals.readout import quote_notes, without_written

if TYPE_CHECKING:
    from workbench.records import Bet, Hypothesis
    from workbench.rituals.moment import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Asked", "Enablement", "find_enablement", "offer_enablement"]

FIELDS = ("whats_new", "who_benefits", "how_to_pitch", "not_to_promise")
SHIPPED = ("shipped", "done")
N_QUOTES = 3
N_THEMES = 4


class Asked(NamedTuple):
    """A customer who spoke of something that is there now, or is being tested.

    Parameters
    ----------
    customer : str
        Who.
    record : str
        The bet or the hypothesis.
    notes : tuple of str
        What they said, wishes first.

    Examples
    --------
    >>> Asked("Acme", "H-4b20d7", ()).customer
    'Acme'
    """

    customer: str
    record: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Enablement:
    """What others can be told.

    Parameters
    ----------
    shipped : tuple of Bet
        Bets that were shipped since.
    running : tuple of Hypothesis
        What some customers have, as a test.
    themes : tuple of str
        Themes that are new or have grown, those with most customers first: heard more of, and not there yet.
    asked : tuple of Asked
        Who spoke of what is there now.
    delta : Delta
        What changed since.
    """

    shipped: tuple[Bet, ...]
    running: tuple[Hypothesis, ...]
    themes: tuple[str, ...]
    asked: tuple[Asked, ...]
    delta: Delta


def find_enablement(study: Study, themes: Themes, moment: Moment) -> Enablement:
    """What is new, for whom, and who asked for it.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    moment : Moment
        The week.

    Returns
    -------
    Enablement
        What was shipped before then is not new and not in it.
    """
    delta, firm = find_delta(study, themes, moment), count_firm(themes)
    moved = {one.id for one in delta.records if one.kind == "bet" and one.now in SHIPPED and one.was not in SHIPPED}
    shipped = tuple(
        bet
        for bet in study.bets
        if moment.has(done_on(bet, "shipped")) or (bet.id in moved and (bet.shipped or "") <= moment.today)
    )
    running = tuple(one for one in study.hypotheses if one.status == "running")
    fresh = set(delta.themes.loc[delta.themes["change"].isin(["born", "grew"]), "after"]) if delta.known else set()
    chosen = [theme for theme in firm.summary["theme"] if theme in fresh]
    asked = tuple(_find_asked(study, themes, (*shipped, *running)))
    return Enablement(shipped, running, tuple(chosen[:N_THEMES]), asked, delta)


def _find_asked(study: Study, themes: Themes, records: Sequence[Bet | Hypothesis]) -> Iterator[Asked]:
    notes = themes.notes
    customer = dict(zip(notes["note"], notes["customer"].astype(str), strict=True))
    kind = dict(zip(notes["note"], notes["kind"].astype(str), strict=True))
    for record in records:
        by_customer: dict[str, list[str]] = {}
        for note in support_of(study, record.id).notes:
            by_customer.setdefault(customer[note], []).append(note)
        for who in sorted(by_customer):
            yield Asked(who, record.id, tuple(sorted(by_customer[who], key=lambda note: kind[note] != "wish")))


def offer_enablement(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> list[Offer]:
    """What could be written on a Thursday, field by field.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Not used: a draft is nothing that anybody is told of.
    moment : Moment
        The week.

    Returns
    -------
    list of Offer
        For ``whats_new``, ``who_benefits``, ``how_to_pitch`` and ``not_to_promise``: titles, segments with their count, the
        positioning line, words of customers who agreed to be quoted, and what is left out, unproven or refuted. What the
        record has already is not offered.
    """
    found = find_enablement(study, themes, moment)
    offers = [*_offer_new(study, found, moment), *_offer_who(study, themes, found), *_offer_pitch(study, themes, found), *_offer_limits(study, moment)]  # fmt: skip
    return without_written(offers, moment.record_of(study))


def _offer_new(study: Study, found: Enablement, moment: Moment) -> Iterator[Offer]:
    for bet in found.shipped:
        if bet.title:
            yield Offer(
                "whats_new", f"{bet.title} ({bet.id})", f"shipped on {bet.shipped}" if bet.shipped else "shipped"
            )
    weeks = [week for week in study.weeks if is_week(week.id) and week.id <= moment.week and week.shipped]
    last = max(weeks, key=lambda week: week.id, default=None)
    for text in last.shipped if last else ():
        if not is_nothing(text):
            yield Offer("whats_new", text, f"shipped, as written in {last.id}")
    for one in found.running:
        if one.change:
            yield Offer("whats_new", f"As a test, for some customers only: {one.change} ({one.id})", f"running since {one.started}" if one.started else "running", one.evidence)  # fmt: skip


def _offer_who(study: Study, themes: Themes, found: Enablement) -> Iterator[Offer]:
    counted = study.calls[study.calls["counted"]]
    sizes = counted.groupby(counted["segment"].astype(str))["customer"].nunique()
    segment_of = dict(zip(themes.notes["customer"].astype(str), themes.notes["segment"].astype(str), strict=True))
    for record in (*found.shipped, *found.running):
        if record.segment:
            yield Offer("who_benefits", record.segment, f"whom {record.id} is for")
        asked = [one for one in found.asked if one.record == record.id]
        for segment in sorted({segment_of[one.customer] for one in asked} - {""}):
            some = [one for one in asked if segment_of[one.customer] == segment]
            notes = tuple(note for one in some for note in one.notes)
            of = f"{len(some)} of {sizes[segment]} customers we heard from"
            yield Offer("who_benefits", f"{segment}: {of}", f"who spoke of what {record.id} is about", notes)


def _offer_pitch(study: Study, themes: Themes, found: Enablement) -> Iterator[Offer]:
    if study.quarter.positioning:
        yield Offer("how_to_pitch", study.quarter.positioning, "the positioning line")
    words = quote_notes(themes)
    said = set(themes.notes.loc[themes.notes["kind"].astype(str) == "quote", "note"])
    heard: set[str] = set()
    for one in found.asked:
        note = next((note for note in one.notes if note in words and note in said), "")
        if note and one.customer not in heard and len(heard) < N_QUOTES:
            heard.add(one.customer)
            yield Offer("how_to_pitch", f"{words[note]} ({note})", f"{one.customer}, who agreed to be quoted", (note,))


def _offer_limits(study: Study, moment: Moment) -> Iterator[Offer]:
    for text in study.quarter.wont_do:
        if not is_nothing(text):
            yield Offer("not_to_promise", text, "left out this quarter")
    for one in study.hypotheses:
        if one.change and one.status in ("ready", "running", "refuted", "dropped"):
            said = {"ready": "not tested yet", "running": "being tested, and may be stopped", "refuted": f"refuted: {one.result}" if one.result else "refuted", "dropped": "given up"}  # fmt: skip
            yield Offer("not_to_promise", f"{one.change} ({one.id})", said[one.status], one.evidence)
    for one in study.decisions:
        if one.status == "decided" and one.chosen and moment.has(one.date):
            yield Offer(
                "not_to_promise", f"{one.title} {one.chosen} ({one.id})", f"decided on {one.date}", one.evidence
            )
