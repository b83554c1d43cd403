"""The page that a PM reads before a report is sent: every word that will leave, what was replaced, and what stays.

It shows names and files, so it is for the workspace only: it lies in ``.workbench/review/`` and says so at its head.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from workbench.redact import Redactor, everyone_in, name_places, redactors, rename_places, share
from workbench.report import MIMETYPE, VERSION
from workbench.report.audiences import audience_of
from workbench.report.export import run_notebook
from workbench.report.exporter import FOR_PM
from workbench.report.guard import texts_of
from workbench.report.view import HEADINGS, render_review
from workbench.save import fingerprint, save_bytes

__all__ = ["collect_review", "review_report"]

FOLDER = ".workbench/review"
_LEVELS = {
    "none": "asked not to be used at all",
    "aggregate": "agreed to be counted, not quoted",
    "quote": "agreed to be quoted",
    "named": "agreed to be quoted and named",
}


def review_report(
    notebook: str | os.PathLike[str],
    *,
    workspace: str | os.PathLike[str] | None = None,
    assume_consent: str | None = None,
    today: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Run a copy of a notebook and write down what its report would tell others.

    Parameters
    ----------
    notebook : path-like
        The notebook; it is not changed.
    workspace, assume_consent, today, progress
        As for :func:`workbench.report.export.export_report`.

    Returns
    -------
    pathlib.Path
        The page, in ``.workbench/review/`` of the workspace: it shows names, and is not for sending.

    Raises
    ------
    InputError
        When the notebook cannot be read or a cell fails.
    SaveError
        When the page cannot be written.
    """
    from workbench.store import workspace as find_workspace

    path = Path(notebook)
    root = find_workspace(workspace if workspace is not None else path.resolve().parent.parent)
    executed = run_notebook(path, root, assume_consent=assume_consent, today=today, progress=progress)
    html = render_review(collect_review(executed), notebook=path.name)
    target = root / FOLDER / f"{path.stem} NOT FOR SENDING.html"
    save_bytes(target, html.encode(), expected=fingerprint(target.read_bytes()) if target.exists() else None)
    return target


def collect_review(notebook: NotebookNode) -> dict[str, Any]:
    """What the report of a notebook would tell others, beside what stands in the workspace.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook, executed.

    Returns
    -------
    dict
        ``customers`` (what each is called outside, its consent, its people), ``quotes`` and ``written`` (what leaves:
        pieces of before and after), ``withheld`` (notes that do not leave, and why), ``pictures`` and ``stays``. Sorted,
        the same for the same notebook.
    """
    local = [
        (number, output["data"][MIMETYPE])
        for number, cell in enumerate(notebook.cells, 1)
        for output in cell.get("outputs", [])
        if isinstance(output.get("data", {}).get(MIMETYPE), dict) and output["data"][MIMETYPE].get("version") == VERSION
    ]
    customers = {name: customer for _, payload in local for name, customer in everyone_in(payload).items()}
    redact, *names = redactors([customers, *(everyone_in(payload) for _, payload in local)])
    quotes: dict[str, dict[str, Any]] = {}
    withheld: dict[str, dict[str, Any]] = {}
    written: dict[str, dict[str, Any]] = {}
    for (_, payload), its_names in zip(local, names, strict=True):
        shared, heading = share(payload, its_names), HEADINGS[payload["section"]] or "Title block"
        for note in payload["notes"].values():
            shown, who = shared["notes"][note["ref"]], customers[note["customer"]]
            consent = _consent(who)
            row = {"where": note["where"], "ref": note["ref"], "customer": note["customer"], "consent": consent}
            if shown["text"] is None:
                withheld[note["where"]] = row | {"text": note["text"]}
            else:
                row |= _beside(redact, note["text"], shown["text"]) | {"shown_as": shown["customer"], "in": []}
                sections = quotes.setdefault(note["where"], row)["in"]
                sections += [heading] if heading not in sections else []
        for note in payload.get("withheld", []):
            stays = {
                "where": note["where"],
                "text": note["text"],
                "customer": "",
                "consent": "no consent to quote, or not counted",
            }
            withheld.setdefault(note["where"], stays)
        cited = payload.get("cited", {})
        for key, text, _ in texts_of(payload["data"]):
            if key not in ("statement", "terms") and text.strip():
                places = written.setdefault(
                    text, {"in": []} | _beside(redact, text, redact(rename_places(text, cited)))
                )["in"]
                places += [heading] if heading not in places else []
    pictures, stays = [], []
    named = name_places(payload for _, payload in local)
    for number, cell in enumerate(notebook.cells, 1):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown" and FOR_PM in tags:
            stays.append(f"Cell {number}: a text for the product manager")
        elif cell.cell_type == "markdown":
            readers = audience_of(tags)
            where = f"Cell {number}" + (f" (for {', '.join(sorted(readers))})" if readers else "")
            if cell.source.strip():
                source = re.sub(r"data:image/[^)\s]*", "(picture)", cell.source)
                written[where] = {"in": [where]} | _beside(redact, source, redact(rename_places(source, named)))
            pictures += [where] * len(re.findall(r"data:image/", cell.source))
        for output in cell.get("outputs", []):
            if MIMETYPE not in output.get("data", {}) and output.get("metadata", {}).get("workbench") not in (
                "still",
                "live",
            ):
                kind = output.get("name") or ", ".join(output.get("data", {})) or output.output_type
                stays.append(f"Cell {number}: its output ({kind})")
    for place in quotes:
        withheld.pop(place, None)
    return {
        "customers": [
            {
                "name": name, "shown_as": name if who["consent"] == "named" else who["pseudonym"], "names": who["names"],
                "people": [{"name": person, "shown_as": redact(person)} for person in who["people"]],
                "consent": _consent(who),
            }
            for name, who in sorted(customers.items())
        ],
        # What was replaced comes first.
        "quotes": sorted((quotes[place] for place in _by_place(quotes)), key=lambda row: not row["changed"]),
        "written": sorted(written.values(), key=lambda row: not row["changed"]),
        "withheld": [withheld[place] for place in _by_place(withheld)],
        "pictures": pictures,
        "stays": stays,
    }  # fmt: skip


def _consent(who: dict[str, Any]) -> str:
    if who["stated"]:
        return _LEVELS[who["consent"]]
    return f"nothing is on record, so “{who['consent']}” is assumed"


def _beside(redact: Redactor, before: str, after: str | None = None) -> dict[str, Any]:
    """A text in pieces: what stays, and what gives way to what."""
    after = redact(before) if after is None else after
    pieces: list[tuple[str, str]] = []  # as it is, and what stands for it; empty where it stays
    at = 0
    for stand_in, words, start in redact.find(before):
        pieces += [(before[at:start], ""), (words, stand_in)]
        at = start + len(words)
    pieces.append((before[at:], ""))
    if "".join(stand_in or words for words, stand_in in pieces) != after:  # found by how it looks, not as it is written
        pieces = [(before, after)]
    return {"pieces": [piece for piece in pieces if piece[0]], "changed": before != after}


def _by_place(places: Iterable[str]) -> list[str]:
    """By file, then by line as a number."""
    return sorted(places, key=lambda place: (place.rpartition(":")[0], int(place.rpartition(":")[2] or 0)))
