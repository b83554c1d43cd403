"""What a transcript states of its call: in the fields at its head, or in lines such as "Consent: none" above the talk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from workbench.frontmatter import split_front_matter
from workbench.importers.columns import role_of
from workbench.importers.heads import People, people_in, sides_of
from workbench.importers.jotted import LONGEST_FIELD, about_call, fields_of
from workbench.importers.turns import Line

__all__ = ["fields_in", "split_block", "stated_of"]

_PROPERTY = re.compile(r"[\s>*_-]*(?P<name>[^\W\d_][\w /()&-]{0,40}?)[\s*_]*[:：][\s*_]*(?P<value>\S.*?)[\s*_]*")  # noqa: RUF001
_HEADING = re.compile(r"\s*#{1,6}\s.*")
_WIKILINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]")
_OURS = re.compile(r"\s*\([^()]*\)\s*$")
# What nobody who talks is called, so that a block of lines in which it stands is one of fields.
_OF_FIELDS = {"consent", "date", "segment"}


def fields_in(front_matter: Sequence[Line], above: Sequence[Line]) -> list[tuple[str, str]]:
    """The fields that a text states of itself.

    Parameters
    ----------
    front_matter : sequence of Line
        What stands between the two rules at its head.
    above : sequence of Line
        What stands above the talk.

    Returns
    -------
    list of (str, str)
        Names and values; of the lines above the talk only those that say something of a call.

    Examples
    --------
    >>> fields_in([Line("customer: '[[Acme]]'", 2)], [Line("**Consent:** none", 5), Line("Trouble: it is slow", 6)])
    [('customer', 'Acme'), ('Consent', 'none')]
    """
    whole = ["---\n", *(f"{line.text}\n" for line in front_matter), "---\n"] if front_matter else []
    head = split_front_matter(whole, "")[0]
    found = []
    for name, value in head.values.items():
        values = value if isinstance(value, list) else [value]
        found.append((name, "; ".join(_plain(one) for one in values if isinstance(one, str))))
    for line in above:
        field = _PROPERTY.fullmatch(line.text) if len(line.text) <= LONGEST_FIELD else None
        if field and (role_of(field["name"]) or _people(field["name"], field["value"]) or field["name"] == "us"):
            found.append((field["name"], _plain(field["value"])))
    return found


def split_block(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    """A text without the block of fields that stands first in it, or below its title; and those.

    Parameters
    ----------
    lines : sequence of Line
        The text.

    Returns
    -------
    rest, block : sequence of Line
        The block is empty where the first lines may be talk.

    Examples
    --------
    >>> rest, block = split_block([Line("Company: Acme", 1), Line("Consent: none", 2), Line("", 3), Line("Ana: How?", 4)])
    >>> [line.text for line in block], [line.text for line in rest]
    (['Company: Acme', 'Consent: none'], ['', 'Ana: How?'])
    >>> split_block([Line("Interviewer: How?", 1), Line("Customer: It broke", 2)])[1]
    ()
    """
    start = 0
    while start < len(lines) and (not lines[start].text.strip() or _HEADING.fullmatch(lines[start].text)):
        start += 1
    block = []
    for line in lines[start:]:
        if not line.text.strip() or (block and line.number > block[-1].number + 1):
            break  # a blank line, whether it stands there or was left out
        block.append(line)
    fields = [_PROPERTY.fullmatch(line.text) for line in block if len(line.text) <= LONGEST_FIELD]
    names = [field["name"].casefold() for field in fields if field]
    if len(names) < len(block) or not len(names) == len(set(names)) > 1 or not _OF_FIELDS & set(map(role_of, names)):
        return lines, ()
    return [*lines[:start], *lines[start + len(block) :]], block


def stated_of(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What fields say of a call.

    Parameters
    ----------
    fields : iterable of (str, str)
        Names and values, from :func:`fields_in`.

    Returns
    -------
    dict of str to str
        ``customer``, ``who``, ``segment``, ``kind``, ``consent`` and ``us``, as a :class:`~workbench.importers.Transcript` takes
        them; empty where nothing is said.

    Examples
    --------
    >>> stated = stated_of([("Company", "Acme"), ("participants", "Jane Doe; Ana Ruiz (us)"), ("consent", "none")])
    >>> stated["customer"], stated["who"], stated["us"], stated["consent"]
    ('Acme', 'Jane Doe', 'Ana Ruiz', 'none')
    """
    fields = list(fields)
    found, us = fields_of(fields), [value for name, value in fields if name.strip().casefold() == "us"]
    who = found.get("who", "")
    if people := sides_of(who):
        who, us = "; ".join(people.theirs), [*us, *people.ours]
    there = [people for name, value in fields if (people := _people(name, value))]
    us += [one for people in there for one in people.ours]
    who = ", ".join(filter(None, (who, found.get("role", ""))))
    return about_call(found) | {
        "who": "; ".join(dict.fromkeys(filter(None, (who, *(one for people in there for one in people.theirs))))),
        "us": "; ".join(dict.fromkeys(_OURS.sub("", one) for one in us)),
    }


def _people(name: str, value: str) -> People | None:
    """Who was there, as by "Interviewer: Ana Ruiz"; None where a column of that name would say what it is."""
    return None if role_of(name) else people_in(f"{name}: {value}")


def _plain(words: str) -> str:
    return " ".join(_WIKILINK.sub(r"\1", words).split())
