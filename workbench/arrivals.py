"""What comes in from elsewhere: whose call of which day a file is, and who in it is one of us, as far as can be told, and why.

Three kinds of answers are told apart. What was said beside the file, or stands in it, is sure. What its name, its heading or
earlier calls suggest is a guess, with its reason, and somebody confirms it. What nothing suggests is asked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from html import unescape
from typing import NamedTuple

from workbench.candidates import split_us
from workbench.customers import (
    Registry,
    core_name,
    fold_name,
    letters_of,
    likely_twins,
    split_people,
    split_who,
    strictest,
)
from workbench.errors import InputError, Problem, shorten
from workbench.importers import (
    INTERVIEWERS,
    NAMELESS,
    Contents,
    Jottings,
    Source,
    Table,
    Transcript,
    Unreadable,
    is_interviewer,
)
from workbench.importers.addresses import domain_of, firm_of
from workbench.importers.columns import AS_BEFORE, Columns, Rows, columns_of, has_days, odd_rows, to_jottings
from workbench.importers.days import day_alone, day_in, without_days
from workbench.importers.table import CUT
from workbench.notes import CALL_KINDS, CONSENT_LEVELS, Call, consent_level
from workbench.unspaced import count_words

__all__ = [
    "FIELDS",
    "SAME_WORDS",
    "Arrival",
    "Ask",
    "Given",
    "Guess",
    "Known",
    "Speaker",
    "Twin",
    "agree",
    "alike",
    "broken",
    "count_said",
    "counted",
    "is_ahead",
    "is_label",
    "look_at",
    "means_somebody",
    "new_names",
    "said_of_columns",
    "said_of_several",
    "same_customer",
    "settle",
    "spelled_alike",
    "unheard",
    "who_speak",
    "with_all_rows",
    "without_us",
]

FIELDS = ("customer", "who", "day", "segment", "kind", "consent")
AGAIN = ("skip", "new", "replace")
KEPT_AS = ("table", "calls")
# Rows of a table that are more than anybody opens as calls.
MANY_ROWS = 5000
SAME_WORDS = "the same words"
SIDES = ("us", "customer")
_STATED = "the file says so"
_HEARD = "who speaks and is not one of you"
# What recorders and transcribers call those who answer.
_THEIRS = {"client", "customer", "guest", "interviewee", "p", "participant", "respondent", "subject", "user"}
_NOBODY = {"caller", "speaker", "spk", "unidentified speaker", "unknown", "unknown speaker"}
_LABELS = INTERVIEWERS | _THEIRS | _NOBODY
# What a file's name says beside whom the call was with.
_NOISE = set(
    """
    a ai anruf appel audio besprechung call calls caption captions cc chat clipboard closed conversation copia copie
    copy demo dictation discovery doc docs document download downloaded downloads draft entretien entrevista export
    exported file files final fireflies followup gespräch gmt gong google grain img import interview interviews
    intro json kickoff kopie live llamada meet meeting meetings memo meta mitschrift monthly mov new note notes
    notizen otter our part paste pasted q rec recap record recorded recording recordings reunión réunion save saved
    session srt subtitle subtitles sync talk teams temp text tmp transcribed transcripción transcript transcription
    transcripts transkript txt unnamed untitled upload uploaded us utc video voice vtt webvtt weekly zoom
    """.split()
)
# What may stand in a name, and is none of it at its end or behind such words; and what stands beside one: "Call with Acme at noon".
_WITHIN = set("an and & + de del dem der du et of the und von".split())
_BESIDE = set("am at avec bei by chez con en el from for in le mit on par pour vom with zum".split())
# What may be a part of somebody's name, or of what a recording is called.
_EITHER = {"client", "cloud", "only", "review", "version"}
_RECORDERS = {"fireflies", "gong", "grain", "otter", "teams", "zoom"}
# Two copies of one file: "Acme (1)", "call v2", "call #2".
_COPY = re.compile(r"\s*\(\d{1,3}\)\s*$|(?<!\w)(?:v\d{1,2}(?:\.\d{1,2})?|#\d{1,3})(?!\w)", re.IGNORECASE)
_ID = re.compile(r"\b(?:[0-9a-f]{8,}|t?\d{4,6}z?|\d{3,4}x\d{3,4})\b", re.IGNORECASE)
# 14_00 GMT+1, 2:30 PM CET: a colon cannot stand in a file's name everywhere. A zone alone may be somebody's name.
_TIME = re.compile(
    r"(?:(?<!\w)|(?<=\s_))(?:[01]?\d|2[0-3])[:_.][0-5]\d(?:[:_.][0-5]\d)?(?:\s*[ap]\.?m\b\.?)?"
    r"(?:\s*(?:(?:gmt|utc)(?:[+-]\d{1,2}(?:[:_.]?\d{2})?)?|z|[cemw]es?t|[cmp][sd]t|e[sd]t|[bij]st|ae[sd]t)\b)?(?![^\W_])",
    re.IGNORECASE,
)
_PARTICIPANT = re.compile(r"(?:p|participant|respondent|interviewee|subject|user)[\W_]?\d+")
# Behind a name in an address, without a dot or a blank between.
_COMPANY = re.compile(r"(?:corp|gmbh|group|inc|limited|llc|llp|ltd|plc|pty|sarl)$")
_MOST_WORDS = 5


class Guess(NamedTuple):
    """One thing about a call, and how it is known.

    Parameters
    ----------
    value : str
        Empty where it is not known.
    why : str
        How, in plain words.
    sure : bool
        Whether it was said, or stands in the file; everything else somebody confirms.
    """

    value: str = ""
    why: str = ""
    sure: bool = False


UNKNOWN = Guess()


class Speaker(NamedTuple):
    """Somebody who speaks in a transcript.

    Parameters
    ----------
    name : str
        As the transcript has it; empty for turns without a name.
    words : int
        How many they say.
    side : str
        ``us``, ``customer``, or empty where nobody has said and nothing tells.
    why : str
        How that is known.
    sure : bool
        Whether it was said.
    who : str
        What an earlier call writes of them behind ``who``.
    """

    name: str
    words: int
    side: str = ""
    why: str = ""
    sure: bool = False
    who: str = ""

    @property
    def called(self) -> str:
        """What is written behind ``us`` for them, as of a :class:`~workbench.importers.Turn`."""
        return self.name or NAMELESS


class Twin(NamedTuple):
    """The same call, in already or earlier among what comes in.

    Parameters
    ----------
    name : str
        The call's file in the workspace, or the name of the file that comes in before.
    why : str
        How that is known, such as "the same file".
    is_in : bool
        Whether it is in the workspace already.
    customer, day : str
        Whose call of which day it is, as far as that is known.
    us : tuple of str
        Who the call says is one of us.
    sure : bool
        Whether it is known, or somebody has said, that it is the same; the same words are only a sign.
    more : int
        How many words more the arrival has, fewer where it is below 0; 0 where it has about as many.
    also : tuple of str
        Names of further calls that have others of its words: each has a part of it.
    """

    name: str
    why: str
    is_in: bool
    customer: str = ""
    day: str = ""
    us: tuple[str, ...] = ()
    sure: bool = True
    more: int = 0
    also: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The call, or all of those that have a part of it each."""
        return " and ".join((self.name, *self.also))

    @property
    def length(self) -> str:
        """By how much the arrival is longer or shorter, in words; empty where it is about as long."""
        than = "more" if self.more > 0 else "fewer"
        return f"this one has some {round(abs(self.more), -1):,} words {than}" if self.more else ""


class Ask(NamedTuple):
    """What somebody has to say before a call can come in.

    Parameters
    ----------
    field : str
        ``again``, ``day``, ``customer``, ``same``, ``speaker`` or ``column``.
    words : str
        The question.
    of : str
        Which speaker or customer's name it is about, what a column is wanted for, or which column may have the day; empty otherwise.
    choices : tuple of str
        What may be answered; empty where that is free.
    """

    field: str
    words: str
    of: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What whoever brings files in says of all of them.

    Parameters
    ----------
    customer, who, day, segment, kind, consent : str
        As in a call; empty where nothing was said.
    speakers : mapping of str to str
        Who is ``us`` and who is ``customer``, by name.
    columns : mapping of str to str
        A table's columns by what they are, see :func:`workbench.importers.columns.columns_of`.
    again : str
        What to do with what is in already: ``skip``, ``new`` or ``replace``; empty to be asked where that is not sure.
    same : mapping of str to str
        Which known customer a name is of, ``no`` where it is another one.
    kept_as : str
        What becomes of a table: ``table``, one table of notes, or ``calls``, one for each customer and day. Empty to be asked
        where it is large.

    Raises
    ------
    InputError
        For what cannot be understood.
    """

    customer: str = ""
    who: str = ""
    day: str = ""
    segment: str = ""
    kind: str = ""
    consent: str = ""
    speakers: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    again: str = ""
    same: Mapping[str, str] = field(default_factory=dict)
    kept_as: str = ""

    def __post_init__(self) -> None:
        if self.day:
            _check_day(self.day)
        for name, value, known in (
            ("kind", self.kind, CALL_KINDS),
            ("consent", self.consent, CONSENT_LEVELS),
            ("again", self.again, AGAIN),
            ("kept as", self.kept_as, KEPT_AS),
            *((f"speaker {name}", side, SIDES) for name, side in self.speakers.items()),
        ):
            if value and value not in known:
                raise InputError(f"{name} {value!r} is not known; say one of {', '.join(known)}")


@dataclass(frozen=True)
class Known:
    """What a workspace knows of customers and people.

    Parameters
    ----------
    customers : dict of str to str
        Customers' names by the words of each spelling.
    people : dict of str to (str, str, str)
        By folded name: the customer somebody is at, what a call writes behind ``who``, and where that stands.
    us : dict of str to str
        By folded name: where somebody is called one of us.
    names : dict of str to str
        Customers' names by each folded spelling.
    n_calls : mapping of str to int
        How many calls there are of each.
    columns : mapping of tuple of str to mapping of str to tuple of str
        By a table's header what was said of its columns before, see :func:`workbench.importers.columns.columns_of`.
    """

    customers: dict[str, str] = field(default_factory=dict)
    people: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    us: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    n_calls: Mapping[str, int] = field(default_factory=Counter)
    columns: Mapping[tuple[str, ...], Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, calls: Iterable[Call], registry: Registry, me: str = "") -> Known:
        r"""What calls and the registry know.

        Parameters
        ----------
        calls : iterable of Call
            The workspace's.
        registry : Registry
            Its registry.
        me : str
            Who is at this computer.

        Returns
        -------
        Known
            The registry's spelling of a customer comes before a call's. "Speaker 1" of one call is nobody elsewhere.

        Examples
        --------
        >>> from workbench.notes import parse_call
        >>> call = parse_call("---\ncustomer: Acme Ltd\nwho: Jane Doe, ops\nus: Ana\n---\n", "a.md")
        >>> known = Known.of([call], Registry())
        >>> known.customers, known.people["jane doe"][:2], known.us
        ({'acme ltd': 'Acme Ltd', 'acme': 'Acme Ltd'}, ('Acme Ltd', 'Jane Doe, ops'), {'ana': 'as in a.md'})
        """
        customers: dict[str, str] = {}
        people: dict[str, tuple[str, str, str]] = {}
        n_calls: Counter[str] = Counter()
        us = {fold_name(me): "is at this computer"} if me and me != "somebody" else {}
        spellings = registry.by_spelling()
        names = {folded: customer.name for folded, customer in spellings.items()}
        for customer in registry.customers:
            for spelling in (customer.name, *customer.aliases):
                _spell(customers, spelling, customer.name)
            for person in customer.people:
                name = split_who(person)[0] or person
                if means_somebody(name):
                    people.setdefault(fold_name(name), (customer.name, person, "the registry"))
        for call in calls:
            name = call.customer
            if name != call.id:
                name = names.setdefault(fold_name(name), name)
                n_calls[name] += 1
                _spell(customers, name, name)
                for person, role in split_people(call.who):
                    if person and means_somebody(person):
                        who = f"{person}, {role}" if role else person
                        people.setdefault(fold_name(person), (name, who, call.file))
            for one in filter(means_somebody, split_us(call.us)):
                us.setdefault(fold_name(one), f"as in {call.file}")
        return cls(customers, people, us, names, n_calls)

    def customers_in(self, text: str) -> list[str]:
        """The customers that are named in a text.

        Parameters
        ----------
        text : str
            A file's name, a heading, somebody's name.

        Returns
        -------
        list of str
            Each once; of a name within a longer one only the longer.

        Examples
        --------
        >>> Known({"acme": "Acme", "acme freight": "Acme Freight"}).customers_in("2026-11-17_acme-freight.vtt")
        ['Acme Freight']
        """
        words, found, start = _words_of(text), [], 0
        while start < len(words):
            for end in range(min(len(words), start + 8), start, -1):
                if name := self.customers.get(" ".join(words[start:end])):
                    found.append(name)
                    start = end - 1
                    break
            start += 1
        return list(dict.fromkeys(found))

    def spelled(self, name: str) -> str:
        """A customer's name as it is known: with its capitals and blanks, and the customer's own where it is an alias.

        Parameters
        ----------
        name : str
            As written elsewhere.

        Returns
        -------
        str
            The same where it is not known.

        Examples
        --------
        >>> known = Known(names={"acme": "Acme", "acme inc": "Acme"})
        >>> known.spelled("ACME "), known.spelled("Acme Inc."), Known().spelled("ACME")
        ('Acme', 'Acme', 'ACME')
        """
        return self.names.get(fold_name(name), name)

    def like(self, name: str) -> tuple[str, ...]:
        """Customers whose names look like one that is not known; see :func:`workbench.customers.likely_twins`.

        Parameters
        ----------
        name : str
            As written elsewhere.

        Returns
        -------
        tuple of str
            Their names, by name.

        Examples
        --------
        >>> known = Known(names={"acme freight": "Acme Freight"})
        >>> known.like("Acme Freight Inc."), known.like("acme freight"), known.like("Bolt")
        (('Acme Freight',), (), ())
        """
        if not name or fold_name(name) in self.names:
            return ()
        if name not in self._alike:
            pairs = likely_twins([name, *self._by_beginning.get(_beginning(name), ())])
            found = {self.names[fold_name(other)] for pair in pairs if name in pair for other in pair if other != name}
            self._alike[name] = tuple(sorted(found))
        return self._alike[name]

    def customer_at(self, address: str) -> str:
        """The customer whose address it is: the registry lists it, or what stands behind the @, or that is the name.

        Parameters
        ----------
        address : str
            Such as "jane@acme-freight.example".

        Returns
        -------
        str
            Empty where none is known.

        Examples
        --------
        >>> known = Known({"acme freight": "Acme Freight"}, names={"bl.example": "Bolt", "kim@gmail.com": "Kim's"})
        >>> [known.customer_at(one) for one in ("j@acmefreight.example", "j@bl.example", "kim@gmail.com", "a@gmail.com")]
        ['Acme Freight', 'Bolt', "Kim's", '']
        """
        domain = domain_of(address)
        for listed in filter(None, (address, domain, domain and f"@{domain}")):
            if name := self.names.get(fold_name(listed)):
                return name
        firm = firm_of(address).casefold()
        letters = firm.replace(" ", "")
        # Harbor & Sons may write from harbor-sons.example, harborandsons.example and harborsonsltd.example.
        found = self.customers.get(firm) or self._by_letters.get(letters)
        return found or self._by_letters.get(_COMPANY.sub("", letters), "")

    @cached_property
    def _by_letters(self) -> dict[str, str]:
        """Customers by their names without blanks, as an address has them."""
        found = {spelling.replace(" ", ""): name for spelling, name in reversed(self.customers.items())}
        for spelling, name in self.names.items():
            for letters in letters_of(spelling):
                found.setdefault(letters, name)
        return found

    @cached_property
    def _alike(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        """Spellings by how they begin: names that look alike begin alike, and the others need not be compared."""
        found: dict[str, list[str]] = defaultdict(list)
        for spelling in self.names:
            found[_beginning(spelling)].append(spelling)
        return dict(found)

    def same_as(self, name: str, answer: str) -> str:
        """Whose name it is, as somebody has said.

        Parameters
        ----------
        name : str
            A customer's name, as written elsewhere.
        answer : str
            A known customer; ``yes`` for the only one that it looks like, ``no`` where it is another one.

        Returns
        -------
        str
            The customer's name.

        Raises
        ------
        InputError
            When the answer is none of these.

        Examples
        --------
        >>> known = Known(names={"acme": "Acme"})
        >>> known.same_as("Acme Inc.", "yes"), known.same_as("Acme Inc.", "no"), known.same_as("AF", "acme")
        ('Acme', 'Acme Inc.', 'Acme')
        """
        near = self.like(name)
        if answer == "yes" and len(near) == 1:
            return near[0]
        if answer == "no":
            return name
        if known := self.names.get(fold_name(answer)):
            return known
        choices = ", ".join(near) or "a customer who has a call or stands in the registry"
        raise InputError(f"“{answer}” is no customer that is known; say which one “{name}” is ({choices}), or no")


@dataclass(frozen=True)
class Arrival:
    """A call that may come in, and what is known of it; nothing of it is written yet.

    Parameters
    ----------
    name : str
        The file as its owner knows it; a member of an archive behind the archive's name.
    form : str
        What it is, such as "WebVTT captions"; empty where it cannot be read.
    what : str
        ``transcript``, ``notes``, ``table``, ``unreadable``, or ``other`` for a recording or a picture, which is left alone.
    says : str
        What is in it, in a few words.
    day, customer, who, segment, kind, consent : Guess
        As a call has them.
    speakers : tuple of Speaker
        Who speaks, in the order of their first words.
    among : tuple of str
        Customers of whom it may be, where there are several.
    problems : tuple of Problem
        What could not be read.
    twin : Twin or None
        The same call, where it is in already or comes in before.
    again : str
        What to do about that: ``skip``, ``new`` or ``replace``. Empty where nobody has said: then it is skipped, or asked where
        only the words are the same and it may be another call, or has much more or much less of it.
    table : Table or None
        The rows, of a table.
    columns : Columns or None
        Which of its columns is what.
    parts : tuple of Jottings
        The notes that its rows become, by customer and day, as soon as nothing about its columns is unclear.
    number : int
        Which call of its file, from 0.
    of : int
        How many calls the file holds.
    digest : str
        Fingerprint of the file's bytes.
    file : str
        The file on disk; empty where there is none.
    source : Source or None
        The bytes, where there is no file on disk.
    same : mapping of str to str
        Whose a customer's name is, as somebody has said; itself for one that only looks like a known one.
    known : Known
        What the workspace knew when it was looked at.
    addresses : mapping of str to str
        Of mail: the address that each who speaks writes from.
    owner : str
        Of mail: the address whose mailbox it is; empty where that is not known.
    kept_as : str
        What becomes of a table: ``table`` or ``calls``; empty where nobody has said.
    like : str
        The table of notes that has rows of it already, so that it is kept as that one is; empty where none has.
    """

    name: str
    form: str = ""
    what: str = "unreadable"
    says: str = ""
    day: Guess = UNKNOWN
    customer: Guess = UNKNOWN
    who: Guess = UNKNOWN
    segment: Guess = UNKNOWN
    kind: Guess = UNKNOWN
    consent: Guess = UNKNOWN
    speakers: tuple[Speaker, ...] = ()
    among: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    twin: Twin | None = None
    again: str = ""
    table: Table | None = field(default=None, repr=False)
    columns: Columns | None = None
    parts: tuple[Jottings, ...] = field(default=(), repr=False)
    number: int = 0
    of: int = 1
    digest: str = ""
    file: str = ""
    source: Source | None = None
    same: Mapping[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=Known, repr=False)
    addresses: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    kept_as: str = ""
    like: str = ""

    @property
    def called(self) -> str:
        """What it is called where it is asked about: its file's name, and which of the file's calls or sheets it is."""
        sheet = f", sheet “{shorten(self.table.title, 60)}”" if self.table and self.table.title else ""
        return f"{self.name} ({self.number + 1} of {self.of}{sheet})" if self.of > 1 else self.name

    @property
    def is_kept_whole(self) -> bool:
        """Whether it is a table that becomes one table of notes."""
        return self.what == "table" and self.kept_as == "table"

    @property
    def is_cut(self) -> bool:
        """Whether a table has more rows than were read."""
        return self.table is not None and _is_cut(self.table)

    def customer_of(self, part: Jottings | None = None) -> str:
        """Whose call it is, or one of those that its rows become, as it will be written."""
        name = self.written_of(part)
        return self.same.get(name, name)

    def written_of(self, part: Jottings | None = None) -> str:
        """The same before anybody has said whose name it is."""
        own = part.customer if part else ""
        return self.known.spelled((own or self.customer.value) if self.table else (self.customer.value or own))

    def day_of(self, part: Jottings | None = None) -> str:
        """The day of a call, or of one of those that its rows become; a day that is yet to come is none."""
        own = part.date.isoformat() if part and part.date else ""
        own = "" if is_ahead(own) else own
        return (own or self.day.value) if self.table else (self.day.value or own)

    @property
    def without_consent(self) -> tuple[str, ...]:
        """Customers of whose calls it does not say what they agreed to."""
        if not self.comes_in or self.replaces or self.consent.value or (self.what == "table" and not self.table):
            return ()
        parts = self.parts if self.table else (None,)
        return tuple(dict.fromkeys(self.customer_of(part) for part in parts if not (part and part.consent)))

    @property
    def comes_in(self) -> bool:
        """Whether it is to be written: it can be read, and is not in already as far as is known."""
        if self.what in ("unreadable", "other"):
            return False
        return self.twin is None or self.again == "new" or self.replaces or self.has_doubtful_twin

    @property
    def has_doubtful_twin(self) -> bool:
        """Whether it has the words of a call and may be another one, or much more or less of it, and nobody has said."""
        is_alike = not self.again and self.twin is not None and self.twin.why == SAME_WORDS
        return is_alike and bool(_unlike(self) or self.twin.more)

    @property
    def ways(self) -> tuple[str, ...]:
        """What can be done where its call is in already, as :func:`settle` takes it behind `again`; empty where it is not."""
        if self.twin is None:
            return ()
        # The same file in its own place would change nothing, and notes or a table have no transcript there.
        if self.twin.why != SAME_WORDS or not replace(self, again="replace").replaces:
            return ("skip", "new")
        return ("replace", "skip", "new") if self.twin.more > 0 else ("skip", "replace", "new")

    @property
    def likely_way(self) -> str:
        """What is most likely wanted of these; empty where it may be another call."""
        return self.ways[0] if self.ways and not _unlike(self) else ""

    @property
    def replaces(self) -> bool:
        """Whether it takes the place of the transcript of a call that is in already."""
        return self.again == "replace" and self.what == "transcript" and bool(self.twin and self.twin.is_in)

    @property
    def has_other_names(self) -> bool:
        """Whether somebody who is one of us in the call whose transcript it replaces has no such name in it."""
        names = {fold_name(one.called) for one in self.speakers}
        return self.replaces and any(fold_name(name) not in names for name in self.twin.us)

    @property
    def us(self) -> tuple[str, ...]:
        """Who in it is one of us, as the transcript names them."""
        return tuple(speaker.called for speaker in self.speakers if speaker.side == "us")

    def with_heard(self, who: str) -> str:
        """People as a call has them behind ``who``, and whoever of the customer's is heard and not listed there."""
        return _who(self, who).value

    @property
    def is_all_ours(self) -> bool:
        """Whether all who speak in it are one of us, so that nobody is left whose words they could be."""
        return bool(self.speakers) and all(one.side == "us" for one in self.speakers)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What has to be said before it can come in."""
        if self.replaces and not self.has_other_names:
            return ()
        return tuple(ask for ask in _asks(self) if not self.replaces or ask.field == "speaker") if self.comes_in else ()

    @property
    def guesses(self) -> tuple[tuple[str, Guess], ...]:
        """What was guessed and nobody has confirmed: a field, ``again``, a speaker's name, ``column quote``, with the guess."""
        if not self.comes_in:
            return ()
        fields = [(name, getattr(self, name)) for name in FIELDS]
        sides = [(one.name, Guess(one.side, one.why, one.sure)) for one in self.speakers]
        if self.replaces:
            fields = [("again", Guess("replace", f"{self.twin.name} has {self.twin.why}", self.twin.sure))]
            sides = sides if self.has_other_names else []
        found = self.columns.found if self.columns else ()
        columns = ((f"column {one.role}", Guess("; ".join(one.names), one.why, one.sure)) for one in found)
        return tuple((name, guess) for name, guess in (*fields, *sides, *columns) if guess.value and not guess.sure)


def look_at(
    source: Source,
    form: str,
    contents: Contents,
    known: Known,
    given: Given,
    folders: str = "",
    *,
    several: bool = False,
) -> Arrival:
    r"""What can be told of a call before it comes in.

    Parameters
    ----------
    source : Source
        The file.
    form : str
        What it is, as its importer calls it.
    contents : Contents
        What is in it.
    known : Known
        What the workspace knows.
    given : Given
        What was said beside it.
    folders : str
        The folders that it lies in, as its owner named them.
    several : bool
        Whether it is one of several calls of the file, whose name is then not that of each one's customer.

    Returns
    -------
    Arrival
        With guesses and questions.

    Examples
    --------
    >>> from workbench.importers import read_source
    >>> file = Source("2026-11-17 Acme.txt", b"Interviewer: What then?\n\nJane: It broke.\n\nInterviewer: Oh?\n\nJane: Twice.\n")
    >>> importer, (transcript,) = read_source(file)
    >>> arrival = look_at(file, importer.name, transcript, Known(), Given())
    >>> arrival.day.value, arrival.customer.value, arrival.customer.sure, arrival.us
    ('2026-11-17', 'Acme', False, ('Interviewer',))
    """
    # Programs that save pages write "&" as pages do.
    texts = (source.stem, getattr(contents, "title", ""), folders)
    places = list(zip(("the file's name", "its heading", "its folder"), map(unescape, texts), strict=True))
    talk = contents if isinstance(contents, Transcript) else getattr(contents, "transcript", None)
    speakers = _speakers(talk, known, given, getattr(contents, "us", "")) if talk else ()
    if isinstance(contents, Jottings) and not talk:
        speakers = _heard(contents, known, given)
    addresses = dict(talk.addresses) if talk else {}
    if addresses:
        speakers = _place_colleagues(speakers, addresses, talk.owner)
    customer, among = _customer(contents, places, speakers, addresses, known, given, several)
    if talk:
        speakers = _place_rest(speakers, customer.value, addresses, known)
    arrival = Arrival(
        name=source.name,
        form=form,
        what={Transcript: "transcript", Jottings: "notes"}.get(type(contents), "table"),
        says=_says(contents),
        day=_day(contents, places, given),
        customer=customer,
        segment=_stated(given.segment, getattr(contents, "segment", "")),
        kind=_stated(given.kind, getattr(contents, "kind", "")),
        consent=_consent(given.consent, getattr(contents, "consent", "")),
        speakers=speakers,
        among=among,
        problems=(
            *contents.problems,
            *_stricter(source.name, given.consent, contents),
            *_other_day(source.name, given.day, contents),
        ),
        again=given.again,
        same={name: known.same_as(name, answer) for name, answer in given.same.items()},
        known=known,
        addresses=addresses,
        owner=talk.owner if talk else "",
    )
    arrival = _renamed(arrival)
    if isinstance(contents, Table):
        said = {name: _stated(getattr(given, name), "") for name in ("customer", "who", "day")}
        ours = tuple(
            Speaker(name, 0, "us", "you said so", True) for name, side in given.speakers.items() if side == "us"
        )
        arrival = replace(arrival, table=contents, among=(), speakers=ours, **said)
        laid = _lay_out(replace(arrival, kept_as=given.kept_as), given.columns)
        if not ours:
            return laid
        speak = set(map(fold_name, who_speak(laid)))
        return replace(laid, speakers=tuple(one for one in ours if fold_name(one.name) in speak))
    if isinstance(contents, Jottings):
        stated = without_us(replace(arrival, who=_stated(given.who, contents.who)), known.us)
        return stated if stated.who.value else replace(arrival, who=_who(arrival, ""))
    if given.who or not contents.who:
        return replace(arrival, who=_who(arrival, given.who))
    return replace(arrival, who=_who(arrival, contents.who)._replace(why=_STATED))


def settle(
    arrival: Arrival,
    *,
    customer: str | None = None,
    who: str | None = None,
    day: str | None = None,
    segment: str | None = None,
    kind: str | None = None,
    consent: str | None = None,
    speakers: Mapping[str, str] | None = None,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    same: Mapping[str, str] | None = None,
    again: str | None = None,
    kept_as: str | None = None,
    confirm: bool = False,
) -> Arrival:
    """Say what is so, of one call.

    Parameters
    ----------
    arrival : Arrival
        The call.
    customer, who, day, segment, kind, consent : str, optional
        As in a call.
    speakers : mapping of str to str, optional
        ``us`` or ``customer`` by speaker's name; of the others what was said holds, and what was guessed is guessed anew.
    columns : mapping of str to str or of str to sequence of str, optional
        A table's columns by what they are: "Feedback" by "quote", as in :func:`workbench.importers.columns.columns_of`; or a list
        of names as the header has them, which may have a ``;`` in them, empty for no column.
    same : mapping of str to str, optional
        Whose a customer's name is that looks like a known one: a known customer, ``yes`` or ``no``.
    again : str, optional
        What to do where it is in already: ``skip``, ``new`` or ``replace``.
    kept_as : str, optional
        What becomes of a table: ``table`` or ``calls``.
    confirm : bool
        Whether everything that was guessed is so.

    Returns
    -------
    Arrival
        With what was said, and without the questions that it answers.

    Raises
    ------
    InputError
        For what cannot be understood.

    Examples
    --------
    >>> arrival = Arrival("a.vtt", what="transcript", speakers=(Speaker("Tom", 9), Speaker("Jane", 99)))
    >>> [ask.field for ask in arrival.asks]
    ['day', 'customer', 'speaker', 'speaker']
    >>> arrival = settle(arrival, day="2026-11-17", customer="Acme", speakers={"Tom": "us", "Jane": "customer"})
    >>> arrival.asks, arrival.us, arrival.who.value
    ((), ('Tom',), 'Jane')
    """
    speakers = _by_speaker(speakers or {})
    Given(
        day=day or "",
        kind=kind or "",
        consent=consent or "",
        speakers=speakers,
        again=again or "",
        kept_as=kept_as or "",
    )
    fields = {"customer": customer, "who": who, "day": day}
    fields |= {"segment": segment, "kind": kind, "consent": consent}
    placed = tuple(
        one._replace(side=speakers[fold_name(one.name)], why="you said so", sure=True)
        if fold_name(one.name) in speakers
        else one._replace(sure=one.sure or (confirm and bool(one.side)))
        for one in arrival.speakers
    )
    if speakers:
        # A guess may rest on what was just put right.
        placed = tuple(one if one.sure else _speaker(one.name, one.words, "", arrival.known) for one in placed)
    changes = {name: Guess(value.strip(), "you said so", True) for name, value in fields.items() if value is not None}
    if confirm:
        kept = {name: getattr(arrival, name) for name in FIELDS if name not in changes}
        changes |= {name: guess._replace(sure=True) for name, guess in kept.items() if guess.value}
    if speakers and arrival.addresses:
        by_address = _customer_by_address(arrival.speakers, arrival.addresses)[0]
        placed = _place_colleagues(placed, arrival.addresses, arrival.owner)
        # Who is one of us tells whose mail it is.
        if "customer" not in changes and (not arrival.customer.value or arrival.customer == by_address):
            changes["customer"], changes["among"] = _customer_by_address(placed, arrival.addresses)
    if speakers:
        with_whom = changes.get("customer", arrival.customer).value
        placed = _place_rest(placed, with_whom, arrival.addresses, arrival.known)
    if arrival.twin and (confirm or again):
        changes["twin"] = arrival.twin._replace(sure=True)
    if same:
        said = {name: arrival.known.same_as(name, answer) for name, answer in same.items()}
        changes["same"] = {**arrival.same, **said}
    changes |= {"again": again or arrival.again, "kept_as": kept_as or arrival.kept_as}
    settled = _renamed(replace(arrival, speakers=placed, **changes))
    if settled.table and (columns or customer):
        if columns:
            settled = replace(settled, twin=None)  # what its rows say by other columns need not be in
        before = settled.columns
        settled = _lay_out(settled, {**_said_of(before), **(columns or {})})
        settled = replace(settled, columns=_with_reasons(settled.columns, before, columns or {}))
    if confirm and settled.columns:
        found = tuple(one._replace(sure=True) for one in settled.columns.found)
        settled = replace(settled, columns=replace(settled.columns, found=found))
    is_heard = settled.what == "transcript" or (settled.speakers and settled.who.why in ("", _HEARD))
    # The only one who spoke may have been taken for the customer.
    if (speakers or who is not None or customer is not None) and is_heard:
        stands = settled.who.why in ("you said so", _STATED)
        heard = _who(settled, settled.who.value if stands else "")
        settled = replace(settled, who=heard._replace(why=settled.who.why) if stands else heard)
    return settled


def same_customer(arrival: Arrival, name: str, customer: str) -> Arrival:
    """Say that a customer's name is another's, where neither is known yet.

    Parameters
    ----------
    arrival : Arrival
        The call, or a table of calls.
    name : str
        As written in it.
    customer : str
        Whose name it is; the name itself for a customer of its own.

    Returns
    -------
    Arrival
        The same where nothing in it is of that name.

    Examples
    --------
    >>> arrival = settle(Arrival("a.vtt", what="transcript"), customer="Acme Inc.")
    >>> same_customer(arrival, "Acme Inc.", "Acme").customer_of()
    'Acme'
    """
    # A name that was said to be this one before goes along.
    same = {one: customer if known == name else known for one, known in arrival.same.items()} | {name: customer}
    return _renamed(replace(arrival, same=same))


def without_us(arrival: Arrival, us: Iterable[str]) -> Arrival:
    """Leave out whoever is one of us: of ``who``, since a list of those who were there has both sides, and of a table's rows.

    Parameters
    ----------
    arrival : Arrival
        A call, or a table of calls.
    us : iterable of str
        Who is one of us, by an earlier call or one that comes in beside it.

    Returns
    -------
    Arrival
        The same where none of them is listed, or somebody has said who was there. A first name alone may be anybody's, and stays,
        unless somebody has said of this table that it is one of us.
        Rows of a table that one of us says give no notes, which is a problem.

    Examples
    --------
    >>> arrival = Arrival("a.md", what="notes", who=Guess("Kari Moe; Ana Ruiz", "the file says so", True))
    >>> without_us(arrival, ["Ana Ruiz"]).who.value
    'Kari Moe'
    """
    ours = {folded for one in us if means_somebody(one) and " " in (folded := fold_name(one))}
    ours |= {fold_name(name) for name in arrival.us} if arrival.table else set()
    who = arrival.who
    if who.why == _STATED:
        left = _but_for(who.value, ours)
        who = who._replace(value=left) if left else UNKNOWN
    speak = {note.speaker for part in arrival.parts for note in part.notes}
    speak = {name for name in speak if fold_name(split_who(name)[0]) in ours}
    said = [(note.at, note.speaker) for part in arrival.parts for note in part.notes if note.speaker in speak]
    parts = (
        replace(
            part,
            who=_but_for(part.who, ours),
            notes=tuple(note for note in part.notes if note.speaker not in speak),
        )
        for part in arrival.parts
    )
    parts = tuple(part for part in parts if part.notes)
    left = replace(arrival, who=who, parts=parts, problems=(*arrival.problems, *_said_by_us(arrival.name, said)))
    return replace(left, what="unreadable") if said and not parts else left


def _said_by_us(file: str, said: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    """That rows are left out which one of us says."""
    if said:
        rows = list(dict.fromkeys(row for row, _ in said))
        names = ", ".join(sorted({name for _, name in said}))
        what = (
            f"{counted(len(rows), 'row')} ({shorten(', '.join(map(str, rows)), 60)}) said by {names}, who is one of you"
        )
        yield Problem(file, rows[0], what, "no note, since nothing that one of you says is evidence")


def _but_for(who: str, ours: Collection[str]) -> str:
    """People as a call has them behind ``who``, without those of us."""
    people = [part.strip() for part in who.split(";")]
    left = [part for part in people if fold_name(split_who(part)[0]) not in ours]
    return who if len(left) == len(people) else "; ".join(left)


def alike(plan: Iterable[Arrival]) -> list[tuple[str, str]]:
    """Pairs of new customers' names that look alike and would count as two; for somebody to decide.

    Parameters
    ----------
    plan : iterable of Arrival
        What comes in together.

    Returns
    -------
    list of tuple of str
        As of :func:`workbench.customers.likely_twins`. A name that looks like a known customer's is a question of its arrival,
        and names that differ in capitals only are one customer's, so that there is nothing to ask.

    Examples
    --------
    >>> alike(settle(Arrival(f"{name}.vtt", what="transcript"), customer=name) for name in ("Acme", "Acme Inc.", "Bolt"))
    [('Acme', 'Acme Inc.')]
    """
    pairs = likely_twins(name for arrival in plan for name in new_names(arrival))
    return [(one, other) for one, other in pairs if fold_name(one) != fold_name(other)]


def spelled_alike(plan: Sequence[Arrival]) -> list[Arrival]:
    """New customers' names that differ in capitals only, in one spelling: as somebody or a file states it, else the first.

    Parameters
    ----------
    plan : sequence of Arrival
        What comes in together, settled.

    Returns
    -------
    list of Arrival
        In its order. Names that are known are written as they are known, without this.

    Examples
    --------
    >>> guessed, said = (Arrival(name, what="transcript", customer=Guess(name, why))
    ...                  for name, why in (("bolt", "by the file's name"), ("Bolt", "you said so")))
    >>> [one.customer_of() for one in spelled_alike([guessed, said])]
    ['Bolt', 'Bolt']
    """
    names = [(arrival, name) for arrival in plan if arrival.comes_in for name in _new_in(arrival)]
    spelled: dict[str, str] = {}
    # A table that is kept is best kept as it came.
    for _, name in sorted(names, key=lambda one: (not _is_stated(*one), not one[0].is_kept_whole)):
        spelled.setdefault(fold_name(name), name)
    other = {id(arrival) for arrival, name in names if spelled[fold_name(name)] != name}
    return [
        replace(one, known=replace(one.known, names=spelled | one.known.names)) if id(one) in other else one
        for one in plan
    ]


def _is_stated(arrival: Arrival, name: str) -> bool:
    """Whether a customer's name is spelled so by somebody or by a file, and not only guessed."""
    by_row = any(part.customer and arrival.customer_of(part) == name for part in arrival.parts)
    return by_row or arrival.customer.why.startswith(("you said so", _STATED))


def new_names(arrival: Arrival) -> set[str]:
    """Customers of an arrival of whom nothing is known yet.

    Parameters
    ----------
    arrival : Arrival
        A call, or a table of calls.

    Returns
    -------
    set of str
        Empty where it does not come in, and of a table that is kept as it is: of thousands of names the linter tells which look
        alike.

    Examples
    --------
    >>> new_names(settle(Arrival("a.vtt", what="transcript"), customer="Acme"))
    {'Acme'}
    """
    return set() if not arrival.comes_in or arrival.is_kept_whole else set(_new_in(arrival))


def _new_in(arrival: Arrival) -> Iterator[str]:
    """New customers' names in their order, each once."""
    found = dict.fromkeys(arrival.customer_of(part) for part in (arrival.parts if arrival.table else (None,)))
    return (name for name in found if name and fold_name(name) not in arrival.known.names)


def agree(arrival: Arrival, consent: str, customers: Iterable[str]) -> Arrival:
    """Write down what some customers agreed to, in those of its calls that do not say so themselves.

    Parameters
    ----------
    arrival : Arrival
        The call.
    consent : str
        What may be done with their words.
    customers : iterable of str
        Whose.

    Returns
    -------
    Arrival
        The same where it is none of theirs.

    Examples
    --------
    >>> arrival = settle(Arrival("a.vtt", what="transcript"), customer="Acme")
    >>> agree(arrival, "quote", ["Acme"]).consent.value, agree(arrival, "quote", ["Bolt"]).consent.value
    ('quote', '')
    """
    theirs = {fold_name(name) for name in customers}.intersection(map(fold_name, arrival.without_consent))
    if not theirs or not arrival.table:
        return settle(arrival, consent=consent) if theirs else arrival
    parts = (
        replace(part, consent=consent) if not part.consent and fold_name(arrival.customer_of(part)) in theirs else part
        for part in arrival.parts
    )
    return replace(arrival, parts=tuple(parts))


def is_ahead(day: str) -> bool:
    """Whether a day is yet to come, wherever on earth.

    Parameters
    ----------
    day : str
        ``YYYY-MM-DD``, or nothing.

    Returns
    -------
    bool
        No call was on such a day.

    Examples
    --------
    >>> is_ahead("2999-11-17"), is_ahead("1999-11-17"), is_ahead("")
    (True, False, False)
    """
    return day > (date.today() + timedelta(days=1)).isoformat()


def broken(name: str, line: int, what: str, todo: str, *, kind: str = "unreadable") -> Arrival:
    """What cannot come in.

    Parameters
    ----------
    name : str
        The file.
    line : int
        Where it goes wrong.
    what, todo : str
        What is wrong, and what to do.
    kind : str
        ``unreadable``, or ``other`` for what is left alone.

    Returns
    -------
    Arrival
        With its problem.

    Examples
    --------
    >>> print(broken("a.vtt", 3, "the file is empty", "export it again").problems[0])
    a.vtt:3: the file is empty; export it again
    """
    return Arrival(name, what=kind, problems=(Problem(name, line, what, todo),))


def _check_day(day: str) -> None:
    try:
        # Python also reads 20261117 and 2026-W47-2, which nothing else here does.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
            date.fromisoformat(day)
            if is_ahead(day):
                raise InputError(f"{day} is yet to come; say the day on which the call was")
            return
    except ValueError:
        pass
    raise InputError(f"date {day!r} is not a day such as 2026-11-17")


def _stricter(file: str, said: str, contents: Contents) -> Iterator[Problem]:
    """That a file states less consent than what was said of all."""
    stated = consent_level(getattr(contents, "consent", ""))
    if said and strictest([said, stated]) != said:
        yield Problem(file, 1, f"the file states consent {stated}, you said {said}", "the stricter one holds")


def _other_day(file: str, said: str, contents: Contents) -> Iterator[Problem]:
    """Where the file says another day than whoever brings it in, which holds."""
    stated = getattr(contents, "date", None)
    if said and stated and said != stated.isoformat():
        yield Problem(file, 1, f"it says {stated}", f"its call is of {said}, as you said")


def _renamed(arrival: Arrival) -> Arrival:
    """Its customer by the name that is known, where somebody has said whose name it is, or only capitals differ."""
    customer = arrival.customer
    if (name := arrival.customer_of()) == customer.value or arrival.table:
        return arrival
    said = customer.value in arrival.same
    why = f"the same customer as {customer.value}, as you said" if said else f"written “{customer.value}” here"
    return replace(arrival, customer=Guess(name, why, customer.sure or said))


def _words_of(text: str) -> list[str]:
    # An underline stands between words in a file's name.
    return re.findall(r"[^\W_]+", fold_name(text))


def _beginning(name: str) -> str:
    return (core_name(name) or " ".join(_words_of(name)))[:2]


def _spell(customers: dict[str, str], spelling: str, name: str) -> None:
    for form in (" ".join(_words_of(spelling)), core_name(spelling)):
        if form:
            customers.setdefault(form, name)


def _stated(said: str, stated: str, what: str = "") -> Guess:
    if said:
        return Guess(said, "you said so" + (f"; the file says {stated}" if stated and stated != said else ""), True)
    return Guess(stated, what or _STATED, True) if stated else UNKNOWN


def _consent(said: str, stated: str) -> Guess:
    """What was agreed to: of what is said beside the file and what stands in it the strictest."""
    if said and (level := strictest([said, consent_level(stated)])) != said:
        return Guess(level, f"the file says so, which is stricter than {said}", True)
    return _stated(said, stated)


def _day(contents: Contents, places: Iterable[tuple[str, str]], given: Given) -> Guess:
    stated = getattr(contents, "date", None)
    if given.day or stated:
        return _stated(given.day, stated.isoformat() if stated else "")
    found = {day: place for place, text in reversed(list(places)) if (day := day_in(text))}
    if len(found) == 1:
        ((day, place),) = found.items()
        return Guess(day.isoformat(), f"by {place}")
    return Guess("", " and ".join(f"{place} says {day}" for day, place in found.items()))


def _customer(
    contents: Contents,
    places: Sequence[tuple[str, str]],
    speakers: Sequence[Speaker],
    addresses: Mapping[str, str],
    known: Known,
    given: Given,
    several: bool,
) -> tuple[Guess, tuple[str, ...]]:
    stated = getattr(contents, "customer", "")
    if given.customer or stated:
        return _stated(given.customer, stated), ()
    found: dict[str, str] = {}
    for speaker in speakers:
        if person := known.people.get(fold_name(speaker.name)):
            found.setdefault(person[0], f"{speaker.name} speaks, who is theirs by {person[2]}")
        elif speaker.side != "us":
            for name in known.customers_in(speaker.name):
                found.setdefault(name, f"“{speaker.name}” speaks")
            if name := known.customer_at(addresses.get(speaker.name, "")):
                found.setdefault(name, f"{speaker.name} writes from {addresses[speaker.name]}")
    for place, text in places:
        for name in known.customers_in(text):
            found.setdefault(name, f"{place} has the name")
    if len(found) == 1:
        ((name, why),) = found.items()
        return Guess(name, why), ()
    if found:
        return Guess("", "; ".join(f"{name}: {why}" for name, why in found.items())), tuple(found)
    if addresses:
        return _customer_by_address(speakers, addresses)
    named, headed = (_plain_name(text) for _, text in places[:2])
    if named and headed and not several and fold_name(named) != fold_name(headed) and _is_by_recorder(places[0][1]):
        return Guess("", f"the file's name says {named}, its heading {headed}"), (named, headed)
    for place, name in ((places[1][0], headed),) if several else ((places[0][0], named),):
        if name:
            return Guess(name, f"by {place}; no call or registry has it yet"), ()
    others = [one.name for one in speakers if one.side != "us" and one.name]
    # "P3" is whom a study counts; a person is no customer, and "Guest" or "Speaker 2" is another one in each call.
    if len(others) == 1 and len(speakers) > 1 and _PARTICIPANT.fullmatch(fold_name(others[0])):
        return Guess(others[0], "nobody else speaks who is not one of you"), ()
    return UNKNOWN, ()


def _customer_by_address(speakers: Sequence[Speaker], addresses: Mapping[str, str]) -> tuple[Guess, tuple[str, ...]]:
    """Whose firm's addresses those of the other side write from; else who writes. A mail file's name says neither."""
    others = [one.name for one in speakers if one.side != "us" and one.name in addresses]
    firms = {domain_of(addresses[name]): addresses[name] for name in reversed(others) if domain_of(addresses[name])}
    if len(firms) > 1:
        names = tuple(sorted({firm_of(address) for address in firms.values()}))
        return Guess("", f"{', '.join(sorted(firms.values()))} write"), names
    for address in firms.values():
        return Guess(firm_of(address), f"by the address {address}; no call or registry has it yet"), ()
    if len(others) == 1 and others[0] != addresses[others[0]]:
        return Guess(others[0], f"who writes from {addresses[others[0]]}, an address of no firm"), ()
    return UNKNOWN, ()


def _plain_name(stem: str) -> str:
    """What a file's name says beside days, times, numbers and what every recording is called; empty where that is not plain."""
    bare = _ID.sub(" ", _TIME.sub(" ", without_days(_COPY.sub(" ", stem))).replace("_", " "))
    said = [word for word in re.split(r"[\s\-–—.,()+\[\]]+", bare) if word]
    words = [word for word in said if not _is_noise(word)]
    # Der Spiegel and Le Monde begin with what stands before others' names: "Interview mit der Acme GmbH".
    while words and words[0] != said[0] and fold_name(words[0]) in _WITHIN | _BESIDE:
        del words[0]
    while words and fold_name(words[-1]) in _WITHIN | _BESIDE:
        del words[-1]
    # "Ana at Acme" names two.
    if any(fold_name(word) in _BESIDE | _EITHER for word in words):
        return ""
    name = " ".join(words)
    return name if len(words) <= _MOST_WORDS and len(name) > 1 and any(letter.isalpha() for letter in name) else ""


def _is_by_recorder(stem: str) -> bool:
    """Whether a recorder has given a file its name, so that its heading says as much."""
    return not _RECORDERS.isdisjoint(_words_of(stem))


def _is_noise(word: str) -> bool:
    """Whether a word of a file's name says nothing of whom the call was with: "Recording", "audio1234"."""
    return fold_name(word) in _NOISE or fold_name(word).strip("0123456789") in _NOISE


def count_said(transcript: Transcript) -> Counter[str]:
    """How much each speaker says.

    Parameters
    ----------
    transcript : Transcript
        The call.

    Returns
    -------
    Counter of str
        Words by name. "Exported: 2026-11-20" at the head of a file is nobody who speaks.

    Examples
    --------
    >>> from workbench.importers import Piece, Turn
    >>> turns = [Turn(who, words, (Piece(0, None, 1),)) for who, words in (("Exported", "2026-11-20"), ("Jane", "It broke."))]
    >>> count_said(Transcript(tuple(turns)))
    Counter({'Jane': 2})
    """
    words: Counter[str] = Counter()
    for turn in transcript.turns:
        first = turn.text[: turn.pieces[1].start] if len(turn.pieces) > 1 else turn.text
        if any(letter.isalpha() for letter in first) and day_alone(first) is None:
            words[turn.speaker] += count_words(turn.text)
    return words


def _speakers(transcript: Transcript, known: Known, given: Given, us: str = "") -> tuple[Speaker, ...]:
    sides = _by_speaker(given.speakers)
    ours = split_us(us)
    stated = {fold_name(name) for name in ours} - set(sides)
    # Those who were there may be of both sides, unless it stands there as well who is one of us.
    theirs = [person for person, _ in split_people(transcript.who) if person] if ours else []

    def place(name: str, n_words: int) -> Speaker:
        folded = fold_name(name)
        if fold_name(name or NAMELESS) in stated:
            return Speaker(name, n_words, "us", _STATED, True)
        one = _speaker(name, n_words, sides.get(folded, ""), known)
        if folded in sides or folded in known.us or is_label(name):
            return one
        if _is_part_of_one(name, theirs) and not _is_part_of_one(name, ours):
            return one._replace(side="customer", why=_STATED, sure=True)
        return one

    return tuple(place(name, n) for name, n in count_said(transcript).items())


def _heard(notes: Jottings, known: Known, given: Given) -> tuple[Speaker, ...]:
    """Who has words in notes, of those of whom something was said and of us; all other notes are the customer's.

    Whoever has the first name of one of us may be anybody: that is asked.
    """
    sides = _by_speaker(given.speakers)
    first_names = {name.partition(" ")[0] for name in known.us if " " in name}
    theirs = [person for person, _ in split_people(notes.who) if person]
    words: Counter[str] = Counter()
    for note in notes.notes:
        words[note.speaker] += count_words(note.line)
    heard, rest = [], 0
    for name, n_words in words.items():
        folded = fold_name(name)
        if name and (folded in sides or folded in known.us):
            heard.append(_speaker(name, n_words, sides.get(folded, ""), known))
        elif name and folded in first_names and not _is_part_of_one(name, theirs):
            heard.append(Speaker(name, n_words))
        else:
            rest += n_words
    return (*heard, Speaker("", rest, "customer", "notes of the call", True)) if heard and rest else tuple(heard)


def _is_part_of_one(name: str, people: Iterable[str]) -> bool:
    """Whether somebody listed may be called so: by the first name, or with the firm in brackets."""
    words = set(_words_of(re.sub(r"[(\[][^()\[\]]*[)\]]", " ", name)))
    return bool(words) and any(words <= set(_words_of(one)) for one in people)


def _by_speaker(sides: Mapping[str, str]) -> dict[str, str]:
    """What was said of speakers, by folded name; a transcript's turns have a comma where a name had a ``;``."""
    return {fold_name(name.replace(";", ",")) if name != NAMELESS else "": side for name, side in sides.items()}


def _speaker(name: str, words: int, side: str, known: Known) -> Speaker:
    folded = fold_name(name)
    role = _role_of(name)
    _, who, where = known.people.get(folded, ("", "", ""))
    if side:
        return Speaker(name, words, side, "you said so", True, who)
    if not name:
        return Speaker(name, words)
    if folded in known.us:
        return Speaker(name, words, "us", known.us[folded])
    if folded in known.people:
        return Speaker(name, words, "customer", f"is at {known.people[folded][0]} by {where}", who=who)
    if is_interviewer(name):
        return Speaker(name, words, "us", "whoever asks is called that")
    if role in _THEIRS and (role != "p" or folded != "p"):
        return Speaker(name, words, "customer", "whoever answers is called that")
    return Speaker(name, words)


def _role_of(name: str) -> str:
    """What somebody is called, without the number behind it."""
    return re.sub(r"[\W\d_]+$", "", fold_name(name))


def _place_colleagues(speakers: tuple[Speaker, ...], addresses: Mapping[str, str], owner: str) -> tuple[Speaker, ...]:
    """Whoever's mailbox it is, and those who write from the firm of one of us, are of us."""
    ours = {domain_of(addresses[one.name]): one.name for one in speakers if one.side == "us" and one.name in addresses}
    ours.setdefault(domain_of(owner), "")

    def place(one: Speaker) -> Speaker:
        address = addresses.get(one.name, "")
        if one.side or not address:
            return one
        if address == owner:
            return one._replace(side="us", why="it is their mailbox")
        if (domain := domain_of(address)) and domain in ours:
            return one._replace(side="us", why=f"writes from {domain}, as {ours[domain] or owner} does")
        return one

    return tuple(map(place, speakers))


def _place_rest(
    speakers: tuple[Speaker, ...], customer: str, addresses: Mapping[str, str], known: Known
) -> tuple[Speaker, ...]:
    """The one who is left is on the other side, where both sides speak."""

    def place(one: Speaker) -> Speaker:
        if not one.name and not one.side and len(speakers) > 1:
            return one._replace(side="us", why="others have a name, and this may be one of you: left out until you say")
        if not one.name and not one.side:
            why = "no name stands there: look at whose words they are when you keep them"
            return one._replace(side="customer", why=why)
        if one.side or not customer:
            return one
        if customer in (one.name, *known.customers_in(one.name)):
            return one._replace(side="customer", why=f"has the name of {customer}")
        address = addresses.get(one.name, "")
        if address and customer in (known.customer_at(address), firm_of(address)):
            return one._replace(side="customer", why=f"writes from {address}")
        return one

    named = [place(one) for one in speakers]
    left = [one for one in named if not one.side]
    if len(named) == len(left) == 1:
        return (left[0]._replace(side="customer", why="nobody else speaks"),)
    sides = {one.side for one in named if one.side and one.name}
    if len(left) == 1 and len(sides) == 1:
        other = "customer" if sides == {"us"} else "us"
        why = "all others are of you" if other == "customer" else "all others are the customer's"
        named = [one._replace(side=other, why=why) if one is left[0] else one for one in named]
    return tuple(named)


def _who(arrival: Arrival, given: str) -> Guess:
    """Everybody of the customer's who is heard: only a listed name is kept from leaving."""
    theirs = [one for one in arrival.speakers if one.side == "customer" and not is_label(one.name)]
    theirs = [one for one in theirs if fold_name(one.name) != fold_name(arrival.customer.value)]
    people = [one.who or _as_person(one.name) for one in theirs]
    if given:
        listed = {fold_name(person) for person, _ in split_people(given)}
        if not listed and len(people) == 1:
            given, people = f"{people[0].partition(',')[0]}, {given}", []
        # "Jane" of a transcript is Jane Doe who is listed.
        words = [set(name.split()) for name in listed]
        people = [
            given,
            *(
                one
                for one in people
                if not any(set(fold_name(name).split()) <= of for name, _ in split_people(one) for of in words)
            ),
        ]
        return Guess("; ".join(people), "you said so", True)
    if not people:
        return UNKNOWN
    return Guess("; ".join(dict.fromkeys(people)), _HEARD, all(one.sure for one in theirs))


def _as_person(name: str) -> str:
    """A speaker's name as a call has it behind ``who``."""
    person = " ".join(re.sub(r"\([^()]*\)$", "", name).replace(";", " ").split()) or name.replace(";", " ")
    # "Doe, Jane" is a name; "Jane Doe, ops lead" is what a call has already.
    last, comma, first = (part.strip() for part in person.partition(","))
    if comma and first and "," not in first and _is_person(last) and _is_person(first):
        person = f"{first} {last}"
    return person if _is_person(person) else f"{person},"


def _is_person(words: str) -> bool:
    return any(person for person, _ in split_people(words))


def is_label(name: str) -> bool:
    """Whether a transcript calls somebody by what anybody may be called.

    Parameters
    ----------
    name : str
        A speaker's name.

    Returns
    -------
    bool
        Such a name says nothing of who it is.

    Examples
    --------
    >>> [is_label(name) for name in ("P3", "Speaker 2", "Speaker B", "Interviewer", "Jane")]
    [True, True, True, True, False]
    """
    bare = _role_of(name)
    return (
        bare in _LABELS
        or re.sub(r"\W+[a-z]$", "", bare) in _NOBODY
        or not any(letter.isalpha() for letter in bare)
        or re.fullmatch(r"[a-z]|[a-z]{0,2}\W?\d+", fold_name(name)) is not None
    )


def means_somebody(name: str) -> bool:
    """Whether a speaker's name means the same in every file: a person's, or what those who ask are called.

    Parameters
    ----------
    name : str
        As a transcript has it.

    Returns
    -------
    bool
        "Speaker 1" is somebody else in each file, so nothing that is known of one is so of another.

    Examples
    --------
    >>> [means_somebody(name) for name in ("Jane", "Interviewer", "Speaker 1", "Unknown speaker", "A", "P3")]
    [True, True, False, False, False, False]
    """
    return not is_label(name) or is_interviewer(name)


def said_of_several(plan: Sequence[Arrival], sides: Mapping[str, str]) -> dict[str, int]:
    """What was said of speakers of several files at once and may be so of one only.

    Parameters
    ----------
    plan : sequence of Arrival
        What comes in together.
    sides : mapping of str to str
        What was said of all of it: ``us`` or ``customer`` by name.

    Returns
    -------
    dict of str to int
        Names such as "Speaker 1", each with how many of the calls somebody of that name speaks in. One that says its side itself
        is none of them: "Guest" is the customer's.

    Examples
    --------
    >>> plan = [Arrival(f"{name}.vtt", what="transcript", speakers=(Speaker("Speaker 1", 9),)) for name in ("a", "b")]
    >>> said_of_several(plan, {"Speaker 1": "us", "Ana": "us"}), said_of_several(plan[:1], {"Speaker 1": "us"})
    ({'Speaker 1': 2}, {})
    """
    speak = Counter(fold_name(one.called) for arrival in plan if arrival.comes_in for one in arrival.speakers)
    doubtful = (
        name
        for name, side in sides.items()
        if name and not means_somebody(name) and _speaker(name, 0, "", Known()).side != side
    )
    return {name: speak[fold_name(name)] for name in doubtful if speak[fold_name(name)] > 1}


def unheard(plan: Sequence[Arrival], names: Iterable[str]) -> list[str]:
    """Names of which something was said, and nobody who is called so speaks.

    Parameters
    ----------
    plan : sequence of Arrival
        What comes in together.
    names : iterable of str
        Such as "Ana Ruiz".

    Returns
    -------
    list of str
        In their order; none where nothing comes in, since then it is not known who speaks.

    Examples
    --------
    >>> plan = [Arrival("a.vtt", what="transcript", speakers=(Speaker("Ana Ruiz", 9), Speaker("Jane", 9)))]
    >>> unheard(plan, ["ana ruiz", "Jan"])
    ['Jan']
    """
    come = [arrival for arrival in plan if arrival.comes_in]
    speak = {fold_name(name) for arrival in come for name in who_speak(arrival)}
    return [name for name in names if fold_name(name.replace(";", ",")) not in speak] if come else []


def who_speak(arrival: Arrival) -> tuple[str, ...]:
    """Of whom it is known that something in a file is theirs.

    Parameters
    ----------
    arrival : Arrival
        A call, or a table of calls.

    Returns
    -------
    tuple of str
        Each name once; in a table those in its column of people.

    Examples
    --------
    >>> who_speak(Arrival("a.vtt", what="transcript", speakers=(Speaker("Ana Ruiz", 9), Speaker("", 9))))
    ('Ana Ruiz', '(no name)')
    """
    names: Iterable[str] = (one.called for one in arrival.speakers)
    if arrival.table and arrival.columns:
        places = [arrival.table.header.index(name) for name in arrival.columns.of("who")]
        names = (cells[place] for _, cells in arrival.table.rows for place in places)
    return tuple(dict.fromkeys(filter(None, names)))


def _says(contents: Contents) -> str:
    if isinstance(contents, Transcript):
        turns = contents.turns
        last = max((piece.at for turn in turns for piece in turn.pieces if piece.at is not None), default=None)
        long = f", {last // 60 or 1} min" if last is not None else ""
        return f"{counted(len(turns), 'turn')}{long}"
    if isinstance(contents, Jottings):
        return counted(len(contents.notes), "note")
    more = "more than " if _is_cut(contents) else ""
    return more + counted(len(contents.rows), "row")


def counted(n: int, one: str) -> str:
    """How many there are of something, in words.

    Parameters
    ----------
    n : int
        How many.
    one : str
        What one of them is called.

    Returns
    -------
    str
        With an s where they are not one.

    Examples
    --------
    >>> counted(1, "row"), counted(4321, "call")
    ('1 row', '4,321 calls')
    """
    return f"{n:,} {one}{'s' * (n != 1)}"


def _lay_out(arrival: Arrival, said: Mapping[str, str]) -> Arrival:
    """A table with its columns told apart, and its rows as notes where nothing about them is unclear."""
    before = dict(arrival.known.columns.get(arrival.table.header, {}))
    if arrival.customer.value:
        before.pop("customer", None)  # somebody has said whose all of it is
    columns = columns_of(arrival.table, said, before)
    if arrival.customer.value and any(question.role == "customer" for question in columns.questions):
        # One for all, and no column need say so.
        columns = columns_of(arrival.table, {"customer": "none", **said}, before)
    rows = Rows(arrival.table, columns)
    parts: tuple[Jottings, ...] = ()
    # Of a table that is kept as it stands nothing is cut.
    problems = tuple(one for one in arrival.table.problems if not (arrival.is_kept_whole and one.todo == CUT))
    what = "table"
    if not columns.questions:
        try:
            parts = tuple(to_jottings(rows))
        except Unreadable as error:
            # With other columns it may be read.
            what = "unreadable"
            problems += (Problem(arrival.name, error.line, error.what, error.todo),)
    if what == "table":
        problems += (*odd_rows(rows, arrival.name), *_to_come(arrival.name, parts))
    laid = replace(arrival, what=what, columns=columns, parts=parts, problems=problems)
    return without_us(laid, arrival.known.us)


def _to_come(file: str, parts: Iterable[Jottings]) -> Iterator[Problem]:
    """The rows of a day that is yet to come, which is no day of a call: another one is asked for."""
    days = {note.at: part.date for part in parts if part.date and is_ahead(str(part.date)) for note in part.notes}
    if days:
        first, *more = sorted(days)
        what = (
            f"row {first} is of {days[first]}, which is yet to come{f' (and {len(more)} more like it)' if more else ''}"
        )
        yield Problem(file, first, what, "its notes get the day that is said of the table, or none in a table of notes")


def _is_cut(table: Table) -> bool:
    return any(problem.todo == CUT for problem in table.problems)


def with_all_rows(arrival: Arrival, table: Table) -> Arrival:
    r"""A table that is kept whole with all of its rows, where only the first were read when it was looked at.

    Parameters
    ----------
    arrival : Arrival
        The table as far as it was read, settled.
    table : Table
        All of it.

    Returns
    -------
    Arrival
        With what was said of its columns, and what its customers agreed to where its rows do not say.

    Examples
    --------
    >>> from workbench.importers import read_source
    >>> file = Source("a.csv", b"Company,Created,Feedback\nAcme,2026-11-17,Slow\nBolt,2026-11-17,Fast\n")
    >>> importer, (table,) = read_source(file)
    >>> first = look_at(file, importer.name, Table(table.header, table.rows[:1]), Known(), Given())
    >>> [part.customer for part in with_all_rows(first, table).parts]
    ['Acme', 'Bolt']
    """
    laid = _lay_out(replace(arrival, table=table), _said_of(arrival.columns))
    agreed = {fold_name(arrival.customer_of(part)): part.consent for part in arrival.parts if part.consent}
    parts = (
        part if part.consent else replace(part, consent=agreed.get(fold_name(arrival.customer_of(part)), ""))
        for part in laid.parts
    )
    return replace(laid, parts=tuple(parts))


def said_of_columns(arrival: Arrival) -> dict[str, tuple[str, ...]]:
    r"""What was said of a table's columns, and what was confirmed of them.

    Parameters
    ----------
    arrival : Arrival
        A table, settled.

    Returns
    -------
    dict of str to tuple of str
        Columns by what they are, as `Known` has them; none for what is no column. What the header says without a doubt is left out.

    Examples
    --------
    >>> from workbench.importers import read_source
    >>> file = Source("a.csv", b"Company,Meinung\nAcme,Slow\n")
    >>> importer, (table,) = read_source(file)
    >>> said_of_columns(look_at(file, importer.name, table, Known(), Given(columns={"quote": "Meinung"})))
    {'quote': ('Meinung',)}
    """
    by_name = {(one.role, one.names) for one in columns_of(arrival.table).found if one.sure}
    found = arrival.columns.found if arrival.columns else ()
    told = {
        one.role: one.names
        for one in found
        if (one.why in ("you said so", AS_BEFORE) or (one.role, one.names) not in by_name)
        # That no column names the customer is so only of the one for whom all of it was.
        and (one.names or one.role != "customer")
    }
    # Of a column that is empty this time, or days that nobody can read in two ways, nothing else has been said.
    taken = {name for one in found for name in one.names}
    own = {"quote", "text"} & {one.role for one in found}
    for role, names in arrival.known.columns.get(arrival.table.header, {}).items():
        if role not in told and not taken & set(names) and not (own and role in ("quote", "text")):
            told[role] = names
    return told


def _said_of(columns: Columns | None) -> dict[str, Sequence[str]]:
    """What somebody said of columns, for it to be said again beside more."""
    return {one.role: one.names for one in (columns.found if columns else ()) if one.sure}


def _with_reasons(columns: Columns, before: Columns | None, said: Collection[str]) -> Columns:
    """Columns of which nothing was said just now are as they are for the reason that they were before."""
    known = {
        (one.role, one.names): one for one in (before.found if before else ()) if one.sure and one.role not in said
    }
    return replace(columns, found=tuple(known.get((one.role, one.names), one) for one in columns.found))


def _asks_of_table(arrival: Arrival) -> Iterator[Ask]:
    for question in arrival.columns.questions if arrival.columns else ():
        yield Ask("column", f"{question.words[:1].upper()}{question.words[1:]}", question.role, question.among)
    if arrival.parts and len(arrival.table.rows) > MANY_ROWS and not arrival.kept_as:
        yield Ask("kept_as", _how_kept(arrival), "", KEPT_AS)
        return  # of a table that is kept whole less is asked
    # In a table of notes a row without a day is a note without one.
    days = () if arrival.is_kept_whole else arrival.parts
    if (without := [part for part in days if not part.date]) and not arrival.day.value:
        stated = " or ".join(arrival.columns.of("date"))
        none = f"no day in {stated} that can be read" if stated else "no day"
        other = next((name for name in arrival.columns.left if has_days(arrival.table, name)), "")
        also = f", and {other} has days" if other else ""
        yield Ask("day", f"On which day was it? {_without(without)} {none}{also}.", other)
    if ahead := [part for part in days if not arrival.day_of(part) and part not in without]:
        yield Ask("day", f"On which day was it? {_without(ahead)} {ahead[0].date}, which is yet to come.")
    # A file that is kept as it stands cannot be given one; rows without are named and left out where it is read.
    alone = arrival.is_cut and arrival.is_kept_whole and any(part.customer for part in arrival.parts)
    if (without := [part for part in arrival.parts if not part.customer]) and not arrival.customer.value and not alone:
        yield Ask("customer", f"Which customer was it? {_without(without)} no customer.")


def _how_kept(arrival: Arrival) -> str:
    """What a large table can become, and which of its columns is what."""
    rows = "more rows than are read at once" if arrival.is_cut else counted(len(arrival.table.rows), "row")
    columns = ", ".join(f"{one.role} is {' + '.join(one.names)}" for one in arrival.columns.found if one.names)
    return (
        f"It has {rows}. Keep it as one table of notes, or make {counted(len(arrival.parts), 'call')} of it, each a file of its own? "
        f"({columns})"
    )


def _without(parts: Sequence[Jottings]) -> str:
    """How many rows do not say, and which is the first; the others keep what they say."""
    rows = sorted({note.at for part in parts for note in part.notes})
    if len(rows) == 1:
        return f"Row {rows[0]} says"
    return f"{len(rows):,} rows, the first of them {rows[0]}, say"


def _unlike(arrival: Arrival) -> str:
    """What speaks against an arrival being its twin, though they share their words."""
    twin, spelled = arrival.twin, arrival.known.spelled
    both = twin.customer and arrival.customer.value
    if both and fold_name(spelled(twin.customer)) != fold_name(spelled(arrival.customer.value)):
        return f"that one is with {twin.customer}"
    if twin.day and arrival.day.value and twin.day != arrival.day.value:
        return f"that one is of {twin.day}"
    if any(not one.side for one in arrival.speakers):
        return "nobody has said yet whose words they are, and a script is read in every call"
    return ""


def _asks(arrival: Arrival) -> Iterator[Ask]:
    if arrival.has_doubtful_twin:
        but = " and ".join(filter(None, (_unlike(arrival), arrival.twin.length)))
        words = f"Is it the call {arrival.twin.called}? It has much the same words, but {but}."
        yield Ask("again", words, "", arrival.ways)
    if arrival.what == "table":
        yield from _asks_of_table(arrival)
        yield from _asks_of_names(arrival)
        return
    if not arrival.day.value:
        yield Ask("day", f"On which day was it? {_or(arrival.day.why, 'Neither the file nor its name says.')}")
    elif is_ahead(arrival.day.value):
        yield Ask("day", f"On which day was it? {arrival.day.value} ({arrival.day.why}) is yet to come.")
    with_whom, who = list(_asks_of_customer(arrival)), list(_asks_of_speakers(arrival))
    # Who is one of us tells whose mail it is.
    yield from (*who, *with_whom) if arrival.addresses else (*with_whom, *who)
    if arrival.is_all_ours:
        names = ", ".join(one.called for one in arrival.speakers)
        yield Ask(
            "speaker",
            f"Whose words are the customer's? {names}: all are of you so far.",
            arrival.speakers[0].name,
            SIDES,
        )


def _asks_of_customer(arrival: Arrival) -> Iterator[Ask]:
    if not arrival.customer.value and arrival.among:
        names = " and ".join(arrival.among)
        yield Ask("customer", f"With whom was it? {names} are in it ({arrival.customer.why}).", "", arrival.among)
    elif not arrival.customer.value:
        yield Ask("customer", "Which customer was it with? Neither the file nor its name says.")
    yield from _asks_of_names(arrival)


def _asks_of_speakers(arrival: Arrival) -> Iterator[Ask]:
    for one in arrival.speakers:
        if not one.side:
            words = f"Is {shorten(one.name, 60)} ({counted(one.words, 'word')}) one of you, or the customer's?"
            yield Ask("speaker", words, one.name, SIDES)


def _asks_of_names(arrival: Arrival) -> Iterator[Ask]:
    """Whether a customer who is not known is one whose name looks like theirs."""
    for name in dict.fromkeys(arrival.written_of(part) for part in (arrival.parts if arrival.table else (None,))):
        if name not in arrival.same and (near := arrival.known.like(name)):
            n_calls = [arrival.known.n_calls[one] for one in near]
            known = [
                f"“{one}” ({counted(n, 'call') if n else 'in the registry'})"
                for one, n in zip(near, n_calls, strict=True)
            ]
            yield Ask(
                "same",
                f"Is “{name}” the same customer as {' or '.join(known)}?",
                name,
                ("yes", "no") if len(near) == 1 else (*near, "no"),
            )


def _or(words: str, otherwise: str) -> str:
    return f"{words}." if words else otherwise
