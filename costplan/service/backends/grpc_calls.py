"""Unary gRPC calls to one remote server, with bytes in and bytes out."""

from __future__ import annotations

from collections.abc import Callable

import grpc

from costplan.protocols.tensors import ProtocolError
from costplan.service.backends import BackendDownError, BackendFailedError, BackendTimeoutError
from costplan.service.backends.address import Address
from costplan.service.backends.http_pool import MAX_REPLY_BYTES

_OPTIONS = [
    ("grpc.max_receive_message_length", MAX_REPLY_BYTES),
    ("grpc.max_send_message_length", MAX_REPLY_BYTES),
    ("grpc.keepalive_time_ms", 60_000),
]


class GrpcCalls:
    """One channel, which keeps its connection and finds it again after a break."""

    def __init__(self, address: Address, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._channel = (
            grpc.secure_channel(str(address), grpc.ssl_channel_credentials(), options=_OPTIONS)
            if address.tls
            else grpc.insecure_channel(str(address), options=_OPTIONS)
        )
        self._methods: dict[str, Callable[..., bytes]] = {}

    def call(self, method: str, request: bytes) -> bytes:
        """Send one message and return the reply.

        Raises:
            ProtocolError: The server refuses the input and says why.
            BackendDownError, BackendTimeoutError, BackendFailedError: See there.
        """
        if method not in self._methods:
            self._methods[method] = self._channel.unary_unary(method, bytes, bytes)
        try:
            return bytes(self._methods[method](request, timeout=self._timeout_seconds))
        except grpc.RpcError as error:
            raise self._meaning(error) from None

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()

    def _meaning(self, error: grpc.RpcError) -> Exception:
        code = error.code() if isinstance(error, grpc.Call) else None
        detail = str(error.details() if isinstance(error, grpc.Call) else error)[:300]
        match code:
            case grpc.StatusCode.INVALID_ARGUMENT:
                return ProtocolError(f"the model server refuses the request: {detail}")
            case grpc.StatusCode.DEADLINE_EXCEEDED:
                return BackendTimeoutError(f"the model server did not answer in {self._timeout_seconds:g} s")
            case grpc.StatusCode.UNAVAILABLE | grpc.StatusCode.RESOURCE_EXHAUSTED:
                return BackendDownError(_unreachable(detail))
            case _:
                name = code.name if code else "an error"
                return BackendFailedError(f"the model server answered {name}: {detail}")


def _unreachable(detail: str) -> str:
    """Say why, unless the library says it with the server's address, which is no caller's business."""
    what = "the model server cannot be reached"
    return what if "ipv4:" in detail or "ipv6:" in detail or "dns:" in detail else f"{what}: {detail}"
