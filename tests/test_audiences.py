"""One notebook for different readers: the same claims, numbers and quotes, other parts in another order."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from lab import pictures, serious_violations
from nbformat import v4 as new

from workbench.errors import InputError
from workbench.redact import share
from workbench.report import MIMETYPE
from workbench.report.audiences import AUDIENCES, arrange, cite, draw_part, explain
from workbench.report.claims import SECTIONS
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.marks import read_page
from workbench.report.view import HEADINGS
from workbench.report.weekly import WEEKLY
from workbench.starter import copy_sample

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def notebook(tmp_path_factory, run_sections):
    """The sample study with records of every kind, and texts for readers."""
    root = tmp_path_factory.mktemp("readers") / "study"
    copy_sample(root)
    made = run_sections(root)
    at = list(SECTIONS).index("who_raised_what")
    made.cells.insert(at, new.new_markdown_cell("Plainly for all"))
    made.cells.insert(at, new.new_markdown_cell("Onlyforexec", metadata={"tags": ["audience-exec"]}))
    made.cells.append(new.new_markdown_cell("Attheend", metadata={"tags": ["audience-sales", "audience-design"]}))
    return made


def draw(notebook, audience):
    return DiscoveryExporter(audience=audience).from_notebook_node(notebook, {"metadata": {"name": "t"}})[0]


@pytest.fixture(scope="module")
def pages(notebook):
    return {audience: draw(notebook, audience) for audience in ("", *AUDIENCES)}


def headings(page):
    return re.findall(r'<h2 id="h-(\w+)">(.*?)</h2>', page)


def test_the_same_claims_carry_the_same_numbers_for_every_reader(pages):
    whole = read_manifest(read_page(pages[""]))
    for audience in AUDIENCES:
        manifest = read_manifest(read_page(pages[audience]))
        assert (manifest.audience, manifest.day, manifest.calls) == (audience, whole.day, whole.calls)
        assert len(manifest.claims) > 15
        assert manifest.claims.items() <= whole.claims.items()
        assert manifest.quotes.keys() <= whole.quotes.keys()
        for ref, digests in manifest.quotes.items():
            assert digests[0] == whole.quotes[ref][0]


def test_every_number_and_word_on_a_page_is_in_its_manifest(pages):
    for audience, html in pages.items():
        page = read_page(html)
        manifest = read_manifest(page)
        assert len(page.marks) > 15, audience
        for mark in page.marks:
            if mark.kind == "words":
                assert mark.id in manifest.quotes
            else:
                claim = manifest.claims[mark.id]
                assert mark.shown == mark.value == str(claim.n if mark.kind == "n" else claim.of)


def test_each_reader_gets_what_was_promised_in_that_order(pages):
    for audience, reader in AUDIENCES.items():
        shown = [name for name, _ in headings(pages[audience])]
        parts = [part for part in reader.parts if part.of[0] in SECTIONS]  # the week's are in the week's notebooks
        promised = [part.name for part in parts]
        assert [name for name in shown if name in promised] == promised
        assert [heading for name, heading in headings(pages[audience]) if name in promised] == [
            part.heading for part in parts
        ]


def test_parts_are_made_of_sections_that_there_are():
    for reader in AUDIENCES.values():
        for part in reader.parts:
            assert part.heading
            assert set(part.of) <= {*SECTIONS, *WEEKLY}, part


@pytest.mark.parametrize(("audience", "words"), [
    ("exec", ["Start the import test on 11 January?", "Does sales go on loading lists", "Not yet tested", "700 had sent no invoice by day 7"]),
    ("engineering", ["A custom report builder", "at most 14 a week", "Import log with row numbers", "CSV files only", "customers with the change, and as many without"]),
    ("design", ["Where it hurts", "What they do today", "What they wish for", "It worked if", "Ship if the estimate is +10 points", "Office manager"]),
    ("sales", ["Nothing has shipped that this study knows of", "Under way, not to be sold yet", "A custom report builder", "Offer the five commonest layouts", "who have to get paid this month"]),
])  # fmt: skip
def test_each_reader_is_told_what_that_reader_asks(pages, audience, words):
    for text in words:
        assert text in pages[audience], text


def test_what_is_left_out_is_said(pages):
    for audience, reader in AUDIENCES.items():
        said = re.search(r'<section id="left_out".*?<p class="empty">(.*?)</p>', pages[audience], re.DOTALL)[1]
        assert f">For {reader.who}</h2>" in pages[audience]
        assert f"<span>For {reader.who}</span>" in pages[audience], "told at the top as well"
        assert said.endswith("The whole report has all of it.")
        whole = {part.name for part in reader.parts if part.is_whole()}
        for name in SECTIONS:
            if name != "overview":
                assert (HEADINGS[name] in said) == (name not in whole), (audience, name)
    assert "left_out" not in pages[""]


def test_texts_of_the_pms_own_reach_everybody_but_those_for_others(pages):
    assert {audience for audience, page in pages.items() if "Plainly for all" in page} == set(pages)
    assert {audience for audience, page in pages.items() if "Onlyforexec" in page} == {"", "exec"}
    assert {audience for audience, page in pages.items() if "Attheend" in page} == {"", "sales", "design"}
    for audience in AUDIENCES:
        assert "Texts for other readers are left out." in pages[audience]
    # Before the part that is drawn from the section below it; at the end, before what every page ends in.
    assert pages["engineering"].index("Plainly for all") < pages["engineering"].index('id="who_raised_what"')
    assert pages["engineering"].index("Plainly for all") > pages["engineering"].index('id="measures"')
    assert pages["sales"].index('id="limits"') < pages["sales"].index("Attheend") < pages["sales"].index('id="cited"')


class Links(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.ids, self.targets = [], set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a" and attributes.get("href", "").startswith("#"):
            self.targets.add(attributes["href"][1:])


def test_no_link_leads_nowhere_and_no_anchor_is_there_twice(pages):
    for audience, page in pages.items():
        found = Links(page)
        assert found.targets <= set(found.ids), audience
        assert len(found.ids) == len(set(found.ids)), audience


def test_every_quote_of_a_page_stands_at_its_end(pages):
    for audience in ("exec", "sales"):
        assert "cited" in dict(headings(pages[audience]))
    for audience in ("engineering", "design"):
        assert "cited" not in dict(headings(pages[audience]))
    cited = set(re.findall(r'<tr id="n-(C-[0-9a-f]+-\d+)"', pages["sales"]))
    assert cited == {ref.replace(":", "-") for ref in re.findall(r'data-ref="([^"]+)"', pages["sales"])}


def test_no_heading_level_is_skipped(pages):
    for audience, page in pages.items():
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), audience


def test_the_same_notebook_gives_the_same_bytes(notebook, pages):
    assert draw(json_copy(notebook), "sales") == pages["sales"]


def json_copy(notebook):
    import nbformat

    return nbformat.reads(nbformat.writes(notebook), as_version=4)


def test_a_notebook_that_lacks_sections_gives_a_shorter_page(run_sections):
    page = draw(run_sections(ROOT, sections=("overview", "learned", "limits")), "exec")
    assert [name for name, _ in headings(page)] == ["learned", "limits", "cited", "check"]
    page = draw(new.new_notebook(cells=[new.new_markdown_cell("Only words")]), "sales")
    assert "Only words" in page


def test_an_audience_that_does_not_exist_is_refused_by_name():
    with pytest.raises(InputError, match="there is no audience 'ceo'; there are exec, engineering, design, sales"):
        draw(new.new_notebook(), "ceo")
    with pytest.raises(ValueError, match="got 'ceo'"):
        arrange("ceo", {})


def test_an_executive_reads_of_each_decision_once(run_sections):
    page = draw(run_sections(ROOT, sections=("overview", "decisions", "bets", "one_pager()")), "exec")
    ask, rest = page.split('id="one_pager"')
    assert "Thin slice, tested" not in ask and rest.count("Support cleans lists by hand: starts now") == 1
    alone = draw(run_sections(ROOT, sections=("overview", "decisions", "bets")), "exec")
    assert "Support cleans lists by hand: starts now" in alone


def test_an_empty_study_has_every_part(tmp_path, run_sections):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "2026-11-17-a.md").write_text("---\ndate: 2026-11-17\ncustomer: Acme\n---\n")
    empty = run_sections(tmp_path)
    for audience, reader in AUDIENCES.items():
        page = draw(empty, audience)
        shown = [name for name, _ in headings(page)]
        # "Other decisions" is left out where there are none.
        promised = [part.name for part in reader.parts if part.of[0] in SECTIONS and part.name != "decisions_left"]
        assert promised == [name for name in shown if name not in ("left_out", "check")]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_page_for_one_reader_can_be_read_by_anyone_anywhere(audience, pages, browser, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(pages[audience], "utf-8")
    for width, scheme in ((360, "light"), (1280, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        requests = []
        page.on("request", lambda request, requests=requests: requests.append(request.url))
        page.goto(file.as_uri())
        page.screenshot(path=pictures() / f"report-{audience}-{width}-{scheme}.png", full_page=True)
        assert len(requests) == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert serious_violations(page, "html") == []
        context.close()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_consent_decides_for_every_reader(audience, tmp_path, run_sections):
    (tmp_path / "interviews").mkdir()
    for i, consent in enumerate(["aggregate", "aggregate", "quote"]):
        (tmp_path / "interviews" / f"2026-11-1{i}-c.md").write_text(
            f"---\ndate: 2026-11-1{i}\ncustomer: Secretname{i} Ltd\nwho: Secretperson{i} Roe, ops lead\nconsent: {consent}\n---\n"
            f"- ! The import drops rows Secretword{i}, says Secretperson{i}\n- \"Rows are lost in the import Secretword{i}\"\n"
            f"- ~ Import rows Secretword{i} by hand\n"
        )  # fmt: skip
    page = draw(run_sections(tmp_path), audience)
    assert "Secretname" not in page
    assert "Secretperson" not in page
    assert "Secretword0" not in page
    assert "Secretword1" not in page
    manifest = json.dumps(read_page(page).manifest)
    assert "Secret" not in manifest


@pytest.fixture(scope="module")
def hostile_sections(hostile_notebook):
    """What hostile words others may see; the exporter draws no part from anything else."""
    cells = [cell for cell in hostile_notebook.cells if cell.cell_type == "code"]
    payloads = [output.data[MIMETYPE] for cell in cells for output in cell.outputs if MIMETYPE in output.data]
    return {payload["section"]: share(payload) for payload in payloads}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_hostile_is_alive_for_any_reader(audience, hostile_sections):
    drawn = arrange(audience, hostile_sections)
    refs = [ref for payload in hostile_sections.values() for ref in payload["notes"]]
    last = [one for one in (cite(drawn, refs), *explain(audience, hostile_sections)) if one]
    tags = set()

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.add(tag)
            assert not [name for name, _ in attrs if name.startswith("on")]
            assert not any(re.match(r"\s*(?:javascript|vbscript):", value or "", re.IGNORECASE) for _, value in attrs)

    for one in [*drawn, *last]:
        Tags().feed(draw_part(one, SECTIONS))
    assert {"section", "h2", "p"} <= tags
    assert not tags & {
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "base",
        "link",
        "img",
        "style",
        "template",
    }
