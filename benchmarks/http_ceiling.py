"""Our HTTP client beside wrk, against the same no-op server, interleaved; prints the ratio of their rates.

    python benchmarks/http_ceiling.py [--rounds 7] [--seconds 1] [--connections 8]

Needs the Debian packages `wrk` and `nginx`. nginx runs with one worker on the first core, both clients on the
second where there are two: it is several times faster than either client can ask, so that the clients are
what differs. The best round of each side is compared, for other work on the machine only slows a round down.
Takes half a minute. Exit status 1: below 0.6; the aim is a median of 0.8.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from costplan.bench.load.runner import run_point
from costplan.bench.load.settings import LoadSettings, Mode
from costplan.bench.results.summary import summarise
from costplan.bench.target import HttpPlan

TARGET_RATIO = 0.6
AIM = 0.8
CONFIGURATION = """
worker_processes 1; daemon off; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  default_type application/json;
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 '{{"ok":1}}'; }} }}
}}
"""


@contextlib.contextmanager
def nginx(cores: list[int]) -> Iterator[int]:
    """Run nginx on the first core; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        configuration = Path(folder, "nginx.conf")
        configuration.write_text(CONFIGURATION.format(folder=folder, port=port))
        process = subprocess.Popen(
            ["nginx", "-e", "stderr", "-c", str(configuration)], preexec_fn=pin(cores[:1])
        )
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(5)


def pin(cores: list[int]):  # type: ignore[no-untyped-def]
    return lambda: os.sched_setaffinity(0, cores)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    sys.exit("nginx did not start")


def wrk(port: int, connections: int, seconds: int, cores: list[int]) -> float:
    """Return wrk's requests per second."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://127.0.0.1:{port}/"]
    output = subprocess.run(
        command, check=True, capture_output=True, text=True, preexec_fn=pin(cores[-1:])
    ).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found, output
    return float(found[1])


def ours(port: int, connections: int, seconds: int) -> float:
    """Return our requests per second; every answer is checked."""
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    plan = HttpPlan(
        "127.0.0.1", port, [request], lambda status, body: None if body == b'{"ok":1}' else "wrong"
    )
    point = summarise(run_point(plan, LoadSettings(Mode.CLOSED, window_s=seconds, concurrency=connections)))
    assert point.errors == point.timeouts == 0, point.outcomes
    return point.achieved_requests_per_second


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    for tool, package in (("wrk", "wrk"), ("nginx", "nginx-light")):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed\n  hint: apt-get install {package}")
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[-1:])
    theirs, mine = [], []
    with nginx(cores) as port:
        for number in range(1, options.rounds + 1):
            theirs.append(wrk(port, options.connections, options.seconds, cores))
            mine.append(ours(port, options.connections, options.seconds))
            ratio = mine[-1] / theirs[-1]
            print(f"round {number}: wrk {theirs[-1]:.0f}/s, ours {mine[-1]:.0f}/s, ratio {ratio:.2f}")
    middle = statistics.median(a / b for a, b in zip(mine, theirs, strict=True))
    best = max(mine) / max(theirs)
    print(
        f"{options.connections} connections: ratio of the best rounds {best:.2f}, median ratio {middle:.2f}; "
        f"aim {AIM}: {'met' if middle >= AIM else 'missed'}"
    )
    return 0 if best >= TARGET_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
