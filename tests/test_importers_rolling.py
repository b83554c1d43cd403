"""Captions that roll, as YouTube writes them: each line is read once, at its own time, and what is said twice stays twice."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.importers import Source, read_source
from workbench.importers.rolling import Cue, fold_rolled
from workbench.importers.turns import Line

# The form of YouTube's own captions (~ is a blank): a line that grows word by word, alone for a hundredth of a second, then above the next.
YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:01.160 --> 00:00:03.389 align:start position:0%
~
so<00:00:01.500><c> last</c><00:00:02.000><c> week</c><00:00:02.500><c> it</c><00:00:03.000><c> broke</c>

00:00:03.389 --> 00:00:03.399 align:start position:0%
so last week it broke
~

00:00:03.399 --> 00:00:06.000 align:start position:0%
so last week it broke
and<00:00:04.000><c> I</c><00:00:04.300><c> redid</c><00:00:04.600><c> it</c>

00:00:06.000 --> 00:00:06.010 align:start position:0%
and I redid it
~

00:00:06.010 --> 00:00:08.000 align:start position:0%
and I redid it
by<00:00:07.000><c> hand</c>

""".replace("~", " ")
# As it was in 2016: colours, three lines at once, and only blanks between the cues.
OLDER = """WEBVTT
Kind: captions
Language: en
Style:
::cue(c.colorE5E5E5) { color: rgb(229,229,229); }
##

00:03:18.169 --> 00:03:19.399 align:start position:0%
so last week it<c.colorE5E5E5> broke</c>

00:03:19.399 --> 00:03:21.919 align:start position:0%
so last week it<c.colorE5E5E5> broke</c>
and<00:03:20.199><c> I</c><00:03:20.370><c> redid</c><00:03:21.120><c> it</c>
~
00:03:21.919 --> 00:03:22.099 align:start position:0%
so last week it<c.colorE5E5E5> broke</c>
and I redid it
by<00:03:22.000><c> hand</c>
~
00:03:22.099 --> 00:03:25.000 align:start position:0%
and I redid it
by hand
the<00:03:23.000><c> whole</c><00:03:24.000><c> day</c>
""".replace("~", " ")


def read(text, name):
    _, (found,) = read_source(Source(name, text.encode()))
    return found


def pieces(found):
    """Each piece's words, with its time and line."""
    (turn,) = found.turns
    starts = [piece.start for piece in turn.pieces]
    return [
        (turn.text[start:end].strip(), piece.at, piece.line)
        for piece, start, end in zip(turn.pieces, starts, [*starts[1:], None], strict=True)
    ]


def srt(cues):
    """Cues as SRT: (start, end, lines)."""
    return "\n".join(f"{n}\n00:00:{a:06.3f} --> 00:00:{b:06.3f}\n{lines}\n" for n, (a, b, lines) in enumerate(cues, 1))


def test_a_line_that_youtube_has_three_times_is_read_once_at_its_own_time():
    found = read(YOUTUBE, "call.vtt")
    assert pieces(found) == [
        ("so last week it broke", 1, 7),
        ("and I redid it", 3, 15),
        ("by hand", 6, 23),
    ]
    (problem,) = found.problems
    assert (problem.line, problem.what.split(":")[0]) == (
        10,
        "the captions roll",
    )
    assert "4 of them" in problem.what


def test_three_lines_at_once_and_blanks_between_the_cues():
    assert pieces(read(OLDER, "call.vtt")) == [
        ("so last week it broke", 198, 9),
        ("and I redid it", 199, 13),
        ("by hand", 201, 18),
        ("the whole day", 202, 23),
    ]


def test_the_same_captions_as_srt():
    text = srt(
        [
            (1.16, 3.389, "so last week it broke"),
            (3.389, 3.399, "so last week it broke"),
            (3.399, 6, "so last week it broke\nand I redid it"),
            (6, 6.01, "and I redid it"),
            (6.01, 8, "and I redid it\nby hand"),
        ]
    )
    assert pieces(read(text, "call.srt")) == [
        ("so last week it broke", 1, 3),
        ("and I redid it", 3, 12),
        ("by hand", 6, 21),
    ]


def test_lines_that_a_program_has_joined_roll_as_well():
    shown = [
        "so last week it broke",
        "so last week it broke and I redid it",
        "and I redid it by hand in Excel",
        "by hand in Excel the whole day",
    ]
    text = srt([(n, n + 1, lines) for n, lines in enumerate(shown, 1)])
    assert [words for words, _, _ in pieces(read(text, "call.srt"))] == [
        "so last week it broke",
        "and I redid it",
        "by hand in Excel",
        "the whole day",
    ]


def test_capitals_and_commas_that_youtube_mends_make_no_other_line():
    shown = ["so last week", "So, last week\nit broke", "It broke.\nand I", "and I\nredid it"]
    text = srt([(n, n + 1, lines) for n, lines in enumerate(shown, 1)])
    assert [words for words, _, _ in pieces(read(text, "call.srt"))] == [
        "so last week",
        "it broke",
        "and I",
        "redid it",
    ]


@pytest.mark.parametrize("ending", ["srt", "vtt"])
def test_what_somebody_says_twice_stays_twice_where_nothing_rolls(ending):
    said = ["No.", "No.", "It broke.", "It broke.", "Really, it broke.", "It broke again.", "And then?", "No."]
    text = srt([(2 * n, 2 * n + 2, words) for n, words in enumerate(said, 1)])
    text = text if ending == "srt" else f"WEBVTT\n\n{text}"
    found = read(text, f"call.{ending}")
    assert [words for words, _, _ in pieces(found)] == said
    assert found.problems == ()


def test_named_speakers_who_say_the_same_after_another_both_keep_their_words():
    said = [
        "<v Ana>It broke?</v>",
        "<v Jane>It broke?</v>",
        "<v Jane>It broke? Yes.</v>",
        "<v Jane>It broke? Yes. It did.</v>",
    ]
    text = "WEBVTT\n\n" + srt([(n, n + 1, words) for n, words in enumerate(said, 1)])
    found = read(text, "call.vtt")
    assert [turn.text for turn in found.turns] == ["It broke?", "It broke? It broke? Yes. It broke? Yes. It did."]


def test_what_is_said_twice_stays_twice_where_captions_roll():
    text = srt(
        [
            (1, 2, "no"),
            (2, 2.01, "no"),
            (2.01, 3, "no\nno"),
            (3, 3.01, "no"),
            (3.01, 5, "no\nit broke"),
            (9, 10, "it broke"),
        ]
    )
    assert [words for words, _, _ in pieces(read(text, "call.srt"))] == ["no", "no", "it broke", "it broke"]


@pytest.mark.parametrize("sign", [">>", "&gt;&gt;", ">>>"])
def test_signs_for_another_speaker_keep_the_words_of_two_apart(sign):
    shown = [
        "It broke",
        f"It broke\n{sign} When?",
        f"{sign} When?\nLast week. {sign} Oh",
        f"Last week. {sign} Oh\n{sign} Yes",
    ]
    found = read("WEBVTT\n\n" + srt([(n, n + 1, lines) for n, lines in enumerate(shown, 1)]), "call.vtt")
    assert [(turn.speaker, turn.text, turn.at) for turn in found.turns] == [
        ("", "It broke", 1),
        ("", "When? Last week.", 2),
        ("", "Oh", 3),
        ("", "Yes", 4),
    ]


def test_signs_before_names_and_signs_in_what_somebody_with_a_name_says():
    text = srt(
        [(1, 2, ">> ANA: When?"), (2, 3, ">> JANE: Last week."), (3, 4, "I mean Friday."), (4, 5, ">> ANA: Oh.")]
    )
    assert [(turn.speaker, turn.text) for turn in read(text, "a.srt").turns] == [
        ("ANA", "When?"),
        ("JANE", "Last week. I mean Friday."),
        ("ANA", "Oh."),
    ]
    text = srt([(1, 2, "Ana: Where?"), (2, 3, "Jane: File >> Export >> CSV."), (3, 4, "Ana: Oh.")])
    assert [turn.text for turn in read(text, "a.srt").turns] == ["Where?", "File >> Export >> CSV.", "Oh."]


LINES = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(" ".join), min_size=4, max_size=12)


def cue(start, end, *lines):
    return Cue(start, end, tuple(Line(line, n) for n, line in enumerate(lines, 1)))


@given(LINES, st.booleans())
def test_whatever_is_said_comes_back_from_captions_that_roll(lines, flash):
    """However often words are said again: what rolls is told from it by where lines begin and end."""
    cues = [cue(0.0, 1.0, lines[0])]
    for n, (above, line) in enumerate(pairwise(lines), 1):
        if flash:
            cues.append(cue(float(n), n + 0.01, above))
        cues.append(cue(n + 0.01 * flash, n + 1.0, above, line))
    kept, problems = fold_rolled("a.srt", cues)
    assert [[line.text for line in one.lines] for one in kept] == [[line] for line in lines]
    assert [int(one.start) for one in kept] == list(range(len(lines)))
    assert len(problems) == 1
