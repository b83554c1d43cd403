"""What could be written into a place that only the PM can fill, and what it stands on."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Offer"]


class Offer(NamedTuple):
    """A line that could be written into a record.

    Parameters
    ----------
    field : str
        The field of the record.
    text : str
        What would be written, word for word.
    why : str
        What it stands on, in a few words.
    notes : tuple of str
        The notes that it stands on, where there are any.

    Examples
    --------
    >>> Offer("touchpoints", "Alder Foods", "no call with a note yet").field
    'touchpoints'
    """

    field: str
    text: str
    why: str
    notes: tuple[str, ...] = ()
