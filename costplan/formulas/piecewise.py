"""Exact piecewise linear functions of a whole number: what the cost of a load is made of.

Nothing is sampled. Between two steps a bill is `a + b * N`; whole machines and tier edges make the steps, and
the whole number at which each begins is found by exact arithmetic. Coefficients are whole numbers over one
denominator, which is as exact as fractions and several times as fast.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from costplan.formulas.ranges import Range, between, merge_ranges
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

MOST_PIECES = 1_000_000
"""Pieces that one function may have; more would take gigabytes."""
MOST_FINE_STEPS = 1000
"""Steps of a fine rounding that are followed one by one; of more, the line below them is taken."""

Piece = tuple[int, int, int]
"""Start, and constant and slope over the function's denominator."""


class NotPiecewiseLinearError(InputError):
    """A number does not follow the load in straight lines: two factors vary at once."""


class TooManyPiecesError(InputError):
    """A function has more than `MOST_PIECES` pieces."""

    def __init__(self) -> None:
        super().__init__(Reason("there are more than {most} steps", MOST_PIECES))


@dataclass(frozen=True, slots=True)
class PiecewiseLinear:
    """A function of the whole numbers from `starts[0]` to `last`, linear from each start to the next."""

    starts: Sequence[int]
    """Ascending; where each piece begins."""
    last: int
    """The highest whole number that it is defined for."""
    constants: Sequence[int]
    slopes: Sequence[int]
    denominator: int
    """The value of piece i at N is `(constants[i] + slopes[i] * N) / denominator`."""

    @classmethod
    def collected(cls, pieces: Iterable[Piece], last: int, denominator: int = 1) -> PiecewiseLinear:
        """Collect pieces in ascending order; one that goes on as the one before becomes part of it.

        Raises:
            TooManyPiecesError: There are more than `MOST_PIECES`.
        """
        starts: list[int] = []
        constants: list[int] = []
        slopes: list[int] = []
        for start, constant, slope in pieces:
            if starts and constants[-1] == constant and slopes[-1] == slope:
                continue
            starts.append(start)
            constants.append(constant)
            slopes.append(slope)
            if len(starts) > MOST_PIECES:
                raise TooManyPiecesError
        return cls(starts, last, constants, slopes, denominator)

    @classmethod
    def proportional(cls, factor: Fraction, first: int, last: int) -> PiecewiseLinear:
        """Return the function whose value is so many times its argument."""
        return cls((first,), last, (0,), (factor.numerator,), factor.denominator)

    def __call__(self, number: int) -> Fraction:
        """Return the value at a whole number between the first and the last."""
        piece = self.piece_at(number)
        return Fraction(self.constants[piece] + self.slopes[piece] * number, self.denominator)

    def piece_at(self, number: int) -> int:
        """Return which piece holds at a whole number."""
        return bisect_right(self.starts, number) - 1

    def slope(self, piece: int) -> Fraction:
        """Return what one further unit adds on a piece."""
        return Fraction(self.slopes[piece], self.denominator)

    def lines(self) -> Iterator[tuple[int, int, int, int]]:
        """Give start, end, constant and slope of each piece."""
        for piece, start in enumerate(self.starts):
            yield start, self.end_of(piece), self.constants[piece], self.slopes[piece]

    def end_of(self, piece: int) -> int:
        """Return the last whole number of a piece."""
        return self.starts[piece + 1] - 1 if piece + 1 < len(self.starts) else self.last

    def not_negative(self) -> list[Range]:
        """Return the ranges in which it is at least 0, each as long as it is."""
        return list(merge_ranges(self._not_negative_parts()))

    def below_zero(self) -> Iterator[Range]:
        """Give the ranges in which it is below 0, each as long as it is."""
        return between(self.not_negative(), self.starts[0], self.last)

    def _not_negative_parts(self) -> Iterator[Range]:
        """Cut each line at its zero: with slope 3 and constant -10 it is not negative from 4 on."""
        for start, end, constant, slope in self.lines():
            at_start, at_end = constant + slope * start >= 0, constant + slope * end >= 0
            if at_start and at_end:
                yield start, end
            elif at_end:
                yield -(constant // slope), end  # the first number with slope * n >= -constant
            elif at_start:
                yield start, constant // -slope


def weighted_sum(
    constant: Fraction, parts: Sequence[tuple[PiecewiseLinear, Fraction]], first: int, last: int
) -> PiecewiseLinear:
    """Return `constant + sum of weight * part`.

    All changes of all parts are put in order once, so that hundreds of step functions add up in the time of
    sorting their steps.
    """
    scale = lcm(constant.denominator, *(part.denominator * weight.denominator for part, weight in parts))
    at, by = constant.numerator * (scale // constant.denominator), 0
    changes: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for part, weight in parts:
        factor = weight.numerator * (scale // (part.denominator * weight.denominator))
        at += part.constants[0] * factor
        by += part.slopes[0] * factor
        for piece in range(1, len(part.starts)):
            change = changes[part.starts[piece]]
            change[0] += (part.constants[piece] - part.constants[piece - 1]) * factor
            change[1] += (part.slopes[piece] - part.slopes[piece - 1]) * factor
        if len(changes) > MOST_PIECES:
            raise TooManyPiecesError

    def pieces() -> Iterator[Piece]:
        constant, slope = at, by
        yield first, constant, slope
        for start in sorted(changes):
            constant += changes[start][0]
            slope += changes[start][1]
            yield start, constant, slope

    return PiecewiseLinear.collected(pieces(), last, scale)


def or_zero(function: PiecewiseLinear) -> PiecewiseLinear:
    """Return the greater of a function and 0."""
    return PiecewiseLinear.collected(_positive_pieces(function), function.last, function.denominator)


def _positive_pieces(function: PiecewiseLinear) -> Iterator[Piece]:
    """Cut each line at the first whole number beyond its zero."""
    for start, end, constant, slope in function.lines():
        ends_above = constant + slope * end > 0
        if constant + slope * start > 0:
            yield start, constant, slope
            if not ends_above:
                yield -(-constant // -slope), 0, 0
        else:
            yield start, 0, 0
            if ends_above:
                yield -constant // slope + 1, constant, slope


def rounded_up(function: PiecewiseLinear) -> PiecewiseLinear:
    """Return the smallest whole numbers that are not below a function."""
    return PiecewiseLinear.collected(_whole_pieces(function), function.last)


def _whole_pieces(function: PiecewiseLinear) -> Iterator[Piece]:
    """Round each line up: the whole part of its slope stays a slope, the rest makes steps.

    Over a denominator d, with c + r N left and |r| at most half of d: a rising line keeps the value k up to
    N = (k d - c) // r, a falling one reaches it at the first N where c + r N is not above k d.
    """
    scale = function.denominator
    for start, end, constant, slope in function.lines():
        whole = (2 * slope + scale) // (2 * scale)
        rest = slope - whole * scale
        count, final = (-(-(constant + rest * number) // scale) for number in (start, end))
        yield start, count, whole
        while count != final:
            if rest > 0:
                start = (count * scale - constant) // rest + 1
            else:
                start = -((constant - (count - 1) * scale) // rest)
            count = -(-(constant + rest * start) // scale)
            yield start, count, whole


def finely_rounded_up(function: PiecewiseLinear) -> PiecewiseLinear:
    """Round up where that makes few steps; else return the function, which is less than 1 below it.

    A month's run time is rounded up once, to a tenth of a second: over millions of requests that makes
    millions of steps, each some thousandths of a kopeck high.
    """
    steps = 0
    for start, end, _, slope in function.lines():
        scale = function.denominator
        rest = slope - (2 * slope + scale) // (2 * scale) * scale
        steps += abs(rest) * (end - start) // scale
    return function if steps > MOST_FINE_STEPS else rounded_up(function)


def product(left: PiecewiseLinear, right: PiecewiseLinear) -> PiecewiseLinear:
    """Multiply two functions, one of which is constant wherever the other varies.

    Raises:
        NotPiecewiseLinearError: Both vary on one piece.
    """
    return _line_by_line(left, right, _product)


def quotient(above: PiecewiseLinear, below: PiecewiseLinear) -> PiecewiseLinear:
    """Divide by a function that is constant on each piece, or in proportion to what is divided.

    Raises:
        NotPiecewiseLinearError: It is neither on some piece.
        ZeroDivisionError: It is 0 on some piece, and what is divided is not.
    """
    return _line_by_line(above, below, _quotient)


Line = tuple[Fraction, Fraction]
"""Constant and slope."""


def _line_by_line(
    left: PiecewiseLinear, right: PiecewiseLinear, combined: Callable[[Line, Line], Line]
) -> PiecewiseLinear:
    """Combine two functions wherever either of them begins a new piece."""
    starts = sorted({*left.starts, *right.starts})
    lines = [combined(_line_at(left, start), _line_at(right, start)) for start in starts]
    scale = lcm(*(number.denominator for line in lines for number in line))
    pieces = ((start, int(c * scale), int(s * scale)) for start, (c, s) in zip(starts, lines, strict=True))
    return PiecewiseLinear.collected(pieces, left.last, scale)


def _line_at(function: PiecewiseLinear, number: int) -> Line:
    piece = function.piece_at(number)
    return Fraction(function.constants[piece], function.denominator), function.slope(piece)


def _product(left: Line, right: Line) -> Line:
    if left[1] and right[1]:
        raise NotPiecewiseLinearError("two factors of a product vary at once")
    return left[0] * right[0], left[0] * right[1] + left[1] * right[0]


def _quotient(above: Line, below: Line) -> Line:
    if not any(above) and not any(below):
        return above
    if not below[1]:
        return above[0] / below[0], above[1] / below[0]
    if above[0] * below[1] == above[1] * below[0]:
        return above[1] / below[1], Fraction(0)
    raise NotPiecewiseLinearError("what is divided by varies")
