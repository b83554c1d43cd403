"""Notes as Word documents: a paragraph, an item of a list or a row of a table each. What looks like a transcript is read as one before."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

from docx import Document
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from workbench.errors import Problem, shorten
from workbench.importers.archive import check_document
from workbench.importers.columns import role_of
from workbench.importers.contents import Jottings
from workbench.importers.formats import Importer
from workbench.importers.heads import people_in
from workbench.importers.jotted import LONGEST_FIELD, Bit, fields_of, jot
from workbench.importers.source import Source, Unreadable
from workbench.importers.word import is_word

__all__ = ["IMPORTER"]

_FIELD = re.compile(r"(?P<name>[^\W\d_][\w /()&-]{0,40}?)\s*:\s+(?P<value>\S.*)")
HEAD = 12
LABEL = 3


def _read(source: Source) -> tuple[Jottings, ...]:
    check_document(source)
    try:
        document = Document(io.BytesIO(source.data))
        bits = list(_bits(document))
        pictures = len(document.inline_shapes)
    except Exception as error:  # python-docx and lxml raise whatever a broken part makes them stumble on
        raise Unreadable(
            f"the document is broken ({type(error).__name__})", "open it in Word and save it again as .docx"
        ) from None
    what = f"{pictures} picture{'s' * (pictures > 1)} in the document"
    problems = [Problem(source.name, 1, what, "only words are read")] if pictures else []
    # A row that only heads the others says nothing that anybody said.
    problems += [
        Problem(
            source.name,
            bit.number,
            f"“{shorten(bit.text)}” is taken for the head of a table",
            "its rows are notes, it is none",
        )
        for bit in bits
        if bit.kind == "head of a table"
    ]
    bits = [bit for bit in bits if bit.kind != "head of a table"]
    fields = fields_of((found["name"], found["value"]) for found in map(_field, bits[:HEAD]) if found)
    # A line that was read as a field is none of the notes.
    heads = [
        bit for bit in bits[:HEAD] if not ((found := _field(bit)) and fields_of([(found["name"], found["value"])]))
    ]
    return (jot(source.name, source.stem, [*heads, *bits[HEAD:]], fields, problems),)


def _field(bit: Bit) -> re.Match[str] | None:
    return _FIELD.fullmatch(bit.text) if bit.kind == "note" and len(bit.text) <= LONGEST_FIELD else None


def _bits(document: Document) -> Iterator[Bit]:
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            number += 1
            style = (block.style.name or "").casefold() if block.style is not None else ""
            kind = "title" if style in ("title", "heading 1") else "heading" if style.startswith("heading") else "note"
            for line in block.text.replace("\v", "\n").split("\n"):
                yield Bit(kind, line, number)
        elif isinstance(block, WordTable):
            # A cell that goes over several columns comes once for each.
            rows = [
                [*filter(None, dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells))] for row in block.rows
            ]
            for place, cells in enumerate(rows):
                text = " – ".join(cells)
                is_head = place == 0 and len(rows) > 1 and _is_head(cells) and people_in(text) is None
                yield Bit("head of a table" if is_head else "note", text, max(number, 1))


def _is_head(cells: Sequence[str]) -> bool:
    """Whether a table's first row only names its columns: a few words each, no figures, no sentence, no field with its value."""
    labels = all(len(cell.split()) <= LABEL and not re.search(r"[\d.!:;,“”\"]", cell) for cell in cells)
    return labels and len(cells) > 1 and bool(role_of(cells[0])) is bool(role_of(cells[1]))


IMPORTER = Importer("Notes (Word)", (".docx",), is_word, _read, last=True)
