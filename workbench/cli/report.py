"""The commands ``workbench report`` and ``workbench export``: what leaves the workspace, as a page, a table or a project."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.cli.output import count, say
from workbench.cli.workspace import find_in, named_workspace
from workbench.errors import InputError

__all__ = ["TUESDAY", "add_commands", "export"]

TUESDAY = "tuesday-discovery.ipynb"
TABLES = (".csv", ".xlsx")
WHOLE = (".zip", ".json", ".qdpx")
# Of so many notes no program that codes by hand was tried with a project.
MANY = 20_000


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add them to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    consent: dict[str, Any] = {
        "metavar": "LEVEL",
        "choices": ["none", "aggregate", "quote", "named"],
        "help": "what counts where no consent is stated, for this run: none, aggregate (the default), quote or named",
    }
    sub = command("report", _report, "run a copy of a notebook and write its report for others")
    sub.add_argument(
        "notebook", metavar="NOTEBOOK", nargs="?",
        help=f"default: notebooks/{TUESDAY} of the workspace, else the one that is there",
    )  # fmt: skip
    sub.add_argument("-o", "--output", metavar="FILE", help="default: reports/NOTEBOOK.html in the workspace")
    sub.add_argument(
        "--audience", choices=["exec", "engineering", "design", "sales"], metavar="WHO",
        help="for one kind of reader: exec, engineering, design or sales (default: everything)",
    )  # fmt: skip
    sub.add_argument(
        "--to", choices=["html", "pdf", "md"], metavar="FORM",
        help="html (the default), pdf (needs Chromium, Chrome or Edge) or md, to paste in a wiki or pull request",
    )  # fmt: skip
    sub.add_argument(
        "--paper", choices=["a4", "letter"], default="a4", metavar="SIZE", help="of a pdf: a4 (the default) or letter"
    )
    sub.add_argument("--assume-consent", **consent)
    sub.add_argument(
        "--today", metavar="DAY", help="the day that the report is of (2026-11-26); default: the newest record's"
    )
    sub.add_argument(
        "--review", action="store_true",
        help="instead, write a page for yourself: every word that would leave, what was replaced, and what stays",
    )  # fmt: skip
    sub = command("export", _export, "write the evidence as a table for others, or everything for another tool")
    sub.add_argument(
        "file", metavar="FILE",
        help="evidence.csv or evidence.xlsx: one row a note; everything.zip, .json, a folder, or project.qdpx (REFI-QDA, for "
        "NVivo, MAXQDA, ATLAS.ti, QualCoder): notes, themes, customers, calls and records",
    )  # fmt: skip
    sub.add_argument(
        "--mine", action="store_true",
        help="everything as it is, with all names, words, takes and transcripts: for your own machine, not for sending",
    )  # fmt: skip
    sub.add_argument("--assume-consent", **consent)


def export(
    notebook: Path,
    root: Path,
    output: str | None = None,
    *,
    audience: str | None = None,
    to: str | None = None,
    paper: str = "a4",
    assume_consent: str | None = None,
    as_of: str = "",
    today: str | None = None,
) -> Path:
    """Write a report, with a bar on standard error while the notebook runs.

    Parameters
    ----------
    notebook : pathlib.Path
        The notebook.
    root : pathlib.Path
        The workspace.
    output, audience, to, paper, assume_consent, as_of, today
        As :func:`workbench.report.export.export_report` takes them.

    Returns
    -------
    pathlib.Path
        The report.
    """
    from workbench.report.export import export_report

    notices: list[str] = []
    with _bar(notebook) as show:
        report = export_report(
            notebook, output, workspace=root, audience=audience, to=to, paper=paper, assume_consent=assume_consent,
            as_of=as_of, today=today, progress=show, notices=notices,
        )  # fmt: skip
    for notice in notices:
        say(notice)
    return report


def _review(notebook: Path, root: Path, assume_consent: str | None, today: str | None) -> Path:
    from workbench.report.review import review_report

    with _bar(notebook) as show:
        return review_report(notebook, workspace=root, assume_consent=assume_consent, today=today, progress=show)


@contextmanager
def _bar(notebook: Path) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, moved by calling what this gives with (cells done, cells in all)."""
    from tqdm import tqdm

    form = "{desc}: {bar:20} {n_fmt} of {total_fmt} cells"
    with tqdm(desc=f"Running {notebook.name}", unit="cell", file=sys.stderr, bar_format=form) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _report(options: argparse.Namespace) -> None:
    from workbench.starter import sample_folder, strip_outputs_in_git
    from workbench.store import workspace

    notebook = Path(options.notebook or "")
    given = named_workspace(options)
    root = workspace(given) if given or not notebook.is_file() else _workspace_of(notebook)
    there = sorted((root / "notebooks").glob("*.ipynb"))
    if not options.notebook:
        notebook = _usual(root, there)
    name = notebook.name if notebook.suffix == ".ipynb" else f"{notebook.name}.ipynb"
    places = [notebook, root / "notebooks" / name, sample_folder() / "notebooks" / name]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise InputError(f"no notebook {options.notebook}; {_names(there) or f'name one, such as notebooks/{TUESDAY}'}")
    strip_outputs_in_git(root)
    if options.review:
        print(_review(found, root, options.assume_consent, options.today))
        say("This page shows names: it is for you, not for sending.")
        return
    print(
        export(
            found,
            root,
            options.output,
            audience=options.audience,
            to=options.to,
            paper=options.paper,
            assume_consent=options.assume_consent,
            today=options.today,
        )
    )


def _usual(root: Path, there: list[Path]) -> Path:
    """The notebook that is meant where none is named."""
    tuesday = root / "notebooks" / TUESDAY
    if tuesday in there or not there:
        return tuesday
    if len(there) > 1:
        raise InputError(f"which notebook? {_names(there)}")
    return there[0]


def _names(there: list[Path]) -> str:
    names = [f"notebooks/{path.name}" for path in there]
    return f"there is {' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}" if names else ""


def _workspace_of(notebook: Path) -> Path:
    """The folder above the notebook's, if it is a workspace, else the current folder."""
    from workbench.store import workspace

    try:
        return workspace(os.environ.get("WORKBENCH_DIR") or notebook.resolve().parent.parent)
    except InputError:
        return workspace()


def _export(options: argparse.Namespace) -> None:
    target = Path(options.file)
    ending = target.suffix.lower()
    is_folder = options.file.endswith(("/", os.sep)) or target.is_dir() or not ending
    if not is_folder and ending not in (*TABLES, *WHOLE):
        raise InputError(
            f"{target}: the evidence is written as {' or '.join(TABLES)}, everything as {', '.join(WHOLE)} or into a folder; "
            "name a file such as evidence.xlsx or project.qdpx"
        )
    if is_folder or ending in WHOLE:
        _everything(target, options)
    elif options.mine:
        raise InputError(
            f"{target}: --mine writes everything as {', '.join(WHOLE)} or into a folder; name one, such as reports/mine.zip"
        )
    else:
        _table(target, options)


def _everything(target: Path, options: argparse.Namespace) -> None:
    from workbench.report.guard import located
    from workbench.report.take_out import save_taken, take_out
    from workbench.study import read_study

    study = read_study(named_workspace(options), assume_consent=options.assume_consent)
    with located(study.root):
        taken = take_out(study, find_in(study), mine=options.mine)
    n_notes, n_sources = len(taken.tables["notes"]), len(taken.tables["calls"]) + len(taken.transcripts)
    if target.suffix.lower() == ".qdpx" and n_notes > MANY:
        say(
            f"{n_notes:,} notes in {n_sources:,} sources: programs to code by hand were not tried with more than some thousand, and "
            "may take hours or refuse. evidence.csv and everything.zip are for so many."
        )
    for path in save_taken(taken, target, study):
        print(path)
    n = {name: len(table) for name, table in taken.tables.items()}
    notes, records = taken.tables["notes"], taken.tables["records"]["record"].nunique()
    hidden = int(((notes["text"] == "") & ~notes["standing"].isin(["take", "said by one of you"])).sum())
    say(
        f"{count(n['notes'], 'note')} of {count(n['calls'], 'call')} with {count(n['customers'], 'customer')}, "
        f"{count(n['themes'], 'theme')}, {count(records, 'record')}"
        + (f"; {hidden:,} notes without their words: counted, not to be quoted" if hidden else "")
    )
    if options.mine:
        say("This is your own copy, with all names and all words, whatever was agreed to: not for sending.")


def _table(target: Path, options: argparse.Namespace) -> None:
    from workbench.report.guard import located
    from workbench.report.table import evidence_rows, export_table
    from workbench.study import read_study

    study = read_study(named_workspace(options), assume_consent=options.assume_consent)
    with located(study.root):
        table = evidence_rows(study, find_in(study))
    export_table(table, target, study)
    hidden = int((table["text"] == "").sum())
    print(target)
    print(
        f"{count(len(table), 'note')}"
        + (f", {hidden:,} of them without their words: counted, not to be quoted" if hidden else "")
    )
