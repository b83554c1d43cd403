"""What `pip install` brings is enough: the sample study, the notebook and the template travel in the wheel."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from workbench.starter import sample_folder

ROOT = Path(__file__).parent.parent
# Nothing of the repository is importable here: not by the current folder, not by an editable install's path file.
AWAY = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("interviews", "workbench/sample/interviews"),
        ("discovery", "workbench/sample/discovery"),
        ("notebooks", "workbench/sample/notebooks"),
        ("workbench/report/templates", "workbench/report/templates"),
        ("workbench/starter", "workbench/starter"),
        ("workbench/lab_config", "workbench/lab_config"),
        ("workbench/themes", "workbench/themes"),
    ],
)
def test_everything_in_these_folders_travels(here, there, names):
    hidden = ("__pycache__", ".ipynb_checkpoints", ".workbench")
    files = [path.relative_to(ROOT / here) for path in (ROOT / here).rglob("*") if path.is_file()]
    wanted = [path.as_posix() for path in files if not any(part in hidden for part in path.parts)]
    assert wanted
    assert [name for name in wanted if f"{there}/{name}" not in names] == []


def test_templates_and_styles_are_among_them(names):
    assert {Path(name).suffix for name in names if name.startswith("workbench/report/templates/")} >= {".css", ".j2"}


def test_nothing_generated_or_private_travels(names):
    unwanted = (
        ".ipynb_checkpoints",
        "__pycache__",
        ".workbench",
        ".pyc",
        "reports/",
        "tests/",
        ".venv",
        ".git/",
        "benchmarks",
    )
    assert [name for name in names if any(word in name for word in unwanted)] == []
    assert {name.split("/")[0] for name in names} == {"workbench", "discovery_workbench-0.1.0.dist-info"}
    assert not any(name.startswith("workbench/sample/workbench") for name in names)


def test_the_commands_and_the_exporter_are_registered(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        text = archive.read(entry_points).decode()
    assert "workbench = workbench.cli:main" in text
    assert "discovery = workbench.report.exporter:DiscoveryExporter" in text


def test_demo_runs_from_the_wheel_far_from_the_repository(wheel, tmp_path):
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import workbench, workbench.starter as s; print(workbench.__file__, s.sample_folder())"],
        cwd=tmp_path, env=AWAY | {"PYTHONPATH": str(site)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert where == f"{site / 'workbench' / '__init__.py'} {site / 'workbench' / 'sample'}\n"
    result = subprocess.run(
        [sys.executable, "-P", "-m", "workbench", "demo", "study"],
        cwd=tmp_path, env=AWAY | {"PYTHONPATH": str(site)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    report = tmp_path / "study" / "reports" / "tuesday-discovery.html"
    assert result.stdout.splitlines()[0] == str(report)
    assert len(result.stdout.splitlines()) == 4
    assert "<h1" in report.read_text("utf-8")
    assert str(ROOT) not in report.read_text("utf-8")
    assert not any("reports" in path.parts for path in (site / "workbench" / "sample").rglob("*"))


def test_in_the_repository_the_sample_is_the_repository():
    assert sample_folder() == ROOT
