"""Monday: the week's focus, what could be written, the plan to paste, and the page for each reader."""

import json
from pathlib import Path

import pytest
from lab import pictures, serious_violations
from nbformat import read
from nbformat import v4 as new
from test_week import write
from year import make_year

import workbench as wb
from workbench.cli import main
from workbench.errors import InputError
from workbench.redact import share
from workbench.report import plan_text
from workbench.report.audiences import AUDIENCES
from workbench.report.export import run_notebook
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.marks import read_page
from workbench.report.verify import verify_page
from workbench.rituals import Moment
from workbench.rituals.focus import find_focus, offer_focus
from workbench.study import read_study
from workbench.themes import find_themes

ROOT = Path(__file__).parent.parent
SECTIONS = ("focus", "touchpoints", "due", "capacity")
QUARTER = """metric: "Activation: share of new teams that send an invoice"
baseline: 30 %
direction: up
size: 5
unit: points
deadline: 2027-03-31
watched: ["Import tickets: at most 14"]
"""


@pytest.fixture
def work(make_workspace):
    """An empty workspace; each test writes what it is about."""
    return make_workspace({}, "customers: {}\n")


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    return make_year(tmp_path_factory.mktemp("year"))


def focus_of(root, week="2026-W47", today="2026-11-17"):
    return find_focus(read_study(root), Moment(week, today))


def offers_of(root, field, week="2026-W47", today="2026-11-17"):
    study = read_study(root)
    offers = offer_focus(study, find_themes(study.notes), [], Moment(week, today))
    return [(one.text, one.why) for one in offers if one.field == field]


# The focus


def test_metrics_stand_side_by_side_as_they_were_written(work):
    write(work, "quarter.md", QUARTER)
    write(work, "weeks/2026-W45.md", 'metrics: ["activation: 30.4 % (of 512)", "refunds: 3"]\n')
    write(work, "weeks/2026-W46.md", "outcomes: [Nothing on metrics this week]\n")
    write(work, "weeks/2026-W47.md", 'metrics: ["Activation: 31 %", "Refunds: 4"]\n')
    focus = focus_of(work)
    assert focus.weeks == ("2026-W45", "2026-W47")
    assert [(one.metric, one.role, one.values) for one in focus.metrics] == [
        ("Activation", "primary", ("30.4 % (of 512)", "31 %")),
        ("Import tickets", "watched", ("", "")),
        ("Refunds", "", ("3", "4")),  # spelt as it was last
    ]
    first = focus.metrics[0]
    assert (first.family, first.leading, first.target, first.deadline) == (
        "activation",
        True,
        "30 % to 35 %",
        "2027-03-31",
    )


def test_a_third_outcome_is_not_for_this_week(work):
    write(work, "weeks/2026-W47.md", "outcomes: [One, Two, Three]\n")
    assert (focus_of(work).outcomes, focus_of(work).beyond) == (("One", "Two"), ("Three",))


def test_a_blocker_stays_open_until_a_later_week_leaves_it_out(work):
    for week in ("2026-W44", "2026-W45"):
        write(work, f"weeks/{week}.md", 'blockers: ["Test account: Omar, 2026-11-13"]\n')
    write(work, "weeks/2026-W46.md", "outcomes: [One]\n")
    (blocker,) = focus_of(work).blockers
    assert (blocker.who, blocker.day, blocker.overdue, blocker.since, blocker.carried) == ("Omar", "2026-11-13", True, "2026-W44", True)  # fmt: skip
    write(work, "weeks/2026-W47.md", 'blockers: ["test account: Omar, 2026-11-20", "Log: by Friday"]\n')
    assert [(one.what, one.who, one.day, one.overdue, one.since) for one in focus_of(work).blockers] == [
        ("test account", "Omar", "2026-11-20", False, "2026-W44"),
        ("Log", "", "Friday", False, "2026-W47"),
    ]
    write(work, "weeks/2026-W47.md", "blockers: [none]\n")
    assert focus_of(work).blockers == ()


def test_what_a_bet_needs_blocks_it_as_long_as_it_is_at_work(work):
    for i, status in enumerate(("active", "done")):
        write(work, f"bets/B-a1000{i}-x.md", f'title: Lists\nstatus: {status}\nneeds: ["Log {i}: Omar, 2026-11-13"]\n')
    assert [(one.what, one.bet, one.overdue) for one in focus_of(work).blockers] == [("Log 0", "B-a10000", True)]


# What could be written


def test_what_could_be_written_is_what_stands_in_earlier_records(work):
    write(work, "quarter.md", QUARTER)
    write(work, "bets/B-a10001-x.md", "title: Lists\nstatus: active\nreview: 2026-11-10\nowner: Ines\n")
    write(work, "weeks/2026-W46.md", """metrics: ["Activation: 30.4 %"]
blockers: ["Test account: Omar, 2026-11-13"]
next: [Import test ready, "none"]
decisions_needed: [Who pays?]
backlog: [H-a10009, "B-a10001: 2 more customers"]
""")  # fmt: skip
    assert offers_of(work, "outcomes") == [("Import test ready", "what comes next, as written in 2026-W46")]
    assert offers_of(work, "metrics") == [
        ("Activation: ", "the quarter’s metric; 30.4 % in 2026-W46"),
        ("Import tickets: ", "watched this quarter"),
    ]
    assert offers_of(work, "blockers") == [("Test account: Omar, 2026-11-13", "open since 2026-W46")]
    assert offers_of(work, "planned") == [
        ("Import test ready", "what comes next, as written in 2026-W46"),
        ("Lists (B-a10001)", "first in the order of work of 2026-W46"),
        ("Look again at Lists (B-a10001)", "overdue since 2026-11-10"),
        ("Decide: Who pays?", "asked for in 2026-W46"),
    ]


def test_what_is_written_already_is_not_offered(work):
    write(work, "weeks/2026-W46.md", 'metrics: ["Refunds: 3"]\nblockers: ["Log: Omar, 2026-11-13"]\nnext: [One, Two]\n')
    write(work, "weeks/2026-W47.md", 'metrics: ["refunds: 4"]\nblockers: ["log: Ines, 2026-11-20"]\noutcomes: [one]\n')
    assert [offers_of(work, field) for field in ("metrics", "blockers")] == [[], []]
    assert [text for text, _ in offers_of(work, "outcomes")] == ["Two"]
    assert [text for text, _ in offers_of(work, "planned")] == ["One", "Two"]


def test_an_empty_workspace_is_offered_nothing(work):
    assert {field: offers_of(work, field) for field in ("outcomes", "metrics", "blockers", "touchpoints", "planned")} == {
        "outcomes": [], "metrics": [], "blockers": [], "touchpoints": [], "planned": [],
    }  # fmt: skip


# The plan


def plan(root, *more):
    return main(["week", "-w", str(root), "2026-W47", "--today", "2026-11-17", "--paste", *map(str, more)])


@pytest.fixture
def named(make_workspace):
    """Customers of every consent, all planned, and lines that name them."""
    head = "---\ncustomer: {0} Ltd\nwho: Jo {0}son, ops lead\ndate: 2026-11-17\nsegment: field\nconsent: {1}\n---\n"
    words = {"Secreta": "aggregate", "Secretq": "quote", "Openly": "named"}
    calls = {f"{name}.md": head.format(name, level) + f"- ! The import drops rows of {name} each and every Monday morning\n"
             for name, level in words.items()}  # fmt: skip
    root = make_workspace(calls)
    write(root, "weeks/2026-W47.md", """outcomes: [Secreta Ltd has seen it, Call secretq ltd]
touchpoints: [Openly Ltd, Secretq Ltd, Unheard Of Inc]
risks: ["Mail jo@secreta.example"]
""")  # fmt: skip
    return root


def test_no_name_leaves_in_a_plan_unless_it_may(named, capsys):
    assert plan(named) == 0
    out = capsys.readouterr().out
    assert "Openly Ltd (field)" in out
    assert not [word for word in ("Secreta", "Secretq", "secretq", "Unheard", "@", "Jo ") if word in out]
    assert "*Customers*: 3 of 3–5 talked to" in out
    assert "[e-mail]" in out


def test_a_plan_with_words_that_may_not_be_quoted_is_refused(named, capsys):
    write(named, "weeks/2026-W47.md", "outcomes: [The import drops rows of Secreta each and every Monday morning]\n")
    assert plan(named) == 1
    err = capsys.readouterr().err
    assert "interviews/Secreta.md:" in err
    report = wb.open_week(named, "2026-W47", today="2026-11-17")
    assert repr(report.plan).startswith("No plan to paste yet: "), "a cell says so and does not fail"


def test_a_plan_is_short_whatever_the_week_holds(year, capsys):
    study = read_study(year)
    week = year / "discovery" / "weeks" / "2026-W48.md"
    many = json.dumps([f"thing {i}: {'long ' * 3}" for i in range(30)])
    fields = ("outcomes", "metrics", "blockers", "planned", "risks", "decisions_needed")
    week.write_text("---\n" + "".join(f"{name}: {many}\n" for name in fields)
                    + f"touchpoints: {json.dumps(list(study.customers['customer']))}\n---\n", "utf-8")  # fmt: skip
    try:
        assert main(["week", "-w", str(year), "2026-W48", "--today", "2026-11-24", "--paste"]) == 0
    finally:
        week.unlink()
    lines = capsys.readouterr().out.rstrip("\n").split("\n")
    assert len(lines) <= 25
    assert max(map(len, lines)) < 300
    assert all(line.startswith(("*", "• ")) for line in lines)
    assert "• and 28 more" in lines


def test_a_plan_is_written_where_it_is_asked_for(named, tmp_path, capsys):
    assert plan(named, "-o", tmp_path / "plan.md") == 0
    first = (tmp_path / "plan.md").read_text("utf-8")
    assert capsys.readouterr().out == ""
    assert first.startswith("*Week 47*, 16 November to 22 November 2026\n")
    assert plan(named, "-o", tmp_path / "plan.md") == 0
    assert (tmp_path / "plan.md").read_text("utf-8") == first
    assert plan(named, "-o", tmp_path) == 1
    assert "is a folder" in capsys.readouterr().err
    assert plan(named, "-o", tmp_path / "secretq-ltd.md") == 1
    assert "secretq-ltd.md, would give “secretq-ltd” away" in capsys.readouterr().err
    assert not (tmp_path / "secretq-ltd.md").exists()


def test_a_plan_is_as_short_where_somebody_was_talked_to_and_somebody_is_left(named, capsys):
    many = "[a, b, c, d]"
    (named / "discovery" / "customers.yaml").write_text("customers:\n  Unheard Of Inc: {}\n", "utf-8")
    write(
        named,
        "weeks/2026-W47.md",
        f"""outcomes: {many}
metrics: ["A: 1", "B: 2", "C: 3", "D: 4"]
blockers: {many}
risks: {many}
touchpoints: [Openly Ltd, Unheard Of Inc]
planned: {many}
decisions_needed: {many}
""",
    )
    assert plan(named) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 25
    assert sum(line.startswith(("• talked to: ", "• still to come: ")) for line in lines) == 2
    assert lines[lines.index("*Taken on*") :][:3] == ["*Taken on*", "• a", "• and 3 more"]


def test_a_plan_in_which_a_name_is_left_is_refused(named, monkeypatch, capsys):
    # Were something of a name to get past the redaction, it would be seen here.
    monkeypatch.setattr(plan_text, "share", lambda payload, names: share(payload, names) | {"data": payload["data"]})
    assert plan(named) == 1
    assert "This week would show “Secreta Ltd”" in capsys.readouterr().err


# The page


def notebook_of(root):
    report = wb.open_week(root, "2026-W47", today="2026-11-18")
    outputs = [new.new_output("execute_result", getattr(report, name)._repr_mimebundle_()) for name in SECTIONS]
    data, metadata = report.plan._repr_mimebundle_()
    outputs.append(new.new_output("execute_result", data, metadata=metadata))
    cells = [new.new_code_cell("", outputs=[output]) for output in outputs]
    return new.new_notebook(cells=[new.new_markdown_cell("# Monday focus"), *cells])


@pytest.fixture(scope="module")
def pages(year):
    made = notebook_of(year)
    return {
        audience: DiscoveryExporter(audience=audience).from_notebook_node(made, {"metadata": {"name": "monday"}})[0]
        for audience in ("", *AUDIENCES)
    }


def test_every_reader_gets_some_of_the_same_and_it_holds(pages, year):
    study = read_study(year)
    whole = read_manifest(read_page(pages[""]))
    for audience, html in pages.items():
        page = read_page(html)
        manifest = read_manifest(page)
        assert page.marks, f"nothing for {audience}"
        assert manifest.claims.items() <= whole.claims.items()
        assert verify_page(page, study).ok, audience


def test_no_name_and_no_plan_is_in_a_page(pages, year):
    names = set(read_study(year).customers["customer"])
    for audience, html in pages.items():
        assert not [name for name in names if name in html], audience
        assert "user-select" not in html


def test_who_could_be_next_and_where_a_record_lies_is_the_pms_alone(pages, year):
    local = wb.open_week(year, "2026-W47", today="2026-11-18")
    assert "Who could be next" in local.touchpoints._repr_mimebundle_()["text/html"]
    assert "discovery/decisions/D-a10007-reports.md:13" in local.due._repr_mimebundle_()["text/html"]
    assert "Who could be next" not in pages[""]
    assert "discovery/decisions" not in pages[""]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_page_in_a_browser(pages, browser, tmp_path, width, scheme):
    file = tmp_path / "monday.html"
    file.write_text(pages[""], "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    page.screenshot(path=pictures() / f"monday-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious_violations(page, "html") == []
    page.close()


def test_the_notebook_runs_in_an_empty_workspace_and_says_what_to_do(make_workspace):
    ran = run_notebook(ROOT / "notebooks" / "monday-focus.ipynb", make_workspace({}), today="2026-11-16")
    shown = "".join(str(output) for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "No outcome is written down for this week. Write one or two into the form below" in shown
    assert "Write customers into <code>discovery/customers.yaml</code>" in shown
    assert "*Outcomes*: not written yet" in shown


def test_the_notebook_looks_at_this_week_unless_another_is_named():
    cells = {cell.id: cell.source for cell in read(ROOT / "notebooks" / "monday-focus.ipynb", as_version=4).cells}
    assert 'week = ""' in cells["week"]
    assert "MondayForm(week=week)" in cells["form"]
    with pytest.raises(InputError, match="write it as year and week"):
        wb.open_week(ROOT, week="W47")
