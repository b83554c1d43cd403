"""Where the marks of a figure go; the report's template draws them as static SVG."""

from __future__ import annotations

from typing import Any

__all__ = ["lay_out_matrix"]

STEP = 28  # px from one row or column to the next
GAP = 14  # px between segments
WIDEST = 800  # px, the text column of the report on a desk
NARROWEST = 328  # px, a phone less its margins


def lay_out_matrix(segments: list[dict[str, Any]], themes: list[dict[str, Any]]) -> dict[str, Any]:
    """The theme by customer dot matrix, once for a wide page and once turned for a phone.

    Parameters
    ----------
    segments : list of dict
        ``segment`` and ``labels``, the customers' names to show, in order.
    themes : list of dict
        ``theme`` (its short id), ``label``, ``n`` customers, and ``cells``: ``n_calls`` and ``against`` for each customer in the
        order of `segments`.

    Returns
    -------
    dict
        ``alt`` (str), ``wide`` and ``narrow``: width, height, step, angle, and the places of spans, heads, rows and
        cells in px; None where there are too many marks to be read.

    Examples
    --------
    >>> cell = {"n_calls": 1, "against": False}
    >>> chart = lay_out_matrix([{"segment": "field", "labels": ["Acme"]}],
    ...     [{"theme": "T1", "label": "T1 It resets", "n": 1, "cells": [cell]}])
    >>> chart["alt"], chart["wide"]["rows"][0]["text"]
    ('Themes by customer: T1 1 of 1 customers.', 'T1 It resets')
    """
    labels = [label for segment in segments for label in segment["labels"]]
    counts = ", ".join(f"{theme['theme']} {theme['n']}" for theme in themes)
    return {
        "alt": f"Themes by customer: {counts} of {len(labels)} customers.",
        "wide": _wide(segments, themes, labels),
        "narrow": _narrow(segments, themes, labels),
    }


def _wide(segments: list[dict[str, Any]], themes: list[dict[str, Any]], labels: list[str]) -> dict[str, Any] | None:
    width_of_labels, width_of_total, top = 250, 40, 134
    room = WIDEST - width_of_labels - width_of_total - GAP * (len(segments) - 1)
    if not labels or room / len(labels) < 16 or len(themes) > 40:
        return None
    step = min(34, int(room / len(labels)))
    xs, spans, x = [], [], width_of_labels + step // 2
    for segment in segments:
        start = x
        for _ in segment["labels"]:
            xs.append(x)
            x += step
        middle = (start + xs[-1]) // 2
        spans.append(
            {"text": _cut(segment["segment"].capitalize(), 2 + step * len(segment["labels"]) // 7), "x": middle, "y": 14,
             "anchor": "middle", "x0": start - step // 3, "x1": xs[-1] + step // 3, "y1": top - 16}
        )  # fmt: skip
        x += GAP
    width = xs[-1] + step // 2 + width_of_total
    ys = [top + i * STEP for i in range(len(themes))]
    return {
        "width": width,
        "height": top + STEP * len(themes) - STEP // 2 + 4,
        "step": STEP,
        "angle": -58,
        "spans": [span for span in spans if span["text"]],
        "heads": [{"x": x + 3, "y": top - 22, "text": _cut(label, 16)} for x, label in zip(xs, labels, strict=True)],
        "rows": [{"y": y, "text": _cut(t["label"], 40), "n": t["n"]} for y, t in zip(ys, themes, strict=True)],
        "cells": _cells(themes, xs, ys, turned=False),
    }


def _narrow(segments: list[dict[str, Any]], themes: list[dict[str, Any]], labels: list[str]) -> dict[str, Any] | None:
    # Lasting ids, such as T-3fa9, are too long to stand side by side: then all heads lean, as on a wide page.
    longest = max((len(theme["theme"]) for theme in themes), default=0)
    leaning = longest > 3
    width_of_labels, top = 116, 28 + (6 * longest - 12 if leaning else 0)
    room = NARROWEST - width_of_labels - (12 if leaning else 0)
    if not themes or room / len(themes) < 16:
        return None
    step = min(30, room // len(themes))
    xs = [width_of_labels + step // 2 + i * step for i in range(len(themes))]
    ys, spans, y = [], [], top
    for segment in segments:
        if segment["segment"]:
            spans.append({"text": _cut(segment["segment"].capitalize(), 40), "x": 0, "y": y + 12, "anchor": "start"})
            y += 26
        for _ in segment["labels"]:
            ys.append(y)
            y += 26
        y += 8
    return {
        "width": NARROWEST,
        "height": y - 12,
        "step": 26,
        "angle": -58 if leaning else 0,
        "spans": spans,
        "heads": [
            {"x": x + 3 * leaning, "y": top - 16, "text": theme["theme"]} for x, theme in zip(xs, themes, strict=True)
        ],
        "rows": [{"y": y, "text": _cut(label, 17)} for y, label in zip(ys, labels, strict=True)],
        "cells": _cells(themes, xs, ys, turned=True),
    }


def _cells(themes: list[dict[str, Any]], xs: list[int], ys: list[int], *, turned: bool) -> list[dict[str, Any]]:
    cells = []
    for i, theme in enumerate(themes):
        for j, cell in enumerate(theme["cells"]):
            x, y = (xs[i], ys[j]) if turned else (xs[j], ys[i])
            cells.append({"x": x, "y": y, "n": cell["n_calls"], "against": cell["against"]})
    return cells


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    head = text[:most]
    words = head.rpartition(" ")[0]
    return (words if len(words) > most // 2 else head[:-1]).rstrip(" ,;:.") + "…"
