"""Texts by the million put into themes, from files into files."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from workbench.corpus import Corpus
from workbench.corpus.files import count_files, join, make_folder, remove_unfinished, write_whole
from workbench.errors import InputError
from workbench.themes.engines import EngineError, open_engine
from workbench.themes.fitting import Themed, assign_texts
from workbench.themes.model import ThemeModel
from workbench.themes.progress import Progress, telling

__all__ = ["label_corpus"]

COLUMNS = ("theme", "theme_words", "typicality")


def label_corpus(
    corpus: Corpus,
    folder: str | os.PathLike[str],
    model: ThemeModel | None = None,
    *,
    progress: Progress = None,
) -> pd.DataFrame:
    r"""Put every text of some files into a theme, and write the files again with the themes beside the texts.

    Parameters
    ----------
    corpus : Corpus
        From :func:`workbench.read_corpus`.
    folder : path-like
        A new folder, here or on what fsspec reaches; with Dask one that all workers see.
    model : ThemeModel, optional
        A fitted one puts texts into its themes; else themes are found among the texts first, with its settings, such as
        ``ThemeModel(engine="dask")``.
    progress : callable or bool, optional
        As of :class:`workbench.ThemeModel`, whose own it is by default.

    Returns
    -------
    DataFrame
        One row a theme: theme (str: T1, T2 and so on), words (str) and n_texts (int). The same is written as
        ``themes.csv``; the texts, in parts of the kind they came in, as ``part-00001.csv`` and so on, with the columns
        theme (empty for a text in none), theme_words and typicality; rows that could not be read are named in
        ``skipped.csv``. Rows in and out are compared and printed.

    Raises
    ------
    InputError
        When the folder is not empty, or the files have such columns already.
    EngineError
        When a Dask cluster could not do it, with how much was written until then, or not every row has come out.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import workbench as wb
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "tickets.csv").write_text(
    ...     "text\nThe import drops rows\nRows are lost in the import\nInvoices look wrong\nThe invoice looks odd\n")
    >>> wb.label_corpus(wb.read_corpus(folder / "tickets.csv"), folder / "out", ThemeModel(n_themes=2))
    4 rows in 1 file, all of which can be read; 4 rows written: 4 in 2 themes, 0 in none
      theme                      words  n_texts
    0    T1  invoice, look, odd, wrong        2
    1    T2  rows, import, drops, lost        2
    """
    taken = sorted(corpus.columns & set(COLUMNS))
    if taken:
        raise InputError(
            f"{corpus.files[0]} has a column “{taken[0]}” already; rename it, since the themes are written there"
        )
    folder = os.fspath(folder)
    model = model or ThemeModel()
    make_folder(folder, corpus.options)
    try:
        with telling(progress or model.progress) as say:
            counted = _fit_and_write(corpus, folder, model, say)
    except EngineError as error:
        remove_unfinished(folder)
        n_written = count_files(folder, corpus.options)
        so_far = (
            f"{n_written:,} of {len(corpus.blocks):,} parts are in {folder}, each whole, and the others are missing"
        )
        todo = f"{so_far}; next time label into a new folder." if n_written else "Nothing was labelled."
        raise EngineError(f"{error} {todo}") from error
    remove_unfinished(folder)
    sizes, words = counted[:-1], [", ".join(terms) for terms in model.terms_]
    themes = pd.DataFrame({"theme": [f"T{k}" for k in range(1, len(words) + 1)], "words": words, "n_texts": sizes})
    _write_table(join(folder, "themes.csv"), themes, corpus.options)
    if corpus.n_skipped:
        skipped = pd.DataFrame([(p.file, p.line, p.what) for p in corpus.problems], columns=["file", "line", "what"])
        _write_table(join(folder, "skipped.csv"), skipped, corpus.options)
        if len(skipped) < corpus.n_skipped:
            print(f"the first {len(skipped):,} rows that cannot be read are named in skipped.csv")
    print(
        f"{corpus.count()}; {counted.sum():,} rows written: {sizes.sum():,} in {len(words):,} themes, {counted[-1]:,} in none"
    )
    if counted.sum() != corpus.n_texts:
        raise EngineError(
            f"of {corpus.n_texts:,} rows that could be read {counted.sum():,} were written to {folder}: did a file change "
            "meanwhile? Run it again into a new folder."
        )
    return themes


def _fit_and_write(corpus: Corpus, folder: str, model: ThemeModel, say: Callable[[float], None]) -> np.ndarray:
    """How many texts were written of each theme, and last of none."""
    known, own = hasattr(model, "labels_"), {"progress": model.progress, "engine": model.engine}
    found: list[dict[str, np.ndarray] | None] = [None] * len(corpus.blocks)
    with open_engine(model.engine) as engine:  # once for both, so that workers start and are told of once
        if not known:  # each text where the fit has put it
            try:
                model.set_params(progress=lambda share: say(0.8 * share), engine=engine).fit(corpus)
            finally:
                model.set_params(**own)
            ends = np.cumsum([block.n_texts for block in corpus.blocks])[:-1]
            columns = np.split(model.labels_, ends), np.split(model.typicality_, ends)
            found = [{"label": label, "typicality": typicality} for label, typicality in zip(*columns, strict=True)]
        parts = [
            _Part(block, join(folder, f"part-{k:05}.{corpus.kind}"), sorted_already)
            for k, (block, sorted_already) in enumerate(zip(corpus.blocks, found, strict=True), 1)
        ]
        shared = (model.themed_ if known else None, [", ".join(terms) for terms in model.terms_])
        return engine.total(_write, parts, shared=shared, say=lambda share: say(share if known else 0.8 + 0.2 * share))


class _Part:
    """A block, the file that it is written to, and where its texts are if that is known."""

    def __init__(self, block: Any, path: str, found: dict[str, np.ndarray] | None) -> None:
        self.block, self.path, self.found, self.name = block, path, found, block.name


def _write(part: _Part, themed: Themed | None, words: list[str]) -> np.ndarray:
    """How many texts of a block are in each theme, and last in none."""
    found = part.found or assign_texts(part.block.read(), themed)
    labels = found["label"].tolist()
    part.block.write(
        part.path,
        {
            "theme": [f"T{label + 1}" if label >= 0 else "" for label in labels],
            "theme_words": [words[label] if label >= 0 else "" for label in labels],
            "typicality": np.round(found["typicality"], 4).tolist(),
        },
    )
    return np.bincount([len(words) if label < 0 else label for label in labels], minlength=len(words) + 1)


def _write_table(path: str, table: pd.DataFrame, options: dict[str, Any]) -> None:
    with write_whole(path, options) as file, io.TextIOWrapper(file, "utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.itertuples(index=False))
