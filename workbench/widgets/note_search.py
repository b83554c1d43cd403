"""Notes found by words, for whatever takes them as evidence: what is found, and where nothing is, why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.themes import Themes

__all__ = ["search_notes"]

N_FOUND = 40


def search_notes(
    themes: Themes,
    words: str,
    listed: Collection[str],
    show: Callable[[str], dict[str, Any]],
    near: Sequence[float] = (),
) -> dict[str, Any]:
    r"""Notes that have all of some words, or whose theme has them in its name.

    Parameters
    ----------
    themes : Themes
        From :func:`workbench.find_themes`.
    words : str
        As they are typed; empty for all notes.
    listed : collection of str
        Notes that stand there already.
    show : callable
        Gives what a face shows of a note.
    near : sequence of float, optional
        How near each note is to what is looked at; the nearest stand first.

    Returns
    -------
    dict
        ``notes``, `N_FOUND` at most, those with the words before those of whose theme only the name has them, and ``n``, how many
        there are; ``n_listed`` of them stand there already; ``n_takes`` and ``n_uncounted`` are no evidence; ``n_searched`` is all.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> from workbench.themes import find_themes
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> text = "---\ncustomer: Acme\ndate: 2026-11-17\n---\n- The export is slow\n- = Export may be the cause\n"
    >>> _ = (folder / "2026-11-17-acme.md").write_text(text)
    >>> found = search_notes(find_themes(read_study(folder.parent).notes), "EXPORT", (), lambda note: {"note": note})
    >>> found["n"], found["n_takes"], found["n_searched"]
    (1, 1, 1)
    """
    wanted = words.casefold().split()
    notes, uncounted = themes.notes, themes.uncounted

    def has(text: str) -> bool:
        text = text.casefold()
        return all(word in text for word in wanted)

    titled = {row.theme for row in themes.summary.itertuples(index=False) if wanted and has(row.name or row.claim)}
    rows = enumerate(notes.itertuples(index=False))
    fit = [
        (not said, -round(near[i], 9) if len(near) else 0, i, row.note)
        for i, row in rows
        for said in [has(f"{row.text} {row.customer} {row.who}")]
        if said or row.theme in titled
    ]
    found = [note for *_, note in sorted(fit) if note not in listed]
    apart = [
        str(row.kind) == "take"
        for row in uncounted.itertuples(index=False)
        if wanted and has(f"{row.text} {row.customer} {row.who}")
    ]
    return {
        "notes": [show(note) for note in found[:N_FOUND]],
        "n": len(found),
        # Where nothing is found, why: they stand there already, or are no evidence.
        "n_listed": len(fit) - len(found),
        "n_takes": sum(apart),
        "n_uncounted": len(apart) - sum(apart),
        "n_searched": len(notes),
    }
