"""REFI-QDA projects: what the standard's schema asks for, positions that other programs read, and back in again."""

import io
import re
import zipfile

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.report.refi_qda import NAMESPACE, UNQUOTED, format_qdpx
from workbench.report.take_out import TABLES, Taken, _frame, take_out
from workbench.study import read_study
from workbench.themes import find_themes

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
