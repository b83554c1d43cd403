"""A report is made again from the calls it names: every number, word and figure, whoever changed page and claims together."""

import json
import random
import re
import shutil
from pathlib import Path

import pytest

from workbench.record_files import create_record, update_record
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.markdown import to_markdown
from workbench.report.marks import digest, read_page
from workbench.report.verify import verify_page
from workbench.store import append_records
from workbench.study import read_study
from workbench.themes import find_themes
from workbench.themes.acts import rename_theme

START = '<template id="workbench-claims">'
pytestmark = pytest.mark.usefixtures("made_once")


@pytest.fixture(scope="module")
def study(sample_study):
    return read_study(sample_study)


@pytest.fixture
def work(sample_study, tmp_path):
    """A copy of the workspace, to be changed."""
    return Path(shutil.copytree(sample_study, tmp_path / "work"))


def errors(verified):
    return [one for one in verified.differences if one.severity == "error"]


def seal(page, changed=lambda stored: None):
    """A page whose claims were made to fit what it shows, as somebody would who knows how."""
    start = page.index(START) + len(START)
    stored = json.loads(page[start : page.index("</template>", start)])
    stored.pop("seal")
    changed(stored)
    read = read_page(page)
    stored |= {"parts": [[part.id, digest(part.text)] for part in read.parts], "page": read.digest}
    stored["seal"] = digest(json.dumps(stored, sort_keys=True, separators=(",", ":")))
    text = json.dumps(stored, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return page[:start] + text + page[page.index("</template>", start) :]


def change(page, old, new, count=1):
    assert old in page, old
    return page.replace(old, new, count)


# As it was made


@pytest.fixture(scope="module")
def notebook(sample_study, run_sections):
    return run_sections(sample_study)


@pytest.mark.parametrize("audience", ["", "exec", "engineering", "design", "sales"])
def test_an_unchanged_workspace_derives_all_of_it(audience, notebook, study):
    page, _ = DiscoveryExporter(audience=audience).from_notebook_node(notebook)
    verified = verify_page(page, study)
    assert verified.differences == ()
    assert verified.n_stated == 0 and verified.why_not == ""
    assert (
        verified.n_drawn
        == verified.n_parts
        == sum(part.id not in ("page", "contents", "check") for part in read_page(page).parts)
    )
    assert sum(verified.kinds.values()) == verified.n_counts


# What was changed in the page alone


@pytest.mark.parametrize("seed", range(30))
def test_any_one_digit_changed_anywhere_is_found_and_named(seed, sample_page, study):
    """In a quote, a count, an axis, what is read out of a figure, a date, a style: wherever a page has one."""
    chance = random.Random(seed)
    at = chance.choice([found.start() for found in re.finditer(r"\d", sample_page[: sample_page.index(START)])])
    digit = chance.choice([one for one in "0123456789" if one != sample_page[at]])
    page = sample_page[:at] + digit + sample_page[at + 1 :]
    found = errors(verify_page(page, study))
    assert found
    before, after = read_page(sample_page), read_page(page)
    changed = {part.id for part, was in zip(after.parts, before.parts, strict=True) if part.text != was.text}
    if changed - {"check", "contents", "page"}:  # which are the workbench's own words
        assert any("the page says" in one.what or one.code != "text-changed" for one in found), found


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        (r'aria-label="Topics heard after each of (\d+) calls', "what is read out of a figure"),
        (r'text-anchor="end" class="col">(\d+)</text>', "a figure"),
        (r'<td class="num nowrap">(\d+)', "a table"),
    ],
)
def test_a_number_in_a_figure_is_named_with_its_place(pattern, place, sample_page, study):
    found = re.search(pattern, sample_page)
    page = sample_page[: found.start(1)] + "88" + sample_page[found.end(1) :]
    (one,) = errors(verify_page(page, study))
    assert one.code == "text-changed" and one.place == f"Did we hear enough? / {place}"
    assert "88" in one.what and found[1] in one.what
    assert page.splitlines()[one.line - 1].count("88")


# What was changed in the page and in its claims alike


def test_a_count_changed_together_with_its_claim_is_found_whatever_is_counted(sample_page, study):
    read, of_kind = read_page(sample_page), {}
    shown = {mark.id for mark in read.marks if mark.kind == "n"}
    for claim in read_manifest(read).claims.values():
        if claim.id in shown:
            of_kind.setdefault((claim.what, claim.id.partition("/")[0], claim.id.rpartition("/")[2][:5]), claim)
    assert {"saturation", "next", "hypotheses", "study", "weeks", "themes"} <= {kind for _, kind, _ in of_kind}
    assert sum(what == "stated" for what, _, _ in of_kind) >= 8
    for claim in of_kind.values():

        def more(stored, claim=claim):
            for row in stored["claims"]:
                row["n"] += row["id"] == claim.id

        mark = re.compile(rf'(?:value="{claim.n}" )?data-claim="{re.escape(claim.id)}">{claim.n:,}<')
        page = mark.sub(
            lambda found, n=claim.n: found[0].replace(f'="{n}"', f'="{n + 1}"').replace(f">{n:,}<", f">{n + 1:,}<"),
            sample_page,
        )
        named = errors(verify_page(seal(page, more), study))
        assert any(claim.id in one.place and "count-changed" == one.code for one in named), claim


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("No clear change", "Rising"),
        ("</svg>Supported</span>", "</svg>Single</span>"),
        ("Hangs on one customer", "Hangs on nobody"),
        (r"is expected to bring (\d)", "9"),
        ("first 4 calls", "first 5 calls"),
        (r'class="end">(\d+) topics', "77"),
        (r'aria-label="Themes by customer: T\S+ (\d+)', "8"),
        ('<rect x="0" y="0.0" width="20"', '<rect x="0" y="9.0" width="20"'),
        (r'<circle cx="(\d+)', "999"),
        ("P-", "P-0"),
    ],
)
def test_words_and_figures_changed_together_with_their_claims_are_found(old, new, sample_page, study):
    found = re.search(old, sample_page)
    start, end = found.span(1 if found.re.groups else 0)
    page = seal(sample_page[:start] + new + sample_page[end:])
    named = errors(verify_page(page, study))
    assert named and {one.code for one in named} <= {"text-derived", "count-changed"}, named


def test_notes_put_behind_a_count_that_are_not_of_its_theme_are_found(sample_page, study):
    """The count follows from the notes that it names, and not from the calls."""
    claims = read_manifest(read_page(sample_page)).claims
    id = next(id for id in claims if id.startswith("themes/") and id.endswith("/notes"))

    def other_notes(stored):
        row = next(row for row in stored["claims"] if row["id"] == id)
        stored["sets"].append(
            {
                **stored["sets"][row["refs"]],
                **stored["sets"][next(r["refs"] for r in stored["claims"] if r["id"] == "study/notes")],
            }
        )
        row |= {"refs": len(stored["sets"]) - 1, "n": claims["study/notes"].n}

    n, many = claims[id].n, claims["study/notes"].n
    page = sample_page.replace(f'value="{n}" data-claim="{id}">{n}<', f'value="{many}" data-claim="{id}">{many}<')
    named = errors(verify_page(seal(page, other_notes), study))
    assert any(f"{many} in the report, {n} when all is counted again" in one.what for one in named)


# What came later, and what was changed since


def test_calls_notes_records_and_corrections_that_came_later_are_no_difference(sample_page, work):
    (work / "interviews" / "2026-12-01-zircon.md").write_text(
        "---\ncustomer: Zircon\ndate: 2026-12-01\nsegment: new\nconsent: quote\n---\n- ! The list stops on row nine #list #new-tag\n"
    )
    call = next((work / "interviews").glob("2026-11-1*.md"))
    call.write_text(call.read_text() + "- ! Something more on lists and rows #more\n- = And a take\n")
    create_record(work, "hypothesis", change="do more", evidence=[])
    create_record(work, "decision", title="More?")
    registry = work / "discovery" / "customers.yaml"
    registry.write_text(
        registry.read_text().replace("customers:\n", "customers:\n  Never Heard:\n    segment: services\n", 1)
    )
    now = read_study(work)
    themes = find_themes(now.notes, now.ledger)
    append_records(work, rename_theme(themes, themes.summary["theme"][0], "Lists", by="ines", date="2026-12-02"))
    verified = verify_page(sample_page, read_study(work))
    assert verified.differences == () and verified.added == (1, 1)
    assert verified.n_stated == 0 and verified.n_drawn == verified.n_parts


def test_a_record_changed_since_is_named_and_fails_nothing(sample_page, work):
    update_record(work, "H-4b20d7", size="9", status="ready")
    verified = verify_page(sample_page, read_study(work))
    assert verified.ok
    said = [one for one in verified.differences if one.code == "record-changed"]
    assert ["discovery/hypotheses/H-4b20d7" in one.what for one in said] == [True]
    assert any(
        one.code == "count-changed" and "the record was changed since" in one.what for one in verified.differences
    )
    page = sample_page.replace("No clear change", "Rising")
    assert not verify_page(seal(page), read_study(work)).ok, "what no record says is derived as before"


def test_a_withheld_note_that_may_be_quoted_now_is_named(sample_page, work):
    manifest = read_manifest(read_page(sample_page))
    withheld = {ref.partition(":")[0] for ref in manifest.withheld}
    assert withheld and not any(re.search(r"[0-9a-f]{32}", str(why)) for why in manifest.withheld.values())
    registry = work / "discovery" / "customers.yaml"
    registry.write_text(registry.read_text().replace("consent: aggregate", "consent: quote"))
    call = work / "interviews" / "2026-10-27-pellow-lifts-owner.md"
    call.write_text(change(call.read_text(), "consent: aggregate", "consent: quote"))
    verified = verify_page(sample_page, read_study(work))
    given = [one for one in verified.differences if one.code == "consent-given"]
    assert verified.ok and len(given) == 1
    assert given[0].what.startswith("Pellow Lifts may be quoted today") and "interviews/" in given[0].what


def test_a_page_of_which_nobody_knows_what_it_was_made_of_is_compared_and_says_so(
    sample_study, study, run_sections, export
):
    page, _ = export(run_sections(sample_study, sections=("themes", "heard_enough")))
    verified = verify_page(page, study)
    assert verified.ok and verified.n_stated > 5
    assert [one.code for one in verified.differences] == ["not-derived"]


# Numbers of four digits


def test_a_thousand_has_a_comma_wherever_it_is_shown_and_is_read_again(tmp_path, run_sections, export):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "discovery").mkdir()
    (tmp_path / "discovery" / "salt").write_text("a1" * 16)
    words = "filters report import rows invoices spreadsheet export login totals template"
    for i, word in enumerate(words.split()):
        notes = [f"- ! The {word} {other} reset {i}-{j}" for j in range(13) for other in words.split() if other != word]
        head = f"---\ncustomer: Customer {i}\ndate: 2026-11-{i + 1:02d}\nsegment: services\nconsent: aggregate\n---\n"
        (tmp_path / "interviews" / f"2026-11-{i + 1:02d}-{i}.md").write_text(head + "\n".join(notes))
    page, _ = export(run_sections(tmp_path, sections=("overview", "limits")))
    study = read_study(tmp_path)
    assert '<data class="n" value="1170" data-claim="study/notes">1,170</data>' in page
    assert verify_page(page, study).differences == ()
    assert "1,170" in to_markdown(page) and "1170" not in to_markdown(page)
    (one, *_) = errors(verify_page(change(page, ">1,170<", ">1,190<"), study))
    assert one.what == "the page says 1,190, and its claim 1,170"
