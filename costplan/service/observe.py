"""The outermost layer: an id for each request, one log line, the metrics, and a net under every defect."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import time
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from costplan.messages.text import visible
from costplan.service.body import ClientGoneError, header
from costplan.service.logs import JsonLog
from costplan.service.metrics import Metrics, outcome_of
from costplan.service.refusals import answer_to

ROUTE = "costplan.route"
"""Key of the scope under which an endpoint of ours leaves the template of its address."""

CLIENT_GONE = 499
"""Status in logs and metrics for a client that did not wait; nothing is sent."""

_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LONGEST_PATH = 200


class Observed:
    """Wraps the application; `ids` of requests are the caller's `X-Request-Id` when it is harmless."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: JsonLog, log_requests: str) -> None:
        self._app, self._metrics, self._log = app, metrics, log
        self._log_requests = log_requests
        self._prefix, self._numbers = secrets.token_hex(6), itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and account for it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        given = header(scope, b"x-request-id")
        request_id = (
            given if given and _SAFE_ID.fullmatch(given) else f"{self._prefix}-{next(self._numbers):x}"
        )
        scope["request_id"] = request_id
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, send_marked)
        except ClientGoneError:
            status = CLIENT_GONE
        except asyncio.CancelledError:
            status = status or 503
            raise
        except Exception as error:
            self._log.event(
                "error", "defect", id=request_id, trace="".join(traceback.format_exception(error))
            )
            if not status:
                await answer_to(error)(scope, receive, send_marked)
        finally:
            self._metrics.in_flight.dec()
            self._account(scope, request_id, status, time.perf_counter() - started)

    def _account(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = str(scope.get(ROUTE) or getattr(scope.get("route"), "path", "other"))
        self._metrics.answered(route, status, seconds)
        outcome = outcome_of(status)
        if self._log_requests == "all" or (self._log_requests == "errors" and outcome != "ok"):
            self._log.event(
                "info" if outcome == "ok" else "error" if status >= 500 else "warning",
                "request",
                id=request_id,
                method=scope["method"],
                path=visible(scope["path"][:_LONGEST_PATH]),
                status=status,
                duration_ms=round(seconds * 1000, 3),
            )
