"""How often signals are right, and how much is missed, beside keywords; and how the time grows with the text.

    python benchmarks/signals.py [--pdpilot DIR] [--onrr DIR] [--no-speed]

Four sets, each a text with the kinds that are there, by hand; a kind is found when at least one signal of it is.

- **sample**: all 184 notes of the sample study but for the PM's own takes, labelled note by note in
  ``signal_labels.csv``, by the author of the rules, before the rules of the new kinds were written. Mistakes in calls 1, 3,
  5 … by file name were looked at while rules were mended, those in calls 2, 4, 6 … were not; but whoever labels a note has
  read it. Labels of events, and of costs and frequencies together, are older, and the rules for these were mended on all of
  the notes.
- **sentences**: 150 sentences of PDPilot's participants P1 to P3, evenly spread over those of five words or more, labelled
  likewise in ``signal_labels_pdpilot.csv`` (places only: the study is not ours to copy). No mistake in these was looked at.
- **onrr**: the 60 notes of five ONRR interviews (P10, P3, P5, P7, P9), labelled in ``signal_labels_onrr.csv`` after the rules were
  fixed (commit 8c39047), by the author of the rules, who had not read them before and did not see what the rules find. The
  other five interviews were looked at while rules were mended. Since that commit two rules made for the sample alone were
  taken back; nothing changed here.
- **codes**: the segments of all seven PDPilot interviews that its own researchers coded. `CODES` maps their codes to kinds:
  the mapping is by the author of the rules, the labels are not. A code says what a passage is about; much of a passage is
  about something else as well, and who finds a filter useful may be coded for interaction. So precision is a lower bound.

The plain keywords are the example words that were noted down before any rule (``research/method-and-data.md``).
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from workbench.notes import parse_call
from workbench.signals import SIGNAL_KINDS, find_in_turns, find_signals

HERE = Path(__file__).parent
SENTENCE = re.compile(r"(?<=[.!?])\s+")
MIN_WORDS = 5

KEYWORDS = {
    "pain": r"struggl|couldn't find|confus|frustrat|didn't know|black hole|fatigue",
    "workaround": r"export to excel|by hand|copy-paste|created my own|ctrl\+f|instead i\b",
    "wish": r"would be nice|i'd want|should have|expected to|missing|suggest",
    "frequency": r"every week|\btimes\b|monthly|each time|always",
    "cost": r"\d+ (?:minutes|hours|days)|\$|\bpeople\b",
    "trigger": r"\bwhen i\b|\bafter\b|last time|as soon as|the day\b",
    "intensity": r"!|\bhate|nightmare|waste of time|\d/(?:5|10)\b",
    "commitment": r"send me|i'll introduce|pilot\b|\bpaid\b|budget|signed up",
    "hypothetical": r"\bi would\b|\bmight\b|probably",
    "compliment": r"\blove|\bcool\b|great idea",
    "anxiety": r"worried|what if|\btrust|\blose\b",
    "habit": r"used to it|always done|works fine",
}
BASELINE = {kind: re.compile(words.replace("'", "['’]"), re.IGNORECASE) for kind, words in KEYWORDS.items()}

# PDPilot's codes to kinds: a code itself, or a theme with all codes below it. What is not named is of none of these kinds.
CODES = {
    "wish": ("PDPilot improvements",),
    "compliment": (
        "Benefits of PDPilot > Compliment",
        "PDPilot Techniques Usage > Ranking > Highlighting was useful",
        "PDPilot Techniques Usage > Ranking > Liked importance ranking",
        "PDPilot Techniques Usage > Ranking > Liked highlighted histogram difference",
        "PDPilot Techniques Usage > Ranking > Liked highlighted line similarity",
        "PDPilot Techniques Usage > Ranking > Liked cluster difference",
        "PDPilot Techniques Usage > Filtering > Filtering was useful",
        "PDPilot Techniques Usage > Filtering > Liked two-way filters",
        "PDPilot Techniques Usage > Clustering > Clusters and cluster descriptions were useful",
        "PDPilot Techniques Usage > Interactions > Good for analyzing interactions",
        "PDPilot Techniques Usage > Interactions > Liked interaction plots",
    ),
    "pain": (
        "PDPilot General Usage > Didn't know how to do something in PDPilot",
        "PDPilot General Usage > Tool complexity",
        "PDPilot General Usage > Couldn't find use for technique",
        "PDPilot improvements > Visualization sizing issue",
        "PDPilot improvements > Confused by cluster description stacked bar chart",
        "PDPilot improvements > Outliers, overfitting, and skewed distributions > Outliers affecting rankings",
        "PDPilot improvements > Outliers, overfitting, and skewed distributions > Problem with few instances",
        "PDPilot Techniques Usage > Interactions > Not very useful",
        "PDPilot Techniques Usage > Ranking > Did not find sorting by interactions to be useful",
        "Explainability techniques > Pain point in comparing and understanding different types of plots",
        "Explainability techniques > Which features to look at > No good approach to determing which plots to look at",
    ),
    "anxiety": (
        "PDPilot improvements > Concerned about correlated variables",
        "PDPilot improvements > Are plots trustworthy",
        "PDPilot General Usage > Over-reliance on guidance",
    ),
    "habit": ("Explainability techniques > Convention and familiarity",),
    "workaround": ("Benefits of PDPilot > Creating plots by hand",),
}

Labelled = list[tuple[list[tuple[str, str, bool]], set[str]]]  # turns, kinds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pdpilot", type=Path, default=HERE.parent.parent / "shared" / "studies" / "pdpilot")
    parser.add_argument("--onrr", type=Path, default=HERE.parent.parent / "shared" / "studies" / "onrr-newsite")
    parser.add_argument("--no-speed", action="store_true", help="leave the times out")
    options = parser.parse_args()

    seen, others = sample_notes()
    compare("sample, notes of the calls whose mistakes were looked at (1st, 3rd, … by file name)", seen)
    compare("sample, notes of the other calls (2nd, 4th, …)", others)
    if options.onrr.is_dir():
        compare("ONRR, notes labelled after the rules were fixed", onrr(options.onrr))
    else:
        print(f"No study at {options.onrr}: left out.")
    if options.pdpilot.is_dir():
        compare("PDPilot, sentences of P1 to P3", sentences(options.pdpilot))
        compare("PDPilot, segments by its researchers' codes, P1 to P4", codes(options.pdpilot, "P1 P2 P3 P4"), CODES)
        compare("the same, P5 to P7, which were looked at", codes(options.pdpilot, "P5 P6 P7"), CODES)
    else:
        print(f"No study at {options.pdpilot}: left out.")
    if not options.no_speed:
        speed()


def sample_notes() -> tuple[Labelled, Labelled]:
    """The notes of the sample study: of every second call, and of the others."""
    labels: dict[str, dict[int, set[str]]] = defaultdict(dict)
    with open(HERE / "signal_labels.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            labels[row["file"]][int(row["line"])] = set(row["kinds"].split())
    halves: tuple[Labelled, Labelled] = ([], [])
    for number, name in enumerate(sorted(labels)):
        notes = parse_call((HERE.parent / "interviews" / name).read_text("utf-8"), name).notes
        texts = {note.line: note.text for note in notes if note.kind != "take"}
        assert set(texts) == set(labels[name]), f"{name}: the labels are of other notes"
        halves[number % 2].extend(([("", texts[line], True)], kinds) for line, kinds in sorted(labels[name].items()))
    return halves


def sentences(folder: Path) -> Labelled:
    """The labelled sentences of PDPilot's participants."""
    turns = {
        path.stem: json.loads(path.read_text("utf-8"))["turns"] for path in (folder / "transcripts").glob("*.json")
    }
    found: Labelled = []
    with open(HERE / "signal_labels_pdpilot.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            turn = turns[row["participant"]][int(row["turn"]) - 1]
            assert turn["speaker"] == row["participant"]
            text = SENTENCE.split(turn["text"].strip())[int(row["sentence"]) - 1]
            assert len(text.split()) >= MIN_WORDS
            found.append(([(turn["speaker"], text, True)], set(row["kinds"].split())))
    return found


def onrr(folder: Path) -> Labelled:
    """The labelled notes of ONRR."""
    labels: dict[str, dict[int, set[str]]] = defaultdict(dict)
    with open(HERE / "signal_labels_onrr.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            labels[row["call"]][int(row["line"])] = set(row["kinds"].split())
    found: Labelled = []
    for call, kinds in labels.items():
        notes = parse_call((folder / "interviews-blind" / f"{call}.md").read_text("utf-8"), f"{call}.md").notes
        assert {note.line for note in notes} == set(kinds), f"{call}: the labels are of other notes"
        found.extend(([("", note.text, True)], kinds[note.line]) for note in notes)
    return found


def codes(folder: Path, participants: str) -> Labelled:
    """The coded segments of some participants of PDPilot, each once, with the kinds of all its codes."""
    kinds: dict[tuple[str, str], set[str]] = defaultdict(set)
    with open(folder / "coded_segments.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["participant"] not in participants.split():
                continue
            kinds[row["participant"], row["text"]] |= {
                kind
                for kind, mapped in CODES.items()
                if any(row["code"] == code or row["code"].startswith(f"{code} > ") for code in mapped)
            }
    return [(turns_of(text), of) for (_, text), of in sorted(kinds.items())]


def turns_of(segment: str) -> list[tuple[str, str, bool]]:
    """A segment's turns; what stands before the first name is the participant's."""
    parts = re.split(r"\b(Dan|Interviewer|Participant):", segment)
    names = ["Participant", *parts[1::2]]
    return [(name, text, name == "Participant") for name, text in zip(names, parts[::2], strict=True) if text.strip()]


def rules(turns: list[tuple[str, str, bool]]) -> set[str]:
    return {signal.kind for _, signal in find_in_turns(turns)}


def keywords(turns: list[tuple[str, str, bool]]) -> set[str]:
    text = "\n".join(text for _, text, is_customer in turns if is_customer)
    return {kind for kind, words in BASELINE.items() if words.search(text)}


def compare(title: str, labelled: Labelled, kinds: Iterable[str] = SIGNAL_KINDS) -> None:
    kinds = [kind for kind in SIGNAL_KINDS if kind in set(kinds)]
    print(f"\n## {title}: {len(labelled)}\n")
    print("| kind | there | base rate | right of found | P | R | F1 | keywords: right of found | P | R | F1 |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    totals: list[dict[str, tuple[int, int, int]]] = []
    for find in (rules, keywords):
        counts = {}
        found = [find(turns) for turns, _ in labelled]
        for kind in kinds:
            there = [kind in of for _, of in labelled]
            hit = [kind in of for of in found]
            counts[kind] = (sum(a and b for a, b in zip(hit, there, strict=True)), sum(hit), sum(there))
        totals.append(counts)
    for kind in kinds:
        there = totals[0][kind][2]
        print(
            f"| {kind} | {there} | {there / len(labelled):.2f} | {cells(totals[0][kind])} | {cells(totals[1][kind])} |"
        )
    for name, join in (("micro", micro), ("macro, of kinds that are there", macro)):
        print(f"| **{name}** | {sum(of[2] for of in totals[0].values())} | | {join(totals[0])} | {join(totals[1])} |")


def scores(right: int, found: int, there: int) -> tuple[float, float, float]:
    precision = right / found if found else 0.0
    recall = right / there if there else 0.0
    return precision, recall, 2 * right / (found + there) if found + there else 0.0


def cells(counts: tuple[int, int, int]) -> str:
    right, found, there = counts
    precision, recall, both = scores(*counts)
    return " | ".join(
        (f"{right} of {found}", f"{precision:.2f}" if found else "–", f"{recall:.2f}" if there else "–", f"{both:.2f}" if found + there else "–")
    )  # fmt: skip


def micro(counts: dict[str, tuple[int, int, int]]) -> str:
    return cells(tuple(map(sum, zip(*counts.values(), strict=True))))


def macro(counts: dict[str, tuple[int, int, int]]) -> str:
    each = [scores(*of) for of in counts.values() if of[2]]
    return " | ".join(("", *(f"{sum(column) / len(each):.2f}" for column in zip(*each, strict=True))))


def speed() -> None:
    """CPU seconds for texts of a quarter, a half and a whole megabyte."""
    print("\n## Time\n\n| text | 250 kB | 500 kB | 1 MB |\n|---|---|---|---|")
    prose = " ".join(turns[0][1] for half in sample_notes() for turns, _ in half)
    for name, piece in (
        ("the sample's notes, over and over", f"{prose} "),
        ("one word", "a"),
        ("blanks", " "),
        ("digits", "1."),
        ("denials", "not very easy "),
        ("what nearly matches", "if i had two or three of the would not really "),
        ("capitals", "AB "),
        ("exclamation", "!"),
    ):
        print(
            f"| {name} | "
            + " | ".join(f"{cpu(find_signals, piece, size):.1f} s" for size in (250_000, 500_000, 1_000_000))
            + " |"
        )


def cpu(work: Callable[[str], object], piece: str, size: int) -> float:
    text = (piece * (size // len(piece) + 1))[:size]
    start = time.process_time()
    work(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
