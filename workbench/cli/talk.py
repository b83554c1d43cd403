"""Questions at a terminal: what may be answered, what a question means, and the way back to the one before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from workbench.cli.output import say
from workbench.errors import InputError

__all__ = ["LeftOut", "Talk"]

T = TypeVar("T")
BACK = ("<", "back")
EXPLAIN = "?"
SKIP = "skip"


class LeftOut(Exception):
    """Somebody leaves out what the questions are about."""


class _GoBack(Exception):
    """Somebody wants the question before."""


class Talk:
    r"""Questions that somebody answers, one after the other.

    What is asked follows from what was answered before. So the way back is to ask all of it again: what was answered is
    answered by itself and shown to nobody, up to the question before.

    Parameters
    ----------
    how : str
        How to answer, said above the first question.

    Examples
    --------
    >>> import contextlib, io
    >>> def ask():
    ...     return [talk.choose(f"{name}?", ("yes", "no")) for name in ("Jane", "Tom")]
    >>> before, sys.stdin = sys.stdin, io.StringIO("n\n<\nyes\nno\n")
    >>> talk = Talk("")
    >>> with contextlib.redirect_stderr(io.StringIO()):
    ...     answers = talk.over(ask)
    >>> sys.stdin, answers
    (..., ['yes', 'no'])
    """

    def __init__(self, how: str) -> None:
        self._how = how
        self._given: list[str] = []
        self._at = 0
        self._head = ""
        self._is_headed = self._is_offered = False

    def over(self, conversation: Callable[[], T]) -> T:
        """Hold a conversation, again from its beginning where somebody goes back.

        Parameters
        ----------
        conversation : callable
            Asks, and changes nothing but what it gives.

        Returns
        -------
        object
            What it gives.
        """
        while True:
            self._at, self._head = 0, ""
            try:
                return conversation()
            except _GoBack:
                self._given.pop()

    def head(self, words: str) -> None:
        """Name what the questions that follow are about; said above the first of them, and ``skip`` leaves it out.

        Parameters
        ----------
        words : str
            Such as a file's name; empty where they are about nothing that can be left out.
        """
        if words != self._head:
            self._head, self._is_headed, self._is_offered = words, False, False

    def say(self, words: str) -> None:
        """Say something between two questions; not again where they are asked again.

        Parameters
        ----------
        words : str
            In lines.
        """
        if self._at == len(self._given):
            say(words)

    def wrong(self, words: str) -> None:
        """Say why the last answer cannot be taken; it is asked again.

        Parameters
        ----------
        words : str
            What is wrong, and what to write.
        """
        self._given.pop()
        self._at -= 1
        say(words)

    def choose(
        self,
        words: str,
        choices: Sequence[str],
        offered: str = "",
        explain: str = "",
        *,
        are_named: bool = False,
        accepts: Callable[[str], bool] = lambda said: False,
    ) -> str:
        """One of some answers, of which the beginning is enough.

        Parameters
        ----------
        words : str
            The question.
        choices : sequence of str
            What may be answered.
        offered : str
            What Enter answers; empty where it answers nothing.
        explain : str
            What it means, for whoever types a question mark.
        are_named : bool
            Whether the question names the choices itself, so that they stand there once.
        accepts : callable
            Says of an answer that is none of the choices whether it is taken all the same.

        Returns
        -------
        str
            One of the choices, or an answer that is accepted.

        Raises
        ------
        LeftOut
            When somebody says ``skip``, and that is none of them.
        """
        while True:
            asked = words if are_named else f"{words} {' / '.join(choices)}"
            answer = self._ask(asked, offered, explain, choices)
            begun = [choice for choice in choices if choice.casefold().startswith(answer.casefold())]
            whole = [choice for choice in begun if choice.casefold() == answer.casefold()]
            if len(found := whole or begun) == 1:
                return found[0]
            if not found and accepts(answer):
                return answer
            self.wrong(f"Say one of {', '.join(choices)}.")

    def prompt(self, words: str, offered: str = "", explain: str = "") -> str:
        """Any answer.

        Parameters
        ----------
        words, offered, explain : str
            As in :meth:`choose`.

        Returns
        -------
        str
            Not empty.

        Raises
        ------
        InputError
            When nobody answers any more.
        LeftOut
            When somebody says ``skip``.
        """
        return self._ask(words, offered, explain, ())

    def _ask(self, words: str, offered: str, explain: str, choices: Sequence[str]) -> str:
        may_skip = bool(self._head) and SKIP not in choices
        answer = self._answer(words, offered, explain, choices, may_skip)
        if may_skip and answer.casefold() == SKIP:
            raise LeftOut
        return answer

    def _answer(self, words: str, offered: str, explain: str, choices: Sequence[str], may_skip: bool) -> str:
        """What was answered before, or is answered now."""
        if self._at < len(self._given):
            self._at += 1
            return self._given[self._at - 1]
        if self._how:
            say(self._how)
            self._how = ""
        if self._head and not self._is_headed:
            say(f"\n{self._head}")
            self._is_headed = True
        if may_skip and not self._is_offered:
            words = f"{words} (skip leaves it out)"
            self._is_offered = True
        while True:
            print(f"{words}{f' [{offered}]' if offered else ''} ", end="", file=sys.stderr, flush=True)
            line = sys.stdin.readline()
            if not line:
                raise InputError("nothing was answered; nothing was written")
            answer = line.strip()
            if answer.casefold() in BACK and self._given:
                raise _GoBack
            if answer.casefold() in BACK:
                say("This is the first question; there is none before it.")
            elif answer == EXPLAIN:
                say(explain or "Nothing more is known of it; Ctrl+C stops, and nothing is written.")
                if choices:
                    say(f"Say one of {', '.join(choices)}.")
                if may_skip:
                    say(f"skip leaves {self._head} out: nothing of it comes in.")
            elif answer or offered:
                self._given.append(answer or offered)
                self._at += 1
                return self._given[-1]
            else:
                say("Enter answers nothing here; ? says what may be answered.")
