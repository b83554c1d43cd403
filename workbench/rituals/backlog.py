"""The order of work: changed only where evidence has shifted, each move with its cause.

An item, a hypothesis or a bet, is as strong as the number of customers whose notes speak for it, less those whose notes speak
against it. A bet is as strong as its hypotheses together, without those that were refuted or dropped.

The order is last week's. An item whose customers have changed since (a note that was there then and is cited only now is no
change) goes up past those that are weaker than it, or down past
those that are stronger, and stops at the first that is not. All others stay in the order in which they were, so that
nothing moves because somebody feels like it. What is new comes in at its place in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from workbench.customers import count_customers, is_evidence
from workbench.newest import done_on
from workbench.records import find_successors
from workbench.records.typed import is_nothing, is_week

if TYPE_CHECKING:
    from workbench.records import Bet, Decision, Hypothesis
    from workbench.rituals.moment import Moment
    from workbench.study import Study

__all__ = ["Backlog", "Item", "Support", "Supports", "Work", "find_backlog", "find_unfounded", "reorder", "shifted_between", "support_of", "title_of"]  # fmt: skip

OPEN = ("draft", "ready", "running", "planned", "active")
_DEAD = ("refuted", "dropped")


class Support(NamedTuple):
    """Who speaks for a piece of work, and who against it.

    Parameters
    ----------
    notes, against : tuple of str
        The notes that count.
    n, n_against, of : int
        Distinct customers of these, of all who count.

    Examples
    --------
    >>> Support((), (), 7, 2, 12).strength
    5
    """

    notes: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    n: int = 0
    n_against: int = 0
    of: int = 0

    @property
    def strength(self) -> int:
        """Customers for it, less those against it."""
        return self.n - self.n_against


class Work(NamedTuple):
    """A piece of work as the order sees it.

    Parameters
    ----------
    id : str
        A hypothesis or a bet.
    strength : int
        Customers for it, less those against it.
    shift : int
        Which way its evidence has shifted: above 0 for it, below 0 against it, 0 where it has not.

    Examples
    --------
    >>> Work("H-4b20d7", 5, 0).shift
    0
    """

    id: str
    strength: int
    shift: int


@dataclass(frozen=True)
class Item:
    """A piece of work in its place.

    Parameters
    ----------
    id, title, status : str
        The record's.
    was : int
        Its place in the last order, from 1; 0 where it was in none.
    then, now : Support
        Who stood behind it then, and who does now.
    shifted : tuple of str
        What of its evidence has shifted since, in words; empty where nothing has.
    told : tuple of str
        Those of them that are no count: a decision that was superseded, a guardrail that was broken. They may be a cause, and
        move nothing by themselves.
    cause : str
        What is written behind it in this week's record.
    passed : str
        The item that it has moved ahead of, or behind; empty where it has not moved.
    move : str
        ``up``, ``down``, ``new``, or empty.
    unfounded : bool
        Whether it was moved, and neither its evidence has shifted nor is a cause written behind it.
    """

    id: str
    title: str
    status: str
    was: int
    then: Support
    now: Support
    shifted: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    cause: str = ""
    passed: str = ""
    move: str = ""
    unfounded: bool = False

    @property
    def said(self) -> str:
        """Why it stands where it does, as it would be written behind it."""
        return "; ".join(self.shifted) or ("new" if self.move == "new" else "")


@dataclass(frozen=True)
class Backlog:
    """The order of work.

    Parameters
    ----------
    week : str
        The week whose order it starts from; empty where none has one.
    written : bool
        Whether this week's record has an order: then the items stand as they are written there.
    items : tuple of Item
        The first first.
    left : tuple of (str, str, str)
        What stood in the last order and is done, given up or gone: id, title, and what became of it.
    differs : bool
        Whether the order that is written is another than what follows from the evidence.
    proposed : tuple of Item
        What follows from the evidence, the first first.
    """

    week: str
    written: bool
    items: tuple[Item, ...]
    left: tuple[tuple[str, str, str], ...]
    differs: bool
    proposed: tuple[Item, ...]


def support_of(study: Study, id: str) -> Support:
    """Who speaks for a piece of work, and who against it.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    id : str
        A hypothesis or a bet.

    Returns
    -------
    Support
        Of notes that count: without the PM's own takes, and without customers who do not count.
    """
    return Supports(study).of(id)


class Supports:
    """Who stands behind each piece of work and each decision of a study, whose notes are looked through once.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> Supports(read_study(folder)).of("H-1")
    Support(notes=(), against=(), n=0, n_against=0, of=0)
    """

    def __init__(self, study: Study) -> None:
        notes = study.notes
        counting = notes[is_evidence(notes)]
        self._customer = dict(zip(counting["note"], counting["customer"].astype(str), strict=True))
        self._hypotheses = {one.id: one for one in study.hypotheses}
        self._bets = {one.id: one for one in study.bets}
        self._of = count_customers(notes)

    def of(self, id: str, cited: Support | None = None) -> Support:
        """Of a hypothesis or a bet, and whatever else is cited for it."""
        return self._of_parts(self._parts(id), cited or Support())

    def of_decision(self, decision: Decision) -> Support:
        """Of a decision: its own notes and those of the hypotheses that it rests on."""
        rests = [self._hypotheses[id] for id in decision.hypotheses if id in self._hypotheses]
        return self._of_parts([decision, *rests], Support())

    def _of_parts(self, parts: Sequence[Hypothesis | Decision], also: Support) -> Support:
        notes = self._known([note for one in parts for note in one.evidence] + list(also.notes))
        against = self._known([note for one in parts for note in one.against] + list(also.against))
        return Support(notes, against, self._count(notes), self._count(against), self._of)

    def _parts(self, id: str) -> list[Hypothesis]:
        if id in self._hypotheses:
            return [self._hypotheses[id]]
        rests = self._bets[id].hypotheses if id in self._bets else ()
        names = [*rests, *(one.id for one in self._hypotheses.values() if id in self._bets and one.bet == id)]
        found = [self._hypotheses[name] for name in dict.fromkeys(names) if name in self._hypotheses]
        return [one for one in found if one.status not in _DEAD]

    def _known(self, notes: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(note for note in notes if note in self._customer))

    def _count(self, notes: Iterable[str]) -> int:
        return len({self._customer[note] for note in notes})


def reorder(work: Sequence[Work]) -> list[str]:
    """An order in which only what has shifted moves.

    Parameters
    ----------
    work : sequence of Work
        In the last order.

    Returns
    -------
    list of str
        Their ids. The strongest of those that have shifted is moved first.

    Examples
    --------
    >>> reorder([Work("H-1", 5, 0), Work("H-2", 3, 0), Work("H-3", 4, +2)])
    ['H-1', 'H-3', 'H-2']
    >>> reorder([Work("H-1", 3, 0), Work("H-2", 5, 0)]), reorder([Work("H-1", 3, -2), Work("H-2", 5, 0)])
    (['H-1', 'H-2'], ['H-2', 'H-1'])
    """
    order = list(work)
    moving = sorted((one for one in work if one.shift), key=lambda one: -one.strength)  # stable: else as they were
    for one in moving:
        at = order.index(one)
        while one.shift > 0 and at > 0 and order[at - 1].strength < one.strength:
            order[at - 1 : at + 1] = one, order[at - 1]
            at -= 1
        while one.shift < 0 and at + 1 < len(order) and order[at + 1].strength > one.strength:
            order[at : at + 2] = order[at + 1], one
            at += 1
    return [one.id for one in order]


def find_unfounded(before: Sequence[str], after: Sequence[tuple[str, str]], shifted: Iterable[str] = ()) -> list[str]:
    """What an order has moved without saying why.

    Parameters
    ----------
    before : sequence of str
        Ids in the last order.
    after : sequence of (str, str)
        Ids in the new one, each with what moved it.
    shifted : iterable of str
        Those whose evidence has shifted.

    Returns
    -------
    list of str
        The fewest ids that must have moved; of two that changed places the one that went up. What is new, has a cause, or
        has shifted, may stand anywhere.

    Examples
    --------
    >>> find_unfounded(["a", "b", "c"], [("c", ""), ("a", ""), ("b", "")])
    ['c']
    >>> find_unfounded(["a", "b", "c"], [("c", "2 more customers"), ("a", ""), ("b", "")])
    []
    """
    place, free = {id_: i for i, id_ in enumerate(before)}, set(shifted)
    fixed = [
        id_
        for id_, cause in _once(after).items()
        if id_ in place and id_ not in free and (not cause or is_nothing(cause))
    ]
    # The longest run that is still in order has stayed: how long it is from each one on.
    runs: dict[str, int] = {}
    for i in reversed(range(len(fixed))):
        later = [runs[other] for other in fixed[i + 1 :] if place[other] > place[fixed[i]]]
        runs[fixed[i]] = 1 + max(later, default=0)
    last = -1
    stayed: set[str] = set()
    for length in range(max(runs.values(), default=0), 0, -1):
        # Of several that could have stayed the one that stood first: the others have gone up past it.
        one = min((id_ for id_ in fixed if runs[id_] == length and place[id_] > last), key=place.__getitem__)
        last = place[one]
        stayed.add(one)
    return [id_ for id_ in fixed if id_ not in stayed]


def shifted_between(study: Study, after: str, until: str) -> set[str]:
    """Hypotheses and bets whose evidence shifted between two days, by what is dated.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    after, until : str
        After the first day and up to the second, ``YYYY-MM-DD``.

    Returns
    -------
    set of str
        Those that cite a note of a call of these days, that were written or closed in them, that rest on such a hypothesis, or
        whose decision was superseded in them.
    """
    dates = study.notes["date"]
    there = ((dates > pd.Timestamp(after)) & (dates <= pd.Timestamp(until))).to_numpy(bool)
    new = set(study.notes["note"][there])

    def has(day: str | None) -> bool:
        return bool(day) and after < day <= until

    found = {
        one.id
        for one in study.hypotheses
        if has(one.closed) or has(one.made) or new.intersection((*one.evidence, *one.against))
    }
    replaced = find_successors(one for one in study.decisions if has(one.date))
    found |= {id_ for one in study.decisions if one.id in replaced for id_ in (*one.hypotheses, one.bet) if id_}
    return found | {bet.id for bet in study.bets if has(done_on(bet, "started")) or found.intersection(bet.hypotheses)}


def find_backlog(study: Study, moment: Moment) -> Backlog:
    """The order of work, and what of it follows from evidence that has shifted.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        The week; its :meth:`look_back` says what stood behind each item then.

    Returns
    -------
    Backlog
        Where no earlier week has an order, what is open by the customers behind it, then by id.
    """
    looked = moment.look_back()
    then_study = looked[0] if looked else None
    now_of, before_of = Supports(study).of, Supports(then_study).of if then_study else lambda *_: Support()

    def then_of(id_: str) -> Support:
        """By what is cited now as well: what was there then and is cited only now has not changed anybody's mind."""
        return before_of(id_, now_of(id_))

    records: dict[str, Bet | Hypothesis] = {one.id: one for one in (*study.hypotheses, *study.bets) if one.file}
    bets = {id_ for id_, one in records.items() if one.status in OPEN and not hasattr(one, "evidence")}
    in_a_bet = {id_ for bet in bets for id_ in records[bet].hypotheses} | {
        one.id for one in study.hypotheses if one.bet in bets
    }
    opened = [id_ for id_, one in records.items() if one.status in OPEN]
    single = [
        id_ for id_ in opened if id_ not in in_a_bet
    ]  # the others go with their bet, unless somebody put them apart
    known = {one.id for one in (*then_study.hypotheses, *then_study.bets)} if then_study else set()
    weeks = [one for one in study.weeks if is_week(one.id) and one.id < moment.week and one.backlog]
    last = max(weeks, key=lambda one: one.id, default=None)
    before = list(dict.fromkeys(id_ for id_, _ in last.backlog)) if last else []
    left = tuple((id_, title_of(records.get(id_)), _became(records.get(id_))) for id_ in before if id_ not in opened)
    kept = [id_ for id_ in before if id_ in opened]
    new = [
        id_
        for id_ in sorted(single)
        if last is not None and id_ not in before and (id_ not in known or moment.has(done_on(records[id_], "started")))
    ]
    if last is None:
        kept = sorted(single, key=lambda id_: (-now_of(id_).strength, id_))
    told = _find_told(study, then_study)
    shifts = {
        id_: _shift_of(then_of(id_), now_of(id_), told.get(id_, ())) if last and id_ in known else ((), 0)
        for id_ in kept
    }
    work = [
        *(Work(id_, now_of(id_).strength, shifts[id_][1]) for id_ in kept),
        *(Work(id_, now_of(id_).strength, 1) for id_ in new),
    ]
    proposed = reorder(work)
    written = _once(pair for pair in moment.record_of(study).backlog if pair[0] in records)
    unfounded = (
        set(find_unfounded(before, list(written.items()), {id_ for id_ in kept if shifts[id_][0]}))
        if written
        else set()
    )

    def item(id_: str, order: Sequence[str], cause: str = "") -> Item:
        move, passed = _moved(id_, order, kept) if last and (id_ in kept or id_ not in before) else ("", "")
        shifted = shifts.get(id_, ((), 0))[0]
        return Item(
            id_, title_of(records[id_]), records[id_].status, before.index(id_) + 1 if id_ in before else 0,
            then_of(id_), now_of(id_), shifted, tuple(told.get(id_, ())) if shifted else (), cause,
            passed if shifted or cause or move == "new" or id_ in unfounded else "",
            move if shifted or cause or move == "new" or id_ in unfounded else "", id_ in unfounded,
        )  # fmt: skip

    from_evidence = tuple(item(id_, proposed) for id_ in proposed)
    if not written:
        return Backlog(last.id if last else "", False, from_evidence, left, False, from_evidence)
    ids = list(written)
    items = tuple(item(id_, ids, "" if is_nothing(cause) else cause) for id_, cause in written.items())
    differs = [id_ for id_ in ids if id_ in proposed] != [id_ for id_ in proposed if id_ in ids]
    return Backlog(last.id if last else "", True, items, left, differs, from_evidence)


def _shift_of(then: Support, now: Support, told: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """What has shifted, in words, and which way."""
    said = []
    if now.n != then.n:
        more = now.n - then.n
        people = "customer" if abs(more) == 1 else "customers"
        said.append(
            f"{abs(more)} {'more' if more > 0 else 'fewer'} {people}, {then.n} then and {now.n} of {now.of} now"
        )
    if now.n_against != then.n_against:
        speak = "customer speaks" if now.n_against == 1 else "customers speak"
        said.append(f"{now.n_against} {speak} against it, {then.n_against} then")
    said += told
    return tuple(said), (now.strength > then.strength) - (now.strength < then.strength)


def _find_told(study: Study, then: Study | None) -> dict[str, list[str]]:
    """By hypothesis and bet the decisions on them that another has taken the place of since, and guardrails that are broken."""
    was: dict[str, Decision] = {one.id: one for one in then.decisions} if then else {}
    successor = find_successors(study.decisions)
    found: dict[str, list[str]] = {}
    for one in study.decisions:
        # On a day before, a record stands as it was changed since; its successor was not there yet.
        if one.id in was and one.id in successor and successor[one.id] not in was:
            for id_ in dict.fromkeys([*one.hypotheses, *([one.bet] if one.bet else [])]):
                found.setdefault(id_, []).append(f"{successor[one.id]} has taken the place of {one.id}")
    for one in study.hypotheses:
        for guardrail in one.breached:
            for id_ in dict.fromkeys([one.id, *([one.bet] if one.bet else [])]):
                found.setdefault(id_, []).append(f"a guardrail of {one.id} is broken ({guardrail})")
    return found


def _once(order: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Where an item stands twice, its first place, and the first cause that is written behind it."""
    found: dict[str, str] = {}
    for id_, cause in order:
        found[id_] = found.get(id_) or cause
    return found


def _moved(id_: str, order: Sequence[str], kept: Sequence[str]) -> tuple[str, str]:
    """Which way an item went, and past which one of those that stood there before."""
    if id_ not in kept:
        return "new", ""
    at = order.index(id_)
    behind = [other for other in order[at + 1 :] if other in kept and kept.index(other) < kept.index(id_)]
    ahead = [other for other in order[:at] if other in kept and kept.index(other) > kept.index(id_)]
    if behind:
        return "up", behind[0]
    return ("down", ahead[-1]) if ahead else ("", "")


def title_of(record: Bet | Decision | Hypothesis | None) -> str:
    """What a record is called.

    Parameters
    ----------
    record : Bet, Decision, Hypothesis or None
        Any of them.

    Returns
    -------
    str
        Its title, or the change that it is about; empty where there is none.

    Examples
    --------
    >>> from workbench.records import Bet
    >>> title_of(Bet("B-3fa9c1", title="Lists get in faster")), title_of(None)
    ('Lists get in faster', '')
    """
    return (getattr(record, "title", "") or getattr(record, "change", "") or "") if record else ""


def _became(record: Bet | Hypothesis | None) -> str:
    return record.status if record else "gone"
