"""The commands ``workbench verify`` and ``workbench replay``: whether a report holds, and what it would have been."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.output import count, print_json, say
from workbench.cli.report import TUESDAY, export
from workbench.cli.workspace import named_workspace
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.report.elsewhere import Told
    from workbench.report.verify import Verified

__all__ = ["add_commands"]

# What a quote is beside its call's transcript.
_FOUND = {
    "exact": "word for word",
    "altered": "not word for word",
    "joined": "joined from several places",
    "none": "not in the transcript",
    "own words": "in your words",
    "": "no transcript",
}


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add them to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("verify", _verify, "derive a report's counts and quotes again; exit code 1 where one differs")
    sub.add_argument(
        "report",
        metavar="REPORT",
        help="a report as HTML, Markdown or PDF; with --against Markdown, HTML or JSON of any origin",
    )
    sub.add_argument("--against", metavar="DIR", help="compare what was written elsewhere with the workspace in DIR")
    sub.add_argument(
        "--quotes",
        action="store_true",
        help="list each quote with its line in the notes, and in the transcript where there is one",
    )
    sub.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    sub.epilog = "Calls that came later are no difference. docs/verify.md says what is compared with what."
    sub = command(
        "replay", _replay, "make the report as it would have been, and list decisions that stand on less today"
    )
    sub.add_argument("--at", metavar="DAY|REV", required=True, help="a day (2026-11-17) or a git revision (HEAD~3)")
    sub.add_argument("notebook", metavar="NOTEBOOK", nargs="?", help=f"default: notebooks/{TUESDAY} of the workspace")
    sub.add_argument("-o", "--output", metavar="FILE", help="default: reports/NOTEBOOK-at-DAY.html in the workspace")
    sub.add_argument("--only-decisions", action="store_true", help="list the decisions and make no report")
    sub.add_argument(
        "--assume-consent", metavar="LEVEL", choices=["none", "aggregate", "quote", "named"],
        help="as for workbench report",
    )  # fmt: skip
    sub.epilog = (
        "Who may be quoted, and by what name, is as of today. Of a day, what was changed within a file is not known."
    )


def _verify(options: argparse.Namespace) -> None:
    if options.against is not None:
        _print_told(options)
        return
    from workbench.report.carried import read_carried, verify_carried
    from workbench.report.manifest import read_manifest
    from workbench.report.marks import read_page
    from workbench.report.verify import verify_page
    from workbench.study import read_study

    file = Path(options.report)
    data = _read(file)
    try:
        carried = read_carried(data)
        if carried is None and (data.startswith(b"%PDF") or file.suffix.lower() in (".md", ".json")):
            raise InputError(_lacks_page(file, named_workspace(options) or "."))
        page = read_page(carried.html if carried else _decode(data, file))
        manifest = read_manifest(page)
    except InputError as error:
        said = str(error)
        raise InputError(said if said.startswith(str(file)) else f"{file}: {said}") from error
    study = read_study(named_workspace(options), assume_consent=manifest.assumed or None)
    verified = verify_carried(carried, study) if carried else verify_page(page, study)
    if options.format == "json":
        said = [{"ref": ref} | one._asdict() for ref, one in verified.traced]
        print_json(_as_json(verified, options.report) | ({"said": said} if options.quotes else {}))
    else:
        if options.quotes:
            _print_traced(verified)
        _print_text(verified, options.report)
    if not verified.ok:
        sys.exit(1)


def _print_traced(verified: Verified) -> None:
    """Each quote with its line in the notes, and in the transcript where there is one."""
    for ref, one in verified.traced:
        print(f"{ref}: {_FOUND[one.found]}: “{one.words}”")
        nearest = f": “{one.nearest}”" if one.found == "altered" else ""
        print(f"    {', '.join(filter(None, (one.place, one.where)))}{nearest}")


def _read(file: Path) -> bytes:
    if file.is_dir():
        raise InputError(f"{file} is a folder; name a report, such as {file / 'tuesday-discovery.html'}")
    return file.read_bytes()


def _decode(data: bytes, file: Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text; name a report as it was exported") from error


def _lacks_page(file: Path, workspace: str) -> str:
    """Why a report in another form cannot be derived again, and what can be done."""
    if file.suffix.lower() == ".md":
        return (
            f"{file} does not end in the line “[workbench-page]: …” by which it is checked, as `workbench report --to md` "
            "writes it; copy the file whole, or look for its quotes among the notes:  "
            f"workbench verify --against {workspace} {file}"
        )
    if file.suffix.lower() == ".json":
        return (
            f"{file} is no report as HTML, Markdown or PDF; to look for its quotes among the notes:  "
            f"workbench verify --against {workspace} {file}"
        )
    return (
        f"{file} does not carry the page that it was printed from, as `workbench report --to pdf` makes it; verify the file "
        "as it was exported (printed or saved anew it loses what is attached), or the report as HTML"
    )


def _as_json(verified: Verified, file: str) -> dict[str, object]:
    return {
        "report": file,
        "ok": verified.ok,
        "summary": verified.summary,
        "audience": verified.audience,
        "day": verified.day,
        "quotes": verified.n_quotes,
        "counts": verified.n_counts,
        "kinds": verified.kinds,
        "stated": verified.n_stated,
        "parts": {"drawn": verified.n_parts, "same": verified.n_drawn, "otherwise": verified.unlike},
        "added": {"calls": verified.added[0], "notes": verified.added[1]},
        "moved": verified.n_moved,
        "differences": [one._asdict() for one in verified.differences],
    }


def _print_text(verified: Verified, file: str) -> None:
    """Each difference with its place, and what to do below it."""
    from workbench.report.verify import OTHER_FIGURES

    for one in verified.differences:
        line = f":{one.line}" if one.line else ""
        severity = "" if one.severity == "error" else f"{one.severity}: "
        print(f"{file}{line}: {severity}{one.place}: {one.what} [{one.code}]")
        print(f"    {one.todo[:1].upper()}{one.todo[1:]}.")
    print(verified.summary)
    kinds = dict(verified.kinds)
    other = kinds.pop(OTHER_FIGURES, 0)
    said = [f"{count(n, 'count')} of {what}" for what, n in kinds.items()]
    said += [count(other, "other figure")] * bool(other)
    if said:
        say(f"Counted again from the notes and records: {', '.join(said)}.")
    if recorded := [one for _, one in verified.traced if one.found not in ("", "own words")]:
        n = sum(one.found == "exact" for one in recorded)
        same = "all of them" if n == len(recorded) else f"{n:,} of them"
        say(f"Looked up in transcripts: {count(len(recorded), 'quote')}, {same} word for word what a customer said.")
    if verified.n_parts:
        same = "all of them" if verified.n_drawn == verified.n_parts else f"{verified.n_drawn} of them"
        came = [f"{count(verified.n_parts, 'part')}, {same} the same"] * bool(verified.n_drawn or not verified.unlike)
        came += [verified.otherwise] * bool(verified.unlike)
        say(f"Drawn again with their figures: {'; '.join(came)}.")
    if verified.n_stated:
        what = count(verified.n_stated, "number was", "numbers were")
        say(f"{what} only compared with what the page carries, not derived.")


def _print_told(options: argparse.Namespace) -> None:
    """What was written elsewhere: each quote that is not exact with the nearest words, then what else is not true."""
    from workbench.report.elsewhere import verify_readout

    file = Path(options.report)
    if file.is_file() and file.read_bytes().startswith(b"%PDF"):
        raise InputError(
            f"{file} is a PDF; --against takes Markdown, HTML or JSON. A PDF of the workbench is checked with  "
            f"workbench verify {file}"
        )
    told = verify_readout(options.report, options.against)
    if options.format == "json":
        print_json(
            {
                "readout": told.file,
                "ok": told.ok,
                "summary": told.summary,
                "quotes": [quote._asdict() for quote in told.quotes],
                "differences": [one._asdict() for one in told.violations],
            }
        )
    else:
        _print_readout(told)
    if not told.ok:
        sys.exit(1)


def _print_readout(told: Told) -> None:
    kinds = {
        "exact": "exact",
        "altered": "altered",
        "joined": "joined",
        "other": "said by somebody else",
        "none": "not found",
    }
    for quote in told.quotes:
        by = f" ({quote.by})" if quote.by else ""
        print(f"{told.file}:{quote.line}: {kinds[quote.found]}: “{quote.words}”{by}")
        if quote.found in ("altered", "joined", "other"):
            print(f"    {quote.where}: “{quote.nearest}”")
        elif quote.found == "exact":
            print(f"    {quote.where}")
    for one in told.violations:
        if one.rule != "quote-not-verbatim":
            print(f"{one.file}:{one.line}: {one.severity}: {one.what} [{one.rule}]")
            print(f"    {one.todo[:1].upper()}{one.todo[1:]}.")
    print(told.summary)


def _replay(options: argparse.Namespace) -> None:
    import re

    from workbench.look_back import workspace_then
    from workbench.newest import newest_day
    from workbench.records.typed import is_day
    from workbench.report.replay import find_weakened
    from workbench.starter import sample_folder
    from workbench.study import read_study

    study = read_study(named_workspace(options), assume_consent=options.assume_consent)
    own = study.root / "notebooks" / TUESDAY
    notebook = (
        Path(options.notebook)
        if options.notebook
        else own
        if own.is_file()
        else sample_folder() / "notebooks" / TUESDAY
    )
    named = re.sub(r"[^\w.-]+", "-", options.at)
    output = options.output or str(study.root / "reports" / f"{notebook.stem}-at-{named}.html")
    with workspace_then(study, options.at) as folder:
        then = read_study(folder, assume_consent=options.assume_consent)
        if not options.only_decisions:
            # The newest of what was known then, whatever day is given for today.
            day = newest_day(then, until=options.at if is_day(options.at) else "")
            print(export(notebook, folder, output, assume_consent=options.assume_consent, as_of=options.at, today=day))
        weakened = find_weakened(then, study)
    for one in weakened:
        print(one)
    n = sum(decision.status == "decided" for decision in study.decisions)
    if not n:
        say("No decision is written down that could stand on less today: discovery/decisions/ holds none.")
        return
    what = "none has" if not weakened else f"{len(weakened)} has" if len(weakened) == 1 else f"{len(weakened)} have"
    say(f"Of {count(n, 'decision')} {what} less behind it than then.")
