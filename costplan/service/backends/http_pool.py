"""HTTP connections to one remote server, kept open between requests."""

from __future__ import annotations

import contextlib
import http.client
import queue
import time
from collections.abc import Mapping

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
                f"{self._address} did not answer in {self._timeout_seconds:g} s"
            ) from None
        except OSError as error:
            raise BackendDownError(f"{self._address} cannot be reached: {error}") from None
        except http.client.HTTPException as error:
            kind = type(error).__name__
            raise BackendFailedError(f"{self._address} does not keep to HTTP: {kind}") from None

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
            connection.request(method, path, body, dict(headers or {}))
            reply = connection.getresponse()
            parts: list[bytes] = []
            while part := reply.read(_CHUNK_BYTES):
                parts.append(part)
                if len(parts) * _CHUNK_BYTES > MAX_REPLY_BYTES:
                    raise BackendFailedError(
                        f"{self._address} answered with more than {MAX_REPLY_BYTES} bytes"
                    )
                if time.monotonic() > deadline:
                    raise TimeoutError
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
