"""Themes: groups of notes that say alike things, counted by customer."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["ThemeModel", "Themes", "find_themes"]

# Fetched when first used: who only reads the ledger need not load scikit-learn.
_HOMES = {
    "ThemeModel": "workbench.themes.model",
    "Themes": "workbench.themes.find",
    "find_themes": "workbench.themes.find",
}

if TYPE_CHECKING:
    from workbench.themes.find import Themes, find_themes
    from workbench.themes.model import ThemeModel


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'workbench.themes' has no attribute {name!r}")
