"""Which customers a text names: "P1, P2 and Acme", "P1–P4"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from workbench.customers import fold_name

__all__ = ["NameList", "Names"]

# What people call those they talked to, beside their names: P3, U12, P-3fa9, Participant 3.
_CODE = r"(?:[PU]\d{1,3}|P-[0-9a-f]{4,12}|(?:participant|customer|user|interviewee|person|client)\s+#?\d{1,3})"
_CODE_NUMBER = re.compile(r"(?i:participant|customer|user|interviewee|person|client|[a-z]+-?)\s*#?0*(\d{1,3})")
_RANGE = re.compile(r"(?P<stem>[PU])(?P<first>\d{1,3})\s*[-–—]\s*(?P=stem)?(?P<last>\d{1,3})\b")
_AND = re.compile(r"\s*(?:,|;|&|/|\band\b|\bplus\b)\s*(?:and\s+)?|\s*\n\s*[-*]\s*")


class NameList(NamedTuple):
    """Customers listed in a row.

    Parameters
    ----------
    customers : tuple of str
        Each once, in the order of the text.
    start, end : int
        From where to where the list goes.
    """

    customers: tuple[str, ...]
    start: int
    end: int


class Names:
    """The spellings by which customers are known.

    Codes that nobody knows ("P3", "Participant 3", "P-3fa9") are taken as names of their own.

    Parameters
    ----------
    spellings : mapping of str to str
        Spelling -> customer.

    Examples
    --------
    >>> names = Names({"Acme": "Acme", "Acme Inc.": "Acme", "P3": "P3"})
    >>> names.find("Participant 3 and ACME INC did"), names.lists("Five did (Acme, P1–P3)")[0].customers
    (('P3', 'Acme'), ('Acme', 'P1', 'P2', 'P3'))
    """

    def __init__(self, spellings: Mapping[str, str] | None = None) -> None:
        self._customers = {fold_name(spelling): customer for spelling, customer in (spellings or {}).items()}
        # "Participant 3" is P3, where one customer alone has that number in a code.
        numbered: dict[str, set[str]] = {}
        for folded, customer in self._customers.items():
            if found := _CODE_NUMBER.fullmatch(folded):
                numbered.setdefault(found[1], set()).add(customer)
        self._numbered = {number: min(some) for number, some in numbered.items() if len(some) == 1}
        # By their first word, so that a text is searched only for those names that it may hold.
        self._by_word: dict[str, list[str]] = {}
        for spelling in {s.strip() for s in spellings or {} if s.strip()}:
            self._by_word.setdefault(next(iter(_words(spelling)), ""), []).append(spelling)

    def pattern(self, text: str) -> str:
        """A pattern for a customer's name.

        Parameters
        ----------
        text : str
            Where it is to be looked for; names that cannot stand there are left out.

        Returns
        -------
        str
            A regular expression without groups.
        """
        words = {"", *_words(text)}
        known = [spelling for word in words for spelling in self._by_word.get(word, ())]
        known.sort(key=lambda spelling: (-len(spelling), spelling))
        # A name of one or two letters is a word in small letters.
        forms = [re.escape(s) if len(s) <= 2 else f"(?i:{re.escape(s)})" for s in known]
        return rf"(?:(?<![\w#@])(?:{'|'.join([*forms, f'(?i:{_CODE})'])})(?![\w-]))"

    def canonical(self, spelling: str) -> str:
        """The customer that a spelling stands for.

        Parameters
        ----------
        spelling : str
            As written.

        Returns
        -------
        str
            As it is where nobody knows it.
        """
        words = " ".join(spelling.split())
        folded = fold_name(words)
        if folded in self._customers:
            return self._customers[folded]
        number = _CODE_NUMBER.fullmatch(words)
        return self._numbered.get(number[1], words) if number else words

    def find(self, text: str) -> tuple[str, ...]:
        """The customers that a text names.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        tuple of str
            Each once, in the order of the text.
        """
        return tuple(dict.fromkeys(customer for listed in self.lists(text) for customer in listed.customers))

    def lists(self, text: str) -> list[NameList]:
        """The customers that a text names, those in one row together.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of NameList
            In the order of the text; a name that stands alone is a list of one.
        """
        items = [
            (
                found.start(),
                found.end(),
                [f"{found['stem']}{n}" for n in range(int(found["first"]), int(found["last"]) + 1)],
            )
            for found in _RANGE.finditer(text)
            if int(found["first"]) <= int(found["last"])
        ]
        taken = [(start, end) for start, end, _ in items]
        for found in re.finditer(self.pattern(text), text):
            if not any(start <= found.start() < end for start, end in taken):
                items.append((found.start(), found.end(), [found[0]]))
        listed: list[NameList] = []
        for start, end, spellings in sorted(items):
            customers = tuple(map(self.canonical, spellings))
            if listed and _AND.fullmatch(text, listed[-1].end, start):
                before = listed.pop()
                start, customers = before.start, (*before.customers, *customers)
            listed.append(NameList(tuple(dict.fromkeys(customers)), start, end))
        return listed


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
