"""What goes wrong, as an answer: a status, and the body `{"error": "..."}` of the Open Inference Protocol."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from costplan.messages.errors import CostplanError
from costplan.messages.text import visible
from costplan.protocols.tensors import ProtocolError
from costplan.service.backends import (
    BackendDownError,
    BackendFailedError,
    BackendTimeoutError,
    ModelFailedError,
)
from costplan.service.engine import OverloadedError
from costplan.service.pictures import DamagedPictureError, NotAPictureError, PictureTooLargeError

_LONGEST_MESSAGE = 600

_STATUSES: dict[type[Exception], int] = {
    ProtocolError: 400,
    DamagedPictureError: 400,
    NotAPictureError: 415,
    PictureTooLargeError: 413,
    OverloadedError: 503,
    BackendTimeoutError: 504,
    BackendDownError: 503,
    BackendFailedError: 502,
    ModelFailedError: 500,
}
"""Kind -> status; a kind comes before the kind that it is a case of."""


def refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """Return an answer that says what is wrong; control characters that a client sent are written out."""
    return JSONResponse({"error": visible(message[:_LONGEST_MESSAGE])}, status, headers)


def answer_to(error: Exception) -> Response:
    """Return the answer to an error; one that nobody foresaw is a 500 without its text."""
    if isinstance(error, HTTPException):
        return refusal(error.status_code, str(error.detail), dict(error.headers or {}))
    status = next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), None)
    if status is None or not isinstance(error, CostplanError):
        return refusal(500, "the service failed on this request; its log says why")
    text = " ".join(
        f"{fault.message} ({fault.hint})" if fault.hint else fault.message for fault in error.faults
    )
    return refusal(status, text, {"Retry-After": "1"} if status == 503 else None)


def add_refusals(api: FastAPI) -> None:
    """Let the framework answer every kind of error in the same words."""

    async def answer(_: Request, error: Exception) -> Response:
        return answer_to(error)

    for kind in (*_STATUSES, HTTPException, Exception):
        api.add_exception_handler(kind, answer)
