"""What several test files share: workspaces, notes frames, and the repository's own sample study."""

import json
import logging
import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from workbench.hypotheses import draft_hypotheses
from workbench.newest import today
from workbench.records import BET_STATUSES, DECISION_STATUSES, KINDS, STATUSES
from workbench.report.sections import Report
from workbench.starter import copy_sample
from workbench.store import append_records, read_ledger
from workbench.study import read_notes, read_study
from workbench.themes import find_themes
from workbench.themes.acts import rename_theme

ROOT = Path(__file__).parent.parent

pytest.register_assert_rewrite("boards", "lab")  # so that what they assert is told in full

# The machines that run this are small and shared, so a slow example is no finding. CI tries the same examples every time:
# what it says is of the change, and chance looks for more on the developers' machines.
settings.register_profile("workbench", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("workbench")

# Files with a JupyterLab go one after another, beside all others: two servers, their kernels and their browsers at a time are
# slower on two cores than one after another, and share the one server and browser that they start.
IN_LAB = (
    "test_hypothesis_cards_in_lab.py",
    "test_capture_in_lab.py",
    "test_theme_board_in_lab.py",
    "test_triage_in_lab.py",
    "test_forms_in_browser.py",
    "test_notebook7.py",
    "test_lab.py",
)
# Of the others those that take longest go first, so that none of them is begun when nothing else is left to do beside it.
LONG = (
    "test_engines.py",
    "test_theme_board_large_in_browser.py",
    "test_theme_board_in_browser.py",
    "test_report_in_browser.py",
    "test_triage_in_browser.py",
    "test_capture_in_browser.py",
    "test_export_formats.py",
    "test_cli.py",
)

# Who waits for Chromium, a kernel or Dask's workers may lose a race on a machine that has much else to do. In CI such a test has
# a second try, and the run's last lines name it under “rerun”: it is to be looked at all the same, since the race may be ours.
OF_OTHERS = {"browser", "client", "processes"}


def pytest_collection_modifyitems(items):
    ranks = {name: rank for rank, name in enumerate(IN_LAB + LONG)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ranks)))
    if os.environ.get("CI"):
        for item in items:
            if OF_OTHERS.intersection(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.flaky(reruns=1))


class _Lanes(LoadFileScheduling):
    """A file at a time, and those with a JupyterLab as if they were one file."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return "in JupyterLab" if Path(file).name in IN_LAB else file


def pytest_xdist_make_scheduler(config, log):
    return _Lanes(config, log)


def pytest_xdist_auto_num_workers():
    """One worker more than there are cores, since who waits for a browser or a kernel leaves a core to others."""
    return (os.cpu_count() or 1) + 1


def copy_calls(folder):
    """The sample study in a folder that is not there yet, as it was before any hypothesis, decision, bet or week."""
    copy_sample(folder)
    for kind in KINDS.values():
        shutil.rmtree(folder / kind.folder)


@pytest.fixture(scope="session", autouse=True)
def plain_environment():
    """No test depends on the workspace or the consent that somebody has set for their own work, nor on how they use git."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("WORKBENCH_DIR", raising=False)
        patch.delenv("WORKBENCH_ASSUME_CONSENT", raising=False)
        patch.delenv("WORKBENCH_TODAY", raising=False)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


@pytest.fixture(scope="session")
def browser():
    """Chromium, one for all tests that need it."""
    from lab import CHROMIUM, launch_chromium

    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine; CI needs one, and .ci/run installs it")
        pytest.skip("no Chromium on this machine, so nothing is looked at in a browser")
    with launch_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory):
    """The folder that `lab_address` shows; each test makes a workspace of its own in it."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="session")
def lab_address(lab_folder, tmp_path_factory):
    """Where a JupyterLab over `lab_folder` answers, with the workbench's own settings."""
    from lab import serve_lab

    command = [sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={lab_folder}"]
    command += ["--LabApp.extension_manager=readonly", "--LabApp.news_url=None"]
    with serve_lab(command, tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="session")
def lab_context(browser):
    """Where pages of JupyterLab are opened: what the browser has loaded of it and read once serves all of them."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def lab_page(lab_context):
    """A function that opens an empty page for JupyterLab, as wide and high as is said; closed when the test is over."""
    with ExitStack() as opened:

        def open(width, height):
            page = lab_context.new_page()
            opened.callback(page.close, run_before_unload=False)
            page.set_viewport_size({"width": width, "height": height})
            return page

        yield open


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


@pytest.fixture(scope="session")
def run_sections():
    """A function that makes the notebook that running all of a report's sections on a workspace leaves behind."""
    import nbformat

    from workbench.report.claims import SECTIONS

    def run(root, *, assume_consent=None, sections=tuple(SECTIONS), before=(), after=()):
        study = read_study(root, assume_consent=assume_consent)
        themes = find_themes(study.notes, study.ledger)
        drafts = draft_hypotheses(themes, study.quarter, records=study.hypotheses, today=today(study))
        report = Report(study, themes, [*study.hypotheses, *drafts])
        new = nbformat.v4
        # The page of the next decision is asked for: "one_pager()".
        shown = {name: getattr(report, name.removesuffix("()")) for name in sections}
        shown = {name: one() if name.endswith("()") else one for name, one in shown.items()}
        cells = [
            new.new_code_cell(f"report.{name}", outputs=[new.new_output("execute_result", one._repr_mimebundle_())])
            for name, one in shown.items()
        ]
        return new.new_notebook(cells=[*before, *cells, *after])

    return run


@pytest.fixture(scope="session")
def export():
    """A function that exports a notebook as it stands: the page, and what was said about things left out."""
    from workbench.report.exporter import DiscoveryExporter

    def run(notebook, name="tuesday"):
        exporter, notices = DiscoveryExporter(), []
        handler = logging.Handler(logging.WARNING)
        handler.emit = lambda record: notices.append(record.getMessage())
        log = getattr(exporter.log, "logger", exporter.log)
        log.addHandler(handler)
        try:
            html, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": name}})
        finally:
            log.removeHandler(handler)
        return html, notices

    return run


@pytest.fixture(scope="module")
def made_once():
    """What a report is when it is made again, worked out once for all changes to one page that a module verifies."""
    from workbench.report import verify
    from workbench.report.again import make_again

    made = {}

    def make(manifest, study, lines, **of):
        of_page = (
            manifest.calls,
            manifest.day,
            manifest.audience,
            manifest.sections,
            manifest.known,
            str(manifest.basis),
            str(manifest.moments),
        )
        # The study is kept, so that no other can come to have its id.
        key = (id(study), *of_page, frozenset(lines.items()), *of.items())
        if key not in made:
            made[key] = (study, make_again(manifest, study, lines, **of))
        return made[key][1]

    verify.make_again = make
    yield
    verify.make_again = make_again


@pytest.fixture(scope="session")
def sample_study(tmp_path_factory):
    """The repository's own study in a folder of its own; not to be changed."""
    root = tmp_path_factory.mktemp("sample") / "study"
    for part in ("interviews", "discovery"):
        shutil.copytree(ROOT / part, root / part)
    return root


@pytest.fixture(scope="session")
def sample_page(run_sections, export):
    """The report of the repository's own study."""
    return export(run_sections(ROOT))[0]


@pytest.fixture(scope="session")
def hostile_payloads():
    """Everything in hostile.jsonl that somebody could type into a field, one line each."""
    cases = [json.loads(line) for line in (ROOT / "tests" / "hostile.jsonl").read_text("utf-8").splitlines()]
    texts = [
        " ".join(case["payload"].split())
        for case in cases
        if case["field"] not in ("front_matter", "file", "file_bytes")
    ]
    # What ends an element that the page itself has open: its manifest, title, styles, table of contents.
    texts += [
        f"</{tag}><img src=x onerror=alert(1)>" for tag in ("template", "title", "style", "nav", "svg", "q", "data")
    ]
    texts += [
        "</template></template><script>alert(1)</script><template>",
        "<template><script>alert(1)</script></template>",
    ]
    return [text for text in dict.fromkeys(texts) if text.replace("\0", "")]


@pytest.fixture(scope="session")
def hostile_study(tmp_path_factory, hostile_payloads):
    """A workspace that holds every hostile payload in every field, not to be changed; consent is "named", so that all is shown."""
    from workbench.notes import format_call, format_note

    root = tmp_path_factory.mktemp("hostile")
    for folder in ("interviews", *(kind.folder for kind in KINDS.values())):
        (root / folder).mkdir(parents=True)

    def quoted(value):  # a JSON string is a YAML string
        return json.dumps(value, ensure_ascii=False)

    for i, text in enumerate(hostile_payloads):
        day = f"2026-11-{1 + i % 28:02d}"
        # Behind a semicolon stands another person, whose name would leave nowhere.
        head = format_call(
            f"{text} {i}",
            day,
            who=f"Somebody, {text.replace(';', ',')}",
            segment=text if i % 9 == 0 else "",
            consent="named",
        )
        notes = [
            format_note(f"{text} filters reset {i}", "pain"), format_note(f"{text} import rows lost {i}", "quote"),
            f"- ~ filters import {i} {text} #x{text}",
        ]  # fmt: skip
        slug = "".join(c if c.isprintable() and c != "/" else "_" for c in text)[:60]
        (root / "interviews" / f"{day}-{i}-{slug}.md").write_text(head + "\n".join(notes) + "\n", "utf-8")
        for kind in KINDS.values():
            lists = {
                "options",
                "consulted",
                "informed",
                "hypotheses",
                "needs",
                *(kind.known if kind.name == "week" else ()),
            }
            fields = {name: [text, text] if name in lists else text for name in kind.known}
            fields |= {"id": f"{kind.head}-{i} {text}", "version": "1"}
            fields |= {"guardrails": f"{text}: at most 3 %"} if "guardrails" in fields else {}
            # What is drawn at all hangs on these, so that every other record has one that is read.
            if i % 2:
                said = {"hypothesis": STATUSES, "decision": DECISION_STATUSES, "bet": BET_STATUSES}.get(kind.name)
                fields |= {"status": said[i // 2 % len(said)]} if said else {}
                days = ("date", "review", "reviewed", "made", "started", "closed", "deadline", "shipped", "finished")
                fields |= {name: day for name in days if name in fields}
            record = "\n".join(f"{name}: {quoted(value)}" for name, value in fields.items())
            name = f"{kind.head}-{i:06x}-x.md" if kind.head else f"{2000 + i}-W47.md"
            (root / kind.folder / name).write_text(f"---\n{record}\n---\n\n{text}\n", "utf-8")
    every = quoted(" ".join(hostile_payloads))
    quarter = "\n".join(f"{name}: {every}" for name in ("title", "product", "deck", "owner", "outcome", "metric"))
    (root / "discovery" / "quarter.md").write_text(
        f"---\n{quarter}\nbets: {quoted(hostile_payloads)}\nwont_do: {quoted(hostile_payloads)}\n---\n", "utf-8"
    )
    (root / "discovery" / "customers.yaml").write_text(
        f"excluded_segments:\n  {quoted(hostile_payloads[0])}: {every}\n", "utf-8"
    )
    (root / "discovery" / "salt").write_text("5a17" * 8 + "\n")
    study = read_study(root)
    tags = sorted(hostile_payloads, key=lambda text: "<" not in text)
    found = find_themes(study.notes)
    for theme, name in zip(found.summary["theme"], [text[:200] for text in tags], strict=False):
        themes = found.regroup(read_ledger(root))
        append_records(root, rename_theme(themes, theme, name, by=name, date="2026-11-20"))
    return root


@pytest.fixture(scope="session")
def hostile_notebook(hostile_study, hostile_payloads, run_sections):
    """Its notebook, with every payload in Markdown cells and in outputs of other kinds as well."""
    from nbformat import v4 as new

    prose = [new.new_markdown_cell(f"## Prose {i}\n\n{text}\n\n- {text}\n") for i, text in enumerate(hostile_payloads)]
    outputs = [
        new.new_output("display_data", {kind: "".join(hostile_payloads)})
        for kind in (
            "text/html",
            "text/markdown",
            "text/latex",
            "image/svg+xml",
            "text/vnd.mermaid",
            "application/javascript",
        )
    ]
    code = new.new_code_cell("draw()", outputs=outputs)
    return run_sections(hostile_study, before=[new.new_markdown_cell(f"# {hostile_payloads[0]}"), *prose], after=[code])


@pytest.fixture(scope="session")
def hostile_page(hostile_notebook, export):
    """The report of it."""
    return export(hostile_notebook)[0]
