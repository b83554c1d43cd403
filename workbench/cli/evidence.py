"""The command ``workbench evidence``: how far themes and hypotheses can be relied on, and who to talk to next."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from workbench.cli.output import count, print_json, say, say_if_none, say_problems
from workbench.cli.themes import theme_named
from workbench.cli.workspace import find_hypotheses, named_workspace
from workbench.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.evidence import Candidate, Evidence
    from workbench.records import Hypothesis
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["add_commands"]

WIDTH = 100
# So many rows of who to talk to next, candidates, and names are shown.
N_NEXT, N_AGAINST, N_QUIET, N_NAMES = 3, 10, 3, 4
# So many of a hypothesis's letters stand behind its id, and so many names are offered for one that is not there.
N_WORDS, N_NEAR = 44, 3
BROAD = "These are the themes as found now: broad ones are heard sooner than fine ones, and none is understood by being counted."


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("evidence", _evidence, "say how far themes and hypotheses can be relied on, and who to talk to next")
    sub.add_argument(
        "of",
        metavar="THEME|H-ID",
        nargs="?",
        help="one theme or hypothesis: by segment, by week, what speaks against it",
    )
    sub.add_argument("--today", metavar="DAY", help="the day on which you look (2026-11-17); default: today")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")
    sub.epilog = (
        "Only distinct customers count, never mentions; your own takes and customers who are left out do not. A theme is "
        "supported by three customers in two segments, emerging with two customers, single with one."
    )


def _evidence(options: argparse.Namespace) -> None:
    from workbench.records.typed import is_day

    today = options.today or date.today().isoformat()
    if not is_day(today):
        raise InputError(f"--today “{today}” is no day; write it as year, month, day, such as 2026-11-17")
    from workbench.evidence import count_firm

    study, listed, hypotheses = find_hypotheses(named_workspace(options))
    # As the report counts, so that both say the same of a theme.
    themes = count_firm(listed)
    n_loose = int(listed.summary["n_notes"].sum() - themes.summary["n_notes"].sum())
    as_json = options.format == "json"
    if options.of:
        hypothesis = _hypothesis_named(hypotheses, options.of)
        # By the number under which it was listed.
        theme = "" if hypothesis else theme_named(study, listed, options.of)
        if theme and theme not in set(themes.summary["theme"]):
            near = _nearest(options.of, hypotheses, themes)
            raise InputError(
                f"no theme or hypothesis “{options.of}”; {near}workbench themes lists the one, workbench hypotheses the other"
            )
        _print_one(study, themes, hypothesis or theme, today, as_json=as_json)
    else:
        _print_all(study, themes, hypotheses, as_json=as_json)
    if n_loose and not as_json:
        notes = (
            "note that only just belongs to its theme is"
            if n_loose == 1
            else "notes that only just belong to their theme are"
        )
        say(f"{n_loose} {notes} not counted here, nor in a report; workbench themes lists all.")
    say_if_none(study.notes)
    say_problems(study.problems, brief=True)


def _print_all(study: Study, themes: Themes, hypotheses: list[Hypothesis], *, as_json: bool) -> None:
    from workbench.evidence import (
        describe_expected,
        evidence_table,
        expect_new_themes,
        measure_saturation,
        next_calls,
    )
    from workbench.evidence.expected import few

    table, saturation, expected = evidence_table(themes), measure_saturation(themes), expect_new_themes(themes)
    tags = measure_saturation(themes, codes="tags")
    calls = next_calls(themes, hypotheses, customers=study.customers)
    if as_json:
        print_json(
            {
                "themes": table,
                "saturation": {"words": str(saturation), "runs": saturation.runs, "reached": saturation.reached},
                "tags": {"words": str(tags), "runs": tags.runs, "reached": tags.reached},
                "expected": expected,
                "next": calls,
            }
        )
        return
    if not len(study.notes):
        return
    said = {h.id: _begin(h.change or h.claim) for h in hypotheses}
    _print_first(table, calls, said)
    _print_table(themes, table)
    print()
    # The word is from the literature; what it asks is what a PM asks.
    asked = str(saturation).replace("Code saturation: ", "Code saturation (do new calls still bring new themes?): ", 1)
    _wrap(f"{asked} {BROAD if len(table) else ''}")
    if tags.n_themes:
        _wrap(f"Of your tags: {str(tags).removeprefix('Code saturation: ')}")
    _wrap(describe_expected(expected))
    parts = [
        f"{row.segment} {few(row.expected).replace('no', 'none')}, at most {few(row.high)}"
        for row in expected[1:].itertuples()
        if row.n_customers > 1
    ]
    if len(expected) > 2 and parts:
        _wrap(f"By segment: {'; '.join(parts)}.")
    if len(calls):
        print("\nWho to talk to next:")
        for row in calls.head(N_NEXT).itertuples(index=False):
            _wrap(f"{row.segment}{_on(row.hypothesis, said)}: {row.reason}", "  ")


def _print_first(table: pd.DataFrame, calls: pd.DataFrame, said: dict[str, str]) -> None:
    """What to do, in plain words, before what it rests on."""
    from workbench.evidence.counts import NO_SEGMENT
    from workbench.themes.ledger import shorten_themes

    if len(table):
        short = shorten_themes(table["theme"])
        rows = list(table.itertuples(index=False))
        # A theme that could only change places with the next one is no weaker for it.
        hangs = [row for row in rows if row.n_customers == 1 or "strength" in row.fragile_in]
        firm = [row for row in rows if row.n_customers > 1 and "strength" not in row.fragile_in]
        holds = [short[row.theme] for row in firm if row.strength == "supported"]
        # Three customers or more who are not supported are of one segment, or of none that is written.
        narrow = [short[row.theme] for row in firm if row.strength != "supported"]
        if holds:
            _wrap(f"Themes that hold whichever one customer is left out: {', '.join(holds)}.")
        if narrow:
            written = any(set(row.segments) - {"", NO_SEGMENT} for row in rows)
            but = "were heard in one segment only" if written else "no call says of which segment the customer is"
            _wrap(f"That hold so, but {but}: {', '.join(narrow)}.")
        if hangs:
            named = "; ".join(f"{short[row.theme]} ({_names(row.hangs_on, ' or ')})" for row in hangs)
            _wrap(f"That hang on one customer, so ask others: {named}.")
        if not_yet := [short[row.theme] for row in rows if not row.looked_over]:
            some = f": {', '.join(not_yet)}" if len(not_yet) < len(rows) else ", not one of them"
            _wrap(
                f"Not looked over yet{some}. Their notes are grouped by the words that they share; look through them before you rely "
                "on a count (workbench themes, or the board)."
            )
    for row in calls.head(1).itertuples(index=False):
        segment = "" if row.segment == NO_SEGMENT else row.segment
        name = next(iter((*row.silent, *row.never_called)), "")
        who = (
            f"{name}{f' ({segment})' if segment else ''}"
            if name
            else f"somebody new{f' of {segment}' if segment else ''}"
        )
        why = row.reason.partition("; said nothing clear on it")[0].partition("; no note yet")[0]
        yet = "; said nothing clear on it yet" if row.silent else "; no note yet" if name else ""
        _wrap(f"Next call: {who}{_on(row.hypothesis, said)}: {why}{yet}.")
    print()


def _on(hypothesis: str, said: dict[str, str]) -> str:
    """Which hypothesis a call is about, with its first words: an id says nothing."""
    words = f" (“{said[hypothesis]}”)" if said.get(hypothesis) else ""
    return f", on {hypothesis}{words}" if hypothesis else ""


def _print_table(themes: Themes, table: pd.DataFrame) -> None:
    from workbench.themes.ledger import shorten_themes

    if table.empty:
        print("Not yet a theme: no two notes alike.")
        return
    short = shorten_themes(table["theme"])
    print(f"{'theme':<9}{'customers':<11}{'strength':<11}{'looked over':<13}{'loudest customer':<34}trend")
    for row in table.itertuples(index=False):
        loudest = f"{_cut(row.loudest, 16)}, {row.loudest_notes} of {count(row.n_notes, 'note')}"
        n = f"{row.n_customers} of {row.n_customers_total}"
        print(
            f"{short[row.theme]:<9}{n:<11}{row.strength:<11}{'yes' if row.looked_over else 'no':<13}{loudest:<34}{row.trend}"
        )
        _wrap(_cut(row.name or row.claim, 2 * WIDTH), " " * 9)
        if row.why:
            _wrap(_shorten(row.why, short), " " * 9)


def _print_one(study: Study, themes: Themes, of: Hypothesis | str, today: str, *, as_json: bool) -> None:
    from workbench.evidence import count_people, find_fragile, leave_each_out, rank_against
    from workbench.themes.ledger import shorten_themes

    hypothesis, theme = (None, of) if isinstance(of, str) else (of, "")
    evidence, without, candidates = (
        count_people(themes, of),
        leave_each_out(themes, of),
        rank_against(themes, of, n=None),
    )
    fragile = find_fragile(themes).set_index("theme")["why"].get(theme, "")
    places = _places(study, [candidate.note for candidate in candidates])
    if as_json:
        against = [
            {**candidate._asdict(), **place, "signs": [sign._asdict() for sign in candidate.signs]}
            for candidate, place in zip(candidates, places, strict=True)
        ]
        print_json({"of": hypothesis.id if hypothesis else theme, **evidence.to_dict(), "fragile": fragile,
                    "without": without, "candidates_against": against})  # fmt: skip
        return
    if hypothesis:
        _wrap(f"{hypothesis.id}: {hypothesis.statement}")
    else:
        row = themes.summary.set_index("theme").loc[theme]
        _wrap(f"{theme}: {row['name'] or row['claim']}")
    _print_counts(evidence)
    _print_without(without, _shorten(fragile, shorten_themes(themes.summary["theme"])), evidence)
    _print_against(candidates, places, hypothesis, today)


def _print_counts(evidence: Evidence) -> None:
    words = "no evidence" if evidence.strength == "none" else evidence.strength
    print(
        f"\n{evidence.n_customers} of {evidence.n_customers_total} customers, {words}; {count(evidence.n_notes, 'note')}"
    )
    if evidence.n_uncounted:
        print(
            f"{count(evidence.n_uncounted, 'note')} named there {'does' if evidence.n_uncounted == 1 else 'do'} not count."
        )
    if evidence.loudest:
        loudest = evidence.loudest
        print(
            f"loudest: {loudest.customer}, {loudest.n_notes} of {count(evidence.n_notes, 'note')} ({_percent(loudest.share)})"
        )
    _wrap(
        "by segment: "
        + ", ".join(f"{part.segment} {part.n_customers} of {part.n_customers_total}" for part in evidence.segments)
    )
    if evidence.weeks:
        weeks = ", ".join(f"{part.week} {part.n_customers} of {part.n_customers_total}" for part in evidence.weeks)
        _wrap(
            f"by week, of those heard in it: {weeks}"
            + (f"; {evidence.n_undated} undated" if evidence.n_undated else "")
        )


def _print_without(without: pd.DataFrame, why: str, evidence: Evidence) -> None:
    """What leaving each out does; those without whom nothing changes in one line."""
    if not evidence.n_customers:
        return
    print("\nLeaving one out:")
    for kind in ("customer", "segment"):
        rows = without[without["kind"] == kind]
        effects: dict[str, list[str]] = {}
        for row in rows[rows["weaker"]].itertuples(index=False):
            left = f"{row.strength}, {count(row.n_customers, 'customer')} left" if row.n_customers else "nothing left"
            effects.setdefault(left, []).append(row.left_out)
        for left, names in effects.items():
            _wrap(f"without {_names(names, ' or ')}: {left}", "  ")
        if len(rows) and not effects:
            _wrap(f"without any one {kind} it stays {evidence.strength}", "  ")
    for part in why.split("; "):
        if part.startswith("would fall behind"):
            _wrap(part, "  ")


def _print_against(
    candidates: Sequence[Candidate], places: list[dict[str, Any]], hypothesis: Hypothesis | None, today: str
) -> None:
    known = set(hypothesis.against) if hypothesis and hypothesis.status != "draft" else set()
    said = [pair for pair in zip(candidates, places, strict=True) if not _is_quiet(pair[0])]
    quiet = [pair for pair in zip(candidates, places, strict=True) if _is_quiet(pair[0])]
    if said:
        print("\nMay say the opposite, the likeliest first; you decide:")
    else:
        print("\nLooked for notes that say the opposite: none found.")
    for pairs, most in ((said, N_AGAINST), (quiet, N_QUIET)):
        if pairs is quiet and quiet:
            print("Speak of it and tell of no trouble, nor does anything else that these customers said of it:")
        for candidate, place in pairs[:most]:
            mark = " (you put it against already)" if candidate.note in known else ""
            _wrap(f"{place['file']}:{place['line']}: {candidate.customer}: {candidate.text}{mark}", "  ")
            if pairs is said:
                _wrap(_reason(candidate), "      ")
        if len(pairs) > most:
            print(f"  and {len(pairs) - most} more; --format json names all of them")
    if hypothesis and hypothesis.file:
        looked = hypothesis.looked_for_against
        say(
            f"You looked for evidence against it on {looked}."
            if looked
            else f"Once you have looked through them, write the day into {hypothesis.file}:  looked_for_against: {today}"
        )


def _is_quiet(candidate: Candidate) -> bool:
    return all(sign.rule.startswith("quiet") for sign in candidate.signs)


def _reason(candidate: Candidate) -> str:
    """The words that made a note a candidate, by what they say."""
    parts = []
    for way, says in (("well", "went well"), ("badly", "did not go well"), ("denies", "is denied")):
        words = [f"“{sign.words}”" for sign in candidate.signs if sign.rule.startswith(way)]
        if words:
            parts.append(f"{says}: {', '.join(words[:N_NAMES])}")
    return "; ".join(parts)


def _hypothesis_named(hypotheses: list[Hypothesis], word: str) -> Hypothesis | None:
    """A hypothesis by its id or the beginning of it."""
    if not re.fullmatch(r"(?:H-|draft-)\S+", word):
        return None
    found = [one for one in hypotheses if one.id == word] or [one for one in hypotheses if one.id.startswith(word)]
    if len(found) > 1:
        raise InputError(f"“{word}” could be {', '.join(one.id for one in found)}; name one by its whole id")
    if not found:
        raise InputError(f"no hypothesis “{word}”; {_nearest(word, hypotheses)}workbench hypotheses lists them")
    return found[0]


def _nearest(word: str, hypotheses: list[Hypothesis], themes: Themes | None = None) -> str:
    """The themes and hypotheses whose id, name or words are nearest to what was typed."""
    from rapidfuzz import process

    from workbench.themes.ledger import shorten_themes

    named = [(h.id, h.change or h.claim) for h in hypotheses]
    if themes is not None:
        summary = themes.summary
        short = shorten_themes(summary["theme"])
        rows = zip(summary["theme"], summary["name"], summary["claim"], strict=True)
        named = [*((short[theme], name or claim) for theme, name, claim in rows), *named]
    said = [f"{id_} {words}".casefold() for id_, words in named]
    near = [named[place] for _, _, place in process.extract(word.casefold(), said, limit=N_NEAR)]
    listed = ", ".join(f"{id_} “{_begin(words)}”" if words else id_ for id_, words in near)
    return f"the nearest are {listed}; " if listed else ""


def _places(study: Study, notes: list[str]) -> list[dict[str, Any]]:
    """Where notes stand."""
    where = study.notes.set_index("note")[["file", "line"]]
    return [{"file": str(where.at[note, "file"]), "line": int(where.at[note, "line"])} for note in notes]


def _wrap(text: str, indent: str = "") -> None:
    """Print a text in lines that fit, further lines further in; a file and line stay whole."""
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  " if indent else "",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    print("\n".join(lines))


def _cut(text: str, n: int) -> str:
    return text if len(text) <= n else f"{text[: n - 1].rstrip()}…"


def _begin(text: str) -> str:
    """The first words of a text."""
    return textwrap.shorten(text, N_WORDS, placeholder="…")


def _names(names: Sequence[str], joint: str) -> str:
    if len(names) > N_NAMES:
        return f"{', '.join(names[:N_NAMES])}{joint}any of {len(names) - N_NAMES} more"
    return ", ".join(names[:-1]) + (joint if names[1:] else "") + names[-1]


def _shorten(text: str, short: dict[str, str]) -> str:
    """The ids of lasting themes as they are printed."""
    return re.sub(r"\bT-[\w-]+", lambda match: short.get(match[0], match[0]), text)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
