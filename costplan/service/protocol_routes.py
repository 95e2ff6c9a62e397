"""The endpoints of the Open Inference Protocol v2, with its binary tensor and statistics extensions."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from costplan._version import __version__
from costplan.protocols.oip import (
    HEADER_LENGTH,
    InferRequest,
    ModelMetadata,
    decode_request,
    encode_metadata,
    encode_response,
)
from costplan.service.backends import BackendDownError
from costplan.service.body import BodyReader, header
from costplan.service.engine import Engine
from costplan.service.observe import ROUTE

SERVER_NAME = "costplan-service"
VERSION = "1"
"""The one version of the one model."""

_EXTENSIONS = ["binary_tensor_data", "statistics"]
_HEADER_LENGTH = HEADER_LENGTH.lower().encode()
_QUICK_JSON_BYTES = 64 << 10
"""JSON that is read where it arrives: handing it to a thread takes longer."""
_MOST_NESTED = 400_000
"""Lists and objects in JSON: a list takes 60 bytes and more for the two that it is written with."""


def check_model(engine: Engine, name: str, version: str = VERSION) -> None:
    """Refuse a model or version that is not served."""
    if name != engine.model_name:
        raise HTTPException(404, f"unknown model `{name[:100]}`; this service has `{engine.model_name}`")
    if version != VERSION:
        raise HTTPException(404, f"unknown version `{version[:100]}`; `{name}` has version {VERSION}")


def protocol_router(engine: Engine) -> APIRouter:
    """Return the endpoints that a person or a prober asks; `InferEndpoint` is apart, for speed."""
    router = APIRouter(tags=["Open Inference Protocol v2"])

    @router.get("/v2")
    async def server() -> dict[str, Any]:
        """Name and version of the server."""
        return {"name": SERVER_NAME, "version": __version__, "extensions": _EXTENSIONS}

    @router.get("/v2/health/live")
    async def live() -> dict[str, bool]:
        """200 while the process answers."""
        return {"live": True}

    @router.get("/v2/health/ready")
    async def ready() -> dict[str, bool]:
        """200 when an inference would be tried; a remote server is asked."""
        if not await engine.is_ready():
            raise BackendDownError(f"the {engine.backend.name} backend is not ready")
        return {"ready": True}

    @router.get("/v2/models/{name}/ready")
    @router.get("/v2/models/{name}/versions/{version}/ready")
    async def model_ready(name: str, version: str = VERSION) -> dict[str, Any]:
        """The same for one model."""
        check_model(engine, name, version)
        await ready()
        return {"name": name, "ready": True}

    @router.get("/v2/models/{name}")
    @router.get("/v2/models/{name}/versions/{version}")
    async def metadata(name: str, version: str = VERSION) -> Response:
        """Inputs and outputs of the model."""
        check_model(engine, name, version)
        model = await engine.model()
        described = ModelMetadata(name, [*model.inputs], [*model.outputs], [VERSION], model.platform)
        return Response(encode_metadata(described), media_type="application/json")

    @router.get("/v2/models/{name}/stats")
    @router.get("/v2/models/{name}/versions/{version}/stats")
    async def statistics(name: str, version: str = VERSION) -> Response:
        """Sums of queue and compute time since the start."""
        check_model(engine, name, version)
        return JSONResponse({"model_stats": [_statistics(engine)]})

    return router


class InferEndpoint:
    """`POST /v2/models/NAME/infer` as a bare ASGI application: the framework routes, the rest is here."""

    def __init__(self, engine: Engine, read: BodyReader, max_json_bytes: int) -> None:
        self._engine, self._read, self._max_json_bytes = engine, read, max_json_bytes
        self._reading = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Return the routes, with and without a version."""
        paths = ("/v2/models/{name}/infer", "/v2/models/{name}/versions/{version}/infer")
        return [Route(path, self, methods=["POST"]) for path in paths]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a routed request, whose address may name another model."""
        check_model(self._engine, **scope["path_params"])
        await self.answer(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, check, infer, answer; what goes wrong is raised."""
        scope[ROUTE] = "/v2/models/{name}/infer"
        async with self._read.held(scope, receive) as body:
            request = await self._decoded(body, header(scope, _HEADER_LENGTH))
            outputs = await self._engine.infer(request.inputs, request.outputs, scope["request_id"])
        headers, content = encode_response(
            self._engine.model_name,
            outputs,
            binary=request.binary_outputs,
            model_version=VERSION,
            request_id=request.id,
        )
        pairs = [(key.lower().encode(), value.encode()) for key, value in headers.items()]
        pairs.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": pairs})
        await send({"type": "http.response.body", "body": content})

    async def _decoded(self, body: bytes, length: str | None) -> InferRequest:
        """Read the request; long JSON in a thread of its own, one at a time, so that others are answered."""
        model = await self._engine.model()
        read = partial(
            decode_request,
            {} if length is None else {HEADER_LENGTH: length},
            body,
            max_bytes=self._read.max_bytes,
            specs=model.inputs,
        )
        in_json = len(body) if length is None or not length.isdecimal() else min(int(length[:12]), len(body))
        if in_json <= _QUICK_JSON_BYTES:
            return read()
        _check_json(body[:in_json], self._max_json_bytes)
        async with self._reading:
            return await asyncio.to_thread(read)


def _check_json(text: bytes, most: int) -> None:
    """Refuse JSON that takes long to read, or far more memory than it has bytes.

    Raises:
        HTTPException: 413.
    """
    if len(text) > most:
        raise HTTPException(
            413, f"JSON of more than {most} bytes is not read; send tensors as raw bytes (binary_tensor_data)"
        )
    if text.count(b"[") + text.count(b"{") > _MOST_NESTED:
        raise HTTPException(413, f"JSON with more than {_MOST_NESTED} lists and objects is not read")


def _statistics(engine: Engine) -> dict[str, Any]:
    counts = engine.statistics

    def duration(nanoseconds: int) -> dict[str, int]:
        return {"count": counts.successes, "ns": nanoseconds}

    return {
        "name": engine.model_name,
        "version": VERSION,
        "last_inference": counts.last_unix_ms,
        "inference_count": counts.inferences,
        "execution_count": counts.successes,
        "inference_stats": {
            "success": duration(counts.queue_ns + counts.compute_ns),
            "fail": {"count": counts.failures, "ns": 0},
            "queue": duration(counts.queue_ns),
            "compute_input": duration(0),
            "compute_infer": duration(counts.compute_ns),
            "compute_output": duration(0),
        },
    }
