"""What follows from the ledger: the records are replayed over the notes there are, always from the beginning.

Nothing is remembered between two replays, so that taking back an act gives what would be without it. The newest word
holds:

1. Undos, newest first; one that is taken back itself does nothing.
2. Merges, oldest first: a theme goes into one other, and the first that says where counts.
3. Places and links of cards, newest first: each holds unless it contradicts newer ones that hold. If it does, it rests:
   it stays in the ledger, is listed with the reason, and holds again when that is gone.

Cards that are together have one place. The card that was pinned joins its partner's theme; a later move of either takes
both along. A card that is set aside is together with none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.themes.attach import attach_refs
from workbench.themes.ledger import Ledger, Record, Ref

__all__ = ["Decisions", "KeptTheme", "Orphan", "Resting", "live_records", "replay_ledger"]


@dataclass(frozen=True, slots=True)
class KeptTheme:
    """A theme that somebody touched, so that it lasts.

    Parameters
    ----------
    id : str
        ``T-`` and the id of its first record.
    name : str
        As last given; empty when it was never named.
    kept, touched : str
        The days of the first record that keeps it and of the last that names it, ``YYYY-MM-DD`` or empty.
    """

    id: str
    name: str
    kept: str
    touched: str


@dataclass(frozen=True, slots=True)
class Resting:
    """A record, or a part of it, that does not hold now.

    Parameters
    ----------
    record : Record
        The record.
    notes : tuple of str
        Ids of the notes for which it does not hold; empty when it is about none, or they are gone.
    reason : str
        Why, in plain words.
    over : str
        Id of the record that holds instead; empty when there is none.
    replaced : bool
        Whether that is simply the newer word on the same card or pair: a changed mind and no conflict.
    """

    record: Record
    notes: tuple[str, ...]
    reason: str
    over: str = ""
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Orphan:
    """A note that records name and that is not there, or no longer with words that can be recognised.

    Parameters
    ----------
    ref : Ref
        Its call and words.
    records : tuple of str
        Ids of the live records that name it, newest first.
    decided : bool
        Whether one of them moves, sets aside or links it, and no later record names a note that it may be now; otherwise
        nothing is to be done.
    offered : tuple of str
        Ids of at most three notes that it may be now.
    """

    ref: Ref
    records: tuple[str, ...]
    decided: bool
    offered: tuple[str, ...]


@dataclass(frozen=True)
class Decisions:
    """What was decided about the notes that there are.

    Parameters
    ----------
    themes : dict of str to KeptTheme
        The lasting themes, without those that were merged away.
    merged : dict of str to str
        Where each theme that was merged away has ended up.
    anchors : dict of str to str
        For each note that belonged to a lasting theme when it was last kept, that theme.
    anchored_by : dict of str to str
        For each note in `anchors` the id of the record that says so, whose own theme may be merged by now.
    placed : dict of str to str
        Each note that was moved, with its theme, or "" when it was set aside; those that are together with one, too.
    follows : dict of str to str
        Each other note that is together with one, and that note: it is in the same theme, whichever it is.
    together, apart : tuple of (str, str)
        The pairs of notes that are linked so; of two together the first joined the second.
    placed_by : dict of str to str
        For each note in `placed` the id of the record that put it there.
    linked_by : dict of (str, str) to str
        For each pair in `together` and `apart` the id of its record.
    resting : tuple of Resting
        What does not hold now, newest first.
    orphaned : tuple of Orphan
        Notes that were named and are not found, by call.
    seen : frozenset of str
        Ids of the calls that were there at the last act that is not taken back; empty when no record says.
    seen_until : str
        All calls up to this day were there too; ``YYYY-MM-DD`` or empty.
    """

    themes: dict[str, KeptTheme] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    anchored_by: dict[str, str] = field(default_factory=dict)
    placed: dict[str, str] = field(default_factory=dict)
    follows: dict[str, str] = field(default_factory=dict)
    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    placed_by: dict[str, str] = field(default_factory=dict)
    linked_by: dict[tuple[str, str], str] = field(default_factory=dict)
    resting: tuple[Resting, ...] = ()
    orphaned: tuple[Orphan, ...] = ()
    seen: frozenset[str] = frozenset()
    seen_until: str = ""


def live_records(ledger: Ledger) -> tuple[Record, ...]:
    r"""The records that nobody has taken back, undos among them.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    tuple of Record
        In the ledger's order.

    Examples
    --------
    >>> from workbench.themes.ledger import parse_ledger
    >>> ledger = parse_ledger(
    ...     "- {id: a1, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-a1}\n"
    ...     "- {id: b2, at: 2, by: ana, date: 2026-11-17, kind: undo, of: a1}\n"
    ...     "- {id: c3, at: 3, by: ana, date: 2026-11-17, kind: undo, of: b2}\n")
    >>> [record.id for record in live_records(ledger)]
    ['a1', 'c3']
    """
    place = {record.id: i for i, record in enumerate(ledger.records)}
    dead: set[str] = set()
    for i, record in reversed(list(enumerate(ledger.records))):
        if record.kind == "undo" and record.id not in dead:
            dead |= {id for id in record.of if place.get(id, i) < i}
    return tuple(record for record in ledger.records if record.id not in dead)


def replay_ledger(ledger: Ledger, notes: Mapping[str, Any]) -> Decisions:
    r"""Work out what holds.

    Parameters
    ----------
    ledger : Ledger
        As :func:`workbench.themes.ledger.parse_ledger` gives it.
    notes : pandas.DataFrame or mapping
        The notes there are: columns (or keys) note, call and text, with one string a note each.

    Returns
    -------
    Decisions
        The same whatever the order of the ledger's lines and of the notes.

    Examples
    --------
    >>> from workbench.themes.ledger import parse_ledger
    >>> ledger = parse_ledger(
    ...     "- {id: a1, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-a1, name: Filters reset}\n"
    ...     "- {id: b2, at: 2, by: ana, date: 2026-11-18, kind: place, theme: T-a1, notes: [{call: x, text: hi}]}\n")
    >>> replay_ledger(ledger, {"note": ["x#8f434346"], "call": ["x"], "text": ["hi"]}).placed
    {'x#8f434346': 'T-a1'}
    """
    spans: dict[Ref, tuple[int, int]] = {}
    for record in ledger.records:  # by time, so that the first is met first
        for ref in record.notes:
            spans[ref] = (spans[ref][0] if ref in spans else record.at, record.at)
    attached = attach_refs(spans, *(map(str, notes[column]) for column in ("note", "call", "text")))
    found = attached.found

    live = live_records(ledger)
    resting = _resting_undos(ledger, live)
    kept = {record.theme for record in live if record.kind == "theme"}
    into = _merge(live, kept, resting)
    cards = _Cards()
    for record in reversed(live):
        if record.kind == "place":
            _place(record, found, kept, into, cards, resting)
        elif record.kind == "link":
            _link(record, found, cards, resting)
    anchors, anchored_by = _anchor(live, found, into, resting)
    place = {record.id: i for i, record in enumerate(ledger.records)}
    return Decisions(
        themes=_themes(live, kept, into),
        merged={theme: into[theme] for theme in sorted(into)},
        anchors=anchors,
        anchored_by=anchored_by,
        **cards.decisions(),
        resting=tuple(sorted(resting, key=lambda rest: (-place[rest.record.id], rest.notes))),
        orphaned=_orphaned(live, found, attached.offered),
        seen=frozenset(call for record in live for call in record.seen),
        seen_until=max((record.until for record in live), default=""),
    )


def _resting_undos(ledger: Ledger, live: tuple[Record, ...]) -> list[Resting]:
    earlier: set[str] = set()
    known: dict[str, bool] = {}  # whether all that an undo names stands before it
    for record in ledger.records:
        known[record.id] = earlier.issuperset(record.of)
        earlier.add(record.id)
    why = "takes back a record that does not stand before it in this ledger"
    return [Resting(record, (), why) for record in live if record.kind == "undo" and not known[record.id]]


def _merge(live: tuple[Record, ...], kept: set[str | None], resting: list[Resting]) -> dict[str, str]:
    """Where each theme has ended up that was merged into another one."""
    into: dict[str, str] = {}
    by: dict[str, str] = {}

    def end(theme: str) -> str:
        while theme in into:
            theme = into[theme]
        return theme

    for record in live:
        if record.kind != "merge":
            continue
        theme, target = str(record.theme), record.into
        gone = [name for name in (theme, target) if name not in kept]
        if gone:
            resting.append(Resting(record, (), f"{' and '.join(gone)} is not kept any more"))
        elif theme in into:
            resting.append(Resting(record, (), f"{theme} was merged into {into[theme]} before", by[theme]))
        elif end(target) == theme:
            over = by.get(target, "")
            resting.append(Resting(record, (), f"{target} is a part of {theme} already", over))
        else:
            into[theme], by[theme] = target, record.id
    return {theme: end(theme) for theme in into}


def _themes(live: tuple[Record, ...], kept: set[str | None], into: dict[str, str]) -> dict[str, KeptTheme]:
    name: dict[str, str] = {}
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for record in live:
        if record.theme is None or record.theme not in kept:
            continue
        if record.kind == "theme":
            name[record.theme] = record.name or name.get(record.theme, "")
            if record.date:
                first.setdefault(record.theme, record.date)
        for theme in (record.theme, record.into):
            if theme in kept and record.date:
                last[into.get(theme, theme)] = record.date
    return {
        theme: KeptTheme(theme, name[theme], first.get(theme, ""), last.get(theme, ""))
        for theme in sorted(name)
        if theme not in into
    }


def _anchor(
    live: tuple[Record, ...], found: dict[Ref, str], into: dict[str, str], resting: list[Resting]
) -> tuple[dict[str, str], dict[str, str]]:
    """The theme of each note that was one of a theme's when it was last kept, and the record that says so."""
    newest: dict[str, Record] = {}
    for record in live:
        if record.kind == "theme":
            newest |= {found[ref]: record for ref in record.notes if ref in found}

    def end(record: Record) -> str:
        return into.get(str(record.theme), str(record.theme))

    for record in live:
        held = {found[ref] for ref in record.notes if ref in found} if record.kind == "theme" else set()
        if held and all(end(newest[note]) != end(record) for note in held):
            over = newest[min(held)]
            why = f"all its notes were kept again as {end(over)}; merge the two if they are one"
            resting.append(Resting(record, tuple(sorted(held)), why, over.id))
    notes = sorted(newest)
    return {note: end(newest[note]) for note in notes}, {note: newest[note].id for note in notes}


def _orphaned(
    live: tuple[Record, ...], found: dict[Ref, str], offered: dict[Ref, tuple[str, ...]]
) -> tuple[Orphan, ...]:
    naming: dict[Ref, list[Record]] = {}
    last_named: dict[str, int] = {}
    for record in reversed(live):
        for ref in record.notes:
            if ref in offered:
                naming.setdefault(ref, []).append(record)
            elif ref in found and record.kind != "theme":
                last_named.setdefault(found[ref], record.at)
    orphans = []
    for ref in sorted(naming):
        deciding = [record for record in naming[ref] if record.kind != "theme"]
        again = any(last_named.get(note, 0) > record.at for note in offered[ref] for record in deciding[:1])
        ids = tuple(dict.fromkeys(record.id for record in naming[ref]))
        orphans.append(Orphan(ref, ids, bool(deciding) and not again, offered[ref]))
    return tuple(orphans)


def _place(
    record: Record,
    found: dict[Ref, str],
    kept: set[str | None],
    into: dict[str, str],
    cards: _Cards,
    resting: list[Resting],
) -> None:
    notes = list(dict.fromkeys(found[ref] for ref in record.notes if ref in found))
    theme = "" if record.theme is None else into.get(record.theme, record.theme)
    if theme and record.theme not in kept:
        resting.append(Resting(record, tuple(notes), f"{record.theme} is not kept any more"))
    elif not notes and not record.forgotten:
        resting.append(Resting(record, (), "none of its notes are there any more"))
    else:
        why: dict[tuple[str, str, bool], list[str]] = {}
        for note in notes:
            if against := cards.place(note, theme, record.id):
                why.setdefault(against, []).append(note)
        resting += [Resting(record, tuple(some), *against) for against, some in why.items()]


def _link(record: Record, found: dict[Ref, str], cards: _Cards, resting: list[Resting]) -> None:
    notes = [found[ref] for ref in record.notes if ref in found]
    if len(notes) < 2:
        if not record.forgotten:
            resting.append(Resting(record, tuple(notes), "one of its two notes is not there any more"))
    elif notes[0] == notes[1]:
        resting.append(Resting(record, tuple(notes[:1]), "its two notes are one now"))
    else:
        join = cards.join if record.how == "together" else cards.part
        if against := join(notes[0], notes[1], record.id):
            resting.append(Resting(record, tuple(notes), *against))


class _Cards:
    """What holds of single cards, filled from the newest decision to the oldest.

    Cards that are together form a group with one place: a theme, "" when set aside, or that of its leader, which is the
    card that the others joined. Only the leader of a group without a theme is still free.

    Each method says why the decision does not hold: reason, id of the record that holds instead, and whether that is
    only the newer word on the same card or pair.
    """

    def __init__(self) -> None:
        self.up: dict[str, str] = {}
        self.members: dict[str, list[str]] = {}
        self.leader: dict[str, str] = {}
        self.theme: dict[str, str] = {}
        self.set_by: dict[str, str] = {}  # the record that gave a group its theme
        self.placed_by: dict[str, str] = {}
        self.joined_by: dict[str, str] = {}
        self.links: dict[frozenset[str], tuple[str, tuple[str, str], str]] = {}
        self.apart_from: dict[str, dict[str, str]] = {}

    def group(self, note: str) -> str:
        if note not in self.up:
            self.up[note], self.members[note], self.leader[note] = note, [note], note
        while self.up[note] != note:
            self.up[note] = note = self.up[self.up[note]]
        return note

    def place(self, note: str, theme: str, by: str) -> tuple[str, str, bool] | None:
        group = self.group(note)
        has = self.theme.get(group)
        if has is None and self.leader[group] != note:
            return "the card was pinned to another one later", self.joined_by[note], False
        if has is None and theme == "" and len(self.members[group]) > 1:
            return "another card was pinned to it later", self.joined_by[note], False
        if has is None and (parted := self._parted(group, theme)):
            return "the card was kept apart later from one in that theme", parted, False
        if has is not None and has != theme:
            if note in self.placed_by:
                return "the card was moved or set aside again later", self.placed_by[note], True
            return "a card that it is pinned to was moved later", self.set_by[group], False
        self.theme[group] = theme
        self.set_by.setdefault(group, by)
        self.placed_by.setdefault(note, by)
        return None

    def join(self, note: str, partner: str, by: str) -> tuple[str, str, bool] | None:
        if newer := self.links.get(frozenset((note, partner))):
            return None if newer[0] == "together" else ("the two were kept apart later", newer[2], True)
        one, other = self.group(note), self.group(partner)
        if one != other:
            if against := self._against(note, partner):
                return against
            leader = self.leader[other if self.leader[one] == note else one]
            set_by = self.set_by.get(one) or self.set_by.get(other)
            theme = self.theme.get(one, self.theme.get(other))
            small, large = sorted((one, other), key=lambda group: len(self.members[group]))
            self.up[small] = large
            self.members[large] += self.members.pop(small)
            self.leader[large] = leader
            if theme is not None and set_by is not None:
                self.theme[large], self.set_by[large] = theme, set_by
        self.links[frozenset((note, partner))] = "together", (note, partner), by
        for card in (note, partner):
            self.joined_by.setdefault(card, by)
        return None

    def part(self, note: str, other: str, by: str) -> tuple[str, str, bool] | None:
        if newer := self.links.get(frozenset((note, other))):
            return None if newer[0] == "apart" else ("the two were pinned together later", newer[2], True)
        one, two = self.group(note), self.group(other)
        if one == two:
            return "both were pinned to one card later", self.joined_by[note], False
        if self.theme.get(one) and self.theme.get(one) == self.theme.get(two):
            return "both were put into one theme later", self.set_by[one], False
        self.links[frozenset((note, other))] = "apart", (note, other), by
        for card, far in ((note, other), (other, note)):
            self.apart_from.setdefault(card, {})[far] = by
        return None

    def _against(self, note: str, partner: str) -> tuple[str, str, bool] | None:
        """Why two groups cannot become one."""
        one, other = self.group(note), self.group(partner)
        for card in self.members[one]:
            for far, by in self.apart_from.get(card, {}).items():
                if self.group(far) == other:
                    return "cards that are pinned to them were kept apart later", by, False
        has = self.theme.get(one), self.theme.get(other)
        if "" in has:
            return "one of the two was set aside later", self.set_by[one if has[0] == "" else other], False
        if None not in has and has[0] != has[1]:
            return "the two were put into different themes later", self.set_by[one], False
        free = self.leader[one] == note, self.leader[other] == partner
        if has[0] is None and has[1] is None:
            if not any(free):
                return "each of the two was pinned to another card later", self.joined_by[note], False
        elif None in has:
            # The one without a theme goes to the other's, unless it was pinned elsewhere later.
            i = has.index(None)
            if not free[i]:
                return "one of the two was pinned to another card later", self.joined_by[(note, partner)[i]], False
            if parted := self._parted((one, other)[i], str(has[1 - i])):
                return "the card was kept apart later from one in that theme", parted, False
        return None

    def _parted(self, group: str, theme: str) -> str:
        """The record that keeps a group out of a theme, if one does."""
        if theme:
            for card in self.members[group]:
                for far, by in self.apart_from.get(card, {}).items():
                    if self.theme.get(self.group(far)) == theme:
                        return by
        return ""

    def decisions(self) -> dict[str, Any]:
        placed, placed_by, follows = {}, {}, {}
        for note in sorted(self.up):
            group = self.group(note)
            if group in self.theme:
                placed[note] = self.theme[group]
                placed_by[note] = self.placed_by.get(note) or self.joined_by[note]
            elif self.leader[group] != note:
                follows[note] = self.leader[group]
        pairs = {
            how: sorted(pair for kind, pair, _ in self.links.values() if kind == how) for how in ("together", "apart")
        }
        return {
            "placed": placed,
            "placed_by": placed_by,
            "follows": follows,
            "together": tuple(pairs["together"]),
            "apart": tuple(pairs["apart"]),
            "linked_by": dict(sorted((pair, by) for _, pair, by in self.links.values())),
        }
