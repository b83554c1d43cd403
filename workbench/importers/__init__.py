"""What others have recorded or written down, read into turns, notes and tables.

===================  ==============================================================================================
``source.py``        a file as it came: its name, its bytes, its text whatever the encoding
``contents.py``      what can be in one: a :class:`Transcript` of turns, :class:`Jottings`, a :class:`Table`
``turns.py``         lines and cues joined into turns, names told from words before a colon; ``rolling.py`` captions that show a line twice,
                     ``meet.py`` what Google Meet writes around a talk, ``interviewers.py`` what those who ask are called
``archive.py``       zips and documents that are zips inside: how large they are, before anything is unpacked
``table.py``         rows of cells as a table; ``columns.py`` which column is what, and the rows as notes; ``talk_table.py`` those that are a talk
``jotted.py``        bits of a page as notes; ``heads.py`` which of them say who was there or what is to do; ``markup.py`` what HTML says, ``replies.py`` what a message quotes
``formats.py``       which formats there are, which of them a file is in, and reading it
everything else      one format a file: whether a file looks like it (``claims``), and what is in it (``read``)
===================  ==============================================================================================

Nothing here touches the disk or knows the workspace: bytes come in, contents and problems go out. A reader is lenient: what
it can read it gives, and what it cannot is a problem with its line.
"""

from workbench.importers.contents import NAMELESS, Contents, Jotting, Jottings, Piece, Table, Transcript, Turn
from workbench.importers.formats import Importer, importers, read_source
from workbench.importers.interviewers import INTERVIEWERS, is_interviewer
from workbench.importers.source import Source, Unreadable

__all__ = [
    "INTERVIEWERS",
    "NAMELESS",
    "Contents",
    "Importer",
    "Jotting",
    "Jottings",
    "Piece",
    "Source",
    "Table",
    "Transcript",
    "Turn",
    "Unreadable",
    "importers",
    "is_interviewer",
    "read_source",
]
