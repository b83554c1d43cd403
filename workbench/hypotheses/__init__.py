"""Hypotheses: drafted from themes, read for what keeps them from being tested, sized, ordered, and scored once results are in."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "PARTS",
    "RULES",
    "Calibration",
    "Finding",
    "Metric",
    "MetricReading",
    "Needed",
    "Proposal",
    "Reading",
    "SampleSize",
    "check_hypothesis",
    "classify_metric",
    "count_evidence",
    "count_parts",
    "draft_hypotheses",
    "draft_hypothesis",
    "follow_theme",
    "ice",
    "kano",
    "moscow",
    "propose",
    "read_change",
    "rice",
    "rice_inputs",
    "sample_size",
    "score_confidence",
    "suggest_metrics",
]

# Fetched when first used: who only asks whether a record can be tested need not load scikit-learn.
_HOMES = {
    "PARTS": "workbench.hypotheses.falsifiable",
    "RULES": "workbench.hypotheses.falsifiable",
    "Calibration": "workbench.hypotheses.calibration",
    "Finding": "workbench.hypotheses.falsifiable",
    "Metric": "workbench.hypotheses.metrics",
    "MetricReading": "workbench.hypotheses.metrics",
    "Needed": "workbench.hypotheses.sample_sizes",
    "Proposal": "workbench.hypotheses.proposals",
    "Reading": "workbench.hypotheses.readings",
    "SampleSize": "workbench.hypotheses.sample_sizes",
    "check_hypothesis": "workbench.hypotheses.falsifiable",
    "classify_metric": "workbench.hypotheses.metrics",
    "count_evidence": "workbench.hypotheses.drafts",
    "count_parts": "workbench.hypotheses.falsifiable",
    "draft_hypotheses": "workbench.hypotheses.drafts",
    "draft_hypothesis": "workbench.hypotheses.drafts",
    "follow_theme": "workbench.hypotheses.drafts",
    "ice": "workbench.hypotheses.priorities",
    "kano": "workbench.hypotheses.priorities",
    "moscow": "workbench.hypotheses.priorities",
    "propose": "workbench.hypotheses.proposals",
    "read_change": "workbench.hypotheses.readings",
    "rice": "workbench.hypotheses.priorities",
    "rice_inputs": "workbench.hypotheses.priorities",
    "sample_size": "workbench.hypotheses.sample_sizes",
    "score_confidence": "workbench.hypotheses.calibration",
    "suggest_metrics": "workbench.hypotheses.metrics",
}

if TYPE_CHECKING:
    from workbench.hypotheses.calibration import Calibration, score_confidence
    from workbench.hypotheses.drafts import count_evidence, draft_hypotheses, draft_hypothesis, follow_theme
    from workbench.hypotheses.falsifiable import PARTS, RULES, Finding, check_hypothesis, count_parts
    from workbench.hypotheses.metrics import Metric, MetricReading, classify_metric, suggest_metrics
    from workbench.hypotheses.priorities import ice, kano, moscow, rice, rice_inputs
    from workbench.hypotheses.proposals import Proposal, propose
    from workbench.hypotheses.readings import Reading, read_change
    from workbench.hypotheses.sample_sizes import Needed, SampleSize, sample_size


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'workbench.hypotheses' has no attribute {name!r}")
