"""Which notes are words of ours: looked for in the transcripts of their calls, and in tables by whoever a call names as one of us.

What one of us said is no evidence of what a customer thinks, whatever mark stands before it. What was found is kept as parsed
calls are (:mod:`workbench.kept`), so that a transcript is read once.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from workbench.call_table import CallRow
from workbench.customers import Customer, fold_name, split_who
from workbench.errors import InputError, Problem, shorten
from workbench.kept import keep, load_kept, version_of
from workbench.note_tables import NoteTable
from workbench.notes import KINDS
from workbench.recorded import PERHAPS, Recorded, pair_transcripts, who_of_us
from workbench.save import fingerprint
from workbench.store import TRANSCRIPTS, read_registry
from workbench.who_speaks import listed_people

__all__ = ["KEPT", "find_our_rows", "find_our_words", "registry_people", "tell_ours", "todo_of"]

# Of fewer calls with transcripts it is looked up each time, in a tenth of a second.
WORTH_KEEPING = 5
KEPT = ".workbench/our_words.json"
# Whatever reads a transcript, tells who speaks, and compares words.
_MADE_BY = (
    "candidates.py",
    "customers.py",
    "importers/*.py",
    "near_words.py",
    "notes.py",
    "our_words.py",
    "quotes.py",
    "recorded.py",
    "unspaced.py",
    "who_speaks.py",
)
TODO = "take the note out, or note what the customer said to it"
TODO_PERHAPS = (
    "write the name behind  us:  in the call as the transcript has it, or behind  who:  where it is the customer's"
)


def find_our_words(root: Path, calls: Sequence[CallRow], problems: list[Problem]) -> dict[tuple[str, int], str]:
    r"""The notes that are what one of us said in the call, word for word or nearly so, and no customer did.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.
    calls : sequence of CallRow
        Its calls, as from :func:`workbench.store.read_rows`.
    problems : list
        Takes one for each such note: it does not count, and somebody has written it down as if it did.

    Returns
    -------
    dict of (str, int) to str
        Call and line of the note -> who of us, and where: ``Ana Ruiz, interviews/transcripts/acme.vtt:4``. Takes are ours
        anyway, and are not there.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.store import read_rows
    >>> root = Path(tempfile.mkdtemp()); (root / "interviews" / "transcripts").mkdir(parents=True)
    >>> said = "00:01.000 --> 00:02.000\nAna: You redo it?\n\n00:03.000 --> 00:04.000\nJane: Each Friday.\n"
    >>> _ = (root / TRANSCRIPTS / "a.vtt").write_text(f"WEBVTT\n\n{said}")
    >>> _ = (root / "interviews" / "a.md").write_text('---\ntranscript: a.vtt\nus: Ana\n---\n"You redo it"\n"Each Friday"')
    >>> find_our_words(root, read_rows(root, []), [])
    {('a', 5): 'Ana, interviews/transcripts/a.vtt:4'}
    """
    paired = _pair(root, calls)
    if not paired:
        return {}
    known, before = load_kept(root / KEPT, _version())
    kept: dict[str, list] = dict(known or {})  # others' calls stay, where only some of all are read
    people = registry_people(root)
    found: dict[tuple[str, int], str] = {}
    for call in calls:
        if recordings := _read(root, paired.get(call.id, ())):
            contents = [(file, fingerprint(data)) for file, data in recordings]
            key, last, asks = kept.get(call.id, ("", {}, False))
            if key != _key(call, contents, people(call.customer) if asks else ()):
                last, asks = _look_up(call, recordings, people)
                kept[call.id] = [_key(call, contents, people(call.customer) if asks else ()), last, asks]
            ours = [(int(line), said) for line, said in kept[call.id][1].items()]
            found |= {(call.id, line): said for line, said in ours}
            texts = dict(zip(call.lines, call.texts.split("\n"), strict=False))
            problems += [Problem(call.file, line, tell_ours(texts[line], said), todo_of(said)) for line, said in ours]
    if kept != (known or {}) and len(paired) >= WORTH_KEEPING:
        keep(root / KEPT, _version(), kept, before)
    return found


def find_our_rows(
    calls: Sequence[CallRow], tables: Sequence[NoteTable], problems: list[Problem]
) -> dict[tuple[str, str], str]:
    r"""The people of tables of notes who are one of us, since a call says so behind ``us``.

    Parameters
    ----------
    calls : sequence of CallRow
        As from :func:`workbench.store.read_rows`.
    tables : sequence of NoteTable
        As from :func:`workbench.store.read_note_tables`.
    problems : list
        Takes one for each such person of a table; and for each whose first name alone is that of one of us, and may be anybody's.

    Returns
    -------
    dict of (str, str) to str
        Table and what stands there behind ``who`` -> who of us it is, and where: ``Ana Ruiz, interviews/tickets.csv``.

    Examples
    --------
    >>> import tempfile
    >>> from workbench.store import read_note_tables, read_rows
    >>> root = Path(tempfile.mkdtemp()); (root / "interviews").mkdir()
    >>> _ = (root / "interviews" / "b.md").write_text("---\ncustomer: Acme\nus: Ana Ruiz\n---\n")
    >>> rows = "customer,date,speaker,text\nAcme,2026-11-17,Ana Ruiz,How slow?\nAcme,2026-11-17,Jo,Very\n"
    >>> _ = (root / "interviews" / "a.csv").write_text(rows)
    >>> find_our_rows(read_rows(root, []), read_note_tables(root, [])[0], problems := [])
    {('a', 'Ana Ruiz'): 'Ana Ruiz, interviews/a.csv'}
    >>> print(problems[0].what)
    1 row is said by Ana Ruiz, who is one of you by interviews/b.md
    """
    if not tables or not any(call.us for call in calls):
        return {}
    from workbench.arrivals import means_somebody  # which brings the readers of files along
    from workbench.candidates import split_us

    us: dict[str, str] = {}
    for call in calls:
        for name in split_us(call.us):
            us.setdefault(fold_name(name), call.file)
    found = {}
    for table in tables:
        who = table.notes["who"].cat
        for code, written in enumerate(who.categories):
            name = split_who(written)[0] or written
            if (where := us.get(fold_name(name))) is None or not means_somebody(name):
                continue
            lines = table.notes["line"].to_numpy()[who.codes.to_numpy() == code]
            if not len(lines):
                continue
            rows = f"{len(lines):,} {'row is' if len(lines) == 1 else 'rows are'} said by {name}"
            if " " in fold_name(name):
                found[table.id, written] = f"{name}, {table.file}"
                what, todo = f"{rows}, who is one of you by {where}", "what one of you says does not count"
            else:
                what = f"{rows}, and one of you is called so in {where}"
                todo = "it counts as a customer's word; where it is yours, write the whole name in both files"
            problems.append(Problem(table.file, int(lines[0]), what, todo))
    return found


def _pair(root: Path, calls: Sequence[CallRow]) -> dict[str, list[str]]:
    """The transcripts of each call that has any."""
    if not os.path.isdir(root / TRANSCRIPTS):
        return {}
    from workbench.transcripts import list_transcripts  # which brings the readers of transcripts along

    paired = defaultdict(list)
    named = [(call.id, call.transcript) for call in calls]
    for file, owners in pair_transcripts(named, list_transcripts(root)).items():
        for call in owners:
            paired[call].append(file)
    return paired


def _read(root: Path, files: Sequence[str]) -> list[tuple[str, bytes]]:
    """The bytes of those that can be read; of the others the linter says why."""
    found = []
    for file in files:
        with suppress(OSError):
            found.append((file, (root / file).read_bytes()))
    return found


def _key(call: CallRow, contents: Sequence[tuple[str, str]], people: Sequence[str]) -> str:
    return fingerprint(json.dumps([call.fingerprint, contents, people]).encode())


def registry_people(root: Path) -> Callable[[str], tuple[str, ...]]:
    """Who the registry lists of a customer.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.

    Returns
    -------
    callable
        A customer's name -> names of people; the registry is read when somebody asks first.

    Examples
    --------
    >>> registry_people(Path("/no/such/folder"))("Acme")
    ()
    """

    @cache
    def spellings() -> dict[str, Customer]:
        return read_registry(root, []).by_spelling()

    def of(customer: str) -> tuple[str, ...]:
        known = spellings().get(fold_name(customer))
        return known.people if known else ()

    return of


def _look_up(
    call: CallRow, recordings: Sequence[tuple[str, bytes]], people: Callable[[str], tuple[str, ...]]
) -> tuple[dict[str, str], bool]:
    """Line of a note -> who of us said it; and whether the registry was asked who the customer's people are."""
    from workbench.candidates import split_us
    from workbench.transcripts import parse_transcript

    beside, asks = [], False
    for file, data in recordings:
        with suppress(InputError):
            transcript = parse_transcript(Path(file), data)
            theirs = listed_people(call.who, call.customer)
            one = Recorded(call.id, call.customer, file, transcript, split_us(call.us), theirs)
            if not all(placed.listed and placed.side for placed in one.placed.values()):
                asks = True
                one = replace(one, theirs=listed_people(call.who, call.customer, people(call.customer)))
            beside.append(one)
    columns = (column.split("\n") for column in (call.texts, call.ats))
    found = {}
    for kind, line, text, at in zip(call.kinds, call.lines, *columns, strict=False):
        kind = KINDS[int(kind)]
        if kind != "take" and (said := who_of_us(beside, kind, text, at)):
            found[str(line)] = said
    return found, asks


def tell_ours(words: str, said: str) -> str:
    """That a note is words of ours, in a sentence.

    Parameters
    ----------
    words : str
        The note's.
    said : str
        Who of us said them, and where, as from :func:`find_our_words`.

    Returns
    -------
    str
        Without a full stop.

    Examples
    --------
    >>> tell_ours("You redo it?", "Ana, a.txt:1")
    '“You redo it?” was said by one of you (Ana, a.txt:1), and does not count'
    """
    whom = "somebody of whom nobody has said whose side that is" if said.endswith(PERHAPS) else "one of you"
    return f"“{shorten(words, 80)}” was said by {whom} ({said}), and does not count"


def todo_of(said: str) -> str:
    """What to do about a note that is words of ours.

    Parameters
    ----------
    said : str
        As for :func:`tell_ours`.

    Returns
    -------
    str
        Without a full stop.

    Examples
    --------
    >>> todo_of("Ana, a.txt:1")
    'take the note out, or note what the customer said to it'
    """
    return TODO_PERHAPS if said.endswith(PERHAPS) else TODO


@cache
def _version() -> str:
    return version_of(_MADE_BY, "rapidfuzz")
