"""The command ``workbench signals``: the words that hint at what notes mean, each with its file and line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.cli.output import count, print_json, say, say_if_none, say_problems
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
        for kind in kinds:
            _print_kind(kind, found[found["kind"] == kind])
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


def _print_kind(kind: str, found: pd.DataFrame) -> None:
    if found.empty:
        return
    counted = found[found["counted"]]
    print(f"{kind}: {count(counted['note'].nunique(), 'note')} of {count(counted['customer'].nunique(), 'customer')}")
    for _, signals in found.groupby("note", sort=False):
        first = signals.iloc[0]
        text, end = "", 0
        for start, stop in zip(signals["start"], signals["end"], strict=True):
            text += f"{first['text'][end:start]}«{first['text'][start:stop]}»"
            end = stop
        text += first["text"][end:]
        amounts = "; ".join(_amount(row) for row in signals.itertuples() if row.unit or row.amount == row.amount)
        apart = "" if first["counted"] else "  (not counted)"
        print(
            f"  {first['file']}:{first['line']}: {first['customer']}: {text}{f'  = {amounts}' if amounts else ''}{apart}"
        )


def _amount(row: tuple) -> str:
    from workbench.signals import Amount

    low, high = (None if value != value else value for value in (row.amount, row.amount_to))
    return str(Amount(low, high, row.unit, row.per))
