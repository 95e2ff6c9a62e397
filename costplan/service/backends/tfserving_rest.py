"""A remote TensorFlow Serving over REST."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

from costplan.protocols import tfserving_rest
from costplan.protocols.tensors import Tensor
from costplan.protocols.tfserving import DEFAULT_SIGNATURE, Signature
from costplan.service.backends import BackendDownError, BackendFailedError, BackendOptions, ModelShape
from costplan.service.backends.address import parse_address
from costplan.service.backends.http_pool import HttpPool
from costplan.service.backends.replies import check_status, chosen, reading_reply, shape_of


class TfservingRestBackend:
    """The column format, which needs no common first dimension."""

    name: ClassVar[str] = "tfserving-rest"
    is_local: ClassVar[bool] = False

    def __init__(self, options: BackendOptions) -> None:
        address = parse_address(options.address, ("http", "https"), 8501)
        self._pool = HttpPool(address, options.timeout_seconds)
        self._model = options.model_name
        self._signature = Signature([], [], "", DEFAULT_SIGNATURE)

    def load(self) -> ModelShape:
        """Ask for the model's signature."""
        status, _, body = self._pool.request("GET", tfserving_rest.metadata_path(self._model))
        check_status(status, body)
        with reading_reply():
            self._signature = tfserving_rest.decode_metadata(body)
            return shape_of(self._signature)

    def is_ready(self) -> bool:
        """Ask whether a version of the model is available."""
        try:
            status, _, body = self._pool.request("GET", tfserving_rest.model_path(self._model))
            versions = json.loads(body)["model_version_status"] if status == 200 else []
            return any(version["state"] == "AVAILABLE" for version in versions)
        except (BackendDownError, BackendFailedError, ValueError, KeyError, TypeError):
            return False

    def infer(self, inputs: Sequence[Tensor], outputs: Sequence[str]) -> list[Tensor]:
        """Run the model once; see `Backend`."""
        body = tfserving_rest.encode_predict(inputs, layout="column", signature=self._signature.name)
        status, _, reply = self._pool.request(
            "POST", tfserving_rest.predict_path(self._model), body, {"Content-Type": "application/json"}
        )
        check_status(status, reply)
        with reading_reply():
            return chosen(tfserving_rest.decode_predict(reply, self._signature.outputs), outputs)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
