"""A report can be derived again: whatever was changed in the page or in the workspace is named, with its place."""

import hashlib
import html as markup
import json
import re
import shutil
import string
from pathlib import Path

import nbformat
import nbformat.v4 as new
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cli import main
from workbench.errors import InputError
from workbench.readouts import find_counts
from workbench.report.elsewhere import verify_readout
from workbench.report.exporter import DiscoveryExporter
from workbench.report.manifest import read_manifest
from workbench.report.marks import digest, read_page
from workbench.report.verify import verify_page
from workbench.store import append_records
from workbench.study import read_study
from workbench.themes import find_themes
from workbench.themes.acts import set_aside

ROOT = Path(__file__).parent.parent
SALT = "a1" * 16
pytestmark = pytest.mark.usefixtures("made_once")

CALLS = {
    "2026-11-03-acme.md": (
        "Acme",
        "quote",
        ["! The filters reset when I open the report", '" I redo the filters by hand every Monday morning'],
    ),
    "2026-11-10-bolt.md": (
        "Bolt",
        "quote",
        ["! Filters reset in the report after every login", "- Keeps a spreadsheet of all filters beside the report"],
    ),
    "2026-11-17-coil.md": (
        "Coil",
        "aggregate",
        ["! The report forgets its filters whenever zebras pass", "- Opens the export in a spreadsheet on Fridays"],
    ),
    "2026-11-18-dune.md": ("Dune", "named", ["! All filters reset once the report is shared", "? Wants filters saved"]),
}


def write_call(root, name, customer, consent, notes, head=""):
    lines = [f"- {note}" for note in notes]
    text = f"---\ncustomer: {customer}\ndate: {name[:10]}\nsegment: services\nconsent: {consent}\n---\n"
    (root / "interviews" / name).write_text(text + head + "\n".join(lines) + "\n", "utf-8")


def write_study(root):
    (root / "interviews").mkdir(parents=True)
    (root / "discovery").mkdir()
    (root / "discovery" / "salt").write_text(f"{SALT}\n")
    (root / "discovery" / "quarter.md").write_text("---\ntitle: Filters\noutcome: More\nowner: Ines\n---\n")
    for name, (customer, consent, notes) in CALLS.items():
        write_call(root, name, customer, consent, notes)
    return root


# Of workspaces that no test changes: read once.
STUDIES = {}


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    root = write_study(tmp_path_factory.mktemp("verify") / "work")
    STUDIES[root] = read_study(root)
    return root


@pytest.fixture(scope="module")
def page(origin, run_sections, export):
    return export(run_sections(origin))[0]


@pytest.fixture
def work(origin, tmp_path):
    """A copy of the workspace, to be changed."""
    return Path(shutil.copytree(origin, tmp_path / "work"))


def verify(html, root):
    return verify_page(html, STUDIES.get(root) or read_study(root))


def codes(verified):
    return {one.code for one in verified.differences if one.severity == "error"}


def change(html, old, new, count=1):
    assert html.count(old) >= 1, old
    return html.replace(old, new, count)


# What holds


def test_a_report_verifies_where_it_came_from(page, origin):
    verified = verify(page, origin)
    assert verified.differences == ()
    assert verified.ok and verified.n_quotes > 5 and verified.n_counts > 15
    assert verified.summary == (f"{verified.n_quotes} quotes and {verified.n_counts} counts checked; nothing differs.")
    assert verified.day == "2026-11-18"


def test_the_sample_report_verifies_and_each_number_of_people_carries_its_claim(sample_page):
    verified = verify(sample_page, ROOT)
    assert verified.differences == ()
    assert verified.n_quotes > 100 and verified.n_counts > 80
    read = read_page(sample_page)
    manifest = read_manifest(read)
    assert {mark.id for mark in read.marks} <= {*manifest.claims, *manifest.quotes}
    numbers = {(claim.n, of) for claim in manifest.claims.values() for of in (claim.of, None)}
    for part in read.parts:
        if part.id not in ("title", "hypotheses", "decisions", "bets"):  # much of these is in the PM's words
            for count in find_counts(part.readable):
                if any(letter.isdigit() for letter in count.words) and "more than" not in count.bound:
                    assert (count.n, count.of) in numbers, (part.name, count.words)


def test_calls_added_later_are_said_and_fail_nothing(page, work):
    write_call(work, "2026-11-24-elm.md", "Elm", "quote", ["! The report forgets all filters"])
    with (work / "interviews" / "2026-11-03-acme.md").open("a") as call:
        call.write("- Came back to it later\n")
    verified = verify(page, work)
    assert verified.ok
    assert verified.added == (1, 1)
    assert verified.summary.endswith("nothing differs. Added since: 1 call and 1 note in calls it knew.")


def test_lines_that_moved_fail_nothing(page, work):
    for name, (customer, consent, notes) in CALLS.items():
        write_call(work, name, customer, consent, notes, head="# The call\n\n## What was said\n\n")
    verified = verify(page, work)
    assert verified.ok
    assert verified.n_moved == sum(len(notes) for _, _, notes in CALLS.values())
    assert verified.added == (0, 0)


def test_notes_in_another_order_fail_nothing(page, work):
    for name, (customer, consent, notes) in CALLS.items():
        write_call(work, name, customer, consent, notes[::-1])
    assert verify(page, work).ok


SAID = {
    "2026-11-17-acme": ("customer: Acme\nconsent: quote\nsegment: field", "- Import drops rows each week\n- ! Import drops lines\n"),
    "2026-11-17-bolt": ("customer: Bolt\nconsent: quote", "- Import drops rows each week\n- Rows are dropped\n"),
}  # fmt: skip
ODD = {
    "nothing is written yet": ("customer: Core\nsegment: field", ""),
    "nothing, of nobody": ("segment: field", ""),
    "only takes": ("customer: Core\nsegment: field", "- = They may leave\n"),
    "nobody is named": ("consent: named", "- Import drops rows, too\n"),
    "who does not count": ("customer: Quorn", "- Import drops rows, too\n"),
    "nothing, of who does not count": ("customer: Quorn", ""),
    "another spelling": ("customer: ACME Inc.\nconsent: quote", "- Import drops rows, too\n"),
    "nothing, of another spelling": ("customer: ACME Inc.", ""),
    "who asked not to be used": ("customer: Core\nconsent: none", "- Import drops rows, too\n"),
    "no date": ("customer: Core\ndate:", "- Import drops rows, too\n"),
}
REGISTRY = (
    "customers:\n  Acme:\n    aliases: [Acme Inc.]\n  Quorn:\n    excluded: a partner\n  Zenith:\n    segment: field\n"
)


def write_odd(make_workspace, calls):
    files = {
        f"{name}.md": f"---\n{head if 'date:' in head else f'date: 2026-11-17{chr(10)}{head}'}\n---\n{notes}"
        for name, (head, notes) in calls.items()
    }
    root = make_workspace(files, REGISTRY)
    (root / "discovery" / "salt").write_text(f"{SALT}\n")
    return root


@pytest.mark.parametrize("among", [SAID, {}], ids=["among others", "alone"])
@pytest.mark.parametrize("odd", ODD)
def test_whatever_a_call_holds_customers_are_counted_alike(odd, among, make_workspace, run_sections, export):
    root = write_odd(make_workspace, {**among, "one": ODD[odd]})
    page, _ = export(run_sections(root))
    verified = verify(page, root)
    assert verified.differences == () and verified.n_stated == 0
    if not ODD[odd][1]:  # what was written into it since came later
        with (root / "interviews" / "one.md").open("a") as call:
            call.write("- Import drops rows, too\n- = A take\n")
        assert verify(page, root).ok


@pytest.mark.parametrize("audience", ["", "exec", "engineering", "design", "sales"])
def test_each_reader_counts_customers_alike(audience, make_workspace, run_sections):
    root = write_odd(make_workspace, SAID | {f"call-{i}": call for i, call in enumerate(ODD.values())})
    study = read_study(root)
    themes = find_themes(study.notes)
    append_records(root, set_aside(themes, [themes.notes["note"].iloc[0]], by="ines", date="2026-11-18"))
    page, _ = DiscoveryExporter(audience=audience).from_notebook_node(run_sections(root))
    assert verify(page, root).differences == ()


def test_a_call_whose_notes_are_all_set_aside_still_counts(make_workspace, run_sections, export):
    root = write_odd(make_workspace, SAID)
    study = read_study(root)
    themes = find_themes(study.notes)
    bolts = themes.notes.loc[themes.notes["customer"] == "Bolt", "note"]
    append_records(root, set_aside(themes, list(bolts), by="ines", date="2026-11-18"))
    page, _ = export(run_sections(root))
    assert verify(page, root).differences == ()
    assert read_manifest(read_page(page)).claims["study/customers"].n == 2


def test_what_is_withheld_leaves_no_hash(page, origin):
    withheld = [note[2:] for note in CALLS["2026-11-17-coil.md"][2]]
    shown = CALLS["2026-11-03-acme.md"][2][0][2:]
    digests = [name for name in hashlib.algorithms_available if not name.startswith("shake")]
    for text in [*withheld, *[text.casefold() for text in withheld]]:
        for name in digests:
            whole = hashlib.new(name, text.encode()).hexdigest()
            assert all(whole[i : i + 8] not in page for i in (0, len(whole) // 2, len(whole) - 8)), name
    assert digest(shown) in page, "a hash of what is shown is there, so this test can fail"
    manifest = read_manifest(read_page(page))
    (coil,) = {ref.partition(":")[0] for claim in manifest.claims.values() for ref in claim.refs} - {
        ref.partition(":")[0] for ref in manifest.quotes
    }
    assert f"{coil}:7" in manifest.claims["study/notes"].refs


# What was changed in the page


def test_a_changed_character_in_a_quote_is_named_with_both_texts(page, origin):
    verified = verify(change(page, "by hand every Monday", "by hand every Munday"), origin)
    (one, *_) = [one for one in verified.differences if one.code == "quote-changed"]
    assert not verified.ok
    assert "Munday" in one.what and "every Monday morning" in one.what
    assert "interviews/2026-11-03-acme.md:8" in one.what
    assert re.search(r"C-[0-9a-f]{6}:8$", one.place)


def test_a_changed_count_is_named_with_its_claim(page, origin):
    claim = re.search(r'data-claim="(themes/[^"/]+/customers)"', page)[1]
    mark = re.search(rf'<data class="n" value="(\d+)" data-claim="{re.escape(claim)}">(\d+)</data>', page)
    n = int(mark[1])
    verified = verify(page.replace(mark[0], mark[0].replace(f">{n}<", f">{n + 1}<"), 1), origin)
    (one,) = verified.differences
    assert (one.code, one.what) == ("count-changed", f"the page says {n + 1}, and its claim {n}")
    assert claim in one.place
    verified = verify(page.replace(mark[0], mark[0].replace(f'"{n}"', f'"{n + 1}"'), 1), origin)
    assert "to machines" in verified.differences[0].what


def test_a_quote_joined_from_two_statements_is_named(page, origin):
    both = "I redo the filters by hand after every login"
    assert "quote-joined" in codes(
        verify(change(page, "I redo the filters by hand every Monday morning", both), origin)
    )


def test_words_that_nobody_said_are_named(page, origin):
    html = change(page, "I redo the filters by hand every Monday morning", "We would gladly pay a thousand euros")
    assert "quote-unknown" in codes(verify(html, origin))


def test_words_of_one_note_under_another_are_named(page, origin):
    html = change(
        page, "Keeps a spreadsheet of all filters beside the report", "I redo the filters by hand every Monday morning"
    )
    verified = verify(html, origin)
    assert any("stands for another note" in one.what for one in verified.differences)


def test_a_number_put_in_without_a_claim_is_named(page, origin):
    html = change(page, "</h2>", "</h2><p>In truth 37 of 41 customers want it.</p>")
    verified = verify(html, origin)
    assert {"number-unclaimed", "text-changed"} <= codes(verified)
    assert any("37 of 41 customers" in one.what for one in verified.differences)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("not by how often it was said", "and by how often it was said", "text-changed"),
        ("<main id=", "<p>Everybody wants it.</p><main id=", "text-changed"),
        ("</main>", '<section id="more"><h2>More</h2></section></main>', "text-changed"),
        ("</style>", ".against{display:none}</style>", "page-changed"),
        ('class="n"', 'class="n" hidden', "page-changed"),
    ],
)
def test_whatever_else_is_changed_in_the_page_is_named(page, origin, old, new, code):
    assert codes(verify(change(page, old, new), origin)) == {code}


def test_a_part_that_was_taken_out_is_named(page, origin):
    html = re.sub(r'<section id="limits".*?</section>', "", page, count=1, flags=re.DOTALL)
    assert any(one.place == "limits" and "gone" in one.what for one in verify(html, origin).differences)


def tampered(page, changed, seal):
    """A page whose manifest was changed by a function, with a seal that fits or not."""
    start = page.index('<template id="workbench-claims">') + len('<template id="workbench-claims">')
    end = page.index("</template>", start)
    stored = json.loads(page[start:end])
    old = stored.pop("seal")
    changed(stored)
    if seal:
        old = digest(json.dumps(stored, sort_keys=True, separators=(",", ":")))
    text = json.dumps(stored | {"seal": old}, separators=(",", ":"))
    return page[:start] + text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") + page[end:]


def test_a_manifest_that_was_changed_is_named(page, origin):
    html = tampered(page, lambda stored: stored.update(day="2020-01-01"), seal=False)
    assert codes(verify(html, origin)) == {"claims-changed", "text-derived"}, "the title block says the day"
    assert codes(verify(change(page, '"audience":"', '"audience": "'), origin)) == {"claims-changed"}


def test_who_changes_page_and_manifest_alike_is_found_by_the_workspace(page, origin):
    def more(stored):
        for claim in stored["claims"]:
            if claim["id"] == "study/customers":
                claim["n"] += 5

    html = re.sub(r'value="4" data-claim="study/customers">4<', 'value="9" data-claim="study/customers">9<', page)
    html = tampered(html, more, seal=True)
    html = tampered(html, lambda stored: stored.update(page=read_page(html).digest), seal=True)
    verified = verify(html, origin)
    assert codes(verified) == {"count-changed"}
    assert "9 customers in the report, 4 today" in verified.differences[0].what


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "{", '{"format":1}', '{"format":99}', "[" * 100_000, '{"a":1e999}']
)
def test_claims_that_cannot_be_read_are_refused_in_a_sentence(page, origin, text):
    start = page.index('<template id="workbench-claims">') + len('<template id="workbench-claims">')
    html = page[:start] + text + page[page.index("</template>", start) :]
    with pytest.raises(InputError, match=r"export it again|the workbench that made it"):
        verify(html, origin)


PIECES = [
    "<",
    "<!",
    "<![",
    "<![x[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    ">",
    "</",
    "</p>",
    "<p",
    "<q data-ref=",
    '"',
    "&#",
    "&amp",
    "\x00",
    "\x01",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=30))
def test_any_text_can_be_read_as_a_page(pieces):
    page = read_page("".join(pieces))
    assert all(part.readable is not None for part in page.parts)


def test_any_text_put_into_a_report_is_found(page, origin):
    for piece in PIECES:
        html = change(page, "</h2>", f"</h2>{piece}")
        assert not verify(html, origin).ok, piece


def test_a_page_without_claims_is_refused_in_a_sentence(origin):
    with pytest.raises(InputError, match="carries no claims"):
        verify("<p>7 of 12 customers</p>", origin)


MARK = re.compile(r'<(?:data|q|span|text)[^<>]* data-(?:ref|claim)="([^"]+)"[^<>]*>([^<]+)<')
LETTERS = st.one_of(st.sampled_from(string.printable), st.characters(exclude_categories=["Cs"]))


@given(data=st.data())
def test_any_one_character_changed_in_any_quote_or_count_is_found(page, origin, data):
    mark = data.draw(st.sampled_from(list(MARK.finditer(page))))
    shown = markup.unescape(mark[2])
    at = data.draw(st.integers(0, len(shown) - 1))
    kind = data.draw(st.sampled_from(["replace", "insert", "delete"]))
    letter = "" if kind == "delete" else data.draw(LETTERS)
    changed = shown[:at] + letter + shown[at + (kind != "insert") :]
    if changed == shown:
        return
    verified = verify_page(page[: mark.start(2)] + markup.escape(changed) + page[mark.end(2) :], STUDIES[origin])
    assert not verified.ok
    assert any(mark[1] in one.place for one in verified.differences if one.severity == "error")


# What was changed in the workspace


def test_a_removed_note_is_named_where_it_is_quoted_and_where_it_is_counted(page, work):
    file = work / "interviews" / "2026-11-10-bolt.md"
    lines = file.read_text().splitlines()
    file.write_text("\n".join(lines[:-2]) + "\n")
    verified = verify(page, work)
    assert {"note-gone", "count-changed"} == codes(verified)
    gone = [one for one in verified.differences if one.code == "note-gone"]
    assert any("interviews/2026-11-10-bolt.md:7 is gone: “Filters reset" in one.what for one in gone)
    assert any(
        "3 customers in the report" in one.what or "4 customers in the report" in one.what
        for one in verified.differences
    )
    assert any("themes in the report, 0 today" in one.what for one in verified.differences)


def test_a_removed_note_that_is_withheld_is_counted(page, work):
    file = work / "interviews" / "2026-11-17-coil.md"
    file.write_text("\n".join(file.read_text().splitlines()[:-1]) + "\n")
    verified = verify(page, work)
    assert codes(verified) == {"count-changed"}
    assert any("is gone" in one.what for one in verified.differences)


def test_a_note_changed_since_is_named_with_both_texts(page, work):
    file = work / "interviews" / "2026-11-03-acme.md"
    file.write_text(change(file.read_text(), "every Monday", "each Monday"))
    verified = verify(page, work)
    assert codes(verified) == {"quote-changed"}
    assert "every Monday" in verified.differences[0].what and "each Monday" in verified.differences[0].what


def test_a_note_rewritten_in_its_line_is_no_other_note_that_came(page, work):
    file = work / "interviews" / "2026-11-03-acme.md"
    file.write_text(change(file.read_text(), "I redo the filters by hand every Monday morning", "Zebras everywhere"))
    verified = verify(page, work)
    assert codes(verified) == {"quote-changed", "count-changed"} and verified.added == (0, 0)
    assert any("Zebras everywhere" in one.what for one in verified.differences)


def test_a_customer_called_as_a_word_of_the_pages_own_is_no_leak_and_is_one_where_it_is_added(
    tmp_path, run_sections, export
):
    root = write_study(tmp_path / "work")
    words = set(re.findall(r"[a-z]{5,}", read_page(export(run_sections(root))[0]).parts[-1].readable))
    for name in ("nobody", "report", sorted(words)[0]):
        write_call(root, "2026-11-19-typed.md", name, "quote", ["! Filters are slow"])
        html = export(run_sections(root))[0]
        verified = verify(html, root)
        assert verified.ok, verified.differences
        told = html.replace("</h2>", f"</h2><p>{name} said so</p>", 1)
        shown = [one for one in verify(told, root).differences if one.code == "name-shown"]
        assert len(shown) == 1 and repr(name) in shown[0].what


def test_consent_withdrawn_since_is_named(page, work):
    file = work / "interviews" / "2026-11-03-acme.md"
    file.write_text(change(file.read_text(), "consent: quote", "consent: aggregate"))
    verified = verify(page, work)
    assert "consent-withdrawn" in codes(verified)
    assert any(one.what.startswith("Acme has not agreed") for one in verified.differences)


def test_a_name_that_may_not_be_shown_any_more_is_named(page, work):
    file = work / "interviews" / "2026-11-18-dune.md"
    file.write_text(change(file.read_text(), "consent: named", "consent: quote"))
    verified = verify(page, work)
    assert codes(verified) == {"name-shown"}
    assert "'dune' has not agreed to be named" in verified.differences[0].what
    registry = work / "discovery" / "customers.yaml"
    registry.write_text(
        "customers:\n  Dune Ocean:\n    aliases: [Dune]\n    consent: named\n  Ocean:\n    consent: quote\n"
    )
    file.write_text(change(file.read_text(), "consent: quote", "consent: named"))
    assert "name-shown" not in codes(verify(page.replace("Dune", "Dune Ocean"), work)), "only a part of a name"
    assert "name-shown" in codes(verify(page.replace("Dune", "Ocean"), work))


def test_a_customer_left_out_since_is_named_with_the_reason(page, work):
    (work / "discovery" / "customers.yaml").write_text("customers:\n  Bolt:\n    excluded: a reseller\n")
    assert read_study(work).customers.set_index("customer").loc["Bolt", "excluded"] == "a reseller"
    verified = verify(page, work)
    assert codes(verified) == {"count-changed"}
    assert any("Bolt is not counted any more (a reseller)" in one.what for one in verified.differences)


def test_two_customers_that_turned_out_to_be_one_are_counted_so(page, work):
    (work / "discovery" / "customers.yaml").write_text("customers:\n  Acme:\n    aliases: [Bolt]\n")
    verified = verify(page, work)
    assert any("4 customers in the report, 3 today" in one.what for one in verified.differences)


def test_a_call_that_is_gone_is_named(page, work):
    (work / "interviews" / "2026-11-10-bolt.md").unlink()
    verified = verify(page, work)
    assert codes(verified) == {"call-gone", "count-changed"}


def test_the_report_of_another_workspace_is_said_to_be(page, work):
    (work / "discovery" / "salt").write_text("b2" * 16 + "\n")
    verified = verify(page, work)
    assert codes(verified) == {"other-workspace"}
    assert len(verified.differences) == 1


def test_numbers_and_quotes_written_by_hand_are_compared_too(origin, run_sections, export):
    def page_with(prose):
        return export(run_sections(origin, after=[new.new_markdown_cell(prose)]))[0]

    verified = verify(page_with("We spoke to 4 customers: “I redo the filters by hand every Monday morning”."), origin)
    assert verified.differences == ()
    verified = verify(page_with("As 3 of 4 people told us, “I redo all the filters by hand every Monday”."), origin)
    assert codes(verified) == {"quote-changed"}
    verified = verify(page_with("As 2 of 3 people told us."), origin)
    assert verified.ok, "nobody can give a claim to a number in prose"
    assert [one.code for one in verified.differences] == ["number-unclaimed"]


def test_consent_that_a_report_assumed_is_assumed_again(work, run_sections, export):
    file = work / "interviews" / "2026-11-03-acme.md"
    file.write_text(change(file.read_text(), "consent: quote\n", ""))
    html, _ = export(run_sections(work, assume_consent="quote"))
    manifest = read_manifest(read_page(html))
    assert manifest.assumed == "quote"
    assert verify_page(html, read_study(work, assume_consent=manifest.assumed)).ok
    assert "consent-withdrawn" in codes(verify(html, work))


# The command


def test_the_command_says_what_differs_and_ends_with_one(page, work, tmp_path, capsys):
    report = tmp_path / "report.html"
    report.write_text(page, "utf-8")
    assert main(["verify", str(report), "-w", str(work)]) == 0
    assert capsys.readouterr().out.rstrip().endswith("nothing differs.")
    report.write_text(change(page, "every Monday", "every Munday"), "utf-8")
    assert main(["verify", str(report), "-w", str(work)]) == 1
    said = capsys.readouterr().out
    assert "[quote-changed]" in said and "Munday" in said and "differ" in said.splitlines()[-1]
    assert main(["verify", str(report), "-w", str(work), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False and found["differences"][0]["code"] == "quote-changed"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"<p>none</p>", "carries no claims"), (b"\xff\xfe", "is not UTF-8 text"), (None, "check that it is there")],
)
def test_the_command_refuses_in_a_sentence(content, said, work, tmp_path, capsys):
    report = tmp_path / "report.html"
    if content is not None:
        report.write_bytes(content)
    assert main(["verify", str(report), "-w", str(work)]) == 1
    err = capsys.readouterr().err
    assert said in err and "Traceback" not in err


def test_a_report_that_carries_no_page_is_told_how_it_is_checked(work, tmp_path, capsys):
    pdf, markdown = tmp_path / "report.pdf", tmp_path / "report.md"
    pdf.write_bytes(b"%PDF-1.4\n\xd3")
    markdown.write_text("> I redo the filters by hand — Acme\n", "utf-8")
    assert main(["verify", str(pdf), "-w", str(work)]) == 1
    assert "the PDF cannot be read; it is damaged or locked" in capsys.readouterr().err
    assert main(["verify", str(pdf), "-w", str(work), "--against", str(work)]) == 1
    assert f"A PDF of the workbench is checked with  workbench verify {pdf}" in capsys.readouterr().err
    assert main(["verify", str(markdown), "-w", str(work)]) == 1
    told = capsys.readouterr().err.strip().partition(":  workbench ")[2]
    assert told == f"verify --against {work} {markdown}"
    assert main(told.split()) == 0


READOUT = """# Filters

## Three customers redo filters (Acme, Bolt)

> I redo the filters by hand each Monday — Acme

Acme: "Filters reset in the report after every login", and “We would gladly pay a thousand euros”.
As said, “I redo the filters by hand every Monday morning” (Acme).
"""


@pytest.mark.parametrize("ending", ["md", "html"])
def test_what_was_written_elsewhere_is_compared_quote_by_quote(ending, work, tmp_path, capsys):
    text = READOUT
    if ending == "html":
        text = "".join(
            f"<h2>{line[3:]}</h2>" if line.startswith("## ")
            else f"<blockquote>{line[2:]}</blockquote>" if line.startswith("> ") else f"<p>{line}</p>"
            for line in READOUT.splitlines()
        )  # fmt: skip
    readout = tmp_path / f"told.{ending}"
    readout.write_text(text, "utf-8")
    told = verify_readout(readout, work)
    assert [quote.found for quote in told.quotes] == ["altered", "other", "none", "exact"]
    assert told.quotes[0].nearest == "I redo the filters by hand every Monday"
    assert told.quotes[0].where == "interviews/2026-11-03-acme.md:8"
    assert {one.rule for one in told.violations} >= {"count-mismatch", "quote-not-verbatim", "quote-misattributed"}
    assert "1 exact, 1 altered, 1 said by somebody else, 1 not found" in told.summary
    assert main(["verify", str(readout), "--against", str(work)]) == 1
    said = capsys.readouterr().out
    assert "altered: “I redo the filters by hand each Monday” (Acme)" in said
    assert "every Monday" in said and "“Three customers”, and 2 are listed: Acme, Bolt" in said


def test_what_was_written_elsewhere_and_holds_ends_with_zero(work, tmp_path, capsys):
    readout = tmp_path / "told.md"
    readout.write_text("## Two customers redo filters (Acme, Bolt)\n\n> I redo the filters by hand — Acme\n", "utf-8")
    assert main(["verify", str(readout), "--against", str(work), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["quotes"][0]["found"] == "exact"


def test_the_sample_report_that_readers_are_shown_is_of_these_calls_and_this_code():
    """CONTRIBUTING says how it is renewed."""
    page = (ROOT / "docs" / "sample-report.html").read_text("utf-8")
    verified = verify_page(page, read_study(ROOT))
    assert verified.ok, str(verified)
    notebook = nbformat.read(ROOT / "notebooks" / "tuesday-discovery.ipynb", as_version=4)
    drawn, _ = DiscoveryExporter().from_notebook_node(notebook)
    assert drawn == page, "make docs/sample-report.html anew"
