"""A week as a notebook opens it: everything read, themes found, drafts made, and what was known before within reach."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.report.sections import Report

__all__ = ["open_week"]


def open_week(
    path: str | os.PathLike[str] | None = None, week: str = "", *, since: str = "", today: str = ""
) -> Report:
    r"""A week's report, whose sections the notebooks of Monday to Friday show.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    week : str, optional
        Such as ``2026-W47``; by default the week of `today`. One that is over is seen on its Sunday.
    since : str, optional
        What the week is compared with: a day, or a revision that git knows, which is its commit from then on. By default
        the day before its Monday.
    today : str, optional
        The day it is looked at on; by default :func:`workbench.today`. What came later is not known.

    Returns
    -------
    Report
        With the week's sections beside the others.

    Raises
    ------
    InputError
        When there is no workspace, or the week is no week.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> repr(open_week(folder, "2026-W47")).partition(" with")[0]
    'Report of 2026-W47'
    """
    from workbench.history import name_commit
    from workbench.hypotheses import draft_hypotheses
    from workbench.look_back import came_since, known_on, look_back
    from workbench.newest import today as day_of
    from workbench.records.typed import is_day, week_of
    from workbench.report.sections import Report
    from workbench.rituals import Moment, day_before
    from workbench.study import read_study
    from workbench.themes import find_themes

    present = read_study(path, today=today or None)
    # Where nothing has a day yet, only the clock knows one.
    seen = day_of(present) or date.today().isoformat()
    whole = Moment(week or week_of(seen), seen)
    week, day = whole.week, min(seen, whole.days[1])
    study = known_on(present, day)
    themes = find_themes(study.notes, study.ledger)
    drafts = draft_hypotheses(themes, study.quarter, records=study.hypotheses, today=day)
    compared = since or day_before(week)
    compared = compared if is_day(compared) else name_commit(study.root, compared)
    moment = Moment(week, day, compared, cache(lambda: look_back(study, compared)), came=came_since(study, present))
    return Report(study, themes, [*study.hypotheses, *drafts], moment=moment)
