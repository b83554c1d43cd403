"""One talk in every form that recorders write it in: the same turns, times and lines come out, whatever the file is called."""

import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from workbench.arrivals import count_said
from workbench.importers import Jottings, Source, Transcript, Unreadable, importers, read_source
from workbench.importers.days import day_alone, day_in
from workbench.importers.word import word_lines

FOLDER = Path(__file__).parent / "transcripts"
STUDIES = Path("/work/shared/studies")
ANA, JANE = "Ana Ruiz", "Jane Doe"
WORDS = [
    "How do you do the month-end report today?",
    "I export it to Excel and redo the totals by hand.",
    "How long does that take?",
    "Last Friday it took me two hours: I lost a whole afternoon.",
    "Nobody checks it.",
]
SAID = [(ANA, WORDS[0]), (JANE, WORDS[1]), (ANA, WORDS[2]), (JANE, f"{WORDS[3]} {WORDS[4]}")]
# Four turns, and when the last line of the last was said.
TIMES = (3, 7, 15, 3725, 3731)
NAMES = {
    "captions": "SRT captions",
    "json": "JSON turns (Fireflies, Gong, Grain)",
    "named": "Names before the words (text, Markdown)",
    "stamped": "Names and times above the words (Otter, Teams)",
    "vtt": "WebVTT captions",
    "word": "Word transcript (Teams, Google Meet)",
    "zoom": "Zoom captions or chat as text",
}
CLOCK = tuple(time - 3 for time in (*TIMES[:3], 3725, 3731))
# File -> its format, its times (None where it has none), the lines where its turns begin, and what it states of itself.
ACME, DAY = "Month-end call with Acme", date(2026, 11, 17)
FILES = {
    "captions.srt": ("captions", TIMES, (3, 7, 13, 17), "", None),
    "fireflies.json": ("json", TIMES, (1, 2, 3, 4), ACME, DAY),
    "gong-with-calls.json": ("json", TIMES, (1, 2, 3, 4), ACME, DAY),
    "gong.json": ("json", TIMES, (1, 2, 3, 4), "", None),
    "grain.json": ("json", TIMES, (1, 2, 3, 4), "", None),
    "markdown.md": ("named", None, (14, 16, 20, 22), ACME, DAY),
    "meet-old.txt": ("named", None, (9, 11, 13, 15), "abc-defg-hij (2026-11-17 16:00 GMT-7)", DAY),
    # Meet has a time for several turns.
    "meet.md": ("named", (3, 3, 3, 3725, 3725), (26, 27, 28, 32), ACME, DAY),
    "names-with-tabs.txt": ("zoom", TIMES, (1, 2, 3, 4), "", None),
    "names-with-times.txt": ("named", TIMES, (3, 4, 5, 6), "", DAY),
    "names.txt": ("named", None, (1, 3, 5, 7), "", None),
    "otter-with-keywords.txt": ("stamped", (*TIMES[:4], 3725), (11, 14, 17, 20), ACME, DAY),
    "otter.txt": ("stamped", (*TIMES[:4], 3725), (2, 5, 8, 11), "", None),
    "qmsum.json": ("json", None, (1, 2, 3, 4), "", None),
    "recogniser.json": ("json", TIMES, (1, 2, 3, 4), "", None),
    "run-on.txt": ("named", None, (1, 1, 2, 2), "", None),
    "stream.vtt": ("vtt", TIMES, (19, 24, 27, 30), "", None),
    "teams-copied.txt": (
        "stamped",
        (*TIMES[:4], 3725),
        (8, 11, 14, 17),
        f"{ACME}-20261117_160012-Meeting Transcript",
        DAY,
    ),
    "teams-without-ids.vtt": ("vtt", TIMES, (4, 7, 10, 13), "", None),
    "teams.vtt": ("vtt", TIMES, (5, 10, 14, 18), "", None),
    "turns.json": ("json", None, (1, 2, 3, 4), "", None),
    "turns.jsonl": ("json", TIMES, (1, 2, 3, 4), "", None),
    "zoom-captions.txt": ("zoom", CLOCK, (2, 5, 8, 11), "", None),
    "zoom-chat-cloud.txt": ("zoom", TIMES, (1, 2, 3, 4), "", None),
    "zoom-chat-old.txt": ("zoom", CLOCK, (1, 2, 3, 4), "", None),
    "zoom-chat-saved.txt": ("zoom", (*CLOCK[:4], CLOCK[3]), (2, 4, 6, 8), "", None),
    "zoom.vtt": ("vtt", TIMES, (5, 9, 13, 17), "", None),
}
TEXTS = sorted(FILES)


def source(data, name="call.txt"):
    return Source(name, data if isinstance(data, bytes) else data.encode())


def read(data, name="call.txt"):
    importer, (found,) = read_source(source(data, name))
    assert isinstance(found, Transcript)
    return importer.name, found


def said(found):
    return [(turn.speaker, turn.text) for turn in found.turns]


def times_of(found):
    """When each turn begins, and its last line."""
    return (*(turn.at for turn in found.turns), found.turns[-1].pieces[-1].at)


def named(found):
    """A transcript's turns with Gong's numbers as names."""
    names = {"Speaker 6432345678555530067": ANA, "Speaker 7754345678555530000": JANE}
    return [(names.get(speaker, speaker), text) for speaker, text in said(found)]


def test_every_fixture_is_listed_here():
    assert {path.name for path in FOLDER.iterdir()} == set(FILES)


@pytest.mark.parametrize("file", TEXTS)
def test_the_same_talk_comes_out_of_every_format(file):
    kind, times, lines, title, day = FILES[file]
    name, found = read((FOLDER / file).read_bytes(), file)
    assert name == NAMES[kind]
    assert named(found) == SAID
    assert times_of(found) == (times or (None,) * 5)
    assert tuple(turn.line for turn in found.turns) == lines
    assert (found.title, found.date) == (title, day)


@pytest.mark.parametrize("file", TEXTS)
def test_a_file_is_claimed_by_its_own_format_alone_whatever_its_name_ends_in(file):
    data = (FOLDER / file).read_bytes()
    for ending in ("", ".txt", ".md", ".vtt", ".srt", ".json", ".docx", ".csv", ".xyz"):
        one = source(data, f"call{ending}")
        claimed = [
            importer.name for importer in importers() if importer.name in NAMES.values() and importer.claims(one)
        ]
        assert claimed == [NAMES[FILES[file][0]]], ending
        assert read_source(one)[0].name == claimed[0], ending


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("file", TEXTS)
def test_no_encoding_and_no_line_end_changes_a_word(file, encoding):
    text = (FOLDER / file).read_text("utf-8").replace("Jane Doe", "Zoë Dœ")
    text = re.sub("[📝📖👋]", "", text)
    as_it_is = said(read(text, file)[1])
    assert any("Zoë" in speaker for speaker, _ in as_it_is) or "gong.json" in file
    for end in ("\n", "\r\n", "\r"):
        assert said(read(text.replace("\n", end).encode(encoding), file)[1]) == as_it_is


# Word -----------------------------------------------------------------------------------------------------------------


def word(*paragraphs, table=False):
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        document.add_table(1, 1).cell(0, 0).text = "in a table"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


TEAMS = word(
    f"{ACME}-20261117_160012-Meeting Recording",
    "17 November 2026, 04:00pm",
    "1h 3m 10s",
    f"{ANA} started transcription",
    f"{ANA}   0:03\n{WORDS[0]}",
    f"\n{JANE}   0:07\n{WORDS[1]}",
    f"{ANA}   0:15\n{WORDS[2]}",
    f"{JANE}   1:02:05\n{WORDS[3]}\n{WORDS[4]}",
    f"{ANA} stopped transcription",
)
OLD_TEAMS = word(
    *(
        f"{start} --> {end}\n{name}\n{words}"
        for start, end, name, words in [
            ("0:0:3.120", "0:0:6.400", ANA, WORDS[0]),
            ("0:0:7.10", "0:0:12.900", JANE, WORDS[1]),
            ("0:0:15.0", "0:0:17.240", ANA, WORDS[2]),
            ("1:2:5.400", "1:2:10.0", JANE, WORDS[3]),
            ("1:2:11.0", "1:2:12.500", JANE, WORDS[4]),
        ]
    )
)
MEET = word(
    "📝 Notes",
    "Nov 17, 2026",
    ACME,
    f"Invited somebody@example.org {JANE}",
    "Meeting records Transcript",
    "Summary",
    "Jane Doe: what a machine made of it, which nobody said.",
    "Details",
    "Totals: They are done by hand, as the machine puts it.",
    "📖 Transcript",
    "Nov 17, 2026",
    f"{ACME} - Transcript",
    "00:00:03",
    f"{ANA}: {WORDS[0]}",
    "00:00:07",
    f"{JANE}: {WORDS[1]}",
    "00:00:15",
    f"{ANA}: {WORDS[2]}",
    "01:02:05",
    f"{JANE}: {WORDS[3]}",
    f"{JANE}: {WORDS[4]}",
    "Transcription ended after 01:03:10",
    "This editable transcript was computer generated and might contain errors. People can also change the text after it was created.",
)
OLD_MEET = word(
    f"{ACME} (2026-11-17 at 16:00 GMT-7) - Transcript",
    "Attendees",
    f"{ANA}, {JANE}",
    "Transcript",
    *(f"{name}: {words}" for name, words in zip((ANA, JANE, ANA, JANE), WORDS, strict=False)),
    f"{JANE}: {WORDS[4]}",
    "Meeting ended after 01:03:10 👋",
)
DOCUMENTS = {
    "Teams": (TEAMS, (*TIMES[:4], 3725), (5, 6, 7, 8), f"{ACME}-20261117_160012-Meeting Recording", DAY),
    "old Teams": (OLD_TEAMS, TIMES, (1, 2, 3, 4), "", None),
    "Meet": (MEET, (*TIMES[:4], 3725), (14, 16, 18, 20), ACME, DAY),
    "old Meet": (OLD_MEET, None, (5, 6, 7, 8), f"{ACME} (2026-11-17 at 16:00 GMT-7)", DAY),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("ending", [".docx", ".txt", ".zip", ""])
def test_word_documents_of_teams_and_meet_old_and_new(kind, ending):
    data, times, lines, title, day = DOCUMENTS[kind]
    name, found = read(data, f"call{ending}")
    assert name == NAMES["word"]
    assert said(found) == SAID
    assert times_of(found) == (times or (None,) * 5)
    assert tuple(turn.line for turn in found.turns) == lines
    assert (found.title, found.date) == (title, day)


def test_a_document_of_one_turn_is_a_transcript_too():
    assert said(read(word("Call", f"{JANE}   0:04\nIt broke.\nTwice."), "a.docx")[1]) == [(JANE, "It broke. Twice.")]
    summary = ["📝 Notes", "Nov 17, 2026", "Call", "Summary", *["A machine's words, with a colon: so."] * 20]
    meet = word(*summary, "📖 Transcript", "Nov 17, 2026", "Call - Transcript", "00:00:11", f"{JANE}: It broke.")
    found = read(meet, "a.docx")[1]
    assert (said(found), found.turns[0].at, found.title) == ([(JANE, "It broke.")], 11, "Call")


def test_what_stands_in_a_documents_table_is_not_read_and_said_so():
    _, found = read(word(f"{ANA}   0:03\nWhy?", f"{JANE}   0:05\nIt broke.", table=True), "a.docx")
    assert ["1 table" in problem.what for problem in found.problems] == [True]


def marked_up(*blocks, header=""):
    """A document of such blocks of WordprocessingML, in which `{text}` is a run."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = Document()
    for block in blocks:
        runs = re.sub(r"\{(.*?)\}", r"<w:r><w:t xml:space='preserve'>\1</w:t></w:r>", block)
        wrapped = parse_xml(f"<w:body {nsdecls('w')}>{runs}</w:body>")
        for element in list(wrapped):
            document.element.body.insert(len(document.element.body) - 1, element)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


ASKED, ANSWERED = f"<w:p>{{{ANA}: What is hard?}}</w:p>", f"<w:p>{{{JANE}: It is.}}</w:p>"
SDT = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
# Each says "They never add up."
WRAPPED = {
    "inserted": "<w:p>{They }<w:ins w:id='1' w:author='A'>{never}</w:ins>{ add up.}</w:p>",
    "moved there": "<w:p>{They }<w:moveTo w:id='1' w:author='A'>{never}</w:moveTo>{ add up.}</w:p>",
    "deleted": "<w:p>{They never }<w:del w:id='1' w:author='A'><w:r><w:delText>always </w:delText></w:r></w:del>{add up.}</w:p>",
    "moved away": "<w:p>{They never }<w:moveFrom w:id='1' w:author='A'>{always }</w:moveFrom>{add up.}</w:p>",
    "deleted where inserted": "<w:p>{They }<w:ins w:id='1' w:author='A'>{never}<w:del w:id='2' w:author='A'><w:r><w:delText> ever</w:delText></w:r></w:del></w:ins>{ add up.}</w:p>",
    "a control": "<w:p>{They }" + SDT.format("{never}") + "{ add up.}</w:p>",
    "a control around it": SDT.format("<w:p>{They never add up.}</w:p>"),
    "controls in controls": SDT.format(SDT.format("<w:p>{They }" + SDT.format("<w:ins w:id='1' w:author='A'>{never}</w:ins>") + "{ add up.}</w:p>")),
    "a link": "<w:p>{They }<w:hyperlink w:anchor='x'><w:ins w:id='1' w:author='A'>{never}</w:ins></w:hyperlink>{ add up.}</w:p>",
    "a smart tag": "<w:p>{They }<w:smartTag w:element='x'>{never}</w:smartTag>{ add up.}</w:p>",
    "XML of somebody's own": "<w:customXml w:element='x'><w:p>{They }<w:customXml w:element='y'>{never}</w:customXml>{ add up.}</w:p></w:customXml>",
    "a field": "<w:p>{They }<w:fldSimple w:instr='AUTHOR'>{never}</w:fldSimple>{ add up.}</w:p>",
    "how it is spoken": "<w:p>{They }<w:r><w:ruby><w:rt>{naver}</w:rt><w:rubyBase>{never}</w:rubyBase></w:ruby></w:r>{ add up.}</w:p>",
    "written from right to left": "<w:p>{They }<w:bdo w:val='rtl'>{never}</w:bdo>{ add up.}</w:p>",
    "not filled in": "<w:p>{They never }<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{Click here to enter text.}</w:sdtContent></w:sdt>{add up.}</w:p>",
}  # fmt: skip


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_every_word_that_a_document_shows_is_read_and_none_that_was_deleted(wrapped):
    block = WRAPPED[wrapped]
    talk = block.replace("{They", f"{{{JANE}: They", 1)
    _, found = read(marked_up(ASKED, talk, ASKED), "a.docx")
    assert said(found) == [(ANA, "What is hard?"), (JANE, "They never add up."), (ANA, "What is hard?")]
    _, (notes,) = read_source(source(marked_up("<w:p>{It is slow.}</w:p>", block), "a.docx"))
    assert [note.line for note in notes.notes] == ["- It is slow.", "- They never add up."]
    in_table = SDT.format("<w:tr><w:tc><w:tcPr/>" + block + "</w:tc></w:tr>")
    away = "<w:tr><w:trPr><w:del w:id='9' w:author='A'/></w:trPr><w:tc><w:tcPr/><w:p>{Gone.}</w:p></w:tc></w:tr>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{away}{in_table}</w:tbl>"
    _, (notes,) = read_source(source(marked_up("<w:p>{It is slow.}</w:p>", table), "a.docx"))
    assert [note.line for note in notes.notes] == ["- It is slow.", "- They never add up."]
    told = [problem.what for problem in found.problems]
    assert told == (["1 deletion among tracked changes"] if "delet" in wrapped or "away" in wrapped else [])


BOX = "<w:p><w:r><w:pict><w:txbxContent><w:p>{Ask for }{the price}</w:p></w:txbxContent></w:pict></w:r></w:p>"
BESIDE = "<w:p>{And so on.}<w:r><w:commentReference w:id='1'/></w:r><w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:footnoteReference w:id='3'/></w:r></w:p>"


def test_words_of_a_document_that_stand_beside_its_pages_are_named():
    data = marked_up(ASKED, ANSWERED, ASKED, ANSWERED, BOX, BESIDE, header="Acme only")
    _, found = read(data, "a.docx")
    assert [problem.what for problem in found.problems] == [
        "1 comment in it", "2 footnotes in it", "words in text boxes: Ask for the price", "words above or below the page: Acme only",
    ]  # fmt: skip
    _, (notes,) = read_source(source(marked_up("<w:p>{It is slow.}</w:p>", BOX, BESIDE, header="17"), "a.docx"))
    assert [problem.what for problem in notes.problems] == [
        "1 comment in it", "2 footnotes in it", "words in text boxes: Ask for the price",
    ]  # fmt: skip


def test_a_list_of_contents_says_nothing_that_does_not_stand_below_it():
    contents = "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr><w:sdtContent><w:p>{Export 1}</w:p></w:sdtContent></w:sdt>"
    _, (notes,) = read_source(source(marked_up(contents, "<w:p>{It is slow.}</w:p>"), "a.docx"))
    assert [note.line for note in notes.notes] == ["- It is slow."]


def test_a_document_that_breaks_off_or_is_locked_or_old_says_so():
    for data, words in [
        (TEAMS[: len(TEAMS) // 2], "breaks off"),
        (TEAMS[:200], "breaks off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        (repacked(TEAMS, "word/document.xml", b"<w:document><w:body>"), "broken"),
    ]:
        with pytest.raises(Unreadable) as caught:
            read(data, "call.docx")
        assert words in str(caught.value)


def repacked(data, name, content):
    """A document with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


def test_a_document_that_unpacks_to_more_than_a_talk_has_is_not_unpacked(monkeypatch):
    bomb = repacked(TEAMS, "word/document.xml", b"<a>" + b" " * 60 * 1024 * 1024)
    assert len(bomb) < 1024 * 1024
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(Unreadable) as caught:
        read(bomb, "call.docx")
    assert "60 MB" in str(caught.value)


def test_an_entity_of_a_document_is_not_resolved(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of this machine")
    with zipfile.ZipFile(io.BytesIO(TEAMS)) as archive:
        xml = archive.read("word/document.xml").decode()
    head, body = xml.split("<w:document", 1)
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY l "lol"><!ENTITY m "{"&l;" * 50}">]>'
    evil = head + doctype + "<w:document" + body.replace("Nobody checks it.", "Nobody &e; checks &m; it.")
    try:
        texts = " ".join(
            line.text for line in word_lines(source(repacked(TEAMS, "word/document.xml", evil.encode())))[0]
        )
    except Unreadable:
        return
    assert "secret" not in texts and "lollol" not in texts


# Speakers and words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("דנה כהן", "אבי לוי"),
        ("\u200fמרים\u200e", "أحمد"),  # noqa: RUF001
        ("田中", "鈴木 花子"),
        ("🙂 Ana", "Jane 🚀 Doe"),
        ("Ruiz, Ana", "Doe, Jane"),
        ("Ana Ruiz (Acme Freight)", "Dr. Jane Doe"),
        ("anna", "jane_d"),
        ("Speaker 1", "Speaker 2"),
        ("Jane van der Berg", "José María de la Cruz"),
    ],
)
def test_names_of_any_script_are_names_in_every_format(one, other):
    plain = [name.strip("\u200e\u200f") for name in (one, other)]
    talk = [(0, "Why is that?"), (1, "It broke."), (0, "When?"), (1, "On Monday.")]
    texts = {
        "a.txt": "\n".join(f"{(one, other)[who]}: {words}" for who, words in talk),
        "a.md": "\n\n".join(f"**{(one, other)[who]}:** {words}" for who, words in talk),
        "otter.txt": "\n\n".join(f"{(one, other)[who]}  0:0{n}\n{words}" for n, (who, words) in enumerate(talk)),
        "a.vtt": "WEBVTT\n\n" + "\n\n".join(f"0:0{n}.000 --> 0:0{n}.900\n<v {(one, other)[who]}>{words}" for n, (who, words) in enumerate(talk)),
        "a.srt": "\n\n".join(f"{n}\n0:0:{n},0 --> 0:0:{n},9\n{(one, other)[who]}: {words}" for n, (who, words) in enumerate(talk)),
        "captions.txt": "\n\n".join(f"[{(one, other)[who]}] 00:00:0{n}\n{words}" for n, (who, words) in enumerate(talk)),
    }  # fmt: skip
    for name, text in texts.items():
        found = [(speaker.strip("\u200e\u200f"), words) for speaker, words in said(read(text, name)[1])]
        assert found == [(plain[who], words) for who, words in talk], name


ODD = [
    "16505551234", "+1 650-555-1234", "1650***1234", "3", "Jane Doe, Acme Freight Inc.", "Jane Doe | Acme", "Jane Doe [Acme]", 'Jane "JJ" Doe',
    "Jane Doe - Customer Success Lead at Acme Freight International", "Doe, Jane", "Doe, Jane (Acme)", "Toms iPhone (2)", "iPhone", "jane", "jane.doe",
    "user_123", "jane@acme.example", "李雷", "محمد علي", "de la Cruz, Jane M.", "van den Berg, J.A.", "the Acme team",
]  # fmt: skip
# A turn in each form that has a name in every caption, line or header; {t} is its second.
FORMS = {
    "zoom.vtt": "00:00:{t}.000 --> 00:00:{t}.900\n{n}: {w}\n",
    "a.srt": "{t}\n00:00:{t},000 --> 00:00:{t},900\n{n}: {w}\n",
    "otter.txt": "{n}  0:{t}  \n{w}\n",
    "brackets.txt": "{n} (0:{t})\n{w}\n",
    "gong.txt": "0:{t} | {n}\n{w}\n",
    "names.txt": "{n}: {w}\n",
    "times.txt": "[0:{t}] {n}: {w}\n",
    "old-teams.docx": "0:0:{t}.1 --> 0:0:{t}.9\n{n}\n{w}",
    "teams.docx": "{n}   0:{t}\n{w}",
}


def in_form(name, talk):
    """Who says what, written as recorders write it."""
    turns = [FORMS[name].format(n=who, w=words, t=10 + 2 * place) for place, (who, words) in enumerate(talk)]
    if name.endswith(".docx"):
        return word(*["Call"] * (name == "teams.docx"), *turns)
    return "WEBVTT\n\n" * name.endswith(".vtt") + "\n".join(turns)


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("odd", ODD)
def test_the_form_of_a_file_tells_who_speaks_however_the_name_is_written(odd, form, times):
    asked = [(ANA, f"And what happens then, {n}?") for n in range(3)]
    answers = [(odd, words) for words in WORDS[1:4]]
    talk = [turn for pair in zip(asked, answers, strict=True) for turn in pair]
    if times == 1:
        talk = [turn for turn in talk if turn not in (answers[0], answers[2])]
        talk = [(who, words) for who, words in talk if (who, words) != asked[1]]
    found = said(read(in_form(form, talk), form)[1])
    assert found == [(who, words) for who, words in talk]


@pytest.mark.parametrize("form", ["zoom.vtt", "a.srt", "otter.txt", "teams.docx"])
def test_names_in_scripts_without_capitals_and_in_small_letters_may_come_once_each(form):
    for one, other in [("李雷", "محمد علي"), ("ana", "iPhone von Tom")]:
        talk = [(one, "Why is that?"), (other, "It broke.")]
        assert said(read(in_form(form, talk), form)[1]) == talk


@pytest.mark.parametrize("form", ["otter.txt", "teams.docx", "gong.txt"])
@pytest.mark.parametrize("odd", ["Doe, Jane", "jane", "3"])
def test_whoever_speaks_first_and_once_is_no_title(odd, form):
    talk = [(odd, WORDS[1]), (ANA, WORDS[0]), ("Raj Patel", WORDS[2]), (ANA, WORDS[4])]
    _, found = read(in_form(form, talk), form)
    assert said(found) == talk and found.title == ("Call" if form == "teams.docx" else "")


GOING_ON = ["so here is what I did", "The thing is", "My point is", "One more thing", "and then I said to her", "For example", "iPhone"]  # fmt: skip


@pytest.mark.parametrize("form", ["zoom.vtt", "a.srt"])
@pytest.mark.parametrize("words", GOING_ON)
def test_a_colon_in_captions_of_which_some_go_on_is_a_colon(words, form):
    talk = [(ANA, "Why?"), (JANE, "I tell you"), (ANA, "Please"), (JANE, "Well")]
    lines = in_form(form, [turn for turn in talk for _ in (0, 1)]).split(f"{JANE}: Well")
    going = f"{words}: it broke."
    text = f"{JANE}: Well".join(lines[:2]) + going + lines[2]
    text = text.replace(f"{ANA}: Please", "and", 1).replace(f"{JANE}: I tell you", "that", 1)
    _, found = read(text, form)
    assert found.speakers == (ANA, JANE)
    assert found.turns[-1][:2] == (JANE, f"Well {going}")


def test_what_may_be_a_name_where_captions_go_on_is_named_with_whose_its_words_are():
    cues = [
        f"{ANA}: And",
        "what is hard?",
        f"{JANE}: The export",
        "takes two hours.",
        "iPhone: Not for me.",
        "Each Friday.",
    ]
    text = "WEBVTT\n\n" + "\n".join(f"0:0{n}.000 --> 0:0{n}.900\n{cue}\n" for n, cue in enumerate(cues))
    _, found = read(text, "a.vtt")
    assert said(found)[-1] == (JANE, "The export takes two hours. iPhone: Not for me. Each Friday.")
    (problem,) = found.problems
    assert (problem.line, problem.what) == (16, "“iPhone:” may be a name") and "Jane Doe's" in problem.todo


def test_a_sentence_in_captions_that_all_have_a_name_is_none_and_is_named():
    talk = [(ANA, "Why?"), (JANE, "Well"), ("what I want to say", "it broke."), (ANA, "Oh.")]
    _, found = read(in_form("zoom.vtt", talk), "a.vtt")
    assert said(found)[1] == (JANE, "Well what I want to say: it broke.")
    assert [(problem.line, problem.what) for problem in found.problems] == [(10, "“what I want to say:” may be a name")]


def test_a_sentence_that_ends_in_a_time_begins_no_turn():
    for head in ("{n}  {t}", "{n} ({t})", "{n} {t}"):
        turns = [
            (ANA, "0:01", "When was it?"),
            (JANE, "0:05", "We began it at 10:30\nand had it by"),
            (ANA, "0:09", "Oh."),
            (JANE, "0:20", "Yes."),
        ]
        text = "\n".join(head.format(n=name, t=time) + f"\n{words}" for name, time, words in turns)
        found = said(read(text)[1])
        assert found == [
            (ANA, "When was it?"),
            (JANE, "We began it at 10:30 and had it by"),
            (ANA, "Oh."),
            (JANE, "Yes."),
        ]


def test_with_a_blank_alone_before_its_time_a_line_is_a_name_only_when_it_is_written_like_one_and_is_named():
    turns = [
        (ANA, "0:01", "When?"),
        (JANE, "0:05", "We had it\nuntil Friday 10:30\nor so."),
        (ANA, "0:09", "Oh."),
        (JANE, "0:20", "Yes."),
    ]
    _, found = read("\n".join(f"{name} {time}\n{words}" for name, time, words in turns))
    assert said(found)[1] == (JANE, "We had it until Friday 10:30 or so.")
    (problem,) = found.problems
    assert problem.line == 5 and "until Friday 10:30" in problem.what and "Jane Doe's" in problem.todo


def test_a_header_that_is_no_name_is_named_and_its_words_stay():
    _, found = read(
        "my own old boss (0:01)\nIt broke.\nAna Ruiz (0:05)\nWhy?\nyour former old boss (0:09)\nBecause.\nRaj (0:12)\nOh.\n"
    )
    assert [text for _, text in said(found)] == [
        "my own old boss (0:01) It broke.",
        "Why? your former old boss (0:09) Because.",
        "Oh.",
    ]
    assert [problem.line for problem in found.problems] == [1, 5]
    assert "nobody's" in found.problems[0].todo and "Ana Ruiz's" in found.problems[1].todo


def test_what_somebody_says_above_the_first_name_is_named():
    _, found = read("Call with Acme\njane: It takes two hours.\nAna: Why?\nand\nRaj: It broke,\nI think.\nAna: Oh.\n")
    assert found.speakers == (ANA[:3], "Raj")
    assert [(problem.line, problem.what) for problem in found.problems] == [
        (2, "“jane: It takes two hours.” may be what somebody says")
    ]


def test_fields_above_a_talk_are_nobody():
    text = f"Call date: 17 November 2026\nRecorded by: Ana\n{ANA}: Why?\n{JANE}: It broke.\n{ANA}: Oh.\niPhone: Yes.\n"
    _, found = read(text)
    assert (found.speakers, found.date) == ((ANA, JANE, "iPhone"), DAY)
    _, found = read(text.replace("Recorded by: Ana", "jane: It takes two hours."))
    assert said(found)[0] == ("jane", "It takes two hours.")


WHO = st.sampled_from([ANA, JANE, "Raj Patel", *ODD, "my own old boss"])
SPOKEN = st.sampled_from([*WORDS, "so I asked", "Because: it broke.", "The thing is: never again.", "At 10:30 it broke.", "Yes.", "we met at 10:30"])  # fmt: skip


@pytest.mark.parametrize("form", [form for form in FORMS if not form.endswith(".docx")])
@given(talk=st.lists(st.tuples(WHO, SPOKEN), min_size=2, max_size=7))
def test_no_word_of_a_talk_vanishes_whoever_says_it(form, talk):
    try:
        _, (found,) = read_source(source(in_form(form, talk), form))
    except Unreadable:
        return
    if isinstance(found, Transcript):
        kept = " ".join(
            [*(f"{turn.speaker} {turn.text}" for turn in found.turns), *(one.what for one in found.problems)]
        )
        assert [words for who, words in talk if who not in kept or words not in kept] == []


def test_a_colon_of_full_width_and_without_a_space_stands_behind_a_name():
    text = "田中:なぜですか\n鈴木:壊れました\n田中:いつ\n鈴木:月曜日".replace(":", "\uff1a")
    assert said(read(text)[1])[:2] == [("田中", "なぜですか"), ("鈴木", "壊れました")]


def test_bold_names_leave_every_other_colon_to_the_words():
    _, found = read("**Ana:** Why?\n\n**Jane:** This is it:\n\nHonestly: it broke.\n\n**Ana**: When?", "a.md")
    assert said(found) == [("Ana", "Why?"), ("Jane", "This is it: Honestly: it broke."), ("Ana", "When?")]


def test_times_in_every_place_beside_the_name():
    for head in (
        "[{t}] {n}: ",
        "({t}) {n}: ",
        "{t} {n}: ",
        "{t} - {n}: ",
        "{n} [{t}]: ",
        "{n} ({t}): ",
        "**{n}** ({t}): ",
        "**{n}** [{t}] ",
        "**{n}**: [{t}] ",
        "**[{t}] {n}:** ",
    ):
        lines = [
            head.format(t=time, n=name) + words
            for time, name, words in [("0:01", ANA, "Why?"), ("00:01:05", JANE, "It broke."), ("1:01:05", ANA, "Oh.")]
        ]
        found = read("\n".join(lines), "a.md")[1]
        assert [(turn.speaker, turn.text, turn.at) for turn in found.turns] == [
            (ANA, "Why?", 1), (JANE, "It broke.", 65), (ANA, "Oh.", 3665),
        ], head  # fmt: skip
    for head in (
        "{n}  {t}",
        "{n}\t{t}",
        "{n} - {t}",
        "{n} | {t}",
        "{n} ({t})",
        "{n} {t}",
        "{t} | {n}",
        "{t} - {n}",
        "[{t}] {n}",
    ):
        turns = [
            ("0:01", ANA, "Why?"),
            ("00:01:05", JANE, "It broke at 10:30"),
            ("1:01:05", ANA, "Oh."),
            ("1:01:06", JANE, "Yes."),
        ]
        found = read("\n".join(head.format(t=time, n=name) + "\n" + words for time, name, words in turns))[1]
        assert [turn.at for turn in found.turns] == [1, 65, 3665, 3666], head
        assert found.turns[1].text == "It broke at 10:30"


def test_a_bold_name_with_its_time_above_the_words_and_entities_of_a_web_page():
    _, found = read(
        "**Ana** [0:03]\nHow&#39;s it &amp; why?\n\n**Jane** [0:07]\nIt broke.\n\nTwice.\n\n**Ana**: [1:00]\nOh.\n",
        "a.md",
    )
    assert [(turn.speaker, turn.text, turn.at) for turn in found.turns] == [
        ("Ana", "How's it & why?", 3),
        ("Jane", "It broke. Twice.", 7),
        ("Ana", "Oh.", 60),
    ]
    assert [piece[1:] for piece in found.turns[1].pieces] == [(7, 5), (7, 7)]


def test_in_a_file_with_voices_a_cue_without_one_has_no_name_before_its_colon():
    _, found = read(
        "WEBVTT\n\n0:01.000 --> 0:02.000\n<v Jane>It broke.</v>\n\n0:03.000 --> 0:04.000\nHonestly: twice.\n", "a.vtt"
    )
    assert said(found) == [("Jane", "It broke. Honestly: twice.")]


def test_times_above_names_with_their_words_are_claimed_once():
    text = "00:00:03\nAna: Why?\n\n00:00:07\nJane: It broke.\n\n00:01:00\nAna: Oh.\n"
    claimed = [
        importer.name for importer in importers() if importer.name in NAMES.values() and importer.claims(source(text))
    ]
    assert claimed == [NAMES["named"]]
    assert [(turn.speaker, turn.at) for turn in read(text)[1].turns] == [("Ana", 3), ("Jane", 7), ("Ana", 60)]


def test_times_above_words_without_names_stay_those_of_a_recorder():
    text = "".join(
        f"0:{n:02}\n{words}\n\n"
        for n, words in enumerate(["It broke.", "Result: nothing.", "And so on.", "Yes.", "No."] * 3)
    )
    name, found = read(text)
    assert (name, found.speakers) == (NAMES["stamped"], ("",))


def test_who_speaks_of_a_transcript_or_of_an_end_cuts_nothing_off():
    text = (
        "Ana: Why?\nJane: It broke.\nI have read the transcript\nMeeting ended after 10 minutes\nAna: Oh.\nJane: Yes.\n"
    )
    assert [words for _, words in said(read(text)[1])] == [
        "Why?",
        "It broke. I have read the transcript Meeting ended after 10 minutes",
        "Oh.",
        "Yes.",
    ]


MEET = {
    "English": ("📖 Transcript", "{title} - Transcript", "Nov 17, 2026", ["Transcription ended after 01:03:10", "Meeting ended after 01:03:10 👋"],
                "This editable transcript was computer generated and might contain errors."),
    "Spanish": ("📖 Transcripción", "{title} - Transcripción", "17 nov 2026", ["La transcripción finalizó después de 01:03:10", "La reunión finalizó después de 01:03:10 👋"],
                "Esta transcripción editable se generó por computadora y puede contener errores."),
    "Portuguese": ("📖 Transcrição", "{title} - Transcrição", "17 de nov. de 2026", ["A transcrição foi encerrada após 01:03:10", "A reunião terminou depois de 01:03:10 👋"],
                   "Esta transcrição editável foi gerada por computador e pode conter erros."),
    "French": ("📖 Transcription", "{title} - Transcription", "17 nov. 2026", ["Transcription terminée après 01:03:10"],
               "Cette transcription modifiable a été générée par ordinateur et peut contenir des erreurs."),
    "Italian": ("📖 Trascrizione", "{title} - Trascrizione", "nov 17, 2026", ["Trascrizione terminata dopo 01:03:10"],
                "Questa trascrizione modificabile è stata generata dal computer e potrebbe contenere errori."),
    "Japanese": ("📖 文字起こし", "{title} - 文字起こし", "11月 17, 2026", ["01:03:10 より後に文字起こしが終了しました"],
                 "この編集可能な文字起こしはコンピュータが生成したものであり、誤りが含まれている可能性があります。"),
}  # fmt: skip


@pytest.mark.parametrize("markdown", [False, True], ids=["text", "Markdown"])
@pytest.mark.parametrize("language", MEET)
def test_what_meet_writes_around_a_talk_is_known_in_the_language_it_writes_it_in(language, markdown):
    heading, titled, day, ends, warning = MEET[language]
    bold = "**{}:** {}" if markdown else "{}: {}"
    talk = "\n\n".join(bold.format(*one) for one in SAID)
    summary = f"{JANE}: says a machine's summary, which nobody has said."
    for end in ends:
        lines = [heading, day, titled.format(title=ACME), "00:00:03"]
        if markdown:
            lines = [f"# **{lines[0]}**", lines[1], f"## **{lines[2]}**", f"### **{lines[3]}**"]
            end, warning = f"### **{end}**", f"*{warning}*"
        _, found = read("\n\n".join([summary, *lines, talk, end, warning]))
        assert said(found) == SAID
        assert (found.title, found.date) == (ACME, DAY)
        assert {turn.at for turn in found.turns} == {3}


def test_notes_below_a_heading_that_is_meets_word_in_french_are_notes():
    text = "# Transcription\n\nThey want it in German.\n\nIt took two hours.\n"
    assert read_source(source(text, "call.md"))[0].name == "Notes (Markdown, text)"


def test_otter_without_speakers_keeps_its_times():
    _, found = read(
        "0:01  \nWhen I began, it broke.\n\n0:15  \nIt was a bad time.\n\nTranscribed by https://otter.ai\n"
    )
    assert [(turn.speaker, turn.text) for turn in found.turns] == [("", "When I began, it broke. It was a bad time.")]
    assert [piece.at for piece in found.turns[0].pieces] == [1, 15]


def test_turns_that_a_machine_ran_together_are_split_and_shown():
    _, found = read("Moderator: Not yet.Jane: It broke.Moderator: When? Jane: Monday. At 10: no, 11.")
    assert said(found) == [
        ("Moderator", "Not yet."),
        ("Jane", "It broke."),
        ("Moderator", "When?"),
        ("Jane", "Monday. At 10: no, 11."),
    ]
    (problem,) = found.problems
    assert problem.line == 1 and "3 turns" in problem.what and "yet.Jane:" in problem.what


def test_captions_beyond_a_hundred_hours_and_with_a_comma_for_the_thousandths():
    _, found = read("WEBVTT - Long call\n\n100:00:01,000 --> 100:00:02,500\nAna: Still here?\n", "a.vtt")
    assert (found.turns[0].at, found.title, found.problems) == (360_001, "Long call", ())


def test_a_caption_at_sixty_seconds_keeps_its_words():
    _, found = read(
        "WEBVTT\n\n0:01.0 --> 0:02.0\nAna: Why?\n\n00:01:60.000 --> 00:02:00.0001\nJane: It broke.\n", "a.vtt"
    )
    assert [(turn.text, turn.at) for turn in found.turns] == [("Why?", 1), ("It broke.", 120)]
    assert not found.problems


def test_the_clock_of_zooms_captions_runs_past_midnight_and_is_said():
    _, found = read("[Ana] 23:59:50\nWhy?\n\n[Jane] 00:00:10\nIt broke.\n\n[Ana] 00:01:00\nOh.\n")
    assert [turn.at for turn in found.turns] == [0, 20, 70]
    assert "23:59:50" in found.problems[0].what


def test_several_calls_in_one_file_are_several():
    fireflies = json.loads((FOLDER / "fireflies.json").read_text())["data"]["transcript"]
    _, found = read_source(
        source(json.dumps([fireflies, {**fireflies, "title": "Second", "dateString": "2026-11-18"}]))
    )
    assert [(one.title, one.date, len(one.turns)) for one in found] == [
        (ACME, DAY, 4),
        ("Second", date(2026, 11, 18), 4),
    ]


def test_the_numbers_of_speakers_are_those_of_their_own_call():
    call = [{"speaker": number, "text": words} for number, words in [(0, "Why?"), (1, "It broke."), (0, "Oh.")]]
    people = [
        [{"id": 0, "name": "Ana"}, {"id": 1, "name": "Jane"}],
        [{"id": 0, "name": "Tom"}, {"id": 1, "name": "Bo"}],
    ]
    calls = [
        {"speakers": who, "turns": [{**one, "text": one["text"] + str(n)} for one in call]}
        for n, who in enumerate(people)
    ]
    _, found = read_source(
        source(json.dumps({"calls": [*calls, {"turns": [{"speaker": 0, "text": "Nobody says who."}]}]}))
    )
    assert [one.speakers for one in found] == [("Ana", "Jane"), ("Tom", "Bo"), ("Speaker 0",)]


def test_of_two_lists_in_one_call_the_longer_is_read_and_the_other_named_and_the_same_words_come_once():
    turns = [{"speaker": "Ana", "text": "Why is that?"}, {"speaker": "Jane", "text": "It broke."}]
    _, found = read(
        json.dumps({"chat": [{"user": "Jane", "message": "Here."}], "turns": turns, "sentences": {"all": turns}})
    )
    assert said(found) == [("Ana", "Why is that?"), ("Jane", "It broke.")]
    assert ["'chat' has 1 entries" in problem.what for problem in found.problems] == [True]


def test_thousandths_are_told_from_seconds_by_how_much_is_said():
    for factor in (1, 1000):
        turns = [
            {"speaker": name, "start": at * factor, "text": "word " * 8}
            for name, at in [("A", 0), ("B", 3), ("A", 6), ("B", 4000)]
        ]
        assert [turn.at for turn in read(json.dumps(turns))[1].turns] == [0, 3, 6, 4000]
    moments = [
        {"speaker": name, "startTime": f"2026-11-17T10:0{n}:00Z", "text": "It broke."} for n, name in enumerate("ABA")
    ]
    assert [turn.at for turn in read(json.dumps(moments))[1].turns] == [0, 60, 120]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-17", DAY), ("Call 2026/11/17 15:51 GMT", DAY), ("call_20261117_160012", DAY), ("17 November 2026, 06:07pm", DAY),
        ("November 17th, 2026", DAY), ("Nov. 17, 2026", DAY), ("11/12/2026", None), ("17.11.26", None), ("2026-13-17", None),
        ("2026-11-17 to 2026-11-18", None), ("Novel 17, 2026", None), ("id 120261117", None), ("", None),
        ("17. November 2026", DAY), ("17 nov 2026", DAY), ("17 de noviembre de 2026", DAY), ("17 de nov. de 2026", DAY), ("nov 17, 2026", DAY),
        ("2026年11月17日", DAY), ("11月 17, 2026", DAY), ("1er août 2026", date(2026, 8, 1)), ("ago 27, 2026", date(2026, 8, 27)),
        ("3. März 2026", date(2026, 3, 3)), ("3 mrt. 2026", date(2026, 3, 3)), ("apr\u0131l 3, 2026", None), ("31 set 2026", None),
    ],
)  # fmt: skip
def test_a_day_is_read_only_where_it_can_be_read_in_one_way(text, day):
    assert day_in(text) == day


def test_turns_run_on_behind_a_blank_are_split_where_their_names_come_again():
    for one, other in [("Interviewer", "Participant"), ("Ana", "Jane")]:
        _, found = read(f"{one}: So how do you use it? {other}: On Mondays. {one}: why? {other}: my boss asks.")
        assert said(found) == [
            (one, "So how do you use it?"), (other, "On Mondays."), (one, "why?"), (other, "my boss asks."),
        ]  # fmt: skip
        assert "3 turns run on" in found.problems[0].what


def test_words_before_a_colon_in_the_middle_of_a_turn_are_words():
    text = f"{ANA}: Why?\n{JANE}: It broke. Reason: the totals. Reason: the filters.\n{ANA}: Oh.\n"
    assert said(read(text)[1])[1] == (JANE, "It broke. Reason: the totals. Reason: the filters.")


def test_a_question_that_is_bold_from_end_to_end_has_its_name_and_no_stars():
    _, found = read(
        "# Acme call\n\n**Q: How is it?**\n\nA: It is slow, **really: slow**\n\n**Q: Why?**\n\nA: It resets.", "a.md"
    )
    assert said(found) == [
        ("Q", "How is it?"),
        ("A", "It is slow, **really: slow**"),
        ("Q", "Why?"),
        ("A", "It resets."),
    ]


def test_a_markdown_table_of_who_says_what_is_a_talk_and_one_of_notes_is_not():
    rows = f"|---|---|---|\n| 0:05 | {ANA} | How is it? |\n| 0:09 | {JANE} | Slow. |\n"
    name, found = read(f"| Time | Speaker | Text |\n{rows}", "a.md")
    assert name == NAMES["named"]
    assert [(*turn[:2], turn.at, turn.line) for turn in found.turns] == [
        (ANA, "How is it?", 5, 3),
        (JANE, "Slow.", 9, 4),
    ]
    assert read_source(source(f"| Theme | Speaker | Text |\n{rows}", "a.md"))[0].name != NAMES["named"]


@pytest.mark.parametrize("form", ["zoom.vtt", "a.srt"])
def test_a_caption_whose_time_is_broken_keeps_its_words_and_is_named(form):
    talk = [(ANA, WORDS[0]), (JANE, WORDS[1]), (ANA, WORDS[2]), (JANE, WORDS[3]), (ANA, "Oh.")]
    text = in_form(form, talk)
    mark = ",."[form == "zoom.vtt"]
    broken = [
        (f"00:00:12{mark}000 --> 00:00:12{mark}900", f"00:00:12{mark}000 -> 00:00:12{mark}900", 12),
        (f"00:00:14{mark}000 --> 00:00:14{mark}900", f"00:00:14{mark}000 --> 00:00:1x{mark}900", 14),
        (f"00:00:16{mark}000 --> 00:00:16{mark}900", f"00:00:1x{mark}000 --> 00:00:1x{mark}900", 14),
    ]
    for whole, damaged, _ in broken:
        text = text.replace(whole, damaged)
    _, found = read(text, form)
    assert said(found) == talk
    assert [turn.at for turn in found.turns] == [10, *(at for *_, at in broken), 18]
    lines = [text.split("\n").index(damaged) + 1 for _, damaged, _ in broken]
    assert [problem.line for problem in found.problems] == lines
    assert all("the time cannot be read" in problem.what for problem in found.problems)


def test_captions_without_thousandths_and_broken_ones_among_them_keep_their_words():
    _, found = read("WEBVTT\n\n00:00:01 --> 00:00:03\nAna: Why?\n\n00:00:04 -> 00:00:06\nJane: It broke.\n", "a.vtt")
    assert [(*turn[:2], turn.at, turn.line) for turn in found.turns] == [
        ("Ana", "Why?", 1, 4),
        ("Jane", "It broke.", 4, 7),
    ]
    assert [problem.line for problem in found.problems] == [6]


def test_an_arrow_in_what_is_said_is_no_time():
    _, found = read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: I moved it\n10:30 -> 11:00\n\n00:03.000 --> 00:04.000\nJane: Oh.\n",
        "a.vtt",
    )
    assert said(found) == [("Ana", "I moved it 10:30 -> 11:00"), ("Jane", "Oh.")] and not found.problems


# What is none ---------------------------------------------------------------------------------------------------------

NONE = {
    "a call of ours": "---\ndate: 2026-11-17\ncustomer: Acme\nwho: Jane\nconsent: quote\n---\n- Pain: the report\n- \"I redo it\" @12:40\n- Pain: again\n",
    "notes": "Pain: the report takes long\nIdea: export\nPain: totals\nIdea: a button\nPain: filters\n",
    "fields": "segment: x\nowner: y\nsegment: z\nowner: y\nand so on\nsegment: x\n",
    "notes with labels that come once": "Goal: learn how they export\nNext steps: call again\nGoal: see the totals\nopen: who pays\n",
    "a letter": "From: a@example.org\nTo: b@example.org\nSubject: Report\n\nHello.\n\nFrom: b@example.org\nTo: a@example.org\nSubject: Re\n\nHi.\n",
    "a table": "Customer,Feedback,Date\nAcme,\"Ana: it broke\nJane: yes\",2026-11-17\nBolt,slow,2026-11-18\n",
    "a table with tabs": "Customer\tTime\tFeedback\nAcme\tMonday\tIt broke\nBolt\tTuesday\tIt is slow\n",
    "a box of letters": "".join(
        f"From x@example.org {n}\nReceived: by a\nUser-Agent: b\nFrom: c\nTo: d\nX-Mailer: e\nSubject: f\n\nHello.\n\n" for n in range(3)
    ),
    "a day with words below its times": "Coffee 9:00\nbring cups\nDemo 10:30\nwith everybody\nLunch 12:00\nin the hall\n",
    "who comes when": "Ana  9:00\nJane  9:30\nAna  10:00\nJane  10:30\nAna  11:00\nnobody else\n",
    "an agenda": "Agenda\n9:00 Coffee\n10:30 Demo\n12:00 Lunch\n",
    "prose": "We met at 10:30. One thing: it broke. Another thing: it broke again.\n",
    "json": '{"version": 3, "text": "Ana: hello"}',
    "a program": "if here:\n    A = {'a': 1}\nelse:\n    B = 2\nif here:\n    pass\nelse:\n    pass\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", NONE)
@pytest.mark.parametrize("ending", [".txt", ".md", ""])
def test_what_is_no_transcript_is_claimed_by_no_transcript_format(kind, ending):
    one = source(NONE[kind], f"a{ending}")
    claimed = [importer.name for importer in importers() if importer.name in NAMES.values() and importer.claims(one)]
    # JSON is JSON's, which says what it misses.
    assert claimed == ([NAMES["json"]] if kind == "json" else [])


def test_json_without_turns_says_what_it_misses():
    for text in (
        NONE["json"],
        '[{"text": "no speaker"}]',
        '{"text": ' * 3000,
        '[{"text": "a", "start": "x"',
        "[" * 100_000,
    ):
        with pytest.raises(Unreadable):
            read(text, "a.json")


# What is broken -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", TEXTS)
def test_a_file_cut_off_anywhere_gives_what_is_there_or_says_why_not(file):
    data = (FOLDER / file).read_bytes()
    whole = "".join(text for _, text in said(read(data, file)[1]))
    for end in range(0, len(data), max(1, len(data) // 60)):
        try:
            _, contents = read_source(source(data[:end], file))
        except Unreadable:
            continue
        # Cut off in its heading it is like any notes.
        for one in (one for one in contents if isinstance(one, Transcript)):
            assert all(piece.line > 0 for turn in one.turns for piece in turn.pieces)
            if FILES[file][0] == "json":
                assert all(turn.text in whole or turn.text.lower() in whole.lower() for turn in one.turns)


def test_json_cut_off_in_its_last_entry_gives_all_the_others_and_names_the_line():
    for file, turns in (
        ("turns.json", 3),
        ("fireflies.json", 3),
        ("grain.json", 3),
        ("gong.json", 3),
        ("turns.jsonl", 3),
    ):
        text = (FOLDER / file).read_text()
        cut = text[: text.index("Last Friday") + 4]
        _, found = read(cut, file)
        assert len(found.turns) == turns, file
        assert f"line {cut.count(chr(10)) + 1}" in found.problems[0].what


def test_json_that_is_broken_in_the_middle_gives_what_stands_before():
    text = (FOLDER / "turns.json").read_text().replace('"How long', '"How "long')
    assert len(read(text)[1].turns) == 2


HOSTILE = [json.loads(line) for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()]
# Where somebody's text may stand in each format.
PLACES = {
    "a.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v {0}>{0}</v>\n\n00:03.000 --> 00:04.000\nAna: {0}\n",
    "a.srt": "1\n00:00:01,000 --> 00:00:02,000\n{0}: {0}\n\n2\n00:00:03,000 --> 00:00:04,000\nAna: {0}\n",
    "otter.txt": "{0}\n\nAna  0:01\n{0}\n\n{0}  0:05\nYes.\n",
    "named.txt": "{0}\n\nAna: {0}\nJane: {0}\nAna: {0}\n{0}: Yes.\n",
    "named.md": "# {0}\n\n**Ana:** {0}\n\n**{0}:** Yes.\n\n**Ana:** {0}\n",
    "zoom.txt": "[{0}] 10:00:00\n{0}\n\n[Ana] 10:00:02\n{0}\n",
}


@pytest.mark.parametrize("payload", [one["payload"] for one in HOSTILE], ids=[one["id"] for one in HOSTILE])
def test_hostile_text_comes_through_every_format_as_text(payload):
    payload = payload if isinstance(payload, str) else json.dumps(payload)
    files = {name: place.replace("{0}", payload) for name, place in PLACES.items()}
    files["a.json"] = json.dumps(
        {"title": payload, "turns": [{"speaker": payload, "text": payload}, {"speaker": "Ana", "text": payload}]}
    )
    for name, text in files.items():
        for data in (text.encode("utf-8", errors="surrogatepass"), payload.encode("utf-8", errors="surrogatepass")):
            try:
                _, contents = read_source(source(data, name))
            except Unreadable:
                continue
            for one in contents:
                if isinstance(one, Transcript):
                    sound(one)


def sound(found):
    """Turns are whole: each has words and pieces that lie in them, and nothing that no screen can show."""
    for turn in found.turns:
        assert turn.text and "\x00" not in turn.text and "\n" not in turn.text
        starts = [piece.start for piece in turn.pieces]
        assert starts[0] == 0 and starts == sorted(set(starts)) and starts[-1] < len(turn.text)


PARTS = st.sampled_from(
    ["WEBVTT", "\n", "\n\n", "00:00:01.000 --> 00:00:02.000", "00:00:01,000 --> 00:00:02,000", "1", "<v Ana>", "</v>", "Ana: ", "Jane: ",
     "**Ana:** ", "**Jane** (0:05): ", "Ana  0:01", "Jane   1:02:03", "0:01", "[Ana] 10:00:01", "10:00:01\tAna:\t", "From Ana to All:", "#", "## ",
     "Transcript", "---", "📖 Transcript", "ended after", "it broke", ".Ana: ", '{"', '"text": "a"', '"speaker": "b"', '"start": ', "[", "]", "{", "}",
     '", ', "\t", "\r", "\ufeff", "\u200f", "\x00", "NaN", "1e999", "9" * 5000, '{"speaker": "a", "text": "b", "start": 1}, ', "https://a.b", ":", "："],  # noqa: RUF001
)  # fmt: skip
IMPORTERS = [importer for importer in importers() if importer.name in NAMES.values()]


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.lists(PARTS, max_size=40).map("".join).map(str.encode),
        st.text(max_size=200).map(lambda text: text.encode("utf-16")),
    )
)
def test_any_bytes_give_contents_or_say_why_not(importer, data):
    one = source(data, f"a{importer.endings[0]}")
    importer.claims(one)
    try:
        contents = importer.read(one)
    except Unreadable:
        return
    for found in contents:
        sound(found)


@given(st.sampled_from(TEXTS), st.data())
def test_a_file_with_some_bytes_changed_gives_contents_or_says_why_not(file, data):
    content = bytearray((FOLDER / file).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
    try:
        _, contents = read_source(source(bytes(content), file))
    except Unreadable:
        return
    for found in contents:
        if isinstance(found, Transcript):
            sound(found)


@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
def test_a_document_with_some_bytes_changed_gives_contents_or_says_why_not(kind, data):
    content = bytearray(DOCUMENTS[kind][0])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + 4] = data.draw(st.binary(max_size=6))
    try:
        read_source(source(bytes(content), "call.docx"))
    except Unreadable:
        pass


# Studies --------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not STUDIES.is_dir(), reason="the studies are not on this machine")
def test_a_studys_interviews_are_the_same_as_text_and_as_json():
    for path in sorted((STUDIES / "pdpilot/transcripts").glob("*.json")):
        turns = json.loads(path.read_text())["turns"]
        _, found = read(path.read_bytes(), path.name)
        assert said(found) == said(read(path.with_suffix(".txt").read_bytes(), f"{path.stem}.txt")[1])
        assert len(found.turns) <= len(turns) and found.speakers == ("Interviewer", path.stem)
        assert sum(len(turn.text.split()) for turn in found.turns) == sum(len(turn["text"].split()) for turn in turns)


@pytest.mark.skipif(not STUDIES.is_dir(), reason="the studies are not on this machine")
def test_interviews_in_markdown_and_meetings_in_json_are_read():
    speakers = {}
    for path in sorted((STUDIES / "formats").rglob("*.*")):
        if path.suffix in (".md", ".json") and path.stem[:2] in ("20", "qm"):
            _, found = read(path.read_bytes(), path.name)
            speakers[path.stem] = len(found.speakers)
            assert sum(len(turn.text) for turn in found.turns) > 5000, path
    assert len(speakers) == 9 and sum(count > 1 for count in speakers.values()) == 7


# What a transcript states of its call

TALKED = "Ana Ruiz: How is it?\nJane Doe: It is slow.\nAna Ruiz: Why?\nJane Doe: The totals are wrong.\n"
IN_BOLD = "**Ana Ruiz**: How is it?\n**Jane Doe**: It is slow.\n**Ana Ruiz**: Why?\n**Jane Doe**: The totals.\n"
WITH_TIMES = "Ana Ruiz  0:01\nHow is it?\n\nJane Doe  0:05\nIt is slow.\n\nAna Ruiz  0:09\nWhy?\n"


@pytest.mark.parametrize("talk", [TALKED, IN_BOLD, WITH_TIMES])
@pytest.mark.parametrize(
    "head",
    [
        "---\ncustomer: Bolt\nconsent: none\nsegment: retail\n---\n",
        "---\ncompany: '[[Bolt]]'\nconsent: none\nsegment: retail\n---\n# Interview\n",
        "Customer: Bolt\nConsent: none\nSegment: retail\n\n",
        "# Interview\n\nCompany: Bolt\nConsent: none\nSegment: retail\n\n",
        "**Company:** Bolt\n**Consent:** none\n**Segment:** retail\n\n",
    ],
)
def test_what_a_transcript_states_of_its_call_is_read(head, talk):
    if talk == WITH_TIMES and not head.startswith("Customer"):
        return
    (found,) = read_source(Source("a.md", (head + talk).encode()))[1]
    assert (found.customer, found.consent, found.segment) == ("Bolt", "none", "retail")
    assert "".join(turn.text for turn in found.turns).startswith("How is it?It is slow.")
    assert {turn.speaker for turn in found.turns} == {"Ana Ruiz", "Jane Doe"}


def test_who_was_there_is_told_by_the_lists_above_the_talk():
    head = "---\ncustomer: Bolt\nparticipants:\n  - '[[Jane Doe]]'\n  - Ana Ruiz (us)\n---\n"
    (found,) = read_source(Source("a.md", (head + IN_BOLD).encode()))[1]
    assert (found.who, found.us) == ("Jane Doe", "Ana Ruiz")
    (found,) = read_source(Source("a.txt", f"Date: 2026-11-17\nInterviewer: Ana Ruiz\n\n{TALKED}".encode()))[1]
    assert (found.who, found.us, str(found.date)) == ("", "Ana Ruiz", "2026-11-17")


def test_whoever_is_called_as_a_field_is_still_speaks():
    talk = "Interviewer: How is it?\nCustomer: It is slow.\nInterviewer: Why?\nCustomer: The totals are wrong.\n"
    (found,) = read_source(Source("a.txt", talk.encode()))[1]
    assert found.customer == "" and [turn.text for turn in found.turns][1] == "It is slow."
    assert {turn.speaker for turn in found.turns} == {"Interviewer", "Customer"}
    notes = "Interviewer: Ana\nCustomer: Acme Freight\n- It is slow\n\nInterviewer: Ana\nCustomer: Bolt\n- It is fast\n"
    assert isinstance(read_source(Source("a.txt", notes.encode()))[1][0], Jottings)


def test_json_states_whose_call_it_is_and_a_recorders_own_company_does_not():
    said = [{"speaker": who, "text": words} for who, words in (("Ana", "How?"), ("Jane", "Slow."))]
    known = {"customer": "Kappa", "consent": "none", "segment": "retail", "company": "Ours Inc."}
    (found,) = read_source(Source("a.json", json.dumps({**known, "turns": said}).encode()))[1]
    assert (found.customer, found.consent, found.segment) == ("Kappa", "none", "retail")


def test_what_stands_below_a_talk_is_named():
    (found,) = read_source(Source("a.md", f"## Transcript\n{IN_BOLD}\n## My takeaways\n- They will churn\n".encode()))[
        1
    ]
    assert [one.what for one in found.problems] == ["2 lines from '## My takeaways' on are not part of the talk"]


def test_a_sentence_with_a_day_in_it_is_no_day_alone():
    assert day_alone("It broke on 17 November 2026 at 10:00") is None and day_alone("we met 2026-11-17") is None
    assert (
        str(day_alone("Tuesday, 17 November 2026, 10:00 am CET"))
        == str(day_alone("2026-11-17 14:00 UTC"))
        == "2026-11-17"
    )
    talk = "Jane: It broke on 17 November 2026 at 10:00\nAna: Oh?\nJane: Twice.\n"
    (found,) = read_source(Source("a.txt", talk.encode()))[1]
    assert count_said(found) == {"Jane": 9, "Ana": 1}


def test_very_many_blanks_in_a_line_are_no_work():
    """Looked for from each of them on, they took two minutes."""
    gap = " " * 200_000
    talk = f"Ana: How?\nJane: It is slow.\nAna: Why?\nJane:{gap}Nobody{gap}knows.\n{gap}Ana: Oh{gap}\n"
    (found,) = read_source(Source("a.txt", talk.encode()))[1]
    assert [turn.text for turn in found.turns] == ["How?", "It is slow.", "Why?", "Nobody knows.", "Oh"]
    (found,) = read_source(Source("a.txt", f"- It is{gap}slow\n{gap}- so slow\n".encode()))[1]
    assert [note.line for note in found.notes] == ["- It is slow", "- so slow"]


# Chats ----------------------------------------------------------------------------------------------------------------

WHAT_WE_ASKED, SLOW, HELP, YES = (
    "Hi, how is the board?",
    "Slow on my phone",
    "Would an offline mode help you?",
    "yes absolutely",
)
CHAT = [(ANA, WHAT_WE_ASKED), (JANE, f"{SLOW} in the train"), (ANA, HELP), (JANE, YES)]
CHATS = {
    "android": f"17.11.26, 10:02 - Messages and calls are end-to-end encrypted.\n17.11.26, 10:02 - {ANA}: {WHAT_WE_ASKED}\n"
    f"17.11.26, 10:05 - {JANE}: {SLOW}\nin the train\n17.11.26, 10:08 - {ANA}: {HELP}\n"
    f"17.11.26, 10:09 - {JANE}: <Media omitted>\n17.11.26, 10:10 - {JANE}: {YES}\n",
    "iphone": f"[17/11/2026, 10:02:00] {ANA}: {WHAT_WE_ASKED}\n[17/11/2026, 10:05:00] {JANE}: {SLOW}\nin the train\n"
    f"[17/11/2026, 10:08:00] {ANA}: {HELP}\n\u200e[17/11/2026, 10:09:00] {JANE}: \u200eimage omitted\n"
    f"[17/11/2026, 10:10:00] ~\u202f{JANE}: {YES}\n",
    "american": f"11/17/26, 10:02\u202fAM - {ANA}: {WHAT_WE_ASKED}\n11/17/26, 10:05 AM - {JANE}: {SLOW}\nin the train\n"
    f"11/17/26, 10:08 AM - {ANA}: {HELP}\n11/17/26, 10:10 AM - {JANE}: {YES}\n",
    "slack": f"{ANA}  10:02 AM\n{WHAT_WE_ASKED}\n{JANE}  10:05 AM\n{SLOW}\nin the train\n{ANA}  10:08 AM\n{HELP}\n{JANE}  10:10 AM\n{YES}\n",
    "zoom": f"2026-11-17 10:02:00 From {ANA} to Everyone:\n\t{WHAT_WE_ASKED}\n2026-11-17 10:05:00 From {JANE} to Everyone:\n\t{SLOW}\n"
    f"\tin the train\n2026-11-17 10:08:00 From {ANA} to Everyone:\n\t{HELP}\n2026-11-17 10:10:00 From {JANE} to Everyone:\n\t{YES}\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", CHATS)
@pytest.mark.parametrize("name", ["chat.txt", "chat.md", "chat"])
def test_a_chat_is_a_talk_with_its_day_and_times(kind, name):
    _, found = read(CHATS[kind], name)
    assert said(found) == CHAT
    assert [turn.at for turn in found.turns] == [0, 180, 360, 480]
    assert found.date == (None if kind == "slack" else DAY)
    assert "the times are the clock's: the first is 10:02:00" in found.problems[0].what


def test_what_nobody_has_typed_in_a_chat_is_named():
    left = [(one.line, one.what) for one in read(CHATS["android"])[1].problems if "typed" in one.what]
    assert [line for line, _ in left] == [1, 6] and "<Media omitted>" in left[1][1]
    assert [one.line for one in read(CHATS["iphone"])[1].problems if "typed" in one.what] == [5]


@pytest.mark.parametrize(
    ("days", "day"),
    [
        (("11/12/26", "13/12/26"), date(2026, 12, 11)),
        (("11/12/26", "11/13/26"), date(2026, 11, 12)),
        (("11/12/26", "12/01/26"), date(2026, 11, 12)),  # the other way round the second day comes before the first
        (("11/12/26", "11/12/26"), None),
        (("11.12.26", "12.12.26"), date(2026, 12, 11)),
        (("2026-11-12", "2026-11-13"), date(2026, 11, 12)),
    ],
)
def test_the_day_of_a_chat_is_its_first_where_it_can_be_read_in_one_way(days, day):
    _, found = read(f"{days[0]}, 23:58 - {ANA}: {WHAT_WE_ASKED}\n{days[1]}, 23:59 - {JANE}: {YES}\n")
    assert found.date == day
    several = len(set(days)) > 1
    assert [turn.at for turn in found.turns] == ([None, None] if several else [0, 60])
    assert ("goes on over 2 days" in found.problems[0].what) == several


def test_a_few_lines_with_a_day_and_a_time_make_no_chat_of_notes():
    text = "17.11.26, 10:02 - call begins\n17.11.26, 10:40 - call ends\n" + "It is slow\n" * 5
    assert isinstance(read_source(source(text))[1][0], Jottings)
    text = (
        f"- {JANE} dialed in\n" + "- It is slow\n" * 20 + f"17.11.26, 10:02 - {ANA}: hi\n17.11.26, 10:02 - {JANE}: hi\n"
    )
    assert isinstance(read_source(source(text))[1][0], Jottings)
    assert isinstance(read_source(source("Lunch  12:00 PM\nback later\n"))[1][0], Jottings)


ZH = [
    ("安娜", "您平时怎么导入订单"),
    ("王小明", "经常少几行。"),
    ("安娜", "少了以后怎么办"),
    ("王小明", "一行一行地对。"),
]


@pytest.mark.parametrize("form", ["{} 00:0{}\n{}\n", "{}（00:0{}）：{}\n", "{}（00:0{}）\n{}\n", "{}(00:0{}): {}\n"])  # noqa: RUF001
def test_names_without_capitals_and_brackets_of_full_width_are_read(form):
    text = "\n".join(form.format(who, at, words) for at, (who, words) in enumerate(ZH, 3))
    _, found = read(text)
    assert said(found) == ZH and [turn.at for turn in found.turns] == [3, 4, 5, 6]


def test_a_time_in_italics_behind_a_bold_name_is_its_time():
    text = "# Call\n\n2026-11-17\n\n" + "\n\n".join(
        f"**{who}** *[00:0{at}]*: {words}" for at, (who, words) in enumerate(CHAT, 3)
    )
    _, found = read(text, "call.md")
    assert said(found) == CHAT and [turn.at for turn in found.turns] == [3, 4, 5, 6]
    assert (found.title, found.date, found.problems) == ("Call", DAY, ())


def test_a_list_of_who_says_what_is_a_talk_and_notes_with_some_such_lines_are_none():
    listed = [f"- {who}: {words}\n" for who, words in CHAT]
    assert said(read("".join(listed), "call.md")[1]) == CHAT
    for notes in (
        "- Filters reset\n" + "".join(listed),
        "- Export: slow\n- Menu: odd\n- Export: slow again\n- Menu: grey\n",
    ):
        assert isinstance(read_source(source(notes, "call.md"))[1][0], Jottings)


@pytest.mark.parametrize("form", ["{} - {}\n", "{} – {}\n", "- {} – {}\n", "[0:03] <{}> {}\n", "<{}> {}\n"])
def test_names_before_a_dash_or_in_angle_brackets_are_those_who_speak(form):
    assert said(read("".join(form.format(*one) for one in CHAT))[1]) == CHAT
    notes = "It is slow - she waits\nWould she pay? - no\nIt is slow - again\n"
    assert isinstance(read_source(source(notes))[1][0], Jottings)
