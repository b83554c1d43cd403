"""Signals are verbatim words; they are right as often as the module says; no text makes them slow."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import signals
from workbench.notes import parse_call
from workbench.signals import (
    SIGNAL_KINDS,
    compliment,
    cost,
    find_signals,
    hypothetical,
    past_event,
    says_it_works,
)

ROOT = Path(__file__).parent.parent

# Labelled by hand, by the author of the rules: the lines of each call whose note tells of something that did happen on an
# occasion (not of a habit, a state, an opinion or a plan), and of time, money or people that something took, or how often
# it has to be done. No note of the study is hypothetical or a compliment, but for the PM's own takes, which are left out.
EVENTS_AND_COSTS = {
    "2026-10-20-brindle-studio-studio-manager": ([11, 12, 15, 20, 24], [11, 20]),
    "2026-10-20-corvane-paper-credit-controller": ([13, 19], [13, 19]),
    "2026-10-20-hexley-fixings-accounts-assistant": ([11, 12, 13, 14, 18, 19], [12, 19]),
    "2026-10-20-kestrow-heating-ltd-operations-lead": ([14, 15, 19, 21, 22], [14, 21]),
    "2026-10-27-birrane-joinery-owner": ([11, 13, 15, 16, 17], [17]),
    "2026-10-27-halden-pike-finance-manager": ([11, 13, 17, 23, 28], [13, 23]),
    "2026-10-27-marl-lane-accounts-lead": ([11, 12, 14, 24], [14, 18, 21]),
    "2026-10-27-pellow-lifts-owner": ([11, 13, 14, 25], []),
    "2026-11-03-dunmere-pantry-operations-director": ([11, 12, 13, 16, 17, 21, 22, 23], [11, 17, 23]),
    "2026-11-03-garrand-group-treasury-systems-manager": ([], [13, 16]),
    "2026-11-03-kestrow-dispatcher": ([15, 19, 20, 22, 23], [23]),
    "2026-11-03-tamsin-grove-office-manager": ([11, 14, 17, 20], [14]),
    "2026-11-10-corvane-paper-credit-controller": ([12, 15, 17, 21, 22], [21]),
    "2026-11-10-stanmere-it-ops-lead": ([11, 12, 14, 17, 19, 22, 23], [11, 17, 23]),
    "2026-11-10-wrenlow-textiles-finance-lead": ([11, 15, 17, 21], [21, 23]),
    "2026-11-17-kestrow-heating-service-engineer": ([12, 14], [12, 14]),
    "2026-11-17-marl-lane-site-supervisor": ([13, 17, 21], []),
    "2026-11-17-ovrelle-office-manager": ([11, 12, 15, 17, 20, 21, 25, 26, 27, 28], [15]),
}


@pytest.fixture(scope="module")
def sample():
    """(call, line) -> text of each note of the sample study that is not the PM's own take."""
    return {
        (path.stem, note.line): note.text
        for path in sorted((ROOT / "interviews").glob("*.md"))
        for note in parse_call(path.read_text("utf-8"), path.name).notes
        if note.kind != "take"
    }


@pytest.mark.parametrize("kind", SIGNAL_KINDS)
def test_the_figures_in_the_docstring_are_those_of_the_sample_study(sample, kind):
    index = {"event": 0, "cost": 1}.get(kind)
    labelled = {
        (call, line) for call, lines in EVENTS_AND_COSTS.items() for line in (lines[index] if index is not None else ())
    }
    assert labelled <= set(sample)
    found = {place for place, text in sample.items() if find_signals(text, (kind,))}
    figures = f"{len(found & labelled)} of {len(found)}, of {len(labelled)}"
    assert re.search(rf"^{kind} +{figures}  ", signals.__doc__, re.MULTILINE), figures
    assert f"{len(sample)} notes (a)" in signals.__doc__


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
        ("Types it in every week", "every week"),
        ("three times a month", "three times a month"),
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
    assert SIGNAL_KINDS == ("hypothetical", "event", "cost", "compliment")
    ids = [rule.id for rule in signals._RULES]
    assert len(ids) == len(set(ids))
    assert all(rule.id.startswith(f"{rule.kind}/") for rule in signals._RULES)


PIECES = (
    "would probably might I'd if you had last Friday yesterday we lost it took her 2 hours on Monday €300 a month three "
    "colleagues every week I love it great idea not never n't , . ? ! \n \u2028 \udc80 İ ﬁ 1.5 1,000 - – \" ( is very"
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


@pytest.mark.parametrize(
    "piece",
    [
        "a", " ", "1", "1.", "2-", "$1 ", "if ", "would ", "would probably ", "i'd ", "i really ", "used ", "x used ", "used",
        "is very ", "two ", "not easy ", "never ever easy ", "wow ", ". ", "un", "_ ", '"', "\t", "was ", "no ", "ed", "é",
        "not a great idea ", "if i had 2 hours i'd pay $3 a day ",
    ],
)  # fmt: skip
def test_no_long_text_makes_a_rule_go_back_and_forth(piece):
    """These take a tenth of a second each; a rule that tries all ways to split a text would never end."""
    text = (piece * 40_000)[:40_000]
    find_signals(text)
    find_signals(f"{text} would")
    says_it_works(text)
