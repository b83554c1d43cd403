"""Decisions: who stands behind each, what is due, the log of all of them, and what could be written into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from workbench.customers import count_customers, is_evidence
from workbench.records import find_successors
from workbench.records.typed import fold_text, is_day, is_nothing, week_of
from workbench.rituals.moment import Moment
from workbench.rituals.offer import Offer
from workbench.rituals.reviews import due_reviews

if TYPE_CHECKING:
    from workbench.records import Decision, Hypothesis
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = [
    "LOG_COLUMNS",
    "Behind",
    "Due",
    "Stance",
    "cite_behind",
    "count_behind",
    "find_due",
    "find_nothing",
    "find_upcoming",
    "list_decisions",
    "newest_first",
    "offer_decision",
    "one_of_each",
    "read_stance",
]

LOG_COLUMNS = (
    "decision", "status", "date", "question", "chosen", "owner", "due", "review", "reviewed", "overdue", "then", "now", "of",
    "supersedes", "superseded_by", "file",
)  # fmt: skip
DO_NOTHING = "Do nothing"
SOON = 7  # days
REVIEW_AFTER = 56  # days: a quarter is over twelve weeks later, and by eight there is something to see
N_OFFERS = 8
_NOTHING = ("do nothing", "nothing", "leave", "wait", "keep", "no change", "change nothing", "stay")


class Behind(NamedTuple):
    """What stands behind a decision, or against it.

    Parameters
    ----------
    notes : tuple of str
        The notes that count, its own and those of its hypotheses.
    n, of : int
        Distinct customers of these, of all who count.
    gone : tuple of str
        Notes that are cited and do not count, or are not there any more.

    Examples
    --------
    >>> Behind((), 0, 12, ()).of
    12
    """

    notes: tuple[str, ...]
    n: int
    of: int
    gone: tuple[str, ...]


class Due(NamedTuple):
    """A decision that is to be made, or to be looked at again.

    Parameters
    ----------
    decision : Decision
        The record.
    day : str
        By when; empty for a proposed one that does not say.
    why : str
        ``decide`` or ``review``.
    overdue : bool
        Whether the day is past.
    """

    decision: Decision
    day: str
    why: str
    overdue: bool


class Stance(NamedTuple):
    """How somebody stands to what is asked for.

    Parameters
    ----------
    person : str
        Who.
    stance : str
        ``for``, ``against``, ``unsure``, or as written; empty for somebody who has seen it and not said.
    day : str
        Since when, ``YYYY-MM-DD``; empty where it is not written.
    """

    person: str
    stance: str
    day: str


def count_behind(study: Study, decision: Decision, side: str = "evidence", *, until: str = "") -> Behind:
    """Who stands behind a decision: by its own notes and by those of the hypotheses that it rests on.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    decision : Decision
        A record, or what is to become one.
    side : str
        ``evidence`` or ``against``.
    until : str
        Only calls up to this day, ``YYYY-MM-DD``; a call without a day counts.

    Returns
    -------
    Behind
        Each customer counts once. Own takes, and customers who do not count, are not in it.
    """
    notes = study.notes
    if until:
        dates = notes["date"]
        notes = notes[(dates.isna() | (dates <= pd.Timestamp(until))).to_numpy(bool)]
    counting = notes[is_evidence(notes)]
    customer = dict(zip(counting["note"], counting["customer"].astype(str), strict=True))
    cited = cite_behind(study, decision, side)
    found = tuple(note for note in cited if note in customer)
    gone = tuple(note for note in cited if note not in customer)
    return Behind(found, len({customer[note] for note in found}), count_customers(notes), gone)


def cite_behind(study: Study, decision: Decision, side: str = "evidence") -> list[str]:
    """The notes that a decision rests on: its own, and those of its hypotheses.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    decision : Decision
        A record.
    side : str
        ``evidence`` or ``against``.

    Returns
    -------
    list of str
        Each once, whether or not it counts or is still there.
    """
    known = {one.id: one for one in study.hypotheses}
    sources = [decision, *(known[id] for id in decision.hypotheses if id in known)]
    return list(dict.fromkeys(note for one in sources for note in getattr(one, side)))


def find_due(study: Study, today: str, *, within: int = SOON) -> list[Due]:
    """Decisions that wait: proposed ones by the day on which they are needed, decided ones by their review.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    today : str
        ``YYYY-MM-DD``.
    within : int
        Days ahead.

    Returns
    -------
    list of Due
        The most urgent first: every proposed one that says no day, or one up to then; every decided one whose review is up
        to then and was not held.
    """
    last = (date.fromisoformat(today) + timedelta(within)).isoformat()
    of_file = {one.file: one for one in study.decisions}
    found = [
        Due(one, one.due or "", "decide", bool(one.due) and one.due < today)
        for one in study.decisions
        if one.status == "proposed" and (one.due or "") <= last
    ]
    for review in due_reviews(study, Moment(week_of(today), today), last):
        if review.kind == "decision":
            found.append(Due(of_file[review.file], review.day, "review", review.overdue))
    return sorted(found, key=lambda due: (not due.day, due.day, due.decision.id))


def find_upcoming(study: Study) -> Decision | None:
    """The decision that is needed next.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Returns
    -------
    Decision or None
        Of those that are proposed the one with the nearest day; without days the first by id. None where none is proposed.
    """
    proposed = [one for one in study.decisions if one.status == "proposed"]
    return min(proposed, key=lambda one: (not one.due, one.due or "", one.id), default=None)


def find_nothing(options: Iterable[str]) -> str:
    """The option that leaves things as they are.

    Parameters
    ----------
    options : iterable of str
        Of a decision.

    Returns
    -------
    str
        As written; empty where none of them reads so.

    Examples
    --------
    >>> find_nothing(["Build the reader", "Leave it as it is"]), find_nothing(["Reader", "Template"])
    ('Leave it as it is', '')
    """
    plain = [(option, fold_text(option)) for option in options]
    return next((option for option, words in plain if is_nothing(words) or words.startswith(_NOTHING)), "")


def read_stance(person: str, said: str) -> Stance:
    """How somebody stands to what is asked for, as it is written in a record.

    Parameters
    ----------
    person, said : str
        A pair of `stances`: what stands before the colon, and behind it.

    Returns
    -------
    Stance
        With the day apart; a name alone has seen it.

    Examples
    --------
    >>> read_stance("Priya Nair", "for, 2026-11-18")
    Stance(person='Priya Nair', stance='for', day='2026-11-18')
    >>> read_stance("", "Priya Nair")
    Stance(person='Priya Nair', stance='', day='')
    """
    if not person:
        return Stance(said, "", "")
    words, comma, day = said.rpartition(",")
    if is_day(day.strip()):
        return Stance(person, words.strip() if comma else "", day.strip())
    return Stance(person, said, "")


def list_decisions(study: Study, today: str) -> pd.DataFrame:
    """The log: one row a decision, the newest first.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    today : str
        What is overdue is measured from this day, ``YYYY-MM-DD``.

    Returns
    -------
    pandas.DataFrame
        Columns `LOG_COLUMNS`: ``date`` is the day on which it was decided or given up, for a proposed one empty; ``overdue`` (bool) is true
        past the day on which it was needed or to be looked at again; ``then`` (Int64) is the number of customers behind it
        that was written down, ``now`` and ``of`` what it is today; the others are str.
    """
    overdue = {due.decision.id for due in find_due(study, today) if due.overdue}
    successor = find_successors(study.decisions)
    rows = []
    for one in newest_first(one_of_each(study.decisions)):
        behind = count_behind(study, one)
        rows.append(
            {
                "decision": one.id,
                "status": one.status,
                "date": one.date or "",
                "question": one.title,
                "chosen": one.chosen,
                "owner": one.owner,
                "due": one.due or "",
                "review": one.review or "",
                "reviewed": one.reviewed or "",
                "overdue": one.id in overdue,
                "then": one.customers[0] if one.customers else None,
                "now": behind.n,
                "of": behind.of,
                "supersedes": one.supersedes,
                "superseded_by": successor.get(one.id, ""),
                "file": one.file,
            }
        )
    table = pd.DataFrame(rows, columns=list(LOG_COLUMNS))
    return table.astype(dict.fromkeys(("then", "now", "of"), "Int64") | {"overdue": bool})


def offer_decision(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> list[Offer]:
    """What could be written into a decision.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        Its `record` is the decision's id; without one, what a new decision could begin with.

    Returns
    -------
    list of Offer
        Nothing that stands there already: doing nothing as an option, the hypotheses and bets under way, notes of these for and
        against, what they say may go wrong, the people who own records as those to ask, and a day to look again. The
        reason and the choice are never offered.
    """
    one = next((d for d in study.decisions if d.id == moment.record), None)
    if one is not None and one.status != "proposed":
        return []
    have = {name: set(getattr(one, name, ())) for name in ("options", "evidence", "against", "risks", "hypotheses", "consulted")}  # fmt: skip
    records = {h.id: h for h in hypotheses if h.file}
    offers: list[Offer] = []
    if not find_nothing(have["options"]):
        offers.append(Offer("options", DO_NOTHING, "what happens when nothing is decided"))
    if one is None or not one.hypotheses:
        titles = [h for h in records.values() if h.status not in ("draft", "dropped")]
        offers += [Offer("hypotheses", h.id, f"{h.status}: {h.change or h.claim}", h.evidence) for h in titles]
    if one is None or not one.bet:
        offers += [Offer("bet", bet.id, bet.title) for bet in study.bets if bet.status in ("planned", "active")]
    rests = [records[id] for id in (one.hypotheses if one else ()) if id in records]
    own = dict(zip(themes.notes["note"], themes.notes["text"], strict=True))
    for side, word in (("evidence", "speaks for"), ("against", "speaks against")):
        for h in rests:
            for note in [note for note in getattr(h, side) if note in own and note not in have[side]][:N_OFFERS]:
                offers.append(Offer(side, note, f"{word} {h.id}: “{own[note]}”", (note,)))
    offers += [offer for offer in _risks(study, one, rests) if offer.text not in have["risks"]]
    if one is not None:
        seen = {read_stance(*pair).person for pair in one.stances} | have["consulted"] | {one.owner}
        owners = {h.owner: h.id for h in rests if h.owner} | {bet.owner: bet.id for bet in study.bets if bet.owner}
        offers += [Offer("consulted", who, f"owns {of}") for who, of in sorted(owners.items()) if who not in seen]
    if one is None or not one.review:
        day = (date.fromisoformat(moment.today) + timedelta(REVIEW_AFTER)).isoformat()
        offers.append(Offer("review", day, "a suggestion: eight weeks from today"))
    return offers


def _risks(study: Study, decision: Decision | None, rests: Sequence[Hypothesis]) -> list[Offer]:
    """What the records that a decision rests on say may go wrong."""
    found = [
        Offer("risks", f"{what}: {who}" if who else what, f"a risk of {h.id}") for h in rests for what, who in h.risks
    ]
    found += [Offer("risks", str(guardrail), f"a guardrail of {h.id}") for h in rests for guardrail in h.guardrails]
    for bet in study.bets:
        if decision is not None and bet.id == decision.bet:
            found += [
                Offer("risks", f"{what}: {who}" if who else what, f"{bet.id} waits for it") for what, who in bet.needs
            ]
    return found


def one_of_each(decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions without those whose id an earlier file has: a figure on a page can be that of one only.

    Parameters
    ----------
    decisions : iterable of Decision
        By id and file, as a study has them.

    Returns
    -------
    list of Decision
        The first file of each id; ``duplicate-id`` of :func:`workbench.check` names the others.
    """
    found: dict[str, Decision] = {}
    for one in decisions:
        found.setdefault(one.id, one)
    return list(found.values())


def newest_first(decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions in the order of the log.

    Parameters
    ----------
    decisions : iterable of Decision
        Records.

    Returns
    -------
    list of Decision
        Proposed ones above, by the day on which they are needed; below them the others, by the day of each, latest first.
    """
    known = sorted(decisions, key=lambda one: one.id)
    proposed = [one for one in known if one.status == "proposed"]
    others = [one for one in known if one.status != "proposed"]
    return [
        *sorted(proposed, key=lambda one: one.due or "9999"),
        *sorted(others, key=lambda one: one.date or "", reverse=True),
    ]
