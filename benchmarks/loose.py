"""What is left of a theme's notes when those that share little with it are not counted.

Run:  python benchmarks/loose.py [--bench DIR] [--seeds 4]

A note is right when it belongs to the class that most notes of its theme belong to. Labelled texts as for the other benchmarks;
the sample's labels are in sample_labels.csv.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from labelled import Bench
from sklearn.metrics import roc_auc_score

from workbench.evidence.pick import LOOSE
from workbench.study import read_study
from workbench.themes import ThemeModel, find_themes

ROOT = Path(__file__).parent.parent
AT = (0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


def right_notes(groups: np.ndarray, truth: np.ndarray, on_topic: np.ndarray) -> np.ndarray:
    """Whether each note belongs to its group's commonest class."""
    right = np.zeros(len(groups), dtype=bool)
    for group in set(groups.tolist()):
        rows = groups == group
        classes, counts = np.unique(truth[rows & on_topic], return_counts=True)
        if len(classes):
            right[rows] = truth[rows] == classes[counts.argmax()]
    return right


def report(name: str, right: np.ndarray, typicality: np.ndarray) -> None:
    below = typicality < LOOSE
    cells = "; ".join(
        f"{at:g}: {100 * np.mean(typicality >= at):.0f} / {100 * right[typicality >= at].mean():.0f} / "
        f"{100 * (right & (typicality >= at)).sum() / right.sum():.0f}"
        for at in AT
    )
    print(
        f"{name:14} AUC {roc_auc_score(right, typicality):.2f}; below {LOOSE}: {100 * right[below].mean():.0f} % right; {cells}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--seeds", type=int, default=4)
    args = parser.parse_args()
    print("at least so typical: % kept / % of these right / % of the right ones kept")
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for task in Bench(args.bench).small(args.seeds):
        model = ThemeModel().fit(task.texts)
        grouped = model.labels_ >= 0
        right = right_notes(model.labels_, task.truth, task.on_topic)
        found.setdefault(task.name, []).append((right[grouped], model.typicality_[grouped]))
    for name, parts in found.items():
        report(name, *map(np.concatenate, zip(*parts, strict=True)))
    with open(ROOT / "benchmarks" / "sample_labels.csv", encoding="utf-8") as stream:
        labels = {(row["call_file"], int(row["line"])): row["theme"] for row in csv.DictReader(stream)}
    study = read_study(ROOT)
    notes = find_themes(study.notes).notes
    truth = np.array(
        [
            labels.get((file.rsplit("/", 1)[-1], line), "none")
            for file, line in zip(notes["file"], notes["line"], strict=True)
        ]
    )
    groups = notes["theme"].to_numpy()
    grouped = groups != ""
    report("sample", right_notes(groups, truth, truth != "none")[grouped], notes["typicality"].to_numpy()[grouped])


if __name__ == "__main__":
    main()
