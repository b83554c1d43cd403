"""A talk that is a table: a column of who speaks, one of the words, and perhaps one of the times.

::

    Time     Speaker    Text
    0:00:01  Ana Ruiz   How do you do it today?
    0:00:05  Jane Doe   By hand.

A table of feedback has a customer, themes or marks beside the words, and seldom the same few people in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby, pairwise

from workbench.importers.columns import role_of
from workbench.importers.contents import Table, Transcript
from workbench.importers.days import day_in
from workbench.importers.turns import Said, join_turns, to_seconds

__all__ = ["part_of", "said_in", "talks_among"]

# More people do not talk to each other in turn.
MOST_SPEAKERS = 12
_PARTS = {
    name: part
    for part, names in {
        "speaker": (
            "speaker|speakers|speaker name|speaker label|who said|who said it|who speaks"
            "|sprecher|sprecherin|redner|rednerin|locuteur|locutrice|intervenant|intervenante|orateur|hablante|orador|oradora|locutor"
            "|interlocutor|話者|発言者|話し手|スピーカー|说话人|說話人|说话者|发言人|發言人|讲话人"
        ),
        # What feedback has as well: only beside a time are they who speaks.
        "name": "name|who|author|sender|from|nom|nombre|名前|姓名|名字",
        "text": (
            "text|transcript|transcription|words|said|what was said|utterance|utterances|sentence|speech|content|message"
            "|transkript|wortlaut|gesagt|äußerung|texte|paroles|propos|texto|transcripción|palabras|intervención|transcrição|testo"
            "|テキスト|発言|発話|内容|文字起こし|文本|文字|发言内容|發言內容|话语"
        ),
        "time": (
            "time|timestamp|start|start time|begin|end|end time|time code|timecode|zeit|zeitstempel|beginn|ende|heure|début|fin|hora"
            "|inicio|時間|時刻|时间|開始|终了"
        ),
        "beside": "id|no|nr|number|index|row|line|turn|segment id|speaker id|duration|date|language|confidence|channel",
    }.items()
    for name in names.split("|")
}


def part_of(name: str) -> str:
    """What a column is in a table that is a talk, going by its name.

    Parameters
    ----------
    name : str
        The column's name.

    Returns
    -------
    str
        ``speaker``, ``name`` for what is one beside a time, ``text``, ``time``, or ``beside``; empty for what a talk does not have.

    Examples
    --------
    >>> [part_of(name) for name in ("Sprecher", "Start_time", "Transcript", "Company")]
    ['speaker', 'time', 'text', '']
    """
    if name.strip() == "#":
        return "beside"
    return _PARTS.get(" ".join(re.findall(r"[^\W_]+", name.casefold())), "")


def said_in(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> list[Said]:
    """Who says what in the rows of a table that is a talk.

    Parameters
    ----------
    header : sequence of str
        The columns' names.
    rows : sequence of (int, sequence of str)
        Each row's number and its cells.

    Returns
    -------
    list of Said
        One a row; none for a table of something else.

    Examples
    --------
    >>> rows = [(2, ("0:01", "Ana", "And?")), (3, ("0:05", "Jane", "Slow.")), (4, ("0:09", "Ana", "Why?"))]
    >>> said_in(("Time", "Speaker", "Text"), rows)[1]
    Said(speaker='Jane', text='Slow.', at=5, line=3)
    >>> said_in(("Time", "Customer", "Text"), rows)
    []
    """
    if any(len(cells) != len(header) for _, cells in rows):
        return []
    columns = {place: [cells[place].strip() for _, cells in rows] for place in range(len(header))}
    parts = [part_of(name) for name in header]
    timed = [place for place, cells in columns.items() if parts[place] != "text" and _are_times(cells)]
    speakers = [place for place, part in enumerate(parts) if part == "speaker"]
    speakers = speakers or [place for place, part in enumerate(parts) if part == "name" and timed]
    texts = [place for place, part in enumerate(parts) if part == "text"]
    others = {*columns} - {*speakers, *texts, *timed}
    if len(speakers) != 1 or len(texts) != 1 or not all(parts[place] in ("time", "beside") for place in others):
        return []
    if any(
        parts[place] == "beside" and role_of(header[place]) == "date" and len(set(columns[place])) > 1
        for place in others
    ):
        return []  # what was written down day by day
    names, words = columns[speakers[0]], columns[texts[0]]
    turns = [name for name, _ in groupby(filter(None, names))]
    if not len(turns) > len(set(turns)) > 1 or len(set(turns)) > MOST_SPEAKERS or len(_days(header, rows)) > 1:
        return []
    times = [to_seconds(cell) for cell in columns[timed[0]]] if timed else [None] * len(rows)
    return [
        Said(name or None, text, at, number)
        for name, text, at, (number, _) in zip(names, words, times, rows, strict=True)
    ]


def talks_among(tables: Iterable[Table]) -> tuple[Table | Transcript, ...]:
    """Tables, and in place of those that are talks their turns.

    Parameters
    ----------
    tables : iterable of Table
        Of one file.

    Returns
    -------
    tuple of Table or Transcript
        In their order.

    Examples
    --------
    >>> rows = ((2, ("Ana", "And?")), (3, ("Jane", "Slow.")), (4, ("Ana", "Why?")))
    >>> [type(one).__name__ for one in talks_among([Table(("Speaker", "Text"), rows), Table(("Company", "Text"), rows)])]
    ['Transcript', 'Table']
    """
    return tuple(_talk(table) or table for table in tables)


def _talk(table: Table) -> Transcript | None:
    said = said_in(table.header, table.rows)
    days = _days(table.header, table.rows)
    return Transcript(join_turns(said), date=days[0] if days else None, problems=table.problems) if said else None


def _are_times(cells: Sequence[str]) -> bool:
    """Whether cells are times that go on, as how long something took does not."""
    times = [to_seconds(cell) for cell in cells if cell]
    return bool(times) and None not in times and all(one <= other for one, other in pairwise(times))


def _days(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> list[date]:
    """The days in a table's columns of days."""
    places = [place for place, name in enumerate(header) if role_of(name) == "date" or part_of(name) == "time"]
    return list(dict.fromkeys(day for _, cells in rows for place in places if (day := day_in(cells[place]))))
