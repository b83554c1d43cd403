"""What the theme board shows: notes by number, their themes, counts, and the lists that they lie in; nothing is sent here.

A board of up to a few thousand notes is told all of them at once. Of more it is told the themes with their counts, and the
notes as they come into sight; what would need all notes on the face's side (counting, searching, ordering) is done here then.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.errors import InputError
from workbench.notes import KINDS
from workbench.signals import says_it_works
from workbench.themes.ledger import shorten_themes
from workbench.widgets.note_search import NoteWords

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["REASONS", "TRAY", "Cards", "Look"]

# As the face has them, in this order; see workbench.themes.corrections.Corrected.
REASONS = ("", "placed", "set aside", "pinned", "kept apart", "came along", "joined")
# The number of no theme.
TRAY = 0
# So many of the cards that a note came along with are named.
N_LIKE = 3
# The weeks of which a trend is shown.
WEEKS = 8
# So many answers of a search are kept, for the pages of them.
N_KEPT = 4
N_TAGS = 300


class Cards:
    r"""The notes of one reading as the face knows them, by number; the same whatever the corrections.

    Parameters
    ----------
    notes : pandas.DataFrame
        The notes that are evidence, as :class:`~workbench.themes.Themes` have them.
    takes : pandas.DataFrame
        The PM's own takes: their customers are counted among all.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> from workbench.themes import find_themes
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- Filters reset\n")
    >>> themes = find_themes(read_study(folder.parent).notes)
    >>> cards = Cards(themes.notes, themes.takes)
    >>> len(cards), cards.customers, cards.weeks
    (1, ['Acme'], ['2026-11-16'])
    """

    def __init__(self, notes: pd.DataFrame, takes: pd.DataFrame) -> None:
        self.notes = notes
        self.ids = notes["note"].array
        # Of each note a number by which sets of notes are told apart.
        self.marks = pd.util.hash_array(self.ids.to_numpy(dtype=object), categorize=False)
        codes, names = _factorize(notes["customer"])
        self.customers = sorted({*names, *takes["customer"].astype(str).unique()})
        place = {name: k for k, name in enumerate(self.customers)}
        self.customer = np.array([place[name] for name in names], dtype=np.int32)[codes]
        said = notes[["customer", "segment"]].drop_duplicates("customer", keep="last").astype(str)
        self.segment_of = dict(zip(said["customer"], said["segment"], strict=True))
        codes, names = _factorize(notes["kind"])
        self.kind = np.array([KINDS.index(name) for name in names], dtype=np.int8)[codes]
        days = notes["date"].to_numpy(dtype="datetime64[D]")
        self.day = np.where(np.isnat(days), -1, days.astype(np.int64)).astype(np.int32)
        # A call of one customer on one day; a table holds many.
        call, occasion = _factorize(notes["call"])[0], 0
        for codes in (call, self.customer, pd.factorize(self.day)[0]):
            occasion = pd.factorize(occasion * (int(codes.max(initial=0)) + 1) + codes.astype(np.int64))[0]
        self.call = occasion.astype(np.int32)
        self.first_of_call = np.unique(self.call, return_index=True)[1]
        # The first of January 1970 was a Thursday.
        self.monday = np.where(self.day < 0, -1, self.day - (self.day + 3) % 7)
        mondays = np.unique(self.monday[self.monday >= 0])
        self.all_weeks = [_day(monday) for monday in mondays]
        self.mondays = np.arange(mondays[0], mondays[-1] + 1, 7)[-WEEKS:] if len(mondays) else mondays
        self.weeks = [_day(monday) for monday in self.mondays]
        self._ranked: tuple[np.ndarray, np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, notes: Iterable[str]) -> np.ndarray:
        """The numbers of notes, -1 for one that is not there.

        Parameters
        ----------
        notes : iterable of str
            Ids.

        Returns
        -------
        ndarray of int
            One a note.
        """
        notes = list(notes)
        # Looked through each time: an index of a million would take more room than all that is shown of them.
        there = np.flatnonzero(self.notes["note"].isin(notes))
        row_of = dict(zip(self.ids[there].tolist(), there.tolist(), strict=True))
        return np.array([row_of.get(note, -1) for note in notes], dtype=int)

    def fingerprints(self, themes: pd.Series) -> dict[str, tuple[int, int]]:
        """What tells the notes of each theme from those of any other.

        Parameters
        ----------
        themes : pandas.Series of str
            Of each note its theme.

        Returns
        -------
        dict of str to tuple of int
            The same for the same notes, whatever else was read.
        """
        codes, names = _factorize(themes)
        sums = np.zeros(len(names), dtype=np.uint64)
        np.add.at(sums, codes, self.marks)
        return dict(zip(names, zip(np.bincount(codes).tolist(), sums.tolist(), strict=True), strict=True))

    @cached_property
    def by_id(self) -> np.ndarray:
        """The place of each note when they are ordered by their ids."""
        place = np.empty(len(self), dtype=np.int32)
        place[self.notes["note"].array.argsort()] = np.arange(len(self), dtype=np.int32)
        return place

    def ranked(self, typicality: np.ndarray) -> np.ndarray:
        """The notes from the most typical one on; kept, since most acts leave it as it was.

        Parameters
        ----------
        typicality : ndarray of float
            Of each note.

        Returns
        -------
        ndarray of int
            Their numbers, those that are as typical in the order of their ids.
        """
        if self._ranked is None or not np.array_equal(self._ranked[0], typicality):
            self._ranked = typicality, np.lexsort((self.by_id, -typicality)).astype(np.int32)
        return self._ranked[1]

    @cached_property
    def words(self) -> NoteWords:
        """What a search looks through."""
        tags = [" ".join(f"#{tag}" for tag in some) for some in self.notes["tags"]]
        return NoteWords(self.notes["text"], self.notes["customer"].astype(str), tags)

    @cached_property
    def tags(self) -> list[str]:
        """The tags that notes have; of very many the commonest."""
        counted = Counter(tag for some in self.notes["tags"] if len(some) for tag in some)
        return sorted(tag for tag, _ in counted.most_common(N_TAGS))

    @cached_property
    def halves(self) -> list[np.ndarray]:
        """Whether each note is of the earlier half of the weeks, and whether of the later."""
        middle = len(self.mondays) // 2
        return [np.isin(self.monday, some) for some in (self.mondays[:middle], self.mondays[middle:])]

    @cached_property
    def spoken(self) -> list[int]:
        """How many customers were spoken to in each half."""
        return [len(np.unique(self.customer[half])) for half in self.halves]


@dataclass(frozen=True, eq=False)
class Look:
    """What the board shows: the study, its themes, and the number by which the face knows each theme.

    A theme's number stays the same while its id changes, from "T3" to a lasting one or to another rank, so that an act means
    the theme that the PM saw, whatever was done meanwhile in another tab.

    Parameters
    ----------
    study : Study
        What was read.
    themes : Themes
        Its themes now.
    keys : dict of str to int
        The number of each theme.
    cards : Cards
        Its notes.
    registry : str
        The text of the list of customers, to tell whether it has changed.
    """

    study: Study
    themes: Themes
    keys: dict[str, int]
    cards: Cards
    registry: str
    _lists: dict[str, dict[int, np.ndarray]] = field(default_factory=dict)

    def theme(self, key: Any) -> str:
        """The theme with a number, as it is called now.

        Parameters
        ----------
        key : int
            The number.

        Returns
        -------
        str
            Its id.

        Raises
        ------
        InputError
            When it is not there any more.
        """
        for theme, number in self.keys.items():
            if number == key:
                return theme
        raise InputError("this theme is not there any more: it was merged or taken back meanwhile; choose another one")

    @cached_property
    def of_note(self) -> np.ndarray:
        """The number of each note's theme."""
        codes, themes = _factorize(self.themes.notes["theme"])
        return np.array([self.keys.get(theme, TRAY) for theme in themes], dtype=np.int32)[codes]

    @cached_property
    def reasons(self) -> np.ndarray:
        """Why each note is there, by place in :data:`REASONS`."""
        codes, reasons = _factorize(self.themes.notes["reason"])
        return np.array([REASONS.index(reason) for reason in reasons], dtype=np.int8)[codes]

    @cached_property
    def like(self) -> dict[int, tuple[int, ...]]:
        """Of each note that came along the cards that it came along with."""
        came = self.themes.came_along
        named = dict.fromkeys(note for one, cards in came.items() for note in (one, *cards[:N_LIKE]))
        row_of = dict(zip(named, self.cards.rows(named).tolist(), strict=True))
        return {row_of[note]: tuple(row_of[card] for card in cards[:N_LIKE]) for note, cards in came.items()}

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The themes, most customers first."""
        short, trends = shorten_themes(self.keys), self._trends()
        return [
            {
                "key": self.keys[row.theme],
                "id": short[row.theme] if row.theme.startswith("T-") else "",
                "name": row.name,
                "claim": row.claim,
                "n": row.n_customers,
                "n_notes": row.n_notes,
                "segments": dict(row.segments),
                "trend": trends.get(self.keys[row.theme]),
            }
            for row in self.themes.summary.itertuples(index=False)
        ]

    def _trends(self) -> dict[int, dict[str, Any]]:
        """Of each theme the customers who raised it in each week, and in the earlier and the later half of the weeks."""
        cards = self.cards
        if len(cards.mondays) < 2:
            return {}
        week = np.searchsorted(cards.mondays, cards.monday)
        bars = self._count_by(week, cards.monday >= cards.mondays[0], len(cards.mondays))
        halves = self._count_by(cards.halves[1].astype(int), cards.halves[0] | cards.halves[1], 2)
        return {key: {"bars": bars[key], "halves": halves[key]} for key in self.keys.values()}

    def _count_by(self, part: np.ndarray, where: np.ndarray, n_parts: int) -> dict[int, list[int]]:
        """Distinct customers of each theme in each part of the notes."""
        key, customer = self.of_note[where].astype(np.int64), self.cards.customer[where]
        n_customers, n_keys = len(self.cards.customers), max(self.keys.values(), default=0) + 1
        seen = np.unique((key * n_parts + part[where]) * n_customers + customer) // max(n_customers, 1)
        counted = np.bincount(seen, minlength=n_keys * n_parts).reshape(n_keys, n_parts)
        return dict(enumerate(counted.tolist()))

    @cached_property
    def members(self) -> dict[int, np.ndarray]:
        """The notes of each theme by number, most typical first; of those left out, as they were read."""
        ranked = self.cards.ranked(self.themes.notes["typicality"].to_numpy(dtype=float))
        order = ranked[np.argsort(self.of_note[ranked], kind="stable")]
        parts = self._split(order)
        return parts | {TRAY: np.sort(parts[TRAY])}

    def _split(self, order: np.ndarray) -> dict[int, np.ndarray]:
        keys = [TRAY, *self.keys.values()]
        sizes = self.of_note[order]
        return {key: order[np.searchsorted(sizes, key) : np.searchsorted(sizes, key, side="right")] for key in keys}

    # Lists: what each theme shows under a search, in one order or the other.

    def lists(self, find: dict[str, str], newest: bool) -> dict[int, np.ndarray]:
        """The notes that each theme shows, by number.

        Parameters
        ----------
        find : dict of str to str
            What is looked for: text, segment, customer, kind, week, tag; what is empty holds for all.
        newest : bool
            Whether the newest stand first, rather than the most typical.

        Returns
        -------
        dict of int to ndarray
            By the theme's number; by 0 what is left out.
        """
        asked = json.dumps([sorted(find.items()), newest])
        if asked not in self._lists:
            found = self.members if not newest else {key: self._newest(rows) for key, rows in self.members.items()}
            if any(find.values()):
                hit = self._hits(find)
                found = {key: rows[hit[rows]] for key, rows in found.items()}
            self._lists[asked] = found
            while len(self._lists) > N_KEPT:
                del self._lists[next(iter(self._lists))]
        return self._lists[asked]

    def _newest(self, rows: np.ndarray) -> np.ndarray:
        return rows[np.argsort(-self.cards.day[rows], kind="stable")]

    def _hits(self, find: dict[str, str]) -> np.ndarray:
        cards, notes = self.cards, self.cards.notes
        hit = cards.words.have(find.get("text", "").split())
        for column in ("segment", "customer", "kind"):
            if value := find.get(column):
                hit &= (notes[column].astype(str) == value).to_numpy(dtype=bool)
        if week := find.get("week"):
            hit &= cards.monday == np.datetime64(week, "D").astype(int)
        if tag := find.get("tag"):
            hit &= np.fromiter((tag in some for some in notes["tags"]), bool, len(cards))
        return hit

    def count(self, rows: Iterable[np.ndarray]) -> int:
        """How many customers said some notes.

        Parameters
        ----------
        rows : iterable of ndarray
            Their numbers, in any number of parts.

        Returns
        -------
        int
            Distinct customers.
        """
        said = np.zeros(len(self.cards.customers), dtype=bool)
        for some in rows:
            said[self.cards.customer[some]] = True
        return int(said.sum())

    def after(self, moved: np.ndarray) -> dict[int, int]:
        """How many customers each theme would have if some notes came to it.

        Parameters
        ----------
        moved : ndarray of int
            Their numbers.

        Returns
        -------
        dict of int to int
            By the theme's number.
        """
        return {key: self.count([rows, moved]) for key, rows in self.members.items()}

    def kept(self, key: int, moved: np.ndarray) -> tuple[int, int]:
        """How many customers a theme would have without some notes, and how many of them said one of those.

        Parameters
        ----------
        key : int
            The theme's number.
        moved : ndarray of int
            The notes' numbers.

        Returns
        -------
        tuple of int
            Distinct customers.
        """
        customer = self.cards.customer
        rest = np.unique(customer[np.setdiff1d(self.members[key], moved)])
        return len(rest), int(np.isin(rest, customer[moved]).sum())

    # What the face is told.

    def notes(self, rows: Sequence[int] | np.ndarray | None = None) -> dict[str, Any]:
        """What the face shows of notes, by columns, so that thousands are small.

        Parameters
        ----------
        rows : sequence of int, optional
            Their numbers; all by default. The cards that one came along with are told, too.

        Returns
        -------
        dict
            ``notes``, with their calls and customers; of some only, each part says by ``at`` which they are.
        """
        cards = self.cards
        at = np.arange(len(cards)) if rows is None else np.asarray(rows, dtype=int)
        if rows is not None:
            like = [other for row in at.tolist() for other in self.like.get(row, ())]
            at = np.unique(np.concatenate([at, np.array(like, dtype=int)]))
        calls = np.unique(cards.call[at])
        first = cards.first_of_call[calls]
        who = np.arange(len(cards.customers)) if rows is None else np.unique(cards.customer[first])
        names = [cards.customers[i] for i in who.tolist()]
        some, told = cards.notes.iloc[at], cards.notes.iloc[first]
        numbers = at.tolist()
        part = {
            "customers": names,
            "segments": [cards.segment_of.get(name, "") for name in names],
            "calls": {
                "id": told["call"].astype(str).tolist(),
                "day": [_day(day) for day in cards.day[first]],
                "customer": cards.customer[first].tolist(),
            },
            "notes": {
                "call": cards.call[at].tolist(),
                "id": [id.rpartition("#")[2] for id in cards.ids[at]],
                "kind": cards.kind[at].tolist(),
                "text": some["text"].tolist(),
                "tags": {i: list(tags) for i, tags in zip(numbers, some["tags"], strict=True) if len(tags)},
                "works": [i for i, text in zip(numbers, some["text"], strict=True) if says_it_works(text)],
                "theme": self.of_note[at].tolist(),
                "reason": self.reasons[at].tolist(),
                "like": {i: list(self.like[i]) for i in numbers if i in self.like},
            },
        }
        if rows is not None:
            part["notes"]["at"], part["calls"]["at"], part["who"] = numbers, calls.tolist(), who.tolist()
        return part

    def everything(self) -> dict[str, Any]:
        """All that is said once, but for the notes.

        Returns
        -------
        dict
            By name, as the face has it.
        """
        cards = self.cards
        return {
            "total": self.themes.n_customers,
            "n_notes": len(cards),
            "weeks": cards.weeks,
            "all_weeks": cards.all_weeks,
            "spoken": cards.spoken,
            "kinds": list(KINDS),
            "reasons": list(REASONS),
            "themes": self.rows,
        }

    def choices(self) -> dict[str, Any]:
        """What a search of a large board may be narrowed to; customers are too many to choose from, and are searched by name.

        Returns
        -------
        dict
            ``tags``, ``segment_names`` and ``kinds_there``.
        """
        cards = self.cards
        return {
            "tags": cards.tags,
            "segment_names": sorted({*cards.segment_of.values()} - {""}),
            "kinds_there": [KINDS[code] for code in np.unique(cards.kind)],
        }


def _factorize(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """A column as numbers, and the text that each stands for."""
    codes, values = pd.factorize(column)
    return codes, [str(value) for value in values]


def _day(day: int) -> str:
    return "" if day < 0 else str(np.datetime64(int(day), "D"))
