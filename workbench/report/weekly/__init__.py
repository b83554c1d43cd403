"""Claims of the week's rituals: one module a ritual, each a function from study, themes, hypotheses and moment to data.

``WEEKLY`` names the sections; :mod:`workbench.report.claims` makes payloads of them as of the report's other sections.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["OF_A_RECORD", "WEEKLY"]

WEEKLY: dict[str, Callable[..., dict[str, Any]]] = {}
# Sections that are about one record, which the moment names.
OF_A_RECORD: tuple[str, ...] = ()
