"""The line that installs what is missing is true for a checkout and for a wheel."""

from __future__ import annotations

import shlex
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from costplan.messages import installation
from costplan.messages.installation import install_line, libraries_of

CHECKOUT = Path(__file__).resolve().parents[2]
REQUIRES = [
    "typer>=0.16",
    "tzdata>=2025.1; sys_platform == 'win32'",
    'scipy>=1.14; extra == "plan"',
    "uvloop>=0.21; (sys_platform != 'win32') and extra == 'bench'",
    "psycopg[binary]>=3.2; extra == 'bench'",
]


def test_a_checkout_is_installed_over_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    monkeypatch.setattr(sys, "executable", str(CHECKOUT / ".venv" / "bin" / "python"))
    assert install_line("bench") == ".venv/bin/python -m pip install -e '.[bench]'"
    assert install_line() == ".venv/bin/python -m pip install -e '.'"


def test_a_checkout_is_named_from_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(install_line("plan"))
    assert words[1:] == ["-m", "pip", "install", "-e", f"{CHECKOUT}[plan]"]


def test_from_a_wheel_the_libraries_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(installation, "__file__", str(tmp_path / "costplan" / "installation.py"))
    monkeypatch.setattr(metadata, "requires", lambda _: REQUIRES)
    assert shlex.split(install_line("bench"))[1:] == [
        "-m", "pip", "install", "uvloop>=0.21; (sys_platform != \"win32\")", "psycopg[binary]>=3.2",
    ]  # fmt: skip
    assert libraries_of("plan", REQUIRES) == ["scipy>=1.14"]
    assert libraries_of(None, REQUIRES) == ["typer>=0.16", 'tzdata>=2025.1; sys_platform == "win32"']


def test_costplan_without_metadata_says_where_the_libraries_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def absent(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(installation, "__file__", str(tmp_path / "costplan" / "installation.py"))
    monkeypatch.setattr(metadata, "requires", absent)
    assert install_line("bench").endswith("pyproject.toml names under `bench`")


def test_python_runs_costplan_as_a_module() -> None:
    line = [sys.executable, "-m", "costplan", "--version"]
    ended = subprocess.run(line, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("costplan ")
