"""Markdown and paper that carry their page: checked as the page is, to the digit, and nothing more leaves with them."""

import base64
import io
import random
import re
import shutil

import cmarkgfm
import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader, PdfWriter

from workbench.cli import main
from workbench.forget.search import look_into
from workbench.report import carried, pdf
from workbench.report.carried import FILE, Carried, read_carried, verify_carried, write_markdown, write_pdf
from workbench.report.markdown import to_markdown
from workbench.report.verify import verify_page
from workbench.study import read_study

needs_chromium = pytest.mark.skipif(pdf.find_chromium() is None, reason="no Chromium on this machine")
pytestmark = pytest.mark.usefixtures("made_once")

CALLS = {
    f"2026-11-1{i}-c{i}.md": f"---\ndate: 2026-11-1{i}\ncustomer: Secretname{i} Ltd\nwho: Secretperson{i} Roe, ops lead\n"
    f"segment: field\nconsent: {consent}\n---\n- ! The import drops rows Word{i}, says Secretperson{i}\n"
    f"- \"Rows are lost in the import Word{i}\" @12:40\n- ~ Import rows Word{i} by hand\n"
    for i, consent in enumerate(["none", "aggregate", "quote", "named"])
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory, run_sections, export):
    """A small study, and its page."""
    root = tmp_path_factory.mktemp("small")
    (root / "interviews").mkdir()
    (root / "discovery").mkdir()
    (root / "discovery" / "salt").write_text("0f" * 16 + "\n")
    for name, text in CALLS.items():
        (root / "interviews" / name).write_text(text, "utf-8")
    return root, export(run_sections(root))[0]


@pytest.fixture(scope="module")
def printed(small):
    """The small study's page on paper."""
    if pdf.find_chromium() is None:
        pytest.skip("no Chromium on this machine")
    return write_pdf(small[1], "2026-11-13")


def verify(data, root):
    return verify_carried(read_carried(data), read_study(root))


def facts(verified):
    return (verified.n_quotes, verified.n_counts, verified.kinds, verified.n_parts, verified.n_drawn)


# Markdown


def test_markdown_is_derived_again_as_its_page_is(small, sample_page):
    root, page = small
    verified = verify(write_markdown(page).encode(), root)
    assert verified.differences == ()
    assert facts(verified) == facts(verify_page(page, read_study(root)))
    assert verified.n_quotes > 4 and verified.n_counts > 10
    ours = read_carried(write_markdown(sample_page).encode())
    assert ours.html == sample_page


def test_each_digit_that_is_changed_in_markdown_is_named_with_its_line(small):
    root, page = small
    text = write_markdown(page)
    body, study = text.rpartition("\n[")[0], read_study(root)
    places = [found.start() for found in re.finditer(r"\d", body)]
    assert len(places) > 100
    for at in random.Random(3).sample(places, 40):
        digit = "7" if body[at] != "7" else "3"
        verified = verify_carried(read_carried(f"{text[:at]}{digit}{text[at + 1 :]}".encode()), study)
        named = [one for one in verified.differences if one.severity == "error"]
        assert [one.line for one in named] == [body.count("\n", 0, at) + 1], body[at - 20 : at + 20]
        assert named[0].code == "text-changed"
        assert not verified.ok


@pytest.mark.parametrize("change", [
    ("Rows are lost in the import Word2", "Rows are kept in the import Word2"), ("# ", "Everybody agrees.\n\n# "), ("\n## Limits", "\nAll want it.\n\n## Limits"),
    ("## Limits", "##  Limits"),
])  # fmt: skip
def test_words_that_are_changed_or_added_are_named_too(small, change):
    root, page = small
    text = write_markdown(page)
    assert change[0] in text
    verified = verify(text.replace(*change, 1).encode(), root)
    at = text.index(change[0]) + next(i for i, (a, b) in enumerate(zip(*change, strict=False)) if a != b)
    named = [one.line for one in verified.differences if one.severity == "error"]
    assert named
    assert abs(named[0] - text.count("\n", 0, at) - 1) <= 2


def test_a_line_that_is_gone_is_named(small):
    root, page = small
    text = write_markdown(page)
    gone = next(line for line in text.split("\n") if "Rows are lost in the import Word2" in line)
    verified = verify(text.replace(gone, "", 1).encode(), root)
    assert any("Word2" in one.what and one.code == "text-changed" for one in verified.differences)
    assert not verified.ok


def test_what_a_wiki_does_to_lines_is_no_difference(small):
    root, page = small
    text = write_markdown(page).replace("\u2060", "").replace("\n\n", "\n\n\n").replace("\n", " \r\n")
    assert verify(text.encode(), root).differences == ()


def test_a_note_that_was_changed_since_is_named_with_the_line_of_the_markdown(small, tmp_path):
    root, page = small
    shutil.copytree(root, tmp_path / "work")
    file = tmp_path / "work" / "interviews" / "2026-11-12-c2.md"
    file.write_text(
        file.read_text("utf-8").replace("Rows are lost in the import", "Rows are found in the import"), "utf-8"
    )
    text = write_markdown(page)
    verified = verify(text.encode(), tmp_path / "work")
    lines = text.split("\n")
    named = [one for one in verified.differences if one.code == "quote-changed"]
    assert named
    for one in named:
        assert "Rows are lost in the import Word2" in lines[one.line - 1]
        assert "interviews/2026-11-12-c2.md:9" in one.what


def test_no_reader_of_markdown_draws_what_it_carries(small):
    text = write_markdown(small[1])
    assert len(text) > 1.2 * len(to_markdown(small[1]))
    for draw in (cmarkgfm.github_flavored_markdown_to_html, MarkdownIt("commonmark").render, MarkdownIt("gfm-like", {"linkify": False}).render):  # fmt: skip
        assert draw(text) == draw(to_markdown(small[1]))


def test_nothing_leaves_in_it_that_the_page_does_not_show(small):
    page = small[1]
    there = read_carried(write_markdown(page).encode())
    assert there.html == page
    assert not re.search(r"Secretname[012]|Secretperson|Word[01]|c\d\.md|interviews/", there.html)
    # Who is forgotten is found in it.
    found = look_into(write_markdown(page).encode())
    assert sum("Secretname3" in text and "<main" in text for text in found.texts) > 0


def test_the_same_page_gives_the_same_bytes(small):
    assert write_markdown(small[1]) == write_markdown(small[1])


def test_what_it_carries_cannot_be_changed_unseen(small, tmp_path, capsys):
    """Text and page changed alike are found by the calls, as in a page."""
    root, page = small
    forged = re.sub(r'(data-claim="themes/[^"]+/customers">)3<', r"\g<1>4<", page)
    assert forged != page
    verified = verify(write_markdown(forged).encode(), root)
    assert {"count-changed"} <= {one.code for one in verified.differences if one.severity == "error"}
    text, file = write_markdown(page), tmp_path / "page.md"
    packed = re.search(r"\(([A-Za-z0-9+/=]+)\)\n$", text)[1]
    for broken in (packed[:-8], "x" + packed, base64.b64encode(b"BZh9").decode(), "", "!"):
        file.write_text(text.replace(packed, broken), "utf-8")
        assert main(["verify", str(file), "-w", str(root)]) == 1
        said = capsys.readouterr().err
        assert f"{file}: what the report carries to be checked by cannot be read" in said
    file.write_text(to_markdown(page), "utf-8")
    assert main(["verify", str(file), "-w", str(root)]) == 1
    assert f"workbench verify --against {root} {file}" in capsys.readouterr().err


def test_by_another_build_only_numbers_and_verdicts_are_held_against_it(small, monkeypatch):
    root, page = small
    text = write_markdown(page)
    monkeypatch.setattr(carried, "seal_drawing", lambda: "another")
    worded = verify(text.replace("## Limits", "## The limits", 1).encode(), root)
    changed = [one for one in worded.differences if one.code == "text-changed"]
    assert [one.severity for one in changed] == ["note"]
    assert "another build of the workbench made it" in changed[0].what
    at = text.index(" of 3")
    number = verify(f"{text[:at]} of 4{text[at + 5 :]}".encode(), root)
    assert [one.severity for one in number.differences if one.code == "text-changed"] == ["error"]


# Paper


@needs_chromium
def test_a_pdf_is_derived_again_as_its_page_is(small, printed):
    root, page = small
    assert read_carried(printed).html == page
    verified = verify(printed, root)
    assert verified.differences == ()
    assert facts(verified) == facts(verify_page(page, read_study(root)))


@needs_chromium
def test_the_samples_pdf_holds_in_each_number_and_quote(sample_page):
    there = read_carried(write_pdf(sample_page, "2026-11-20"))
    assert len(there.made) > 10
    assert list(carried._compare_with_page(there)) == []
    assert list(carried._compare_sheets(there)) == []


def attach(paper, page, sheets):
    """A PDF to which somebody attached another page than it was printed from."""
    writer = PdfWriter(clone_from=io.BytesIO(paper))
    writer.add_attachment(FILE, carried._pack(page, sheets))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@needs_chromium
@pytest.mark.parametrize(("old", "new"), [
    (r'(data-claim="study/notes">)\d+<', r"\g<1>8<"), ("Rows are lost in the import Word2", "Rows are kept in the import Word2"), (">Limits</h2>", ">Limitless</h2>"),
])  # fmt: skip
def test_what_is_changed_on_paper_is_named_with_its_sheet(small, printed, old, new):
    root, page = small
    changed = re.sub(old, new, page)
    assert changed != page
    paper = pdf.print_pdf(changed, "2026-11-13")
    verified = verify(attach(paper, page, read_carried(printed).made), root)
    named = [one for one in verified.differences if one.code == "text-changed"]
    assert named and not verified.ok
    assert all(re.fullmatch(r"sheet \d+", one.place) for one in named)
    assert "it says “" in named[0].what
    # Who changes the text that was printed alike has its numbers and quotes compared with the page.
    if new != ">Limitless</h2>":
        alike = verify(attach(paper, page, carried._read_sheets(paper)), root)
        assert {one.code for one in alike.differences if one.severity == "error"} == {"claims-changed"}


@needs_chromium
def test_a_pdf_of_the_same_page_has_the_same_bytes_and_says_no_clock(small, printed):
    assert write_pdf(small[1], "2026-11-13") == printed
    reader = PdfReader(io.BytesIO(printed))
    assert [reader.metadata[name] for name in ("/CreationDate", "/ModDate")] == ["D:20261113000000+00'00'"] * 2
    assert {"/StructTreeRoot", "/Lang", "/Outlines"} <= reader.trailer["/Root"].keys(), "it stays readable aloud"


@needs_chromium
def test_a_pdf_that_carries_nothing_or_is_damaged_is_told_so(small, printed, tmp_path, capsys):
    file = tmp_path / "page.pdf"
    for data, said in (
        (pdf.print_pdf(small[1]), "does not carry the page that it was printed from"),
        (printed[: len(printed) // 2], "the PDF cannot be read; it is damaged or locked"),
    ):
        file.write_bytes(data)
        assert main(["verify", str(file), "-w", str(small[0])]) == 1
        error = capsys.readouterr().err
        assert said in error and "Traceback" not in error


def test_a_sign_that_no_font_has_is_no_difference():
    page = '<main><p><span data-ref="C-1:2">Rows 👎 are lost 🎉 in 3</span></p></main>'
    assert list(carried._compare_with_page(Carried("pdf", page, (), ("1 of 1\nRows \ufffd are lost in 3",)))) == []
    changed = list(carried._compare_with_page(Carried("pdf", page, (), ("1 of 1\nRows \ufffd are kept in 3",))))
    assert [one.code for one in changed] == ["claims-changed"]


def test_a_sheet_too_many_is_named():
    found = list(carried._compare_sheets(Carried("pdf", "", ("one", "two"), ("one",))))
    assert [one.what for one in found] == ["it has 2 sheets, and 1 were printed"]
