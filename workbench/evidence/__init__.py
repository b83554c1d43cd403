"""What speaks for a theme or a hypothesis and what against it, how far it can be relied on, and who to ask next."""

from workbench.evidence.against import find_against
from workbench.evidence.counts import count_by_customer, strength
from workbench.evidence.pick import pick_evidence

__all__ = ["count_by_customer", "find_against", "pick_evidence", "strength"]
