"""What themes are called: the workbench's labels beside BERTopic's, for the sample study and a real one.

    python benchmarks/labels.py [--studies DIR]

Writes ``labels.md`` beside this file. The sample is this repository's; the real study (ONRR, 10 usability interviews,
CC0) is not part of it: DIR holds ``onrr-newsite/interviews-blind/``. BERTopic takes part where it is installed, with
the MiniLM model from its package.
"""

from __future__ import annotations

import argparse
import os
import warnings
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
N_WORDS = 6


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=Path, default=HERE.parent.parent / "shared" / "studies")
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
