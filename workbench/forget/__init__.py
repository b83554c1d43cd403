"""Forgetting a customer: what gives one away, where it stands, what is done about it, and what is out of reach."""

from workbench.forget.act import Done, forget
from workbench.forget.beyond import name_copies
from workbench.forget.git import find_in_git
from workbench.forget.plan import Forgetting, plan_forgetting

__all__ = ["Done", "Forgetting", "find_in_git", "forget", "name_copies", "plan_forgetting"]
