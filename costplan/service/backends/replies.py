"""What a remote server's answer means for the caller of this service."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from costplan.protocols.tensors import ProtocolError, Tensor, short
from costplan.protocols.tfserving import Signature
from costplan.service.backends import BackendDownError, BackendFailedError, ModelShape

_BUSY = (429, 502, 503, 504)


def check_status(status: int, body: bytes) -> None:
    """Raise what a status other than 200 means: the caller's fault, a server that is down, or a failure.

    Raises:
        ProtocolError: 400: the server refuses the input and says why.
        BackendDownError: It is overloaded or not ready.
        BackendFailedError: Anything else.
    """
    if status == 200:
        return
    message = _error_of(body)
    if status == 400:
        raise ProtocolError(f"the model server refuses the request: {message}")
    if status in _BUSY:
        raise BackendDownError(f"the model server answered {status}: {message}")
    raise BackendFailedError(f"the model server answered {status}: {message}")


@contextmanager
def reading_reply() -> Iterator[None]:
    """Turn a fault found in the server's reply into a failure of the server: the caller did nothing wrong."""
    try:
        yield
    except ProtocolError as error:
        raise BackendFailedError(f"the model server's reply is wrong: {error.faults[0].message}") from error


def chosen(tensors: Sequence[Tensor], names: Sequence[str]) -> list[Tensor]:
    """Return the outputs that were asked for, in that order."""
    by_name = {t.name: t for t in tensors}
    if missing := [name for name in names if name not in by_name]:
        raise BackendFailedError(f"the model server's reply lacks output `{missing[0]}`")
    return [by_name[name] for name in names]


def shape_of(found: Signature) -> ModelShape:
    """Return what a TensorFlow signature takes and gives; this service's own metadata needs every rank."""
    for spec in (*found.inputs, *found.outputs):
        if not spec.has_rank:
            raise ProtocolError(f"`{spec.name}` has no declared rank")
    return ModelShape(found.inputs, found.outputs, "tensorflow_savedmodel")


def _error_of(body: bytes) -> str:
    try:
        found = json.loads(body[:4096]).get("error", "")
    except (ValueError, AttributeError, RecursionError):
        found = body[:200].decode("utf-8", "replace")
    return found[:300] if isinstance(found, str) else short(found)
