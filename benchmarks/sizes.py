"""Sections of ``benchmarks/themes.py`` on few notes and on very many."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import numpy as np
from labelled import SETS, Bench, Task, points, score, table
from peers import Method, methods, ours, quietly, tf_idf, tf_idf_kmeans
from sklearn.cluster import MiniBatchKMeans

SIZES = (5, 8, 15, 30)
MOST_CLASSES = 5


def sizes(bench: Bench, seeds: int, say: Callable[[str], None]) -> None:
    """A first week's notes: few of them, of few themes."""
    rows = []
    for size in SIZES:
        tasks = [draw(task, size, seed) for seed, task in enumerate(bench.small(seeds))]
        n_classes = [task.n_classes for task in tasks]
        for method in methods(bench.minilm):
            scores, failed = _scores(method, tasks)
            amis = [one["ami"] for one in scores]
            rows.append(
                [
                    f"{size}, {min(n_classes)} to {max(n_classes)} classes",
                    method.name,
                    f"{points(np.mean(amis), 2)} ± {points(np.std(amis, ddof=1) / len(amis) ** 0.5, 2)}",
                    f"{np.mean([one['k_ratio'] for one in scores]):.2f}",
                    f"{np.mean([one['left_on'] for one in scores]):.0%}",
                    f"{sum(not one['k_ratio'] for one in scores)} of {len(scores)}",
                    failed or "",
                ]
            )
    say(table(["notes", "", "AMI ± standard error", "k/k*", "left out", "no theme at all", "traceback"], rows))
    say(
        f"One draw from each small task, {len(SETS)} sets x {seeds}: 2 to {MOST_CLASSES} classes (never more than half as "
        "many as notes), at least two notes of each, none off topic. A method that raises an error leaves all out."
    )


def draw(task: Task, size: int, seed: int) -> Task:
    """`size` notes of a task, of 2 to `MOST_CLASSES` classes, each with two notes or more."""
    rng = np.random.default_rng([size, seed])
    of_class = [np.flatnonzero(task.truth == name) for name in sorted(set(task.truth[task.on_topic]))]
    n_classes = min(int(rng.integers(2, MOST_CLASSES + 1)), size // 2)
    chosen = [rng.permutation(of_class[i]) for i in rng.permutation(len(of_class))[:n_classes]]
    certain = [row for rows in chosen for row in rows[:2]]
    others = rng.permutation([row for rows in chosen for row in rows[2:]]).astype(int)
    return task.take(rng.permutation([*certain, *others][:size]))


def _scores(method: Method, tasks: list[Task]) -> tuple[list[dict[str, float]], int]:
    scores, failed = [], 0
    for task in tasks:
        try:
            labels = quietly(method, task.texts, task.n_classes)
        except Exception:  # what a peer does on few notes is part of what is measured
            labels, failed = np.full(len(task.texts), -1), failed + 1
        scores.append(score(task, labels))
    return scores, failed


def large(bench: Bench, seeds: int, say: Callable[[str], None]) -> None:
    """All texts of each set: thousands of notes."""
    tasks = list(bench.full())
    chosen = [
        ours(),
        Method("TF-IDF + KMeans(n_init=10), k told", tf_idf_kmeans),
        Method(
            "TF-IDF + MiniBatchKMeans, k told",
            lambda texts, k: MiniBatchKMeans(k, n_init=3, random_state=0).fit_predict(tf_idf(texts)),
        ),
    ]
    rows = []
    for method in chosen:
        scores, start = [], process_time()
        for task in tasks:
            scores.append(score(task, quietly(method, task.texts, task.n_classes)))
        seconds = process_time() - start
        amis = [one["ami"] for one in scores]
        ratio = np.median([one["k_ratio"] for one in scores])
        left = np.mean([one["left_on"] for one in scores])
        mean = f"**{points(np.mean(amis))}**"
        rows.append([method.name, *map(points, amis), mean, f"{ratio:.2f}", f"{left:.0%}", f"{seconds:.1f}"])
    counts = [f"{task.name}, {len(task.texts):,} notes, {task.n_classes} classes" for task in tasks]
    say(table(["AMI", *counts, "mean", "k/k*", "left out", "CPU s"], rows))
