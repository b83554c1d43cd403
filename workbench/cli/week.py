"""The command ``workbench week``: where the week stands against its rituals, on one screen; its plan, to be pasted."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.output import print_json, say, say_problems
from workbench.cli.workspace import find_hypotheses, named_workspace

if TYPE_CHECKING:
    from workbench.rituals import Moment
    from workbench.rituals.standing import Standing

__all__ = ["add_commands"]

WIDTH = 100
MARKS = {"done": "✓", "open": "–", "late": "!"}
N_NEXT = 5
QUARTER = """
  First      write the quarter's outcome and its one metric into discovery/quarter.md, or into the
             form of notebooks/quarter.ipynb"""
BEGIN = """{nothing}. A week begins so:{quarter}
  Monday     open notebooks/monday-focus.ipynb (workbench lab) and write what the week is for
  Tuesday    take notes while you talk, in notebooks/tuesday-discovery.ipynb; one file a call in interviews/
Then type  workbench week  again. To see a week that is filled in:  workbench demo"""


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("week", _week, "say where the week stands against its rituals, and what comes next")
    sub.add_argument("week", metavar="WEEK", nargs="?", help="such as 2026-W47; default: the week of today")
    sub.add_argument("--today", metavar="DAY", help="the day on which you look (2026-11-18); default: today")
    sub.add_argument("--paste", action="store_true", help="print the week's plan instead, ready to paste in a chat")
    sub.add_argument("-o", "--output", metavar="FILE", help="write the plan into a file, such as plan.md")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")
    sub.epilog = (
        "✓ is done, – is to come, ! is late or too much. The plan names customers as they agreed to be named: by "
        "segment and code where they did not."
    )


def _week(options: argparse.Namespace) -> None:
    from workbench.evidence import count_firm
    from workbench.records.typed import need_day, week_of
    from workbench.rituals import Moment
    from workbench.rituals.standing import is_begun, stand

    study, listed, hypotheses = find_hypotheses(named_workspace(options))
    day = options.today or study.today or date.today().isoformat()
    week = options.week or week_of(need_day(day))
    moment = Moment(week, day)
    themes = count_firm(listed)  # as the report counts
    if options.paste or options.output:
        from workbench.redact import Redactor
        from workbench.report.claims import describe_customers
        from workbench.report.guard import refuse_file_name
        from workbench.report.plan_text import plan_text

        if options.output:
            refuse_file_name(Redactor(describe_customers(study)), Path(options.output).name)
        _give(plan_text(study, themes, hypotheses, moment), options.output)
        return
    standing = stand(study, themes, hypotheses, moment)
    if options.format == "json":
        print_json({"week": moment.week, "today": day, "standing": [one._asdict() for one in standing]})
    elif is_begun(study):
        _print(standing, moment)
    else:
        begun = bool(study.quarter.outcome)
        nothing = "The quarter is written, and no week yet" if begun else "Nothing is here yet"
        print(BEGIN.format(nothing=nothing, quarter="" if begun else QUARTER))
    say_problems(study.problems, brief=True)


def _give(text: str, file: str | None) -> None:
    if file is None:
        print(text, end="")
        return
    from workbench.report.target import look_at_target
    from workbench.save import save_bytes

    target = Path(file)
    save_bytes(target.absolute(), text.encode(), expected=look_at_target(target))
    say(f"{file} has the plan of the week.")


def _print(standing: list[Standing], moment: Moment) -> None:
    from workbench.rituals.standing import what_next

    first, last, seen = map(date.fromisoformat, (*moment.days, moment.today))
    begin = f"{first.day} {first:%B}" if first.month != last.month else f"{first.day}"
    print(f"{moment.week}, {begin} to {last.day} {last:%B %Y}, seen on {seen:%A}, {seen.day} {seen:%B %Y}")
    day = ""
    for one in standing:
        head = f"{'' if one.day == day else one.day:<10} {MARKS[one.mark]} {one.what:<14} "
        day = one.day
        print(head + textwrap.shorten(one.said, WIDTH - len(head), placeholder=" …"))
    todo = what_next(standing, moment, N_NEXT)
    print("\nNext" if todo else "\nNothing is left to do this week.")
    for one in todo:
        how = f"  ({one.where})"
        text = textwrap.shorten(one.todo, WIDTH - len(how) - 2, placeholder=" …")
        print(f"  {text[0].upper()}{text[1:]}{how}")
