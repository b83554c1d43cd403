"""Claims of a Thursday: what changed since, and what sales and customer success can be told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from workbench.customers import count_customers, is_evidence
from workbench.records.typed import is_nothing
from workbench.report.cite import (
    Refs,
    ThemeCounts,
    Voices,
    call_theme,
    make_count,
    segment_sizes,
    spell_day,
    statements,
)
from workbench.report.record_cards import describe_bets, describe_hypotheses
from workbench.report.replay import find_weakened
from workbench.report.telling import sort_hypotheses
from workbench.rituals.backlog import support_of
from workbench.rituals.delta import Delta, RecordChange, find_delta
from workbench.rituals.enablement import FIELDS, find_enablement
from workbench.rituals.readout import Line, Sources

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.rituals import Moment
    from workbench.rituals.backlog import Support
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Before", "count_support", "describe_delta", "describe_enablement", "describe_line", "tell_late"]

CHANGES = ("born", "split", "merged", "grew", "shrank", "renamed", "faded", "changed")
N_QUOTES = 5
N_OF_A_RECORD = 2
N_TO_PITCH = 3
# What failed longer ago nobody asks for any more.
N_FAILED = 5
# What stands behind a record is counted under the same name wherever it stands.
_BEHIND = {"hypothesis": ("hypotheses", "customers"), "decision": ("decisions", "behind"), "bet": ("bets", "customers")}


class Before:
    """What was known then, so that a number of then can be derived from the calls there were.

    Parameters
    ----------
    study : Study
        The present one.
    moment : Moment
        Its :meth:`look_back` says what was known then.
    """

    def __init__(self, study: Study, moment: Moment) -> None:
        looked = moment.look_back()
        self.study, self.themes = looked or (None, None)
        self._refs = Refs.of(study)
        notes = study.notes[is_evidence(study.notes)]
        self._customer = dict(zip(notes["note"], notes["customer"].astype(str), strict=True))
        known = set(self.study.calls["call"]) if self.study else set()
        self._calls = self._refs.calls(study.calls["call"].isin(known) & study.calls["counted"])
        self._total = count_customers(self.study.notes) if self.study else 0
        kept = set(study.calls.loc[study.calls["call"].isin(known) & study.calls["counted"], "customer"])
        self._same_total = len(kept) == self._total

    def count(self, claim: str, n: int, notes: Iterable[str]) -> dict[str, Any]:
        """Customers of some notes of then; only stated where a note or a customer is not there any more."""
        ids = list(notes)
        if self._same_total and all(id_ in self._customer for id_ in ids):
            if len({self._customer[id_] for id_ in ids}) == n:
                return make_count(claim, "customers", n, self._refs.notes(ids), of=self._total, among=self._calls)
        return make_count(claim, "stated", n, of=self._total)


def count_support(refs: Refs, before: Before, kind: str, id: str, then: Support, now: Support) -> dict[str, Any]:
    """Who stands behind a record and against it, then and now.

    Parameters
    ----------
    refs : Refs
        Of the present study.
    before : Before
        What was known then.
    kind : str
        ``hypothesis``, ``decision`` or ``bet``.
    id : str
        The record's.
    then, now : Support
        Who stood behind it, and who does.

    Returns
    -------
    dict
        ``then``, ``now``, ``against_then`` and ``against``, each a count of customers.
    """
    folder, name = _BEHIND[kind]
    return {
        "then": before.count(f"{folder}/{id}/until-then", then.n, then.notes),
        "now": make_count(f"{folder}/{id}/{name}", "customers", now.n, refs.notes(now.notes), of=now.of),
        "against_then": before.count(f"{folder}/{id}/against-then", then.n_against, then.against),
        "against": make_count(f"{folder}/{id}/against-customers", "customers", now.n_against, refs.notes(now.against), of=now.of),
    }  # fmt: skip


def describe_delta(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, Any]:
    """What changed since: calls, notes, themes and records.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Not used: a draft is made anew each time.
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``calls``, ``notes`` (new words, one a customer), ``reworded``, ``gone``, ``themes`` by what became of them, ``records`` by
        kind, ``weakened`` (decisions that stand on less); ``empty``, whether all is as it was.
    """
    delta, refs, voices, before = (
        find_delta(study, themes, moment),
        Refs.of(study),
        Voices.of(themes),
        Before(study, moment),
    )
    weak = find_weakened(before.study, study) if before.study else []
    records = [_describe_change(one, refs, before, voices) for one in delta.records]
    kinds = {"hypotheses": "hypothesis", "decisions": "decision", "bets": "bet"}
    return {
        "since": moment.since,
        "day": moment.today,
        **tell_late(moment),
        "known": delta.known,
        "empty": delta.is_empty and not weak,
        "calls": _describe_calls(study, delta, refs),
        "notes": voices.pick(_quotes_first(themes, delta), N_QUOTES),
        "reworded": [
            {"note": note, "was": [{"note": note, "statement": text}]} for text, note in delta.reworded if voices.known([note])
        ],
        "gone": [{"customer": who} for who in dict.fromkeys(delta.gone) if who in set(study.customers["customer"])],
        "themes": _describe_themes(study, themes, before, delta),
        "records": {name: [row for row in records if row["kind"] == kind] for name, kind in kinds.items()},
        "weakened": [
            {
                "id": one.id,
                "question": one.title or one.chosen,
                "reasons": list(one.reasons),
                "counts": {
                    "then": make_count(f"decisions/{one.id}/stood-on", "stated", one.then[0], of=one.then[1]),
                    "now": make_count(f"decisions/{one.id}/stands-on", "stated", one.now[0], of=one.now[1]),
                },
            }
            for one in weak
        ],
        "counts": {
            "calls": make_count("delta/calls", "calls", len(delta.calls), refs.calls(study.calls["call"].isin(delta.calls))),
            "customers": make_count("delta/customers", "customers", len(delta.customers), refs.calls(study.calls["call"].isin(delta.calls))),
            "first": make_count("delta/first-heard", "stated", len(delta.first_heard)),
            "added": make_count("delta/notes", "notes", len(delta.added), refs.notes(delta.added)),
            "reworded": make_count("delta/reworded", "notes", len(delta.reworded), refs.notes([note for _, note in delta.reworded])),
            "gone": make_count("delta/gone", "stated", len(delta.gone)),
        },
    }  # fmt: skip


def _describe_calls(study: Study, delta: Delta, refs: Refs) -> list[dict[str, Any]]:
    first, added = set(delta.first_heard), {note.partition("#")[0] for note in delta.added}
    rows = study.calls[study.calls["call"].isin(delta.calls)].sort_values(["date", "call"])
    notes = {
        call: [note for note in delta.added if note.partition("#")[0] == call] for call in rows["call"] if call in added
    }
    return [
        {
            "customer": row.customer,
            "segment": row.segment,
            "day": spell_day(row.date),
            "is_first": row.customer in first,
            "counts": {"notes": make_count(f"calls/{refs.call(row.call)}/added", "notes", len(notes.get(row.call, ())), refs.notes(notes.get(row.call, ())))},
        }
        for row in rows.itertuples(index=False)
    ]  # fmt: skip


def _quotes_first(themes: Themes, delta: Delta) -> list[str]:
    """New notes: what was said before what was seen, those in a theme before those in none, the most typical first."""
    notes = themes.notes[themes.notes["note"].isin(delta.added)]
    rows = sorted(
        notes.itertuples(index=False),
        key=lambda row: (str(row.kind) != "quote", row.theme == "", -(row.typicality if row.typicality == row.typicality else 0), row.note),
    )  # fmt: skip
    return [row.note for row in rows]


def _describe_themes(study: Study, themes: Themes, before: Before, delta: Delta) -> dict[str, list[dict[str, Any]]]:
    """By what became of them; one that is gone is called by what of its words is still there."""
    counts_of, rows = ThemeCounts(study, themes), {row.theme: row for row in themes.summary.itertuples(index=False)}
    was = {row.theme: row for row in before.themes.summary.itertuples(index=False)} if before.themes else {}
    there = set(themes.notes["note"])
    found: dict[str, list[dict[str, Any]]] = {change: [] for change in CHANGES}
    for row in delta.themes.to_dict("records"):
        theme, old = row["after"], was.get(row["before"])
        if theme:
            called = call_theme(themes, theme) | {"claims": statements(themes, theme), "terms": list(rows[theme].terms)}
            name = theme
        else:
            claims = [one for one in statements(before.themes, row["before"]) if one["note"] in there]
            called = {"theme": "", "tid": "", "title": old.name, "claims": claims, "terms": list(old.terms) if claims else []}  # fmt: skip
            name = row["before"]
        other = row["with"]
        merged = row["change"] == "merged" and other in rows
        found[row["change"]].append(
            {
                **called,
                "other": _call_other(themes if merged else before.themes, other) if other else {},
                "was": old.name if old is not None and row["change"] == "renamed" else "",
                "notes": list(row["new_notes"]) and Voices.of(themes).pick(row["new_notes"], 1),
                "n_then": row["n_customers_before"],
                "counts": {
                    "then": before.count(f"delta/{name}/{'then' if theme else 'then-gone'}", row["n_customers_before"], old.notes if old is not None else ()),
                    **({"now": counts_of(rows[theme])["customers"]} if theme else {}),
                    "new": make_count(f"delta/{name}/{'new' if theme else 'new-gone'}", "notes", len(row["new_notes"]), Refs.of(study).notes(row["new_notes"])),
                },
            }
        )  # fmt: skip
    return found


def _call_other(themes: Themes, theme: str) -> dict[str, Any]:
    """The theme that another split from or went into; of then it has no id that still means something."""
    there = theme in set(themes.summary["theme"])
    return {**call_theme(themes, theme)} if there else {}


def _describe_change(change: RecordChange, refs: Refs, before: Before, voices: Voices) -> dict[str, Any]:
    gained, opposed = voices.known(change.gained), voices.known(change.opposed)
    fresh = gained if not change.is_new else []
    return {
        "kind": change.kind,
        "id": change.id,
        "question": change.title,
        "was": change.was,
        "status": change.now,
        "result": change.words if change.has_moved else "",
        "notes": voices.pick(fresh, N_OF_A_RECORD),
        "against": {"n": len(opposed), "notes": voices.pick(opposed, N_OF_A_RECORD) if not change.is_new else []},
        "counted": bool(change.then.of or change.after.of) and change.now != "",
        "n_then": change.then.n,
        "n_now": change.after.n,
        "n_against_then": change.then.n_against,
        "n_against": change.after.n_against,
        "n_gained": len(fresh),
        # A bet has no notes of its own.
        "counts": {}
        if change.kind == "bet"
        else count_support(refs, before, change.kind, change.id, change.then, change.after)
        | {"gained": make_count(f"delta/{change.id}/gained", "notes", len(gained), refs.notes(gained))},
    }


def describe_enablement(
    study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment
) -> dict[str, Any]:
    """What sales and customer success can be told: as it is written first, then what the records and the calls say.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts; drafts are told to nobody.
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``written`` by field; ``shipped``, ``running``, ``themes``, ``benefits`` (customers by segment), ``asked`` (who spoke of what is
        there now), ``positioning``, ``pitch`` (words, one a customer), and ``limits``, what not to promise.
    """
    found, refs, voices, before = (
        find_enablement(study, themes, moment),
        Refs.of(study),
        Voices.of(themes),
        Before(study, moment),
    )
    week, sources = moment.record_of(study), Sources(study)
    cards = describe_hypotheses(study, themes, [one for one in hypotheses if one.file])["hypotheses"]
    bets = describe_bets(study, themes, hypotheses)
    rows = {row.theme: row for row in themes.summary.itertuples(index=False)}
    counts_of, grown = ThemeCounts(study, themes), {row["after"]: row for row in found.delta.themes.to_dict("records")}
    old = {row.theme: row.notes for row in before.themes.summary.itertuples(index=False)} if before.themes else {}
    running = {one.id for one in found.running}
    failed = sorted(sort_hypotheses(cards)["failed"], key=lambda card: card["closed"], reverse=True)
    return {
        "since": moment.since,
        **tell_late(moment),
        "written": {
            field: [
                describe_line(study, sources.read(text), refs, voices, f"weeks/{moment.week}/{field.replace('_', '-')}-{i}")
                for i, text in enumerate(getattr(week, field), 1)
                if not is_nothing(text)
            ]
            for field in FIELDS
        },
        "shipped": [bet for bet in bets["bets"] if bet["id"] in {one.id for one in found.shipped}],
        "running": [card for card in cards if card["id"] in running],
        "themes": [
            {
                **call_theme(themes, theme),
                "claims": statements(themes, theme),
                "terms": list(rows[theme].terms),
                "is_new": grown[theme]["change"] == "born",
                "counts": {
                    "now": counts_of(rows[theme])["customers"],
                    "then": before.count(f"delta/{theme}/then", grown[theme]["n_customers_before"], old.get(grown[theme]["before"], ())),
                },
            }
            for theme in found.themes
            if theme in rows
        ],
        "segments": list(segment_sizes(study)),
        "benefits": [
            _describe_benefit(study, one, refs) for one in (*found.shipped, *found.running) if any(a.record == one.id for a in found.asked)
        ],
        "asked": [
            {"customer": one.customer, "record": one.record, "is_test": one.record in running, "notes": voices.pick(voices.known(one.notes), 1)}
            for one in found.asked
        ],
        "positioning": study.quarter.positioning,
        "pitch": {"notes": voices.pick(_said(themes, [note for one in found.asked for note in one.notes]), N_TO_PITCH)},
        "counts": {"earlier": make_count("enablement/failed-earlier", "stated", len(failed[N_FAILED:]))},
        "limits": sort_hypotheses(cards)
        | {
            "failed": failed[:N_FAILED],
            "n_earlier": len(failed[N_FAILED:]),
            "wont_do": [text for text in bets["wont_do"] if text not in week.not_to_promise],
            "guardrails": [{"guardrail": g["guardrail"], "limit": g["limit"], "hypothesis": card["id"]} for card in cards if card["id"] in running for g in card["guardrails"]],
        },
    }  # fmt: skip


def _said(themes: Themes, notes: Iterable[str]) -> list[str]:
    quotes = set(themes.notes.loc[themes.notes["kind"].astype(str) == "quote", "note"])
    return [note for note in notes if note in quotes]


def _describe_benefit(study: Study, record: Any, refs: Refs) -> dict[str, Any]:
    """Of how many customers of each segment it is known that they spoke of it."""
    support = support_of(study, record.id)
    segment = dict(zip(study.notes["note"], study.notes["segment"].astype(str).replace("", "no segment"), strict=True))
    customer = dict(zip(study.notes["note"], study.notes["customer"].astype(str), strict=True))
    of_calls = study.calls["segment"].replace("", "no segment")
    kind = "bet" if hasattr(record, "shipped") else "hypothesis"
    folder, name = _BEHIND[kind]
    counts = []
    for i, (name_of, of) in enumerate(segment_sizes(study).items(), 1):
        notes = [note for note in support.notes if segment[note] == name_of]
        among = refs.calls(study.calls["counted"] & (of_calls == name_of))
        n = len({customer[note] for note in notes})
        counts.append(
            make_count(f"{folder}/{record.id}/segment-{i}", "customers", n, refs.notes(notes), of=of, among=among)
        )
    return {
        "id": record.id,
        "question": getattr(record, "title", "") or getattr(record, "change", "") or "",
        "is_test": kind == "hypothesis",
        "segment": record.segment or "",
        "counts": {
            "all": make_count(f"{folder}/{record.id}/{name}", "customers", support.n, refs.notes(support.notes), of=support.of),
            "segments": counts,
        },
    }  # fmt: skip


def tell_late(moment: Moment) -> dict[str, Any]:
    """As of which day a week is counted, where that is its last or something has come since.

    Parameters
    ----------
    moment : Moment
        The week.

    Returns
    -------
    dict
        ``late``: the ``day``; whether the week ``is_over`` on it; and how many calls, customers and records ``came`` since, for the
        notebook only. Nothing while the week goes on and nothing has come.
    """
    if not moment.is_over and not any(moment.came):
        return {}
    came = dict(zip(("n_calls", "n_customers", "n_records"), moment.came, strict=True))
    return {"late": {"day": moment.today, "is_over": moment.is_over, "came": came}}


def describe_line(study: Study, line: Line, refs: Refs, voices: Voices, claim: str) -> dict[str, Any]:
    """A written line with what it rests on.

    Parameters
    ----------
    study : Study
        The present one.
    line : Line
        As it was read.
    refs, voices : Refs, Voices
        Of the present study.
    claim : str
        What its customers are counted as.

    Returns
    -------
    dict
        ``text``, ``notes`` (those that may be shown), ``records`` with status and result, ``n_gone``, and ``counts``: customers and notes
        that it names.
    """
    hypotheses = {one.id: (one.status, one.result or "", one.change or "") for one in study.hypotheses}
    decisions = {one.id: (one.status, one.chosen, one.title) for one in study.decisions}
    bets = {one.id: (one.status, one.result, one.title) for one in study.bets}
    known = hypotheses | decisions | bets
    blocked = {one.id for one in study.hypotheses if one.breached}
    notes = voices.known(line.notes)
    called = study.calls[study.calls["customer"].isin(line.customers) & study.calls["counted"]]
    only_calls = len(line.customers) > len(voices.customers(notes))
    return {
        "text": line.text,
        "linked": line.is_linked,
        "notes": voices.pick(notes, len(notes), each=True),
        "records": [
            {"id": id_, "status": known[id_][0], "result": known[id_][1], "question": known[id_][2], "blocked": id_ in blocked}
            for id_ in line.records
        ],
        "n_gone": len(line.gone),
        "n_notes": len(notes),
        "counts": {
            "customers": make_count(f"{claim}-customers", "customers", len(line.customers), refs.calls_of(called["customer"]) if only_calls else refs.notes(notes)),
            "unquoted": make_count(f"{claim}-unquoted", "notes", *_unquoted(notes, voices, refs)),
            "gone": make_count(f"{claim}-gone", "stated", len(line.gone)),
        },
    }  # fmt: skip


def _unquoted(notes: Sequence[str], voices: Voices, refs: Refs) -> tuple[int, list[str]]:
    shown = set(voices.pick(notes, len(notes), each=True))
    hidden = [note for note in notes if note not in shown]
    return len(hidden), refs.notes(hidden)
