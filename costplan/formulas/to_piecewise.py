"""From the formula of a number to the exact function of the one input that it depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from costplan.formulas.piecewise import (
    MOST_PIECES,
    NotPiecewiseLinearError,
    Piece,
    PiecewiseLinear,
    TooManyPiecesError,
    finely_rounded_up,
    or_zero,
    product,
    quotient,
    rounded_up,
    weighted_sum,
)
from costplan.messages.reason import Reason
from costplan.quantities.formula import (
    Atom,
    Ceiling,
    CountBelow,
    Formula,
    PositivePart,
    Product,
    Quotient,
    Thresholds,
    Variable,
    atoms_of,
    inputs_of,
)


class PiecewiseBuilder:
    """Turns formulas of one input into exact functions of its whole values; what they share is turned once.

    Args:
        first: Lowest whole value of the input.
        last: Highest whole value of the input.
        unit: What the input is for each 1 of those values: the requests of a user, where users are counted.
    """

    def __init__(self, first: int, last: int, unit: Fraction = Fraction(1)) -> None:
        self._first, self._last, self._unit = first, last, unit
        self._made: dict[Atom, PiecewiseLinear] = {}
        self._pieces = 0

    def __call__(self, formula: Formula) -> PiecewiseLinear:
        """Return the function that a formula describes.

        Raises:
            NotPiecewiseLinearError: A product or a quotient of parts that both vary.
            TooManyPiecesError: It has more steps than can be held.
            ZeroDivisionError: Something is divided by 0.
        """
        for atom in atoms_of([formula]):
            if atom not in self._made:
                self._made[atom] = self._atom(atom)
                self._pieces += len(self._made[atom].starts)
                if self._pieces > MOST_PIECES:
                    raise TooManyPiecesError
        return self._sum(formula)

    @property
    def atoms(self) -> Mapping[Atom, PiecewiseLinear]:
        """The functions of all atoms that formulas were made of so far."""
        return self._made

    def _sum(self, formula: Formula) -> PiecewiseLinear:
        parts = [(self._made[atom], weight) for atom, weight in formula.terms.items()]
        return weighted_sum(formula.constant, parts, self._first, self._last)

    def _atom(self, atom: Atom) -> PiecewiseLinear:
        match atom:
            case Variable():
                return PiecewiseLinear.proportional(self._unit, self._first, self._last)
            case Ceiling(of, fine):
                return (finely_rounded_up if fine else rounded_up)(self._sum(of))
            case PositivePart(of):
                return or_zero(self._sum(of))
            case Product(left, right):
                return product(self._sum(left), self._sum(right))
            case Quotient(above, below):
                return quotient(self._sum(above), self._sum(below))
            case CountBelow(of, by, thresholds):
                return counted_below(self._sum(of), self._sum(by), thresholds)


def piecewise_linear(formulas: Sequence[Formula], first: int, last: int) -> list[PiecewiseLinear]:
    """Turn formulas of one and the same input into exact functions of its whole values.

    Raises:
        ValueError: They have several inputs.
        NotPiecewiseLinearError: See `PiecewiseBuilder`, also for what else is raised.
    """
    if len(inputs_of(formulas)) > 1:
        raise ValueError(Reason("several inputs vary: {formulas}", inputs_of(formulas)))
    build = PiecewiseBuilder(first, last)
    return [build(formula) for formula in formulas]


def counted_below(load: PiecewiseLinear, by: PiecewiseLinear, thresholds: Thresholds) -> PiecewiseLinear:
    """Return how many thresholds lie below a load.

    Raises:
        NotPiecewiseLinearError: What the thresholds depend on varies within a piece.
    """

    def pieces() -> Iterator[Piece]:
        for start in sorted({*load.starts, *by.starts}):
            own = by.piece_at(start)
            if by.slopes[own]:
                raise NotPiecewiseLinearError("what a waiting time depends on varies")
            end = min(load.end_of(load.piece_at(start)), by.end_of(own))
            for at, count in _counts(_counter(load, thresholds, by(start)), start, end):
                yield at, count, 0

    return PiecewiseLinear.collected(pieces(), load.last)


def _counter(load: PiecewiseLinear, thresholds: Thresholds, by: Fraction) -> Callable[[int], int]:
    return lambda number: thresholds.count_below(load(number), by)


def _counts(count: Callable[[int], int], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Give each whole number at which a monotone count has another value than before, by halving."""
    found = count(first)
    yield first, found
    waiting = [(first, last, count(last))]
    while waiting:
        low, high, at_high = waiting.pop()
        if at_high == found:
            continue
        if high - low <= 1:
            found = at_high
            yield high, found
            continue
        middle = (low + high) // 2
        waiting += [(middle, high, at_high), (low, middle, count(middle))]
