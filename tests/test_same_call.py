"""Whether two transcripts are of one call, where little is said."""

import pytest

from workbench.arrivals import settle
from workbench.bring_in import bring_in, plan_import
from workbench.importers import Source
from workbench.same_call import SameCall, alike, sketch

SHORT = "No, it broke again and I redid it by hand."
TALK = "Ana: Did it work?\n\nJane: {}\n\nAna: Oh.\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Did it work?\n\n00:03.000 --> 00:04.000\n<v Jane>{}\n\n00:05.000 --> 00:06.000\n<v Ana>Oh.\n"


@pytest.mark.parametrize(
    "other", ["no it BROKE again – and I redid it by hand", "No, it broke again\nand I redid it by hand."]
)
def test_a_short_call_is_known_where_every_word_is_the_same(other):
    seen = SameCall()
    seen.add(sketch([SHORT]), "first.vtt")
    assert seen.find(sketch([other])) == "first.vtt"
    assert alike(sketch([SHORT]), sketch([other])) == 1.0


@pytest.mark.parametrize(
    "other", [SHORT.replace("again", "twice"), f"{SHORT} Really.", "No, it broke again.", SHORT * 10]
)
def test_a_short_call_of_which_one_word_is_another_is_another_call(other):
    seen = SameCall()
    seen.add(sketch([SHORT]), "first.vtt")
    assert seen.find(sketch([other])) is None
    seen.add(sketch([other]), "second.vtt")
    assert seen.find(sketch([SHORT])) == "first.vtt"


def test_what_anybody_may_say_tells_no_call():
    seen = SameCall()
    seen.add(sketch(["Yes, it did."]), "first.vtt")
    assert seen.find(sketch(["Yes, it did."])) is None


def test_a_short_call_that_comes_again_in_another_form_is_skipped(tmp_path):
    (tmp_path / "interviews").mkdir()
    said = {"customer": "Acme", "day": "2026-11-17", "speakers": {"Ana": "us", "Jane": "customer"}}
    for name, data, calls in (
        ("a.vtt", VTT.format(SHORT), 1),
        ("b.txt", TALK.format(SHORT), 0),
        ("c.txt", TALK.format("It went well, thank you."), 1),
    ):
        plan = plan_import(tmp_path, [Source(name, data.encode())], **said)
        done = bring_in(tmp_path, [settle(arrival, confirm=True) for arrival in plan])
        assert (name, len(done.calls)) == (name, calls)


def test_the_same_few_words_to_another_question_are_another_call(tmp_path):
    (tmp_path / "interviews").mkdir()
    said = {"customer": "Acme", "day": "2026-11-17", "speakers": {"Ana": "us", "Jane": "customer"}}
    one = TALK.format("Yes, that is exactly how it works.")
    other = one.replace("Did it work", "Does the auditor see the figures before finance has closed the month")
    for name, data, calls in (
        ("a.txt", one, 1),
        ("b.txt", other, 1),
        ("c.txt", other + "\n", 0),
        ("d.txt", one + "\n", 0),
    ):
        plan = plan_import(tmp_path, [Source(name, data.encode())], **said)
        done = bring_in(tmp_path, [settle(arrival, confirm=True) for arrival in plan])
        assert (name, len(done.calls)) == (name, calls)
