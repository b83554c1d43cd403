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
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

__all__ = [
    "OWN_WORDS",
    "Leaks",
    "Redactor",
    "as_read",
    "find_place",
    "is_own",
    "name_places",
    "rename_places",
    "share",
    "short_ids",
]

_MAY_QUOTE = ("quote", "named")

# What has a form that gives it away. Dates, times, amounts and "C-3fa9c1:12" are left alone.
_STRUCTURED = (
    ("[e-mail]", r"(?i:@?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"),
    ("[link]", r"(?i:\b(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>\"')]*[^\s<>\"').,;:!?])"),
    (
        "[link]",
        r"(?i:(?<![\w@.-])(?:[a-z0-9][a-z0-9-]*\.)+(?:com|net|org|eu|info|biz|io|example|(?:ac|co|gov|org)\.[a-z]{2})\b"
        r"(?:/[^\s<>\"')]*[^\s<>\"').,;:!?])?)",
    ),
    (
        "[account number]",
        r"\b(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?|(?i:[a-z]{2}\d{2}(?=[a-z]*\d)[a-z0-9]{11,30}))\b",
    ),
    # Cards as they are printed, a row of years apart; and any row of ten digits or more.
    (
        "[number]",
        r"(?<!\w)(?<!\d-)(?!(?:19|20)\d\d[ -](?:19|20)\d\d[ -])"
        r"(?:\d{4}(?:[ -]\d{4}){2,3}(?:[ -]\d{1,4})?|\d{4}[ -]\d{6}[ -]\d{4,5})(?!\w)",
    ),
    # With a plus sign or a leading zero, seven digits or more that are neither a day nor two times of day; or grouped
    # as in North America, Italy, Spain, Poland and India.
    (
        "[telephone]",
        r"(?<![\w+])(?<!\d[./-])(?!\d\d[./-]\d\d?[./-](?:\d{4}|\d\d)(?![./-]?\d))(?!\d\d\.\d\d ?[-–] ?\d\d\.\d\d(?!\d))"
        r"(?:\+\d|\(?0\d)(?:[ ()/.-]{0,3}\d){5,13}(?!\w)",
    ),
    (
        "[telephone]",
        r"(?<![\w+.-])(?:(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}|"
        r"[5-9]\d\d(?:[ -]\d{3}){2}|[5-9]\d\d(?: \d\d){3}|\d{5}[ -]\d{5})"
        r"(?![\w-])",
    ),
    # With the area's code in brackets, or after a word for a telephone.
    ("[telephone]", r"(?<![\w+.-])(?:8 )?\(\d{2,4}\) ?\d{3,5}(?:[ .-]\d{2,4}){1,3}(?![\w-])"),
    (
        "[telephone]",
        r"(?<!\w)(?i:tel|phone|telephone|mobile|cell|fax|whatsapp)(?i:[.:]{0,2} ?(?:no\.?|number|is)?:? ?)"
        r"\+?\d(?:[ ()/.-]{0,2}\d){5,13}(?!\w)",
    ),
    ("[number]", r"(?<!\w)\d{10,}(?!\w)"),
    ("[handle]", r"(?<![\w@.])@[A-Za-z_][\w.-]*\w"),
)
# Keys of a section's data that hold the workbench's own words, or ids and days ...
OWN_WORDS = {
    "among", "becomes", "claim", "codes", "date", "day", "direction", "first", "in", "last", "missing", "name", "of",
    "open", "refs", "status", "strength", "theme", "tid", "tids", "unit", "week", "what", "word",
}  # fmt: skip
# ... which are these: anything else under such a key may be somebody's, and is redacted as all the rest is.
_OWN_VALUES = set(
    """
    calls call customers customer notes note segments segment weeks week stated quotes
    draft ready running supported refuted dropped planned proposed decided superseded started finished shipped
    single emerging up down rising falling steady increase decrease raise lower new fragile
    change metric baseline direction size unit deadline because slice owner guardrails decision_rule confidence status
    points percent seconds minutes hours days Outcome Bets Calls Owner Product
    active done quiet tags themes only rank strength
    """.split()
) | {"Won’t do", "no clear change", "too few calls"}
_OWN_FORM = re.compile(
    r"\d{4}-\d\d-\d\d|\d{4}-W\d\d|[A-Z]-[0-9a-f]{4,}(?::\d+)?|T\d+|%?"
    # a claim's id
    r"|[a-z]+/(?:[a-z-]+|[A-Z]-[0-9a-f]{4,}|T\d+|\d{4}-W\d\d|[a-z-]*\d+[a-z-]*)(?:/[\w-]+)?"
)
# A note's id holds a hash of its words, which whoever guesses them can try; a call's file is often named after somebody.
_PLACE = re.compile(
    r"(?<![\w./#-])[\w.-]+#[0-9a-f]{8}(?:-\d+)?(?![\w#-])"
    r"|(?<![\w./-])(?:[\w.~-]*/)*(?:interviews/[^\s<>\"'][^<>\"'\n]{0,120}?|\d{4}-\d\d-\d\d-[\w.-]+)\.md(?::\d+)?(?![\w-])"
)
_DATED = re.compile(r"\d{4}-\d\d-\d\d-")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# A pseudonym, a call or a record.
_CODE = re.compile(r"(?<!\w)[A-Z]-[0-9a-f]{4,}(?::\d+)?(?!\w)")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
# What of a customer leaves besides its pseudonym's label; spellings, people and who does what stay.
_OF_CUSTOMER = ("pseudonym", "segment", "consent", "stated", "roles", "days")


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
        As in a claims payload: for each customer ``pseudonym``, ``consent``, ``names`` (spellings), ``people`` and, where
        known, ``role_of`` (person -> role).

    Examples
    --------
    >>> customers = {"Acme": {"pseudonym": "P-3fa9", "consent": "quote", "names": ["Acme Inc."], "people": ["Jo Poe"]}}
    >>> redact = Redactor(customers)
    >>> redact("Jo at ACME wrote to jo@acme.example")
    '[name] at P-3fa9 wrote to [e-mail]'
    >>> customers["Acme"]["role_of"] = {"Jo Poe": "ops lead"}
    >>> Redactor(customers)("Jo at ACME wrote")
    '[ops lead] at P-3fa9 wrote'
    """

    def __init__(self, customers: dict[str, dict[str, Any]]) -> None:
        stands_for: dict[str, str | None] = {}  # spelling -> what stands for it; None to keep it as it is
        roles: dict[str, set[str]] = {}  # person, or part of their name -> what they do
        for name, customer in sorted(customers.items(), key=lambda item: item[1]["consent"] != "named"):
            pseudonym = None if customer["consent"] == "named" else customer["pseudonym"]
            for spelling in (name, *customer["names"]):
                stands_for[spelling] = pseudonym
            # A company that agrees to be named has not agreed for its people.
            for person in customer["people"]:
                role = customer.get("role_of", {}).get(person, "")
                for part in {person, *_parts_of_name(person)}:
                    roles.setdefault(part, set()).add(role)
        rules = [(len(name), form, word) for name, word in stands_for.items() for form in _spellings(name)]
        # Where two people share a name, nobody can say which of them it is.
        people = {part: role.pop() if len(role) == 1 else "" for part, role in roles.items()}
        self._people: dict[str, str] = {}  # what stands for somebody -> their role
        for person, role in sorted(people.items()):
            word = f"[{role}]" if role else "[name]"
            self._people[word] = role
            # A single name may also be a word ("Will", "Mark"): only where it is written as a name.
            forms = _spellings(person) if len(person.split()) > 1 else _as_names(person)
            rules += [(len(person), form, word) for form in forms]
        # The longest first, so that "Acme Freight" is not cut at "Acme"; of equals the one that is replaced.
        rules.sort(key=lambda rule: (-rule[0], rule[2] is None))
        self._rules = [(rf"(?<![^\W_]){pattern}(?![^\W_])", word) for _, (_, pattern), word in rules]
        # By the first word of each, so that a text is searched only for those names that it may hold.
        self._by_word: dict[str, list[int]] = {}
        for i, (_, (first, _), _) in enumerate(rules):
            self._by_word.setdefault(first, []).append(i)
        self._patterns: dict[tuple[int, ...], re.Pattern[str]] = {}
        # A role may be written with a name in it ("ops lead at Acme").
        clean = {word: word if not role or self(role) == role else "[name]" for word, role in self._people.items()}
        self._rules = [(pattern, clean.get(word or "", word)) for pattern, word in self._rules]

    def __call__(self, text: str) -> str:
        """The text without what must not leave.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        str
            With pseudonyms, somebody's role or ``[name]``, ``[e-mail]`` and the like in place.
        """
        pattern, stand_ins = self._compiled(text)

        def replace(found: re.Match[str]) -> str:
            stand_in = stand_ins[(found.lastindex or 0) - 1]
            return found[0] if stand_in is None else stand_in

        # One pass, so that what was put in is not replaced again.
        shown = pattern.sub(replace, text)
        if shown == text and as_read(text) == text:
            return text
        while left := self.find_left(shown):  # hidden from a reader of letters, not from a reader
            shown = as_read(shown)
            for stand_in, words, at in reversed(left):
                shown = shown[:at] + stand_in + shown[at + len(words) :]
        return shown

    def names_in(self, text: str) -> bool:
        """Whether a word of a name stands in a text, so that the name may.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        bool
            False where :meth:`find` finds no name.

        Examples
        --------
        >>> people = {"Acme": {"pseudonym": "P-1", "consent": "quote", "names": [], "people": ["Jo Poe"]}}
        >>> Redactor(people).names_in("ask Jo"), Redactor(people).names_in("ask her")
        (True, False)
        """
        words = set(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text)))
        # Folding a whole text letter by letter takes ten times as long.
        return not self._by_word.keys().isdisjoint(word.casefold() if word.isascii() else _fold(word) for word in words)

    def find(self, text: str) -> list[tuple[str, str, int]]:
        """What must not leave, without replacing it.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of (str, str, int)
            What would stand for it, the words as they are, and where they begin.

        Examples
        --------
        >>> Redactor({}).find("Write to jo@acme.example")
        [('[e-mail]', 'jo@acme.example', 9)]
        """
        pattern, stand_ins = self._compiled(text)
        found = [(stand_ins[(match.lastindex or 0) - 1], match[0], match.start()) for match in pattern.finditer(text)]
        return [(stand_in, words, at) for stand_in, words, at in found if stand_in is not None]

    def find_left(self, text: str) -> list[tuple[str, str, int]]:
        r"""What a reader would still see in a text from which it was taken: written with a soft hyphen, in wide letters.

        Parameters
        ----------
        text : str
            A text as it would leave.

        Returns
        -------
        list of (str, str, int)
            As for :meth:`find`, in :func:`as_read` of the text; what stands for names is not taken for one.

        Examples
        --------
        >>> Redactor({"Link": {"pseudonym": "P-1a2b", "consent": "quote", "names": [], "people": []}}).find_left("[link] to Li\u00adnk")
        [('P-1a2b', 'Link', 10)]
        """
        seen = as_read(text)
        if seen == text and "[" not in text and not self._may_hold(text):
            return []
        for word in (*self._people, *(label for label, _ in _STRUCTURED), "[name]"):
            seen = seen.replace(word, "\0" * len(word))
        seen = _CODE.sub(lambda found: "\0" * len(found[0]), seen)
        return self.find(seen)

    def _may_hold(self, text: str) -> bool:
        """Whether a text is worth a second look, which most are not."""
        return "@" in text or self.names_in(text) or any(c.isdigit() for c in text)

    def _compiled(self, text: str) -> tuple[re.Pattern[str], list[str | None]]:
        """A pattern for what a text may hold, and what stands for each of its groups."""
        words = {"", *re.findall(r"[^\W_]+", _fold(text))}
        rules = tuple(sorted(i for word in words for i in self._by_word.get(word, ())))
        if rules not in self._patterns:
            patterns = [pattern for _, pattern in _STRUCTURED] + [self._rules[i][0] for i in rules]
            self._patterns[rules] = re.compile("|".join(f"({pattern})" for pattern in patterns))
        return self._patterns[rules], [label for label, _ in _STRUCTURED] + [self._rules[i][1] for i in rules]


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
            shown = payload["notes"].values()
            withheld = [note for note in shown if payload["customers"][note["customer"]]["consent"] not in _MAY_QUOTE]
            for note in [*withheld, *payload.get("withheld", [])]:
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
            (
                self._places[s]
                for length in sorted(self._lengths)
                for s in _shingles(words, length)
                if s in self._places
            ),
            "",
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
        Of the same shape. Notes are keyed by their ``C-`` reference and carry no file, and are called by it in what
        somebody wrote; those without consent have no text; customers are keyed by what they are called outside; every other string is redacted.

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
        note_id: payload["customers"][note["customer"]]["consent"] in _MAY_QUOTE
        for note_id, note in payload["notes"].items()
    }
    customers = {
        labels[name]: {key: customer[key] for key in _OF_CUSTOMER if key in customer}
        | {"label": labels[name], "names": [], "people": []}
        | {key: _map(customer[key], "", redact, {}, {}, {}) for key in ("segment", "roles") if key in customer}
        for name, customer in payload["customers"].items()
    }
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
        "withheld": [],
        "cited": {},
        "data": _map(rename_places(payload["data"], payload.get("cited", {})), "", redact, refs, labels, may_quote),
    }


def rename_places(value: Any, cited: dict[str, str], key: str = "") -> Any:
    """What somebody wrote, with the notes and calls in it called as a report cites them.

    Parameters
    ----------
    value : str, list or dict
        A section's data, or a text of it.
    cited : dict of str to str
        From a payload: ids of notes and files of calls -> what stands for them.
    key : str
        What it is called.

    Returns
    -------
    str, list or dict
        What is not known any more is ``[note]``. References and words of notes stay as they are.

    Examples
    --------
    >>> rename_places("See a#5c4a1d69 and b#5c4a1d69", {"a#5c4a1d69": "C-3fa9c1:7"})
    'See C-3fa9c1:7 and [note]'
    """
    if isinstance(value, str):
        if key in ("note", "notes", "statement") or not ("#" in value or ".md" in value or _DATED.search(value)):
            return value
        for place in sorted((one for one in cited if one in value), key=len, reverse=True):
            value = re.sub(rf"(?<![\w./#-]){re.escape(place)}(?![\w#-]|:\d)", cited[place], value)
        return _PLACE.sub("[note]", value)
    if isinstance(value, list):
        return [rename_places(item, cited, key) for item in value]
    if isinstance(value, dict):
        return {name: rename_places(item, cited, name) for name, item in value.items()}
    return value


def name_places(payloads: Iterable[dict[str, Any]]) -> dict[str, str]:
    """What stands outside for each note and call of a report, by whatever it may be called in the workspace.

    Parameters
    ----------
    payloads : iterable of dict
        Claims as the PM sees them.

    Returns
    -------
    dict of str to str
        For :func:`rename_places`: ids of notes, files with and without a line, and calls whose name begins with a day.

    Examples
    --------
    >>> note = {"where": "interviews/2026-11-17-acme.md:7", "ref": "C-3fa9c1:7"}
    >>> places = name_places([{"notes": {"2026-11-17-acme#5c4a1d69": note}}])
    >>> rename_places("See 2026-11-17-acme#5c4a1d69, in 2026-11-17-acme.md", places)
    'See C-3fa9c1:7, in C-3fa9c1'
    """
    found: dict[str, str] = {}
    for payload in payloads:
        found |= payload.get("cited", {})
        for note_id, note in payload["notes"].items():
            file, ref = note["where"].rpartition(":")[0], note["ref"]
            call, name, outside = note_id.rpartition("#")[0], file.rpartition("/")[2], ref.partition(":")[0]
            found |= {note_id: ref, note["where"]: ref, note["where"].rpartition("/")[2]: ref}
            # A call without a day may be called by any word.
            found |= {file: outside, name: outside} | ({call: outside} if _DATED.match(call) else {})
    return found


def find_place(text: str) -> str:
    r"""The first note or call in a text that is called as in the workspace, which may give a customer away.

    Parameters
    ----------
    text : str
        A text as it would leave.

    Returns
    -------
    str
        The words; empty where there are none.

    Examples
    --------
    >>> find_place("See 2026-11-17-ac\u00adme.md:7"), find_place("See C-3fa9c1:7")
    ('2026-11-17-acme.md:7', '')
    """
    found = _PLACE.search(as_read(text))
    return found[0] if found else ""


def as_read(text: str) -> str:
    r"""A text as it looks: without what takes no room, with one form of each letter, and addresses in letters.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        In NFKC, without soft hyphens, joiners and the like, ``%20`` as a space; the same where there are none.

    Examples
    --------
    >>> as_read("Ac\u00adme \uff2ctd")
    'Acme Ltd'
    """
    if "%" in text:
        text = _PERCENT.sub(lambda found: unquote(found[0]), text)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def is_own(key: str, value: str) -> bool:
    """Whether a text in a section's data is the workbench's own: one of its words, an id or a day.

    Parameters
    ----------
    key : str
        What it is called there.
    value : str
        The text.

    Returns
    -------
    bool
        False for whatever somebody may have written.

    Examples
    --------
    >>> is_own("status", "draft"), is_own("status", "as Acme wants"), is_own("title", "draft")
    (True, False, False)
    """
    return key in OWN_WORDS and (value in _OWN_VALUES or _OWN_FORM.fullmatch(value) is not None)


def _map(
    value: Any,
    key: str,
    redact: Callable[[str], str],
    refs: dict[str, str],
    labels: dict[str, str],
    may_quote: dict[str, bool],
) -> Any:
    """`value` with references renamed, other strings redacted, and statements of withheld notes gone."""
    if isinstance(value, str):
        if key in ("note", "notes"):
            return refs[value]
        if key in ("customer", "customers"):
            return labels[value]
        return value if is_own(key, value) else redact(value)
    if isinstance(value, list):
        kept = [
            item
            for item in value
            if not (isinstance(item, dict) and "statement" in item and not may_quote[item["note"]])
        ]
        return [_map(item, key, redact, refs, labels, may_quote) for item in kept]
    if isinstance(value, dict):
        shown = {
            name if _KEY.fullmatch(name) else redact(name): _map(item, name, redact, refs, labels, may_quote)
            for name, item in value.items()
        }
        if value.get("claims") and not shown["claims"]:
            shown["terms"] = []  # a theme that none may quote: its words are theirs as well
        return shown
    return value


def _spellings(name: str) -> list[tuple[str, str]]:
    """First word and pattern of a listed name: any case and Unicode form, without accents, as files are named."""
    name = unicodedata.normalize("NFC", name).strip()
    plain = _without_accents(name)
    forms = {form for written in (name, plain) for form in (written, written.casefold(), written.upper())}
    if len(name) <= 2:  # in small letters it is a word
        forms = {name, name.upper()}
    ascii_only = plain.encode("ascii", "ignore").decode()
    if len(ascii_only) > max(3, len(name) / 2):
        forms.add(ascii_only)
    whole, spaced = set(), set()
    for form in forms | {unicodedata.normalize("NFD", form) for form in forms}:
        if not form.strip():
            continue
        first = next(iter(re.findall(r"[^\W_]+", _fold(form))), "")
        whole.add((first, r"\s+".join(re.sub("['’]", "['’]", re.escape(part)) for part in form.split())))
        words = re.findall(r"[^\W_]+", form)
        if len(words) > 1:
            spaced.add((first, r"[\W_]{1,5}".join(map(re.escape, words))))
    flag = "i" if len(name) > 2 else ""
    return [(first, f"(?{flag}:{pattern})") for first, pattern in [*sorted(whole), *sorted(spaced)]]


def _parts_of_name(person: str) -> list[str]:
    """The single names in a person's, without "van", "de" and the like."""
    parts = [part for part in re.split(r"[\s.,;:()&+/]+", person) if len(part) > 1]
    capital = [part for part in parts if part[:1].isupper()]
    return capital or parts


def _as_names(part: str) -> list[tuple[str, str]]:
    """First word and pattern of a single name, written as a name or in capitals."""
    part = unicodedata.normalize("NFC", part)
    both = (part, _without_accents(part))
    forms = {form for p in both for form in (p[:1].upper() + p[1:], p.capitalize(), p.upper())}
    forms |= {unicodedata.normalize("NFD", form) for form in forms}
    first = next(iter(re.findall(r"[^\W_]+", _fold(part))), "")
    return [(first, re.sub("['’]", "['’]", re.escape(form))) for form in sorted(forms)]


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _fold(text: str) -> str:
    return _without_accents(text).casefold()


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


def _shingles(words: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)]
