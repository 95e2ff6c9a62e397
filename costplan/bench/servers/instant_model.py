"""A model server that answers at once, whatever it is sent: what stands before it is measured alone.

    python -m costplan.bench.servers.instant_model --model resnet50 --port 8001

It speaks the Open Inference Protocol over gRPC on loopback, has the inputs and outputs of the file, and gives
zeros. It prints its port, and serves until it is terminated.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import numpy as np

from costplan.bench.models.session import open_session, ports_of
from costplan.datafiles import model_file
from costplan.protocols import oip_grpc
from costplan.protocols.tensors import DATATYPES, Tensor, tensor

PLATFORM = "answers at once"
_LARGEST = 1 << 28
_GRACE_S = 1.0


class InstantModel:
    """The three calls that a client makes; every answer is made before the first question."""

    def __init__(self, model: Path, name: str) -> None:
        session = open_session(str(model))
        described = oip_grpc.MESSAGES["ModelMetadataResponse"](name=name, versions=["1"], platform=PLATFORM)
        for ports, added in (
            (ports_of(session.get_inputs()), described.inputs),
            (ports_of(session.get_outputs()), described.outputs),
        ):
            for port in ports:
                shape = [size if isinstance(size, int) else -1 for size in port.shape or ()]
                added.add(name=port.name, datatype=port.datatype, shape=shape)
        zeros = [_zeros(output.name, output.datatype, output.shape) for output in described.outputs]
        self._metadata = bytes(described.SerializeToString())
        self._ready = bytes(oip_grpc.MESSAGES["ModelReadyResponse"](ready=True).SerializeToString())
        self._answer = oip_grpc.encode_response(name, zeros)

    def handler(self) -> grpc.GenericRpcHandler[bytes, bytes]:
        """Return the service; messages stay bytes, so that nothing is parsed."""
        replies = {"ModelMetadata": self._metadata, "ModelReady": self._ready, "ModelInfer": self._answer}
        methods = {name: _always(reply) for name, reply in replies.items()}
        return grpc.method_handlers_generic_handler(oip_grpc.SERVICE, methods)


def _always(reply: bytes) -> grpc.RpcMethodHandler[bytes, bytes]:
    return grpc.unary_unary_rpc_method_handler(lambda _request, _context: reply)


def _zeros(name: str, datatype: str, shape: Sequence[int]) -> Tensor:
    sizes = [max(1, size) for size in shape]
    return tensor(name, np.zeros(sizes, DATATYPES[datatype]), datatype)


def serving(model: Path, name: str, port: int = 0) -> tuple[grpc.Server, int]:
    """Start a server on loopback, and return it with its port."""
    server = grpc.server(
        ThreadPoolExecutor(2),
        options=[("grpc.max_receive_message_length", _LARGEST), ("grpc.so_reuseport", 0)],
    )
    server.add_generic_rpc_handlers([InstantModel(model, name).handler()])
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server, bound


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description="A model server that answers at once, over gRPC.")
    parser.add_argument("--model", type=Path, required=True, help="an ONNX file, for its inputs and outputs")
    parser.add_argument("--name", help="name of the model (default: the file's without its ending)")
    parser.add_argument("--port", type=int, default=0, help="0 for a free one (default)")
    given = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    model = model_file(given.model)
    server, port = serving(model, given.name or model.stem, given.port)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended.wait()
    server.stop(_GRACE_S).wait(_GRACE_S)
    return 0


if __name__ == "__main__":
    sys.exit(main())
