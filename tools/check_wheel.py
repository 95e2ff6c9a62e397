"""Build the wheel twice, compare the bytes, and run it from an empty environment outside the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command, show it, and return what it prints."""
    print("+", *command, flush=True)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def build(folder: Path) -> Path:
    """Build the wheel into a folder."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=CHECKOUT)
    return next(folder.glob("*.whl"))


def main() -> None:
    """Check the wheel.

    Raises:
        SystemExit: Two builds differ, or the installed command does not price stage 2 completely.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheels = [build(folder / "first"), build(folder / "second")]
        digests = {hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels}
        if len(digests) != 1:
            raise SystemExit("two builds differ")
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        core = CHECKOUT / "requirements" / "core.txt"
        run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", core, cwd=folder)
        run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheels[0], cwd=folder)
        costplan = folder / "env" / "bin" / "costplan"
        estimate = json.loads(run(costplan, "estimate", "stage2", "--format", "json", cwd=folder))
        if estimate["unpriced"] or not estimate["resources"]:
            raise SystemExit("the installed wheel does not price stage 2")
        for command in (["compare"], ["catalog", "verify"], ["schema", "scenario"], ["scenario", "list"]):
            run(costplan, *command, cwd=folder)
        print(f"{wheels[0].name}: built twice alike, sha256 {digests.pop()}")
        print(f"estimate stage2 outside the checkout: {estimate['total']['gross']} {estimate['currency']}")


if __name__ == "__main__":
    main()
