"""Whose words a text gives: quotations with whom they are credited to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.notes import KINDS
from workbench.readouts.names import Names
from workbench.unspaced import count_words

__all__ = ["REFERENCE", "Quote", "find_quotes", "find_references", "quote_block"]

# A note: as a report cites it, by its id, or by its place.
REFERENCE = r"(?<![\w./#-])(?:C-[0-9a-f]{6,16}:\d+|[\w.-]+#[0-9a-f]{8}(?:-\d+)?|[\w./-]+\.md:\d+)(?![\w#-])"
# Fewer words between quotation marks, credited to nobody, are a label or a figure of speech.
N_UNCREDITED = 5

_MARKED = re.compile(
    '“(?P<a>[^“”]*)”|«(?P<b>[^»]*)»|„(?P<c>[^“”]*)[“”]|"(?P<d>[^"]*)"|(?<!\\w)‘(?P<e>(?:[^’]|’(?=\\w))*)’(?!\\w)|“(?P<open>[^“”|]{20,})$'
)
_SAID = (
    r"(?:added|adds|admitted|asked|asks|called|calls|commented|complained|explained|explains|mentioned|noted|notes|put it|"
    r"recalled|remarked|reported|said|says|told us|thought|wondered|wrote)"
)
# What a screen says, or we asked, is nobody's words.
_ON_SCREEN = re.compile(
    r"\b(?:banner|button|caption|copy|dialog(?:ue)?|error|field|form|guide|heading|headline|label|link|menu|message|notice|page|placeholder"
    r"|popup|prompt|question|screen|subject|tab|task|title|tooltip|warning)s?\b[^.“\"]{0,24}$",
    re.IGNORECASE,
)
_DASH = "[—–―-]{1,3}"
# Our own report says of a note what kind it is.
_KIND = re.compile(rf"\s*(?:{'|'.join(KINDS)}):\s+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a readout gives as somebody's.

    Parameters
    ----------
    words : str
        Without their marks, on one line.
    by : str
        The customer they are credited to; empty where it does not say.
    line : int
        From 1.
    ref : str
        The note that is cited beside them: ``C-3fa9c1:12``, a note's id, or file:line; empty where there is none.
    """

    words: str
    by: str
    line: int
    ref: str = ""


def find_references(text: str) -> list[str]:
    """The notes that a text cites.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Each once, in order.

    Examples
    --------
    >>> find_references("so (C-3fa9c1:12, interviews/2026-11-17-acme.md:7)")
    ['C-3fa9c1:12', 'interviews/2026-11-17-acme.md:7']
    """
    return list(dict.fromkeys(re.findall(REFERENCE, text)))


def find_quotes(text: str, line: int = 1, names: Names | None = None, *, every: bool = False) -> list[Quote]:
    """The quotations in a text.

    Between quotation marks stand labels too ("Export"): short ones count only where somebody is credited.

    Parameters
    ----------
    text : str
        A paragraph, or a value.
    line : int
        Where it begins.
    names : Names, optional
        The spellings by which customers are known.
    every : bool
        Whether all that is between quotation marks was said by somebody.

    Returns
    -------
    list of Quote
        In order.

    Examples
    --------
    >>> find_quotes('P9: "I redo it", and “so slow” — P3 [C-3fa9c1:12]. Click “Export”.')
    [Quote(words='I redo it', by='P9', line=1, ref=''), Quote(words='so slow', by='P3', line=1, ref='C-3fa9c1:12')]
    """
    names = names or Names()
    marked = list(_MARKED.finditer(text))
    found = []
    for number, match in enumerate(marked):
        words = " ".join(match[match.lastgroup or 0].split())
        if not _WORD.search(words):
            continue
        until = marked[number + 1].start() if number + 1 < len(marked) else len(text)
        before, after = text[text.rfind("\n", 0, match.start()) + 1 : match.start()], text[match.end() : until]
        if match["open"] and (credit := re.search(r"\s*\([^()]*\)$", words)):  # the closing mark was forgotten
            words, after = words[: credit.start()], credit[0]
        by = _credited_before(text[max(0, match.start() - 120) : match.start()], names) or _credited_after(after, names)
        by = by or _label(before, names, anywhere=every)
        cited = re.match(rf"[\s,.;\"'”]*(?:{_DASH})?[^\n.“\"]{{0,60}}?({REFERENCE})", after)
        if every or by or cited or (count_words(words) >= N_UNCREDITED and not _ON_SCREEN.search(before)):
            found.append(Quote(words, by, line + text.count("\n", 0, match.start()), cited[1] if cited else ""))
    return found


def quote_block(text: str, line: int, names: Names) -> list[Quote]:
    r"""A block quote: all of it is somebody's words, but for its end that says whose.

    Parameters
    ----------
    text : str
        The block, without the marks of its lines.
    line : int
        Where it begins.
    names : Names
        The spellings by which customers are known.

    Returns
    -------
    list of Quote
        One, or as many as it has between quotation marks; none for a block without words.

    Examples
    --------
    >>> quote_block("I redo the totals\nby hand\n— P9", 4, Names())
    [Quote(words='I redo the totals by hand', by='P9', line=4, ref='')]
    """
    kind = _KIND.match(text)
    words, by, ref = text[kind.end() if kind else 0 :], "", ""
    ending = re.search(
        rf"(?:^|\n)\s*(?:{_DASH}|\()\s*(?P<who>[^\n]{{1,100}})\s*$|\s{_DASH}\s*(?P<same>[^\n.]{{1,60}})$", text
    )
    cited = re.search(rf"[(\[]?({REFERENCE})[)\]]?\s*$", text)
    if ending:
        who = ending["who"] or ending["same"]
        named, references = names.find(who), find_references(who)
        if named or references or ending["who"]:
            by, ref = named[0] if named else "", references[0] if references else ""
            words = text[: ending.start()]
    elif cited:
        words, ref = text[: cited.start()], cited[1]
    if not by and (label := re.match(rf"\s*({names.pattern(words[:120])})\s*:\s*", words)):
        by, words = names.canonical(label[1]), words[label.end() :]
    if inner := find_quotes(words, line, names, every=True):
        bare = _MARKED.sub("", words)
        if len(_WORD.findall(bare)) <= 4:  # the marks go round the whole block
            return [Quote(quote.words, quote.by or by, quote.line, quote.ref or ref) for quote in inner]
    words = " ".join(words.split())
    return [Quote(words, by, line, ref)] if _WORD.search(words) else []


def _credited_before(before: str, names: Names) -> str:
    """Who is named right before a quotation: ``P9: “``, ``P9 said, “``."""
    found = re.search(
        rf"({names.pattern(before)})(?:\s*\([^()]{{0,40}}\))?\s*(?:,[^,.:“\"\n]{{1,40}},)?\s*(?:{_SAID}(?:\s+(?:that|it|this))?)?\s*"
        rf"(?:[:,]|{_DASH})?\s*$",
        before,
    )
    return names.canonical(found[1]) if found else ""


def _credited_after(after: str, names: Names) -> str:
    """Who is named right behind a quotation: ``” — P9``, ``” (P9)``, ``” said P9``, ``”, P9 said``."""
    found = re.match(
        rf"[\s,.;]*(?:(?:{_DASH}|\(|\[|\||~|{_SAID}\b|by\b)\s*(?P<a>[^\n)\]“\"|]{{1,60}})|(?P<b>{names.pattern(after[:120])})\s+{_SAID}\b)",
        after,
    )
    if not found:
        return ""
    listed = names.lists(found["a"] or found["b"])
    return listed[0].customers[0] if listed else ""


def _label(before: str, names: Names, *, anywhere: bool) -> str:
    """Whose line it is: ``P2: She is a “data geek”``; as far as the first sentence goes, or anywhere in the line."""
    label = re.match(rf"\s*(?:[-*•]\s*)?[(\[]?({names.pattern(before)})[)\]]?\s*[:|]", before)
    return names.canonical(label[1]) if label and (anywhere or not re.search(r"[.!?]\s", before)) else ""
