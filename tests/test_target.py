"""Where what leaves is written: over itself, over nothing of somebody else's, and never among the calls and records."""

import io
import zipfile
from itertools import cycle

import pytest

from workbench.cli import main
from workbench.errors import InputError
from workbench.report import pdf
from workbench.report.target import look_at_target
from workbench.starter import copy_sample

TODAY = "2026-11-17"
WRITES = {
    "evidence.csv": ["export", "FILE"],
    "evidence.xlsx": ["export", "FILE"],
    "log.csv": ["decisions", "--today", TODAY, "-o", "FILE"],
    "log.xlsx": ["decisions", "--today", TODAY, "-o", "FILE"],
    "log.html": ["decisions", "--today", TODAY, "-o", "FILE"],
    "log.md": ["decisions", "--today", TODAY, "-o", "FILE"],
    "plan.md": ["week", "--paste", "--today", TODAY, "-o", "FILE"],
    "all.zip": ["export", "FILE"],
    "all.json": ["export", "FILE"],
    "all.qdpx": ["export", "FILE"],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("target") / "work"
    copy_sample(folder)
    return folder


def write(root, file):
    """What a command says to a file of this name: its exit code."""
    return main(["-w", str(root), *(str(file) if word == "FILE" else word for word in WRITES[file.name])])


@pytest.mark.parametrize("name", WRITES)
def test_what_was_written_is_written_anew_and_what_somebody_else_wrote_is_kept(root, tmp_path, capsys, name):
    file = tmp_path / name
    assert write(root, file) == 0, capsys.readouterr().err
    made = file.read_bytes()
    assert write(root, file) == 0, capsys.readouterr().err
    assert file.read_bytes() == made
    file.write_bytes(b"decision,owner\r\nA,Ines\r\n")
    assert write(root, file) == 1
    said = capsys.readouterr().err
    assert f"{name} is there already, and " in said
    assert "move it away" in said
    assert file.read_bytes() == b"decision,owner\r\nA,Ines\r\n"


def test_only_what_the_workbench_wrote_is_written_over(tmp_path):
    file, other = tmp_path / "mine", io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("docProps/core.xml", "<creator>Somebody</creator>")
    broken = b"# Notes\n\n[workbench-page]: # (AAAA)\n"
    for own in (
        b"<p>My page</p>",
        b"# Notes",
        b"\xef\xbb\xbftheme,mine\r\n",
        other.getvalue(),
        b"PK broken",
        b"%PDF-1.7 broken",
        broken,
    ):
        file.write_bytes(own)
        with pytest.raises(InputError, match="mine is there already, and is nothing that the workbench wrote"):
            look_at_target(file)
    file.write_bytes(b"")
    assert look_at_target(file), "nothing is lost of an empty one"


@pytest.mark.parametrize(
    ("name", "folder"),
    list(
        zip(WRITES, cycle(["interviews", "discovery", "interviews/transcripts", "discovery/decisions"]), strict=False)
    ),
)
def test_nothing_that_leaves_is_written_where_evidence_is_read(root, capsys, name, folder):
    before = sorted(root.rglob("*"))
    assert write(root, root / folder / name) == 1
    said = capsys.readouterr().err
    assert f"lies in {folder.partition('/')[0]}/" in said
    assert str(root / "reports" / name) in said
    assert sorted(path for path in root.rglob("*") if ".workbench" not in path.parts) == [
        path for path in before if ".workbench" not in path.parts
    ]


def test_a_whole_export_is_no_folder_among_the_calls(root, capsys):
    for target in (root / "interviews", root / "interviews" / "all", root / "discovery" / "out"):
        assert main(["-w", str(root), "export", f"{target}/"]) == 1
        assert "read as what customers said" in capsys.readouterr().err
    assert not (root / "interviews" / "README.txt").exists()


def test_a_report_is_written_over_itself_and_not_over_its_notebook(root, capsys):
    notebook = root / "notebooks" / "tuesday-discovery.ipynb"
    before = notebook.read_bytes()
    assert main(["-w", str(root), "report", str(notebook), "-o", str(notebook)]) == 1
    assert "is there already, and is nothing that the workbench wrote" in capsys.readouterr().err
    assert notebook.read_bytes() == before
    for _ in range(2):
        assert main(["-w", str(root), "report", str(notebook), "-o", str(root / "reports" / "t.html")]) == 0
    assert look_at_target(root / "reports" / "t.html")


def test_a_page_on_paper_is_written_over_itself(root, tmp_path, capsys):
    if pdf.find_chromium() is None:
        pytest.skip("no Chromium on this machine")
    for _ in range(2):
        assert main(["-w", str(root), "decisions", "--today", TODAY, "-o", str(tmp_path / "log.pdf")]) == 0, (
            capsys.readouterr()
        )


def test_a_readme_that_somebody_wrote_in_is_kept(root, tmp_path, capsys):
    folder = tmp_path / "out"
    assert main(["-w", str(root), "export", f"{folder}/"]) == 0
    readme = folder / "README.txt"
    text = readme.read_text()
    readme.write_text(text.replace("Discovery Workbench ", "Discovery Workbench 0.0.1-", 1))
    assert main(["-w", str(root), "export", f"{folder}/"]) == 0, "another version wrote it"
    assert readme.read_text() == text
    readme.write_text(text + "\nSent to Ben on Friday.\n")
    assert main(["-w", str(root), "export", f"{folder}/"]) == 1
    assert "README.txt is there already, and not as an export left it" in capsys.readouterr().err
    assert readme.read_text().endswith("Sent to Ben on Friday.\n")
