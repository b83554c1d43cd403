"""A transcript's candidates, kept by content: a call that was looked through is not looked through anew.

What is kept are places in the transcript and no words of it, beside the calls in ``.workbench/candidates/``, one file a
transcript. An hour's call takes a quarter of a second to be looked through, and a tenth of that to be read again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from workbench.candidates import Candidate, cite_turn, find_candidates
from workbench.importers import Transcript, Turn
from workbench.kept import keep, load_kept, version_of
from workbench.save import fingerprint
from workbench.signals import Signal
from workbench.signals.amount import Amount
from workbench.themes.languages import Languages
from workbench.themes.words import split_words
from workbench.transcripts import TRANSCRIPTS, parse_transcript

__all__ = ["read_candidates"]

KEPT = ".workbench/candidates"
# A shorter transcript, of a few minutes, is looked through in a few hundredths of a second.
WORTH_KEEPING = 10_000  # bytes
# Whatever reads, cuts, finds and ranks.
_MADE_BY = (
    "candidates.py",
    "customers.py",
    "kept_candidates.py",
    "notes.py",
    "importers/*.py",
    "signals/*.py",
    "themes/languages.py",
    "themes/words.py",
    "unspaced.py",
)


def read_candidates(root: Path, name: str, us: Iterable[str]) -> tuple[Transcript, tuple[Candidate, ...]]:
    r"""A transcript, and what in it may be worth a note.

    Parameters
    ----------
    root : pathlib.Path
        A workspace, as from :func:`workbench.workspace`.
    name : str
        The transcript, as the call's field ``transcript`` has it.
    us : iterable of str
        Who in it is one of us.

    Returns
    -------
    transcript : Transcript
        What was said.
    candidates : tuple of Candidate
        As :func:`workbench.candidates.find_candidates` gives them, whether found or taken from what was kept.

    Raises
    ------
    OSError
        When there is no such file.
    InputError
        When it is no transcript.

    Examples
    --------
    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp()); (root / TRANSCRIPTS).mkdir(parents=True)
    >>> _ = (root / TRANSCRIPTS / "a.txt").write_text("Ana: You redo it?\n\nJane: I redo it all each Friday.\n\nAna: Oh?\n\nJane: Yes.\n")
    >>> [one.text for one in read_candidates(root, "a.txt", ["Ana"])[1]]
    ['I redo it all each Friday.']
    """
    stat = (root / TRANSCRIPTS / name).stat()
    return _read(root, name, (stat.st_ino, stat.st_size, stat.st_mtime_ns), tuple(us))


# An hour's call takes a third of a megabyte to be remembered.
@lru_cache(maxsize=256)
def _read(
    root: Path, name: str, marks: tuple[int, ...], us: tuple[str, ...]
) -> tuple[Transcript, tuple[Candidate, ...]]:
    path = root / TRANSCRIPTS / name
    data = path.read_bytes()
    transcript = parse_transcript(path, data)
    if len(data) < WORTH_KEEPING:
        return transcript, _look_through(transcript, us)
    # One file a transcript: another version of it, or of who is one of us, takes the place of the one before.
    file = root / KEPT / f"{fingerprint(name.encode())}.json"
    of = fingerprint(json.dumps([fingerprint(data), us]).encode())
    known, before = load_kept(file, _version())
    if known and known["of"] == of:
        return transcript, tuple(_unpack(row, transcript.turns) for row in known["candidates"])
    found = _look_through(transcript, us)
    keep(file, _version(), {"of": of, "candidates": [_pack(one) for one in found]}, before)
    return transcript, found


def _look_through(transcript: Transcript, us: tuple[str, ...]) -> tuple[Candidate, ...]:
    shares = Languages().fit([split_words(turn.text) for turn in transcript.turns]).priors_
    spoken = max(shares, key=lambda code: shares[code])  # what most of it is spoken in
    return tuple(find_candidates(transcript, us, language=spoken))


def _pack(one: Candidate) -> list[Any]:
    signals = [[signal.rule, signal.kind, signal.span, signal.amount] for signal in one.signals]
    return [one.turn, one.start, one.end, one.worth, signals]


def _unpack(row: list[Any], turns: tuple[Turn, ...]) -> Candidate:
    number, start, end, worth, packed = row
    turn = turns[number]
    text = turn.text[start:end]
    signals = tuple(
        Signal(rule, kind, (first, last), text[first:last], Amount(*amount) if amount else None)
        for rule, kind, (first, last), amount in packed
    )
    at, line = cite_turn(turn, number, start), turn.piece_at(start).line
    return Candidate(number, start, end, text, turn.speaker, at, line, signals, worth)


@cache
def _version() -> str:
    return version_of(_MADE_BY, "sentencex")
