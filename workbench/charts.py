"""Where the marks of a figure go; the report's template draws them as static SVG."""

from __future__ import annotations

import itertools
import math
from typing import Any

__all__ = ["lay_out_bar", "lay_out_curve", "lay_out_matrix"]

STEP = 28  # px from one row or column to the next
GAP = 14  # px between segments
WIDEST = 784  # px, the text column of the report on a desk
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
        ``alt`` (str), ``wide`` and ``narrow``: width, height, step, angle, and the places of spans, heads, rows, cells and
        foot in px, each row and the foot with its numbers; None where there are too many marks to be read.

    Examples
    --------
    >>> cell = {"n_calls": 1, "against": False}
    >>> chart = lay_out_matrix([{"segment": "field", "labels": ["Acme"]}],
    ...     [{"theme": "T1", "label": "T1 It resets", "n": 1, "cells": [cell]}])
    >>> chart["alt"], chart["wide"]["rows"][0]["text"]
    ('Themes by customer: T1 1 of 1 customer. Themes raised by each customer: Acme 1.', 'T1 It resets')
    """
    labels = [label for segment in segments for label in segment["labels"]]
    raised = [sum(theme["cells"][i]["n_calls"] > 0 for theme in themes) for i in range(len(labels))]
    counts = ", ".join(f"{theme['theme']} {theme['n']}" for theme in themes)
    each = ", ".join(f"{label} {n}" for label, n in zip(labels, raised, strict=True))
    people = "customer" if len(labels) == 1 else "customers"
    return {
        "alt": f"Themes by customer: {counts} of {len(labels)} {people}. Themes raised by each customer: {each}.",
        "wide": _wide(segments, themes, labels, raised),
        "narrow": _narrow(segments, themes, labels, raised),
    }


def _wide(
    segments: list[dict[str, Any]], themes: list[dict[str, Any]], labels: list[str], raised: list[int]
) -> dict[str, Any] | None:
    width_of_labels, width_of_total, top = 250, 38, 134
    room = WIDEST - width_of_labels - width_of_total - GAP * (len(segments) - 1)
    if not labels or room / len(labels) < 16 or len(themes) > 40:
        return None
    step = min(34, int(room / len(labels)))
    width_of_labels = min(330, width_of_labels + room - step * len(labels))  # what is left is the themes'
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
        "height": top + STEP * len(themes) + 12,
        "step": STEP,
        "angle": -58,
        "spans": [span for span in spans if span["text"]],
        "heads": [{"x": x + 3, "y": top - 22, "text": _cut(label, 16)} for x, label in zip(xs, labels, strict=True)],
        "rows": [
            {"y": y, "text": _cut(t["label"], width_of_labels // 7 + 1), "n": t["n"]} for y, t in zip(ys, themes, strict=True)
        ],
        "cells": _cells(themes, xs, ys, turned=False),
        "all": {"x": width, "y": top - 22},
        "foot": {
            "y": top + STEP * len(themes), "text": "Themes raised by each customer",
            "cells": [{"x": x, "n": n} for x, n in zip(xs, raised, strict=True)],
        },
    }  # fmt: skip


def _narrow(
    segments: list[dict[str, Any]], themes: list[dict[str, Any]], labels: list[str], raised: list[int]
) -> dict[str, Any] | None:
    # Lasting ids, such as T-3fa9, are too long to stand side by side: then all heads lean, as on a wide page.
    longest = max((len(theme["theme"]) for theme in themes), default=0)
    leaning = longest > 3
    width_of_labels = min(116, 12 + 7 * max(map(len, labels), default=0))
    width_of_total, top = 26, 28 + (6 * longest - 12 if leaning else 0)
    room = NARROWEST - width_of_labels - width_of_total
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
        "height": y + 8,
        "step": 26,
        "angle": -58 if leaning else 0,
        "spans": spans,
        "heads": [
            {"x": x + 3 * leaning, "y": top - 16, "text": theme["theme"]} for x, theme in zip(xs, themes, strict=True)
        ],
        "rows": [
            {"y": y, "text": _cut(label, 17), "n": n} for y, label, n in zip(ys, labels, raised, strict=True)
        ],
        "cells": _cells(themes, xs, ys, turned=True),
        "all": {"x": NARROWEST, "y": top - 16},
        "foot": {"y": y - 6, "text": "All", "cells": [{"x": x, "n": t["n"]} for x, t in zip(xs, themes, strict=True)]},
    }  # fmt: skip


def _cells(themes: list[dict[str, Any]], xs: list[int], ys: list[int], *, turned: bool) -> list[dict[str, Any]]:
    cells = []
    for i, theme in enumerate(themes):
        for j, cell in enumerate(theme["cells"]):
            x, y = (xs[i], ys[j]) if turned else (xs[j], ys[i])
            cells.append({"x": x, "y": y, "n": cell["n_calls"], "against": cell["against"]})
    return cells


def lay_out_bar(n: int, of: int, most: int, *, height: int = 32) -> dict[str, float]:
    """One bar of a row of bars: how many of how many, all rows on one scale.

    Parameters
    ----------
    n, of : int
        How many, of how many there were; the bar stands in a track as high as `of`.
    most : int
        The largest `of` of all, which is as high as there is room.
    height : int
        Room, in px.

    Returns
    -------
    dict
        ``y`` and ``height`` of the bar, ``track_y`` and ``track`` of what it stands in, in px.

    Examples
    --------
    >>> lay_out_bar(2, 4, 4, height=32)
    {'y': 16.0, 'height': 16.0, 'track_y': 0.0, 'track': 32.0}
    """
    unit = height / max(most, 1)
    bar, track = round(n * unit, 1), round(of * unit, 1)
    return {"y": round(height - bar, 1), "height": bar, "track_y": round(height - track, 1), "track": track}


def lay_out_curve(points: list[dict[str, Any]], *, base: int, unit: str) -> dict[str, Any]:
    """The curve of what was heard after each call, with the band of other orders, for a wide page and for a phone.

    Parameters
    ----------
    points : list of dict
        A row a call, in order: ``heard``, ``new``, ``low`` and ``high`` (numbers), ``day`` (as it is to be shown, short).
    base : int
        How many calls at the beginning are the base.
    unit : str
        What is heard, in words: "topics".

    Returns
    -------
    dict
        ``alt`` (str), ``wide`` and ``narrow``: size, ticks, the paths of curve and band, dots and labels in px; None with
        fewer than two calls, which are no curve.

    Examples
    --------
    >>> points = [{"heard": n, "new": new, "low": 1, "high": n, "day": "3 Nov"} for n, new in ((1, 1), (2, 1), (2, 0))]
    >>> chart = lay_out_curve(points, base=2, unit="topics")
    >>> chart["alt"], len(chart["wide"]["dots"])
    ('Topics heard after each of 3 calls: 1 after call 1, 2 after call 2, 2 after call 3. Nothing new after call 2.', 3)
    """
    few = [0, min(base, len(points)) - 1, len(points) - 1]
    said = ", ".join(f"{points[i]['heard']:,} after call {i + 1:,}" for i in dict.fromkeys(few) if points)
    latest = max((i for i, point in enumerate(points, 1) if point["new"]), default=0)
    alt = f"{unit.capitalize()} heard after each of {len(points):,} calls: {said}."
    alt += f" Nothing new after call {latest:,}." if latest < len(points) else ""
    return {
        "alt": alt,
        "wide": _curve(points, base, unit, WIDEST - 40, 270) if len(points) > 1 else None,
        "narrow": _curve(points, base, unit, NARROWEST, 230) if len(points) > 1 else None,
    }


def _curve(points: list[dict[str, Any]], base: int, unit: str, width: int, height: int) -> dict[str, Any]:
    left, right, top = 34, width - (96 if width > NARROWEST else 14), 26
    bottom = height - 66
    most = max(max(point["heard"], point["high"]) for point in points)
    step = _tick(most)
    above = step * int(most // step + 1)  # more than the most, so that nothing lies on the upper edge
    between = (right - left - 20) / (len(points) - 1)
    xs = [round(left + 12 + i * between, 1) for i in range(len(points))]

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * value / above, 1)

    def path(values: list[float], at: list[float]) -> str:
        return " ".join(f"{x} {y(value)}" for x, value in zip(at, values, strict=True))

    every = max(1, math.ceil(26 / between))
    shown = [*[i for i in range(0, len(points) - 1, every) if len(points) - 1 - i >= every], len(points) - 1]
    low, high = [point["low"] for point in points], [point["high"] for point in points]
    edge = xs[min(base, len(points)) - 1] + min(between / 2, 12)
    return {
        "width": width, "height": height, "left": left, "right": right, "top": top, "bottom": bottom,
        "ticks": [{"y": y(value), "text": f"{value:,}"} for value in range(0, int(above) + 1, step)],
        "base": {"x": left, "width": round(edge - left, 1), "text": f"first {base} calls" if edge - left > 84 else ""},
        "band": f"M{path(high, xs)} L{path(low[::-1], xs[::-1])}Z",
        "line": f"M{path([point['heard'] for point in points], xs)}",
        "dots": [
            {"x": x, "y": y(point["heard"]), "new": point["new"] > 0} for x, point in zip(xs, points, strict=True)
        ] if between >= 8 else [],
        "numbers": [{"x": xs[i], "text": f"{i + 1:,}"} for i in shown],
        "days": _spans_of_days(points, xs, between),
        "end": {
            "x": xs[-1] + 12 if width > NARROWEST else right, "y": y(points[-1]["heard"]) + (4 if width > NARROWEST else -12),
            "anchor": "start" if width > NARROWEST else "end", "text": f"{points[-1]['heard']:,} {unit}",
        },
    }  # fmt: skip


def _tick(most: float) -> int:
    """The step of an axis with some four lines."""
    return next(step for step in (1, 2, 5, 10, 20, 25, 50, 100, 250, 500, 1000, 10**6) if most <= 5 * step)


def _spans_of_days(points: list[dict[str, Any]], xs: list[float], between: float) -> list[dict[str, Any]]:
    """Under the numbers which calls were of one day, as long as each day's name has room."""
    spans: list[dict[str, Any]] = []
    for point, x in zip(points, xs, strict=True):
        if spans and spans[-1]["text"] == point["day"]:
            spans[-1]["x1"] = x
        else:
            spans.append({"text": point["day"], "x0": x, "x1": x})
    for span in spans:
        span["x"] = round((span["x0"] + span["x1"]) / 2, 1)
    crowded = any(b["x"] - a["x"] < 44 for a, b in itertools.pairwise(spans))
    return [span for span in (spans[:1] + spans[-1:] if crowded else spans) if span["text"]]


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    words = text[: most + 1].rpartition(" ")[0]
    return (words if len(words) > most // 2 else text[: most - 1]).rstrip(" ,;:.") + "…"
