"""What a PM does to themes, as records for the ledger.

Each function takes the themes as they are shown and gives the records of one act, to be appended to the ledger; nothing
is changed here. The records of an act share `at`, so that it is taken back whole.

A theme that nobody has touched ("T1") is made anew on every run. Touching one keeps it: a record gives it a lasting id and
writes down all its notes. A move keeps the theme that a note comes from as well as the one it goes to.
"""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rapidfuzz import process

from workbench.errors import InputError
from workbench.notes import showable
from workbench.themes.attach import cite_notes
from workbench.themes.ledger import MAX_LINE_BYTES, MAX_NAME, MAX_REFS, Ledger, Record, Ref, format_record
from workbench.themes.replay import live_records, replay_ledger

if TYPE_CHECKING:
    from workbench.themes.find import Themes

__all__ = [
    "keep_apart",
    "keep_themes",
    "merge_themes",
    "move_notes",
    "pin_together",
    "redo",
    "rename_theme",
    "set_aside",
    "split_theme",
    "undo",
]

# What a record holds beside its notes fits into this, whoever wrote it.
_HEAD_BYTES = 4096
_N_SHOWN = 5


def _new_id() -> str:
    return secrets.token_hex(4)


def rename_theme(
    themes: Themes, theme: str, name: str, *, by: str, date: str, new_id: Callable[[], str] = _new_id
) -> list[Record]:
    """Give a theme a name.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    theme : str
        Id of one of them.
    name : str
        At most 200 letters.
    by, date : str
        Who decides, and the day as ``YYYY-MM-DD``.
    new_id : callable, optional
        Gives the records' ids; random by default.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When there is no such theme, or the name is empty or too long.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from workbench.themes.ledger import Ledger
    >>> themes = SimpleNamespace(
    ...     ledger=Ledger(), summary={"theme": ["T1"], "name": [""], "notes": [("a#1",)]},
    ...     notes={"note": ["a#1"], "call": ["a"], "text": ["Filters reset"], "theme": ["T1"]})
    >>> for record in rename_theme(themes, "T1", "Lost filters", by="ana", date="2026-11-17"):
    ...     print(record.kind, record.name, record.notes)
    theme  (Ref(call='a', text='Filters reset', twin=1, hash=''),)
    theme Lost filters ()
    """
    act = _Act(themes, by, date, new_id)
    name = _name(name)
    act.add("theme", theme=act.keep(theme), name=name)
    return act.records


def merge_themes(
    themes: Themes, theme: str, into: str, *, by: str, date: str, new_id: Callable[[], str] = _new_id
) -> list[Record]:
    """Make a theme part of another one, whose name stays.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    theme, into : str
        Ids of two of them; the first goes into the second.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When there is no such theme, or both are one.
    """
    act = _Act(themes, by, date, new_id)
    if act.known(theme) == act.known(into):
        raise InputError(f"{theme} cannot be merged into itself; name two different themes: {act.listed(theme)}")
    act.add("merge", theme=act.keep(theme), into=act.keep(into))
    return act.records


def split_theme(
    themes: Themes,
    theme: str,
    notes: str | Iterable[str],
    name: str = "",
    *,
    by: str,
    date: str,
    new_id: Callable[[], str] = _new_id,
) -> list[Record]:
    """Make a new theme of some notes of a theme.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    theme : str
        Id of one of them.
    notes : str or iterable of str
        Ids of notes in it; not all of them.
    name : str
        The new theme's name, if it shall have one already.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act; the new theme's id is the `theme` of the last of them.

    Raises
    ------
    InputError
        When there is no such theme, a note is not in it, or none would be left in it.
    """
    act = _Act(themes, by, date, new_id)
    inside = act.notes_of(theme)
    chosen = act.chosen(notes)
    others = [note for note in chosen if note not in set(inside)]
    if others:
        raise InputError(f"{others[0]} is not in {theme}; move it there first, or split {theme} without it")
    if len(chosen) == len(set(inside)):
        raise InputError(f"all {len(chosen)} notes of {theme} were named; name some of them, or rename the theme")
    named = _name(name) if name else ""
    act.keep(theme)
    act.place(act.new_theme(named), chosen)
    return act.records


def move_notes(
    themes: Themes, notes: str | Iterable[str], to: str, *, by: str, date: str, new_id: Callable[[], str] = _new_id
) -> list[Record]:
    """Put notes into a theme; those that are in it already stay there for good.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    notes : str or iterable of str
        Ids of notes.
    to : str
        Id of the theme.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When there is no such theme or note.
    """
    act = _Act(themes, by, date, new_id)
    chosen = act.chosen(notes)
    act.known(to)
    act.keep_those_of(chosen)
    act.place(act.keep(to), chosen)
    return act.records


def set_aside(
    themes: Themes, notes: str | Iterable[str], *, by: str, date: str, new_id: Callable[[], str] = _new_id
) -> list[Record]:
    """Take notes out of all themes.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    notes : str or iterable of str
        Ids of notes.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When there is no such note.
    """
    act = _Act(themes, by, date, new_id)
    chosen = act.chosen(notes)
    act.keep_those_of(chosen)
    act.place(None, chosen)
    return act.records


def pin_together(
    themes: Themes, note: str, partner: str, *, by: str, date: str, new_id: Callable[[], str] = _new_id
) -> list[Record]:
    """Have a note always in the theme of another one.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    note, partner : str
        Ids of two notes; the first joins the second.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When there is no such note, or both are one.
    """
    return _link(themes, "together", note, partner, by, date, new_id)


def keep_apart(
    themes: Themes, note: str, other: str, *, by: str, date: str, new_id: Callable[[], str] = _new_id
) -> list[Record]:
    """Have two notes never in one theme.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    note, other : str
        Ids of two notes.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When there is no such note, or both are one.
    """
    return _link(themes, "apart", note, other, by, date, new_id)


def keep_themes(
    themes: Themes,
    which: str | Iterable[str] | None = None,
    *,
    by: str,
    date: str,
    new_id: Callable[[], str] = _new_id,
) -> list[Record]:
    """Keep themes as they are now: a lasting id for those without, and all their notes written down.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    which : str or iterable of str, optional
        Ids of some of them; all by default.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When there is no such theme, or none at all.
    """
    act = _Act(themes, by, date, new_id)
    which = list(act.shown) if which is None else [which] if isinstance(which, str) else list(which)
    if not which:
        raise InputError("there is no theme to keep; name at least one, or read more notes first")
    for theme in dict.fromkeys(which):
        act.keep(theme, again=True)
    return act.records


def undo(
    ledger: Ledger,
    of: str | Iterable[str] | None = None,
    *,
    by: str,
    date: str,
    new_id: Callable[[], str] = _new_id,
) -> list[Record]:
    r"""Take an act back, whole.

    What later acts stand on stays: a theme that other notes were moved to since is still kept, until those acts are taken
    back as well.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    of : str or iterable of str, optional
        Id of a record of the act, whoever did it; ids of several for several acts. By default the last act of `by`
        that is not taken back.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When there is no such record, it is taken back already, nothing of it can be, or `by` has nothing to take back.

    Examples
    --------
    >>> from workbench.themes.ledger import parse_ledger
    >>> ledger = parse_ledger("- {id: a1, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-a1, name: Filters}\n")
    >>> undo(ledger, by="ana", date="2026-11-18")[0].of
    ('a1',)
    """
    live = live_records(ledger)
    leftovers = _leftovers(ledger, live)
    if of is None:
        own = [record for record in live if record.by == _by(by) and record.kind != "undo" and record not in leftovers]
        if not own:
            raise InputError(f"{by} has done nothing that could be taken back; name a record of somebody else's")
        wanted = [own[-1]]
    else:
        wanted = _named(ledger, live, [of] if isinstance(of, str) else list(of))
    acts = {(record.at, record.by, record.kind == "undo") for record in wanted}
    taken = [record for record in live if (record.at, record.by, record.kind == "undo") in acts]
    needed = _needed([*taken, *leftovers], live)
    if all(record in needed for record in taken):
        theme = taken[0].theme
        raise InputError(f"{theme} cannot be taken back, since later decisions are about it; take those back first")
    taken += [record for record in leftovers if record not in taken]
    taken.sort(key=ledger.records.index)
    return _undo_records(ledger, [record.id for record in taken if record not in needed], by, date, new_id)


def redo(ledger: Ledger, *, by: str, date: str, new_id: Callable[[], str] = _new_id) -> list[Record]:
    r"""Bring back what `by` took back last.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    by, date, new_id
        As in :func:`rename_theme`.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When `by` has taken nothing back, or brought it all back already.

    Examples
    --------
    >>> from workbench.themes.ledger import parse_ledger
    >>> ledger = parse_ledger(
    ...     "- {id: a1, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-a1, name: Filters}\n"
    ...     "- {id: b2, at: 2, by: ana, date: 2026-11-18, kind: undo, of: a1}\n")
    >>> redo(ledger, by="ana", date="2026-11-18")[0].of
    ('b2',)
    """
    # Taking back an act takes away, taking that back brings back, and so on in turn.
    takes_away: dict[str, bool] = {}
    for record in ledger.records:
        if record.kind == "undo":
            takes_away[record.id] = not any(takes_away.get(id, False) for id in record.of)
    undos = [record for record in live_records(ledger) if takes_away.get(record.id)]
    own = [record for record in undos if record.by == _by(by)]
    if not own:
        raise InputError(f"{by} has taken nothing back that could be brought back")
    last = [record for record in own if record.at == own[-1].at]
    # Somebody else may have taken back the same.
    gone = {id for record in last for id in record.of}
    last_too = [record.id for record in undos if gone.issuperset(record.of)]
    return _undo_records(ledger, last_too, by, date, new_id)


class _Act:
    """The records of one act, as they come."""

    def __init__(self, themes: Themes, by: str, date: str, new_id: Callable[[], str]) -> None:
        self.themes, self.by, self.date, self.new_id = themes, _by(by), _date(date), new_id
        self.taken = {record.id for record in themes.ledger.records}
        summary = themes.summary
        self.shown = {theme: (name, tuple(notes)) for theme, name, notes in
                      zip(summary["theme"], summary["name"], summary["notes"], strict=True)}  # fmt: skip
        columns = (map(str, themes.notes[column]) for column in ("note", "call", "text", "theme"))
        self.rows = {row[0]: row for row in zip(*columns, strict=True)}
        self.kept: dict[str, str] = {}
        self.records: list[Record] = []

    def add(self, kind: str, **fields: Any) -> Record:
        while (id := self.new_id()) in self.taken:
            pass
        self.taken.add(id)
        if fields.get("theme") == "":  # a new theme is called by its first record
            fields["theme"] = f"T-{id}"
        self.records.append(Record(id, self.themes.ledger.next_at, self.by, self.date, kind, **fields))
        return self.records[-1]

    def keep(self, theme: str, *, again: bool = False) -> str:
        """The lasting id of a theme, which it gets now if it has none."""
        theme = self.known(theme)
        if theme not in self.kept:
            lasting = theme if theme.startswith("T-") else ""
            if again or not lasting:
                for refs in self.cite(self.shown[theme][1] if theme in self.shown else ()) or [()]:
                    lasting = str(self.add("theme", theme=lasting, notes=refs).theme)
            self.kept[theme] = lasting
        return self.kept[theme]

    def keep_those_of(self, notes: list[str]) -> None:
        for theme in dict.fromkeys(self.rows[note][3] for note in notes):
            if theme:
                self.keep(theme)

    def new_theme(self, name: str) -> str:
        return str(self.add("theme", theme="", name=name).theme)

    def place(self, theme: str | None, notes: list[str]) -> None:
        for refs in self.cite(notes):
            self.add("place", theme=theme, notes=refs)

    def cite(self, notes: Iterable[str]) -> list[tuple[Ref, ...]]:
        """Notes by call and words, in as many parts as the size of a record asks for."""
        rows = [self.rows[note] for note in notes if note in self.rows]
        calls = {row[1] for row in rows}
        cited = (
            cite_notes(*zip(*(row[:3] for row in self.rows.values() if row[1] in calls), strict=True)) if rows else {}
        )
        parts: list[tuple[Ref, ...]] = []
        size = MAX_LINE_BYTES
        for row in rows:
            ref = cited[row[0]]
            length = len(format_record(Record("", 0, "", "", "place", notes=(ref,))).encode())
            if size + length > MAX_LINE_BYTES - _HEAD_BYTES or len(parts[-1]) == MAX_REFS:
                parts.append(())
                size = 0
            parts[-1] += (ref,)
            size += length
        return parts

    def known(self, theme: str) -> str:
        """The theme's id, if there is one by it."""
        if theme in self.shown:
            return theme
        kept = replay_ledger(self.themes.ledger, {"note": (), "call": (), "text": ()})
        if theme in kept.themes:  # one that has lost all its notes
            return theme
        if theme in kept.merged:
            raise InputError(f"{theme} is part of {kept.merged[theme]} now; name that one, or take the merge back")
        if not self.shown:
            raise InputError(f"no theme {theme!r}, nor any other; read more notes first")
        raise InputError(f"no theme {theme!r}; name one by its id: {self.listed(str(theme))}")

    def listed(self, near: str) -> str:
        """The themes nearest to what was typed, by id and name, and how many there are besides."""
        lines = {theme: f"{theme} “{name}”" if name else theme for theme, (name, _) in self.shown.items()}
        said = {theme: f"{theme} {name}".casefold() for theme, (name, _) in self.shown.items()}
        nearest = [found[2] for found in process.extract(near.casefold(), said, limit=_N_SHOWN)]
        rest = len(lines) - len(nearest)
        return ", ".join(lines[theme] for theme in nearest) + (f" and {rest} more" if rest else "")

    def notes_of(self, theme: str) -> tuple[str, ...]:
        self.known(theme)
        return self.shown[theme][1] if theme in self.shown else ()

    def chosen(self, notes: str | Iterable[str]) -> list[str]:
        """Notes without repeats, if there are any and all are there."""
        chosen = list(dict.fromkeys([notes] if isinstance(notes, str) else notes))
        if not chosen:
            raise InputError("no note was named; name at least one by its id, such as 2026-11-17-acme#1b2c3d4e")
        for note in chosen:
            if note not in self.rows:
                near = ", ".join(found[0] for found in process.extract(str(note), self.rows.keys(), limit=3))
                nearest = f"; the nearest are {near}" if near else ""
                raise InputError(f"no note {note!r} among those that count{nearest}")
        return chosen


def _link(
    themes: Themes, how: str, note: str, other: str, by: str, date: str, new_id: Callable[[], str]
) -> list[Record]:
    act = _Act(themes, by, date, new_id)
    pair = act.chosen([note, other])
    if len(pair) < 2:
        raise InputError(f"{note} was named twice; name two different notes")
    act.keep_those_of(pair)
    act.add("link", how=how, notes=tuple(ref for part in act.cite(pair) for ref in part))
    return act.records


def _named(ledger: Ledger, live: tuple[Record, ...], ids: list[str]) -> list[Record]:
    """The live records with these ids."""
    by_id = {record.id: record for record in ledger.records}
    alive = {record.id for record in live}
    if not ids:
        raise InputError("no record was named; name at least one by its id, or none for your last act")
    for id in ids:
        if id not in by_id:
            last = ", ".join(f"{record.id} ({record.kind}, {record.by})" for record in live[: -_N_SHOWN - 1 : -1])
            raise InputError(f"no record {id!r} in the ledger" + (f"; the last ones are {last}" if last else ""))
        if id not in alive:
            raise InputError(f"record {id} is taken back already; to bring it back, take back the undo that names it")
    return [by_id[id] for id in ids]


def _leftovers(ledger: Ledger, live: tuple[Record, ...]) -> list[Record]:
    """What was left of acts that were taken back: themes that later acts stood on then."""
    alive = {record.id for record in live}
    undone = {(record.at, record.by) for record in ledger.records if record.kind != "undo" and record.id not in alive}
    whole = {(record.at, record.by) for record in live if record.kind not in ("theme", "undo")}
    return [record for record in live if record.kind == "theme" and (record.at, record.by) in undone - whole]


def _needed(taken: list[Record], live: tuple[Record, ...]) -> list[Record]:
    """Of the records to be taken back those that keep a theme which other live records name."""
    others = [record for record in live if record not in taken and record.kind != "undo"]
    needed = []
    for theme in {name for record in others for name in (record.theme, record.into) if name}:
        own = [record for record in taken if record.kind == "theme" and record.theme == theme]
        keeping = [record for record in others if record.kind == "theme" and record.theme == theme]
        anchored = [record for record in own if record.notes]
        if anchored and not any(record.notes for record in keeping):
            needed += anchored
        elif own and not keeping:
            needed.append(own[0])
    return needed


def _undo_records(ledger: Ledger, of: list[str], by: str, date: str, new_id: Callable[[], str]) -> list[Record]:
    records = []
    taken = {record.id for record in ledger.records}
    for start in range(0, len(of), 1000):  # ids of a thousand records fit into a line
        while (id := new_id()) in taken:
            pass
        taken.add(id)
        part = tuple(of[start : start + 1000])
        records.append(Record(id, ledger.next_at, _by(by), _date(date), "undo", of=part))
    return records


def _name(name: str) -> str:
    words = " ".join(showable(name).split()) if isinstance(name, str) else ""
    if not words:
        raise InputError("a theme's name cannot be empty; write a few words")
    if len(words) > MAX_NAME:
        raise InputError(f"a theme's name has at most {MAX_NAME} letters, and this one has {len(words)}; shorten it")
    return words


def _by(by: str) -> str:
    words = " ".join(showable(by).split()) if isinstance(by, str) else ""
    if not 0 < len(words) <= MAX_NAME:
        raise InputError(f"who decides is not said; give by= a name of at most {MAX_NAME} letters, such as your own")
    return words


def _date(date: str) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(date), re.ASCII):
            return datetime.date.fromisoformat(str(date)).isoformat()
    except ValueError:
        pass
    raise InputError(f"date {date!r} is not a day such as 2026-11-17")
