"""What was taken out as a REFI-QDA project (.qdpx), for NVivo, MAXQDA, ATLAS.ti, QualCoder and others.

After version 1.5 of the standard (www.qdasoftware.org) and the schema of its projects. A call is a text with a note a line; each
note is a selection, coded with its theme, kind and tags; a customer is a case. Ids are made from what things are called, so
that the same files give the same bytes. Positions count Unicode code points from 0, the end behind the last of them, as
the programs that were looked at read them.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd

from workbench import __version__
from workbench.importers.exported import SAID_BY_US
from workbench.importers.refi_qda import UNQUOTED, WORD_FOR_WORD
from workbench.notes import KINDS
from workbench.report.take_out import Taken, pack

__all__ = ["NAMESPACE", "ORIGIN", "format_qdpx", "guid", "write_qdpx"]

NAMESPACE = "urn:QDA-XML:project:1.0"
ORIGIN = "Discovery Workbench"
# So many calls are looked up at once.
PIECE = 10_000
_IDS = uuid.UUID("6f1c3f5e-2a0f-5d0e-9a53-3c6f8f1d7b44")
_SCHEMA = "http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"
_OF_CUSTOMER = ("segment", "consent")
_OF_CALL = ("customer", "date", "who", "segment", "kind", "consent", "us")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KIND_COLOURS = dict(
    zip(KINDS, ("#6b7280", "#2563eb", "#dc2626", "#d97706", "#7c3aed", "#059669", "#9ca3af"), strict=True)
)


def guid(what: str, name: str) -> str:
    """The id of a thing in a project, the same in each.

    Parameters
    ----------
    what : str
        The kind of thing, such as ``tag``.
    name : str
        What it is called.

    Returns
    -------
    str
        A UUID of version 5.

    Examples
    --------
    >>> guid("tag", "export") == guid("tag", "export"), guid("tag", "export") == guid("kind", "export")
    (True, False)
    """
    return str(uuid.uuid5(_IDS, f"{what}/{name}"))


def format_qdpx(taken: Taken) -> bytes:
    """A REFI-QDA project.

    Parameters
    ----------
    taken : Taken
        From :func:`workbench.report.take_out.take_out`.

    Returns
    -------
    bytes
        A zip of ``project.qde`` and ``sources/``; the same for the same tables.
    """
    out = io.BytesIO()
    write_qdpx(taken, out)
    return out.getvalue()


def write_qdpx(taken: Taken, target: BinaryIO) -> None:
    """Write a REFI-QDA project, of which neither the XML nor the texts are held.

    Parameters
    ----------
    taken : Taken
        From :func:`workbench.report.take_out.take_out`.
    target : binary file
        Where it is written.
    """
    project = _Project(taken)
    pack({"project.qde": project.xml, **project.texts()}, target)


class _Project:
    """The project's parts, one after the other, each with the ids of those that it names."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        tables = taken.tables
        self._customers, self._themes_ = tables["customers"].to_dict("records"), tables["themes"].to_dict("records")
        self._user = guid("user", ORIGIN)
        self._when = f"{taken.day}T00:00:00Z" if taken.day else ""
        self._themes = _theme_ids(self._themes_)
        calls, notes = tables["calls"], tables["notes"]
        place = pd.Index(calls["call"]).get_indexer(notes["call"])
        # The notes in the order of their calls, and where those of each begin.
        order = np.argsort(place, kind="stable")
        self._order = order[np.searchsorted(place[order], 0) :]
        self._begin = np.searchsorted(place[self._order], np.arange(len(calls) + 1))
        self._held: tuple[int, list[list[dict[str, Any]]]] = (-1, [])
        self._calls_of = calls.groupby("customer", sort=False).indices
        self._days = dict(zip(calls["call"], calls["date"], strict=True)) if taken.transcripts else {}

    def xml(self) -> Iterator[bytes]:
        """The project's description, a part after the other."""
        about = (
            "YOUR OWN COPY, NOT FOR SENDING: all names and all words."
            if self._taken.mine
            else "After consent and redaction."
        )
        root = _element("Project", name="Discovery", origin=f"{ORIGIN} {__version__}", creatingUserGUID=self._user,
                        creationDateTime=self._when)  # fmt: skip
        root.set("xmlns", NAMESPACE)
        root.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        root.set("xsi:schemaLocation", f"{NAMESPACE} {_SCHEMA}")
        yield b'<?xml version="1.0" encoding="utf-8"?>\n'
        yield ET.tostring(root, encoding="utf-8").removesuffix(b" />") + b">"
        users = _element("Users", _element("User", guid=self._user, name=ORIGIN))
        for part in (users, _element("CodeBook", self._codes()), self._variables()):
            yield _in_place(part, 1)
        takes = (row for row in _rows(self._taken.tables["notes"]) if _is_take(row))
        sources = chain(self._sources(), map(self._transcript, self._taken.transcripts))
        for tag, parts in (
            ("Cases", map(self._case, self._customers)),
            ("Sources", sources),
            ("Notes", map(self._take, takes)),
        ):
            first = next(parts, None)
            if first is not None:  # such an element must not be empty
                yield f"\n <{tag}>".encode()
                for part in chain([first], parts):
                    yield _in_place(part, 2)
                yield f"\n </{tag}>".encode()
        yield _in_place(_element("Description", text=about), 1)
        yield b"\n</Project>\n"

    def texts(self) -> dict[str, Callable[[], list[bytes]]]:
        """The text of each source, by the name of its file; worked out once somebody asks."""
        calls = self._taken.tables["calls"]["call"].tolist()
        files = {_file("call", call): partial(self._text_of, at) for at, call in enumerate(calls)}
        for call, words in self._taken.transcripts.items():
            files[_file("transcript", call)] = partial(_encoded, words)
        return files

    def _text_of(self, at: int) -> list[bytes]:
        return _encoded("".join(f"{_words(note)}\n" for note in self._notes_of(at) if not _is_take(note)))

    def _notes_of(self, at: int) -> list[dict[str, Any]]:
        """The notes of the call at a place; those of some thousand calls are looked up at once."""
        first = at - at % PIECE
        if self._held[0] != first:
            some = self._begin[first : first + PIECE + 1]
            notes = _rows(self._taken.tables["notes"].iloc[self._order[some[0] : some[-1]]])
            self._held = first, [list(islice(notes, n)) for n in np.diff(some).tolist()]
        return self._held[1][at - first]

    def _sources(self) -> Iterator[ET.Element]:
        for at, row in enumerate(_rows(self._taken.tables["calls"])):
            yield self._call(row, self._notes_of(at))

    def _codes(self) -> ET.Element:
        """Themes, tags and kinds, each below a code that is none itself."""
        themes = [
            _element(
                "Code",
                _element("Description", text=_about_theme(row)),
                guid=self._themes[row["theme"]], name=name, isCodable="true",
            )
            for row, name in zip(self._themes_, _theme_names(self._themes_), strict=True)
        ]  # fmt: skip
        tags = sorted({tag for tags in self._taken.tables["notes"]["tags"].unique() for tag in tags.split()})
        return _element(
            "Codes",
            *([_folder("Themes", themes)] if themes else []),
            *([_folder("Tags", [_element("Code", guid=guid("tag", tag), name=f"#{tag}", isCodable="true") for tag in tags])] if tags else []),
            _folder("Kinds", [
                _element("Code", guid=guid("kind", kind), name=kind, isCodable="true", color=_KIND_COLOURS[kind])
                for kind in KINDS if kind != "take"
            ]),
        )  # fmt: skip

    def _variables(self) -> ET.Element:
        named = [("customer", name, "Text") for name in _OF_CUSTOMER]
        named += [("call", name, "Date" if name == "date" else "Text") for name in _OF_CALL]
        return _element(
            "Variables",
            *(
                _element("Variable", guid=guid("variable", f"{of}/{name}"), name=f"{of} {name}" if of == "call" else name,
                         typeOfVariable=kind)
                for of, name, kind in named
            ),
        )  # fmt: skip

    def _case(self, row: dict[str, Any]) -> ET.Element:
        calls = self._taken.tables["calls"]["call"].iloc[self._calls_of.get(row["customer"], [])]
        sources = [guid("call", call) for call in calls]
        sources += [guid("transcript", call) for call in calls if call in self._taken.transcripts]
        return _element(
            "Case",
            *_values("customer", row, _OF_CUSTOMER),
            *(_element("SourceRef", targetGUID=one) for one in sources),
            guid=guid("customer", row["customer"]),
            name=row["customer"],
        )

    def _call(self, row: dict[str, Any], own: list[dict[str, Any]]) -> ET.Element:
        """A call's notes as a text, a line each, and each of them as a selection."""
        at, selections = 0, []
        for note in own:
            if not _is_take(note):
                end = at + len(_words(note))
                selections.append(self._selection(note, at, end, row["date"]))
                at = end + 1
        return self._source(
            "call", row["call"], row["call"], row["date"],
            *selections,
            *(_element("NoteRef", targetGUID=guid("take", note["note"])) for note in own if _is_take(note)),
            *_values("call", row, _OF_CALL),
        )  # fmt: skip

    def _transcript(self, call: str) -> ET.Element:
        return self._source("transcript", call, f"{call}{WORD_FOR_WORD}", self._days[call])

    def _source(self, what: str, id_: str, name: str, day: str, *parts: ET.Element) -> ET.Element:
        path = _file(what, id_).replace("sources/", "internal://")
        return _element(
            "TextSource", *parts, guid=guid(what, id_), name=name, plainTextPath=path,
            creatingUser=self._user, creationDateTime=f"{day}T00:00:00Z" if day else "",
        )  # fmt: skip

    def _selection(self, note: dict[str, Any], start: int, end: int, day: str) -> ET.Element:
        codes = [self._themes[note["theme"]]] if note["theme"] else []
        codes += [guid("kind", note["kind"])] if note["kind"] in KINDS else []
        codes += [guid("tag", tag) for tag in note["tags"].split()]
        when = f"{day}T00:00:00Z" if day else ""
        return _element(
            "PlainTextSelection",
            *([_element("Description", text=f"@{note['at']}")] if note["at"] else []),
            *(
                _element("Coding", _element("CodeRef", targetGUID=code), guid=guid("coding", f"{note['note']}/{code}"),
                         creatingUser=self._user, creationDateTime=when)
                for code in codes
            ),
            guid=guid("note", note["note"]), name=note["note"], startPosition=str(start), endPosition=str(end),
            creatingUser=self._user, creationDateTime=when,
        )  # fmt: skip

    def _take(self, note: dict[str, Any]) -> ET.Element:
        """What the PM made of a call: a note of theirs, no words of the customer's.

        Its time and tags are told beside its words: a code would count it among what customers say.
        """
        behind = " ".join([f"@{note['at']}"] * bool(note["at"]) + [f"#{tag}" for tag in note["tags"].split()])
        return _element(
            "Note",
            *([_element("Description", text=behind)] if behind else []),
            _element("PlainTextContent", text=note["text"]),
            guid=guid("take", note["note"]), name=f"Take on {note['call']}", creatingUser=self._user,
            creationDateTime=self._when,
        )  # fmt: skip


def _is_take(note: dict[str, Any]) -> bool:
    """Whether a note is no evidence: the PM's own, or what one of us said, whatever it was written as."""
    return note["kind"] == "take" or note["standing"] == SAID_BY_US


def _element(tag: str, *parts: ET.Element, text: str = "", **attributes: str) -> ET.Element:
    """An element without what XML cannot hold; attributes that are empty are left out."""
    element = ET.Element(tag, {key: _UNWRITABLE.sub("", value) for key, value in attributes.items() if value})
    element.text = _UNWRITABLE.sub("", text) or None
    element.extend(parts)
    return element


def _in_place(element: ET.Element, depth: int) -> bytes:
    """A part on lines of its own."""
    ET.indent(element, " ", level=depth)
    return b"\n" + b" " * depth + ET.tostring(element, encoding="utf-8")


def _rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = list(table.columns)
    return (dict(zip(names, row, strict=True)) for row in zip(*(table[name] for name in names), strict=True))


def _words(note: dict[str, Any]) -> str:
    return note["text"] or UNQUOTED


def _file(what: str, id_: str) -> str:
    """The file with a source's text: as the standard asks, its name tells whose it is."""
    return f"sources/{guid(what, id_)}.txt"


def _encoded(text: str) -> list[bytes]:
    return [text.encode("utf-8", "replace")]


def _folder(name: str, codes: list[ET.Element]) -> ET.Element:
    return _element("Code", *codes, guid=guid("folder", name), name=name, isCodable="false")


def _values(of: str, row: dict[str, Any], names: Iterable[str]) -> list[ET.Element]:
    return [
        _element(
            "VariableValue",
            _element("VariableRef", targetGUID=guid("variable", f"{of}/{name}")),
            _element("DateValue" if name == "date" else "TextValue", text=row[name]),
        )
        for name in names
        if row[name]
    ]


def _theme_names(rows: list[dict[str, Any]]) -> list[str]:
    """What themes are called as codes: no two alike, which other programs refuse; no tag's name begins like a word."""
    taken, names = {*KINDS, "themes", "tags", "kinds"}, []
    for row in rows:
        name = row["name"] or row["claim"] or row["theme"]
        name = f"{name} ({row['theme']})" if name.casefold() in taken else name
        taken.add(name.casefold())
        names.append(name)
    return names


def _theme_ids(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The ids of themes as codes; of those whose own id does not last, by their words, so that no other gets it tomorrow."""
    ids: dict[str, str] = {}
    for row in rows:
        own = guid("theme", row["theme"] if row["theme"].startswith("T-") or not row["claim"] else row["claim"])
        ids[row["theme"]] = guid("theme", f"{row['theme']} {row['claim']}") if own in ids.values() else own
    return ids


def _about_theme(row: dict[str, Any]) -> str:
    counted = f"{row['customers']} of {row['of']} customers, {row['notes']} notes"
    return "\n".join(part for part in (counted, row["claim"] if row["name"] else "", row["terms"]) if part)
