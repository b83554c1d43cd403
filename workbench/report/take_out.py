"""Everything taken out as plain tables, for another tool or another machine: as others may see it, or whole for the PM's own.

:func:`take_out` makes the tables; :func:`save_taken` writes them as a folder or zip of CSV and JSON, as JSON alone, or as a
REFI-QDA project (:mod:`workbench.report.refi_qda`). What others may see obeys consent as the report does; takes and
transcripts stay.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench import __version__
from workbench.customers import split_who
from workbench.errors import InputError
from workbench.evidence import count_firm
from workbench.frontmatter import split_front_matter, split_lines
from workbench.redact import Leaks, Redactor, name_places, rename_places, share, short_ids
from workbench.report.claims import describe_customers, make_payload
from workbench.report.guard import refuse_file_name, refuse_names, refuse_prose, refuse_withheld
from workbench.report.table import format_csv
from workbench.save import fingerprint, save_bytes

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
        "call": "the call’s id, or a code such as C-3fa9c1",
        "customer": "whose call it is",
        "date": "the day, YYYY-MM-DD; empty where none is stated",
        "who": "the person and what they do; only what they do where it leaves",
        "segment": "the customer’s segment",
        "kind": "discovery, usability, sales, support or churn",
        "consent": "of its customer",
        "transcript": "the file with the call word for word; only in your own copy",
        "us": "who in the transcript is one of us; only in your own copy",
    },
    "notes": {
        "note": "the note’s id, or a code such as C-3fa9c1:12",
        "call": "the call it was taken in",
        "customer": "who said it",
        "kind": "observation, quote, pain, workaround, wish, commitment or take",
        "text": "the words; empty where the customer has not agreed to be quoted",
        "tags": "without their sign, with a space between them",
        "at": "when in the call, or its turn in the transcript",
        "theme": "the theme it is in; empty where it is in none",
        "standing": "evidence, not yet a theme, set aside, take or not counted",
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
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


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
    view = _Whole() if mine else _Shared(study, themes)
    known = study.customers.set_index("customer")
    shown = known if mine else known[(known["consent"] != "none") & (known["excluded"] == "")]
    calls = study.calls[study.calls["customer"].isin(shown.index)]
    notes = study.notes[study.notes["call"].isin(calls["call"])]
    if not mine:
        notes = notes[notes["note"].isin(themes.notes["note"])]
    facts = notes.drop_duplicates("call").set_index("call")[["who", "call_kind"]]
    rows: dict[str, list[dict[str, Any]]] = {"customers": [], "calls": [], "notes": [], "themes": [], "records": []}
    for row in shown.itertuples():
        rows["customers"].append(
            {
                "customer": view.customer(row.Index), "segment": view.words(row.segment), "consent": row.consent,
                "aliases": "; ".join(row.aliases) if mine else "", "people": "; ".join(row.people) if mine else "",
                "calls": int(row.n_calls),
            }
        )  # fmt: skip
    for row in calls.itertuples(index=False):
        who, kind = facts.loc[row.call] if row.call in facts.index else ("", "")
        rows["calls"].append(
            {
                "call": view.call(row.call), "customer": view.customer(row.customer),
                "date": "" if pd.isna(row.date) else f"{row.date:%Y-%m-%d}", "who": view.who(str(who)),
                "segment": view.words(row.segment), "kind": view.words(str(kind)), "consent": shown.at[row.customer, "consent"],
                "transcript": row.transcript if mine else "", "us": row.us if mine else "",
            }
        )  # fmt: skip
    placed = themes.notes.set_index("note")[["theme", "reason"]]
    for row in notes.itertuples(index=False):
        theme, reason = placed.loc[row.note] if row.note in placed.index else ("", "")
        takes = "take" if str(row.kind) == "take" else "not counted"
        standing = "set aside" if reason == "set aside" else "evidence" if theme else "not yet a theme"
        rows["notes"].append(
            {
                "note": view.note(row.note), "call": view.call(row.call), "customer": view.customer(row.customer),
                "kind": str(row.kind), "text": view.quote(row.note, row.text),
                "tags": " ".join(view.words(tag).replace(" ", "-") for tag in row.tags) if view.quotes(row.note) else "",
                "at": row.at, "theme": theme, "standing": standing if row.note in placed.index else takes,
            }
        )  # fmt: skip
    for row in themes.summary.itertuples(index=False):
        claim = view.claim(row.theme, row.claim)
        rows["themes"].append(
            {
                "theme": row.theme, "name": view.written(row.name, f"the name of theme {row.theme}"), "claim": claim,
                "terms": "; ".join(view.words(term) for term in row.terms) if claim else "",
                "customers": int(row.n_customers), "of": int(row.n_customers_total), "notes": int(row.n_notes),
            }
        )  # fmt: skip
    for record, kind, name, value, file in _records(study):
        rows["records"].append(
            {"record": view.words(record), "kind": kind, "field": view.words(name), "value": view.written(value, file)}
        )
    days = calls["date"].dropna()
    return Taken(
        {name: _frame(name, of) for name, of in rows.items()},
        mine,
        f"{days.max():%Y-%m-%d}" if len(days) else "",
        _transcripts(study) if mine else {},
    )


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
    ending = "" if target.is_dir() else target.suffix.lower()
    if taken.mine:
        _refuse_where_git_takes_it(target)
    else:
        refuse_file_name(Redactor(describe_customers(study)), target.name)
    if ending == ".qdpx":
        from workbench.report.refi_qda import format_qdpx

        files = {target: format_qdpx(taken)}
    elif ending == ".json":
        files = {target: format_json(taken)}
    elif ending == ".zip":
        files = {target: pack(_files(taken))}
    else:
        if target.exists() and not target.is_dir():
            raise InputError(f"{target} is a file; name a folder, or a file that ends in .zip, .json or .qdpx")
        files = {target / name: data for name, data in _files(taken).items()}
        _refuse_what_is_not_ours(target, files)
        target.mkdir(parents=True, exist_ok=True)
    there = {path: path.read_bytes() for path in files if path.exists()}
    if ending and target in there and not _is_as_exported(there[target]):
        raise InputError(
            f"{target} is there already, and not as an export left it, so that it would be lost; name another file, or move it away"
        )
    for path, data in files.items():
        save_bytes(path.absolute(), data, expected=fingerprint(there[path]) if path in there else None)
    return list(files)


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
    tables = {
        name: [
            {
                key: None if pd.isna(value) else int(value) if not isinstance(value, str) else value
                for key, value in row.items()
            }
            for row in table.to_dict("records")
        ]
        for name, table in taken.tables.items()
    }
    whole = {
        "format": FORMAT, "version": VERSION, "mine": taken.mine, "up_to": taken.day, "tables": tables,
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


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


def pack(files: dict[str, bytes]) -> bytes:
    """A zip that is the same for the same files.

    Parameters
    ----------
    files : dict of str to bytes
        What is in it, by name.

    Returns
    -------
    bytes
        With the names in their order, without a clock, and with a seal as its comment: whoever changes the zip breaks it.

    Examples
    --------
    >>> pack({"a.txt": b"one"}) == pack({"a.txt": b"one"})
    True
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, data)
        archive.comment = _seal(files)
    return out.getvalue()


def _seal(files: dict[str, bytes]) -> bytes:
    told = hashlib.sha256()
    for name, data in files.items():
        told.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
    return f"{FORMAT} {told.hexdigest()}".encode()


def _is_as_exported(data: bytes) -> bool:
    """Whether a file is an export that nobody has changed since: a zip by its seal, JSON by being what would be written."""
    try:
        if not data.startswith(b"PK"):
            return format_json(read_json(data)) == data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if not archive.comment.startswith(FORMAT.encode()):
                return False
            return archive.comment == _seal({name: archive.read(name) for name in archive.namelist()})
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        return False


class _Whole:
    """Everything as it is in the workspace."""

    def customer(self, name: str) -> str:
        return str(name)

    def call(self, id_: str) -> str:
        return str(id_)

    def note(self, id_: str) -> str:
        return str(id_)

    def who(self, who: str) -> str:
        return who

    def words(self, text: str) -> str:
        return text

    def quotes(self, note: str) -> bool:
        return True

    def quote(self, note: str, text: str) -> str:
        return text

    def claim(self, theme: str, claim: str) -> str:
        return claim

    def written(self, text: str, where: str) -> str:
        return text


class _Shared(_Whole):
    """What others may see of it, as the report shows it: words by consent, codes for names, what has a form replaced."""

    def __init__(self, study: Study, themes: Themes) -> None:
        payload = make_payload("quotes", study, themes, [])
        self._leaks = Leaks([payload])
        refuse_withheld(self._leaks, payload, 0)
        self._names = Redactor(payload["customers"])
        shared = share(payload)
        refuse_names(self._names, payload, shared, 0)
        self._labels = {
            name: name if one["consent"] == "named" else one["pseudonym"] for name, one in payload["customers"].items()
        }
        self._calls = short_ids(study.calls["call"], study.salt, "C-", 6)
        self._refs = {note: one["ref"] for note, one in payload["notes"].items()}
        self._texts = {ref: one["text"] for ref, one in shared["notes"].items()}
        self._claims = {
            group["theme"]: next((claim["statement"] for claim in group["claims"]), "")
            for group in shared["data"]["groups"]
        }
        self._cited = name_places([payload])
        for id_, file in study.calls[["call", "file"]].astype(str).itertuples(index=False):
            self._cited |= {file: self._calls[id_], file.rpartition("/")[2]: self._calls[id_]}

    def customer(self, name: str) -> str:
        return self._labels[name]

    def call(self, id_: str) -> str:
        return self._calls[id_]

    def note(self, id_: str) -> str:
        return self._refs[id_]

    def who(self, who: str) -> str:
        return self.words(split_who(who)[1])

    def words(self, text: str) -> str:
        return self._names(text)

    def quotes(self, note: str) -> bool:
        return self._texts[self._refs[note]] is not None

    def quote(self, note: str, text: str) -> str:
        return self._texts[self._refs[note]] or ""

    def claim(self, theme: str, claim: str) -> str:
        return self._claims[theme]

    def written(self, text: str, where: str) -> str:
        shown = self._names(rename_places(text, self._cited))
        refuse_prose(self._leaks, self._names, text, html.escape(shown), where)
        return shown


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


def _frame(name: str, rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=list(TABLES[name]))
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


def _files(taken: Taken) -> dict[str, bytes]:
    return {
        "README.txt": _describe(taken).encode(),
        **{f"{name}.csv": format_csv(table) for name, table in taken.tables.items()},
        "everything.json": format_json(taken),
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


def _refuse_what_is_not_ours(folder: Path, files: Iterable[Path]) -> None:
    """A file that somebody has in the folder is not written over; what was taken out before is."""
    there = next((path for path in files if path.exists()), None)
    if there is None:
        return
    try:
        read_json((folder / "everything.json").read_bytes())
    except (OSError, InputError):
        raise InputError(f"{there} is there already, and not from here; name an empty folder") from None


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
