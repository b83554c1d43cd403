"""A report in another form, with the page that it was made of in it: so that `workbench verify` can check it as it checks the page.

Markdown ends in the definition of a link that nothing links to, which no reader of Markdown draws; a PDF has an attached file.
Either holds the page as others may see it, packed, and nothing else of the workspace.
"""

from __future__ import annotations

import base64
import bz2
import io
import json
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.report.basis import seal_drawing
from workbench.report.manifest import read_manifest
from workbench.report.markdown import JOINER, VOID, to_markdown
from workbench.report.marks import read_page
from workbench.report.pdf import print_pdf
from workbench.report.verify import Difference, Verified, find_stretches, verify_page

if TYPE_CHECKING:
    from workbench.study import Study

__all__ = ["Carried", "read_carried", "verify_carried", "write_markdown", "write_pdf"]

LABEL = "workbench-page"
FILE = "workbench-page.json.bz2"
# More than this is no report, but a bomb.
MOST_BYTES = 256 * 1024 * 1024
# So many lines, or stretches of a sheet, are named one by one.
MOST_NAMED = 20
_DEFINITION = re.compile(rf"^\[{LABEL}\]: # \(([^()\n]*)\)[ \t\r]*$", re.MULTILINE)
_AGAIN = "export the report again, or ask who sent it for the file as it was exported"
# Where a mark or a heading begins in a page.
_BEGINS = re.compile(r'<[a-z]\w*\b[^<>]* data-(?:claim|ref)="([^"]*)"[^<>]*>|<h[1-4]\b[^<>]*>')
# Signs that no page of ours holds, one for each such place.
_SIGNS = range(0xF0000, 0x10FFFE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_VERDICT = re.compile(r"\d+|rising|falling|\bnew\b|quiet|supported|emerging|single|hangs", re.IGNORECASE)
_ON_PAPER = re.compile(r"\A\d+ of \d+\n")  # what the browser prints at a sheet's edge
# What a sheet does not show of a page.
_NOT_PRINTED = {"fieldset", "head", "script", "style", "template"}
_NOT_PRINTED_CLASSES = {"narrow", "skip", "vh"}


@dataclass(frozen=True)
class Carried:
    """A report that carries its page.

    Parameters
    ----------
    form : str
        ``md`` or ``pdf``.
    html : str
        The page.
    shown : tuple of str
        What the report shows: lines of Markdown, or the texts of a PDF's sheets.
    made : tuple of str
        The texts of a PDF's sheets as they were printed; of Markdown nothing, since it follows from the page.
    """

    form: str
    html: str
    shown: tuple[str, ...]
    made: tuple[str, ...] = ()


def write_markdown(html: str) -> str:
    r"""A page as Markdown that carries it.

    Parameters
    ----------
    html : str
        A report as others may see it.

    Returns
    -------
    str
        Ends in a line that no reader of Markdown draws; the same for the same page.

    Examples
    --------
    >>> write_markdown("<h1>Tuesday</h1>").split(" (")[0]
    '# Tuesday\n\n[workbench-page]: #'
    """
    return f"{to_markdown(html)}\n[{LABEL}]: # ({base64.b64encode(_pack(html)).decode()})\n"


def write_pdf(html: str, day: str = "", paper: str = "a4") -> bytes:
    """A page as a PDF that carries it.

    Parameters
    ----------
    html, day, paper
        As for :func:`workbench.report.pdf.print_pdf`.

    Returns
    -------
    bytes
        The same for the same page, browser and fonts.
    """
    from pypdf import PdfWriter
    from pypdf.generic import TextStringObject

    printed = print_pdf(html, day, paper)
    writer = PdfWriter(clone_from=io.BytesIO(printed))
    writer.pdf_header = printed[:8].decode("ascii")
    attached = writer.add_attachment(FILE, _pack(html, _read_sheets(printed)))
    attached.description = TextStringObject("The page that this was printed from, for: workbench verify")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def read_carried(data: bytes) -> Carried | None:
    """A report in another form than HTML.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    Carried or None
        None where it carries no page.

    Raises
    ------
    InputError
        When what it carries, or the file, cannot be read.

    Examples
    --------
    >>> read_carried(write_markdown("<h1>Tuesday</h1>").encode()).html
    '<h1>Tuesday</h1>'
    >>> read_carried(b"# Tuesday") is None
    True
    """
    if data.startswith(b"%PDF"):
        return _read_pdf(data)
    text = data.decode("utf-8", "replace")
    found = list(_DEFINITION.finditer(text))
    if not found:
        return None
    try:
        html, _ = _unpack(base64.b64decode(found[-1][1], validate=True))
    except ValueError as error:
        raise _unreadable() from error
    # What stands behind it, or in a second one, is no part of the report as it was made.
    body = f"{text[: found[-1].start()]}{text[found[-1].end() :]}"
    return Carried("md", html, tuple(body.replace("\r", "").split("\n")))


def verify_carried(carried: Carried, study: Study) -> Verified:
    """Derive a report's counts and quotes again, and compare what it shows with the page that it carries.

    Parameters
    ----------
    carried : Carried
        From :func:`read_carried`.
    study : Study
        As for :func:`workbench.report.verify.verify_page`.

    Returns
    -------
    Verified
        Lines are those of the Markdown; in a PDF the place is a sheet, or a part of the page.

    Raises
    ------
    InputError
        When the page carries no claims, or they cannot be read.
    """
    verified = verify_page(carried.html, study)
    if carried.form == "md":
        places = _Places(carried.html)
        own = list(_compare_markdown(carried))
        differences = [one._replace(line=places.line_of(one)) for one in verified.differences]
    else:
        own = [*_compare_sheets(carried), *_compare_with_page(carried)]
        differences = [one._replace(line=0) for one in verified.differences]
    return replace(verified, differences=(*own, *differences))


# What is carried


def _pack(html: str, sheets: Sequence[str] = ()) -> bytes:
    # bzip2, since another build of it gives the same bytes, which does not hold for zlib.
    return bz2.compress(json.dumps({"format": 1, "page": html, "sheets": list(sheets)}, separators=(",", ":")).encode())


def _unpack(data: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        unpacking = bz2.BZ2Decompressor()
        stored = json.loads(unpacking.decompress(data, MOST_BYTES))
        if not unpacking.eof or stored["format"] != 1:
            raise _unreadable()
        return str(stored["page"]), tuple(map(str, stored["sheets"]))
    except (AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        raise _unreadable() from error


def _unreadable() -> InputError:
    return InputError("what the report carries to be checked by cannot be read: it was changed after the export; export it again")  # fmt: skip


# Markdown


def _compare_markdown(carried: Carried) -> Iterator[Difference]:
    """Lines that are not what the page is as Markdown; empty ones, and invisible joiners, are no difference."""
    here = [(number, _bare(line)) for number, line in enumerate(carried.shown, 1) if _bare(line)]
    there = [line for line in map(_bare, to_markdown(carried.html).split("\n")) if line]
    manifest = read_manifest(read_page(carried.html))
    other = bool(manifest.basis) and manifest.basis["drawing"] != seal_drawing()
    why = " (another build of the workbench made it, which writes Markdown otherwise)" if other else ""
    found: list[Difference] = []
    for start, end, was in _blocks([line for _, line in here], there):
        lines, same = here[start:end], end - start == len(was)
        pairs = (
            zip(lines, was, strict=True)
            if same
            else [
                (
                    (here[min(start, len(here) - 1)][0] if here else 0, "\n".join(line for _, line in lines)),
                    "\n".join(was),
                )
            ]
        )
        for (number, line), before in pairs:
            firm = not other or _VERDICT.findall(line) != _VERDICT.findall(before)
            said = [f"it says {one.here}, and it was {one.there}" for one in find_stretches(line, before)]
            for differs in said or ["its words are as they were, and the spaces between them are not"]:
                what = f"the text was changed after the export: {differs}{why}"
                severity = "error" if firm else "note"
                found.append(Difference("text-changed", severity, f"line {number}", number, what, _AGAIN))
    yield from _first(found)


def _bare(line: str) -> str:
    return line.replace(JOINER, "").rstrip()


def _blocks(here: list[str], there: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Where two rows of lines differ: from, to, and what stands there in the other."""
    shortest = min(len(here), len(there))
    first = next((i for i in range(shortest) if here[i] != there[i]), shortest)
    last = next((i for i in range(shortest - first) if here[-1 - i] != there[-1 - i]), shortest - first)
    here, there = here[first : len(here) - last], there[first : len(there) - last]
    for kind, i, to_i, j, to_j in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        if kind != "equal":
            yield first + i, first + to_i, there[j:to_j]


class _Places:
    """Where in the Markdown the marks and headings of a page stand."""

    def __init__(self, html: str) -> None:
        self._html = html

    @cached_property
    def _found(self) -> list[tuple[int, str, int]]:
        """Line of the page, claim or note, line of the Markdown; in the page's order."""
        begins = list(_BEGINS.finditer(self._html))[: len(_SIGNS)]
        pieces, at = [], 0
        for sign, one in zip(_SIGNS, begins, strict=False):
            pieces += [self._html[at : one.end()], chr(sign)]
            at = one.end()
        drawn = to_markdown("".join([*pieces, self._html[at:]]))
        lines = {
            ord(letter): number
            for number, line in enumerate(drawn.split("\n"), 1)
            for letter in line
            if ord(letter) in _SIGNS
        }
        ends, found = [i for i, letter in enumerate(self._html) if letter == "\n"], []
        for sign, one in zip(_SIGNS, begins, strict=False):
            if sign in lines:
                found.append((bisect_left(ends, one.start()) + 1, one[1] or "", lines[sign]))
        return found

    def line_of(self, one: Difference) -> int:
        """The Markdown's line for a line of the page; 0 for the page as a whole."""
        if not one.line:
            return 0
        named = [to for line, id, to in self._found if line == one.line and id and one.place.endswith(id)]
        return next(iter(named), next((to for line, _, to in self._found if line >= one.line), 0))


# Paper


def _read_pdf(data: bytes) -> Carried | None:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        attached = [content for name, content in PdfReader(io.BytesIO(data)).attachments.items() if name == FILE]
        if not attached:
            return None
        sheets = _read_sheets(data)
    except (PyPdfError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        raise InputError("the PDF cannot be read; it is damaged or locked, so export it again") from error
    html, made = _unpack(attached[0][0])
    return Carried("pdf", html, sheets, made)


def _read_sheets(pdf: bytes) -> tuple[str, ...]:
    from pypdf import PdfReader

    return tuple(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def _compare_sheets(carried: Carried) -> Iterator[Difference]:
    """The text of each sheet beside what was printed on it."""
    if len(carried.shown) != len(carried.made):
        what = f"it has {len(carried.shown)} sheets, and {len(carried.made)} were printed"
        yield Difference("text-changed", "error", "the PDF", 0, what, _AGAIN)
    found = []
    for number, (here, there) in enumerate(zip(carried.shown, carried.made, strict=False), 1):
        if _letters(here) != _letters(there):  # where lines break is no difference
            for one in find_stretches(here, there):
                what = f"its text was changed after the export: it says {one.here}, and {one.there} was printed"
                found.append(Difference("text-changed", "error", f"sheet {number}", 0, what, _AGAIN))
    yield from _first(found)


def _compare_with_page(carried: Carried) -> Iterator[Difference]:
    """Each number and quote of the page stands among what was printed, so that neither can be changed without the other."""
    sheets = [_ON_PAPER.sub("", text) for text in carried.made]
    # Of a sign that no font has, such as an emoji, nothing can be read back; so it is letters and digits that are compared.
    printed = "".join(filter(str.isalnum, _letters("".join(sheets))))
    known = set(printed)
    quotes = dict.fromkeys(mark.shown for mark in read_page(carried.html).marks if mark.kind == "words")
    lost = [f"“{words}”" for words in quotes if "".join(filter(known.__contains__, _letters(words))) not in printed]
    reader = _Printed()
    reader.feed(carried.html)
    reader.close()
    numbers, there = (Counter(_NUMBER.findall(_form(text))) for text in ("".join(reader.texts), "\n".join(sheets)))
    more = there - numbers
    for number, n in (numbers - there).items():
        # A row's own number, which only paper has, may stand right behind another.
        longer = sum(more[one] for one in more if one.startswith(number) and one[len(number) :].isdigit())
        if n > longer:
            lost.append(f"{number}, {n - longer} more than were printed")
    for one in lost[:MOST_NAMED]:
        what = f"the page that it carries says {one}, and the text that was printed does not: one of them was changed"
        yield Difference("claims-changed", "error", "the PDF", 0, what, _AGAIN)


def _form(text: str) -> str:
    """A text whose ligatures are letters."""
    return unicodedata.normalize("NFKC", text)


def _letters(text: str) -> str:
    return "".join(_form(text).replace(JOINER, "").split())


class _Printed(HTMLParser):
    """What of a page's text a sheet shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            classes = set((dict(attrs).get("class") or "").split())
            hidden = tag in _NOT_PRINTED or bool(classes & _NOT_PRINTED_CLASSES)
            self._open.append((tag, hidden or (bool(self._open) and self._open[-1][1])))
        self.texts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass
        self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]):
            self.texts.append(data)


def _first(found: list[Difference]) -> Iterator[Difference]:
    """The first of many, and how many more there are."""
    yield from found[:MOST_NAMED]
    if rest := found[MOST_NAMED:]:
        what = f"{len(rest)} more places of its text were changed after the export, or are said otherwise"
        severity = "error" if any(one.severity == "error" for one in rest) else "note"
        yield Difference("text-changed", severity, rest[0].place, rest[0].line, what, _AGAIN)
