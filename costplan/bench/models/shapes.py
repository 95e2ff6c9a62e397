"""Sizes for the dimensions that a model leaves open: what the user said, else a sensible default.

The defaults: batch 1, sequence 16, image 224 x 224 x 3, video 16 frames of 112 x 112, audio one second at
16 kHz. Dimensions with the same symbol get the same size. A stated 0 is a size: an empty cache, as language
models take it first; ONNX Runtime takes no other there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from costplan.bench.models.facts import ModelPort
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason

BATCH = 1
SEQUENCE = 16
IMAGE = 224
CHANNELS = 3
FRAMES = 16
VIDEO = 112
FEATURES = 64
AUDIO = 16_000

_MAX_SIZE = 1 << 31
_BATCH_NAME = re.compile(r"batch|^n$|^b$|^bs$")
_BY_NAME: tuple[tuple[str, int], ...] = (
    (r"chan|^c$", CHANNELS),
    (r"height|width|^h$|^w$|image_size", IMAGE),
    (r"sample|audio|wave", AUDIO),
    (r"mel", 80),
    (r"past|cache|seq|len|time|frame|token|word|^t$|^s$|^l$", SEQUENCE),
)
STATE = re.compile(
    r"(^|[_./])(h|c|h_?0|c_?0|h_?n|c_?n)(_in)?(:0)?$|hidden|cell|state|initial_[hc]|past|cache|memory|rnn|lstm|gru",
    re.IGNORECASE,
)
"""Names of what a recurrent model carries from step to step."""
_MADE_UP_NAME = re.compile(r"unk__|dynamic|_axes_|^dim|_dim_|^s\d+$|^\?$|^-1$|^none$|^$", re.IGNORECASE)
"""Symbols that exporters invent: they say nothing about what the dimension is."""


def parse_shape(text: str) -> tuple[str, tuple[int, ...]]:
    """Read `name:1,3,224,224`; nothing after the colon is a scalar. The name may hold colons itself.

    Raises:
        InputError: No name, or a size that is not a whole number from 0.
    """
    name, colon, sizes = text.rpartition(":")
    parts = [part.strip() for part in sizes.split(",")] if sizes.strip() else []
    is_right = all(p.isascii() and p.isdigit() and len(p) < 11 and int(p) < _MAX_SIZE for p in parts)
    if not colon or not name or not is_right:
        raise InputError(
            Reason("--shape {text}: must be NAME:SIZE,SIZE,...", text[:80]), hint="such as input:1,3,224,224"
        )
    return name, tuple(int(part) for part in parts)


def resolve_shapes(
    inputs: Sequence[ModelPort], given: Mapping[str, tuple[int, ...]], batch: int | None = None
) -> dict[str, tuple[int, ...]]:
    """Return the shape of every input.

    Args:
        inputs: As the model declares them.
        given: Shapes that the user chose, by input.
        batch: Size of open batch dimensions; None means 1.

    Raises:
        InputError: A shape was given for no input of the model, contradicts what it declares, or is needed.
    """
    names = [port.name for port in inputs]
    for name in given:
        if name not in names:
            raise InputError(
                Reason("--shape: the model has no input `{name}`", name),
                hint=did_you_mean(name, names) or Reason("it has {names}", ", ".join(names) or "none"),
            )
    symbols: dict[str, int] = {}
    for port in inputs:
        if port.name in given:
            _learn(port, given[port.name], symbols)
    known = {d for port in inputs for d in port.shape or () if isinstance(d, str)}
    shapes = {}
    for port in inputs:
        if port.name in given:
            shapes[port.name] = given[port.name]
        elif port.shape is None:
            raise InputError(
                Reason("input `{name}`: the model does not say how many dimensions it has", port.name),
                hint=Reason("give them: --shape {name}:1,3,224,224", port.name),
            )
        else:
            shapes[port.name] = _resolve(port, port.shape, symbols, known, BATCH if batch is None else batch)
    return shapes


def batch_dimensions(
    inputs: Sequence[ModelPort], given: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """Return, for each input, the positions of the sizes that follow the batch."""
    one, two = (resolve_shapes(inputs, given, batch) for batch in (1, 2))
    pairs = {name: enumerate(zip(one[name], two[name], strict=True)) for name in one}
    return {name: tuple(at for at, (a, b) in both if a != b) for name, both in pairs.items()}


def made_up_sizes(
    inputs: Sequence[ModelPort], given: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """Return the positions of sizes that neither the model nor the user says, the batch apart, by input."""
    symbols: dict[str, int] = {}
    for port in inputs:
        if port.name in given:
            _learn(port, given[port.name], symbols)
    batch, found = batch_dimensions(inputs, given), {}
    for port in inputs:
        if port.name in given or port.shape is None:
            continue
        is_open = [(not isinstance(d, int) or d < 0) and d not in symbols for d in port.shape]
        at = tuple(n for n, made_up in enumerate(is_open) if made_up and n not in batch[port.name])
        if at:
            found[port.name] = at
    return found


def _learn(port: ModelPort, sizes: tuple[int, ...], symbols: dict[str, int]) -> None:
    """Check a given shape against the declared one and take the sizes of its symbols from it."""
    if port.shape is None:
        return
    declared = [d if d is not None else "?" for d in port.shape]
    fits = len(sizes) == len(declared) and all(
        not isinstance(d, int) or d < 0 or d == size for d, size in zip(declared, sizes, strict=True)
    )
    if not fits:
        raise InputError(
            Reason(
                "--shape {name}:{sizes} does not fit the model, which declares [{declared}]",
                port.name,
                ",".join(map(str, sizes)),
                ", ".join(map(str, declared)),
            )
        )
    for symbol, size in zip(port.shape, sizes, strict=True):
        if isinstance(symbol, str) and symbol:
            symbols.setdefault(symbol, size)


def _resolve(
    port: ModelPort, shape: Sequence[int | str | None], symbols: dict[str, int], known: set[str], batch: int
) -> tuple[int, ...]:
    sizes = []
    for index, dim in enumerate(shape):
        if isinstance(dim, int) and dim >= 0:
            sizes.append(dim)
        elif isinstance(dim, str) and dim in symbols:
            sizes.append(symbols[dim])
        else:
            size = _size_of(dim, index, port, shape, symbols, known, batch)
            if isinstance(dim, str) and dim and not _MADE_UP_NAME.search(dim):
                symbols[dim] = size
            sizes.append(size)
    return tuple(sizes)


def _size_of(
    dim: int | str | None,
    index: int,
    port: ModelPort,
    shape: Sequence[int | str | None],
    symbols: dict[str, int],
    known: set[str],
    batch: int,
) -> int:
    name = dim.lower() if isinstance(dim, str) else ""
    if "+" in name and isinstance(dim, str):
        parts = [part.strip() for part in dim.split("+")]
        return sum(
            int(p) if p.isdigit() else symbols.get(p, _named(p.lower(), batch) or SEQUENCE) for p in parts
        )
    if "total" in name and re.search("seq|len", name):
        return SEQUENCE * (2 if any("past" in symbol.lower() for symbol in known) else 1)
    if not _MADE_UP_NAME.search(name):
        found = _named(name, batch)
        if found is not None:
            return found
    return _by_position(index, port, shape, batch)


def _named(name: str, batch: int) -> int | None:
    if _BATCH_NAME.search(name):
        return batch
    return next((size for pattern, size in _BY_NAME if re.search(pattern, name)), None)


def _by_position(index: int, port: ModelPort, shape: Sequence[int | str | None], batch: int) -> int:
    rank = len(shape)
    if index == 0:
        is_image = rank == 3 and isinstance(shape[2], int) and shape[2] in (1, 3, 4)
        return IMAGE if is_image else batch
    is_between = rank == 3 and index == 1 and isinstance(shape[0], int) and isinstance(shape[2], int)
    if is_between and STATE.search(port.name):
        return batch  # layers x batch x size, as recurrent operators have it
    if rank == 3:
        is_image = shape[0] in (1, 3, 4) and not isinstance(shape[1], int) and not isinstance(shape[2], int)
        is_image = is_image and shape[0] != 1
        return IMAGE if is_image or shape[2] in (3, 4) else (SEQUENCE, FEATURES)[index - 1]
    if rank == 4:
        is_channels_last = shape[3] in (1, 3, 4) and shape[1] not in (1, 3, 4)
        channel = 3 if is_channels_last else 1
        return CHANNELS if index == channel else IMAGE
    if rank == 5:
        return (BATCH, CHANNELS, FRAMES, VIDEO, VIDEO)[index]
    return SEQUENCE
