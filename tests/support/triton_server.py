"""A real tritonserver on CPU for the live tests, on free ports of loopback, stopped by its own id."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

# Run as a script (from benchmarks/) as well as imported by pytest.
import triton_env

_READY_S = 40.0
_STOP_S = 8.0


@dataclass
class TritonServer:
    """Serves a model repository while the `with` block lasts."""

    repository: Path
    log: Path
    http_port: int = 0
    grpc_port: int = 0

    def __enter__(self) -> TritonServer:
        environment = triton_env.TRITON
        site = triton_env.site_packages(environment)
        self.http_port, self.grpc_port, metrics_port = free_ports(3)
        libraries = [str(site / "nvidia_pytriton.libs"), str(triton_env.library_folder())]
        variables = {
            **os.environ,
            "LD_LIBRARY_PATH": os.pathsep.join(libraries),
            "PYTHONPATH": str(site),
            "PATH": f"{environment / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
            "CUDA_VISIBLE_DEVICES": "",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    str(site / "pytriton" / "tritonserver" / "bin" / "tritonserver"),
                    f"--model-repository={self.repository}",
                    f"--backend-directory={environment / 'backends'}",
                    "--http-address=127.0.0.1",
                    f"--http-port={self.http_port}",
                    "--grpc-address=127.0.0.1",
                    f"--grpc-port={self.grpc_port}",
                    "--metrics-address=127.0.0.1",
                    f"--metrics-port={metrics_port}",
                    "--allow-gpu-metrics=false",
                    "--disable-auto-complete-config",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=variables,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(_STOP_S)

    def _wait(self) -> None:
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{self.http_port}/v2/health/ready", timeout=1
                ) as r:
                    if r.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        tail = self.log.read_text(errors="replace")[-1500:]
        raise RuntimeError(f"tritonserver did not become ready:\n{tail}")


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that were free a moment ago."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
