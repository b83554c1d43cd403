"""What a file says, whatever it is packed in: so that a name is found in a workbook inside an archive, too."""

from __future__ import annotations

import bz2
import gzip
import html
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Seen", "is_text", "look_into", "text_of"]

# More than this is no workspace's archive, but a bomb.
MOST_BYTES = 512 * 1024 * 1024
MOST_DEEP = 6
_PACKED = ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ\x00", lzma.decompress))
# What holds words in a way that is not read here: PDF, pictures, sound, film, 7z, rar.
_CLOSED = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"ID3", b"\xff\xfb", b"OggS",
    b"7z\xbc\xaf", b"Rar!", b"fLaC",
)  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_MARKUP = re.compile(r"<[A-Za-z!/?][^<>]*>")


class Seen(NamedTuple):
    """What could be read of a file.

    Parameters
    ----------
    texts : tuple of str
        All that it says.
    closed : bool
        Whether a part of it could not be read: a picture, a PDF, an archive with a password.
    """

    texts: tuple[str, ...]
    closed: bool


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
    True
    """
    left = [MOST_BYTES]
    found = list(_read(data, MOST_DEEP, left))
    return Seen(tuple(text for text in found if text is not None), any(text is None for text in found))


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


def _read(data: bytes, deep: int, left: list[int]) -> Iterator[str | None]:
    """Texts; None for what cannot be read."""
    left[0] -= len(data)
    if left[0] < 0 or not deep:
        yield None
        return
    if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)):
        yield from _zip(data, deep, left)
        return
    for head, unpack in _PACKED:
        if data.startswith(head):
            try:
                yield from _read(unpack(data), deep - 1, left)
            except (OSError, EOFError, ValueError, lzma.LZMAError):
                yield None
            return
    if data[257:262] == b"ustar":
        try:
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                for member in archive:
                    yield member.name
                    if member.isfile():
                        yield from _read(archive.extractfile(member).read(), deep - 1, left)
        except (tarfile.TarError, OSError):
            yield None
        return
    if data.startswith(_CLOSED):
        yield None
    if is_text(data):
        text = text_of(data)[0]
        yield text
        if _MARKUP.search(text):
            yield html.unescape(_TAG.sub(" ", text))
            yield html.unescape(_TAG.sub("", text))
        if _ESCAPED.search(text):
            yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    else:  # words in old office files and databases stand in one of these
        yield data.decode("latin-1")
        yield data.decode("utf-8", "replace")
        yield data.decode("utf-16-le", "replace")
        yield data[1:].decode("utf-16-le", "replace")


def _zip(data: bytes, deep: int, left: list[int]) -> Iterator[str | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment.decode("utf-8", "replace")
            for member in archive.infolist():
                yield member.filename
                yield member.comment.decode("utf-8", "replace")
                if member.flag_bits & 1 or member.file_size > left[0]:
                    yield None
                else:
                    yield from _read(archive.read(member), deep - 1, left)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        yield None
