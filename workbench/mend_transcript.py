"""Another version of a call's transcript, with its notes, what was decided about them and what rests on them following."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.call_text import CallText, Change
from workbench.candidates import split_us
from workbench.customers import fold_name
from workbench.errors import InputError
from workbench.frontmatter import set_fields
from workbench.importers import Transcript
from workbench.notes import Call, format_note, parse_call, read_words
from workbench.refit import Refit, Refitted, refit_notes
from workbench.save import fingerprint, save_bytes
from workbench.store import (
    REMOVED,
    change_record,
    find_citations,
    read_call,
    read_ledger,
    reword_in_ledger,
    workspace,
    write_call,
)
from workbench.themes.attach import attach_refs
from workbench.themes.ledger import LEDGER_FILE, Ledger, Ref
from workbench.transcripts import TRANSCRIPTS, TRIAGE, parse_transcript
from workbench.triage import carry_decisions

__all__ = ["Replaced", "replace_transcript"]


@dataclass(frozen=True, slots=True)
class Replaced:
    """What came of another version of a call's transcript.

    Parameters
    ----------
    notes : Refitted
        What became of the notes that point into it.
    kept : str
        Where the old version is kept; empty when nothing was written.
    files : tuple of str
        What was written, relative to the workspace.
    """

    notes: Refitted
    kept: str = ""
    files: tuple[str, ...] = ()


def replace_transcript(
    root: str | os.PathLike[str],
    file: str,
    data: bytes,
    *,
    leave: Iterable[int] = (),
    dry: bool = False,
    us: Iterable[str] | None = None,
    who: str | None = None,
) -> Replaced:
    r"""Put another version of a call's transcript in its place, and have its notes follow.

    Quotes get the words that stand in their place now, and notes the time or turn. What was decided about a note's theme
    and what rests on it stays so under its new words, and what was decided in Triage stays decided. What is not found
    stays as it is.

    Parameters
    ----------
    root : path-like
        The workspace.
    file : str
        The call's file, relative to the workspace.
    data : bytes
        The new version, in any format that ``workbench import`` takes.
    leave : iterable of int
        Lines of notes in the call that are to stay as they are.
    dry : bool
        Whether only to say what would come of it.
    us : iterable of str, optional
        Who in the new version is one of us, as it names them; the call's ``us`` says so from then on. By default those
        who are it now.
    who : str, optional
        Who was there for the customer; the call's ``who`` says so from then on. By default it stays.

    Returns
    -------
    Replaced
        What became of the notes. The old version is kept in ``.workbench/removed/``.

    Raises
    ------
    InputError
        When the call or its transcript is not there, one of the two versions cannot be read, or one of us speaks in the
        old one and has another name, or none, in the new one, and `us` does not say which.
    SaveConflict
        Somebody saved the call meanwhile; what was written before is found, and left, by doing it again.
    SaveError
        Something could not be saved, likewise.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> said = "WEBVTT\n\n00:01.000 --> 00:02.000\nJane: I export it to {} every week.\n"
    >>> from workbench.transcripts import keep_transcript
    >>> name = keep_transcript(folder, "a.vtt", said.format("XL").encode())
    >>> call = folder / "interviews" / "a.md"
    >>> _ = call.write_text('---\ncustomer: Acme\ntranscript: a.vtt\n---\n- "I export it to XL" @00:01\n')
    >>> replaced = replace_transcript(folder, "interviews/a.md", said.format("Excel").encode())
    >>> [one.text for one in replaced.notes.changed], call.read_text().split("\n")[4]
    (['I export it to Excel'], '- "I export it to Excel" @00:01')
    """
    folder = workspace(root)
    call, loaded = read_call(folder / file, folder)
    path = folder / TRANSCRIPTS / Path(call.transcript).name
    if not call.transcript or not path.is_file():
        what = f"there is no {call.transcript!r} in {TRANSCRIPTS}/" if call.transcript else "it names no transcript"
        raise InputError(f"{call.file}: {what}; bring the new version in with  workbench import")
    before = path.read_bytes()
    old, now = parse_transcript(path, before), parse_transcript(path, data)
    ours = split_us(call.us)
    if us is None:
        _check_us(call, old, now)
    ours_now = ours if us is None else tuple(us)
    found = refit_notes(old, now, call.notes, ours, ours_now)
    if dry or before == data:
        return Replaced(found)
    kept = f"{REMOVED}/{path.name}.{secrets.token_hex(4)}"
    (folder / REMOVED).mkdir(parents=True, exist_ok=True)
    save_bytes(folder / kept, before, expected=None)
    # The transcript comes last: whatever stops this, doing it again finds the notes that follow already in the new version.
    source = _follow(call, [*found.placed, *found.changed], set(leave))
    heads = {"us": "; ".join(ours_now) or None} if ours_now != ours else {}
    if who is not None and who != call.who:
        heads["who"] = who or None
    if heads:
        source = set_fields(source, heads)
    new = parse_call(source, call.file)
    written = []
    typed = (CallText(one.source).words.values() for one in (call, new))
    if carry_decisions(folder, path.name, old, now, notes=dict(zip(*typed, strict=True)), us=ours, us_now=ours_now):
        written.append(f"{TRANSCRIPTS}/{path.name}{TRIAGE}")
    if new.source != call.source:
        written += _rename_notes(folder, call, new)
        write_call(new, folder, loaded=loaded)
        written.append(call.file)
    save_bytes(path, data, expected=fingerprint(before))
    written.append(path.relative_to(folder).as_posix())
    return Replaced(found, kept, tuple(written))


def _check_us(call: Call, old: Transcript, new: Transcript) -> None:
    """Refuse a version in which one of us has another name: what they say would be the customer's."""
    then, now = ({fold_name(turn.called): turn.called for turn in one.turns} for one in (old, new))
    gone = [name for name in split_us(call.us) if fold_name(name) in then and fold_name(name) not in now]
    if gone:
        names, who = ", ".join(gone), ", ".join(filter(None, now.values())) or "nobody with a name"
        raise InputError(
            f"{call.file}: nobody in the new version is called {names}, as one of you is in the old one; those who speak in it: "
            f"{who}. Nothing was changed, since your words would count as the customer's. Write behind  us:  in the call "
            f"who of them is one of you, in place of {names}, and do it again (from Python: us=[…] to replace_transcript)"
        )


def _follow(call: Call, found: Iterable[Refit], leave: set[int]) -> str:
    """A call's text with its notes as the new transcript has them."""
    text = CallText(call.source)
    ids = {line.line: line for line in text.lines()}
    changes = []
    for one in found:
        note = one.note
        if (one.text, one.at) != (note.text, note.at) and note.line not in leave:
            line = ids[note.line]
            words = read_words(format_note(one.text, note.kind, note.tags, one.at))
            if one.text == note.text and f"@{note.at}" in line.words:
                words = line.words.replace(f"@{note.at}", f"@{one.at}", 1)  # as typed, but for the place
            changes.append(Change("put", line.id, words))
    return text.apply(*changes)[0].source


def _rename_notes(folder: Path, call: Call, new: Call) -> list[str]:
    """Have what was decided about notes, and what rests on them, name them by their new words; gives the files."""
    pairs = [(old, now) for old, now in zip(call.notes, new.notes, strict=True) if old.id != now.id]
    if not pairs:
        return []
    written = []
    if words := _unattached(read_ledger(folder), call, new):
        reword_in_ledger(folder, words)
        written.append(LEDGER_FILE)
    ids = {old.id: now.id for old, now in pairs}
    named = re.compile("|".join(rf"(?<![\w-]){re.escape(id)}(?![\w-])" for id in sorted(ids, key=len, reverse=True)))
    for file in find_citations(folder, call.id):
        if file != LEDGER_FILE and named.search((folder / file).read_bytes().decode("utf-8", "replace")):
            change_record(folder, file, lambda text: named.sub(lambda id: ids[id[0]], text))
            written.append(file)
    return written


def _unattached(ledger: Ledger, call: Call, new: Call) -> Mapping[tuple[str, str], str]:
    """What the ledger says of notes whose new words it would not find: the old words, with the new ones.

    Most are found by their likeness, and then nothing of the ledger changes.
    """
    refs: dict[Ref, tuple[int, int]] = {}
    for record in ledger.records:
        for ref in record.notes:
            if ref.call == call.id:
                first, last = refs.get(ref, (record.at, record.at))
                refs[ref] = min(first, record.at), max(last, record.at)
    before, after = (_attach(refs, one) for one in (call, new))
    now = {old.id: one for old, one in zip(call.notes, new.notes, strict=True)}
    texts = {note.id: note.text for note in call.notes}
    return {
        (call.id, texts[id] if ref.hash else ref.text): now[id].text
        for ref, id in before.items()
        if after.get(ref) != now[id].id
    }


def _attach(refs: Mapping[Ref, tuple[int, int]], call: Call) -> dict[Ref, str]:
    notes = call.notes
    ids, texts = [note.id for note in notes], [note.text for note in notes]
    return attach_refs(refs, ids, [call.id] * len(notes), texts).found
