"""The registry of metrics: each is found by its own words, and a vanity metric is told from one that has its context."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.hypotheses import classify_metric, suggest_metrics
from workbench.hypotheses.metrics import FAMILIES, METRIC_KINDS, METRICS

VANITY = [
    "Page views", "pageviews a week", "Number of likes", "time on page", "Time spent on the site", "Sessions", "downloads",
    "App installs per month", "registered users", "total customers", "Impressions", "Twitter followers", "unique visitors",
    "log-ins", "newsletter subscribers", "session length", "All-time sign-ups", "visits by March", "features shipped",
    "Clicks: how often the button is pressed", "shares", "Downloads per day",
]  # fmt: skip
IN_CONTEXT = [
    "Page views per active team", "Share of visits that end in a sign-up", "Downloads: % of them used a week later",
    "Time on page, because long means lost", "likes per 100 readers", "Sessions per customer and week",
    "Visitors who sign up", "click-through rate", "Sessions: of all new teams, those with a second one",
    "followers, to see whether the launch was heard", "installs that pay within 14 days", "Log-ins by team",
]  # fmt: skip
PLAIN = [
    "Activation: share of new teams that send a first invoice within 7 days of sign-up", "Retention in week 4", "churn",
    "Monthly revenue", "Import errors", "Days from sending an invoice to its payment", "NPS", "Latency of the list", "overview shown",
]  # fmt: skip


@pytest.mark.parametrize("text", VANITY)
def test_a_vanity_metric_alone_is_flagged_with_its_words_and_something_better(text):
    reading = classify_metric(text)
    assert reading.vanity
    quoted = re.match("“(.+?)” can rise while nobody is better off", reading.why)[1]
    assert quoted in text
    assert "or take " in reading.why


@pytest.mark.parametrize("text", [*IN_CONTEXT, *PLAIN])
def test_one_with_a_denominator_or_what_for_is_not(text):
    assert not classify_metric(text).vanity


def test_a_period_is_no_denominator():
    for period in ("day", "week", "month", "quarter", "year"):
        assert classify_metric(f"page views per {period}").vanity
        assert not classify_metric(f"page views per team and {period}").vanity


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_each_metric_is_recognised_as_it_would_be_written_down(metric):
    reading = classify_metric(str(metric))
    assert (reading.family, reading.kind, reading.leading, reading.vanity) == (
        metric.family,
        metric.kind,
        metric.leading,
        False,
    )


def test_the_registry_has_all_families_with_leading_and_lagging_and_every_kind():
    assert {metric.family for metric in METRICS} == set(FAMILIES)
    assert {metric.kind for metric in METRICS} <= set(METRIC_KINDS)
    assert {metric.leading for metric in METRICS} == {True, False}
    assert all(a.name != b.name for a, b in combinations(METRICS, 2))


@pytest.mark.parametrize(
    ("text", "family", "kind"),
    [
        ("Activation: share of new teams that send a first invoice", "activation", "share"),
        ("time to first report", "activation", "duration"),
        ("monthly churn", "engagement and retention", "share"),
        ("average revenue per account", "monetization", "mean"),
        ("tickets a week about imports", "quality and reliability", "count"),
        ("Import tickets", "quality and reliability", "mean"),
        ("CSV import tickets: tickets a week about files", "quality and reliability", "count"),
        ("Imports without a ticket: share of imports", "activation", "share"),
        ("Lists loaded by sales", "", ""),
        ("Monthly sales", "monetization", "mean"),
        ("number of errors", "quality and reliability", "count"),
        ("p95 response time", "quality and reliability", "duration"),
        ("trial-to-paid conversion", "monetization", "share"),
        ("sign-up rate", "acquisition", "share"),
        ("colour of the button", "", ""),
        ("Days from sign-up until tax number and bank details are in", "activation", "duration"),
        ("Invoices recalled within an hour", "quality and reliability", "share"),
        ("Range of brokers per registry entry", "", ""),
        ("Rights copied from one colleague to the next", "", ""),
    ],
)  # fmt: skip
def test_family_and_kind_are_told_by_words_and_stay_empty_without(text, family, kind):
    assert classify_metric(text)[:2] == (family, kind)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_what_is_called_by_its_name_is_no_guess(metric):
    assert classify_metric(str(metric)).guess == ""


def test_a_family_that_is_read_from_words_alone_is_a_guess_with_those_words():
    for text, word in (
        ("Share of lists with an error", "error"),
        ("Import tickets", "tickets"),
        ("colour of the button", ""),
    ):
        assert classify_metric(text).guess == word
    assert classify_metric("Imports without a ticket: share of imports").why == (
        "By “Imports” it may be like “Import completed”, which moves within days of a change."
    )


@pytest.mark.parametrize(
    "said",
    ["The export wants the columns that the accountant has", "New colleagues see all salaries", "The job form forgets photos",
     "It depends on the range, does it support that?", "Asked the team lead, which leads to more work", "He leaves at five",
     "Switch to the map and back", "A good deal of typing is left", "Sent it within an hour"],
)  # fmt: skip
def test_words_that_only_look_like_a_metric_suggest_none(said):
    assert suggest_metrics(said) == []


def test_metrics_are_suggested_by_what_customers_said():
    said = "Nine days I waited on one VAT number. Waiting for Wilf. Second page wants the VAT number"
    assert suggest_metrics(said)[0].name == "Time to first value"
    assert [metric.name for metric in suggest_metrics("It just goes red, row 14, error, and the import failed")][
        :2
    ] == [
        "Errors",
        "Import completed",
    ]
    assert suggest_metrics("the colour of the sky") == []
    assert suggest_metrics("errors in the import", 1) != []
    assert suggest_metrics("errors in the import", 0) == []


def test_the_same_word_said_often_counts_once():
    """Else the metric of the loudest customer would come first."""
    once = suggest_metrics("import, columns; an error")
    assert suggest_metrics("import, columns; an error, error, error, error") == once


@given(st.lists(st.sampled_from([*VANITY, *PLAIN, *IN_CONTEXT]), max_size=6), st.integers(0, 30))
def test_suggestions_do_not_hang_on_the_order_of_what_was_said(texts, n):
    assert suggest_metrics(". ".join(texts), n) == suggest_metrics(". ".join(reversed(texts)), n)


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    reading = classify_metric(text)
    assert reading.why
    assert reading.family in ("", *FAMILIES)


def test_the_registry_in_the_docs_is_the_registry():
    formats = (Path(__file__).parent.parent / "docs" / "formats.md").read_text("utf-8")
    for family in FAMILIES:
        listed = re.search(rf"^\| {family} \| (.+) \|$", formats, re.MULTILINE)[1]
        assert listed.split(", ") == [
            metric.name if metric.leading else f"*{metric.name}*" for metric in METRICS if metric.family == family
        ]
