"""One customer under many spellings counts once, and what it forbids is never lost."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.customers import Customer, Registry, fold_name, likely_twins, parse_registry, strictest
from workbench.errors import InputError
from workbench.notes import CONSENT_LEVELS, showable

HOSTILE = (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()
NAMES = [case["payload"] for case in map(json.loads, HOSTILE) if case["field"] in ("customer", "company")]

REGISTRY = """version: 1
excluded_segments:
  enterprise: not this quarter
customers:
  Acme Freight:
    aliases: [Acme, Acme Freight Ltd]
    segment: field
    consent: quote
    people: [Jane Doe, Jo]
  Bolt:
    excluded: our own sister company
  Core:
"""


def customer_of(fields):
    (customer,) = parse_registry(f"customers:\n  Acme:\n    {fields}\n").customers
    return customer


def complaints(text):
    return [str(problem) for problem in parse_registry(text).problems]


# Names


@pytest.mark.parametrize(
    "other",
    ["acme inc", "ACME INC.", " Acme  Inc ", "Acme\u00a0Inc", "\uff21cme Inc", "Acme\tInc", "Acme Inc ."],
)
def test_names_that_no_reader_would_tell_apart_are_one(other):
    assert fold_name(other) == fold_name("Acme Inc.")


@pytest.mark.parametrize("other", ["Acme", "Acme-Inc", "Acme Ink", "Acme Inc 2"])
def test_names_that_a_reader_would_tell_apart_stay_two(other):
    assert fold_name(other) != fold_name("Acme Inc.")


def test_accents_written_in_two_ways_are_one_and_accents_count():
    assert fold_name("Café") == fold_name(unicodedata.normalize("NFD", "Café"))
    assert fold_name("Café") != fold_name("Cafe")
    assert fold_name("STRASSE") == fold_name("Straße")


@pytest.mark.parametrize("name", ["...", ".", " ", ""])
def test_a_name_without_letters_is_still_a_name_of_its_own(name):
    assert fold_name(name) == name


@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=12))
def test_folding_what_is_folded_changes_nothing(name):
    assert fold_name(fold_name(name)) == fold_name(name)


def test_every_spelling_leads_to_its_customer():
    spellings = parse_registry(REGISTRY).by_spelling()
    for written in ("Acme Freight", "ACME", "acme freight ltd."):
        assert spellings[fold_name(written)].name == "Acme Freight"
    assert set(spellings) == {"acme freight", "acme", "acme freight ltd", "bolt", "core"}


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_a_name_like_any_other(name):
    written, alias = (json.dumps(words, ensure_ascii=False) for words in (name, f"{name} Ltd"))
    text = f"customers:\n  {written}:\n    aliases: [{alias}]\n    segment: s\n"
    registry = parse_registry(text)
    assert registry.problems == ()
    shown = showable(name).strip() or name  # as a call's customer reads
    assert registry.customers[0].name == shown
    assert registry.by_spelling()[fold_name(shown)].segment == "s"
    assert likely_twins([name, "Zenith"]) == []


# The registry's text


def test_the_registry_of_the_format_description():
    registry = parse_registry(REGISTRY)
    acme, bolt, core = registry.customers
    assert acme == Customer(
        "Acme Freight", ("Acme", "Acme Freight Ltd"), "field", "quote", "", ("Jane Doe", "Jo"), line=5
    )
    assert (bolt.excluded, bolt.line) == ("our own sister company", 10)
    assert core == Customer("Core", line=12)
    assert registry.excluded_segments == {"enterprise": "not this quarter"}
    assert registry.problems == ()


@pytest.mark.parametrize("text", ["", "version: 1\n", "customers:\n", "# nothing yet\n"])
def test_a_registry_may_be_empty(text):
    assert parse_registry(text) == Registry()


def test_an_excluded_segment_without_a_reason_is_excluded_still():
    assert parse_registry("excluded_segments:\n  enterprise:\n").excluded_segments == {"enterprise": "no reason given"}


@pytest.mark.parametrize(
    ("written", "counts_as"),
    [
        ("consent: Named", "named"),
        ("consent: none", "none"),
        ("consent: no", "none"),
        ("consent: withdrawn", "none"),
        ("consent: yes please", "aggregate"),
        ("consent: [none]", "none"),
        ("consent: [named, none]", "none"),
        ("consent:", ""),
        ("segment: field", ""),
    ],
)
def test_a_word_of_consent_counts_as_the_cautious_reading_of_it(written, counts_as):
    assert customer_of(written).consent == counts_as


def test_an_exclusion_written_as_a_list_is_one():
    assert customer_of("excluded: [too large, left us]").excluded == "too large, left us"


def test_one_alias_or_person_needs_no_brackets():
    assert (customer_of("aliases: Acme Ltd").aliases, customer_of("people: Jo Poe").people) == (
        ("Acme Ltd",),
        ("Jo Poe",),
    )


def test_yaml_guesses_nothing():
    registry = parse_registry("customers:\n  no:\n    segment: 012\n  2026-11-17:\n")
    assert [(c.name, c.segment) for c in registry.customers] == [("no", "012"), ("2026-11-17", "")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("customers:\n  Acme: [x\n  Bolt:\n", 3),
        ("version: 1\ncustomers:\n\tAcme:\n", 3),
        ("customers:\n  Acme:\n    segment: a\n  Acme:\n    consent: none\n", 4),
        ("customers:\n  Acme: &a\n    segment: x\n  Bolt: *a\n", 2),
        ("customers:\n  Acme: !!python/object/apply:os.system ['touch PWNED']\n", 2),
        ("- Acme\n- Bolt\n", 1),
        ("customers: {}\n---\ncustomers: {}\n", 2),
    ],
)
def test_a_registry_that_cannot_be_read_stops_the_work_and_says_where(text, line):
    with pytest.raises(InputError, match=rf"^discovery/customers\.yaml:{line}: .+; .+"):
        parse_registry(text)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("customer:\n  Acme:\n", 1, "'customer' is not a part of the registry"),
        ("version: 1\ncustomers: Acme\n", 2, "customers holds no names with fields"),
        ("customers:\n  - name: Acme\n    consent: none\n", 1, "customers holds no names with fields"),
    ],
)
def test_a_registry_whose_consents_would_be_lost_is_refused(text, line, words):
    with pytest.raises(InputError, match=rf"discovery/customers\.yaml:{line}: {words}"):
        parse_registry(text)


def test_excluded_segments_may_be_a_plain_list_and_no_is_no_reason():
    registry = parse_registry("excluded_segments: [Enterprise]\ncustomers:\n  Acme:\n    excluded: no\n")
    assert registry.excluded_segments == {"enterprise": "no reason given"}
    assert registry.customers[0].excluded == ""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("customers:\n  Acme: a good one\n", 2, "'Acme' has no fields"),
        ("customers:\n  Acme:\n    mood: good\n", 3, "'mood' is not a field"),
        ("customers:\n  Acme:\n    consent: sure\n", 3, "consent 'sure' is not known; write one of none"),
        ("customers:\n  Acme:\n    segment: a\n  ACME.:\n", 4, "'ACME.' is also a name of 'Acme'"),
        ("customers:\n  Acme:\n    aliases: [Bolt]\n  Bolt:\n", 4, "'Bolt' is also a name of 'Acme'"),
    ],
)
def test_what_is_odd_is_said_with_its_line(text, line, words):
    where = f"discovery/customers.yaml:{line}: "
    assert any(said.startswith(where) and words in said for said in complaints(text))


def test_the_first_entry_has_a_spelling_that_two_claim():
    registry = parse_registry("customers:\n  Acme:\n    aliases: [A]\n  Bolt:\n    aliases: [a.]\n")
    assert registry.by_spelling()["a"].name == "Acme"
    assert registry.by_spelling()["bolt"].name == "Bolt"


def test_a_refusal_is_not_lost_with_an_entry_that_is_another_ones_alias():
    acme = "  Acme:\n    aliases: [Bolt]\n    consent: named\n"
    bolt = "  Bolt:\n    consent: none\n    excluded: left\n"
    bolt = parse_registry(f"customers:\n{acme}{bolt}").by_spelling()["bolt"]
    assert (bolt.name, bolt.consent, bolt.excluded) == ("Acme", "none", "left")


# Consent


def test_the_strictest_consent_is_the_first_of_the_levels():
    for i, level in enumerate(CONSENT_LEVELS):
        assert strictest(["", *CONSENT_LEVELS[i:]]) == level
        assert strictest(reversed(CONSENT_LEVELS[i:])) == level


@pytest.mark.parametrize("levels", [[], [""], ["", ""]])
def test_nothing_stated_stays_nothing(levels):
    assert strictest(levels) == ""


# Likely twins


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Acme", "Acme Freight"),  # a beginning
        ("Acme Ltd", "Acme GmbH"),  # forms of company
        ("Halden & Pike", "Halden Pike"),
        ("Kestrow Heating", "Kestrov Heating"),  # a letter
        ("The Group", "The Group Ltd"),  # nothing but forms of company
    ],
)
def test_names_that_look_like_one_customer_are_a_pair(a, b):
    assert likely_twins([b, a]) == [tuple(sorted((a, b)))]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Acme", "Bolt"),
        ("Site 1", "Site 2"),
        ("Site 1", "Site 12"),
        ("Site", "Site 12"),
        ("Bank of Kent", "Bank of Cork"),
        ("Acme", "Acmes Wide World"),
        ("...", "???"),
    ],
)
def test_names_apart_are_no_pair(a, b):
    assert likely_twins([a, b]) == []


@given(st.lists(st.text(alphabet="abc 1.", max_size=6), max_size=8))
def test_twins_come_sorted_and_do_not_depend_on_the_order_of_the_names(names):
    pairs = likely_twins(names)
    assert pairs == likely_twins(reversed(names))
    assert pairs == sorted({(a, b) for a, b in pairs if a < b})
    assert {name for pair in pairs for name in pair} <= set(names)
