"""What is counted once and used again is what counting anew gives: firm themes, and who stands behind a decision."""

from collections import Counter
from pathlib import Path

import pytest

import workbench as wb
from workbench.evidence import count_firm, find_loose
from workbench.rituals.backlog import Supports
from workbench.rituals.decisions import count_behind

SAMPLE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def study():
    return wb.read_study(SAMPLE)


@pytest.fixture(scope="module")
def themes(study):
    return wb.find_themes(study.notes, study.ledger)


def test_a_theme_without_its_loose_notes_is_counted_anew_and_the_others_are_as_they_were(themes):
    loose = {theme: set(find_loose(themes, theme)) for theme in themes.summary["theme"]}
    assert any(loose.values()) and not all(loose.values())
    firm = count_firm(themes)
    was = themes.summary.set_index("theme")
    for row in firm.summary.itertuples(index=False):
        own = [note for note in was.loc[row.theme, "notes"] if note not in loose[row.theme]]
        rows = firm.notes.set_index("note").loc[own]
        who = dict.fromkeys(zip(rows["segment"].astype(str), rows["customer"].astype(str), strict=True))
        assert list(row.notes) == own
        assert (row.n_notes, row.n_customers) == (len(own), rows["customer"].astype(str).nunique())
        assert row.segments == dict(Counter(segment or "no segment" for segment, _ in who))
        assert (row.first, row.last) == (rows["date"].min(), rows["date"].max())
    assert firm.summary["n_customers"].is_monotonic_decreasing
    assert set(firm.left_out["note"]) == set(themes.left_out["note"]).union(*loose.values())


def test_firm_themes_stay_as_they_are(themes):
    firm = count_firm(themes)
    assert count_firm(firm) is firm


def test_those_behind_a_decision_are_the_same_however_they_are_counted(study):
    supports = Supports(study)
    assert any(one.hypotheses for one in study.decisions)
    for one in study.decisions:
        found, by, against = supports.of_decision(one), count_behind(study, one), count_behind(study, one, "against")
        assert found == (by.notes, against.notes, by.n, against.n, by.of)
    assert any(supports.of_decision(one).n > 1 for one in study.decisions)
