"""Ten thousand to ten million texts: what a fit costs and how right it is, beside scikit-learn's own way, and with Dask.

    python benchmarks/scale.py [--sizes 10000,100000,1000000] [--disk 10000000] [--only ours,dask,sklearn] [--seed 0] [--alike]

Prints Markdown with date, versions and commit. The texts are planted: 25 words each, 40 themes of unequal size, whose words
make up a third of a text (15 % of them another theme's); words are drawn by Zipf's law from an endless list, so that the
vocabulary grows with the texts as that of real ones does (Heaps 1978). They lie in a Parquet file, and each run has a process
of its own: CPU seconds are those of the fit, all processes and threads together; memory is the largest sum of what all its
processes hold for themselves (resident less shared), looked at every tenth of a second, texts and imports included.

ours      ThemeModel(), the texts in memory, number of themes found by itself
disk      ThemeModel() on the file, which is never in memory as a whole
dask1     the same on a Dask cluster of one worker on this machine, which reads the file by itself
dask2     of two
sklearn   TfidfVectorizer(min_df=5, sublinear_tf=True), TruncatedSVD(100), MiniBatchKMeans, told the number of themes
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import psutil

N_THEMES, N_WORDS, OWN_SHARE, CROSS_TALK = 40, 25, 0.33, 0.15
# Zipf exponents of general words and of a theme's own; that of the first gives a vocabulary that grows by about n^.6.
GENERAL, OWN = 1.25, 1.35
LARGEST_RANK = 20_000_000
# General words as common as these are of no theme.
COMMON = 300
SYLLABLES = [first + vowel + last for first in "bcdfghjklmnprstvwz" for vowel in "aeiou" for last in ("", *"klmnrst")]
ALIKE = False
METHODS = ("ours", "disk", "dask1", "dask2", "sklearn")
DASK = {"dask1": 1, "dask2": 2}
ROWS = 50_000


def planted(n: int, seed: int):
    """Blocks of texts with the theme of each, and the numbers of their words."""
    rng = np.random.default_rng(seed)
    sizes = 1 / np.arange(1, N_THEMES + 1) ** 0.5
    sizes /= sizes.sum()
    for start in range(0, n, ROWS):
        n_rows = min(ROWS, n - start)
        truth = rng.choice(N_THEMES, size=n_rows, p=sizes)
        shape = (n_rows, N_WORDS)
        words = np.minimum(rng.zipf(GENERAL, shape), LARGEST_RANK)
        other = rng.random(shape) < CROSS_TALK
        theme = np.where(other, rng.integers(0, N_THEMES, shape), truth[:, None])
        rank = np.minimum(rng.zipf(OWN, shape), LARGEST_RANK // N_THEMES)
        own = COMMON + rank * N_THEMES + theme  # no two themes have a word in common that is not a general one
        words = np.where(rng.random(shape) < OWN_SHARE, own, words)
        yield words, truth


def spell(number: int) -> str:
    """A word for each number, three syllables dealt out so that words of near numbers have no letters in common."""
    if ALIKE:
        return spell_alike(number)
    rest, parts = number * 2_654_435_761 % len(SYLLABLES) ** 3, []
    for _ in range(3):
        rest, at = divmod(rest, len(SYLLABLES))
        parts.append(SYLLABLES[at])
    return "".join(parts)


def spell_alike(number: int) -> str:
    """A word of 90 syllables, which near numbers share: words look alike whatever they are about."""
    rest, parts = number + 90, []
    while rest:
        rest, at = divmod(rest, 90)
        parts.append("bcdfghjklmnprstvwz"[at // 5] + "aeiou"[at % 5])
    return "".join(parts)


def write(file: Path, n: int, seed: int) -> int:
    """Write texts; how many different words they have."""
    import pyarrow as pa
    from pyarrow import parquet

    spelled: dict[int, str] = {}
    schema = pa.schema([("text", pa.string()), ("truth", pa.int16())])
    with parquet.ParquetWriter(file, schema) as out:
        for words, truth in planted(n, seed):
            spelled |= {number: spell(number) for number in np.unique(words).tolist() if number not in spelled}
            texts = [" ".join(map(spelled.__getitem__, row)) for row in words.tolist()]
            out.write_table(pa.table({"text": texts, "truth": truth.astype(np.int16)}, schema=schema))
    return len(spelled)


class Watch:
    """CPU seconds of this process and all it has started, and the most memory that they held together."""

    def __enter__(self) -> Watch:
        self.process, self.peak, self.running = psutil.Process(), 0, True
        self.cpu_of: dict[int, float] = {}
        self.at_start = self._look()
        self.own_at_start = self.cpu_of[os.getpid()]
        self.start = time.perf_counter()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.running = False
        self.thread.join()
        self.wall = time.perf_counter() - self.start
        self.cpu = self._look() - self.at_start
        self.own = self.cpu_of[os.getpid()] - self.own_at_start

    def _watch(self) -> None:
        while self.running:
            self._look()
            time.sleep(0.1)

    def _look(self) -> float:
        held = 0
        for one in [self.process, *self.process.children(recursive=True)]:
            try:
                memory, cpu = one.memory_info(), one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            held += memory.rss - getattr(memory, "shared", 0)
            self.cpu_of[one.pid] = cpu.user + cpu.system
        self.peak = max(self.peak, held)
        return sum(self.cpu_of.values())


def run(method: str, file: str) -> None:
    """One run in this process; prints one line of JSON."""
    import pyarrow
    from pyarrow import parquet

    import workbench as wb

    truth = parquet.read_table(file, columns=["truth"]).column(0).to_numpy()
    n = len(truth)
    texts = None if method == "disk" else parquet.read_table(file, columns=["text"]).column(0).to_pylist()
    pyarrow.default_memory_pool().release_unused()  # what the file's reader holds is no part of a fit
    wb.ThemeModel().fit(["warm the caches", "that are there once"] * 3)
    if method == "sklearn":
        with Watch() as watch:
            labels = fit_sklearn(texts)
    elif method in DASK:
        from distributed import Client, LocalCluster

        with (
            LocalCluster(n_workers=DASK[method], threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
            Client(cluster) as client,
        ):
            with Watch() as watch:
                labels = wb.ThemeModel(engine=client).fit(wb.read_corpus(file)).labels_
    else:
        with Watch() as watch:
            labels = wb.ThemeModel(engine="local").fit(wb.read_corpus(file) if method == "disk" else texts).labels_
    print(
        json.dumps(
            {
                "n": n,
                "cpu": watch.cpu,
                "own": watch.own,
                "wall": watch.wall,
                "peak": watch.peak / 1e6,
                "ami": agreement(truth, labels),
                "k": len(set(labels.tolist()) - {-1}),
                "left": float((labels < 0).mean()),
                "labels": int(np.bitwise_xor.reduce((labels + 2) * (np.arange(n) * 2654435761 + 1))),
            }
        )
    )


def fit_sklearn(texts: list[str]) -> np.ndarray:
    """What a data scientist would write."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    rows = TfidfVectorizer(min_df=5, sublinear_tf=True).fit_transform(texts)
    few = normalize(TruncatedSVD(100, random_state=0).fit_transform(rows))
    return MiniBatchKMeans(N_THEMES, n_init=3, random_state=0).fit_predict(few)


def agreement(truth: np.ndarray, labels: np.ndarray) -> float:
    """Adjusted mutual information (Vinh et al. 2010)."""
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(truth, labels))


def main() -> None:
    """Print the table."""
    global ALIKE
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument(
        "--disk", type=int, default=0, metavar="N", help="so many texts once more, ours from disk alone"
    )
    parser.add_argument("--only", default=",".join(METHODS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--alike", action="store_true", help="words of unlike meaning look alike, against the odds of a language"
    )
    parser.add_argument("--run", nargs=2, metavar=("METHOD", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(*options.run)
        return
    from peers import stamp

    ALIKE = options.alike
    print(stamp())
    sizes = [int(size) for size in options.sizes.split(",") if size]
    chosen = options.only.split(",")
    found: dict[tuple[str, int], dict] = {}
    with tempfile.TemporaryDirectory() as folder:
        for n in [*sizes, *([options.disk] if options.disk else [])]:
            file = Path(folder) / "texts.parquet"
            n_words = write(file, n, options.seed)
            print(f"\n{n:,} texts, {n_words:,} different words, load {os.getloadavg()[0]:.1f}\n", flush=True)
            print("| | CPU s | wall s | peak MB | AMI | themes | in none |\n|---|---|---|---|---|---|---|")
            for method in chosen if n in sizes else ["disk"]:
                one = found[method, n] = child(method, file)
                print(
                    f"| {method} | {one['cpu']:.1f} | {one['wall']:.1f} | {one['peak']:,.0f} | {one['ami']:.3f} | "
                    f"{one['k']} | {one['left']:.1%} |",
                    flush=True,
                )
            ours = {one["labels"] for (method, size), one in found.items() if size == n and method != "sklearn"}
            if len(ours) == 1:
                print("\nEvery label of ours is the same in all of these runs.")
            elif ours:
                print("\nLABELS DIFFER between these runs.")
    print("\nGrowth from each size to the next, of CPU seconds and of memory:\n")
    for method in chosen:
        steps = sorted(n for name, n in found if name == method)
        for few, many in pairwise(steps):
            one, other = found[method, few], found[method, many]
            powers = [math.log(other[key] / one[key]) / math.log(many / few) for key in ("cpu", "peak")]
            per = (other["peak"] - one["peak"]) / (many - few) * 1e3
            print(f"- {method}, {few:,} to {many:,}: n^{powers[0]:.2f}, n^{powers[1]:.2f} ({per:.2f} kB a text)")
    for n in sizes:
        for method in DASK:
            if {("disk", n), (method, n)} <= set(found):
                here, there = found["disk", n], found[method, n]
                pays = there["own"], there["cpu"] - there["own"]
                print(
                    f"- {method} at {n:,}: {there['cpu'] / here['cpu']:.1f} times the CPU and {there['wall'] / here['wall']:.1f} "
                    f"times the wall of one process from disk; {pays[0]:.1f} CPU seconds in the process that asks, with the "
                    f"scheduler, and {pays[1]:.1f} on the workers: on machines of their own they would be quicker from "
                    f"{_fewest(*pays, here['cpu'])} (an estimate: nothing sent, and all of them busy)"
                )


def _fewest(own: float, shared: float, alone: float) -> str:
    """How many workers it takes until what is not shared and their share of the rest are less than one process needs."""
    return f"{math.floor(shared / (alone - own)) + 1} workers on" if alone > own else "no number of workers on"


def child(method: str, file: Path) -> dict:
    """One run in a process of its own, one thread each."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, __file__, "--run", method, str(file)], capture_output=True, text=True, env=os.environ | threads
    )
    if done.returncode:
        sys.exit(f"{method} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
