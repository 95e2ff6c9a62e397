"""A remote Triton, or any server of the Open Inference Protocol, over gRPC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from costplan.protocols import oip_grpc
from costplan.protocols.tensors import ProtocolError, Tensor
from costplan.service.backends import BackendDownError, BackendFailedError, BackendOptions, ModelShape
from costplan.service.backends.address import parse_address
from costplan.service.backends.grpc_calls import GrpcCalls
from costplan.service.backends.replies import chosen, reading_reply


class TritonGrpcBackend:
    """Raw contents both ways."""

    name: ClassVar[str] = "triton-grpc"
    is_local: ClassVar[bool] = False

    def __init__(self, options: BackendOptions) -> None:
        self._calls = GrpcCalls(
            parse_address(options.address, ("grpc", "grpcs"), 8001), options.timeout_seconds
        )
        self._model = options.model_name

    def load(self) -> ModelShape:
        """Ask for the model's metadata."""
        with reading_reply():
            found = oip_grpc.decode_metadata(self._ask("ModelMetadata"))
        return ModelShape(found.inputs, found.outputs, found.platform)

    def is_ready(self) -> bool:
        """Ask whether the model is ready."""
        try:
            return bool(oip_grpc.parse("ModelReadyResponse", self._ask("ModelReady")).ready)
        except (BackendDownError, BackendFailedError, ProtocolError):
            return False

    def infer(self, inputs: Sequence[Tensor], outputs: Sequence[str]) -> list[Tensor]:
        """Run the model once; see `Backend`."""
        request = oip_grpc.encode_request(self._model, inputs, outputs=outputs)
        reply = self._calls.call(oip_grpc.method("ModelInfer"), request)
        with reading_reply():
            return chosen(oip_grpc.decode_response(reply).outputs, outputs)

    def close(self) -> None:
        """Close the channel."""
        self._calls.close()

    def _ask(self, name: str) -> bytes:
        question = oip_grpc.MESSAGES[f"{name}Request"](name=self._model)
        return self._calls.call(oip_grpc.method(name), bytes(question.SerializeToString()))
