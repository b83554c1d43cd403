"""What others were told is read as it was meant: how many, who, whose words, and on which line each stands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.readouts import Names, find_counts, find_quotes, parse_readout
from workbench.readouts.json_lines import At, read_json
from workbench.readouts.passages import html_passages, markdown_passages


def numbers(text):
    return [(count.n, count.of) for count in find_counts(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Five participants had trouble with it.", [(5, None)]),
        ("Seven out of the ten people we met did", [(7, 10)]),
        ("7 of 12 customers, and 8/12 users", [(7, 12), (8, 12)]),
        ("11 of 14 preferred it", [(11, 14)]),
        ("The one participant who saw it", [(1, None)]),
        ("Both customers left", [(2, None)]),
        ("All 10 participants", [(10, None)]),
        ("Twenty-three people came, 1,300 users did not", [(23, None), (1300, None)]),
        ("Six experienced mid-market customers", [(6, None)]),
        ("3 sales people", [(3, None)]),
        ("Five of the six participants", [(5, 6)]),
        ("Of the 14 users surveyed, 11 preferred it, whereas only 2 did not", [(14, None), (11, 14)]),
        ("Of the 14 users surveyed, 11 sessions failed", [(14, None)]),
        ("Four participants; three of them twice", [(4, None), (3, None)]),
        # no number
        ("Some participants, many users, a couple of people, one of the customers", []),
        ("No participants did", []),
        # no people
        ("10 minutes per user", []),
        ("2 columns users wanted", []),
        ("Five components, 12 calls", []),
        ("10 user tasks and one user story", []),
        ("One customer's list", []),
        ("In 2021 participants said so", []),
        ("40% of 12 users", []),
        ("5/8 was the day", []),
        ("one of the one customers", []),
        ("participants 3", []),
    ],
)  # fmt: skip
def test_people_are_counted_in_words_and_digits_and_nothing_else_is(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Two participants clicked in the footer and one in the header", [(2, False), (1, True)]),
        ("Two customers said yes, three customers said no", [(2, False), (3, True)]),
        ("Three participants did, and two of them twice", [(3, False), (2, False)]),
        ("Four users waited while two others left", [(4, False), (2, True)]),
        ("Two participants used two filters and one map", [(2, False)]),
        ("Two participants did. And one in the header", [(2, False)]),
        ("and one in the header", []),
    ],
)
def test_parts_of_a_sentence_are_joined(text, joined):
    assert [(count.n, count.joined) for count in find_counts(text)] == joined


def test_a_number_that_is_not_meant_to_be_exact_says_so():
    bounds = [
        count.bound for count in find_counts("At least 3 users. About five people. ~7 of 12 customers. Over 9 users.")
    ]
    assert bounds == ["at least", "about", "about", "over"]


def test_names_are_found_under_every_spelling():
    names = Names(
        {"Acme": "Acme", "Acme Inc.": "Acme", "P3": "P3", "Jane Doe": "Bolt", "C++ Builders (UK)": "C++ Builders (UK)"}
    )
    assert names.find("ACME inc. and Jane Doe, with Participant 3") == ("Acme", "Bolt", "P3")
    assert names.find("C++ Builders (UK)") == ("C++ Builders (UK)",)
    assert names.find("Acmeville, P30x, xP3") == ()
    assert names.lists("(P1–P4, Acme & P9) then P5")[0].customers == ("P1", "P2", "P3", "P4", "Acme", "P9")
    assert names.canonical("participant 3") == names.canonical("Participant #3") == "P3"
    assert names.canonical("Nobody Known") == "Nobody Known"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("P9: “Is this new?”", [("Is this new?", "P9")]),
        ('P9 said, "Is this new?"', [("Is this new?", "P9")]),
        ('"So slow" — P3', [("So slow", "P3")]),
        ("«So slow» (P3)", [("So slow", "P3")]),
        ("„So slow“, said P3", [("So slow", "P3")]),
        ("‘I don’t get it’ [P3]", [("I don’t get it", "P3")]),
        ("P2: She is a “data geek” and loves to compare", [("data geek", "P2")]),
        ("“I redo all of it by hand” is what we heard", [("I redo all of it by hand", "")]),
        ("Click “Export” or “Save as”", []),  # labels
        ("P3’s “Export”. Click “Save”", []),
        ("“  ”", []),
        (
            "- “I am curious, and it is all so new (Participant 2)",
            [("I am curious, and it is all so new", "Participant 2")],
        ),
        ('P1: "a b"\nP2: "c d"', [("a b", "P1"), ("c d", "P2")]),
    ],
)
def test_quotations_are_found_with_whom_they_are_credited_to(text, found):
    assert [(quote.words, quote.by) for quote in find_quotes(text)] == found


def test_a_quotation_keeps_what_it_cites():
    for cited in ("C-3fa9c1:12", "2026-11-17-acme#0a1b2c3d", "interviews/2026-11-17-acme.md:7"):
        (quote,) = find_quotes(f"“I redo all of it by hand” ({cited})")
        assert (quote.words, quote.ref) == ("I redo all of it by hand", cited)


PAGE = """---
title: Week 47
preference: 88%
---
# What we heard

7 of 12 customers redo totals (P1, P2).

## Group by is not *understood*

Five participants had
trouble (P1, P2 and P6).
One had none.

> "I don't get
> what a group is"
>
> — P6

## Filters

Participants: P1, P9

- P9: “It resets” [C-3fa9c1:12]
- Three customers said so

| Task | Done | Quote |
|---|---|---|
| Export | 3 of 5 | “Where is it?” (P2) |
"""


def test_a_page_with_headings_is_read_as_findings():
    readout = parse_readout(PAGE, "discovery/readouts/week.md")
    first, group, filters = readout.findings
    assert (first.line, first.counts[0].customers, first.counts[0].of) == (5, ("P1", "P2"), 12)
    assert group.line == 9
    assert group.heading == ("What we heard", "Group by is not understood")
    assert [(count.n, count.line, count.customers) for count in group.counts] == [(5, 11, ("P1", "P2", "P6"))]
    assert [(quote.words, quote.by, quote.line) for quote in group.quotes] == [
        ("I don't get what a group is", "P6", 15)
    ]
    assert (filters.customers, filters.customers_line) == (("P1", "P9"), 22)
    assert [(count.n, count.line) for count in filters.headline] == [(3, 25)]
    assert [(quote.words, quote.by, quote.line, quote.ref) for quote in filters.quotes] == [
        ("It resets", "P9", 24, "C-3fa9c1:12"),
        ("Where is it?", "P2", 29, ""),
    ]
    assert filters.notes == ("C-3fa9c1:12",)
    assert ("field", "preference: 88%", 3) in [tuple(passage)[:3] for passage in readout.passages]
    assert readout.problems == ()


def test_the_same_page_as_html():
    html = """<!doctype html><html><head><title>x</title><style>p { color: red }</style></head>
<body><h1>What we heard</h1>
<h2>Filters</h2>
<p>Five <b>participants</b> had
trouble (P1, P2).</p>
<blockquote>It resets &amp; resets<br>— P9</blockquote>
<table><tr><th>Task</th><th>Done</th></tr>
<tr><td>Export</td><td>3 of 5</td></tr></table>
<script>alert("Five participants")</script></body></html>"""
    readout = parse_readout(html, "report.html")
    finding = readout.findings[-1]
    assert [(count.n, count.line, count.customers) for count in finding.counts] == [(5, 4, ("P1", "P2"))]
    assert [(quote.words, quote.by, quote.line) for quote in finding.quotes] == [("It resets & resets", "P9", 6)]
    assert ("row", "Export | 3 of 5", 8) in [tuple(passage)[:3] for passage in readout.passages]
    assert "alert" not in repr(readout)


def test_json_is_read_by_what_its_keys_mean():
    text = json.dumps(
        {
            "title": "Usability",
            "findings": [
                {
                    "finding_id": "F1",
                    "grouping": "Explore",
                    "category": "Bugs",
                    "statement": "Two participants clicked in the footer and one in the header.",
                    "Participants": ["P1", "participant 3"],
                    "n": 3,
                    "quotes": "P9: “So slow”\nP2: She is a “data geek”",
                },
                {
                    "claim": "It resets",
                    "customers": "Acme, Bolt",
                    "quotes": [{"text": "“again”", "by": "Acme"}, "P4: no marks"],
                },
                {"insight": "", "evidence": ["acme#0a1b2c3d", "bolt.md:3"], "who": "x"},
            ],
        },
        indent=1,
    )
    names = {"P3": "P3", "Acme": "Acme", "Bolt": "Bolt"}
    readout = parse_readout(text, "f.json", names)
    lines = text.split("\n")

    def line_of(words):
        return next(number for number, line in enumerate(lines, 1) if words in line)

    one, two, three = readout.findings
    assert (one.id, one.heading, one.customers) == ("F1", ("Explore", "Bugs"), ("P1", "P3"))
    assert one.line == line_of("statement")
    assert [(c.n, c.what, c.line) for c in one.counts] == [
        (2, "people", one.line), (1, "people", one.line), (3, "field", line_of('"n"')),
    ]  # fmt: skip
    assert [c.n for c in one.headline] == [2, 1]
    assert [(q.words, q.by, q.line) for q in one.quotes] == [
        ("So slow", "P9", line_of("quotes")), ("data geek", "P2", line_of("quotes")),
    ]  # fmt: skip
    assert two.customers == ("Acme", "Bolt")
    assert [(q.words, q.by) for q in two.quotes] == [("again", "Acme"), ("no marks", "P4")]
    assert three.notes == ("acme#0a1b2c3d", "bolt.md:3")
    assert three.cites_all
    assert not one.cites_all
    assert [problem.what for problem in readout.problems] == ["finding 3 says nothing"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[{"statement": }]', 'this is no JSON ("Expecting value" at "}]")'),
        ("", 'this is no JSON ("Expecting value" at "its end")'),
        ("[1, 2]", "no list of findings in it"),
        ('"words"', "no list of findings in it"),
        ("[" * 100_000, "values lie in each other more than 64 deep"),
        ("[" * 100 + "]" * 100, "values lie in each other more than 64 deep"),
        ("[" + "1" * 10_000 + "]", "a number in it is too long to be one"),
    ],
)
def test_json_that_cannot_be_read_is_told(text, what):
    readout = parse_readout(text, "f.json")
    assert [problem.what for problem in readout.problems] == [what]
    assert readout.findings == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 0, 1, "\t"]))
def test_json_with_lines_is_the_same_json(value, indent):
    def without_lines(at):
        inner = at.value
        if isinstance(inner, dict):
            return {key: without_lines(item) for key, item in inner.items()}
        return [without_lines(item) for item in inner] if isinstance(inner, list) else inner

    text = json.dumps(value, indent=indent)
    read = read_json(text, "a.json")
    assert isinstance(read, At)
    assert without_lines(read) == value


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text):
    for ending in ("md", "html", "json"):
        readout = parse_readout(text, f"x.{ending}")
        last = text.count("\n") + text.count("\r") + 1
        for passage in readout.passages:
            assert 1 <= passage.line <= max(last, 1)


def test_hostile_text_in_every_place(hostile_payloads):
    for text in hostile_payloads:
        for ending in ("md", "html", "json"):
            parse_readout(text, f"x.{ending}")
        parse_readout(
            json.dumps([{"statement": text, "quotes": text, "customers": [text], "id": text}]), "x.json", {text: text}
        )
    every = "\n\n".join(hostile_payloads)
    assert parse_readout(every, "x.md").passages
    assert parse_readout(every, "x.html").passages


def test_bold_lines_are_headings_and_bold_labels_are_none():
    passages = markdown_passages(
        "# Page\n\n1. **Users are lost**\n\n   They are.\n\n**Date:** today\n\n**So many words** of it\n\n**Who:**\n"
    )
    assert [p.text for p in passages if p.kind == "heading"] == ["Page", "Users are lost"]
    readout = parse_readout("# Page\n\n- **Five participants did**\n\n  (P1, P2)\n", "x.md")
    assert readout.findings[-1].headline[0].customers == ("P1", "P2")


def test_front_matter_is_read_line_by_line_however_broken_it_is():
    text = '---\ntitle: "Week 47"\nfindings:\n  - "88% did"\n  - KPI 1. Rate:\n    x: [a: b\n# no\n---\n\nText\n'
    fields = [(p.text, p.line) for p in markdown_passages(text) if p.kind == "field"]
    assert ("title: Week 47", 2) in fields
    assert ("88% did", 4) in fields


def test_lines_of_passages():
    assert [(p.text, p.line) for p in markdown_passages("a\n\nb\nc\n\n- d\n  e\n")] == [
        ("a", 1),
        ("b\nc", 3),
        ("d\ne", 6),
    ]
    assert [(p.text, p.line) for p in html_passages("<p>\n a</p>\n\n<p>b\nc</p>")] == [("a", 2), ("b\nc", 4)]
    assert markdown_passages("b\nc")[0].line_at(2) == 2
    assert [p.text for p in markdown_passages("By <Name of the team>, <b>bold</b>")] == ["By <Name of the team>, bold"]
