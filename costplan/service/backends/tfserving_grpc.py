"""A remote TensorFlow Serving over gRPC; no TensorFlow is needed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from costplan.protocols import tfserving
from costplan.protocols.tensors import ProtocolError, Tensor
from costplan.service.backends import BackendDownError, BackendFailedError, BackendOptions, ModelShape
from costplan.service.backends.address import parse_address
from costplan.service.backends.grpc_calls import GrpcCalls
from costplan.service.backends.replies import chosen, reading_reply, shape_of


class TfservingGrpcBackend:
    """The default signature of the model, or its only one."""

    name: ClassVar[str] = "tfserving-grpc"
    is_local: ClassVar[bool] = False

    def __init__(self, options: BackendOptions) -> None:
        self._calls = GrpcCalls(
            parse_address(options.address, ("grpc", "grpcs"), 8500), options.timeout_seconds
        )
        self._model = options.model_name
        self._signature = tfserving.DEFAULT_SIGNATURE

    def load(self) -> ModelShape:
        """Ask for the model's signature."""
        request = tfserving.encode_metadata_request(self._model)
        reply = self._calls.call(tfserving.method("GetModelMetadata"), request)
        with reading_reply():
            found = tfserving.decode_metadata(reply)
            self._signature = found.name
            return shape_of(found)

    def is_ready(self) -> bool:
        """Say whether the server gives the model's signature."""
        try:
            self.load()
        except (BackendDownError, BackendFailedError, ProtocolError):
            return False
        return True

    def infer(self, inputs: Sequence[Tensor], outputs: Sequence[str]) -> list[Tensor]:
        """Run the model once; see `Backend`."""
        request = tfserving.encode_predict(self._model, inputs, signature=self._signature, outputs=outputs)
        reply = self._calls.call(tfserving.method("Predict"), request)
        with reading_reply():
            return chosen(tfserving.decode_predict(reply), outputs)

    def close(self) -> None:
        """Close the channel."""
        self._calls.close()
