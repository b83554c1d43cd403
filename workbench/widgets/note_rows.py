"""The rows of notes by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NoteRows"]


class NoteRows:
    """Each note's row by its id, made when it is asked for: a million rows of their own would fill the memory.

    Parameters
    ----------
    notes : pandas.DataFrame
        With a column ``note``.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = NoteRows(pd.DataFrame({"note": ["a#1", "b#1"], "text": ["Filters reset", "Slow"]}))
    >>> rows.get("b#1").text, rows.get("c#1"), "a#1" in rows
    ('Slow', None, True)
    """

    def __init__(self, notes: pd.DataFrame | None = None) -> None:
        import pandas as pd

        self._notes = notes if notes is not None else pd.DataFrame({"note": []})
        self._place = pd.Index(self._notes["note"], dtype=object)
        self._made: dict[str, Any] = {}

    def __contains__(self, note: object) -> bool:
        return note in self._place

    def get(self, note: str) -> Any:
        """The row of a note.

        Parameters
        ----------
        note : str
            Its id.

        Returns
        -------
        namedtuple or None
            Nothing where there is no such note.
        """
        if note not in self._made:
            if note not in self._place:
                return None
            place = self._place.get_loc(note)
            self._made[note] = next(self._notes.iloc[[place]].itertuples(index=False))
        return self._made[note]

    def of(self, notes: Iterable[str], column: str) -> dict[str, Any]:
        """What stands in a column for some notes.

        Parameters
        ----------
        notes : iterable of str
            Their ids; those that are not there are left out.
        column : str
            Its name.

        Returns
        -------
        dict
            By id, in their order.
        """
        here = [note for note in dict.fromkeys(notes) if note in self._place]
        at = self._place.get_indexer_for(here)
        return dict(zip(here, self._notes[column].iloc[at].tolist(), strict=True))
