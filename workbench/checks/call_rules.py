"""What is wrong with calls: the same one twice, one under another's name or day."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from workbench.checks.case import HEAD, Case
from workbench.checks.rule import At, rule
from workbench.customers import fold_name
from workbench.recorded import pair_transcripts
from workbench.records.typed import is_day
from workbench.store import slug

if TYPE_CHECKING:
    import pandas as pd

__all__: list[str] = []

# Two calls are one when they share so much of their pairs of words (Jaccard), as in Broder (1997).
SAME = 0.9
# Below so many pairs of words two calls can be alike by chance.
FEWEST_PAIRS = 12
# Of so many of their smallest pairs two calls that are one share about nine in ten (bottom-k sketches, Broder 1997): less
# than half only once in ten million, by the binomial distribution.
N_SKETCH = 24
# Two customers may well write one ticket in the same words; what they say in a whole call of so many notes differs.
FEWEST_NOTES = 3
# A heading of more words is a sentence, and may speak of any day.
MOST_WORDS = 6
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
    of = dict(zip(case.calls["file"], case.calls["customer"], strict=True))
    in_calls = case.study.notes["file"].isin(of.keys())
    notes, of_tables = case.study.notes[in_calls], case.study.notes[~in_calls]
    files, pairs = _pairs_of_words(notes)
    n_notes = np.bincount(notes["file"].cat.codes, minlength=len(files))
    said: set[int] = set()
    for a, b in _candidates(pairs):
        alike = _jaccard(pairs[a], pairs[b])
        is_theirs = of[files[a]] == of[files[b]]
        if alike >= SAME and b not in said and (is_theirs or min(n_notes[a], n_notes[b]) >= FEWEST_NOTES):
            said.add(b)
            whose = "" if is_theirs else f", and its customer is {of[files[b]]} and not {of[files[a]]}"
            todo = "" if is_theirs else "keep the one of the customer whose call it was"
            yield At(files[b], 1, f"{_same_as(files[a], alike)}{whose}", todo)
    tables = [(file, _hashes(rows["text"])) for file, rows in of_tables.groupby("file", observed=True)]
    for i, (file, hashes) in enumerate(tables):
        for other, theirs in tables[:i]:
            if (alike := _jaccard(hashes, theirs)) >= SAME and len(hashes) >= FEWEST_NOTES:
                yield At(
                    file,
                    1,
                    _same_as(other, alike),
                    "keep one of the two tables; rows that only one has can be added to it",
                )
                break


def _same_as(file: str, alike: float) -> str:
    return f"{'the same notes as' if alike == 1 else 'nearly the same notes as'} {file}"


def _jaccard(a: np.ndarray, b: np.ndarray) -> float:
    """What two sets have in common, of all that is in them."""
    shared = np.intersect1d(a, b, assume_unique=True).size
    return shared / (len(a) + len(b) - shared)


def _hashes(texts: pd.Series) -> np.ndarray:
    import pandas as pd

    return np.unique(pd.util.hash_array(texts.to_numpy(object), categorize=False))


@rule(
    "call-mismatch",
    "error",
    why="A call under another's day or name is counted for the wrong week or the wrong customer.",
    fix="mend the file's name or its fields, so that both say the same",
)
def _call_mismatch(case: Case) -> Iterator[At]:
    calls = case.calls
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
    yield from _rows_to_come(case)
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


def _rows_to_come(case: Case) -> Iterator[At]:
    """Of each table of notes its rows of a day that is yet to come, in one finding."""
    calls = case.study.calls
    late = calls[(calls["line"] > 0) & (calls["date"] > str(case.today + timedelta(1)))]
    for file, rows in late.groupby("file"):
        first = rows.loc[rows["line"].idxmin()]
        more = f", and {len(rows) - 1:,} more of its days and customers are" if len(rows) > 1 else ""
        yield At(
            file,
            int(first["line"]),
            f"the date {first['date']:%Y-%m-%d} of this row is yet to come{more}",
            "mend the date",
        )


@rule(
    "transcript-mismatch",
    "error",
    why="A transcript that belongs to another call proves quotes that nobody said there.",
    fix="name it after its call, and mend the id that stands in it",
)
def _transcript_mismatch(case: Case) -> Iterator[At]:
    owners, days = _owners(case), _days_of_calls(case)
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
        for number, row in enumerate(_head_of(text), 1):
            if (other := _other_call(row, stem, days)) and stem not in row:
                yield At(file, number, f"it says {other}, and is of {stem}")
                break


@rule(
    "transcript-day",
    "warning",
    why="A call under another's day is counted for the wrong week; which of the two is right only somebody who was there knows.",
    fix="mend the date of the call, where the transcript is right; where the call is, say so in discovery/checks.yaml",
)
def _transcript_day(case: Case) -> Iterator[At]:
    owners, days = _owners(case), _days_of_calls(case)
    for file, text in sorted(case.transcripts.items()):
        stem = owners[file][0] if owners[file] else ""
        written, rows = days.get(stem, ""), _head_of(text)
        # Beside the call's own day may stand that of its export; and what is said in it may be about any day.
        if not written or any(written in row for row in rows):
            continue
        for number, row in enumerate(rows, 1):
            found = _DAY.search(row)
            if found and is_day(found[1]) and len(row.split()) <= MOST_WORDS:
                # A call's name has a day in it, too.
                if not _other_call(row, stem, days):
                    yield At(file, number, f"it says {found[1]}, and its call's date is {written}")
                break


def _owners(case: Case) -> dict[str, list[str]]:
    return pair_transcripts(zip(case.calls["call"], case.calls["transcript"], strict=True), case.transcripts)


def _days_of_calls(case: Case) -> dict[str, str]:
    """The day of each call; empty where it has none."""
    rows = zip(case.calls["call"], case.calls["date"], strict=True)
    return {call: "" if day is None or day != day else f"{day:%Y-%m-%d}" for call, day in rows}


def _head_of(transcript: str) -> list[str]:
    return transcript.split("\n")[:20]


def _other_call(row: str, own: str, calls: Iterable[str]) -> str:
    """Another call that a line names; empty where it names none."""
    return next((call for call in calls if call in row and call != own and _stands_in(call, row)), "")


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
