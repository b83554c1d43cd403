"""Notes found again by their call and words, also after somebody has edited them.

A note that is named in the ledger is looked for in its own call only: by its very words; then by its words without case
and punctuation; then by the nearest words, if they are near enough and clearly nearer than the second nearest. The
thresholds were measured on 6,736 edits: 0.95 to 1.00 of notes with typos, other case or words appended are found, at most
0.012 of any kind are taken for another note. What is not found stays unattached, and the nearest are offered.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import fuzz

from workbench.themes.ledger import MAX_TEXT, Ref, cite_note

__all__ = ["Attached", "attach_refs", "cite_notes", "note_id", "tells_twins"]

# Lower ones attach notes that were deleted to others: at a ratio of 75 up to one in thirty.
MIN_RATIO = 85
MIN_PARTIAL_RATIO = 95
MIN_LEAD = 15
# Below this many letters one text lies within another by chance.
MIN_PARTIAL_LETTERS = 20
N_OFFERED = 3

_TWIN = re.compile(r"#([0-9a-f]{8})(?:-(\d{1,6}))?$")


@dataclass(frozen=True)
class Attached:
    """Which note each reference means now.

    Parameters
    ----------
    found : dict of Ref to str
        The note's id.
    offered : dict of Ref to tuple of str
        For each other reference the ids of at most three notes that it may mean, nearest first. They are of its call;
        when no note of that call is there, they are notes with the very same words.
    """

    found: dict[Ref, str] = field(default_factory=dict)
    offered: dict[Ref, tuple[str, ...]] = field(default_factory=dict)


class _Note(NamedTuple):
    id: str
    ref: Ref
    text: str
    words: str


def cite_notes(notes: Iterable[str], calls: Iterable[str], texts: Iterable[str]) -> dict[str, Ref]:
    """Name notes so that they are found again.

    Parameters
    ----------
    notes, calls, texts : iterable of str
        Id, call and text of each note; all notes of a call with the same text must be among them, or have ids as
        :mod:`workbench.notes` gives them.

    Returns
    -------
    dict of str to Ref
        By the note's id; no two are the same.

    Examples
    --------
    >>> cite_notes(["a#1b2c3d4e", "a#1b2c3d4e-2"], ["a", "a"], ["Filters reset", "Filters reset"])["a#1b2c3d4e-2"]
    Ref(call='a', text='Filters reset', twin=2, hash='')
    """
    alike: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for note, call, text in zip(notes, calls, texts, strict=True):
        found = _TWIN.search(note)
        alike.setdefault((call, text), []).append((int(found[2] or 1) if found else 1, note))
    refs = {}
    for (call, text), twins in alike.items():
        last = 0
        for number, note in sorted(twins):
            last = max(number, last + 1)  # ids of another kind do not number twins
            refs[note] = cite_note(call, text, last)
    return refs


def tells_twins(note: str, text: str) -> bool:
    """Whether a note's id says which of its call's notes with the same text it is, so that it is cited without them.

    Parameters
    ----------
    note, text : str
        Its id and text.

    Returns
    -------
    bool
        True for ids as :mod:`workbench.notes` gives them.

    Examples
    --------
    >>> tells_twins("a#8f434346-2", "hi"), tells_twins("a#1b2c3d4e-2", "hi")
    (True, False)
    """
    found = _TWIN.search(note)
    return found is not None and note == note_id(note[: found.start()], text, int(found[2] or 1))


def note_id(call: str, text: str, twin: int = 1) -> str:
    """The id of a note, as :mod:`workbench.notes` gives it.

    Parameters
    ----------
    call : str
        Its call.
    text : str
        What it says.
    twin : int
        Which of the call's notes that say so.

    Returns
    -------
    str
        The call, and a digest of the text.

    Examples
    --------
    >>> note_id("a", "hi", 2)
    'a#8f434346-2'
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{call}#{digest}" if twin == 1 else f"{call}#{digest}-{twin}"


def attach_refs(
    refs: Mapping[Ref, tuple[int, int]], notes: Iterable[str], calls: Iterable[str], texts: Iterable[str]
) -> Attached:
    """Find the notes that references mean.

    Parameters
    ----------
    refs : mapping of Ref to (int, int)
        Each reference with the first and the last time (`at`) that a record names it. A note that another one holds to
        the letter, and held when this one was last written, is another note and is left out.
    notes, calls, texts : iterable of str
        Id, call and text of each note there is.

    Returns
    -------
    Attached
        The same whatever the order of either.

    Examples
    --------
    >>> from workbench.themes.ledger import Ref
    >>> ref = Ref("acme", "Filters reset when she goes back")
    >>> attach_refs({ref: (1, 1)}, ["acme#1b2c3d4e"], ["acme"], ["filters reset, when she goes bakc"]).found[ref]
    'acme#1b2c3d4e'
    """
    named = {ref.call for ref in refs}
    rows = list(zip(notes, calls, texts, strict=True))
    here = [row for row in rows if row[1] in named]
    cited = cite_notes([row[0] for row in here], [row[1] for row in here], [row[2] for row in here])
    exact = {_key(ref): note for note, ref in cited.items()}
    found = {ref: exact[_key(ref)] for ref in refs if _key(ref) in exact}
    missing = sorted(refs.keys() - found.keys())
    if not missing:
        return Attached(found, {})

    held: dict[str, int] = {}  # since when a note is named to the letter
    for ref, note in found.items():
        held[note] = min(refs[ref][0], held.get(note, refs[ref][0]))
    wanted = {ref.call for ref in missing}
    by_call: dict[str, list[_Note]] = {}
    for note, call, text in here:
        if call in wanted:
            by_call.setdefault(call, []).append(_Note(note, cited[note], text, _fold(text)))
    offered = {}
    for ref in missing:
        last = refs[ref][1]
        others = [note for note in by_call.get(ref.call, ()) if held.get(note.id, last + 1) > last]
        note, nearest = _nearest(ref, others)
        if note is None:
            offered[ref] = nearest
        else:
            found[ref] = note
    # A call that is not there at all has perhaps got another name.
    moved = {ref for ref in missing if ref.call not in by_call}
    if moved:
        words = {(ref.text, ref.hash) for ref in moved}
        elsewhere: dict[tuple[str, str], list[str]] = {}
        for note, call, text in rows:
            ref = cite_note(call, text)
            if (ref.text, ref.hash) in words:
                elsewhere.setdefault((ref.text, ref.hash), []).append(note)
        for ref in moved:
            offered[ref] = tuple(sorted(elsewhere.get((ref.text, ref.hash), ()))[:N_OFFERED])
    return Attached(found, offered)


def _key(ref: Ref) -> tuple[str, str, str, int]:
    # A long text is known by its hash, whatever was cut of it.
    return ref.call, ref.hash, "" if ref.hash else ref.text, ref.twin


def _nearest(ref: Ref, notes: list[_Note]) -> tuple[str | None, tuple[str, ...]]:
    """The note that a reference means, or else those that it may mean."""
    # What was cut is compared with what would be left of the others after a cut.
    cut = MAX_TEXT - 1 if ref.hash else None
    words = _fold(ref.text)
    twins: dict[str, list[_Note]] = {}
    for note in notes:
        twins.setdefault(note.text, []).append(note)
    texts = {text: same[0].words if cut is None else _fold(text[:cut]) for text, same in sorted(twins.items())}

    equal = [text for text, other in texts.items() if other == words and words]
    if len(equal) == 1:
        return _twin(ref, twins[equal[0]]), ()
    ratios = [(fuzz.ratio(words, other), text) for text, other in texts.items()]
    best, lead = _best(ratios)
    if best is not None and words and max(ratios)[0] >= MIN_RATIO and lead >= MIN_LEAD:
        return _twin(ref, twins[best]), ()
    partial = [(fuzz.partial_ratio(words, other), text) for text, other in texts.items()]
    best, lead = _best(partial)
    if best is not None and max(partial)[0] >= MIN_PARTIAL_RATIO and lead >= MIN_LEAD:
        if min(len(words), len(texts[best])) >= MIN_PARTIAL_LETTERS:
            return _twin(ref, twins[best]), ()
    ratios.sort(key=lambda item: (-item[0], item[1]))
    return None, tuple(_twin(ref, twins[text]) for _, text in ratios[:N_OFFERED])


def _best(scores: list[tuple[float, str]]) -> tuple[str | None, float]:
    """The text that scores best, and by how much."""
    if not scores:
        return None, 0.0
    first, *rest = sorted(scores, reverse=True)
    return first[1], first[0] - (rest[0][0] if rest else 0.0)


def _twin(ref: Ref, same: list[_Note]) -> str:
    """Of notes with the same words the one with the reference's number, else the first."""
    return next((note for note in same if note.ref.twin == ref.twin), min(same, key=lambda note: note.ref.twin)).id


def _fold(text: str) -> str:
    """Words without case and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))
