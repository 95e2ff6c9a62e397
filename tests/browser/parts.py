"""The parts of the browser tests: the Chromium of the system, and packages of npm as the lock names them.

Tests are skipped with a reason where they cannot be had, which is a failure where everything must run.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PACKAGES = HERE.parents[1] / ".cache" / "browser"
"""Where npm installs; beside the other parts that tests build."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 240


def chromium() -> str:
    """Return the browser of the system; none is ever downloaded."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), "") or _missing("Chromium")


@cache
def packages() -> Path:
    """Return the folder of the npm packages, installed when the lock has changed."""
    lock = (HERE / "package-lock.json").read_bytes()
    wanted, stamp = hashlib.sha256(lock).hexdigest(), PACKAGES / "lock.sha256"
    if not (stamp.is_file() and stamp.read_text() == wanted):
        _install()
        stamp.write_text(wanted)
    return PACKAGES / "node_modules"


def _install() -> None:
    npm = shutil.which("npm") if shutil.which("node") else None
    if npm is None:
        _missing("node and npm")
    PACKAGES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, PACKAGES / name)
    line = [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(line, cwd=PACKAGES, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        _missing(f"the packages of npm ({done.stderr.strip()[-300:]})")


def _missing(what: str) -> str:
    pytest.skip(f"{what} cannot be had here")
