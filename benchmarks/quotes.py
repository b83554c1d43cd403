"""How fast quotes are looked up, and whether what was planted is found, beside a plain scan with difflib.

    python benchmarks/quotes.py [--notes 50000] [--quotes 500] [--scanned 3]

Notes are made of words as common as in English (wordfreq's first 4,000, drawn by their frequency). Of the quotes half are
cut from a note, a fifth has words changed or left out, a tenth joins two notes, a tenth is credited to somebody else, a
tenth is made up. The scan looks for the longest common stretch of `--scanned` quotes and every note, as one would write
it first: it tells neither who said it nor what differs.
"""

from __future__ import annotations

import argparse
import difflib
import random
from collections import Counter
from time import perf_counter

from wordfreq import top_n_list, word_frequency

from workbench.quotes import QuoteIndex, Source


def main() -> None:
    """Print times and what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, default=50_000)
    parser.add_argument("--quotes", type=int, default=500)
    parser.add_argument("--scanned", type=int, default=3)
    args = parser.parse_args()
    rng = random.Random(0)
    sources = make_sources(rng, args.notes)
    quotes = [plant(rng, sources, number) for number in range(args.quotes)]

    start = perf_counter()
    index = QuoteIndex(sources)
    made = perf_counter() - start
    slowest: Counter[str] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    start = perf_counter()
    for planted, words, by in quotes:
        began = perf_counter()
        kind = index.find(words, by).kind
        slowest[planted] = max(slowest[planted], perf_counter() - began)
        found[planted, kind] += 1
    taken = perf_counter() - start
    print(f"{args.notes} notes, {args.quotes} quotes: index {made:.2f} s, looking up {taken:.2f} s")
    print(f"slowest look-up: {max(slowest.values()) * 1000:.0f} ms")

    start = perf_counter()
    for _, words, _ in quotes[: args.scanned]:
        scan(words, sources)
    each = (perf_counter() - start) / args.scanned
    print(
        f"difflib: {each:.1f} s a quote, so {each * args.quotes / 60:.0f} min for all; {each * args.quotes / (made + taken):.0f} times as long\n"
    )

    print(f"{'planted':10} found")
    for planted in sorted({planted for planted, _ in found}):
        kinds = sorted(((n, kind) for (p, kind), n in found.items() if p == planted), reverse=True)
        print(f"{planted:10} {', '.join(f'{kind} {n}' for n, kind in kinds)}")


def make_sources(rng: random.Random, n_notes: int) -> list[Source]:
    words = [word for word in top_n_list("en", 4000) if word.isalpha()]
    weights = [word_frequency(word, "en") for word in words]
    sources = []
    for number in range(n_notes):
        text = " ".join(rng.choices(words, weights, k=rng.randint(6, 28)))
        customer = f"C{rng.randrange(max(3, n_notes // 70))}"
        sources.append(Source(f"n{number:06d}", customer, f"{customer}.md", number, text))
    return sources


def plant(rng: random.Random, sources: list[Source], number: int) -> tuple[str, str, str]:
    """What a quote is, its words, and whom it is credited to."""
    kind = ("exact", "exact", "exact", "exact", "exact", "altered", "altered", "joined", "other", "none")[number % 10]
    source = rng.choice(sources)
    words = source.text.split()
    first = rng.randrange(max(1, len(words) - 12))
    cut = words[first : first + rng.randint(6, 12)]
    by = source.customer
    if kind == "altered":
        cut[len(cut) // 2] = "spreadsheet"
    elif kind == "joined":
        other = rng.choice([s for s in rng.sample(sources, 50) if len(s.text.split()) >= 10])
        cut = [*cut[:6], "…", *other.text.split()[:6]]
    elif kind == "other":
        by = rng.choice([s.customer for s in rng.sample(sources, 50) if s.customer != by])
    elif kind == "none":
        cut = [word[::-1] for word in cut]
    return kind, " ".join(cut), by


def scan(words: str, sources: list[Source]) -> tuple[int, int]:
    """The longest stretch that a quote has in common with a note, and which note."""
    matcher = difflib.SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(words)
    best = (0, -1)
    for number, source in enumerate(sources):
        matcher.set_seq1(source.text)
        best = max(best, (matcher.find_longest_match().size, number))
    return best


if __name__ == "__main__":
    main()
