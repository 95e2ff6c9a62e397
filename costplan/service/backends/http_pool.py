"""HTTP connections to one remote server, kept open between requests."""

from __future__ import annotations

import contextlib
import http.client
import io
import queue
import socket
import time
from collections.abc import Mapping
from typing import Any

from costplan.service.backends import BackendDownError, BackendFailedError, BackendTimeoutError
from costplan.service.backends.address import Address

MAX_REPLY_BYTES = 64 << 20
_CHUNK_BYTES = 1 << 20

_BROKEN = (ConnectionError, http.client.RemoteDisconnected, http.client.CannotSendRequest)
"""What a kept connection shows that the server has closed meanwhile."""


class HttpPool:
    """Connections for any number of threads; each request has one of its own. Redirects are not followed."""

    def __init__(self, address: Address, timeout_seconds: float) -> None:
        self._address, self._timeout_seconds = address, timeout_seconds
        self._idle: queue.LifoQueue[http.client.HTTPConnection] = queue.LifoQueue()

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request and return status, headers and body.

        An inference changes nothing on the server, so that a kept connection which turns out to be closed is
        replaced and the request is sent again, once.

        Raises:
            BackendDownError, BackendTimeoutError, BackendFailedError: See there.
        """
        deadline = time.monotonic() + self._timeout_seconds
        try:
            return self._attempt(deadline, method, path, body, headers)
        except TimeoutError:
            raise BackendTimeoutError(
                f"the model server did not answer in {self._timeout_seconds:g} s"
            ) from None
        except OSError as error:
            raise BackendDownError(f"the model server cannot be reached: {error.strerror or error}") from None
        except http.client.HTTPException as error:
            kind = type(error).__name__
            raise BackendFailedError(f"the model server does not keep to HTTP: {kind}") from None

    def close(self) -> None:
        """Close the idle connections."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _attempt(
        self,
        deadline: float,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> tuple[int, dict[str, str], bytes]:
        with contextlib.suppress(queue.Empty, *_BROKEN):
            return self._exchange(self._idle.get_nowait(), deadline, method, path, body, headers)
        return self._exchange(self._connection(), deadline, method, path, body, headers)

    def _connection(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._address.tls else http.client.HTTPConnection
        return kind(self._address.host, self._address.port, timeout=self._timeout_seconds)

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        deadline: float,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> tuple[int, dict[str, str], bytes]:
        try:
            _hurry(connection, deadline)
            connection.request(method, path, body, dict(headers or {}))
            reply = connection.getresponse()
            parts: list[bytes] = []
            while part := reply.read(_CHUNK_BYTES):
                parts.append(part)
                if len(parts) * _CHUNK_BYTES > MAX_REPLY_BYTES:
                    raise BackendFailedError(
                        f"the model server answered with more than {MAX_REPLY_BYTES} bytes"
                    )
            if reply.length:  # announced and not sent; `read` in pieces does not mind
                raise http.client.IncompleteRead(b"", reply.length)
        except BaseException:
            connection.close()
            raise
        if reply.will_close:
            connection.close()
        else:
            self._idle.put(connection)
        return reply.status, dict(reply.getheaders()), b"".join(parts)


class _TimedReader(io.RawIOBase):
    """Reads from a socket until a point in time, however little comes at once."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._socket, self._deadline = connection, deadline
        self._raw = connection.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(_left(self._deadline))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """What `http.client` needs of a socket to read a reply."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._socket, self._deadline = connection, deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._socket, self._deadline))


def _hurry(connection: http.client.HTTPConnection, deadline: float) -> None:
    """Have an exchange end at its deadline: a time limit of a socket is one for each read of it."""

    def reply(connected: socket.socket, *arguments: Any, **options: Any) -> http.client.HTTPResponse:
        return http.client.HTTPResponse(_TimedSocket(connected, deadline), *arguments, **options)  # type: ignore[arg-type]

    connection.response_class = reply  # type: ignore[assignment]
    connection.timeout = _left(deadline)
    if connection.sock is not None:
        connection.sock.settimeout(connection.timeout)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
