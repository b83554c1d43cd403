"""Notes that come day by day: how often it is said that themes no longer do, with and without a subject never heard before.

    python benchmarks/new_notes.py --bench DIR [--seeds 10] [--weeks 20] [--size 50]

Prints Markdown. Of each labelled set (benchmarks/labelled.py) the pooled small tasks are split by chance: seven of ten notes are
earlier ones, in which themes are found; weeks are drawn from the others. In a *usual* week every class has been there before;
in a *new* one three of ten notes are of classes that were kept out of the earlier ones (a quarter of the classes).

told      share of the weeks in which `measure_drift` asks whether themes should be suggested again
far       share of the notes that fit no theme: those of known classes, those of classes never heard before
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from labelled import Bench, Task, points, table
from peers import stamp

import workbench as wb

NEW_SHARE = 0.3


def as_notes(texts: list[str], day: str, start: int = 0) -> pd.DataFrame:
    """Texts as notes of one day, two a customer."""
    names = [f"n{start + k}" for k in range(len(texts))]
    return pd.DataFrame(
        {
            "note": names, "call": names, "customer": [f"c{(start + k) // 2}" for k in range(len(texts))],
            "segment": "s", "date": pd.Timestamp(day), "kind": "pain", "consent": "quote", "text": texts,
        }
    )  # fmt: skip


def weeks_of(task: Task, seed: int, n_weeks: int, size: int):
    """Of one split: for each week whether it is new, what was told, and how many notes of each kind were far."""
    rng = np.random.default_rng(seed)
    classes = np.array(sorted(set(task.truth[task.on_topic])))
    kept_out = rng.permutation(classes)[: max(1, len(classes) // 4)]
    known = rng.permutation(np.flatnonzero(task.on_topic & ~np.isin(task.truth, kept_out)))
    strange = np.flatnonzero(np.isin(task.truth, kept_out))
    earlier, late = np.split(known, [int(0.7 * len(known))])
    before = as_notes([task.texts[row] for row in earlier], "2026-01-01")
    themes = wb.find_themes(before)
    for week in range(n_weeks):
        for n_new in (0, int(NEW_SHARE * size)):
            rows = [*rng.choice(late, size - n_new, replace=False), *rng.choice(strange, n_new)]
            notes = as_notes([task.texts[row] for row in rows], "2026-02-01", 100_000 * (week + 1))
            # Without add_notes, which words and counts all themes again: drift looks at the texts of the newest alone.
            yield n_new, wb.measure_drift(replace(themes, notes=pd.concat([themes.notes, notes.assign(theme="")])))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True, help="the folder of the labelled sets")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--weeks", type=int, default=20)
    parser.add_argument("--size", type=int, default=50)
    options = parser.parse_args()
    print(stamp())
    rows = []
    for task in Bench(options.bench).mid():
        found = [one for seed in range(options.seeds) for one in weeks_of(task, seed, options.weeks, options.size)]
        usual, new = ([drift for n_new, drift in found if bool(n_new) == of_new] for of_new in (False, True))
        share = np.mean([drift.n_far / drift.n_new for drift in usual])
        n_strange = int(NEW_SHARE * options.size)
        strange = np.mean([(drift.n_far - share * (options.size - n_strange)) / n_strange for drift in new])
        rows.append(
            [
                task.name, len(usual), points(float(np.mean([drift.is_more for drift in usual]))), points(float(share)),
                points(float(np.mean([drift.is_more for drift in new]))), points(float(strange)),
            ]
        )  # fmt: skip
    print(table(["set", "weeks", "usual: told", "far", "new: told", "far among the new"], rows))


if __name__ == "__main__":
    main()
