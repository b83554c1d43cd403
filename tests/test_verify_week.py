"""The pages of a week are made again like a report: every section of it, whatever came later."""

import re
import shutil
import subprocess

import pytest
from nbformat import v4 as new

import workbench as wb
from workbench.look_back import look_back
from workbench.record_files import create_record, update_record
from workbench.report.audiences import AUDIENCES
from workbench.report.claims import SECTIONS
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.marks import read_page
from workbench.report.section_page import draw_section
from workbench.report.verify import verify_page
from workbench.report.weekly import OF_A_RECORD, WEEKLY
from workbench.study import read_study

pytestmark = pytest.mark.usefixtures("made_once")
OWN = ("page", "contents", "check", "title")  # of a page without a title block nothing of it is drawn from claims


def draw(sections, audience=""):
    outputs = [new.new_output("execute_result", section._repr_mimebundle_()) for section in sections]
    notebook = new.new_notebook(cells=[new.new_code_cell("", outputs=[output]) for output in outputs])
    named = {"metadata": {"name": "week"}}
    return DiscoveryExporter(audience=audience).from_notebook_node(notebook, named)[0]


@pytest.fixture(scope="module")
def study(sample_study):
    return read_study(sample_study)


@pytest.fixture(scope="module")
def sections(sample_study):
    """Each once, by name."""
    report = wb.open_week(sample_study, "2026-W47")
    return {
        name: getattr(report, name)() if name in OF_A_RECORD else getattr(report, name) for name in (*SECTIONS, *WEEKLY)
    }


@pytest.fixture(scope="module")
def page(sections):
    """All of a week on one page, and nothing else."""
    return draw(sections[name] for name in WEEKLY)


@pytest.fixture
def work(sample_study, tmp_path):
    """A copy of the workspace, to be changed."""
    return shutil.copytree(sample_study, tmp_path / "work")


def holds(page, study):
    verified = verify_page(page, study)
    assert verified.differences == ()
    assert verified.n_stated == 0 and verified.why_not == ""
    assert verified.n_drawn == verified.n_parts == sum(part.id not in OWN for part in read_page(page).parts)
    return verified


@pytest.mark.parametrize("audience", ["", *AUDIENCES])
def test_an_unchanged_workspace_derives_all_of_a_week(audience, sections, study, page):
    verified = holds(draw((sections[name] for name in WEEKLY), audience) if audience else page, study)
    assert verified.day == wb.today(study)


@pytest.mark.parametrize("section", WEEKLY)
def test_a_section_alone_is_made_again_and_one_changed_number_in_it_is_named(section, sections, study):
    """No title block, no other section says what it was made of."""
    page = draw([sections[section]])
    holds(page, study)
    shown = re.search(r'(<data class="n" value=")(\d+)(" data-claim="([^"]+)">)(\d+)<', page)
    if shown is not None:  # the sample has nothing to count in some
        n = int(shown[2]) + 1
        forged = page.replace(shown[0], f"{shown[1]}{n}{shown[3]}{n}<", 1)
        named = [one for one in verify_page(forged, study).differences if one.severity == "error"]
        assert any(shown[4] in one.place and one.code == "count-changed" for one in named), named


def test_a_claim_means_one_thing_in_a_report_and_in_a_week(sections, study):
    holds(draw(section for name, section in sections.items() if name != "overview"), study)


def test_what_came_later_is_no_difference(page, work):
    (work / "interviews" / "2026-11-19-zircon.md").write_text(
        "---\ncustomer: Zircon\ndate: 2026-11-19\nsegment: new\nconsent: quote\n---\n- ! The list stops on row nine\n"
    )
    early = sorted((work / "interviews").glob("2026-*.md"))[0]
    early.write_text(early.read_text() + "- ! The import stops at row ten, as it did before\n- = A take\n")
    create_record(work, "decision", title="More?")
    create_record(work, "hypothesis", change="do more", evidence=[])
    create_record(work, "week", week="2026-W48", outcomes=["Something else"])
    registry = work / "discovery" / "customers.yaml"
    registry.write_text(
        registry.read_text().replace("customers:\n", "customers:\n  Never Heard:\n    segment: services\n", 1)
    )
    verified = verify_page(page, read_study(work))
    assert verified.differences == () and verified.added == (1, 1)
    assert verified.n_drawn == verified.n_parts


def test_a_record_changed_since_explains_what_differs(page, work):
    update_record(work, "D-88bb12", title="Quite another question")
    verified = verify_page(page, read_study(work))
    assert verified.ok
    assert {one.code for one in verified.differences} >= {"record-changed", "text-derived"}
    assert any("another question" in one.what for one in verified.differences)
    assert "nothing differs" not in verified.summary
    assert (
        f"{verified.otherwise}." in verified.summary
        and "out otherwise: records were changed since" in verified.otherwise
    )
    assert sum(verified.unlike.values()) == verified.n_parts - verified.n_drawn > 0


def test_the_one_page_of_a_decision_is_made_again_until_the_decision_is_gone(work):
    section = wb.open_week(work, "2026-W47").one_pager("D-77")  # as much of its name as is needed
    page = draw_section(section, "The question")
    holds(page, read_study(work))
    assert "D-77" not in read_manifest(read_page(page)).moments["one_pager"]["record"]
    next((work / "discovery" / "decisions").glob("D-77*")).unlink()
    verified = verify_page(page, read_study(work))
    assert verified.n_parts == 0 and any(one.code == "record-changed" for one in verified.differences)


def test_a_revision_is_what_it_was_and_its_name_stays_here(work):
    def git(*words):
        said = ("-c", "user.name=Ines", "-c", "user.email=ines@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", work, *said, *words], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "One")
    git("branch", "before-acme-left")
    call = sorted((work / "interviews").glob("2026-*.md"))[0]
    call.write_text(call.read_text() + "- ! The import stops at row ten\n")
    git("commit", "-qam", "Two")
    page = draw([wb.open_week(work, "2026-W47", since="before-acme-left").delta])
    assert "acme-left" not in page
    assert "1</data> new note" in page
    git("branch", "-f", "before-acme-left", "HEAD")
    holds(page, read_study(work))
    shutil.rmtree(work / ".git")
    (one,) = verify_page(page, read_study(work)).differences
    assert one.code == "not-derived" and "is not kept in git" in one.what


def test_what_was_known_before_assumes_the_same_consent(work):
    for file in (*(work / "interviews").glob("*.md"), work / "discovery" / "customers.yaml"):
        file.write_text("".join(line for line in file.read_text().splitlines(True) if "consent:" not in line))
    study = read_study(work, assume_consent="quote")
    assert set(look_back(study, "2026-11-15")[0].notes["consent"].astype(str)) == {"quote"}
