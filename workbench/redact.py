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
from typing import Any, NamedTuple
from urllib.parse import unquote

from workbench.plain_letters import plain_letters
from workbench.unspaced import LETTERS

__all__ = [
    "OWN_WORDS",
    "Leaks",
    "Redactor",
    "as_read",
    "everyone_in",
    "find_place",
    "is_own",
    "name_places",
    "redactors",
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
# What each of them has in it: most notes have none of it, and are looked through in a tenth of the time.
_SIGN_OF_STRUCTURE = re.compile(r"[@\d]|\.\w|://|(?i:www)\.")
# Keys of a section's data that hold the workbench's own words, or ids and days ...
OWN_WORDS = {
    "among", "among_sealed", "becomes", "claim", "codes", "date", "day", "direction", "first", "in", "last", "missing", "name", "of",
    "open", "refs", "sealed", "status", "strength", "theme", "tid", "tids", "unit", "week", "what", "word",
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
    r"\d{4}-\d\d-\d\d|\d{4}-W\d\d|\d+-[0-9a-f]{32}|[A-Z]-[0-9a-f]{4,}(?::\d+)?|T\d+|%?"
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
_CODE = re.compile(r"(?<![^\W_])[A-Z]-[0-9a-f]{4,}(?::\d+)?(?![^\W_])")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"[^\W_]+")
# Letters of scripts that write words without spaces, or, as Korean, endings right behind a name; as jamo as well.
_UNSPACED = re.compile(f"[{LETTERS}\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff]")
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
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
                for part in {person, *_parts_of_name(person), *_unspaced_parts(person)}:
                    roles.setdefault(part, set()).add(role)
        rules = [(len(name), word, form) for name, word in stands_for.items() for form in _spellings(name)]
        # Where two people share a name, nobody can say which of them it is.
        people = {part: role.pop() if len(role) == 1 else "" for part, role in roles.items()}
        self._people: dict[str, str] = {}  # what stands for somebody -> their role
        for person, role in sorted(people.items()):
            word = f"[{role}]" if role else "[name]"
            self._people[word] = role
            # A single name may also be a word ("Will", "Mark"): only where it is written as a name.
            forms = _spellings(person) if len(_WORD.findall(person)) > 1 else _as_names(person)
            rules += [(len(person), word, form) for form in forms]
        # The longest first, so that "Acme Freight" is not cut at "Acme"; of equals the one that is replaced.
        rules.sort(key=lambda rule: (-rule[0], rule[1] is None))
        self._rules = [(form.pattern, word) for _, word, form in rules]
        self._is_unspaced = any(not form.words and _UNSPACED.search(form.pattern) for _, _, form in rules)
        self._heads = {form.head for _, _, form in rules}
        # By all their words, so that a text's own words lead to the names in it: of ten thousand customers called
        # "Customer 0001" and on, "the customer waits" leads to none. A thousand names at every such word take minutes.
        self._by_words: dict[tuple[str, ...], list[int]] = {}
        # First word -> the same folded with the whole -> how many words there are.
        self._begin: dict[str, dict[str, set[int]]] = {}
        for i, (_, _, form) in enumerate(rules):
            self._by_words.setdefault((form.head, *form.words), []).append(i)
            if form.words:
                self._begin.setdefault(form.words[0], {}).setdefault(form.head, set()).add(len(form.words))
        # What words do not lead to: structured data, which comes first, and names of signs only.
        self._signs = [i for words, same in self._by_words.items() if len(words) == 1 for i in same]
        self._signs.sort()
        forms = [form for _, form in _STRUCTURED] + [self._rules[i][0] for i in self._signs]
        self._elsewhere = re.compile("|".join(f"({form})" for form in forms))
        self._patterns: dict[tuple[str, ...], re.Pattern[str]] = {}
        # What stands for somebody or something, within which no name is looked for; a role may have brackets of its own.
        self._stand_ins = {*self._people, *(label for label, _ in _STRUCTURED), "[name]"}
        self._odd = [word for word in self._people if not _BRACKETED.fullmatch(word)]
        # A role may be written with a name in it ("ops lead at Acme").
        clean = {word: word if not role or self(role) == role else "[name]" for word, role in self._people.items()}
        self._rules = [(form, clean.get(word or "", word)) for form, word in self._rules]

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
        # One pass, so that what was put in is not replaced again.
        pieces, at = [], 0
        for start, end, stand_in in self._matches(text):
            pieces += [text[at:start], text[start:end] if stand_in is None else stand_in]
            at = end
        shown = "".join([*pieces, text[at:]])
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
        if self._is_unspaced and _UNSPACED.search(text):
            return True
        words = set(_WORD.findall(unicodedata.normalize("NFC", text)))
        # Folding a whole text letter by letter takes ten times as long.
        return not self._heads.isdisjoint(word.casefold() if word.isascii() else _fold(word) for word in words)

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
        return [(word, text[start:end], start) for start, end, word in self._matches(text) if word is not None]

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
        if "[" in seen:
            for word in (*self._odd, *self._stand_ins.intersection(_BRACKETED.findall(seen))):
                seen = seen.replace(word, "\0" * len(word))
        seen = _CODE.sub(lambda found: "\0" * len(found[0]), seen)
        return self.find(seen)

    def _may_hold(self, text: str) -> bool:
        """Whether a text is worth a second look, which most are not."""
        return "@" in text or self.names_in(text) or any(c.isdigit() for c in text)

    def _matches(self, text: str) -> list[tuple[int, int, str | None]]:
        """Where something begins and ends, and what stands for it: leftmost first, at one place by the order of the rules."""
        found: list[tuple[int, int, str | None]] = []
        named, at = self._named(text), 0
        other = self._elsewhere.search(text) if self._signs or _SIGN_OF_STRUCTURE.search(text) else None
        while True:
            while named and named[-1][0] < at:
                named.pop()
            if other and other.start() < at:
                other = self._elsewhere.search(text, at)
            if other:
                group = (other.lastindex or 0) - 1 - len(_STRUCTURED)
                rank = group if group < 0 else self._signs[group]
            if other and not (named and named[-1][:2] < (other.start(), rank)):
                start, at = other.span()
                word = _STRUCTURED[group][0] if group < 0 else self._rules[rank][1]
            elif named:
                start, rank, at = named.pop()
                word = self._rules[rank][1]
            else:
                return found
            found.append((start, at, word))

    def _named(self, text: str) -> list[tuple[int, int, int]]:
        """For each place where a name with words in it may begin: the place, the first rule that holds there, where the name ends.

        The last place comes first.
        """
        heads = {"", *_WORD.findall(_fold(text))}
        if self._heads.isdisjoint(heads):
            return []
        places = [found.span() for found in _WORD.finditer(text)]
        words = [_alike(text[start:end]) for start, end in places]
        best: dict[int, tuple[int, int]] = {}
        for i, word in enumerate(words):
            begin = self._begin.get(word, {})
            for key in [(head, *words[i : i + n]) for head in begin.keys() & heads for n in begin[head]]:
                if key not in self._by_words:
                    continue
                pattern, rules = self._pattern(key), self._by_words[key]
                # Before its first word a name may have a sign.
                for start in range(places[i - 1][1] if i else 0, places[i][0] + 1):
                    if match := pattern.match(text, start):
                        holds = rules[(match.lastindex or 0) - 1], match.end()
                        best[start] = min(holds, best.get(start, holds))
        return sorted(((start, *holds) for start, holds in best.items()), reverse=True)

    def _pattern(self, key: tuple[str, ...]) -> re.Pattern[str]:
        """A pattern for the names of the same words, with a group for each."""
        if key not in self._patterns:
            self._patterns[key] = re.compile("|".join(f"({self._rules[i][0]})" for i in self._by_words[key]))
        return self._patterns[key]


class Leaks:
    """Finds words of customers who have not agreed to be quoted in text that someone wrote by hand.

    Parameters
    ----------
    payloads : iterable of dict
        Claims payloads as the PM sees them.
    texts : iterable of str, optional
        The only texts that will be looked through, where these are known beforehand: of other words nothing is kept, since
        those of a million notes take gigabytes.

    Examples
    --------
    >>> note = {"text": "We never looked at that page again", "customer": "Acme", "where": "interviews/a.md:7"}
    >>> leaks = Leaks([{"customers": {"Acme": {"consent": "aggregate"}}, "notes": {"a#1": note}}])
    >>> leaks.find("As one said: we never looked at that page again!")
    'interviews/a.md:7'
    """

    # Six words in a row are hardly ever common to two texts by chance; a shorter note counts when it is there whole.
    N_WORDS = 6

    def __init__(self, payloads: Iterable[dict[str, Any]], texts: Iterable[str] | None = None) -> None:
        told = [_words(text) for text in texts or ()]
        lengths = range(4, self.N_WORDS + 1)
        wanted = {shingle for words in told for length in lengths for shingle in _shingles(words, length)}
        self._places: dict[tuple[str, ...], str] = {}
        for payload in payloads:
            shown = payload["notes"].values()
            withheld = [note for note in shown if payload["customers"][note["customer"]]["consent"] not in _MAY_QUOTE]
            for note in [*withheld, *payload.get("withheld", [])]:
                words = _words(note["text"])
                for shingle in _shingles(words, self.N_WORDS) if len(words) > self.N_WORDS else [tuple(words)]:
                    if len(shingle) >= 4 and (texts is None or shingle in wanted):
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


def everyone_in(payload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All customers of a payload, for a :class:`Redactor`: those that it describes, and those whose names it only knows.

    Parameters
    ----------
    payload : dict
        Claims, see :mod:`workbench.report.claims`.

    Returns
    -------
    dict of str to dict
        By name.

    Examples
    --------
    >>> sorted(everyone_in({"customers": {"Acme": {}}, "others": {"Bolt": "P-81c0"}}))
    ['Acme', 'Bolt']
    """
    unnamed = {"consent": "aggregate", "names": [], "people": []}
    others = {name: unnamed | {"pseudonym": pseudonym} for name, pseudonym in payload.get("others", {}).items()}
    return others | payload["customers"]


def redactors(known: Iterable[dict[str, dict[str, Any]]]) -> list[Redactor]:
    """A Redactor for each of several lots of customers, the same one for those that know the same names.

    Parameters
    ----------
    known : iterable of dict
        Customers as a :class:`Redactor` takes them, such as those of the sections of a report.

    Returns
    -------
    list of Redactor
        In their order. Twenty thousand names are learned in half a second, and a report has a dozen sections.

    Examples
    --------
    >>> acme = {"Acme": {"pseudonym": "P-3fa9", "consent": "quote", "names": [], "people": []}}
    >>> one, other, nobody = redactors([acme, {"Acme": acme["Acme"] | {"days": ["2026-11-17"]}}, {}])
    >>> one is other, one is nobody
    (True, False)
    """
    made: list[tuple[dict[str, Any], Redactor]] = []
    found = []
    for customers in known:
        names = {
            name: (
                None if one["consent"] == "named" else one["pseudonym"],
                one["names"],
                one["people"],
                one.get("role_of", {}) if one["people"] else {},
            )
            for name, one in customers.items()
        }
        redact = next((redact for others, redact in made if others == names), None)
        if redact is None:
            redact = Redactor(customers)
            made.append((names, redact))
        found.append(redact)
    return found


def share(payload: dict[str, Any], redact: Redactor | None = None) -> dict[str, Any]:
    """A claims payload as others may see it.

    Parameters
    ----------
    payload : dict
        As the PM sees it, see :mod:`workbench.report.claims`.
    redact : Redactor, optional
        Of all its customers (:func:`everyone_in`), where there is one already.

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
    redact = redact or Redactor(everyone_in(payload))
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
    return {name: value for name, value in payload.items() if name != "others"} | {
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


class _Form(NamedTuple):
    """A way to write a name."""

    head: str  # its first word, folded with the whole: of a decomposed text "Mu" is no word of "Müller"
    pattern: str
    words: tuple[str, ...]


def _form(written: str, pattern: str) -> _Form:
    """What finds a name that is written like this, as words of their own where its script has spaces between words."""
    # One letter is also a part of other words.
    opens, closes = (len(written) > 1 and bool(_UNSPACED.match(letter)) for letter in (written[:1], written[-1:]))
    whole = ("" if opens else r"(?<![^\W_])") + pattern + ("" if closes else r"(?![^\W_])")
    if opens or closes:  # no words of a text lead to it
        return _Form("", whole, ())
    head = next(iter(_WORD.findall(_fold(written))), "")
    return _Form(head, whole, tuple(map(_alike, _WORD.findall(written))))


def _spellings(name: str) -> list[_Form]:
    """A listed name in any case and Unicode form, without accents, as files are named, in one word, with its "&" as a word."""
    name = unicodedata.normalize("NFC", name).strip()
    plain, flag = _without_accents(name), "i"
    forms = {name, *_with_and(name)}
    if len(name) <= 2:  # in small letters it is a word
        forms, flag = {name, name.upper()}, ""
    elif not name.isascii():  # else one pattern holds for any case
        forms |= {plain, _without_umlauts(name)}
        forms = {form for written in forms for form in (written, written.casefold(), written.upper())}
    # As files are named, and were before letters such as ß and Ø were spelled.
    for ascii_only in (plain_letters(name), plain.encode("ascii", "ignore").decode()):
        if len(ascii_only) > max(3, len(name) / 2):
            forms.add(ascii_only)
    whole, spaced = set(), set()
    for form in forms | {unicodedata.normalize("NFD", form) for form in forms}:
        if not form.strip():
            continue
        parts = r"\s+".join(re.sub("['’]", "['’]", re.escape(part)) for part in form.split())
        whole.add(_form(form, f"(?{flag}:{parts})"))
        words = _WORD.findall(form)
        if len(words) > 1:
            parts = r"[\W_]{1,5}".join(map(re.escape, words))
            spaced.add(_form(form, f"(?{flag}:{parts})"))
            # "AcmeFreight", and not "overview" for a customer Over View.
            if (one := "".join(word[:1].upper() + word[1:] for word in words)).isascii():
                spaced.add(_form(one, one))
    return [*sorted(whole), *sorted(spaced)]


def _parts_of_name(person: str) -> list[str]:
    """The single names in a person's, without "van", "de" and the like."""
    parts = [part for part in re.split(r"[\s.,;:()&+/]+", person) if len(part) > 1]
    capital = [part for part in parts if part[:1].isupper()]
    return capital or parts


def _unspaced_parts(person: str) -> list[str]:
    """The beginning and the end of a name of three letters or four that has no spaces, where family and given name are: 田中太郎."""
    name = unicodedata.normalize("NFC", person).strip()
    if not 3 <= len(name) <= 4 or not all(map(_UNSPACED.match, name)):
        return []
    return [name[:2], name[-2:]] if len(name) == 4 else [name[1:]]


def _as_names(part: str) -> list[_Form]:
    """A single name, written as a name or in capitals."""
    part = unicodedata.normalize("NFC", part)
    both = (part, _without_accents(part), _without_umlauts(part))
    forms = {form for p in both for form in (p[:1].upper() + p[1:], p.capitalize(), p.upper())}
    forms |= {unicodedata.normalize("NFD", form) for form in forms}
    return [_form(form, re.sub("['’]", "['’]", re.escape(form))) for form in sorted(forms)]


def _with_and(name: str) -> list[str]:
    """A name with "&" as it is said."""
    return (
        [re.sub(r"\s*[&+]\s*", f" {word} ", name) for word in ("and", "und", "et")] if re.search("[&+]", name) else []
    )


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Æ": "Ae", "Å": "Aa"})  # fmt: skip


def _without_umlauts(name: str) -> str:
    """As who has no such key writes it: Mueller."""
    return unicodedata.normalize("NFC", name).translate(_UMLAUTS)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _fold(text: str) -> str:
    return _without_accents(text).casefold()


def _alike(word: str) -> str:
    """The same for all words that a pattern takes for one another whatever their case, an i without a dot among them."""
    return _fold(word).replace("\u0131", "i")


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _shingles(words: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)]
