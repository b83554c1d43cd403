"""A report on paper: printed by a Chromium that is on this machine, without its network and its clock."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from workbench.errors import InputError
from workbench.report.view import hash_style

__all__ = ["PAPERS", "find_chromium", "need_chromium", "print_pdf", "stamp_pdf"]

# What there is to print on; a page itself leaves it to whoever prints it.
PAPERS = ("a4", "letter")

# Names on the path, the free one first; then where installers put it on a Mac and on Windows.
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge", "brave-browser",
)  # fmt: skip
MAC = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WINDOWS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
# The browser prints one page that asks for nothing, and reaches no host whatever it might ask for.
SETTINGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--user-agent=Discovery Workbench", "--hide-scrollbars",
    "--no-pdf-header-footer", "--generate-pdf-document-outline",
)  # fmt: skip
SECONDS = 300
_DATE = re.compile(rb"/(?:Creation|Mod)Date \(D:\d{14}[^)]*\)")


def find_chromium() -> str | None:
    """A browser of Chromium's family on this machine.

    Returns
    -------
    str or None
        Its program: what ``WORKBENCH_CHROMIUM`` names, else the first of Chromium, Chrome, Edge and Brave.
    """
    if named := os.environ.get("WORKBENCH_CHROMIUM"):
        return shutil.which(named)
    return next((found for place in _places() if (found := shutil.which(place))), None)


def need_chromium() -> str:
    """A browser of Chromium's family on this machine, or what to do without one.

    Returns
    -------
    str
        Its program.

    Raises
    ------
    InputError
        When there is none; it says what to install.
    """
    browser = find_chromium()
    if browser is None:
        named = os.environ.get("WORKBENCH_CHROMIUM")
        tried = f"there is no program {named} (WORKBENCH_CHROMIUM)" if named else "no such browser was found"
        raise InputError(
            f"a PDF is printed by Chromium, Chrome or Edge, and {tried}; install one (on Debian and Ubuntu: apt install "
            "chromium), or name its program in WORKBENCH_CHROMIUM, or make the page with  --to html  and print it from any browser"
        )
    return browser


def print_pdf(html: str, day: str = "", paper: str = "a4") -> bytes:
    """Print a page.

    Parameters
    ----------
    html : str
        The page as others may see it; it needs no network.
    day : str
        The day that the file shall say it was made on, as ``2026-11-17``; without one it says none.
    paper : str
        One of `PAPERS`.

    Returns
    -------
    bytes
        A tagged PDF with an outline: the same for the same page, browser and fonts.

    Raises
    ------
    InputError
        When there is no such browser, or it does not print.
    """
    browser = need_chromium()
    with tempfile.TemporaryDirectory(prefix="workbench-pdf-", ignore_cleanup_errors=True) as folder:
        page, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(_lay_out(html, paper), "utf-8")
        command = [browser, *SETTINGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", page.as_uri()]
        if getattr(os, "geteuid", lambda: 1)() == 0:
            command.insert(1, "--no-sandbox")  # Chromium does not start for root with one
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise InputError(f"{browser} did not finish printing within {SECONDS} seconds; try again, or print the page of  --to html  from it") from None  # fmt: skip
        except OSError as error:
            raise InputError(f"{browser} cannot be run: {error.strerror or error}; name another in WORKBENCH_CHROMIUM") from error  # fmt: skip
        if not target.is_file():
            raise InputError(f"{browser} printed nothing (it ended with {done.returncode}); print the page of  --to html  from it, or name another in WORKBENCH_CHROMIUM")  # fmt: skip
        return stamp_pdf(target.read_bytes(), day)


def stamp_pdf(pdf: bytes, day: str = "") -> bytes:
    """A printed page that says it was made on a given day, whatever the clock said.

    Parameters
    ----------
    pdf : bytes
        As Chromium writes it.
    day : str
        As ``2026-11-17``; without one both dates are taken out.

    Returns
    -------
    bytes
        Of the same length, so that every offset in it holds.

    Examples
    --------
    >>> stamp_pdf(b"/CreationDate (D:20261126110928+00'00')", "2026-11-17")
    b"/CreationDate (D:20261117000000+00'00')"
    """

    def stamp(found: re.Match[bytes]) -> bytes:
        old = found[0]
        if not day:
            return b" " * len(old)
        return re.sub(rb"D:\d{14}[^)]*", lambda date: (b"D:" + day.replace("-", "").encode() + b"000000+00'00'")[: len(date[0])].ljust(len(date[0])), old)  # fmt: skip

    return _DATE.sub(stamp, pdf)


def _lay_out(html: str, paper: str) -> str:
    """A page that names its paper in its style, whose digest its policy names."""
    found = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    if found is None:
        return html
    sized = found[1].replace("@page{", f"@page{{size:{paper};")
    return html.replace(hash_style(found[1]), hash_style(sized), 1).replace(found[1], sized, 1)


def _places() -> Iterator[str]:
    yield from NAMES
    if sys.platform == "darwin":
        yield from (f"{folder}/{name}" for folder in ("/Applications", Path.home() / "Applications") for name in MAC)
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder := os.environ.get(variable):
            yield from (f"{folder}/{name}" for name in WINDOWS)
