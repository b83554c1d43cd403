"""Notes found by words, for whatever takes them as evidence: what is found, and where nothing is, why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from workbench.themes import Themes

__all__ = ["NoteSearch", "NoteWords"]

N_FOUND = 40
# Texts lie in pieces of so many notes, so that no piece is large.
PIECE = 10_000
# Between two texts; no text has it in UTF-8.
END = b"\xff"


class NoteWords:
    """The words of notes, to be looked through: a million in some tenths of a second, in as much room as they have letters.

    Parameters
    ----------
    texts : iterable of str
        What each note says.
    *others : iterable of str
        What belongs to each note besides, such as who said it; a word may be in any of them.

    Examples
    --------
    >>> NoteWords(["The export is slow", "An invoice"], ["Acme", "Slow Ltd"]).have(["SLOW"]).tolist()
    [True, True]
    """

    def __init__(self, texts: Iterable[str], *others: Iterable[str]) -> None:
        texts = list(texts)
        self.n = len(texts)
        self.pieces = []
        for start in range(0, self.n, PIECE):
            said = [text.casefold().encode("utf-8", "surrogatepass") for text in texts[start : start + PIECE]]
            ends = np.cumsum([len(text) + 1 for text in said])
            self.pieces.append((END.join(said) + END, ends))
        # Few of these differ, so each is looked at once.
        self.others = [_distinct(other) for other in others]

    def have(self, words: Sequence[str]) -> np.ndarray:
        """Which notes have all of some words.

        Parameters
        ----------
        words : sequence of str
            Without blanks in them, in capitals or not.

        Returns
        -------
        ndarray of bool
            One a note.
        """
        found = np.ones(self.n, dtype=bool)
        for word in sorted((word.casefold() for word in words), key=len, reverse=True):
            has = self._said(word.encode("utf-8", "surrogatepass"))
            for codes, values in self.others:
                has |= np.array([word in value for value in values], dtype=bool)[codes]
            found &= has
        return found

    def _said(self, word: bytes) -> np.ndarray:
        has = np.zeros(self.n, dtype=bool)
        for k, (piece, ends) in enumerate(self.pieces):
            hits, at = [], piece.find(word)
            while at >= 0:  # on to the next note
                hits.append(at)
                at = piece.find(word, piece.find(END, at))
            if hits:
                has[k * PIECE + np.searchsorted(ends, hits, side="right")] = True
        return has


def _distinct(values: Iterable[str]) -> tuple[np.ndarray, list[str]]:
    import pandas as pd

    codes, distinct = pd.factorize(np.array(list(values), dtype=object))
    return codes, [str(value).casefold() for value in distinct]


class NoteSearch:
    r"""Notes that have all of some words, or whose theme has them in its name.

    Parameters
    ----------
    notes, uncounted : pandas.DataFrame
        The notes that are evidence, and the others, as :class:`~workbench.themes.Themes` have them.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> from workbench.themes import find_themes
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> text = "---\ncustomer: Acme\ndate: 2026-11-17\n---\n- The export is slow\n- = Export may be the cause\n"
    >>> _ = (folder / "2026-11-17-acme.md").write_text(text)
    >>> themes = find_themes(read_study(folder.parent).notes)
    >>> found = NoteSearch(themes.notes, themes.uncounted).find(themes, "EXPORT", (), lambda note: {"note": note})
    >>> found["n"], found["n_takes"], found["n_searched"]
    (1, 1, 1)
    """

    def __init__(self, notes: pd.DataFrame, uncounted: pd.DataFrame) -> None:
        self._words, self._apart = _words_of(notes), _words_of(uncounted)
        self._takes = (uncounted["kind"].astype(str) == "take").to_numpy(dtype=bool)

    def find(
        self,
        themes: Themes,
        words: str,
        listed: Collection[str],
        show: Callable[[str], dict[str, Any]],
        near: Sequence[float] = (),
    ) -> dict[str, Any]:
        """What is found.

        Parameters
        ----------
        themes : Themes
            Of the same notes, whatever the corrections.
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
            ``notes``, `N_FOUND` at most, those with the words before those of whose theme only the name has them, and ``n``,
            how many there are; ``n_listed`` of them stand there already; ``n_takes`` and ``n_uncounted`` are no evidence;
            ``n_searched`` is all.
        """
        wanted = words.casefold().split()
        notes = themes.notes
        said = self._words.have(wanted)
        summary = themes.summary
        titled = [
            theme
            for theme, name, claim in zip(summary["theme"], summary["name"], summary["claim"], strict=True)
            if wanted and all(word in (name or claim).casefold() for word in wanted)
        ]
        fit = np.flatnonzero(said | notes["theme"].isin(titled).to_numpy(dtype=bool) if titled else said)
        order = np.lexsort((-np.round(np.asarray(near)[fit], 9) if len(near) else np.zeros(len(fit)), ~said[fit]))
        here = notes["note"].iloc[fit].isin(list(listed)).to_numpy(dtype=bool)
        found = fit[order][~here[order]]
        apart = self._apart.have(wanted) if wanted else np.zeros(len(self._takes), dtype=bool)
        return {
            "notes": [show(str(note)) for note in notes["note"].iloc[found[:N_FOUND]]],
            "n": len(found),
            # Where nothing is found, why: they stand there already, or are no evidence.
            "n_listed": int(here.sum()),
            "n_takes": int((apart & self._takes).sum()),
            "n_uncounted": int((apart & ~self._takes).sum()),
            "n_searched": len(notes),
        }


def _words_of(notes: pd.DataFrame) -> NoteWords:
    return NoteWords(*(notes[column].astype(str) for column in ("text", "customer", "who")))
