"""Notes that somebody took elsewhere, as notes of a call: what each bit of a page becomes, and what its fields say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from workbench.customers import fold_name, strictest
from workbench.errors import Problem, shorten
from workbench.importers.columns import kind_of, role_of
from workbench.importers.contents import Jotting, Jottings
from workbench.importers.days import day_in
from workbench.importers.heads import People, is_to_do, is_us, people_in, sides_of, split_to_do
from workbench.importers.source import Unreadable
from workbench.importers.tags import tag_of, tags_of
from workbench.importers.turns import is_name, name_of
from workbench.notes import CALL_KINDS, consent_level, format_note, showable
from workbench.unspaced import count_words

__all__ = [
    "HEAD",
    "LONGEST_FIELD",
    "Bit",
    "about_call",
    "agreed_of",
    "asked_in_bold",
    "fields_at_head",
    "fields_of",
    "jot",
    "sort_fields",
]

# What is longer says something, and is no field of a form.
LONGEST_FIELD = 120
# Fields stand at the head of a page that has no other place for them.
HEAD = 12
# A field of so many words says something.
IN_WORDS = 4
# More people seldom talk in turn.
MOST_IN_TURN = 4
_FIELD = re.compile(r"(?P<name>[^\W\d_][\w /()&-]{0,40}?)\s*:\s+(?P<value>\S.*)")
# Also "0:03 – Ana Ruiz – words", as a row of a table reads.
_SAID = re.compile(
    r"(?:[\[(]?\d{1,3}:\d\d(?::\d\d)?[\])]?\s*(?:[-–—|]\s+)?)?(?P<name>[^\s:：\[(\d][^:：]{0,59}?)"  # noqa: RUF001
    r"(?:(?P<colon>\s?：|:\s)|\s[-–—]\s)\s*\S"  # noqa: RUF001
)
_QUOTED = re.compile(r"[\"“„«](?P<words>[^\"“”„«»]+)[\"”“»][.,]?")
# Notion ends a page's name with its id.
_ID = re.compile(r"[\s_-]+[0-9a-f]{32}$", re.IGNORECASE)
# Headings that say nothing about what stands below.
_NO_SECTION = re.compile(
    r"\W*(?:(?:raw|meeting|call|interview|discovery|my)\s+)*(?:notes?|call|interview|meeting)\W*", re.IGNORECASE
)
# A line that heads a list as it stands, without a colon.
_TO_DOS_ALONE = re.compile(r"Next [Ss]teps|Action [Ii]tems|To[ -]?[Dd]os?|TODOs?")


class Bit(NamedTuple):
    """A piece of a page: a heading, or what becomes a note.

    Parameters
    ----------
    kind : str
        ``title`` or ``heading``, ``quote`` for what the page marks as one, ``to do`` for a task, ``asked`` for a question that is bold
        from end to end, or ``note``.
    text : str
        Its words, without the page's marks.
    number : int
        Its line or paragraph, from 1.
    tags : tuple of str
        Those that it has.
    """

    kind: str
    text: str
    number: int
    tags: tuple[str, ...] = ()


def fields_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What a page's fields say of the call, by what they are.

    Parameters
    ----------
    pairs : iterable of (str, str)
        Names and values as they stand there.

    Returns
    -------
    dict of str to str
        By the roles of :func:`workbench.importers.columns.role_of`, and ``title``.

    Examples
    --------
    >>> fields_of([("Company", "Acme"), ("Created time", "November 17, 2026"), ("URL", "x")])
    {'customer': 'Acme', 'date': 'November 17, 2026'}
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        role = "title" if name.strip().casefold() == "title" else role_of(name)
        value = " ".join(showable(value).split())
        if role and value:
            found[role] = f"{found[role]}; {value}" if role in found else value
    return found


def fields_at_head(bits: Sequence[Bit]) -> tuple[dict[str, str], list[Bit]]:
    """The fields that stand among the first bits of a page, and the bits without them.

    Parameters
    ----------
    bits : sequence of Bit
        In their order.

    Returns
    -------
    fields : dict of str to str
        As :func:`fields_of` gives them.
    bits : list of Bit
        A line that was read as a field is none of the notes.

    Examples
    --------
    >>> fields_at_head([Bit("note", "Customer: Acme", 1), Bit("note", "Trouble: it is slow", 2)])
    ({'customer': 'Acme'}, [Bit(kind='note', text='Trouble: it is slow', number=2, tags=())])
    """
    pairs, rest = [], []
    for place, bit in enumerate(bits):
        may_be = place < HEAD and bit.kind == "note" and len(bit.text) <= LONGEST_FIELD
        found = _FIELD.fullmatch(bit.text) if may_be else None
        if found and fields_of([(found["name"], found["value"])]):
            pairs.append((found["name"], found["value"]))
        else:
            rest.append(bit)
    return fields_of(pairs), rest


def asked_in_bold(file: str, bits: Iterable[Bit]) -> tuple[list[Bit], list[Problem]]:
    """Bits of a page on which questions are bold: one of us asks them, and each heads the answer below it.

    Parameters
    ----------
    file : str
        The file's name, for problems.
    bits : iterable of Bit
        In their order.

    Returns
    -------
    bits : list of Bit
        Those that are not empty. Where two questions or more are bold, and each has a note below it, they are headings; else notes.
    problems : list of Problem
        One a question that is no note.

    Examples
    --------
    >>> page = [Bit("asked", "How is it?", 1), Bit("note", "Slow", 2), Bit("asked", "And now?", 3), Bit("note", "Slower", 4)]
    >>> [bit.kind for bit in asked_in_bold("a.md", page)[0]], [bit.kind for bit in asked_in_bold("a.md", page[:2])[0]]
    (['heading', 'note', 'heading', 'note'], ['note', 'note'])
    """
    bits = [bit for bit in bits if re.search(r"\w", bit.text)]
    kinds = [bit.kind for bit in bits]
    asked = [bit for bit in bits if bit.kind == "asked"]
    are_asked = len(asked) > 1 and kinds[-1] != "asked"
    are_asked &= all(below == "note" for kind, below in pairwise(kinds) if kind == "asked")
    what, todo = "“{}” is bold and is taken for a question of yours", "it is a tag of what stands below it, and no note"
    problems = [Problem(file, bit.number, what.format(shorten(bit.text)), todo) for bit in asked] if are_asked else []
    kind = "heading" if are_asked else "note"
    return [bit._replace(kind=kind) if bit.kind == "asked" else bit for bit in bits], problems


def sort_fields(file: str, stated: Sequence[tuple[int, str, str]]) -> tuple[dict[str, str], list[Bit], list[Problem]]:
    """A page's fields: what they say of the call, those that say something in words, and those that a call does not have.

    Parameters
    ----------
    file : str
        The file's name, for problems.
    stated : sequence of (int, str, str)
        The line of each, its name and its value.

    Returns
    -------
    fields : dict of str to str
        As :func:`fields_of` gives them.
    said : list of Bit
        Fields that nothing here knows, where they say something.
    problems : list of Problem
        The others, with what they say.

    Examples
    --------
    >>> fields, said, problems = sort_fields("a.md", [(2, "Company", "Acme"), (3, "Owner", "Ana")])
    >>> fields, said, problems[0].what
    ({'customer': 'Acme'}, [], 'fields that a call does not have: Owner: Ana')
    """
    unknown = [(number, name, value) for number, name, value in stated if not fields_of([(name, value)]) and value]
    bits = [Bit("note", f"{name}: {value}", number) for number, name, value in unknown]
    said = [
        bit
        for bit, (*_, value) in zip(bits, unknown, strict=True)
        if count_words(value) >= IN_WORDS or people_in(bit.text)
    ]
    short = [bit for bit in bits if bit not in said]
    problems = []
    if short:
        what = f"fields that a call does not have: {'; '.join(shorten(bit.text) for bit in short)}"
        problems.append(Problem(file, short[0].number, what, "they stay in the file"))
    return fields_of((name, value) for _, name, value in stated), said, problems


def jot(
    file: str, stem: str, bits: Sequence[Bit], fields: Mapping[str, str], problems: Sequence[Problem] = ()
) -> Jottings:
    """Notes of the bits of a page.

    Parameters
    ----------
    file : str
        The file's name, for problems.
    stem : str
        Its name without folders and ending, the title where the page has none.
    bits : sequence of Bit
        In their order. The heading above a note is a tag of it.
    fields : mapping of str to str
        From :func:`fields_of`.
    problems : sequence of Problem
        What could not be read.

    Returns
    -------
    Jottings
        Words in quotation marks from end to end, and what the page marks as a quote in them, are quotes. What one of us has to
        do is a take. A line that says who was there is no note: it is a problem, and the customer's people stand in `who`. So is a
        line of one of us, by the name before its words: such as "Me", or as the page lists who was there. Of any other such line
        the name stands in the note's `speaker`.

    Raises
    ------
    Unreadable
        When there is no note.

    Examples
    --------
    >>> bits = [Bit("title", "Acme", 1), Bit("heading", "Export", 3), Bit("note", "“By hand”", 4), Bit("note", "two hours", 5)]
    >>> found = jot("acme.md", "acme", bits, {})
    >>> found.title, [note.line for note in found.notes]
    ('Acme', ['- "By hand" #export', '- two hours #export'])
    """
    title, section = fields.get("title", ""), ""
    always = tags_of(fields.get("tags", ""))
    notes = []
    who, problems = fields.get("who", ""), [*problems]
    there: list[str] = []
    ours: list[str] = []
    if people := sides_of(who):
        who = "; ".join(people.theirs)
        ours += people.ours
        problems.append(_was_there(file, 1, fields["who"], people))
    head, to_do = "", False  # what the bits stand below
    for bit in bits:
        words = " ".join(showable(bit.text).split())
        if not re.search(r"\w", words):
            continue
        is_heading = bit.kind in ("title", "heading")
        if bit.kind not in ("quote", "to do") and (people := people_in(words, "" if is_heading else head)) is not None:
            there += people.theirs
            ours += people.ours
            if people != People():
                problems.append(_was_there(file, bit.number, words, people))
            if is_heading or people == People():
                head, section, to_do = words, "", False
            continue
        if is_heading:
            head, to_do = words, is_to_do(words)
            if bit.kind == "title" and not title and not notes and not to_do:
                title = words
            else:
                section = "" if _NO_SECTION.fullmatch(words) else tag_of(words)
            continue
        if bit.kind == "note" and (is_to_do(words) and (words.endswith(":") or _TO_DOS_ALONE.fullmatch(words))):
            head, to_do = words, True
            continue
        head = ""
        if words.endswith(":"):
            to_do = False
        task = split_to_do(words)
        mine = to_do or bit.kind == "to do" or bool(task)
        quoted = None if mine else _QUOTED.fullmatch(words)
        tags = dict.fromkeys(filter(None, (*bit.tags, "to-do" if mine else "", section, *always)))
        kind = "take" if mine else "quote" if quoted or bit.kind == "quote" else "observation"
        line = format_note(quoted["words"].strip() if quoted else task or words, kind, tags)
        notes.append(Jotting(line, bit.number, speaker="" if mine else _speaker(words)))
    if not notes:
        raise Unreadable("there is no note in it", "bring a file with words in it")
    said = [note for note in notes if _is_of_us(note.speaker, ours, [*who.split(";"), *there])]
    problems += [_said_by_us(file, note) for note in said]
    notes = [note for note in notes if note not in said]
    if not notes:
        names = ", ".join(dict.fromkeys(note.speaker for note in said))
        raise Unreadable(f"all in it is said by {names}, one of you", "bring a file with words of a customer in it")
    problems += _may_be_talk(file, notes)
    title = title or _ID.sub("", stem)
    return Jottings(
        notes=tuple(notes),
        who="; ".join(dict.fromkeys(filter(None, (", ".join(filter(None, (who, fields.get("role", "")))), *there)))),
        title=title,
        date=day_in(fields.get("date", "")) or day_in(title),
        problems=tuple(problems),
        **about_call(fields),
    )


def _speaker(words: str) -> str:
    """The name before a line's words; empty where none stands there."""
    found = _SAID.match(words)
    name = name_of(found["name"]) if found else ""
    # Before a dash stands more that is no name.
    return name if found and is_name(name, 2 if found["colon"] else 1) else ""


def _is_of_us(name: str, ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether a name before words is one of us: by itself, as it is listed, or by the first name, where only one has it."""
    if not name or is_us(name):
        return bool(name)
    us, them = ([fold_name(re.split(r"[,(\[]", one)[0]) for one in people] for people in (ours, theirs))
    called = [one for one in dict.fromkeys([*us, *them]) if fold_name(name) in (one, one.partition(" ")[0])]
    return len(called) == 1 and called[0] in us


def _said_by_us(file: str, note: Jotting) -> Problem:
    words = shorten(note.line.removeprefix("- "))
    what = f"“{words}” is said by {note.speaker}, who is one of you"
    return Problem(file, note.at, what, "no note, since nothing that one of you says is evidence")


def _may_be_talk(file: str, notes: Sequence[Jotting]) -> Iterator[Problem]:
    """That most lines begin with a few names that come again, as in a talk; what a note is about comes again as well."""
    counts = Counter(note.speaker for note in notes if not kind_of(note.speaker) and not role_of(note.speaker))
    names = [name for name, times in counts.items() if name and times > 1]
    if 1 < len(names) <= MOST_IN_TURN and sum(counts[name] for name in names) * 5 >= len(notes) * 4:
        what = f"most lines begin with one of {len(names)} names, as in a talk: {', '.join(names)}"
        todo = f'all count as the customer\'s; where one is one of you, say  --speaker "{names[0]}=us"'
        yield Problem(file, next(note.at for note in notes if note.speaker in names), what, todo)


def about_call(fields: Mapping[str, str]) -> dict[str, str]:
    """What fields say of a call beside who was there and when.

    Parameters
    ----------
    fields : mapping of str to str
        From :func:`fields_of`.

    Returns
    -------
    dict of str to str
        ``customer``, ``segment``, ``kind`` and ``consent``; empty where nothing is said, and for a kind that no call has.

    Examples
    --------
    >>> about_call({"customer": "Acme", "kind": "Sales", "consent": "named; none"})
    {'customer': 'Acme', 'segment': '', 'kind': 'sales', 'consent': 'none'}
    """
    kind = fields.get("kind", "").casefold()
    return {
        "customer": fields.get("customer", ""),
        "segment": fields.get("segment", ""),
        "kind": kind if kind in CALL_KINDS else "",
        "consent": agreed_of(fields.get("consent", "")),
    }


def agreed_of(stated: str) -> str:
    """What was agreed to; where several fields say so, the strictest.

    Parameters
    ----------
    stated : str
        As :func:`fields_of` gives it.

    Returns
    -------
    str
        One field as it is.

    Examples
    --------
    >>> agreed_of("quote"), agreed_of("named; none")
    ('quote', 'none')
    """
    several = stated.split(";")
    return strictest(map(consent_level, several)) if len(several) > 1 else stated


def _was_there(file: str, number: int, line: str, people: People) -> Problem:
    """A line that names people, said so that nobody in it is left out in silence."""
    said = (
        [f"behind `who` {'stand' if len(people.theirs) > 1 else 'stands'} {'; '.join(people.theirs)}"]
        if people.theirs
        else []
    )
    said += [f"left out, as one of you: {', '.join(people.ours)}"] if people.ours else []
    said += [f"left out, as hardly a name: {', '.join(people.unclear)}"] if people.unclear else []
    return Problem(file, number, f"“{shorten(line)}” says who was there, and is no note", "; ".join(said))
