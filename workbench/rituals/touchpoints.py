"""Who is talked to in a week: three to five different customers, those planned among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from workbench.customers import fold_name
from workbench.evidence import next_calls
from workbench.evidence.counts import NO_SEGMENT
from workbench.records.typed import is_nothing
from workbench.rituals.moment import Moment

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["FEWEST", "MOST", "Met", "NotCounted", "Suggested", "Touchpoints", "find_touchpoints", "suggest_touchpoints"]

FEWEST, MOST = 3, 5
# What may stand behind a name: "Alder Foods: prices", "Alder Foods (owner)", "Alder Foods, owner", "Alder Foods – owner".
_BEHIND = re.compile(r"\s*[:(,–—].*| - .*")


class Met(NamedTuple):
    """A customer who was talked to in the week.

    Parameters
    ----------
    customer : str
        Its name.
    kinds : tuple of str
        Of the calls, such as ``discovery``; a call that does not say is left out.
    calls : tuple of str
        Their ids.
    planned : bool
        Whether the week's record names it.

    Examples
    --------
    >>> Met("Alder Foods", ("sales",), ("2026-11-17-alder",), True).customer
    'Alder Foods'
    """

    customer: str
    kinds: tuple[str, ...]
    calls: tuple[str, ...]
    planned: bool


class NotCounted(NamedTuple):
    """A customer who is planned and would not count.

    Parameters
    ----------
    customer : str
        Its name.
    why : str
        As the registry has it.

    Examples
    --------
    >>> NotCounted("Garrand Group", "asked not to be used").why
    'asked not to be used'
    """

    customer: str
    why: str


class Suggested(NamedTuple):
    """A customer who could be talked to.

    Parameters
    ----------
    customer : str
        Its name.
    segment : str
        Its segment; empty where none is known.
    hypothesis : str
        Which hypothesis it could say something on; empty where it is for new themes.
    last : str
        The day of its last call; empty where there was none.

    Examples
    --------
    >>> Suggested("Alder Foods", "retail", "", "").why
    'no call with a note yet'
    """

    customer: str
    segment: str
    hypothesis: str
    last: str

    @property
    def why(self) -> str:
        """In a few words."""
        if not self.last:
            return "no call with a note yet" + (f"; may say something on {self.hypothesis}" if self.hypothesis else "")
        if self.hypothesis:
            return f"last called on {self.last}, and said nothing clear on {self.hypothesis}"
        return f"last called on {self.last}"


@dataclass(frozen=True)
class Touchpoints:
    """Who was talked to and who is left.

    Parameters
    ----------
    met : tuple of Met
        Customers with a call in the week that counts, by name. Rows of a table are no call: nobody talked to them.
    left : tuple of str
        Those planned without a call yet, as the registry spells them, in the plan's order.
    not_counted : tuple of NotCounted
        Those planned whose word does not count.
    unknown : tuple of str
        What is planned and is no customer that there is, as written.

    Examples
    --------
    >>> str(Touchpoints((), ("Alder Foods",), (), ()))
    '0 of 3–5'
    """

    met: tuple[Met, ...]
    left: tuple[str, ...]
    not_counted: tuple[NotCounted, ...]
    unknown: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.met)} of {FEWEST}–{MOST}"


def find_touchpoints(study: Study, moment: Moment) -> Touchpoints:
    r"""Who was talked to in a week, and who of those planned is left.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    moment : Moment
        The week.

    Returns
    -------
    Touchpoints
        Different customers who count, however many calls each had up to the day on which one looks.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\nkind: sales\n---\n- one")
    >>> found = find_touchpoints(read_study(folder.parent), Moment("2026-W47", "2026-11-18"))
    >>> str(found), found.met[0].kinds
    ('1 of 3–5', ('sales',))
    """
    spelt = _spellings(study)
    planned: dict[str, str] = {}  # name -> as written
    unknown = []
    for text in moment.record_of(study).touchpoints:
        if is_nothing(text):
            continue
        name = spelt.get(fold_name(text)) or spelt.get(fold_name(_BEHIND.sub("", text)))
        if name:
            planned.setdefault(name, text)
        else:
            unknown.append(text)
    calls = study.calls[study.calls["counted"] & _is_call(study.calls)]
    first, last = moment.days
    calls = calls[calls["date"].between(pd.Timestamp(first), pd.Timestamp(min(last, moment.today)))]
    kind_of = dict(zip(study.notes["call"].astype(str), study.notes["call_kind"].astype(str), strict=True))
    met = tuple(
        Met(
            customer,
            tuple(dict.fromkeys(kind for call in of["call"] if (kind := kind_of.get(call, "")))),
            tuple(of["call"]),
            customer in planned,
        )
        for customer, of in calls.groupby("customer", sort=True)
    )
    why = dict(zip(study.customers["customer"], study.customers["excluded"], strict=True))
    heard = {one.customer for one in met}
    return Touchpoints(
        met,
        tuple(name for name in planned if name not in heard and not why[name]),
        tuple(NotCounted(name, why[name]) for name in planned if why[name]),
        tuple(dict.fromkeys(unknown)),
    )


def suggest_touchpoints(
    study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment, *, most: int = MOST
) -> list[Suggested]:
    r"""Customers who could be talked to, where most is to be learned first.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts; of the records, those that are ready or running go first, as they cannot wait.
    moment : Moment
        The week; who is planned for it or was talked to is left out.
    most : int
        How many at most.

    Returns
    -------
    list of Suggested
        In the order of :func:`workbench.evidence.next_calls`: in each segment those who were never called, then those who
        said nothing clear, the longest silent first.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> from workbench.themes import find_themes
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir(); (folder / "discovery").mkdir()
    >>> _ = (folder / "discovery" / "customers.yaml").write_text("customers:\n  Alder Foods: {}\n")
    >>> study = read_study(folder)
    >>> suggest_touchpoints(study, find_themes(study.notes), [], Moment("2026-W47", "2026-11-18"))[0].customer
    'Alder Foods'
    """
    found = find_touchpoints(study, moment)
    taken = {one.customer for one in found.met} | set(found.left)
    may = study.customers[(study.customers["excluded"] == "") & (study.customers["consent"] != "none")]
    segment_of = dict(zip(may["customer"], may["segment"], strict=True))
    before = study.calls[study.calls["date"] <= pd.Timestamp(moment.today)]
    heard = set(before["customer"])
    days = before[_is_call(before)].groupby("customer")["date"].max()
    last = {name: f"{day:%Y-%m-%d}" for name, day in days.items() if name in segment_of}  # of those never called, none
    under_way = [one for one in hypotheses if one.status in ("ready", "running")]
    suggested: dict[str, Suggested] = {}
    rows = [
        row
        for some in (under_way or hypotheses, ())  # where they have nobody left, who may bring something new
        for row in next_calls(themes, some, customers=study.customers).itertuples(index=False)
    ]
    for row in rows:
        silent = (
            row.silent
            if row.hypothesis
            else [c for c, s in segment_of.items() if (s or NO_SEGMENT) == row.segment and c in heard]
        )
        for name in (*row.never_called, *sorted(silent, key=lambda name: (last.get(name, ""), name))):
            if name in segment_of and name not in taken:
                suggested.setdefault(name, Suggested(name, segment_of[name], row.hypothesis, last.get(name, "")))
    return list(suggested.values())[:most]


def _is_call(calls: pd.DataFrame) -> pd.Series:
    """Of each row of calls whether somebody was talked to: rows of a table of notes came in by themselves."""
    return calls["line"] == 0


def _spellings(study: Study) -> dict[str, str]:
    """Every way in which a customer is written, and its name; names go before other spellings."""
    found = {fold_name(name): name for name in study.customers["customer"]}
    for name, aliases in zip(study.customers["customer"], study.customers["aliases"], strict=True):
        for alias in aliases:
            found.setdefault(fold_name(alias), name)
    return found
