"""What a PM works with in a notebook: live capture, triage of what was recorded, the theme board, hypothesis cards, a form for each moment of the week.

Each widget is a thin face: its ``.py`` passes messages between what computes or saves and its ``.js``, which draws. They are
shown with :class:`workbench.widgets.face.Widget`, which also leaves a still picture behind.
"""

from workbench.widgets.capture import Capture
from workbench.widgets.forms import DecisionForm, FridayForm, MondayForm, QuarterForm, SliceForm, ThursdayForm
from workbench.widgets.hypothesis_cards import HypothesisCards
from workbench.widgets.theme_board import ThemeBoard
from workbench.widgets.triage import Triage

__all__ = [
    "Capture",
    "DecisionForm",
    "FridayForm",
    "HypothesisCards",
    "MondayForm",
    "QuarterForm",
    "SliceForm",
    "ThemeBoard",
    "ThursdayForm",
    "Triage",
]
