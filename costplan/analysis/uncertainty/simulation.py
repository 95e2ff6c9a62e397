"""Formulas over draws: what they give, summed up with the error that a number of draws leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costplan.analysis.uncertainty.documents import Histogram, Simulated, Spread
from costplan.analysis.uncertainty.draws import SCRAMBLES, Floats, Sampler
from costplan.formulas.to_arrays import compile_grid
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.quantities.distribution import TAIL
from costplan.quantities.formula import Formula
from costplan.quantities.money import significant

DIGITS = 6
"""Significant digits of simulated figures: more than any error leaves."""
PERCENTILES = (0.1, 0.5, 0.9)
BINS = 40
"""Bars of a histogram: enough to show its shape, few enough to be smooth at 100,000 draws."""

Progress = Callable[[float], None]
"""Called with the part that is done."""


def simulate(
    formulas: Sequence[Formula], sampler: Sampler, draws: int, progress: Progress | None = None
) -> list[Floats]:
    """Evaluate formulas over draws.

    Args:
        draws: In all; a power of two.

    Returns:
        For each formula the values, shape (scrambles, draws / scrambles).

    Raises:
        InputError: In some draw something is divided by zero.
    """
    evaluate = compile_grid(formulas)
    results = np.empty((len(formulas), draws))
    done = 0
    for scramble in sampler.blocks(draws):
        for values in scramble:
            count = len(next(iter(values.values())))
            results[:, done : done + count] = _evaluated(evaluate, values)
            done += count
            if progress is not None:
                progress(done / draws)
    return list(results.reshape(len(formulas), SCRAMBLES, -1))


def _evaluated(evaluate: Callable[..., list[Floats]], values: dict[str, Floats]) -> list[Floats]:
    try:
        return evaluate(values)
    except FloatingPointError:
        paths = ", ".join(values)
        raise InputError(
            Reason("in some draws of {paths} something is divided by zero", paths),
            hint="let no range begin at 0",
        ) from None


def spread(values: Floats) -> Spread:
    """Sum up draws, shape (scrambles, n)."""
    whole = np.quantile(values, PERCENTILES)
    each = np.quantile(values, PERCENTILES, axis=1)
    means = values.mean(axis=1)
    p10, p50, p90 = (figure(value, parts) for value, parts in zip(whole, each, strict=True))
    return Spread(p10, p50, p90, figure(means.mean(), means))


def histogram(values: Floats) -> Histogram | None:
    """Count draws between edges that are equally far apart."""
    low, high = np.quantile(values, (TAIL, 1 - TAIL))
    if not high - low > TAIL * abs(high) / BINS:
        return None
    counts, edges = np.histogram(np.clip(values, low, high), BINS, (low, high))
    return Histogram(
        tuple(decimal(edge) for edge in edges), tuple(decimal(count / values.size) for count in counts)
    )


def share(held: NDArray[np.bool_]) -> Simulated:
    """Return the part of the draws in which something holds, shape (scrambles, n)."""
    parts = held.mean(axis=1)
    return figure(parts.mean(), parts)


def figure(value: float, parts: Floats) -> Simulated:
    """Make a figure of what all scrambles and each of them say."""
    error = float(np.std(parts, ddof=1)) / len(parts) ** 0.5
    return Simulated(decimal(float(value)), decimal(error))


def decimal(value: float) -> Decimal:
    """Keep the digits of a float that mean something."""
    return significant(value, DIGITS)
