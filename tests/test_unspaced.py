"""Talk in scripts without blanks: quotes found again, calls known as one, candidates no longer than elsewhere."""

import unicodedata

import pytest

from workbench.candidates import MOST_WORDS, find_candidates
from workbench.importers import Piece, Turn
from workbench.importers.contents import Transcript
from workbench.near_words import NearWords, split_talk
from workbench.notes import parse_call
from workbench.quotes import QuoteIndex, Source, plain
from workbench.recorded import Recorded
from workbench.refit import find_note, refit_notes
from workbench.same_call import LEAST_ALIKE, alike, sketch
from workbench.themes.phrases import read_tokens
from workbench.themes.words import split_words
from workbench.unspaced import count_words, join_words, split_pairs

SAID = {
    "ja": (
        "毎週金曜日にエクセルに書き出して、合計を手で計算し直しています。エクスポートすると行が消えるので、とても困っています。",
        "毎週金曜日にエクセルに書出して合計を手で計算しなおしています。エクスポートすると業が消えるので、とても困っています。",
        "エクスポートすると行が消える",
        "エクスポートすると業が消える",
    ),
    "zh": (
        "我们每个星期五都把数据导出到表格里，然后手工重新计算合计。导出的时候有几行会消失，所以我们很头疼。",
        "我们每个星期五都把数据导出到表格里然后手工从新计算合计，导出的时候有几行会消逝，所以我们很头疼。",
        "手工重新计算合计",
        "手工从新计算合计",
    ),
    "th": (
        "ทุกวันศุกร์เราส่งออกข้อมูลไปยังตาราง แล้วคำนวณยอดรวมใหม่ด้วยมือ บางแถวหายไปตอนส่งออก",
        "ทุกวันศุกร์เราส่งออกข้อมูลไปที่ตาราง แล้วคำนวณยอดรวมไหม่ด้วยมือ บางแถวหายไปตอนส่งออก",
        "คำนวณยอดรวมใหม่ด้วยมือ",
        "คำนวณยอดรวมไหม่ด้วยมือ",
    ),
}
OTHER = {
    "ja": "新しい画面は見やすくなりましたが、検索の結果が遅くて、部長に見せる資料を作るのに毎月二日もかかってしまうんです。",
    "zh": "新的界面比以前清楚多了，但是搜索结果出来得太慢，每个月给领导准备材料都要花掉整整两天的时间，大家都有意见。",
    "th": "หน้าจอใหม่ดูง่ายขึ้นมาก แต่ผลการค้นหาช้าเกินไป การเตรียมเอกสารให้หัวหน้าใช้เวลาสองวันทุกเดือน",
}


def talk(text, at=9, speaker="Jane"):
    return Transcript((Turn(speaker, text, (Piece(0, at, 3),)),))


@pytest.mark.parametrize("language", SAID)
def test_a_quote_from_the_middle_of_a_turn_is_found_again_with_the_misheard_letter_mended(language):
    before, now, quote, mended = SAID[language]
    (note,) = parse_call(f'- "{quote}" @00:09', "a.md").notes
    found = refit_notes(talk(before), talk(now, at=11), [note])
    assert [(one.text, one.at) for one in found.changed] == [(mended, "00:11")]
    assert not found.lost
    assert find_note(talk(before), quote) == (3, "Jane")


@pytest.mark.parametrize("language", SAID)
def test_a_quote_whose_words_are_gone_is_listed(language):
    before, _, quote, _ = SAID[language]
    (note,) = parse_call(f'- "{quote}" @00:09', "a.md").notes
    found = refit_notes(talk(before), talk(OTHER[language]), [note])
    assert [one.note for one in found.lost] == [note]


@pytest.mark.parametrize(
    ("before", "now", "quote", "mended"),
    [
        ("ลูกค้าอยากได้เสือสีแดง", "ลูกค้าอยากได้เสื้อสีแดง", "อยากได้เสือสีแดง", "อยากได้เสื้อสีแดง"),
        ("ระบบนี้มีราคาใหม้ครับ", "ระบบนี้มีราคาใหม่ครับ", "มีราคาใหม้", "มีราคาใหม่"),
        (
            "हम हर शनिवार को रिपोर्ट बनाते है",
            "हम हर शनिवार को रिपोर्ट बनाते हैं",
            "शनिवार को रिपोर्ट बनाते है",
            "शनिवार को रिपोर्ट बनाते हैं",
        ),
    ],
)
def test_another_mark_makes_another_word_and_goes_with_its_letter(before, now, quote, mended):
    (note,) = parse_call(f'- "{quote}" @00:09', "a.md").notes
    (changed,) = refit_notes(talk(before), talk(now), [note]).changed
    assert (changed.text, changed.said) == (mended, mended)
    assert find_note(talk(now), quote) is None


@pytest.mark.parametrize("language", SAID)
def test_a_call_that_two_recorders_heard_is_one_and_another_call_is_not(language):
    before, now, _, _ = SAID[language]
    assert alike(sketch([before]), sketch([now])) > 1.5 * LEAST_ALIKE
    assert alike(sketch([before]), sketch([OTHER[language]])) < LEAST_ALIKE / 2


@pytest.mark.parametrize("language", SAID)
def test_words_that_were_heard_otherwise_are_near(language):
    before, now, quote, _ = SAID[language]
    assert NearWords([split_talk(now)]).find(split_talk(quote)).share > 0.6
    assert NearWords([split_talk(OTHER[language])]).find(split_talk(quote)).share < 0.3


@pytest.mark.parametrize("language", SAID)
def test_talk_without_a_full_stop_gives_candidates_of_the_usual_length(language):
    said = "".join(letter for letter in SAID[language][0] * 20 if letter not in " 。，、")
    found = find_candidates(talk(said), ())
    assert found
    assert max(count_words(one.text) for one in found) <= MOST_WORDS
    assert all(one.text in said for one in found)
    assert not any(unicodedata.category(one.text[0]).startswith("M") for one in found), "no mark without its letter"


@pytest.mark.parametrize("language", SAID)
def test_a_quote_with_another_letter_is_an_altered_one_and_names_the_letter(language):
    before, _, quote, mended = SAID[language]
    index = QuoteIndex([Source("a#1", "acme", "a.md", 3, before), Source("b#1", "bolt", "b.md", 4, OTHER[language])])
    assert index.find(quote).kind == "exact"
    found = index.find(mended)
    assert (found.kind, found.nearest, found.sources[0].line) == ("altered", plain(quote), 3)
    ((ours, theirs),) = found.differs
    assert len(ours) == len(theirs) == 1


def test_a_quote_of_two_statements_is_joined_and_one_of_none_is_nobodys():
    before, _, _, _ = SAID["ja"]
    index = QuoteIndex([Source("a#1", "acme", "a.md", 3, before), Source("b#1", "bolt", "b.md", 4, OTHER["ja"])])
    assert index.find("合計を手で計算し直していますが検索の結果が遅くて").kind == "altered", (
        "nobody says the letter between"
    )
    found = index.find("合計を手で計算し直しています。検索の結果が遅くて")
    assert (found.kind, [one.line for one in found.sources]) == ("joined", [3, 4])
    assert index.find("エクスポートとても困っています").kind != "joined", "a word is no part of a quote"
    assert index.find("合計を手で\n計算し直しています").kind == "exact", "where a line was broken"
    assert index.find("請求書の金額が毎回違うので経理が怒っています").kind == "none"
    assert index.find("とても困っています。").kind == index.find("とても困っています").kind == "exact"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("quote", "手で合計を計算し直していますか"),
        ("quote", "毎週、手で合計を計算し直し"),
        ("quote", "毎週手で合計を計算しなおしています"),
        ("observation", "毎週手で合計を計算し直していますか"),
    ],
)
def test_what_we_ask_is_no_word_of_the_customer(kind, words):
    asked = "お時間ありがとうございます。毎週手で合計を計算し直していますか？"  # noqa: RUF001
    turns = [Turn("Ana", asked, (Piece(0, 1, 2),)), Turn("田中", SAID["ja"][0], (Piece(0, 9, 3),))]
    recorded = Recorded("a", "Acme", "a.vtt", Transcript(tuple(turns)), ("Ana",), ("田中",))
    assert "a.vtt:2" in (recorded.find_ours(kind, words) or recorded.find_nearly_ours(kind, words)[0])
    assert not recorded.find_ours("quote", "合計を手で計算し直しています")
    assert not recorded.find_nearly_ours("quote", "エクスポートすると行が消える")[0]


def test_a_part_of_our_question_is_no_question_of_ours_for_a_foreign_word_in_it():
    asked = "毎週金曜日にExcelに書き出して合計を手で計算し直した後で部長に送っていますか、それとも別の人がしますか。"
    turns = (Turn("Ana", asked, (Piece(0, 1, 2),)), Turn("田中", "別の人です。", (Piece(0, 9, 3),)))
    recorded = Recorded("a", "Acme", "a.vtt", Transcript(turns), ("Ana",), ("田中",))
    assert recorded.find_nearly_ours("observation", "Excelに書き出して合計を手で計算し直した") == ("", 0.0)


def test_where_scripts_have_blanks_a_sentence_of_ours_ends_at_one():
    turns = (Turn("Ana", "Is it v2?do you redo the totals by hand?yes", (Piece(0, 1, 2),)),)
    recorded = Recorded("a", "Acme", "a.vtt", Transcript(turns), ("Ana",))
    assert recorded.find_ours("observation", "do you redo the totals by hand") == ""


def test_words_of_two_scripts():
    assert list(split_pairs("APIが遅い!")) == ["API", "が遅", "遅い", "!"]
    assert join_words(["APIが", "遅", "い", "now"]) == "APIが遅い now"
    assert count_words("The API は 遅い") == 4


def test_words_of_themes_keep_the_marks_on_their_letters():
    assert [one.word for one in read_tokens("हम रिपोर्ट बनाते हैं", "hi")] == ["हम", "रिपोर्ट", "बनाते", "हैं"]
    assert split_words("جدًّا l'été") == ["جدًّا", "l'été"]
