"""What goes wrong, as an answer: a status, and the body `{"error": "..."}` of the Open Inference Protocol."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from costplan.errors import CostplanError
from costplan.protocols.tensors import ProtocolError
from costplan.service.backends import BackendDownError, BackendFailedError, BackendTimeoutError
from costplan.service.engine import OverloadedError
from costplan.text import visible

_LONGEST_MESSAGE = 600

_STATUSES: dict[type[CostplanError], int] = {
    ProtocolError: 400,
    OverloadedError: 503,
    BackendTimeoutError: 504,
    BackendDownError: 503,
    BackendFailedError: 502,
}


def refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """Return an answer that says what is wrong; control characters that a client sent are written out."""
    return JSONResponse({"error": visible(message[:_LONGEST_MESSAGE])}, status, headers)


def add_refusals(api: FastAPI) -> None:
    """Turn every kind of error into its answer."""
    for kind, status in _STATUSES.items():
        api.add_exception_handler(kind, _handler(status))
    api.add_exception_handler(HTTPException, _of_http)
    api.add_exception_handler(Exception, _of_defect)


def _handler(status: int) -> Callable[[Request, Any], Awaitable[Response]]:
    headers = {"Retry-After": "1"} if status == 503 else None

    async def answer(_: Request, error: CostplanError) -> Response:
        return refusal(
            status, " ".join(_sentence(fault.message, fault.hint) for fault in error.faults), headers
        )

    return answer


def _sentence(message: str, hint: str | None) -> str:
    return f"{message} ({hint})" if hint else message


async def _of_http(_: Request, error: Any) -> Response:
    return refusal(error.status_code, str(error.detail), dict(error.headers or {}))


async def _of_defect(_: Request, __: Exception) -> Response:
    return refusal(500, "the service failed on this request; its log says why")
