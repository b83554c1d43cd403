"""What most commands begin with: the workspace that was named, and the themes in it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os

    from workbench.records import Hypothesis
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["find_hypotheses", "find_in", "named_workspace", "workspace_option"]

# From so many notes on, finding themes takes longer than a person waits without a word: about a second.
SLOW_FROM = 2000


def workspace_option() -> argparse.ArgumentParser:
    """The option that names the workspace.

    Returns
    -------
    argparse.ArgumentParser
        To be given as a parent, so that the option may stand before and behind a command.
    """
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "-w",
        "--workspace",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the workspace (default: the current folder)",
    )
    return parser


def named_workspace(options: argparse.Namespace) -> str | None:
    """The workspace that was named.

    Parameters
    ----------
    options : argparse.Namespace
        What was typed.

    Returns
    -------
    str or None
        None for the current folder.

    Examples
    --------
    >>> named_workspace(workspace_option().parse_args(["-w", "my-discovery"]))
    'my-discovery'
    """
    return getattr(options, "workspace", None)


def find_in(study: Study, **options: Any) -> Themes:
    """The themes of a study, with a bar on standard error where that takes a while.

    Parameters
    ----------
    study : Study
        The study.
    **options
        As :func:`workbench.find_themes` takes them.

    Returns
    -------
    Themes
        Under the study's corrections.
    """
    from workbench.themes import find_themes
    from workbench.themes.progress import telling

    n_notes = len(study.notes)
    with telling(n_notes >= SLOW_FROM, f"Finding themes in {n_notes:,} notes") as progress:
        return find_themes(study.notes, study.ledger, progress=progress, **options)


def find_hypotheses(path: str | os.PathLike[str] | None) -> tuple[Study, Themes, list[Hypothesis]]:
    """A study with its themes and hypotheses.

    Parameters
    ----------
    path : path-like or None
        The workspace; None for the current folder.

    Returns
    -------
    study : Study
        What the workspace holds.
    themes : Themes
        Under its corrections.
    hypotheses : list of Hypothesis
        Records first, with the customers behind them counted, then drafts.
    """
    from workbench.hypotheses import count_evidence, draft_hypotheses
    from workbench.newest import today
    from workbench.study import read_study

    study = read_study(path)
    themes = find_in(study)
    drafts = draft_hypotheses(themes, study.quarter, records=study.hypotheses, today=today(study))
    return study, themes, [*(count_evidence(record, themes) for record in study.hypotheses), *drafts]
