"""An API of JSON over one guarded address: what it answers, and what it means when it refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from costplan._version import __version__
from costplan.messages.errors import CostplanError
from costplan.messages.reason import Reason
from costplan.messages.text import shortened, visible
from costplan.network.addresses import Endpoint
from costplan.network.exchange import Reply, UnreachableError, exchange

READ_S = 20.0
"""For connecting, and for each read."""
TOTAL_S = 60.0
"""For one request and its whole answer."""
MAX_BYTES = 64 << 20
"""Of one answer: a page of notes, each of which may have a million characters."""
_PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses after which asking again helps."""
_MESSAGE = 200


class RefusedError(CostplanError):
    """The site answered, and will not do it; asking again does not help."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class BusyError(CostplanError):
    """The site cannot now."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s
        """How long it asks to wait; None where it does not say."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered."""

    value: Any
    headers: Mapping[str, str]
    """By names in small letters."""


@dataclass(frozen=True, slots=True)
class Api:
    """Where to ask, and as whom."""

    endpoint: Endpoint
    headers: Mapping[str, str] = field(repr=False)
    token: str = field(repr=False)

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """Send one request and return what it answers.

        Raises:
            BusyError: It cannot now, or nobody answered in time.
            RefusedError: It will not.
            CostplanError: It answers what is no JSON, or too much, or elsewhere.
        """
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8")
        sent = {"User-Agent": f"costplan/{__version__}", "Accept": "application/json", **self.headers}
        if data:
            sent["Content-Type"] = "application/json; charset=utf-8"
        try:
            reply = exchange(
                self.endpoint,
                method,
                path,
                body=data,
                headers=sent,
                timeout_s=READ_S,
                total_s=TOTAL_S,
                max_bytes=MAX_BYTES,
            )
        except UnreachableError as error:
            raise BusyError(error.faults[0].message) from None
        headers = {name.lower(): value for name, value in reply.headers.items()}
        if not 200 <= reply.status < 300:
            raise self._refusal(reply, headers)
        return Answer(self._value(reply), headers)

    def _value(self, reply: Reply) -> Any:
        try:
            return json.loads(reply.body)
        except (ValueError, RecursionError):
            raise CostplanError(
                Reason("{host} answered what is no JSON", self.endpoint.authority),
                hint="something else than its API may answer there",
            ) from None

    def _refusal(self, reply: Reply, headers: Mapping[str, str]) -> CostplanError:
        host, status = self.endpoint.authority, str(reply.status)
        if 300 <= reply.status < 400:
            return CostplanError(
                Reason("{host} answered {status}, a redirect, which is not followed", host, status)
            )
        said = self._said(reply)
        message = Reason("{host} answered {status}: {said}", host, status, said or "-")
        is_limit = reply.status == 403 and (
            "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
        )
        if reply.status in _PASSING or is_limit:
            return BusyError(message, _seconds(headers.get("retry-after", "")))
        return RefusedError(reply.status, message)

    def _said(self, reply: Reply) -> str:
        """Return what the site says of it, without the token, should it repeat that."""
        try:
            value = json.loads(reply.body)
        except (ValueError, RecursionError):
            return ""
        said = value if isinstance(value, dict) else {}
        found = [said.get(key) for key in ("message", "error_description", "error")]
        text = next((one if isinstance(one, str) else json.dumps(one) for one in found if one), "")
        return visible(shortened(text.replace(self.token, "***"), _MESSAGE))


def _seconds(text: str) -> float | None:
    """Read `Retry-After`: seconds, or a date."""
    if text.isdecimal() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
