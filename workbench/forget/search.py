"""What a file says, whatever it is packed in: so that a name is found in a workbook inside an archive, too."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import lzma
import quopri
import re
import shutil
import sqlite3
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from workbench.forget.pictures import is_picture, words_beside
from workbench.redact import as_read

__all__ = ["Seen", "is_text", "look_into", "text_of"]

# More than this is no workspace's archive, but a bomb.
MOST_BYTES = 512 * 1024 * 1024
MOST_DEEP = 6
# Of a table in columns so many rows are looked at at once.
ROWS = 65_536
_PACKED = ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ\x00", lzma.decompress))
# What holds words in a way that is not read here: PDF (unless poppler is there), sound, film, 7z, rar, and pictures.
_CLOSED = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"ID3", b"\xff\xfb", b"OggS", b"7z\xbc\xaf", b"Rar!", b"fLaC",
    b"\x1aE\xdf\xa3",
)  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_BYTES = re.compile(r"(?:\\+x[0-9a-fA-F]{2})+")
# Five letters or more as pairs of digits: 5a71, 5A 71, 5a:71, 0x5a, 0x71.
_HEX = re.compile(r"[0-9a-fA-F]{2}(?:(?:[ :-]|, ?|\r?\n)?(?:0x)?[0-9a-fA-F]{2}){4,}")
_MARKUP = re.compile(r"<[A-Za-z!/?][^<>]*>|&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
# Letters that look otherwise than they are written: soft hyphens, joiners, wide ones, %5A.
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\uff01-\uff5e]|%[0-9A-Fa-f]{2}")
_QUOTED = re.compile(r"=[0-9A-F]{2}")
_RTF = re.compile(r"\\'([0-9a-f]{2})|\\u(\d+) ?\??")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}(?:\r?\n[A-Za-z0-9+/]{2,})*")


class Seen(NamedTuple):
    """What could be read of a file.

    Parameters
    ----------
    texts : tuple of str
        All that it says.
    closed : tuple of str
        What of it could not be read, such as a picture, a PDF, an archive with a password: where in the file it is, empty
        for the file itself.
    """

    texts: tuple[str, ...]
    closed: tuple[str, ...]


class _Closed(NamedTuple):
    where: str = ""


def look_into(data: bytes) -> Seen:
    """Everything a file says.

    Parameters
    ----------
    data : bytes
        Its content.

    Returns
    -------
    Seen
        Texts of all it holds, of archives in archives too, as written and as a reader sees them; names of its members
        among them.

    Examples
    --------
    >>> look_into(b"<p>Ac<b>me</b> &amp; Co</p>").texts[-1]
    'Acme & Co'
    >>> look_into(bytes([137]) + b"PNG rest").closed
    ('',)
    """
    left = [MOST_BYTES]
    found = list(_read(data, MOST_DEEP, left))
    closed = dict.fromkeys(one.where for one in found if isinstance(one, _Closed))
    return Seen(tuple(one for one in found if isinstance(one, str)), tuple(closed))


def is_text(data: bytes) -> bool:
    r"""Whether a file is text that an editor shows and saves.

    Parameters
    ----------
    data : bytes
        Its content.

    Returns
    -------
    bool
        False for archives, pictures and the like.

    Examples
    --------
    >>> is_text(b"- one"), is_text(b"PK\x03\x04")
    (True, False)
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in data and not data.startswith(_CLOSED[:5]) and not data.startswith(b"PK\x03\x04")


def text_of(data: bytes) -> tuple[str, str]:
    """A text file's text, and how it is to be encoded again.

    Parameters
    ----------
    data : bytes
        Its content.

    Returns
    -------
    text, encoding : str
        What is no UTF-8 comes as surrogate escapes, and goes back as it was with ``surrogateescape``.

    Examples
    --------
    >>> text_of("Zoë".encode("utf-16"))
    ('Zoë', 'utf-16')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "surrogatepass"), "utf-16"
    return data.decode("utf-8", "surrogateescape"), "utf-8"


def _read(data: bytes, deep: int, left: list[int]) -> Iterator[str | _Closed]:
    """Texts, and what cannot be read."""
    left[0] -= len(data)
    if left[0] < 0 or not deep:
        yield _Closed()
        return
    if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)):
        yield from _zip(data, deep, left)
        return
    for head, unpack in _PACKED:
        if data.startswith(head):
            try:
                yield from _read(unpack(data), deep - 1, left)
            except (OSError, EOFError, ValueError, lzma.LZMAError):
                yield _Closed()
            return
    if data[257:262] == b"ustar":
        try:
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                for member in archive:
                    yield member.name
                    if member.isfile():
                        yield from _inside(member.name, _read(archive.extractfile(member).read(), deep - 1, left))
        except (tarfile.TarError, OSError):
            yield _Closed()
        return
    if data.startswith(b"%PDF"):
        yield _text_of_pdf(data)
    elif data.startswith(_CLOSED) or data[4:8] == b"ftyp" or is_picture(data):
        yield _Closed()
        for beside in words_beside(data):
            yield from _read(beside, deep - 1, left)
    if data.startswith(b"SQLite format 3\0"):
        yield from _cells(data)
    if data.startswith(b"PAR1"):
        yield from _columns(data)
        return
    if is_text(data):
        yield from _as_seen(data, deep, left)
    else:  # words in old office files and databases stand in one of these
        yield data.decode("latin-1")
        yield data.decode("utf-8", "replace")
        yield data.decode("utf-16-le", "replace")
        yield data[1:].decode("utf-16-le", "replace")


def _as_seen(data: bytes, deep: int, left: list[int]) -> Iterator[str | _Closed]:
    """A text as written, and as whatever shows it would."""
    text, encoding = text_of(data)
    yield text
    # A sign is found at once, a form of many letters a hundred times slower: of a million notes that is minutes.
    if encoding == "utf-8" and not text.isascii() and re.search("[\udc80-\udcff]", text):
        yield data.decode("cp1252", "replace")
    if ("<" in text or "&" in text) and _MARKUP.search(text):
        yield html.unescape(_TAG.sub(" ", text))
        yield html.unescape(_TAG.sub("", text))
    if "\\" in text and _ESCAPED.search(text):
        yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "\\x" in text:
        yield _BYTES.sub(lambda found: bytes.fromhex(re.sub(r"\\+x", "", found[0])).decode("utf-8", "replace"), text)
    if ("%" in text or not text.isascii()) and _HIDDEN.search(text):
        yield as_read(text)
    if "**" in text:
        yield text.replace("**", "")
    if _QUOTED.search(text):
        yield quopri.decodestring(text.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")
    if text.startswith("{\\rtf"):
        yield _RTF.sub(
            lambda found: bytes.fromhex(found[1]).decode("cp1252", "replace") if found[1] else chr(int(found[2])), text
        )
    for found in _BASE64.finditer(text):
        written = re.sub(r"\s", "", found[0])
        inner = base64.b64decode(written[: len(written) - (len(written) % 4 == 1)] + "=" * (-len(written) % 4 % 3))
        yield from _unpacked(inner, deep, left)
    for found in _HEX.finditer(text):
        digits = re.sub(r"0x|[^0-9a-fA-F]", "", found[0])
        yield from _unpacked(bytes.fromhex(digits), deep, left)


def _unpacked(inner: bytes, deep: int, left: list[int]) -> Iterator[str | _Closed]:
    """What was written in base64 or in digits, where it is a text, an archive, a picture or what a picture says of itself."""
    if is_picture(inner):
        yield from _inside("a picture in its text", _read(inner, deep - 1, left))
    elif inner.startswith((b"PK\x03\x04", *(head for head, _ in _PACKED))) or b"Exif\0" in inner or _reads(inner):
        yield from _read(inner, deep - 1, left)
    elif b"\0" in inner and not len(inner) % 2:  # two bytes a letter
        coding = "utf-16-be" if inner[0] == 0 else "utf-16-le"
        wide = inner.decode(coding, "replace")
        if wide.isprintable():
            yield wide


def _inside(name: str, found: Iterator[str | _Closed]) -> Iterator[str | _Closed]:
    """What was found in a part of a file."""
    for one in found:
        yield _Closed(f"{name}/{one.where}".rstrip("/")) if isinstance(one, _Closed) else one


def _reads(data: bytes) -> bool:
    """Whether bytes are a text in a common coding; letters and digits that are no code give none."""
    try:
        return data.decode().isprintable() or (b"\n" in data and b"\0" not in data)
    except UnicodeDecodeError:
        return False


def _text_of_pdf(data: bytes) -> str | _Closed:
    """A PDF's words, where poppler is installed."""
    if program := shutil.which("pdftotext"):
        try:
            done = subprocess.run([program, "-", "-"], input=data, capture_output=True, check=False, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return _Closed()
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.decode("utf-8", "replace")
    return _Closed()


def _cells(data: bytes) -> Iterator[str | _Closed]:
    """What stands in a database, a cell after the other: in its bytes a text begins right behind another."""
    try:
        database = sqlite3.connect(":memory:")
        database.deserialize(data)
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            quoted = table.replace('"', '""')
            for row in database.execute(f'select * from "{quoted}"'):
                yield from (
                    cell if isinstance(cell, str) else cell.decode("utf-8", "replace")
                    for cell in row
                    if isinstance(cell, str | bytes)
                )
    except sqlite3.Error:
        yield _Closed()
    finally:
        database.close()


def _columns(data: bytes) -> Iterator[str | _Closed]:
    """What stands in the columns of a Parquet file, some thousand rows at once."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        yield _Closed()
        return
    try:
        stored = pq.ParquetFile(pa.BufferReader(data))
        # Names of columns, and what a program wrote beside them.
        yield stored.schema_arrow.to_string(truncate_metadata=False)
        for batch in stored.iter_batches(batch_size=ROWS):
            for column in batch.columns:
                yield "\n".join(str(value) for value in column.to_pylist() if value is not None)
                if pa.types.is_dictionary(column.type):  # values that no row has any more are there all the same
                    yield "\n".join(map(str, column.dictionary.to_pylist()))
    except (pa.ArrowException, OSError):
        yield _Closed()


def _zip(data: bytes, deep: int, left: list[int]) -> Iterator[str | _Closed]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment.decode("utf-8", "replace")
            for member in archive.infolist():
                yield member.filename
                yield member.comment.decode("utf-8", "replace")
                if member.flag_bits & 1 or member.file_size > left[0]:
                    yield _Closed(member.filename)
                else:
                    yield from _inside(member.filename, _read(archive.read(member), deep - 1, left))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        yield _Closed()
