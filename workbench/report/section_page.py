"""One section as a page for others, without a notebook around it."""

from __future__ import annotations

from pathlib import Path

import nbformat

from workbench.errors import InputError
from workbench.redact import share
from workbench.report.carried import write_markdown, write_pdf
from workbench.report.exporter import DiscoveryExporter
from workbench.report.guard import located, refuse_file_name
from workbench.report.one_page import LINES, TITLE, cut_to
from workbench.report.pdf import need_chromium
from workbench.report.sections import Section
from workbench.report.target import look_at_target
from workbench.report.view import HEADINGS, show
from workbench.save import save_bytes

__all__ = ["draw_section", "question_of", "save_section"]

FORMS = ("html", "pdf", "md")


def draw_section(section: Section, title: str, *, audience: str = "") -> str:
    """A section as a page, after consent, with the claims by which it can be proven.

    Parameters
    ----------
    section : Section
        Of :class:`workbench.report.sections.Report`.
    title : str
        What stands above it.
    audience : str
        The reader, one of :data:`workbench.report.audiences.AUDIENCES`; empty for everybody.

    Returns
    -------
    str
        A document as :class:`workbench.report.exporter.DiscoveryExporter` makes of a notebook.

    Raises
    ------
    InputError
        When somebody has written words into it that may not leave.
    """
    return _draw(section, title, audience=audience)[0]


def save_section(
    section: Section,
    title: str,
    target: Path,
    *,
    root: Path,
    to: str = "",
    day: str = "",
    paper: str = "a4",
    audience: str = "",
) -> Path:
    """Write a section as a page.

    Parameters
    ----------
    section, title, audience
        As for :func:`draw_section`.
    target : pathlib.Path
        The file.
    root : pathlib.Path
        The workspace, to say where words stand that may not leave.
    to : str
        ``html``, ``pdf`` or ``md``; by default what `target` ends in.
    day : str
        The day that a PDF says it was made on.
    paper : str
        Of a PDF: one of :data:`workbench.report.pdf.PAPERS`.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        As :func:`draw_section`; when there is no such form, the file's own name gives a customer away, or there is no
        browser to print with.
    SaveError
        When it cannot be written.
    """
    form = to or target.suffix.removeprefix(".").lower()
    if form not in FORMS:
        raise InputError(f"{target}: a page is made as {', '.join(FORMS)}; name a file such as {target.stem}.html")
    if form == "pdf":
        need_chromium()
    look_at_target(target)
    with located(root):
        html, resources = _draw(section, title, form, audience)
        refuse_file_name(resources["discovery"]["names"], target.name)
    data = write_pdf(html, day, paper) if form == "pdf" else (write_markdown(html) if form == "md" else html).encode()
    save_bytes(target.absolute(), data, expected=look_at_target(target))
    return target


def question_of(section: Section) -> str:
    """The title of a one-pager's page: the question, as long as a title may be.

    Parameters
    ----------
    section : Section
        A one-pager.

    Returns
    -------
    str
        As others may see it; what it is called where it has no question.
    """
    decision = share(section.payload)["data"]["decision"]
    asked = show(decision["question"]) if decision else ""
    return cut_to(asked, LINES["question"], TITLE) if asked else HEADINGS[section.payload["section"]]


def _draw(section: Section, title: str, form: str = "html", audience: str = "") -> tuple[str, dict]:
    new = nbformat.v4
    output = new.new_output("execute_result", section._repr_mimebundle_())
    # Ids are by chance, and stay out of the page.
    notebook = new.new_notebook(cells=[new.new_code_cell("", outputs=[output])])
    return DiscoveryExporter(form=form, audience=audience).from_notebook_node(notebook, {"metadata": {"name": title}})
