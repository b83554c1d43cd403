"""Running a notebook on a workspace and exporting its report."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from workbench.errors import InputError
from workbench.records.typed import need_day
from workbench.report.audiences import AUDIENCES
from workbench.report.carried import write_markdown, write_pdf
from workbench.report.exporter import DiscoveryExporter
from workbench.report.guard import located, refuse_file_name
from workbench.report.pdf import PAPERS, need_chromium
from workbench.report.target import look_at_target
from workbench.save import save_bytes
from workbench.study import NOW

__all__ = ["FORMS", "export_report", "run_notebook"]

FORMS = ("html", "pdf", "md")


def export_report(
    notebook: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    workspace: str | os.PathLike[str] | None = None,
    audience: str | None = None,
    to: str | None = None,
    paper: str = "a4",
    assume_consent: str | None = None,
    as_of: str = "",
    today: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    notices: list[str] | None = None,
) -> Path:
    """Run a copy of a notebook on a workspace and write its report.

    Parameters
    ----------
    notebook : path-like
        The notebook; it is not changed.
    output : path-like, optional
        The file; by default ``reports/<notebook>.html`` in the workspace, ``<notebook>-exec.pdf`` and so on.
    workspace : path-like, optional
        The workspace, see :func:`workbench.workspace`; by default the notebook's parent folder.
    audience : str, optional
        ``exec``, ``engineering``, ``design`` or ``sales``; by default everything.
    to : str, optional
        ``html``, ``pdf`` (printed by a Chromium on this machine) or ``md``; by default what `output` ends in, else HTML.
    paper : str
        What a PDF is laid out for: ``a4`` or ``letter``.
    assume_consent : str, optional
        What counts for customers of whom no consent is stated, for this run; the report says so.
    as_of : str
        The day (``2026-11-03``) or revision that the workspace was laid out as, where it is not today's; the report says so.
    today : str, optional
        The day that the report is of, ``YYYY-MM-DD``; by default the newest record's, see :func:`workbench.today`.
    progress : callable, optional
        Called with (cells done, cells in all).
    notices : list, optional
        Takes sentences about what was left out of the report.

    Returns
    -------
    pathlib.Path
        The report.

    Raises
    ------
    InputError
        When there is no such audience or form, `today` is no day, the notebook cannot be read or a cell fails, words would
        leave without consent, or there is no browser to print with.
    SaveError
        When the report cannot be written.
    """
    from workbench.store import workspace as find_workspace

    path = Path(notebook)
    form = to or (Path(output).suffix.removeprefix(".").lower() if output is not None else "")
    if form not in FORMS:
        if to:
            raise InputError(f"a report is made as {', '.join(FORMS)}, not as {to}")
        form = "html"
    if paper not in PAPERS:
        raise InputError(f"a PDF is laid out for {' or '.join(PAPERS)}, not for {paper!r}")
    if audience and audience not in AUDIENCES:
        raise InputError(f"there is no audience {audience!r}; there are {', '.join(AUDIENCES)}")
    if form == "pdf":
        need_chromium()
    root = find_workspace(workspace if workspace is not None else path.resolve().parent.parent)
    name = f"{path.stem}-{audience}" if audience else path.stem
    target = Path(output) if output is not None else root / "reports" / f"{name}.{form}"
    look_at_target(target)  # before a minute of work, not after it
    executed = run_notebook(path, root, assume_consent=assume_consent, today=today, progress=progress)
    exporter = DiscoveryExporter(audience=audience or "", as_of=as_of, form=form)
    with _collected(exporter.log, notices), located(root):
        html, resources = exporter.from_notebook_node(
            executed, {"metadata": {"name": path.stem, "path": os.fspath(path.parent)}}
        )
        refuse_file_name(resources["discovery"]["names"], target.name)
    if form == "pdf":
        data = write_pdf(html, resources["discovery"]["day"], paper)
    else:
        data = (write_markdown(html) if form == "md" else html).encode()
    save_bytes(target.absolute(), data, expected=look_at_target(target))
    return target


def run_notebook(
    path: Path,
    root: Path,
    *,
    assume_consent: str | None = None,
    today: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NotebookNode:
    """Run a copy of a notebook with this Python.

    Parameters
    ----------
    path : pathlib.Path
        The notebook; it is not changed.
    root : pathlib.Path
        The workspace it shall read.
    assume_consent, today : str, optional
        See :func:`export_report`.
    progress : callable, optional
        Called with (cells done, cells in all).

    Returns
    -------
    NotebookNode
        The executed copy, without widget state.

    Raises
    ------
    InputError
        When `today` is no day, the notebook cannot be read or a cell fails.
    """
    need_day(today or "")
    try:
        notebook = nbformat.read(path, as_version=4)
    except OSError as error:
        raise InputError(
            f"{path}: {error.strerror or error}; check that the notebook is there and may be read"
        ) from error
    except Exception as error:  # nbformat raises many kinds for a file that is no notebook
        raise InputError(f"{path} is not a notebook ({str(error)[:80]}); name a .ipynb file") from error
    notebook.metadata.pop("widgets", None)
    manager = AsyncKernelManager()
    # Not the kernel that the notebook names: on another machine it may be missing, or another Python.
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"],
        display_name="Python", language="python",
    )  # fmt: skip
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=None,
        store_widget_state=False,
        resources={"metadata": {"path": os.fspath(path.resolve().parent)}},
    )
    number = 0  # of the cell that runs

    def start(cell: NotebookNode, cell_index: int) -> None:
        nonlocal number
        number = cell_index + 1

    client.on_cell_execute = start
    if progress is not None:
        n_cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        done = iter(range(1, n_cells + 1))
        client.on_cell_executed = lambda **_: progress(next(done), n_cells)
    environment = os.environ | {"WORKBENCH_DIR": os.fspath(root), "PYTHONWARNINGS": "ignore"}
    if assume_consent:
        environment["WORKBENCH_ASSUME_CONSENT"] = assume_consent
    if today:
        environment["WORKBENCH_TODAY"] = today
    elif environment.get("WORKBENCH_TODAY") == NOW:  # as in a terminal of the lab: what leaves is of no clock's day
        del environment["WORKBENCH_TODAY"]
    try:
        # cleanup_kc: nbclient leaves a kernel running that it was handed.
        client.execute(env=environment, stderr=subprocess.DEVNULL, cleanup_kc=True)
    except CellExecutionError as error:
        if error.ename == "InputError":
            raise InputError(error.evalue) from None
        said = textwrap.shorten(f"{error.ename}: {error.evalue}", 300)
        raise InputError(f"{path}, cell {number}: {said}; open the notebook, mend the cell and run it again") from None
    except DeadKernelError as error:
        raise InputError(f"{path}, cell {number}: Python stopped while it ran, perhaps for want of memory") from error
    return notebook


@contextlib.contextmanager
def _collected(log: logging.Logger | logging.LoggerAdapter[Any], notices: list[str] | None) -> Any:
    """The exporter's warnings go into a list instead of onto the screen."""
    logger = log.logger if isinstance(log, logging.LoggerAdapter) else log
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: notices.append(record.getMessage()) if notices is not None else None  # type: ignore[method-assign]
    old, logger.propagate = logger.propagate, False
    kept, logger.handlers = logger.handlers, [handler]
    try:
        yield
    finally:
        logger.handlers, logger.propagate = kept, old
