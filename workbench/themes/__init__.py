"""Themes: groups of notes that say alike things."""

from workbench.themes.model import ThemeModel

__all__ = ["ThemeModel"]
