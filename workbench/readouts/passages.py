"""A page as a row of passages, each with its line: headings, paragraphs, block quotes, rows of tables."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from workbench.frontmatter import split_front_matter, split_lines
from workbench.notes import showable

__all__ = ["Passage", "html_passages", "markdown_passages"]

# The level of a line that is bold from end to end: below all headings.
BOLD = 7

_UNSEEN = {"script", "style", "template", "head", "noscript", "svg"}
_BREAKING = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
}  # fmt: skip
_TAGS = _UNSEEN | _BREAKING | {
    "!--", "a", "abbr", "audio", "b", "bdi", "bdo", "button", "cite", "code", "data", "del", "dfn", "em", "font", "i", "iframe", "img",
    "input", "ins", "kbd", "label", "mark", "math", "object", "picture", "q", "s", "samp", "select", "small", "source", "span", "strike",
    "strong", "sub", "sup", "td", "textarea", "th", "time", "u", "var", "video", "wbr",
}  # fmt: skip
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# The first of these that is open says what a text is.
_KINDS = {"cite": "credit", "footer": "credit", "blockquote": "quote", "tr": "row"}


class Passage(NamedTuple):
    """A piece of text that stands by itself.

    Parameters
    ----------
    kind : str
        heading, text, quote (a block quote), credit (whose it is, where the page marks that), row (of a table, cells with
        `` | `` between) or field (front matter, a value).
    text : str
        Without marks of emphasis; lines end as in the file, so that :meth:`line_at` can tell them.
    line : int
        Where it begins, from 1.
    level : int
        Of a heading: 1 to 6, 7 for a line that is bold from end to end; else 0.
    """

    kind: str
    text: str
    line: int
    level: int = 0

    def line_at(self, at: int) -> int:
        """The line of a place in the text.

        Parameters
        ----------
        at : int
            Offset in `text`.

        Returns
        -------
        int
            From 1.
        """
        return self.line + self.text.count("\n", 0, at)


def markdown_passages(text: str, file: str = "") -> list[Passage]:
    r"""Read Markdown, front matter included.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name.

    Returns
    -------
    list of Passage
        In order.

    Examples
    --------
    >>> [tuple(p)[:3] for p in markdown_passages("# Reports\n\nFive *do*\nit\n\n> I redo it\n")]
    [('heading', 'Reports', 1), ('text', 'Five do\nit', 3), ('quote', 'I redo it', 6)]
    """
    lines = split_lines(text)
    _, body = split_front_matter(lines, file)
    found = [Passage("field", words, number) for number, line in enumerate(lines[:body], 1) if (words := _field(line))]
    return found + _read_tokens(MarkdownIt("commonmark").enable("table").parse("".join(lines[body:])), body)


def html_passages(text: str) -> list[Passage]:
    """Read a page as its reader sees it.

    Parameters
    ----------
    text : str
        HTML.

    Returns
    -------
    list of Passage
        In order.

    Examples
    --------
    >>> [tuple(p)[:3] for p in html_passages("<h2>Reports</h2><p>Five <b>do</b></p><script>no()</script>")]
    [('heading', 'Reports', 1), ('text', 'Five do', 1)]
    """
    page = _Page()
    page.feed(text)
    page.close()
    page.flush()
    return page.passages


def _field(line: str) -> str:
    """A line of front matter as it reads: its key, and its value without quotation marks; nothing for a fence."""
    found = re.fullmatch(
        r"\s*(?:- +)*(?P<key>[\w .-]+:\s+)?(?P<mark>[\"']?)(?P<value>.*?)(?P=mark),?\s*", line.rstrip("\r\n")
    )
    words = f"{found['key'] or ''}{found['value']}" if found else line
    return "" if re.fullmatch(r"[-.\s]*", words) else showable(words).strip()


def _read_tokens(tokens: list[Token], body: int) -> list[Passage]:
    """The passages of parsed Markdown that begins behind line `body`."""
    found: list[Passage] = []
    inside: list[str] = []
    row: list[str] | None = None
    line = level = 0
    for token in tokens:
        if token.type.endswith("_open"):
            inside.append(token.type)
            row = [] if token.type == "tr_open" else row
            level = int(token.tag[1]) if token.type == "heading_open" else level
        elif token.type.endswith("_close"):
            inside.pop()
            if token.type == "tr_close" and row is not None:
                found.append(Passage("row", " | ".join(row), line))
                row = None
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            line = body + (token.map[0] if token.map else 0) + 1
            if token.type == "html_block":
                found += [passage._replace(line=passage.line + line - 1) for passage in html_passages(token.content)]
                continue
            words = _inline(token) if token.type == "inline" else token.content
            if row is not None:
                row.append(" ".join(words.split()))
            elif words.strip():
                heading = token.type == "inline" and inside[-1:] == ["heading_open"]
                bold = token.type == "inline" and "blockquote_open" not in inside and _is_bold(token)
                kind = "heading" if heading or bold else "quote" if "blockquote_open" in inside else "text"
                found.append(Passage(kind, showable(words), line, level if heading else BOLD if bold else 0))
    return found


def _is_bold(token: Token) -> bool:
    """Whether a line is bold from end to end, as headings within lists are; a label in front of something is none."""
    children = [child for child in token.children or [] if child.type != "text" or child.content.strip()]
    types = [child.type for child in children]
    whole = types[:1] == ["strong_open"] and types[-1:] == ["strong_close"] and types.count("strong_open") == 1
    return whole and "softbreak" not in types and not token.content.rstrip("*_ ").endswith(":")


def _inline(token: Token) -> str:
    """The words of a line of Markdown, without marks."""
    words = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type == "image":
            words.append(child.content)
        elif (
            child.type == "html_inline"
            and re.sub(r"</?([^\s/>]*).*", r"\1", child.content, flags=re.DOTALL).lower() not in _TAGS
        ):
            words.append(child.content)  # a place to fill in: <Name of the team>
    return "".join(words)


class _Page(HTMLParser):
    """Collects what stands between tags that break a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[Passage] = []
        self._words: list[str] = []
        self._line = 1
        self._open: list[str] = []
        self._unseen = 0
        self._hidden: list[str] = []  # tags open within one that no reader sees

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden or ("aria-hidden", "true") in attrs:
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag in _UNSEEN:
            self._unseen += 1
        if tag == "body":
            self._unseen = 0  # nobody has to close a head
        if tag in _BREAKING or self._is_credit(tag):
            self.flush()
        elif tag in ("td", "th") and any(word.strip() for word in self._words):
            self._words.append(" | ")
        elif tag == "q":
            self._add("“")
        if tag in _KINDS or tag in _HEADINGS:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
            return
        if tag == "q":
            self._add("”")
        if tag in _BREAKING or self._is_credit(tag):
            self.flush()
        if tag in _UNSEEN and self._unseen:
            self._unseen -= 1
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._unseen and not self._hidden:
            self._add(data)

    def _add(self, data: str) -> None:
        if not self._words:
            stripped = data.lstrip()
            if not stripped:
                return
            self._line = self.getpos()[0] + data.count("\n", 0, len(data) - len(stripped))
            data = stripped
        self._words.append(data)

    def _is_credit(self, tag: str) -> bool:
        return tag in ("cite", "footer") and "blockquote" in self._open

    def flush(self) -> None:
        text = "".join(self._words)
        self._words = []
        if text.strip():
            tag = next((tag for tag in (*_HEADINGS, *_KINDS) if tag in self._open), "")
            quoted = "blockquote" in self._open
            kind = "heading" if tag in _HEADINGS else _KINDS[tag] if tag and (quoted or tag == "tr") else "text"
            self.passages.append(
                Passage(kind, showable(text.rstrip()), self._line, int(tag[1:]) if kind == "heading" else 0)
            )
