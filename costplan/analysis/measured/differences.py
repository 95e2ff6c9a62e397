"""What makes two measurements other than the one thing that is compared, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from costplan.analysis.measured.documents import Difference
from costplan.measurement.environment import Environment
from costplan.measurement.model import Measurement, Tensor
from costplan.messages.reason import Reason
from costplan.messages.text import visible


def differences_of(first: Measurement, other: Measurement) -> tuple[Difference, ...]:
    """Return what two measurements do not share beside model, server and settings; gravest first."""
    found = [*_promise(first, other), *_work(first, other), *_surroundings(first, other)]
    return tuple(sorted(found, key=lambda one: not one.breaks))


def _promise(first: Measurement, other: Measurement) -> Iterator[Difference]:
    """Say where capacities keep different promises: one may have had time for a lower percentile only."""
    if first.slo != other.slo:
        said = Reason("other SLO: {one} against {other}", str(first.slo), str(other.slo))
        yield Difference("slo", said, breaks=True)
        return
    have_both = all(one.capacity.requests_per_second is not None for one in (first, other))
    if have_both and first.claimed_slo != other.claimed_slo:
        said = Reason(
            "other percentile claimed: {one} against {other}", str(first.claimed_slo), str(other.claimed_slo)
        )
        yield Difference("percentile", said, breaks=True)


def _work(first: Measurement, other: Measurement) -> Iterator[Difference]:
    """Say where a request is not the same work: other sizes of its inputs, or more items in it."""
    shapes = [_sizes(one.model.inputs) for one in (first, other)]
    counted = [one.model.items_per_request for one in (first, other)]
    items = counted if counted[0] != counted[1] else [_items(one.model.inputs) for one in (first, other)]
    is_one_size = [size[1:] for size in shapes[0]] == [size[1:] for size in shapes[1]]
    if counted[0] != counted[1] or (items[0] != items[1] and is_one_size and all(shapes)):
        said = Reason("other batch: {one} items a request against {other}", str(items[0]), str(items[1]))
        yield Difference("batch", said, breaks=True)
    elif shapes[0] != shapes[1] and all(shapes):
        said = Reason("other inputs: {one} against {other}", *(_written(size) for size in shapes))
        yield Difference("inputs", said, breaks=False)
    sent = [visible(str(one.settings.get("request", Reason("tensors")))) for one in (first, other)]
    if sent[0] != sent[1]:  # a picture that the server decodes is more work than its pixels
        yield Difference("inputs", Reason("other inputs: {one} against {other}", *sent), breaks=False)


def _surroundings(first: Measurement, other: Measurement) -> Iterator[Difference]:
    here, there = _machine(first.environment), _machine(other.environment)
    if here != there:
        said = Reason("other machine: {one} against {other}", here, there)
        yield Difference("machine", said, breaks=False)
    if first.is_co_located != other.is_co_located:
        said = Reason(
            "the generator shared the server's machine in the first, had its own in the other"
            if first.is_co_located
            else "the generator had its own machine in the first, shared the server's in the other"
        )
        yield Difference("co-location", said, breaks=False)
    for one, name in ((first, Reason("the first")), (other, Reason("the other"))):
        if not one.is_complete:
            yield Difference("completeness", Reason("{which} did not run to its end", name), breaks=False)


def _sizes(inputs: Sequence[Tensor]) -> list[tuple[int | str | None, ...]]:
    """Return the shapes of all inputs, without names: exports of one model often rename them."""
    return sorted((tensor.shape for tensor in inputs), key=str)


def _items(inputs: Sequence[Tensor]) -> int | str | None:
    first = next((tensor.shape for tensor in inputs if tensor.shape), ())
    return first[0] if first else None


def _written(shapes: Sequence[tuple[int | str | None, ...]]) -> str:
    return visible(", ".join("x".join("?" if size is None else str(size) for size in one) for one in shapes))


def _machine(environment: Environment) -> str:
    gpus = "".join(f", {gpu.name}" for gpu in environment.gpus)
    name = visible(environment.processor.name)
    return Reason("{name}{gpus} with {cpus} processors", name, gpus, f"{environment.usable_cpus:g}")
