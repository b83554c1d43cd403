"""What nobody must be promised: of hypotheses, those that are not proven, and those that failed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["OPEN", "sort_hypotheses"]

OPEN = ("draft", "ready", "running")


def sort_hypotheses(cards: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Hypotheses by why they are no promise.

    Parameters
    ----------
    cards : iterable of dict
        As :func:`workbench.report.record_cards.describe_hypotheses` has them.

    Returns
    -------
    dict of str to list of dict
        ``unproven``, nobody knows yet whether it works, and ``failed``, tried or given up; what was supported is in neither.

    Examples
    --------
    >>> sorted_ = sort_hypotheses([{"id": "H-1", "status": "running"}, {"id": "H-2", "status": "refuted"}])
    >>> [one["id"] for one in sorted_["unproven"]], [one["id"] for one in sorted_["failed"]]
    (['H-1'], ['H-2'])
    """
    found = list(cards)
    return {
        "unproven": [one for one in found if one["status"] in OPEN],
        "failed": [one for one in found if one["status"] in ("refuted", "dropped")],
    }
