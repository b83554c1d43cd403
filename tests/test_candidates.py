"""Which sentences of a transcript are offered as notes, and in which order."""

import pytest

from workbench.candidates import MOST_WORDS, cite_turn, find_candidates, split_us
from workbench.importers import Piece, Transcript, Turn

PLAIN = "The list of orders shows every order of the last three months in one long table on the screen."


def talk(*turns):
    """A transcript of (speaker, text) pairs, a line each, without times."""
    return Transcript(tuple(Turn(who, text, (Piece(0, None, i),)) for i, (who, text) in enumerate(turns, 1)))


def texts(transcript, us=("Ana",), **how):
    return [one.text for one in find_candidates(transcript, us, **how)]


def test_nothing_that_one_of_us_said_is_one_however_the_name_is_written():
    found = texts(
        talk(("ANA", "I would worry a lot about the export to Excel."), ("Jane", "I redo the totals by hand."))
    )
    assert found == ["I redo the totals by hand."]


def test_each_is_verbatim_at_its_place_also_behind_accents_and_emoji():
    transcript = talk(
        ("Zoë", "Déjà vu 🙂 again, on each Friday. " + PLAIN),
        ("Ana", "Why?"),
        ("Zoë", PLAIN + " 日本 was fine there too."),
    )
    found = find_candidates(transcript, ["Ana"])
    assert len(found) == 3
    for one in found:
        assert transcript.turns[one.turn].text[one.start : one.end] == one.text
        assert (one.speaker, one.line) == ("Zoë", one.turn + 1)
    assert {one.at for one in found} == {"¶1", "¶3"}


def test_a_signal_an_answer_and_length_raise_a_sentence_and_being_a_question_lowers_it():
    def worth(text, before="Right then."):
        (one,) = find_candidates(talk(("Ana", before), ("Jane", text)), ["Ana"])
        return one.worth

    assert worth("I redo the totals by hand, and it is a nightmare.") > worth(
        "I look at the totals then, and it is on a Friday."
    )
    assert worth(PLAIN, "How is it?") > worth(PLAIN)
    assert worth(PLAIN) > worth("The list shows every order.")
    assert worth(PLAIN) > worth(PLAIN.replace(".", "?"))
    assert worth("You know, I mean, it is um like kind of the the list.") < worth(
        "Then it is the list of the orders from all sites."
    )


def test_the_first_come_from_the_whole_call_and_not_from_one_place():
    """Twenty sentences in a row that are each worth more than the twenty behind them."""
    rich = " ".join(f"The export number {n} is a nightmare and I redo its totals by hand." for n in range(20))
    poor = " ".join(f"The table number {n} has the orders of all the sites that we have." for n in range(20))
    places = [one.start for one in find_candidates(talk(("Jane", f"{rich} {poor}")))[:10]]
    assert sum(place < len(rich) for place in places) in range(4, 7)
    assert min(b - a for a, b in zip(sorted(places), sorted(places)[1:], strict=False)) > 100


def test_worth_never_rises_along_the_list():
    transcript = talk(
        *[("Jane", f"{PLAIN} I redo item {n} by hand. Nothing much to say here really.") for n in range(30)]
    )
    worths = [one.worth for one in find_candidates(transcript)]
    assert worths == sorted(worths, reverse=True)


def test_short_sentences_go_with_their_neighbour_and_fillers_are_left_off_the_ends():
    found = texts(talk(("Jane", "Okay. Yeah. It broke twice. On a Friday, of course. Right.")))
    assert found == ["It broke twice. On a Friday, of course."]
    assert texts(talk(("Jane", "Okay. Yeah, right. No."))) == []


def test_where_a_machine_wrote_no_signs_a_part_begins_where_a_thought_may_and_is_verbatim():
    thoughts = [
        "um i start with the late orders every morning",
        "and then i sort them by site which takes me an hour on a bad day",
        "but when the filters reset i have to go back",
        "and do the whole list over again because nobody told me that it would",
    ]
    text = " ".join(thoughts)
    transcript = talk(("Ana", "how do you do it"), ("Jane", text))
    found = sorted(find_candidates(transcript, ["Ana"]), key=lambda one: one.start)
    assert [one.text for one in found] == thoughts
    assert all(text[one.start : one.end] == one.text for one in found)
    assert {one.at for one in found} == {"¶2"}


def test_without_signs_a_pause_tells_where_a_thought_ends():
    said = [
        "the list of orders was open all day long",
        "on friday the export gave us other numbers",
        "the site in the north sees none of it",
    ]
    starts = [0, len(said[0]) + 1, len(said[0]) + len(said[1]) + 2]
    for at, cut in ([(0, 3, 12), 2], [(0, 9, 12), 1]):
        turn = Turn(
            "Jane", " ".join(said), tuple(Piece(start, when, 3) for start, when in zip(starts, at, strict=True))
        )
        places = sorted(one.start for one in find_candidates(Transcript((turn,))))
        assert places == [0, starts[cut]]


def test_without_signs_a_question_is_told_by_its_words_and_its_answer_is_worth_more():
    def worth(before):
        (one,) = find_candidates(talk(("Ana", before), ("Jane", PLAIN)), ["Ana"])
        return one.worth

    assert worth("and how do you find them") == worth("And how do you find them?") > worth("i will share my screen now")


def test_talk_without_full_stops_is_cut_at_its_cues():
    words = [f"we had the list {n} open all day and then it was gone again before noon" for n in range(12)]
    starts = [sum(len(one) + 1 for one in words[:n]) for n in range(12)]
    words[-1] += "."
    turn = Turn("Jane", " ".join(words), tuple(Piece(start, 4 * n, 3 * n + 2) for n, start in enumerate(starts)))
    found = sorted(find_candidates(Transcript((turn,))), key=lambda one: one.start)
    assert all(one.start in starts and len(one.text.split()) <= MOST_WORDS for one in found)
    assert " ".join(one.text for one in found) == turn.text
    assert [one.at for one in found][:2] == ["00:00", "00:04"]


@pytest.mark.parametrize("between", [", ", " and ", " "])
def test_talk_without_full_stops_and_cues_is_cut_all_the_same_and_nothing_is_lost(between):
    text = between.join(f"the list {n} was open all day long" for n in range(40))
    found = sorted(find_candidates(talk(("Jane", text))), key=lambda one: one.start)
    assert len(found) > 5
    assert all(len(one.text.split()) <= MOST_WORDS for one in found)
    assert " ".join(one.text for one in found) == text
    if between == " and ":
        assert all(one.text.startswith("and ") for one in found[1:])


def test_no_number_is_cut_at_its_comma():
    found = find_candidates(talk(("Jane", "we have about 100,000 rows in there and they never fit " * 20)))
    assert len(found) > 3
    assert not any(one.text.endswith("100,") or one.text.startswith("000") for one in found)


@pytest.mark.parametrize("text", ["x" * 5000, "? " * 3000, "(" * 3000, "a, " * 3000, "。" * 2000])
def test_odd_text_gives_what_there_is_and_no_error(text):
    assert all(one.text in text for one in find_candidates(talk(("", text))))


def test_other_languages_have_their_own_sentences():
    german = "Am 3. Oktober z.B. hat der Export zwei Stunden gedauert. Danach haben wir alles von Hand gezählt."
    assert texts(talk(("Jane", german)), language="de")[0] == german.partition(" Danach")[0]
    assert len(texts(talk(("Jane", "レポートに毎週二時間かかります。金曜日に手で合計を計算しています。")))) == 2
    assert len(texts(talk(("Jane", "التقرير يأخذ مني ساعتين كل أسبوع. أحسب كل المجاميع باليد يوم الجمعة.")))) == 2


def test_a_turn_is_cited_by_its_time_or_else_by_its_number():
    turn = Turn("Jane", "It broke. Twice.", (Piece(0, 59, 3), Piece(10, 61, 6)))
    assert (cite_turn(turn, 0), cite_turn(turn, 0, 12)) == ("00:59", "01:01")
    assert cite_turn(Turn("Jane", "It broke.", (Piece(0, None, 3),)), 11) == "¶12"


def test_names_of_us_are_split_at_semicolons():
    assert split_us(" Ana  Ruiz;Tom; ;") == ("Ana Ruiz", "Tom")
    assert split_us("") == ()
