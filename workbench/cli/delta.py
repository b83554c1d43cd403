"""The command ``workbench delta``: what changed since a day or a revision, as a list of changes."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from workbench.cli.output import count, print_json, say, say_problems
from workbench.cli.workspace import find_in, named_workspace

if TYPE_CHECKING:
    from workbench.look_back import Came
    from workbench.rituals import Moment
    from workbench.rituals.delta import Delta, RecordChange
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["add_commands"]

WIDTH = 100
# So many customers of a week are named, and of notes that were worded otherwise or are gone so many.
N_CUSTOMERS = N_NOTES = 50
_SIGNS = {"born": "+", "split": "+", "merged": "-", "faded": "-"}


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("delta", _delta, "say what changed since last week, or since a day or a revision")
    sub.add_argument("--since", metavar="DAY|REV", help="a day (2026-11-15), or what git knows (HEAD~3); default: the Sunday before this week")  # fmt: skip
    sub.add_argument(
        "--today",
        metavar="DAY",
        help="the day on which you look (2026-11-18), after which nothing is known; default: today",
    )
    sub.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    sub.epilog = "+ is new, ~ is otherwise, - is gone. What you see has names: for others, send the Thursday notebook."


def _delta(options: argparse.Namespace) -> None:
    from workbench.evidence import count_firm
    from workbench.look_back import came_since, find_undated, known_on, look_back
    from workbench.records.typed import is_day, need_day, week_of
    from workbench.rituals import Moment, day_before
    from workbench.rituals.delta import find_delta
    from workbench.study import read_study

    present = read_study(named_workspace(options))
    day = need_day(options.today or "") or present.today or date.today().isoformat()
    study = known_on(present, day)
    week = week_of(day)
    since = options.since or day_before(week)
    moment, themes = Moment(week, day, since, cache(lambda: look_back(study, since))), count_firm(find_in(study))
    delta = find_delta(study, themes, moment)
    if options.format == "json":
        print_json(
            {
                "since": since,
                "today": day,
                "known": delta.known,
                "calls": list(delta.calls),
                "customers": list(delta.customers),
                "first_heard": list(delta.first_heard),
                "notes_added": list(delta.added),
                "notes_reworded": [{"was": was, "note": note} for was, note in delta.reworded],
                "notes_gone": len(delta.gone),
                "themes": delta.themes,
                "records": [_as_row(one) for one in delta.records],
            }
        )
    else:
        for line in _lines(delta, study, themes, moment):
            print(line)
    _say_came(came_since(study, present), day)
    if is_day(since):
        _say_undated(find_undated(study, since), since)
    say_problems(study.problems, brief=True)


def _say_came(came: Came, day: str) -> None:
    """What is there today and was not known on the day that is looked at."""
    if any(came):
        calls = f"{count(came.calls, 'call')} with {count(came.customers, 'customer')}" if came.calls else ""
        records = f"{count(came.records, 'record')} new or otherwise" if came.records else ""
        say(f"Not counted is what has come after {day}: {' and '.join(filter(None, (calls, records)))}.")


def _say_undated(ids: list[str], since: str) -> None:
    if ids:
        more = f" and {len(ids) - 5} more" if ids[5:] else ""
        say(
            f"Nobody can tell whether these were known on {since}: {', '.join(ids[:5])}{more}; write the day into them, such as  made: {since}"
        )


def _as_row(one: RecordChange) -> dict[str, object]:
    return {
        "kind": one.kind, "id": one.id, "title": one.title, "was": one.was or None, "now": one.now or None,
        "customers_then": one.then.n, "customers_now": one.after.n, "against_then": one.then.n_against,
        "against_now": one.after.n_against, "gained": list(one.gained), "opposed": list(one.opposed), "came_of_it": one.words or None,
    }  # fmt: skip


def _lines(delta: Delta, study: Study, themes: Themes, moment: Moment) -> Iterator[str]:
    if not delta.known and delta.is_empty:
        yield "There is nothing to compare yet: write down a first call, one file a call in interviews/."
        return
    if not delta.known:
        yield f"Nothing was known at {moment.since}, so everything is new."
    elif delta.is_empty:
        yield f"Nothing changed since {moment.since}."
        return
    said = f"{count(len(delta.calls), 'call')} with {count(len(delta.customers), 'customer')}"
    yield f"Since {moment.since}, seen on {moment.today}: {said}, {count(len(delta.added), 'new note')}"
    first_heard = set(delta.first_heard)
    for customer in delta.customers[:N_CUSTOMERS]:
        yield f"+ {customer}{', first call' if customer in first_heard else ''}"
    if more := delta.customers[N_CUSTOMERS:]:
        new = sum(customer in first_heard for customer in more)
        yield f"+ and {count(len(more), 'more customer')}, {new:,} with a first call; --format json names all of them"
    text = dict(zip(themes.notes["note"], themes.notes["text"], strict=True))
    for was, note in delta.reworded[:N_NOTES]:
        yield _short(f"~ note: {was} → {text.get(note, note)}")
    if more := delta.reworded[N_NOTES:]:
        yield f"~ and {count(len(more), 'more note')} worded otherwise; --format json names all of them"
    for customer in delta.gone[:N_NOTES]:
        yield f"- a note of {customer}"
    if more := delta.gone[N_NOTES:]:
        yield f"- and {count(len(more), 'more note')}"
    for row in delta.themes.itertuples(index=False):
        then_now = f"{row.n_customers_before} → {row.n_customers_after} customers"
        # A theme of now may have the number of one that is gone.
        called = row.after or f"then {row.before},"
        yield _short(f"{_SIGNS.get(row.change, '~')} {called} {row.change}, {then_now}: {row.title}")
    for one in delta.records:
        sign = "+" if one.is_new else "~" if one.now else "-"
        status = one.now if one.is_new else f"{one.was} → {one.now or 'gone'}" if one.has_moved else one.now
        counted = f", {one.then.n} → {one.after.n} of {one.after.of} customers" if one.after.of else ""
        yield _short(f"{sign} {one.id} {status}{counted}: {one.title}")


def _short(line: str) -> str:
    return textwrap.shorten(line, WIDTH, placeholder=" …")
