"""A number that is not known exactly: its distribution, from two or three figures that people can name."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import exp, log
from statistics import NormalDist
from typing import Literal, get_args

from costplan.checked.records import dataclass
from costplan.quantities.money import plain, quantized, significant

Shape = Literal["uniform", "triangular", "pert", "normal", "lognormal"]
SHAPES: tuple[str, ...] = get_args(Shape)
PEAKED = ("triangular", "pert")
"""Shapes that have a likely value beside their ends."""
TAILED = ("normal", "lognormal")
"""Shapes whose low and high are the 10th and the 90th percentile, as they go on beyond them.

A bounded shape takes them as its ends. Source: Keelin and Powley, Quantile-Parameterized Distributions,
Decision Analysis 8(3), 2011: what experts are asked for.
"""
LOW_PROBABILITY, HIGH_PROBABILITY = 0.1, 0.9
TAIL = 0.001
"""Draws beyond this probability at either end are set to it: no bill rests on one draw in a million."""
Z_HIGH = NormalDist().inv_cdf(HIGH_PROBABILITY)
Z_TAIL = NormalDist().inv_cdf(1 - TAIL)


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is known of a number; in the base unit of its field, such as seconds or bytes.

    `pert` is the beta distribution between the ends with the mean (low + 4 likely + high) / 6.
    Source: Malcolm et al., Application of a Technique for Research and Development Program Evaluation,
    Operations Research 7(5), 1959; Vose, Risk Analysis, 2008.
    """

    shape: Shape
    low: Fraction
    """Lowest value; the 10th percentile of a shape with tails."""
    high: Fraction
    """Highest value; the 90th percentile of a shape with tails."""
    likely: Fraction | None = None
    """Where a peaked shape has its peak."""

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest value that is ever drawn."""
        low, high = float(self.low), float(self.high)
        reach = Z_TAIL / Z_HIGH
        if self.shape == "normal":
            middle, half = (low + high) / 2, (high - low) / 2
            return Fraction(middle - reach * half), Fraction(middle + reach * half)
        if self.shape == "lognormal":
            middle, half = log(low * high) / 2, log(high / low) / 2
            return Fraction(exp(middle - reach * half)), Fraction(exp(middle + reach * half))
        return self.low, self.high

    @property
    def inside(self) -> Fraction:
        """Return some value between low and high that is at neither, nor at a round place between them."""
        return self.low + (self.high - self.low) * Fraction(13, 34)


@dataclass(frozen=True, slots=True)
class Unit:
    """How an input is written: `35M/month`, `20 ms`, `60%`."""

    factor: Fraction
    """What one of the unit is in the field's base unit."""
    word: str
    """What follows the number, with the blank before it."""

    def written(self, value: Fraction) -> str:
        """Write a value of the base unit as a scenario would, to twelve decimals."""
        return f"{plain(quantized(value / self.factor))}{self.word}"

    def shown(self, value: Fraction | float) -> str:
        """Write a value for people: to four significant digits, exact where it has no more than six."""
        number = quantized(Fraction(value) / self.factor)
        short = number if len(number.normalize().as_tuple().digits) <= EXACT_DIGITS else _short(number)
        return f"{plain(short)}{self.word}"


EXACT_DIGITS = 6


def _short(number: Decimal) -> Decimal:
    return significant(number, 4)


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """A number of a scenario with its distribution."""

    path: str
    """Where it is written: `workload.request_duration`."""
    value: Fraction
    """What the plain bill takes, in the field's base unit."""
    distribution: Distribution
    unit: Unit
    kind: Literal["stated", "assumed", "measured", "published"]
    reason: str
    """Why the value was taken; empty for a stated one."""
    range_reason: str = ""
    """Why the range was taken, where somebody said."""
