"""Themes that somebody made elsewhere, kept as the PM's own: as records; and given up again where nobody has worked on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from workbench.themes.ledger import Ledger, Record, Ref
from workbench.themes.recording import Recording, in_parts, new_hex, theme_name, with_seen
from workbench.themes.replay import live_records, replay_ledger

__all__ = ["Adopted", "adopt_themes", "find_adopted", "give_up_themes"]

# Ids of a thousand records fit into a line.
MOST_IDS = 1000


class Adopted(NamedTuple):
    """A record by which a theme that somebody made elsewhere was kept.

    Parameters
    ----------
    record : Record
        With some of the theme's notes.
    name : str
        The theme's name as it is now; empty where it has none.
    since : tuple of str
        Ids of the records by which somebody has worked on the theme since.
    """

    record: Record
    name: str
    since: tuple[str, ...]


def adopt_themes(
    ledger: Ledger,
    named: Mapping[str, Iterable[Ref]],
    *,
    seen: Iterable[str],
    until: str,
    by: str,
    date: str,
    new_id: Callable[[], str] = new_hex,
) -> list[Record]:
    """Keep themes that somebody made elsewhere, such as the codes of a project that came in.

    Parameters
    ----------
    ledger : Ledger
        What was decided before. A theme that it keeps under the same name gets the notes.
    named : mapping of str to iterable of Ref
        The notes of each theme, by its name.
    seen : iterable of str
        Ids of all calls that are there now.
    until : str
        The day of the newest of them, where they are too many to be listed.
    by, date, new_id
        Who decides, on which day, and what gives an id of eight hex digits.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When a name is empty or too long.

    Examples
    --------
    >>> from workbench.themes.ledger import Ledger, cite_note
    >>> refs = [cite_note("a", "Filters reset"), cite_note("b", "It forgets my filters")]
    >>> for record in adopt_themes(
    ...     Ledger(), {"Filters": refs}, seen=["a", "b"], until="2026-11-17", by="ana", date="2026-11-20"
    ... ):
    ...     print(record.kind, record.name, [ref.text for ref in record.notes], record.seen)
    theme Filters ['Filters reset', 'It forgets my filters'] ('a', 'b')
    """
    kept = replay_ledger(ledger, {"note": [], "call": [], "text": []})
    known = {theme.name.casefold(): theme.id for theme in kept.themes.values() if theme.name}
    act = Recording(ledger, by, date, new_id)
    for name, refs in named.items():
        name = theme_name(name)
        theme = known.get(name.casefold(), "")
        for part in in_parts(refs):
            theme = str(act.add("theme", theme=theme, name="" if theme else name, notes=part).theme)
    return with_seen(act.records, sorted(set(seen) - kept.seen), lambda: until)


def find_adopted(ledger: Ledger, ids: Collection[str], others: Collection[str] = ()) -> list[Adopted]:
    """Which of the records by which themes were adopted still hold, and whether somebody has worked on their themes since.

    Parameters
    ----------
    ledger : Ledger
        All that was decided.
    ids : collection of str
        Ids of the records of one act of adopting.
    others : collection of str
        Ids of those of other such acts. That one of them adds notes to a theme that was there before this one is no work on it;
        that it adds them to a theme which this one has made is.

    Returns
    -------
    list of Adopted
        In the ledger's order.

    Examples
    --------
    >>> from workbench.themes.ledger import Ledger
    >>> one = Record("a1b2c3d4", 1, "ana", "2026-11-17", "theme", "T-a1b2c3d4", "Filters", notes=(Ref("a", "Filters reset"),))
    >>> new_name = Record("b2c3d4e5", 2, "ana", "2026-11-18", "theme", "T-a1b2c3d4", "Lost filters")
    >>> [(found.name, found.since) for found in find_adopted(Ledger((one,)), ["a1b2c3d4"])]
    [('Filters', ())]
    >>> [(found.name, found.since) for found in find_adopted(Ledger((one, new_name)), ["a1b2c3d4"])]
    [('Lost filters', ('b2c3d4e5',))]
    """
    live, names, made = live_records(ledger), {}, {}
    work: dict[str | None, list[Record]] = {}
    for record in live:
        ours = record.id in ids
        for theme in filter(None, (record.theme, record.into)):
            made.setdefault(theme, ours)  # by whom it was named first
            if ours or record.kind == "undo":
                continue
            if made[theme] or record.id not in others:
                work.setdefault(theme, []).append(record)
        if record.kind == "theme" and record.name:
            names[record.theme] = record.name
    return [
        Adopted(
            record,
            names.get(record.theme, ""),
            tuple(one.id for one in work.get(record.theme, ()) if one.at >= record.at),
        )
        for record in live
        if record.id in ids
    ]


def give_up_themes(
    ledger: Ledger, ids: Collection[str], *, by: str, date: str, new_id: Callable[[], str] = new_hex
) -> list[Record]:
    """Take records back by which themes were adopted.

    Parameters
    ----------
    ledger : Ledger
        What was decided before.
    ids : collection of str
        Ids of the records.
    by, date, new_id
        As in :func:`adopt_themes`.

    Returns
    -------
    list of Record
        The act. Whatever was decided since could see the calls that the records saw, and still could.

    Examples
    --------
    >>> from workbench.themes.ledger import Ledger
    >>> one = Record("a1b2c3d4", 1, "ana", "2026-11-17", "theme", "T-a1b2c3d4", "Filters", seen=("a",))
    >>> [record.of for record in give_up_themes(Ledger((one,)), ["a1b2c3d4"], by="ana", date="2026-11-20")]
    [('a1b2c3d4',)]
    """
    live = live_records(ledger)
    taken = [record for record in live if record.id in ids]
    act = Recording(ledger, by, date, new_id)
    for start in range(0, len(taken), MOST_IDS):
        act.add("undo", of=tuple(record.id for record in taken[start : start + MOST_IDS]))
    first = min((record.at for record in taken), default=0)
    if not any(record.at > first and record.kind != "undo" and record.id not in ids for record in live):
        return act.records
    until = max((record.until for record in taken), default="")
    seen = sorted({call for record in taken for call in record.seen})
    records = with_seen(act.records, seen, lambda: until or date)
    return [replace(records[0], until=until), *records[1:]] if until else records
