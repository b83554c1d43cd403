"""A call's text is changed note by note: what was typed reads back, all else stays, and undo gives the same bytes."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench.call_text import FIELDS, CallText, Change, Clash, rebase
from workbench.errors import InputError
from workbench.notes import format_note, parse_call, read_words, showable, write_words

HOSTILE = [json.loads(line) for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()]

HEADS = [
    "", "\ufeff", "---\ndate: 2026-11-17\ncustomer: Acme\n---\n", "\ufeff---\ncustomer: 'A'  # c\nmood: x\n...\n",
    "---\ncustomer: Acme\n", "---\n---\n", "---\n[broken\ncustomer: Acme\n---\n", "---\n{customer: Acme}\n---\n", "---\n",
]  # fmt: skip
LINES = [
    "- one", "* two", "three", "! pain #tag @12:10", "  indented", "\tby a tab", "    ", "", "# Heading", "  # indented heading",
    "---", "  ---", "...", "===", "<<<<<<< HEAD", "=======", ">>>>>>> x", "who: said so", "customer: Bolt", "- - nested", '"quote"',
    "- \\---", "- \\!x", "one", "\ufeffmark", "caf\udce9", "\u2028", "•", "text\u2028more", "- a\x00b", "  \u2028",
]  # fmt: skip
ends = st.sampled_from(["\n", "\n", "\r\n", "\r"])


@st.composite
def sources(draw):
    end = draw(ends)
    lines = draw(st.lists(st.sampled_from(LINES), max_size=9))
    text = draw(st.sampled_from(HEADS)) + "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", end)


typed = (
    st.sampled_from(LINES)
    | st.text(alphabet='-=*_~`|:+.#!?>"<\\@ a1\n\t\u2028\ufeff', max_size=8)
    | st.text(max_size=12)
    | st.sampled_from([case["payload"] for case in HOSTILE])
)


@st.composite
def changes(draw, text):
    """A change of what is there, or of what is not."""
    ids = st.sampled_from([*text.words, "gone"])
    after = st.none() | st.just("") | ids
    kind = draw(st.sampled_from(["put", "put", "new", "new", "drop", "move", "field"]))
    if kind == "new":
        return Change("put", draw(st.sampled_from(["", "a", "b-1"])), draw(typed), draw(after))
    if kind == "field":
        return Change(
            "field",
            name=draw(st.sampled_from(FIELDS)),
            value=draw(st.sampled_from(["", "A: b", "Bolt", "x\ny", "quote"])),
        )
    return Change(kind, draw(ids), draw(typed) if kind == "put" else "", draw(after) if kind == "move" else None)


def notes_of(source):
    return [(note.kind, note.text, note.tags, note.at, note.line) for note in parse_call(source, "call.md").notes]


def lines_of(text):
    return [(line.kind, line.text, line.tags, line.at, line.line) for line in text.lines()]


def others(text):
    """What is no note."""
    return [raw for id, raw in zip(text._ids, text._raws, strict=True) if not id]


def assert_sound(text):
    assert lines_of(text) == notes_of(text.source)
    assert [line.words for line in text.lines()] == list(text.words.values())
    assert CallText(text.source).source == text.source
    assert text.fields == CallText(text.source).fields


@given(st.text() | sources())
def test_an_untouched_text_gives_the_same_bytes_and_its_notes_are_those_of_the_parser(source):
    text = CallText(source)
    assert text.source == source
    assert_sound(text)


@settings(max_examples=400)
@given(st.data(), sources())
def test_any_changes_do_what_they_say_and_undo_gives_the_same_bytes(data, source):
    text = CallText(source)
    for _ in range(data.draw(st.integers(1, 4))):
        change = data.draw(changes(text))
        try:
            new, undo = text.apply(change)
        except InputError as error:
            assert change.kind == "field" and "in an editor" in str(error)
            continue
        assert_sound(new)
        assert others(new) == others(text)
        check(text, change, new)
        back, redo = new.apply(*undo)
        assert back.source == text.source
        assert back.words == text.words
        assert back.apply(*redo)[0].source == new.source
        text = new


def check(text, change, new):
    words = read_words(write_words(change.words))
    before, after = text.words, new.words
    expected = dict(before)
    if change.kind == "put" and words:
        id = change.id or next(iter(set(after) - set(before)))
        # The very words that a file has are left, though they would be written otherwise.
        expected[id] = words if before.get(id) != change.words else change.words
        assert after[id] == expected[id]
        order = list(after)
        if id not in before:
            if change.after is None or change.after not in ("", *before):
                assert order[-1] == id
            else:
                assert ["", *order][order.index(id)] == change.after
    elif change.kind in ("put", "drop"):
        expected.pop(change.id, None)
    elif change.kind == "field":
        assert new.fields[change.name] == " ".join(change.value.split())
        assert [*after] == [*before]
    elif change.kind == "move" and change.id in before and change.after in ("", *before) and change.after != change.id:
        order = list(after)
        assert ["", *order][order.index(change.id)] == change.after
    assert after == expected
    stay = [id for id in before if id in after and (change.kind != "move" or id != change.id)]
    assert [id for id in after if id in stay] == stay


@settings(max_examples=200)
@given(st.data(), sources())
def test_a_whole_session_is_undone_and_done_again_byte_for_byte(data, source):
    text = CallText(source)
    seen, undos = [text.source], []
    for _ in range(data.draw(st.integers(0, 8))):
        try:
            text, undo = text.apply(data.draw(changes(text)))
        except InputError:
            continue
        seen.append(text.source)
        undos.append(undo)
    redos = []
    for undo, before in zip(reversed(undos), reversed(seen[:-1]), strict=True):
        text, redo = text.apply(*undo)
        redos.append(redo)
        assert text.source == before
    for redo, after in zip(reversed(redos), seen[1:], strict=True):
        text, _ = text.apply(*redo)
        assert text.source == after


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["id"])
def test_hostile_words_are_one_note_with_these_words(case):
    payload = case["payload"]
    text, _ = CallText("---\ncustomer: Acme\n---\n# Head\n- above\n  more\n- below\n").apply(
        Change("put", "a", payload, after="n1"), Change("put", "n2", payload)
    )
    shown = [showable(part).strip(" \t\ufeff") for part in (" ".join(payload.splitlines()), payload)]
    assert list(text.words) == (["n1", "a", "n2"] if shown[0] else ["n1"])
    assert len(set(list(text.words.values())[1:])) <= 1
    assert all(word in text.source for word in payload.split() if word.isprintable())
    assert_sound(text)


@given(typed)
@example("---")
@example("...")
@example("\\---")
@example("\\\\...")
@example("# Heading")
@example("<<<<<<< HEAD")
@example("- bullet")
@example("+ 5 points")
@example("customer: Acme")
def test_what_is_typed_reads_back(words):
    line = write_words(words)
    assert "\n" not in line
    if line:
        once = read_words(line)
        assert write_words(once) == line
        (note,) = parse_call(line, "a.md").notes
        assert note.text
        assert len(parse_call(f"# H\n{line}\n  more\n{line}", "a.md").notes) == 2
    else:
        assert not showable(words).strip(" \t\r\n\x0b\x0c\ufeff\u2028\u2029")


@given(st.text(alphabet="-=*_~`|:+.", min_size=1, max_size=6))
def test_words_that_are_only_a_rule_are_notes_with_these_words(words):
    for line in (write_words(words), format_note(words)):
        (note,) = parse_call(line, "a.md").notes
        assert (note.text, note.kind) == (words, "observation")


def test_ids_stay_while_words_change_and_new_ones_are_never_given_twice():
    text = CallText("- a\n- b\n")
    text, _ = text.apply(Change("put", "n2", "b!"), Change("drop", "n1"), Change("put", words="c"))
    assert text.words == {"n2": "b!", "n3": "c"}
    text, _ = text.apply(Change("drop", "n3"), Change("put", words="d"))
    assert text.words == {"n2": "b!", "n4": "d"}
    with pytest.raises(InputError, match="ids such as n9 are given by the program"):
        text.apply(Change("put", "n9", "x"))


def test_lines_between_the_lines_of_a_note_stay():
    text, _ = CallText("- a list\n\n  of rows\n---\n- b\n").apply(Change("put", "n1", "a table"))
    assert text.source == "- a table\n\n---\n- b\n"


def test_fields_stand_in_the_order_of_the_program():
    text = CallText("---\ndate: 2026-11-17\nkind: discovery\nmood: good\n---\n")
    for name, value in [("consent", "quote"), ("who", "Jo: lead"), ("customer", "Acme"), ("segment", "mid")]:
        text, _ = text.apply(Change("field", name=name, value=value))
    assert text.source == (
        '---\ndate: 2026-11-17\ncustomer: Acme\nwho: "Jo: lead"\nsegment: mid\nkind: discovery\nmood: good\n'
        "consent: quote\n---\n"
    )
    assert text.fields == {
        "date": "2026-11-17", "customer": "Acme", "who": "Jo: lead", "segment": "mid", "kind": "discovery",
        "consent": "quote",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("shout"), "a change is one of put, drop, move, field, not 'shout'"),
        (Change("put", "a b", "x"), "a note's id is made of"),
        (Change("put", words=3), "words of a change must be text, not 3"),
        (Change("put", words="x", after=3), "after of a change must be a note's id or nothing, not 3"),
        (Change("move"), "move needs the id of a note"),
        (Change("field", name="version", value="2"), "a call's fields are date, customer"),
        (Change("field", name="who", value="x" * 1001), "who takes at most 1000 letters"),
    ],
)
def test_what_is_no_change_is_refused_in_plain_words(change, words):
    text = CallText("- one\n")
    with pytest.raises(InputError, match=words):
        text.apply(Change("drop", "n1"), change)
    assert text.source == "- one\n"


def test_a_change_comes_from_json():
    change = Change(**json.loads('{"kind": "put", "id": "a-1", "words": "! x", "after": null}'))
    assert CallText("").apply(change)[0].source == "- ! x\n"
    assert Change(*json.loads(json.dumps(change))) == change


# Changed here and elsewhere


BASE = "---\ndate: 2026-11-17\ncustomer: Acme\n---\n# Reports\n- one\n- two\n- three\n"


def rebased(theirs, *ours, base=BASE):
    before = CallText(base)
    return rebase(before, before.apply(*ours)[0], theirs)


def test_both_append_and_neither_is_a_clash():
    both = rebased(BASE + "- theirs\n", Change("put", "a", "ours"), Change("put", "b", "ours too"))
    assert both.text.source == BASE + "- theirs\n- ours\n- ours too\n"
    assert both.clashes == ()
    assert both.theirs.source == BASE + "- theirs\n"
    assert {id: both.text.words[id] for id in ("n3", "a", "b")} == {"n3": "three", "a": "ours", "b": "ours too"}


def test_each_changes_another_note():
    both = rebased(
        BASE.replace("one", "one!").replace("- two\n", ""),
        Change("put", "n3", "3"),
        Change("put", "a", "2b", after="n2"),
    )
    assert both.text.source.endswith("# Reports\n- one!\n- 2b\n- 3\n")
    assert both.clashes == ()
    assert both.text.words == {"n1": "one!", "a": "2b", "n3": "3"}


def test_both_change_one_note_and_both_stay():
    both = rebased(BASE.replace("two", "two of theirs"), Change("put", "n2", "two of ours"))
    assert both.text.source.endswith("- one\n- two of theirs\n- two of ours\n- three\n")
    (clash,) = both.clashes
    assert clash == Clash("", "two", "two of theirs", "two of ours", "n4", "n2")
    assert both.text.words[clash.theirs_id] == "two of theirs"
    assert both.text.words[clash.ours_id] == "two of ours"


def test_a_note_that_one_removed_and_the_other_changed_stays():
    both = rebased(BASE.replace("- two\n", ""), Change("put", "n2", "ours"))
    assert both.text.source == BASE.replace("two", "ours")
    assert both.clashes == (Clash("", "two", "", "ours", "", "n2"),)
    both = rebased(BASE.replace("two", "two of theirs"), Change("drop", "n2"))
    assert both.text.source == BASE.replace("two", "two of theirs")
    assert both.clashes == (Clash("", "two", "two of theirs", "", "n2", ""),)


@pytest.mark.parametrize(
    "ours", [[Change("put", "n2", "same")], [Change("put", "n2", "x"), Change("put", "n2", "two")]]
)
def test_the_same_change_or_none_in_the_end_is_no_clash(ours):
    theirs = BASE.replace("two", "same")
    assert rebased(theirs, *ours)[0].source == theirs
    assert rebased(theirs, *ours).clashes == ()


def test_fields_changed_by_both():
    theirs = BASE.replace("Acme", "Bolt").replace("2026-11-17", "2026-11-18")
    both = rebased(theirs, Change("field", name="customer", value="Crux"), Change("field", name="who", value="Jo"))
    assert both.text.fields["customer"] == "Bolt"
    assert both.text.fields["who"] == "Jo"
    assert both.text.fields["date"] == "2026-11-18"
    assert both.clashes == (Clash("customer", "Acme", "Bolt", "Crux"),)


def test_a_move_here_and_an_edit_there():
    both = rebased(BASE.replace("three", "three!") + "- four\n", Change("move", "n3", after=""))
    assert both.text.source.endswith("# Reports\n- three!\n- one\n- two\n- four\n")
    assert both.clashes == ()


def test_notes_moved_elsewhere_keep_their_ids():
    both = rebased(
        BASE.replace("- one\n- two\n- three\n", "- three\r\n- one\r\n- two, later\r\n"), Change("put", "n1", "1")
    )
    assert both.text.words == {"n3": "three", "n1": "1", "n2": "two, later"}


def test_a_stale_change_is_kept_beside():
    text = CallText("- theirs\n- x\n")
    fresh = Change("put", "n1", "ours", seen=" theirs ")
    stale = fresh._replace(seen="base")
    assert [text.is_stale(change) for change in (fresh, stale, stale._replace(words="theirs"))] == [False, True, False]
    new, clash = text.keep_both(stale)
    assert new.source == "- theirs\n- ours\n- x\n"
    assert clash == Clash("", "base", "theirs", "ours", "n3", "n1")
    new, clash = text.keep_both(Change("drop", "n1", seen="base"))
    assert new.source == text.source
    assert clash == Clash("", "base", "theirs", "", "n1", "")


@settings(max_examples=300)
@given(st.data(), sources())
def test_on_top_of_any_other_text_no_words_of_either_are_lost(data, source):
    base = CallText(source)
    ours = theirs = base
    for _ in range(data.draw(st.integers(0, 3))):
        try:
            theirs, _ = theirs.apply(data.draw(changes(theirs)))
            ours, _ = ours.apply(data.draw(changes(ours)))
        except InputError:
            pass
    other = data.draw(st.sampled_from([theirs.source, theirs.source, data.draw(sources())]))
    both = rebase(base, ours, other)
    assert both.theirs.source == other
    assert_sound(both.text)
    assert others(both.text) == others(both.theirs)

    new = both.text.words
    kept = list(base.words.items())
    for id, words in both.theirs.words.items():
        dropped = id in base.words and id not in ours.words and base.words[id] == words
        replaced = base.words.get(id) == words and id in ours.words
        assert dropped or replaced or words in new.values()
    for id, words in ours.words.items():
        if (id, words) not in kept:
            assert new[id] == words
    clashing = {clash.ours_id for clash in both.clashes}
    assert clashing <= {"", *new}
    if other == source:
        assert both.text.words == ours.words
        assert both.text.source == ours.source
        assert not both.clashes
    if ours is base:
        assert both.text.source == other


def test_five_thousand_lines_pasted_and_typed_into():
    text = CallText(BASE)
    ids = [f"a-{n}" for n in range(5000)]
    paste = [Change("put", id, f"pasted line {n}", after=ids[n - 1] if n else "n2") for n, id in enumerate(ids)]
    pasted, undo = text.apply(*paste)
    assert list(pasted.words) == ["n1", "n2", *ids, "n3"]
    assert_sound(pasted)
    new, _ = pasted.apply(Change("put", "a-2500", "! changed"))
    assert new.source == pasted.source.replace("- pasted line 2500\n", "- ! changed\n")
    assert pasted.apply(*undo)[0].source == text.source
    both = rebase(pasted, new, pasted.source.replace("line 3", "line III"))
    assert both.text.words["a-2500"] == "! changed"
    assert both.text.words["a-3"] == "pasted line III"
