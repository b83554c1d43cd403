"""The lines of a Word document, read safely: its size is looked at before anything of it is unpacked, and no entity is resolved."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache

from docx import Document

from workbench.errors import Problem
from workbench.importers.archive import check_document
from workbench.importers.source import Source, Unreadable
from workbench.importers.turns import Line

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
        Those that are not empty; a paragraph with line breaks gives several, with its own number.
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
        texts = [paragraph.text for paragraph in document.paragraphs]
        tables = sum(any(cell.text.strip() for row in table.rows for cell in row.cells) for table in document.tables)
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
