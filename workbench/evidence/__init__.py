"""What speaks for a theme or a hypothesis and what against it, how far it can be relied on, and who to ask next."""

from workbench.evidence.against import Candidate, find_against, heed_judgements, rank_against
from workbench.evidence.counts import Evidence, count_by_customer, count_people, strength
from workbench.evidence.expected import describe_expected, expect_new_themes
from workbench.evidence.next_calls import next_calls
from workbench.evidence.pick import count_firm, find_loose, pick_evidence
from workbench.evidence.robustness import find_fragile, leave_each_out, leave_out
from workbench.evidence.saturation import Saturation, measure_saturation
from workbench.evidence.table import evidence_table
from workbench.evidence.trend import count_trends

__all__ = [
    "Candidate",
    "Evidence",
    "Saturation",
    "count_by_customer",
    "count_firm",
    "count_people",
    "count_trends",
    "describe_expected",
    "evidence_table",
    "expect_new_themes",
    "find_against",
    "find_fragile",
    "find_loose",
    "heed_judgements",
    "leave_each_out",
    "leave_out",
    "measure_saturation",
    "next_calls",
    "pick_evidence",
    "rank_against",
    "strength",
]
