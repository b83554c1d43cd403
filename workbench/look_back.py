"""What was known on a day before, with its themes: what a week is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.records.typed import is_day

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["look_back"]


def look_back(study: Study, since: str) -> tuple[Study, Themes] | None:
    r"""A workspace and its themes as they were.

    Parameters
    ----------
    study : Study
        The present one.
    since : str
        A day, ``YYYY-MM-DD``, or a revision that git knows.

    Returns
    -------
    tuple of (Study, Themes), or None
        None where nothing was known on that day.

    Raises
    ------
    InputError
        When it is neither a day nor a revision.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.study import read_study
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "interviews"); folder.mkdir()
    >>> _ = (folder / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- one")
    >>> study = read_study(folder.parent)
    >>> look_back(study, "2026-11-17")[0], look_back(study, "2026-11-16")
    (Study: 1 calls, 1 notes, None)
    """
    from workbench.evidence import count_firm
    from workbench.report.replay import workspace_then
    from workbench.study import read_study
    from workbench.themes import find_themes

    try:
        with workspace_then(study, since) as root:
            before = read_study(root)
            return before, count_firm(find_themes(before.notes, before.ledger))
    except InputError:
        if is_day(since):  # before the first call there was nothing
            return None
        raise
