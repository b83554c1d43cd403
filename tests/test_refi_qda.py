"""REFI-QDA projects: what the standard's schema asks for, positions that other programs read, and back in again."""

import io
import re
import zipfile
from xml.etree.ElementTree import tostring

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench.report.refi_qda as refi_qda
from workbench.arrivals import settle
from workbench.bring_in import bring_in, plan_import
from workbench.cli import main
from workbench.importers import Jotting, Jottings, Source, Unreadable, read_source
from workbench.importers.refi_qda import UNQUOTED
from workbench.report.refi_qda import NAMESPACE, format_qdpx
from workbench.report.take_out import TABLES, Taken, _frame, take_out
from workbench.store import read_calls, read_ledger
from workbench.study import read_study
from workbench.themes import find_themes
from workbench.transcripts import read_transcript

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# Of each element that is written, after the standard's schema: its parts in their order (+ at least one, ? at most one),
# and the attributes that it must and may have.
SCHEMA = {
    "Project": (["Users?", "CodeBook?", "Variables?", "Cases?", "Sources?", "Notes?", "Description?"], "name", "origin creatingUserGUID creationDateTime"),
    "Users": (["User+"], "", ""),
    "User": ([], "guid", "name id"),
    "CodeBook": (["Codes"], "", ""),
    "Codes": (["Code+"], "", ""),
    "Code": (["Description?", "NoteRef*", "Code*"], "guid name isCodable", "color"),
    "Variables": (["Variable+"], "", ""),
    "Variable": (["Description?"], "guid name typeOfVariable", ""),
    "Cases": (["Case+"], "", ""),
    "Case": (["Description?", "CodeRef*", "VariableValue*", "SourceRef*", "SelectionRef*"], "guid", "name"),
    "VariableValue": (["VariableRef", "TextValue?", "DateValue?"], "", ""),
    "VariableRef": ([], "targetGUID", ""),
    "TextValue": ([], "", ""),
    "DateValue": ([], "", ""),
    "Sources": (["TextSource+"], "", ""),
    "TextSource": (["Description?", "PlainTextContent?", "PlainTextSelection*", "Coding*", "NoteRef*", "VariableValue*"], "guid", "name plainTextPath creatingUser creationDateTime"),
    "PlainTextSelection": (["Description?", "Coding*", "NoteRef*"], "guid startPosition endPosition", "name creatingUser creationDateTime"),
    "Coding": (["CodeRef", "NoteRef*"], "guid", "creatingUser creationDateTime"),
    "CodeRef": ([], "targetGUID", ""),
    "SourceRef": ([], "targetGUID", ""),
    "NoteRef": ([], "targetGUID", ""),
    "Notes": (["Note+"], "", ""),
    "Note": (["Description?", "PlainTextContent?", "PlainTextSelection*", "Coding*", "NoteRef*", "VariableValue*"], "guid", "name plainTextPath creatingUser creationDateTime"),
    "PlainTextContent": ([], "", ""),
    "Description": ([], "", ""),
}  # fmt: skip


def opened(data):
    """A project's root, and its texts by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert names[0] == "project.qde"
        assert all(re.fullmatch(r"sources/[0-9a-f-]{36}\.txt", name) for name in names[1:])
        texts = {name.removeprefix("sources/"): archive.read(name).decode("utf-8") for name in names[1:]}
        return ElementTree.fromstring(archive.read("project.qde"), forbid_dtd=True), texts


def plain(element):
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def check_schema(root):
    """What the standard's schema says of the elements that are there."""
    ids, named = [], []
    for element in root.iter():
        parts, must, may = SCHEMA[plain(element)]
        pattern = "".join(f"(?:{part.rstrip('?*+')} ){part[-1] if part[-1] in '?*+' else ''}" for part in parts)
        assert re.fullmatch(pattern, "".join(f"{plain(part)} " for part in element)), (
            plain(element),
            [plain(p) for p in element],
        )
        attributes = {name for name in element.attrib if not name.startswith("{")}
        assert set(must.split()) <= attributes <= {*must.split(), *may.split()}, plain(element)
        ids += [element.attrib["guid"]] if "guid" in element.attrib else []
        named += [
            value
            for name, value in element.attrib.items()
            if name in ("targetGUID", "creatingUser", "creatingUserGUID")
        ]
        for name in ("creationDateTime",):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", element.get(name, "2026-11-17T00:00:00Z"))
    assert len(set(ids)) == len(ids)
    assert set(named) <= set(ids), "every id that is named is of something"
    assert all(GUID.fullmatch(one) for one in ids)


def find(root, tag):
    """All elements of a kind."""
    return root.findall(f".//{{{NAMESPACE}}}{tag}")


def quotes_as_read_elsewhere(root, texts):
    """Each coded passage with its codes, as QualCoder reads one: the file as text, from the start up to before the end."""
    codes = {code.get("guid"): code.get("name") for code in find(root, "Code")}
    found = []
    for source in find(root, "TextSource"):
        text = texts[source.get("plainTextPath").removeprefix("internal://")]
        for selection in source.findall(f"{{{NAMESPACE}}}PlainTextSelection"):
            words = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
            refs = selection.findall(f"{{{NAMESPACE}}}Coding/{{{NAMESPACE}}}CodeRef")
            found.append((source.get("name"), words, {codes[ref.get("targetGUID")] for ref in refs}))
    return found


@pytest.fixture(scope="module", params=[False, True], ids=["others", "mine"])
def sample(request, sample_study):
    study = read_study(sample_study)
    return take_out(study, find_themes(study.notes, study.ledger), mine=request.param)


def test_a_project_is_after_the_schema(sample):
    root, texts = opened(format_qdpx(sample))
    check_schema(root)
    assert root.tag == f"{{{NAMESPACE}}}Project"
    assert len(texts) == len(sample.tables["calls"]) + len(sample.transcripts)


def test_every_note_stands_where_it_is_said_to(sample):
    found = quotes_as_read_elsewhere(*opened(format_qdpx(sample)))
    notes = sample.tables["notes"]
    notes = notes[notes["kind"] != "take"]
    assert [(call, words) for call, words, _ in found] == [
        (call, text or UNQUOTED) for call, text in zip(notes["call"], notes["text"], strict=True)
    ]
    for (_, _, codes), note in zip(found, notes.itertuples(), strict=True):
        assert note.kind in codes
        assert {f"#{tag}" for tag in note.tags.split()} <= codes
        assert len(codes) == 1 + len(set(note.tags.split())) + bool(note.theme)


def test_cases_are_customers_with_their_calls(sample):
    root, _ = opened(format_qdpx(sample))
    names = {source.get("guid"): source.get("name") for source in find(root, "TextSource")}
    calls = sample.tables["calls"]
    cases = find(root, "Case")
    assert [case.get("name") for case in cases] == list(sample.tables["customers"]["customer"])
    for case in cases:
        refs = case.findall(f"{{{NAMESPACE}}}SourceRef")
        assert [names[ref.get("targetGUID")] for ref in refs] == list(
            calls[calls["customer"] == case.get("name")]["call"]
        )


def test_takes_are_notes_and_never_coded(sample):
    root, texts = opened(format_qdpx(sample))
    takes = sample.tables["notes"]
    takes = list(takes[takes["kind"] == "take"]["text"])
    assert bool(takes) == sample.mine
    assert [note.findtext(f"{{{NAMESPACE}}}PlainTextContent") for note in find(root, "Note")] == takes
    assert not any(take in text for take in takes for text in texts.values())


def project_of(texts, **fields):
    """What is taken out of one call with these notes."""
    note = dict.fromkeys(TABLES["notes"], "") | {"call": "C-1", "customer": "P-1", "kind": "quote", "theme": "T1"}
    rows = {
        "customers": [dict.fromkeys(TABLES["customers"], "") | {"customer": "P-1", "calls": 1}],
        "calls": [dict.fromkeys(TABLES["calls"], "") | {"call": "C-1", "customer": "P-1", "date": "2026-11-17"}],
        "notes": [note | {"note": f"C-1:{i}", "text": text} for i, text in enumerate(texts)],
        "themes": [dict.fromkeys(TABLES["themes"], "") | {"theme": "T1", "customers": 1, "of": 1, "notes": len(texts)} | fields],
        "records": [],
    }  # fmt: skip
    return Taken({name: _frame(name, of) for name, of in rows.items()}, day="2026-11-17")


def test_hostile_words_stay_words_and_keep_their_places(hostile_payloads):
    texts = [" ".join(text.encode("utf-8", "replace").decode().split()) or "x" for text in hostile_payloads]
    root, files = opened(format_qdpx(project_of(texts, name=hostile_payloads[0], claim=" ".join(texts))))
    check_schema(root)
    assert [words for _, words, _ in quotes_as_read_elsewhere(root, files)] == texts


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Zl", "Zp", "Cc"]), min_size=1), min_size=1, max_size=5)
)
def test_positions_count_code_points(texts):
    root, files = opened(format_qdpx(project_of(texts)))
    assert [words for _, words, _ in quotes_as_read_elsewhere(root, files)] == texts


def test_beyond_the_basic_plane_a_sign_counts_once():
    root, _ = opened(format_qdpx(project_of(["👍🏽 ok", "then"])))
    places = [(s.get("startPosition"), s.get("endPosition")) for s in find(root, "PlainTextSelection")]
    assert places == [("0", "5"), ("6", "10")]


def test_codes_of_one_name_are_told_apart():
    taken = project_of(["Rows are lost"], name="Pain")
    taken.tables["notes"]["tags"] = "pain"
    root, _ = opened(format_qdpx(taken))
    names = [code.get("name").casefold() for code in find(root, "Code")]
    assert len(set(names)) == len(names)


def test_a_theme_that_does_not_last_gets_no_others_id():
    ids = []
    for claim in ("Rows are lost", "Slow"):
        root, _ = opened(format_qdpx(project_of(["a"], claim=claim)))
        ids += [code.get("guid") for code in find(root, "Code") if code.get("name") == claim]
    assert len(set(ids)) == 2


def test_each_note_is_looked_at_a_few_times_however_many_calls_there_are(monkeypatch):
    """Each call has its notes without a look at those of all others."""
    looked_at = []
    monkeypatch.setattr(refi_qda, "PIECE", 10)
    rows_of = refi_qda._rows
    monkeypatch.setattr(refi_qda, "_rows", lambda table: (looked_at.append(1) or row for row in rows_of(table)))
    taken = project_of(["Rows"])
    calls = [f"C-{n}" for n in range(100)]
    rows = {name: table.to_dict("records") for name, table in taken.tables.items()}
    rows["calls"] = [rows["calls"][0] | {"call": call} for call in calls]
    rows["notes"] = [rows["notes"][0] | {"call": call, "note": f"{call}:{n}"} for call in calls for n in range(3)]
    root, texts = opened(format_qdpx(Taken({name: _frame(name, of) for name, of in rows.items()})))
    assert len(find(root, "PlainTextSelection")) == 300 and set(texts.values()) == {"Rows\n" * 3}
    # Of the notes each once for its call, for its text and for whether it is a take; and the calls.
    assert len(looked_at) <= 3 * 300 + 100


# Back in.


def qde(sources, codes="", cases="", rest="", origin="Some program 1.0", before=""):
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<Project name="p" origin="{origin}" xmlns="{NAMESPACE}">'
        f"<CodeBook><Codes>{codes or code(1, 'Lost rows') + code(2, 'Import')}</Codes></CodeBook>"
        f"<Cases>{cases}</Cases><Sources>{sources}</Sources>{rest}</Project>"
    )


def code(number, name, inside=""):
    return f'<Code guid="{gid(number)}" name="{name}" isCodable="true">{inside}</Code>'


def gid(number):
    return f"AAAAAAAA-0000-4000-8000-{number:012}"


def passage(start, end, *codes, inside="", name=""):
    coding = "".join(f'<Coding guid="{gid(900)}"><CodeRef targetGUID="{gid(one)}"/></Coding>' for one in codes)
    return f'<PlainTextSelection guid="{gid(800)}" name="{name}" startPosition="{start}" endPosition="{end}">{inside}{coding}</PlainTextSelection>'


def text(number, name, *parts, path=""):
    path = path or f"internal://{gid(number)}.txt"
    return f'<TextSource guid="{gid(number)}" name="{name}" plainTextPath="{path}">{"".join(parts)}</TextSource>'


def packed(qde, texts, *, qde_name="project.qde", folder="sources"):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(qde_name, qde)
        for number, words in texts.items():
            archive.writestr(f"{folder}/{gid(number)}.txt", words if isinstance(words, bytes) else words.encode())
    return data.getvalue()


def contents(qde, texts=None, **options):
    importer, found = read_source(Source("p.qdpx", packed(qde, texts or {}, **options)))
    assert importer.name == "REFI-QDA project"
    return found


def around(words, whole, *codes, **options):
    """A passage of the words that a text has once."""
    assert whole.count(words) == 1
    return passage(whole.index(words), whole.index(words) + len(words), *codes, **options)


PROSE = "We went there on a rainy day. Forty rows were lost in the import, she said.\nThen she typed all of it again.\n"
TALK = "Interviewer: What happened then?\n\nJane: Forty rows were lost. I typed them again.\n\nInterviewer: All of them?\n\nJane: Every one.\n"


def test_a_passage_is_a_quote_and_its_code_a_theme():
    (notes,) = contents(
        qde(
            text(5, "Acme 2026-11-17", around("Forty rows were lost in the import", PROSE, 1)),
            cases=case("Acme Freight", 5),
        ),
        {5: PROSE},
    )
    assert notes.notes == (Jotting('- "Forty rows were lost in the import"', 1, "Lost rows"),)
    assert (notes.customer, str(notes.date), notes.transcript) == ("Acme Freight", "2026-11-17", None)


def case(name, *sources, number=50, inside=""):
    refs = "".join(f'<SourceRef targetGUID="{gid(one)}"/>' for one in sources)
    return f'<Case guid="{gid(number)}" name="{name}">{inside}{refs}</Case>'


def test_talk_is_kept_word_for_word_and_quotes_say_which_turn():
    (notes,) = contents(qde(text(5, "c", around("Forty rows were lost.", TALK, 1))), {5: TALK})
    assert notes.notes == (Jotting('- "Forty rows were lost." @¶2', 3, "Lost rows", "Jane"),)
    assert notes.transcript.speakers == ("Interviewer", "Jane")


def test_a_passage_over_several_turns_is_a_quote_each_without_names():
    words = "I typed them again.\n\nInterviewer: All of them?\n\nJane: Every one."
    (notes,) = contents(qde(text(5, "c", around(words, TALK, 1))), {5: TALK})
    assert [note.line for note in notes.notes] == [
        '- "I typed them again." @¶2',
        '- "All of them?" @¶3',
        '- "Every one." @¶4',
    ]


RUN_TOGETHER = (
    "Interviewer: How do you do it?\n\nJane: By hand.\n\nInterviewer: Why?\n\n"
    "Jane: Not yet, I say.Interviewer: And what did you do about it?Jane: I waited, I say.\n\nInterviewer: I see.\n\nJane: Yes.\n"
)


def test_in_a_line_that_several_share_a_passage_is_of_the_turn_that_has_its_words():
    words = ("what did you do about it?", "Not yet", "Interviewer: And what", "I waited, I say.\n\nInterviewer: I see.")
    (notes,) = contents(qde(text(5, "c", *(around(one, RUN_TOGETHER, 1) for one in words))), {5: RUN_TOGETHER})
    assert [(note.line, note.speaker) for note in notes.notes] == [
        ('- "Not yet" @¶4', "Jane"),
        ('- "And what" @¶5', "Interviewer"),
        ('- "what did you do about it?" @¶5', "Interviewer"),
        ('- "I waited, I say." @¶6', "Jane"),
        ('- "I see." @¶7', "Interviewer"),
    ]
    assert not [problem for problem in notes.problems if "not clear" in problem.what]


@pytest.mark.parametrize("words", ["Not yet, I say.Interviewer: And what", "I say"], ids=["two turns", "in both"])
def test_a_passage_that_is_of_none_or_of_several_in_one_line_is_named(words):
    at = RUN_TOGETHER.index(words)
    parts = [passage(at, at + len(words), 1), around("By hand.", RUN_TOGETHER, 1)]
    (notes,) = contents(qde(text(5, "c", *parts)), {5: RUN_TOGETHER})
    assert [note.line for note in notes.notes] == ['- "By hand." @¶2']
    assert any(f"which of them says “{words}” is not clear" in problem.what for problem in notes.problems)


def test_one_passage_written_once_for_each_code_is_one_note():
    """As QualCoder writes it; the first code is the theme."""
    words = "Forty rows were lost"
    (notes,) = contents(qde(text(5, "c", around(words, PROSE, 1), around(words, PROSE, 2))), {5: PROSE})
    (both,) = contents(qde(text(5, "c", around(words, PROSE, 1, 2))), {5: PROSE})
    assert notes == both
    assert notes.notes == (Jotting('- "Forty rows were lost" #import', 1, "Lost rows"),)
    assert "1 passage has several codes; the first is its theme" in str(notes.problems[0])


def test_codes_of_one_name_are_told_by_those_above_them():
    codes = code(1, "Import", code(2, "Slow")) + code(3, "Export", code(4, "Slow")) + code(6, "Rows")
    parts = [around("Forty rows", PROSE, 2), around("she typed", PROSE, 4), around("rainy day", PROSE, 6)]
    (notes,) = contents(qde(text(5, "c", *parts), codes=codes), {5: PROSE})
    assert [note.theme for note in notes.notes] == ["Rows", "Import / Slow", "Export / Slow"]


def test_what_a_coder_wrote_is_a_take():
    """As a description (MAXQDA, QualCoder), by a reference, and by a link (NVivo)."""
    note = (
        f'<Notes><Note guid="{gid(70)}" name="n"><PlainTextContent>Ask again in May</PlainTextContent></Note></Notes>'
    )
    for inside, rest, take in (
        ("<Description>Ask again in May</Description>", "", True),
        (
            "",
            note
            + f'<Links><Link guid="{gid(71)}" originGUID="{gid(70)}" targetGUID="{{{gid(800).lower()}}}"/></Links>',
            True,
        ),
        ("", note, False),
    ):
        (notes,) = contents(qde(text(5, "c", around("Forty rows", PROSE, 1, inside=inside)), rest=rest), {5: PROSE})
        lines = [one.line for one in notes.notes]
        assert lines == ['- "Forty rows"', *(["- = Ask again in May"] if take else [])]
    (notes,) = contents(
        qde(text(5, "c", around("Forty rows", PROSE, 1), f'<NoteRef targetGUID="{gid(70)}"/>'), rest=note), {5: PROSE}
    )
    assert notes.notes[-1].line == "- = Ask again in May"


def test_a_case_that_is_a_code_is_a_customer_and_no_theme():
    """As NVivo writes cases."""
    found = contents(
        qde(text(5, "c", passage(0, len(PROSE), 50), around("Forty rows", PROSE, 1)), codes=code(1, "Rows") + code(50, "Acme"),
            cases=case("Acme")), {5: PROSE},
    )  # fmt: skip
    assert found[0].customer == "Acme"
    assert found[0].notes == (Jotting('- "Forty rows"', 1, "Rows"),)


def test_variables_of_cases_and_texts_are_fields():
    """MAXQDA and Quirkos write cases without a name, for the variables of a text."""
    variables = "".join(
        f'<Variable guid="{gid(30 + i)}" name="{name}" typeOfVariable="Text"/>'
        for i, name in enumerate(("Segment", "Date", "Shoe size"))
    )
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="{gid(30 + i)}"/><TextValue>{value}</TextValue></VariableValue>'
        for i, value in enumerate(("field", "2026-11-17", "42"))
    )
    sources = text(5, "c", around("Forty rows", PROSE, 1))
    for cases in (
        case("Acme", 5, inside=values),
        case("Acme", 5) + f'<Case guid="{gid(51)}">{values}<SourceRef targetGUID="{gid(5)}"/></Case>',
    ):
        project = qde(sources, cases=cases).replace("<Cases>", f"<Variables>{variables}</Variables><Cases>")
        (notes,) = contents(project, {5: PROSE})
        assert (notes.customer, notes.segment, str(notes.date)) == ("Acme", "field", "2026-11-17")


def test_a_text_of_two_cases_is_asked_about():
    cases = case("Acme", 5) + case("Bolt", 5, number=51)
    (notes,) = contents(qde(text(5, "c", around("Forty rows", PROSE, 1)), cases=cases), {5: PROSE})
    assert notes.customer == ""
    assert "“c” is of several cases: Acme, Bolt" in str(notes.problems[0])


WINDOWS = "First line\r\nForty rows were lost in the import\r\nShe typed all of it again\r\nand again until noon\r\n"
WORDS = ("Forty rows were lost", "typed all of it", "until noon")


@pytest.mark.parametrize(
    ("words", "counted", "told"),
    [
        (WINDOWS, lambda w: w, ""),
        (WINDOWS, lambda w: w.replace("\r\n", "\n"), "with a line end of Windows as one"),
        ("👍 First 👍\n" * 3 + WINDOWS.replace("\r\n", "\n"), lambda w: w, ""),
        ("👍 First 👍\n" * 3 + WINDOWS.replace("\r\n", "\n"), lambda w: w.replace("👍", "xx"), "in UTF-16 units"),
        ("\ufeff" + WINDOWS.replace("\r\n", "\n"), lambda w: w.removeprefix("\ufeff"), ""),
    ],
    ids=["as the standard", "ATLAS.ti", "signs once", "NVivo", "a mark of the encoding"],
)
def test_however_positions_are_counted_the_quotes_are_whole(words, counted, told):
    places = [(counted(words).index(part), counted(words).index(part) + len(part)) for part in WORDS]
    (notes,) = contents(qde(text(5, "c", *(passage(*place, 1) for place in places))), {5: words})
    assert [note.line for note in notes.notes] == [f'- "{part}"' for part in WORDS]
    assert (told in str(notes.problems[0])) if told else not notes.problems


def test_an_end_on_the_last_letter_is_seen():
    parts = [passage(PROSE.index(w), PROSE.index(w) + len(w) - 1, 1) for w in ("Forty rows", "she typed", "rainy day")]
    (notes,) = contents(qde(text(5, "c", *parts)), {5: PROSE})
    assert [note.line for note in notes.notes] == ['- "rainy day"', '- "Forty rows"', '- "she typed"']
    assert "with the end on the last letter" in str(notes.problems[0])


def test_files_lie_where_programs_put_them():
    """ATLAS.ti names the project's file after the project, NVivo has Sources/, others no scheme before the path."""
    source = text(5, "c", around("Forty rows", PROSE, 1), path=f"{gid(5)}.txt")
    for options in (
        {"qde_name": "My study.qde"},
        {"folder": "Sources"},
        {"qde_name": "study/project.qde", "folder": "study/sources"},
    ):
        (notes,) = contents(qde(source), {5: PROSE}, **options)
        assert [note.line for note in notes.notes] == ['- "Forty rows"']
    importer, _ = read_source(Source("renamed.zip", packed(qde(source), {5: PROSE})))
    assert importer.name == "REFI-QDA project"


def test_the_text_of_a_pdf_and_of_a_recording_comes_in():
    inner = around("Forty rows", PROSE, 1)
    pdf = f'<PDFSource guid="{gid(7)}" name="Report" path="internal://x.pdf"><Representation guid="{gid(8)}" plainTextPath="internal://{gid(5)}.txt">{inner}</Representation></PDFSource>'
    at = PROSE.index("Forty rows")
    points = f'<SyncPoint guid="{gid(60)}" position="{at}" timeStamp="9"/><SyncPoint guid="{gid(61)}" position="{at + 10}" timeStamp="10"/>'
    coding = f'<Coding guid="{gid(62)}"><CodeRef targetGUID="{gid(1)}"/></Coding>'
    said = f'<TranscriptSelection guid="{gid(63)}" begin="9" end="10" fromSyncPoint="{gid(60)}" toSyncPoint="{gid(61)}">{coding}</TranscriptSelection>'
    audio = f'<AudioSource guid="{gid(9)}" name="Call"><Transcript guid="{gid(10)}" plainTextPath="internal://{gid(6)}.txt">{points}{said}</Transcript></AudioSource>'
    picture = f'<PictureSource guid="{gid(11)}" name="Whiteboard" path="internal://w.png"/>'
    found = contents(qde(pdf + audio + picture), {5: PROSE, 6: PROSE})
    assert [(one.title, [note.line for note in one.notes]) for one in found] == [
        ("Report", ['- "Forty rows"']),
        ("Call", ['- "Forty rows"']),
    ]
    assert "1 source has no text: Whiteboard" in str(found[0].problems[0])


# What real projects have, in texts of our own.


def test_one_word_that_a_coder_has_cut_says_nothing_of_how_positions_are_counted():
    """As in 30 interviews coded in NVivo for Mac, where one end of 1,506 stood better by another way, and moved all others."""
    words = [f"Row {i} was lost, she said so" for i in range(20)]
    whole = "\n".join(words)
    cut = passage(whole.index("Row 19"), len(whole) - 1, 1)
    parts = [around(f"Row {i} was lost", whole, 1) for i in range(19)]
    (notes,) = contents(qde(text(5, "c", *parts, cut)), {5: whole})
    assert [note.line for note in notes.notes][:-1] == [f'- "Row {i} was lost"' for i in range(19)]
    assert not notes.problems


NAMES_ABOVE = "Ana Ruiz  00:01\nWhat happened then?\n\nJane  00:04\nForty rows were lost.\nI typed them again.\n\nAna Ruiz  00:09\nAll of them?\n\nJane  00:11\nEvery one.\n"


def test_a_name_above_the_words_is_none_of_them():
    """As transcripts lie in NVivo's projects: a passage goes over the names of those who speak in between."""
    at = NAMES_ABOVE.index("rows")
    parts = [passage(at, len(NAMES_ABOVE), 1), passage(0, NAMES_ABOVE.index("Forty") - 2, 2)]
    (notes,) = contents(qde(text(5, "c", *parts)), {5: NAMES_ABOVE})
    assert [(note.line, note.speaker) for note in notes.notes] == [
        ('- "What happened then?" @00:01', "Ana Ruiz"),
        ('- "rows were lost. I typed them again." @00:04', "Jane"),
        ('- "All of them?" @00:09', "Ana Ruiz"),
        ('- "Every one." @00:11', "Jane"),
    ]


def test_a_folder_that_is_called_as_its_code_is_no_other_code():
    """As QualCoder has codes that came from NVivo or MAXQDA, where a code may have others below it."""
    codes = code(1, "Slow", code(2, "Slow")).replace('isCodable="true"', 'isCodable="false"', 1)
    (notes,) = contents(qde(text(5, "c", around("Forty rows", PROSE, 2)), codes=codes), {5: PROSE})
    assert [note.theme for note in notes.notes] == ["Slow"]


def test_a_transcript_that_is_written_twice_is_one_call():
    """As ATLAS.ti does: as a text, which is coded, and as that of its recording, which has no name then."""
    path = f'plainTextPath="internal://{gid(5)}.txt"'
    twice = f'<VideoSource guid="{gid(9)}" name="" path="relative:///{gid(8)}.mp4"><Transcript guid="{gid(10)}" name="Talk with Jane" {path}/></VideoSource>'
    for sources in (text(5, "Talk with Jane", around("Forty rows", TALK, 1)) + twice, twice):
        found = contents(qde(sources), {5: TALK})
        assert [one.title for one in found] == ["Talk with Jane"]
    assert not found[0].problems


def box(number, words="", *codes, page=1):
    """A passage of a page of a PDF, with its words where the program knows them."""
    said = (
        f'<Representation guid="{gid(700 + number)}"><PlainTextContent>{words}</PlainTextContent></Representation>'
        if words
        else ""
    )
    coding = "".join(f'<Coding guid="{gid(900)}"><CodeRef targetGUID="{gid(one)}"/></Coding>' for one in codes)
    return f'<PDFSelection guid="{gid(number)}" page="{page}" firstX="1" firstY="1" secondX="9" secondY="9">{said}{coding}</PDFSelection>'


def pdf(*parts):
    return f'<PDFSource guid="{gid(7)}" name="Report" path="internal://x.pdf">{"".join(parts)}</PDFSource>'


def test_a_passage_of_a_pdf_is_one_quote_however_often_it_is_written():
    """As ATLAS.ti writes it: a box and a passage of the text of one id, and a box more for what stands on the next page."""
    whole = f'<Representation guid="{gid(8)}" plainTextPath="internal://{gid(5)}.txt">{around("Forty rows were lost in the import", PROSE, 1)}</Representation>'
    boxes = [box(800, "Forty rows", 1), box(81, "were lost in theimport", 1, page=2), box(82, "", 2), box(83)]
    (notes,) = contents(qde(pdf(*boxes, whole)), {5: PROSE})
    assert [(note.line, note.theme) for note in notes.notes] == [
        ('- "Forty rows were lost in the import"', "Lost rows")
    ]
    assert [str(one).partition(":1: ")[2] for one in notes.problems] == [
        "1 coded passage is of a page, a picture or a recording, without words; what has no words stays in the project, which is kept whole"
    ]


def test_of_a_pdf_without_its_text_the_words_of_the_passages_come_in():
    (notes,) = contents(
        qde(pdf(box(80, "Forty rows were lost 👍", 1), box(81, "She typed them again", 2), box(82, "", 1)))
    )
    assert [(note.line, note.theme) for note in notes.notes] == [
        ('- "Forty rows were lost 👍"', "Lost rows"),
        ('- "She typed them again"', "Import"),
    ]
    assert "1 coded passage is of a page" in str(notes.problems[0])


def test_passages_that_are_written_below_the_pdf_itself_are_of_its_text():
    whole = f'<Representation guid="{gid(8)}" plainTextPath="internal://{gid(5)}.txt"/>'
    (notes,) = contents(qde(pdf(whole, around("Forty rows", PROSE, 1))), {5: PROSE})
    assert [note.line for note in notes.notes] == ['- "Forty rows"']


def test_groups_that_say_something_of_a_text_are_fields():
    """ATLAS.ti has no cases; “gender: female” is a group of texts there."""
    groups = "".join(
        f'<Set guid="{gid(60 + i)}" name="{name}"><MemberSource targetGUID="{gid(5)}"/></Set>'
        for i, name in enumerate(("Company: Acme", "segment: retail", "Segment: field", "gender: female", "date: 2026-11-17", "Text files"))
    )  # fmt: skip
    (notes,) = contents(qde(text(5, "c", around("Forty rows", PROSE, 1)), rest=f"<Sets>{groups}</Sets>"), {5: PROSE})
    assert (notes.customer, notes.segment, str(notes.date)) == ("Acme", "retail", "2026-11-17")


@pytest.mark.parametrize(("name", "title"), [("Acme.docx", "Acme"), ("Acme v1.2", "Acme v1.2"), ("talk.M4A", "talk")])
def test_a_text_that_is_called_as_its_file_is_headed_without_the_ending(name, title):
    """A customer is guessed from it."""
    (notes,) = contents(qde(text(5, name, around("Forty rows", PROSE, 1))), {5: PROSE})
    assert notes.title == title


def test_what_is_said_of_a_text_is_a_take():
    words = "<Description>Ask again in May</Description>"
    (notes,) = contents(qde(text(5, "c", words, around("Forty rows", PROSE, 1))), {5: PROSE})
    assert [note.line for note in notes.notes] == ['- "Forty rows"', "- = Ask again in May"]


def test_a_project_that_was_exported_without_its_texts_is_told_so():
    with pytest.raises(Unreadable, match=r"a project without its texts: Simon\.docx, Mabel\.txt"):
        contents(qde(text(5, "Simon.docx", passage(0, 9, 1)) + text(6, "Mabel.txt")))


def test_a_text_that_nobody_coded_is_a_transcript_where_it_is_talk():
    found = contents(
        qde(text(5, "c", around("Forty rows", PROSE, 1)) + text(6, "talk") + text(7, "prose")),
        {5: PROSE, 6: TALK, 7: PROSE},
    )
    assert [type(one).__name__ for one in found] == ["Jottings", "Transcript"]
    assert any("“prose” has no coded passage and is no talk" in str(problem) for problem in found[0].problems)


def test_what_is_wrong_is_named_and_the_rest_is_in():
    parts = [
        around("Forty rows", PROSE, 1), passage(5, 10_000, 1), passage(-3, 5, 1), passage("x", 9, 1), passage(9, 9, 1),
        f"<Unheard of='it'>{passage(1, 2, 1)}</Unheard>", around("rainy day", PROSE, 77),
    ]  # fmt: skip
    gone = text(6, "gone", around("Forty rows", PROSE, 1), path="relative:///gone.txt")
    empty = f'<TextSource guid="{gid(9)}" name="styled" richTextPath="internal://x.docx"/>'
    (notes,) = contents(qde(text(5, "c", *parts) + gone + empty + text(8, "lost")), {5: PROSE})
    assert [(note.line, note.theme) for note in notes.notes] == [('- "rainy day"', ""), ('- "Forty rows"', "Lost rows")]
    told = "\n".join(map(str, notes.problems))
    assert "“c”: 4 passages lie beyond their text" in told
    assert "“gone” is not read: its text lies outside of the project (relative:///gone.txt)" in told
    assert "“styled” is not read: it has no plain text" in told
    assert f"“lost” is not read: its text is not in the project (internal://{gid(8)}.txt)" in told


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04 broken", "breaks off"),
        (b"no zip at all", "breaks off"),
        (packed("<Project", {}), "project.qde is broken in its line 1"),
        (packed("<html/>", {}), "is no project: it begins with html"),
        (packed(qde("", before='<!DOCTYPE p [<!ENTITY a "b">]>'), {}), "declares entities"),
        (packed(qde("", before='<!DOCTYPE p SYSTEM "file:///etc/passwd">'), {}), "declares entities"),
        (packed(qde(""), {}), "a project without a text"),
        (packed("x", {}, qde_name="readme.txt"), "there is no project.qde"),
        (packed(qde(text(5, "c")), {5: b" " * 30_000_000}), "times as large"),
    ],
    ids=["empty", "cut", "no zip", "broken xml", "html", "entities", "outside", "nothing", "no qde", "bomb"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(data, what):
    with pytest.raises(Unreadable, match=re.escape(what)):
        read_source(Source("p.qdpx", data))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_project_that_is_broken_anywhere_is_read_or_refused(data):
    """Words and letters of a whole project go, come twice or change; nothing but a refusal may come of it."""
    sources = text(5, "c", around("Forty rows", PROSE, 1, 50), passage(3, 9)) + text(
        6, "talk", around("Every one.", TALK, 2)
    )
    sources += pdf(box(80, "Forty rows", 1), passage(1, 4, 1))
    group = f'<Sets><Set guid="{gid(61)}" name="segment: retail"><MemberSource targetGUID="{gid(5)}"/></Set></Sets>'
    whole = qde(
        sources, cases=case("Acme", 5, 6), codes=code(1, "Rows", code(2, "Lost")) + code(50, "Acme"), rest=group
    )
    pieces = re.split(r"(?=[<>\"= ])", whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(pieces) - 1))
        pieces[at] = data.draw(
            st.sampled_from(["", pieces[at] * 2, pieces[at][:1], '"-1"', "<Case>", "\x00", "é", "{}", "99999999999"])
        )
    try:
        found = contents("".join(pieces), {5: PROSE, 6: TALK})
    except Unreadable:
        return
    for one in found:
        assert one.notes if isinstance(one, Jottings) else one.turns


def test_codes_that_lie_very_deep_are_read():
    deep = (
        "".join(f'<Code guid="{gid(1000 + i)}" name="n{i}" isCodable="true">' for i in range(3000)) + "</Code>" * 3000
    )
    (notes,) = contents(qde(text(5, "c", around("Forty rows", PROSE, 3999)), codes=deep), {5: PROSE})
    assert [note.theme for note in notes.notes] == ["n2999"]


def grouped(root):
    """Of a study: its notes as customer, kind, words, tags and time; its themes as sets of those."""
    study = read_study(root)
    themes = find_themes(study.notes, study.ledger)
    name = {
        row.note: (str(row.customer), str(row.kind), row.text, tuple(sorted(row.tags)), row.at)
        for row in study.notes.itertuples(index=False)
    }
    placed = themes.notes[themes.notes["theme"] != ""]
    return sorted(name.values()), sorted(sorted(name[note] for note in of["note"]) for _, of in placed.groupby("theme"))


def moved(root, there):
    """A study that went out as a project and came in again elsewhere."""
    study = read_study(root)
    project = there / "project.qdpx"
    project.write_bytes(format_qdpx(take_out(study, find_themes(study.notes, study.ledger), mine=True)))
    new = there / "new"
    (new / "interviews").mkdir(parents=True)
    if (root / "discovery" / "customers.yaml").exists():
        (new / "discovery").mkdir()
        (new / "discovery" / "customers.yaml").write_bytes((root / "discovery" / "customers.yaml").read_bytes())
    plan = plan_import(new, [project])
    assert {ask.field for arrival in plan for ask in arrival.asks} <= {"same", "day"}
    # Customers whose names look alike are apart here, too; a call of the study may be of a day that is yet to come.
    plan = [settle(arrival, same={ask.of: "no" for ask in arrival.asks if ask.field == "same"}) for arrival in plan]
    plan = [settle(arrival, day="2026-11-01") if arrival.asks else arrival for arrival in plan]
    return new, bring_in(new, plan)


def test_a_study_goes_out_and_comes_in_again_the_same(sample_study, tmp_path):
    new, done = moved(sample_study, tmp_path)
    assert not done.failed
    notes, themes = grouped(sample_study)
    notes_in, themes_in = grouped(new)
    assert notes_in == notes
    assert len(notes) == 195
    assert themes_in == themes
    assert len(themes) == len(done.themes) == 9
    again = bring_in(new, plan_import(new, [tmp_path / "project.qdpx"]))
    assert not again.calls, "a second time nothing comes in"
    assert not again.themes
    assert grouped(new) == (notes_in, themes_in)


TAKES = """---
customer: Acme
date: 2026-11-17
consent: quote
---
- "Forty rows were lost" @12:40 #pricing
- = Send her the guide #to-do #next-steps
- = my own thought @12:40 #pricing
- = my own thought
- = asks for \\#pricing
"""


def test_takes_come_back_with_their_times_and_tags_and_no_code_counts_them(make_workspace, tmp_path):
    root = make_workspace({"2026-11-17-acme.md": TAKES})
    new, done = moved(root, tmp_path)
    (call,) = done.calls
    assert (new / call.file).read_text(encoding="utf-8").splitlines()[-5:] == TAKES.splitlines()[-5:]
    project, _ = opened((tmp_path / "project.qdpx").read_bytes())
    check_schema(project)
    assert not [note for note in find(project, "Note") if find(note, "Coding")]


def test_what_another_program_says_of_a_take_is_none_of_its_tags(make_workspace, tmp_path):
    root = make_workspace({"2026-11-17-acme.md": TAKES})
    moved(root, tmp_path)
    with zipfile.ZipFile(tmp_path / "project.qdpx") as was:
        whole = {name: was.read(name) for name in was.namelist()}
    whole["project.qde"] = whole["project.qde"].replace(b"#to-do #next-steps", b"a memo of mine #to-do")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as now:
        for name, data in whole.items():
            now.writestr(name, data)
    _, (notes,) = read_source(Source("p.qdpx", out.getvalue()))
    assert notes.notes[1].line == "- = Send her the guide"


SHORT = """WEBVTT

00:01.000 --> 00:02.000
Interviewer: What happened?

00:03.000 --> 00:04.000
Jane Doe: Forty rows were lost.
"""


@pytest.mark.parametrize(("name", "talk"), [("a.txt", TALK), ("a.vtt", SHORT)])
def test_a_transcript_goes_out_and_comes_in_again_however_short(make_workspace, tmp_path, name, talk):
    root = make_workspace(
        {
            "2026-11-17-acme.md": f'---\ndate: 2026-11-17\ncustomer: Acme\nconsent: quote\ntranscript: {name}\nus: Interviewer\n---\n- "Forty rows were lost." @¶2\n'
        }
    )
    (root / "interviews" / "transcripts").mkdir()
    (root / "interviews" / "transcripts" / name).write_text(talk)
    new, done = moved(root, tmp_path)
    (call,) = done.calls
    was = read_transcript(root / "interviews" / "transcripts" / name).turns
    now = read_transcript(new / "interviews" / "transcripts" / call.transcript).turns
    assert [(turn.speaker, turn.text) for turn in now] == [(turn.speaker, turn.text) for turn in was]
    assert (call.notes[0].at, call.us) == ("¶2", "Interviewer")


def head(customer, day, **fields):
    """The front matter of a call."""
    stated = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\ncustomer: {customer}\ndate: {day}\n{stated}---\n"


def heads(root):
    """What each call of a workspace says of itself, but for the name of its transcript; and how many notes it has."""
    calls = read_calls(root)[0]
    fields = ("customer", "date", "who", "segment", "kind", "consent", "us")
    return sorted(
        ([str(getattr(call, name)) for name in fields], bool(call.transcript), len(call.notes)) for call in calls
    )


HEADS = {
    "a.md": head("Acme", "2026-11-17", who="Jane Doe, clerk", segment="retail", kind="usability", consent="quote", transcript="a.txt", us="Ana Ruiz"),
    "b.md": head("Acme", "2026-11-18", who="Jane Doe, clerk; Kari Moe", segment="retail", kind="sales", consent="quote") + "- a\n",
    "c.md": head("Bolt", "2026-11-19", who="Bo Li, boss", segment="field", kind="churn", consent="aggregate", transcript="c.txt", us="Ana Ruiz")
    + '- "Forty rows were lost." @¶2\n',
    "d.md": head("Cord", "2026-11-20", who="Lu Fey, lead", kind="support", consent="named") + "- = Ask again\n",
}  # fmt: skip


def with_talk(root, **speakers):
    """A workspace with a transcript each, in which these speak for the customer."""
    (root / "interviews" / "transcripts").mkdir()
    for name, speaker in speakers.items():
        talk = TALK.replace("Interviewer", "Ana Ruiz").replace("Jane", speaker)
        (root / "interviews" / "transcripts" / f"{name}.txt").write_text(talk)
    return root


@pytest.mark.parametrize("heard", ["Jane Doe", "Jane"])
def test_all_that_a_call_says_of_itself_goes_out_and_comes_in_again(heard, make_workspace, tmp_path):
    """With notes or without: of a call without a note nothing else says who was there."""
    root = with_talk(make_workspace(HEADS), a=heard, c="Bo Li")
    new, done = moved(root, tmp_path)
    assert not done.failed
    assert heads(new) == heads(root)
    assert [n for *_, n in heads(new)] == [0, 1, 1, 1]


@pytest.mark.parametrize("note", ["", '- "Raj said that forty rows were lost." @00:07\n'])
@pytest.mark.parametrize("us", ["Ana Ruiz", "Ana Ruiz; Wim Kok"])
def test_whose_side_each_of_several_is_on_comes_in_again_by_what_the_call_says(note, us, make_workspace, tmp_path):
    root = make_workspace(
        {"a.md": head("Acme Freight", "2026-11-17", who="Jane Doe; Raj Patel; Lu Fey, lead", transcript="a.vtt", us=us, consent="quote") + note}
    )  # fmt: skip
    (root / "interviews" / "transcripts").mkdir()
    said = (
        ("Ana Ruiz", "What happened?"),
        ("Jane Doe", "Raj said that forty rows were lost."),
        ("Raj Patel (Acme Freight)", "It was fifty in the end."),
        ("Lu", "I saw some of them."),
        *([("Wim Kok", "And then?")] if "Wim" in us else []),
    )
    cues = (f"00:{7 * n:02}.000 --> 00:{7 * n + 5:02}.000\n{who}: {words}\n" for n, (who, words) in enumerate(said))
    (root / "interviews" / "transcripts" / "a.vtt").write_text("WEBVTT\n\n" + "\n".join(cues))
    new, done = moved(root, tmp_path)
    assert not done.failed and heads(new) == heads(root) and len(heads(new)) == 1
    (arrival,) = plan_import(new, [tmp_path / "project.qdpx"], again="new")
    assert {(one.side, one.why, one.sure) for one in arrival.speakers if "Ana" not in one.name and "Wim" not in one.name} == {
        ("customer", "the file says so", True)
    }  # fmt: skip


def test_of_a_call_without_a_note_no_more_leaves_than_of_others(make_workspace):
    """The role without the person, and of somebody who refused nothing."""
    refused = head("Drum", "2026-11-21", who="Di Ray, nurse", kind="churn", consent="none", transcript="d.txt")
    root = with_talk(make_workspace(HEADS | {"d.md": refused}), a="Jane Doe", c="Bo Li", d="Di Ray")
    study = read_study(root)
    taken = take_out(study, find_themes(study.notes, study.ledger))
    calls = taken.tables["calls"]
    assert calls[["who", "kind", "us"]].iloc[0].tolist() == ["clerk", "usability", ""]
    whole = format_qdpx(taken)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        everything = b"".join(map(archive.read, archive.namelist())).decode()
    assert not [word for word in ("Jane", "Kari", "Drum", "Di Ray", "nurse", "Ana Ruiz") if word in everything]


def test_a_call_with_neither_notes_nor_transcript_is_named(make_workspace, tmp_path):
    root = make_workspace(
        HEADS | {"a.md": head("Acme", "2026-11-17", kind="sales"), "c.md": "---\ncustomer: Bolt\n---\n- b\n"}
    )
    study = read_study(root)
    project = format_qdpx(take_out(study, find_themes(study.notes, study.ledger), mine=True))
    _, found = read_source(Source("p.qdpx", project))
    assert "“a” has neither a note nor a transcript" in str(found[0].problems[0])


WITH_TRANSCRIPT = {
    "2026-11-17-acme.md": "---\ndate: 2026-11-17\ncustomer: Acme\nconsent: quote\ntranscript: a.txt\nus: Interviewer\n---\n"
    '- "Forty rows were lost." @¶2\n'
}


def coded_elsewhere(root, *words, without_calls=False):
    """A study of ours as another program leaves it that has coded these words of the transcript."""
    (root / "interviews" / "transcripts").mkdir(exist_ok=True)
    (root / "interviews" / "transcripts" / "a.txt").write_text(TALK)
    study = read_study(root)
    out = io.BytesIO()
    with zipfile.ZipFile(
        io.BytesIO(format_qdpx(take_out(study, find_themes(study.notes, study.ledger), mine=True)))
    ) as was:
        project = ElementTree.fromstring(was.read("project.qde"))
        (source,) = [one for one in find(project, "TextSource") if one.get("name").endswith(", word for word")]
        whole = was.read("sources/" + source.get("plainTextPath").removeprefix("internal://")).decode()
        for one in words:
            source.append(ElementTree.fromstring(around(one, whole, 1)))
        find(project, "Codes")[0].append(ElementTree.fromstring(code(1, "Typed again")))
        if without_calls:
            (sources,) = find(project, "Sources")
            sources.remove(next(one for one in sources if one is not source))
        with zipfile.ZipFile(out, "w") as now:
            for name in was.namelist():
                now.writestr(name, tostring(project) if name == "project.qde" else was.read(name))
    return out.getvalue()


@pytest.mark.parametrize("without_calls", [False, True])
def test_what_is_coded_elsewhere_in_our_own_transcript_comes_in(make_workspace, tmp_path, without_calls):
    data = coded_elsewhere(
        make_workspace(WITH_TRANSCRIPT), "I typed them again.", "All of them?", without_calls=without_calls
    )
    _, found = read_source(Source("p.qdpx", data))
    (notes,) = found
    own = [] if without_calls else ['- "Forty rows were lost." @¶2']
    assert [(note.line, note.theme, note.speaker) for note in notes.notes[len(own) :]] == [
        ('- "I typed them again." @¶2', "Typed again", "Jane"),
        ('- "All of them?" @¶3', "Typed again", "Interviewer"),
    ]
    assert [note.line for note in notes.notes[: len(own)]] == own
    assert notes.transcript.speakers == ("Interviewer", "Jane")


def test_hostile_words_come_in_as_words(hostile_study, tmp_path):
    new, done = moved(hostile_study, tmp_path)
    assert not done.failed
    assert grouped(new)[0] == grouped(hostile_study)[0]


def test_themes_of_a_project_join_those_of_the_same_name(make_workspace, capsys, tmp_path):
    root = make_workspace({})
    for number, words in ((1, "Forty rows"), (2, "she typed")):
        name = f"2026-11-1{number} Acme"
        data = packed(qde(text(5, name, around(words, PROSE, 1)), cases=case("Acme", 5)), {5: PROSE})
        (tmp_path / f"{number}.qdpx").write_bytes(data)
        assert main(["-w", str(root), "import", str(tmp_path / f"{number}.qdpx"), "--yes"]) == 0
        assert "1 theme came with them and are yours now: “Lost rows”" in capsys.readouterr().out
    records = [record for record in read_ledger(root).records if record.kind == "theme"]
    assert len({record.theme for record in records}) == 1
    assert [[ref.text for ref in record.notes] for record in records] == [["Forty rows"], ["she typed"]]


def test_what_one_of_us_says_is_left_out_and_said(make_workspace, capsys, tmp_path):
    root = make_workspace({})
    whole = TALK.strip()
    parts = [around("All of them?", TALK, 1), around(whole[whole.index("Forty") :], TALK, 2)]
    data = packed(qde(text(5, "2026-11-17", *parts), cases=case("Acme", 5)), {5: TALK})
    (tmp_path / "p.qdpx").write_bytes(data)
    (arrival,) = plan_import(root, [tmp_path / "p.qdpx"])
    assert (arrival.us, arrival.who.value) == (("Interviewer",), "Jane")
    assert main(["-w", str(root), "import", str(tmp_path / "p.qdpx"), "--yes"]) == 0
    assert "2 notes left out: one of you says it" in capsys.readouterr().out
    (call,) = read_calls(root)[0]
    assert (call.who, call.us) == ("Jane", "Interviewer")
    assert [note.text for note in call.notes] == ["Forty rows were lost. I typed them again.", "Every one."]
    assert read_transcript(root / "interviews" / "transcripts" / call.transcript).turns[2].text == "All of them?"
    assert (root / "interviews" / "originals" / "p.qdpx").read_bytes() == data
