"""A report in other forms: Markdown that nothing in it can escape from, a PDF without a clock."""

import html as html_module
import re
import shutil
import time

import cmarkgfm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.report import pdf
from workbench.report.markdown import escape_markdown, to_markdown
from workbench.report.pdf import print_pdf, stamp_pdf

needs_chromium = pytest.mark.skipif(pdf.find_chromium() is None, reason="no Chromium on this machine")

OURS = {"blockquote", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "code"}  # fmt: skip
# What GitHub, GitLab and others look for in text, after the Markdown: people, issues, commits, addresses, pictures.
LINKED = re.compile(
    r"(?<![\w`])[@!#~%$]\w|\w@\w|\b[A-Z]{2,}-\d|\b[0-9a-f]{7,40}\b|\bwww\.|://|\bmailto:|:[a-z0-9_+-]+:"
)
TEMPTING = [
    "@octocat", "see @org/team", "#12", "org/repo#12", "!3", "~bug", "%v1", "$12", "GH-12", "ABC-123", "deadbeef1", ":smile:",
    "a@b.com", "www.x.com", "http://x.com", "https://y.dev/a_b", "mailto:x@y.zz", "- a", "+ a", "* a", "1. a", "12) a", "# h",
    "foo #", "===", "---", "***", "a | b", "``` a", "`` ` ``", "[a](b)", "![a](b)", "[^1]: x", "[x]: http://a.b", "> q", "<b>x</b>",
    "<!-- x -->", "&lt;script&gt;", "&#64;", "$x$ and $y$", "~~s~~", "**b** _i_", "a  \nb", "    code", "\tcode", "{{ x }} {% y %}",
    "\\*a\\*", "ftp://x.y", "a\u2028# b", "-", "1.", "\ufeff# a",
]  # fmt: skip
PLACES = ["{}", "> {}", "- {}", "## {}", "| a | b |\n| --- | --- |\n| {} | x |"]


def drawn(markdown):
    """What GitHub's own parser makes of it: its tags, and its text."""
    html = cmarkgfm.github_flavored_markdown_to_html(markdown)
    tags = set(re.findall(r"<([a-zA-Z!?][^\s>/]*)", html))
    return tags, " ".join(html_module.unescape(re.sub(r"<[^>]*>", " ", html)).split())


def bare(text):
    """A text as a reader sees it."""
    return " ".join(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]", "", text).split())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", TEMPTING)
def test_tempting_words_stay_words(place, text):
    before, _ = drawn(place.format("plain"))
    tags, shown = drawn(place.format(escape_markdown(text)))
    assert tags == before
    assert bare(text) in shown.replace("\u2060", "")
    assert not LINKED.search(shown)


def test_without_the_escapes_they_would_not():
    """The test above can fail, at each of its three lines."""
    changed = [text for text in TEMPTING if drawn(text)[0] != {"p"} or LINKED.search(drawn(text)[1])]
    assert len(changed) >= len(TEMPTING) - 12


@pytest.mark.parametrize("place", PLACES)
def test_hostile_payloads_stay_words(place, hostile_payloads):
    for text in hostile_payloads:
        tags, shown = drawn(place.format(escape_markdown(text)))
        assert tags == drawn(place.format("plain"))[0], text
        assert bare(text) in shown.replace("\u2060", ""), text
        assert not LINKED.search(shown), text


@settings(max_examples=300, deadline=None)
@given(st.text("@#!~%$&:/.-+=*_`<>[](){}|\\ \n\t1aA", max_size=24))
def test_no_text_becomes_markup(text):
    tags, shown = drawn(escape_markdown(text))
    assert tags <= {"p"}
    assert shown.replace("\u2060", "") == bare(text)
    assert not LINKED.search(shown)


def test_a_page_as_markdown_reads_like_the_page():
    page = """<!doctype html><html><head><title>T</title><style>x{}</style></head><body><a class="skip" href="#m">Skip</a>
<header><p class="over"><span>Report</span><span>17 November</span></p><h1>Why</h1><dl class="figures"><div><dt>calls</dt>
<dd>16</dd></div><div><dt>weeks</dt><dd>5</dd></div></dl><dl><div><dt>Owner</dt><dd>Ines</dd></div></dl></header>
<nav><ol><li><a href="#x">Contents</a></li></ol></nav><main><section><h2>Themes</h2><article><div class="count"><b>9</b><span>of 12</span>
</div><div><h3><span class="tid">T1</span> It resets</h3><ul><li>Field 2</li><li>Office 3<ul><li>deep</li></ul></li></ul></div></article>
<ol><li>one</li><li>two</li></ol><blockquote><p><span aria-hidden="true">!</span><span class="vh">pain: </span>Lost<br># all</p>
<footer>Lead, P-1 <a class="src" href="#n">C-3fa9c1:12</a></footer></blockquote>
<figure><svg role="img" aria-label="A picture"><text>no</text></svg><svg role="img" aria-label="A picture"></svg></figure>
<details><summary>Table</summary><table><thead><tr><th>a|b</th><th class="num">n</th></tr></thead><tbody><tr><th>x <span class="tag">new</span></th>
<td>3</td></tr></tbody></table></details><div class="prose"><p>A <strong>bold </strong>and <em>un</em>usual <code>a`b</code></p><pre>x
  y</pre></div></section></main><template id="workbench-claims">{"n": 1}</template></body></html>"""
    assert (
        to_markdown(page)
        == """Report · 17 November

# Why

**16** calls · **5** weeks

- **Owner**: Ines

## Themes

### T1 It resets

**9** of 12

- Field 2
- Office 3

  - deep

1. one
2. two

> pain: Lost\\
> \\# all
>
> Lead, P-1 `C-3fa9c1:12`

*Figure: A picture*

**Table**

| a\\|b | n |
| --- | ---: |
| x (new) | 3 |

A **bold** and *un*usual ``a`b``

    x
      y
"""
    )


def test_the_sample_report_as_markdown_has_every_quote_and_no_html(sample_page):
    markdown = to_markdown(sample_page)
    tags, shown = drawn(markdown)
    assert tags <= OURS
    assert markdown.startswith("Discovery report · ")
    quotes = {html_module.unescape(q) for q in re.findall(r"<q[^>]*>(.*?)</q>", sample_page)}
    assert len(quotes) > 40
    for quote in quotes:
        assert bare(quote) in shown.replace("\u2060", "")
    cited = set(re.findall(r"C-[0-9a-f]{6}:\d+", sample_page))
    assert set(re.findall(r"C-[0-9a-f]{6}:\d+", markdown)) == cited


def test_a_hostile_report_as_markdown_has_no_html_and_no_links(hostile_page):
    tags, _ = drawn(to_markdown(hostile_page))
    assert tags <= OURS | {"a", "del", "pre", "img"} - {"a", "img"}


# ---------------------------------------------------------------- paper


def test_a_printed_date_is_the_one_that_was_given():
    printed = b"<</Title (x)\n/CreationDate (D:20261126110928+00'00')\n/ModDate (D:20261126110928-07'30')>>"
    assert stamp_pdf(printed, "2026-11-17") == printed.replace(b"20261126110928+00'00'", b"20261117000000+00'00'").replace(b"20261126110928-07'30'", b"20261117000000+00'00'")  # fmt: skip
    assert len(stamp_pdf(printed)) == len(printed)
    assert b"2026" not in stamp_pdf(printed)
    assert b"Date" not in stamp_pdf(printed)


def test_without_a_browser_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("WORKBENCH_CHROMIUM", raising=False)
    with pytest.raises(
        InputError,
        match=r"no such browser was found; install one .*apt install chromium.*WORKBENCH_CHROMIUM.*--to html",
    ):
        print_pdf("<p>x")
    monkeypatch.setenv("WORKBENCH_CHROMIUM", "/no/such/browser")
    with pytest.raises(InputError, match="there is no program /no/such/browser"):
        print_pdf("<p>x")


def test_a_browser_that_prints_nothing_is_named(monkeypatch):
    monkeypatch.setenv("WORKBENCH_CHROMIUM", shutil.which("false"))
    with pytest.raises(InputError, match=r"false printed nothing \(it ended with 1\)"):
        print_pdf("<p>x")


@needs_chromium
def test_the_same_page_prints_the_same_bytes_at_another_time(sample_page):
    first = print_pdf(sample_page, "2026-11-17")
    time.sleep(1.1)  # a second is what a printed date can tell
    assert print_pdf(sample_page, "2026-11-17") == first
    assert first.startswith(b"%PDF")
    assert b"D:20261117000000+00'00'" in first
    assert b"Mozilla" not in first, "which browser and system it was is nobody's business"
