"""What calls and tables are called: notes are cited by the name without its ending."""

import pytest

from workbench.store import call_file, table_file


def test_a_call_and_a_table_never_have_one_name(make_workspace):
    root = make_workspace(
        {"2026-11-17-acme.csv": "customer,text\nBolt,Slow\n", "tickets.md": "---\ncustomer: A\n---\n- a\n"}
    )
    assert call_file(root, day="2026-11-17", customer="Acme") == "interviews/2026-11-17-acme-2.md"
    assert table_file(root, "Tickets", ".csv") == "interviews/tickets-2.csv"
    (root / "interviews" / "2026-11-17-ACME-2.jsonl").write_text("")
    assert call_file(root, day="2026-11-17", customer="Acme") == "interviews/2026-11-17-acme-3.md"
    own = "interviews/2026-11-17-acme-3.md"
    (root / own).write_text("")
    assert call_file(root, day="2026-11-17", customer="Acme", own=own) == own


@pytest.mark.parametrize(
    ("customer", "named"),
    [
        ("Bäckerei Groß", "backerei-gross"),
        ("Ørsted Bakery", "orsted-bakery"),
        ("ŁÓDŹ Đông", "lodz-dong"),
        ("Æther Œuvre", "aether-oeuvre"),
        ("I\u015f\N{LATIN SMALL LETTER DOTLESS I}k Þór", "isik-thor"),
        ("田中", "customer"),
    ],
)
def test_letters_that_are_spelled_otherwise_elsewhere_stand_in_the_name_of_a_call(make_workspace, customer, named):
    assert call_file(make_workspace({}), day="2026-11-17", customer=customer) == f"interviews/2026-11-17-{named}.md"
