"""Which formats there are, which of them a file is in, and reading it.

A format of somebody else's is an entry point in the group ``discovery_workbench.importers`` that gives an
:class:`Importer`; it is asked before ours.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from workbench.importers.archive import is_archive
from workbench.importers.contents import Contents
from workbench.importers.source import Source, Unreadable

__all__ = ["Importer", "importers", "read_source"]

GROUP = "discovery_workbench.importers"
# Those that are surest of what they claim come first.
_OURS = (
    "vtt",
    "srt",
    "refi_qda",
    "exported",
    "json_turns",
    "mail",
    "html_page",
    "table_xlsx",
    "table_ods",
    "table_csv",
    "zoom_text",
    "chat",
    "named",
    "stamped",
    "word_transcript",
    "notes_text",
    "notes_word",
)


# What is refused, and what its owner can make of it. Each would take a library that is not kept well, is under the GPL, or takes
# a small file for a large one.
_INSTEAD = {
    "save the messages as .eml, or copy their text": (".msg", ".pst", ".ost", ".olm"),
    "save it as .docx": (".doc", ".odt", ".rtf", ".pages", ".one", ".onepkg"),
    "save it as .xlsx, .ods or .csv": (".xls", ".xlsb", ".numbers"),
    "save it as text": (".pdf", ".epub", ".ppt", ".pptx", ".key"),
    "save the page as .html": (".mht", ".mhtml"),
    "export the notes as .html": (".enex",),
    "export the captions as .vtt or .srt": (".ttml", ".dfxp", ".sbv", ".ass", ".ssa"),
}
_TODO = {ending: todo for todo, endings in _INSTEAD.items() for ending in endings}
# What files begin with that hold no words as text, whatever they are called.
_KINDS = {
    re.compile(rb"%PDF-"): ("a PDF", "save it as text"),
    re.compile(rb"\s*\{\\rtf"): ("rich text (RTF)", "open it in Word or LibreOffice and save it as .docx"),
    re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0{4}|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyphei", re.DOTALL): (
        "a picture", "only words are read: bring them as a transcript, notes or a table, such as .vtt, .docx or .csv",
    ),
    re.compile(rb"ID3|\xff[\xf2-\xfb]|OggS|fLaC|\x1aE\xdf\xa3|RIFF.{4}(?:WAVE|AVI )|.{4}ftyp", re.DOTALL): (
        "a recording", "bring its transcript, such as .vtt or .docx",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Importer:
    """One format.

    Parameters
    ----------
    name : str
        What people call it, such as "WebVTT captions".
    endings : tuple of str
        What its files' names end in, with the dot, in small letters; asked first for those.
    claims : callable
        ``Source -> bool``: whether a file is in this format, from its head; cheap, and never an error.
    read : callable
        ``Source -> tuple of Contents``: what is in it, as much as can be read. Raises :class:`Unreadable` where nothing can.
    last : bool
        Whether it takes what is in no other format, so that it is asked when all others have said no.
    reads_text : bool
        Whether it reads what text the file is as a whole, and not its bytes: mail and pages say by themselves in what they are.
    """

    name: str
    endings: tuple[str, ...]
    claims: Callable[[Source], bool]
    read: Callable[[Source], tuple[Contents, ...]]
    last: bool = False
    reads_text: bool = True


@cache
def importers() -> tuple[Importer, ...]:
    """All formats: those of other packages, then ours, in the order in which they are asked.

    Returns
    -------
    tuple of Importer
        A broken package of somebody else's is left out.

    Examples
    --------
    >>> "WebVTT captions" in [importer.name for importer in importers()]
    True
    """
    others = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            found = point.load()
        except Exception:  # whatever it is, PMs cannot mend it, and their files wait
            continue
        if isinstance(found, Importer):
            others.append(found)
    ours = [import_module(f"workbench.importers.{name}").IMPORTER for name in _OURS]
    return (*others, *ours)


def read_source(source: Source) -> tuple[Importer, tuple[Contents, ...]]:
    r"""What is in a file, whatever its ending says.

    Parameters
    ----------
    source : Source
        The file.

    Returns
    -------
    importer : Importer
        The format it is in.
    contents : tuple of Contents
        What is in it; more than one where it holds several calls.

    Raises
    ------
    Unreadable
        When it is in no known format, or nothing in it can be read.

    Examples
    --------
    >>> vtt = b"WEBVTT\n\n00:01.000 --> 00:02.000\nAna: Hello\n"
    >>> importer, (transcript,) = read_source(Source("call.txt", vtt))
    >>> importer.name, transcript.turns[0].speaker, transcript.turns[0].text
    ('WebVTT captions', 'Ana', 'Hello')
    """
    if not source.data.strip():
        raise Unreadable("the file is empty", "export it again from where it was recorded")
    if source.ending in (".mht", ".mhtml"):  # a page in the form of a mail, which nobody has sent
        raise Unreadable(f"{source.ending} is not read", _TODO[source.ending])
    if is_archive(source):
        raise Unreadable(
            "an archive, and no file",
            f"bring it in with  workbench import {shlex.quote(source.name)}  , which looks at each file in it",
        )
    known = importers()
    # What the ending says is only a hint: a transcript is saved as .txt as often as not.
    for importer in sorted(known, key=lambda one: (one.last, source.ending not in one.endings)):
        if importer.claims(source):
            contents = importer.read(source)
            return importer, _with_misread(source, contents) if importer.reads_text else contents
    if todo := _TODO.get(source.ending):
        raise Unreadable(f"{source.ending} is not read", todo)
    for begins, (kind, todo) in _KINDS.items():
        if begins.match(source.data):
            raise Unreadable(f"{kind}, called {source.ending}" if source.ending else kind, todo)
    if source.is_text and source.text.lstrip("\ufeff \t\n").startswith(("{", "[")):
        raise Unreadable(
            "JSON in no form that is known", "export the transcript as text or .vtt, a table as .csv, or notes as .md"
        )
    if not source.is_text and source.ending in (".csv", ".json", ".md", ".srt", ".txt", ".vtt"):
        raise Unreadable(f"no text, though it is called {source.ending}", "export or save it again as text")
    # What it is called already cannot be the way out.
    endings = ", ".join(sorted({ending for one in known for ending in one.endings} - {source.ending}))
    raise Unreadable(
        f"{source.ending or 'a file without an ending'} in no form that is known",
        f"bring a transcript, notes or a table as one of {endings}",
    )


def _with_misread(source: Source, contents: tuple[Contents, ...]) -> tuple[Contents, ...]:
    """What is in a file, with the letters of it that may be others; once, and not where its reader has said so."""
    if not contents or not source.is_text:
        return contents
    first, *others = contents
    said = {(problem.line, problem.what) for problem in first.problems}
    misread = [problem for problem in source.misread if (problem.line, problem.what) not in said]
    return replace(first, problems=(*misread, *first.problems)), *others
