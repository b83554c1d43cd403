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
# How long, in ms, is waited for what must come. A machine with much else to do is slow and not broken, and what never comes
# fails all the same.
PATIENCE = 3 * MINUTE


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
    # So that a kernel can be asked how it is: what the status bar says may be said of a moment ago.
    command += [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
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
        until = time.monotonic() + PATIENCE / 1000
        while True:
            try:
                with urllib.request.urlopen(status, timeout=30):
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
    """A browser with nothing in it, whose pages wait with patience."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, timeout=PATIENCE, **options)
        browser.new_context, browser.new_page = patient(browser.new_context), patient(browser.new_page)
        yield browser
        browser.close()


def patient(open):
    """What opens a page or a context, with more patience than half a minute."""

    def opened(**options):
        one = open(**options)
        one.set_default_timeout(PATIENCE)
        return one

    return opened


def eventually(page, look, wanted=True):
    """Wait until what is looked at is as wanted. A file that is not there yet, or only half, is looked at again.

    The page goes on meanwhile, and where the Python half of what it shows is in this process, so does that.
    """
    until = time.monotonic() + PATIENCE / 1000
    while True:
        late = time.monotonic() > until
        try:
            found = look()
        except (LookupError, OSError, ValueError):
            if late:
                raise
        else:
            if late or found == wanted:
                break
        page.wait_for_timeout(20)
    assert found == wanted


def write_notebook(path, *cells):
    """A notebook of code cells."""
    new = nbformat.v4
    notebook = new.new_notebook(cells=[new.new_code_cell(source) for source in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


KERNEL_IS_READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""


def kernel_is_ready(page):
    """Wait until the notebook in front has a kernel that does nothing; what is run before is dropped without a word."""
    page.wait_for_function(KERNEL_IS_READY)


def open_notebook(page, address, path):
    """Open a notebook in JupyterLab, in a workspace of its own, and wait for its kernel."""
    page.goto(f"{address}lab/workspaces/{abs(hash(path))}/tree/{path}?token={TOKEN}")
    kernel_is_ready(page)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()


def age_outputs(page):
    """Mark what cells show, so that what comes next is not taken for it."""
    page.evaluate("document.querySelectorAll('.jp-OutputArea-output').forEach((one) => one.classList.add('of-before'))")


def new_output(page, shown):
    """What cells show since they were run."""
    return page.locator(".jp-OutputArea-output:not(.of-before)").locator(shown)


def run_all(page, shown):
    """Run all cells until they show an element; what that run does not draw anew is not taken for it."""
    kernel_is_ready(page)
    age_outputs(page)
    menu(page, "Run", "Run All Cells")
    new_output(page, shown).first.wait_for()


def write_and_run(page, n, source, *, wait=True):
    """Write the code of the nth code cell anew, run it, and wait until it has begun or, as a rule, is done."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(n)
    prompt, editor = cell.locator(".jp-InputPrompt"), cell.locator(".cm-content")
    before = prompt.inner_text()
    kernel_is_ready(page)
    age_outputs(page)
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    eventually(page, lambda: "".join(editor.inner_text().split()), "".join(source.split()))
    page.keyboard.press("Control+Enter")
    begun = re.compile(r"\[\d+\]" if wait else r"\[(\d+|\*)\]")
    eventually(page, lambda: prompt.inner_text() != before and bool(begun.search(prompt.inner_text())))


def shut_down_kernel(page):
    """Shut the kernel down, as from the menu, and wait until it is gone."""
    menu(page, "Kernel", "Shut Down Kernel")
    page.locator("#jp-main-statusbar", has_text="No Kernel").wait_for()


def start_kernel(page):
    """Start a kernel where there is none, as from the menu, and wait until it is there."""
    menu(page, "Kernel", "Restart Kernel…")
    kernel_is_ready(page)


def restart_kernel(page):
    """Restart the kernel, as from the menu, and wait until it is gone and there again."""
    page.evaluate(
        """() => {
          window.heard = [];
          window.jupyterapp.shell.currentWidget.sessionContext.statusChanged.connect((_, status) => window.heard.push(status));
        }"""
    )
    menu(page, "Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog button", has_text="Restart").last.click()
    page.wait_for_function("window.heard.includes('restarting')")
    kernel_is_ready(page)


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
    page.locator(f'body[data-jp-theme-light="{str(light).lower()}"]').wait_for(state="attached")
    page.locator("#jupyterlab-splash").wait_for(state="detached")


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
