"""The report's sections, as they stand in a notebook's cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.evidence import count_firm
from workbench.newest import today
from workbench.records.typed import need_day, week_of
from workbench.report import MIMETYPE
from workbench.report.claims import SECTIONS, make_payload
from workbench.report.view import HEADINGS, render_section
from workbench.report.weekly import OF_A_RECORD, WEEKLY

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.report.plan_text import PlanText
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["Report", "Section"]


class Section:
    """One section: shown in full in the notebook, and carried along as data for the exporter.

    Parameters
    ----------
    payload : dict
        Claims, see :mod:`workbench.report.claims`.
    """

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload

    def __repr__(self) -> str:
        return f"Section: {HEADINGS[self.payload['section']] or 'title'}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            "text/plain": repr(self),
            "text/html": render_section(self.payload, shared=False),
            MIMETYPE: self.payload,
        }


class Report:
    """A study, its themes and hypotheses as sections to show in a notebook.

    Each attribute but those of one record is a :class:`Section`; put one at the end of a cell. In the notebook a section shows everything, with
    names and files. The exporter draws the same claims for others, after consent.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records first, then drafts from :func:`workbench.draft_hypotheses`.
    today : str, optional
        The day that the report is of, ``YYYY-MM-DD``; by default as :func:`workbench.today` has it.
    moment : Moment, optional
        The week that its weekly sections are of; :func:`workbench.open_week` gives a report that has one.

    Attributes
    ----------
    overview, learned, this_week, themes, who_raised_what, week_by_week, heard_enough, hypotheses, decisions, bets, \
who_we_talked_to, limits, quotes : Section
        The sections in their usual order.

    Raises
    ------
    AttributeError
        For a section that does not exist; names those that do.
    InputError
        When `today` is no day.
    """

    def __init__(
        self,
        study: Study,
        themes: Themes,
        hypotheses: Sequence[Hypothesis],
        *,
        today: str | None = None,
        moment: Moment | None = None,
    ) -> None:
        study = replace(study, today=need_day(today or study.today))
        self._parts = (study, count_firm(themes), list(hypotheses))
        self._moment = moment

    def __repr__(self) -> str:
        of = f" of {self._moment.week}" if self._moment else ""
        return f"Report{of} with the sections {', '.join(self._names())}"

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._names()]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in {*SECTIONS, *WEEKLY}:
            raise AttributeError(f"a report has no section {name!r}; its sections are {', '.join(self._names())}")
        if name in OF_A_RECORD:  # which is the same in any week
            moment = self._moment or _moment_of(self._parts[0])
            return lambda record="": self._section(name, replace(moment, record=record))
        if name in WEEKLY and self._moment is None:
            raise InputError(f"section {name!r} is about a week; write  report = wb.open_week()  above")
        return self._section(name, self._moment)

    @property
    def plan(self) -> PlanText:
        """The week's plan as text to paste into a chat; it is no part of the report."""
        from workbench.report.plan_text import plan_cell

        if self._moment is None:
            raise InputError("a plan is about a week; write  report = wb.open_week()  above")
        return plan_cell(*self._parts, self._moment)

    def _names(self) -> list[str]:
        return [*SECTIONS, *(WEEKLY if self._moment else ())]

    def _section(self, name: str, moment: Moment | None) -> Section:
        return Section(make_payload(name, *self._parts, moment))


def _moment_of(study: Study) -> Moment:
    """The day of the report; in a study in which nothing has a day, any."""
    from workbench.rituals import Moment

    day = today(study) or "1970-01-01"
    return Moment(week_of(day), day)
