"""Servers that answer at once with a fixed number of bytes; the generator's rate against them is its ceiling.

Run as `python -m costplan.bench.capacity_search.noop_server http|grpc --request-bytes N --reply-bytes M`;
prints its port, then serves on loopback until its standard input closes (its parent has ended) or it is
terminated.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import Callable
from typing import cast

from costplan.bench.capacity_search.noop_http2 import GrpcReplies

_HOST = "127.0.0.1"
_BACKLOG = 4096


class HttpReplies(asyncio.Protocol):
    """Answers every `request_bytes` bytes received with the same reply; nothing is parsed."""

    def __init__(self, request_bytes: int, reply_bytes: int) -> None:
        self._request_bytes = request_bytes
        self._reply = http_reply(reply_bytes)
        self._pending = 0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer the requests that are complete now."""
        whole, self._pending = divmod(self._pending + len(data), self._request_bytes)
        if whole and self._transport is not None:
            self._transport.write(self._reply * whole)


def http_reply(body_bytes: int) -> bytes:
    """Return a whole reply with a body of that size."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body_bytes}\r\n\r\n"
    return head.encode() + b"0" * body_bytes


def _serve(make: Callable[[], asyncio.Protocol], loop: asyncio.AbstractEventLoop) -> None:
    listening = socket.create_server((_HOST, 0), backlog=_BACKLOG)
    server = loop.run_until_complete(loop.create_server(make, sock=listening, backlog=_BACKLOG))
    loop.add_reader(sys.stdin.fileno(), lambda: None if os.read(sys.stdin.fileno(), 4096) else loop.stop())
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    loop.run_forever()
    server.close()


def main(arguments: list[str] | None = None) -> None:
    """Serve until the parent is gone."""
    parser = argparse.ArgumentParser(description="Answer at once, for calibrating the load generator.")
    parser.add_argument("kind", choices=("http", "grpc"))
    parser.add_argument("--request-bytes", type=int, default=256, help="whole size of each HTTP request")
    parser.add_argument("--reply-bytes", type=int, default=64, help="size of each reply's body")
    options = parser.parse_args(arguments)
    from costplan.bench.clock import REAL_CLOCK

    makers: dict[str, Callable[[], asyncio.Protocol]] = {
        "http": lambda: HttpReplies(max(1, options.request_bytes), options.reply_bytes),
        "grpc": lambda: GrpcReplies(options.reply_bytes),
    }
    _serve(makers[options.kind], REAL_CLOCK.new_loop())


if __name__ == "__main__":
    main()
