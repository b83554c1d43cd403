"""Labelled texts to measure themes on, and the scores used.

The data are not part of the repository: ``--bench DIR`` names the folder that holds them (``DIR/data/``). There are
five sets, four of them public, with texts of 2 to 50 words:

- small: tasks of 80 to 400 texts in 8 to 20 very unequal classes, about one text in ten from elsewhere (off topic)
- mid: a set's small tasks pooled, 1,083 to 1,802 texts, 9 to 77 classes
- full: all texts of a set, 7,527 to 13,071
- minilm: sentence embeddings (all-MiniLM-L6-v2) of the texts of small and mid, made once
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score

SETS = ("banking77", "bank_notes", "airline", "stackoverflow", "hwu64")
OFF_TOPIC = "__noise__"


@dataclass(frozen=True)
class Task:
    """Texts with the class that each belongs to, `OFF_TOPIC` for those that belong to none."""

    name: str
    seed: int
    texts: list[str]
    truth: np.ndarray

    @property
    def on_topic(self) -> np.ndarray:
        """Whether each text belongs to a class."""
        return self.truth != OFF_TOPIC

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(set(self.truth[self.on_topic]))

    def take(self, rows: np.ndarray) -> Task:
        """The task of some of the texts, in the order of `rows`."""
        return Task(self.name, self.seed, [self.texts[row] for row in rows], self.truth[rows])


@dataclass(frozen=True)
class Bench:
    """The folder of labelled texts."""

    folder: Path

    def small(self, seeds: int) -> Iterator[Task]:
        """The small tasks of the first `seeds` seeds, set by set."""
        for name in SETS:
            for seed in range(seeds):
                path = self.folder / "data" / "small" / f"{name}_{seed}.json"
                read = json.loads(path.read_text(encoding="utf-8"))
                yield Task(name, seed, read["texts"], np.array(read["labels"]))

    def mid(self) -> Iterator[Task]:
        """One task a set."""
        return (self._lines(f"mid_{name}", name) for name in SETS)

    def full(self) -> Iterator[Task]:
        """One task a set."""
        return (self._lines(f"full_{name}", name) for name in SETS)

    def _lines(self, file: str, name: str) -> Task:
        with open(self.folder / "data" / f"{file}.jsonl", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        return Task(name, 0, [row["text"] for row in rows], np.array([row["label"] for row in rows]))

    @cached_property
    def _embeddings(self) -> tuple[dict[str, int], np.ndarray]:
        texts = json.loads((self.folder / "data" / "minilm_texts.json").read_text(encoding="utf-8"))
        with np.load(self.folder / "data" / "minilm.npz") as file:
            return {text: row for row, text in enumerate(texts)}, file["E"].astype(np.float32)

    def minilm(self, texts: Sequence[str]) -> np.ndarray:
        """Kept sentence embeddings, one row of 384 a text: an encoder whose cost is that of looking up."""
        row, embeddings = self._embeddings
        missing = [text for text in texts if text not in row]
        if missing:
            raise KeyError(f"no embedding is kept for {len(missing)} texts, the first is {missing[0]!r:.80}")
        return embeddings[[row[text] for text in texts]]


def score(task: Task, labels: np.ndarray) -> dict[str, float]:
    """How well labels fit; -1 is a text left out.

    ami : adjusted mutual information (Vinh, Epps and Bailey 2010) over the texts on topic; left out is one group
    k_ratio : themes found for each class there is
    left_on, left_off : share left out of the texts on topic, of those off topic
    """
    labels, on = np.asarray(labels), task.on_topic
    return {
        "ami": adjusted_mutual_info_score(task.truth[on], labels[on]),
        "k_ratio": len(set(labels[labels >= 0])) / task.n_classes,
        "left_on": float(np.mean(labels[on] < 0)),
        "left_off": float(np.mean(labels[~on] < 0)) if (~on).any() else float("nan"),
    }


def broken_pairs(before: np.ndarray, after: np.ndarray) -> float:
    """Share of the pairs of texts together before that are apart after; a text left out is with nobody."""
    pairs = np.triu_indices(len(before), 1)
    together, still = (
        (labels[pairs[0]] == labels[pairs[1]]) & (labels[pairs[0]] >= 0) for labels in map(np.asarray, (before, after))
    )
    return float((together & ~still).sum() / max(1, together.sum()))


def interval(
    differences: np.ndarray, units: Sequence[object], n_draws: int = 10_000, seed: int = 0
) -> tuple[float, float]:
    """Where the mean of paired differences lies with 95 %, by drawing units again (bootstrap, percentiles).

    `units` names for each difference what it hangs together with: those of one unit are drawn together.
    """
    names = sorted(set(map(str, units)))
    of_unit = np.array([names.index(str(unit)) for unit in units])
    sums = np.bincount(of_unit, differences, len(names))
    sizes = np.bincount(of_unit, minlength=len(names))
    drawn = np.random.default_rng(seed).integers(0, len(names), (n_draws, len(names)))
    low, high = np.percentile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [2.5, 97.5])
    return float(low), float(high)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def points(value: float, digits: int = 3) -> str:
    """``.603`` for 0.603, ``-`` for what there is none of."""
    if value != value:
        return "-"
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
