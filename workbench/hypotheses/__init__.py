"""Hypotheses: drafted from themes, read for what keeps them from being tested."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "PARTS",
    "RULES",
    "Finding",
    "Metric",
    "MetricReading",
    "Needed",
    "Reading",
    "SampleSize",
    "check_hypothesis",
    "classify_metric",
    "count_evidence",
    "count_parts",
    "draft_hypotheses",
    "draft_hypothesis",
    "follow_theme",
    "read_change",
    "sample_size",
    "suggest_metrics",
]

# Fetched when first used: who only asks whether a record can be tested need not load scikit-learn.
_HOMES = {
    "PARTS": "workbench.hypotheses.falsifiable",
    "RULES": "workbench.hypotheses.falsifiable",
    "Finding": "workbench.hypotheses.falsifiable",
    "Metric": "workbench.hypotheses.metrics",
    "MetricReading": "workbench.hypotheses.metrics",
    "Needed": "workbench.hypotheses.sample_sizes",
    "Reading": "workbench.hypotheses.readings",
    "SampleSize": "workbench.hypotheses.sample_sizes",
    "check_hypothesis": "workbench.hypotheses.falsifiable",
    "classify_metric": "workbench.hypotheses.metrics",
    "count_evidence": "workbench.hypotheses.drafts",
    "count_parts": "workbench.hypotheses.falsifiable",
    "draft_hypotheses": "workbench.hypotheses.drafts",
    "draft_hypothesis": "workbench.hypotheses.drafts",
    "follow_theme": "workbench.hypotheses.drafts",
    "read_change": "workbench.hypotheses.readings",
    "sample_size": "workbench.hypotheses.sample_sizes",
    "suggest_metrics": "workbench.hypotheses.metrics",
}

if TYPE_CHECKING:
    from workbench.hypotheses.drafts import count_evidence, draft_hypotheses, draft_hypothesis, follow_theme
    from workbench.hypotheses.falsifiable import PARTS, RULES, Finding, check_hypothesis, count_parts
    from workbench.hypotheses.metrics import Metric, MetricReading, classify_metric, suggest_metrics
    from workbench.hypotheses.readings import Reading, read_change
    from workbench.hypotheses.sample_sizes import Needed, SampleSize, sample_size


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'workbench.hypotheses' has no attribute {name!r}")
