"""The interview guide beside a call: what to ask and why; and the one hint under the line that is being typed.

A guide is Markdown: a heading, some words, and a bullet for each question, with an indented ``why:`` below it::

    # From sign-up to the first invoice
    - Tell me about the day you signed up.
      why: the trigger, and who decided

Reading never fails: what is missing or odd becomes a :class:`~workbench.errors.Problem`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from workbench.errors import Problem
from workbench.frontmatter import split_front_matter, split_lines
from workbench.notes import parse_call, showable
from workbench.signals import compliment, cost, hypothetical, past_event

__all__ = ["FORMAT", "Guide", "Hint", "Question", "hint", "parse_guide"]

FORMAT = 1

_BLANK = " \t\r\n\ufeff"
_BULLET = re.compile(r"(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]?\][ \t]+)?")  # a box to tick is no part of a question
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
_MERGE = re.compile(r"<{7}(?: |$)|={7}$|>{7}(?: |$)|\|{7}(?: |$)")
_RULE = re.compile(r"[-=*_~`|:+. \t]*")
_WHY = re.compile(r"why[ \t]*:[ \t]*(.*)", re.IGNORECASE)

# The sample study decides both: 17 of its 18 calls tell of a past event by their fifth note, 15 of a cost by their eighth.
# Sooner, the hint would come in calls that are going well; later, there may be no call left to ask in.
NOTES_UNTIL_EVENT = 5
NOTES_UNTIL_COST = 8
_MOST_NOTES = 400  # more is a pasted transcript: nobody is typing, and there is nobody to ask
_MOST_LETTERS = 2000  # of a line; a hint is about a sentence or two


class Question(NamedTuple):
    """One question of a guide.

    Parameters
    ----------
    id : str
        ``Q-`` and 8 hex of the SHA-256 of its words without case and punctuation, with ``-2`` and so on for a twin. It
        outlives moved lines, so that a question that was ticked stays ticked.
    text : str
        What to ask, as written.
    why : str
        What the answer is good for; empty when not said.
    group : str
        The heading above it, other than the title; empty without one.
    line : int
        The line of the file where it begins, counted from 1.
    """

    id: str
    text: str
    why: str
    group: str
    line: int


@dataclass(frozen=True, slots=True)
class Guide:
    """What to ask in a call.

    Parameters
    ----------
    title : str
        The first heading; empty without one.
    intro : str
        The words before the first question, a paragraph a line.
    questions : tuple of Question
        In the order of the file.
    """

    title: str = ""
    intro: str = ""
    questions: tuple[Question, ...] = ()


class Hint(NamedTuple):
    """What a colleague beside you would whisper: one line, never in the way.

    Parameters
    ----------
    id : str
        ``hypothetical``, ``compliment``, ``no-event`` or ``no-cost``.
    bold : str
        How it begins: what was seen.
    text : str
        What to do.
    words : str
        The words of the line that it is about, verbatim; empty when it is about the call.
    """

    id: str
    bold: str
    text: str
    words: str = ""


def parse_guide(text: str, file: str = "discovery/guide.md") -> tuple[Guide, list[Problem]]:
    r"""Read a guide.

    Parameters
    ----------
    text : str
        The file's text; empty for a workspace without one.
    file : str
        Its name, for problems.

    Returns
    -------
    guide : Guide
        What could be read. Any bullet or numbered line is a question; an indented line goes on with the one above.
    problems : list of Problem
        What could not, in the order of the file.

    Examples
    --------
    >>> guide, problems = parse_guide("# Import\n- When did you last do it?\n  why: a fact, no opinion\n- Who helped?")
    >>> guide.title, [(question.text, question.why, question.line) for question in guide.questions]
    ('Import', [('When did you last do it?', 'a fact, no opinion', 2), ('Who helped?', '', 4)])
    """
    lines = split_lines(text)
    fields, body = split_front_matter(lines, file)
    problems = list(fields.problems)
    for key, value in fields.values.items():
        line = fields.lines.get(key, 1)
        if key != "version":
            problems.append(Problem(file, line, f"{key!r} is not a field of a guide", "it is kept but not used"))
        elif value != str(FORMAT):
            todo = f"this workbench reads version {FORMAT}; look at the questions first"
            problems.append(Problem(file, line, f"version {value!r}", todo))
    guide, odd_lines = _read_body(lines, body, file)
    if not guide.questions and "".join(lines[body:]).strip(_BLANK):
        odd_lines.append(Problem(file, body + 1, "no question", "begin each with  - "))
    return guide, problems + odd_lines


def _read_body(lines: list[str], body: int, file: str) -> tuple[Guide, list[Problem]]:
    """The guide from line `body` on, and what is odd about the lines."""
    title = group = ""
    paragraphs: list[list[str]] = [[]]
    raw: list[dict[str, list[str]]] = []
    places: list[tuple[str, int]] = []
    goes_on: list[str] | None = None  # what an indented line goes on with
    unreadable = False
    problems = []
    for number, line in enumerate(lines[body:], body + 1):
        text = showable(line.strip(_BLANK)).strip(_BLANK)
        if "\ufffd" in text and not unreadable:
            unreadable = True
            todo = "open the file in an editor and save it as UTF-8"
            problems.append(Problem(file, number, "letters that are not UTF-8 show as \ufffd", todo))
        if not text:
            paragraphs.append([])
            continue
        indented = line[0] in " \t"
        bullet = _BULLET.match(text)
        words = text[bullet.end() :] if bullet else text
        why = _WHY.match(words) if indented or not bullet else None
        if _MERGE.match(text):
            todo = "keep the lines you want and delete the three marker lines"
            problems.append(Problem(file, number, f"{text[:40]!r} is left from a git merge", todo))
            goes_on = None
        elif heading := _HEADING.match(text):
            words = text[heading.end() :].strip()
            if text[:2] == "##" or title or group or raw:
                group = words
            else:
                title = words
            goes_on = None
        elif _RULE.fullmatch(text):
            goes_on = None
        elif why and goes_on is not None:
            goes_on = raw[-1]["why"]
            goes_on.append(why[1])
        elif why and indented:
            problems.append(Problem(file, number, f"{text[:40]!r} has no question above it", "write it below one"))
        elif bullet:
            raw.append({"text": [words], "why": []})
            places.append((group, number))
            goes_on = raw[-1]["text"]
        elif indented and goes_on is not None:
            goes_on.append(text)
        elif not raw and not group:
            paragraphs[-1].append(text)
        else:
            goes_on = None
            if text.endswith("?"):
                problems.append(Problem(file, number, f"{text[:40]!r} is not read as a question", "begin it with  - "))
    questions: list[Question] = []
    first: dict[str, int] = {}
    seen: dict[str, int] = {}
    for (group, number), parts in zip(places, raw, strict=True):
        words, why = (" ".join(part for part in parts[name] if part) for name in ("text", "why"))
        stem = _question_id(words)
        seen[stem] = count = seen.get(stem, 0) + 1
        if count > 1:
            todo = f"delete one of the two (the other is in line {first[stem]})"
            problems.append(Problem(file, number, f"{words[:40]!r} stands twice", todo))
        first.setdefault(stem, number)
        questions.append(Question(stem if count == 1 else f"{stem}-{count}", words, why, group, number))
    intro = "\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)
    return Guide(title, intro, tuple(questions)), sorted(problems, key=lambda problem: problem.line)


def _question_id(text: str) -> str:
    words = " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())) or text
    return f"Q-{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def hint(words: str, notes: Iterable[tuple[str, str]]) -> Hint | None:
    """The most useful thing to say about the line that is being typed, or about the call so far; mostly nothing.

    A line's own hint comes first, unless the line also tells of a past event: then what the hint asks for is there. A
    call's hint comes when none is due for the line. There is none beside the PM's own take, which is no evidence, nor
    before the third word.

    Parameters
    ----------
    words : str
        The line as typed so far, with or without its mark and tags.
    notes : iterable of (str, str)
        Kind and text of each note of the call so far.

    Returns
    -------
    Hint or None
        At most one.

    Examples
    --------
    >>> hint("? Would probably use reminders", []).bold
    'Hypothetical.'
    >>> hint("Typed the list in again", [("pain", "Filters reset")] * 5) is None
    True
    >>> hint("Types the list in again", [("pain", "Filters reset")] * 5).text
    'Ask about the last time.'
    """
    # A blank line before it, since three dashes would otherwise begin a front matter.
    typed = parse_call(f"\n{' '.join(words[:_MOST_LETTERS].split())}", "").notes
    if not typed or typed[0].kind == "take" or len(typed[0].text.split()) < 3:
        return None
    kind, line = typed[0].kind, typed[0].text
    told, took = _told(line)
    if not told:
        if kind != "commitment" and (found := hypothetical(line)):  # a promise is about what is to come
            return Hint("hypothetical", "Hypothetical.", "Ask for the last time it happened.", found)
        if found := compliment(line):
            return Hint("compliment", "A compliment is no evidence.", "Ask what they did.", found)
    heard = [text for of, text in islice(notes, _MOST_NOTES + 1) if of != "take"]
    if not NOTES_UNTIL_EVENT <= len(heard) <= _MOST_NOTES:
        return None
    if not told and not any(_told(text[:_MOST_LETTERS])[0] for text in heard):
        return Hint("no-event", "No past event yet.", "Ask about the last time.")
    if len(heard) >= NOTES_UNTIL_COST and not took and not any(_told(text[:_MOST_LETTERS])[1] for text in heard):
        return Hint("no-cost", "No cost yet.", "Ask what it took: hours, money, people.")
    return None


@lru_cache(maxsize=1 << 12)  # the notes so far are asked about at every keystroke
def _told(text: str) -> tuple[bool, bool]:
    """Whether a text tells of a past event, and of a cost."""
    return bool(past_event(text)), bool(cost(text))
