"""Target `tfserving-grpc`: a running TensorFlow Serving over gRPC, without TensorFlow.

Not tried against tensorflow_model_server, which no package index carries; see the tests for what was tried.
"""

from __future__ import annotations

from typing import ClassVar

import grpc

from costplan.bench.targets._grpc import CallError
from costplan.bench.targets._grpc_server import GrpcServerTarget
from costplan.bench.targets._tfserving import facts_of, without_metadata
from costplan.bench.targets.base import ServerFacts, as_answer
from costplan.protocols import tfserving
from costplan.protocols.tensors import ProtocolError, Tensor
from costplan.protocols.tfserving import method

_LOADING = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION)


class TfServingGrpcTarget(GrpcServerTarget):
    """A server by address; nothing is started or stopped."""

    name: ClassVar[str] = "tfserving-grpc"
    inference: ClassVar[str] = method("Predict")

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
            found = tfserving.decode_metadata(self._metadata(), self.options.signature)
        except CallError as error:
            if error.code is grpc.StatusCode.UNIMPLEMENTED:
                return without_metadata(self.options)
            raise
        return facts_of(found)

    def check(self, body: bytes) -> str | None:
        """Return what is wrong with a reply, or None; it names no request: any right answer will do."""
        try:
            return self.answers.find_fault_in_any(as_answer(tfserving.decode_predict(body)))
        except ProtocolError as error:
            return error.faults[0].message

    def settings(self) -> dict[str, object]:
        """Return whatever changes the numbers."""
        return super().settings() | {"encoding": "tensor_content", "signature": self.facts.signature}

    def _metadata(self) -> bytes:
        request = tfserving.encode_metadata_request(self.model_name, self.options.model_version)
        return self._caller.call(method("GetModelMetadata"), request, timeout_s=self.options.reach_seconds)

    def _encoded(self, index: int) -> bytes:
        return tfserving.encode_predict(
            self.model_name,
            self.requests[index],
            signature=self.facts.signature,
            version=self.options.model_version,
        )

    def _outputs(self, reply: bytes) -> list[Tensor]:
        return tfserving.decode_predict(reply)
