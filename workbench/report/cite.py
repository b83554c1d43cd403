"""How a section names notes, calls, customers and themes, and counts them so that it can be derived again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.evidence import find_against
from workbench.redact import short_ids
from workbench.themes.ledger import shorten_themes
from workbench.themes.words import read_words

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = [
    "Refs",
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


def make_count(
    claim: str,
    what: str,
    n: int,
    refs: Iterable[str] = (),
    *,
    of: int | None = None,
    among: Iterable[str] | None = None,
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
    refs : iterable of str
        Notes (``C-<hex>:line``) or calls (``C-<hex>``) behind it.
    of : int, optional
        Of how many.
    among : iterable of str, optional
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
    count = {"claim": claim, "what": what, "n": int(n), "of": of if of is None else int(of), "refs": list(refs)}
    return count if among is None else count | {"among": list(among)}


class Refs:
    """What notes and calls are called outside.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    """

    def __init__(self, study: Study) -> None:
        self._calls, self._study = short_ids(study.calls["call"], study.salt, "C-", 6), study
        notes = study.notes
        self._notes = {
            note: f"{self._calls[call]}:{line}"
            for note, call, line in zip(notes["note"], notes["call"].astype(str), notes["line"], strict=True)
        }

    def notes(self, ids: Iterable[str]) -> list[str]:
        """Of note ids, in their order: ``C-<hex>:line``."""
        return [self._notes[note] for note in ids]

    def call(self, call: str) -> str:
        """Of one call: ``C-<hex>``."""
        return self._calls[call]

    def calls(self, chosen: pd.Series) -> list[str]:
        """Of the calls for which a mask over `study.calls` is true."""
        return [self._calls[call] for call in self._study.calls.loc[chosen, "call"]]

    def calls_of(self, customers: Iterable[str]) -> list[str]:
        """Of all calls with some customers."""
        return self.calls(self._study.calls["customer"].isin(list(customers)))


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
        self._refs, self._themes, self._sizes = Refs(study), themes, segment_sizes(study)
        notes = themes.notes
        self._segment = dict(zip(notes["note"], notes["segment"].astype(str).replace("", "no segment"), strict=True))
        self._customer = dict(zip(notes["note"], notes["customer"].astype(str), strict=True))
        self._quotable = set(notes.loc[notes["consent"].isin(["quote", "named"]), "note"])
        segments = study.calls["segment"].replace("", "no segment")
        self._calls = {s: self._refs.calls(study.calls["counted"] & (segments == s)) for s in self._sizes}

    def __call__(self, row: Any) -> dict[str, Any]:
        """Of one row of a summary."""
        name, notes, against = f"themes/{row.theme}", list(row.notes), find_against(self._themes, row.theme)
        only_against = {self._customer[n] for n in against} - {self._customer[n] for n in set(notes) - set(against)}
        behind = [note for note in against if self._customer[note] in only_against]

        def count(part: str, what: str, n: int, ids: list[str], **of: Any) -> dict[str, Any]:
            return make_count(f"{name}/{part}", what, n, self._refs.notes(ids), **of)

        unquoted = [note for note in notes if note not in self._quotable]
        return {
            "customers": count("customers", "customers", row.n_customers, notes, of=row.n_customers_total),
            "notes": count("notes", "notes", row.n_notes, notes),
            "unquoted": count("unquoted", "notes", len(unquoted), unquoted),
            "against": count("against", "notes", len(against), against),
            "only_against": count("only-against", "customers", len(only_against), behind),
            "segments": [
                count(
                    f"segment-{i}", "customers", row.segments.get(segment, 0),
                    [note for note in notes if self._segment[note] == segment], of=of, among=self._calls[segment],
                )
                for i, (segment, of) in enumerate(self._sizes.items(), 1)
            ],
        }  # fmt: skip


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
        notes = themes.notes
        self._customer = dict(zip(notes["note"], notes["customer"].astype(str), strict=True))
        may = notes[notes["consent"].isin(["quote", "named"])]
        self._text = dict(zip(may["note"], may["text"], strict=True))

    def known(self, ids: Iterable[str]) -> list[str]:
        """Those of some ids whose notes count."""
        return [note for note in ids if note in self._customer]

    def customer(self, note: str) -> str:
        """Who said a note that counts."""
        return self._customer[note]

    def customers(self, ids: Iterable[str]) -> set[str]:
        """Who said some notes that count."""
        return {self._customer[note] for note in ids}

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
        shown = [note for note in ids if note in self._text]
        picked, heard = [], set()
        for note in sorted(shown, key=lambda note: _is_unfit(self._text[note])):
            if each or self._customer[note] not in heard:
                heard.add(self._customer[note])
                picked.append(note)
        return picked[:most]


def _is_unfit(text: str) -> bool:
    return len(text.split()) > 45 or len(read_words(text)) < 2


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
    return f"{n} {one}" if n == 1 else f"{n} {one}s"


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
