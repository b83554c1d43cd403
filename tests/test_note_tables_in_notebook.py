"""The Tuesday notebook on a table of six thousand notes, to a report that verifies."""

import csv
import random

import pytest

import workbench as wb
from workbench.cli import main

THEMES = (
    "import rows drop file csv",
    "invoice total odd tax line",
    "login password reset mail link",
    "export slow page wait hang",
)
COMMON = "we they again still today often page screen team button list field user week".split()


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    folder = tmp_path_factory.mktemp("table")
    assert main(["init", str(folder)]) == 0
    rng = random.Random(0)
    with (folder / "interviews" / "tickets.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer", "date", "text", "segment", "consent"])
        for i in range(6_000):
            words = rng.choices(THEMES[rng.randrange(4)].split(), k=4) + rng.choices(COMMON, k=4)
            day = f"2026-{1 + i * 10 // 6_000:02d}-{1 + i % 28:02d}"
            customer = rng.randrange(1500)
            consent = "quote" if customer % 2 else ""
            writer.writerow(
                [f"Customer {customer:04d}", day, " ".join(words), ("field", "office")[customer % 2], consent]
            )
        writer.writerow(["", "2026-11-01", "whose is this", "", ""])
    return folder


def test_the_notebook_becomes_a_report_that_verifies_and_still_does_when_rows_are_added(work, capsys):
    report = work / "reports" / "tuesday.html"
    assert main(["report", str(work / "notebooks" / "tuesday-discovery.ipynb"), "-o", str(report)]) == 0
    page, n = report.read_text("utf-8"), len(wb.read_customers(work, problems=[]))
    assert "Of each theme the 100 most typical notes" in page and f"What {n:,} customers told us" in page
    assert len(page) < 4_000_000
    capsys.readouterr()
    assert main(["verify", str(report), "-w", str(work)]) == 0
    assert "nothing differs" in "".join(capsys.readouterr())

    table = work / "interviews" / "tickets.csv"
    table.write_text(
        table.read_text("utf-8") + "Customer 0001,2026-11-20,import rows drop once more,field,quote\n", "utf-8"
    )
    assert main(["verify", str(report), "-w", str(work)]) == 0
    assert "Added since: 1 note in calls it knew" in "".join(capsys.readouterr())


def test_a_row_that_says_something_else_now_is_told(work, capsys):
    report = work / "reports" / "tuesday.html"
    page = report.read_text("utf-8")
    table = work / "interviews" / "tickets.csv"
    lines = table.read_text("utf-8").split("\n")
    quoted = next(i for i, line in enumerate(lines) if ",quote" in line and f':{i + 1}"' in page)
    lines[quoted] = lines[quoted].replace(lines[quoted].split(",")[2], "this was never said by anybody")
    before = table.read_text("utf-8")
    table.write_text("\n".join(lines), "utf-8")
    try:
        assert main(["verify", str(report), "-w", str(work)]) == 1
        assert f"interviews/tickets.csv:{quoted + 1}" in "".join(capsys.readouterr())
    finally:
        table.write_text(before, "utf-8")
