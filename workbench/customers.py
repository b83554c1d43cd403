"""Who a customer is: one company under many spellings, its segment, its consent, and whether it counts.

The registry is ``discovery/customers.yaml``; this room reads its text and never touches a disk.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz import fuzz, process

from workbench.errors import InputError, Problem
from workbench.frontmatter import Fields, parse_yaml
from workbench.notes import CONSENT_LEVELS, consent_level, showable

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Customer",
    "Registry",
    "core_name",
    "count_customers",
    "fold_name",
    "is_evidence",
    "letters_of",
    "likely_twins",
    "parse_registry",
    "said_by_us",
    "split_people",
    "split_who",
    "strictest",
    "who_counts",
]

MAX_CHARS = 16 * 1024 * 1024
_FIELDS = ("aliases", "segment", "consent", "excluded", "people")
# Forms of company that say nothing about which company it is.
_LEGAL = {
    "ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "group", "inc", "incorporated", "kg",
    "limited", "llc", "llp", "ltd", "nv", "oy", "plc", "pty", "sa", "sarl", "sas", "se", "spa", "srl", "the",
}  # fmt: skip


# Words that say what somebody does at work.
_ROLES = set(
    """
    accountant accounts admin administrator agent analyst architect assistant associate buyer ceo cfo chief clerk coach
    consultant controller coo coordinator cto designer developer director dispatcher driver editor engineer executive
    finance founder head hr intern it lead leader legal logistics manager marketing md nurse officer operations operator
    ops owner partner planner pm president procurement producer product programmer purchasing qa receptionist recruiter
    representative researcher sales scientist secretary security specialist supervisor support surveyor teacher
    technician tester treasurer user vp
    """.split()
)


@dataclass(frozen=True, slots=True)
class Customer:
    """One entry of the registry.

    Parameters
    ----------
    name : str
        The name that is used everywhere.
    aliases : tuple of str
        Other spellings that mean the same customer.
    segment, consent, excluded : str
        As stated; empty where the registry does not say. `excluded` is the reason not to count.
    people : tuple of str
        Names of people at the customer, to be replaced in what leaves the workspace.
    line : int
        The entry's line in the registry.
    """

    name: str
    aliases: tuple[str, ...] = ()
    segment: str = ""
    consent: str = ""
    excluded: str = ""
    people: tuple[str, ...] = ()
    line: int = 1


@dataclass(frozen=True)
class Registry:
    """All entries of ``discovery/customers.yaml``.

    Parameters
    ----------
    customers : tuple of Customer
        In the order of the file.
    excluded_segments : dict of str to str
        Segments that do not count, folded by :func:`fold_name`, each with its reason.
    problems : tuple of Problem
        What could not be read as written.
    """

    customers: tuple[Customer, ...] = ()
    excluded_segments: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def by_spelling(self) -> dict[str, Customer]:
        """Every folded spelling with its customer.

        Returns
        -------
        dict of str to Customer
            Keys are made by :func:`fold_name`; the first entry that claims a spelling has it.

        Examples
        --------
        >>> Registry((Customer("Acme", aliases=("Acme Inc.",)),)).by_spelling()["acme inc"].name
        'Acme'
        """
        spellings: dict[str, Customer] = {}
        for customer in self.customers:
            for name in (customer.name, *customer.aliases):
                spellings.setdefault(fold_name(name), customer)
        return spellings


def fold_name(name: str) -> str:
    """A name without what no reader would call a difference: case, spacing, Unicode form, a last full stop.

    Parameters
    ----------
    name : str
        A customer's name as written.

    Returns
    -------
    str
        Equal for names that differ in nothing else.

    Examples
    --------
    >>> fold_name("ACME  Inc.") == fold_name("Acme Inc")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()).rstrip(". ") or name


def core_name(name: str) -> str:
    """A customer's name without the forms of company that say nothing about which company it is.

    Parameters
    ----------
    name : str
        A customer's name as written.

    Returns
    -------
    str
        Folded; empty for a name that is nothing else.

    Examples
    --------
    >>> core_name("The Acme Freight Company Ltd."), core_name("Group")
    ('acme freight', '')
    """
    return " ".join(word for word in re.findall(r"\w+", fold_name(name)) if word not in _LEGAL)


def letters_of(name: str) -> set[str]:
    """A customer's name as one word, as an address has it: without blanks, forms of company, and with or without "and".

    Parameters
    ----------
    name : str
        A customer's name as written.

    Returns
    -------
    set of str
        In small letters; nothing for a name that says nothing else.

    Examples
    --------
    >>> sorted(letters_of("Harbor & Sons Ltd.")), letters_of("Harborandsons")
    (['harborandsons', 'harborsons'], {'harborandsons'})
    """
    words = core_name(name.replace("&", " and ")).replace("_", " ").split()
    return {"".join(words), "".join(word for word in words if word != "and")} - {""}


def split_people(who: str) -> tuple[tuple[str, str], ...]:
    """Each person in a call's ``who``, with the role.

    Only a role leaves the workspace, so what may be a name is taken for one: without a word that says what somebody does
    ("lead", "owner", "finance"), it is a person.

    Parameters
    ----------
    who : str
        ``Jane Doe, ops lead``, or one of the two; several with ``;`` between them.

    Returns
    -------
    tuple of (str, str)
        Person and role, either empty where not said.

    Examples
    --------
    >>> split_people("Jane Doe, ops lead; Tom Poe")
    (('Jane Doe', 'ops lead'), ('Tom Poe', ''))
    >>> split_people("Rose Driver"), split_people("Rose Driver,")
    ((('', 'Rose Driver'),), (('Rose Driver', ''),))
    """
    # What is left of "&quot;&gt;" is nobody: a name has a letter.
    return tuple(_split_one(part) for part in who.split(";") if any(letter.isalpha() for letter in part))


def split_who(who: str) -> tuple[str, str]:
    """The person and the role in a call's ``who``, see :func:`split_people`.

    Parameters
    ----------
    who : str
        ``Jane Doe, ops lead``, or one of the two; several with ``;`` between them.

    Returns
    -------
    person, role : str
        Empty where not said; of several people with ``;`` between them, each role once.

    Examples
    --------
    >>> split_who("Jane Doe, ops lead"), split_who("ops lead"), split_who("jane doe")
    (('Jane Doe', 'ops lead'), ('', 'ops lead'), ('jane doe', ''))
    """
    people = split_people(who)
    return "; ".join(person for person, _ in people if person), "; ".join(dict.fromkeys(r for _, r in people if r))


def _split_one(who: str) -> tuple[str, str]:
    person, comma, role = (part.strip() for part in who.partition(","))
    if not comma:
        return ("", person) if _says_role(person) else (person, "")
    if not role:  # "Rose Driver," says that it is a name
        return person, ""
    return (role, person) if _says_role(person) and not _says_role(role) else (person, role)


def _says_role(words: str) -> bool:
    return any(word in _ROLES for word in re.findall(r"[a-z]+", words.casefold()))


def strictest(levels: Iterable[str]) -> str:
    """The strictest consent among those stated.

    Parameters
    ----------
    levels : iterable of str
        Levels of `CONSENT_LEVELS`; an empty string states nothing.

    Returns
    -------
    str
        Empty when nothing is stated.

    Examples
    --------
    >>> strictest(["named", "", "quote"])
    'quote'
    """
    return min((level for level in levels if level), key=CONSENT_LEVELS.index, default="")


def parse_registry(text: str, file: str = "discovery/customers.yaml") -> Registry:
    r"""Read the registry; what is odd is listed and the rest still counts.

    Parameters
    ----------
    text : str
        The file's text; empty for a workspace without a registry.
    file : str
        Its name, for problems.

    Returns
    -------
    Registry
        The entries in file order.

    Raises
    ------
    InputError
        When the file cannot be read as a registry, since consent may be stated in it.

    Examples
    --------
    >>> registry = parse_registry("customers:\n  Acme:\n    aliases: [Acme Inc.]\n    consent: quote")
    >>> registry.customers[0].aliases, registry.customers[0].consent
    (('Acme Inc.',), 'quote')
    """
    fields = parse_yaml(text, file, max_chars=MAX_CHARS)
    if fields.broken:  # a consent or an exclusion may be lost in it, and nothing may leave without them
        raise InputError(str(fields.problems[0]))
    problems: list[Problem] = []

    def complain(path: str, what: str, todo: str) -> None:
        problems.append(Problem(file, fields.lines.get(path, 1), what, todo))

    for key in fields.values:
        if key not in ("version", "customers", "excluded_segments"):
            place = f"{file}:{fields.lines[key]}"
            raise InputError(f"{place}: {key!r} is not a part of the registry; write customers: or excluded_segments:")
    segments = fields.values.get("excluded_segments")
    segments = (
        dict.fromkeys(segments, "") if isinstance(segments, list) else _mapping(fields, "excluded_segments", file)
    )
    excluded = {fold_name(name): _words(why) or "no reason given" for name, why in segments.items()}
    customers = []
    owner: dict[str, str] = {}
    for name, entry in _mapping(fields, "customers", file).items():
        path, name = f"customers.{name}", showable(name).strip() or name
        if not isinstance(entry, dict):
            if entry:
                complain(path, f"{name!r} has no fields", "indent its fields below it, such as  segment: services")
            entry = {}
        for key in entry:
            if key not in _FIELDS:
                complain(f"{path}.{key}", f"{key!r} is not a field of a customer", f"write one of {', '.join(_FIELDS)}")
        levels = _list(entry.get("consent"))
        stated, consent = ", ".join(levels), strictest(map(consent_level, levels))
        if consent and stated.lower() not in CONSENT_LEVELS:
            todo = f"write one of {', '.join(CONSENT_LEVELS)} (until then it counts as {consent})"
            complain(f"{path}.consent", f"consent {stated!r} is not known", todo)
        customer = Customer(
            name=name,
            aliases=_list(entry.get("aliases")),
            segment=_words(entry.get("segment")),
            consent=consent,
            excluded=", ".join(why for why in _list(entry.get("excluded")) if why.lower() not in ("no", "false")),
            people=_list(entry.get("people")),
            line=fields.lines.get(path, 1),
        )
        for spelling in (customer.name, *customer.aliases):
            first = owner.setdefault(fold_name(spelling), name)
            if first != name:
                complain(
                    path, f"{spelling!r} is also a name of {first!r}", f"keep it in one place (it counts as {first})"
                )
                # What the second entry forbids must not be lost with it.
                twin = next(i for i, earlier in enumerate(customers) if earlier.name == first)
                consent = strictest([customers[twin].consent, customer.consent])
                reason = customers[twin].excluded or customer.excluded
                customers[twin] = replace(customers[twin], consent=consent, excluded=reason)
        customers.append(customer)
    return Registry(tuple(customers), excluded, tuple(problems))


def likely_twins(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that look like one customer; for the PM to decide.

    Two names are a pair when they are equal without forms of company (Ltd, GmbH), without blanks and "and" too, when one is
    the other's beginning, or when they differ by about one letter in ten (Levenshtein ratio of 90 or more).

    Parameters
    ----------
    names : iterable of str
        Distinct customers' names.

    Returns
    -------
    list of tuple of str
        Sorted pairs, each sorted.

    Examples
    --------
    >>> likely_twins(["Acme", "Acme Inc.", "Bolt", "Acme Freight"])
    [('Acme', 'Acme Freight'), ('Acme', 'Acme Inc.'), ('Acme Freight', 'Acme Inc.')]
    """
    names = sorted(set(names))
    of_core: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        words = re.findall(r"\w+", fold_name(name))
        if core := tuple(word for word in words if word not in _LEGAL) or tuple(words):
            of_core[core].append(name)
    pairs = set()
    of_letters: dict[str, list[str]] = defaultdict(list)
    for name in names:
        # "Site 1 2" is no "Site 12".
        for letters in () if any(letter.isdigit() for letter in name) else letters_of(name):
            of_letters[letters].append(name)
    pairs |= {(a, b) for same in of_letters.values() for a in same for b in same if a < b}
    blocks: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for core, same in of_core.items():
        pairs |= {(a, b) for a in same for b in same if a < b}
        for length in range(1, len(core)):
            # "Site 1" and "Site 12" are numbered apart on purpose; "Acme" and "Acme Freight" may be one.
            if core[:length] in of_core and not any(word.isdigit() for word in core[length:]):
                pairs |= {(a, b) for a in same for b in of_core[core[:length]]}
        text = " ".join(core)
        if len(text) >= 5 and not any(letter.isdigit() for letter in text):
            blocks[text[:2]].append(core)
    for block in blocks.values():
        texts = [" ".join(core) for core in block]
        alike = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=90, dtype=np.uint8)
        for i, j in zip(*np.nonzero(np.triu(alike, 1)), strict=True):
            pairs |= {(a, b) for a in of_core[block[i]] for b in of_core[block[j]]}
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _mapping(fields: Fields, key: str, file: str) -> dict[str, Any]:
    value = fields.values.get(key) or {}
    if isinstance(value, dict):
        return value
    raise InputError(
        f"{file}:{fields.lines[key]}: {key} holds no names with fields; indent one  NAME:  a line below it"
    )


def _words(value: Any) -> str:
    return showable(value).strip() if isinstance(value, str) else ""


def _list(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(words for item in items if (words := _words(item)))


def who_counts(notes: pd.DataFrame) -> pd.Series:
    """Whether each note is of a customer who counts.

    Parameters
    ----------
    notes : pandas.DataFrame
        With ``consent`` and, where anybody is left out, ``excluded``; see :func:`workbench.read_notes`.

    Returns
    -------
    pandas.Series
        Of bool, by the notes' index. A note that counts as such is no take of the PM's own either, see :func:`is_evidence`.

    Examples
    --------
    >>> import pandas as pd
    >>> who_counts(pd.DataFrame({"consent": ["quote", "none", "quote"], "excluded": ["", "", "a partner"]})).tolist()
    [True, False, False]
    """
    included = notes["excluded"].astype(str) == "" if "excluded" in notes else True
    return (notes["consent"].astype(str) != "none") & included


def is_evidence(notes: pd.DataFrame) -> pd.Series:
    """Whether each note is evidence: of a customer who counts, and no take of the PM's own.

    Parameters
    ----------
    notes : pandas.DataFrame
        With ``kind`` and what :func:`who_counts` needs.

    Returns
    -------
    pandas.Series
        Of bool, by the notes' index.

    Examples
    --------
    >>> import pandas as pd
    >>> is_evidence(pd.DataFrame({"consent": ["quote", "none", "quote"], "kind": ["pain", "pain", "take"]})).tolist()
    [True, False, False]
    """
    return (who_counts(notes) & (notes["kind"].astype(str) != "take")).astype(bool)


def said_by_us(notes: pd.DataFrame) -> pd.Series:
    """Whether each note's words are what one of us said in its call, and therefore no evidence, whatever was written.

    Parameters
    ----------
    notes : pandas.DataFrame
        With ``ours`` where transcripts were looked into; see :func:`workbench.read_notes`.

    Returns
    -------
    pandas.Series
        Of bool, by the notes' index. Such a note's kind is ``take``.

    Examples
    --------
    >>> import pandas as pd
    >>> said_by_us(pd.DataFrame({"kind": ["take", "take"], "ours": ["", "Ana, a.vtt:4"]})).tolist()
    [False, True]
    """
    ours = notes["ours"].astype(str) != "" if "ours" in notes else False
    return (notes["kind"].astype(str) == "take") & ours


def count_customers(*notes: pd.DataFrame) -> int:
    """Distinct customers who count: those whom "of 12" is of, wherever it stands.

    Parameters
    ----------
    *notes : pandas.DataFrame
        With ``customer`` and what :func:`who_counts` needs. The PM's own takes may be among them: a customer of whom
        nothing else was written down was talked to.

    Returns
    -------
    int
        How many.

    Examples
    --------
    >>> import pandas as pd
    >>> count_customers(pd.DataFrame({"customer": ["Acme", "Acme", "Bolt"], "consent": ["quote", "quote", "none"]}))
    1
    """
    return len({str(customer) for some in notes for customer in some.loc[who_counts(some), "customer"].unique()})
