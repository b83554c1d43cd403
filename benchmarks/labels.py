"""What themes are called: the workbench's labels beside BERTopic's, for the sample study and a real one.

    python benchmarks/labels.py [--studies DIR] [--bench DIR] [--seeds N]

Writes ``labels.md`` beside this file. The sample is this repository's; the real study (ONRR, 10 usability interviews,
CC0) is not part of it: DIR holds ``onrr-newsite/interviews-blind/``. BERTopic takes part where it is installed, with
the MiniLM model from its package. What can be counted of our labels is counted on the small tasks of the bench
(``labelled.py``), beside the most typical note and the model's own words of each theme.
"""

from __future__ import annotations

import argparse
import os
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from labelled import Task

HERE = Path(__file__).parent
N_WORDS = 6
FIGURES = {
    "majority": "claim is of the theme's largest class",
    "claim finds": "claim finds its theme",
    "length": "claim of 5 to 14 words",
    "digits": "claim with a number",
    "same": "claim of another theme as well",
    "phrases find": "phrases find their theme",
    "named": "class's name in claim or phrases",
    "covered": "notes with a phrase in them",
}


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=Path, default=HERE.parent.parent / "shared" / "studies")
    parser.add_argument("--bench", type=Path, default=HERE.parent.parent / "shared" / "bench")
    parser.add_argument("--seeds", type=int, default=4)
    options = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    warnings.simplefilter("ignore")
    from peers import INSTALL, has_bertopic, has_minilm, stamp

    lines = [
        "# What themes are called\n",
        f"Written by `python benchmarks/labels.py` on {stamp()}.\n",
    ]
    with_peer = has_bertopic() and has_minilm()
    if not with_peer:
        lines.append(f"BERTopic is not installed: its columns are missing. To have them: `{INSTALL}`\n")
    lines.append(
        "Largest theme first in each column; a row does not pair themes. (n) is the number of notes. Ours: the claim, "
        f"then key phrases. BERTopic: its first {N_WORDS} words of a topic, with its defaults, and with "
        "min_topic_size=5, outliers reduced and English stop words taken out of the labels.\n"
    )
    folders = {"The sample study": HERE.parent, "ONRR": options.studies / "onrr-newsite" / "interviews-blind"}
    for title, folder in folders.items():
        lines.append(f"## {title}\n")
        if folder.is_dir():
            lines.append(compare(folder, with_peer=with_peer))
        else:
            lines.append(f"There is no {folder}: left out.\n")
    lines.append("## What can be counted\n")
    lines.append(count(options.bench, options.seeds) if options.bench.is_dir() else f"There is no {options.bench}.\n")
    (HERE / "labels.md").write_text("\n".join(lines), encoding="utf-8")
    print(f"Wrote {HERE / 'labels.md'}")


def compare(folder: Path, *, with_peer: bool) -> str:
    """One study's table."""
    from labelled import table
    from peers import load_minilm

    import workbench as wb

    themes = wb.find_themes(wb.read_notes(folder))
    texts = themes.notes["text"].astype(str).tolist()
    columns = {"workbench": ours(themes.summary.to_dict("records"), len(themes.left_out))}
    if with_peer:
        embeddings = load_minilm()(texts)
        columns["BERTopic, defaults"] = bertopic_labels(texts, embeddings, tuned=False)
        columns["BERTopic, tuned"] = bertopic_labels(texts, embeddings, tuned=True)
    rows = list(zip_longest(*columns.values(), fillvalue=""))
    return f"{len(texts)} notes.\n\n" + table(list(columns), rows)


def ours(themes: Sequence[dict[str, object]], n_left_out: int) -> list[str]:
    """Our column."""
    cells = []
    for theme in sorted(themes, key=lambda theme: -theme["n_notes"]):
        claim = theme.get("name") or theme["claim"]
        cells.append(f"**{plain(claim)}** ({theme['n_notes']})<br>{plain(', '.join(theme['terms']))}")
    return [*cells, f"*not yet a theme ({n_left_out})*"]


def count(bench: Path, seeds: int) -> str:
    """Figures over the small tasks, ours beside the most typical note with the model's words of a theme."""
    import pandas as pd
    from labelled import Bench, table

    from workbench.themes import ThemeModel
    from workbench.themes.wording import name_themes

    found: dict[str, dict[str, list[float]]] = {"ours": defaultdict(list), "plain": defaultdict(list)}
    purity = []
    for task in Bench(bench).small(seeds):
        model = ThemeModel().fit(task.texts)
        ids = [f"{i:05d}" for i in range(len(task.texts))]
        notes = pd.DataFrame(
            {
                "note": ids, "text": task.texts, "kind": "observation", "consent": "quote", "customer": ids,
                "theme": [f"T{label}" if label >= 0 else "" for label in model.labels_],
                "typicality": model.typicality_, "language": model.languages_,
            }
        )  # fmt: skip
        ours, plain = {}, {}
        for theme, wording in name_themes(notes).items():
            inside = notes[notes["theme"] == theme]
            purity.append(Counter(task.truth[inside.index]).most_common(1)[0][1] / len(inside))
            ours[theme] = (int(wording.statements[0].note), wording.statements[0].text, wording.phrases)
            typical = inside["typicality"].idxmax()
            plain[theme] = (typical, task.texts[typical], model.terms_[int(theme[1:])][:4])
        for name, labels in (("ours", ours), ("plain", plain)):
            for figure, values in judge(task, notes["theme"].to_numpy(), labels).items():
                found[name][figure] += values
    rows = [
        (what, *(f"{np.mean(found[name][figure]):.3f}" for name in ("ours", "plain")))
        for figure, what in FIGURES.items()
    ]
    return (
        f"Themes found in the small tasks of the bench, {seeds} seeds a set, {len(purity)} themes; of a theme's notes "
        f"{np.mean(purity):.3f} are of its largest class, which is what a note drawn by lot would reach. A claim or the "
        "phrases find their theme when of all themes of the task it is the nearest by words (TF-IDF, without the "
        "claim's own note). The class's name: the share of the words that people named it by, where they did.\n\n"
    ) + table(["", "workbench", "most typical note, model's 4 words"], rows)


def judge(task: Task, themes: np.ndarray, labels: dict[str, tuple[int, str, Sequence[str]]]) -> dict[str, list[float]]:
    """The figures of one task, a value for each theme."""
    from labelled import OFF_TOPIC
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    from workbench.themes.words import read_stems

    words = TfidfVectorizer(sublinear_tf=True)
    rows = words.fit_transform(task.texts).toarray()
    names, values = list(labels), defaultdict(list)
    claims = Counter(claim for _, claim, _ in labels.values())
    for theme, (note, claim, phrases) in labels.items():
        others = np.arange(len(rows)) != note
        middles = normalize(np.stack([rows[(themes == name) & others].sum(axis=0) for name in names]))
        for what, text in (("claim finds", claim), ("phrases find", " ".join(phrases))):
            near = middles @ words.transform([text]).toarray().ravel()
            values[what].append(names[int(near.argmax())] == theme)
        inside = np.flatnonzero(themes == theme)
        largest = min(Counter(task.truth[inside]).items(), key=lambda item: (-item[1], item[0]))[0]
        values["majority"].append(task.truth[note] == largest)
        values["length"].append(5 <= len(claim.split()) <= 14)
        values["digits"].append(bool(re.search(r"\d", claim)))
        values["same"].append(claims[claim] > 1)
        said = re.compile("|".join(rf"\b{re.escape(phrase.lower())}\b" for phrase in phrases))
        values["covered"].append(np.mean([bool(said.search(task.texts[i].lower())) for i in inside]))
        name = read_stems(largest.replace("_", " "))
        if name and largest != OFF_TOPIC:
            values["named"].append(len(name & read_stems(" ".join([claim, *phrases]))) / len(name))
    return values


def bertopic_labels(texts: list[str], embeddings: np.ndarray, *, tuned: bool) -> list[str]:
    """A peer's column."""
    from peers import fit_bertopic
    from sklearn.feature_extraction.text import CountVectorizer

    model, labels = fit_bertopic(texts, embeddings, tuned=tuned)
    if tuned:
        model.update_topics(texts, topics=labels.tolist(), vectorizer_model=CountVectorizer(stop_words="english"))
    topics, sizes = np.unique(labels, return_counts=True)
    found = sorted(zip(-sizes, topics.tolist(), strict=True))
    cells = [f"{plain(', '.join(word for word, _ in model.get_topic(t)[:N_WORDS]))} ({-n})" for n, t in found if t >= 0]
    return [*cells, f"*outliers ({np.sum(labels < 0)})*"]


def plain(text: object) -> str:
    """Text that a cell of a Markdown table can hold."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    main()
