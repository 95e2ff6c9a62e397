"""Items of a request: counted by the batch dimension; images have height, width and colours."""

from __future__ import annotations

import numpy as np
import pytest

from costplan.bench.models.facts import ModelPort
from costplan.bench.models.items import item_of, items_of
from costplan.messages.errors import InputError


def port(name: str, shape: tuple[int | str | None, ...] | None) -> ModelPort:
    return ModelPort(name, "FP32", shape)


@pytest.mark.parametrize(
    ("ports", "shapes", "batch", "expected"),
    [
        ([port("x", ("N", 3, 8, 8))], [(8, 3, 8, 8)], 8, 8),
        ([port("x", ("N", 3, 8, 8))], [(5, 3, 8, 8)], None, 5),
        ([port("x", ("time", "batch", 2))], [(16, 4, 2)], 4, 4),
        ([port("x", (1, 3, 8, 8))], [(1, 3, 8, 8)], None, 1),
        ([port("x", (8, 3, 8, 8))], [(8, 3, 8, 8)], 8, 8),
        ([port("x", None)], [(6, 2)], 6, 6),
        ([port("a", ("N", 2)), port("size", ())], [(3, 2), ()], 3, 3),
    ],
    ids=[
        "batch",
        "real inputs",
        "time first",
        "fixed",
        "fixed at what is said",
        "no rank",
        "beside a scalar",
    ],
)
def test_a_request_carries_what_its_batch_dimension_says(
    ports: list[ModelPort], shapes: list[tuple[int, ...]], batch: int | None, expected: int
) -> None:
    feed = {p.name: np.zeros(shape, np.float32) for p, shape in zip(ports, shapes, strict=True)}
    assert items_of(feed, ports, batch) == expected


def test_a_batch_that_the_model_cannot_take_is_refused() -> None:
    feed = {"x": np.zeros((1, 3, 8, 8), np.float32)}
    with pytest.raises(InputError, match="--batch 8: a request of this model carries 1"):
        items_of(feed, [port("x", (1, 3, 8, 8))], 8)


@pytest.mark.parametrize(
    ("shape", "item"),
    [
        ((1, 3, 224, 224), "image"),
        ((8, 224, 224, 3), "image"),
        ((1, 1, 28, 28), "image"),
        ((1, 64), "item"),
        ((1, 2, 16, 8), "item"),
        ((1, 3, 4, 4), "item"),
    ],
)
def test_an_image_has_height_width_and_colours(shape: tuple[int, ...], item: str) -> None:
    assert item_of({"x": np.zeros(shape, np.float32)}) == item
