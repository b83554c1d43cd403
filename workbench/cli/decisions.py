"""The commands on decisions: ``workbench decide``, ``workbench decisions`` and ``workbench one-pager``."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.output import count, print_json, say
from workbench.cli.workspace import named_workspace
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.records import Decision
    from workbench.study import Study

__all__ = ["add_commands"]

# Option -> field, what stands for its value, what it is; those of the second table may be given several times.
_TEXTS = {
    "title": ("title", "TEXT", "the question"),
    "chosen": ("chosen", "OPTION", "decide: one of the options, by its words or its number"),
    "why": ("why", "TEXT", "the reason"),
    "owner": ("owner", "NAME", "who decides: one person"),
    "review": ("review", "DAY", "when it is looked at again, such as 2027-01-15"),
    "reviewed": ("reviewed", "DAY", "when it was looked at again"),
    "date": ("date", "DAY", "when it was decided; default: the day of --today"),
    "ask": ("ask", "TEXT", "what is asked of whoever decides"),
    "due": ("due", "DAY", "when the decision is needed"),
    "bet": ("bet", "B-ID", "the bet that it is about"),
}
_LISTS = {
    "option": ("options", "TEXT", "one thing that could be done, doing nothing among them; once for each"),
    "hypothesis": ("hypotheses", "H-ID", "a hypothesis that it rests on"),
    "evidence": ("evidence", "NOTE", "a note that speaks for it"),
    "against": ("against", "NOTE", "a note that speaks against it"),
    "risk": ("risks", "TEXT", "what may go wrong"),
    "stance": ("stances", "TEXT", "who has seen it and how they stand to it: 'Priya Nair: for, 2026-11-18'"),
    "consulted": ("consulted", "NAME", "who was asked"),
    "informed": ("informed", "NAME", "who was told"),
}
FORMS = (".csv", ".xlsx", ".html", ".md", ".pdf")


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add them to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("decide", _decide, "propose a decision, or decide one; without options it asks for each in turn")
    sub.add_argument("decision", metavar="D-ID", nargs="?", help="one that is proposed; default: a new one")
    for option, (_, value, text) in _TEXTS.items():
        sub.add_argument(f"--{option}", metavar=value, help=text)
    for option, (_, value, text) in _LISTS.items():
        sub.add_argument(f"--{option}", metavar=value, action="append", default=[], help=text)
    sub.add_argument("--supersedes", metavar="D-ID", help="the decision that it takes the place of, which stays")
    sub.add_argument("--drop", action="store_true", help="give up a proposed one")
    sub.add_argument("--today", metavar="DAY", help="the day on which you decide (2026-11-20); default: today")
    sub.epilog = "What was decided is never changed: another decision takes its place, and both stay."

    sub = command("decisions", _decisions, "list the decisions, the newest first, with those that are overdue")
    sub.add_argument("--status", choices=["proposed", "decided", "superseded", "dropped"], metavar="STATUS", help="only these: proposed, decided, superseded or dropped")  # fmt: skip
    sub.add_argument("--owner", metavar="NAME", help="only those of somebody whose name begins so")
    sub.add_argument("--since", metavar="DAY", help="only those decided on this day or later, and those still proposed")
    sub.add_argument("--due", action="store_true", help="only those to be decided or looked at again within a week")
    sub.add_argument("--about", metavar="WORDS", help="only those in which all these words stand")
    sub.add_argument("--today", metavar="DAY", help="the day that overdue is measured from; default: today")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")
    sub.add_argument(
        "-o", "--output", metavar="FILE", help="for others, after consent: .csv, .xlsx, .html, .md or .pdf"
    )

    sub = command("one-pager", _one_pager, "write the one page that somebody needs to decide, for others")
    sub.add_argument("decision", metavar="D-ID", nargs="?", help="default: the proposed one that is needed next")
    sub.add_argument(
        "--audience", choices=["exec", "engineering", "design", "sales"], metavar="WHO",
        help="for one kind of reader: exec, engineering, design or sales (default: everybody)",
    )  # fmt: skip
    sub.add_argument("--to", choices=["html", "pdf", "md"], metavar="FORM", help="html (the default), pdf or md")
    sub.add_argument("--paper", choices=["a4", "letter"], default="a4", metavar="SIZE", help="of a pdf: a4 (the default) or letter")  # fmt: skip
    sub.add_argument(
        "-o", "--output", metavar="FILE", help="default: reports/D-ID.html in the workspace, D-ID-exec.html and so on"
    )
    sub.add_argument("--today", metavar="DAY", help="the day that it is of; default: the newest record's")


# Deciding


def _decide(options: argparse.Namespace) -> None:
    from workbench.deciding import decide, find_decision
    from workbench.records.typed import need_day
    from workbench.study import read_study

    need_day(options.today or "")
    study = read_study(named_workspace(options))
    given: dict[str, Any] = {field: value for name, (field, *_) in _TEXTS.items() if (value := getattr(options, name))}
    given |= {field: value for name, (field, *_) in _LISTS.items() if (value := getattr(options, name))}
    old = find_decision(study, options.decision) if options.decision else None
    # Another of the same question needs no more words than which it takes the place of.
    typed = not (given or options.drop or (options.supersedes and not sys.stdin.isatty()))
    if typed:
        if not sys.stdin.isatty():
            raise InputError(
                'decide what? Give it in options, such as  workbench decide --title "Reader or template?" '
                '--option Reader --option "Do nothing"'
            )
        _ask(given, old, find_decision(study, options.supersedes) if options.supersedes else None, options)
    if options.today and ("chosen" in given or options.drop):
        given.setdefault("date", options.today)
    # What is put on a day is of that day; what was decided before it was of an earlier one.
    put = {"made": given.get("date") or options.today} if options.today and old is None else {}
    try:
        saved = decide(
            study.root, old.id if old else "", supersedes=options.supersedes or "", drop=options.drop, **given, **put
        )
    except Exception:
        if typed:
            _say_kept(given, options)
        raise
    print(saved.said)
    _say_next(saved)


def _ask(given: dict[str, Any], old: Decision | None, replaced: Decision | None, options: argparse.Namespace) -> None:
    """Ask for one place after the other; what is typed goes into `given`, and nothing is written."""
    say("Enter leaves a place open. Ctrl+C stops, and nothing is written.")
    try:
        if old is not None and old.status != "proposed":
            say(f"{old.id} {old.title}: {old.status}. It stays as it is; you may say when you looked at it again.")
            _ask_day(given, "reviewed", "Looked at again on which day?")
            _ask_day(given, "review", "And next on which day?")
            return
        title = old.title if old else ""
        if title:
            say(f"{old.id} {title}" if old else title)
        else:
            default = f" (Enter: {replaced.title})" if replaced else ""
            _ask_text(given, "title", f"What is the question?{default}")
        choices = list(old.options) if old else []
        for i, option in enumerate(choices, 1):
            say(f"  {i} {option}")
        if len(choices) < 2:
            say("What could be done? One a line, doing nothing among them; Enter ends.")
            while option := input(f"  {len(choices) + 1} ").strip():
                given.setdefault("options", []).append(option)
                choices.append(option)
        for field, question in (("ask", "What do you ask of whoever decides?"), ("owner", "Who decides?")):
            if not getattr(old, field, ""):
                _ask_text(given, field, question)
        if _ask_choice(given, choices):
            _ask_text(given, "why", "Why this one?")
            if not getattr(old, "review", None):
                _ask_day(given, "review", "When is it looked at again?")
        else:
            if not getattr(old, "due", None):
                _ask_day(given, "due", "By which day is it needed?")
            while stance := input(
                "Who has seen it, and how do they stand to it? (Priya Nair: for, 2026-11-18) "
            ).strip():
                given.setdefault("stances", []).append(stance)
    except (EOFError, KeyboardInterrupt):
        say("")
        _say_kept(given, options)
        raise KeyboardInterrupt from None


def _ask_text(given: dict[str, Any], field: str, question: str) -> None:
    if answer := input(f"{question} ").strip():
        given[field] = answer


def _ask_day(given: dict[str, Any], field: str, question: str) -> None:
    from workbench.records.typed import is_day

    while answer := input(f"{question} (2027-01-15) ").strip():
        if is_day(answer):
            given[field] = answer
            return
        say(f"“{answer}” is no day; write it as year, month, day, such as 2027-01-15, or leave it open.")


def _ask_choice(given: dict[str, Any], choices: list[str]) -> bool:
    """Whether it is decided now."""
    while len(choices) > 1 and (answer := input("Decided? Which one, by its number; Enter for not yet ").strip()):
        folded = [choice.casefold() for choice in choices]
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            given["chosen"] = choices[int(answer) - 1]
        elif answer.casefold() in folded:
            given["chosen"] = choices[folded.index(answer.casefold())]
        else:
            say(f"There is no “{answer}” among them; type a number from 1 to {len(choices)}.")
            continue
        return True
    return False


def _say_kept(given: dict[str, Any], options: argparse.Namespace) -> None:
    """What was typed, as a command that says it again."""
    if not given:
        return
    of = {field: name for table in (_TEXTS, _LISTS) for name, (field, *_) in table.items()}
    words = ["workbench", "decide", *([options.decision] if options.decision else [])]
    words += ["--supersedes", options.supersedes] if options.supersedes else []
    for field, value in given.items():
        for one in [value] if isinstance(value, str) else value:
            words += [f"--{of[field]}", one]
    say(f"Nothing was written. What you typed, to go on from:\n{shlex.join(words)}")


def _say_next(saved: Path) -> None:
    """What is still to be said of a proposal."""
    from workbench.records import parse_decision
    from workbench.rituals.decisions import find_nothing

    decision = parse_decision(saved.read_text("utf-8"), saved.name)[0]
    if decision.status == "decided" and decision.reviewed and decision.reviewed >= (decision.review or ""):
        say(f"When is it looked at next? Write the day:  workbench decide {decision.id} --review 2027-01-15")
    if decision.status != "proposed":
        return
    open_ = [
        *(f"--{name}" for name in ("ask", "owner", "due") if not getattr(decision, name)),
        *(["--option"] if len(decision.options) < 2 else []),
        *(["--hypothesis or --evidence"] if not (decision.hypotheses or decision.evidence) else []),
        *(f"--{name}" for name, had in (("risk", decision.risks), ("stance", decision.stances)) if not had),
    ]
    if open_:
        say(f"Still open: {', '.join(open_)}; add it with  workbench decide {decision.id} …")
    if decision.options and not find_nothing(decision.options):
        say(
            f'No option reads like doing nothing, which is always one:  workbench decide {decision.id} --option "Do nothing"'
        )
    say(f"Its page for whoever decides:  workbench one-pager {decision.id}")


# The log


def _decisions(options: argparse.Namespace) -> None:
    from workbench.newest import today as day_of
    from workbench.records.typed import need_day
    from workbench.rituals.decisions import list_decisions
    from workbench.study import read_study

    target = Path(options.output) if options.output else None
    if target and target.suffix.lower() not in FORMS:
        raise InputError(f"{target}: the log is written as {', '.join(FORMS)}; name a file such as decisions.xlsx")
    for day in (options.since, options.today):
        need_day(day or "")
    study = read_study(named_workspace(options), today=options.today)
    # A file is of the day that a report is of; on a screen it is the PM's own day.
    today = (day_of(study) if target else study.today) or date.today().isoformat()
    n_all = len(study.decisions)
    study = replace(study, today=today, decisions=_choose(study, options, today))
    if target:
        print(_write(study, target, today))
        return
    log = list_decisions(study, today)
    if options.format == "json":
        print_json(log)
        return
    for row in log.to_dict("records"):
        _print_row(row)
    overdue = int(log["overdue"].sum())
    if n_all == 0:
        say("No decision yet:  workbench decide  asks for one.")
    elif log.empty:
        say(f"None of {count(n_all, 'decision')} is one of these.")
    else:
        print(f"{count(len(log), 'decision')}" + (f", {overdue} overdue" if overdue else ""))


def _choose(study: Study, options: argparse.Namespace, today: str) -> list[Decision]:
    from workbench.rituals.decisions import find_due

    due = {one.decision.id for one in find_due(study, today)}
    words = (options.about or "").casefold().split()

    def is_chosen(one: Decision) -> bool:
        said = " ".join((one.id, one.title, one.chosen, one.why, one.ask, *one.options, *one.risks)).casefold()
        return (
            (not options.status or one.status == options.status)
            and (not options.owner or one.owner.casefold().startswith(options.owner.casefold()))
            and (not options.since or one.status == "proposed" or (one.date or "") >= options.since)
            and (not options.due or one.id in due)
            and all(word in said for word in words)
        )

    return [one for one in study.decisions if is_chosen(one)]


def _print_row(row: dict[str, Any]) -> None:
    mark = "  OVERDUE" if row["overdue"] else ""
    print(f"{row['decision']} ({row['status']}) {row['question'] or '(no question)'}{mark}")
    then = "" if row["then"] != row["then"] or row["then"] is None else f" now, {int(row['then'])} when it was decided"
    in_force, looked = row["status"] == "decided", row["reviewed"]
    again = (
        f"look again {row['review'] if row['review'] > looked else '(no day yet)'}" if row["review"] or looked else ""
    )
    parts = [
        f"chosen: {row['chosen']}" if row["chosen"] else "",
        row["owner"],
        f"{'given up ' if row['status'] == 'dropped' else ''}on {row['date']}" if row["date"] else "",
        f"needed by {row['due']}" if row["due"] and row["status"] == "proposed" else "",
        f"{row['now']} of {row['of']} customers behind it{then}" if row["of"] else "",
        f"looked at again on {looked}" if looked else "",
        again if in_force else "",
        f"{'takes' if row['status'] in ('decided', 'superseded') else 'would take'} the place of {row['supersedes']}"
        if row["supersedes"]
        else "",
        f"superseded by {row['superseded_by']}" if row["superseded_by"] else "",
    ]
    print(f"    {'; '.join(filter(None, parts))}")


def _write(study: Study, target: Path, today: str) -> Path:
    """The log for others."""
    from workbench.report.section_page import save_section

    report = _report(study, today)
    if target.suffix.lower() in (".csv", ".xlsx"):
        from workbench.report.decision_table import export_decisions

        return export_decisions(report.decision_log, target, study)
    return save_section(report.decision_log, "Every decision", target, root=study.root, day=today)


def _report(study: Study, today: str) -> Any:
    from workbench.cli.workspace import find_in
    from workbench.records.typed import week_of
    from workbench.report.sections import Report
    from workbench.rituals import Moment

    return Report(study, find_in(study), study.hypotheses, moment=Moment(week_of(today), today))


# One page


def _one_pager(options: argparse.Namespace) -> None:
    from workbench.deciding import find_decision
    from workbench.newest import today as day_of
    from workbench.report.section_page import question_of, save_section
    from workbench.rituals.decisions import find_upcoming
    from workbench.study import read_study

    study = read_study(named_workspace(options), today=options.today)
    one = find_decision(study, options.decision) if options.decision else find_upcoming(study)
    if one is None:
        raise InputError("no decision is proposed; name one, or make one with  workbench decide")
    today = day_of(study) or date.today().isoformat()
    section = _report(study, today).one_pager(one.id)
    form = options.to or (Path(options.output).suffix.lower().removeprefix(".") if options.output else "html")
    name = f"{one.id}-{options.audience}" if options.audience else one.id
    target = Path(options.output) if options.output else study.root / "reports" / f"{name}.{form}"
    print(
        save_section(
            section, question_of(section), target, root=study.root, to=options.to or "", day=today, paper=options.paper,
            audience=options.audience or "",
        )
    )  # fmt: skip
