"""Print a page to PDF with the Chromium or Chrome that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)


def browser() -> Path:
    """Return the browser that prints.

    Raises:
        InputError: None is on the PATH.
    """
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise InputError(
        "--pdf: there is no Chromium or Chrome to print with",
        hint=Reason("install one of {browsers}, or print the HTML from any browser", ", ".join(BROWSERS)),
    )


def printed(page: bytes, program: Path) -> bytes:
    """Print a page; the browser gets a folder of its own and keeps nothing.

    Raises:
        InputError: The browser does not print it.
    """
    # As root, Chromium runs only without its sandbox; the page is our own and may load nothing.
    flags = [*_FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "report.html").write_bytes(page)
        target = folder / "report.pdf"
        line = [str(program), *flags, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}"]
        try:
            subprocess.run(  # noqa: S603 - a program that was found on the PATH, and our own file
                [*line, (folder / "report.html").as_uri()],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
            return target.read_bytes()
        except (OSError, subprocess.TimeoutExpired):
            raise InputError(
                Reason("--pdf: {name} did not print the report", program.name),
                hint="print the HTML from a browser",
            ) from None
