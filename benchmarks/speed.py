"""Section of ``benchmarks/themes.py`` on CPU seconds and memory.

Each run has a process of its own, ``python benchmarks/speed.py METHOD N FILE K``, which prints one line of JSON. CPU
seconds are those of the fit alone, all threads together, after a fit on other notes that is not counted, since some
libraries compile when first used. The peak of memory is that of the whole process, imports and notes included.

scikit-learn's threads wait for each other by turning in a circle, which counts as CPU. So each run is made with one
thread, and again with as many as the libraries take by themselves.
"""

from __future__ import annotations

import json
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path
from time import process_time

import numpy as np
from labelled import Bench, table
from peers import bertopic, has_bertopic, has_minilm, load_minilm, tf_idf
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from workbench import ThemeModel

OURS, KMEANS, STOPPED, BERTOPIC, EMBED = "ours", "kmeans", "kmeans-stop", "bertopic", "embed"
NAMES = {
    OURS: "**workbench**",
    KMEANS: "TfidfVectorizer() + KMeans(n_init=10)",
    STOPPED: "the same, stop_words='english'",
    BERTOPIC: "BERTopic with embeddings",
}
SIZES = (1_000, 10_000, 100_000, 1_000_000)
LARGEST = {KMEANS: 100_000, STOPPED: 100_000, BERTOPIC: 10_000}  # above that the peers take hours
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
N_WARM = 300
N_EMBEDDED = 500
# UMAP searches neighbours another way from 4,096 rows on, and compiles that then.
N_WARM_BERTOPIC = 4_500

Runs = dict[tuple[str, int], dict[str, float]]


def speed(bench: Bench, seeds: int, say: Callable[[str], None], *, largest: int, with_bertopic: bool) -> None:
    """CPU seconds and memory by number of notes, the ratio to the peers, and how both grow."""
    sizes = [n for n in SIZES if n <= largest]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "notes.txt"
        say(write_notes(bench, file, max(sizes) + N_WARM_BERTOPIC))
        runs: Runs = {}
        for n in sizes:
            # In turn, so that a slow moment of the machine falls on all; the median of three where that is quick.
            found = defaultdict(list)
            for _ in range(3 if n <= 10_000 else 1):
                k = 0
                for method in (OURS, KMEANS, STOPPED):
                    if n <= LARGEST.get(method, n):
                        one = run(method, n, file, k)
                        one["free"] = run(method, n, file, k, free=True)["cpu"]
                        found[method].append(one)
                        k = k or int(one["k"])
            if with_bertopic and has_bertopic() and has_minilm() and n <= LARGEST[BERTOPIC]:
                one = run(BERTOPIC, n, file)
                one["free"] = run(BERTOPIC, n, file, free=True)["cpu"]
                found[BERTOPIC].append(one)
            for method, several in found.items():
                runs[method, n] = {key: statistics.median(one[key] for one in several) for key in several[0]}
        embedding = run(EMBED, N_EMBEDDED, file)["cpu"] / N_EMBEDDED if has_minilm() else math.nan
    say(_costs(runs, sizes, embedding))
    say("Median of three runs up to 10,000 notes, else one run. In italics: not run.")
    if embedding != embedding:
        say("MiniLM's package is not installed: what embeddings cost was not measured.")
    say("\n" + _growth(runs, sizes))


def write_notes(bench: Bench, file: Path, n: int) -> str:
    """Write `n` made-up notes, one a line; says how they are made."""
    classes, texts = defaultdict(list), []
    for task in bench.full():
        for text, label in zip(task.texts, task.truth, strict=True):
            words = text.split()
            texts.append(((task.name, label), words))
            classes[task.name, label].append(words)
    rng = random.Random(0)
    n_words, words_seen, distinct = 0, set(), set()
    with open(file, "w", encoding="utf-8") as out:
        for _ in range(n):
            label, first = texts[rng.randrange(len(texts))]
            second = classes[label][rng.randrange(len(classes[label]))]
            note = first[: (len(first) + 1) // 2] + second[(len(second) + 1) // 2 :]
            out.write(" ".join(note) + "\n")
            n_words += len(note)
            words_seen.update(note)
            distinct.add(hash(tuple(note)))
    return (
        f"{n:,} notes, {n_words / n:.1f} words each, {len(distinct) / n:.0%} distinct, {len(words_seen):,} different "
        f"words: each is the first half of a text of the bench's full sets ({len(texts):,} texts, {len(classes)} "
        "classes) and the second half of another of its class, drawn with a seed. A size takes the first so many. Real "
        "notes would keep bringing new words; these stop.\n"
    )


def run(method: str, n: int, file: Path, k: int = 0, *, free: bool = False) -> dict[str, float]:
    """One run in a process of its own, with one thread or, `free`, as many as the libraries take."""
    command = [sys.executable, __file__, method, str(n), str(file), str(k)]
    environment = {name: value for name, value in os.environ.items() if name not in THREADS}
    environment |= {} if free else dict.fromkeys(THREADS, "1")
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{method} with {n:,} notes failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def child(method: str, n: int, file: str, k: int) -> dict[str, float]:
    """What one run costs: cpu and its parts, k, peak, and the peak before the fit."""
    n_warm = N_WARM_BERTOPIC if method == BERTOPIC and n > 4_096 else N_WARM
    with open(file, encoding="utf-8") as lines:
        texts = [line.rstrip("\n") for line in islice(lines, n)]
        warm = [line.rstrip("\n") for line in islice(lines, n_warm)]
    if method in (EMBED, BERTOPIC):
        encode = load_minilm()
        encode(warm[:32])
        seconds, embeddings = _seconds(lambda: encode(texts))
        if method == EMBED:
            return {"cpu": seconds}
        bertopic(warm, np.random.default_rng(0).normal(size=(len(warm), 384)).astype(np.float32))
        rest, labels = _seconds(lambda: bertopic(texts, embeddings))
        found = {"cpu": seconds + rest, "embedding": seconds, "rest": rest}
    else:
        kmeans = KMeans(k or 8, n_init=10, random_state=0)
        fit = {
            OURS: lambda texts: ThemeModel().fit(texts).labels_,
            KMEANS: lambda texts: kmeans.fit_predict(TfidfVectorizer().fit_transform(texts)),
            STOPPED: lambda texts: kmeans.fit_predict(tf_idf(texts)),
        }[method]
        fit(warm)
        before = _peak()
        seconds, labels = _seconds(lambda: fit(texts))
        found = {"cpu": seconds, "before": before}
    return {**found, "k": len(set(labels.tolist()) - {-1}), "peak": _peak()}


def _seconds(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    start = process_time()
    result = work()
    return process_time() - start, result


def _peak() -> float:
    """Most memory so far, in MB. Linux's ru_maxrss would count the parent's too, since it outlives exec."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    except (OSError, StopIteration):
        unit = 1024**2 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _costs(runs: Runs, sizes: list[int], embedding: float) -> str:
    """A row a size and method, the ratio to ours beside each figure."""
    rows = []
    for n in sizes:
        ours = runs[OURS, n]
        for method, name in NAMES.items():
            if (method, n) not in runs:
                continue
            one = runs[method, n]
            cost, peak = f"{one['cpu']:.2f}", f"{one['peak']:.0f}"
            free = f"{one['free']:.2f} ({one['free'] / ours['free']:.1f})"
            if method == BERTOPIC:
                cost += f" ({one['embedding']:.1f} of it embedding)"
            else:
                peak += f" ({one['before']:.0f} before the fit)"
            rows.append([f"{n:,}", name, f"{one['k']:.0f}", cost, f"{one['cpu'] / ours['cpu']:.1f}", free, peak])
        if (BERTOPIC, n) not in runs:
            guess, how = _extrapolate(runs, n, embedding)
            if guess == guess:
                rows.append([f"{n:,}", f"*{how}*", "", f"*{guess:,.0f}*", f"*{guess / ours['cpu']:,.0f}*", "", ""])
    head = ["notes", "", "themes", "CPU s, one thread", "times ours", "CPU s, threads free (times ours)", "peak MB"]
    return table(head, rows)


def _extrapolate(runs: Runs, n: int, embedding: float) -> tuple[float, str]:
    """What BERTopic would take: embeddings in proportion, the rest as it grew between the two sizes that were run."""
    small, large = ((BERTOPIC, size) for size in SIZES[:2])
    if small not in runs or large not in runs:
        return embedding * n, f"MiniLM embeddings alone, {embedding * 1000:.0f} ms a note on {N_EMBEDDED} notes"
    power = math.log(runs[large]["rest"] / runs[small]["rest"]) / math.log(large[1] / small[1])
    rest = runs[large]["rest"] * (n / large[1]) ** power
    each = runs[large]["embedding"] / large[1]
    return each * n + rest, f"{NAMES[BERTOPIC]}, extrapolated: {each * 1000:.0f} ms a note and n^{power:.2f}"


def _growth(runs: Runs, sizes: list[int]) -> str:
    """The exponent p of n^p from one size to the next."""
    rows = []
    for a, b in pairwise(sizes):
        step = math.log(b / a)
        row = [f"{a:,} to {b:,}", f"{1 + math.log(math.log(b) / math.log(a)) / step:.2f}"]
        for method in (OURS, KMEANS):
            both = (method, a) in runs and (method, b) in runs
            row.append(f"{math.log(runs[method, b]['cpu'] / runs[method, a]['cpu']) / step:.2f}" if both else "-")
        above = (runs[OURS, b]["peak"] - runs[OURS, b]["before"]) * 1024 / b
        rows.append([*row, f"{above:.1f}"])
    return table(
        ["growth, exponent of n", "n log n", "CPU ours", "CPU KMeans", "kB a note ours, above the start"], rows
    )


if __name__ == "__main__":
    print(json.dumps(child(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))
