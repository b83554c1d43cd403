"""Transcripts as Word documents: Microsoft Teams, Google Meet, and any with a name before or above the words.

Teams puts a turn into one paragraph with line breaks, Meet gives each its own; both are lines here, and read as text is.
"""

from __future__ import annotations

from dataclasses import replace

from workbench.importers.contents import Transcript
from workbench.importers.formats import Importer
from workbench.importers.named import is_named, read_named
from workbench.importers.source import Source, Unreadable
from workbench.importers.stamped import is_stamped, read_stamped
from workbench.importers.word import is_word, word_lines

__all__ = ["IMPORTER"]


def _claims(source: Source) -> bool:
    if not is_word(source):
        return False
    try:
        lines, _ = word_lines(source)
    except Unreadable:
        return True  # reading it says why
    return is_named(lines) or is_stamped(lines)


def _read(source: Source) -> tuple[Transcript, ...]:
    lines, problems = word_lines(source)
    if is_named(lines):
        found = read_named(source.name, lines)
    elif is_stamped(lines):
        found = read_stamped(source.name, lines)
    else:
        raise Unreadable(
            "the document has no names before or above the words", "bring it as notes, or as the recorder exports it"
        )
    return (replace(found, problems=(*found.problems, *problems)),)


IMPORTER = Importer("Word transcript (Teams, Google Meet)", (".docx",), _claims, _read)
