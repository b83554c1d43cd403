"""Themes that somebody made elsewhere, kept as the PM's own: as records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from workbench.themes.ledger import Ledger, Record, Ref
from workbench.themes.recording import Recording, in_parts, new_hex, theme_name, with_seen
from workbench.themes.replay import replay_ledger

__all__ = ["adopt_themes"]


def adopt_themes(
    ledger: Ledger,
    named: Mapping[str, Iterable[Ref]],
    *,
    seen: Iterable[str],
    until: str,
    by: str,
    date: str,
    new_id: Callable[[], str] = new_hex,
) -> list[Record]:
    """Keep themes that somebody made elsewhere, such as the codes of a project that came in.

    Parameters
    ----------
    ledger : Ledger
        What was decided before. A theme that it keeps under the same name gets the notes.
    named : mapping of str to iterable of Ref
        The notes of each theme, by its name.
    seen : iterable of str
        Ids of all calls that are there now.
    until : str
        The day of the newest of them, where they are too many to be listed.
    by, date, new_id
        Who decides, on which day, and what gives an id of eight hex digits.

    Returns
    -------
    list of Record
        The act.

    Raises
    ------
    InputError
        When a name is empty or too long.

    Examples
    --------
    >>> from workbench.themes.ledger import Ledger, cite_note
    >>> refs = [cite_note("a", "Filters reset"), cite_note("b", "It forgets my filters")]
    >>> for record in adopt_themes(
    ...     Ledger(), {"Filters": refs}, seen=["a", "b"], until="2026-11-17", by="ana", date="2026-11-20"
    ... ):
    ...     print(record.kind, record.name, [ref.text for ref in record.notes], record.seen)
    theme Filters ['Filters reset', 'It forgets my filters'] ('a', 'b')
    """
    kept = replay_ledger(ledger, {"note": [], "call": [], "text": []})
    known = {theme.name.casefold(): theme.id for theme in kept.themes.values() if theme.name}
    act = Recording(ledger, by, date, new_id)
    for name, refs in named.items():
        name = theme_name(name)
        theme = known.get(name.casefold(), "")
        for part in in_parts(refs):
            theme = str(act.add("theme", theme=theme, name="" if theme else name, notes=part).theme)
    return with_seen(act.records, sorted(set(seen) - kept.seen), lambda: until)
