"""Target `tfserving-rest`: a running TensorFlow Serving over REST.

Written from the documentation; not tried against tensorflow_model_server, which no package index carries.
"""

from __future__ import annotations

import json
from typing import ClassVar

from costplan.bench.target import HttpPlan
from costplan.bench.targets._http import build_request
from costplan.bench.targets._tfserving import facts_of, without_metadata
from costplan.bench.targets.base import ServerFacts, ServerTarget, as_answer
from costplan.bench.targets.options import TargetOptions
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.network.exchange import Reply, exchange
from costplan.protocols import tfserving_rest as rest
from costplan.protocols.tensors import ProtocolError, Tensor

_HEADERS = {"Content-Type": "application/json"}


class TfServingRestTarget(ServerTarget):
    """A server by address; nothing is started or stopped."""

    name: ClassVar[str] = "tfserving-rest"

    def __init__(self, options: TargetOptions) -> None:
        self.endpoint = options.server(self.name)
        if options.layout not in ("", "row", "column"):
            raise InputError(Reason("layout must be `row` or `column`, got `{layout}`", options.layout))
        super().__init__(options)

    @property
    def layout(self) -> rest.Format:
        """The user's choice, else rows where the inputs have them."""
        if self.options.layout:
            return "row" if self.options.layout == "row" else "column"
        return "row" if rest.has_rows(self.requests[0]) else "column"

    def is_ready(self) -> bool:
        """Ask for the model's status; it must have an available version."""
        reply = self._get(rest.model_path(self.model_name, self.options.model_version))
        try:
            versions = json.loads(reply.body)["model_version_status"]
            return reply.status == 200 and any(v["state"] == "AVAILABLE" for v in versions)
        except (ValueError, KeyError, TypeError, RecursionError):
            return False

    def read_facts(self) -> ServerFacts:
        """Read the signature; a server without metadata is used all the same."""
        reply = self._get(rest.metadata_path(self.model_name, self.options.model_version))
        if reply.status != 200:
            return without_metadata(self.options)
        return facts_of(rest.decode_metadata(reply.body, self.options.signature))

    def ask(self, index: int) -> list[Tensor]:
        """Send one request and return its outputs."""
        reply = exchange(
            self.endpoint,
            "POST",
            self._path,
            body=self._encoded(index),
            headers=_HEADERS,
            timeout_s=self.options.start_seconds,
        )
        if reply.status != 200:
            raise InputError(
                Reason(
                    "{authority}: {status}", self.endpoint.authority, _status_fault(reply.status, reply.body)
                )
            )
        self.reply_bytes = max(self.reply_bytes, len(reply.body))
        return rest.decode_predict(reply.body, self.facts.outputs)

    def plan(self) -> HttpPlan:
        """Build one request per distinct input. Replies carry no id: any request's right answer will do."""
        point = self.endpoint
        count = len(self.requests)
        requests = [build_request(point, self._path, _HEADERS, self._encoded(i)) for i in range(count)]
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
            return _status_fault(status, body)
        try:
            outputs = rest.decode_predict(body, self.facts.outputs)
        except ProtocolError as error:
            return error.faults[0].message
        return self.answers.find_fault_in_any(as_answer(outputs))

    def settings(self) -> dict[str, object]:
        """Return whatever changes the numbers."""
        mine = {"encoding": f"json, {self.layout} format", "signature": self.facts.signature}
        return super().settings() | mine

    @property
    def _path(self) -> str:
        return rest.predict_path(self.model_name, self.options.model_version)

    def _encoded(self, index: int) -> bytes:
        return rest.encode_predict(self.requests[index], layout=self.layout, signature=self.facts.signature)

    def _get(self, path: str) -> Reply:
        return exchange(self.endpoint, "GET", path, timeout_s=self.options.reach_seconds, max_bytes=1 << 20)


def _status_fault(status: int, body: bytes) -> str:
    try:
        told = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        told = body[:120].decode(errors="replace")
    return f"status {status}: {str(told)[:300]}"
