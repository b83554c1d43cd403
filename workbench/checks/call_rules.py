"""What is wrong with calls: the same one twice, one under another's name or day."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from workbench.checks.case import Case
from workbench.checks.rule import At, rule
from workbench.customers import fold_name
from workbench.store import slug

__all__: list[str] = []

# Two calls are one when they share so much of their pairs of words (Jaccard), as in Broder (1997).
SAME = 0.9
# Below so many pairs of words two calls can be alike by chance.
FEWEST_PAIRS = 12
# Of so many of the smallest of their pairs, alike calls have one in common but for once in 10^8 (bottom-k sketches, Broder 1997).
N_SKETCH = 8
# A heading of more words is a sentence, and may speak of any day.
MOST_WORDS = 6
_DAY = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_STATED_ID = re.compile(r"id:\s*([^\s#]+)")
_WORD = re.compile(r"[^\W_]+")


@rule(
    "duplicate-call",
    "error",
    why="The same call under two names counts its customers' words twice, and perhaps as two customers'.",
    fix="keep one of the two files",
)
def _duplicate_call(case: Case) -> Iterator[At]:
    notes = case.study.notes
    pairs: dict[str, set[int]] = defaultdict(set)
    for file, text in zip(notes["file"].tolist(), notes["text"].tolist(), strict=True):
        words = _WORD.findall(text.lower())
        pairs[file].update(map(_pair, words, words[1:]))
    sketches: dict[int, list[str]] = defaultdict(list)
    for file in sorted(pairs):
        if len(pairs[file]) >= FEWEST_PAIRS:
            for pair in sorted(pairs[file])[:N_SKETCH]:
                sketches[pair].append(file)
    candidates = {(a, b) for files in sketches.values() for i, b in enumerate(files) for a in files[:i]}
    said: set[str] = set()
    for a, b in sorted(candidates):
        shared = len(pairs[a] & pairs[b])
        alike = shared / (len(pairs[a]) + len(pairs[b]) - shared)
        if alike >= SAME and b not in said:
            said.add(b)
            yield At(b, 1, f"{'the same notes as' if alike == 1 else 'nearly the same notes as'} {a}")


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
        if named and written and named[1] != written and _is_day(named[1]):
            yield At(file, 1, f"its name says {named[1]}, and its date is {written}")
        if written and date.fromisoformat(written) > case.today:
            yield At(file, 1, f"its date {written} is yet to come", "mend the date")
        rest = call[named.end() :].strip("-") if named else call
        others = [name for part, name in names.items() if _begins(rest, part)]
        own = slug(customer)
        if others and customer != call and not _begins(rest, own) and customer not in others:
            yield At(file, 1, f"its name says {others[0]}, and its customer is {customer}")
    for file, head in case.heads.items():
        id_ = file.rsplit("/", 1)[-1].removesuffix(".md")
        for number, row in enumerate(head.split("\n"), 1):
            if (found := _STATED_ID.match(row)) and fold_name(found[1].strip("'\"")) != fold_name(id_):
                yield At(file, number, f"it says that it is {found[1]}, and its file is named {id_}")
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
    for file, text in sorted(case.transcripts.items()):
        stem = file.rsplit("/", 1)[-1].partition(".")[0]
        if stem not in days:
            yield At(file, 1, f"there is no call {stem!r}")
            continue
        day = days[stem]
        written = "" if day is None or day != day else f"{day:%Y-%m-%d}"
        for number, row in enumerate(text.split("\n")[:20], 1):
            found = _DAY.search(row)
            if found and written and _is_day(found[1]) and found[1] != written:
                yield At(file, number, f"it says {found[1]}, and its call's date is {written}")
                break
            other = next(
                (call for call in days if call != stem and re.search(rf"(?<![\w-]){re.escape(call)}(?![\w-])", row)), ""
            )
            if other and stem not in row:
                yield At(file, number, f"it says {other}, and is named {stem}")
                break


def _other_day_in_title(file: str, head: str, day: str) -> Iterator[At]:
    """A title such as "P7, 2021-03-04"; a longer one may speak of another day."""
    for number, row in enumerate(head.split("\n"), 1):
        if row.startswith("#"):
            found = _DAY.search(row)
            if found and day and found[1] != day and _is_day(found[1]) and len(row.split()) <= MOST_WORDS:
                yield At(file, number, f"its heading says {found[1]}, and its date is {day}")
            return


def _pair(a: str, b: str) -> int:
    """A pair of words as a number that is the same on every machine."""
    return zlib.crc32(f"{a} {b}".encode())


def _begins(text: str, part: str) -> bool:
    return bool(part) and (text == part or text.startswith(f"{part}-"))


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
