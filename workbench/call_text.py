"""A call's text in pieces that can be changed one by one, each change with what takes it back.

Every note has an id for the session, so that a note is the same one while its words change. What is no note
(headings, empty lines, rules, what a git merge left) has none and stays where it is. Nothing but what is changed
changes: an untouched text gives back the same bytes.

When the file was changed elsewhere meanwhile, :func:`rebase` takes what is there and puts our changes on top. Where both
changed one note, both stay.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import NamedTuple

from workbench.errors import InputError
from workbench.frontmatter import format_scalar, set_fields, split_front_matter, split_lines
from workbench.notes import find_notes, read_note, read_words, showable, write_words

__all__ = ["CHANGES", "FIELDS", "CallText", "Change", "Clash", "Line", "Rebased", "rebase"]

CHANGES = ("put", "drop", "move", "field")
FIELDS = ("date", "customer", "who", "segment", "kind", "consent")
# Longer than any name, and far below what front matter may hold.
MAX_VALUE = 1000

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OWN_ID = re.compile(r"n(\d{1,9})")
# Below this two notes are two, above it one may be the other after an edit.
ALIKE = 0.5
# More pairs than this are not compared letter by letter.
MAX_PAIRS = 400


class Change(NamedTuple):
    """One thing done to a call, as plain strings, so that it can be sent as JSON.

    Parameters
    ----------
    kind : str
        ``put`` sets the words of note `id`, or makes a new note behind note `after`; without words it removes the note.
        ``drop`` removes note `id`. ``move`` puts note `id` behind note `after`. ``field`` sets field `name` to `value`;
        an empty value removes it. What is to be dropped or moved and is not there any more is left alone.
    id : str
        The note. A new note may be given an id; ids of the form ``n12`` are given here only.
    words : str
        What was typed, mark, tags and time included.
    after : str or None
        A note's id; empty for the place before the first note, None for the end.
    name, value : str
        One of `FIELDS`, and what to write.
    seen : str or None
        For ``put`` and ``drop`` of a note that is there: its words when it was last seen, so that what somebody else
        wrote there meanwhile is not overwritten. None where that does not matter.
    skip : int or None
        How many lines that are no notes to pass behind `after`. This and what else stands in `value` and `words` of an
        inverse change bring back the very bytes.
    """

    kind: str
    id: str = ""
    words: str = ""
    after: str | None = None
    name: str = ""
    value: str = ""
    seen: str | None = None
    skip: int | None = None

    def check(self) -> None:
        """Refuse what is no change.

        Raises
        ------
        InputError
            When a part of it is not what it must be.

        Examples
        --------
        >>> Change("drop").check()
        Traceback (most recent call last):
        ...
        workbench.errors.InputError: drop needs the id of a note
        """
        if self.kind not in CHANGES:
            raise InputError(f"a change is one of {', '.join(CHANGES)}, not {self.kind!r}")
        for name in ("id", "words", "name", "value"):
            if not isinstance(getattr(self, name), str):
                raise InputError(f"{name} of a change must be text, not {getattr(self, name)!r}")
        for name, accepted, called in (("after", str, "a note's id"), ("seen", str, "text"), ("skip", int, "a number")):
            if not isinstance(getattr(self, name), accepted | None):
                raise InputError(f"{name} of a change must be {called} or nothing, not {getattr(self, name)!r}")
        if self.kind == "field":
            if self.name not in FIELDS:
                raise InputError(f"a call's fields are {', '.join(FIELDS)}; {self.name!r} is none of them")
            if len(self.value) > MAX_VALUE:
                raise InputError(f"{self.name} takes at most {MAX_VALUE} letters; write the rest as notes")
        elif not self.id and self.kind != "put":
            raise InputError(f"{self.kind} needs the id of a note")
        elif self.id and not _ID.fullmatch(self.id):
            raise InputError(f"a note's id is made of up to 64 letters, digits, - and _, not {self.id!r}")


class Line(NamedTuple):
    """A note of a call as it stands.

    Parameters
    ----------
    id : str
        Its id in this session.
    kind, text, tags, at
        As in :class:`workbench.notes.Note`.
    words : str
        As typed: mark, tags and time included, lines that go on with it joined by a space.
    line : int
        Where it begins in the file, counted from 1.
    """

    id: str
    kind: str
    text: str
    tags: tuple[str, ...]
    at: str
    words: str
    line: int


class Clash(NamedTuple):
    """A note or a field that was changed here and elsewhere; both are kept, as far as both have words.

    Parameters
    ----------
    field : str
        One of `FIELDS`, empty for a note.
    base, theirs, ours : str
        The words before, as changed elsewhere, as changed here; empty where there was none or it was removed. Of a
        field, theirs stands.
    theirs_id, ours_id : str
        The two notes that they are now; ours stands behind theirs and keeps the note's id.
    """

    field: str
    base: str
    theirs: str
    ours: str
    theirs_id: str = ""
    ours_id: str = ""


class CallText:
    r"""A call's text, and its notes one by one. It is never changed: what changes it gives a new one.

    Parameters
    ----------
    source : str
        The text as decoded, line ends and byte-order mark included.

    Examples
    --------
    >>> text = CallText("---\ncustomer: Acme\n---\n# Reports\n* one\n- two\n")
    >>> [(line.id, line.words) for line in text.lines()]
    [('n1', 'one'), ('n2', 'two')]
    >>> new, undo = text.apply(Change("put", "n1", "! one"), Change("put", words="1 1/2", after="n1"))
    >>> print(new.source, end="")
    ---
    customer: Acme
    ---
    # Reports
    - ! one
    - 1 1/2
    - two
    >>> new.apply(*undo)[0].source == text.source
    True
    """

    def __init__(self, source: str) -> None:
        lines = split_lines(source)
        _, body = split_front_matter(lines, "")
        self._end = next((end for end in ("\r\n", "\n", "\r") if end in source), "\n")
        # A last line without a line end gets one here and loses it in `source`, so that every piece is whole lines.
        self._bare = bool(lines) and not lines[-1].endswith(("\n", "\r")) and source != "\ufeff"
        if self._bare:
            lines[-1] += self._end
        self._head = "".join(lines[:body])
        if not body and source.startswith("\ufeff"):
            self._head = "\ufeff"
            lines = [line for line in [lines[0].removeprefix("\ufeff"), *lines[1:]] if line]
        # A note, or one line that is none: its lines as they stand, and the note's id or "".
        self._raws: list[str] = []
        self._ids: list[str] = []
        self._next, at = 1, body
        for first, last, _ in find_notes(lines, body)[0]:
            self._raws += [*lines[at : first - 1], "".join(lines[first - 1 : last])]
            self._ids += [*[""] * (first - 1 - at), self._new_id()]
            at = last
        self._raws += lines[at:]
        self._ids += [""] * (len(lines) - at)
        self._start()

    def _start(self) -> None:
        self._known = {*self._ids} - {""}
        self._hint = 0  # where a note was last looked for: the next one is mostly near

    def _copy(self) -> CallText:
        new = object.__new__(CallText)
        new._end, new._bare, new._next, new._head = self._end, self._bare, self._next, self._head
        new._raws, new._ids = self._raws.copy(), self._ids.copy()
        new._start()
        return new

    def _new_id(self) -> str:
        self._next += 1
        return f"n{self._next - 1}"

    # What it says

    @cached_property
    def source(self) -> str:
        """The whole text."""
        text = self._head + self._gap + "".join(self._raws)
        return text.removesuffix("\n").removesuffix("\r") if self._bare else text

    @cached_property
    def fields(self) -> dict[str, str]:
        """The value of each of `FIELDS` as written; empty where there is none."""
        return _read_fields(self._head)

    @property
    def n_notes(self) -> int:
        """How many notes there are."""
        return len(self._known)

    @cached_property
    def words(self) -> dict[str, str]:
        """The words of each note by its id, in order."""
        return {id: _parsed(raw)[4] for id, raw in zip(self._ids, self._raws, strict=True) if id}

    def lines(self) -> list[Line]:
        r"""The notes as they stand.

        Returns
        -------
        list of Line
            In the order of the file.

        Examples
        --------
        >>> CallText("- ! Filters reset @12:10 #filters\n").lines()
        [Line(id='n1', kind='pain', text='Filters reset', tags=('filters',), at='12:10', words='! Filters reset @12:10 #filters', line=1)]
        """
        if any(piece.endswith("\r") for piece in (self._head, *self._raws)):  # with a \n behind it, it is one line end
            read = CallText(self.source)
            return [line._replace(id=id) for id, line in zip(self.words, read._lines(), strict=True)]
        return self._lines()

    def _lines(self) -> list[Line]:
        above = self._head + self._gap
        number = 1 if above == "\ufeff" else len(split_lines(above)) + 1
        found = []
        for id, raw in zip(self._ids, self._raws, strict=True):
            if id:
                kind, text, tags, at, words, n_lines = _parsed(raw)
                found.append(Line(id, kind, text, tags, at, words, number))
                number += n_lines
            else:
                number += 1
        return found

    @cached_property
    def _gap(self) -> str:
        """An empty line, where the first line of the body would otherwise be taken for front matter."""
        # Two of them where the line end of the one above would take the first in.
        gaps = ("", self._end, self._end * 2) if self._raws else ("",)
        return next((gap for gap in gaps[:-1] if _ends(self._head, gap + self._raws[0])), gaps[-1])

    # Changing it

    def apply(self, *changes: Change) -> tuple[CallText, tuple[Change, ...]]:
        r"""The text with some changes made, one after the other.

        Parameters
        ----------
        *changes : Change
            What to change.

        Returns
        -------
        text : CallText
            The new text.
        undo : tuple of Change
            What brings this text back, byte for byte, when applied to the new one.

        Raises
        ------
        InputError
            When one of them is no change, or a field cannot be set; nothing is changed then.

        Examples
        --------
        >>> text, undo = CallText("- one\n").apply(Change("put", "a", "? two"), Change("drop", "n1"))
        >>> text.source, text.apply(*undo)[0].source
        ('- ? two\n', '- one\n')
        """
        for change in changes:
            change.check()
        new, undo = self._copy(), []
        ways = {"put": new._put, "drop": new._drop, "move": new._move, "field": new._set}
        for change in changes:
            undo.append(ways[change.kind](change))
        return new, tuple(change for inverse in reversed(undo) for change in inverse)

    def is_stale(self, change: Change) -> bool:
        """Whether a change is of a note that has other words than its author saw.

        Parameters
        ----------
        change : Change
            A ``put`` or ``drop`` that says what was `seen`.

        Returns
        -------
        bool
            False also where both came to the same words.

        Examples
        --------
        >>> CallText("- theirs").is_stale(Change("put", "n1", "ours", seen="base"))
        True
        """
        if change.seen is None or change.id not in self._known or change.kind not in ("put", "drop"):
            return False
        now = self.words[change.id]
        return now != read_words(write_words(change.seen)) and now != read_words(write_words(change.words))

    def keep_both(self, change: Change) -> tuple[CallText, Clash]:
        r"""The text with a stale change beside what somebody else wrote.

        Parameters
        ----------
        change : Change
            Of which :meth:`is_stale` is true.

        Returns
        -------
        text : CallText
            With our words as a further note behind theirs. Ours keeps the id, since it is what is being typed; a note
            that we wanted to remove stays.
        clash : Clash
            What was kept.

        Examples
        --------
        >>> text, clash = CallText("- theirs\n").keep_both(Change("put", "n1", "ours", seen="base"))
        >>> text.source, clash.theirs_id, clash.ours_id
        ('- theirs\n- ours\n', 'n2', 'n1')
        """
        new = self._copy()
        ours = read_words(write_words(change.words)) if change.kind == "put" else ""
        return new, new._beside(change.id, change.seen or "", ours, "")

    def _beside(self, id: str, base: str, ours: str, raw: str) -> Clash:
        at = self._index(id)
        theirs = _parsed(self._raws[at])[4]
        if not ours:
            return Clash("", base, theirs, "", id, "")
        self._ids[at] = theirs_id = self._new_id()
        self._known = self._known - {id} | {theirs_id}
        self._put(Change("put", id, ours, after=theirs_id, value=raw))
        return Clash("", base, theirs, ours, theirs_id, id)

    def _put(self, change: Change) -> list[Change]:
        line = write_words(change.words)
        if not line and not change.value:
            return self._drop(change)
        if change.id not in self._known:
            given = _OWN_ID.fullmatch(change.id)
            if given and int(given[1]) >= self._next:
                raise InputError(f"ids such as {change.id} are given by the program; choose another for a new note")
            at = self._place(change.after, change.skip)
            raw = self._as_it_stood(change, at) or self._raw(line)
            return [Change("drop", id := change.id or self._new_id()), *self._insert(at, id, raw)] if raw else []
        at = self._index(change.id)
        old = self._raws[at]
        words = _parsed(old)[4]
        raw = old if words == change.words else self._raw(line, old)
        raw = self._as_it_stood(change, at) or raw
        if not raw:
            return self._drop(change)
        self._raws[at] = raw
        return [Change("put", change.id, words, value=old)] if raw != old else []

    def _drop(self, change: Change) -> list[Change]:
        at = self._index(change.id)
        return [] if at is None else [self._remove(at)]

    def _move(self, change: Change) -> list[Change]:
        at = self._index(change.id)
        if at is None or change.after == change.id:
            return []
        after, skip = self._where(at)
        if change.after == after and change.skip in (None, skip):
            return []
        back = self._remove(at)
        to = self._place(change.after, change.skip)
        others = self._insert(to, change.id, back.value)
        now = self._raws[self._index(change.id)]
        own = [Change("put", change.id, back.words, value=back.value)] if now != back.value else []
        return [Change("move", change.id, after=after, skip=skip), *own, *others]

    def _set(self, change: Change) -> list[Change]:
        name, value, old, head = change.name, " ".join(showable(change.value).split()), self.fields, self._head
        if value == old[name] and change.skip is None:
            return []
        new = self._with_field(head, name, value)
        # An inverse change brings the very front matter back, unless something else in it has changed since.
        before = change.words
        whole = before in ("", "\ufeff") or before.endswith(("\n", "\r"))
        if change.skip == 0 and whole and _ends(before, "") and self._with_field(before, name, old[name]) == head:
            new = before
        self._head = new
        for cached in ("fields", "_gap"):
            self.__dict__.pop(cached, None)
        return [Change("field", name=name, value=old[name], words=head, skip=0)] if new != head else []

    def _with_field(self, head: str, name: str, value: str) -> str:
        """Front matter with a field set; a new one goes where it stands in a call that the program makes."""
        lines = split_lines(head)
        fields, body = split_front_matter(lines, "")
        later = [fields.lines[key] for key in FIELDS[FIELDS.index(name) + 1 :] if key in fields.values]
        if value and later and name not in fields.values:
            line = f"{name}: {format_scalar(value)}{self._end}"
            new = [*lines[: min(later) - 1], line, *lines[min(later) - 1 :]]
            read, _ = split_front_matter(new, "")
            if not (fields.broken or read.broken) and read.values == {**fields.values, name: value}:
                return "".join(new)
        new_head = set_fields(head, {name: value or None})
        return new_head if body else new_head.replace("\n", self._end)

    # Pieces

    def _index(self, id: str) -> int | None:
        if id not in self._known:
            return None
        if self._ids[self._hint : self._hint + 1] != [id]:
            self._hint = self._ids.index(id)
        return self._hint

    def _where(self, at: int) -> tuple[str, int]:
        """The note before a piece, and how many other lines stand between."""
        before = next((i for i in range(at - 1, -1, -1) if self._ids[i]), -1)
        return self._ids[before] if before >= 0 else "", at - before - 1

    def _place(self, after: str | None, skip: int | None) -> int:
        n_pieces = len(self._ids)
        before = -1 if after == "" else self._index(after) if after else None
        if before is None:
            return n_pieces
        if after == "" and skip is None:
            return next((i for i, id in enumerate(self._ids) if id), n_pieces)
        at = before + 1
        while skip and at < n_pieces and not self._ids[at]:
            at, skip = at + 1, skip - 1
        return at

    def _insert(self, at: int, id: str, raw: str) -> list[Change]:
        """Put a note in, so that it stays one and swallows nothing; gives what brings the note behind it back."""
        behind = at
        while behind < len(self._ids) and not self._ids[behind] and not _closes(self._raws[behind]):
            behind += 1
            if _goes_on(self._raws[behind - 1]):
                at = behind
        changed = []
        if behind < len(self._ids) and self._ids[behind] and self._raws[behind][0] in " \t":
            old = self._raws[behind]
            changed = [Change("put", self._ids[behind], _parsed(old)[4], value=old)]
            self._raws[behind] = old.lstrip(" \t")
        if raw[0] in " \t" and self._is_open(at):
            raw = raw.lstrip(" \t")
        self._ids.insert(at, id)
        self._raws.insert(at, raw)
        self._known.add(id)
        self._hint = at
        return changed

    def _remove(self, at: int) -> Change:
        after, skip = self._where(at)
        id, raw = self._ids.pop(at), self._raws.pop(at)
        self._known.discard(id)
        self._hint = max(at - 1, 0)
        return Change("put", id, _parsed(raw)[4], after=after, skip=skip, value=raw)

    def _raw(self, line: str, old: str = "") -> str:
        """A note's lines anew, with what stood between its old lines and is no note."""
        rest = [row for row in split_lines(old)[1:] if not _goes_on(row)]
        return "".join([line + self._end, *rest]) if line else ""

    def _as_it_stood(self, change: Change, at: int) -> str:
        """The lines that an inverse change brings back, if they are this one note at this place; else nothing."""
        if not change.value or (change.value[0] in " \t" and self._is_open(at)):
            return ""
        raw = change.value if change.value.endswith(("\n", "\r")) else change.value + self._end
        # An indented line behind them must go on with the one note: then nothing in them ends it.
        notes, markers = find_notes([*split_lines(raw), "  x"])
        if len(notes) != 1 or notes[0][0] != 1 or markers or read_words(notes[0][2].removesuffix(" x")) != change.words:
            return ""
        return raw if _ends(self._head, "-\n" + raw) else ""

    def _is_open(self, at: int) -> bool:
        """Whether an indented line at this place would go on with a note."""
        for i in range(at - 1, -1, -1):
            if self._ids[i] or _closes(self._raws[i]):
                return bool(self._ids[i])
        return False


class Rebased(NamedTuple):
    """Our changes on top of a text that somebody else wrote.

    Parameters
    ----------
    text : CallText
        Theirs with our changes.
    theirs : CallText
        Theirs alone, with the ids that its notes have in `text`.
    clashes : tuple of Clash
        What both changed.
    """

    text: CallText
    theirs: CallText
    clashes: tuple[Clash, ...]


def rebase(base: CallText, ours: CallText, theirs: str) -> Rebased:
    r"""Put what we changed on top of what somebody else has written meanwhile.

    A note that they kept, moved or edited is known by its id still. Where only we changed a note or a field, our change
    holds, where only they did, theirs. Where both changed a note, theirs stays and ours stands directly behind it; a note
    that they removed and we changed stays; one that they changed and we removed stays as well. Of a field that both
    changed, theirs stays. New notes of both stay, theirs first.

    Parameters
    ----------
    base : CallText
        The text that both started from.
    ours : CallText
        What :meth:`CallText.apply` made of it.
    theirs : str
        The other text.

    Returns
    -------
    Rebased
        The text with everything of both.

    Examples
    --------
    >>> base = CallText("- one\n- two\n")
    >>> ours, _ = base.apply(Change("put", "n2", "two of ours"), Change("put", "a", "three"))
    >>> both = rebase(base, ours, "- one\n- two of theirs\n- four\n")
    >>> print(both.text.source, end="")
    - one
    - two of theirs
    - two of ours
    - four
    - three
    >>> both.clashes[0].theirs, both.clashes[0].ours
    ('two of theirs', 'two of ours')
    """
    for known in (ours, base):
        if theirs == known.source:  # nobody else has written
            return Rebased(ours, known, ())
    other = CallText(theirs)
    other._next = max(base._next, ours._next)
    matched = iter(_match(base.words, other.words))
    other._ids = [(next(matched) or other._new_id()) if id else "" for id in other._ids]
    other = other._copy()  # what it has worked out names its notes by other ids
    new, clashes = other._copy(), []
    _merge_notes(base, ours, other, new, clashes)
    _merge_moves(base, ours, new)
    _merge_fields(base, ours, other, new, clashes)
    return Rebased(new._copy(), other, tuple(clashes))


def _merge_notes(base: CallText, ours: CallText, other: CallText, new: CallText, clashes: list[Clash]) -> None:
    raws = dict(zip(ours._ids, ours._raws, strict=True))
    order = list(ours.words)
    for at, (id, words) in enumerate(base.words.items()):
        mine, their = ours.words.get(id, ""), other.words.get(id, "")
        if mine in (words, their):
            continue
        if their == words:
            new._put(Change("put", id, mine, value=raws.get(id, "")))
        elif their:
            clashes.append(new._beside(id, words, mine, raws.get(id, "")))
        else:
            after = _last_before(list(base.words), at, new._known)
            new._put(Change("put", id, mine, after=after, value=raws[id]))
            clashes.append(Clash("", words, "", mine, "", id))
    appended = set()  # at the very end of ours
    for id in reversed(ours._ids):
        if not id or id in base._known:
            break
        appended.add(id)
    theirs_new = other._known - base._known
    for at, id in enumerate(order):
        if id in base._known:
            continue
        after = None if id in appended else _last_before(order, at, new._known)
        if after in base._known:
            place = new._index(after) or 0
            while new._ids[place + 1 : place + 2] and new._ids[place + 1] in theirs_new:
                place += 1
            after = new._ids[place]
        new._put(Change("put", id, ours.words[id], after=after, value=raws[id]))


def _last_before(order: Sequence[str], at: int, known: set[str]) -> str:
    return next((order[i] for i in range(at - 1, -1, -1) if order[i] in known), "")


def _merge_moves(base: CallText, ours: CallText, new: CallText) -> None:
    places = {id: place for place, id in enumerate(base.words)}
    order = [id for id in ours.words if id in places and id in new._known]
    stay = _longest_rising([places[id] for id in order])
    for at, id in enumerate(order):
        if places[id] not in stay:
            new._move(Change("move", id, after=_last_before(order, at, new._known)))


def _longest_rising(numbers: list[int]) -> set[int]:
    """The most numbers that stand in rising order: what was not moved."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    found, number = set(), ends[-1] if ends else None
    while number is not None:
        found.add(number)
        number = before[number]
    return found


def _merge_fields(base: CallText, ours: CallText, other: CallText, new: CallText, clashes: list[Clash]) -> None:
    if other._head == base._head:
        new._head = ours._head
        return
    for name in FIELDS:
        before, mine, their = base.fields[name], ours.fields[name], other.fields[name]
        if mine in (before, their):
            continue
        try:
            if their != before:
                raise InputError("both changed it")
            new._set(Change("field", name=name, value=mine))
        except InputError:
            clashes.append(Clash(name, before, their, mine))


def _match(base: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """For each of their notes the id that it had before, or "": the same words, else alike words at the same place."""
    same: dict[str, list[str]] = {}
    for id, words in reversed(base.items()):
        same.setdefault(words, []).append(id)
    found = [same[words].pop() if same.get(words) else "" for words in theirs.values()]
    taken = set(found)
    changed: dict[str, list[str]] = {}  # what is gone, by what stood before it
    before = ""
    for id in base:
        if id in taken:
            before = id
        else:
            changed.setdefault(before, []).append(id)
    words, before, run = list(theirs.values()), "", []
    for at, id in enumerate([*found, "end"]):
        if not id:
            run.append(at)
            continue
        for place, old in _pair([words[i] for i in run], [base[old] for old in changed.get(before, [])]):
            found[run[place]] = changed[before][old]
        before, run = id, []
    return found


def _pair(new: list[str], old: list[str]) -> list[tuple[int, int]]:
    """Which new words may be which old ones after an edit, in order."""
    if len(new) * len(old) > MAX_PAIRS:
        return []
    pairs, start = [], 0
    for at, words in enumerate(old):
        scored = [(_alike(words, other), -place) for place, other in enumerate(new[start:], start)]
        score, place = max(scored, default=(0, 0))
        if score >= ALIKE:
            pairs.append((-place, at))
            start = 1 - place
    # As many in the same place, and unlike: each was written anew.
    return pairs if pairs or len(new) != len(old) else [(at, at) for at in range(len(old))]


def _alike(one: str, other: str) -> float:
    if one.startswith(other) or other.startswith(one):
        return 1.0
    return SequenceMatcher(None, one[:300], other[:300], autojunk=False).ratio()


@lru_cache(maxsize=65536)
def _parsed(raw: str) -> tuple[str, str, tuple[str, ...], str, str, int]:
    """Kind, text, tags, time, words and number of lines of a note."""
    lines = split_lines(raw)
    ((_, _, text),) = find_notes(lines)[0]
    return *read_note(text), read_words(text), len(lines)


@lru_cache(maxsize=1024)
def _closes(line: str) -> bool:
    """Whether a line ends the note above it: an indented line behind it is a note of its own."""
    return len(find_notes(["- a\n", line, "  b\n"])[0]) == 2


@lru_cache(maxsize=1024)
def _goes_on(line: str) -> bool:
    """Whether a line that is no note would go on with a note right above it."""
    return find_notes(["- a\n", line])[0][0][1] == 2


def _ends(head: str, behind: str) -> bool:
    """Whether front matter ends where it should, with this text behind it."""
    n_lines = len(split_lines(head.removeprefix("\ufeff")))
    return split_front_matter(split_lines(head + behind), "")[1] == n_lines


def _read_fields(head: str) -> dict[str, str]:
    values = split_front_matter(split_lines(head), "")[0].values
    texts = {name: values.get(name, "") for name in FIELDS}
    return {name: showable(value).strip() if isinstance(value, str) else "" for name, value in texts.items()}
