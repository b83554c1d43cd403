"""What may leave the workspace: consent, pseudonyms, and the removal of names and structured personal data.

A report's claims are data (see :mod:`workbench.report.claims`). :func:`share` turns the data that the PM sees into
the data that others may see: words of customers who have not agreed to be quoted are gone, with their note ids (which
hold a hash of the words); names are pseudonyms unless a customer agreed to be named; files are ``C-`` ids that only
the workspace can map back.

What it promises is what it can keep: every name listed in the registry or in a call's ``customer`` and ``who``, and
structured data (e-mail, web address, telephone, IBAN, card). A name that nobody listed is not found.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["Leaks", "Redactor", "share", "short_ids"]

_MAY_QUOTE = ("quote", "named")

_STRUCTURED = (
    (re.compile(r"(?i)\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), "[e-mail]"),
    (re.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"')]+"), "[link]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), "[account number]"),
    (re.compile(r"\b(?:\d[ -]?){13,19}\b"), "[number]"),
    # A plus sign or a leading zero, then seven digits or more: dates, times and amounts are left alone.
    (re.compile(r"(?<![\w+])(?:\+\d|\(?0\d)(?:[\d ()/.-]{5,}\d)(?!\w)"), "[telephone]"),
    (re.compile(r"(?<![\w@.])@[A-Za-z_]\w{2,}"), "[handle]"),
)


def short_ids(names: Iterable[str], salt: str, prefix: str, length: int) -> dict[str, str]:
    """Short ids that only the holder of the salt can map back.

    Parameters
    ----------
    names : iterable of str
        What is to be named otherwise.
    salt : str
        The workspace's secret.
    prefix : str
        Put before each id.
    length : int
        Hex digits of HMAC-SHA-256 (RFC 2104); names that would share an id get eight digits more.

    Returns
    -------
    dict of str to str
        An id for each name, the same whatever other names there are (but for such collisions).

    Examples
    --------
    >>> ids = short_ids(["Acme", "Bolt"], "salt", "P-", 4)
    >>> ids["Acme"] == short_ids(["Acme"], "salt", "P-", 4)["Acme"] and len(ids["Acme"]) == 6
    True
    """
    digests = {name: hmac.new(salt.encode(), name.encode(), hashlib.sha256).hexdigest() for name in sorted(set(names))}
    by_short: dict[str, list[str]] = {}
    for name, digest in digests.items():
        by_short.setdefault(digest[:length], []).append(name)
    return {
        name: prefix + digests[name][: length if len(same) == 1 else length + 8]
        for same in by_short.values()
        for name in same
    }


class Redactor:
    """Replaces listed names and structured personal data in text.

    Parameters
    ----------
    customers : dict of str to dict
        As in a claims payload: for each customer ``pseudonym``, ``consent``, ``names`` (spellings) and ``people``.

    Examples
    --------
    >>> redact = Redactor({"Acme": {"pseudonym": "P-3fa9", "consent": "quote", "names": ["Acme Inc."], "people": ["Jo Poe"]}})
    >>> redact("Jo at ACME wrote to jo@acme.example")
    '[name] at P-3fa9 wrote to [e-mail]'
    """

    def __init__(self, customers: dict[str, dict[str, Any]]) -> None:
        self._replacements: dict[str, str] = {}  # folded spelling -> what stands for it
        people: set[str] = set()
        for name, customer in customers.items():
            if customer["consent"] != "named":
                for spelling in (name, *customer["names"]):
                    self._replacements[spelling.casefold()] = customer["pseudonym"]
            # A company that agrees to be named has not agreed for its people.
            for person in customer["people"]:
                people.add(person)
                people.update(part for part in re.split(r"[\s.]+", person) if len(part) > 1)
        whole = [person for person in people if " " in person]
        for person in whole:
            self._replacements[person.casefold()] = "[name]"
        self._anywhere = _alternatives(self._replacements, re.IGNORECASE)
        # A single name may also be a word ("Will", "Mark"): only where it is written as a name.
        single = {p for person in people - set(whole) for p in (person[:1].upper() + person[1:], person.upper())}
        self._as_names = _alternatives(single)

    def __call__(self, text: str) -> str:
        """The text without what must not leave.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        str
            With pseudonyms, ``[name]``, ``[e-mail]`` and the like in place.
        """
        for pattern, label in _STRUCTURED:
            text = pattern.sub(label, text)
        if self._anywhere:
            text = self._anywhere.sub(lambda found: self._replacements.get(found[0].casefold(), "[name]"), text)
        return self._as_names.sub("[name]", text) if self._as_names else text


class Leaks:
    """Finds words of customers who have not agreed to be quoted in text that someone wrote by hand.

    Parameters
    ----------
    payloads : iterable of dict
        Claims payloads as the PM sees them.

    Examples
    --------
    >>> note = {"text": "We never looked at that page again", "customer": "Acme", "where": "interviews/a.md:7"}
    >>> leaks = Leaks([{"customers": {"Acme": {"consent": "aggregate"}}, "notes": {"a#1": note}}])
    >>> leaks.find("As one said: we never looked at that page again!")
    'interviews/a.md:7'
    """

    # Six words in a row are hardly ever common to two texts by chance; a shorter note counts when it is there whole.
    N_WORDS = 6

    def __init__(self, payloads: Iterable[dict[str, Any]]) -> None:
        self._places: dict[tuple[str, ...], str] = {}
        for payload in payloads:
            for note in payload["notes"].values():
                if payload["customers"][note["customer"]]["consent"] not in _MAY_QUOTE:
                    words = _words(note["text"])
                    for shingle in _shingles(words, self.N_WORDS) if len(words) > self.N_WORDS else [tuple(words)]:
                        if len(shingle) >= 4:
                            self._places.setdefault(shingle, note["where"])
        self._lengths = {len(shingle) for shingle in self._places}

    def find(self, text: str) -> str:
        """Where the first such words come from.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        str
            ``file:line`` of the note, empty when there are none.
        """
        words = _words(text)
        return next(
            (self._places[s] for length in sorted(self._lengths) for s in _shingles(words, length) if s in self._places), ""
        )


def share(payload: dict[str, Any]) -> dict[str, Any]:
    """A claims payload as others may see it.

    Parameters
    ----------
    payload : dict
        As the PM sees it, see :mod:`workbench.report.claims`.

    Returns
    -------
    dict
        Of the same shape. Notes are keyed by their ``C-`` reference and carry no file; those without consent have no
        text; customers are keyed by what they are called outside; every other string is redacted.

    Examples
    --------
    >>> payload = {"section": "quotes", "customers": {"Acme": {"pseudonym": "P-3fa9", "consent": "aggregate", "label": "Acme",
    ...     "names": [], "people": []}}, "notes": {"a#1": {"text": "It resets", "customer": "Acme", "where": "a.md:7",
    ...     "ref": "C-81c0e2:7", "role": ""}}, "data": {"notes": ["a#1"], "deck": "Seen at Acme"}}
    >>> shared = share(payload)
    >>> shared["data"], shared["notes"]["C-81c0e2:7"]["text"]
    ({'notes': ['C-81c0e2:7'], 'deck': 'Seen at P-3fa9'}, None)
    """
    redact = Redactor(payload["customers"])
    labels = {
        name: name if customer["consent"] == "named" else customer["pseudonym"]
        for name, customer in payload["customers"].items()
    }
    refs = {note_id: note["ref"] for note_id, note in payload["notes"].items()}
    may_quote = {
        note_id: payload["customers"][note["customer"]]["consent"] in _MAY_QUOTE for note_id, note in payload["notes"].items()
    }
    customers = {
        labels[name]: customer | {"label": labels[name], "names": [], "people": [], "roles": [redact(r) for r in customer.get("roles", [])]}
        for name, customer in payload["customers"].items()
    }  # fmt: skip
    notes = {
        refs[note_id]: note
        | {
            "text": redact(note["text"]) if may_quote[note_id] else None,
            "customer": labels[note["customer"]],
            "role": redact(note["role"]),
            "where": note["ref"],
        }
        for note_id, note in payload["notes"].items()
    }
    return payload | {
        "customers": customers,
        "notes": notes,
        "data": _map(payload["data"], "", redact, refs, labels, may_quote),
    }


def _map(
    value: Any, key: str, redact: Callable[[str], str], refs: dict[str, str], labels: dict[str, str], may_quote: dict[str, bool]
) -> Any:
    """`value` with references renamed, other strings redacted, and statements of withheld notes gone."""
    if isinstance(value, str):
        if key in ("note", "notes"):
            return refs[value]
        return labels[value] if key in ("customer", "customers") else redact(value)
    if isinstance(value, list):
        kept = [item for item in value if not (isinstance(item, dict) and "statement" in item and not may_quote[item["note"]])]
        return [_map(item, key, redact, refs, labels, may_quote) for item in kept]
    if isinstance(value, dict):
        return {name: _map(item, name, redact, refs, labels, may_quote) for name, item in value.items()}
    return value


def _alternatives(words: Iterable[str], flags: int = 0) -> re.Pattern[str] | None:
    """A pattern of whole words, the longest first; None for no words."""
    ordered = sorted((word for word in words if word.strip()), key=lambda word: (-len(word), word))
    if not ordered:
        return None
    spaced = (r"\s+".join(re.escape(part) for part in word.split()) for word in ordered)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", flags)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _shingles(words: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)]
