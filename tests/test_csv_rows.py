"""Rows of a CSV text: the same where it is whole or cut, and a broken one costs itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench import csv_rows
from workbench.corpus import lines
from workbench.csv_rows import Lines, read_csv_rows
from workbench.note_tables import read_note_table

OPEN = "a quotation mark in this row is never closed"


def rows_of(text, width=0, **form):
    read = read_csv_rows(Lines(f"{line}\n" for line in text.removesuffix("\n").split("\n")), ",", width, **form)
    return [(row.line, row.why or row.cells) for row in read]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # What is open is named, and nothing below it is lost, however it ends.
        ('a,b\n1,"open\n2,x\n', [(1, OPEN), (2, ["2", "x"])]),
        ('a,b\n1,"open\n2,"closed"\n3,x\n', [(1, OPEN), (2, ["2", "closed"]), (3, ["3", "x"])]),
        ('a,b\n1,"open\n2,x\n3,y"\n4,z\n', [(1, ["1", "open\n2,x\n3,y"]), (4, ["4", "z"])]),  # nothing tells it
        ('a,b\n"open,1\nx,y\nlast",more,z\n', [(1, OPEN), (2, ["x", "y"]), (3, ['last"', "more", "z"])]),
        # Marks in pairs stand for themselves where the cells are as many; else as csv reads them.
        ('a,b\n1,"an "odd" one"\n', [(1, ["1", '"an "odd" one"'])]),
        ('a,b,c\n"Acme","5"" pipe","an "odd" one"\n', [(1, ["Acme", '5" pipe', '"an "odd" one"'])]),
        ('a,b\n"x, y" z,1\n', [(1, ["x, y z", "1"])]),
        ("a,b\n1,x\ry\n2,z\n", [(1, "a line break (CR) stands outside quotation marks"), (2, ["2", "z"])]),
        ("a,b\n\n1\n1,2,3\n", [(1, []), (2, ["1"]), (3, ["1", "2", "3"])]),
        ("a,b\n1,x\0y\n", [(1, ["1", "x\0y"])]),
    ],
)
def test_a_broken_row_costs_itself(text, found):
    assert rows_of(text)[1:] == found


@pytest.mark.parametrize(("limit", "size"), [("LONGEST", 300), ("MOST_LINES", 20)])
def test_a_cell_without_end_is_one_that_nobody_closed(monkeypatch, limit, size):
    monkeypatch.setattr(csv_rows, limit, size)
    text = 'a,b\n1,"open\n' + "".join(f"{n},x\n" for n in range(100)) + '100,y"\n'
    assert rows_of(text)[1:3] == [(1, OPEN), (2, ["0", "x"])]
    assert len(rows_of(text)) == 103


def test_spaces_before_a_cell_belong_to_it_or_not():
    assert rows_of('a, "b, c"\n', skip_spaces=True) == [(0, ["a", "b, c"])]
    assert rows_of("a,  b\n") == [(0, ["a", "  b"])]


@given(text=st.text(st.sampled_from('a,"\n\r '), max_size=40), rows=st.integers(1, 3))
@settings(deadline=None, max_examples=200)
def test_rows_are_the_same_whole_and_in_blocks_whatever_is_broken(tmp_path_factory, text, rows):
    file = tmp_path_factory.mktemp("rows") / "tickets.csv"
    file.write_text("id,text\n" + text, "utf-8", newline="")
    found = []
    for size in (rows, 1000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lines, "ROWS", size)
            corpus = wb.read_corpus(file)
        found.append([row for block in corpus.blocks for row in block.rows()])
        assert sum(not row.wrong for row in found[-1]) == corpus.n_texts
    assert found[0] == found[1]


def test_texts_in_files_and_tables_of_notes_have_the_same_rows(tmp_path):
    good = [f"Acme,2026-11-17,note {n}\n" for n in range(30)]
    bad = [
        'Acme,2026-11-17,"open\n',
        'Acme,2026-11-17,an "odd" one\n',
        'Acme,2026-11-17,"an "odd" one"\n',
        "Acme,x,y,z\n",
    ]
    text = "customer,date,text\n" + "".join([*good[:10], bad[0], *good[10:20], *bad[1:], *good[20:]])
    (tmp_path / "tickets.csv").write_text(text, "utf-8")
    corpus, table = wb.read_corpus(tmp_path / "tickets.csv"), read_note_table("tickets.csv", text.encode())
    assert [text for block in corpus.blocks for text in block.read()] == table.notes["text"].tolist()
    named = [problem.line for problem in table.problems if problem.line > 1]
    assert [problem.line for problem in corpus.problems] == sorted(named) == [12, 25]
    assert corpus.problems[0].what.startswith(OPEN) and table.problems[0].what.startswith(OPEN)


@pytest.mark.parametrize("cell", ['"{}"', '"a, {}"', "{}"])
def test_a_cell_that_is_too_long_is_named_and_costs_its_own_row(cell):
    text = "a,b\n1," + cell.format("x" * 1_000_001) + "\n2,y\n"
    assert rows_of(text)[1:] == [(1, "a cell is longer than 1,000,000 letters"), (2, ["2", "y"])]
    table = read_note_table("t.csv", f"customer,date,text\nAcme,2026-11-17,{cell.format('x' * 1_000_001)}\n".encode())
    assert table.n_rows == 1 and table.problems[0].what.startswith("a cell is longer than 1,000,000 letters")


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ('Acme,2026-11-17,"open,none', ["Acme", "2026-11-17", "", "none"]),
        ('"Acme, Inc",2026-11-17,"open, and more,none', ["Acme, Inc", "2026-11-17", "", "none"]),
        ('Acme,2026-11-17,"open', ["Acme", "2026-11-17", "", ""]),
        ('"Acme,2026-11-17,slow,none', ["", "2026-11-17", "slow", "none"]),
    ],
)
def test_of_a_broken_row_the_cells_around_the_open_mark_keep_their_places(row, cells):
    read = read_csv_rows(Lines(["customer,date,text,consent\n", row + "\n"]), ",")
    assert [(one.cells, one.why) for one in read][1] == (cells, OPEN)
