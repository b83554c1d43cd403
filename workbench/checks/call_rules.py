"""What is wrong with calls: the same one twice, one under another's name or day."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from workbench.arrivals import is_label
from workbench.checks.case import HEAD, Case
from workbench.checks.recorded import pair_transcripts
from workbench.checks.rule import At, rule
from workbench.customers import fold_name
from workbench.errors import shorten
from workbench.records.typed import is_day
from workbench.store import slug

if TYPE_CHECKING:
    import pandas as pd

    from workbench.checks.recorded import Heard
    from workbench.quotes import Match

__all__: list[str] = []

# Two calls are one when they share so much of their pairs of words (Jaccard), as in Broder (1997).
SAME = 0.9
# Below so many pairs of words two calls can be alike by chance.
FEWEST_PAIRS = 12
# Of so many of their smallest pairs two calls that are one share about nine in ten (bottom-k sketches, Broder 1997): less
# than half only once in ten million, by the binomial distribution.
N_SKETCH = 24
# A heading of more words is a sentence, and may speak of any day.
MOST_WORDS = 6
# A name so like another (rapidfuzz's ratio) may be meant for it; of so many speakers are named.
LIKE_NAME = 80
N_SPEAKERS = 4
_DAY = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
# What participants are called in studies.
_CODE = re.compile(r"[A-Za-z]{1,3}[-_ ]?\d{1,4}")
_STATED_ID = re.compile(r"id:\s*([^\s#]+)")


@rule(
    "duplicate-call",
    "error",
    why="The same call under two names counts its customers' words twice, and perhaps as two customers'.",
    fix="keep one of the two files",
)
def _duplicate_call(case: Case) -> Iterator[At]:
    files, pairs = _pairs_of_words(case.study.notes)
    said: set[int] = set()
    for a, b in _candidates(pairs):
        shared = np.intersect1d(pairs[a], pairs[b], assume_unique=True).size
        alike = shared / (len(pairs[a]) + len(pairs[b]) - shared)
        if alike >= SAME and b not in said:
            said.add(b)
            yield At(files[b], 1, f"{'the same notes as' if alike == 1 else 'nearly the same notes as'} {files[a]}")


@rule(
    "call-mismatch",
    "error",
    why="A call under another's day or name is counted for the wrong week or the wrong customer.",
    fix="mend the file's name or its fields, so that both say the same",
)
def _call_mismatch(case: Case) -> Iterator[At]:
    calls = case.study.calls
    rows = zip(calls["file"], calls["call"], calls["customer"], calls["date"], strict=True)
    names = {slug(name): name for name in case.study.customers["customer"]}
    names.pop("", None)
    days: dict[str, str] = {}
    for file, call, customer, day in rows:
        named = _DAY.search(call)
        written = "" if day is None or day != day else f"{day:%Y-%m-%d}"
        days[file] = written
        if named and written and named[1] != written and is_day(named[1]):
            yield At(file, 1, f"its name says {named[1]}, and its date is {written}")
        # Where the PM is it may be tomorrow already.
        if written and date.fromisoformat(written) > case.today + timedelta(1):
            yield At(file, 1, f"its date {written} is yet to come", "mend the date")
        rest = call[named.end() :].strip("-") if named else call
        parts = rest.split("-")
        others = [names[part] for n in range(1, len(parts) + 1) if (part := "-".join(parts[:n])) in names]
        if others and customer != call and not f"{rest}-".startswith(f"{slug(customer)}-") and customer not in others:
            yield At(file, 1, f"its name says {others[0]}, and its customer is {customer}")
    ids = {fold_name(call): call for call in calls["call"]}
    for file, source in sorted(case.sources.items()):
        head = source[:HEAD]
        id_ = file.rsplit("/", 1)[-1].removesuffix(".md")
        for number, row in enumerate(head.split("\n"), 1):
            # What another tool calls it is no call of ours, nor does it look like one.
            if (found := _STATED_ID.match(row)) and fold_name(stated := found[1].strip("'\"")) != fold_name(id_):
                if fold_name(stated) in ids or (_CODE.fullmatch(stated) and _CODE.fullmatch(id_)):
                    yield At(file, number, f"it says that it is {stated}, and its file is named {id_}")
        yield from _other_day_in_title(file, head, days.get(file, ""))


@rule(
    "transcript-mismatch",
    "error",
    why="A transcript that belongs to another call proves quotes that nobody said there.",
    fix="name it after its call, and mend the id or the day that stands in it",
)
def _transcript_mismatch(case: Case) -> Iterator[At]:
    calls = case.study.calls
    days = dict(zip(calls["call"], calls["date"], strict=True))
    owners = pair_transcripts(case.study, case.transcripts)
    for file, text in sorted(case.transcripts.items()):
        name = file.rsplit("/", 1)[-1]
        if not owners[file]:
            yield At(
                file,
                1,
                f"no call names it, and there is no call {name.partition('.')[0]!r}",
                f"write  transcript: {name}  into its call",
            )
            continue
        stem = owners[file][0]
        day = days[stem]
        written = "" if day is None or day != day else f"{day:%Y-%m-%d}"
        rows = text.split("\n")[:20]
        # Beside the call's own day may stand that of its export; and what is said in it may be about any day.
        dated = not any(written in row for row in rows)
        for number, row in enumerate(rows, 1):
            found = _DAY.search(row)
            if found and written and dated and is_day(found[1]) and len(row.split()) <= MOST_WORDS:
                yield At(file, number, f"it says {found[1]}, and its call's date is {written}")
                break
            other = next((call for call in days if call in row and call != stem and _stands_in(call, row)), "")
            if other and stem not in row:
                yield At(file, number, f"it says {other}, and is of {stem}")
                break


@rule(
    "transcript-missing",
    "error",
    why="A quote that is meant to be in a recording cannot be checked without it.",
    fix="put the file into interviews/transcripts/, or mend its name behind  transcript:",
)
def _transcript_missing(case: Case) -> Iterator[At]:
    there = [file.rsplit("/", 1)[-1] for file in case.transcripts]
    for file, name in zip(case.study.calls["file"], case.study.calls["transcript"], strict=True):
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
    files = dict(zip(case.study.calls["call"], case.study.calls["file"], strict=True))
    for one in case.beside:
        known = {name.casefold() for name in one.speakers}
        for name in one.us:
            if known and name.casefold() not in known:
                file, who, n_more = files[one.call], ", ".join(one.speakers[:N_SPEAKERS]), len(known) - N_SPEAKERS
                more = f" and {n_more} more" if n_more > 0 else ""
                yield At(file, _line_of(case, file, "us"), f"nobody in {one.file} is called {name!r}, but {who}{more}")


@rule(
    "speaker-not-listed",
    "warning",
    why="Only a name that is listed is kept from leaving: whoever else speaks for a customer is called by name in a quote.",
    fix="write them behind  who:  with ; between them, or under  people:  in discovery/customers.yaml; one of you belongs behind  us:",
)
def _speaker_not_listed(case: Case) -> Iterator[At]:
    calls = case.study.calls.set_index("call")[["file", "customer"]]
    people = dict(zip(case.study.customers["customer"], case.study.customers["people"], strict=True))
    for one in case.beside:
        file, customer = calls.loc[one.call]
        listed = {word for person in (customer, *people.get(customer, ()), *one.us) for word in _name_words(person)}
        unlisted = [name for name in one.speakers if not is_label(name) and not listed.issuperset(_name_words(name))]
        if unlisted:
            names, n_more = ", ".join(map(repr, unlisted[:N_SPEAKERS])), len(unlisted) - N_SPEAKERS
            more = f" and {n_more} more" if n_more > 0 else ""
            line = (
                _line_of(case, file, "who")
                if "who:" in case.sources.get(file, "")[:HEAD]
                else _line_of(case, file, "transcript")
            )
            yield At(
                file,
                line,
                f"{names}{more} speak in {one.file}, and are listed nowhere"
                if len(unlisted) > 1
                else f"{names} speaks in {one.file}, and is listed nowhere",
            )


def _name_words(name: str) -> list[str]:
    return re.findall(r"\w+", fold_name(name))


@rule(
    "quote-not-in-transcript",
    "error",
    why="Words between quotation marks are taken for what was said, and here the recording says otherwise.",
    fix="write the words as the transcript has them, with … for what is left out, or take the quotation marks away",
)
def _quote_not_in_transcript(case: Case) -> Iterator[At]:
    for file, transcript, line, words, match, _ in _quotes(case):
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
    why="What one of you said is no evidence of what a customer thinks.",
    fix="take the note out, or note what the customer said to it",
)
def _quote_is_ours(case: Case) -> Iterator[At]:
    for file, _, line, words, match, by in _quotes(case):
        if by:
            place = f"{match.sources[0].file}:{match.sources[0].line}"
            yield At(file, line, f"“{shorten(words, 80)}” was said by {by}, who is one of you; {place}")


def _quotes(case: Case) -> Iterator[tuple[str, str, int, str, Match, str]]:
    """Quotes of calls that have a transcript: call and transcript, line, words, what it is there, and who of us says it."""
    files = dict(zip(case.study.calls["call"], case.study.calls["file"], strict=True))
    heard: dict[tuple[str, int], list[tuple[str, Heard]]] = defaultdict(list)
    for one in case.beside:
        for quote in one.quotes:
            heard[files[one.call], quote.line].append((one.file, quote))
    for (file, line), found in heard.items():
        # Of a call that was recorded twice the recording that comes nearest.
        transcript, quote = max(
            found, key=lambda one: (one[1].match.kind == "exact" and not one[1].by, one[1].match.similarity)
        )
        yield file, transcript, line, quote.words, quote.match, quote.by


def _line_of(case: Case, file: str, name: str) -> int:
    """The line of a call's field."""
    rows = case.sources.get(file, "")[:HEAD].split("\n")
    return next((number for number, row in enumerate(rows, 1) if row.startswith(f"{name}:")), 1)


def _stands_in(call: str, row: str) -> bool:
    """Whether a call's name stands in a line by itself, not as part of a longer one."""
    return bool(re.search(rf"(?<![\w-]){re.escape(call)}(?![\w-])", row))


def _other_day_in_title(file: str, head: str, day: str) -> Iterator[At]:
    """A title such as "P7, 2021-03-04"; a longer one may speak of another day."""
    for number, row in enumerate(head.split("\n"), 1):
        if row.startswith("#"):
            found = _DAY.search(row)
            if found and day and found[1] != day and is_day(found[1]) and len(row.split()) <= MOST_WORDS:
                yield At(file, number, f"its heading says {found[1]}, and its date is {day}")
            return


def _pairs_of_words(notes: pd.DataFrame) -> tuple[list[str], list[np.ndarray]]:
    """By file the pairs of neighbouring words in its notes, each a number that is the same on every machine, in order."""
    import pandas as pd

    # All words at once, each note's last one followed by a line end that is a word to itself.
    words = " \n ".join(notes["text"].tolist()).lower().split(" ")
    codes, known = pd.factorize(np.asarray(words, dtype=object))
    ends = codes == codes[words.index("\n")] if "\n" in words else np.zeros(len(codes), dtype=bool)
    numbers = np.fromiter((zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in known), np.uint64, len(known))
    first = numbers[codes]
    pairs = (first[:-1] * np.uint64(0x9E3779B97F4A7C15)) ^ (first[1:] * np.uint64(0xC2B2AE3D27D4EB4F))
    note_of = np.cumsum(ends)[:-1]
    kept = ~(ends[:-1] | ends[1:])
    files, file_codes = notes["file"].cat.categories, notes["file"].cat.codes.to_numpy()
    file_of = file_codes[note_of[kept]] if len(notes) else np.zeros(0, dtype=int)
    order = np.lexsort((pairs[kept], file_of))
    file_of, pairs = file_of[order], pairs[kept][order]
    new = np.ones(len(pairs), dtype=bool)
    new[1:] = (file_of[1:] != file_of[:-1]) | (pairs[1:] != pairs[:-1])
    file_of, pairs = file_of[new], pairs[new]
    bounds = np.searchsorted(file_of, np.arange(len(files) + 1))
    return list(files), [pairs[a:b] for a, b in pairwise(bounds)]


def _candidates(pairs: list[np.ndarray]) -> list[tuple[int, int]]:
    """Calls that share at least half of their sketches, the earlier one first."""
    from scipy.sparse import csr_array

    sketches = [found[:N_SKETCH] if len(found) >= FEWEST_PAIRS else found[:0] for found in pairs]
    rows = np.repeat(np.arange(len(sketches)), [len(sketch) for sketch in sketches])
    hashes, columns = np.unique(np.concatenate([*sketches, np.zeros(0, np.uint64)]), return_inverse=True)
    table = csr_array((np.ones(len(rows), np.int16), (rows, columns)), shape=(len(sketches), max(1, len(hashes))))
    shared = (table @ table.T).tocoo()
    a, b = shared.coords
    enough = np.array([min(len(sketch), N_SKETCH) / 2 for sketch in sketches])
    alike = (a < b) & (shared.data >= np.minimum(enough[a], enough[b]))
    return sorted(zip(a[alike].tolist(), b[alike].tolist(), strict=True))
