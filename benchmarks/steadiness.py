"""Section of ``benchmarks/themes.py`` on what must not change the themes, and on what more notes change.

Each row of the first table has processes of its own: ``python benchmarks/steadiness.py BENCH SEEDS ORDER ENCODER``
prints the labels as JSON, in the notes' first order.
"""

from __future__ import annotations

import json
import locale
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from labelled import SETS, Bench, Task, broken_pairs, table
from peers import methods, ours, quietly

ORDERS = {
    "notes backwards": "backwards",
    "notes shuffled": "1",
    "notes shuffled otherwise": "2",
    "the second fit of the same notes": "again",
    "tasks in another sequence": "tasks",
}
SETTINGS: dict[str, dict[str, str]] = {
    "another process": {},
    "PYTHONHASHSEED=1": {"PYTHONHASHSEED": "1"},
    "PYTHONHASHSEED=2": {"PYTHONHASHSEED": "2"},
    "TZ=Pacific/Kiritimati": {"TZ": "Pacific/Kiritimati"},
    "LC_ALL=C": {"LC_ALL": "C"},
    "LC_ALL=tr_TR.UTF-8": {"LC_ALL": "tr_TR.UTF-8"},
    "2 threads": {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
    "4 threads": {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"},
    "OpenBLAS as on a processor of 2008": {"OPENBLAS_CORETYPE": "Nehalem"},
}
ALL_AT_ONCE = {"PYTHONHASHSEED": "3", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "OMP_NUM_THREADS": "2"}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def steadiness(bench: Bench, seeds: int, say: Callable[[str], None]) -> None:
    """Labels that differ when nothing that matters does; pairs broken by another order and by a quarter more notes."""
    encoders = ["none", "minilm"] if ours(bench.minilm) else ["none"]
    base = {encoder: run(bench, seeds, "", encoder, {}) for encoder in encoders}
    rows = []
    for name, order, setting in [
        *((name, "", setting) for name, setting in SETTINGS.items()),
        *((name, order, {}) for name, order in ORDERS.items()),
        ("all at once", "3", ALL_AT_ONCE),
    ]:
        row = [name]
        for encoder in encoders:
            found = run(bench, seeds, order, encoder, setting)
            row.append(f"{sum(a != b for a, b in zip(found['labels'], base[encoder]['labels'], strict=True)):,}")
            if setting.get("LC_ALL") and not found["locale"]:
                row[0] = f"{name} (not on this machine)"
        rows.append(row)
    total = [f"labels that differ of {len(base[encoder]['labels']):,}, {_name(encoder)}" for encoder in encoders]
    say(table(["", *total], rows))
    say(
        f"Over {len(SETS)} x {seeds} small tasks, the five mid tasks and, TF-IDF only, a full one "
        f"({len(full_task(bench).texts):,} notes). A label differs also when the same theme got another number.\n"
    )
    say(_refits(bench, min(seeds, 4)))


def _refits(bench: Bench, seeds: int) -> str:
    """Broken pairs beside the peers."""
    tasks = list(bench.small(seeds))
    rows = []
    for method in methods(bench.minilm):
        order, more = [], []
        for task in tasks:
            n, k = len(task.texts), task.n_classes
            whole = quietly(method, task.texts, k)
            shuffled = np.random.default_rng(0).permutation(n)
            again = np.empty(n, dtype=int)
            again[shuffled] = quietly(method, [task.texts[row] for row in shuffled], k)
            order.append(broken_pairs(whole, again))
            early = n * 4 // 5
            more.append(broken_pairs(quietly(method, task.texts[:early], k), whole[:early]))
        rows.append([method.name, f"{np.mean(order):.3f}", f"{np.mean(more):.3f}"])
    head = ["share of same-theme pairs broken by", "another order of the notes", "a refit with a quarter more notes"]
    return table(head, rows) + f"\n{len(SETS)} x {seeds} small tasks. 'k told' is the k of all notes both times.\n"


def run(bench: Bench, seeds: int, order: str, encoder: str, setting: dict[str, str]) -> dict[str, object]:
    """Labels of a process of its own."""
    command = [sys.executable, __file__, str(bench.folder), str(seeds), order, encoder]
    environment = {**os.environ, **ONE_THREAD, **setting}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"the labels of {order or 'the order as read'}, {setting} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def child(folder: str, seeds: int, order: str, encoder: str) -> dict[str, object]:
    """The labels, and whether the locale asked for is there."""
    try:
        locale.setlocale(locale.LC_ALL, "")
        known = True
    except locale.Error:
        known = False
    bench = Bench(Path(folder))
    method = ours(bench.minilm if encoder == "minilm" else None)
    tasks = [*bench.small(seeds), *bench.mid(), *([full_task(bench)] if encoder == "none" else [])]
    of_task: dict[int, list[int]] = {}
    # What was fitted before in the process must not matter either: a library may draw from a state that it keeps.
    for i, task in reversed(list(enumerate(tasks))) if order == "tasks" else enumerate(tasks):
        n = len(task.texts)
        rows = np.arange(n)[::-1] if order == "backwards" else np.arange(n)
        rows = np.random.default_rng(int(order)).permutation(n) if order.isdigit() else rows
        found = np.empty(n, dtype=int)
        for _ in range(2 if order == "again" else 1):
            found[rows] = quietly(method, [task.texts[row] for row in rows], task.n_classes)
        of_task[i] = found.tolist()
    return {"labels": [label for i in sorted(of_task) for label in of_task[i]], "locale": known}


def full_task(bench: Bench) -> Task:
    """One task on the path of large corpora."""
    return next(task for task in bench.full() if task.name == "airline")


def _name(encoder: str) -> str:
    return "with MiniLM" if encoder == "minilm" else "TF-IDF only"


if __name__ == "__main__":
    print(json.dumps(child(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])))
