"""Which column of a table is what, going by its name; and its rows as notes.

A table of feedback has a row for each thing that somebody said. Whose it is, when they said it and where their words are, the
header tells, in the names that the tools around give their columns. Where it does not, or in two ways, it is a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from workbench.customers import strictest
from workbench.errors import InputError, Problem, shorten
from workbench.importers.contents import Jotting, Jottings, Table
from workbench.importers.days import day_alone, day_in
from workbench.importers.interviewers import is_interviewer
from workbench.importers.markup import has_markup, words_of_html
from workbench.importers.source import Unreadable
from workbench.importers.tags import tag_of, tags_of
from workbench.notes import consent_level, format_note, showable, unknown_consent
from workbench.unspaced import count_words

__all__ = [
    "AS_BEFORE",
    "BY_CELLS",
    "ROLES",
    "Column",
    "Columns",
    "Question",
    "Rows",
    "columns_of",
    "has_days",
    "iso_day",
    "kind_of",
    "odd_rows",
    "role_of",
    "says_nothing",
    "to_jottings",
    "unknown_side",
]

# Role -> what its columns are called, the surest names first; names in one row are as sure as each other.
_NAMES: dict[str, tuple[str, ...]] = {
    "customer": (
        "customer|customer name",
        "company|company name|account|account name|organization|organization name|organisation|organisation name|client|client name",
        "companies|message author companies|user companies|customer company|requester organization|company domain",
    ),
    "who": (
        "who|participant|participant name|interviewee|respondent|respondent name|person|speaker",
        "full name|user|user name|username|contact|contact name|requester|requester name|submitter|message author name|customer contact",
        "email|email address|user email|contact email|requester email|customer email|message author email|participant email",
    ),
    "role": ("role|job title|job role|position|persona",),
    "date": (
        "date|day|call date|interview date|session date|date of call|date of interview|note date|held on|datum|gesprächsdatum|fecha"
        "|日付|日時|日期",
        "created|created at|created on|created date|created time|date created|creation date|timestamp|submitted|submitted at"
        "|submit date|submit date utc|message created at|response date|recorded date|recordeddate|received|received at|requested"
        "|zeitstempel|erstellt|erstellt am|erstellungsdatum|eingereicht|eingereicht am|eingegangen am|gesendet am|abgesendet am|erfasst am"
        "|antwortdatum|horodateur|horodatage|créé le|date de création|date de réponse|date d envoi|date de soumission|envoyé le|soumis le"
        "|reçu le|marca temporal|creado|creado el|fecha de creación|fecha de respuesta|fecha de envío|enviado el|recibido el"
        "|タイムスタンプ|回答日|回答日時|回答日付|記入日|送信日|送信日時|作成日|作成日時|受付日|受付日時|登録日|登録日時"
        "|时间戳|时间|创建时间|创建日期|提交时间|提交日期|提交答卷时间|答题时间|填写时间|填写日期|回复时间|反馈时间",
        "conversation created at|end date|enddate|start date|startdate|start date utc|completed at|solved at",
        "updated|updated at|last updated|last edited time|updated date",
    ),
    "segment": ("segment|customer segment|account segment", "plan|plan name|tier|subscription|customer type|company size|industry"),
    "tags": (
        "tags|tag|labels|label|ticket tags|conversation tags|note tags|highlight tags|multi select",
        "themes|theme|topics|topic|categories|category|feature|features|product area|component",
    ),
    "kind": ("kind|type|note type|feedback type|highlight type",),
    "consent": ("consent|consent level|permission|quote permission|may we quote you|can we quote you",),
    "side": ("author type|message author type|sender type|from type|author role|message author role|sender role|from role", "role"),
}  # fmt: skip
# What tells people apart whose names are alike, the surest first.
_APART = (_NAMES["who"][-1], "respondent id|participant id|user id|contact id|person id|member id")
# Half a name, of which the whole is better.
_HALVES = frozenset({"first name", "last name"})
# Where the words are. The first are what a customer said, by their name; the second are as a rule; the third one of us may have
# written; the last only head something.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "quote",
        "quote|quotes|verbatim|verbatims|customer quote|user quote|their words|customer words|open ended response",
    ),
    (
        "quote",
        "feedback|customer feedback|user feedback|comment|comments|customer comment|answer|answers|response|highlight|highlights"
        "|highlight text|highlight content|description|message|message body|customer message|first message|review|review text",
    ),
    (
        "text",
        "note|notes|text|note text|content|note content|body|observation|observations|insight|insights|finding|findings|details"
        "|summary|takeaway|takeaways|key takeaways",
    ),
    ("text", "title|subject|headline|note title|ticket subject"),
)
ROLES = ("quote", "text", *_NAMES, "days")
NONE = "none"
_KINDS = {
    name: kind
    for kind, names in {
        "pain": "pain|pain point|problem|frustration|complaint|bug|issue",
        "wish": "wish|request|feature request|idea|need|suggestion|improvement",
        "workaround": "workaround|hack",
        "commitment": "commitment|promise",
        "observation": "observation|note|fact|behavior|behaviour",
        "quote": "quote|verbatim",
    }.items()
    for name in names.split("|")
}
_OURS = frozenset(
    "admin agent bot employee facilitator host internal interviewer moderator operator pm researcher staff support system team "
    "teammate us".split()
)
# What the other side is called there; whatever else stands there is named, since it may be one of us.
_THEIRS = frozenset(
    "buyer client company contact customer end enduser guest interviewee lead participant prospect requester respondent subject "
    "submitter user visitor".split()
)
# Of these, what a "Role" says only of whose side somebody is on: an "admin" or a "user" may be a customer's.
_SIDES_ONLY = frozenset("client customer end enduser interviewee participant prospect requester respondent".split())
_ASKS = re.compile(
    r"\?\s*$|\?\s*\(|^(?:what|how|why|which|where|when|who|describe|tell|please|is there|are there|do|did|any(?:thing)? )\b",
    re.I,
)
# A whole answer that says nothing; the second say something where a yes or a no was asked for.
_NOTHING = frozenset({"n a", "na", "none", "nothing", "nil", "not applicable", "no comment", "no comments"})
_YES_OR_NO = frozenset({"yes", "no", "nope"})
_ASKS_YES = re.compile(
    r"(?:^|[.:)]\s+)(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may)\b|\byes\s*(?:/|or)\s*no\b",
    re.I,
)
# No is what is said to these where there is nothing to say.
_ASKS_MORE = re.compile(
    r"\banything\b|\bany (?:(?:other|further|additional|more) )?(?:comment|feedback|idea|question|remark|suggestion|thought)s?\b",
    re.I,
)
# A cell that is longer is a whole interview, and no note.
LONGEST_NOTE = 5000
LONGEST_NOTHING = 30
SAID_IN_WORDS, MOST_ASKED = 4, 12
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)?\d\d)(?!\d)")
A_DAY = "2026-11-17"
_HAS_WORDS = re.compile(r"\w").search
# What holds words.
_OWN = {"quote", "text"}
# Of a column's cells that have something: so many are days where they all are meant to be.
NEARLY_ALL = 0.9
# So many cells show what a column has.
ENOUGH = 1000
BY_CELLS = "its cells are days"
AS_BEFORE = "as when such a table came in before"
_ORDERS = (("day first",), ("month first",))
_FIRSTS = {True: "day first", False: "month first"}


class Column(NamedTuple):
    """What one or more columns are taken for.

    Parameters
    ----------
    role : str
        One of `ROLES`: ``quote`` has a customer's own words, ``text`` what one of us wrote down.
    names : tuple of str
        The columns, as the header names them.
    why : str
        How that is known, in plain words.
    sure : bool
        Whether it was said, or the name leaves no doubt; everything else somebody confirms.
    """

    role: str
    names: tuple[str, ...]
    why: str
    sure: bool


class Question(NamedTuple):
    """What the header does not tell.

    Parameters
    ----------
    role : str
        What is to be said, as a key of `said` in :func:`columns_of`.
    words : str
        The question.
    among : tuple of str
        What may be answered.
    """

    role: str
    words: str
    among: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Which columns are what.

    Parameters
    ----------
    found : tuple of Column
        One a role, in the order of `ROLES`.
    questions : tuple of Question
        What has to be said first.
    left : tuple of str
        The columns that have something and become nothing; they stay in the file that is kept.
    day_first : bool
        How days such as 11/12/2026 are read.
    """

    found: tuple[Column, ...]
    questions: tuple[Question, ...] = ()
    left: tuple[str, ...] = ()
    day_first: bool = False

    def of(self, role: str) -> tuple[str, ...]:
        """The names of the columns of a role, empty where there are none."""
        return next((column.names for column in self.found if column.role == role), ())


def columns_of(
    table: Table,
    said: Mapping[str, str | Sequence[str]] | None = None,
    before: Mapping[str, Sequence[str]] | None = None,
) -> Columns:
    """Which column of a table is what.

    Parameters
    ----------
    table : Table
        The table.
    said : mapping of str to str or sequence of str, optional
        What somebody said: a column's name by its role, several with ``;`` between them, ``none`` for no column; or exactly the
        names that the header has. Under ``days`` stands ``day first`` or ``month first``.
    before : mapping of str to sequence of str, optional
        What was said of an earlier table with the same header, likewise: it is taken for so, and somebody confirms it.

    Returns
    -------
    Columns
        What was found, with the reason for each; and what has to be asked.

    Examples
    --------
    >>> table = Table(("Company", "Created", "Feedback", "Notes"), ((2, ("Acme", "2026-11-17", "It is slow", "calls back")),))
    >>> columns = columns_of(table)
    >>> columns.of("customer"), columns.questions[0].words
    (('Company',), 'which column has their words? Feedback or Notes')
    >>> columns_of(table, {"quote": "Feedback"}).questions
    ()
    """
    said = {role.strip().casefold(): names for role, names in (said or {}).items()}
    found: dict[str, Column] = {}
    questions: list[Question] = []
    for role, names in said.items():
        if role != "days":
            chosen, wrong = _said(table, role, names)
            questions += wrong
            found[role] = Column(role, chosen, "you said so", True)
    if before:
        found |= _as_before(table, before, found)
    taken = {name for column in found.values() for name in column.names}
    if not _OWN & set(found):
        for column in _words(table, taken, questions):
            found[column.role] = column
            taken |= set(column.names)
    for role in _NAMES:
        if role not in found and (column := _named(table, role, taken, questions)):
            found[role] = column
            taken |= set(column.names)
    if not found.get("customer") and not any(question.role == "customer" for question in questions):
        questions.append(_whose(table, found, taken))
    day_first, unclear = _order_of_days(table, found.get("date"), "".join(said.get("days", "")))
    if said.get("days") and not unclear:
        found["days"] = Column("days", (_FIRSTS[day_first],), "you said so", True)
    elif unclear and not said.get("days") and (before or {}).get("days", ())[:1] in _ORDERS:
        day_first, unclear = _order_of_days(table, found.get("date"), before["days"][0])
        found["days"] = Column("days", (_FIRSTS[day_first],), AS_BEFORE, False)
    questions += unclear
    columns = tuple(found[role] for role in ROLES if role in found)
    return Columns(
        columns,
        tuple(questions),
        tuple(name for name in table.header if name not in taken and any(_cells(table, name))),
        day_first,
    )


def to_jottings(rows: Rows) -> list[Jottings]:
    """The rows of a table as notes, those of one customer and day together.

    Parameters
    ----------
    rows : Rows
        The table's, with nothing left to ask of its columns.

    Returns
    -------
    list of Jottings
        In the order of their first rows. Those that become no note :func:`odd_rows` names.

    Raises
    ------
    Unreadable
        When no row becomes a note.

    Examples
    --------
    >>> table = Table(("Company", "Quote", "Tags"), ((2, ("Acme", "It is slow", "Speed")), (3, ("Acme", "", ""))))
    >>> (acme,) = to_jottings(Rows(table, columns_of(table)))
    >>> acme.customer, acme.notes[0].line
    ('Acme', '- "It is slow" #speed')
    """
    calls: dict[tuple[str, date | None], list[_Read]] = {}
    for row in rows.read:
        if row.lines and not row.is_ours:
            calls.setdefault((rows.one(row.cells, "customer").casefold(), row.day), []).append(row)
    if not calls:
        words = rows.name("quote", "text") or "any column"
        raise Unreadable(f"no row has words of a customer in {words}", "say which column has them", 1)
    return [rows.jottings(day, entries, rows.stated.get(customer, "")) for (customer, day), entries in calls.items()]


def _unknown_consent(file: str, rows: Rows) -> Iterator[Problem]:
    """Words about consent that are none of the levels, each where it first stands."""
    named: set[str] = set()
    for row in rows.read:
        for word in rows.all(row.cells, "consent"):
            if word.casefold() not in named and (said := unknown_consent(word)):
                named.add(word.casefold())
                yield Problem(file, row.number, *said)


def _refused(file: str, rows: Rows) -> Iterator[Problem]:
    """What customers do not allow none of whose rows gives a note: in calls made of the others it stands nowhere."""
    if not rows.stated:
        return
    heard = {rows.one(row.cells, "customer").casefold() for row in rows.read if row.lines and not row.is_ours}
    stated = {customer: level for customer, level in rows.stated.items() if customer not in heard}
    named: set[str] = set()
    for row in rows.read if stated else ():
        name = rows.one(row.cells, "customer")
        folded = name.casefold()
        if stated.get(folded) in ("none", "aggregate") and rows.one(row.cells, "consent") and folded not in named:
            named.add(folded)
            what = f"{name} states consent {stated[folded]}, and none of its rows gives a note"
            todo = f"if it is so, write  consent: {stated[folded]}  below {name} in discovery/customers.yaml"
            yield Problem(file, row.number, what, todo)


def _shared_names(file: str, rows: Rows) -> Iterator[Problem]:
    """Names of people that are taken for customers and are of several people, as their addresses or ids tell."""
    column, several = rows.shared_names
    if several:
        shown = "; ".join(f"“{name}” ({shorten(', '.join(ids), 100)})" for name, ids in several.items())
        line = min(sorted(ids.values())[1] for ids in several.values())
        what = f"{rows.name('customer')} has names that go with several in {column}: {shorten(shown, 300)}"
        todo = f"each name counts as one customer; take {column} for the customer where they are several people"
        yield Problem(file, line, what, todo)


def odd_rows(rows: Rows, file: str = "") -> tuple[Problem, ...]:
    """The rows that become no note, and those whose day cannot be read.

    Parameters
    ----------
    rows : Rows
        The table's. What is still to be asked may be open: no row is named for it.
    file : str
        The file's name.

    Returns
    -------
    tuple of Problem
        Each with its rows, and what stands there for a day.

    Examples
    --------
    >>> table = Table(("Company", "Quote", "Date"), ((2, ("Acme", "slow", "soon")), (3, ("Acme", "", ""))))
    >>> for problem in odd_rows(Rows(table, columns_of(table)), "calls.csv"):
    ...     print(problem)
    calls.csv:3: row 3 has no words in Quote; it gives no note
    calls.csv:2: row 2 has no day in Date that can be read: “soon”; it gives notes of the day that is said of the table, or of none in a table of notes
    """
    words = rows.name("quote", "text")
    if not words:
        return ()
    problems: list[Problem] = []
    problems += [*_unknown_consent(file, rows), *_refused(file, rows), *_shared_names(file, rows)]
    silent: list[int] = []
    empty: list[tuple[int, str]] = []
    ours: list[int] = []
    undated: dict[int, str] = {}
    odd: dict[str, int] = {}
    for row in rows.read:
        if side := rows.odd_side(row.cells):
            odd.setdefault(side, row.number)
        problems += [
            Problem(
                file,
                row.number,
                f"{name} in row {row.number} has {length:,} letters, which is a whole interview and no note",
                "save it as a file of its own, and bring that in",
            )
            for name, length in row.long
        ]
        if row.is_ours:
            ours.append(row.number)
            continue
        empty += [(row.number, answer) for answer in row.nothing]
        if not row.lines:
            silent += [] if row.long or row.nothing else [row.number]
        elif row.day is None and (stands := rows.one(row.cells, "date")):
            undated[row.number] = stands
    if odd:
        shown = shorten(", ".join(f"“{one}”" for one in odd), 100)
        problems.append(Problem(file, min(odd.values()), *unknown_side(shown, rows)))
    problems += _counted(file, silent, f"no words in {words}", "no note")
    problems += _counted_nothing(file, empty)
    problems += _counted(
        file,
        ours,
        f"one of you as the author in {rows.name('side', 'who')}",
        "no note, since nothing that one of us says is evidence",
    )
    shown = "; ".join(f"“{shorten(day, 30)}”" + f" in row {row}" * (len(undated) > 1) for row, day in undated.items())
    what = f"no day in {rows.name('date')} that can be read: {shorten(shown, 200)}"
    problems += _counted(
        file, [*undated], what, "notes of the day that is said of the table, or of none in a table of notes"
    )
    return tuple(problems)


@lru_cache(maxsize=1024)
def _side(said: str) -> str:
    """On whose side an author of a kind is; empty where nobody knows."""
    words = set(re.findall(r"[a-z]+", said.casefold()))
    return "us" if _OURS & words else "customer" if _THEIRS & words else ""


def unknown_side(shown: str, rows: Rows) -> tuple[str, str]:
    """What to say of authors of whom it is not known on which side they are.

    Parameters
    ----------
    shown : str
        What stands there.
    rows : Rows
        Where.

    Returns
    -------
    what, todo : str
        As of a :class:`workbench.errors.Problem`.

    Examples
    --------
    >>> table = Table(("Company", "Quote", "Author type"), ((2, ("Acme", "Slow", "partner")),))
    >>> unknown_side("“partner”", Rows(table, columns_of(table)))[0]
    'it is not known whether “partner” in Author type is one of you'
    """
    what = f"it is not known whether {shown} in {rows.name('side')} is one of you"
    return what, "their rows count as a customer's; take them out if they are yours"


def role_of(name: str) -> str:
    """What a field of a page or a file's head is, going by its name.

    Parameters
    ----------
    name : str
        The field's name.

    Returns
    -------
    str
        One of `ROLES`; empty for what is none of them.

    Examples
    --------
    >>> role_of("Company"), role_of("Created time"), role_of("URL")
    ('customer', 'date', '')
    """
    return next((role for role, tiers in _NAMES.items() for names in tiers if _plain(name) in names.split("|")), "")


def iso_day(said: str) -> str:
    """A day that somebody types, as a table may write it.

    Parameters
    ----------
    said : str
        Such as ``17.11.2026``.

    Returns
    -------
    str
        Such as ``2026-11-17``; what is no day stays as it is.

    Raises
    ------
    InputError
        For a day that can be read in two ways.

    Examples
    --------
    >>> iso_day("17.11.2026"), iso_day("11/17/2026"), iso_day("17 November 2026"), iso_day("soon")
    ('2026-11-17', '2026-11-17', '2026-11-17', 'soon')
    >>> iso_day("11/12/2026")
    Traceback (most recent call last):
    ...
    workbench.errors.InputError: 11/12/2026 may have the day first or the month: say 2026-12-11 or 2026-11-12
    """
    found = _NUMBERS.fullmatch(said.strip())
    if not found or not _in_numbers([found[0]])(found[0]):
        return str(day_alone(said) or said)
    ways = [str(day) for first in _FIRSTS if (day := _as_day(found, first))]
    if found[2] != "." and len(set(ways)) > 1:
        raise InputError(f"{found[0]} may have the day first or the month: say {ways[0]} or {ways[1]}")
    return ways[0] if ways else said


def has_days(table: Table, name: str) -> bool:
    """Whether nearly all cells of a column that have something are a day and no more, but perhaps the hour.

    Parameters
    ----------
    table : Table
        The table.
    name : str
        The column's name, as its header has it.

    Returns
    -------
    bool
        False for an empty column.

    Examples
    --------
    >>> table = Table(("Due", "Words"), ((2, ("18/11/26 10:30", "since 2026-11-17")), (3, ("", "slow"))))
    >>> has_days(table, "Due"), has_days(table, "Words")
    (True, False)
    """
    cells = [*islice(filter(None, _cells(table, name)), ENOUGH)]
    find = _in_numbers(cells)
    n_days = sum(
        day_alone(_NUMBERS.sub(A_DAY, cell) if _is_no_version(find(cell)) else cell) is not None for cell in cells
    )
    return 0 < NEARLY_ALL * len(cells) <= n_days


def kind_of(stated: str) -> str:
    """The kind of note that a word names.

    Parameters
    ----------
    stated : str
        As a table has it.

    Returns
    -------
    str
        One of :data:`workbench.notes.KINDS`; empty for a word that is none of them.

    Examples
    --------
    >>> kind_of("Feature request"), kind_of("Bug"), kind_of("P1")
    ('wish', 'pain', '')
    """
    return _KINDS.get(" ".join(stated.casefold().split()), "")


def _is_no_version(day: re.Match[str] | None) -> bool:
    """Whether a day in numbers reads as one wherever it stands: 1.2.14 may be the version of a program, and 10.30.45 an hour."""
    is_day = day is not None and any(_as_day(day, first) for first in _FIRSTS)
    return is_day and (len(day[4]) == 4 or day[2] == "/" or len(day[0]) == len("18.11.26"))


def says_nothing(words: str, asked: str) -> bool:
    """Whether a whole answer is only a word such as n/a, which is no evidence of anything.

    Parameters
    ----------
    words : str
        What a cell has.
    asked : str
        Its column's name: where a yes or a no was asked for, these say something.

    Returns
    -------
    bool
        True for what gives no note.

    Examples
    --------
    >>> says_nothing("N/A", "Feedback"), says_nothing("No.", "Anything else?"), says_nothing("No", "Do you use filters?")
    (True, True, False)
    """
    if len(words) > LONGEST_NOTHING:
        return False
    plain = " ".join(re.findall(r"\w+", words.casefold()))
    is_yes_or_no = _ASKS_YES.search(asked) and not _ASKS_MORE.search(asked)
    return plain in _NOTHING or (plain in _YES_OR_NO and not is_yes_or_no)


def _counted(file: str, numbers: Sequence[int], what: str, todo: str) -> Iterator[Problem]:
    """One problem for all rows that have the same."""
    if len(numbers) == 1:
        yield Problem(file, numbers[0], f"row {numbers[0]} has {what}", f"it gives {todo}")
    elif numbers:
        rows = f"{len(numbers)} rows ({shorten(', '.join(map(str, numbers)), 60)})"
        yield Problem(file, numbers[0], f"{rows} have {what}", f"they give {todo}")


def _counted_nothing(file: str, empty: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    """One problem for all answers that say nothing."""
    shown = shorten(", ".join(dict.fromkeys(f"“{answer}”" for _, answer in empty)), 100)
    rows = list(dict.fromkeys(row for row, _ in empty))
    if len(empty) == 1:
        yield Problem(
            file, rows[0], f"one answer, in row {rows[0]}, is only {shown}, which says nothing", "it gives no note"
        )
    elif empty:
        what = f"{len(empty):,} answers are only {shown}, which says nothing (rows {shorten(', '.join(map(str, rows)), 60)})"
        yield Problem(file, rows[0], what, "they give no note")


def _plain(name: str) -> str:
    """A column's name as those of the table are written."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"\([^)]*\)|[\W_]+", " ", name.replace("(UTC)", " utc ")).casefold().split())


def _said(table: Table, role: str, names: str | Sequence[str]) -> tuple[tuple[str, ...], list[Question]]:
    if role not in ROLES:
        what = f"{role!r} is nothing that a column can be; say one of {', '.join(ROLES)}"
        return (), [Question(role, what, ROLES)]
    known = {form(name): name for form in (_plain, str.casefold, str) for name in table.header}  # the surest last
    wanted = list(names)
    if isinstance(names, str):
        words = names.strip()
        # A column's own name may have a semicolon in it.
        wanted = (
            [words] if {words, words.casefold()} & known.keys() else [part for part in names.split(";") if part.strip()]
        )
        if words.casefold() == NONE:
            return (), []
    chosen = [
        known.get(part.strip()) or known.get(part.strip().casefold()) or known.get(_plain(part)) for part in wanted
    ]
    missing = [part.strip() for part, column in zip(wanted, chosen, strict=True) if column is None]
    if not missing:
        return tuple(chosen), []
    among = sorted(table.header, key=lambda name: _likely(table, role, name), reverse=True)[:MOST_ASKED]
    asks = f"which one is {role}? {_either(among)}"
    questions = [Question(role, f"there is no column {name!r}; {asks}", tuple(among)) for name in missing]
    return tuple(column for column in chosen if column is not None), questions


def _as_before(table: Table, before: Mapping[str, Sequence[str]], said: Mapping[str, Column]) -> dict[str, Column]:
    """What of the things said of an earlier table holds for this one: of columns that it has, that are not empty, and of which nothing else is said."""
    by_name = {column.role: column for column in columns_of(table).found}
    taken = {name for column in said.values() for name in column.names}
    found: dict[str, Column] = {}
    for role, names in before.items():
        is_free = role in ROLES and role != "days" and role not in said and not (role in _OWN and _OWN & set(said))
        fits = len(set(names)) == len(names) and all(
            name in table.header and name not in taken and any(_cells(table, name)) for name in names
        )
        if is_free and fits:
            column = Column(role, tuple(names), AS_BEFORE, False)
            same = by_name.get(role)
            found[role] = same if same and same.names == column.names else column
            taken |= set(names)
    return found


def _likely(table: Table, role: str, name: str) -> float:
    """How likely a column is to be what is looked for: by its name, or by how many words its cells have."""
    cells = [cell for cell in _cells(table, name) if cell]
    if role in _NAMES:
        return role_of(name) == role and bool(cells)
    return sum(count_words(cell) for cell in cells) / len(cells) if cells else 0


def _named(table: Table, role: str, taken: Iterable[str], questions: list[Question]) -> Column | None:
    """The column of a role by its name; two that may be are a question."""
    free = [name for name in table.header if name not in taken]
    for names in _NAMES[role]:
        called = set(names.split("|"))
        fits = [name for name in free if _plain(name) in called and any(cell for cell in _cells(table, name))]
        # What somebody does and whose side somebody is on have one name.
        fits = [name for name in fits if _plain(name) != "role" or _tells_sides(table, name) is (role == "side")]
        if role == "who" and not fits and {_plain(name) for name in free} >= _HALVES:
            fits = [name for name in free if _plain(name) in _HALVES]
            return Column(role, tuple(fits), "going by their names", True)
        if fits and role in ("tags", "kind", "consent"):
            return Column(role, tuple(fits), "going by the name", True)
        if len(fits) == 1:
            return Column(role, tuple(fits), "going by the name", True)
        if fits and role in ("customer", "date"):
            ask = {"customer": "which column names the customer?", "date": "which column has the day?"}[role]
            questions.append(Question(role, f"{ask} {_either(fits)}", tuple(fits)))
            return None
        if fits:
            return Column(role, (fits[0],), f"the first of {_either(fits)}", False)
    return _of_days(table, free, questions) if role == "date" else None


def _of_days(table: Table, free: Iterable[str], questions: list[Question]) -> Column | None:
    """The column whose cells are days, where none is called so; of two that may be it is asked."""
    fits = [name for name in free if has_days(table, name)]
    if len(fits) > 1:
        questions.append(Question("date", f"which column has the day? {_either(fits)}", tuple(fits)))
    return Column("date", (fits[0],), BY_CELLS, False) if len(fits) == 1 else None


def _tells_sides(table: Table, name: str) -> bool:
    """Whether a column says of each row only on which side its author is, and both are there."""
    cells = [set(re.findall(r"[a-z]+", cell.casefold())) for cell in _cells(table, name) if cell]
    return (
        all(words <= _OURS | _THEIRS for words in cells)
        and any(words & _OURS for words in cells)
        and any(words & _SIDES_ONLY for words in cells)
    )


def _words(table: Table, taken: Iterable[str], questions: list[Question]) -> list[Column]:
    """Where the words are: questions of a survey, or columns called so."""
    free = [
        name
        for name in table.header
        if name not in taken and any(re.search(r"[^\W\d_]", cell) for cell in _cells(table, name))
    ]
    roles = {role: {name for names in tiers for name in names.split("|")} for role, tiers in _NAMES.items()}
    asked = [
        name for name in free if _ASKS.search(name) and _plain(name) not in roles["consent"] and _in_words(table, name)
    ]
    if asked:
        return [Column("quote", tuple(asked), "questions that were answered in words", False)]
    tiers = [[name for name in free if _plain(name) in set(names.split("|"))] for _, names in _WORDS]
    surest, likely, ours, heads = tiers
    if len(surest) == 1 and not likely:
        columns = [Column("quote", tuple(surest), "going by the name", True)]
        return [*columns, Column("text", tuple(ours), "going by the name", True)] if len(ours) == 1 else columns
    called = [*surest, *likely, *ours]
    if len(called) == 1 or (not called and len(heads) == 1):
        name = (called or heads)[0]
        if name in likely:
            return [Column("quote", (name,), "taken for their own words, going by the name", False)]
        return [Column("text", (name,), "taken for what one of you wrote down, going by the name", False)]
    known = set().union(*roles.values())
    among = (
        called
        or heads
        or [name for name in free if _in_words(table, name) and _plain(name) not in known]
        or free
        or table.header
    )
    role = "quote" if surest or likely or not (ours or heads) else "text"
    among = among[:MOST_ASKED]
    questions.append(Question(role, f"which column has their words? {_either(among)}", tuple(among)))
    return []


def _whose(table: Table, found: Mapping[str, Column], taken: Iterable[str]) -> Question:
    """What to ask where no column is called as a customer is."""
    who = "; ".join(found["who"].names) if "who" in found else ""
    people = [*_telling_apart(table), *filter(None, [who])]
    free = sorted((name for name in table.header if name not in taken), key=lambda name: _unlike_customers(table, name))
    among = tuple(dict.fromkeys([*people, *free]))[:MOST_ASKED]
    words = f"which column names the customer? {_either(among)}" if among else "which customer is it?"
    if people:
        words += f"  ({people[0]}, if each person counts as a customer)"
    return Question("customer", words, among)


def _telling_apart(table: Table) -> list[str]:
    """The columns that tell people apart whose names are alike, the surest first."""
    return [
        name
        for names in _APART
        for name in table.header
        if _plain(name) in names.split("|") and any(_cells(table, name))
    ]


def _unlike_customers(table: Table, name: str) -> tuple[bool, bool, float]:
    """How little a column looks as if it named customers: those are called in few words that come again."""
    cells = [*islice(filter(None, _cells(table, name)), ENOUGH)]
    named = [cell for cell in cells if re.search(r"[^\W\d_]", cell)]
    is_other = _plain(name) in _HALVES or not named or has_days(table, name)
    is_long = sum(count_words(cell) for cell in cells) >= SAID_IN_WORDS * len(cells)
    return is_other, is_long, len(set(cells)) / max(len(cells), 1)


def _either(names: Sequence[str]) -> str:
    names = [shorten(name, 60) for name in names]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _cells(table: Table, name: str) -> Iterator[str]:
    place = table.header.index(name)
    return (cells[place].strip() for _, cells in table.rows)


def _in_words(table: Table, name: str) -> bool:
    """Whether a column's cells are sentences: some have several words, and few come again."""
    cells = [cell for cell in _cells(table, name) if cell and not says_nothing(cell, name)]
    long = sum(count_words(cell) >= SAID_IN_WORDS for cell in cells)
    return long * 4 >= len(cells) > 0 and (len(cells) < 5 or len(set(cells)) * 2 > len(cells))


def _order_of_days(table: Table, column: Column | None, said: str) -> tuple[bool, list[Question]]:
    """Whether 11/12/2026 is a day in December, as the column's other days tell."""
    if said:
        chosen = [first for first, words in _FIRSTS.items() if words == said.strip().casefold()]
        return (
            (chosen[0], [])
            if chosen
            else (
                False,
                [Question("days", f"{said!r} is neither; say {_either((*_FIRSTS.values(),))}", (*_FIRSTS.values(),))],
            )
        )
    if column is None or not column.names:
        return False, []
    place = table.header.index(column.names[0])
    find = _in_numbers(cells[place] for _, cells in table.rows)
    days = [(row, found) for row, cells in table.rows if (found := find(cells[place]))]
    tell = {first: [one for one in days if _only_way(one[1]) is first] for first in _FIRSTS}
    dots_too = _dots_may_be_months(found for _, found in days)
    unclear = [
        (row, day)
        for row, day in days
        if _only_way(day) is None and day[1] != day[3] and _both_exist(day) and (dots_too or day[2] != ".")
    ]
    if not unclear or bool(tell[True]) != bool(tell[False]):
        return bool(tell[True]) or not tell[False], []
    more = f", and {len(unclear) - 1} more" if len(unclear) > 1 else ""
    ask = f"does {unclear[0][1][0]} in {column.names[0]} (row {unclear[0][0]}{more}) have the day first, or the month?"
    if tell[True]:
        (d_row, day), (m_row, month) = tell[True][0], tell[False][0]
        ask += f" The column has both: {day[0]} (row {d_row}) has the day first, {month[0]} (row {m_row}) the month"
    return False, [Question("days", ask, (*_FIRSTS.values(),))]


def _in_numbers(cells: Iterable[str]) -> Callable[[str], re.Match[str] | None]:
    """What finds the day in numbers of a column's cell; none such as 26/11/18 where the 26 may be the year."""

    def find(cell: str) -> re.Match[str] | None:
        found = _NUMBERS.search(cell)
        if not found or day_in(f"{cell[: found.start()]} {cell[found.end() :]}"):
            return None  # in 2026-11-17 10.30.45 the hour is no day
        return None if len(found[4]) == 2 and years_first else found

    years_first = False
    years_first = _begin_with_years([day for day in map(find, dict.fromkeys(cells)) if day and len(day[4]) == 2])
    return find


def _begin_with_years(short: Sequence[re.Match[str]]) -> bool:
    """Whether days such as 26/11/18 may have the year first, as in Japan: what stands there changes less, or is the later one of two years."""
    read = [_day_of(one[1], one[3], one[4]) for one in short]
    if not read or not all(read):
        return False
    firsts, lasts = ([int(one[place]) for one in short] for place in (1, 4))
    return (max(firsts) - min(firsts), -max(firsts)) < (max(lasts) - min(lasts), -max(lasts))


def _only_way(day: re.Match[str]) -> bool | None:
    """Whether a day in numbers can only be read with the day first, or only with the month; None where both or neither."""
    ways = [first for first in _FIRSTS if _as_day(day, first)]
    return ways[0] if len(ways) == 1 else None


def _both_exist(day: re.Match[str]) -> bool:
    return all(_as_day(day, first) for first in _FIRSTS)


def _as_day(found: re.Match[str], day_first: bool) -> date | None:
    day, month = (found[1], found[3]) if day_first else (found[3], found[1])
    return _day_of(found[4], month, day)


def _day_of(year: str, month: str, day: str) -> date | None:
    """A day; of a year of two digits only from 2000 to 2039, since 10.30.45 is a time, and nobody's feedback is of 1999."""
    number = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        return date(number, int(month), int(day)) if len(year) == 4 or int(year) < 40 else None
    except ValueError:
        return None


def _dots_may_be_months(days: Iterable[re.Match[str]]) -> bool:
    """Whether a day with dots may have the month first: the day comes first everywhere, unless one of the column shows otherwise."""
    return any(day[2] == "." and _only_way(day) is False for day in days)


class _Read(NamedTuple):
    """What a row says: the lines that it becomes, columns that are too long for one with their length, answers that say nothing."""

    number: int
    cells: tuple[str, ...]
    lines: list[str]
    long: list[tuple[str, int]]
    nothing: list[str]
    is_ours: bool
    day: date | None


class Rows:
    """A table's rows, asked by role.

    Parameters
    ----------
    table : Table
        The table.
    columns : Columns
        Which column is what.

    Examples
    --------
    >>> table = Table(("Company", "Quote"), ((2, ("Acme", "It is slow")),))
    >>> rows = Rows(table, columns_of(table))
    >>> rows.one(table.rows[0][1], "customer"), rows.name("quote", "text")
    ('Acme', 'Quote')
    """

    def __init__(self, table: Table, columns: Columns) -> None:
        self._columns, self._table = columns, table
        place = {name: place for place, name in enumerate(table.header)}
        self._at = {
            column.role: [place[name] for name in column.names] for column in columns.found if column.role != "days"
        }
        quotes, texts = columns.of("quote"), columns.of("text")
        # What was asked is a part of the answer.
        self._words = [
            (
                place[name],
                name,
                kind,
                tag_of(name) if kind == "quote" and (len(quotes) > 1 or _ASKS.search(name)) else "",
            )
            for names, kind in ((quotes, "quote"), (texts, "observation"))
            for name in names
        ]
        self._known_days: dict[str, date | None] = {}

    def name(self, *roles: str) -> str:
        """The columns of one role or more, in words."""
        return " or ".join(name for role in roles for name in self._columns.of(role))

    @cached_property
    def read(self) -> list[_Read]:
        """What each row says, in their order; a large table is gone through once."""
        return [
            _Read(number, cells, *self._notes(cells), self.is_ours(cells), self.day(cells))
            for number, cells in self._table.rows
        ]

    @cached_property
    def stated(self) -> dict[str, str]:
        """The strictest consent that any row of a customer states, whether it gives a note or not."""
        stated: dict[str, str] = {}
        for row in self.read if "consent" in self._at else ():
            if self.one(row.cells, "consent"):
                customer = self.one(row.cells, "customer").casefold()
                stated[customer] = strictest([stated.get(customer, ""), self.agreed(row.cells)])
        return stated

    @cached_property
    def shared_names(self) -> tuple[str, dict[str, dict[str, int]]]:
        """People taken for customers whose name goes with several addresses or ids: the column of these, and each with its row."""
        people = {name for names in _NAMES["who"] for name in names.split("|")} | _HALVES
        taken, apart = self._columns.of("customer"), _telling_apart(self._table)
        if not taken or not apart or set(apart) & set(taken) or any(_plain(name) not in people for name in taken):
            return "", {}
        place = self._table.header.index(apart[0])
        ids: dict[str, dict[str, int]] = {}
        names: dict[str, str] = {}
        for number, cells in self._table.rows:
            name = self.one(cells, "customer")
            if name and (one := cells[place].strip().casefold()):
                names.setdefault(name.casefold(), name)
                ids.setdefault(name.casefold(), {}).setdefault(one, number)
        return apart[0], {names[name]: several for name, several in ids.items() if len(several) > 1}

    def one(self, cells: Sequence[str], role: str) -> str:
        """What a row has for a role; several columns of it in one line."""
        found = (showable(cells[place]) for place in self._at.get(role, ()))
        return " ".join(" ".join(words.split()) for words in found if words.strip())

    def all(self, cells: Sequence[str], role: str) -> list[str]:
        """What a row has in each column of a role."""
        return [" ".join(showable(cells[place]).split()) for place in self._at.get(role, ())]

    def agreed(self, cells: Sequence[str]) -> str:
        """What a row says that its customer agreed to: the strictest of several columns; a field left empty allows nothing."""
        return strictest(consent_level(cells[place]) for place in self._at.get("consent", ())) or "aggregate"

    def is_ours(self, cells: Sequence[str]) -> bool:
        """Whether one of us wrote the row, as the column of authors says, or an interviewer says it."""
        if any(is_interviewer(cells[place]) for place in self._at.get("who", ())):
            return True
        return bool(self._at.get("side")) and _side(self.one(cells, "side")) == "us"

    def odd_side(self, cells: Sequence[str]) -> str:
        """What the column of authors says of whom it is not known whether that is one of us; else empty."""
        side = self.one(cells, "side") if self._at.get("side") else ""
        return side if side and not _side(side) and not self.is_ours(cells) else ""

    def day(self, cells: Sequence[str]) -> date | None:
        """Its day, read as the column's other days tell."""
        cell = self.one(cells, "date")
        if cell not in self._known_days:
            self._known_days[cell] = self._read_day(cell)
        return self._known_days[cell]

    def _read_day(self, cell: str) -> date | None:
        if found := self._find_in_numbers(cell):
            only = _only_way(found)  # then it is read so, whatever the column's others are
            by_column = self._columns.day_first or (found[2] == "." and not self._dots_may_be_months)
            return _as_day(found, by_column if only is None else only)
        return day_in(cell)

    @cached_property
    def _find_in_numbers(self) -> Callable[[str], re.Match[str] | None]:
        return _in_numbers(self.one(cells, "date") for _, cells in self._table.rows)

    @cached_property
    def _dots_may_be_months(self) -> bool:
        return _dots_may_be_months(
            filter(None, (self._find_in_numbers(self.one(cells, "date")) for _, cells in self._table.rows))
        )

    def _notes(self, cells: Sequence[str]) -> tuple[list[str], list[tuple[str, int]], list[str]]:
        """The lines that a row becomes; the columns whose words are too long for one; the answers that say nothing."""
        lines, long, nothing = [], [], []
        listed = [tag for place in self._at.get("tags", ()) for tag in tags_of(cells[place])]
        stated = " ".join(self.one(cells, "kind").casefold().split())
        for place, name, kind, asked in self._words:
            cell = showable(cells[place])
            words = " ".join((words_of_html(cell) if has_markup(cell) else cell).split())
            if not _HAS_WORDS(words):
                continue
            if says_nothing(words, name):
                nothing.append(words)
            elif len(words) > LONGEST_NOTE:
                long.append((name, len(words)))
            else:
                # Words of a customer stay words of a customer: what else they are is a tag.
                own = _KINDS.get(stated, "observation") if kind == "observation" else kind
                also = tag_of(stated) if stated and own != _KINDS.get(stated) else ""
                lines.append(format_note(words, own, dict.fromkeys(filter(None, (asked, *listed, also)))))
        return lines, long, nothing

    def jottings(self, day: date | None, rows: Sequence[_Read], stated: str = "") -> Jottings:
        """The notes of one customer and day; `stated` is what other rows state of the customer's consent."""

        def all_of(role: str) -> list[str]:
            return [*dict.fromkeys(filter(None, (self.one(row.cells, role) for row in rows)))]

        who = [self.one(row.cells, "who") for row in rows]
        people = [
            ", ".join(filter(None, (name, self.one(row.cells, "role")))) for name, row in zip(who, rows, strict=True)
        ]
        segments = all_of("segment")
        consent = strictest([stated, *(self.agreed(row.cells) for row in rows)]) if stated or all_of("consent") else ""
        return Jottings(
            notes=tuple(
                Jotting(line, row.number, speaker=name)
                for name, row in zip(who, rows, strict=True)
                for line in row.lines
            ),
            customer=self.one(rows[0].cells, "customer"),
            who="; ".join(dict.fromkeys(filter(None, people))),
            segment=segments[0] if len(segments) == 1 else "",
            # Where they differ, the strictest holds for the call; a field left empty allows nothing.
            consent=consent,
            date=day,
        )
