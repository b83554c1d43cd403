"""The order of work: what moves, what stays, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_week import write

from workbench.look_back import look_back
from workbench.rituals import Moment
from workbench.rituals.backlog import Work, find_backlog, find_unfounded, reorder, support_of
from workbench.rituals.readout import offer_readout
from workbench.study import read_study
from workbench.themes import find_themes

CALL = "---\ncustomer: {}\ndate: {}\nsegment: field\nconsent: quote\n---\n- ! The {} loses rows of the list\n"


@pytest.fixture
def work(make_workspace):
    """Three customers on imports and two on exports until the week before; one more on exports, twice, in the week."""
    calls = [("Acme", "2026-11-03", "import"), ("Bolt", "2026-11-04", "import"), ("Core", "2026-11-05", "import"),
             ("Dorn", "2026-11-10", "export"), ("Elm", "2026-11-11", "export"),
             ("Fir", "2026-11-17", "export"), ("Gale", "2026-11-18", "export")]  # fmt: skip
    root = make_workspace(
        {f"{day}-{who.lower()}.md": CALL.format(who, day, what) for who, day, what in calls}, "customers: {}\n"
    )
    for id_, what in (("H-aa0001", "import"), ("H-aa0002", "export"), ("H-aa0003", "no notes")):
        hypothesis(root, id_, what, notes_on(root, what))
    write(root, "weeks/2026-W46.md", "backlog: [H-aa0001, H-aa0002, H-aa0003]\n")
    return root


def notes_on(root, what):
    notes = read_study(root).notes
    return sorted(notes.loc[notes["text"].str.contains(f"The {what} "), "note"])


def hypothesis(root, id_, what, evidence, more="status: draft\nmade: 2026-11-02\n"):
    write(root, f"hypotheses/{id_}-x.md", f"id: {id_}\nchange: mend the {what}\nevidence: {evidence}\n{more}")


def order(root, today="2026-11-20"):
    study = read_study(root)
    return find_backlog(study, Moment("2026-W47", today, "2026-11-15", lambda: look_back(study, "2026-11-15")))


def said(backlog):
    return [(one.id, one.move, one.passed, one.said) for one in backlog.items]


def test_what_more_customers_spoke_of_goes_up_with_its_cause_and_the_rest_stays(work):
    assert said(order(work)) == [
        ("H-aa0002", "up", "H-aa0001", "2 more customers, 2 then and 4 of 7 now"),
        ("H-aa0001", "", "", ""),
        ("H-aa0003", "", "", ""),
    ]


def test_a_note_of_before_that_is_cited_only_now_moves_nothing(work):
    hypothesis(work, "H-aa0003", "all", notes_on(work, "import") + notes_on(work, "export")[:2])
    assert [one.id for one in order(work).items] == ["H-aa0002", "H-aa0001", "H-aa0003"]


def test_a_hypothesis_that_is_written_only_now_of_what_was_said_before_moves_its_bet_nowhere(work):
    write(work, "bets/B-bb0001-x.md", "id: B-bb0001\ntitle: Lists\nstatus: active\nhypotheses: [H-aa0004]\n")
    write(work, "weeks/2026-W46.md", "backlog: [H-aa0003, B-bb0001]\n")
    hypothesis(work, "H-aa0004", "all", notes_on(work, "import"), "status: draft\nmade: 2026-11-17\n")
    found = [one for one in order(work).items if one.id == "B-bb0001"]
    assert [(one.now.n, one.shifted, one.move) for one in found] == [(3, (), "")]


def test_what_speaks_against_it_takes_it_down(work):
    against = notes_on(work, "export")[2:]
    hypothesis(
        work, "H-aa0001", "import", notes_on(work, "import"), f"status: draft\nmade: 2026-11-02\nagainst: {against}\n"
    )
    hypothesis(work, "H-aa0002", "export", notes_on(work, "export")[:2])
    assert said(order(work))[:2] == [
        ("H-aa0002", "", "", ""),
        ("H-aa0001", "down", "H-aa0002", "2 customers speak against it, 0 then"),
    ]


def test_what_is_closed_is_no_work_any_more_and_what_is_new_comes_in_at_its_place(work):
    hypothesis(
        work, "H-aa0001", "import", notes_on(work, "import"), "status: refuted\nmade: 2026-11-02\nclosed: 2026-11-18\n"
    )
    hypothesis(work, "H-aa0004", "all", notes_on(work, "import"), "status: draft\nmade: 2026-11-17\n")
    found = order(work)
    assert found.left == (("H-aa0001", "mend the import", "refuted"),)
    assert [(one.id, one.move) for one in found.items] == [("H-aa0002", ""), ("H-aa0004", "new"), ("H-aa0003", "")]


def test_a_bet_stands_on_its_hypotheses_and_falls_with_one_that_is_refuted(work):
    write(work, "bets/B-bb0001-x.md", "id: B-bb0001\ntitle: Lists\nstatus: active\nhypotheses: [H-aa0001]\n")
    write(work, "weeks/2026-W46.md", "backlog: [B-bb0001, H-aa0002]\n")
    assert support_of(read_study(work), "B-bb0001").n == 3
    hypothesis(work, "H-aa0001", "import", notes_on(work, "import"),
               "status: refuted\nmade: 2026-11-02\nstarted: 2026-11-09\nclosed: 2026-11-18\n")  # fmt: skip
    assert said(order(work))[-1] == ("B-bb0001", "down", "H-aa0002", "3 fewer customers, 3 then and 0 of 7 now")


def test_a_superseded_decision_is_told_and_moves_nothing_by_itself(work):
    write(
        work, "decisions/D-cc0001-x.md", "id: D-cc0001\nstatus: superseded\ndate: 2026-11-09\nhypotheses: [H-aa0003]\n"
    )
    write(work, "decisions/D-cc0002-x.md", "id: D-cc0002\nstatus: decided\ndate: 2026-11-18\nsupersedes: D-cc0001\n")
    assert said(order(work))[-1] == ("H-aa0003", "", "", "D-cc0002 has taken the place of D-cc0001")


def test_a_broken_guardrail_is_told(work):
    hypothesis(
        work, "H-aa0003", "rest", [], "status: running\nmade: 2026-11-02\nbreached: [Errors reported, 9 in 1000]\n"
    )
    assert (
        said(order(work))[-1][-1]
        == "a guardrail of H-aa0003 is broken (Errors reported); a guardrail of H-aa0003 is broken (9 in 1000)"
    )


def test_without_an_earlier_order_it_goes_by_customers(work):
    (work / "discovery" / "weeks" / "2026-W46.md").unlink()
    found = order(work)
    assert (found.week, [one.id for one in found.items]) == ("", ["H-aa0002", "H-aa0001", "H-aa0003"])
    assert {one.move for one in found.items} == {""}


def test_what_the_pm_has_written_stands_and_a_move_without_a_cause_is_told(work):
    write(work, "weeks/2026-W47.md", 'backlog: [H-aa0003, "H-aa0002: they pay for it", H-aa0001]\n')
    found = order(work)
    assert [(one.id, one.unfounded, one.cause) for one in found.items] == [
        ("H-aa0003", True, ""),
        ("H-aa0002", False, "they pay for it"),
        ("H-aa0001", False, ""),
    ]
    assert found.differs
    assert [one.id for one in found.proposed] == ["H-aa0002", "H-aa0001", "H-aa0003"]


def test_what_stands_twice_in_an_order_is_read_once(work):
    write(work, "weeks/2026-W47.md", 'backlog: [H-aa0003, "H-aa0001", "H-aa0003: sales asked for it"]\n')
    items = {one.id: one for one in order(work).items}
    assert list(items) == ["H-aa0003", "H-aa0001"]
    assert (items["H-aa0003"].cause, items["H-aa0003"].unfounded) == ("sales asked for it", False)
    pairs = [("b", "asked for"), ("a", ""), ("b", "")]
    assert find_unfounded(["a", "b"], pairs) == [], "the first place, and the cause behind either"


def test_the_order_is_offered_with_its_causes(work):
    study = read_study(work)
    moment = Moment("2026-W47", "2026-11-20", "2026-11-15", lambda: look_back(study, "2026-11-15"))
    offers = offer_readout(study, find_themes(study.notes), [], moment)
    assert [one.text for one in offers if one.field == "backlog"] == [
        "H-aa0002: 2 more customers, 2 then and 4 of 7 now",
        "H-aa0001",
        "H-aa0003",
    ]
    assert ("mend the export goes before H-aa0001 (H-aa0002)") in [one.text for one in offers if one.field == "changed"]


# The rule, on any order

items = st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 1)), max_size=9).map(
    lambda rows: [Work(f"H-{i}", strength, shift) for i, (strength, shift) in enumerate(rows)]
)


@given(items)
def test_nothing_moves_where_nothing_has_shifted(work):
    still = [one._replace(shift=0) for one in work]
    assert reorder(still) == [one.id for one in still]


@given(items)
def test_what_has_not_shifted_keeps_its_order_and_nothing_is_lost(work):
    made = reorder(work)
    still = [one.id for one in work if not one.shift]
    assert sorted(made) == sorted(one.id for one in work)
    assert [id_ for id_ in made if id_ in still] == still


@given(items)
def test_no_item_gets_ahead_of_a_stronger_one_by_rising_nor_behind_a_weaker_one_by_falling(work):
    made = reorder(work)
    for i, one in enumerate(work):
        for other in work[i + 1 :]:
            if made.index(other.id) < made.index(one.id):  # they changed places
                assert other.strength > one.strength


@given(st.permutations(range(7)), st.sets(st.integers(0, 6)))
def test_as_few_as_can_be_are_blamed_and_the_others_are_in_order(places, causes):
    before = [f"H-{i}" for i in range(7)]
    after = [(f"H-{i}", "a cause" if i in causes else "") for i in places]
    blamed = find_unfounded(before, after)
    stayed = [id_ for id_, cause in after if not cause and id_ not in blamed]
    assert stayed == sorted(stayed)
    assert find_unfounded(before, [(id_, "a cause" if id_ in blamed else cause) for id_, cause in after]) == []


def test_the_same_whatever_the_order_in_which_records_are_read(work):
    study = read_study(work)
    moment = Moment("2026-W47", "2026-11-20", "2026-11-15", lambda: look_back(study, "2026-11-15"))
    turned = read_study(work)
    object.__setattr__(turned, "hypotheses", tuple(reversed(turned.hypotheses)))
    assert find_backlog(study, moment) == find_backlog(turned, moment)
