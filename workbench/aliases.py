"""A customer's other spelling, written into the registry's text or taken out of it; all else in it stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from workbench.customers import Customer, fold_name, parse_registry
from workbench.errors import InputError
from workbench.frontmatter import format_scalar, parse_yaml, set_fields, split_lines

__all__ = ["add_alias", "remove_alias"]

REGISTRY = "discovery/customers.yaml"


def add_alias(text: str, customer: str, alias: str) -> str:
    r"""The registry's text with one more spelling of a customer.

    Parameters
    ----------
    text : str
        The registry; empty where there is none yet.
    customer : str
        Whose spelling it is; gets an entry where the registry has none.
    alias : str
        The spelling.

    Returns
    -------
    str
        The same where the spelling stands for a customer already.

    Raises
    ------
    InputError
        When the registry cannot be read, or is written so that nothing can be put into it safely.

    Examples
    --------
    >>> print(add_alias("customers:\n  Acme:\n    segment: field  # small\n  Bolt:\n", "Acme", "Acme Inc."), end="")
    customers:
      Acme:
        segment: field  # small
        aliases: [Acme Inc.]
      Bolt:
    >>> print(add_alias("", "Acme", "Acme Inc."), end="")
    version: 1
    customers:
      Acme:
        aliases: [Acme Inc.]
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    bare = text.removeprefix(mark)
    before = parse_registry(bare)
    spellings = before.by_spelling()
    if fold_name(alias) in spellings:
        return text
    owner = spellings.get(fold_name(customer), Customer(customer))
    owner = replace(owner, aliases=(*owner.aliases, alias))
    new = _made(lambda: _with_aliases(bare, owner), [*before.customers, owner])
    if new is None:
        raise InputError(f"{REGISTRY}: {alias} could not be written into it; write it under aliases of {owner.name}")
    return mark + new


def remove_alias(text: str, customer: str, alias: str, *, entry: bool = False) -> str:
    r"""The registry's text without a spelling of a customer.

    Parameters
    ----------
    text : str
        The registry.
    customer : str
        Whose spelling it is.
    alias : str
        The spelling.
    entry : bool
        Whether the customer's entry was made for it, and goes with it where nothing else stands there.

    Returns
    -------
    str
        The same where the spelling is not one of this customer's.

    Raises
    ------
    InputError
        When the registry cannot be read, or is written so that nothing can be taken out of it safely.

    Examples
    --------
    >>> print(remove_alias("customers:\n  Acme:\n    aliases: [AF, Acme Inc.]\n  Bolt:\n", "Acme", "Acme Inc."), end="")
    customers:
      Acme:
        aliases: [AF]
      Bolt:
    """
    mark = "﻿" if text.startswith("﻿") else ""
    bare = text.removeprefix(mark)
    before = parse_registry(bare)
    spellings = before.by_spelling()
    owner = spellings.get(fold_name(alias))
    left = tuple(one for one in owner.aliases if fold_name(one) != fold_name(alias)) if owner else ()
    if owner is None or owner is not spellings.get(fold_name(customer)) or len(left) == len(owner.aliases):
        return text
    bare_entry = replace(owner, aliases=left)
    new = None
    if entry and bare_entry == Customer(owner.name, line=owner.line):
        others = [one for one in before.customers if one is not owner]
        new = _made(lambda: _without_entry(bare, owner.name), others)
    if new is None:
        new = _made(lambda: _with_aliases(bare, bare_entry), [*before.customers, bare_entry])
    if new is None:
        raise InputError(f"{REGISTRY}: {alias} could not be taken out of it; take it out under aliases of {owner.name}")
    return mark + new


def _made(change: Callable[[], str | None], customers: Iterable[Customer]) -> str | None:
    """A changed registry, in which everybody stands as expected; None where it cannot be made."""
    try:
        new = change()
        found = None if new is None else {one.name: replace(one, line=1) for one in parse_registry(new).customers}
    except InputError:
        return None
    # Whoever else stands in it is as before, or nothing is written.
    return new if found == {one.name: replace(one, line=1) for one in customers} else None


def _without_entry(text: str, name: str) -> str | None:
    """The text without a customer; None where somebody has written a comment there."""
    lines = split_lines(text)
    first = parse_yaml(text, REGISTRY).lines[f"customers.{name}"] - 1
    last = _end_of(lines, first)
    return None if any("#" in line for line in lines[first:last]) else "".join(lines[:first] + lines[last:])


def _with_aliases(text: str, owner: Customer) -> str:
    """The text with a customer's aliases set; what is written otherwise than a name a line is not touched."""
    fields = parse_yaml(text, REGISTRY)
    lines = split_lines(text)
    end = "\r\n" if text.count("\r\n") else "\n"
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    if "customers" not in fields.values:
        lines += [] if lines else [f"version: 1{end}"]
        lines.append(f"customers:{end}")
        top = len(lines) - 1
    else:
        top = fields.lines["customers"] - 1
    if fields.values.get("customers") == {}:
        lines[top] = re.sub(r":[ \t]*\{[ \t]*\}", ":", lines[top], count=1)
    if (path := f"customers.{owner.name}") in fields.lines:
        first = fields.lines[path] - 1
        if not fields.values["customers"][owner.name]:
            lines[first] = re.sub(r":[ \t]*\{[ \t]*\}", ":", lines[first], count=1)
    else:
        first = _end_of(lines, top)
        others = [fields.lines[f"customers.{name}"] - 1 for name in fields.values.get("customers") or ()]
        lines.insert(first, f"{' ' * (_indent(lines[others[0]]) if others else 2)}{format_scalar(owner.name)}:{end}")
    last = _end_of(lines, first)
    inner = "".join(lines[first + 1 : last]) or f"{' ' * (_indent(lines[first]) + 2)}aliases:{end}"
    new = set_fields(f"---{end}{inner}---{end}", {"aliases": owner.aliases or None})
    lines[first + 1 : last] = split_lines(new)[1:-1]
    return "".join(lines)


def _end_of(lines: list[str], first: int) -> int:
    """The line behind the last one that stands below a line, further in."""
    last = first + 1
    for number in range(first + 1, len(lines)):
        if lines[number].strip() and _indent(lines[number]) <= _indent(lines[first]):
            break
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            last = number + 1
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
