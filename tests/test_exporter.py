"""What leaves through the exporter: consent decides, hand-written text is checked, and nothing hostile stays alive."""

import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat import v4 as new

import workbench as wb
from workbench.errors import InputError
from workbench.redact import Redactor
from workbench.report import MIMETYPE, VERSION, view
from workbench.report.audiences import AUDIENCES
from workbench.report.claims import SECTIONS
from workbench.report.export import export_report

ROOT = Path(__file__).parent.parent
TUESDAY = ROOT / "notebooks" / "tuesday-discovery.ipynb"
OF_TUESDAY = (*SECTIONS, "one_pager()")
LEVELS = ("none", "aggregate", "unstated", "quote", "named", "excluded")

# One unlikely word a field and customer: <Field><Level>, such as Textquote.
FIELDS = ("Name", "Alias", "Listed", "Who", "Role", "Text", "Tag", "File", "Heading", "Take")


def token(field, level):
    return f"{field}{level}zq"


def write_study(root):
    """Two customers of each consent level, so that there are themes; every field holds its own unlikely word."""
    (root / "interviews").mkdir(parents=True)
    (root / "discovery").mkdir()
    registry = ["excluded_segments:", "  enterprise: left out this quarter", "customers:"]
    for n, level in enumerate(LEVELS):
        name, alias = token("Name", level), token("Alias", level)
        consent = level if level in ("none", "aggregate", "quote", "named") else ""
        registry += [f"  {name} Ltd:", f"    aliases: [{alias} Inc]", f"    people: [{token('Listed', level)} Poe]"]
        registry += [f"    segment: {'enterprise' if level == 'excluded' else 'services'}"]
        for k in range(2):
            head = f"date: 2026-11-{10 + 7 * k}\ncustomer: {(name + ' Ltd') if k else (alias + ' Inc')}\n"
            head += f"who: {token('Who', level)} Roe, {token('Role', level)} lead\n" + (
                f"consent: {consent}\n" if consent else ""
            )
            body = (
                f"# {token('Heading', level)}\n"
                f"- ! The import drops {token('Text', level)} rows {n} times each week, says {token('Who', level)} #{token('Tag', level)}\n"
                f'- "Rows {token("Text", level)} are lost in the import of {name} Ltd, and {alias} Inc pays" @12:4{n} #import\n'
                f"- ~ Keeps a sheet of {token('Text', level)} filter settings by hand, {token('Listed', level)} Poe has it\n"
                f"- = {token('Take', level)} may be about Mondays\n"
            )
            stem = f"2026-11-{10 + 7 * k}-{token('File', level)}-{k}".lower()
            (root / "interviews" / f"{stem}.md").write_text(f"---\n{head}---\n{body}", "utf-8")
    (root / "discovery" / "customers.yaml").write_text("\n".join(registry) + "\n", "utf-8")
    (root / "discovery" / "salt").write_text("0f" * 16 + "\n")
    (root / "notebooks").mkdir()
    shutil.copy(TUESDAY, root / "notebooks" / "tuesday.ipynb")
    return root


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("planted") / "work")


@pytest.fixture(scope="module")
def page(study, tmp_path_factory):
    """The one real run: a kernel, the Tuesday notebook, the file."""
    notices = []
    file = export_report(study / "notebooks" / "tuesday.ipynb", workspace=study, notices=notices)
    assert file == study / "reports" / "tuesday.html"
    assert notices == []
    return file.read_bytes().decode()


def tokens_in(html):
    """Which planted words are there, as {level: {fields}}."""
    low = html.lower()
    return {level: {field for field in FIELDS if token(field, level).lower() in low} for level in LEVELS}


def test_consent_decides_which_words_leave(page):
    assert tokens_in(page) == {
        "none": set(),
        "excluded": set(),
        "aggregate": {"Role"},
        "unstated": {"Role"},
        "quote": {"Role", "Text"},
        "named": {"Role", "Text", "Name", "Alias"},
    }


def test_the_same_sections_run_here_give_the_same_page(page, study, run_sections, export):
    html, _ = export(run_sections(study, sections=OF_TUESDAY))
    assert html == page


def test_no_file_name_no_note_id_and_no_hash_of_a_note_leaves(page, study, run_sections):
    assert not re.search(r"#[0-9a-f]{8}", re.sub(r"#[0-9a-f]{3,8}(?=[;}])", "", page))  # colours aside
    notebook = run_sections(study)
    ids = {id for cell in notebook.cells for id in cell.outputs[0].data[MIMETYPE]["notes"]}
    assert len(ids) > 20
    for id in ids:
        call, _, digest = id.partition("#")
        assert call not in page
        assert digest[:8] not in page


def test_the_customers_are_there_as_pseudonyms_that_hold(page, study):
    from workbench.redact import short_ids

    codes = short_ids([f"{token('Name', level)} Ltd" for level in LEVELS], "0f" * 16, "P-", 4)
    shown = {level for level in LEVELS if codes[f"{token('Name', level)} Ltd"] in page}
    assert shown == {"aggregate", "unstated", "quote"}


def test_assumed_consent_is_followed_and_printed(study, run_sections, export):
    html, _ = export(run_sections(study, assume_consent="quote"))
    assert tokens_in(html)["unstated"] == {"Role", "Text"}
    assert tokens_in(html)["aggregate"] == {"Role"}
    assert "1 customer has no consent on record; this report quotes them without their name." in plain(html)
    assert 'Quoted <span class="tag">assumed</span>' in html


def test_what_is_counted_without_being_quoted_is_said(page):
    assert "2 customers are counted without being quoted" in plain(page)
    assert "1 customer has no consent on record; this report counts them and does not quote them." in plain(page)
    assert "1 customer: segment enterprise: left out this quarter" in plain(page)


def test_a_theme_that_none_may_quote_says_none_of_its_words(tmp_path, run_sections, export):
    (tmp_path / "interviews").mkdir()
    others = "- The import drops rows\n- Rows are lost in the import\n- Invoice layout looks odd\n- The invoice has an odd layout\n"
    for i in range(4):
        words = f"- The quorvex ate the zimbals {'again ' * i}\n- Zimbals and quorvex once more, {'twice ' * i}\n"
        body = f"---\ndate: 2026-11-1{i}\ncustomer: Customer {i}\n---\n{words}{others}"
        (tmp_path / "interviews" / f"2026-11-1{i}-c.md").write_text(body)
    html, _ = export(run_sections(tmp_path))
    assert "quorvex" not in html.lower()
    assert "zimbals" not in html.lower()
    assert 'id="T1"' in html


def test_a_call_without_a_customer_is_never_named_after_its_file(tmp_path, run_sections, export):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "2026-11-17-secretfile.md").write_text(
        "---\ndate: 2026-11-17\nconsent: named\n---\n- The import drops rows\n"
    )
    html, _ = export(run_sections(tmp_path))
    assert "secretfile" not in html
    assert "The import drops rows" in html


# ---------------------------------------------------------------- what the PM writes by hand


@pytest.mark.parametrize("level", ["none", "aggregate", "unstated", "excluded"])
def test_prose_with_a_withheld_notes_words_stops_the_export(study, run_sections, export, level):
    n = LEVELS.index(level)
    cell = new.new_markdown_cell(f"It **drops** {token('Text', level).upper()} rows, {n} times each week")
    where = rf"interviews/2026-11-1\d-file{level}zq-\d\.md:\d+"
    with pytest.raises(
        InputError, match=rf"^cell 1 holds words from {where}, whose customer has not agreed to be quoted"
    ):
        export(run_sections(study, before=[cell], sections=("overview", "learned")))


@pytest.mark.parametrize("level", ["quote", "named"])
def test_prose_may_quote_who_agreed_to_it(study, run_sections, export, level):
    n = LEVELS.index(level)
    cell = new.new_markdown_cell(f"It drops {token('Text', level)} rows {n} times each week")
    assert f"It drops {token('Text', level)} rows" in export(run_sections(study, before=[cell]))[0]


@pytest.mark.parametrize(("file", "text"), [
    ("discovery/quarter.md", "---\ntitle: Rows\ndeck: The import drops {} rows 1 times each week\n---\n"),
    ("discovery/quarter.md", "---\nbets: [Faster, the import drops {} rows 1 times each week]\n---\n"),
    ("discovery/hypotheses/H-3fa9c1-x.md", "---\nbecause: the import drops {} rows 1 times each week\n---\n"),
    ("discovery/hypotheses/H-3fa9c1-x.md", "---\nsize: as the import drops {} rows 1 times each week\n---\n"),
    ("discovery/customers.yaml", "customers:\n  Other:\n    excluded: The import drops {} rows 1 times each week\n"),
])  # fmt: skip
def test_records_are_checked_as_well(tmp_path, run_sections, export, file, text):
    root = write_study(tmp_path / "work")
    target = root / file
    target.parent.mkdir(exist_ok=True)
    text = text.format(token("Text", "aggregate"))
    if file.endswith(".yaml"):
        text = text.replace("customers:", "") and target.read_text() + text.removeprefix("customers:\n")
        (root / "interviews" / "2026-11-18-other.md").write_text("---\ndate: 2026-11-18\ncustomer: Other\n---\n- x\n")
    target.write_text(text)
    with pytest.raises(InputError, match="has not agreed to be quoted"):
        export(run_sections(root))


def test_names_and_addresses_in_prose_are_replaced(tmp_path, run_sections, export):
    root = tmp_path
    (root / "interviews").mkdir()
    (root / "interviews" / "2026-11-17-a.md").write_text(
        "---\ndate: 2026-11-17\ncustomer: Halden & Pike\nwho: Jane Doe, ops\nconsent: quote\n---\n- The import drops rows\n"
    )
    prose = (
        "# After Halden & Pike\n\nJane at Halden &amp; Pike, `Halden & Pike`, **Halden** & Pike, [Jane Doe](https://x.example/jane) "
        "and Halden \\& Pike; jane@x.example\n\n    Jane Doe, +44 20 7946 0958\n\n| Halden & Pike |\n|---|\n| JANE |\n"
    )
    html, _ = export(run_sections(root, before=[new.new_markdown_cell(prose)]))
    text = re.sub(r"<[^>]*>", "", html).replace("&amp;", "&")
    for gone in ("Jane", "JANE", "Doe", "Halden", "Pike", "x.example", "7946"):
        assert gone not in html.replace("&amp;", "&"), gone
    assert re.search(r"<h2>After P-[0-9a-f]{4}</h2>", html)
    assert "[ops] at P-" in text


def test_cells_for_the_pm_stay_behind_and_are_not_checked(study, run_sections, export):
    words = f"It drops {token('Text', 'aggregate')} rows 1 times each week"
    cell = new.new_markdown_cell(f"# Mine\n\nSecretplan. {words}", metadata={"tags": ["for-pm"]})
    html, _ = export(run_sections(study, before=[cell]))
    assert "Secretplan" not in html
    assert "Mine" not in html


def cells(*sources):
    return new.new_notebook(cells=[new.new_markdown_cell(source) for source in sources])


def test_the_first_heading_is_the_title_and_later_ones_step_down(export):
    html, _ = export(
        cells(
            "intro", "# The *first* `one`\n\nwords\n\n# Second\n\n#### Deep\n\n## Back", "# Third\n\nlast", "### Fourth"
        )
    )
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["The first one"]
    assert "<title>The first one</title>" in html
    assert re.findall(r"<(h[2-6])>(\w+)</h", html) == [
        ("h2", "Second"), ("h3", "Deep"), ("h2", "Back"), ("h2", "Third"), ("h2", "Fourth"),
    ]  # fmt: skip


def test_a_heading_is_no_title_where_the_study_has_one_and_is_not_lost(tmp_path, run_sections, export):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "discovery").mkdir()
    (tmp_path / "discovery" / "quarter.md").write_text("---\ntitle: From the quarter\n---\n")
    (tmp_path / "interviews" / "2026-11-17-a.md").write_text(
        "---\ndate: 2026-11-17\ncustomer: Acme\n---\n- It resets\n"
    )
    html, _ = export(run_sections(tmp_path, before=[new.new_markdown_cell("# From the page")]))
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["From the quarter"]
    assert "<title>From the quarter</title>" in html
    assert "<h2>From the page</h2>" in html


def test_a_notebook_without_any_claims_still_exports(export):
    html, notices = export(cells("Only words"), name="spare-name")
    assert "<title>Spare name</title>" in html
    assert "<h1>Spare name</h1>" in html
    assert "<p>Only words</p>" in html
    assert notices == []
    assert "<h1>" in export(new.new_notebook())[0]


def test_a_title_shows_what_would_reorder_it(export):
    html, _ = export(cells("# abc\u202egnp"))
    assert "\u202e" not in html
    assert "<title>abc⟨U+202E⟩gnp</title>" in html


def test_a_section_shown_twice_is_drawn_once_and_that_is_said(study, run_sections, export):
    once, _ = export(run_sections(study))
    notebook = run_sections(study)
    notebook.cells += run_sections(study).cells
    twice, notices = export(notebook)
    assert twice == once
    assert len(notices) == len(SECTIONS)
    assert (
        notices[0] == f"Left out of the report: cell {len(SECTIONS) + 1}, since “the title block” stands above already."
    )


# ---------------------------------------------------------------- outputs that are no claims


def code(*outputs):
    return new.new_code_cell("draw()", outputs=list(outputs))


def bundle(**data):
    return new.new_output("display_data", {kind.replace("__", "/"): value for kind, value in data.items()})


def test_other_outputs_are_left_out_and_named(export):
    secret = "Plantedsecret"
    notebook = new.new_notebook(
        cells=[
            code(new.new_output("stream", name="stdout", text=secret)),
            code(
                new.new_output(
                    "execute_result", {"text/html": f"<table><td>{secret}</td></table>", "text/plain": secret}
                )
            ),
            code(new.new_output("display_data", {"image/png": "iVBORw0KGgo=" + secret, "text/plain": "<Figure>"})),
            code(new.new_output("display_data", {"text/vnd.mermaid": f"graph TD; A[{secret}]"})),
            code(new.new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": secret}})),
            code(new.new_output("display_data", {MIMETYPE: [secret]})),
            code(),
        ],
        metadata={
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"m": {"value": secret}}}},
            "title": secret,
        },
    )
    before = copy.deepcopy(notebook)
    html, notices = export(notebook)
    assert secret not in html
    assert notebook == before
    kinds = [
        "stdout",
        "text/html, text/plain",
        "image/png, text/plain",
        "text/vnd.mermaid",
        "application/vnd.jupyter.widget-view+json",
        MIMETYPE,
    ]
    assert notices == [
        f"Left out of the report: output of cell {n} ({kind}). Only sections of wb.Report leave the workspace."
        for n, kind in enumerate(kinds, 1)
    ]


def test_a_section_beside_other_outputs_still_leaves(study, run_sections, export):
    notebook = run_sections(study, sections=("limits",))
    notebook.cells[0].outputs.insert(0, new.new_output("stream", name="stderr", text="Plantedsecret"))
    html, notices = export(notebook)
    assert 'id="limits"' in html
    assert "Plantedsecret" not in html
    assert len(notices) == 1


def test_a_cell_that_failed_stops_the_export(export):
    failed = code(new.new_output("error", ename="NameError", evalue="name 'x' is not defined", traceback=[]))
    with pytest.raises(InputError, match=r"^cell 2 ended in an error \(NameError: name 'x' is not defined\); mend it"):
        export(new.new_notebook(cells=[new.new_markdown_cell("# A"), failed]))


@pytest.mark.parametrize("version", [0, VERSION - 1, VERSION + 1, str(VERSION), None])
def test_claims_of_another_version_stop_the_export(export, version):
    with pytest.raises(
        InputError, match="cell 1 was run with another version of the workbench; run the notebook again"
    ):
        export(
            new.new_notebook(
                cells=[code(new.new_output("display_data", {MIMETYPE: {"version": version, "section": "limits"}}))]
            )
        )


# ---------------------------------------------------------------- names of themes

IMPORT = ["The import drops rows", "Rows are lost in the import", "The import lost half of the rows we had that week"]
INVOICE = ["Invoice layout looks odd", "The invoice has an odd layout", "Our invoice layout is odd as well"]
ANA = {"by": "ana", "date": "2026-11-20"}


def write_named(root, names, consent="quote", ids=None):
    """Three customers and two themes, named in the order of IMPORT and INVOICE; Acme Ltd agrees to nothing but a count."""
    (root / "interviews").mkdir(parents=True)
    for i, customer in enumerate(["Bolt", "Core", "Acme Ltd"]):
        head = (
            f"date: 2026-11-1{i}\ncustomer: {customer}\nsegment: field\nconsent: {consent if i < 2 else 'aggregate'}\n"
        )
        (root / "interviews" / f"2026-11-1{i}-c.md").write_text(
            f"---\n{head}---\n- {IMPORT[i]}\n- {INVOICE[i]}\n", "utf-8"
        )
    for i, (texts, name) in enumerate(zip((IMPORT, INVOICE), names, strict=False)):
        study = wb.read_study(root)
        themes = wb.find_themes(study.notes, study.ledger)
        theme = themes.notes.set_index("text").loc[texts[0], "theme"]
        new_id = {"new_id": iter([ids[i], f"0000000{i}"]).__next__} if ids else {}
        wb.append_records(root, wb.rename_theme(themes, theme, name, **ANA, **new_id))
    return root


def plain(html):
    return Page(html).text


def test_a_theme_is_titled_by_its_name_and_its_words_stand_beneath(tmp_path, run_sections, export):
    root = write_named(tmp_path, ["Rows go missing"])
    html, notices = export(run_sections(root))
    assert notices == []
    text = plain(html)
    assert "3 of 3 customers, all in field, raised Rows go missing , for example: " in text
    assert text.count("Rows go missing") >= 5, "learned, themes, matrix, table, quotes"
    assert "Each title is one of its notes, word for word, standing for the others until it is renamed." in text
    assert "The product manager has gone over 1 of 2 themes" in text
    for words in (*IMPORT[:2], *INVOICE[:2]):
        assert words in text
    assert IMPORT[2] not in text


def test_lasting_ids_are_short_in_print_and_whole_in_links(tmp_path, run_sections, export):
    ids = ["3fa9c1e0", "3fa9c2ff"]
    html, _ = export(run_sections(write_named(tmp_path, ["One", "Two"], ids=ids)))
    assert 'id="T-3fa9c1e0"' in html and 'id="T-3fa9c2ff"' in html
    assert 'href="#T-3fa9c1e0">T-3fa9c1</a>' in html, "as long as it takes to tell them apart"
    text = plain(html)
    assert "T-3fa9c1 One" in text and "T-3fa9c2 Two" in text
    assert not re.search(r"T-3fa9c(1e0|2ff)", text)
    assert "Themes by customer: T-3fa9c1 3, T-3fa9c2 3 of 3 customers." in html


def test_in_the_notebook_a_name_is_whole_and_outside_it_is_redacted(tmp_path, run_sections, export):
    name = "Acme Ltd and Bolt write to jo@acme.example"
    notebook = run_sections(write_named(tmp_path, [name]))
    local = "".join(cell.outputs[0].data["text/html"] for cell in notebook.cells)
    assert name in local
    html, _ = export(notebook)
    assert "Acme" not in html and "Bolt" not in html and "jo@" not in html
    assert re.search(r"P-[0-9a-f]{4} and P-[0-9a-f]{4} write to \[e-mail\]", html)


@pytest.mark.parametrize("section", ["learned", "themes", "who_raised_what", "hypotheses", "quotes"])
def test_a_name_with_a_withheld_customers_words_stops_the_export_in_every_section(
    tmp_path, run_sections, export, section
):
    root = write_named(tmp_path, ["“Import lost half OF the rows we had”"])
    where = r"interviews/2026-11-12-c\.md:7"
    with pytest.raises(
        InputError,
        match=rf"^the name of theme T-\w{{4}} in .+ \(cell 1\) holds words from {where}, .+; rename the theme, or",
    ):
        export(run_sections(root, sections=(section,)))


def test_a_name_may_repeat_who_agreed_to_it(tmp_path, run_sections, export):
    assert IMPORT[1] in export(run_sections(write_named(tmp_path, [IMPORT[1]])))[0]


def test_a_named_theme_that_none_may_quote_has_its_name_and_none_of_their_words(tmp_path, run_sections, export):
    html, _ = export(run_sections(write_named(tmp_path, ["Lost data", "Looks"], consent="aggregate")))
    text = plain(html)
    assert "3 of 3 customers, all in field, raised Lost data" in text
    assert not [word for word in ("import", "rows", "layout", "invoice") if re.search(rf"\b{word}\b", text.lower())]


def test_notes_that_were_set_aside_are_said_to_be(tmp_path, run_sections, export):
    root = write_named(tmp_path, ["Rows go missing", "Looks"])
    study = wb.read_study(root)
    themes = wb.find_themes(study.notes, study.ledger)
    note = themes.notes.set_index("text").loc[INVOICE[1], "note"]
    wb.append_records(root, wb.set_aside(themes, note, **ANA))
    text = plain(export(run_sections(root))[0])
    assert "1 note was set aside by the product manager." in text
    assert "resemble" not in text
    assert "Set aside 1 note" in text
    assert "and the product manager has gone over all of them" in text


# ---------------------------------------------------------------- hostile text

DEAD = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "base",
    "frame",
    "frameset",
    "applet",
    "audio",
    "video",
    "input",
    "button",
    "textarea",
}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LIVE_URL = re.compile(r"\s*(?:javascript|vbscript|data:(?!image/(?:png|jpeg|gif|webp);base64,))", re.IGNORECASE)


class Page(HTMLParser):
    """A page's elements and the text that a reader sees."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.words, self.styles, self.open, self.odd = [], [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.odd.append(tag)

    def handle_data(self, data):
        if "template" not in self.open:  # the manifest, which nobody sees
            (self.styles if self.open and self.open[-1] == "style" else self.words).append(data)

    def handle_comment(self, data):
        self.odd.append(f"comment {data}")

    def unknown_decl(self, data):
        self.odd.append(f"declaration {data}")

    def handle_pi(self, data):
        self.odd.append(f"instruction {data}")

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def alive(html, n_styles):
    """Everything in the page that could run, load or pose as the page's own."""
    page = Page(html)
    found = [f"unbalanced {odd}" for odd in page.odd]
    found += [f"<{tag}>" for tag, _ in page.elements if tag in DEAD or tag == "link"]
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            value = re.sub(r"[\t\r\n]", "", value or "")  # as a browser reads an address
            if name.startswith("on") or name in ("srcdoc", "style", "formaction", "action", "srcset", "background"):
                found.append(f"<{tag} {name}>")
            if name in ("href", "src", "xlink:href", "data", "poster") and not value.startswith("#"):
                if LIVE_URL.match(value) or name != "href":
                    found.append(f"<{tag} {name}={value[:40]}>")
            if tag == "meta" and name == "http-equiv" and value != "Content-Security-Policy":
                found.append(f"<meta {value}>")
    if sum(tag == "style" for tag, _ in page.elements) != n_styles:
        found.append("a style that is not ours")
    found += re.findall(r"url\(|@import|expression\(", "".join(page.styles))
    return found


def test_the_check_for_live_text_sees_every_hostile_payload(hostile_payloads):
    """So that the tests below cannot pass by being blind."""
    blind = [text for text in hostile_payloads if "<" in text and not alive(f"<p>{text}</p>", 0)]
    assert all("&lt;" in text or text.startswith(("`", "| a |")) for text in blind), blind


def test_nothing_hostile_is_alive_in_the_report(hostile_page):
    assert alive(hostile_page, 1) == []


def test_hostile_names_of_themes_are_there_as_text(hostile_page, hostile_study):
    study = wb.read_study(hostile_study)
    names = [name for name in wb.find_themes(study.notes, study.ledger).summary["name"] if name]
    assert sum("<" in name for name in names) >= 3
    assert (
        sum(f'<span class="tid">{id}' in hostile_page for id in re.findall(r">(T-[0-9a-f]{4})</span>", hostile_page))
        >= 3
    )


def test_every_hostile_text_is_still_there_to_be_read(hostile_page, hostile_payloads):
    text = Page(hostile_page).text
    redact = Redactor({})
    bidi = re.compile("[\u202a-\u202e]")
    for payload in hostile_payloads:
        shown = bidi.sub(lambda c: f"⟨U+{ord(c[0]):04X}⟩", redact(payload.replace("\0", "")))
        assert " ".join(f"{shown} filters reset".split()) in text, payload


def test_nothing_hostile_is_alive_in_the_notebook_either(hostile_notebook):
    sections = [
        cell.outputs[0].data["text/html"]
        for cell in hostile_notebook.cells
        if cell.get("outputs") and MIMETYPE in cell.outputs[0].data
    ]
    assert len(sections) == len(SECTIONS)
    for html in sections:
        assert alive(html, 1) == []


def test_hostile_text_reads_no_template_and_no_null_leaves(hostile_page):
    assert "{{constructor.constructor(" in hostile_page
    assert "\0" not in hostile_page


def test_bytes_that_are_no_utf_8_leave_as_a_sign(tmp_path, run_sections, export):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "2026-11-17-a.md").write_bytes(
        b"---\ndate: 2026-11-17\ncustomer: Cafe\nconsent: named\n---\n- caf\xe9 lone \xed\xa0\x80 surrogate\n"
    )
    html, _ = export(run_sections(tmp_path))
    assert "caf\ufffd lone \ufffd\ufffd\ufffd surrogate" in html
    html.encode()


@pytest.mark.parametrize("source", [
    "<script>window.x=1</script>", "<b onclick=x()>bold</b>", "[x](javascript:alert(1))", "![x](https://evil.example/p.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)", "<a href='https://evil.example'>x</a>", "[x]: javascript:alert(1)\n\n[x]",
    "<style>*{}</style>", "<!-- comment -->", "<div\nonclick=1>",
])  # fmt: skip
def test_markdown_is_inert(export, source):
    html, _ = export(cells(f"before\n\n{source}\n\nafter"))
    assert alive(html, 1) == []
    assert not re.search(r"<(img|a)\b[^>]*evil\.example", html)
    assert "<p>before</p>" in html
    assert "<p>after</p>" in html


def test_a_picture_inside_the_prose_and_a_link_within_the_page_stay(export):
    html, _ = export(cells("![Map](data:image/png;base64,iVBORw0KGgo=) and [themes](#themes)"))
    assert '<img src="data:image/png;base64,iVBORw0KGgo=" alt="Map">' in html
    assert 'href="#themes"' in html


# ---------------------------------------------------------------- the same bytes everywhere

EXPORT = """
import sys
from workbench.report.export import export_report
export_report(sys.argv[1], sys.argv[2], workspace=sys.argv[3])
"""
# What day it is, here and in a notebook's kernel.
ASK = "import datetime, time; print(datetime.date.today(), f'{datetime.datetime.now():%F}', time.strftime('%F'))"
ASK_BOTH = f"""
import sys
from pathlib import Path
from workbench.report.export import run_notebook
{ASK}
print(run_notebook(Path(sys.argv[1]), Path(sys.argv[2])).cells[0].outputs[0].text)
"""


def run_on(day, code, *words):
    """Python on a machine whose clock is on another day."""
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "another_day")))
    environment = os.environ | {"PYTHONPATH": paths, "ANOTHER_DAY": day}
    return subprocess.run(
        [sys.executable, "-c", code, *words], check=True, env=environment, stdout=subprocess.PIPE, text=True
    ).stdout


def test_the_same_files_give_the_same_bytes_on_another_machine(page, study, tmp_path):
    other = tmp_path / "elsewhere" / "under a name with spaces"
    files = [file for file in study.rglob("*") if file.is_file() and "reports" not in file.parts]
    random.Random(7).shuffle(files)
    for file in files:  # in another order, and with other times
        target = other / file.relative_to(study)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
        os.utime(target, (1e9, 1e9))
    threads = "1" if (os.cpu_count() or 1) > 1 else "2"
    environment = os.environ | {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "4711",
        "PYTHONPATH": str(ROOT),
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads),
    }
    command = [sys.executable, "-c", EXPORT, other / "notebooks" / "tuesday.ipynb", tmp_path / "out.html", other]
    subprocess.run(command, check=True, env=environment, cwd=tmp_path)
    assert (tmp_path / "out.html").read_bytes().decode() == page


def test_the_same_files_give_the_same_bytes_two_days_later(tmp_path):
    pages = []
    for day in ("2026-11-23", "2026-11-25"):  # six and eight days after two of the hypotheses were written down
        nbformat.write(new.new_notebook(cells=[new.new_code_cell(ASK)]), tmp_path / "ask.ipynb")
        told = run_on(day, ASK_BOTH, tmp_path / "ask.ipynb", ROOT).split()
        assert told == [day] * 6, "the clock is on another day, here and in the kernel"
        run_on(day, EXPORT, TUESDAY, tmp_path / f"{day}.html", ROOT)
        pages.append((tmp_path / f"{day}.html").read_bytes())
    assert pages[0] == pages[1]


def test_nothing_on_the_way_to_a_report_reads_the_clock():
    """So that it is the same on another day; who asks for today is what a PM types a day into, or sees a save's time in."""
    asks = {
        "arrivals.py",  # whether the day of a call that comes in is yet to come
        "bring_in.py",  # themes that come in are decisions, of the day on which they do
        "checks/read.py",
        "cli/decisions.py",
        "cli/delta.py",
        "cli/evidence.py",
        "cli/hypotheses.py",
        "cli/themes.py",
        "cli/week.py",
        "deciding.py",
        "live_call.py",
        "open_week.py",  # for a week of a workspace in which nothing has a day
        "record_files.py",
        "take_back.py",  # when something came in, as it is told to whoever takes it back
        "study.py",  # for whoever says WORKBENCH_TODAY=now, which no report is made by
    }
    clocks = {"gmtime", "localtime", "now", "time_ns", "today", "utcnow"}
    found = set()
    for file in sorted((ROOT / "workbench").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "") if isinstance(node, ast.Call) else ""
            if name in clocks or (name == "time" and getattr(node.func.value, "id", "") == "time"):
                found.add(file.relative_to(ROOT / "workbench").as_posix())
    assert {file for file in found if not file.startswith("widgets/")} == asks


def test_nbconvert_makes_the_same_page_from_the_stored_outputs(page, study, run_sections, tmp_path):
    nbformat.write(run_sections(study, sections=OF_TUESDAY), tmp_path / "tuesday.ipynb")
    subprocess.run(
        [sys.executable, "-m", "jupyter", "nbconvert", "--to", "discovery", "tuesday.ipynb", "--output", "out"],
        check=True, cwd=tmp_path, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert (tmp_path / "out.html").read_text("utf-8") == page


# ---------------------------------------------------------------- the notebook's own check


@pytest.mark.parametrize("changed", [False, True])
def test_nbval_fails_when_one_count_differs_and_only_then(changed, study, run_sections, tmp_path):
    notebook = nbformat.read(TUESDAY, as_version=4)
    by_source = {cell.source: cell.outputs for cell in run_sections(study, sections=OF_TUESDAY).cells}
    notebook.cells = [cell for cell in notebook.cells if "workbench.widgets" not in cell.source]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = copy.deepcopy(by_source[cell.source.splitlines()[-1]])
    if changed:
        learned = next(cell for cell in notebook.cells if cell.source == "report.learned").outputs[0].data
        learned["text/html"], n = re.subn(
            r">(\d+)</data> of", lambda found: f">{int(found[1]) + 1}</data> of", learned["text/html"], count=1
        )
        assert n == 1
    nbformat.write(notebook, tmp_path / "copy.ipynb")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "copy.ipynb"],
        cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"WORKBENCH_DIR": str(study), "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},
    )  # fmt: skip
    assert done.returncode == int(changed), done.stdout[-3000:]
    assert ("1 failed, " in done.stdout) == changed


def test_what_scrolls_has_a_name_of_its_own():
    """Two regions of one name cannot be told apart by whoever hears the page."""
    sections = set(view.HEADINGS.values()) | {
        part.heading for audience in AUDIENCES.values() for part in audience.parts
    }
    templates = (Path(view.__file__).parent / "templates").rglob("*.j2")
    # Pricing's two tables are of one macro, which is given their names.
    named = re.compile(r'(?:role="region" aria-label=|rows\(d\.\w+, )"([^"{]+)"')
    regions = [name for file in templates for name in named.findall(file.read_text("utf-8"))]
    assert len(regions) > 20
    assert "Words that hint at money" in regions
    assert sections & set(regions) == set()
