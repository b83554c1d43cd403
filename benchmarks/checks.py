"""How long the linter takes, beside reading the same files.

Run:  python benchmarks/checks.py [--calls 1000] [--records 300] [--repetitions 5]
      python benchmarks/checks.py --recorded 100     # only calls with a transcript of an hour and 13 quotes each

"read" is what every command must do: calls, registry and records into tables. "check" is that, the readouts, and all rules.
CPU seconds; each repetition measures every row once, in turn. Cold is without the cache of parsed calls, warm with it.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import pandas as pd
from reading import WORDS, make_workspace

from workbench.checks import RULES, check, check_case, read_case
from workbench.records import first_text
from workbench.study import read_study

TODAY = "2026-11-26"


def make_records(root: Path, n: int, seed: int = 0) -> None:
    """Hypotheses, decisions, bets and weeks in equal parts, most of them with nothing to mend; one readout with quotes."""
    rng = random.Random(seed)
    notes = read_study(root).notes
    rows = notes[(notes["excluded"] == "") & (notes["kind"] != "take")]
    ids, texts, customers = rows["note"].tolist(), rows["text"].tolist(), rows["customer"].astype(str).tolist()

    def words(k: int) -> str:
        return " ".join(word for word in rng.choices(WORDS, k=k) if word.isalpha())

    def write(kind: str, folder: str, name: str, values: dict) -> None:
        path = root / "discovery" / folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(first_text(kind, values, f"\n# Notes\n\n{words(120)}\n"))

    for i in range(n // 4):
        made = date(2026, 1, 1) + timedelta(days=7 * (i % 46))
        hypothesis, bet = f"H-{i:06x}", f"B-{i:06x}"
        write("hypothesis", "hypotheses", hypothesis, {
            "id": hypothesis, "status": "running", "owner": "Ines", "made": made.isoformat(), "change": f"show {words(5)}",
            "segment": "teams of ten", "metric": "Activation: share of teams", "baseline": "30 %", "direction": "up", "size": "3",
            "unit": "points", "deadline": "2027-02-26", "guardrails": ["Errors: at most 2 in 1,000"], "slice": words(6),
            "decision_rule": "ship at +3 points, else stop", "evidence": rng.sample(ids, 8), "against": rng.sample(ids, 2),
        })  # fmt: skip
        write("decision", "decisions", f"D-{i:06x}", {
            "id": f"D-{i:06x}", "title": words(5), "status": "decided", "date": made.isoformat(), "owner": "Ines",
            "options": ["Nothing", "Show it"], "chosen": "Show it", "why": words(8), "evidence": rng.sample(ids, 8),
            "hypotheses": [hypothesis], "review": "2027-03-01",
        })  # fmt: skip
        write("bet", "bets", bet, {
            "id": bet, "title": words(4), "status": "planned", "tier": "2", "outcome": words(7), "metric": "Retention: share of teams",
            "owner": "Omar", "review": "2027-03-01", "hypotheses": [hypothesis],
        })  # fmt: skip
        week = date(2024, 1, 1) + timedelta(days=7 * i)
        name = f"{week.isocalendar()[0]}-W{week.isocalendar()[1]:02d}"
        write(
            "week",
            "weeks",
            name,
            {"outcomes": [words(4)], "planned": [words(3)], "learned": [f"{words(5)}, {rng.choice(ids)}"]},
        )
    findings = []
    for i in range(40):
        picked = rng.sample(range(len(ids)), 5)
        listed = sorted({customers[j] for j in picked})
        quote = texts[picked[0]]
        findings.append(
            f"## {words(6)} {i}\n\n{len(listed)} customers ({', '.join(listed)}) {words(30)}\n\n> {quote}\n> — {customers[picked[0]]}\n"
        )
    readouts = root / "discovery" / "readouts"
    readouts.mkdir(parents=True)
    (readouts / "2026-11.md").write_text("# What we learned\n\n" + "\n".join(findings))


def make_recorded(root: Path, n: int, seed: int = 0) -> None:
    """Calls of 900 captions each, of which twelve and an altered one are quoted."""
    rng = random.Random(seed)
    (root / "interviews" / "transcripts").mkdir(parents=True)
    plain = [word for word in WORDS if word.isalpha()]
    for i in range(n):
        cues, said = [], []
        for k in range(900):
            words, who = " ".join(rng.choices(plain, k=12)), "Ana Ruiz" if k % 4 == 0 else "Jane Doe"
            if who == "Jane Doe":
                said.append(words)
            minutes, second = divmod(4 * k, 60)
            cues.append(f"{minutes:02}:{second:02}.000 --> {minutes:02}:{second + 3:02}.000\n<v {who}>{words}.")
        (root / "interviews" / "transcripts" / f"c{i}.vtt").write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n")
        quotes = rng.sample(said, 13)
        notes = "".join(f'- "{quote}"\n' for quote in [*quotes[1:], quotes[0] + " banana"])
        head = f"---\ndate: 2026-11-{1 + i % 20:02}\ncustomer: C{i}\ntranscript: c{i}.vtt\nus: Ana Ruiz\n---\n"
        (root / "interviews" / f"c{i}.md").write_text(head + notes)


def print_recorded(n: int) -> None:
    """Seconds a call, and whether the room taken grows with how many there are."""
    for many in (max(1, n // 10), n):
        with tempfile.TemporaryDirectory() as folder:
            make_recorded(Path(folder), many)
            code = (
                "import resource, sys, time; from workbench.checks import check; start = time.process_time();"
                f"found = check(sys.argv[1], today='{TODAY}').violations;"
                "print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, len(found))"
            )
            taken, peak, found = subprocess.check_output([sys.executable, "-c", code, folder], text=True).split()
        print(
            f"{many} recorded calls: {float(taken) / many:.3f} s a call, peak {peak} MB, {found} found of {many} altered quotes"
        )


def seconds(run: Callable[[], object], root: Path, *, cold: bool) -> float:
    if cold:
        (root / ".workbench" / "calls.json").unlink(missing_ok=True)
    start = process_time()
    result = run()
    taken = process_time() - start
    del result
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--records", type=int, default=300)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--recorded", type=int, default=0, metavar="N")
    args = parser.parse_args()
    if args.recorded:
        print_recorded(args.recorded)
        return
    print(f"Python {platform.python_version()}, pandas {pd.__version__}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_workspace(root, args.calls, 20)
        make_records(root, args.records)
        case = read_case(root, today=TODAY)
        checked = check_case(case)
        print(
            f"{args.calls} calls, {len(case.study.notes)} notes, {len(case.study.texts)} records, {len(case.readouts)} readout with "
            f"{sum(len(readout.quotes) for readout in case.readouts)} quotes; {len(RULES)} rules, {len(checked.violations)} violations"
        )
        print(
            "  " + ", ".join(f"{n} {code}" for code, n in Counter(one.rule for one in checked.violations).most_common())
        )
        aside = root / "readouts"
        (root / "discovery" / "readouts").rename(aside)
        rows = {
            "read, cold": (lambda: read_study(root), True),
            "check, cold": (lambda: check(root, today=TODAY), True),
            "read, warm": (lambda: read_study(root), False),
            "check, warm": (lambda: check(root, today=TODAY), False),
            "check, cold, with the readout": (lambda: check(root, today=TODAY, files=[aside / "2026-11.md"]), True),
        }
        taken: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(args.repetitions):
            for name, (run, cold) in rows.items():
                taken[name].append(seconds(run, root, cold=cold))
        rules: dict[str, float] = {}
        for one in RULES.values():
            fresh = read_case(root, today=TODAY) if one is next(iter(RULES.values())) else case
            start = process_time()
            list(one.find(fresh))
            rules[one.code] = process_time() - start
    print(f"\n{'':30} {'median':>8} {'fastest':>8} {'slowest':>8} {'to reading':>11}")
    for name, times in taken.items():
        median, peer = (
            statistics.median(times),
            statistics.median(taken[name.replace("check", "read").removesuffix(", with the readout")]),
        )
        print(f"{name:30} {median:7.3f}s {min(times):7.3f}s {max(times):7.3f}s {median / peer:10.2f}x")
    slowest = sorted(rules, key=rules.get, reverse=True)[:6]
    print("\nslowest rules: " + ", ".join(f"{code} {rules[code]:.3f}s" for code in slowest))


if __name__ == "__main__":
    main()
