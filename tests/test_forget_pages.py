"""Forgetting a customer whose words came in on a page: a word may stand there in two elements, or with its letters by number."""

import pytest
from test_bring_in import bring

from workbench.forget import forget
from workbench.importers import Source
from workbench.take_back import plan_take_back, take_back

PAGE = "<html><body><p>Customer: {}</p><p>Date: 2026-11-17</p><p>{}</p></body></html>"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "ws" / "interviews").mkdir(parents=True)
    return tmp_path / "ws"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Acme Zorblat", "the zebra is slow"),
        ("Acme Zor<i>bl</i>at", "the ze<b>bra</b> is slow"),
        ("Acme Zorblat", "the ze<b title='a > b'>bra</b> is slow"),
        ("Acme Zorblat", "the ze<!-- > -->bra is slow"),
        ("Acme&nbsp;Zor&#98;lat", "the ze&#98ra\n   is slow"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_page_goes_however_its_words_are_written(root, name, words, encoding):
    (call,) = bring(root, Source("page.html", PAGE.format(name, words).encode(encoding))).calls
    assert (call.customer, call.notes[0].text) == ("Acme Zorblat", "the zebra is slow")
    assert forget(root, "Acme Zorblat").complete
    assert [path.name for path in (root / "interviews").rglob("*.*") if path.is_file()] == []


def test_a_page_that_was_taken_out_with_its_import_goes_as_well(root):
    page = "<html><body><p>Date: 2026-11-17</p><p>the ze<b>bra</b> is slow</p></body></html>"
    bring(root, Source("page.html", page.encode()), customer="Acme Zorblat")
    take_back(root, plan_take_back(root))
    assert forget(root, "Acme Zorblat").complete
    assert [path for path in root.rglob("*") if path.is_file() and b"bra" in path.read_bytes()] == []
