"""Claims of the week's rituals: one module a ritual, each a function from study, themes, hypotheses and moment to data.

``WEEKLY`` names the sections; :mod:`workbench.report.claims` makes payloads of them as of the report's other sections.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.report.weekly.decisions import describe_decision_log, describe_one_pager
from workbench.report.weekly.delta import describe_delta, describe_enablement
from workbench.report.weekly.focus import describe_capacity, describe_due, describe_focus, describe_touchpoints
from workbench.report.weekly.quarter import describe_pricing, describe_progress, describe_quarter
from workbench.report.weekly.readout import describe_backlog, describe_calibration, describe_readout
from workbench.report.weekly.slice import describe_slice

__all__ = ["COMPARED", "OF_A_RECORD", "WEEKLY"]

WEEKLY: dict[str, Callable[..., dict[str, Any]]] = {
    "focus": describe_focus,
    "touchpoints": describe_touchpoints,
    "due": describe_due,
    "capacity": describe_capacity,
    "slice": describe_slice,
    "delta": describe_delta,
    "enablement": describe_enablement,
    "readout": describe_readout,
    "backlog": describe_backlog,
    "calibration": describe_calibration,
    "quarter": describe_quarter,
    "progress": describe_progress,
    "pricing": describe_pricing,
    "decision_log": describe_decision_log,
    "one_pager": describe_one_pager,
}
# Sections that are about one record, which the moment names.
OF_A_RECORD: tuple[str, ...] = ("one_pager", "slice")
# Sections that say what was known before as well.
COMPARED: tuple[str, ...] = ("delta", "enablement", "backlog")
