"""A formula as people write it, at the values of its inputs: `300,000 requests x 0.4 s x 1 vCPU / 3,600`.

What does nothing at these values is left out: of a maximum the smaller, a rounding of a whole number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from costplan.quantities.formula import (
    Atom,
    Ceiling,
    CountBelow,
    Formula,
    Interpreter,
    PositivePart,
    Product,
    Quotient,
    Variable,
    atoms_of,
)
from costplan.quantities.money import quantized
from costplan.quantities.shown import quantity

STEP_POWERS = range(-6, 13)
"""Crumbs are mostly rounded up to a power of ten of their unit."""
MOST_FACTOR = 10**12
"""Whole numbers up to this are written out; what is no ratio of such is written as a decimal."""
NOUNS = {"vcpu": "vCPU", "monthly_requests": "requests", "requests": "requests"}
"""What is counted, by the last word of a path."""
SCALES: dict[str, tuple[tuple[str, Fraction, Fraction], ...]] = {
    "bytes": tuple(
        (word, size, size)
        for word, size in (
            ("GB", Fraction(2**30)), ("MB", Fraction(2**20)), ("KB", Fraction(2**10)), ("B", Fraction(1)),
        )
    ),
    "seconds": (
        ("d", Fraction(86_400), Fraction(86_400)),
        ("h", Fraction(3_600), Fraction(3_600)),
        ("s", Fraction(1), Fraction(1, 100)),
        ("ms", Fraction(1, 1_000), Fraction(0)),
    ),
    "hours": (("h", Fraction(1), Fraction(0)),),
    "bytes/s": (
        ("Gbit/s", Fraction(125_000_000), Fraction(125_000_000)),
        ("Mbit/s", Fraction(125_000), Fraction(0)),
    ),
}  # fmt: skip
"""What a number is held in -> units with the size of one, and the least that is written in it."""
CONVERSIONS = {
    **{unit: int(2**30 / size) for unit, size, _ in SCALES["bytes"] if unit != "GB"},
    **{unit: int(3_600 / size) for unit, size, _ in SCALES["seconds"] if size < 3_600},
}
"""Unit -> how many are one that prices are for: a GB, an hour."""
MOST_CANCELLED = 24
"""A day's hours: up to such a factor a fraction is expanded so that a conversion is seen in it."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A product: what stands above and below the line, and a plain factor."""

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    factor: Fraction = Fraction(1)
    units: tuple[str, ...] = ()
    """What stands above the line is so many of these, multiplied."""

    def __mul__(self, other: _Written) -> _Written:
        return _Written(
            self.above + other.above,
            self.below + other.below,
            self.factor * other.factor,
            self.units + other.units,
        )


class FormulaText:
    """Writes formulas at the values of their inputs.

    Args:
        values: Path -> value.
        measures: Path -> what it is held in: `bytes`, `seconds`, `hours`; empty for a plain number.
        month: Hours of the month, where a factor may be written as so many of them.
    """

    def __init__(
        self, values: Mapping[str, Fraction], measures: Mapping[str, str], month: Fraction | None = None
    ) -> None:
        self._values, self._measures, self._month = values, measures, month
        self._evaluate = Interpreter(values)

    def simplified(self, formula: Formula) -> Formula:
        """Leave out of a formula what does nothing at these values."""
        made: dict[Atom, Formula] = {}

        def rebuilt(part: Formula) -> Formula:
            terms = (made[atom] * Formula(weight) for atom, weight in part.terms.items())
            return sum(terms, Formula(part.constant))

        for atom in atoms_of([formula]):
            match atom:
                case Ceiling(of, fine):
                    whole = self._evaluate(of).denominator == 1
                    made[atom] = rebuilt(of) if whole else Formula.of(Ceiling(rebuilt(of), fine))
                case PositivePart(of):
                    made[atom] = rebuilt(of) if self._evaluate(of) > 0 else Formula(Fraction(0))
                case Product(left, right):
                    made[atom] = rebuilt(left) * rebuilt(right)
                case Quotient(above, below):
                    zero = not self._evaluate(below)
                    made[atom] = Formula(Fraction(0)) if zero else rebuilt(above) / rebuilt(below)
                case Variable() | CountBelow():
                    made[atom] = Formula.of(atom)
        return rebuilt(formula)

    def text(self, formula: Formula) -> str:
        """Write a formula: a sum of products, what is taken away last."""
        parts = [(self._factors(atom), weight) for atom, weight in formula.terms.items()]
        if formula.constant or not parts:
            parts.append((_Written(), formula.constant))
        added = [self._product(found, weight) for found, weight in parts if weight >= 0]
        taken = [self._product(found, -weight) for found, weight in parts if weight < 0]
        return " - ".join([" + ".join(added), *taken] if added else ["", *taken]).strip()

    def number(self, name: str) -> tuple[str, Fraction]:
        """Write an input in its unit; return what one of that unit is."""
        value, noun = self._values[name], NOUNS.get(name.rpartition(".")[2], "")
        scales = SCALES.get(self._measures.get(name, ""), ((noun, Fraction(1), Fraction(0)),))
        fitting = (one for one in scales if value >= one[2] and (one[0] not in "dh" or not value % one[1]))
        unit, size, _ = next(fitting, scales[-1])
        return f"{number_text(value / size)} {unit}".strip(), size

    def is_months(self, number: Fraction) -> bool:
        """Say whether a number of hours is so many times those of the month."""
        month = self._month
        return month is not None and number != 0 and number.numerator % month.numerator == 0

    def _product(self, found: _Written, weight: Fraction) -> str:
        above, below, factor = list(found.above), list(found.below), found.factor * weight
        if self._month and self.is_months(factor):
            above.append(f"{number_text(self._month)} h")
            factor /= self._month
        above.sort(key=lambda text: not text.endswith(" requests"))
        if max(abs(factor.numerator), factor.denominator) > MOST_FACTOR:
            above.append(number_text(factor))
        else:
            number, *under = _fraction(factor, found.units)
            above += [number_text(Fraction(number))] if number != 1 or not above else []
            below += [number_text(Fraction(part)) for part in under]
        return " / ".join([" x ".join(above), *below])

    def _factors(self, atom: Atom) -> _Written:
        match atom:
            case Variable(name):
                text, size = self.number(name)
                return _Written((text,), factor=size, units=tuple(self._unit(name, text)))
            case Product(left, right):
                return self._group(left) * self._group(right)
            case Quotient(above, below):
                under = self._group(below)
                return self._group(above) * _Written(under.below, under.above, 1 / under.factor)
            case Ceiling(of, fine):
                return self._rounded_up(of) if fine else self._counted_up(of)
            case _:
                count = self._evaluate(Formula.of(atom))
                return _Written((f"{number_text(count)} {'replica' if count == 1 else 'replicas'}",))

    def _unit(self, name: str, text: str) -> Iterator[str]:
        """Return the unit that an input is written in; calls and plain numbers have none."""
        if self._measures.get(name, "") in SCALES or text.endswith(" vCPU"):
            yield text.rpartition(" ")[2]

    def _group(self, formula: Formula) -> _Written:
        """Take a factor apart where it is itself a product, else put it in brackets."""
        if not formula.terms:
            return _Written(factor=formula.constant)
        if len(formula.terms) == 1 and not formula.constant:
            [(atom, weight)] = formula.terms.items()
            return self._factors(atom) * _Written(factor=weight)
        return _Written((f"({self.text(formula)})",))

    def _rounded_up(self, formula: Formula) -> _Written:
        """Write steps: so many tenths of a second, rounded up, are a time rounded up to a tenth of one.

        `Ceiling(20 x time)` tenths are `(time x 2 rounded up to 0.1 s)` times 10.
        """
        found = self._group(formula)
        tens = (Fraction(10) ** power for power in STEP_POWERS)
        step = next((ten for ten in tens if (found.factor * ten).denominator == 1), None)
        if step is None:
            return self._counted_up(formula)
        inside = self._product(replace(found, factor=Fraction(1)), found.factor * step)
        unit = found.units[0] if len(found.units) == 1 and not found.below else ""
        up_to = f"{number_text(step)} {unit}".strip()
        return _Written((f"({inside} rounded up to {up_to})",), factor=1 / step, units=found.units)

    def _counted_up(self, formula: Formula) -> _Written:
        return _Written((f"({self.text(formula)}, rounded up)",))


def _fraction(factor: Fraction, units: Iterable[str]) -> list[int]:
    """Return the number above the line and those below, with conversions of units as they are known.

    3 / 128 of so many `MB x d` are 24 / 1,024: hours of a day, MB of a GB.
    """
    number, rest = factor.numerator, factor.denominator
    below = []
    for whole in (CONVERSIONS[unit] for unit in units if unit in CONVERSIONS):
        common = lcm(rest, whole)
        if common // rest <= MOST_CANCELLED:
            number, rest = number * (common // rest), common // whole
            below.append(whole)
    return [number, *below, *([rest] if rest != 1 else [])]


def number_text(number: Fraction) -> str:
    """Write a number: whole ones in full, others to six significant digits."""
    return f"{int(number):,}" if number.denominator == 1 else quantity(quantized(number))
