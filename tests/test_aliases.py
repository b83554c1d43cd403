"""A customer's other spelling in the registry's text: all else stays, byte for byte, or nothing is written."""

import pytest

from workbench.aliases import add_alias
from workbench.customers import parse_registry
from workbench.errors import InputError

WAYS = [
    ("", "Acme:\n    aliases: [Acme Inc.]"),
    ("version: 1\n# customers:\n#   Acme: {}\n", "Acme:\n    aliases: [Acme Inc.]"),
    ("customers: {}\n", "customers:\n  Acme:\n    aliases: [Acme Inc.]\n"),
    ("customers:\n  Acme:\n  Bolt:\n", "  Acme:\n    aliases: [Acme Inc.]\n  Bolt:\n"),
    ("customers:\n  Acme: {}\n  Bolt: {}\n", "  Acme:\n    aliases: [Acme Inc.]\n  Bolt: {}\n"),
    ("customers:\n    Bolt:\n        consent: none\n# end", "consent: none\n    Acme:\n      aliases: [Acme Inc.]\n# end\n"),
    ("customers:\n  Acme:\n    aliases: [AF, A]  # old\n", "    aliases: [AF, A, Acme Inc.]  # old\n"),
    ("customers:\n  Acme:\n    aliases: AF\n    consent: quote\n", "aliases: [AF, Acme Inc.]\n    consent: quote\n"),
    ("customers:\n  Acme:\n    aliases:\n      - AF\n    people: [Jo]\n", "- AF\n      - Acme Inc.\n    people: [Jo]\n"),
    ("customers:\n  Acme Freight:\n    aliases: [Acme]\n", "aliases: [Acme, Acme Inc.]\n"),
    ("\ufeffcustomers:\r\n  Acme:\r\n    segment: x\r\n", "segment: x\r\n    aliases: [Acme Inc.]\r\n"),
    ("customers:\n  Bolt:\nexcluded_segments:\n  firms: large\n", "Bolt:\n  Acme:\n    aliases: [Acme Inc.]\nexcluded"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "part"), WAYS)
def test_the_spelling_stands_at_its_customer_and_every_other_line_stays(text, part):
    new = add_alias(text, "Acme", "Acme Inc.")
    assert part in new
    spellings = parse_registry(new.removeprefix("\ufeff")).by_spelling()
    assert spellings["acme inc"] is spellings["acme"]
    kept = [line for line in text.splitlines() if "Acme:" not in line and "aliases" not in line and "{}" not in line]
    assert [line for line in new.splitlines() if line in kept] == kept
    assert add_alias(new, "Acme", "ACME  Inc") == new


@pytest.mark.parametrize("text", ["customers: {Acme: {segment: x}}\n", "customers:\n  Acme: {segment: x}\n"])
def test_what_is_written_in_another_way_is_left_and_it_is_said_what_to_write(text):
    with pytest.raises(InputError, match="write it under aliases of Acme"):
        add_alias(text, "Acme", "Acme Inc.")


def test_a_spelling_of_somebody_else_stays_theirs():
    text = "customers:\n  Bolt:\n    aliases: [Acme Inc.]\n  Acme:\n"
    assert add_alias(text, "Acme", "Acme Inc.") == text
