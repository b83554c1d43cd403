r"""What a rule is, and how it is matched: words, and what before or behind them in the same sentence voids them.

In a rule's words a blank stands for any space of up to three letters, ``'`` for either apostrophe, and ``\w+`` for a word
of up to forty letters; nothing may repeat without a bound. So no rule looks further than some words, and the time taken
grows with the text's length and no faster. Words are looked for in the text's small letters, which takes half the time
that an expression needs which pays no heed to capitals.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.signals.amount import Amount

__all__ = ["Rule", "Signal", "apply_rule", "denied", "in_small_letters", "pattern", "rule", "words_before"]

_WINDOW = 60  # letters before a rule's words in which they can be denied
# "I would have sent it, but I forgot" did happen: what voids words does not reach behind a "but" or a dash.
_SCOPE_END = re.compile(r"[.!?;]\s|\bbut\b|\s[–—-]\s")
_CAPITAL = re.compile(r"(?<!\\)[A-Z]")  # but for \S and its like
_EDGE = " \t\r\n,.;:!?-–'’\"“”«»()"

# "Did not understand because it was slow" denies no slowness: a word that begins a clause ends what is denied.
_ON = r"(?: (?!(?:and|as|because|but|if|only|since|so|that|until|what|when|which|while|why)\b)[\w'-]{1,20})"
_NOT = r"(?:\b(?:aint|far from|hardly|neither|never|no|no longer|nobody|none|nor|not|nothing|without|zero)|n't)"


class Signal(NamedTuple):
    """Words in a text that hint at what it means.

    Parameters
    ----------
    rule : str
        The rule that found them: its kind, a slash, and a name, such as ``cost/time``.
    kind : str
        One of `SIGNAL_KINDS`.
    span : tuple of int
        Where they begin and end in the text, so that ``text[slice(*span)]`` gives them.
    words : str
        The words themselves, verbatim.
    amount : Amount or None
        How much, for a cost or a rating; None for all else.
    """

    rule: str
    kind: str
    span: tuple[int, int]
    words: str
    amount: Amount | None = None


class Rule(NamedTuple):
    """What to look for.

    Parameters
    ----------
    id : str
        The kind, a slash, and a name.
    kind : str
        The kind.
    words : re.Pattern
        The words.
    not_after, not_before : re.Pattern or None
        What voids them: anywhere in the sentence before them, and directly behind them.
    shouted : bool
        Whether the words are looked for in the text as it is, and not in its small letters.
    """

    id: str
    kind: str
    words: re.Pattern[str]
    not_after: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    shouted: bool = False


def in_small_letters(text: str) -> str:
    """A text in small letters, each where it was.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        As long as the text.

    Examples
    --------
    >>> in_small_letters("SLOW in İzmir, at 3 K")
    'slow in izmir, at 3 k'
    """
    small = text.lower()
    if not small.isascii():
        small = "".join(_ALONE.get(letter) or _small(letter) for letter in text)
    return small


# What an expression without heed to capitals takes for the same letter, and lower() does not: İ, the dotless i, the long s.
_ALONE = {"\u0130": "i", "\u0131": "i", "\u017f": "s"}


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter


def pattern(words: str, *, shouted: bool = False) -> re.Pattern[str]:
    """Words as one writes them, as a regular expression.

    Parameters
    ----------
    words : str
        The words, see the head of this module.
    shouted : bool
        Whether capitals count.

    Returns
    -------
    re.Pattern
        The expression; unless capitals count, one for :func:`in_small_letters`.

    Examples
    --------
    >>> pattern("isn't easy").search("It  isn’t  easy")[0]
    'isn’t  easy'
    """
    parts = re.split(r"(\[[^\]]*\])", words.replace(r"\w+", r"\w{1,40}"))  # every other part is a set of letters
    parts[::2] = [part.replace(" ", r"\s{1,3}").replace("'", "['’]") for part in parts[::2]]
    parts[1::2] = [part.replace("'", "'’") for part in parts[1::2]]
    if not shouted:
        parts = [_CAPITAL.sub(lambda found: found[0].lower(), part) for part in parts]
    return re.compile("".join(parts))


def rule(name: str, words: str, *, not_after: str = "", not_before: str = "", shouted: bool = False) -> Rule:
    r"""Make a rule.

    Parameters
    ----------
    name : str
        Its id.
    words, not_after, not_before : str
        As :func:`pattern` takes them.
    shouted : bool
        Whether capitals count in its words.

    Returns
    -------
    Rule
        The rule; its kind is what stands before the slash of its name.

    Examples
    --------
    >>> rule("pain/slow", r"\bslow\b", not_after=denied(1)).kind
    'pain'
    """
    return Rule(
        id=name,
        kind=name.partition("/")[0],
        words=pattern(words, shouted=shouted),
        not_after=pattern(not_after) if not_after else None,
        not_before=pattern(not_before) if not_before else None,
        shouted=shouted,
    )


def denied(n_words: int = 3) -> str:
    """What denies the words that follow it: a "no", "never" or "n't", and a few words of the same clause between.

    Parameters
    ----------
    n_words : int
        So many at most.

    Returns
    -------
    str
        For a rule's `not_after`.

    Examples
    --------
    >>> bool(pattern(denied()).search("That was not at all ")), bool(pattern(denied()).search("I do not know why it is "))
    (True, False)
    """
    return rf"{_NOT}(?:(?: all)? that|{_ON}{{0,{n_words}}}) $"


def words_before(*words: str) -> str:
    r"""Several of what voids the words that follow, as one.

    Parameters
    ----------
    *words : str
        Each as :func:`pattern` takes it.

    Returns
    -------
    str
        For a rule's `not_after`.

    Examples
    --------
    >>> words_before(r"\bif $", r"\bwould $")
    '(?:\\bif $|\\bwould $)'
    """
    return f"(?:{'|'.join(words)})"


def apply_rule(one: Rule, text: str, small: str | None = None) -> list[Signal]:
    r"""Where a rule's words stand in a text and nothing voids them.

    Parameters
    ----------
    one : Rule
        The rule.
    text : str
        The text.
    small : str, optional
        The same :func:`in_small_letters`, for whoever applies several rules to it.

    Returns
    -------
    list of Signal
        By place, without amounts.

    Examples
    --------
    >>> slow = rule("pain/slow", r"\bslow\b", not_after=denied())
    >>> [signal.span for signal in apply_rule(slow, "Slow. Not slow, but slow in winter")]
    [(0, 4), (20, 24)]
    """
    small = in_small_letters(text) if small is None else small
    signals = []
    for found in one.words.finditer(text if one.shouted else small):
        start, end = found.span()
        if one.not_before and one.not_before.match(small, end):
            continue
        if one.not_after:
            far = max(start - _WINDOW, 0)
            scope = max((stop.end() for stop in _SCOPE_END.finditer(small, far, start)), default=far)
            if one.not_after.search(small, scope, start):
                continue
        start += len(found[0]) - len(found[0].lstrip(_EDGE))
        if start < end:
            signals.append(Signal(one.id, one.kind, (start, end), text[start:end]))
    return signals
