"""What one request carries: how many items, and whether they are pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from costplan.bench.models.facts import ModelPort
from costplan.bench.models.inputs import Feed
from costplan.bench.models.shapes import batch_dimensions
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

_CHANNELS = (1, 3, 4)
_LEAST_SIDE = 8
"""Of a picture; something smaller with three of its kind beside it is none."""


def batch_axes(inputs: Sequence[ModelPort] | None, feed: Feed) -> dict[str, tuple[int, ...]]:
    """Return where the inputs count items; the first dimension where nothing declares them."""
    if inputs is None:
        return {name: (0,) for name, array in feed.items() if array.ndim}
    unranked = {port.name: feed[port.name].shape for port in inputs if port.shape is None}
    return batch_dimensions(inputs, unranked)


def items_of(feed: Feed, inputs: Sequence[ModelPort], batch: int | None) -> int:
    """Return the items of a request: the size of its batch dimension, 1 where there is none.

    Args:
        feed: One request.
        inputs: As they are declared.
        batch: What the user asked for.

    Raises:
        InputError: The request does not carry what the user asked for.
    """
    axes = batch_axes(inputs, feed)
    sizes = {feed[name].shape[places[0]] for name, places in axes.items() if places}
    found = sizes.pop() if len(sizes) == 1 else 1
    if batch is None or batch == found:
        return max(1, found)
    if any(array.ndim and array.shape[0] == batch for array in feed.values()):
        return batch
    raise InputError(
        Reason("--batch {batch}: a request of this model carries {found}", batch, found),
        hint="its inputs leave no batch size open: export it with one, or leave --batch out",
    )


def item_of(feed: Feed) -> Literal["item", "image"]:
    """Return what an item is: an image where an input has height, width and colours."""
    for array in feed.values():
        if array.ndim != 4:
            continue
        first, last = array.shape[1], array.shape[3]
        sides = array.shape[2:] if first in _CHANNELS else array.shape[1:3]
        if (first in _CHANNELS or last in _CHANNELS) and min(sides) >= _LEAST_SIDE:
            return "image"
    return "item"
