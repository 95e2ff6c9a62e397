"""Run Terraform over designs with the stub: `python tests/support/terraform_stub/runs.py [NAME ...]`.

Terraform finds a running provider by `TF_REATTACH_PROVIDERS`, so that nothing is downloaded and nothing is
installed; modules are local. One server answers all runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DESIGNS = HERE.parents[1] / "terraform" / "designs"
FINGERPRINTS = DESIGNS / "sources.sha256"
"""Which sources the committed plans are of."""
SOURCE = "registry.terraform.io/yandex-cloud/yandex"
LIMIT_S = 120
"""Longest run of one command."""
UNSTEADY = ("timestamp", "relevant_attributes")
"""What differs from run to run, and says nothing of what there will be."""
_RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ANY_ID = "00000000-0000-4000-8000-000000000000"
STATE = "state.json"
"""What a design is that is applied; plans are `plan.json`."""
BEFORE = "before"
"""Folder of what is there before a plan."""


@dataclass(frozen=True, slots=True)
class Terraform:
    """Terraform with the stub behind it."""

    environment: dict[str, str]

    def run(self, folder: Path, *arguments: str) -> str:
        """Run a command, and return what it prints."""
        done = subprocess.run(
            ["terraform", f"-chdir={folder}", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, f"terraform {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def planned(self, design: Path) -> dict[str, Any]:
        """Return the plan of a design, or its state where it is one that is applied."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / design.name
            shutil.copytree(design, folder, ignore=shutil.ignore_patterns("*.json"))
            if (folder / BEFORE).exists():
                self._applied(folder / BEFORE)
                (folder / BEFORE / "terraform.tfstate").rename(folder / "terraform.tfstate")
            if document_of(design).name == STATE:
                self._applied(folder)
                return _steady(json.loads(self.run(folder, "show", "-json")))
            self.run(folder, "init", "-input=false")
            self.run(folder, "plan", "-input=false", "-out=design.plan")
            return _steady(json.loads(self.run(folder, "show", "-json", "design.plan")))

    def _applied(self, folder: Path) -> None:
        self.run(folder, "init", "-input=false")
        self.run(folder, "apply", "-input=false", "-auto-approve")


def _steady(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what differs from run to run, and order what comes in any order."""
    kept = {key: value for key, value in document.items() if key not in UNSTEADY}
    return _ordered(json.loads(_RANDOM_ID.sub(_ANY_ID, json.dumps(kept))))


def _ordered(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _ordered(value) for key, value in found.items()}
    if isinstance(found, list):
        rows = [_ordered(one) for one in found]
        by_address = rows and all(isinstance(one, dict) and "address" in one for one in rows)
        return sorted(rows, key=lambda one: str(one["address"])) if by_address else rows
    return found


@contextmanager
def terraform(python: Path) -> Iterator[Terraform]:
    """Serve the stub with the Python of its environment while Terraform is used."""
    with tempfile.TemporaryDirectory() as scratch:
        socket = Path(scratch) / "provider.sock"
        with subprocess.Popen(
            [python, str(HERE / "server.py"), str(socket)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            try:
                assert server.stdout is not None
                assert server.stdout.readline() == "ready\n"
                yield Terraform(_environment(socket, server.pid, scratch))
            finally:
                server.kill()


def _environment(socket: Path, pid: int, home: str) -> dict[str, str]:
    provider = {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": pid,
        "Test": True,
        "Addr": {"Network": "unix", "String": str(socket)},
    }
    return {
        "PATH": os.environ["PATH"],
        "HOME": home,
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_ARGS": "-no-color",
        "TF_REATTACH_PROVIDERS": json.dumps({SOURCE: provider}),
    }


def designs() -> list[Path]:
    """Return the folders of all designs."""
    return sorted(path for path in DESIGNS.iterdir() if path.is_dir())


def document_of(design: Path) -> Path:
    """Return the file that Terraform makes of a design."""
    state = design / STATE
    return state if state.exists() else design / "plan.json"


def fingerprint(design: Path) -> str:
    """Return what changes with the sources of a design."""
    found = hashlib.sha256()
    for path in sorted(design.rglob("*.tf")):
        found.update(f"{path.relative_to(design).as_posix()}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def fingerprints() -> dict[str, str]:
    """Return the designs as they were when their plans were made."""
    rows = FINGERPRINTS.read_text(encoding="utf-8").splitlines() if FINGERPRINTS.exists() else []
    return dict(row.split(" ") for row in rows)


def _write(names: list[str]) -> None:
    sys.path.insert(0, str(HERE.parent))
    from triton_env import ensure

    known = fingerprints()
    with terraform(ensure("terraform-stub") / "bin" / "python") as tool:
        for design in designs():
            if not names or design.name in names:
                text = json.dumps(tool.planned(design), indent=1, ensure_ascii=False)
                document_of(design).write_text(f"{text}\n", encoding="utf-8")
                known[design.name] = fingerprint(design)
                print(f"{len(text):8} {design.name}")
    rows = (f"{design.name} {known[design.name]}\n" for design in designs() if design.name in known)
    FINGERPRINTS.write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    _write(sys.argv[1:])
