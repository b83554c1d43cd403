"""A field that is set reads back, and everything else in the file stays as it was, byte for byte."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench import frontmatter
from workbench.errors import InputError
from workbench.frontmatter import format_scalar, parse_yaml, prose_start, set_fields, split_front_matter, split_lines

HOSTILE = [json.loads(line) for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()]

anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
edgy = st.text(alphabet="ab1 :#,-[]{}'\"\\&*!|>%@`?\n\r\t\u2028\x85\x00…", max_size=12)
scalars = anything | edgy | st.sampled_from(["no", "012", "", "null", "~", "2026-11-17", "a, b", "the boys'"])
values = st.none() | scalars | st.lists(scalars, max_size=4) | st.lists(st.text("ab ,", max_size=30), max_size=9)
keys = st.sampled_from(["customer", "who", "mood", "evidence", "x-y"])
ends = st.sampled_from(["\n", "\r\n"])
bodies = st.sampled_from(
    ["", "\n", "- one\n- two", "# Head\r\n\r\n- one\r\n", "---\n...\n- x\n", "text: not a field\n"]
)


def read(text):
    return split_front_matter(split_lines(text), "a.md")[0]


@pytest.fixture(params=["C", "Python"], autouse=True)
def loader(request, monkeypatch):
    """Both of PyYAML's parsers: the marks that they give must mean the same."""
    if request.param == "Python":
        monkeypatch.setattr(frontmatter, "_Loader", yaml.BaseLoader)


# How a field can stand in a file: the lines of one, given its key and the file's line end.
FORMS = {
    "plain": "{key}: plain words",
    "comment": "{key}: words   # a comment",
    "quoted": '{key}:   "a: \\"b\\" # c"  # d',
    "single": "{key}: 'it''s'",
    "empty": "{key}:",
    "empty with a comment": "{key}:   # nothing yet",
    "below": "{key}: # here\n  words",
    "two lines": "{key}: words\n  and more",
    "two quoted lines": '{key}: "words\n\n  and # more"',
    "literal": "{key}: |\n  one\n\n    # two\n  three",
    "folded": "{key}: >-  # why\n  one\n  two",
    "flow": "{key}: [a, 'b, c',\n  d]  # e",
    "map": "{key}:\n  inner: a\n  {key}: b # c",
    "list": "{key}:  # all\n  - a  # first\n  # then\n  - 'b: c'\n  -   d",
    "flat list": "{key}:\n- a\n- b",
    "odd list": "{key}:\n  - [a, b]\n  - c: d",
    "list below dashes": "{key}:\n  -\n    a\n  - b",
    "quoted key": '"{key}" : a',
    "explicit": "? {key}\n: a",
}
between = st.sampled_from(["", "", "\n", "# a comment\n", "  \n# two\n\n", " # indented\n"])
pieces = st.lists(st.tuples(keys, st.sampled_from(list(FORMS)), between), max_size=4, unique_by=lambda piece: piece[0])


def built(pieces, end):
    rows = [between + FORMS[form].format(key=key) + "\n" for key, form, between in pieces]
    return [row.replace("\n", end) for row in rows]


@settings(max_examples=250)
@given(pieces, keys, values, ends, st.sampled_from(["", "\ufeff"]), bodies, st.sampled_from(["---", "--- ", "..."]))
def test_one_field_is_set_and_all_else_stays(pieces, key, value, end, bom, body, fence):
    rows = built(pieces, end)
    opening, closing = f"{bom}---{end}", f"{fence}{end}{body}"
    text = opening + "".join(rows) + closing
    new = set_fields(text, {key: value})

    before = read(text).values
    expected = {name: old for name, old in {**before, key: value}.items() if old is not None}
    assert read(new).values == expected
    assert not read(new).problems
    if before.get(key) == value:
        assert new == text
        return
    where = [piece[0] for piece in pieces].index(key) if key in before else len(rows)
    above, below = opening + "".join(rows[:where]), "".join(rows[where + 1 :]) + closing
    # Comments between two fields belong to neither.
    above += pieces[where][2].replace("\n", end) if where < len(rows) else ""
    assert new.startswith(above)
    assert new.endswith(below)
    kept = new[len(above) : len(new) - len(below)]
    if value is None:
        assert kept == ""
    elif where < len(rows) and isinstance(value, str):
        comments = {"comment": "# a comment", "empty with a comment": "# nothing yet", "below": "# here"}
        comments |= {"folded": "# why", "flow": "# e", "quoted": "# d", "list": "# all"}
        assert comments.get(pieces[where][1], "") in kept


@settings(max_examples=150)
@given(pieces, st.dictionaries(keys, values, max_size=3), ends, bodies)
def test_several_fields_at_once_and_back_again(pieces, wanted, end, body):
    text = f"---{end}{''.join(built(pieces, end))}---{end}{body}"
    new = set_fields(text, wanted)
    assert read(new).values == {k: v for k, v in {**read(text).values, **wanted}.items() if v is not None}
    assert set_fields(new, wanted) == new


@given(st.dictionaries(keys, values, max_size=3), bodies, st.sampled_from(["", "\ufeff"]))
def test_a_text_without_front_matter_gets_one(wanted, body, bom):
    text = bom + ("# " + body if body.startswith("---") else body)
    new = set_fields(text, wanted)
    expected = {key: value for key, value in wanted.items() if value is not None}
    assert read(new).values == expected
    assert new.endswith(text.removeprefix(bom)) and new.startswith(bom)
    assert expected or new == text


@settings(max_examples=300)
@given(
    st.text(alphabet="ab: -#\n\r[]{}\"'|>?,&*!~.\t\u2028\ufeff", max_size=60).map(lambda text: f"---\n{text}"),
    st.dictionaries(keys, st.none() | scalars, min_size=1, max_size=2),
)
@example("---\ncustomer: a: b\n---\n- kept", {"customer": "x"})
@example("---\n{customer: a}\n---\n- kept", {"customer": "x, y", "who": "z"})
@example("---", {"customer": "x"})
@example("---\ncustomer: a", {"who": "x"})
@example("---\n- a note", {"who": "x"})
@example("---\na: \udce9\n---\n", {"who": "x"})
def test_whatever_stands_there_the_prose_is_kept_and_what_is_set_reads_back(text, wanted):
    lines = split_lines(text)
    _, body = split_front_matter(lines, "a.md")
    try:
        new = set_fields(text, wanted)
    except InputError as error:
        assert "in an editor" in str(error)
        return
    assert new.endswith("".join(lines[body:]))
    got = read(new).values
    assert {key: got.get(key) for key in wanted} == wanted
    if new != text:
        # Nothing that was no field of these is gone, not even from what could not be read.
        kept = [line.strip() for line in lines[1:body] if not any(key in line for key in wanted)]
        assert [line for line in kept if line not in new] == []


@pytest.mark.parametrize("case", [c for c in HOSTILE if c["field"] == "front_matter"], ids=lambda c: c["id"])
def test_hostile_front_matter_can_be_set_or_says_why_not(case):
    text = f"---\n{case['payload']}\n---\n- kept\n"
    try:
        new = set_fields(text, {"customer": "Acme: Freight"})
    except InputError as error:
        assert "in an editor" in str(error)
    else:
        assert new.endswith("- kept\n")
        assert read(new).values["customer"] == "Acme: Freight"


@given(scalars)
def test_a_scalar_reads_back_the_same(value):
    written = format_scalar(value)
    assert "\n" not in written
    assert parse_yaml(f"key: {written}", "a.md").values == {"key": value}


def test_a_lone_surrogate_becomes_a_sign_that_can_be_saved():
    assert read(set_fields("", {"customer": "a\ud83d", "tags": ["\udce9"]})).values == {
        "customer": "a\ufffd",
        "tags": ["\ufffd"],
    }


def test_broken_front_matter_word_for_word():
    assert set_fields("---\ncustomer: Acme: Freight # c\nwho: Jane\n", {"customer": "Acme"}) == (
        "---\ncustomer: Acme  # c\nwho: Jane\n---\n"
    )
    broken = "---\nmood: [good\ncustomer: A\ncustomer: B\n---\n"
    assert set_fields(broken, {"customer": "C", "who": "J: D"}) == (
        '---\nwho: "J: D"\nmood: [good\ncustomer: C\ncustomer: B\n---\n'
    )
    assert set_fields(broken, {"customer": None}) == "---\nmood: [good\n---\n"
    flow = "---\n{customer: A, who: B} # c\n---\n"
    assert set_fields(flow, {"who": "J"}) == "---\n{customer: A, who: J} # c\n---\n"
    assert set_fields(flow, {"mood": "good"}) == f"---\n# {flow[4:-4]}customer: A\nwho: B\nmood: good\n---\n"


def test_a_list_one_item_a_line_keeps_its_lines():
    text = "---\nevidence:\n  - a  # strong\n  # hm\n  - b\n---\n"
    assert set_fields(text, {"evidence": ["b", "c", "a"]}) == (
        "---\nevidence:\n  - b\n  - c\n  - a  # strong\n  # hm\n---\n"
    )
    long = [f"2026-11-17-acme-freight#{n:08x}" for n in range(4)]
    rows = "".join(f'  - "{item}"\n' for item in long)
    assert set_fields("---\n---\n", {"evidence": long}) == f"---\nevidence:\n{rows}---\n"


def test_what_cannot_be_set_says_why():
    with pytest.raises(InputError, match="they would not read back"):
        set_fields("---\na: b\n---\n", {"customer": "x" * 70_000})
    with pytest.raises(ValueError, match="one plain word"):
        set_fields("", {"a: b": "c"})


@given(
    st.lists(st.sampled_from(["---", "...", "a: b", "- one", "", "\ufeff---", "x"]), max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_where_the_prose_begins_is_where_it_does_when_the_fields_are_read(rows, end):
    text = end.join(rows)
    lines = split_lines(text)
    body = split_front_matter(lines, "x.md")[1]
    closed = body > 1 and lines[body - 1].rstrip("\r\n \t") in ("---", "...")
    assert prose_start(text) == (sum(map(len, lines[:body])) if closed else 0)
