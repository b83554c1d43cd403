"""A file as it came: its name, its bytes, and its text whatever the encoding."""

from __future__ import annotations

import codecs
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property

from workbench.errors import Problem
from workbench.importers.code_pages import NAMES, guess_encoding

__all__ = ["Source", "Unreadable", "close_gaps"]

# A byte-order mark says it all; the longer ones first, since UTF-16's begins UTF-32's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A tenth of random bytes; a text has one now and then.
_UNTYPED = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_FOREIGN = re.compile(r"[^\x00-\x7f\ufffd]+")


# Nobody writes so many blanks.
_GAP = re.compile(r"[ \t]{100,}")


def close_gaps(line: str) -> str:
    """A line without the gaps that nobody writes: whatever looks for a name behind blanks would look from each of them on.

    Parameters
    ----------
    line : str
        A line of a text.

    Returns
    -------
    str
        Two blanks stand where more than a hundred stood.

    Examples
    --------
    >>> close_gaps("Ana:" + 200 * " " + "How?")
    'Ana:  How?'
    """
    return _GAP.sub("  ", line)


class Unreadable(Exception):
    """A file that cannot be brought in at all.

    Parameters
    ----------
    what : str
        What is wrong, in the user's own words where there are any.
    todo : str
        What to do about it.
    line : int
        Where, from 1.
    """

    def __init__(self, what: str, todo: str, line: int = 1) -> None:
        super().__init__(what, todo, line)
        self.what, self.todo, self.line = what, todo, line

    def __str__(self) -> str:
        return f"{self.what}; {self.todo}"


@dataclass(frozen=True)
class Source:
    """A file to be read.

    Parameters
    ----------
    name : str
        Its name as the user knows it, with forward slashes; a member of an archive as ``archive.zip/folder/file.txt``.
    data : bytes
        All of it.
    every_row : bool
        Whether a table is read to its end, however many rows it has.

    Examples
    --------
    >>> Source("calls/Acme.VTT", "WEBVTT".encode("utf-16")).text, Source("Acme.VTT", b"").ending
    ('WEBVTT', '.vtt')
    """

    name: str
    data: bytes
    every_row: bool = False

    @property
    def ending(self) -> str:
        """The name's ending in small letters, with its dot."""
        return posixpath.splitext(self.name)[1].lower()

    @property
    def stem(self) -> str:
        """The name without folders and ending."""
        return posixpath.splitext(posixpath.basename(self.name))[0]

    @cached_property
    def is_text(self) -> bool:
        """Whether the bytes are text: no zero bytes but those of UTF-16 and UTF-32, and hardly any sign that nobody types."""
        head = self.text[:4096]
        untyped = len(_UNTYPED.findall(head))
        return self.encoding != "" and "\x00" not in head and (untyped < 3 or untyped * 50 <= len(head))

    @cached_property
    def encoding(self) -> str:
        """What the text is encoded in; empty for what is no text."""
        for mark, encoding in _MARKS:
            if self.data.startswith(mark):
                return encoding
        head = self.data[:4096]
        # Every second byte of UTF-16 is zero where letters are Latin, and most are in any transcript's times and marks. It is
        # looked for first, since zeros and Latin letters are UTF-8 as well.
        evens, odds = head[::2].count(0), head[1::2].count(0)
        if max(evens, odds) * 5 > len(head):
            return "utf-16-be" if evens > odds else "utf-16-le"
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            return "" if 0 in head else "utf-8" if self._is_mostly_utf8 else self._guessed[0]
        return "utf-8"

    @cached_property
    def _guessed(self) -> tuple[str, bool]:
        return guess_encoding(self.data)

    @property
    def is_guessed(self) -> bool:
        """Whether the text is in no Unicode, and its letters alone tell in what."""
        return self.encoding in NAMES

    @property
    def misread(self) -> list[Problem]:
        """What of the text may be read otherwise than it was meant, with the first line of such letters."""
        found = []
        if self.is_guessed and self._guessed != ("cp1252", True):
            line = next((n for n, line in enumerate(self.text.split("\n"), 1) if not line.isascii()), 1)
            sure = "" if self._guessed[1] else ", since its letters do not tell"
            what = f"read as {NAMES[self.encoding]}{sure}"
            found.append(Problem(self.name, line, what, "if its letters look wrong, save it again as UTF-8"))
        if "\ufffd" in self.text:
            line = self.text.count("\n", 0, self.text.index("\ufffd")) + 1
            what = "letters that could not be read show as \ufffd"
            found.append(Problem(self.name, line, what, "save the file again as UTF-8"))
        return found

    @property
    def _is_mostly_utf8(self) -> bool:
        """Whether more letters are of UTF-8 than not: in a table a row may come from elsewhere, or its end be cut."""
        text = self.data.decode("utf-8", "replace")
        return sum(map(len, _FOREIGN.findall(text))) >= text.count("\ufffd")

    @cached_property
    def text(self) -> str:
        r"""The bytes as text, with ``\n`` for every kind of line end; what cannot be decoded shows as U+FFFD."""
        text = self.data.decode(self.encoding or "utf-8", errors="replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")
