"""Inputs for any ONNX model, made up from its names, types and shapes, the same for the same seed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from costplan.bench.models.facts import ModelPort
from costplan.bench.models.shapes import SEQUENCE, STATE, resolve_shapes
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.protocols.tensors import DATATYPES, Array

Feed = dict[str, Array]
"""Input name -> array, as ONNX Runtime takes it; text as an object array of `str`."""

PLAIN_INTEGERS = 10
"""Integers without a known limit are drawn below this: small enough for most tables of categories."""

SAMPLE_RATE = 16_000

_WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel")
_MASK = re.compile(r"mask", re.IGNORECASE)
_POSITION = re.compile(r"position", re.IGNORECASE)
_SEGMENT = re.compile(r"token_type|segment", re.IGNORECASE)
_LENGTH = re.compile(r"(^|_)(len|lens|length|lengths)$|seq_?len|sequence_len", re.IGNORECASE)
_RATE = re.compile(r"^sr$|samp(le|ling)_?rate", re.IGNORECASE)
_SWITCH = re.compile(r"use_cache|training|is_train", re.IGNORECASE)


def make_feeds(
    inputs: Sequence[ModelPort],
    *,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    batch: int | None = None,
    seed: int = 0,
    count: int = 1,
) -> list[Feed]:
    """Make up `count` sets of inputs; only values differ between them, shapes do not.

    Numbers are uniform in [0, 1); tokens are drawn below the table they index; masks are ones; recurrent
    state, caches and segment ids are zeros; positions count up; text is drawn from a few words.

    Raises:
        InputError: An input has a type that cannot be made up, or a shape that must be given.
    """
    for port in inputs:
        if port.datatype not in DATATYPES or port.container == "map":
            kind = port.datatype or Reason("an unknown type")
            raise InputError(
                Reason(
                    "input `{name}`: {kind} {container} cannot be made up", port.name, kind, port.container
                )
            )
    sizes = resolve_shapes(inputs, shapes or {}, batch)
    generator = np.random.default_rng(seed)
    return [
        {port.name: np.asarray(_values(port, sizes[port.name], generator)) for port in inputs}
        for _ in range(count)
    ]


def _values(port: ModelPort, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    dtype = DATATYPES[port.datatype]
    if dtype.kind == "O":
        words = np.empty(shape, dtype=np.object_)
        words[...] = generator.choice(np.array(_WORDS, dtype=np.object_), size=shape)
        return words
    if dtype.kind == "f":
        if STATE.search(port.name):
            return np.zeros(shape, dtype)
        if _MASK.search(port.name):
            return np.ones(shape, dtype)
        return generator.random(shape).astype(dtype)
    if dtype.kind == "b":
        if _SWITCH.search(port.name):
            return np.zeros(shape, dtype)
        return np.ones(shape, dtype) if _MASK.search(port.name) else generator.random(shape) < 0.5
    return _integers(port, shape, generator).astype(dtype)


def _integers(port: ModelPort, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    name, dtype = port.name, DATATYPES[port.datatype]
    if _MASK.search(name):
        return np.ones(shape, np.int64)
    if _SEGMENT.search(name) or STATE.search(name):
        return np.zeros(shape, np.int64)
    if _POSITION.search(name):
        row = np.arange(shape[-1] if shape else 1) % (port.index_limit or SEQUENCE * 32)
        return np.broadcast_to(row, shape).copy() if shape else np.zeros((), np.int64)
    if _RATE.search(name):
        return np.full(shape, SAMPLE_RATE, np.int64)
    if _LENGTH.search(name):
        return np.full(shape, SEQUENCE, np.int64)
    if port.index_limit is None and len(shape) >= 3 and dtype.itemsize == 1:
        limits = np.iinfo(dtype)
        return generator.integers(limits.min, limits.max, shape, dtype=np.int64, endpoint=True)
    if port.index_limit is None and int(np.prod(shape)) <= 1:
        return np.ones(shape, np.int64)
    limit = PLAIN_INTEGERS if port.index_limit is None else max(1, port.index_limit)
    return generator.integers(0, min(limit, int(np.iinfo(dtype).max)), shape, dtype=np.int64)
