"""Everything taken out as plain tables, for another tool or another machine: as others may see it, or whole for the PM's own.

:func:`take_out` makes the tables; :func:`save_taken` writes them as a folder or zip of CSV and JSON, as JSON alone, or as a
REFI-QDA project (:mod:`workbench.report.refi_qda`). What others may see obeys consent as the report does; takes and
transcripts stay.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pandas as pd

from workbench import __version__
from workbench.errors import InputError
from workbench.evidence import count_firm
from workbench.frontmatter import split_front_matter, split_lines
from workbench.importers.exported import SAID_BY_US
from workbench.notes import KINDS
from workbench.redact import Redactor
from workbench.report.claims import describe_customers
from workbench.report.guard import refuse_file_name
from workbench.report.seen_by import Shared, Whole
from workbench.report.table import csv_in_pieces
from workbench.report.target import refuse_among_notes
from workbench.save import fingerprint, save_written
from workbench.store import read_note_tables, read_rows

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["TABLES", "Taken", "format_json", "pack", "read_json", "save_taken", "take_out"]

FORMAT, VERSION = "discovery-workbench", 1
# Each table's columns, and what each says. Those of `_NUMBERS` are whole numbers or missing; all others are text.
TABLES: dict[str, dict[str, str]] = {
    "customers": {
        "customer": "the name, or a code such as P-3fa9",
        "segment": "as written",
        "consent": "none, aggregate, quote or named: what counts",
        "aliases": "other spellings, with ; between them; only in your own copy",
        "people": "with ; between them; only in your own copy",
        "calls": "how many calls",
    },
    "calls": {
        "call": "the call’s id, or a code such as C-3fa9c1; of a table of notes, with the line where a customer’s day begins",
        "customer": "whose call it is",
        "date": "the day, YYYY-MM-DD; empty where none is stated",
        "who": "the person and what they do; only what they do where it leaves",
        "segment": "the customer’s segment",
        "kind": "discovery, usability, sales, support or churn",
        "consent": "of its customer; in your own copy only what was stated, and nothing that was assumed",
        "transcript": "the file with the call word for word; only in your own copy",
        "us": "who in the transcript is one of us; only in your own copy",
    },
    "notes": {
        "note": "the note’s id, or a code such as C-3fa9c1:12",
        "call": "the call it was taken in",
        "customer": "who said it",
        "kind": "observation, quote, pain, workaround, wish, commitment or take, as it was written",
        "text": "the words; empty where the customer has not agreed to be quoted",
        "tags": "without their sign, with a space between them",
        "at": "when in the call, or its turn in the transcript",
        "theme": "the theme it is in; empty where it is in none",
        "standing": "evidence, not yet a theme, set aside, take, said by one of you or not counted",
    },
    "themes": {
        "theme": "its id; one such as T-3fa9c1e0 lasts, T1 is of this table only",
        "name": "as it was named; empty where nobody has",
        "claim": "the words of one of its notes",
        "terms": "its key phrases, with ; between them",
        "customers": "different customers behind it",
        "of": "customers in all",
        "notes": "how many notes",
    },
    "records": {
        "record": "its id",
        "kind": "quarter, bet, hypothesis, decision or week",
        "field": "the field, with .1, .2 for the items of a list; body for the text below the fields",
        "value": "as written",
    },
}  # fmt: skip
_NUMBERS = {"calls": {"customers"}, "customers": {"themes"}, "of": {"themes"}, "notes": {"themes"}}
# What may be larger than a zip of the first version holds.
_LARGE = ("everything.json", "notes.csv", "project.qde")
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_MADE_BY = re.compile(rb"Discovery Workbench [^,\n]{1,40}, tables")


@dataclass(frozen=True)
class Taken:
    """What is taken out.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        As `TABLES` describes them: text, and Int64 for what is counted.
    mine : bool
        Whether it is whole, with names and all words, so that it must not be sent.
    day : str
        Up to when, ``YYYY-MM-DD``; empty where no call states a day.
    transcripts : dict of str to str
        The words of calls that were recorded, a line a turn, by call; only where it is whole.
    """

    tables: dict[str, pd.DataFrame]
    mine: bool = False
    day: str = ""
    transcripts: dict[str, str] = field(default_factory=dict)


def take_out(study: Study, themes: Themes, *, mine: bool = False) -> Taken:
    """Notes, themes, records, calls and customers as tables.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`, under the study's corrections.
    mine : bool
        Everything as it is, for the PM's own machine; else what others may see, after consent and redaction.

    Returns
    -------
    Taken
        The same for the same files.

    Raises
    ------
    InputError
        When somebody has written down words that must not leave, or a listed name would.
    """
    themes = themes if mine else count_firm(themes)  # as the board shows them, or as the report counts
    records = list(_records(study))
    view = Whole() if mine else Shared(study, themes, [value for *_, value, _ in records])
    known = study.customers.set_index("customer")
    shown = known if mine else known[(known["consent"] != "none") & (known["excluded"] == "")]
    calls = study.calls[study.calls["customer"].isin(shown.index)]
    notes = study.notes[study.notes["call"].isin(calls["call"].unique())]
    if not mine:
        notes = notes[notes["note"].isin(themes.notes["note"])]
    days = calls["date"].dropna()
    tables = {
        "customers": _customers(shown, view, mine=mine),
        "calls": _calls(study, calls, notes, shown["consent_stated" if mine else "consent"], view, mine=mine),
        "notes": _notes(notes, calls, themes, _kinds_of_ours(study), view),
        "themes": [
            {
                "theme": row.theme, "name": view.written(row.name, f"the name of theme {row.theme}"),
                "claim": (claim := view.claim(row.theme, row.claim)),
                "terms": "; ".join(view.words(term) for term in row.terms) if claim else "",
                "customers": int(row.n_customers), "of": int(row.n_customers_total), "notes": int(row.n_notes),
            }
            for row in themes.summary.itertuples(index=False)
        ],
        "records": [
            {"record": view.words(record), "kind": kind, "field": view.words(name), "value": view.written(value, file)}
            for record, kind, name, value, file in records
        ],
    }  # fmt: skip
    return Taken(
        {name: _frame(name, of) for name, of in tables.items()},
        mine,
        f"{days.max():%Y-%m-%d}" if len(days) else "",
        _transcripts(study) if mine else {},
    )


def _customers(shown: pd.DataFrame, view: Whole, *, mine: bool) -> list[dict[str, Any]]:
    return [
        {
            "customer": view.customer(row.Index), "segment": view.words(row.segment), "consent": row.consent,
            "aliases": "; ".join(row.aliases) if mine else "", "people": "; ".join(row.people) if mine else "",
            "calls": int(row.n_calls),
        }
        for row in shown.itertuples()
    ]  # fmt: skip


def _calls(
    study: Study, calls: pd.DataFrame, notes: pd.DataFrame, agreed: pd.Series, view: Whole, *, mine: bool
) -> dict[str, list[str]]:
    places, first = np.unique(_call_of(notes, calls), return_index=True)
    facts = notes.iloc[first][["who", "call_kind"]].astype(str)
    of = dict(zip(places.tolist(), facts.itertuples(index=False), strict=True))
    # Of a call without a note that leaves, only its file says who was there.
    rows = read_rows(study.root, []) if len(of) < len(calls) else ()
    unheard = {row.file: (row.who, row.kind) for row in rows}
    heard = [of.get(at) or unheard.get(file, ("", "")) for at, file in enumerate(calls["file"])]
    stated = agreed.to_dict()
    return {
        "call": [view.call(call, line) for call, line in zip(calls["call"], calls["line"], strict=True)],
        "customer": [view.customer(name) for name in calls["customer"]],
        "date": _days(calls["date"]),
        "who": [view.who(who) for who, _ in heard],
        "segment": [view.words(segment) for segment in calls["segment"]],
        "kind": [view.words(kind) for _, kind in heard],
        "consent": [stated[name] for name in calls["customer"]],
        "transcript": calls["transcript"].tolist() if mine else [""] * len(calls),
        "us": calls["us"].tolist() if mine else [""] * len(calls),
    }


def _notes(
    notes: pd.DataFrame, calls: pd.DataFrame, themes: Themes, written: dict[tuple[str, int], str], view: Whole
) -> dict[str, Any]:
    at = pd.Index(themes.notes["note"]).get_indexer(notes["note"])
    theme = (
        np.where(at >= 0, themes.notes["theme"].to_numpy(object)[at], "") if len(themes.notes) else np.full(len(at), "")
    )
    reason = themes.notes["reason"].to_numpy(object)[at] if len(themes.notes) else theme
    where = calls[["call", "line"]].iloc[_call_of(notes, calls)]
    kinds = notes["kind"].astype(str).tolist()
    if written:
        places = zip(notes["file"].astype(str), notes["line"], strict=True)
        kinds = [written.get(place, kind) for place, kind in zip(places, kinds, strict=True)]
    customers = notes["customer"].tolist()
    texts = zip(customers, notes["text"], notes["file"], notes["line"], strict=True)
    return {
        "note": [view.note(*row) for row in zip(notes["note"], notes["call"], notes["line"], strict=True)],
        "call": [view.call(call, line) for call, line in zip(where["call"], where["line"], strict=True)],
        "customer": [view.customer(name) for name in customers],
        "kind": kinds,
        "text": pd.array([view.quote(*row) for row in texts], dtype="str"),
        "tags": [view.tags(*row) for row in zip(customers, notes["tags"], strict=True)],
        "at": notes["at"].tolist(),
        "theme": theme.tolist(),
        "standing": [
            _standing(*row) for row in zip(at >= 0, theme, reason, notes["kind"] == "take", notes["ours"] != "", strict=True)
        ],
    }  # fmt: skip


def _standing(is_evidence: bool, theme: str, reason: str, is_take: bool, is_ours: bool) -> str:
    if is_evidence:
        return "set aside" if reason == "set aside" else "evidence" if theme else "not yet a theme"
    return SAID_BY_US if is_ours else "take" if is_take else "not counted"


def _call_of(notes: pd.DataFrame, calls: pd.DataFrame) -> np.ndarray:
    """The place among the calls of each note's; in a table of notes a call is what one customer said on one day."""
    of_table = (calls["line"] > 0).to_numpy()
    key = ["call", "customer", "date"]
    files = {call: place for place, call in enumerate(calls["call"]) if not of_table[place]}
    at = notes["call"].astype(str).map(files).fillna(-1).to_numpy(dtype=np.int64)
    in_table = at < 0
    if in_table.any():
        both = pd.concat([calls.loc[of_table, key], notes.loc[in_table, key].astype({"call": str, "customer": str})])
        numbers = both.groupby(key, sort=False, dropna=False).ngroup().to_numpy()
        place = np.zeros(numbers.max() + 1, dtype=np.int64)
        place[numbers[: of_table.sum()]] = np.flatnonzero(of_table)
        at[in_table] = place[numbers[of_table.sum() :]]
    return at


def _days(dates: pd.Series) -> list[str]:
    return dates.dt.strftime("%Y-%m-%d").fillna("").tolist()


def save_taken(taken: Taken, target: Path, study: Study) -> list[Path]:
    """Write what was taken out, in the form that the name's ending says.

    Parameters
    ----------
    taken : Taken
        From :func:`take_out`.
    target : pathlib.Path
        ``.json``, ``.qdpx`` or ``.zip``; any other name is a folder, made where it is not there.
    study : Study
        What it is of.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    InputError
        When the name gives a customer away, what is whole would lie where git takes it along, or a file that is there is
        not as an export left it.
    SaveError
        When a file cannot be written.
    """
    refuse_among_notes(target)
    ending = "" if target.is_dir() else target.suffix.lower()
    if taken.mine:
        _refuse_where_git_takes_it(target)
    else:
        refuse_file_name(Redactor(describe_customers(study)), target.name)
    if ending == ".qdpx":
        from workbench.report.refi_qda import write_qdpx

        files: dict[Path, Callable[[BinaryIO], object]] = {target: lambda file: write_qdpx(taken, file)}
    elif ending == ".json":
        files = {target: lambda file: file.writelines(_json_in_pieces(taken))}
    elif ending == ".zip":
        files = {target: lambda file: pack(_files(taken), file)}
    else:
        if target.exists() and not target.is_dir():
            raise InputError(f"{target} is a file; name a folder, or a file that ends in .zip, .json or .qdpx")
        made = _files(taken)
        _refuse_what_is_not_ours(target, made)
        files = {target / name: _writer(pieces) for name, pieces in made.items()}
        target.mkdir(parents=True, exist_ok=True)
    there = {}
    for path in filter(Path.exists, files):
        data = path.read_bytes()
        if path == target and not _is_as_exported(data):
            raise InputError(
                f"{target} is there already, and not as an export left it, so that it would be lost; name another file, or move it away"
            )
        there[path] = fingerprint(data)
    for path, write in files.items():
        save_written(path.absolute(), write, expected=there.get(path))
    return list(files)


def _writer(pieces: Callable[[], Iterable[bytes]]) -> Callable[[BinaryIO], object]:
    return lambda file: file.writelines(pieces())


def format_json(taken: Taken) -> bytes:
    """All tables as one JSON file; its form is described in ``docs/import.md``.

    Parameters
    ----------
    taken : Taken
        From :func:`take_out`.

    Returns
    -------
    bytes
        UTF-8; :func:`read_json` gives the tables back.

    Examples
    --------
    >>> format_json(Taken({"themes": _frame("themes", [])})).decode().splitlines()[1:3]
    [' "format": "discovery-workbench",', ' "version": 1,']
    """
    return b"".join(_json_in_pieces(taken))


def _json_in_pieces(taken: Taken) -> Iterator[bytes]:
    """The same, a table's rows one after the other: as the standard library writes it with an indent of one."""
    head = {"format": FORMAT, "version": VERSION, "mine": taken.mine, "up_to": taken.day}
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2].encode() + b',\n "tables": {'
    dump = json.JSONEncoder(ensure_ascii=False).encode
    for number, (name, table) in enumerate(taken.tables.items()):
        yield f"{',' if number else ''}\n  {dump(name)}: [".encode()
        keys = [f"\n    {dump(key)}: " for key in table.columns]
        for at, row in enumerate(zip(*(_cells(table[key]) for key in table.columns), strict=True)):
            fields = ",".join(key + dump(value) for key, value in zip(keys, row, strict=True))
            yield f"{',' if at else ''}\n   {{{fields}\n   }}".encode("utf-8", "replace")
        yield b"\n  ]" if len(table) else b"]"
    yield b"\n }\n}\n"


def _cells(column: pd.Series) -> Iterator[str | int | None]:
    """A column's cells as JSON has them."""
    return (cell if isinstance(cell, str) else None if pd.isna(cell) else int(cell) for cell in column)


def read_json(data: bytes) -> Taken:
    """The tables in a JSON file that :func:`format_json` wrote.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    Taken
        With the very tables that were written.

    Raises
    ------
    InputError
        When it is none, or of another version.

    Examples
    --------
    >>> read_json(b"{}")
    Traceback (most recent call last):
    workbench.errors.InputError: this is no JSON that  workbench export  wrote; write it again
    """
    try:
        whole = json.loads(data)
        told = (whole["format"], whole["version"])
    except (ValueError, KeyError, TypeError):
        told = ("", 0)
    if told[0] != FORMAT:
        raise InputError("this is no JSON that  workbench export  wrote; write it again")
    if told[1] != VERSION:
        raise InputError(
            f"version {told[1]} of the tables; this workbench reads version {VERSION}: read it with the one that wrote it"
        )
    try:
        tables = {name: _frame(name, whole["tables"].get(name, [])) for name in TABLES}
        return Taken(tables, whole["mine"], whole["up_to"])
    except (KeyError, AttributeError, TypeError, ValueError):  # its head is ours, and what is below it no tables
        raise InputError("this is no JSON that  workbench export  wrote; write it again") from None


def pack(files: Mapping[str, Callable[[], Iterable[bytes]]], target: BinaryIO) -> None:
    """Write a zip that is the same for the same files.

    Parameters
    ----------
    files : mapping of str to callable
        What is in it, by name: each gives its bytes in pieces, so that none has to be held.
    target : binary file
        Where it is written: the names in their order, without a clock, and with a seal as its comment: whoever changes the zip
        breaks it.

    Examples
    --------
    >>> one, other = io.BytesIO(), io.BytesIO()
    >>> pack({"a.txt": lambda: [b"one"]}, one), pack({"a.txt": lambda: [b"o", b"ne"]}, other)
    (None, None)
    >>> one.getvalue() == other.getvalue()
    True
    """
    told = hashlib.sha256()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files.items():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            content = hashlib.sha256()
            with archive.open(entry, "w", force_zip64=name in _LARGE) as member:
                for piece in pieces():
                    content.update(piece)
                    member.write(piece)
            told.update(_sealed(name, content))
        archive.comment = f"{FORMAT} {told.hexdigest()}".encode()


def _sealed(name: str, content: Any) -> bytes:
    return f"{name}\0{content.hexdigest()}\0".encode("utf-8", "surrogatepass")


def _is_as_exported(data: bytes) -> bool:
    """Whether a file is an export that nobody has changed since: a zip by its seal, JSON by being what would be written."""
    try:
        if not data.startswith(b"PK"):
            return format_json(read_json(data)) == data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told, before = hashlib.sha256(), hashlib.sha256()
            for name in archive.namelist():
                data = archive.read(name)
                told.update(_sealed(name, hashlib.sha256(data)))
                # Exports had this seal when a file was held as a whole, and lie on people's disks.
                before.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
            return archive.comment in {f"{FORMAT} {seal.hexdigest()}".encode() for seal in (told, before)}
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        return False


def _kinds_of_ours(study: Study) -> dict[tuple[str, int], str]:
    """What somebody has written the notes as that one of us said: in a study they are takes, and on their way back they are not."""
    ours = study.notes[study.notes["ours"].astype(str) != ""]
    places = set(zip(ours["file"].astype(str), ours["line"].tolist(), strict=True))
    rows = read_rows(study.root, []) if places else ()
    kinds = {
        (row.file, line): KINDS[int(kind)] for row in rows for line, kind in zip(row.lines, row.kinds, strict=True)
    }
    for table in read_note_tables(study.root, [])[0] if places else ():
        kinds |= {(table.file, line): kind for line, kind in zip(*map(table.notes.get, ("line", "kind")), strict=True)}
    return {place: kind for place, kind in kinds.items() if place in places}


def _records(study: Study) -> Iterator[tuple[str, str, str, str, str]]:
    """Of each field of each record: id, kind, field, value, and where it stands."""
    owners = {
        record.file: (record.id, kind)
        for kind, records in (
            ("bet", study.bets), ("hypothesis", study.hypotheses), ("decision", study.decisions), ("week", study.weeks),
        )
        for record in records
    }  # fmt: skip
    for file, text in study.texts.items():
        record, kind = owners.get(file, ("quarter", "quarter"))
        lines = split_lines(text)
        fields, body = split_front_matter(lines, file)
        for key, value in fields.values.items():
            where = f"{file}:{fields.lines.get(key, 1)}"
            yield from ((record, kind, name, words, where) for name, words in _flat(value, key))
        if rest := "".join(lines[body:]).strip("\n"):
            yield record, kind, "body", rest, f"{file}:{body + 1}"


def _flat(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _flat(item, f"{key}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _flat(item, f"{key}.{number}")
    else:
        yield key, str(value)


def _frame(name: str, rows: Iterable[dict[str, Any]] | dict[str, Any]) -> pd.DataFrame:
    """A table of rows, or of columns."""
    table = pd.DataFrame(rows if isinstance(rows, dict) else list(rows), columns=list(TABLES[name]))
    return table.astype({key: "Int64" if name in _NUMBERS.get(key, ()) else "str" for key in TABLES[name]})


def _transcripts(study: Study) -> dict[str, str]:
    """What was said in recorded calls, a line a turn; those that cannot be read the linter names."""
    from workbench.transcripts import open_transcript

    found = {}
    for call, name in study.calls.loc[study.calls["transcript"] != "", ["call", "transcript"]].itertuples(index=False):
        try:
            transcript = open_transcript(study.root, name)
        except InputError:
            continue
        if transcript:
            lines = (f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text for turn in transcript.turns)
            found[call] = "".join(f"{line}\n" for line in lines)
    return found


def _files(taken: Taken) -> dict[str, Callable[[], Iterable[bytes]]]:
    """Each file, by its name; its content in pieces, once somebody asks."""
    tables = {f"{name}.csv": partial(csv_in_pieces, table) for name, table in taken.tables.items()}
    return {
        "README.txt": lambda: [_describe(taken).encode()],
        **tables,
        "everything.json": lambda: _json_in_pieces(taken),
    }


def _describe(taken: Taken) -> str:
    told = (
        "YOUR OWN COPY, NOT FOR SENDING: all names and all words, whatever was agreed to."
        if taken.mine
        else "What others may see: words where a customer agreed to be quoted, codes for names. A name that nobody listed "
        "cannot be found, so look it through before you send it."
    )
    rows = [
        f"{told}\nUp to {taken.day or 'a day that no call states'}. Discovery Workbench {__version__}, tables of version {VERSION}.\n"
    ]
    for name, columns in TABLES.items():
        rows += [f"\n{name}.csv\n", *(f"  {key:<12}{what}\n" for key, what in columns.items())]
    rows.append(
        "\neverything.json has the same tables. In the CSV files an apostrophe stands before what a spreadsheet would run.\n"
    )
    return "".join(rows)


def _refuse_what_is_not_ours(folder: Path, files: Mapping[str, Callable[[], Iterable[bytes]]]) -> None:
    """A file that somebody has in the folder, or has worked in, is not written over; what was taken out before is."""
    there = [name for name in files if (folder / name).exists()]
    if not there:
        return
    try:
        before = _files(read_json((folder / "everything.json").read_bytes()))
    except (OSError, InputError):
        raise InputError(f"{folder / there[0]} is there already, and not from here; name an empty folder") from None
    for name in there:
        # Of two exports of which the second was stopped a file is either's.
        if not any(_holds(folder / name, of[name]()) for of in (before, files)):
            raise InputError(
                f"{folder / name} is there already, and not as an export left it, so that it would be lost; name another folder, or "
                "move it away"
            )


def _holds(path: Path, pieces: Iterable[bytes]) -> bool:
    if path.name == "README.txt":  # short, and tells the version that wrote it
        return _MADE_BY.sub(b"", path.read_bytes()) == _MADE_BY.sub(b"", b"".join(pieces))
    with path.open("rb") as file:
        return all(file.read(len(piece)) == piece for piece in pieces) and not file.read(1)


def _refuse_where_git_takes_it(target: Path) -> None:
    """Names and words of everybody must not be committed along with something else."""
    folder = next(parent for parent in target.absolute().parents if parent.is_dir())
    try:
        run = subprocess.run(
            ["git", "check-ignore", "-q", "--no-index", "--", str(target.absolute())],
            cwd=folder, capture_output=True, timeout=30, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return  # no git, so nothing that would commit it
    if run.returncode == 1:
        raise InputError(
            f"{target} lies in a folder that git keeps, and holds all names and words: with the next commit they would be in its "
            "history, wherever that is sent; write it elsewhere, or into reports/, which git leaves out"
        )
