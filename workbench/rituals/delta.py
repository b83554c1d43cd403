"""What changed since: calls, notes, themes and records, as they were then and as they are now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from workbench.evidence import count_firm
from workbench.rituals.backlog import Support, Supports, title_of
from workbench.themes.attach import attach_refs, cite_notes
from workbench.themes.changes import CHANGE_COLUMNS, theme_changes

if TYPE_CHECKING:
    from workbench.rituals.moment import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Delta", "RecordChange", "find_delta"]


class RecordChange(NamedTuple):
    """What became of a record.

    Parameters
    ----------
    kind : str
        ``hypothesis``, ``decision`` or ``bet``.
    id, title : str
        The record's.
    was, now : str
        Its status then and now; empty where it was not there yet, or is not there any more.
    then, after : Support
        Who stood behind it then, and who does now; of a bet nothing.
    words : str
        What came of it: a hypothesis's or a bet's result, what a decision chose.

    Examples
    --------
    >>> change = RecordChange("hypothesis", "H-5c11aa", "offer layouts", "running", "refuted", Support(), Support(), "37.2 %")
    >>> change.is_new, change.has_moved
    (False, True)
    """

    kind: str
    id: str
    title: str
    was: str
    now: str
    then: Support
    after: Support
    words: str

    @property
    def is_new(self) -> bool:
        """Whether it was not there then."""
        return not self.was

    @property
    def has_moved(self) -> bool:
        """Whether its status is another."""
        return self.was != self.now

    @property
    def gained(self) -> tuple[str, ...]:
        """Notes for it that it did not have then."""
        return tuple(note for note in self.after.notes if note not in self.then.notes)

    @property
    def opposed(self) -> tuple[str, ...]:
        """Notes against it that it did not have then."""
        return tuple(note for note in self.after.against if note not in self.then.against)


@dataclass(frozen=True)
class Delta:
    """What changed since.

    Parameters
    ----------
    known : bool
        Whether anything was known then; if not, everything is new.
    calls : tuple of str
        Calls that count and were not there then.
    customers : tuple of str
        Distinct customers of these calls.
    first_heard : tuple of str
        Those of them who were in no call before.
    added : tuple of str
        Notes that count and were not there then, without those that are reworded.
    reworded : tuple of (str, str)
        What a note said then, and the note that it is now.
    gone : tuple of str
        Customers of the notes that are not there any more, one a note.
    themes : pandas.DataFrame
        From :func:`workbench.themes.changes.theme_changes`, without what is as it was.
    records : tuple of RecordChange
        Those that are not as they were: hypotheses, decisions, bets.
    """

    known: bool
    calls: tuple[str, ...]
    customers: tuple[str, ...]
    first_heard: tuple[str, ...]
    added: tuple[str, ...]
    reworded: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    themes: pd.DataFrame
    records: tuple[RecordChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether all is as it was."""
        return not (self.calls or self.added or self.reworded or self.gone or len(self.themes) or self.records)


def find_delta(study: Study, themes: Themes, moment: Moment) -> Delta:
    """What changed between then and now.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    moment : Moment
        Its :meth:`look_back` says what was known then.

    Returns
    -------
    Delta
        The same for the same two looks, in whatever order files are read.
    """
    looked = moment.look_back()
    before, old = looked or (None, None)
    firm = count_firm(themes)
    calls = study.calls[study.calls["counted"]]
    heard = set(before.calls.loc[before.calls["counted"], "customer"]) if before else set()
    new_calls = calls[~calls["call"].isin(set(before.calls["call"]) if before else set())].sort_values(["date", "call"])
    customers = tuple(dict.fromkeys(new_calls["customer"].astype(str)))
    added, reworded, gone = _compare_notes(themes.notes, old.notes if old else None, study)
    return Delta(
        known=before is not None,
        calls=tuple(new_calls["call"].astype(str)),
        customers=customers,
        first_heard=tuple(customer for customer in customers if customer not in heard),
        added=added,
        reworded=reworded,
        gone=gone,
        themes=_compare_themes(count_firm(old) if old else None, firm),
        records=tuple(_compare_records(before, study)),
    )


def _compare_notes(
    now: pd.DataFrame, then: pd.DataFrame | None, study: Study
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Notes that are new, those that are reworded, and whose are gone."""
    if then is None:
        return tuple(now["note"]), (), ()
    known, there = set(then["note"]), set(study.notes["note"])
    new = [note for note in now["note"] if note not in known]
    missing = then[~then["note"].isin(there)]
    cited = cite_notes(missing["note"], missing["call"].astype(str), missing["text"].astype(str))
    # Only what is new can be what an old one has become.
    fresh = now[~now["note"].isin(known)]
    found = attach_refs(
        dict.fromkeys(cited.values(), (1, 1)), fresh["note"], fresh["call"].astype(str), fresh["text"].astype(str)
    ).found
    became = {note: found[ref] for note, ref in cited.items() if ref in found}
    text = dict(zip(missing["note"], missing["text"].astype(str), strict=True))
    owner = dict(zip(missing["note"], missing["customer"].astype(str), strict=True))
    return (
        tuple(note for note in new if note not in set(became.values())),
        tuple((text[note], became[note]) for note in missing["note"] if note in became),
        tuple(owner[note] for note in missing["note"] if note not in became),
    )


def _compare_themes(before: Themes | None, after: Themes) -> pd.DataFrame:
    if before is not None:
        changes = theme_changes(before, after)
        return changes[changes["change"] != "same"].reset_index(drop=True)
    rows = [
        ("born", "", row.theme, row.name or row.claim, 0, row.n_customers, (), (), tuple(row.notes), "")
        for row in after.summary.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def _compare_records(before: Study | None, after: Study) -> list[RecordChange]:
    """Records that are not as they were, the new ones last of their kind."""
    kinds: tuple[tuple[str, str, Callable[[Supports, Any], Support]], ...] = (
        ("hypothesis", "hypotheses", lambda behind, one: behind.of(one.id)),
        ("decision", "decisions", lambda behind, one: behind.of_decision(one)),
        ("bet", "bets", lambda behind, one: Support()),
    )
    behind_then, behind_now = Supports(before) if before else None, Supports(after)
    changes = []
    for kind, name, support in kinds:
        then = {one.id: one for one in getattr(before, name)} if before else {}
        now = {one.id: one for one in getattr(after, name)}
        for id_ in sorted(then.keys() | now.keys(), key=lambda id_: (id_ not in then, id_)):
            one, was = now.get(id_), then.get(id_)
            change = RecordChange(
                kind, id_, title_of(one or was), was.status if was else "", one.status if one else "",
                support(behind_then, was) if behind_then and was else Support(),
                support(behind_now, one) if one else Support(),
                _came_of(one),
            )  # fmt: skip
            same = (change.then.notes, change.then.against) == (change.after.notes, change.after.against)
            if change.has_moved or not same:
                changes.append(change)
    return changes


def _came_of(record: Any) -> str:
    return (getattr(record, "result", "") or getattr(record, "chosen", "") or "") if record else ""
