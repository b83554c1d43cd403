"""The nbconvert exporter ``discovery``: a notebook's claims, after consent, as one page for others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Unicode

from workbench import __version__
from workbench.errors import InputError
from workbench.records.typed import is_day
from workbench.redact import Leaks, everyone_in, name_places, redactors, rename_places, share
from workbench.report import MIMETYPE, VERSION
from workbench.report.audiences import AUDIENCES, Drawn, audience_of, draw_parts, draw_title
from workbench.report.guard import refuse_name, refuse_names, refuse_prose, refuse_withheld
from workbench.report.manifest import add_manifest
from workbench.report.pictures import inline_picture
from workbench.report.view import HEADINGS, render_page

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
    is dropped. Markdown cells are rendered without raw HTML and sanitised; those tagged ``for-pm`` stay behind,
    those tagged ``audience-exec`` and the like are for that reader and for the whole report.

    Examples
    --------
    >>> import nbformat
    >>> notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Tuesday")])
    >>> html, resources = DiscoveryExporter().from_notebook_node(notebook)
    >>> "<h1>Tuesday</h1>" in html, resources["output_extension"]
    (True, '.html')
    """

    as_of = Unicode("", help="The day or revision that the workspace was laid out as; empty for today's.").tag(
        config=True
    )
    audience = Unicode("", help="The reader: exec, engineering, design or sales; empty for the whole report.").tag(
        config=True
    )
    form = Unicode("html", help="What is made of the page: html, pdf or md.").tag(config=True)
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
            nbconvert's; ``discovery.day`` is the day that the report is of, ``discovery.names`` a Redactor of its names.

        Raises
        ------
        InputError
            When there is no such audience, text that someone wrote by hand holds words of a customer who has not agreed to
            be quoted, or the claims are of a version this workbench does not know.
        """
        if self.audience and self.audience not in AUDIENCES:
            raise InputError(f"there is no audience {self.audience!r}; there are {', '.join(AUDIENCES)}")
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        local = [
            (number, payload) for number, cell in enumerate(notebook.cells, 1) for payload in self._claims(number, cell)
        ]
        for number, payload in local:
            if payload.get("version") != VERSION:
                raise InputError(f"cell {number} was run with another version of the workbench; run the notebook again")
        known = [everyone_in(payload) for _, payload in local]
        redact, *names = redactors([{name: one for some in known for name, one in some.items()}, *known])
        leaks = Leaks([payload for _, payload in local])
        places = name_places(payload for _, payload in local)

        def leave(text: str) -> str:
            return redact(rename_places(text, places))

        titled = any(payload["section"] == "overview" and payload["data"]["title"] for _, payload in local)
        sections: dict[str, dict[str, Any]] = {}  # as others may see them, in the notebook's order
        prose: list[_Prose] = []
        heading, for_others = "", False
        for number, cell in enumerate(notebook.cells, 1):
            if cell.cell_type == "markdown" and FOR_PM not in (tags := cell.metadata.get("tags", [])):
                if self.audience and (readers := audience_of(tags)) and self.audience not in readers:
                    for_others = True
                    continue
                first, html = _render_markdown(cell.source, leave, take_title=not (titled or heading))
                refuse_prose(leaks, redact, cell.source, f"{first}\n{html}", f"cell {number}")
                heading = heading or first
                if html:
                    prose.append(_Prose(f'<div class="prose">{html}</div>', len(sections)))
            for payload, its_names in [(one, its) for (of, one), its in zip(local, names, strict=True) if of == number]:
                if payload["section"] in sections:
                    name = HEADINGS[payload["section"]] or "the title block"
                    self.log.warning("Left out of the report: cell %d, since “%s” stands above already.", number, name)
                    continue
                refuse_withheld(leaks, payload, number)
                shared = share(payload, its_names)
                refuse_names(redact, payload, shared, number)
                sections[payload["section"]] = shared
        drawn = draw_parts(self.audience, sections, for_others=for_others)
        overview = sections.get("overview")
        title = (
            (overview["data"]["title"] if overview else "")
            or heading
            or leave(_as_title(resources["metadata"].get("name") or ""))
            or "Discovery report"
        )
        refuse_name(redact, title, "the title")
        moments = {name: one["moment"] for name, one in sections.items() if "moment" in one}
        # Without an overview a page of a week says at least which.
        of = next(iter(moments.values()), {"week": "", "today": ""})
        week = f"Week {int(of['week'][-2:])}" if of["week"] else ""
        empty = {
            "data": {"title": title, "product": week, "date": of["today"], "deck": "", "figures": [], "facts": []},
            "section": "overview",
        }
        header = overview or empty
        # A revision's name is somebody's words, and might be a customer's.
        then = f"on {self.as_of}" if is_day(self.as_of) else "at an earlier revision"
        known = f"As it was known {then}" if self.as_of else ""
        page = render_page(
            _lay_out(drawn, prose, list(sections)),
            title=title,
            header=draw_title(self.audience, header, drawn, title=title, known=known),
            n_notes=overview["data"]["n_notes"] if overview else 0,
            version=__version__,
            form=self.form,
        )
        claims = [*([overview] if overview else []), *(one.payload for one, _ in drawn)]
        basis = next((one["basis"] for one in sections.values() if "basis" in one), {})
        resources["discovery"] = {"day": basis.get("day", ""), "names": redact}
        audience = self.audience or "all"
        made = {"version": __version__, "audience": audience, "sections": list(sections), "known": known}
        return add_manifest(page, claims, **made, basis=basis, moments=moments), resources

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


class _Prose(NamedTuple):
    """A Markdown cell as HTML, and how many sections stand above it in the notebook."""

    html: str
    above: int


def _lay_out(drawn: list[tuple[Drawn, str]], prose: list[_Prose], sections: list[str]) -> list[dict[str, str]]:
    """The parts in order; a text before the first of them that is drawn from a section below it in the notebook."""
    before: list[list[str]] = [[] for _ in range(len(drawn) + 1)]
    last = sum(one.part.of != () and one.part.name != "cited" for one, _ in drawn)
    for text in prose:
        below = (i for name in sections[text.above :] for i, (one, _) in enumerate(drawn) if name in one.part.of[:1])
        before[next(below, last)].append(text.html)
    parts: list[dict[str, str]] = []
    for texts, one in zip(before, [*drawn, None], strict=True):
        parts += [{"id": "", "heading": "", "html": html} for html in texts]
        if one is not None:
            parts.append({"id": one[0].part.name, "heading": one[0].part.heading, "html": one[1]})
    return parts


def _as_title(name: str) -> str:
    """A file's name as a title reads: "tuesday-discovery" is "Tuesday discovery"."""
    words = " ".join(name.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _render_markdown(source: str, leave: Callable[[str], str], *, take_title: bool) -> tuple[str, str]:
    """The first h1's text, taken out if it is to be the page's title, and the rest as clean HTML."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = markdown.parse(leave(source))
    first = ""
    kept = []
    level = 1  # of the heading above; none is skipped, since people hop from heading to heading
    i = 0
    while i < len(tokens):
        token = tokens[i]
        for child in token.children or []:
            _redact_inline(child, leave)
        if token.type == "heading_open":
            if token.tag == "h1" and take_title and not first:
                words = [c.content for c in tokens[i + 1].children or [] if c.type in ("text", "code_inline")]
                first = "".join(map(leave, words))
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


def _redact_inline(token: Token, leave: Callable[[str], str]) -> None:
    r"""Once more, since "&amp;" and "\\&" have become letters; and what stands in links and pictures."""
    if token.type in ("text", "code_inline"):
        token.content = leave(token.content)
    for child in token.children or []:
        _redact_inline(child, leave)
    for name, value in list(token.attrs.items()):
        written = unquote(str(value))
        if not str(value).startswith("data:") and leave(written) != written:
            token.attrs[name] = leave(written) if name in ("alt", "title") else ""


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Links to the web and to this page, pictures that are in the page."""
    if tag == "img" and name == "src":
        return inline_picture(value) or None
    if name == "href":
        return value if re.match(r"(?:https?:|mailto:|#)", value) else None
    return value
