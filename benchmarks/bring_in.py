"""Bringing transcripts in: how long a thousand take and in how much memory, and how far apart one call and two are.

    python benchmarks/bring_in.py            # all; --only same,speed for some; --sizes 100,1000

Each size runs in a process of its own, so that its peak memory is its own. The transcripts are made up: an hour of some 9,000
words each, of a vocabulary whose words are as unlike in frequency as a language's, in four formats.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STUDIES = HERE.parent.parent / "shared" / "studies"
WORDS, TURNS = 9000, 300
ERRORS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
PARTS = (3, 5, 8, 12)


def main() -> None:
    """Print the figures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="same,speed")
    parser.add_argument("--sizes", default="100,1000")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(measure(options.one)))
        return
    if "same" in options.only:
        print_same()
    if "speed" in options.only:
        print(
            "files  looked at s  brought in s  of it processor s  files/s  peak MB  again s  peak MB of the bare program"
        )
        bare = run(0)["peak"]
        for size in map(int, options.sizes.split(",")):
            one = run(size)
            both = one["look"] + one["write"]
            print(
                f"{size:5}  {one['look']:11.1f}  {one['write']:12.1f}  {one['cpu']:17.1f}  {size / both:7.1f}  "
                f"{one['peak']:7.0f}  {one['again']:7.1f}  {bare:.0f}"
            )


def run(size: int) -> dict[str, float]:
    """A size in a process of its own."""
    words = [sys.executable, __file__, "--one", str(size)]
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout)


def measure(size: int) -> dict[str, float]:
    """Bring so many transcripts in; and once more, when all of them are in."""
    from workbench.arrivals import settle
    from workbench.bring_in import bring_in, plan_import

    with tempfile.TemporaryDirectory() as folder:
        root, calls = Path(folder, "ws"), Path(folder, "calls")
        (root / "interviews").mkdir(parents=True)
        calls.mkdir()
        # Made by another process, so that what it takes does not count.
        subprocess.run([sys.executable, "-c", MAKE, str(HERE), str(calls), str(size)], check=True)
        begun = time.perf_counter()
        speakers = {"Ana Ruiz": "us", "Jane Doe": "customer"}
        plan = [settle(one, confirm=True) for one in plan_import(root, [calls], speakers=speakers)]
        looked = time.perf_counter()
        done = bring_in(root, plan)
        written = time.perf_counter()
        used = resource.getrusage(resource.RUSAGE_SELF)
        assert len(done.calls) == size and not done.failed
        again = bring_in(root, plan_import(root, [calls], speakers=speakers))
        assert len(again.skipped) == size
        return {
            "look": looked - begun,
            "write": written - looked,
            "cpu": used.ru_utime + used.ru_stime,
            "peak": used.ru_maxrss / 1024,
            "again": time.perf_counter() - written,
        }


MAKE = "import sys; sys.path.insert(0, sys.argv[1]); from bring_in import make; make(sys.argv[2], int(sys.argv[3]))"


def make(folder: str, size: int) -> None:
    """So many transcripts, of four formats."""
    rng = random.Random(8)
    vocabulary = ["".join(rng.choices("aeiounrstlmdk", k=rng.randint(2, 9))) for _ in range(20_000)]
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(vocabulary))))
    for number in range(size):
        words = rng.choices(vocabulary, cum_weights=weights, k=WORDS)
        lines = [" ".join(words[n : n + WORDS // TURNS]).capitalize() + "." for n in range(0, WORDS, WORDS // TURNS)]
        day = date(2025, 1, 1) + timedelta(days=number % 300)
        ending, write = FORMATS[number % len(FORMATS)]
        Path(folder, f"{day} Firm {number:04}{ending}").write_text(write(list(said(lines))), "utf-8")


def said(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """When, who and what."""
    for n, line in enumerate(lines):
        yield n * 3600 // len(lines), ("Ana Ruiz", "Jane Doe")[n % 2], line


def clock(second: int, comma: str = ".") -> str:
    """A time as captions have it."""
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{comma}000"


def as_vtt(turns: list[tuple[int, str, str]]) -> str:
    """As Teams writes it."""
    return "WEBVTT\n\n" + "\n".join(
        f"{clock(at)} --> {clock(at + 9)}\n<v {who}>{line}</v>\n" for at, who, line in turns
    )


def as_srt(turns: list[tuple[int, str, str]]) -> str:
    """As players read it."""
    return "\n".join(
        f"{n}\n{clock(at, ',')} --> {clock(at + 9, ',')}\n{who}: {line}\n" for n, (at, who, line) in enumerate(turns, 1)
    )


def as_text(turns: list[tuple[int, str, str]]) -> str:
    """As people write it."""
    return "\n\n".join(f"{who}: {line}" for _, who, line in turns)


def as_json(turns: list[tuple[int, str, str]]) -> str:
    """As recorders give it."""
    return json.dumps({"sentences": [{"speaker_name": who, "text": line, "start_time": at} for at, who, line in turns]})


FORMATS = ((".vtt", as_vtt), (".srt", as_srt), (".txt", as_text), (".json", as_json))


def print_same() -> None:
    """How much two calls share, and one call as two recorders hear it."""
    from workbench.importers import Source, Transcript, Unreadable, read_source
    from workbench.same_call import LEAST_ALIKE, alike, sketch

    calls: dict[str, list[str]] = {}
    for path in sorted([*STUDIES.glob("pdpilot/transcripts/*.json"), *STUDIES.glob("formats/*/*.*")]):
        try:
            _, contents = read_source(Source(path.name, path.read_bytes()))
        except Unreadable:
            continue
        words = [
            word for one in contents if isinstance(one, Transcript) for turn in one.turns for word in turn.text.split()
        ]
        if len(words) > 500:
            calls[path.name] = words
    if not calls:
        print(f"there are no studies in {STUDIES}")
        return
    kept = {name: sketch([" ".join(words)]) for name, words in calls.items()}
    pairs = sorted(((alike(kept[a], kept[b]), a, b) for a, b in itertools.combinations(kept, 2)), reverse=True)
    print(
        f"{len(calls)} calls, {len(pairs)} pairs of two: the most that a pair shares is {pairs[0][0]:.3f} ({pairs[0][1]}, {pairs[0][2]})"
    )
    rng = random.Random(8)
    vocabulary = [word for words in calls.values() for word in words]
    print(f"one call, some words heard otherwise (least, mean); the line is {LEAST_ALIKE}")
    for share in ERRORS:
        shares = []
        for name, words in calls.items():
            shares.append(alike(kept[name], sketch([" ".join(heard(words, share, vocabulary, rng))])))
        print(f"  {share:.0%} of the words: {min(shares):.2f}, {sum(shares) / len(shares):.2f}")
    print_parts(calls, kept, rng, vocabulary)


def print_parts(calls: dict[str, list[str]], kept: dict[str, Any], rng: random.Random, vocabulary: list[str]) -> None:
    """How many parts of calls lead to their whole among all calls, and how many to another one."""
    from workbench.same_call import LEAST_HELD, SameCall, sketch

    seen = SameCall[str]()
    for name, numbers in kept.items():
        seen.add(numbers, name)
    print(f"parts of 100 words and more, looked for among all calls; the line is {LEAST_HELD}")
    for of in PARTS:
        parts = [
            (name, words[len(words) * n // of : len(words) * (n + 1) // of])
            for name, words in calls.items()
            for n in range(of)
        ]
        parts = [(name, words) for name, words in parts if len(words) >= 100]
        shown = []
        for share in (0.0, 0.15, 0.25):
            found = [
                (name, seen.find_all(sketch([" ".join(heard(words, share, vocabulary, rng))]))) for name, words in parts
            ]
            n_own = sum(name in names for name, names in found)
            n_others = sum(len(set(names) - {name}) for name, names in found)
            shown.append(f"{share:.0%} heard otherwise: {n_own} of {len(parts)} known, {n_others} others taken for it")
        print(f"  a part in {of}: {'; '.join(shown)}")


def heard(words: list[str], share: float, vocabulary: list[str], rng: random.Random) -> Iterator[str]:
    """Words as another recorder hears them: of those that differ six in ten are others, two are lost, two have one beside them."""
    for word in words:
        chance = rng.random()
        if chance >= share * 0.6:
            if not share * 0.6 <= chance < share * 0.8:
                yield word
        if chance < share * 0.6 or share * 0.8 <= chance < share:
            yield rng.choice(vocabulary)


if __name__ == "__main__":
    main()
