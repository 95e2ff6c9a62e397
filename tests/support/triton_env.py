"""Build what the live tests need beside the project: `python tests/support/triton_env.py [NAME ...]`.

    triton         a real tritonserver for CPU with its Python backend (about 1 GB on disk)
    perf-analyzer  Triton's own load generator
    wire-protos    published protocol definitions, as unopened wheels
    terraform-stub what the stub of Terraform's provider is served with

Each goes into `.cache/` with the versions and hashes of `requirements/NAME.txt`, and is built once: a stamp
holds the hash of that file. They are environments of their own because their pins contradict the project's.
The server needs two Debian packages: `apt-get install libb64-0d libpython3.11`.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
NAMES = ("triton", "perf-analyzer", "wire-protos", "terraform-stub")
TRITON = CACHE / "triton-env"
PERF_ANALYZER = CACHE / "perf-analyzer-env"
WIRE_PROTOS = CACHE / "wire-protos"
TERRAFORM_STUB = CACHE / "terraform-stub-env"
_FOLDERS = {
    "triton": TRITON,
    "perf-analyzer": PERF_ANALYZER,
    "wire-protos": WIRE_PROTOS,
    "terraform-stub": TERRAFORM_STUB,
}


class UnavailableError(Exception):
    """A part cannot be had here; says why."""


def ensure(name: str, *, build: bool = True) -> Path:
    """Return the folder of a part, built if it is not there yet and `build` allows it.

    Raises:
        UnavailableError: It is not built, or cannot be.
    """
    folder = _FOLDERS[name]
    requirements = ROOT / "requirements" / f"{name}.txt"
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return folder
    if not build:
        raise UnavailableError(f"{name} is not built; run `python tests/support/triton_env.py {name}`")
    shutil.rmtree(folder, ignore_errors=True)
    if name == "wire-protos":
        _run([sys.executable, "-m", "pip", "download", *_PIP, "-d", str(folder), "-r", str(requirements)])
    else:
        _run([_python311(), "-m", "venv", str(folder)])
        _run([str(folder / "bin" / "python"), "-m", "pip", "install", *_PIP, "-r", str(requirements)])
    if name == "triton":
        _lay_out_backends(folder)
    stamp.write_text(wanted)
    return folder


def part(name: str) -> Path:
    """Return the folder of a part for a test; built where everything must run, else the test is skipped."""
    import pytest

    try:
        if name == "triton":
            check_libraries()
        return ensure(name, build=os.environ.get("COSTPLAN_REQUIRE_LIVE") == "1")
    except UnavailableError as error:
        pytest.skip(str(error))


_PIP = ("--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--require-hashes")


def site_packages(environment: Path) -> Path:
    """Return the site-packages of one of these environments."""
    return environment / "lib" / "python3.11" / "site-packages"


def check_libraries() -> None:
    """Raise UnavailableError when a shared library that tritonserver links to is missing."""
    for library, package in (("libb64.so.0d", "libb64-0d"), ("libpython3.11.so.1.0", "libpython3.11")):
        try:
            ctypes.CDLL(library)
        except OSError:
            if not (library_folder() / library).exists():
                raise UnavailableError(f"{library} is missing: apt-get install {package}") from None


def library_folder() -> Path:
    """Return where this interpreter keeps its own shared library, if it has one."""
    return Path(sysconfig.get_config_var("LIBDIR") or "/usr/lib")


def _lay_out_backends(folder: Path) -> None:
    """Put the Python backend and the stub of this Python version into one folder."""
    triton = site_packages(folder) / "pytriton" / "tritonserver"
    backend = folder / "backends" / "python"
    shutil.copytree(triton / "backends" / "python", backend)
    shutil.copy2(triton / "python_backend_stubs" / "3.11" / "triton_python_backend_stub", backend)


def _python311() -> str:
    found = sys.executable if sys.version_info[:2] == (3, 11) else shutil.which("python3.11")
    if not found:
        raise UnavailableError("python3.11 is missing: the server's Python backend is built for it")
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise UnavailableError(f"`{' '.join(command[:4])} ...` failed: {done.stderr.strip()[-400:]}")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or NAMES:
        print(ensure(chosen))
