"""What can be in a file that somebody brings: turns of talk, notes already taken, or rows of a table."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from workbench.customers import fold_name
from workbench.errors import Problem
from workbench.importers.interviewers import is_interviewer

__all__ = ["NAMELESS", "Contents", "Jotting", "Jottings", "Piece", "Table", "Transcript", "Turn"]

# How `us` of a call names whoever speaks in turns without a name.
NAMELESS = "(no name)"
# A call has few names, and a thousand turns.
_fold = lru_cache(maxsize=1024)(fold_name)


class Piece(NamedTuple):
    """Where in a turn's words another line of the file begins.

    Parameters
    ----------
    start : int
        The place in the turn's text, from 0.
    at : int or None
        When it was said, in seconds since the call began; None where the file has no times.
    line : int
        The line of the file (in a document: the paragraph, in JSON or a table: the number of the entry), from 1.
    """

    start: int
    at: int | None
    line: int


class Turn(NamedTuple):
    """What one speaker says until another does.

    Parameters
    ----------
    speaker : str
        As the file names them; empty where it does not say.
    text : str
        The words as they stand in the file, with one space where it has several or a line break.
    pieces : tuple of Piece
        The lines of the file that it is made of, at least one; the first begins at 0.
    """

    speaker: str
    text: str
    pieces: tuple[Piece, ...]

    @property
    def called(self) -> str:
        """Who speaks, as `us` of a call writes it: `NAMELESS` where the file does not say."""
        return self.speaker or NAMELESS

    @property
    def at(self) -> int | None:
        """When it begins, in seconds since the call did."""
        return self.pieces[0].at

    @property
    def line(self) -> int:
        """The line of the file where it begins."""
        return self.pieces[0].line

    def cite(self, number: int, place: int = 0) -> str:
        """Where a place in its text was said, as a note has it behind ``@``: the time, else ``¶`` and `number` from 1."""
        at = self.piece_at(place).at
        if at is None:
            return f"¶{number + 1}"
        minutes, seconds = divmod(at, 60)
        hours, rest = divmod(minutes, 60)
        return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"

    def is_by(self, names: Iterable[str]) -> bool:
        """Whether one of these says it, in whatever letters, spaces and Unicode form their names are written.

        Parameters
        ----------
        names : iterable of str
            As speakers are named; `NAMELESS` for all turns without a name.

        Returns
        -------
        bool
            Whether it is one of them.

        Examples
        --------
        >>> turn = Turn("José  Ruiz", "And then?", (Piece(0, None, 1),))
        >>> turn.is_by(["JOSÉ RUIZ"]), turn.is_by(["José Ruiz (Acme)"])
        (True, False)
        """
        return _fold(self.called) in map(_fold, names)

    @property
    def is_by_interviewer(self) -> bool:
        """Whether whoever says it is called by what those who ask are called, see :func:`is_interviewer`."""
        return is_interviewer(self.speaker)

    def piece_at(self, place: int) -> Piece:
        """The piece that a place in its text lies in."""
        return self.pieces[bisect_right(self.pieces, place, key=lambda piece: piece.start) - 1]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A call, word for word.

    Parameters
    ----------
    turns : tuple of Turn
        In the order of the file.
    title : str
        What the file is headed; empty where it is not.
    date : datetime.date or None
        The day that the file itself states.
    problems : tuple of Problem
        What could not be read, with its line.
    addresses : tuple of (str, str)
        Of mail: who speaks, each with the address that they write from.
    owner : str
        Of mail: the address of whoever's mailbox it lay in; empty where nothing tells.
    customer, who, segment, kind, consent, us : str
        As of :class:`Jottings`, where the file says so.
    """

    turns: tuple[Turn, ...]
    title: str = ""
    date: date | None = None
    problems: tuple[Problem, ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    owner: str = ""
    customer: str = ""
    who: str = ""
    segment: str = ""
    kind: str = ""
    consent: str = ""
    us: str = ""

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, in the order of their first words; an empty name stands for turns without one."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns))


class Jotting(NamedTuple):
    """One note as somebody took it elsewhere.

    Parameters
    ----------
    line : str
        A line of a call, as :func:`workbench.notes.format_note` writes it.
    at : int
        The line (paragraph, row) of the file that it stands in, from 1.
    theme : str
        The name of the theme that somebody has put it into there; empty where nobody has.
    speaker : str
        Whose words they are, as the transcript beside the notes names them; empty where it does not say.
    """

    line: str
    at: int
    theme: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Jottings:
    """Notes of one call that somebody has taken elsewhere.

    Parameters
    ----------
    notes : tuple of Jotting
        In the order of the file.
    customer, who, segment, kind, consent, title : str
        What the file itself states; empty where it does not.
    date : datetime.date or None
        The day that the file itself states.
    problems : tuple of Problem
        What could not be read, with its line.
    transcript : Transcript or None
        The call word for word, where the file has it beside the notes.
    us : str
        Who in it is one of us, where the file says so; as in :class:`workbench.notes.Call`.
    """

    notes: tuple[Jotting, ...]
    customer: str = ""
    who: str = ""
    segment: str = ""
    kind: str = ""
    consent: str = ""
    title: str = ""
    date: date | None = None
    problems: tuple[Problem, ...] = ()
    transcript: Transcript | None = None
    us: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a header, not yet notes: which column is what, the header says or a person does.

    Parameters
    ----------
    header : tuple of str
        The columns' names, as written; no two are the same.
    rows : tuple of (int, tuple of str)
        The row's number in the file, from 1, and its cells, as many as the header has.
    title : str
        The sheet's name; empty where there is none.
    problems : tuple of Problem
        What could not be read, with its row.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    title: str = ""
    problems: tuple[Problem, ...] = field(default=())


Contents: TypeAlias = Transcript | Jottings | Table
