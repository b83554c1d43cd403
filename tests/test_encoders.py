"""Sentence encoders: what may be given as one, what is said when it is none, and the one that the extra brings."""

import os
import re
import subprocess
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from workbench.cli import main
from workbench.themes import ThemeModel, encoders, find_themes
from workbench.themes.encoders import find_encoder

ROOT = Path(__file__).parent.parent
TEXTS = ["The import drops rows", "Rows are lost in the import", "Invoices look odd", "The invoice looks odd"]
# Words that no two of them share, so that only an encoder can tell which belong together.
MEANINGS = {"cat": 0, "kitten": 0, "feline": 0, "car": 1, "lorry": 1, "van": 1}

semantic = pytest.mark.skipif(
    find_spec("wordllama") is None and not os.environ.get("CI"),
    reason="the extra [semantic] is not installed on this machine, so its model is not tried",
)


def by_meaning(texts):
    return np.eye(2)[[MEANINGS[text] for text in texts]]


def by_length(texts):
    return [[len(text), 1.0] for text in texts]


class Encoder:
    """As sentence-transformers has it: it can be called, but with something else than texts."""

    def __call__(self, tokens):
        raise AssertionError("a model's encode takes texts")

    def encode(self, texts):
        assert isinstance(texts, list)
        return by_length(texts)


class Tensor:
    """An array of another library, which numpy can read."""

    def __array__(self, dtype=None, copy=None):
        return np.asarray([[1, 2], [3, 4]], dtype=dtype)


def test_no_encoder_is_none():
    assert find_encoder(None) is None


@pytest.mark.parametrize("encoder", [by_length, Encoder(), lambda texts: np.float16(by_length(texts))])
def test_a_function_or_an_object_with_encode(encoder):
    rows = find_encoder(encoder)(tuple(TEXTS))
    assert rows.dtype == np.float64
    assert rows.tolist() == by_length(TEXTS)


def test_numbers_of_another_library_are_read():
    assert find_encoder(lambda texts: Tensor())(["a", "b"]).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("encoder", ["minilm", "", 3, [1.0], object()])
def test_something_else_is_refused_with_what_is_accepted(encoder):
    with pytest.raises(ValueError, match="encoder must be a function from texts to rows, an object with encode, or"):
        find_encoder(encoder)
    with pytest.raises(ValueError, match="encoder must be"):
        ThemeModel(encoder=encoder).fit(TEXTS)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([1.0, 2.0, 3.0, 4.0], r"got an array of shape \(4,\)$"),
        ([[1.0, 2.0]] * 3, r"4 texts, got an array of shape \(3, 2\)$"),
        (np.ones((4, 2, 2)), r"shape \(4, 2, 2\)$"),
        (np.ones((4, 0)), r"shape \(4, 0\)$"),
        ([[1.0, np.nan]] * 4, r"shape \(4, 2\) with gaps$"),
        ([[1.0, np.inf]] * 4, r"shape \(4, 2\) with gaps$"),
        ([[1.0], [1.0, 2.0], [], [3.0]], "the encoder gave no table of numbers for 4 texts"),
        ([["one"]] * 4, "the encoder gave no table of numbers for 4 texts"),
        (None, "4 texts, got an array of shape"),
    ],
)
def test_what_is_no_table_of_one_row_a_text_is_named(rows, said):
    with pytest.raises(ValueError, match=said):
        find_encoder(lambda texts: rows)(TEXTS)
    with pytest.raises(ValueError, match="the encoder"):
        ThemeModel(encoder=lambda texts: rows).fit(TEXTS)


def test_a_fault_within_the_encoder_is_its_own():
    with pytest.raises(RuntimeError, match="no memory"):
        find_encoder(lambda texts: (_ for _ in ()).throw(RuntimeError("no memory")))(TEXTS)


def test_an_encoder_brings_together_what_shares_no_word(frame):
    notes = frame([(f"c{i}", f"Customer {i}", word) for i, word in enumerate(MEANINGS)])
    for encoder in (by_meaning, type("Model", (), {"encode": staticmethod(by_meaning)})()):
        found = find_themes(notes, n_themes=2, encoder=encoder).notes
        assert len(set(found["theme"])) == 2
        assert found.groupby(found["text"].map(MEANINGS))["theme"].nunique().tolist() == [1, 1]


def test_without_the_extra_one_line_says_so_and_words_alone_do_it(frame, monkeypatch):
    monkeypatch.setattr(encoders, "find_spec", lambda name: None)
    notes = frame([(f"c{i}", f"Customer {i}", text) for i, text in enumerate(TEXTS)])
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("default")
        themes = find_themes(notes, n_themes=2, encoder="semantic")
    assert [str(warning.message) for warning in said] == [
        "No semantic model is installed, so themes come from words alone: pip install 'discovery-workbench[semantic]'"
    ]
    assert themes.summary.equals(find_themes(notes, n_themes=2).summary)


def test_without_the_extra_the_command_says_one_line(make_workspace, capsys, monkeypatch):
    monkeypatch.setattr(encoders, "find_spec", lambda name: None)
    folder = make_workspace({"a.md": "---\ndate: 2026-11-17\ncustomer: Acme\n---\n" + "\n".join(TEXTS)})
    assert main(["-w", str(folder), "themes"]) == 0
    out, _ = capsys.readouterr()
    for more in ([], ["--suggest"]):
        assert main(["-w", str(folder), "themes", "--semantic", *more]) == 0
        shown, err = capsys.readouterr()
        assert re.fullmatch(r"No semantic model is installed, .+: pip install '.+\[semantic\]'\n", err)
        assert more or shown == out


@semantic
def test_the_extra_brings_a_model_that_knows_what_words_mean():
    encode = find_encoder("semantic")
    rows = encode(["The kitten sleeps", "A cat naps", "Quarterly revenue fell", "", "日本語", "kitten " * 2000])
    assert rows.shape == (6, 256)
    assert not rows[3].any()
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    assert unit[0] @ unit[1] > unit[0] @ unit[2] + 0.1
    assert (encode(["A cat naps"])[0] == rows[1]).all(), "a text's row depends on nothing else"


@semantic
def test_themes_with_it_are_the_same_whatever_the_order(sample_notes):
    notes = sample_notes.head(60)
    first = find_themes(notes, encoder="semantic")
    again = find_themes(notes.sample(frac=1, random_state=1), encoder="semantic")
    assert first.summary.equals(again.summary)
    assert len(first.summary) > 1


OFFLINE = """
import logging, sys

asked = []
sys.addaudithook(lambda event, arguments: asked.append(event) if event.startswith("socket.") else None)
import workbench as wb

notes = wb.read_notes(sys.argv[1], problems=[])
print(len(wb.find_themes(notes, encoder="semantic").summary) > 1)
print(*sorted({name.split(".")[0] for name in sys.modules} & {"huggingface_hub", "wordllama", "httpx2", "hf_xet"}))
print(asked, logging.getLogger().handlers)
"""


@semantic
def test_it_asks_nothing_of_the_network_and_loads_nothing_that_could():
    """Its package brings huggingface_hub, which fetches models: that must never be loaded."""
    command = [sys.executable, "-c", OFFLINE, str(ROOT)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "True\n\n[] []\n", "a socket was made, or the package's own code ran"
    assert done.stderr == ""
