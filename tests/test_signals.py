"""Signals are verbatim words; they are right as often as the module says; no text makes them slow."""

import csv
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import signals
from workbench.notes import parse_call
from workbench.signals import (
    SIGNAL_COLUMNS,
    SIGNAL_KINDS,
    compliment,
    cost,
    find_in_turns,
    find_signals,
    frequency,
    hypothetical,
    note_signals,
    past_event,
    says_it_works,
)
from workbench.signals.amount import Amount, parse_amount
from workbench.signals.find import RULES
from workbench.signals.rule import in_small_letters

ROOT = Path(__file__).parent.parent
HOSTILE = [json.loads(line) for line in (ROOT / "tests" / "hostile.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def sample():
    """The notes of the sample study that are not the PM's own takes: of the calls looked at, and of the others.

    Each is a text and the kinds that were found in it by hand; every second call by file name is one looked at.
    """
    labels = defaultdict(dict)
    with open(ROOT / "benchmarks" / "signal_labels.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            labels[row["file"]][int(row["line"])] = set(row["kinds"].split())
    halves = ([], [])
    for number, path in enumerate(sorted((ROOT / "interviews").glob("*.md"))):
        notes = [note for note in parse_call(path.read_text("utf-8"), path.name).notes if note.kind != "take"]
        assert {note.line for note in notes} == set(labels[path.name]), path.name
        halves[number % 2].extend((note.text, labels[path.name][note.line]) for note in notes)
    return halves


def test_the_labels_are_of_known_kinds(sample):
    assert {kind for half in sample for _, kinds in half for kind in kinds} <= set(SIGNAL_KINDS)
    assert [len(half) for half in sample] == [95, 89]


@pytest.mark.parametrize("kind", SIGNAL_KINDS)
def test_the_figures_in_the_docstring_are_those_of_the_sample_study(sample, kind):
    figures = []
    for half in sample:
        pairs = [(bool(find_signals(text, (kind,))), kind in kinds) for text, kinds in half]
        right, found, there = (sum(column) for column in zip(*((a and b, a, b) for a, b in pairs), strict=True))
        figures.append(f"{right} of {found}, of {there}")
    assert re.search(rf"^{kind} +{figures[0]} +{figures[1]} ", signals.__doc__, re.MULTILINE), figures


# Each kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Would probably use reminders if they were automatic", "Would probably use"),
        ("might switch if it was cheaper", "might switch"),
        ("If you had an export I'd use it", "If you had"),
        ("With an export I’d definitely use it", "I’d definitely use"),
        ("Said she would pay for that", "would pay"),
        ("They wouldn't trust it", "wouldn't trust"),
        ("Probably use it at night", "Probably use"),
        ("We'll definitely buy it", "We'll definitely buy"),
        ("It could be useful for the night shift", "could be"),
        ("I can see us using this", "can see us using"),
        ("Ideally it sorts them", "Ideally"),
        ("Would rather pay once a year", ""),
        ("She would like a filter", ""),
        ("I'd say two hours", ""),
        ("It wouldn't open on his phone", ""),
        ("She'd told her boss end of the week", ""),
        ("He promised it would be in by Friday", ""),
        ("Might as well be paper", ""),
        ("Saved it so that she could use it offline", ""),
        ("Couldn't find the export", ""),
        ("Asked if they had it", ""),
        ("Would you use it?", ""),
        ("The almighty wouldbe mightiness", ""),
    ],
)
def test_hypothetical(text, words):
    assert hypothetical(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Last Friday's report was slow", "Last Friday"),
        ("Two weeks ago", "Two weeks ago"),
        ("yesterday we lost the file", "yesterday"),
        ("took her 2 hours on Monday", "took"),
        ("Waited 12 days for it", "Waited"),
        ("We paid a designer for that", "We paid a"),
        ("Two temps cleaned the list", "temps cleaned the"),
        ("Row 14 was refused", "was refused"),
        ("I've already tried three tools", "I've already tried"),
        ("He was sending it again", "was sending"),
        ("Four evenings rebuilding it", "Four evenings rebuilding"),
        ("Had to call support", "Had to call"),
        ("The import failed", "failed"),
        ("Failed imports are red", ""),
        ("Sends it every Monday", ""),
        ("Used to send it", ""),
        ("If I sent it twice, they'd laugh", ""),
        ("Would have sent it", ""),
        ("We never sent it", ""),
        ("I haven't tried it", ""),
        ("As I mentioned", ""),
        ("As you pointed out", ""),
        ("They won't put it in an email", ""),
        ("Keeps what he's typed till there's signal", ""),
        ("She wanted a filter and liked the colour", ""),
        ("Hours are grouped by phase", ""),
        ("We need the list indeed, a hundred rows", ""),
        ("Wants the last filter remembered", ""),
        ("Usually I sent it on Mondays", ""),
        ("Usually slow. Yesterday it was fast", "Yesterday"),
    ],
)
def test_past_event(text, words):
    assert past_event(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It took 2 hours", "2 hours"),
        ("2-3 hours a week", "2-3 hours a week"),
        ("2h on Monday, 45min on Friday", "2h"),
        ("forty minutes a client", "forty minutes a client"),
        ("spent a day on it", "spent a day"),
        ("half a day each time", "half a day"),
        ("I sat there all afternoon", "all afternoon"),
        ("an hour a day", "an hour a day"),
        ("€300 a month for the agency", "€300 a month"),
        ("£1,560, he has the bill", "£1,560"),
        ("300 euros", "300 euros"),
        ("$2M", "$2M"),
        ("3k a year", "3k a year"),
        ("Three colleagues check it", "Three colleagues"),
        ("two of us chased the same mill", "two of us"),
        ("1.5 FTE", "1.5 FTE"),
        ("Types it in every week", ""),
        ("three times a month", ""),
        ("140 people, 96 of them engineers", ""),
        ("1,012 colleagues", ""),
        ("sixty days late", ""),
        ("two weeks ago", ""),
        ("within 2 weeks", ""),
        ("30 days' notice", ""),
        ("£9,200 overdue", ""),
        ("every time", ""),
        ("a day in June", ""),
        ("Row 14 of 212", ""),
    ],
)
def test_cost(text, words):
    assert cost(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I love it", "I love it"),
        ("Loves the preview", "Loves the"),
        ("She really likes how it groups", "She really likes how"),
        ("great idea", "great idea"),
        ("That’s really cool", "That’s really cool"),
        ("Looks good", "Looks good"),
        ("No, it is very useful", "is very useful"),
        ("Not a great idea", ""),
        ("Didn't love it", ""),
        ("She doesn't like the purple", ""),
        ("Isn't that useful", ""),
        ("Would be great to have", ""),
        ("It'd be a nice option", ""),
        ("Would love it", ""),
        ("Has a good idea of the cost", ""),
        ("Something like that is there", ""),
        ("Super old, a great deal of it", ""),
    ],
)
def test_compliment(text, words):
    assert compliment(text) == words


def test_a_wider_gap_or_a_typographic_apostrophe_makes_no_difference():
    assert hypothetical("I  would\tprobably use it") == "would\tprobably use"
    assert hypothetical("they wouldn’t pay") == "wouldn’t pay"
    assert compliment("It isn’t great") == ""


def words_of(text, kind):
    return [signal.words for signal in find_signals(text, (kind,))]


# Of each kind what is one, what is none though it looks like one, and what is denied, supposed or of somebody else.
FOUND = {
    "pain": [
        ("She couldn't find the export", "couldn't find"),
        ("Didn't know where the totals went", "Didn't know where"),
        ("It was really confusing", "confusing"),
        ("The app doesn't let her go back", "doesn't let"),
        ("Hard to see which row it is", "Hard to see"),
        ("It isn't very clear", "isn't very clear"),
        ("There's a problem with the totals", "problem"),
        ("Nobody tells her", "Nobody"),
        ("She starts again each time", "starts again"),
        ("Had to ring support", "Had to ring"),
        ("Not only confusing but long", "confusing"),
        ("I did not go on because it was confusing", "confusing"),
        ("Did not notice the tab", "Did not notice"),
        ("Did not see any reason, but a bug", "bug"),
        ("Waiting for the bank", "Waiting for"),
        ("Not frustrating, just slow", "slow"),
        ("Why do I have to type that?", "Why do I"),
    ],
    "intensity": [
        ("A nightmare", "nightmare"),
        ("I hate Mondays", "hate"),
        ("What a waste of time", "waste of time"),
        ("It NEVER works", "NEVER"),
        ("Two hours!", "hours!"),
        ("Rated it 2/10", "2/10"),
        ("4 out of 5 for speed", "4 out of 5"),
    ],
    "workaround": [
        ("Redoes the totals by hand", "by hand"),
        ("I just export it to Excel", "export it to Excel"),
        ("Copy-pastes the figures", "Copy-pastes"),
        ("Keeps a one-page cheat sheet", "Keeps a one-page cheat sheet"),
        ("Types it up in the evening", "Types it up"),
        ("Has her own tracker", "her own tracker"),
        ("Emails herself every promise", "Emails herself"),
        ("So we ended up ringing them", "ended up ringing"),
    ],
    "frequency": [
        ("Types it in every week", "every week"),
        ("three times a month", "three times a month"),
        ("2-3 times a day", "2-3 times a day"),
        ("Asked him twice", "twice"),
        ("Sends it monthly", "monthly"),
        ("On a Friday she checks", "On a Friday"),
        ("Thursdays are for portals", "Thursdays"),
        ("after every change", "after every change"),
        ("every time", "every time"),
    ],
    "trigger": [
        ("As soon as the boss asked, she looked", "As soon as the boss"),
        ("When I open it the filters are gone", "When I open"),
        ("Whenever terms change he checks", "Whenever terms change"),
        ("What made us look was the audit", "What made us"),
        ("Since the merger there are two lists", "Since the merger"),
    ],
    "wish": [
        ("Wants the last filter remembered", "Wants the"),
        ("It would be nice to sort it", "would be nice"),
        ("I'd love a filter", "I'd love"),
        ("The phone should keep it", "phone should keep"),
        ("If only it remembered", "If only"),
        ("Send me a copy first", "Send me"),
        ("We suggest a button", "We suggest"),
        ("Filters are odd, suggests a button", "suggests"),
        ("A way to see both", "A way to"),
        ("Wanted to see both", "Wanted to"),
        ("She expected a filter", "expected a"),
        ("There was no undo, but I would like one", "would like"),
    ],
    "anxiety": [
        ("Worried that it's sent by mistake", "Worried"),
        ("What if it deletes them?", "What if"),
        ("I don't trust the number", "don't trust"),
        ("It might lose my work", "might lose"),
        ("Double-checks each one", "Double-checks"),
    ],
    "habit": [
        ("We've always done it like that", "We've always done it"),
        ("I'm used to the old one", "I'm used to the"),
        ("The spreadsheet works fine", "works fine"),
        ("Good enough for us", "Good enough"),
        ("Out of habit", "habit"),
        ("Chart: used to seeing it start at zero", "used to seeing"),
        ("Same form since 1998", "Same form since"),
    ],
    "commitment": [
        ("Will send last week's sheet by Thursday", "Will send"),
        ("I'll introduce you to Ann", "I'll introduce"),
        ("Happy to talk again in May", "Happy to talk again"),
        ("Agreed to pilot it", "Agreed to pilot"),
        ("Sending the list on Friday", "Sending the"),
        ("We have budget for that", "have budget for"),
        ("Questionnaire to us by 13 Nov", "to us by 13"),
    ],
    "event": [("Yesterday we lost the file", "Yesterday"), ("It broke, but I would have waited", "broke")],
    "cost": [("It took 2 hours", "2 hours")],
    "hypothetical": [("She would pay for that", "would pay")],
    "compliment": [("I love it", "I love it"), ("Super useful", "Super useful"), ("She found it really helpful", "found it really helpful")],
}  # fmt: skip
NOT_FOUND = {
    "pain": [
        "Not confusing at all", "No issues", "There were no issues with it", "Never had to retype it", "It isn't a problem",
        "That was never a problem", "The delay was no problem", "Errors were not an issue", "It's no longer slow", "Neither slow nor confusing",
        "Without any trouble", "If it fails we call you", "It would be confusing to change", "not that hard to find", "Can't wait to use it",
        "Can't complain", "No doubt about it", "She sent the list on Friday", "Invoices are grouped by phase",
    ],
    "intensity": ["Not a nightmare", "I don't hate it", "VAT and the GBP", "XXXX XXX XXXXX", "03/10", "Row 14/212", "9 out of 10 customers pay", "It works."],
    "workaround": ["Never by hand", "We don't do it by hand", "A handful of rows", "Exports are slow", "Roy types in the bank details"],
    "frequency": ["always slow", "usually on time", "three times as long", "Signed up on a Thursday", "the last time", "two weeks ago"],
    "trigger": ["I know when it is late", "I went to bed", "not at once"],
    "wish": ["She doesn't want a filter", "I wouldn't like that", "I should have asked", "I'd like to say thanks", "What she wants to know is the price", "That would like give you two"],
    "anxiety": ["Not worried at all", "Nothing to fear", "She isn't afraid of it", "We trust it"],
    "habit": ["She isn't used to it", "It was used to sort them", "Used to send it by post", "Not good enough", "It never works fine"],
    "commitment": ["Won't send it", "Would send it", "If they will send it", "She never promised to send it", "Going to be late", "We'll definitely buy it", "I'll share my screen"],
    "event": ["Sends it every Monday"],
    "cost": ["every week", "140 people"],
    "hypothetical": ["She would like a filter"],
    "compliment": ["Not a great idea", "not very useful", "Didn't find it useful", "would be super useful"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "words"), [(kind, *case) for kind in FOUND for case in FOUND[kind]])
def test_a_kind_is_found_in(kind, text, words):
    assert words_of(text, kind)[:1] == [words]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind in NOT_FOUND for text in NOT_FOUND[kind]])
def test_a_kind_is_not_found_in(kind, text):
    assert words_of(text, kind) == []


def test_every_kind_is_tried_both_ways():
    assert set(FOUND) == set(NOT_FOUND) == set(SIGNAL_KINDS)


def test_what_is_denied_ends_with_the_sentence_and_at_a_but():
    assert words_of("Never slow. Slow today", "pain") == ["Slow"]
    assert words_of("Not slow, but confusing", "pain") == ["confusing"]
    assert words_of("Not slow or confusing", "pain") == []
    assert past_event("Would have sent it, but forgot") == "forgot"


def test_frequency_gives_the_first_words():
    assert (frequency("Every week, twice a day"), frequency("Usually")) == ("Every week", "")


# How much


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2 hours", (2, 2, "hour", "")),
        ("half an hour", (0.5, 0.5, "hour", "")),
        ("2-3 hours", (2, 3, "hour", "")),
        ("two or three hours a week", (2, 3, "hour", "week")),
        ("an hour and a half", (1.5, 1.5, "hour", "")),
        ("two and a half days", (2.5, 2.5, "day", "")),
        ("1,5 hours", (1.5, 1.5, "hour", "")),
        ("45min", (45, 45, "minute", "")),
        ("a few days", (None, None, "day", "")),
        ("a couple of days", (2, 2, "day", "")),
        ("all afternoon", (1, 1, "afternoon", "")),
        ("took her a week", (1, 1, "week", "")),
        ("an hour a day", (1, 1, "hour", "day")),
        ("€300 a month", (300, 300, "EUR", "month")),
        ("£1,560", (1560, 1560, "GBP", "")),
        ("€1.500 a month", (1500, 1500, "EUR", "month")),
        ("€200-300", (200, 300, "EUR", "")),
        ("$2-3k a year", (2000, 3000, "$", "year")),
        ("$2M", (2e6, 2e6, "$", "")),
        ("3k per seat", (3000, 3000, "", "seat")),
        ("20 grand", (20000, 20000, "", "")),
        ("300 euros", (300, 300, "EUR", "")),
        ("Two of us", (2, 2, "person", "")),
        ("Three colleagues", (3, 3, "person", "")),
        ("1.5 FTE", (1.5, 1.5, "FTE", "")),
    ],
)
def test_a_cost_has_its_amount(text, amount):
    (found,) = find_signals(text, ("cost",))
    assert found.amount == amount
    assert found.words == text


def test_a_rating_has_its_amount_and_nothing_else_has_one():
    assert find_signals("4 out of ten", ("intensity",))[0].amount == Amount(4, 4, "of 10")
    assert all(signal.amount is None for signal in find_signals("A nightmare every week, retyped by hand"))


@given(st.text(max_size=40), st.sampled_from(["time", "money", "people", "rating"]))
def test_any_words_give_an_amount_or_none(words, what):
    found = parse_amount(words, what)
    assert found is None or (found.low is None) == (found.high is None)
    assert found is None or found.low is None or found.low <= found.high
    assert found is None or str(found)


# Who says it


def test_what_the_interviewer_says_gives_no_signal():
    turns = [
        ("Ana", "Great! Perfect. So it was a nightmare and took 2 hours every week?", False),
        ("Jane", "It took 2 hours", True),
        ("Ana", "I'd love that, it's awesome", False),
        ("Jane", "Every week. I hate it", True),
    ]
    found = find_in_turns(turns)
    assert [(turn, signal.rule) for turn, signal in found] == [
        (1, "event/went"), (1, "cost/time"), (3, "frequency/every week"), (3, "intensity/hate"),
        (3, "pain/hate"),
    ]  # fmt: skip
    assert all(turns[turn][1][slice(*signal.span)] == signal.words for turn, signal in found)
    assert [signal.kind for _, signal in find_in_turns(turns, ("cost",))] == ["cost"]
    assert find_in_turns([turn for turn in turns if not turn[2]]) == []
    assert find_in_turns([]) == []


def test_notes_give_a_table_and_the_pms_own_takes_give_none():
    rows = [
        ("a#1", "pain", "It took 2-3 hours a week"),
        ("a#2", "take", "A nightmare that took 2 hours"),
        ("a#3", "quote", "A few days by hand"),
        ("a#4", "observation", "Nothing here"),
    ]
    notes = pd.DataFrame(rows, columns=["note", "kind", "text"])
    found = note_signals(notes)
    assert tuple(found.columns) == SIGNAL_COLUMNS
    assert list(found["note"]) == ["a#1", "a#1", "a#3", "a#3"]
    assert list(found["rule"]) == ["event/went", "cost/time", "cost/time", "workaround/by hand"]
    texts = dict(zip(notes["note"], notes["text"], strict=True))
    for row in found.itertuples():
        assert texts[row.note][row.start : row.end] == row.words
    assert found["amount"].isna().tolist() == [True, False, True, True]
    assert found.loc[1, ["amount", "amount_to", "unit", "per"]].tolist() == [2.0, 3.0, "hour", "week"]
    assert note_signals(notes, ("workaround",))["words"].tolist() == ["by hand"]


def test_no_notes_give_a_table_of_the_same_columns_and_types():
    notes = pd.DataFrame({"note": ["a#1"], "kind": ["pain"], "text": ["It took 2 hours"]})
    assert note_signals(notes[:0]).empty
    assert note_signals(notes[:0]).dtypes.to_dict() == note_signals(notes).dtypes.to_dict()


# What they have in common


def test_signals_come_by_place_with_rule_kind_and_span():
    text = "Last Friday's report took her 2 hours. She would pay €300 a month"
    found = find_signals(text)
    assert [(signal.rule, signal.words) for signal in found] == [
        ("event/dated", "Last Friday"),
        ("event/went", "took"),
        ("cost/time", "2 hours"),
        ("hypothetical/would", "would pay"),
        ("cost/money", "€300 a month"),
    ]
    assert [signal.span for signal in found] == sorted(signal.span for signal in found)
    assert find_signals(text, ("cost",)) == [signal for signal in found if signal.kind == "cost"]
    assert find_signals(text, ()) == find_signals("") == []


def test_every_kind_has_a_rule_of_its_name():
    assert set(SIGNAL_KINDS) == {
        "anxiety", "commitment", "compliment", "cost", "event", "frequency", "habit", "hypothetical", "intensity", "pain",
        "trigger", "wish", "workaround",
    }  # fmt: skip
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(rule.id.startswith(f"{rule.kind}/") for rule in RULES)


PIECES = (
    "would probably might I'd if you had last Friday yesterday we lost it took her 2 hours on Monday €300 a month three "
    "colleagues every week I love it great idea couldn't find by hand worried used to the when I open want a will send "
    "NEVER nightmare 4/10 half and a half but if no problem herself Excel not never n't , . ? ! \n \u2028 \udc80 İ ﬁ 1.5 1,000 - – \" ( is very"
).split(" ")


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25), st.sampled_from([" ", "", "  "]))
def test_the_words_are_verbatim_and_do_not_overlap_within_a_kind(pieces, between):
    text = between.join(pieces)
    ends = dict.fromkeys(SIGNAL_KINDS, 0)
    for signal in find_signals(text):
        assert text[slice(*signal.span)] == signal.words
        assert signal.words.strip() == signal.words != ""
        assert signal.span[0] >= ends[signal.kind]
        ends[signal.kind] = signal.span[1]


def test_small_letters_find_what_an_expression_without_heed_to_capitals_finds(hostile_payloads, sample_notes):
    ignoring = {each: re.compile(each.pattern, re.IGNORECASE) for one in RULES for each in one[2:5] if each}
    texts = [*hostile_payloads, *sample_notes["text"]]
    texts += [
        other
        for text in texts
        for other in (text.upper(), text.title(), text.replace("i", "İ").replace("s", "\N{LATIN SMALL LETTER LONG S}"))
    ]
    texts += [
        "It took 2 hours in İstanbul, \N{LATIN SMALL LETTER LONG S}low, 3 K, STRASSE, straße, ŉ ǰ ΐ and a nightmare"
    ]
    n_found = 0
    for text in texts:
        small = in_small_letters(text)
        assert len(small) == len(text)
        for one in RULES:
            found = [] if one.shouted else [found.span() for found in one.words.finditer(small)]
            assert one.shouted or found == [found.span() for found in ignoring[one.words].finditer(text)]
            for start, end in found:
                if one.not_after:
                    assert bool(one.not_after.search(small, 0, start)) == bool(
                        ignoring[one.not_after].search(text, 0, start)
                    )
                if one.not_before:
                    assert bool(one.not_before.match(small, end)) == bool(ignoring[one.not_before].match(text, end))
            n_found += len(found)
    assert n_found > 1000


@pytest.mark.parametrize("case", HOSTILE, ids=[case["id"] for case in HOSTILE])
def test_hostile_text_gives_verbatim_words_or_nothing(case):
    for text in (case["payload"], f"It took 2 hours {case['payload']} by hand"):
        for signal in find_signals(text):
            assert text[slice(*signal.span)] == signal.words
        find_in_turns([("x", text, True)])
    assert {"cost", "workaround"} <= {
        signal.kind for signal in find_signals(f"It took 2 hours. {case['payload']}. by hand")
    }


@pytest.mark.parametrize(
    "piece",
    [
        "a", " ", "1", "1.", "2-", "$1 ", "if ", "would ", "would probably ", "i'd ", "i really ", "used ", "x used ", "used",
        "is very ", "two ", "not easy ", "never ever easy ", "wow ", ". ", "un", "_ ", '"', "\t", "was ", "no ", "ed", "é",
        "not a great idea ", "if i had 2 hours i'd pay $3 a day ",
        "type a b c d ", "had to a b c ", "couldn't really ", "AB ", "A' ", "!", "?", "types it ", "keep a b c old ", "but ", " - ", "'", "n't ",
    ],
)  # fmt: skip
def test_no_long_text_makes_a_rule_go_back_and_forth(piece):
    """A rule that tries all ways to split a text would never end, of ten thousand letters no more than of forty."""
    text = (piece * 10_000)[:10_000]
    for long in (text, f"{text} would"):
        assert all(long[slice(*signal.span)] == signal.words for signal in find_signals(long))
    says_it_works(text)


PARTS = [(rule.id, part) for rule in RULES for part in ("words", "not_after", "not_before") if getattr(rule, part)]


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_no_rule_looks_further_than_some_words(name, part):
    """The most letters that a rule can match: what repeats without a bound has none."""
    expression = getattr(next(rule for rule in RULES if rule.id == name), part)
    assert re._parser.parse(expression.pattern, expression.flags).getwidth()[1] < 400


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "x ",
        "1.",
        "not very easy ",
        "it took 2 hours. ",
        "if i had not two or three of the ",
        "AB ",
        "!",
        "but ",
        ". ",
    ],
)
def test_twice_the_text_takes_twice_the_steps(piece):
    def steps(n):
        text = (piece * n)[:n]
        counted = 0

        def count(frame, event, argument):
            nonlocal counted
            counted += 1

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            find_signals(text)
        finally:
            sys.setprofile(before)
        return counted

    assert steps(20_000) <= 2.5 * steps(10_000)
