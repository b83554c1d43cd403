"""What stands behind a readout: who is known by which name, what was said, and which notes a finding rests on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.customers import fold_name, said_by_us, split_who
from workbench.frontmatter import split_front_matter, split_lines
from workbench.quotes import Match, QuoteIndex, Source
from workbench.redact import short_ids

if TYPE_CHECKING:
    import pandas as pd

    from workbench.readouts import Finding, Readout
    from workbench.recorded import Recorded
    from workbench.study import Study

__all__ = ["Backing", "customer_names", "read_headings", "split_heading"]

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_LEVELS = re.compile(r"\s+[/>|–—-]\s+|\s*[›→»:]\s+")  # noqa: RUF001


def customer_names(study: Study) -> dict[str, str]:
    r"""The spellings by which a readout may know customers.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.

    Returns
    -------
    dict of str to str
        Name, alias, pseudonym or person's whole name -> customer.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-a.md").write_text("---\ncustomer: Acme\nwho: Jo Poe, ops\n---\n- one")
    >>> names = customer_names(read_study(folder.parent))
    >>> names["Acme"], names["Jo Poe"], len(names)
    ('Acme', 'Acme', 3)
    """
    customers = study.customers
    names: dict[str, str] = {}
    for customer, people in zip(customers["customer"], customers["people"], strict=True):
        for person in people:
            if " " in (name := split_who(person)[0] or person):
                names[name] = customer
    for customer, pseudonym in short_ids(customers["customer"], study.salt, "P-", 4).items():
        names[pseudonym] = customer
    for customer, aliases in zip(customers["customer"], customers["aliases"], strict=True):
        names |= dict.fromkeys(aliases, customer)
    return names | {customer: customer for customer in customers["customer"]}


def read_headings(source: str) -> dict[int, tuple[str, ...]]:
    r"""Which heading each line of a call stands under.

    Parameters
    ----------
    source : str
        The call's text.

    Returns
    -------
    dict of int to tuple of str
        Line, from 1 -> the headings above it, from the outermost; a heading of the first level that stands alone is the
        call's title and left out. Each is cut by :func:`split_heading`. Lines above any heading are not there.

    Examples
    --------
    >>> read_headings("# Call\n\n## Explore data / Bugs\n- one\n")
    {4: ('explore data', 'bugs')}
    """
    lines = split_lines(source)
    _, body = split_front_matter(lines, "")
    found = {}
    for number, line in enumerate(lines[body:], body + 1):
        if heading := _HEADING.fullmatch(line.rstrip("\r\n")):
            found[number] = (len(heading[1]), heading[2])
    levels = [level for level, _ in found.values()]
    title = 1 if levels.count(1) == 1 and levels[0] == 1 and len(levels) > 1 else 0
    path: list[tuple[int, str]] = []
    under: dict[int, tuple[str, ...]] = {}
    for number, line in enumerate(lines[body:], body + 1):
        if number in found:
            level, words = found[number]
            path = [outer for outer in path if outer[0] < level]
            if level > title:
                path.append((level, words))
        elif path and line.strip():
            under[number] = tuple(part for _, words in path for part in split_heading(words))
    return under


def split_heading(words: str) -> tuple[str, ...]:
    """A heading's levels, as compared: small letters, one space between words.

    Parameters
    ----------
    words : str
        As written, such as "Explore Data / Bugs".

    Returns
    -------
    tuple of str
        From the outermost.

    Examples
    --------
    >>> split_heading("Explore Data / Bugs"), split_heading("Header/footer")
    (('explore data', 'bugs'), ('header/footer',))
    """
    return tuple(part for part in map(fold_name, _LEVELS.split(words.strip())) if part)


class Backing:
    """What a readout is compared with.

    Parameters
    ----------
    study : Study
        The workspace.
    sources : mapping of str to str
        The text of its calls, by file.
    recorded : iterable of Recorded
        Those of its calls that have a transcript.
    """

    def __init__(self, study: Study, sources: Mapping[str, str], recorded: Iterable[Recorded] = ()) -> None:
        self._study = study
        self._sources = sources
        customers = study.customers
        self.names = customer_names(study)
        self.consent = dict(zip(customers["customer"], customers["consent"], strict=True))
        self.stated = dict(zip(customers["customer"], customers["consent_stated"], strict=True))
        # Why a customer does not count; empty for those who do.
        self.excluded = dict(zip(customers["customer"], customers["excluded"], strict=True))
        notes = study.notes
        columns = [_as_strings(notes[name]) for name in ("note", "customer", "file", "text", "kind")]
        lines = notes["line"].tolist()
        self.customer_of: dict[str, str] = {}
        self._found: dict[tuple[str, str], Match] = {}
        self._recorded = {one.file: one for one in recorded}
        self._said: list[Source] = []
        self._takes: list[Source] = []
        self._by_place: dict[tuple[str, int], str] = {}
        self._notes: set[str] = set()
        # The notes that are takes since one of us said their words.
        self.said_by_us = frozenset(notes.loc[said_by_us(notes), "note"].astype(str))
        for note, customer, file, text, kind, line in zip(*columns, lines, strict=True):
            (self._takes if kind == "take" else self._said).append(Source(note, customer, file, line, text))
            if kind != "take":
                self.customer_of[note] = customer
            self._by_place[file, line] = note
            self._notes.add(note)

    @cached_property
    def _files(self) -> dict[str, str]:
        """The file of each call, by what may stand before the line in a reference to one of its notes."""
        calls = self._study.calls.drop_duplicates("call")
        refs = short_ids(calls["call"], self._study.salt, "C-", 6)
        return {
            name: file
            for call, file in zip(calls["call"], calls["file"], strict=True)
            for name in (refs[call], file.rpartition("/")[2], file)
        }

    @cached_property
    def said(self) -> QuoteIndex:
        """All that customers said, or that was seen at them."""
        return QuoteIndex(self._said)

    def look_up(self, words: str, by: str = "") -> Match:
        """A quote beside what was noted, and where it is not there word for word, beside the transcripts.

        Parameters
        ----------
        words : str
            The quote.
        by : str
            The customer it is credited to; empty for anybody.

        Returns
        -------
        Match
            See :class:`workbench.quotes.Match`.
        """
        if (words, by) not in self._found:
            match = self.said.find(words, by or None)
            if match.kind != "exact":
                spoken = self.heard(words, by)
                if spoken.kind == "exact" or (spoken.kind == "other" and match.kind != "other"):
                    match = spoken
            self._found[words, by] = match
        return self._found[words, by]

    def heard(self, words: str, by: str = "") -> Match:
        """A quote beside the transcripts, word for word only.

        Parameters
        ----------
        words, by : str
            As for :meth:`look_up`.

        Returns
        -------
        Match
            ``exact``, ``other`` or ``none``; each source with the line of the transcript in which the words begin.
        """
        match = self.spoken.find_verbatim(words, by or None)
        return replace(match, sources=tuple(self._recorded[one.file].place(one, words) for one in match.sources))

    @cached_property
    def spoken(self) -> QuoteIndex:
        """What customers said in the transcripts of calls."""
        return QuoteIndex([source for one in self._recorded.values() for source in one.sources()])

    @cached_property
    def takes(self) -> QuoteIndex:
        """The PM's own takes, which are nobody's words, and what one of us said, which is no customer's."""
        return QuoteIndex(self._takes)

    @cached_property
    def _under(self) -> dict[tuple[str, ...], frozenset[str]]:
        """The customers who count with notes under each heading."""
        under: dict[tuple[str, ...], set[str]] = defaultdict(set)
        notes: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for (file, line), note in self._by_place.items():
            if file in self._sources:
                notes[file].append((line, self.customer_of.get(note, "")))
        for file, source in sorted(self._sources.items()):
            headings = read_headings(source) if "\n#" in source else {}
            for line, customer in notes[file] if headings else ():
                if customer and not self.excluded.get(customer) and line in headings:
                    under[headings[line]].add(customer)
        return {heading: frozenset(customers) for heading, customers in under.items()}

    def note(self, reference: str) -> str:
        """The note that a reference cites.

        Parameters
        ----------
        reference : str
            ``C-3fa9c1:12``, a note's id, or file:line.

        Returns
        -------
        str
            The note's id; empty where there is none.
        """
        if reference in self._notes:
            return reference
        name, _, line = reference.rpartition(":")
        return self._by_place.get((self._files.get(name, ""), int(line)), "") if line.isdecimal() else ""

    def by_heading(self, readout: Readout) -> Iterator[tuple[frozenset[str], list[Finding]]]:
        """Findings beside the customers whose notes stand under the heading that they name.

        Notes that are sorted under findings' headings say who stands behind which. Where only a few headings are the same,
        that is by chance, and nothing follows.

        Parameters
        ----------
        readout : Readout
            What others were told.

        Yields
        ------
        customers : frozenset of str
            Those who count.
        findings : list of Finding
            Mostly one; several where they name the same heading, so that it cannot be told which note stands behind which.
        """
        groups: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
        for finding in readout.findings:
            if finding.customers or finding.headline:
                path = tuple(part for words in finding.heading for part in split_heading(words))
                # A page's own title and chapters may stand above what the notes know.
                ends = [path[i:] for i in range(len(path)) if path[i:] in self._under]
                groups[ends[0] if ends else path].append(finding)
        backed = {heading: findings for heading, findings in groups.items() if heading in self._under}
        if sum(map(len, backed.values())) * 2 >= sum(map(len, groups.values())) and len(backed) >= 3:
            for heading, findings in backed.items():
                yield self._under[heading], findings


def _as_strings(column: pd.Series) -> list[str]:
    """A column as a list; a value that comes again is one string, and not one a row."""
    if column.dtype == "category":
        values = [str(value) for value in column.cat.categories]
        return [values[code] for code in column.cat.codes.tolist()]
    return column.tolist()
