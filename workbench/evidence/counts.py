"""What speaks for a theme or a hypothesis, counted by distinct customer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from workbench.errors import InputError
from workbench.notes import UNREVIEWED
from workbench.themes import Themes

__all__ = [
    "NO_SEGMENT",
    "Evidence",
    "Loudest",
    "SegmentCount",
    "WeekCount",
    "count_by_customer",
    "count_people",
    "heard",
    "heard_codes",
    "mondays",
    "notes_in",
    "notes_of",
    "once",
    "strength",
]

NO_SEGMENT = "no segment"


def strength(n_customers: int, n_segments: int) -> str:
    """How far a theme is supported, in a word.

    Parameters
    ----------
    n_customers : int
        Distinct customers who raised it.
    n_segments : int
        Distinct segments they belong to.

    Returns
    -------
    str
        "supported" for three customers or more in two segments or more, "single" for one customer, else "emerging".

    Examples
    --------
    >>> strength(9, 3), strength(4, 1), strength(1, 1)
    ('supported', 'emerging', 'single')
    """
    if n_customers <= 1:
        return "single"
    return "supported" if n_customers >= 3 and n_segments >= 2 else "emerging"


def count_by_customer(themes: Themes) -> pd.DataFrame:
    """Who raised what.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    pandas.DataFrame
        One row a theme (index: theme, in rank order), one column a customer who counts (by segment, then name); the
        number of distinct calls (int) in which the customer raised the theme.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"],
    ...     "segment": ["s", "s"], "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["pain"] * 2,
    ...     "text": ["The import drops rows", "Rows are lost in the import"], "consent": ["quote"] * 2})
    >>> from workbench.themes import find_themes
    >>> count_by_customer(find_themes(notes, n_themes=1)).loc["T1"].to_dict()
    {'Acme': 1, 'Bolt': 1}
    """
    notes = heard(themes)
    everyone = notes[["segment", "customer"]].replace({"segment": {NO_SEGMENT: ""}})
    customers = everyone.drop_duplicates().sort_values(["segment", "customer"])["customer"].unique()
    counts = notes[notes["theme"] != ""].groupby(["theme", "customer"])["call"].nunique().unstack(fill_value=0)
    return counts.reindex(index=themes.summary["theme"], columns=customers, fill_value=0).astype(int)


class SegmentCount(NamedTuple):
    """How many of a segment's customers are behind something.

    Parameters
    ----------
    segment : str
        Its name; `NO_SEGMENT` for customers without one.
    n_customers, n_customers_total : int
        Distinct customers behind it; distinct customers of the segment who were heard and count.
    """

    segment: str
    n_customers: int
    n_customers_total: int


class WeekCount(NamedTuple):
    """How many of a week's customers are behind something.

    Parameters
    ----------
    week : str
        The ISO week, such as 2026-W47.
    n_customers, n_customers_total : int
        Distinct customers who said so in a call of that week; distinct customers who were heard in it and count.
    """

    week: str
    n_customers: int
    n_customers_total: int


class Loudest(NamedTuple):
    """The customer with most of the notes; of several with as many, the first by name.

    Parameters
    ----------
    customer : str
        The name.
    n_notes : int
        Notes of this customer.
    share : float
        Of all the notes, 0 to 1.
    """

    customer: str
    n_notes: int
    share: float


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """What is behind some notes, counted by distinct customer; made by :func:`count_people`.

    Parameters
    ----------
    n_customers, n_customers_total : int
        Distinct customers behind the notes; all who were heard and count.
    n_notes : int
        Notes that count.
    n_uncounted : int
        Notes that were named and do not: own takes, customers who are left out, notes that are gone.
    strength : str
        As :func:`strength` says; "none" without a customer.
    customers : tuple of str
        Who, by name.
    segments : tuple of SegmentCount
        Every segment that was heard, the one with most customers behind the notes first, then by name.
    weeks : tuple of WeekCount
        Every ISO week from the first to the last that has one of the notes, weeks without any among them.
    n_undated : int
        Notes whose call has no date and that are in no week.
    loudest : Loudest or None
        Who has most of the notes.

    Examples
    --------
    >>> acme = Loudest("Acme", 2, 2 / 3)
    >>> segments = (SegmentCount("field", 2, 3), SegmentCount("services", 0, 1))
    >>> print(Evidence(2, 4, 3, 0, "emerging", ("Acme", "Bolt"), segments, (WeekCount("2026-W47", 2, 4),), 0, acme))
    2 of 4 customers (field 2 of 3, services 0 of 1), emerging; loudest: Acme, 2 of 3 notes
    """

    n_customers: int
    n_customers_total: int
    n_notes: int
    n_uncounted: int
    strength: str
    customers: tuple[str, ...]
    segments: tuple[SegmentCount, ...]
    weeks: tuple[WeekCount, ...]
    n_undated: int
    loudest: Loudest | None

    def __str__(self) -> str:
        where = ", ".join(f"{part.segment} {part.n_customers} of {part.n_customers_total}" for part in self.segments)
        text = f"{self.n_customers} of {self.n_customers_total} customers" + (f" ({where})" if where else "")
        text += f", {self.strength}" if self.loudest else ", no evidence"
        if self.loudest:
            text += f"; loudest: {self.loudest.customer}, {self.loudest.n_notes} of {self.n_notes} notes"
        return text

    def __repr__(self) -> str:
        return f"Evidence: {self}"

    def to_dict(self) -> dict[str, Any]:
        """The same as plain lists and dicts, ready for JSON.

        Returns
        -------
        dict
            One key a field.

        Examples
        --------
        >>> Evidence(0, 4, 0, 0, "none", (), (), (), 0, None).to_dict()["n_customers_total"]
        4
        """
        fields = {name: getattr(self, name) for name in self.__slots__}
        return fields | {
            "customers": list(self.customers),
            "segments": [part._asdict() for part in self.segments],
            "weeks": [part._asdict() for part in self.weeks],
            "loudest": self.loudest and self.loudest._asdict(),
        }


def count_people(themes: Themes, of: Any) -> Evidence:
    """What is behind a theme, a hypothesis or any notes, counted by distinct customer and never by mentions.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`, which has left out own takes, excluded customers and consent "none".
    of : str, object with ``evidence``, or iterable of str
        A theme's id; a hypothesis, whose evidence is counted; or note ids.

    Returns
    -------
    Evidence
        The counts.

    Raises
    ------
    InputError
        When there is no such theme.

    Examples
    --------
    >>> notes = pd.DataFrame({"note": ["a#1", "a#2", "b#1"], "call": ["a", "a", "b"],
    ...     "customer": ["Acme", "Acme", "Bolt"], "segment": ["s", "s", "m"],
    ...     "date": pd.to_datetime(["2026-11-03", "2026-11-03", "2026-11-17"]), "kind": ["pain"] * 3,
    ...     "text": ["The import drops rows", "Rows are lost", "Rows are lost in the import"], "consent": ["quote"] * 3})
    >>> from workbench.themes import find_themes
    >>> found = count_people(find_themes(notes, n_themes=1), ["a#1", "a#2", "b#1"])
    >>> found.n_customers, found.loudest.customer, [week.n_customers for week in found.weeks]
    (2, 'Acme', [1, 0, 1])
    """
    named = set(notes_of(themes, of))
    everyone = heard(themes)
    notes = everyone[everyone["note"].isin(named)]
    customers = tuple(sorted(notes["customer"].unique()))
    in_segment = notes.groupby("segment")["customer"].nunique()
    segments = [
        SegmentCount(segment, int(in_segment.get(segment, 0)), int(n))
        for segment, n in everyone.groupby("segment")["customer"].nunique().items()
    ]
    n_named = len(set(in_segment.index) - {NO_SEGMENT})
    by_customer = notes.groupby("customer").size()
    loudest = None
    if customers:
        n, name = min((-n, name) for name, n in by_customer.items())
        loudest = Loudest(name, int(-n), float(-n / len(notes)))
    return Evidence(
        n_customers=len(customers),
        n_customers_total=int(everyone["customer"].nunique()),
        n_notes=len(notes),
        n_uncounted=len(named) - len(notes),
        strength=strength(len(customers), n_named) if customers else "none",
        customers=customers,
        segments=tuple(sorted(segments, key=lambda part: (-part.n_customers, part.segment))),
        weeks=_count_weeks(notes, everyone),
        n_undated=int(notes["date"].isna().sum()),
        loudest=loudest,
    )


def notes_of(themes: Themes, of: Any) -> list[str]:
    """The ids of the notes of a theme, a hypothesis, or as given.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    of : str, object with ``evidence``, or iterable of str
        As for :func:`count_people`.

    Returns
    -------
    list of str
        Each once, in their order.

    Raises
    ------
    InputError
        When there is no such theme.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> empty = pd.DataFrame(columns=["note", "call", "customer", "segment", "date", "kind", "text", "consent"])
    >>> notes_of(find_themes(empty), ["a#1", "b#1", "a#1"])
    ['a#1', 'b#1']
    """
    if isinstance(of, str):
        found = themes.summary.loc[themes.summary["theme"] == of, "notes"]
        if found.empty:
            known = ", ".join(themes.summary["theme"]) or "none yet"
            raise InputError(f"no theme {of!r}; the themes are {known}")
        return list(found.iloc[0])
    ids: Iterable[str] = getattr(of, "evidence", of)
    return list(dict.fromkeys(map(str, ids)))


def heard(themes: Themes) -> pd.DataFrame:
    """Every note of those who count, with names as plain text: who was heard, in which call, on what.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    pandas.DataFrame
        By note: note, call, customer, segment (`NO_SEGMENT` for none), theme (all str; theme is empty where in none)
        and date (datetime64). Of the PM's own takes, which are no evidence, only that the call took place: note and
        theme are empty.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> notes = pd.DataFrame({"note": ["a#1"], "call": ["a"], "customer": ["Acme"], "segment": [""],
    ...     "date": pd.to_datetime(["2026-11-17"]), "kind": ["take"], "text": ["Odd"], "consent": ["quote"]})
    >>> heard(find_themes(notes))[["note", "customer", "segment"]].values.tolist()
    [['', 'Acme', 'no segment']]
    """
    return once(themes, "heard", lambda: _heard(themes))


def _heard(themes: Themes) -> pd.DataFrame:
    columns = ["note", "call", "customer", "segment", "theme"]
    parts = [themes.notes[[*columns, "date"]], themes.takes[["call", "customer", "segment", "date"]]]
    frame = pd.concat([part.astype(dict.fromkeys(part.columns.drop("date"), object)) for part in parts])
    frame[columns] = frame[columns].fillna("").astype(str)
    frame["segment"] = frame["segment"].replace("", NO_SEGMENT)
    frame = frame.sort_values(["note", "call"], kind="stable", ignore_index=True)
    # In a table of notes the rows of one customer on one day are one call.
    tables = frame.groupby("call")["customer"].nunique()
    of_table = frame["call"].isin(tables.index[tables > 1])
    if of_table.any():
        days = frame["date"].dt.strftime("%Y-%m-%d").fillna("")
        frame["call"] = frame["call"].where(~of_table, frame["call"] + " " + days + " " + frame["customer"])
    return frame


def notes_in(themes: Themes, theme: str) -> pd.DataFrame:
    """The rows of a theme's notes.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    theme : str
        One of its themes.

    Returns
    -------
    pandas.DataFrame
        As in `themes.notes`, in their order; empty where there is no such theme.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> columns = ["note", "call", "customer", "segment", "date", "kind", "text", "consent"]
    >>> len(notes_in(find_themes(pd.DataFrame(columns=columns)), "T1"))
    0
    """
    notes = themes.notes
    rows = once(themes, "rows", lambda: notes.groupby(notes["theme"].astype(str).to_numpy()).indices)
    return notes.iloc[rows.get(theme, [])]


def once(themes: Themes, what: Hashable, work_out: Callable[[], Any]) -> Any:
    """What was worked out of some themes before, or is now; nobody changes it.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    what : hashable
        What it is called.
    work_out : callable
        Gives it.

    Returns
    -------
    object
        The same object each time.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> empty = find_themes(pd.DataFrame(columns=["note", "call", "customer", "segment", "date", "kind", "text", "consent"]))
    >>> once(empty, "a number", lambda: 1), once(empty, "a number", lambda: 2)
    (1, 1)
    """
    if what not in themes.worked_out:
        themes.worked_out[what] = work_out()
    return themes.worked_out[what]


def heard_codes(themes: Themes, codes: str) -> pd.DataFrame:
    """What :func:`heard` gives, by theme or by the PM's tags.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    codes : str
        "themes", or "tags": one row a note and tag, with the tag in the place of the theme (empty for a note without).

    Returns
    -------
    pandas.DataFrame
        With the columns of :func:`heard`.

    Raises
    ------
    ValueError
        When `codes` is something else, or the notes have no column of tags.

    Examples
    --------
    >>> from workbench.themes import find_themes
    >>> notes = pd.DataFrame({"note": ["a#1"], "call": ["a"], "customer": ["Acme"], "segment": ["s"],
    ...     "date": pd.to_datetime(["2026-11-17"]), "kind": ["pain"], "text": ["Odd"], "consent": ["quote"],
    ...     "tags": [("layout", "import")]})
    >>> heard_codes(find_themes(notes), "tags")["theme"].tolist()
    ['import', 'layout']
    """
    if codes not in ("themes", "tags"):
        raise ValueError(f"codes={codes!r} is not known; use 'themes' or 'tags'")
    everyone = heard(themes)
    if codes == "themes":
        return everyone
    if "tags" not in themes.notes:
        raise ValueError("codes='tags' needs the column tags; wb.read_notes gives it")
    of_note = dict(zip(themes.notes["note"].astype(str), themes.notes["tags"], strict=True))
    tags = [tuple(sorted({*of_note.get(note, ())} - {UNREVIEWED})) or ("",) for note in everyone["note"]]
    return everyone.assign(theme=pd.Series(tags, index=everyone.index, dtype=object)).explode(
        "theme", ignore_index=True
    )


def mondays(dates: pd.Series) -> pd.Series:
    """The Monday of each day's week.

    Parameters
    ----------
    dates : Series of datetime64
        Days; NaT stays.

    Returns
    -------
    Series of datetime64
        At midnight.

    Examples
    --------
    >>> mondays(pd.Series(pd.to_datetime(["2026-11-22"])))[0].isoformat()
    '2026-11-16T00:00:00'
    """
    days = pd.to_datetime(dates)
    return (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.normalize()


def _count_weeks(notes: pd.DataFrame, everyone: pd.DataFrame) -> tuple[WeekCount, ...]:
    dated = everyone.dropna(subset="date")
    monday = mondays(dated["date"])
    total = dated.groupby(monday)["customer"].nunique()
    here = dated.index.isin(notes.index)
    behind = dated[here].groupby(monday[here])["customer"].nunique()
    if behind.empty:
        return ()
    weeks = pd.date_range(behind.index.min(), behind.index.max(), freq="7D")
    return tuple(WeekCount(f"{day:%G-W%V}", int(behind.get(day, 0)), int(total.get(day, 0))) for day in weeks)
