"""Sentence encoders: what may be given as one, and the one that an extra brings."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from workbench.errors import how_to_get

__all__ = ["find_encoder", "remember"]


def find_encoder(encoder: Any) -> Callable[[Sequence[str]], np.ndarray] | None:
    """A function from texts to an array of rows.

    Parameters
    ----------
    encoder : callable, object with ``encode``, "semantic" or None
        See :class:`~workbench.themes.model.ThemeModel`.

    Returns
    -------
    callable or None
        Takes a sequence of n texts, gives an ndarray of shape (n, d), float64. None without an encoder, and with a
        warning where "semantic" is asked for and not installed.

    Raises
    ------
    ValueError
        When `encoder` is something else; later, when it gives something else than n rows of finite numbers.

    Examples
    --------
    >>> find_encoder(lambda texts: [[len(text)] for text in texts])(["one", "three"])
    array([[3.],
           [5.]])
    """
    if encoder is None:
        return None
    if isinstance(encoder, str) and encoder == "semantic":
        if find_spec("wordllama") is None:
            warnings.warn(
                f"No semantic model is installed, so themes come from words alone: {how_to_get('semantic')}",
                stacklevel=2,
            )
            return None
        encoder = _semantic_model()
    # A sentence-transformers model can be called too, but with something else than texts; and a string has an encode.
    function = getattr(encoder, "encode", encoder)
    if isinstance(encoder, str) or not callable(function):
        raise ValueError(
            f'encoder must be a function from texts to rows, an object with encode, or "semantic", got {encoder!r:.60}'
        )

    def encode(texts: Sequence[str]) -> np.ndarray:
        try:
            rows = np.asarray(function(list(texts)), dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"the encoder gave no table of numbers for {len(texts)} texts ({error})") from error
        if rows.ndim != 2 or len(rows) != len(texts) or not rows.shape[1] or not np.isfinite(rows).all():
            shape = f"an array of shape {rows.shape}" + ("" if np.isfinite(rows).all() else " with gaps")
            raise ValueError(f"the encoder must give one row of numbers a text: {len(texts)} texts, got {shape}")
        return rows

    return encode


def remember(encode: Callable[[Sequence[str]], np.ndarray]) -> Callable[[Sequence[str]], np.ndarray]:
    """An encoder that is asked once for each text, since an encoder costs far more than all else.

    Parameters
    ----------
    encode : callable
        As :func:`find_encoder` gives it.

    Returns
    -------
    callable
        Gives the same rows.

    Examples
    --------
    >>> asked = []
    >>> encode = remember(lambda texts: asked.extend(texts) or np.ones((len(texts), 2)))
    >>> encode(["one", "two"]).shape, encode(["two", "three"]).shape, asked
    ((2, 2), (2, 2), ['one', 'two', 'three'])
    """
    known: dict[str, np.ndarray] = {}

    def encode_new(texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, encode(new), strict=True))
        return np.stack([known[text] for text in texts])

    return encode_new


@cache
def _semantic_model() -> Callable[[Sequence[str]], np.ndarray]:
    """WordLlama's token vectors, as they lie in its package: nothing is fetched."""
    from safetensors.numpy import load
    from tokenizers import Tokenizer

    # Its files and none of its code, which opens a socket and sets up the logging of the whole program.
    spec = find_spec("wordllama")
    folder = spec.submodule_search_locations[0]
    (table,) = load(spec.loader.get_data(f"{folder}/weights/l2_supercat_256.safetensors")).values()
    tokens = Tokenizer.from_str(spec.loader.get_data(f"{folder}/tokenizers/l2_supercat_tokenizer_config.json").decode())
    table = table.astype(np.float32)

    def encode(texts: Sequence[str]) -> np.ndarray:
        # One by one: a batch starts threads, and no faster on a few cores.
        ids = [tokens.encode(text, add_special_tokens=False).ids for text in texts]
        return np.stack([table[one].mean(axis=0) if one else np.zeros(table.shape[1]) for one in ids])

    return encode
