"""Friday: what came of the week, each line with what it rests on, and what could be written there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.customers import is_evidence
from workbench.newest import done_on
from workbench.readouts.quoted import REFERENCE
from workbench.records import find_successors
from workbench.records.typed import drop_nothing, fold_sentence
from workbench.redact import short_ids
from workbench.rituals.backlog import find_backlog
from workbench.rituals.capacity import Commitment, find_commitment
from workbench.rituals.delta import find_delta
from workbench.rituals.offer import Offer
from workbench.rituals.reviews import Needed, due_reviews, needed_decisions

if TYPE_CHECKING:
    from workbench.records import Decision, Hypothesis, Week
    from workbench.rituals.moment import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Line", "Planned", "Readout", "Sources", "find_readout", "offer_readout", "quote_notes", "without_written"]

FIELDS = ("shipped", "changed", "learned", "next", "decisions_needed")
CLOSED = ("supported", "refuted", "dropped")
# So many themes that grew are offered.
N_GREW = 3
_SOURCE = re.compile(rf"{REFERENCE}|\b[HDB]-[0-9a-f]{{6}}\b|\bC-[0-9a-f]{{6,16}}\b")
# Brackets that hold nothing but what a line names.
_CITED = re.compile(rf"\s*[(\[](?:{_SOURCE.pattern}|[\s,;]|\band\b)+[)\]]")


class Line(NamedTuple):
    """A line of a week, and what it names.

    Parameters
    ----------
    text : str
        Its words, without brackets that hold only what it names.
    notes : tuple of str
        Notes that count.
    customers : tuple of str
        Distinct customers of these and of the calls that it names.
    records : tuple of str
        Ids of hypotheses, decisions and bets.
    gone : tuple of str
        What it names and is not there, or does not count.

    Examples
    --------
    >>> Line("Nobody looks", ("a#1b2c3d4e",), ("Acme",), (), ()).is_linked
    True
    """

    text: str
    notes: tuple[str, ...]
    customers: tuple[str, ...]
    records: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def is_linked(self) -> bool:
        """Whether it leads anywhere."""
        return bool(self.customers or self.records)


class Planned(NamedTuple):
    """Something that was taken on, or an outcome that the week was for.

    Parameters
    ----------
    text : str
        As written.
    done : bool
        Whether it stands, word for word, among what was finished, shipped or changed; what was taken on for several weeks in
        any of them.

    Examples
    --------
    >>> Planned("Send ten lists", True).done
    True
    """

    text: str
    done: bool


@dataclass(frozen=True)
class Readout:
    """What came of a week.

    Parameters
    ----------
    outcomes, planned : tuple of Planned
        What the week was for, and what was taken on, for as many weeks as that is.
    until : str
        The last of these weeks; empty where it is for this week alone.
    besides : tuple of str
        What was finished and not planned.
    lines : dict of str to tuple of Line
        ``shipped``, ``changed``, ``learned``, ``next`` and ``decisions_needed``, without those that say that there is nothing.
    unwritten : tuple of str
        Those of them that nobody has written anything into, not even that there is nothing.
    decided, superseded : tuple of Decision
        Decisions of the week, and those that one of them has taken the place of.
    needed : tuple of Needed
        Decisions that are proposed.
    """

    outcomes: tuple[Planned, ...]
    planned: tuple[Planned, ...]
    until: str
    besides: tuple[str, ...]
    lines: dict[str, tuple[Line, ...]]
    unwritten: tuple[str, ...]
    decided: tuple[Decision, ...]
    superseded: tuple[Decision, ...]
    needed: tuple[Needed, ...]


class Sources:
    """What a line can name: notes by their id, by file and line, or as a report cites them; calls; records.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> Sources(read_study(folder)).read("A list comes in pieces (H-3fa9c1)")
    Line(text='A list comes in pieces', notes=(), customers=(), records=(), gone=('H-3fa9c1',))
    """

    def __init__(self, study: Study) -> None:
        notes = study.notes[is_evidence(study.notes)]
        short = short_ids(study.calls["call"], study.salt, "C-", 6)
        self._notes: dict[str, tuple[str, str]] = {}
        columns = [notes[name].astype(str) for name in ("note", "customer", "call", "file")]
        for note, customer, call, file, line in zip(*columns, notes["line"], strict=True):
            for name in (note, f"{short[call]}:{line}", f"{file}:{line}", f"{file.rpartition('/')[2]}:{line}"):
                self._notes.setdefault(name, (note, customer))
        calls = study.calls[study.calls["counted"]]
        self._calls = {short[call]: who for call, who in zip(calls["call"], calls["customer"], strict=True)}
        self._records = {one.id for one in (*study.hypotheses, *study.decisions, *study.bets)}

    def read(self, text: str) -> Line:
        """Read a line.

        Parameters
        ----------
        text : str
            As it is written.

        Returns
        -------
        Line
            A call stands for its customer, and for no note.
        """
        named = list(dict.fromkeys(_SOURCE.findall(text)))
        notes = [self._notes[one] for one in named if one in self._notes]
        heard = [customer for _, customer in notes] + [self._calls[one] for one in named if one in self._calls]
        return Line(
            " ".join(_CITED.sub("", text).split()),
            tuple(dict.fromkeys(note for note, _ in notes)),
            tuple(dict.fromkeys(heard)),
            tuple(one for one in named if one in self._records),
            tuple(one for one in named if one not in self._notes and one not in self._calls and one not in self._records),
        )  # fmt: skip


def find_readout(study: Study, moment: Moment) -> Readout:
    """What came of a week, from its record and the decisions of its days.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        The week.

    Returns
    -------
    Readout
        Whether an outcome was reached is not guessed: it is done where the record says so in the same words.
    """
    week, sources = moment.record_of(study), Sources(study)
    taken_on = find_commitment(study, moment.week)
    done, done_of_all = _done([week]), _done_so_far(study, taken_on, moment)
    planned = {fold_sentence(text) for text in taken_on.planned}
    decided = [one for one in study.decisions if moment.has(one.date) and one.status in ("decided", "superseded")]
    replaced = find_successors(decided)
    return Readout(
        tuple(Planned(text, fold_sentence(text) in done) for text in drop_nothing(week.outcomes)),
        tuple(Planned(text, fold_sentence(text) in done_of_all) for text in taken_on.planned),
        taken_on.weeks[-1] if len(taken_on.weeks) > 1 else "",
        tuple(text for text in drop_nothing(week.finished) if fold_sentence(text) not in planned),
        {field: tuple(sources.read(text) for text in drop_nothing(getattr(week, field))) for field in FIELDS},
        tuple(field for field in FIELDS if not getattr(week, field)),
        tuple(sorted(decided, key=lambda one: (one.date or "", one.id))),
        tuple(one for one in study.decisions if one.id in replaced),
        tuple(one for one in needed_decisions(study, moment) if one.id),
    )


def _done(weeks: Iterable[Week]) -> set[str]:
    return {
        fold_sentence(text)
        for week in weeks
        for field in ("finished", "shipped", "changed")
        for text in getattr(week, field)
    }


def _done_so_far(study: Study, taken_on: Commitment, moment: Moment) -> set[str]:
    """What the weeks of a commitment have done, this one the last."""
    return _done(one for one in study.weeks if one.id in taken_on.weeks and one.id <= moment.week)


def offer_readout(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> list[Offer]:
    """What could be written on a Friday, field by field.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Not used: drafts are not what a week has done.
    moment : Moment
        The week.

    Returns
    -------
    list of Offer
        For ``finished``, ``shipped``, ``changed``, ``learned``, ``next``, ``decisions_needed`` and ``backlog``: words of records
        and of customers, with what they rest on. What the record has already is not offered.
    """
    week, readout = moment.record_of(study), find_readout(study, moment)
    taken_on = f"taken on until {readout.until}" if readout.until else "taken on this week"
    offers = [
        *(Offer("finished", one.text, taken_on) for one in readout.planned if not one.done),
        *(Offer("finished", text, "what the week was for") for text in drop_nothing(week.outcomes)),
        *_offer_shipped(study, moment),
        *_offer_learned(study, themes, moment),
        *(
            Offer("changed", f"{one.chosen} ({one.id})", f"decided on {one.date}", one.evidence)
            for one in readout.decided
            if one.chosen
        ),
        *_offer_backlog(study, week, moment),
        *(Offer("next", one.text, f"{taken_on}, not finished") for one in readout.planned if not one.done),
        *(
            Offer("decisions_needed", f"{one.text} ({one.id})", f"needed by {one.due}" if one.due else "proposed")
            for one in needed_decisions(study, moment)
            if one.id and one.text
        ),
        *(
            Offer("decisions_needed", f"Does it still hold: {one.title} ({one.id})", f"to be looked at again since {one.day}")
            for one in due_reviews(study, moment)
            if one.kind == "decision" and one.overdue
        ),
    ]  # fmt: skip
    return without_written(offers, week)


def without_written(offers: Iterable[Offer], week: Week) -> list[Offer]:
    """Offers that a week's record does not have yet, in the same words or on the same record.

    Parameters
    ----------
    offers : iterable of Offer
        In any order.
    week : Week
        The record.

    Returns
    -------
    list of Offer
        Each once.

    Examples
    --------
    >>> from workbench.records import Week
    >>> without_written([Offer("next", "Two", ""), Offer("next", "one ", "")], Week("2026-W47", next=("One",)))
    [Offer(field='next', text='Two', why='', notes=())]
    """
    kept: dict[tuple[str, str], Offer] = {}
    for offer in offers:
        have = getattr(week, offer.field)
        if offer.field == "backlog":
            written = offer.text.partition(":")[0] in {id_ for id_, _ in have}
        else:
            ids = set(_SOURCE.findall(offer.text))
            written = any(
                fold_sentence(text) == fold_sentence(offer.text) or ids & set(_SOURCE.findall(text)) for text in have
            )
        if not written:
            kept.setdefault((offer.field, fold_sentence(offer.text)), offer)
    return list(kept.values())


def _offer_shipped(study: Study, moment: Moment) -> Iterator[Offer]:
    for bet in study.bets:
        if moment.has(done_on(bet, "shipped")) and bet.title:
            yield Offer("shipped", f"{bet.title} ({bet.id})", f"shipped on {bet.shipped}")
    for one in study.hypotheses:
        if moment.has(done_on(one, "started")) and one.change:
            yield Offer("shipped", f"As a test: {one.change} ({one.id})", f"begun on {one.started}")


def _offer_learned(study: Study, themes: Themes, moment: Moment) -> Iterator[Offer]:
    """What tests have shown this week, then what more customers said than before."""
    for one in study.hypotheses:
        if one.status in CLOSED and moment.has(one.closed):
            if one.learned:
                yield Offer("learned", f"{one.learned} ({one.id})", f"{one.status} on {one.closed}", one.evidence)
            if one.therefore:
                yield Offer("next", f"{one.therefore} ({one.id})", f"what follows from {one.id}")
    delta = find_delta(study, themes, moment)
    if not delta.known:
        return
    said = quote_notes(themes)
    rows = delta.themes[delta.themes["change"].isin(["born", "grew"])]
    for row in list(rows.itertuples(index=False))[: 2 * N_GREW]:
        note = next((note for note in row.new_notes if note in said), "")
        if note:
            n, of = row.n_customers_after, themes.n_customers
            why = f"new theme, {n} of {of} customers" if row.change == "born" else f"{row.n_customers_before} customers then, {n} of {of} now"  # fmt: skip
            yield Offer("learned", f"{said[note]} ({note})", why, row.new_notes)


def quote_notes(themes: Themes) -> dict[str, str]:
    """The words of notes that may be shown, as a line quotes them.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    dict of str to str
        By note; between quotation marks only what a customer said to the letter.
    """
    notes = themes.notes[themes.notes["consent"].isin(["quote", "named"])]
    rows = zip(notes["note"], notes["kind"].astype(str), notes["text"].astype(str), strict=True)
    return {note: f"“{text}”" if kind == "quote" else text for note, kind, text in rows}


def _offer_backlog(study: Study, week: Week, moment: Moment) -> Iterator[Offer]:
    backlog = find_backlog(study, moment)
    for item in backlog.proposed:
        cause = item.said if item.move else ""
        stays = f"as in {backlog.week}" if backlog.week else "by the customers behind it"
        why = f"{'before' if item.move == 'up' else 'after'} {item.passed}" if item.passed else ("new" if item.move == "new" else stays)  # fmt: skip
        yield Offer("backlog", f"{item.id}: {cause}" if cause else item.id, why, item.now.notes)
        if item.move in ("up", "down") and not week.backlog:
            words = "before" if item.move == "up" else "after"
            yield Offer("changed", f"{item.title or item.id} goes {words} {item.passed} ({item.id})", item.said, item.now.notes)  # fmt: skip
    for item, place in zip(backlog.items, ("first", "second"), strict=False):
        yield Offer("next", f"{item.title} ({item.id})" if item.title else item.id, f"{place} in the order of work")
