"""Themes: groups of notes that say alike things, counted by customer."""

from workbench.themes.find import Themes, find_themes
from workbench.themes.model import ThemeModel

__all__ = ["ThemeModel", "Themes", "find_themes"]
