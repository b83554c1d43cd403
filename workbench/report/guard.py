"""The last look at what is about to leave: withheld words and listed names, however they are written.

:mod:`workbench.redact` replaces what it finds in text as it is written. A reader sees it differently: ``A**cme**`` is
Acme, and so is a name with a soft hyphen in it. What is found here stops the export.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from workbench.errors import InputError
from workbench.redact import Leaks, Redactor, as_read, find_place, is_own
from workbench.report.view import HEADINGS

__all__ = [
    "Leak",
    "located",
    "refuse_file_name",
    "refuse_name",
    "refuse_names",
    "refuse_prose",
    "refuse_withheld",
    "texts_of",
]

_IDS = {"customer", "customers", "note", "notes"}
_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r"""\b(?:alt|title|href|content|aria-label|id)="([^"]*)\"""")


class Leak(InputError):
    """Something that must not leave is about to.

    Parameters
    ----------
    message : str
        What, where and what to do.
    words : str
        The text that it stands in, for :func:`located`.
    """

    def __init__(self, message: str, words: str = "") -> None:
        super().__init__(message)
        self.words = words


def refuse_withheld(leaks: Leaks, payload: dict[str, Any], number: int) -> None:
    """Refuse claims in which somebody has written words of a customer who has not agreed to be quoted.

    Parameters
    ----------
    leaks : Leaks
        What is withheld.
    payload : dict
        Claims as the PM sees them; every text in them is looked at, but for the notes' own.
    number : int
        The cell that they come from; 0 for none.

    Raises
    ------
    Leak
        Names the note.
    """
    where = _heading(payload, number)
    for key, text, row in texts_of(payload["data"]):
        # A statement is a note's own words, and leaves or stays by consent.
        if key != "statement" and (place := leaks.find(text)):
            named = "tid" in row and key == "title"
            what = f"the name of theme {row['tid']} in {where}" if named else where
            raise Leak(_withheld(what, place, "rename the theme" if named else "take them out"), text)


def refuse_prose(leaks: Leaks, names: Redactor, source: str, shown: str, where: str) -> None:
    """Refuse a Markdown cell with withheld words, or in which a reader would see a name, or a call as it is called here.

    Parameters
    ----------
    leaks : Leaks
        What is withheld.
    names : Redactor
        What must not leave.
    source : str
        The cell as written.
    shown : str
        What has become of it: HTML.
    where : str
        The cell.

    Raises
    ------
    Leak
        Names the cell, and the note or the name.
    """
    first = source.strip().partition("\n")[0]
    text = html.unescape(_TAG.sub("", shown))
    for words in (source, text, html.unescape(_TAG.sub(" ", shown))):
        if place := leaks.find(words):
            raise Leak(_withheld(where, place, "take them out"), first)
    attributes = [unquote(html.unescape(value)) for value in _ATTRIBUTE.findall(shown)]
    for words in (text, *attributes):
        refuse_name(names, words, where, source=source)
        if place := find_place(words):
            raise Leak(
                f"{where} would show “{place}”, which is what a call is called in this workspace and may give a customer "
                "away; write it in one piece, so that its C- reference can stand for it, or take it out",
                next((line for line in source.split("\n") if place in as_read(line)), first),
            )


def refuse_names(names: Redactor, local: dict[str, Any], shared: dict[str, Any], number: int) -> None:
    """Refuse shared claims in which a reader would still see a name or an address.

    Parameters
    ----------
    names : Redactor
        What must not leave.
    local, shared : dict
        The claims as the PM sees them, and as others would.
    number : int
        The cell that they come from; 0 for none.

    Raises
    ------
    Leak
        Names the note's file and line, or the section.
    """
    files = {note["ref"]: note["where"] for note in local["notes"].values()}
    for ref, note in shared["notes"].items():
        for text in (note["text"] or "", note["role"]):
            refuse_name(names, text, files[ref])
    where = _heading(shared, number)
    for _, text, row in texts_of(shared["data"]):
        note = row.get("note", "")
        refuse_name(names, text, files.get(note, where) if isinstance(note, str) else where)
    # A label is a pseudonym, or a name that its owner agreed to show, which may well look like an address.
    for customer in shared["customers"].values():
        for text in (customer["segment"], *customer.get("roles", ())):
            refuse_name(names, text, where)


def refuse_name(names: Redactor, text: str, where: str, *, source: str = "") -> None:
    r"""Refuse a text in which a reader would see a listed name or an address.

    Parameters
    ----------
    names : Redactor
        What must not leave.
    text : str
        The text as it would leave.
    where : str
        What it is.
    source : str
        The text that it was made from, where it is another.

    Raises
    ------
    Leak
        Names the place and the words.

    Examples
    --------
    >>> names = Redactor({"Acme": {"pseudonym": "P-1", "consent": "quote", "names": [], "people": []}})
    >>> refuse_name(names, "Ac\u00adme waits", "cell 2")
    Traceback (most recent call last):
    workbench.report.guard.Leak: cell 2 would show “Acme”, hidden from the redaction by how it is written; ...
    """
    seen = as_read(text)
    for stand_in, words, at in names.find_left(text):
        raise Leak(
            f"{where} would show “{words}”, hidden from the redaction by how it is written; write it in one piece, so "
            f"that {stand_in} can stand for it, or take it out",
            source.strip().partition("\n")[0] or seen[max(0, at - 40) : at + 40],
        )


def refuse_file_name(names: Redactor, file: str) -> None:
    """Refuse a file whose own name gives somebody away.

    Parameters
    ----------
    names : Redactor
        What must not leave.
    file : str
        The name of what would be sent.

    Raises
    ------
    InputError
        Names the words.

    Examples
    --------
    >>> refuse_file_name(Redactor({"Acme": {"pseudonym": "P-1", "consent": "quote", "names": [], "people": []}}), "acme.html")
    Traceback (most recent call last):
    workbench.errors.InputError: the file's own name, acme.html, would give “acme” away; choose another with  -o FILE
    """
    for stand_in, words, _ in names.find_left(file):
        if stand_in not in ("[link]", "[number]", "[telephone]"):
            raise InputError(f"the file's own name, {file}, would give “{words}” away; choose another with  -o FILE")


@contextmanager
def located(root: Path) -> Iterator[None]:
    """Within this, a :class:`Leak` says in which file of the workspace, and on which line, the words stand.

    Parameters
    ----------
    root : pathlib.Path
        The workspace.
    """
    try:
        yield
    except Leak as leak:
        place = _place_of(root, leak.words)
        raise InputError(f"{place}: {leak}" if place else str(leak)) from None


def _place_of(root: Path, words: str) -> str:
    """The file and line of a text in the workspace's records or notebooks; empty where it is in none of them as it is."""
    wanted = " ".join(words.split())[:60]
    for folder, ends in (("discovery", (".md", ".yaml")), ("notebooks", (".ipynb",))):
        for file in sorted((root / folder).rglob("*")) if wanted else ():
            if file.suffix not in ends or not file.is_file() or ".ipynb_checkpoints" in file.parts:
                continue
            for number, line in enumerate(file.read_bytes().decode("utf-8", "replace").split("\n"), 1):
                if wanted in " ".join(line.replace('\\"', '"').split()):
                    return f"{file.relative_to(root).as_posix()}:{number}"
    return ""


def texts_of(value: Any, key: str = "", row: dict[str, Any] | None = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every text in a section's data that is not an id, a reference or one of the workbench's own words.

    Parameters
    ----------
    value : dict, list, str or other
        The data.
    key : str
        What it is called.
    row : dict, optional
        The row that it stands in.

    Yields
    ------
    (str, str, dict)
        Key, text and row.

    Examples
    --------
    >>> [text for _, text, _ in texts_of({"status": "draft", "note": "a#1", "rows": [{"title": "Lists"}]})]
    ['Lists']
    """
    if isinstance(value, str):
        if key not in _IDS and not is_own(key, value):
            yield key, value, row or {}
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item, key, row)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not re.fullmatch("[a-z][a-z0-9_]*", name):
                yield "", name, value
            yield from texts_of(item, name, value)


def _heading(payload: dict[str, Any], number: int) -> str:
    cell = f" (cell {number})" if number else ""
    return f"{HEADINGS[payload['section']] or 'the title block'}{cell}"


def _withheld(what: str, place: str, todo: str) -> str:
    return (
        f"{what} holds words from {place}, whose customer has not agreed to be quoted; {todo}, or record "
        "consent: quote  for the customer"
    )
