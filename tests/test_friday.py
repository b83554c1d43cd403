"""Friday: what came of the week and what it rests on, what could be written, how sure one had been, the page for each reader."""

import json
import re
from html.parser import HTMLParser

import pytest
from lab import pictures, serious_violations
from nbformat import read
from nbformat import v4 as new
from test_audiences import ROOT
from test_week import write

import workbench as wb
from workbench.redact import share
from workbench.report.audiences import AUDIENCES
from workbench.report.cite import Refs
from workbench.report.export import run_notebook
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.marks import read_page
from workbench.report.section_page import draw_section
from workbench.report.verify import verify_page
from workbench.report.view import render_section
from workbench.rituals import Moment
from workbench.rituals.readout import Sources, find_readout, offer_readout
from workbench.study import read_study

SECTIONS = ("readout", "decisions", "due", "backlog", "calibration", "limits", "quotes")
CALL = '---\ncustomer: {0} Ltd\nwho: Jo {0}son, ops lead\ndate: {1}\nsegment: field\nconsent: {2}\n---\n- "{3}"\n- ! The import of {0} Ltd loses rows of the list each Monday\n'
SAID = {
    "Openly": "I count the rows twice before I go home.",
    "Quolt": "Nobody tells me which row was left out.",
    "Withold": "Our owner would not like you to know this.",
}


def make(root):
    (root / "interviews").mkdir(parents=True)
    for (who, words), day, consent in zip(
        SAID.items(), ("2026-11-10", "2026-11-17", "2026-11-18"), ("named", "quote", "aggregate"), strict=True
    ):
        (root / "interviews" / f"{day}-{who.lower()}.md").write_text(CALL.format(who, day, consent, words), "utf-8")
    notes = sorted(read_study(root).notes["note"])
    write(root, "hypotheses/H-aa0001-rows.md", f"""id: H-aa0001
status: refuted
made: 2026-10-02
started: 2026-10-12
closed: 2026-11-18
change: show each row that was left out
result: 24 %, 40 of 166
learned: they do not look at the list
therefore: ask whoever made the list
confidence: ["2026-10-02: 80 %", "2026-11-01: 20 %"]
evidence: {notes[:2]}
""")  # fmt: skip
    write(
        root,
        "hypotheses/H-aa0002-copy.md",
        f"id: H-aa0002\nstatus: draft\nmade: 2026-11-02\nchange: send a copy\nevidence: {notes}\n",
    )
    write(
        root,
        "hypotheses/H-aa0003-old.md",
        "id: H-aa0003\nstatus: supported\nmade: 2026-10-02\nclosed: 2026-11-01\nchange: keep filters\n",
    )
    write(
        root,
        "decisions/D-cc0001-rows.md",
        "id: D-cc0001\ntitle: Go on with rows?\nstatus: decided\ndate: 2026-11-19\nowner: Ines\nchosen: Stop\nsupersedes: D-cc0002\nreview: 2027-01-15\n",
    )
    write(
        root,
        "decisions/D-cc0002-rows.md",
        "id: D-cc0002\ntitle: Try rows?\nstatus: superseded\ndate: 2026-10-02\nchosen: Try\n",
    )
    write(
        root,
        "decisions/D-cc0003-next.md",
        "id: D-cc0003\ntitle: Who pays?\nstatus: proposed\ndue: 2026-11-18\nowner: Priya\n",
    )
    write(root, "weeks/2026-W46.md", "backlog: [H-aa0001, H-aa0002]\n")
    # One line names a note, one a call as a report cites it, one a result, one what is not there, one nothing.
    study = read_study(root)
    cited = Refs(study).call("2026-11-17-quolt")
    write(root, "weeks/2026-W47.md", f"""outcomes: [Rows are decided on, Three calls]
planned: [Read the test, Call Quolt]
finished: [Read the test, Rows are decided on, Mend a link]
shipped: [none]
changed: [Rows are given up (D-cc0001)]
learned:
  - They count twice ({next(n for n in notes if "openly" in n)}, {cited})
  - Showing rows brings nobody back (H-aa0001)
  - It is the list itself ({next(n for n in notes if "withold" in n)})
  - They write to us ({cited}, H-bbbbbb)
  - All of them like it
""")  # fmt: skip
    return root


@pytest.fixture
def work(tmp_path):
    return make(tmp_path / "work")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return wb.open_week(make(tmp_path_factory.mktemp("friday") / "work"), "2026-W47", today="2026-11-20")


@pytest.fixture(scope="module")
def pages(report):
    outputs = [new.new_output("execute_result", getattr(report, name)._repr_mimebundle_()) for name in SECTIONS]
    cells = [new.new_code_cell("", outputs=[output]) for output in outputs]
    made = new.new_notebook(cells=[new.new_markdown_cell("# Friday readout"), *cells])
    return {
        audience: DiscoveryExporter(audience=audience).from_notebook_node(made, {"metadata": {"name": "friday"}})[0]
        for audience in ("", *AUDIENCES)
    }


def offers(root, field):
    report = wb.open_week(root, "2026-W47", today="2026-11-20")
    study, themes, hypotheses = report._parts
    return [one.text for one in offer_readout(study, themes, hypotheses, report._moment) if one.field == field]


# What it rests on


def test_a_line_is_read_with_what_it_names(work):
    study = read_study(work)
    note = study.notes[study.notes["note"].str.contains("quolt")].iloc[0]
    ref = Refs(study).notes([note["note"]])[0]
    sources = Sources(study)
    for name in (note["note"], ref, f"{note['file']}:{note['line']}", f"2026-11-17-quolt.md:{note['line']}"):
        line = sources.read(f"Nobody looks ({name}, H-aa0001).")
        assert (line.text, line.notes, line.customers, line.records, line.gone) == (
            "Nobody looks.", (note["note"],), ("Quolt Ltd",), ("H-aa0001",), (),
        )  # fmt: skip
    assert sources.read("H-aa0001 says (as D-ffffff did) no").text == "H-aa0001 says (as D-ffffff did) no"
    assert sources.read("H-aa0001 says (as D-ffffff did) no").gone == ("D-ffffff",)


def test_what_was_learned_is_counted_by_customers_and_shows_words_or_a_result(report):
    data = report.readout.payload["data"]
    twice, rows, itself, write_to_us, all_of_them = data["lines"]["learned"]
    assert [one["counts"]["customers"]["n"] for one in data["lines"]["learned"]] == [2, 0, 1, 1, 0]
    assert data["counts"]["learned"]["n"] == 3
    assert (rows["records"][0]["result"], rows["linked"]) == ("24 %, 40 of 166", True)
    assert (itself["notes"], itself["counts"]["unquoted"]["n"]) == ([], 1)
    assert (write_to_us["n_gone"], all_of_them["linked"]) == (1, False)
    html = report.readout._repr_mimebundle_()["text/html"]
    assert SAID["Openly"] in html
    assert "24 %, 40 of 166" in html
    assert "names nothing that it rests on" in html
    assert "of what it names is not there" in html


def test_what_was_planned_and_what_the_week_was_for_is_done_where_its_words_stand(work):
    readout = find_readout(read_study(work), Moment("2026-W47", "2026-11-20"))
    assert [(one.text, one.done) for one in readout.outcomes] == [("Rows are decided on", True), ("Three calls", False)]
    assert [one.done for one in readout.planned] == [True, False]
    assert readout.besides == ("Rows are decided on", "Mend a link")
    assert readout.unwritten == ("next", "decisions_needed")
    assert readout.lines["shipped"] == ()


def test_what_is_finished_of_what_was_planned_is_counted(report):
    counts = report.readout.payload["data"]["counts"]
    assert (counts["done"]["n"], counts["planned"]["n"]) == (1, 2)


def test_decisions_of_the_week_and_those_that_are_needed(report):
    data = report.readout.payload["data"]
    assert [one["id"] for one in data["decided"]] == ["D-cc0001"]
    assert [one["id"] for one in data["superseded"]] == ["D-cc0002"]
    assert [(one["id"], one["overdue"]) for one in data["needed"]] == [("D-cc0003", True)]


def test_decisions_that_are_needed_stand_in_one_place_of_a_page(work):
    asked = "decisions_needed: [Does it hold on weekends?]\n"
    write(work, "weeks/2026-W47.md", asked)

    def page_of(week, names, audience=""):
        report = wb.open_week(work, week, today="2026-11-27")
        outputs = [new.new_output("execute_result", getattr(report, name)._repr_mimebundle_()) for name in names]
        made = new.new_notebook(cells=[new.new_code_cell("", outputs=[output]) for output in outputs])
        page = DiscoveryExporter(audience=audience).from_notebook_node(made, {"metadata": {"name": "friday"}})[0]
        return page, "".join(output.data["text/html"] for output in outputs)

    for html in page_of("2026-W47", SECTIONS):
        assert (html.count("Does it hold on weekends?"), html.count("Who pays?")) == (1, 1)
        assert len(re.findall(r"<h\d[^>]*>\s*Decisions needed", html)) <= 1
    for alone in (page_of("2026-W47", ("readout",))[0], page_of("2026-W47", SECTIONS, "design")[0]):
        assert (alone.count("Does it hold on weekends?"), alone.count("Who pays?")) == (1, 1), "it has no such section"
    write(work, "weeks/2026-W48.md", "decisions_needed: [none]\n")
    assert page_of("2026-W47", SECTIONS)[0].count("Does it hold on weekends?") == 1, (
        "the section is of a later week then"
    )


# What could be written


def test_what_could_be_written_is_what_tests_and_customers_said(work):
    write(
        work,
        "weeks/2026-W47.md",
        "outcomes: [Three calls]\nplanned: [Read the test, Call Quolt]\nfinished: [Read the test]\n",
    )
    assert offers(work, "finished") == ["Call Quolt", "Three calls"]
    assert offers(work, "learned")[0] == "they do not look at the list (H-aa0001)"
    assert offers(work, "changed")[0] == "Stop (D-cc0001)"
    assert offers(work, "next") == ["ask whoever made the list (H-aa0001)", "send a copy (H-aa0002)", "Call Quolt"]
    assert offers(work, "decisions_needed") == ["Who pays? (D-cc0003)"]
    assert offers(work, "backlog") == ["H-aa0002"], "it is first still"
    texts = read_study(work).notes["text"]
    quoted = offers(work, "learned")[1:]
    assert quoted
    assert all(any(said in text for said in texts) for text in quoted), "customers’ words, to the letter"
    assert not any(SAID["Withold"] in text or "of Withold" in text for text in quoted)


def test_what_is_written_already_is_not_offered(work):
    assert "they do not look at the list (H-aa0001)" not in offers(work, "learned"), "the same record is named"
    assert offers(work, "changed") == []


# How sure one had been


def test_what_was_said_before_a_test_stands_beside_what_came(report):
    data = report.calibration.payload["data"]
    (one,) = data["forecasts"]
    assert (one["id"], one["percent"], one["came"], one["score"], data["mean"]) == (
        "H-aa0001",
        "80",
        False,
        "0.64",
        "0.64",
    )
    assert data["left_out"] == ["H-aa0003 is supported, and no confidence was logged before its close, 2026-11-01."]
    assert not data["enough"]
    html = report.calibration._repr_mimebundle_()["text/html"]
    assert "That is few" in html
    assert html.count(f'<circle cx="{84 + 80 * 2.2}" cy="') == 1


def test_without_a_result_it_says_what_to_write(make_workspace):
    html = wb.open_week(make_workspace({}), "2026-W47", today="2026-11-20").calibration._repr_mimebundle_()["text/html"]
    assert "Nothing to compare yet" in html
    assert "2026-11-17: 70 %" in html


# The page


def test_every_reader_gets_some_of_the_same_and_it_holds(pages, report):
    whole = read_manifest(read_page(pages[""]))
    for audience, html in pages.items():
        page = read_page(html)
        assert page.marks, f"nothing for {audience}"
        assert read_manifest(page).claims.items() <= whole.claims.items()
        verified = verify_page(page, report._parts[0])
        assert verified.ok, (audience, verified.differences)


def test_nothing_hostile_is_alive_and_nothing_fails(hostile_study):
    report, live = wb.open_week(hostile_study, "2026-W47", today="2026-11-26"), []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag in ("script", "iframe", "img", "form", "object", "link", "base") or any(
                name.startswith("on") for name, _ in attrs
            ):
                live.append((tag, attrs))

    for name in ("delta", "enablement", "readout", "backlog", "calibration"):
        section = getattr(report, name)
        Tags().feed(render_section(share(section.payload), shared=True))
        Tags().feed(section._repr_mimebundle_()["text/html"])
    assert live == []


def test_json_can_hold_every_section(report):
    for name in SECTIONS:
        assert json.loads(json.dumps(getattr(report, name).payload))


def test_no_name_and_no_words_that_may_not_be_quoted_are_in_a_page(pages):
    for audience, html in pages.items():
        for word in ("Quolt Ltd", "Withold Ltd", "withold", SAID["Withold"], "interviews/"):
            assert word not in html, (audience, word)


def test_a_quote_that_may_not_leave_is_refused_when_it_is_typed_as_learned(work, capsys):
    from workbench.errors import InputError

    write(work, "weeks/2026-W47.md", f"learned: ['{SAID['Withold']}']\n")
    section = wb.open_week(work, "2026-W47", today="2026-11-20").readout
    cell = new.new_code_cell("", outputs=[new.new_output("execute_result", section._repr_mimebundle_())])
    with pytest.raises(InputError, match="withold"):
        DiscoveryExporter().from_notebook_node(new.new_notebook(cells=[cell]), {"metadata": {"name": "friday"}})


def test_no_hash_of_words_and_no_file_leaves_where_a_line_names_a_note(work):
    note = next(one for one in read_study(work).notes["note"] if "withold" in one)
    write(work, "weeks/2026-W47.md", f"""outcomes: ["Rows are decided on ({note})"]
learned: ["They lose rows (see {note})", "See interviews/2026-11-18-withold.md:9", "As gone-call#1a2b3c4d says"]
""")  # fmt: skip
    week = wb.open_week(work, "2026-W47", today="2026-11-20")
    pages = [draw_section(section, "Friday") for section in (week.readout, week.focus)]
    for text in (*pages, week.plan.text):
        assert not [word for word in (note, note.partition("#")[2], "withold", "1a2b3c4d") if word in text]
    study = read_study(work)
    call = Refs(study).call("2026-11-18-withold")
    assert f"Rows are decided on ({Refs(study).notes([note])[0]})" in week.plan.text
    assert f"See {call}:9" in pages[0]
    assert "As [note] says" in pages[0]
    assert verify_page(read_page(pages[0]), study).ok


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_page_in_a_browser(pages, browser, tmp_path, width, scheme):
    file = tmp_path / "friday.html"
    file.write_text(pages[""], "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    page.screenshot(path=pictures() / f"friday-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious_violations(page, "html") == []
    page.close()


def test_the_notebook_runs_in_an_empty_workspace_and_says_what_to_do(make_workspace):
    ran = run_notebook(ROOT / "notebooks" / "friday-readout.ipynb", make_workspace({}), today="2026-11-20")
    shown = "".join(str(output) for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "Write what was shipped, changed and learned into the form below" in shown
    assert "Nothing is in the order of work" in shown


def test_the_notebook_looks_at_this_week_unless_another_is_named():
    cells = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "friday-readout.ipynb", as_version=4).cells}
    assert 'week = ""' in cells["week"]
    assert "FridayForm(week=week)" in cells["form"]
