"""Notes as text: calls of ours, Markdown (Obsidian, Notion), and plain lines. What looks like a transcript is read as one before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.errors import Problem, shorten
from workbench.frontmatter import Fields, split_front_matter, split_lines
from workbench.importers.columns import role_of
from workbench.importers.contents import Jotting, Jottings
from workbench.importers.formats import Importer
from workbench.importers.jotted import LONGEST_FIELD, Bit, asked_in_bold, jot, sort_fields
from workbench.importers.markup import has_markup, words_of_html
from workbench.importers.source import Source, Unreadable, close_gaps
from workbench.importers.tags import tag_of
from workbench.notes import find_notes, parse_call, read_words, write_words

__all__ = ["IMPORTER"]

_ENDINGS = (".md", ".markdown", ".txt", ".text")
# Fields that nobody else's notes have.
_OURS = frozenset({"customer", "consent", "transcript", "us"})
_HEADING = re.compile(r"\s{0,3}(?P<level>#{1,6})\s+(?P<words>.*?)\s*#*\s*")
_ASKED = re.compile(r"\s{0,3}(?P<mark>\*\*|__)(?P<words>[^*_]+[?？])(?P=mark)\s*")  # noqa: RUF001
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+(?:\[(?P<box>[ xX/-])\]\s+)?(?P<words>.*)", re.DOTALL)
_CITED = re.compile(r"\s{0,3}>\s?(?P<words>.*)", re.DOTALL)
_CALLOUT = re.compile(r"\[!(?P<kind>[\w-]+)\][+-]?\s*(?P<words>.*)", re.DOTALL)
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_RULE = re.compile(r"[\s|:=*_–-]*")
_CELLS = re.compile(r"\s*\|(?P<cells>.*)\|\s*")
_PROPERTY = re.compile(r"\*{0,2}(?P<name>[^\W\d_][\w /()&-]{0,40}?)\*{0,2}\s*:\*{0,2}\s+(?P<value>\S.*)")
_PICTURE = re.compile(r"!\[\[[^\[\]]*\]\]|!\[[^\[\]]*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_WIKILINK = re.compile(r"\[\[(?P<page>[^\[\]|]*)(?:\|(?P<shown>[^\[\]]*))?\]\]")
_LINK = re.compile(r"\[(?P<words>[^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)")
_STRONG = re.compile(r"(\*\*|__|~~|==)(?=\S)(?P<words>[^*_~=\n]*?[^\s*_~=])\1")
_SLANTED = re.compile(r"(?<![\w*_])([*_])(?=\S)(?P<words>[^*_\n]*?[^\s*_])\1(?![\w*_])")
_CODE = re.compile(r"`(?P<words>[^`\n]+)`")
_BLOCK_ID = re.compile(r"\s+\^[\w-]+\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~=])")
_TAG = re.compile(r"(?<![\w#&/\\])#(?P<tag>[^\W\d_][\w/-]*)")
_TAGS_BEHIND = re.compile(r"(?:(?<!\S)#[^\W\d_][\w/-]*\s*)+$")
# A line that is as long as an editor makes it, and goes on below in the middle of a sentence.
WRAPPED = 60


def _claims(source: Source) -> bool:
    if not source.is_text or source.ending not in (*_ENDINGS, ""):
        return False
    head = source.text[:2000].lstrip("\ufeff \t\n")
    return head[:1] not in ("{", "<") and not head.startswith("[{") and re.search(r"\w", source.text) is not None


def _read(source: Source) -> tuple[Jottings, ...]:
    lines = split_lines(source.text)
    fields, body = split_front_matter(lines, source.name)
    # Others have consent as well, and name the customer otherwise.
    is_others = "customer" not in fields.values and any(role_of(name) == "customer" for name in fields.values)
    if _OURS & set(fields.values) and not is_others:
        return (_ours(source, lines, body),)
    if fields.broken or not fields.values:
        body = 0  # two rules with words between them are no head
    return (_others(source, lines, fields, body),)


def _ours(source: Source, lines: list[str], body: int) -> Jottings:
    """A call as this program writes one, its notes as they are."""
    call = parse_call(source.text, source.name)
    notes = [
        Jotting(line, first) for first, _, text in find_notes(lines, body)[0] if (line := write_words(read_words(text)))
    ]
    if not notes:
        raise Unreadable("there is no note in it", "bring a file with words in it")
    # What it does not say is asked where it comes in.
    problems = [problem for problem in call.problems if not problem.what.startswith(("no customer", "no date"))]
    return Jottings(
        notes=tuple(notes),
        customer="" if call.customer == call.id else call.customer,
        who=call.who,
        segment=call.segment,
        kind=call.kind,
        consent=call.consent,
        date=call.date,
        problems=tuple(problems),
        us=call.us,
    )


def _others(source: Source, lines: Sequence[str], head: Fields, body: int) -> Jottings:
    rows = [
        (number, close_gaps(line.strip("\r\n\ufeff").expandtabs(4)))
        for number, line in enumerate(lines, 1)
        if number > body
    ]
    title, rows, listed = _properties(rows)
    stated = [*_flat(head), *listed]
    problems = [*head.problems]
    problems += [
        Problem(source.name, number, f"a comment in its head: {shorten(line.strip())}", "it stays in the file")
        for number, line in enumerate(lines[:body], 1)
        if line.lstrip().startswith("#")
    ]
    pictures = [number for number, line in rows for _ in _PICTURE.findall(line)]
    if pictures:
        what = f"{len(pictures)} picture{'s' * (len(pictures) > 1)} in it"
        problems.append(Problem(source.name, pictures[0], what, "only words are read"))
    fields, said, unknown = sort_fields(source.name, stated)
    problems += unknown
    page, asked = asked_in_bold(source.name, _bits(rows))
    problems += asked
    bits = [*([Bit("title", title[1], title[0])] if title else []), *said, *page]
    return jot(source.name, source.stem, bits, fields, problems)


def _flat(fields: Fields) -> Iterator[tuple[int, str, str]]:
    for name, value in fields.values.items():
        if isinstance(value, str):
            yield fields.lines.get(name, 1), name, _plain(value)[0]
        elif isinstance(value, list):
            yield fields.lines.get(name, 1), name, "; ".join(_plain(one)[0] for one in value if isinstance(one, str))


def _properties(
    rows: Sequence[tuple[int, str]],
) -> tuple[tuple[int, str] | None, Sequence[tuple[int, str]], list[tuple[int, str, str]]]:
    """A page's title, the rest of it, and the fields between the two: Notion has them as lines, and so have forms."""
    start = next((place for place, (_, line) in enumerate(rows) if line.strip()), len(rows))
    title = None
    if start < len(rows) and (found := _HEADING.fullmatch(rows[start][1])) and found["level"] == "#":
        title = (rows[start][0], _plain(found["words"])[0])
        start = next((place for place in range(start + 1, len(rows)) if rows[place][1].strip()), len(rows))
    end = next((place for place in range(start, len(rows)) if not rows[place][1].strip()), len(rows))
    found = [(number, _PROPERTY.fullmatch(line.strip())) for number, line in rows[start:end]]
    pairs = [
        (number, one["name"], _plain(one["value"])[0])
        for number, one in found
        if one and len(one["value"]) <= LONGEST_FIELD
    ]
    if len(pairs) == len(found) > 0 and any(role_of(name) for _, name, _ in pairs):
        return title, rows[end:], pairs
    return title, rows[start:], []


def _bits(rows: Sequence[tuple[int, str]]) -> Iterator[Bit]:
    """The bits of a page: a line, an item of a list, a row of a table or a citation each."""
    kind, number, words = "", 0, ""
    fenced = titled = False

    def ended() -> Iterator[Bit]:
        if words.strip():
            yield _bit(kind, words, number)

    for line_number, line in rows:
        if _FENCE.match(line):
            fenced = not fenced
            yield from ended()
            kind, words = "", ""
        elif fenced:
            yield Bit("note", line, line_number)
        elif heading := _HEADING.fullmatch(line):
            yield from ended()
            kind, words = "", ""
            yield Bit("title" if heading["level"] == "#" else "heading", _plain(heading["words"])[0], line_number)
        elif asked := _ASKED.fullmatch(line):
            yield from ended()
            kind, words = "", ""
            yield Bit("asked", _plain(asked["words"])[0], line_number)
        elif not line.strip() or _RULE.fullmatch(line):
            yield from ended()
            kind, words = "", ""
        elif cited := _CITED.fullmatch(line):
            callout = _CALLOUT.fullmatch(cited["words"])
            if callout or not kind.startswith("cited"):
                yield from ended()
                is_quote = callout is not None and callout["kind"].casefold() in ("quote", "cite")
                kind, number = "cited quote" if is_quote else "cited", line_number
                words, titled = callout["words"] if callout else cited["words"], is_quote
            elif cited["words"].strip():
                # A title over a quote says whose it is, or when it was said: nobody said that.
                if titled and words.strip():
                    yield _bit("line", words, number)
                    number, words = line_number, ""
                words, titled = f"{words} {cited['words']}", False
            elif not titled:
                yield from ended()
                number, words = line_number + 1, ""
        elif cells := _CELLS.fullmatch(line):
            yield from ended()
            kind, words = "", ""
            yield _bit(
                "row", " – ".join(filter(None, (cell.strip() for cell in cells["cells"].split("|")))), line_number
            )
        elif item := _ITEM.fullmatch(line):
            yield from ended()
            kind, number, words = "to do" if item["box"] else "item", line_number, item["words"]
        elif words and _goes_on(kind, words, line):
            words += " " + line.strip()
        else:
            yield from ended()
            kind, number, words = "line", line_number, line
    yield from ended()


def _goes_on(kind: str, words: str, line: str) -> bool:
    """Whether a line belongs to what stands above it."""
    if kind in ("item", "to do") and line[:1] == " ":
        return True
    last = words.rstrip()
    return len(last) >= WRAPPED and last[-1] not in '.!?:;"”»' and line.strip()[:1].islower()


def _bit(kind: str, words: str, number: int) -> Bit:
    text, tags = _plain(words)
    return Bit({"cited quote": "quote", "to do": "to do"}.get(kind, "note"), text, number, tags)


def _plain(words: str) -> tuple[str, tuple[str, ...]]:
    """Markdown as its reader sees it, and the tags in it."""
    words = _BLOCK_ID.sub("", _COMMENT.sub(" ", _PICTURE.sub(" ", words)))
    words = _WIKILINK.sub(lambda found: found["shown"] or found["page"].replace("#", " ").strip(), words)
    words = _LINK.sub(lambda found: found["words"], words)
    tags = tuple(dict.fromkeys(tag_of(found["tag"]) for found in _TAG.finditer(words)))
    # Behind the words a tag is only a tag; among them it is one of them as well.
    words = _TAG.sub(lambda found: found["tag"], _TAGS_BEHIND.sub("", words))
    for mark in (_CODE, _STRONG, _STRONG, _SLANTED):
        words = mark.sub(lambda found: found["words"], words)
    words = words_of_html(words) if has_markup(words) else words
    return _ESCAPED.sub(r"\1", words).strip(), tags


IMPORTER = Importer("Notes (Markdown, text)", _ENDINGS, _claims, _read, last=True)
