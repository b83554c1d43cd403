"""On whose side each speaker of a transcript is, by what the call says: one of us, the customer's, or nobody has said.

A name counts as written, whatever its letters, spaces and Unicode form. One that only looks like a name that is known ("Ana" or "Ana P."
for Ana Pavic) joins nobody: where it may be one of us, whose words are no evidence, nobody has said whose side it is on, and
what is said there does not count until somebody does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from workbench.customers import fold_name, split_people
from workbench.importers.contents import NAMELESS

__all__ = ["Placed", "listed_people", "may_be", "place_speakers", "without_commas"]

# Names of so many equal letters of a hundred (rapidfuzz's ratio) may be one that is spelled twice: Ana and Anna Ruiz.
LIKE = 88
_BEHIND = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_WORD = re.compile(r"\w+")


class Placed(NamedTuple):
    """Somebody who speaks in a transcript, and whose side that is.

    Parameters
    ----------
    name : str
        As `us` of a call writes it: `NAMELESS` for turns without a name.
    side : str
        ``us``, ``customer``, or empty where nobody has said.
    why : str
        Why it may be the other side, or may be one of us; empty where nothing speaks for that.
    listed : bool
        Whether the name stands behind ``us`` or among the customer's people, so that it is kept from leaving.
    """

    name: str
    side: str
    why: str = ""
    listed: bool = True


def listed_people(who: str, customer: str = "", people: Iterable[str] = ()) -> tuple[str, ...]:
    """The names on the customer's side of a call.

    Parameters
    ----------
    who, customer : str
        As the call has them.
    people : iterable of str
        Those of the customer in the registry, likewise.

    Returns
    -------
    tuple of str
        Without roles.

    Examples
    --------
    >>> listed_people("Jane Doe, ops lead; driver", "Acme", ["Tom Poe, finance"])
    ('Jane Doe', 'Tom Poe', 'Acme')
    """
    named = (person for one in (who, *people) for person, _ in split_people(one))
    return tuple(filter(None, dict.fromkeys([*named, customer])))


def place_speakers(names: Iterable[str], us: Sequence[str], theirs: Sequence[str]) -> dict[str, Placed]:
    """Whose side each speaker is on.

    Parameters
    ----------
    names : iterable of str
        Who speaks, as :attr:`workbench.importers.Turn.called` gives it.
    us : sequence of str
        Who is one of us, as the call says; of none whoever is called by what those who ask are called.
    theirs : sequence of str
        Names on the customer's side, as from :func:`listed_people`.

    Returns
    -------
    dict of str to Placed
        By name.

    Examples
    --------
    >>> found = place_speakers(["Ana Ruiz", "Ana", "Jane", "Tom"], ["Ana Ruiz"], ["Jane Doe"])
    >>> [(one.name, one.side, one.listed) for one in found.values()]
    [('Ana Ruiz', 'us', True), ('Ana', '', False), ('Jane', 'customer', True), ('Tom', 'customer', False)]
    >>> found["Ana"].why
    'may be Ana Ruiz, who is one of you'
    """
    names = list(dict.fromkeys(names))
    exact = {fold_name(name) for name in names}
    ours = {fold_name(name) for name in us}
    # One of us whom nobody who speaks can be: somebody has another name here. That may be anybody who is not listed, as long as
    # the call lists who else speaks, or nobody of us is known at all.
    others = [name for name in names if fold_name(name) not in ours]
    gone = [
        name
        for name in us
        if name != NAMELESS and fold_name(name) not in exact and not any(_may_be_called(one, name) for one in others)
    ]
    if exact & ours and not exact.intersection(map(fold_name, theirs)):
        gone = []
    return {name: _place(name, us, ours, theirs, exact, gone) for name in names}


def _place(
    name: str, us: Sequence[str], ours: set[str], theirs: Sequence[str], exact: set[str], gone: Sequence[str]
) -> Placed:
    from workbench.arrivals import is_label  # which brings the readers of files along
    from workbench.importers.interviewers import is_interviewer

    folded = fold_name(name)
    of_theirs = [one for one in theirs if may_be(name, one)]
    if folded in ours:
        other = next((one for one in of_theirs if fold_name(one) not in ours | exact), "")
        return Placed(name, "us", f"may be {other}, who is the customer's" if other else "")
    if not ours and is_interviewer(name):
        return Placed(name, "us")
    if name == NAMELESS or without_commas(folded) in map(fold_name, theirs):
        return Placed(name, "customer")
    listed = any(set(_words(name)) <= set(_words(one)) for one in theirs)
    if of_us := [one for one in us if may_be(name, one)]:
        also = f", or {of_theirs[0]}, who is the customer's" if of_theirs else ""
        return Placed(name, "", f"may be {of_us[0]}, who is one of you{also}", listed)
    if of_theirs:
        return Placed(name, "customer", listed=listed)
    if is_interviewer(name):
        return Placed(name, "", "is called as those who ask are", True)
    if gone:
        return Placed(name, "", f"may be {gone[0]}, who is one of you and whom nobody is called", is_label(name))
    return Placed(name, "customer", listed=is_label(name))


def may_be(name: str, other: str) -> bool:
    """Whether two names may be one person's: one is a part of the other, with initials, or they differ by a letter or an accent.

    Other initials or numbers are another person's.

    Parameters
    ----------
    name, other : str
        As they are written somewhere.

    Returns
    -------
    bool
        What stands in brackets behind a name may be the other one, too: "Ana (Acme)" may be of Acme.

    Examples
    --------
    >>> [may_be("Ana P.", other) for other in ("Ana Pavić", "ana pavic (Acme)", "Ana", "Ana Ruiz", "Pia")]
    [True, True, True, False, False]
    """
    behind = [found for one in (name, other) for found in _BEHIND.findall(one)]
    if any(_words(found) == _words(one) for found in behind for one in (name, other)):
        return True
    few, many = sorted((_words(name), _words(other)), key=len)
    if not few:
        return False
    # Speaker 1 and Speaker 2, Christina P. and Christina R. are two, however alike the rest is.
    told, also_told = set(filter(_tells, few)), set(filter(_tells, many))
    is_apart = bool(told and also_told) and told != also_told
    if not is_apart and fuzz.ratio(" ".join(few), " ".join(many)) >= LIKE:
        return True
    left = list(many)
    for word in few:
        found = next((one for one in left if word == one), None) or next(
            (one for one in left if _initial(word, one)), None
        )
        if found is None:
            return False
        left.remove(found)
    # An initial alone may be anybody's.
    return any(word in many and len(word) > 1 for word in few)


def without_commas(name: str) -> str:
    """A name as ``who`` of a call can have it, where a role stands behind a comma.

    Parameters
    ----------
    name : str
        As a transcript has it.

    Returns
    -------
    str
        The same but for commas.

    Examples
    --------
    >>> without_commas("Pavić, Ana")
    'Pavić Ana'
    """
    return " ".join(name.replace(",", " ").split())


def _initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0] and one[0].isalpha()


def _tells(word: str) -> bool:
    """Whether a word of a name is a number or an initial."""
    return len(word) == 1 or any(letter.isdigit() for letter in word)


def _may_be_called(name: str, one_of_us: str) -> bool:
    from workbench.importers.interviewers import is_interviewer

    return is_interviewer(name) or may_be(name, one_of_us)


def _words(name: str) -> list[str]:
    """The words of a name, without accents and what stands in brackets behind it."""
    bare = unicodedata.normalize("NFKD", fold_name(_BEHIND.sub(" ", name) if _BEHIND.sub("", name).strip() else name))
    return _WORD.findall("".join(letter for letter in bare if not unicodedata.combining(letter)))
