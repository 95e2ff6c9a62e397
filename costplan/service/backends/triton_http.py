"""A remote Triton, or any server of the Open Inference Protocol, over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import quote

from costplan.protocols.oip import decode_metadata, decode_response, encode_request
from costplan.protocols.tensors import Tensor
from costplan.service.backends import BackendDownError, BackendFailedError, BackendOptions, ModelShape
from costplan.service.backends.address import parse_address
from costplan.service.backends.http_pool import MAX_REPLY_BYTES, HttpPool
from costplan.service.backends.replies import check_status, chosen, reading_reply


class TritonHttpBackend:
    """Binary tensors both ways."""

    name: ClassVar[str] = "triton-http"
    is_local: ClassVar[bool] = False

    def __init__(self, options: BackendOptions) -> None:
        address = parse_address(options.address, ("http", "https"), 8000)
        self._pool = HttpPool(address, options.timeout_seconds)
        self._path = f"/v2/models/{quote(options.model_name, safe='')}"

    def load(self) -> ModelShape:
        """Ask for the model's metadata."""
        status, _, body = self._pool.request("GET", self._path)
        check_status(status, body)
        with reading_reply():
            found = decode_metadata(body)
        return ModelShape(found.inputs, found.outputs, found.platform)

    def is_ready(self) -> bool:
        """Ask whether the model is ready."""
        try:
            return self._pool.request("GET", f"{self._path}/ready")[0] == 200
        except (BackendDownError, BackendFailedError):
            return False

    def infer(self, inputs: Sequence[Tensor], outputs: Sequence[str]) -> list[Tensor]:
        """Run the model once; see `Backend`."""
        headers, body = encode_request(inputs, outputs=outputs)
        status, reply_headers, reply = self._pool.request("POST", f"{self._path}/infer", body, headers)
        check_status(status, reply)
        with reading_reply():
            return chosen(decode_response(reply_headers, reply, max_bytes=MAX_REPLY_BYTES).outputs, outputs)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
