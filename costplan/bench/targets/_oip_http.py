"""A server of the Open Inference Protocol over HTTP: metadata is enough, extensions are used when offered."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from costplan.bench.target import HttpPlan, ServerStatistics
from costplan.bench.targets._http import build_request
from costplan.bench.targets.base import ServerFacts, ServerTarget, as_answer
from costplan.messages.errors import CostplanError, InputError
from costplan.messages.reason import Reason
from costplan.network.addresses import Endpoint
from costplan.network.exchange import Reply, exchange
from costplan.protocols import oip
from costplan.protocols.oip import InferResponse, ProtocolError
from costplan.protocols.tensors import Tensor

_NS_FIELDS = ("compute_input", "compute_infer", "compute_output")


class OipHttpTarget(ServerTarget):
    """Health, metadata, inference and, where offered, statistics under `/v2`."""

    @property
    def endpoint(self) -> Endpoint:
        """Where the server is."""
        return self.options.server(self.name)

    @property
    def model_path(self) -> str:
        """The model's path, with its version when one was chosen."""
        version = self.options.model_version
        return f"/v2/models/{quote(self.model_name, safe='')}" + (
            f"/versions/{quote(version, safe='')}" if version else ""
        )

    def is_ready(self) -> bool:
        """Ask for the model's readiness; a server without that path is asked for its own."""
        status = self.get(f"{self.model_path}/ready").status
        if status in (404, 405, 501):
            return self.get("/v2/health/ready").status == 200 and self.get(self.model_path).status == 200
        return status == 200

    def read_facts(self) -> ServerFacts:
        """Read server and model metadata; a server without the latter is used all the same."""
        server = _parsed(self.get("/v2"))
        reply = self.get(self.model_path)
        stated = f"{server.get('name', '')} {server.get('version', '')}".strip()
        if reply.status != 200:
            return ServerFacts(stated)
        metadata = oip.decode_metadata(reply.body)
        version = self.options.model_version or (metadata.versions[-1] if metadata.versions else "")
        return ServerFacts(
            stated, metadata.inputs or None, metadata.outputs, version, platform=metadata.platform
        )

    def ask(self, index: int) -> list[Tensor]:
        """Send one request and return its outputs."""
        headers, body = self.encoded(index)
        timeout_s = self.options.start_seconds
        reply = exchange(
            self.endpoint, "POST", self.request_path, body=body, headers=headers, timeout_s=timeout_s
        )
        if reply.status != 200:
            raise InputError(
                Reason(
                    "{authority}: {status}", self.endpoint.authority, status_fault(reply.status, reply.body)
                )
            )
        self.reply_bytes = max(self.reply_bytes, len(reply.body))
        return self.decoded(reply.body)[1]

    def plan(self) -> HttpPlan:
        """Build one request per distinct input; the reply's `id` says which one it answers."""
        requests = [
            build_request(self.endpoint, self.request_path, *self.encoded(index))
            for index in range(len(self.requests))
        ]
        point = self.endpoint
        return HttpPlan(
            point.host,
            point.port,
            requests,
            self.check,
            tls=point.tls,
            address=point.address,
            reply_bytes=self.reply_bytes,
        )

    def check(self, status: int, body: bytes) -> str | None:
        """Return what is wrong with a reply, or None."""
        if status != 200:
            return status_fault(status, body)
        try:
            id_, outputs = self.decoded(body)
        except ProtocolError as error:
            return error.faults[0].message
        return self.answers.find_fault_by_id(id_, as_answer(outputs))

    def statistics(self) -> ServerStatistics | None:
        """Read `/v2/models/NAME/stats`, an extension of Triton; None where it is not offered."""
        try:
            reply = self.get(f"{self.model_path}/stats")
            entries = _parsed(reply).get("model_stats") if reply.status == 200 else None
            return _summed(entries) if isinstance(entries, list) and entries else None
        except (CostplanError, KeyError, TypeError, ValueError):
            return None

    def settings(self) -> dict[str, object]:
        """Return whatever changes the numbers."""
        return super().settings() | {"encoding": "binary" if self.options.is_binary else "json"}

    @property
    def request_path(self) -> str:
        """Where requests go."""
        return f"{self.model_path}/infer"

    def encoded(self, index: int) -> tuple[dict[str, str], bytes]:
        """Return headers and body of request `index`, which carry its number."""
        return oip.encode_request(self.requests[index], binary=self.options.is_binary, request_id=str(index))

    def decoded(self, body: bytes) -> tuple[str | None, list[Tensor]]:
        """Return a reply's number and outputs; raises ProtocolError."""
        reply = _decoded(body)
        return reply.id, reply.outputs

    def get(self, path: str) -> Reply:
        """Ask for a path of the server."""
        return exchange(self.endpoint, "GET", path, timeout_s=self.options.reach_seconds, max_bytes=1 << 20)


def status_fault(status: int, body: bytes) -> str:
    """Say what a reply without status 200 means."""
    try:
        told = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        told = body[:120].decode(errors="replace")
    return f"status {status}: {str(told)[:300]}"


def _decoded(body: bytes) -> InferResponse:
    length = oip.header_length(body)
    headers = {oip.HEADER_LENGTH: str(length)} if length < len(body.rstrip()) else {}
    return oip.decode_response(headers, body)


def _parsed(reply: Reply) -> dict[str, Any]:
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _summed(entries: list[Any]) -> ServerStatistics:
    """Add up the versions of a model; Triton counts every request's own time."""
    stats = [entry["inference_stats"] for entry in entries]
    return ServerStatistics(
        requests=sum(int(s["success"]["count"]) for s in stats),
        queue_ns=sum(int(s["queue"]["ns"]) for s in stats),
        compute_ns=sum(int(s[field]["ns"]) for s in stats for field in _NS_FIELDS),
        items=sum(int(entry.get("inference_count", 0)) for entry in entries),
        executions=sum(int(entry.get("execution_count", 0)) for entry in entries),
    )
