"""`POST /classify`: a picture in, its label and the most likely classes out."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from costplan.protocols.tensors import Tensor
from costplan.service.backends import BackendFailedError
from costplan.service.body import CLOSE, BodyReader, header
from costplan.service.cpu_time import CpuTime
from costplan.service.engine import Engine
from costplan.service.pictures import MEDIA_TYPES, PictureInput, decode_picture, picture_input, picture_tensor

BEST = 5
"""How many classes are told."""

_OUTPUTS = ("label", "probabilities")
_ANY_BYTES = ("", "application/octet-stream")


class Class(BaseModel):
    """One class of the model."""

    label: int
    probability: float


class Classified(BaseModel):
    """What the model sees in a picture."""

    id: str
    """Of the request: the `X-Request-Id` that was sent, when it is harmless."""
    label: int
    best: Annotated[list[Class], Field(max_length=BEST)]
    """The most likely first."""


_BINARY = {"schema": {"type": "string", "format": "binary"}}
_REQUEST_BODY = {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _BINARY)}


class PictureJob:
    """One picture on its way through a thread; keeps what each step took of it."""

    def __init__(self, content: bytes, wanted: PictureInput, most_pixels: int) -> None:
        self._content, self._wanted, self._most_pixels = content, wanted, most_pixels
        self.decode_ns = self.preprocessing_ns = 0

    def tensors(self) -> list[Tensor]:
        """Decode the picture and make it fit the model."""
        started = time.thread_time_ns()
        picture = decode_picture(self._content, self._wanted, self._most_pixels)
        decoded = time.thread_time_ns()
        made = picture_tensor(picture, self._wanted)
        self.decode_ns, self.preprocessing_ns = decoded - started, time.thread_time_ns() - decoded
        return [made]


def classify_router(engine: Engine, read: BodyReader, cpu: CpuTime, most_pixels: int) -> APIRouter:
    """Return the route; it answers 404 when the model is no classifier of pictures."""
    router = APIRouter(tags=["pictures"])

    @router.post("/classify", response_model=Classified, openapi_extra={"requestBody": _REQUEST_BODY})
    async def classify(request: Request) -> Response:
        """Classify one picture, a JPEG or a PNG."""
        model = await engine.model()
        wanted = picture_input(model.inputs, model.outputs)
        if wanted is None:
            raise HTTPException(
                404,
                f"/classify takes pictures and `{engine.model_name}` does not; use /v2/models/NAME/infer",
            )
        _check_media_type(header(request.scope, b"content-type"))
        request_id = request.scope["request_id"]
        async with read.held(request.scope, request.receive) as body:
            job = PictureJob(body, wanted, most_pixels)
            label, probabilities = await engine.infer_made(
                job.tensors, ["label", "probabilities"], request_id
            )
        started = time.thread_time_ns()
        content = encode_answer(request_id, label.data.ravel(), probabilities.data.ravel())
        cpu.add("decode", job.decode_ns)
        cpu.add("preprocessing", job.preprocessing_ns)
        cpu.add("encoding", time.thread_time_ns() - started)
        return Response(content, media_type="application/json")

    return router


def encode_answer(request_id: str, label: Any, probabilities: Any) -> bytes:
    """Return the answer as JSON.

    Raises:
        BackendFailedError: A model server gave no label, no probabilities, or some that are no numbers.
    """
    if label.size != 1 or not probabilities.size or not np.isfinite(probabilities).all():
        raise BackendFailedError("the model gave no label with probabilities for the picture")
    count = min(BEST, probabilities.size)
    best = np.argpartition(probabilities, -count)[-count:]
    best = best[np.argsort(-probabilities[best], kind="stable")]
    told = [{"label": int(index), "probability": float(probabilities[index])} for index in best]
    return json.dumps({"id": request_id, "label": int(label[0]), "best": told}).encode()


def _check_media_type(given: str | None) -> None:
    media_type = (given or "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES and media_type not in _ANY_BYTES:
        raise HTTPException(
            415,
            f"/classify takes image/jpeg or image/png as the body, got `{media_type[:80]}`",
            headers=CLOSE,
        )
