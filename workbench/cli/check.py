"""The command ``workbench check``: what is wrong with calls, records and readouts, for a person, a program or GitHub."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.output import print_json, say
from workbench.cli.workspace import named_workspace

if TYPE_CHECKING:
    from workbench.checks import Checked, Violation

__all__ = ["add_commands"]

# So many findings of one rule in one file are printed; --all prints the others.
N_SHOWN = 20
# What GitHub calls our severities.
_ON_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command(
        "check", _check, "say what is wrong with calls, records and readouts; exit code 1 where an error is left"
    )
    sub.add_argument(
        "files", metavar="READOUT", nargs="*", help="readouts that lie elsewhere, to check too: Markdown, HTML or JSON"
    )
    sub.add_argument("--format", choices=["text", "json", "github"], default="text", help="default: text")
    sub.add_argument(
        "--today", metavar="DAY", help="the day that overdue is measured from (2026-11-17); default: today"
    )
    sub.add_argument(
        "--all", action="store_true", help=f"list every finding, also of a rule that has more than {N_SHOWN} in a file"
    )
    sub.add_argument("--rules", action="store_true", help="list the rules instead, and why each is there")
    sub.epilog = "What is not to be said of a file again goes into discovery/checks.yaml, with a reason; docs/checks.md shows how."


def _check(options: argparse.Namespace) -> None:
    from workbench.checks import RULES, check
    from workbench.checks.rule import sentence
    from workbench.store import workspace

    if options.rules:
        if options.format == "json":
            print_json([{"rule": r.code, "severity": r.severity, "why": r.why, "fix": r.fix} for r in RULES.values()])
        else:
            for one in sorted(RULES.values()):
                print(f"{one.code} ({one.severity})\n    {one.why}\n    To do: {sentence(one.fix)}")
        return
    checked = check(named_workspace(options), today=options.today, files=options.files)
    if options.format == "json":
        print_json([one._asdict() for one in checked.violations])
    elif options.format == "github":
        folder = _folder_on_github(workspace(named_workspace(options)))
        for one in checked.violations:
            print(_annotation(one, folder))
    else:
        _print_text(checked, None if options.all else N_SHOWN)
    for said in checked.tables:
        say(f"{said}.")
    say(f"{checked.summary}.")
    if not checked.ok:
        sys.exit(1)


def _print_text(checked: Checked, most: int | None) -> None:
    """Each violation with its place, and what to do below it; an empty line between files, and of one rule not too many."""
    from workbench.checks.rule import sentence

    for number, (_, of_file) in enumerate(groupby(checked.violations, key=lambda one: one.file)):
        if number:
            print()
        n_of: Counter[str] = Counter()
        for one in of_file:
            n_of[one.rule] += 1
            if most is None or n_of[one.rule] <= most:
                print(f"{one.file}:{one.line}: {one.severity}: {one.what} [{one.rule}]")
                print(f"    {sentence(one.todo)}")
        for rule, n in n_of.items():
            if most is not None and n > most:
                print(f"{one.file}: {n - most:,} more of [{rule}]; --all lists them")
    for one, ignore in checked.ignored:
        print(f"ignored: {one.file}:{one.line}: {one.what} [{one.rule}] ({ignore.why})")


def _folder_on_github(root: Path) -> str:
    """Where the workspace lies in the repository, which is what GitHub names files from."""
    repository = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    inside = root != repository and root.is_relative_to(repository)
    return f"{root.relative_to(repository).as_posix()}/" if inside else ""


def _annotation(one: Violation, folder: str) -> str:
    """One line of GitHub's workflow commands, in which % and line ends, and in properties : and , are escaped."""
    place = {"file": f"{folder}{one.file}", "line": str(one.line), "title": one.rule}
    shown = ",".join(
        f"{name}={_escape(value).replace(':', '%3A').replace(',', '%2C')}" for name, value in place.items()
    )
    return f"::{_ON_GITHUB[one.severity]} {shown}::{_escape(f'{one.what}; {one.todo}')}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
