"""Single HTTP exchanges: one request, one whole answer, within a time and a size."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from costplan.messages.errors import CostplanError, reason_of
from costplan.messages.reason import Reason
from costplan.network.addresses import Endpoint

MAX_REPLY_BYTES = 64 << 20


class UnreachableError(CostplanError):
    """Nobody answered; asking again later may help."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    endpoint: Endpoint,
    method: str,
    path: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout_s: float = 10.0,
    total_s: float | None = None,
    max_bytes: int = MAX_REPLY_BYTES,
) -> Reply:
    """Send one request and read its answer; redirects are not followed.

    Args:
        endpoint: Where; its base comes before the path.
        method: GET, POST, PUT or PATCH.
        path: Of the protocol.
        body: What is sent.
        headers: Besides those that HTTP needs.
        timeout_s: For connecting, and for each read.
        total_s: For all of it, however slowly an answer drips.
        max_bytes: Largest answer that is read.

    Raises:
        UnreachableError: Nothing listens there, or it did not answer in time, or hung up.
        CostplanError: The answer is larger than `max_bytes`.
    """
    path = endpoint.base + path
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=timeout_s)
    try:
        connection.sock = _connected(endpoint, timeout_s)
        sent = {"Host": endpoint.authority, "Connection": "close", **(headers or {})}
        with _cut_off(connection.sock, total_s):
            connection.request(method, path, body=body or None, headers=sent)
            response = connection.getresponse()
            content = response.read(max_bytes + 1)
        if len(content) <= max_bytes and response.length:
            raise http.client.IncompleteRead(content, response.length)
    except ssl.SSLError as error:
        raise CostplanError(
            Reason("{authority}: TLS failed: {reason}", endpoint.authority, error.reason or error)
        ) from None
    except ConnectionRefusedError:
        raise UnreachableError(
            Reason("{authority}: nothing listens there", endpoint.authority),
            hint="start the server, or check the port",
        ) from None
    except TimeoutError:
        raise UnreachableError(
            Reason(
                "{authority}: no answer to {method} {path} in {seconds} s",
                endpoint.authority,
                method,
                path,
                f"{total_s or timeout_s:g}",
            )
        ) from None
    except (OSError, http.client.HTTPException) as error:
        reason = reason_of(error) if getattr(error, "strerror", None) else type(error).__name__
        raise UnreachableError(
            Reason(
                "{authority}: no HTTP answer to {method} {path}: {reason}",
                endpoint.authority,
                method,
                path,
                reason,
            )
        ) from None
    finally:
        connection.close()
    if len(content) > max_bytes:
        raise CostplanError(
            Reason(
                "{authority}: the answer to {path} has more than {max_bytes} bytes",
                endpoint.authority,
                path,
                str(max_bytes),
            )
        )
    return Reply(response.status, dict(response.getheaders()), content)


@contextlib.contextmanager
def _cut_off(connection: socket.socket, total_s: float | None) -> Iterator[None]:
    """Hang up after a time.

    Raises:
        TimeoutError: It is over, in whatever way the hanging up showed.
    """
    if total_s is None:
        yield
        return
    is_over = threading.Event()

    def hang_up() -> None:
        is_over.set()
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(total_s, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if is_over.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
    if is_over.is_set():
        raise TimeoutError


def _connected(endpoint: Endpoint, timeout_s: float) -> socket.socket:
    plain = socket.create_connection((endpoint.address, endpoint.port), timeout_s)
    if not endpoint.tls:
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=endpoint.host)
