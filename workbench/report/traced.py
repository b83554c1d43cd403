"""A report's quotes beside the transcripts of their calls: in which line each was said, for whoever has the calls.

Nothing of it leaves: a transcript is nobody's to send, whatever a customer agreed to about quotes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from workbench.checks.read import read_recorded
from workbench.refit import find_note

if TYPE_CHECKING:
    from workbench.recorded import Recorded
    from workbench.study import Study

__all__ = ["Traced", "trace_quotes"]


class Traced(NamedTuple):
    """A note that is quoted, and where in its call's transcript it was said.

    Parameters
    ----------
    place : str
        The note's ``file:line``.
    words : str
        As noted.
    found : str
        Empty where there is no transcript; ``exact``; ``altered`` where the transcript has nearly these words, ``joined`` where they were said in several places,
        ``none`` where nothing like them was said; ``own words`` for a note that is no quote, and leads there by its time or
        turn alone, or nowhere.
    where : str
        ``file:line`` in the transcript, of several ``joined`` with commas; empty where nothing leads there.
    nearest : str
        For ``altered`` what stands there.
    claimed : str
        For a quote that is not there, but says when it was said: what stands at that time or turn, as ``file:line``.
    """

    place: str
    words: str
    found: str = ""
    where: str = ""
    nearest: str = ""
    claimed: str = ""


def trace_quotes(study: Study, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], Traced]:
    """Where notes were said.

    Parameters
    ----------
    study : Study
        The workspace.
    places : collection of (str, int)
        The notes' files and lines.

    Returns
    -------
    dict of (str, int) to Traced
        By the notes' files and lines.
    """
    notes = study.notes
    # Of a million notes few stand in one of the files and lines.
    files, lines = {file for file, _ in places}, {line for _, line in places}
    notes = notes[notes["file"].isin(files) & notes["line"].isin(lines)]
    listed = [place in places for place in zip(notes["file"].tolist(), notes["line"].tolist(), strict=True)]
    notes = notes[pd.Series(listed, notes.index, dtype=bool)]
    found = {
        (file, line): Traced(f"{file}:{line}", text)
        for file, line, text in zip(notes["file"], notes["line"], notes["text"], strict=True)
    }
    of_call = dict(tuple(notes.groupby(notes["call"].astype(str))))
    for recorded in read_recorded(study, of_call):
        for place, traced in _trace(recorded, of_call[recorded.call]).items():
            # Of a call that was recorded twice the recording that has the words.
            if not found[place].found or (traced.found == "exact" and found[place].found != "exact"):
                found[place] = traced
    return found


def _trace(recorded: Recorded, notes: pd.DataFrame) -> dict[tuple[str, int], Traced]:
    """Where some notes of a call stand in one of its transcripts."""
    heard = recorded.look_up(zip(notes["line"].tolist(), notes["text"].tolist(), strict=True)).quotes
    traced = {}
    for one, kind, file, at in zip(heard, notes["kind"], notes["file"], notes["at"], strict=True):
        match = one.match
        place = f"{file}:{one.line}"
        where = ", ".join(dict.fromkeys(f"{source.file}:{source.line}" for source in match.sources))
        there = find_note(recorded.transcript, "", at)  # what its time or turn leads to
        claimed = f"{recorded.file}:{there[0]}" if there else ""
        if match.kind == "exact" or kind == "quote":
            claimed = claimed if match.kind == "none" else ""
            traced[file, one.line] = Traced(place, one.words, match.kind, where, match.nearest, claimed)
        else:
            traced[file, one.line] = Traced(place, one.words, "own words", claimed)
    return traced
