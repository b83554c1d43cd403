"""What each command costs on a table of a million notes: processor, memory, and how much it prints.

Run:  python benchmarks/million_commands.py [--notes 1000000] [--customers 20000] [--only WORDS ...] [--keep FOLDER]

The notes are those of million.py, with one hypothesis, one decision, and a readout of forty findings on them. Each command runs in a process
of its own; processor seconds and memory are that process's, with those that it starts. The commands that write come last, and
`forget` at the very end. With --keep a workspace that is there is used again.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from million import TABLE, make

from workbench.records import first_text
from workbench.study import read_notes

TODAY = "2026-11-17"


def add_records(folder: Path, n: int) -> None:
    """A few records that cite some of the notes."""
    notes = read_notes(folder)
    cited = notes.iloc[:: max(1, n // 40)]
    ids = cited["note"].tolist()
    write(folder, "hypothesis", "hypotheses", "H-0000a1", {
        "id": "H-0000a1", "status": "running", "owner": "Ines", "made": "2026-11-02", "change": "show the totals first",
        "segment": "small", "metric": "Activation: share of teams", "baseline": "30 %", "direction": "up", "size": "3",
        "unit": "points", "deadline": "2027-02-26", "decision_rule": "ship at +3 points, else stop", "evidence": ids[:8],
    })  # fmt: skip
    write(folder, "decision", "decisions", "D-0000a1", {
        "id": "D-0000a1", "title": "Which totals come first", "status": "decided", "date": "2026-11-09", "owner": "Ines",
        "options": ["Nothing", "Show it"], "chosen": "Show it", "why": "most ask for it", "evidence": ids[8:16],
        "hypotheses": ["H-0000a1"], "review": "2027-03-01",
    })  # fmt: skip
    findings = [
        f"## Finding of {row.customer}\n\n1 customer ({row.customer}) has told us so.\n\n> {row.text}\n> — {row.customer}\n"
        for row in cited.itertuples()
    ]
    (folder / "discovery" / "readouts").mkdir()
    (folder / "discovery" / "readouts" / "2026-11.md").write_text("# What we learned\n\n" + "\n".join(findings))


def write(folder: Path, kind: str, where: str, name: str, values: dict) -> None:
    """One record."""
    path = folder / "discovery" / where / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(first_text(kind, values, "\n"))


def commands(folder: Path) -> Iterator[list[str]]:
    """Those that read, those that write, and forgetting."""
    row = next(csv.DictReader((folder / TABLE).open(encoding="utf-8")))
    word, customer = row["text"].split()[0], row["customer"]
    note = subprocess.run(
        [sys.executable, "-c", "import workbench as wb; print(wb.read_notes()['note'].iloc[0])"],
        cwd=folder, check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    yield ["notes"]
    yield ["search", word]
    yield ["search", "P-3fa9"]
    yield ["signals"]
    yield ["check", "--today", TODAY]
    yield ["themes"]
    yield ["themes", "T1"]
    yield ["themes", "--since", "2026-11-08"]
    yield ["themes", "--suggest"]
    yield ["evidence", "--today", TODAY]
    yield ["evidence", "T1", "--today", TODAY]
    yield ["evidence", "H-0000a1", "--today", TODAY]
    yield ["hypotheses"]
    yield ["hypotheses", "--propose"]
    yield ["priorities"]
    yield ["decisions", "--today", TODAY]
    yield ["one-pager", "D-0000a1"]
    yield ["week", "--today", TODAY]
    yield ["week", "--paste", "--today", TODAY]
    yield ["delta", "--today", TODAY]
    for name in ("evidence.csv", "evidence.xlsx", "all", "all.zip", "all.json", "all.qdpx"):
        yield ["export", f"reports/{name}"]
    for name in ("mine.zip", "mine.qdpx"):
        yield ["export", "--mine", f"reports/{name}"]
    yield ["correct", "rename", "T1", "Totals", "--by", "Ines"]
    yield ["correct", "move", note, "Totals", "--by", "Ines"]
    yield ["correct", "log"]
    yield ["correct", "undo", "--by", "Ines"]
    yield ["themes", "Totals"]
    yield ["decide", "D-0000a1", "--reviewed", TODAY]
    yield ["forget", customer]
    yield ["forget", customer, "--yes"]
    yield ["search", customer]


def measure(arguments: list[str], folder: Path) -> None:
    """Run a command, and print what it took and how many lines it printed."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as beside:
        process = subprocess.Popen(
            [sys.executable, "-m", "workbench", *arguments], cwd=folder, stdout=out, stderr=beside
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        out.seek(0)
        beside.seek(0)
        n_lines, n_bytes, said = sum(1 for _ in out), out.tell(), beside.read().decode(errors="replace")
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / (1e6 if sys.platform == "linux" else 1e9)
    code = os.waitstatus_to_exitcode(status)
    last = said.strip().rpartition("\n")[2].rpartition("\r")[2][-200:] if code else ""
    shown = " ".join(arguments)
    print(
        f"| `{shown}` | {cpu:.1f} s | {wall:.0f} s | {peak:.2f} GB | {n_lines:,} ({n_bytes:,} B) | {code} {last} |",
        flush=True,
    )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=0, help="default: one for fifty notes")
    parser.add_argument("--only", nargs="+", metavar="WORD", help="only commands that begin with one of these")
    parser.add_argument("--keep", type=Path, help="leave the workspace there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary, "work")
        if not (folder / TABLE).is_file():
            make(folder, options.notes, options.customers or options.notes // 50)
            add_records(folder, options.notes)
        print("| command | processor | wall | memory, at most | lines printed | exit code |\n|---|---|---|---|---|---|")
        for arguments in commands(folder):
            if not options.only or arguments[0] in options.only:
                measure(arguments, folder)


if __name__ == "__main__":
    main()
