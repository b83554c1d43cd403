"""The command ``workbench import``: calls that were recorded or written down elsewhere come in."""

from __future__ import annotations

import argparse
import os
import posixpath
import re
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TextIO

from workbench.cli.output import count, say
from workbench.cli.talk import LeftOut, Talk
from workbench.cli.workspace import named_workspace
from workbench.errors import InputError, Problem, shorten

if TYPE_CHECKING:
    from workbench.arrivals import Arrival, Ask
    from workbench.bring_in import Brought
    from workbench.importers import Source
    from workbench.take_back import TakeBack

__all__ = ["add_commands"]

# From so many files on, a bar says how far it is.
SLOW_FROM = 20
LARGE = 5  # MB
N_SHOWN = 10
N_LISTED = 20  # calls, each with a line of its own
WIDEST, NARROWEST = 48, 7
MARK = " (?)"
LEAVE_OUT = "leave this file out"
LAST = "last"
EACH, OPEN = "each", "open"
_CONSENT = """\
  none       not used at all
  aggregate  counted, never shown
  quote      shown, without a name
  named      shown, with the name
  open       nobody has said: counted, never shown"""
_CONSENT_EACH = "\n  each       another answer for each customer, asked one by one"
_HOW_TO_ANSWER = (
    "\nEnter takes what stands in [ ]; the beginning of a word is enough. < goes back to the question before, ? says what a "
    "question means and what may be answered. Ctrl+C stops, and nothing is written. Afterwards  workbench import --undo  takes all "
    "of it back."
)
_EXPLAINED = {
    "again": "skip leaves this file out, since its call is in already. new brings it in as a call of its own: its words count "
    "beside those of the other.",
    "replace": "skip leaves this file out, since its call is in already. replace puts it in the place of that call's transcript, "
    "as after mending a misheard word: quotes get the new words, and the old file is kept in .workbench/removed/. new brings it in "
    "as a call of its own: its words count beside those of the other.",
    "day": "The day on which the customer said it, such as 2026-11-17, 17.11.2026 or 17 November 2026. It names the call's file and "
    "orders the calls; the day on which a file was saved is no such day.",
    "customer": "The firm, or whoever counts as one customer. Themes are counted by customer, so that a name written in another "
    "way counts as another one. A name that is not known yet makes a new customer.",
    "same": "Themes are counted by customer. yes writes the known name into the call and keeps the other as its spelling in "
    "discovery/customers.yaml; no brings in another customer.",
    "alike": "Themes are counted by customer. yes counts both as one, and keeps the other name as a spelling in "
    "discovery/customers.yaml; no brings in two customers.",
    "speaker": "us: one of you, who asks. Nothing that one of you says is evidence. customer: whoever answers; what they say can "
    "become notes. It holds for all files that have the name.",
    "who": "Those of the customer's who spoke, each as  Name, role  with ; between them. Only a name that is listed is kept from "
    "leaving in a quote.",
    "column": "Name a column of the table. none says that no column has it, and  workbench import  takes what you say of all rows.",
    "kept_as": "table: one file in interviews/, each row a note with its line, in the same themes and counts as the calls; it opens "
    "fast, however large. calls: a file for each customer and day, to be opened and edited one by one.",
    "guess": "yes takes all that is marked (?) as it stands. no goes through it, file by file, and there skip leaves one "
    "out; nothing is written before.",
    "undo": "yes moves what is listed to .workbench/removed/; no leaves all of it as it is.",
}
_FLAGS = {
    "day": "--date 2026-11-17",
    "customer": "--customer NAME",
    "kept_as": "--as table or --as calls",
}
_FIELDS = ("again", "customer", "who", "day", "segment", "kind", "consent")
_TO_DO = {
    "skip": "skip it",
    "replace": "replace the transcript that is there with it (the notes follow)",
    "new": "bring it in as new",
}
_AGAIN = {"new": "once more", "replace": "in its place"}


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("import", _import, "bring in calls that were recorded or written down elsewhere")
    sub.add_argument("files", metavar="FILES", nargs="*", help="files, folders and zips; - is what is piped in")
    sub.add_argument("--customer", metavar="NAME", default="", help="the customer, of all of them")
    sub.add_argument("--who", metavar="NAME,ROLE", default="", help="who spoke for the customer: “Jane Doe, ops lead”")
    sub.add_argument("--date", metavar="DAY", default="", help="the day of the call: 2026-11-17")
    sub.add_argument("--segment", metavar="WORDS", default="", help="the customer's segment")
    sub.add_argument("--consent", default="", help="what may leave: none, aggregate, quote, named")
    sub.add_argument("--kind", default="", help="discovery, usability, sales, support or churn")
    sub.add_argument(
        "--speaker",
        metavar="NAME=us|customer",
        action="append",
        default=[],
        help="who in a transcript is one of you, and who the customer's; may stand several times",
    )
    sub.add_argument(
        "--column",
        metavar="WHAT=COLUMN",
        action="append",
        default=[],
        help="which column of a table is what: quote=Feedback, text=Notes, customer=Company, who, role, date, segment, tags, kind, consent",
    )
    sub.add_argument(
        "--same",
        metavar="NAME=CUSTOMER",
        action="append",
        default=[],
        help="a name that looks like a customer's: which one it is, or no; may stand several times",
    )
    sub.add_argument(
        "--again",
        choices=["skip", "new", "replace"],
        default="",
        help="calls that are in already: skip them, bring them in once more, or replace their transcript; not said, they are "
        "skipped, but for those with the same words of another customer or day, or with many more or fewer words, which is asked",
    )
    sub.add_argument(
        "--as",
        dest="kept_as",
        choices=["table", "calls"],
        default="",
        help="tables: keep each as one table of notes, or make a call of each customer and day; not said, it is asked of those "
        "with more than 5,000 rows",
    )
    sub.add_argument(
        "--keep", metavar="N", type=int, default=0, help="make the N best quotes of each call notes at once"
    )
    sub.add_argument("--yes", action="store_true", help="what was guessed is so; nothing is asked")
    sub.add_argument("--dry-run", action="store_true", help="list what would come in, and write nothing")
    sub.add_argument(
        "--undo",
        metavar="WHICH",
        nargs="?",
        const=LAST,
        help="take the last import out again, but for what somebody has worked on since; or an older one, by its number",
    )
    sub.add_argument(
        "--list", action="store_true", help="list the imports that --undo can take back, with their numbers"
    )
    sub.add_argument("--verbose", action="store_true", help="list each file, also where there are many")
    sub.epilog = (
        "What the files themselves say is taken. What their names, headings and earlier calls suggest is shown, and you say yes. "
        "What nothing says is asked, or is an error that names the option where nobody can be asked."
    )


def _import(options: argparse.Namespace) -> None:
    from workbench.arrivals import settle
    from workbench.bring_in import bring_in, plan_import
    from workbench.store import workspace
    from workbench.take_back import next_number, read_imported

    if options.list:
        _list_imports(options)
        return
    if options.undo:
        _undo(options)
        return
    if not options.files:
        raise InputError("nothing to bring in; name files or folders, such as  workbench import ~/Downloads/*.vtt")
    if options.keep < 0:
        raise InputError(f"--keep {options.keep} is no number of notes; say one such as --keep 20")
    root = named_workspace(options)
    files, piped = _files(options.files)
    speakers = _speakers(options.speaker)
    _say_large(files)
    with _bar("Looking at", "files") as progress:
        plan = plan_import(
            root or ".",
            files,
            customer=options.customer,
            who=options.who,
            day=_iso_day(options.date),
            segment=options.segment,
            kind=options.kind,
            consent=options.consent,
            speakers=speakers,
            columns=_columns(options.column),
            again=options.again,
            same=_same(options.same),
            kept_as=options.kept_as,
            progress=progress,
        )
    each = options.verbose or options.dry_run
    _print_plan(plan, each=each)
    _say_unheard(plan, speakers)
    if options.dry_run:
        outside = [one for one in plan if one.what not in ("unreadable", "other") and not one.comes_in]
        _print_left_out(outside, plan, each=each)
        failed = [problem for arrival in plan if arrival.what == "unreadable" for problem in arrival.problems]
        for problem in failed:
            say(str(problem))
        _say_unclear([arrival for arrival in plan if arrival.asks], each=each)
        say("Nothing was written, as you asked.")
        if failed:
            raise SystemExit(1)
        return
    asked = not options.yes and not piped and sys.stdin.isatty()
    if options.yes:
        plan = [settle(arrival, confirm=True) for arrival in plan]
    elif asked:
        talk = Talk(_HOW_TO_ANSWER)
        try:
            plan = talk.over(lambda: _ask_consent(talk, _ask_alike(talk, _ask(talk, plan)), root))
        except KeyboardInterrupt:
            say("\nStopped. Nothing was written.")
            raise SystemExit(1) from None
    unclear = [arrival for arrival in plan if arrival.asks or arrival.guesses]
    waiting = {id(arrival) for arrival in unclear}
    number = next_number(workspace(root or "."))
    try:
        with _bar("Bringing in", "calls") as progress:
            done = bring_in(
                root or ".", [one for one in plan if id(one) not in waiting], keep=options.keep, progress=progress
            )
    except KeyboardInterrupt:
        _say_stopped(sum(one.number == number for one in read_imported(workspace(root or "."))))
        raise SystemExit(1) from None
    _say_done(done, plan, options, is_all=not unclear)
    if not asked:
        _say_alike(one for one in plan if id(one) not in waiting)
    _say_unclear(unclear, each=each)
    if done.failed or unclear:
        raise SystemExit(1)


def _say_stopped(n_in: int) -> None:
    """What a stop leaves: a call is written whole or not at all."""
    if n_in:
        is_in = f"{count(n_in, 'call')} {'is' if n_in == 1 else 'are'} in, each whole, and nothing of the others"
        say(f"\nStopped. {is_in}. The same command goes on;  workbench import --undo  takes out what is in.")
    else:
        say("\nStopped. Nothing was written.")


def _undo(options: argparse.Namespace) -> None:
    """Take an import out again; what it means is shown first."""
    from workbench.take_back import plan_take_back, take_back

    if options.files:
        raise InputError("--undo takes an import back as a whole; leave the files away")
    if options.undo != LAST and not options.undo.isdecimal():
        raise InputError(
            f"--undo takes the last import back, or one by its number, and “{options.undo}” is none; "
            "workbench import --undo --list  shows them"
        )
    root = named_workspace(options) or "."
    plan = plan_take_back(root, None if options.undo == LAST else int(options.undo))
    if not plan.number:
        print("There is no import to take back: none came in here, or nothing is left of what did.")
        return
    _print_stays(plan.stays)
    if not plan.does_something:
        print(f"All that is left of the {_import_name(plan)} stays, as said above. Nothing was taken out.")
        say("Take an older one back by its number:  workbench import --undo --list  shows them.")
        raise SystemExit(1)
    _print_what_goes(plan, options)
    asked = sys.stdin.isatty() and not options.yes and not options.dry_run
    if options.dry_run or not (options.yes or (asked and _is_yes("Take them out?", "undo"))):
        which = "" if options.undo == LAST else f" {options.undo}"
        say("Nothing was taken out." + ("" if asked else f" To do it:  workbench import --undo{which} --yes"))
        return
    try:
        gone, stays = take_back(root, plan)
    except KeyboardInterrupt:
        say("\nStopped. What is out is kept in .workbench/removed/; the same command goes on with the rest.")
        raise SystemExit(1) from None
    _print_stays(stays)
    print(
        f"{count(len(gone), 'file')} taken out and kept in .workbench/removed/; the same files can be brought in again, "
        "and  workbench import --undo  takes back the import before."
    )


def _print_what_goes(plan: TakeBack, options: argparse.Namespace) -> None:
    n_tables = sum(one.is_table for one in plan.goes)
    n_calls = len(plan.goes) - n_tables
    names = _names_of(plan)
    parts = [
        n_calls and f"{count(n_calls, 'call')} with what lies beside them",
        n_tables and count(n_tables, "table of notes", "tables of notes"),
        not plan.goes and plan.beside and "what is left of its calls",
        names and count(len(names), "theme"),
        plan.aliases and count(len(plan.aliases), "spelling"),
    ]
    lines = [*(one.file for one in plan.goes), *plan.beside]
    lines += [f"the theme “{name}”, out of discovery/themes.yaml" for name in names]
    lines += [f"the spelling “{one.alias}” of {one.customer}, out of discovery/customers.yaml" for one in plan.aliases]
    print(f"The {_import_name(plan)}: {', '.join(filter(None, parts))}, to be taken out:")
    for line in lines if options.verbose else lines[:N_SHOWN]:
        print(f"  {line}")
    if len(lines) > N_SHOWN and not options.verbose:
        print(f"  and {len(lines) - N_SHOWN} more; --verbose lists them")


def _list_imports(options: argparse.Namespace) -> None:
    """Which imports can be taken back."""
    from workbench.take_back import plan_imports

    if options.files:
        raise InputError("--list shows what was brought in before; leave the files away")
    plans = plan_imports(named_workspace(options) or ".")
    for plan in plans:
        staying = {what for what, _ in plan.stays}
        files = [one.file for one in plan.goes] + [what for what in staying if what.startswith("interviews/")]
        parts = [files and count(len(files), "file"), *(f"the theme “{name}”" for name in _names_of(plan))]
        parts += [f"the spelling “{one.alias}”" for one in plan.aliases]
        parts += [] if any(parts) else ["what is left of its calls"] if plan.beside else sorted(staying)
        stays = f"; {len(plan.stays)} of it {'stays' if len(plan.stays) == 1 else 'stay'}" if plan.stays else ""
        stays = stays if plan.does_something else "; all of it stays"
        shown = f": {shorten(', '.join(sorted(files)), 100)}" if files else ""
        print(f"{plan.number:>4}  {plan.at}  {shorten(', '.join(filter(None, parts)), 200)}{stays}{shown}")
    if plans:
        say("Take one back with its number:  workbench import --undo " + str(plans[0].number))
    else:
        print("There is no import to take back: none came in here, or nothing is left of what did.")


def _import_name(plan: TakeBack) -> str:
    return f"import {plan.number} of {plan.at}"


def _names_of(plan: TakeBack) -> list[str]:
    """The themes that go, each once."""
    return list(dict.fromkeys(one.name for one in plan.themes))


def _print_stays(stays: Sequence[tuple[str, str]]) -> None:
    for file, why in stays:
        print(f"{file} stays: {why}")


def _files(names: Sequence[str]) -> tuple[list[str | Source], bool]:
    """What was named, and whether standard input was, which then is no one to be asked."""
    from workbench.importers import Source

    files: list[str | Source] = [name for name in names if name != "-"]
    if "-" in names:
        files.append(Source("pasted.txt", sys.stdin.buffer.read()))
    return files, "-" in names


def _say_large(files: Sequence[str | Source]) -> None:
    """Which files take a while, before they do."""
    from workbench.importers.archive import MEGABYTE, is_recording

    for file in (file for file in files if isinstance(file, str) and not is_recording(file)):
        with suppress(OSError):
            if os.path.isfile(file) and (size := os.path.getsize(file)) > LARGE * MEGABYTE:
                say(f"{file} has {size // MEGABYTE} MB: looking at it takes a while, and so does bringing it in.")


def _say_unheard(plan: Sequence[Arrival], speakers: Iterable[str]) -> None:
    """Of whom something was said who does not speak, with those who do."""
    from workbench.arrivals import unheard, who_speak

    for name in unheard(plan, speakers):
        speak = dict.fromkeys(one for arrival in plan if arrival.comes_in for one in who_speak(arrival))
        others = f"; there speak {shorten(', '.join(speak), 200)}" if speak else ""
        where = (
            "; --column who=NAME says which column of a table has such names" if any(one.table for one in plan) else ""
        )
        say(f"--speaker “{name}”: nobody is called so in what comes in{others}{where}")


def _speakers(pairs: Sequence[str]) -> dict[str, str]:
    speakers = {}
    for pair in pairs:
        name, equals, side = pair.rpartition("=")
        if not equals or not name.strip() or side.strip().lower() not in ("us", "customer"):
            raise InputError(
                f'--speaker “{pair}” is not understood; write  --speaker "Ana Ruiz=us"  or  "Jane Doe=customer"'
            )
        speakers[name.strip()] = side.strip().lower()
    return speakers


def _same(pairs: Sequence[str]) -> dict[str, str]:
    same = {}
    for pair in pairs:
        name, equals, customer = (part.strip() for part in pair.rpartition("="))
        if not equals or not name or not customer:
            raise InputError(f'--same “{pair}” is not understood; write  --same "Acme Inc.=Acme"  or  "Acme Inc.=no"')
        same[name] = customer
    return same


def _columns(pairs: Sequence[str]) -> dict[str, str]:
    from workbench.importers.columns import ROLES

    columns: dict[str, str] = {}
    for pair in pairs:
        role, equals, name = (part.strip() for part in pair.partition("="))
        if not equals or not name or role.lower() not in ROLES:
            raise InputError(
                f"--column “{pair}” is not understood; write  --column quote=Feedback, with one of {', '.join(ROLES)}"
            )
        columns[role.lower()] = f"{columns[role.lower()]}; {name}" if role.lower() in columns else name
    return columns


def _print_plan(plan: Sequence[Arrival], *, each: bool) -> None:
    """What would come in, a line a call where there are few; then why what is marked was guessed, and what could not be read."""
    rows = [arrival for arrival in plan if arrival.comes_in]
    if not rows:
        return
    problems = [problem for arrival in rows for problem in arrival.problems]
    twins = [arrival for arrival in rows if arrival.twin]
    if each or len(rows) <= N_LISTED:
        _print_table(rows)
    else:
        _print_counts(rows)
        problems = _alike_as_one(problems)
    for why, values in _reasons(rows, each=each or len(rows) <= N_LISTED).items():
        print(f"{MARK.strip()} {why}: {_listed(values, each=each)}")
    for words in _left_columns(rows, each=each):
        print(words)
    for arrival in twins:
        comes = f"comes in {_AGAIN[arrival.again]}" if arrival.again in _AGAIN else "or another call"
        comes = "which of them stays is asked" if not arrival.again and arrival.likely_way else comes
        print(f"{arrival.name}: {_already(arrival)}; {comes}")
    for arrival in rows:
        if arrival.like:
            print(
                f"{arrival.name}: kept as a table of notes, as {arrival.like} is, which has rows of it (--as calls makes calls of it)"
            )
    for problem in dict.fromkeys(problems):
        print(problem)


def _left_columns(rows: Iterable[Arrival], *, each: bool) -> list[str]:
    """The columns of which nothing becomes a note; those of tables with the same columns once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for arrival in rows:
        if arrival.columns and not arrival.columns.questions and arrival.columns.left:
            found.setdefault(arrival.columns.left, []).append(arrival.name)
    said = []
    for left, (name, *more) in found.items():
        shown = [shorten(column, 80) for column in (left if each else left[:N_LISTED])]
        rest = f" and {len(left) - len(shown)} more" if len(left) > len(shown) else ""
        like = f" (and {len(more)} more like it)" if more else ""
        said.append(f"{name}{like}: columns left out: {', '.join(shown)}{rest}")
    return said


def _print_counts(rows: Sequence[Arrival]) -> None:
    """How many there are of each kind, and with whom; --verbose has them one by one."""
    forms = Counter(arrival.form.partition(" (")[0] for arrival in rows)
    print(f"{count(len(rows), 'call or table', 'calls and tables')} to come in: {_most(forms)}")
    with_whom = Counter(
        name
        for arrival in rows
        for name in dict.fromkeys(map(arrival.customer_of, arrival.parts if arrival.table else (None,)))
        if name
    )
    if with_whom:
        print(f"with {count(len(with_whom), 'customer')}: {_most(with_whom)}")
    days = sorted(day for arrival in rows if (day := arrival.day.value))
    if days:
        print(f"of {' to '.join(dict.fromkeys((days[0], days[-1])))}")
    if asked := sum(bool(arrival.asks) for arrival in rows):
        print(f"{asked} of them with a question, below")
    print("workbench import --verbose lists each of them.")


def _most(counts: Counter[str], *, each: bool = False) -> str:
    """What there is most of, with how often; the rest counted, unless each is wanted."""
    named = [f"{name} ({n})" for name, n in counts.most_common(None if each else N_SHOWN)]
    return ", ".join(named) + (f" and {len(counts) - len(named)} more" if len(counts) > len(named) else "")


def _alike_as_one(problems: Iterable[Problem]) -> list[Problem | str]:
    """The first of those that differ in somebody's words and numbers only, with how many more there are."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        kind = re.sub(r"“[^”]*”|'[^']*'|\d+", "", problem.what).partition(":")[0].partition(";")[0]
        found.setdefault(kind, []).append(problem)
    return [f"{first}{f' (and {len(more)} more like it)' if more else ''}" for first, *more in found.values()]


def _print_table(rows: Sequence[Arrival]) -> None:
    """A line a call."""
    folder = _common(rows)
    lines = [("file", "what it is", "day", "customer", "one of you", "theirs")]
    for arrival in rows:
        guessed = {name for name, _ in arrival.guesses}
        asked = {ask.field for ask in arrival.asks}
        us = ", ".join(f"{name}{MARK if name in guessed else ''}" for name in arrival.us)
        lines.append(
            (
                arrival.called[len(folder) :],
                f"{arrival.form.partition(' (')[0]}, {arrival.says}",
                _cell(_by_row(arrival, "date", arrival.day.value), "day" in guessed),
                _cell(_by_row(arrival, "customer", arrival.customer.value), "customer" in guessed)
                + ", ?" * ("same" in asked),
                (us + (", ?" if us else "?") * ("speaker" in asked)) or ("nobody" if arrival.speakers else ""),
                (arrival.who.value and _by_row(arrival, "who", arrival.who.value)) + MARK * ("who" in guessed),
            )
        )
    wide = _widths(lines)
    for name, *cells in lines:
        cut = [
            name if len(name) <= wide[0] else f"…{name[len(name) - wide[0] + 1 :]}",
            *(_cut(cell, width) for cell, width in zip(cells, wide[1:], strict=True)),
        ]
        print("  ".join(f"{cell:{width}}" for cell, width in zip(cut, wide, strict=True)).rstrip())


def _widths(lines: Sequence[tuple[str, ...]]) -> list[int]:
    """How wide each column is: the widest gives way, but no day, until all of them fit the terminal, where there is one."""
    wide = [min(WIDEST, max(len(line[column]) for line in lines)) for column in range(len(lines[0]))]
    fits = get_terminal_size((10_000, 0)).columns - 2 * (len(wide) - 1)
    least = [NARROWEST] * len(wide)
    least[lines[0].index("day")] = len("2026-11-17" + MARK)
    while sum(wide) > fits and (longer := [column for column in range(len(wide)) if wide[column] > least[column]]):
        wide[max(longer, key=wide.__getitem__)] -= 1
    return wide


def _cut(cell: str, width: int) -> str:
    """A cell that fits; that it is only guessed stays in view."""
    if len(cell) <= width or not cell.endswith(MARK):
        return shorten(cell, width)
    return shorten(cell.removesuffix(MARK), width - len(MARK)) + MARK


def _common(rows: Sequence[Arrival]) -> str:
    """The folder that all of them lie in."""
    folders = {arrival.name.rpartition("/")[0] for arrival in rows}
    if not all(folders) or len({name.startswith("/") for name in folders}) > 1:
        return ""
    folder = posixpath.commonpath(folders)
    return f"{folder}/" if folder else ""


def _already(arrival: Arrival) -> str:
    """Where the same call is, and how that is known."""
    twin = arrival.twin
    if twin is None or not twin.name:
        return twin.why if twin else ""
    why = "; ".join(filter(None, (twin.why, twin.length)))
    return f"{'in already as' if twin.is_in else 'the same call as'} {twin.called} ({why})"


def _cell(value: str, guessed: bool) -> str:
    return f"{value}{MARK}" if guessed else value or "?"


def _by_row(arrival: Arrival, role: str, value: str) -> str:
    """What is so of a call, or of a table's rows: what a row says holds, and what is said of the table where it says nothing."""
    names = arrival.columns.of(role) if arrival.columns else ()
    if not names:
        return value
    return f"by {', '.join(names)}" + (f"; {value} where none stands" if value else "")


def _reasons(rows: Sequence[Arrival], *, each: bool) -> dict[str, list[str]]:
    """Why something is guessed, with what; of many without the address of each."""
    found: dict[str, dict[str, None]] = {}
    for arrival in rows:
        for name, guess in arrival.guesses:
            guess = guess if each else guess._replace(why=re.sub(r"[^\s;]+@[^\s;]+", "…", guess.why))
            if name in _FIELDS:
                if name != "who":
                    found.setdefault(f"{name}, {guess.why}", {})[guess.value] = None
            elif name.startswith("column "):
                found.setdefault(f"{name}, {guess.why}", {})[guess.value] = None
            else:
                whose = "one of you" if guess.value == "us" else "the customer's"
                found.setdefault(f"{whose}, {guess.why}", {})[name or "without a name"] = None
    return {why: list(values) for why, values in found.items()}


def _is_yes(words: str, what: str) -> bool:
    """One question by itself; who stops it says no."""
    try:
        return Talk("").choose(words, ("yes", "no"), "no", _EXPLAINED[what]) == "yes"
    except KeyboardInterrupt:
        say("")
        return False


def _ask(talk: Talk, plan: Sequence[Arrival]) -> list[Arrival]:
    """Ask what is unclear, then whether what was guessed is so; Enter says yes."""
    from workbench.arrivals import settle

    answers: dict[str, str] = {}
    settled = []
    for arrival in plan:
        talk.head(arrival.called)
        try:
            settled.append(_clear_up(talk, arrival, answers))
        except LeftOut:
            _say_left_out(talk, arrival)
    _say_what_is_new(talk, plan, settled)
    guessed = [arrival for arrival in settled if arrival.guesses]
    talk.head(guessed[0].called if len(guessed) == 1 else "")
    if guessed:
        words = "What has (?) behind it was guessed. Is it so?"
        try:
            is_so = talk.choose(words, ("yes", "no"), "yes", _EXPLAINED["guess"]) == "yes"
        except LeftOut:
            _say_left_out(talk, guessed[0])
            return [arrival for arrival in settled if arrival is not guessed[0]]
        if is_so:
            return [settle(arrival, confirm=True) for arrival in settled]
        before, settled = settled, _put_right(talk, settled)
        _say_what_is_new(talk, before, settled)
        if any(arrival.asks for arrival in settled):  # what was put right may be unclear in its turn
            return _ask(talk, settled)
    return settled


def _clear_up(talk: Talk, arrival: Arrival, answers: dict[str, str]) -> Arrival:
    """Ask what is unclear of one file; what was answered of the files before is known."""
    from workbench.arrivals import SAME_WORDS, means_somebody, settle

    if arrival.twin and arrival.twin.why == SAME_WORDS and not arrival.again:
        arrival = settle(arrival, again=_ask_again(talk, arrival))
    while asks := arrival.asks:
        ask = asks[0]
        if ask.field == "speaker" and arrival.is_all_ours:
            name = talk.choose(ask.words, (*arrival.us, LEAVE_OUT), "", _EXPLAINED["speaker"])
            if name == LEAVE_OUT:
                raise LeftOut
            arrival = settle(arrival, speakers={name: "customer"})
            continue
        # Who somebody is holds for all the files, and whose a name is. A column is offered again; a day or a customer is
        # not, since quick Enters would put all calls on one day, and all words into one customer's mouth; nor is a "Speaker 1",
        # who is somebody else in each file.
        is_new = ask.field in ("day", "customer") or (ask.field == "speaker" and not means_somebody(ask.of))
        known = "" if is_new else answers.get(f"{ask.field} {ask.of}", "")
        answer = known if ask.field in ("speaker", "same") else ""
        if not answer:
            answer = _answer(talk, ask, known)
        try:
            arrival = settle(arrival, **_as_field(arrival, ask, answer))
        except InputError as error:
            talk.wrong(str(error))
            continue
        answers[f"{ask.field} {ask.of}"] = answer
    return arrival


def _ask_again(talk: Talk, arrival: Arrival) -> str:
    """What to do with a file that has the words of a call."""
    where = arrival.asks[0].words if arrival.has_doubtful_twin else f"It has the same words as {arrival.twin.called}."
    can_replace = "replace" in arrival.ways
    said = [_TO_DO[way] for way in arrival.ways]
    words = f"{', '.join(said[:-1])}, or {said[-1]}?"
    means = _EXPLAINED["replace" if can_replace else "again"]
    return talk.choose(f"{where} {words[:1].upper()}{words[1:]}", arrival.ways, arrival.likely_way, means)


def _say_left_out(talk: Talk, arrival: Arrival) -> None:
    talk.say(f"{arrival.called}: left out, as you said.")


def _ask_alike(talk: Talk, plan: Sequence[Arrival]) -> list[Arrival]:
    """Ask whose a new name is that looks like another new one: they would count as two customers."""
    from workbench.arrivals import alike, same_customer

    talk.head("")
    asked: set[tuple[str, str]] = set()
    while pairs := [pair for pair in alike(plan) if pair not in asked]:
        one, other = pairs[0]
        asked.add(pairs[0])
        words = f"Are “{one}” and “{other}” the same customer?"
        if talk.choose(words, ("yes", "no"), "", _EXPLAINED["alike"]) == "yes":
            right = talk.choose("Under which name?", (one, other), one, _EXPLAINED["alike"])
            wrong = other if right == one else one
            plan = [same_customer(arrival, wrong, right) for arrival in plan]
    return list(plan)


def _say_alike(plan: Iterable[Arrival]) -> None:
    from workbench.arrivals import alike

    for one, other in alike(plan):
        say(
            f"“{one}” and “{other}” look alike and count as two customers. If they are one, write “{other}” under aliases of "
            f"{one} in discovery/customers.yaml"
        )


def _say_what_is_new(talk: Talk, plan: Sequence[Arrival], settled: Sequence[Arrival]) -> None:
    """What the answers let guess, which columns and rows they leave out: the plan could not show it."""
    before, now = (_reasons(rows, each=len(plan) <= N_LISTED) for rows in (plan, settled))
    for why, values in now.items():
        if new := [value for value in values if value not in before.get(why, ())]:
            talk.say(f"{MARK.strip()} {why}: {shorten(', '.join(new))}")
    shown, left = _left_columns(plan, each=False), _left_columns(settled, each=False)
    told = {problem for arrival in plan for problem in arrival.problems}
    problems = [problem for arrival in settled for problem in arrival.problems if problem not in told]
    for words in (*(words for words in left if words not in shown), *_alike_as_one(problems)):
        talk.say(str(words))


def _ask_consent(talk: Talk, plan: Sequence[Arrival], root: str | None) -> list[Arrival]:
    """Ask once what the customers agreed to of whom nothing states it; a report quotes nobody else."""
    from workbench.arrivals import agree
    from workbench.notes import CONSENT_LEVELS

    silent = _unstated((name for arrival in plan for name in arrival.without_consent), root)
    if not silent:
        return list(plan)
    several = (EACH,) if len(silent) > 1 else ()
    means = _CONSENT + (_CONSENT_EACH if several else "")
    talk.say(f"\nNothing states yet what {shorten(', '.join(silent), 200)} agreed to:\n{means}")
    choices = (*CONSENT_LEVELS, OPEN)
    answer = talk.choose("May their words be quoted?", (*choices, *several), OPEN, means)
    said = {name: talk.choose(f"{name}:", choices, OPEN, _CONSENT) if answer == EACH else answer for name in silent}
    for level in CONSENT_LEVELS:
        customers = [name for name, one in said.items() if one == level]
        plan = [agree(arrival, level, customers) for arrival in plan]
    return list(plan)


def _put_right(talk: Talk, plan: Sequence[Arrival]) -> list[Arrival]:
    """Go through what was guessed, a file at a time; of several, those that are right are passed over by one Enter."""
    from workbench.arrivals import settle

    several = sum(bool(arrival.guesses) for arrival in plan) > 1
    right = []
    for arrival in plan:
        if arrival.guesses:
            talk.head(arrival.called)
            told = "\n".join(f"  {_named(name)}: {guess.value}" for name, guess in arrival.guesses)
            try:
                if not several or talk.choose(f"{told}\nIs it so?", ("yes", "no"), "yes") == "no":
                    arrival = _correct(talk, arrival)
                else:
                    arrival = settle(arrival, confirm=True)
            except LeftOut:
                _say_left_out(talk, arrival)
                continue
        right.append(arrival)
    return right


def _correct(talk: Talk, arrival: Arrival) -> Arrival:
    """Go through what was guessed of one call; Enter leaves it as it is."""
    from workbench.arrivals import settle

    while guesses := arrival.guesses:
        name, guess = guesses[0]
        words = f"{_named(name)} ({guess.why}):"
        try:
            if name.startswith("column "):
                role, among = name.removeprefix("column "), ", ".join(arrival.table.header)
                words = f"{words} one or more of {shorten(among, 600)}, with ; between them"
                arrival = settle(arrival, columns={role: talk.prompt(words, guess.value, _EXPLAINED["column"])})
            elif name in _FIELDS:
                said = talk.prompt(words, guess.value, _EXPLAINED.get(name, ""))
                arrival = settle(arrival, **{name: _iso_day(said) if name == "day" else said})
            else:
                side = talk.choose(words, ("us", "customer"), guess.value, _EXPLAINED["speaker"])
                arrival = settle(arrival, speakers={name: side})
        except InputError as error:
            talk.wrong(str(error))
    return arrival


def _named(guess: str) -> str:
    """What a guess is of, as it is shown: a speaker by name."""
    return {"who": "who was there", "": "turns without a name"}.get(guess, guess)


def _as_field(arrival: Arrival, ask: Ask, answer: str) -> dict[str, object]:
    by_name = {"speaker": "speakers", "column": "columns", "same": "same"}
    if ask.field == "day" and arrival.table and answer in arrival.table.header:
        return {"columns": {"date": [answer]}}
    if ask.field == "day":
        answer = _iso_day(answer)
    return {by_name[ask.field]: {ask.of: answer}} if ask.field in by_name else {ask.field: answer}


def _iso_day(said: str) -> str:
    """A day as a table may write it, as 2026-11-17; other words as they are."""
    from workbench.importers.columns import iso_day

    return iso_day(said)


def _answer(talk: Talk, ask: Ask, offered: str) -> str:
    words, means = ask.words, _EXPLAINED[ask.field]
    if ask.field == "day":
        words += f" Say one such as 2026-11-17{', or the name of a column' * bool(ask.of)}"
    if not ask.choices:
        return talk.prompt(words, offered, means)
    is_column = ask.field == "column"
    # None of them, or several.
    may_say = is_column and ask.of != "days"
    return talk.choose(
        words, ask.choices, offered, means, are_named=is_column,
        accepts=lambda said: may_say and (said.casefold() == "none" or ";" in said),
    )  # fmt: skip


def _say_done(done: Brought, plan: Sequence[Arrival], options: argparse.Namespace, *, is_all: bool) -> None:
    each = options.verbose
    _print_left_out(done.skipped, plan, each=each)
    customers = {call.customer for call in done.calls}
    if done.calls:
        with_whom = f" with {count(len(customers), 'customer')}"
        files = _listed([call.file for call in done.calls], each=each)
        print(f"{count(len(done.calls), 'call')}{with_whom} brought in: {files}")
    for file, n in done.tables:
        print(f"{file}: kept as a table of {n:,} {'note' if n == 1 else 'notes'}, in the same themes as the calls")
    for name, n in done.known:
        print(f"{name}: {count(n, 'row')} left out, since the same customer's note of that day has these words already")
    if is_all and not (done.calls or done.tables or done.failed or done.replaced or done.themes):
        print("Nothing new came in.")
    for name, customer in done.aliases:
        print(
            f"“{name}” is {customer} from now on, and is not asked about again: under aliases in discovery/customers.yaml"
        )
    if done.kept:
        print(
            f"{count(done.kept, 'candidate')} kept as quotes tagged #candidate: look them over in Triage, or  "
            'workbench search "#candidate"'
        )
    if done.ours:
        print(f"{count(done.ours, 'note')} left out: one of you says it, and that is no evidence.")
    if done.themes:
        names = shorten(", ".join(f"“{name}”" for name in done.themes), 300)
        print(
            f"{count(len(done.themes), 'theme')} came with them and are yours now: {names}; workbench themes shows them."
        )
    waiting = [call for call in done.calls if call.transcript and not call.notes]
    if waiting:
        root = named_workspace(options)
        lab = f"workbench lab {shlex.quote(root)}" if root else "workbench lab"
        print(
            f"{count(len(waiting), 'call')} with words and no notes yet: open Triage in the Tuesday notebook, with  {lab}"
        )
    silent = [call.customer for call in done.calls if not call.consent]
    if silent := _unstated(silent, named_workspace(options)):
        print(
            f"Of {_listed(silent, each=each)} no consent is stated, so what they say counts and is quoted to nobody; write  "
            "consent: quote  into the call, or below the customer in discovery/customers.yaml, where they agreed."
        )
    for file, replaced in done.replaced:
        found = replaced.notes
        lost = (
            f"; not found, and left as they are: {shorten('; '.join(f'“{one.note.text}”' for one in found.lost), 400)}"
            if found.lost
            else ""
        )
        print(
            f"{file}: its transcript was replaced; {count(len(found.placed), 'note')} as before, {len(found.changed)} with new words{lost}"
        )
    told = {problem for arrival in plan for problem in arrival.problems}
    for problem in (*done.failed, *(problem for problem in done.problems if problem not in told)):
        say(str(problem))


def _print_left_out(skipped: Sequence[Arrival], plan: Sequence[Arrival], *, each: bool) -> None:
    """What is in already, and what is no call."""
    other = [problem for arrival in plan if arrival.what == "other" for problem in arrival.problems]
    n_shown = N_SHOWN if _is_cut(sys.stdout, each=each) else len(skipped) + len(other)
    for arrival in skipped[:n_shown]:
        print(f"{arrival.name}: {_already(arrival)}")
    if len(skipped) > n_shown:
        print(f"… and {len(skipped) - n_shown} more that are in already; --verbose names each")
    for problem in other[:n_shown]:
        print(f"{problem.file}: {problem.what}; {problem.todo}")
    if len(other) > n_shown:
        print(f"… and {len(other) - n_shown} more that are left unread; --verbose names each")


def _is_cut(out: TextIO, *, each: bool) -> bool:
    """Whether a list ends after some: on a terminal, where nobody wants each of them."""
    return not each and out.isatty()


def _listed(names: Sequence[str], *, each: bool, out: TextIO | None = None) -> str:
    """Names in one line, with how many more there are where it is cut."""
    if not _is_cut(out or sys.stdout, each=each):
        return ", ".join(" ".join(name.split()) for name in names)
    more = f" and {len(names) - N_SHOWN} more; --verbose names each" if len(names) > N_SHOWN else ""
    return ", ".join(map(shorten, names[:N_SHOWN])) + more


def _unstated(names: Iterable[str], root: str | None) -> list[str]:
    """Those customers, each once, of whom neither a call nor the registry states consent."""
    names = list(dict.fromkeys(names))
    if not names:
        return []
    from workbench.customers import fold_name
    from workbench.study import read_customers

    customers = read_customers(root, problems=[])
    stated = {
        fold_name(name)
        for row in customers[customers["consent_stated"] != ""].itertuples(index=False)
        for name in (row.customer, *row.aliases)
    }
    return [name for name in names if fold_name(name) not in stated]


def _say_unclear(unclear: Sequence[Arrival], *, each: bool) -> None:
    """What did not come in since nobody has said what it is, with the options that say it."""
    asking = [arrival for arrival in unclear if arrival.asks]
    if len(asking) > N_SHOWN:
        _say_questions(asking, each=each)
    else:
        for arrival in asking:
            asks = [f"{ask.words} ({_option(ask)})" for ask in arrival.asks if not _is_which_side(arrival, ask)]
            if who := [ask.of for ask in arrival.asks if _is_which_side(arrival, ask)]:
                asks.append(f"Who of them is one of you: {', '.join(who)}? ({_speaker_option(who[0])})")
            say(f"{arrival.called}: not in yet. {' '.join(asks)}")
    if guessed := [arrival for arrival in unclear if not arrival.asks]:
        names = _listed([arrival.called for arrival in guessed], each=each, out=sys.stderr)
        say(
            f"{count(len(guessed), 'file')} not in yet, since what is marked (?) is only guessed (--yes says that it is so): {names}"
        )


def _say_questions(asking: Sequence[Arrival], *, each: bool) -> None:
    """Each question once, with the files that it is about."""
    say(f"{count(len(asking), 'file')} not in yet:")
    about: dict[str, list[str]] = {}
    speaks: Counter[str] = Counter()
    for arrival in asking:
        for ask in arrival.asks:
            if _is_which_side(arrival, ask):
                speaks[ask.of] += 1
            else:
                about.setdefault(f"{ask.words} ({_option(ask)})", []).append(arrival.called)
    for words, names in about.items():
        say(f"  {words} {count(len(names), 'file')}: {_listed(names, each=each, out=sys.stderr)}")
    if speaks:
        (first, _), *_ = speaks.most_common(1)
        say(
            f"  Who is one of you, with how many files each speaks in: {_most(speaks, each=each)}? ({_speaker_option(first)})"
        )


def _is_which_side(arrival: Arrival, ask: Ask) -> bool:
    """Whether it is asked of one who speaks, and not of all, who are of us so far."""
    return ask.field == "speaker" and not arrival.is_all_ours


def _option(ask: Ask) -> str:
    """The option that answers a question."""
    if ask.field == "speaker":
        return f'--speaker "{ask.of}=customer"'
    if ask.field == "column":
        return f'--column "{ask.of}={_first(ask.choices)}"'
    if ask.field == "again":
        return " or ".join(f"--again {way}" for way in ask.choices) + ", for this file alone"
    if ask.field == "same":
        return f'--same "{ask.of}={_first(ask.choices)}" or "{ask.of}=no"'
    if ask.field == "day" and ask.of:
        return f'{_FLAGS["day"]} or --column "date={ask.of}"'
    return _FLAGS[ask.field]


def _speaker_option(name: str) -> str:
    return f'--speaker "{name}=us" or "{name}=customer"'


def _first(choices: Sequence[str]) -> str:
    return choices[0] if choices else "NAME"


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    from tqdm import tqdm

    bars: list[tqdm] = []
    form = "{desc} {n_fmt} of {total_fmt} " + unit + ": {bar:20} {elapsed}"

    def progress(n: int, of: int) -> None:
        if of >= SLOW_FROM:
            if not bars:
                bars.append(tqdm(desc=what, total=of, file=sys.stderr, bar_format=form))
            bars[0].update(n - bars[0].n)

    try:
        yield progress
    finally:
        for bar in bars:
            bar.close()
