"""What a report carries so that it can be derived again: its counts with the notes behind them, its quotes as hashes.

The manifest stands in the page as JSON in an inert element. It is made of shared claims only (see
:func:`workbench.redact.share`): notes and calls are ``C-`` ids, and words that may not leave have no hash in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.errors import InputError
from workbench.records.typed import is_day, is_week
from workbench.report.marks import MANIFEST_ID, Page, digest, read_page

__all__ = ["FORMAT", "Claim", "Manifest", "add_manifest", "find_counts_in", "make_manifest", "read_manifest"]

# The version of the manifest's shape.
FORMAT = 1
_EMPTY = f'<template id="{MANIFEST_ID}"></template>'
_CALL = re.compile(r"C-[0-9a-f]+")
_RUN = re.compile(r"\d+-\d+")


@dataclass(frozen=True, slots=True)
class Claim:
    """A count of the report.

    Parameters
    ----------
    id : str
        What is counted, such as ``themes/T-7f3a01bc/customers``; the same wherever it is shown.
    what : str
        ``customers``, ``notes``, ``calls``, ``segments``, ``weeks``, ``themes`` (those that some of the notes are in), or
        ``takes`` (the product manager's own), or ``stated`` for what follows from no notes alone.
    n : int
        How many.
    of : int or None
        Of how many.
    refs : tuple of str
        Notes (``C-<hex>:line``) or calls (``C-<hex>``) of which it is the count.
    among : tuple of str or None
        Calls or notes of which `of` is the count; None for every call of the report.
    sealed, among_sealed : str
        What stands for `refs` and `among` where they are very many, see :class:`workbench.report.cite.Seal`.
    """

    id: str
    what: str
    n: int
    of: int | None
    refs: tuple[str, ...]
    among: tuple[str, ...] | None = None
    sealed: str = ""
    among_sealed: str = ""


@dataclass(frozen=True)
class Manifest:
    """What a report carries beside what it shows.

    Parameters
    ----------
    workbench : str
        The version that made it.
    audience : str
        For whom.
    day : str
        The day that the page is of, ``YYYY-MM-DD``; empty where nothing had one.
    assumed : str
        The consent taken where none was stated; empty where all was.
    calls : tuple of str
        Every call that counted, ``C-<hex>``.
    claims : dict of str to Claim
        By id.
    quotes : dict of str to tuple of str
        Note -> the digest of its words as they may be shown, then those of parts of them that stand alone.
    parts : dict of str to str
        The page's parts in order -> the digest of their text, without what carries a claim.
    page : str
        The digest of the page without the manifest.
    sealed : bool
        Whether the manifest is as it was made.
    withheld : dict of str to str
        Note that is counted and not shown -> why: ``aggregate``, or ``assumed`` where no consent is stated.
    basis : dict
        What else the page was made of, see :func:`workbench.report.basis.describe_basis`; empty where it does not say.
    sections : tuple of str
        The notebook's sections, in its order.
    known : str
        For a page of an earlier day, which, as its title block says it; else empty.
    moments : dict of str to dict
        For each section of a week which it is of, see :func:`workbench.report.basis.describe_moment`.
    """

    workbench: str
    audience: str
    day: str
    assumed: str
    calls: tuple[str, ...]
    claims: dict[str, Claim]
    quotes: dict[str, tuple[str, ...]]
    parts: dict[str, str]
    page: str
    sealed: bool = True
    withheld: dict[str, str] = field(default_factory=dict)
    basis: dict[str, Any] = field(default_factory=dict)
    sections: tuple[str, ...] = ()
    known: str = ""
    moments: dict[str, dict[str, str]] = field(default_factory=dict)


def make_manifest(
    payloads: Sequence[dict[str, Any]],
    page: Page,
    *,
    version: str,
    audience: str = "all",
    sections: Sequence[str] = (),
    known: str = "",
    basis: Mapping[str, Any] | None = None,
    moments: Mapping[str, dict[str, str]] | None = None,
) -> str:
    """The manifest of a page, as JSON.

    Parameters
    ----------
    payloads : sequence of dict
        The claims that the page was drawn from, each after :func:`workbench.redact.share`.
    page : Page
        The page without a manifest, see :func:`workbench.report.marks.read_page`.
    version : str
        The workbench's.
    audience : str
        For whom the page is.
    sections : sequence of str
        The notebook's sections, of which the page is drawn.
    known : str
        For a page of an earlier day, which, as its title block says it.
    basis : mapping, optional
        What else the page was made of, see :func:`workbench.report.basis.describe_basis`.
    moments : mapping of str to dict, optional
        As in :class:`Manifest`.

    Returns
    -------
    str
        ASCII without ``<``, ``>`` and ``&``; the same for the same claims and page.
    """
    sets: dict[str, int] = {}

    def number(refs: Iterable[str]) -> int:
        """Of a set of notes or calls; what several claims rest on is there once."""
        key = json.dumps(_by_call(refs), separators=(",", ":"))
        return sets.setdefault(key, len(sets))

    every = sorted({call for payload in payloads for call in payload["calls"]})
    counts: dict[str, dict[str, Any]] = {}
    quotes: dict[str, list[str]] = {}
    withheld: dict[str, set[str]] = {}
    for payload in payloads:
        counts |= {count["claim"]: count for count in find_counts_in(payload["data"])}
        for note in payload["notes"].values():
            if note["text"] is not None:
                quotes.setdefault(note["ref"], [digest(_shown(note["text"]))])
            else:
                stated = payload["customers"][note["customer"]].get("stated", True)
                withheld.setdefault("aggregate" if stated else "assumed", set()).add(note["ref"])
        for statement in _statements(payload["data"]):
            note = payload["notes"][statement["note"]]
            if (words := digest(_shown(statement["statement"]))) not in quotes[note["ref"]]:
                quotes[note["ref"]].append(words)
    claims = [
        {"id": id, "what": count["what"], "n": count["n"], "of": count["of"], "refs": number(count["refs"])}
        | ({"among": number(count["among"])} if "among" in count else {})
        | {name: count[name] for name in ("sealed", "among_sealed") if name in count}
        for id, count in sorted(counts.items())
    ]
    by_call: dict[str, dict[str, list[str]]] = {}
    for ref in sorted(quotes, key=_place):
        call, _, line = ref.partition(":")
        by_call.setdefault(call, {})[line] = [quotes[ref][0], *sorted(quotes[ref][1:])]
    # In the order in which a stored notebook has it; its notes are mostly those of a count, too.
    made_of = json.loads(json.dumps(dict(basis or {}), sort_keys=True))
    made_of |= {name: number(made_of[name]) for name in ("notes", "takes") if name in made_of}
    hidden = {why: number(refs) for why, refs in sorted(withheld.items())}
    manifest = {
        "format": FORMAT,
        "workbench": version,
        "audience": audience,
        "day": (basis or {}).get("day", ""),
        "assumed": next((payload["assumed"] for payload in payloads if payload["assumed"]), ""),
        "calls": every,
        "sets": [json.loads(key) for key in sets],
        "claims": claims,
        "quotes": by_call,
        "withheld": hidden,
        "basis": made_of,
        "moments": json.loads(json.dumps(dict(moments or {}), sort_keys=True)),
        "sections": list(sections),
        "known": known,
        "parts": [[part.id, digest(part.text)] for part in page.parts],
        "page": page.digest,
    }
    return _inert(manifest | {"seal": _seal(manifest)})


def add_manifest(html: str, payloads: Sequence[dict[str, Any]], **made: Any) -> str:
    """A page with its manifest in it.

    Parameters
    ----------
    html : str
        The page as drawn, with an empty element for the manifest.
    payloads, **made
        As for :func:`make_manifest`.

    Returns
    -------
    str
        The page.
    """
    manifest = make_manifest(payloads, read_page(html), **made)
    head, tail = html.rsplit(_EMPTY, 1)
    return f"{head}{_EMPTY.replace('><', f'>{manifest}<')}{tail}"


def read_manifest(page: Page) -> Manifest:
    """The manifest of a page.

    Parameters
    ----------
    page : Page
        From :func:`workbench.report.marks.read_page`.

    Returns
    -------
    Manifest
        Whatever has been done to it; `sealed` says whether it is as it was.

    Raises
    ------
    InputError
        When there is none, or it cannot be read.

    Examples
    --------
    >>> read_manifest(read_page("<p>Nothing</p>"))
    Traceback (most recent call last):
    workbench.errors.InputError: the page carries no claims; a report of `workbench report` does (for others: --against)
    """
    if page.manifest is None:
        raise InputError("the page carries no claims; a report of `workbench report` does (for others: --against)")
    try:
        stored = json.loads(page.manifest)
        seal = stored.pop("seal", "")
        if stored["format"] != FORMAT:
            raise InputError(
                f"the claims in the page are of format {stored['format']!r:.20}, and this workbench knows {FORMAT}; "
                "verify it with the workbench that made it, or export it again"
            )
        sets = [_refs(group) for group in stored["sets"]]
        claims = [
            Claim(str(row["id"]), str(row["what"]), int(row["n"]), None if row["of"] is None else int(row["of"]),
                  sets[row["refs"]], sets[row["among"]] if "among" in row else None,
                  str(row.get("sealed", "")), str(row.get("among_sealed", "")))
            for row in stored["claims"]
        ]  # fmt: skip
        return Manifest(
            workbench=str(stored["workbench"]),
            audience=str(stored["audience"]),
            day=str(stored["day"]),
            assumed=str(stored["assumed"]),
            calls=tuple(map(str, stored["calls"])),
            claims={claim.id: claim for claim in claims},
            quotes={
                f"{call}:{line}": tuple(map(str, digests))
                for call, lines in stored["quotes"].items()
                for line, digests in lines.items()
            },
            parts={str(id): str(text) for id, text in stored["parts"]},
            page=str(stored["page"]),
            withheld={
                ref: str(why) for why, group in stored.get("withheld", {}).items() for ref in sets[group] if ":" in ref
            },
            basis=_read_basis(stored.get("basis", {}), sets),
            sections=tuple(map(str, stored.get("sections", ()))),
            known=str(stored.get("known", "")),
            moments={str(name): _read_moment(moment) for name, moment in stored.get("moments", {}).items()},
            sealed=seal == _seal(stored) and page.n_manifests == 1 and page.manifest == _inert(stored | {"seal": seal}),
        )
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            "the claims in the page cannot be read; they were changed after the export, so export it again"
        ) from error


def _read_basis(stored: dict[str, Any], sets: list[tuple[str, ...]]) -> dict[str, Any]:
    """What may be relied on to be of its kind; what is in no basis of today is left out."""
    if not stored:
        return {}
    return {
        **{name: [str(one) for one in stored[name]] for name in ("apart", "acts", "never")},
        **{name: sets[stored[name]] if name in stored else () for name in ("notes", "takes")},
        "empty": [str(one) for one in stored.get("empty", ())],
        "as_of": stored["as_of"] if is_day(str(stored.get("as_of", ""))) else "",
        "records": {str(file): str(text) for file, text in stored["records"].items()},
        "drafts": int(stored["drafts"]),
        "drawing": str(stored.get("drawing", "")),
        "fit": [one if one == "auto" else int(one) for one in stored["fit"]],
    }


def _read_moment(stored: dict[str, Any]) -> dict[str, str]:
    moment = {name: str(stored[name]) for name in ("week", "today", "since", "record")}
    if not (is_week(moment["week"]) and is_day(moment["today"])):
        raise ValueError(moment)
    return moment


def find_counts_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every count in a section's data.

    Parameters
    ----------
    value : dict or list or other
        The data, or a part of it.

    Yields
    ------
    dict
        As :func:`workbench.report.cite.make_count` makes it.

    Examples
    --------
    >>> [count["n"] for count in find_counts_in({"rows": [{"claim": "study/notes", "n": 3, "refs": []}]})]
    [3]
    """
    if isinstance(value, dict):
        if "claim" in value and "refs" in value:
            yield value
        for item in value.values():
            yield from find_counts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from find_counts_in(item)


def _statements(value: Any) -> Iterator[dict[str, str]]:
    """All words of a note that stand by themselves."""
    if isinstance(value, dict):
        if "statement" in value:
            yield value
        for item in value.values():
            yield from _statements(item)
    elif isinstance(value, list):
        for item in value:
            yield from _statements(item)


def _shown(text: str) -> str:
    """A text as the page has it."""
    from workbench.report.view import show

    return show(text)


def _place(ref: str) -> tuple[str, int, int]:
    """Call, and first and last line; 0 stands for the call as a whole."""
    call, _, lines = ref.partition(":")
    first, _, last = lines.partition("-")
    return call, int(first or 0), int(last or first or 0)


def _by_call(refs: Iterable[str]) -> dict[str, list[int | str]]:
    """Call -> lines, those that follow each other as "2-17"; no lines stand for the call as a whole."""
    groups: dict[str, list[int | str]] = {}
    for call, first, last in sorted({_place(ref) for ref in refs}):
        groups.setdefault(call, []).extend([first if first == last else f"{first}-{last}"] if first else [])
    return groups


def _refs(groups: dict[str, list[int | str]]) -> tuple[str, ...]:
    for call in groups:
        if not _CALL.fullmatch(call):
            raise ValueError(call)
    return tuple(
        ref
        for call, lines in groups.items()
        for ref in ([f"{call}:{n if _RUN.fullmatch(str(n)) else int(n)}" for n in lines] or [call])
    )


def _seal(manifest: dict[str, Any]) -> str:
    return digest(json.dumps(manifest, sort_keys=True, separators=(",", ":")))


def _inert(manifest: dict[str, Any]) -> str:
    """JSON that ends no element and opens none."""
    text = json.dumps(manifest, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
