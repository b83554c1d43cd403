"""Forgetting a customer: the plan carried out, in an order that lets a second run go on where the first has stopped."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import InputError
from workbench.forget.plan import Forgetting, Step, plan_forgetting, walk
from workbench.forget.search import look_into
from workbench.save import SaveError, fingerprint, lock_file, move_file, save_bytes

__all__ = ["Done", "forget"]


@dataclass(frozen=True)
class Done:
    """What was done, and what is left.

    Parameters
    ----------
    plan : Forgetting
        What was to be done.
    done : tuple of Step
        What was.
    failed : tuple of str
        ``file: why`` of what could not be; while there is any, the calls and the registry's entry stay, since a second
        run finds the rest by them.
    left : tuple of str
        Files that still give the customer away, but for mentions that were not to be replaced.
    """

    plan: Forgetting
    done: tuple[Step, ...] = ()
    failed: tuple[str, ...] = ()
    left: tuple[str, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether nothing is left that could be reached."""
        return not self.failed and not self.left


def forget(
    path: str | os.PathLike[str] | None, customer: str, *, also: Iterable[str] = (), mentions: bool = False
) -> Done:
    r"""Forget a customer: see :func:`workbench.forget.plan_forgetting`, whose steps are taken.

    Parameters
    ----------
    path, customer, also, mentions
        As there.

    Returns
    -------
    Done
        What was done, what failed, and what is still there.

    Raises
    ------
    InputError
        When there is no such customer; nothing was touched.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> _ = (folder / "interviews" / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\n---\n- one")
    >>> forget(folder, "Acme").complete, list((folder / "interviews").glob("*.md"))
    (True, [])
    """
    plan = plan_forgetting(path, customer, also=also, mentions=mentions)
    done: list[Step] = []
    failed: list[str] = []
    for turn in (0, 1, 2):
        if failed:
            break
        # A name is the last thing of a file to change, so that the other steps find it.
        for step in sorted((s for s in plan.steps if s.turn == turn), key=lambda step: step.what == "rename"):
            try:
                _take(plan.root, step, done)
                done.append(step)
            except (OSError, SaveError, InputError) as error:
                why = error.strerror or error if isinstance(error, OSError) else error
                failed.append(f"{step.file}: {why}")
    for step in done:
        if step.what == "remove":
            _tidy(plan.root, step.file)
    return Done(plan, tuple(done), tuple(failed), tuple(_still(plan, mentions)))


def _take(root: Path, step: Step, done: list[Step]) -> None:
    path = root / step.file
    if step.what == "change":
        save_bytes(path, step.new or b"", expected=step.loaded)
    elif step.what == "rename":
        before = next((other for other in done if other.file == step.file and other.what == "change"), None)
        loaded = fingerprint(before.new or b"") if before else step.loaded
        move_file(path, root / step.to, expected=loaded)
    else:
        if fingerprint(path.read_bytes()) != step.loaded:
            raise InputError("was changed meanwhile; run the command again")
        path.unlink()


def _tidy(root: Path, file: str) -> None:
    """The lock of a removed file, whose name is made of the file's; a folder that is empty now."""
    with suppress(OSError):
        lock_file(root / file).unlink()
    folder = (root / file).parent
    while folder != root and folder.parent != root:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _still(plan: Forgetting, mentions: bool) -> list[str]:
    """Files that still give the customer away."""
    left = []
    known = {place.split(":")[0].split(",")[0] for place in plan.mentions}
    for file in walk(plan.root):
        path = plan.root / file
        if path.is_symlink() or file in known:
            continue
        try:
            texts = look_into(path.read_bytes()).texts
        except OSError:
            left.append(file)
            continue
        if any(trace.sure or mentions for text in (file, *texts) for trace in plan.traces.find(text)):
            left.append(file)
    return left
