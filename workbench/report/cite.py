"""How a section names notes, calls, customers and themes, and counts them so that it can be derived again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.evidence import find_against
from workbench.evidence.counts import notes_in, once
from workbench.redact import short_ids
from workbench.themes.ledger import shorten_themes
from workbench.themes.words import read_words
from workbench.unspaced import count_words

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = [
    "MOST_REFS",
    "Refs",
    "Seal",
    "ThemeCounts",
    "Voices",
    "call_theme",
    "first_few",
    "make_count",
    "plural",
    "segment_sizes",
    "spell_day",
    "statements",
]

N_STATEMENTS = 5
# What is counted of more notes or calls than these is sealed and not listed: a million lines are read by nobody, and would make
# a page of a hundred megabytes.
MOST_REFS = 2000


class Seal(str):
    """Stands for very many notes or calls: how many, and a sum over all of them that changes with each.

    Whoever has the workspace counts again and gets the same; nobody else can tell anything from it.
    """


def make_count(
    claim: str,
    what: str,
    n: int,
    refs: Iterable[str] | Seal = (),
    *,
    of: int | None = None,
    among: Iterable[str] | Seal | None = None,
) -> dict[str, Any]:
    """A number with what is needed to derive it again; see the module's description.

    Parameters
    ----------
    claim : str
        What is counted, the same wherever it is; of letters, digits, ``/`` and ``-``.
    what : str
        ``customers``, ``notes``, ``calls``, ``segments``, ``weeks``, ``themes`` (those that some of the notes are in), or
        ``takes`` (the product manager's own), or ``stated`` for what follows from no notes alone.
    n : int
        The number.
    refs : iterable of str or Seal
        Notes (``C-<hex>:line``) or calls (``C-<hex>``) behind it; a seal is kept under ``sealed``.
    of : int, optional
        Of how many.
    among : iterable of str or Seal, optional
        Calls or notes behind `of`; by default every call that counts.

    Returns
    -------
    dict
        JSON can hold it.

    Examples
    --------
    >>> make_count("themes/T-7f3a01bc/notes", "notes", 2, ["C-3fa9c1:12", "C-3fa9c1:9"])
    {'claim': 'themes/T-7f3a01bc/notes', 'what': 'notes', 'n': 2, 'of': None, 'refs': ['C-3fa9c1:12', 'C-3fa9c1:9']}
    """
    count = {"claim": claim, "what": what, "n": int(n), "of": of if of is None else int(of)}
    for name, behind in (("refs", refs), ("among", among)):
        if isinstance(behind, Seal):
            count |= {name: [], "sealed" if name == "refs" else "among_sealed": str(behind)}
        elif behind is not None:
            count[name] = list(behind)
    return count


class Refs:
    """What notes and calls are called outside.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Attributes
    ----------
    worked_out : dict
        What was worked out of the study before.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self.worked_out: dict[str, Any] = {}
        self._calls = short_ids(study.calls["call"].unique(), study.salt, "C-", 6)

    @classmethod
    def of(cls, study: Study) -> Refs:
        """Those of a study, made once; one with other notes may have been made of it."""
        return _of_study(study, study.worked_out, "refs", lambda: cls(study))

    @cached_property
    def _place(self) -> pd.Index:
        return pd.Index(self._study.notes["note"].array)

    @cached_property
    def _notes(self) -> _Places:
        notes = self._study.notes
        return _Places(notes["call"].astype("category"), notes["line"], self._calls)

    @cached_property
    def _days(self) -> _Places:
        calls = self._study.calls
        return _Places(calls["call"].astype("category"), calls["line"], self._calls)

    def notes(self, ids: Iterable[str]) -> list[str] | Seal:
        """Of note ids, in their order: ``C-<hex>:line``; a seal of very many."""
        return self._notes.cite(self._positions(ids))

    def runs(self, ids: Iterable[str]) -> list[str]:
        """Of note ids; of very many in a table those whose rows follow each other as one: ``C-<hex>:2-17``."""
        at = self._positions(ids)
        if len(at) <= MOST_REFS:
            return self._notes.spell(at)
        every, calls = self._study.notes[["call", "line"]], self._study.calls
        in_table = every["call"].isin(calls.loc[calls["line"] > 0, "call"].unique()).to_numpy(dtype=bool)
        found = self._notes.spell(at[~in_table[at]])
        chosen = np.zeros(len(every), dtype=bool)
        chosen[at] = True
        tables = every[in_table].assign(chosen=chosen[in_table]).sort_values(["call", "line"])
        for call, rows in tables.groupby("call", observed=True):
            # Between rows that take several lines there is no note.
            edges = np.flatnonzero(np.diff(rows["chosen"].to_numpy().astype(np.int8), prepend=0, append=0))
            line = rows["line"].to_numpy()
            for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
                first, last = line[start], line[end - 1]
                found.append(f"{self._calls[str(call)]}:{first}" + (f"-{last}" if last > first else ""))
        return found

    def call(self, call: str) -> str:
        """Of one call: ``C-<hex>``."""
        return self._calls[call]

    def calls(self, chosen: pd.Series) -> list[str] | Seal:
        """Of the calls for which a mask over `study.calls` is true; of a table's calls with the line where each begins."""
        return self._days.cite(np.flatnonzero(np.asarray(chosen, dtype=bool)))

    def files(self, chosen: pd.Series) -> list[str]:
        """Of the same calls, a table of notes once."""
        return [self._calls[call] for call in self._study.calls.loc[chosen, "call"].unique()]

    def calls_of(self, customers: Iterable[str]) -> list[str] | Seal:
        """Of all calls with some customers."""
        return self.calls(self._study.calls["customer"].isin(list(customers)))

    def _positions(self, ids: Iterable[str]) -> np.ndarray:
        ids = ids if isinstance(ids, Sequence | pd.Series | np.ndarray) else list(ids)
        found = self._place.get_indexer(pd.Index(ids, dtype=self._place.dtype)) if len(ids) else np.zeros(0, dtype=int)
        if (found < 0).any():
            raise KeyError(next(note for note, at in zip(ids, found, strict=True) if at < 0))
        return found


def _of_study(study: Study, worked_out: dict[Any, Any], what: str, work_out: Callable[[], Any]) -> Any:
    """What was worked out before, if that was of this study, or is now."""
    asked = id(study.notes), id(study.calls), id(study.customers), study.salt
    known, found = worked_out.get(what, (None, None))
    if known != asked:
        found = work_out()
        worked_out[what] = asked, found
    return found


class _Places:
    """Where notes or calls stand, as others are told, spelt out only where somebody asks."""

    def __init__(self, calls: pd.Series, lines: pd.Series, named: dict[str, str]) -> None:
        self._names = [named[call] for call in calls.cat.categories.astype(str)]
        self._call, self._line = calls.cat.codes.to_numpy(), lines.to_numpy()

    def spell(self, at: np.ndarray) -> list[str]:
        """``C-<hex>:line`` of each; a call without a line is a file of its own."""
        where = zip(self._call[at].tolist(), self._line[at].tolist(), strict=True)
        return [f"{self._names[call]}:{line}" if line else self._names[call] for call, line in where]

    def cite(self, at: np.ndarray) -> list[str] | Seal:
        """All of them, or a seal."""
        if len(at) <= MOST_REFS:
            return self.spell(at)
        # The sum of a number for each does not depend on their order (the incremental hash of Bellare and Micciancio 1997).
        total = self._numbers[at].sum(axis=0, dtype=np.uint64)
        return Seal(f"{len(at)}-{total[0]:016x}{total[1]:016x}")

    @cached_property
    def _numbers(self) -> np.ndarray:
        """For each 128 bits, as two numbers: of its call and its line."""
        of_call = [hashlib.blake2b(name.encode(), digest_size=16).digest() for name in self._names]
        bits = np.frombuffer(b"".join(of_call), dtype="<u8").reshape(-1, 2)[self._call]
        return _mix(bits + _mix(self._line.astype(np.uint64))[:, None])


def _mix(numbers: np.ndarray) -> np.ndarray:
    """Numbers in which each bit depends on all bits of what they were (SplitMix64, Steele, Lea and Flood 2014)."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


class ThemeCounts:
    """What is counted of each theme, the same in every section that shows it.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    """

    def __init__(self, study: Study, themes: Themes) -> None:
        self._themes = themes
        # Of the study that was asked about last: the same themes may be asked again with each reading of the files.
        self._refs, self._sizes, self._calls, self._counts = _of_study(
            study, themes.worked_out, "of study", lambda: (*_by_segment(study), {})
        )

    def __call__(self, row: Any) -> dict[str, Any]:
        """Of one row of a summary."""
        # The same themes may be asked again with other judgements.
        asked = row.theme, frozenset(self._themes.judged.get(row.theme, {}).items())
        if asked not in self._counts:
            self._counts[asked] = self._count(row)
        return self._counts[asked]

    def _count(self, row: Any) -> dict[str, Any]:
        name, against = f"themes/{row.theme}", find_against(self._themes, row.theme)
        notes = notes_in(self._themes, row.theme).set_index("note").loc[list(row.notes)]
        customer, may = notes["customer"].astype(str), notes["consent"].isin(["quote", "named"])
        segment = notes["segment"].astype(str).replace("", "no segment")
        others = Voices.of(self._themes).customers(against)
        only_against = others - set(customer[~notes.index.isin(against)].unique())
        behind = [note for note in against if Voices.of(self._themes).customer(note) in only_against]

        def count(part: str, what: str, n: int, ids: Iterable[str], **of: Any) -> dict[str, Any]:
            return make_count(f"{name}/{part}", what, n, self._refs.notes(ids), **of)

        ids, unquoted = notes.index, notes.index[~may]
        return {
            "customers": count("customers", "customers", row.n_customers, ids, of=row.n_customers_total),
            "notes": count("notes", "notes", row.n_notes, ids),
            "unquoted": count("unquoted", "notes", len(unquoted), unquoted),
            "against": count("against", "notes", len(against), against),
            "only_against": count("only-against", "customers", len(only_against), behind),
            "segments": [
                count(
                    f"segment-{i}", "customers", row.segments.get(name_of, 0),
                    ids[segment == name_of], of=of, among=self._calls[name_of],
                )
                for i, (name_of, of) in enumerate(self._sizes.items(), 1)
            ],
        }  # fmt: skip


def _by_segment(study: Study) -> tuple[Refs, dict[str, int], dict[str, Any]]:
    """Where notes stand, how many customers each segment has, and its calls."""
    refs, sizes = Refs.of(study), segment_sizes(study)
    segments = study.calls["segment"].replace("", "no segment")
    return refs, sizes, {s: refs.calls(study.calls["counted"] & (segments == s)) for s in sizes}


def call_theme(themes: Themes, theme: str) -> dict[str, str]:
    """A theme's id, what it is called in print, and its name.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    theme : str
        One of its themes, or empty.

    Returns
    -------
    dict
        ``theme``, ``tid`` and ``title``.
    """
    names = dict(zip(themes.summary["theme"], themes.summary["name"], strict=True))
    return {"theme": theme, "tid": shorten_themes(names).get(theme, theme), "title": names.get(theme, "")}


def statements(themes: Themes, theme: str) -> list[dict[str, str]]:
    """The words that could stand for a theme, best first; one a note.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    theme : str
        One of its themes.

    Returns
    -------
    list of dict
        ``note`` and ``statement``, its words or a part of them.
    """
    first: dict[str, str] = {}
    for statement in themes.statements[theme]:
        first.setdefault(statement.note, statement.text)
    return [{"note": note, "statement": text} for note, text in list(first.items())[:N_STATEMENTS]]


class Voices:
    """Who said each note, and which notes may be shown.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    """

    def __init__(self, themes: Themes) -> None:
        self._notes = themes.notes.copy(deep=False)  # as they are now, whatever is written into them later
        self._place = pd.Index(self._notes["note"].array)
        self._who = self._notes["customer"].astype(str).to_numpy(dtype=object)
        self._may = self._notes["consent"].isin(["quote", "named"]).to_numpy(dtype=bool)

    @classmethod
    def of(cls, themes: Themes) -> Voices:
        """Those of some themes, made once."""
        return once(themes, "voices", lambda: cls(themes))

    def _at(self, ids: Iterable[str]) -> tuple[list[str], np.ndarray]:
        ids = list(ids)
        return ids, self._place.get_indexer(pd.Index(ids, dtype=self._place.dtype)) if ids else np.zeros(0, dtype=int)

    def rows(self, ids: Iterable[str]) -> pd.DataFrame:
        """The rows of those of some notes that count, in the notes' order."""
        _, at = self._at(ids)
        return self._notes.iloc[np.unique(at[at >= 0])]

    def known(self, ids: Iterable[str]) -> list[str]:
        """Those of some ids whose notes count."""
        return [note for note, at in zip(*self._at(ids), strict=True) if at >= 0]

    def customer(self, note: str) -> str:
        """Who said a note that counts."""
        return self._who[self._place.get_loc(note)]

    def customers(self, ids: Iterable[str]) -> set[str]:
        """Who said some notes that count."""
        ids, at = self._at(ids)
        if (at < 0).any():
            raise KeyError(ids[int((at < 0).argmax())])
        return set(self._who[at])

    def pick(self, ids: Iterable[str], most: int, *, each: bool = False) -> list[str]:
        """The first ids whose customers agreed to be quoted; what is too short or long for a card is last.

        One a customer, so that nobody is louder than the others, unless `each` note is asked for.

        Parameters
        ----------
        ids : iterable of str
            Notes that count.
        most : int
            How many at most.
        each : bool
            Whether one customer may speak twice.

        Returns
        -------
        list of str
            Ids.
        """
        ids, at = self._at(ids)
        picked, heard, unfit = [], set(), []

        def take(note: str, place: int) -> None:
            if len(picked) < most and (each or self._who[place] not in heard):
                heard.add(self._who[place])
                picked.append(note)

        for note, place in zip(ids, at.tolist(), strict=True):
            if len(picked) == most:
                return picked
            if place >= 0 and self._may[place]:
                if _is_unfit(self._notes["text"].iat[place]):
                    unfit.append((note, place))
                else:
                    take(note, place)
        for note, place in unfit:
            take(note, place)
        return picked


def _is_unfit(text: str) -> bool:
    return count_words(text) > 45 or len(read_words(text)) < 2


def segment_sizes(study: Study) -> dict[str, int]:
    """Counted customers with calls, by segment.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Returns
    -------
    dict of str to int
        By name; empty where no segment is known.
    """
    counted = study.customers[(study.customers["n_calls"] > 0) & (study.customers["excluded"] == "")]
    sizes = counted["segment"].value_counts().sort_index()
    return {segment or "no segment": int(n) for segment, n in sizes.items()} if any(sizes.index) else {}


def spell_day(date: Any) -> str:
    """A day as files have it.

    Parameters
    ----------
    date : datetime64
        NaT where it is unknown.

    Returns
    -------
    str
        ``YYYY-MM-DD``, or empty.

    Examples
    --------
    >>> spell_day(pd.Timestamp("2026-11-17")), spell_day(pd.NaT)
    ('2026-11-17', '')
    """
    return "" if pd.isna(date) else f"{date:%Y-%m-%d}"


def plural(n: int, one: str) -> str:
    """So many of something.

    Parameters
    ----------
    n : int
        How many.
    one : str
        What one of them is called; several have an s behind it.

    Returns
    -------
    str
        Such as "3 notes".

    Examples
    --------
    >>> plural(1, "note"), plural(0, "call")
    ('1 note', '0 calls')
    """
    return f"{n:,} {one}" if n == 1 else f"{n:,} {one}s"


def first_few(words: Iterable[str], n: int = 3) -> str:
    """The first of some words, and how many more there are.

    Parameters
    ----------
    words : iterable of str
        What to list.
    n : int
        How many are shown.

    Returns
    -------
    str
        On one line.

    Examples
    --------
    >>> first_few("abcd")
    'a, b, c and 1 more'
    """
    listed = list(words)
    return ", ".join(listed[:n]) + (f" and {len(listed) - n} more" if len(listed) > n else "")
