"""Target `tfserving-grpc`: a running TensorFlow Serving over gRPC, without TensorFlow.

Not tried against tensorflow_model_server, which no package index carries; see the tests for what was tried.
"""

from __future__ import annotations

from typing import ClassVar

import grpc

from costplan.bench.target import GrpcPlan
from costplan.bench.targets._grpc import Caller, CallError, address_of
from costplan.bench.targets._remember import RememberedCheck
from costplan.bench.targets.base import ServerFacts, ServerTarget, as_answer
from costplan.bench.targets.options import TargetOptions
from costplan.messages.errors import InputError
from costplan.protocols import tfserving
from costplan.protocols.tensors import ProtocolError, Tensor
from costplan.protocols.tfserving import method

_LOADING = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION)


class TfServingGrpcTarget(ServerTarget):
    """A server by address; nothing is started or stopped."""

    name: ClassVar[str] = "tfserving-grpc"

    def __init__(self, options: TargetOptions) -> None:
        self.endpoint = options.server(self.name)
        super().__init__(options)
        self._caller = Caller(self.endpoint)

    def is_ready(self) -> bool:
        """Ask for the signatures: a model that is not loaded has none."""
        try:
            self._metadata()
        except CallError as error:
            if error.code in _LOADING:
                return False
            if error.code is not grpc.StatusCode.UNIMPLEMENTED:
                raise
        return True

    def read_facts(self) -> ServerFacts:
        """Read the signature; a server without metadata is used all the same."""
        try:
            inputs, outputs, version = tfserving.decode_metadata(self._metadata(), self.options.signature)
        except CallError as error:
            if error.code is grpc.StatusCode.UNIMPLEMENTED:
                return ServerFacts("TensorFlow Serving protocol")
            raise
        return ServerFacts("TensorFlow Serving protocol", inputs, outputs, version)

    def ask(self, index: int) -> list[Tensor]:
        """Send one request and return its outputs."""
        try:
            reply = self._caller.call(
                method("Predict"), self._encoded(index), timeout_s=self.options.start_seconds
            )
        except CallError as error:
            raise InputError(error.faults[0]) from None
        return tfserving.decode_predict(reply)

    def plan(self) -> GrpcPlan:
        """Build one message per distinct input. Replies carry no id: any request's right answer will do."""
        point = self.endpoint
        return GrpcPlan(
            address_of(point),
            method("Predict"),
            [self._encoded(index) for index in range(len(self.requests))],
            RememberedCheck(self.check),
            tls=point.tls,
            pinned=point.address,
        )

    def check(self, body: bytes) -> str | None:
        """Return what is wrong with a reply, or None."""
        try:
            return self.answers.find_fault_in_any(as_answer(tfserving.decode_predict(body)))
        except ProtocolError as error:
            return error.faults[0].message

    def settings(self) -> dict[str, object]:
        """Return whatever changes the numbers."""
        return super().settings() | {"encoding": "tensor_content", "signature": self.options.signature}

    def stop(self) -> None:
        """Close the channel."""
        self._caller.close()

    def _metadata(self) -> bytes:
        request = tfserving.encode_metadata_request(self.model_name)
        return self._caller.call(method("GetModelMetadata"), request, timeout_s=self.options.reach_seconds)

    def _encoded(self, index: int) -> bytes:
        return tfserving.encode_predict(
            self.model_name, self.requests[index], signature=self.options.signature
        )
