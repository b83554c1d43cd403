"""How long it takes to derive a report of 5,000 notes again, beside running the notebook that it comes from.

    python benchmarks/verify.py [--notes 5000] [--repetitions 3] [--bench ../shared/bench] [--changes 300]

The workspace is that of `benchmarks/export.py`. What is timed are the commands `jupyter nbconvert --execute` and
`workbench verify`, from start to end. Then one letter of one quote or count after the other is changed in the page, and it
is counted how often that is named with the place that it stands in.
"""

from __future__ import annotations

import argparse
import html as markup
import random
import re
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from export import NOTEBOOK, read_texts, report, seconds, size, write_study

HERE = Path(__file__).parent
MARK = re.compile(r'<(?:data|q|span|text)[^<>]* data-(?:ref|claim)="([^"]+)"[^<>]*>([^<]+)<')


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", type=int, default=5000)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--bench", type=Path, default=HERE.parent.parent / "shared" / "bench")
    parser.add_argument("--changes", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "study"
        write_study(root, read_texts(options.bench, options.notes))
        out = Path(folder) / "out"
        page = out / "report.html"
        seconds([sys.executable, "-m", "workbench", "-w", str(root), "notes"], root)  # so that no run is the first
        seconds(report(root, page), root)
        execute = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", str(out), str(root / "notebooks" / NOTEBOOK.name)]  # fmt: skip
        verify = [sys.executable, "-m", "workbench", "-w", str(root), "verify", str(page)]
        times: dict[str, list[float]] = {"execute": [], "verify": []}
        for _ in range(options.repetitions):
            times["execute"].append(seconds(execute, root))
            times["verify"].append(seconds(verify, root))
        base, own = statistics.median(times["execute"]), statistics.median(times["verify"])
        print(f"{options.notes:,} notes, {options.repetitions} runs each, medians; report.html: {size(page)}")
        print(f"nbconvert --execute: {base:.1f} s ({spread(times['execute'])})")
        print(f"workbench verify:    {own:.1f} s ({spread(times['verify'])}), {own / base:.2f} times as long")
        change_letters(page.read_text("utf-8"), root, options.changes)


def spread(times: list[float]) -> str:
    return f"{min(times):.1f} to {max(times):.1f}"


def change_letters(html: str, root: Path, n: int) -> None:
    """Change one letter after the other, and print how many changes were named with their place."""
    from workbench.report.verify import verify_page
    from workbench.study import read_study

    study, draw = read_study(root), random.Random(11)
    whole = verify_page(html, study)
    print(whole.summary)
    marks, found, took = list(MARK.finditer(html)), 0, []
    for mark in draw.sample(marks, min(n, len(marks))):
        shown = markup.unescape(mark[2])
        at = draw.randrange(len(shown))
        letter = draw.choice([letter for letter in "aeiou0123456789 " if letter != shown[at]])
        changed = html[: mark.start(2)] + markup.escape(shown[:at] + letter + shown[at + 1 :]) + html[mark.end(2) :]
        start = perf_counter()
        verified = verify_page(changed, study)
        took.append(perf_counter() - start)
        found += any(mark[1] in one.place for one in verified.differences if one.severity == "error")
    print(
        f"one letter changed: {found} of {len(took)} changes named with their place, {statistics.median(took):.2f} s each"
    )


if __name__ == "__main__":
    main()
