"""A quote is what was said, or it is told how it differs."""

import random
import re
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.quotes import QuoteIndex, Source, find_quote, plain

SAID = [
    ("P1", "Exports it to Excel and redoes the totals by hand – “every single Friday”, she says"),
    ("P2", "Filters reset when I go back, so I start again. It’s maddening"),
    ("P2", "I keep a one-page cheat sheet of settings. Nobody else has one. I would be lost without it"),
    ("P3", "The import was fine. Ours went in at the first try"),
    ("P4", "请保存我的筛选条件 否则我得重来"),
    ("P4", "He paid £1,300 for 12 seats"),
]
SOURCES = [Source(f"{customer}#{i}", customer, f"{customer}.md", i, text) for i, (customer, text) in enumerate(SAID, 1)]
INDEX = QuoteIndex(SOURCES)


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("redoes the totals by hand", "P1"),
        ("Redoes the totals by hand", "P1"),  # the first letter fits the sentence it is put in
        ("redoes the totals by hand,", "P1"),  # the comma stands inside the marks
        ("redoes the totals by hand - 'every single Friday'", "P1"),
        ('redoes the totals by hand—"every single Friday"', "P1"),
        ("redoes\u00a0the  totals\nby hand", "P1"),
        ("It's maddening.", "P2"),
        ("Filters reset … so I start again", "P2"),
        ("Filters reset […] It's maddening", "P2"),
        ("Filters reset [...] so I start again ...", "P2"),
        ("… a one-page cheat sheet", "P2"),
        ("[The filters] reset when I go back", "P2"),
        ("I keep a one-page cheat sheet [of filters]. Nobody else has one", "P2"),
        ("[f]ilters reset when I go back", "P2"),
        ("请保存我的筛选条件", "P4"),
        ("筛选条件", "P4"),  # no spaces tell where a word begins
        ("maddening", None),
    ],
)
def test_typography_ellipses_and_brackets_keep_a_quote_exact(words, by):
    match = INDEX.find(words, by)
    assert match.kind == "exact"
    assert by is None or {source.customer for source in match.sources} == {by}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("redoes the total by hand", "altered"),
        ("It’s so slow and maddening to wait", "none"),
        ("edoes the totals", "none"),  # cut within a word
        ("300 for 12 seats", "altered"),  # and within a number
        ("Filters reset so I start again now", "altered"),
        ("so I start again … Filters reset when", "joined"),  # not in this order
        ("Filters reset when I go back. Ours went in at the first try", "joined"),
        ("Filters reset when … first try", "altered"),
        ("Nobody else has … Ours went in at", "joined"),
        ("", "none"),
        ("…", "none"),
        ("[all of it]", "none"),
        ("This is great", "none"),
        ("Filters reset when I go back so I start again!", "altered"),
    ],
)
def test_anything_else_is_not(words, kind):
    assert INDEX.find(words).kind == kind


def test_a_bracket_stands_for_a_phrase_and_no_more():
    assert find_quote("I keep [many] one has one", SOURCES).kind != "exact"
    assert find_quote("I keep [notes]. Nobody else has one", SOURCES).kind == "exact"
    assert find_quote("I keep a [sheet] without it", SOURCES).kind != "exact"
    assert find_quote("I keep a … without it", SOURCES).kind == "exact"


def test_whose_words_they_are_is_told():
    other = INDEX.find("The import was fine", "P1")
    assert (other.kind, other.sources[0].customer, other.sources[0].file) == ("other", "P3", "P3.md")
    joined = INDEX.find("start again. The import was fine", "P2")
    assert [source.customer for source in INDEX.find("so I start again. The import was fine").sources] == ["P2", "P3"]
    assert joined.kind != "exact"
    twice = QuoteIndex([*SOURCES, Source("P9#1", "P9", "P9.md", 1, "the import was fine")])
    assert [source.customer for source in twice.find("The import was fine").sources] == ["P3", "P9"]
    assert [source.customer for source in twice.find("The import was fine", "P9").sources] == ["P9"]


def test_what_differs_is_told():
    altered = INDEX.find("Filters reset when I come back, so I start again", "P2")
    assert altered.nearest == "Filters reset when I go back, so I start again"
    assert altered.differs == (("come", "go"),)
    assert 0.9 < altered.similarity < 1
    silent = INDEX.find("Filters reset when I go back. It's maddening", "P2")
    assert silent.kind == "altered"
    assert silent.differs == (("", "so I start again."),)
    left_out = INDEX.find("I keep a one-page cheat sheet of settings. I would be lost without it", "P2")
    assert (left_out.kind, left_out.differs) == ("altered", (("", "Nobody else has one."),))


def test_the_order_of_the_sources_does_not_matter():
    shuffled = random.Random(0).sample(SOURCES, len(SOURCES))
    for words in ("I would be lost", "filters reset when I came back", "Ours went in … lost", "a"):
        assert QuoteIndex(shuffled).find(words) == INDEX.find(words)


def test_no_sources_and_empty_ones():
    assert find_quote("anything at all", []).kind == "none"
    assert find_quote("anything at all", [Source("a", "A", "a.md", 1, "")]).kind == "none"


WORDS = st.text(alphabet=string.ascii_letters + "äöéß’'-,.“”–… 0123456789", min_size=0, max_size=12)
STATEMENTS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=6)


@given(STATEMENTS, st.data())
def test_words_cut_from_a_statement_are_exact(statements, data):
    sources = [Source(str(i), "A", "a.md", i, text) for i, text in enumerate(statements)]
    words = data.draw(st.sampled_from(statements)).split()
    assume(words)
    first = data.draw(st.integers(0, len(words) - 1))
    cut = words[first : data.draw(st.integers(first + 1, len(words)))]
    assume(any(letter.isalnum() for word in cut for letter in word))
    # Brackets are none here, and an ellipsis in the statement is one in the quote.
    assert find_quote(" ".join(cut), sources, "A").kind == "exact"


@given(STATEMENTS, st.data())
def test_one_changed_letter_is_never_exact(statements, data):
    sources = [Source(str(i), "A", "a.md", i, text) for i, text in enumerate(statements)]
    text = data.draw(st.sampled_from(statements))
    places = [i for i, letter in enumerate(text) if letter.isalpha()]
    assume(places)
    at = data.draw(st.sampled_from(places))
    changed = text[:at] + data.draw(st.sampled_from([c for c in "qxzj" if c != text[at].lower()])) + text[at + 1 :]
    everything = "\n".join(map(plain, statements)).casefold()
    # What is left may by chance be said elsewhere, in the parts between its own ellipses.
    assume(any(part.strip(" '-,.;:").casefold() not in everything for part in re.split(r"\.{3,}", plain(changed))))
    assert find_quote(changed, sources, "A").kind != "exact"


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
def test_no_text_is_too_odd(words, statements):
    match = find_quote(words, [Source(str(i), "A", "a.md", i, text) for i, text in enumerate(statements)])
    assert match.kind in ("exact", "joined", "altered", "none")
