"""The lines of a Word document, read safely: its size is looked at before anything of it is unpacked, and no entity is resolved."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache

from docx import Document
from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph

from workbench.errors import Problem
from workbench.importers.archive import check_document
from workbench.importers.source import Source, Unreadable
from workbench.importers.talk_table import said_in
from workbench.importers.turns import Line, Said

__all__ = ["is_word", "word_lines"]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT = "word/document.xml"


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
    check_document(source)
    try:
        document = Document(io.BytesIO(source.data))
        texts, tables = _texts(document)
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
    what = f"{tables} table{'s' * (tables > 1)} in the document"
    problems = (Problem(source.name, 1, what, "only paragraphs are read; copy the table's words above or below it"),)
    return tuple(lines), problems if tables else ()


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
