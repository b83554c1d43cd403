"""Thursday: what sales and customer success can be told, what could be written, and the page for each reader."""

import json

import pytest
from lab import pictures, serious_violations
from nbformat import read
from nbformat import v4 as new
from test_audiences import ROOT
from test_week import write
from year import make_year

import workbench as wb
from workbench.report.audiences import AUDIENCES
from workbench.report.export import run_notebook
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.marks import read_page
from workbench.report.verify import verify_page
from workbench.report.view import render_section
from workbench.rituals.enablement import find_enablement, offer_enablement
from workbench.rituals.progress import find_progress
from workbench.rituals.readout import offer_readout
from workbench.study import read_study

SECTIONS = ("delta", "enablement", "limits")
CALL = '---\ncustomer: {0} Ltd\nwho: Jo {0}son, ops lead\ndate: {1}\nsegment: {2}\nconsent: {3}\n---\n- "{4}"\n- ? Wants the copy that {0} Ltd gets first, before the client\n'
SAID = {
    "Openly": "I send it to myself before anybody sees it.",
    "Quolt": "My own inbox first, or I do not sleep.",
    "Coyly": "Nobody outside should ever hear this of us.",
    "Latern": "It went to my phone and looked right there.",
}


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A test that runs, a bet that was shipped in the week, and customers of every consent behind them."""
    root = tmp_path_factory.mktemp("thursday")
    (root / "interviews").mkdir()
    calls = [("Openly", "2026-11-10", "field", "named"), ("Quolt", "2026-11-11", "field", "quote"),
             ("Coyly", "2026-11-12", "services", "aggregate"), ("Latern", "2026-11-17", "services", "quote")]  # fmt: skip
    for who, day, segment, consent in calls:
        text = CALL.format(who, day, segment, consent, SAID[who])
        (root / "interviews" / f"{day}-{who.lower()}.md").write_text(text, "utf-8")
    notes = sorted(read_study(root).notes["note"])
    write(root, "quarter.md", "positioning: For people who get paid this month\nwont_do: [A report builder, Charts]\n")
    write(root, "hypotheses/H-aa0001-copy.md", f"""id: H-aa0001
status: running
made: 2026-11-02
started: 2026-11-16
change: send a copy to oneself first
segment: who sends a first invoice
guardrails: ["Invoices recalled: at most 1 in 100"]
evidence: {notes}
""")  # fmt: skip
    write(
        root,
        "hypotheses/H-aa0002-old.md",
        "id: H-aa0002\nstatus: refuted\nmade: 2026-10-02\nstarted: 2026-10-05\nclosed: 2026-11-12\nchange: offer five layouts\nresult: 37 % against 38 %\n",
    )
    write(root, "hypotheses/H-aa0003-new.md", "id: H-aa0003\nstatus: ready\nmade: 2026-11-02\nchange: clean the list\n")
    write(
        root,
        "bets/B-bb0001-copy.md",
        "id: B-bb0001\ntitle: Copies before sending\nstatus: shipped\nstarted: 2026-10-05\nshipped: 2026-11-18\nsegment: field\nhypotheses: [H-aa0001]\n",
    )
    write(
        root,
        "bets/B-bb0002-old.md",
        "id: B-bb0002\ntitle: Shipped long ago\nstatus: shipped\nstarted: 2026-09-01\nshipped: 2026-10-18\n",
    )
    write(
        root,
        "weeks/2026-W47.md",
        "whats_new: [Half of new teams can send themselves a copy (H-aa0001)]\nnot_to_promise: [That everybody has it, Charts]\n",
    )
    return root


def open_week(root):
    return wb.open_week(root, "2026-W47", today="2026-11-19")


@pytest.fixture(scope="module")
def report(work):
    return open_week(work)


@pytest.fixture(scope="module")
def pages(report):
    outputs = [new.new_output("execute_result", getattr(report, name)._repr_mimebundle_()) for name in SECTIONS]
    cells = [new.new_code_cell("", outputs=[output]) for output in outputs]
    made = new.new_notebook(cells=[new.new_markdown_cell("# Thursday enablement"), *cells])
    return {
        audience: DiscoveryExporter(audience=audience).from_notebook_node(made, {"metadata": {"name": "thursday"}})[0]
        for audience in ("", *AUDIENCES)
    }


def offers(report, field):
    study, themes, hypotheses = report._parts
    return [
        (one.text, one.why) for one in offer_enablement(study, themes, hypotheses, report._moment) if one.field == field
    ]


# What can be told


def test_only_what_was_shipped_since_is_new(report):
    study, themes, _ = report._parts
    found = find_enablement(study, themes, report._moment)
    assert [one.id for one in found.shipped] == ["B-bb0001"]
    assert [one.id for one in found.running] == ["H-aa0001"]
    html = report.enablement._repr_mimebundle_()["text/html"]
    assert "Copies before sending" in html
    assert "Shipped long ago" not in html


def test_a_day_that_is_only_planned_is_nothing_that_happened(make_workspace):
    root = make_workspace({"a.md": "---\ncustomer: Acme\ndate: 2026-11-17\n---\n- one"})
    bets = {"bb0001": "planned\nstarted: 2026-11-16", "bb0002": "active\nstarted: 2026-11-17\nshipped: 2026-11-18",
            "bb0003": "shipped\nshipped: 2026-11-18", "bb0004": "shipped\nshipped: 2026-11-21"}  # fmt: skip
    for id_, status in bets.items():
        write(root, f"bets/B-{id_}.md", f"id: B-{id_}\ntitle: Bet {id_}\nstatus: {status}\n")
    write(root, "hypotheses/H-aa0001.md", "id: H-aa0001\nstatus: ready\nstarted: 2026-11-18\nchange: show rows\n")
    study, themes, _ = (week := wb.open_week(root, "2026-W47", today="2026-11-20"))._parts
    assert [one.id for one in find_enablement(study, themes, week._moment).shipped] == ["B-bb0003"]
    offered = offer_readout(study, themes, [], week._moment)
    assert [one.text for one in offered if one.field == "shipped"] == ["Bet bb0003 (B-bb0003)"]
    moved = find_progress(study, week._moment).moved
    assert [(bet.id, what) for bet, what, _ in moved] == [("B-bb0002", "started"), ("B-bb0003", "shipped")]


def test_a_week_that_is_over_is_that_of_its_last_day_and_says_so(work):
    for today, is_said in (("2026-11-20", False), ("2026-11-24", True)):
        week = wb.open_week(work, "2026-W47", today=today)
        for section in (week.delta, week.enablement, week.backlog):
            html = section._repr_mimebundle_()["text/html"]
            assert ("known on 22 November 2026, the last day of the week." in html) == is_said, section


def test_who_benefits_is_counted_by_segment(report):
    (bet, test) = report.enablement.payload["data"]["benefits"]
    assert [(one["n"], one["of"]) for one in test["counts"]["segments"]] == [(2, 2), (2, 2)]
    assert (test["counts"]["all"]["n"], test["counts"]["all"]["of"]) == (4, 4)
    assert (bet["is_test"], test["is_test"]) == (False, True)


def test_whom_to_tell_is_named_here_and_coded_in_what_leaves(report, pages):
    html = report.enablement._repr_mimebundle_()["text/html"]
    for who in SAID:
        assert f"{who} Ltd" in html
    assert "Openly Ltd" in pages["sales"]
    for who in ("Quolt", "Coyly", "Latern"):
        assert who not in pages["sales"], who
        assert who.lower() not in pages["sales"], who


def test_a_pitch_is_in_words_of_those_who_agreed_one_a_customer(report, pages):
    data = report.enablement.payload["data"]
    said = [report.enablement.payload["notes"][note] for note in data["pitch"]["notes"]]
    assert {one["text"] for one in said} == {SAID["Openly"], SAID["Quolt"], SAID["Latern"]}
    for audience, html in pages.items():
        assert SAID["Coyly"] not in html, audience


def test_what_not_to_promise_has_what_is_left_out_unproven_refuted_and_guarded(report):
    limits = render_section(report.enablement.payload, shared=False).partition("What not to promise")[2]
    for words in ("That everybody has it", "A report builder", "Clean the list", "not tested yet", "Offer five layouts",
                  "37 % against 38 %", "being tested", "Invoices recalled: at most 1 in 100"):  # fmt: skip
        assert words in limits, words
    assert limits.count("Charts") == 1, "what is written is not said again"


def test_what_is_written_stands_first(report):
    html = report.enablement._repr_mimebundle_()["text/html"]
    assert html.index("Half of new teams can send themselves a copy") < html.index("Copies before sending")
    assert "H-aa0001, running" in html


# What could be written


def test_what_could_be_written_is_titles_counts_and_words_that_are_there(report, work):
    assert offers(report, "whats_new") == [("Copies before sending (B-bb0001)", "shipped on 2026-11-18")], (
        "a test is written already"
    )
    assert ("who sends a first invoice", "whom H-aa0001 is for") in offers(report, "who_benefits")
    assert ("services: 2 of 2 customers we heard from", "who spoke of what B-bb0001 is about") in offers(
        report, "who_benefits"
    )
    pitch = [text for text, _ in offers(report, "how_to_pitch")]
    assert pitch[0] == "For people who get paid this month"
    notes = read_study(work).notes
    said = {f"“{one.text}” ({one.note})" for one in notes.itertuples() if one.consent in ("quote", "named")}
    assert len(pitch) == 4
    assert set(pitch[1:]) <= said
    assert offers(report, "not_to_promise") == [
        ("A report builder", "left out this quarter"),
        ("send a copy to oneself first (H-aa0001)", "being tested, and may be stopped"),
        ("offer five layouts (H-aa0002)", "refuted: 37 % against 38 %"),
        ("clean the list (H-aa0003)", "not tested yet"),
    ]


# The page


def test_every_reader_gets_some_of_the_same_and_it_holds(pages, work):
    study = read_study(work)
    whole = read_manifest(read_page(pages[""]))
    for audience, html in pages.items():
        page = read_page(html)
        assert page.marks, f"nothing for {audience}"
        assert read_manifest(page).claims.items() <= whole.claims.items()
        verified = verify_page(page, study)
        assert verified.ok, (audience, verified.differences)


def test_json_can_hold_every_section(report):
    for name in SECTIONS:
        assert json.loads(json.dumps(getattr(report, name).payload))


def test_a_changed_number_of_then_is_found(pages, work):
    html = pages["exec"]
    assert 'data-claim="hypotheses/H-aa0001/until-then">3<' in html
    forged = html.replace(
        'value="3" data-claim="hypotheses/H-aa0001/until-then">3<',
        'value="4" data-claim="hypotheses/H-aa0001/until-then">4<',
    )
    assert not verify_page(read_page(forged), read_study(work)).ok


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_page_in_a_browser(pages, browser, tmp_path, width, scheme):
    file = tmp_path / "thursday.html"
    file.write_text(pages[""], "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    page.screenshot(path=pictures() / f"thursday-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious_violations(page, "html") == []
    page.close()


def test_after_a_year_of_weeks_it_is_a_page_and_not_a_book(tmp_path):
    report = wb.open_week(make_year(tmp_path), "2026-W47", today="2026-11-20")
    data = report.enablement.payload["data"]
    assert len(data["limits"]["failed"]) <= 5
    assert len(data["themes"]) <= 4
    html = report.delta._repr_mimebundle_()["text/html"]
    assert html.count("<li>") < 40


def test_the_notebook_runs_in_an_empty_workspace_and_says_what_to_do(make_workspace):
    ran = run_notebook(ROOT / "notebooks" / "thursday-enablement.ipynb", make_workspace({}), today="2026-11-19")
    shown = "".join(str(output) for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "There is nothing to compare yet: write down a first call" in shown
    assert "Write what customers can see or do now into the form" in shown


def test_the_notebook_looks_back_to_last_week_unless_another_day_is_named():
    cells = {
        cell.id: cell.source for cell in read(ROOT / "notebooks" / "thursday-enablement.ipynb", as_version=4).cells
    }
    assert 'since = ""' in cells["week"]
    assert "ThursdayForm(week=week)" in cells["form"]
