"""What targets over gRPC share: one channel to a server by address, nothing started or stopped."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from costplan.bench.target import GrpcPlan
from costplan.bench.targets._grpc import Caller, CallError, address_of
from costplan.bench.targets._remember import RememberedCheck
from costplan.bench.targets.base import ServerTarget
from costplan.bench.targets.options import TargetOptions
from costplan.messages.errors import InputError
from costplan.protocols.tensors import Tensor


class GrpcServerTarget(ServerTarget):
    """A server by address."""

    inference: ClassVar[str]
    """What an inference calls."""

    def __init__(self, options: TargetOptions) -> None:
        self.endpoint = options.server(self.name)
        super().__init__(options)
        self._caller = Caller(self.endpoint)

    def ask(self, index: int) -> list[Tensor]:
        """Send one request and return its outputs."""
        try:
            reply = self._caller.call(
                self.inference, self._encoded(index), timeout_s=self.options.start_seconds
            )
        except CallError as error:
            raise InputError(error.faults[0]) from None
        self.reply_bytes = max(self.reply_bytes, len(reply))
        return self._outputs(reply)

    def plan(self) -> GrpcPlan:
        """Build one message per distinct input."""
        point = self.endpoint
        return GrpcPlan(
            address_of(point),
            self.inference,
            [self._encoded(index) for index in range(len(self.requests))],
            RememberedCheck(self.check),
            tls=point.tls,
            pinned=point.address,
            reply_bytes=self.reply_bytes,
        )

    def stop(self) -> None:
        """Close the channel."""
        self._caller.close()

    @abstractmethod
    def check(self, body: bytes) -> str | None:
        """Return what is wrong with a reply, or None."""

    @abstractmethod
    def _encoded(self, index: int) -> bytes:
        """Return the message of a request."""

    @abstractmethod
    def _outputs(self, reply: bytes) -> list[Tensor]:
        """Return the outputs of a reply."""
