"""Pictures inside a report's prose, without what they say beside the picture: places, names, programs, days."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Iterator

__all__ = ["bare_picture", "inline_picture"]

_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]*)")
# What a picture needs to be drawn as it is.
_PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}


def inline_picture(source: str) -> str:
    """The address of a picture in the page, without its metadata.

    Parameters
    ----------
    source : str
        A ``data:`` address.

    Returns
    -------
    str
        Empty for any other address, and for a picture that cannot be read.

    Examples
    --------
    >>> inline_picture("https://example.com/a.png"), inline_picture("data:image/png;base64,AAAA")
    ('', '')
    """
    found = _DATA.fullmatch(source)
    if not found:
        return ""
    try:
        data = bare_picture(base64.b64decode(found[2], validate=False))
    except (binascii.Error, ValueError, struct.error, IndexError):
        return ""
    return f"data:image/{found[1]};base64,{base64.b64encode(data).decode()}" if data else ""


def bare_picture(data: bytes) -> bytes:
    """A picture without metadata: EXIF, XMP, IPTC, comments, texts, colour profiles, and what stands behind its end.

    Parameters
    ----------
    data : bytes
        PNG, JPEG, GIF or WebP.

    Returns
    -------
    bytes
        The picture, drawn as before; empty for anything else.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data[:8] + b"".join(_png(data))
    if data.startswith(b"\xff\xd8"):
        return b"\xff\xd8" + b"".join(_jpeg(data))
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return b"".join(_gif(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        body = b"WEBP" + b"".join(_webp(data))
        return b"RIFF" + struct.pack("<I", len(body)) + body
    return b""


def _png(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, end = data[at + 4 : at + 8], at + 12 + length
        if name in _PNG_KEPT:
            yield data[at:end]
        if name == b"IEND":
            return
        at = end


def _jpeg(data: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xFF:  # padding
            at += 1
            continue
        if mark == 0xD9:
            break
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        end = at + 2 + length
        if mark == 0xDA:  # the picture itself, up to the next mark that is not a part of it
            while end + 1 < len(data) and not (data[end] == 0xFF and data[end + 1] not in (0, *range(0xD0, 0xD8))):
                end += 1
            yield data[at:end]
        elif not (0xE1 <= mark <= 0xED or mark in (0xEF, 0xFE)):  # APP0 and Adobe's APP14 say how to read the colours
            yield data[at:end]
        at = end
    yield b"\xff\xd9"


def _gif(data: bytes) -> Iterator[bytes]:
    at = 13 + (3 * 2 ** ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    yield data[:at]
    while at < len(data):
        start, kind = at, data[at]
        if kind == 0x3B:
            break
        if kind == 0x21:
            at += 2
        elif kind == 0x2C:
            at += 10 + (3 * 2 ** ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0) + 1
        else:
            break
        while data[at]:
            at += data[at] + 1
        at += 1
        looping = kind == 0x21 and data[start + 1] == 0xFF and data[start + 3 : start + 14] == b"NETSCAPE2.0"
        if kind == 0x2C or data[start + 1] == 0xF9 or looping:
            yield data[start:at]
    yield b"\x3b"


def _webp(data: bytes) -> Iterator[bytes]:
    at = 12
    while at + 8 <= len(data):
        name, (length,) = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])
        end = at + 8 + length + length % 2
        if name in _WEBP_KEPT:
            chunk = data[at:end]
            # The flags for a profile (0x20), EXIF (0x08) and XMP (0x04), none of which is there any more.
            yield chunk[:8] + bytes([chunk[8] & ~0x2C]) + chunk[9:] if name == b"VP8X" else chunk
        at = end
