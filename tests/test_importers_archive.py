"""Archives: how large they are is seen before they are unpacked, and what could not be read of them is named."""

import io
import json
import re
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import InputError, Problem
from workbench.importers import Source, Unreadable
from workbench.importers.archive import DEEPEST, MEGABYTE, check_document, is_archive, is_litter, unpack
from workbench.notes import showable
from workbench.transcripts import read_transcript

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: Hello\n"


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)
    return data.getvalue()


def told(data, name="calls.zip"):
    """What comes out: the names of files, and the words of problems."""
    found = list(unpack(Source(name, data)))
    return [one.name for one in found if isinstance(one, Source)], [
        str(one) for one in found if isinstance(one, Problem)
    ]


def marked(data, places, change):
    """An archive whose every member says something else of itself: where, in its head and in the archive's list."""
    data = bytearray(data)
    for mark, place in zip((b"PK\x03\x04", b"PK\x01\x02"), places, strict=True):
        start = data.find(mark)
        while start >= 0:
            change(data, start + place)
            start = data.find(mark, start + 4)
    return bytes(data)


def encrypted(data):
    def flag(data, place):
        data[place] |= 1

    return marked(data, (6, 8), flag)


def lying(data, size=1000):
    return marked(data, (22, 24), lambda data, place: struct.pack_into("<I", data, place, size))


def test_files_come_out_with_the_name_that_they_have_in_the_archive():
    files, problems = told(zipped({"a.vtt": VTT, "calls/Zoë.txt": "x"}))
    assert files == ["calls.zip/a.vtt", "calls.zip/calls/Zoë.txt"] and problems == []


def test_what_is_no_archive_comes_out_as_it_is():
    source = Source("a.vtt", VTT.encode())
    assert list(unpack(source)) == [source]


def test_five_hundred_files_come_out_one_at_a_time():
    big = "x" * (MEGABYTE // 10)
    data = zipped({f"{number}.txt": f"{number}{big}" for number in range(500)}, zipfile.ZIP_STORED)
    source = Source("calls.zip", data)
    tracemalloc.start()
    n = sum(isinstance(one, Source) for one in unpack(source))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n == 500 and peak < 2 * MEGABYTE


def test_a_bomb_is_refused_before_anything_of_it_is_unpacked():
    bomb = zipped({"a.txt": b"\0" * (300 * MEGABYTE)})
    assert len(bomb) < 310_000
    tracemalloc.start()
    with pytest.raises(Unreadable, match="times as large"):
        list(unpack(Source("calls.zip", bomb)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MEGABYTE


@pytest.mark.parametrize("inner", ["a.zip", "a.txt"])
def test_a_bomb_in_an_archive_is_named_whatever_it_is_called_and_the_rest_is_read(inner):
    bomb = zipped({"a.txt": b"\0" * (20 * MEGABYTE)})
    files, problems = told(zipped([(inner, bomb), ("b.vtt", VTT)]))
    assert files == ["calls.zip/b.vtt"]
    assert len(problems) == 1 and f"calls.zip/{inner}:1: a.txt in it becomes" in problems[0]


def test_many_small_swellings_are_counted_together():
    data = zipped({f"{number}.txt": VTT for number in range(120)})
    with pytest.raises(Unreadable, match="more than 1,000 MB"):
        list(unpack(Source("calls.zip", lying(data, 9 * MEGABYTE))))  # below what is harmless alone


def test_a_size_that_is_a_lie_unpacks_no_more_than_it_says():
    data = lying(zipped({"a.txt": b"\0" * (20 * MEGABYTE)}))
    tracemalloc.start()
    files, problems = told(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert files == [] and "broken" in problems[0] and peak < 2 * MEGABYTE


def test_archives_in_archives_are_read_to_a_depth_and_named_below_it():
    data = zipped({"call.vtt": VTT})
    for number in range(DEEPEST):
        data = zipped({f"{number}.zip": data, f"{number}.vtt": VTT})
    files, problems = told(data)
    assert len(files) == DEEPEST and len(problems) == 1 and "an archive in" in problems[0]


@pytest.mark.parametrize("name", ["../a.vtt", "/etc/passwd", "C:/a.vtt", "calls\\..\\..\\a.vtt", "a/../../b.vtt"])
def test_names_that_point_elsewhere_are_named_and_not_read(name):
    files, problems = told(zipped([(name, VTT), ("b.vtt", VTT)]))
    assert files == ["calls.zip/b.vtt"] and "points out of the archive" in problems[0]


def test_links_and_names_that_come_twice_are_named():
    link = zipfile.ZipInfo("link.vtt")
    link.external_attr = 0o120777 << 16
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([(link, "/etc/passwd"), ("a.vtt", VTT), ("a.vtt", "other")])
    files, problems = told(data)
    assert files == ["calls.zip/a.vtt"]
    assert ["link" in problems[0], "twice" in problems[1]] == [True, True]


def test_a_password_is_said():
    data = zipped({"a.vtt": VTT})
    with pytest.raises(Unreadable, match="password"):
        list(unpack(Source("calls.zip", encrypted(data))))


def test_a_file_that_is_broken_in_it_is_named_and_the_rest_is_read():
    data = bytearray(zipped({"a.txt": VTT, "b.vtt": VTT}, zipfile.ZIP_STORED))
    data[data.find(b"Hello")] = 0
    files, problems = told(bytes(data))
    assert files == ["calls.zip/b.vtt"] and "a.txt in it is broken" in problems[0]


def test_a_way_of_packing_that_cannot_be_held_back_is_not_unpacked():
    files, problems = told(zipped({"a.vtt": VTT * 9}, zipfile.ZIP_LZMA))
    assert files == [] and "seldom" in problems[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [(zipped({"a.vtt": VTT})[:-30], "breaks off"), (b"Rar!\x1a\x07\x00", ".rar"), (b"\x1f\x8b\x08", ".gz")],
)
def test_what_cannot_be_unpacked_says_so(data, said):
    with pytest.raises(Unreadable, match=said):
        list(unpack(Source("calls.zip", data)))


def test_recordings_are_named_together_and_litter_is_passed_over():
    members = {
        "a.vtt": VTT,
        "a.mp4": b"x",
        "b.PNG": b"x",
        "__MACOSX/._a.vtt": b"x",
        ".DS_Store": b"x",
        "v/.obsidian/app.json": b"{}",
    }
    files, problems = told(zipped(members))
    assert files == ["calls.zip/a.vtt"]
    assert len(problems) == 1 and "a.mp4, b.PNG" in problems[0]
    assert is_litter("a/~$notes.docx") and not is_litter("a/notes.docx")


def test_names_of_macos_that_do_not_say_that_they_are_utf_8_are():
    data = zipped({"Zo__.vtt": VTT}).replace(b"Zo__", "Zoë".encode())
    assert told(data)[0] == ["calls.zip/Zoë.vtt"]


def test_documents_are_no_archives_and_a_swollen_one_is_refused():
    parts = {"[Content_Types].xml": "<a/>", "word/document.xml": b" " * (20 * MEGABYTE)}
    source = Source("a.docx", zipped(parts))
    assert not is_archive(source)
    with pytest.raises(Unreadable, match="times as large"):
        check_document(source)
    with pytest.raises(Unreadable, match="password"):
        check_document(Source("a.docx", encrypted(zipped({"[Content_Types].xml": "<a/>"}))))
    check_document(Source("a.docx", zipped({"[Content_Types].xml": "<a/>"})))


def test_a_document_that_lies_about_its_size_is_refused_and_not_unpacked():
    data = lying(zipped({"word/document.xml": b"\0" * (20 * MEGABYTE)}))
    tracemalloc.start()
    with pytest.raises(Unreadable, match="breaks off"):
        check_document(Source("a.docx", data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MEGABYTE


def test_hostile_names_and_contents_are_names_and_contents():
    for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines():
        payload = json.loads(line)["payload"]
        payload = payload if isinstance(payload, str) else json.dumps(payload)
        name = payload.encode("utf-8", "replace").decode()[:1000] or "x"
        found = list(unpack(Source("calls.zip", zipped([(name, payload.encode("utf-8", "replace")), ("b.vtt", VTT)]))))
        assert "calls.zip/b.vtt" in [one.name for one in found if isinstance(one, Source)]
        assert all(
            showable(str(one if isinstance(one, Problem) else one.name))
            == str(one if isinstance(one, Problem) else one.name)
            for one in found
        )
        assert not any("\n" in one.name or ".." in one.name.split("/") for one in found if isinstance(one, Source))


WHOLE = zipped({"a.vtt": VTT, "b/c.txt": "x" * 300, "d.zip": zipped({"e.md": "- note"})})


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE)), st.binary(max_size=12), st.integers(0, 12))
def test_any_bytes_give_files_and_problems_or_say_why_not(place, other, gone):
    data = WHOLE[:place] + other + WHOLE[place + gone :]
    try:
        found = list(unpack(Source("calls.zip", data)))
    except Unreadable:
        return
    assert all(isinstance(one, Source | Problem) for one in found)


def test_an_archive_that_is_read_as_one_transcript_is_named_where_it_is_said_how_it_comes_in(tmp_path):
    path = tmp_path / "my calls.zip"
    path.write_bytes(zipped({"a.vtt": VTT}))
    with pytest.raises(InputError, match=rf"workbench import '{re.escape(path.as_posix())}'  , which looks"):
        read_transcript(path)
