"""What of a decision stands on its one page: as much as has room by rule, and what was left out, said.

A browser lays the page out, with whatever fonts there are, so that lines are estimated here from the letters' widths, and
generously. A quote stands whole or not at all.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["choose_for_page", "count_lines", "cut_to"]

# What is printed below the header takes so many lines on a sheet of Letter, which is shorter than A4; the rest is for what
# a browser does otherwise. A column is so many em wide, a heading in it as high as two lines.
SHEET, WIDE, HEADING, GAP = 44.0, 25.0, 2.2, 0.35
TITLE, ASK, SIDE = 30.0, 29.0, 12.5
MOST = {"themes": 2, "notes": 4, "against": 2, "options": 8, "risks": 6, "guardrails": 4, "stances": 8}
# Lines of one text in each place.
LINES = {"question": 2, "ask": 3, "why": 3, "owner": 2, "problem": 3, "theme": 3, "option": 2, "risk": 2, "stance": 1}
QUOTE = 4  # a longer one is not taken
_NARROW = set("iljtfr.,:;!'|()[]’‘-– ")
_BROAD = set("mwMWQ@%&—…")


def count_lines(text: str, width: float) -> int:
    """How many lines a text takes, rather one too many.

    Parameters
    ----------
    text : str
        As it is shown.
    width : float
        Of a line, in em.

    Returns
    -------
    int
        One at least.

    Examples
    --------
    >>> count_lines("Filters reset when she goes back", 25), count_lines("W" * 60, 25)
    (1, 3)
    """
    # A word that has no room is put on the next line, which costs some of each; a word longer than a line is cut.
    return max(1, math.ceil(sum(map(_em, text)) * 1.06 / width))


def cut_to(text: str, lines: int, width: float) -> str:
    """A text that takes so many lines at most; what is cut ends in an ellipsis.

    Parameters
    ----------
    text : str
        As it is shown.
    lines : int
        How many.
    width : float
        Of a line, in em.

    Returns
    -------
    str
        The text, or its beginning up to a word.

    Examples
    --------
    >>> cut_to("one two three", 1, 25), cut_to("one two three " * 9, 1, 10)
    ('one two three', 'one two three …')
    """
    if count_lines(text, width) <= lines:
        return text
    room, at = lines * width / 1.06 - 1.5, 0
    for at, letter in enumerate(text):  # noqa: B007
        room -= _em(letter)
        if room < 0:
            break
    head = text[:at].rstrip()
    word = head.rpartition(" ")[0]
    return f"{word if len(word) > len(head) / 2 else head} …"


def choose_for_page(data: dict[str, Any], payload: dict[str, Any], read: Callable[[str], str]) -> dict[str, Any]:
    """What has room.

    Parameters
    ----------
    data : dict
        A decision as :func:`workbench.report.weekly.decisions.describe_one_pager` has it.
    payload : dict
        The section's claims as the reader may see them.
    read : callable
        A text as the page shows it.

    Returns
    -------
    dict
        ``themes, notes, against, options, risks, guardrails, stances``: what is taken of each, in its order; the texts ``question,
        ask, why, trigger, cost, chosen``, none too long; ``left``: what was left out, as texts.
    """
    shortened = 0

    def fit(text: str, place: str, width: float = WIDE) -> str:
        nonlocal shortened
        shown = read(text)
        kept = cut_to(shown, LINES[place], width)
        shortened += kept != shown
        return kept

    notes = payload["notes"]
    quotes = {side: _short_enough(ids, notes, read) for side, ids in (("notes", data["notes"]), ("against", data["against"]["notes"]))}  # fmt: skip
    texts = {
        "options": [fit(text, "option") for text in data["options"]],
        "risks": [{**row, "risk": fit(row["risk"], "risk")} for row in data["risks"]],
        "guardrails": [{**row, "guardrail": fit(row["guardrail"], "risk")} for row in data["guardrails"]],
        "stances": [
            {"said": fit(": ".join(filter(None, (one["person"], one["stance"]))), "stance"), "day": one["day"]}
            for one in data["stances"]
        ],
    }
    said = {
        "question": fit(data["question"], "question", TITLE),
        "ask": fit(data["ask"], "ask", ASK),
        "chosen": fit(data["chosen"], "option", ASK),
        "why": fit(data["why"], "why", ASK),
        "owner": fit(data["owner"], "owner", SIDE),
        "trigger": fit(data["trigger"], "problem"),
        "cost": fit(data["cost"], "problem"),
        "tests": [{**row, "hypothesis": fit(row["hypothesis"], "stance", 12)} for row in data["tests"]],
    }
    asked = (said["ask"] if data["status"] == "proposed" else said["chosen"]) + " " + said["why"]
    above = 1.5 * count_lines(said["question"], TITLE) + max(5, count_lines(asked, ASK) + 1)
    column = SHEET - above - 3
    problem = HEADING + sum(count_lines(said[name], WIDE) + 1 + GAP for name in ("trigger", "cost") if said[name])
    left_column = _share(
        column - problem - HEADING - 4,
        {
            "themes": [LINES["theme"] + GAP] * len(data["themes"]),
            "notes": [_quote_lines(id, notes, read) for id in quotes["notes"]],
            "against": [_quote_lines(id, notes, read) for id in quotes["against"]],
        },
    )
    right_column = _share(
        column - 3 * HEADING - 2,
        {
            "options": [count_lines(text, WIDE) + GAP for text in texts["options"]],
            "risks": [count_lines(row["risk"], WIDE) + GAP for row in texts["risks"]],
            "stances": [count_lines(one["said"], WIDE - 8) + GAP for one in texts["stances"]],
            "guardrails": [count_lines(row["guardrail"], WIDE) + GAP for row in texts["guardrails"]],
        },
    )
    taken = left_column | right_column
    every = {**texts, "themes": data["themes"], **quotes}
    return {
        **said,
        **{name: every[name][: taken[name]] for name in taken},
        "left": _left_out(every, taken, shortened),
    }


def _share(room: float, costs: dict[str, list[float]]) -> dict[str, int]:
    """How many of each kind: one of every kind first, then a second, as long as there is room."""
    taken = dict.fromkeys(costs, 0)
    open_ = [name for name in costs if costs[name]]
    while open_:
        for name in list(open_):
            n = taken[name]
            if n < min(len(costs[name]), MOST[name]) and costs[name][n] <= room:
                room -= costs[name][n]
                taken[name] += 1
            else:
                open_.remove(name)
    return taken


def _short_enough(ids: Sequence[str], notes: dict[str, Any], read: Callable[[str], str]) -> list[str]:
    """Quotes that may stand there, and have room whole."""
    return [
        id for id in ids if notes[id]["text"] is not None and count_lines(read(notes[id]["text"]), WIDE - 2) <= QUOTE
    ]


def _quote_lines(id: str, notes: dict[str, Any], read: Callable[[str], str]) -> float:
    return count_lines(read(notes[id]["text"]), WIDE - 2) + 1 + 2 * GAP


def _left_out(every: dict[str, list[Any]], taken: dict[str, int], shortened: int) -> list[str]:
    """What does not stand on the page, in words."""
    called = {
        "options": "option",
        "risks": "risk",
        "guardrails": "guardrail",
        "stances": "person asked",
        "themes": "theme",
    }
    many = {"stances": "people asked"}
    found = []
    for name, one in called.items():
        if n := len(every[name]) - taken[name]:
            found.append(f"{n} more {one if n == 1 else many.get(name, one + 's')}")
    if shortened:
        found.append(f"the end of {shortened} {'text' if shortened == 1 else 'texts'} (…)")
    return found


def _em(letter: str) -> float:
    """About how wide a letter is in the fonts that may be there, rather too wide."""
    if letter in _NARROW:
        return 0.32
    if letter in _BROAD:
        return 0.95
    if letter.isascii():
        return 0.7 if letter.isupper() or letter.isdigit() else 0.52
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Mn":
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0x2FFF:
        return 1.35
    return 0.75
