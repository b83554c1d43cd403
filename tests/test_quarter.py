"""The quarter: outcome and metric, bets and who stands behind them, the monthly review, the price, and the page for each reader."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lab import pictures, serious_violations
from nbformat import v4 as new
from test_week import write
from year import make_year

import workbench as wb
from workbench.records import Decision
from workbench.redact import share
from workbench.report.audiences import AUDIENCES
from workbench.report.export import run_notebook
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.marks import read_page
from workbench.report.verify import verify_page
from workbench.report.view import render_section
from workbench.rituals import Moment
from workbench.rituals.limits import find_allowing
from workbench.rituals.pricing import PRICING_TAGS, find_pricing
from workbench.rituals.progress import find_progress
from workbench.rituals.strategy import find_strategy, offer_quarter
from workbench.starter import copy_sample
from workbench.study import read_study
from workbench.themes import find_themes

ROOT = Path(__file__).parent.parent
CALL = "---\ncustomer: {0}\nsegment: {1}\ndate: {2}\nconsent: {3}\n---\n{4}\n"
SAID = {
    "acme": ("field", "2026-10-06", "quote", "- ! The import drops rows of the list\n- ~ Types the lost rows of the list in again"),
    "bolt": ("field", "2026-11-10", "quote", "- ! The import drops half the list\n- ? Wants the list back as it was"),
    "core": ("services", "2026-11-17", "aggregate", '- ? Wants the import to say which row\n- "I would pay £40 a month for that" #pricing'),
    "dorn": ("enterprise", "2026-11-18", "quote", "- ! The import drops rows #price"),
}  # fmt: skip
REGISTRY = "excluded_segments:\n  enterprise: not this quarter\ncustomers: {}\n"
QUARTER = """quarter: 2026-Q4
outcome: New teams send a first invoice within a week
metric: "Activation: share of new teams that send an invoice"
baseline: 30 %
direction: up
size: 5
unit: points
bets: [Lists, B-a10002]
segments:
  - field: more than 250 people
watched: ["Import tickets: a week"]
"""


@pytest.fixture
def work(make_workspace):
    """Three customers who count and one who does not; each test writes the records that it is about."""
    calls = {f"{day}-{name}.md": CALL.format(name.title(), segment, day, consent, notes) for name, (segment, day, consent, notes) in SAID.items()}  # fmt: skip
    return make_workspace(calls, REGISTRY)


def notes_of(root, customer):
    notes = read_study(root).notes
    return list(notes.loc[notes["customer"] == customer, "note"])


def bets(root):
    """Two bets of the quarter, each on hypotheses of its own."""
    acme, bolt = notes_of(root, "Acme"), notes_of(root, "Bolt")
    write(root, "hypotheses/H-a10001-x.md", f"status: ready\nevidence: [{acme[0]}, {acme[1]}, {bolt[0]}]\n")
    write(root, "hypotheses/H-a10002-x.md", f"status: refuted\nclosed: 2026-11-13\nlearned: they look first\nevidence: [{bolt[1]}]\n")  # fmt: skip
    write(root, "bets/B-a10001-x.md", "title: Lists\nstatus: active\ntier: 1\noutcome: Lists are in\nstarted: 2026-10-05\nhypotheses: [H-a10001, H-a10002]\n")  # fmt: skip
    write(root, "bets/B-a10002-x.md", "title: Steps\nstatus: planned\noutcome: Fewer give up\n")


def strategy(root):
    study = read_study(root)
    return find_strategy(study, find_themes(study.notes))


def progress(root, today="2026-11-20", week="2026-W47"):
    return find_progress(read_study(root), Moment(week, today))


def offers(root, field, today="2026-11-20"):
    study = read_study(root)
    found = offer_quarter(study, find_themes(study.notes), study.hypotheses, Moment("2026-W47", today))
    return [(one.text, one.why) for one in found if one.field == field]


# What it is for


def test_the_outcome_has_one_metric_from_where_to_where(work):
    write(work, "quarter.md", QUARTER)
    goal = strategy(work).goal
    assert (goal.metric, goal.counted, goal.family, goal.leading) == ("Activation", "share of new teams that send an invoice", "activation", True)  # fmt: skip
    assert (goal.label, goal.start, goal.end, goal.several) == ("+5 points", "30 %", "35 %", ())
    write(work, "quarter.md", QUARTER.replace("unit: points", "unit: relative %"))
    assert (strategy(work).goal.label, strategy(work).goal.end) == ("+5 % relative", "31.5 %")
    write(work, "quarter.md", QUARTER.replace("unit: points\n", "").replace("Activation:", "Activation and churn:"))
    goal = strategy(work).goal
    assert (goal.start, goal.end, goal.several) == ("30 %", "", ("Activation", "churn")), "an open unit is not guessed"


def test_a_bet_rests_on_the_distinct_customers_of_its_hypotheses(work):
    bets(work)
    write(work, "quarter.md", QUARTER)
    lists, steps = strategy(work).bets
    assert (lists.bet.id, lists.support.n, lists.support.of) == ("B-a10001", 2, 3), "a refuted hypothesis is no reason"
    assert [one.id for one in lists.hypotheses] == ["H-a10001", "H-a10002"]
    assert lists.themes
    assert (steps.bet.id, steps.support.n, steps.themes) == ("B-a10002", 0, ())


def test_a_fourth_bet_stands_by_a_decision_that_says_so(work):
    bets(work)
    write(work, "quarter.md", QUARTER.replace("[Lists, B-a10002]", "[One, Two, Three, Lists]"))
    assert [(one.beyond, one.allowed_by) for one in strategy(work).bets][-2:] == [(False, ""), (True, "")]
    write(work, "decisions/D-a10001-x.md", "title: A fourth bet?\nstatus: decided\nbet: B-a10001\nchosen: Yes, until March\n")  # fmt: skip
    assert strategy(work).bets[-1].allowed_by == "D-a10001"


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "proposed"},
        {"status": "superseded"},
        {"title": "Lists first?"},
        {"bet": "B-a10002"},
    ],
)
def test_no_other_decision_allows_it(changed):
    one = Decision("D-a10001", title="A fourth bet?", status="decided", bet="B-a10001", chosen="Yes")
    assert find_allowing([one], "B-a10001") is one
    assert find_allowing([replace(one, **changed)], "B-a10001") is None


def test_what_is_tied_to_no_outcome_is_said(work):
    bets(work)
    write(work, "quarter.md", QUARTER)
    write(work, "bets/B-a10003-x.md", "title: Colours\nstatus: active\n")
    write(work, "bets/B-a10004-x.md", "title: Fonts\nstatus: planned\noutcome: Nicer\n")
    write(work, "bets/B-a10005-x.md", "title: Sounds\nstatus: dropped\n")
    found = strategy(work)
    assert [(one.bet.id, one.why) for one in found.orphans] == [("B-a10003", "outcome"), ("B-a10004", "quarter")]
    assert found.tiers == {"1": 1, "2": 0, "3": 0, "": 3}


def test_who_does_not_count_is_told_apart_and_stays_visible(work):
    assert strategy(work).excluded == (("Dorn", "enterprise", "segment enterprise: not this quarter", 1),)
    report = wb.open_week(work, "2026-W47", today="2026-11-20")
    html = report.quarter._repr_mimebundle_()["text/html"]
    assert "Dorn" in html
    assert "Called and not counted" in html


def test_a_call_without_a_note_is_in_neither_number_of_those_who_do_not_count(work):
    head = "---\ncustomer: Dorn\ndate: 2026-11-18\nsegment: enterprise\n---\n"
    (work / "interviews" / "2026-11-19-dorn.md").write_text(head, "utf-8")
    data = wb.open_week(work, "2026-W47", today="2026-11-20").quarter.payload["data"]
    assert data["counts"]["excluded_calls"]["n"] == sum(one["n_calls"] for one in data["excluded"]) == 1


def test_struggles_and_wishes_are_counted_by_customer(work):
    found = strategy(work)
    assert sum(one.n for one in found.jobs) == 2
    assert sum(one.n for one in found.value) == 2
    assert not {note for one in found.jobs for note in one.notes} & {note for one in found.value for note in one.notes}


def test_every_metric_stands_once_in_its_family(work):
    write(work, "quarter.md", QUARTER)
    write(work, "bets/B-a10001-x.md", 'title: Lists\nstatus: active\nmetric: "activation"\n')
    write(work, "weeks/2026-W46.md", 'metrics: ["Refunds: 3", "Import tickets: 12"]\n')
    families = {one.family: one for one in strategy(work).families}
    assert list(families)[:5] == ["acquisition", "activation", "engagement and retention", "monetization", "quality and reliability"]  # fmt: skip
    ours = [(own.metric, own.role) for one in families.values() for own in one.ours]
    assert sorted(ours) == [("Activation", "primary"), ("Import tickets", "watched"), ("Refunds", "week")]
    assert "Activation" not in [name for name, _ in families["activation"].examples]
    assert all(one.examples for name, one in families.items() if name)


def test_the_family_that_the_pm_chose_holds_where_words_would_say_another(work):
    write(work, "quarter.md", QUARTER)
    metric = 'metric: "Lists refused: share of lists"\n'
    write(work, "hypotheses/H-a10001-x.md", metric)
    families = lambda: {own.metric: (one.family, own.leading) for one in strategy(work).families for own in one.ours}  # noqa: E731
    assert families()["Lists refused"] == ("quality and reliability", True)
    write(work, "hypotheses/H-a10001-x.md", f"{metric}family: activation\n")
    assert families()["Lists refused"] == ("activation", None)


# The monthly review


def test_a_review_begins_where_that_of_an_earlier_month_ended(work):
    write(work, "quarter.md", "quarter: 2026-Q4\n")
    assert progress(work).since == "2026-10-01"
    write(work, "quarter.md", 'quarter: 2026-Q4\nprogress: ["2026-10-20: one", "2026-11-20: two"]\nlearned: ["2026-10-27: three", none, four]\n')  # fmt: skip
    found = progress(work)
    assert found.since == "2026-10-27"
    assert [(one.month, [e.text for e in one.progress], [e.text for e in one.learned]) for one in found.months] == [
        ("2026-11", ["two"], []), ("2026-10", ["one"], ["three"]), ("", [], ["four"]),
    ]  # fmt: skip
    assert progress(work, "2026-12-01", "2026-W49").since == "2026-11-20"


def test_what_happened_since_comes_from_readouts_results_and_decisions(work):
    bets(work)
    write(work, "quarter.md", QUARTER + 'progress: ["2026-10-27: one"]\n')
    write(work, "weeks/2026-W43.md", "shipped: [Too early]\n")
    write(work, "weeks/2026-W46.md", "shipped: [Rows are shown]\nlearned: [none]\nchanged: [Order of work]\n")
    write(work, "weeks/2026-W48.md", "shipped: [Too late]\n")
    for i, (status, day) in enumerate((("decided", "2026-11-13"), ("proposed", "2026-11-13"), ("decided", "2026-10-20"))):  # fmt: skip
        write(work, f"decisions/D-a1000{i}-x.md", f"title: Wait?\nstatus: {status}\ndate: {day}\nchosen: Wait\n")
    write(work, "bets/B-a10003-x.md", "title: Old\nstatus: done\nfinished: 2026-10-02\n")
    write(work, "bets/B-a10004-x.md", "title: Just now\nstatus: dropped\nfinished: 2026-11-02\n")
    found = progress(work)
    assert [one.bet.title for one in found.bets] == ["Lists", "Steps", "Just now"]
    assert [one.text for one in found.shipped] == ["Rows are shown"]
    assert (found.learned, [one.text for one in found.changed]) == ((), ["Order of work"])
    assert [one.id for one in found.closed] == ["H-a10002"]
    assert [one.id for one in found.decided] == ["D-a10000"]
    assert [(bet.title, what) for bet, what, _ in found.moved] == [("Just now", "finished")]
    write(work, "quarter.md", QUARTER)
    assert ("B-a10001", "started") in [(bet.id, what) for bet, what, _ in progress(work).moved]


# What could be written


def test_an_empty_quarter_is_offered_words_of_customers_and_what_is_counted(work):
    assert offers(work, "quarter") == [("2026-Q4", "this one")]
    assert offers(work, "deadline") == [("2026-12-31", "its last day")]
    assert offers(work, "segments") == [
        ("field", "2 of 3 customers who were called"),
        ("services", "1 of 3 customers who were called"),
    ]
    assert [offers(work, name) for name in ("outcome", "size", "baseline", "positioning")] == [[], [], [], []]


def test_what_stands_there_is_not_offered(work):
    bets(work)
    write(work, "weeks/2026-W46.md", 'learned: ["They look first (H-a10002)"]\nmetrics: ["Import tickets: 3", "Refunds: 4", none]\n')  # fmt: skip
    write(work, "quarter.md", "quarter: 2026-Q4\n")
    assert [text for text, _ in offers(work, "bets")] == ["B-a10001", "B-a10002"]
    assert [text for text, _ in offers(work, "watched")] == ["Import tickets", "Refunds"]
    assert offers(work, "learned") == [
        ("2026-11-20: they look first (H-a10002)", "H-a10002 was refuted on 2026-11-13"),
        ("2026-11-20: They look first (H-a10002)", "learned in 2026-W46"),
    ]
    assert offers(work, "progress")[0][0] == "2026-11-20: Lists is active; H-a10001 is ready, H-a10002 is refuted"
    write(work, "quarter.md", QUARTER + 'learned: ["2026-10-27: they look first (H-a10002)"]\nreview: 2026-12-15\n')
    assert [offers(work, name) for name in ("bets", "segments", "learned", "quarter", "review")] == [
        [], [("services", "1 of 3 customers who were called")], [], [], [],
    ]  # fmt: skip
    assert [text for text, _ in offers(work, "watched")] == ["Refunds"]
    assert offers(work, "review", today="2026-12-15") == [("2027-01-12", "a suggestion: four weeks from today")]


# The price


def test_what_is_tagged_is_told_apart_from_words_that_hint(work):
    (work / "interviews" / "2026-11-19-acme.md").write_text(
        CALL.format(
            "Acme",
            "field",
            "2026-11-19",
            "quote",
            "- It is too expensive for the winter\n- = Offer them £20 a month #pricing",
        ),
        "utf-8",
    )
    found = find_pricing(find_themes(read_study(work).notes))
    assert [(one.customer, one.amounts) for one in found.tagged] == [("Core", ("£40 a month",))]
    assert [(one.customer, one.amounts) for one in found.hinted] == [("Acme", ())]


@pytest.mark.parametrize("tag", [*sorted(PRICING_TAGS), "Pricing"])
def test_each_tag_of_price_is_one(make_workspace, tag):
    root = make_workspace({"2026-11-17-acme.md": CALL.format("Acme", "field", "2026-11-17", "quote", f"- One line for all #{tag}")})  # fmt: skip
    assert len(find_pricing(find_themes(read_study(root).notes)).tagged) == 1


def test_what_leaves_of_the_price_is_within_consent(work):
    (work / "interviews" / "2026-11-18-bolt.md").write_text(
        CALL.format("Bolt", "field", "2026-11-18", "quote", "- We would pay £15 a month for that #price"), "utf-8"
    )
    local, page = shown(work, ["pricing"], "")
    assert "£40 a month" in local
    assert "£15 a month" in page
    assert not [word for word in ("£40", "Bolt", "Core") if word in page]
    assert "counted, not quoted" in page


# The page


SECTIONS = ("quarter", "progress", "calibration", "bets", "pricing", "capacity", "who_we_talked_to", "limits")


def notebook_of(root, sections):
    report = wb.open_week(root, "2026-W47", today="2026-11-18")
    outputs = [new.new_output("execute_result", getattr(report, name)._repr_mimebundle_()) for name in sections]
    return new.new_notebook(
        cells=[new.new_markdown_cell("# The quarter"), *(new.new_code_cell("", outputs=[one]) for one in outputs)]
    )


def export(notebook, audience):
    return DiscoveryExporter(audience=audience).from_notebook_node(notebook, {"metadata": {"name": "quarter"}})[0]


def shown(root, sections, audience):
    """What the notebook shows, and what leaves."""
    made = notebook_of(root, sections)
    return "".join(cell.outputs[0].data["text/html"] for cell in made.cells[1:]), export(made, audience)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    return make_year(tmp_path_factory.mktemp("year"))


@pytest.fixture(scope="module")
def pages(year):
    made = notebook_of(year, SECTIONS)
    return {audience: export(made, audience) for audience in ("", *AUDIENCES)}


def test_every_reader_gets_the_quarter_with_the_same_numbers_and_it_holds(pages, year):
    study = read_study(year)
    whole = read_manifest(read_page(pages[""]))
    for audience, html in pages.items():
        page = read_page(html)
        assert "bets/tier-2" in {mark.id for mark in page.marks}, audience
        assert read_manifest(page).claims.items() <= whole.claims.items()
        assert verify_page(page, study).ok, audience


@pytest.mark.parametrize("reader", AUDIENCES)
def test_where_a_line_of_a_review_says_that_it_is_from_can_be_gone_to(tmp_path, reader):
    """Its notes are named, not quoted, so that a page for one reader has them at its end for these links alone."""
    copy_sample(tmp_path / "sample")
    page = export(notebook_of(tmp_path / "sample", SECTIONS), reader)
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links
    assert links <= set(re.findall(r' id="([^"]+)"', page))


def test_no_name_is_in_a_page(pages, year):
    names = set(read_study(year).customers["customer"])
    for audience, html in pages.items():
        assert not [name for name in names if name in html], audience


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_page_in_a_browser(pages, browser, tmp_path, width, scheme):
    file = tmp_path / "quarter.html"
    file.write_text(pages[""], "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    page.screenshot(path=pictures() / f"quarter-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious_violations(page, "html") == []
    page.close()


def test_the_notebook_runs_in_an_empty_workspace_and_says_what_to_do(make_workspace):
    ran = run_notebook(ROOT / "notebooks" / "quarter.ipynb", make_workspace({}), today="2026-11-18")
    shown = "".join(str(output) for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "No quarter is written down yet. Begin with the outcome in the form above" in shown
    assert "No bet is written down yet; name one to three" in shown
    assert "Write <code>#pricing</code> behind a note in a call" in shown


def test_nothing_hostile_is_alive_and_nothing_fails(hostile_study):
    report, live = wb.open_week(hostile_study, "2026-W47", today="2026-11-26"), []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag in ("script", "iframe", "img", "form", "object", "link", "base") or any(
                name.startswith("on") for name, _ in attrs
            ):
                live.append((tag, attrs))

    ids = [one.id for one in report._parts[0].hypotheses[:24]]
    assert len(ids) > 20
    for section in (report.quarter, report.progress, report.pricing, *(report.slice(id_) for id_ in ids)):
        Tags().feed(render_section(share(section.payload), shared=True))
        Tags().feed(section._repr_mimebundle_()["text/html"])
    assert live == []
