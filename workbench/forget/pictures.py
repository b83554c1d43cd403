"""What a picture says beside what it shows: titles, descriptions, makers, places. What it shows, nobody here can read."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

__all__ = ["is_picture", "words_beside"]

_HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"8BPS", b"\0\0\1\0")
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
# More than this is no description.
_MOST = 16 * 1024 * 1024


def is_picture(data: bytes) -> bool:
    r"""Whether bytes are a picture.

    Parameters
    ----------
    data : bytes
        A file's content.

    Returns
    -------
    bool
        By how it begins: PNG, JPEG, GIF, TIFF, WebP, BMP, HEIC, AVIF, Photoshop, an icon.

    Examples
    --------
    >>> is_picture(b"\x89PNG\r\n\x1a\n"), is_picture(b"BMW is a customer")
    (True, False)
    """
    if data.startswith(_HEADS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return True
    bitmap = data.startswith(b"BM") and data[6:10] == bytes(4)
    return bitmap or (data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"))


def words_beside(data: bytes) -> Iterator[bytes]:
    """What is packed in a picture so that a search of its bytes would not find it.

    Parameters
    ----------
    data : bytes
        A picture.

    Yields
    ------
    bytes
        Texts of a PNG unpacked, a GIF's comments in one piece, and XMP, which is XML.
    """
    yield from _XMP.findall(data)
    if data.startswith(_HEADS[0]):
        yield from _texts_of_png(data)
    if data.startswith(b"GIF8"):
        yield from _comments_of_gif(data)


def _texts_of_png(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, chunk = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            # A keyword, how it is packed, in iTXt the language too: then what is packed, where it is.
            for begin in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", chunk):
                try:
                    yield zlib.decompressobj().decompress(chunk[begin.start() :], _MOST)
                except zlib.error:
                    continue
        at += 12 + length


def _comments_of_gif(data: bytes) -> Iterator[bytes]:
    """Comments and whatever else is no picture, whose text is cut into pieces of 255 letters, each after its length."""
    for begin in re.finditer(rb"\x21[\xfe\xff]", data):
        at, parts = begin.end(), []
        while at < len(data) and data[at]:
            parts.append(data[at + 1 : at + 1 + data[at]])
            at += data[at] + 1
        yield b"".join(parts)
