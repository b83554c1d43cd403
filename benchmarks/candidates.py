"""How many of the passages that researchers marked are among the first candidates, beside chance and the longest sentences.

    python benchmarks/candidates.py [--pdpilot DIR] [--unsigned] [--no-leave-out]

PDPilot (seven interviews, 259 coded segments) is not part of the repository; DIR holds its ``transcripts/`` and
``coded_segments.csv``. The candidates of all seven calls are merged by worth. A segment is found when a candidate overlaps it by
half of the shorter of the two, counted in letters and digits; a candidate is right when it finds one. Beside each stands how
many words there are to read. Where a weight of ours is chosen on the study itself, the last table says what is left when each
interview is ranked by weights that the six others chose.

With ``--unsigned`` the calls are as a machine may write them: in small letters, without any sign. Sentences by chance and the longest ones
are still those of the people who wrote the calls down, which nobody has then; beside them stand turns, and parts of twenty words.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import random
import re
import statistics
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz
from sentencex import get_sentence_boundaries

from workbench import candidates
from workbench.importers import Piece, Transcript, Turn

HERE = Path(__file__).parent
AT = (100, 200, 400)
SEEDS = 20
GRID = {
    "SIGNAL_WORTH": (0.0, 0.2, 0.4),
    "ANSWER_WORTH": (1.0, 1.2, 1.4, 1.7),
    "QUESTION_WORTH": (0.5, 1.0),
    "NEAR": (3, 4, 6, 8),
}
WITHOUT = {
    "no signals": {"SIGNAL_WORTH": 0.0},
    "an answer is worth no more": {"ANSWER_WORTH": 1.0},
    "a question is worth no less": {"QUESTION_WORTH": 1.0},
    "neighbours are not lowered": {"LEFT_BESIDE": 1.0},
    "short sentences stay alone": {"SHORT_WORDS": 0},
    "fillers count": {"_FILLERS": re.compile(r"(?!)")},
}


class Stretch(NamedTuple):
    """A piece of a call, by its place among the call's letters and digits."""

    call: str
    start: int
    end: int
    words: int = 0
    worth: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pdpilot", type=Path, default=HERE.parent.parent / "shared" / "studies" / "pdpilot")
    parser.add_argument("--no-leave-out", action="store_true", help="leave the last table out, which takes a minute")
    parser.add_argument("--unsigned", action="store_true", help="as a machine writes: no signs, no capitals")
    options = parser.parse_args()
    if not options.pdpilot.is_dir():
        print(f"No study at {options.pdpilot}: left out.")
        return
    calls = {
        path.stem: as_transcript(json.loads(path.read_text("utf-8"))["turns"])
        for path in sorted((options.pdpilot / "transcripts").glob("*.json"))
    }
    coded = read_segments(options.pdpilot, calls)
    sentences = [one for call, transcript in calls.items() for one in all_sentences(call, transcript)]
    candidates.find_signals = cache(candidates.find_signals)
    written = calls
    if options.unsigned:
        calls = {call: unsigned(transcript) for call, transcript in calls.items()}
    ours = ranked(calls)
    print(
        f"{len(calls)} calls, {len(sentences)} sentences of customers, {len(coded)} segments, {len(ours)} candidates\n"
    )
    print("| | " + " | ".join(f"recall at {n} | right | words" for n in AT) + " |")
    print("|---|" + "---|" * 3 * len(AT))
    print_chance("sentences by chance, 20 times (± standard deviation)", sentences, coded)
    print_chance("our candidates by chance", ours, coded)
    print_row("longest sentences", sorted(sentences, key=lambda one: one.start - one.end), coded)
    if options.unsigned:
        print_row("longest turns", sorted(parts(calls), key=lambda one: one.start - one.end), coded)
        print_chance("parts of twenty words by chance", list(parts(calls, 20)), coded)
        print_row("longest parts of twenty words", sorted(parts(calls, 20), key=lambda one: one.start - one.end), coded)
        print_row("ours, where people wrote the signs", ranked(written), coded)
    print_row("**ours**", ours, coded)
    for name, weights in WITHOUT.items():
        print_row(f"ours, {name}", ranked(calls, weights), coded)
    if not options.no_leave_out:
        print_row("ours, each interview by the weights that the other six choose", left_out(calls, coded), coded)


def as_transcript(turns: Iterable[dict[str, str]]) -> Transcript:
    return Transcript(tuple(Turn(one["speaker"], one["text"], (Piece(0, None, n),)) for n, one in enumerate(turns, 1)))


def unsigned(transcript: Transcript) -> Transcript:
    """A call as a machine writes it; a turn stays where it is, though nothing may be left of it."""
    bare = (" ".join(re.findall(r"\w+(?:['’]\w+)*", turn.text.lower())) for turn in transcript.turns)
    return Transcript(tuple(turn._replace(text=text) for turn, text in zip(transcript.turns, bare, strict=True)))


def parts(calls: dict[str, Transcript], n_words: int = 10**9) -> Iterable[Stretch]:
    """The turns of customers in parts of so many words."""
    for call, transcript in calls.items():
        for turn, at in zip(transcript.turns, places(transcript), strict=False):
            words = turn.text.split() if turn.speaker == call else []
            for start in range(0, len(words), n_words):
                part = words[start : start + n_words]
                said = len(letters("".join(part)))
                yield Stretch(call, at, at + said, len(part))
                at += said


def letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def places(transcript: Transcript) -> list[int]:
    """Where each turn begins among the call's letters."""
    return [0, *itertools.accumulate(len(letters(turn.text)) for turn in transcript.turns)]


def read_segments(folder: Path, calls: dict[str, Transcript]) -> list[Stretch]:
    """The coded segments, each where it stands in its call; 28 of 259 are not there to the letter, and stand where they fit best."""
    whole = {call: "".join(letters(turn.text) for turn in transcript.turns) for call, transcript in calls.items()}
    found = []
    with open(folder / "coded_segments.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            said = letters(re.sub(r"\b(Dan|Participant|Interviewer|P\d):", "", row["text"]))
            at = whole[row["participant"]].find(said)
            end = at + len(said)
            if at < 0:
                aligned = fuzz.partial_ratio_alignment(said, whole[row["participant"]])
                at, end = aligned.dest_start, aligned.dest_end
            found.append(Stretch(row["participant"], at, end))
    return found


def all_sentences(call: str, transcript: Transcript) -> Iterable[Stretch]:
    for turn, at in zip(transcript.turns, places(transcript), strict=False):
        if turn.speaker == call:
            for one in get_sentence_boundaries("en", turn.text):
                said = letters(one["text"])
                if said:
                    yield Stretch(call, at, at + len(said), len(one["text"].split()))
                at += len(said)


def ranked(calls: dict[str, Transcript], weights: dict[str, object] | None = None) -> list[Stretch]:
    """Our candidates of some calls, the most telling first."""
    before = {name: getattr(candidates, name) for name in weights or {}}
    for name, value in (weights or {}).items():
        setattr(candidates, name, value)
    found = []
    for call, transcript in calls.items():
        starts = places(transcript)
        for one in candidates.find_candidates(transcript, [s for s in transcript.speakers if s != call]):
            at = starts[one.turn] + len(letters(transcript.turns[one.turn].text[: one.start]))
            found.append(Stretch(call, at, at + len(letters(one.text)), len(one.text.split()), one.worth))
    for name, value in before.items():
        setattr(candidates, name, value)
    return sorted(found, key=lambda one: -one.worth)


def finds(one: Stretch, segment: Stretch) -> bool:
    shared = min(one.end, segment.end) - max(one.start, segment.start)
    return one.call == segment.call and shared * 2 >= min(one.end - one.start, segment.end - segment.start)


def measure(
    order: Sequence[Stretch], coded: Sequence[Stretch], at: Sequence[int] = AT
) -> list[tuple[float, float, int]]:
    """Recall, how many are right, and how many words there are to read, at each length of the list."""
    found: set[int] = set()
    right = words = 0
    rows = []
    for n, one in enumerate(order, 1):
        hits = {i for i, segment in enumerate(coded) if finds(one, segment)}
        found |= hits
        right += bool(hits)
        words += one.words
        if n in at:
            rows.append((len(found) / len(coded), right / n, words))
        if n == max(at):
            break
    return rows


def print_row(name: str, order: Sequence[Stretch], coded: Sequence[Stretch]) -> None:
    cells = [f"{recall:.3f} | {right:.2f} | {words}" for recall, right, words in measure(order, coded)]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def print_chance(name: str, what: Sequence[Stretch], coded: Sequence[Stretch]) -> None:
    runs = [measure(random.Random(seed).sample(what, max(AT)), coded) for seed in range(SEEDS)]
    cells = []
    for column in zip(*runs, strict=True):
        recall, right, words = zip(*column, strict=True)
        spread = statistics.stdev(recall)
        cells.append(
            f"{statistics.mean(recall):.3f} ± {spread:.3f} | {statistics.mean(right):.2f} | {statistics.mean(words):.0f}"
        )
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def left_out(calls: dict[str, Transcript], coded: Sequence[Stretch]) -> list[Stretch]:
    """Each interview's candidates by the weights with which the other six do best, on average of the three lengths."""
    tried = [dict(zip(GRID, values, strict=True)) for values in itertools.product(*GRID.values())]
    lists = [ranked(calls, weights) for weights in tried]
    merged: list[Stretch] = []
    for call in calls:
        theirs = [segment for segment in coded if segment.call != call]

        def score(order: list[Stretch], call: str = call, theirs: list[Stretch] = theirs) -> float:
            others = [one for one in order if one.call != call]
            at = [round(n * len(others) / len(order)) for n in AT]
            return sum(recall for recall, _, _ in measure(others, theirs, at))

        best = max(range(len(tried)), key=lambda i: score(lists[i]))
        merged += [one for one in lists[best] if one.call == call]
    return sorted(merged, key=lambda one: -one.worth)


if __name__ == "__main__":
    main()
