"""One exchange is one whole answer: within its time, within its size, and never another address."""

from __future__ import annotations

import socket
import threading

import pytest
from load_servers import answering, reply, serving

from costplan.messages.errors import CostplanError
from costplan.network.addresses import Endpoint
from costplan.network.exchange import UnreachableError, exchange


def loopback(port: int) -> Endpoint:
    return Endpoint("http", "127.0.0.1", port, "127.0.0.1")


def test_an_answer_that_is_cut_off_is_no_answer() -> None:
    whole = reply(b"x" * 100)
    with (
        serving(answering(whole[:-60], then=lambda connection: connection.close())) as port,
        pytest.raises(UnreachableError, match="no HTTP answer to GET /: IncompleteRead"),
    ):
        exchange(loopback(port), "GET", "/")


def test_an_answer_that_drips_is_hung_up_on() -> None:
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not over.wait(0.02):
            connection.sendall(b"x")

    with serving(drip) as port, pytest.raises(UnreachableError, match=r"no answer to GET / in 0\.3 s"):
        exchange(loopback(port), "GET", "/", timeout_s=60, total_s=0.3)
    over.set()


def test_an_answer_beyond_its_size_is_not_read() -> None:
    with (
        serving(answering(reply(b"x" * 101))) as port,
        pytest.raises(CostplanError, match="more than 100 bytes"),
    ):
        exchange(loopback(port), "GET", "/", max_bytes=100)


def test_a_redirect_is_an_answer_like_others() -> None:
    elsewhere = reply(b"", status="302 Found", extra="Location: http://127.0.0.1:1/\r\n")
    with serving(answering(elsewhere)) as port:
        assert exchange(loopback(port), "GET", "/").status == 302
