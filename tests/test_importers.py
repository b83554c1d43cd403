"""What others recorded or wrote, as this reads it: bytes in, turns, notes and tables out."""

import random
import re

import pytest

from workbench.importers import Source, Transcript, Unreadable, importers, read_source
from workbench.importers.code_pages import NAMES
from workbench.importers.turns import Said, join_turns, split_speakers


def read(data, name="call.vtt"):
    data = data if isinstance(data, bytes) else data.encode()
    importer, contents = read_source(Source(name, data))
    return importer.name, contents


def transcript(data, name="call.vtt"):
    _, (found,) = read(data, name)
    assert isinstance(found, Transcript)
    return found


def told(found):
    return [(turn.speaker, turn.text, turn.at) for turn in found.turns]


def test_a_file_is_known_by_what_is_in_it_whatever_its_ending_says():
    data = "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: Hello\n"
    assert {read(data, name)[0] for name in ("a.vtt", "a.txt", "a", "a.docx")} == {"WebVTT captions"}


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("Müller\nCafé 😡\n".encode() + b"Zo\xeb\n", "utf-8", "Müller\nCafé 😡\nZo\ufffd\n"),
        ("Müller, Café".encode()[:-1], "utf-8", "Müller, Caf\ufffd"),
        ("Zoë, Müller: “déjà vu”".encode("cp1252"), "cp1252", "Zoë, Müller: “déjà vu”"),
        ("a \ufffd b".encode(), "utf-8", "a \ufffd b"),
    ],
)
def test_one_odd_byte_changes_no_other_letter(data, encoding, text):
    """It once made Windows-1252 of the whole table: each Müller of 150,000 rows became MÃ¼ller."""
    assert (Source("tickets.csv", data).encoding, Source("tickets.csv", data).text) == (encoding, text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_any_encoding_gives_the_same_turns(encoding):
    text = "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nZoë: déjà vu – “yes” 🙂\r\n"
    assert told(transcript(text.encode(encoding))) == [("Zoë", "déjà vu – “yes” 🙂", 1)]


def test_windows_1252_is_read_where_the_bytes_are_no_utf_8():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nZoë: “déjà vu”\n"
    assert told(transcript(text.encode("cp1252"))) == [("Zoë", "“déjà vu”", 1)]


ENCODED = {
    "cp1250": ["Jiří: Každý měsíc přepisuji částky.", "Jiří: Proč? Export zaokrouhluje ručně."],
    "cp1251": ["Иван: Каждый месяц я переписываю суммы.", "Иван: Почему?"],
    "koi8_r": ["Иван: Каждый месяц я переписываю суммы.", "Иван: Почему?"],
    "cp1253": ["Νίκος: Κάθε μήνα ξαναγράφω τα ποσά.", "Νίκος: Είναι πολύ αργό."],
    "cp1254": ["Ayşe: Her ay tutarları elle yeniden yazıyorum.", "Ayşe: Çok yavaş, değil mi?"],  # noqa: RUF001
    "cp1255": ["דנה: אני מתקנת את הסכומים ידנית.", "דנה: זה מאוד איטי."],
    "cp1256": ["ليلى: أصدرها إلى إكسل ثم أصلح المجاميع", "ليلى: لأن الأرقام مقربة"],
    "mac_roman": ["José: Qué es lo más difícil?", "José: ¡qué desastre!"],
    "cp874": ["แอนนา: ทุกเดือนฉันต้องแก้ยอดรวมด้วยมือ", "แอนนา: ช้ามาก"],
    "cp932": ["田中: 毎月エクセルで合計を直しています。", "田中: Excelではないです。"],
    "euc_jp": ["田中: 毎月エクセルで合計を直しています。", "田中: なぜですか。"],
    "gb18030": ["王小明: 我们每天早上用表格导入，经常少几行。", "王小明: 只能一行一行地对。"],
    "cp950": ["王小明: 我們每天早上用表格匯入，經常少幾行。", "王小明: 只能一行一行地對。"],
    "cp949": ["김민수: 매번 엑셀로 합계를 다시 맞춥니다.", "김민수: 너무 느려요."],
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_another_encoding_is_read_by_its_letters_and_named_as_a_guess(encoding):
    text = "WEBVTT\n\n" + "".join(f"00:0{n}.000 --> 00:0{n}.900\n{one}\n\n" for n, one in enumerate(ENCODED[encoding]))
    found = transcript(text.encode(encoding))
    assert [found.turns[0].speaker, found.turns[0].text] == [
        ENCODED[encoding][0].partition(":")[0],
        " ".join(one.partition(": ")[2] for one in ENCODED[encoding]),
    ]
    (problem,) = found.problems
    assert (problem.line, problem.what) == (4, f"read as {NAMES[encoding]}") and "UTF-8" in problem.todo


@pytest.mark.parametrize(
    "words",
    [
        "Wie schwer fällt Ihnen der Export? Es dauert für mich viel länger – wöchentlich.", "Qué es lo más difícil? ¡Qué desastre!",
        "L'export était très lent, et j'ai dû tout refaire.", "Det er svært at få tallene på plads.", "Não consigo fechar o mês.",
        "Jag måste räkna om allt för hand.", "It’s broken – again. “Never” adds up, £50 a month.", "At the café: £5, 20°C",
    ],
)  # fmt: skip
def test_windows_1252_stays_that_in_every_language_that_is_written_in_it_and_nothing_is_said(words):
    found = transcript(f"Ana: {words}\nJane: Zoë?\nAna: {words}\n".encode("cp1252"), "a.txt")
    assert found.turns[0].text == words and not found.problems


def test_letters_that_do_not_tell_their_encoding_are_read_as_before_and_named():
    data = "Ana: Who?\nJane: Dvořák.\nAna: Oh.\n".encode("cp1250")
    found = transcript(data, "a.txt")
    assert found.turns[1].text == data.decode("cp1252").split("\n")[1].partition(": ")[2]
    assert [(one.line, one.what) for one in found.problems] == [
        (2, "read as Windows-1252, since its letters do not tell")
    ]


@pytest.mark.parametrize("name", ["a.vtt", "a.txt", "notes.md", "a.csv"])
def test_letters_that_cannot_be_read_are_named_with_their_first_line_in_every_kind_of_file(name):
    texts = {
        "a.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: Für wen?\nSeit M?rz",
        "a.txt": "Ana: Für wen?\n\nJane: Für uns.\n\nAna: Seit M?rz, M?rz",
        "notes.md": "# Äußerst\n\n- langsam\n\n- seit M?rz",
        "a.csv": "Customer,Quote\nAcme,für uns\nBolt,slow\nCarl,x\nDora,seit M?rz",
    }
    _, (found,) = read_source(Source(name, texts[name].encode().replace(b"M?rz", b"M\xe4rz")))
    (problem,) = [one for one in found.problems if "\ufffd" in one.what]
    assert problem.line == 5


def test_captions_with_voices_ids_notes_and_settings():
    found = transcript(
        "WEBVTT\n\nNOTE made by hand\n\nguid/12-0\n00:00:01.000 --> 00:00:02.000\n<v Ana Ruiz>How &amp;\nwhy?</v>\n\n"
        "guid/13-0\n00:01:03.500 --> 00:01:04.000 align:start\n<v.loud Jane Doe>By hand.</v>\n"
    )
    assert told(found) == [("Ana Ruiz", "How & why?", 1), ("Jane Doe", "By hand.", 63)]
    assert [turn.line for turn in found.turns] == [7, 12]


def test_a_cue_without_a_speaker_goes_on_with_the_one_before_and_keeps_its_own_time_and_line():
    found = transcript(
        "WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAna: It broke.\n\n2\n00:09.000 --> 00:10.000\nTwice on Monday.\n\n"
        "3\n00:11.000 --> 00:12.000\nAna: And again.\n"
    )
    (turn,) = found.turns
    assert turn.text == "It broke. Twice on Monday. And again."
    assert [turn.piece_at(turn.text.index(word))[1:] for word in ("It", "Twice", "Monday", "And")] == [
        (1, 5), (9, 9), (9, 9), (11, 13),
    ]  # fmt: skip


def test_a_name_that_comes_once_is_shown_as_a_speaker_rather_than_put_into_the_mouth_of_the_one_before():
    found = transcript(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: It broke.\n\n00:03.000 --> 00:04.000\nBob: Which one?\n"
    )
    assert found.speakers == ("Ana", "Bob")


SIGNED = ["Ana: What is hard?", "Jane: The totals.", "Jane: They never add up.", "{}", "Jane: No.", "Ana: I see."]


def cues(words, voices=False):
    if voices:
        words = [re.sub(r"(?m)^(\w+): (.*)$", r"<v \1>\2</v>", one) for one in words]
    return "WEBVTT\n\n" + "\n".join(f"00:{n:02}.000 --> 00:{n:02}.900\n{one}\n" for n, one in enumerate(words))


@pytest.mark.parametrize("voices", [False, True])
@pytest.mark.parametrize(
    ("first", "words", "is_nobodys"),
    [
        ("They never add up.", "Would you pay for a button?", True),
        ("They never add up.", "would you pay?", True),
        ("They never add up", "Would you pay for a button?", True),
        ("They never add up.", "Because it is frozen.", True),
        ("\u5408\u308f\u306a\u3044\u3002", "\u6255\u3044\u307e\u3059\u304b\uff1f", True),
        ("They never add up", "for me.", False),
        ("They never add up", "Excel is to blame", False),
        ("They never add up.", "and that is that", False),
        ("Who knows", "why that is?", False),
    ],
)
def test_a_caption_without_a_name_among_named_ones_is_nobodys_where_it_begins_something_new(
    first, words, is_nobodys, voices
):
    said = [one.format(words).replace("They never add up.", first) for one in SIGNED]
    found = transcript(cues(said, voices))
    if is_nobodys:
        assert told(found)[1:4] == [("Jane", f"The totals. {first}", 1), ("", words, 3), ("Jane", "No.", 4)]
        (problem,) = found.problems
        assert (problem.line, problem.what) == (13, "a caption has no name")
    else:
        assert told(found)[1] == ("Jane", f"The totals. {first} {words} No.", 1)
        assert not found.problems


def test_all_captions_without_a_name_are_named_in_one_line_and_each_is_a_turn_of_its_own():
    said = [*SIGNED[:3], "Would you pay?", "Not me.", *SIGNED[4:], *SIGNED[:3]]
    found = transcript(cues(said))
    assert [one for one in told(found) if not one[0]] == [("", "Would you pay?", 3), ("", "Not me.", 4)]
    (problem,) = found.problems
    assert problem.what == "2 captions have no name, in lines 13 and 16"


def test_where_a_name_stands_only_where_somebody_else_begins_captions_without_one_go_on():
    said = [
        "Ana: What is hard?",
        "Jane: The totals.",
        "They never add up.",
        "Ana: Why?",
        "Jane: Who knows.",
        "Ana: I see.",
    ]
    found = transcript(cues(said))
    assert told(found)[1] == ("Jane", "The totals. They never add up.", 1) and not found.problems


@pytest.mark.parametrize("dash", ["- ", "-", "\u2013 ", "\u2014 "])
@pytest.mark.parametrize("ending", ["srt", "vtt"])
def test_a_dash_before_each_line_of_a_caption_says_that_two_speak(dash, ending):
    text = cues(
        ["Ana: What is hard?", "Jane: The totals.", f"{dash}Can you show me?\n{dash}Sure, here\nit is.", "Ana: Oh."]
    )
    text = text if ending == "vtt" else text.removeprefix("WEBVTT\n\n").replace("00:0", "00:00:0")
    found = transcript(text, f"a.{ending}")
    assert [(turn.speaker, turn.text) for turn in found.turns][2:] == [
        ("", "Can you show me?"), ("", "Sure, here it is."), ("Ana", "Oh."),
    ]  # fmt: skip
    assert len(found.problems) == 1
    found = transcript(cues([f"{dash}Can you?\n{dash}Sure.", "It is here.", f"{dash}Oh."]))
    assert [turn.text for turn in found.turns] == ["Can you?", f"Sure. It is here. {dash}Oh."]
    found = transcript(cues([f"{dash}Ana: Can you?\n{dash}Jane: Sure.", "It is here."]))
    assert told(found) == [("Ana", "Can you?", 0), ("Jane", "Sure. It is here.", 0)]


def test_a_name_below_the_first_line_of_a_caption_begins_a_turn_of_its_own():
    found = transcript(cues(["Ana: Why?", "Jane: No.\nAna: Would you pay?\nJane: No: never,\nAna", "Ana: Note: oh."]))
    assert told(found) == [
        ("Ana", "Why?", 0), ("Jane", "No.", 1), ("Ana", "Would you pay?", 1), ("Jane", "No: never, Ana", 1), ("Ana", "Note: oh.", 2),
    ]  # fmt: skip
    assert [turn.line for turn in found.turns] == [4, 7, 8, 9, 13]


def test_a_number_below_zero_in_a_caption_is_nobody_who_speaks():
    found = transcript(cues(["Ana: Which ones?", "Jane: These:\n-5\n-7", "Ana: Oh."]))
    assert told(found)[1] == ("Jane", "These: -5 -7", 1)


def test_two_who_speak_in_one_cue_are_two():
    found = transcript("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Really?</v> <v Jane>Really.</v>\n")
    assert told(found) == [("Ana", "Really?", 1), ("Jane", "Really.", 1)]


def test_a_file_cut_off_in_the_middle_gives_what_is_there_and_names_the_line_that_is_not():
    found = transcript("WEBVTT\n\n00:01.000 --> 00:02.000\nAna: Hello\n\n00:03.000 --> 00:0")
    assert told(found) == [("Ana", "Hello", 1)]
    assert [problem.line for problem in found.problems] == [6]


def test_what_is_in_no_known_form_says_which_are():
    with pytest.raises(Unreadable) as caught:
        read(b"\x89PNG\r\n\x1a\n\x00\x00", "a.png")
    assert ".png" in str(caught.value) and ".vtt" in str(caught.value)
    with pytest.raises(Unreadable) as caught:
        read(b"  \n", "a.vtt")
    assert "empty" in str(caught.value)


def test_words_before_a_colon_are_a_name_only_when_they_are_one():
    said = [
        Said(None, "Dr. Ana Ruiz: So how was it?", 1, 1),
        Said(None, "jane_d: here is the thing: it broke", 2, 2),
        Said(None, "so my point is: never again", 3, 3),
        Said(None, "https://example.com is down", 4, 4),
        Said(None, "jane_d: At 10:30, it was. Really: it was", 5, 5),
        Said(None, "דנה: שלום", 6, 6),
        Said(None, "דנה: כן", 7, 7),
    ]
    assert [one.speaker for one in split_speakers(said)] == [
        "Dr. Ana Ruiz", "jane_d", None, None, "jane_d", "דנה", "דנה",
    ]  # fmt: skip


def test_no_word_of_a_file_is_lost_in_its_turns():
    said = [Said("A", " a\n b ", 1, 1), Said(None, "", 2, 2), Said("B", "c", 3, 3), Said(None, "d", 4, 4)]
    turns = join_turns(said)
    assert [(turn.speaker, turn.text) for turn in turns] == [("A", "a b"), ("B", "c d")]
    assert [turns[1].piece_at(place).line for place in (0, 1, 2)] == [3, 3, 4]


def test_every_format_has_a_name_and_claims_nothing_of_an_empty_or_a_binary_file():
    for importer in importers():
        assert importer.name and importer.endings
        assert not importer.claims(Source("x", b""))
        assert not importer.claims(Source("x", bytes(range(256)) * 8))


def test_bytes_that_are_no_text_are_refused_in_words_whatever_the_file_is_called():
    numbers = random.Random(1)
    for taken in (range(256), range(1, 256)):
        data = bytes(numbers.choice(taken) for _ in range(2000))
        with pytest.raises(Unreadable) as refused:
            read(data, "a.txt")
        assert "no text" in refused.value.what
    # An escape or two of a terminal leaves it text.
    assert transcript("Ana: Why?\nJane: \x1b[1mIt broke.\x07\nAna: Oh.\n", "a.txt").speakers == ("Ana", "Jane")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PAGE_AS_MAIL = b"From: <Saved by Blink>\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>It broke.</p>\n"


@pytest.mark.parametrize(
    ("name", "data", "todo"),
    [
        ("a.msg", OLE, ".eml"),
        ("a.pst", b"!BDN" + bytes(600), ".eml"),
        ("a.doc", OLE, ".docx"),
        ("a.odt", b"PK\x03\x04" + bytes(60), ".docx"),
        ("a.pages", b"PK\x03\x04" + bytes(60), ".docx"),
        ("a.xls", OLE, ".xlsx"),
        ("a.numbers", b"PK\x03\x04" + bytes(60), ".xlsx"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", "as text"),
        ("a.enex", b"<?xml version='1.0'?><en-export><note/></en-export>", ".html"),
        ("a.mht", PAGE_AS_MAIL, ".html"),
        ("a.ttml", b"<?xml version='1.0'?><tt><body><p begin='0s'>x</p></body></tt>", ".vtt"),
    ],
)
def test_what_is_refused_says_what_to_make_of_it(name, data, todo):
    with pytest.raises(Unreadable) as refused:
        read_source(Source(name, data))
    assert todo in refused.value.todo


PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Your session has expired.</p></body></html>"


@pytest.mark.parametrize("name", ["a.vtt", "a.srt", "a.json", "a.csv", "a.docx", "a.xlsx"])
def test_a_page_in_place_of_what_was_to_be_downloaded_is_refused(name):
    with pytest.raises(Unreadable) as refused:
        read_source(Source(name, PAGE))
    assert (
        refused.value.what == f"called {name[1:]}, but it is a web page" and "download it again" in refused.value.todo
    )
    for named in ("a.html", "a.txt"):
        assert read_source(Source(named, PAGE))[1][0].notes[0].line == "- Your session has expired."


PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.mark.parametrize(
    ("name", "data", "what", "todo"),
    [
        ("a.docx", PICTURE, "a picture, called .docx", "only words"),
        ("a.txt", PICTURE, "a picture, called .txt", "only words"),
        ("a", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a picture", "only words"),
        ("a.docx", b"{\\rtf1\\ansi It broke.}", "rich text (RTF), called .docx", "save it as .docx"),
        ("a.txt", b"{\\rtf1\\ansi It broke.}", "rich text (RTF), called .txt", "save it as .docx"),
        ("a.docx", b"%PDF-1.7\n%\xe2\xe3\0", "a PDF, called .docx", "as text"),
        ("a.vtt", b"\0\0\0\x20ftypisom\0\0\2\0", "a recording, called .vtt", "transcript"),
        ("a.txt", b'{"a": 1}', "JSON in no form that is known", ".vtt"),
    ],
)
def test_what_is_called_otherwise_than_it_is_says_what_it_is_and_what_to_do(name, data, what, todo):
    with pytest.raises(Unreadable) as refused:
        read_source(Source(name, data))
    assert refused.value.what == what and todo in refused.value.todo


def test_what_a_file_is_called_already_is_no_way_out():
    with pytest.raises(Unreadable) as refused:
        read_source(Source("a.docx", b"\0\1\2\3"))
    assert ".docx" in refused.value.what and ".docx" not in refused.value.todo and ".vtt" in refused.value.todo
