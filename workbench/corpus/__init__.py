"""Texts by the million, in files: found, cut into blocks that are read when they are needed, and written with their themes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.corpus.files import ENDINGS, list_files
from workbench.corpus.lines import LineBlock, Row, plan_csv, plan_jsonl
from workbench.corpus.parquet import ParquetBlock, plan_parquet
from workbench.errors import InputError, Problem

__all__ = ["Corpus", "read_corpus"]

# So many rows that cannot be read are kept by name; all are counted.
MOST_NAMED = 1000


class Corpus:
    """Texts in files; made by :func:`read_corpus`.

    Attributes
    ----------
    files : list of str
        The files, sorted.
    kind : str
        csv, jsonl or parquet.
    blocks : list
        Parts of them, each with ``read()`` for its texts and ``write(path, columns)``.
    columns : set of str
        The names of their columns, or keys.
    n_rows, n_skipped : int
        How many rows there are, and how many of them cannot be read.
    problems : list of Problem
        The first of those that cannot be read, with file and line.
    """

    def __init__(self, files: list[str], kind: str, column: str, options: dict[str, Any]) -> None:
        self.files, self.kind, self.column, self.options = files, kind, column, options
        self.blocks: list[LineBlock | ParquetBlock] = []
        self.n_rows = self.n_skipped = 0
        self.columns: set[str] = set()
        self.problems: list[Problem] = []

    @property
    def n_texts(self) -> int:
        """How many rows can be read."""
        return self.n_rows - self.n_skipped

    def __repr__(self) -> str:
        return f"Corpus: {self.count()}"

    def count(self) -> str:
        """How many rows there are, in words.

        Returns
        -------
        str
        """
        of = f"{self.n_rows:,} row{'s' * (self.n_rows != 1)} in {len(self.files):,} file{'s' * (len(self.files) != 1)}"
        return (
            f"{of}, all of which can be read"
            if not self.n_skipped
            else f"{of}, {self.n_skipped:,} of which cannot be read"
        )

    def _plan(self, path: str) -> None:
        if self.kind == "parquet":
            found = plan_parquet(path, self.column, self.options)
            self.n_rows += sum(block.n_rows for block in found)
            self.blocks += found
            self.columns.update(*(block.columns for block in found))
            return

        def say(row: Row) -> None:
            self.n_rows += 1
            if row.wrong:
                self.n_skipped += 1
                if len(self.problems) < MOST_NAMED:
                    self.problems.append(Problem(path, row.line, row.wrong, "this row is left out"))
            elif self.kind == "jsonl":
                self.columns.update(row.cells)

        plan = plan_csv if self.kind == "csv" else plan_jsonl
        found = plan(path, self.column, self.options, say)
        self.blocks += found
        self.columns.update(found[0].header)


def read_corpus(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    text: str = "text",
    storage_options: dict[str, Any] | None = None,
) -> Corpus:
    r"""Find the texts in files, without keeping them in memory.

    Rows that cannot be read (too few cells, no JSON, no UTF-8) are named and left out; a text that is empty stays, in no
    theme.

    Parameters
    ----------
    source : path-like or sequence of path-like
        A file (CSV, TSV, JSON lines, Parquet), a folder of them, or a pattern such as ``tickets-*.csv``; here, or on what
        fsspec reaches (``s3://``, ``gs://``, ``abfs://``; each needs its own library).
    text : str
        The column, or key, that holds the texts.
    storage_options : dict, optional
        For fsspec, such as credentials; passed to workers too.

    Returns
    -------
    Corpus
        For :meth:`workbench.ThemeModel.fit` and :func:`workbench.label_corpus`. A CSV file and one of JSON lines are read
        through once to find where rows begin; of Parquet only the footers.

    Raises
    ------
    InputError
        When there is no such file or column, or files of several kinds.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "tickets.csv")
    >>> _ = file.write_text("id,text\n1,The import drops rows\n2\n3,Slow login\n")
    >>> tickets = read_corpus(file)
    >>> tickets.n_rows, tickets.n_skipped, tickets.problems[0].line, tickets.blocks[0].read()
    (3, 1, 3, ['The import drops rows', 'Slow login'])
    """
    options = storage_options or {}
    sources = [source] if isinstance(source, (str, os.PathLike)) else list(source)
    files = sorted({file for one in sources for file in list_files(os.fspath(one), options)})
    if not files:
        raise InputError("no file is named; name a file, a folder or a pattern such as tickets-*.csv")
    kinds = sorted({ENDINGS[Path(file).suffix.lower()] for file in files})
    if len(kinds) > 1:
        raise InputError(f"there are files of several kinds ({', '.join(kinds)}); read those of one kind at a time")
    corpus = Corpus(files, kinds[0], text, options)
    for file in files:
        corpus._plan(file)
    return corpus
