"""The log of decisions and the one page for one of them, as readers get them."""

import re

import pytest
from decisions import decision, make_study
from lab import pictures, serious_violations
from nbformat import v4
from test_exporter import alive

import workbench as wb
from workbench.cli import main
from workbench.errors import InputError
from workbench.redact import share
from workbench.report import decision_table
from workbench.report.audiences import AUDIENCES
from workbench.report.decision_table import export_decisions
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.markdown import to_markdown
from workbench.report.marks import read_page
from workbench.report.one_page import count_lines, cut_to
from workbench.report.section_page import draw_section, question_of, save_section
from workbench.report.verify import verify_page

TODAY, WEEK = "2026-11-20", "2026-W47"
SENTENCE = "A long sentence about what the team could do next week and why it matters to everyone. "
LONG = {
    "words": SENTENCE,
    "wide": "WWWW MMMM WMWMWM ",
    "signs": "導入の行が黙って消えてしまう",
    "one word": "x" * 99,
    "days": "2026-11-18 ",
}


def open_study(root):
    return wb.open_week(root, WEEK, today=TODAY)


def page_of(section):
    return draw_section(
        section, question_of(section) if section.payload["section"] == "one_pager" else "Every decision"
    )


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


@pytest.fixture
def root(tmp_path):
    make_study(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def sample(sample_study):
    """The one-pager of the decision that is needed next in the sample study, and the log of all of them."""
    report = open_study(sample_study)
    return page_of(report.one_pager()), page_of(report.decision_log)


def overlong(root, text):
    """A study in which everything that can be written is far too long, and there is far too much of it."""
    notes = make_study(root, texts=tuple(f"{(text * 9)[:150]} import rows {i}" for i in range(4)))
    long, few = (text * 300)[:3000], (text * 80)[:400]
    (root / "discovery" / "quarter.md").write_text(
        f"---\nproduct: {few}\ntrigger: {long}\ncost: {long}\n---\n", "utf-8"
    )
    for i in range(12):
        wb.create_record(
            root, "hypothesis", id=f"H-aaaa{i:02x}", change=few, evidence=notes[:3], against=notes[3:], status="running",
            made="2026-11-18", risks=[few] * 9, guardrails=[f"{few}: at most 3"] * 9,
        )  # fmt: skip
    decision(
        root, "D-aaaa01", title=long, ask=long, why=long, owner=long, due="2026-12-01", risks=[few] * 40,
        options=[*(f"{i} {few}" for i in range(39)), "Do nothing"], stances=[f"{few}: for, 2026-11-18"] * 40,
        hypotheses=[f"H-aaaa{i:02x}" for i in range(12)], evidence=notes[:3], against=notes[3:],
        supersedes=f"D-{'a' * 60}",
    )  # fmt: skip


def n_sheets(browser, html, folder, **paper):
    file = folder / "page.html"
    file.write_text(html, "utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    pdf = page.pdf(**paper)
    page.close()
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


# The one page


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_samples_page_is_one_sheet(sample, browser, tmp_path, paper):
    assert n_sheets(browser, sample[0], tmp_path, format=paper) == 1


@pytest.mark.parametrize("kind", LONG)
def test_whatever_is_written_it_is_one_sheet(kind, browser, tmp_path):
    overlong(tmp_path, LONG[kind])
    html = page_of(open_study(tmp_path).one_pager())
    for paper in ("A4", "Letter"):
        assert n_sheets(browser, html, tmp_path, format=paper) == 1, paper
    assert "Do nothing" in text_of(html), "that stands there whatever else there is"
    assert re.search(r"Left out to stay on one page: \d+ more options, \d+ more risks", text_of(html))


def test_what_is_open_is_marked_and_nothing_fills_it(root):
    decision(root, "D-a1", title="Reader?")
    shown = text_of(page_of(open_study(root).one_pager()))
    for asked in ("what is asked for?", "who?", "which day?", "what else could be done?", "what may go wrong?",
                  "whom have you asked?", "what brought it up?", "no customer is behind it yet"):  # fmt: skip
        assert asked in shown, asked
    assert "Nobody has written down that they looked for evidence against" in shown


def test_it_can_be_read_without_the_meeting(root):
    notes = wb.read_notes(root)["note"].tolist()
    (root / "discovery" / "quarter.md").write_text(
        "---\ntrigger: Half of the lists fail\ncost: 11 tickets a week\n---\n"
    )
    wb.create_record(root, "hypothesis", id="H-a1b2c3", status="running", made="2026-11-18", evidence=notes[:2], risks=["No row ids: Omar, 2026-12-04"], guardrails=["Errors: at most 2"])  # fmt: skip
    decision(
        root, "D-a1", title="Reader?", ask="Two weeks of Omar", owner="Priya Nair", due="2026-11-27", hypotheses=["H-a1b2c3"],
        options=["Reader", "Do nothing"], against=[notes[3]], risks=["Omar is away"], stances=["Lena: against, 2026-11-18"],
    )  # fmt: skip
    shown = text_of(page_of(open_study(root).one_pager("D-a")))
    for words in ("Two weeks of Omar", "Priya Nair", "27 November 2026", "Half of the lists fail", "11 tickets a week", "1 note against",
                  "Invoices go out late", "Reader", "Do nothing", "Omar is away", "No row ids: Omar, 4 December 2026", "Guardrail: Errors: at most 2",
                  "Lena: against", "18 Nov", "H-a1b2c3, running"):  # fmt: skip
        assert words in shown, words
    assert "2 of 4 customers, in 2 notes" in re.sub(r" +", " ", shown)
    assert "weaker without any one of 2 of them" in shown
    for open_ in ("which day?", "what if we do nothing?", "Left out"):
        assert open_ not in shown


def test_one_customer_alone_is_said_and_not_named(root):
    notes = wb.read_notes(root)["note"].tolist()
    decision(root, "D-a1", title="Reader?", evidence=notes[:1])
    html = page_of(open_study(root).one_pager())
    assert "Hangs on one customer: nobody else said so." in text_of(html)
    assert "Alder" not in html


def test_no_quote_is_cut_and_one_that_is_too_long_is_left_out(tmp_path):
    texts = (SENTENCE * 6, "Rows are lost in the import", "Import rows twice", "Late")
    notes = make_study(tmp_path, texts=tuple(text.strip() for text in texts))
    decision(tmp_path, "D-a1", title="Reader?", evidence=notes)
    page = read_page(page_of(open_study(tmp_path).one_pager()))
    words = {mark.shown for mark in page.marks if mark.kind == "words" and mark.part == "one_pager"}
    assert "Rows are lost in the import" in words
    assert not any(text.startswith("A long sentence") for text in words)


def test_the_next_one_is_shown_and_any_other_by_name(root):
    assert "No decision is written down yet" in text_of(page_of(open_study(root).one_pager()))
    decision(root, "D-a1", title="Later?", due="2026-12-20")
    decision(root, "D-a2", title="Next?", due="2026-11-27")
    decision(root, "D-b1", title="Done?", status="decided", date="2026-11-01", options=["Reader", "Wait"], chosen="Wait", why="Short")  # fmt: skip
    report = open_study(root)
    assert question_of(report.one_pager()) == "Next?"
    assert "Chosen. Wait Short" in text_of(page_of(report.one_pager("D-b1")))
    with pytest.raises(InputError, match="2 decisions begin with “D-a”: D-a1, D-a2"):
        report.one_pager("D-a")
    with pytest.raises(InputError, match="no decision “D-zz”; there are D-a1"):
        report.one_pager("D-zz")


def test_the_command_writes_it_in_each_form_and_it_holds(root, capsys, browser):
    notes = wb.read_notes(root)["note"].tolist()
    assert main(["one-pager", "-w", str(root)]) == 1
    assert "no decision is proposed" in capsys.readouterr().err
    decision(root, "D-a1", title="Reader?", evidence=notes[:2], options=["A", "Do nothing"])
    for form in ("html", "md", "pdf"):
        assert main(["one-pager", "-w", str(root), "--to", form, "--today", TODAY]) == 0
    made = {form: (root / "reports" / f"D-a1.{form}").read_bytes() for form in ("html", "md", "pdf")}
    assert "“Rows are lost in the import”" in made["md"].decode()
    assert len(re.findall(rb"/Type\s*/Page\b", made["pdf"])) == 1
    html = made["html"].decode()
    verified = verify_page(html, wb.read_study(root))
    assert (verified.ok, verified.added) == (True, (0, 0))
    assert verified.n_quotes >= 2
    changed = re.sub(r'(data-claim="decisions/D-a1/behind">)2<', r"\g<1>3<", html)
    assert changed != html
    assert not verify_page(changed, wb.read_study(root)).ok
    main(["one-pager", "-w", str(root), "--today", TODAY])
    assert (root / "reports" / "D-a1.html").read_bytes() == made["html"], "the same files, the same bytes"


def test_what_would_give_a_customer_away_is_never_written(root, monkeypatch):
    name = wb.read_study(root).customers["customer"][0]
    decision(root, "D-a1", title=f"What of {name}?", options=["A", "Do nothing"])
    report, table, page = open_study(root), root / "log.csv", root / f"{name}.html"
    with pytest.raises(InputError, match=rf"the file's own name, {name}.html, would give"):
        save_section(report.decision_log, "Every decision", page, root=root)
    # Were something of a name to get past the redaction, it would be seen here.
    monkeypatch.setattr(
        decision_table, "share", lambda payload, names: share(payload, names) | {"data": payload["data"]}
    )
    with pytest.raises(InputError, match=f"would show “{name}”"):
        export_decisions(report.decision_log, table, wb.read_study(root))
    assert not page.exists()
    assert not table.exists()


def test_lines_are_estimated_rather_too_many():
    assert [count_lines(text, 10) for text in ("", "one", "x" * 40, "one " + "x" * 19)] == [1, 1, 3, 2]
    for text in ("words and more words " * 20, "x" * 300, "導入" * 80):
        for lines in (1, 2, 3):
            cut = cut_to(text, lines, 12)
            assert count_lines(cut, 12) <= lines
            assert cut.endswith(" …")
            assert text.startswith(cut.removesuffix(" …"))


# For each reader


def pages_of(section):
    return {reader: draw_section(section, question_of(section), audience=reader) for reader in ("", *AUDIENCES)}


@pytest.fixture(scope="module")
def for_readers(sample_study):
    """The sample's one-pager, for everybody and for each reader."""
    return pages_of(open_study(sample_study).one_pager())


def test_for_every_reader_it_has_the_same_claims_with_the_same_numbers(for_readers, sample_study):
    whole = read_manifest(read_page(for_readers[""]))
    study = wb.read_study(sample_study)
    assert len(whole.claims) > 5
    for reader in AUDIENCES:
        page = read_page(for_readers[reader])
        manifest = read_manifest(page)
        assert (manifest.audience, manifest.day, manifest.calls) == (reader, whole.day, whole.calls)
        assert manifest.claims == whole.claims
        assert manifest.quotes.items() <= whole.quotes.items()
        for mark in page.marks:
            if mark.kind == "words":
                assert mark.id in whole.quotes
            else:
                claim = whole.claims[mark.id]
                assert mark.value == str(claim.n if mark.kind == "n" else claim.of)
        shown = {mark.id for mark in page.marks if mark.kind != "words"}
        assert {id for id in shown if id.endswith("/behind")}, "who is behind it stands there for everybody"
        verified = verify_page(for_readers[reader], study)
        assert (verified.differences, verified.n_drawn) == ((), verified.n_parts)
        changed = re.sub(r'(data-claim="decisions/[^"]+/behind">)(\d+)<', r"\g<1>1\2<", for_readers[reader])
        assert not verify_page(changed, study).ok


def test_each_reader_gets_the_page_in_that_readers_order_and_is_told_what_it_lacks(for_readers):
    headings = {reader: re.findall(r"<h4>(.*?)</h4>", page) for reader, page in for_readers.items()}
    assert headings[""] == ["The problem", "The evidence", "The options", "What may go wrong", "Who has seen it"]
    assert headings["exec"][0] == "The options"
    assert headings["engineering"] == [
        "The problem to solve",
        "The evidence",
        "Guardrails, and what may go wrong",
        "What could be done",
    ]
    assert headings["design"][0] == headings["sales"][0] == "What customers said"
    shown = {reader: text_of(page) for reader, page in for_readers.items()}
    assert "What waiting costs" in shown["exec"]
    assert "What waiting costs" not in shown["sales"]
    lacks = {reader: re.search(r"For this reader without ([^;]+); the page for everybody has that", text) for reader, text in shown.items()}  # fmt: skip
    assert {reader: bool(found) for reader, found in lacks.items()} == {"": False, "exec": False, "engineering": True, "design": True, "sales": True}  # fmt: skip
    assert lacks["sales"][1] == "what waiting costs, what may go wrong, who has seen it"
    for reader, audience in AUDIENCES.items():
        assert f"<span>For {audience.who}</span>" in for_readers[reader].partition('class="onepage"')[2]
        assert "Left out for this reader" not in shown[reader]


@pytest.mark.parametrize("kind", LONG)
def test_whatever_is_written_it_is_one_sheet_for_each_reader(kind, browser, tmp_path):
    overlong(tmp_path, LONG[kind])
    for reader, html in pages_of(open_study(tmp_path).one_pager()).items():
        for paper in ("A4", "Letter"):
            assert n_sheets(browser, html, tmp_path, format=paper) == 1, (reader, paper)
        assert "Do nothing" in text_of(html)


def test_the_samples_page_is_one_sheet_for_each_reader_and_can_be_read_by_anyone(for_readers, browser, tmp_path):
    for reader, html in for_readers.items():
        for paper in ("A4", "Letter"):
            assert n_sheets(browser, html, tmp_path, format=paper) == 1, (reader, paper)
        for width, scheme in ((360, "light"), (1280, "dark")):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
            )
            page = context.new_page()
            page.goto((tmp_path / "page.html").as_uri())
            page.screenshot(path=pictures() / f"one-pager-{reader or 'all'}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert serious_violations(page, "html") == []
            context.close()


def test_the_command_writes_it_for_a_reader(root, capsys):
    decision(
        root, "D-a1", title="Reader?", evidence=wb.read_notes(root)["note"].tolist()[:2], options=["A", "Do nothing"]
    )
    assert main(["one-pager", "D-a1", "-w", str(root), "--audience", "sales", "--to", "md", "--today", TODAY]) == 0
    file = root / "reports" / "D-a1-sales.md"
    assert capsys.readouterr().out.strip() == str(file)
    assert "none of them a promise" in file.read_text("utf-8")
    assert main(["verify", "-w", str(root), str(file)]) == 0


# The log


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Decisions of every kind, of two people and in two quarters."""
    root = tmp_path_factory.mktemp("log")
    notes = make_study(root)
    more = {"options": ["Reader", "Wait"], "evidence": notes[:1]}
    decision(root, "D-a1", title="Proposed?", owner="Ines", due="2026-11-18", stances=["Lena: for, 2026-11-17"], **more)
    decision(root, "D-a2", title="Decided?", owner="Omar", status="decided", date="2026-11-10", chosen="Wait", customers="3 of 4", review="2027-01-15", supersedes="D-a3", agreed="00000000", **more)  # fmt: skip
    decision(root, "D-a3", title="Replaced?", owner="Ines", status="superseded", date="2026-08-10", chosen="Reader", **more)  # fmt: skip
    return page_of(open_study(root).decision_log)


def test_each_decision_says_what_it_was_and_what_became_of_it(log):
    shown = text_of(log)
    assert "3 decisions: 1 to be decided, 1 decided, 1 superseded. 1 overdue." in shown
    entries = {id: text_of(f"<main{part}</main>") for id, part in re.findall(r'id="log-(D-a\d)"(.*?)</article>', log, re.DOTALL)}  # fmt: skip
    assert "overdue" in entries["D-a1"]
    assert "Lena: for, 17 Nov" in entries["D-a1"]
    assert "fewer than then" in entries["D-a2"]
    assert "3 of 4 customers" in entries["D-a2"]
    assert "1 of 4 customers" in entries["D-a2"]
    assert "changed after it was decided" in entries["D-a2"]
    assert "takes the place of D-a3" in entries["D-a2"]
    assert "superseded by D-a2" in entries["D-a3"]
    assert {'href="#log-D-a2"', 'href="#log-D-a3"'} <= set(re.findall(r'href="#log-[^"]+"', log))


def test_the_log_is_chosen_from_without_a_script_and_all_of_it_is_printed(log, browser, tmp_path):
    file = tmp_path / "log.html"
    file.write_text(log, "utf-8")
    assert "<script" not in log
    page = browser.new_page(java_script_enabled=True)
    page.goto(file.as_uri())

    def shown():
        return [one.get_attribute("id") for one in page.locator("article.decision").all() if one.is_visible()]

    assert shown() == ["log-D-a1", "log-D-a2", "log-D-a3"]
    page.get_by_label("superseded", exact=True).check()
    assert shown() == ["log-D-a3"]
    page.get_by_role("radiogroup", name="Status").get_by_label("all").check()
    page.get_by_label("Ines", exact=True).check()
    assert shown() == ["log-D-a1", "log-D-a3"]
    page.get_by_label("2026 Q4", exact=True).focus()
    page.keyboard.press("Space")
    assert shown() == ["log-D-a1"]
    page.keyboard.press("ArrowDown")
    assert shown() == ["log-D-a3"]
    page.emulate_media(media="print")
    assert shown() == ["log-D-a1", "log-D-a2", "log-D-a3"]
    assert not page.locator("fieldset").is_visible()
    page.close()


def test_in_markdown_there_is_nothing_to_choose_with(log):
    text = to_markdown(log)
    assert "### Proposed?" in text
    assert "2026 Q4" not in text


def test_an_empty_log_says_what_to_do_first(root):
    section = open_study(root).decision_log
    assert "workbench decide" in section._repr_mimebundle_()["text/html"]
    assert "No decision is written down yet." in text_of(page_of(section))


# For anybody, anywhere


@pytest.mark.parametrize("which", [0, 1])
def test_it_can_be_read_by_anyone_anywhere(which, sample, browser, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(sample[which], "utf-8")
    for width, scheme in ((360, "light"), (1280, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto(file.as_uri())
        page.screenshot(path=pictures() / f"{('one-pager', 'decisions')[which]}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert serious_violations(page, "html") == []
        context.close()


def test_nothing_hostile_is_alive(hostile_study):
    report = open_study(hostile_study)
    decisions = wb.read_study(hostile_study).decisions
    for section in [report.decision_log, *(report.one_pager(one.id) for one in decisions[::30])]:
        html = page_of(section)
        # What one chooses by is ours, and the only place where anything can be ticked.
        radios = re.findall(
            r'<input type="radio" name="log-(?:status|owner|quarter)"(?: checked| class="[a-z]+-+\d+")>', html
        )
        assert [found for found in alive(html, 1) if found != "<input>"] == []
        assert html.count("<input") == len(radios)


def test_every_reader_gets_something_with_the_same_numbers(sample_study):
    report = open_study(sample_study)
    outputs = [v4.new_output("execute_result", one._repr_mimebundle_()) for one in (report.one_pager(), report.decision_log)]  # fmt: skip
    notebook = v4.new_notebook(cells=[v4.new_code_cell("", outputs=[output]) for output in outputs])

    def draw(audience):
        exporter = DiscoveryExporter(audience=audience)
        return exporter.from_notebook_node(notebook, {"metadata": {"name": "Decisions"}})[0]

    whole = read_manifest(read_page(draw("")))
    asked, made = "Start the import test on 11 January?", "Drop the layouts"
    for audience in AUDIENCES:
        html = draw(audience)
        manifest = read_manifest(read_page(html))
        assert manifest.claims
        assert manifest.claims.items() <= whole.claims.items()
        assert asked in text_of(html)
        assert made in text_of(html)
    assert "What waiting costs" in text_of(draw("exec"))
    assert "What waiting costs" not in text_of(draw("sales"))
