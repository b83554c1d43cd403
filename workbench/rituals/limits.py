"""What a quarter holds at most, and when it may hold more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.records import Bet, Decision

__all__ = ["MOST_BETS", "MOST_WORDS", "find_allowing", "find_bet"]

MOST_BETS = 3
# From here on a sentence is difficult for most readers; so the style guides of GOV.UK ("Sentence length: why 25 words is our
# limit", 2014) and of the Australian government.
MOST_WORDS = 25
_BET = re.compile(r"\bB-[0-9A-Za-z]+")
_MORE = re.compile(
    r"\b(?:fourth|fifth|sixth|4th|5th|6th|(?:four|five|six|[4-6]) bets|(?:more than|over|beyond|besides) (?:the )?(?:three|3)|"
    r"(?:one|a|another) (?:more|further|additional) bet|another bet|exception)\b",
    re.IGNORECASE,
)


def find_bet(bets: Iterable[Bet], line: str) -> Bet | None:
    """The record of a bet that the quarter names.

    Parameters
    ----------
    bets : iterable of Bet
        The records.
    line : str
        As the quarter has it: an id, a title, or an id with words beside it.

    Returns
    -------
    Bet or None
        None where it has no record.

    Examples
    --------
    >>> from workbench.records import Bet
    >>> bets = [Bet("B-3fa9c1", title="Lists get in faster")]
    >>> [bool(find_bet(bets, line)) for line in ("B-3fa9c1 Lists", "lists get in faster", "Lists")]
    [True, True, False]
    """
    named = _BET.findall(line)
    return next(
        (bet for bet in bets if bet.id in named or bet.id == line or bet.title.casefold() == line.casefold()), None
    )


def find_allowing(decisions: Iterable[Decision], bet: str, title: str = "") -> Decision | None:
    """The decision by which there is one bet more than three.

    Parameters
    ----------
    decisions : iterable of Decision
        The log.
    bet : str
        The bet's id, or its name where it has no record.
    title : str
        What it is called.

    Returns
    -------
    Decision or None
        One that was taken and holds, is about the bet (by its field ``bet``, or its words), and says that it is one more:
        "a fourth bet", "more than three", "an exception".

    Examples
    --------
    >>> from workbench.records import Decision
    >>> log = [Decision("D-1", title="A fourth bet?", status="decided", bet="B-1", chosen="Yes, until March")]
    >>> find_allowing(log, "B-1").id, find_allowing(log, "B-2")
    ('D-1', None)
    """
    for one in decisions:
        said = " ".join((one.title, one.chosen, one.why))
        about = one.bet == bet or any(name and name.casefold() in said.casefold() for name in (bet, title))
        if one.status == "decided" and about and _MORE.search(said):
            return one
    return None
