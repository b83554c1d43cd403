"""Discovery Workbench: from customer-call notes to themes, falsifiable hypotheses and a report that can be checked.

>>> import workbench as wb
>>> sorted(wb.__all__) == wb.__all__
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Report",
    "ThemeModel",
    "draft_hypotheses",
    "find_themes",
    "read_calls",
    "read_customers",
    "read_notes",
    "read_study",
    "workspace",
]

# Where each name lives. They are fetched when first used, so that `import workbench` stays quick and a command that
# only lists notes never loads scikit-learn.
_HOMES = {
    "Report": "workbench.report.sections",
    "ThemeModel": "workbench.themes",
    "draft_hypotheses": "workbench.hypotheses",
    "find_themes": "workbench.themes",
    "read_calls": "workbench.store",
    "read_customers": "workbench.study",
    "read_notes": "workbench.study",
    "read_study": "workbench.study",
    "workspace": "workbench.store",
}

if TYPE_CHECKING:
    from workbench.hypotheses import draft_hypotheses
    from workbench.report.sections import Report
    from workbench.store import read_calls, workspace
    from workbench.study import read_customers, read_notes, read_study
    from workbench.themes import ThemeModel, find_themes


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'workbench' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
