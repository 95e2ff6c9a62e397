"""Quantities: exact numbers that remember which inputs they were made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from costplan.quantities.over_cores import OverCores

if TYPE_CHECKING:  # only curves and simulations need it, and `estimate` is to stay quick
    from costplan.quantities.formula import Formula, Thresholds


OriginKind = Literal["assumed", "measured", "published"]
"""How a value is known that nobody simply stated; `published` by others, of another machine."""


@dataclass(frozen=True, slots=True)
class MeasuredAt:
    """Under which conditions a figure was measured: it holds for these, and says nothing of better ones."""

    percentile: Fraction
    """Share of the answers that were in time while the capacity held."""
    latency: Fraction
    """Bound on the time of an answer, in seconds."""
    vcpu: Fraction
    """Processors that the server could use."""
    gpus: int
    processor: str
    model: str = ""
    """Name of the model that answered."""
    over_cores: OverCores = field(default_factory=OverCores, compare=False)
    """What it says of fewer cores; the file that it stands in is told apart by the reason beside it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Why an input has its value when nobody simply stated it."""

    kind: OriginKind
    path: str
    """Where it is written: `workload.request_duration`."""
    reason: str
    """Why this value was taken, or which measurement it comes from."""
    measured_at: MeasuredAt | None = None
    """What a result file says of the conditions; None for what is only told in words."""


class WholeNumber(int):
    """A whole number that remembers why it was taken: a quantity that is made of it does too."""

    origins: frozenset[Origin]

    def __new__(cls, value: int, origins: frozenset[Origin] = frozenset()) -> WholeNumber:
        self = super().__new__(cls, value)
        self.origins = origins
        return self


class Quantity:
    """An exact number that remembers which assumed or measured inputs it was made from.

    Arithmetic keeps the value as an exact fraction and unites the origins, so that a line of the bill can say
    what it rests on without anybody having to list it. Where an input varies, the formula is kept as well;
    the value is then the one at the scenario's own numbers.
    """

    __slots__ = ("formula", "origins", "value")

    def __init__(
        self, value: Number, origins: frozenset[Origin] = frozenset(), formula: Formula | None = None
    ) -> None:
        if isinstance(value, Fraction):
            self.value = value
        else:
            self.value = Fraction(value)
            if isinstance(value, WholeNumber):
                origins |= value.origins
        self.origins = origins
        self.formula = formula
        """How the number depends on inputs that vary; None when it does not."""

    def __add__(self, other: Quantity | Number) -> Quantity:
        right = _quantity(other)
        formula = self.as_formula() + right.as_formula() if self.formula or right.formula else None
        return Quantity(self.value + right.value, self.origins | right.origins, formula)

    def __sub__(self, other: Quantity | Number) -> Quantity:
        right = _quantity(other)
        formula = self.as_formula() - right.as_formula() if self.formula or right.formula else None
        return Quantity(self.value - right.value, self.origins | right.origins, formula)

    def __mul__(self, other: Quantity | Number) -> Quantity:
        right = _quantity(other)
        formula = self.as_formula() * right.as_formula() if self.formula or right.formula else None
        return Quantity(self.value * right.value, self.origins | right.origins, formula)

    def __truediv__(self, other: Quantity | Number) -> Quantity:
        right = _quantity(other)
        formula = self.as_formula() / right.as_formula() if self.formula or right.formula else None
        return Quantity(self.value / right.value, self.origins | right.origins, formula)

    __radd__ = __add__
    __rmul__ = __mul__

    def rounded_up_to(self, step: Quantity | Number, *, fine: bool = False) -> Quantity:
        """Return the smallest multiple of `step` that is not below the value; a step of 0 changes nothing.

        Args:
            step: What is rounded up to.
            fine: Whether the steps are crumbs of what they are part of; see `Ceiling`.
        """
        size = _quantity(step)
        if size.value == 0:
            return self
        steps = self / size
        formula = steps.formula and steps.formula.rounded_up(fine=fine)
        whole = Quantity(-(-steps.value // 1), steps.origins, formula)
        return whole * size

    def at_least(self, floor: Quantity | Number) -> Quantity:
        """Return the greater of the two."""
        base, other = _constant_first(self, _quantity(floor))
        return base + (other - base).or_zero()

    def at_most(self, ceiling: Quantity | Number) -> Quantity:
        """Return the smaller of the two."""
        base, other = _constant_first(self, _quantity(ceiling))
        return base - (base - other).or_zero()

    def or_zero(self) -> Quantity:
        """Return the value where it is above 0, else 0."""
        return Quantity(max(self.value, Fraction(0)), self.origins, self.formula and self.formula.or_zero())

    def counted_below(self, thresholds: Thresholds, by: Quantity) -> Quantity:
        """Return how many replicas the number, a load in requests per second, takes.

        Args:
            thresholds: The loads that so many replicas serve.
            by: What those depend on.
        """
        count = thresholds.count_below(self.value, by.value)
        if not (self.formula or by.formula):
            return Quantity(count, self.origins | by.origins)
        from costplan.quantities.formula import CountBelow, Formula

        formula = Formula.of(CountBelow(self.as_formula(), by.as_formula(), thresholds))
        return Quantity(count, self.origins | by.origins, formula)

    def as_formula(self) -> Formula:
        """Return the formula; the constant one of a number that does not vary."""
        from costplan.quantities.formula import Formula

        return self.formula or Formula(self.value)

    def as_variable(self, name: str) -> Quantity:
        """Return the same number as an input that varies."""
        from costplan.quantities.formula import Formula, Variable

        return Quantity(self.value, self.origins, Formula.of(Variable(name)))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Quantity):
            return self.value == other.value and self.origins == other.origins
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.value, self.origins))

    def __repr__(self) -> str:
        return f"Quantity({self.value})"


Number = int | Decimal | Fraction


def _quantity(number: Quantity | Number) -> Quantity:
    return number if isinstance(number, Quantity) else Quantity(number)


def _constant_first(one: Quantity, two: Quantity) -> tuple[Quantity, Quantity]:
    """Put what does not vary first: the formula of the greater or smaller is then one atom instead of two."""
    return (two, one) if one.formula and not two.formula else (one, two)
