"""A report made again: of the calls that it names, as they are today, and of what else it says that it was made of.

What came later is left out: calls, notes, records, corrections to themes, customers of the registry. Who a customer is, and
who may be quoted, is as of today.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.errors import InputError
from workbench.evidence import count_firm
from workbench.look_back import known_on, look_back
from workbench.records import Quarter
from workbench.redact import everyone_in, redactors, share
from workbench.report.audiences import AUDIENCES, draw_parts, draw_title
from workbench.report.basis import seal_names, seal_records
from workbench.report.cite import Refs
from workbench.report.claims import SECTIONS, make_payload
from workbench.report.manifest import Manifest, find_counts_in
from workbench.report.weekly import WEEKLY
from workbench.study import read_study

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Again", "make_again"]


@dataclass(frozen=True)
class Again:
    """A report as it comes out today.

    Parameters
    ----------
    counts : dict of str to dict
        Every count by its claim, see :func:`workbench.report.cite.make_count`.
    parts : dict of str to str
        HTML of each part that the workbench draws, by its id in the page; ``title`` is the title block.
    changed : tuple of str
        Files of records that are not as they were.
    n_gone : int
        Records, and corrections to themes, that the report knew and that are not there any more.
    why_not : str
        Why it cannot be made again, in words; empty where it was.

    Examples
    --------
    >>> Again(why_not="it carries nothing").counts
    {}
    """

    counts: dict[str, dict[str, Any]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    n_gone: int = 0
    why_not: str = ""


def make_again(
    manifest: Manifest,
    study: Study,
    lines: Mapping[tuple[str, int], int | None],
    *,
    coded: Collection[str] = (),
    title: str = "",
    for_others: bool = False,
) -> Again:
    """Make a report again.

    Parameters
    ----------
    manifest : Manifest
        What the report carries.
    study : Study
        The workspace today.
    lines : mapping of (str, int) to (int or None)
        For notes of today, by call and line, where the report has them; None for what came later. Others are where they were.
    coded : collection of str
        Customers who may be named today, and who stand in the report under a code.
    title : str
        The page's title, for a report without one of its own.
    for_others : bool
        Whether the notebook has texts for other readers.

    Returns
    -------
    Again
        Its counts and parts; or why there are none.
    """
    from workbench.hypotheses import draft_hypotheses
    from workbench.themes import find_themes

    if not manifest.basis:
        return Again(
            why_not="it does not carry what it was made of: it has neither a title block nor a week’s section, or an older "
            "workbench made it"
        )
    if not manifest.basis["fit"]:
        return Again(why_not="its themes were found by a sentence encoder, or among some of the notes only")
    then, changed, n_gone, known = _study_then(manifest, study, lines, coded)
    n_themes, seed = manifest.basis["fit"]
    try:
        themes = find_themes(then.notes, then.ledger, n_themes=n_themes, random_state=seed)
    except ValueError:
        return Again(why_not=f"there are no {n_themes} themes to be found among these notes any more")
    drafts = draft_hypotheses(themes, then.quarter, records=then.hypotheses)[: manifest.basis["drafts"]]
    hypotheses, themes = [*then.hypotheses, *drafts], count_firm(themes)
    moments = _moments_then(manifest, then, hypotheses, known)
    wanted = [name for name in manifest.sections if name in SECTIONS or (name in WEEKLY and name in moments)]
    try:
        payloads = [make_payload(name, then, themes, hypotheses, moments.get(name)) for name in wanted]
    except InputError as error:  # the revision that it is compared with is not in git any more
        return Again(why_not=str(error), changed=changed, n_gone=n_gone)
    names = redactors(map(everyone_in, payloads))
    sections = {name: share(*known) for name, *known in zip(wanted, payloads, names, strict=True)}
    del payloads
    audience = manifest.audience if manifest.audience in AUDIENCES else ""
    drawn = draw_parts(audience, sections, for_others=for_others)
    parts = {one.part.name: html for one, html in drawn}
    counts = [find_counts_in(payload["data"]) for payload in sections.values()]
    if "overview" in sections:
        parts["title"] = draw_title(audience, sections["overview"], drawn, title=title, known=manifest.known)
    return Again({one["claim"]: one for some in counts for one in some}, parts, changed, n_gone)


def _moments_then(
    manifest: Manifest, then: Study, hypotheses: list[Hypothesis], known: Callable[..., Study]
) -> dict[str, Moment]:
    """For each section of a week which it is of; none for one that is of a record that is gone."""
    from workbench.rituals import Moment

    @cache
    def back(since: str) -> tuple[Study, Themes] | None:
        # What git has of a revision, nothing came to later.
        return look_back(then, since, known=partial(known, has_lines=False))

    records = {one.id for one in (*hypotheses, *then.decisions, *then.bets)}
    ids = {name: id for id, name in seal_names(records, then.salt).items()} | {"": ""}
    return {
        section: Moment(
            of["week"],
            of["today"],
            of["since"],
            partial(back, of["since"]) if of["since"] else lambda: None,
            ids[of["record"]],
        )
        for section, of in manifest.moments.items()
        if of["record"] in ids
    }


def _study_then(
    manifest: Manifest, study: Study, lines: Mapping[tuple[str, int], int | None], coded: Collection[str]
) -> tuple[Study, tuple[str, ...], int, Callable[..., Study]]:
    """What the report knew of the workspace, what of its records has changed, and how much of the rest is gone.

    And what leaves out of another study of the same workspace what came later.
    """
    basis, refs = manifest.basis, Refs.of(study)
    known = {ref.partition(":")[0] for ref in (*manifest.calls, *basis["apart"])}
    calls = {call for call in study.calls["call"].unique() if refs.call(call) in known}
    then = read_study(study.root, assume_consent=manifest.assumed or None, calls=calls)
    if basis["as_of"]:  # what has been written into records since is of no page of that day
        whole = known_on(study, basis["as_of"])
        then = replace(known_on(then, whole.as_of), quarter=whole.quarter, texts=whole.texts, **_records_of(whole))
    files, texts = seal_names(then.texts, then.salt), seal_records(then.texts, then.salt)
    there = {file for file in then.texts if files[file] in basis["records"]}
    acts = seal_names((record.id for record in then.ledger.records), then.salt)
    n_gone = len(set(basis["acts"]) - set(acts.values())) + len(basis["records"].keys() - files.values())
    withheld = _customers_withheld(manifest, study, refs)

    def known(some: Study, *, has_lines: bool = True) -> Study:
        """Without what came later, and with no more consent than was given then."""
        notes = _notes_then(some.notes, lines) if has_lines else some.notes
        heard = _is_heard(some.calls, notes)
        return replace(
            some,
            notes=_agree_less(notes, withheld, coded),
            calls=some.calls.assign(counted=some.calls["counted"] & heard),
            customers=_agree_less(_customers_then(some.customers, some.calls[heard]), withheld, coded),
            ledger=replace(
                some.ledger, records=tuple(one for one in some.ledger.records if acts.get(one.id) in basis["acts"])
            ),
            today=manifest.day,
        )

    then = known(then)
    never = seal_names(then.customers.loc[then.customers["n_calls"] == 0, "customer"], then.salt)
    later = [customer for customer, name in never.items() if name not in basis["never"]]
    return (
        replace(
            then,
            customers=then.customers[~then.customers["customer"].isin(later)].reset_index(drop=True),
            quarter=then.quarter if then.quarter.file in there else Quarter(),
            **{name: [one for one in records if one.file in there] for name, records in _records_of(then).items()},
            texts={file: text for file, text in then.texts.items() if file in there},
        ),
        tuple(file for file in sorted(there) if basis["records"][files[file]] != texts[files[file]]),
        n_gone,
        known,
    )


def _customers_withheld(manifest: Manifest, study: Study, refs: Refs) -> dict[str, str]:
    """Whose words the report withheld, and why."""
    calls = study.calls
    customer_of = {refs.call(row.call): row.customer for row in calls[calls["line"] == 0].itertuples(index=False)}
    found = {customer_of.get(ref.partition(":")[0], ""): why for ref, why in manifest.withheld.items()}
    for table in calls.loc[calls["line"] > 0, "call"].unique():
        cited = refs.call(table)
        why = {int(ref.partition(":")[2]): why for ref, why in manifest.withheld.items() if ref.startswith(f"{cited}:")}
        rows = study.notes[(study.notes["call"] == table) & study.notes["line"].isin(why)]
        found |= {
            customer: why[line] for customer, line in zip(rows["customer"].astype(str), rows["line"], strict=True)
        }
    return found


def _is_heard(calls: pd.DataFrame, notes: pd.DataFrame) -> pd.Series:
    """Which calls have a note; of a table, which customers on which days."""
    heard = calls["call"].isin(set(notes["call"].astype(str).unique()))
    in_table = calls["line"] > 0
    if in_table.any():
        names = ["call", "customer", "date"]
        said = pd.MultiIndex.from_frame(notes[names].astype({"call": str, "customer": str}).drop_duplicates())
        heard &= ~in_table | pd.MultiIndex.from_frame(calls[names]).isin(said)
    return heard


def _records_of(study: Study) -> dict[str, list[Any]]:
    return {name: getattr(study, name) for name in ("bets", "hypotheses", "decisions", "weeks")}


def _notes_then(notes: pd.DataFrame, lines: Mapping[tuple[str, int], int | None]) -> pd.DataFrame:
    """Without those that came later, each where it stood."""
    # Of a million notes few stand in one of the calls and lines.
    named = notes["call"].isin({call for call, _ in lines}) & notes["line"].isin({line for _, line in lines})
    at = np.flatnonzero(named.to_numpy(dtype=bool))
    places = zip(notes["call"].iloc[at].tolist(), notes["line"].iloc[at].tolist(), strict=True)
    stood = [lines.get(place, place[1]) for place in places]
    line = notes["line"].to_numpy(dtype="int64", copy=True)
    line[at] = [place or 0 for place in stood]
    there = np.ones(len(notes), dtype=bool)
    there[at] = [place is not None for place in stood]
    then = notes.assign(line=line)
    if not there.all():
        then = then[there].reset_index(drop=True)
    # The notes of a call stand together; rows of a table stand by day among them, and stay where they are.
    order = np.arange(len(then))
    in_call = then["file"].isin([file for file in then["file"].unique() if file.endswith(".md")]).to_numpy(dtype=bool)
    order[in_call] = pd.Series(order[in_call]).groupby(then["call"].astype(str).to_numpy()[in_call]).transform("min")
    order = np.lexsort((then["line"].to_numpy(), order))
    return then if (np.diff(order) > 0).all() else then.iloc[order].reset_index(drop=True)


def _customers_then(customers: pd.DataFrame, heard: pd.DataFrame) -> pd.DataFrame:
    """With the calls that there were something in."""
    of = heard.groupby("customer")["date"].agg(["size", "min", "max"]).reindex(customers["customer"])
    n_calls = of["size"].fillna(0).astype("int64")
    return customers.assign(n_calls=n_calls.to_numpy(), first=of["min"].to_numpy(), last=of["max"].to_numpy())


def _agree_less(table: pd.DataFrame, withheld: Mapping[str, str], coded: Collection[str]) -> pd.DataFrame:
    """Who has agreed to more since, as they had then: what was withheld stays so."""
    customers, consent = table["customer"], table["consent"].astype(str)
    hidden = customers.isin(withheld) & consent.isin(["quote", "named"])
    table = table.assign(
        consent=consent.mask(hidden, "aggregate").mask(customers.isin(coded) & (consent == "named"), "quote")
    )
    if "consent_stated" in table:
        assumed = customers.isin([customer for customer, why in withheld.items() if why == "assumed"])
        table = table.assign(consent_stated=table["consent_stated"].mask(hidden & assumed, ""))
    return table
