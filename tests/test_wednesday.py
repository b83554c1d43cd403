"""Wednesday: what must stand before a test begins, what may go wrong, what could be written, and the page for each reader."""

import re
from pathlib import Path

import pytest
from lab import pictures, serious_violations
from nbformat import read
from nbformat import v4 as new
from test_week import write
from year import make_year

import workbench as wb
from workbench.errors import InputError
from workbench.report.audiences import AUDIENCES
from workbench.report.export import run_notebook
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.marks import read_page
from workbench.report.verify import verify_page
from workbench.rituals import Moment
from workbench.rituals.readiness import choose_hypothesis, find_readiness, offer_slice
from workbench.study import read_study
from workbench.themes import find_themes

ROOT = Path(__file__).parent.parent
CALL = "---\ncustomer: {0}\nsegment: {1}\ndate: 2026-11-17\nconsent: quote\n---\n- ! The import drops rows of the list\n- ~ Types the lost rows of the list in again\n"
# All that must stand but for what a test takes away.
WHOLE = {
    "status": "ready", "owner": "Omar", "change": "match the columns, show doubles and say what is wrong with a row",
    "segment": "new field teams with a list", "metric": '"Import completed: share of lists that are in within a day"',
    "baseline": "48 %", "direction": "up", "size": "10", "unit": "points", "deadline": "2027-02-26", "traffic": "130/week",
    "guardrails": '["Slowest tenth: under 4 minutes", "Import tickets: at most 14 a week (now 11)"]',
    "slice": "CSV files only", "decision_rule": "Ship at +10 points, stop below +4", "looked_for_against": "2026-11-17",
    "logging": '["list saved: rows, with or without the page", "minutes of the slowest tenth"]', "bet": "B-a10001",
    "evidence": "[a#1]",
}  # fmt: skip


@pytest.fixture
def work(make_workspace):
    """Three customers of two segments who say the same; each test writes the records that it is about."""
    root = make_workspace({f"2026-11-17-{name}.md": CALL.format(name.title(), segment) for name, segment in
                           (("acme", "field"), ("bolt", "field"), ("core", "services"))})  # fmt: skip
    return root


def hypothesis(root, id="H-a10001", **fields):
    notes = list(read_study(root).notes["note"])
    own = WHOLE | {"evidence": f"[{', '.join(notes)}]"} | fields
    write(root, f"hypotheses/{id}-x.md", "".join(f"{name}: {value}\n" for name, value in own.items() if value))


def readiness(root, today="2026-11-20"):
    study = read_study(root)
    themes = find_themes(study.notes)
    return find_readiness(study, themes, study.hypotheses[0], Moment("2026-W47", today))


def offers(root, field, record=""):
    study = read_study(root)
    found = offer_slice(study, find_themes(study.notes), study.hypotheses, Moment("2026-W47", "2026-11-20", record=record))  # fmt: skip
    return [one.text for one in found if one.field == field]


# Which one


def test_the_one_that_is_next_is_ready_then_running_then_the_draft_with_most_parts(work):
    hypothesis(work, "H-a10001", status="draft", slice="")
    hypothesis(work, "H-a10002", status="draft")
    hypothesis(work, "H-a10003", status="refuted")
    chosen = [choose_hypothesis(read_study(work).hypotheses).id]
    hypothesis(work, "H-a10004", status="running", started="2026-11-09")
    chosen.append(choose_hypothesis(read_study(work).hypotheses).id)
    hypothesis(work, "H-a10005")
    chosen.append(choose_hypothesis(read_study(work).hypotheses).id)
    assert chosen == ["H-a10002", "H-a10004", "H-a10005"]
    assert choose_hypothesis(read_study(work).hypotheses, "H-a10001").id == "H-a10001"
    with pytest.raises(InputError, match=r"5 hypotheses begin with “H-a1000”: H-a10001, .*; name one, or none"):
        choose_hypothesis(read_study(work).hypotheses, "H-a1000")
    with pytest.raises(InputError, match="there is no hypothesis “H-b”"):
        choose_hypothesis(read_study(work).hypotheses, "H-b")


# The gate


def test_a_whole_one_may_start(work):
    hypothesis(work)
    found = readiness(work)
    assert (found.may_start, found.missing, found.barriers) == (True, (), ())
    assert (found.hypothesis.n_customers, found.weeks, found.weeks_left) == (3, 6, 14)


@pytest.mark.parametrize(
    ("field", "part"),
    [
        ("change", "change"), ("segment", "segment"), ("metric", "metric"), ("baseline", "metric"), ("size", "size"),
        ("deadline", "deadline"), ("guardrails", "guardrails"), ("slice", "slice"), ("decision_rule", "decision_rule"),
        ("logging", "logging"), ("owner", "owner"), ("evidence", "because"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", ["ready", "draft"])
def test_without_any_of_its_parts_it_may_not(work, field, part, status):
    hypothesis(work, status=status, **{field: ""})
    found = readiness(work)
    assert not found.may_start
    assert [step.part for step in found.missing] == [part]
    assert all(one.what and one.todo for step in found.missing for one in step.missing)


def test_where_no_new_ones_come_it_says_whether_those_whom_there_are_suffice(work):
    hypothesis(work, traffic="", customers="100")
    few = readiness(work)
    assert few.unsized == (
        "+10 points (48 % to 58 %): 390 customers with the change, and as many without; there are too few.",
    )
    hypothesis(work, traffic="", customers="1000")
    assert (readiness(work).weeks, readiness(work).unsized) == (None, ())
    hypothesis(work, traffic="")
    assert readiness(work).unsized[0].startswith("No traffic.")


def test_a_doubt_is_said_and_keeps_nothing_back(work):
    hypothesis(work, looked_for_against="")
    found = readiness(work)
    assert found.may_start
    assert [(step.part, step.doubts[0].rule) for step in found.steps if step.doubts] == [
        ("against", "against-unlooked")
    ]


# What may go wrong


def test_what_may_go_wrong_is_what_is_written_what_its_bet_waits_for_and_what_blocks_the_week(work):
    hypothesis(work, risks='["No row ids: Jonas, 2026-12-04", "Lists of 10,000 rows", "Old browsers: Sanne"]')
    for id_ in ("B-a10001", "B-a10002"):
        write(work, f"bets/{id_}-x.md", f'title: Lists\nstatus: active\nneeds: ["Log of {id_}: Omar, 2026-11-13"]\n')
    write(work, "weeks/2026-W47.md", 'blockers: ["Test lists: Lena, 2026-11-27", "no row ids: Jonas, 2026-12-04"]\n')
    found = [(one.what, one.who, one.day, one.overdue, one.source, one.is_open) for one in readiness(work).concerns]
    assert found == [
        ("Lists of 10,000 rows", "", "", False, "hypothesis", True),
        ("Old browsers", "Sanne", "", False, "hypothesis", True),
        ("Log of B-a10001", "Omar", "2026-11-13", True, "bet", False),
        ("Test lists", "Lena", "2026-11-27", False, "week", False),
        ("No row ids", "Jonas", "2026-12-04", False, "hypothesis", False),
    ]


@pytest.mark.parametrize(
    ("fields", "barrier"),
    [
        ({"traffic": "30/week"}, ("time", "")),
        ({"deadline": "2026-11-20"}, ("past", "")),
        ({"deadline": "2027-04-30"}, ("quarter", "2027-03-31")),
        ({"change": "build a custom report for lists"}, ("wont_do", "A custom report builder")),
        ({"bet": "B-a10009"}, ("bet", "dropped")),
    ],
)
def test_limits_that_it_runs_into_are_said(work, fields, barrier):
    write(work, "quarter.md", "deadline: 2027-03-31\nwont_do: [A custom report builder, none]\n")
    write(work, "bets/B-a10009-x.md", "title: Old\nstatus: dropped\n")
    hypothesis(work)
    assert readiness(work).barriers == ()
    hypothesis(work, **fields)
    assert [(one.kind, one.what) for one in readiness(work).barriers] == [barrier]
    hypothesis(work, **fields, status="refuted")
    assert readiness(work).barriers == ()


@pytest.mark.parametrize(
    ("open_", "asked"),
    [
        ({"traffic": ""}, "such as traffic: 400/week"),
        ({"traffic": "lots"}, "“lots” is no number of customers"),
        ({"baseline": ""}, "baseline"),
        ({"size": ""}, "No size. Write the smallest change"),
        ({"deadline": ""}, "such as deadline: 2027-02-26"),
    ],
)
def test_what_is_to_be_written_before_the_length_of_a_test_can_be_told_is_said(work, open_, asked):
    hypothesis(work)
    assert readiness(work).unsized == ()
    hypothesis(work, **open_)
    html = wb.open_week(work, "2026-W47", today="2026-11-20").slice()._repr_mimebundle_()["text/html"]
    said = " ".join(html.partition("How long the test takes cannot be told yet.")[2].partition("</li>")[0].split())
    assert asked in re.sub("<[^>]+>", "", said)


def test_more_planned_than_any_week_finished_is_a_limit(work):
    for week in ("2026-W45", "2026-W46"):
        write(work, f"weeks/{week}.md", "planned: [One, Two]\nfinished: [One]\n")
    write(work, "weeks/2026-W47.md", "planned: [One, Two]\n")
    hypothesis(work)
    assert [one.kind for one in readiness(work).barriers] == ["capacity"]


def test_guardrails_are_told_by_family_with_what_they_are_today(work):
    hypothesis(work, guardrails='["Slowest tenth: under 4 minutes", "Import tickets: at most 14 a week (now 11)", "Colours: 3"]',
               breached='["import tickets: 19 a week"]')  # fmt: skip
    write(work, "weeks/2026-W45.md", 'metrics: ["Slowest tenth: 3 minutes", "Import tickets: 10"]\n')
    write(work, "weeks/2026-W46.md", 'metrics: ["Slowest tenth: 3.5 minutes"]\n')
    write(work, "weeks/2026-W48.md", 'metrics: ["Slowest tenth: 9 minutes"]\n')
    found = readiness(work)
    assert [(one.name, one.kind, one.now, one.broken) for one in found.guards] == [
        ("Slowest tenth", "performance", "3.5 minutes", ""),
        ("Import tickets", "complaints", "10", "import tickets: 19 a week"),
        ("Colours", "", "", ""),
    ]
    assert found.unguarded == ("reliability",)
    hypothesis(work)
    assert readiness(work).guards[1].now == "10"
    (work / "discovery" / "weeks" / "2026-W45.md").unlink()
    assert readiness(work).guards[1].now == "11", "of a limit what it says of today"


def test_each_thing_that_the_result_is_read_from_is_named_or_not(work):
    hypothesis(work)
    assert [(one.kind, one.what, one.named) for one in readiness(work).logs] == [
        ("exposure", "", True), ("metric", "Import completed", True), ("guardrail", "Slowest tenth", True),
        ("guardrail", "Import tickets", False),
    ]  # fmt: skip
    hypothesis(work, logging="[Something else]")
    assert not any(one.named for one in readiness(work).logs)


# What could be written


def test_slices_are_customers_own_ways_one_step_and_one_segment(work):
    hypothesis(work, slice="")
    own, *rest = offers(work, "slice")
    assert "“Types the lost rows of the list in again”" in own
    assert rest[-2:] == ["Only: match the columns", "Only for field"]
    hypothesis(work)
    assert offers(work, "slice") == []


def test_what_is_waited_for_and_what_is_not_logged_is_offered(work):
    hypothesis(work, logging="", owner="")
    write(work, "bets/B-a10001-x.md", 'title: Lists\nstatus: active\nowner: Ines\nneeds: ["Log: Omar, 2026-11-27"]\n')
    assert offers(work, "risks") == ["Log: Omar, 2026-11-27"]
    assert offers(work, "owner") == ["Ines"]
    exposure, *rest = offers(work, "logging")
    assert exposure.startswith("who has the change and who has not")
    assert rest == ["Import completed: share of lists that are in within a day", "Slowest tenth", "Import tickets"]


def test_what_may_not_move_any_more_is_not_offered(work):
    hypothesis(work, guardrails="", deadline="")
    assert offers(work, "guardrails")
    hypothesis(work, guardrails="", deadline="", slice="", status="running", started="2026-11-09")
    assert offers(work, "guardrails") == offers(work, "deadline") == []
    assert offers(work, "slice")
    hypothesis(work, guardrails="", status="refuted")
    assert offers(work, "guardrails", "H-a10001") == []


# A broken guardrail


def test_a_broken_guardrail_blocks_a_result_wherever_it_is_shown(work):
    hypothesis(work, status="running", started="2026-11-09", result="61 %", breached='["Import tickets: 19 a week"]')
    report = wb.open_week(work, "2026-W47", today="2026-11-20")
    for section in (report.slice("H-a10001"), report.hypotheses):
        html = section._repr_mimebundle_()["text/html"]
        assert "Blocked: a guardrail was broken" in html
        assert "Import tickets: 19 a week" in html
        assert "Running since" not in html
    write(work, "weeks/2026-W47.md", 'learned: ["It gets them in (H-a10001)"]\n')
    readout = wb.open_week(work, "2026-W47", today="2026-11-20").readout._repr_mimebundle_()["text/html"]
    assert "blocked: a guardrail broke" in readout


# The page


SECTIONS = ("slice", "bets", "hypotheses", "capacity", "limits")


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    return make_year(tmp_path_factory.mktemp("year"))


@pytest.fixture(scope="module")
def pages(year):
    report = wb.open_week(year, "2026-W47", today="2026-11-18")
    shown = [report.slice() if name == "slice" else getattr(report, name) for name in SECTIONS]
    cells = [
        new.new_code_cell("", outputs=[new.new_output("execute_result", one._repr_mimebundle_())]) for one in shown
    ]
    made = new.new_notebook(cells=[new.new_markdown_cell("# Wednesday slice"), *cells])
    return {
        audience: DiscoveryExporter(audience=audience).from_notebook_node(made, {"metadata": {"name": "wednesday"}})[0]
        for audience in ("", *AUDIENCES)
    }


def test_every_reader_gets_the_slice_with_the_same_numbers_and_it_holds(pages, year):
    study = read_study(year)
    whole = read_manifest(read_page(pages[""]))
    for audience, html in pages.items():
        page = read_page(html)
        assert "hypotheses/H-a1000a/standing" in {mark.id for mark in page.marks}, audience
        assert read_manifest(page).claims.items() <= whole.claims.items()
        assert verify_page(page, study).ok, audience


def test_what_to_do_and_which_others_there_are_is_the_pms_alone(pages, year):
    local = wb.open_week(year, "2026-W47", today="2026-11-18").slice()._repr_mimebundle_()["text/html"]
    assert "Write one into the first cell to look at it" in local
    assert "Write one into the first cell" not in pages[""]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_page_in_a_browser(pages, browser, tmp_path, width, scheme):
    file = tmp_path / "wednesday.html"
    file.write_text(pages["engineering"], "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    page.screenshot(path=pictures() / f"wednesday-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious_violations(page, "html") == []
    page.close()


def test_the_notebook_runs_in_an_empty_workspace_and_says_what_to_do(make_workspace):
    ran = run_notebook(ROOT / "notebooks" / "wednesday-slice.ipynb", make_workspace({}), today="2026-11-18")
    shown = "".join(str(output) for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "No hypothesis is written down yet. Once there are notes of a few calls, Tuesday’s page drafts one" in shown


def test_the_notebook_looks_at_the_next_one_unless_another_is_named():
    cells = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "wednesday-slice.ipynb", as_version=4).cells}
    assert 'hypothesis = ""' in cells["week"]
    assert "report.slice(hypothesis)" in cells["week"]
    assert "SliceForm(hypothesis=hypothesis)" in cells["form"]
