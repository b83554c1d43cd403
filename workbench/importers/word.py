"""The lines of a Word document, read safely: its size is looked at before anything of it is unpacked, and no entity is resolved.

What reads documents looks at paragraphs that stand in the page, and at runs that stand in a paragraph. Word puts others into wrappers:
what was inserted while changes were tracked, controls to fill in, links, fields. Here all are laid open first, as if every change
had been accepted.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from workbench.errors import Problem, shorten
from workbench.importers.archive import check_document
from workbench.importers.source import Source, Unreadable
from workbench.importers.talk_table import said_in
from workbench.importers.turns import Line, Said

__all__ = ["is_word", "open_word", "word_lines"]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT = "word/document.xml"
# What was taken out while changes were tracked.
_GONE = tuple(map(qn, ("w:del", "w:moveFrom")))
_WRAPPERS = tuple(
    map(qn, "w:ins w:moveTo w:sdt w:sdtContent w:smartTag w:customXml w:fldSimple w:hyperlink w:dir w:bdo".split())
)
# A list of what stands below anyway, and what a control says until somebody fills it in.
_NOBODYS = ".//w:sdt[w:sdtPr/w:docPartObj/w:docPartGallery[@w:val='Table of Contents'] or w:sdtPr/w:showingPlcHdr]"
_BESIDE = {
    "comment": ".//w:commentReference",
    "footnote": ".//w:footnoteReference",
    "endnote": ".//w:endnoteReference",
    "document": ".//w:altChunk",
}
_ONLY = "only words of the page are read; copy into it what is missing"
_AROUND = tuple(f"{when}{where}" for when in ("", "first_page_", "even_page_") for where in ("header", "footer"))


def is_word(source: Source) -> bool:
    """Whether a file is a Word document, or would be one were it not broken, old or locked."""
    if source.data.startswith(_OLE):
        return source.ending in (".doc", ".docx")
    if not source.data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            return _TEXT in archive.namelist()
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        return source.ending == ".docx"


def open_word(source: Source) -> tuple[WordDocument, list[Problem]]:
    """A document whose words all stand in its paragraphs and tables.

    Parameters
    ----------
    source : Source
        The document.

    Returns
    -------
    document : docx.document.Document
        With every tracked change accepted, and without wrappers around paragraphs, rows, cells and runs.
    problems : list of Problem
        Where else in it words stand, which are not read.

    Raises
    ------
    Unreadable
        When it is locked, old, larger than a document is, or breaks off.

    Examples
    --------
    >>> from docx.oxml import parse_xml
    >>> from docx.oxml.ns import nsdecls
    >>> document, data = Document(), io.BytesIO()
    >>> paragraph = document.add_paragraph("They ")
    >>> paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>never add up.</w:t></w:r></w:ins>"))
    >>> document.save(data)
    >>> open_word(Source("a.docx", data.getvalue()))[0].paragraphs[0].text
    'They never add up.'
    """
    check_document(source)
    document = Document(io.BytesIO(source.data))
    body = document.element.body
    problems = list(_beside_the_page(source.name, document))
    for element in body.xpath(_NOBODYS):
        _take_out(element)
    for row in body.xpath(".//w:tr[w:trPr/w:del]"):
        _take_out(row)
    for ruby in body.xpath(".//w:ruby"):  # how a Japanese or Chinese word is spoken stands above it
        for base in list(ruby.iter(qn("w:rubyBase"))):
            for text in list(base.iter(qn("w:t"))):
                ruby.addprevious(text)
        _take_out(ruby)
    etree.strip_elements(body, *_GONE, with_tail=False)
    etree.strip_tags(body, *_WRAPPERS)
    return document, problems


def _take_out(element: etree._Element) -> None:
    element.getparent().remove(element)


def _beside_the_page(file: str, document: WordDocument) -> Iterator[Problem]:
    """What of a document stands elsewhere than on its pages, or is deleted."""
    body = document.element.body
    if n := len(body.xpath(".//w:del[.//w:delText] | .//w:moveFrom[.//w:t]")):
        what = f"{n} deletion{'s' * (n > 1)} among tracked changes"
        yield Problem(file, 1, what, "what was deleted is not read, what was inserted is")
    for what, path in _BESIDE.items():
        if n := len(body.xpath(path)):
            yield Problem(file, 1, f"{n} {what}{'s' * (n > 1)} in it", _ONLY)
    # Each text box stands there twice, for old programs as well.
    boxes = body.xpath(".//w:txbxContent[not(ancestor::*[local-name() = 'Fallback'])]")
    around = [
        part._element
        for section in document.sections
        for part in (getattr(section, name) for name in _AROUND)
        if not part.is_linked_to_previous
    ]
    for what, elements in (("in text boxes", boxes), ("above or below the page", around)):
        # A page's number is no words.
        if words := [text for text in dict.fromkeys(map(_words, elements)) if re.search(r"[^\W\d]", text)]:
            yield Problem(file, 1, f"words {what}: {shorten('; '.join(words), 400)}", _ONLY)


def _words(element: etree._Element) -> str:
    """What all paragraphs in an element say, whatever is around their words."""
    paragraphs = (
        "".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in element.iter(qn("w:p"))
    )
    return " ".join(" ".join(paragraphs).split())


@lru_cache(maxsize=2)
def word_lines(source: Source) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """The lines of a document's paragraphs.

    Parameters
    ----------
    source : Source
        The document.

    Returns
    -------
    lines : tuple of Line
        Those that are not empty; a paragraph with line breaks gives several, with its own number. A row of a table that is a talk
        counts as a paragraph.
    problems : tuple of Problem
        What is in it and not read.

    Raises
    ------
    Unreadable
        When it is broken, locked, or larger than a document is.
    """
    try:
        document, problems = open_word(source)
        texts, tables = _texts(document)
    except Unreadable:
        raise
    except Exception:  # python-docx and lxml raise whatever a broken part makes them stumble on
        raise Unreadable(
            "the document is broken: a part of it is missing or damaged", "open it in Word and save it again as .docx"
        ) from None
    lines = (
        Line(line, number)
        for number, text in enumerate(texts, 1)
        for line in text.replace("\v", "\n").split("\n")
        if line.strip()
    )
    if tables:
        what = f"{tables} table{'s' * (tables > 1)} in the document"
        problems.append(
            Problem(source.name, 1, what, "only paragraphs are read; copy the table's words above or below it")
        )
    return tuple(lines), tuple(problems)


def _texts(document: WordDocument) -> tuple[list[str], int]:
    """The paragraphs, and the rows of a table that is a talk as such lines are elsewhere; and how many tables there are of others."""
    texts: list[str] = []
    tables = 0
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            texts.append(block.text)
            continue
        rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in block.rows]
        said = said_in(rows[0], list(enumerate(rows[1:], 1))) if rows else []
        texts += [_as_line(one) for one in said]
        tables += not said and any(cell for row in rows for cell in row)
    return texts, tables


def _as_line(said: Said) -> str:
    time = "" if said.at is None else f"[{said.at // 60}:{said.at % 60:02}] "
    return f"{time}{said.speaker}: {said.text}" if said.speaker else said.text
