"""What of a decision stands on its one page: as much as has room by rule, and what was left out, said.

A browser lays the page out, with whatever fonts there are, so that lines are estimated here from the letters' widths, and
generously. A quote stands whole or not at all.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

__all__ = ["Sheet", "choose_for_page", "count_lines", "cut_to", "sheet_for"]

# What is printed below the header takes so many lines on a sheet of Letter, which is shorter than A4; the rest is for what
# a browser does otherwise. A column is so many em wide, a heading in it as high as two lines.
SHEET, WIDE, HEADING, GAP = 53.0, 26.0, 2.2, 0.35
TITLE, ASK, SIDE = 30.0, 29.0, 12.5
MOST = {"themes": 2, "notes": 4, "against": 2, "options": 8, "risks": 6, "guardrails": 4, "stances": 8}
# Lines of one text in each place.
LINES = {"question": 2, "ask": 3, "why": 3, "owner": 2, "problem": 3, "theme": 3, "option": 2, "risk": 2, "stance": 1}
QUOTE = 4  # a longer one is not taken
# What only that reader is told more or fewer of.
MOST_FOR = {"engineering": {"guardrails": 6}, "design": {"notes": 6}}
_NARROW = set("iljtfr.,:;!'|()[]’‘-– ")
_BROAD = set("mwMWQ@%&—…")


class Sheet(NamedTuple):
    """How the page is laid out for a reader.

    Parameters
    ----------
    columns : tuple of tuple of (str, str)
        The left one and the right one: its blocks in order, each with its heading; ``problem`` and ``evidence`` are in one,
        ``options``, ``risks`` and ``seen`` in the other, whichever there are.
    without : str
        What that reader does not get, in words; empty where nothing is missing.
    cost : bool
        Whether it says what waiting costs.
    """

    columns: tuple[tuple[tuple[str, str], ...], ...]
    without: str = ""
    cost: bool = True

    def has(self, block: str) -> bool:
        """Whether a block stands on it.

        Parameters
        ----------
        block : str
            Its name.

        Returns
        -------
        bool
            False where that reader does not get it.
        """
        return any(name == block for column in self.columns for name, _ in column)


_SHEETS = {
    "": Sheet(
        (
            (("problem", "The problem"), ("evidence", "The evidence")),
            (("options", "The options"), ("risks", "What may go wrong"), ("seen", "Who has seen it")),
        )
    ),
    "exec": Sheet(
        (
            (("options", "The options"), ("risks", "What may go wrong"), ("seen", "Who has seen it")),
            (("problem", "What is at stake"), ("evidence", "Who is behind it")),
        )
    ),
    "engineering": Sheet(
        (
            (("problem", "The problem to solve"), ("evidence", "The evidence")),
            (("risks", "Guardrails, and what may go wrong"), ("options", "What could be done")),
        ),
        "who has seen it",
    ),
    "design": Sheet(
        (
            (("evidence", "What customers said"), ("problem", "The problem")),
            (("options", "The options"), ("risks", "What may go wrong")),
        ),
        "who has seen it",
    ),
    "sales": Sheet(
        (
            (("evidence", "What customers said"), ("problem", "What it is about")),
            (("options", "The options, none of them a promise"),),
        ),
        "what waiting costs, what may go wrong, who has seen it",
        cost=False,
    ),
}


def sheet_for(audience: str) -> Sheet:
    """The layout for a reader.

    Parameters
    ----------
    audience : str
        One of :data:`workbench.report.audiences.AUDIENCES`; empty for everybody.

    Returns
    -------
    Sheet
        The same facts and numbers for each.

    Examples
    --------
    >>> sheet_for("sales").has("risks"), sheet_for("").has("risks")
    (False, True)
    """
    return _SHEETS[audience]


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
    lines, left = 0, 0.0
    for word in text.split():
        wide = sum(map(_em, word))
        if wide <= left:
            left -= wide + _em(" ")
            continue
        # It begins the next line, and is broken where it is longer than one.
        lines += math.ceil(wide / width)
        left = width - wide % width - _em(" ")
    return max(1, lines)


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
    ('one two three', 'one two three one …')
    """
    if count_lines(text, width) <= lines:
        return text
    # As many letters as have room, by halves; then back to the end of a word.
    low, high = 0, len(text)
    while low < high:
        at = (low + high + 1) // 2
        low, high = (at, high) if count_lines(f"{text[:at]} …", width) <= lines else (low, at - 1)
    head = text[:low].rstrip()
    word = head.rpartition(" ")[0]
    return f"{word if len(word) > len(head) / 2 else head} …"


def choose_for_page(data: dict[str, Any], payload: dict[str, Any], read: Callable[[str], str]) -> dict[str, Any]:
    """What has room, for the reader that ``payload["reader"]`` names.

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
        asked`` (the ask, or what was chosen), ``why, owner, trigger, cost``, none too long; ``left``: what was left out, as texts.
    """
    short: set[str] = set()

    def fit(text: str, place: str, width: float = WIDE, before: str = "") -> str:
        shown = read(text)
        kept = cut_to(f"{before}{shown}", LINES[place], width).removeprefix(before)
        if kept != shown:
            short.add(kept)
        return kept

    notes, reader = payload["notes"], payload.get("reader", "")
    sheet = sheet_for(reader)
    every: dict[str, list[Any]] = {
        "themes": [theme | {"fits": _fits(theme, read)} for theme in data["themes"]],
        "notes": _short_enough(data["notes"], notes, read),
        "against": _short_enough(data["against"]["notes"], notes, read),
        "options": [
            {"at": at, "text": fit(text, "option"), "chosen": text == data["chosen"], "must": text in (data["chosen"], data["nothing"])}
            for at, text in enumerate(data["options"])
        ],
        "risks": [{"text": fit(row["risk"], "risk")} for row in data["risks"]],
        "guardrails": [{"text": fit(row["guardrail"], "risk", before="Guardrail: ")} for row in data["guardrails"]],
        "stances": [
            {"text": fit(": ".join(filter(None, (one["person"], one["stance"]))), "stance", WIDE - 5), "day": one["day"]}
            for one in data["stances"]
        ],
    }  # fmt: skip
    proposed = data["status"] == "proposed"
    said = {
        "question": fit(data["question"], "question", TITLE),
        "asked": fit(data["ask" if proposed else "chosen"], "ask", ASK, "Chosen. "),
        "why": fit(data["why"], "why", ASK),
        "owner": fit(data["owner"], "owner", SIDE),
        "trigger": fit(data["trigger"], "problem"),
        "cost": fit(data["cost"], "problem") if sheet.cost else "",
    }
    if not sheet.has("risks"):
        every |= {"risks": [], "guardrails": []}
    if not sheet.has("seen"):
        every["stances"] = []
    above = 1.5 * count_lines(said["question"], TITLE) + max(
        5, count_lines(f"Chosen. {said['asked']}", ASK) + count_lines(said["why"], ASK) + 1
    )
    column = SHEET - above - 3 - (2 if reader else 0)  # the foot says for whom the page is, and without what
    problem = HEADING + sum(count_lines(said[name], WIDE) + 1 + GAP for name in ("trigger", "cost") if said[name])
    costs = {name: [count_lines(f"{before}{row['text']}", WIDE) + GAP for row in every[name]] for name, before in (("options", ""), ("risks", ""), ("stances", ""), ("guardrails", "Guardrail: "))}  # fmt: skip
    taken = _share(
        column - problem - HEADING - 4,
        {
            "themes": [LINES["theme"] + GAP] * len(every["themes"]),
            "notes": [_quote_lines(id, notes, read) for id in every["notes"]],
            "against": [_quote_lines(id, notes, read) for id in every["against"]],
        },
        most := MOST | MOST_FOR.get(reader, {}),
    ) | _share(column - 3 * HEADING - 2, costs, most)
    shown = {name: every[name][: taken[name]] for name in taken}
    # Doing nothing, and what was chosen, stand there whatever else there is.
    musts = [row for row in every["options"][taken["options"] :] if row["must"]]
    shown["options"] = [*shown["options"][: taken["options"] - len(musts)], *musts]
    texts = [*said.values(), *(row["text"] for name in costs for row in shown[name])]
    return {**said, **shown, "left": _left_out(every, shown, sum(text in short for text in texts))}


def _share(room: float, costs: dict[str, list[float]], most: dict[str, int]) -> dict[str, int]:
    """How many of each kind: one of every kind first, then a second, as long as there is room."""
    taken = dict.fromkeys(costs, 0)
    open_ = [name for name in costs if costs[name]]
    while open_:
        for name in list(open_):
            n = taken[name]
            if n < min(len(costs[name]), most[name]) and costs[name][n] <= room:
                room -= costs[name][n]
                taken[name] += 1
            else:
                open_.remove(name)
    return taken


def _fits(theme: dict[str, Any], read: Callable[[str], str]) -> bool:
    """Whether a theme's name, or the words that stand for it, have room whole."""
    words = theme["title"] or next((claim["statement"] for claim in theme["claims"]), "")
    return count_lines(read(words), WIDE) <= LINES["theme"]


def _short_enough(ids: Sequence[str], notes: dict[str, Any], read: Callable[[str], str]) -> list[str]:
    """Quotes that may stand there, and have room whole."""
    return [
        id
        for id in ids
        if notes[id]["text"] is not None and count_lines(f"mm{read(notes[id]['text'])}", WIDE - 1) <= QUOTE
    ]


def _quote_lines(id: str, notes: dict[str, Any], read: Callable[[str], str]) -> float:
    return count_lines(f"mm{read(notes[id]['text'])}", WIDE - 1) + 1 + 2 * GAP


def _left_out(every: dict[str, list[Any]], shown: dict[str, list[Any]], shortened: int) -> list[str]:
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
        if n := len(every[name]) - len(shown[name]):
            found.append(f"{n} more {one if n == 1 else many.get(name, one + 's')}")
    if shortened:
        found.append(f"the end of {shortened} {'text' if shortened == 1 else 'texts'} (…)")
    return found


@lru_cache(4096)
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
