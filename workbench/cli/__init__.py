"""The command ``workbench``: arguments, exit codes and printing; what it does lives elsewhere.

Everything heavy is imported by the command that needs it, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import __version__
from workbench.cli import (
    bring_in,
    check,
    decisions,
    delta,
    evidence,
    forget,
    hypotheses,
    label,
    report,
    signals,
    themes,
    verify,
    week,
)
from workbench.cli.output import count, print_json, print_lines, say, say_if_none, say_problems
from workbench.cli.report import TUESDAY
from workbench.cli.workspace import find_hypotheses, named_workspace, workspace_option
from workbench.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from workbench.study import Study

__all__ = ["main"]

# Of more notes nobody looks up where each was said, and their transcripts would have to be read.
MOST_TRACED = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words behind ``workbench``; by default those it was called with.

    Returns
    -------
    int
        0 done, 1 the input is at fault, 2 wrong usage.

    Examples
    --------
    >>> main(["notes", "-w", "/no/such/folder"])
    1
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Customers' words are UTF-8, whatever the terminal's locale says.
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _run(arguments)
        sys.stdout.flush()  # here, since what goes wrong with it after the end makes a noise
    except KeyboardInterrupt:
        say("Stopped. Nothing was changed by what was not finished.")
        return 1
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        _drop_output()
        return 0
    except OSError as error:  # a file or folder that is not to be read, or a full disk
        if error.filename is None:
            _drop_output()
        where = "the output" if error.filename is None else os.fsdecode(error.filename)
        say(f"workbench: {where}: {error.strerror or error}; check that it is there and may be used")
        return 1
    except Exception as error:
        if not _is_plain(error):
            raise
        say(f"workbench: {error}")
        return 1
    return code


def _drop_output() -> None:
    """What could not be printed is not tried again at the end of Python, where it would make a noise."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    try:
        options, others = parser.parse_known_args(arguments)
        if options.command is None and not others:
            parser.print_help()
            return 2
        if options.command == "lab":
            options.others = others
        elif others:
            getattr(options, "wrong", parser.error)(f"it does not take {' '.join(others)}; --help says what it takes")
        options.run(options)
    except SystemExit as end:  # argparse, or JupyterLab, has said what was wrong
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _is_plain(error: Exception) -> bool:
    """Whether an error's text is meant for the PM."""
    if isinstance(error, InputError):
        return True
    from workbench.save import SaveError

    return isinstance(error, SaveError)


def _parser() -> argparse.ArgumentParser:
    anywhere = workspace_option()
    parser = argparse.ArgumentParser(
        prog="workbench",
        description="From customer-call notes to themes, hypotheses and a report. Nothing leaves this machine.",
        parents=[anywhere],
    )
    parser.add_argument("--version", action="version", version=f"workbench {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", parents=[anywhere])
        sub.set_defaults(run=run, wrong=sub.error)
        return sub

    sub = command("init", _init, "make a workspace, or add what is missing to one")
    sub.add_argument("folder", metavar="DIR")
    sub = command("demo", _demo, "make the report of the sample study, or of the workspace in DIR")
    sub.add_argument("folder", metavar="DIR", nargs="?", default="discovery-demo")
    sub = command("lab", _lab, "open JupyterLab on the Tuesday notebook")
    sub.add_argument("folder", metavar="DIR", nargs="?")
    sub.epilog = "Other options, such as --no-browser or --port=8900, are passed on to jupyter lab."
    for module in (
        bring_in,
        week,
        delta,
        themes,
        signals,
        evidence,
        hypotheses,
        decisions,
        check,
        forget,
        verify,
        label,
    ):
        module.add_commands(command)
    sub = command("notes", _notes, "list every note with its file and line")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")
    sub = command("search", _search, "find notes by words, or by a report's C-3fa9c1:12 or P-3fa9")
    sub.add_argument("words", metavar="WORDS", nargs="+")
    report.add_commands(command)
    return parser


def _init(options: argparse.Namespace) -> None:
    from workbench.starter import make_workspace, strip_outputs_in_git

    folder = Path(options.folder)
    added = make_workspace(folder)
    if notice := strip_outputs_in_git(folder, always=True):
        say(notice)
    print(f"{folder} is ready" + (f": {len(added)} files added." if added else "; nothing was missing."))
    print(f"Write a call into {folder / 'interviews'} (its README.md shows how), then:  workbench lab {folder}")
    print(f"Calls that were recorded come in with  workbench import FILES -w {folder}")


def _demo(options: argparse.Namespace) -> None:
    from workbench.evidence import count_firm
    from workbench.records import STATUSES
    from workbench.starter import copy_sample, sample_folder, strip_outputs_in_git

    folder = Path(named_workspace(options) or options.folder)
    if not (folder / "interviews").is_dir():
        copy_sample(folder)
    strip_outputs_in_git(folder)
    say("Reading the calls ...")
    study, themes, hypotheses = find_hypotheses(folder)
    own = folder / "notebooks" / TUESDAY
    page = report.export(own if own.is_file() else sample_folder() / "notebooks" / TUESDAY, folder)
    dates = study.calls.loc[study.calls["counted"], "date"].dropna()
    segments = {segment for segment in study.calls.loc[study.calls["counted"], "segment"] if segment}
    when = f", {_day(dates.min())} to {_day(dates.max())}" if len(dates) else ""
    print(page)
    print(f"{count(int(study.calls['counted'].sum()), 'call')} with {count(themes.n_customers, 'customer')} in {count(len(segments), 'segment')}{when}")  # fmt: skip
    if len(themes.summary):
        first = count_firm(themes).summary.iloc[0]  # as the report counts
        name = first["name"] or first.claim
        print(
            f"{count(len(themes.summary), 'theme')}; first, {first.n_customers} of {first.n_customers_total} customers: {name}"
        )
    else:
        print("no theme yet")
    states = Counter(h.status for h in hypotheses)
    stand = ", ".join(f"{states[status]} {status}" for status in STATUSES if states[status])
    still = ", ".join(dict.fromkeys(name for h in hypotheses if h.status == "draft" for name in h.open))
    said = count(len(hypotheses), "hypothesis", "hypotheses") + (f": {stand}" if stand else "")
    print(said + (f"; yours to write: {still}" if still else ""))


def _lab(options: argparse.Namespace) -> None:
    from workbench.starter import strip_outputs_in_git
    from workbench.store import workspace
    from workbench.study import NOW

    folder = options.folder or named_workspace(options)
    root = workspace(folder)
    notebook = root / "notebooks" / TUESDAY
    if not notebook.is_file():
        raise InputError(f"no {notebook.relative_to(root)} in {root}; add it with  workbench init {folder or '.'}")
    if notice := strip_outputs_in_git(root):
        say(notice)
    settings = Path(__file__).parent.parent / "lab_config"
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        filter(None, [os.fspath(settings), os.environ.get("JUPYTER_CONFIG_PATH", "")])
    )
    os.environ.setdefault("WORKBENCH_TODAY", NOW)  # who opens a notebook on a Monday wants to see this week
    from jupyterlab.labapp import main as start

    sys.argv = ["jupyter-lab"]  # what it restarts itself with
    start(
        [
            f"--ServerApp.root_dir={root}",
            f"--LabApp.default_url=/lab/tree/notebooks/{TUESDAY}",
            "--LabApp.extension_manager=readonly",  # the other one asks the network for a list of extensions
            "--LabApp.news_url=None",
            *options.others,
        ]
    )


def _notes(options: argparse.Namespace) -> None:
    from workbench.notes import NOTE_COLUMNS
    from workbench.study import read_notes

    problems: list[Problem] = []
    notes = read_notes(named_workspace(options), problems=problems)
    if options.format == "json":
        print_json(notes[list(NOTE_COLUMNS)])
    else:
        print_lines(_note_lines(notes), "notes")
    say_if_none(notes)
    say_problems(problems)


def _search(options: argparse.Namespace) -> None:
    from workbench.redact import short_ids
    from workbench.study import read_study

    study = read_study(named_workspace(options))
    notes, words = study.notes, [word for text in options.words for word in text.split()]
    found = notes.iloc[:0]
    if len(words) == 1 and words[0].startswith("C-"):
        cited, _, line = words[0].partition(":")
        calls = {ref: call for call, ref in short_ids(study.calls["call"], study.salt, "C-", 6).items()}
        found = notes[notes["call"].astype(str) == calls.get(cited, "")]
        found = found[found["line"] == int(line)] if line.isdigit() else found
    elif len(words) == 1 and words[0].startswith("P-"):
        names = {code: name for name, code in short_ids(study.customers["customer"], study.salt, "P-", 4).items()}
        found = notes[notes["customer"].astype(str) == names.get(words[0], "")]
    if found.empty:
        folded = [word.casefold() for word in words]
        rows = zip(notes["text"].str.casefold(), notes["tags"], strict=True)
        # "#list" is that tag and no longer one; any other word may be part of one.
        found = notes[[all(_holds(word, text, tags) for word in folded) for text, tags in rows]]
    said = _said_at(study, found, options) if 0 < len(found) <= MOST_TRACED else {}
    print_lines(_note_lines(found, ids=True, said=said), shlex.join(["search", *options.words]))
    if found.empty:
        say(f"No note holds {' and '.join(repr(word) for word in words)}.")


def _holds(word: str, text: str, tags: tuple[str, ...]) -> bool:
    folded = [tag.casefold() for tag in tags]
    return word in text or (word[1:] in folded if word.startswith("#") else any(word in tag for tag in folded))


def _said_at(study: Study, notes: pd.DataFrame, options: argparse.Namespace) -> dict[str, str]:
    """Where in its call's transcript each note points to, and who says it there."""
    from workbench.refit import find_note
    from workbench.transcripts import TRANSCRIPTS, open_transcript

    named = dict(zip(study.calls["call"], study.calls["transcript"], strict=True))
    said = {}
    for call, rows in notes.groupby("call", observed=True, sort=False):
        try:
            transcript = open_transcript(named_workspace(options), named[call]) if named[call] else None
        except InputError:  # the linter says so
            continue
        for row in rows.itertuples(index=False) if transcript else ():
            if place := find_note(transcript, row.text, row.at):
                line, speaker = place
                said[row.note] = f"{TRANSCRIPTS}/{named[call]}:{line}{f': {speaker}' if speaker else ''}"
    return said


def _note_lines(notes: pd.DataFrame, *, ids: bool = False, said: dict[str, str] | None = None) -> Iterator[str]:
    marks = {
        "observation": "-",
        "quote": '"',
        "pain": "!",
        "workaround": "~",
        "wish": "?",
        "commitment": ">",
        "take": "=",
    }
    for row in notes.itertuples(index=False):
        tags = "".join(f" #{tag}" for tag in row.tags)
        apart = "  (not counted)" if row.excluded or row.consent == "none" else ""
        apart += f"  (said by one of you, not counted: {row.ours})" if row.ours else ""
        id = f"  [{row.note}]" if ids else ""  # to be written into a record's evidence
        yield f"{row.file}:{row.line}: {row.customer}: {marks[row.kind]} {row.text}{tags}{apart}{id}"
        if said and row.note in said:
            yield f"    said at {said[row.note]}"


def _day(date: pd.Timestamp) -> str:
    return f"{date.day} {date:%B %Y}"
