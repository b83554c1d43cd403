"""Section of ``benchmarks/themes.py`` on the notes that no theme takes."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from labelled import OFF_TOPIC, SETS, Bench, Task, score, table
from peers import Encoder, Method, has_minilm, load_minilm, methods, quietly

import workbench as wb

HERE = Path(__file__).parent


def leave_out(bench: Bench, seeds: int, say: Callable[[str], None]) -> None:
    """Share left out on topic and off, set by set; then on studies that nothing was tuned on."""
    small = list(bench.small(seeds))
    rows = []
    for method in _that_leave_out(bench.minilm):
        scores = [score(task, quietly(method, task.texts, task.n_classes)) for task in small]
        cells = []
        for name in SETS:
            of_set = [one for one, task in zip(scores, small, strict=True) if task.name == name]
            cells.append(_rates(of_set))
        rows.append([method.name, *cells, f"**{_rates(scores)}**"])
    say("Share left out, on topic / off topic, small tasks (the off-topic texts come from other data sets):\n")
    say(table(["", *SETS, "mean"], rows))

    say("Studies, which nothing was tuned on: notes that a person put in a theme / in none.\n")
    studies = [sample_study(), *real_studies(bench.folder.parent / "studies" / "onrr-newsite")]
    encoder = load_minilm() if has_minilm() else None
    rows = []
    for method in _that_leave_out(encoder):
        row = [method.name]
        for study in studies:
            one = score(study, quietly(method, study.texts, study.n_classes))
            row.append(f"{_rates([one])}, k {one['k_ratio'] * study.n_classes:.0f}")
        rows.append(row)
    say(table(["", *(f"{s.name}: {s.on_topic.sum()} / {(~s.on_topic).sum()} notes" for s in studies)], rows))
    if encoder is None:
        say("MiniLM's package is not installed: the studies were not measured with an encoder.")

    say("Planted: a tenth as many texts of other sources put among each study's own, 10 draws.\n")
    studies = [studies[0], *studies[1:2], *segments(bench.folder.parent / "studies" / "pdpilot")]
    others = [text for task in bench.small(1) for text in np.array(task.texts)[task.on_topic]]
    rows = []
    for method in _that_leave_out(None):
        rows.append([method.name, *(_rates(_plant(method, study, studies, others)) for study in studies)])
    say(table(["", *(study.name for study in studies)], rows))


def _plant(method: Method, study: Task, studies: list[Task], others: list[str]) -> list[dict[str, float]]:
    """Scores with texts of the other studies and of the bench among a study's own on-topic ones."""
    own = np.flatnonzero(study.on_topic)
    pool = [*others, *(text for other in studies if other is not study for text in other.texts)]
    scores = []
    for seed in range(10):
        planted = np.random.default_rng(seed).choice(pool, len(own) // 10, replace=False).tolist()
        truth = np.array([*study.truth[own].tolist(), *[OFF_TOPIC] * len(planted)])
        mixed = Task(study.name, seed, [*(study.texts[i] for i in own), *planted], truth)
        scores.append(score(mixed, quietly(method, mixed.texts, mixed.n_classes)))
    return scores


def segments(folder: Path) -> list[Task]:
    """What pdpilot's researchers marked in seven interviews, by theme, where the study is there."""
    if not folder.is_dir():
        return []
    with open(folder / "coded_segments.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [Task("pdpilot", 0, [row["text"] for row in rows], np.array([row["theme"] for row in rows]))]


def sample_study() -> Task:
    """The invented study of this repository, labelled by its author."""
    with open(HERE / "sample_labels.csv", encoding="utf-8") as file:
        theme = {(row["call_file"].rsplit("/")[-1], int(row["line"])): row["theme"] for row in csv.DictReader(file)}
    notes = counted(HERE.parent)
    labels = [
        theme[path.rsplit("/")[-1], line] for path, line in zip(notes["file"].astype(str), notes["line"], strict=True)
    ]
    return _task("sample", notes, labels)


def real_studies(folder: Path) -> list[Task]:
    """ONRR's findings, and those of three notes or more, where the study is there."""
    if not folder.is_dir():
        return []
    notes = counted(folder / "interviews-blind")
    with open(folder / "note_labels.csv", encoding="utf-8") as file:
        finding = {
            (row["participant"], " ".join(row["note"].split())): row["finding_id"] for row in csv.DictReader(file)
        }
    keys = [(call, " ".join(text.split())) for call, text in zip(notes["call"].astype(str), notes["text"], strict=True)]
    labels = [finding.get(key, "none") for key in keys]
    larger = [label if labels.count(label) > 2 else "none" for label in labels]
    return [_task("ONRR", notes, labels), _task("ONRR, findings of 3 notes or more", notes, larger)]


def counted(folder: Path) -> pd.DataFrame:
    """The notes of a workspace that themes are made of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return wb.find_themes(wb.read_notes(folder)).notes


def _task(name: str, notes: pd.DataFrame, labels: list[str]) -> Task:
    truth = np.array([OFF_TOPIC if label == "none" else label for label in labels])
    return Task(name, 0, notes["text"].astype(str).tolist(), truth)


def _that_leave_out(encoder: Encoder | None) -> list[Method]:
    return [method for method in methods(encoder) if "workbench" in method.name or "BERTopic" in method.name]


def _rates(scores: list[dict[str, float]]) -> str:
    on = np.mean([one["left_on"] for one in scores])
    off = [one["left_off"] for one in scores if one["left_off"] == one["left_off"]]
    return f"{on:.1%} / {np.mean(off):.0%}" if off else f"{on:.1%} / -"
