"""Parquet files, by row group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from os import SEEK_END
from threading import local
from typing import IO, Any
from zlib import crc32

from workbench.corpus.columns import SAMPLE, no_such_column
from workbench.corpus.files import open_to_read, write_whole
from workbench.errors import InputError, how_to_get

__all__ = ["ParquetBlock", "plan_parquet"]

# So many rows are a block; a row group may hold a million.
ROWS = 32_768


@dataclass(frozen=True)
class ParquetBlock:
    """Rows of one row group.

    Parameters
    ----------
    path : str
        The file.
    group : int
        Which row group.
    start, n_rows : int
        Which of its rows.
    first : int
        The number of the first of them in the file, from 1.
    footer : int
        A checksum of what the file says of itself.
    column : str
        That of the texts.
    columns : tuple of str
        All there are.
    options : dict
        For fsspec.
    """

    path: str
    group: int
    start: int
    n_rows: int
    first: int
    footer: int
    column: str
    columns: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called when something is wrong with it."""
        return f"{self.path} from row {self.first:,}"

    @property
    def n_texts(self) -> int:
        """How many of its rows can be read: all."""
        return self.n_rows

    def read(self) -> list[str]:
        """The texts; one that is missing is empty."""
        return [text or "" for text in self._table((self.column,)).column(0).to_pylist()]

    def write(self, path: str, columns: dict[str, Sequence[Any]]) -> int:
        """Write the rows again, with more columns; see :meth:`~workbench.corpus.lines.LineBlock.write`."""
        table = self._table(None)
        for name, values in columns.items():
            table = table.append_column(name, import_module("pyarrow").array(values))
        with write_whole(path, self.options) as file:
            import_module("pyarrow.parquet").write_table(table, file)
        return table.num_rows

    def _table(self, columns: tuple[str, ...] | None) -> Any:
        pyarrow = import_module("pyarrow")
        try:
            return pyarrow.Table.from_batches(self._parts(columns))
        except (OSError, pyarrow.ArrowException) as error:
            raise InputError(f"{self.name}: this part cannot be read ({error}); export the file again") from error

    def _parts(self, columns: tuple[str, ...] | None) -> list[Any]:
        """The block's rows, going on from the block before it where that was read last."""
        key = self.path, self.footer, self.group, columns
        if key != _last.key or self.start < _last.at:
            _last.key, _last.at, _last.batches = key, 0, self._batches(columns)
        parts, end = [], self.start + self.n_rows
        try:
            while _last.at < end:
                at, batch = _last.at, next(_last.batches)
                _last.at += batch.num_rows
                if _last.at > self.start:
                    first = max(at, self.start)
                    parts.append(batch.slice(first - at, end - first))
        except BaseException:
            _last.key = None
            raise
        return parts

    def _batches(self, columns: tuple[str, ...] | None) -> Iterator[Any]:
        with open_to_read(self.path, self.options) as file:
            found = import_module("pyarrow.parquet").ParquetFile(file)
            if _checksum(file) != self.footer:
                raise InputError(f"{self.name}: the file was changed since it was first read; read it again")
            left = found.metadata.row_group(self.group).num_rows
            for batch in found.iter_batches(ROWS, row_groups=[self.group], columns=columns and list(columns)):
                left -= batch.num_rows
                if not left:
                    break
                yield batch
        yield batch  # the last, when the file is closed


class _Last(local):
    """The row group that this thread is in the middle of: the rows of one can be had from its beginning only."""

    key: Any = None
    at = 0
    batches: Iterator[Any] = iter(())


_last = _Last()


def _checksum(file: IO[bytes]) -> int:
    """Of what a Parquet file says of itself at its end: where its parts are, how large, from what to what."""
    file.seek(-8, SEEK_END)
    size = int.from_bytes(file.read(4), "little")
    file.seek(-8 - size, SEEK_END)
    return crc32(file.read(size))


def plan_parquet(path: str, column: str, options: dict[str, Any]) -> list[ParquetBlock]:
    """Cut a Parquet file into blocks; only its footer is read.

    Parameters
    ----------
    path : str
        The file.
    column : str
        That of the texts.
    options : dict
        For fsspec.

    Returns
    -------
    list of ParquetBlock

    Raises
    ------
    InputError
        When it is none, or has no such column of texts.
    """
    if find_spec("pyarrow") is None:
        raise InputError(f"{path} is Parquet, which needs pyarrow: {how_to_get('dask')}")
    pyarrow = import_module("pyarrow")
    with open_to_read(path, options) as file:
        try:
            found = import_module("pyarrow.parquet").ParquetFile(file)
            schema, groups = (
                found.schema_arrow,
                [found.metadata.row_group(k).num_rows for k in range(found.num_row_groups)],
            )
            footer = _checksum(file)
            rows = [] if column in schema.names else next(found.iter_batches(SAMPLE), None)
        except (OSError, pyarrow.ArrowException) as error:
            raise InputError(f"{path} is no Parquet file, or not all of one ({error}); export it again") from error
    if column not in schema.names:
        raise no_such_column(path, column, schema.names, rows.to_pylist() if rows else [])
    if schema.names.count(column) > 1:
        raise InputError(f"{path}: several columns are called “{column}”; rename all but one of them")
    kind = schema.field(column).type
    types = pyarrow.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        raise InputError(f"{path}: the column “{column}” holds {kind}, not texts")
    blocks, first = [], 1
    for number, n_rows in enumerate(groups):
        for start in range(0, n_rows, ROWS):
            size = min(ROWS, n_rows - start)
            blocks.append(
                ParquetBlock(path, number, start, size, first + start, footer, column, tuple(schema.names), options)
            )
        first += n_rows
    return blocks
