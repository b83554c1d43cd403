"""What a check looks at, read from the disk."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path

from workbench.candidates import split_us
from workbench.checks.backing import customer_names
from workbench.checks.case import HEAD, Case
from workbench.checks.check import Checked, check_case
from workbench.checks.ignores import IGNORES_FILE, parse_ignores
from workbench.errors import InputError
from workbench.frontmatter import prose_start
from workbench.our_words import registry_people
from workbench.readouts import parse_readout
from workbench.recorded import Beside, Recorded, pair_transcripts
from workbench.records.typed import is_day
from workbench.store import read_call, read_text, workspace
from workbench.study import Study, read_study
from workbench.transcripts import list_transcripts, read_transcript
from workbench.who_speaks import listed_people

__all__ = ["READOUTS", "check", "read_case", "read_recorded"]

READOUTS = "discovery/readouts"
ENDINGS = (".md", ".json", ".html", ".htm")
# A quotation, or a count of people.
_TELLS = re.compile(r"[“„«\"]|\b\d+ (?:of|customers|participants|people|users|teams)\b|\b(?:customers|participants) \(")


def check(
    path: str | os.PathLike[str] | None = None,
    *,
    today: date | str | None = None,
    files: Iterable[str | os.PathLike[str]] = (),
) -> Checked:
    r"""Look for what is wrong with a workspace's calls, records and readouts.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    today : datetime.date or str, optional
        The day that "overdue" is measured from, ``YYYY-MM-DD``; by default today.
    files : iterable of path-like
        Readouts that lie elsewhere, to be checked too: Markdown, HTML or JSON.

    Returns
    -------
    Checked
        Its `violations` have file, line, what is wrong and what to do; `ok` is false when one of them is an error.

    Raises
    ------
    InputError
        When there is no workspace, `today` is no day, or a file cannot be read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir(); (folder / "discovery").mkdir()
    >>> _ = (folder / "discovery" / "quarter.md").write_text("---\noutcome: More\nowner: Ines\nreview: 2027-01-15\n---\n")
    >>> sorted(one.rule for one in check(folder, today="2026-11-26").violations if one.severity == "error")
    ['outcome-not-measured', 'wont-do-empty']
    """
    root = workspace(path)
    ignores, odd = parse_ignores(read_text(root / IGNORES_FILE))
    return check_case(read_case(root, today=today, files=files), ignores, odd)


def read_case(
    path: str | os.PathLike[str] | None = None,
    *,
    today: date | str | None = None,
    files: Iterable[str | os.PathLike[str]] = (),
) -> Case:
    """Read what a check looks at.

    Parameters
    ----------
    path, today, files
        As for :func:`check`.

    Returns
    -------
    Case
        The workspace's calls and records, and the readouts in ``discovery/readouts/`` and in `files`.

    Raises
    ------
    InputError
        As for :func:`check`.
    """
    root = workspace(path)
    if isinstance(today, str):
        if not is_day(today):
            raise InputError(f"--today {today!r} is no day; write it as year, month, day, such as 2026-11-17")
        today = date.fromisoformat(today)
    study = read_study(root)
    listed = [*_files(root / READOUTS), *[_readable(Path(file)) for file in files]]
    told = [(_named(file, root), read_text(file)) for file in listed] + list(_told_in_records(study))
    names = customer_names(study) if told else {}
    readouts = tuple(parse_readout(text, file, names) for file, text in told)
    heads = {file: _head(root / file) for file in list_transcripts(root)}
    beside, recorded, unread = _read_transcripts(study, told=bool(readouts))
    return Case(
        study=study,
        today=today or date.today(),
        readouts=readouts,
        sources=_read_sources(root, study.calls.loc[study.calls["line"] == 0, "file"]),
        transcripts=heads,
        beside=beside,
        recorded=recorded,
        unread=unread,
    )


def read_recorded(study: Study, wanted: Collection[str], unread: dict[str, str] | None = None) -> Iterator[Recorded]:
    """Calls beside their transcripts, one after the other, so that a thousand of them take no room at once.

    Parameters
    ----------
    study : Study
        The workspace.
    wanted : collection of str
        The calls' ids.
    unread : dict, optional
        Takes why a transcript cannot be read, by its file.

    Yields
    ------
    Recorded
        By transcript; a call that was recorded twice comes twice.
    """
    root = study.root
    files = study.calls[study.calls["line"] == 0]  # a table of notes has no transcript
    calls = {row.call: row for row in files[["call", "customer", "file", "transcript", "us"]].itertuples(index=False)}
    people = registry_people(root)
    named = [(row.call, row.transcript) for row in calls.values()]
    for file, owners in pair_transcripts(named, list_transcripts(root)).items():
        asked = [call for call in owners if call in wanted]
        if not asked:
            continue
        try:
            transcript = read_transcript(root / file)
        except InputError as error:
            if unread is not None:
                unread[file] = str(error).removeprefix(f"{root}{os.sep}")
            continue
        for call in asked:
            row = calls[call]
            theirs = listed_people(read_call(root / row.file, root)[0].who, row.customer, people(row.customer))
            yield Recorded(call, row.customer, file, transcript, split_us(row.us), theirs)


def _read_transcripts(study: Study, *, told: bool) -> tuple[tuple[Beside, ...], tuple[Recorded, ...], dict[str, str]]:
    """Calls beside their transcripts, with all of these where others were told something, and why one cannot be read."""
    calls, notes = study.calls[study.calls["line"] == 0], study.notes
    notes = notes[notes["call"].isin(calls["call"])]
    said = notes[notes["kind"] == "quote"]  # without those that are words of ours
    quotes = {
        call: list(zip(rows["line"], rows["text"], strict=True)) for call, rows in said.groupby("call", observed=True)
    }
    asked = {*notes["call"], *calls.loc[calls["us"] != "", "call"]}
    beside, recorded, unread = [], [], {}
    for one in read_recorded(study, set(calls["call"]) if told else asked, unread):
        if one.call in asked:
            beside.append(one.look_up(quotes.get(one.call, ())))
        if told:
            recorded.append(one)
    return tuple(beside), tuple(recorded), unread


def _told_in_records(study: Study) -> Iterator[tuple[str, str]]:
    """What records quote or count, each field and the prose below the fields by itself, on the lines where they stand."""
    for record in [study.quarter, *study.bets, *study.decisions, *study.hypotheses, *study.weeks]:
        for name, line in record.lines.items():
            value = getattr(record, name, None)
            for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
                if isinstance(text, str) and _TELLS.search(text):
                    yield record.file, "\n" * (line - 1) + text
        prose = study.texts.get(record.file, "")
        start = prose_start(prose)
        prose = "\n" * prose.count("\n", 0, start) + prose[start:]
        if _TELLS.search(prose) or "\n>" in prose:
            yield record.file, prose


def _read_sources(root: Path, files: Iterable[str]) -> dict[str, str]:
    """The text of each call, in half the time that paths take for a thousand of them."""
    prefix, sources = os.path.join(root, ""), {}
    for file in files:
        with open(prefix + file, "rb", buffering=0) as stream:
            sources[file] = stream.readall().decode("utf-8", "replace")
    return sources


def _files(folder: Path) -> list[Path]:
    found = sorted(file for file in folder.glob("*") if file.is_file() and file.name[0] not in "._")
    return [file for file in found if file.suffix.lower() in ENDINGS]


def _readable(file: Path) -> Path:
    if not file.is_file():
        raise InputError(f"there is no file {file}; name a readout: Markdown, HTML or JSON")
    if file.suffix.lower() not in ENDINGS:
        raise InputError(f"{file} is no readout that can be read; save it as one of {', '.join(ENDINGS)}")
    return file


def _named(file: Path, root: Path) -> str:
    """A file as a PM knows it: within the workspace, else as given."""
    return file.resolve().relative_to(root).as_posix() if file.resolve().is_relative_to(root) else file.as_posix()


def _head(file: Path) -> str:
    with open(file, "rb") as stream:
        return stream.read(HEAD).decode("utf-8-sig", "replace")
