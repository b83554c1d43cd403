"""Pages of HTML as notes or as a talk: what Notion, Confluence, Evernote and Google Docs export, and a page that somebody saved.

A block of the page is a line here, with the line of the file in which it begins. lxml only takes the page apart: nothing in it
is run, loaded or resolved, and what a reader of the page does not see is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from workbench.errors import Problem, shorten
from workbench.importers.archive import LEFT_THERE
from workbench.importers.columns import role_of
from workbench.importers.contents import Contents, Table
from workbench.importers.formats import Importer
from workbench.importers.jotted import HEAD, Bit, agreed_of, fields_at_head, fields_of, jot, sort_fields
from workbench.importers.markup import has_markup
from workbench.importers.named import is_named, read_named
from workbench.importers.source import Source, Unreadable
from workbench.importers.stamped import is_stamped, read_stamped
from workbench.importers.stated import stated_of
from workbench.importers.table import table_of
from workbench.importers.turns import Line
from workbench.notes import showable

__all__ = ["IMPORTER"]

_ENDINGS = (".html", ".htm", ".xhtml")
# Nobody calls a page so; a program that is not signed in any more gets one in place of the file.
_NO_PAGES = (".vtt", ".srt", ".json", ".jsonl", ".csv", ".tsv", ".tab", ".docx", ".xlsx", ".ods", ".qdpx")
_HEAD = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>\s*|<!--.{0,2000}?-->\s*){0,5}<(?:!doctype\s+html|html)\b", re.I | re.S)
# What nobody sees on the page, or is none of its words.
_UNSEEN = frozenset(
    "head script style template noscript svg math object iframe textarea select button audio video canvas map datalist".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What stands around a page: by its element, and by the names that Confluence gives it.
_AROUND = frozenset(["nav", "footer"])
_AROUND_CALLED = frozenset(["page-metadata", "breadcrumb-section", "breadcrumbs", "footer"])
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6"
    " header hr html li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_TITLES, _HEADINGS = frozenset(["h1"]), frozenset(["h2", "h3", "h4", "h5", "h6"])
_TASK = re.compile(r"[☐☑☒]\s*")
# "[a]" and "[1]" behind a word lead to what stands at the page's end.
_MARK = re.compile(r"\[\w{1,3}\]")


@dataclass
class _Page:
    """What a page has, as it is found."""

    bits: list[Bit] = field(default_factory=list)
    stated: list[tuple[int, str, str]] = field(default_factory=list)
    tables: list[tuple[str, list[list[str]]]] = field(default_factory=list)
    heads: list[Bit] = field(default_factory=list)  # rows that only name a table's columns
    links: list[Bit] = field(default_factory=list)
    around: list[Bit] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)


def _claims(source: Source) -> bool:
    if not source.is_text:
        return False
    head = source.text[:4000].lstrip("\ufeff")
    return _HEAD.match(head) is not None or (source.ending in _ENDINGS and has_markup(head))


def _read(source: Source) -> tuple[Contents, ...]:
    if source.ending in _NO_PAGES:
        raise Unreadable(
            f"called {source.ending}, but it is a web page",
            "download it again, as it may only ask to sign in; where its words are meant, call it .html",
        )
    root, cut = _parse(source)
    if "Discovery Workbench" in "".join(root.xpath("//meta[@name='generator']/@content")):
        raise Unreadable("a report that this program has made", "its notes are in already; bring what it was made of")
    page = _take_apart(root)
    problems = [*_problems(source.name, page), *cut]
    lines = [Line(_MARKS.get(bit.kind, "") + bit.text, bit.number) for bit in page.bits]
    tables = _tables(source.name, page)
    if is_named(lines) or is_stamped(lines):
        found = (read_named if is_named(lines) else read_stamped)(source.name, lines)
        problems += _beside_a_talk(source.name, page)
        stated = {k: value for k, value in stated_of((name, value) for _, name, value in page.stated).items() if value}
        if found.consent and "consent" in stated:
            stated["consent"] = agreed_of(f"{found.consent}; {stated['consent']}")
        return (replace(found, problems=(*found.problems, *problems), **stated), *tables)
    fields, said, unknown = sort_fields(source.name, page.stated)
    if page.links and not tables and _is_overview(source, page, said):
        raise Unreadable("only links to other pages", LEFT_THERE, page.links[0].number)
    at_head, bits = fields_at_head(page.bits)
    problems += _said_twice(source.name, [bit for bit in page.bits[:HEAD] if bit not in bits[:HEAD]], fields)
    # Whatever states less than another place on the page holds.
    agreed = "; ".join(one["consent"] for one in (at_head, fields) if "consent" in one)
    fields = {**at_head, **fields, **({"consent": agreed} if agreed else {})}
    tables = [_agreed_to(table, agreed) for table in tables]
    title = " ".join("".join(root.xpath("//head/title//text()")).split())
    if title and not any(bit.kind == "title" for bit in bits):
        bits = [Bit("title", title, 1), *bits]
    try:
        notes = [jot(source.name, source.stem, [*said, *bits], fields, [*unknown, *problems])]
    except Unreadable:
        if not tables:
            if cut:
                raise Unreadable(cut[0].what, cut[0].todo, cut[0].line) from None
            raise
        tables = [replace(tables[0], problems=(*tables[0].problems, *unknown, *problems)), *tables[1:]]
        notes = []
    return (*notes, *tables)


def _is_overview(source: Source, page: _Page, said: list[Bit]) -> bool:
    """Whether a page has no words of its own but headings: an export's list of its pages, as Notion and Confluence write one."""
    # Confluence says above it who made the space, and what for.
    about = [bit for bit in said if bit.text.casefold().startswith(("created by:", "description:"))]
    return (not said or (source.stem.casefold() == "index" and about == said)) and all(
        bit.kind in ("title", "heading") for bit in page.bits
    )


_MARKS = {"title": "# ", "heading": "## "}


def _parse(source: Source) -> tuple[etree._Element, list[Problem]]:
    """The page's elements, and what of it could not be taken apart."""
    # Where the bytes are no Unicode the page says itself in what they are.
    declared = source.is_guessed and b"charset" in source.data[:4096].lower()
    data = source.data if declared else source.text.replace("\x00", "").encode("utf-8", "replace")
    parser = etree.HTMLParser(
        encoding=None if declared else "utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.LxmlError:
        root = None
    if root is None:
        raise Unreadable("there is nothing on the page", "save it again, or copy its words into a text file")
    deep = next((error for error in parser.error_log if "depth" in error.message), None)
    what = "words nested deeper than those of any page"
    return root, [
        Problem(source.name, max(1, deep.line), what, "they are not read: copy the words into a text file")
    ] if deep else []


def _problems(file: str, page: _Page) -> Iterator[Problem]:
    """What is on the page and becomes no note."""
    if n := len(page.pictures):
        yield Problem(file, page.pictures[0], f"{n} picture{'s' * (n > 1)} on the page", "only words are read")
    for bits, what in (
        (page.links, "only links to elsewhere"),
        (page.around, "what stands around the page"),
    ):
        if bits:
            words = shorten("; ".join(bit.text for bit in bits), 400)
            yield Problem(file, bits[0].number, f"{what}: {words}", "they are no notes")
    for bit in page.heads:
        yield Problem(
            file, bit.number, f"“{shorten(bit.text)}” is the head of a table", "its rows are notes, it is none"
        )


def _tables(file: str, page: _Page) -> list[Table]:
    """Tables that are some of their own; another one's rows are notes."""
    found = []
    for title, rows in page.tables:
        try:
            found.append(table_of(list(enumerate(rows, 1)), file, title))
        except Unreadable:
            continue  # a header alone says nothing
    return found


def _beside_a_talk(file: str, page: _Page) -> Iterator[Problem]:
    """Fields of a page that is a talk, which has no place for them."""
    if left := [
        (number, name, value)
        for number, name, value in page.stated
        if value and not any(stated_of([(name, value)]).values())
    ]:
        said = "; ".join(f"{name}: {value}" for _, name, value in left)
        todo = "say it when you bring it in: --customer, --date, --consent and so on"
        yield Problem(file, left[0][0], f"fields beside a talk, which are not read: {shorten(said, 400)}", todo)


def _said_twice(file: str, at_head: list[Bit], fields: dict[str, str]) -> Iterator[Problem]:
    """What stands at the head of a page and otherwise in one of its fields."""
    for bit in at_head:
        name, _, value = bit.text.partition(":")
        for role, words in fields_of([(name, value)]).items():
            if role != "consent" and fields.get(role, words) != words:
                what = f"“{shorten(bit.text)}”, where a field of the page says {shorten(fields[role])}"
                yield Problem(file, bit.number, what, "the field holds")


def _agreed_to(table: Table, agreed: str) -> Table:
    """A table whose rows do not say what was agreed to, where the page does."""
    if not agreed or any(role_of(name) == "consent" for name in table.header):
        return table
    rows = tuple((number, (*cells, agreed)) for number, cells in table.rows)
    return replace(table, header=(*table.header, "Consent"), rows=rows)


def _take_apart(root: etree._Element) -> _Page:
    page = _Page()
    words: list[str] = []
    linked: list[str] = []
    kinds: list[str] = ["note"]
    at, links, begun = 1, 0, False

    def flush() -> None:
        nonlocal begun
        for place, line in enumerate("".join(words).split("\v"), at):
            text = " ".join(showable(line).split())
            if not re.search(r"\w", text):
                continue
            kind = "to do" if kinds[-1] == "note" and _TASK.match(text) else kinds[-1]
            bit = Bit(kind, _TASK.sub("", text, count=1) if kind == "to do" else text, place)
            only_link = kind == "note" and text == " ".join(showable("".join(linked)).split())
            (page.links if only_link else page.bits).append(bit)
        words.clear()
        linked.clear()
        begun = False

    def say(text: str | None, kept: bool) -> None:
        nonlocal begun
        if text:
            begun = begun or not text.isspace()
            text = text.replace("\n", "\v") if kept else text
            words.append(text)
            if links:
                linked.append(text)

    walk = etree.iterwalk(root, events=("start", "end"))
    skipped: etree._Element | None = None
    preformatted = 0
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _BLOCKS:
                flush()
            if not begun:
                at = element.sourceline or at
            if _is_left_out(element, page) or (tag == "table" and _is_table(element, page)):
                skipped = element
                walk.skip_subtree()
                continue
            kinds.append(_kind(element, kinds[-1]))
            preformatted += tag == "pre"
            links += tag == "a" and bool(element.get("href"))
            say(element.text, preformatted > 0)
            if tag in ("td", "th"):
                say(" ", False)
        else:
            if element is skipped:
                skipped = None
            else:
                if tag in _BLOCKS:
                    flush()
                kinds.pop()
                preformatted -= tag == "pre"
                links -= tag == "a" and bool(element.get("href"))
            say(element.tail, preformatted > 0)
    flush()
    return page


def _is_left_out(element: etree._Element, page: _Page) -> bool:
    """Whether nothing of an element is read; what a reader sees of it is named."""
    tag = element.tag
    if tag == "img":
        page.pictures.append(element.sourceline or 1)
    if _is_unseen(element):
        return True
    if tag == "a" and element.get("href", "").startswith("#") and _MARK.fullmatch(_words(element)):
        return True
    names = {element.get("id", ""), *element.get("class", "").split()}
    if tag in _AROUND or names & _AROUND_CALLED:
        if text := _words(element):
            page.around.append(Bit("note", text, element.sourceline or 1))
        return True
    return False


def _is_unseen(element: etree._Element) -> bool:
    style = element.get("style", "")
    return element.tag in _UNSEEN or element.get("hidden") is not None or _HIDDEN.search(style) is not None


def _kind(element: etree._Element, around: str) -> str:
    """What the words in an element are."""
    tag = element.tag
    if tag in _TITLES or (tag == "p" and "title" in element.get("class", "").split()):
        return "title"
    if tag in _HEADINGS:
        return "heading"
    if tag in ("li", "p", "div", "blockquote") and around != "heading":
        return "to do" if _is_task(element) else "note" if tag == "li" else around
    return around


def _is_task(element: etree._Element) -> bool:
    """Whether a box to tick stands at the head of an element, as Notion, Evernote, Confluence and OneNote write it."""
    if element.get("data-inline-task-id") or element.get("data-tag", "").startswith("to-do"):
        return True
    first = next((child for child in element.iterdescendants() if isinstance(child.tag, str)), None)
    if first is None or (element.text or "").strip():
        return False
    return (first.tag == "input" and first.get("type") == "checkbox") or "checkbox" in first.get("class", "").split()


def _is_table(element: etree._Element, page: _Page) -> bool:
    """Take a table with its rows, unless it only sets out the page: then its cells are blocks like any."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
    rows = [row for row in rows if row]
    if element.find(".//table") is not None or max(map(len, rows), default=0) < 2:
        return False
    texts = [[_words(cell) for cell in row] for row in rows]
    numbers = [row[0].sourceline or 1 for row in rows]
    if all([cell.tag for cell in row] == ["th", "td"] for row in rows):
        page.stated += [
            (number, name, _choices(row[1]) or value)
            for number, row, (name, value) in zip(numbers, rows, texts, strict=True)
        ]
        return True
    has_head = all(cell.tag == "th" for cell in rows[0]) or rows[0][0].getparent().getparent().tag == "thead"
    # Rows of several customers are calls of theirs; those of any other table belong to the page's own.
    if has_head and len(rows) > 1 and any(role_of(name) == "customer" for name in texts[0]):
        title = next((bit.text for bit in reversed(page.bits) if bit.kind in ("title", "heading")), "")
        page.tables.append((title, texts))
        return True
    for place, (number, cells) in enumerate(zip(numbers, texts, strict=True)):
        text = " – ".join(filter(None, cells))
        if re.search(r"\w", text):
            (page.heads if has_head and place == 0 and len(rows) > 1 else page.bits).append(Bit("note", text, number))
    return True


def _choices(cell: etree._Element) -> str:
    """What was chosen in a field of Notion's that takes several."""
    return "; ".join(_words(one) for one in cell if "selected-value" in one.get("class", "").split())


def _words(element: etree._Element) -> str:
    """What an element says, on one line."""
    words: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "start":
            if _is_unseen(inner):
                walk.skip_subtree()
                continue
            words += [" "] if inner.tag in _BLOCKS else []
            words.append(inner.text or "")
        elif inner is not element:
            words += [" "] if inner.tag in _BLOCKS else []
            words.append(inner.tail or "")
    return " ".join(showable("".join(words)).split())


IMPORTER = Importer("Page (HTML)", _ENDINGS, _claims, _read, reads_text=False)
