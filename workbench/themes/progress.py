"""How far a fit is, told to whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

__all__ = ["Progress", "telling"]

# What a fit takes as `progress`.
Progress = Callable[[float], None] | bool | None


@contextmanager
def telling(progress: Progress, what: str = "Finding themes") -> Iterator[Callable[[float], None]]:
    """What is called with the share that is done.

    Parameters
    ----------
    progress : callable, bool or None
        A function that takes the share, from 0 to 1; True for a bar, in a notebook as a widget; else nothing is told.
    what : str
        What the bar says.

    Yields
    ------
    callable

    Examples
    --------
    >>> with telling(print) as say:
    ...     say(0.5)
    0.5
    """
    if callable(progress):
        yield progress
    elif progress:
        form = "{desc}: {bar} {n:.0f} % {elapsed}"
        with import_module("tqdm.auto").tqdm(total=100, desc=what, bar_format=form) as bar:
            yield lambda share: bar.update(max(0, round(100 * share) - bar.n))
    else:
        yield lambda share: None
