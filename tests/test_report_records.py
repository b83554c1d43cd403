"""What the report says of records and of the calls' course: each number counted again, what is open marked, nothing leaked."""

import re
import shutil
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest
from conftest import ROOT

from workbench.errors import InputError
from workbench.evidence import count_firm
from workbench.hypotheses import draft_hypotheses
from workbench.record_files import update_record
from workbench.report.claims import SECTIONS, find_hand_written, make_payload
from workbench.report.record_cards import find_tests
from workbench.report.view import render_section
from workbench.study import read_study
from workbench.themes import find_themes


@pytest.fixture(scope="module")
def study():
    return read_study(ROOT)


@pytest.fixture(scope="module")
def themes(study):
    return count_firm(find_themes(study.notes, study.ledger))  # as wb.Report counts them


@pytest.fixture(scope="module")
def data(study, themes):
    drafts = draft_hypotheses(themes, study.quarter, records=study.hypotheses)  # two, as on another day
    return {name: make_payload(name, study, themes, [*study.hypotheses, *drafts])["data"] for name in SECTIONS}


def plain(html):
    text = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(style|template).*?</\1>", "", html, flags=re.S)))
    return re.sub(r" (?=[,.;:)])", "", " ".join(text.split()))


def card(page, id):
    return plain(re.search(rf'<article[^>]* id="{id}".*?</article>', page, re.S)[0])


# ---------------------------------------------------------------- hypotheses


def test_a_card_says_all_that_makes_a_test(sample_page):
    said = card(sample_page, "H-3fa9c1")
    for words in ("Ready to test", "If we match the columns", "48 % to 58 %", "+10 points by 26 February 2027", "390 customers with the change, and as many without; about 6 weeks",
                  "Import tickets: at most 14 a week (now 11)", "Thinnest slice CSV files only", "Ship if the estimate is +10 points",
                  "55 % on 17 Nov, 70 % on 19 Nov", "Owner: Ines Calloway", "Bet: Customer lists get in faster"):  # fmt: skip
        assert words in said, words
    assert "Not yet written" not in said and "open" not in said


def test_what_is_open_is_marked_and_nothing_fills_it(sample_page):
    said = card(sample_page, "H-6d0e99")
    assert "Draft, 4 open" in said
    for ask in ("which segment?", "how much?", "points, or relative %?", "which day?"):
        assert ask in said
    assert "Not yet written: a baseline, guardrails, the thinnest slice, the decision rule." in said
    assert "and as many without" not in said


def test_a_closed_card_has_its_result_and_what_was_learned(sample_page):
    said = card(sample_page, "H-5c11aa")
    assert "Refuted" in said and "Closed 13 November 2026" in said
    assert "Result 37.2 %, 71 of 191; 38.3 % without, 74 of 193" in said
    assert "We believed that people are held up" in said
    assert "Therefore drop the layouts" in said
    assert "Decision: D-77aa01" in said


def test_a_card_says_that_what_the_result_is_read_by_was_changed_after_the_start(sample_study, themes, tmp_path):
    root = shutil.copytree(sample_study, tmp_path / "work")
    said = "Changed after the start: what the result is read by is not what was agreed."

    def drawn():
        study = read_study(root)
        return card(
            render_section(make_payload("hypotheses", study, themes, study.hypotheses), shared=True), "H-4b20d7"
        )

    assert "Running" in drawn() and said not in drawn()
    update_record(root, "H-4b20d7", deadline="2027-12-31")
    assert said in drawn()


def test_what_is_under_way_comes_first(data):
    states = [(h["status"], h["is_record"]) for h in data["hypotheses"]["hypotheses"]]
    assert states == [
        ("running", True),
        ("ready", True),
        ("refuted", True),
        ("draft", True),
        ("draft", True),
        ("draft", False),
        ("draft", False),
    ]


def test_each_theme_says_which_hypothesis_tests_it(data, sample_page):
    tests = {t["tid"]: [(one["hypothesis"], one["status"]) for one in t["tests"]] for t in data["themes"]["themes"]}
    assert tests["T2"] == [("H-4b20d7", "running"), ("draft-1", "draft")]
    assert (tests["T3"], tests["T9"]) == ([("H-3fa9c1", "ready")], [])
    assert "To be tested by H-3fa9c1" in card(sample_page, "T3")
    assert "Refuted by H-5c11aa" in card(sample_page, "T6")
    assert "Not acted on" in card(sample_page, "T9")


def test_without_any_one_customer_is_one_fewer_of_one_fewer(data):
    for h in data["hypotheses"]["hypotheses"]:
        assert (h["left"]["n"], h["left"]["of"]) == (h["n"] - 1, h["of"] - 1)


# ---------------------------------------------------------------- how sure a theme is


def test_a_theme_that_hangs_on_one_customer_says_so_without_the_name(data, study, themes, sample_page):
    fragile = {t["tid"]: t["fragile"] for t in data["themes"]["themes"]}
    assert fragile["T1"]["in"] == []
    assert (fragile["T9"]["in"], fragile["T9"]["becomes"]) == (["strength"], "single")
    assert "Hangs on one customer: without any one of 2, it would be single." in card(sample_page, "T9")
    assert "Its place hangs on one customer: without any one of 2, another theme comes before it." in card(
        sample_page, "T7"
    )
    local = render_section(make_payload("themes", study, themes, []), shared=False)
    assert "without any one of 2 (Halden & Pike, Marl Lane), it would be single." in plain(local)
    assert "Loudest: " in plain(local) and "Loudest" not in plain(sample_page)


# ---------------------------------------------------------------- week by week


def test_each_weeks_customers_are_counted_again(data, study, themes):
    found = data["week_by_week"]
    assert [week["week"] for week in found["weeks"]] == [f"2026-W{n}" for n in range(43, 48)]
    notes = themes.notes.assign(week=[f"{d.isocalendar()[0]}-W{d.isocalendar()[1]:02d}" for d in themes.notes["date"]])
    for theme in found["themes"]:
        for week, cell in zip(found["weeks"], theme["weeks"], strict=True):
            here = notes[(notes["theme"] == theme["theme"]) & (notes["week"] == week["week"])]
            assert cell["n"] == cell["count"]["n"] == here["customer"].astype(str).nunique()
            assert len(cell["count"]["refs"]) == len(here)
            assert cell["n"] <= week["n"]


def test_a_long_study_shows_its_latest_weeks_and_says_so(make_workspace):
    days = pd.date_range("2026-01-06", periods=20, freq="7D")
    calls = {
        f"{d:%Y-%m-%d}-c{i}.md": f"---\ncustomer: C{i}\ndate: {d:%Y-%m-%d}\nconsent: quote\n---\n- ! the import drops rows {i}\n"
        for i, d in enumerate(days)
    }
    study = read_study(make_workspace(calls))
    payload = make_payload("week_by_week", study, find_themes(study.notes, n_themes=1), [])
    assert len(payload["data"]["weeks"]) == 12
    assert payload["data"]["weeks"][-1]["week"] == "2026-W21"
    assert "8 earlier ones are not shown" in plain(render_section(payload, shared=False))


def test_calls_without_a_day_are_in_no_week_and_are_counted(make_workspace):
    calls = {f"c{i}.md": f"---\ncustomer: C{i}\nconsent: quote\n---\n- ! the import drops rows {i}\n" for i in range(3)}
    calls["d.md"] = "---\ncustomer: D\ndate: 2026-11-17\nconsent: quote\n---\n- ! the import drops rows\n"
    study = read_study(make_workspace(calls))
    payload = make_payload("week_by_week", study, find_themes(study.notes, n_themes=1), [])
    assert (len(payload["data"]["weeks"]), payload["data"]["n_undated"]) == (1, 3)
    assert "3 calls have no date and are in no week" in plain(render_section(payload, shared=True))


# ---------------------------------------------------------------- did we hear enough


def test_the_curve_counts_topics_call_by_call(data, themes, sample_page):
    found = data["heard_enough"]
    assert found["codes"] == "tags"
    heard = set()
    by_call = themes.notes.assign(call=themes.notes["call"].astype(str)).groupby("call")["tags"].agg(list)
    for point, (_, tags) in zip(found["curve"], sorted(by_call.items()), strict=True):
        before = len(heard)
        heard |= {tag for of in tags for tag in of}
        assert (point["new"], point["heard"]) == (len(heard) - before, len(heard))
    assert found["n_codes"] == len(heard)
    assert not any("interviews" in str(value) or ".md" in str(value) for value in found["curve"])
    assert "not that anything on it is understood" in plain(sample_page)


def test_the_questions_of_a_survey_are_no_topics(make_workspace):
    calls = {f"2026-11-{i + 1:02d}-c.md": f"---\ncustomer: C{i}\ndate: 2026-11-{i + 1:02d}\n---\n- the import drops rows {i} #what-annoys-you\n" for i in range(9)}  # fmt: skip
    study = read_study(make_workspace(calls))
    assert make_payload("heard_enough", study, find_themes(study.notes), [])["data"]["codes"] == "themes"
    calls = {name: f"{text}- and is slow #speed-{i % 3}\n" for i, (name, text) in enumerate(calls.items())}
    study = read_study(make_workspace(calls, name="tagged"))
    assert make_payload("heard_enough", study, find_themes(study.notes), [])["data"]["codes"] == "tags"


def test_from_every_segment_is_said_only_where_it_is_so(make_workspace):
    def everywhere(*segments):
        calls = {f"2026-11-0{i + 1}-c.md": f"---\ncustomer: C{i}\nsegment: {segment}\ndate: 2026-11-0{i + 1}\n---\n- the import drops rows\n" for i, segment in enumerate(segments)}  # fmt: skip
        study = read_study(make_workspace(calls, name=f"of-{len(list(root.iterdir()))}"))
        themes = find_themes(study.notes, n_themes=1)
        return [theme["everywhere"] for theme in make_payload("learned", study, themes, [])["data"]["themes"]]

    root = make_workspace({"2026-11-01-a.md": ""}).parent
    assert everywhere("data", "data", "retail", '""') == [True]
    assert everywhere("data", "data", '""', '""') == [False]


@pytest.mark.parametrize(
    ("n_calls", "words"),
    [(0, "Too early to say: no theme has come up yet."), (3, "Too early to say. After 3 calls nobody can tell")],
)
def test_too_few_calls_are_too_few(make_workspace, n_calls, words):
    calls = {f"2026-11-{i + 1:02d}-c.md": f"---\ncustomer: C{i}\ndate: 2026-11-{i + 1:02d}\n---\n- ! the import drops rows {i}\n" for i in range(n_calls)}  # fmt: skip
    study = read_study(make_workspace(calls))
    payload = make_payload("heard_enough", study, find_themes(study.notes), [])
    assert words in plain(render_section(payload, shared=False))


def test_who_is_next_is_named_here_and_only_counted_outside(make_workspace, run_sections, export):
    calls = {f"2026-11-{i + 1:02d}-c.md": f"---\ncustomer: Customer{i}\nsegment: field\ndate: 2026-11-{i + 1:02d}\nconsent: quote\n---\n- ! the import drops rows {i}\n" for i in range(3)}  # fmt: skip
    root = make_workspace(calls, "customers:\n  Neverville:\n    segment: field\n")
    study = read_study(root)
    local = plain(render_section(make_payload("heard_enough", study, find_themes(study.notes), []), shared=False))
    assert "1 with no note yet (Neverville)" in local
    page, _ = export(run_sections(root))
    assert "1 with no note yet." in plain(page)
    assert "Neverville" not in page


# ---------------------------------------------------------------- decisions, bets, who not


def test_decisions_are_needed_or_made_and_rest_on_counts(data, sample_page):
    found = data["decisions"]
    assert [d["id"] for d in found["needed"]] == ["D-88bb12"]
    assert [d["id"] for d in found["made"]] == ["D-99cc23", "D-77aa01", "D-55ee67", "D-5e0f31", "D-66dd34"]
    assert len(found["asked"]) == 1
    said = card(sample_page, "D-77aa01")
    assert "Chosen: Drop the layouts" in said
    assert "Then behind it 4 of 11 customers" in said and "Behind it now 4 of 12 customers" in said
    assert "Look again 15 January 2027" in said
    assert "Rests on H-5c11aa, refuted" in said
    assert 'href="#decisions"' in sample_page and "2 decisions needed" in plain(sample_page)


def test_bets_stand_under_their_titles_and_those_without_a_record_are_named(data, study, themes, sample_page):
    found = data["bets"]
    assert [bet["id"] for bet in found["bets"]] == ["B-81c0e2", "B-92d1f3", "B-a3c5e8", "B-10a2b4"]
    assert found["named"] == []
    early = replace(study, quarter=replace(study.quarter, bets=("B-81c0e2", "Portals are filled in")))
    named = make_payload("bets", early, themes, [])["data"]
    assert named["named"] == ["Portals are filled in"] and "named" in {key for key, _ in find_hand_written(named)}
    assert found["wont_do"] == ["Anything only large firms ask for, single sign-on first", "A custom report builder"]
    assert "Bets Customer lists get in faster; Onboarding" in plain(sample_page)


def test_each_segment_says_whom_it_leaves_out(data):
    segments = {s["segment"]: s for s in data["who_we_talked_to"]["segments"]}
    assert {name: s["n"] for name, s in segments.items()} == {"field": 4, "services": 4, "wholesale": 4}
    assert segments["field"]["leaves_out"] == "firms where nobody has tried to send an invoice yet"


# ---------------------------------------------------------------- what leaves


FIELDS = {
    "hypotheses/H-aaaaaa-x.md": (
        "change",
        "slice",
        "decision_rule",
        "owner",
        "result",
        "observed",
        "therefore",
        "baseline",
        "deadline",
    ),
    "decisions/D-aaaaaa-x.md": ("title", "why", "owner", "chosen"),
    "bets/B-aaaaaa-x.md": ("title", "outcome", "metric", "owner", "segment", "result"),
}
LISTS = {
    "hypotheses/H-aaaaaa-x.md": ("guardrails",),
    "decisions/D-aaaaaa-x.md": ("options",),
    "bets/B-aaaaaa-x.md": ("needs",),
    "weeks/2026-W47.md": ("decisions_needed",),
    "quarter.md": ("segments", "wont_do", "bets"),
}
CASES = [(file, field, "{}") for file, fields in FIELDS.items() for field in fields] + [
    (file, field, "\n  - \"{}\"") for file, fields in LISTS.items() for field in fields
]  # fmt: skip
CALLS = {
    "2026-11-03-a.md": "---\ncustomer: Acme Ltd\nsegment: field\ndate: 2026-11-03\n---\n- ! we never looked at that page again after spring\n",
    "2026-11-10-b.md": "---\ncustomer: Bolt\nsegment: field\ndate: 2026-11-10\nconsent: quote\n---\n- ! the import drops rows\n",
}


def write_record(root, file, field, written):
    path = root / "discovery" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\nstatus: {'active' if 'bets' in file else 'proposed' if 'dec' in file else 'running'}\n{field}: {written}\n---\n",
        "utf-8",
    )


@pytest.mark.parametrize(("file", "field", "form"), CASES)
def test_withheld_words_in_any_field_of_a_record_stop_the_export(
    make_workspace, run_sections, export, file, field, form
):
    root = make_workspace(CALLS)
    write_record(root, file, field, form.format("They never looked at that page again after spring, they said"))
    with pytest.raises(InputError, match=r"interviews/2026-11-03-a\.md:6"):
        export(run_sections(root))


@pytest.mark.parametrize(("file", "field", "form"), CASES)
def test_listed_names_in_any_field_of_a_record_do_not_leave(make_workspace, run_sections, export, file, field, form):
    root = make_workspace(CALLS)
    write_record(root, file, field, form.format("Ask ACME Ltd, jo@acme.example"))
    page, _ = export(run_sections(root))
    assert "acme" not in page.casefold()
    assert re.search(r"Ask P-[0-9a-f]{4}|Ask \[", plain(page)), "the rest is shown"


def test_what_is_written_by_hand_is_found_in_every_section(data):
    found = {name: {key for key, _ in find_hand_written(part)} for name, part in data.items()}
    assert {"change", "because", "guardrail", "limit", "slice", "decision_rule", "learned", "result"} <= found[
        "hypotheses"
    ]
    assert {"question", "options", "chosen", "why", "owner", "asked"} <= found["decisions"]
    assert {"bet_title", "outcome", "metric", "need", "who", "wont_do"} <= found["bets"]
    assert not found["quotes"] - {"title"} and not found["learned"] - {"title", "segments"}


def test_a_theme_is_tested_by_each_hypothesis_that_half_of_its_notes_are_evidence_of(sample_study, sample_themes):
    """Two thirds of T1's notes are evidence of a hypothesis that most of the notes of another theme are evidence of."""
    themes = count_firm(sample_themes)
    tests = find_tests(themes, read_study(sample_study).hypotheses)
    of = {theme[:2]: [test["hypothesis"] for test in found] for theme, found in tests.items()}
    assert (of["T1"], of["T3"]) == (["H-3fa9c1"], ["H-3fa9c1"])
    assert "H-3fa9c1" not in [id_ for theme, found in of.items() if theme not in ("T1", "T3") for id_ in found]
