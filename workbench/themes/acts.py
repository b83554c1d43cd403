"""What a PM does to themes, as records for the ledger.

Each function takes the themes as they are shown and gives the records of one act, to be appended to the ledger; nothing
is changed here. The records of an act share the beginning of their ids (:func:`workbench.themes.ledger.act_of`), so that
it is taken back whole, and no other act with it.

A theme that nobody has touched ("T1") is made anew on every run. Touching one keeps it: a record gives it a lasting id and
writes down all its notes. A move keeps the theme that a note comes from as well as the one it goes to.

What a theme's notes are is one thing, where the PM put single cards another: a card that is moved, set aside, pinned or
kept apart is never written down as one of the notes of the theme that it came to by that, so that taking the act back
brings the card back, however often the theme was kept since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rapidfuzz import process

from workbench.errors import InputError
from workbench.themes.attach import cite_notes, tells_twins
from workbench.themes.ledger import Ledger, Record, Ref, act_of
from workbench.themes.recording import (
    MOST_KEPT,
    Recording,
    decided_by,
    decided_on,
    in_parts,
    new_hex,
    record_ids,
    theme_name,
    with_seen,
)
from workbench.themes.replay import live_records

if TYPE_CHECKING:
    from workbench.themes.find import Themes

__all__ = [
    "keep_apart",
    "keep_themes",
    "merge_themes",
    "move_notes",
    "new_theme",
    "pin_together",
    "redo",
    "rename_theme",
    "set_aside",
    "split_theme",
    "undo",
]

_N_SHOWN = 5


def rename_theme(
    themes: Themes, theme: str, name: str, *, by: str, date: str, new_id: Callable[[], str] = new_hex
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
        Gives the id of the act's first record, eight hex digits; random by default. The others have it too, and "-2",
        "-3" and so on.

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
    >>> from workbench.themes.replay import Decisions
    >>> themes = SimpleNamespace(
    ...     ledger=Ledger(), decisions=Decisions(), summary={"theme": ["T1"], "name": [""], "notes": [("a#1",)]},
    ...     notes={"note": ["a#1"], "call": ["a"], "text": ["Filters reset"], "theme": ["T1"]})
    >>> for record in rename_theme(themes, "T1", "Lost filters", by="ana", date="2026-11-17"):
    ...     print(record.kind, record.name, record.notes)
    theme  (Ref(call='a', text='Filters reset', twin=1, hash=''),)
    theme Lost filters ()
    """
    act = _Act(themes, by, date, new_id)
    name = theme_name(name)
    act.add("theme", theme=act.keep(theme), name=name)
    return act.finish()


def merge_themes(
    themes: Themes, theme: str, into: str, *, by: str, date: str, new_id: Callable[[], str] = new_hex
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
    return act.finish()


def split_theme(
    themes: Themes,
    theme: str,
    notes: str | Iterable[str],
    name: str = "",
    *,
    by: str,
    date: str,
    new_id: Callable[[], str] = new_hex,
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
    named = theme_name(name) if name else ""
    act.keep(theme)
    act.place(act.new_theme(named), chosen)
    return act.finish()


def new_theme(
    themes: Themes,
    notes: str | Iterable[str],
    name: str = "",
    *,
    by: str,
    date: str,
    new_id: Callable[[], str] = new_hex,
) -> list[Record]:
    """Make a new theme of notes, from wherever they are: of one theme, of several, or of none.

    Parameters
    ----------
    themes : Themes
        The themes as they are shown.
    notes : str or iterable of str
        Ids of notes; not just all those of one theme, which is one already.
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
        When no note is named, there is no such note, the notes are the whole of one theme, or the name is too long.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from workbench.themes.ledger import Ledger
    >>> from workbench.themes.replay import Decisions
    >>> themes = SimpleNamespace(
    ...     ledger=Ledger(), decisions=Decisions(), summary={"theme": ["T1"], "name": [""], "notes": [("a#1", "b#1")]},
    ...     notes={"note": ["a#1", "b#1", "c#1"], "call": ["a", "b", "c"],
    ...            "text": ["Filters reset", "Export stops", "Export is slow"], "theme": ["T1", "T1", ""]})
    >>> for record in new_theme(themes, ["b#1", "c#1"], "Exports", by="ana", date="2026-11-17"):
    ...     print(record.kind, record.name, [ref.text for ref in record.notes])
    theme  ['Filters reset', 'Export stops']
    theme Exports []
    place  ['Export stops', 'Export is slow']
    """
    act = _Act(themes, by, date, new_id)
    chosen = act.chosen(notes)
    for theme in {act.rows[note][3] for note in chosen} - {""}:
        if set(chosen) == set(act.notes_of(theme)):
            raise InputError(
                f"these are all {len(chosen)} notes of {theme}, a theme already; rename it, or name others too"
            )
    named = theme_name(name) if name else ""
    act.keep_those_of(chosen)
    act.place(act.new_theme(named), chosen)
    return act.finish()


def move_notes(
    themes: Themes, notes: str | Iterable[str], to: str, *, by: str, date: str, new_id: Callable[[], str] = new_hex
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
    return act.finish()


def set_aside(
    themes: Themes, notes: str | Iterable[str], *, by: str, date: str, new_id: Callable[[], str] = new_hex
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
    return act.finish()


def pin_together(
    themes: Themes, note: str, partner: str, *, by: str, date: str, new_id: Callable[[], str] = new_hex
) -> list[Record]:
    """Have a note always in the theme of another one, which is in one.

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
        When there is no such note, both are one, or the second is in no theme.
    """
    return _link(themes, "together", note, partner, by, date, new_id)


def keep_apart(
    themes: Themes, note: str, other: str, *, by: str, date: str, new_id: Callable[[], str] = new_hex
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
    new_id: Callable[[], str] = new_hex,
) -> list[Record]:
    """Keep themes as they are now: a lasting id for those without, and their notes written down.

    Cards that were moved, set aside, pinned or kept apart are where they are by that act, and stay there for as long as
    it stands; they are not written down as notes of these themes.

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
        The act; empty when all of them are kept as they are already.

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
    return act.finish()


def undo(
    ledger: Ledger,
    of: str | Iterable[str] | None = None,
    *,
    by: str,
    date: str,
    new_id: Callable[[], str] = new_hex,
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
        own = [
            record
            for record in live
            if record.by == decided_by(by) and record.kind != "undo" and record.id not in leftovers
        ]
        if not own:
            raise InputError(f"{by} has done nothing that could be taken back; name a record of somebody else's")
        wanted = [own[-1]]
    else:
        wanted = _named(ledger, live, [of] if isinstance(of, str) else list(of))
    acts = {act_of(record) for record in wanted}
    own_ids = {record.id for record in live if act_of(record) in acts}
    taken = [record for record in live if record.id in own_ids or record.id in leftovers]
    needed = _needed(taken, live)
    if own_ids <= needed:
        theme = next(record.theme for record in taken if record.id in own_ids)
        raise InputError(f"{theme} cannot be taken back, since other decisions are about it; take those back first")
    return _undo_records(ledger, [record.id for record in taken if record.id not in needed], by, date, new_id)


def redo(ledger: Ledger, *, by: str, date: str, new_id: Callable[[], str] = new_hex) -> list[Record]:
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
    own = [record for record in undos if record.by == decided_by(by)]
    if not own:
        raise InputError(f"{by} has taken nothing back that could be brought back")
    last = [record for record in own if act_of(record) == act_of(own[-1])]
    # Somebody else may have taken back the same.
    gone = {id for record in last for id in record.of}
    last_too = [record.id for record in undos if gone.issuperset(record.of)]
    return _undo_records(ledger, last_too, by, date, new_id)


class _Act(Recording):
    """The records of an act on themes as they are shown."""

    def __init__(self, themes: Themes, by: str, date: str, new_id: Callable[[], str]) -> None:
        super().__init__(themes.ledger, by, date, new_id)
        self.themes = themes
        summary = themes.summary
        self.shown = {theme: (name, tuple(notes)) for theme, name, notes in
                      zip(summary["theme"], summary["name"], summary["notes"], strict=True)}  # fmt: skip
        # Of the notes that the act is about; a million others are none of its business.
        self.rows: dict[str, tuple[str, ...]] = {}
        self.kept: dict[str, str] = {}
        self.cited: dict[str, Ref] = {}

    def find(self, notes: Iterable[str]) -> list[str]:
        """Those of some notes that there are, in their order; their rows are known from then on."""
        notes = list(notes)
        if unknown := {note for note in notes if note not in self.rows}:
            places = _places(self.themes.notes["note"], unknown)
            columns = (_at(self.themes.notes[name], places) for name in ("note", "call", "text", "theme"))
            self.rows |= {row[0]: row for row in zip(*columns, strict=True)}
        return [note for note in notes if note in self.rows]

    def finish(self) -> list[Record]:
        """The records, which also say what calls the PM could see."""
        calls = self.themes.notes["call"]
        new = sorted(
            {*map(str, set(calls.unique() if hasattr(calls, "unique") else calls))} - self.themes.decisions.seen
        )
        return with_seen(self.records, new, lambda: _newest(self.themes.notes["date"]))

    def keep(self, theme: str, *, again: bool = False) -> str:
        """The lasting id of a theme, which it gets now if it has none."""
        theme = self.known(theme)
        if theme not in self.kept:
            lasting = theme if theme.startswith("T-") else ""
            if again or not lasting:
                for refs in self.cite(self.to_keep(theme)) or ([()] if not lasting else []):
                    lasting = str(self.add("theme", theme=lasting, notes=refs).theme)
            self.kept[theme] = lasting
        return self.kept[theme]

    def to_keep(self, theme: str) -> list[str]:
        """The notes to be written down for a theme; none if each stands there already.

        Those of a theme that was merged into it stay that theme's, and cards that were decided on stay with the theme
        that they would be in without, so that the merge, and each decision, can still be taken back.
        """
        anchors = self.themes.decisions.anchors
        inside = [note for note in self.notes_of(theme) if note not in self.decided]
        if len(inside) > MOST_KEPT:
            # The others go where these do, see `workbench.themes.large`. Nobody could read twenty thousand lines of a decision.
            if sum(anchors.get(note) == theme for note in inside) >= MOST_KEPT:
                return []
            inside = inside[:MOST_KEPT]
        if all(anchors.get(note) == theme for note in inside):
            return [] if theme.startswith("T-") else inside
        mine = [note for note in inside if anchors.get(note) != theme or self.anchored[note] == theme]
        return mine + [note for note in self.decided if self.anchored.get(note) == theme]

    @cached_property
    def decided(self) -> dict[str, None]:
        """The notes that are where they are by a decision on single cards, in the order of their ids."""
        decisions = self.themes.decisions
        decided = decisions.placed.keys() | decisions.follows.keys()
        if "reason" in self.themes.notes:
            parted = {*_at(self.themes.notes["note"], _places(self.themes.notes["reason"], {"kept apart"}))}
            decided |= parted | {decisions.follows[note] for note in parted if note in decisions.follows}
        return dict.fromkeys(self.find(sorted(decided)))

    @cached_property
    def anchored(self) -> dict[str, str]:
        """The theme that each note was last written down for, whatever that was merged into since."""
        theme_of = {record.id: str(record.theme) for record in self.themes.ledger.records}
        return {note: theme_of[record] for note, record in self.themes.decisions.anchored_by.items()}

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
        named = self.find(notes)
        new = [note for note in named if note not in self.cited]
        if not all(
            tells_twins(note, self.rows[note][2]) for note in new
        ):  # then with all that say the same, since twins are told apart among all of them
            said = self.themes.notes["text"]
            self.find(_at(self.themes.notes["note"], _places(said, {self.rows[note][2] for note in new})))
            words = {self.rows[note][1:3] for note in new}
            new = [note for note, row in self.rows.items() if row[1:3] in words]
        if new:
            self.cited |= cite_notes(*zip(*(self.rows[note][:3] for note in new), strict=True))
        return in_parts([self.cited[note] for note in named])

    def known(self, theme: str) -> str:
        """The theme's id, if there is one by it."""
        if theme in self.shown:
            return theme
        kept = self.themes.decisions
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
        there = set(self.find(chosen))
        for note in chosen:
            if note not in there:
                ids = map(str, self.themes.notes["note"])
                near = ", ".join(found[0] for found in process.extract(str(note), ids, limit=3))
                nearest = f"; the nearest are {near}" if near else ""
                raise InputError(f"no note {note!r} among those that count{nearest}")
        return chosen


def _places(column: Any, values: set[str]) -> list[int]:
    """Where any of some values stands in a column, which is pandas' or a list."""
    if hasattr(column, "isin"):
        return column.isin(values).to_numpy().nonzero()[0].tolist() if values else []
    return [place for place, value in enumerate(column) if value in values]


def _at(column: Any, places: list[int]) -> list[str]:
    some = column.iloc[places].tolist() if hasattr(column, "iloc") else [column[place] for place in places]
    return [str(value) for value in some]


def _newest(days: Any) -> str:
    """The newest of a column of days."""
    return str(days.max() if hasattr(days, "max") else max(days))[:10]


def _link(
    themes: Themes, how: str, note: str, other: str, by: str, date: str, new_id: Callable[[], str]
) -> list[Record]:
    act = _Act(themes, by, date, new_id)
    pair = act.chosen([note, other])
    if len(pair) < 2:
        raise InputError(f"{note} was named twice; name two different notes")
    if how == "together" and not act.rows[other][3]:
        raise InputError(f"{other} is in no theme, so no note can be with it; put it into a theme first, then pin")
    act.keep_those_of(pair)
    act.add("link", how=how, notes=tuple(ref for part in act.cite(pair) for ref in part))
    return act.finish()


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


def _leftovers(ledger: Ledger, live: tuple[Record, ...]) -> set[str]:
    """Ids of what was left of acts that were taken back: themes that later acts stood on then."""
    alive = {record.id for record in live}
    undone = {act_of(record) for record in ledger.records if record.kind != "undo" and record.id not in alive}
    undone -= {act_of(record) for record in live if record.kind not in ("theme", "undo")}
    return {record.id for record in live if record.kind == "theme" and act_of(record) in undone}


def _needed(taken: list[Record], live: tuple[Record, ...]) -> set[str]:
    """Of the records to be taken back the ids of those that keep a theme which other live records name."""
    ids = {record.id for record in taken}
    others = [record for record in live if record.id not in ids and record.kind != "undo"]
    last: dict[str, int] = {}  # when each theme was last decided about by others
    for record in others:
        last |= {name: record.at for name in (record.theme, record.into) if name}
    # Of the themes that stay kept whether any notes are written down for them. A record that only gives another name keeps
    # nothing: taken back in its turn, it would leave earlier decisions without their theme.
    first: dict[str | None, str] = {}
    for record in live:
        if record.kind == "theme":
            first.setdefault(record.theme, record.id)
    keeping: dict[str | None, bool] = {}
    for record in others:
        if record.kind == "theme" and (record.notes or record.id == first[record.theme]):
            keeping[record.theme] = keeping.get(record.theme, False) or bool(record.notes)
    kept = {record.theme for record in others if record.kind == "theme"}
    own: dict[str | None, list[Record]] = {}
    for record in taken:
        named = last.get(str(record.theme), -1)
        if record.kind == "theme" and (named > record.at or (named >= 0 and record.theme not in kept)):
            own.setdefault(record.theme, []).append(record)
    needed = set()
    for theme, records in own.items():
        anchored = {record.id for record in records if record.notes}
        if anchored and not keeping.get(theme):
            needed |= anchored
        elif theme not in keeping:
            needed.add(records[0].id)
    return needed


def _undo_records(ledger: Ledger, of: list[str], by: str, date: str, new_id: Callable[[], str]) -> list[Record]:
    by, date, ids = decided_by(by), decided_on(date), record_ids(ledger, new_id)
    # Ids of a thousand records fit into a line.
    parts = [tuple(of[start : start + 1000]) for start in range(0, len(of), 1000)]
    return [Record(next(ids), ledger.next_at, by, date, "undo", of=part) for part in parts]
