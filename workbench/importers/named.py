"""A name before the words: plain text, Markdown, and what Google Meet writes.

::

    Ana Ruiz: How do you do it today?      **Ana Ruiz:** How do you do it today?      00:05:00
    Jane Doe: By hand.                     [00:12] Jane Doe: By hand.                 Jane Doe: By hand.

Bold names count alone where a file has them, so that a colon in the words is only a colon. What stands before the first name
is heading, unless it belongs to the same section: then somebody says it whom the file does not name.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import dropwhile

from workbench.errors import Problem, shorten
from workbench.importers.contents import Piece, Transcript, Turn
from workbench.importers.days import day_alone, day_in
from workbench.importers.formats import Importer
from workbench.importers.interviewers import is_interviewer
from workbench.importers.meet import TRANSCRIPT, has_ended
from workbench.importers.source import Source, Unreadable
from workbench.importers.srt import is_timing
from workbench.importers.stated import fields_in, split_block, stated_of
from workbench.importers.talk_table import part_of
from workbench.importers.turns import (
    Line,
    Said,
    in_doubt,
    is_name,
    is_of_the_recorder,
    join_turns,
    lines_of,
    may_be_name,
    name_of,
    split_speakers,
    to_seconds,
)
from workbench.importers.zoom_text import is_zoom
from workbench.unspaced import count_words

__all__ = ["IMPORTER", "is_named", "read_named"]

HEAD, HEAD_LINES, MOST_LETTERS = 60_000, 400, 60
IN_WORDS = 4
_TIME = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,6})?"
_RANGE = rf"{_TIME}(?:\s*(?:-->|[-–—])\s*{_TIME})?"
_TIME_ALONE = re.compile(rf"[\s#*_]*[\[(]?(?P<time>{_TIME})[\])]?[\s*_]*")
_TIME_FIRST = re.compile(rf"\s*(?:[-*+]\s+)?(?P<bold>\*\*)?(?:[\[(](?P<a>{_RANGE})[\])]|(?P<b>{_RANGE}))\s*[-–—|•]?\s*")
_BOLD = re.compile(
    rf"\s*(?:[-*+]\s+)?(?P<mark>\*\*|__)(?P<name>[^*:：\n]{{1,100}}?)\s*(?:[\[(](?P<a>{_TIME})[\])]\s*)?"  # noqa: RUF001
    rf"(?:[:：]\s*(?P=mark)|(?P=mark)\s*(?:[:：]|(?=[*_]?[\[(]{_TIME}[\])])))"  # noqa: RUF001
    rf"\s*(?:[*_]?[\[(](?P<b>{_TIME})[\])][*_]?)?\s*[:：]?\s*(?P<words>.*)",  # noqa: RUF001
    re.DOTALL,
)
_WITH_TIME = re.compile(
    rf"\s*(?P<name>[^\s:：\[(（][^:：\n]{{0,99}}?)\s*[\[(（](?P<time>{_TIME})[\])）]\s*[:：]\s*(?P<words>.*)",  # noqa: RUF001
    re.DOTALL,
)
_ITEM = re.compile(r"\s*[-*+•]\s+(?P<words>.*)", re.DOTALL)
# "Ana Ruiz - words" and "[0:03] <Ana Ruiz> words", which prose may have as well.
_WITHOUT_COLON = re.compile(
    rf"\s*(?:[-*+•]\s+)?(?P<time>[\[(]{_TIME}[\])]\s*)?(?:<(?P<a>[^<>:\n]{{1,60}})>\s*|(?P<b>[^\s:<\[-][^:<\n]{{0,59}}?)\s+[-–—]\s+)(?P<words>\S.*)",
    re.DOTALL,
)
_ASKS = "?？؟"  # noqa: RUF001
_SENTENCE_ENDS = (".", "?", "!", "…")
# Bold from end to end, as questions are in many a list of them: "**Q: How is it?**".
_ALL_BOLD = re.compile(r"\s*(?P<mark>\*\*|__)(?P<words>[^*_:：\n]{1,60}[:：][^*\n]*[^*_:：\s])(?P=mark)\s*")  # noqa: RUF001
# The columns of a talk that is a table in Markdown.
_CELL_ENDS = re.compile(r"(?<!\\)\|")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|apos|gt|lt|nbsp|quot);", re.IGNORECASE)
_HEADING = re.compile(r"\s*(?P<level>#{1,6})\s+(?P<words>.*)")
_TRANSCRIPT = re.compile(rf"(?:.{{0,200}}\W)?(?:{TRANSCRIPT})\W*", re.IGNORECASE)
_ALONE = re.compile(rf"[\W_]*(?:{TRANSCRIPT})\W*", re.IGNORECASE)
_TITLED = re.compile(rf"[\s#*_]*(?P<title>\S.{{0,200}}?)\s+\\?[-–—]\s+(?:{TRANSCRIPT})\W*", re.IGNORECASE)
_NO_TITLE = re.compile(rf"\W*(?:notes|{TRANSCRIPT}|attendees|summary)?\W*", re.IGNORECASE)
# That alone tells a talk in English; in French "Transcription" may as well be what notes are about.
_SURELY = re.compile(r"(?:.*\W)?transcript\W*", re.IGNORECASE)
_FIELD = re.compile(
    r"[\s#>*_-]*(?P<key>title|date|meeting date|recorded|call date|held)[\s*_]*[:：][\s*_]*(?P<value>.*)",  # noqa: RUF001
    re.IGNORECASE,
)
# What notes, forms and letters have before a colon again and again, and nobody is called.
_LABELS = frozenset(
    "action actions answer attendees bcc cc commitment company consent customer cost content-type date decision duration feature "
    "from idea insight kind location message-id mime-version next note notes observation opportunity organizer pain participants "
    "plan problem quote received request risk segment sent signal subject summary tag tags theme time title to topic url wish who "
    "workaround".split()
)
# A name that a machine ran on behind a full stop: "not yet.Moderator: And then?"
_RUN_ON = re.compile(r"[.?!…][\"”’)]?(?P<gap>\s*)(?P<name>[^\W\d_][^:：.?!…\n]{0,39}):\s+")  # noqa: RUF001


def is_named(lines: Sequence[Line]) -> bool:
    """Whether names stand before the words, seen from the first few hundred lines.

    Somebody speaks, somebody else does, and the first again; or the names have times; or the file says that it is a transcript.
    """
    lines = _items_as_lines(_table_as_lines(split_block(_without_front_matter(lines[:HEAD_LINES])[0])[0]))
    if any(_HEADING.fullmatch(line.text) and _calls_it_one(line) and _SURELY.fullmatch(line.text) for line in lines):
        return True
    lines = _sections(lines)[1]
    said, bold = _said(lines)
    said = said if bold else _split_run_on("", said)[0]
    named = _speakers(said)
    if len(named) * 8 < len(said) or len(named) * 2 <= sum(one.speaker is not None for one in said):
        return False
    timed = sum(one.at is not None for one in named)
    if timed:
        # Else times stand above words that name nobody.
        return timed * 2 >= sum(_TIME_ALONE.fullmatch(line.text) is not None for line in lines)
    # Fields of a form come again as well, in small letters; those who chat in small letters name themselves in every line.
    in_all = len(named) * 2 > len(said)
    named = [one for one in named if in_all or not one.speaker[0].islower()]
    # A label that stands once among others of somebody's notes is written no otherwise than an odd name; in a talk somebody asks.
    counts, asked = Counter(one.speaker for one in named), any(mark in one.text for one in said for mark in _ASKS)
    spoken = [one.speaker for one in named if asked or is_name(one.speaker, counts[one.speaker])]
    turns = [name for place, name in enumerate(spoken) if place == 0 or spoken[place - 1] != name]
    return len(turns) > len(set(turns)) > 1


def read_named(file: str, lines: Sequence[Line]) -> Transcript:
    """The turns of lines that :func:`is_named` knows.

    Raises
    ------
    Unreadable
        When nobody says anything in it.
    """
    lines, fields = _without_front_matter(lines)
    lines, block = split_block(lines)
    heading, talk, rest = _sections(_items_as_lines(_table_as_lines(lines)))
    said, bold = _said(talk)
    problems = [*_not_read(file, heading, 400), *_not_read(file, rest, 1)]
    if any(one.speaker for one in said):
        said, run_on = (said, []) if bold else _split_run_on(file, said)
        problems += [] if bold else [*_left_in_heading(file, heading), *in_doubt(file, said)]
        turns, problems = join_turns(said), [*problems, *run_on]
    else:
        turns = _one_each(said)
        problems.append(
            Problem(file, talk[0].number if talk else 1, "it does not say who speaks", "each paragraph is a turn")
        )
    if not turns:
        raise Unreadable(
            "there is nobody's word in it", "bring a transcript with a name before the words, as in  Ana: How?"
        )
    title, day = _stated(fields, [*block, *heading])
    # What somebody who talks is called is no field.
    spoken = {turn.speaker.casefold() for turn in turns}
    about = [
        (name, value)
        for name, value in fields_in(fields, [*block, *heading[:HEAD_LINES]])
        if name.casefold() not in spoken
    ]
    return Transcript(turns, title=title, date=day, problems=tuple(problems), **stated_of(about))


def _table_as_lines(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which the rows of a Markdown table of who says what are as such lines are elsewhere."""
    rows = [_cells(line.text) for line in lines]
    names = [[part_of(cell) for cell in row] for row in rows]
    # A table with more columns is one of notes.
    head = next((row for row in names if {"speaker", "text"} <= {*row} <= {"speaker", "text", "time"}), None)
    if head is None:
        return lines
    out = []
    for line, row, cells in zip(lines, rows, names, strict=True):
        if len(row) != len(head):
            out.append(line)
        elif cells != head and any(cell.strip("-: ") for cell in row):
            one = dict(zip(head, row, strict=True))
            time = f"[{one['time']}] " if _TIME_ALONE.fullmatch(one.get("time", "")) else ""
            out.append(line._replace(text=f"{time}{one['speaker']}: {one['text']}"))
    return out


def _cells(line: str) -> list[str]:
    row = line.strip()
    return [cell.strip() for cell in _CELL_ENDS.split(row[1:].removesuffix("|"))] if row.startswith("|") else []


def _items_as_lines(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which the items of a list, or names before a dash, are as such lines are elsewhere, where each is somebody's words."""
    items = [found["words"] if (found := _ITEM.fullmatch(line.text)) else "" for line in lines]
    dashed = [
        f"{found['time'] or ''}{found['a'] or found['b']}: {found['words']}"
        if (found := _WITHOUT_COLON.fullmatch(line.text))
        else ""
        for line in lines
    ]
    # Behind a name with a colon a dash is only a dash, and what has a dash in it may be a name.
    before_colon = _speakers(split_speakers([_one(line, None, False) for line in lines]))
    for texts in (items,) if len(before_colon) * 2 > len(lines) else (dashed, items):
        # A heading may stand above it.
        if _are_said(texts) and len(lines) <= 2 * len([*filter(None, texts)]):
            return [line._replace(text=text or line.text) for line, text in zip(lines, texts, strict=True)]
    return lines


def _are_said(texts: Sequence[str]) -> bool:
    """Whether each of these is the words of one of few people, and somebody asks: notes have a few such lines among others."""
    said = [_one(Line(text, 0), None, False) for text in texts if text]
    named = _speakers(split_speakers(said))
    few = 0 < len({one.speaker for one in named}) * 2 <= len(named)
    return few and len(named) == len(said) and any(mark in one.text for one in named for mark in _ASKS)


def _left_in_heading(file: str, heading: Sequence[Line]) -> Iterator[Problem]:
    """What somebody may say above the first name: words behind a colon that fill in no field."""
    summary = max((place for place, line in enumerate(heading) if _calls_it_one(line)), default=-1)
    for line in heading[summary + 1 :]:
        name, _, words = line.text.strip().partition(":")
        if _is_said(words) and name_of(name).casefold() not in _LABELS:
            what = f"“{shorten(line.text.strip(), 120)}” may be what somebody says"
            yield Problem(file, line.number, what, "it stands above the first name, and is not part of the talk")


def _said(lines: Sequence[Line]) -> tuple[list[Said], bool]:
    """Who says what in each line, and whether their names are bold."""
    bold = sum(_bold(line.text) is not None for line in lines) > 1
    said, since = [], None
    for line in lines:
        if alone := _TIME_ALONE.fullmatch(line.text):
            since = to_seconds(alone["time"])
        elif not _HEADING.fullmatch(line.text) and not is_of_the_recorder(line.text):
            words = _ENTITY.sub(lambda found: html.unescape(found[0]), line.text)
            said.append(_one(line._replace(text=words), since, bold))
            since = said[-1].at
    return (said if bold else split_speakers(said)), bold


def _one(line: Line, since: int | None, bold: bool) -> Said:
    """A line: bold names and those with a time are told here, others stay before their colon."""
    if found := _bold(line.text) if bold else None:
        at = to_seconds(found["a"] or found["b"] or "")
        return Said(name_of(found["name"]), found["words"], since if at is None else at, line.number)
    if found := _WITH_TIME.match(line.text):
        return Said(name_of(found["name"]), found["words"], to_seconds(found["time"]), line.number)
    if first := _TIME_FIRST.match(line.text):
        rest = (first["bold"] or "") + line.text[first.end() :]
        at = to_seconds(re.match(_TIME, first["a"] or first["b"])[0])
        if found := _bold(rest):
            return Said(name_of(found["name"]), found["words"], at, line.number)
        # A time without brackets before words that name nobody is one of the words.
        if first["a"] or split_speakers([Said(None, rest, at, line.number)])[0].speaker:
            return Said(None, rest, at, line.number)
    found = None if bold else _ALL_BOLD.fullmatch(line.text)
    return Said(None, found["words"] if found else line.text, since, line.number)


def _bold(text: str) -> re.Match[str] | None:
    """A bold name and what stands beside it; of what is long only what may be one, since sentences are bold as well."""
    found = _BOLD.match(text)
    return found if found and (len(found["name"]) <= MOST_LETTERS or may_be_name(name_of(found["name"]))) else None


def _sections(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line], Sequence[Line]]:
    """What stands before the talk, the talk, and what stands after it."""
    end = next((place for place, line in enumerate(lines) if has_ended(line.text)), len(lines))
    levels = {
        place: len(found["level"]) for place, line in enumerate(lines[:end]) if (found := _HEADING.fullmatch(line.text))
    }
    speaking = _speaking(lines[:end])
    # Meet's summary stands before "Transcript", and so may others'.
    called = [place + 1 for place, line in enumerate(lines[:end]) if _calls_it_one(line)]
    start = next((place for place in called if not speaking or place <= speaking[-1]), 0)
    speaking = _speaking(lines[start:end], start)
    first, last = (speaking[0], speaking[-1]) if speaking else (start, start)
    begin = max((place + 1 for place, level in levels.items() if start <= place < first and level < 3), default=start)
    if speaking and not any(place < first for place in levels):
        # In a plain text the lines above the first name are its heading.
        begin = first - 1 if first and _TIME_ALONE.fullmatch(lines[first - 1].text) else first
        # What has a time before it is said, whoever says it.
        timed = (place for place in range(start, begin) if (time := _TIME_FIRST.match(lines[place].text)) and time["a"])
        begin = next(timed, begin)
    # Below the heading the day may stand alone.
    while begin < first and day_alone(lines[begin].text):
        begin += 1
    close = min((place for place, level in levels.items() if place > last and level < 3), default=end)
    return lines[:begin], lines[begin:close], lines[close:]


def _calls_it_one(line: Line) -> bool:
    """Whether a line is the heading of a transcript: a heading of Markdown, or as Meet has it, alone or behind the title."""
    if _ALONE.fullmatch(line.text) or _TITLED.fullmatch(line.text):
        return True
    return (found := _HEADING.fullmatch(line.text)) is not None and _TRANSCRIPT.fullmatch(found["words"]) is not None


def _speaking(lines: Sequence[Line], start: int = 0) -> list[int]:
    """The places of the lines that name who speaks."""
    said, bold = _said([line._replace(number=place) for place, line in enumerate(lines, start)])
    named = _speakers(said)
    counts = Counter(one.speaker for one in named)
    # Above the first name a field of the heading ("Call date: 17 November") stands as those do who speak.
    talk = dropwhile(
        lambda one: one.at is None and not (bold or is_name(one.speaker, counts[one.speaker]) or _is_said(one.text)),
        named,
    )
    return [one.line for one in talk]


def _speakers(said: Sequence[Said]) -> list[Said]:
    """Lines before which somebody stands; "Customer" is a field of notes, unless somebody asks and they answer in words."""
    asks = sum(is_interviewer(one.speaker) for one in said if one.speaker) > 1
    theirs = [one for one in said if one.speaker and one.speaker.casefold() == "customer"]
    answers = asks and len(theirs) > 1 and any(count_words(one.text) >= IN_WORDS for one in theirs)
    labels = _LABELS - {"customer"} if answers else _LABELS
    return [one for one in said if one.speaker and one.speaker.casefold() not in labels]


def _is_said(words: str) -> bool:
    """Whether words behind a colon are said by somebody and do not fill in a field: a sentence, or words in small letters."""
    several = words.split()
    return words.rstrip().endswith(_SENTENCE_ENDS) or (len(several) > 2 and any(word[0].islower() for word in several))


def _split_run_on(file: str, said: Sequence[Said]) -> tuple[list[Said], list[Problem]]:
    """Turns that a machine ran together in one line, each on its own."""
    names = Counter(one.speaker for one in said if one.speaker)
    inside = [(name_of(found["name"]), found["gap"]) for one in said for found in _RUN_ON.finditer(one.text)]
    counts = names + Counter(name for name, _ in inside)
    # Words before a colon behind a full stop and a space are as often no name: one that begins a line or stands without the space is.
    known = {
        name for name in {*names, *(name for name, gap in inside if not gap)} if counts[name] > 1 and is_name(name, 2)
    }
    # In a line that such a name runs on in, others that come again and are written like one do so too.
    for one in said:
        in_line = {name_of(found["name"]) for found in _RUN_ON.finditer(one.text)}
        if in_line & known:
            known |= {name for name in in_line if counts[name] > 1 and is_name(name, 1)}
    out, places = [], []
    for one in said:
        start, speaker = 0, one.speaker
        for found in _RUN_ON.finditer(one.text):
            name = name_of(found["name"])
            if name in known:
                out.append(one._replace(speaker=speaker, text=one.text[start : found.start("gap")]))
                places.append((one.line, one.text[max(0, found.start() - 12) : found.end()].strip()))
                start, speaker = found.end(), name
        out.append(one._replace(speaker=speaker, text=one.text[start:]))
    if not places:
        return list(said), []
    what = f"{len(places)} turns run on within a line, such as {places[0][1]!r}"
    return out, [Problem(file, places[0][0], what, "each is read as a turn of its own; look whether they are")]


def _one_each(said: Sequence[Said]) -> tuple[Turn, ...]:
    return tuple(
        Turn("", turn.text, (Piece(0, turn.at, turn.line),))
        for one in said
        for turn in join_turns([one._replace(speaker="")])
    )


def _not_read(file: str, lines: Sequence[Line], least: int) -> Iterator[Problem]:
    """What is not part of the talk, where it has so many letters: above it a heading has some."""
    lines = [line for line in lines if not is_of_the_recorder(line.text) and not has_ended(line.text)]
    if sum(len(line.text) for line in lines) >= least:
        what = f"{len(lines)} line{'s' * (len(lines) > 1)} from {lines[0].text.strip()[:60]!r} on {'are' if len(lines) > 1 else 'is'} not part of the talk"
        yield Problem(file, lines[0].number, what, "kept with the transcript; no notes are made of it")


def _without_front_matter(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    """A Markdown file without the fields at its head, and those."""
    if lines and lines[0].text.strip("\ufeff \t") == "---":
        for place, line in enumerate(lines[1:60], 1):
            if line.text.strip() == "---":
                return lines[place + 1 :], lines[1:place]
    return lines, ()


def _stated(fields: Sequence[Line], heading: Sequence[Line]) -> tuple[str, date | None]:
    """The title and the day that a file states of itself."""
    found: dict[str, str] = {}
    for line in (*fields, *heading[:20]):
        if field := _FIELD.fullmatch(line.text):
            found.setdefault("title" if field["key"].lower() == "title" else "date", field["value"].strip(" \t\"'*_"))
    title = found.get("title") or _title(heading)
    alone = next(filter(None, (day_alone(line.text) for line in heading[-20:])), None)
    day = day_in(found.get("date", "")) or day_in(title) or alone
    return title, day


def _title(heading: Sequence[Line]) -> str:
    """What the heading calls the call: behind it stands "Transcript", or it is the first line that is no field."""
    for line in heading:
        if found := _TITLED.fullmatch(line.text):
            return name_of(found["title"])
    heads = [line for line in heading if _HEADING.fullmatch(line.text)] or heading[:1]
    words = (
        line.text.strip(" \t#\ufeff") for line in heads if not _FIELD.fullmatch(line.text) and not day_alone(line.text)
    )
    return next((name_of(html.unescape(title)) for title in words if not _NO_TITLE.fullmatch(title)), "")


def _claims(source: Source) -> bool:
    if not source.is_text:
        return False
    lines = lines_of(source.text[:HEAD])
    return is_named(lines) and not is_zoom(lines) and not any(is_timing(line.text) for line in lines)


def _read(source: Source) -> tuple[Transcript, ...]:
    return (read_named(source.name, lines_of(source.text)),)


IMPORTER = Importer("Names before the words (text, Markdown)", (".txt", ".md"), _claims, _read)
