"""What texts may come in as, cut into blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.themes.engines import Block, Texts
from workbench.themes.fitting import Themed, assign_texts

__all__ = ["COLUMN", "Column", "Partition", "as_blocks", "as_texts", "assign_lazily", "is_dask"]

# The column of a DataFrame that holds the texts.
COLUMN = "text"


class Partition:
    """A block that is one partition of a Dask collection.

    Parameters
    ----------
    lazy : dask.delayed.Delayed
        A Series of texts, when it is worked out.
    name : str
        What the block is called when something is wrong with it.
    client : distributed.Client, optional
        Who knows where it lies when it has been worked out before.
    """

    def __init__(self, lazy: Any, name: str, client: Any = None) -> None:
        self.lazy, self.name, self._client = lazy, name, client

    def read(self) -> list[str]:
        """The texts."""
        return self._client.compute(self.lazy).result() if self._client else self.lazy.compute()


class Column:
    """A block of texts that lie in a column, and are made strings of when they are read.

    Parameters
    ----------
    texts : pandas.Series
        Of pandas' type for strings, which holds them in less than half the room.
    name : str
        What the block is called when something is wrong with it.
    """

    def __init__(self, texts: pd.Series, name: str) -> None:
        self.texts, self.name = texts, name

    def read(self) -> list[str]:
        """The texts."""
        return as_texts(self.texts)

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent to a worker without the rest of the column."""
        return Texts, (self.read(), self.name)


def as_blocks(X: Any, size: int, engine: Any = "auto") -> Sequence[Block]:
    """Texts as blocks.

    Parameters
    ----------
    X : sequence of str, DataFrame, Dask DataFrame or Series, or an object with ``blocks``
        As :meth:`~workbench.themes.model.ThemeModel.fit` takes it.
    size : int
        How many texts a block has, where that is ours to say.
    engine : str or distributed.Client
        As for :class:`~workbench.themes.model.ThemeModel`.

    Returns
    -------
    sequence of Block

    Raises
    ------
    TypeError
        When it is something else, or holds something else than texts.

    Examples
    --------
    >>> [block.read() for block in as_blocks(["a", "b", "c"], 2)]
    [['a', 'b'], ['c']]
    """
    if hasattr(X, "blocks") and not is_dask(X):
        return X.blocks
    if is_dask(X):
        from dask import delayed

        column = _column(X) if X.ndim == 2 else X
        parts = column.to_delayed()
        client = None if isinstance(engine, str) else engine
        return [
            Partition(delayed(as_texts)(part), f"partition {number} of {len(parts)}", client)
            for number, part in enumerate(parts, 1)
        ]
    texts = _column(X) if isinstance(X, pd.DataFrame) else X
    held = isinstance(texts, pd.Series) and isinstance(texts.dtype, pd.StringDtype)
    if not held:
        texts = as_texts(texts)
    starts = range(0, len(texts), size)
    names = [f"texts {at + 1:,} to {min(at + size, len(texts)):,}" for at in starts]
    parts = [texts.iloc[at : at + size] if held else texts[at : at + size] for at in starts]
    return [(Column if held else Texts)(part, name) for part, name in zip(parts, names, strict=True)]


def as_texts(X: Any) -> list[str]:
    """A list of texts.

    Parameters
    ----------
    X : sequence of str
        A list, a Series, an array of NumPy or Arrow. In a Series what is missing counts as an empty text.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        When `X` is one string, or holds something else than strings.

    Examples
    --------
    >>> as_texts(pd.Series(["a", None], dtype=object))
    ['a', '']
    """
    if isinstance(X, (str, bytes)):
        raise TypeError(
            "fit takes a sequence of texts, got one text; put it in a list, or read a file of texts with wb.read_corpus"
        )
    if isinstance(X, pd.Series):
        texts = X.astype(object).where(X.notna(), "").tolist()
    else:
        texts = X.to_pylist() if hasattr(X, "to_pylist") else list(X)
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"fit takes texts, got {type(text).__name__} at position {position}: {text!r:.60}")
    return texts


def assign_lazily(X: Any, themed: Themed) -> Any:
    """A Dask DataFrame or Series of texts with their themes beside them.

    Parameters
    ----------
    X : Dask DataFrame or Series
        With the column ``text``, or of texts.
    themed : Themed
        The themes.

    Returns
    -------
    Dask DataFrame
        With label and typicality; nothing is worked out yet.
    """

    def with_themes(part: Any) -> pd.DataFrame:
        frame = part.to_frame() if part.ndim == 1 else part
        texts = as_texts(part if part.ndim == 1 else part[COLUMN])
        return frame.assign(**assign_texts(texts, themed))

    return X.map_partitions(with_themes, meta=with_themes(X._meta))


def is_dask(X: Any) -> bool:
    """Whether something is a Dask collection; Dask is not loaded for the question."""
    return type(X).__module__.partition(".")[0] in ("dask", "dask_expr") and hasattr(X, "to_delayed")


def _column(X: Any) -> Any:
    if COLUMN not in X.columns:
        names = ", ".join(map(str, X.columns[:8]))
        raise TypeError(f"the texts are in the column “{COLUMN}”, and there is none among {names}; rename theirs")
    if list(X.columns).count(COLUMN) > 1:
        raise TypeError(f"several columns are called “{COLUMN}”; rename all but one of them")
    return X[COLUMN]
