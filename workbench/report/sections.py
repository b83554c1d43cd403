"""The report's sections, as they stand in a notebook's cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.evidence import count_firm
from workbench.report import MIMETYPE
from workbench.report.claims import SECTIONS, make_payload
from workbench.report.view import HEADINGS, render_section

if TYPE_CHECKING:
    from workbench.records import Hypothesis
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

    Each attribute is a :class:`Section`; put one at the end of a cell. In the notebook a section shows everything, with
    names and files. The exporter draws the same claims for others, after consent.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records first, then drafts from :func:`workbench.draft_hypotheses`.

    Attributes
    ----------
    overview, learned, this_week, themes, who_raised_what, week_by_week, heard_enough, hypotheses, decisions, bets, \
who_we_talked_to, limits, quotes : Section
        The sections in their usual order.

    Raises
    ------
    AttributeError
        For a section that does not exist; names those that do.
    """

    def __init__(self, study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> None:
        self._parts = (study, count_firm(themes), list(hypotheses))

    def __repr__(self) -> str:
        return f"Report with the sections {', '.join(SECTIONS)}"

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *SECTIONS]

    def __getattr__(self, name: str) -> Section:
        if name.startswith("_") or name not in SECTIONS:
            raise AttributeError(f"a report has no section {name!r}; its sections are {', '.join(SECTIONS)}")
        return Section(make_payload(name, *self._parts))
