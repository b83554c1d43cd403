"""The words of HTML: as a reader of the page would have them, without what is not shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["has_markup", "words_of_html"]

DEEPEST_QUOTE = 9
_TAGS = re.compile(
    r"<(?:br|/?(?:p|div|span|b|i|u|em|strong|a|ul|ol|li|blockquote|h[1-6]|table|td))\b[^<>]{0,500}>", re.IGNORECASE
)
_HIDDEN = frozenset({"head", "script", "style", "template", "title", "noscript", "svg", "object", "iframe"})
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tr ul".split()
)


def has_markup(text: str) -> bool:
    """Whether a text is HTML rather than words with a sign or two that look like it.

    Parameters
    ----------
    text : str
        A cell or a message.

    Returns
    -------
    bool
        True for paragraphs, breaks, lists, links and the like.

    Examples
    --------
    >>> has_markup("<p>It broke.</p>"), has_markup("a < b and <angry> c")
    (True, False)
    """
    return "<" in text and _TAGS.search(text) is not None


def words_of_html(html: str) -> str:
    r"""What HTML says.

    Parameters
    ----------
    html : str
        However broken.

    Returns
    -------
    str
        A line for each block; what is quoted begins with ``>``, as in mail.

    Examples
    --------
    >>> print(words_of_html("<style>p{}</style><p>It <b>broke</b> &amp; stayed so.</p><blockquote>How?</blockquote>"))
    It broke & stayed so.
    > How?
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n".join(reader.lines())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[tuple[int, str]] = [(0, "")]
        self._hidden: list[str] = []
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden.append(tag)
        self._quoted += tag == "blockquote"
        if tag in _BLOCKS:
            self._break()
        elif tag in ("td", "th"):
            self._say(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        self._quoted = max(0, self._quoted - (tag == "blockquote"))
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._say(" ".join(f" {data} ".split("\xa0")) if "\xa0" in data else data)

    def lines(self) -> list[str]:
        said = ((depth, " ".join(words.split())) for depth, words in self._out)
        return [f"{'>' * min(depth, DEEPEST_QUOTE)}{' ' * (depth > 0)}{words}" for depth, words in said if words]

    def _break(self) -> None:
        self._out.append((self._quoted, ""))

    def _say(self, words: str) -> None:
        self._out[-1] = (self._out[-1][0], self._out[-1][1] + words)
