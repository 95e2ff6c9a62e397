"""Target `service`: the project's own inference service, started as a child on loopback and stopped again."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from typing import IO, ClassVar

from costplan.bench.guard import Endpoint
from costplan.bench.models.workload import Workload, workload_of_model
from costplan.bench.target import ColdStart, TargetDescription
from costplan.bench.targets._oip_http import OipHttpTarget
from costplan.bench.targets.options import TargetOptions
from costplan.bench.transport.interface import MIB
from costplan.cpus import usable_cpus
from costplan.messages.errors import CostplanError, InputError
from costplan.messages.reason import Reason

_STOP_S = 5.0
_LOG_TAIL = 800
_LEAST_BODY_MIB = 16
"""The service's own default."""


class ServiceTarget(OipHttpTarget):
    """`python -m costplan.service` on a free port of loopback."""

    name: ClassVar[str] = "service"

    def __init__(self, options: TargetOptions) -> None:
        if options.inputs.model is None:
            raise InputError("target `service` needs a model file", hint="give one with --model FILE.onnx")
        self.threads = options.threads or usable_cpus()
        port = free_port()
        point = Endpoint("http", "127.0.0.1", port, "127.0.0.1")
        super().__init__(replace(options, endpoint=point, model_name=options.model_name or "model"))
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._records: tempfile.TemporaryDirectory[str] | None = None
        """Where the service keeps its record of predictions, as it does when it is deployed."""

    def start(self) -> ColdStart:
        """Look at the model under guard, start the service, wait for it, ask every request once.

        Raises:
            InputError: The model is refused, or the service does not become ready; its last words are shown.
        """
        self.workload = workload_of_model(self.options.inputs)
        started = time.perf_counter()
        self._launch(self.workload)
        try:
            self.wait(self.options.start_seconds, self._check_alive)
            ready_ms = (time.perf_counter() - started) * 1e3
            return replace(self.prepare(), ready_ms=ready_ms)
        except BaseException:
            self.stop()
            raise

    def describe(self) -> TargetDescription:
        """Say what is being measured."""
        process_id = self._process.pid if self._process else None
        return replace(super().describe(), process_id=process_id)

    def settings(self) -> dict[str, object]:
        """Return whatever changes the numbers."""
        return super().settings() | {"intra_op_threads": self.threads, "record": "sqlite"}

    def stop(self) -> None:
        """Ask the child to end, wait 5 s, then kill it; only the process that was started here."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.terminate()
                try:
                    self._process.wait(_STOP_S)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait(_STOP_S)
            self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._records is not None:
            self._records.cleanup()
            self._records = None

    def _launch(self, workload: Workload) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the child, closed in `stop`
        arguments = ["--host", "127.0.0.1", "--port", str(self.endpoint.port), "--name", self.model_name]
        arguments += ["--model", str(self.options.inputs.model), "--threads", str(self.threads)]
        arguments += ["--max-body-mib", str(body_mib(workload))]
        self._records = tempfile.TemporaryDirectory(prefix="costplan-bench-")
        arguments += ["--record", f"sqlite:///{self._records.name}/predictions.db"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(  # noqa: S603 -- our own module, no shell
            [sys.executable, "-P", "-m", "costplan.bench.servers.service_child", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=environment,
            start_new_session=True,  # Ctrl-C ends the load first, and only then the server
        )

    def _check_alive(self) -> None:
        process = self._process
        if process is not None and process.poll() is not None:
            raise CostplanError(
                Reason(
                    "the service ended with status {status}: {said}",
                    str(process.returncode),
                    self._last_words(),
                )
            )

    def _last_words(self) -> str:
        text = b""
        if self._log is not None:
            with contextlib.suppress(OSError):
                size = self._log.seek(0, os.SEEK_END)
                self._log.seek(max(0, size - _LOG_TAIL))
                text = self._log.read()
        return " | ".join(text.decode(errors="replace").strip().splitlines()[-3:]) or Reason(
            "it said nothing"
        )


def body_mib(workload: Workload) -> int:
    """Return the largest request that the service must take: text has up to eight times a number's bytes."""
    largest = max(sum(array.nbytes for array in feed.values()) for feed in workload.feeds)
    return max(_LEAST_BODY_MIB, 8 * largest // MIB + 1)


def free_port() -> int:
    """Return a port of loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
