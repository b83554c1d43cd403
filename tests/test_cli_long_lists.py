"""Lists that are too long for a terminal: their beginning there, with how much more there is; whole in a file or a pipe."""

import pytest

from workbench.cli import main, output

ROWS = "".join(f"Firm {i:03},2026-11-{17 + i % 2},Takes 2 hours to mend row {i}\n" for i in range(60))


@pytest.fixture
def work(make_workspace, monkeypatch):
    monkeypatch.setattr(output, "MOST_LINES", 10)
    return str(make_workspace({"t.csv": f"customer,date,text\n{ROWS}"}))


@pytest.mark.parametrize(
    ("command", "more", "again"),
    [
        (["notes"], 50, "workbench notes > notes.txt"),
        (["search", "mend", "row"], 50, "workbench search mend row > search.txt"),
        (["signals", "--kind", "cost"], 51, "workbench signals --kind cost > signals.txt"),
    ],
)
def test_on_a_terminal_the_beginning_is_printed_and_how_to_have_all_of_it(
    work, monkeypatch, capsys, command, more, again
):
    assert main(["-w", work, *command]) == 0
    whole = capsys.readouterr()
    assert len(whole.out.splitlines()) == 10 + more
    assert "more" not in whole.err
    monkeypatch.setattr(output, "_on_terminal", lambda: True)
    assert main(["-w", work, *command]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == whole.out.splitlines()[:10]
    assert f"{more} lines more; to have all of them in a file:  {again}" in told.err


def test_of_very_many_customers_a_delta_names_the_first(work, capsys):
    assert main(["-w", work, "delta", "--since", "2026-11-16", "--today", "2026-11-18"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("+ Firm") for line in lines) == 50
    assert "+ and 10 more customers, 10 with a first call; --format json names all of them" in lines
