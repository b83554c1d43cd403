"""How many notes are found again when a transcript is mended, with errors planted in a real one.

    python benchmarks/refit.py [--pdpilot DIR]

Each of PDPilot's seven interviews is changed word by word, so that it is known what became of every word: some are heard otherwise
(another word of the call), some are left out, some are doubled; turns are removed, or run together with the next of their speaker. The notes are
our first 40 candidates of each interview as quotes, and 20 notes in other words with a place. A quote is *right* when the words proposed
are those that now stand there, to the letter; of quotes in a turn that was removed nothing must be proposed. Beside it: the nearest text anywhere
(rapidfuzz's partial ratio of 85 or more), as notes are found again after an edit.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz

from workbench.candidates import cite_turn, find_candidates
from workbench.importers import Piece, Transcript, Turn
from workbench.notes import Note
from workbench.refit import refit_notes

HERE = Path(__file__).parent
N_QUOTES, N_PLACES, SEEDS = 40, 20, 5
# Share of words heard otherwise, left out and doubled; share of turns removed; whether turns run together.
PLANTED = {
    "1 word in 100 is another": (0.01, 0, 0, 0, False),
    "5 in 100": (0.05, 0, 0, 0, False),
    "5 in 100, 2 left out, 2 doubled": (0.05, 0.02, 0.02, 0, False),
    "20 in 100, 5 left out, 5 doubled": (0.2, 0.05, 0.05, 0, False),
    "5 in 100, and 1 turn in 10 removed": (0.05, 0, 0, 0.1, False),
    "5 in 100, and turns run together": (0.05, 0, 0, 0, True),
}


class Truth(NamedTuple):
    """A note, and what it must become; no words when its turn is gone."""

    note: Note
    words: str
    at: str


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pdpilot", type=Path, default=HERE.parent.parent / "shared" / "studies" / "pdpilot")
    options = parser.parse_args()
    if not options.pdpilot.is_dir():
        print(f"No study at {options.pdpilot}: left out.")
        return
    calls = {}
    for path in sorted((options.pdpilot / "transcripts").glob("*.json")):
        turns = json.loads(path.read_text("utf-8"))["turns"]
        calls[path.stem] = [(turn["speaker"], turn["text"].split()) for turn in turns if turn["text"].split()]
    print(
        "| planted | quotes | right | proposed wrongly | not found, though there | nearest text: right | wrongly | places right | of | s a call |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, shares in PLANTED.items():
        total = [0] * 8
        started = time.process_time()
        for seed in range(SEEDS):
            for call, turns in calls.items():
                counts = play(call, turns, shares, random.Random(f"{seed} {call}"))
                total = [a + b for a, b in zip(total, counts, strict=True)]
        seconds = (time.process_time() - started) / SEEDS / len(calls)
        n, right, wrong, missed, near_right, near_wrong, places_right, places = total
        print(
            f"| {name} | {n} | {right / n:.3f} | {wrong / n:.3f} | {missed / n:.3f} | {near_right / n:.3f} | {near_wrong / n:.3f} "
            f"| {places_right / places:.3f} | {places} | {seconds:.2f} |",
            flush=True,
        )


def play(call: str, turns: list[tuple[str, list[str]]], shares: tuple, chance: random.Random) -> list[int]:
    """Counts of one interview, changed once."""
    old = as_transcript(turns)
    new_turns, now = change(turns, shares, chance)
    new = as_transcript(new_turns)
    truths = quotes(call, old, turns, new_turns, now) + places(old, new, now, turns, chance)
    found = refit_notes(old, new, [truth.note for truth in truths])
    by_line = {one.note.line: one for one in (*found.placed, *found.changed)}
    counts = [0] * 8
    for truth in truths:
        one = by_line.get(truth.note.line)
        if truth.note.kind == "quote":
            counts[0] += 1
            counts[1] += one.text == truth.words if one else not truth.words
            counts[2] += one is not None and one.text != truth.words
            counts[3] += one is None and bool(truth.words)
            near = nearest(truth.note.text, new)
            counts[4] += near == truth.words
            counts[5] += bool(near) and near != truth.words
        elif truth.at:
            counts[6] += one is not None and one.at == truth.at
            counts[7] += 1
    return counts


def as_transcript(turns: list[tuple[str, list[str]]]) -> Transcript:
    return Transcript(
        tuple(Turn(who, " ".join(words), (Piece(0, None, n),)) for n, (who, words) in enumerate(turns, 1))
    )


def change(turns: list[tuple[str, list[str]]], shares: tuple, chance: random.Random):
    """The turns anew, and for each old turn, word by word, the new turn and the places of what stands there now."""
    other, left_out, doubled, removed, together = shares
    vocabulary = [word for _, words in turns for word in words]
    new: list[tuple[str, list[str]]] = []
    now: list[list[tuple[int, list[int]]] | None] = []
    for who, words in turns:
        if chance.random() < removed:
            now.append(None)
            continue
        if together and new and new[-1][0] != who and len(new) > 1 and new[-2][0] == who and len(new[-1][1]) <= 2:
            new.pop()  # "Mm-hm" between two turns of one speaker
            now[-1] = None
            row = new[-1][1]
        else:
            row = []
            new.append((who, row))
        where = []
        for word in words:
            draw = chance.random()
            if draw < other:
                row.append(chance.choice(vocabulary))
                where.append((len(new) - 1, [len(row) - 1]))
            elif draw < other + left_out:
                where.append((len(new) - 1, []))
            elif draw < other + left_out + doubled:
                row += [word, word]
                where.append((len(new) - 1, [len(row) - 2, len(row) - 1]))
            else:
                row.append(word)
                where.append((len(new) - 1, [len(row) - 1]))
        now.append(where)
    return [(who, row or ["…"]) for who, row in new], now


def quotes(call: str, old: Transcript, turns, new_turns, now) -> list[Truth]:
    found = []
    for one in find_candidates(old, [who for who, _ in turns if who != call])[:N_QUOTES]:
        text = one.text.strip(" .,")
        first = old.turns[one.turn].text[: one.start].count(" ")
        where = now[one.turn]
        said = [] if where is None else where[first : first + len(one.text.split())]
        rows = [(turn, place) for turn, places in said for place in places]
        words = " ".join(new_turns[turn][1][place] for turn, place in rows)
        found.append(Truth(Note(f"q{len(found)}", "quote", text, (), one.at, len(found) + 1), bare(words), ""))
    return found


def places(old: Transcript, new: Transcript, now, turns, chance: random.Random) -> list[Truth]:
    """Notes in the PM's own words, at a turn; where the turn is gone nothing is asked of them."""
    found = []
    long = [n for n, (_, words) in enumerate(turns) if len(words) >= 5]
    for number in chance.sample(long, min(N_PLACES, len(long))):
        where = now[number]
        kept = next((turn for turn, row in where or [] if row), None)
        at = "" if kept is None else cite_turn(new.turns[kept], kept)
        line = 1000 + len(found)
        found.append(
            Truth(Note(f"p{line}", "pain", "She has to wait", (), cite_turn(old.turns[number], number), line), "", at)
        )
    return found


def nearest(words: str, new: Transcript) -> str:
    """The nearest words of any turn, cut at whole words."""
    best = max(
        new.turns, key=lambda turn: fuzz.partial_ratio(words, turn.text) if len(turn.text) >= len(words) * 0.8 else 0
    )
    aligned = fuzz.partial_ratio_alignment(words, best.text, score_cutoff=85)
    if aligned is None:
        return ""
    start = best.text.rfind(" ", 0, aligned.dest_start + 1) + 1
    end = best.text.find(" ", max(aligned.dest_end - 1, start))
    return bare(best.text[start : end if end >= 0 else None])


def bare(words: str) -> str:
    return words.strip(" .,?!;:…-—")


if __name__ == "__main__":
    main()
