"""What is in a zip, a file at a time in memory: how large it is looked at before anything is unpacked, and nothing goes to disk.

The limits are here, for archives and for documents that are zips inside (.docx, .xlsx).
"""

from __future__ import annotations

import io
import posixpath
import re
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.errors import Problem, shorten
from workbench.importers.source import Source, Unreadable
from workbench.notes import showable

__all__ = ["DEEPEST", "LARGEST", "LARGEST_FILE", "LARGEST_TEXT", "LEFT_THERE", "MEGABYTE", "MOST_FILES", "MOST_TIMES", "check_document", "is_archive",
           "is_litter", "is_recording", "unpack"]  # fmt: skip

MEGABYTE = 1024 * 1024
# All that is in an archive, archives in it included; one file of it; the text of a document.
LARGEST, LARGEST_FILE, LARGEST_TEXT = 1000 * MEGABYTE, 200 * MEGABYTE, 50 * MEGABYTE
_SPREADSHEETS = (".xlsx", ".xlsm", ".ods")
MOST_FILES = 10_000
# What happens to recordings, pictures and pages of links, which is nothing to mend.
LEFT_THERE = "left unread"
# Text becomes a tenth when it is packed, a bomb a thousandth. What is small cannot harm.
MOST_TIMES, HARMLESS = 100, 10 * MEGABYTE
# Notion puts archives into an archive; nobody puts a fourth one into the third.
DEEPEST = 3

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY_ZIP = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
# Archives that nothing here unpacks.
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": ".7z",
    b"Rar!\x1a\x07": ".rar",
    b"\x1f\x8b": ".gz",
    b"\xfd7zXZ\x00": ".xz",
    b"BZh": ".bz2",
}
# In UTF-16 every letter has a zero beside it.
_DECLARATION = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T|E\x00?N\x00?T\x00?I)")
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_RECORDINGS = frozenset(
    ".mp4 .m4a .m4v .mp3 .wav .mov .webm .avi .mkv .ogg .opus .flac .aac .wma .png .jpg .jpeg .gif .heic .svg .webp .bmp .ico .tif "
    ".tiff .woff .woff2 .ttf .otf".split()
)


def is_archive(source: Source) -> bool:
    """Whether a file holds files; a document that is a zip inside is none.

    Parameters
    ----------
    source : Source
        The file, whatever its ending says.

    Returns
    -------
    bool
        True for kinds of archives that cannot be unpacked as well.

    Examples
    --------
    >>> is_archive(Source("call.zip", b"WEBVTT"))
    False
    """
    if any(source.data.startswith(mark) for mark in _OTHERS):
        return True
    if source.ending in (".qdpx", ".pages", ".numbers", ".key"):
        return False
    if not source.data.startswith((_ZIP, _EMPTY_ZIP)):
        return source.ending == ".zip" and not source.is_text
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            names = set(archive.namelist())
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        return source.ending not in (".docx", ".xlsx", ".xlsm", ".xlsb", ".pptx", ".odt", ".ods", ".epub")
    is_project = any(name.lower().endswith(".qde") for name in names)
    return "[Content_Types].xml" not in names and "mimetype" not in names and not is_project


def is_litter(name: str) -> bool:
    """Whether a file lies there for the computer's sake, so that nobody misses it.

    Parameters
    ----------
    name : str
        Its name with its folders, with forward slashes.

    Returns
    -------
    bool
        True for hidden files and what is in hidden folders, for a document's lock, and for what Windows and macOS leave.

    Examples
    --------
    >>> is_litter("vault/.obsidian/app.json"), is_litter("__MACOSX/._call.vtt"), is_litter("calls/acme.vtt")
    (True, True, False)
    """
    return any(
        part.startswith((".", "~$")) or part.lower() in _LITTER for part in name.split("/") if part not in (".", "..")
    )


def is_recording(name: str) -> bool:
    """Whether a file is a recording or a picture, going by its name.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    bool
        Its words are not in it as text.

    Examples
    --------
    >>> is_recording("calls/Acme.MP4"), is_recording("calls/acme.vtt")
    (True, False)
    """
    return posixpath.splitext(name)[1].lower() in _RECORDINGS


def unpack(source: Source) -> Iterator[Source | Problem]:
    r"""The files in an archive, and in archives in it; one at a time in memory.

    Parameters
    ----------
    source : Source
        Any file; one that is no archive is given as it is.

    Yields
    ------
    Source or Problem
        A file, named ``archive.zip/folder/file.txt``; or what is not read, and why. Recordings and pictures are one problem together.

    Raises
    ------
    Unreadable
        When it is none that can be unpacked, or larger than the limits; before anything of it is.

    Examples
    --------
    >>> import io, zipfile
    >>> data = io.BytesIO()
    >>> with zipfile.ZipFile(data, "w") as archive:
    ...     archive.writestr("acme.vtt", "WEBVTT")
    ...     archive.writestr("../up.vtt", "WEBVTT")
    >>> for one in unpack(Source("calls.zip", data.getvalue())):
    ...     print(one.name if isinstance(one, Source) else one)
    calls.zip/acme.vtt
    calls.zip:1: '../up.vtt' points out of the archive; it is not read: make the archive again, or bring the file itself
    """
    if not is_archive(source):
        yield source
        return
    yield from _unpack(source, _Budget(), 1)


def check_document(source: Source) -> None:
    """Look at the size of a document that is a zip inside, before anything reads it.

    Parameters
    ----------
    source : Source
        A .docx or .xlsx.

    Raises
    ------
    Unreadable
        When it is broken, locked, old, or larger than a document is.

    Examples
    --------
    >>> check_document(Source("notes.docx", b"PK"))
    Traceback (most recent call last):
    workbench.importers.source.Unreadable: the document breaks off, or is none; download it again
    """
    if source.data.startswith(_OLE):
        raise Unreadable(
            "an old document (.doc, .xls), or one with a password",
            "open it in Office or LibreOffice and save it as .docx or .xlsx without one",
        )
    try:
        parts = _members(source)
    except Unreadable:
        raise
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        raise _broken_document() from None
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable("the document has a password", "save it without one")
    text = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    size = sum(part.file_size for part in parts)
    if size > LARGEST_FILE or text > LARGEST_TEXT:
        todo = f"bring one of up to {LARGEST_FILE // MEGABYTE} MB, {LARGEST_TEXT // MEGABYTE} MB of them text"
        if source.ending in _SPREADSHEETS:
            todo = f"save it as .csv, which may have up to {LARGEST_FILE // MEGABYTE} MB and is read much faster"
        raise Unreadable(f"unpacked the document has {size // MEGABYTE} MB, {text // MEGABYTE} MB of them text", todo)
    if swollen := next(filter(_is_bomb, parts), None):
        raise Unreadable(*_bomb(swollen))
    # A size may be a lie, and those who read documents unpack all there is before they look at it.
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            declares = any(_declares(archive, part) for part in parts)
    except Exception:
        raise _broken_document() from None
    if declares:
        raise Unreadable(
            "the document has declarations that no program writes into one", "it may be an attack; nothing is read"
        )


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part declares a type or entities, which swell or read files where they are resolved; every part is read whole."""
    before, found = b"", False
    for piece in _pieces(archive, part):
        if part.filename.endswith((".xml", ".rels")):
            found = found or _DECLARATION.search(before + piece) is not None
            before = piece[-20:]
    return found


def _broken_document() -> Unreadable:
    return Unreadable("the document breaks off, or is none", "download it again")


@dataclass
class _Budget:
    """How much may still be unpacked, of an archive and of those in it together."""

    size: int = LARGEST
    files: int = MOST_FILES

    def take(self, parts: Sequence[zipfile.ZipInfo]) -> None:
        size = sum(part.file_size for part in parts)
        if len(parts) > self.files:
            raise Unreadable(f"more than {MOST_FILES:,} files in it", "make several archives of it")
        if size > self.size:
            raise Unreadable(
                f"unpacked it has more than {LARGEST // MEGABYTE:,} MB",
                "bring the calls and notes in it, without the recordings",
            )
        self.files -= len(parts)
        self.size -= size


def _unpack(source: Source, budget: _Budget, depth: int) -> Iterator[Source | Problem]:
    for mark, ending in _OTHERS.items():
        if source.data.startswith(mark):
            raise Unreadable(f"an archive of the kind {ending}", "unpack it yourself, or make a .zip of it")
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
        parts = [part for part in _members(source) if not part.is_dir() and not is_litter(_name(part))]
    except Unreadable:
        raise
    except Exception:  # zipfile raises a dozen kinds on broken bytes
        raise Unreadable("the archive breaks off, or is none", "download it again") from None
    if parts and all(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable("the archive has a password", "unpack it yourself, and bring the folder")
    recordings = [part for part in parts if is_recording(_name(part))]
    parts = [part for part in parts if not is_recording(_name(part))]
    if swollen := next(filter(_is_bomb, parts), None):
        raise Unreadable(*_bomb(swollen))
    budget.take(parts)
    seen: set[str] = set()
    with archive:
        for part in parts:
            name = _name(part)
            if wrong := _wrong(part, name, name in seen):
                yield Problem(source.name, 1, *wrong)
                continue
            seen.add(name)
            try:
                member = Source(f"{source.name}/{name}", b"".join(_pieces(archive, part)))
            except Exception:  # broken bytes make it raise whatever
                what = f"{name} in it is broken"
                yield Problem(source.name, 1, what, "it is not read: download the archive again")
                continue
            if not is_archive(member):
                yield member
            elif depth == DEEPEST:
                yield Problem(member.name, 1, f"an archive in {depth} others", "it is not read: unpack it yourself")
            else:
                try:
                    yield from _unpack(member, budget, depth + 1)
                except Unreadable as error:
                    yield Problem(member.name, error.line, error.what, error.todo)
    if recordings:
        names = shorten(", ".join(_name(part) for part in recordings))
        what = (
            f"{len(recordings)} recordings or pictures in it: {names}"
            if recordings[1:]
            else f"{names} in it is no text"
        )
        yield Problem(source.name, 1, what, LEFT_THERE)


def _members(source: Source) -> list[zipfile.ZipInfo]:
    """What is in a zip by its own list, which is looked at for its length before it is read."""
    if source.data.count(_ENTRY) > 2 * MOST_FILES:
        raise Unreadable(f"more than {MOST_FILES:,} files in it", "make several archives of it")
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        return archive.infolist()


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's bytes, never more of them at once than asked for; raises where they are not those that its list says."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError("only these two are unpacked no further than what is asked for")
    with archive.open(part) as member:
        left = part.file_size
        while left > 0:
            piece = member.read(min(left, MEGABYTE))
            if not piece:
                raise EOFError
            left -= len(piece)
            yield piece


def _name(part: zipfile.ZipInfo) -> str:
    """A member's name: macOS writes UTF-8 and does not say so, Windows may write backslashes."""
    name = part.orig_filename
    if not part.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return " ".join(showable(name.partition("\x00")[0].replace("\\", "/")).splitlines()) or "a file without a name"


def _wrong(part: zipfile.ZipInfo, name: str, seen: bool) -> tuple[str, str] | None:
    """Why a member is not read, and what to do."""
    shown = shorten(name)
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        return (
            f"{shown!r} points out of the archive",
            "it is not read: make the archive again, or bring the file itself",
        )
    if stat.S_ISLNK(part.external_attr >> 16):
        return f"{shown} in it is only a link to a file", "bring the file itself"
    if seen:
        return f"{shown} is in it twice", "the first is read; make the archive again for the other"
    if part.flag_bits & _ENCRYPTED:
        return f"{shown} in it has a password", "unpack it yourself, and bring the file"
    if part.file_size > LARGEST_FILE:
        megabytes = f"{part.file_size // MEGABYTE:,} MB"
        return f"{shown} in it has {megabytes}", f"bring one of up to {LARGEST_FILE // MEGABYTE} MB"
    # Only these two are unpacked no further than what is asked for.
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"{shown} in it is packed in a way that is seldom", "unpack it yourself, and bring the file"
    return None


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > HARMLESS and part.file_size > MOST_TIMES * max(part.compress_size, 1)


def _bomb(part: zipfile.ZipInfo) -> tuple[str, str]:
    times = part.file_size // max(part.compress_size, 1)
    what = f"{shorten(_name(part))} in it becomes {times:,} times as large when it is unpacked"
    return what, f"nothing of it is read: no call does that, and up to {MOST_TIMES} times is allowed"
