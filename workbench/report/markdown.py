"""A report's page as Markdown, to paste into a wiki or a pull request.

It is made from the page that others may see, so that it holds the same claims after the same consent. Whatever stands in
the page as text stands in the Markdown as text: nothing in it can become markup, a link or a mention of somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

__all__ = ["escape_markdown", "to_markdown"]

# Invisible, breaks no line, and no letter: what stands on both sides of it is no mention and no link.
JOINER = "\u2060"
# A backslash keeps what is Markdown; mentions, references and addresses are looked for after it, in what is then text.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~$#]|&(?=#|\w+;))")
_REFERENCES = (
    (
        re.compile(r"([@#!~$%^]|(?<!\w)&)(?=\w)"),
        rf"\1{JOINER}",
    ),  # @someone, someone@there, #12, !12, ~label, %milestone
    (re.compile(r"\b([A-Z]{2,}-)(?=\d)"), rf"\1{JOINER}"),  # GH-12, ABC-12
    (re.compile(r"([0-9a-f]{6}(?=[0-9a-f]))(?=[0-9a-f]*\b)"), rf"\1{JOINER}"),  # a commit
    (re.compile(r"(?i)\b(www)(?=\.)"), rf"\1{JOINER}"),
    (re.compile(r"(:)(?=//)"), rf"\1{JOINER}"),
    (re.compile(r"(?i)\b(mailto|xmpp)(?=:)"), rf"\1{JOINER}"),
    (re.compile(r"(:)(?=[\w+-]+:)"), rf"\1{JOINER}"),  # :smile:
)
# What makes a block when a line begins with it.
_BEGINNING = re.compile(r"(?:[-+=](?=\s|[-+=]|$)|\d{1,9}[.)](?=\s|$))")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
# In a line: what is drawn apart without a space between, and what is drawn smaller than the rest.
APART = {"a", "b", "code", "data", "q", "span", "svg"}
ASIDE = {"opp", "quiet", "tag"}
LEFT_OUT = {"fieldset", "head", "nav", "script", "style", "template"}
BLOCKS = {
    "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "svg", "table", "ul",
}  # fmt: skip


def to_markdown(html: str) -> str:
    r"""A page as Markdown.

    Parameters
    ----------
    html : str
        A report as others may see it, or a part of one.

    Returns
    -------
    str
        GitHub's Markdown without any HTML. Quotes end in their call and line, figures are their tables, the contents and
        what is hidden from readers is left out.

    Examples
    --------
    >>> print(to_markdown("<h2>Themes</h2><blockquote><p><q>It *resets*</q></p><footer>Ops lead, P-3fa9</footer></blockquote>"), end="")
    ## Themes
    <BLANKLINE>
    > “It \*resets\*”\
    > — Ops lead, P-3fa9
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n\n".join(_blocks(reader.top)) + "\n"


def escape_markdown(text: str) -> str:
    r"""Text that Markdown shows as it is.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        One line. Where a sign could name somebody or make a link, an invisible word joiner (U+2060) stands behind it.

    Examples
    --------
    >>> escape_markdown("- <b>2*3</b>")
    '\\- \\<b\\>2\\*3\\</b\\>'
    >>> escape_markdown("ask @jo").replace("\u2060", "·")
    'ask @·jo'
    """
    return _at_beginning(_escape(" ".join(_INVISIBLE.sub("", text).split())))


def _escape(text: str) -> str:
    for pattern, joined in _REFERENCES:
        text = pattern.sub(joined, text)
    return _MARKUP.sub(r"\\\1", text)


def _at_beginning(line: str) -> str:
    """A line that begins no list, rule or heading."""
    found = _BEGINNING.match(line)
    return f"{line[: found.end() - 1]}\\{line[found.end() - 1 :]}" if found else line


class _Element:
    """A tag with what is in it: elements and strings."""

    __slots__ = ("attributes", "children", "tag")

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[_Element | str] = []

    def classes(self) -> set[str]:
        return set((self.attributes.get("class") or "").split())

    def elements(self) -> list[_Element]:
        return [child for child in self.children if isinstance(child, _Element)]

    def find(self, *tags: str) -> Iterator[_Element]:
        for child in self.elements():
            if child.tag in tags:
                yield child
            yield from child.find(*tags)

    def is_left_out(self) -> bool:
        hidden = self.attributes.get("aria-hidden") == "true" or bool(self.classes() & {"key", "skip"})
        return hidden or self.tag in LEFT_OUT


class _Reader(HTMLParser):
    """HTML as our templates and nh3 write it: each tag is closed, or needs no end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = _Element("body", {})
        self._open = [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(_Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _blocks(element: _Element) -> list[str]:
    """The blocks of an element, each one or several lines of Markdown."""
    if element.is_left_out():
        return []
    draw = _DRAWN.get(element.tag)
    if draw is not None:
        return [block for block in draw(element) if block.strip()]
    children: list[_Element | str] = list(element.children)
    if element.tag == "article":  # a count stands before its heading on the page
        heads = list(element.find("h3", "h4"))[:1]
        return [*(block for head in heads for block in _heading(head)), *_mixed(children, without=heads)]
    return _mixed(children)


def _mixed(children: list[_Element | str], without: list[_Element] | None = None) -> list[str]:
    """Blocks, and what stands between them as paragraphs."""
    found: list[str] = []
    line: list[_Element | str] = []

    def end_line() -> None:
        if text := _at_beginning(_inline(line)):
            found.append(text)
        line.clear()

    for child in children:
        if isinstance(child, _Element) and child in (without or ()):
            continue
        if isinstance(child, _Element) and (child.tag in BLOCKS or any(child.find(*BLOCKS))):
            end_line()
            if without and any(head in list(child.find(head.tag)) for head in without):
                found += _mixed(child.children, without)
            else:
                found += _blocks(child)
        else:
            line.append(child)
    end_line()
    return found


def _heading(element: _Element) -> list[str]:
    words = _inline(element.children)
    return [f"{'#' * int(element.tag[1])} {words}"] if words else []


def _paragraph(element: _Element) -> list[str]:
    return [_at_beginning(line) for line in [_inline(element.children)] if line]


def _list(element: _Element) -> list[str]:
    rows = [child for child in element.elements() if child.tag == "li"]
    numbered = element.tag == "ol"
    items = []
    for number, row in enumerate(rows, 1):
        sign = f"{number}. " if numbered else "- "
        blocks = _blocks(row)
        if blocks:
            items.append(sign + ("\n\n".join(blocks)).replace("\n", "\n" + " " * len(sign)).replace(f"\n{' ' * len(sign)}\n", "\n\n"))  # fmt: skip
    return ["\n".join(items)]


def _definitions(element: _Element) -> list[str]:
    pairs = []
    for row in element.elements():
        names = [_inline(child.children) for child in row.elements() if child.tag == "dt"]
        values = ["; ".join(_mixed(child.children)) for child in row.elements() if child.tag == "dd"]
        pairs.append((" ".join(names), _on_one_line(" ".join(values))))
    if "figures" in element.classes():
        return [" · ".join(f"**{value}** {name}" for name, value in pairs)]
    return ["\n".join(f"- **{name}**: {value}" if name else f"- {value}" for name, value in pairs)]


def _quotation(element: _Element) -> list[str]:
    """What was said to the letter, and below it who said it; what kind of note it is stands there too."""
    kinds = [child for paragraph in element.elements() for child in paragraph.elements() if "vh" in child.classes()]
    kind = "".join(f" ({_inline(child.children).removesuffix(':')})" for child in kinds)
    footers = [child for child in element.elements() if child.tag == "footer"]
    said = _mixed([child for child in element.children if child not in footers], without=kinds)
    who = [f"— {_inline(footer.children)}{kind}" for footer in footers]
    blocks = [*said[:-1], "\\\n".join([*said[-1:], *who])]
    return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n"))]


def _details(element: _Element) -> list[str]:
    blocks: list[str] = []
    for child in element.elements():
        if child.tag == "summary":
            words = _inline(child.children)
            blocks += [f"### {words}" if "group" in element.classes() else f"**{words}**"]
    rest = [child for child in element.children if not (isinstance(child, _Element) and child.tag == "summary")]
    return [*blocks, *_mixed(rest)]


def _table(element: _Element) -> list[str]:
    rows = [[cell for cell in row.elements() if cell.tag in ("td", "th")] for row in element.find("tr")]
    rows = [row for row in rows if row]
    if not rows:
        return []
    width = max(map(len, rows))
    lines = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    if not any(element.find("thead")):
        lines.insert(0, [""] * width)
    right = ["---:" if i < len(rows[0]) and "num" in rows[0][i].classes() else "---" for i in range(width)]
    return ["\n".join(f"| {' | '.join(line)} |" for line in [lines[0], right, *lines[1:]])]


def _cell(element: _Element) -> str:
    return _on_one_line(" ".join(_mixed(element.children)))


def _on_one_line(text: str) -> str:
    """Where Markdown has room for one line only, a break within it is a semicolon."""
    return text.replace("\\\n", "; ").replace("\n", " ")


def _figure(element: _Element) -> list[str]:
    return [f"*Figure: {_escape(' '.join(alt.split()))}*"] if (alt := element.attributes.get("aria-label")) else []


def _figures(element: _Element) -> list[str]:
    return list(dict.fromkeys(block for child in element.elements() for block in _blocks(child)))


def _code(element: _Element) -> list[str]:
    text = _INVISIBLE.sub("", "".join(_texts(element))).strip("\n")
    return ["\n".join(f"    {line}".rstrip() for line in text.split("\n"))] if text.strip() else []


def _rule(element: _Element) -> list[str]:
    return ["***"]


_DRAWN = {
    "blockquote": _quotation,
    "details": _details,
    "dl": _definitions,
    "figure": _figures,
    **{f"h{level}": _heading for level in range(1, 7)},
    "hr": _rule,
    "ol": _list,
    "p": _paragraph,
    "pre": _code,
    "svg": _figure,
    "table": _table,
    "ul": _list,
}


def _texts(element: _Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif not child.is_left_out():
            yield from _texts(child)


def _inline(children: list[_Element | str]) -> str:
    """What stands in one line."""
    shown = [child for child in children if isinstance(child, str) or not child.is_left_out()]
    pieces = []
    for before, child in pairwise([None, *shown]):
        if isinstance(child, str):
            pieces.append(_escape(_INVISIBLE.sub("", re.sub(r"\s+", " ", child))))
            continue
        # Two things of ours side by side are apart on the page by their styles only.
        if isinstance(before, _Element) and {before.tag, child.tag} <= APART:
            pieces.append(" · " if before.tag == child.tag == "span" and "vh" not in before.classes() else " ")
        words = _piece(child)
        pieces.append(f"({words})" if words and child.classes() & ASIDE else words)
    text = re.sub(r"[ \t]+", " ", "".join(pieces))
    return re.sub(r" *\\\n *", "\\\n", text).strip()


def _piece(element: _Element) -> str:
    if element.tag == "br":
        return "\\\n"
    if element.tag == "img":
        return f"[{_escape(element.attributes.get('alt') or 'picture')}]".replace("[", "\\[", 1)
    if element.tag == "svg":
        return "".join(_figure(element))
    if element.tag == "code" or "src" in element.classes():
        return _code_words("".join(_texts(element)))
    words = _inline(element.children)
    if not words:
        return ""
    if element.tag == "q":
        return f"“{words}”"
    if "blank" in element.classes():
        return f"\\[{words}\\]"
    sign = {"b": "**", "strong": "**", "em": "*", "i": "*", "del": "~~"}.get(element.tag, "")
    edges = (" " if _begins_with_space(element) else "", " " if _ends_with_space(element) else "")
    return f"{edges[0]}{sign}{words}{sign}{edges[1]}"


def _begins_with_space(element: _Element) -> bool:
    first = next(iter(element.children), "")
    return isinstance(first, str) and first[:1].isspace()


def _ends_with_space(element: _Element) -> bool:
    last = element.children[-1] if element.children else ""
    return isinstance(last, str) and last[-1:].isspace()


def _code_words(text: str) -> str:
    """Code in a line, between as many backticks as it takes; a pipe would end a table's cell."""
    words = " ".join(_INVISIBLE.sub("", text).split())
    if not words:
        return ""
    if "|" in words:
        return _escape(words)
    row = max((len(found) for found in re.findall("`+", words)), default=0)
    sign = "`" * (row + 1)
    pad = " " if words[0] == "`" or words[-1] == "`" else ""
    return f"{sign}{pad}{words}{pad}{sign}"
