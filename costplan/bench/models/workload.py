"""The requests of a measurement: made up, read from a `.npz`, or made of the files of a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from costplan.bench.models.answers import Answer
from costplan.bench.models.facts import ModelFacts, ModelPort
from costplan.bench.models.guard import inspect_model
from costplan.bench.models.inputs import Feed, make_feeds
from costplan.bench.models.items import item_of, items_of
from costplan.bench.models.limits import ModelLimits
from costplan.bench.models.npz import read_arrays, read_feed, write_feed
from costplan.bench.models.samples import SampleChoice, read_samples
from costplan.bench.models.shapes import made_up_sizes
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.protocols.tensors import Array, Tensor, TensorSpec, datatype_of, tensor


@dataclass(frozen=True, slots=True)
class InputChoice:
    """What the user chose about the requests."""

    model: Path | None = None
    """The `.onnx` file, on this machine."""
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    npz: Path | None = None
    """Inputs of one request, by name."""
    folder: Path | None = None
    """Files of which requests are made, in place of `npz`."""
    preprocess: str = ""
    """What makes a request of a file: `image`, the path of a hook, or nothing for `.npz` files."""
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
    source: str = ""
    """Where the values came from."""
    batch: int | None = None
    """Items of a request, as the user asked for; None: as the inputs say."""

    @property
    def items(self) -> int:
        """Return how many items a request carries."""
        return items_of(self.feeds[0], self.ports, self.batch)

    @property
    def item(self) -> Literal["item", "image"]:
        """Return what an item is."""
        return item_of(self.feeds[0])

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

    def _shape_of(self, name: str) -> list[int | None]:
        """Return the shape that the requests have in common, None where they differ."""
        shapes = [feed[name].shape for feed in self.feeds if feed[name].ndim == self.feeds[0][name].ndim]
        return [sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*shapes, strict=True)]

    def described_inputs(self) -> list[dict[str, object]]:
        """Return name, datatype and shape as sent of every input."""
        declared = {port.name: port.datatype for port in self.ports}
        return [
            {
                "name": name,
                "datatype": declared.get(name) or datatype_of(array.dtype),
                "shape": self._shape_of(name),
                "made_up": self.made_up.get(name, ()),
            }
            for name, array in self.feeds[0].items()
        ]


def workload_of_model(choice: InputChoice) -> Workload:
    """Open the chosen model under guard and make its requests."""
    if choice.model is None:
        raise InputError("no model file was given", hint="give one with --model FILE.onnx")
    inspect = partial(
        inspect_model,
        choice.model,
        shapes=choice.shapes,
        batch=choice.batch,
        seed=choice.seed,
        limits=choice.limits,
    )
    if choice.folder is None:
        facts = inspect(npz=choice.npz)
        return _workload(choice, facts.inputs, facts)
    declared = inspect(runs=False).inputs
    made = _of_files(choice, choice.folder, declared)
    with tempfile.TemporaryDirectory(prefix="costplan-bench-") as folder:
        first = Path(folder) / "first.npz"
        write_feed(first, made.feeds[0])
        facts = inspect(npz=first)
    return replace(made, ports=facts.inputs, facts=facts)


def workload_of_server(choice: InputChoice, specs: Sequence[TensorSpec] | None) -> Workload:
    """Make requests for a server without its model file.

    Args:
        choice: The user's.
        specs: Inputs as the server's metadata declares them; None when it has none.

    Raises:
        InputError: Neither metadata nor `--inputs` nor `--shape` says what to send.
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
        return _workload(choice, _ports_of(read_arrays(choice.npz)))
    if choice.folder is not None:
        return _of_files(choice, choice.folder, None)
    if choice.shapes:
        ports = tuple(ModelPort(name, "FP32", shape) for name, shape in choice.shapes.items())
        return _workload(choice, ports)
    raise InputError(
        "the server does not say what its inputs are",
        hint="give --model FILE.onnx, real inputs with --inputs FILE.npz, or --shape NAME:1,3,224,224 (FP32)",
    )


def expected_answers(choice: InputChoice) -> list[Answer] | None:
    """Return the right outputs that the user gave, or None."""
    if choice.expected is None:
        return None
    if choice.npz is None:
        raise InputError(
            "--expected needs the inputs that it belongs to", hint="give them with --inputs FILE.npz"
        )
    arrays = read_arrays(choice.expected)
    return [{name: a.astype(np.object_) if a.dtype.kind in "US" else a for name, a in arrays.items()}]


def _workload(choice: InputChoice, ports: tuple[ModelPort, ...], facts: ModelFacts | None = None) -> Workload:
    if choice.folder is not None:
        return _of_files(choice, choice.folder, ports)
    if choice.npz is not None:
        return Workload(
            [read_feed(choice.npz, ports)], ports, facts, source=choice.npz.name, batch=choice.batch
        )
    feeds = make_feeds(
        ports, shapes=choice.shapes, batch=choice.batch, seed=choice.seed, count=max(1, choice.distinct)
    )
    said = Reason("made up, {count} different", len(feeds))
    return Workload(feeds, ports, facts, made_up_sizes(ports, choice.shapes), said, choice.batch)


def _of_files(choice: InputChoice, folder: Path, ports: tuple[ModelPort, ...] | None) -> Workload:
    samples = read_samples(
        SampleChoice(folder, choice.preprocess, choice.shapes, choice.batch, choice.seed), ports
    )
    resized = choice.preprocess == "image" and ports is not None
    made_up = made_up_sizes(ports, choice.shapes) if resized and ports is not None else {}
    known = ports or _ports_of(samples.feeds[0])
    return Workload(samples.feeds, known, None, made_up, samples.said, choice.batch)


def _ports_of(arrays: Mapping[str, Array]) -> tuple[ModelPort, ...]:
    return tuple(ModelPort(name, datatype_of(a.dtype, name), a.shape) for name, a in arrays.items())
