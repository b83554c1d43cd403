"""From claims to HTML, through templates that escape everything by default."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workbench.charts import lay_out_bar, lay_out_curve, lay_out_matrix
from workbench.report.one_page import choose_for_page, sheet_for

__all__ = ["HEADINGS", "hash_style", "render_page", "render_review", "render_section", "show"]

TEMPLATES = Path(__file__).parent / "templates"
HEADINGS = {
    "overview": "",
    "learned": "What we learned",
    "this_week": "This week’s calls",
    "themes": "Themes",
    "who_raised_what": "Who raised what",
    "week_by_week": "Week by week",
    "heard_enough": "Did we hear enough?",
    "hypotheses": "Hypotheses",
    "decisions": "Decisions needed",
    "bets": "Bets, and what we leave out",
    "who_we_talked_to": "Who we heard from, and who not",
    "limits": "Limits",
    "quotes": "Every quote",
    "focus": "This week",
    "touchpoints": "Who we talk to",
    "due": "Due for another look",
    "capacity": "What gets finished",
    "slice": "The thinnest slice",
    "delta": "What changed",
    "enablement": "For sales and customer success",
    "readout": "The week",
    "backlog": "The order of work",
    "calibration": "How sure we were, and what came of it",
    "quarter": "The quarter",
    "progress": "Bets, month by month",
    "pricing": "What customers say about price",
    "decision_log": "Every decision",
    "one_pager": "One page for a decision",
}
_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SAME_YEAR = re.compile(r"\b(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})\b")
_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()
_MONTHS = "January February March April May June July August September October November December".split()
# Characters that reorder or hide text (UAX #9); shown, so that a name cannot pose as another.
# What no HTML file may hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")


def render_section(
    payload: dict[str, Any], *, shared: bool, title: str = "", here: Collection[str] | None = None
) -> str:
    """One section as HTML.

    Parameters
    ----------
    payload : dict
        Claims, see :mod:`workbench.report.claims`; for others, after :func:`workbench.redact.share`.
    shared : bool
        Whether the section leaves the workspace; within it, it brings its own styles and JupyterLab's colours.
    title : str
        The page's title, for an overview that has none.
    here : collection of str, optional
        The sections that the page has, so that nothing links to one that it leaves out; all of them by default.

    Returns
    -------
    str
        Static HTML: no script, no random id, no clock.
    """
    html = (
        _environment()
        .get_template("section.html.j2")
        .render(
            p=payload,
            name=payload["section"],
            heading=HEADINGS[payload["section"]],
            shared=shared,
            title=title,
            here=here,
        )
    )
    return _visible(_UNWRITABLE.sub("", html))


def render_page(parts: list[dict[str, str]], *, title: str, header: str, n_notes: int, version: str, form: str) -> str:
    """The whole report as one HTML file.

    Parameters
    ----------
    parts : list of dict
        ``html`` of each part in order; ``id`` and ``heading`` where it is listed in the contents.
    title : str
        The page's title, equal to its one h1.
    header : str
        HTML of the title block.
    n_notes : int
        Notes that count, for the last paragraph.
    version : str
        The workbench's version.
    form : str
        What is made of it: ``html``, ``pdf`` or ``md``, which has no style. The last paragraph says how that is checked.

    Returns
    -------
    str
        A document that asks nothing of the network.
    """
    html = _environment().get_template("page.html.j2").render(
        parts=[part | {"html": Markup(part["html"])} for part in parts],
        title=title, header=Markup(header), n_notes=n_notes, version=version, form=form,
    )  # fmt: skip
    return _visible(_UNWRITABLE.sub("", html))


def render_review(review: dict[str, Any], *, notebook: str) -> str:
    """What a report would tell others, for whoever sends it.

    Parameters
    ----------
    review : dict
        From :func:`workbench.report.review.collect_review`.
    notebook : str
        The notebook's name.

    Returns
    -------
    str
        A document that asks nothing of the network. It shows names and is not for sending.
    """
    html = _environment().get_template("review.html.j2").render(review=review, notebook=notebook)
    return _visible(_UNWRITABLE.sub("", html))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "anchor": lambda text: re.sub(r"[^A-Za-z0-9]+", "-", text),
        "bar": lay_out_bar,
        "curve": _curve,
        "dates": _spell_all,
        "day": _spell,
        # Of the page's one style, so that a browser takes no other (Content Security Policy, level 2).
        "digest": hash_style,
        "day_month": lambda day: _spell(day, year=False),
        "matrix": _matrix,
        "one_page": lambda data, payload: choose_for_page(data, payload, lambda text: show(_spell_all(text))),
        "plain": lambda text: Markup(text).striptags(),
        "sheet": sheet_for,
        "short": lambda number: f"{number:,g}",
        "spelled": lambda n: _NUMBERS[n] if n < len(_NUMBERS) else str(n),
        "sentence": lambda text: text[:1].upper() + text[1:],
        "visible": _visible,
        "with_text": lambda ids, notes: [note for note in ids if notes[note]["text"] is not None],
    }
    return environment


def hash_style(style: str) -> str:
    """What a page's Content Security Policy calls the one style that it takes.

    Parameters
    ----------
    style : str
        The style, to the letter.

    Returns
    -------
    str
        SHA-256 in base 64.

    Examples
    --------
    >>> hash_style("p{margin:0}")
    'QRQPRLGyxt3RJiKpYNjpkgHcmHU2PywsfL2e8oI0LQA='
    """
    return base64.b64encode(hashlib.sha256(str(style).encode()).digest()).decode()


def show(text: str) -> str:
    r"""A text as it stands in a page.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Without what no HTML file may hold, and with a code for each sign that reorders or hides text.

    Examples
    --------
    >>> show("a\x00b\u202ec")
    'ab⟨U+202E⟩c'
    """
    return _visible(_UNWRITABLE.sub("", text))


def _visible(text: str) -> str:
    return _BIDI.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def _spell(day: str, *, year: bool = True) -> str:
    """An ISO day as a person writes it; anything else as it is."""
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{parsed.day} {_MONTHS[parsed.month - 1] if year else _MONTHS[parsed.month - 1][:3]}" + (
        f" {parsed.year}" if year else ""
    )


def _spell_all(text: str) -> str:
    """ISO days in a text as a person writes them; of two in one year, "20 October to 17 November 2026"."""

    def span(found: re.Match[str]) -> str:
        first, last = _spell(found[1]), _spell(found[2])
        return f"{first.removesuffix(found[1][:4]).rstrip() if found[1][:4] == found[2][:4] else first} to {last}"

    return _ISO_DAY.sub(lambda found: _spell(found[0]), _SAME_YEAR.sub(span, text))


def _curve(data: dict[str, Any], payload: dict[str, Any], unit: str) -> dict[str, Any]:
    """The layout of the curve of "did we hear enough"."""
    points = [point | {"day": _spell(point["day"], year=False)} for point in data["curve"]]
    return lay_out_curve(points, base=data["base"], unit=unit)


def _matrix(data: dict[str, Any], payload: dict[str, Any], shared: bool) -> dict[str, Any]:
    """The layout of the matrix of "who raised what"."""
    macros = _environment().get_template("macros.html.j2").module
    return lay_out_matrix(
        [
            {"segment": s["segment"], "labels": [payload["customers"][c]["label"] for c in s["customers"]]}
            for s in data["segments"]
        ],
        [
            {"theme": t["tid"], "n": t["n"], "cells": t["cells"],
             "label": f"{t['tid']} {Markup(macros.brief(t, payload['notes'], 60)).unescape()}"}
            for t in data["themes"]
        ],
    )  # fmt: skip
