"""Files here or on object storage: which there are, opened, and written whole or not at all."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob, has_magic
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from uuid import uuid4

from workbench.errors import InputError, how_to_get

__all__ = [
    "ENDINGS", "count_files", "is_remote", "join", "list_files", "make_folder", "open_to_read", "remove_unfinished",
    "write_whole",
]  # fmt: skip

ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
UNFINISHED = ".part"
BUFFER = 1 << 20


def is_remote(path: str) -> bool:
    """Whether a path is an address, such as s3://bucket/tickets."""
    return "://" in path


def join(folder: str, name: str) -> str:
    """A file in a folder, here or there."""
    return f"{folder.rstrip('/')}/{name}" if is_remote(folder) else os.path.join(folder, name)


def list_files(path: str, options: dict[str, Any]) -> list[str]:
    """The tables that a path means, sorted: itself, those in a folder at any depth, or those that a pattern fits.

    Parameters
    ----------
    path : str
        A file, a folder, a pattern such as ``tickets-*.csv``, here or on object storage.
    options : dict
        For fsspec, see :func:`~workbench.corpus.read_corpus`.

    Returns
    -------
    list of str
        Files whose names end as `ENDINGS` has them; hidden ones and those that begin with ``_``, or lie in a folder that
        does, are left out: what other tools keep beside their tables.

    Raises
    ------
    InputError
        When there is none.
    """
    if is_remote(path):
        scheme = path.partition("://")[0]
        with _system(path, options) as (system, inside):
            if has_magic(inside):
                found = system.glob(inside)
            else:
                found = system.find(inside) if system.isdir(inside) else [inside] if system.exists(inside) else []
        found = [f"{scheme}://{one}" if "://" not in str(one) else str(one) for one in found]
    elif has_magic(path) and not os.path.exists(path):
        found = glob(path, recursive=True)
    elif os.path.isdir(path):
        found = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
    else:
        found = [path] if os.path.exists(path) else []
    if not found:
        raise InputError(f"there is no file {path}; name a file, a folder or a pattern such as tickets-*.csv")
    above = len(Path(path).parts)
    tables = sorted(one for one in found if Path(one).suffix.lower() in ENDINGS and not _is_hidden(one, above))
    if not tables:
        raise InputError(f"{path} holds no table: its files must end in {', '.join(ENDINGS)}")
    return tables


@contextmanager
def open_to_read(path: str, options: dict[str, Any]) -> Iterator[IO[bytes]]:
    """A file, opened to read its bytes."""
    if is_remote(path):
        with _system(path, options) as (system, inside):
            there = _There(system.open(inside, "rb"), path)
        # Wrapped, since what fsspec opens reads no line of at most so many bytes.
        with io.BufferedReader(there, BUFFER) as file:
            yield file
    else:
        with open(path, "rb") as file:
            yield file


def make_folder(path: str, options: dict[str, Any]) -> None:
    """A folder to write into; nothing may be in it yet.

    Raises
    ------
    InputError
        When something is.
    """
    if not is_remote(path):
        os.makedirs(path, exist_ok=True)
    if count_files(path, options):
        raise InputError(f"{path} is not empty, and nothing there is overwritten; name a new folder")


def count_files(folder: str, options: dict[str, Any]) -> int:
    """How much is in a folder; nothing where an address has none."""
    if is_remote(folder):
        with _system(folder, options) as (system, inside):
            system.invalidate_cache()  # workers have written there
            return len(system.ls(inside)) if system.exists(inside) else 0
    return len(os.listdir(folder))


@contextmanager
def write_whole(path: str, options: dict[str, Any]) -> Iterator[IO[bytes]]:
    """A file, opened to write its bytes; it is there when all of them are."""
    if is_remote(path):
        # Written there directly, half an object would come into being where writing stops.
        with TemporaryDirectory() as folder:
            with open(os.path.join(folder, "whole"), "wb") as file:
                yield file
            with _system(path, options) as (system, inside):
                system.put_file(os.path.join(folder, "whole"), inside)
        return
    unfinished = f"{path}.{uuid4().hex}{UNFINISHED}"  # of two workers that write the same, each has its own
    try:
        with open(unfinished, "wb") as file:
            yield file
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def remove_unfinished(folder: str) -> None:
    """Remove what somebody who was killed left half written in a folder."""
    if not is_remote(folder):
        for left in Path(folder).glob(f"*{UNFINISHED}"):
            left.unlink(missing_ok=True)


def _is_hidden(path: str, above: int) -> bool:
    """Whether a file's name, or that of a folder below so many that were asked for, begins as hidden ones do."""
    *folders, name = Path(path).parts
    return any(part[0] in "._" for part in [*folders[above:], name])


class _There(io.RawIOBase):
    """A file on object storage; where reading it fails, that is said in words."""

    def __init__(self, file: IO[bytes], path: str) -> None:
        self._file, self._path = file, path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        with _reaching(self._path):
            part = self._file.read(len(into))
        into[: len(part)] = part
        return len(part)

    def seek(self, to: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(to, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def _system(path: str, options: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """The store that an address is of, and what it calls the place."""
    if find_spec("fsspec") is None:
        raise InputError(f"{path} is an address, which needs fsspec: {how_to_get('dask')}")
    with _reaching(path):
        yield import_module("fsspec").core.url_to_fs(path, **options)


@contextmanager
def _reaching(path: str) -> Iterator[None]:
    """What goes wrong on the way, in one kind of words: the library of each store raises errors of its own."""
    try:
        yield
    except Exception as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"{path} cannot be reached: {why:.300}; see that the address is right, that the network is there, and that "
            "your credentials are let in"
        ) from error
