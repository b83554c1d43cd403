"""The second wall: a page's own rule, by which a browser runs nothing, loads nothing and takes no style but the page's."""

import base64
import hashlib
import re

import pytest
from lab import eventually

from workbench.report.review import collect_review
from workbench.report.view import render_review

RULE = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


@pytest.fixture(params=["report", "hostile report", "review"])
def page(request, sample_page, hostile_page, hostile_notebook):
    return {
        "report": lambda: sample_page,
        "hostile report": lambda: hostile_page,
        "review": lambda: render_review(collect_review(hostile_notebook), notebook="a.ipynb"),
    }[request.param]()


def test_the_rule_comes_first_and_names_the_one_style(page):
    (rule,) = RULE.findall(page)
    assert page.index(rule) < page.index("<title>")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    parts = dict(part.strip().split(" ", 1) for part in rule.split(";"))
    assert parts.pop("default-src") == "'none'"
    assert parts.pop("style-src") == f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
    assert parts.pop("img-src", "data:") == "data:"
    assert parts == {"base-uri": "'none'", "form-action": "'none'"}


def test_a_browser_takes_the_style_and_nothing_that_was_put_in(page, browser, tmp_path):
    intruders = (
        "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
        "<style>h1{display:none}</style><h1 style='display:none'>two</h1><base href='https://evil.example/'>"
        "<link rel=stylesheet href='https://evil.example/x.css'><iframe src='https://evil.example/'></iframe>"
    )
    file = tmp_path / "page.html"
    file.write_text(page.replace("</main>", f"{intruders}</main>"), "utf-8")
    context = browser.new_context()
    shown = context.new_page()
    refused, failed, answered = [], {}, []
    shown.on("console", lambda message: refused.append(message.text))
    shown.on("requestfailed", lambda request: failed.update({request.url: request.failure}))
    shown.on("response", lambda response: answered.append(response.url))
    shown.goto(file.as_uri())
    eventually(shown, lambda: sum("Content Security Policy" in line for line in refused) >= 5)
    eventually(shown, lambda: set(failed.values()), {"csp"})
    assert shown.title() != "ran"
    assert all(shown.locator("h1").nth(i).is_visible() for i in range(2))
    assert shown.evaluate("document.baseURI") == file.as_uri()
    assert answered == [file.as_uri()]
    # The page's own look is there.
    assert shown.evaluate("getComputedStyle(document.body).margin") == "0px"
    context.close()
