"""The last look before something leaves: names that a reader would see however they are written, and withheld words, anywhere."""

import base64
import html
import re
import struct
import zlib

import pytest
from nbformat import v4 as new

from workbench.errors import InputError
from workbench.records import KINDS
from workbench.redact import Leaks, Redactor, share
from workbench.report import MIMETYPE
from workbench.report.export import export_report
from workbench.report.guard import Leak, refuse_file_name, refuse_names, refuse_prose, refuse_withheld, texts_of
from workbench.report.pictures import bare_picture, inline_picture
from workbench.report.review import collect_review
from workbench.report.view import render_section
from workbench.study import read_notes

WITHHELD = "nobody outside of this room may read these words"


def call(customer, *notes, who="", consent="quote"):
    head = f"date: 2026-11-17\ncustomer: {customer}\nconsent: {consent}\n" + (f"who: {who}\n" if who else "")
    return f"---\n{head}---\n" + "".join(f"- {note}\n" for note in notes)


@pytest.fixture
def study(tmp_path):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "discovery").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "interviews" / "2026-11-17-a.md").write_text(
        call("Halden & Pike", "The import drops rows", who="Jane Doe, ops lead")
    )
    (tmp_path / "interviews" / "2026-11-17-b.md").write_text(call("Bolt", WITHHELD, consent="aggregate"))
    return tmp_path


# ---------------------------------------------------------------- notes and calls, called as they are in the workspace

IDS = [
    "{id}", "**{id}**", "`{id}`", "    {id}", "> {id}", "| {id} |\n|---|\n| x |", "[x](https://x.example \"{id}\")", "interviews/{file}",
    "{file}:6", "see {file}", "../interviews/{file}:6", "/home/ana/study/interviews/{file}", "[{file}](../interviews/{file})", "{call}", "{call}#0a1b2c3d",
    "2026\\-11\\-17\\-{rest}", "{call}&#35;{hash}", "# {id}",
]  # fmt: skip


@pytest.fixture
def told(make_workspace, run_sections, export):
    """A function that exports a text about a call whose file tells who it was with, though nobody listed that name."""

    def tell(stem, text):
        root = make_workspace({f"{stem}.md": call("Acme", "The import drops rows", "Rows are lost"), "2026-11-10-b.md": call("Bolt", "The import drops rows")})  # fmt: skip
        notes = read_notes(root)
        id = notes.loc[notes["call"] == stem, "note"].iloc[0]
        filled = text.format(id=id, file=f"{stem}.md", call=stem, rest=stem[11:], hash=id.rpartition("#")[2])
        return export(run_sections(root, before=[new.new_markdown_cell(f"before\n\n{filled}\n\nafter")]))[0], id

    return tell


@pytest.mark.parametrize("text", IDS)
def test_a_note_or_call_that_a_text_names_is_called_as_the_report_cites_it(told, text):
    """By its file's name a customer could be guessed, and by the hash of its words a note."""
    page, id = told("2026-11-17-zyx-freight", text)
    assert "zyx" not in page.lower()
    assert id.rpartition("#")[2] not in page
    if "{id}" in text and "https" not in text and not text.startswith("#"):
        assert re.search(r"C-[0-9a-f]{6}:6", page.partition("before</p>")[2].partition("after</p>")[0])


@pytest.mark.parametrize("text", ["2026-11-17-zyx-**freight**.md", "2026-11-17-*zyx*-freight.md", "2026-11-17-zyx-freight#`{hash}`", "2026-11-17-zyx\u200b-freight.md", "in/2026-11-17-zyx-frei`ght.md`:7"])  # fmt: skip
def test_one_written_in_pieces_stops_the_export(told, text):
    with pytest.raises(
        InputError, match=r"cell 1 would show “[^”]*zyx-freight[^”]*”, which is what a call is called in this workspace"
    ):
        told("2026-11-17-zyx-freight", text)


def test_ids_of_hostile_names_do_not_leave_either(make_workspace, run_sections, export, hostile_payloads):
    """Files are named by whoever writes the call, with whatever a disk takes."""
    stems, calls = [], {}
    for n, payload in enumerate(hostile_payloads):
        stem = (
            f"2026-11-17-zyx{n}-"
            + re.sub(r"[\x00-\x1f/\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069]", "", payload).strip(". ")[:60]
        )
        stems.append(stem)
        calls[f"{stem}.md"] = call(f"Customer{n} Ltd", f"The import drops row {n}")
    root = make_workspace(calls)
    notes = read_notes(root)
    assert len(set(notes["call"])) > 60
    cells = [new.new_markdown_cell(f"`{id}`\n\n    {id}\n\n    {file}:{line}") for id, file, line in notes[["note", "file", "line"]].itertuples(index=False)]  # fmt: skip
    page, _ = export(run_sections(root, sections=("overview", "quotes"), before=cells))
    assert not re.findall(r"zyx\d+", page)
    for id in notes["note"]:
        assert id.rpartition("#")[2] not in page


def test_whoever_sends_it_sees_what_stands_for_them(told_review):
    written = [row for row in told_review["written"] if row["in"] == ["Cell 1"]]
    assert written[0]["changed"]
    assert any(re.fullmatch(r".*C-[0-9a-f]{6}:\d+.*", stand_in) for _, stand_in in written[0]["pieces"])


@pytest.fixture
def told_review(make_workspace, run_sections):
    root = make_workspace({"2026-11-17-zyx.md": call("Acme", "The import drops rows")})
    id = read_notes(root)["note"].iloc[0]
    return collect_review(run_sections(root, before=[new.new_markdown_cell(f"As in {id}")]))


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("source", [
    "From Hal**den & Pi**ke", "Ja*ne* Doe", "**J**ane Doe asks", "| Ja`ne` Doe |\n|---|\n| x |", "~~Jane~~Doe and Ja~~ne~~ Doe",
])  # fmt: skip
def test_a_name_in_pieces_stops_the_export(study, run_sections, export, source):
    with pytest.raises(
        InputError, match=r"^cell 1 would show “(Jane|Halden & Pike|Jane Doe|JaneDoe)”.*write it in one piece"
    ):
        export(run_sections(study, before=[new.new_markdown_cell(source)]))


@pytest.mark.parametrize("source", [
    "[x](#a \"&#74;ane Doe\")", "![Ja&#110;e Doe](data:image/png;base64,iVBORw0KGgo=)", "[x](&#104;ttps://x.example/Halden%20%26%20Pike)",
    "[x](#Jane%20Doe)", "![x](data:image/png;base64,iVBORw0KGgo= \"Jane&#32;Doe\")", "Ja\u00adne Doe, Hal\u200bden & Pike", "[Jane Doe]: #x 'Jane Doe'\n\n[Jane Doe]",
    "`Jane Doe`", "    Jane Doe", "<!-- Jane Doe -->", "<span title='Jane Doe'>x</span>",
])  # fmt: skip
def test_a_name_in_links_pictures_and_code_is_replaced(study, run_sections, export, source):
    page, _ = export(run_sections(study, before=[new.new_markdown_cell(f"before\n\n{source}\n\nafter")]))
    for name in ("Jane", "Doe", "Halden", "Pike", "x.example"):
        assert name not in re.sub("[\u00ad\u200b]", "", page), page
    assert "<p>before</p>" in page and "<p>after</p>" in page


def test_a_notebook_and_a_file_that_are_called_like_a_customer(study):
    import nbformat

    notebook = study / "notebooks" / "halden-pike.ipynb"
    cells = [
        "import workbench as wb\nstudy = wb.read_study()\nreport = wb.Report(study, wb.find_themes(study.notes), [])",
        "report.limits",
    ]
    nbformat.write(new.new_notebook(cells=[new.new_code_cell(source) for source in cells]), notebook)
    with pytest.raises(
        InputError,
        match=r"^the file's own name, halden-pike\.html, would give “halden-pike” away; choose another with  -o FILE$",
    ):
        export_report(notebook, workspace=study)
    assert not (study / "reports").exists()
    page = export_report(notebook, study / "fine.html", workspace=study).read_text("utf-8")
    assert "halden" not in page.lower()
    assert re.search(r"<title>P-[0-9a-f]{4}</title>", page)


def test_a_file_name_may_look_like_an_address():
    assert refuse_file_name(Redactor({}), "tuesday.example.com.html") is None


def test_what_share_would_miss_is_named_with_file_and_line():
    customers = {"Acme": {"pseudonym": "P-1a2b", "consent": "quote", "names": [], "people": [], "segment": ""}}
    local = {
        "section": "limits",
        "customers": customers,
        "notes": {"a#1": {"ref": "C-3fa9c1:7", "where": "interviews/a.md:7"}},
        "data": {},
    }
    shared = {
        "section": "limits", "customers": {"P-1a2b": customers["Acme"]}, "data": {},
        "notes": {"C-3fa9c1:7": {"text": "As Acme said", "role": "", "where": "C-3fa9c1:7", "customer": "P-1a2b"}},
    }  # fmt: skip
    with pytest.raises(Leak, match=r"^interviews/a\.md:7 would show “Acme”"):
        refuse_names(Redactor(customers), local, shared, 3)
    shared["notes"]["C-3fa9c1:7"]["text"] = None
    shared["data"] = {"rows": [{"Acme": 1}]}
    with pytest.raises(Leak, match=r"^Limits \(cell 3\) would show “Acme”"):
        refuse_names(Redactor(customers), local, shared, 3)


def test_words_in_pieces_are_withheld_as_well():
    leaks = Leaks([{"customers": {}, "notes": {}, "withheld": [{"where": "interviews/b.md:5", "text": WITHHELD}]}])
    shown = "<p>no<b>body</b> outside of <i>this</i> room may read these words</p>"
    with pytest.raises(Leak, match=r"^cell 4 holds words from interviews/b\.md:5"):
        refuse_prose(leaks, Redactor({}), "no**body** ...", shown, "cell 4")


# ---------------------------------------------------------------- withheld words, in every field


def fields():
    """Each field of a record that a report may show."""
    unread = {"id", "version", "status", "evidence", "against", "not_against", "theme", "theme_notes", "date", "review", "made",
              "reviewed", "started", "closed", "shipped", "finished", "customers", "supersedes", "hypotheses", "needs", "bet",
              "decision", "confidence", "week", "traffic", "sd", "reach", "impact", "effort", "direction", "unit", "tier"}  # fmt: skip
    return [(kind.name, name) for kind in KINDS.values() for name in kind.known if name not in unread]


def write_records(study, words):
    """A record of each kind whose fields hold words of their own."""
    for kind in KINDS.values():
        status = {"hypothesis": "running", "decision": "proposed", "bet": "active"}.get(kind.name)
        head = {"id": f"{kind.head}-3fa9c1", "status": status} if status else {}
        file = study / kind.folder / (f"{kind.head}-3fa9c1.md" if kind.head else "2026-W47.md")
        file.parent.mkdir(parents=True)
        lines = [f"{key}: {item}" for key, item in head.items()]
        for name in [name for of, name in fields() if of == kind.name]:
            item = words(kind.name, name)
            listed = kind.name == "week" or name in ("options", "consulted", "informed")
            lines.append(
                f"{name}:\n  {item}: at most 3 %"
                if name == "guardrails"
                else f"{name}: [{item}]"
                if listed
                else f"{name}: {item}"
            )
        file.write_text("---\n" + "\n".join(lines) + "\n---\n")


def test_names_in_every_field_of_every_record_are_replaced(study, run_sections, export):
    write_records(study, lambda kind, name: f"{kind} {name} as Jane Doe of Halden & Pike told us at jo@x.example")
    page, _ = export(run_sections(study))
    assert page.count("told us at [e-mail]") > 20
    for gone in ("Jane", "Doe", "Halden", "Pike", "jo@"):
        assert gone not in page


def test_withheld_words_in_any_field_that_a_report_shows_are_seen(study, run_sections):
    """Each field repeats a note of its own; whichever the sections show, the guard has to see."""
    said = {(kind, name): f"nobody {kind} outside {name} of this very room may read that" for kind, name in fields()}
    write_records(study, lambda kind, name: said[kind, name])
    (study / "interviews" / "2026-11-17-b.md").write_text(call("Bolt", *said.values(), consent="aggregate"))
    payloads = [cell.outputs[0].data[MIMETYPE] for cell in run_sections(study).cells]
    shown = " ".join(html.unescape(re.sub(r"<[^>]*>", "", render_section(share(one), shared=True))) for one in payloads)
    leaks = Leaks(payloads)
    seen = {leaks.find(text) for one in payloads for key, text, _ in texts_of(one["data"]) if key != "statement"} - {""}
    assert all(place.startswith("interviews/2026-11-17-b.md:") for place in seen)
    out = {place for place in said if said[place] in shown}
    assert len(out) > 20
    assert {place for place in out if f"interviews/2026-11-17-b.md:{6 + list(said).index(place)}" not in seen} == set()
    for number, payload in enumerate(payloads, 1):
        if any(leaks.find(text) for key, text, _ in texts_of(payload["data"]) if key != "statement"):
            with pytest.raises(
                Leak, match=r"holds words from interviews/2026-11-17-b\.md:\d+, whose customer has not agreed"
            ):
                refuse_withheld(leaks, payload, number)


def test_the_record_and_its_line_are_named(study):
    import nbformat

    (study / "discovery" / "quarter.md").write_text(f"---\ntitle: Rows\ndeck: Since {WITHHELD}\n---\n")
    cells = [
        "import workbench as wb\nstudy = wb.read_study()\nreport = wb.Report(study, wb.find_themes(study.notes), [])",
        "report.overview",
    ]
    nbformat.write(
        new.new_notebook(cells=[new.new_code_cell(source) for source in cells]), study / "notebooks" / "a.ipynb"
    )
    with pytest.raises(
        InputError,
        match=r"^discovery/quarter\.md:3: the title block \(cell 2\) holds words from interviews/2026-11-17-b\.md:6",
    ):
        export_report(study / "notebooks" / "a.ipynb", workspace=study)


# ---------------------------------------------------------------- pictures


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png():
    ihdr = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\x7f"))
    said = (
        chunk(b"tEXt", b"Author\0Jane Doe")
        + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0Jane Doe")
        + chunk(b"eXIf", b"Jane Doe")
    )
    return b"\x89PNG\r\n\x1a\n" + ihdr + said + body + chunk(b"tIME", b"Jane Do") + chunk(
        b"IEND", b""
    ) + b"Jane Doe", ihdr + body


def test_a_png_says_nothing_beside_itself():
    data, kept = png()
    assert bare_picture(data) == b"\x89PNG\r\n\x1a\n" + kept + chunk(b"IEND", b"")


def test_a_jpeg_says_nothing_beside_itself():
    def part(mark, data):
        return bytes([0xFF, mark]) + struct.pack(">H", len(data) + 2) + data

    drawn = (
        part(0xC0, b"size")
        + part(0xDA, b"head")
        + b"\x11\xff\x00\x22\xff\xd0\x33"
        + part(0xC4, b"table")
        + part(0xDA, b"h")
        + b"\x44"
    )
    data = (
        b"\xff\xd8"
        + part(0xE0, b"JFIF\0")
        + part(0xE1, b"Exif\0\0Jane Doe")
        + part(0xFE, b"Jane Doe")
        + part(0xE2, b"MPF Jane Doe")
        + drawn
    )
    bare = bare_picture(data + b"\xff\xd9" + b"Jane Doe")
    assert bare == b"\xff\xd8" + part(0xE0, b"JFIF\0") + drawn + b"\xff\xd9"


def test_a_gif_and_a_webp_say_nothing_beside_themselves():
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    said = b"\x21\xfe\x08Jane Doe\0" + b"\x21\xff\x0bXMP DataXMP\x08Jane Doe\0"
    loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    assert bare_picture(head + said + loop + picture + b"\x3bJane Doe") == head + loop + picture + b"\x3b"

    def part(name, data):
        return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    shown = part(b"VP8 ", b"abc")
    body = (
        b"WEBP" + part(b"VP8X", b"\x3c" + b"\0" * 9) + shown + part(b"EXIF", b"Jane Doe") + part(b"XMP ", b"Jane Doe")
    )
    bare = bare_picture(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert bare[12:] == part(b"VP8X", b"\x10" + b"\0" * 9) + shown
    assert struct.unpack("<I", bare[4:8])[0] == len(bare) - 8


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe1\xff",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff",
        b"RIFF\0\0\0\0WEBPVP8X\0",
        b"<svg onload=x()>",
        b"BM",
    ],
)
def test_what_is_broken_or_no_picture_is_dropped_or_empty(data):
    address = inline_picture("data:image/png;base64," + base64.b64encode(data).decode())
    assert b"onload" not in base64.b64decode(address.partition(",")[2])


def test_a_real_picture_is_drawn_as_before(browser):
    data, _ = png()
    page = browser.new_page()
    page.set_content(f'<img src="{inline_picture("data:image/png;base64," + base64.b64encode(data).decode())}">')
    assert page.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") == 1
    page.close()
