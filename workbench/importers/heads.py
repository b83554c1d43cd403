"""Lines of notes that say who was there or what one of us has to do: the words of nobody, and so no evidence."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.customers import split_people
from workbench.importers.interviewers import is_interviewer

__all__ = ["People", "is_to_do", "is_us", "people_in", "sides_of", "split_to_do"]

# Who was there, of either side.
_THERE = (
    r"attendees?|attending|attendance|in attendance|participants?(?: names?)?|people(?: (?:there|on the call))?|present|also present"
    r"|who was there|on the call|joined by|interviewees?|respondents?|guests?|contacts?|customer contacts?"
    r"|(?:(?:call|meeting|interview|visit) )?with|(?:met|spoke|spoken|talked) (?:with|to)|from|to|cc|bcc"
)
# One of us, by what such people are called.
_OURS = (
    r"interviewers?|interviewed by|moderators?|moderated by|facilitators?|facilitated by|hosts?|hosted by|researchers?|observers?"
    r"|note[ -]?takers?|(?:notes )?taken by|notes by|written by|recorded by|product managers?|from our side|our side"
)
# What may as well begin a sentence: "With: the old export it took an hour".
_LOOSE = re.compile(
    r"present|people|on the call|contacts?|guests?|with|from|to|cc|bcc|hosts?|our side|from our side", re.I
)
_LINE = re.compile(rf"(?P<label>(?P<ours>{_OURS})|{_THERE})(?:\s*:\s*|\s+[–—-]\s+)(?P<names>.*)", re.IGNORECASE)
_ALONE = re.compile(rf"(?P<label>(?P<ours>{_OURS})|{_THERE})\s*:?", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;&|\n/]|\s+(?:and|und|et|y|e)\s+(?=\S)|\s\+\s|\s+[–—]\s+")
_ADDRESS = re.compile(r"\s*<[^<>]*@[^<>]*>")
_BEHIND = re.compile(r"\s*[(\[](?P<what>[^()\[\]]*)[)\]]?")
_US = re.compile(r"me|i|myself|us|we|ours|our (?:team|side)|our pm|the pm|pm", re.IGNORECASE)
_SMALL = frozenset("of and for the de van von der den di da du la le bin al".split())
# Names in small letters are shorter than sentences.
_MOST_WORDS, _MOST_SMALL = 5, 3
_TO_DO = re.compile(
    r"(?:to[ -]?dos?|action(?: item| point)?s?|next[ -]steps?|follow[ -]?ups?|fup|a\.?i\.?)\s*:\s*(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_TO_DOS = re.compile(
    r"\W*(?:(?:our|my|open|the|pm|internal)\s+)*(?:to[ -]?dos?|action(?: item| point)?s?|next[ -]steps?|follow[ -]?ups?)"
    r"(?:\s+for (?:me|us))?\W*", re.IGNORECASE
)  # fmt: skip


class People(NamedTuple):
    """Who stands in a line.

    Parameters
    ----------
    theirs : tuple of str
        People of the customer, each as a call has them behind ``who``.
    ours : tuple of str
        Those of us, as the line writes them.
    unclear : tuple of str
        What is hardly a name.
    """

    theirs: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


def sides_of(who: str) -> People | None:
    """The people of a list behind ``who``, where it has both sides or several of one.

    Parameters
    ----------
    who : str
        As a field has it.

    Returns
    -------
    People or None
        None for one name, and for what is no list of people.

    Examples
    --------
    >>> sides_of("Jane Doe; Ana Ruiz (us)"), sides_of("Jane Doe, ops lead")
    (People(theirs=('Jane Doe',), ours=('Ana Ruiz (us)',), unclear=()), None)
    """
    # "With" since it may as well be no list of people.
    people = people_in(f"With: {who}")
    return people if people and (people.ours or "(" in who or len(people.theirs) > 1) else None


def people_in(line: str, above: str = "") -> People | None:
    """Who was there, where a line says nothing else.

    Parameters
    ----------
    line : str
        A line of notes, without marks.
    above : str
        The line or heading that it stands below, such as "Attendees".

    Returns
    -------
    People or None
        None for a line that says something else. Nobody stands in a line that only heads those below it.

    Examples
    --------
    >>> people_in("Attendees: Sam Lee (Bolt), Lea Novak (Bolt, dispatcher), Priya (us), me")
    People(theirs=('Sam Lee', 'Lea Novak, dispatcher'), ours=('Priya (us)', 'me'), unclear=())
    >>> people_in("Interviewer: Ana Ruiz"), people_in("With: the old export it took an hour")
    (People(theirs=(), ours=('Ana Ruiz',), unclear=()), None)
    """
    if (alone := _ALONE.fullmatch(line)) and (line.endswith(":") or not _LOOSE.fullmatch(alone["label"])):
        return People()
    if found := _LINE.fullmatch(line):
        asks = is_us(found["label"]) and found["names"].endswith(("?", "!"))
        if asks or ((_LOOSE.fullmatch(found["label"]) or is_us(found["label"])) and not _are_names(found["names"])):
            return None
        return _split(found["names"], bool(found["ours"]))
    if above and (head := _ALONE.fullmatch(above)) and _are_names(line):
        return _split(line, bool(head["ours"]))
    return None


def is_us(label: str) -> bool:
    """Whether what stands before somebody's words is what whoever takes notes calls one of us.

    Parameters
    ----------
    label : str
        As the line writes it.

    Returns
    -------
    bool
        True for "Me", "I", "We", "PM", "Interviewer" and the like; "US" is a country, and "Host" may be a computer.

    Examples
    --------
    >>> [is_us(label) for label in ("Me", "PM", "Interviewer", "US", "Host", "Ana")]
    [True, True, True, False, False, False]
    """
    if label == "US" or _LOOSE.fullmatch(label):
        return False
    return _US.fullmatch(label) is not None or is_interviewer(label)


def is_to_do(heading: str) -> bool:
    """Whether a heading stands above what one of us has to do.

    Parameters
    ----------
    heading : str
        A heading, or a line that ends in a colon.

    Returns
    -------
    bool
        True for "Next steps", "Action items:", "To-dos" and the like.

    Examples
    --------
    >>> is_to_do("Next steps:"), is_to_do("Steps of the export")
    (True, False)
    """
    return _TO_DOS.fullmatch(heading) is not None


def split_to_do(line: str) -> str:
    """What one of us has to do, where a line says that it is such.

    Parameters
    ----------
    line : str
        A line of notes.

    Returns
    -------
    str
        Without what heads it; empty for a line that says something else.

    Examples
    --------
    >>> split_to_do("TODO: send Sam the docs"), split_to_do("sends the docs")
    ('send Sam the docs', '')
    """
    found = _TO_DO.fullmatch(line)
    return found["words"] if found else ""


def _parts(names: str) -> list[str]:
    """Who stands in a list, each with what stands in brackets behind."""
    # A comma in brackets is between what somebody is.
    names = re.sub(r"[(\[][^()\[\]]*[)\]]?", lambda held: re.sub(r"[,;&|/]", "\x00", held[0]), _ADDRESS.sub("", names))
    return [part.replace("\x00", ",").strip(" .*_") for part in _BETWEEN.split(names) if re.search(r"\w", part)]


def _are_names(words: str) -> bool:
    """Whether all of a line may be names and what their bearers are, and no sentence."""
    parts = [_BEHIND.sub("", part).strip() for part in _parts(words)]
    # Who writes "me" there lists people, in small letters or not.
    listed = any(_US.fullmatch(part) for part in parts)
    return bool(parts) and all(
        not part
        or _US.fullmatch(part)
        or "@" in part
        or _is_role(part)
        or _is_name(part)
        or (listed and _is_short(part))
        for part in parts
    )


def _is_name(part: str) -> bool:
    words = part.split()
    return len(words) <= _MOST_WORDS and all(word[:1].isupper() or word.casefold() in _SMALL for word in words)


def _is_short(part: str) -> bool:
    return len(part.split()) <= _MOST_SMALL


def _is_role(part: str) -> bool:
    """Whether words say what somebody does; "Rose Driver" may be a name, "Ops Lead" and "driver" are none."""
    if len(part.split()) > _MOST_WORDS or split_people(part) != (("", part),):
        return False
    return all(
        word[:1].islower() or word.casefold() in _SMALL or split_people(word) == (("", word),) for word in part.split()
    )


def _split(names: str, ours: bool) -> People:
    theirs: list[str] = []
    us: list[str] = []
    unclear: list[str] = []
    last = us
    for part in _parts(names):
        behind = [what.strip() for found in _BEHIND.finditer(part) for what in found["what"].split(",") if what.strip()]
        name = _BEHIND.sub("", part).strip()
        if ours or _US.fullmatch(name) or any(_US.fullmatch(what) for what in behind):
            us.append(part)
            last = us
        elif _is_role(name) and last is theirs and theirs and not split_people(theirs[-1])[0][1]:
            theirs[-1] = f"{theirs[-1].rstrip(',')}, {name}"
        elif _is_role(name) and last is us and us:
            us[-1] = f"{us[-1]}, {name}"  # what one of us is
        elif name and not ("@" in name or _is_name(name) or _is_role(name) or _is_short(name)):
            unclear.append(part)
        elif name:
            roles = [what for what in behind if _is_role(what)]
            # Behind a comma it is a name whatever it means: "Rose Driver,".
            bare = name if _is_role(name) or split_people(name) == ((name, ""),) else f"{name},"
            theirs.append(f"{bare.rstrip(',')}, {' '.join(roles)}" if roles else bare)
            last = theirs
    return People(tuple(dict.fromkeys(theirs)), tuple(us), tuple(unclear))
