"""What several test files share: workspaces, notes frames, and the repository's own sample study."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from workbench.store import read_notes
from workbench.themes import find_themes

ROOT = Path(__file__).parent.parent

# The machines that run this are small and shared, so a slow example is no finding.
settings.register_profile("workbench", deadline=None)
settings.load_profile("workbench")


@pytest.fixture(scope="session", autouse=True)
def plain_environment():
    """No test depends on the workspace or the consent that somebody has set for their own work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("WORKBENCH_DIR", raising=False)
        patch.delenv("WORKBENCH_ASSUME_CONSENT", raising=False)
        yield


@pytest.fixture(scope="session")
def hostile():
    """What hostile.jsonl holds for one field, as a list."""
    cases = [json.loads(line) for line in (ROOT / "tests" / "hostile.jsonl").read_text("utf-8").splitlines()]
    return lambda field: [case["payload"] for case in cases if case["field"] == field]


@pytest.fixture
def make_workspace(tmp_path):
    """A function that makes a workspace of calls (name -> text or bytes) and, if given, a registry."""

    def make(calls, registry=None, name="work"):
        folder = tmp_path / name
        (folder / "interviews").mkdir(parents=True)
        for file, text in calls.items():
            (folder / "interviews" / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        if registry is not None:
            (folder / "discovery").mkdir()
            (folder / "discovery" / "customers.yaml").write_text(registry, "utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def frame():
    """A function that makes a notes frame from (call, customer, text) and, if need be, other columns."""

    def make(rows, **columns):
        calls, customers, texts = zip(*rows, strict=True) if rows else ((), (), ())
        notes = pd.DataFrame(
            {
                "note": [f"{call}#{i:08x}" for i, call in enumerate(calls)],
                "call": calls,
                "customer": customers,
                "segment": "services",
                "date": pd.Timestamp("2026-11-17"),
                "kind": "observation",
                "text": texts,
                "consent": "quote",
            }
        )
        return notes.assign(**columns)

    return make


@pytest.fixture(scope="session")
def sample_notes():
    """The notes of the repository's own interviews; not to be changed."""
    return read_notes(ROOT, problems=[])


@pytest.fixture(scope="session")
def sample_themes(sample_notes):
    """Their themes; not to be changed."""
    return find_themes(sample_notes)
