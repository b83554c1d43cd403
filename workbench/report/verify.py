"""A report beside the workspace it came from: every count and every quote derived again.

Three things are compared: what the page shows, what it carries (its manifest), and what the workspace has today. Calls
that came later are no failure, nor are lines that moved within a call.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from workbench.quotes import Match, QuoteIndex, Source
from workbench.readouts import find_counts, find_quotes
from workbench.redact import Redactor, short_ids
from workbench.report.cite import first_few, plural
from workbench.report.claims import describe_customers
from workbench.report.manifest import Claim, Manifest, read_manifest
from workbench.report.marks import Mark, Page, Part, digest, read_page
from workbench.report.view import show

if TYPE_CHECKING:
    from workbench.study import Study

__all__ = ["Difference", "Verified", "verify_page"]

_MAY_QUOTE = ("quote", "named")
# As few words are common to two statements by chance.
_FEW_WORDS = 4
# "[name]", "[accounts lead]", "P-3fa9"
_STAND_IN = re.compile(r"\[[^\[\]]*\]|\bP-[0-9a-f]{4,}\b")


class Difference(NamedTuple):
    """One thing that is not as it should be.

    Parameters
    ----------
    code : str
        What kind of thing: ``quote-changed``, ``quote-joined``, ``quote-unknown``, ``note-gone``, ``consent-withdrawn``,
        ``count-changed``, ``number-unclaimed``, ``text-changed``, ``name-shown``, ``claims-changed``, ``call-gone``,
        ``page-changed``, ``redacted-otherwise``, ``other-workspace``.
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
        Quotes and counts on the page that were derived again.
    n_stated : int
        Counts that follow from no notes, compared with what the page carries.
    added : tuple of (int, int)
        Calls, and notes in calls that the report knew, that came later.
    n_moved : int
        Notes that stand in another line of their call now.
    day : str
        The day of the report's newest call.
    audience : str
        For whom the report is.

    Examples
    --------
    >>> print(Verified((), 312, 58, 4, (2, 0), 0, "2026-11-17", "all").summary)
    312 quotes and 58 counts derived again; nothing differs. Added since: 2 calls.
    """

    differences: tuple[Difference, ...]
    n_quotes: int
    n_counts: int
    n_stated: int
    added: tuple[int, int]
    n_moved: int
    day: str
    audience: str

    @property
    def ok(self) -> bool:
        """Whether nothing differs that matters."""
        return all(one.severity != "error" for one in self.differences)

    @property
    def summary(self) -> str:
        """All of it in a line."""
        n = sum(one.severity == "error" for one in self.differences)
        differs = "nothing differs" if not n else "1 difference" if n == 1 else f"{n} differences"
        said = f"{plural(self.n_quotes, 'quote')} and {plural(self.n_counts, 'count')} derived again; {differs}."
        calls, notes = self.added
        later = [plural(calls, "call")] * bool(calls) + [plural(notes, "note") + " in calls it knew"] * bool(notes)
        if later:
            said += f" Added since: {' and '.join(later)}."
        if self.n_moved:
            said += f" {plural(self.n_moved, 'note')} moved to another line."
        return said


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


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of today."""

    file: str
    customer: str
    segment: str
    week: tuple[int, int] | None
    excluded: str  # why it does not count
    consent: str


class _Workspace:
    """The workspace today, by the ids that leave it."""

    def __init__(self, study: Study, wanted: set[str]) -> None:
        customers = describe_customers(study)
        self.redact = Redactor(customers)
        why = dict(zip(study.customers["customer"], study.customers["excluded"], strict=True))
        refs = short_ids(study.calls["call"], study.salt, "C-", 6)
        # Spelling -> what stands for it; None for those who have agreed to be named.
        self.spelt = {
            name.casefold(): None if one["consent"] == "named" else one["pseudonym"]
            for customer, one in sorted(customers.items(), key=lambda item: item[1]["consent"] == "named")
            for name in (customer, *one["names"])
        }
        self.calls = {
            refs[call.call]: _Call(
                call.file,
                call.customer,
                call.segment,
                call.date.isocalendar()[:2] if call.date == call.date else None,
                why[call.customer],
                customers[call.customer]["consent"],
            )
            for call in study.calls.itertuples(index=False)
        }
        self.notes: dict[str, list[_Note]] = {call: [] for call in self.calls}
        notes = study.notes
        columns = [notes[name].astype(str).tolist() for name in ("call", "text", "kind", "excluded")]
        for call, text, kind, excluded, line in zip(*columns, notes["line"].tolist(), strict=True):
            if refs[call] in wanted:
                shown = show(self.redact(text))
                self.notes[refs[call]].append(_Note(line, shown, kind != "take" and not excluded, digest(shown)))

    @cached_property
    def said(self) -> QuoteIndex:
        """All words as they may be shown, to look for a quote in."""
        return QuoteIndex(
            [
                Source(f"{call}:{note.line}", self.calls[call].customer, self.calls[call].file, note.line, note.text)
                for call, notes in self.notes.items()
                for note in notes
                if note.counts
            ]
        )


class _Comparison:
    """A page, its manifest and the workspace, side by side."""

    def __init__(self, page: Page, manifest: Manifest, study: Study) -> None:
        self.page, self.manifest = page, manifest
        refs = {ref for claim in manifest.claims.values() for ref in (*claim.refs, *(claim.among or ()))}
        self.known = {ref.partition(":")[0] for ref in (*refs, *manifest.quotes, *manifest.calls)}
        self.today = _Workspace(study, self.known)
        self.lines: dict[str, list[int]] = defaultdict(list)
        for ref in sorted({ref for ref in (*refs, *manifest.quotes) if ":" in ref}):
            call, _, line = ref.partition(":")
            self.lines[call].append(int(line))
        self.shown_by: dict[str, str] = {}  # ref -> the longest words of it on the page
        for mark in page.marks:
            if mark.kind == "words" and len(mark.shown) > len(self.shown_by.get(mark.id, "")):
                self.shown_by[mark.id] = mark.shown
        self.found: dict[str, _Note | None] = {}  # ref -> its note today
        self.part_names = {part.id: part.name for part in page.parts}
        self.n_moved = self.n_added = 0
        for call in sorted(self.known):
            self._find_notes(call)

    def result(self) -> Verified:
        """All of it."""
        manifest, page = self.manifest, self.page
        marks = [mark for mark in page.marks if mark.kind == "words"]
        claims = {mark.id: manifest.claims[mark.id] for mark in page.marks if mark.id in manifest.claims}
        derived = [claim for claim in claims.values() if claim.what != "stated"]
        added = [call for call, one in self.today.calls.items() if call not in self.known and not one.excluded]
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
            found = [*self._page(), *self._counts(claims), *self._quotes(marks), *self._names()]
            differences += sorted(dict.fromkeys(found), key=lambda one: (one.line, one))
        return Verified(
            tuple(differences),
            len({(mark.id, mark.shown) for mark in marks}),
            len(derived),
            len(claims) - len(derived),
            (len(added), self.n_added),
            self.n_moved,
            manifest.day,
            manifest.audience,
        )

    # The notes of today

    def _find_notes(self, call: str) -> None:
        """Which note of today each note of the report is: by its words, then by its line, then by its order."""
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
        # Of words that are withheld there is nothing but their number.
        for line in list(refs):
            if same := [n for n in left if n.line == line]:
                take(line, same[0])
        for line in list(refs):
            if left:
                take(line, left[0])
            else:
                self.found[refs.pop(line)] = None
        self.n_added += sum(note.counts for note in left) if call in self.manifest.calls else 0

    def _place_of(self, mark: Mark) -> str:
        """Part, heading and claim or reference."""
        heading = [_short(mark.heading, 60)] if mark.heading else []
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
                what = f"this part was added after the export: “{_short(part.readable)}”"
                yield Difference("text-changed", "error", part.name, part.line, what, again)
        same_marks = all(
            mark.id in self.manifest.claims
            and mark.shown == mark.value == str(_number(mark, self.manifest.claims[mark.id]))
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
        """A part whose text was changed: numbers of people in it that carry no claim by name."""
        yield Difference("text-changed", "error", part.name, part.line, "its text was changed after the export", again)
        for count in find_counts(part.readable):
            if any(letter.isdigit() for letter in count.words) and (count.n, count.of) not in self._numbers:
                what = f"“{count.words}” carries no claim, so that nothing stands behind it"
                yield Difference("number-unclaimed", "error", part.name, part.line, what, again)

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
            if len(quote.words.split()) >= _FEW_WORDS and "¤" not in quote.words:
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
            elif mark.shown != (expected := str(_number(mark, claim))):
                what = f"the page says {mark.shown or 'nothing'}, and its claim {expected}"
            elif mark.value != expected:
                what = f"the page says {mark.shown} to people and {mark.value} to machines"
            if what:
                todo = "export the report again, or ask who sent it for the file as it was exported"
                yield Difference("count-changed", "error", self._place_of(mark), mark.line, what, todo)
        first = {mark.id: mark for mark in reversed(self.page.marks)}
        places = Counter(mark.id for mark in self.page.marks if mark.kind == "n")
        for id, claim in claims.items():
            if claim.what == "stated":
                continue
            mark = first[id]
            more = (
                f", and in {places[id] - 1} more places"
                if places[id] > 2
                else ", and in 1 more place" * (places[id] > 1)
            )
            for number, refs, words in ((claim.n, claim.refs, ""), (claim.of, self._among(claim), "of ")):
                if number is None:
                    continue
                n = self._derive(claim.what, refs)
                if n != number:
                    what = f"{words}{number} {claim.what} in the report, {n} today{self._why(claim.what, refs)}"
                    todo = "export the report again" + (f" (it stands here{more})" if more else "")
                    yield Difference("count-changed", "error", self._place_of(mark), mark.line, what, todo)

    def _among(self, claim: Claim) -> tuple[str, ...]:
        return self.manifest.calls if claim.among is None else claim.among

    def _standing(self, refs: Iterable[str]) -> Iterator[tuple[str, _Call]]:
        """Those notes and calls that are there today and count."""
        for ref in refs:
            call = self.today.calls.get(ref.partition(":")[0])
            if call is None or call.excluded:
                continue
            note = self.found.get(ref)
            if ":" not in ref or (note is not None and note.counts):
                yield ref, call

    def _derive(self, what: str, refs: Iterable[str]) -> int:
        """How many there are today."""
        standing = list(self._standing(refs))
        if what == "customers":
            return len({call.customer for _, call in standing})
        if what == "segments":
            return len({call.segment for _, call in standing if call.segment})
        if what == "weeks":
            return len({call.week for _, call in standing if call.week})
        if what == "calls":
            return len({ref.partition(":")[0] for ref, _ in standing})
        return len(standing)

    def _why(self, what: str, refs: Iterable[str]) -> str:
        """What became of those that do not count any more."""
        reasons: dict[str, list[str]] = defaultdict(list)
        standing = {ref for ref, _ in self._standing(refs)}
        for ref in refs:
            if ref in standing:
                continue
            call = self.today.calls.get(ref.partition(":")[0])
            if call is None:
                reasons["gone"].append(ref.partition(":")[0])
            elif call.excluded:
                reasons[f"not counted any more ({call.excluded})"].append(call.customer)
            elif self.found.get(ref) is None:
                reasons["gone"].append(self._at(ref))
            else:
                reasons["the product manager’s own take now"].append(self._at(ref))
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
                    "call-gone", "error", place, mark.line, f"the call {call} is gone: “{_short(mark.shown)}”", todo
                )
                continue
            note, one = self.found.get(mark.id), self.today.calls[call]
            if one.consent not in _MAY_QUOTE:
                what = (
                    f"{one.customer} has not agreed to be quoted any more: “{_short(mark.shown)}” ({self._at(mark.id)})"
                )
                todo = "do not pass this report on; export it again"
                yield Difference("consent-withdrawn", "error", place, mark.line, what, todo)
            if digest(mark.shown) not in digests:
                yield self._changed_on_page(mark, note, place)
            elif note is None:
                what = f"the note {self._at(mark.id)} is gone: “{_short(mark.shown)}”"
                yield Difference(
                    "note-gone", "error", place, mark.line, what, "put the note back, or export the report again"
                )
            elif note.digest != digests[0] and mark.shown.removesuffix("…") not in note.text:
                if _unnamed(mark.shown.removesuffix("…")) in _unnamed(note.text):
                    what = (
                        f"{self._at(mark.id)} leaves as “{_short(note.text)}” today: what stands for names has changed"
                    )
                    todo = "nothing must be done; a new export has today’s"
                    yield Difference("redacted-otherwise", "note", place, mark.line, what, todo)
                    continue
                what = f"the report says “{_short(mark.shown)}”, and {self._at(mark.id)} today “{_short(note.text)}”"
                todo = "find out which is what was said; mend the note, or export the report again"
                yield Difference("quote-changed", "error", place, mark.line, what, todo)
            elif mark.shown.removesuffix("…") not in note.text:
                what = f"“{_short(mark.shown)}” is no part of {self._at(mark.id)}: “{_short(note.text)}”"
                yield Difference("quote-unknown", "error", place, mark.line, what, "export the report again")

    def _changed_on_page(self, mark: Mark, note: _Note | None, place: str) -> Difference:
        """Words that are not those that were exported: what they were, or where they are from."""
        anywhere = self.today.said.find(mark.shown)
        joined = anywhere.kind == "joined" and len(anywhere.sources) > 1
        if note is not None and mark.shown and not joined:
            near = QuoteIndex([Source(mark.id, "", "", note.line, note.text)]).find(mark.shown)
            if near.kind in ("exact", "altered") or len(mark.shown.split()) < _FEW_WORDS:
                what = f"the page says “{_short(mark.shown)}”, and {self._at(mark.id)} “{_short(near.nearest or note.text)}”"
                if near.kind == "exact":
                    what += " (they differ in signs that look alike, or in what is left out)"
                todo = "ask who sent the page for the file as it was exported, or export it again"
                return Difference("quote-changed", "error", place, mark.line, what, todo)
        return self._not_said(place, mark.line, mark.shown, anywhere)

    def _not_said(self, place: str, line: int, words: str, match: Match) -> Difference:
        where = ", ".join(dict.fromkeys(f"{source.file}:{source.line}" for source in match.sources))
        todo = "write what was said, or take the quotation marks away"
        if match.kind == "joined":
            what = f"“{_short(words)}” is joined from more than one statement: {where}"
            return Difference("quote-joined", "error", place, line, what, todo)
        if match.kind == "altered":
            what = f"the page says “{_short(words)}”, and {where} “{_short(match.nearest)}”"
            return Difference("quote-changed", "error", place, line, what, todo)
        if match.kind in ("exact", "other"):
            what = f"“{_short(words)}” is what {where} says, and stands for another note"
            return Difference("quote-changed", "error", place, line, what, todo)
        return Difference("quote-unknown", "error", place, line, f"“{_short(words)}” was not said by anybody", todo)

    # Names

    def _names(self) -> Iterator[Difference]:
        """Customers by a name that they have not agreed to, as of today."""
        # The longest first, so that "Brindle" is not seen in "Brindle Studio", who may be named.
        spelt = sorted(self.today.spelt.items(), key=lambda item: (-len(item[0]), item[0]))
        for part in self.page.parts:
            text = part.readable.casefold() if part.id not in ("page", "check", "contents") else ""
            for name, pseudonym in spelt:
                # A shorter one may be any word of the page's own.
                if len(name) > 3 and name in text and (found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)):
                    if pseudonym is not None:
                        what = f"{name!r} has not agreed to be named (any more): it is {pseudonym} in what leaves"
                        todo = "do not pass this report on; export it again"
                        yield Difference("name-shown", "error", part.name, part.line, what, todo)
                    text = text.replace(found[0], "¤")


def _number(mark: Mark, claim: Claim) -> int | None:
    return claim.of if mark.kind == "of" else claim.n


def _unnamed(text: str) -> str:
    """A text with one sign for whatever stands for names and numbers."""
    return _STAND_IN.sub("¤", text)


def _short(words: str, length: int = 120) -> str:
    words = " ".join(words.split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
