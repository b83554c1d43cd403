"""The commands on hypotheses: ``workbench hypotheses``, ``workbench size`` and ``workbench priorities``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.output import count, print_json, say, say_if_none, say_problems
from workbench.cli.workspace import find_hypotheses, named_workspace
from workbench.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.hypotheses import Proposal
    from workbench.records import Hypothesis
    from workbench.themes import Themes

__all__ = ["add_commands"]

# So many of the findings are shown for one hypothesis, and then how many more there are.
N_SHOWN = 3
CLOSED = ("supported", "refuted", "dropped")
METHODS = ("rice", "ice", "moscow", "kano")
_TABLES = {
    "rice": "item, reach, impact, confidence, effort",
    "ice": "item, impact, confidence, ease",
    "moscow": "item, priority, and if you like effort and reason",
    "kano": "feature, customer, functional, dysfunctional",
}


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add them to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command(
        "hypotheses", _hypotheses, "list the hypotheses, records first, then drafts: what can be tested and what not"
    )
    sub.add_argument("--propose", action="store_true", help="add what customers' words propose for what is open")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")

    sub = command("size", _size, "say how many customers a test needs, and how long that takes")
    sub.add_argument(
        "hypothesis",
        metavar="H-ID",
        nargs="?",
        help="a record, or the beginning of its id; options go before what it says",
    )
    for option, value, text in (
        ("--baseline", "30%", "where the metric stands now: a share such as 30%%, or a mean such as '12 minutes'"),
        ("--size", "N", "the smallest change worth the work, such as 3"),
        ("--unit", "UNIT", "points, or 'relative %%'; without it both are told"),
        ("--direction", "WAY", "up or down"),
        ("--metric", "TEXT", "what is counted"),
        ("--sd", "N", "for a mean: its standard deviation between customers"),
        ("--traffic", "400/week", "customers who would come into the test"),
        ("--customers", "N", "all whom there are, where no new ones come"),
        ("--start", "DAY", "default: the record's, else today"),
        ("--deadline", "DAY", "the day on which you look"),
        ("--alpha", "0.05", "how often to see a change where there is none"),
        ("--power", "0.8", "how often to see the change where there is one"),
    ):
        sub.add_argument(option, metavar=value, help=text)
    sub.add_argument("--format", choices=["text", "json"], default="text", help="default: text")

    sub = command(
        "priorities",
        _priorities,
        "order what there is to do, and say how much of that order is score theater: exact to look at and made of guesses",
    )
    sub.add_argument(
        "table",
        metavar="FILE",
        nargs="?",
        help="a table as CSV; without it, the records that say reach, impact, effort and confidence",
    )
    sub.add_argument("--method", choices=METHODS, default="rice", help="default: rice")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")


# Listing


def _hypotheses(options: argparse.Namespace) -> None:
    from workbench.hypotheses import check_hypothesis, propose, sample_size, score_confidence

    study, themes, hypotheses = find_hypotheses(named_workspace(options))
    proposals = {h.id: propose(themes, h, study.quarter) if options.propose else [] for h in hypotheses}
    if options.format == "json":
        rows = []
        for h in hypotheses:
            row = h.to_dict() | {
                "findings": [one._asdict() for one in check_hypothesis(h)],
                "sample_size": sample_size(h).to_dict(),
            }
            if options.propose:
                row["proposals"] = [{**one._asdict(), "notes": list(one.notes)} for one in proposals[h.id]]
            rows.append(row)
        print_json(rows)
    else:
        for h in hypotheses:
            _print_hypothesis(h, themes)
            _print_proposals(proposals[h.id])
        if not hypotheses:
            print("No hypothesis yet: one is drafted as soon as two customers raise the same theme.")
        scored = score_confidence(study.hypotheses)
        if len(scored.forecasts):
            print(f"Your confidence: {scored}")
        for sentence in scored.left_out:
            say(sentence)
    say_if_none(study.notes)
    say_problems(study.problems, brief=True)


def _print_hypothesis(h: Hypothesis, themes: Themes) -> None:
    from workbench.hypotheses import check_hypothesis, count_parts, sample_size

    summary = themes.summary
    names = {theme: name for theme, name in zip(summary["theme"], summary["name"], strict=True) if name}
    if h.status in CLOSED:
        _print_closed(h)
        return
    print(f"{h.id} ({h.status}{f', from {names.get(h.theme, h.theme)}' if h.theme else ''})")
    print(f"    {h.statement}")
    print(
        f"    {count(len(h.evidence), 'note')} for, {len(h.against)} perhaps against; open: {', '.join(h.open) or 'nothing'}"
    )
    parts, of = count_parts(h)
    findings = check_hypothesis(h)
    blocking = [one for one in findings if one.blocks]
    print(f"    {'falsifiable' if parts == of else f'not falsifiable yet: {parts} of {of} parts can be tested'}")
    shown = [*blocking, *(one for one in findings if not one.blocks)]
    for finding in shown[:N_SHOWN]:
        print(f"      {finding.what} {finding.todo}")
    if len(shown) > N_SHOWN:
        print(f"      ... and {len(shown) - N_SHOWN} more: workbench hypotheses --format json")
    for needed in sample_size(h).choices:
        if needed.n_per_arm:
            print(f"    {needed}")


def _print_closed(h: Hypothesis) -> None:
    """What came of it; whether it could be tested and with how many is past."""
    from workbench.hypotheses.readings import compare_result

    print(f"{h.id} ({h.status}{f', closed {h.closed}' if h.closed else ''})")
    print(f"    {h.statement}")
    found = compare_result(h)
    reached = f" ({'reaches' if found.reached else 'does not reach'} the target of {found.target})" if found else ""
    print(f"    verdict: {h.status}")
    print(f"    result: {f'{h.result}{reached}' if h.result else 'none written'}")
    print(f"    learned: {h.learned or 'nothing written'}")
    if h.therefore:
        print(f"    therefore: {h.therefore}")


def _print_proposals(proposals: Sequence[Proposal]) -> None:
    for one in proposals:
        print(f"    {one.field}? {one.words}")
        print(f"        {one.why}{f' {one.notes[0]}' if one.notes else ''}")


# Sample size


def _size(options: argparse.Namespace) -> None:
    from workbench.hypotheses import sample_size

    record = _record(options) if options.hypothesis else None
    names = (
        "baseline",
        "size",
        "unit",
        "direction",
        "metric",
        "sd",
        "traffic",
        "customers",
        "start",
        "deadline",
        "alpha",
        "power",
    )
    given = {name: value for name in names if (value := getattr(options, name)) is not None}
    if record is None and not given:
        raise InputError(
            "size of what? Name a record, or such as  workbench size --baseline 30% --size 3 --direction up"
        )
    if "start" not in given and not (record and record.started):
        given["start"] = date.today().isoformat()
    need = sample_size(record, **given)
    if options.format == "json":
        print_json([need.to_dict()])
    else:
        print(need)


def _record(options: argparse.Namespace) -> Hypothesis:
    """The record with this id, or with the only one that begins so; a draft by its whole id."""
    from workbench.study import read_study

    path, wanted = named_workspace(options), options.hypothesis
    known: list[Any] = find_hypotheses(path)[2] if wanted.startswith("draft-") else read_study(path).hypotheses
    found = [h for h in known if h.id == wanted] or [h for h in known if h.id.casefold().startswith(wanted.casefold())]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(h.id for h in found or known)
    raise InputError(
        f"{len(found)} hypotheses begin with “{wanted}”: {listed}" if found
        else f"no hypothesis “{wanted}”; there {'are ' + listed if listed else 'is none yet'}"
    )  # fmt: skip


# Priorities


def _priorities(options: argparse.Namespace) -> None:
    from workbench.hypotheses import priorities

    titles: dict[str, str] = {}
    if options.table:
        items = _read_table(Path(options.table))
        left = priorities.describe_absent(items, options.method)
    elif options.method == "rice":
        _, themes, hypotheses = find_hypotheses(named_workspace(options))
        records = [h for h in hypotheses if h.file and h.status in ("draft", "ready", "running")]
        items, left = priorities.rice_inputs(records, themes)
        titles = {h.id: h.change or h.claim for h in records}
        if not records:
            left.append("No open record yet: workbench hypotheses lists the drafts, and a card makes a record of one.")
    else:
        raise InputError(f"{options.method} needs a table: give a CSV file with the columns {_TABLES[options.method]}")
    table = getattr(priorities, options.method)(items)
    if options.format == "json":
        print_json(table)
    else:
        _print_order(table, options.method, titles)
        if sentence := priorities.describe_places(table):
            print(sentence)
    for sentence in left:
        say(sentence)


def _read_table(file: Path) -> pd.DataFrame:
    """A table as spreadsheets save it: with commas, semicolons or tabs, whichever its first line has most of."""
    from io import StringIO

    import pandas as pd

    try:
        text = file.read_text("utf-8-sig")
        head = text.partition("\n")[0]
        return pd.read_csv(StringIO(text), sep=max(",;\t", key=head.count), skipinitialspace=True)
    except UnicodeDecodeError:
        raise InputError(f"{file} is not UTF-8; save it as CSV UTF-8") from None
    except ValueError as error:  # pandas' own errors are such
        raise InputError(
            f"{file} is no table as CSV: {str(error).splitlines()[0]}; its first line names the columns"
        ) from None


def _print_order(table: pd.DataFrame, method: str, titles: dict[str, str]) -> None:
    """Each item with how it comes to its place; an item that is only an id with its title."""
    for row in table.to_dict("records"):
        if method == "kano":
            n = count(row["n_customers"], "customer")
            print(
                f"{row['rank']}. {row['feature']}: {row['category'].replace('_', '-')} for {row[row['category']]} of {n}"
            )
        elif method == "moscow":
            print(f"{row['rank']}. {row['item']}: {row['priority_counted']}")
        else:
            made = {
                "rice": "{reach:g} reached × {impact:g} × {confidence_counted:g} % ÷ {effort:g}",
                "ice": "{impact:g} × {confidence_counted:g} × {ease:g}",
            }[method].format(**row)
            print(f"{row['rank']}. {row['item']}: {row['score']:,.1f} = {made} ({row['strength']})")
        if title := titles.get(row.get("item", "")):
            print(f"      {title}")
        if row["place"] or row["why"]:
            print(f"      {': '.join(filter(None, (row['place'], row['why'])))}")
