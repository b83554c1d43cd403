"""What in a text gives a forgotten customer away, and the text without it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from workbench.plain_letters import plain_letters
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
# As many words behind a piece as a run that begins in it may reach; nothing that is longer than this is a word.
_WORD = re.compile(r"[^\W_]+")
_BETWEEN_WORDS = {code: " " for code in range(128) if not chr(code).isalnum()}
_NO_LETTERS = dict.fromkeys(_BETWEEN_WORDS)
_REACH = re.compile(rf"(?:[\W_]{{0,{PIECE}}}[^\W_]{{1,{AROUND}}}){{0,{RUN}}}")


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
    said : optional
        What another has worked out of the same `texts` and `left`.

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
        said: _Words | None = None,
    ) -> None:
        names, people, calls, texts = sorted(set(names)), list(people), list(calls), list(texts)
        left, also, codes, self.others = list(left), list(also), list(codes), sorted(set(others) - set(names))
        self._of = {"people": people, "calls": calls, "texts": texts}
        self._rest = {"names": names, "codes": codes, "others": self.others, "left": left, "also": also}
        self._words = said or _Words(texts, left)
        # With an ending a name may be a word of the language ("bolts"): then it is theirs only where it is written as a name.
        taken = set(map(_fold, self.others))
        ended = {form for name in names for form in _endings(name) if _fold(form) not in taken}
        words = {form for form in ended if _is_word(form)}
        theirs = _customer(FORGOTTEN, "quote", [*names[1:], *sorted(ended - words)], [*people, *words])
        stay = {name: _customer(name, "named", (), ()) for name in self.others}
        self._names = Redactor({**stay, **({names[0]: theirs} if names else {})})
        self._own = Redactor({names[0]: theirs} if names else {})  # without the others': it says where to look
        squeezed = {_squeeze(form) for name in names for form in (name, _plain(name))}
        self._squeezed = [name for name in sorted(squeezed) if len(name) >= 5]
        heads = [word.strip() for word in {*also, *self._words.structured} if word.strip()]
        # As one word, in a program or behind a hash sign.
        heads += [form for form in squeezed if len(form) >= 8 and form not in map(_fold, names)]
        forms = [re.escape(word) for word in heads] + [_call_form(call) for call in calls]
        forms += [rf"{re.escape(code)}(?::\d+)?" for code in codes]
        # Letters of which some stand wherever a name, a call, a code or an address does: most texts have none of them.
        called = [part for person in people for part in _parts(person) or [person]]
        inside = [*heads, *names, *ended, *called, *calls, *(code.partition(":")[0] for code in codes)]
        # As files are named, too, and as a system writes them that knows no other letters.
        ascii_only = {_letters(_plain(form).encode("ascii", "ignore").decode()) for form in inside}
        ascii_only |= {_letters(plain_letters(form)) for form in inside}
        self._letters = {*map(_letters, inside), *(form for form in ascii_only if len(form) > 1)}
        heads += [*calls, *codes, "interviews"]
        forms.sort(key=lambda form: (-len(form), form))
        self._literal = re.compile(rf"(?<![\w-])(?i:{'|'.join(forms)})(?![\w-])") if forms else None
        # A form begins with one of these words, or ("") with none.
        self._heads = {_fold(next(iter(_WORD.findall(form)), "")) for form in heads}
        # What was found in texts and pieces of them: versions of a file, and what is made of it, have most in common.
        self._known: dict[tuple[Any, ...], tuple[tuple[int, int, bool], ...]] = {}

    def of_words(self) -> Traces:
        """The same, of what the customer said alone: not of names, calls and codes.

        Returns
        -------
        Traces
            New ones.

        Examples
        --------
        >>> traces = Traces(["Acme"], texts=["It resets the filters"])
        >>> traces.of_words().replace("Acme says: it resets the filters")
        'Acme says: (forgotten)'
        """
        return Traces([], texts=self._of["texts"], said=self._words)

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
        said = None if further.get("texts") else self._words
        of = {kind: [*were, *further.get(kind, ())] for kind, were in self._of.items()}
        return Traces(**of, **self._rest, said=said)

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
        key = _key(text)
        if key not in self._known:
            self._known[key] = tuple(self._spans(text))
        spans = self._known[key]
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

    def _spans(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """Where something stands in a text, and whether it is sure; some may overlap."""
        for start, end in _pieces(text):
            # With what stands before and after, so that all that begins in the piece is seen whole.
            first, last = max(0, start - AROUND), max(end + AROUND, _REACH.match(text, end).end())
            around = text[first:last]
            key = _key(around, start - first, end - first)
            if key not in self._known:
                here = self._spans_of_piece(around)
                self._known[key] = tuple(span for span in here if start - first <= span[0] < end - first)
            yield from ((first + a, first + b, sure) for a, b, sure in self._known[key])

    def _spans_of_piece(self, text: str) -> Iterator[tuple[int, int, bool]]:
        words = _split(text)
        if self._words.said_in(words):
            yield from ((start, end, True) for start, end in self._said(text))
        letters = _letters(text)
        if not any(some in letters for some in self._letters):
            return
        if self._literal and not self._heads.isdisjoint(("", *words)):
            yield from ((*found.span(), True) for found in self._literal.finditer(text))
        # All names and addresses there are, looked for only where one of theirs may be: it takes time.
        if self._own.names_in(text) or any(name in _squeeze(text) for name in self._squeezed):
            for stand_in, named, at in self._names.find(text):
                if stand_in in (FORGOTTEN, "[name]"):
                    yield at, at + len(named), stand_in == FORGOTTEN or len(named.split()) > 1
                elif any(name in _squeeze(named) for name in self._squeezed):  # an address made of the name
                    yield at, at + len(named), True

    def _said(self, text: str) -> Iterator[tuple[int, int]]:
        """Where words of their notes stand."""
        places = [found.span() for found in _WORD.finditer(text)]
        words = [_fold(text[start:end]) for start, end in places]
        for length in self._words.lengths:
            for i in range(len(words) - length + 1):
                if tuple(words[i : i + length]) in self._words.runs:
                    yield places[i][0], places[i + length - 1][1]


def _key(text: str, *at: int) -> tuple[Any, ...]:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).digest(), *at


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """A text in pieces, cut behind lines that say so by their length: a line that differs shifts the next cuts only."""
    start = at = 0
    for line in text.splitlines(keepends=True):
        at += len(line)
        while at - start > PIECE:
            yield start, start + PIECE
            start += PIECE
        if len(line) % 16 == 7:
            yield start, at
            start = at
    if at > start:
        yield start, at


def _endings(name: str) -> list[str]:
    """A name in the plural, or in another's possession where no apostrophe says so; what stands before one is found anyway."""
    if len(name) < SHORT or not name[-1:].isalpha():
        return []
    return [f"{name}s", f"{name}es", *([f"{name[:-1]}ies"] if name[-1] in "yY" else [])]


def _is_word(form: str) -> bool:
    from wordfreq import zipf_frequency

    return not re.search(r"\W", form) and zipf_frequency(form, "en") >= 3


def _call_form(call: str) -> str:
    """How a call is named: by its id, its file or a note's id; where the id is a plain word, such as notes, not by it."""
    id_, note, end = re.escape(call), r"#[0-9a-f]{8}(?:-\d+)?", r"(?:\.md)?(?::\d+)?"
    if re.search(r"\d.*-|-.*\d", call):
        return rf"(?:interviews/)?{id_}(?:{note})?{end}"
    return rf"(?:interviews/{id_}{end}|{id_}{note}|{id_}\.md(?::\d+)?)"


def _customer(pseudonym: str, consent: str, names: Iterable[str], people: Iterable[str]) -> Mapping[str, object]:
    return {"pseudonym": pseudonym, "consent": consent, "names": list(names), "people": sorted(set(people))}


class _Words:
    """What a customer said and nobody else: rows of words; addresses and numbers, as they stand."""

    def __init__(self, texts: list[str], left: list[str]) -> None:
        runs = {run for text in texts for run in _runs(_split(text))}
        self._take(runs)
        if runs:  # of what others said nothing is kept: that of a million notes takes gigabytes
            runs.difference_update(run for text in left for run in self._shared(_split(text)))
            self._take(runs)
        found = {words for text in texts for stand_in, words, _ in Redactor({}).find(text) if stand_in.startswith("[")}
        self.structured = {words for words in found if not any(words in text for text in left)}

    def _take(self, runs: set[tuple[str, ...]]) -> None:
        self.runs = runs
        self.lengths = sorted({len(run) for run in runs})
        self._of = {word for run in runs for word in run}
        self._row = b"\1" * min(self.lengths, default=0)

    def said_in(self, words: list[str]) -> bool:
        """Whether some of the rows stand in a text."""
        return self._may_hold(words) and any(
            not self.runs.isdisjoint(zip(*(words[i:] for i in range(length)), strict=False)) for length in self.lengths
        )

    def _may_hold(self, words: list[str]) -> bool:
        """Whether as many words as the shortest row has stand side by side that are in any row: in most texts they do not."""
        return bool(self.runs) and self._row in bytes(map(self._of.__contains__, words))

    def _shared(self, words: list[str]) -> Iterable[tuple[str, ...]]:
        return _runs(words) if self._may_hold(words) else ()


def _runs(words: list[str]) -> Iterable[tuple[str, ...]]:
    """The rows of words by which a text is known."""
    length = min(RUN, len(words))
    return zip(*(words[i:] for i in range(length)), strict=False) if length >= SHORT else ()


def _split(text: str) -> list[str]:
    """The words of a text, folded."""
    if text.isascii():
        return text.lower().translate(_BETWEEN_WORDS).split()
    return [_fold(word) for word in _WORD.findall(text)]


def _letters(text: str) -> str:
    """The letters and digits of a text alone, whatever their case and accents."""
    if text.isascii():
        return text.lower().translate(_NO_LETTERS)
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text).casefold()).replace("\u0131", "i")


def _parts(person: str) -> list[str]:
    """The single names in a person's; none where each is a letter, as in Chinese or initials."""
    return [part for part in re.split(r"[\s.,;:()&+/]+", person) if len(part) > 1]


def _fold(word: str) -> str:
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold()


def _plain(name: str) -> str:
    """Without accents, as in an address."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def _squeeze(name: str) -> str:
    """A name as it stands in an address: letters and digits only."""
    return re.sub(r"[\W_]+", "", _fold(name))
