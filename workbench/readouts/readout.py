"""A page that others were told something by, read as findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbench.errors import Problem
from workbench.notes import showable
from workbench.readouts.counts import Count, find_counts
from workbench.readouts.json_lines import At, read_json
from workbench.readouts.names import Names
from workbench.readouts.passages import Passage, html_passages, markdown_passages
from workbench.readouts.quoted import Quote, find_quotes, find_references, quote_block

__all__ = ["Finding", "Readout", "parse_readout"]

# What a field of a finding is called, by what it means; the first that is there holds.
_ID = ("id", "finding_id", "key", "number", "no")
_TEXT = ("statement", "claim", "finding", "insight", "headline", "title", "text", "summary", "description")
_CUSTOMERS = (
    "customers",
    "participants",
    "people",
    "users",
    "interviewees",
    "respondents",
    "customer_ids",
    "participant_ids",
)
_N = ("n", "n_customers", "n_participants", "n_people", "n_users")
_QUOTES = ("quotes", "quote", "verbatims", "verbatim")
_NOTES = ("notes", "note_ids", "evidence", "refs", "references", "sources")
_GROUP = ("grouping", "group", "theme", "area", "section")
_CATEGORY = ("category", "subcategory", "topic", "subtopic")
_WORDS = ("words", "quote", "text", "verbatim")
_BY = ("by", "customer", "participant", "speaker", "who", "name")
_LISTS = ("findings", "insights", "results", "items", "claims")

_CUSTOMER_LINE = re.compile(
    r"[ \t]*(?:[-*•][ \t]*)?(?:participants?|customers?|people|users?|interviewees?|respondents?|who|heard from|raised by|"
    r"said by|seen (?:by|with|at)|from)[ \t]*(?:\(\d+\))?[ \t]*:[ \t]*(?P<who>[^\n]+)",
    re.IGNORECASE,
)
_SOME_OF_THEM = re.compile(
    r"\b(?:e\.g\.|for example|for instance|such as|including|especially|mostly|like|see)[\s,:]*[(\[]?\s*$", re.I
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a readout says.

    Parameters
    ----------
    id : str
        Its own, else its heading's first words, else its number.
    text : str
        The statement; with a heading, that and the paragraphs below it.
    line : int
        Where it begins, from 1.
    customers : tuple of str
        Those listed as standing behind all of it, by name; empty where none are.
    customers_line : int
        Where they are listed.
    counts : tuple of Count
        Every number of people it speaks of, in order.
    headline : tuple of Count
        Those of its claim: the heading, or without one there the first paragraph.
    quotes : tuple of Quote
        Every quotation in it.
    notes : tuple of str
        The notes it cites, see `Quote.ref`.
    cites_all : bool
        Whether `notes` are meant to be all that stand behind it, not examples.
    heading : tuple of str
        Where it belongs: grouping and category, or the headings it stands under with its own at the end.
    """

    id: str
    text: str
    line: int
    customers: tuple[str, ...] = ()
    customers_line: int = 0
    counts: tuple[Count, ...] = ()
    headline: tuple[Count, ...] = ()
    quotes: tuple[Quote, ...] = ()
    notes: tuple[str, ...] = ()
    cites_all: bool = False
    heading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Readout:
    """What others were told.

    Parameters
    ----------
    file : str
        Its name.
    findings : tuple of Finding
        In the order of the file.
    passages : tuple of Passage
        All of its text, piece by piece.
    problems : tuple of Problem
        What could not be read.
    """

    file: str
    findings: tuple[Finding, ...] = ()
    passages: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotations, in order."""
        return tuple(quote for finding in self.findings for quote in finding.quotes)


def parse_readout(text: str, file: str, names: Mapping[str, str] | None = None) -> Readout:
    r"""Read what others were told.

    Parameters
    ----------
    text : str
        JSON (a list of findings, or an object that holds one), HTML or Markdown.
    file : str
        Its name, whose ending says which of the three it is; any other ending is read as Markdown.
    names : mapping of str to str, optional
        Spellings by which customers are known -> customer. Codes such as P3 are known without.

    Returns
    -------
    Readout
        Whatever the text is; what could not be read is in `problems`.

    Examples
    --------
    >>> readout = parse_readout("## Five participants redo totals (P1, P2)\n\n> By hand — P2\n", "weekly.md")
    >>> finding = readout.findings[0]
    >>> finding.counts[0].n, finding.counts[0].customers, finding.quotes[0]
    (5, ('P1', 'P2'), Quote(words='By hand', by='P2', line=3, ref=''))
    """
    known = Names(names)
    ending = file.rsplit(".", 1)[-1].lower()
    if ending == "json":
        return _read_json(text, file, known)
    passages = html_passages(text) if ending in ("html", "htm") else markdown_passages(text, file)
    return Readout(file, tuple(_sections(passages, known)), tuple(passages))


# Pages with headings


def _sections(passages: list[Passage], names: Names) -> Iterator[Finding]:
    """A finding for each heading and what stands below it, and one for what stands above the first."""
    path: list[Passage] = []
    section: list[Passage] = []
    number = 0
    for passage in [*passages, None]:
        if passage is None or passage.kind == "heading":
            if section:
                number += 1
                yield _section(section, [heading.text for heading in path], number, names)
            if passage is None:
                return
            path = [*(heading for heading in path if heading.level < passage.level), passage]
            section = [passage]
        elif passage.kind != "field":
            section.append(passage)


def _section(section: list[Passage], path: list[str], number: int, names: Names) -> Finding:
    title = section[0].text if section[0].kind == "heading" else ""
    counts: list[Count] = []
    n_headline = 0
    quotes: list[Quote] = []
    customers: tuple[str, ...] = ()
    customers_line = 0
    for passage in section:
        if passage.kind in ("quote", "credit"):
            quotes += _block(quotes, passage, names)
            continue
        quotes += _credit_to_row(find_quotes(passage.text, passage.line, names), passage, names)
        if passage.kind == "row":
            continue
        if not customers and (listed := _customer_line(passage, names)):
            customers, customers_line = listed
        lists = _bracketed(passage.text, names)
        here = _with_lists(find_counts(_without_quotes(passage.text), passage.line), lists, passage.text)
        if lists and counts and not here and passage is section[1] and not counts[-1].customers:
            counts[-1] = replace(counts[-1], customers=lists[0][0])  # the heading has the number, this the list
        n_headline = n_headline or len(here)
        counts += here
    return Finding(
        id=" ".join(title.split()[:6]) or f"part {number}",
        text="\n".join(passage.text for passage in section if passage.kind in ("heading", "text")),
        line=section[0].line,
        customers=customers,
        customers_line=customers_line,
        counts=tuple(counts),
        headline=tuple(counts[:n_headline]),
        quotes=tuple(quotes),
        notes=tuple(dict.fromkeys(ref for passage in section for ref in _cited(passage.text))),
        heading=tuple(" ".join(words.split()) for words in path),
    )


def _block(quotes: list[Quote], passage: Passage, names: Names) -> list[Quote]:
    """The quotation of a block; a paragraph of it that only says whose it is goes to the one before."""
    credit = re.fullmatch(r"\s*(?:[—–―-]{1,3}|\()\s*(?P<who>[^\n]{1,100})", passage.text)
    if not credit and passage.kind != "credit":
        return quote_block(passage.text, passage.line, names)
    who = credit["who"] if credit else passage.text
    if quotes and not quotes[-1].by:
        named, references = names.find(who), find_references(who)
        quotes[-1] = replace(
            quotes[-1], by=named[0] if named else "", ref=references[0] if references else quotes[-1].ref
        )
    return []


def _credit_to_row(quotes: list[Quote], passage: Passage, names: Names) -> list[Quote]:
    """In a table, the one customer that a row names is who said what stands in it."""
    if passage.kind != "row" or all(quote.by for quote in quotes):
        return quotes
    named = names.find(_without_quotes(passage.text))
    return [replace(quote, by=quote.by or named[0]) for quote in quotes] if len(named) == 1 else quotes


def _customer_line(passage: Passage, names: Names) -> tuple[tuple[str, ...], int] | None:
    """The customers that a line such as "Participants: P1, P2" lists, and where."""
    for found in _CUSTOMER_LINE.finditer(passage.text):
        at_start = found.start() == 0 or passage.text[found.start() - 1] == "\n"
        listed = names.lists(found["who"]) if at_start else []
        if listed and not re.search(r"\w", found["who"][: listed[0].start] + found["who"][listed[-1].end :]):
            return tuple(dict.fromkeys(c for row in listed for c in row.customers)), passage.line_at(found.start("who"))
    return None


def _bracketed(text: str, names: Names) -> list[tuple[tuple[str, ...], int]]:
    """The lists of customers that stand between brackets as a whole, each with where it begins."""
    found = []
    for listed in names.lists(text):
        before, after = text[: listed.start].rstrip(), text[listed.end :].lstrip()
        if before[-1:] in ("(", "[") and after[:1] in (")", "]") and not _SOME_OF_THEM.search(before):
            found.append((listed.customers, len(before) - 1))
    return found


def _with_lists(counts: list[Count], lists: list[tuple[tuple[str, ...], int]], text: str) -> list[Count]:
    """Each list of customers with the number that it follows."""
    with_lists = list(counts)
    for customers, at in lists:
        before = [i for i, count in enumerate(counts) if count.at < at]
        if not before or with_lists[before[-1]].customers:
            continue
        # One name in brackets is mostly who an example is from, unless it follows the number at once.
        i = before[-1]
        if len(customers) > 1 or not text[counts[i].at + len(counts[i].words) : at].strip():
            with_lists[i] = replace(with_lists[i], customers=customers)
    return with_lists


def _cited(text: str) -> list[str]:
    """The notes that a text cites: those in brackets. What stands elsewhere may be an example of how one is cited."""
    return [
        ref
        for found in re.finditer(r"\(([^()]*)\)|\[([^\[\]]*)\]", text)
        for ref in find_references(found[1] or found[2] or "")
    ]


def _without_quotes(text: str) -> str:
    """A text with blanks for what is between quotation marks: a number in somebody's words is theirs."""
    return re.sub('“[^”]*”|«[^»]*»|"[^"]*"', lambda found: re.sub(r"[^\n]", "_", found[0]), text)


# JSON


def _read_json(text: str, file: str, names: Names) -> Readout:
    page = read_json(text, file)
    if isinstance(page, Problem):
        return Readout(file, problems=(page,))
    rows = _rows(page)
    passages = tuple(Passage("text", words, line) for words, line in _strings(page))
    if not rows:
        todo = 'write a list of objects, such as  [{"statement": "…", "customers": ["…"]}]'
        return Readout(file, (), passages, (Problem(file, page.line, "no list of findings in it", todo),))
    findings, problems = [], []
    for number, row in enumerate(rows, 1):
        finding = _row(row, number, names)
        findings.append(finding)
        if not finding.text:
            what = f"finding {finding.id} says nothing"
            problems.append(Problem(file, row.line, what, "write what was found, in a sentence, as its statement"))
    return Readout(file, tuple(findings), passages, tuple(problems))


def _rows(page: At) -> list[At]:
    """The findings: the outermost list of objects, by preference under a key that says so."""
    if isinstance(page.value, list):
        return [item for item in page.value if isinstance(item.value, dict)]
    if not isinstance(page.value, dict):
        return []
    if any(_key(key) in _TEXT for key in page.value) and not any(_key(key) in _LISTS for key in page.value):
        return [page]
    order = sorted(page.value.items(), key=lambda item: _key(item[0]) not in _LISTS)
    return next((rows for _, value in order if isinstance(value.value, list) and (rows := _rows(value))), [])


def _row(row: At, number: int, names: Names) -> Finding:
    fields = {_key(key): value for key, value in row.value.items()}

    def first(keys: Iterable[str]) -> At | None:
        return next((fields[key] for key in keys if key in fields and fields[key].value not in (None, "", [])), None)

    statement, listed, size, noted = first(_TEXT), first(_CUSTOMERS), first(_N), first(_NOTES)
    text = _text(statement.value) if statement else ""
    # Two rows may stand for one cell: in JSON a line break within a value is none in the file.
    line = statement.line if statement else row.line
    customers: tuple[str, ...] = ()
    if listed:
        customers = tuple(dict.fromkeys(c for words in _texts(listed, (*_BY, "id")) for c in _customers(words, names)))
    counts = _with_lists(find_counts(_without_quotes(text)), _bracketed(text, names), text)
    counts = [replace(count, line=line) for count in counts]
    headline = tuple(counts)
    if size and isinstance(size.value, int) and not isinstance(size.value, bool):
        counts.append(Count(size.value, None, f"n: {size.value}", size.line, "field", customers=customers))
    references = (
        [ref for words in _texts(noted, ("id", "note", "ref")) for ref in find_references(words)] if noted else []
    )
    quotes = [replace(quote, line=line) for quote in find_quotes(text, line, names)]
    quotes += [quote for key in _QUOTES if key in fields for quote in _quotes(fields[key], names)]
    ident = first(_ID)
    group = [_text(found.value) for keys in (_GROUP, _CATEGORY) if (found := first(keys))]
    return Finding(
        id=_text(ident.value) if ident else str(number),
        text=text,
        line=line,
        customers=customers,
        customers_line=listed.line if listed else 0,
        counts=tuple(counts),
        headline=headline,
        quotes=tuple(quotes),
        notes=tuple(dict.fromkeys(references)) or tuple(_cited(text)),
        cites_all=bool(references),
        heading=tuple(" ".join(words.split()) for words in group if words.strip()),
    )


def _customers(words: str, names: Names) -> tuple[str, ...]:
    """The customers of a field's value: those it names, else all of it as one name."""
    return names.find(words) or tuple(filter(None, [names.canonical(words)]))


def _quotes(value: At, names: Names) -> list[Quote]:
    """The quotations of a field for them."""
    if isinstance(value.value, list):
        return [quote for item in value.value for quote in _quotes(item, names)]
    if isinstance(value.value, dict):
        fields = {_key(key): item for key, item in value.value.items()}
        words = next((fields[key] for key in _WORDS if key in fields), None)
        if words is None:
            return []
        by = next((_text(fields[key].value) for key in _BY if key in fields), "")
        ref = next((_text(fields[key].value) for key in ("ref", "note", "source") if key in fields), "")
        stripped = _text(words.value).strip().strip('"“”„«»').strip()
        return (
            [Quote(" ".join(stripped.split()), names.canonical(by) if by else "", words.line, ref)] if stripped else []
        )
    found = []
    for words in _text(value.value).splitlines():
        marked = find_quotes(words, value.line, names, every=True)
        if not marked and re.search(r"\w", words):
            marked = quote_block(words, value.line, names)
        found += [replace(quote, line=value.line) for quote in marked]
    return found


def _key(key: str) -> str:
    return re.sub(r"[\s-]+", "_", key.strip().lower())


def _text(value: Any) -> str:
    return (
        showable(value).strip()
        if isinstance(value, str)
        else ""
        if isinstance(value, (list, dict, bool))
        else str(value or "")
    )


def _texts(value: At, keys: Iterable[str]) -> list[str]:
    """The strings of a value: itself, its items, or what its items have under one of the keys."""
    if isinstance(value.value, list):
        return [words for item in value.value for words in _texts(item, keys)]
    if isinstance(value.value, dict):
        fields = {_key(key): item for key, item in value.value.items()}
        return next((_texts(fields[key], keys) for key in keys if key in fields), [])
    return [words] if (words := _text(value.value)) else []


def _strings(value: At) -> Iterator[tuple[str, int]]:
    """All strings in a value with their lines; their own line breaks are none of the file's."""
    if isinstance(value.value, str):
        if words := " ".join(showable(value.value).split()):
            yield words, value.line
    elif isinstance(value.value, (list, dict)):
        for item in value.value if isinstance(value.value, list) else value.value.values():
            yield from _strings(item)
