"""The command ``workbench import``: calls that were recorded or written down elsewhere come in."""

from __future__ import annotations

import argparse
import posixpath
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from workbench.cli.output import count, say
from workbench.cli.workspace import named_workspace
from workbench.errors import InputError, shorten

if TYPE_CHECKING:
    from workbench.arrivals import Arrival, Ask
    from workbench.bring_in import Brought
    from workbench.importers import Source

__all__ = ["add_commands"]

# From so many files on, a bar says how far it is.
SLOW_FROM = 20
N_SHOWN = 10
WIDEST = 48
MARK = " (?)"
LEAVE_OUT = "leave this file out"
_FLAGS = {
    "again": "--again skip or --again new, for this file alone",
    "day": "--date 2026-11-17",
    "customer": "--customer NAME",
}
_FIELDS = ("again", "customer", "who", "day", "segment", "kind", "consent")
_AGAIN = {"new": "once more", "replace": "in its place"}


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("import", _import, "bring in calls that were recorded or written down elsewhere")
    sub.add_argument("files", metavar="FILES", nargs="+", help="files, folders and zips; - is what is piped in")
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
        "--again",
        choices=["skip", "new", "replace"],
        default="",
        help="calls that are in already: skip them, bring them in once more, or replace their transcript; not said, they are "
        "skipped, but for those with the same words of another customer or day, which is asked",
    )
    sub.add_argument(
        "--keep", metavar="N", type=int, default=0, help="make the N best quotes of each call notes at once"
    )
    sub.add_argument("--yes", action="store_true", help="what was guessed is so; nothing is asked")
    sub.add_argument("--dry-run", action="store_true", help="say what would come in, and write nothing")
    sub.epilog = (
        "What the files themselves say is taken. What their names, headings and earlier calls suggest is shown, and you say yes. "
        "What nothing says is asked, or is an error that names the option where nobody can be asked."
    )


def _import(options: argparse.Namespace) -> None:
    from workbench.arrivals import settle
    from workbench.bring_in import bring_in, plan_import

    if options.keep < 0:
        raise InputError(f"--keep {options.keep} is no number of notes; say one such as --keep 20")
    root = named_workspace(options)
    files, piped = _files(options.files)
    with _bar("Looking at", "files") as progress:
        plan = plan_import(
            root or ".",
            files,
            customer=options.customer,
            who=options.who,
            day=options.date,
            segment=options.segment,
            kind=options.kind,
            consent=options.consent,
            speakers=_speakers(options.speaker),
            columns=_columns(options.column),
            again=options.again,
            progress=progress,
        )
    _print_plan(plan)
    if options.dry_run:
        _print_left_out([one for one in plan if one.what not in ("unreadable", "other") and not one.comes_in], plan)
        failed = [problem for arrival in plan if arrival.what == "unreadable" for problem in arrival.problems]
        for problem in failed:
            say(str(problem))
        say("Nothing was written, as you asked.")
        if failed:
            raise SystemExit(1)
        return
    if options.yes:
        plan = [settle(arrival, confirm=True) for arrival in plan]
    elif sys.stdin.isatty() and not piped:
        plan = _ask(plan)
    unclear = [arrival for arrival in plan if arrival.asks or arrival.guesses]
    waiting = {id(arrival) for arrival in unclear}
    with _bar("Bringing in", "calls") as progress:
        done = bring_in(
            root or ".", [one for one in plan if id(one) not in waiting], keep=options.keep, progress=progress
        )
    _say_done(done, plan, options)
    _say_unclear(unclear)
    if done.failed or unclear:
        raise SystemExit(1)


def _files(names: Sequence[str]) -> tuple[list[str | Source], bool]:
    """What was named, and whether standard input was, which then is no one to be asked."""
    from workbench.importers import Source

    files: list[str | Source] = [name for name in names if name != "-"]
    if "-" in names:
        files.append(Source("pasted.txt", sys.stdin.buffer.read()))
    return files, "-" in names


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


def _print_plan(plan: Sequence[Arrival]) -> None:
    """A line a call, then why what is marked was guessed, and what could not be read."""
    rows = [arrival for arrival in plan if arrival.comes_in]
    if not rows:
        return
    folder = _common(rows)
    lines = [("file", "what it is", "day", "customer", "one of you", "theirs")]
    for arrival in rows:
        guessed = {name for name, _ in arrival.guesses}
        asked = {ask.field for ask in arrival.asks}
        us = ", ".join(f"{name}{MARK if name in guessed else ''}" for name in arrival.us)
        lines.append(
            (
                arrival.name[len(folder) :],
                f"{arrival.form.partition(' (')[0]}, {arrival.says}",
                _cell(arrival.day.value or _by_row(arrival, "date"), "day" in guessed),
                _cell(arrival.customer.value or _by_row(arrival, "customer"), "customer" in guessed),
                (us + (", ?" if us else "?") * ("speaker" in asked)) or ("nobody" if arrival.speakers else ""),
                arrival.who.value + (MARK if "who" in guessed else ""),
            )
        )
    wide = [min(WIDEST, max(len(line[column]) for line in lines)) for column in range(len(lines[0]))]
    for name, *cells in lines:
        cut = [
            name if len(name) <= wide[0] else f"…{name[len(name) - wide[0] + 1 :]}",
            *(shorten(cell, WIDEST) for cell in cells),
        ]
        print("  ".join(f"{cell:{width}}" for cell, width in zip(cut, wide, strict=True)).rstrip())
    for why, values in _reasons(rows).items():
        print(f"{MARK.strip()} {why}: {shorten(', '.join(values))}")
    for arrival in rows:
        if arrival.twin:
            comes = f"comes in {_AGAIN[arrival.again]}" if arrival.again in _AGAIN else "or another call"
            print(f"{arrival.name}: {_already(arrival)}; {comes}")
        for problem in arrival.problems:
            print(problem)


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
    return f"{'in already as' if twin.is_in else 'the same call as'} {twin.name} ({twin.why})"


def _cell(value: str, guessed: bool) -> str:
    return f"{value}{MARK}" if guessed else value or "?"


def _by_row(arrival: Arrival, role: str) -> str:
    names = arrival.columns.of(role) if arrival.columns else ()
    return f"by {', '.join(names)}" if names else ""


def _reasons(rows: Sequence[Arrival]) -> dict[str, list[str]]:
    """Why something is guessed, with what."""
    sides = {one.name: one.side for arrival in rows for one in arrival.speakers}
    found: dict[str, dict[str, None]] = {}
    for arrival in rows:
        for name, guess in arrival.guesses:
            if name in _FIELDS:
                if name != "who":
                    found.setdefault(f"{name}, {guess.why}", {})[guess.value] = None
            elif name.startswith("column "):
                found.setdefault(f"{name}, {guess.why}", {})[guess.value] = None
            else:
                whose = "one of you" if sides[name] == "us" else "the customer's"
                found.setdefault(f"{whose}, {guess.why}", {})[name or "without a name"] = None
    return {why: list(values) for why, values in found.items()}


def _ask(plan: Sequence[Arrival]) -> list[Arrival]:
    """Ask what is unclear, then whether what was guessed is so; Enter says yes."""
    from workbench.arrivals import SAME_WORDS, settle

    answers: dict[str, str] = {}
    settled = []
    for arrival in plan:
        if arrival.twin and arrival.twin.why == SAME_WORDS and not arrival.again:
            where = f"{arrival.name} has the same words as {arrival.twin.name}"
            if arrival.may_be_another:
                where = f"{arrival.name}: {arrival.asks[0].words}"
            again = _choose(
                f"{where}: skip it, or bring it in as new?",
                ("skip", "new"),
                "" if arrival.may_be_another else "skip",
            )
            arrival = settle(arrival, again=again)
        while asks := arrival.asks:
            ask = asks[0]
            if ask.field == "speaker" and all(one.side == "us" for one in arrival.speakers):
                name = _choose(f"{arrival.name}: {ask.words}", (*arrival.us, LEAVE_OUT), "")
                if name == LEAVE_OUT:
                    say(f"{arrival.name}: left out, as you said.")
                    break
                arrival = settle(arrival, speakers={name: "customer"})
                continue
            # Who somebody is holds for all the files; the day and the customer are offered again.
            known = answers.get(f"{ask.field} {ask.of}", "")
            answer = known if ask.field == "speaker" and known else _answer(arrival, ask, known)
            try:
                arrival = settle(arrival, **_as_field(ask, answer))
            except InputError as error:
                say(str(error))
                continue
            answers[f"{ask.field} {ask.of}"] = answer
        else:
            settled.append(arrival)
    if any(arrival.guesses for arrival in settled):
        if _choose("What has (?) behind it was guessed. Is it so?", ("yes", "no"), "yes") == "yes":
            return [settle(arrival, confirm=True) for arrival in settled]
        settled = [_correct(arrival) for arrival in settled]
    return settled


def _correct(arrival: Arrival) -> Arrival:
    """Go through what was guessed of one call; Enter leaves it as it is."""
    from workbench.arrivals import settle

    while guesses := arrival.guesses:
        name, guess = guesses[0]
        words = f"{arrival.name}: {name} {guess.value} ({guess.why})"
        try:
            if name.startswith("column "):
                role = name.removeprefix("column ")
                arrival = settle(arrival, columns={role: _prompt(f"{words}, or", guess.value)})
            elif name in _FIELDS:
                arrival = settle(arrival, **{name: _prompt(f"{words}, or", guess.value)})
            else:
                arrival = settle(arrival, speakers={name: _choose(f"{words}, or", ("us", "customer"), guess.value)})
        except InputError as error:
            say(str(error))
    return arrival


def _as_field(ask: Ask, answer: str) -> dict[str, object]:
    by_name = {"speaker": "speakers", "column": "columns"}
    return {by_name[ask.field]: {ask.of: answer}} if ask.field in by_name else {ask.field: answer}


def _answer(arrival: Arrival, ask: Ask, offered: str) -> str:
    words = f"{arrival.name}: {ask.words}"
    return _choose(words, ask.choices, offered) if ask.choices else _prompt(words, offered)


def _choose(words: str, choices: Sequence[str], offered: str) -> str:
    while True:
        answer = _prompt(f"{words} {' / '.join(choices)}", offered)
        begun = [choice for choice in choices if choice.casefold().startswith(answer.casefold())]
        whole = [choice for choice in begun if choice.casefold() == answer.casefold()]
        if len(found := whole or begun) == 1:
            return found[0]
        say(f"Say one of {', '.join(choices)}.")


def _prompt(words: str, offered: str) -> str:
    while True:
        print(f"{words}{f' [{offered}]' if offered else ''} ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise InputError("nothing was answered; nothing was written")
        if answer := line.strip() or offered:
            return answer


def _say_done(done: Brought, plan: Sequence[Arrival], options: argparse.Namespace) -> None:
    _print_left_out(done.skipped, plan)
    customers = {call.customer for call in done.calls}
    if done.calls:
        with_whom = f" with {count(len(customers), 'customer')}"
        print(
            f"{count(len(done.calls), 'call')}{with_whom} brought in: {shorten(', '.join(call.file for call in done.calls), 300)}"
        )
    elif not done.failed and not done.replaced and not done.themes:
        print("Nothing new came in.")
    if done.kept:
        print(
            f"{count(done.kept, 'candidate')} kept as quotes tagged #candidate: look them over in Triage, or  "
            'workbench search "#candidate"'
        )
    if done.ours:
        print(f"{count(done.ours, 'coded passage')} left out: one of you says it, and that is no evidence.")
    if done.themes:
        names = shorten(", ".join(f"“{name}”" for name in done.themes), 300)
        print(
            f"{count(len(done.themes), 'theme')} came with them and are yours now: {names}; workbench themes shows them."
        )
    waiting = [call for call in done.calls if call.transcript and not call.notes]
    if waiting:
        print(
            f"{count(len(waiting), 'call')} with words and no notes yet: open Triage in the notebook, or keep the best by --keep N."
        )
    if silent := _without_consent(done, named_workspace(options)):
        print(
            f"Of {shorten(', '.join(silent), 200)} no consent is stated, so what they say counts and is quoted to nobody; write  "
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


def _print_left_out(skipped: Sequence[Arrival], plan: Sequence[Arrival]) -> None:
    """What is in already, and what is no call."""
    for arrival in skipped[:N_SHOWN]:
        print(f"{arrival.name}: {_already(arrival)}")
    if len(skipped) > N_SHOWN:
        print(f"… and {len(skipped) - N_SHOWN} more that are in already")
    other = [problem for arrival in plan if arrival.what == "other" for problem in arrival.problems]
    for problem in other[:N_SHOWN]:
        print(f"{problem.file}: {problem.what}; {problem.todo}")
    if len(other) > N_SHOWN:
        print(f"… and {len(other) - N_SHOWN} more recordings and pictures")


def _without_consent(done: Brought, root: str | None) -> list[str]:
    """Customers of the new calls of whom neither a call nor the registry states consent."""
    if all(call.consent for call in done.calls):
        return []
    from workbench.customers import fold_name
    from workbench.study import read_customers

    customers = read_customers(root, problems=[])
    stated = {
        fold_name(name)
        for row in customers[customers["consent_stated"] != ""].itertuples(index=False)
        for name in (row.customer, *row.aliases)
    }
    return [name for name in dict.fromkeys(call.customer for call in done.calls) if fold_name(name) not in stated]


def _say_unclear(unclear: Sequence[Arrival]) -> None:
    """What did not come in since nobody has said what it is, with the options that say it."""
    for arrival in unclear:
        asks = [f"{ask.words} ({_FLAGS[ask.field]})" for ask in arrival.asks if ask.field in _FLAGS]
        asks += [
            f'{ask.words} (--column "{ask.of}={_first(ask.choices)}")' for ask in arrival.asks if ask.field == "column"
        ]
        if who := [ask.of for ask in arrival.asks if ask.field == "speaker"]:
            asks.append(
                f'Who of them is one of you: {", ".join(who)}? (--speaker "{who[0]}=us" or "{who[0]}=customer")'
            )
        if asks:
            say(f"{arrival.name}: not in yet. {' '.join(asks)}")
    if guessed := [arrival for arrival in unclear if not arrival.asks]:
        names = shorten(", ".join(arrival.name for arrival in guessed))
        say(
            f"{count(len(guessed), 'file')} not in yet, since what is marked (?) is only guessed (--yes says that it is so): {names}"
        )


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
