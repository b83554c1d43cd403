"""What in a text gives a forgotten customer away, and the text without it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from workbench.redact import Redactor

__all__ = ["FORGOTTEN", "Trace", "Traces"]

# Stands where something was. Unlike a word in brackets it is plain text in YAML, too.
FORGOTTEN = "(forgotten)"
# Six words in a row are hardly ever common to two people's texts by chance; a shorter note counts when it is there whole.
RUN = 6
SHORT = 4
# Letters of a text that are looked at at once, and letters around them that no name or address is longer than.
PIECE = 2000
AROUND = 300


class Trace(NamedTuple):
    """Words that give a customer away.

    Parameters
    ----------
    start, end : int
        Where they stand.
    words : str
        The words.
    sure : bool
        False for a single name, such as Jane, which may be somebody else's.
    """

    start: int
    end: int
    words: str
    sure: bool


class Traces:
    """Finds a customer's names, people, calls and words in text.

    Parameters
    ----------
    names : iterable of str
        Every spelling of the customer.
    people : iterable of str
        Its people.
    calls : iterable of str
        Ids of its calls.
    codes : iterable of str
        What reports call it and its calls: ``P-3fa9``, ``C-3fa9c1``.
    texts : iterable of str
        What it said: notes, lines of transcripts.
    others : iterable of str
        Other customers' names, which stay, also where they hold one of these.
    left : iterable of str
        What others said: words that both used give nobody away.
    also : iterable of str
        Whatever else gives it away.

    Examples
    --------
    >>> traces = Traces(["Acme"], ["Jane Doe"], ["2026-11-17-acme"], others=["Acme Freight"])
    >>> traces.replace("ACME and Acme Freight; see 2026-11-17-acme#1b2c3d4e")
    '(forgotten) and Acme Freight; see (forgotten)'
    >>> [(trace.words, trace.sure) for trace in traces.find("Jane Doe, or Jane")]
    [('Jane Doe', True), ('Jane', False)]
    """

    def __init__(
        self,
        names: Iterable[str],
        people: Iterable[str] = (),
        calls: Iterable[str] = (),
        codes: Iterable[str] = (),
        texts: Iterable[str] = (),
        *,
        others: Iterable[str] = (),
        left: Iterable[str] = (),
        also: Iterable[str] = (),
    ) -> None:
        names, people, calls, texts = sorted(set(names)), list(people), list(calls), list(texts)
        left, also, codes, self.others = list(left), list(also), list(codes), sorted(set(others) - set(names))
        self._of = {"people": people, "calls": calls, "texts": texts}
        self._rest = {"names": names, "codes": codes, "others": self.others, "left": left, "also": also}
        theirs = _customer(FORGOTTEN, "quote", names[1:], people)
        stay = {name: _customer(name, "named", (), ()) for name in self.others}
        self._names = Redactor({**stay, **({names[0]: theirs} if names else {})})
        self._own = Redactor({names[0]: theirs} if names else {})  # without the others': it says where to look
        squeezed = {_squeeze(form) for name in names for form in (name, _plain(name))}
        self._squeezed = [name for name in sorted(squeezed) if len(name) >= 5]
        said_by_others = "\n".join(left)
        structured = {
            words
            for text in texts
            for stand_in, words, _ in Redactor({}).find(text)
            if words not in said_by_others and stand_in.startswith("[")
        }
        forms = [re.escape(word.strip()) for word in {*also, *structured} if word.strip()]
        # As one word, in a program or behind a hash sign.
        forms += [re.escape(form) for form in squeezed if len(form) >= 8 and form not in map(_fold, names)]
        forms += [_call_form(call) for call in calls]
        forms += [rf"{re.escape(code)}(?::\d+)?" for code in codes]
        forms.sort(key=lambda form: (-len(form), form))
        self._literal = re.compile(rf"(?<![\w-])(?i:{'|'.join(forms)})(?![\w-])") if forms else None
        self._runs = _runs(texts) - _runs(left)
        self._lengths = sorted({len(run) for run in self._runs})

    def more(self, **further: Iterable[str]) -> Traces:
        """The same, with further people, calls or texts, such as those of older versions.

        Parameters
        ----------
        **further : iterable of str
            ``people``, ``calls`` and ``texts``, as above.

        Returns
        -------
        Traces
            New ones.

        Examples
        --------
        >>> Traces(["Acme"]).more(people=["Jane Doe"]).replace("Jane Doe of Acme")
        '(forgotten) of (forgotten)'
        """
        return Traces(**{kind: [*were, *further.get(kind, ())] for kind, were in self._of.items()}, **self._rest)

    def find(self, text: str) -> list[Trace]:
        """What gives the customer away.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of Trace
            In the order of the text; none overlaps another.
        """
        spans = [(start, end, True) for start, end in self._said(text)]
        if self._literal:
            spans += [(*found.span(), True) for found in self._literal.finditer(text)]
        for stand_in, words, at in self._named(text):
            if stand_in in (FORGOTTEN, "[name]"):
                spans.append((at, at + len(words), stand_in == FORGOTTEN or len(words.split()) > 1))
            elif any(name in _squeeze(words) for name in self._squeezed):  # an address made of the name
                spans.append((at, at + len(words), True))
        traces: list[Trace] = []
        for start, end, sure in sorted(spans):
            if traces and start < traces[-1].end:
                last = traces.pop()
                start, end, sure = last.start, max(end, last.end), sure or last.sure
            traces.append(Trace(start, end, text[start:end], sure))
        return traces

    def replace(self, text: str, *, unsure: bool = False, stand_in: str = FORGOTTEN) -> str:
        """The text without what gives the customer away.

        Parameters
        ----------
        text : str
            Any text.
        unsure : bool
            Whether single names go as well.
        stand_in : str
            What stands in their place.

        Returns
        -------
        str
            The text, unchanged where nothing was found.
        """
        done, at = [], 0
        for trace in self.find(text):
            if trace.sure or unsure:
                done += [text[at : trace.start], stand_in]
                at = trace.end
        return "".join([*done, text[at:]])

    def _named(self, text: str) -> Iterator[tuple[str, str, int]]:
        """Names and addresses, looked for only where one may be: in a long text each number costs time."""
        for start in range(0, max(len(text), 1), PIECE):
            # With what stands before and after, so that a name is seen whole.
            first = max(0, start - AROUND)
            piece = text[first : start + PIECE + AROUND]
            if self._own.names_in(piece) or any(name in _squeeze(piece) for name in self._squeezed):
                for stand_in, words, at in self._names.find(piece):
                    if start <= first + at < start + PIECE:
                        yield stand_in, words, first + at

    def _said(self, text: str) -> list[tuple[int, int]]:
        """Where words of their notes stand."""
        if not self._runs:
            return []
        places = [found.span() for found in re.finditer(r"[^\W_]+", text)]
        words = [_fold(text[start:end]) for start, end in places]
        spans: list[tuple[int, int]] = []
        for length in self._lengths:
            for i in range(len(words) - length + 1):
                if tuple(words[i : i + length]) in self._runs:
                    spans.append((places[i][0], places[i + length - 1][1]))
        return spans


def _call_form(call: str) -> str:
    """How a call is named: by its id, its file or a note's id; where the id is a plain word, such as notes, not by it."""
    id_, note, end = re.escape(call), r"#[0-9a-f]{8}(?:-\d+)?", r"(?:\.md)?(?::\d+)?"
    if re.search(r"\d.*-|-.*\d", call):
        return rf"(?:interviews/)?{id_}(?:{note})?{end}"
    return rf"(?:interviews/{id_}{end}|{id_}{note}|{id_}\.md(?::\d+)?)"


def _customer(pseudonym: str, consent: str, names: Iterable[str], people: Iterable[str]) -> Mapping[str, object]:
    return {"pseudonym": pseudonym, "consent": consent, "names": list(names), "people": sorted(set(people))}


def _runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    runs = set()
    for text in texts:
        words = [_fold(word) for word in re.findall(r"[^\W_]+", text)]
        if len(words) >= SHORT:
            length = min(RUN, len(words))
            runs |= {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}
    return runs


def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def _plain(name: str) -> str:
    """Without accents, as in an address."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def _squeeze(name: str) -> str:
    """A name as it stands in an address: letters and digits only."""
    return re.sub(r"[\W_]+", "", _fold(name))
