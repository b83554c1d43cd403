"""How the themes look beside what people found: the sample study, and a real one.

    python benchmarks/studies.py [--onrr DIR]

The sample's labels are in ``sample_labels.csv``. The real study (ONRR, 10 usability interviews, CC0) is not part of the
repository; DIR holds its ``interviews-blind/`` and ``note_labels.csv``. Prints adjusted mutual information (AMI, Vinh,
Epps and Bailey 2010), beside TF-IDF and k-means told the true number of groups.
"""

from __future__ import annotations

import argparse
import csv
import warnings
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

import workbench as wb
from workbench.themes import Themes

HERE = Path(__file__).parent


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--onrr", type=Path, default=HERE.parent.parent / "shared" / "studies" / "onrr-newsite")
    options = parser.parse_args()
    warnings.simplefilter("ignore", UserWarning)
    print(f"scikit-learn {version('scikit-learn')}, scikit-network {version('scikit-network')}\n")

    with open(HERE / "sample_labels.csv", encoding="utf-8") as file:
        truth = {(row["call_file"].rsplit("/")[-1], int(row["line"])): row["theme"] for row in csv.DictReader(file)}
    themes = wb.find_themes(wb.read_notes(HERE.parent))
    labels = [
        truth[file.rsplit("/")[-1], line] for file, line in zip(themes.notes["file"], themes.notes["line"], strict=True)
    ]
    compare("Sample study, 7 themes by its author", themes, labels)

    if not options.onrr.is_dir():
        print(f"No real study at {options.onrr}: left out.")
        return
    themes = wb.find_themes(wb.read_notes(options.onrr / "interviews-blind"))
    with open(options.onrr / "note_labels.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for column in ("finding_id", "grouping"):
        of_note = {(row["participant"], " ".join(row["note"].split())): row[column] for row in rows}
        labels = [
            of_note.get((call, text), "none")
            for call, text in zip(themes.notes["call"], map(plain, themes.notes["text"]), strict=True)
        ]
        compare(f"ONRR, {len(set(labels) - {'none'})} groups by {column}", themes, labels)
        print(f"  notes without a label: {labels.count('none')} of {len(labels)}")
        if column == "finding_id":
            list_missed(themes, labels)


def compare(name: str, themes: Themes, labels: list[str]) -> None:
    """AMI of the themes and of the peer, over the notes that the person put somewhere."""
    known = np.array([label != "none" for label in labels])
    truth, found = np.array(labels)[known], themes.notes["theme"].to_numpy()[known]
    texts = themes.notes["text"].to_numpy()[known]
    n_true = len(set(truth))
    vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(texts)
    peers = [
        adjusted_mutual_info_score(truth, KMeans(n_true, n_init=10, random_state=seed).fit_predict(vectors))
        for seed in range(10)
    ]
    print(name)
    print(
        f"  workbench, {len(themes.summary)} themes found by itself: AMI {adjusted_mutual_info_score(truth, found):.3f}"
    )
    print(
        f"  TF-IDF + k-means, told {n_true}: AMI {np.mean(peers):.3f} (10 seeds, {min(peers):.3f} to {max(peers):.3f})"
    )
    off = np.array(themes.notes["theme"])[~known]
    print(f"  left out: {np.mean(found == ''):.0%} of labelled notes", end="")
    print(f", {np.mean(off == ''):.0%} of the {len(off)} that the person put nowhere" if len(off) else "")


def list_missed(themes: Themes, labels: list[str]) -> None:
    """Findings of three notes or more that no theme caught: half their notes in one, and its commonest finding."""
    sizes = Counter(label for label in labels if label != "none")
    found = themes.notes["theme"].tolist()
    commonest = {
        theme: Counter(label for label, of in zip(labels, found, strict=True) if of == theme).most_common(1)[0][0]
        for theme in set(found) - {""}
    }
    large = sorted(finding for finding, n in sizes.items() if n >= 3)
    together, caught = [], []
    for finding in large:
        theme, n = Counter(of for label, of in zip(labels, found, strict=True) if label == finding).most_common(1)[0]
        if theme and 2 * n >= sizes[finding]:
            together.append(finding)
            if commonest[theme] == finding:
                caught.append(finding)
    print(
        f"  findings of 3 notes or more: {len(large)}; kept together by a theme: {len(together)}; caught: {len(caught)}"
    )
    print(f"  not caught: {', '.join(f for f in large if f not in caught) or 'none'}")
    print(f"  not even kept together: {', '.join(f for f in large if f not in together) or 'none'}")


def plain(text: str) -> str:
    """A note's text as the labels have it."""
    return " ".join(text.split())


if __name__ == "__main__":
    main()
