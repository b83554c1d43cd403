"""Notes as Word documents: a paragraph, an item of a list or a row of a table each. What looks like a transcript is read as one before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docx.document import Document
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from workbench.errors import Problem, shorten
from workbench.importers.columns import role_of
from workbench.importers.contents import Jottings
from workbench.importers.formats import Importer
from workbench.importers.heads import people_in
from workbench.importers.jotted import Bit, asked_in_bold, fields_at_head, jot
from workbench.importers.source import Source, Unreadable
from workbench.importers.word import is_word, open_word
from workbench.unspaced import count_words

__all__ = ["IMPORTER"]

LABEL = 3


def _read(source: Source) -> tuple[Jottings, ...]:
    try:
        document, problems = open_word(source)
        bits = list(_bits(document))
        pictures = len(document.inline_shapes)
    except Unreadable:
        raise
    except Exception:  # python-docx and lxml raise whatever a broken part makes them stumble on
        raise Unreadable(
            "the document is broken: a part of it is missing or damaged", "open it in Word and save it again as .docx"
        ) from None
    what = f"{pictures} picture{'s' * (pictures > 1)} in the document"
    problems += [Problem(source.name, 1, what, "only words are read")] if pictures else []
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
    bits, asked = asked_in_bold(source.name, (bit for bit in bits if bit.kind != "head of a table"))
    fields, bits = fields_at_head(bits)
    return (jot(source.name, source.stem, bits, fields, [*problems, *asked]),)


def _bits(document: Document) -> Iterator[Bit]:
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            number += 1
            style = (block.style.name or "").casefold() if block.style is not None else ""
            kind = "title" if style in ("title", "heading 1") else "heading" if style.startswith("heading") else "note"
            kind = "asked" if kind == "note" and _asks_in_bold(block) else kind
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


def _asks_in_bold(paragraph: Paragraph) -> bool:
    """Whether a paragraph is a question that is bold from end to end."""
    return paragraph.text.rstrip().endswith(("?", "？")) and all(run.bold for run in paragraph.runs if run.text.strip())  # noqa: RUF001


def _is_head(cells: Sequence[str]) -> bool:
    """Whether a table's first row only names its columns: a few words each, no figures, no sentence, no field with its value."""
    labels = all(count_words(cell) <= LABEL and not re.search(r"[\d.!:;,“”\"]", cell) for cell in cells)
    return labels and len(cells) > 1 and bool(role_of(cells[0])) is bool(role_of(cells[1]))


IMPORTER = Importer("Notes (Word)", (".docx",), is_word, _read, last=True)
