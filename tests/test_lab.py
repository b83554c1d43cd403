"""`workbench lab` in a real JupyterLab and a real browser: the Tuesday page opens, runs and shows its sections, quietly."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from workbench.starter import copy_sample

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TOKEN = "a-token-for-this-test"
MINUTE = 60_000

if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("Chromium is not installed, so JupyterLab was not opened", allow_module_level=True)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab") / "study"
    copy_sample(folder)
    return folder


@pytest.fixture(scope="module")
def address(study, tmp_path_factory):
    """Where `workbench lab` answers; the settings of whoever runs this are out of its reach."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {f"JUPYTER_{kind}_DIR": f"{home}/{kind}" for kind in ("CONFIG", "DATA", "RUNTIME")}
    places |= {f"JUPYTERLAB_{kind}_DIR": f"{home}/{kind}" for kind in ("SETTINGS", "WORKSPACES")}
    command = [sys.executable, "-m", "workbench", "lab", study, "--no-browser", f"--ServerApp.port={port}"]
    command += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    with open(home / "log", "wb") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | places | {"HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        status = urllib.request.Request(f"http://127.0.0.1:{port}/api/status?token={TOKEN}")
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(status, timeout=5):
                    break
            except OSError:
                assert server.poll() is None and time.monotonic() < until, (home / "log").read_text("utf-8")
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture(scope="module")
def browser():
    assert CHROMIUM, "Chromium is missing; .ci/run installs it"
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def menu(page, *path):
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{path[0]}$")).click()
    for name in path[1:]:
        item = page.locator(".lm-Menu-itemLabel:visible", has_text=re.compile(f"^{name}$"))
        item.hover()
        if name == path[-1]:
            item.click()


def code_cells(study):
    saved = json.loads((study / "notebooks" / "tuesday-discovery.ipynb").read_text("utf-8"))
    return [cell for cell in saved["cells"] if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def lab(browser, address, study):
    """The page as it is after Run All Cells, and the addresses it asked for."""
    asked = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    page.goto(f"{address}?token={TOKEN}", timeout=MINUTE)
    # "| Idle" is the only sign that a kernel is there; what is run before it is dropped without a word.
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=MINUTE)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=MINUTE)
    for attempt in (1, 2):
        menu(page, "Run", "Run All Cells")
        try:
            page.locator(".jp-OutputArea-output", has_text="What we learned").first.wait_for(timeout=MINUTE / 2)
            break
        except Exception:
            if attempt == 2:
                raise
    for _ in range(40):  # cells below the window are not in the page, so the saved file tells when all have run
        menu(page, "File", "Save Notebook")
        page.wait_for_timeout(500)
        if all(cell["outputs"] for cell in code_cells(study)):
            break
    # Running has gone on to the last cell, and the first ones may have left the window, and with it the page.
    for panel in page.locator(".jp-WindowedPanel-outer").all():
        panel.evaluate("panel => panel.scrollTo(0, 0)")
    page.locator(".jp-OutputArea-output", has_text="What we learned").first.wait_for(timeout=MINUTE / 2)
    yield page, asked
    page.close()


def pictures():
    folder = Path(os.environ.get("WORKBENCH_PICTURES", "/tmp/lab"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_the_tuesday_notebook_opens_by_itself(lab):
    page, _ = lab
    assert page.url.split("?")[0].endswith("/lab/tree/notebooks/tuesday-discovery.ipynb")
    assert page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current").inner_text().strip() == "tuesday-discovery.ipynb"
    assert page.locator(".jp-Notebook h1").first.inner_text().startswith("Tuesday discovery")


def test_every_section_appears_and_no_cell_failed(lab, study):
    page, _ = lab
    saved = code_cells(study)
    assert [[output["output_type"] for output in cell["outputs"]] for cell in saved] == [["execute_result"]] * len(
        saved
    )
    assert [cell["execution_count"] for cell in saved] == list(range(1, len(saved) + 1))
    assert all(re.search(r"<h2|<header|<section", "".join(cell["outputs"][0]["data"]["text/html"])) for cell in saved)
    seen = " ".join(page.locator(".jp-Notebook .jp-OutputArea-output").all_inner_texts())
    assert "What we learned" in seen
    assert re.search(r"\b\d+ of 12\b", seen)


def test_code_is_folded_away(lab):
    page, _ = lab
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    assert cells.count() > 0
    assert page.locator(".jp-Notebook .jp-CodeCell .cm-editor:visible").count() == 0


def test_no_news_pop_up_and_no_dialog(lab):
    page, _ = lab
    assert page.locator(".Toastify__toast, .jp-toast, .jp-Dialog").count() == 0
    assert page.get_by_text("Jupyter news").count() == 0


def test_no_request_leaves_the_computer(lab, address):
    _, asked = lab
    own = address.removeprefix("http://")
    assert len(asked) > 20
    assert [url for url in asked if not re.match(rf"(https?|wss?)://{re.escape(own)}|data:|blob:", url)] == []


def test_pictures_in_light_dark_and_narrow(lab):
    page, _ = lab
    folder = pictures()
    take(page, folder / "light.png")
    menu(page, "Settings", "Theme", "JupyterLab Dark")
    page.locator('body[data-jp-theme-light="false"]').wait_for(state="attached", timeout=MINUTE / 2)
    take(page, folder / "dark.png")
    menu(page, "Settings", "Theme", "JupyterLab Light")
    page.locator('body[data-jp-theme-light="true"]').wait_for(state="attached", timeout=MINUTE / 2)
    page.set_viewport_size({"width": 700, "height": 900})
    take(page, folder / "narrow.png")
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= window


def take(page, path):
    """A picture of the page's head, and one of its themes."""
    page.locator("#jupyterlab-splash").wait_for(state="detached", timeout=MINUTE / 2)
    page.screenshot(path=path)
    page.get_by_role("heading", name="What we learned").last.evaluate("heading => heading.scrollIntoView()")
    page.wait_for_timeout(300)  # cells that come into view are drawn a moment later
    page.screenshot(path=path.with_stem(f"{path.stem}-themes"))
    page.locator(".jp-Notebook h1").first.evaluate("heading => heading.scrollIntoView()")
    page.wait_for_timeout(300)
