"""The words of HTML: as a reader of the page would have them, without what is not shown."""

from __future__ import annotations

import re
from html import unescape

import nh3

__all__ = ["has_markup", "words_of_html"]

DEEPEST_QUOTE = 9
_TAGS = re.compile(
    r"<(?:br|/?(?:p|div|span|b|i|u|em|strong|a|ul|ol|li|blockquote|h[1-6]|table|td))\b[^<>]{0,500}>", re.IGNORECASE
)
_HIDDEN = frozenset(
    {
        "head",
        "script",
        "style",
        "template",
        "title",
        "noscript",
        "svg",
        "math",
        "object",
        "iframe",
        "textarea",
        "select",
    }
)
_SHOWN = frozenset(
    "address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td"
    " th tr ul".split()
)
_STARTS = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)", re.IGNORECASE)
# What closes by itself, or holds nothing.
_UNNESTED = frozenset("area base br col dd dt hr img input li link meta option p source td th tr wbr".split())
# What is nested a thousand times is no page, and takes its parser the square of that.
DEEPEST = 300
_NO_ENTITY = re.compile(r"&(?!#?\w{1,32};)")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>\w+)[^<>]*>")


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
    opened = 0

    def without_depths(tag: re.Match[str]) -> str:
        nonlocal opened
        if tag["name"].lower() in _UNNESTED:
            return tag[0]
        opened = max(0, opened - 1) if tag["end"] else opened + 1
        return tag[0] if opened < DEEPEST or tag["end"] else "<br"

    html = _STARTS.sub(without_depths, _NO_ENTITY.sub("&amp;", html))
    out: list[tuple[int, list[str]]] = [(0, [])]
    quoted, place = 0, 0
    # What comes back is well formed, so that a tag is whatever stands between the two signs.
    clean = nh3.clean(
        html, tags=set(_SHOWN), attributes={}, clean_content_tags=set(_HIDDEN), strip_comments=True, link_rel=None
    )
    for tag in _TAG.finditer(clean):
        out[-1][1].append(clean[place : tag.start()])
        place = tag.end()
        if tag["name"] == "blockquote":
            quoted = quoted - 1 if tag["end"] else quoted + 1
        if tag["name"] in ("td", "th"):
            out[-1][1].append(" ")
        else:
            out.append((quoted, []))
    out[-1][1].append(clean[place:])
    said = ((depth, " ".join(unescape("".join(words)).split())) for depth, words in out)
    return "\n".join(f"{'>' * min(depth, DEEPEST_QUOTE)}{' ' * (depth > 0)}{words}" for depth, words in said if words)
