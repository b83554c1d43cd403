"""Turns as JSON: Fireflies, Gong, Grain, speech recognisers, and any list of speakers with their words.

A turn is an entry with words and a speaker or a time, or (Gong) with a list of sentences that have them. Each object that holds
a list of turns is a call. Which field is which is told by its name; whether times are seconds or thousandths of them by the
name too, else by how much is said in one: nobody speaks a letter in a thousandth of a second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from statistics import median
from typing import Any, NamedTuple

from workbench.errors import Problem
from workbench.importers.contents import Transcript
from workbench.importers.days import day_in
from workbench.importers.formats import Importer
from workbench.importers.source import Source, Unreadable
from workbench.importers.stated import stated_of
from workbench.importers.turns import Said, join_turns, name_of, to_seconds

__all__ = ["IMPORTER"]

HEAD, DEEPEST = 100_000, 12
# In a second of talk five to twenty-five letters are said; in a thousandth of it none.
LEAST_LETTERS = 0.5
# In the order in which they are taken where an entry has several.
_TEXT = ("text", "content", "sentence", "raw_text", "transcript", "utterance", "caption", "message", "words")
_SPEAKER = (
    "speaker_name", "speakerName", "speaker", "participant_name", "participantName", "display_name", "displayName", "participant",
    "name", "author", "user", "username", "role", "speaker_label", "speakerLabel",
)  # fmt: skip
_SPEAKER_ID = ("speakerId", "speaker_id", "participant_id", "participantId")
_START = (
    "start_time", "startTime", "start", "begin", "start_ms", "startMs", "start_timestamp", "timestamp", "time", "offset", "at",
)  # fmt: skip
# What no recorder writes, and whoever made the file may have; a recorder's "company" may be ours.
_STATED = frozenset({"client", "consent", "customer", "customer_name", "kind", "segment", "us", "who"})
_TITLE = ("title", "meeting_title", "meetingTitle", "subject", "topic")
_DATE = (
    "dateString",
    "started",
    "date",
    "recorded_at",
    "start_datetime",
    "startDatetime",
    "start_time",
    "startTime",
    "scheduled",
)
# Gong keeps a call's people apart from its words; elsewhere their numbers are those of one call.
_PARTIES = ("parties",)
_PEOPLE = ("speakers", "participants", "meeting_attendees", "attendees", *_PARTIES)
_PERSON_ID = ("speakerId", "speaker_id", "id", "participant_id")
_KEY = re.compile(r'"(?:' + "|".join(_TEXT[:-1]) + r'|sentences)"\s*:')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class _Entry(NamedTuple):
    speaker: str
    text: str
    start: Any
    unit: str
    number: int


def _claims(source: Source) -> bool:
    if not source.is_text:
        return False
    head = source.text[:HEAD].lstrip("\ufeff \n\t\r")
    return (
        head[:1] in ("{", "[") and re.match(r"[\[{]\s*[\[{\"\]}]", head) is not None and _KEY.search(head) is not None
    )


def _read(source: Source) -> tuple[Transcript, ...]:
    data, broken = _load(source)
    people: dict[str, str] = {}
    about: dict[str, Mapping[str, Any]] = {}
    for found in _dicts(data):
        people.update(_people(found, _PARTIES))
        if isinstance(meta := found.get("metaData"), Mapping):
            about[str(meta.get("id", ""))] = meta
    calls: dict[tuple[str, date | None, str], Transcript] = {}
    for parent, turns in _calls(data):
        call = _call(source, parent, turns, {**people, **dict(_people(parent, _PEOPLE))}, about, broken)
        # Recognisers write the same words as sentences and as turns.
        same = (call.title, call.date, "".join("".join(turn.text.split()) for turn in call.turns))
        if call.turns and (same not in calls or len(calls[same].speakers) < len(call.speakers)):
            calls[same] = call
    if not calls:
        what = "there are no turns in the JSON: no list of entries with words and a speaker or a time"
        raise Unreadable(broken[0].what if broken else what, "export the transcript again, as JSON or as text")
    return tuple(calls.values())


def _load(source: Source) -> tuple[Any, list[Problem]]:
    """What the JSON says, as far as it goes; several values one below the other are a list."""
    text = source.text.strip("\ufeff \n\t\r")
    values, place = [], 0
    while place < len(text):
        try:
            value, place = json.JSONDecoder().raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            pos = getattr(error, "pos", place)
            rest, line = _mend(text[place:pos]), text.count("\n", 0, pos) + 1
            what = f"the JSON breaks off or is broken in line {line}"
            values += [] if rest is None else [rest]
            return _one(values), [
                Problem(source.name, line, what, "what stands before is read; export it again for the rest")
            ]
        values.append(value)
        while place < len(text) and text[place] in " \n\t\r,":
            place += 1
    return _one(values), []


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _mend(text: str) -> Any:
    """A value that breaks off, up to the last thing in it that is whole."""
    open_, whole = [], None
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            open_.append("]" if token[0] == "[" else "}")
            if len(open_) > 500:
                return None
        elif token[0] in "]}":
            if not open_ or open_.pop() != token[0]:
                break
            whole = (token.end(), "".join(reversed(open_)))
            if not open_:
                break
    if whole is None:
        return None
    try:
        return json.loads(text[: whole[0]] + whole[1])
    except (ValueError, RecursionError):
        return None


def _dicts(data: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth < DEEPEST:
        if isinstance(data, Mapping):
            yield data
        for value in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
            yield from _dicts(value, depth + 1)


def _calls(
    data: Any, parent: Mapping[str, Any] | None = None, depth: int = 0
) -> Iterator[tuple[Mapping[str, Any], list[Any]]]:
    """Each list of turns with the object that holds it, of several in one object that with the most words."""
    if depth >= DEEPEST:
        return
    if isinstance(data, list):
        if _are_turns(data):
            yield parent or {}, data
        else:
            for value in data:
                yield from _calls(value, None, depth + 1)
    elif isinstance(data, Mapping):
        turns = [value for value in data.values() if isinstance(value, list) and _are_turns(value)]
        if turns:
            yield data, max(turns, key=lambda entries: sum(len(_words(entry)) for entry in entries))
        for value in data.values():
            if not any(value is one for one in turns):
                yield from _calls(value, data, depth + 1)


def _are_turns(entries: Sequence[Any]) -> bool:
    turns = sum(isinstance(entry, Mapping) and _is_turn(entry) for entry in entries)
    return turns > 0 and turns * 2 >= len(entries)


def _is_turn(entry: Mapping[str, Any]) -> bool:
    if isinstance(entry.get("sentences"), list):
        return any(key in entry for key in (*_SPEAKER, *_SPEAKER_ID)) and any(map(_own_words, entry["sentences"]))
    return bool(_words(entry)) and any(key in entry for key in (*_SPEAKER, *_SPEAKER_ID, *_START))


def _words(entry: Any) -> str:
    """The words of an entry; those of its sentences where it has them."""
    if isinstance(entry, Mapping) and isinstance(entry.get("sentences"), list):
        return " ".join(filter(None, map(_own_words, entry["sentences"])))
    return _own_words(entry)


def _own_words(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return next((entry[key] for key in _TEXT if isinstance(entry.get(key), str) and entry[key].strip()), "")


def _call(
    source: Source,
    parent: Mapping[str, Any],
    turns: Sequence[Any],
    people: Mapping[str, str],
    about: Mapping[str, Mapping[str, Any]],
    broken: Sequence[Problem],
) -> Transcript:
    entries, lost = [], []
    for number, turn in enumerate(turns, 1):
        found = list(_entries(turn, people, number))
        entries += found
        if not found and turn:
            lost.append(number)
    times = _seconds(entries)
    said = [Said(one.speaker, one.text, at, one.number) for one, at in zip(entries, times, strict=True)]
    problems = list(broken)
    if lost:
        what = f"{len(lost)} of {len(turns)} entries have no words, the first of them is entry {lost[0]}"
        problems.append(Problem(source.name, lost[0], what, "the rest is read"))
    if any(re.fullmatch(r"Speaker \d{5,}|Speaker [0-9a-f-]{20,}", one.speaker) for one in entries):
        what = "the speakers have numbers and no names"
        problems.append(
            Problem(source.name, 1, what, "Gong keeps names apart, among the call's parties: say who they are")
        )
    for key, value in parent.items():
        if isinstance(value, list) and value is not turns and _are_turns(value):
            what = f"{key!r} has {len(value)} entries with words as well"
            problems.append(
                Problem(source.name, 1, what, "the longest list is read; bring the other as a file of its own")
            )
    known = {**parent, **about.get(str(parent.get("callId", parent.get("id", ""))), {})}
    title = next((known[key] for key in _TITLE if isinstance(known.get(key), str)), "")
    stated = [(key, value) for key, value in known.items() if key.casefold() in _STATED and isinstance(value, str)]
    return Transcript(
        join_turns(said),
        title=" ".join(title.split()),
        date=_day(known),
        problems=tuple(problems),
        **stated_of(stated),
    )


def _entries(turn: Any, people: Mapping[str, str], number: int) -> Iterator[_Entry]:
    if not isinstance(turn, Mapping):
        return
    speaker = _speaker(turn, people)
    for entry in turn["sentences"] if isinstance(turn.get("sentences"), list) else (turn,):
        if words := _own_words(entry):
            key = next((key for key in _START if entry.get(key) is not None), "")
            yield _Entry(speaker or _speaker(entry, people), words, entry.get(key), key, number)


def _speaker(entry: Mapping[str, Any], people: Mapping[str, str]) -> str:
    for key in _SPEAKER:
        value = entry.get(key)
        if isinstance(value, Mapping):
            value = next(
                (value[name] for name in ("name", "displayName", "display_name") if isinstance(value.get(name), str)),
                "",
            )
        if isinstance(value, str) and value.strip():
            return name_of(people.get(value, value))
        if isinstance(value, int) and not isinstance(value, bool):
            return people.get(str(value), f"Speaker {value}")
    for key in _SPEAKER_ID:
        value = entry.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return name_of(people.get(str(value), f"Speaker {value}"))
    return ""


def _people(found: Mapping[str, Any], keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Who the numbers of speakers are, where an object lists people with them."""
    for key in keys:
        for person in found[key] if isinstance(found.get(key), list) else ():
            if isinstance(person, Mapping) and isinstance(name := person.get("name"), str) and name.strip():
                for which in _PERSON_ID:
                    if isinstance(person.get(which), str | int):
                        yield str(person[which]), name_of(name)
                        break


def _seconds(entries: Sequence[_Entry]) -> list[int | None]:
    """When each begins, in seconds since the call did."""
    moments = [_moment(one.start) for one in entries]
    first = next((moment for moment in moments if isinstance(moment, datetime)), None)
    numbers = [moment for moment in moments if isinstance(moment, float)]
    thousandths = _are_thousandths(entries, numbers)
    out: list[int | None] = []
    for moment in moments:
        if isinstance(moment, datetime):
            alike = first is not None and (moment.tzinfo is None) == (first.tzinfo is None)
            out.append(max(0, int((moment - first).total_seconds())) if alike else None)
        elif isinstance(moment, float):
            out.append(int(moment / 1000 if thousandths else moment))
        else:
            out.append(moment)
    return out


def _are_thousandths(entries: Sequence[_Entry], numbers: Sequence[float]) -> bool:
    """Whether times are in thousandths of a second."""
    units = {one.unit for one in entries if one.unit}
    if any(unit.lower().removesuffix("timestamp").endswith("ms") for unit in units):
        return True
    # Fireflies' start_time is in seconds, and so is what has a fraction.
    if len(numbers) < 2 or "start_time" in units or any(number % 1 for number in numbers):
        return False
    gaps = [
        (len(one.text), later - sooner)
        for one, sooner, later in zip(entries, numbers, numbers[1:], strict=False)
        if later > sooner
    ]
    return bool(gaps) and median(letters / gap for letters, gap in gaps) < LEAST_LETTERS


def _moment(value: Any) -> int | float | datetime | None:
    """A time as it stands: whole seconds where it is written as one, a number, or a moment of a day."""
    if isinstance(value, Mapping):
        value = value.get("relative", value.get("seconds"))
    if isinstance(value, str):
        if (at := to_seconds(value[:40])) is not None:
            return at
        try:
            return float(value) if _is_time(float(value)) else None
        except ValueError:
            pass
        try:
            return datetime.fromisoformat(value[:40].replace("Z", "+00:00"))
        except ValueError:
            return None
    if isinstance(value, int | float) and not isinstance(value, bool) and _is_time(value):
        return float(value)
    return None


def _is_time(number: float) -> bool:
    return 0 <= number < 1e9  # NaN is neither


def _day(known: Mapping[str, Any]) -> date | None:
    for key in _DATE:
        value = known.get(key)
        if isinstance(value, str) and (day := day_in(value[:40])):
            return day
        # Thousandths of a second since 1970, as Fireflies writes a date.
        if key == "date" and isinstance(value, int | float) and 1e12 < value < 4e12:
            return datetime.fromtimestamp(value / 1000, tz=UTC).date()
    return None


IMPORTER = Importer("JSON turns (Fireflies, Gong, Grain)", (".json", ".jsonl"), _claims, _read)
