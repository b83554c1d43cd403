"""Mail: a message (.eml), a folder of them (.mbox), or one copied as text. A thread is a transcript, and each message a turn.

What a message quotes is a turn of its own where the message itself is not there; else it would be said twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import NamedTuple

from workbench.errors import Problem, shorten
from workbench.importers.contents import Transcript
from workbench.importers.days import day_in
from workbench.importers.formats import Importer
from workbench.importers.markup import words_of_html
from workbench.importers.replies import address_of, take_apart
from workbench.importers.source import Source, Unreadable
from workbench.importers.turns import Said, join_turns, name_of
from workbench.notes import showable

__all__ = ["IMPORTER"]

_ENDINGS = (".eml", ".mbox", ".mbx")
HEAD = 16_000
# A message in a message in a message; more than these nobody forwards.
DEEPEST = 5
LONGEST_HEADER = 2000
_FIELD = re.compile(rb"([A-Za-z][\w-]{1,40})[ \t]*:(?:[ \t]|\r?$)")
_OF_MAIL = {
    b"message-id",
    b"mime-version",
    b"received",
    b"return-path",
    b"delivered-to",
    b"content-type",
    b"x-mailer",
    b"in-reply-to",
}
_OF_LETTERS = {b"date", b"sent", b"to", b"cc", b"subject", b"reply-to"}
# mbox: a line before each message, with when it came.
_BEGINS = re.compile(rb"(?:\A|(?<=\n))From [^\r\n]{0,200}\d{2}:\d{2}[^\r\n]{0,60}\r?\n(?=[A-Za-z>][^\r\n:]{0,60}:)")
_QUOTED_BEGIN = re.compile(rb"^>(>*From )", re.MULTILINE)
_ANSWER = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|antw|sv|vs|tr|rv|res|enc|odp|ynt|r|i)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_ID = re.compile(r"<[^<>\s]{1,500}>")
# So many words in a row are said once; a quotation breaks lines elsewhere, and may be cut.
IN_A_ROW = 6
KNOWN = 0.6


class _Message(NamedTuple):
    who: str
    address: str
    people: frozenset[str]
    day: datetime | None
    subject: str
    id: str
    earlier: tuple[str, ...]
    words: str
    attached: tuple[str, ...]
    line: int
    owner: str


def _claims(source: Source) -> bool:
    head = _bytes(source)[:HEAD]
    if _BEGINS.match(head):
        return True
    fields = set()
    for line in head.splitlines()[:200]:
        if not line.strip():
            break
        if found := _FIELD.match(line):
            fields.add(found[1].lower())
        elif line[:1] not in b" \t":
            return False
    if b"from" not in fields:
        return False
    of_mail, of_letters = len(fields & _OF_MAIL), len(fields & _OF_LETTERS)
    # A message copied as text has no more than a letter's head, and that is all there.
    return of_mail + of_letters > 1 and (of_mail > 0 or of_letters > 2 or source.ending in _ENDINGS)


def _bytes(source: Source) -> bytes:
    """A message is in any encoding but those with two bytes a letter."""
    wide = source.encoding.startswith(("utf-16", "utf-32"))
    return (source.text.encode() if wide else source.data).removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def _read(source: Source) -> tuple[Transcript, ...]:
    messages: list[_Message] = []
    broken: list[Problem] = []
    for line, data in _split(_bytes(source)):
        try:
            messages += _messages(message_from_bytes(data), line)
        except Exception:  # the standard library stumbles on heads that are broken in ways it does not know
            broken.append(Problem(source.name, line, "a message is broken", "it is not read: save it again"))
    once: dict[str, _Message] = {}
    for one in messages:  # the same lies in more than one folder of a mailbox
        once.setdefault(one.id, one)
    messages = list(once.values())
    found = _threads(messages)
    owner = _owner(found)
    threads = [thread for thread in (_thread(source.name, one, owner) for one in found) if thread]
    if not threads:
        raise Unreadable(broken[0].what if broken else "no message in it has words", "save the message again, as .eml")
    first = threads[0]
    threads[0] = replace(first, problems=(*broken, *first.problems))
    return tuple(threads)


def _split(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each message's first line and bytes."""
    starts = list(_BEGINS.finditer(data))
    if not starts or starts[0].start() > 0:
        yield 1, data
        return
    line, counted = 1, 0
    for found, end in zip(starts, [*(one.start() for one in starts[1:]), len(data)], strict=True):
        line += data.count(b"\n", counted, found.start())
        counted = found.start()
        yield line, _QUOTED_BEGIN.sub(rb"\1", data[found.end() : end])


def _messages(message: Message, line: int, within: tuple[str, ...] = (), number: int = 1) -> Iterator[_Message]:
    """A message, and those that are attached to it, which are a part of its thread; of those it is the one of this number."""
    fields: dict[str, str] = {}
    for name, value in message.raw_items():
        # Letters that are no ASCII stand there as surrogates.
        raw = str(value)[:LONGEST_HEADER].encode("utf-8", "surrogateescape")
        fields.setdefault(name.lower(), " ".join(Source("", raw).text.split()))
    body, attached, inside = _parts(message)
    name, address = address_of(_decoded(fields.get("from", "")))
    made_up = f"{within[-1]}, {number}" if within else f"line {line}"
    own = next(iter(_ID.findall(fields.get("message-id", ""))), made_up)
    others = [to.casefold() for _, to in getaddresses([fields.get("to", ""), fields.get("cc", "")]) if "@" in to]
    yield _Message(
        who=name_of(showable(name)) or address,
        address=address,
        people=frozenset(filter(None, (address, *others))),
        day=_day(fields.get("date", "") or fields.get("sent", "")),
        subject=showable(_decoded(fields.get("subject", ""))),
        id=own,
        earlier=(*_ID.findall(f"{fields.get('references', '')} {fields.get('in-reply-to', '')}"), *within[-1:]),
        words=body,
        attached=attached,
        line=line,
        owner=address_of(fields.get("delivered-to", ""))[1],
    )
    if len(within) < DEEPEST:
        for count, one in enumerate(inside, 1):
            yield from _messages(one, line, (*within, own), count)


def _parts(message: Message) -> tuple[str, tuple[str, ...], list[Message]]:
    """A message's words, the names of what is attached, and the messages that are."""
    plain: list[str] = []
    html: list[str] = []
    attached: list[str] = []
    inside: list[Message] = []
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        kind, name = part.get_content_type(), part.get_filename()
        if kind == "message/rfc822":
            inside += [one for one in part.get_payload() if isinstance(one, Message)] if part.is_multipart() else []
        elif part.is_multipart():
            waiting = [*(one for one in part.get_payload() if isinstance(one, Message)), *waiting]
        elif name or part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            attached.append(showable(_decoded(name)) if name else kind)
        elif kind == "text/html":
            html.append(_text(part))
        else:
            plain.append(_text(part))
    words = "\n".join(plain)
    return words if words.strip() else words_of_html("\n".join(html)), tuple(attached), inside


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        text = data.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        text = Source("", data).text
    if "\ufffd" in text:  # it says what it is not
        text = Source("", data).text
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")


def _decoded(words: str) -> str:
    try:
        return str(make_header(decode_header(words)))
    except Exception:  # decode_header raises a handful of kinds on broken words
        return words


def _day(words: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        day = day_in(words)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _threads(messages: Sequence[_Message]) -> list[list[_Message]]:
    """Messages that answer each other, by what they name; else by their subject, where it says that it is an answer.

    Customers who answer one subject are told apart by who writes to whom: of two messages, everybody whom one names stands in
    the other, and those are two at least, since one of you stands in all of them.
    """
    parent = list(range(len(messages)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    def join(one: int, other: int) -> None:
        parent[root(one)] = root(other)

    by_id: dict[str, int] = {}
    first: dict[tuple[str, frozenset[str]], int] = {}  # by the subject, and who writes to whom
    for place, one in enumerate(messages):
        for name in (one.id, *one.earlier):
            join(place, by_id.setdefault(name, place))
        first.setdefault((one.subject.strip().casefold(), one.people), place)
    answers = set()
    for place, one in enumerate(messages):
        asked = _ANSWER.sub("", one.subject).strip().casefold()
        if asked and not one.earlier and asked != one.subject.strip().casefold() and len(one.people) > 1:
            join(place, first.setdefault((asked, one.people), place))
            answers.add((asked, one.people))
    naming: dict[tuple[str, str], list[frozenset[str]]] = {}
    for subject, people in first:
        for address in people:
            naming.setdefault((subject, address), []).append(people)
    for subject, people in first:
        if len(people) > 1:
            # Whom the fewest name: one of you stands in all of them.
            for more in min((naming[subject, address] for address in people), key=len):
                if people < more and not answers.isdisjoint([(subject, people), (subject, more)]):
                    join(first[subject, people], first[subject, more])
    found: dict[int, list[_Message]] = {}
    for place, one in enumerate(messages):
        found.setdefault(root(place), []).append(one)
    return [_in_order(thread) for thread in found.values()]


def _owner(threads: Sequence[Sequence[_Message]]) -> str:
    """Whose mailbox it is: to whom it was delivered, else the only one whom all of several threads name."""
    if delivered := {one.owner for thread in threads for one in thread if one.owner}:
        return delivered.pop() if len(delivered) == 1 else ""
    in_all = frozenset.intersection(*(frozenset().union(*(one.people for one in thread)) for thread in threads))
    return next(iter(in_all)) if len(threads) > 1 and len(in_all) == 1 else ""


def _in_order(thread: Sequence[_Message]) -> list[_Message]:
    """By when they were written; one that does not say stays behind the one before it."""
    days, latest = [], datetime.min.replace(tzinfo=UTC)
    for one in thread:
        latest = one.day or latest
        days.append(latest)
    return [one for _, _, one in sorted(zip(days, range(len(thread)), thread, strict=True))]


def _thread(file: str, messages: Sequence[_Message], owner: str) -> Transcript | None:
    names = {one.address: one.who for one in messages if one.address}
    addresses = {who: address for address, who in names.items()}
    known: set[tuple[str, ...]] = set()
    said: list[Said] = []
    problems: list[Problem] = []
    for one in messages:
        for passage in take_apart(one.words):
            rows = _rows(passage.text)
            if not passage.own and _is_known(rows, known):
                continue
            known |= rows
            who = one.who if passage.own else _called(passage.who, names)
            if not passage.own and (address := address_of(passage.who)[1]):
                addresses.setdefault(who, address)
            said.append(Said(who, passage.text, None, one.line))
        if one.attached:
            what = f"attached to the message of {one.who or 'somebody'}: {shorten(', '.join(one.attached))}"
            problems.append(Problem(file, one.line, what, "it is not read: save it, and bring it in by itself"))
    turns = join_turns(said)
    if not turns:
        return None
    subject = next((one.subject for one in messages if one.subject), "")
    day = next((one.day for one in messages if one.day), None)
    speak = {turn.speaker for turn in turns}
    return Transcript(
        turns,
        _ANSWER.sub("", subject).strip(),
        day.date() if day else None,
        tuple(problems),
        tuple((who, address) for who, address in addresses.items() if who in speak),
        owner,
    )


def _called(who: str, names: Mapping[str, str]) -> str:
    """Somebody by the name that the thread has for them."""
    name, address = address_of(who)
    return names.get(address) or name_of(showable(name)) or address


def _rows(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[place : place + IN_A_ROW]) for place in range(max(1, len(words) - IN_A_ROW + 1))}


def _is_known(rows: Iterable[tuple[str, ...]], known: set[tuple[str, ...]]) -> bool:
    rows = set(rows)
    return len(rows & known) >= KNOWN * len(rows)


IMPORTER = Importer("Mail (eml, mbox)", _ENDINGS, _claims, _read, reads_text=False)
