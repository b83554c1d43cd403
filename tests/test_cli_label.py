"""The command ``workbench label``: large files into themes, in words for whoever has them."""

import pandas as pd
import pytest

from tests.test_theme_model import made_up
from workbench.cli import main


@pytest.fixture
def tickets(tmp_path):
    rows = "".join(f"{number},{text}\n" for number, text in enumerate(made_up(300)))
    (tmp_path / "tickets.csv").write_text(f"id,body\n{rows}300,two,many\n", "utf-8")
    return tmp_path / "tickets.csv"


def test_rows_come_out_with_their_themes_and_all_are_accounted_for(tickets, tmp_path, capsys):
    assert main(["label", str(tickets), "--text", "body", "--themes", "4", "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr()
    written = pd.read_csv(tmp_path / "out" / "part-00001.csv").fillna("")
    assert written["id"].tolist() == list(range(300))
    n_in = int((written["theme"] != "").sum())
    line = (
        f"301 rows in 1 file, 1 of which cannot be read; 300 rows written: {n_in} in 4 themes, {300 - n_in} in none\n"
    )
    assert line in said.out
    assert "tickets.csv:302: 3 cells where the header has 2" in said.err
    sizes = written["theme"].value_counts()
    for theme in ("T1", "T2", "T3", "T4"):
        assert f"{theme:>4} {sizes[theme]:>11,}  " in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no column is called “text”; there is “id”, “body”: name it with  --text body\n"),
        (["--text", "words"], "no column is called “words”; there is “id”, “body”: name it with  --text body\n"),
        (["--text", "body", "--themes", "0"], "--themes 0: a number from 1 on, or leave it out"),
        (["--text", "body", "--dask", "tcp://127.0.0.1:1"], "no Dask scheduler answers there"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(tickets, tmp_path, capsys, words, said):
    assert main(["label", str(tickets), *words, "-o", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
