"""Shares in a page ("11 of 14", "88 %"), each with the words that say what it is a share of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from workbench.readouts import Passage, find_counts

__all__ = ["Figure", "find_figures", "two_values"]

# So many words must say what a share is of, or two shares may be of anything.
FEWEST_WORDS = 2
# And the longer one may say so many words more: each can make it a share of something else.
WORDS_MORE = 1
# In front matter stands what the page says at length, in a sentence by itself; then three words are to say what it is of.
WORDS_MORE_IN_SUMMARY, FEWEST_IN_SUMMARY = 5, 3
# "79 %" is 11 of 14.
POINTS = 1.0
_PERCENT = re.compile(r"(?<![\w.,+-])(\d{1,3}(?:\.\d+)?)\s?(?:%|per ?cent\b)")
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z])|\n\s*\n|[;]")
_POINTS_BACK = re.compile(r"\b(?:its?|like that|same|so|something|such|these|this|those)\b", re.IGNORECASE)
_CLAUSE = re.compile(r",\s+(?:and|but|whereas|while)\b|\s+(?:whereas|while)\b|;")
# With the numbers of things: Chatbot 3 is not Chatbot 2.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|(?<![\w.,])\d{1,2}(?![\w%/]|[.,]\d|\s?%)")
_SMALL = set(
    """
    a about all an and are as at be been but by can could did do does each for from had has have he her his how in into is it its
    of on one only or our out over per said say says see she so some than that the their them then there these they this those to
    under up was we were what when which who will with would you participant participants customer customers user users people
    person percent respondents interviewees two three four five six seven eight nine ten eleven twelve
    """.split()
)


class Figure(NamedTuple):
    """A share and what it is of.

    Parameters
    ----------
    n : float
        How many, or how many of a hundred.
    of : int or None
        Of how many; None for a percentage.
    label : frozenset of str
        What it is a share of: stems of the words around it.
    words : str
        As it stands there.
    line : int
        From 1.
    passage : int
        The number of its passage.
    summary : bool
        Whether it stands in front matter.
    """

    n: float
    of: int | None
    label: frozenset[str]
    words: str
    line: int
    passage: int
    summary: bool = False


def find_figures(passages: Iterable[Passage]) -> list[Figure]:
    """The shares in a page.

    Parameters
    ----------
    passages : iterable of Passage
        The page.

    Returns
    -------
    list of Figure
        In order.

    Examples
    --------
    >>> page = [Passage("text", "11 of 14 participants preferred the chat.", 1), Passage("row", "Preferred chat | 10 of 13", 9)]
    >>> [(f.n, f.of, sorted(f.label)) for f in find_figures(page)]
    [(11, 14, ['chat', 'prefer']), (10, 13, ['chat', 'prefer'])]
    """
    found = []
    for number, passage in enumerate(passages):
        cells = [cell.strip() for cell in passage.text.split(" | ")] if passage.kind == "row" else []
        if cells:
            pieces = [(cell, cells[0] if i else "", 0) for i, cell in enumerate(cells)]
        else:
            ends = [0, *(end.end() for end in _SENTENCE.finditer(passage.text)), len(passage.text)]
            pieces = [(passage.text[a:b], "", a) for a, b in pairwise(ends)]
        for text, row, start in pieces:
            spans = [(c.at, c.n, c.of, c.words) for c in find_counts(text) if c.of and not c.bound]
            spans += [(m.start(), float(m[1]), None, m[0]) for m in _PERCENT.finditer(text)]
            # Of two shares in a sentence, nobody can tell by program which words belong to which; and where it points back
            # ("11 of 12 said something like it"), the page around it says what it is of.
            if len({(n, of) for _, n, of, _ in spans}) == 1 and not _POINTS_BACK.search(text):
                at, n, of, words = spans[0]
                label = _stems(f"{row} {_without(text, at, words)}")
                line = passage.line_at(start + at)
                found.append(Figure(n, of, label, words, line, number, passage.kind == "field"))
    return found


def two_values(figures: list[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Pairs of figures of the same thing with different values.

    Parameters
    ----------
    figures : list of Figure
        Of one page.

    Yields
    ------
    tuple of Figure
        The first one in the page, and the one that differs.

    Examples
    --------
    >>> chat = frozenset({"chat", "prefer"})
    >>> [(a.line, b.line) for a, b in two_values([Figure(11, 14, chat, "11 of 14", 1, 0), Figure(10, 13, chat, "10 of 13", 9, 1)])]
    [(1, 9)]
    """
    for i, second in enumerate(figures):
        for first in figures[:i]:
            if first.passage != second.passage and _same_thing(first, second) and _differ(first, second):
                # A table's row may give it before and after; one of the two is the other's.
                beside = [
                    (a, b)
                    for a in figures
                    for b in figures
                    if (a.passage, b.passage) == (first.passage, second.passage)
                ]
                if all(_differ(a, b) for a, b in beside if _same_thing(a, b)):
                    yield first, second
                    break


def _same_thing(first: Figure, second: Figure) -> bool:
    """Whether two shares are of the same thing, by the words around them."""
    fewer, more = sorted((first.label, second.label), key=len)
    summary = first.summary != second.summary
    words_more, fewest = (WORDS_MORE_IN_SUMMARY, FEWEST_IN_SUMMARY) if summary else (WORDS_MORE, FEWEST_WORDS)
    return len(fewer) >= fewest and fewer <= more and len(more) <= len(fewer) + words_more


def _differ(first: Figure, second: Figure) -> bool:
    if first.of and second.of:
        return (first.n, first.of) != (second.n, second.of)
    if first.of or second.of:
        share, percent = (first, second) if first.of else (second, first)
        return abs(100 * share.n / (share.of or 1) - percent.n) > POINTS
    return False  # two percentages may well be of two weeks


def _without(text: str, at: int, words: str) -> str:
    """A sentence as far as its share goes, without the share's own numbers."""
    if text.startswith(words, at):
        before, end = text[:at] + re.sub(r"\d+", " ", words), at + len(words)
    else:  # "Of the 14 users surveyed, 11 preferred it": what they did stands behind the second number
        number = re.match(r"[\w-]+", text[at:])
        before, end = "", at + (number.end() if number else 0)
    clause = _CLAUSE.search(text, end)
    return f"{before} {text[end : clause.start() if clause else len(text)]}"


def _stems(words: str) -> frozenset[str]:
    # Who they were and where it stands does not say what it is a share of.
    words = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", words)
    found = (word.casefold().replace("’", "'") for word in _WORD.findall(words))
    return frozenset(_stem(word) for word in found if word not in _SMALL and (len(word) > 1 or word.isdigit()))


def _stem(word: str) -> str:
    """A word without its ending, so that "preferred" and "prefers" are one; "not" stays what it is."""
    for ending in ("ences", "ence", "ings", "ing", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word
