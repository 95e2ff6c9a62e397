"""`POST /predict`: the demo model for people, without tensors."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from costplan.protocols.tensors import Tensor
from costplan.service.backends import ModelShape
from costplan.service.body import BodyReader
from costplan.service.engine import Engine

_SIDE = 8
_BRIGHTEST = 16.0

MAX_BYTES = 16 << 10
"""Of a request: 64 numbers with all their digits and blanks take two thousand."""

Pixel = Annotated[float, Field(ge=0, le=_BRIGHTEST, strict=True)]
Row = Annotated[list[Pixel], Field(min_length=_SIDE, max_length=_SIDE)]


class Picture(BaseModel):
    """One handwritten digit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pixels: Annotated[list[Row], Field(min_length=_SIDE, max_length=_SIDE)]
    """Eight rows of eight pixels from the top, each from 0 (blank) to 16 (ink)."""


class Reading(BaseModel):
    """What the model sees in it."""

    digit: int
    probabilities: list[float]
    """Of the digits 0 to 9, in this order."""


_REQUEST_BODY = {
    "required": True,
    "content": {"application/json": {"schema": Picture.model_json_schema()}},
}


def predict_router(engine: Engine, read: BodyReader) -> APIRouter:
    """Return the route; it answers 404 when the model is another than the demo model."""
    router = APIRouter(tags=["demo"])

    @router.post("/predict", openapi_extra={"requestBody": _REQUEST_BODY})
    async def predict(request: Request) -> Reading:
        """Read one handwritten digit."""
        model = await engine.model()
        if not reads_digits(model):
            raise HTTPException(
                404, f"/predict reads digits and `{engine.model_name}` does not; use /v2/models/NAME/infer"
            )
        async with read.held(request.scope, request.receive, MAX_BYTES) as body:
            picture = _picture(body)
        pixels = np.array(picture.pixels, dtype=np.float32).reshape(1, _SIDE * _SIDE)
        image = Tensor(model.inputs[0].name, "FP32", pixels.shape, pixels)
        label, probabilities = await engine.infer(
            [image], ["label", "probabilities"], request.scope["request_id"]
        )
        return Reading(digit=int(label.data.ravel()[0]), probabilities=probabilities.data.ravel().tolist())

    return router


def _picture(body: bytes) -> Picture:
    try:
        return Picture.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise HTTPException(400, f"{place}: {first['msg']}" if place else first["msg"]) from None


def reads_digits(model: ModelShape) -> bool:
    """Say whether a model takes one picture of 64 pixels and gives a label and probabilities."""
    inputs = [(spec.datatype, spec.shape[-1:]) for spec in model.inputs]
    return inputs == [("FP32", (_SIDE * _SIDE,))] and {"label", "probabilities"} <= {
        spec.name for spec in model.outputs
    }
