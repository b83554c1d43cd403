"""Where blocks of texts are worked on: in this process, or on the workers of a Dask cluster.

Both do the same functions to the same blocks; what they give is told apart by nothing but the time it takes.
"""

from __future__ import annotations

import pickle
import sys
import zlib
from asyncio import run_coroutine_threadsafe
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from functools import reduce
from importlib import import_module
from importlib.util import find_spec
from operator import add
from queue import SimpleQueue
from typing import Any, Protocol
from weakref import WeakSet

from workbench.errors import InputError, how_to_get
from workbench.themes.workers import PATIENCE, EngineError, check_alike, code_here, next_done, unlike, wait_for_workers

__all__ = ["Block", "Dask", "EngineError", "Here", "Texts", "open_engine"]

# So many partial sums are added up by one task.
FAN_IN = 8
# What is larger is sent to the workers once, not with every task.
SMALL = 50_000

Say = Callable[[float], None]


class Block(Protocol):
    """Some texts that can be read whenever they are needed, and as often."""

    name: str

    def read(self) -> list[str]:
        """The texts, the same ones each time."""


class Texts:
    """A block of texts that are at hand.

    Parameters
    ----------
    texts : list of str
        The texts.
    name : str
        What the block is called when something is wrong with it.
    """

    def __init__(self, texts: list[str], name: str) -> None:
        self.texts, self.name = texts, name

    def read(self) -> list[str]:
        """The texts."""
        return self.texts


class Here:
    """In this process, one block after the other."""

    def map(
        self, function: Callable[..., Any], *rows: Sequence[Any], shared: tuple[Any, ...] = (), say: Say
    ) -> list[Any]:
        """What a function gives for each block.

        Parameters
        ----------
        function : callable
            Takes a block's texts, or what was made of it before, one for each of `rows`; then `shared`.
        rows : sequences of Block, or of what `map` gave
            As long as each other.
        shared : tuple
            What it takes besides, the same for all blocks.
        say : callable
            Called with the share of the blocks that is done.

        Returns
        -------
        list
            For :meth:`map`, :meth:`total` and :meth:`bring`; where it lies is this engine's business.
        """
        return list(self._each(function, rows, shared, say))

    def total(
        self,
        function: Callable[..., Any],
        *rows: Sequence[Any],
        shared: tuple[Any, ...] = (),
        join: Callable[[Any, Any], Any] = add,
        say: Say,
    ) -> Any:
        """What a function gives for all blocks together.

        Parameters
        ----------
        function, rows, shared, say
            As for :meth:`map`.
        join : callable
            Puts two results together; in which order makes no difference.

        Returns
        -------
        object
            At hand.
        """
        return reduce(join, self._each(function, rows, shared, say))

    def bring(self, results: Sequence[Any]) -> Iterator[Any]:
        """What :meth:`map` gave, at hand, block by block."""
        return iter(results)

    @staticmethod
    def _each(
        function: Callable[..., Any], rows: Sequence[Sequence[Any]], shared: tuple[Any, ...], say: Say
    ) -> Iterator[Any]:
        for n_done, row in enumerate(zip(*rows, strict=True), 1):
            yield _do_block(function, *row, *shared)
            say(n_done / len(rows[0]))


class Dask:
    """The workers of a Dask cluster.

    A block that is lost with its worker is read and worked out again by another: each task holds, or leads back to, what
    it was made of.

    Parameters
    ----------
    client : distributed.Client
        Connected.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._sent: dict[int, tuple[Any, Any]] = {}
        self._names: list[str] = []
        self._code = code_here()
        self._futures: WeakSet[Any] = WeakSet()
        check_alike(client)

    def cancel(self) -> None:
        """Let the workers stop: somebody may still hold what they work on, such as the error that ended it."""
        if self._client.status == "running":  # with its scheduler all of it has gone
            self._client.cancel(list(self._futures))

    def map(
        self, function: Callable[..., Any], *rows: Sequence[Any], shared: tuple[Any, ...] = (), say: Say
    ) -> list[Any]:
        """See :meth:`Here.map`."""
        futures = self._submit(function, rows, shared)
        self._wait(futures, say)
        return futures

    def total(
        self,
        function: Callable[..., Any],
        *rows: Sequence[Any],
        shared: tuple[Any, ...] = (),
        join: Callable[[Any, Any], Any] = add,
        say: Say,
    ) -> Any:
        """See :meth:`Here.total`."""
        futures = first = self._submit(function, rows, shared)
        while len(futures) > 1:
            futures = [self._do(_join, join, futures[at : at + FAN_IN]) for at in range(0, len(futures), FAN_IN)]
        self._wait(first, say)
        return self._gather(futures)[0]

    def bring(self, results: Sequence[Any]) -> Iterator[Any]:
        """See :meth:`Here.bring`."""
        for at in range(0, len(results), FAN_IN):
            yield from self._gather(list(results[at : at + FAN_IN]))

    def _submit(
        self, function: Callable[..., Any], rows: Sequence[Sequence[Any]], shared: tuple[Any, ...]
    ) -> list[Any]:
        if hasattr(rows[0][0], "name"):  # blocks; what is made of them later has none
            self._names = [block.name for block in rows[0]]
        handed = [self._send(one) for one in shared]
        return [self._submit_one(function, row, handed) for row in zip(*rows, strict=True)]

    def _submit_one(self, function: Callable[..., Any], row: tuple[Any, ...], handed: list[Any]) -> Any:
        first, *rest = row
        if hasattr(first, "lazy"):  # a part of a Dask collection is worked out where it lies
            delayed = import_module("dask").delayed(_apply, pure=False)
            future = self._client.compute(delayed(self._code, function, first.lazy, *rest, *handed))
            self._futures.add(future)
            return future
        if isinstance(first, Texts):  # looked at in every pass
            first = self._send(first)
        return self._do(_apply, self._code, function, first, *rest, *handed)

    def _do(self, function: Callable[..., Any], *given: Any) -> Any:
        future = self._client.submit(function, *given, pure=False)
        self._futures.add(future)
        return future

    def _send(self, one: Any) -> Any:
        """What several tasks need, as a task of its own: scattered data would be lost with the worker that has it."""
        if id(one) not in self._sent:
            try:
                pickled = import_module("cloudpickle").dumps(one)
            except (TypeError, AttributeError, pickle.PicklingError) as error:
                raise EngineError(
                    f"{type(one).__name__} cannot be sent to Dask workers ({error}): give an encoder that can be pickled, or "
                    "work with engine=“local”."
                ) from error
            sent = self._do(_unpack, zlib.compress(pickled, 1)) if len(pickled) > SMALL else one
            self._sent[id(one)] = one, sent  # kept, so that no other object gets its id
        return self._sent[id(one)][1]

    def _wait(self, futures: list[Any], say: Say) -> None:
        done: SimpleQueue[Any] = SimpleQueue()
        for future in futures:
            future.add_done_callback(done.put)
        for n_done in range(1, len(futures) + 1):
            if next_done(self._client, done).status == "cancelled":
                raise self._in_words(CancelledError(), "")
            say(n_done / len(futures))
        for at, future in enumerate(futures):
            if future.status == "error":
                raise self._in_words(future.exception(), self._names[at])

    def _gather(self, futures: list[Any]) -> list[Any]:
        done: SimpleQueue[Any] = SimpleQueue()
        brought = run_coroutine_threadsafe(
            self._client.gather(futures, asynchronous=True), self._client.loop.asyncio_loop
        )
        brought.add_done_callback(done.put)
        try:
            return next_done(self._client, done).result()
        except EngineError:
            raise
        except (Exception, CancelledError) as error:
            raise self._in_words(error, "some block") from error
        finally:
            brought.cancel()

    @staticmethod
    def _in_words(error: BaseException, where: str) -> Exception:
        name = type(error).__name__
        if name == "KilledWorker" or isinstance(error, MemoryError):
            return EngineError(
                f"A worker died several times over {where}, most likely for want of memory. "
                "Give each worker more memory (--memory-limit) or fewer threads, or cut the input into smaller parts."
            )
        if isinstance(error, (InputError, TypeError, ValueError)):  # said of the texts, as it would be here
            return error
        if isinstance(error, CancelledError):
            return EngineError(
                "The connection to the Dask scheduler was lost, or it was started anew. See that it runs, and do it again."
            )
        return EngineError(f"A worker could not do {where} ({name}: {error}).")


@contextmanager
def open_engine(engine: Any) -> Iterator[Here | Dask]:
    """Where a fit is to be worked on.

    Parameters
    ----------
    engine : "auto", "local", "dask" or distributed.Client
        See :class:`~workbench.themes.model.ThemeModel`.

    Yields
    ------
    Here or Dask

    Raises
    ------
    ValueError
        When it is something else.
    EngineError
        When Dask is asked for and not installed, or the workers have other releases than this process.

    Examples
    --------
    >>> with open_engine("local") as engine:
    ...     engine.total(len, [Texts(["a", "b"], "first"), Texts(["c"], "second")], say=lambda share: None)
    3
    """
    if isinstance(engine, (Here, Dask)):  # open already, for more than one thing
        yield engine
        return
    with ExitStack() as open_here:
        client = _find_client(engine, open_here)
        yield Here() if client is None else open_here.enter_context(_working_on(client))


def _find_client(engine: Any, open_here: ExitStack) -> Any:
    """The client that is meant; None for this process."""
    if not isinstance(engine, str) and all(hasattr(engine, name) for name in ("submit", "gather", "scheduler_info")):
        return engine
    if isinstance(engine, str) and engine == "local":
        return None
    if isinstance(engine, str) and engine == "auto":
        return None if _is_in_a_task() else _client_in_scope()
    if isinstance(engine, str) and engine == "dask":
        if find_spec("distributed") is None:
            raise EngineError(f"engine=“dask” needs Dask: {how_to_get('dask')}")
        return _client_in_scope() or open_here.enter_context(_own_workers())
    raise ValueError(f'engine must be "auto", "local", "dask" or a dask.distributed client, got {engine!r:.60}')


@contextmanager
def _own_workers() -> Iterator[Any]:
    """A client of workers on this machine, which come back however long that takes."""
    # Dask gives one up for good that was killed and is not there again after 15 seconds, as on a machine at its limit.
    patient = import_module("dask").config.set({"distributed.deploy.lost-worker-timeout": PATIENCE})
    with patient, _start_workers() as client:
        yield client


def _start_workers() -> Any:
    try:
        # What Dask tells a browser stays here, on any free port: its own default answers the whole network.
        return import_module("distributed").Client(dashboard_address="127.0.0.1:0", set_as_default=False)
    except RuntimeError as error:
        raise EngineError(
            f"Dask could not start workers here ({error}). In a script, whatever is done must stand below a line "
            'if __name__ == "__main__": since each worker reads the script first; in a notebook nothing is needed. '
            "engine=“local” does without workers."
        ) from error


@contextmanager
def _working_on(client: Any) -> Iterator[Dask]:
    if client.asynchronous:
        raise EngineError("The Dask client is asynchronous, and a fit waits; make one with Client(asynchronous=False).")
    if client.status in ("closing", "closed", "newly-created"):
        raise EngineError(f"The Dask client is {client.status}; connect it again, or work with engine=“local”.")
    workers = Dask(_show(client))
    try:
        # Parts of a Dask collection that lie on workers are known to their client alone.
        with client.as_current():
            yield workers
    except BaseException:
        workers.cancel()
        raise


def _is_in_a_task() -> bool:
    """Whether this is done by a Dask worker, which would wait for tasks that only it can do."""
    if "distributed" not in sys.modules:
        return False
    try:
        sys.modules["distributed"].get_worker()
    except ValueError:
        return False
    return True


def _client_in_scope() -> Any:
    """The client that somebody has made in this process, if one has."""
    if "distributed" not in sys.modules:
        return None
    try:
        return sys.modules["distributed"].default_client()
    except ValueError:
        return None


def _show(client: Any) -> Any:
    n_workers = len(wait_for_workers(client))
    watch = f"; watch at {client.dashboard_link}" if _has_dashboard(client) else ""
    print(f"Working on {n_workers} Dask worker{'s' if n_workers != 1 else ''}{watch}")
    return client


def _has_dashboard(client: Any) -> bool:
    """Whether the scheduler shows what is worked on: Dask gives a link where it does not, too."""
    return "dashboard" in client.scheduler_info(n_workers=0)["services"] and find_spec("bokeh") is not None


def _apply(code: Mapping[str, str], function: Callable[..., Any], first: Any, *rest: Any) -> Any:
    """Do a block on a worker, which may have come when the others had been looked at."""
    found = code_here()
    if found != code:
        raise unlike([sys.modules["distributed"].get_worker().address], found, code)
    return _do_block(function, first, *rest)


def _do_block(function: Callable[..., Any], first: Any, *rest: Any) -> Any:
    return function(first.read() if hasattr(first, "read") else first, *rest)


def _join(join: Callable[[Any, Any], Any], parts: list[Any]) -> Any:
    return reduce(join, parts)


def _unpack(packed: bytes) -> Any:
    return pickle.loads(zlib.decompress(packed))
