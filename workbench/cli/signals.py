"""The command ``workbench signals``: the words that hint at what notes mean, each with its file and line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from workbench.cli.output import count, print_json, print_lines, say, say_if_none, say_problems
from workbench.cli.workspace import named_workspace
from workbench.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["add_commands"]


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("signals", _signals, "list the words that hint at pains, workarounds, costs and more")
    sub.add_argument("--kind", metavar="KINDS", default="", help="only these, such as  pain,cost  (default: all kinds)")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")
    sub.epilog = (
        "Signals rank and hint; they never decide. The words are marked «so»; what a cost comes to stands behind it and is "
        "never added up, since an hour once and an hour a week are different things. Your own takes give none."
    )


def _signals(options: argparse.Namespace) -> None:
    from workbench.signals import note_signals
    from workbench.study import read_notes

    kinds = _kinds(options.kind)
    problems: list = []
    notes = read_notes(named_workspace(options), problems=problems)
    found = note_signals(notes, kinds)
    places = notes.set_index("note")[["file", "line", "customer", "text", "excluded", "consent"]]
    found = found.join(places, on="note")
    found["counted"] = (found["excluded"] == "") & (found["consent"] != "none")
    if options.format == "json":
        columns = ("note", "file", "line", "customer", "counted", "kind", "rule", "start", "end", "words", "amount")
        print_json(found[[*columns, "amount_to", "unit", "per"]])
    else:
        lines = (line for kind in kinds for line in _lines_of(kind, found[found["kind"] == kind]))
        print_lines(lines, f"signals --kind {options.kind}" if options.kind else "signals")
    if found.empty and not notes.empty:
        say("No signals: no note holds words of " + ("these kinds." if options.kind else "any kind."))
    say_if_none(notes)
    say_problems(problems, brief=True)


def _kinds(words: str) -> tuple[str, ...]:
    """The kinds that were asked for, in the program's order."""
    from workbench.signals import SIGNAL_KINDS

    asked = [word.strip().casefold() for word in words.split(",") if word.strip()]
    for kind in asked:
        if kind not in SIGNAL_KINDS:
            raise InputError(f"--kind “{kind}” is no kind of signal; the kinds are {', '.join(SIGNAL_KINDS)}")
    return tuple(kind for kind in SIGNAL_KINDS if not asked or kind in asked)


def _lines_of(kind: str, found: pd.DataFrame) -> Iterator[str]:
    if found.empty:
        return
    counted = found[found["counted"]]
    yield f"{kind}: {count(counted['note'].nunique(), 'note')} of {count(counted['customer'].nunique(), 'customer')}"
    for _, of_note in groupby(found.itertuples(index=False), key=lambda row: row.note):
        signals = list(of_note)
        first = signals[0]
        text, end = "", 0
        for one in signals:
            text += f"{first.text[end : one.start]}«{first.text[one.start : one.end]}»"
            end = one.end
        text += first.text[end:]
        amounts = "; ".join(_amount(row) for row in signals if row.unit or row.amount == row.amount)
        apart = "" if first.counted else "  (not counted)"
        yield f"  {first.file}:{first.line}: {first.customer}: {text}{f'  = {amounts}' if amounts else ''}{apart}"


def _amount(row: tuple) -> str:
    from workbench.signals import Amount

    low, high = (None if value != value else value for value in (row.amount, row.amount_to))
    return str(Amount(low, high, row.unit, row.per))
