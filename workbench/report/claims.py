"""What a report claims, as plain data: the only thing of a study that an exporter ever sees.

A payload is a dict that JSON can hold:

- ``version``, ``section``
- ``customers``: name -> label, pseudonym, segment, consent, stated, names, people, roles, days, role_of (person -> role)
- ``notes``: id -> text, kind, customer, role, where (``file:line``), ref (``C-<hex>:line``), at
- ``withheld``: text and where of every note that is not to be quoted, those that do not count among them (in the
  overview, the quotes, and wherever hypotheses or names of themes stand): what someone writes by hand is compared with
  it, and it never leaves
- ``cited``, where somebody wrote ids of notes or files of calls into it by hand: each -> what stands for it outside
- ``others``, of more than a thousand customers: those whom the section does not name, name -> pseudonym
- ``data``: what the section says. It names notes under the keys ``note`` and ``notes``, customers under
  ``customer`` and ``customers``; words of a note that stand by themselves are ``{"note": id, "statement": words}``.
  A theme is named by its id (``theme``), which anchors and links use, and in print by the beginning of it (``tid``) and
  the name that the PM gave it (``title``, empty where there is none).
- ``calls``: the ``C-`` id of every call that counts; ``assumed``: the consent that was taken where none is stated
- ``basis``, in the overview and the sections of a week: what else it was made of
  (:func:`workbench.report.basis.describe_basis`)
- ``moment``, in a section of a week only: which it is of (:func:`workbench.report.basis.describe_moment`)

Every number that a reader sees is a **count**, made by :func:`make_count`, so that it can be derived again. A row has its
counts under ``counts``, by name (``row["counts"]["customers"]``), beside the plain numbers that a template decides by::

    {"claim": "themes/T-7f3a01bc/customers", "what": "customers", "n": 9, "of": 12, "refs": ["C-3fa9c1:12", ...]}

``claim`` is the same wherever the same is counted, in every section and for every reader. ``refs`` are the notes
(``C-<hex>:line``) or calls (``C-<hex>``) of which ``what`` is counted: ``customers``, ``notes``, ``calls``, ``segments``,
``weeks`` or ``themes``, each distinct and without what does not count; ``among`` are the calls behind ``of`` (of whose ``what`` it
is the count), all that count where it is missing. Of very many notes or calls ``refs`` is empty, and a seal of them stands under
``sealed`` (``among_sealed``; :class:`workbench.report.cite.Seal`). What follows from no notes (``what: "stated"``) is compared, not
derived. Templates show a count by the macros ``count`` and ``total`` and words by ``words`` and ``claim``: they leave
``data-claim`` and ``data-ref`` in the page, by which ``workbench verify`` finds them (:mod:`workbench.report.manifest`).

By these keys :func:`workbench.redact.share` knows what to rename and what to leave out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.customers import said_by_us
from workbench.evidence import count_by_customer, evidence_table, find_against, heed_judgements, pick_evidence, strength
from workbench.evidence.counts import notes_in
from workbench.newest import today
from workbench.records import STATUSES
from workbench.records.typed import is_nothing, is_week, week_of, week_start
from workbench.redact import OWN_WORDS, short_ids
from workbench.report import VERSION
from workbench.report.basis import describe_basis, describe_moment
from workbench.report.cite import (
    Refs,
    ThemeCounts,
    Voices,
    call_theme,
    make_count,
    plural,
    segment_sizes,
    spell_day,
    statements,
)
from workbench.report.record_cards import describe_bets, describe_decisions, describe_hypotheses, find_tests
from workbench.report.sampling import describe_heard_enough, describe_trends, describe_week_by_week, describe_who
from workbench.report.weekly import COMPARED, WEEKLY
from workbench.rituals.reviews import still_asked
from workbench.themes.ledger import shorten_themes

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["SECTIONS", "describe_customers", "find_hand_written", "make_count", "make_payload"]

# A card shows at most so many voices; the appendix has all of them.
N_QUOTES = 3
# Of a week with more calls the latest are listed; of a study with more notes each theme's most typical are quoted.
MOST_CALLS, MOST_NOTES, MOST_QUOTES = 200, 5000, 100
# Of more customers those are described that a section names; of the others, what stands for their names.
MOST_CUSTOMERS = 1000
# Of more notes that are not to be quoted, those are compared with what is written by hand that a reader of the notebook sees.
MOST_WITHHELD, WITHHELD_OF_THEME = 5000, 100
# More customers are not named side by side.
N_SIDE_BY_SIDE = 40


# Keys under which no one's prose stands.
_NOT_BY_HAND = {"note", "notes", "customer", "customers", "terms", "role", "open", "missing", "codes"} | OWN_WORDS


def make_payload(
    section: str,
    study: Study,
    themes: Themes,
    hypotheses: Sequence[Hypothesis],
    moment: Moment | None = None,
) -> dict[str, Any]:
    """The claims of one section of the report.

    Parameters
    ----------
    section : str
        One of `SECTIONS`, or of the week's, `WEEKLY`.
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment, optional
        The week that is looked at; needed by the week's sections.

    Returns
    -------
    dict
        See the module's description. The same for the same files.

    Raises
    ------
    ValueError
        When there is no such section, or a week's section is given no week.
    """
    themes = heed_judgements(themes, hypotheses)
    if section in WEEKLY:
        if moment is None:
            raise ValueError(f"section {section!r} is about a week; give one")
        data = WEEKLY[section](study, themes, hypotheses, moment)
        when = {"moment": describe_moment(study, hypotheses, moment)}
    elif section in SECTIONS:
        data, when = SECTIONS[section](study, themes, hypotheses), {}
    else:
        raise ValueError(f"section must be one of {', '.join([*SECTIONS, *WEEKLY])}, got {section!r}")
    notes = _notes(study, themes, _named(data, ("note", "notes")))
    return {
        **when,
        "version": VERSION,
        "section": section,
        **_customers_of(study, data, notes),
        "notes": notes,
        "calls": Refs.of(study).files(study.calls["counted"]),
        "assumed": next(iter(study.customers.loc[study.customers["consent_stated"] == "", "consent"]), ""),
        "withheld": _withheld(study, themes, moment if section in COMPARED else None)
        if section == "quotes" or next(find_hand_written(data), "")
        else [],
        **({"cited": cited} if (cited := _cited(study, data)) else {}),
        **({"basis": describe_basis(study, themes, hypotheses)} if section == "overview" or when else {}),
        "data": data,
    }


def describe_customers(study: Study) -> dict[str, dict[str, Any]]:
    """What a payload says of each customer; see the module's description.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Returns
    -------
    dict of str to dict
        By name.
    """
    from workbench.customers import split_people

    pseudonyms = short_ids(study.customers["customer"], study.salt, "P-", 4)
    role_of: dict[str, dict[str, str]] = {}
    for customer, who in study.notes[["customer", "who"]].drop_duplicates().astype(str).itertuples(index=False):
        for person, role in split_people(who):
            if person and role:
                role_of.setdefault(customer, {}).setdefault(person, role)
    calls = study.calls
    day, every_day = pd.factorize(calls["date"], sort=True, use_na_sentinel=False)
    spelt = [spell_day(one) for one in every_day]
    days = {
        customer: sorted(spelt[code] for code in of.tolist())
        for customer, of in pd.Series(day).groupby(calls["customer"].to_numpy(dtype=object))
    }
    ids = set(calls["call"].unique())
    return {
        row.customer: {
            "label": row.customer,
            "pseudonym": pseudonyms[row.customer],
            "segment": row.segment,
            # Where a call's id stands in for a customer, there is no name that could be agreed to.
            "consent": "quote" if row.consent == "named" and row.customer in ids else row.consent,
            "stated": bool(row.consent_stated),
            "names": list(row.aliases),
            "people": list(row.people),
            "roles": list(row.roles),
            "role_of": dict(sorted(role_of.get(row.customer, {}).items())),
            "days": days.get(row.customer, []),
        }
        for row in study.customers.itertuples(index=False)
    }


def _customers_of(study: Study, data: Any, notes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What a payload says of customers; of very many, those that the section does not name are names to be replaced."""
    known = Refs.of(study).worked_out
    everyone = known["customers"] = known.get("customers") or describe_customers(study)
    if len(everyone) <= MOST_CUSTOMERS:
        return {"customers": everyone}
    named = {*_named(data, ("customer", "customers")), *(note["customer"] for note in notes.values())}
    full = {
        name: one | {"days": one["days"][-1:]}
        for name, one in everyone.items()
        if name in named or one["names"] or one["people"] or one["consent"] == "named"
    }
    others = {name: one["pseudonym"] for name, one in everyone.items() if name not in full}
    return {"customers": full, "others": others}


def _notes(study: Study, themes: Themes, ids: set[str]) -> dict[str, dict[str, Any]]:
    from workbench.customers import split_who

    refs, rows = Refs.of(study), Voices.of(themes).rows(ids)
    return {
        row.note: {
            "text": row.text,
            "kind": row.kind,
            "customer": row.customer,
            "role": split_who(row.who)[1],
            "where": f"{row.file}:{row.line}",
            "ref": f"{refs.call(row.call)}:{row.line}",
            "at": row.at,
        }
        for row in rows.itertuples(index=False)
    }


def _withheld(study: Study, themes: Themes, moment: Moment | None) -> list[dict[str, str]]:
    """Of today; and of the day that a section compares with, since what was written then may hold words that are gone."""
    looked = moment.look_back() if moment else None
    found: list[dict[str, str]] = []
    for notes, when in ((study.notes, ""), *([(looked[0].notes, f" (as of {moment.since})")] if looked else [])):
        hidden = notes[~notes["consent"].isin(["quote", "named"]) & (notes["kind"].astype(str) != "take")]
        if len(hidden) > MOST_WITHHELD:
            seen = {note for notes in themes.summary["notes"] for note in notes[:WITHHELD_OF_THEME]}
            hidden = hidden[hidden["note"].isin(seen)]
        said = set(study.notes["text"]) if when else set()
        for row in hidden.itertuples(index=False):
            if row.text not in said:
                found.append({"where": f"{row.file}{when}:{row.line}", "text": row.text})
    return found


def _cited(study: Study, data: Any) -> dict[str, str]:
    """Notes and calls named in what somebody wrote by hand, as a report cites them."""
    texts = [text for _, text in find_hand_written(data) if "#" in text or ".md" in text]
    if not texts:
        return {}
    refs, call_of = Refs.of(study), {}
    for call, file in zip(study.calls["call"].astype(str), study.calls["file"].astype(str), strict=True):
        call_of |= {call: call, file: call, file.rpartition("/")[2]: call}
    names = "|".join(map(re.escape, sorted(call_of, key=len, reverse=True)))
    place = re.compile(rf"(?<![\w./#-])({names})(?:(#[0-9a-f]{{8}}(?:-\d+)?)|(?<=\.md)(:\d+)?)(?![\w#-])")
    known, found = set(study.notes["note"]), {}
    for text in texts:
        for one in place.finditer(text):
            call = refs.call(call_of[one[1]])
            found[one[0]] = refs.notes([one[0]])[0] if one[0] in known else f"{call}{one[3] or ''}"
    return found


def find_hand_written(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """What somebody wrote by hand into a section's data: records, names of themes, reasons, segments.

    Parameters
    ----------
    data : dict or list or str
        A section's data, or a part of it.
    key : str
        Under which the part stands.

    Yields
    ------
    key : str
        What it is, such as ``title`` or ``because``.
    text : str
        As written. Neither words of notes, which are checked note by note, nor the workbench's own.

    Examples
    --------
    >>> list(find_hand_written({"note": "a#1", "n": 3, "status": "draft", "because": "it hurts"}))
    [('because', 'it hurts')]
    """
    if isinstance(data, str):
        if data and key not in _NOT_BY_HAND:
            yield key, data
    elif isinstance(data, dict):
        for name, item in data.items() if "statement" not in data and "claim" not in data else ():
            yield from find_hand_written(item, name)
    elif isinstance(data, list):
        for item in data:
            yield from find_hand_written(item, key)


def _named(value: Any, keys: tuple[str, ...], key: str = "") -> set[str]:
    """What stands under some keys in a section's data: ids of notes, or names of customers."""
    if isinstance(value, str):
        return {value} if key in keys else set()
    if isinstance(value, dict):
        if "claim" in value and "refs" in value:
            return set()
        return {one for name, item in value.items() for one in _named(item, keys, name)}
    if isinstance(value, list):
        return {one for item in value for one in _named(item, keys, key)}
    return set()


def _overview(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    calls, quarter = study.calls, study.quarter
    counted = calls[calls["counted"]]
    dates = counted["date"].dropna()
    segments = set(counted["segment"].unique()) - {""}
    n_weeks = len(dates.dt.isocalendar()[["year", "week"]].drop_duplicates())
    refs = Refs.of(study)
    every = refs.calls(calls["counted"])
    figures = [
        {"n": len(counted), "of": "calls" if len(counted) != 1 else "call"},
        {"n": themes.n_customers, "of": "customers" if themes.n_customers != 1 else "customer"},
        *([{"n": len(segments), "of": "segments" if len(segments) != 1 else "segment"}] if segments else []),
        *([{"n": n_weeks, "of": "weeks" if n_weeks != 1 else "week"}] if n_weeks else []),
    ]
    for figure in figures:
        what = figure["of"].removesuffix("s") + "s"
        figure["count"] = make_count(f"study/{what}", what, figure["n"], every)
    titles = {bet.id: bet.title for bet in study.bets if bet.title}
    facts = [
        ("Outcome", quarter.outcome),
        ("Bets", "; ".join(titles.get(bet, bet) for bet in quarter.bets)),
        ("Won’t do", "; ".join(quarter.wont_do)),
        ("Calls", _span(dates)),
        ("Owner", quarter.owner),
    ]
    return {
        "title": quarter.title
        or (f"What {plural(themes.n_customers, 'customer')} told us" if themes.n_customers else ""),
        "product": quarter.product,
        "deck": quarter.deck,
        "date": today(study),
        "n_notes": len(themes.notes),
        "counts": {"notes": make_count("study/notes", "notes", len(themes.notes), refs.notes(themes.notes["note"]))},
        "figures": figures,
        "status": _status(study, hypotheses),
        "facts": [{"name": name, "value": value} for name, value in facts if value],
    }


def _status(study: Study, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """How far it is: hypotheses by status, decisions that are needed."""
    found = [h.status for h in hypotheses]
    week = max((week for week in study.weeks if is_week(week.id)), key=lambda week: week.id, default=None)
    asked = still_asked(study, week) if week else []
    n = sum(decision.status == "proposed" for decision in study.decisions) + len(asked)
    return {
        "hypotheses": [
            {"status": status, "count": make_count(f"study/hypotheses-{status}", "stated", found.count(status))}
            for status in STATUSES
            if status in found
        ],
        "n_decisions": n,
        "counts": {"decisions": make_count("study/decisions-needed", "stated", n)},
    }


def _learned(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    segments, counts_of = set(themes.notes["segment"].unique()) - {""}, ThemeCounts(study, themes)
    voices = Voices.of(themes)
    return {
        "themes": [
            {
                **call_theme(themes, row.theme),
                "n": row.n_customers,
                "of": row.n_customers_total,
                "claims": statements(themes, row.theme),
                "terms": list(row.terms),
                "segments": list(row.segments),
                "everywhere": len(segments) > 1 and segments <= set(row.segments),
                "n_against": len(_only_against(themes, voices, row.theme)),
                "counts": counts_of(row),
            }
            for row in themes.summary.head(3).itertuples(index=False)
        ],
        "n_themes": len(themes.summary),
    }


def _this_week(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    calls = study.calls[study.calls["counted"]]
    dated = calls.dropna(subset=["date"])
    if dated.empty:
        return {"week": "", "calls": [], "n_calls": len(calls)}
    week = week_of(dated["date"].max())
    this = dated[dated["date"] >= pd.Timestamp(week_start(week))]
    before = set(dated.loc[dated["date"] < this["date"].min(), "customer"])
    listed = this if len(this) <= MOST_CALLS else this.tail(MOST_CALLS)
    # A call of a table of notes is one customer on one day.
    notes = themes.notes[themes.notes["date"].isin(listed["date"].unique())]
    notes_of = dict(iter(notes.groupby([notes["call"].astype(str), notes["customer"].astype(str), notes["date"]])))
    order = {theme: i for i, theme in enumerate(themes.summary["theme"])}
    short, refs = shorten_themes(order), Refs.of(study)
    rows = []
    for call in listed.itertuples(index=False):
        said = notes_of.get((call.call, call.customer, call.date), notes[:0])
        rows.append(
            {
                "customer": call.customer,
                "segment": call.segment,
                "role": call.role,
                "day": spell_day(call.date),
                "n_notes": len(said),  # without the PM's own takes, which are never evidence
                "counts": {
                    "notes": make_count(
                        f"calls/{(refs.call(call.call) + f'-{call.line}') if call.line else refs.call(call.call)}/notes",
                        "notes",
                        len(said),
                        refs.notes(said["note"]),
                    )
                },
                "new": call.customer not in before,
                "tids": [short[theme] for theme in sorted({*said["theme"]} - {""}, key=order.__getitem__)],
            }
        )
    return {
        "week": week,
        "n_calls": len(calls),
        "counts": {
            "calls": make_count(
                f"weeks/{week}/calls", "calls", len(this), refs.calls(study.calls.index.isin(this.index))
            )
        },
        "calls": rows,
        **({"n_listed": len(listed)} if len(listed) < len(this) else {}),
    }


def _themes(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    sizes, counts_of = segment_sizes(study), ThemeCounts(study, themes)
    refs = Refs.of(study)
    tests, trends = find_tests(themes, hypotheses), describe_trends(study, themes, refs)
    table, voices = evidence_table(themes).set_index("theme"), Voices.of(themes)
    rows = []
    for row in themes.summary.itertuples(index=False):
        evidence, against = pick_evidence(themes, row.theme), find_against(themes, row.theme)
        rows.append(
            {
                **call_theme(themes, row.theme),
                "n": row.n_customers,
                "of": row.n_customers_total,
                "n_notes": row.n_notes,
                "counts": (counts := counts_of(row)),
                "claims": statements(themes, row.theme),
                "terms": list(row.terms),
                "strength": strength(row.n_customers, len([s for s in row.segments if s != "no segment"])),
                "segments": [
                    {"segment": s, "n": row.segments.get(s, 0), "of": n, "count": count}
                    for (s, n), count in zip(sizes.items(), counts["segments"], strict=True)
                ],
                "first": spell_day(row.first),
                "last": spell_day(row.last),
                "tests": tests.get(row.theme, []),
                **_how_sure(table.loc[row.theme], refs, themes),
                "trend": trends[row.theme],
                "notes": voices.pick(evidence, N_QUOTES),
                "against": {"n": len(against), "notes": voices.pick(against, 2)},
            }
        )
    left_out = _left_out_counts(Refs.of(study), themes)
    return {
        "themes": rows,
        "n_left_out": left_out["left_out"]["n"],
        "n_aside": left_out["aside"]["n"],
        "counts": left_out,
    }


def _how_sure(row: Any, refs: Refs, themes: Themes) -> dict[str, Any]:
    """Whether a theme hangs on one customer, and who has most of its notes, from its row of the evidence table."""
    name, notes = f"themes/{row.name}", notes_in(themes, row.name)
    loudest = notes.loc[notes["customer"].astype(str) == row["loudest"], "note"]
    return {
        "fragile": {
            "in": list(row["fragile_in"]) if row["n_customers"] > 1 else ["only"] * bool(row["fragile"]),
            # Of two customers one is left; of more, it takes a segment or the third customer along.
            "becomes": "single" if row["n_customers"] == 2 else "emerging",
            "n": len(row["hangs_on"]),
            "customers": list(row["hangs_on"]),
            "counts": {"hangs_on": make_count(f"{name}/hangs-on", "stated", len(row["hangs_on"]))},
        },
        "loudest": {
            "customer": row["loudest"],
            "counts": {"notes": make_count(f"{name}/loudest", "notes", len(loudest), refs.notes(loudest))},
        },
    }


def _left_out_counts(refs: Refs, themes: Themes) -> dict[str, Any]:
    """Notes in no theme, and those that the PM has set aside; of each how many may not be shown."""
    left_out = themes.left_out
    aside, unquoted = left_out["reason"] == "set aside", ~left_out["consent"].isin(["quote", "named"])
    counts = {}
    for name, here in (("left_out", ~aside), ("aside", aside)):
        claim = f"study/{name.replace('_', '-')}"
        ids, hidden = left_out.loc[here, "note"], left_out.loc[here & unquoted, "note"]
        counts[name] = make_count(claim, "notes", len(ids), refs.notes(ids))
        counts[f"{name}_unquoted"] = make_count(f"{claim}-unquoted", "notes", len(hidden), refs.notes(hidden))
    return counts


def _who_raised_what(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    counts = count_by_customer(themes)
    segment_of = dict(zip(study.customers["customer"], study.customers["segment"], strict=True))
    customers = list(counts.columns)
    voices, few = Voices.of(themes), len(counts.columns) <= MOST_CUSTOMERS
    only_against = {theme: _only_against(themes, voices, theme) for theme in counts.index}
    of_theme, segments = ThemeCounts(study, themes), list(segment_sizes(study))
    columns = list(dict.fromkeys(segment_of[c] for c in customers))
    refs, notes_of = Refs.of(study), {customer: [] for customer in customers}
    side_by_side = len(customers) <= N_SIDE_BY_SIDE
    for note in (note for notes in themes.summary["notes"] for note in notes if side_by_side):
        notes_of[voices.customer(note)].append(note)

    def counts_of(row: Any) -> dict[str, Any]:
        """A theme's counts, its segments in the order of the columns."""
        found = of_theme(row)
        by_name = dict(zip(segments, found["segments"], strict=True))
        return found | {"segments": [by_name.get(s or "no segment", found["customers"]) for s in columns]}

    return {
        "segments": [
            {"segment": segment, "customers": [c for c in customers if segment_of[c] == segment] if few else []}
            for segment in columns
        ],
        "raised": [
            {"customer": c, "count": make_count(f"customers/{i}/themes", "themes", (counts[c] > 0).sum(), refs.notes(notes_of[c]))}
            for i, c in enumerate(customers, 1)
        ] if side_by_side else [],
        "themes": [
            {
                **call_theme(themes, row.theme),
                "n": row.n_customers,
                "counts": counts_of(row),
                "claims": statements(themes, row.theme),
                "terms": list(row.terms),
                "cells": [
                    {"customer": c, "n_calls": int(counts.loc[row.theme, c]), "against": c in only_against[row.theme]}
                    for c in (customers if few else ())
                ],
            }
            for row in themes.summary.itertuples(index=False)
        ],
    }  # fmt: skip


def _limits(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    notes = themes.notes
    by_customer = notes["customer"].astype(str).value_counts()
    customers = study.customers[(study.customers["n_calls"] > 0) & (study.customers["excluded"] == "")]
    unstated = customers[customers["consent_stated"] == ""]
    counted, refs = study.calls[study.calls["counted"]], Refs.of(study)
    undated = study.calls["counted"] & study.calls["date"].isna()
    withheld = customers.loc[~customers["consent"].isin(["quote", "named"]), "customer"]
    loudest = notes.loc[notes["customer"].astype(str) == by_customer.index[0], "note"] if len(by_customer) else []
    n_lasting = sum(theme in themes.decisions.themes for theme in themes.summary["theme"])
    ours = said_by_us(themes.takes)
    takes, ours = themes.takes[~ours], themes.takes[ours]
    every = refs.calls(study.calls["counted"])
    return {
        "counts": {
            "notes": make_count("study/notes", "notes", len(notes), refs.notes(notes["note"])),
            "customers": make_count("study/customers", "customers", themes.n_customers, every),
            "left_out": make_count(
                "study/in-no-theme", "notes", len(themes.left_out), refs.notes(themes.left_out["note"])
            ),
            "themes": make_count("study/themes", "stated", len(themes.summary)),
            "lasting": make_count("study/themes-gone-over", "stated", n_lasting),
            "takes": make_count("study/takes", "takes", len(takes), refs.notes(takes["note"])),
            "ours": make_count("study/said-by-us", "takes", len(ours), refs.notes(ours["note"])),
            "undated": make_count("study/undated", "calls", undated.sum(), refs.calls(undated)),
            "unnamed": make_count("study/unnamed", "stated", study.n_unnamed),
            "loudest": make_count("study/loudest", "notes", len(loudest), refs.notes(loudest)),
            "unstated": make_count("study/unstated", "customers", len(unstated), refs.calls_of(unstated["customer"])),
            "withheld": make_count("study/withheld", "customers", len(withheld), refs.calls_of(withheld)),
        },
        "n_notes": len(notes),
        "n_customers": themes.n_customers,
        "n_left_out": len(themes.left_out),
        "n_themes": len(themes.summary),
        "n_lasting": n_lasting,
        "n_takes": len(takes),
        "n_ours": len(ours),
        "n_undated": int(counted["date"].isna().sum()),
        "n_unnamed": int(study.n_unnamed),
        "loudest": int(by_customer.iloc[0]) if len(by_customer) else 0,
        "n_unstated": len(unstated),
        "assumed": unstated["consent"].iloc[0] if len(unstated) else "",
        "n_withheld": len(withheld),
        "wont_do": [text for text in study.quarter.wont_do if not is_nothing(text)],
    }


def _quotes(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    against = {theme: set(find_against(themes, theme)) for theme in themes.summary["theme"]}
    counts_of = ThemeCounts(study, themes)
    most = MOST_QUOTES if len(themes.notes) > MOST_NOTES else None
    groups = [
        {
            **call_theme(themes, row.theme),
            "n": row.n_customers,
            "of": row.n_customers_total,
            "counts": counts_of(row),
            "claims": statements(themes, row.theme),
            "terms": list(row.terms),
            "notes": list(row.notes[:most]),
            "against": {"notes": [note for note in row.notes[:most] if note in against[row.theme]]},
        }
        for row in themes.summary.itertuples(index=False)
    ]
    aside = themes.left_out["reason"] == "set aside"
    return {
        "counts": _left_out_counts(Refs.of(study), themes),
        "groups": groups,
        "left_out": {"notes": themes.left_out.loc[~aside, "note"].tolist()[:most]},
        "aside": {"notes": themes.left_out.loc[aside, "note"].tolist()[:most]},
        **({"most": most} if most else {}),
    }


SECTIONS: dict[str, Callable[..., dict[str, Any]]] = {
    "overview": _overview,
    "learned": _learned,
    "this_week": _this_week,
    "themes": _themes,
    "who_raised_what": _who_raised_what,
    "week_by_week": describe_week_by_week,
    "heard_enough": describe_heard_enough,
    "hypotheses": describe_hypotheses,
    "decisions": describe_decisions,
    "bets": describe_bets,
    "who_we_talked_to": describe_who,
    "limits": _limits,
    "quotes": _quotes,
}


def _only_against(themes: Themes, voices: Voices, theme: str) -> set[str]:
    """Customers in a theme of whom every note in it may say the opposite."""
    return voices.customers(find_against(themes, theme)) - voices.customers(pick_evidence(themes, theme))


def _span(dates: pd.Series) -> str:
    if dates.empty:
        return ""
    first, last = dates.min(), dates.max()
    return spell_day(first) if first == last else f"{spell_day(first)} to {spell_day(last)}"
