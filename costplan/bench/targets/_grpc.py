"""Single gRPC calls beside the load: readiness, metadata, statistics, the first request."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import grpc

from costplan.messages.errors import CostplanError
from costplan.messages.reason import Reason
from costplan.network.addresses import Endpoint
from costplan.network.exchange import UnreachableError

MAX_REPLY_BYTES = 64 << 20
_MESSAGES = {
    grpc.StatusCode.UNAVAILABLE: Reason("nothing answers gRPC there"),
    grpc.StatusCode.DEADLINE_EXCEEDED: Reason("no answer in time"),
}


def address_of(endpoint: Endpoint) -> str:
    """Return `host:port`, an IPv6 host in brackets."""
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return f"{host}:{endpoint.port}"


class CallError(CostplanError):
    """The server answered a call with an error."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        self.code = code
        super().__init__(message)


class Caller:
    """Unary calls with serialised messages over one channel."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        host = f"[{endpoint.address}]" if ":" in endpoint.address else endpoint.address
        options: list[tuple[str, int | str]] = [
            ("grpc.enable_http_proxy", 0),
            ("grpc.max_receive_message_length", MAX_REPLY_BYTES),
            ("grpc.max_send_message_length", MAX_REPLY_BYTES),
            ("grpc.use_local_subchannel_pool", 1),
        ]
        if endpoint.tls:
            options.append(("grpc.ssl_target_name_override", endpoint.host))
            credentials = grpc.ssl_channel_credentials()
            self._channel = grpc.secure_channel(f"{host}:{endpoint.port}", credentials, options)
        else:
            self._channel = grpc.insecure_channel(f"{host}:{endpoint.port}", options)

    def __enter__(self) -> Caller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(self, method: str, request: bytes, *, timeout_s: float = 10.0) -> bytes:
        """Send one serialised request and return the serialised reply.

        Raises:
            UnreachableError: Nothing answers there.
            CallError: The server answered with an error status.
        """
        try:
            # The stubs want serialisers; None is grpcio's documented way to pass bytes as they are.
            call: Any = self._channel.unary_unary(method, None, None)
            reply: bytes = call(request, timeout=timeout_s)
        except grpc.RpcError as error:
            code, details = error.code(), (error.details() or "")[:300]
            where = self._endpoint.authority
            if code in _MESSAGES:
                raise UnreachableError(
                    Reason("{where}: {messages}", where, _MESSAGES[code]),
                    hint="check that it is the server's gRPC port",
                ) from None
            raise CallError(code, f"{where}: {method.rpartition('/')[2]}: {code.name}: {details}") from None
        return reply

    def close(self) -> None:
        """Close the channel; safe to call twice."""
        self._channel.close()
