"""When each request is due: arrival schedules, complete before the run starts."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from costplan.bench.clock import NS_PER_S
from costplan.messages.errors import Fault, InputError, SourceLocation, reason_of
from costplan.messages.reason import Reason

MAX_ARRIVALS = 20_000_000
"""Longest schedule: 160 MB of due times, over five hours at 1,000 requests per second."""

_MAX_FILE_BYTES = 20 * 1024 * 1024
_MAX_OFFSET_S = Decimal(86_400)


class Arrivals(StrEnum):
    """How the gaps between requests are drawn."""

    POISSON = "poisson"
    """Exponential gaps: independent users. The default, and the only one a queue formula speaks of."""
    CONSTANT = "constant"
    RECORDED = "recorded"


def draw_poisson(requests_per_second: float, duration_s: float, seed: int) -> NDArray[np.int64]:
    """Draw a Poisson process.

    Args:
        requests_per_second: Mean rate.
        duration_s: Arrivals fall in [0, duration).
        seed: The same seed gives the same schedule on every machine and NumPy version.

    Returns:
        Offsets from the start in ns, ascending, shape (n_requests,); n varies with the seed.

    Raises:
        InputError: Rate or duration not positive and finite, or more than `MAX_ARRIVALS`.

    Source: MLPerf LoadGen, Server scenario: exponential gaps from a seeded generator, before the run.
    """
    expected = _expected_arrivals(requests_per_second, duration_s)
    # RandomState, because NumPy promises that its stream never changes; Generator's may.
    random = np.random.RandomState(seed)
    enough = int(expected + 10 * expected**0.5 + 20)  # ten deviations: falling short is out of the question
    gaps_s = random.standard_exponential(enough) / requests_per_second
    offsets_s = np.cumsum(gaps_s)
    return (offsets_s[offsets_s < duration_s] * NS_PER_S).astype(np.int64)


def draw_constant(requests_per_second: float, duration_s: float) -> NDArray[np.int64]:
    """Space requests evenly, the first at 0.

    Returns:
        Offsets in ns, ascending, shape (n_requests,).

    Raises:
        InputError: As for `draw_poisson`.
    """
    expected = _expected_arrivals(requests_per_second, duration_s)
    count = int(np.ceil(expected - 1e-9))
    return np.round(np.arange(count) * (NS_PER_S / requests_per_second)).astype(np.int64)


def read_recorded(path: Path) -> NDArray[np.int64]:
    """Read a recorded schedule: one offset in seconds per line, ascending; `#` starts a comment.

    Returns:
        Offsets in ns, shape (n_requests,).

    Raises:
        InputError: The file is missing, too large, empty, or a line is not an ascending offset; all faults.
    """
    offsets: list[int] = []
    faults: list[Fault] = []
    for number, line in enumerate(_lines(path), start=1):
        text = line.split("#", 1)[0].strip()
        if not text:
            continue
        offset = _offset_ns(text)
        mark = SourceLocation(str(path), number, 1, line)
        if offset is None:
            faults.append(
                Fault(
                    Reason(
                        "must be an offset in seconds from 0 to {most}, got `{text}`",
                        str(_MAX_OFFSET_S),
                        text[:40],
                    ),
                    mark,
                )
            )
        elif offsets and offset < offsets[-1]:
            faults.append(
                Fault(
                    Reason("offsets must ascend, got {text} after {before}", text, offsets[-1] / NS_PER_S),
                    mark,
                )
            )
        else:
            offsets.append(offset)
    if faults:
        raise InputError(faults)
    if not offsets:
        raise InputError(
            Reason("{path}: no offsets in this file", path), hint="write one offset in seconds per line"
        )
    return np.array(offsets, dtype=np.int64)


def _expected_arrivals(requests_per_second: float, duration_s: float) -> float:
    for name, value in ((Reason("offered rate"), requests_per_second), ("duration", duration_s)):
        if not (isfinite(value) and value > 0):
            raise InputError(Reason("{name} must be positive and finite, got {value}", name, value))
    expected = requests_per_second * duration_s
    if expected > MAX_ARRIVALS:
        raise InputError(
            Reason(
                "a schedule of {expected} requests is above the limit of {most}",
                f"{expected:.0f}",
                str(MAX_ARRIVALS),
            ),
            hint="measure for a shorter time or at a lower rate",
        )
    return expected


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise InputError(
                Reason(
                    "{path}: {size} bytes, the limit is {most}",
                    path,
                    str(path.stat().st_size),
                    str(_MAX_FILE_BYTES),
                )
            )
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(Reason("{path}: cannot be read: {why}", path, reason_of(error))) from error
    except UnicodeDecodeError as error:
        raise InputError(Reason("{path}: not UTF-8 text", path)) from error


def _offset_ns(text: str) -> int | None:
    if not text.isascii() or len(text) > 40 or "_" in text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value <= _MAX_OFFSET_S:
        return None
    return int(value * NS_PER_S)
