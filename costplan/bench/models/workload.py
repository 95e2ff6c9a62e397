"""The requests of a measurement, made from a model file, from a server's metadata or from a `.npz`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from costplan.bench.models.answers import Answer
from costplan.bench.models.facts import ModelFacts, ModelPort
from costplan.bench.models.guard import inspect_model
from costplan.bench.models.inputs import Feed, make_feeds
from costplan.bench.models.limits import ModelLimits
from costplan.bench.models.npz import read_arrays, read_feed
from costplan.bench.models.shapes import made_up_sizes
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.protocols.tensors import Tensor, TensorSpec, datatype_of, tensor


@dataclass(frozen=True, slots=True)
class InputChoice:
    """What the user chose about the requests."""

    model: Path | None = None
    """The `.onnx` file, on this machine."""
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    npz: Path | None = None
    """Inputs of one request, by name."""
    expected: Path | None = None
    """Its right outputs, by name; computed with ONNX Runtime when a model is given instead."""
    batch: int | None = None
    seed: int = 0
    distinct: int = 8
    """How many different requests are sent in turn."""
    limits: ModelLimits = field(default_factory=ModelLimits)


@dataclass(frozen=True, slots=True)
class Workload:
    """The distinct requests of a measurement."""

    feeds: Sequence[Feed]
    ports: tuple[ModelPort, ...]
    facts: ModelFacts | None = None
    made_up: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Positions of sizes that neither the model nor the user says, by input."""

    @property
    def doubts(self) -> tuple[str, ...]:
        """Say which sizes were made up: time follows size."""
        sizes = ", ".join(
            f"{name} {'x'.join(str(shape[at]) for at in places)} of {'x'.join(map(str, shape))}"
            for name, places in self.made_up.items()
            for shape in [self.feeds[0][name].shape]
        )
        if not sizes:
            return ()
        return (
            Reason(
                "sizes that the model leaves open were made up ({sizes}): give yours with --shape",
                sizes[:200],
            ),
        )

    def tensors(self) -> list[list[Tensor]]:
        """Return the requests as tensors of the protocol.

        Raises:
            InputError: An input is a sequence or a map, which no protocol carries.
        """
        for port in self.ports:
            if port.container in ("seq", "map"):
                raise InputError(
                    Reason(
                        "input `{name}` is a {container}; servers take tensors only",
                        port.name,
                        port.container,
                    )
                )
        declared = {port.name: port.datatype for port in self.ports}
        return [[tensor(name, array, declared.get(name)) for name, array in f.items()] for f in self.feeds]

    def described_inputs(self) -> list[dict[str, object]]:
        """Return name, datatype and shape as sent of every input."""
        declared = {port.name: port.datatype for port in self.ports}
        return [
            {
                "name": name,
                "datatype": declared.get(name) or datatype_of(array.dtype),
                "shape": list(array.shape),
                "made_up": self.made_up.get(name, ()),
            }
            for name, array in self.feeds[0].items()
        ]


def workload_of_model(choice: InputChoice) -> Workload:
    """Open the chosen model under guard and make its requests."""
    if choice.model is None:
        raise InputError("no model file was given", hint="give one with --model FILE.onnx")
    facts = inspect_model(
        choice.model,
        shapes=choice.shapes,
        npz=choice.npz,
        batch=choice.batch,
        seed=choice.seed,
        limits=choice.limits,
    )
    return _workload(choice, facts.inputs, facts)


def workload_of_server(choice: InputChoice, specs: Sequence[TensorSpec] | None) -> Workload:
    """Make requests for a server without its model file.

    Args:
        choice: The user's.
        specs: Inputs as the server's metadata declares them; None when it has none.

    Raises:
        InputError: Neither metadata nor `--npz` nor `--shape` says what to send.
    """
    if specs is not None:
        ports = tuple(
            ModelPort(
                s.name, s.datatype, tuple(None if d < 0 else d for d in s.shape) if s.has_rank else None
            )
            for s in specs
        )
        return _workload(choice, ports)
    if choice.npz is not None:
        arrays = read_arrays(choice.npz)
        ports = tuple(ModelPort(name, datatype_of(a.dtype, name), a.shape) for name, a in arrays.items())
        return Workload([read_feed(choice.npz, ports)], ports)
    if choice.shapes:
        ports = tuple(ModelPort(name, "FP32", shape) for name, shape in choice.shapes.items())
        return _workload(choice, ports)
    raise InputError(
        "the server does not say what its inputs are",
        hint="give --model FILE.onnx, real inputs with --npz FILE, or --shape NAME:1,3,224,224 (FP32)",
    )


def expected_answers(choice: InputChoice) -> list[Answer] | None:
    """Return the right outputs that the user gave, or None."""
    if choice.expected is None:
        return None
    if choice.npz is None:
        raise InputError("--expected needs the inputs that it belongs to", hint="give them with --npz")
    arrays = read_arrays(choice.expected)
    return [{name: a.astype(np.object_) if a.dtype.kind in "US" else a for name, a in arrays.items()}]


def _workload(choice: InputChoice, ports: tuple[ModelPort, ...], facts: ModelFacts | None = None) -> Workload:
    if choice.npz is not None:
        return Workload([read_feed(choice.npz, ports)], ports, facts)
    feeds = make_feeds(
        ports, shapes=choice.shapes, batch=choice.batch, seed=choice.seed, count=max(1, choice.distinct)
    )
    return Workload(feeds, ports, facts, made_up_sizes(ports, choice.shapes))
