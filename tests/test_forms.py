"""The forms without a browser: what a view sends is on disk before it is called saved, and nobody's text is overwritten."""

import json
from html.parser import HTMLParser
from threading import Event, Thread

import pytest
from decisions import decision
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.frontmatter import split_front_matter, split_lines
from workbench.record_files import create_record, read_records
from workbench.records import KINDS
from workbench.widgets import DecisionForm, FridayForm, MondayForm, QuarterForm, SliceForm, ThursdayForm, record_form
from workbench.widgets.record_form import MAX_LETTERS

WEEK = "discovery/weeks/2026-W47.md"
QUARTERLY = "discovery/quarter.md"
FORMS = (MondayForm, ThursdayForm, FridayForm, QuarterForm, SliceForm, DecisionForm)
LISTS = ("list", "pairs", "order", "notes")
RECORD = """---
version: 1
# ours: kept as it is
mood:   'good'
outcomes: [One]   # as agreed
planned:
  - first thing
  - second thing  # Jonas
blockers:
  - Import log: Jonas, by 4 December
odd: {a: [1]}
---
# Why

Prose, with  two spaces\u2028and a line of its own.
"""


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What is worked out beside the typing is worked out at once, so that its answer is the message's."""
    monkeypatch.setattr(record_form, "work_out", lambda work: work())


@pytest.fixture
def talk_to():
    """A function that opens a form, with a way to send it messages and to see what it answers."""

    def open(form):
        answers = []
        form.send = lambda message, buffers=None: answers.append(json.loads(json.dumps(message, allow_nan=False)))

        def say(kind, view="v", **message):
            answers.clear()
            form._receive(form, {"kind": kind, "view": view, "seq": 1, **message}, [])
            return answers[0]

        return say

    return open


@pytest.fixture
def folder(make_workspace):
    calls = {f"2026-11-1{i}-{name}.md": f"---\ncustomer: {name.title()}\ndate: 2026-11-1{i}\n---\n- ! Import drops rows\n"
             for i, name in enumerate(("acme", "bolt", "core", "dune"))}  # fmt: skip
    return make_workspace(calls, registry="customers:\n  Acme: {aliases: [Acme Ltd]}\n")


@pytest.fixture
def written(folder):
    """A week's file that somebody has written by hand."""
    (folder / "discovery" / "weeks").mkdir()
    (folder / WEEK).write_text(RECORD, "utf-8")
    return folder / WEEK


def monday(folder):
    return MondayForm(folder, "2026-W47", today="2026-11-16")


@pytest.mark.parametrize("form", FORMS)
def test_every_place_is_a_field_of_its_record_in_the_shape_that_the_record_has(form):
    kind = form.kind
    assert [place.field for place in form.places if place.field not in kind.known] == []
    pairs = ("blockers", "stances") if kind.name != "hypothesis" else ("risks", "guardrails")
    for place in form.places:
        assert (place.shape in LISTS) == (place.field in (*kind.lists, "segments")), place.field
        assert (place.shape == "pairs") == (place.field in (*pairs, "segments")), place.field
        assert place.label


def test_what_is_typed_on_a_monday_makes_the_file_with_a_place_for_everything(folder, talk_to):
    say = talk_to(monday(folder))
    assert say("hello")["card"]["file"] == ""
    answer = say("set", key=WEEK, fields={"outcomes": ["The test is decided on"]}, base={"outcomes": []})
    assert (answer["kind"], answer["card"]["file"], answer["clashes"]) == ("card", WEEK, {})
    (week,) = read_records(folder).weeks
    assert week.outcomes == ("The test is decided on",)
    assert set(KINDS["week"].fields) <= set(week.lines)


def test_of_a_file_only_the_field_that_was_typed_is_changed(written, folder, talk_to):
    say = talk_to(monday(folder))
    before = written.read_text("utf-8")
    say(
        "set",
        key=WEEK,
        fields={"planned": ["first thing", "second thing", "third"]},
        base={"planned": ["first thing", "second thing"]},
    )
    assert written.read_text("utf-8") == before.replace("  # Jonas\n", "  # Jonas\n  - third\n")
    say(
        "set",
        key=WEEK,
        fields={"planned": ["first thing", "second thing"]},
        base={"planned": ["first thing", "second thing", "third"]},
    )
    assert written.read_text("utf-8") == before


TEXTS = st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.split()))


@given(
    st.lists(TEXTS, max_size=5),
    st.lists(st.tuples(TEXTS, TEXTS), max_size=4),
    st.lists(st.tuples(TEXTS, TEXTS), max_size=4),
)
def test_whatever_is_typed_is_shown_again_as_it_stands_on_disk(tmp_path_factory, items, pairs, order):
    folder = tmp_path_factory.mktemp("typed")
    (folder / "interviews").mkdir()
    answers = []
    form = FridayForm(folder, "2026-W47", today="2026-11-16")
    form.places = (*form.places, *(place for place in MondayForm.places if place.field == "blockers"))
    form.send = lambda message, buffers=None: answers.append(message)
    fields = {"learned": items, "blockers": [list(pair) for pair in pairs], "backlog": [list(pair) for pair in order]}
    form._receive(form, {"kind": "set", "view": "v", "key": WEEK, "fields": fields, "base": {}}, [])
    told = answers[0]["card"]["fields"]
    form._receive(
        form,
        {"kind": "set", "view": "v", "key": WEEK, "fields": {name: told[name] for name in fields}, "base": told},
        [],
    )
    assert {name: answers[2]["card"]["fields"][name] for name in fields} == {name: told[name] for name in fields}
    weeks = read_records(folder).weeks
    said = weeks[0] if weeks else None
    assert tuple(told["learned"]) == (said.learned if said else ())
    assert [tuple(pair) for pair in told["blockers"]] == (list(said.blockers) if said else [])
    assert [tuple(pair) for pair in told["backlog"]] == (list(said.backlog) if said else [])


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        (["a"], ["a", "mine"], ["a", "theirs"], {"a", "mine", "theirs"}),
        (["a"], ["a by me"], ["a by them"], {"a by me", "a by them"}),
        (["a", "b"], ["b", "a"], ["a", "b", "c"], {"a", "b", "c"}),
        (["a", "b"], ["b"], ["a", "b", "c"], {"b", "c"}),
    ],
)
def test_of_a_list_that_two_have_changed_both_are_kept(written, folder, talk_to, base, mine, theirs, both):
    say = talk_to(monday(folder))
    say("set", key=WEEK, fields={"risks": theirs}, base={"risks": []})
    answer = say("set", key=WEEK, fields={"risks": mine}, base={"risks": base})
    assert set(answer["card"]["fields"]["risks"]) == both
    assert answer["joined"] == ["Risks"]
    assert (answer["card"]["fields"]["risks"][0] == "b") == (mine[0] == "b"), "the order is mine"


def test_a_text_that_two_have_changed_is_not_written_but_asked_about(folder, talk_to):
    create_record(folder, "hypothesis", id="H-3fa9c1", change="match columns", slice="Excel")
    say = talk_to(SliceForm(folder))
    key = say("hello")["card"]["key"]
    answer = say("set", key=key, fields={"slice": "CSV", "owner": "Ines"}, base={"slice": "", "owner": ""})
    assert answer["clashes"] == {"slice": {"theirs": "Excel"}}
    (record,) = read_records(folder).hypotheses
    assert (record.slice, record.owner) == ("Excel", "Ines")


def test_what_is_behind_a_colon_stays_with_who_it_is_of(folder, talk_to):
    say = talk_to(monday(folder))
    typed = [["Call: Alder", ""], ["log", "Jonas: Friday"], ["", "nobody"]]
    told = say("set", key=WEEK, fields={"blockers": typed}, base={"blockers": []})["card"]["fields"]["blockers"]
    assert told == [["Call: Alder", ""], ["log", "Jonas:Friday"], ["", "nobody"]]


def test_what_is_odd_stands_beside_its_field_in_words(folder, talk_to):
    say = talk_to(QuarterForm(folder, today="2026-11-16"))
    answer = say("set", key=QUARTERLY, fields={"review": "soon", "bets": ["a", "b", "c", "d"]}, base={})
    (odd,) = answer["card"]["findings"]
    assert (odd["field"], odd["what"]) == ("review", "Review 'soon' is no day.")
    found = {one["field"]: one["what"] for one in say("offer", key=QUARTERLY)["card"]["findings"]}
    assert found["bets"] == "The quarter has 4 bets."


def test_a_fourth_bet_has_room_only_where_a_decision_says_so(folder, talk_to):
    def most():
        state = talk_to(QuarterForm(folder))("hello")
        return next(place["most"] for place in state["places"] if place["field"] == "bets")

    bet = create_record(folder, "bet", id="B-3fa9c1", title="Portals")
    assert (bet.name, most()) == ("B-3fa9c1-portals.md", 3)
    decision(
        folder, "D-3fa9c1", title="A fourth bet?", status="decided", chosen="Yes", bet="B-3fa9c1", options=["Yes", "No"]
    )
    assert most() == 4


def test_what_the_form_could_not_keep_it_does_not_touch(written, folder, talk_to):
    written.write_text("---\nplanned:\n  - a\n  - [b, [c]]\nrisks: {a: [1]}\n---\n", "utf-8")
    say = talk_to(monday(folder))
    assert set(say("hello")["card"]["locked"]) == {"planned", "risks"}
    before = written.read_bytes()
    assert say("set", key=WEEK, fields={"planned": ["a", "d"]}, base={"planned": ["a"]})["refused"].startswith(
        "Not saved."
    )
    assert written.read_bytes() == before


def test_a_customer_under_two_names_counts_once_and_one_that_nobody_knows_is_said(folder, talk_to):
    say = talk_to(monday(folder))
    answer = say("set", key=WEEK, fields={"touchpoints": ["Acme", "acme ltd", "Bolt", "Blot"]}, base={})
    assert answer["card"]["tallies"]["touchpoints"] == {"words": "3 of 3 to 5", "good": True}
    found = say("offer", key=WEEK)["card"]["findings"]
    assert [one["what"] for one in found if one["field"] == "touchpoints"] == ["No customer is called “Blot” yet."]


def test_the_goal_of_a_running_test_is_locked_and_its_risks_are_not(folder, talk_to):
    create_record(
        folder,
        "hypothesis",
        id="H-3fa9c1",
        change="match columns",
        status="running",
        started="2026-11-10",
        decision_rule="Ship",
    )
    say = talk_to(SliceForm(folder))
    key = say("hello")["card"]["key"]
    answer = say(
        "set",
        key=key,
        fields={"decision_rule": "Ship anyway", "risks": [["rows", "Jonas"]]},
        base={"decision_rule": "Ship", "risks": []},
    )
    assert answer["refused"].startswith("Not saved: “Ship anyway”. Locked since the start on 2026-11-10")
    (record,) = read_records(folder).hypotheses
    assert (record.decision_rule, record.risks) == ("Ship", (("rows", "Jonas"),))


def test_a_decision_that_is_made_stays_as_it_is_but_for_its_review(folder, talk_to):
    file = decision(
        folder, "D-3fa9c1", title="Wait?", status="decided", chosen="Yes", options=["Yes", "No"], date="2026-11-10"
    )
    say = talk_to(DecisionForm(folder, "D-3fa9c1"))
    key = f"discovery/decisions/{file.name}"
    answer = say("set", key=key, fields={"chosen": "No", "review": "2027-01-15"}, base={"chosen": "Yes", "review": ""})
    assert "stays as it is" in answer["refused"]
    (record,) = read_records(folder).decisions
    assert (record.chosen, record.review) == ("Yes", "2027-01-15")


def test_a_new_decision_whose_answer_was_lost_is_no_second_file(folder, talk_to):
    say = talk_to(DecisionForm(folder))
    for title in ("Wait", "Wait?"):
        say("set", key="new", id="D-3fa9c1", fields={"title": title}, base={"title": "" if title == "Wait" else "Wait"})
    assert [one.title for one in read_records(folder).decisions] == ["Wait?"]
    key = "discovery/decisions/D-3fa9c1.md"
    assert say("act", key=key, act="name")["card"]["key"] == "discovery/decisions/D-3fa9c1-wait.md"
    refused = say("act", key="discovery/decisions/D-3fa9c1-wait.md", act="decide")
    assert refused["said"].startswith("Not saved: before it can be decided: two options, what is chosen, the reason")


def test_a_record_that_was_removed_is_written_again_only_when_asked_for(folder, talk_to):
    file = create_record(folder, "decision", id="D-3fa9c1", title="Wait?")
    say = talk_to(DecisionForm(folder))
    key = say("hello")["card"]["key"]
    file.unlink()
    assert (
        "has been removed or renamed"
        in say("set", key=key, fields={"title": "Wait on?"}, base={"title": "Wait?"})["said"]
    )
    assert not file.exists()
    say("set", key=key, fields={"title": "Wait on?"}, base={}, anew=True)
    assert [(one.id, one.title) for one in read_records(folder).decisions] == [("D-3fa9c1", "Wait on?")]


@pytest.mark.parametrize(
    ("form", "key", "fields"),
    [
        (MondayForm, "discovery/weeks/../../interviews/x.md", {"planned": ["a"]}),
        (MondayForm, "discovery/weeks/notes.md", {"planned": ["a"]}),
        (MondayForm, "interviews/2026-11-10-acme.md", {"planned": ["a"]}),
        (MondayForm, WEEK, {"id": "2026-W48"}),
        (DecisionForm, "new", {"title": "without an id"}),
        (QuarterForm, QUARTERLY, {"outcome": "x" * (MAX_LETTERS + 1)}),
    ],
)
def test_what_cannot_be_written_is_refused_in_words_and_nothing_changes(folder, talk_to, form, key, fields):
    before = {file: file.read_bytes() for file in folder.rglob("*.md")}
    answer = talk_to(form(folder))("set", key=key, fields=fields, base={})
    assert answer["said"].startswith("Not saved: ")
    assert {file: file.read_bytes() for file in folder.rglob("*.md")} == before


def test_a_view_is_told_of_what_another_has_saved(written, folder, talk_to):
    say = talk_to(monday(folder))
    say("hello", view="a")
    assert say("look", view="a", chosen=WEEK)["kind"] == "alive"
    say("set", view="b", key=WEEK, fields={"risks": ["new"]}, base={"risks": []})
    assert say("look", view="a", chosen=WEEK)["card"]["fields"]["risks"] == ["new"]


def test_what_could_be_written_comes_with_its_reason_and_its_words(folder, talk_to):
    create_record(folder, "week", week="2026-W46", next=["go through the log"])
    offers = talk_to(monday(folder))("offer", key=WEEK)["offers"]
    assert [one["words"] for one in offers["planned"]] == ["go through the log"]
    assert "2026-W46" in offers["planned"][0]["why"]
    assert {one["value"] for one in offers["touchpoints"]} <= {"Acme", "Bolt", "Core", "Dune"}


def test_a_workspace_that_cannot_be_read_offers_nothing_and_still_saves(make_workspace, talk_to):
    folder = make_workspace({}, registry="customers: {a: 1")
    say = talk_to(monday(folder))
    assert "discovery/customers.yaml" in say("hello")["trouble"]
    say("set", key=WEEK, fields={"risks": ["a"]}, base={})
    assert "risks: [a]" in (folder / WEEK).read_text("utf-8")
    assert say("offer", key=WEEK)["offers"] == {}
    (folder / "discovery" / "customers.yaml").write_text("customers: {}\n", "utf-8")
    assert say("hello")["trouble"] == ""


def test_a_picture_is_of_no_clock_and_the_same_each_time(written, folder):
    assert MondayForm(folder).picture() == MondayForm(folder).picture()
    assert "2026-W47" in MondayForm(folder).picture(), "the newest record's week"
    assert "Outcomes: <bdi>One</bdi>" in monday(folder).picture()
    assert monday(folder).picture() == MondayForm(folder, "2026-W47").picture()


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_of_an_empty_workspace_says_what_to_do(make_workspace, form):
    assert "Nothing is written here yet; run this cell to begin." in form(make_workspace({})).picture()


@pytest.mark.parametrize("form", FORMS)
def test_hostile_words_are_words_in_a_picture(make_workspace, hostile_payloads, form, talk_to):
    folder = make_workspace({})
    made = form(folder) if form in (QuarterForm, SliceForm, DecisionForm) else form(folder, "2026-W47")
    if form is SliceForm:
        create_record(folder, "hypothesis", id="H-3fa9c1", change="x")
    say = talk_to(made)
    key = say("hello")["card"]["key"]
    fields = {
        place.field: [[text, text] for text in hostile_payloads]
        if place.shape in ("pairs", "order")
        else list(hostile_payloads)
        for place in made.places
        if place.shape in LISTS
    } | {place.field: hostile_payloads[3] for place in made.places if place.shape in ("text", "long", "day")}
    say("set", key=key, id="D-3fa9c1", fields=fields, base={})
    tags = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: tags.add(tag)
    parser.feed(form(folder).picture() if form in (QuarterForm, SliceForm, DecisionForm) else made.picture())
    assert tags <= {"div", "p", "strong", "br", "ul", "li", "bdi"}
    assert "li" in tags


def test_what_is_no_week_no_day_and_no_record_is_said_at_once(folder):
    for wrong in (
        lambda: MondayForm(folder, "W47"),
        lambda: MondayForm(folder, today="Monday"),
        lambda: SliceForm(folder, "H-1"),
    ):
        with pytest.raises(InputError):
            wrong()


def test_a_file_is_front_matter_and_its_prose(written, folder, talk_to):
    say = talk_to(monday(folder))
    say("set", key=WEEK, fields={"next": ["a: b", "- c", "# d", "'e'"]}, base={"next": []})
    text = written.read_text("utf-8")
    assert split_front_matter(split_lines(text), WEEK)[0].values["next"] == ["a: b", "- c", "# d", "'e'"]
    assert text.endswith(RECORD.split("---\n")[2])


def test_nothing_that_is_typed_waits_for_what_could_be_written(written, folder, talk_to, monkeypatch):
    form = monday(folder)
    begun, done = Event(), Event()
    monkeypatch.setattr(record_form, "work_out", lambda work: Thread(target=work, daemon=True).start())
    monkeypatch.setattr(form, "_offers", lambda moment: (begun.set(), done.wait(30), [])[2])
    say = talk_to(form)
    say("hello")
    form._receive(form, {"kind": "offer", "view": "v", "key": WEEK}, [])
    assert begun.wait(30)
    assert say("set", key=WEEK, fields={"risks": ["new"]}, base={"risks": []})["saved"]
    assert say("look", view="other", chosen=WEEK)["card"]["fields"]["risks"] == ["new"]
    done.set()
