"""The command ``workbench label``: texts by the million, from files into themes."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from workbench.cli.output import say
from workbench.errors import InputError, how_to_get

__all__ = ["add_commands"]

# So many rows that cannot be read are shown; a file names the others.
SHOWN = 5


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("label", _label, "put the texts of large files into themes, and write them again with those")
    sub.add_argument("files", metavar="FILES", nargs="+", help="CSV, JSON lines or Parquet; folders and patterns too")
    sub.add_argument("-o", "--output", metavar="DIR", required=True, help="a new folder")
    sub.add_argument("--text", metavar="COLUMN", default="text", help="the column of the texts (default: text)")
    sub.add_argument("--themes", metavar="N", type=int, help="how many themes (default: as many as there are)")
    sub.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler, such as tcp://10.0.0.5:8786, or  here")
    sub.epilog = (
        "Files may lie on object storage (s3://, gs://, abfs://). The folder gets the files' rows in parts, with theme, "
        "theme_words and typicality, then themes.csv, and skipped.csv where rows could not be read."
    )


def _label(options: argparse.Namespace) -> None:
    from workbench.corpus import read_corpus
    from workbench.labelling import label_corpus
    from workbench.themes import ThemeModel

    if options.themes is not None and options.themes < 1:
        raise InputError(f"--themes {options.themes}: a number from 1 on, or leave it out")
    corpus = read_corpus(options.files, text=options.text)
    for problem in corpus.problems[:SHOWN]:
        say(str(problem))
    if corpus.n_skipped > SHOWN:
        say(f"and {corpus.n_skipped - SHOWN:,} rows more, which skipped.csv will name")
    engine, client = "local", None
    if options.dask:
        engine = client = _connect(options.dask)
    try:
        model = ThemeModel(n_themes="auto" if options.themes is None else options.themes, engine=engine, progress=True)
        themes = label_corpus(corpus, options.output, model)
    finally:
        if client and client != "dask":
            client.close()
    for theme in themes.itertuples():
        print(f"{theme.theme:>4} {theme.n_texts:>11,}  {theme.words}")
    say(f"Written to {options.output}")


def _connect(address: str) -> object:
    """A client, or the word for workers on this machine."""
    from importlib.util import find_spec

    if find_spec("distributed") is None:
        raise InputError(f"--dask needs Dask: {how_to_get('dask')}")
    if address == "here":
        return "dask"
    from distributed import Client

    try:
        return Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--dask {address}: no Dask scheduler answers there; see that it runs, and its port"
        ) from error
