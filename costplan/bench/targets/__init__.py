"""The registry of targets: a new one is one file plus one line in `TARGETS`; imported only when used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from costplan.messages.errors import InputError, MissingExtraError, did_you_mean
from costplan.messages.reason import Reason

if TYPE_CHECKING:
    from costplan.bench.target import Target
    from costplan.bench.targets.options import TargetOptions

TARGETS = {
    "onnxruntime": "costplan.bench.targets.onnxruntime:OnnxRuntimeTarget",
    "service": "costplan.bench.targets.service:ServiceTarget",
    "triton-http": "costplan.bench.targets.triton_http:TritonHttpTarget",
    "triton-grpc": "costplan.bench.targets.triton_grpc:TritonGrpcTarget",
    "tfserving-grpc": "costplan.bench.targets.tfserving_grpc:TfServingGrpcTarget",
    "tfserving-rest": "costplan.bench.targets.tfserving_rest:TfServingRestTarget",
}
"""Name -> `module:Class`."""

NEEDS_ADDRESS = frozenset({"triton-http", "triton-grpc", "tfserving-grpc", "tfserving-rest"})
"""Targets that measure a running server, given by address."""


def open_target(name: str, options: TargetOptions) -> Target:
    """Make a target by its name; nothing is started yet.

    Raises:
        InputError: There is no such target, or it lacks an option that it needs.
        MissingExtraError: A library that it needs is not installed.
    """
    if name not in TARGETS:
        raise InputError(
            Reason("unknown target `{name}`", name),
            hint=did_you_mean(name, TARGETS) or Reason("choose from {targets}", ", ".join(TARGETS)),
        )
    module, _, attribute = TARGETS[name].partition(":")
    try:
        made: Target = getattr(import_module(module), attribute)(options)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("costplan"):
            raise
        raise MissingExtraError(Reason("target `{name}`", name), "bench") from error
    return made
