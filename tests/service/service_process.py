"""A real `python -m costplan.service` for tests, and where the files are."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from own_time import wait_until

from costplan.datafiles import data_folder
from costplan.service.app import Service
from costplan.service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DIGITS = data_folder("models") / "digits.onnx"


@dataclass
class Process:
    """A running `python -m costplan.service`."""

    child: subprocess.Popen[str]
    port: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)
    """Its log so far."""
    reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it and return its exit code."""
        if self.child.poll() is None:
            self.child.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and the last line of its log, and return its exit code."""
        code = self.child.wait(120)
        assert self.reader is not None
        self.reader.join(120)
        return code

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == name]


Launch = Callable[..., Process]
InProcess = Callable[[Settings, Callable[[httpx.AsyncClient, Service], Awaitable[None]]], io.StringIO]


def _read(process: Process) -> None:
    assert process.child.stdout is not None
    for line in process.child.stdout:
        process.lines.append(json.loads(line))


def start_process(folder: Path, *options: str, **environment: str) -> Process:
    """Start the service on a free port and wait until it listens."""
    command = [sys.executable, "-m", "costplan.service", "--port", "0", *options]
    process = Process(
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    )
    process.reader = threading.Thread(target=_read, args=(process,), daemon=True)
    process.reader.start()
    wait_until(lambda: process.events("listening") or process.child.poll() is not None, "the service")
    if not process.events("listening"):
        raise AssertionError(f"the service did not start: {process.child.communicate()[1]}")
    process.port = process.events("listening")[0]["port"]
    return process
