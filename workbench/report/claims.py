"""What a report claims, as plain data: the only thing of a study that an exporter ever sees.

A payload is a dict that JSON can hold:

- ``version``, ``section``
- ``customers``: name -> label, pseudonym, segment, consent, stated, names, people, roles, days, role_of (person -> role)
- ``notes``: id -> text, kind, customer, role, where (``file:line``), ref (``C-<hex>:line``), at
- ``withheld``: text and where of every note that is not to be quoted, those that do not count among them (in the
  overview, the quotes, and wherever hypotheses or names of themes stand): what someone writes by hand is compared with
  it, and it never leaves
- ``data``: what the section says. It names notes under the keys ``note`` and ``notes``, customers under
  ``customer`` and ``customers``; words of a note that stand by themselves are ``{"note": id, "statement": words}``.
  A theme is named by its id (``theme``), which anchors and links use, and in print by the beginning of it (``tid``) and
  the name that the PM gave it (``title``, empty where there is none).
- ``calls``: the ``C-`` id of every call that counts; ``assumed``: the consent that was taken where none is stated

Every number that a reader sees is a **count**, made by :func:`make_count`, so that it can be derived again. A row has its
counts under ``counts``, by name (``row["counts"]["customers"]``), beside the plain numbers that a template decides by::

    {"claim": "themes/T-7f3a01bc/customers", "what": "customers", "n": 9, "of": 12, "refs": ["C-3fa9c1:12", ...]}

``claim`` is the same wherever the same is counted, in every section and for every reader. ``refs`` are the notes
(``C-<hex>:line``) or calls (``C-<hex>``) of which ``what`` is counted: ``customers``, ``notes``, ``calls``, ``segments``
or ``weeks``, each distinct and without what does not count; ``among`` are the calls behind ``of`` (of whose ``what`` it
is the count), all that count where it is missing. What follows from no notes (``what: "stated"``) is compared, not
derived. Templates show a count by the macros ``count`` and ``total`` and words by ``words`` and ``claim``: they leave
``data-claim`` and ``data-ref`` in the page, by which ``workbench verify`` finds them (:mod:`workbench.report.manifest`).

By these keys :func:`workbench.redact.share` knows what to rename and what to leave out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.evidence import count_by_customer, find_against, pick_evidence, strength
from workbench.redact import short_ids
from workbench.report import VERSION
from workbench.themes.ledger import shorten_themes
from workbench.themes.words import read_words

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["SECTIONS", "describe_customers", "make_count", "make_payload"]

# A card shows at most so many voices; the appendix has all of them.
N_QUOTES = 3
N_STATEMENTS = 5


def make_payload(section: str, study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """The claims of one section of the report.

    Parameters
    ----------
    section : str
        One of `SECTIONS`.
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.

    Returns
    -------
    dict
        See the module's description. The same for the same files.

    Raises
    ------
    ValueError
        When there is no such section.
    """
    if section not in SECTIONS:
        raise ValueError(f"section must be one of {', '.join(SECTIONS)}, got {section!r}")
    data = SECTIONS[section](study, themes, hypotheses)
    return {
        "version": VERSION,
        "section": section,
        "customers": describe_customers(study),
        "notes": _notes(study, themes, _named_notes(data)),
        "calls": _Refs(study).calls(study.calls["counted"]),
        "assumed": next(iter(study.customers.loc[study.customers["consent_stated"] == "", "consent"]), ""),
        "withheld": _withheld(study) if section in ("overview", "quotes") or _has_hand_written(data) else [],
        "data": data,
    }


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
        ``customers``, ``notes``, ``calls``, ``segments``, ``weeks``, or ``stated`` for what follows from no notes.
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


class _Refs:
    """What notes and calls are called outside."""

    def __init__(self, study: Study) -> None:
        self._calls, self._study = short_ids(study.calls["call"], study.salt, "C-", 6), study
        notes = study.notes
        self._notes = {
            note: f"{self._calls[call]}:{line}"
            for note, call, line in zip(notes["note"], notes["call"].astype(str), notes["line"], strict=True)
        }

    def notes(self, ids: Iterable[str]) -> list[str]:
        return [self._notes[note] for note in ids]

    def call(self, call: str) -> str:
        return self._calls[call]

    def calls(self, chosen: pd.Series) -> list[str]:
        """Of the calls for which a mask over `study.calls` is true."""
        return [self._calls[call] for call in self._study.calls.loc[chosen, "call"]]

    def calls_of(self, customers: Iterable[str]) -> list[str]:
        return self.calls(self._study.calls["customer"].isin(list(customers)))


class _ThemeCounts:
    """What is counted of each theme, the same in every section that shows it."""

    def __init__(self, study: Study, themes: Themes) -> None:
        self._refs, self._themes, self._sizes = _Refs(study), themes, _segment_sizes(study)
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
    from workbench.customers import split_who

    pseudonyms = short_ids(study.customers["customer"], study.salt, "P-", 4)
    role_of: dict[str, dict[str, str]] = {}
    for customer, who in study.notes[["customer", "who"]].astype(str).drop_duplicates().itertuples(index=False):
        person, role = split_who(who)
        if person and role:
            role_of.setdefault(customer, {}).setdefault(person, role)
    days: dict[str, list[str]] = {}
    calls = set(study.calls["call"])
    for call in study.calls.itertuples(index=False):
        days.setdefault(call.customer, []).append(_day(call.date))
    return {
        row.customer: {
            "label": row.customer,
            "pseudonym": pseudonyms[row.customer],
            "segment": row.segment,
            # Where a call's id stands in for a customer, there is no name that could be agreed to.
            "consent": "quote" if row.consent == "named" and row.customer in calls else row.consent,
            "stated": bool(row.consent_stated),
            "names": list(row.aliases),
            "people": list(row.people),
            "roles": list(row.roles),
            "role_of": dict(sorted(role_of.get(row.customer, {}).items())),
            "days": sorted(days.get(row.customer, [])),
        }
        for row in study.customers.itertuples(index=False)
    }


def _notes(study: Study, themes: Themes, ids: set[str]) -> dict[str, dict[str, Any]]:
    from workbench.customers import split_who

    refs = short_ids(study.calls["call"], study.salt, "C-", 6)
    rows = themes.notes[themes.notes["note"].isin(ids)]
    return {
        row.note: {
            "text": row.text,
            "kind": row.kind,
            "customer": row.customer,
            "role": split_who(row.who)[1],
            "where": f"{row.file}:{row.line}",
            "ref": f"{refs[row.call]}:{row.line}",
            "at": row.at,
        }
        for row in rows.itertuples(index=False)
    }


def _withheld(study: Study) -> list[dict[str, str]]:
    notes = study.notes[~study.notes["consent"].isin(["quote", "named"]) & (study.notes["kind"].astype(str) != "take")]
    return [{"where": f"{row.file}:{row.line}", "text": row.text} for row in notes.itertuples(index=False)]


def _has_hand_written(data: dict[str, Any]) -> bool:
    """Whether a section holds hypotheses or names of themes."""
    return bool(data.get("hypotheses")) or any(theme["title"] for theme in data.get("themes", ()))


def _call_theme(themes: Themes, theme: str) -> dict[str, str]:
    """A theme's id, what it is called in print, and its name."""
    names = dict(zip(themes.summary["theme"], themes.summary["name"], strict=True))
    return {"theme": theme, "tid": shorten_themes(names).get(theme, theme), "title": names.get(theme, "")}


def _named_notes(value: Any, key: str = "") -> set[str]:
    if isinstance(value, str):
        return {value} if key in ("note", "notes") else set()
    if isinstance(value, dict):
        return {note for name, item in value.items() for note in _named_notes(item, name)}
    if isinstance(value, list):
        return {note for item in value for note in _named_notes(item, key)}
    return set()


def _overview(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    calls, quarter = study.calls, study.quarter
    counted = calls[calls["counted"]]
    dates = counted["date"].dropna()
    segments = {s for s in counted["segment"] if s}
    n_weeks = len({date.isocalendar()[:2] for date in dates})
    refs = _Refs(study)
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
    facts = [
        ("Outcome", quarter.outcome),
        ("Bets", "; ".join(quarter.bets)),
        ("Won’t do", "; ".join(quarter.wont_do)),
        ("Calls", _span(dates)),
        ("Owner", quarter.owner),
    ]
    return {
        "title": quarter.title or f"What {_count(themes.n_customers, 'customer')} told us",
        "product": quarter.product,
        "deck": quarter.deck,
        "date": _day(dates.max()) if len(dates) else "",
        "n_notes": len(themes.notes),
        "counts": {"notes": make_count("study/notes", "notes", len(themes.notes), refs.notes(themes.notes["note"]))},
        "figures": figures,
        "facts": [{"name": name, "value": value} for name, value in facts if value],
    }


def _learned(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    n_segments, counts_of = len({s for s in themes.notes["segment"].astype(str) if s}), _ThemeCounts(study, themes)
    return {
        "themes": [
            {
                **_call_theme(themes, row.theme),
                "n": row.n_customers,
                "of": row.n_customers_total,
                "claims": _statements(themes, row.theme),
                "terms": list(row.terms),
                "segments": list(row.segments),
                "everywhere": n_segments > 1 and len(row.segments) == n_segments,
                "n_against": len(_only_against(themes, row.theme)),
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
        return {"week": "", "calls": []}
    week = dated["date"].max().isocalendar()[:2]
    this = dated[dated["date"].map(lambda date: date.isocalendar()[:2]) == week]
    before = set(dated.loc[dated["date"] < this["date"].min(), "customer"])
    theme_of = themes.notes[themes.notes["theme"] != ""].groupby(themes.notes["call"].astype(str))["theme"].unique()
    n_notes = themes.notes["call"].astype(str).value_counts()  # without the PM's own takes, which are never evidence
    order = {theme: i for i, theme in enumerate(themes.summary["theme"])}
    short, refs, name = shorten_themes(order), _Refs(study), f"{week[0]}-W{week[1]:02d}"
    notes_of = themes.notes.groupby(themes.notes["call"].astype(str))["note"].agg(list)
    return {
        "week": name,
        "counts": {
            "calls": make_count(
                f"weeks/{name}/calls", "calls", len(this), refs.calls(study.calls["call"].isin(this["call"]))
            )
        },
        "calls": [
            {
                "customer": call.customer,
                "segment": call.segment,
                "role": call.role,
                "day": _day(call.date),
                "n_notes": int(n_notes.get(call.call, 0)),
                "counts": {
                    "notes": make_count(
                        f"calls/{refs.call(call.call)}/notes",
                        "notes",
                        n_notes.get(call.call, 0),
                        refs.notes(notes_of.get(call.call, [])),
                    )
                },
                "new": call.customer not in before,
                "tids": [short[theme] for theme in sorted(theme_of.get(call.call, []), key=order.__getitem__)],
            }
            for call in this.itertuples(index=False)
        ],
    }


def _themes(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    sizes, counts_of = _segment_sizes(study), _ThemeCounts(study, themes)
    tested = {h.theme: h.id for h in reversed(hypotheses) if h.theme}
    rows = []
    for row in themes.summary.itertuples(index=False):
        evidence, against = pick_evidence(themes, row.theme), find_against(themes, row.theme)
        rows.append(
            {
                **_call_theme(themes, row.theme),
                "n": row.n_customers,
                "of": row.n_customers_total,
                "n_notes": row.n_notes,
                "counts": (counts := counts_of(row)),
                "claims": _statements(themes, row.theme),
                "terms": list(row.terms),
                "strength": strength(row.n_customers, len([s for s in row.segments if s != "no segment"])),
                "segments": [
                    {"segment": s, "n": row.segments.get(s, 0), "of": n, "count": count}
                    for (s, n), count in zip(sizes.items(), counts["segments"], strict=True)
                ],
                "first": _day(row.first),
                "last": _day(row.last),
                "hypothesis": tested.get(row.theme, ""),
                "notes": _quotable(themes, evidence, N_QUOTES),
                "against": {"n": len(against), "notes": _quotable(themes, against, 2)},
            }
        )
    left_out = _left_out_counts(_Refs(study), themes)
    return {
        "themes": rows,
        "n_left_out": left_out["left_out"]["n"],
        "n_aside": left_out["aside"]["n"],
        "counts": left_out,
    }


def _left_out_counts(refs: _Refs, themes: Themes) -> dict[str, Any]:
    """Notes in no theme, and those that the PM has set aside; of each how many may not be shown."""
    aside = themes.left_out["reason"] == "set aside"
    unquoted = set(themes.notes.loc[~themes.notes["consent"].isin(["quote", "named"]), "note"])
    counts = {}
    for name, ids in (("left_out", themes.left_out.loc[~aside, "note"]), ("aside", themes.left_out.loc[aside, "note"])):
        claim, hidden = f"study/{name.replace('_', '-')}", [note for note in ids if note in unquoted]
        counts[name] = make_count(claim, "notes", len(ids), refs.notes(ids))
        counts[f"{name}_unquoted"] = make_count(f"{claim}-unquoted", "notes", len(hidden), refs.notes(hidden))
    return counts


def _who_raised_what(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    counts = count_by_customer(themes)
    segment_of = dict(zip(study.customers["customer"], study.customers["segment"], strict=True))
    customers = list(counts.columns)
    only_against = {theme: _only_against(themes, theme) for theme in counts.index}
    of_theme, segments = _ThemeCounts(study, themes), list(_segment_sizes(study))
    columns = list(dict.fromkeys(segment_of[c] for c in customers))

    def counts_of(row: Any) -> dict[str, Any]:
        """A theme's counts, its segments in the order of the columns."""
        found = of_theme(row)
        by_name = dict(zip(segments, found["segments"], strict=True))
        return found | {"segments": [by_name.get(s or "no segment", found["customers"]) for s in columns]}

    return {
        "segments": [
            {"segment": segment, "customers": [c for c in customers if segment_of[c] == segment]} for segment in columns
        ],
        "themes": [
            {
                **_call_theme(themes, row.theme),
                "n": row.n_customers,
                "counts": counts_of(row),
                "claims": _statements(themes, row.theme),
                "terms": list(row.terms),
                "cells": [
                    {"customer": c, "n_calls": int(counts.loc[row.theme, c]), "against": c in only_against[row.theme]}
                    for c in customers
                ],
            }
            for row in themes.summary.itertuples(index=False)
        ],
    }


def _hypotheses(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    claims = {theme: _statements(themes, theme) for theme in themes.summary["theme"]}
    terms = dict(zip(themes.summary["theme"], themes.summary["terms"], strict=True))
    known, refs = set(themes.notes["note"]), _Refs(study)
    rows = []
    for h in hypotheses:
        evidence, against = [n for n in h.evidence if n in known], [n for n in h.against if n in known]
        for_, name = _quotable(themes, evidence, N_QUOTES), f"hypotheses/{h.id}"
        # What the PM has put there is shown whole; what words alone suggest, as far as a card has room.
        opposed = (
            _quotable(themes, against, len(against), each=True) if h.file else _quotable(themes, against, N_QUOTES)
        )
        rest, n_gone = [n for n in against if n not in opposed], len(h.evidence) + len(h.against) - len(evidence) - len(against)  # fmt: skip
        n = len(set(_customers_of(themes, evidence)))
        rows.append(
            {
                "id": h.id,
                "status": h.status,
                **_call_theme(themes, h.theme),
                **{name: getattr(h, name) or "" for name in ("change", "segment", "metric", "direction", "size", "unit", "deadline", "because")},
                "open": list(h.open),
                "n": n,
                "of": themes.n_customers,
                "counts": {
                    "customers": make_count(f"{name}/customers", "customers", n, refs.notes(evidence), of=themes.n_customers),
                    "notes": make_count(f"{name}/notes", "notes", len(evidence), refs.notes(evidence)),
                    "against": make_count(f"{name}/against", "notes", len(against), refs.notes(against)),
                    "against_rest": make_count(f"{name}/against-rest", "notes", len(rest), refs.notes(rest)),
                    "gone": make_count(f"{name}/gone", "stated", n_gone),
                },
                "claims": claims.get(h.theme, []),
                "terms": list(terms.get(h.theme, ())),
                "notes": for_,
                "n_evidence": len(evidence),
                "n_gone": n_gone,
                "against": {"n": len(against), "notes": opposed},
            }
        )  # fmt: skip
    return {"hypotheses": rows}


def _who_we_talked_to(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    counted = study.customers[(study.customers["n_calls"] > 0) & (study.customers["excluded"] == "")]
    counted = counted.sort_values(["segment", "customer"])
    apart: dict[str, int] = {}
    for reason in study.customers.loc[
        (study.customers["n_calls"] > 0) & (study.customers["excluded"] != ""), "excluded"
    ]:
        apart[reason] = apart.get(reason, 0) + 1
    return {
        "customers": counted["customer"].tolist(),
        "apart": [
            {"reason": reason, "n": n, "count": make_count(f"study/apart-{i}", "stated", n)}
            for i, (reason, n) in enumerate(sorted(apart.items()), 1)
        ],
        "never": int((study.customers["n_calls"] == 0).sum()),
        "segments": [{"segment": s, "n": n} for s, n in _segment_sizes(study).items()],
    }


def _limits(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    notes = themes.notes
    by_customer = notes["customer"].astype(str).value_counts()
    customers = study.customers[(study.customers["n_calls"] > 0) & (study.customers["excluded"] == "")]
    unstated = customers[customers["consent_stated"] == ""]
    counted, refs = study.calls[study.calls["counted"]], _Refs(study)
    undated = study.calls["counted"] & study.calls["date"].isna()
    withheld = customers.loc[~customers["consent"].isin(["quote", "named"]), "customer"]
    loudest = notes.loc[notes["customer"].astype(str) == by_customer.index[0], "note"] if len(by_customer) else []
    n_lasting = sum(theme in themes.decisions.themes for theme in themes.summary["theme"])
    n_takes = int((themes.uncounted["kind"].astype(str) == "take").sum())
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
            "takes": make_count("study/takes", "stated", n_takes),
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
        "n_takes": n_takes,
        "n_undated": int(counted["date"].isna().sum()),
        "n_unnamed": int(study.n_unnamed),
        "loudest": int(by_customer.iloc[0]) if len(by_customer) else 0,
        "n_unstated": len(unstated),
        "assumed": unstated["consent"].iloc[0] if len(unstated) else "",
        "n_withheld": len(withheld),
    }


def _quotes(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    against = {theme: set(find_against(themes, theme)) for theme in themes.summary["theme"]}
    counts_of = _ThemeCounts(study, themes)
    groups = [
        {
            **_call_theme(themes, row.theme),
            "n": row.n_customers,
            "of": row.n_customers_total,
            "counts": counts_of(row),
            "claims": _statements(themes, row.theme),
            "terms": list(row.terms),
            "notes": list(row.notes),
            "against": {"notes": [note for note in row.notes if note in against[row.theme]]},
        }
        for row in themes.summary.itertuples(index=False)
    ]
    aside = themes.left_out["reason"] == "set aside"
    return {
        "counts": _left_out_counts(_Refs(study), themes),
        "groups": groups,
        "left_out": {"notes": themes.left_out.loc[~aside, "note"].tolist()},
        "aside": {"notes": themes.left_out.loc[aside, "note"].tolist()},
    }


SECTIONS: dict[str, Callable[..., dict[str, Any]]] = {
    "overview": _overview,
    "learned": _learned,
    "this_week": _this_week,
    "themes": _themes,
    "who_raised_what": _who_raised_what,
    "hypotheses": _hypotheses,
    "who_we_talked_to": _who_we_talked_to,
    "limits": _limits,
    "quotes": _quotes,
}


def _statements(themes: Themes, theme: str) -> list[dict[str, str]]:
    """The words that could stand for a theme, best first; one a note."""
    first: dict[str, str] = {}
    for statement in themes.statements[theme]:
        first.setdefault(statement.note, statement.text)
    return [{"note": note, "statement": text} for note, text in list(first.items())[:N_STATEMENTS]]


def _quotable(themes: Themes, ids: Iterable[str], most: int, *, each: bool = False) -> list[str]:
    """The first ids whose customers agreed to be quoted; what is too short or long for a card is last.

    One a customer, so that nobody is louder than the others, unless `each` note is asked for.
    """
    rows = themes.notes.set_index("note").loc[list(ids)]
    rows = rows[rows["consent"].isin(["quote", "named"])]
    unfit = [len(read_words(text)) < 2 or len(text.split()) > 45 for text in rows["text"]]
    rows = rows.assign(unfit=unfit).sort_values("unfit", kind="stable")
    return (rows if each else rows[~rows["customer"].duplicated()]).index[:most].tolist()


def _customers_of(themes: Themes, ids: Iterable[str]) -> list[str]:
    return themes.notes.set_index("note").loc[list(ids), "customer"].astype(str).tolist()


def _only_against(themes: Themes, theme: str) -> set[str]:
    """Customers in a theme of whom every note in it may say the opposite."""
    return set(_customers_of(themes, find_against(themes, theme))) - set(
        _customers_of(themes, pick_evidence(themes, theme))
    )


def _segment_sizes(study: Study) -> dict[str, int]:
    """Counted customers with calls, by segment; empty where no segment is known."""
    counted = study.customers[(study.customers["n_calls"] > 0) & (study.customers["excluded"] == "")]
    sizes = counted["segment"].value_counts().sort_index()
    return {segment or "no segment": int(n) for segment, n in sizes.items()} if any(sizes.index) else {}


def _count(n: int, one: str) -> str:
    return f"{n} {one}" if n == 1 else f"{n} {one}s"


def _day(date: Any) -> str:
    return "" if pd.isna(date) else f"{date:%Y-%m-%d}"


def _span(dates: pd.Series) -> str:
    if dates.empty:
        return ""
    first, last = dates.min(), dates.max()
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"
