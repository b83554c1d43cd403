"""What an export says of notes, calls and customers: all of it, or what others may see."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.customers import split_who
from workbench.redact import Leaks, Redactor, everyone_in, name_places, rename_places, share, short_ids
from workbench.report.claims import make_payload
from workbench.report.guard import refuse_name, refuse_names, refuse_prose, refuse_withheld, texts_of

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Shared", "Whole"]

# How notes are named where somebody writes: by their id, or by file and line.
_SUM = re.compile(r"#[0-9a-f]{8}(?:-\d+)?")
_LINE = re.compile(r":(\d{1,9})")


class Whole:
    """Everything as it is in the workspace: what a customer, a call, a note and words of them are called there.

    Examples
    --------
    >>> Whole().call("tickets", 12), Whole().call("2026-11-17-acme", 0)
    ('tickets:12', '2026-11-17-acme')
    """

    def customer(self, name: str) -> str:
        """What a customer is called."""
        return name

    def call(self, id_: str, line: int) -> str:
        """What a call is called; in a table of notes, with the line where it begins."""
        return f"{id_}:{line}" if line else id_  # of a table of notes, where in it the call begins

    def note(self, id_: str, call: str, line: int) -> str:
        """What a note is called."""
        return id_

    def who(self, who: str) -> str:
        """A person, as stated in a call."""
        return who

    def words(self, text: str) -> str:
        """Words that somebody wrote."""
        return text

    def tags(self, customer: str, tags: tuple[str, ...]) -> str:
        """A note's tags."""
        return " ".join(tag.replace(" ", "-") for tag in tags)

    def quote(self, customer: str, text: str, file: str, line: int) -> str:
        """A note's words; empty where its customer has not agreed to be quoted."""
        return text

    def claim(self, theme: str, claim: str) -> str:
        """The words of one of its notes that a theme is known by."""
        return claim

    def written(self, text: str, where: str) -> str:
        """What somebody wrote at length: a field of a record, the name of a theme."""
        return text


class Shared(Whole):
    """What others may see of it, as the report shows it: words by consent, codes for names, what has a form replaced.

    Of a report each section's notes are worked out at once; an export has a million, of which each is seen by itself.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        As the report counts them.
    values : list of str
        What somebody has written by hand that leaves as well.

    Raises
    ------
    InputError
        When somebody has written down words that must not leave, or a listed name would.
    """

    def __init__(self, study: Study, themes: Themes, values: list[str]) -> None:
        payload = make_payload("quotes", study, themes, [])
        everyone = everyone_in(payload)
        self._names = Redactor(everyone)
        self.words = cache(self._names)  # most words come again: segments, kinds, tags
        self._labels = {name: name if one["consent"] == "named" else one["pseudonym"] for name, one in everyone.items()}
        self._may_quote = {name for name, one in everyone.items() if one["consent"] in ("quote", "named")}
        self._codes = short_ids(study.calls["call"].unique(), study.salt, "C-", 6)
        self._cited = _cited(payload, study, themes, self._codes, values)
        self._renamed = cache(lambda text: self._names(rename_places(text, self._cited)))
        texts = [
            *values,
            *map(self._renamed, values),
            *themes.summary["name"],
            *(text for _, text, _ in texts_of(payload["data"])),
        ]
        self._leaks = Leaks([payload | {"withheld": _withheld(study)}], texts)
        refuse_withheld(self._leaks, payload, 0)
        shared = share(payload, self._names)
        refuse_names(self._names, payload, shared, 0)
        # Each theme as the report has it.
        self.groups = {group["theme"]: group for group in shared["data"]["groups"]}

    def customer(self, name: str) -> str:
        """What a customer is called."""
        return self._labels[name]

    def call(self, id_: str, line: int) -> str:
        """What a call is called; in a table of notes, with the line where it begins."""
        return super().call(self._codes[id_], line)

    def note(self, id_: str, call: str, line: int) -> str:
        """What a note is called."""
        return f"{self._codes[call]}:{line}"

    def who(self, who: str) -> str:
        """A person, as stated in a call."""
        return self.words(split_who(who)[1])

    def tags(self, customer: str, tags: tuple[str, ...]) -> str:
        """A note's tags."""
        return super().tags(customer, tuple(map(self.words, tags))) if customer in self._may_quote else ""

    def quote(self, customer: str, text: str, file: str, line: int) -> str:
        """A note's words; empty where its customer has not agreed to be quoted."""
        if customer not in self._may_quote:
            return ""
        shown = self._names(text)
        refuse_name(self._names, shown, f"{file}:{line}")
        return shown

    def claim(self, theme: str, claim: str) -> str:
        """The words of one of its notes that a theme is known by."""
        return next((one["statement"] for one in self.groups[theme]["claims"]), "")

    def written(self, text: str, where: str) -> str:
        """What somebody wrote at length: a field of a record, the name of a theme."""
        shown = self._renamed(text)
        refuse_prose(self._leaks, self._names, text, html.escape(shown), where)
        return shown


def _withheld(study: Study) -> Iterator[dict[str, str]]:
    """Words that are not to be quoted, each with its place."""
    notes = study.notes
    hidden = notes[~notes["consent"].isin(["quote", "named"]) & (notes["kind"] != "take")]
    for file, line, text in zip(hidden["file"], hidden["line"], hidden["text"], strict=True):
        yield {"where": f"{file}:{line}", "text": text}


def _cited(
    payload: dict[str, Any], study: Study, themes: Themes, codes: dict[str, str], texts: list[str]
) -> dict[str, str]:
    """What stands outside for the notes and calls that somebody has named in some texts."""
    said = "\n".join(texts)
    sums, lines = set(_SUM.findall(said)), {int(line) for line in _LINE.findall(said)}
    notes = themes.notes[["note", "call", "file", "line"]]
    named = notes["line"].isin(lines)
    if sums:
        named |= np.fromiter((note[note.rfind("#") :] in sums for note in notes["note"]), bool, len(notes))
    places = {
        row.note: {"where": f"{row.file}:{row.line}", "ref": f"{codes[row.call]}:{row.line}"}
        for row in notes[named].itertuples(index=False)
    }
    cited = name_places([payload | {"notes": places}])
    for id_, file in study.calls[["call", "file"]].drop_duplicates().astype(str).itertuples(index=False):
        cited |= {file: codes[id_], file.rpartition("/")[2]: codes[id_]}
    return cited
