"""The week's rituals, Monday to Friday, and the quarter's: what the records and the calls say at each of them.

A file each. Everything is worked out from the study, its themes and a :class:`Moment`; nothing is stored here, and what
only the PM can say is offered (:class:`Offer`), never filled in.
"""

from workbench.rituals.moment import Moment, day_before, last_day, week_before
from workbench.rituals.offer import Offer

__all__ = ["Moment", "Offer", "day_before", "last_day", "week_before"]
