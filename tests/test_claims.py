"""A report's claims are plain data whose every number can be counted again from the notes."""

import json
import re
from pathlib import Path

import pytest
from test_week import write

from workbench.hypotheses import draft_hypotheses
from workbench.report import VERSION
from workbench.report.claims import SECTIONS, make_payload
from workbench.report.sections import Report
from workbench.study import read_study
from workbench.themes import find_themes

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def study():
    return read_study(ROOT)


@pytest.fixture(scope="module")
def payloads(study, sample_themes):
    drafts = draft_hypotheses(sample_themes, study.quarter, records=study.hypotheses)
    return {name: make_payload(name, study, sample_themes, [*study.hypotheses, *drafts]) for name in SECTIONS}


def walk(value, path=()):
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from walk(item, (*path, key))


@pytest.mark.parametrize("section", SECTIONS)
def test_claims_are_plain_json(payloads, section):
    payload = payloads[section]
    assert json.loads(json.dumps(payload, allow_nan=False)) == payload
    assert (payload["version"], payload["section"]) == (VERSION, section)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_note_and_customer_that_is_named_is_there(payloads, section):
    payload = payloads[section]
    for path, value in walk(payload["data"]):
        if isinstance(value, str):
            keys = [key for key in path if isinstance(key, str)]
            if keys[-1] in ("note", "notes"):
                assert value in payload["notes"]
            if keys[-1] in ("customer", "customers"):
                assert value in payload["customers"]
    assert all(note["customer"] in payload["customers"] for note in payload["notes"].values())


@pytest.mark.parametrize("section", SECTIONS)
def test_every_statement_stands_in_its_note_to_the_letter(payloads, section):
    for _, value in walk(payloads[section]["data"]):
        if isinstance(value, dict) and "statement" in value:
            assert value["statement"].removesuffix("…") in payloads[section]["notes"][value["note"]]["text"]


def test_every_text_stands_in_its_file_at_its_line(payloads):
    notes = payloads["quotes"]["notes"]
    assert len(notes) > 100
    for note in notes.values():
        file, _, line = note["where"].rpartition(":")
        source = (ROOT / file).read_text("utf-8").splitlines()
        first = note["text"].split()[0]
        assert first in source[int(line) - 1], note["where"]


def test_counts_are_of_different_customers_who_count(payloads, study):
    notes = payloads["quotes"]["notes"]
    counted = set(study.calls.loc[study.calls["counted"], "customer"])
    for group in payloads["quotes"]["data"]["groups"]:
        customers = {notes[id]["customer"] for id in group["notes"]}
        assert (group["n"], group["of"]) == (len(customers), len(counted))
        assert customers <= counted
    matrix = payloads["who_raised_what"]["data"]
    assert [c for s in matrix["segments"] for c in s["customers"]] == [
        c["customer"] for c in matrix["themes"][0]["cells"]
    ]
    for theme in matrix["themes"]:
        assert sum(cell["n_calls"] > 0 for cell in theme["cells"]) == theme["n"]


def test_segments_of_a_theme_add_up(payloads):
    for theme in payloads["themes"]["data"]["themes"]:
        assert sum(segment["n"] for segment in theme["segments"]) == theme["n"]
        assert all(segment["n"] <= segment["of"] for segment in theme["segments"])
        assert sum(segment["of"] for segment in theme["segments"]) == theme["of"]


def test_notes_on_cards_are_of_customers_who_agreed_one_each(payloads):
    payload = payloads["themes"]
    for theme in payload["data"]["themes"]:
        for ids in (theme["notes"], theme["against"]["notes"]):
            customers = [payload["notes"][id]["customer"] for id in ids]
            assert len(set(customers)) == len(customers)
            assert all(payload["customers"][name]["consent"] in ("quote", "named") for name in customers)


def test_takes_are_counted_and_nowhere_else(payloads, study):
    takes = study.notes[study.notes["kind"].astype(str) == "take"]
    of_counted = takes[takes["excluded"].astype(str) == ""]
    assert payloads["limits"]["data"]["n_takes"] == len(of_counted) > 5
    text = json.dumps(payloads, ensure_ascii=False)
    for take in takes["text"]:
        assert json.dumps(take, ensure_ascii=False)[1:-1] not in text


def test_excluded_customers_are_in_no_section_but_their_words_are_known_to_the_check(payloads, study):
    excluded = set(study.customers.loc[study.customers["excluded"] != "", "customer"])
    assert excluded == {"Birrane Joinery", "Garrand Group"}
    for payload in payloads.values():
        assert not excluded & {note["customer"] for note in payload["notes"].values()}
        named = {
            value
            for path, value in walk(payload["data"])
            if isinstance(value, str) and {"customer", "customers"} & set(path)
        }
        assert not excluded & named
    for section in ("overview", "quotes"):
        files = {entry["where"].split(":")[0] for entry in payloads[section]["withheld"]}
        assert "interviews/2026-10-27-birrane-joinery-owner.md" in files


def test_the_order_of_notes_changes_nothing(study, payloads):
    shuffled = study.notes.sample(frac=1, random_state=3).reset_index(drop=True)
    themes = find_themes(shuffled)
    assert (
        make_payload("themes", study, themes, study.hypotheses)["data"]["themes"][0]["n"]
        == payloads["themes"]["data"]["themes"][0]["n"]
    )
    assert (
        make_payload("quotes", study, themes, study.hypotheses)["data"]["groups"]
        == payloads["quotes"]["data"]["groups"]
    )


def test_the_overview_counts_each_decision_that_is_needed_once(make_workspace):
    root = make_workspace({"a.md": "---\ncustomer: Acme\ndate: 2026-11-17\n---\n- one"})
    write(root, "decisions/D-aa0001.md", "id: D-aa0001\ntitle: Test it?\nstatus: proposed\n")
    for lines, n in (("[none]", 1), ('["Test it? (D-aa0001)"]', 1), ("[Who pays?]", 2)):
        write(root, "weeks/2026-W47.md", f"decisions_needed: {lines}\n")
        study = read_study(root)
        assert make_payload("overview", study, find_themes(study.notes), [])["data"]["status"]["n_decisions"] == n


def test_an_empty_workspace_has_every_section(tmp_path, run_sections, export):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "interviews" / "2026-11-17-a.md").write_text("---\ndate: 2026-11-17\ncustomer: Acme\n---\n")
    html, notices = export(run_sections(tmp_path))
    assert notices == []
    for section in SECTIONS:
        assert section == "overview" or f'id="{section}"' in html


def test_a_section_that_does_not_exist_is_refused_by_name(study, sample_themes):
    with pytest.raises(ValueError, match=r"section must be one of overview, .*, got 'summary'"):
        make_payload("summary", study, sample_themes, [])
    with pytest.raises(AttributeError, match="a report has no section 'summary'; its sections are overview"):
        _ = Report(study, sample_themes, []).summary
    assert set(SECTIONS) <= set(dir(Report(study, sample_themes, [])))


def test_own_takes_are_not_among_the_notes_of_a_call(payloads, study):
    week = payloads["this_week"]["data"]["calls"]
    notes = study.notes[study.notes["kind"].astype(str) != "take"].astype({"customer": str})
    notes = notes[notes["date"] >= min(call["day"] for call in week)]
    said = notes["customer"].value_counts()
    assert {call["customer"]: call["n_notes"] for call in week} == {
        call["customer"]: said[call["customer"]] for call in week
    }
    assert len(study.notes[study.notes["date"] >= min(call["day"] for call in week)]) > len(notes), "there are takes"


@pytest.fixture
def against(make_workspace, run_sections, export):
    """A function that writes a record with some notes of Acme's and Bolt's against it, and gives the section and its page."""

    def make(**consent):
        texts = ("Import of the list was easy", "No row was ever lost", "The list came over whole")
        calls = {
            f"2026-11-1{i}-{name}.md": f"---\ncustomer: {name.title()}\ndate: 2026-11-1{i}\nconsent: {consent.get(name, 'quote')}\n"
            f"---\n" + "".join(f"- {text} at {name}\n" for text in texts)
            for i, name in enumerate(("acme", "bolt"))
        }
        folder = make_workspace(calls)
        ids = read_study(folder).notes["note"].tolist()
        file = folder / "discovery" / "hypotheses" / "H-3fa9c1.md"
        file.parent.mkdir(parents=True)
        file.write_text(f"---\nid: H-3fa9c1\nchange: match columns\nagainst: {json.dumps(ids)}\n---\n", "utf-8")
        study = read_study(folder)
        payload = make_payload("hypotheses", study, find_themes(study.notes), study.hypotheses)
        return payload, export(run_sections(folder, sections=("overview", "hypotheses", "quotes")))[0]

    return make


def test_every_note_that_the_pm_put_against_a_hypothesis_is_shown(against):
    payload, page = against()
    said = payload["data"]["hypotheses"][0]["against"]
    assert (said["n"], len(said["notes"])) == (6, 6), "all of a customer, and more than a card has room for"
    section = re.search(r'id="H-3fa9c1".*?<section class="con">(.*?)</section>', page, re.DOTALL)[1]
    assert section.count("<blockquote") == 6
    assert "more note" not in section


def test_notes_against_that_may_not_be_quoted_are_counted_beside_those_that_are(against):
    payload, page = against(bolt="aggregate")
    said = payload["data"]["hypotheses"][0]["against"]
    assert (said["n"], len(said["notes"])) == (6, 3)
    section = re.search(r'id="H-3fa9c1".*?<section class="con">(.*?)</section>', page, re.DOTALL)[1]
    assert "And 3 more notes against it, counted, not quoted here." in re.sub("<[^>]*>", "", section)


def counts_in(payload):
    """Every count of a payload (see the description of report/claims.py)."""
    return [value for _, value in walk(payload["data"]) if isinstance(value, dict) and "claim" in value]


def test_a_claim_has_the_same_number_and_backing_wherever_it_stands(payloads):
    found = {}
    for payload in payloads.values():
        for count in counts_in(payload):
            assert found.setdefault(count["claim"], count) == count
    assert len(found) > 100
    assert {count["what"] for count in found.values()} == {
        "customers", "notes", "calls", "segments", "weeks", "themes", "takes", "stated",
    }  # fmt: skip


def test_every_claim_follows_from_its_refs(payloads, study):
    """Counted again here from the calls' own table, which no section was made from."""
    ids = dict(zip(payloads["overview"]["calls"], study.calls.loc[study.calls["counted"], "call"], strict=True))
    calls = study.calls.set_index("call")

    behind = [set(theme["counts"]["customers"]["refs"]) for theme in payloads["themes"]["data"]["themes"]]

    def derive(what, refs):
        if what == "themes":
            return {i for i, notes in enumerate(behind) if notes & set(refs)}
        of = [calls.loc[ids[ref.partition(":")[0]]] for ref in refs]
        if what == "weeks":
            return {call.date.isocalendar()[:2] for call in of}
        if what in ("customers", "segments"):
            return {call[what.removesuffix("s")] for call in of}
        return set(refs)

    for payload in payloads.values():
        for count in counts_in(payload):
            if count["what"] != "stated":
                assert count["n"] == len(derive(count["what"], count["refs"])), count["claim"]
                if count["of"] is not None:
                    assert count["of"] == len(derive(count["what"], count.get("among", ids))), count["claim"]
