"""A server of the Open Inference Protocol that computes nothing: model `m`, x [-1, 4] to y [-1, 1].

It may take its time, asleep: any number of requests wait side by side, and none takes a processor.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

METADATA = {
    "name": "m",
    "versions": ["1"],
    "platform": "none",
    "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 4]}],
    "outputs": [{"name": "y", "datatype": "FP32", "shape": [-1, 1]}],
}
GIVEN = {"/v2": {"name": "fake", "version": "1"}, "/v2/models/m": METADATA, "/v2/models/m/ready": {}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        found = GIVEN.get(self.path)
        self._answer({} if found is None else found, 404 if found is None else 200)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(body[: int(self.headers.get("Inference-Header-Content-Length", len(body)))])
        if self.server.pause_s is not None:  # type: ignore[attr-defined]
            time.sleep(self.server.pause_s())  # type: ignore[attr-defined]
        y = {"name": "y", "datatype": "FP32", "shape": [1, 1], "data": [0.5]}
        self._answer({"model_name": "m", "id": asked["id"], "outputs": [y]}, 200)

    def _answer(self, value: object, status: int) -> None:
        body = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)  # at once: two writes would wait for each other


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    pause_s: Callable[[], float] | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that are killed."""


@contextlib.contextmanager
def serving_oip(pause_s: Callable[[], float] | None = None) -> Iterator[str]:
    """Serve on loopback; yields the address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.pause_s = pause_s
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
