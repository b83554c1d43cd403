"""Records on disk: reading all of them, making one, and setting fields of one; nothing else in a file is touched."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from workbench.errors import InputError, Problem
from workbench.frontmatter import set_fields, split_front_matter, split_lines
from workbench.records import (
    DECIDED,
    KINDS,
    QUARTER,
    Bet,
    Decision,
    Hypothesis,
    Kind,
    Quarter,
    Week,
    first_text,
    keep_agreed,
    kind_of,
    parse_decision,
    parse_quarter,
    seal_decision,
)
from workbench.records.quarter import QUARTER_FILE
from workbench.records.typed import is_day, is_week
from workbench.store import change_record, read_text, slug, workspace

__all__ = ["Records", "SavedRecord", "create_record", "find_record", "read_records", "refuse_odd", "update_record"]


@dataclass(frozen=True)
class Records:
    """All records of a workspace.

    Parameters
    ----------
    quarter : Quarter
        Empty without one.
    bets, hypotheses, decisions, weeks : list
        By id.
    texts : dict of str to str
        The text of each file, the quarter's among them.
    problems : list of Problem
        What could not be read.
    """

    quarter: Quarter = field(default_factory=Quarter)
    bets: list[Bet] = field(default_factory=list)
    hypotheses: list[Hypothesis] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    weeks: list[Week] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class SavedRecord(type(Path())):
    """The path of a record that was just written; at the end of a cell it says what was done.

    Examples
    --------
    >>> saved = SavedRecord("discovery/bets/B-3fa9c1-lists.md")
    >>> saved.name, saved == Path(saved)
    ('B-3fa9c1-lists.md', True)
    """

    said = ""

    def __repr__(self) -> str:
        return repr(Path(self))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, str]]:
        # It is the PM's own: marked so, the exporter leaves it behind without a word.
        return {"text/plain": self.said or repr(self)}, {"workbench": "still"}


def read_records(path: str | os.PathLike[str] | None = None) -> Records:
    r"""All records of a workspace.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.

    Returns
    -------
    Records
        Sorted by id; what could not be read is in its `problems`.

    Raises
    ------
    InputError
        When there is no workspace.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> _ = create_record(folder, "decision", title="Reader or template?", date="2026-11-17")
    >>> [decision.title for decision in read_records(folder).decisions]
    ['Reader or template?']
    """
    root = workspace(path)
    texts: dict[str, str] = {}
    found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    problems: list[Problem] = []
    quarter = Quarter()
    if (root / QUARTER_FILE).is_file():
        texts[QUARTER_FILE] = read_text(root / QUARTER_FILE)
        quarter, odd = parse_quarter(texts[QUARTER_FILE])
        problems += odd
    for name, kind in KINDS.items():
        for file in _files(root, kind.folder):
            texts[file] = read_text(root / file)
            record, odd = kind.parse(texts[file], file)
            found[name].append(record)
            problems += odd
        problems += _not_read(root, kind.folder)
        found[name].sort(key=lambda record: (record.id, record.file))
    return Records(quarter, found["bet"], found["hypothesis"], found["decision"], found["week"], texts, problems)


def create_record(
    path: str | os.PathLike[str] | None = None, kind: str = "", *, body: str = "", **values: str | Sequence[str]
) -> SavedRecord:
    """Make a record: one file, with a place for each field and an id by chance, so that two people's never collide.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`, which finds it where it is left out.
    kind : str
        ``hypothesis``, ``bet``, ``decision`` or ``week``.
    body : str
        Prose below the fields.
    **values : str or sequence of str
        Fields of the record; None is as if it were not there. Of a week, `week` (``2026-W47``) is needed: it names the file.

    Returns
    -------
    SavedRecord
        The file's path; at the end of a cell it shows as "Made discovery/…".

    Raises
    ------
    InputError
        When there is no such kind or field, or a field cannot be read back as what it should be; nothing is written.
    SaveError
        When nothing was saved (disk full, no access).

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> create_record(folder, "bet", title="Lists get in faster", id="B-3fa9c1").name
    'B-3fa9c1-lists-get-in-faster.md'
    """
    if not kind:
        kinds = ", ".join(KINDS)
        such = path if path in KINDS else "decision"
        raise InputError(
            f"a record of what kind? Write one of {kinds} by name, such as  wb.create_record(kind='{such}', …)"
        )
    root = workspace(path)
    known = KINDS.get(kind)
    if known is None:
        raise InputError(f"there is no kind of record {kind!r}; use one of {', '.join(KINDS)}")
    given: dict[str, str | list[str]] = {name: _plain(value) for name, value in values.items() if value is not None}
    if known.head:
        if "id" in given:
            _refuse_id(root, known, str(given["id"]))
        given.setdefault("id", f"{known.head}-{secrets.token_hex(3)}")
        name = slug(str(given.get("title") or given.get("change") or ""))
        file = f"{known.folder}/{'-'.join(filter(None, [str(given['id']), name]))}.md"
    else:
        if not is_week(week := str(given.pop(kind, ""))):
            raise InputError(f"{week!r} is no week; give one, such as  week='2026-W47'")
        file = f"{known.folder}/{week}.md"
    if "made" in known.fields:
        # A decision that is written down once it was made was put on that day at the latest.
        given.setdefault("made", str(given.get("date") or "") or _day_of_writing())
    text = first_text(kind, given, body)
    refuse_odd(text, file, list(given))
    if kind == "hypothesis":
        text = keep_agreed("", text, file)

    def begin(old: str) -> str:
        if old:
            raise InputError(f"{file} is there already; change it instead")
        return text

    change_record(root, file, begin)
    return _saved(root, file, "Made")


def update_record(
    path: str | os.PathLike[str] | None = None, id: str = "", **values: str | Sequence[str] | None
) -> SavedRecord:
    """Set fields of a record; everything else in its file stays as it is, byte for byte.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`, which finds it where it is left out.
    id : str
        The record's id, such as ``D-81c0e2`` or ``2026-W47``, or its file; ``quarter`` is the quarter.
    **values : str, sequence of str or None
        Fields; None takes one out.

    Returns
    -------
    SavedRecord
        The file's path; at the end of a cell it shows as "Changed discovery/…".

    Raises
    ------
    InputError
        When there is no such record or field, a field would not read back as what it should be, or it is what was decided in a
        decision that is made; nothing is written.
    SaveError
        When nothing was saved (disk full, no access).

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> _ = create_record(folder, "bet", title="Lists get in faster", id="B-3fa9c1")
    >>> _ = update_record(folder, "B-3fa9c1", owner="Ines", review="2027-01-15")
    >>> read_records(folder).bets[0].owner
    'Ines'
    """
    if not id:
        raise InputError("which record? Name it by its id, such as  wb.update_record(id='D-81c0e2', due='2026-11-27')")
    root = workspace(path)
    file = find_record(root, id)
    kind = kind_of(file) or QUARTER
    if unknown := [name for name in values if name not in kind.known]:
        raise InputError(f"a {kind.name} has no field {unknown[0]!r}; it has {', '.join(kind.known)}")
    wanted = {name: value if value is None else _plain(value) for name, value in values.items()}

    def change(old: str) -> str:
        new = set_fields(old, wanted)
        refuse_odd(new, file, list(wanted))
        if kind.name == "decision":
            _refuse_rewriting(old, new, file)
        return keep_agreed(old, new, file) if kind.name == "hypothesis" else new

    change_record(root, file, change)
    return _saved(root, file, "Changed")


def find_record(path: str | os.PathLike[str] | None, id: str) -> str:
    """The file of a record.

    Parameters
    ----------
    path : path-like or None
        The workspace, see :func:`workbench.workspace`.
    id : str
        The record's id, as many of its first letters as tell it from the others, or its file.

    Returns
    -------
    str
        Relative to the workspace.

    Raises
    ------
    InputError
        When there is none, or several.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> _ = create_record(folder, "bet", title="Lists", id="B-3fa9c1")
    >>> find_record(folder, "B-3f")
    'discovery/bets/B-3fa9c1-lists.md'
    """
    root = workspace(path)
    if id in ("quarter", QUARTER_FILE):
        return QUARTER_FILE
    if kind_of(id) and (root / id).is_file():
        return id
    ids = {}
    for kind in KINDS.values():
        for file in _files(root, kind.folder):
            ids[file] = kind.parse(read_text(root / file), file)[0].id
    exact = [file for file, one in ids.items() if one == id]
    found = exact or [file for file, one in ids.items() if id and one.startswith(id)]
    if len(found) != 1:
        listed = ", ".join(f"{ids[file]} ({file})" for file in found[:5])
        what = f"{len(found)} records begin with {id!r}: {listed}" if found else f"there is no record {id!r}"
        raise InputError(f"{what}; name one by its id, such as D-81c0e2, or by its file")
    return found[0]


def _saved(root: Path, file: str, done: str) -> SavedRecord:
    saved = SavedRecord(root / file)
    saved.said = f"{done} {file}"
    return saved


def _files(root: Path, folder: str) -> list[str]:
    """The records in a folder; a file whose name begins with a dot or an underscore is none."""
    names = sorted(file.name for file in (root / folder).glob("*.md") if file.is_file())
    return [f"{folder}/{name}" for name in names if name[0] not in "._" and name != "README.md"]


def _not_read(root: Path, folder: str) -> list[Problem]:
    """What lies in a folder of records and looks like one, but is not read."""
    problems = []
    for entry in sorted((root / folder).glob("*")):
        name = f"{folder}/{entry.name}"
        if entry.is_dir() and entry.name[0] not in "._" and any(entry.rglob("*.md")):
            problems.append(Problem(name, 1, "a folder of records that is not read", f"move its files to {folder}/"))
        elif entry.suffix.lower() in (".markdown", ".txt", ".docx") and entry.name[0] not in "._":
            problems.append(Problem(name, 1, "not a record", "save it as a .md file to have it read"))
    return problems


def _day_of_writing() -> str:
    given = os.environ.get("WORKBENCH_TODAY", "")
    return given if is_day(given) else date.today().isoformat()


def _plain(value: str | Sequence[str]) -> str | list[str]:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, date) else [str(item) for item in value]


def _refuse_id(root: Path, kind: Kind, id_: str) -> None:
    """Refuse what would name another file than a record's, or a record that is there."""
    if not re.fullmatch(rf"{kind.head}-[0-9A-Za-z]+", id_):
        raise InputError(f"id {id_!r} is none of a {kind.name}; write {kind.head}- and six hex digits, or leave it out")
    for file in _files(root, kind.folder):
        if kind.parse(read_text(root / file), file)[0].id == id_:
            raise InputError(f"{id_} is the id of {file} already; change that, or leave the id out")


def _refuse_rewriting(old: str, new: str, file: str) -> None:
    """Refuse what would change a decision that is made."""
    was, now = (parse_decision(text, file)[0] for text in (old, new))
    if was.status not in ("decided", "superseded"):
        return
    changed = [name for name in (*DECIDED, "agreed") if getattr(was, name) != getattr(now, name)]
    if now.status not in (was.status, "superseded"):
        changed.append("status")
    if changed:
        raise InputError(
            f"{was.id} was decided{f' on {was.date}' if was.date else ''} and stays as it is ({', '.join(changed)}); "
            f"what you think now is another decision that takes its place:  workbench decide --supersedes {was.id}"
        )


def refuse_odd(text: str, file: str, names: list[str]) -> None:
    r"""Refuse what would be written and then not be read.

    Parameters
    ----------
    text : str
        The record's text as it would be.
    file : str
        Relative to the workspace.
    names : list of str
        The fields that are written.

    Raises
    ------
    InputError
        When one of them would not read back as what it should be, or would call a decision decided without what seals it.

    Examples
    --------
    >>> refuse_odd("---\nreview: soon\n---\n", "discovery/decisions/D-81c0e2.md", ["review"])
    Traceback (most recent call last):
    workbench.errors.InputError: review 'soon' is no day; write it as year, month, day, such as 2027-01-15
    """
    kind = kind_of(file) or QUARTER
    lines = split_front_matter(split_lines(text), file)[0].lines
    at = {lines.get(name) for name in names}
    for problem in kind.parse(text, file)[1]:
        if problem.line in at or kind.name == "week":
            raise InputError(f"{problem.what}; {problem.todo}")
    if kind.name == "decision" and "status" in names:
        _refuse_unsealed(parse_decision(text, file)[0])


def _refuse_unsealed(decision: Decision) -> None:
    """Refuse a decision that is called decided and is not sealed: nobody could tell afterwards whether it is what was decided."""
    if decision.status == "decided" and decision.agreed != seal_decision(decision):
        raise InputError(
            f"{decision.id} is not decided by its status alone, which would count nobody behind it and keep nothing of what was "
            f"decided; decide it with  workbench decide {decision.id} --chosen …  or  wb.decide(id='{decision.id}', chosen='…')"
        )
