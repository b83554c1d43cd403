"""A real JupyterLab and a real Chromium, for tests that drive notebooks as a PM would."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CONFIG = Path(__file__).parent.parent / "workbench" / "lab_config"
TOKEN = "a-token-for-this-test"
MINUTE = 60_000


@contextmanager
def serve_lab(command, home):
    """Start a JupyterLab command; the settings of whoever runs this are out of its reach."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {f"JUPYTER_{kind}_DIR": f"{home}/{kind}" for kind in ("CONFIG", "DATA", "RUNTIME")}
    places |= {f"JUPYTERLAB_{kind}_DIR": f"{home}/{kind}" for kind in ("SETTINGS", "WORKSPACES")}
    command = [*command, "--no-browser", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={TOKEN}", *(["--allow-root"] if os.geteuid() == 0 else [])]
    with open(home / "log", "wb") as log:
        server = subprocess.Popen(
            command,
            cwd=Path(__file__).parent.parent,
            env=os.environ | {"JUPYTER_CONFIG_PATH": str(CONFIG)} | places | {"HOME": str(home)},
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


@contextmanager
def launch_chromium(**options):
    """A browser with nothing in it."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, **options)
        yield browser
        browser.close()


def write_notebook(path, *cells):
    """A notebook of code cells."""
    new = nbformat.v4
    notebook = new.new_notebook(cells=[new.new_code_cell(source) for source in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def open_notebook(page, address, path):
    """Open a notebook in JupyterLab, in a workspace of its own, and wait for its kernel.

    What is run before "| Idle" stands in the status bar is dropped without a word.
    """
    page.goto(f"{address}lab/workspaces/{abs(hash(path))}/tree/{path}?token={TOKEN}", timeout=MINUTE)
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=MINUTE)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=MINUTE)


def run_all(page, shown):
    """Run all cells until an element is there; once more if the first try was dropped."""
    for attempt in (1, 2):
        menu(page, "Run", "Run All Cells")
        try:
            page.locator(shown).first.wait_for(timeout=MINUTE / 2)
            return
        except Exception:
            if attempt == 2:
                raise


def restart_kernel(page):
    """Restart the kernel, as from the menu, and wait until it is there again."""
    menu(page, "Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog button.jp-mod-warn, .jp-Dialog button", has_text="Restart").last.click()
    page.locator(".jp-Dialog").wait_for(state="detached", timeout=MINUTE)
    page.wait_for_timeout(500)
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=MINUTE)


def menu(page, *path):
    """Choose from JupyterLab's menu."""
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{path[0]}$")).click()
    for name in path[1:]:
        item = page.locator(".lm-Menu-itemLabel:visible", has_text=re.compile(f"^{re.escape(name)}$"))
        item.hover()
        if name == path[-1]:
            item.click()


def choose_theme(page, light):
    """Choose JupyterLab's light or dark theme."""
    menu(page, "Settings", "Theme", f"JupyterLab {'Light' if light else 'Dark'}")
    page.locator(f'body[data-jp-theme-light="{str(light).lower()}"]').wait_for(state="attached", timeout=MINUTE / 2)


def serious_violations(page, within):
    """What axe finds serious or worse inside an element, as one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def pictures():
    """Where screenshots go; CI keeps the folder as artefacts."""
    folder = Path(os.environ.get("WORKBENCH_PICTURES", Path(__file__).parent.parent / "reports" / "pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def code_cells(path):
    """The code cells of a saved notebook."""
    return [cell for cell in json.loads(Path(path).read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
