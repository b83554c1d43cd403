"""What calls and tables are called: notes are cited by the name without its ending."""

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
