"""Claims about the calls: who came up with what in which week, whether that was enough, and who was not asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.evidence import Saturation, count_trends, expect_new_themes, measure_saturation, next_calls
from workbench.evidence.counts import heard
from workbench.notes import UNREVIEWED
from workbench.records.typed import week_of
from workbench.report.cite import Refs, Voices, call_theme, make_count, segment_sizes, spell_day, statements

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_heard_enough", "describe_trends", "describe_week_by_week", "describe_who"]

# So many columns can be read beside each other; of a longer study the latest weeks are shown.
MOST_WEEKS = 12
MOST_NEXT = 6
# Of more calls the curve shows the first: new topics come early. Of more customers nobody reads a list.
MOST_POINTS, MOST_LISTED, MOST_NAMES = 500, 1000, 20
# Of so few calls a topic may well stand in all.
FEW_CALLS = 6
# A change that the numbers behind it are shown for.
CHANGES = ("rising", "falling", "new", "quiet")


def describe_trends(study: Study, themes: Themes, refs: Refs) -> dict[str, dict[str, Any]]:
    """Of each theme whether it is raised more often of late; with who raised it before and since, where it changed.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    refs : Refs
        What notes and calls are called outside.

    Returns
    -------
    dict of str to dict
        By theme: ``word`` (one of :func:`~workbench.evidence.count_trends`), ``since`` (a day) and ``counts``,
        ``earlier`` and ``later``; empty where nothing changed.
    """
    notes, counted = themes.notes, study.calls["counted"]
    found = {}
    for row in count_trends(themes).itertuples(index=False):
        counts = {}
        if row.trend in CHANGES:
            for half, n, of in (("earlier", row.earlier, row.earlier_total), ("later", row.later, row.later_total)):
                here = notes["date"] < row.since if half == "earlier" else notes["date"] >= row.since
                calls = study.calls["date"] < row.since if half == "earlier" else study.calls["date"] >= row.since
                counts[half] = make_count(
                    f"themes/{row.theme}/{half}", "customers", n,
                    refs.notes(notes.loc[here & (notes["theme"] == row.theme), "note"]),
                    of=of, among=refs.calls(counted & calls),
                )  # fmt: skip
        found[row.theme] = {"word": row.trend, "since": spell_day(row.since), "counts": counts}
    return found


def describe_week_by_week(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """Distinct customers who raised each theme in each week with calls.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Not used.

    Returns
    -------
    dict
        ``weeks`` (the latest, with customers heard), ``themes`` (with a number a week, and the trend), ``n_earlier``
        weeks that are not shown, ``n_undated`` calls.
    """
    calls = study.calls[study.calls["counted"]]
    refs, trends = Refs.of(study), describe_trends(study, themes, Refs.of(study))
    dated = calls.dropna(subset=["date"])
    weeks_of = {day: week_of(day) for day in dated["date"].unique()}
    of_call = dated["date"].map(weeks_of)
    weeks = sorted(set(weeks_of.values()))
    shown = weeks[-MOST_WEEKS:]
    n_undated = len(calls) - len(dated)
    notes = themes.notes[["note", "theme"]].assign(
        customer=themes.notes["customer"].astype(str), week=themes.notes["date"].map(weeks_of)
    )
    notes = notes[(notes["theme"] != "") & notes["week"].isin(shown)]
    cells = dict(iter(notes.groupby(["theme", "week"])))

    def count_cell(theme: str, week: str) -> dict[str, Any]:
        behind = cells.get((theme, week))
        ids = [] if behind is None else behind["note"]
        n = 0 if behind is None else behind["customer"].nunique()
        return make_count(f"themes/{theme}/{week}", "customers", n, refs.notes(ids))

    def count_week(week: str) -> dict[str, Any]:
        here = dated[of_call == week]
        among = refs.calls(study.calls.index.isin(here.index))
        return {
            "week": week,
            "n": here["customer"].nunique(),
            "counts": {"customers": make_count(f"weeks/{week}/customers", "customers", here["customer"].nunique(), among)},
        }  # fmt: skip

    return {
        "weeks": [count_week(week) for week in shown],
        "themes": [
            {
                **call_theme(themes, row.theme),
                "claims": statements(themes, row.theme),
                "terms": list(row.terms),
                "weeks": [{"n": (count := count_cell(row.theme, week))["n"], "count": count} for week in shown],
                "trend": trends[row.theme],
            }
            for row in themes.summary.itertuples(index=False)
        ],
        "n_earlier": len(weeks) - len(shown),
        "n_undated": n_undated,
        "counts": {
            "earlier": make_count("weeks/not-shown", "stated", len(weeks) - len(shown)),
            "undated": make_count("study/undated", "calls", n_undated, refs.calls(study.calls["counted"] & study.calls["date"].isna())),
        },
    }  # fmt: skip


def describe_heard_enough(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """How many new topics the calls still brought, and who to talk to next.

    Topics are the PM's tags where most calls have some: they are finer than themes, and were given call by call.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts, for who to talk to next.

    Returns
    -------
    dict
        ``codes``, ``curve`` (a row a call), ``base``, ``run``, ``reached`` and the rest of
        :class:`~workbench.evidence.Saturation`; ``next``, a row a call to make.
    """
    n_calls = int(study.calls["counted"].sum())
    codes = "tags" if n_calls and 2 * _count_with_topics(themes.notes) >= n_calls else "themes"
    found = measure_saturation(themes, codes=codes)
    expected = expect_new_themes(themes, codes=codes)
    everyone = expected.iloc[0] if len(expected) else None
    return {
        "codes": codes,
        **_describe_saturation(themes, found),
        "expected": "" if everyone is None or pd.isna(everyone["expected"]) else f"{everyone['expected']:.1f}",
        "at_most": "" if everyone is None or pd.isna(everyone["high"]) else f"{everyone['high']:.1f}",
        "next": _describe_next(study, themes, hypotheses),
    }


def _count_with_topics(notes: pd.DataFrame) -> int:
    """How many calls have a tag that may be a topic; what nearly all have, such as a survey's question, tells none apart."""
    if "tags" not in notes:
        return 0
    call = ["call", "customer", "date"]
    tags = notes[[*call, "tags"]].explode("tags").dropna(subset=["tags"]).drop_duplicates()
    tags = tags[tags["tags"] != UNREVIEWED]
    n_tagged, n_with = len(tags[call].drop_duplicates()), tags["tags"].value_counts()
    everywhere = n_with.index[3 * n_with >= 2 * n_tagged] if n_tagged >= FEW_CALLS else ()
    return len(tags.loc[~tags["tags"].isin(everywhere), call].drop_duplicates())


def _describe_saturation(themes: Themes, found: Saturation) -> dict[str, Any]:
    everyone = heard(themes)
    shown = found.curve.head(MOST_POINTS)
    calls = everyone[everyone["call"].isin(shown["unit"])].drop_duplicates("call")
    customer_of = dict(zip(calls["call"], calls["customer"], strict=True))
    none_new = found.reached.iloc[-1]
    reached = None if pd.isna(none_new["n"]) else int(none_new["n"])
    latest = found.curve["new"].iloc[-3:]
    numbers = {
        "calls": found.n_units, "codes": found.n_themes, "base_codes": found.base_themes, "latest_new": int(latest.sum()),
        "reached": reached or 0,
    }  # fmt: skip
    return {
        "base": found.base,
        "run": found.run,
        "n_calls": found.n_units,
        "n_codes": found.n_themes,
        "n_base": found.base_themes,
        "n_latest": len(latest),
        "latest_new": int(latest.sum()),
        "reached": reached,
        "in_all_orders": bool(none_new["share_of_orders"] == 1),
        "orders": [] if pd.isna(none_new["median"]) else [f"{none_new[name]:,.0f}" for name in ("median", "low", "high")],
        "counts": {name: make_count(f"saturation/{name.replace('_', '-')}", "stated", n) for name, n in numbers.items()},
        "curve": [
            {
                "customer": customer_of[row.unit],
                "day": spell_day(row.date),
                "new": int(row.new),
                "heard": int(row.heard),
                "low": round(float(row.low), 2),
                "high": round(float(row.high), 2),
                "counts": {
                    name: make_count(f"saturation/call-{row.n}/{name}", "stated", getattr(row, name))
                    for name in ("new", "heard")
                },
            }
            for row in shown.itertuples(index=False)
        ],
    }  # fmt: skip


def _describe_next(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> list[dict[str, Any]]:
    """The calls that would tell most, the first of each segment and hypothesis."""
    refs, voices = Refs.of(study), Voices.of(themes)
    segment_of = dict(zip(study.customers["customer"], study.customers["segment"], strict=True))
    by_id = {h.id: h for h in hypotheses}
    rows = []
    found = next_calls(themes, hypotheses, customers=study.customers)
    # Where everyone known has spoken to it, another call of this kind is none that is missing.
    asked = (
        (found["hypothesis"] != "")
        & (found["n_heard"] > 0)
        & ~found["silent"].map(bool)
        & ~found["never_called"].map(bool)
    )
    for i, row in enumerate(found[~asked].head(MOST_NEXT).itertuples(index=False), 1):
        here = {c for c, segment in segment_of.items() if (segment or "no segment") == row.segment}
        among = refs.calls(study.calls["counted"] & study.calls["customer"].isin(here))
        name, h = f"next/{i}", by_id.get(row.hypothesis)

        def behind(ids: Sequence[str], here: set[str] = here) -> list[str]:
            return refs.notes([note for note in voices.known(ids) if voices.customer(note) in here])

        rows.append(
            {
                "segment": row.segment,
                "hypothesis": row.hypothesis,
                "n_for": row.n_for,
                "n_against": row.n_against,
                "n_heard": row.n_heard,
                "n_never": len(row.never_called),
                "n_silent": len(row.silent),
                "never": {"customers": list(row.never_called[:MOST_NAMES])},
                "silent": {"customers": list(row.silent[:MOST_NAMES])},
                "expected": "" if pd.isna(row.expected) else f"{row.expected:.1f}",
                "at_most": "" if pd.isna(row.high) else f"{row.high:.1f}",
                "counts": {
                    "for": make_count(f"{name}/for", "customers", row.n_for, behind(h.evidence if h else ()), of=row.n_heard, among=among),
                    "against": make_count(f"{name}/against", "customers", row.n_against, behind(h.against if h else ())),
                    "heard": make_count(f"{name}/heard", "customers", row.n_heard, among),
                    "never": make_count(f"{name}/never", "stated", len(row.never_called)),
                    "silent": make_count(f"{name}/silent", "stated", len(row.silent)),
                },
            }
        )  # fmt: skip
    return rows


def describe_who(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """Who was talked to, by segment, and who was not.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        Not used.
    hypotheses : sequence of Hypothesis
        Not used.

    Returns
    -------
    dict
        ``customers``, ``segments`` (with those of the registry who were never called, and whom the quarter leaves out),
        ``apart`` (who does not count, by reason).
    """
    refs, everyone = Refs.of(study), study.customers
    counted = everyone[(everyone["n_calls"] > 0) & (everyone["excluded"] == "")].sort_values(["segment", "customer"])
    out = everyone.loc[(everyone["n_calls"] > 0) & (everyone["excluded"] != ""), "excluded"]
    never = everyone[(everyone["n_calls"] == 0) & (everyone["excluded"] == "") & (everyone["consent"] != "none")]
    apart = {reason: int((out == reason).sum()) for reason in sorted(set(out))}
    sizes, leaves_out = segment_sizes(study), {s.name: s.leaves_out for s in study.quarter.segments}
    # A segment that nobody is in is told apart from one without customers in the registry: both were not heard.
    names = list(dict.fromkeys([*sizes, *leaves_out, *(s for s in sorted(set(never["segment"])) if s)]))
    segments = []
    for i, segment in enumerate(names if sizes or leaves_out else [], 1):
        missing = never.loc[never["segment"].replace("", "no segment") == segment, "customer"]
        calls = refs.calls(study.calls["counted"] & (study.calls["segment"].replace("", "no segment") == segment))
        segments.append(
            {
                "segment": segment,
                "n": sizes.get(segment, 0),
                "n_never": len(missing),
                "never": {"customers": missing.tolist() if len(missing) <= MOST_LISTED else []},
                "leaves_out": leaves_out.get(segment, ""),
                "counts": {
                    "customers": make_count(f"study/segment-{i}", "customers", sizes.get(segment, 0), calls),
                    "never": make_count(f"study/segment-{i}-never", "stated", len(missing)),
                },
            }
        )
    return {
        "customers": counted["customer"].tolist() if len(counted) <= MOST_LISTED else [],
        **({"n_unlisted": len(counted)} if len(counted) > MOST_LISTED else {}),
        "apart": [
            {"reason": reason, "n": n, "count": make_count(f"study/apart-{i}", "stated", n)}
            for i, (reason, n) in enumerate(apart.items(), 1)
        ],
        "never": len(never),
        "segments": segments,
    }
