"""A report as a reader has it: the numbers and words in it that carry a claim, and all its text, part by part."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["MANIFEST_ID", "Mark", "Page", "Part", "digest", "read_page", "spell_number"]

# The element that holds the manifest: inert, so that nothing in it is drawn or run.
MANIFEST_ID = "workbench-claims"
_START, _END = f'<template id="{MANIFEST_ID}">', "</template>"
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
_INLINE = {"a", "b", "code", "data", "del", "em", "i", "q", "span", "strong", "sub", "sup", "tspan"}
# What is read out or shown though it is no text of an element.
_SPOKEN = ("alt", "aria-label", "data-l", "title")
# Stands in a part's text for what carries a claim, which is compared by itself.
_PLACE = "\x01"


@dataclass(frozen=True, slots=True)
class Mark:
    """A number or words that carry their claim.

    Parameters
    ----------
    kind : str
        ``n`` for a count, ``of`` for what it is out of, ``words`` for the words of a note.
    id : str
        The claim, or the note's ``C-<hex>:line``.
    shown : str
        What stands there, to the letter.
    value : str
        A number as its element gives it to machines; what is shown, without commas, where it gives none.
    part : str
        The part of the page it stands in, see :class:`Part`.
    heading : str
        The last heading above it.
    line : int
        Of the file, from 1.
    """

    kind: str
    id: str
    shown: str
    value: str
    part: str
    heading: str
    line: int


@dataclass(frozen=True, slots=True)
class Part:
    """A section, the title block, a text of the PM's own, or all that stands in none of them.

    Parameters
    ----------
    id : str
        The section's; ``title``, ``contents``, ``prose-1`` and so on, or ``page`` for what is outside of all.
    heading : str
        Its heading.
    text : str
        All its text on one line, what is only read out with it; a control sign and the claim for what carries one.
    line : int
        Where it begins.
    """

    id: str
    heading: str
    text: str
    line: int

    @property
    def name(self) -> str:
        """What it is called towards people."""
        if self.heading:
            return self.heading
        kind = self.id.partition("-")[0]
        return {"prose": "your own text", "title": "the title block", "contents": "the contents"}.get(kind, self.id)

    @property
    def readable(self) -> str:
        """Its text with a sign instead of what carries a claim."""
        words = self.text.split(_PLACE)
        return "¤".join(words[::2])


@dataclass(frozen=True)
class Page:
    """What :func:`read_page` found.

    Parameters
    ----------
    parts : tuple of Part
        In order.
    marks : tuple of Mark
        In order.
    manifest : str or None
        What stands in the manifest's element; None where there is none.
    digest : str
        Of the whole file without that element.
    html : str
        The whole file.
    """

    parts: tuple[Part, ...] = ()
    marks: tuple[Mark, ...] = ()
    manifest: str | None = None
    digest: str = ""
    n_manifests: int = field(default=0, repr=False)
    html: str = field(default="", repr=False)


def digest(text: str) -> str:
    """The last 32 hex digits of a text's SHA-256 (FIPS 180-4); the first are what a note's id begins with.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        128 bits: a second text with the same is not to be found.

    Examples
    --------
    >>> digest("It resets")
    '6989c03e77b9254106ec2b5125139f0d'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[-32:]


def read_page(html: str) -> Page:
    """Read a report.

    Parameters
    ----------
    html : str
        The file's text, whatever it is.

    Returns
    -------
    Page
        A page that no workbench has made has parts at most.

    Examples
    --------
    >>> page = read_page('<main><section id="s"><h2>Themes</h2><p><data value="9" data-claim="a/b">9</data> customers</p>')
    >>> page.marks[0].shown, page.marks[0].part, page.parts[-1].readable
    ('9', 's', 'Themes ¤ customers')
    """
    start = html.find(_START)
    end = html.find(_END, start)
    manifest, rest = None, html
    if 0 <= start < end:
        manifest = html[start + len(_START) : end]
        rest = html[:start] + html[end + len(_END) :]
    reader = _Reader()
    # A marked section ("<![if IE]>") is none of HTML's, and Python's parser stops at one that it does not know.
    reader.feed(html.replace("<![", "&lt;!["))
    reader.close()
    return Page(tuple(reader.finished()), tuple(reader.marks), manifest, digest(rest), html.count(_START), html)


def spell_number(n: int | None) -> tuple[str, ...]:
    """How a count may stand in a page: as it is shown, then as older pages have it.

    Parameters
    ----------
    n : int or None
        The count.

    Returns
    -------
    tuple of str
        With a comma from a thousand on.

    Examples
    --------
    >>> spell_number(7524), spell_number(12)
    (('7,524', '7524'), ('12',))
    """
    return ("",) if n is None else tuple(dict.fromkeys((f"{n:,}", str(n))))


class _Reader(HTMLParser):
    """Keeps the open elements, and what they say about the text that comes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.marks: list[Mark] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        # Part by part: id, heading, pieces of text, line.
        self._parts: dict[str, tuple[list[str], list[str], int]] = {}
        self._part, self._part_depth = "page", 0
        self._heading = ""
        self._into: list[str] | None = None  # takes the text of a heading
        self._mark: tuple[str, str, dict[str, str], int, int, list[str]] | None = None
        self._hidden = 0  # how many elements deep in what is not shown
        self._numbers: Counter[str] = Counter()
        self._n_open: Counter[str] = Counter()  # by tag, so that a page of loose ends costs no more than another

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._spoken(dict(attrs))
            return
        attributes = {name: value or "" for name, value in attrs}
        self._begin_part(tag, attributes)
        self._open.append((tag, attributes))
        self._n_open[tag] += 1
        if tag in ("script", "style", "template", "head") or self._hidden:
            self._hidden += 1
            return
        if tag not in _INLINE:
            self._write(" ")
        self._spoken(attributes)
        if tag in ("h1", "h2", "h3", "h4", "summary"):
            self._into = []
        for kind, name in (("n", "data-claim"), ("words", "data-ref")):
            if name in attributes and self._mark is None:
                kind = "of" if kind == "n" and "of" in attributes.get("class", "").split() else kind
                self._mark = (kind, attributes[name], attributes, self.getpos()[0], len(self._open), [])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._spoken(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        while self._n_open[tag]:
            name, _ = self._open.pop()
            self._n_open[name] -= 1
            self._close(name)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._mark is not None:
            self._mark[5].append(data)
        else:
            self._write(data)
        if self._into is not None:
            self._into.append(data)

    def finished(self) -> list[Part]:
        """The parts, once all is read."""
        while self._open:
            self._close(self._open.pop()[0])
        found = [
            Part(id, " ".join(" ".join(heading).split()), " ".join("".join(pieces).split()), line)
            for id, (heading, pieces, line) in self._parts.items()
        ]
        return [part for part in found if part.text]

    def _begin_part(self, tag: str, attributes: dict[str, str]) -> None:
        """Each child of the main element is a part, and so are the title block and the contents."""
        if self._part_depth:
            return
        inside = self._open[-1][0] if self._open else ""
        classes = attributes.get("class", "").split()
        if inside == "main":
            id = attributes.get("id") or ("prose" if "prose" in classes else tag)
        elif tag == "header" and "top" in classes:
            id = "title"
        elif tag == "nav":
            id = "contents"
        else:
            return
        self._numbers[id] += 1
        if id == "prose" or self._numbers[id] > 1:
            id = f"{id}-{self._numbers[id]}"
        self._part, self._part_depth, self._heading = id, len(self._open) + 1, ""
        self._parts[id] = ([], [], self.getpos()[0])

    def _close(self, name: str) -> None:
        depth = len(self._open) + 1  # of the element that is closed
        if self._hidden:
            self._hidden -= 1
        elif name not in _INLINE:
            self._write(" ")
        if self._mark is not None and self._mark[4] == depth:
            kind, id, attributes, line, _, pieces = self._mark
            shown = "".join(pieces)
            value = attributes.get("value", shown.replace(",", ""))
            self._mark = None
            self.marks.append(Mark(kind, id, shown, value, self._part, self._heading, line))
            self._write(f"{_PLACE}{kind} {id}{_PLACE}")
        if name in ("h1", "h2", "h3", "h4", "summary") and self._into is not None:
            self._heading = " ".join("".join(self._into).split())
            if name == "h2" and self._part in self._parts and not self._parts[self._part][0]:
                self._parts[self._part][0].append(self._heading)
            self._into = None
        if self._part_depth == depth:
            self._part, self._part_depth, self._heading = "page", 0, ""

    def _spoken(self, attributes: dict[str, str | None]) -> None:
        if not self._hidden and self._mark is None:
            for name in _SPOKEN:
                if attributes.get(name):
                    self._write(f" {attributes[name]} ")

    def _write(self, text: str) -> None:
        if self._part not in self._parts:
            self._parts[self._part] = ([], [], self.getpos()[0])
        if self._mark is None:
            self._parts[self._part][1].append(text)
