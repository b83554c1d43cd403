"""The nbconvert exporter ``discovery``: a notebook's claims, after consent, as one page for others."""

from __future__ import annotations

import re
from typing import Any

import nh3
from markdown_it import MarkdownIt
from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from workbench import __version__
from workbench.errors import InputError
from workbench.redact import Leaks, Redactor, share
from workbench.report import MIMETYPE, VERSION
from workbench.report.manifest import add_manifest
from workbench.report.view import HEADINGS, render_page, render_section

__all__ = ["DiscoveryExporter"]

# A Markdown cell with this tag speaks to the PM and stays in the notebook.
FOR_PM = "for-pm"
_TAGS = {
    "a", "b", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p",
    "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


class DiscoveryExporter(Exporter):
    """Export a discovery notebook to one self-contained HTML file without code, scripts or requests.

    Of a code cell's outputs only claims (see :mod:`workbench.report.claims`) leave, drawn anew after consent and
    redaction; any other output is left out and named in the log, since nobody can say whose words it holds. Widget state
    is dropped. Markdown cells are rendered without raw HTML and sanitised; those tagged ``for-pm`` stay behind.

    Examples
    --------
    >>> import nbformat
    >>> notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Tuesday")])
    >>> html, resources = DiscoveryExporter().from_notebook_node(notebook)
    >>> "<h1>Tuesday</h1>" in html, resources["output_extension"]
    (True, '.html')
    """

    output_mimetype = "text/html"
    export_from_notebook = "Discovery report (HTML)"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render a notebook.

        Parameters
        ----------
        nb : NotebookNode
            The notebook, executed; it is not changed.
        resources : dict, optional
            nbconvert's; ``metadata.name`` titles a report that has no title.
        **kwargs
            Passed on to nbconvert.

        Returns
        -------
        html : str
            The page.
        resources : dict
            nbconvert's.

        Raises
        ------
        InputError
            When text that someone wrote by hand holds words of a customer who has not agreed to be quoted, or the
            claims are of a version this workbench does not know.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        local = [
            (number, payload) for number, cell in enumerate(notebook.cells, 1) for payload in self._claims(number, cell)
        ]
        for number, payload in local:
            if payload.get("version") != VERSION:
                raise InputError(f"cell {number} was run with another version of the workbench; run the notebook again")
        customers = {name: customer for _, payload in local for name, customer in payload["customers"].items()}
        redact, leaks = Redactor(customers), Leaks([payload for _, payload in local])

        parts: list[dict[str, str]] = []
        overview: dict[str, Any] | None = None
        heading = ""
        titled = any(payload["section"] == "overview" and payload["data"]["title"] for _, payload in local)
        drawn: set[str] = set()
        claims: list[dict[str, Any]] = []  # of the sections that are drawn, as others may see them
        for number, cell in enumerate(notebook.cells, 1):
            if cell.cell_type == "markdown" and FOR_PM not in cell.metadata.get("tags", []):
                _refuse_leaks(leaks, cell.source, f"cell {number}")
                first, html = _render_markdown(cell.source, redact, take_title=not (titled or heading))
                heading = heading or first
                if html:
                    parts.append({"id": "", "heading": "", "html": f'<div class="prose">{html}</div>'})
            for payload in [payload for of, payload in local if of == number]:
                if payload["section"] in drawn:
                    name = HEADINGS[payload["section"]] or "the title block"
                    self.log.warning("Left out of the report: cell %d, since “%s” stands above already.", number, name)
                    continue
                drawn.add(payload["section"])
                _refuse_prose_leaks(leaks, payload, number)
                claims.append(share(payload))
                if payload["section"] == "overview":
                    overview = claims[-1]
                    continue
                name = payload["section"]
                html = render_section(claims[-1], shared=True)
                parts.append({"id": name, "heading": HEADINGS[name] or "Summary", "html": html})
        title = (
            (overview["data"]["title"] if overview else "")
            or heading
            or resources["metadata"].get("name")
            or "Discovery report"
        )
        empty = {
            "data": {"title": title, "product": "", "date": "", "deck": "", "figures": [], "facts": []},
            "section": "overview",
        }
        page = render_page(
            parts,
            title=title,
            header=render_section(overview or empty, shared=True, title=title),
            n_notes=overview["data"]["n_notes"] if overview else 0,
            version=__version__,
        )
        return add_manifest(page, claims, version=__version__), resources

    def _claims(self, number: int, cell: NotebookNode) -> list[dict[str, Any]]:
        """The claims among a cell's outputs; what else there is is named in the log."""
        found = []
        for output in cell.get("outputs", []) if cell.cell_type == "code" else []:
            if output.output_type == "error":
                raise InputError(
                    f"cell {number} ended in an error ({output.ename}: {output.evalue}); mend it and run it again"
                )
            claims = output.get("data", {}).get(MIMETYPE)
            if isinstance(claims, dict):
                found.append(claims)
            elif output.get("metadata", {}).get("workbench") in ("still", "live"):
                continue  # our own widgets are what the PM works with: no part of a report, and everybody knows
            else:
                kind = output.get("name") or ", ".join(output.get("data", {})) or output.output_type
                self.log.warning("Left out of the report: output of cell %d (%s). Only sections of wb.Report leave the workspace.", number, kind)  # fmt: skip
        return found


def _refuse_prose_leaks(leaks: Leaks, payload: dict[str, Any], number: int) -> None:
    """Check what the PM wrote into records: the quarter, hypotheses, why somebody does not count, names of themes."""
    data, where = payload["data"], f"{HEADINGS[payload['section']] or 'the title block'} (cell {number})"
    texts: list[str] = []
    if payload["section"] == "overview":
        texts = [data["title"], data["deck"], data["product"], *(fact["value"] for fact in data["facts"])]
    elif payload["section"] == "hypotheses":
        written = ("change", "because", "metric", "segment", "size", "deadline")
        texts = [h[name] for h in data["hypotheses"] for name in written]
    elif payload["section"] == "who_we_talked_to":
        texts = [apart["reason"] for apart in data["apart"]]
    for text in texts:
        _refuse_leaks(leaks, text, where)
    for theme in [theme for key in ("themes", "groups", "hypotheses") for theme in data.get(key, ())]:
        _refuse_leaks(leaks, theme["title"], f"the name of theme {theme['tid']} in {where}", "rename the theme")


def _refuse_leaks(leaks: Leaks, text: str, where: str, todo: str = "take them out") -> None:
    if place := leaks.find(text):
        raise InputError(
            f"{where} holds words from {place}, whose customer has not agreed to be quoted; {todo}, or record "
            "consent: quote  for the customer"
        )


def _render_markdown(source: str, redact: Redactor, *, take_title: bool) -> tuple[str, str]:
    """The first h1's text, taken out if it is to be the page's title, and the rest as clean HTML."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = markdown.parse(redact(source))
    first = ""
    kept = []
    level = 1  # of the heading above; none is skipped, since people hop from heading to heading
    i = 0
    while i < len(tokens):
        token = tokens[i]
        for child in token.children or []:
            if child.type in ("text", "code_inline"):  # once more: "&amp;" and "\\&" have become letters
                child.content = redact(child.content)
        if token.type == "heading_open":
            if token.tag == "h1" and take_title and not first:
                words = [c.content for c in tokens[i + 1].children or [] if c.type in ("text", "code_inline")]
                first = "".join(map(redact, words))
                i += 3
                continue
            level = min(max(int(token.tag[1]), 2), level + 1)
            token.tag = tokens[i + 2].tag = f"h{level}"
        kept.append(token)
        i += 1
    html = nh3.clean(
        markdown.renderer.render(kept, markdown.options, {}),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}},
        url_schemes={"https", "http", "mailto", "data"},
        attribute_filter=_keep_attribute,
    )
    return first.strip(), html.strip()


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Links to the web and to this page, pictures that are in the page."""
    if tag == "img" and name == "src":
        return value if re.match(r"data:image/(?:png|jpeg|gif|webp);base64,", value) else None
    if name == "href":
        return value if re.match(r"(?:https?:|mailto:|#)", value) else None
    return value
