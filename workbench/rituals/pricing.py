"""What customers say about the price: notes that are tagged so, and apart from them notes in which words hint at it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.signals import find_signals

if TYPE_CHECKING:
    from workbench.themes import Themes

__all__ = ["PRICING_TAGS", "Pricing", "Said", "find_pricing"]

# As product managers write it. What leaving things as they are costs is no price: "cost" is not among them.
PRICING_TAGS = frozenset(
    "pricing price prices packaging package packages plan plans discount discounts budget willingness-to-pay wtp".split()
)
_OF_PRICE = re.compile(
    r"\b(?:pric(?:e|es|ed|ing|ey|y)|expensive|cheap(?:er)?|afford\w*|discounts?|budget\w*|subscription\w*|willing to pay|(?:would|rather|happy to|have to) pay|"
    r"pay(?:s|ing)? (?:us|you|for it|once|monthly|yearly|by|per)|per (?:seat|user)|paid plan|invoic\w+ us)\b",
    re.IGNORECASE,
)  # fmt: skip


class Said(NamedTuple):
    """A note on the price.

    Parameters
    ----------
    note, customer, segment : str
        The note's id, and who said it.
    amounts : tuple of str
        Sums of money in it, as said.

    Examples
    --------
    >>> Said("a#1", "Acme", "field", ("£40 a month",)).amounts
    ('£40 a month',)
    """

    note: str
    customer: str
    segment: str
    amounts: tuple[str, ...]


@dataclass(frozen=True)
class Pricing:
    """What customers say about the price.

    Parameters
    ----------
    tagged : tuple of Said
        Notes that somebody has tagged with one of `PRICING_TAGS`, by customer, in the order of the calls.
    hinted : tuple of Said
        Other notes in which a word for a price stands, or a sum of money: words hint, and somebody has to look.
    """

    tagged: tuple[Said, ...]
    hinted: tuple[Said, ...]


def find_pricing(themes: Themes) -> Pricing:
    """What customers say about the price.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`: notes that do not count, and own takes, are not in it.

    Returns
    -------
    Pricing
        Nothing is added up: a sum a month and a sum a job are different things.

    Examples
    --------
    >>> import pandas as pd
    >>> from workbench.themes import find_themes
    >>> notes = pd.DataFrame({"note": ["a#1", "b#1"], "call": ["a", "b"], "customer": ["Acme", "Bolt"], "segment": ["field"] * 2,
    ...     "date": pd.to_datetime(["2026-11-17"] * 2), "kind": ["quote", "wish"], "consent": ["quote"] * 2,
    ...     "text": ["I would pay £40 a month for the portals", "Wants it cheaper by invoice"], "tags": [("pricing",), ()]})
    >>> found = find_pricing(find_themes(notes, n_themes=1))
    >>> [one.amounts for one in found.tagged], [one.customer for one in found.hinted]
    ([('£40 a month',)], ['Bolt'])
    """
    notes = themes.notes
    tagged: list[Said] = []
    hinted: list[Said] = []
    tags = notes["tags"] if "tags" in notes else [()] * len(notes)
    for row, own in zip(notes[["note", "customer", "segment", "text"]].itertuples(index=False), tags, strict=True):
        is_tagged = any(tag.casefold() in PRICING_TAGS for tag in own)
        amounts = tuple(one.words for one in find_signals(row.text, ("cost",)) if one.rule == "cost/money")
        said = Said(row.note, str(row.customer), str(row.segment), amounts)
        if is_tagged:
            tagged.append(said)
        elif amounts or _OF_PRICE.search(row.text):
            hinted.append(said)
    by_customer = {one.customer: i for i, one in reversed(list(enumerate(tagged)))}
    return Pricing(tuple(sorted(tagged, key=lambda one: by_customer[one.customer])), tuple(hinted))
