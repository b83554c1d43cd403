"""What was taken out as a REFI-QDA project (.qdpx), for NVivo, MAXQDA, ATLAS.ti, QualCoder and others.

After version 1.5 of the standard (www.qdasoftware.org) and the schema of its projects. A call is a text with a note a line; each
note is a selection, coded with its theme, kind and tags; a customer is a case. Ids are made from what things are called, so
that the same files give the same bytes. Positions count Unicode code points from 0, the end behind the last of them, as
the programs that were looked at read them.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

from workbench import __version__
from workbench.importers.refi_qda import UNQUOTED, WORD_FOR_WORD
from workbench.notes import KINDS
from workbench.report.take_out import Taken, pack

__all__ = ["NAMESPACE", "ORIGIN", "format_qdpx", "guid"]

NAMESPACE = "urn:QDA-XML:project:1.0"
ORIGIN = "Discovery Workbench"
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
    project = _Project(taken)
    return pack({"project.qde": project.xml(), **project.files})


class _Project:
    """Builds the project's parts, each with the ids of those that it names."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self._rows = {name: table.to_dict("records") for name, table in taken.tables.items()}
        self._user = guid("user", ORIGIN)
        self._when = f"{taken.day}T00:00:00Z" if taken.day else ""
        self._themes = _theme_ids(self._rows["themes"])
        self._notes_of = _by(self._rows["notes"], "call")
        self._calls_of = _by(self._rows["calls"], "customer")
        self._days = {row["call"]: row["date"] for row in self._rows["calls"]}
        self.files: dict[str, bytes] = {}

    def xml(self) -> bytes:
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
        users = _element("Users", _element("User", guid=self._user, name=ORIGIN))
        takes = [row for row in self._rows["notes"] if row["kind"] == "take"]
        parts = [
            users,
            _element("CodeBook", self._codes()),
            self._variables(),
            _some("Cases", map(self._case, self._rows["customers"])),
            _some("Sources", [*map(self._call, self._rows["calls"]), *map(self._transcript, self._taken.transcripts)]),
            _some("Notes", map(self._take, takes)),
            _element("Description", text=about),
        ]
        root.extend(part for part in parts if part is not None)
        ET.indent(root, " ")
        return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="utf-8") + b"\n"

    def _codes(self) -> ET.Element:
        """Themes, tags and kinds, each below a code that is none itself."""
        themes = [
            _element(
                "Code",
                _element("Description", text=_about_theme(row)),
                guid=self._themes[row["theme"]], name=name, isCodable="true",
            )
            for row, name in zip(self._rows["themes"], _theme_names(self._rows["themes"]), strict=True)
        ]  # fmt: skip
        tags = sorted({tag for row in self._rows["notes"] for tag in row["tags"].split()})
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
        calls = [one["call"] for one in self._calls_of.get(row["customer"], ())]
        sources = [guid("call", call) for call in calls]
        sources += [guid("transcript", call) for call in calls if call in self._taken.transcripts]
        return _element(
            "Case",
            *_values("customer", row, _OF_CUSTOMER),
            *(_element("SourceRef", targetGUID=one) for one in sources),
            guid=guid("customer", row["customer"]),
            name=row["customer"],
        )

    def _call(self, row: dict[str, Any]) -> ET.Element:
        """A call's notes as a text, a line each, and each of them as a selection."""
        own = self._notes_of.get(row["call"], [])
        text, selections = "", []
        for note in own:
            if note["kind"] == "take":
                continue
            words = note["text"] or UNQUOTED
            selections.append(self._selection(note, len(text), len(text) + len(words), row["date"]))
            text += f"{words}\n"
        return self._source(
            "call", row["call"], row["call"], text, row["date"],
            *selections,
            *(_element("NoteRef", targetGUID=guid("take", note["note"])) for note in own if note["kind"] == "take"),
            *_values("call", row, _OF_CALL),
        )  # fmt: skip

    def _transcript(self, call: str) -> ET.Element:
        return self._source(
            "transcript", call, f"{call}{WORD_FOR_WORD}", self._taken.transcripts[call], self._days[call]
        )

    def _source(self, what: str, id_: str, name: str, text: str, day: str, *parts: ET.Element) -> ET.Element:
        file = f"{guid(what, id_)}.txt"  # as the standard asks: the file's name tells whose it is
        self.files[f"sources/{file}"] = text.encode("utf-8", "replace")
        return _element(
            "TextSource", *parts, guid=guid(what, id_), name=name, plainTextPath=f"internal://{file}",
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
        """What the PM made of a call: a note of theirs, no words of the customer's."""
        return _element(
            "Note",
            _element("PlainTextContent", text=note["text"]),
            guid=guid("take", note["note"]), name=f"Take on {note['call']}", creatingUser=self._user,
            creationDateTime=self._when,
        )  # fmt: skip


def _element(tag: str, *parts: ET.Element, text: str = "", **attributes: str) -> ET.Element:
    """An element without what XML cannot hold; attributes that are empty are left out."""
    element = ET.Element(tag, {key: _UNWRITABLE.sub("", value) for key, value in attributes.items() if value})
    element.text = _UNWRITABLE.sub("", text) or None
    element.extend(parts)
    return element


def _some(tag: str, parts: Iterable[ET.Element]) -> ET.Element | None:
    """An element that must not be empty."""
    parts = list(parts)
    return _element(tag, *parts) if parts else None


def _by(rows: Iterable[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


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
