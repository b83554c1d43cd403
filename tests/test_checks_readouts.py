"""Readouts beside the notes: a usability study with the errors that published ones have, and with what only looks like one."""

import json
from pathlib import Path

import pytest

from workbench.checks import check
from workbench.readouts import parse_readout

TODAY = "2026-11-26"
RULES_ON_READOUTS = {
    "citation-unknown", "count-mismatch", "customers-mismatch", "duplicate-finding", "finding-rests-on-one",
    "one-number-two-values", "quote-concentration", "quote-misattributed", "quote-not-verbatim", "quoted-beyond-consent",
    "readout-unreadable", "template-left", "personal-data",
}  # fmt: skip

# Who said what under which heading, as in studies whose notes are sorted by finding.
SORTED = {
    "Search / Group by": {
        "P1": "Looked for the grouping under settings", "P2": "Did not see that rows can be grouped",
        "P3": "Asked what a group is for", "P4": "Grouped twice and lost the first one", "P5": "Gave up on grouping",
        "P6": "Grouped by month at once, but by the wrong date",
    },
    "Map / Bugs": {"P1": "The legend covers the map", "P3": "The county label flickers"},
    "Map / Compare": {"P2": "Wants two years side by side", "P5": "Asked for another year beside this one"},
    "Header / Links": {"P1": "Went to the foot of the page", "P2": "Found it at the bottom", "P6": "Used the top one"},
    "Files": {"P4": "Wants the filters named in the file", "P6": "Wants the file to look as the page does"},
    "Wording": {"P5": "Likes the new label", "P6": "“Says what it is”, that label"},
}  # fmt: skip

FINDINGS = [
    {"id": "F1", "grouping": "Search", "category": "Group by", "statement": "Five participants did not understand grouping.",
     "participants": ["P1", "P2", "P3", "P4", "P5", "P6"]},
    {"id": "F2", "grouping": "Map", "category": "Bugs", "statement": "There are a few bugs participants met.",
     "participants": ["P1", "P4"]},
    {"id": "F3", "grouping": "Map", "category": "Compare", "statement": "One participant wanted to compare years.",
     "participants": ["P2"], "quotes": "P2: “Wants the two years side by side”"},
    # Two and one are three: right.
    {"id": "F4", "grouping": "Header", "category": "Links", "statement": "Two participants used the link in the footer and one in "
     "the header.", "participants": ["P1", "P2", "P6"], "n": 3, "n_claimed_in_words": 2},
    # Two findings of one heading, each with its own customer: right.
    {"id": "F5", "grouping": "Files", "category": None, "statement": "One participant wanted the filters in the file.",
     "participants": ["P4"]},
    {"id": "F6", "grouping": "Files", "statement": "One participant wanted the file to match the page.", "participants": ["P6"]},
    {"id": "F7", "grouping": "Wording", "statement": "The one participant who saw the new label liked it.",
     "participants": ["P5", "P6"], "quotes": ["P6: “Says what it is”"]},
    {"id": "F8", "grouping": "Wording of the help", "statement": "Help pages are long.", "participants": ["P1"]},
]  # fmt: skip


@pytest.fixture
def study(make_workspace):
    """The study's workspace: one call each of six participants."""

    def make(consent="quote", registry=None, name="work"):
        calls = {}
        for number in range(1, 7):
            who = f"P{number}"
            rows = [f"---\ndate: 2026-11-0{number}\ncustomer: {who}\nconsent: {consent}\n---\n# Session with {who}\n"]
            rows += [f"## {heading}\n\n- {notes[who]}\n" for heading, notes in SORTED.items() if who in notes]
            calls[f"2026-11-0{number}-{who.lower()}.md"] = "\n".join(rows)
        return make_workspace(calls, registry, name)

    return make


def said(folder, text, name="readout.json"):
    """What the rules on readouts say of a text: (rule, what)."""
    file = folder / "discovery" / "readouts" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text if isinstance(text, str) else json.dumps(text, indent=1, ensure_ascii=False), "utf-8")
    violations = check(folder, today=TODAY).violations
    return [(one.rule, one.what) for one in violations if one.file.endswith(name) and one.rule in RULES_ON_READOUTS]


def test_the_errors_of_a_published_study_are_found_and_nothing_else_is(study):
    assert said(study(), FINDINGS) == [
        ("count-mismatch", "finding F1: “Five participants”, and 6 are listed: P1, P2, P3, P4, P5, P6"),
        (
            "customers-mismatch",
            "finding F2 lists P1, P4; under 'Map / Bugs' there are notes of P3, not listed, and no note of P4",
        ),
        ("customers-mismatch", "finding F3 lists P2; under 'Map / Compare' there are notes of P5, not listed"),
        (
            "quote-not-verbatim",
            "“Wants the two years side by side” (credited to P2) is not what was said: "
            "no “the”; interviews/2026-11-02-p2.md:14",
        ),
        ("count-mismatch", "finding F7: “one participant”, and 2 are listed: P5, P6"),
    ]


def test_an_answer_key_in_the_file_is_not_looked_at(study):
    """The study that this is made after has its errors noted beside them."""
    folder = study()
    noted = [finding | {"participants_in_notes": ["P9"], "n_claimed_in_words": 40} for finding in FINDINGS]
    assert said(folder, noted) == said(folder, FINDINGS)


def test_the_order_of_findings_means_nothing_but_lines(study):
    folder = study()
    assert sorted(said(folder, FINDINGS[::-1])) == sorted(said(folder, FINDINGS))


def test_headings_that_are_the_same_by_chance_say_nothing(study):
    """Only where most findings name a heading of the notes are the notes sorted by finding."""
    alone = {"grouping": "Map", "category": "Bugs", "statement": "There are bugs.", "participants": ["P1", "P4"]}
    others = [{"grouping": f"Other {n}", "statement": f"Thing {n} is off", "participants": ["P1"]} for n in range(3)]
    assert said(study(), [alone, *others]) == []


def test_customers_who_do_not_count_are_told_apart(study):
    folder = study(registry="version: 1\ncustomers:\n  P1: {excluded: a colleague}\n")
    told = dict(said(folder, FINDINGS))
    assert (
        "no note of P1, P4 that counts (P1: a colleague)"
        in dict.fromkeys(what for rule, what in said(folder, FINDINGS) if "F2" in what).popitem()[0]
    )
    assert "customers-mismatch" in told


@pytest.mark.parametrize(
    "text",
    [
        # counts
        "At least two customers did it (P1, P2, P3).",
        "About five customers did it (P1, P2, P3).",
        "Two customers did it, for example with the map (P1, P2, P3, such as these).",
        "Five customers did it, e.g. (P1, P2).",
        "Several customers did it (P1, P2).",
        "Three of the six customers did it (P1, P2, P3); two of them twice (P1, P2).",
        "Two customers did it at the top, and two at the bottom (P1, P2, P3, P4).",
        "P1 spent 10 minutes on 2 columns (P2, P3 did not).",
        "Version 2 did better than 1 (P1, P2, P3).",
        # quotations
        "Click “Export” and then “Save as”, the “group by” of the table.",
        "P6 says “Says what it is,” and P5 “Likes the … label”.",
        "“Did not see that rows can be grouped” (P2)",
        "> Asked what a [row] group is for\n>\n> — P3",
        # shares
        "Of the 6 users we met, 4 preferred Map 3.\n\nOf the 6 users we met, 2 preferred Map 1.",
        "3 of 6 customers saw the map.\n\n4 of 6 customers saw the list.",
        "2 of 3 small customers saw the map.\n\n1 of 3 large customers saw the map.",
        "Activation went from 30 % to 35 %.\n\nActivation of 35 % is what we want.",
        # templates and personal data
        "## Finding 1: Groups are not seen\n\nSee [the map](x.html), [1], a < b > c, <b>bold</b> and [ ] open.",
        "Version 1.2.3 of 2026-11-17, 10:30-11:15, £1,300 and 4111 1111 1111 1112.",
        # findings
        "## Version 1 was understood by all of them\n\n## Version 2 was understood by all of them",
        "## Groups were seen by all\n\n## Groups were not seen by all",
        "## Maps\n\nStill 3 of 5 without any one of its customers.\n\n## Groups\n\nStill 4 of 5 without any one of its customers.",
    ],
)
def test_what_only_looks_like_a_defect_is_none(study, text):
    assert said(study(), f"# Readout\n\n{text}\n", "readout.md") == []


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("Two customers did it (P1, P2, P3).", "count-mismatch", "“Two customers”, and 3 are listed: P1, P2, P3"),
        (
            "At least four customers did it (P1, P2, P3).",
            "count-mismatch",
            "“At least four customers”, and 3 are listed",
        ),
        ("Up to two customers did it (P1–P3).", "count-mismatch", "3 are listed: P1, P2, P3"),
        ("One customer (P1, P2) did it.", "count-mismatch", "2 are listed: P1, P2"),
        ("## Four customers did it\n\nThey left (P1, P2).", "count-mismatch", "“Four customers”, and 2 are listed"),
        ("5 of 7 customers did it.", "count-mismatch", "there are calls with 6 customers"),
        (
            "P2 said “Did not see that rows could be grouped”.",
            "quote-not-verbatim",
            "“can”, not “could”; interviews/2026-11-02-p2.md",
        ),
        ("P1 said “Did not see that rows can be grouped”.", "quote-misattributed", "was said by P2, not by P1"),
        ("“Nobody knows what these groups are” we heard.", "quote-not-verbatim", "stands in no note"),
        ("“Asked what a group is for. Gave up on grouping”", "quote-not-verbatim", "joins words from 2 notes"),
        (
            "3 of 6 customers saw the map.\n\n| Task | Done |\n|---|---|\n| Saw the map at last | 4 of 6 customers |",
            "one-number-two-values",
            "“4 of 6 customers” here, and “3 of 6 customers” in line 3",
        ),
        (
            "3 of 6 customers opened the map.\n\nThe map was opened by 88 % of them.",
            "one-number-two-values",
            "“88 %” here",
        ),
        (
            "- **Two words are not one**\n\n  They said so.\n\n- **Two words are not one**\n\n  It was said.",
            "duplicate-finding",
            "“Two words are not one” is the heading of line 3 too",
        ),
        (
            '---\nfindings:\n  - "Of the 3 prototypes we had, 88% of users preferred Map 3, which zooms."\n---\n\n'
            "Of the 6 users we met, 4 preferred Map 3, whereas only 2 preferred Map 1.",
            "one-number-two-values",
            "“4 of the 6” here, and “88%” in line 3",
        ),
        ('---\nmissing:\n  - "Group 1"\n---\n\nAll went well.', "template-left", "“Group 1”"),
        (
            "“Nobody knows what these groups are for at all (Participant #2)",
            "quote-not-verbatim",
            "(credited to P2) stands in no note",
        ),
        ("lorem ipsum", "template-left", "lorem ipsum"),
        ("| Area 1 | x |\n|---|---|\n| a | b |", "template-left", "“Area 1”"),
        ("By {{ author }}", "template-left", "{{ author }}"),
        ("[Name]", "template-left", "[Name]"),
    ],
)
def test_each_kind_of_defect_is_told_in_words(study, text, rule, words):
    told = said(study(), text if text.startswith("---") else f"# Readout\n\n{text}\n", "readout.md")
    assert [one for one, _ in told] == [rule], told
    assert words in told[0][1]


def test_quotes_of_customers_who_have_not_agreed(study):
    told = said(
        study(consent="aggregate"), "# R\n\nP2: “Did not see that rows can be grouped”\n\nP6 likes the label.", "r.md"
    )
    assert told == [
        ("quoted-beyond-consent", "“Did not see that rows can be grouped” is quoted; P2 has agreed to aggregate only")
    ]
    assert said(study(consent="named", name="named"), "# R\n\nP2: “Did not see that rows can be grouped”", "r.md") == []


@pytest.mark.parametrize(
    "transcript",
    [
        "Us: How did it go?\n\nP2: I never saw it. You have to scroll\nall the way down, you know.\n\nUs: You have to like it.\n",
        "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v P2>\nP2: I never saw it. You have to scroll\n\n2\n00:02.000 --> 00:03.000\n"
        "all the way down, you know.\n\n3\n00:03.000 --> 00:04.000\n<v Interviewer>You have to like it.\n",
    ],
)
def test_what_stands_in_a_transcript_was_said_too(study, transcript):
    folder = study()
    (folder / "interviews" / "transcripts").mkdir()
    ending = "vtt" if transcript.startswith("WEBVTT") else "txt"
    (folder / "interviews" / "transcripts" / f"2026-11-02-p2.{ending}").write_text(transcript)
    assert (
        said(
            folder,
            "# R\n\nP2: “You have to scroll all the way down”\n\n> I never saw it. … all the way down\n> — P2",
            "r.md",
        )
        == []
    )
    (told,) = said(folder, "# R\n\nP3: “You have to scroll all the way down”", "r.md")
    line = 5 if ending == "vtt" else 3  # where its cue begins
    assert told[0] == "quote-misattributed"
    assert told[1].endswith(f"interviews/transcripts/2026-11-02-p2.{ending}:{line}")
    assert [one for one, _ in said(folder, "# R\n\nP2: “You have to like it”", "r.md")] == ["quote-not-verbatim"]
    assert [one for one, _ in said(folder, "# R\n\nP2: “You had to scroll all the way down”", "r.md")] == [
        "quote-not-verbatim"
    ]


def test_a_readout_of_hostile_text_is_read_to_its_end(study, hostile_payloads):
    folder = study()
    said(folder, "\n\n".join(hostile_payloads), "hostile.md")
    said(folder, "\n\n".join(hostile_payloads), "hostile.html")
    said(
        folder,
        [{"statement": text, "quotes": text, "participants": [text]} for text in hostile_payloads],
        "hostile.json",
    )


def test_our_own_report_is_sound_until_somebody_changes_it(sample_page, tmp_path):
    root = Path(__file__).parent.parent

    def told(page):
        (tmp_path / "report.html").write_text(page, "utf-8")
        return [
            one for one in check(root, today=TODAY, files=[tmp_path / "report.html"]).violations if "report" in one.file
        ]

    assert told(sample_page) == []
    quotes = [quote for quote in parse_readout(sample_page, "report.html").quotes if quote.ref]
    assert len(quotes) > 20
    words = next(
        quote.words for quote in quotes if len(quote.words.split()) > 8 and sample_page.count(quote.words) == 1
    )
    (one,) = told(sample_page.replace(words, f"{words.split()[0]} really {words.split(maxsplit=1)[1]}"))
    assert (one.rule, one.severity) == ("quote-not-verbatim", "error")
    assert "no “really”" in one.what
