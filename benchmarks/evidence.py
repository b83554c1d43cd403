"""What may say the opposite, saturation, what one more call adds, who to ask next, and how long it takes.

    python benchmarks/evidence.py [--onrr DIR] [--only against,saturation,expected,planner,speed]

``against_labels.csv`` names, for topics of the sample (its author's labels) and of ONRR (its researchers' findings of
three notes or more that claim something), the notes that say the opposite; where none does, the topic stands alone.
``against_planted.csv`` holds sentences that say the opposite of a topic of the sample, to be planted one at a time as the
note of a new customer. Both were judged and written by the author of the rules: the labels and batch 1 before there were
rules; batch 2 when the rules for batch 1 stood; batch 3 when those for batch 2 stood, and nothing was changed for it.
ONRR is not part of the repository; DIR holds its ``interviews-blind/`` and ``note_labels.csv``.
"""

from __future__ import annotations

import argparse
import csv
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

import workbench as wb
from workbench.evidence import find_against, strength
from workbench.themes.find import SUMMARY_COLUMNS, Themes

HERE = Path(__file__).parent
SECTIONS = ("against", "saturation", "expected", "planner", "speed")
NEW = "planted#00000000"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--onrr", type=Path, default=HERE.parent.parent / "shared" / "studies" / "onrr-newsite")
    parser.add_argument("--only", default=",".join(SECTIONS))
    parser.add_argument("--semantic", action="store_true", help="against: with the encoder of the extra")
    options = parser.parse_args()
    warnings.simplefilter("ignore", UserWarning)
    for section in options.only.split(","):
        print(f"\n## {section}")
        globals()[f"measure_{section}"](options)


# What may say the opposite


def rank_tfidf(themes: Themes, evidence: list[str], inside: bool) -> list[str]:
    """Plain baseline: notes nearest to the evidence by TF-IDF, those in it left out or not."""
    vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(themes.notes["text"])
    mine = themes.notes["note"].isin(evidence).to_numpy()
    near = np.asarray(vectors @ np.asarray(vectors[np.flatnonzero(mine)].mean(axis=0)).T).ravel()
    ids = themes.notes["note"].tolist()
    order = sorted(range(len(ids)), key=lambda i: (-round(near[i], 9), ids[i]))
    return [ids[i] for i in order if near[i] > 0 and (inside or not mine[i])]


RANKERS: dict[str, Callable[[Themes, list[str]], list[str]]] = {
    "workbench, rank_against": lambda t, ids: [c.note for c in wb.rank_against(t, ids, n=None)],
    "  only what says so, not what is quiet": lambda t, ids: [
        c.note for c in wb.rank_against(t, ids, n=None) if not c.signs[0].rule.startswith("quiet")
    ],
    "TF-IDF, nearest": lambda t, ids: rank_tfidf(t, ids, True),
    "TF-IDF, nearest that is not in it": lambda t, ids: rank_tfidf(t, ids, False),
}
# What stands for a topic: all of its notes; every other of them, as when a hypothesis names some; the theme as found.
CENTRES: dict[str, Callable[[Themes, list[str]], list[str]]] = {
    "all notes of the topic": lambda t, ids: ids,
    "every other note of the topic": lambda t, ids: ids[::2],
    "the theme that has most of them": lambda t, ids: t.notes.loc[t.notes["theme"] == home(t, ids), "note"].tolist(),
}


def measure_against(options: argparse.Namespace) -> None:
    encoder = "semantic" if options.semantic else None
    labels: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with open(HERE / "against_labels.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            labels[row["study"]][row["topic"]] |= {row["note"]} - {""}
    studies = {"sample": read_sample()}
    if options.onrr.is_dir():
        studies["onrr"] = read_onrr(options.onrr)
    for study, (notes, topics_of) in studies.items():
        themes = wb.find_themes(notes, encoder=encoder)
        topics = group(themes, topics_of)
        with_any = sum(bool(right) for right in labels[study].values())
        print(f"{study}: {len(labels[study])} topics, {with_any} with a note that says the opposite")
        print("  one in the first three | of those (at most three) found in the first three | right of the first three")
        for centre, choose in CENTRES.items():
            print(f"  {centre}")
            for name, rank in RANKERS.items():
                judge(
                    name,
                    [
                        (rank(themes, choose(themes, topics[topic]))[:3], right)
                        for topic, right in sorted(labels[study].items())
                    ],
                )
            if centre.startswith("the theme"):
                judge(
                    "workbench, find_against",
                    [
                        (find_against(themes, home(themes, topics[topic]))[:3], right)
                        for topic, right in sorted(labels[study].items())
                    ],
                )
        chance = [
            1 - np.prod([1 - len(right) / (len(themes.notes) - k) for k in range(3)])
            for right in labels[study].values()
            if right
        ]
        print(f"  random: {sum(chance):.1f} of {len(chance)}")
    measure_planted(*read_sample(), encoder)


def judge(name: str, answers: list[tuple[list[str], set[str]]]) -> None:
    """Print how often the first three hold what is right."""
    counts = [(len(right & set(first)), len(first), len(right)) for first, right in answers]
    found = [n / min(3, there) for n, _, there in counts if there]
    print(f"    {name:40} {sum(n > 0 for n, _, _ in counts)} of {len(found)} | {np.mean(found):.2f} | "
          f"{sum(n for n, _, _ in counts)} of {sum(n for _, n, _ in counts)}")  # fmt: skip


def measure_planted(notes: pd.DataFrame, topics_of: dict, encoder: str | None) -> None:
    hits: dict[tuple[str, str], dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    plain = notes.astype({name: object for name in notes if name != "date"})
    with open(HERE / "against_planted.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        new = plain.iloc[[0]].assign(
            note=NEW, call="planted", customer="Planted", segment="services", kind="observation", text=row["text"],
            consent="quote", excluded="", file="planted", line=1,
        )  # fmt: skip
        themes = wb.find_themes(pd.concat([plain, new], ignore_index=True), encoder=encoder)
        topic = group(themes, topics_of)[row["topic"]]
        for centre, choose in CENTRES.items():
            for name, rank in RANKERS.items():
                hits[centre, name][row["batch"]].append(NEW in rank(themes, choose(themes, topic))[:3])
        found = NEW in find_against(themes, home(themes, topic))[:3]
        hits["the theme that has most of them", "workbench, find_against"][row["batch"]].append(found)
    print(f"planted one at a time among the sample's {len(plain)} notes: in the first three, batch 1, 2, 3")
    for centre in CENTRES:
        print(f"  {centre}")
        for (at, name), batches in hits.items():
            if at == centre:
                said = ", ".join(f"{sum(found)} of {len(found)}" for _, found in sorted(batches.items()))
                print(f"    {name:40} {said}")
    print(f"  random: {3 / len(themes.notes):.0%} of each")


def read_sample() -> tuple[pd.DataFrame, dict[tuple[str, object], set[str]]]:
    with open(HERE / "sample_labels.csv", encoding="utf-8") as file:
        topics = {(row["call_file"].rsplit("/")[-1], int(row["line"])): {row["theme"]} for row in csv.DictReader(file)}
    return wb.read_notes(HERE.parent), topics


def read_onrr(folder: Path) -> tuple[pd.DataFrame, dict[tuple[str, object], set[str]]]:
    topics: dict[tuple[str, object], set[str]] = defaultdict(set)
    with open(folder / "note_labels.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            topics[row["participant"], " ".join(row["note"].split())].add(row["finding_id"])
    return wb.read_notes(folder / "interviews-blind"), topics


def group(themes: Themes, topics_of: dict[tuple[str, object], set[str]]) -> dict[str, list[str]]:
    """The notes of each topic."""
    topics: dict[str, list[str]] = defaultdict(list)
    for row in themes.notes.itertuples(index=False):
        place = (str(row.file).rsplit("/")[-1], row.line)
        said = (str(row.call), " ".join(row.text.split()))
        for topic in topics_of.get(place) or topics_of.get(said) or ():
            topics[topic].append(row.note)
    return topics


def home(themes: Themes, evidence: list[str]) -> str:
    """The theme that has most of a topic's notes."""
    of = themes.notes.loc[themes.notes["note"].isin(evidence) & (themes.notes["theme"] != ""), "theme"]
    return min(Counter(of).items(), key=lambda item: (-item[1], item[0]))[0]


# Saturation


def measure_saturation(options: argparse.Namespace) -> None:
    if not options.onrr.is_dir():
        print("no ONRR: left out")
        return
    notes, topics_of = read_onrr(options.onrr)
    themes = wb.find_themes(notes)
    print(f"ONRR, {len(themes.summary)} themes as found: {wb.measure_saturation(themes)}")
    rows = [
        (row.call, row.customer, row.segment, row.date, topic)
        for row in themes.notes.astype({"call": str, "customer": str, "segment": str}).itertuples(index=False)
        for topic in topics_of.get((row.call, " ".join(row.text.split())), {""})
    ]
    human = raised(rows)
    print(f"ONRR, its researchers' {len(human.summary)} findings: {wb.measure_saturation(human)}")
    for name, found in (("themes", themes), ("findings", human)):
        row = wb.expect_new_themes(found).iloc[0]
        print(f"  one more participant, {name}: {row['expected']:.1f} new ({row['low']:.1f} to {row['high']:.1f}); "
              f"not yet heard, at least {row['unheard']:.0f}")  # fmt: skip


def raised(rows: list[tuple]) -> Themes:
    """Themes of rows (call, customer, segment, day, theme), as somebody put them."""
    frame = pd.DataFrame(rows, columns=["call", "customer", "segment", "date", "theme"])
    frame["note"] = [f"{call}#{i:08x}" for i, call in enumerate(frame["call"])]
    frame = frame.assign(kind="observation", text="", consent="quote", reason="", typicality=1.0, language="en")
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    known = frame[frame["theme"] != ""]
    counts = known.groupby("theme").agg(n_notes=("note", "size"), n_customers=("customer", "nunique"), first=("date", "min"),
                                        last=("date", "max"), notes=("note", tuple))  # fmt: skip
    counts = counts.reset_index().sort_values(["n_customers", "n_notes", "theme"], ascending=[False, False, True])
    summary = counts.assign(name="", claim=counts["theme"], terms=[()] * len(counts), segments=[{}] * len(counts),
                            n_customers_total=frame["customer"].nunique())  # fmt: skip
    empty = frame.iloc[:0].drop(columns=["theme"])
    return Themes(summary[list(SUMMARY_COLUMNS)].reset_index(drop=True), frame, empty)


# Planted corpora: segments, each with its own chances of raising each theme


def make_corpus(kind: str, seed: int, n_segments: int = 5, pool: int = 60) -> list[list[tuple[str, str, set[str]]]]:
    """For each segment its customers: name, segment, the themes they would raise in a call."""
    rng = np.random.default_rng(seed)
    segments = []
    for s in range(n_segments):
        if kind == "alike":
            chances = {f"t{i}": 0.5 / (1 + i / 3) for i in range(40)}
        elif kind == "one rich":
            chances = {f"t{i}": 0.4 / (1 + i / 2) for i in range(10)}
            chances |= {f"own{i}": 0.12 for i in range(30)} if s == seed % n_segments else {}
        else:  # mixed: every segment has some of its own, from 2 to 22
            chances = {f"t{i}": 0.4 / (1 + i / 2) for i in range(10)}
            chances |= {f"s{s}-{i}": 0.15 for i in range(2 + 5 * ((s + seed) % n_segments))}
        segments.append(
            [
                (f"S{s}-{c:02d}", f"segment {s}", {t for t, p in chances.items() if rng.random() < p})
                for c in range(pool)
            ]
        )
    return segments


def measure_expected(options: argparse.Namespace) -> None:
    """How near the estimate is to what the next customer does add, and how often the range holds the chance behind it."""
    for kind in ("alike", "one rich", "mixed"):
        for n_heard in (6, 12, 24):
            estimates, truths, held = [], [], 0
            for seed in range(100):
                people = [person for segment in make_corpus(kind, seed) for person in segment]
                order = np.random.default_rng(1000 + seed).permutation(len(people))
                heard, rest = [people[i] for i in order[:n_heard]], [people[i] for i in order[n_heard:]]
                known = set().union(*(themes for _, _, themes in heard))
                truth = float(np.mean([len(themes - known) for _, _, themes in rest]))
                row = wb.expect_new_themes(themes_of(heard)).iloc[0]
                estimates.append(row["expected"])
                truths.append(truth)
                held += row["low"] <= truth <= row["high"]
            print(f"  {kind:9} {n_heard:3} heard: expected {np.mean(estimates):.2f}, really {np.mean(truths):.2f} new themes; "
                  f"off by {np.mean(np.abs(np.array(estimates) - truths)):.2f}; in the range {held} of 100")  # fmt: skip


def themes_of(heard: list[tuple[str, str, set[str]]]) -> Themes:
    return raised(
        [(name, name, segment, "2026-11-17", theme) for name, segment, of in heard for theme in sorted(of) or [""]]
    )


def measure_planner(options: argparse.Namespace) -> None:
    """Calls until nine of ten, and all, of the themes that anybody would raise twice are heard; 20 corpora a kind."""
    for kind in ("alike", "one rich", "mixed"):
        calls: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for seed in range(20):
            corpus = make_corpus(kind, seed)
            everyone = Counter(theme for segment in corpus for _, _, of in segment for theme in of)
            wanted = {theme for theme, n in everyone.items() if n > 1}
            for name, choose in PLANNERS.items():
                calls[name].append(play(corpus, wanted, choose, seed))
        for name, played in calls.items():
            most, every = (np.array([one[k] for one in played]) for k in (0, 1))
            base = [np.array([one[k] for one in calls["random customer"]]) for k in (0, 1)]
            print(f"  {kind:9} {name:18} 90 %: {most.mean():5.1f} calls ({(most < base[0]).mean():.0%} of corpora fewer than random); "
                  f"all: {every.mean():5.1f} ({(every < base[1]).mean():.0%})")  # fmt: skip


def play(corpus: list, wanted: set[str], choose: Callable, seed: int) -> tuple[int, int]:
    rng = np.random.default_rng(seed)
    left = [[segment[i] for i in rng.permutation(len(segment))] for segment in corpus]
    heard: list[tuple[str, str, set[str]]] = []
    known: set[str] = set()
    most = 0
    while not wanted <= known:
        segment = choose(left, heard, rng)
        heard.append(left[segment].pop())
        known |= heard[-1][2]
        if not most and len(wanted & known) >= 0.9 * len(wanted):
            most = len(heard)
    return most, len(heard)


def choose_random(left: list, heard: list, rng: np.random.Generator) -> int:
    sizes = np.array([len(segment) for segment in left])
    return int(rng.choice(len(left), p=sizes / sizes.sum()))


def choose_in_turn(left: list, heard: list, rng: np.random.Generator) -> int:
    return max(range(len(left)), key=lambda s: (len(left[s]), -s))


def choose_planned(left: list, heard: list, rng: np.random.Generator) -> int:
    customers = pd.DataFrame(
        [(f"waiting {s}", f"segment {s}", "", "quote", 0) for s, segment in enumerate(left) if segment],
        columns=["customer", "segment", "excluded", "consent", "n_calls"],
    )
    found = wb.next_calls(themes_of(heard), customers=customers)
    return int(next(row.segment for row in found.itertuples() if row.never_called).split()[1])


PLANNERS = {"random customer": choose_random, "segments in turn": choose_in_turn, "planner": choose_planned}


# Time


def measure_speed(options: argparse.Namespace) -> None:
    """Beside a plain loop that counts anew for each customer that is left out, and takes each order by itself."""
    rng = np.random.default_rng(0)
    n_customers, n_themes, n_notes = 2000, 60, 40_000
    who = np.arange(n_notes) % n_customers
    of = rng.zipf(1.3, size=n_notes) % n_themes
    themes = raised(
        [(f"c{c}", f"C{c:04d}", f"s{c % 5}", "2026-11-17", f"t{t:02d}") for c, t in zip(who, of, strict=True)]
    )
    fast = seconds(lambda: wb.find_fragile(themes))
    some = 20
    slow = seconds(lambda: loop_leave_out(themes, some)) * n_customers / some
    print(f"  leave one out, {n_customers} customers, {len(themes.summary)} themes: {fast:.2f} s; "
          f"plain loop {slow:.0f} s (from {some} of them), {slow / fast:.0f} times")  # fmt: skip
    fast = seconds(lambda: wb.measure_saturation(themes))
    slow = seconds(lambda: loop_saturation(themes, some)) * 500 / some
    print(
        f"  saturation, {n_customers} calls, 500 orders: {fast:.2f} s; plain loop {slow:.0f} s (from {some} of them), {slow / fast:.0f} times"
    )
    notes, _ = read_sample()
    sample = wb.find_themes(notes)
    whole = seconds(lambda: [wb.evidence_table(sample), wb.measure_saturation(sample), wb.expect_new_themes(sample)])
    fit = seconds(lambda: wb.find_themes(notes))
    print(f"  the sample: finding its themes {fit:.2f} s; table, saturation and what to expect {whole:.2f} s")


def seconds(run: Callable[[], object]) -> float:
    run()
    begin = time.process_time()
    run()
    return time.process_time() - begin


def loop_leave_out(themes: Themes, n: int) -> None:
    for name in sorted(themes.notes["customer"].unique())[:n]:
        rest = themes.notes[themes.notes["customer"] != name]
        for _, of in rest.groupby("theme"):
            strength(of["customer"].nunique(), of["segment"].nunique())


def loop_saturation(themes: Themes, n: int) -> None:
    sets = themes.notes.groupby("call")["theme"].agg(set).to_dict()
    calls, rng = sorted(sets), np.random.default_rng(0)
    for _ in range(n):
        known: set[str] = set()
        for call in rng.permutation(calls):
            known |= sets[call]
            len(known)


if __name__ == "__main__":
    main()
