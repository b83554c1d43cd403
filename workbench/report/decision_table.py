"""The log of decisions as a table for others: one row a decision, after consent, and no cell that a spreadsheet would run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench import __version__
from workbench.redact import Leaks, Redactor, everyone_in, share
from workbench.report.claims import describe_customers
from workbench.report.guard import located, refuse_file_name, refuse_names, refuse_withheld
from workbench.report.sections import Section
from workbench.report.table import save_table

if TYPE_CHECKING:
    from workbench.study import Study

__all__ = ["DECISION_COLUMNS", "decision_rows", "export_decisions"]

# Each column with what it says; how wide it is in a spreadsheet.
DECISION_COLUMNS = {
    "decision": ("the decision’s id", 12),
    "status": ("proposed, decided, superseded or dropped", 12),
    "question": ("what is or was to be decided", 40),
    "options": ("what there is or was to choose from, one a line", 40),
    "chosen": ("one of them", 30),
    "why": ("the reason", 50),
    "owner": ("who decides, or decided", 20),
    "date": ("the day on which it was decided", 12),
    "due": ("the day by which a proposed one is needed", 12),
    "review": ("the day on which it is looked at again", 12),
    "overdue": ("yes past the day by which it was needed, or to be looked at again", 9),
    "then": ("different customers behind it on that day", 8),
    "now": ("different customers behind it now", 8),
    "of": ("customers in all", 6),
    "against": ("notes against it now", 9),
    "risks": ("what may go wrong, one a line", 40),
    "seen_by": ("who has seen it, and how they stand to it", 30),
    "rests_on": ("the hypotheses that it rests on, and how they stand", 24),
    "supersedes": ("the decision that it takes the place of", 12),
    "superseded_by": ("the one that took its place", 12),
}
_NUMBERS = ("then", "now", "of", "against")


def decision_rows(log: Section) -> pd.DataFrame:
    """Every decision of a log as others may see it.

    Parameters
    ----------
    log : Section
        ``report.decision_log`` of :class:`workbench.report.sections.Report`.

    Returns
    -------
    pandas.DataFrame
        One row a decision, the newest first; columns as in `DECISION_COLUMNS`, numbers Int64, all others str.

    Raises
    ------
    InputError
        When somebody has written words into a decision that may not leave.
    """
    refuse_withheld(Leaks([log.payload]), log.payload, 0)
    names = Redactor(everyone_in(log.payload))
    shared = share(log.payload, names)
    refuse_names(names, log.payload, shared, 0)
    rows = [
        {
            "decision": one["id"],
            "status": one["status"],
            "question": one["question"],
            "options": "\n".join(one["options"]),
            "chosen": one["chosen"],
            "why": one["why"],
            "owner": one["owner"],
            "date": one["date"],
            "due": one["due"],
            "review": one["review"],
            "overdue": "yes" if one["overdue"] else "",
            "then": one["then"],
            "now": one["counts"]["behind"]["n"],
            "of": one["counts"]["behind"]["of"],
            "against": one["counts"]["all_against"]["n"],
            "risks": "\n".join(one["risks"]),
            "seen_by": "\n".join(
                ", ".join(filter(None, (": ".join(filter(None, (seen["person"], seen["stance"]))), seen["day"])))
                for seen in one["stances"]
            ),
            "rests_on": ", ".join(f"{h['hypothesis']} ({h['status'] or 'gone'})" for h in one["hypotheses"]),
            "supersedes": one["supersedes"],
            "superseded_by": one["superseded_by"],
        }
        for one in shared["data"]["log"]
    ]
    table = pd.DataFrame(rows, columns=list(DECISION_COLUMNS))
    return table.astype({name: "Int64" if name in _NUMBERS else "str" for name in DECISION_COLUMNS})


def export_decisions(log: Section, target: Path, study: Study) -> Path:
    """Write the log as CSV or as a workbook, by how the file's name ends.

    Parameters
    ----------
    log : Section
        As for :func:`decision_rows`.
    target : pathlib.Path
        ``.csv`` or ``.xlsx``.
    study : Study
        What it is the log of.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        As :func:`decision_rows`; when the file's own name gives a customer away.
    SaveError
        When the file cannot be written.
    """
    refuse_file_name(Redactor(describe_customers(study)), target.name)
    with located(study.root):
        table = decision_rows(log)
    day = log.payload["moment"]["today"]
    about = (
        f"Every decision, as of {day}. Where customers are counted, each counts once. Listed names, e-mail and web addresses, "
        f"telephone and account numbers are replaced. A name that nobody listed cannot be. Discovery Workbench {__version__}."
    )
    save_table(table, target, DECISION_COLUMNS, sheet="Decisions", about=about, day=day)
    return target
