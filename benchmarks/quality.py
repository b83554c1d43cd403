"""Sections of ``benchmarks/themes.py`` on how well themes fit what people labelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import process_time

import numpy as np
from labelled import SETS, Bench, Task, interval, points, score, table
from peers import Method, methods, quietly


@dataclass(frozen=True)
class Run:
    """What a method did on some tasks."""

    method: Method
    scores: list[dict[str, float]]
    seconds: float

    def mean(self, key: str) -> float:
        """The mean over the tasks that have the figure."""
        return float(np.nanmean([score[key] for score in self.scores]))


def run_all(chosen: Iterable[Method], tasks: list[Task]) -> list[Run]:
    """Each method on each task, in turn; libraries that compile at first use do so on a task that is not counted."""
    runs = []
    for method in chosen:
        quietly(method, tasks[0].texts, tasks[0].n_classes)
        scores, seconds = [], 0.0
        for task in tasks:
            start = process_time()
            labels = quietly(method, task.texts, task.n_classes)
            seconds += process_time() - start
            scores.append(score(task, labels))
        runs.append(Run(method, scores, seconds))
    return runs


def quality(bench: Bench, seeds: int, say: Callable[[str], None]) -> None:
    """Small and mid tasks: AMI a set, number of themes, left out, CPU seconds; and what the differences amount to."""
    chosen = methods(bench.minilm)
    small = list(bench.small(seeds))
    runs = run_all(chosen, small)
    say(f"### Small tasks: AMI, {len(SETS)} sets x {seeds} tasks of 80 to 400 notes\n")
    say(_by_set(runs, small))
    say(_differences(runs, small))
    mid = list(bench.mid())
    say(f"### Mid tasks: AMI, {len(SETS)} tasks of {_range(mid)} notes\n")
    say(_by_set(run_all(chosen, mid), mid))
    say(
        "k/k* is the median of themes found for each class there is. CPU seconds are those of all tasks together, after "
        "one task that is not counted; + emb: and the time of making the embeddings, which are kept in the bench (see "
        "speed for what they cost)."
    )


def _range(tasks: list[Task]) -> str:
    sizes = [len(task.texts) for task in tasks]
    return f"{min(sizes):,} to {max(sizes):,}"


def _by_set(runs: list[Run], tasks: list[Task]) -> str:
    rows = []
    for run in runs:
        per_set = [
            np.mean([s["ami"] for s, task in zip(run.scores, tasks, strict=True) if task.name == name]) for name in SETS
        ]
        ratio = np.median([s["k_ratio"] for s in run.scores])
        left = f"{run.mean('left_on'):.0%}"
        off = [s["left_off"] for s in run.scores]
        left += "" if np.isnan(off).all() else f" / {np.nanmean(off):.0%}"
        seconds = f"{run.seconds:.1f}" + (" + emb" if run.method.embeds else "")
        rows.append(
            [run.method.name, *map(points, per_set), f"**{points(np.mean(per_set))}**", f"{ratio:.2f}", left, seconds]
        )
    return table(["", *SETS, "mean", "k/k*", "left out on / off topic", "CPU s"], rows)


def _differences(runs: list[Run], tasks: list[Task]) -> str:
    """Ours minus the peers that count, task by task."""
    # banking77 and bank_notes of one seed hold the same classes in the same sizes, and sentences in common.
    units = [(task.name.replace("banking77", "bank_notes"), task.seed) for task in tasks]
    rows = []
    for ours in (run for run in runs if "workbench" in run.method.name):
        for peer in (run for run in runs if "KMeans" in run.method.name or "min_topic_size=5" in run.method.name):
            gaps = np.array([a["ami"] - b["ami"] for a, b in zip(ours.scores, peer.scores, strict=True)])
            low, high = interval(gaps, units)
            rows.append(
                [
                    f"{ours.method.name} minus {peer.method.name}",
                    f"{gaps.mean():+.3f}",
                    f"{low:+.3f} to {high:+.3f}",
                    f"{(gaps > 0).sum()} of {len(gaps)}",
                ]
            )
    note = (
        "The interval is a paired bootstrap over the tasks, banking77 and bank_notes of one seed drawn together; it says "
        "how far other tasks of these five sets might differ, not other sets.\n"
    )
    return table(["small tasks", "AMI", "95 % interval", "better on"], rows) + "\n" + note
