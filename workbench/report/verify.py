"""A report beside the workspace it came from: every count, every quote and every part derived again.

Three things are compared: what the page shows, what it carries (its manifest), and what the workspace has today. A count is
derived twice: from the notes that it names, and as the report comes out when it is made again (:mod:`workbench.report.again`).
What came later is no failure, nor are lines that moved within a call.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from workbench import __version__
from workbench.errors import shorten
from workbench.quotes import Match, QuoteIndex, Source
from workbench.readouts import find_counts, find_quotes
from workbench.redact import Redactor, short_ids
from workbench.report.again import Again, make_again
from workbench.report.basis import seal_drawing
from workbench.report.cite import first_few, plural
from workbench.report.claims import describe_customers
from workbench.report.manifest import Claim, Manifest, read_manifest
from workbench.report.marks import Mark, Page, Part, digest, read_page, spell_number
from workbench.report.traced import Traced, trace_quotes
from workbench.report.view import show
from workbench.unspaced import count_words

if TYPE_CHECKING:
    import pandas as pd

    from workbench.study import Study

__all__ = ["OTHER_FIGURES", "Difference", "Stretch", "Verified", "find_stretches", "verify_page"]

# Counts that are not of notes, calls or whom they are of.
OTHER_FIGURES = "other figures"
_MAY_QUOTE = ("quote", "named")
# As few words are common to two statements by chance.
_FEW_WORDS = 4
# "[name]", "[accounts lead]", "P-3fa9"
_STAND_IN = re.compile(r"\[[^\[\]]*\]|\bP-[0-9a-f]{4,}\b")
# What follows from calls alone; of all else a record that was changed since explains a difference.
_COUNTED_OF_CALLS = re.compile(
    r"(?:themes|calls|customers|saturation|study/(?!hypotheses-|decisions-needed)|weeks/(?:[^/]+/(?:calls|customers)|not-shown))\b"
)
# Parts into which no record goes.
_OF_CALLS = ("this_week", "who_raised_what", "week_by_week", "limits", "quotes", "cited", "journey")
# Of one part's text so many stretches that differ are named.
_MOST_NAMED = 5
_TELLING = re.compile(
    r"\d+|rising|falling|\bnew\b|quiet|no clear change|supported|emerging|single|hangs", re.IGNORECASE
)
_MARK = re.compile("\x01[^\x01]*\x01")
_WORD = re.compile(r"\w+")

_OF_THEME = re.compile(r"themes/[^/]+/customers")


class Difference(NamedTuple):
    """One thing that is not as it should be.

    Parameters
    ----------
    code : str
        What kind of thing: ``quote-changed``, ``quote-joined``, ``quote-unknown``, ``note-changed``, ``note-gone``,
        ``consent-withdrawn``, ``consent-given``, ``count-changed``, ``number-unclaimed``, ``text-changed``, ``text-derived``,
        ``quote-is-ours``, ``quote-not-in-transcript``, ``name-shown``, ``claims-changed``, ``call-gone``, ``page-changed``, ``record-changed``, ``redacted-otherwise``,
        ``not-derived``, ``other-workspace``.
    severity : str
        ``error``, or ``note`` for what is only good to know.
    place : str
        Where on the page: part, heading, claim or reference.
    line : int
        Of the page's file, from 1; 0 where it is the page as a whole.
    what : str
        What differs, with both sides, and file:line in the workspace; no full stop.
    todo : str
        What to do; no full stop.
    """

    code: str
    severity: str
    place: str
    line: int
    what: str
    todo: str


@dataclass(frozen=True)
class Verified:
    """What came of it.

    Parameters
    ----------
    differences : tuple of Difference
        In the order of the page.
    n_quotes, n_counts : int
        Notes that the page quotes, whole or in part, and its counts that were derived again.
    n_stated : int
        Counts that could not be derived again, only compared with what the page carries.
    added : tuple of (int, int)
        Calls, and notes in calls that the report knew, that came later.
    n_moved : int
        Notes that stand in another line of their call now.
    day : str
        The day of the report's newest call.
    audience : str
        For whom the report is.
    kinds : dict of str to int
        The counts that were derived again, by what is counted.
    n_parts, n_drawn : int
        Parts of the page that the workbench draws, and those of them that came out the same when drawn again.
    why_not : str
        Why the report could not be made again; empty where it was.
    unlike : dict of str to int
        Parts that came out otherwise for a reason that is no fault, by the reason.
    traced : tuple of (str, Traced)
        Each note that is quoted, as the page cites it and in its order, and where it stands and was said.

    Examples
    --------
    >>> print(Verified((), 312, 58, 4, (2, 0), 0, "2026-11-17", "all").summary)
    312 quotes and 58 counts checked; nothing differs. Added since: 2 calls.
    >>> print(Verified((), 6, 4, 0, (0, 0), 0, "2026-11-17", "all", unlike={"records were changed since": 1}).summary)
    6 quotes and 4 counts checked; 1 part comes out otherwise: records were changed since.
    """

    differences: tuple[Difference, ...]
    n_quotes: int
    n_counts: int
    n_stated: int
    added: tuple[int, int]
    n_moved: int
    day: str
    audience: str
    kinds: dict[str, int] = field(default_factory=dict)
    n_parts: int = 0
    n_drawn: int = 0
    why_not: str = ""
    unlike: dict[str, int] = field(default_factory=dict)
    traced: tuple[tuple[str, Traced], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing differs that matters."""
        return all(one.severity != "error" for one in self.differences)

    @property
    def summary(self) -> str:
        """All of it in a line."""
        n = sum(one.severity == "error" for one in self.differences)
        differs = plural(n, "difference") if n else self.otherwise or "nothing differs"
        said = f"{plural(self.n_quotes, 'quote')} and {plural(self.n_counts, 'count')} checked; {differs}."
        calls, notes = self.added
        later = [plural(calls, "call")] * bool(calls) + [plural(notes, "note") + " in calls it knew"] * bool(notes)
        if later:
            said += f" Added since: {' and '.join(later)}."
        if self.n_moved:
            said += f" {plural(self.n_moved, 'note')} moved to another line."
        return said

    @property
    def otherwise(self) -> str:
        """How many parts came out otherwise, and why that is no fault; empty where none did."""
        return "; ".join(
            f"{plural(n, 'part')} {'comes' if n == 1 else 'come'} out otherwise: {why}"
            for why, n in self.unlike.items()
        )


def verify_page(page: Page | str, study: Study) -> Verified:
    """Derive a report's counts and quotes again.

    Parameters
    ----------
    page : Page or str
        The report, as :func:`workbench.report.marks.read_page` reads it, or as it is.
    study : Study
        The workspace today, read with the consent that the report assumed (:attr:`Manifest.assumed`).

    Returns
    -------
    Verified
        What differs, each with its place.

    Raises
    ------
    InputError
        When the page carries no claims, or they cannot be read.
    """
    page = read_page(page) if isinstance(page, str) else page
    return _Comparison(page, read_manifest(page), study).result()


@dataclass(frozen=True, slots=True)
class _Note:
    """A note of today."""

    line: int
    text: str  # as it may be shown
    counts: bool
    digest: str
    ours: str  # who of us said it, and where


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of today."""

    id: str
    file: str
    customer: str
    segment: str
    week: tuple[int, int] | None
    excluded: str  # why it does not count
    consent: str
    unit: str = ""  # of a row of a table, whose rows on which day are one call


class _Workspace:
    """The workspace today, by the ids that leave it."""

    def __init__(self, study: Study, wanted: set[str], places: set[str]) -> None:
        customers = describe_customers(study)
        self.redact = Redactor(customers)
        self.named = {name: one["pseudonym"] for name, one in customers.items() if one["consent"] == "named"}
        why = dict(zip(study.customers["customer"], study.customers["excluded"], strict=True))
        refs = short_ids(study.calls["call"].unique(), study.salt, "C-", 6)
        # Spelling -> what stands for it; None for those who have agreed to be named.
        self.spelt = {
            name.casefold(): None if one["consent"] == "named" else one["pseudonym"]
            for customer, one in sorted(customers.items(), key=lambda item: item[1]["consent"] == "named")
            for name in (customer, *one["names"])
        }
        in_table = study.calls["line"] > 0
        self.calls = {
            refs[call.call]: _Call(
                call.call,
                call.file,
                call.customer,
                call.segment,
                call.date.isocalendar()[:2] if call.date == call.date else None,
                why[call.customer] or ("" if call.n_notes else "nothing is written in it"),
                customers[call.customer]["consent"],
            )
            for call in study.calls[~in_table].itertuples(index=False)
        }
        self.notes: dict[str, list[_Note]] = {call: [] for call in self.calls}
        notes, tables = study.notes, study.calls.loc[in_table, "call"].unique()
        of_table = notes["call"].isin(tables)
        columns = ("call", "text", "kind", "excluded", "ours")

        def add(some: pd.DataFrame) -> None:
            values = [some[name].astype(str).tolist() for name in columns]
            for call, text, kind, excluded, ours, line in zip(*values, some["line"].tolist(), strict=True):
                if refs[call] in wanted:
                    shown = show(self.redact(text))
                    counts = kind != "take" and not excluded
                    self.notes.setdefault(refs[call], []).append(_Note(line, shown, counts, digest(shown), ours))

        add(notes[~of_table])
        # Of a table those rows that the report names; the others are counted and not looked into.
        self.tables = {refs[table]: notes[notes["call"] == table] for table in tables}
        for ref, rows in self.tables.items():
            counted = (rows["kind"] != "take") & (rows["excluded"] == "")
            self.tables[ref] = rows[["call", "line", "customer", "segment", "date"]].assign(counts=counted)
            table = str(rows["call"].iat[0])
            file = str(rows["file"].iat[0])
            self.calls[ref] = _Call(table, file, "", "", None, "" if counted.any() else "none of its rows counts", "")
            lines = {int(place.partition(":")[2]) for place in places if place.startswith(f"{ref}:")}
            named = rows[rows["line"].isin(lines)]
            add(named)
            for row in named.itertuples(index=False):
                week = row.date.isocalendar()[:2] if row.date == row.date else None
                consent, unit = customers[row.customer]["consent"], f"{table} {row.date} {row.customer}"
                about = (row.customer, row.segment, week, why[row.customer], consent, unit)
                self.calls[f"{ref}:{row.line}"] = _Call(table, file, *about)

    def call(self, ref: str) -> _Call | None:
        """The call of a note or a call; None where it is gone."""
        return self.calls.get(ref) or self.calls.get(ref.partition(":")[0])

    @cached_property
    def said(self) -> QuoteIndex:
        """All words as they may be shown, to look for a quote in."""
        return QuoteIndex(
            [
                Source(ref := f"{call}:{note.line}", self.call(ref).customer, self.call(ref).file, note.line, note.text)
                for call, notes in self.notes.items()
                for note in notes
                if note.counts
            ]
        )


class _Comparison:
    """A page, its manifest and the workspace, side by side."""

    def __init__(self, page: Page, manifest: Manifest, study: Study) -> None:
        self.page, self.manifest, self.study = page, manifest, study
        refs = {ref for claim in manifest.claims.values() for ref in (*claim.refs, *(claim.among or ()))}
        basis = manifest.basis or dict.fromkeys(("apart", "empty", "notes", "takes"), ())
        # Rows of a table that follow each other stand as one: "C-3fa9c1:2-17".
        runs = {ref for ref in (*basis["notes"], *basis["takes"]) if "-" in ref.partition(":")[2]}
        refs |= {*basis["notes"], *basis["takes"]} - runs
        self.known = {
            ref.partition(":")[0] for ref in (*refs, *runs, *manifest.quotes, *manifest.calls, *basis["apart"])
        }
        self.called = {*manifest.calls, *basis["empty"]}  # whose notes would have counted
        self.today = _Workspace(study, self.known, {*refs, *manifest.quotes, *manifest.withheld})
        self.runs: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for ref in runs:
            call, _, lines = ref.partition(":")
            first, _, last = lines.partition("-")
            self.runs[call].append((int(first), int(last)))
        self.lines: dict[str, list[int]] = defaultdict(list)
        self.takes = {ref for claim in manifest.claims.values() if claim.what == "takes" for ref in claim.refs}
        self.takes |= {*basis["takes"]}
        for ref in sorted({ref for ref in (*refs, *manifest.quotes, *manifest.withheld) if ":" in ref}):
            call, _, line = ref.partition(":")
            self.lines[call].append(int(line))
        self.shown_by: dict[str, str] = {}  # ref -> the longest words of it on the page
        for mark in page.marks:
            if mark.kind == "words" and len(mark.shown) > len(self.shown_by.get(mark.id, "")):
                self.shown_by[mark.id] = mark.shown
        self.found: dict[str, _Note | None] = {}  # ref -> its note today
        self.part_names = {part.id: part.name for part in page.parts}
        self.n_moved = self.n_added = self.n_drawn = 0
        self.unlike: Counter[str] = Counter()  # parts that are not the same, by why that is no fault
        self.came_later: dict[tuple[str, int], int | None] = {}  # notes of today that the report does not have
        for call in sorted(self.known):
            self._find_notes(call)

    def result(self) -> Verified:
        """All of it."""
        manifest, page = self.manifest, self.page
        marks = [mark for mark in page.marks if mark.kind == "words"]
        claims = {mark.id: manifest.claims[mark.id] for mark in page.marks if mark.id in manifest.claims}
        added = [
            call
            for call, one in self.today.calls.items()
            if ":" not in call and call not in self.known and not one.excluded
        ]
        differences: list[Difference] = []
        if self.known and not self.known & self.today.calls.keys():
            differences.append(
                Difference(
                    "other-workspace", "error", "the page", 0,
                    f"none of its {plural(len(self.known), 'call')} is known here",
                    "name the workspace that it came from with -w; if it is this one, its discovery/salt has changed",
                )
            )  # fmt: skip
        else:
            found = [
                *self._page(),
                *self._counts(claims),
                *self._quotes(marks),
                *self._said(),
                *self._not_shown(),
                *self._names(),
                *self._records(),
                *self._drawn(),
            ]
            differences += sorted(dict.fromkeys(found), key=lambda one: (one.line, one))
        kinds = Counter(
            OTHER_FIGURES if claim.what == "stated" else claim.what
            for claim in claims.values()
            if (claim.what != "stated" and not claim.sealed) or claim.id in self.again.counts
        )
        n_derived = sum(kinds.values())
        return Verified(
            tuple(differences),
            len({mark.id for mark in marks}),
            n_derived,
            len(claims) - n_derived,
            (len(added), self.n_added),
            self.n_moved,
            manifest.day,
            manifest.audience,
            dict(sorted(kinds.items())),
            len(self._parts_again),
            self.n_drawn,
            self.again.why_not,
            dict(self.unlike),
            tuple((mark.id, traced) for mark, traced in self._traced),
        )

    @cached_property
    def again(self) -> Again:
        """The report as it comes out today."""
        if self.known and not self.known & self.today.calls.keys():
            return Again(why_not="its calls are not here")
        h1 = re.search(r"<h1>(.*?)</h1>", self.page.html, re.DOTALL)
        lines = self.came_later | {
            (self.today.calls[ref.partition(":")[0]].id, note.line): int(ref.partition(":")[2])
            for ref, note in self.found.items()
            if note is not None
        }
        coded = frozenset(name for name, code in self.today.named.items() if code in self.page.html)
        for_others = "Texts for other readers are left out." in self.page.html
        return make_again(
            self.manifest, self.study, lines, coded=coded, title=unescape(h1[1]) if h1 else "", for_others=for_others
        )

    @cached_property
    def changed_since(self) -> str:
        """What of the calls is not as the report has it, so that it cannot come out as it was; empty where all is."""
        quotes, calls = self.manifest.quotes, self.today.calls
        for ref, note in self.found.items():
            if note is None or (ref in quotes and note.digest != quotes[ref][0]) or note.counts == (ref in self.takes):
                return "notes of its calls were changed since"
        if any(call not in calls or calls[call].excluded for call in self.manifest.calls):
            return "not all of its calls count today"
        for ref in quotes:
            if self.today.call(ref).consent not in _MAY_QUOTE:
                return "somebody has not agreed to be quoted any more"
        if next(self._names(), None):
            return "somebody has not agreed to be named any more"
        return ""

    # The notes of today

    def _find_notes(self, call: str) -> None:
        """Which note of today each note of the report is: by its words, then by its line, then by its order."""
        if call in self.today.tables:
            return self._find_rows(call)
        lines = self.lines.get(call, [])
        left = list(self.today.notes.get(call, ()))
        refs = {line: f"{call}:{line}" for line in sorted(lines)}

        def take(line: int, note: _Note) -> None:
            self.found[refs.pop(line)] = note
            left.remove(note)
            self.n_moved += note.line != line

        for same_line in (True, False):
            for line, ref in list(refs.items()):
                if digests := self.manifest.quotes.get(ref):
                    same = [n for n in left if n.digest == digests[0] and (n.line == line or not same_line)]
                    if same:
                        take(line, same[0])
        # Changed words in the same line, or those that come nearest to what the page shows.
        for line, ref in list(refs.items()):
            if ref in self.manifest.quotes:
                near = QuoteIndex([Source("", "", "", n.line, n.text) for n in left]).find(self.shown_by.get(ref, ""))
                at = [s.line for s in near.sources] if near.kind in ("exact", "altered") else []
                same = [n for n in left if n.line in at] or [n for n in left if n.line == line]
                if same:
                    take(line, same[0])
                else:
                    self.found[refs.pop(line)] = None
        # Of words that are withheld there is nothing but their number, and whether they are a take.
        for is_take in (False, True):
            alike = [line for line, ref in refs.items() if (ref in self.takes) == is_take]
            there = [n for n in left if n.counts != is_take]
            for line, note in zip(alike, there, strict=True) if len(alike) == len(there) else ():
                take(line, note)
        for line in list(refs):
            if same := [n for n in left if n.line == line]:
                take(line, same[0])
        for line in list(refs):
            if left:
                take(line, left[0])
            else:
                self.found[refs.pop(line)] = None
        if call in self.called:
            self.n_added += sum(note.counts for note in left)
            self.came_later |= {
                (self.today.calls[call].id, note.line): None for note in left if call in self.today.calls
            }

    def _find_rows(self, call: str) -> None:
        """The same in a table of notes, which is added to at its end: by their lines."""
        there = {note.line: note for note in self.today.notes.get(call, ())}
        for line in self.lines.get(call, []):
            self.found[f"{call}:{line}"] = there.get(line)
        if call not in self.called:
            return None
        rows = self.today.tables[call]
        line = rows["line"].to_numpy()
        known = np.isin(line, self.lines.get(call, []))
        for first, last in self.runs.get(call, []):
            known |= (line >= first) & (line <= last)
        later = rows[~known]
        self.n_added += int(later["counts"].sum())
        self.came_later |= dict.fromkeys(zip(later["call"].astype(str), later["line"].tolist(), strict=True))
        return None

    def _place_of(self, mark: Mark) -> str:
        """Part, heading and claim or reference."""
        heading = [shorten(mark.heading, 60)] if mark.heading else []
        return " / ".join(dict.fromkeys([self.part_names.get(mark.part, mark.part), *heading, mark.id]))

    def _at(self, ref: str) -> str:
        """Where a note or a call stands in the workspace."""
        call, _, line = ref.partition(":")
        if call not in self.today.calls:
            return ref
        note = self.found.get(ref)
        return f"{self.today.calls[call].file}:{note.line if note else line}".removesuffix(":")

    # The page beside its manifest

    def _page(self) -> Iterator[Difference]:
        """Whether the page and what it carries are as they were made."""
        again = "export the report again, or ask who sent it for the file as it was exported"
        if not self.manifest.sealed:
            yield Difference(
                "claims-changed", "error", "the page", 0, "what it carries was changed after the export", again
            )
        parts = {part.id: part for part in self.page.parts}
        changed = False
        for id, text in self.manifest.parts.items():
            part = parts.get(id)
            if part is None:
                changed = True
                yield Difference("text-changed", "error", id, 0, "this part of the page is gone", again)
            elif digest(part.text) != text:
                changed = True
                yield from self._changed_part(part, again)
        for part in self.page.parts:
            if part.id not in self.manifest.parts:
                changed = True
                what = f"this part was added after the export: “{shorten(part.readable)}”"
                yield Difference("text-changed", "error", part.name, part.line, what, again)
        same_marks = all(
            mark.id in self.manifest.claims
            and mark.shown in spell_number(n := _number(mark, self.manifest.claims[mark.id]))
            and mark.value == str(n)
            if mark.kind != "words"
            else digest(mark.shown) in self.manifest.quotes.get(mark.id, ())
            for mark in self.page.marks
        )
        if self.page.digest != self.manifest.page and not changed and same_marks:
            what = "its text is as it was exported, and something else is not: its styles, links or markup"
            yield Difference("page-changed", "error", "the page", 0, what, again)
        for part in self.page.parts:
            if part.id.startswith(("prose", "title")):
                yield from self._written_by_hand(part)

    def _changed_part(self, part: Part, again: str) -> Iterator[Difference]:
        """A part whose text was changed: where, and numbers of people in it that carry no claim."""
        was = self._parts_again.get(part.id)
        same = was is not None and digest(was.text) == self.manifest.parts[part.id]
        named = list(find_stretches(_unmarked(part), _unmarked(was))) if same else []
        for one in named:
            what = f"its text was changed after the export: the page says {one.here}, and it was {one.there}"
            yield Difference("text-changed", "error", *self._place_in(part, one.words), what, again)
        if not named:
            what = "its text was changed after the export"
            yield Difference("text-changed", "error", part.name, part.line, what, again)
        for count in find_counts(part.readable):
            if any(letter.isdigit() for letter in count.words) and (count.n, count.of) not in self._numbers:
                what = f"“{count.words}” carries no claim, so that nothing stands behind it"
                yield Difference("number-unclaimed", "error", part.name, part.line, what, again)

    @cached_property
    def _pages_again(self) -> dict[str, Page]:
        """Each part as it is drawn today, read as the page is."""
        return {
            id: read_page(html if id == "title" else f"<main>{html}</main>") for id, html in self.again.parts.items()
        }

    @cached_property
    def _parts_again(self) -> dict[str, Part]:
        return {part.id: part for id, page in self._pages_again.items() for part in page.parts if part.id == id}

    def _drawn(self) -> Iterator[Difference]:
        """The page's parts beside those drawn again: their texts, figures and all."""
        again = "export the report again, or ask who sent it for the file as it was exported"
        unlike: list[Part] = []
        for part in self.page.parts:
            drawn = self._parts_again.get(part.id)
            if drawn is None:
                continue
            if self.again.parts[part.id] in self.page.html:
                self.n_drawn += 1
                continue
            if digest(part.text) != self.manifest.parts.get(part.id):
                continue  # which is told already
            if self.changed_since:
                unlike.append(part)
                self.unlike[self.changed_since] += 1
                continue
            why = self._why_unlike(part.id)
            if why:
                self.unlike[why] += 1
            severity, behind = ("note", f" ({why})") if why else ("error", "")
            named = list(find_stretches(_unmarked(part), _unmarked(drawn)))
            for one in named:
                what = f"the page says {one.here}, and drawn again it is {one.there}{behind}"
                # However it is worded, a number or a verdict is what it is.
                firm = part.id in _OF_CALLS and _TELLING.findall(one.here) != _TELLING.findall(one.there)
                yield Difference(
                    "text-derived", "error" if firm else severity, *self._place_in(part, one.words), what, again
                )
            if named:
                continue
            (ids, shown), (ids_again, shown_again) = (
                _read_marks(page, part.id) for page in (self.page, self._pages_again[part.id])
            )
            what = ""
            if ids != ids_again:
                what = f"numbers or quotes stand in another place than when it is drawn again{behind}"
            elif shown == shown_again and self.page.digest == self.manifest.page:
                what = f"its words are as when it is drawn again, and a figure’s marks, a link or its markup are not{behind}"
            if what:  # else it is a number or a quote, which is told by itself
                yield Difference("text-derived", severity, part.name, part.line, what, again)
        if unlike:  # one reason for all of them, and what it did to quotes and numbers is told one by one
            names = ", ".join(part.name for part in unlike)
            comes = "1 part comes" if len(unlike) == 1 else f"{len(unlike)} parts come"
            what = f"{comes} out otherwise when drawn again, since {self.changed_since}: {names}"
            yield Difference("text-derived", "note", "the page", unlike[-1].line, what, again)

    def _why_unlike(self, part: str) -> str:
        """Why a part may be drawn otherwise though its calls are as they were; empty where nothing explains it."""
        if self.manifest.workbench != __version__ or self.manifest.basis["drawing"] != seal_drawing():
            return "another build of the workbench made it, which draws pages otherwise"
        if (self.again.changed or self.again.n_gone) and part not in _OF_CALLS:
            return "records were changed since"
        return ""

    def _place_in(self, part: Part, words: Iterable[str]) -> tuple[str, int]:
        """Part, and what in it the words are of; and their line, or the part's where they cannot be found."""
        html = self.page.html
        start = sum(len(line) for line in html.splitlines(keepends=True)[: part.line - 1])
        for said in words:
            # In what is shown or read out; not where a mark of a figure stands.
            shown = (
                rf'(?:>[^<>]*?|\b(?:alt|aria-label|data-l|title)="[^"]*?)(?<![\w.])({re.escape(escape(said))})(?![\w.])'
            )
            if said and (found := re.compile(shown).search(html, start)):
                at = found.start(1)
                break
        else:
            return part.name, part.line
        tag = re.match(r"<(\w*)[^>]*", html[html.rfind("<", 0, at) :])
        kinds = {"svg": "what is read out of a figure", "text": "a figure", "td": "a table", "th": "a table"}
        kind = kinds.get(tag[1] if tag else "", "")
        return f"{part.name} / {kind}" if kind else part.name, html.count("\n", 0, at) + 1

    def _written_by_hand(self, part: Part) -> Iterator[Difference]:
        """Numbers and quotes in what the PM wrote: they follow from no claim, and may be the same as one."""
        n_customers = self._derive("customers", self.manifest.calls)
        for count in find_counts(part.readable):
            # More people than were talked to are others: "teams of up to 250 people".
            told_of = count.what == "people" and not count.bound and (count.of or count.n) <= n_customers
            if told_of and (count.n, count.of) not in self._numbers:
                what = f"“{count.words}” was written by hand, and no count of the report says so"
                todo = "count again, or show the section that counts it"
                yield Difference("number-unclaimed", "note", part.name, part.line, what, todo)
        for quote in find_quotes(part.readable, part.line):
            if count_words(quote.words) >= _FEW_WORDS and "¤" not in quote.words:
                match = self.today.said.find(quote.words)
                if match.kind in ("altered", "joined"):
                    yield self._not_said(f"{part.name}", part.line, quote.words, match)

    @cached_property
    def _numbers(self) -> set[tuple[int, int | None]]:
        """What the claims say, with and without of how many."""
        claims = self.manifest.claims.values()
        return {(claim.n, of) for claim in claims for of in (claim.of, None)}

    # Counts

    def _counts(self, claims: dict[str, Claim]) -> Iterator[Difference]:
        """Page beside manifest, manifest beside workspace."""
        for mark in self.page.marks:
            if mark.kind == "words":
                continue
            claim = self.manifest.claims.get(mark.id)
            what = ""
            if claim is None:
                what = f"{mark.shown!r} names a claim that the page does not carry"
            elif mark.shown not in (spelled := spell_number(n := _number(mark, claim))):
                what = f"the page says {mark.shown or 'nothing'}, and its claim {spelled[0]}"
            elif mark.value != str(n):
                what = f"the page says {mark.shown} to people and {mark.value} to machines"
            if what:
                todo = "export the report again, or ask who sent it for the file as it was exported"
                yield Difference("count-changed", "error", self._place_of(mark), mark.line, what, todo)
        first = {mark.id: mark for mark in reversed(self.page.marks)}
        places = Counter(mark.id for mark in self.page.marks if mark.kind == "n")
        unlike: list[Difference] = []  # what does not come out so when all is counted anew
        for id, claim in claims.items():
            mark, told = first[id], False
            more = (
                f", and in {places[id] - 1} more places"
                if places[id] > 2
                else ", and in 1 more place" * (places[id] > 1)
            )
            todo = "export the report again" + (f" (it stands here{more})" if more else "")
            for number, refs, words in ((claim.n, claim.refs, ""), (claim.of, self._among(claim), "of ")):
                sealed = claim.among_sealed if words else claim.sealed
                if number is None or claim.what == "stated" or sealed or (claim.what == "themes" and self._any_sealed):
                    continue
                n = self._derive(claim.what, refs)
                if n != number:
                    told = True
                    what = f"{words}{number} {claim.what} in the report, {n} today{self._why(claim.what, refs)}"
                    yield Difference("count-changed", "error", self._place_of(mark), mark.line, what, todo)
            if not told and not self.again.why_not and (what := self._counted_again(claim)):
                recent = bool(self.again.changed or self.again.n_gone) and not _COUNTED_OF_CALLS.match(id)
                severity = "note" if recent else "error"
                unlike.append(Difference("count-changed", severity, self._place_of(mark), mark.line, what, todo))
        # Where notes were changed, one reason makes many numbers differ.
        yield from unlike[:_MOST_NAMED] if self.changed_since else unlike
        if self.changed_since and (rest := unlike[_MOST_NAMED:]):
            comes = "1 more number comes" if len(rest) == 1 else f"{len(rest)} more numbers come"
            what = f"{comes} out otherwise: {self.changed_since}"
            yield Difference("count-changed", "error", "the page", rest[0].line, what, "export the report again")

    def _counted_again(self, claim: Claim) -> str:
        """How a count differs from what it is when all is counted anew; empty where it does not."""
        count = self.again.counts.get(claim.id)
        same = count is not None and (claim.n, claim.of) == (count["n"], count["of"])
        seals = ("sealed", "among_sealed")
        if same and all(getattr(claim, name) == count.get(name, "") for name in seals):
            return ""
        why = (
            self.changed_since
            or ("the record was changed since" if self.again.changed or self.again.n_gone else "")
            or (
                f"workbench {self.manifest.workbench} made it, and this is {__version__}"
                if self.manifest.workbench != __version__
                else ""
            )
        )
        behind = f": {why}" if why else ""
        if count is None:
            return f"{_of(claim.n, claim.of)} in the report, and nothing is counted so today{behind}"
        if same:
            return f"{_of(claim.n, claim.of)} in the report and when all is counted again, and not of the same notes{behind}"
        return (
            f"{_of(claim.n, claim.of)} in the report, {_of(count['n'], count['of'])} when all is counted again{behind}"
        )

    def _among(self, claim: Claim) -> tuple[str, ...]:
        return self.manifest.calls if claim.among is None else claim.among

    def _standing(self, refs: Iterable[str]) -> Iterator[tuple[str, _Call]]:
        """Those notes and calls that are there today and count, and the takes of those that count."""
        for ref in refs:
            call = self.today.call(ref)
            if call is None or call.excluded:
                continue
            note = self.found.get(ref)
            if ":" not in ref or (note is not None and note.counts != (ref in self.takes)):
                yield ref, call

    def _derive(self, what: str, refs: Iterable[str]) -> int:
        """How many there are today."""
        standing = list(self._standing(refs))
        tables = [rows for ref, rows in self._counted_rows.items() if any(ref == one for one, _ in standing)]
        standing = [(ref, call) for ref, call in standing if ref not in self.today.tables]
        if what == "customers":
            return len(
                {call.customer for _, call in standing}.union(*(set(rows["customer"].unique()) for rows in tables))
            )
        if what == "segments":
            found = {call.segment for _, call in standing}.union(*(set(rows["segment"].unique()) for rows in tables))
            return len(found - {""})
        if what == "weeks":
            of = (rows["date"].dropna().unique() for rows in tables)
            weeks = {day.isocalendar()[:2] for days in of for day in days}
            return len({call.week for _, call in standing if call.week} | weeks)
        if what == "themes":  # a theme's customers are counted by all of its notes
            stand = {ref for ref, _ in standing}
            claims = self.manifest.claims.values()
            return sum(_OF_THEME.fullmatch(one.id) is not None and not stand.isdisjoint(one.refs) for one in claims)
        if what == "calls":
            of_tables = sum(len(rows[["customer", "date"]].drop_duplicates()) for rows in tables)
            return len({call.unit or ref.partition(":")[0] for ref, call in standing}) + of_tables
        return len(standing)

    @cached_property
    def _counted_rows(self) -> dict[str, pd.DataFrame]:
        """Of each table the rows that the report knew and that count today."""
        later = {line for _, line in self.came_later}
        return {
            ref: rows[rows["counts"] & ~rows["line"].isin(later)] if later else rows[rows["counts"]]
            for ref, rows in self.today.tables.items()
        }

    @cached_property
    def _any_sealed(self) -> bool:
        """Whether a theme names no notes, so that themes cannot be counted by theirs."""
        return any(claim.sealed for claim in self.manifest.claims.values() if _OF_THEME.fullmatch(claim.id))

    def _why(self, what: str, refs: Iterable[str]) -> str:
        """What became of those that do not count any more."""
        reasons: dict[str, list[str]] = defaultdict(list)
        standing = {ref for ref, _ in self._standing(refs)}
        for ref in refs:
            if ref in standing:
                continue
            call = self.today.call(ref)
            if call is None:
                reasons["gone"].append(ref.partition(":")[0])
            elif call.excluded:
                reasons[f"not counted any more ({call.excluded})"].append(call.customer)
            elif self.found.get(ref) is None:
                reasons["gone"].append(self._at(ref))
            else:
                ours = self.found[ref].ours
                kind = f"what one of you said ({ours})" if ours else "the product manager’s own take now"
                reasons["no take any more" if ref in self.takes else kind].append(self._at(ref))
        said = [f"{first_few(dict.fromkeys(names))} {'is' if len(set(names)) == 1 else 'are'} {why}" for why, names in reasons.items()]  # fmt: skip
        if not said and what == "customers":
            said = ["customers that were two are one by today’s registry, or one is two"]
        return f": {'; '.join(said)}" if said else ""

    # Quotes

    def _quotes(self, marks: list[Mark]) -> Iterator[Difference]:
        """Page beside manifest, manifest beside workspace, and consent of today."""
        for mark in marks:
            call = mark.id.partition(":")[0]
            digests = self.manifest.quotes.get(mark.id, ())
            place = self._place_of(mark)
            if call not in self.today.calls:
                todo = "put the call back; or if its file was renamed, export the report again"
                yield Difference(
                    "call-gone", "error", place, mark.line, f"the call {call} is gone: “{shorten(mark.shown)}”", todo
                )
                continue
            note, one = self.found.get(mark.id), self.today.call(mark.id)
            if one.consent not in _MAY_QUOTE:
                what = f"{one.customer} has not agreed to be quoted any more: “{shorten(mark.shown)}” ({self._at(mark.id)})"
                todo = "do not pass this report on; export it again"
                yield Difference("consent-withdrawn", "error", place, mark.line, what, todo)
            if note is not None and note.ours:
                what = f"“{shorten(mark.shown)}” ({self._at(mark.id)}) was said by one of you, and by no customer: {note.ours}"
                yield Difference("quote-is-ours", "error", place, mark.line, what, "export the report again")
            if digest(mark.shown) not in digests:
                yield self._changed_on_page(mark, note, place)
            elif note is None:
                what = f"the note {self._at(mark.id)} is gone: “{shorten(mark.shown)}”"
                yield Difference(
                    "note-gone", "error", place, mark.line, what, "put the note back, or export the report again"
                )
            elif note.digest != digests[0] and mark.shown.removesuffix("…") not in note.text:
                if _unnamed(mark.shown.removesuffix("…")) in _unnamed(note.text):
                    what = (
                        f"{self._at(mark.id)} leaves as “{shorten(note.text)}” today: what stands for names has changed"
                    )
                    todo = "nothing must be done; a new export has today’s"
                    yield Difference("redacted-otherwise", "note", place, mark.line, what, todo)
                    continue
                here, there = _two_texts(mark.shown, note.text)
                what = f"the report says {here}, and {self._at(mark.id)} today {there}"
                todo = "find out which is what was said; mend the note, or export the report again"
                yield Difference("quote-changed", "error", place, mark.line, what, todo)
            elif mark.shown.removesuffix("…") not in note.text:
                what = f"“{shorten(mark.shown)}” is no part of {self._at(mark.id)}: “{shorten(note.text)}”"
                yield Difference("quote-unknown", "error", place, mark.line, what, "export the report again")

    @cached_property
    def _traced(self) -> list[tuple[Mark, Traced]]:
        """Each note that is quoted, where it first stands on the page, and where it was said."""
        first = {mark.id: mark for mark in reversed(self.page.marks) if mark.kind == "words"}
        places = {
            (self.today.calls[ref.partition(":")[0]].file, note.line): first[ref]
            for ref, note in self.found.items()
            if ref in first and note is not None and not note.ours
        }
        traced = trace_quotes(self.study, places)
        return sorted(((mark, traced[place]) for place, mark in places.items()), key=lambda one: (one[0].line, one[1]))

    def _said(self) -> Iterator[Difference]:
        """Quotes that the transcript of their call does not hold word for word."""
        for mark, one in self._traced:
            # Notes are typed from hearing, too, and the transcript comes later. Who names the place has looked there.
            severity, todo = "note", "if it was typed while listening, nothing must be done; else write what was said"
            if one.found == "altered":
                here, there = _two_texts(one.words, one.nearest)
                what = f"{one.place} quotes {here}, and the transcript says {there}; {one.where}"
            elif one.found == "joined":
                what = f"“{shorten(one.words)}” ({one.place}) joins words that were not said in one go: {one.where}"
            elif one.found == "none" and one.claimed:
                severity, todo = "error", "find out what was said; mend the note, or its time or turn"
                what = f"“{shorten(one.words)}” ({one.place}) is not what was said at the time or turn that it names: {one.claimed}"
            elif one.found == "none":
                what = f"“{shorten(one.words)}” ({one.place}) stands nowhere in its call’s transcript"
            else:
                continue
            yield Difference("quote-not-in-transcript", severity, self._place_of(mark), mark.line, what, todo)

    def _changed_on_page(self, mark: Mark, note: _Note | None, place: str) -> Difference:
        """Words that are not those that were exported: what they were, or where they are from."""
        anywhere = self.today.said.find(mark.shown)
        joined = anywhere.kind == "joined" and len(anywhere.sources) > 1
        if note is not None and mark.shown and not joined:
            near = QuoteIndex([Source(mark.id, "", "", note.line, note.text)]).find(mark.shown)
            if near.kind in ("exact", "altered") or count_words(mark.shown) < _FEW_WORDS:
                what = f"the page says “{shorten(mark.shown)}”, and {self._at(mark.id)} “{shorten(near.nearest or note.text)}”"
                if near.kind == "exact":
                    what += " (they differ in signs that look alike, or in what is left out)"
                todo = "ask who sent the page for the file as it was exported, or export it again"
                return Difference("quote-changed", "error", place, mark.line, what, todo)
        return self._not_said(place, mark.line, mark.shown, anywhere)

    def _not_said(self, place: str, line: int, words: str, match: Match) -> Difference:
        where = ", ".join(dict.fromkeys(f"{source.file}:{source.line}" for source in match.sources))
        todo = "write what was said, or take the quotation marks away"
        if match.kind == "joined":
            what = f"“{shorten(words)}” is joined from more than one statement: {where}"
            return Difference("quote-joined", "error", place, line, what, todo)
        if match.kind == "altered":
            what = f"the page says “{shorten(words)}”, and {where} “{shorten(match.nearest)}”"
            return Difference("quote-changed", "error", place, line, what, todo)
        if match.kind in ("exact", "other"):
            what = f"“{shorten(words)}” is what {where} says, and stands for another note"
            return Difference("quote-changed", "error", place, line, what, todo)
        return Difference("quote-unknown", "error", place, line, f"“{shorten(words)}” was not said by anybody", todo)

    def _not_shown(self) -> Iterator[Difference]:
        """Notes that are counted and stand nowhere on the page: changed since, or to be quoted today."""
        for ref, digests in self.manifest.quotes.items():
            note = self.found.get(ref)
            if ref not in self.shown_by and note is not None and note.digest != digests[0]:
                what = f"{self._at(ref)} is counted and not quoted here, and says “{shorten(note.text)}” since it was changed"
                todo = "find out which is what was said; mend the note, or export the report again"
                severity = "note" if _STAND_IN.search(note.text) else "error"
                yield Difference("note-changed", severity, "the page", 0, what, todo)
        given: dict[str, list[str]] = defaultdict(list)
        for ref in self.manifest.withheld:
            call = self.today.call(ref)
            if call is not None and call.consent in _MAY_QUOTE:
                given[call.customer].append(self._at(ref))
        for customer, places in given.items():
            what = (
                f"{customer} may be quoted today, and {plural(len(places), 'note')} of theirs "
                f"{'was' if len(places) == 1 else 'were'} withheld: {first_few(places)}"
            )
            todo = "nothing must be done if they agreed since; a new export quotes them"
            yield Difference("consent-given", "note", "the page", 0, what, todo)

    def _records(self) -> Iterator[Difference]:
        """Records that are not as the report had them."""
        if self.again.why_not:
            what = f"not all of it can be derived again: {self.again.why_not}"
            yield Difference("not-derived", "note", "the page", 0, what, "to have all of it derived, export it again")
        for file in self.again.changed:
            what = f"{file} was changed since, so that what the report takes from it may differ"
            yield Difference("record-changed", "note", "the page", 0, what, "nothing must be done; a new export has it")
        if n := self.again.n_gone:
            what = f"{plural(n, 'record')} or correction{'s' * (n > 1)} to themes that it was made of {'is' if n == 1 else 'are'} gone"
            yield Difference("record-changed", "note", "the page", 0, what, "put them back, or export the report again")

    # Names

    def _names(self) -> Iterator[Difference]:
        """Customers by a name that they have not agreed to, as of today."""
        # The longest first, so that "Brindle" is not seen in "Brindle Studio", who may be named.
        spelt = sorted(self.today.spelt.items(), key=lambda item: (-len(item[0]), item[0]))
        for part in self.page.parts:
            text = part.readable.casefold() if part.id not in ("page", "check", "contents") else ""
            # What is drawn has stand-ins for all names of today: a word as often in it as here is one of our own sentences.
            drawn = self._parts_again.get(part.id)
            ours = drawn.readable.casefold() if drawn else ""
            said = {*_WORD.findall(text), *_WORD.findall(ours)}
            for name, pseudonym in spelt:
                # A shorter one may be any word of the page's own.
                if len(name) > 3 and said.issuperset(_WORD.findall(name)) and (name in text or name in ours):
                    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
                    if pseudonym is not None and len(word.findall(text)) > len(word.findall(ours)):
                        what = f"{name!r} has not agreed to be named (any more): it is {pseudonym} in what leaves"
                        todo = "do not pass this report on; export it again"
                        yield Difference("name-shown", "error", part.name, part.line, what, todo)
                    text, ours = word.sub("¤", text), word.sub("¤", ours)


def _of(n: int, of: int | None) -> str:
    return f"{n:,}" if of is None else f"{n:,} of {of:,}"


def _number(mark: Mark, claim: Claim) -> int | None:
    return claim.of if mark.kind == "of" else claim.n


def _unnamed(text: str) -> str:
    """A text with one sign for whatever stands for names and numbers."""
    return _STAND_IN.sub("¤", text)


def _two_texts(here: str, there: str) -> tuple[str, str]:
    """Two texts in quotation marks: whole, or where they first differ if that would be cut off."""
    whole = f"“{shorten(here)}”", f"“{shorten(there)}”"
    first = next(find_stretches(here, there), None)
    return (first.here, first.there) if first and whole != (f"“{here}”", f"“{there}”") else whole


class Stretch(NamedTuple):
    """Where two texts differ.

    Parameters
    ----------
    here, there : str
        What each says, with a few words around, in quotation marks.
    words : tuple of str
        What the first says, with a few words around and alone.
    """

    here: str
    there: str
    words: tuple[str, ...]


def find_stretches(here: str, there: str) -> Iterator[Stretch]:
    """Where two texts differ, the first few places.

    Parameters
    ----------
    here, there : str
        The texts; only their words are compared.

    Yields
    ------
    Stretch
        In order.

    Examples
    --------
    >>> [(one.here, one.there) for one in find_stretches("8 of 12 customers", "9 of 12 customers")]
    [('“8 of 12 customers”', '“9 of 12 customers”')]
    """
    a, b = here.split(), there.split()
    shortest = min(len(a), len(b))
    first = next((i for i in range(shortest) if a[i] != b[i]), shortest)
    last = next((i for i in range(shortest - first) if a[-1 - i] != b[-1 - i]), shortest - first)
    mine, other = a[first : len(a) - last], b[first : len(b) - last]
    if not (mine or other):
        return
    small = len(mine) * len(other) < 10**6
    blocks = (
        SequenceMatcher(None, mine, other, autojunk=False).get_opcodes()
        if small
        else [("", 0, len(mine), 0, len(other))]
    )
    for _, i, to_i, j, to_j in [block for block in blocks if block[0] != "equal"][:_MOST_NAMED]:
        # A number alone says little.
        here_said, there_said = (
            " ".join(words[max(first + start - 3, 0) : first + end + 3])
            for words, start, end in ((a, i, to_i), (b, j, to_j))
        )
        yield Stretch(f"“{shorten(here_said)}”", f"“{shorten(there_said)}”", (here_said, " ".join(mine[i:to_i])))


def _unmarked(part: Part) -> str:
    """A part's text with one sign for whatever carries a claim."""
    return _MARK.sub("¤", part.text)


def _read_marks(page: Page, part: str) -> tuple[list[tuple[str, str]], list[str]]:
    """What a part's numbers and words are of, and what they say."""
    marks = [mark for mark in page.marks if mark.part == part]
    return [(mark.kind, mark.id) for mark in marks], [mark.shown for mark in marks]
