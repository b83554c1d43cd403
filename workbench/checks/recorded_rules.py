"""What is wrong with a call beside its transcript: it is not there, somebody in it stands nowhere, a quote is another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from workbench.candidates import split_us
from workbench.checks.case import HEAD, Case
from workbench.checks.rule import At, rule
from workbench.customers import fold_name
from workbench.errors import shorten
from workbench.importers import NAMELESS
from workbench.our_words import tell_ours, todo_of

if TYPE_CHECKING:
    from workbench.quotes import Match
    from workbench.recorded import Heard

__all__: list[str] = []

# A name so like another (rapidfuzz's ratio) may be meant for it; of so many speakers are named.
LIKE_NAME = 80
N_SPEAKERS = 4


@rule(
    "transcript-missing",
    "error",
    why="A quote that is meant to be in a recording cannot be checked without it.",
    fix="put the file into interviews/transcripts/, or mend its name behind  transcript:",
)
def _transcript_missing(case: Case) -> Iterator[At]:
    there = [file.rsplit("/", 1)[-1] for file in case.transcripts]
    for file, name in zip(case.calls["file"], case.calls["transcript"], strict=True):
        if name and name not in there:
            near = process.extractOne(name, there, scorer=fuzz.ratio, score_cutoff=LIKE_NAME)
            todo = f"if {near[0]} is meant, write that" if near else ""
            yield At(file, _line_of(case, file, "transcript"), f"there is no {name!r} in interviews/transcripts/", todo)
        elif (path := f"interviews/transcripts/{name}") in case.unread:
            what, _, todo = case.unread[path].partition("; ")
            yield At(file, _line_of(case, file, "transcript"), f"the transcript cannot be read: {what}", todo)


@rule(
    "us-unknown",
    "error",
    why="What one of you says counts as the customer's as long as the transcript knows them by another name.",
    fix="write the name as the transcript has it, or take it out where they said nothing",
)
def _us_unknown(case: Case) -> Iterator[At]:
    files = dict(zip(case.calls["call"], case.calls["file"], strict=True))
    for one in case.beside:
        known = {fold_name(placed.name) for placed in one.speakers}
        for name in one.us:
            if known and name != NAMELESS and fold_name(name) not in known:
                file, who = files[one.call], _some([placed.name for placed in one.speakers])
                yield At(file, _line_of(case, file, "us"), f"nobody in {one.file} is called {name!r}, but {who}")


@rule(
    "speaker-unclear",
    "error",
    why="Somebody who may be one of you is no evidence, and their words do not count until the call says whose side they are on.",
    fix="write the name as the transcript has it behind  us:,  or behind  who:  where it is the customer's",
)
def _speaker_unclear(case: Case) -> Iterator[At]:
    calls = case.calls.set_index("call")[["file", "us"]]
    ours = _us_elsewhere(case)
    for one in case.beside:
        file, us = calls.loc[one.call]
        line = _line_of(case, file, "us" if us else "transcript")
        for placed in one.speakers:
            where = f"{one.file}:{one.lines[placed.name]}"
            other = next((call for call in ours.get(fold_name(placed.name), ()) if call != file), "")
            if placed.why and placed.side:
                yield At(
                    file, line, f"{placed.name!r} ({where}) is one of you, and {placed.why}: the words do not count"
                )
            elif placed.why:
                yield At(file, line, f"{placed.name!r} ({where}) {placed.why}: the words do not count")
            elif placed.side == "customer" and not placed.listed and other:
                what = f"{placed.name!r} ({where}) is one of you in {other}, and not here: the words count as the customer's"
                yield At(file, line, what)


@rule(
    "speaker-not-listed",
    "warning",
    why="Whoever stands nowhere speaks for the customer, though it may be one of you; and only a name that is listed is kept from leaving.",
    fix="write them behind  who:  with ; between them, or under  people:  in discovery/customers.yaml; one of you belongs behind  us:",
)
def _speaker_not_listed(case: Case) -> Iterator[At]:
    calls = case.calls.set_index("call")[["file", "customer"]]
    people = dict(zip(case.study.customers["customer"], case.study.customers["people"], strict=True))
    for one in case.beside:
        file, customer = calls.loc[one.call]
        listed = [set(_name_words(person)) for person in (customer, *people.get(customer, ()))]
        unlisted = [
            placed.name
            for placed in one.speakers
            if placed.side == "customer"
            and not placed.listed
            and not any(known.issuperset(_name_words(placed.name)) for known in listed)
        ]
        if unlisted:
            line = (
                _line_of(case, file, "who")
                if "who:" in case.sources.get(file, "")[:HEAD]
                else _line_of(case, file, "transcript")
            )
            names = _some(list(map(repr, unlisted)))
            verb = "speak" if len(unlisted) > 1 else "speaks"
            are = "are" if len(unlisted) > 1 else "is"
            count = "the words count as the customer's"
            yield At(file, line, f"{names} {verb} in {one.file}, and {are} listed nowhere: {count}")


def _us_elsewhere(case: Case) -> dict[str, list[str]]:
    """By whole name the calls that say that somebody is one of us; a first name alone may be anybody's."""
    files: dict[str, list[str]] = defaultdict(list)
    for file, us in zip(case.calls["file"], case.calls["us"], strict=True):
        for name in split_us(us):
            if len(_name_words(name)) > 1:
                files[fold_name(name)].append(file)
    return files


def _some(names: Sequence[str]) -> str:
    """Names, of many the first."""
    more = f" and {len(names) - N_SPEAKERS} more" if len(names) > N_SPEAKERS else ""
    return ", ".join(names[:N_SPEAKERS]) + more


def _name_words(name: str) -> list[str]:
    return re.findall(r"\w+", fold_name(name))


@rule(
    "quote-not-in-transcript",
    "error",
    why="Words between quotation marks are taken for what was said, and here the recording says otherwise.",
    fix="write the words as the transcript has them, with … for what is left out, or take the quotation marks away",
)
def _quote_not_in_transcript(case: Case) -> Iterator[At]:
    for file, transcript, line, words, match in _quotes(case):
        where = [f"{source.file}:{source.line}" for source in match.sources]
        if match.kind == "altered":
            yield At(
                file, line, f"“{shorten(words, 80)}” is not what was said: “{shorten(match.nearest, 160)}”; {where[0]}"
            )
        elif match.kind == "joined":
            what = f"“{shorten(words, 80)}” joins what was said in {len(where)} places, {', '.join(where[:3])}"
            yield At(file, line, what, "quote each by itself")
        elif match.kind == "none":
            yield At(file, line, f"“{shorten(words, 80)}” stands nowhere in {transcript}")


@rule(
    "quote-is-ours",
    "error",
    why="What one of you said is no evidence of what a customer thinks, and does not count.",
    fix="take the note out, or note what the customer said to it",
)
def _quote_is_ours(case: Case) -> Iterator[At]:
    notes = case.study.notes
    ours = notes[
        (notes["ours"] != "") & notes["file"].astype(str).str.endswith(".md")
    ]  # call-odd tells rows of tables, all at once
    for file, line, words, by in zip(ours["file"], ours["line"], ours["text"], ours["ours"], strict=True):
        yield At(file, line, tell_ours(words, by), todo_of(by))


def _quotes(case: Case) -> Iterator[tuple[str, str, int, str, Match]]:
    """Quotes of calls that have a transcript: call and transcript, line, words, and what it is there."""
    files = dict(zip(case.calls["call"], case.calls["file"], strict=True))
    heard: dict[tuple[str, int], list[tuple[str, Heard]]] = defaultdict(list)
    for one in case.beside:
        for quote in one.quotes:
            heard[files[one.call], quote.line].append((one.file, quote))
    for (file, line), found in heard.items():
        # Of a call that was recorded twice the recording that comes nearest.
        transcript, quote = max(found, key=lambda one: (one[1].match.kind == "exact", one[1].match.similarity))
        yield file, transcript, line, quote.words, quote.match


def _line_of(case: Case, file: str, name: str) -> int:
    """The line of a call's field."""
    rows = case.sources.get(file, "")[:HEAD].split("\n")
    return next((number for number, row in enumerate(rows, 1) if row.startswith(f"{name}:")), 1)
