"""Texts by the million, in files: what is read, what is named and left out, and what is written."""

import csv
import io
import json
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from tests.test_theme_model import Sampled, made_up
from workbench import csv_rows
from workbench.corpus import lines
from workbench.corpus.files import write_whole
from workbench.errors import InputError
from workbench.themes.engines import EngineError

NOTES = made_up(300)


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks at the size of a test."""
    from workbench.corpus import parquet

    monkeypatch.setattr(lines, "ROWS", 7)
    monkeypatch.setattr(parquet, "ROWS", 7)


def write(folder, kind, texts, name="tickets"):
    file = folder / f"{name}.{kind}"
    frame = pd.DataFrame({"id": range(len(texts)), "text": texts})
    if kind == "csv":
        frame.to_csv(file, index=False)
    elif kind == "jsonl":
        file.write_text("".join(json.dumps(row) + "\n" for row in frame.to_dict("records")), "utf-8")
    else:
        frame.to_parquet(file, row_group_size=50)
    return file


def texts_of(corpus):
    return [text for block in corpus.blocks for text in block.read()]


# Reading


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_texts_are_read_as_they_stand_whatever_is_in_them(tmp_path, small_blocks, kind, hostile_payloads):
    payloads = [text for text in hostile_payloads if not any("\ud800" <= letter <= "\udfff" for letter in text)]
    texts = [*NOTES[:20], 'two\nlines, "quoted"', "", "emoji 🚀, עברית", "  spaces  ", *payloads]
    texts = [text.replace("\r", " ").replace("\x00", " ") for text in texts]
    corpus = wb.read_corpus(write(tmp_path, kind, texts))
    assert texts_of(corpus) == texts
    assert (corpus.n_rows, corpus.n_skipped, corpus.problems) == (len(texts), 0, [])
    assert len(corpus.blocks) > 3


def test_a_block_knows_the_line_it_begins_in(tmp_path, small_blocks):
    file = tmp_path / "tickets.csv"
    file.write_text("text,n\n" + "".join(f'"row {n}\nof two lines",{n}\n' for n in range(20)), "utf-8")
    corpus = wb.read_corpus(file)
    assert [block.line for block in corpus.blocks] == [2, 16, 30]
    assert [row.line for block in corpus.blocks for row in block.rows()] == list(range(2, 42, 2))


BROKEN = {
    "csv": (
        "id,text\n1,one\n2\n3,three,too many\n4,\"four\n5,five\n6,\"s\"ix\"\n7,seven\n",
        ["one", "five", "seven"],
        {
            3: "1 cells where the header has 2",
            4: "3 cells where the header has 2",
            5: "a quotation mark in this row is never closed",
            7: "a quotation mark in this row is never closed",
        },
    ),
    "jsonl": (
        '{"text": "one"}\n{"text": "two"\n\n["three"]\n{"note": "four"}\n{"text": 5}\n{"text": null}\n{"text": "seven"}\n',
        ["one", "", "seven"],
        {2: "this is no JSON", 4: "no text is called “text”", 5: "no text is called", 6: "no text is called"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("rows", [1, 2, 100])
@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_row_is_named_with_its_line_and_no_other_is_lost(tmp_path, monkeypatch, kind, rows):
    monkeypatch.setattr(lines, "ROWS", rows)
    content, texts, wrong = BROKEN[kind]
    file = tmp_path / f"tickets.{kind}"
    file.write_text(content, "utf-8")
    corpus = wb.read_corpus(file)
    assert texts_of(corpus) == texts
    assert [problem.line for problem in corpus.problems] == list(wrong)
    for problem in corpus.problems:
        assert wrong[problem.line] in problem.what
        assert problem.file == str(file)
    assert (corpus.n_rows, corpus.n_skipped, corpus.n_texts) == (len(texts) + len(wrong), len(wrong), len(texts))


def test_a_quotation_mark_that_never_closes_costs_its_own_row_at_most(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_rows, "LONGEST", 2000)
    file = tmp_path / "tickets.csv"
    file.write_text('text,n\n"open,1,2\n' + "".join(f"row {n},{n}\n" for n in range(2000)), "utf-8")
    corpus = wb.read_corpus(file)
    assert texts_of(corpus) == [f"row {n}" for n in range(2000)]
    assert [problem.line for problem in corpus.problems] == [2]
    assert "never closed" in corpus.problems[0].what


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_bytes_that_are_no_letters_are_named(tmp_path, kind):
    rows = [b"text\n", b"good\n", b"caf\xe9\n", b"last\n"]
    if kind == "jsonl":
        rows = [b'{"text": "good"}\n', b'{"text": "caf\xe9"}\n', b'{"text": "last"}']
    file = tmp_path / f"tickets.{kind}"
    file.write_bytes(b"".join(rows))
    corpus = wb.read_corpus(file)
    assert texts_of(corpus) == ["good", "last"]
    assert [(problem.line, "UTF-8" in problem.what) for problem in corpus.problems] == [
        (3 if kind == "csv" else 2, True)
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"id,words\n1,a\n", "t.csv:1: no column is called “text”; there is “id”, “words”"),
        (
            "t.csv",
            b"id,n,What happened\n1,2,Rows are lost\n3\n",
            '“What happened”: name it with  --text "What happened"$',
        ),
        ("t.csv", b"id,n\n1,2\n", "there is “id”, “n”: name it with  --text COLUMN$"),
        ("t.csv", b"", "no column is called “text”; there is none$"),
        (
            "t.jsonl",
            b'{"id": 1, "body": "Rows are lost"}\nno json\n',
            "t.jsonl:1: no column is called “text”; there is “id”, “body”: name it with  --text body$",
        ),
        ("t.csv", b"id,text\r1,a\r2,b\r", "lines end as on old Macs"),
        ("t.csv", b"text,text\na,b\n", "several columns are called “text”"),
        ("t.csv", b'text,"open\na,b\n', "names of the columns cannot be read"),
        ("t.csv", "text\na\n".encode("utf-16"), "UTF-16; save it as CSV UTF-8"),
        ("t.parquet", b"PAR1 and then nothing", "no Parquet file"),
        ("t.txt", b"text\n", "holds no table"),
    ],
)
def test_a_file_that_is_none_is_refused_in_plain_words(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        wb.read_corpus(tmp_path / name)


CELL = st.text(st.sampled_from('ab ,;"\n\ré🚀'), max_size=6)


@given(
    rows=st.lists(st.tuples(CELL, CELL), max_size=12),
    rows_a_block=st.integers(1, 4),
    ends=st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None, max_examples=150)
def test_whatever_is_in_its_cells_a_csv_file_is_read_as_python_reads_it_whole(
    tmp_path_factory, rows, rows_a_block, ends
):
    file = tmp_path_factory.mktemp("csv") / "tickets.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        # A lone CR it would write bare, and read as the end of a row.
        bare = any("\r" in cell for row in rows for cell in row)
        quoting = csv.QUOTE_ALL if bare else csv.QUOTE_MINIMAL
        csv.writer(out, lineterminator=ends, quoting=quoting).writerows([("id", "text"), *rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "ROWS", rows_a_block)
        corpus = wb.read_corpus(file)
    assert texts_of(corpus) == [text for _, text in rows]
    assert corpus.n_skipped == 0
    with file.open(encoding="utf-8", newline="") as whole:
        reader, ends_at = csv.reader(whole), []
        for _ in reader:
            ends_at.append(reader.line_num)
    if not bare:  # csv counts it as a line, an editor may not
        assert [row.line for block in corpus.blocks for row in block.rows()] == [line + 1 for line in ends_at[:-1]]


def test_a_line_break_of_an_old_mac_in_a_cell_costs_that_row_and_is_named(tmp_path):
    file = tmp_path / "tickets.csv"
    file.write_bytes(b"id,text\r\n1,a\rb\r\n2,c\r\n")
    corpus = wb.read_corpus(file)
    assert texts_of(corpus) == ["c"]
    assert [(problem.line, "line break (CR)" in problem.what) for problem in corpus.problems] == [(2, True)]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_line_without_end_is_passed_over_and_named(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(lines, "LONGEST_LINE", 200)
    head, row = (b"text,id\n", b"%s,1\n") if kind == "csv" else (b"", b'{"text": "%s"}\n')
    file = tmp_path / f"tickets.{kind}"
    file.write_bytes(head + row % b"good" + row % (b"a" * 199 + "é".encode() * 500) + row % b"last")
    corpus = wb.read_corpus(file)
    assert texts_of(corpus) == ["good", "last"]
    assert [(problem.line, "longer than" in problem.what) for problem in corpus.problems] == [
        (3 if kind == "csv" else 2, True)
    ]


def test_names_of_columns_may_hold_line_breaks_and_stand_behind_a_mark_for_utf_8(tmp_path):
    file = tmp_path / "tickets.csv"
    file.write_bytes('\ufeff"the\nfirst","text"\nx,y\n'.encode())
    corpus = wb.read_corpus(file)
    assert texts_of(corpus) == ["y"]
    assert corpus.blocks[0].line == 3


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_file_changed_meanwhile_is_not_labelled_as_if_it_had_not(tmp_path, kind):
    file = write(tmp_path, kind, NOTES)
    corpus = wb.read_corpus(file)
    write(tmp_path, kind, [text[::-1] for text in NOTES])
    with pytest.raises(
        InputError, match=r"tickets\..* from (line|row) .*: the file was changed since it was first read"
    ):
        corpus.blocks[0].read()


def test_a_large_row_group_is_decoded_once_and_each_block_has_its_rows(tmp_path, monkeypatch):
    from pyarrow import parquet as arrow

    from workbench.corpus import parquet

    monkeypatch.setattr(parquet, "ROWS", 7)
    texts = [f"text {k}" for k in range(100)]
    pd.DataFrame({"text": texts}).to_parquet(tmp_path / "t.parquet", row_group_size=45)
    blocks = wb.read_corpus(tmp_path / "t.parquet").blocks
    opened = []
    monkeypatch.setattr(arrow, "ParquetFile", lambda file, of=arrow.ParquetFile: opened.append(file) or of(file))
    assert [text for block in blocks for text in block.read()] == texts
    assert len(opened) == 3
    mixed = np.random.default_rng(0).permutation(len(blocks))
    found = {k: blocks[k].read() for k in mixed.tolist()}
    assert [text for k in range(len(blocks)) for text in found[k]] == texts


def test_what_other_tools_keep_beside_their_tables_is_not_read(tmp_path):
    write(tmp_path, "csv", ["mine"])
    for folder in ("_delta_log", ".ipynb_checkpoints"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, "csv", ["theirs"])
    assert texts_of(wb.read_corpus(tmp_path)) == ["mine"]
    assert texts_of(wb.read_corpus(tmp_path.as_uri())) == ["mine"]


def test_no_file_at_all_is_said_in_words():
    with pytest.raises(InputError, match="no file is named"):
        wb.read_corpus([])


def test_a_parquet_column_of_something_else_is_refused(tmp_path):
    pd.DataFrame({"text": [1, 2]}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(InputError, match="holds int64, not texts"):
        wb.read_corpus(tmp_path / "t.parquet")


def test_a_parquet_file_cut_short_meanwhile_is_named_with_its_part(tmp_path):
    file = write(tmp_path, "parquet", NOTES)
    corpus = wb.read_corpus(file)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(InputError, match=r"tickets.parquet from row 1: this part cannot be read"):
        corpus.blocks[0].read()


def test_empty_files_and_empty_parts_are_no_trouble(tmp_path):
    write(tmp_path, "csv", [], "a")
    write(tmp_path, "csv", NOTES, "b")
    (tmp_path / "c.csv").write_text("text,id\n", "utf-8")
    corpus = wb.read_corpus(tmp_path)
    assert texts_of(corpus) == NOTES
    assert Sampled().fit(corpus).labels_.tolist() == Sampled().fit(NOTES).labels_.tolist()


def test_files_of_a_folder_a_pattern_or_a_list_are_read_in_the_order_of_their_names(tmp_path):
    for name in ("b", "a"):
        write(tmp_path, "csv", [f"of {name}"], name)
    (tmp_path / "_SUCCESS").write_text("")
    (tmp_path / ".hidden.csv").write_text("text\nhidden\n")
    for source in (tmp_path, f"{tmp_path}/*.csv", [tmp_path / "b.csv", tmp_path / "a.csv", tmp_path / "a.csv"]):
        assert texts_of(wb.read_corpus(source)) == ["of a", "of b"]
    write(tmp_path, "jsonl", ["c"], "c")
    with pytest.raises(InputError, match="several kinds"):
        wb.read_corpus(tmp_path)


# Fits and labels


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_labels_of_files_are_those_of_the_texts_in_memory(tmp_path, small_blocks, kind):
    model = Sampled().fit(wb.read_corpus(write(tmp_path, kind, NOTES)))
    there = Sampled().fit(NOTES)
    assert model.labels_.tolist() == there.labels_.tolist()
    assert model.terms_ == there.terms_
    assert model.weigh([3, 299]).toarray().tolist() == there.weigh([3, 299]).toarray().tolist()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_files_come_out_as_they_came_in_with_themes_and_all_rows_are_accounted_for(
    tmp_path, small_blocks, kind, capsys
):
    file = write(tmp_path, kind, [*NOTES, ""])
    if kind != "parquet":
        with file.open("a") as more:
            more.write("broken" if kind == "jsonl" else "1,2,3,4\n")
    broken = int(kind != "parquet")
    corpus = wb.read_corpus(file)
    themes = wb.label_corpus(corpus, tmp_path / "out", Sampled())
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet, "jsonl": lambda part: pd.read_json(part, lines=True)}[kind]
    parts = sorted((tmp_path / "out").glob(f"part-*.{kind}"))
    out = pd.concat([read(part) for part in parts]).fillna({"text": "", "theme": "", "theme_words": ""})
    expected = Sampled().fit([*NOTES, ""])
    assert out["text"].tolist() == [*NOTES, ""]
    assert out["theme"].tolist() == [f"T{label + 1}" if label >= 0 else "" for label in expected.labels_]
    assert out["typicality"].to_numpy() == pytest.approx(np.round(expected.typicality_, 4))
    assert out["id"].tolist() == list(range(301))
    assert dict(zip(themes["theme"], themes["n_texts"], strict=True)) == Counter(t for t in out["theme"] if t)
    in_none = (expected.labels_ < 0).sum()
    said = capsys.readouterr().out
    assert f"{301 + broken} rows in 1 file" in said
    assert f"301 rows written: {301 - in_none} in {len(themes)} themes, {in_none} in none" in said
    assert (tmp_path / "out" / "skipped.csv").exists() == bool(broken)


def test_the_texts_of_another_day_are_put_into_the_themes_there_are(tmp_path):
    model = Sampled().fit(NOTES)
    new = write(tmp_path, "csv", made_up(50, seed=9))
    themes = wb.label_corpus(wb.read_corpus(new), tmp_path / "out", model)
    assert themes["n_texts"].sum() == (model.predict(made_up(50, seed=9)) >= 0).sum()
    assert len(themes) == len(model.terms_)


def test_nothing_is_overwritten_and_no_column_is_hidden(tmp_path):
    corpus = wb.read_corpus(write(tmp_path, "csv", NOTES))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty"):
        wb.label_corpus(corpus, tmp_path / "out")
    (tmp_path / "other.csv").write_text("text,theme\na,b\n")
    with pytest.raises(InputError, match="has a column “theme” already"):
        wb.label_corpus(wb.read_corpus(tmp_path / "other.csv"), tmp_path / "new")


@pytest.mark.parametrize("n_written", [0, 1])
def test_where_a_cluster_stops_it_is_said_how_much_is_written(tmp_path, monkeypatch, small_blocks, n_written):
    def stop(corpus, folder, model, say):
        for k in range(n_written):
            (tmp_path / "out" / f"part-{k + 1:05}.csv").write_text("text\n")
        (tmp_path / "out" / "part-00002.csv.1f.part").write_text("half")  # by a worker that was killed
        raise EngineError("A worker died several times.")

    corpus = wb.read_corpus(write(tmp_path, "csv", NOTES))
    monkeypatch.setattr("workbench.labelling._fit_and_write", stop)
    with pytest.raises(EngineError) as stopped:
        wb.label_corpus(corpus, tmp_path / "out")
    some = f"1 of {len(corpus.blocks)} parts are in {tmp_path / 'out'}, each whole"
    assert (some if n_written else "Nothing was labelled.") in str(stopped.value)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["part-00001.csv"][:n_written]


def test_json_lines_come_out_as_they_stand(tmp_path):
    """1.10 came out as 1.1 and 1e400 as Infinity, and half of a letter stopped it all."""
    rows = [
        f'{{"a": NaN,  "b": 1e400, "c": 1.10, "text": {json.dumps(text)} }}' for text in [*NOTES, "rows \ud83d lost"]
    ]
    rows.append('{"text": null, "d": 12345678901234567890123}')
    file = tmp_path / "tickets.jsonl"
    file.write_text("\n".join(rows), "utf-8")
    wb.label_corpus(wb.read_corpus(file), tmp_path / "out", Sampled())
    out = (tmp_path / "out" / "part-00001.jsonl").read_text("utf-8").splitlines()
    assert [line.partition(', "theme": ')[0] for line in out] == [row[:-1].rstrip() for row in rows]
    assert all(json.loads(line)["theme"] is not None for line in out)


def test_a_key_called_theme_is_not_overwritten(tmp_path):
    file = tmp_path / "tickets.jsonl"
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in NOTES) + '{"text": "a", "theme": "mine"}\n')
    with pytest.raises(InputError, match="has a column “theme” already"):
        wb.label_corpus(wb.read_corpus(file), tmp_path / "out")


def test_nested_columns_and_missing_texts_come_out_of_parquet_as_they_were(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    texts = pyarrow.array([*NOTES, None], pyarrow.large_string())
    table = pyarrow.table({"text": texts, "tags": [["a", "b"]] * 301, "of": [{"x": 1}] * 301})
    parquet.write_table(table, tmp_path / "t.parquet")
    wb.label_corpus(wb.read_corpus(tmp_path / "t.parquet"), tmp_path / "out", Sampled())
    out = parquet.read_table(tmp_path / "out" / "part-00001.parquet").select(["text", "tags", "of"])
    assert out.to_pydict() == table.to_pydict()
    assert out.schema.types == table.schema.types


def test_half_an_object_never_comes_into_being():
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    with pytest.raises(RuntimeError), write_whole("memory://half/part", {}) as file:
        file.write(b"half")
        raise RuntimeError
    assert not memory.exists("/half/part")


def test_more_broken_rows_than_are_named_are_counted_and_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("workbench.corpus.MOST_NAMED", 3)
    file = tmp_path / "tickets.csv"
    file.write_text("id,text\n" + "".join(f"{k},{text}\n" for k, text in enumerate(NOTES)) + "broken\n" * 5)
    wb.label_corpus(wb.read_corpus(file), tmp_path / "out", Sampled())
    said = capsys.readouterr().out
    assert "5 of which cannot be read" in said
    assert "the first 3 rows that cannot be read are named in skipped.csv" in said


def test_a_model_keeps_its_own_progress(tmp_path):
    seen = []
    model = Sampled(progress=seen.append)
    wb.label_corpus(wb.read_corpus(write(tmp_path, "csv", NOTES)), tmp_path / "out", model)
    assert model.progress == seen.append
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_object_storage_is_read_and_written_alike(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    local = write(tmp_path, "csv", NOTES)
    memory.pipe("/bucket/in/tickets.csv", local.read_bytes())
    corpus = wb.read_corpus("memory://bucket/in")
    assert texts_of(corpus) == NOTES
    wb.label_corpus(corpus, "memory://bucket/out", Sampled())
    wb.label_corpus(wb.read_corpus(local), tmp_path / "out", Sampled())
    assert memory.cat("/bucket/out/part-00001.csv") == (tmp_path / "out" / "part-00001.csv").read_bytes()
    with pytest.raises(InputError, match="there is no file memory://bucket/none"):
        wb.read_corpus("memory://bucket/none")


@pytest.mark.parametrize("what", ["exists", "open", "fetch", "put_file"])
def test_a_store_that_cannot_be_reached_is_said_in_words_wherever_it_goes(tmp_path, monkeypatch, what):
    """Of Azure's, Google's and Amazon's library each has errors of its own, and none is an OSError."""
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe("/away/in/tickets.csv", write(tmp_path, "csv", NOTES).read_bytes())

    class ServiceRequestError(Exception):
        pass

    def fail(*_, **__):
        raise ServiceRequestError("Cannot connect to host\n127.0.0.1:10000")

    class Cut(io.BytesIO):
        read = readinto = fail

    if what == "fetch":
        monkeypatch.setattr(type(memory), "open", lambda self, path, mode: Cut())
    else:
        monkeypatch.setattr(type(memory), what, fail)
    with pytest.raises(InputError) as error:
        wb.label_corpus(wb.read_corpus("memory://away/in"), "memory://away/out", Sampled())
    assert "cannot be reached: Cannot connect to host 127.0.0.1:10000; see that the address is right" in str(
        error.value
    )
    assert str(error.value).startswith(("memory://away/", "memory:///away/"))


def test_a_file_that_is_fetched_in_ranges_is_read_like_any_other(tmp_path, monkeypatch, small_blocks):
    """What object storage opens has fewer ways to read a line than a file here; moto's S3 was once not read at all."""
    fsspec = pytest.importorskip("fsspec")
    from fsspec.spec import AbstractBufferedFile

    class Ranged(AbstractBufferedFile):
        def _fetch_range(self, start, end):
            return self.fs.cat_file(self.path, start, end)

    memory = fsspec.filesystem("memory")
    for kind in ("csv", "jsonl", "parquet"):
        local = write(tmp_path, kind, NOTES)
        memory.pipe(f"/ranged/tickets.{kind}", local.read_bytes())
        with monkeypatch.context() as patch:
            patch.setattr(type(memory), "open", lambda self, path, mode: Ranged(self, path, mode))
            assert texts_of(wb.read_corpus(f"memory://ranged/tickets.{kind}")) == NOTES


def test_a_parquet_file_without_such_a_column_says_which_one_has_the_texts(tmp_path):
    rows = pd.DataFrame({"id": range(3), "lang": "en", "body": ["Rows are lost", None, "Slow login"]})
    rows.to_parquet(tmp_path / "t.parquet")
    with pytest.raises(InputError, match=r"there is “id”, “lang”, “body”: name it with  --text body$"):
        wb.read_corpus(tmp_path / "t.parquet")
