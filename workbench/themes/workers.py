"""The workers of a Dask cluster: which there are, whether their code is this process's, and whether they still work."""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pkgutil import get_data
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import Any

from workbench.errors import InputError

__all__ = ["EngineError", "check_alike", "code_here", "next_done", "unlike", "wait_for_workers"]

# A worker's libraries alone take half of it. With less it stops in the middle, and Dask waits for it without end.
LEAST_MEMORY = 500_000_000
# Above this share of its memory a worker puts on its disk what can lie there.
SPILLS = 0.6
# What has to be of one release everywhere, since a word is split and stemmed by it.
ALIKE = ("discovery-workbench", "snowballstemmer", "wordfreq")
# Seconds: a machine that a cluster asks for may take minutes to come, and a worker that was killed some seconds.
PATIENCE = 300.0
# Seconds from one look at workers that have finished nothing to the next, and that a scheduler may take to answer.
LOOK, ANSWER = 5.0, 60.0


class EngineError(InputError):
    """The workers could not do it; says which block and what to do."""


# Which there are


def wait_for_workers(client: Any) -> Mapping[str, Mapping[str, Any]]:
    """The workers there are, at least one, each with memory enough.

    Parameters
    ----------
    client : distributed.Client
        Connected.

    Returns
    -------
    mapping of str to mapping
        What the scheduler says of each, by address.

    Raises
    ------
    EngineError
        When none comes within `PATIENCE`, one has too little memory, or the scheduler does not answer.
    """
    workers, start = _ask(client), monotonic()
    if not workers:
        print("No Dask worker is there yet; waiting for the first")
    while not workers:
        if monotonic() - start > PATIENCE:
            raise EngineError(
                f"No Dask worker has come within {_minutes()}. Start one (cluster.scale(2)), or work with engine=“local”."
            )
        sleep(0.2)
        workers = _ask(client)
    for worker, found in workers.items():
        if (found["memory_limit"] or LEAST_MEMORY) < LEAST_MEMORY:
            raise EngineError(
                f"The Dask worker {worker} may use {_mb(found['memory_limit'])} of memory, and needs "
                f"{_mb(LEAST_MEMORY)}: give each worker more (--memory-limit), or have fewer of them."
            )
    return workers


def _ask(client: Any) -> Mapping[str, Mapping[str, Any]]:
    """What the scheduler says of its workers."""
    if client.status == "running":
        try:
            return client.sync(client.scheduler.identity, callback_timeout=ANSWER)["workers"]
        except (OSError, TimeoutError):
            pass
    raise EngineError(
        f"The Dask scheduler at {client.scheduler.address if client.scheduler else 'its address'} does not answer. "
        "See that it runs, and connect anew."
    )


# Whether their code is this process's


def check_alike(client: Any) -> None:
    """See that the same words come of a text on every worker.

    Parameters
    ----------
    client : distributed.Client
        Connected.

    Raises
    ------
    EngineError
        Naming the workers that have other releases or other code than this process, or none.
    """
    ours = code_here()
    # One that has gone meanwhile, or does not answer, is looked at again with each of its tasks.
    try:
        answers = client.run(code_here, on_error="return", callback_timeout=ANSWER).items()
    except TimeoutError:
        return
    found = {worker: code for worker, code in answers if not isinstance(code, OSError)}
    for worker, code in found.items():
        if isinstance(code, BaseException):
            raise EngineError(
                f"The Dask worker {worker} cannot work on it ({code}). "
                f"Install discovery-workbench {ours[ALIKE[0]]} in its environment too."
            )
    if others := {worker: code for worker, code in found.items() if code != ours}:
        first = next(iter(others.values()))
        raise unlike([worker for worker, code in others.items() if code == first], first, ours)


def unlike(workers: list[str], found: Mapping[str, str], ours: Mapping[str, str]) -> EngineError:
    """Say in what the code of some workers is another.

    Parameters
    ----------
    workers : list of str
        Their addresses.
    found, ours : mapping of str to str
        Theirs, and this process's, from :func:`code_here`.

    Returns
    -------
    EngineError

    Examples
    --------
    >>> print(unlike(["tcp://a:1"], {"wordfreq": "3.1.1"}, {"wordfreq": "3.2.0"}))
    The Dask worker tcp://a:1 has wordfreq 3.1.1 and this process 3.2.0: labels could differ. Install the same release on both.
    """
    name = next(name for name in ours if found.get(name) != ours[name])
    they = f"worker{'s' * (len(workers) > 1)} {', '.join(workers)} {'have' if len(workers) > 1 else 'has'}"
    if name == "code":
        return EngineError(
            f"The Dask {they} other code of discovery-workbench {ours[ALIKE[0]]} than this process (its files add up to "
            f"{found.get(name)}, and here to {ours[name]}): labels could differ. Install the same files on both, and start "
            "the workers and this process anew."
        )
    return EngineError(
        f"The Dask {they} {name} {found.get(name)} and this process {ours[name]}: labels could differ. "
        "Install the same release on both."
    )


@cache
def code_here() -> Mapping[str, str]:
    """What this process has of all that a label depends on.

    Returns
    -------
    mapping of str to str
        Releases by name, and under ``code`` a digest of our own files.
    """
    return {**{name: version(name) for name in ALIKE}, "Python": "{}.{}".format(*sys.version_info), "code": _CODE}


def _digest() -> str:
    """Of our files that work on texts, whatever ends their lines."""
    found, package = hashlib.sha256(), files("workbench")
    names = [f"{folder}/{path.name}" for folder in ("corpus", "themes") for path in package.joinpath(folder).iterdir()]
    for name in sorted([*names, "csv_rows.py", "labelling.py", "unspaced.py"]):
        if name.endswith((".py", ".txt")):
            found.update(name.encode() + b"\0" + (get_data("workbench", name) or b"").replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()[:8]


# Not when it is asked for: files may be changed under a process that goes on with what it has read.
_CODE = _digest()


# Whether they still work


def next_done(client: Any, done: SimpleQueue[Any]) -> Any:
    """Wait for what the workers finish next, for as long as any of them works.

    Parameters
    ----------
    client : distributed.Client
        Connected.
    done : SimpleQueue
        Into which it is put.

    Returns
    -------
    object
        The first of the queue.

    Raises
    ------
    EngineError
        When for `PATIENCE` none has worked, or the scheduler does not answer.
    """
    idle_since, seen = None, dict[str, Any]()
    while True:
        try:
            return done.get(timeout=LOOK)
        except Empty:
            workers = _ask(client)
        if any(map(_works, workers.values())):
            idle_since = None
        elif idle_since is None:
            idle_since, seen = monotonic(), {address: one["last_seen"] for address, one in workers.items()}
            if not any(one["status"] == "running" for one in workers.values()):
                print(f"{_idle(workers)}. Waiting {_minutes()} for that to change")
        # One that has said nothing since may be in the middle of something; the scheduler gives it up after a while.
        elif monotonic() - idle_since > PATIENCE and not any(
            seen.get(address) == one["last_seen"] for address, one in workers.items()
        ):
            raise EngineError(f"{_idle(workers)}, for {_minutes()}. {_todo(workers)}")


def _works(worker: Mapping[str, Any]) -> bool:
    """Whether it does something, or gets what it needs for that."""
    n_tasks = worker["metrics"].get("task_counts", {})
    return bool(n_tasks.get("executing") or (n_tasks.get("flight") and worker["status"] == "running"))


def _idle(workers: Mapping[str, Mapping[str, Any]]) -> str:
    """What keeps them from working."""
    if not workers:
        return "No Dask worker is there any more"
    paused = {address: one for address, one in workers.items() if one["status"] == "paused"}
    if not paused:
        return f"None of {len(workers)} Dask workers does anything"
    held = "; ".join(f"{address} {_held(one)}" for address, one in paused.items())
    return f"{len(paused)} of {len(workers)} Dask workers have stopped, being short of memory ({held}), and none works"


def _held(worker: Mapping[str, Any]) -> str:
    """How much memory it has, and how much it needs where that is more."""
    limit, needs = worker["memory_limit"] or math.inf, _needs(worker)
    of = f" of {_mb(limit)}" if limit < math.inf else ""
    return f"holds {_mb(worker['metrics'].get('memory', 0))}{of}" + (
        f" and needs {_mb(needs)}" if needs > limit else ""
    )


def _needs(worker: Mapping[str, Any]) -> float:
    """How much memory lets a worker go on: what cannot lie on its disk, below the share from which the rest goes there."""
    metrics = worker["metrics"]
    at_hand = metrics.get("managed_bytes", 0) - metrics.get("spilled_bytes", {}).get("memory", 0)
    return math.ceil((metrics.get("memory", 0) - at_hand) / SPILLS / 1e8) * 1e8


def _todo(workers: Mapping[str, Mapping[str, Any]]) -> str:
    if any(one["status"] == "paused" for one in workers.values()):
        what = "Give each worker more memory (--memory-limit), or have fewer of them"
    else:
        what = (
            "See in their logs why they stopped (it is mostly want of memory), and start them anew (cluster.scale(2))"
        )
    return f"{what}; or work with engine=“local”."


def _minutes() -> str:
    return f"{PATIENCE / 60:.0f} minutes" if PATIENCE > 60 else f"{PATIENCE:g} second{'s' * (PATIENCE != 1)}"


def _mb(n_bytes: float) -> str:
    return f"{n_bytes / 1e6:,.0f} MB"
