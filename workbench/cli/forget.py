"""The command ``workbench forget``: a customer taken out of everything that the workbench reaches."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from workbench.cli.output import count, say
from workbench.cli.workspace import named_workspace

if TYPE_CHECKING:
    from workbench.forget import Forgetting

__all__ = ["add_commands"]

# So many lines of one kind are printed; --all prints the others.
N_SHOWN = 20


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("forget", _forget, "take a customer out of calls, records, notebooks, reports and caches")
    sub.add_argument("customer", metavar="CUSTOMER", help="any spelling of it, or a report's P-3fa9")
    sub.add_argument("--yes", action="store_true", help="do it; without this, only say what would be done")
    sub.add_argument("--dry-run", action="store_true", help="only say what would be done (as without --yes)")
    sub.add_argument(
        "--mentions", action="store_true",
        help="also where others' calls and files mention it, and single names of its people: replaced by “(forgotten)”",
    )  # fmt: skip
    sub.add_argument(
        "--also", metavar="WORDS", action="append", default=[],
        help="further words that give it away, such as a product of theirs; may be given again",
    )  # fmt: skip
    sub.add_argument("--all", action="store_true", help="list every place, however many there are")
    sub.epilog = "docs/private.md says what is reached and what is not. Close JupyterLab first: an open tab would save what was removed."


def _forget(options: argparse.Namespace) -> None:
    from workbench.forget import forget, name_copies, plan_forgetting

    root, how = named_workspace(options), {"also": options.also, "mentions": options.mentions}
    really = options.yes and not options.dry_run
    done = forget(root, options.customer, **how) if really else None
    plan = done.plan if done else plan_forgetting(root, options.customer, **how)
    most = None if options.all else N_SHOWN

    known = [name for name in plan.names if name != plan.customer]
    print(plan.customer + (f" (also {', '.join(known)})" if known else ""))
    if plan.people:
        print(f"Its people: {', '.join(plan.people)}")
    steps = plan.steps if done is None else done.done
    for what, heading in (("remove", "Removed"), ("change", "Changed"), ("rename", "Renamed")):
        taken = [step for step in steps if step.what == what]
        lines = [f"{step.file}{f' to {step.to}' if step.to else ''} ({step.why})" for step in taken]
        _print(heading if done else f"{heading}, with --yes", lines, most)
        _print("", [place for step in taken if what == "change" for place in step.places], most, indent=8)
    _print("Weaker claims, by distinct customers", [
        f"{w.id} {w.title or '(no title)'}: {w.before} of {w.of_before} before, {w.after} of {w.of_after} after ({w.file})"
        for w in plan.weakened
    ], None)  # fmt: skip
    if plan.mentions:
        _print("Left as they are: mentions in others' files, and single names that may be somebody else's", plan.mentions, most)  # fmt: skip
        print("    To replace them by “(forgotten)” too, add  --mentions")
    _print("Yours to mend", plan.by_hand, most)
    _print("To look at", plan.hints, most)
    print()
    print("Out of this command's reach:")
    for copy in name_copies(plan):
        print(f"    {copy.where}: {copy.todo}")
        _print("", copy.files, most, indent=8)
        for line in copy.commands if done or len(copy.commands) == 1 else ():
            print(f"        {line}")
        if copy.commands[1:] and not done:
            print("        (the lines are printed when it is done)")
    if done is None:
        again = "".join(f" --also {shlex.quote(word)}" for word in options.also) + " --mentions" * options.mentions
        say(f"\nNothing was changed. To do it:  workbench forget {shlex.quote(options.customer)}{again} --yes")
        return
    if done.failed or done.left:
        _print("Not done", done.failed, None, to_error=True)
        _print("Still there", [file for file in done.left if file not in {f.split(":")[0] for f in done.failed}], None, to_error=True)  # fmt: skip
        if done.failed:
            say(
                "The registry's entry stays until the rest is done. Mend what is named, then run the same command again."
            )
        sys.exit(1)
    say(f"\n{_summary(plan)} Forgotten: no file that the workbench reaches names {plan.customer}" + (
        ", but for the mentions above." if plan.mentions else "."
    ))  # fmt: skip


def _summary(plan: Forgetting) -> str:
    n_calls = sum(step.what == "remove" and step.why == "call" for step in plan.steps)
    return f"{count(n_calls, 'call')} removed; counts are made anew without them."


def _print(heading: str, lines: Iterable[str], most: int | None, *, indent: int = 4, to_error: bool = False) -> None:
    lines = list(lines)
    if not lines:
        return
    where = sys.stderr if to_error else sys.stdout
    if heading:
        print(f"\n{heading}:", file=where)
    for line in lines[:most]:
        print(f"{' ' * indent}{line}", file=where)
    if most is not None and len(lines) > most:
        print(f"{' ' * indent}and {len(lines) - most} more; --all lists them", file=where)
