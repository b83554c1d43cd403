"""Who to talk to next: where a hypothesis lacks evidence, where new themes are likeliest, and the reason in words."""

import pandas as pd
import pytest
from planted_themes import plant

from workbench.evidence import next_calls
from workbench.records import Hypothesis

ROWS = [
    ("a", "Acme", "field", None, "x"),
    ("b", "Bolt", "field", None, "x"),
    ("c", "Core", "services", None, "y"),
    ("d", "Dune", "services", None, "x"),
    ("e", "Elm", "", None, "y"),
]


def registry(*rows):
    return pd.DataFrame(rows, columns=["customer", "segment", "excluded", "consent", "n_calls"])


def note(themes, customer):
    return themes.notes.loc[themes.notes["customer"] == customer, "note"].iloc[0]


def test_a_hypothesis_is_asked_about_in_its_own_segment_first_then_where_nobody_spoke_of_it():
    themes = plant(ROWS)
    one = Hypothesis("H-1", "ready", segment="field", evidence=(note(themes, "Acme"), note(themes, "Dune")))
    found = next_calls(themes, [one])
    assert found["segment"].tolist() == ["field", "no segment", "services"]
    assert found[["n_for", "n_against", "n_heard"]].values.tolist() == [[1, 0, 2], [0, 0, 1], [1, 0, 2]]
    assert found["silent"].tolist() == [("Bolt",), ("Elm",), ("Core",)]
    assert found["reason"].tolist() == [
        "1 of the 2 heard speaks for it, nobody against it; it is about them; said nothing clear on it: Bolt",
        "the one heard said nothing on it",
        "1 of the 2 heard speaks for it, nobody against it; said nothing clear on it: Core",
    ]


def test_three_customers_of_its_own_segment_are_enough():
    rows = [*ROWS, ("f", "Fern", "field", None, "x")]
    themes = plant(rows)
    evidence = tuple(note(themes, who) for who in ("Acme", "Bolt", "Fern"))
    found = next_calls(themes, [Hypothesis("H-1", "ready", segment="field", evidence=evidence)])
    assert found["segment"].tolist()[-1] == "field"
    assert set(found["segment"][:2]) == {"services", "no segment"}


def test_what_is_against_counts_as_said_and_who_lacks_any_comes_first():
    themes = plant(ROWS)
    one = Hypothesis("H-1", "draft", evidence=(note(themes, "Acme"),), against=(note(themes, "Dune"),))
    found = next_calls(themes, [one]).set_index("segment")
    assert found.index.tolist() == ["no segment", "field", "services"]
    assert "0 of the 2 heard speak for it, 1 perhaps against it" in found.loc["services", "reason"]


def test_those_who_were_never_called_are_named_unless_they_do_not_count():
    customers = registry(
        ("Acme", "field", "", "quote", 1), ("Gale", "field", "", "quote", 0), ("Hart", "field", "too large", "quote", 0),
        ("Iris", "field", "", "none", 0), ("Jade", "retail", "", "aggregate", 0),
    )  # fmt: skip
    themes = plant(ROWS)
    found = next_calls(themes, customers=customers).set_index("segment")
    assert found["never_called"].to_dict() == {
        "retail": ("Jade",),
        "no segment": (),
        "field": ("Gale",),
        "services": (),
    }
    assert found.index[0] == "retail", "a segment that nobody was heard of may hold anything"
    assert found.loc["retail", "reason"] == "nobody of this segment was heard yet; no note yet: Jade"
    assert found.loc["no segment", "reason"].startswith("only one customer was heard")
    found = next_calls(themes, [Hypothesis("H-1", "draft", evidence=(note(themes, "Acme"),))], customers=customers)
    assert found.iloc[0][["segment", "n_heard"]].tolist() == ["retail", 0]


def test_without_hypotheses_the_segment_that_may_bring_most_comes_first():
    rows = [(f"a{i}", f"A{i}", "field", None, "x") for i in range(8)]
    rows += [(f"b{i}", f"B{i}", "services", None, theme) for i, theme in enumerate("xxyz")]
    found = next_calls(plant(rows))
    assert found["segment"].tolist() == ["services", "field"]
    assert found["expected"].tolist() == [0.5, 0]
    assert "one more is expected to add 0.5 new themes (up to " in found["reason"][0]


@pytest.mark.parametrize("status", ["supported", "refuted", "dropped"])
def test_a_closed_hypothesis_is_asked_about_no_more(status):
    closed, other = Hypothesis("H-1", status), Hypothesis("H-2", "running")
    assert set(next_calls(plant(ROWS), [closed, other])["hypothesis"]) == {"H-2"}
    assert set(next_calls(plant(ROWS), [closed])["hypothesis"]) == {""}


def test_the_order_of_the_rows_does_not_matter_and_long_lists_are_cut():
    customers = registry(*((f"N{i}", "field", "", "quote", 0) for i in range(5)))
    one = next_calls(plant(ROWS), customers=customers)
    other = next_calls(plant(ROWS[::-1]), customers=customers[::-1])
    pd.testing.assert_frame_equal(one, other)
    assert one.set_index("segment").loc["field", "reason"].endswith("no note yet: N0, N1, N2 and 2 more")


def test_nobody_is_named_where_there_is_nobody():
    assert next_calls(plant([])).empty
    assert next_calls(plant([]), [Hypothesis("H-1", "draft")]).empty
