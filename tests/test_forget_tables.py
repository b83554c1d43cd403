"""A customer forgotten in tables of notes of each kind: nothing of them is left, nothing of others is lost, also when it is killed."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench.forget import forget, plan_forgetting
from workbench.forget.search import look_into
from workbench.note_tables import read_note_table

NAME = "Zebulon Mills"
ROWS = [
    {"customer": who, "date": f"2026-11-{day:02}", "text": f"{words} number {day}"}
    for day in range(1, 13)
    for who, words in ((NAME, "Quaggas drop our rows"), ("Bolt", "Rows are lost"), ("Core", "Imports fail"))
]
KILLED = """
import os, signal, sys
import workbench.save as save
put = save.os.replace
def killed(temp, path):
    if str(path).endswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    put(temp, path)
save.os.replace = killed
from workbench.forget import forget
forget(sys.argv[1], "Zebulon Mills")
"""


def table_of(rows, kind):
    if kind == "csv":
        return pd.DataFrame(rows).to_csv(index=False).encode()
    if kind == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    out = io.BytesIO()
    # As pandas writes a column of categories: all of these stand in the file beside the rows.
    pd.DataFrame(rows).astype({"customer": "category"}).to_parquet(out, compression="none")
    return out.getvalue()


def told_in(folder):
    """The files in which a word of theirs stands, whatever they are packed in."""
    words = (b"zebulon", b"quagga")
    files = [path for path in folder.rglob("*") if path.is_file()]
    seen = {
        path: [path.read_bytes(), *(text.encode() for text in look_into(path.read_bytes()).texts)] for path in files
    }
    return [path.name for path, texts in seen.items() if any(word in text.lower() for text in texts for word in words)]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_of_a_forgotten_customer_nothing_is_left_in_a_table_killed_or_not(make_workspace, kind):
    folder = make_workspace({f"tickets.{kind}": (data := table_of(ROWS, kind))})
    table = folder / "interviews" / f"tickets.{kind}"
    before = read_note_table(table.name, data).notes
    run = subprocess.run(
        [sys.executable, "-c", KILLED, folder, table.name], cwd=Path(__file__).parent.parent, check=False
    )
    assert run.returncode == -signal.SIGKILL
    assert table.read_bytes() == data
    assert forget(folder, NAME).complete
    assert told_in(folder) == []
    left = read_note_table(table.name, table.read_bytes()).notes
    assert left["text"].tolist() == [row["text"] for row in ROWS if row["customer"] != NAME]
    assert set(left["note"]) < set(before["note"])
    assert os.listdir(folder / "interviews").count(table.name) == 1


def test_what_another_says_of_them_in_columns_is_found_and_the_table_stays(make_workspace):
    rows = [*ROWS, {"customer": "Core", "date": "2026-11-20", "text": "As at Zebulon Mills"}]
    folder = make_workspace({"tickets.parquet": table_of(rows, "parquet")})
    plan = plan_forgetting(folder, NAME, mentions=True)
    assert [(step.file, step.what) for step in plan.steps if step.file.endswith(".parquet")] == [
        ("interviews/tickets.parquet", "change")
    ]
    assert any(one.startswith("interviews/tickets.parquet: names the customer") for one in plan.by_hand)
    only = [{"customer": "Core", "date": "2026-11-20", "text": "As at Zebulon Mills"}, *ROWS[1:3]]
    folder = make_workspace(
        {
            "a.md": "---\ncustomer: Zebulon Mills\ndate: 2026-11-03\n---\n- one\n",
            "t.parquet": table_of(only, "parquet"),
        },
        name="b",
    )
    forget(folder, NAME, mentions=True)
    assert pq.read_table(folder / "interviews" / "t.parquet").num_rows == 3


def test_rows_of_others_that_mention_them_are_mentions_with_their_lines(make_workspace):
    rows = [*ROWS[:3], {"customer": "Core", "date": "2026-11-20", "text": "As at Zebulon Mills"}]
    folder = make_workspace({"tickets.csv": table_of(rows, "csv")})
    plan = plan_forgetting(folder, NAME)
    (step,) = [step for step in plan.steps if step.file == "interviews/tickets.csv"]
    assert [place.split(":")[1] for place in step.places] == ["2"]
    assert [place.split(":")[1] for place in plan.mentions] == ["5"]
    assert plan.by_hand == ()
    assert forget(folder, NAME, mentions=True).complete
    assert "As at (forgotten)" in (folder / "interviews" / "tickets.csv").read_text("utf-8")


def test_what_a_program_wrote_beside_the_columns_is_looked_at():
    table = pa.table({"customer": ["Bolt"], "text": ["Rows are lost"]})
    data = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"title": f"Tickets of {NAME}"}), data)
    assert any(NAME in text for text in look_into(data.getvalue()).texts)
