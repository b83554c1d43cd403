"""The report in a real browser: it asks for nothing, runs nothing, and can be read by anyone, anywhere."""

import re
import shutil
import subprocess
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT

from workbench.report.audiences import AUDIENCES
from workbench.report.exporter import DiscoveryExporter
from workbench.report.pdf import PAPERS, print_pdf

WIDTHS = (320, 360, 768, 1280, 2560)
CSP = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@pytest.fixture(scope="module")
def files(tmp_path_factory, sample_page, hostile_page, run_sections):
    """All reports, without the rule that forbids browsers to load or run anything: they must not need it."""
    folder, notebook = tmp_path_factory.mktemp("pages"), run_sections(ROOT)
    pages = {"sample": sample_page, "hostile": hostile_page}
    pages |= {reader: DiscoveryExporter(audience=reader).from_notebook_node(notebook)[0] for reader in AUDIENCES}
    for name, html in pages.items():
        bare, n = CSP.subn("", html)
        assert n == 1
        (folder / f"{name}.html").write_text(bare, "utf-8")
    return folder


@pytest.fixture(scope="module", params=["sample", "hostile"])
def opened(request, browser, files):
    """A page, what it asked for, and what it said."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    requests, noise = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("dialog", lambda dialog: (noise.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.goto((files / f"{request.param}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield page, requests, noise
    context.close()


def test_nothing_is_asked_of_the_network_and_nothing_runs(opened):
    page, requests, noise = opened
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 5000)
    page.wait_for_timeout(300)
    assert len(requests) == 1, requests
    assert noise == []
    assert page.evaluate("Object.keys(window).filter(key => /pwned/i.test(key))") == []
    assert (
        page.evaluate(
            "document.scripts.length + document.querySelectorAll('iframe,object,embed,form,base,link').length"
        )
        == 0
    )
    handlers = (
        "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length"
    )
    assert page.evaluate(handlers) == 0


def test_the_title_is_the_one_first_heading(opened):
    page = opened[0]
    assert page.locator("h1").all_inner_texts() == [page.title()]


def test_no_heading_level_is_skipped(opened):
    levels = opened[0].evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_every_link_in_the_page_has_its_target_and_every_id_is_one(opened):
    page = opened[0]
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert sorted(ids) == sorted(set(ids))
    links = page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))")
    assert len(links) > 10
    assert set(links) <= set(ids)
    contents = page.evaluate("[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href').slice(1))")
    sections = page.evaluate("[...document.querySelectorAll('main > section[id]')].map(s => s.id)")
    assert contents == sections
    assert page.evaluate(
        "[...document.querySelectorAll('[aria-labelledby]')].every(e => document.getElementById(e.getAttribute('aria-labelledby')))"
    )


def test_every_picture_has_words_and_a_table(opened):
    page = opened[0]
    labels = page.evaluate(
        "[...document.querySelectorAll('svg')].map(s => [s.getAttribute('role'), s.getAttribute('aria-label'), s.getAttribute('aria-hidden')])"
    )
    assert all(hidden == "true" or (role == "img" and label) for role, label, hidden in labels)
    assert page.locator("figure + details table").count() == page.locator("figure").count() > 0
    # The bars of a week are a figure whose numbers stand below them, in its own table.
    assert (
        page.locator(".weeks tbody .week svg[aria-hidden]").count() == page.locator(".weeks tbody .week data").count()
    )


def test_the_page_has_a_language_and_its_landmarks(opened):
    page = opened[0]
    assert page.evaluate("document.documentElement.lang") == "en"
    assert [page.locator(tag).count() for tag in ("main", "nav[aria-label]", "header.top")] == [1, 1, 1]
    assert page.evaluate("[...document.querySelectorAll('table')].every(t => t.querySelector('th[scope=col]'))")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_has_to_be_scrolled_sideways(opened, width):
    page = opened[0]
    page.set_viewport_size({"width": width, "height": 800})
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => !e.closest('.vh,.skip,.scroll,pre,thead') && "
        "e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 120))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width, wide
    page.set_viewport_size({"width": 1280, "height": 900})


CONTRAST = """
() => {
  const luminance = rgb => {
    const [r, g, b] = rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const seen = {};
  for (const e of document.querySelectorAll('body *:not(svg, svg *, .skip)')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const a = luminance(parse(getComputedStyle(e).color).slice(0, 3)), b = luminance(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const key = e.tagName + '.' + e.className;
    seen[key] = Math.min(seen[key] ?? 99, ratio);
  }
  return seen;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(opened, scheme):
    page = opened[0]
    page.emulate_media(color_scheme=scheme)
    ratios = page.evaluate(CONTRAST)
    page.emulate_media(color_scheme="light")
    assert len(ratios) > 25
    assert {key: round(ratio, 2) for key, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", ["sample", *AUDIENCES])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing(browser, files, name, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto((files / f"{name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(page).response["violations"]
    page.close()
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []


def test_the_dark_scheme_is_dark(opened):
    page = opened[0]
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(background)
    page.emulate_media(color_scheme="light")
    assert sum(map(int, re.findall(r"\d+", light))) > 700
    assert sum(map(int, re.findall(r"\d+", dark))) < 120


def test_the_keyboard_reaches_everything(browser, files):
    page = browser.new_page()
    page.goto((files / "sample.html").as_uri())
    focused = "document.activeElement.className + ' ' + document.activeElement.textContent.trim().slice(0, 40)"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "skip Skip to the report"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('header') !== null")  # to the decision that is needed
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('nav') !== null")
    summary = page.locator("#quotes details > summary").first
    summary.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True
    assert page.locator("#quotes details table").first.is_visible()
    assert page.locator("[tabindex]").count() == page.locator(".scroll[tabindex='0'][aria-label]").count()
    page.close()


WORDS_OF_CARDS = """
() => [...document.querySelectorAll('.card, .decision, .theme')].map(card => {
  const words = [], texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (!texts.currentNode.parentElement.closest('.vh')) words.push(...texts.currentNode.data.match(/\\w+/g) ?? []);
  return words;
})
"""


@pytest.mark.parametrize("paper", PAPERS)
def test_no_card_is_cut_on_paper(browser, files, sample_page, tmp_path, paper):
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine, so the print's words are not read")
    page = browser.new_page()
    page.goto((files / "sample.html").as_uri())
    cards = page.evaluate(WORDS_OF_CARDS)
    page.close()
    (tmp_path / "report.pdf").write_bytes(print_pdf(sample_page, paper=paper))
    done = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, text=True, check=True
    )
    sheets = [set(re.findall(r"\w+", sheet)) for sheet in done.stdout.split("\f")]
    box = subprocess.run(["pdfinfo", tmp_path / "report.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size:.*\((.*)\)", box)[1].lower() == paper
    assert len(cards) >= 20
    for words in cards:
        # A word at the end of a line may be parted; a card that is cut has some tens of words on the next page.
        missing = min(len({word for word in words if len(word) > 3} - sheet) for sheet in sheets)
        assert missing <= 3, " ".join(words[:12])
    assert all(f"{n} of {len(sheets) - 1}" in done.stdout for n in range(1, len(sheets)))


@pytest.mark.parametrize(("width", "height"), [(665, 1001), (687, 934)])
def test_two_drafts_have_room_on_one_sheet(browser, files, width, height):
    """Of A4 and of Letter, in px within the margins."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.emulate_media(media="print")
    page.goto((files / "sample.html").as_uri())
    boxes = [card.bounding_box() for card in page.locator(".card.draft").all()]
    page.close()
    assert len(boxes) == 2
    assert boxes[1]["y"] + boxes[1]["height"] - boxes[0]["y"] <= height


def test_it_prints_on_whatever_paper_there_is_with_every_quote(browser, files, tmp_path):
    page = browser.new_page()
    page.goto((files / "sample.html").as_uri())
    last = page.locator("#quotes details", has=page.locator("td q")).last
    words = " ".join(last.locator("td q").first.text_content().split())
    pdf = page.pdf(format="A5", prefer_css_page_size=True, path=tmp_path / "report.pdf")
    page.close()
    assert pdf.startswith(b"%PDF")
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine, so the print's words are not read")
    done = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, text=True, check=True
    )
    printed = set(re.findall(r"\w+", done.stdout))
    missing = [word for word in re.findall(r"\w{4,}", words) if word not in printed]
    assert not missing, words
    box = subprocess.run(["pdfinfo", tmp_path / "report.pdf"], capture_output=True, text=True, check=True).stdout
    assert "A5" in box
