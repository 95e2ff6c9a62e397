"""Target `triton-grpc`: a running Triton, or any server of the Open Inference Protocol, over gRPC."""

from __future__ import annotations

from typing import ClassVar

import grpc

from costplan.bench.target import ServerStatistics
from costplan.bench.targets._grpc import CallError
from costplan.bench.targets._grpc_server import GrpcServerTarget
from costplan.bench.targets.base import ServerFacts, as_answer
from costplan.messages.errors import CostplanError
from costplan.protocols import oip_grpc
from costplan.protocols.oip_grpc import MESSAGES, method, parse
from costplan.protocols.tensors import ProtocolError, Tensor

_NOT_OFFERED = (grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.NOT_FOUND)


class TritonGrpcTarget(GrpcServerTarget):
    """A server by address; nothing is started or stopped."""

    name: ClassVar[str] = "triton-grpc"
    inference: ClassVar[str] = method("ModelInfer")

    def is_ready(self) -> bool:
        """Ask for the model's readiness."""
        request = MESSAGES["ModelReadyRequest"](name=self.model_name, version=self.options.model_version)
        try:
            reply = self._caller.call(
                method("ModelReady"), request.SerializeToString(), timeout_s=self.options.reach_seconds
            )
        except CallError as error:
            if error.code not in _NOT_OFFERED:
                raise
            return False
        return bool(parse("ModelReadyResponse", reply).ready)

    def read_facts(self) -> ServerFacts:
        """Read server and model metadata; a server without the latter is used all the same."""
        server = parse("ServerMetadataResponse", self._optional("ServerMetadata", b""))
        stated = f"{server.name} {server.version}".strip()
        request = MESSAGES["ModelMetadataRequest"](name=self.model_name, version=self.options.model_version)
        metadata = oip_grpc.decode_metadata(self._optional("ModelMetadata", request.SerializeToString()))
        if not metadata.name:
            return ServerFacts(stated)
        version = self.options.model_version or (metadata.versions[-1] if metadata.versions else "")
        return ServerFacts(stated, metadata.inputs or None, metadata.outputs, version)

    def check(self, body: bytes) -> str | None:
        """Return what is wrong with a reply, or None; its `id` says which request it answers."""
        try:
            reply = oip_grpc.decode_response(body)
        except ProtocolError as error:
            return error.faults[0].message
        return self.answers.find_fault_by_id(reply.id, as_answer(reply.outputs))

    def statistics(self) -> ServerStatistics | None:
        """Call `ModelStatistics`, an extension of Triton; None where it is not offered."""
        request = MESSAGES["ModelStatisticsRequest"](name=self.model_name, version=self.options.model_version)
        try:
            reply = self._caller.call(method("ModelStatistics"), request.SerializeToString())
            entries = parse("ModelStatisticsResponse", reply).model_stats
        except CostplanError:
            return None
        stats = [entry.inference_stats for entry in entries]
        computes = [c for s in stats for c in (s.compute_input, s.compute_infer, s.compute_output)]
        return ServerStatistics(
            requests=sum(s.success.count for s in stats),
            queue_ns=sum(s.queue.ns for s in stats),
            compute_ns=sum(c.ns for c in computes),
            items=sum(entry.inference_count for entry in entries),
            executions=sum(entry.execution_count for entry in entries),
        )

    def settings(self) -> dict[str, object]:
        """Return whatever changes the numbers."""
        return super().settings() | {"encoding": "raw" if self.options.is_binary else "typed"}

    def _encoded(self, index: int) -> bytes:
        return oip_grpc.encode_request(
            self.model_name,
            self.requests[index],
            raw=self.options.is_binary,
            request_id=str(index),
            version=self.options.model_version,
        )

    def _optional(self, name: str, request: bytes) -> bytes:
        """Call a method that a server may lack; an empty reply then."""
        try:
            return self._caller.call(method(name), request, timeout_s=self.options.reach_seconds)
        except CallError as error:
            if error.code not in _NOT_OFFERED:
                raise
            return b""

    def _outputs(self, reply: bytes) -> list[Tensor]:
        return oip_grpc.decode_response(reply).outputs
